/* lib_stats.c - built-ins: statistics of data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mean, var, sd, median and quantile describe data when they get numbers; what else they get (a
 * distribution, a random variable) describes itself. */
#include <complex.h>
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "lang/lib_parts.h"
#include "lang/lib_support.h"
#include "lang/libs.h"
#include "num/apart.h"
#include "num/linalg.h"
#include "num/stats.h"

enum { X, AXIS, KEEP };

#define REDUCER(name, expression)                                                                      \
  static bool reduce_##name(ThContext *cx, size_t n, const double *x, const void *self, double *out) { \
    (void)cx, (void)self;                                                                              \
    *out = (expression);                                                                               \
    return true;                                                                                       \
  }

REDUCER(mean, th_stats_mean(n, x))
REDUCER(var, th_stats_variance(n, x, 1))
REDUCER(sd, th_stats_sd(n, x, 1))

static bool reduce_median(ThContext *cx, size_t n, const double *x, const void *self, double *out) {
  (void)self;
  return th_stats_median(cx, n, x, out);
}

/* Is this the name of a variable or of a column, x or t.x, and no computation? */
static bool is_name(const char *text) {
  for (const char *c = text; *c; c++)
    if (!strchr("._", *c) && !isalnum((unsigned char)*c) && (unsigned char)*c < 0x80) return false;
  return *text != '\0';
}

/* Of data with missing values every statistic is nan; told once. */
static void note_missing(ThContext *cx, const ThArray *a) {
  char name[64];
  size_t missing = 0;
  if (!is_name(th_operand(cx, X, "", name, sizeof name))) return;
  for (size_t i = 0; i < a->length; i++) missing += isnan(a->real[i]) != 0;
  if (missing > 0 && missing < a->length && th_advise(cx, TH_ADVICE_MISSING))
    th_note(cx, "%zu of the %zu numbers of `%s` %s missing (nan); `drop_missing(%s)` leaves them out",
            missing, a->length, name, missing == 1 ? "is" : "are", name);
}

static bool describe(ThContext *cx, const ThCall *call, size_t first, ThReducer f, const void *self,
                     ThValue *out) {
  bool scalar;
  ThArray *a;
  ThAxis axis;
  if (!th_is_numeric(call->args[X])) return th_lib_other_kind(cx, call, out);
  if (!th_arg_real_array(cx, call, X, &scalar, &a)) return false;
  bool ok = th_axis_init(cx, a, call->args[first], th_arg_bool(call, first + 1), &axis) &&
            th_reduce(cx, a, &axis, f, self, out);
  if (ok && th_is_number(*out) && isnan(th_as_number(*out))) note_missing(cx, a);
  th_release(th_object(a));
  return ok;
}

/* A range is not stored: its mean is the middle of its ends. */
static bool mean_of_range(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThRange *r = th_as_range(call->args[X]);
  double middle = r->length ? r->first / 2 + th_range_at(r, r->length - 1) / 2 : 0;
  ThValue args[3] = {th_none(), call->args[AXIS], call->args[KEEP]};
  ThCall one = *call;
  one.args = args;
  if (!th_vector_from(cx, &middle, r->length > 0, &args[X])) return false;
  bool ok = describe(cx, &one, AXIS, reduce_mean, NULL, out);
  th_release(args[X]);
  return ok;
}

/* Complex numbers: the mean of each part; the spread |z - mean|² is the sum of those of the parts. */
static bool body_mean(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_complex_valued(call->args[X])) return th_by_parts(cx, call, X, body_mean, out);
  if (th_is_range(call->args[X])) return mean_of_range(cx, call, out);
  return describe(cx, call, AXIS, reduce_mean, NULL, out);
}

static bool body_var(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_complex_valued(call->args[X])) return th_sum_of_parts(cx, call, body_var, out);
  return describe(cx, call, AXIS, reduce_var, NULL, out);
}

static bool body_sd(ThContext *cx, const ThCall *call, ThValue *out) {
  if (!th_is_complex_valued(call->args[X])) return describe(cx, call, AXIS, reduce_sd, NULL, out);
  ThValue variance;
  if (!body_var(cx, call, &variance)) return false;
  bool ok = th_binary(cx, TH_OP_POWER, variance, th_number(0.5), 0, out);
  th_release(variance);
  return ok;
}

static bool body_median(ThContext *cx, const ThCall *call, ThValue *out) {
  return describe(cx, call, AXIS, reduce_median, NULL, out);
}

/* Quantiles: x, p, axis, keep, upper. */

