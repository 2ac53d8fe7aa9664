/* trace_laws_line.c - formulas as nodes: families on the line, on intervals, on the circle */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/real.h"
#include "prob/trace_law.h"
#include "prob/trace_short.h"

#define FORMULA(name) static ThNodeId name(ThGraph *g, ThNodeId x, const ThNodeId *p)
#define SUMMARY(name) static ThNodeId name(ThGraph *g, const ThNodeId *p)
#define DIVERGENCE(name) static ThNodeId name(ThGraph *g, const ThNodeId *p, const ThNodeId *q)
static const double half_log_2pi = 0.9189385332046727417803297;

/* (x - p[0])/p[1]: of a location and a scale */
FORMULA(standardised) { return DIV(SUB(x, p[0]), p[1]); }
SUMMARY(location) {
  (void)g;
  return p[0];
}
/* log p[1] + c */
static ThNodeId log_scale(ThGraph *g, const ThNodeId *p, double c) { return SHIFT(LOG(p[1]), c); }
/* c p[1]² */
static ThNodeId scaled_square(ThGraph *g, const ThNodeId *p, double c) { return SCALE(c, SQUARE(p[1])); }

/* --- Normal */

FORMULA(normal) {
  ThNodeId front = NEG(log_scale(g, p, half_log_2pi));
  return ADD(front, SCALE(-0.5, SQUARE(standardised(g, x, p))));
}
SUMMARY(normal_variance) { return scaled_square(g, p, 1); }
SUMMARY(normal_entropy) { return log_scale(g, p, half_log_2pi + 0.5); }
/* (r² - 1 - log r²)/2 + ((μ - μ')/σ')²/2, r = σ/σ' */
DIVERGENCE(normal_kl) {
  ThNodeId ratio = DIV(p[1], q[1]), apart = DIV(SUB(p[0], q[0]), q[1]);
  ThNodeId spread = SUB(SCALE(0.5, SHIFT(SQUARE(ratio), -1)), LOG(ratio));
  return ADD(spread, SCALE(0.5, SQUARE(apart)));
}

/* --- Cauchy, Laplace, Logistic, Gumbel */

FORMULA(cauchy) { return SUB(NEG(log_scale(g, p, log(TH_PI))), LOG1P(SQUARE(standardised(g, x, p)))); }
SUMMARY(cauchy_entropy) { return log_scale(g, p, log(4 * TH_PI)); }

FORMULA(laplace) { return SUB(NEG(log_scale(g, p, TH_LOG_2)), ABS(standardised(g, x, p))); }
SUMMARY(laplace_variance) { return scaled_square(g, p, 2); }
SUMMARY(laplace_entropy) { return log_scale(g, p, 1 + TH_LOG_2); }
/* log(b'/b) + d/b' + (b/b') e^(-d/b) - 1, d = |a - a'| */
DIVERGENCE(laplace_kl) {
  ThNodeId apart = ABS(SUB(p[0], q[0])), ratio = DIV(p[1], q[1]);
  ThNodeId near = MUL(ratio, EXP(NEG(DIV(apart, p[1]))));
  return SHIFT(ADD(SUB(DIV(apart, q[1]), LOG(ratio)), near), -1);
}

FORMULA(logistic) {
  ThNodeId z = standardised(g, x, p);
  return SUB(NEG(ADD(z, LOG(p[1]))), SCALE(2, SOFTPLUS(NEG(z))));
}
SUMMARY(logistic_variance) { return scaled_square(g, p, TH_PI * TH_PI / 3); }
SUMMARY(logistic_entropy) { return log_scale(g, p, 2); }

FORMULA(gumbel) {
  ThNodeId z = standardised(g, x, p);
  return SUB(NEG(ADD(z, LOG(p[1]))), EXP(NEG(z)));
}
SUMMARY(gumbel_mean) { return ADD(p[0], SCALE(TH_EULER, p[1])); }
SUMMARY(gumbel_variance) { return scaled_square(g, p, TH_PI * TH_PI / 6); }
SUMMARY(gumbel_entropy) { return log_scale(g, p, 1 + TH_EULER); }

