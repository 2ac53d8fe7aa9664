/* families_elementary.c - the rows of the continuous families whose functions are elementary */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "num/density_support.h"
#include "num/special.h"
#include "prob/families.h"
#include "val/operations.h"

#define SECTION TH_FAMILY_SECTION
#define POSITIVE TH_DOMAIN_POSITIVE
#define REAL TH_DOMAIN_REAL
#define MEASURES TH_FAMILY_MEASURES

/* --- Location and scale */

#define LOCATION_SCALE                                            \
  {                                                               \
    {"location", REAL, false, 0}, { "scale", POSITIVE, false, 0 } \
  }

static bool symmetric_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0] + shift;
  q[1] = fabs(scale) * p[1];
  return true;
}

/* Of one that leans to a side: its mirror image is of another family. */
static bool positive_affine(const double *p, double scale, double shift, double *q) {
  return symmetric_affine(p, scale, shift, q) && scale > 0;
}

static void half(const double *given, double *set) { set[0] = 0.5 * given[0]; }
static void half_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_scale(g, 0.5, given[0]);
}

static const ThAlternative cauchy_alternatives[] = {{"fwhm", "scale", {POSITIVE}, half, half_node}, {0}};

/* Odd moments have no value, even ones are infinite. */
static double cauchy_moment(const double *p, int n) {
  (void)p;
  return n % 2 ? TH_NAN : TH_INFINITY;
}
static double cauchy_cumulant(const double *p, int n) {
  (void)p, (void)n;
  return TH_NAN;
}

const ThFamily th_family_cauchy = {
    .builtin =
        {{"Cauchy(location = …, scale = …; fwhm = …) -> distribution", th_family_construct, SECTION,
          "the Cauchy (Lorentz) distribution, whose tails are so heavy that it has no mean",
          "density 1/(π scale (1 + z²)), z = (x - location)/scale; by name also fwhm, the full width at half "
          "maximum, which is 2 scale",
          "Cauchy(1.5, 2)\n#> Cauchy(location = 1.5, scale = 2)\n"
          "#>   support (-inf, inf), mean undefined, sd undefined\n"
          "quantile(Cauchy(0, fwhm = 4), 0.75)\n#> 2",
          "HalfCauchy Normal " MEASURES, NULL},
         {0}},
    .name = "Cauchy",
    .n_parameters = 2,
    .parameters = LOCATION_SCALE,
    .alternatives = cauchy_alternatives,
    .math = &th_cauchy_math,
    .affine = symmetric_affine,
    .moment = cauchy_moment,
    .cumulant = cauchy_cumulant,
};

/* log E e^(tX) = μt - log(1 - b²t²) */
static double laplace_cumulant(const double *p, int n) {
  if (n == 1) return p[0];
  return n % 2 ? 0 : 2 * th_special_factorial(n - 1.0) * pow(p[1], n);
}

const ThFamily th_family_laplace = {
    .builtin =
        {{"Laplace(location = …, scale = …) -> distribution", th_family_construct, SECTION,
          "the Laplace (double exponential) distribution: a random sign before an exponential variable",
          "density e^(-|x - location|/scale)/(2 scale)",
          "Laplace(1.5, 2)\n#> Laplace(location = 1.5, scale = 2)   support (-inf, inf), mean 1.5, sd 2.82843\n"
          "cdf(Laplace(0, 1), -1)\n#> 0.18394",
          "Exponential Normal " MEASURES, NULL},
         {0}},
    .name = "Laplace",
    .n_parameters = 2,
    .parameters = LOCATION_SCALE,
    .math = &th_laplace_math,
    .affine = symmetric_affine,
    .cumulant = laplace_cumulant,
};

/* log E e^(tX) = μt + log(πst/sin πst) = μt + Σ ζ(n) (st)^n 2/n over even n */
static double logistic_cumulant(const double *p, int n) {
  if (n == 1) return p[0];
  return n % 2 ? 0 : 2 * th_special_factorial(n - 1.0) * th_special_zeta(n) * pow(p[1], n);
}

const ThFamily th_family_logistic = {
    .builtin = {{"Logistic(location = …, scale = …) -> distribution", th_family_construct, SECTION,
                 "the logistic distribution, whose cumulative probability is the sigmoid",
                 "density e^(-z)/(scale (1 + e^(-z))²), z = (x - location)/scale; the sd is π scale/√3",
                 "Logistic(1.5, 2)\n"
                 "#> Logistic(location = 1.5, scale = 2)   support (-inf, inf), mean 1.5, sd 3.6276\n"
                 "cdf(Logistic(0, 1), 2) - sigmoid(2)\n#> 0",
                 "sigmoid Normal " MEASURES, NULL},
                {0}},
    .name = "Logistic",
    .n_parameters = 2,
    .parameters = LOCATION_SCALE,
    .math = &th_logistic_math,
    .affine = symmetric_affine,
    .cumulant = logistic_cumulant,
};

