/* verbs.c - built-ins: what may be asked of a distribution, a random variable, a posterior's component */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows only name what there is to ask; the value's kind answers (distribution_verb.c,
 * variable_verb.c). */
#include "prob/verbs.h"

#include "lang/libs.h"
#include "prob/cf.h"
#include "prob/distribution.h"
#include "prob/from_cf.h"

/* cf(data, k) is the empirical one. */
static bool body_cf(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue x = call->args[0], cf;
  bool data = th_is_scalar(x) || th_is_array(x) || th_is_range(x);
  if (!data) return th_lib_other_kind(cx, call, out);
  if (!th_cf_of_data(cx, x, &cf)) return false;
  if (!call->given[1]) {
    *out = cf;
    return true;
  }
  bool ok = th_call_values(cx, cf, &call->args[1], 1, out);
  th_release(cf);
  return ok;
}

static bool body_from_cf(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_from_cf(cx, call->args[0], out);
}

#define VERB(form, brief, detail, examples, see) \
  { form, th_lib_other_kind, "distributions", brief, detail, examples, see, NULL }
#define ARRAYS "x and the parameters may be arrays: they broadcast"

const ThBuiltin th_lib_verbs[] = {
    VERB("pdf(d: any, x: real) -> real",
         "the density of a distribution at x; of a discrete one the probability of x", ARRAYS,
         "pdf(Normal(0, 1), 0)\n#> 0.398942\npdf(Poisson(2), 0:3)\n"
         "#> [0.135335, 0.270671, 0.270671, 0.180447]",
         "logpdf cdf"),
    VERB("logpdf(d: any, x: real) -> real", "the logarithm of the density",
         "accurate where the density itself is 0 in double precision",
         "logpdf(Normal(0, 1), 40)\n#> -800.919", "pdf"),
    VERB("cdf(d: any, x: real) -> real", "the probability of a value up to x: P(X <= x)", ARRAYS,
         "cdf(Exponential(1), 2)\n#> 0.864665", "ccdf quantile pdf"),
    VERB("ccdf(d: any, x: real) -> real",
         "the probability of a value above x: P(X > x), accurate in the upper tail", NULL,
         "ccdf(Normal(0, 1), 10)\n#> 7.61985e-24", "cdf"),
    VERB("logcdf(d: any, x: real) -> real", "the logarithm of cdf", NULL,
         "logcdf(Normal(0, 1), -40)\n#> -804.608", "cdf"),
    VERB("logccdf(d: any, x: real) -> real", "the logarithm of ccdf", NULL,
         "logccdf(Exponential(2), 500)\n#> -1000", "ccdf"),
    VERB("skewness(d: any) -> real", "how lopsided: E((X - mean)^3)/sd^3", NULL,
         "skewness(Exponential(1))\n#> 2", "kurtosis moment"),
    VERB("kurtosis(d: any) -> real", "how heavy the tails: E((X - mean)^4)/sd^4 - 3",
         "the excess: 0 for a normal distribution", "kurtosis(Uniform(0, 1))\n#> -1.2", "skewness moment"),
    VERB("mode(d: any) -> real", "where the density is largest", NULL, "mode(Beta(3, 2))\n#> 0.666667",
         "mean median"),
    VERB("entropy(d: any) -> real", "the entropy -E(log pdf(X)), in nats", "divide by log(2) for bits",
         "entropy(Bernoulli(0.5))/log(2)\n#> 1", "logpdf"),
    VERB("mgf(d: any, t: real) -> real", "the moment-generating function E(e^(tX))",
         "inf where the expectation diverges", "mgf(Normal(0, 1), 1)\n#> 1.64872", "cf moment cumulant"),
    VERB("moment(d: any, n: real) -> real", "the n-th moment E(X^n)", NULL, "moment(Normal(0, 1), 4)\n#> 3",
         "cumulant mgf mean"),
    VERB("cumulant(d: any, n: real) -> real", "the n-th cumulant: mean, variance, …",
         "cumulants of independent variables add", "cumulant(Poisson(2), 5)\n#> 2", "moment"),
    VERB("support(d: any) -> array", "the least and the greatest value that can occur", NULL,
         "support(Beta(2, 2))\n#> [0, 1]", "quantile"),
    VERB("interval(d: any, level: number = 0.95) -> array",
         "the interval that holds this probability, with equal tails", NULL,
         "interval(Normal(0, 1))\n#> [-1.95996, 1.95996]", "quantile"),
    VERB("sample(d: any, ...n: count) -> real", "random draws: one, n, or an array n × m",
         "the same seed gives the same draws: seed(1)",
         "length(sample(Normal(0, 1), 100))\n#> 100\nshape(sample(Poisson(2), 3, 2))\n#> [3, 2]", "seed pdf"),
    VERB(
        "normalize(d: any) -> distribution", "a density with its integral brought to 1",
        "divides by the integral of the function; any other distribution is normalised already, and is given back",
        "normalize(density(x -> exp(-abs(x)), lower = 0))\n"
        "#> density(x -> exp(-abs(x)), lower = 0)   on [0, inf), normalised, mean 1, sd 1",
        "density"),
    VERB(
        "fisher(d: any) -> real", "the Fisher information of one observation about the parameters",
        "a matrix in the order of the parameters, a number where there is one; nan where a parameter takes "
        "whole numbers only or moves an end of the support. Of vectors and matrices the elements of the parameters "
        "count one by one: of a symmetric matrix its diagonal and what stands right of it, by rows",
        "fisher(Normal(0, 2))\n#> [0.25, 0;\n#>  0,    0.5]\nfisher(Poisson([2, 4]))\n#> [0.5, 0.25]",
        "score mle"),
    VERB(
        "score(d: any, x: real, wrt: string = \"x\") -> real",
        "the derivative of the log density by x, or by the parameters",
        "wrt = \"parameters\": in their order, along a last axis where there are several; of vectors and "
        "matrices a record of them, each derivative in its parameter's shape. By x it is 0 outside the "
        "support, and nan where there is no derivative: at a jump, at a value with a probability of its own",
        "score(Normal(1, 2), 3)\n#> -0.5\nscore(Normal(1, 2), 3, wrt = \"parameters\")\n#> [0.5, 0]",
        "fisher logpdf"),
    VERB("rosetta(d: any) -> table", "the same distribution in R, Stan, SciPy, Julia and GSL",
         "its numbers in each system's own parameters; - where a system lacks the family",
         "rosetta(Gamma(3, 2))\n#> system  call\n#> R       dgamma(x, shape = 3, rate = 2)\n"
         "#> Stan    gamma(3, 2)\n#> SciPy   gamma(3, scale=0.5)\n#> Julia   Gamma(3, 0.5)\n"
         "#> GSL     gsl_ran_gamma_pdf(x, 3, 0.5)",
         "pdf Normal Gamma"),
    {"cf(x: any, k: real = …) -> any", body_cf, "distributions",
     "the characteristic function φ(k) = E(e^(ikX)), as a function, or its value at k",
     "of a distribution, a random variable, or data (the empirical one); products and powers are "
     "characteristic functions again",
     "cf(Normal(0, 1), 1.5)\n#> 0.324652 + 0i\nφ = cf(Gamma(2, 3));\nφ(1)\n#> 0.72 + 0.54i",
     "from_cf mgf moment conj", NULL},
    {"from_cf(φ: function) -> distribution", body_from_cf, "distributions",
     "the distribution that has a characteristic function",
     "φ is a characteristic function or any function of k; the density is its Fourier integral, the distribution "
     "function that of Gil-Pelaez; values carry their error",
     "d = from_cf(cf(Normal(1, 2))*cf(Exponential(1)));\nmean(d)\n#> 2\n"
     "near(cdf(from_cf(k -> exp(-abs(k))), 1), 0.75)\n#> true",
     "cf pdf cdf", NULL},
    {0},
};
