/* pieces.c - a non-negative function as polynomials on panels, with its integrals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Interpolation in Chebyshev points of the first kind, which avoid the ends, where a density may have a pole.
 * The size of the last coefficients tells the error (Trefethen 2013, chapter 8). All integrals are sums of
 * non-negative parts, so that small tails keep their digits. */
#include "num/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "num/chebyshev.h"
#include "num/quadrature.h"
#include "num/real.h"

enum { N = TH_PIECE_NODES, MOST_PANELS = 4000, MOST_BREAKS = 128 };

/* Interpolation leaves noise of the size of rounding: a density is not negative. */
static double panel_value(const ThPiece *p, double x) {
  double t = ((x - p->a) - (p->b - x)) / (p->b - p->a);
  return fmax(0, th_chebyshev_value(N, p->coefficients, t));
}

/* --- Fitting */

/* Nodes cos((2j + 1)π/2N) and the cosines of the transform. */
typedef struct Rule {
  double node[N], cosine[N][N];
  double gauss_node[N], gauss_weight[N];
} Rule;

static void rule_init(Rule *r) {
  for (int j = 0; j < N; j++) {
    double angle = (2 * j + 1) * TH_PI / (2 * N);
    r->node[j] = cos(angle);
    for (int k = 0; k < N; k++) r->cosine[k][j] = cos(k * angle);
  }
  th_quadrature_gauss_legendre(N, r->gauss_node, r->gauss_weight);
}

typedef struct Fitter {
  ThPieceFunction f;
  void *self;
  double tolerance, noise, width; /* width: of the whole range */
  Rule rule;
  ThPieces *out;
} Fitter;

/* ∫ T_k over [-1, 1] is 2/(1 - k²) for even k. */
static double mass_of(const ThPiece *p) {
  double sum = 0;
  for (int k = 0; k < N; k += 2) sum += p->coefficients[k] * 2 / (1 - (double)k * k);
  return fmax(0, 0.5 * (p->b - p->a) * sum);
}

static bool measure(Fitter *f, double a, double b, ThPiece *p) {
  double y[N];
  *p = (ThPiece){.a = a, .b = b};
  for (int j = 0; j < N; j++) {
    double half = 0.5 * (1 + f->rule.node[j]);
    double x = f->rule.node[j] < 0 ? a + (b - a) * half : b - (b - a) * (1 - half);
    if (!f->f(f->self, x, &y[j])) return false;
    if (!(fabs(y[j]) <= DBL_MAX)) y[j] = 0;
  }
  for (int k = 0; k < N; k++) {
    double sum = 0;
    for (int j = 0; j < N; j++) sum += y[j] * f->rule.cosine[k][j];
    p->coefficients[k] = sum * (k ? 2.0 : 1.0) / N;
  }
  p->mass = mass_of(p);
  return true;
}

static double largest_of(const double *coefficients, int n) {
  double largest = 0;
  for (int k = 0; k < n; k++) largest = fmax(largest, fabs(coefficients[k]));
  return largest;
}

/* The largest of the last three coefficients, in units of the largest of all. */
static double roughness(const ThPiece *p) {
  double largest = largest_of(p->coefficients, N);
  return largest > 0 ? largest_of(p->coefficients + N - 3, 3) / largest : 0;
}

static bool push(ThPieces *out, const ThPiece *p) {
  if (out->n == out->capacity) {
    size_t capacity = 2 * out->capacity + 32, size = sizeof *out->panels;
    ThPiece *panels = th_resize(out->cx, out->panels, out->capacity * size, capacity * size);
    if (!panels) return false;
    out->panels = panels;
    out->capacity = capacity;
  }
  out->panels[out->n++] = *p;
  return true;
}

/* Little mass: in a tail it keeps some digits even so, in the panels towards a pole it need not. */
static bool is_light(const Fitter *f, const ThPiece *p, double rough, double scale) {
  if (rough <= 1e-8 || p->mass <= 1e-30 * scale) return true;
  return p->mass <= 1e-13 * scale && p->b - p->a < 1e-9 * f->width;
}

/* Can be left as it is: followed well, as far as rounding of x allows, or too light to matter, or too narrow to
 * be halved. */
static bool is_done(const Fitter *f, const ThPiece *p, double scale) {
  double middle = 0.5 * (p->a + p->b), rough = roughness(p);
  double rounding = 4 * DBL_EPSILON * fmax(fabs(p->a), fabs(p->b)) / (p->b - p->a);
  if (rough <= fmax(f->tolerance, rounding)) return true;
  if (rough * largest_of(p->coefficients, N) * (p->b - p->a) <= f->noise * scale) return true;
  if (p->mass * rough <= 1e-3 * f->tolerance * scale && is_light(f, p, rough, scale)) return true;
  return !(p->b - p->a > 64 * DBL_EPSILON * fabs(middle)) || p->b - p->a < DBL_MIN;
}

