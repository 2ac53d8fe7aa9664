/* table_math.c - distributions on finitely many values, and on a run of whole numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "num/stats.h"
#include "prob/families.h"

/* --- Reading a table (families.h says how it lies in p) */

typedef struct Table {
  size_t n;
  const double *values, *masses, *below, *above;
} Table;

static Table read_table(const double *p) {
  size_t n = (size_t)p[0];
  return (Table){n, p + 1, p + 1 + n, p + 1 + 2 * n, p + 1 + 3 * n};
}

/* How many values are <= x. */
static size_t count_to(const Table *t, double x) { return th_stats_count_below(t->n, t->values, x, true); }

static double table_pdf(double x, const double *p) {
  Table t = read_table(p);
  size_t k = count_to(&t, x);
  if (isnan(x)) return x;
  return k > 0 && t.values[k - 1] == x ? t.masses[k - 1] : 0;
}

static double table_cdf(double x, const double *p) {
  Table t = read_table(p);
  size_t k = count_to(&t, x);
  return isnan(x) ? x : k > 0 ? t.below[k - 1] : 0;
}

static double table_ccdf(double x, const double *p) {
  Table t = read_table(p);
  size_t k = count_to(&t, x);
  return isnan(x) ? x : k > 0 ? t.above[k - 1] : 1;
}

static double table_logpdf(double x, const double *p) { return log(table_pdf(x, p)); }
/* The logarithm of the tail that is near 1 comes from the other one. */
static double log_of(double tail, double other) { return tail > 0.5 ? log1p(-other) : log(tail); }
static double table_logcdf(double x, const double *p) { return log_of(table_cdf(x, p), table_ccdf(x, p)); }
static double table_logccdf(double x, const double *p) { return log_of(table_ccdf(x, p), table_cdf(x, p)); }

/* Sums of masses that differ by less than so much of themselves count as equal. */
static const double rounding = 1e-14;

/* Whether the i-th value is at or beyond the quantile. The sum from above decides where it is the smaller one, so that
 * the answer to 1 - 1e-12 hangs on the masses beyond, not on the rounding of sums near 1. */
static bool reaches(const Table *t, size_t i, double prob, bool upper) {
  double below = upper ? 1 - prob : prob, above = upper ? prob : 1 - prob;
  bool by_above = upper ? prob <= 0.5 : prob > 0.5;
  return by_above ? t->above[i] <= above * (1 + rounding) + (upper ? 0 : DBL_EPSILON)
                  : t->below[i] >= below * (1 - rounding) - (upper ? DBL_EPSILON : 0);
}

static double quantile_of(double prob, const double *p, bool upper) {
  Table t = read_table(p);
  if (!(prob >= 0 && prob <= 1)) return TH_NAN;
  size_t low = 0, high = t.n - 1;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (reaches(&t, middle, prob, upper)) high = middle;
    else low = middle + 1;
  }
  return t.values[low];
}

static double table_quantile(double prob, const double *p) { return quantile_of(prob, p, false); }
static double table_upper_quantile(double prob, const double *p) { return quantile_of(prob, p, true); }

static double table_mean(const double *p) {
  Table t = read_table(p);
  return th_stats_weighted_mean(t.n, t.values, t.masses);
}
static double table_variance(const double *p) {
  Table t = read_table(p);
  return th_stats_weighted_variance(t.n, t.values, t.masses);
}

static double central_moment(const double *p, int n) {
  Table t = read_table(p);
  double sum = 0, mean = table_mean(p);
  for (size_t i = 0; i < t.n; i++) sum += t.masses[i] * pow(t.values[i] - mean, n);
  return sum;
}
static double table_skewness(const double *p) {
  double v = table_variance(p);
  return v > 0 ? central_moment(p, 3) / pow(v, 1.5) : TH_NAN;
}
static double table_kurtosis(const double *p) {
  double v = table_variance(p);
  return v > 0 ? central_moment(p, 4) / (v * v) - 3 : TH_NAN;
}
static double table_mode(const double *p) {
  Table t = read_table(p);
  return t.values[th_stats_argmax(t.n, t.masses)];
}
static double table_median(const double *p) { return table_quantile(0.5, p); }

static double table_entropy(const double *p) {
  Table t = read_table(p);
  double sum = 0;
  for (size_t i = 0; i < t.n; i++) sum -= t.masses[i] > 0 ? t.masses[i] * log(t.masses[i]) : 0;
  return sum + 0.0;
}

static double complex table_cf(double k, const double *p) {
  Table t = read_table(p);
  double re = 0, im = 0;
  for (size_t i = 0; i < t.n; i++)
    re += t.masses[i] * cos(k * t.values[i]), im += t.masses[i] * sin(k * t.values[i]);
  return re + TH_I * im;
}

