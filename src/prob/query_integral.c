/* query_integral.c - sums over discrete and integrals over up to three continuous variables of a query */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables get their values in order. For fixed values of those before it, an event is a union of intervals
 * of the last continuous variable: its probability is finitely many values of the cdf. An expectation, and
 * whatever hangs on a variable that is not the last, is an integral over those intervals; integrals stand
 * within each other. Where an observed or a discrete variable hangs on a continuous one, its mass is part of
 * the integrand. As an outer variable moves, the number of inner intervals changes at some points: there the
 * integrand has a kink or a root, and its range is split. */
#include "prob/query_integral.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "num/quadrature.h"
#include "num/real.h"
#include "prob/numeric.h"

enum { MOST_SETTINGS = 4000 /* of the discrete variables */, MOST_SPLITS = 64, MOST_POINTS = 16 };
enum { INNER_ERROR = TH_N_SUMS, N_COMPONENTS };

static bool descend(ThIntegral *l, size_t k, double weight, ThSums *sums);

static bool gave_up(const ThIntegral *l) { return l->exhausted || (l->n_free > 1 && l->diverged); }

static void count_evaluations(ThIntegral *l, size_t n) {
  l->evaluations += n;
  if (l->n_free > 1 && l->evaluations > l->most_evaluations) l->exhausted = true;
}

static bool leaf(ThIntegral *l, double weight, ThSums *sums) {
  double complex x[2] = {0};
  size_t n = l->q->kind == TH_QUERY_P ? 1 : l->q->n_targets;
  l->possible = true;
  for (size_t i = 0; i < n && l->q->kind != TH_QUERY_DIST; i++)
    if (!th_query_target(l->q, i, &x[i])) return false;
  double values[TH_N_SUMS] = {1, creal(x[0]), n > 1 ? creal(x[1]) : cimag(x[0])};
  if (l->second) {
    double a = creal(x[0] - l->mean[0]), b = n > 1 ? creal(x[1] - l->mean[1]) : 0;
    values[TH_SUM_FIRST] = a * a, values[TH_SUM_SECOND] = b * b, values[TH_SUM_THIRD] = a * b;
  }
  double size = hypot(values[TH_SUM_FIRST], values[TH_SUM_SECOND]);
  l->largest = fmax(l->largest, size);
  values[TH_SUM_ABSOLUTE] = hypot(1, size);
  for (int i = 0; i < TH_N_SUMS; i++) sums->s[i] += weight * values[i];
  return true;
}

/* --- One continuous variable */

typedef struct Integrand {
  ThIntegral *l;
  size_t k;
  const ThDistribution *d;
  double points[MOST_POINTS]; /* where quadrature begins to look */
  size_t n_points;
  bool has_atoms;
} Integrand;

/* density × what comes after, for variable k at x */
static bool plain_integrand(void *self, double x, double *y) {
  const Integrand *in = self;
  ThQuery *q = in->l->q;
  ThSums sums = {0};
  bool holds;
  double density;
  memset(y, 0, N_COMPONENTS * sizeof *y);
  count_evaluations(in->l, 1);
  if (gave_up(in->l)) return true;
  if (!th_distribution_measure(q->cx, in->d, 0, TH_PDF, x, &density)) return false;
  if (density > 0) {
    if (!th_network_assign(&q->net, in->k, x) || !th_query_holds(q, in->k + 1, &holds)) return false;
    if (holds && !descend(in->l, in->k + 1, 1, &sums)) return false;
  }
  for (int i = 0; i < TH_N_SUMS; i++) y[i] = sums.s[i] == 0 ? 0 : density * sums.s[i];
  y[INNER_ERROR] = sums.error == 0 ? 0 : density * sums.error;
  return true;
}

static double size_of(const double *y) { return fmax(fabs(y[TH_SUM_FIRST]), fabs(y[TH_SUM_SECOND])); }

/* x so close to 0 that a power of it has overflowed: where x f(x) falls off towards 0, which two points farther out
 * tell, nothing is left there of the integral. */
static bool fades_towards_zero(Integrand *in, double x, bool *fades) {
  double near[N_COMPONENTS], far[N_COMPONENTS];
  *fades = false;
  do {
    x *= 1e5;
    if (!plain_integrand(in, x, near)) return false;
  } while (!isfinite(size_of(near)) && fabs(x) < 1e-25);
  if (!(fabs(x) < 1e-20)) return true;
  if (!plain_integrand(in, x * 1e10, far)) return false;
  *fades = size_of(near) == 0 || size_of(near) < 0.9 * 1e10 * size_of(far);
  return true;
}

