/* moments.c - moments and cumulants of any order */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of the two sequences a family knows the one that is closed for it; the other follows from
 *   m_n = Σ_{k=1}^{n} C(n-1, k-1) κ_k m_{n-k}      (Smith 1995, equation 4). */
#include "prob/moments.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "prob/numeric.h"

/* C(n, k) for k = 0 … n. */
static void binomial_row(int n, double *row) {
  row[0] = 1;
  for (int k = 1; k <= n; k++) row[k] = row[k - 1] * (n - k + 1) / k;
}

void th_moments_of_cumulants(const double *cumulants, int n, double *moments) {
  double row[TH_MAX_MOMENT + 1];
  moments[0] = 1;
  for (int order = 1; order <= n; order++) {
    binomial_row(order - 1, row);
    moments[order] = 0;
    for (int k = 1; k <= order; k++) moments[order] += row[k - 1] * cumulants[k] * moments[order - k];
  }
}

void th_cumulants_of_moments(const double *moments, int n, double *cumulants) {
  double row[TH_MAX_MOMENT + 1];
  for (int order = 1; order <= n; order++) {
    binomial_row(order - 1, row);
    cumulants[order] = moments[order];
    for (int k = 1; k < order; k++) cumulants[order] -= row[k - 1] * cumulants[k] * moments[order - k];
  }
}

double th_moment_error(const double *cumulants, const double *moments, int n, const double *of_cumulant) {
  double row[TH_MAX_MOMENT + 1], error[TH_MAX_MOMENT + 1] = {0};
  for (int order = 1; order <= n; order++) {
    binomial_row(order - 1, row);
    for (int k = 1; k <= order; k++)
      error[order] += row[k - 1] *
                      (of_cumulant[k] * fabs(moments[order - k]) + fabs(cumulants[k]) * error[order - k]);
  }
  return error[n];
}

double th_cumulant_error(const double *moments, const double *cumulants, int n, const double *of_moment) {
  double row[TH_MAX_MOMENT + 1], error[TH_MAX_MOMENT + 1];
  for (int order = 1; order <= n; order++) {
    binomial_row(order - 1, row);
    error[order] = of_moment[order] + 2 * DBL_EPSILON * fabs(moments[order]);
    for (int k = 1; k < order; k++) {
      double inner = of_moment[order - k] + 2 * DBL_EPSILON * fabs(moments[order - k]);
      error[order] += row[k - 1] * (error[k] * fabs(moments[order - k]) + fabs(cumulants[k]) * inner);
    }
  }
  return error[n];
}

void th_cumulants_standardise(const ThFinding *variance, int n, ThFinding *cumulant) {
  double scale = pow(variance->value, 0.5 * n);
  cumulant->value /= scale;
  cumulant->error = cumulant->error / scale +
                    0.5 * n * fabs(cumulant->value) * variance->error / variance->value;
  if (!cumulant->method && isfinite(cumulant->value)) cumulant->method = variance->method;
}

/* A closed form, or *closed is false. */
static double closed_moment(const ThDistribution *d, size_t i, int n, bool *closed) {
  const ThFamily *family = d->family;
  *closed = true;
  if (n == 0) return 1;
  if (family->moment) return family->moment(th_distribution_numbers(d, i), n);
  *closed = family->cumulant != NULL;
  if (!*closed) return 0;
  double cumulants[TH_MAX_MOMENT + 1], moments[TH_MAX_MOMENT + 1];
  for (int k = 1; k <= n; k++) cumulants[k] = family->cumulant(th_distribution_numbers(d, i), k);
  th_moments_of_cumulants(cumulants, n, moments);
  return moments[n];
}

/* Why there is no finite n-th moment, or no cumulant, which needs that. */
static void give_reason(const ThDistribution *d, int n, ThFinding *out) {
  char power[24];
  if (isfinite(out->value) || out->reason[0]) return;
  snprintf(power, sizeof power, n == 1 ? "|x|" : n % 2 ? "|x|^%d" : "x^%d", n);
  if (out->method) snprintf(out->reason, sizeof out->reason, "the integral does not converge");
  else th_distribution_divergence(d, power, out);
}

bool th_distribution_find_moment(ThContext *cx, const ThDistribution *d, size_t i, int n, ThFinding *out) {
  bool closed;
  *out = (ThFinding){.value = closed_moment(d, i, n, &closed)};
  const ThLaw *law = closed || d->family->math ? NULL : d->family->law;
  if (n == 1 && !closed) return th_distribution_find(cx, d, i, TH_MEAN, out);
  if (law && law->find_moment) {
    if (!law->find_moment(cx, d, th_distribution_numbers(d, i), n, out)) return false;
  } else if (law && law->moment) {
    if (!law->moment(cx, d, th_distribution_numbers(d, i), n, &out->value)) return false;
  } else if (!closed) {
    out->method = th_numeric_method(d);
    if (!th_numeric_moment(cx, d, i, n, &out->value, &out->error)) return false;
    if (isinf(out->error)) out->method = NULL; /* it diverges */
  }
  give_reason(d, n, out);
  return true;
}