/* log Σ m e^(tx), with the largest exponent taken out. */
static double table_log_mgf(double t, const double *p) {
  Table table = read_table(p);
  double largest = t > 0 ? t * table.values[table.n - 1] : t * table.values[0], sum = 0;
  for (size_t i = 0; i < table.n; i++) sum += table.masses[i] * exp(t * table.values[i] - largest);
  return largest + log(sum);
}

static double table_sample(const double *p, ThRandom *r) {
  Table t = read_table(p);
  double u = th_random_uniform(r);
  size_t low = 0, high = t.n - 1;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (u < t.below[middle]) high = middle;
    else low = middle + 1;
  }
  return t.values[low];
}

static void table_support(const double *p, double *lower, double *upper) {
  Table t = read_table(p);
  *lower = t.values[0];
  *upper = t.values[t.n - 1];
}

static void no_gradient(double x, const double *p, double *d_x, double *d_p) {
  (void)x, (void)p, (void)d_p;
  if (d_x) *d_x = 0;
}

const ThFamilyMath th_table_math = {
    .name = "Discrete",
    .n_parameters = 0,
    .discrete = true,
    .pdf = table_pdf,
    .logpdf = table_logpdf,
    .cdf = table_cdf,
    .ccdf = table_ccdf,
    .logcdf = table_logcdf,
    .logccdf = table_logccdf,
    .quantile = table_quantile,
    .upper_quantile = table_upper_quantile,
    .mean = table_mean,
    .variance = table_variance,
    .skewness = table_skewness,
    .kurtosis = table_kurtosis,
    .mode = table_mode,
    .median = table_median,
    .entropy = table_entropy,
    .cf = table_cf,
    .log_mgf = table_log_mgf,
    .sample = table_sample,
    .support = table_support,
    .gradient = no_gradient,
};

/* --- Making a table */

/* Values in ascending order with their weights, equal ones merged; returns how many are left. */
static size_t sort_and_merge(const double *values, const double *weights, size_t n, const size_t *order,
                             double *x, double *w) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    size_t from = order[i];
    if (count > 0 && x[count - 1] == values[from]) {
      w[count - 1] += weights[from];
    } else {
      x[count] = values[from];
      w[count++] = weights[from];
    }
  }
  return count;
}

static void fill_sums(double *p, size_t n) {
  double *masses = p + 1 + n, *below = p + 1 + 2 * n, *above = p + 1 + 3 * n, total = th_stats_sum(n, masses),
         sum = 0;
  for (size_t i = 0; i < n; i++) masses[i] /= total;
  th_stats_cumulative_sum(n, masses, below);
  below[n - 1] = 1;
  for (size_t i = n; i-- > 0; sum += masses[i]) above[i] = sum;
}

/* The table of count values in x, with their weights behind them. */
static bool place(ThContext *cx, ThDistribution *d, const double *x, size_t n, size_t count) {
  if (!th_distribution_room(cx, d, 1, 1 + 4 * count)) return false;
  d->p[0] = (double)count;
  memcpy(d->p + 1, x, count * sizeof *x);
  memcpy(d->p + 1 + count, x + n, count * sizeof *x);
  fill_sums(d->p, count);
  return true;
}

bool th_table_fill_equal(ThContext *cx, ThDistribution *d, const double *values, size_t n) {
  double *x = th_alloc_array(cx, 2 * n, sizeof *x);
  if (!x) return false;
  memcpy(x, values, n * sizeof *x);
  bool ok = th_stats_sort(cx, n, x);
  size_t count = 0;
  for (size_t i = 0; ok && i < n; i++) {
    if (count > 0 && x[count - 1] == x[i]) x[n + count - 1]++;
    else x[count] = x[i], x[n + count++] = 1;
  }
  ok = ok && place(cx, d, x, n, count);
  th_free(cx, x, 2 * n * sizeof *x);
  return ok;
}

bool th_table_fill(ThContext *cx, ThDistribution *d, const double *values, const double *weights, size_t n) {
  size_t bytes = 2 * n * sizeof(size_t);
  size_t *order = th_alloc(cx, bytes);
  double *x = order ? th_alloc_array(cx, 2 * n, sizeof *x) : NULL;
  bool ok = x && th_stats_sort_index(cx, n, values, order + n, order);
  if (ok) {
    size_t count = sort_and_merge(values, weights, n, order, x, x + n);
    ok = place(cx, d, x, n, count);
  }
  th_free(cx, x, 2 * n * sizeof *x);
  th_free(cx, order, bytes);
  return ok;
}

bool th_table_outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most, double **values,
                       size_t *n) {
  (void)tail;
  Table t = read_table(d->p);
  *values = NULL;
  *n = 0;
  if (t.n > most) return true;
  *values = th_alloc_array(cx, t.n, sizeof **values);
  if (!*values) return false;
  memcpy(*values, t.values, t.n * sizeof **values);
  *n = t.n;
  return true;
}

/* --- Whole numbers from a to b */

static double count_of(const double *p) { return p[1] - p[0] + 1; }
static bool is_value(double x, const double *p) { return x >= p[0] && x <= p[1] && floor(x) == x; }

