/* density_von_mises_cf.c - Bessel ratios of the von Mises distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The characteristic function at a real k >= 0 is (DLMF 10.32.4)
 *   [I_k(κ) + sin(πk)/π ∫ e^(-κ cosh t - kt) dt]/I₀(κ), t from 0 to inf:
 * the first term by its power series or Debye's expansion, the second, absent at whole k, by quadrature of a
 * positive function. Neither cancels, however small the value. */
#include "num/density_von_mises.h"

#include "num/panel.h"
#include "num/real.h"
#include "num/special.h"

/* Sums over evenly spaced angles: the error, about 2 I_n/I₀ for n of them, is below e^-40. All terms are
 * positive; the variance is the mean square about a mean of the same size. */
ThCircle th_von_mises_circle(double kappa) {
  if (!(kappa <= DBL_MAX)) return (ThCircle){kappa != kappa ? kappa : 0, kappa != kappa ? kappa : 0};
  double n = ceil(12 + 5 * sqrt(kappa)), step = TH_PI / n, weight = 0.5, sums[3] = {0};
  for (double j = 0; j <= n && weight > 0; j++) {
    double half = sin(0.5 * j * step), v = 2 * half * half;
    weight = exp(-kappa * v) * (j == 0 || j == n ? 0.5 : 1);
    sums[0] += weight;
    sums[1] += weight * v;
    sums[2] += weight * v * v;
    if (weight < 1e-20) break;
  }
  double mean = sums[1] / sums[0];
  return (ThCircle){mean, sums[2] / sums[0] - mean * mean};
}

/* e^-κ I_k(κ) for R = √(k² + κ²) >= 60 (DLMF 10.41.3): the polynomials u_j(t)/k^j at t = k/R, written in t²
 * and 1/R, so that k = 0 is no exception; their recurrence is DLMF 10.41.9. */
static double debye(double k, double kappa) {
  static const double u[10][11] = {
      {0.125, -0.20833333333333334},
      {0.0703125, -0.4010416666666667, 0.3342013888888889},
      {0.0732421875, -0.8912109375, 1.8464626736111112, -1.0258125964506173},
      {0.112152099609375, -2.3640869140625, 8.78912353515625, -11.207002616222994, 4.669584423426247},
      {0.22710800170898438, -7.368794359479632, 42.53499874538846, -91.81824154324002, 84.63621767460073,
       -28.212072558200244},
      {0.5725014209747314, -26.491430486951554, 218.1905117442116, -699.5796273761325, 1059.9904525279999,
       -765.2524681411817, 212.57013003921713},
      {1.7277275025844574, -108.09091978839466, 1200.9029132163525, -5305.646978613403, 11655.393336864534,
       -13586.550006434138, 8061.722181737309, -1919.457662318407},
      {6.074042001273483, -493.915304773088, 7109.514302489364, -41192.65496889755, 122200.46498301746,
       -203400.17728041555, 192547.00123253153, -96980.59838863752, 20204.29133096615},
      {24.380529699556064, -2499.8304818112097, 45218.76898136273, -331645.1724845636, 1268365.2733216248,
       -2813563.226586534, 3763271.297656404, -2998015.9185381066, 1311763.6146629772, -242919.18790055133},
      {110.01714026924674, -13886.08975371704, 308186.4046126624, -2785618.1280864547, 13288767.166421818,
       -37567176.66076335, 66344512.27472903, -74105148.21153265, 50952602.49266464, -19706819.118432228,
       3284469.853072038}};
  double big = hypot(k, kappa), square = (k / big) * (k / big), sum = 0;
  for (int j = 9; j >= 0; j--) {
    double polynomial = 0;
    for (int m = j + 1; m >= 0; m--) polynomial = polynomial * square + u[j][m];
    sum = (sum + polynomial) / big;
  }
  double exponent = k * (k / (kappa + big)) - k * asinh(k / kappa);
  return exp(exponent) / sqrt(2 * TH_PI * big) * (1 + sum);
}

/* (κ/2)^k/Γ(k + 1) Σ (κ²/4)^j/(j! (k + 1)_j) e^-κ for k, κ < 60. */
static double power_series(double k, double kappa) {
  double q = 0.25 * kappa * kappa, term = 1, sum = 1;
  for (int j = 1; term > 1e-18 * sum; j++) sum += term *= q / (j * (k + j));
  return pow(0.5 * kappa, k) / tgamma(k + 1) * sum * exp(-kappa);
}

typedef struct Rest {
  double k, kappa;
} Rest;

static double rest_exponent(const void *self, double t) {
  const Rest *rest = self;
  double half = sinh(0.5 * t);
  return -2 * rest->kappa * half * half - rest->k * t;
}

/* e^κ ∫ e^(-κ cosh t - kt) dt */
static double rest_integral(double k, double kappa) {
  Rest rest = {k, kappa};
  if (kappa == 0) return 1 / k;
  return th_panel_decay(rest_exponent, &rest, log(3000 / fmin(kappa, 1)), 2);
}

double th_von_mises_cf(double k, double kappa) {
  if (k == 0) return 1;
  if (k > DBL_MAX) return 0;
  if (kappa > DBL_MAX) return 1;
  double scaled = hypot(k, kappa) >= 60 ? debye(k, kappa) : power_series(k, kappa);
  double ends = exp(-2 * kappa) * th_special_sinpi(k) / TH_PI;
  if (ends != 0) ends *= rest_integral(k, kappa);
  return (scaled + ends) / th_special_bessel_i_scaled(0, kappa);
}
