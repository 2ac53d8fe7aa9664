/* lib_infer.c - built-ins: mle, map, posterior, predict, update */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/ask.h"
#include "infer/fit.h"
#include "infer/infer.h"
#include "infer/libs.h"
#include "infer/posterior.h"
#include "infer/predict.h"
#include "infer/regression_predict.h"
#include "infer/update.h"

static bool body_mle(ThContext *cx, const ThCall *call, ThValue *out) {
  ThQuestion question;
  return th_ask(cx, TH_VERB_MLE, call, &question) && th_fit_find_take(cx, &question, out);
}

static bool body_map(ThContext *cx, const ThCall *call, ThValue *out) {
  ThQuestion question;
  return th_ask(cx, TH_VERB_MAP, call, &question) && th_fit_find_take(cx, &question, out);
}

static bool body_posterior(ThContext *cx, const ThCall *call, ThValue *out) {
  ThQuestion question;
  return th_ask(cx, TH_VERB_POSTERIOR, call, &question) && th_posterior_find_take(cx, &question, NULL, out);
}

/* predict: f, data, level, then the record of inputs. */
static bool body_predict(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThRecord *named = th_as_record(call->args[call->n_args - 1]);
  double level = th_arg_number(call, 2);
  if (!(level > 0 && level < 1))
    return th_fail(cx, TH_ERROR_VALUE, "`level` lies between 0 and 1, got %.6g", level);
  if (th_is_fit(call->args[0]))
    return th_predict_fit(cx, th_as_fit(call->args[0]), call->args[1], named, level, out);
  if (th_is_regression(call->args[0]))
    return th_predict_regression(cx, th_as_regression(call->args[0]), call->args[1], named, level, out);
  return th_predict_posterior(cx, th_as_posterior(call->args[0]), call->args[1], named, out);
}

/* update: p; then data, or a family and data; then the record of names. */
static bool update_posterior(ThContext *cx, const ThCall *call, size_t n, const ThRecord *named,
                             ThValue *out) {
  if (n > 1)
    return th_fail_argument(cx, 3, TH_ERROR_TYPE,
                            "`update` of a posterior takes the data as one table or record");
  return th_update_posterior(cx, th_as_posterior(call->args[0]), n ? call->args[1] : th_unset(), named, out);
}

static bool update_distribution(ThContext *cx, const ThCall *call, size_t n, const ThRecord *named,
                                ThValue *out) {
  const ThBuiltin *row = n > 0 ? th_builtin_row(call->args[1]) : NULL;
  const ThFamily *family = row ? th_family_of_builtin(row) : NULL;
  if (family && n == 2)
    return th_update_distribution(cx, th_as_distribution(call->args[0]), family, call->args[2], named, out);
  th_fail_argument(cx, 2, TH_ERROR_TYPE, "`update` of a prior takes the family of the data, then the data");
  return th_hint(cx, "update(Beta(1, 1), Bernoulli, [1, 1, 0])");
}

static bool body_update(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThRecord *named = th_as_record(call->args[call->n_args - 1]);
  size_t n = call->n_args - 2;
  return th_is_posterior(call->args[0]) ? update_posterior(cx, call, n, named, out)
                                        : update_distribution(cx, call, n, named, out);
}

#define SECTION "models"
#define COIN \
  "model coin(y) { p ~ Beta(1, 1); y ~ Bernoulli(p) }\nflips = (y = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1]);\n"
#define LINE                                                                                 \
  "model line(x, y, σ) { a ~ Normal(0, 10); b ~ Normal(0, 10); y ~ Normal(a + b*x, σ) }\n" \
  "lab = table(x = [1, 2, 3, 4, 5], y = [2.1, 3.9, 6.2, 7.8, 10.1], σ = [0.1, 0.1, 0.2, 0.2, 0.4]);\n"
#define OPTIONS                                                                                         \
  "prior = (p = Beta(2, 2)) replaces priors by name, fix = (b = 0) holds parameters, level is that of " \
  "intervals, init = (a = 1) is where a search begins; other names are the model's knobs or data."

