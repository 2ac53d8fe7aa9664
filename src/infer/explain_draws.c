/* explain_draws.c - a posterior that is known by draws, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/explain_posterior.h"
#include "infer/sampled_posterior.h"
#include "val/array.h"

/* --- Draws */

static const ThLine draw_words = {
    .words =
        "The sampler needs no p(data): it draws from the density that is proportional to exp(-loss), walking along "
        "the gradient. {rows($draws)} draws of {$chains} chains stand for the posterior:"};
static const ThLine draw_means = {.sides = {{"E($parameters | data)", "$means + 0"},
                                            {"Σ draws/{rows($draws)}", "sum($draws, axis = 1)/rows($draws)"},
                                            {"{$means}"}}};
static const ThLine draw_errors = {
    .words =
        "Neighbouring draws are alike: the mean is as sure as that of fewer that are independent. Its error, and "
        "how many they would be:",
    .sides = {{"n", "$ess + 0"}, {"(sd/error)²", "($sd/$mcse)^2"}, {"{$ess}"}}};
static const ThLine draw_error_line = {
    .sides = {{"error", "$mcse + 0"}, {"sd/√n", "$sd/√$ess"}, {"{$mcse}"}}};

static bool give_draws(const ThApproach *a) {
  const ThChains *s = a->p->sample;
  size_t n = s->n_chains * s->n_draws;
  ThArray *draws = th_matrix_new(a->cx, TH_DOUBLE, n, a->k);
  if (!draws) return false;
  memcpy(draws->real, s->x, n * a->k * sizeof *s->x);
  return th_explanation_pick_take(a->e, "draws", "draws", th_object(draws)) &&
         th_explanation_pick_take(a->e, "chains", "chains", th_number((double)s->n_chains));
}

/* Standard deviations, errors of the means, and (sd/error)²: NaN where all draws are alike. */
static bool give_diagnosis(const ThApproach *a, bool *known) {
  const ThDiagnosis *all;
  double *x = th_alloc_array(a->cx, 3 * a->k, sizeof *x);
  if (!x) return false;
  bool ok = th_sampled_diagnosis(a->p, &all);
  *known = true;
  for (size_t j = 0; ok && j < a->k; j++) {
    x[j] = sqrt(a->p->covariance[j * (a->k + 1)]);
    x[a->k + j] = all[j].mcse;
    x[2 * a->k + j] = x[j] * x[j] / (all[j].mcse * all[j].mcse);
    *known = *known && isfinite(x[2 * a->k + j]);
  }
  ok = ok && th_explain_posterior_vector(a, "sd", "sd", x) &&
       th_explain_posterior_vector(a, "mcse", "mcse", x + a->k) &&
       th_explain_posterior_vector(a, "ess", "n_effective", x + 2 * a->k);
  th_free(a->cx, x, 3 * a->k * sizeof *x);
  return ok;
}

bool th_explain_draws(const ThApproach *a, bool *done) {
  bool known;
  *done = true;
  return give_draws(a) && th_explain_posterior_vector(a, "means", "means", a->p->mean) &&
         give_diagnosis(a, &known) && th_explain_add_bayes(a) && th_explanation_add(a->e, &draw_words) &&
         th_explanation_add(a->e, &draw_means) &&
         (!known || (th_explanation_add(a->e, &draw_errors) && th_explanation_add(a->e, &draw_error_line)));
}
