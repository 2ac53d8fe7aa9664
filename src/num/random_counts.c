/* random_counts.c - hypergeometric and Zipf numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rejection whose cost does not grow with the parameters; acceptance compares with the exact masses. */
#include "num/density.h"
#include "num/kernels.h"
#include "num/random.h"
#include "num/real.h"
#include "num/special.h"

/* --- Hypergeometric ------------------------------------------------------------------------------ */

/* Adds up masses from 0 until they pass a uniform number, for a mean below 10. Both `good` and `draws` are at most half
 * of all, so that 0 is possible. Rounding may leave a gap of 1e-16 at the end: draw again. */
static double by_inversion(ThRandom *r, double good, double bad, double draws) {
  const double p[] = {good, bad, draws};
  double first = th_hypergeometric_math.pdf(0, p), most = fmin(good, draws);
  for (;;) {
    double u = th_random_uniform(r), mass = first, k = 0;
    while (u > mass && k <= most) {
      u -= mass;
      mass *= (good - k) / (k + 1) * ((draws - k) / (bad - draws + k + 1));
      k++;
    }
    if (k <= most) return k;
  }
}

/* Ratio of uniforms, algorithm HRUA of Stadlober 1990: 2√(2/e) and 3 - 2√(3/e) make the table mountain cover every
 * hypergeometric distribution. */
static double by_ratio(ThRandom *r, double good, double bad, double draws) {
  const double p[] = {good, bad, draws};
  double center = th_hypergeometric_math.mean(p) + 0.5;
  double width = 1.7155277699214135 * sqrt(th_hypergeometric_math.variance(p) + 0.5) + 0.8989161620588988;
  double log_mode = th_hypergeometric_math.logpdf(th_hypergeometric_math.mode(p), p);
  for (;;) {
    double u = th_random_uniform(r), v = th_random_uniform(r), k = floor(center + width * (v - 0.5) / u);
    if (k < 0 || k > fmin(good, draws)) continue;
    double height = th_hypergeometric_math.logpdf(k, p) - log_mode;
    if (u * (4 - u) - 3 <= height) return k;
    if (u * (u - height) < 1 && 2 * th_kernel_log_portable(u) <= height) return k;
  }
}

double th_random_hypergeometric(ThRandom *r, double good, double bad, double draws) {
  double all = good + bad;
  if (!(good >= 0 && bad >= 0 && draws >= 0 && draws <= all) || all > DBL_MAX) return TH_NAN;
  if (2 * draws > all) return good - th_random_hypergeometric(r, good, bad, all - draws);
  if (good > bad) return draws - th_random_hypergeometric(r, bad, good, draws);
  if (good == 0 || draws == 0) return 0;
  return (draws * (good / all) < 10 ? by_inversion : by_ratio)(r, good, bad, draws);
}

/* --- Zipf ----------------------------------------------------------------------------------------- */

/* Rejection-inversion (Hörmann and Derflinger 1996) from the upper tail: under x^-s from x on lies
 * x^(1-s)/(s - 1); of the stretch of k >= 2 just k^-s is accepted, and all of the stretch of 1. */
double th_random_zipf(ThRandom *r, double s) {
  if (!(s > 1)) return TH_NAN;
  double d = s - 1, top = th_kernel_exp_portable(-d * th_kernel_log_portable(1.5)) / d;
  for (;;) {
    double v = th_random_uniform(r) * (top + 1);
    if (v >= top) return 1;
    double k = floor(th_kernel_exp_portable(-th_kernel_log_portable(d * v) / d) + 0.5);
    if (!(k < 0x1p27)) return k; /* all but s(s + 1)/24k² are accepted, and v has no digits left to tell */
    double edge = th_kernel_exp_portable(-d * th_kernel_log_portable(k + 0.5)) / d;
    if (v <= edge + th_kernel_exp_portable(-s * th_kernel_log_portable(k))) return k;
  }
}
