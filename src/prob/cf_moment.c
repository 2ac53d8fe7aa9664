/* cf_moment.c - cumulants and moments of characteristic functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulants are the derivatives of log φ at 0, over powers of i. They add over products, are multiplied by a power, and
 * change sign under conjugation where the order is odd; those of the leaves are those of distributions and data. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/kernels.h"
#include "num/real.h"
#include "prob/cf.h"
#include "prob/finding.h"
#include "prob/moments.h"
#include "prob/query.h"

/* --- Leaves */

static bool of_data(ThContext *cx, const ThArray *x, int n, double *out) {
  double moments[TH_MAX_MOMENT + 1] = {1}, cumulants[TH_MAX_MOMENT + 1];
  double count = (double)x->length, mean = th_kernel_sum(x->length, x->real) / count;
  if (n == 1) {
    *out = mean;
    return true;
  }
  for (int order = 1; order <= n;
       order++) { /* about the mean: free of cancellation, and all but the first the same */
    moments[order] = 0;
    if (!th_poll(cx)) return false;
    for (size_t i = 0; i < x->length; i++) moments[order] += pow(x->real[i] - mean, order);
    moments[order] /= count;
  }
  th_cumulants_of_moments(moments, n, cumulants);
  *out = cumulants[n];
  return true;
}

/* From the answers to E(X), Var(X), or E of the powers. */
static bool of_variable(ThContext *cx, ThValue variable, int n, double *out) {
  double moments[TH_MAX_MOMENT + 1] = {1}, cumulants[TH_MAX_MOMENT + 1];
  for (int order = n == 2 ? 2 : 1; order <= n; order++) {
    ThValue power, answer;
    if (!th_binary(cx, TH_OP_POWER, variable, th_number(n == 2 ? 1 : order), 0, &power)) return false;
    bool ok = th_query_simple(cx, n == 2 ? TH_QUERY_VAR : TH_QUERY_E, power, &answer);
    th_release(power);
    if (!ok) return false;
    if (!th_to_number(answer, &moments[order])) moments[order] = TH_NAN;
    th_release(answer);
  }
  if (n == 2) {
    *out = moments[2];
    return true;
  }
  th_cumulants_of_moments(moments, n, cumulants);
  *out = cumulants[n];
  return true;
}

bool th_cf_cumulant(ThContext *cx, ThValue self, int n, double *out) {
  const ThCf *cf = th_as_cf(self);
  double other;
  switch (cf->part) {
    case TH_CF_OF_DISTRIBUTION: return th_distribution_cumulant(cx, th_as_distribution(cf->left), 0, n, out);
    case TH_CF_OF_DATA: return of_data(cx, th_as_array(cf->left), n, out);
    case TH_CF_OF_VARIABLE: return of_variable(cx, cf->left, n, out);
    case TH_CF_PRODUCT:
      if (!th_cf_cumulant(cx, cf->left, n, out) || !th_cf_cumulant(cx, cf->right, n, &other)) return false;
      *out += other;
      return true;
    case TH_CF_POWER:
      *out = 0;
      if (th_as_scalar(cf->right) == 0) return true;
      if (!th_cf_cumulant(cx, cf->left, n, out)) return false;
      *out *= th_as_scalar(cf->right);
      return true;
    case TH_CF_CONJUGATE:
      if (!th_cf_cumulant(cx, cf->left, n, out)) return false;
      if (n % 2) *out = -*out;
      return true;
  }
  return false;
}

/* --- Verbs */

static bool raw_moment(ThContext *cx, ThValue cf, int n, double *out) {
  double moments[TH_MAX_MOMENT + 1], cumulants[TH_MAX_MOMENT + 1] = {0};
  const ThCf *leaf = th_as_cf(cf);
  if (leaf->part == TH_CF_OF_DISTRIBUTION)
    return th_distribution_moment(cx, th_as_distribution(leaf->left), 0, n, out);
  for (int order = 1; order <= n; order++)
    if (!th_cf_cumulant(cx, cf, order, &cumulants[order])) return false;
  th_moments_of_cumulants(cumulants, n, moments);
  *out = moments[n];
  return true;
}

static bool order_of(ThContext *cx, ThValue v, bool cumulant, int *out) {
  double n, least = cumulant ? 1 : 0;
  const char *name = cumulant ? "cumulant" : "moment";
  if (!th_to_number(v, &n))
    return th_fail_argument(cx, 2, TH_ERROR_TYPE, "the order of a %s is one whole number", name);
  if (!(n >= least && n <= TH_MAX_MOMENT && floor(n) == n))
    return th_fail_argument(cx, 2, TH_ERROR_VALUE,
                            "the order of a %s is a whole number from %.0f to %d, got %.6g", name, least,
                            TH_MAX_MOMENT, n);
  *out = (int)n;
  return true;
}

typedef enum Verb { MEAN, VARIANCE, SD, SKEWNESS, KURTOSIS, N_VERBS } Verb;
static const char *const verbs[N_VERBS] = {"mean", "var", "sd", "skewness", "kurtosis"};

static bool summary(ThContext *cx, ThValue cf, Verb verb, double *out) {
  double variance;
  if (verb == MEAN) return th_cf_cumulant(cx, cf, 1, out);
  if (!th_cf_cumulant(cx, cf, 2, &variance)) return false;
  *out = verb == SD ? sqrt(variance) : variance;
  if (verb <= SD) return true;
  int order = verb == SKEWNESS ? 3 : 4;
  if (!th_cf_cumulant(cx, cf, order, out)) return false;
  *out /= pow(variance, 0.5 * order);
  return true;
}

/* What is not there is said in words. */
static bool answer(ThContext *cx, double x, ThValue *out) {
  ThFinding finding = {.value = x};
  snprintf(finding.reason, sizeof finding.reason, "φ is not smooth enough at k = 0");
  return th_finding_value(cx, &finding, NULL, out);
}

bool th_cf_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out) {
  double x;
  int n = 0;
  if (strcmp(verb, "conj") == 0) return th_cf_new(cx, TH_CF_CONJUGATE, args[0], th_none(), out);
  for (int v = 0; v < N_VERBS; v++)
    if (strcmp(verb, verbs[v]) == 0) return summary(cx, args[0], (Verb)v, &x) && answer(cx, x, out);
  bool cumulant = strcmp(verb, "cumulant") == 0;
  if ((!cumulant && strcmp(verb, "moment") != 0) || n_args < 2) return false;
  if (!order_of(cx, args[1], cumulant, &n)) return false;
  if (n == 0) x = 1;
  else if (cumulant ? !th_cf_cumulant(cx, args[0], n, &x) : !raw_moment(cx, args[0], n, &x)) return false;
  return answer(cx, x, out);
}
