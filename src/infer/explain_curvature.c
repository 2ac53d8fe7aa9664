/* explain_curvature.c - the normal approximation about a maximum (Laplace's), in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For a fit that was searched for, and for any with weights: the loss, where its gradient is 0, its second derivatives
 * there, and the normal distribution with the same curvature. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/explain_family.h"
#include "infer/family_model.h"
#include "infer/loss.h"
#include "prob/event.h"
#include "val/array.h"
#include "val/format.h"

/* $loss of a vector of all elements, with priors where the fit had them; $hat is the estimate, $H the information. */
static const ThLine sums = {
    .words = "The loss is minus the log density, a sum$kinds:",
    .sides = {{"loss($parameters)", "$loss(($values))"}, {"$sum$plusrest", "$sumcode + ($restcode)"}}};

/* The same where datum i counts $wᵢ times. */
static const ThLine weighted_sums = {
    .words =
        "The loss is minus the log density, in which the term of each datum counts as often as its weight says$kinds:",
    .sides = {{"loss($parameters)", "$loss(($values))"}, {"$sum$plusrest", "$sumcode + ($restcode)"}}};
static const ThLine weights = {.sides = {{"$w", "$w + 0"}, {"{$w}"}}};

/* Of a family, whose model has no body. */
static const ThLine family_sum = {
    .words = "The model: $y ~ $law. The loss is minus the log likelihood:",
    .sides = {{"loss($parameters)", "$loss(($values))"}, {"-Σᵢ log f($yᵢ | $parameters)", "-$logs"}}};
static const ThLine weighted_family_sum = {
    .words = "The model: $y ~ $law. The loss is minus the log likelihood, each datum times its weight:",
    .sides = {{"loss($parameters)", "$loss(($values))"}, {"-Σᵢ $wᵢ·log f($yᵢ | $parameters)", "-$logs"}}};

static const ThLine gradient_lines[] = {
    {.words = "It is least where its gradient is 0:",
     .sides = {{"∇loss($hatname)", "where(abs(grad($loss, $hat)) < 1e-6/$se, 0, grad($loss, $hat))"},
               {"0", "zeros({length($hat)})"}}},
    {0},
};
static const ThLine written_out = {.words = "Written out:"};
static const ThLine is_at = {.words = "It is at", .sides = {{"$hatlist", "$hat"}, {"{$hat}"}}};
static const ThLine no_formula = {.words = "No formula solves that; the search comes to",
                                  .sides = {{"$hatlist", "$hat"}, {"{$hat}"}}};

static const ThLine information = {
    .words = "There its second derivatives, exact ones, are the information",
    .sides = {{"I", "hessian($loss, $hat)"}, {"∇²loss($hatname)", "$information"}, {"{=$information}"}}};
static const ThLine covariance = {
    .words =
        "and its second-order series there is half a square. A density that is the exponential of minus half a square "
        "is normal: Laplace's approximation has the covariance",
    .sides = {{"C", "$covariance"}, {"I⁻¹", "inv($information)"}, {"{=$covariance}"}}};
static const ThLine errors = {.words = "whose diagonal gives the errors:",
                              .sides = {{"se", "$se"},
                                        {"√diag(C)", "[√($covariance[i, i]) for i in 1:{rows($covariance)}]"},
                                        {"{$se}"}}};

/* The integral of the approximation: Laplace's evidence. */
static const ThLine evidence = {
    .words = "Its integral stands for the evidence, log p(data) ≈ -loss + (k/2)·log(2π) + ½·log det C:",
    .sides = {{"-loss($hatname) + ({length($hat)}/2)·log(2π) + ½·log(det(C))",
               "-$loss($hat) + length($hat)/2*log(2π) - log(det($information))/2"},
              {"{-$loss($hat) + length($hat)/2*log(2π) - log(det($information))/2}"}}};

/* With Laplace priors: $kink and $price are their locations and 1/scale, 0 where there is none; $inside tells which
 * estimates are not at a kink. */
