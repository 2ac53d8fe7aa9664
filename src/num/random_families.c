/* random_families.c - gamma, beta, binomial and Poisson numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rejection from simple envelopes: a draw costs the same however large the parameters are. Acceptance
 * compares with the exact density, in Loader's form where logarithms of factorials would cancel. */
#include "num/random.h"

#include "num/kernels.h"
#include "num/random_draw.h"
#include "num/real.h"
#include "num/special.h"

/* --- Gamma and beta ------------------------------------------------------------------------------ */

/* Gamma(shape, 1) for shape >= 1 (Marsaglia and Tsang 2000): the cube of a nearly normal variable. */
typedef struct GammaPlan {
  double d, c;
} GammaPlan;

static inline GammaPlan plan_of(double shape) {
  double d = shape - 1.0 / 3;
  return (GammaPlan){d, 1 / sqrt(9 * d)};
}

static inline double draw_gamma(ThRandom *r, GammaPlan plan) {
  for (;;) {
    double x = th_draw_normal(r), t = 1 + plan.c * x, v = t * t * t;
    if (t <= 0) continue;
    double u = th_draw_uniform(r);
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return plan.d * v;
    if (th_kernel_log_portable(u) < 0.5 * x * x + plan.d * (1 - v + th_kernel_log_portable(v)))
      return plan.d * v;
  }
}

static double gamma_large(ThRandom *r, double shape) { return draw_gamma(r, plan_of(shape)); }

/* For shape < 1: Gamma(shape) is Gamma(shape + 1) U^(1/shape), and -log U is exponential. */
double th_random_gamma(ThRandom *r, double shape) {
  if (!(shape > 0)) return TH_NAN;
  if (shape == 1) return th_random_exponential(r);
  if (shape > 1) return gamma_large(r, shape);
  double g = gamma_large(r, shape + 1);
  return g * th_kernel_exp_portable(-th_random_exponential(r) / shape);
}

void th_random_fill_gamma(ThRandom *r, double shape, size_t n, double *x) {
  if (shape == 1) {
    th_random_fill_exponential(r, n, x);
    return;
  }
  ThRandom own = *r;
  GammaPlan plan = plan_of(shape > 1 ? shape : shape + 1);
  if (!(shape > 0))
    for (size_t i = 0; i < n; i++) x[i] = TH_NAN;
  else if (shape > 1)
    for (size_t i = 0; i < n; i++) x[i] = draw_gamma(&own, plan);
  else
    for (size_t i = 0; i < n; i++) {
      double g = draw_gamma(&own, plan);
      x[i] = g * th_kernel_exp_portable(-th_draw_exponential(&own) / shape);
    }
  *r = own;
}

double th_random_log_gamma(ThRandom *r, double shape) {
  if (!(shape > 0)) return TH_NAN;
  if (shape >= 1) return th_kernel_log_portable(gamma_large(r, shape));
  double log_g = th_kernel_log_portable(gamma_large(r, shape + 1));
  double draw = log_g - th_random_exponential(r) / shape;
  return draw < -DBL_MAX ? -DBL_MAX : draw; /* exponential/1e-308 may overflow */
}

/* Gamma(shape) for shape < 1 is *factor e^-(*exponent): for ratios of such. */
static void gamma_parts(ThRandom *r, double shape, double *factor, double *exponent) {
  *factor = shape < 1 ? gamma_large(r, shape + 1) : gamma_large(r, shape);
  *exponent = shape < 1 ? th_random_exponential(r) / shape : 0;
}

/* X/(X + Y). For small a or b both may be below the smallest double while their ratio is not. */
double th_random_beta(ThRandom *r, double a, double b) {
  if (!(a > 0 && b > 0)) return TH_NAN;
  if (a >= 1 && b >= 1) {
    double x = gamma_large(r, a);
    return x / (x + gamma_large(r, b));
  }
  double x, y, x_exponent, y_exponent;
  gamma_parts(r, a, &x, &x_exponent);
  gamma_parts(r, b, &y, &y_exponent);
  double shift = fmin(x_exponent, DBL_MAX) - fmin(y_exponent, DBL_MAX);
  return 1 / (1 + y / x * th_kernel_exp_portable(shift));
}

