/* families_skew.c - the rows of Weibull, LogNormal, SkewNormal, VonMises and Voigt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/real.h"
#include "num/special.h"
#include "prob/families.h"

#define SECTION TH_FAMILY_SECTION
#define POSITIVE TH_DOMAIN_POSITIVE
#define NON_NEGATIVE TH_DOMAIN_NON_NEGATIVE
#define REAL TH_DOMAIN_REAL
#define MEASURES "pdf cdf quantile sample mean sd cf plot"

/* --- Weibull */

static bool weibull_affine(const double *p, double scale, double shift, double *q) {
  q[0] = p[0];
  q[1] = scale * p[1];
  return scale > 0 && shift == 0;
}

static double weibull_moment(const double *p, int n) {
  return exp(n * log(p[1]) + th_special_lgamma1p(n / p[0]));
}

const ThFamily th_family_weibull = {
    .builtin =
        {{"Weibull(shape = …, scale = …) -> distribution", th_family_construct, SECTION,
          "the time until a failure whose rate grows or falls like a power of the age",
          "density shape/scale (x/scale)^(shape-1) e^(-(x/scale)^shape); shape 1 is Exponential(1/scale), "
          "shape 2 Rayleigh(scale/√2)",
          "Weibull(2, 3)\n#> Weibull(shape = 2, scale = 3)   support [0, inf), mean 2.65868, sd 1.38975\n"
          "ccdf(Weibull(2, 3), 3)\n#> 0.367879",
          "Exponential Gamma LogNormal " MEASURES, NULL},
         {0}},
    .name = "Weibull",
    .n_parameters = 2,
    .parameters = {{"shape", POSITIVE, false, 0}, {"scale", POSITIVE, false, 0}},
    .math = &th_weibull_math,
    .affine = weibull_affine,
    .moment = weibull_moment,
};

/* --- LogNormal */

static bool lognormal_affine(const double *p, double scale, double shift, double *q) {
  q[0] = p[0] + log(scale);
  q[1] = p[1];
  return scale > 0 && shift == 0;
}

static double lognormal_moment(const double *p, int n) {
  return exp(n * p[0] + 0.5 * (n * p[1]) * (n * p[1]));
}

const ThFamily th_family_lognormal = {
    .builtin =
        {{"LogNormal(μ = …, σ = …) -> distribution", th_family_construct, SECTION,
          "a positive number whose logarithm is Normal(μ, σ): a product of many factors",
          "density e^(-((log x-μ)/σ)²/2)/(xσ√(2π)); μ and σ are mean and standard deviation of log x, and e^μ is "
          "the median",
          "LogNormal(0, 0.5)\n#> LogNormal(μ = 0, σ = 0.5)   support [0, inf), mean 1.13315, sd 0.603901\n"
          "median(LogNormal(2, 0.5))\n#> 7.38906",
          "Normal Weibull Gamma " MEASURES, NULL},
         {0}},
    .name = "LogNormal",
    .n_parameters = 2,
    .parameters = {{"μ", REAL, false, 0}, {"σ", POSITIVE, false, 0}},
    .math = &th_lognormal_math,
    .affine = lognormal_affine,
    .moment = lognormal_moment,
};

/* --- SkewNormal */

static bool skew_normal_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0] + shift;
  q[1] = fabs(scale) * p[1];
  q[2] = scale < 0 ? -p[2] : p[2];
  return true;
}

/* E |U|^n of a standard normal U. */
static double absolute_moment(int n) {
  double product = n % 2 ? sqrt(2 / TH_PI) : 1;
  for (int i = n - 1; i > 0; i -= 2) product *= i;
  return product;
}

/* E Z^n of Z = δ|U| + √(1 - δ²) V: terms of one sign. */
static double standard_moment(double delta, double rest, int n) {
  double sum = 0;
  for (int j = n; j >= 0; j -= 2)
    sum += th_special_choose(n, j) * pow(delta, j) * absolute_moment(j) * pow(rest, n - j) *
           absolute_moment(n - j);
  return sum;
}

static double skew_normal_moment(const double *p, int n) {
  double size = hypot(1, p[2]), delta = p[2] / size, sum = 0;
  for (int j = 0; j <= n; j++)
    sum += th_special_choose(n, j) * pow(p[0], n - j) * pow(p[1], j) * standard_moment(delta, 1 / size, j);
  return sum;
}

enum { MOST_CUMULANTS = 60 };

