/* conjugate.c - pairs of prior and likelihood whose posterior stays in the prior's family */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every rule and every predictive density follows from prior × likelihood = evidence × posterior. */
#include "prob/conjugate.h"

#include <math.h>

#include "num/real.h"
#include "num/special.h"

enum { N, PROBABILITY }; /* of a binomial distribution */
enum { ALPHA, BETA };    /* of a beta distribution */
enum { SHAPE, RATE };    /* of a gamma distribution */
enum { MU, SIGMA };      /* of a normal distribution */

/* --- A success probability: Beta with Bernoulli and Binomial */

static void beta_bernoulli(const double *prior, const double *likelihood, double x, double *posterior) {
  (void)likelihood;
  posterior[ALPHA] = prior[ALPHA] + x;
  posterior[BETA] = prior[BETA] + 1 - x;
}

static double log_beta_bernoulli(const double *prior, const double *likelihood, double x) {
  (void)likelihood;
  if (x != 0 && x != 1) return -TH_INFINITY;
  return log((x == 1 ? prior[ALPHA] : prior[BETA]) / (prior[ALPHA] + prior[BETA]));
}

static void beta_binomial(const double *prior, const double *likelihood, double x, double *posterior) {
  posterior[ALPHA] = prior[ALPHA] + x;
  posterior[BETA] = prior[BETA] + likelihood[N] - x;
}

/* C(n, x) B(α + x, β + n - x)/B(α, β) */
static double log_beta_binomial(const double *prior, const double *likelihood, double x) {
  double n = likelihood[N];
  if (x < 0 || x > n || floor(x) != x) return -TH_INFINITY;
  return th_special_lchoose(n, x) + th_special_lbeta(prior[ALPHA] + x, prior[BETA] + n - x) -
         th_special_lbeta(prior[ALPHA], prior[BETA]);
}

/* --- A rate: Gamma with Poisson, Exponential and Gamma */

static void gamma_poisson(const double *prior, const double *likelihood, double x, double *posterior) {
  (void)likelihood;
  posterior[SHAPE] = prior[SHAPE] + x;
  posterior[RATE] = prior[RATE] + 1;
}

/* Γ(a + x)/(Γ(a) x!) (b/(b+1))^a (1/(b+1))^x */
static double log_gamma_poisson(const double *prior, const double *likelihood, double x) {
  (void)likelihood;
  if (x < 0 || floor(x) != x) return -TH_INFINITY;
  return th_special_log_rising(prior[SHAPE], x) - th_special_lfactorial(x) -
         prior[SHAPE] * log1p(1 / prior[RATE]) - x * log1p(prior[RATE]);
}

static void gamma_exponential(const double *prior, const double *likelihood, double x, double *posterior) {
  (void)likelihood;
  posterior[SHAPE] = prior[SHAPE] + 1;
  posterior[RATE] = prior[RATE] + x;
}

/* a b^a/(b + x)^(a+1) */
static double log_gamma_exponential(const double *prior, const double *likelihood, double x) {
  (void)likelihood;
  if (x < 0) return -TH_INFINITY;
  return log(prior[SHAPE] / (prior[RATE] + x)) - prior[SHAPE] * log1p(x / prior[RATE]);
}

static void gamma_gamma(const double *prior, const double *likelihood, double x, double *posterior) {
  posterior[SHAPE] = prior[SHAPE] + likelihood[SHAPE];
  posterior[RATE] = prior[RATE] + x;
}

/* x^(k-1)/B(a, k) b^a/(b + x)^(a+k) for a likelihood of shape k */
static double log_gamma_gamma(const double *prior, const double *likelihood, double x) {
  double k = likelihood[SHAPE];
  if (!(x > 0)) return -TH_INFINITY;
  return (k - 1) * log(x) - k * log(prior[RATE] + x) - th_special_lbeta(prior[SHAPE], k) -
         prior[SHAPE] * log1p(x / prior[RATE]);
}

/* --- A mean: Normal with Normal of known σ */

static void normal_normal(const double *prior, const double *likelihood, double x, double *posterior) {
  double prior_variance = prior[SIGMA] * prior[SIGMA], noise = likelihood[SIGMA] * likelihood[SIGMA];
  double gain = prior_variance / (prior_variance + noise);
  posterior[MU] = prior[MU] + gain * (x - prior[MU]);
  posterior[SIGMA] = prior[SIGMA] * likelihood[SIGMA] / sqrt(prior_variance + noise);
}

static double log_normal_normal(const double *prior, const double *likelihood, double x) {
  double both[2] = {prior[MU], hypot(prior[SIGMA], likelihood[SIGMA])};
  return th_normal_math.logpdf(x, both);
}

static const ThConjugate pairs[] = {
    {&th_family_beta, &th_family_bernoulli, 0, beta_bernoulli, log_beta_bernoulli, "α + x, β + 1 - x"},
    {&th_family_beta, &th_family_binomial, PROBABILITY, beta_binomial, log_beta_binomial,
     "α + x, β + "
     "n - x"},
    {&th_family_gamma, &th_family_poisson, 0, gamma_poisson, log_gamma_poisson, "shape + x, rate + 1"},
    {&th_family_gamma, &th_family_exponential, 0, gamma_exponential, log_gamma_exponential,
     "shape + 1, rate + x"},
    {&th_family_gamma, &th_family_gamma, RATE, gamma_gamma, log_gamma_gamma, "shape + k, rate + x"},
    {&th_family_normal, &th_family_normal, MU, normal_normal, log_normal_normal,
     "precision 1/σ² + 1/s², mean (μ/σ² + x/s²)/precision"},
};

const ThFamily *th_conjugate_prior(const ThFamily *family, const double *p, double *q) {
  if (family == &th_family_uniform && p[0] == 0 && p[1] == 1) {
    q[ALPHA] = q[BETA] = 1;
    return &th_family_beta;
  }
  if (family == &th_family_exponential) {
    q[SHAPE] = 1;
    q[RATE] = p[0];
    return &th_family_gamma;
  }
  for (int j = 0; j < family->n_parameters && family->math && !family->build; j++) q[j] = p[j];
  return family;
}

const ThConjugate *th_conjugate_at(size_t i) { return i < sizeof pairs / sizeof *pairs ? &pairs[i] : NULL; }

const ThConjugate *th_conjugate_find(const ThFamily *prior, const ThFamily *likelihood, int parameter) {
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    if (pairs[i].prior == prior && pairs[i].likelihood == likelihood && pairs[i].parameter == parameter)
      return &pairs[i];
  return NULL;
}
