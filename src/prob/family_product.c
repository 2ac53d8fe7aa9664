/* family_product.c - the distribution of a product or a quotient of independent variables, by their logarithms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The logarithm of |XY| is the sum of those of |X| and |Y|; their densities are followed by polynomials on panels, for
 * either sign of X and Y, and convolved (the product convolution of Springer 1979, chapter 4, in logarithms). There the
 * pole that the density of XY has at 0, as a rule, is a tail like any other. Of X/Y the second logarithm changes its
 * sign. No constructor has this name. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "num/pieces.h"
#include "num/real.h"
#include "prob/families.h"
#include "prob/moments.h"
#include "prob/numeric.h"
#include "prob/product.h"
#include "prob/quantile.h"

enum { MOST_PARTS = 4, MOST_BREAKS = 100, N_STARTS = 15, MOST_PANELS = 300 };

/* The density of log|Z| where the factors have certain signs, and the probabilities that then Z < 0, and Z > 0. */
typedef struct Part {
  double weight[2];
  ThPieces panels;
} Part;

typedef struct Product {
  ThObject object;
  size_t n;
  Part parts[MOST_PARTS];
  ThValue factors[2]; /* distributions */
  bool quotient;
  ThValue text; /* a string */
  double error;
} Product;

static void product_release(ThObject *self) {
  Product *z = (Product *)self;
  for (size_t i = 0; i < z->n; i++)
    th_heap_free(self->heap, z->parts[i].panels.panels,
                 z->parts[i].panels.capacity * sizeof *z->parts[i].panels.panels);
  th_release_all(z->factors, 2);
  th_release(z->text);
  th_object_free(self, sizeof *z);
}

static bool product_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  (void)style;
  th_text_format(out, "%zu convolutions", ((const Product *)th_as_object(self))->n);
  return th_text_ok(out, cx);
}

static const ThKind product_kind = {
    .name = "density of a logarithm", .release = product_release, .format = product_format};

static const Product *product_of(const ThDistribution *d) {
  return (const Product *)th_as_object(d->parameters[0]);
}

/* --- The density of ±log|X| where X has one sign */

typedef struct Logarithm {
  ThContext *cx;
  const ThDistribution *d;
  double sign, turn;   /* of X; 1, or -1 for a divisor */
  double lower, upper; /* of the logarithm */
} Logarithm;

static bool log_density(void *self, double u, double *y) {
  const Logarithm *l = self;
  double x = exp(l->turn * u);
  if (!th_distribution_measure(l->cx, l->d, 0, TH_PDF, l->sign * x, y)) return false;
  *y = *y == 0 ? 0 : *y * x;
  return true;
}

static void set_support(Logarithm *l) {
  double lower, upper;
  th_distribution_support(l->d, 0, &lower, &upper);
  double a = log(fmax(l->sign > 0 ? lower : -upper, 0)), b = log(l->sign > 0 ? upper : -lower);
  l->lower = l->turn > 0 ? a : -b;
  l->upper = l->turn > 0 ? b : -a;
}

/* Where the density is largest among quantiles that have the sign, and how far apart they lie. */
static bool find_middle(Logarithm *l, double *middle, double *width) {
  double best = -1, u, y, first = TH_INFINITY, last = -TH_INFINITY, x;
  for (int i = 1; i < N_STARTS; i++) {
    if (!th_distribution_measure(l->cx, l->d, 0, TH_QUANTILE, (double)i / N_STARTS, &x)) return false;
    if (!(l->sign * x > 0)) continue;
    u = l->turn * log(fabs(x));
    if (!log_density(l, u, &y)) return false;
    first = fmin(first, u), last = fmax(last, u);
    if (y > best) best = y, *middle = u;
  }
  *width = last > first ? (last - first) / 4 : 0.25;
  if (best > 0) return true;
  if (!th_distribution_measure(l->cx, l->d, 0, l->sign > 0 ? TH_UPPER_QUANTILE : TH_QUANTILE, 1e-3, &x))
    return false;
  *middle = l->turn * log(fabs(x)); /* little is on this side */
  return true;
}

