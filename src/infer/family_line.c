/* family_line.c - maxima of likelihoods: families on the whole line */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/family_rows.h"
#include "num/special.h"

static const double PI = 3.14159265358979323846;

static double mean(ThFamilyTask *t) { return th_sample_mean(t->s, th_sample_x, 0); }
static double spread(ThFamilyTask *t, double center) {
  return sqrt(th_sample_mean(t->s, th_sample_square, center));
}
static double quantile(const ThFamilyTask *t, double q) { return th_sample_quantile(t->s, q); }
/* Half the distance of the quartiles, or where that is 0 of the ends. */
static double half_width(const ThFamilyTask *t) {
  double width = 0.5 * (quantile(t, 0.75) - quantile(t, 0.25));
  return width > 0 ? width : 0.5 * (t->s->high - t->s->low) + 1e-3 * (1 + fabs(t->s->low));
}

/* --- Location and scale */

static bool solve_normal(ThFamilyTask *t) {
  if (!t->held[0]) t->p[0] = mean(t);
  if (!t->held[1]) t->p[1] = spread(t, t->p[0]);
  return true;
}

static bool solve_laplace(ThFamilyTask *t) {
  if (!t->held[0]) t->p[0] = quantile(t, 0.5);
  if (!t->held[1]) t->p[1] = th_sample_mean(t->s, th_sample_distance, t->p[0]);
  return true;
}

static void start_logistic(ThFamilyTask *t) {
  double *p = th_family_start(t);
  p[0] = mean(t);
  p[1] = spread(t, p[0]) * sqrt(3) / PI;
}

static void start_gumbel(ThFamilyTask *t) {
  double *p = th_family_start(t);
  p[1] = spread(t, mean(t)) * sqrt(6) / PI;
  p[0] = mean(t) - 0.5772156649015329 * p[1];
}

/* With a held scale there may be a maximum near each datum, or group of data; with both free there is one (Copas,
 * 1975). */
static void start_cauchy(ThFamilyTask *t) {
  size_t n = t->held[1] ? TH_FAMILY_STARTS : 1;
  for (size_t i = 0; i < n; i++) {
    double *p = th_family_start(t);
    p[0] = quantile(t, n == 1 ? 0.5 : ((double)i + 0.5) / (double)n);
    p[1] = half_width(t);
  }
}

/* Half of the data in one place. */
static bool check_cauchy(ThFamilyTask *t) {
  double at = 0, ties = th_sample_ties(t->s, &at);
  if (t->held[1] || 2 * ties < t->s->total * (1 - 1e-12) || (t->held[0] && t->p[0] != at)) return true;
  return th_family_fail(t, "scale", false, "half of the data or more are %.6g", at);
}

/* --- StudentT, Voigt, SkewNormal */

static void start_student(ThFamilyTask *t) {
  static const double degrees[] = {1, 3, 8, 30};
  for (size_t i = 0; i < sizeof degrees / sizeof *degrees; i++) {
    double *p = th_family_start(t);
    p[0] = degrees[i];
    p[1] = t->held[1] ? t->p[1] : quantile(t, 0.5);
    p[2] = 1.4 * half_width(t);
  }
}

/* The slope of the log likelihood in 1/ν at a normal distribution is Σ (z⁴ - 2z² - 1)/4, with z of its maximum: down
 * where the kurtosis is at most 3. */
static bool explain_student(ThFamilyTask *t) {
  double center = t->held[1] ? t->p[1] : mean(t), sd = t->held[2] ? t->p[2] : spread(t, center), sum = 0;
  for (size_t i = 0; i < t->s->n; i++) {
    double z = (t->s->x[i] - center) / sd;
    sum += t->s->w[i] * (z * z * z * z - 2 * z * z - 1);
  }
  if (t->held[0] || sum > 0) return true;
  th_family_fail(t, "ν", true, "the tails of the data are no heavier than those of a normal distribution");
  return th_hint(t->s->cx, "mle(Normal, %s)", t->s->name->spelling);
}

static void start_voigt(ThFamilyTask *t) {
  static const double shares[][2] = {{0.9, 0.3}, {0.4, 0.8}, {0.1, 1}, {1.3, 0.05}};
  for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
    double *p = th_family_start(t);
    p[0] = quantile(t, 0.5);
    p[1] = shares[i][0] * half_width(t);
    p[2] = shares[i][1] * half_width(t);
  }
}

