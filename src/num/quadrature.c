/* quadrature.c - integrals of functions of one variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The range is cut into pieces, each integrated by a Gauss-Kronrod pair, and the piece with the largest error
 * is halved until the sum of errors is small (Piessens et al. 1983). The variable t in which this is done is
 * first a plain one; when an end of the range resists, the double exponential one, in which every integrable
 * singularity at an end becomes smooth. Own code rather than GSL's: integrands here may fail, be complex, and
 * be interrupted. */
#include "num/quadrature.h"

#include <stdlib.h>

#include "num/kronrod.h"
#include "num/real.h"

enum { DEFAULT_EVALUATIONS = 200000, PLAIN_PIECES = 60, MAX_PIECES = 20000 };

/* How t becomes x. */
typedef enum Map { PLAIN, DOUBLE_EXPONENTIAL } Map;

/* A piece of the range of t; of a range without ends, of its left or right half. */
typedef struct Piece {
  double from, to;
  bool left;
  double value[TH_QUADRATURE_MAX], magnitude, error;
} Piece;

typedef struct Integral {
  ThContext *cx;
  ThIntegrand f;
  void *self;
  size_t n_components, evaluations;
  double a, b; /* a < b, either may be infinite */
  Map map;
  bool left;     /* of the piece at hand */
  Piece *pieces; /* a heap: the largest error first */
  size_t n_pieces, capacity;
} Integral;

/* --- Maps ---------------------------------------------------------------------------------------- */

static bool is_finite(const Integral *q) { return fabs(q->a) <= DBL_MAX && fabs(q->b) <= DBL_MAX; }

/* Where t runs. */
static double t_limit(const Integral *q, bool upper) {
  if (q->map == DOUBLE_EXPONENTIAL) return (is_finite(q) ? 6.1 : 6.7) * (upper ? 1 : -1);
  if (is_finite(q)) return upper ? q->b : q->a;
  return upper ? 1 : -1;
}

/* x(t) with both ends finite, double exponential: by its distance from the nearer end, which keeps its
 * digits however small it is. */
static double finite_map(const Integral *q, double t, double *slope) {
  double width = q->b - q->a, small = exp(-TH_PI * sinh(fabs(t))), share = small / (1 + small);
  *slope = width * TH_PI * cosh(t) * share / (1 + small);
  return t < 0 ? q->a + width * share : q->b - width * share;
}

/* The distance from the end that is finite (or from 0), and its slope. Plain: t itself on [0, 1], -1/t on
 * [-1, 0), so that t has all its digits both near the end and far out. */
static double infinite_map(const Integral *q, double t, double *slope) {
  if (q->map == PLAIN) {
    *slope = t < 0 ? 1 / (t * t) : 1;
    return t < 0 ? -1 / t : t;
  }
  double x = exp(0.5 * TH_PI * sinh(t));
  *slope = 0.5 * TH_PI * cosh(t) * x;
  return x;
}

static double x_of(const Integral *q, double t, double *slope) {
  if (is_finite(q) && q->map == DOUBLE_EXPONENTIAL) return finite_map(q, t, slope);
  *slope = 1;
  if (is_finite(q)) return t;
  double distance = infinite_map(q, t, slope);
  if (q->left) return (q->b > DBL_MAX ? 0 : q->b) - distance;
  return (q->a < -DBL_MAX ? 0 : q->a) + distance;
}

/* --- Pieces -------------------------------------------------------------------------------------- */

/* f(x(t)) x'(t). What is not finite at the very end of the range counts as 0. */
static bool sample(Integral *q, double t, double *y) {
  double slope, x = x_of(q, t, &slope);
  q->evaluations++;
  if (!q->f(q->self, x, y)) return false;
  for (size_t k = 0; k < q->n_components; k++) {
    bool at_end = x <= q->a || x >= q->b || fabs(x) > DBL_MAX;
    if (y[k] == 0 || slope == 0 || (at_end && !(fabs(y[k]) <= DBL_MAX))) y[k] = 0;
    else y[k] *= slope;
  }
  return true;
}