/* --- Binomial ------------------------------------------------------------------------------------ */

/* Adds up probabilities from 0 until they pass a uniform number; n p < 10, so that q^n is no smaller than
 * about e^-10 (p <= 1/2 then makes it e^-14). Rounding may leave a gap of 1e-16 at the end: draw again. */
static double binomial_inversion(ThRandom *r, double n, double p) {
  double q = 1 - p, odds = p / q, first = exp(n * log1p(-p));
  for (;;) {
    double u = th_random_uniform(r), mass = first, k = 0;
    while (u > mass && k <= n) {
      u -= mass;
      k++;
      mass *= odds * (n - k + 1) / k;
    }
    if (k <= n) return k;
  }
}

/* Transformed rejection with squeeze, algorithm BTRS of Hörmann 1993; n p >= 10, p <= 1/2. */
static double binomial_rejection(ThRandom *r, double n, double p) {
  double q = 1 - p, sd = sqrt(n * p * q);
  double b = 1.15 + 2.53 * sd, a = -0.0873 + 0.0248 * b + 0.01 * p, center = n * p + 0.5;
  double v_r = 0.92 - 4.2 / b, alpha = (2.83 + 5.1 / b) * sd, mode = floor((n + 1) * p), log_mode = TH_NAN;
  for (;;) {
    double u = th_random_uniform(r) - 0.5, v = th_random_uniform(r), us = 0.5 - fabs(u);
    double k = floor((2 * a / us + b) * u + center);
    if (us >= 0.07 && v <= v_r) return k;
    if (!(k >= 0 && k <= n)) continue;
    if (log_mode != log_mode) log_mode = th_special_log_binomial(mode, n, p, q);
    double height = th_special_log_binomial(k, n, p, q) - log_mode;
    if (th_kernel_log_portable(v * alpha / (a / (us * us) + b)) <= height) return k;
  }
}

double th_random_binomial(ThRandom *r, double n, double p) {
  if (!(n >= 0 && th_real_is_whole(n) && p >= 0 && p <= 1)) return TH_NAN;
  if (n == 0 || p == 0) return 0;
  if (p > 0.5) return n - th_random_binomial(r, n, 1 - p);
  return n * p < 10 ? binomial_inversion(r, n, p) : binomial_rejection(r, n, p);
}

/* --- Poisson ------------------------------------------------------------------------------------- */

static double poisson_inversion(ThRandom *r, double rate) {
  double first = exp(-rate);
  for (;;) {
    double u = th_random_uniform(r), mass = first, k = 0;
    while (u > mass && k < 200) {
      u -= mass;
      k++;
      mass *= rate / k;
    }
    if (k < 200) return k; /* P(k >= 200) is below 1e-170 */
  }
}

/* Transformed rejection with squeeze, algorithm PTRS of Hörmann 1993; rate >= 10. */
static double poisson_rejection(ThRandom *r, double rate) {
  double b = 0.931 + 2.53 * sqrt(rate), a = -0.059 + 0.02483 * b;
  double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    double u = th_random_uniform(r) - 0.5, v = th_random_uniform(r), us = 0.5 - fabs(u);
    double k = floor((2 * a / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= v_r) return k;
    if (!(k >= 0) || (us < 0.013 && v > us)) continue;
    double height = th_special_log_poisson(k, rate);
    if (th_kernel_log_portable(v * inverse_alpha / (a / (us * us) + b)) <= height) return k;
  }
}

double th_random_poisson(ThRandom *r, double rate) {
  if (!(rate >= 0)) return TH_NAN;
  if (rate == 0 || rate > DBL_MAX) return rate;
  return rate < 10 ? poisson_inversion(r, rate) : poisson_rejection(r, rate);
}
