/* family_mixture.c - one of several distributions, chosen with given weights */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "num/special.h"
#include "num/stats.h"
#include "prob/families.h"
#include "prob/mode.h"
#include "prob/moments.h"
#include "prob/numeric.h"
#include "prob/quantile.h"
#include "val/figure.h"

/* p: the weights, with sum 1. Parameter 1 is a list of distributions of one element each. */
enum { WEIGHTS, COMPONENTS };

static size_t count_of(const ThDistribution *d) { return d->stride; }
static const ThDistribution *component(const ThDistribution *d, size_t k) {
  return th_as_distribution(th_as_list(d->parameters[COMPONENTS])->items[k]);
}

/* --- Densities and tails: sums over the components */

/* Σ w f_k(x), leaving out components without a density where `density` and x has no probability of its own. */
static bool weighted_sum(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                         bool density, double *out) {
  double y;
  *out = 0;
  for (size_t k = 0; k < count_of(d); k++) {
    if (p[k] == 0 || (density && th_distribution_is_discrete(component(d, k)))) continue;
    if (!th_distribution_measure(cx, component(d, k), 0, what, x, &y)) return false;
    *out += p[k] * y;
  }
  return true;
}

/* The same sum from logarithms: the largest exponential is taken out as the sum goes on. */
static bool log_sum(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    bool density, double *out) {
  double y, largest = -TH_INFINITY, sum = 0;
  for (size_t k = 0; k < count_of(d); k++) {
    if (p[k] == 0 || (density && th_distribution_is_discrete(component(d, k)))) continue;
    if (!th_distribution_measure(cx, component(d, k), 0, what, x, &y)) return false;
    y += log(p[k]);
    if (isnan(y)) {
      *out = y;
      return true;
    }
    if (y > largest) sum = sum * exp(largest - y) + 1, largest = y;
    else if (y > -TH_INFINITY) sum += exp(y - largest);
  }
  *out = isinf(largest) ? largest : largest + log(sum);
  return true;
}

static bool mass(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  double y;
  *out = 0;
  for (size_t k = 0; k < count_of(d); k++) {
    if (p[k] == 0) continue;
    if (!th_distribution_mass(cx, component(d, k), 0, x, &y)) return false;
    *out += p[k] * y;
  }
  return true;
}

static bool all_discrete(const ThDistribution *d) {
  for (size_t k = 0; k < count_of(d); k++)
    if (!th_distribution_is_discrete(component(d, k))) return false;
  return true;
}

static bool any_steps(const ThDistribution *d) {
  for (size_t k = 0; k < count_of(d); k++)
    if (th_distribution_has_steps(component(d, k))) return true;
  return false;
}

static bool density(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  double at_x = 0;
  bool mixed = any_steps(d) && !all_discrete(d);
  if (mixed && !mass(cx, d, p, x, &at_x)) return false;
  if (at_x > 0) {
    *out = what == TH_PDF ? at_x : log(at_x);
    return true;
  }
  return what == TH_PDF ? weighted_sum(cx, d, p, what, x, mixed, out)
                        : log_sum(cx, d, p, what, x, mixed, out);
}

/* Near 0 the logarithm of a tail is told by the other tail. */
static bool log_tail(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                     double *out) {
  double other;
  if (!log_sum(cx, d, p, what, x, false, out)) return false;
  if (!(*out > -TH_LOG_2)) return true;
  if (!weighted_sum(cx, d, p, what == TH_LOGCDF ? TH_CCDF : TH_CDF, x, false, &other)) return false;
  *out = log1p(-other);
  return true;
}

/* It lies between the least and the greatest of the components' quantiles. */
static bool quantile(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double prob,
                     double *out) {
  double low = TH_INFINITY, high = -TH_INFINITY, y;
  for (size_t k = 0; k < count_of(d); k++) {
    if (p[k] == 0) continue;
    if (!th_distribution_measure(cx, component(d, k), 0, what, prob, &y)) return false;
    low = fmin(low, y);
    high = fmax(high, y);
  }
  *out = low;
  if (!(low < high)) return true;
  return th_quantile_search(cx, d, 0, what == TH_UPPER_QUANTILE, prob, low, high, TH_NAN, out);
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  switch (what) {
    case TH_PDF:
    case TH_LOGPDF: return density(cx, d, p, what, x, out);
    case TH_CDF:
    case TH_CCDF:
      if (!weighted_sum(cx, d, p, what, x, false, out)) return false;
      *out = fmin(*out, 1);
      return true;
    case TH_LOGCDF:
    case TH_LOGCCDF: return log_tail(cx, d, p, what, x, out);
    case TH_QUANTILE:
    case TH_UPPER_QUANTILE: return quantile(cx, d, p, what, x, out);
  }
  return true;
}