static bool measure(Integral *q, Piece *piece) {
  double y[TH_KRONROD_POINTS][TH_QUADRATURE_MAX];
  double middle = 0.5 * (piece->from + piece->to), half = 0.5 * (piece->to - piece->from);
  if (!th_poll(q->cx)) return false;
  q->left = piece->left;
  for (size_t i = 0; i < TH_KRONROD_POINTS; i++)
    if (!sample(q, middle + half * th_kronrod_node(i), y[i])) return false;
  piece->error = piece->magnitude = 0;
  for (size_t k = 0; k < q->n_components; k++) {
    ThKronrod sum = th_kronrod_sum(&y[0][k], TH_QUADRATURE_MAX, half);
    piece->value[k] = sum.value;
    piece->error = fmax(piece->error, sum.error);
    piece->magnitude = fmax(piece->magnitude, sum.magnitude);
  }
  return true;
}

static bool push(Integral *q, Piece piece) {
  if (q->n_pieces == q->capacity) {
    size_t capacity = q->capacity ? 2 * q->capacity : 64;
    Piece *pieces = th_resize(q->cx, q->pieces, q->capacity * sizeof *pieces, capacity * sizeof *pieces);
    if (!pieces) return false;
    q->pieces = pieces;
    q->capacity = capacity;
  }
  size_t i = q->n_pieces++;
  for (; i > 0 && q->pieces[(i - 1) / 2].error < piece.error; i = (i - 1) / 2)
    q->pieces[i] = q->pieces[(i - 1) / 2];
  q->pieces[i] = piece;
  return true;
}

static Piece pop(Integral *q) {
  Piece worst = q->pieces[0], last = q->pieces[--q->n_pieces];
  size_t i = 0;
  for (size_t child; (child = 2 * i + 1) < q->n_pieces; i = child) {
    if (child + 1 < q->n_pieces && q->pieces[child + 1].error > q->pieces[child].error) child++;
    if (last.error >= q->pieces[child].error) break;
    q->pieces[i] = q->pieces[child];
  }
  q->pieces[i] = last;
  return worst;
}

static bool add_piece(Integral *q, bool left, double from, double to) {
  Piece piece = {.from = from, .to = to, .left = left};
  return measure(q, &piece) && push(q, piece);
}

/* --- The method ---------------------------------------------------------------------------------- */

/* Sums over the pieces into *out. */
static void total(const Integral *q, ThQuadratureResult *out) {
  *out = (ThQuadratureResult){.evaluations = q->evaluations};
  for (size_t i = 0; i < q->n_pieces; i++) {
    for (size_t k = 0; k < q->n_components; k++) out->value[k] += q->pieces[i].value[k];
    out->error += q->pieces[i].error;
    out->magnitude += q->pieces[i].magnitude;
  }
}

/* Is the error at the goal, or at what rounding allows? */
static bool reached(const ThQuadratureResult *r, const ThQuadratureGoal *goal, size_t n_components) {
  double size = 0;
  for (size_t k = 0; k < n_components; k++) size = fmax(size, fabs(r->value[k]));
  return r->error <= fmax(goal->absolute, goal->relative * size) ||
         r->error <= 100 * DBL_EPSILON * r->magnitude;
}

/* Cannot be halved: its ends are neighbours, nearly. */
static bool is_point(const Piece *p) {
  double middle = 0.5 * (p->from + p->to);
  return !(p->to - p->from > 64 * DBL_EPSILON * fabs(middle)) || p->to - p->from < DBL_MIN;
}

/* Halves the worst piece again and again. The sums are kept up to date, and taken afresh before they are
 * believed. */
static bool refine(Integral *q, const ThQuadratureGoal *goal, size_t max_pieces, ThQuadratureResult *out) {
  for (;;) {
    total(q, out);
    out->converged = reached(out, goal, q->n_components);
    if (out->converged || q->n_pieces >= max_pieces || q->evaluations >= goal->max_evaluations) return true;
    for (size_t round = 1 + q->n_pieces / 8; round > 0; round--) {
      if (is_point(&q->pieces[0])) return true;
      Piece worst = pop(q);
      double middle = 0.5 * (worst.from + worst.to);
      if (!add_piece(q, worst.left, worst.from, middle)) return false;
      if (!add_piece(q, worst.left, middle, worst.to)) return false;
    }
  }
}

/* What the double exponential map may have lost. Beyond the ends of t: nothing, if the integrand has died out
 * there, as it does for every integral that exists unless its pole is close to 1/x or its tail falls hardly
 * faster. Within a rounding of an end of x: the pole itself, if the end is not 0. */