/* log E e^(tX) = μt + log Γ(1 - βt) = μt + γβt + Σ ζ(n) (βt)^n/n */
static double gumbel_cumulant(const double *p, int n) {
  if (n == 1) return p[0] + TH_EULER * p[1];
  return th_special_factorial(n - 1.0) * th_special_zeta(n) * pow(p[1], n);
}

const ThFamily th_family_gumbel = {
    .builtin =
        {{"Gumbel(location = …, scale = …) -> distribution", th_family_construct, SECTION,
          "the Gumbel distribution, of the largest of many values (floods, records)",
          "density e^(-z - e^(-z))/scale, z = (x - location)/scale; of smallest values: -Gumbel(…)",
          "Gumbel(1.5, 2)\n#> Gumbel(location = 1.5, scale = 2)   support (-inf, inf), mean 2.65443, sd 2.5651\n"
          "ccdf(Gumbel(0, 1), 4)\n#> 0.0181489",
          "Exponential " MEASURES, NULL},
         {0}},
    .name = "Gumbel",
    .n_parameters = 2,
    .parameters = LOCATION_SCALE,
    .math = &th_gumbel_math,
    .affine = positive_affine,
    .cumulant = gumbel_cumulant,
};

/* --- Power laws */

static bool pareto_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0];
  q[1] = p[1];
  return scale > 0 && shift == 0;
}

static double pareto_moment(const double *p, int n) {
  return p[1] > n ? p[1] / (p[1] - n) * pow(p[0], n) : TH_INFINITY;
}

const ThFamily th_family_pareto = {
    .builtin =
        {{"Pareto(minimum = …, shape = …) -> distribution", th_family_construct, SECTION,
          "the Pareto distribution, of sizes with a power law (incomes, cities)",
          "density shape minimum^shape/x^(shape+1) for x >= minimum; E X^n is infinite for n >= shape",
          "Pareto(1.5, 3)\n#> Pareto(minimum = 1.5, shape = 3)   support [1.5, inf), mean 2.25, sd 1.29904\n"
          "var(Pareto(1.5, 2))\n#> inf  ∫ x² p(x) dx diverges",
          "Exponential LogUniform " MEASURES, NULL},
         {0}},
    .name = "Pareto",
    .n_parameters = 2,
    .parameters = {{"minimum", POSITIVE, false, 0}, {"shape", POSITIVE, false, 0}},
    .math = &th_pareto_math,
    .affine = pareto_affine,
    .moment = pareto_moment,
};

static bool log_uniform_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0];
  q[1] = scale * p[1];
  return scale > 0 && shift == 0;
}

static bool log_uniform_check(ThContext *cx, const double *p) {
  return th_family_check_interval(cx, "LogUniform", p, "");
}

/* (b^n - a^n)/(n log(b/a)) */
static double log_uniform_moment(const double *p, int n) {
  double whole = n * th_density_log_ratio(p[0], p[1]);
  return -expm1(-whole) / whole * pow(p[1], n);
}

const ThFamily th_family_log_uniform = {
    .builtin =
        {{"LogUniform(a = …, b = …) -> distribution", th_family_construct, SECTION,
          "a positive number between a and b, every decade equally likely",
          "density 1/(x log(b/a)); the logarithm is uniform",
          "LogUniform(1, 100)\n#> LogUniform(a = 1, b = 100)   support [1, 100], mean 21.4976, sd 24.9696\n"
          "cdf(LogUniform(1, 100), 10)\n#> 0.5",
          "Uniform Pareto " MEASURES, NULL},
         {0}},
    .name = "LogUniform",
    .n_parameters = 2,
    .parameters = {{"a", POSITIVE, false, 0}, {"b", POSITIVE, false, 0}},
    .math = &th_log_uniform_math,
    .check = log_uniform_check,
    .affine = log_uniform_affine,
    .moment = log_uniform_moment,
};

/* --- Triangular */

static bool triangular_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * (scale > 0 ? p[0] : p[1]) + shift;
  q[1] = scale * (scale > 0 ? p[1] : p[0]) + shift;
  q[2] = scale * p[2] + shift;
  return true;
}