/* At 0 itself, it must do so from both sides. */
static bool fades_at_zero(Integrand *in, double x, bool *fades) {
  if (x != 0) return fades_towards_zero(in, x, fades);
  return fades_towards_zero(in, -DBL_MIN, fades) && (!*fades || fades_towards_zero(in, DBL_MIN, fades));
}

static bool integrand(void *self, double x, double *y) {
  bool fades;
  if (!plain_integrand(self, x, y)) return false;
  if (isfinite(size_of(y)) || !(fabs(x) < 1e-25)) return true;
  if (!fades_at_zero(self, x, &fades)) return false;
  if (fades) memset(y, 0, N_COMPONENTS * sizeof *y);
  return true;
}

static bool weight_at(Integrand *in, double x, double *weight) {
  double y[N_COMPONENTS];
  if (!integrand(in, x, y)) return false;
  *weight = y[TH_SUM_WEIGHT];
  return true;
}

/* The best of some quantiles, and the distance to the one before it. */
static bool find_start(Integrand *in, double *at, double *step, double *best) {
  int n = in->l->n_free > 1 ? 40 : 200;
  double x, weight, before = TH_NAN;
  *best = 0;
  for (int i = 1; i < n; i++) {
    if (!th_distribution_measure(in->l->q->cx, in->d, 0, TH_QUANTILE, (double)i / n, &x) ||
        !weight_at(in, x, &weight))
      return false;
    if (weight > *best) *best = weight, *at = x, *step = x - before;
    before = x;
  }
  for (double e = 3; *best == 0 && e < 60; e += 1) /* far out, if anywhere */
    for (int side = 0; side < 2; side++) {
      if (!th_distribution_measure(in->l->q->cx, in->d, 0, side ? TH_UPPER_QUANTILE : TH_QUANTILE,
                                   pow(10, -e), &x) ||
          !weight_at(in, x, &weight))
        return false;
      if (weight > *best) *best = weight, *at = x, *step = 0.3 * fabs(x);
    }
  if (!(*step > 0)) *step = fmax(fabs(*at) * 1e-3, 1e-3);
  return true;
}

static bool climb(Integrand *in, double *at, double *step, double *best) {
  for (int i = 0; i < 200 && *step > 1e-12 * fmax(fabs(*at), 1e-290); i++) {
    double left, right;
    if (!weight_at(in, *at - *step, &left) || !weight_at(in, *at + *step, &right)) return false;
    if (left > *best) *best = left, *at -= *step, *step *= 1.3;
    else if (right > *best) *best = right, *at += *step, *step *= 1.3;
    else if (fmin(left, right) > 0.6 * *best) {
      double ratio = fmax(sqrt(left) * sqrt(right) / *best, 0.6); /* a normal curve's σ, or nearly */
      if (ratio < 0.95) *step /= sqrt(-2 * log(ratio));
      break;
    } else *step *= 0.5;
  }
  return true;
}

/* Where the integrand is largest, and how far it reaches on either side: a likelihood may be much narrower
 * than the prior. The search begins where the last one ended. */
static bool add_peak(Integrand *in) {
  ThIntegralLevel *level = &in->l->levels[in->k];
  double best = 0, at = level->peak, step = 2 * level->width;
  if (level->has_peak && !weight_at(in, at, &best)) return false;
  if (!(best > 0) && !find_start(in, &at, &step, &best)) return false;
  if (!(best > 0) || !isfinite(at)) return true;
  if (!climb(in, &at, &step, &best)) return false;
  *level = (ThIntegralLevel){
      .grid = level->grid, .n_inner = level->n_inner, .has_peak = true, .peak = at, .width = step};
  static const double reach[] = {-5.5, -2.2, 2.2, 5.5, -32, 0, 32};
  size_t n = in->l->n_free > 1 ? 4 : 7;
  for (size_t i = 0; i < n; i++) in->points[in->n_points++] = at + reach[i] * step;
  return true;
}

static bool add_quantiles(Integrand *in) {
  static const double levels[] = {0.5, 0.01, 1e-6};
  size_t n = in->l->n_free > 1 ? 2 : 3;
  for (size_t i = 0; i < n; i++) {
    double *at = in->points + in->n_points;
    if (!th_distribution_measure(in->l->q->cx, in->d, 0, TH_QUANTILE, levels[i], at) ||
        !th_distribution_measure(in->l->q->cx, in->d, 0, TH_UPPER_QUANTILE, levels[i], at + 1))
      return false;
    in->n_points += 2;
  }
  return true;
}