static bool add_losses(Integral *q, ThQuadratureResult *out) {
  double y[4][TH_QUADRATURE_MAX] = {{0}}, lost = 0;
  for (int i = 0; i < 4; i++) {
    double end = i & 1 ? q->b : q->a, x = nextafter(end, i & 1 ? q->a : q->b);
    q->left = i & 1;
    if (i < 2 && !sample(q, t_limit(q, i & 1), y[i])) return false;
    if (i < 2 || end == 0 || fabs(end) > DBL_MAX) continue;
    if (!q->f(q->self, x, y[i])) return false;
    for (size_t k = 0; k < q->n_components; k++) y[i][k] *= 2 * fabs(x - end);
  }
  for (int i = 0; i < 4; i++)
    for (size_t k = 0; k < q->n_components; k++) lost = fmax(lost, fabs(y[i][k]));
  out->error += lost;
  return true;
}

/* The first pieces of one half of the range, or of all of it. */
static bool start_pieces(Integral *q, bool left) {
  static const double plain[] = {-1, -0.3, 0, 1}, shares[] = {0, 0.25, 0.5, 0.75, 1};
  double from = t_limit(q, false), width = t_limit(q, true) - from;
  if (q->map == PLAIN && is_finite(q)) return add_piece(q, left, from, from + width);
  if (q->map == PLAIN) {
    for (int i = 0; i < 3; i++)
      if (!add_piece(q, left, plain[i], plain[i + 1])) return false;
    return true;
  }
  for (int i = 0; i < 4; i++)
    if (!add_piece(q, left, from + width * shares[i], from + width * shares[i + 1])) return false;
  return true;
}

/* The integral over (a, b) in one map. */
static bool integrate_map(Integral *q, Map map, const ThQuadratureGoal *goal, ThQuadratureResult *out) {
  q->map = map;
  q->n_pieces = 0;
  bool left = !is_finite(q) && q->a < -DBL_MAX, right = is_finite(q) || q->b > DBL_MAX;
  if ((left && !start_pieces(q, true)) || (right && !start_pieces(q, false))) return false;
  if (!refine(q, goal, map == PLAIN ? PLAIN_PIECES : MAX_PIECES, out)) return false;
  if (map == DOUBLE_EXPONENTIAL && !add_losses(q, out)) return false;
  out->converged = reached(out, goal, q->n_components);
  out->method = map == PLAIN ? "Gauss-Kronrod 21" : "double exponential";
  return true;
}

/* Plain; then double exponential; and if that is no better, plain to the end. */
static bool integrate_range(Integral *q, const ThQuadratureGoal *goal, ThQuadratureResult *out) {
  ThQuadratureResult other;
  if (!integrate_map(q, PLAIN, goal, out)) return false;
  if (out->converged) return true;
  if (!integrate_map(q, DOUBLE_EXPONENTIAL, goal, &other)) return false;
  out->evaluations = other.evaluations;
  if (other.error < out->error || other.converged) *out = other;
  return true;
}

static void add_result(ThQuadratureResult *sum, const ThQuadratureResult *part, size_t n_components) {
  for (size_t k = 0; k < n_components; k++) sum->value[k] += part->value[k];
  sum->error += part->error;
  sum->magnitude += part->magnitude;
  sum->evaluations += part->evaluations;
  sum->converged = sum->converged && part->converged;
  if (!sum->method || part->method[0] == 'd') sum->method = part->method;
}

/* x < y, with enough doubles between them for the nodes of a rule. */
static bool is_apart(double x, double y) {
  return x < y && !(y - x <= 256 * DBL_EPSILON * fmin(fabs(x), fabs(y)));
}

/* The ends of the segments, ascending: a, the breaks between, b. A new block of n_breaks + 2. */
static double *segment_ends(ThContext *cx, double a, double b, const double *breaks, size_t n_breaks,
                            size_t *n) {
  double *ends = th_alloc_array(cx, n_breaks + 2, sizeof *ends);
  if (!ends) return NULL;
  size_t count = 1;
  ends[0] = a;
  for (size_t i = 0; i < n_breaks; i++)
    if (is_apart(a, breaks[i]) && is_apart(breaks[i], b)) ends[count++] = breaks[i];
  ends[count++] = b;
  qsort(ends, count, sizeof *ends, th_real_ascending);
  *n = 1;
  for (size_t i = 1; i < count; i++)
    if (i + 1 == count || is_apart(ends[*n - 1], ends[i])) ends[(*n)++] = ends[i];
  return ends;
}

