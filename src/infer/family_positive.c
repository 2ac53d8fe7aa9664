/* family_positive.c - maxima of likelihoods: families of positive numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/family_rows.h"

static double mean(ThFamilyTask *t, double (*f)(double x, double a), double a) {
  return th_sample_mean(t->s, f, a);
}

static double plain_mean(ThFamilyTask *t) { return mean(t, th_sample_x, 0); }

static bool solve_exponential(ThFamilyTask *t) {
  t->p[0] = 1 / plain_mean(t);
  return true;
}

/* A scale whose square is the mean square divided by the number of dimensions. */
static bool solve_radius(ThFamilyTask *t, double dimensions) {
  t->p[0] = sqrt(mean(t, th_sample_square, 0) / dimensions);
  return true;
}
static bool solve_half_normal(ThFamilyTask *t) { return solve_radius(t, 1); }
static bool solve_rayleigh(ThFamilyTask *t) { return solve_radius(t, 2); }
static bool solve_maxwell(ThFamilyTask *t) { return solve_radius(t, 3); }

static bool solve_lognormal(ThFamilyTask *t) {
  if (!t->held[0]) t->p[0] = mean(t, th_sample_log, 0);
  if (!t->held[1]) t->p[1] = sqrt(mean(t, th_sample_log_square, t->p[0]));
  return true;
}

static bool check_zeros(ThFamilyTask *t) {
  const ThFamilyParameter *p = &t->family->parameters[0];
  if (t->s->high > 0) return true;
  return th_family_fail(t, p->name, t->family == &th_family_exponential, "all data are 0");
}

/* --- Gamma and InvGamma */

static double log_log_gap(double mean_x, double mean_log) { return log(mean_x) - mean_log; }

/* Minka's first approximation (2002) to ψ(k) - log k = -gap. */
static double gamma_shape(double gap) {
  double g = fmax(gap, 1e-12);
  return (3 - g + sqrt((g - 3) * (g - 3) + 24 * g)) / (12 * g);
}

static bool solve_gamma(ThFamilyTask *t) {
  if (!t->held[0] || t->held[1]) return false;
  t->p[1] = t->p[0] / plain_mean(t);
  return true;
}

static void start_gamma(ThFamilyTask *t) {
  double *p = th_family_start(t), m = plain_mean(t);
  p[0] = t->held[1] ? m * t->p[1] : gamma_shape(log_log_gap(m, mean(t, th_sample_log, 0)));
  p[1] = p[0] / m;
}

static bool solve_inv_gamma(ThFamilyTask *t) {
  if (!t->held[0] || t->held[1]) return false;
  t->p[1] = t->p[0] / mean(t, th_sample_reciprocal, 0);
  return true;
}

static void start_inv_gamma(ThFamilyTask *t) {
  double *p = th_family_start(t), m = mean(t, th_sample_reciprocal, 0);
  p[0] = t->held[1] ? m * t->p[1] : gamma_shape(log_log_gap(m, -mean(t, th_sample_log, 0)));
  p[1] = p[0] / m;
}

/* --- Weibull */

static bool solve_weibull(ThFamilyTask *t) {
  if (!t->held[0] || t->held[1]) return false;
  t->p[1] = pow(mean(t, th_sample_power, t->p[0]), 1 / t->p[0]);
  return true;
}

/* log x is a Gumbel variable upside down, of standard deviation π/(√6 shape). */
static void start_weibull(ThFamilyTask *t) {
  double *p = th_family_start(t), m = mean(t, th_sample_log, 0);
  p[0] = 1.2825 / sqrt(mean(t, th_sample_log_square, m));
  p[1] = exp(m + 0.5772 / p[0]);
}

/* --- HalfCauchy and HalfStudentT */

static bool check_half_cauchy(ThFamilyTask *t) {
  double at = 0, ties = th_sample_ties(t->s, &at);
  if (at != 0 || 2 * ties < t->s->total * (1 - 1e-12)) return true;
  return th_family_fail(t, "σ", false, "half of the data or more are 0");
}

static void start_half_cauchy(ThFamilyTask *t) {
  double *p = th_family_start(t), half = th_sample_quantile(t->s, 0.5);
  p[0] = half > 0 ? half : 0.1 * t->s->high;
}

