/* explain_family_vector.c - maximum likelihood of MvNormal, Categorical and Multinomial, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "infer/explain_family.h"
#include "infer/family_model.h"

/* --- MvNormal: `center` and `spread` are the estimates, `P` the inverse of a Σ beside the maximum */

#define SUM "Σᵢ ($yᵢ - ȳ)($yᵢ - ȳ)ᵀ"

static const ThLine normal[] = {
    {.words = "The model: $y ~ MvNormal(μ, Σ). The data enter by",
     .define = "n",
     .sides = {{"n"}, {"how many data", "rows($y)"}, {"{n}"}}},
    {.define = "ȳ", .sides = {{"ȳ"}, {"Σᵢ $yᵢ/n", "sum($y, axis = 1)/n"}, {"{ȳ}"}}},
    {.define = "S",
     .sides = {{"S"}, {SUM, "($y - reshape(ȳ, 1, d))' @ ($y - reshape(ȳ, 1, d))"}, {"{=S}", "S"}}},
    {.words = "The log likelihood:",
     .sides = {{"log L(μ, Σ)", "sum([logpdf(MvNormal(μ, Σ), $y[i, :]) for i in 1:n])"},
               {"-n/2·log det(2π Σ) - n/2·(ȳ - μ)ᵀ Σ⁻¹ (ȳ - μ) - ½ tr(Σ⁻¹ S)",
                "-n/2*log(det(2π*Σ)) - n/2*((ȳ - μ) @ (Σ \\ (ȳ - μ))) - trace(Σ \\ S)/2"}}},
    {.words = "Its gradient in μ",
     .sides = {{"∂/∂μ", "grad(v -> sum([logpdf(MvNormal(v, Σ), $y[i, :]) for i in 1:n]), μ)"},
               {"n Σ⁻¹ (ȳ - μ)", "n*(Σ \\ (ȳ - μ))"}}},
    {.words = "is 0, whatever Σ, at the mean:", .sides = {{"μ\u0302", "center"}, {"ȳ"}, {"{center}"}}},
    {.words = "Its gradient in Σ⁻¹, for that μ\u0302,",
     .sides = {{"∂/∂Σ⁻¹", "grad(Q -> n/2*log(det(Q)) - trace(Q @ S)/2, P)"},
               {"½ (n Σ - S)", "(n*inv(P) - S)/2"}}},
    {.words = "is 0 at", .sides = {{"Σ\u0302", "spread"}, {"S/n"}, {"{=spread}", "spread"}}},
    {.words =
         "which divides by n: the unbiased estimate divides by n - 1. The information leads to the errors:",
     .sides = {{"se(μ\u0302)", "secenter"},
               {"√diag(Σ\u0302/n)", "[√(spread[i, i]/n) for i in 1:d]"},
               {"{secenter}"}}},
    {.sides = {{"se(Σ\u0302ᵢⱼ)", "sespread"},
               {"√((Σ\u0302ᵢⱼ² + Σ\u0302ᵢᵢ Σ\u0302ⱼⱼ)/n)",
                "[√((spread[i, j]^2 + spread[i, i]*spread[j, j])/n) for i in 1:d, j in 1:d]"},
               {"{=sespread}", "sespread"}}},
    {0},
};

/* --- Shares */

static const ThLine shares[] = {
    {.words = "The model: $y ~ $law. The data enter by the counts",
     .define = "c",
     .sides = {{"c"}, {"$counts", "$countcode"}, {"{c}"}}},
    {.define = "n", .sides = {{"n"}, {"Σⱼ cⱼ", "sum(c)"}, {"{n}"}}},
    {.words = "The log likelihood:",
     .sides = {{"log L($t)", "$loglik"}, {"Σⱼ cⱼ·log($tⱼ)$ways", "sum(c*log($t))$constant"}}},
    {.words =
         "The shares sum to 1, so that only what they exchange counts: at the maximum the slope cⱼ/$tⱼ is the same "
         "for all of them, and as the cⱼ sum to n it is n (where cⱼ is not 0):",
     .sides = {{"cⱼ/$thatⱼ", "[c[j]/shares[j] for j in 1:length(c) if c[j] > 0]"},
               {"n", "[n for j in 1:length(c) if c[j] > 0]"}}},
    {.words = "which is solved by", .sides = {{"$that", "shares"}, {"c/n"}, {"{shares}"}}},
    {0},
};
static const ThLine share_errors = {
    .words = "The errors of shares out of n:",
    .sides = {{"se($that)", "se"}, {"√($that(1 - $that)/n)", "√(shares*(1 - shares)/n)"}, {"{se}"}}};