/* Cuts an infinite range where the integrand has died out: a tail that falls more slowly is kept. */
static bool cut_tails(Integrand *in, double *a, double *b) {
  static const double reach[] = {12, 30};
  const ThIntegralLevel *level = &in->l->levels[in->k];
  double height, low = 1, high = 1;
  if (in->l->n_free == 1 || !level->has_peak || (isfinite(*a) && isfinite(*b))) return true;
  if (!weight_at(in, level->peak, &height)) return false;
  for (int i = 0; i < 2; i++) {
    double left = level->peak - reach[i] * level->width, right = level->peak + reach[i] * level->width;
    if (isinf(*a) && left < *b && !weight_at(in, left, &low)) return false;
    if (isinf(*b) && right > *a && !weight_at(in, right, &high)) return false;
    if (isinf(*a) && left < *b && low < 1e-28 * height) *a = left;
    if (isinf(*b) && right > *a && high < 1e-28 * height) *b = right;
  }
  return true;
}

/* Looks at the ends of (a, b) that are infinite, where the only continuous variable has its tails. */
static bool watch_tails(Integrand *in, double a, double b, double *error) {
  double scale, hidden, y[N_COMPONENTS];
  if (in->l->n_free > 1 || (isfinite(a) && isfinite(b))) return true;
  if (!th_numeric_scale(in->l->q->cx, in->d, 0, &scale)) return false;
  for (int side = 0; side < 2; side++) {
    if (isfinite(side ? b : a)) continue;
    if (!th_numeric_tail(integrand, in, N_COMPONENTS, side ? scale : -scale, y, &hidden)) return false;
    *error += hidden;
    if (isfinite(hidden)) continue;
    in->l->rises |= y[TH_SUM_FIRST] >= 0;
    in->l->falls |= y[TH_SUM_FIRST] <= 0;
  }
  return true;
}

/* Inner integrals are found more closely, so that their errors are no roughness of the outer integrand. */
static bool integrate(Integrand *in, double a, double b, double weight, ThSums *sums) {
  static const double relative[3][TH_MOST_INTEGRALS] = {
      {1e-12, 1e-11}, {1e-11, 1e-10, 1e-9}, {1e-9, 1e-8, 1e-7}};
  ThIntegral *l = in->l;
  ThQuadratureResult r;
  size_t n_inner = l->levels[in->k].n_inner;
  if (!cut_tails(in, &a, &b)) return false;
  bool outermost = n_inner + 1 == l->n_free;
  ThQuadratureGoal goal = {.relative = relative[l->n_free > 2 ? 1 + l->rough : 0][n_inner],
                           .max_evaluations = outermost ? 0 : 6000};
  if (!th_quadrature_integrate_breaks(l->q->cx, integrand, in, N_COMPONENTS, a, b, in->points, in->n_points,
                                      &goal, &r))
    return false;
  bool lost = l->n_free == 1 || !(r.error < 1e-6 * r.magnitude);
  bool narrow = b - a < 1e-13 * fmax(fabs(a), fabs(b)); /* between two findings of one boundary */
  if (!r.converged && lost && !narrow) l->diverged = true;
  if (!watch_tails(in, a, b, &r.error)) return false;
  for (int i = 0; i < TH_N_SUMS; i++) sums->s[i] += weight * r.value[i];
  sums->error += weight * (r.error + 4 * DBL_EPSILON * r.magnitude + r.value[INNER_ERROR]);
  l->numeric = "quadrature";
  return true;
}

/* A point inside (a, b), and none that a program is likely to name: it stands for all of the interval. */
static double inside(double a, double b) {
  const double part = 0.5641895835477563;
  if (isinf(a) && isinf(b)) return part;
  if (isinf(a)) return b - part * fmax(1, fabs(b));
  if (isinf(b)) return a + part * fmax(1, fabs(a));
  return a + part * (b - a);
}

/* Only a few doubles lie in between: around a single value at which an equation holds. */
static bool is_narrow(double a, double b) {
  for (int i = 0; i < 4 && a < b; i++) a = nextafter(a, b);
  return a >= b;
}

