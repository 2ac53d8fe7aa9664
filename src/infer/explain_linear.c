/* explain_linear.c - lm and linreg, in lines: least squares, weighted or generalised; with ridge, a prior, the lasso */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sum of squares is (y - X β)ᵀ W (y - X β), with W nothing, the weights, or the inverse of the data's covariance.
 * In the lines `$W` is "W ", `$WX` and `$Wy` its products as they are shown; `$times` and `$timesrows` are what stands
 * in code before a vector and before a matrix. A = XᵀWX, b = XᵀWy. */
#include <math.h>
#include <string.h>

#include "infer/explain_regression.h"

typedef struct Linear {
  ThExplanation *e;
  const ThRegression *r;
  bool weighted, full, penalised, prior, lasso;
  bool scalar; /* the penalty is one number λ for all coefficients */
  bool known;  /* σ is a number, given or estimated */
} Linear;

#define HAT "β\u0302"

/* --- Symbols and names */

typedef struct Weighting {
  const char *model, *w, *wx, *wy, *times, *rows, *variance, *variance_code;
} Weighting;

static const Weighting estimated = {"Normal(X β, σ) with an unknown σ", "", "X", "y", "", "", "σ² ", "σ^2*"};
static const Weighting number = {"Normal(X β, σ) with σ = {σ} given", "", "X", "y", "", "", "σ² ", "σ^2*"};
static const Weighting weighted = {
    "Normal(X β, σ/√w) with an unknown σ and given weights w; W is the diagonal matrix of the wᵢ",
    "W ",
    "W X",
    "W y",
    "weights*",
    "reshape(weights, n, 1)*",
    "σ² ",
    "σ^2*"};
static const Weighting each = {
    "Normal(X β, σ) with a given σ for each datum; Σ is the diagonal matrix of the σᵢ²",
    "Σ⁻¹ ",
    "Σ⁻¹ X",
    "Σ⁻¹ y",
    "1/σ^2*",
    "reshape(1/σ^2, n, 1)*",
    "",
    ""};
static const Weighting full = {
    "MvNormal(X β, Σ) with a given Σ", "Σ⁻¹ ", "Σ⁻¹ X", "Σ⁻¹ y", "Σ \\ ", "Σ \\ ", "", ""};

static const Weighting *weighting_of(const Linear *l) {
  if (l->r->sigma_kind == TH_SIGMA_NUMBER) return &number;
  if (l->r->sigma_kind == TH_SIGMA_VECTOR) return &each;
  return l->full ? &full : l->weighted ? &weighted : &estimated;
}

static bool give_weighting(const Linear *l) {
  const Weighting *w = weighting_of(l);
  ThExplanation *e = l->e;
  return th_explanation_symbol(e, "model", w->model) && th_explanation_symbol(e, "W", w->w) &&
         th_explanation_symbol(e, "WX", w->wx) && th_explanation_symbol(e, "Wy", w->wy) &&
         th_explanation_symbol(e, "times", w->times) && th_explanation_symbol(e, "timesrows", w->rows) &&
         th_explanation_symbol(e, "variance", w->variance) &&
         th_explanation_symbol(e, "variancecode", w->variance_code) &&
         th_explanation_symbol(e, "S", "((y - X @ β) @ ($times(y - X @ β)))") &&
         th_explanation_symbol(e, "Sv", "((y - X @ v) @ ($times(y - X @ v)))") &&
         th_explanation_symbol(e, "Sleast", "((y - X @ estimate) @ ($times(y - X @ estimate)))");
}