static bool triangular_check(ThContext *cx, const double *p) {
  char rest[40];
  snprintf(rest, sizeof rest, ", %.6g", p[2]);
  if (!th_family_check_interval(cx, "Triangular", p, rest)) return false;
  if (p[0] <= p[2] && p[2] <= p[1]) return true;
  th_fail(cx, TH_ERROR_VALUE, "`mode` of Triangular must lie in [a, b] = [%.6g, %.6g], got %.6g", p[0], p[1],
          p[2]);
  return p[2] > p[1] ? th_hint(cx, "the mode comes last: Triangular(%.6g, %.6g, %.6g)", p[0], p[2], p[1])
                     : th_hint(cx, "the mode comes last: Triangular(%.6g, %.6g, %.6g)", p[2], p[1], p[0]);
}

/* 2 h_n(a, b, mode)/((n + 1)(n + 2)), h_n the sum of all products of n of them: the density is a spline of degree 1
 * (Carlson 1991). h_k(a, …, z) = h_k(a, …, y) + z h_{k-1}(a, …, z). */
static double triangular_moment(const double *p, int n) {
  double h[128] = {1};
  for (int j = 0; j < 3; j++)
    for (int k = 1; k <= n; k++) h[k] += p[j] * h[k - 1];
  return h[n] * 2 / (n + 1) / (n + 2);
}

const ThFamily th_family_triangular = {
    .builtin =
        {{"Triangular(a = …, b = …, mode = …) -> distribution", th_family_construct, SECTION,
          "the triangular distribution from a to b, most likely at its mode",
          "the density rises linearly from a to 2/(b - a) at the mode, and falls to b",
          "Triangular(1, 4, 1.5)\n#> Triangular(a = 1, b = 4, mode = 1.5)   support [1, 4], mean 2.16667, sd 0.656167\n"
          "median(Triangular(0, 4, 2))\n#> 2",
          "Uniform " MEASURES, NULL},
         {0}},
    .name = "Triangular",
    .n_parameters = 3,
    .parameters = {{"a", REAL, false, 0}, {"b", REAL, false, 0}, {"mode", REAL, false, 0}},
    .math = &th_triangular_math,
    .check = triangular_check,
    .affine = triangular_affine,
    .moment = triangular_moment,
};

/* --- Halves of symmetric ones */

#define SIGMA                   \
  {                             \
    { "σ", POSITIVE, false, 0 } \
  }

static bool half_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0];
  return scale > 0 && shift == 0;
}

/* E X^n = (n - 1) σ² E X^(n-2) */
static double half_normal_moment(const double *p, int n) {
  double product = n % 2 ? th_half_normal_math.mean(p) : 1;
  for (int k = n % 2 ? 3 : 2; k <= n; k += 2) product *= (k - 1) * p[0] * p[0];
  return product;
}

const ThFamily th_family_half_normal = {
    .builtin = {{"HalfNormal(σ = …) -> distribution", th_family_construct, SECTION,
                 "the absolute value of a Normal(0, σ) variable",
                 "density √(2/π) e^(-(x/σ)²/2)/σ for x >= 0; the mean is σ√(2/π)",
                 "HalfNormal(2)\n#> HalfNormal(σ = 2)   support [0, inf), mean 1.59577, sd 1.20562\n"
                 "cdf(HalfNormal(2), 4)\n#> 0.9545",
                 "Normal HalfCauchy " MEASURES, NULL},
                {0}},
    .name = "HalfNormal",
    .n_parameters = 1,
    .parameters = SIGMA,
    .math = &th_half_normal_math,
    .affine = half_affine,
    .moment = half_normal_moment,
};

static double half_cauchy_moment(const double *p, int n) {
  (void)p, (void)n;
  return TH_INFINITY;
}

const ThFamily th_family_half_cauchy = {
    .builtin = {{"HalfCauchy(σ = …) -> distribution", th_family_construct, SECTION,
                 "the absolute value of a Cauchy(0, σ) variable: a heavy tail, of an unknown scale",
                 "density 2/(πσ (1 + (x/σ)²)) for x >= 0; the median is σ, the mean infinite",
                 "HalfCauchy(2)\n#> HalfCauchy(σ = 2)   support [0, inf), mean inf, sd inf\n"
                 "median(HalfCauchy(2))\n#> 2",
                 "Cauchy HalfNormal " MEASURES, NULL},
                {0}},
    .name = "HalfCauchy",
    .n_parameters = 1,
    .parameters = SIGMA,
    .math = &th_half_cauchy_math,
    .affine = half_affine,
    .moment = half_cauchy_moment,
};