/* Does what is asked change as the last variable moves within an interval? */
static bool is_constant(const ThIntegral *l) {
  const ThNetwork *net = &l->q->net;
  if (l->q->kind == TH_QUERY_P || l->q->kind == TH_QUERY_DIST) return true;
  for (size_t i = 0; i < l->q->n_targets; i++) {
    uint32_t node = th_network_find(net, l->q->targets[i]);
    if (node != TH_NO_NODE && net->nodes[node].level == net->n_variables) return false;
  }
  return true;
}

/* Target i, when it is the last variable itself, has the mean and variance of its distribution; else it does
 * not hang on that variable. */
static bool target_moments(ThIntegral *l, size_t i, const ThDistribution *d, double *mean, double *variance,
                           bool *fits) {
  ThQuery *q = l->q;
  uint32_t node = th_network_find(&q->net, q->targets[i]);
  bool moves = node != TH_NO_NODE && q->net.nodes[node].level == q->net.n_variables;
  *variance = 0;
  if (!moves) {
    double complex x;
    if (!th_query_target(q, i, &x)) return false;
    *mean = creal(x);
    *fits = cimag(x) == 0;
    return true;
  }
  *fits = q->net.nodes[node].declared != TH_NO_NODE;
  return !*fits || (th_distribution_summary(q->cx, d, 0, TH_MEAN, mean) &&
                    th_distribution_summary(q->cx, d, 0, TH_VARIANCE, variance));
}

/* The whole range of the last variable at once, where what is asked is its own mean and variance. */
static bool whole_leaf(ThIntegral *l, const ThDistribution *d, double weight, ThSums *sums, bool *done) {
  double mean[2] = {0}, variance[2] = {0}, center[2] = {creal(l->mean[0]), creal(l->mean[1])};
  bool fits = l->q->kind != TH_QUERY_P && l->q->n_targets <= 2;
  for (size_t i = 0; fits && i < l->q->n_targets; i++)
    if (!target_moments(l, i, d, &mean[i], &variance[i], &fits)) return false;
  *done = fits && isfinite(mean[0] + mean[1]) && isfinite(variance[0] + variance[1]);
  if (!*done) return true;
  double values[TH_N_SUMS] = {1, mean[0], mean[1]};
  if (l->second) {
    double a = mean[0] - center[0], b = l->q->n_targets > 1 ? mean[1] - center[1] : 0;
    values[TH_SUM_FIRST] = a * a + variance[0];
    values[TH_SUM_SECOND] = b * b + variance[1];
    values[TH_SUM_THIRD] = a * b + sqrt(variance[0] * variance[1]);
  }
  values[TH_SUM_ABSOLUTE] = fabs(mean[0]) + fabs(mean[1]) + sqrt(variance[0]) + sqrt(variance[1]);
  for (int i = 0; i < TH_N_SUMS; i++) sums->s[i] += weight * values[i];
  l->possible = true;
  return true;
}

static bool note_pattern(ThIntegral *l, bool holds) {
  double complex event = 0;
  if (holds && l->q->kind == TH_QUERY_P && !th_query_target(l->q, 0, &event)) return false;
  l->pattern = (l->pattern * 31 + (holds ? creal(event) != 0 ? 3u : 2u : 1u)) * UINT64_C(0x9E3779B97F4A7C15);
  return true;
}

/* What the cdf errs by at the ends. An error bound is one for any part of the whole: they do not add. */
static void note_tails(Integrand *in, double a, double b, double weight, ThSums *sums) {
  double ends[] = {a, b}, lower, upper, largest = 0;
  th_distribution_support(in->d, 0, &lower, &upper);
  for (int i = 0; i < 2; i++) {
    const char *method;
    bool inside = ends[i] > lower && ends[i] < upper;
    double error = inside ? th_distribution_error(in->d, 0, TH_CDF, ends[i], &method) : 0;
    if (error > 0 && !in->l->numeric) in->l->numeric = method;
    largest = fmax(largest, error);
  }
  sums->error += weight * largest;
}

