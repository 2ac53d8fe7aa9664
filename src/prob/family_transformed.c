/* family_transformed.c - the distribution of g(X) for one continuous X and a piecewise monotone g */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The range of X is cut where g turns, jumps or has a pole. On each branch g is monotone: the cdf at y is the
 * probability of finitely many intervals, whose ends solve g(x) = y, and the density is Σ f(x)/|g'(x)| over the
 * solutions. Expectations are integrals over X. No constructor has this name: dist(…) makes one. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/quadrature.h"
#include "num/real.h"
#include "prob/families.h"
#include "prob/numeric.h"
#include "prob/quantile.h"
#include "prob/query.h"
#include "prob/slope.h"
#include "prob/transformed.h"

typedef struct Branch {
  double a, b;      /* of x */
  double low, high; /* of g */
  bool increasing;
} Branch;

typedef struct Transformed {
  ThObject object;
  ThValue expression, text;
  ThNetwork net;
  double *slopes;
  size_t n;
  Branch branches[TH_MOST_BRANCHES];
  ThFinding mean, variance;
} Transformed;

static void transformed_release(ThObject *self) {
  Transformed *t = (Transformed *)self;
  th_heap_free(self->heap, t->slopes, (t->net.n_nodes + 1) * sizeof *t->slopes);
  th_network_clear(&t->net);
  th_release(t->expression);
  th_release(t->text);
  th_object_free(self, sizeof *t);
}

static bool transformed_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const Transformed *t = (const Transformed *)th_as_object(self);
  (void)style;
  return th_variable_text(cx, t->expression, 80, out);
}

static const ThKind transformed_kind = {
    .name = "piecewise monotone function", .release = transformed_release, .format = transformed_format};

static Transformed *transformed_of(const ThDistribution *d) {
  return (Transformed *)th_as_object(d->parameters[0]);
}

static const ThDistribution *inner_of(const Transformed *t) {
  return th_as_distribution(t->net.variables[0].distribution);
}

/* --- g and its slope */

/* NaN where g has no value. */
static bool value_at(Transformed *t, double x, double *y) {
  if (!th_network_assign(&t->net, 0, x)) return false;
  const ThNetworkNode *node = &t->net.nodes[th_network_find(&t->net, t->expression)];
  if (node->failed || !th_to_number(node->value, y)) *y = TH_NAN;
  return true;
}

static bool slope_at(Transformed *t, double x, double *y, double *slope, bool *known) {
  if (!value_at(t, x, y)) return false;
  *known = th_slope_of_nodes(&t->net, 0, t->slopes);
  *slope = t->slopes[th_network_find(&t->net, t->expression)];
  return true;
}

/* --- Branches */

