/* rosetta.c - the same distribution in other systems */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row is a family by its name, and its density in each system: in R and GSL as a function of x, in Stan as
 * what stands behind `~`, in SciPy as an object of scipy.stats, in Julia one of Distributions.jl. The order and
 * the meaning of the parameters ($1, $2, …) are those of Theta's own call. What is not here (a density of one's own)
 * no system has as such. */
#include "prob/rosetta.h"

#include <string.h>

typedef struct Row {
  const char *family;
  const char *calls[TH_ROSETTA_SYSTEMS]; /* templates (rosetta.h); NULL: the system has none */
} Row;

static const char *const systems[TH_ROSETTA_SYSTEMS] = {"R", "Stan", "SciPy", "Julia", "GSL"};

/* clang-format off */
static const Row rows[] = {
    {"Normal",
     {"dnorm(x, mean = {$1}, sd = {$2})", "normal({$1}, {$2})", "norm({$1}, {$2})", "Normal({$1}, {$2})",
      "gsl_ran_gaussian_pdf({x $1}, {$2})"}},
    {"StudentT",
     {"dt({x $2 $3}, df = {$1}){/ $3}", "student_t({$1}, {$2}, {$3})", "t({$1}, {$2}, {$3})",
      "{+ $2 $3}TDist({$1})", "gsl_ran_tdist_pdf({x $2 $3}, {$1}){/ $3}"}},
    {"Cauchy",
     {"dcauchy(x, location = {$1}, scale = {$2})", "cauchy({$1}, {$2})", "cauchy({$1}, {$2})",
      "Cauchy({$1}, {$2})", "gsl_ran_cauchy_pdf({x $1}, {$2})"}},
    {"Laplace",
     {NULL, "double_exponential({$1}, {$2})", "laplace({$1}, {$2})", "Laplace({$1}, {$2})",
      "gsl_ran_laplace_pdf({x $1}, {$2})"}},
    {"Logistic",
     {"dlogis(x, location = {$1}, scale = {$2})", "logistic({$1}, {$2})", "logistic({$1}, {$2})",
      "Logistic({$1}, {$2})", "gsl_ran_logistic_pdf({x $1}, {$2})"}},
    {"Gumbel",
     {NULL, "gumbel({$1}, {$2})", "gumbel_r({$1}, {$2})", "Gumbel({$1}, {$2})",
      "gsl_ran_gumbel1_pdf({x $1}, {1/$2}, 1)"}},
    {"Exponential",
     {"dexp(x, rate = {$1})", "exponential({$1})", "expon(scale={1/$1})", "Exponential({1/$1})",
      "gsl_ran_exponential_pdf(x, {1/$1})"}},
    {"Gamma",
     {"dgamma(x, shape = {$1}, rate = {$2})", "gamma({$1}, {$2})", "gamma({$1}, scale={1/$2})",
      "Gamma({$1}, {1/$2})", "gsl_ran_gamma_pdf(x, {$1}, {1/$2})"}},
    {"InvGamma",
     {"dgamma(1/x, shape = {$1}, rate = {$2})/x^2", "inv_gamma({$1}, {$2})", "invgamma({$1}, scale={$2})",
      "InverseGamma({$1}, {$2})", "gsl_ran_gamma_pdf(1/x, {$1}, {1/$2})/(x*x)"}},
    {"Beta",
     {"dbeta(x, shape1 = {$1}, shape2 = {$2})", "beta({$1}, {$2})", "beta({$1}, {$2})", "Beta({$1}, {$2})",
      "gsl_ran_beta_pdf(x, {$1}, {$2})"}},
    {"Chi2",
     {"dchisq(x, df = {$1})", "chi_square({$1})", "chi2({$1})", "Chisq({$1})", "gsl_ran_chisq_pdf(x, {$1})"}},
    {"FDist",
     {"df(x, df1 = {$1}, df2 = {$2})", NULL, "f({$1}, {$2})", "FDist({$1}, {$2})",
      "gsl_ran_fdist_pdf(x, {$1}, {$2})"}},
    {"Weibull",
     {"dweibull(x, shape = {$1}, scale = {$2})", "weibull({$1}, {$2})", "weibull_min({$1}, scale={$2})",
      "Weibull({$1}, {$2})", "gsl_ran_weibull_pdf(x, {$2}, {$1})"}},
    {"LogNormal",
     {"dlnorm(x, meanlog = {$1}, sdlog = {$2})", "lognormal({$1}, {$2})", "lognorm({$2}, scale={exp($1)})",
      "LogNormal({$1}, {$2})", "gsl_ran_lognormal_pdf(x, {$1}, {$2})"}},
    {"Pareto",
     {NULL, "pareto({$1}, {$2})", "pareto({$2}, scale={$1})", "Pareto({$2}, {$1})",
      "gsl_ran_pareto_pdf(x, {$2}, {$1})"}},
    {"Uniform",
     {"dunif(x, min = {$1}, max = {$2})", "uniform({$1}, {$2})", "uniform({$1}, {$2-$1})",
      "Uniform({$1}, {$2})", "gsl_ran_flat_pdf(x, {$1}, {$2})"}},
    {"Triangular",
     {NULL, NULL, "triang({($3-$1)/($2-$1)}, {$1}, {$2-$1})", "TriangularDist({$1}, {$2}, {$3})", NULL}},
    {"Rayleigh",
     {"dweibull(x, shape = 2, scale = {sqrt(2)*$1})", "rayleigh({$1})", "rayleigh(scale={$1})",
      "Rayleigh({$1})", "gsl_ran_rayleigh_pdf(x, {$1})"}},
    {"Maxwell",
     {NULL, NULL, "maxwell(scale={$1})", "{+ 0 $1}Chi(3)", NULL}},
    {"Levy",
     {NULL, NULL, "levy({$1}, {$2})", "Levy({$1}, {$2})", NULL}},
    {"SkewNormal",
     {NULL, "skew_normal({$1}, {$2}, {$3})", "skewnorm({$3}, {$1}, {$2})", "SkewNormal({$1}, {$2}, {$3})",
      NULL}},
    {"VonMises",
     {NULL, "von_mises({$1}, {$2})", "vonmises({$2}, {$1})", "VonMises({$1}, {$2})", NULL}},
    {"HalfNormal",
     {"2*dnorm(x, mean = 0, sd = {$1})*(x >= 0)", "normal(0, {$1}) T[0, ]", "halfnorm(scale={$1})",
      "truncated(Normal(0, {$1}), 0, Inf)", "gsl_ran_gaussian_tail_pdf(x, 0, {$1})"}},
    {"HalfCauchy",
     {"2*dcauchy(x, location = 0, scale = {$1})*(x >= 0)", "cauchy(0, {$1}) T[0, ]",
      "halfcauchy(scale={$1})", "truncated(Cauchy(0, {$1}), 0, Inf)",
      "2*gsl_ran_cauchy_pdf(x, {$1})*(x >= 0)"}},
    {"HalfStudentT",
     {"2*dt({x 0 $2}, df = {$1}){/ $2}*(x >= 0)", "student_t({$1}, 0, {$2}) T[0, ]", NULL,
      "truncated({+ 0 $2}TDist({$1}), 0, Inf)", "2*gsl_ran_tdist_pdf({x 0 $2}, {$1}){/ $2}*(x >= 0)"}},
    {"LogUniform",
     {NULL, NULL, "loguniform({$1}, {$2})", "LogUniform({$1}, {$2})", NULL}},
    {"Voigt",
     {NULL, NULL, "special.voigt_profile({x $1}, {$2}, {$3})", NULL, NULL}},
    {"Bernoulli",
     {"dbinom(x, size = 1, prob = {$1})", "bernoulli({$1})", "bernoulli({$1})", "Bernoulli({$1})",
      "gsl_ran_bernoulli_pdf(x, {$1})"}},
    {"Binomial",
     {"dbinom(x, size = {$1}, prob = {$2})", "binomial({$1}, {$2})", "binom({$1}, {$2})",
      "Binomial({$1}, {$2})", "gsl_ran_binomial_pdf(x, {$2}, {$1})"}},
    {"Geometric",
     {"dgeom({x $2}, prob = {$1})", "neg_binomial(1, {$1/(1-$1)}){= $2}", "geom({$1}{, $2-1})",
      "{+ $2 1}Geometric({$1})", "gsl_ran_geometric_pdf({x $2-1}, {$1})"}},
    {"NegBinomial",
     {"dnbinom({x $1*$3}, size = {$1}, prob = {$2})", "neg_binomial({$1}, {$2/(1-$2)}){= $3}",
      "nbinom({$1}, {$2}{, $1*$3})", "{+ ($1*$3) 1}NegativeBinomial({$1}, {$2})",
      "gsl_ran_negative_binomial_pdf({x $1*$3}, {$2}, {$1})"}},
    {"Poisson",
     {"dpois(x, lambda = {$1})", "poisson({$1})", "poisson({$1})", "Poisson({$1})",
      "gsl_ran_poisson_pdf(x, {$1})"}},
    {"Hypergeometric",
     {"dhyper(x, m = {$1}, n = {$2}, k = {$3})", "hypergeometric({$3}, {$1}, {$2})",
      "hypergeom({$1+$2}, {$1}, {$3})", "Hypergeometric({$1}, {$2}, {$3})",
      "gsl_ran_hypergeometric_pdf(x, {$1}, {$2}, {$3})"}},
    {"DiscreteUniform",
     {"(x %in% {$1}:{$2})/{$2-$1+1}", "discrete_range({$1}, {$2})", "randint({$1}, {$2+1})",
      "DiscreteUniform({$1}, {$2})", NULL}},
    {"Discrete",
     {"sum({p $2}[{$1} == x])", NULL, "rv_discrete(values=({$1}, {p $2}))",
      "DiscreteNonParametric({$1}, {p $2})", NULL}},
    {"Zipf",
     {NULL, NULL, "zipf({$1})", NULL, NULL}},
    {"BetaBinomial",
     {NULL, "beta_binomial({$1}, {$2}, {$3})", "betabinom({$1}, {$2}, {$3})",
      "BetaBinomial({$1}, {$2}, {$3})", NULL}},
    {"Categorical",
     {"{p $1}[x]", "categorical({p $1})", "rv_discrete(values=(range(1, {n $1} + 1), {p $1}))",
      "Categorical({p $1})", "gsl_ran_discrete_pdf(x - 1, gsl_ran_discrete_preproc({n $1}, {$1}))"}},
    {"Multinomial",
     {"dmultinom(x, size = {$1}, prob = {$2})", "multinomial({p $2})", "multinomial({$1}, {p $2})",
      "Multinomial({$1}, {p $2})", "gsl_ran_multinomial_pdf({n $2}, {$2}, x)"}},
    {"MvNormal",
     {NULL, "multi_normal({$1}, {$2})", "multivariate_normal({$1}, {$2})", "MvNormal({$1}, {$2})", NULL}},
    {"Dirichlet",
     {NULL, "dirichlet({$1})", "dirichlet({$1})", "Dirichlet({$1})",
      "gsl_ran_dirichlet_pdf({n $1}, {$1}, x)"}},
    {"Wishart",
     {NULL, "wishart({$1}, {$2})", "wishart({$1}, {$2})", "Wishart({$1}, {$2})", NULL}},
    {"LKJ",
     {NULL, "lkj_corr({$2})", NULL, "LKJ({$1}, {$2})", NULL}},
    {"Mixture",
     {"{m $1 $2}", NULL, NULL, "MixtureModel({$2}, {p $1})", "{m $1 $2}"}},
    {"Truncated",
     {NULL, "{$1} T[{t $2}, {t $3}]", NULL, "truncated({$1}, {$2}, {$3})", NULL}},
    {"Censored",
     {NULL, NULL, NULL, "censored({$1}, {$2}, {$3})", NULL}},
    {"Point",
     {"1*(x == {$1})", NULL, "rv_discrete(values=([{$1}], [1]))", "Dirac({$1})", NULL}},
    {"Affine",
     {NULL, NULL, NULL, "{+ $3 $2}{$1}", NULL}},
    {"Empirical",
     {"mean({$1} == x)", NULL, NULL, "fit(DiscreteNonParametric, {$1})", NULL}},
    {"KDE",
     {"mean(dnorm(x, mean = {$1}, sd = {$2}))", NULL, "gaussian_kde({$1}, {$2}/{s $1})",
      "MixtureModel(Normal.({$1}, {$2}))", NULL}},
};
/* clang-format on */

