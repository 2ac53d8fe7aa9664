/* explain_shares.c - shares with a Dirichlet prior, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "infer/explain.h"
#include "infer/law.h"
#include "infer/posterior.h"
#include "prob/event.h"
#include "val/array.h"

/* $y the data, $t the shares, $a the prior's α, $c the counts; $counted says how they are counted. */
static const ThLine lines[] = {
    {.words = "The model: $y ~ $law, with the prior $t ~ Dirichlet({$a}). The data enter by the counts",
     .define = "$c",
     .sides = {{"$c"}, {"$counts", "$countcode"}, {"{$c}"}}},
    {.words = "The log likelihood, as a function of the shares:",
     .sides = {{"log P($y | $t)", "$loglik"}, {"Σⱼ $cⱼ·log($tⱼ)$ways", "sum({$c}*log($t))$constant"}}},
    {.words = "The prior:",
     .sides = {{"log p($t)", "logpdf(Dirichlet($a), $t)"},
               {"Σⱼ ($aⱼ - 1)·log($tⱼ) + log Γ(Σⱼ $aⱼ) - Σⱼ log Γ($aⱼ)",
                "sum(({$a} - 1)*log($t)) + lgamma(sum($a)) - sum(lgamma($a))"}}},
    {.words = "Both have the same form in $t, so the posterior is Dirichlet again, with",
     .define = "$n",
     .sides = {{"$n"}, {"$a + $c"}, {"{$a} + {$c}"}, {"{$n}"}}},
    {.words = "Bayes' formula multiplies the two, and divides by what makes the integral 1:",
     .sides = {{"log p($t | $y)", "logpdf(Dirichlet($n), $t)"},
               {"log P($y | $t) + log p($t) - log P($y)",
                "$loglik + logpdf(Dirichlet($a), $t) - $evidence"}}},
    {.words = "The divisor is the evidence, a quotient of what makes the two densities integrate to 1:",
     .sides = {{"log P($y)", "$evidence"},
               {"log B($n) - log B($a)$ways",
                "sum(lgamma($n)) - lgamma(sum($n)) - sum(lgamma($a)) + lgamma(sum($a))$constant"},
               {"{$evidence}"}}},
    {.words = "Its mean:",
     .sides = {{"E($t | $y)", "mean(Dirichlet($n))"},
               {"$n/Σⱼ $nⱼ", "$n/sum($n)"},
               {"{$n}/{sum($n)}"},
               {"{$n/sum($n)}"}}},
    {0},
};

typedef struct Shares {
  ThContext *cx;
  ThExplanation *e;
  const ThPosterior *p;
  const ThUnknown *u;
  const ThObservation *o;
  const ThFamily *family;
} Shares;

bool th_explain_counts(ThExplanation *e, const ThFamily *family, ThValue data, const char *many) {
  bool rows = th_is_array(data) && th_as_array(data)->rank == 2;
  if (family == &th_family_categorical)
    return th_explanation_symbol(e, "law", "Categorical($t)") &&
           th_explanation_symbol(e, "counts", "[how many $yᵢ are j, for each j]") &&
           th_explanation_symbol(e, "countcode", "[sum($y == j) for j in 1:length($t)]") &&
           th_explanation_symbol(e, "loglik", "sum([logpdf(Categorical($t), v) for v in $y])") &&
           th_explanation_symbol(e, "ways", "") && th_explanation_symbol(e, "constant", "");
  return th_explanation_symbol(e, "many", many) &&
         th_explanation_symbol(e, "law", "Multinomial($many, $t)") &&
         th_explanation_symbol(e, "counts", rows ? "Σᵢ $yᵢ" : "$y") &&
         th_explanation_symbol(e, "countcode", rows ? "sum($y, axis = 1)" : "$y + 0") &&
         th_explanation_symbol(
             e, "loglik",
             rows ? "sum([logpdf(Multinomial(sum($y[i, :]), $t), $y[i, :]) for i in 1:rows($y)])"
                  : "logpdf(Multinomial(sum($y), $t), $y)") &&
         th_explanation_symbol(e, "constant",
                               rows ? " + sum(lgamma(1 + sum($y, axis = 2))) - sum(lgamma($y + 1))"
                                    : " + lgamma(1 + sum($y)) - sum(lgamma($y + 1))") &&
         th_explanation_symbol(e, "ways", " + log $many!/Π $y!");
}

static bool give_prior(const Shares *s) {
  const ThDistribution *d = th_as_distribution(s->u->prior);
  ThValue alpha, point;
  double *x = th_alloc_array(s->cx, s->u->count, sizeof *x), total = 0;
  if (!x) return false;
  for (size_t j = 0; j < s->u->count; j++) total += x[j] = 1 + 0.385 * (double)j;
  for (size_t j = 0; j < s->u->count; j++) x[j] /= total;
  bool ok = th_vector_from(s->cx, x, s->u->count, &point) &&
            th_explanation_give_take(s->e, s->u->name->spelling, point) &&
            th_explanation_symbol(s->e, "t", s->u->name->spelling);
  th_free(s->cx, x, s->u->count * sizeof *x);
  return ok && th_vector_from(s->cx, d->p + 1, s->u->count, &alpha) &&
         th_explanation_pick_take(s->e, "a", "α", alpha);
}

static bool explain(const Shares *s) {
  const char *name = s->o->name->spelling;
  return th_explanation_give_take(s->e, name, th_retain(s->o->data)) &&
         th_explanation_symbol(s->e, "y", name) && give_prior(s) && th_explanation_pick(s->e, "c", "c") &&
         th_explanation_pick(s->e, "n", "αₙ") &&
         th_explanation_pick_take(s->e, "evidence", "log_evidence", th_number(s->p->log_evidence)) &&
         th_explain_counts(s->e, s->family, s->o->data, "n") && th_explanation_add_all(s->e, lines);
}

bool th_explain_shares(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (!th_is_posterior(v) || !th_as_posterior(v)->vectors) return true;
  const ThPosterior *p = th_as_posterior(v);
  ThRecording r;
  if (!th_question_reopen(cx, &p->question, &p->question.data, &r)) return false;
  bool ok = true;
  if (r.n_unknowns == 1 && r.n_observations == 1 && th_is_conditional(r.observations[0].distribution) &&
      th_is_distribution(r.unknowns[0].prior)) {
    Shares s = {.cx = cx,
                .e = e,
                .p = p,
                .u = &r.unknowns[0],
                .o = &r.observations[0],
                .family = th_law_family(r.observations[0].distribution)};
    *done = true;
    ok = explain(&s);
  }
  th_recording_clear(&r);
  return ok;
}
