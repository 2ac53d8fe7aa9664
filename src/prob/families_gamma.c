/* families_gamma.c - the rows of the families built on the gamma and beta functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/special.h"
#include "prob/families.h"
#include "val/operations.h"

#define SECTION TH_FAMILY_SECTION
#define POSITIVE TH_DOMAIN_POSITIVE
#define REAL TH_DOMAIN_REAL
#define MEASURES "pdf cdf quantile sample mean sd cf plot"

/* Scale families of one parameter: scale*X, scale > 0. */
static bool scale_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0];
  return scale > 0 && shift == 0;
}

/* --- StudentT */

/* E |T|^n for σ = 1: ν^(n/2) Γ((n + 1)/2) Γ((ν - n)/2)/(√π Γ(ν/2)), inf for n >= ν. */
static double student_absolute(double nu, int n) {
  if (n >= nu) return (double)INFINITY;
  double front = th_special_gamma(0.5 * (n + 1)) / th_special_gamma(0.5);
  return front * exp(0.5 * n * log(nu) - th_special_log_rising(0.5 * (nu - n), 0.5 * n));
}

/* Σ over even j of (n over j) μ^(n-j) σ^j E T^j; an odd moment that diverges on both sides does not exist. */
static double student_moment(const double *p, int n) {
  if (n >= p[0]) return n % 2 == 0 ? (double)INFINITY : (double)NAN;
  double sum = 0;
  for (int j = 0; j <= n; j += 2)
    sum += th_special_choose(n, j) * pow(p[1], n - j) * pow(p[2], j) * student_absolute(p[0], j);
  return sum;
}

static bool student_affine(const double *p, double scale, double shift, double *q) {
  q[0] = p[0];
  q[1] = scale * p[1] + shift;
  q[2] = fabs(scale) * p[2];
  return true;
}

const ThFamily th_family_student_t = {
    .builtin =
        {{"StudentT(ν = …, μ = …, σ = …) -> distribution", th_family_construct, SECTION,
          "Student's t distribution with ν degrees of freedom, location μ and scale σ",
          "density proportional to (1 + z²/ν)^(-(ν+1)/2) with z = (x-μ)/σ; μ = 0 and σ = 1 may be left "
          "out; moments from the ν-th on do not exist, and σ is not the standard deviation",
          "StudentT(5)\n#> StudentT(ν = 5, μ = 0, σ = 1)   support (-inf, inf), mean 0, sd 1.29099\n"
          "cdf(StudentT(7), -1.895)\n#> 0.049969\nmean(StudentT(1))\n#> undefined: ∫ |x| p(x) dx diverges",
          "Normal HalfStudentT FDist " MEASURES, NULL},
         {0}},
    .name = "StudentT",
    .n_parameters = 3,
    .parameters = {{"ν", POSITIVE, false, 0}, {"μ", REAL, true, 0}, {"σ", POSITIVE, true, 1}},
    .math = &th_student_t_math,
    .affine = student_affine,
    .moment = student_moment,
};

/* --- HalfStudentT */

static double half_student_moment(const double *p, int n) { return pow(p[1], n) * student_absolute(p[0], n); }

static bool half_student_affine(const double *p, double scale, double shift, double *q) {
  q[0] = p[0];
  return scale_affine(p + 1, scale, shift, q + 1);
}

const ThFamily th_family_half_student_t = {
    .builtin = {{"HalfStudentT(ν = …, σ = …) -> distribution", th_family_construct, SECTION,
                 "the modulus of a variable of Student's t distribution: a prior for standard deviations",
                 "density proportional to (1 + (x/σ)²/ν)^(-(ν+1)/2) for x >= 0",
                 "HalfStudentT(3, 2.5)\n"
                 "#> HalfStudentT(ν = 3, σ = 2.5)   support [0, inf), mean 2.75664, sd 3.3393\n"
                 "ccdf(HalfStudentT(3, 2.5), 10)\n#> 0.0280085",
                 "StudentT Normal " MEASURES, NULL},
                {0}},
    .name = "HalfStudentT",
    .n_parameters = 2,
    .parameters = {{"ν", POSITIVE, false, 0}, {"σ", POSITIVE, false, 0}},
    .math = &th_half_student_t_math,
    .affine = half_student_affine,
    .moment = half_student_moment,
};

