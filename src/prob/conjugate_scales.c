/* conjugate_scales.c - conjugate pairs of scales, variances, powers and bounds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every rule and every predictive density follows from prior × likelihood = evidence × posterior. */
#include <math.h>

#include "num/real.h"
#include "num/special.h"
#include "prob/conjugate_parts.h"

enum { SHAPE, SCALE };   /* of an inverse gamma distribution; the rate of a gamma one stands as its scale */
enum { MU, SIGMA };      /* of a normal, lognormal or Laplace distribution */
enum { MINIMUM, POWER }; /* of a Pareto distribution */
enum { LOWER, UPPER };   /* of a uniform distribution */

/* --- A variance: InvGamma with Normal of known mean; a precision: Gamma */

static void variance_normal(const double *prior, const double *likelihood, double x, double *posterior) {
  double d = x - likelihood[MU];
  posterior[SHAPE] = prior[SHAPE] + 0.5;
  posterior[SCALE] = prior[SCALE] + 0.5 * d * d;
}

static void student_parameters(const double *prior, const double *likelihood, double *p) {
  p[0] = 2 * prior[SHAPE];
  p[1] = likelihood[MU];
  p[2] = sqrt(prior[SCALE] / prior[SHAPE]);
}

static double log_student(const double *prior, const double *likelihood, double x) {
  double p[3];
  student_parameters(prior, likelihood, p);
  return th_student_t_math.logpdf(x, p);
}

static bool predict_student(ThContext *cx, const double *prior, const double *likelihood, ThValue *out) {
  double p[3];
  student_parameters(prior, likelihood, p);
  return th_distribution_of(cx, &th_family_student_t, p, out);
}

/* --- A scale: InvGamma with Exponential, Gamma and Laplace; Gamma with InvGamma */

static void scale_exponential(const double *prior, const double *likelihood, double x, double *posterior) {
  (void)likelihood;
  posterior[SHAPE] = prior[SHAPE] + 1;
  posterior[SCALE] = prior[SCALE] + x;
}

static void scale_gamma(const double *prior, const double *likelihood, double x, double *posterior) {
  posterior[SHAPE] = prior[SHAPE] + likelihood[SHAPE];
  posterior[SCALE] = prior[SCALE] + x;
}

static void scale_laplace(const double *prior, const double *likelihood, double x, double *posterior) {
  posterior[SHAPE] = prior[SHAPE] + 1;
  posterior[SCALE] = prior[SCALE] + fabs(x - likelihood[MU]);
}

/* a b^a/(2 (b + |x - μ|)^(a+1)) */
static double log_scale_laplace(const double *prior, const double *likelihood, double x) {
  double distance = fabs(x - likelihood[MU]);
  return log(0.5 * prior[SHAPE] / (prior[SCALE] + distance)) - prior[SHAPE] * log1p(distance / prior[SCALE]);
}

static void gamma_inv_gamma(const double *prior, const double *likelihood, double x, double *posterior) {
  posterior[SHAPE] = prior[SHAPE] + likelihood[SHAPE];
  posterior[SCALE] = prior[SCALE] + 1 / x;
}

/* x^(-k-1)/B(a, k) b^a/(b + 1/x)^(a+k) for a likelihood of shape k */
static double log_gamma_inv_gamma(const double *prior, const double *likelihood, double x) {
  double k = likelihood[SHAPE], b = prior[SCALE];
  if (!(x > 0)) return -TH_INFINITY;
  return -(k + 1) * log(x) - k * log(b + 1 / x) - th_special_lbeta(prior[SHAPE], k) -
         prior[SHAPE] * log1p(1 / (b * x));
}

/* --- A power: Gamma with Pareto of known minimum. log(x/minimum) is exponential. */

static void gamma_pareto(const double *prior, const double *likelihood, double x, double *posterior) {
  posterior[SHAPE] = prior[SHAPE] + 1;
  posterior[SCALE] = prior[SCALE] + log(x / likelihood[MINIMUM]);
}