#define SLOPE "grad($loss, $hat) - sign($hat - $kink)*$price"
static const ThLine kink_slope = {
    .words =
        "A Laplace prior adds |θ - location|/scale, whose slope is 1/scale above its kink and -1/scale below. The "
        "slope of all else is",
    .sides = {{"$g", SLOPE}, {"{$g}"}}};
static const ThLine kink_balance = {
    .words = "Where an estimate is not at a kink, the two cancel:",
    .sides = {{"$gⱼ", "[$g[j] for j in 1:length($g) if $inside[j] > 0]"},
              {"-sign(θ\u0302ⱼ - locationⱼ)/scaleⱼ",
               "[-sign($hat[j] - $kink[j])*$price[j] for j in 1:length($g) if $inside[j] > 0]"}}};
static const ThLine kink_held = {
    .words =
        "At a kink |$gⱼ| does not reach 1/scaleⱼ, so that the loss rises on both sides. The largest of |$gⱼ|·scaleⱼ "
        "is below 1:",
    .sides = {{"maxⱼ |$gⱼ|·scaleⱼ", "max([abs($g[j])/$price[j] for j in 1:length($g) if $inside[j] == 0])"},
              {"{max([abs($g[j])/$price[j] for j in 1:length($g) if $inside[j] == 0])}"}}};
static const ThLine kink_information = {
    .words =
        "Those at a kink stay there when the data change a little, and have no ±. Of the others the second "
        "derivatives are the information",
    .sides = {{"I", "$information"},
              {"∇²loss($hatname)",
               "[[hessian($loss, $hat)[i, j] for j in 1:length($g) if $inside[j] > 0] for i in "
               "1:length($g) if $inside[i] > 0]"},
              {"{=$information}"}}};
static const ThLine kink_covariance = {
    .words = "and its inverse the covariance,",
    .sides = {{"C", "$covariance"}, {"I⁻¹", "inv($information)"}, {"{=$covariance}"}}};

static bool give_matrix(ThExplanation *e, const char *symbol, const double *x, size_t k) {
  ThArray *a = th_matrix_new(e->cx, TH_DOUBLE, k, k);
  if (!a) return false;
  memcpy(a->real, x, k * k * sizeof *x);
  return th_explanation_pick_take(e, symbol, symbol, th_object(a));
}

static bool give_vector(ThExplanation *e, const char *symbol, const double *x, size_t k) {
  ThValue v;
  return th_vector_from(e->cx, x, k, &v) && th_explanation_pick_take(e, symbol, symbol, v);
}

static bool is_weighted(const ThFit *fit) { return th_question_weights(&fit->question); }

static bool give_weights(const ThFit *fit, ThExplanation *e) {
  return !is_weighted(fit) || th_explanation_pick_take(e, "w", "w", th_retain(fit->question.weights));
}

/* "â, b̂", or "β̂" of one vector. */
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
            th_explanation_symbol(e, "hatlist", free > 1 ? "[$hatname]" : "$hatname") &&
            th_vector_from(e->cx, fit->estimate, fit->k, &hat) &&
            th_explanation_pick_take(e, "hat", "hat", hat);
  th_text_clear(&name);
  return ok;
}

/* --- A family: y ~ Gamma(shape, rate), with what is held as numbers */