static int sign_of(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

/* The value next to an end: the limit where it is infinite. */
static bool end_value(Transformed *t, double at, double inside, bool expect_high, double *out) {
  double there, near;
  if (!value_at(t, at, &there) || !value_at(t, nextafter(at, inside), &near)) return false;
  *out = isinf(there) && (there > 0) == expect_high ? there : near;
  if (isnan(*out) && isinf(at)) return value_at(t, at > 0 ? 1e150 : -1e150, out);
  return true;
}

static bool add_branch(Transformed *t, double a, double b, int sign, bool *fits) {
  double left, right;
  if (t->n == TH_MOST_BRANCHES) *fits = false;
  if (!*fits || !(b > a)) return true;
  if (!end_value(t, a, b, sign < 0, &left) || !end_value(t, b, a, sign > 0, &right)) return false;
  *fits = !isnan(left) && !isnan(right) && (sign > 0 ? right > left : left > right);
  if (*fits) t->branches[t->n++] = (Branch){a, b, fmin(left, right), fmax(left, right), sign > 0};
  return true;
}

/* The place between a and b where the slope's sign is no longer that at a. */
static bool find_turn(Transformed *t, double a, double b, int sign, double *out) {
  uint64_t i = th_real_place(a), j = th_real_place(b);
  while (j - i > 1) {
    uint64_t half = i + (j - i) / 2;
    double y, slope;
    bool known;
    if (!slope_at(t, th_real_at_place(half), &y, &slope, &known)) return false;
    if (sign_of(slope) == sign) i = half;
    else j = half;
  }
  *out = th_real_at_place(j);
  return true;
}

/* A piece on which nothing jumps, cut where the slope changes its sign between points of the grid. A slope of 0 at
 * one point is a turn, or none; over some points g is flat. */
static bool cut_piece(Transformed *t, double a, double b, const double *grid, size_t n, bool *fits) {
  double start = a, last = a;
  int sign = 0, flat = 0;
  for (size_t i = 0; i < n && *fits; i++) {
    double y, slope;
    bool known;
    if (!(grid[i] > a && grid[i] < b)) continue;
    if (!slope_at(t, grid[i], &y, &slope, &known)) return false;
    int now = sign_of(slope);
    flat = now == 0 && isfinite(y) && fabs(y) > 1e-300 ? flat + 1 : 0;
    *fits = known && !isnan(slope) && flat < 3;
    if (now == 0) continue;
    if (sign != 0 && now != sign) {
      double turn;
      if (!find_turn(t, last, grid[i], sign, &turn) || !add_branch(t, start, turn, sign, fits)) return false;
      start = turn;
    }
    sign = now;
    last = grid[i];
  }
  if (sign == 0) *fits = false;
  return add_branch(t, start, b, sign, fits);
}

enum { MIDDLE = 400, TAILS = 20, GRID = MIDDLE + 2 * TAILS };

static bool make_grid(ThContext *cx, const ThDistribution *d, double *x) {
  size_t n = 0;
  for (int i = 0; i < MIDDLE; i++)
    if (!th_distribution_measure(cx, d, 0, TH_QUANTILE, (i + 0.5) / MIDDLE, &x[n++])) return false;
  for (int i = 0; i < TAILS; i++) {
    double p = pow(10, -3 - 0.1 * i * i);
    if (!th_distribution_measure(cx, d, 0, TH_QUANTILE, p, &x[n]) ||
        !th_distribution_measure(cx, d, 0, TH_UPPER_QUANTILE, p, &x[n + 1]))
      return false;
    n += 2;
  }
  qsort(x, n, sizeof *x, th_real_ascending);
  return true;
}

/* Where g jumps or has a pole: what a query for E(g) would split at. */
static bool jumps(ThContext *cx, Transformed *t, double **breaks, size_t *n) {
  ThQuery q;
  ThProbes probes = {0};
  if (!th_query_init(cx, &q, TH_QUERY_E, &t->expression, 1, NULL, 0, NULL)) return false;
  bool ok = th_query_breaks(&q, 0, inner_of(t), &probes, breaks, n);
  th_probes_clear(cx, &probes);
  th_query_clear(&q);
  return ok;
}

static bool is_narrow(double a, double b) {
  for (int i = 0; i < 4 && a < b; i++) a = nextafter(a, b);
  return a >= b;
}

static bool find_branches(ThContext *cx, Transformed *t, bool *fits) {
  double grid[GRID], *breaks, lower, upper;
  size_t n;
  if (!make_grid(cx, inner_of(t), grid) || !jumps(cx, t, &breaks, &n)) return false;
  th_distribution_support(inner_of(t), 0, &lower, &upper);
  bool ok = true;
  double a = lower;
  for (size_t i = 0; ok && *fits && i <= n; i++) {
    double b = i < n ? fmin(fmax(breaks[i], lower), upper) : upper;
    if (!is_narrow(a, b)) ok = cut_piece(t, a, b, grid, GRID, fits);
    if (b > a) a = b;
  }
  th_free(cx, breaks, n * sizeof *breaks);
  return ok;
}

/* --- Expectations: integrals over x */

typedef struct Feature {
  ThContext *cx;
  Transformed *t;
  double center, scale; /* scale 0: minus the logarithm of the density */
  int power;            /* of (g - center)/scale; 0: a wave */
  double k;
} Feature;

static bool density_at(ThContext *cx, Transformed *t, double y, double *out);

static bool feature(void *self, double x, double *y) {
  const Feature *f = self;
  double g, density;
  if (!value_at(f->t, x, &g) || !th_distribution_measure(f->cx, inner_of(f->t), 0, TH_PDF, x, &density))
    return false;
  if (f->power && f->scale == 0 && density > 0) {
    double image;
    if (!density_at(f->cx, f->t, g, &image)) return false;
    y[0] = -density * log(image), y[1] = 0;
    return true;
  }
  y[0] = f->power ? pow((g - f->center) / f->scale, f->power) : cos(f->k * g);
  y[1] = f->power ? 0 : sin(f->k * g);
  for (int i = 0; i < 2; i++) y[i] = density == 0 ? 0 : y[i] * density;
  return true;
}

/* NaN where it does not converge. */
static bool expect(Feature *f, double complex *out, double *error) {
  static const double tails[] = {1e-12, 1e-4, 0.25};
  double breaks[TH_MOST_BRANCHES + 6];
  size_t n = 0;
  const ThDistribution *d = inner_of(f->t);
  ThQuadratureResult r;
  for (size_t i = 1; i < f->t->n; i++) breaks[n++] = f->t->branches[i].a;
  for (int i = 0; i < 3; i++, n += 2)
    if (!th_distribution_measure(f->cx, d, 0, TH_QUANTILE, tails[i], &breaks[n]) ||
        !th_distribution_measure(f->cx, d, 0, TH_UPPER_QUANTILE, tails[i], &breaks[n + 1]))
      return false;
  ThQuadratureGoal rough = {.relative = 1e-9,
                            .max_evaluations = 4000}; /* the density is costly, and has poles */
  if (!th_quadrature_integrate_breaks(f->cx, feature, f, 2, f->t->branches[0].a,
                                      f->t->branches[f->t->n - 1].b, breaks, n, f->scale == 0 ? &rough : NULL,
                                      &r))
    return false;
  bool good = r.converged || r.error < 1e-6 * r.magnitude;
  *out = good ? r.value[0] + TH_I * r.value[1] : TH_NAN;
  *error = r.error;
  return true;
}

/* E ((g - center)/scale)^power. */
static bool power_moment(ThContext *cx, Transformed *t, double center, double scale, int power,
                         ThFinding *out) {
  Feature f = {cx, t, center, scale, power, 0};
  double complex z;
  *out = (ThFinding){.method = "quadrature"};
  if (!expect(&f, &z, &out->error)) return false;
  out->value = creal(z);
  return true;
}

/* --- Making one */

static bool prepare(ThContext *cx, Transformed *t, bool *fits) {
  *fits = t->net.n_variables == 1 && th_is_distribution(t->net.variables[0].distribution);
  if (!*fits) return true;
  t->slopes = th_alloc_array(cx, t->net.n_nodes + 1, sizeof *t->slopes);
  if (!t->slopes || !find_branches(cx, t, fits) || !*fits) return t->slopes && !th_is_final(cx);
  return power_moment(cx, t, 0, 1, 1, &t->mean) && power_moment(cx, t, t->mean.value, 1, 2, &t->variance);
}

bool th_transformed_new(ThContext *cx, ThValue expression, const char *text, ThValue *out, size_t *n_branches,
                        bool *found) {
  Transformed *t = th_object_new(cx, &transformed_kind, sizeof *t);
  *found = false;
  if (!t) return false;
  ThValue parameter = th_object(t);
  t->expression = th_retain(expression);
  t->text = th_none();
  t->net = (ThNetwork){.cx = cx};
  bool ok = th_string_of(cx, text, &t->text) && th_network_init(cx, &t->net, &t->expression, 1) &&
            prepare(cx, t, found);
  *n_branches = t->n;
  if (ok && *found) ok = th_distribution_new(cx, &th_family_transformed, &parameter, out);
  th_release(parameter);
  return ok;
}

static bool build(ThContext *cx, ThDistribution *d) { return th_distribution_room(cx, d, 1, 1); }

/* --- The law */

/* The x of a branch at which g passes y. */
static bool solve(Transformed *t, const Branch *branch, double y, double *out) {
  uint64_t i = th_real_place(branch->a), j = th_real_place(branch->b);
  while (j - i > 1) {
    uint64_t half = i + (j - i) / 2;
    double g;
    if (!value_at(t, th_real_at_place(half), &g)) return false;
    if (g == y) {
      *out = th_real_at_place(half);
      return true;
    }
    if ((g < y) == branch->increasing) i = half;
    else j = half;
  }
  double low, high;
  if (!value_at(t, th_real_at_place(i), &low) || !value_at(t, th_real_at_place(j), &high)) return false;
  *out = th_real_at_place(fabs(low - y) <= fabs(high - y) ? i : j);
  return true;
}

/* P(g(X) <= y), or of the other side. */
static bool tail(ThContext *cx, Transformed *t, double y, bool upper, double *out) {
  *out = 0;
  for (size_t i = 0; i < t->n; i++) {
    const Branch *b = &t->branches[i];
    double x, p, from = b->a, to = b->b;
    if (upper ? y >= b->high : y < b->low) continue;
    bool partly = upper ? y >= b->low : y < b->high;
    if (partly) {
      if (!solve(t, b, y, &x)) return false;
      if (b->increasing != upper) to = x;
      else from = x;
    }
    if (!th_query_between(cx, inner_of(t), from, to, &p)) return false;
    *out += p;
  }
  *out = fmin(*out, 1);
  return true;
}

static bool density_at(ThContext *cx, Transformed *t, double y, double *out) {
  *out = 0;
  for (size_t i = 0; i < t->n; i++) {
    const Branch *b = &t->branches[i];
    double x, g, slope, f;
    bool known;
    if (!(y >= b->low && y <= b->high)) continue;
    if (!solve(t, b, y, &x) || !slope_at(t, x, &g, &slope, &known) ||
        !th_distribution_measure(cx, inner_of(t), 0, TH_PDF, x, &f))
      return false;
    *out += f == 0 ? 0 : f / fabs(slope);
  }
  return true;
}

static bool quantile(ThContext *cx, const ThDistribution *d, Transformed *t, bool upper, double p,
                     double *out) {
  double x, low = TH_INFINITY, high = -TH_INFINITY;
  for (size_t i = 0; i < t->n; i++)
    low = fmin(low, t->branches[i].low), high = fmax(high, t->branches[i].high);
  bool inside = p > 0 && p < 1;
  if (!inside || t->n > 1) return th_quantile_search(cx, d, 0, upper, p, low, high, TH_NAN, out);
  bool turned = upper == t->branches[0].increasing;
  return th_distribution_measure(cx, inner_of(t), 0, turned ? TH_UPPER_QUANTILE : TH_QUANTILE, p, &x) &&
         value_at(t, x, out);
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  Transformed *t = transformed_of(d);
  (void)p;
  *out = TH_NAN;
  if (isnan(x)) return true;
  bool ok = false;
  switch (what) {
    case TH_PDF:
    case TH_LOGPDF: ok = density_at(cx, t, x, out); break;
    case TH_CDF:
    case TH_LOGCDF: ok = tail(cx, t, x, false, out); break;
    case TH_CCDF:
    case TH_LOGCCDF: ok = tail(cx, t, x, true, out); break;
    case TH_QUANTILE:
    case TH_UPPER_QUANTILE: return quantile(cx, d, t, what == TH_UPPER_QUANTILE, x, out);
  }
  if (what == TH_LOGPDF || what == TH_LOGCDF || what == TH_LOGCCDF) *out = log(*out);
  return ok;
}

static bool standardised(ThContext *cx, Transformed *t, int n, ThFinding *out) {
  ThFinding sd = t->variance;
  th_finding_root(&sd);
  if (!power_moment(cx, t, t->mean.value, sd.value, n, out)) return false;
  th_finding_standardised(out, n, &t->mean, &sd);
  return true;
}

/* By an integral over x. */
static bool find_over_x(ThContext *cx, Transformed *t, ThSummary what, ThFinding *out) {
  switch (what) {
    case TH_MEAN: *out = t->mean; return true;
    case TH_VARIANCE: *out = t->variance; return true;
    case TH_SD:
      *out = t->variance;
      th_finding_root(out);
      return true;
    case TH_SKEWNESS: return standardised(cx, t, 3, out);
    case TH_KURTOSIS:
      if (!standardised(cx, t, 4, out)) return false;
      out->value -= 3;
      return true;
    default: return power_moment(cx, t, 0, 0, 1, out);
  }
}

/* What does not converge is asked of the density of g, whose tails tell whether it diverges. */
static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  (void)p;
  bool over_x = what != TH_MODE && what != TH_MEDIAN;
  if (over_x && !find_over_x(cx, transformed_of(d), what, out)) return false;
  return (over_x && isfinite(out->value)) || th_numeric_find(cx, d, 0, what, out);
}