/* --- StudentT: ν, μ, σ */

enum { NU, MU, SIGMA };
/* Γ((ν + 1)/2)/(Γ(ν/2) √(νπ)) σ^-1 (1 + z²/ν)^(-(ν + 1)/2) */
FORMULA(student) {
  ThNodeId z = standardised(g, x, p + 1), upper = SCALE(0.5, SHIFT(p[NU], 1));
  ThNodeId front = SUB(SHIFT(th_trace_student_front(g, p[NU]), -half_log_2pi), LOG(p[SIGMA]));
  return SUB(front, MUL(upper, LOG1P(DIV(SQUARE(z), p[NU]))));
}
FORMULA(student_standard) { return standardised(g, x, p + 1); }
SUMMARY(student_mean) {
  (void)g;
  return p[MU];
}
SUMMARY(student_variance) { return MUL(SQUARE(p[SIGMA]), DIV(p[NU], SHIFT(p[NU], -2))); }
SUMMARY(student_entropy) {
  ThNodeId half = SCALE(0.5, p[NU]), upper = SHIFT(half, 0.5);
  ThNodeId tails = MUL(upper, SUB(DIGAMMA(upper), DIGAMMA(half)));
  ThNodeId front = ADD(SCALE(0.5, LOG(p[NU])), LOG_BETA(half, NUMBER(0.5)));
  return ADD(ADD(tails, front), LOG(p[SIGMA]));
}

/* --- SkewNormal: ξ, ω, α. 2φ(z) Φ(αz)/ω */

FORMULA(skew_normal) {
  ThNodeId skew = th_trace_log_normal_cdf(g, MUL(p[2], standardised(g, x, p)));
  return ADD(SHIFT(normal(g, x, p), TH_LOG_2), skew);
}
static ThNodeId skewness_share(ThGraph *g, const ThNodeId *p) {
  return DIV(p[2], SQRT(SHIFT(SQUARE(p[2]), 1)));
}
SUMMARY(skew_normal_mean) { return ADD(p[0], SCALE(sqrt(2 / TH_PI), MUL(p[1], skewness_share(g, p)))); }
SUMMARY(skew_normal_variance) {
  return MUL(SQUARE(p[1]), ONE_MINUS(SCALE(2 / TH_PI, SQUARE(skewness_share(g, p)))));
}

/* --- VonMises: μ, κ */

FORMULA(von_mises) {
  ThNodeId front = SHIFT(th_trace_log_bessel(g, p[1]), log(2 * TH_PI));
  return SUB(MUL(p[1], COS(SUB(x, p[0]))), front);
}
FORMULA(angle) { return SUB(x, p[0]); }
SUMMARY(von_mises_entropy) {
  ThNodeId front = SHIFT(th_trace_log_bessel(g, p[1]), log(2 * TH_PI));
  return SUB(front, MUL(p[1], th_trace_bessel_ratio(g, p[1])));
}

/* --- Voigt: x0, σ, γ. Re w((x - x0 + iγ)/(σ√2))/(σ√(2π)) */

FORMULA(voigt) {
  ThComplex unit = {.object = {.kind = &th_complex_kind, .references = 1}, .value = TH_I};
  ThNodeId i = th_graph_constant(g, th_object(&unit));
  ThNodeId z = DIV(ADD(SUB(x, p[0]), MUL(i, p[2])), SCALE(sqrt(2), p[1]));
  return SUB(LOG(th_graph_unary(g, &th_op_re, th_trace_faddeeva(g, z))), log_scale(g, p, half_log_2pi));
}

/* --- Uniform, LogUniform, Triangular */

