/* lib_linear.c - built-ins: lm, linreg, glm */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "infer/glm.h"
#include "infer/libs.h"
#include "infer/linear_fit.h"

static bool check_level(ThContext *cx, double level) {
  if (level > 0 && level < 1) return true;
  th_fail(cx, TH_ERROR_VALUE, "`level` lies between 0 and 1, got %.6g", level);
  return level > 1 && level < 100 ? th_hint(cx, "%.6g percent is %.6g", level, level / 100) : false;
}

/* Numbers of one axis: of a formula's left side, or given. Owned. */
static bool read_vector(ThContext *cx, const char *what, ThValue v, ThArray **out) {
  bool scalar;
  char shape[64];
  if (!th_to_real_array(cx, v, what, &scalar, out)) return false;
  ThArray *a = *out;
  bool ok = a->rank == 1 && !scalar;
  if (!ok)
    th_fail(cx, TH_ERROR_SHAPE, "`%s` is a vector, one number for each datum; it has shape %s", what,
            scalar ? "()" : th_shape_text(a->rank, a->shape, shape, sizeof shape));
  ok = ok && th_design_check_finite(cx, what, a);
  if (!ok) th_release(th_object(a));
  return ok;
}

static bool fail_no_response(ThContext *cx, const char *verb) {
  th_fail_argument(cx, 1, TH_ERROR_VALUE, "`%s` needs a response on the left of `~`", verb);
  return th_hint(cx, "%s(y ~ x, d)", verb);
}

/* The value of the left side. */
static bool read_response(ThContext *cx, const char *verb, const ThFormula *f, const ThFormulaData *data,
                          ThValue *out) {
  return th_formula_has_response(f) ? th_formula_evaluate(cx, f, TH_FORMULA_LEFT, data, out)
                                    : fail_no_response(cx, verb);
}

/* --- lm */

static bool fit_lm(ThContext *cx, ThLinearCall *c, const ThFormula *f) {
  ThFormulaData data = {.data = c->data};
  ThValue response;
  ThText text;
  if (!read_response(cx, "lm", f, &data, &response)) return false;
  th_text_init(&text, &cx->heap);
  th_formula_text(f, SIZE_MAX, &text);
  bool ok = th_text_ok(&text, cx) && read_vector(cx, th_text_string(&text), response, &c->y);
  th_text_clear(&text);
  th_release(response);
  if (!ok) return false;
  if (th_design_from_formula(cx, f, &data, c->y->length, th_none(), &c->design)) return true;
  th_release(th_object(c->y));
  return false;
}

static bool body_lm(ThContext *cx, const ThCall *call, ThValue *out) {
  ThLinearCall c = {.verb = "lm",
                    .formula = call->args[0],
                    .data = call->args[1],
                    .sigma = call->args[2],
                    .weights = call->args[3],
                    .covariance = th_unset(),
                    .ridge = th_unset(),
                    .lasso = th_unset(),
                    .prior_mean = th_unset(),
                    .prior_precision = th_unset(),
                    .level = th_arg_number(call, 4)};
  if (!check_level(cx, c.level) || !fit_lm(cx, &c, th_as_formula(call->args[0]))) return false;
  bool ok = th_linear_fit(cx, &c, out);
  th_design_clear(&c.design);
  th_release(th_object(c.y));
  return ok;
}

/* --- linreg */

static bool fail_rows(ThContext *cx, size_t n, size_t length) {
  char x[48], y[48];
  return th_fail(cx, TH_ERROR_SHAPE, "`%s` has %zu rows, `%s` %zu", th_operand(cx, 0, "X", x, sizeof x), n,
                 th_operand(cx, 1, "y", y, sizeof y), length);
}

static bool body_linreg(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThValue *a = call->args;
  char name[48];
  ThLinearCall c = {.verb = "linreg",
                    .formula = th_none(),
                    .data = th_unset(),
                    .sigma = a[2],
                    .covariance = a[3],
                    .weights = a[4],
                    .ridge = a[5],
                    .lasso = a[6],
                    .prior_mean = a[7],
                    .prior_precision = a[8],
                    .level = th_arg_number(call, 9)};
  if (!check_level(cx, c.level)) return false;
  if (!read_vector(cx, th_operand(cx, 1, "y", name, sizeof name), a[1], &c.y)) return false;
  bool ok = th_design_from_matrix(cx, th_as_array(a[0]), &c.design);
  if (ok) {
    ok = c.design.n == c.y->length || fail_rows(cx, c.design.n, c.y->length);
    ok = ok &&
         th_design_check_finite(cx, th_operand(cx, 0, "X", name, sizeof name), th_as_array(c.design.matrix));
    ok = ok && th_linear_fit(cx, &c, out);
    th_design_clear(&c.design);
  }
  th_release(th_object(c.y));
  return ok;
}

/* --- glm */

