/* special_gsl.c - Bessel functions, ζ, polygamma, exponential integrals, by GSL */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that knows GSL. Its error handler, which ends the process, is off (th_num_init), and only the
 * forms that return a status are called: a result out of range is inf or 0, a failure NaN. */
#include "num/init.h"
#include "num/special.h"
#include "num/special_derivatives.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_sf_bessel.h>
#include <gsl/gsl_sf_dawson.h>
#include <gsl/gsl_sf_expint.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_psi.h>
#include <gsl/gsl_version.h>
#include <gsl/gsl_sf_zeta.h>

#include "num/real.h"

const char *th_num_gsl_version(void) { return gsl_version; }

void th_num_init(void) { gsl_set_error_handler_off(); }

/* The value behind a status. */
static double value_of(int status, const gsl_sf_result *result) {
  if (status == GSL_SUCCESS || status == GSL_ELOSS) return result->val;
  if (status == GSL_EUNDRFLW) return 0;
  if (status == GSL_EOVRFLW) return result->val < 0 ? -TH_INFINITY : TH_INFINITY;
  return TH_NAN;
}

double th_special_zeta(double s) {
  gsl_sf_result result;
  if (s != s || s == 1) return s != s ? s : TH_INFINITY;
  return value_of(gsl_sf_zeta_e(s, &result), &result);
}

double th_special_polygamma(int n, double x) {
  gsl_sf_result result;
  if (x != x || n < 0) return TH_NAN;
  if (n == 0) return th_special_digamma(x);
  if (n == 1) return th_special_trigamma(x);
  if (x <= 0) return TH_NAN;
  return value_of(gsl_sf_psi_n_e(n, x, &result), &result);
}

/* The phase between -π and π. */
double complex th_special_lgamma_complex(double complex z) {
  gsl_sf_result modulus, phase;
  if (!(fabs(creal(z)) <= DBL_MAX && fabs(cimag(z)) <= DBL_MAX)) return TH_NAN;
  int status = gsl_sf_lngamma_complex_e(creal(z), cimag(z), &modulus, &phase);
  return value_of(status, &modulus) + TH_I * value_of(status, &phase);
}

double th_special_spherical_bessel(double n, double x) {
  gsl_sf_result result;
  if (x != x || !(n >= 0 && n <= 1e5)) return TH_NAN;
  if (fabs(x) > DBL_MAX) return 0;
  double y = value_of(gsl_sf_bessel_jl_e((int)n, fabs(x), &result), &result);
  return x < 0 && fmod(n, 2) != 0 ? -y : y;
}

/* These three are right to the last digits everywhere, but for Ei at its zero, 0.37. */
double th_special_e1_scaled(double x) {
  gsl_sf_result result;
  if (!(x > 0 && x <= DBL_MAX)) return x == 0 ? TH_INFINITY : x > 0 ? 0 : TH_NAN;
  return value_of(gsl_sf_expint_E1_scaled_e(x, &result), &result);
}
double th_special_ei_scaled(double x) {
  gsl_sf_result result;
  if (!(x > 0 && x <= DBL_MAX)) return x == 0 ? -TH_INFINITY : x > 0 ? 0 : TH_NAN;
  return value_of(gsl_sf_expint_Ei_scaled_e(x, &result), &result);
}
double th_special_dawson(double x) {
  gsl_sf_result result;
  if (!(fabs(x) <= DBL_MAX)) return x != x ? x : copysign(0, x);
  return value_of(gsl_sf_dawson_e(x, &result), &result);
}

/* A whole order small enough for GSL's functions of an int. */
static bool whole_order(double order) { return th_real_is_whole(order) && fabs(order) <= 1e5; }

/* (x/2)^ν/Γ(ν + 1) Σ (sign x²/4)^k/(k! (ν + 1)ₖ): GSL loses digits of fractional orders where x is small
 * against ν; there, and for I everywhere, the terms do not cancel. */