/* Doubling steps from the middle until nothing is left, or the support ends. */
static bool step_out(Logarithm *l, double middle, double width, double sign, double height, double *x,
                     size_t *n) {
  double end = sign < 0 ? fmax(l->lower, -700) : fmin(l->upper, 700), y;
  for (double step = width; *n < MOST_BREAKS; step *= 1.5) {
    double at = middle + sign * step;
    if (sign * (at - end) >= 0) {
      x[(*n)++] = end;
      return true;
    }
    if (!log_density(l, at, &y)) return false;
    x[(*n)++] = at;
    if (!(y > 1e-26 * height)) return true;
  }
  return true;
}

/* A pole at an end: the logarithm leaves too few digits of the distance from it. */
static bool has_pole(Logarithm *l, double height, bool *out) {
  double ends[2] = {l->lower, l->upper}, y;
  *out = false;
  for (int i = 0; i < 2; i++) {
    double step = 1e-10 * fmax(1, fabs(ends[i]));
    if (!isfinite(ends[i])) continue;
    if (!log_density(l, ends[i] + (i ? -step : step), &y)) return false;
    *out = *out || y > 100 * height;
  }
  return true;
}

static bool log_panels(Logarithm *l, double weight, ThPieces *out, bool *fits) {
  double x[MOST_BREAKS + 1], middle = TH_NAN, width = 1, height;
  bool pole;
  size_t n = 0;
  set_support(l);
  if (!find_middle(l, &middle, &width) || !log_density(l, middle, &height) || !has_pole(l, height, &pole))
    return false;
  *fits = !pole && isfinite(middle) && middle > l->lower && middle < l->upper;
  if (!*fits) return true;
  x[n++] = middle;
  if (!step_out(l, middle, width, -1, height, x, &n) || !step_out(l, middle, width, 1, height, x, &n))
    return false;
  qsort(x, n, sizeof *x, th_real_ascending);
  if (!th_pieces_fit(l->cx, log_density, l, x, n, 4e-15, out, fits)) return false;
  *fits = *fits && out->n <= MOST_PANELS && fabs(out->total - weight) < 1e-9;
  if (!*fits) {
    th_pieces_clear(out);
    return true;
  }
  out->error += fabs(out->total / weight - 1);
  th_pieces_normalise(out);
  th_pieces_find_knots(out, l->lower, l->upper);
  return true;
}

/* --- All signs */

/* One factor: its panels where it is negative, and where it is positive; of a symmetric one the latter are all. Made
 * empty. */
typedef struct Sides {
  bool symmetric;
  double weight[2];
  ThPieces panels[2];
} Sides;

static void sides_clear(Sides *s) {
  th_pieces_clear(&s->panels[0]);
  th_pieces_clear(&s->panels[1]);
}

static bool is_symmetric(ThContext *cx, const ThDistribution *d, bool *out) {
  double x, left, right;
  *out = true;
  for (int i = 1; *out && i < 6; i++) {
    if (!th_distribution_measure(cx, d, 0, TH_QUANTILE, 0.5 + 0.09 * i, &x) ||
        !th_distribution_measure(cx, d, 0, TH_PDF, -x, &left) ||
        !th_distribution_measure(cx, d, 0, TH_PDF, x, &right))
      return false;
    *out = fabs(left - right) <= 1e-14 * right;
  }
  return true;
}

static bool sides_init(ThContext *cx, ThValue distribution, double turn, Sides *s, bool *fits) {
  const ThDistribution *d = th_as_distribution(distribution);
  if (!th_distribution_measure(cx, d, 0, TH_CDF, 0, &s->weight[0]) ||
      !th_distribution_measure(cx, d, 0, TH_CCDF, 0, &s->weight[1]) || !is_symmetric(cx, d, &s->symmetric))
    return false;
  for (int i = s->symmetric; *fits && i < 2; i++) {
    Logarithm l = {cx, d, i ? 1 : -1, turn, 0, 0};
    if (s->weight[i] > 0 && !log_panels(&l, s->weight[i], &s->panels[i], fits)) return false;
  }
  return true;
}

