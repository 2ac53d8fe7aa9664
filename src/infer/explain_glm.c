/* explain_glm.c - glm, in lines: the likelihood, where its gradient is 0, and its curvature */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `$eta` is η = X β + offset in code, `$etav` of v, `$etaleast` at the maximum; `$mean` … the mean of a datum there;
 * `$w` what stands before a datum's term: its weight. */
#include <string.h>

#include "infer/explain_regression.h"
#include "infer/glm.h"

#define HAT "β\u0302"

/* A family of one η a datum. */
typedef struct Family {
  const char *name, *model, *mean; /* as they are shown */
  const char *sum, *sum_code;      /* the log likelihood in y and η */
  const char *density, *mean_code, *variance_code;
  const char *variance;
  const char *words; /* of the log likelihood */
  const char *deviance, *deviance_code;
} Family;

static const Family families[] = {
    {.name = "bernoulli",
     .model = "y ~ Bernoulli(μ), μ = 1/(1 + exp(-η))",
     .mean = "1/(1 + exp(-η))",
     .sum = "Σᵢ $wi[yᵢ ηᵢ - log(1 + exp(ηᵢ))]",
     .sum_code = "sum($w(y*$eta - softplus($eta)))",
     .density = "logpdf(Bernoulli(sigmoid(η)), y)",
     .mean_code = "sigmoid(η)",
     .variance_code = "μ*(1 - μ)",
     .variance = "μ\u0302ᵢ(1 - μ\u0302ᵢ)",
     .words = "The log likelihood, Σᵢ $wi[yᵢ log μᵢ + (1 - yᵢ) log(1 - μᵢ)], is minus the cross-entropy:",
     .deviance = "-2·log L(" HAT ")",
     .deviance_code = "-2*loglik"},
    {.name = "binomial",
     .model = "y ~ Binomial(N, μ), μ = 1/(1 + exp(-η)), of N trials",
     .sum = "Σᵢ $wi[yᵢ ηᵢ - Nᵢ log(1 + exp(ηᵢ)) + log(Nᵢ over yᵢ)]",
     .sum_code =
         "sum($w(y*$eta - trials*softplus($eta) + lgamma(trials + 1) - lgamma(y + 1) - lgamma(trials - y + 1)))",
     .density = "logpdf(Binomial(trials, sigmoid(η)), y)",
     .mean_code = "trials*sigmoid(η)",
     .variance_code = "μ*(1 - μ/trials)",
     .variance = "Nᵢ μ\u0302ᵢ(1 - μ\u0302ᵢ)",
     .words = "The log likelihood:",
     .deviance = "2·Σᵢ $wi[yᵢ log(yᵢ/(Nᵢ μ\u0302ᵢ)) + (Nᵢ - yᵢ) log((Nᵢ - yᵢ)/(Nᵢ - Nᵢ μ\u0302ᵢ))]",
     .deviance_code =
         "2*sum($w(where(y == 0, 0, y*log(y/μ)) + where(y == trials, 0, (trials - y)*log((trials - "
         "y)/(trials - μ)))))"},
    {.name = "poisson",
     .model = "y ~ Poisson(μ), μ = exp(η)",
     .sum = "Σᵢ $wi[yᵢ ηᵢ - exp(ηᵢ) - log yᵢ!]",
     .sum_code = "sum($w(y*$eta - exp($eta) - lgamma(y + 1)))",
     .density = "logpdf(Poisson(exp(η)), y)",
     .mean_code = "exp(η)",
     .variance_code = "μ",
     .variance = "μ\u0302ᵢ",
     .words = "The log likelihood:",
     .deviance = "2·Σᵢ $wi[yᵢ log(yᵢ/μ\u0302ᵢ) - (yᵢ - μ\u0302ᵢ)]",
     .deviance_code = "2*sum($w(where(y == 0, 0, y*log(y/μ)) - (y - μ)))"},
};

/* $L is the log likelihood as a function of v in code. */
static const ThLine lines[] = {
    {.words = "$sumwords", .sides = {{"log L(β)", "($L)(β)"}, {"$sum", "$sumcode"}}},
    {.words = "Its gradient is a sum of residuals:",
     .sides = {{"∇log L(β)", "grad($L, β)"}, {"Xᵀ $W(y - $mu)", "X' @ ($w(y - $muat))"}}},
    {.words = "It is 0 at " HAT ", where data and means agree in these sums:",
     .sides = {{"Xᵀ $W$muhat", "X' @ ($w(μ))"}, {"Xᵀ $Wy", "X' @ ($w(y))"}, {"{X' @ ($w(y))}"}}},
    {.words = "There is no formula for the " HAT " of these equations. Newton's method comes to",
     .sides = {{HAT, "estimate"},
               {HAT " + I⁻¹ Xᵀ $W(y - $muhat)", "estimate + inv(information) @ (X' @ ($w(y - μ)))"},
               {"{estimate}"}}},
    {0},
};

static const ThLine information = {
    .words = "with the curvature there, the information; V is the diagonal matrix of the $Vi:",
    .sides = {{"I", "-hessian($L, estimate)"},
              {"Xᵀ V X", "X' @ (reshape($w($V), n, 1)*X)"},
              {"{=information}", "information"}}};

