/* trace_laws_positive.c - formulas as nodes: families of positive numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/real.h"
#include "prob/trace_law.h"
#include "prob/trace_short.h"

#define FORMULA(name) static ThNodeId name(ThGraph *g, ThNodeId x, const ThNodeId *p)
#define SUMMARY(name) static ThNodeId name(ThGraph *g, const ThNodeId *p)
#define DIVERGENCE(name) static ThNodeId name(ThGraph *g, const ThNodeId *p, const ThNodeId *q)

/* Of one scale: x/p[0], c p[0], c p[0]², log p[0] + c */
FORMULA(scaled) { return DIV(x, p[0]); }
static ThNodeId scaled_square(ThGraph *g, const ThNodeId *p, double c) { return SCALE(c, SQUARE(p[0])); }
static ThNodeId log_scale(ThGraph *g, const ThNodeId *p, double c) { return SHIFT(LOG(p[0]), c); }

/* --- Exponential, Gamma, Chi2, InvGamma */

FORMULA(rated) { return MUL(x, p[0]); }
FORMULA(exponential) { return SUB(LOG(p[0]), rated(g, x, p)); }
SUMMARY(exponential_mean) { return th_power_to(g, p[0], -1); }
SUMMARY(exponential_variance) { return th_power_to(g, SQUARE(p[0]), -1); }
SUMMARY(exponential_entropy) { return ONE_MINUS(LOG(p[0])); }
/* r - 1 - log r, r = rate'/rate */
DIVERGENCE(exponential_kl) {
  ThNodeId ratio = DIV(q[0], p[0]);
  return SUB(SHIFT(ratio, -1), LOG(ratio));
}

enum { SHAPE, RATE };
FORMULA(gamma_rated) { return MUL(x, p[RATE]); }
FORMULA(gamma_density) {
  ThNodeId front = SUB(MUL(p[SHAPE], LOG(p[RATE])), LOG_GAMMA(p[SHAPE]));
  return SUB(ADD(front, MUL(SHIFT(p[SHAPE], -1), LOG(x))), gamma_rated(g, x, p));
}
SUMMARY(gamma_mean) { return DIV(p[SHAPE], p[RATE]); }
SUMMARY(gamma_variance) { return DIV(p[SHAPE], SQUARE(p[RATE])); }
SUMMARY(gamma_mode) { return DIV(SHIFT(p[SHAPE], -1), p[RATE]); }
SUMMARY(gamma_entropy) {
  ThNodeId size = ADD(SUB(p[SHAPE], LOG(p[RATE])), LOG_GAMMA(p[SHAPE]));
  return ADD(size, MUL(ONE_MINUS(p[SHAPE]), DIGAMMA(p[SHAPE])));
}
/* (a - a') ψ(a) - log Γ(a) + log Γ(a') + a' log(b/b') + a (b' - b)/b */
DIVERGENCE(gamma_kl) {
  ThNodeId front = SUB(LOG_GAMMA(q[SHAPE]), LOG_GAMMA(p[SHAPE]));
  ThNodeId moved = MUL(SUB(p[SHAPE], q[SHAPE]), DIGAMMA(p[SHAPE]));
  ThNodeId rates = ADD(MUL(q[SHAPE], LOG(DIV(p[RATE], q[RATE]))),
                       MUL(p[SHAPE], DIV(SUB(q[RATE], p[RATE]), p[RATE])));
  return ADD(ADD(front, moved), rates);
}

FORMULA(chi2) {
  ThNodeId half = SCALE(0.5, p[0]);
  ThNodeId front = NEG(ADD(SCALE(TH_LOG_2, half), LOG_GAMMA(half)));
  return SUB(ADD(front, MUL(SHIFT(half, -1), LOG(x))), SCALE(0.5, x));
}
FORMULA(itself) {
  (void)g, (void)p;
  return x;
}
SUMMARY(chi2_mean) {
  (void)g;
  return p[0];
}
SUMMARY(chi2_variance) { return SCALE(2, p[0]); }
SUMMARY(chi2_mode) { return SHIFT(p[0], -2); }
SUMMARY(chi2_entropy) {
  ThNodeId half = SCALE(0.5, p[0]);
  return SHIFT(ADD(ADD(half, LOG_GAMMA(half)), MUL(ONE_MINUS(half), DIGAMMA(half))), TH_LOG_2);
}

