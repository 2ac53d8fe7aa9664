/* lib_posterior.c - built-ins for what one does with a posterior: bayes_factor, ppc, compare */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "infer/compare.h"
#include "infer/evidence.h"
#include "infer/libs.h"
#include "infer/names.h"
#include "infer/ppc.h"

static bool body_bayes_factor(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThPosterior *p = th_as_posterior(call->args[0]), *q = th_as_posterior(call->args[1]);
  char typed[2][64];
  ThFinding ratio;
  const char *names[2] = {th_typed_name(cx, 0, "p", typed[0], sizeof typed[0]),
                          th_typed_name(cx, 1, "q", typed[1], sizeof typed[1])};
  ThQuestion a = th_posterior_question(p), b = th_posterior_question(q);
  return th_evidence_knows_data(p, names[0]) && th_evidence_knows_data(q, names[1]) &&
         th_evidence_same_data(cx, &a, &b, names) && th_evidence_ratio(p, q, &ratio) &&
         th_finding_value(cx, &ratio, NULL, out);
}

/* --- ppc: p, stat, draws, level */

/* A record of functions, each a statistic under its name. */
static bool check_named(ThContext *cx, const ThRecord *record, size_t n, const ThPosterior *p, double level,
                        ThValue *out) {
  char got[96];
  const char **names = th_alloc_array(cx, record->length + 1, sizeof *names);
  if (!names) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < record->length; i++) {
    ThValue f = record->values[i];
    names[i] = record->names[i]->spelling;
    ok = th_is_object(f) && th_as_object(f)->kind->call;
    if (!ok)
      th_fail(cx, TH_ERROR_TYPE, "a statistic is a function; `%s` is %s", names[i],
              th_describe(f, got, sizeof got));
  }
  ThPpcStatistics own = {record->length, names, record->values};
  ok = ok && th_ppc_find(p, &own, n, level, out);
  th_free(cx, names, (record->length + 1) * sizeof *names);
  return ok;
}

static bool body_ppc(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThPosterior *p = th_as_posterior(call->args[0]);
  size_t n = th_arg_count(call, 2);
  double level = th_arg_number(call, 3);
  char typed[64];
  if (!(level > 0 && level < 1))
    return th_fail(cx, TH_ERROR_VALUE, "`level` lies between 0 and 1, got %.6g", level);
  if (n == 0) return th_fail(cx, TH_ERROR_VALUE, "`draws` is how many data sets are replicated, from 1 on");
  if (th_is_record(call->args[1])) return check_named(cx, th_as_record(call->args[1]), n, p, level, out);
  const ThBuiltin *built_in = call->given[1] ? th_builtin_row(call->args[1]) : NULL;
  const char *name = built_in ? th_builtin_name(built_in, typed, sizeof typed)
                              : th_typed_name(cx, 1, "stat", typed, sizeof typed);
  ThPpcStatistics own = {call->given[1] ? 1 : 0, &name, &call->args[1]};
  return th_ppc_find(p, &own, n, level, out);
}

/* --- compare: fits, regressions, posteriors */

enum { NAME_SIZE = 64 };

static bool body_compare(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n = call->n_args;
  char *typed = n ? th_alloc_array(cx, n, NAME_SIZE) : NULL;
  const char **names = typed ? th_alloc_array(cx, n, sizeof *names) : NULL;
  bool ok = n >= 2 && names;
  if (n < 2) th_fail(cx, TH_ERROR_VALUE, "`compare` takes two fits or posteriors at least, got %zu", n);
  for (size_t i = 0; ok && i < n; i++) {
    char fallback[24];
    snprintf(fallback, sizeof fallback, "fit%zu", i + 1);
    names[i] = th_typed_name(cx, i, fallback, typed + i * NAME_SIZE, NAME_SIZE);
  }
  ok = ok && th_compare(cx, call->args, names, n, out);
  if (names) th_free(cx, names, n * sizeof *names);
  if (typed) th_free(cx, typed, n * NAME_SIZE);
  return ok;
}