/* --- Chi2 */

/* df (df + 2) … (df + 2n - 2) */
static double chi2_moment(const double *p, int n) {
  double product = 1;
  for (int i = 0; i < n; i++) product *= p[0] + 2 * i;
  return product;
}
static double chi2_cumulant(const double *p, int n) {
  double product = p[0];
  for (int i = 1; i < n; i++) product *= 2 * i;
  return product;
}

const ThFamily th_family_chi2 = {
    .builtin =
        {{"Chi2(df = …) -> distribution", th_family_construct, SECTION,
          "the χ² distribution: of the sum of df squares of independent Normal(0, 1) variables",
          "density proportional to x^(df/2-1) e^(-x/2), that of Gamma(df/2, 1/2); df need not be whole",
          "Chi2(3)\n#> Chi2(df = 3)   support [0, inf), mean 3, sd 2.44949\nccdf(Chi2(1), 3.84)\n"
          "#> 0.0500435",
          "Gamma FDist StudentT " MEASURES, NULL},
         {0}},
    .name = "Chi2",
    .n_parameters = 1,
    .parameters = {{"df", POSITIVE, false, 0}},
    .math = &th_chi2_math,
    .moment = chi2_moment,
    .cumulant = chi2_cumulant,
};

/* --- FDist */

/* Product of (a + i)/(b - 1 - i) b/a, a, b = df/2; inf for n >= b. */
static double fdist_moment(const double *p, int n) {
  double a = 0.5 * p[0], b = 0.5 * p[1], product = 1;
  if (n >= b) return (double)INFINITY;
  for (int i = 0; i < n; i++) product *= (1 + i / a) / (1 - (1 + i) / b);
  return product;
}

const ThFamily th_family_fdist = {
    .builtin = {{"FDist(df1 = …, df2 = …) -> distribution", th_family_construct, SECTION,
                 "Fisher's F distribution: of the ratio of two independent mean squares",
                 "X/df1 over Y/df2 with X ~ Chi2(df1), Y ~ Chi2(df2); density proportional to x^(df1/2-1) "
                 "(1 + x df1/df2)^(-(df1+df2)/2)",
                 "FDist(3, 20)\n#> FDist(df1 = 3, df2 = 20)   support [0, inf), mean 1.11111, sd 1.03935\n"
                 "ccdf(FDist(3, 20), 3.1)\n#> 0.0499245",
                 "Chi2 StudentT Beta " MEASURES, NULL},
                {0}},
    .name = "FDist",
    .n_parameters = 2,
    .parameters = {{"df1", POSITIVE, false, 0}, {"df2", POSITIVE, false, 0}},
    .math = &th_fdist_math,
    .moment = fdist_moment,
};

/* --- InvGamma */

/* scale^n/((shape - 1) … (shape - n)) */
static double inv_gamma_moment(const double *p, int n) {
  double product = 1;
  if (n >= p[0]) return (double)INFINITY;
  for (int i = 1; i <= n; i++) product *= p[1] / (p[0] - i);
  return product;
}

static bool inv_gamma_affine(const double *p, double scale, double shift, double *q) {
  q[0] = p[0];
  return scale_affine(p + 1, scale, shift, q + 1);
}

const ThFamily th_family_inv_gamma = {
    .builtin = {{"InvGamma(shape = …, scale = …) -> distribution", th_family_construct, SECTION,
                 "the inverse gamma distribution, of 1/X for X ~ Gamma(shape, rate = scale): of variances",
                 "density scale^shape x^(-shape-1) e^(-scale/x)/Γ(shape)",
                 "InvGamma(3, 2)\n#> InvGamma(shape = 3, scale = 2)   support [0, inf), mean 1, sd 1\n"
                 "quantile(InvGamma(3, 2), 0.975)\n#> 3.23273",
                 "Gamma Levy " MEASURES, NULL},
                {0}},
    .name = "InvGamma",
    .n_parameters = 2,
    .parameters = {{"shape", POSITIVE, false, 0}, {"scale", POSITIVE, false, 0}},
    .math = &th_inv_gamma_math,
    .affine = inv_gamma_affine,
    .moment = inv_gamma_moment,
};