/* Halves p until all parts are done; they are appended from left to right. `scale` is about the total. */
static bool refine(Fitter *f, ThPiece first, double scale, bool *converged) {
  enum { DEPTH = 1100 };
  double *ends = th_alloc_array(f->out->cx, DEPTH, sizeof *ends); /* right ends that wait */
  size_t depth = 0;
  ThPiece p = first;
  bool ok = ends != NULL;
  while (ok) {
    bool halve = !is_done(f, &p, scale) && depth < DEPTH && f->out->n + depth < MOST_PANELS;
    if (!th_poll(f->out->cx)) ok = false;
    else if (halve) {
      ends[depth++] = p.b;
      ok = measure(f, p.a, 0.5 * p.a + 0.5 * p.b, &p);
    } else {
      *converged = *converged && (f->out->n + depth < MOST_PANELS || is_done(f, &p, scale));
      f->out->error += p.mass * roughness(&p);
      ok = push(f->out, &p);
      if (!ok || depth == 0) break;
      ok = measure(f, p.b, ends[depth - 1], &p);
      depth--;
    }
  }
  th_free(f->out->cx, ends, DEPTH * sizeof *ends);
  return ok;
}

static void add_up(ThPieces *p) {
  double sum = 0;
  for (size_t i = 0; i < p->n; i++) {
    p->panels[i].below = sum;
    sum += p->panels[i].mass;
  }
  p->total = sum;
  sum = 0;
  for (size_t i = p->n; i-- > 0;) {
    p->panels[i].above = sum;
    sum += p->panels[i].mass;
  }
}

bool th_pieces_fit(ThContext *cx, ThPieceFunction f, void *self, const double *breaks, size_t n,
                   double tolerance, ThPieces *out, bool *converged) {
  return th_pieces_fit_noisy(cx, f, self, breaks, n, tolerance, 0, out, converged);
}

bool th_pieces_fit_noisy(ThContext *cx, ThPieceFunction f, void *self, const double *breaks, size_t n,
                         double tolerance, double noise, ThPieces *out, bool *converged) {
  Fitter fitter = {.f = f, .self = self, .tolerance = tolerance, .noise = noise, .out = out};
  fitter.width = breaks[n - 1] - breaks[0];
  double scale = 0;
  rule_init(&fitter.rule);
  *out = (ThPieces){.cx = cx};
  *converged = true;
  ThPiece *first = th_alloc_array(cx, n, sizeof *first);
  bool ok = first != NULL;
  for (size_t i = 0; ok && i + 1 < n; i++) {
    ok = measure(&fitter, breaks[i], breaks[i + 1], &first[i]);
    scale += ok ? first[i].mass : 0;
  }
  for (size_t i = 0; ok && i + 1 < n; i++)
    if (breaks[i + 1] > breaks[i]) ok = refine(&fitter, first[i], scale, converged);
  th_free(cx, first, n * sizeof *first);
  add_up(out);
  out->error = out->total > 0 ? out->error / out->total : 1;
  if (!ok) th_pieces_clear(out);
  return ok;
}

void th_pieces_clear(ThPieces *p) {
  th_free(p->cx, p->panels, p->capacity * sizeof *p->panels);
  *p = (ThPieces){.cx = p->cx};
}

void th_pieces_normalise(ThPieces *p) {
  double total = p->total;
  for (size_t i = 0; i < p->n && total > 0; i++) {
    for (int k = 0; k < N; k++) p->panels[i].coefficients[k] /= total;
    p->panels[i].mass /= total;
  }
  add_up(p);
}

void th_pieces_find_knots(ThPieces *p, double lower, double upper) {
  double width = p->panels[p->n - 1].b - p->panels[0].a, last = -TH_INFINITY;
  if (isfinite(lower)) p->knots[p->n_knots++] = last = lower;
  for (size_t i = 0; i < p->n && p->n_knots < 8; i++) {
    const ThPiece *panel = &p->panels[i];
    bool narrow = panel->b - panel->a < 1e-9 * width && panel->mass > 0;
    if (narrow && panel->a - last > 1e-6 * width && upper - panel->a > 1e-6 * width)
      p->knots[p->n_knots++] = last = panel->a;
  }
  if (isfinite(upper)) p->knots[p->n_knots++] = upper;
}

/* --- Values */