/* "Gamma(shape, 3)" as $law, and $logs, the sum of its log density. */
static bool give_law(const ThFit *fit, const ThFamilyModel *model, ThExplanation *e) {
  ThText law, logs;
  bool rows = model->family->event != NULL, weighted = is_weighted(fit), ok = true;
  th_text_init(&law, &e->cx->heap);
  th_text_init(&logs, &e->cx->heap);
  th_text_format(&logs, "%s%slogpdf(%s(", rows ? "sum([" : "sum(",
                 !weighted ? ""
                 : rows    ? "$w[i]*"
                           : "$w*",
                 model->family->name);
  th_text_format(&law, "%s(", model->family->name);
  for (size_t i = 0; ok && i < fit->layout.n; i++) {
    const ThLayoutEntry *entry = &fit->layout.entries[i];
    const char *comma = i ? ", " : "", *name = entry->name->spelling;
    th_text_format(&logs, "%s%s = %s", comma, name, entry->is_held ? "" : name);
    th_text_format(&law, entry->is_held ? "%s%s = " : "%s%s", comma, name);
    if (!entry->is_held) continue;
    ok = th_format(e->cx, entry->held, TH_STYLE_INLINE, &law) &&
         th_format(e->cx, entry->held, TH_STYLE_INLINE, &logs);
  }
  th_text_char(&law, ')');
  th_text_add(&logs, rows ? "), $y[i, :]) for i in 1:rows($y)])" : "), $y))");
  ok = ok && th_text_ok(&law, e->cx) && th_text_ok(&logs, e->cx) &&
       th_explanation_symbol(e, "y", model->data->spelling) &&
       th_explanation_symbol(e, "law", th_text_string(&law)) &&
       th_explanation_symbol(e, "logs", th_text_string(&logs));
  th_text_clear(&law);
  th_text_clear(&logs);
  return ok;
}

/* The equations of the maximum, where they are known. */
static bool add_equations(const ThFit *fit, ThExplanation *e) {
  static const char *const symbols[] = {"that", "uhat"};
  const ThFamilyModel *model = th_question_model(&fit->question)->family;
  const ThScoreEquations *row = th_explain_score_equations;
  char hat[96];
  while (row->family && model && row->family != model->family) row++;
  if (!model || !row->family || fit->question.verb != TH_VERB_MLE || !th_family_model_is_positional(model))
    return true;
  if ((row->n_unknown && fit->k != row->n_unknown) || is_weighted(fit)) return true;
  for (size_t i = 0; i < fit->layout.n && i < 2; i++) {
    snprintf(hat, sizeof hat, "%s\u0302", fit->layout.entries[i].name->spelling);
    if (fit->layout.entries[i].is_held) return true;
    if (!th_explanation_symbol(e, symbols[i], hat)) return false;
  }
  return th_explanation_add(e, &written_out) && th_explanation_add_all(e, row->lines);
}

static bool add_sums(const ThFit *fit, ThExplanation *e) {
  bool known;
  const ThFamilyModel *model = th_question_model(&fit->question)->family;
  bool weighted = is_weighted(fit);
  if (model)
    return give_law(fit, model, e) && th_explanation_add(e, weighted ? &weighted_family_sum : &family_sum) &&
           (!weighted || th_explanation_add(e, &weights));
  if (!th_explain_loss_parts(e, &fit->question, &known)) return false;
  if (!known) return true;
  return weighted ? th_explanation_add(e, &weighted_sums) && th_explanation_add(e, &weights)
                  : th_explanation_add(e, &sums);
}

/* Are the loss's second derivatives the fit's information? */
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

/* --- Laplace priors */

/* Do all estimates that have no ± lie at the kink of their priors? */
static bool are_kinks(const ThFit *fit, const ThRecording *r) {
  double p[TH_MAX_PARAMETERS];
  for (size_t j = 0; j < fit->k; j++)
    if (isnan(fit->se[j]) && !(th_recording_kink(r, j, p) && p[0] == fit->estimate[j])) return false;
  return true;
}

static bool give_kinks(const ThFit *fit, const ThRecording *r, ThExplanation *e) {
  size_t k = fit->k;
  double p[TH_MAX_PARAMETERS], *block = th_alloc_array(e->cx, 3 * k, sizeof *block);
  ThValue slope;
  if (!block) return false;
  double *kink = block, *price = block + k, *inside = price + k;
  for (size_t j = 0; j < k; j++) {
    bool kinked = th_recording_kink(r, j, p);
    kink[j] = kinked ? p[0] : 0;
    price[j] = kinked ? 1 / p[1] : 0;
    inside[j] = isnan(fit->se[j]) ? 0 : 1;
  }
  bool ok = give_vector(e, "kink", kink, k) && give_vector(e, "price", price, k) &&
            give_vector(e, "inside", inside, k);
  th_free(e->cx, block, 3 * k * sizeof *block);
  return ok && th_explanation_value(e, SLOPE, &slope) && th_explanation_pick_take(e, "g", "g", slope);
}