static bool body_glm(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThValue *a = call->args;
  ThGlmCall c = {.formula = a[0],
                 .data = a[1],
                 .family = th_arg_text(call, 2),
                 .offset = a[3],
                 .weights = a[4],
                 .trials = a[5],
                 .level = th_arg_number(call, 6)};
  if (!check_level(cx, c.level)) return false;
  if (!th_formula_has_response(th_as_formula(a[0]))) return fail_no_response(cx, "glm");
  return th_glm_fit(cx, &c, out);
}

#define SECTION "models"
#define LAB \
  "lab = table(x = [1, 2, 3, 4, 5], y = [2.1, 3.9, 6.2, 7.8, 10.1], σ = [0.1, 0.1, 0.2, 0.2, 0.4]);\n"
#define FIELDS                                                                                        \
  "Fields: coef se cov interval terms fitted residuals sigma loglik aic bic chi2 dof r2 adjusted_r2 " \
  "f_statistic fisher method. "

const ThBuiltin th_lib_linear[] = {
    {"lm(formula: formula, data: table|record = …; σ: any = …, weights: any = …, level: number = 0.95) -> regression",
     body_lm, SECTION, "least squares: a linear mean from a formula, y ~ 1 + x + x^2",
     "Terms separate at `+` and are arithmetic on the columns of the data, or on variables; the intercept is implied, "
     "and dropped by `0 +`. Text is a factor: a column for each level but the first in alphabetical order. σ is the "
     "sd of the data, one or one each, and is never rescaled; without it one is estimated. weights: the variance of a "
     "datum is σ²/weight. " FIELDS,
     LAB "lm(y ~ x, lab, σ = lab.σ)\n"
         "#> lm, y ~ x (weighted least squares)\n"
         "#>            estimate  se     z      p\n"
         "#> intercept  0.09      0.13   0.709  0.48\n"
         "#> x          1.953     0.060  32.8   3e-235\n"
         "#> χ² = 3.45 on 3 degrees of freedom (p = 0.33); R² = 0.9968\n"
         "#> σ given, used as given\n"
         "lm(y ~ x + x^2, lab).coef\n#> [0.2, 1.86143, 0.0214286]",
     "linreg glm predict mle", NULL},
    {"linreg(X: matrix|vector, y: vector; σ: any = …, Σ: any = …, weights: any = …, ridge: any = …, lasso: any = …, "
     "prior_mean: any = …, prior_precision: any = …, level: number = 0.95) -> any",
     body_linreg, SECTION,
     "least squares with a design matrix: weighted, generalised, ridge, lasso, with a prior",
     "Minimises |y - Xβ|²/σ² + β'Λβ with Λ from ridge, or twice the lasso's Σ λ|β| in place of β'Λβ; both "
     "together are the elastic net. ridge and prior_precision: a number, one for each column, or a matrix, in "
     "units of 1/σ² when σ is one number or estimated, absolute when σ is a vector or Σ is given. prior_mean and "
     "prior_precision: the posterior, exact. A vector of penalties that is not as long as X has columns gives a "
     "path: a table λ dof rss gcv β1 …. Where the columns do not determine the coefficients, those of least "
     "norm. " FIELDS,
     "X = [1, 1; 1, 2; 1, 3; 1, 4];\ny = [2.1, 3.9, 6.2, 7.8];\nlinreg(X, y).coef\n#> [0.15, 1.94]\n"
     "linreg(X, y, ridge = 0.5).coef\n#> [0.348993, 1.84295]\n"
     "linreg(X, y, lasso = 3).coef\n#> [0, 1.89]",
     "lm pinv", NULL},
    {"glm(formula: formula, data: table|record = …; family: string, offset: any = …, weights: any = …, "
     "trials: any = …, level: number = 0.95) -> regression",
     body_glm, SECTION, "generalised linear models: yes or no, counts, classes",
     "family: \"bernoulli\" (0 and 1, or text of two kinds) and \"binomial\" (out of `trials`) with the logit link, "
     "\"poisson\" with the log link, \"categorical\" (classes 1..K, or text; the first is the base) with logits. The "
     "formula is that of lm. offset is added to x β; weights multiply each datum's log likelihood. Newton's method to "
     "full convergence, with the exact information. Data that can be told apart without error have no maximum, which "
     "is said. fitted is in the units of the response. Fields: coef se cov interval terms fitted residuals loglik aic "
     "bic dof deviance null_deviance dispersion (Pearson's χ² of counts over dof) fisher method.",
     "d = table(x = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5], y = [0, 0, 1, 0, 0, 1, 0, 1, 1, 1]);\n"
     "glm(y ~ x, d, family = \"bernoulli\")\n"
     "#> glm, y ~ x (Bernoulli, logit link)\n"
     "#>            estimate  se    z       p\n"
     "#> intercept  -0.27     0.80  -0.338  0.74\n"
     "#> x          1.09      0.67  1.62    0.11\n"
     "#> deviance 9.883 on 8 degrees of freedom; log likelihood -4.94158, aic 13.88\n"
     "#> null deviance 13.86 on 9: the columns explain 3.98 on 1 (p = 0.046)",
     "lm mle predict", NULL},
    {0},
};