enum { P = 1, Q_AXIS, Q_KEEP, UPPER };

typedef struct Probabilities {
  ThContext *cx;
  size_t n;
  const double *p;
  bool upper;
} Probabilities;

static double probability(const Probabilities *ps, size_t i) { return ps->upper ? 1 - ps->p[i] : ps->p[i]; }

static bool reduce_quantile(ThContext *cx, size_t n, const double *x, const void *self, double *out) {
  return th_stats_quantile(cx, n, x, probability(self, 0), out);
}

/* Several quantiles of one vector: sorted once. */
static bool quantiles(ThContext *cx, size_t n, const double *x, const void *self, double *y) {
  const Probabilities *ps = self;
  double *sorted = th_alloc_array(cx, n, sizeof *sorted);
  if (!sorted) return false;
  if (n) memcpy(sorted, x, n * sizeof *sorted);
  bool ok = th_stats_sort(cx, n, sorted);
  for (size_t i = 0; ok && i < ps->n; i++) y[i] = th_stats_quantile_sorted(n, sorted, probability(ps, i));
  th_free(cx, sorted, n * sizeof *sorted);
  return ok;
}

static bool check_probabilities(ThContext *cx, const ThArray *p) {
  for (size_t i = 0; i < p->length; i++) {
    if (p->real[i] >= 0 && p->real[i] <= 1) continue;
    th_fail_argument(cx, P + 1, TH_ERROR_VALUE, "a quantile's probability lies between 0 and 1; got %.6g",
                     p->real[i]);
    return p->real[i] > 1 && p->real[i] <= 100
               ? th_hint(cx, "%.6g percent is %.6g", p->real[i], p->real[i] / 100)
               : false;
  }
  return true;
}

/* All of a vector's quantiles at once: the result has the shape of p. */
static bool all_quantiles(ThContext *cx, const ThArray *a, const ThArray *p, const Probabilities *ps,
                          ThValue *out) {
  ThArray *r = th_array_new(cx, TH_DOUBLE, p->rank, p->shape);
  if (r && quantiles(cx, a->length, a->real, ps, r->real)) return th_give(r, out);
  if (r) th_release(th_object(r));
  return false;
}

static bool data_quantile(ThContext *cx, const ThCall *call, const ThArray *a, const ThArray *p, bool scalar,
                          ThValue *out) {
  Probabilities ps = {cx, p->length, p->real, th_arg_bool(call, UPPER)};
  ThAxis axis;
  if (!check_probabilities(cx, p)) return false;
  if (!th_axis_init(cx, a, call->args[Q_AXIS], th_arg_bool(call, Q_KEEP), &axis)) return false;
  if (scalar) return th_reduce(cx, a, &axis, reduce_quantile, &ps, out);
  return axis.all ? all_quantiles(cx, a, p, &ps, out)
                  : th_transform(cx, a, &axis, p->length, quantiles, &ps, out);
}

static bool body_quantile(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar, one;
  ThArray *a, *p;
  if (!th_is_numeric(call->args[X])) return th_lib_other_kind(cx, call, out);
  if (!th_arg_real_array(cx, call, P, &scalar, &p)) return false;
  bool ok = th_arg_real_array(cx, call, X, &one, &a);
  if (ok) {
    ok = data_quantile(cx, call, a, p, scalar, out);
    th_release(th_object(a));
  }
  th_release(th_object(p));
  return ok;
}

/* Covariance and correlation: of two vectors a number, of a matrix one between its columns. */

typedef double (*PairStatistic)(size_t n, const double *x, const double *y);

static double covariance(size_t n, const double *x, const double *y) {
  return th_stats_covariance(n, x, y, 1);
}

static bool pair_statistic(ThContext *cx, const ThArray *x, const ThArray *y, PairStatistic f, ThValue *out) {
  if (x->rank != 1 || y->rank != 1 || x->length != y->length) {
    char a[96], b[96];
    return th_fail(cx, TH_ERROR_SHAPE, "two vectors of one length are needed; got shapes %s and %s",
                   th_shape_text(x->rank, x->shape, a, sizeof a),
                   th_shape_text(y->rank, y->shape, b, sizeof b));
  }
  *out = th_number(f(x->length, x->real, y->real));
  return true;
}

