/* families_counts.c - the rows of Geometric, NegBinomial, Hypergeometric, Zipf, BetaBinomial */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "num/real.h"
#include "num/special.h"
#include "prob/families.h"
#include "val/format.h"
#include "val/operations.h"

#define SECTION TH_FAMILY_SECTION
#define POSITIVE TH_DOMAIN_POSITIVE
#define PROBABILITY TH_DOMAIN_PROBABILITY
#define COUNT TH_DOMAIN_COUNT
#define MEASURES "pdf cdf quantile sample mean sd cf plot"

/* --- What Geometric and NegBinomial share */

static bool check_success(ThContext *cx, const char *name, double p, double start) {
  if (start > 1) {
    th_fail(cx, TH_ERROR_VALUE, "`start` of %s must be 0 or 1, got %.6g", name, start);
    return th_hint(cx, "0 counts the failures before the success, 1 the trials up to it");
  }
  if (p > 0) return true;
  th_fail(cx, TH_ERROR_VALUE, "`p` of %s must be above 0, got 0", name);
  return th_hint(cx, "what never succeeds has no first success to wait for");
}

/* ", name = value": a parameter that differs from what it is when left out. */
static bool add_parameter(ThContext *cx, const ThDistribution *d, int j, ThStyle style, ThText *out) {
  th_text_format(out, "%s%s = ", j ? ", " : "", d->family->parameters[j].name);
  return th_format_nested(cx, d->parameters[j], style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style, out);
}

static bool is_plainly(ThValue v, double x) { return th_is_scalar(v) && th_as_scalar(v) == x; }

/* `q` is shown where p alone would tell less than is known: in a text that must be complete, or where the difference
 * from 1 - p would show. */
static bool shows_failure(const ThDistribution *d, int j, ThStyle style) {
  if (!th_is_scalar(d->parameters[j])) return style == TH_STYLE_SOURCE;
  double q = th_as_scalar(d->parameters[j]), plain = 1 - d->p[1];
  return q == q && (style == TH_STYLE_SOURCE ? q != plain : fabs(q - plain) > 1e-12 * q);
}

static bool format_waiting(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  th_text_format(out, "%s(", d->family->name);
  for (int j = 0; j < d->family->n_parameters; j++) {
    const ThFamilyParameter *parameter = &d->family->parameters[j];
    bool hidden = j >= d->family->n_parameters - d->family->n_hidden;
    if (hidden && !shows_failure(d, j, style)) continue;
    if (parameter->optional && !hidden && is_plainly(d->parameters[j], parameter->fallback)) continue;
    if (!add_parameter(cx, d, j, style, out)) return false;
  }
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

/* --- Geometric */

/* The mean is (1 - p)/p, or 1/p where trials are counted. */
static void geometric_from_mean(const double *given, double *set) { set[0] = 1 / (1 + given[0]); }
static void geometric_from_mean_start(const double *given, double *set) {
  set[0] = 1 / (given[0] + (1 - given[1]));
  set[1] = given[1];
}

static void geometric_from_mean_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  set[0] = th_power_to(g, th_shift(g, given[0], 1), -1);
}
static void geometric_from_mean_start_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  ThNodeId failures = th_subtract(g, given[0], given[1]);
  set[0] = th_power_to(g, th_shift(g, failures, 1), -1);
  set[1] = given[1];
}

static const ThAlternative geometric_alternatives[] = {
    {"mean start",
     "p start",
     {TH_DOMAIN_NON_NEGATIVE, COUNT},
     geometric_from_mean_start,
     geometric_from_mean_start_node},
    {"mean", "p", {TH_DOMAIN_NON_NEGATIVE}, geometric_from_mean, geometric_from_mean_node},
    {0},
};

static bool geometric_check(ThContext *cx, const double *p) {
  return check_success(cx, "Geometric", p[0], p[1]);
}

