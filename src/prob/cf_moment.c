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

static bool of_data(ThContext *cx, const ThArray *x, int n, ThFinding *out) {
  double moments[TH_MAX_MOMENT + 1] = {1}, cumulants[TH_MAX_MOMENT + 1];
  double count = (double)x->length, mean = th_kernel_sum(x->length, x->real) / count;
  *out = (ThFinding){.value = mean};
  if (n == 1) return true;
  for (int order = 1; order <= n;
       order++) { /* about the mean: free of cancellation, and all but the first the same */
    moments[order] = 0;
    if (!th_poll(cx)) return false;
    for (size_t i = 0; i < x->length; i++) moments[order] += pow(x->real[i] - mean, order);
    moments[order] /= count;
  }
  th_cumulants_of_moments(moments, n, cumulants);
  out->value = cumulants[n];
  return true;
}

/* From the answers to E(X), Var(X), or E of the powers. */
static bool of_variable(ThContext *cx, ThValue variable, int n, ThFinding *out) {
  double moments[TH_MAX_MOMENT + 1] = {1}, cumulants[TH_MAX_MOMENT + 1], errors[TH_MAX_MOMENT + 1] = {0};
  *out = (ThFinding){0};
  for (int order = n == 2 ? 2 : 1; order <= n; order++) {
    ThValue power, answer;
    if (!th_binary(cx, TH_OP_POWER, variable, th_number(n == 2 ? 1 : order), 0, &power)) return false;
    bool ok = th_query_simple(cx, n == 2 ? TH_QUERY_VAR : TH_QUERY_E, power, &answer);
    th_release(power);
    if (!ok) return false;
    if (!th_to_number(answer, &moments[order])) moments[order] = TH_NAN;
    if (th_is_estimate(answer))
      errors[order] = th_as_estimate(answer)->error, out->method = "from the moments";
    th_release(answer);
  }
  if (n > 2) th_cumulants_of_moments(moments, n, cumulants);
  out->value = n > 2 ? cumulants[n] : moments[n];
  if (out->method) out->error = n > 2 ? th_cumulant_error(moments, cumulants, n, errors) : errors[n];
  return true;
}

bool th_cf_cumulant(ThContext *cx, ThValue self, int n, ThFinding *out) {
  const ThCf *cf = th_as_cf(self);
  ThFinding part;
  switch (cf->part) {
    case TH_CF_OF_DISTRIBUTION:
      return th_distribution_find_cumulant(cx, th_as_distribution(cf->left), 0, n, out);
    case TH_CF_OF_DATA: return of_data(cx, th_as_array(cf->left), n, out);
    case TH_CF_OF_VARIABLE: return of_variable(cx, cf->left, n, out);
    case TH_CF_PRODUCT:
      if (!th_cf_cumulant(cx, cf->left, n, out) || !th_cf_cumulant(cx, cf->right, n, &part)) return false;
      th_finding_add(out, 1, &part);
      return true;
    case TH_CF_POWER:
    case TH_CF_CONJUGATE: break;
  }
  double weight = cf->part == TH_CF_POWER ? th_as_scalar(cf->right) : n % 2 ? -1 : 1;
  *out = (ThFinding){0};
  if (weight == 0) return true;
  if (!th_cf_cumulant(cx, cf->left, n, &part)) return false;
  th_finding_add(out, weight, &part);
  return true;
}

/* --- Verbs */

static bool raw_moment(ThContext *cx, ThValue cf, int n, ThFinding *out) {
  double moments[TH_MAX_MOMENT + 1], cumulants[TH_MAX_MOMENT + 1] = {0}, errors[TH_MAX_MOMENT + 1] = {0};
  const ThCf *leaf = th_as_cf(cf);
  if (leaf->part == TH_CF_OF_DISTRIBUTION)
    return th_distribution_find_moment(cx, th_as_distribution(leaf->left), 0, n, out);
  *out = (ThFinding){.value = 1};
  if (n == 0) return true;
  const char *method = NULL;
  for (int order = 1; order <= n; order++) {
    if (!th_cf_cumulant(cx, cf, order, out)) return false;
    cumulants[order] = out->value, errors[order] = out->error;
    if (out->method) method = out->method;
  }
  th_moments_of_cumulants(cumulants, n, moments);
  out->method = method;
  out->value = moments[n];
  out->error = th_moment_error(cumulants, moments, n, errors);
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

static bool summary(ThContext *cx, ThValue cf, Verb verb, ThFinding *out) {
  ThFinding variance;
  int order = verb == MEAN ? 1 : verb == SKEWNESS ? 3 : verb == KURTOSIS ? 4 : 2;
  if (!th_cf_cumulant(cx, cf, order, out)) return false;
  if (verb == SD) th_finding_root(out);
  if (verb <= SD) return true;
  if (!th_cf_cumulant(cx, cf, 2, &variance)) return false;
  th_cumulants_standardise(&variance, order, out);
  return true;
}

/* What is not there is said in words. */
static bool answer(ThContext *cx, ThFinding *finding, ThValue *out) {
  if (!finding->reason[0])
    snprintf(finding->reason, sizeof finding->reason, "φ is not smooth enough at k = 0");
  return th_finding_value(cx, finding, NULL, out);
}

bool th_cf_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out) {
  ThFinding x;
  int n = 0;
  if (strcmp(verb, "conj") == 0) return th_cf_new(cx, TH_CF_CONJUGATE, args[0], th_none(), out);
  for (int v = 0; v < N_VERBS; v++)
    if (strcmp(verb, verbs[v]) == 0) return summary(cx, args[0], (Verb)v, &x) && answer(cx, &x, out);
  bool cumulant = strcmp(verb, "cumulant") == 0;
  if ((!cumulant && strcmp(verb, "moment") != 0) || n_args < 2) return false;
  if (!order_of(cx, args[1], cumulant, &n)) return false;
  if (cumulant ? !th_cf_cumulant(cx, args[0], n, &x) : !raw_moment(cx, args[0], n, &x)) return false;
  return answer(cx, &x, out);
}
