/* families_continuous.c - the rows of the continuous families */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "prob/families.h"
#include "val/operations.h"

#define SECTION TH_FAMILY_SECTION
#define POSITIVE TH_DOMAIN_POSITIVE
#define REAL TH_DOMAIN_REAL
#define MEASURES TH_FAMILY_MEASURES

static void reciprocal(const double *given, double *set) { set[0] = 1 / given[0]; }
static void reciprocal_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_power_to(g, given[0], -1);
}

/* --- Normal */

static void root(const double *given, double *set) { set[0] = sqrt(given[0]); }
static void root_of_reciprocal(const double *given, double *set) { set[0] = 1 / sqrt(given[0]); }
static void root_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_graph_unary(g, &th_op_sqrt, given[0]);
}
static void root_of_reciprocal_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_power_to(g, th_graph_unary(g, &th_op_sqrt, given[0]), -1);
}

static const ThAlternative normal_alternatives[] = {
    {"mean", "μ", {REAL}, NULL, NULL},
    {"sd", "σ", {POSITIVE}, NULL, NULL},
    {"variance", "σ", {POSITIVE}, root, root_node},
    {"precision", "σ", {POSITIVE}, root_of_reciprocal, root_of_reciprocal_node},
    {0},
};

static bool normal_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * p[0] + shift;
  q[1] = fabs(scale) * p[1];
  return true;
}

static double normal_cumulant(const double *p, int n) { return n == 1 ? p[0] : n == 2 ? p[1] * p[1] : 0; }

const ThFamily th_family_normal = {
    .builtin =
        {{"Normal(μ = …, σ = …; mean = …, sd = …, variance = …, precision = …) -> distribution",
          th_family_construct, SECTION,
          "the normal (Gaussian) distribution with mean μ and standard deviation σ",
          "density e^(-((x-μ)/σ)²/2)/(σ√(2π)); instead of σ by name: variance (σ²) or precision (1/σ²)",
          "Normal(0, 2)\n#> Normal(μ = 0, σ = 2)   support (-inf, inf), mean 0, sd 2\n"
          "cdf(Normal(0, 1), 1.96)\n#> 0.975002\nNormal(1, variance = 4).σ\n#> 2",
          MEASURES, NULL},
         {0}},
    .name = "Normal",
    .n_parameters = 2,
    .parameters = {{"μ", REAL, false, 0}, {"σ", POSITIVE, false, 0}},
    .alternatives = normal_alternatives,
    .math = &th_normal_math,
    .affine = normal_affine,
    .cumulant = normal_cumulant,
};

/* --- Uniform */

static bool uniform_affine(const double *p, double scale, double shift, double *q) {
  q[0] = scale * (scale > 0 ? p[0] : p[1]) + shift;
  q[1] = scale * (scale > 0 ? p[1] : p[0]) + shift;
  return true;
}

bool th_family_check_interval(ThContext *cx, const char *name, const double *p, const char *rest) {
  if (p[0] < p[1]) return true;
  th_fail(cx, TH_ERROR_VALUE, "`a` of %s must be less than `b`, got %.6g and %.6g", name, p[0], p[1]);
  return p[0] > p[1] ? th_hint(cx, "%s(%.6g, %.6g%s)", name, p[1], p[0], rest)
                     : th_hint(cx, "a fixed value is Point(%.6g)", p[0]);
}

static bool uniform_check(ThContext *cx, const double *p) {
  return th_family_check_interval(cx, "Uniform", p, "");
}

/* (b^(n+1) - a^(n+1))/((n+1)(b-a)) = Σ a^i b^(n-i)/(n+1), which does not cancel for a, b >= 0. */
static double uniform_moment(const double *p, int n) {
  double sum = 0;
  for (int i = 0; i <= n; i++) sum += pow(p[0], i) * pow(p[1], n - i);
  return sum / (n + 1);
}

const ThFamily th_family_uniform = {
    .builtin = {{"Uniform(a = …, b = …) -> distribution", th_family_construct, SECTION,
                 "every value between a and b equally likely", NULL,
                 "Uniform(0, 1)\n#> Uniform(a = 0, b = 1)   support [0, 1], mean 0.5, sd 0.288675",
                 "DiscreteUniform " MEASURES, NULL},
                {0}},
    .name = "Uniform",
    .n_parameters = 2,
    .parameters = {{"a", REAL, false, 0}, {"b", REAL, false, 0}},
    .math = &th_uniform_math,
    .check = uniform_check,
    .affine = uniform_affine,
    .moment = uniform_moment,
};