static const ThLine covariance = {
    .words = "Its inverse is the covariance of the estimate:",
    .sides = {{"cov(" HAT ")", "covariance"}, {"I⁻¹", "inv(information)"}, {"{=covariance}", "covariance"}}};

static const ThLine deviance = {
    .words =
        "Twice what the log likelihood lacks of that of a mean for each datum is the deviance, on {dof} degrees of "
        "freedom:",
    .sides = {{"D", "deviance"}, {"$deviance", "$deviancecode"}, {"{deviance}"}}};

static const ThLine model = {.words = "The model: $model, η = $etashown."};

/* --- One η a datum */

static const Family *find_family(const ThRegression *r) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (strcmp(families[i].name, r->family->name) == 0) return &families[i];
  return NULL;
}

/* The likelihood's terms for η as an argument of a function. */
static bool give_function(ThExplanation *e, const Family *f) {
  ThText text;
  th_text_init(&text, &e->cx->heap);
  th_text_format(&text, "(v -> (η -> sum($w(%s)))($etav))", f->density);
  bool ok = th_text_ok(&text, e->cx) && th_explanation_symbol(e, "L", th_text_string(&text));
  th_text_reset(&text);
  th_text_format(&text, "((η -> %s)($eta))", f->mean_code);
  ok = ok && th_text_ok(&text, e->cx) && th_explanation_symbol(e, "muat", th_text_string(&text));
  th_text_reset(&text);
  th_text_format(&text, "(η -> %s)($etaleast)", f->mean_code);
  ok = ok && th_text_ok(&text, e->cx) && th_explanation_give_code(e, "μ", th_text_string(&text));
  th_text_clear(&text);
  return ok;
}

static bool give_symbols(ThExplanation *e, const ThRegression *r, const Family *f) {
  bool weighted = th_regression_given(r, "weights") != NULL,
       shifted = th_regression_given(r, "offset") != NULL, counts = r->family->counts_trials;
  return th_explanation_symbol(e, "w", weighted ? "weights*" : "1*") &&
         th_explanation_symbol(e, "wi", weighted ? "wᵢ·" : "") &&
         th_explanation_symbol(e, "W", weighted ? "W " : "") &&
         th_explanation_symbol(e, "Wy", weighted ? "W y" : "y") &&
         th_explanation_symbol(e, "etashown", shifted ? "X β + offset" : "X β") &&
         th_explanation_symbol(e, "eta", shifted ? "(X @ β + offset)" : "(X @ β)") &&
         th_explanation_symbol(e, "etav", shifted ? "(X @ v + offset)" : "(X @ v)") &&
         th_explanation_symbol(e, "etaleast", shifted ? "(X @ estimate + offset)" : "(X @ estimate)") &&
         th_explanation_symbol(e, "mu", counts ? "N μ" : "μ") &&
         th_explanation_symbol(e, "muhat", counts ? "N μ\u0302" : "μ\u0302") &&
         th_explanation_symbol(e, "model", f->model) && th_explanation_symbol(e, "sum", f->sum) &&
         th_explanation_symbol(e, "sumcode", f->sum_code) && th_explanation_symbol(e, "sumwords", f->words) &&
         th_explanation_symbol(e, "V", f->variance_code) &&
         th_explanation_symbol(e, "Vi", weighted ? "wᵢ times $variance" : "$variance") &&
         th_explanation_symbol(e, "variance", f->variance) &&
         th_explanation_symbol(e, "deviance", f->deviance) &&
         th_explanation_symbol(e, "deviancecode", f->deviance_code) && give_function(e, f);
}

static bool explain_one(ThExplanation *e, const ThRegression *r, const Family *f) {
  return give_symbols(e, r, f) && th_explanation_give_code(e, "information", "-hessian($L, estimate)") &&
         th_explanation_add(e, &model) && th_explain_add_design(e, r) && th_explanation_add_all(e, lines) &&
         th_explanation_add_square(e, &information, r->k) &&
         th_explanation_add_square(e, &covariance, r->k) && th_explain_add_table(e, r) &&
         th_explanation_add(e, &deviance);
}

/* --- Classes: an η for each but the first */

/* E (n, classes) are the η, of a vector of all coefficients. Y is 1 where a datum is of a class, else 0; P are the
 * probabilities at the maximum. */
#define SCORES(v) "concat(zeros(n, 1), X @ reshape(" v ", classes - 1, k)', axis = 2)"
#define PROBABILITIES(v) "(E -> exp(E - logsumexp(E, axis = 2, keep = true)))(" SCORES(v) ")"

static const ThLine class_model = {
    .words =
        "The model: y ~ Categorical(p), pᵢⱼ = exp(ηᵢⱼ)/Σₗ exp(ηᵢₗ), where η is 0 for the base, $base, and xᵢ βⱼ for "
        "each other class, in the order $others."};

