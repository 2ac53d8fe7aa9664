/* conjugate.c - pairs of prior and likelihood whose posterior stays in the prior's family */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every rule and every predictive density follows from prior × likelihood = evidence × posterior. */
#include "prob/conjugate_parts.h"

#include <math.h>
#include <string.h>

#include "num/real.h"
#include "num/special.h"

enum { N, PROBABILITY }; /* of a binomial distribution */
enum { SUCCESSES };      /* of a negative binomial distribution; its probability stands as a binomial's */
enum { ALPHA, BETA };    /* of a beta distribution */
enum { SHAPE, RATE };    /* of a gamma distribution */
enum { MU, SIGMA };      /* of a normal distribution */

/* --- A success probability: Beta with Bernoulli, Binomial, Geometric, NegBinomial */

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

static double log_beta_binomial(const double *prior, const double *likelihood, double x) {
  const double p[] = {likelihood[N], prior[ALPHA], prior[BETA]};
  return th_beta_binomial_math.logpdf(x, p);
}

static bool predict_bernoulli(ThContext *cx, const double *prior, const double *likelihood, ThValue *out) {
  double p = prior[ALPHA] / (prior[ALPHA] + prior[BETA]);
  (void)likelihood;
  return th_distribution_of(cx, &th_family_bernoulli, &p, out);
}

static bool predict_binomial(ThContext *cx, const double *prior, const double *likelihood, ThValue *out) {
  const double p[] = {likelihood[N], prior[ALPHA], prior[BETA]};
  return th_distribution_of(cx, &th_family_beta_binomial, p, out);
}

/* Of x failures and one success, or of x trials the last of which succeeds. */
static void beta_geometric(const double *prior, const double *likelihood, double x, double *posterior) {
  posterior[ALPHA] = prior[ALPHA] + 1;
  posterior[BETA] = prior[BETA] + x - likelihood[1];
}

/* B(α + 1, β + k)/B(α, β) */
static double log_beta_geometric(const double *prior, const double *likelihood, double x) {
  double k = x - likelihood[1], s = prior[ALPHA] + prior[BETA];
  if (k < 0 || floor(k) != k) return -TH_INFINITY;
  return log(prior[ALPHA] / s) + th_special_log_rising(prior[BETA], k) - th_special_log_rising(s + 1, k);
}

static double failures(const double *likelihood, double x) {
  return x - (likelihood[2] == 0 ? 0 : likelihood[SUCCESSES]);
}

static void beta_negative_binomial(const double *prior, const double *likelihood, double x,
                                   double *posterior) {
  posterior[ALPHA] = prior[ALPHA] + likelihood[SUCCESSES];
  posterior[BETA] = prior[BETA] + failures(likelihood, x);
}

/* Γ(r + k)/(Γ(r) k!) B(α + r, β + k)/B(α, β) */
static double log_beta_negative_binomial(const double *prior, const double *likelihood, double x) {
  double k = failures(likelihood, x), r = likelihood[SUCCESSES], s = prior[ALPHA] + prior[BETA];
  if (k < 0 || floor(k) != k) return -TH_INFINITY;
  return th_special_log_rising(r, k) - th_special_lfactorial(k) + th_special_log_rising(prior[ALPHA], r) -
         th_special_log_rising(s, r) + th_special_log_rising(prior[BETA], k) -
         th_special_log_rising(s + r, k);
}

/* --- A rate: Gamma with Poisson, Exponential and Gamma */

static void gamma_poisson(const double *prior, const double *likelihood, double x, double *posterior) {
  (void)likelihood;
  posterior[SHAPE] = prior[SHAPE] + x;
  posterior[RATE] = prior[RATE] + 1;
}

/* A negative binomial mass (Greenwood and Yule 1920). */
static double log_gamma_poisson(const double *prior, const double *likelihood, double x) {
  (void)likelihood;
  const double p[] = {prior[SHAPE], prior[RATE] / (prior[RATE] + 1), 0, 1 / (prior[RATE] + 1)};
  return th_negative_binomial_math.logpdf(x, p);
}

static bool predict_poisson(ThContext *cx, const double *prior, const double *likelihood, ThValue *out) {
  const double p[] = {prior[SHAPE], prior[RATE] / (prior[RATE] + 1), 0, 1 / (prior[RATE] + 1)};
  (void)likelihood;
  return th_distribution_of(cx, &th_family_negative_binomial, p, out);
}

static void gamma_exponential(const double *prior, const double *likelihood, double x, double *posterior) {
  (void)likelihood;
  posterior[SHAPE] = prior[SHAPE] + 1;
  posterior[RATE] = prior[RATE] + x;
}

/* a b^a/(b + x)^(a+1) */
double th_conjugate_log_lomax(const double *prior, const double *likelihood, double x) {
  (void)likelihood;
  if (x < 0) return -TH_INFINITY;
  return log(prior[SHAPE] / (prior[RATE] + x)) - prior[SHAPE] * log1p(x / prior[RATE]);
}