/* Of a product whose factors have these signs: a symmetric one has either. */
static Part part_of(const Sides *x, int i, const Sides *y, int j) {
  Part part = {{0, 0}, {0}};
  double both = (x->symmetric ? 1 : x->weight[i]) * (y->symmetric ? 1 : y->weight[j]);
  if (x->symmetric || y->symmetric) part.weight[0] = part.weight[1] = 0.5 * both;
  else part.weight[i == j] = both;
  return part;
}

static bool convolve(Product *z, const Sides *x, const Sides *y, bool *fits) {
  for (int i = 0; *fits && i < 2; i++)
    for (int j = 0; *fits && j < 2; j++) {
      if (x->panels[i].n == 0 || y->panels[j].n == 0) continue;
      Part *part = &z->parts[z->n];
      *part = part_of(x, i, y, j);
      if (!th_pieces_convolve(&x->panels[i], &y->panels[j], &part->panels, fits)) return false;
      z->n++;
      if (!*fits) return true;
      part->panels.error += fabs(part->panels.total - 1);
      z->error += (part->weight[0] + part->weight[1]) * part->panels.error;
      th_pieces_normalise(&part->panels);
    }
  return true;
}

static bool is_continuous(const ThDistribution *d) {
  return d->rank == 0 && !th_distribution_is_discrete(d) && !th_distribution_has_steps(d);
}

bool th_product_new(ThContext *cx, ThValue x, ThValue y, bool quotient, const char *text, ThValue *out,
                    double *error, bool *found) {
  Sides a = {.panels = {{.cx = cx}, {.cx = cx}}}, b = a;
  *found = false;
  if (!is_continuous(th_as_distribution(x)) || !is_continuous(th_as_distribution(y))) return true;
  Product *z = th_object_new(cx, &product_kind, sizeof *z);
  if (!z) return false;
  z->quotient = quotient;
  z->factors[0] = th_retain(x), z->factors[1] = th_retain(y);
  z->text = th_none();
  bool fits = true;
  bool ok = th_string_of(cx, text, &z->text) && sides_init(cx, x, 1, &a, &fits) &&
            sides_init(cx, y, quotient ? -1 : 1, &b, &fits) && (!fits || convolve(z, &a, &b, &fits));
  sides_clear(&a);
  sides_clear(&b);
  *error = fmax(z->error, 1e-15);
  *found = ok && fits && z->n > 0 && z->error < 1e-8;
  ThValue parameter = th_object(z);
  if (*found) ok = th_distribution_new(cx, &th_family_product, &parameter, out);
  th_release(parameter);
  return ok;
}

static bool build(ThContext *cx, ThDistribution *d) { return th_distribution_room(cx, d, 1, 1); }

/* --- The law */

/* A straight line that follows the logarithm of a density. */
typedef struct Line {
  double at, value, slope; /* value: of the density at `at` */
} Line;

static Line line_through(const ThPieces *p, const ThPiece *panel) {
  double near = 0.75 * panel->a + 0.25 * panel->b, far = 0.25 * panel->a + 0.75 * panel->b;
  double y = th_pieces_value(p, near), z = th_pieces_value(p, far);
  return (Line){near, y, y > 0 && z > 0 ? (log(z) - log(y)) / (far - near) : 0};
}

/* Where 1e-13 of log|Z| are left, on the lower or the upper side: there the density is known well. */
static Line tail_line(const ThPieces *p, bool lower) {
  size_t i = lower ? 0 : p->n - 1;
  while (lower ? i + 1 < p->n && p->panels[i].below < 1e-13 : i > 0 && p->panels[i].above < 1e-13)
    i = lower ? i + 1 : i - 1;
  return line_through(p, &p->panels[i]);
}

/* How the density goes on at an end: as in that tail, if it still does so at the very end, which a power of |Z| does;
 * else as there. */
static Line end_line(const ThPieces *p, bool lower) {
  Line last = line_through(p, &p->panels[lower ? 0 : p->n - 1]), inner = tail_line(p, lower);
  return fabs(inner.slope - last.slope) < 0.05 * fabs(last.slope) ? inner : last;
}