FORMULA(uniform) {
  (void)x;
  return NEG(LOG(SUB(p[1], p[0])));
}
FORMULA(uniform_standard) { return DIV(SUB(x, p[0]), SUB(p[1], p[0])); }
SUMMARY(uniform_mean) { return SCALE(0.5, ADD(p[0], p[1])); }
SUMMARY(uniform_variance) { return SCALE(1.0 / 12, SQUARE(SUB(p[1], p[0]))); }
SUMMARY(uniform_entropy) { return LOG(SUB(p[1], p[0])); }

static ThNodeId log_range(ThGraph *g, const ThNodeId *p) { return LOG(DIV(p[1], p[0])); }
FORMULA(log_uniform) { return NEG(ADD(LOG(x), LOG(log_range(g, p)))); }
FORMULA(log_uniform_standard) { return DIV(LOG(DIV(x, p[0])), log_range(g, p)); }
SUMMARY(log_uniform_mean) { return DIV(SUB(p[1], p[0]), log_range(g, p)); }
SUMMARY(log_uniform_variance) {
  ThNodeId second = DIV(SUB(SQUARE(p[1]), SQUARE(p[0])), SCALE(2, log_range(g, p)));
  return SUB(second, SQUARE(log_uniform_mean(g, p)));
}
SUMMARY(log_uniform_entropy) { return ADD(SCALE(0.5, ADD(LOG(p[0]), LOG(p[1]))), LOG(log_range(g, p))); }

enum { A, B, C };
/* 2(x - a)/((b - a)(c - a)) up to the mode c, 2(b - x)/((b - a)(b - c)) beyond */
FORMULA(triangular) {
  ThNodeId rise = LOG(DIV(SUB(x, p[A]), SUB(p[C], p[A])));
  ThNodeId fall = LOG(DIV(SUB(p[B], x), SUB(p[B], p[C])));
  ThNodeId side = th_choose(g, LESS(x, p[C]), rise, fall);
  return ADD(side, SUB(NUMBER(TH_LOG_2), LOG(SUB(p[B], p[A]))));
}
/* The cdf itself. */
FORMULA(triangular_standard) {
  ThNodeId range = SUB(p[B], p[A]);
  ThNodeId rise = DIV(SQUARE(SUB(x, p[A])), MUL(range, SUB(p[C], p[A])));
  ThNodeId fall = DIV(SQUARE(SUB(p[B], x)), MUL(range, SUB(p[B], p[C])));
  return th_choose(g, LESS(x, p[C]), rise, ONE_MINUS(fall));
}
SUMMARY(triangular_mean) { return SCALE(1.0 / 3, ADD(ADD(p[A], p[B]), p[C])); }
SUMMARY(triangular_variance) {
  ThNodeId squares = ADD(ADD(SQUARE(SUB(p[A], p[B])), SQUARE(SUB(p[B], p[C]))), SQUARE(SUB(p[C], p[A])));
  return SCALE(1.0 / 36, squares);
}
SUMMARY(triangular_mode) {
  (void)g;
  return p[C];
}
SUMMARY(triangular_entropy) { return SHIFT(LOG(SCALE(0.5, SUB(p[B], p[A]))), 0.5); }

/* --- Beta */