static double run_pdf(double x, const double *p) {
  return isnan(x) ? x : is_value(x, p) ? 1 / count_of(p) : 0;
}
static double run_logpdf(double x, const double *p) {
  return isnan(x) ? x : is_value(x, p) ? -log(count_of(p)) : -TH_INFINITY;
}
static double run_cdf(double x, const double *p) {
  if (isnan(x)) return x;
  return x < p[0] ? 0 : x >= p[1] ? 1 : (floor(x) - p[0] + 1) / count_of(p);
}
static double run_ccdf(double x, const double *p) {
  if (isnan(x)) return x;
  return x < p[0] ? 1 : x >= p[1] ? 0 : (p[1] - floor(x)) / count_of(p);
}
static double run_logcdf(double x, const double *p) { return log_of(run_cdf(x, p), run_ccdf(x, p)); }
static double run_logccdf(double x, const double *p) { return log_of(run_ccdf(x, p), run_cdf(x, p)); }

/* k/n of the way: whole to within rounding counts as whole. */
static double run_quantile(double prob, const double *p) {
  if (!(prob >= 0 && prob <= 1)) return TH_NAN;
  double at = prob * count_of(p);
  return p[0] + fmax(ceil(at * (1 - 1e-14)) - 1, 0);
}
static double run_upper_quantile(double prob, const double *p) {
  if (!(prob >= 0 && prob <= 1)) return TH_NAN;
  double at = prob * count_of(p);
  return fmax(p[1] - floor(at * (1 + 1e-14)), p[0]);
}

static double run_mean(const double *p) { return p[0] + 0.5 * (p[1] - p[0]); }
static double run_variance(const double *p) { return (count_of(p) * count_of(p) - 1) / 12; }
static double run_skewness(const double *p) { return p[0] == p[1] ? TH_NAN : 0; }
static double run_kurtosis(const double *p) {
  double n2 = count_of(p) * count_of(p);
  return p[0] == p[1] ? TH_NAN : -1.2 * (n2 + 1) / (n2 - 1);
}
static double run_mode(const double *p) { return p[0]; }
static double run_median(const double *p) { return run_quantile(0.5, p); }
static double run_entropy(const double *p) { return log(count_of(p)); }

/* sin(nk/2)/(n sin(k/2)) at the centre's phase. */
static double complex run_cf(double k, const double *p) {
  double n = count_of(p), half = sin(0.5 * k), modulus, centre = k * run_mean(p);
  if (fabs(half) < 1e-9) modulus = fmod(n, 2) == 0 && cos(0.5 * k) < 0 ? -1 : 1;
  else modulus = sin(0.5 * n * k) / (n * half);
  return modulus * cos(centre) + TH_I * (modulus * sin(centre));
}

/* log((e^(t(b+1)) - e^(ta))/(n (e^t - 1))), with the largest exponential taken out. */
static double run_log_mgf(double t, const double *p) {
  double n = count_of(p), edge = t > 0 ? p[1] : p[0], s = fabs(t);
  if (s < 1e-8) return t * run_mean(p) + 0.5 * t * t * run_variance(p);
  return t * edge + log(-expm1(-n * s)) - log(-expm1(-s)) - log(n);
}

static double run_sample(const double *p, ThRandom *r) {
  return p[0] + (double)th_random_below(r, (uint64_t)count_of(p));
}
static void run_support(const double *p, double *lower, double *upper) { *lower = p[0], *upper = p[1]; }
static void run_gradient(double x, const double *p, double *d_x, double *d_p) {
  (void)x, (void)p;
  if (d_x) *d_x = 0;
  if (d_p) d_p[0] = d_p[1] = 0;
}

/* Whole numbers, with which the support moves. */
static void run_fisher(const double *p, double *information) {
  (void)p;
  for (int i = 0; i < 4; i++) information[i] = TH_NAN;
}

static double run_kl(const double *p, const double *q) {
  bool within = p[0] >= q[0] && p[1] <= q[1];
  return within ? log(count_of(q) / count_of(p)) : TH_INFINITY;
}

const ThFamilyMath th_discrete_uniform_math = {
    .name = "DiscreteUniform",
    .n_parameters = 2,
    .discrete = true,
    .pdf = run_pdf,
    .logpdf = run_logpdf,
    .cdf = run_cdf,
    .ccdf = run_ccdf,
    .logcdf = run_logcdf,
    .logccdf = run_logccdf,
    .quantile = run_quantile,
    .upper_quantile = run_upper_quantile,
    .mean = run_mean,
    .variance = run_variance,
    .skewness = run_skewness,
    .kurtosis = run_kurtosis,
    .mode = run_mode,
    .median = run_median,
    .entropy = run_entropy,
    .cf = run_cf,
    .log_mgf = run_log_mgf,
    .sample = run_sample,
    .support = run_support,
    .gradient = run_gradient,
    .fisher = run_fisher,
    .kl = run_kl,
};