/* Λ, and m where no mean is given; λ where one number stands for them. */
static bool give_penalty(Linear *l) {
  ThExplanation *e = l->e;
  const ThValue *precision = th_regression_given(l->r, "Λ"), *lasso = th_regression_given(l->r, "λ");
  size_t k = l->r->k;
  const double *x = precision ? th_as_array(*precision)->real : NULL;
  l->scalar = k > 0 && !l->prior && (!x || !lasso);
  for (size_t i = 0; l->scalar && x && i < k * k; i++) l->scalar = x[i] == (i % (k + 1) == 0 ? x[0] : 0);
  const double *each_one = lasso ? th_as_array(*lasso)->real : NULL;
  for (size_t i = 1; l->scalar && each_one && i < k; i++) l->scalar = each_one[i] == each_one[0];
  if (l->scalar && (x ? x : each_one)[0] == 0) l->scalar = false;
  if (!precision && !th_explanation_give_code(e, "Λ", "zeros(k, k)")) return false;
  if (!l->prior && !th_explanation_give_code(e, "m", "zeros(k)")) return false;
  if (l->scalar && x && !th_explanation_give_number(e, "λ", x[0])) return false;
  return th_explanation_symbol(e, "penalty",
                               l->prior    ? "(β - m)ᵀ Λ (β - m)"
                               : l->scalar ? "λ ‖β‖²"
                                           : "βᵀ Λ β") &&
         th_explanation_symbol(e, "L", l->scalar ? "λ I" : "Λ") &&
         th_explanation_symbol(e, "Lm", l->prior ? " + Λ m" : "") &&
         th_explanation_symbol(e, "right", l->prior ? "(Xᵀ $Wy + Λ m)" : "Xᵀ $Wy") &&
         th_explanation_symbol(e, "Lless",
                               l->prior    ? "Λ (β - m)"
                               : l->scalar ? "λ β"
                                           : "Λ β") &&
         th_explanation_symbol(e, "P", "((β - m) @ (Λ @ (β - m)))") &&
         th_explanation_symbol(e, "Pv", "((v - m) @ (Λ @ (v - m)))") &&
         th_explanation_symbol(e, "Pleast", "((estimate - m) @ (Λ @ (estimate - m)))");
}

static bool give_names(Linear *l) {
  ThExplanation *e = l->e;
  return th_explain_give_regression(e, l->r) && th_explanation_give_take(e, "σ", th_retain(l->r->sigma)) &&
         th_explanation_give_number(e, "dof", l->r->dof) && give_weighting(l) &&
         th_explanation_give_code(e, "A", "X' @ ($timesrows X)") &&
         th_explanation_give_code(e, "b", "X' @ ($times y)") &&
         (!(l->penalised || l->lasso) || give_penalty(l));
}

/* --- The sum of squares and its least value */

static const ThLine squares_plain = {.words = "Where the likelihood is greatest the sum of squares is least:",
                                     .sides = {{"S(β)", "$S"}, {"Σᵢ (yᵢ - xᵢ β)²", "sum((y - X @ β)^2)"}}};
static const ThLine squares_weighted = {
    .words = "Where the likelihood is greatest the sum of squares is least:",
    .sides = {{"S(β)", "$S"}, {"Σᵢ wᵢ (yᵢ - xᵢ β)²", "sum(weights*(y - X @ β)^2)"}}};
static const ThLine squares_each = {
    .words = "Minus twice the log likelihood is, but for a constant, the sum of squares:",
    .sides = {{"S(β)", "$S"}, {"Σᵢ (yᵢ - xᵢ β)²/σᵢ²", "sum(((y - X @ β)/σ)^2)"}}};
static const ThLine squares_full = {
    .words = "Minus twice the log likelihood is, but for a constant, the sum of squares:",
    .sides = {{"S(β)", "-2*(logpdf(MvNormal(X @ β, Σ), y) - logpdf(MvNormal(0*y, Σ), 0*y))"},
              {"(y - X β)ᵀ Σ⁻¹ (y - X β)", "$S"}}};

static const ThLine normal_equations[] = {
    {.words = "Its gradient",
     .sides = {{"∇S(β)", "grad(v -> $Sv, β)"}, {"-2 Xᵀ $W(y - X β)", "-2*(X' @ ($times(y - X @ β)))"}}},
    {.words = "is 0 where the normal equations hold:",
     .sides = {{"Xᵀ $WX " HAT, "X' @ ($timesrows X) @ estimate"}, {"Xᵀ $Wy", "X' @ ($times y)"}}},
    {0},
};

static const ThLine gram[] = {
    {.sides = {{"Xᵀ $WX", "X' @ ($timesrows X)"}, {"{=A}", "A"}}},
    {.sides = {{"Xᵀ $Wy", "X' @ ($times y)"}, {"{b}"}}},
    {0},
};

static const ThLine solution = {
    .words = "They are linear, and solved:",
    .sides = {{HAT, "estimate"}, {"(Xᵀ $WX)⁻¹ Xᵀ $Wy", "A \\ b"}, {"{estimate}"}}};

