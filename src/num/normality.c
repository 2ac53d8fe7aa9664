/* normality.c - a test of normality */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/normality.h"

#include <math.h>

#include "num/special.h"
#include "num/stats.h"

enum { LEAST = 8 };

/* A² = -n - Σ (2i - 1)/n (log Φ(zᵢ) + log(1 - Φ(z₍n+1-i₎))), corrected for estimated parameters. */
static double statistic(size_t n, const double *sorted, double mean, double sd) {
  double sum = 0, count = (double)n;
  for (size_t i = 0; i < n; i++) {
    double low = (sorted[i] - mean) / sd, high = (sorted[n - 1 - i] - mean) / sd;
    sum += (2 * (double)i + 1) * (th_special_log_normal_cdf(low) + th_special_log_normal_cdf(-high));
  }
  return (-count - sum / count) * (1 + 0.75 / count + 2.25 / (count * count));
}

double th_normality_anderson_darling(size_t n, const double *sorted) {
  if (n < LEAST) return (double)NAN;
  if (!isfinite(sorted[0]) || !isfinite(sorted[n - 1])) return 0;
  double sd = th_stats_sd(n, sorted, 1);
  if (!(sd > 0)) return (double)NAN;
  if (isinf(sd)) return 0;
  double a = statistic(n, sorted, th_stats_mean(n, sorted), sd);
  if (a >= 13) return 0; /* the formula turns upward from there */
  if (a >= 0.6) return exp(1.2937 - 5.709 * a + 0.0186 * a * a);
  if (a >= 0.34) return exp(0.9177 - 4.279 * a - 1.38 * a * a);
  if (a >= 0.2) return 1 - exp(-8.318 + 42.796 * a - 59.938 * a * a);
  return 1 - exp(-13.436 + 101.14 * a - 223.73 * a * a);
}