/* The information and covariance of those that are not at a kink, n of them. */
static bool add_kink_curvature(const ThFit *fit, ThExplanation *e, size_t n) {
  size_t k = fit->k, at = 0, size = 2 * n * n + n;
  double *block = th_alloc_array(e->cx, size, sizeof *block);
  if (!block) return false;
  double *some = block, *inverse = some + n * n, *se = inverse + n * n;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; !isnan(fit->se[i]) && j < k; j++) {
      if (isnan(fit->se[j])) continue;
      some[at] = fit->information[i * k + j];
      inverse[at] = fit->covariance[i * k + j];
      if (i == j) se[at / n] = fit->se[i];
      at++;
    }
  bool ok = give_matrix(e, "information", some, n) && give_matrix(e, "covariance", inverse, n) &&
            give_vector(e, "se", se, n) && th_explanation_add_square(e, &kink_information, n) &&
            th_explanation_add_square(e, &kink_covariance, n) && th_explanation_add(e, &errors);
  th_free(e->cx, block, size * sizeof *block);
  return ok;
}

static bool add_kinks(const ThFit *fit, const ThRecording *r, ThExplanation *e) {
  size_t n = 0;
  for (size_t j = 0; j < fit->k; j++) n += isnan(fit->se[j]) ? 0 : 1;
  return give_kinks(fit, r, e) && th_explanation_add(e, &kink_slope) &&
         (n == 0 || th_explanation_add(e, &kink_balance)) && th_explanation_add(e, &kink_held) &&
         th_explanation_add(e, &no_formula) && (n == 0 || add_kink_curvature(fit, e, n));
}

/* --- The whole */

static bool add_level(const ThFit *fit, ThExplanation *e) {
  return give_matrix(e, "information", fit->information, fit->k) &&
         give_matrix(e, "covariance", fit->covariance, fit->k) && give_vector(e, "se", fit->se, fit->k) &&
         th_explanation_add_all(e, gradient_lines) && add_equations(fit, e) &&
         th_explanation_add(e, is_weighted(fit) ? &is_at : &no_formula) &&
         th_explanation_add_square(e, &information, fit->k) &&
         th_explanation_add_square(e, &covariance, fit->k) && th_explanation_add(e, &errors) &&
         (fit->question.verb == TH_VERB_MLE || is_weighted(fit) || th_explanation_add(e, &evidence));
}

static bool add_lines(const ThFit *fit, const ThRecording *r, bool has_kinks, ThExplanation *e, bool *done) {
  double *point = th_alloc_array(e->cx, fit->k, sizeof *point);
  if (!point) return false;
  for (size_t j = 0; j < fit->k; j++)
    point[j] = fit->estimate[j] + (isnan(fit->se[j]) ? 0.0385 : 0.0385 * fit->se[j]);
  bool ok = th_explain_give_data(e, &fit->question) && th_explain_give_point(e, &fit->question, r, point) &&
            th_explain_give_parameters(e, r) && th_explain_give_loss(e, &fit->question) &&
            give_weights(fit, e) && give_hat(fit, e) && add_sums(fit, e) &&
            (has_kinks ? add_kinks(fit, r, e) : add_level(fit, e)) && agrees(fit, e, done);
  th_free(e->cx, point, fit->k * sizeof *point);
  return ok;
}

bool th_explain_curvature(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (!th_is_fit(v) || th_as_fit(v)->k == 0) return true;
  const ThFit *fit = th_as_fit(v);
  ThRecording r;
  bool has_kinks = false;
  for (size_t j = 0; j < fit->k; j++) has_kinks = has_kinks || isnan(fit->se[j]);
  if (has_kinks && fit->question.verb != TH_VERB_MAP) return true;
  if (!th_question_reopen(cx, &fit->question, &fit->question.data, &r)) return false;
  bool ok = (has_kinks && !are_kinks(fit, &r)) || add_lines(fit, &r, has_kinks, e, done);
  th_recording_clear(&r);
  return ok;
}