/* The density of log|Z| beyond the panels: it goes on as a power of |Z|. */
static double beyond(const ThPieces *p, double u) {
  Line line = end_line(p, u < p->panels[0].a);
  return line.slope * (u - line.at) < 0 ? line.value * exp(line.slope * (u - line.at)) : 0;
}

/* Has the part an end there that the support does not have? Its panels end where little is left. */
static bool is_open(const ThPieces *p, double u) {
  bool below = u < p->panels[0].a;
  double end = below ? p->panels[0].a : p->panels[p->n - 1].b;
  if (!below && !(u > end)) return false;
  for (size_t i = 0; i < p->n_knots; i++)
    if (fabs(p->knots[i] - end) <= 1e-12 * fmax(1, fabs(end))) return false;
  return true;
}

/* At 0: a power of |Z| below 0, or hardly a pole as of a logarithm, is infinite. */
static double density_at_zero(const Product *z) {
  double sum = 0;
  for (size_t i = 0; i < z->n; i++) {
    const Part *part = &z->parts[i];
    if (!is_open(&part->panels, -TH_INFINITY)) continue;
    Line line = tail_line(&part->panels, true);
    if (line.value > 0 && line.slope < 0.999) return TH_INFINITY;
    if (line.slope < 1.001) sum += fmax(part->weight[0], part->weight[1]) * line.value * exp(-line.at);
  }
  return sum;
}

static double density(const Product *z, double x) {
  double sum = 0, u = log(fabs(x));
  if (x == 0) return density_at_zero(z);
  for (size_t i = 0; i < z->n; i++) {
    const Part *part = &z->parts[i];
    double y = is_open(&part->panels, u) ? beyond(&part->panels, u) : th_pieces_value(&part->panels, u);
    sum += part->weight[x > 0] * y;
  }
  return sum / fabs(x);
}

/* P(Z <= x), or P(Z > x): of all Z of the other sign, or none, and of those beyond x, or up to it. */
static double tail(const Product *z, double x, bool upper) {
  double sum = 0, u = log(fabs(x));
  bool above = upper == (x >= 0);
  for (size_t i = 0; i < z->n; i++) {
    const Part *part = &z->parts[i];
    if (upper != (x >= 0)) sum += part->weight[x < 0];
    double share = above ? th_pieces_above(&part->panels, u) : th_pieces_below(&part->panels, u);
    sum += part->weight[x >= 0] * (x == 0 ? (double)above : share);
  }
  return fmin(1, sum);
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  const Product *z = product_of(d);
  double low[2], high[2];
  (void)p;
  *lower = TH_INFINITY, *upper = -TH_INFINITY;
  for (int i = 0; i < 2; i++)
    th_distribution_support(th_as_distribution(z->factors[i]), 0, &low[i], &high[i]);
  if (z->quotient) {
    bool around = low[1] < 0 && high[1] > 0;
    double a = 1 / high[1], b = 1 / low[1];
    low[1] = around || high[1] == 0 ? -TH_INFINITY : a;
    high[1] = around || low[1] == 0 ? TH_INFINITY : b;
  }
  for (int i = 0; i < 4; i++) {
    double x = i & 1 ? high[0] : low[0], y = i & 2 ? high[1] : low[1];
    double product = x == 0 || y == 0 ? 0 : x * y;
    *lower = fmin(*lower, product), *upper = fmax(*upper, product);
  }
}