static double power_series(double order, double x, double sign) {
  double q = 0.25 * sign * x * x, term = 1, sum = 1;
  for (int k = 1; k < 1000 && fabs(term) > 1e-17 * fabs(sum); k++) sum += term *= q / (k * (order + k));
  if (order < 100) return pow(0.5 * x, order) / tgamma(order + 1) * sum;
  return exp(order * log(0.5 * x) - th_special_lgamma(order + 1)) * sum;
}

/* C has J and Y of whole order itself, at full accuracy; GSL's lose digits for large x. */
double th_special_bessel_j(double order, double x) {
  gsl_sf_result result;
  if (order != order || x != x) return TH_NAN;
  if (fabs(x) > DBL_MAX) return 0;
  if (whole_order(order)) return jn((int)order, x);
  if (order < 0 || x < 0) return TH_NAN;
  if (x * x < 6 * (order + 1)) return power_series(order, x, -1);
  return value_of(gsl_sf_bessel_Jnu_e(order, x, &result), &result);
}

double th_special_bessel_y(double order, double x) {
  gsl_sf_result result;
  if (order != order || x != x || x < 0) return TH_NAN;
  if (x == 0) return -TH_INFINITY;
  if (x > DBL_MAX) return 0;
  if (whole_order(order)) return yn((int)order, x);
  if (order < 0) return TH_NAN;
  return value_of(gsl_sf_bessel_Ynu_e(order, x, &result), &result);
}

double th_special_bessel_i_scaled(double order, double x) {
  gsl_sf_result result;
  if (order != order || x != x) return TH_NAN;
  if (fabs(x) > DBL_MAX) return 0;
  if (whole_order(order)) return value_of(gsl_sf_bessel_In_scaled_e((int)order, x, &result), &result);
  if (order < 0 || x < 0) return TH_NAN;
  if (x < 30 || x * x < 6 * order) return exp(-x) * power_series(order, x, 1);
  return value_of(gsl_sf_bessel_Inu_scaled_e(order, x, &result), &result);
}

double th_special_bessel_k_scaled(double order, double x) {
  gsl_sf_result result;
  if (order != order || x != x || x < 0) return TH_NAN;
  if (x == 0) return TH_INFINITY;
  if (x > DBL_MAX) return 0;
  if (whole_order(order)) return value_of(gsl_sf_bessel_Kn_scaled_e((int)fabs(order), x, &result), &result);
  return value_of(gsl_sf_bessel_Knu_scaled_e(fabs(order), x, &result), &result);
}

double th_special_bessel_i(double order, double x) {
  double scaled = th_special_bessel_i_scaled(order, x);
  if (fabs(x) > DBL_MAX) return x < 0 && fmod(order, 2) != 0 ? -TH_INFINITY : TH_INFINITY;
  return scaled == 0 ? scaled : scaled * exp(0.5 * fabs(x)) * exp(0.5 * fabs(x));
}

double th_special_bessel_k(double order, double x) {
  double scaled = th_special_bessel_k_scaled(order, x);
  return scaled == 0 || scaled > DBL_MAX ? scaled : scaled * exp(-x);
}

double th_special_log_bessel_i0(double x) {
  gsl_sf_result result;
  x = fabs(x);
  if (!(x <= DBL_MAX)) return x;
  if (x < 1) { /* Σ (x²/4)^k/k!², whose logarithm is small */
    double q = 0.25 * x * x, term = 1, sum = 0;
    for (int k = 1; k < 15; k++) sum += term *= q / (k * k);
    return log1p(sum);
  }
  return x + log(value_of(gsl_sf_bessel_I0_scaled_e(x, &result), &result));
}

double th_special_bessel_ratio(double x) {
  gsl_sf_result zero, one;
  if (!(fabs(x) <= DBL_MAX)) return x != x ? x : copysign(1, x);
  if (fabs(x) < 3e-3) return 0.5 * x * (1 - x * x / 8 * (1 - x * x / 6));
  return value_of(gsl_sf_bessel_I1_scaled_e(x, &one), &one) /
         value_of(gsl_sf_bessel_I0_scaled_e(x, &zero), &zero);
}