bool th_rosetta_call(ThContext *cx, const ThDistribution *d, ThRosettaSystem system, ThText *out) {
  const char *template = NULL;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (strcmp(rows[i].family, d->family->name) == 0) template = rows[i].calls[system];
  bool fits = template != NULL;
  ThText call;
  th_text_init(&call, &cx->heap);
  bool ok = !template || th_rosetta_expand(cx, d, system, template, &call, &fits);
  if (ok) th_text_add(out, fits ? th_text_string(&call) : "-");
  th_text_clear(&call);
  return ok && th_text_ok(out, cx);
}

static bool push_text(ThContext *cx, ThList *list, const char *text) {
  ThValue s;
  return th_string_of(cx, text, &s) && th_list_push_take(cx, list, s);
}

static bool add_calls(ThContext *cx, const ThDistribution *d, ThList *names, ThList *calls) {
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = true;
  for (int k = 0; ok && k < TH_ROSETTA_SYSTEMS; k++) {
    th_text_reset(&text);
    ok = th_rosetta_call(cx, d, (ThRosettaSystem)k, &text) && push_text(cx, names, systems[k]) &&
         push_text(cx, calls, th_text_string(&text));
  }
  th_text_clear(&text);
  return ok;
}

bool th_rosetta_table(ThContext *cx, const ThDistribution *d, ThValue *out) {
  if (d->rank > 0) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "`rosetta` is of one distribution, got %zu", d->length);
    return th_hint(cx, "`rosetta(d[1])`");
  }
  ThList *names = th_list_new(cx, TH_ROSETTA_SYSTEMS);
  ThList *calls = names ? th_list_new(cx, TH_ROSETTA_SYSTEMS) : NULL;
  ThTable *table = calls ? th_table_new(cx, TH_ROSETTA_SYSTEMS) : NULL;
  ThSymbol *first = th_symbol_of(cx, "system"), *second = first ? th_symbol_of(cx, "call") : NULL;
  bool ok = table && second && add_calls(cx, d, names, calls) &&
            th_table_set_take(cx, table, first, th_retain(th_object(names))) &&
            th_table_set_take(cx, table, second, th_retain(th_object(calls)));
  if (names) th_release(th_object(names));
  if (calls) th_release(th_object(calls));
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}