/* Of one column x beside the intercept. */
static const ThLine slope[] = {
    {.words = "With one column x beside the intercept that is",
     .sides = {{HAT "₂", "estimate[2]"},
               {"Σᵢ (xᵢ - x\u0304)(yᵢ - ȳ)/Σᵢ (xᵢ - x\u0304)²",
                "sum((X[:, 2] - mean(X[:, 2]))*(y - mean(y)))/sum((X[:, 2] - mean(X[:, 2]))^2)"},
               {"{sum((X[:, 2] - mean(X[:, 2]))*(y - mean(y)))}/{sum((X[:, 2] - mean(X[:, 2]))^2)}"},
               {"{estimate[2]}"}}},
    {.sides = {{HAT "₁", "estimate[1]"},
               {"ȳ - " HAT "₂ x\u0304", "mean(y) - estimate[2]*mean(X[:, 2])"},
               {"{mean(y)} - {estimate[2]}·{mean(X[:, 2])}"},
               {"{estimate[1]}"}}},
    {0},
};

/* Fewer rows than columns, or collinear ones. */
static const ThLine least_norm = {
    .words =
        "They have many solutions, as the columns do not tell all coefficients apart. The one of least norm is",
    .sides = {{HAT, "estimate"}, {"X⁺ y", "pinv(X) @ y"}, {"{estimate}"}}};
static const ThLine least_norm_weighted = {
    .words =
        "They have many solutions, as the columns do not tell all coefficients apart; the one of least norm:",
    .sides = {{HAT, "estimate"}, {"{estimate}"}}};

static bool add_gram(const Linear *l) {
  return l->r->k > TH_MOST_SHOWN_COLUMNS || th_explanation_add_all(l->e, gram);
}

static bool add_squares(const Linear *l) {
  return th_explanation_add(l->e, l->full                               ? &squares_full
                                  : l->r->sigma_kind == TH_SIGMA_VECTOR ? &squares_each
                                  : l->weighted                         ? &squares_weighted
                                                                        : &squares_plain);
}

static bool add_least_squares(const Linear *l) {
  bool plain = !l->weighted && !l->full && l->r->sigma_kind != TH_SIGMA_VECTOR;
  if (!th_explanation_add_all(l->e, normal_equations) || !add_gram(l)) return false;
  if (l->r->rank < l->r->k) return th_explanation_add(l->e, plain ? &least_norm : &least_norm_weighted);
  if (!th_explanation_add(l->e, &solution)) return false;
  bool one = plain && l->r->design.intercept && l->r->k == 2;
  return !one || th_explanation_add_all(l->e, slope);
}

/* --- Ridge and a normal prior */

static const ThLine ridge_line = {
    .words = "Ridge adds a penalty; what is least is",
    .sides = {{"Q(β)", "y @ ($times y) - 2*(b @ β) + β @ (A @ β) + $P"}, {"S(β) + $penalty", "$S + $P"}}};
static const ThLine prior_line = {
    .words =
        "Minus twice the log of the prior β ~ MvNormal(m, $varianceΛ⁻¹) is a square, too; what is least is",
    .sides = {{"Q(β)", "y @ ($times y) - 2*(b @ β) + β @ (A @ β) + $P"}, {"S(β) + $penalty", "$S + $P"}}};
static const ThLine one_penalty = {.sides = {{"λ", "Λ[1, 1]"}, {"{λ}"}}};
static const ThLine penalty_matrix = {.sides = {{"Λ", "(Λ + Λ')/2"}, {"{=Λ}", "Λ"}}};
static const ThLine prior_mean = {.sides = {{"m", "m + 0"}, {"{m}"}}};

static const ThLine penalised_equations[] = {
    {.words = "Its gradient",
     .sides = {{"∇Q(β)", "grad(v -> $Sv + $Pv, β)"},
               {"-2 Xᵀ $W(y - X β) + 2 $Lless", "-2*(X' @ ($times(y - X @ β))) + 2*(Λ @ (β - m))"}}},
    {.words = "is 0 where",
     .sides = {{"(Xᵀ $WX + $L) " HAT, "(X' @ ($timesrows X) + Λ) @ estimate"},
               {"Xᵀ $Wy$Lm", "X' @ ($times y) + Λ @ m"}}},
    {0},
};