/* One interval on which nothing jumps. */
static bool piece(Integrand *in, double a, double b, double weight, ThSums *sums) {
  ThIntegral *l = in->l;
  ThQuery *q = l->q;
  bool holds, last = in->k + 1 == q->net.n_variables, whole = false;
  double p, lower, upper;
  if (!th_network_assign(&q->net, in->k, inside(a, b)) || !th_query_holds(q, in->k + 1, &holds)) return false;
  if (l->look_only && (last || !holds)) return note_pattern(l, holds);
  if (l->look_only) return descend(l, in->k + 1, 1, sums); /* outcomes that hang on this variable */
  if (!holds) return true;
  if (!last && !l->levels[in->k].alone) return integrate(in, a, b, weight, sums);
  l->possible |= last;
  if (!th_query_between(q->cx, in->d, a, b, &p)) return false;
  note_tails(in, a, b, weight, sums);
  if (!last) return p == 0 || descend(l, in->k + 1, weight * p, sums);
  if (is_constant(l)) return p == 0 || leaf(l, weight * p, sums);
  th_distribution_support(in->d, 0, &lower, &upper);
  if (a == lower && b == upper && !in->has_atoms && !whole_leaf(l, in->d, weight, sums, &whole)) return false;
  if (whole) return true;
  ThSums part = {0};
  if (!integrate(in, a, b, weight, &part)) return false;
  part.s[TH_SUM_WEIGHT] = weight * p;
  for (int i = 0; i < TH_N_SUMS; i++) sums->s[i] += part.s[i];
  sums->error += part.error;
  return true;
}

/* --- Where the pattern of inner events changes as an outer variable moves */

static bool pattern_at(Integrand *in, double x, uint64_t *out) {
  ThIntegral *l = in->l;
  ThSums ignored = {0};
  bool holds;
  if (!th_network_assign(&l->q->net, in->k, x) || !th_query_holds(l->q, in->k + 1, &holds)) return false;
  l->look_only = true;
  l->pattern = 0;
  bool ok = !holds || descend(l, in->k + 1, 1, &ignored);
  l->look_only = false;
  *out = l->pattern;
  return ok;
}

/* The changes between a and b, whose patterns differ, as far as there is room. */
static bool add_changes(Integrand *in, double a, double b, uint64_t before, uint64_t after, double *splits,
                        size_t *n) {
  while (before != after && *n < MOST_SPLITS) {
    double low = a, high = b;
    uint64_t at_high = after, now;
    for (int i = 0; i < 100; i++) {
      double middle = 0.5 * low + 0.5 * high;
      if (!(middle > low && middle < high)) break;
      if (!pattern_at(in, middle, &now)) return false;
      if (now == before) low = middle;
      else high = middle, at_high = now;
    }
    splits[(*n)++] = high;
    if (!(high > a)) return true;
    a = high, before = at_high;
  }
  return true;
}

static bool find_splits(Integrand *in, double *splits, size_t *n) {
  static const double tails[] = {0, 1e-20, 1e-14, 1e-9, 1e-6, 1e-4, 3e-3};
  enum { N_TAILS = sizeof tails / sizeof *tails };
  ThIntegral *l = in->l;
  size_t n_inner = l->levels[in->k].n_inner;
  int middle = n_inner + 1 == l->n_free && n_inner == 1 ? 48 : 12;
  double a = 0, b, margin = 1e-9;
  uint64_t before = 0, now;
  for (int i = 0, count = 0; i < 2 * N_TAILS + middle - 1; i++) {
    int j = i - N_TAILS, above = 2 * N_TAILS + middle - 2 - i;
    bool low = i < N_TAILS, high = j >= middle - 1;
    double p = low ? tails[i] : high ? tails[above] : (double)(j + 1) / middle;
    if (!th_distribution_measure(l->q->cx, in->d, 0, high ? TH_UPPER_QUANTILE : TH_QUANTILE, p, &b))
      return false;
    if (!isfinite(b) || (count && !(b > a))) continue;
    if (p == 0) b += (low ? margin : -margin) * fmax(fabs(b), 1e-3); /* just within the support */
    if (!pattern_at(in, b, &now)) return false;
    if (count++ && !add_changes(in, a, b, before, now, splits, n)) return false;
    a = b, before = now;
  }
  return true;
}

static bool has_inner_events(const ThIntegral *l) {
  if (l->q->kind == TH_QUERY_P) return true;
  for (size_t i = 0; i < l->q->n_conditions; i++)
    if (!l->q->conditions[i].observation) return true;
  return false;
}

/* Values that are arrays take much longer than numbers. */
static size_t count_arrays(const ThQuery *q) {
  size_t n = 0;
  for (size_t i = 0; i < q->net.n_nodes; i++) n += th_is_variable_array(q->net.nodes[i].source);
  return n;
}

/* The largest of an array, say: what is asked may jump as the outermost of three variables moves. */
static bool has_jumps(const ThIntegral *l) { return count_arrays(l->q) > 0; }

/* --- The whole range of one variable */