/* --- Rayleigh */

static double rayleigh_moment(const double *p, int n) {
  return pow(p[0] * sqrt(2), n) * th_special_gamma(0.5 * n + 1);
}

const ThFamily th_family_rayleigh = {
    .builtin =
        {{"Rayleigh(σ = …) -> distribution", th_family_construct, SECTION,
          "the Rayleigh distribution: of the length of a vector of two independent Normal(0, σ) variables",
          "density x/σ² e^(-(x/σ)²/2); σ is that of the components",
          "Rayleigh(2)\n#> Rayleigh(σ = 2)   support [0, inf), mean 2.50663, sd 1.31027\n"
          "quantile(Rayleigh(2), 0.5)\n#> 2.35482",
          "Normal Maxwell Exponential " MEASURES, NULL},
         {0}},
    .name = "Rayleigh",
    .n_parameters = 1,
    .parameters = {{"σ", POSITIVE, false, 0}},
    .math = &th_rayleigh_math,
    .affine = scale_affine,
    .moment = rayleigh_moment,
};

/* --- Maxwell */

static void thermal(const double *given, double *set) { set[0] = sqrt(given[0] / given[1]); }
static void thermal_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_graph_unary(g, &th_op_sqrt, th_divide(g, given[0], given[1]));
}

static const ThAlternative maxwell_alternatives[] = {
    {"kT m", "σ", {POSITIVE, POSITIVE}, thermal, thermal_node},
    {0},
};

static double maxwell_moment(const double *p, int n) {
  return pow(p[0] * sqrt(2), n) * (th_special_gamma(0.5 * n + 1.5) / th_special_gamma(1.5));
}

const ThFamily th_family_maxwell = {
    .builtin =
        {{"Maxwell(σ = …; kT = …, m = …) -> distribution", th_family_construct, SECTION,
          "the Maxwell-Boltzmann distribution: of the speed of a particle of a gas in three dimensions",
          "density √(2/π) x²/σ³ e^(-(x/σ)²/2); σ is that of each component of the velocity, √(kT/m), and may be "
          "given by kT and m",
          "Maxwell(2)\n#> Maxwell(σ = 2)   support [0, inf), mean 3.19154, sd 1.34688\n"
          "Maxwell(kT = 4.14e-21, m = 4.65e-26)\n"
          "#> Maxwell(σ = 298.383)   support [0, inf), mean 476.15, sd 200.943",
          "Normal Rayleigh Chi2 " MEASURES, NULL},
         {0}},
    .name = "Maxwell",
    .n_parameters = 1,
    .parameters = {{"σ", POSITIVE, false, 0}},
    .alternatives = maxwell_alternatives,
    .math = &th_maxwell_math,
    .affine = scale_affine,
    .moment = maxwell_moment,
};

/* --- Levy */

static double levy_moment(const double *p, int n) {
  (void)p;
  (void)n;
  return (double)INFINITY;
}

static bool levy_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0] + shift;
  q[1] = scale * p[1];
  return scale > 0;
}

const ThFamily th_family_levy = {
    .builtin =
        {{"Levy(μ = …, c = …) -> distribution", th_family_construct, SECTION,
          "the Lévy distribution: of the time when a Brownian motion first reaches the height √c",
          "that of μ + c/N² with N ~ Normal(0, 1): density √(c/2π) (x-μ)^(-3/2) e^(-c/(2(x-μ))) for x > μ; the "
          "mean is infinite",
          "Levy(0, 1)\n#> Levy(μ = 0, c = 1)   support [0, inf), mean inf, sd inf\n"
          "quantile(Levy(0, 1), 0.5)\n#> 2.19811",
          "InvGamma Normal " MEASURES, NULL},
         {0}},
    .name = "Levy",
    .n_parameters = 2,
    .parameters = {{"μ", REAL, false, 0}, {"c", POSITIVE, false, 0}},
    .math = &th_levy_math,
    .affine = levy_affine,
    .moment = levy_moment,
};