static void start_half_student(ThFamilyTask *t) {
  static const double degrees[] = {1, 3, 8, 30};
  double half = th_sample_quantile(t->s, 0.5);
  for (size_t i = 0; i < sizeof degrees / sizeof *degrees; i++) {
    double *p = th_family_start(t);
    p[0] = degrees[i];
    p[1] = 1.3 * (half > 0 ? half : 0.1 * t->s->high);
  }
}

/* As for StudentT: Σ (z⁴ - 2z² - 1) with z of the half-normal maximum. */
static bool explain_half_student(ThFamilyTask *t) {
  double sigma = t->held[1] ? t->p[1] : sqrt(mean(t, th_sample_square, 0)), sum = 0;
  for (size_t i = 0; i < t->s->n; i++) {
    double z = t->s->x[i] / sigma;
    sum += t->s->w[i] * (z * z * z * z - 2 * z * z - 1);
  }
  if (t->held[0] || sum > 0) return true;
  th_family_fail(t, "ν", true, "the tail of the data is no heavier than that of a half-normal distribution");
  return th_hint(t->s->cx, "mle(HalfNormal, %s)", t->s->name->spelling);
}

/* --- Chi2 and FDist */

static void start_chi2(ThFamilyTask *t) { th_family_start(t)[0] = plain_mean(t); }

static void start_fdist(ThFamilyTask *t) {
  static const double degrees[][2] = {{2, 5}, {5, 10}, {20, 20}, {1, 1}};
  for (size_t i = 0; i < sizeof degrees / sizeof *degrees; i++) {
    double *p = th_family_start(t);
    p[0] = degrees[i][0];
    p[1] = degrees[i][1];
  }
}

/* --- Pareto */

static double log_over(double x, double a) { return log(x / a); }

static bool check_pareto(ThFamilyTask *t) {
  if (!t->held[0] || t->s->low >= t->p[0]) return true;
  return th_fail(t->s->cx, TH_ERROR_VALUE, "`%s` has %.6g, but Pareto gives numbers from `minimum` on, held at %.6g",
                 t->s->name->spelling, t->s->low, t->p[0]);
}

static bool solve_pareto(ThFamilyTask *t) {
  if (!t->held[0]) t->p[0] = t->s->low;
  if (!t->held[1]) t->p[1] = 1 / mean(t, log_over, t->p[0]);
  return true;
}

const ThFamilyRow th_family_rows_positive[] = {
    {.family = &th_family_exponential, .check = check_zeros, .solve = solve_exponential},
    {.family = &th_family_half_normal, .check = check_zeros, .solve = solve_half_normal},
    {.family = &th_family_rayleigh, .open_low = true, .solve = solve_rayleigh},
    {.family = &th_family_maxwell, .open_low = true, .solve = solve_maxwell},
    {.family = &th_family_lognormal, .open_low = true, .collapses = 2, .solve = solve_lognormal},
    {.family = &th_family_gamma,
     .open_low = true,
     .collapses = 1,
     .grows = true,
     .solve = solve_gamma,
     .start = start_gamma},
    {.family = &th_family_inv_gamma,
     .open_low = true,
     .collapses = 1,
     .grows = true,
     .solve = solve_inv_gamma,
     .start = start_inv_gamma},
    {.family = &th_family_weibull,
     .open_low = true,
     .collapses = 1,
     .grows = true,
     .solve = solve_weibull,
     .start = start_weibull},
    {.family = &th_family_half_cauchy,
     .sorted = true,
     .check = check_half_cauchy,
     .start = start_half_cauchy},
    {.family = &th_family_half_student_t,
     .sorted = true,
     .check = check_zeros,
     .start = start_half_student,
     .explain = explain_half_student},
    {.family = &th_family_chi2, .open_low = true, .start = start_chi2},
    {.family = &th_family_fdist, .open_low = true, .start = start_fdist},
    {.family = &th_family_pareto,
     .open_low = true,
     .collapses = 2,
     .grows = true,
     .edges = 1,
     .edge_words = "is the least datum",
     .check = check_pareto,
     .solve = solve_pareto},
    {0},
};