/* --- Summaries, from those of the components */

/* E X, Var X and the third and fourth central moments, each with its error. Of the components, with m their distance
 * from the mean and c2, c3, c4 their own central moments: E (m + Y)^3 = c3 + 3 m c2 + m³,
 * E (m + Y)^4 = c4 + 4 m c3 + 6 m² c2 + m⁴. */
typedef struct Central {
  double moment[5], error[5];
  const char *method; /* of a component that has no closed form; or NULL */
} Central;

/* Component k's own, central[n] for n = 1 (the mean) to 4, as far as `what` needs them. Of a point there is neither
 * skewness nor kurtosis. */
static bool central_of(ThContext *cx, const ThDistribution *part, ThSummary what, Central *out) {
  static const ThSummary asked[] = {TH_MEAN, TH_VARIANCE, TH_SKEWNESS, TH_KURTOSIS};
  int most = what == TH_KURTOSIS ? 4 : what == TH_SKEWNESS ? 3 : what == TH_MEAN ? 1 : 2;
  *out = (Central){0};
  for (int n = 1; n <= most; n++) {
    ThFinding found;
    double variance = out->moment[2], scale = n < 3 ? 1 : pow(variance, 0.5 * n);
    if (n > 2 && variance == 0) break;
    if (!th_distribution_find(cx, part, 0, asked[n - 1], &found)) return false;
    if (n == 4) found.value += 3;
    out->moment[n] = scale * found.value;
    out->error[n] = scale * found.error;
    if (n > 2) out->error[n] += 0.5 * n * scale * fabs(found.value) * out->error[2] / variance;
    if (found.method) out->method = found.method;
  }
  return true;
}

static bool add_mean(ThContext *cx, const ThDistribution *d, const double *p, Central *sum) {
  Central part;
  for (size_t k = 0; k < count_of(d); k++) {
    if (p[k] == 0) continue;
    if (!central_of(cx, component(d, k), TH_MEAN, &part)) return false;
    sum->moment[1] += p[k] * part.moment[1];
    sum->error[1] += p[k] * part.error[1];
    if (part.method) sum->method = part.method;
  }
  return true;
}

static void add_central(const Central *part, double weight, Central *sum) {
  const double *c = part->moment, *e = part->error;
  double m = c[1] - sum->moment[1], size = fabs(m), of_m = e[1] + sum->error[1];
  sum->moment[2] += weight * (c[2] + m * m);
  sum->moment[3] += weight * (c[3] + 3 * m * c[2] + m * m * m);
  sum->moment[4] += weight * (c[4] + 4 * m * c[3] + 6 * m * m * c[2] + m * m * m * m);
  sum->error[2] += weight * (e[2] + 2 * size * of_m);
  sum->error[3] += weight * (e[3] + 3 * size * e[2] + 3 * (c[2] + m * m) * of_m);
  sum->error[4] += weight * (e[4] + 4 * size * e[3] + 6 * m * m * e[2] +
                             4 * (fabs(c[3]) + 3 * size * c[2] + size * m * m) * of_m);
  if (part->method) sum->method = part->method;
}

/* The summary that central moments make up, and its error. */
static void finish(const Central *c, ThSummary what, ThFinding *out) {
  double variance = c->moment[2], sd = sqrt(variance), of_variance = c->error[2] / variance;
  switch (what) {
    case TH_VARIANCE: *out = (ThFinding){.value = variance, .error = c->error[2]}; break;
    case TH_SD: *out = (ThFinding){.value = sd, .error = 0.5 * of_variance * sd}; break;
    case TH_SKEWNESS:
      out->value = c->moment[3] / (variance * sd);
      out->error = c->error[3] / (variance * sd) + 1.5 * fabs(out->value) * of_variance;
      break;
    case TH_KURTOSIS:
      out->value = c->moment[4] / (variance * variance) - 3;
      out->error = c->error[4] / (variance * variance) + 2 * (out->value + 3) * of_variance;
      break;
    default: *out = (ThFinding){.value = c->moment[1], .error = c->error[1]}; break;
  }
}