const ThFamily th_family_geometric = {
    .builtin =
        {{"Geometric(p = …, start = …; mean = …) -> distribution", th_family_construct, SECTION,
          "how many failures come before the first success, each trial having probability p",
          "mass p (1 - p)^k for k = 0, 1, …; with `start = 1` the trials are counted, the success among them; by "
          "name also the mean",
          "Geometric(0.2)\n#> Geometric(p = 0.2)   support {0, 1, …}, mean 4, sd 4.47214\n"
          "Geometric(0.2, start = 1)\n"
          "#> Geometric(p = 0.2, start = 1)   support {1, 2, …}, mean 5, sd 4.47214\n"
          "ccdf(Geometric(0.2), 9)\n#> 0.107374",
          "NegBinomial Exponential Bernoulli " MEASURES, NULL},
         {0}},
    .name = "Geometric",
    .n_parameters = 2,
    .parameters = {{"p", PROBABILITY, false, 0}, {"start", COUNT, true, 0}},
    .alternatives = geometric_alternatives,
    .discrete = true,
    .math = &th_geometric_math,
    .check = geometric_check,
    .format = format_waiting,
};

/* --- NegBinomial */

/* Stan's neg_binomial_2: p = φ/(mean + φ); and neg_binomial: p = β/(β + 1). 1 - p is kept too, since p may be
 * nearly 1. */
static void negative_binomial_from_mean(const double *given, double *set) {
  set[0] = given[1];
  set[1] = given[1] / (given[0] + given[1]);
  set[2] = given[0] / (given[0] + given[1]);
}
static void negative_binomial_from_rate(const double *given, double *set) {
  set[0] = given[0];
  set[1] = given[1] / (given[1] + 1);
  set[2] = 1 / (given[1] + 1);
}

static void negative_binomial_from_mean_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  ThNodeId both = th_add(g, given[0], given[1]);
  set[0] = given[1];
  set[1] = th_divide(g, given[1], both);
  set[2] = th_divide(g, given[0], both);
}
static void negative_binomial_from_rate_node(ThGraph *g, const ThNodeId *given, ThNodeId *set) {
  ThNodeId more = th_shift(g, given[1], 1);
  set[0] = given[0];
  set[1] = th_divide(g, given[1], more);
  set[2] = th_power_to(g, more, -1);
}

static const ThAlternative negative_binomial_alternatives[] = {
    {"mean dispersion",
     "r p q",
     {TH_DOMAIN_NON_NEGATIVE, POSITIVE},
     negative_binomial_from_mean,
     negative_binomial_from_mean_node},
    {"alpha beta",
     "r p q",
     {POSITIVE, POSITIVE},
     negative_binomial_from_rate,
     negative_binomial_from_rate_node},
    {0},
};

static bool negative_binomial_check(ThContext *cx, const double *p) {
  if (!check_success(cx, "NegBinomial", p[1], p[2])) return false;
  if (p[2] == 1 && floor(p[0]) != p[0])
    return th_fail(cx, TH_ERROR_VALUE, "`r` of NegBinomial must be whole where trials are counted, got %.6g",
                   p[0]);
  if (!(fabs(p[3] - (1 - p[1])) > 4e-16)) return true;
  return th_fail(cx, TH_ERROR_VALUE, "`q` of NegBinomial is 1 - p, which is %.6g, got %.6g", 1 - p[1], p[3]);
}

const ThFamily th_family_negative_binomial = {
    .builtin =
        {{"NegBinomial(r = …, p = …, start = …, q = …; mean = …, dispersion = …, alpha = …, beta = …) -> distribution",
          th_family_construct, SECTION,
          "how many failures come before the r-th success, each trial having probability p",
          "r may be any positive number. With `start = 1` the trials are counted. By name: mean and dispersion (φ of "
          "Stan's neg_binomial_2: the variance is mean + mean²/φ), or alpha and beta (Stan's neg_binomial: a Poisson "
          "number whose rate is Gamma(alpha, beta)); both speak of the failures. `q` is 1 - p, with digits of its "
          "own where p is nearly 1",
          "NegBinomial(3, 0.2)\n#> NegBinomial(r = 3, p = 0.2)   support {0, 1, …}, mean 12, sd 7.74597\n"
          "NegBinomial(mean = 10, dispersion = 2.5)\n"
          "#> NegBinomial(r = 2.5, p = 0.2)   support {0, 1, …}, mean 10, sd 7.07107",
          "Geometric Poisson Gamma Binomial " MEASURES, NULL},
         {0}},
    .name = "NegBinomial",
    .n_parameters = 4,
    .parameters = {{"r", POSITIVE, false, 0},
                   {"p", PROBABILITY, false, 0},
                   {"start", COUNT, true, 0},
                   {"q", TH_DOMAIN_ANY, true, TH_NAN}},
    .n_hidden = 1,
    .alternatives = negative_binomial_alternatives,
    .discrete = true,
    .math = &th_negative_binomial_math,
    .check = negative_binomial_check,
    .format = format_waiting,
};