/* The panel that holds x; NULL outside. */
static const ThPiece *find(const ThPieces *p, double x) {
  size_t low = 0, high = p->n;
  if (p->n == 0 || !(x >= p->panels[0].a && x <= p->panels[p->n - 1].b)) return NULL;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (p->panels[middle].a <= x) low = middle;
    else high = middle;
  }
  return &p->panels[low];
}

void th_pieces_shift(ThPieces *p, double shift) {
  for (size_t i = 0; i < p->n; i++) p->panels[i].a += shift, p->panels[i].b += shift;
  for (size_t i = 0; i < p->n_knots; i++) p->knots[i] += shift;
}

double th_pieces_value(const ThPieces *p, double x) {
  const ThPiece *panel = find(p, x);
  return panel ? panel_value(panel, x) : 0;
}

double th_pieces_height(const ThPieces *p, double x) {
  const ThPiece *panel = find(p, x);
  return panel ? largest_of(panel->coefficients, N) : 0;
}

/* ∫ g over [a, b] within one panel, by a rule that is exact for its polynomial. */
static double integral(const ThPiece *p, double a, double b) {
  double node[N], weight[N], sum = 0, middle = 0.5 * a + 0.5 * b, half = 0.5 * (b - a);
  th_quadrature_gauss_legendre(N / 2, node, weight);
  for (int i = 0; i < N / 2; i++) sum += weight[i] * panel_value(p, middle + half * node[i]);
  return half * sum;
}

double th_pieces_below(const ThPieces *p, double x) {
  const ThPiece *panel = find(p, x);
  if (!panel) return p->n && x > p->panels[0].a ? p->total : 0;
  return panel->below + integral(panel, panel->a, x);
}

double th_pieces_above(const ThPieces *p, double x) {
  const ThPiece *panel = find(p, x);
  if (!panel) return p->n && x > p->panels[0].a ? 0 : p->total;
  return panel->above + integral(panel, x, panel->b);
}

double th_pieces_moment(const ThPieces *p, double center, double scale, int power, double *error) {
  double node[N], weight[N], sum = 0, size = 0;
  th_quadrature_gauss_legendre(N, node, weight);
  for (size_t i = 0; i < p->n; i++) {
    const ThPiece *panel = &p->panels[i];
    double middle = 0.5 * panel->a + 0.5 * panel->b, half = 0.5 * (panel->b - panel->a);
    for (int j = 0; j < N; j++) {
      double x = middle + half * node[j];
      double term = half * weight[j] * panel_value(panel, x) * pow((x - center) / scale, power);
      sum += term;
      size += fabs(term);
    }
  }
  *error = (p->error + 4 * DBL_EPSILON) * size;
  return sum;
}

/* --- Convolution */

typedef struct Pair {
  const ThPieces *p, *q;
  bool graded; /* one has a pole */
  double node[N], weight[N];
} Pair;

static double ends_of(const ThPieces *p, double *upper) {
  *upper = p->panels[p->n - 1].b;
  return p->panels[0].a;
}

/* ∫ p(x) q(z - x) dx over [a, b]. The panels of p go up while those of z - q go down. On each common piece the
 * product is a polynomial of degree 2N - 2, which N points of Gauss and Legendre integrate exactly. */
static double integrate_product(const Pair *c, const ThPieces *p, const ThPieces *q, double z, double a,
                                double b) {
  double q_high, q_low = ends_of(q, &q_high), sum = 0;
  const ThPiece *left = find(p, a), *right = find(q, fmin(fmax(z - a, q_low), q_high));
  while (left && right && a < b) {
    double end = fmin(b, fmin(left->b, z - right->a));
    double middle = 0.5 * a + 0.5 * end, half = 0.5 * (end - a);
    for (int i = 0; i < N && half > 0; i++) {
      double x = middle + half * c->node[i];
      sum += half * c->weight[i] * panel_value(left, x) * panel_value(right, z - x);
    }
    if (end >= b) break;
    if (left->b <= end) left++;
    if (z - right->a <= end) right--;
    if (left >= p->panels + p->n || right < q->panels) break;
    a = fmax(a, end);
  }
  return sum;
}

/* A pole makes panels narrow towards an end; x must be exact close to it. So each half of the integral runs over
 * the points of the function whose end is there. */
static double convolve_at(const Pair *c, double z) {
  const ThPieces *p = c->p, *q = c->q;
  double p_high, q_high, p_low = ends_of(p, &p_high), q_low = ends_of(q, &q_high);
  double a = fmax(p_low, z - q_high), b = fmin(p_high, z - q_low);
  if (!(b > a)) return 0;
  if (!c->graded) return integrate_product(c, p, q, z, a, b);
  double middle = 0.5 * a + 0.5 * b;
  double lower = a > p_low ? integrate_product(c, q, p, z, z - middle, q_high)
                           : integrate_product(c, p, q, z, a, middle);
  double upper = b < p_high ? integrate_product(c, q, p, z, q_low, z - middle)
                            : integrate_product(c, p, q, z, middle, b);
  return lower + upper;
}