static bool find_central(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what,
                         ThFinding *out) {
  Central sum = {0}, part;
  if (!add_mean(cx, d, p, &sum)) return false;
  double mean = sum.moment[1];
  for (size_t k = 0; k < count_of(d) && isfinite(mean) && what != TH_MEAN; k++) {
    if (p[k] == 0) continue;
    if (!central_of(cx, component(d, k), what, &part)) return false;
    add_central(&part, p[k], &sum);
  }
  finish(&sum, what, out);
  if (!isfinite(mean) && what != TH_MEAN) out->value = isinf(mean) && what <= TH_SD ? TH_INFINITY : TH_NAN;
  if (isfinite(out->value) && sum.method) out->method = sum.method;
  else out->error = 0;
  return true;
}

/* The best point so far. Of equally high ones the least counts, unless it is right next to it. */
typedef struct Peak {
  double x, height, error;
} Peak;

static bool try_peak(ThContext *cx, const ThDistribution *d, double x, double error, double reach,
                     Peak *best) {
  double y, slack = 8 * DBL_EPSILON * fabs(best->height);
  if (!th_distribution_measure(cx, d, 0, TH_LOGPDF, x, &y)) return false;
  bool equal = fabs(y - best->height) <= slack, next = fabs(x - best->x) <= 1e-9 * reach;
  if (equal ? !next && x < best->x : y > best->height) *best = (Peak){x, y, error};
  return true;
}

/* Component k's own mode, and the highest point near it, within the reach of its quartiles. */
static bool try_component(ThContext *cx, const ThDistribution *d, size_t k, Peak *best) {
  double low, high, mode, top, error;
  if (!th_distribution_summary(cx, component(d, k), 0, TH_MODE, &mode) ||
      !th_distribution_measure(cx, component(d, k), 0, TH_QUANTILE, 0.25, &low) ||
      !th_distribution_measure(cx, component(d, k), 0, TH_UPPER_QUANTILE, 0.25, &high))
    return false;
  double reach = high - low;
  if (!isfinite(mode) || !(reach > 0)) return true;
  if (!th_mode_climb(cx, d, 0, mode - reach, mode + reach, &top, &error)) return false;
  if (fabs(top - mode) <= error) top = mode;
  return try_peak(cx, d, top, error, reach, best) && try_peak(cx, d, mode, 0, reach, best);
}

/* A bump of a mixture is near that of a component, or between them, where a grid of quantiles finds it; the components'
 * own modes are tried, too, for densities that jump. */
static bool find_mode(ThContext *cx, const ThDistribution *d, ThFinding *out) {
  Peak best;
  if (!th_numeric_find(cx, d, 0, TH_MODE, out)) return false;
  if (any_steps(d)) return true;
  best.x = out->value;
  best.error = out->error;
  if (!th_distribution_measure(cx, d, 0, TH_LOGPDF, best.x, &best.height)) return false;
  for (size_t k = 0; k < count_of(d); k++)
    if (d->p[k] > 0 && !try_component(cx, d, k, &best)) return false;
  out->value = best.x;
  out->error = best.error;
  return true;
}

static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  *out = (ThFinding){0};
  if (what == TH_MODE) return find_mode(cx, d, out);
  if (what == TH_MEDIAN) return quantile(cx, d, p, TH_QUANTILE, 0.5, &out->value);
  if (what == TH_ENTROPY) return th_numeric_find(cx, d, 0, what, out);
  return find_central(cx, d, p, what, out);
}

static bool find_moment(ThContext *cx, const ThDistribution *d, const double *p, int n, ThFinding *out) {
  ThFinding part;
  *out = (ThFinding){0};
  for (size_t k = 0; k < count_of(d); k++) {
    if (p[k] == 0) continue;
    if (!th_distribution_find_moment(cx, component(d, k), 0, n, &part)) return false;
    out->value += p[k] * part.value;
    out->error += p[k] * part.error;
    if (part.method) out->method = part.method;
  }
  if (!isfinite(out->value)) out->method = NULL;
  return true;
}

/* --- Transforms */

static bool cf(ThContext *cx, const ThDistribution *d, const double *p, double k, double complex *out) {
  double complex y;
  *out = 0;
  for (size_t j = 0; j < count_of(d); j++) {
    if (p[j] == 0) continue;
    if (!th_distribution_cf(cx, component(d, j), 0, k, &y)) return false;
    *out += p[j] * y;
  }
  return true;
}

