/* by_states.c - a new datum under a posterior of discrete parameters alone, state by state */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/by_states.h"

#include "prob/distribution.h"
#include "val/array.h"

enum { MOST_STATES = 4096 };

/* Of several parameters each is a vector of its values, indexed by the number of the state; or a number, where all
 * states have the same (discrete_posterior.c). */
static bool is_by_number(ThValue v) {
  return th_is_variable(v) && th_as_variable(v)->what == TH_VARIABLE_INDEX &&
         th_is_array(th_as_variable(v)->arguments[0]);
}

/* The variable that numbers the states, of one parameter itself; NULL where no values are listed. */
static const ThVariable *numbering(const ThPosterior *p) {
  const ThVariable *found = NULL;
  if (!p->margins || p->k == 0) return NULL;
  if (p->k == 1) return th_as_variable(th_posterior_component(p, 0));
  for (size_t j = 0; p->prepared && j < p->k; j++) {
    if (is_by_number(p->prepared[j])) found = th_as_variable(th_as_variable(p->prepared[j])->arguments[1]);
    else if (!th_is_number(p->prepared[j])) return NULL;
  }
  return found;
}

bool th_by_states_fits(const ThPosterior *p) {
  const ThVariable *number = numbering(p);
  return number && th_is_distribution(number->distribution) &&
         th_distribution_is_discrete(th_as_distribution(number->distribution));
}

static double value_of(const ThPosterior *p, size_t j, double number) {
  if (p->k == 1) return number;
  if (!is_by_number(p->prepared[j])) return th_as_number(p->prepared[j]);
  return th_as_array(th_as_variable(p->prepared[j])->arguments[0])->real[(size_t)number - 1];
}

/* The law of the datum in state i, which has this number. */
static bool law_at(const ThPosterior *p, const ThModelData *data, size_t i, double number, ThValue *out) {
  ThRecording r;
  double *x = th_alloc_array(p->cx, p->k, sizeof *x);
  if (!x) return false;
  for (size_t j = 0; j < p->k; j++) x[j] = value_of(p, j, number);
  bool ok = th_posterior_replay(p, data, x, i > 0, &r);
  th_free(p->cx, x, p->k * sizeof *x);
  if (!ok) return false;
  *out = th_retain(r.observations[0].distribution);
  th_recording_clear(&r);
  return true;
}

/* The laws of n states, and their weights. */
static bool fill(const ThPosterior *p, const ThModelData *data, const double *numbers, ThArray *weights,
                 ThList *laws) {
  const ThDistribution *states = th_as_distribution(numbering(p)->distribution);
  for (size_t i = 0; i < weights->length; i++) {
    ThValue law;
    if (!th_distribution_measure(p->cx, states, 0, TH_PDF, numbers[i], &weights->real[i]) ||
        !law_at(p, data, i, numbers[i], &law) || !th_list_push_take(p->cx, laws, law))
      return false;
  }
  return true;
}

static bool is_one(ThValue law) { return th_is_distribution(law) && th_as_distribution(law)->rank == 0; }

static bool mix(const ThPosterior *p, const ThModelData *data, const double *numbers, size_t n,
                ThValue *out) {
  ThContext *cx = p->cx;
  ThValue parameters[TH_MAX_PARAMETERS] = {th_none(), th_none(), th_none(), th_none()};
  ThArray *weights = th_vector_new(cx, TH_DOUBLE, n);
  ThList *laws = weights ? th_list_new(cx, n) : NULL;
  bool ok = laws && fill(p, data, numbers, weights, laws);
  if (weights) parameters[0] = th_object(weights);
  if (laws) parameters[1] = th_object(laws);
  if (ok && !is_one(laws->items[0])) {
    th_fail(cx, TH_ERROR_SHAPE, "model `%s` predicts one datum at a time: its body takes no random variables",
            th_question_model(&p->question)->name->spelling);
    ok = th_hint(cx, "`[predict(p, x = x) for x in xs]` asks for each");
  }
  ok = ok && th_distribution_new(cx, &th_family_mixture, parameters, out);
  th_release_all(parameters, 2);
  return ok;
}

bool th_by_states_predict(const ThPosterior *p, const ThModelData *data, ThValue *out) {
  double *numbers;
  size_t n;
  if (!th_distribution_outcomes(p->cx, th_as_distribution(numbering(p)->distribution), 0, MOST_STATES,
                                &numbers, &n))
    return false;
  bool ok = n > 0 || th_fail(p->cx, TH_ERROR_VALUE, "the predictive would be a mixture of more than %d laws",
                             MOST_STATES);
  ok = ok && mix(p, data, numbers, n, out);
  th_free(p->cx, numbers, n * sizeof *numbers);
  return ok;
}