enum { INVERSE_SHAPE, INVERSE_SCALE };
FORMULA(inverse_scaled) { return DIV(p[INVERSE_SCALE], x); }
FORMULA(inverse_gamma) {
  ThNodeId a = p[INVERSE_SHAPE], front = SUB(MUL(a, LOG(p[INVERSE_SCALE])), LOG_GAMMA(a));
  return SUB(SUB(front, MUL(SHIFT(a, 1), LOG(x))), inverse_scaled(g, x, p));
}
SUMMARY(inverse_gamma_mean) { return DIV(p[1], SHIFT(p[0], -1)); }
SUMMARY(inverse_gamma_variance) { return DIV(SQUARE(inverse_gamma_mean(g, p)), SHIFT(p[0], -2)); }
SUMMARY(inverse_gamma_mode) { return DIV(p[1], SHIFT(p[0], 1)); }
SUMMARY(inverse_gamma_entropy) {
  ThNodeId size = ADD(ADD(p[0], LOG(p[1])), LOG_GAMMA(p[0]));
  return SUB(size, MUL(SHIFT(p[0], 1), DIGAMMA(p[0])));
}

/* --- FDist */

FORMULA(f_density) {
  ThNodeId a = SCALE(0.5, p[0]), b = SCALE(0.5, p[1]), odds = DIV(MUL(p[0], x), p[1]);
  ThNodeId front = SUB(MUL(a, LOG(DIV(p[0], p[1]))), LOG_BETA(a, b));
  return SUB(ADD(front, MUL(SHIFT(a, -1), LOG(x))), MUL(ADD(a, b), LOG1P(odds)));
}
SUMMARY(f_mean) { return DIV(p[1], SHIFT(p[1], -2)); }
SUMMARY(f_variance) {
  ThNodeId less = SHIFT(p[1], -2);
  ThNodeId above = SCALE(2, MUL(SQUARE(p[1]), SHIFT(ADD(p[0], p[1]), -2)));
  return DIV(above, MUL(MUL(p[0], SQUARE(less)), SHIFT(p[1], -4)));
}

/* --- Weibull, LogNormal, Pareto: functions of log x */

enum { WEIBULL_SHAPE, WEIBULL_SCALE };
FORMULA(weibull_standard) { return MUL(p[WEIBULL_SHAPE], LOG(DIV(x, p[WEIBULL_SCALE]))); }
FORMULA(weibull) {
  ThNodeId u = weibull_standard(g, x, p);
  return SUB(SUB(ADD(LOG(p[WEIBULL_SHAPE]), u), LOG(x)), EXP(u));
}
/* Γ(1 + n/k) */
static ThNodeId weibull_factor(ThGraph *g, const ThNodeId *p, double n) {
  return EXP(LOG_GAMMA(SHIFT(SCALE(n, th_power_to(g, p[WEIBULL_SHAPE], -1)), 1)));
}
SUMMARY(weibull_mean) { return MUL(p[WEIBULL_SCALE], weibull_factor(g, p, 1)); }
SUMMARY(weibull_variance) {
  ThNodeId rest = SUB(weibull_factor(g, p, 2), SQUARE(weibull_factor(g, p, 1)));
  return MUL(SQUARE(p[WEIBULL_SCALE]), rest);
}
SUMMARY(weibull_entropy) {
  ThNodeId part = SCALE(TH_EULER, ONE_MINUS(th_power_to(g, p[WEIBULL_SHAPE], -1)));
  return SHIFT(ADD(part, LOG(DIV(p[WEIBULL_SCALE], p[WEIBULL_SHAPE]))), 1);
}

FORMULA(lognormal_standard) { return DIV(SUB(LOG(x), p[0]), p[1]); }
FORMULA(lognormal) {
  ThNodeId front = NEG(SHIFT(LOG(p[1]), 0.5 * log(2 * TH_PI)));
  return SUB(ADD(front, SCALE(-0.5, SQUARE(lognormal_standard(g, x, p)))), LOG(x));
}
SUMMARY(lognormal_mean) { return EXP(ADD(p[0], SCALE(0.5, SQUARE(p[1])))); }
SUMMARY(lognormal_variance) {
  ThNodeId square = SQUARE(p[1]);
  return MUL(EXPM1(square), EXP(ADD(SCALE(2, p[0]), square)));
}
SUMMARY(lognormal_mode) { return EXP(SUB(p[0], SQUARE(p[1]))); }
SUMMARY(lognormal_entropy) { return ADD(p[0], SHIFT(LOG(p[1]), 0.5 * log(2 * TH_PI) + 0.5)); }