static bool find_log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                         double *relative) {
  double y, error;
  *out = -TH_INFINITY;
  *relative = 0; /* no more than the largest of the components' */
  for (size_t k = 0; k < count_of(d); k++) {
    if (p[k] == 0) continue;
    if (!th_distribution_find_log_mgf(cx, component(d, k), 0, t, &y, &error)) return false;
    *out = th_special_log_add(*out, y + log(p[k]));
    *relative = fmax(*relative, error);
  }
  return true;
}

/* --- The score: Σ w f s/Σ w f over the components that have a density, in the logarithms of w f. At a value with a
 * probability of its own there is none. */

static bool score(ThContext *cx, const ThDistribution *d, const double *p, double x, double *out) {
  double at_x, log_density, y, s, sum = 0;
  if (!mass(cx, d, p, x, &at_x) || !log_sum(cx, d, p, TH_LOGPDF, x, any_steps(d), &log_density)) return false;
  *out = at_x > 0 || isnan(log_density) ? TH_NAN : 0;
  if (at_x > 0 || !isfinite(log_density)) return true;
  for (size_t k = 0; k < count_of(d); k++) {
    if (p[k] == 0 || th_distribution_is_discrete(component(d, k))) continue;
    if (!th_distribution_measure(cx, component(d, k), 0, TH_LOGPDF, x, &y)) return false;
    double share = p[k] * exp(y - log_density);
    if (share == 0) continue;
    if (!th_distribution_score(cx, component(d, k), 0, x, &s)) return false;
    sum += share * s;
  }
  *out = sum;
  return true;
}

/* --- Samples */

/* Which component each draw comes from, into x; how many come from each, into counts. */
static void choose(const double *p, size_t n_components, ThRandom *r, size_t n, double *x, size_t *counts) {
  for (size_t i = 0; i < n; i++) {
    double u = th_random_uniform(r);
    size_t k = 0;
    while (k + 1 < n_components && (u >= p[k] || p[k] == 0)) u -= p[k++];
    while (p[k] == 0 && k > 0) k--; /* rounding left a little over */
    x[i] = (double)k;
    counts[k]++;
  }
}

/* Every component draws at once what is wanted of it. */
static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  size_t n_components = count_of(d), *starts = th_alloc_array(cx, n_components + 1, sizeof *starts);
  double *drawn = starts ? th_alloc_array(cx, n, sizeof *drawn) : NULL;
  bool ok = drawn != NULL;
  if (ok) {
    memset(starts, 0, (n_components + 1) * sizeof *starts);
    choose(p, n_components, r, n, x, starts);
    size_t from = 0;
    for (size_t k = 0; ok && k < n_components; k++) {
      size_t count = starts[k];
      ok = th_distribution_sample(cx, component(d, k), 0, r, count, drawn + from);
      starts[k] = from;
      from += count;
    }
    for (size_t i = 0; ok && i < n; i++) x[i] = drawn[starts[(size_t)x[i]]++];
  }
  th_free(cx, drawn, n * sizeof *drawn);
  th_free(cx, starts, (n_components + 1) * sizeof *starts);
  return ok;
}

/* --- Where the values lie */

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  *lower = TH_INFINITY;
  *upper = -TH_INFINITY;
  for (size_t k = 0; k < count_of(d); k++) {
    double low, high;
    if (p[k] == 0) continue;
    th_distribution_support(component(d, k), 0, &low, &high);
    *lower = fmin(*lower, low);
    *upper = fmax(*upper, high);
  }
}

/* A growing block of values. */
typedef struct Values {
  double *x;
  size_t n;
} Values;

static bool append_take(ThContext *cx, Values *all, double *x, size_t n) {
  double *grown = n ? th_resize(cx, all->x, all->n * sizeof *x, (all->n + n) * sizeof *x) : NULL;
  if (grown) {
    memcpy(grown + all->n, x, n * sizeof *x);
    all->x = grown;
    all->n += n;
  }
  th_free(cx, x, n * sizeof *x);
  return grown || n == 0;
}

/* Ascending, each once, in a block of its own size. */
static bool tidy(ThContext *cx, Values *all, double **values, size_t *n) {
  size_t count = 0;
  if (all->n > 0 && !th_stats_sort(cx, all->n, all->x)) return false;
  if (all->n > 0) count = th_stats_unique_sorted(all->n, all->x);
  *values = count ? th_alloc_array(cx, count, sizeof **values) : NULL;
  *n = count;
  if (count && !*values) return false;
  if (count) memcpy(*values, all->x, count * sizeof **values);
  return true;
}