static bool prepare_points(Integrand *in) {
  const ThQuery *q = in->l->q;
  bool last = in->k + 1 == q->net.n_variables;
  if (last && is_constant(in->l)) return true;
  bool likelihood = in->l->conditional && !last;
  if ((in->l->n_free == 1 || !likelihood) && !add_quantiles(in)) return false;
  return !likelihood || add_peak(in);
}

static bool add_pieces(Integrand *in, const double *breaks, size_t n, double weight, ThSums *sums) {
  double lower, upper;
  th_distribution_support(in->d, 0, &lower, &upper);
  double a = lower;
  for (size_t i = 0; i <= n && !gave_up(in->l); i++) {
    double b = i < n ? fmin(fmax(breaks[i], lower), upper) : upper;
    if (!is_narrow(a, b) && !piece(in, a, b, weight, sums)) return false;
    if (b > a) a = b;
  }
  return true;
}

/* Two ascending lists as one. */
static double *merge(ThContext *cx, const double *a, size_t n_a, const double *b, size_t n_b) {
  double *out = th_alloc_array(cx, n_a + n_b + 1, sizeof *out);
  for (size_t i = 0, j = 0; out && i + j < n_a + n_b;) {
    bool first = j == n_b || (i < n_a && a[i] <= b[j]);
    out[i + j] = first ? a[i] : b[j];
    if (first) i++;
    else j++;
  }
  return out;
}

/* Of an outer variable: which patterns there are, in any order and wherever they change. */
static bool patterns_along(ThIntegral *l, size_t k, const ThDistribution *d) {
  enum { N = 9 };
  uint64_t seen[N], all = l->pattern;
  size_t n_seen = 0;
  ThSums ignored = {0};
  for (int i = 0; i < N; i++) {
    double x;
    bool holds;
    size_t j = 0;
    l->pattern = 0;
    if (!th_distribution_measure(l->q->cx, d, 0, TH_QUANTILE, (i + 0.2) / N, &x) ||
        !th_network_assign(&l->q->net, k, x) || !th_query_holds(l->q, k + 1, &holds) ||
        (holds && !descend(l, k + 1, 1, &ignored)))
      return false;
    while (j < n_seen && seen[j] != l->pattern) j++;
    if (j < n_seen) continue;
    seen[n_seen++] = l->pattern;
    all ^= l->pattern * UINT64_C(0xD1B54A32D192ED03);
  }
  l->pattern = all;
  return true;
}

/* Values with their masses: those of a discrete variable, or those a mixed one has beside its density. */
static bool at_values(ThIntegral *l, size_t k, const ThDistribution *d, double weight, const double *values,
                      size_t n, ThSums *sums) {
  ThQuery *q = l->q;
  double mass;
  bool ok = true;
  for (size_t i = 0; ok && i < n && !gave_up(l); i++) {
    bool holds = true;
    ok = th_distribution_measure(q->cx, d, 0, TH_PDF, values[i], &mass) &&
         th_network_assign(&q->net, k, values[i]) && th_query_holds(q, k + 1, &holds);
    if (ok && holds && mass > 0) ok = descend(l, k + 1, weight * mass, sums);
  }
  return ok;
}

/* The breaks with the atoms of a mixed distribution among them, where its density has none of its mass. */
static bool visit_atoms(Integrand *in, double **breaks, size_t *n, double weight, ThSums *sums) {
  ThContext *cx = in->l->q->cx;
  double *atoms, *all;
  size_t n_atoms;
  if (!th_distribution_atoms(cx, in->d, 0, &atoms, &n_atoms)) return false;
  in->has_atoms = n_atoms > 0;
  bool ok = at_values(in->l, in->k, in->d, weight, atoms, n_atoms, sums);
  if (ok && n_atoms > 0) {
    all = merge(cx, *breaks, *n, atoms, n_atoms);
    ok = all != NULL;
    if (ok) {
      th_free(cx, *breaks, *n * sizeof **breaks);
      *breaks = th_resize(cx, all, (*n + n_atoms + 1) * sizeof *all, (*n + n_atoms) * sizeof *all);
      *n += n_atoms;
    }
  }
  th_free(cx, atoms, n_atoms * sizeof *atoms);
  return ok && (*breaks || *n == 0);
}

