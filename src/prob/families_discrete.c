/* families_discrete.c - the rows of the discrete families */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/special.h"
#include "prob/families.h"
#include "val/operations.h"

#define SECTION TH_FAMILY_SECTION
#define PROBABILITY TH_DOMAIN_PROBABILITY
#define COUNT TH_DOMAIN_COUNT
#define MEASURES "pdf cdf quantile sample mean sd cf plot"

static void sigmoid(const double *given, double *set) { set[0] = th_special_sigmoid(given[0]); }
static void sigmoid_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_graph_unary(g, &th_op_sigmoid, given[0]);
}

static const ThAlternative logit_alternatives[] = {{"logit", "p", {TH_DOMAIN_REAL}, sigmoid, sigmoid_node},
                                                   {0}};

/* --- Bernoulli */

static double bernoulli_moment(const double *p, int n) {
  (void)n;
  return p[0];
}

const ThFamily th_family_bernoulli = {
    .builtin = {{"Bernoulli(p = …; logit = …) -> distribution", th_family_construct, SECTION,
                 "1 with probability p, else 0: yes or no",
                 "by name also logit = log(p/(1 - p)), where a linear predictor goes",
                 "Bernoulli(0.01)\n#> Bernoulli(p = 0.01)   support {0, 1}, mean 0.01, sd 0.0994987\n"
                 "Bernoulli(logit = 0).p\n#> 0.5",
                 "Binomial Beta " MEASURES, NULL},
                {0}},
    .name = "Bernoulli",
    .n_parameters = 1,
    .parameters = {{"p", PROBABILITY, false, 0}},
    .alternatives = logit_alternatives,
    .discrete = true,
    .math = &th_bernoulli_math,
    .moment = bernoulli_moment,
};

/* --- Binomial */

/* Σ_k S(m, k) n(n-1)…(n-k+1) p^k with the Stirling numbers of the second kind. */
static double binomial_moment(const double *p, int m) {
  double stirling[101] = {1}, sum = 0, factor = 1;
  for (int i = 1; i <= m; i++) {
    for (int k = i; k >= 1; k--) stirling[k] = k * stirling[k] + stirling[k - 1];
    stirling[0] = 0;
  }
  for (int k = 1; k <= m; k++) {
    factor *= (p[0] - k + 1) * p[1];
    sum += stirling[k] * factor;
  }
  return sum;
}

const ThFamily th_family_binomial = {
    .builtin =
        {{"Binomial(n = …, p = …; logit = …) -> distribution", th_family_construct, SECTION,
          "how often something of probability p happens in n independent trials",
          "by name also logit = log(p/(1 - p))",
          "Binomial(10, 0.3)\n#> Binomial(n = 10, p = 0.3)   support {0, 1, …, 10}, mean 3, sd 1.44914\n"
          "pdf(Binomial(10, 0.3), 3)\n#> 0.266828",
          "Bernoulli Beta " MEASURES, NULL},
         {0}},
    .name = "Binomial",
    .n_parameters = 2,
    .parameters = {{"n", COUNT, false, 0}, {"p", PROBABILITY, false, 0}},
    .alternatives = logit_alternatives,
    .discrete = true,
    .math = &th_binomial_math,
    .moment = binomial_moment,
};

/* --- Poisson */

static double poisson_cumulant(const double *p, int n) {
  (void)n;
  return p[0];
}

static const ThAlternative poisson_alternatives[] = {{"mean", "rate", {TH_DOMAIN_NON_NEGATIVE}, NULL, NULL},
                                                     {0}};

const ThFamily th_family_poisson = {
    .builtin = {{"Poisson(rate = …; mean = …) -> distribution", th_family_construct, SECTION,
                 "how many independent events happen where `rate` are expected",
                 "mass e^-rate rate^k/k!; mean and variance are the rate",
                 "Poisson(3.5)\n#> Poisson(rate = 3.5)   support {0, 1, …}, mean 3.5, sd 1.87083\n"
                 "pdf(Poisson(3.5), 2)\n#> 0.184959",
                 "Exponential Gamma Binomial " MEASURES, NULL},
                {0}},
    .name = "Poisson",
    .n_parameters = 1,
    .parameters = {{"rate", TH_DOMAIN_NON_NEGATIVE, false, 0}},
    .alternatives = poisson_alternatives,
    .discrete = true,
    .math = &th_poisson_math,
    .cumulant = poisson_cumulant,
};

/* --- DiscreteUniform */

static bool run_check(ThContext *cx, const double *p) {
  if (p[0] <= p[1] && p[1] - p[0] < 9e15) return true;
  if (p[0] <= p[1]) return th_fail(cx, TH_ERROR_VALUE, "DiscreteUniform takes at most 9e15 values");
  th_fail(cx, TH_ERROR_VALUE,
          "`a` of DiscreteUniform must not be above `b`, got %.6g and "
          "%.6g",
          p[0], p[1]);
  return th_hint(cx, "DiscreteUniform(%.6g, %.6g)", p[1], p[0]);
}

static bool run_affine(const double *p, double scale, double shift, double *q) {
  q[0] = (scale > 0 ? p[0] : -p[1]) + shift;
  q[1] = (scale > 0 ? p[1] : -p[0]) + shift;
  return fabs(scale) == 1 && floor(shift) == shift;
}

const ThFamily th_family_discrete_uniform = {
    .builtin =
        {{"DiscreteUniform(a = …, b = …) -> distribution", th_family_construct, SECTION,
          "the whole numbers from a to b, both included, equally likely: a die is DiscreteUniform(1, 6)",
          NULL,
          "DiscreteUniform(1, 6)\n"
          "#> DiscreteUniform(a = 1, b = 6)   support {1, 2, …, 6}, mean 3.5, sd 1.70783",
          "Discrete Uniform " MEASURES, NULL},
         {0}},
    .name = "DiscreteUniform",
    .n_parameters = 2,
    .parameters = {{"a", TH_DOMAIN_WHOLE, false, 0}, {"b", TH_DOMAIN_WHOLE, false, 0}},
    .discrete = true,
    .math = &th_discrete_uniform_math,
    .check = run_check,
    .affine = run_affine,
};