/* The values of the discrete components, and the atoms of the others. *complete is false when they are more than
 * `most`. */
static bool gather(ThContext *cx, const ThDistribution *d, double tail, size_t most, Values *all,
                   bool *complete) {
  *complete = true;
  for (size_t k = 0; k < count_of(d); k++) {
    const ThDistribution *part = component(d, k);
    double *x;
    size_t n;
    if (d->p[k] == 0) continue;
    bool listed = th_distribution_is_discrete(part);
    if (listed ? !th_distribution_outcomes(cx, part, tail, most, &x, &n)
               : !th_distribution_atoms(cx, part, 0, &x, &n))
      return false;
    if ((listed && n == 0) || all->n + n > most) *complete = false;
    if (!append_take(cx, all, x, n)) return false;
    if (!*complete) return true;
  }
  return true;
}

static bool list_values(ThContext *cx, const ThDistribution *d, double tail, size_t most, double **values,
                        size_t *n) {
  Values all = {0};
  bool complete;
  *values = NULL;
  *n = 0;
  bool ok = gather(cx, d, tail, most, &all, &complete) && (!complete || tidy(cx, &all, values, n));
  th_free(cx, all.x, all.n * sizeof *all.x);
  return ok;
}

static bool outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most, double **values,
                     size_t *n) {
  return list_values(cx, d, tail, most, values, n);
}

static bool atoms(ThContext *cx, const ThDistribution *d, const double *p, double **values, size_t *n) {
  (void)p;
  return list_values(cx, d, 1e-300, 10000000, values, n);
}

static bool discrete(const ThDistribution *d) { return all_discrete(d); }

/* Those of every component that has a density, as far as they fit. */
static bool breaks(ThContext *cx, const ThDistribution *d, const double *p, double *points, size_t most,
                   size_t *n) {
  *n = 0;
  for (size_t k = 0; k < count_of(d); k++) {
    size_t more, share = (most - *n) / (count_of(d) - k);
    if (p[k] == 0 || share < 6 || th_distribution_is_discrete(component(d, k))) continue;
    if (!th_numeric_breaks(cx, component(d, k), 0, points + *n, share, &more)) return false;
    *n += more;
  }
  return true;
}

/* --- Making one */

static bool fail_components(ThContext *cx, ThValue got) {
  char text[96];
  th_fail(cx, TH_ERROR_TYPE, "`distributions` of Mixture is a list of distributions, got %s",
          th_describe(got, text, sizeof text));
  return th_hint(cx, "for example `Mixture([0.3, 0.7], list(Normal(-1, 1), Normal(2, 0.5)))`");
}

/* Several distributions at once are as good as a list of them. */
static bool unfold(ThContext *cx, ThDistribution *d) {
  const ThDistribution *several = th_as_distribution(d->parameters[COMPONENTS]);
  ThList *list = th_list_new(cx, several->length);
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < several->length; i++) {
    ThValue one;
    ok = th_distribution_element(cx, several, i, &one) && th_list_push_take(cx, list, one);
  }
  if (ok) th_replace_take(&d->parameters[COMPONENTS], th_object(list));
  else if (list) th_release(th_object(list));
  return ok;
}

static bool check_components(ThContext *cx, ThDistribution *d) {
  if (th_is_distribution(d->parameters[COMPONENTS]) && !unfold(cx, d)) return false;
  if (!th_is_list(d->parameters[COMPONENTS])) return fail_components(cx, d->parameters[COMPONENTS]);
  const ThList *list = th_as_list(d->parameters[COMPONENTS]);
  for (size_t k = 0; k < list->length; k++) {
    if (!th_is_distribution(list->items[k])) return fail_components(cx, list->items[k]);
    if (th_as_distribution(list->items[k])->rank == 0) continue;
    th_fail(cx, TH_ERROR_SHAPE, "distribution %zu of Mixture is %zu distributions at once", k + 1,
            th_as_distribution(list->items[k])->length);
    return th_hint(cx, "each has a weight of its own: `d[1]`, `d[2]`, …");
  }
  return true;
}

static bool set_weights(ThContext *cx, ThDistribution *d, const ThArray *weights) {
  size_t n = th_as_list(d->parameters[COMPONENTS])->length;
  if (weights->length != n)
    return th_fail(cx, TH_ERROR_SHAPE,
                   "%zu weight%s and %zu distribution%s of Mixture: each distribution has one",
                   weights->length, weights->length == 1 ? "" : "s", n, n == 1 ? "" : "s");
  if (!th_table_check_weights(cx, d, weights) || !th_distribution_room(cx, d, 1, n)) return false;
  double total = th_stats_sum(n, weights->real);
  for (size_t k = 0; k < n; k++) d->p[k] = weights->real[k] / total;
  return true;
}