static const ThLine penalised_solution = {
    .words = "which is linear, and solved:",
    .sides = {{HAT, "estimate"}, {"(Xᵀ $WX + $L)⁻¹ $right", "(A + Λ) \\ (b + Λ @ m)"}, {"{estimate}"}}};

/* λ = σ²/τ² */
static const ThLine as_prior[] = {
    {.words = "It is the most probable β after the prior β ~ Normal(0, τ), with λ = σ²/τ²:",
     .define = "τ",
     .sides = {{"τ", "σ/√λ"}, {"σ/√λ", "√(σ^2/λ)"}, {"{σ}/√{λ}"}, {"{σ/√λ}"}}},
    {.sides =
         {{"log p(β | y) - log p(" HAT " | y)",
           "sum(logpdf(Normal(X @ β, σ), y)) + sum(logpdf(Normal(0, τ), β)) - sum(logpdf(Normal(X @ estimate, "
           "σ), y)) - sum(logpdf(Normal(0, τ), estimate))"},
          {"-(Q(β) - Q(" HAT "))/(2 σ²)", "-($S + $P - $Sleast - $Pleast)/(2*σ^2)"}}},
    {0},
};

static bool add_penalised(const Linear *l) {
  ThExplanation *e = l->e;
  bool small = l->r->k <= TH_MOST_SHOWN_COLUMNS;
  if (!th_explanation_add(e, l->prior ? &prior_line : &ridge_line)) return false;
  if (l->scalar && !th_explanation_add(e, &one_penalty)) return false;
  if (!l->scalar && small && !th_explanation_add(e, &penalty_matrix)) return false;
  if (l->prior && !th_explanation_add(e, &prior_mean)) return false;
  if (!th_explanation_add_all(e, penalised_equations) || !add_gram(l)) return false;
  if (!th_explanation_add(e, &penalised_solution)) return false;
  return !l->scalar || l->weighted || !l->known || th_explanation_add_all(e, as_prior);
}

/* --- The lasso */

static const ThLine lasso_lines[] = {
    {.words = "The lasso adds absolute values; what is least is",
     .sides = {{"Q(β)", "(y @ ($times y) + β @ (A @ β) + $P)/2 - b @ β + sum(λ*abs(β))"},
               {"½ S(β) + Σⱼ λⱼ |βⱼ|$half", "($S + $P)/2 + sum(λ*abs(β))"}}},
    {.sides = {{"λ", "λ + 0"}, {"{λ}"}}},
    {.words = "An absolute value has the slope λⱼ on one side of 0, -λⱼ on the other. Where " HAT
              "ⱼ is not 0 the slope of the "
              "squares, g, cancels it:",
     .define = "g",
     .sides = {{"g", "b - A @ estimate - Λ @ estimate"},
               {"Xᵀ $W(y - X " HAT ")$lessridge", "X' @ ($times(y - X @ estimate)) - Λ @ estimate"},
               {"{X' @ ($times(y - X @ estimate)) - Λ @ estimate}",
                "X' @ ($times(y - X @ estimate)) - Λ @ estimate"}}},
    {.sides = {{"gⱼ sign(" HAT "ⱼ)", "[g[j]*sign(estimate[j]) for j in 1:k if estimate[j] != 0]"},
               {"λⱼ", "[λ[j] for j in 1:k if estimate[j] != 0]"}}},
    {0},
};
static const ThLine lasso_zeros = {
    .words = "and where it is 0, |gⱼ| does not reach λⱼ: the largest of |gⱼ|/λⱼ is",
    .sides = {{"maxⱼ |gⱼ|/λⱼ", "max([abs(g[j])/λ[j] for j in 1:k if estimate[j] == 0])"},
              {"{max([abs(g[j])/λ[j] for j in 1:k if estimate[j] == 0])}"}}};
static const ThLine lasso_estimate = {.words = "The coefficients:",
                                      .sides = {{HAT, "estimate + 0"}, {"{estimate}"}}};