#define SECTION "models"
#define COIN \
  "model coin(y) { p ~ Beta(1, 1); y ~ Bernoulli(p) }\nflips = (y = [1, 1, 0, 1, 1, 0, 1, 1, 0, 1]);\n"

const ThBuiltin th_lib_posterior[] = {
    {"bayes_factor(p: posterior, q: posterior) -> number", body_bayes_factor, SECTION,
     "how much more probable the model of p makes the data than that of q",
     "The ratio of the evidences, exp(p.log_evidence - q.log_evidence), with its error where one is not exact; both "
     "must have seen the same data, and every parameter needs a proper prior.",
     COIN "model fair(y) { p ~ Beta(500, 500); y ~ Bernoulli(p) }\n"
          "bayes_factor(posterior(fair, flips), posterior(coin, flips))\n#> 1.29287",
     "posterior update", NULL},
    {"ppc(p: posterior, stat: function|record = …; draws: count = 1000, level: number = 0.9) -> ppc",
     body_ppc, SECTION, "posterior predictive check: does the model give data like those that were observed?",
     "Data sets are drawn from the posterior predictive distribution. For mean, sd, min, max and the statistics of "
     "`stat`, a function of the data or a record of functions: the observed value, the median and interval of the "
     "replicated ones, and how often those are as large or larger. Fields: statistic observed median lower upper p, "
     "table with these as columns, replicates (50 of the data sets, as rows). plot(c) draws the data before them.",
     "model counts(k) { λ ~ Gamma(2, 1); k ~ Poisson(λ) }\n"
     "seed(1);\nppc(posterior(counts, (k = [0, 0, 9, 0, 8, 1])), stat = median)\n"
     "#> counts, posterior predictive check by 1000 data sets\n"
     "#>         observed  replicated  90 % interval  P(replicated ≥ observed)\n"
     "#> mean    3         2.8         (1.5, 4.5)     0.450\n"
     "#> sd      4.28952   1.55        (0.75, 2.58)   < 0.001\n"
     "#> min     0         1.0         (0.0, 2.0)     > 0.999\n"
     "#> max     9         5.0         (3.0, 8.0)     0.0270\n"
     "#> median  0.5       2.5         (1.0, 4.5)     0.9990\n"
     "#> larger than the model lets expect: sd\n"
     "#> smaller than the model lets expect: median",
     "posterior predict simulate plot", NULL},
    {"compare(...fits: fit|regression|posterior) -> comparison", body_compare, SECTION,
     "fits and posteriors of the same data side by side",
     "A column for each, under the name that was typed: parameters ± errors, the number k of those that are free, log "
     "likelihood, AIC, BIC; of posteriors the log evidence. Below it stands what AIC and the evidence prefer. Fields: "
     "name method k loglik aic bic log_evidence, and table, which has the parameters too. plot(c) draws all lines over "
     "the data.",
     "d = (x = 1:6, y = [2.1, 3.9, 6.2, 7.8, 10.3, 13.1]);\n"
     "model line(x, y) { a, b ~ Normal(0, 10); y ~ Normal(a + b*x, 0.2) }\n"
     "model curve(x, y) { a, b, c ~ Normal(0, 10); y ~ Normal(a + b*x + c*x^2, 0.2) }\n"
     "f = mle(line, d);\ng = mle(curve, d);\ncompare(f, g)\n"
     "#>               f              g\n"
     "#>               mle            mle\n"
     "#> a             -0.35 ± 0.19   0.62 ± 0.36\n"
     "#> b             2.166 ± 0.048  1.44 ± 0.23\n"
     "#> c                            0.104 ± 0.033\n"
     "#> k             2              3\n"
     "#> loglik        -3.26653       1.73942\n"
     "#> AIC           10.5331        2.52115\n"
     "#> BIC           10.1166        1.89643\n"
     "#> AIC prefers g to f: ΔAIC = 8.0",
     "mle posterior bayes_factor lm", NULL},
    {0},
};