/* --- A fit */

/* x holds a vector of d numbers, then a symmetric matrix. */
static bool give_pair(const ThFit *fit, ThExplanation *e, const double *x, const char *vector,
                      const char *matrix) {
  size_t d = fit->layout.entries[0].count;
  ThArray *a = th_matrix_new(e->cx, TH_DOUBLE, d, d);
  if (!a) return false;
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) a->real[i * d + j] = x[d + th_packed_index(d, i, j)];
  return th_explanation_give_take(e, matrix, th_object(a)) && th_explanation_give_vector(e, vector, x, d);
}

static bool explain_normal(const ThFit *fit, ThExplanation *e, bool *done) {
  size_t d = fit->layout.entries[0].count;
  if (fit->layout.n != 2 || fit->k != d + d * (d + 1) / 2) return true;
  *done = true;
  return th_explanation_give_number(e, "d", (double)d) &&
         give_pair(fit, e, fit->estimate, "center", "spread") &&
         give_pair(fit, e, fit->se, "secenter", "sespread") &&
         th_explanation_give_code(e, "μ", "center + 0.0385") &&
         th_explanation_give_code(e, "Σ", "spread*1.1 + 0.0385*eye(d)") &&
         th_explanation_give_code(e, "P", "inv(Σ)") && th_explanation_add_all(e, normal);
}

static bool explain_shares(const ThFit *fit, ThExplanation *e, const ThFamily *family, bool *done) {
  const ThLayoutEntry *entry = &fit->layout.entries[0];
  for (size_t i = 1; i < fit->layout.n && entry->is_held; i++) entry = &fit->layout.entries[i];
  if (entry->is_held || fit->k != entry->count) return true;
  char hat[96];
  bool sure = true;
  snprintf(hat, sizeof hat, "%s\u0302", entry->name->spelling);
  for (size_t j = 0; j < fit->k; j++) sure = sure && fit->se[j] == fit->se[j];
  *done = true;
  return th_explanation_symbol(e, "t", entry->name->spelling) && th_explanation_symbol(e, "that", hat) &&
         th_explanation_give_vector(e, "shares", fit->estimate, fit->k) &&
         th_explanation_give_code(e, entry->name->spelling, "(shares + 0.0385)/sum(shares + 0.0385)") &&
         th_explain_counts(e, family, fit->question.data.values[0], "N") &&
         th_explanation_add_all(e, shares) &&
         (!sure ||
          (th_explanation_give_vector(e, "se", fit->se, fit->k) && th_explanation_add(e, &share_errors)));
}

/* The data's own name, unless it means something else in these lines. */
static const char *data_name(const ThFamilyModel *model) {
  static const char *const taken[] = {"n", "d", "c",      "S",        "P",        "ȳ",      "μ",
                                      "Σ", "p", "center", "secenter", "sespread", "se",     "v",
                                      "i", "j", "Q",      "spread",   "shares",   "weights"};
  for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
    if (strcmp(model->data->spelling, taken[i]) == 0) return "y";
  return model->data->spelling;
}

bool th_explain_family_vector(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  (void)cx;
  if (!th_is_fit(v)) return true;
  const ThFit *fit = th_as_fit(v);
  const ThFamilyModel *model = th_question_model(&fit->question)->family;
  if (!model || fit->question.verb != TH_VERB_MLE || fit->calls.value) return true;
  const char *data = data_name(model);
  if (!th_explanation_symbol(e, "y", data) ||
      !th_explanation_give_take(e, data, th_retain(fit->question.data.values[0])))
    return false;
  if (model->family == &th_family_mvnormal) return explain_normal(fit, e, done);
  bool shared = model->family == &th_family_multinomial || model->family == &th_family_categorical;
  return !shared || explain_shares(fit, e, model->family, done);
}