static bool build(ThContext *cx, ThDistribution *d) {
  ThArray *weights;
  if (!check_components(cx, d) || !th_table_vector(cx, d, WEIGHTS, &weights)) return false;
  bool ok = set_weights(cx, d, weights);
  th_release(th_object(weights));
  return ok;
}

static bool image(ThContext *cx, const ThDistribution *d, double scale, double shift, ThValue *out) {
  ThList *list = th_list_new(cx, count_of(d));
  bool ok = list != NULL;
  for (size_t k = 0; ok && k < count_of(d); k++) {
    ThValue part = th_as_list(d->parameters[COMPONENTS])->items[k], moved;
    ok = th_distribution_affine(cx, part, scale, shift, &moved) && th_list_push_take(cx, list, moved);
  }
  ThValue parameters[] = {d->parameters[WEIGHTS], ok ? th_object(list) : th_none()};
  ok = ok && th_distribution_new(cx, d->family, parameters, out);
  if (list) th_release(th_object(list));
  return ok;
}

/* --- The picture: beside the sum, what each component adds to it */

typedef struct Part {
  const ThDistribution *d;
  size_t k;
} Part;

static bool part_at(ThContext *cx, void *self, double x, double *y) {
  const Part *part = self;
  if (!th_distribution_measure(cx, component(part->d, part->k), 0, TH_PDF, x, y)) return false;
  *y *= part->d->p[part->k];
  return true;
}

static bool plot_parts(ThContext *cx, const ThDistribution *d, void *figure, double lower, double upper) {
  enum { MOST_PARTS = 6 };
  for (size_t k = 0; k < count_of(d) && count_of(d) <= MOST_PARTS; k++) {
    Part part = {d, k};
    ThText label;
    if (d->p[k] == 0 || th_distribution_has_steps(component(d, k))) continue;
    th_text_init(&label, &cx->heap);
    th_format_number(d->p[k], cx->settings.digits, &label);
    th_text_add(&label, "*");
    bool ok = th_distribution_text(cx, th_as_list(d->parameters[COMPONENTS])->items[k], &label) &&
              th_text_ok(&label, cx) &&
              th_figure_curve(cx, figure, TH_MARK_DASHED, part_at, &part, lower, upper,
                              th_text_string(&label));
    th_text_clear(&label);
    if (!ok) return false;
  }
  return true;
}

static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  double sum = 0;
  for (size_t k = 0; k < count_of(d); k++) {
    const char *how;
    double error = th_distribution_error(component(d, k), 0, what, x, &how);
    if (!(error > 0)) continue;
    sum += p[k] * error;
    *method = how;
  }
  return sum;
}

static const ThLaw law = {.measure = measure,
                          .cf = cf,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete,
                          .mixed = any_steps,
                          .mass = mass,
                          .atoms = atoms,
                          .breaks = breaks,
                          .find = find,
                          .find_log_mgf = find_log_mgf,
                          .find_moment = find_moment,
                          .error = error_of,
                          .score = score};

const ThFamily th_family_mixture = {
    .builtin =
        {{"Mixture(weights = …, distributions = …) -> distribution", th_family_construct, TH_FAMILY_SECTION,
          "one of several distributions, chosen with these weights",
          "the weights need not sum to 1. The distributions are a list, or several at once, of any families; "
          "where some have values with a probability of their own, pdf is that probability at these values and "
          "the density elsewhere",
          "m = Mixture([0.3, 0.7], list(Normal(-1, 1), Normal(2, 0.5)));\nmean(m)\n#> 1.1\n"
          "cdf(m, 0)\n#> 0.252426\nmode(Mixture([1, 1], Normal([0, 3], 1)))\n#> 0.0367563  search, error < 1e-12",
          "Truncated Censored KDE pdf cdf quantile sample mean sd cf plot", NULL},
         {0}},
    .name = "Mixture",
    .n_parameters = 2,
    .parameters = {{"weights", TH_DOMAIN_ANY, false, 0}, {"distributions", TH_DOMAIN_ANY, false, 0}},
    .law = &law,
    .build = build,
    .image = image,
    .plot_parts = plot_parts,
    .outcomes = outcomes,
};
