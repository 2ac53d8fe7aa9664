/* lib_posterior.c - built-ins for what one does with a posterior: bayes_factor */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/evidence.h"
#include "infer/libs.h"
#include "infer/names.h"

static bool body_bayes_factor(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThPosterior *p = th_as_posterior(call->args[0]), *q = th_as_posterior(call->args[1]);
  char typed[2][64];
  ThFinding ratio;
  const char *names[2] = {th_typed_name(cx, 0, "p", typed[0], sizeof typed[0]),
                          th_typed_name(cx, 1, "q", typed[1], sizeof typed[1])};
  ThQuestion a = th_posterior_question(p), b = th_posterior_question(q);
  return th_evidence_same_data(cx, &a, &b, names) && th_evidence_ratio(p, q, &ratio) &&
         th_finding_value(cx, &ratio, NULL, out);
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
    {0},
};