static bool find_moment(ThContext *cx, const ThDistribution *d, const double *p, int n, ThFinding *out) {
  (void)p;
  if (!power_moment(cx, transformed_of(d), 0, 1, n, out) || isfinite(out->value)) return !th_is_final(cx);
  if (!th_numeric_moment(cx, d, 0, n, &out->value, &out->error)) return false;
  if (isinf(out->error)) out->method = NULL; /* it diverges */
  return true;
}

static bool cf(ThContext *cx, const ThDistribution *d, const double *p, double k, double complex *out) {
  Feature f = {cx, transformed_of(d), 0, 1, 0, k};
  double error;
  (void)p;
  return expect(&f, out, &error);
}

static bool find_log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                         double *relative) {
  (void)p;
  return th_numeric_log_mgf(cx, d, 0, t, out, relative);
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  Transformed *t = transformed_of(d);
  (void)p;
  if (!th_distribution_sample(cx, inner_of(t), 0, r, n, x)) return false;
  for (size_t i = 0; i < n; i++)
    if (!value_at(t, x[i], &x[i]) || !th_poll_at(cx, i)) return false;
  return true;
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  const Transformed *t = transformed_of(d);
  (void)p;
  *lower = TH_INFINITY, *upper = -TH_INFINITY;
  for (size_t i = 0; i < t->n; i++) {
    *lower = fmin(*lower, t->branches[i].low);
    *upper = fmax(*upper, t->branches[i].high);
  }
}