static const ThLine as_laplace[] = {
    {.words = "They are the most probable ones after the prior β ~ Laplace(0, b), with λ = σ²/b:",
     .define = "scale",
     .sides = {{"b", "σ^2/λ[1]"}, {"σ²/λ", "σ*(σ/λ[1])"}, {"{σ}²/{λ[1]}"}, {"{σ^2/λ[1]}"}}},
    {.sides =
         {{"log p(β | y) - log p(" HAT " | y)",
           "sum(logpdf(Normal(X @ β, σ), y)) + sum(logpdf(Laplace(0, scale), β)) - sum(logpdf(Normal(X @ "
           "estimate, σ), y)) - sum(logpdf(Laplace(0, scale), estimate))"},
          {"-(Q(β) - Q(" HAT "))/σ²", "-($S/2 + sum(λ*abs(β)) - $Sleast/2 - sum(λ*abs(estimate)))/σ^2"}}},
    {0},
};

static bool has_zeros(const Linear *l) {
  const double *penalty = th_as_array(*th_regression_given(l->r, "λ"))->real;
  bool any = false;
  for (size_t j = 0; j < l->r->k; j++) {
    if (l->r->coef[j] != 0) continue;
    if (penalty[j] == 0) return false;
    any = true;
  }
  return any;
}

static bool add_lasso(const Linear *l) {
  ThExplanation *e = l->e;
  bool ridge = th_regression_given(l->r, "Λ") != NULL;
  return th_explanation_symbol(e, "half", ridge ? " + ½ βᵀ Λ β" : "") &&
         th_explanation_symbol(e, "lessridge", ridge ? " - Λ " HAT : "") &&
         th_explanation_add_all(e, lasso_lines) && (!has_zeros(l) || th_explanation_add(e, &lasso_zeros)) &&
         th_explanation_add(e, &lasso_estimate) &&
         (!l->scalar || l->weighted || !l->known || th_explanation_add_all(e, as_laplace));
}

/* --- How sure they are */

static const ThLine sigma_plain = {
    .words = "What is left, divided by the degrees of freedom, {dof}, estimates σ²:",
    .sides = {{"σ\u0302²", "σ^2"}, {"S(" HAT ")/dof", "$Sleast/dof"}, {"{$Sleast}/{dof}"}, {"{σ^2}"}}};
static const ThLine sigma_ridge[] = {
    {.words =
         "The penalty leaves of the k coefficients a part free, the trace of what maps y to the fitted values:",
     .sides = {{"free", "n - dof"},
               {"tr((Xᵀ $WX + $L)⁻¹ Xᵀ $WX)", "trace((A + Λ) \\ A)"},
               {"{trace((A + Λ) \\ A)}"}}},
    {.words = "What is left, divided by n - free, estimates σ²:",
     .sides =
         {{"σ\u0302²", "σ^2"}, {"S(" HAT ")/(n - free)", "$Sleast/dof"}, {"{$Sleast}/{dof}"}, {"{σ^2}"}}},
    {0},
};
static const ThLine sigma_prior = {
    .words =
        "With the density 1/σ² for σ² before, the posterior is a Student's t on {dof} degrees of freedom, and the "
        "square of its σ is",
    .sides = {{"σ\u0302²", "σ^2"},
              {"Q(" HAT ")/dof", "($Sleast + $Pleast)/dof"},
              {"{$Sleast + $Pleast}/{dof}"},
              {"{σ^2}"}}};

static const ThLine covariance_plain = {
    .words = "The curvature of S leads to the covariance of the estimate:",
    .sides = {{"cov(" HAT ")", "covariance"},
              {"$variance(Xᵀ $WX)⁻¹", "$variancecode inv(A)"},
              {"{=covariance}", "covariance"}}};
static const ThLine covariance_ridge = {
    .words = "The covariance of the estimate over repeated data, which says nothing of its bias towards 0:",
    .sides = {
        {"cov(" HAT ")", "covariance"},
        {"$variance(Xᵀ $WX + $L)⁻¹ Xᵀ $WX (Xᵀ $WX + $L)⁻¹", "$variancecode((A + Λ) \\ (A @ inv(A + Λ)))"},
        {"{=covariance}", "covariance"}}};
static const ThLine covariance_prior = {
    .words =
        "The curvature of Q leads to the covariance of the posterior, or its scale where σ is estimated:",
    .sides = {{"C", "covariance"},
              {"$variance(Xᵀ $WX + $L)⁻¹", "$variancecode inv(A + Λ)"},
              {"{=covariance}", "covariance"}}};

