/* glm_family.c - families of generalised linear models, with their canonical links */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/glm.h"
#include "num/density.h"
#include "num/kernels.h"

/* --- Yes or no, once or several times: cumulant log(1 + e^η) */

static void logit_cumulant(size_t m, const double *eta, double *value, double *mean, double *variance) {
  th_kernel_sigmoid(m, eta, mean);
  /* softplus from the mean costs a log: log(1 + e^η) = max(η, 0) - log(max(mean, 1 - mean)) */
  for (size_t i = 0; i < m; i++) value[i] = fmax(mean[i], 1 - mean[i]);
  th_kernel_log(m, value, value);
  for (size_t i = 0; i < m; i++) {
    value[i] = fmax(eta[i], 0) - value[i];
    variance[i] = mean[i] * (1 - mean[i]);
  }
}

static double logit_start(double y, double trials) { return (y + 0.5) / (trials + 1); }
static double logit_link(double mean) { return log(mean) - log1p(-mean); }
static double times_log(double x, double y) { return x > 0 ? x * log(y) : 0; }
static double logit_best(double y, double trials) {
  return times_log(y, y / trials) + times_log(trials - y, 1 - y / trials);
}
static double logit_constant(double y, double trials) {
  return lgamma(trials + 1) - lgamma(y + 1) - lgamma(trials - y + 1);
}

static double binomial_at_most(double y, double eta, double trials) {
  return th_binomial_math.cdf(y, (double[]){trials, 1 / (1 + exp(-eta))});
}

/* --- Counts: cumulant e^η */

static void log_cumulant(size_t m, const double *eta, double *value, double *mean, double *variance) {
  th_kernel_exp(m, eta, mean);
  memcpy(value, mean, m * sizeof *value);
  memcpy(variance, mean, m * sizeof *variance);
}

static double log_start(double y, double trials) {
  (void)trials;
  return y + 0.1;
}
static double log_best(double y, double trials) {
  (void)trials;
  return times_log(y, y) - y;
}
static double log_constant(double y, double trials) {
  (void)trials;
  return -lgamma(y + 1);
}

static double poisson_at_most(double y, double eta, double trials) {
  (void)trials;
  return th_poisson_math.cdf(y, (double[]){exp(eta)});
}

static double none(double y, double trials) {
  (void)y, (void)trials;
  return 0;
}

const ThGlmFamily *th_glm_family(const char *name) {
  static const ThGlmFamily families[] = {
      {"bernoulli", "Bernoulli, logit link", false, false, logit_cumulant, logit_start, logit_link, none,
       none, binomial_at_most},
      {"binomial", "Binomial, logit link", true, false, logit_cumulant, logit_start, logit_link, logit_best,
       logit_constant, binomial_at_most},
      {"poisson", "Poisson, log link", false, false, log_cumulant, log_start, log, log_best, log_constant,
       poisson_at_most},
      {.name = "categorical",
       .title = "Categorical, logits",
       .has_classes = true,
       .best = none,
       .constant = none},
  };
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (strcmp(families[i].name, name) == 0) return &families[i];
  return NULL;
}