/* Where to begin: of the right sign, as at 0 there may be a pole. */
static double guess_quantile(const Product *z, bool upper, double prob) {
  double weight[2] = {0, 0};
  for (size_t i = 0; i < z->n; i++)
    for (int side = 0; side < 2; side++) weight[side] += z->parts[i].weight[side];
  int side = upper ? prob < weight[1] : prob >= weight[0];
  if (weight[side] == 0) side = 1 - side;
  size_t i = 0;
  while (i + 1 < z->n && z->parts[i].weight[side] == 0) i++;
  const ThPieces *p = &z->parts[i].panels;
  size_t j = 0;
  while (j + 1 < p->n && p->panels[j].below + p->panels[j].mass < 0.5) j++;
  return (side ? 1 : -1) * exp(p->panels[j].a);
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  const Product *z = product_of(d);
  double lower, upper;
  support(d, p, &lower, &upper);
  if (what == TH_QUANTILE || what == TH_UPPER_QUANTILE)
    return th_quantile_search(cx, d, 0, what == TH_UPPER_QUANTILE, x, lower, upper,
                              guess_quantile(z, what == TH_UPPER_QUANTILE, x), out);
  *out = TH_NAN;
  if (x != x) return true;
  switch (what) {
    case TH_PDF: *out = x < lower || x > upper ? 0 : density(z, x); break;
    case TH_LOGPDF: *out = x < lower || x > upper ? -TH_INFINITY : log(density(z, x)); break;
    case TH_CDF: *out = tail(z, x, false); break;
    case TH_CCDF: *out = tail(z, x, true); break;
    case TH_LOGCDF: *out = log(tail(z, x, false)); break;
    case TH_LOGCCDF: *out = log(tail(z, x, true)); break;
    default: break;
  }
  return true;
}

/* x^-n; where that overflows the density of a divisor that has such a moment has died out. */
static bool negative_power(void *self, double x, double *y) {
  *y = pow(x, -*(const int *)self);
  if (isinf(*y)) *y = 0;
  return true;
}

/* Does x^-n times the density fall off towards 0, after multiplication with x? Else its integral diverges there. */
static bool has_negative_moment(ThContext *cx, const ThDistribution *d, int n, bool *out) {
  *out = true;
  for (int side = -1; *out && side <= 1; side += 2) {
    double far, near;
    if (!th_distribution_measure(cx, d, 0, TH_PDF, side * 1e-40, &far) ||
        !th_distribution_measure(cx, d, 0, TH_PDF, side * 1e-60, &near))
      return false;
    *out = near == 0 || log10(near / far) + 20 * (n - 1) < -0.3;
  }
  return true;
}

/* E X^n of factor i, of a divisor E X^-n. */
static bool factor_moment(ThContext *cx, const Product *z, int i, int n, ThFinding *out) {
  const ThDistribution *d = th_as_distribution(z->factors[i]);
  ThQuadratureResult r;
  bool exists;
  if (i == 0 || !z->quotient) return th_distribution_find_moment(cx, d, 0, n, out);
  *out = (ThFinding){.value = TH_NAN};
  if (!has_negative_moment(cx, d, n, &exists)) return false;
  if (!exists) return true;
  if (!th_numeric_expect(cx, d, 0, negative_power, &n, 1, &r)) return false;
  *out = (ThFinding){r.converged ? r.value[0] : TH_NAN, r.error, th_numeric_method(d), ""};
  return true;
}

/* E Z^n is a product; where a factor of it is not finite it is integrated, which tells what it is. */
static bool find_moment(ThContext *cx, const ThDistribution *d, const double *p, int n, ThFinding *out) {
  const Product *z = product_of(d);
  ThFinding x, y;
  (void)p;
  if (!factor_moment(cx, z, 0, n, &x) || !factor_moment(cx, z, 1, n, &y)) return false;
  *out = (ThFinding){x.value * y.value, fabs(x.value) * y.error + fabs(y.value) * x.error,
                     x.method ? x.method : y.method, ""};
  if (isfinite(x.value) && isfinite(y.value)) return true;
  *out = (ThFinding){.method = th_numeric_method(d)};
  if (!th_numeric_moment(cx, d, 0, n, &out->value, &out->error)) return false;
  if (isinf(out->error)) out->method = NULL; /* it diverges */
  return true;
}