/* c (d, d) between the columns of x (n, d), in a process of its own when it takes long. */
static bool fill_matrix(ThContext *cx, const ThArray *x, bool correlation, double *workspace, ThArray *c) {
  size_t n = x->shape[0], d = x->shape[1];
  const ThPart parts[] = {{c->real, c->length * sizeof *c->real}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long((double)c->length * (double)n / 2), parts, 1))
    return false;
  if (apart.here) {
    if (correlation) th_stats_correlation_matrix(n, d, x->real, workspace, c->real);
    else th_stats_covariance_matrix(n, d, x->real, 1, workspace, c->real);
    apart.ok = true;
  }
  return th_apart_end(cx, &apart);
}

static bool matrix_statistic(ThContext *cx, const ThArray *x, bool correlation, ThValue *out) {
  if (x->rank != 2) {
    th_fail_argument(cx, 1, TH_ERROR_SHAPE,
                     "a second vector is missing, or a matrix with one column per variable");
    return th_hint(cx, "the spread of one vector is `var(x)`");
  }
  size_t n = x->shape[0], d = x->shape[1], size = n * d * sizeof(double);
  double *workspace = th_alloc(cx, size);
  ThArray *c = workspace ? th_matrix_new(cx, TH_DOUBLE, d, d) : NULL;
  bool ok = c && fill_matrix(cx, x, correlation, workspace, c);
  th_free(cx, workspace, size);
  if (ok) *out = th_object(c);
  else if (c) th_release(th_object(c));
  return ok;
}

static bool comovement(ThContext *cx, const ThCall *call, bool correlation, ThValue *out) {
  bool scalar;
  ThArray *x, *y;
  if (!th_arg_real_array(cx, call, 0, &scalar, &x)) return false;
  bool ok;
  if (!call->given[1]) {
    ok = matrix_statistic(cx, x, correlation, out);
  } else {
    ok = th_arg_real_array(cx, call, 1, &scalar, &y);
    if (ok) {
      ok = pair_statistic(cx, x, y, correlation ? th_stats_correlation : covariance, out);
      th_release(th_object(y));
    }
  }
  th_release(th_object(x));
  return ok;
}

static bool body_cov(ThContext *cx, const ThCall *call, ThValue *out) {
  return comovement(cx, call, false, out);
}
static bool body_corr(ThContext *cx, const ThCall *call, ThValue *out) {
  return comovement(cx, call, true, out);
}

/* Histograms. */

static bool check_edges(ThContext *cx, const ThArray *edges) {
  bool ok = edges->rank == 1 && edges->length >= 2;
  for (size_t i = 1; ok && i < edges->length; i++) ok = edges->real[i] > edges->real[i - 1];
  return ok || th_fail_argument(cx, 2, TH_ERROR_VALUE, "the edges of bins must increase, and be two or more");
}

/* n_bins equal bins from the least to the greatest of sorted x. */
static ThArray *equal_edges(ThContext *cx, size_t n, const double *sorted, size_t n_bins) {
  double low = n ? sorted[0] : 0, high = n ? sorted[n - 1] : 1;
  if (low == high) low -= 0.5, high += 0.5;
  ThArray *edges = th_vector_new(cx, TH_DOUBLE, n_bins + 1);
  for (size_t i = 0; edges && i <= n_bins; i++)
    edges->real[i] = low + (high - low) * (double)i / (double)n_bins;
  if (edges) edges->real[n_bins] = high;
  return edges;
}

/* The finite numbers of x, sorted; owned. */
static ThArray *sorted_finite(ThContext *cx, const ThArray *x) {
  ThArray *s = th_vector_new(cx, TH_DOUBLE, x->length);
  if (!s) return NULL;
  size_t n = 0;
  for (size_t i = 0; i < x->length; i++) {
    if (isfinite(x->real[i])) s->real[n++] = x->real[i];
  }
  s->length = s->shape[0] = n;
  if (th_stats_sort(cx, n, s->real)) return s;
  th_release(th_object(s));
  return NULL;
}

static ThArray *bin_edges(ThContext *cx, const ThCall *call, const ThArray *x) {
  ThValue bins = call->args[1];
  if (th_is_array(bins)) {
    ThArray *edges = th_array_convert(cx, th_as_array(bins), TH_DOUBLE);
    if (!edges || (edges->element == TH_DOUBLE && check_edges(cx, edges))) return edges;
    th_release(th_object(edges));
    return NULL;
  }
  ThArray *sorted = sorted_finite(cx, x);
  if (!sorted) return NULL;
  double count = th_is_scalar(bins) ? th_as_scalar(bins)
                                    : (double)th_stats_bin_count(sorted->length, sorted->real);
  ThArray *edges = NULL;
  if (count >= 1 && count <= 1e7 && count == floor(count))
    edges = equal_edges(cx, sorted->length, sorted->real, (size_t)count);
  else
    th_fail_argument(cx, 2, TH_ERROR_VALUE, "the number of bins is a whole number, 1 or more; got %.6g",
                     count);
  th_release(th_object(sorted));
  return edges;
}