FORMULA(beta) {
  ThNodeId left = MUL(SHIFT(p[0], -1), LOG(x)), right = MUL(SHIFT(p[1], -1), LOG1P(NEG(x)));
  return SUB(ADD(left, right), LOG_BETA(p[0], p[1]));
}
SUMMARY(beta_mean) { return DIV(p[0], ADD(p[0], p[1])); }
SUMMARY(beta_variance) {
  ThNodeId sum = ADD(p[0], p[1]);
  return DIV(MUL(DIV(p[0], sum), DIV(p[1], sum)), SHIFT(sum, 1));
}
SUMMARY(beta_mode) { return DIV(SHIFT(p[0], -1), SHIFT(ADD(p[0], p[1]), -2)); }
/* (a - 1) ψ(a), which an entropy is made of */
static ThNodeId pull(ThGraph *g, ThNodeId a, double by) { return MUL(SHIFT(a, by), DIGAMMA(a)); }
SUMMARY(beta_entropy) {
  ThNodeId ends = ADD(pull(g, p[0], -1), pull(g, p[1], -1));
  return ADD(SUB(LOG_BETA(p[0], p[1]), ends), pull(g, ADD(p[0], p[1]), -2));
}
/* log B(q) - log B(p) + (a - a') ψ(a) + (b - b') ψ(b) - (a + b - a' - b') ψ(a + b) */
DIVERGENCE(beta_kl) {
  ThNodeId a = SUB(p[0], q[0]), b = SUB(p[1], q[1]);
  ThNodeId front = SUB(LOG_BETA(q[0], q[1]), LOG_BETA(p[0], p[1]));
  ThNodeId moved = ADD(MUL(a, DIGAMMA(p[0])), MUL(b, DIGAMMA(p[1])));
  return SUB(ADD(front, moved), MUL(ADD(a, b), DIGAMMA(ADD(p[0], p[1]))));
}

/* clang-format off */
const ThTraceLaw th_trace_laws_line[] = {
    {.family = &th_family_normal, .log_density = normal, .reach = TH_REACH_LINE, .standard = standardised,
     .mean = location, .variance = normal_variance, .mode = location, .entropy = normal_entropy, .kl = normal_kl},
    {.family = &th_family_cauchy, .log_density = cauchy, .reach = TH_REACH_LINE, .standard = standardised,
     .mode = location, .entropy = cauchy_entropy},
    {.family = &th_family_laplace, .log_density = laplace, .reach = TH_REACH_LINE, .standard = standardised,
     .mean = location, .variance = laplace_variance, .mode = location, .entropy = laplace_entropy, .kl = laplace_kl},
    {.family = &th_family_logistic, .log_density = logistic, .reach = TH_REACH_LINE, .standard = standardised,
     .mean = location, .variance = logistic_variance, .mode = location, .entropy = logistic_entropy},
    {.family = &th_family_gumbel, .log_density = gumbel, .reach = TH_REACH_LINE, .standard = standardised,
     .mean = gumbel_mean, .variance = gumbel_variance, .mode = location, .entropy = gumbel_entropy},
    {.family = &th_family_student_t, .log_density = student, .reach = TH_REACH_LINE, .standard = student_standard,
     .shapes = 1u << NU, .mean = student_mean, .variance = student_variance, .mode = student_mean,
     .entropy = student_entropy},
    {.family = &th_family_skew_normal, .log_density = skew_normal, .standard = standardised, .shapes = 1u << 2,
     .mean = skew_normal_mean, .variance = skew_normal_variance},
    {.family = &th_family_von_mises, .log_density = von_mises, .standard = angle, .shapes = 1u << 1,
     .mean = location, .mode = location, .entropy = von_mises_entropy},
    {.family = &th_family_voigt, .log_density = voigt, .standard = angle, .shapes = 1u << 1 | 1u << 2,
     .cancels_far_out = true,
     .mode = location},
    {.family = &th_family_uniform, .log_density = uniform, .standard = uniform_standard,
     .mean = uniform_mean, .variance = uniform_variance, .entropy = uniform_entropy},
    {.family = &th_family_log_uniform, .log_density = log_uniform, .standard = log_uniform_standard,
     .mean = log_uniform_mean, .variance = log_uniform_variance, .mode = location, .entropy = log_uniform_entropy},
    {.family = &th_family_triangular, .log_density = triangular, .standard = triangular_standard,
     .mean = triangular_mean, .variance = triangular_variance, .mode = triangular_mode, .entropy = triangular_entropy},
    {.family = &th_family_beta, .log_density = beta, .shapes = 3u,
     .mean = beta_mean, .variance = beta_variance, .mode = beta_mode, .entropy = beta_entropy, .kl = beta_kl},
    {0},
};
/* clang-format on */