enum { MINIMUM, PARETO_SHAPE };
FORMULA(pareto_standard) { return MUL(p[PARETO_SHAPE], LOG(DIV(x, p[MINIMUM]))); }
FORMULA(pareto) { return SUB(SUB(LOG(p[PARETO_SHAPE]), pareto_standard(g, x, p)), LOG(x)); }
SUMMARY(pareto_mean) { return DIV(MUL(p[0], p[1]), SHIFT(p[1], -1)); }
SUMMARY(pareto_variance) {
  ThNodeId less = SHIFT(p[1], -1);
  return DIV(MUL(SQUARE(p[0]), p[1]), MUL(SQUARE(less), SHIFT(p[1], -2)));
}
SUMMARY(pareto_mode) {
  (void)g;
  return p[0];
}
SUMMARY(pareto_entropy) { return SHIFT(ADD(LOG(DIV(p[0], p[1])), th_power_to(g, p[1], -1)), 1); }

/* --- Halves of symmetric families; Rayleigh, Maxwell, Levy */

FORMULA(half_normal) {
  return SUB(SCALE(-0.5, SQUARE(scaled(g, x, p))), log_scale(g, p, 0.5 * log(TH_PI / 2)));
}
SUMMARY(half_normal_mean) { return SCALE(sqrt(2 / TH_PI), p[0]); }
SUMMARY(half_normal_variance) { return scaled_square(g, p, 1 - 2 / TH_PI); }
SUMMARY(half_normal_entropy) { return log_scale(g, p, 0.5 * log(TH_PI / 2) + 0.5); }

FORMULA(half_cauchy) { return NEG(ADD(LOG1P(SQUARE(scaled(g, x, p))), log_scale(g, p, log(TH_PI / 2)))); }
SUMMARY(half_cauchy_entropy) { return log_scale(g, p, log(2 * TH_PI)); }

/* 2Γ((ν + 1)/2)/(Γ(ν/2) √(νπ) σ) (1 + z²/ν)^(-(ν + 1)/2) */
enum { NU, SIGMA };
FORMULA(half_student_standard) { return DIV(x, p[SIGMA]); }
FORMULA(half_student) {
  ThNodeId z = half_student_standard(g, x, p), upper = SCALE(0.5, SHIFT(p[NU], 1));
  ThNodeId front = SHIFT(th_trace_student_front(g, p[NU]), TH_LOG_2 - 0.5 * log(2 * TH_PI));
  front = SUB(front, LOG(p[SIGMA]));
  return SUB(front, MUL(upper, LOG1P(DIV(SQUARE(z), p[NU]))));
}
/* 2σ √(ν/π) Γ((ν + 1)/2)/(Γ(ν/2) (ν - 1)) */
SUMMARY(half_student_mean) {
  ThNodeId half = SCALE(0.5, p[NU]);
  ThNodeId ratio = EXP(SUB(LOG_GAMMA(SHIFT(half, 0.5)), LOG_GAMMA(half)));
  ThNodeId size = MUL(SCALE(2 / sqrt(TH_PI), p[SIGMA]), SQRT(p[NU]));
  return DIV(MUL(size, ratio), SHIFT(p[NU], -1));
}
SUMMARY(half_student_variance) {
  ThNodeId second = MUL(SQUARE(p[SIGMA]), DIV(p[NU], SHIFT(p[NU], -2)));
  return SUB(second, SQUARE(half_student_mean(g, p)));
}

FORMULA(rayleigh) { return SUB(SUB(LOG(x), SCALE(2, LOG(p[0]))), SCALE(0.5, SQUARE(scaled(g, x, p)))); }
SUMMARY(rayleigh_mean) { return SCALE(sqrt(TH_PI / 2), p[0]); }
SUMMARY(rayleigh_variance) { return scaled_square(g, p, 2 - TH_PI / 2); }
SUMMARY(rayleigh_mode) {
  (void)g;
  return p[0];
}
SUMMARY(rayleigh_entropy) { return log_scale(g, p, 1 - 0.5 * TH_LOG_2 + 0.5 * TH_EULER); }

FORMULA(maxwell) {
  ThNodeId front = SUB(SCALE(2, LOG(x)), SCALE(3, LOG(p[0])));
  return SUB(SHIFT(front, 0.5 * log(2 / TH_PI)), SCALE(0.5, SQUARE(scaled(g, x, p))));
}
SUMMARY(maxwell_mean) { return SCALE(2 * sqrt(2 / TH_PI), p[0]); }
SUMMARY(maxwell_variance) { return scaled_square(g, p, 3 - 8 / TH_PI); }
SUMMARY(maxwell_mode) { return SCALE(sqrt(2), p[0]); }
SUMMARY(maxwell_entropy) { return log_scale(g, p, 0.5 * log(2 * TH_PI) + TH_EULER - 0.5); }

