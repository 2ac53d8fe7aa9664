/* explain_curvature.c - the normal approximation about a maximum (Laplace's), in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For a fit that was searched for: the loss, where its gradient is 0, its second derivatives there, and the normal
 * distribution with the same curvature. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/explain.h"
#include "infer/fit.h"
#include "infer/loss.h"
#include "val/array.h"

enum { MOST_SHOWN = 5 };

/* $loss of a vector of all elements, with priors where the fit had them; $hat is the estimate, $H the information. */
static const ThLine sums[] = {
    {.words = "The loss is minus the log density, a sum ($kinds):",
     .sides = {{"loss($parameters)", "$loss(($values))"}, {"$sum$plusrest", "$sumcode + ($restcode)"}}},
    {0},
};

static const ThLine lines[] = {
    {.words = "It is least where its gradient is 0:",
     .sides = {{"∇loss($hatname)", "where(abs(grad($loss, $hat)) < 1e-6/$se, 0, grad($loss, $hat))"},
               {"0", "zeros({length($hat)})"}}},
    {.sides = {{"$hatname", "$hat"}, {"{$hat}"}}},
    {.words = "There its second derivatives, exact ones, are the information",
     .sides = {{"I", "hessian($loss, $hat)"}, {"∇²loss($hatname)", "$information"}, {"{=$information}"}}},
    {.words =
         "and its second-order series there is half a square. A density that is the exponential of minus half a square "
         "is normal: Laplace's approximation has the covariance",
     .sides = {{"C", "$covariance"}, {"I⁻¹", "inv($information)"}, {"{=$covariance}"}}},
    {.words = "whose diagonal gives the errors:",
     .sides = {{"se", "$se"},
               {"√diag(C)", "[√($covariance[i, i]) for i in 1:{rows($covariance)}]"},
               {"{$se}"}}},
    {0},
};

/* The integral of the approximation: Laplace's evidence. */
static const ThLine evidence = {
    .words = "Its integral stands for the evidence, log p(data) ≈ -loss + (k/2)·log(2π) + ½·log det C:",
    .sides = {{"-loss($hatname) + ({length($hat)}/2)·log(2π) + ½·log(det(C))",
               "-$loss($hat) + length($hat)/2*log(2π) - log(det($information))/2"},
              {"{-$loss($hat) + length($hat)/2*log(2π) - log(det($information))/2}"}}};

static bool give_matrix(ThExplanation *e, const char *symbol, const double *x, size_t k) {
  ThArray *a = th_matrix_new(e->cx, TH_DOUBLE, k, k);
  if (!a) return false;
  memcpy(a->real, x, k * k * sizeof *x);
  return th_explanation_pick_take(e, symbol, symbol, th_object(a));
}

static bool give_errors(ThExplanation *e, const double *se, size_t k) {
  ThValue v;
  return th_vector_from(e->cx, se, k, &v) && th_explanation_pick_take(e, "se", "se", v);
}

/* "(â, b̂)", or "β̂" of one vector. */
static bool give_hat(const ThFit *fit, ThExplanation *e) {
  ThText name;
  size_t free = 0;
  ThValue hat;
  th_text_init(&name, &e->cx->heap);
  for (size_t i = 0; i < fit->layout.n; i++) {
    if (fit->layout.entries[i].is_held) continue;
    th_text_format(&name, "%s%s\u0302", free++ ? ", " : "", fit->layout.entries[i].name->spelling);
  }
  bool ok = th_text_ok(&name, e->cx) && th_explanation_symbol(e, "hatname", th_text_string(&name)) &&
            th_vector_from(e->cx, fit->estimate, fit->k, &hat) &&
            th_explanation_pick_take(e, "hat", "hat", hat);
  th_text_clear(&name);
  return ok;
}

static bool add_sums(const ThFit *fit, ThExplanation *e) {
  bool known;
  if (!th_explain_loss_parts(e, &fit->question, &known)) return false;
  return !known || th_explanation_add_all(e, sums);
}

/* Are the loss's second derivatives the fit's information? Not where the fit weighed its data. */
static bool agrees(const ThFit *fit, ThExplanation *e, bool *out) {
  ThValue v;
  *out = false;
  if (!th_explanation_value(e, "hessian($loss, $hat)", &v)) return false;
  const double *curvature = th_as_array(v)->real;
  *out = true;
  for (size_t i = 0; i < fit->k; i++)
    for (size_t j = 0; j < fit->k; j++) {
      double scale = sqrt(fit->information[i * (fit->k + 1)] * fit->information[j * (fit->k + 1)]);
      *out = *out && fabs(curvature[i * fit->k + j] - fit->information[i * fit->k + j]) <= 1e-6 * scale;
    }
  th_release(v);
  return true;
}

static bool add_lines(const ThFit *fit, const ThRecording *r, ThExplanation *e, bool *done) {
  double *point = th_alloc_array(e->cx, fit->k, sizeof *point);
  if (!point) return false;
  for (size_t j = 0; j < fit->k; j++) point[j] = fit->estimate[j] + 0.0385 * fit->se[j];
  bool ok = th_explain_give_data(e, &fit->question) && th_explain_give_point(e, &fit->question, r, point) &&
            th_explain_give_parameters(e, r) && th_explain_give_loss(e, &fit->question) && give_hat(fit, e) &&
            add_sums(fit, e) && give_matrix(e, "information", fit->information, fit->k) &&
            give_matrix(e, "covariance", fit->covariance, fit->k) && give_errors(e, fit->se, fit->k) &&
            th_explanation_add_all(e, lines) && agrees(fit, e, done);
  th_free(e->cx, point, fit->k * sizeof *point);
  return ok && (fit->question.verb == TH_VERB_MLE || th_explanation_add(e, &evidence));
}

bool th_explain_curvature(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (!th_is_fit(v) || th_as_fit(v)->k == 0 || th_as_fit(v)->k > MOST_SHOWN) return true;
  const ThFit *fit = th_as_fit(v);
  ThRecording r;
  if (th_question_model(&fit->question)->family) return true; /* the loss is told from the text of a body */
  for (size_t j = 0; j < fit->k; j++)
    if (isnan(fit->se[j])) return true;
  if (!th_question_reopen(cx, &fit->question, &fit->question.data, &r)) return false;
  bool ok = add_lines(fit, &r, e, done);
  th_recording_clear(&r);
  return ok;
}
