/* explain_posterior.c - posteriors that are not exact, in lines: which they are, and what all say */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All start from the loss, minus the log of likelihood times prior. A grid integrates its exponential; Laplace's method
 * takes the normal distribution of the same curvature at the mode; a sampler draws from it. */
#include "infer/explain_posterior.h"

#include <math.h>
#include <string.h>

#include "val/array.h"

/* --- What all say */

static const ThLine bayes_line = {
    .words =
        "Bayes' formula: the density of the parameters is the likelihood times the prior, divided by p(data). "
        "Minus the logarithm of that product is the loss$kinds:",
    .sides = {{"loss($parameters)", "$loss(($values))"}, {"$sum$plusrest", "$sumcode + ($restcode)"}}};
static const ThLine bayes_words = {
    .words =
        "Bayes' formula: the density of the parameters is the likelihood times the prior, divided by p(data). The "
        "loss is minus the logarithm of that product, as a function of $parameters."};

bool th_explain_add_bayes(const ThApproach *a) {
  bool known;
  if (!th_explain_loss_parts(a->e, &a->p->question, &known)) return false;
  return th_explanation_add(a->e, known ? &bayes_line : &bayes_words);
}

bool th_explain_posterior_vector(const ThApproach *a, const char *symbol, const char *wanted,
                                 const double *x) {
  ThValue v;
  return th_vector_from(a->cx, x, a->k, &v) && th_explanation_pick_take(a->e, symbol, wanted, v);
}

bool th_explain_posterior_matrix(const ThApproach *a, const char *symbol, const char *wanted,
                                 const double *x) {
  ThArray *m = th_matrix_new(a->cx, TH_DOUBLE, a->k, a->k);
  if (!m) return false;
  memcpy(m->real, x, a->k * a->k * sizeof *x);
  return th_explanation_pick_take(a->e, symbol, wanted, th_object(m));
}

bool th_explain_posterior_name(const ThApproach *a, const char *symbol, size_t j) {
  ThText name;
  th_text_init(&name, &a->cx->heap);
  th_layout_name(&a->p->layout, j, &name);
  bool ok = th_text_ok(&name, a->cx) && th_explanation_symbol(a->e, symbol, th_text_string(&name));
  th_text_clear(&name);
  return ok;
}

/* --- A posterior */

static bool explain(ThApproach *a, const ThRecording *r, bool *done) {
  const char *method = th_as_string(a->p->method)->text;
  double *point = th_alloc_array(a->cx, a->k, sizeof *point);
  if (!point) return false;
  for (size_t j = 0; j < a->k; j++) {
    double step = 0.385 * sqrt(a->p->covariance[j * (a->k + 1)]);
    point[j] = a->p->mean[j] + (a->p->mean[j] + step < a->target->upper[j] ? step : -0.385 * step);
  }
  /* of elements that hang together the mean itself, which is a possible value of them */
  if (a->p->sample) memcpy(point, a->p->mean, a->k * sizeof *point);
  bool ok = th_explain_give_data(a->e, &a->p->question) &&
            th_explain_give_point(a->e, &a->p->question, r, point) && th_explain_give_parameters(a->e, r) &&
            th_explain_give_loss(a->e, &a->p->question);
  th_free(a->cx, point, a->k * sizeof *point);
  if (!ok) return false;
  if (a->p->sample) return th_explain_draws(a, done);
  if (strncmp(method, "laplace", 7) == 0) return th_explain_laplace(a, done);
  return strcmp(method, "grid") != 0 || th_explain_grid(a, done);
}

bool th_explain_posterior(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (!th_is_posterior(v) || th_as_posterior(v)->k == 0 || !th_as_posterior(v)->mean) return true;
  const ThPosterior *p = th_as_posterior(v);
  ThRecording r;
  ThTarget target;
  if (strncmp(th_as_string(p->method)->text, "exact", 5) == 0) return true;
  if (!th_question_reopen(cx, &p->question, &p->question.data, &r)) return false;
  bool ok = th_target_init(&r, &target);
  if (ok) {
    ThApproach a = {.cx = cx, .e = e, .value = v, .p = p, .target = &target, .k = p->k};
    ok = explain(&a, &r, done);
    th_target_clear(&target);
  }
  th_recording_clear(&r);
  return ok;
}