static double log_gamma_pareto(const double *prior, const double *likelihood, double x) {
  if (!(x >= likelihood[MINIMUM])) return -TH_INFINITY;
  return th_conjugate_log_lomax(prior, likelihood, log(x / likelihood[MINIMUM])) - log(x);
}

/* --- A median: Normal with LogNormal of known σ */

static void normal_lognormal(const double *prior, const double *likelihood, double x, double *posterior) {
  double prior_variance = prior[SIGMA] * prior[SIGMA], noise = likelihood[SIGMA] * likelihood[SIGMA];
  double gain = prior_variance / (prior_variance + noise);
  posterior[MU] = prior[MU] + gain * (log(x) - prior[MU]);
  posterior[SIGMA] = prior[SIGMA] * likelihood[SIGMA] / sqrt(prior_variance + noise);
}

static double log_normal_lognormal(const double *prior, const double *likelihood, double x) {
  double both[2] = {prior[MU], hypot(prior[SIGMA], likelihood[SIGMA])};
  return th_lognormal_math.logpdf(x, both);
}

static bool predict_lognormal(ThContext *cx, const double *prior, const double *likelihood, ThValue *out) {
  const double p[] = {prior[MU], hypot(prior[SIGMA], likelihood[SIGMA])};
  return th_distribution_of(cx, &th_family_lognormal, p, out);
}

/* --- An upper bound: Pareto with Uniform from 0 */

static bool begins_at_zero(const double *likelihood) { return likelihood[LOWER] == 0; }

static void pareto_uniform(const double *prior, const double *likelihood, double x, double *posterior) {
  (void)likelihood;
  posterior[MINIMUM] = fmax(prior[MINIMUM], x);
  posterior[POWER] = prior[POWER] + 1;
}

/* a/(a + 1) m^a/max(m, x)^(a+1) */
static double log_pareto_uniform(const double *prior, const double *likelihood, double x) {
  double m = prior[MINIMUM], a = prior[POWER], larger = fmax(m, x);
  (void)likelihood;
  if (!(x >= 0)) return -TH_INFINITY;
  return log(a / (a + 1) / larger) - a * log(larger / m);
}

const ThConjugate th_conjugate_scales[] = {
    {&th_family_inv_gamma, &th_family_normal, -1, "variance", variance_normal, log_student,
     "shape + 1/2, scale + (x - μ)²/2", predict_student, NULL},
    {&th_family_gamma, &th_family_normal, -1, "precision", variance_normal, log_student,
     "shape + 1/2, rate + (x - μ)²/2", predict_student, NULL},
    {&th_family_inv_gamma, &th_family_exponential, -1, "scale mean", scale_exponential,
     th_conjugate_log_lomax, "shape + 1, scale + x", th_conjugate_lomax, NULL},
    {&th_family_inv_gamma, &th_family_gamma, -1, "scale", scale_gamma, th_conjugate_log_beta_prime,
     "shape + k, scale + x", th_conjugate_beta_prime, NULL},
    {&th_family_inv_gamma, &th_family_laplace, 1, NULL, scale_laplace, log_scale_laplace,
     "shape + 1, scale + |x - μ|", NULL, NULL},
    {&th_family_gamma, &th_family_inv_gamma, 1, NULL, gamma_inv_gamma, log_gamma_inv_gamma,
     "shape + k, rate + 1/x", NULL, NULL},
    {&th_family_gamma, &th_family_pareto, POWER, NULL, gamma_pareto, log_gamma_pareto,
     "shape + 1, rate + log(x/minimum)", NULL, NULL},
    {&th_family_normal, &th_family_lognormal, MU, NULL, normal_lognormal, log_normal_lognormal,
     "precision 1/σ² + 1/s², mean (μ/σ² + log(x)/s²)/precision", predict_lognormal, NULL},
    {&th_family_pareto, &th_family_uniform, UPPER, NULL, pareto_uniform, log_pareto_uniform,
     "minimum max(minimum, x), shape + 1", NULL, begins_at_zero},
    {0},
};