static const ThBuiltin rows[] = {
    {TH_ASK_SIGNATURE("mle", "fit"), body_mle, SECTION,
     "maximum likelihood: the parameters that make the data most probable",
     "data: a table or record that has the model's arguments. Priors are left out. mle(Gamma, xs) fits a family of "
     "distributions to an array; what is known is given by its name, mle(Binomial, xs, n = 10). weights: one number "
     "for each datum, which multiplies its log likelihood. The fit has a field "
     "for each parameter, and se interval cov fisher expected_fisher loglik aic bic chi2 dof residuals "
     "method converged calls, and trace, a table of the steps of a search. Ctrl-C keeps the best so far. "
     "The intervals are Wald's, from the ±; those of the likelihood has profile(f). " OPTIONS,
     COIN "mle(coin, flips).p\n#> 0.70 ± 0.14  exact: closed form\n" LINE "mle(line, lab)\n"
          "#> line, maximum likelihood (exact: weighted least squares)\n"
          "#>    estimate  ±      95 % interval\n"
          "#> a  0.09      0.13   (-0.17, 0.36)\n"
          "#> b  1.953     0.060  (1.836, 2.070)\n"
          "#> χ² = 3.45 on 3 degrees of freedom (p = 0.33)\n"
          "#> corr(a, b) = -0.88; σ given, used as given\n"
          "mle(Gamma, [0.5, 1.2, 0.3, 2.2, 1.9, 0.8, 1.1, 0.6]).shape\n"
          "#> 2.8 ± 1.3  Newton's method, exact derivatives",
     "map posterior predict profile contour", NULL},
    {TH_ASK_SIGNATURE("map", "fit"), body_map, SECTION,
     "maximum a posteriori: where the posterior density is largest",
     "In the model's own coordinates. Fields as those of mle; se comes from the curvature of the posterior "
     "density. " OPTIONS,
     COIN
     "map(coin, flips, prior = (p = Beta(2, 2))).p\n#> 0.67 ± 0.14  exact: mode of the conjugate posterior",
     "mle posterior", NULL},
    {TH_ASK_SIGNATURE("posterior", "posterior"), body_posterior, SECTION,
     "the joint distribution of a model's parameters, given data",
     "p.a is the component of parameter a, a random variable: P(p.a > 0), mean(p.a), plot(p.a). "
     "Further fields: method log_evidence cov interval, of draws also draws diagnostics.\n"
     "method: \"auto\" takes the first that applies of \"exact\", \"grid\" (one or two parameters) and \"nuts\" "
     "(draws by the no-U-turn sampler; chains, warmup, draws of each, seed); \"laplace\" is the normal law at the "
     "maximum. The evidence of draws is found by bridge sampling, with its error.\n"
     "Exact are conjugate priors and mixtures of them; Normal data whose means are linear in the parameters, with σ "
     "given, or unknown and the priors multiples of it (normal-inverse-gamma); discrete parameters of up to a million "
     "states, with conjugate ones beside them.\n" OPTIONS,
     COIN "post = posterior(coin, flips);\nmean(post.p)\n#> 0.666667  exact\npost.log_evidence\n#> -7.18539\n"
          "model change(y) {\n  τ ~ DiscreteUniform(1, 5)\n  a, b ~ Gamma(2, 1)\n"
          "  for i in 1:6 { y[i] ~ Poisson(if i <= τ then a else b) }\n}\n"
          "P(posterior(change, (y = [3, 4, 5, 0, 1, 0])).τ = 3)\n#> 0.817245  exact (5 outcomes)",
     "update predict bayes_factor mle map", NULL},
    {"predict(f: fit|regression|posterior, data: any = …; level: number = 0.95, ...inputs) -> any",
     body_predict, SECTION, "what a fit or a posterior says about new data",
     "A fit gives value se lower upper, of the mean, and predict_lower predict_upper, where a new datum lies: "
     "a record, or a table for arrays. A posterior gives the distribution of one new datum. A new point needs "
     "its own σ where the data had one each.",
     LINE "predict(mle(line, lab), x = 3, σ = 0.2).value\n#> 5.95466\n"
          "predict(mle(line, lab), x = [2, 4], σ = 0.2)\n"
          "#> x    value         se    lower    upper  predict_lower  predict_upper\n"
          "#> 2  4.0013   0.0624864  3.87883  4.12377        3.59062        4.41198\n"
          "#> 4  7.90803  0.135947   7.64157  8.17448        7.43405        8.382",
     "mle posterior", NULL},
    {"update(p: posterior|distribution, ...data: any; ...names) -> any", body_update, SECTION,
     "today's posterior is tomorrow's prior: a posterior after more data",
     "update(p, more) of a posterior takes a table or record. An exact posterior becomes the prior; of any other the "
     "model is asked again, about the old and new data one under the other. update(prior, Family, data) is "
     "the short form for conjugate pairs; the family's known parameters are given by name: "
     "update(Normal(0, 1), Normal, [1.2, 0.8], σ = 1).",
     COIN "mean(update(posterior(coin, flips), (y = [1, 1, 0])).p)\n#> 0.666667  exact\n"
          "update(Beta(1, 1), Bernoulli, [1, 1, 0, 1])\n#> Beta(α = 4, β = 2)  exact (conjugate)",
     "posterior bayes_factor", NULL},
    {0},
};

bool th_infer_define(ThContext *cx) {
  return th_builtins_define(cx, rows) && th_builtins_define(cx, th_lib_simulate) &&
         th_builtins_define(cx, th_lib_posterior) && th_builtins_define(cx, th_lib_profile) &&
         th_builtins_define(cx, th_lib_minimize) && th_builtins_define(cx, th_lib_loss_of) &&
         th_builtins_define(cx, th_lib_explain) && th_builtins_define(cx, th_lib_study) &&
         th_builtins_define(cx, th_lib_linear);
}