static double skewness(ThFamilyTask *t, double center, double sd) {
  double sum = 0;
  for (size_t i = 0; i < t->s->n; i++) sum += t->s->w[i] * pow((t->s->x[i] - center) / sd, 3);
  return sum / t->s->total;
}

/* Moments (Azzalini, 1985): |skewness| = (4 - π)/2 (b δ)³/(1 - b²δ²)^(3/2), b² = 2/π, at this and at steeper slants. */
static void start_skew_normal(ThFamilyTask *t) {
  static const double slants[] = {1, 3, 10};
  double m = mean(t), sd = spread(t, m), skew = skewness(t, m, sd), b = sqrt(2 / PI);
  double r = cbrt(2 * fmin(fabs(skew), 0.99) / (4 - PI));
  double fitted = fmin(r / (b * sqrt(1 + r * r)), 0.99);
  double first = fitted / sqrt(1 - fitted * fitted), sign = skew < 0 ? -1 : 1;
  for (size_t i = 0; i < 2 + sizeof slants / sizeof *slants; i++) {
    double *p = th_family_start(t);
    p[2] = i == 0 ? sign * fmax(first, 0.1) : i == 4 ? -sign : sign * slants[i - 1];
    double delta = p[2] / sqrt(1 + p[2] * p[2]);
    p[1] = sd / sqrt(1 - b * b * delta * delta);
    p[0] = m - b * delta * p[1];
  }
}

static bool explain_skew_normal(ThFamilyTask *t) {
  if (t->held[2]) return true;
  double m = mean(t);
  bool right = skewness(t, m, spread(t, m)) >= 0;
  return th_family_fail(t, right ? "α" : "-α", true,
                        "the data fall off on one side only, as those of a HalfNormal %s %.6g do",
                        right ? "from" : "down from", right ? t->s->low : t->s->high);
}

/* --- Levy */

/* 1/c is the mean of 1/(x - μ). */
static bool solve_levy(ThFamilyTask *t) {
  if (!t->held[0]) return false;
  t->p[1] = 1 / th_sample_mean(t->s, th_sample_reciprocal, t->p[0]);
  return true;
}

static void start_levy(ThFamilyTask *t) {
  static const double gaps[] = {0.3, 0.05, 1.5};
  for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
    double *p = th_family_start(t);
    p[0] = t->s->low - gaps[i] * fmax(quantile(t, 0.5) - t->s->low, 1e-3 * (t->s->high - t->s->low));
    p[1] = 1 / th_sample_mean(t->s, th_sample_reciprocal, p[0]);
  }
}

/* Near the least of n data, of which m are it, the density rises as (x - μ)^((n - 3m)/2). */
static bool check_levy(ThFamilyTask *t) {
  double least = 0;
  if (t->held[0] && t->s->low <= t->p[0])
    return th_fail(t->s->cx, TH_ERROR_VALUE,
                   "`%s` has %.6g, but Levy gives numbers above `μ`, which is held at %.6g",
                   t->s->name->spelling, t->s->low, t->p[0]);
  for (size_t i = 0; i < t->s->n && t->s->x[i] == t->s->low; i++) least += t->s->w[i];
  if (t->held[0] || t->held[1] || t->s->total > 3 * least) return true;
  th_family_fail(t, "c", false, "a third of the data or more are the least one, %.6g", t->s->low);
  return th_hint(t->s->cx, "hold where the distribution begins: mle(Levy, %s, fix = (μ = 0))",
                 t->s->name->spelling);
}

const ThFamilyRow th_family_rows_line[] = {
    {.family = &th_family_normal, .collapses = 2, .solve = solve_normal},
    {.family = &th_family_laplace, .sorted = true, .collapses = 2, .kinked = true, .solve = solve_laplace},
    {.family = &th_family_logistic, .collapses = 2, .start = start_logistic},
    {.family = &th_family_gumbel, .collapses = 2, .start = start_gumbel},
    {.family = &th_family_cauchy,
     .sorted = true,
     .collapses = 2,
     .check = check_cauchy,
     .start = start_cauchy},
    {.family = &th_family_student_t,
     .sorted = true,
     .collapses = 3,
     .start = start_student,
     .explain = explain_student},
    {.family = &th_family_voigt, .sorted = true, .collapses = 2, .start = start_voigt},
    {.family = &th_family_skew_normal,
     .collapses = 2,
     .start = start_skew_normal,
     .explain = explain_skew_normal},
    {.family = &th_family_levy,
     .sorted = true,
     .collapses = 2,
     .check = check_levy,
     .solve = solve_levy,
     .start = start_levy},
    {0},
};