static const ThLine class_lines[] = {
    {.words = "The log likelihood is minus the cross-entropy:",
     .sides = {{"log L(β)",
                "(E -> sum([$wat logpdf(Categorical(exp(E[i, :] - logsumexp(E[i, :]))), y[i]) for i in "
                "1:n]))(" SCORES("β") ")"},
               {"Σᵢ $logw pᵢⱼ, j the class of datum i", "($L)(β)"}}},
    {.words =
         "With Yᵢⱼ = 1 where datum i is of class j, else 0, its gradient is, a column for each class but the base,",
     .sides = {{"∇log L(β)", "reshape(grad($L, β), classes - 1, k)'"},
               {"Xᵀ $W(Y - P)", "(X' @ ($wrows(Y - " PROBABILITIES("β") ")))[:, 2:classes]"}}},
    {.words = "It is 0 at " HAT
              ", where data and probabilities agree in these sums, a column for each class:",
     .sides = {{"Xᵀ $WP\u0302", "X' @ ($wrows P)"},
               {"Xᵀ $WY", "X' @ ($wrows Y)"},
               {"{=X' @ ($wrows Y)}", "X' @ ($wrows Y)"}}},
    {.words = "There is no formula for the " HAT
              " of these equations. Newton's method comes to, a row for each class but the base,",
     .sides = {{HAT, "reshape(estimate, classes - 1, k)"},
               {HAT " + I⁻¹ ∇log L(" HAT ")",
                "reshape(estimate + inv(information) @ grad($L, estimate), classes - 1, k)"},
               {"{=reshape(estimate, classes - 1, k)}", "reshape(estimate, classes - 1, k)"}}},
    {0},
};

static const ThLine class_information = {
    .words = "with the curvature there, the information of all coefficients, class by class:",
    .sides = {{"I", "-hessian($L, estimate)"},
              {"-∇²log L(" HAT ")", "information"},
              {"{=information}", "information"}}};

/* y from 1 again, Y, classes, and their names. */
static bool give_classes(ThExplanation *e, const ThRegression *r) {
  const ThList *names = th_as_list(r->classes);
  ThText others;
  ThArray *y = th_matrix_new(e->cx, TH_DOUBLE, r->n, names->length);
  if (!y) return false;
  for (size_t i = 0; i < y->length; i++) y->real[i] = 0;
  for (size_t i = 0; i < r->n; i++) y->real[i * names->length + (size_t)th_as_array(r->y)->real[i]] = 1;
  th_text_init(&others, &e->cx->heap);
  for (size_t j = 1; j < names->length; j++)
    th_text_format(&others, "%s%s", j > 1 ? ", " : "", th_as_string(names->items[j])->text);
  bool ok = th_explanation_give_take(e, "Y", th_object(y)) && th_explanation_give_code(e, "y", "y + 1") &&
            th_text_ok(&others, e->cx) && th_explanation_give_number(e, "classes", (double)names->length) &&
            th_explanation_symbol(e, "base", th_as_string(names->items[0])->text) &&
            th_explanation_symbol(e, "others", th_text_string(&others));
  th_text_clear(&others);
  return ok;
}

static bool explain_classes(ThExplanation *e, const ThRegression *r) {
  bool weighted = th_regression_given(r, "weights") != NULL;
  return give_classes(e, r) && th_explanation_symbol(e, "logw", weighted ? "wᵢ·log" : "log") &&
         th_explanation_symbol(e, "W", weighted ? "W " : "") &&
         th_explanation_symbol(e, "WP", weighted ? "W P" : "P") &&
         th_explanation_symbol(e, "WY", weighted ? "W Y" : "Y") &&
         th_explanation_symbol(e, "wat", weighted ? "weights[i]*" : "1*") &&
         th_explanation_symbol(e, "w", weighted ? "weights*" : "1*") &&
         th_explanation_symbol(e, "wrows", weighted ? "reshape(weights, n, 1)*" : "1*") &&
         th_explanation_symbol(
             e, "L", "v -> (E -> sum($wrows(Y*E)) - sum($w logsumexp(E, axis = 2)))(" SCORES("v") ")") &&
         th_explanation_symbol(e, "deviance", "-2·log L(" HAT ")") &&
         th_explanation_symbol(e, "deviancecode", "-2*loglik") &&
         th_explanation_give_code(e, "P", PROBABILITIES("estimate")) &&
         th_explanation_give_code(e, "information", "-hessian($L, estimate)") &&
         th_explanation_add(e, &class_model) && th_explain_add_design(e, r) &&
         th_explanation_add_all(e, class_lines) && th_explanation_add_square(e, &class_information, r->k) &&
         th_explanation_add_square(e, &covariance, r->k) && th_explain_add_table(e, r) &&
         th_explanation_add(e, &deviance);
}

bool th_explain_glm(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  (void)cx;
  if (!th_is_regression(v) || !th_as_regression(v)->family) return true;
  const ThRegression *r = th_as_regression(v);
  const Family *f = find_family(r);
  *done = true;
  return th_explain_give_regression(e, r) && th_explanation_give_number(e, "dof", r->dof) &&
         th_explanation_give_number(e, "deviance", r->deviance) &&
         th_explanation_give_number(e, "loglik", r->loglik) &&
         (f ? explain_one(e, r, f) : explain_classes(e, r));
}