static bool along_line(ThIntegral *l, size_t k, const ThDistribution *d, double weight, ThSums *sums) {
  ThQuery *q = l->q;
  Integrand in = {.l = l, .k = k, .d = d};
  ThIntegralLevel *level = &l->levels[k];
  double *breaks, splits[MOST_SPLITS], *all = NULL;
  size_t n_breaks, n_splits = 0;
  if (l->look_only && level->n_inner > 0) return patterns_along(l, k, d);
  level->grid.fineness = l->n_free > 2 ? TH_PROBES_FEW : l->n_free > 1 ? TH_PROBES_COARSE : TH_PROBES_FINE;
  if (!th_query_breaks(q, k, d, &level->grid, &breaks, &n_breaks)) return false;
  count_evaluations(l, n_breaks ? 12 * n_breaks + level->grid.n : 0);
  bool ok = visit_atoms(&in, &breaks, &n_breaks, weight, sums) && (l->look_only || prepare_points(&in));
  bool splits_at_all = level->n_inner == 1 || (level->n_inner > 1 && has_jumps(l));
  if (ok && splits_at_all && has_inner_events(l)) ok = find_splits(&in, splits, &n_splits);
  if (ok) ok = (all = merge(q->cx, breaks, n_breaks, splits, n_splits)) != NULL;
  if (ok) ok = add_pieces(&in, all, n_breaks + n_splits, weight, sums);
  th_free(q->cx, all, (n_breaks + n_splits + 1) * sizeof *all);
  th_free(q->cx, breaks, n_breaks * sizeof *breaks);
  return ok;
}

/* --- All variables in order */

static bool discrete_values(ThIntegral *l, size_t k, const ThDistribution *d, double weight, ThSums *sums) {
  ThQuery *q = l->q;
  double *values;
  size_t n;
  if (!th_distribution_outcomes(q->cx, d, 1e-30, MOST_SETTINGS, &values, &n)) return false;
  bool ok = n > 0 ||
            th_fail(q->cx, TH_ERROR_LIMIT, "there are too many outcomes beside the continuous variable");
  ok = ok && at_values(l, k, d, weight, values, n, sums);
  th_free(q->cx, values, n * sizeof *values);
  return ok;
}

static bool observed_value(ThIntegral *l, size_t k, const ThDistribution *d, double weight, ThSums *sums) {
  ThQuery *q = l->q;
  double mass, at = q->variables[k].at;
  bool holds;
  if (!th_distribution_measure(q->cx, d, 0, TH_PDF, at, &mass) || !th_network_assign(&q->net, k, at) ||
      !th_query_holds(q, k + 1, &holds))
    return false;
  return mass == 0 || !holds || descend(l, k + 1, weight * mass, sums);
}

static bool descend(ThIntegral *l, size_t k, double weight, ThSums *sums) {
  ThQuery *q = l->q;
  const ThDistribution *d;
  if (k == q->net.n_variables) return l->look_only ? note_pattern(l, true) : leaf(l, weight, sums);
  if (!th_poll(q->cx) || !th_network_distribution(&q->net, k, &d)) return false;
  if (q->variables[k].observed) return observed_value(l, k, d, weight, sums);
  if (th_distribution_is_discrete(d)) return discrete_values(l, k, d, weight, sums);
  return along_line(l, k, d, weight, sums);
}

/* --- Order */

static bool is_free(const ThQuery *q, size_t k) {
  return !q->variables[k].observed && q->variables[k].support == TH_SUPPORT_CONTINUOUS;
}

/* Does any later variable hang on variable k? */
static bool is_read_by_others(ThQuery *q, size_t k, bool *out) {
  size_t n = q->net.n_variables;
  bool *hangs = th_alloc(q->cx, n + 1);
  *out = false;
  bool ok = hangs != NULL;
  for (size_t j = k + 1; ok && j < n && !*out; j++) {
    ok = th_network_ancestors(&q->net, q->net.variables[j].variable->distribution, hangs);
    *out = ok && hangs[k];
  }
  th_free(q->cx, hangs, n + 1);
  return ok;
}

/* A variable of its own that cannot be negative: a scale, as a rule. */
static bool is_scale(const ThQuery *q, size_t k) {
  double lower, upper;
  const ThNetworkVariable *v = &q->net.variables[k];
  if (!v->fixed || !is_free(q, k) || !th_is_distribution(v->distribution)) return false;
  th_distribution_support(th_as_distribution(v->distribution), 0, &lower, &upper);
  return lower >= 0;
}

static bool is_outcome(const ThQuery *q, size_t k) { return q->net.variables[k].fixed && !is_free(q, k); }

static void bring_forward(ThQuery *q, bool (*wanted)(const ThQuery *, size_t)) {
  for (size_t k = 1, to = wanted(q, 0); k < q->net.n_variables; k++)
    if (wanted(q, k)) th_query_move(q, k, to++);
}