/* --- Exponential */

static const ThAlternative exponential_alternatives[] = {
    {"scale", "rate", {POSITIVE}, reciprocal, reciprocal_node},
    {"mean", "rate", {POSITIVE}, reciprocal, reciprocal_node},
    {0},
};

static bool exponential_affine(const double *p, double scale, double shift, double *q) {
  q[0] = p[0] / scale;
  return scale > 0 && shift == 0;
}

static double exponential_moment(const double *p, int n) { return exp(lgamma(n + 1.0) - n * log(p[0])); }
static double exponential_cumulant(const double *p, int n) { return exp(lgamma((double)n) - n * log(p[0])); }

const ThFamily th_family_exponential = {
    .builtin = {{"Exponential(rate = …; scale = …, mean = …) -> distribution", th_family_construct, SECTION,
                 "the waiting time until an event that happens at a constant rate",
                 "density rate e^(-rate x); the mean is 1/rate",
                 "Exponential(2)\n#> Exponential(rate = 2)   support [0, inf), mean 0.5, sd 0.5\n"
                 "Exponential(mean = 4).rate\n#> 0.25",
                 "Gamma Poisson " MEASURES, NULL},
                {0}},
    .name = "Exponential",
    .n_parameters = 1,
    .parameters = {{"rate", POSITIVE, false, 0}},
    .alternatives = exponential_alternatives,
    .math = &th_exponential_math,
    .affine = exponential_affine,
    .moment = exponential_moment,
    .cumulant = exponential_cumulant,
};

/* --- Gamma */

static void gamma_from_mean_sd(const double *given, double *set) {
  double ratio = given[0] / given[1];
  set[0] = ratio * ratio;
  set[1] = ratio / given[1];
}
static void gamma_from_shape_mean(const double *given, double *set) {
  set[0] = given[0];
  set[1] = given[0] / given[1];
}

static void gamma_from_mean_rate(const double *given, double *set) {
  set[0] = given[0] * given[1];
  set[1] = given[1];
}
static void gamma_from_mean_scale(const double *given, double *set) {
  set[0] = given[0] / given[1];
  set[1] = 1 / given[1];
}

static void gamma_from_mean_sd_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  ThNodeId ratio = th_divide(g, given[0], given[1]);
  set[0] = th_power_to(g, ratio, 2);
  set[1] = th_divide(g, ratio, given[1]);
}
static void gamma_from_shape_mean_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = given[0];
  set[1] = th_divide(g, given[0], given[1]);
}
static void gamma_from_mean_rate_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_multiply(g, given[0], given[1]);
  set[1] = given[1];
}
static void gamma_from_mean_scale_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_divide(g, given[0], given[1]);
  set[1] = th_power_to(g, given[1], -1);
}

static const ThAlternative gamma_alternatives[] = {
    {"mean sd", "shape rate", {POSITIVE, POSITIVE}, gamma_from_mean_sd, gamma_from_mean_sd_node},
    {"shape mean", "shape rate", {POSITIVE, POSITIVE}, gamma_from_shape_mean, gamma_from_shape_mean_node},
    {"mean rate", "shape rate", {POSITIVE, POSITIVE}, gamma_from_mean_rate, gamma_from_mean_rate_node},
    {"mean scale", "shape rate", {POSITIVE, POSITIVE}, gamma_from_mean_scale, gamma_from_mean_scale_node},
    {"scale", "rate", {POSITIVE}, reciprocal, reciprocal_node},
    {0},
};

static bool gamma_affine(const double *p, double scale, double shift, double *q) {
  q[0] = p[0];
  q[1] = p[1] / scale;
  return scale > 0 && shift == 0;
}

/* Γ(shape + n)/(Γ(shape) rate^n) */
static double gamma_moment(const double *p, int n) {
  double product = 1;
  for (int i = 0; i < n; i++) product *= (p[0] + i) / p[1];
  return product;
}
static double gamma_cumulant(const double *p, int n) {
  double product = p[0] / p[1];
  for (int i = 1; i < n; i++) product *= i / p[1];
  return product;
}