bool th_distribution_moment(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out) {
  ThFinding finding;
  if (!th_distribution_find_moment(cx, d, i, n, &finding)) return false;
  *out = finding.value;
  return true;
}

/* The first four are better known than moments can tell them. */
static bool low_cumulant(ThContext *cx, const ThDistribution *d, size_t i, int n, ThFinding *out) {
  static const ThSummary shape[] = {TH_MEAN, TH_VARIANCE, TH_SKEWNESS, TH_KURTOSIS};
  ThFinding variance;
  if (!th_distribution_find(cx, d, i, shape[n - 1], out)) return false;
  if (n <= 2) return true;
  if (!th_distribution_find(cx, d, i, TH_VARIANCE, &variance)) return false;
  if (variance.value == 0) {
    *out = (ThFinding){0};
    return true;
  }
  double scale = pow(variance.value, 0.5 * n);
  out->error = scale * (out->error + 0.5 * n * fabs(out->value) * variance.error / variance.value);
  out->value *= scale;
  if (!out->method) out->method = variance.method;
  return true;
}

bool th_distribution_find_cumulant(ThContext *cx, const ThDistribution *d, size_t i, int n, ThFinding *out) {
  *out = (ThFinding){0};
  if (d->family->cumulant) {
    out->value = d->family->cumulant(th_distribution_numbers(d, i), n);
    give_reason(d, n, out);
    return true;
  }
  if (n <= 4) return low_cumulant(cx, d, i, n, out);
  double moments[TH_MAX_MOMENT + 1], cumulants[TH_MAX_MOMENT + 1], error[TH_MAX_MOMENT + 1];
  for (int k = 0; k <= n; k++) {
    if (!th_distribution_find_moment(cx, d, i, k, out)) return false;
    if (!isfinite(out->value)) return true;
    moments[k] = out->value;
    error[k] = out->error;
  }
  th_cumulants_of_moments(moments, n, cumulants);
  *out = (ThFinding){cumulants[n], th_cumulant_error(moments, cumulants, n, error), "from the moments", ""};
  return true;
}

bool th_distribution_cumulant(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out) {
  ThFinding finding;
  if (!th_distribution_find_cumulant(cx, d, i, n, &finding)) return false;
  *out = finding.value;
  return true;
}

/* --- About the mean */

typedef struct Power {
  double center;
  int n;
} Power;

static bool power_about(void *self, double x, double *y) {
  const Power *p = self;
  *y = pow(x - p->center, p->n);
  return true;
}

/* By cumulants, the first of which is 0 then; n <= 4 where they are not closed. */
static bool central_of_cumulants(ThContext *cx, const ThDistribution *d, size_t i, int n, ThFinding *out) {
  double cumulants[TH_MAX_MOMENT + 1] = {0}, moments[TH_MAX_MOMENT + 1], error = 0;
  for (int k = 2; k <= n; k++) {
    if (!th_distribution_find_cumulant(cx, d, i, k, out)) return false;
    cumulants[k] = out->value;
    error = k == 4 ? 6 * cumulants[2] * error + out->error : k == 2 || k == n ? out->error : error;
    if (!isfinite(out->value)) return true;
  }
  th_moments_of_cumulants(cumulants, n, moments);
  out->value = moments[n];
  out->error = error;
  return true;
}

/* From the moments about 0, whose terms cancel: the error tells how far. */
static bool central_of_moments(ThContext *cx, const ThDistribution *d, size_t i, int n, double mean,
                               ThFinding *out) {
  double row[TH_MAX_MOMENT + 1], sum = 0, error = 0, power = 1;
  ThFinding one = {0};
  binomial_row(n, row);
  for (int k = n; k >= 0; k--, power *= -mean) {
    if (!th_distribution_find_moment(cx, d, i, k, &one)) return false;
    if (!isfinite(one.value)) break;
    double term = row[k] * one.value * power;
    sum += term;
    error += row[k] * fabs(power) * one.error + 4 * DBL_EPSILON * fabs(term);
    if (one.method) out->method = one.method;
  }
  if (!isfinite(one.value)) *out = one;
  else out->value = sum, out->error = error;
  return true;
}

bool th_distribution_find_central(ThContext *cx, const ThDistribution *d, size_t i, int n, ThFinding *out) {
  ThFinding mean;
  ThQuadratureResult r;
  *out = (ThFinding){.value = n == 0};
  if (n == 0) return true;
  if (!th_distribution_find(cx, d, i, TH_MEAN, &mean)) return false;
  if (!isfinite(mean.value)) *out = mean;
  if (n == 1 || !isfinite(mean.value)) return true;
  if (n <= 4 || d->family->cumulant) return central_of_cumulants(cx, d, i, n, out);
  if (!central_of_moments(cx, d, i, n, mean.value, out)) return false;
  if (!isfinite(out->value)) return true;
  if (out->error <= 1e-12 * fabs(out->value)) {
    if (!out->method) out->error = 0;
    return true;
  }
  Power power = {mean.value, n};
  if (!th_numeric_expect(cx, d, i, power_about, &power, 1, &r)) return false;
  if (r.converged && r.error < out->error) *out = (ThFinding){r.value[0], r.error, th_numeric_method(d), ""};
  return true;
}
