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