const ThFamily th_family_gamma = {
    .builtin =
        {{"Gamma(shape = …, rate = …; scale = …, mean = …, sd = …) -> distribution", th_family_construct,
          SECTION,
          "the gamma distribution, of positive numbers: of waiting times for `shape` events, of rates",
          "density rate^shape x^(shape-1) e^(-rate x)/Γ(shape); by name also scale = 1/rate, mean with "
          "sd, shape, rate or scale",
          "Gamma(3, 2)\n#> Gamma(shape = 3, rate = 2)   support [0, inf), mean 1.5, sd 0.866025\n"
          "Gamma(mean = 2, sd = 1)\n#> Gamma(shape = 4, rate = 2)   support [0, inf), mean 2, sd 1",
          "Exponential Poisson " MEASURES, NULL},
         {0}},
    .name = "Gamma",
    .n_parameters = 2,
    .parameters = {{"shape", POSITIVE, false, 0}, {"rate", POSITIVE, false, 0}},
    .alternatives = gamma_alternatives,
    .math = &th_gamma_math,
    .affine = gamma_affine,
    .moment = gamma_moment,
    .cumulant = gamma_cumulant,
};

/* --- Beta */

static void beta_from_mean_concentration(const double *given, double *set) {
  set[0] = given[0] * given[1];
  set[1] = (1 - given[0]) * given[1];
}
/* The concentration α + β is m(1 - m)/sd² - 1. */
static void beta_from_mean_sd(const double *given, double *set) {
  double both[2] = {given[0], given[0] * (1 - given[0]) / (given[1] * given[1]) - 1};
  beta_from_mean_concentration(both, set);
}

static ThNodeId complement(ThGraph *g, ThNodeId x) { return th_subtract(g, th_graph_number(g, 1), x); }
static void beta_from_mean_concentration_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_multiply(g, given[0], given[1]);
  set[1] = th_multiply(g, complement(g, given[0]), given[1]);
}
static void beta_from_mean_sd_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  ThNodeId most = th_multiply(g, given[0], complement(g, given[0]));
  ThNodeId both[2] = {given[0], th_shift(g, th_divide(g, most, th_power_to(g, given[1], 2)), -1)};
  beta_from_mean_concentration_node(g, both, set);
}

static const ThAlternative beta_alternatives[] = {
    {"mean sd", "α β", {TH_DOMAIN_OPEN_PROBABILITY, POSITIVE}, beta_from_mean_sd, beta_from_mean_sd_node},
    {"mean concentration",
     "α β",
     {TH_DOMAIN_OPEN_PROBABILITY, POSITIVE},
     beta_from_mean_concentration,
     beta_from_mean_concentration_node},
    {0},
};

static double beta_moment(const double *p, int n) {
  double product = 1;
  for (int i = 0; i < n; i++) product *= (p[0] + i) / (p[0] + p[1] + i);
  return product;
}

static bool beta_affine(const double *p, double scale, double shift, double *q) {
  q[0] = p[1];
  q[1] = p[0];
  return scale == -1 && shift == 1;
}

const ThFamily th_family_beta = {
    .builtin = {{"Beta(α = …, β = …; mean = …, sd = …, concentration = …) -> distribution",
                 th_family_construct, SECTION,
                 "the beta distribution, of numbers between 0 and 1: of an unknown probability",
                 "density proportional to x^(α-1) (1-x)^(β-1); by name also mean with sd, or with "
                 "concentration = α + β",
                 "Beta(8, 4)\n#> Beta(α = 8, β = 4)   support [0, 1], mean 0.666667, sd 0.130744\n"
                 "mean(Beta(mean = 0.3, sd = 0.1))\n#> 0.3",
                 "Bernoulli Binomial Uniform " MEASURES, NULL},
                {0}},
    .name = "Beta",
    .n_parameters = 2,
    .parameters = {{"α", POSITIVE, false, 0}, {"β", POSITIVE, false, 0}},
    .alternatives = beta_alternatives,
    .math = &th_beta_math,
    .affine = beta_affine,
    .moment = beta_moment,
};