/* A pole at an end. */
static bool is_graded(const ThPieces *p) {
  const ThPiece *first = &p->panels[0], *last = &p->panels[p->n - 1];
  return fmin(first->b - first->a, last->b - last->a) < 1e-12 * (last->b - first->a);
}

static double reach(const ThPieces *p) { return fmax(fabs(p->panels[0].a), fabs(p->panels[p->n - 1].b)); }

/* The integral runs over the narrower one, whose points are the more exact. */
static void pair_init(Pair *c, const ThPieces *p, const ThPieces *q) {
  bool swap = reach(q) < reach(p);
  *c = (Pair){.p = swap ? q : p, .q = swap ? p : q, .graded = is_graded(p) || is_graded(q)};
  th_quadrature_gauss_legendre(N, c->node, c->weight);
}

static bool convolution(void *self, double z, double *y) {
  *y = convolve_at(self, z);
  return true;
}

/* An end of a panel that has about the mass below it. */
static double level_point(const ThPieces *p, double mass) {
  size_t i = 0;
  while (i + 1 < p->n && p->panels[i].below + p->panels[i].mass < mass * p->total) i++;
  return mass > 0.5 ? p->panels[i].b : p->panels[i].a;
}

enum { LEVELS = 9 };

static void level_points(const ThPieces *p, double *out) {
  static const double levels[LEVELS] = {0, 1e-9, 1e-3, 0.1, 0.5, 0.9, 1 - 1e-3, 1 - 1e-9, 1};
  for (int i = 0; i < LEVELS; i++) out[i] = level_point(p, levels[i]);
}

/* Ascending, without what is nearly the same as the one before; the ends are kept. */
static size_t tidy(double *x, size_t n) {
  size_t kept = 1;
  qsort(x, n, sizeof *x, th_real_ascending);
  double width = n ? x[n - 1] - x[0] : 0;
  for (size_t i = 1; i < n; i++)
    if (x[i] - x[kept - 1] > 1e-14 * width) x[kept++] = x[i];
  return n ? kept : 0;
}

/* Sums of knots. Of many none is kept but the ends: then the sum has become smooth. */
static size_t sum_knots(const ThPieces *p, const ThPieces *q, double *knots) {
  double all[TH_PIECE_KNOTS * TH_PIECE_KNOTS];
  size_t count = 0;
  for (size_t i = 0; i < p->n_knots; i++)
    for (size_t j = 0; j < q->n_knots; j++) all[count++] = p->knots[i] + q->knots[j];
  count = tidy(all, count);
  if (count > TH_PIECE_KNOTS) all[1] = all[count - 1], count = 2;
  memcpy(knots, all, count * sizeof *all);
  return count;
}

/* Where the sum may bend, and where its mass lies. */
static size_t convolution_breaks(const ThPieces *p, const ThPieces *q, const ThPieces *out, double *breaks) {
  double left[LEVELS], right[LEVELS];
  size_t n = 0;
  level_points(p, left);
  level_points(q, right);
  for (int i = 0; i < LEVELS; i++) breaks[n++] = left[i] + right[i];
  for (size_t i = 0; i < out->n_knots; i++) breaks[n++] = out->knots[i];
  for (size_t i = 0; i < p->n_knots && p->n_knots <= 4; i++)
    for (int j = 0; j < LEVELS; j++) breaks[n++] = p->knots[i] + right[j];
  for (size_t i = 0; i < q->n_knots && q->n_knots <= 4; i++)
    for (int j = 0; j < LEVELS; j++) breaks[n++] = q->knots[i] + left[j];
  return tidy(breaks, n);
}

bool th_pieces_convolve(const ThPieces *p, const ThPieces *q, ThPieces *out, bool *converged) {
  Pair c;
  double breaks[MOST_BREAKS];
  ThPieces knots = {0};
  pair_init(&c, p, q);
  knots.n_knots = sum_knots(p, q, knots.knots);
  size_t n = convolution_breaks(p, q, &knots, breaks);
  if (!th_pieces_fit(p->cx, convolution, &c, breaks, n, 3e-14, out, converged)) return false;
  out->n_knots = knots.n_knots;
  memcpy(out->knots, knots.knots, sizeof knots.knots);
  out->error += p->error + q->error;
  return true;
}