/* Is the integrand larger at an end of the segment than its integral lets expect? Then something narrow stands
 * there, between the points that were looked at. */
static bool hides_something(Integral *q, const ThQuadratureResult *part, double absolute, bool *hides) {
  double y[TH_QUADRATURE_MAX], width = is_finite(q) ? q->b - q->a : 1;
  *hides = false;
  for (int i = 0; i < 2; i++) {
    double end = i ? q->b : q->a, x = nextafter(end, i ? q->a : q->b);
    if (fabs(end) > DBL_MAX) continue;
    if (!q->f(q->self, x, y)) return false;
    for (size_t k = 0; k < q->n_components; k++) {
      double size = fabs(y[k]) * width;
      *hides |= size > absolute && size <= DBL_MAX && size > 1e3 * part->magnitude;
    }
  }
  return true;
}

/* One segment: its error need only be small beside what the others have given. */
static bool add_segment(Integral *q, double a, double b, const ThQuadratureGoal *goal,
                        ThQuadratureResult *out) {
  ThQuadratureResult part;
  ThQuadratureGoal wanted = *goal;
  bool hides;
  double size = 0;
  for (size_t k = 0; k < q->n_components; k++) size = fmax(size, fabs(out->value[k]));
  wanted.absolute = fmax(goal->absolute, 0.25 * goal->relative * size);
  q->a = a;
  q->b = b;
  q->evaluations = 0;
  if (!integrate_range(q, &wanted, &part) || !hides_something(q, &part, wanted.absolute, &hides))
    return false;
  if (hides && wanted.absolute > goal->absolute && !integrate_range(q, goal, &part)) return false;
  add_result(out, &part, q->n_components);
  return true;
}

/* From the middle outwards: most weight lies there, as a rule. */
static bool integrate_segments(Integral *q, double a, double b, const double *breaks, size_t n_breaks,
                               const ThQuadratureGoal *goal, ThQuadratureResult *out) {
  size_t n;
  *out = (ThQuadratureResult){.converged = true};
  double *ends = segment_ends(q->cx, a, b, breaks, n_breaks, &n);
  if (!ends) return false;
  size_t left = (n - 1) / 2, right = left;
  bool ok = true;
  while (ok && (left > 0 || right + 1 < n)) {
    if (right + 1 < n) ok = add_segment(q, ends[right], ends[right + 1], goal, out), right++;
    if (ok && left > 0) ok = add_segment(q, ends[left - 1], ends[left], goal, out), left--;
  }
  th_free(q->cx, ends, (n_breaks + 2) * sizeof *ends);
  if (ok && !out->converged) out->converged = reached(out, goal, q->n_components);
  return ok;
}

bool th_quadrature_integrate_breaks(ThContext *cx, ThIntegrand f, void *self, size_t n_components, double a,
                                    double b, const double *breaks, size_t n_breaks,
                                    const ThQuadratureGoal *goal, ThQuadratureResult *out) {
  ThQuadratureGoal wanted = goal ? *goal : (ThQuadratureGoal){0};
  if (!(wanted.relative > 0) && !(wanted.absolute > 0)) wanted.relative = 1e-12;
  if (wanted.max_evaluations == 0) wanted.max_evaluations = DEFAULT_EVALUATIONS;
  *out = (ThQuadratureResult){.converged = true, .method = "Gauss-Kronrod 21"};
  if (a != a || b != b) return th_fail(cx, TH_ERROR_VALUE, "a limit of the integral is nan");
  if (a == b) return true;
  Integral q = {.cx = cx, .f = f, .self = self, .n_components = n_components};
  bool turned = b < a;
  bool ok = integrate_segments(&q, turned ? b : a, turned ? a : b, breaks, n_breaks, &wanted, out);
  th_free(cx, q.pieces, q.capacity * sizeof *q.pieces);
  if (turned)
    for (size_t k = 0; k < n_components; k++) out->value[k] = -out->value[k];
  return ok;
}

bool th_quadrature_integrate(ThContext *cx, ThIntegrand f, void *self, size_t n_components, double a,
                             double b, const ThQuadratureGoal *goal, ThQuadratureResult *out) {
  return th_quadrature_integrate_breaks(cx, f, self, n_components, a, b, NULL, 0, goal, out);
}