static void gamma_gamma(const double *prior, const double *likelihood, double x, double *posterior) {
  posterior[SHAPE] = prior[SHAPE] + likelihood[SHAPE];
  posterior[RATE] = prior[RATE] + x;
}

/* x^(k-1)/B(a, k) b^a/(b + x)^(a+k) for a likelihood of shape k */
double th_conjugate_log_beta_prime(const double *prior, const double *likelihood, double x) {
  double k = likelihood[SHAPE];
  if (!(x > 0)) return -TH_INFINITY;
  return (k - 1) * log(x) - k * log(prior[RATE] + x) - th_special_lbeta(prior[SHAPE], k) -
         prior[SHAPE] * log1p(x / prior[RATE]);
}

/* Lomax's distribution: a Pareto one that begins at 0. */
bool th_conjugate_lomax(ThContext *cx, const double *prior, const double *likelihood, ThValue *out) {
  const double p[] = {prior[RATE], prior[SHAPE]};
  ThValue pareto;
  (void)likelihood;
  if (!th_distribution_of(cx, &th_family_pareto, p, &pareto)) return false;
  bool ok = th_distribution_affine(cx, pareto, 1, -prior[RATE], out);
  th_release(pareto);
  return ok;
}

/* A quotient of gammas, b k/a F(2k, 2a). */
bool th_conjugate_beta_prime(ThContext *cx, const double *prior, const double *likelihood, ThValue *out) {
  const double p[] = {2 * likelihood[SHAPE], 2 * prior[SHAPE]};
  ThValue f;
  if (!th_distribution_of(cx, &th_family_fdist, p, &f)) return false;
  bool ok = th_distribution_affine(cx, f, prior[RATE] * likelihood[SHAPE] / prior[SHAPE], 0, out);
  th_release(f);
  return ok;
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

static bool predict_normal(ThContext *cx, const double *prior, const double *likelihood, ThValue *out) {
  double p[] = {prior[MU], hypot(prior[SIGMA], likelihood[SIGMA])};
  return th_distribution_of(cx, &th_family_normal, p, out);
}

#define PAIR(a, b, at, how, evidence, words, next)                                         \
  {                                                                                        \
    .prior = &th_family_##a, .likelihood = &th_family_##b, .parameter = at, .update = how, \
    .log_predictive = evidence, .rule = words, .predictive = next                          \
  }

static const ThConjugate pairs[] = {
    PAIR(beta, bernoulli, 0, beta_bernoulli, log_beta_bernoulli, "α + x, β + 1 - x", predict_bernoulli),
    PAIR(beta, binomial, PROBABILITY, beta_binomial, log_beta_binomial, "α + x, β + n - x", predict_binomial),
    PAIR(beta, geometric, 0, beta_geometric, log_beta_geometric, "α + 1, β + failures", NULL),
    PAIR(beta, negative_binomial, PROBABILITY, beta_negative_binomial, log_beta_negative_binomial,
         "α + r, β + failures", NULL),
    PAIR(gamma, poisson, 0, gamma_poisson, log_gamma_poisson, "shape + x, rate + 1", predict_poisson),
    PAIR(gamma, exponential, 0, gamma_exponential, th_conjugate_log_lomax, "shape + 1, rate + x",
         th_conjugate_lomax),
    PAIR(gamma, gamma, RATE, gamma_gamma, th_conjugate_log_beta_prime, "shape + k, rate + x",
         th_conjugate_beta_prime),
    PAIR(normal, normal, MU, normal_normal, log_normal_normal,
         "precision 1/σ² + 1/s², mean (μ/σ² + x/s²)/precision", predict_normal),
};
enum { N_PAIRS = sizeof pairs / sizeof *pairs };

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

const ThConjugate *th_conjugate_at(size_t i) {
  if (i < N_PAIRS) return &pairs[i];
  const ThConjugate *row = &th_conjugate_scales[i - N_PAIRS];
  return row->prior ? row : NULL;
}

const ThConjugate *th_conjugate_find(const ThFamily *prior, const ThFamily *likelihood, int parameter) {
  const ThConjugate *pair;
  for (size_t i = 0; (pair = th_conjugate_at(i)); i++)
    if (pair->prior == prior && pair->likelihood == likelihood && pair->parameter == parameter) return pair;
  return NULL;
}

/* Is the name one of the words? */
static bool is_among(const char *words, const char *name, size_t length) {
  for (const char *at = words; at && *at; at += strcspn(at, " "), at += *at == ' ')
    if (strcspn(at, " ") == length && memcmp(at, name, length) == 0) return true;
  return false;
}

const ThConjugate *th_conjugate_find_named(const ThFamily *prior, const ThFamily *likelihood,
                                           const char *name, size_t length) {
  const ThConjugate *pair;
  for (size_t i = 0; (pair = th_conjugate_at(i)); i++)
    if (pair->prior == prior && pair->likelihood == likelihood && is_among(pair->argument, name, length))
      return pair;
  return NULL;
}