/* The record (edges, counts, density); takes edges and counts. */
static bool histogram_record(ThContext *cx, ThArray *edges, ThArray *counts, ThValue *out) {
  ThArray *density = counts ? th_vector_new(cx, TH_DOUBLE, counts->length) : NULL;
  ThRecord *record = density ? th_record_new(cx, 3) : NULL;
  if (!record) {
    if (density) th_release(th_object(density));
    if (counts) th_release(th_object(counts));
    th_release(th_object(edges));
    return false;
  }
  double total = th_stats_sum(counts->length, counts->real);
  for (size_t i = 0; i < counts->length; i++)
    density->real[i] = counts->real[i] / total / (edges->real[i + 1] - edges->real[i]);
  *out = th_object(record);
  bool first = th_record_set_text(cx, record, "edges", th_object(edges));
  bool second = th_record_set_text(cx, record, "counts", th_object(counts));
  bool third = th_record_set_text(cx, record, "density", th_object(density));
  if (first && second && third) return true;
  th_release(*out);
  return false;
}

static bool body_histogram(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar;
  ThArray *x;
  if (!th_arg_real_array(cx, call, 0, &scalar, &x)) return false;
  ThArray *edges = bin_edges(cx, call, x);
  ThArray *counts = edges ? th_vector_new(cx, TH_DOUBLE, edges->length - 1) : NULL;
  if (counts) th_stats_histogram(x->length, x->real, counts->length, edges->real, counts->real);
  th_release(th_object(x));
  if (!edges) return false;
  return histogram_record(cx, edges, counts, out);
}

#define AXES "axis: integer = none, keep: bool = false"
#define AXIS_NOTE "axis: the axis that disappears (1: down the rows); keep = true leaves it with length 1"
#define STATS "statistics"

const ThBuiltin th_lib_stats[] = {
    {"mean(x: any, " AXES ") -> any", body_mean, STATS,
     "the mean of data, a distribution or a random variable", AXIS_NOTE,
     "mean([1, 2, 6])\n#> 3\nmean([1, 2; 3, 4], axis = 1)\n#> [2, 3]", "median sd var sum", NULL},
    {"var(x: any, " AXES ") -> any", body_var, STATS,
     "the variance of data (divided by n - 1), a distribution or a random variable", AXIS_NOTE,
     "var([1, 2, 6])\n#> 7", "sd mean cov", NULL},
    {"sd(x: any, " AXES ") -> any", body_sd, STATS, "the standard deviation: the root of var(x)", AXIS_NOTE,
     "sd([1, 2, 6])\n#> 2.64575", "var mean", NULL},
    {"median(x: any, " AXES ") -> any", body_median, STATS, "the middle of data or of a distribution",
     AXIS_NOTE, "median([5, 1, 2])\n#> 2", "quantile mean", NULL},
    {"quantile(x: any, p: real, " AXES ", upper: bool = false) -> any", body_quantile, STATS,
     "the value that a part p of the data, or of a distribution, lies below",
     "data: linear between neighbours (type 7 of Hyndman and Fan); upper = true counts p from "
     "above; " AXIS_NOTE,
     "quantile([1, 2, 3, 4], 0.5)\n#> 2.5\nquantile(0:100, [0.25, 0.975])\n#> [25, 97.5]", "median sort",
     NULL},
    {"cov(x: real, y: real = …) -> real", body_cov, STATS,
     "the covariance of two vectors, or between the columns of a matrix", "divided by n - 1",
     "cov([1, 2, 3], [2, 4, 7])\n#> 2.5", "corr var", NULL},
    {"corr(x: real, y: real = …) -> real", body_corr, STATS,
     "the correlation of two vectors, or between the columns of a matrix",
     "between -1 and 1; nan where a variable does not vary; of a matrix (n, d) all pairs of columns, (d, d)",
     "corr([1, 2, 3], [2, 4, 7])\n#> 0.993399", "cov", NULL},
    {"histogram(x: real, bins: real = …) -> record", body_histogram, STATS, "counts of data in bins",
     "bins: how many, or their edges; left out, by the rule of Freedman and Diaconis. The record "
     "has edges, counts and density.",
     "histogram([1, 2, 2, 4], [0, 2, 4])\n#> (edges = [0, 2, 4], counts = [1, 3], density = [0.125, "
     "0.375])",
     "quantile count", NULL},
    {0},
};