static const ThLine chi2_each = {.words = "The least sum of squares is χ², on {dof} degrees of freedom:",
                                 .sides = {{"χ²", "chi"}, {"S(" HAT ")", "$Sleast"}, {"{$Sleast}"}}};
static const ThLine chi2_number = {
    .words = "The least sum of squares in units of σ² is χ², on {dof} degrees of freedom:",
    .sides = {{"χ²", "chi"}, {"S(" HAT ")/σ²", "$Sleast/σ^2"}, {"{chi}"}}};
static const ThLine r2_line = {.words = "Of the sum of squares about the mean the fit explains the share",
                               .sides = {{"R²", "share"},
                                         {"1 - S(" HAT ")/Σᵢ (yᵢ - ȳ)²", "1 - $Sleast/sum((y - mean(y))^2)"},
                                         {"1 - {$Sleast}/{sum((y - mean(y))^2)}"},
                                         {"{share}"}}};

static bool add_sigma(const Linear *l) {
  if (l->r->sigma_kind != TH_SIGMA_ESTIMATED || !l->known) return true;
  if (l->prior) return th_explanation_add(l->e, &sigma_prior);
  return l->penalised ? th_explanation_add_all(l->e, sigma_ridge) : th_explanation_add(l->e, &sigma_plain);
}

static bool add_covariance(const Linear *l) {
  if (l->r->errors == TH_ERRORS_NONE || l->r->rank < l->r->k) return true;
  const ThLine *line = l->prior ? &covariance_prior : l->penalised ? &covariance_ridge : &covariance_plain;
  return th_explanation_add_square(l->e, line, l->r->k) && th_explain_add_table(l->e, l->r);
}

static bool add_quality(const Linear *l) {
  bool centred = l->r->design.intercept && !l->weighted && l->r->sigma_kind == TH_SIGMA_ESTIMATED;
  if (!isnan(l->r->chi2))
    return th_explanation_give_number(l->e, "chi", l->r->chi2) &&
           th_explanation_add(l->e, l->r->sigma_kind == TH_SIGMA_NUMBER ? &chi2_number : &chi2_each);
  return !centred || isnan(l->r->r2) ||
         (th_explanation_give_number(l->e, "share", l->r->r2) && th_explanation_add(l->e, &r2_line));
}

/* --- All lines */

/* y is the left side of the formula, where it goes by another name. */
static bool add_model(const Linear *l) {
  static const ThLine same = {.words = "The model: y ~ $model."};
  static const ThLine other = {.words = "The model: y ~ $model. Here y is $response."};
  ThText text;
  th_text_init(&text, &l->e->cx->heap);
  if (th_is_formula(l->r->formula)) th_formula_text(th_as_formula(l->r->formula), SIZE_MAX, &text);
  bool named = text.length > 0 && strcmp(th_text_string(&text), "y") != 0;
  bool ok = th_text_ok(&text, l->e->cx) && th_explanation_symbol(l->e, "response", th_text_string(&text));
  th_text_clear(&text);
  return ok && th_explanation_add(l->e, named ? &other : &same) && th_explain_add_design(l->e, l->r);
}

bool th_explain_linear(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  (void)cx;
  if (!th_is_regression(v) || th_as_regression(v)->family || th_as_regression(v)->k == 0) return true;
  const ThRegression *r = th_as_regression(v);
  Linear l = {.e = e,
              .r = r,
              .weighted = th_regression_given(r, "weights") != NULL,
              .full = r->sigma_kind == TH_SIGMA_COVARIANCE,
              .prior = th_regression_given(r, "m") != NULL,
              .lasso = th_regression_given(r, "λ") != NULL,
              .known = th_is_number(r->sigma) && !isnan(th_as_scalar(r->sigma))};
  l.penalised = !l.lasso && th_regression_given(r, "Λ") != NULL;
  *done = true;
  return give_names(&l) && add_model(&l) && add_squares(&l) &&
         (l.lasso       ? add_lasso(&l)
          : l.penalised ? add_penalised(&l)
                        : add_least_squares(&l)) &&
         add_sigma(&l) && add_covariance(&l) && add_quality(&l);
}