static bool discrete(const ThDistribution *d) { return (void)d, false; }

/* The values at the ends of branches, where the density may have poles and jumps, and some quantiles. */
static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  static const double levels[] = {1e-10, 1e-4, 0.05, 0.25, 0.5, 0.75, 0.95, 1 - 1e-4};
  const Transformed *t = transformed_of(d);
  (void)p;
  *n = 0;
  for (size_t i = 0; i < t->n && *n + 2 <= most; i++) {
    if (isfinite(t->branches[i].low)) points[(*n)++] = t->branches[i].low;
    if (isfinite(t->branches[i].high)) points[(*n)++] = t->branches[i].high;
  }
  for (size_t i = 0; i < sizeof levels / sizeof *levels && *n < most; i++)
    if (!th_distribution_measure(cx, d, 0, TH_QUANTILE, levels[i], &points[(*n)++])) return false;
  return true;
}

static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  (void)style;
  th_text_add(out, th_as_string(transformed_of(d)->text)->text);
  return th_text_ok(out, cx);
}

/* A tail is a sum of probabilities of intervals, one a branch. */
static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  const Transformed *t = transformed_of(d);
  (void)p, (void)x;
  if (what == TH_PDF) return 0;
  return (double)t->n * th_distribution_error(inner_of(t), 0, TH_CDF, t->branches[0].a, method);
}

static const ThLaw law = {.measure = measure,
                          .cf = cf,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete,
                          .breaks = breaks,
                          .find = find,
                          .find_log_mgf = find_log_mgf,
                          .find_moment = find_moment,
                          .error = error_of};

const ThFamily th_family_transformed = {
    .builtin = {{.signature = "Transformed(function = …) -> distribution"}, {0}},
    .name = "Transformed",
    .n_parameters = 1,
    .parameters = {{"function", TH_DOMAIN_ANY, false, 0}},
    .law = &law,
    .build = build,
    .format = format,
};