/* --- Hypergeometric */

static bool hypergeometric_check(ThContext *cx, const double *p) {
  if (p[2] > p[0] + p[1]) {
    th_fail(cx, TH_ERROR_VALUE, "`draws` of Hypergeometric must be at most good + bad = %.6g, got %.6g",
            p[0] + p[1], p[2]);
    return th_hint(cx, "with replacement: `Binomial(%.6g, %.6g)`", p[2], p[0] / (p[0] + p[1]));
  }
  return p[0] + p[1] <= 1e15 ||
         th_fail(cx, TH_ERROR_VALUE, "Hypergeometric takes at most 1e15 things, got %.6g", p[0] + p[1]);
}

const ThFamily th_family_hypergeometric = {
    .builtin = {{"Hypergeometric(good = …, bad = …, draws = …) -> distribution", th_family_construct, SECTION,
                 "how many good things are among `draws` taken, without putting back, out of good + bad",
                 "mass C(good, k) C(bad, draws - k)/C(good + bad, draws)",
                 "Hypergeometric(7, 13, 10)\n"
                 "#> Hypergeometric(good = 7, bad = 13, draws = 10)\n"
                 "#>   support {0, 1, …, 7}, mean 3.5, sd 1.09424",
                 "Binomial choose " MEASURES, NULL},
                {0}},
    .name = "Hypergeometric",
    .n_parameters = 3,
    .parameters = {{"good", COUNT, false, 0}, {"bad", COUNT, false, 0}, {"draws", COUNT, false, 0}},
    .discrete = true,
    .math = &th_hypergeometric_math,
    .check = hypergeometric_check,
};

/* --- Zipf */

static bool zipf_check(ThContext *cx, const double *p) {
  if (p[0] > 1) return true;
  th_fail(cx, TH_ERROR_VALUE, "`s` of Zipf must be above 1, got %.6g", p[0]);
  return th_hint(cx, "up to N: `Discrete(1:N, [k^-%.6g for k in 1:N])`", p[0]);
}

/* ζ(s - n)/ζ(s) */
static double zipf_moment(const double *p, int n) {
  if (p[0] - n <= 1) return TH_INFINITY;
  return (1 + th_special_zeta_minus_1(p[0] - n)) / (1 + th_special_zeta_minus_1(p[0]));
}

const ThFamily th_family_zipf = {
    .builtin = {{"Zipf(s = …) -> distribution", th_family_construct, SECTION,
                 "ranks whose frequencies fall as a power: k = 1, 2, … with mass k^-s/ζ(s)",
                 "s is above 1; the mean is finite for s > 2, the variance for s > 3",
                 "Zipf(3.5)\n#> Zipf(s = 3.5)   support {1, 2, …}, mean 1.1906, sd 0.949218\n"
                 "pdf(Zipf(2), 1:3)\n#> [0.607927, 0.151982, 0.0675475]",
                 "Pareto Discrete " MEASURES, NULL},
                {0}},
    .name = "Zipf",
    .n_parameters = 1,
    .parameters = {{"s", TH_DOMAIN_REAL, false, 0}},
    .discrete = true,
    .math = &th_zipf_math,
    .check = zipf_check,
    .moment = zipf_moment,
};

/* --- BetaBinomial */

const ThFamily th_family_beta_binomial = {
    .builtin = {{"BetaBinomial(n = …, α = …, β = …) -> distribution", th_family_construct, SECTION,
                 "how often something happens in n trials when its probability is itself Beta(α, β)",
                 "mass C(n, k) B(k + α, n - k + β)/B(α, β): what a Beta posterior predicts for n more trials",
                 "BetaBinomial(10, 2, 3)\n"
                 "#> BetaBinomial(n = 10, α = 2, β = 3)   support {0, 1, …, 10}, mean 4, sd 2.44949",
                 "Binomial Beta " MEASURES, NULL},
                {0}},
    .name = "BetaBinomial",
    .n_parameters = 3,
    .parameters = {{"n", COUNT, false, 0}, {"α", POSITIVE, false, 0}, {"β", POSITIVE, false, 0}},
    .discrete = true,
    .math = &th_beta_binomial_math,
};