enum { MU, C };
FORMULA(levy_standard) { return DIV(SUB(x, p[MU]), p[C]); }
FORMULA(levy) {
  ThNodeId beyond = SUB(x, p[MU]), front = SHIFT(SCALE(0.5, LOG(p[C])), -0.5 * log(2 * TH_PI));
  return SUB(SUB(front, SCALE(1.5, LOG(beyond))), SCALE(0.5, DIV(p[C], beyond)));
}
SUMMARY(levy_mode) { return ADD(p[MU], SCALE(1.0 / 3, p[C])); }
SUMMARY(levy_entropy) { return SHIFT(LOG(p[C]), 0.5 * (1 + 3 * TH_EULER + log(16 * TH_PI))); }

/* clang-format off */
const ThTraceLaw th_trace_laws_positive[] = {
    {.family = &th_family_exponential, .log_density = exponential, .reach = TH_REACH_NON_NEGATIVE, .standard = rated,
     .mean = exponential_mean, .variance = exponential_variance, .entropy = exponential_entropy, .kl = exponential_kl},
    {.family = &th_family_gamma, .log_density = gamma_density, .reach = TH_REACH_POSITIVE, .standard = gamma_rated,
     .shapes = 1u << SHAPE, .mean = gamma_mean, .variance = gamma_variance, .mode = gamma_mode,
     .entropy = gamma_entropy, .kl = gamma_kl},
    {.family = &th_family_chi2, .log_density = chi2, .standard = itself, .shapes = 1u,
     .mean = chi2_mean, .variance = chi2_variance, .mode = chi2_mode, .entropy = chi2_entropy},
    {.family = &th_family_inv_gamma, .log_density = inverse_gamma, .standard = inverse_scaled,
     .shapes = 1u << INVERSE_SHAPE, .mean = inverse_gamma_mean, .variance = inverse_gamma_variance,
     .mode = inverse_gamma_mode, .entropy = inverse_gamma_entropy},
    {.family = &th_family_fdist, .log_density = f_density, .standard = itself, .shapes = 3u,
     .mean = f_mean, .variance = f_variance},
    {.family = &th_family_weibull, .log_density = weibull, .reach = TH_REACH_POSITIVE, .standard = weibull_standard,
     .mean = weibull_mean, .variance = weibull_variance, .entropy = weibull_entropy},
    {.family = &th_family_lognormal, .log_density = lognormal, .reach = TH_REACH_POSITIVE,
     .standard = lognormal_standard, .mean = lognormal_mean, .variance = lognormal_variance,
     .mode = lognormal_mode,
     .entropy = lognormal_entropy},
    {.family = &th_family_pareto, .log_density = pareto, .standard = pareto_standard,
     .mean = pareto_mean, .variance = pareto_variance, .mode = pareto_mode, .entropy = pareto_entropy},
    {.family = &th_family_half_normal, .log_density = half_normal, .reach = TH_REACH_NON_NEGATIVE, .standard = scaled,
     .mean = half_normal_mean, .variance = half_normal_variance, .entropy = half_normal_entropy},
    {.family = &th_family_half_cauchy, .log_density = half_cauchy, .reach = TH_REACH_NON_NEGATIVE, .standard = scaled,
     .entropy = half_cauchy_entropy},
    {.family = &th_family_half_student_t, .log_density = half_student, .reach = TH_REACH_NON_NEGATIVE,
     .standard = half_student_standard, .shapes = 1u << NU, .mean = half_student_mean,
     .variance = half_student_variance},
    {.family = &th_family_rayleigh, .log_density = rayleigh, .reach = TH_REACH_POSITIVE, .standard = scaled,
     .mean = rayleigh_mean, .variance = rayleigh_variance, .mode = rayleigh_mode, .entropy = rayleigh_entropy},
    {.family = &th_family_maxwell, .log_density = maxwell, .reach = TH_REACH_POSITIVE, .standard = scaled,
     .mean = maxwell_mean, .variance = maxwell_variance, .mode = maxwell_mode, .entropy = maxwell_entropy},
    {.family = &th_family_levy, .log_density = levy, .standard = levy_standard,
     .mode = levy_mode, .entropy = levy_entropy},
    {0},
};
/* clang-format on */