/* Continuous variables on which none hangs come last, so that their cdf can be used. What may make others
 * narrow comes first: as it moves, the inner integrals change smoothly. */
static bool order_variables(ThQuery *q) {
  if (q->net.n_variables == 0) return true;
  for (size_t k = q->net.n_variables; k-- > 0;) {
    bool read;
    if (!is_free(q, k)) continue;
    if (!is_read_by_others(q, k, &read)) return false;
    if (!read) th_query_move(q, k, q->net.n_variables - 1);
  }
  size_t last = q->net.n_variables - 1;
  bool keep = is_scale(q, last); /* the last one has its use */
  const ThVariable *variable = q->net.variables[last].variable;
  bring_forward(q, is_scale);
  for (size_t k = 0; keep && k < last; k++)
    if (q->net.variables[k].variable == variable) th_query_move(q, k, last);
  bring_forward(q, is_outcome);
  return true;
}

/* In how many places variable k is read. */
static size_t count_uses(const ThQuery *q, size_t k) {
  const ThNetwork *net = &q->net;
  size_t n = 0;
  for (size_t i = 0; i < net->n_inputs; i++) n += net->inputs[i].node == net->variables[k].node;
  return n;
}

/* Of the variables at the end that hang on nothing, the ones that are read in more places come first: for fixed values
 * of them what is left is simple. */
static void order_by_uses(ThQuery *q) {
  size_t n = q->net.n_variables, first = n;
  while (first > 0 && q->net.variables[first - 1].fixed && is_free(q, first - 1)) first--;
  for (size_t k = first + 1; k < n; k++)
    for (size_t j = first; j < k; j++)
      if (count_uses(q, j) < count_uses(q, k)) {
        th_query_move(q, k, j);
        break;
      }
}

/* Does nothing that is computed for later variables hang on variable k? */
static bool stands_alone(const ThQuery *q, size_t k, bool *out) {
  bool *hangs = th_alloc(q->cx, q->net.n_variables + 1);
  bool ok = hangs != NULL;
  *out = true;
  for (size_t i = 0; ok && *out && i < q->net.n_nodes; i++) {
    if (q->net.nodes[i].level <= k + 1) continue;
    ok = th_network_ancestors(&q->net, q->net.nodes[i].source, hangs);
    *out = ok && !hangs[k];
  }
  th_free(q->cx, hangs, q->net.n_variables + 1);
  return ok;
}

bool th_integral_init(ThQuery *q, size_t most, ThIntegral *l, bool *fits) {
  size_t n = q->net.n_variables, settings = 1, inner = 0;
  *l = (ThIntegral){.q = q, .n_levels = n, .conditional = q->n_conditions > 0};
  *fits = true;
  for (size_t k = 0; *fits && k < n; k++) {
    *fits = q->variables[k].support != TH_SUPPORT_UNKNOWN;
    if (q->variables[k].observed) l->conditional = true;
    if (q->variables[k].observed) continue;
    if (is_free(q, k)) l->n_free++;
    else settings *= 2;
    *fits = *fits && settings <= MOST_SETTINGS;
  }
  *fits = *fits && l->n_free <= most;
  if (!*fits) return true;
  l->most_evaluations = q->options.method == TH_METHOD_QUADRATURE ? 100000000
                        : l->n_free > 2                           ? 1000000
                                                                  : 6000000;
  l->most_evaluations /= 1 + count_arrays(q);
  l->levels = th_alloc_array(q->cx, n + 1, sizeof *l->levels);
  if (!l->levels) return false;
  memset(l->levels, 0, (n + 1) * sizeof *l->levels);
  if (!order_variables(q)) return false;
  if (l->n_free > 2) order_by_uses(q);
  for (size_t k = n; k-- > 0;) {
    l->levels[k] = (ThIntegralLevel){.n_inner = inner};
    if (l->n_free > 1 && is_free(q, k) && !stands_alone(q, k, &l->levels[k].alone)) return false;
    inner += is_free(q, k);
  }
  return true;
}

bool th_integral_sums(ThIntegral *l, ThSums *sums) { return descend(l, 0, 1, sums); }

void th_integral_clear(ThIntegral *l) {
  ThContext *cx = l->q->cx;
  for (size_t k = 0; l->levels && k < l->n_levels; k++) th_probes_clear(cx, &l->levels[k].grid);
  th_free(cx, l->levels, (l->n_levels + 1) * sizeof *l->levels);
  l->levels = NULL;
}