/* Mean and variance of factor i, or of its reciprocal. */
static bool factor_summary(ThContext *cx, const Product *z, int i, ThFinding *mean, ThFinding *variance) {
  const ThDistribution *d = th_as_distribution(z->factors[i]);
  if (i == 0 || !z->quotient)
    return th_distribution_find(cx, d, 0, TH_MEAN, mean) &&
           th_distribution_find(cx, d, 0, TH_VARIANCE, variance);
  if (!factor_moment(cx, z, i, 1, mean) || !factor_moment(cx, z, i, 2, variance)) return false;
  variance->error += 2 * fabs(mean->value) * mean->error + 4 * DBL_EPSILON * variance->value;
  variance->value -= mean->value * mean->value;
  return true;
}

static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  ThFinding m[2], v[2];
  if (what == TH_MEAN) return find_moment(cx, d, p, 1, out);
  if (what != TH_VARIANCE && what != TH_SD) return th_numeric_find(cx, d, 0, what, out);
  for (int i = 0; i < 2; i++)
    if (!factor_summary(cx, product_of(d), i, &m[i], &v[i])) return false;
  double a = m[0].value * m[0].value, b = m[1].value * m[1].value;
  ThFinding second = {.method = v[0].method ? v[0].method : v[1].method};
  second.value = v[0].value * v[1].value + v[0].value * b + a * v[1].value;
  second.error = v[0].error * (v[1].value + b) + v[1].error * (v[0].value + a) +
                 2 * fabs(m[0].value) * m[0].error * v[1].value +
                 2 * fabs(m[1].value) * m[1].error * v[0].value;
  if (!isfinite(second.value)) return th_numeric_find(cx, d, 0, what, out);
  *out = second;
  if (what == TH_SD) out->value = sqrt(second.value), out->error = second.error / (2 * out->value);
  return true;
}

static bool summary(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, double *out) {
  ThFinding found;
  if (!find(cx, d, p, what, &found)) return false;
  *out = found.value;
  return true;
}

static bool log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out) {
  double error;
  (void)p;
  return th_numeric_log_mgf(cx, d, 0, t, out, &error);
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  const Product *z = product_of(d);
  (void)p;
  double *y = th_alloc_array(cx, n + 1, sizeof *y);
  bool ok = y && th_distribution_sample(cx, th_as_distribution(z->factors[0]), 0, r, n, x) &&
            th_distribution_sample(cx, th_as_distribution(z->factors[1]), 0, r, n, y);
  for (size_t i = 0; ok && i < n; i++) x[i] = z->quotient ? x[i] / y[i] : x[i] * y[i];
  th_free(cx, y, (n + 1) * sizeof *y);
  return ok;
}

static bool discrete(const ThDistribution *d) { return (void)d, false; }

/* 0, and ends of panels, evenly chosen. */
static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  const Product *z = product_of(d);
  size_t n_panels = 0;
  (void)cx, (void)p;
  *n = 0;
  points[(*n)++] = 0;
  for (size_t i = 0; i < z->n; i++) n_panels += z->parts[i].panels.n;
  size_t step = n_panels / (most - 1) + 1, at = 0;
  for (size_t i = 0; i < z->n; i++)
    for (size_t j = 0; j < z->parts[i].panels.n && *n < most; j++, at++)
      if (at % step == 0)
        points[(*n)++] = (z->parts[i].weight[1] > 0 ? 1 : -1) * exp(z->parts[i].panels.panels[j].a);
  return true;
}

/* Of probabilities; that of a density is not told. */
static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  (void)p, (void)x;
  *method = "convolution of logarithms";
  return what == TH_CDF || what == TH_CCDF ? product_of(d)->error : 0;
}

static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  (void)style;
  th_text_add(out, th_as_string(product_of(d)->text)->text);
  return th_text_ok(out, cx);
}

static const ThLaw law = {.measure = measure,
                          .summary = summary,
                          .find = find,
                          .find_moment = find_moment,
                          .log_mgf = log_mgf,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete,
                          .breaks = breaks,
                          .error = error_of};

const ThFamily th_family_product = {
    .builtin = {{.signature = "Product(density = …) -> distribution"}, {0}},
    .name = "Product",
    .n_parameters = 1,
    .parameters = {{"density", TH_DOMAIN_ANY, false, 0}},
    .law = &law,
    .build = build,
    .format = format,
};
