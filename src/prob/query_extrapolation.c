/* query_extrapolation.c - expectations of one discrete variable whose masses fall too slowly to be summed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms of E f(X), X ~ Zipf(3.5), fall like a power of x. Sums up to 2^k then come nearer to their limit by about
 * the same factor with each k, and the epsilon algorithm (Wynn 1956) finds the limit; where a factor is 1 or more there
 * is none. */
#include <float.h>
#include <math.h>

#include "num/real.h"
#include "num/stats.h"
#include "prob/finding.h"
#include "prob/query.h"

enum { N_DOUBLINGS = 18, N_USED = 11, MOST = 1 << (N_DOUBLINGS - 1) };

static bool applies(const ThQuery *q, const ThDistribution **d, double *first) {
  double upper;
  if (q->kind != TH_QUERY_E || q->net.n_variables != 1 || q->n_conditions > 0) return false;
  ThValue v = q->net.variables[0].variable->distribution;
  if (!th_is_distribution(v) || th_as_distribution(v)->rank > 0) return false;
  *d = th_as_distribution(v);
  if (!th_distribution_is_discrete(*d) || (*d)->family->outcomes) return false;
  th_distribution_support(*d, 0, first, &upper);
  return isfinite(*first) && isinf(upper);
}

/* The sum of n terms from x on; NaN where a value is no real number. */
static bool part(ThQuery *q, const ThDistribution *d, double x, size_t n, double *terms, double *out) {
  for (size_t i = 0; i < n; i++) {
    double complex y;
    double mass;
    if (!th_poll_at(q->cx, i) || !th_network_assign(&q->net, 0, x + (double)i) ||
        !th_query_target(q, 0, &y) || !th_distribution_measure(q->cx, d, 0, TH_PDF, x + (double)i, &mass))
      return false;
    terms[i] = cimag(y) == 0 ? creal(y) * mass : TH_NAN;
  }
  *out = th_stats_sum(n, terms);
  return true;
}

/* The limit of n sums, and how far the last two guesses of it lie apart. */
static double limit_of(const double *sums, size_t n, double *error) {
  double before[N_USED + 1] = {0}, row[N_USED + 1], guess = sums[n - 1];
  *error = TH_INFINITY;
  for (size_t k = 0; k < n; k++) {
    row[0] = sums[k];
    for (size_t j = 1; j <= k; j++) {
      double difference = row[j - 1] - before[j - 1];
      row[j] = (j > 1 ? before[j - 2] : 0) + 1 / difference;
    }
    double next = row[k - k % 2];
    if (isfinite(next)) *error = fabs(next - guess), guess = next;
    for (size_t j = 0; j <= k; j++) before[j] = row[j];
  }
  return guess;
}

/* Parts that do not become smaller as the number of terms doubles, all of one sign. */
static bool diverges(const double *parts) {
  for (int k = N_DOUBLINGS - 4; k < N_DOUBLINGS; k++)
    if (!(parts[k] / parts[k - 1] >= 1 - 1e-4)) return false;
  return true;
}

static bool answer(ThQuery *q, const double *parts, ThValue *out, bool *done) {
  double sums[N_DOUBLINGS], error = 0, size = 0;
  char method[160];
  for (int k = 0; k < N_DOUBLINGS; k++) {
    sums[k] = (k ? sums[k - 1] : 0) + parts[k];
    size += fabs(parts[k]);
  }
  ThFinding finding = {.method = "summed series, extrapolated"};
  if (diverges(parts)) {
    finding = (ThFinding){parts[N_DOUBLINGS - 1] > 0 ? TH_INFINITY : -TH_INFINITY, 0, NULL,
                          "the sum diverges, the tail is too heavy"};
  } else {
    finding.value = limit_of(sums + N_DOUBLINGS - N_USED, N_USED, &error);
    finding.error = 10 * error + 8 * DBL_EPSILON * size;
    if (!(finding.error <= 1e-6 * fabs(finding.value))) return true;
  }
  *done = true;
  th_finding_method(&finding, method, sizeof method);
  return th_query_estimate(q, &(ThMoments){.mean = {finding.value}, .error = finding.error}, method, out);
}

bool th_answer_extrapolation(ThQuery *q, ThValue *out, bool *done) {
  const ThDistribution *d;
  double first, far, parts[N_DOUBLINGS];
  if (!applies(q, &d, &first)) return true;
  if (!th_distribution_measure(q->cx, d, 0, TH_UPPER_QUANTILE, 1e-30, &far)) return false;
  if (far - first < 1e7) return true; /* the plain series does */
  double *terms = th_alloc_array(q->cx, MOST, sizeof *terms);
  bool ok = terms != NULL;
  double from = first;
  for (int k = 0; ok && k < N_DOUBLINGS; k++) {
    size_t n = k == 0 ? 1 : (size_t)1 << (k - 1);
    ok = part(q, d, from, n, terms, &parts[k]);
    from += (double)n;
  }
  th_free(q->cx, terms, MOST * sizeof *terms);
  return ok && answer(q, parts, out, done);
}
