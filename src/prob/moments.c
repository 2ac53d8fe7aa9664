/* moments.c - moments and cumulants of any order */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of the two sequences a family knows the one that is closed for it; the other follows from
 *   m_n = Σ_{k=1}^{n} C(n-1, k-1) κ_k m_{n-k}      (Smith 1995, equation 4). */
#include "prob/moments.h"

#include <math.h>

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

static const double *element(const ThDistribution *d, size_t i) { return d->p + i * d->stride; }

bool th_distribution_moment(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out) {
  const ThFamily *family = d->family;
  if (n == 0) {
    *out = 1;
    return true;
  }
  if (family->moment) {
    *out = family->moment(element(d, i), n);
    return true;
  }
  if (family->cumulant) {
    double cumulants[TH_MAX_MOMENT + 1], moments[TH_MAX_MOMENT + 1];
    for (int k = 1; k <= n; k++) cumulants[k] = family->cumulant(element(d, i), k);
    th_moments_of_cumulants(cumulants, n, moments);
    *out = moments[n];
    return true;
  }
  double error;
  if (!family->math && family->law->moment) return family->law->moment(cx, d, element(d, i), n, out);
  return th_numeric_moment(cx, d, i, n, out, &error);
}

/* The first four are better known than moments can tell them. */
static bool low_cumulant(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out) {
  static const ThSummary shape[] = {TH_MEAN, TH_VARIANCE, TH_SKEWNESS, TH_KURTOSIS};
  double variance;
  if (!th_distribution_summary(cx, d, i, TH_VARIANCE, &variance) ||
      !th_distribution_summary(cx, d, i, shape[n - 1], out))
    return false;
  if (n >= 3) *out = variance == 0 ? 0 : *out * pow(variance, 0.5 * n);
  return true;
}

bool th_distribution_cumulant(ThContext *cx, const ThDistribution *d, size_t i, int n, double *out) {
  if (d->family->cumulant) {
    *out = d->family->cumulant(element(d, i), n);
    return true;
  }
  if (n <= 4) return low_cumulant(cx, d, i, n, out);
  double moments[TH_MAX_MOMENT + 1], cumulants[TH_MAX_MOMENT + 1];
  for (int k = 0; k <= n; k++)
    if (!th_distribution_moment(cx, d, i, k, &moments[k])) return false;
  th_cumulants_of_moments(moments, n, cumulants);
  *out = cumulants[n];
  return true;
}