/* Those of log 2Φ(δωt): ζ = φ/Φ obeys ζ' = -ζ(t + ζ), which gives its power series at 0. */
static double skew_normal_cumulant(const double *p, int n) {
  double a[MOST_CUMULANTS] = {sqrt(2 / TH_PI)}, size = hypot(1, p[2]), factorial = 1;
  if (n > MOST_CUMULANTS) return TH_NAN;
  for (int k = 0; k + 1 < n; k++) {
    double sum = k > 0 ? a[k - 1] : 0;
    for (int j = 0; j <= k; j++) sum += a[j] * a[k - j];
    a[k + 1] = -sum / (k + 1);
    factorial *= k + 1;
  }
  double skew = pow(p[1] * (p[2] / size), n) * factorial * a[n - 1];
  return n == 1 ? p[0] + skew : n == 2 ? p[1] * p[1] + skew : skew;
}

const ThFamily th_family_skew_normal = {
    .builtin =
        {{"SkewNormal(ξ = …, ω = …, α = …) -> distribution", th_family_construct, SECTION,
          "a normal distribution leaning to one side: to the right for α > 0",
          "density 2φ(z)Φ(αz)/ω, z = (x-ξ)/ω, with the density φ and the cdf Φ of Normal(0, 1); α = 0 is "
          "Normal(ξ, ω)",
          "SkewNormal(0, 1, 5)\n#> SkewNormal(ξ = 0, ω = 1, α = 5)   support (-inf, inf), mean 0.78239, sd 0.622789\n"
          "skewness(SkewNormal(0, 1, 5))\n#> 0.850965",
          "Normal LogNormal " MEASURES, NULL},
         {0}},
    .name = "SkewNormal",
    .n_parameters = 3,
    .parameters = {{"ξ", REAL, false, 0}, {"ω", POSITIVE, false, 0}, {"α", REAL, false, 0}},
    .math = &th_skew_normal_math,
    .affine = skew_normal_affine,
    .moment = skew_normal_moment,
    .cumulant = skew_normal_cumulant,
};

/* --- VonMises */

static bool von_mises_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0] + shift;
  q[1] = p[1];
  return fabs(scale) == 1;
}

const ThFamily th_family_von_mises = {
    .builtin =
        {{"VonMises(μ = …, κ = …) -> distribution", th_family_construct, SECTION,
          "an angle around the direction μ: the normal distribution's counterpart on the circle",
          "density e^(κ cos(x-μ))/(2πI₀(κ)) on (μ-π, μ+π), nothing elsewhere; κ = 0 is uniform, for large κ the sd "
          "is about 1/√κ; mean and sd are those on the line, fisher and kl those of the angle, modulo 2π",
          "VonMises(0.5, 4)\n#> VonMises(μ = 0.5, κ = 4)   support [-2.64159, 3.64159], mean 0.5, sd 0.546103\n"
          "abs(cf(VonMises(0.5, 4), 1))\n#> 0.863523",
          "Normal Uniform " MEASURES, NULL},
         {0}},
    .name = "VonMises",
    .n_parameters = 2,
    .parameters = {{"μ", REAL, false, 0}, {"κ", NON_NEGATIVE, false, 0}},
    .math = &th_von_mises_math,
    .affine = von_mises_affine,
};

/* --- Voigt */

static bool voigt_check(ThContext *cx, const double *p) {
  if (p[1] > 0 || p[2] > 0) return true;
  th_fail(cx, TH_ERROR_VALUE, "`σ` and `γ` of Voigt must not both be 0");
  return th_hint(cx, "a fixed value is Point(%.6g)", p[0]);
}

static bool voigt_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0] + shift;
  q[1] = fabs(scale) * p[1];
  q[2] = fabs(scale) * p[2];
  return true;
}

const ThFamily th_family_voigt = {
    .builtin =
        {{"Voigt(x0 = …, σ = …, γ = …) -> distribution", th_family_construct, SECTION,
          "the shape of a spectral line: Cauchy(0, γ), blurred by Normal(0, σ)",
          "density Re w(z)/(σ√(2π)), z = (x-x0+iγ)/(σ√2), with the Faddeeva function w; σ = 0 is Cauchy(x0, γ), "
          "γ = 0 is Normal(x0, σ); for γ > 0 there is no mean",
          "Voigt(0, 1, 0.5)\n#> Voigt(x0 = 0, σ = 1, γ = 0.5)\n#>   support (-inf, inf), mean undefined, sd "
          "undefined\n"
          "quantile(Voigt(0, 1, 0.5), 0.975)\n#> 6.51375",
          "Normal Cauchy " MEASURES, NULL},
         {0}},
    .name = "Voigt",
    .n_parameters = 3,
    .parameters = {{"x0", REAL, false, 0}, {"σ", NON_NEGATIVE, false, 0}, {"γ", NON_NEGATIVE, false, 0}},
    .math = &th_voigt_math,
    .check = voigt_check,
    .affine = voigt_affine,
};
