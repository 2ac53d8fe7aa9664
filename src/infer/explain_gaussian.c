/* explain_gaussian.c - least squares, ridge and Bayesian linear regression, in lines */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model is read as rows of least squares (gaussian.h); with the σ of each datum they give X, y and Σ, the rows of
 * the priors give Λ₀ and Λ₀ m₀. The lines are those of the notes: the sum of squares, the normal equations, their
 * solution, its covariance; with priors the same with Λ₀, and the posterior. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/explain.h"
#include "infer/fit.h"
#include "infer/law_vector.h"
#include "infer/loss.h"
#include "infer/posterior.h"
#include "val/array.h"

enum { MOST_ROWS = 8, MOST_COLUMNS = 5, MOST_DENSE = 300 };

typedef struct Regression {
  ThContext *cx;
  ThExplanation *e;
  const ThQuestion *question;
  const ThRecording *r;
  ThGaussianSystem system;
  size_t n, k;
  double *sd;             /* (n) */
  const double *solution; /* (k): estimates or means */
  bool with_priors, is_posterior;
} Regression;

/* --- Reading */

/* The σ of each datum, from the laws at a point. False in *known where a law has no such rows. */
static bool read_sd(Regression *g, const ThRecord *parameters, bool *known) {
  ThRecording r;
  size_t at = 0;
  *known = true;
  if (!th_question_replay(g->cx, g->question, &g->question->data, parameters, &r)) return false;
  bool ok = true;
  for (size_t i = 0; ok && *known && i < r.n_observations; i++) {
    size_t n = th_value_length(r.observations[i].data);
    bool plain = th_is_distribution(g->r->observations[i].distribution);
    *known = !plain && !th_is_joint_law(r.observations[i].distribution) && at + n <= g->n;
    if (*known)
      ok = th_law_moments(g->cx, th_as_distribution(r.observations[i].distribution), n, NULL, g->sd + at);
    at += n;
  }
  *known = *known && at == g->n;
  th_recording_clear(&r);
  return ok;
}

/* X and y of the data, undone by σ. */
static bool data_arrays(const Regression *g, ThArray **x, ThArray **y) {
  size_t n = g->n, k = g->k;
  *x = th_matrix_new(g->cx, TH_DOUBLE, n, k);
  *y = *x ? th_vector_new(g->cx, TH_DOUBLE, n) : NULL;
  if (!*y) {
    if (*x) th_release(th_object(*x));
    return false;
  }
  for (size_t i = 0; i < n; i++) {
    const double *row = g->system.rows + i * (k + 1);
    for (size_t j = 0; j < k; j++) (*x)->real[i * k + j] = row[j] * g->sd[i] + 0.0;
    (*y)->real[i] = row[k] * g->sd[i];
  }
  return true;
}

/* Λ₀ = P'P and Λ₀ m₀ = P'r of the priors' rows P, r. */
static bool prior_arrays(const Regression *g, ThArray **precision, ThArray **shift) {
  size_t k = g->k;
  *precision = th_matrix_new(g->cx, TH_DOUBLE, k, k);
  *shift = *precision ? th_vector_new(g->cx, TH_DOUBLE, k) : NULL;
  if (!*shift) {
    if (*precision) th_release(th_object(*precision));
    return false;
  }
  memset((*precision)->real, 0, k * k * sizeof(double));
  memset((*shift)->real, 0, k * sizeof(double));
  for (size_t i = g->n; i < g->system.n_rows; i++) {
    const double *row = g->system.rows + i * (k + 1);
    for (size_t a = 0; a < k; a++) {
      (*shift)->real[a] += row[a] * row[k];
      for (size_t b = 0; b < k; b++) (*precision)->real[a * k + b] += row[a] * row[b];
    }
  }
  return true;
}

/* The same numbers, but for the rounding of having been divided by σ? */
static bool same_numbers(ThValue v, const ThArray *a) {
  if (!th_is_array(v) || th_as_array(v)->length != a->length || th_as_array(v)->rank != a->rank) return false;
  const double *x = th_as_array(v)->real;
  for (size_t i = 0; i < a->length; i++)
    if (!(fabs(x[i] - a->real[i]) <= 4 * DBL_EPSILON * fabs(x[i]))) return false;
  return true;
}

/* The name of an argument that holds just these numbers, or NULL. */
static const char *name_of(const Regression *g, const ThArray *a) {
  bool is_knob;
  for (size_t i = 0; i < g->question->data.n; i++)
    if (same_numbers(g->question->data.values[i], a))
      return th_model_argument(th_question_model(g->question), i, &is_knob)->spelling;
  return NULL;
}

/* The symbol for an array: the data's own name where it is one of them. Takes the array. */
static bool give_array_take(const Regression *g, const char *symbol, const char *wanted, ThArray *a) {
  const char *name = name_of(g, a);
  if (!name) return th_explanation_pick_take(g->e, symbol, wanted, th_object(a));
  th_release(th_object(a));
  return th_explanation_symbol(g->e, symbol, name);
}

/* --- Symbols */

/* $list "a, β", and $code of the vector of them all, concat([a], β). *first is the first of the *free ones. */
static bool give_list(const Regression *g, const ThUnknown **first, size_t *free) {
  ThText list, code;
  th_text_init(&list, &g->cx->heap);
  th_text_init(&code, &g->cx->heap);
  *first = NULL;
  *free = 0;
  for (size_t i = 0; i < g->r->n_unknowns; i++) {
    const ThUnknown *u = &g->r->unknowns[i];
    if (u->is_held) continue;
    if (!*first) *first = u;
    const char *comma = (*free)++ ? ", " : "", *name = u->name->spelling;
    th_text_format(&list, "%s%s", comma, name);
    th_text_format(&code, u->count == SIZE_MAX ? "%s[%s]" : "%s%s", comma, name);
  }
  bool ok = th_text_ok(&list, g->cx) && th_text_ok(&code, g->cx) &&
            th_explanation_symbol(g->e, "list", th_text_string(&list)) &&
            th_explanation_symbol(g->e, "code", th_text_string(&code));
  th_text_clear(&list);
  th_text_clear(&code);
  return ok;
}

/* $B is the vector of all parameters: β, or the only parameter itself where that is a vector. */
static bool give_parameters(const Regression *g) {
  static const ThLine all = {.words = "All parameters as one vector:",
                             .define = "$B",
                             .sides = {{"$B", "concat($code)"}, {"[$list]", "concat($code)"}}};
  static const ThLine one = {.words = "The parameter as a vector of one element:",
                             .define = "$B",
                             .sides = {{"$B", "$code"}, {"[$list]", "$code"}}};
  const ThUnknown *first;
  size_t free;
  if (!give_list(g, &first, &free)) return false;
  if (free == 1 && first->count != SIZE_MAX) return th_explanation_symbol(g->e, "B", first->name->spelling);
  return th_explanation_pick(g->e, "B", "β") && th_explanation_add(g->e, free == 1 ? &one : &all);
}

/* Numbers as a hidden name. */
static bool give_vector(const Regression *g, const char *symbol, const char *wanted, const double *x,
                        size_t n) {
  ThValue v;
  return th_vector_from(g->cx, x, n, &v) && th_explanation_pick_take(g->e, symbol, wanted, v);
}

/* 1/σ² as a column, in the place of Σ⁻¹, which would be large. */
static bool give_weights(const Regression *g) {
  ThArray *w = th_matrix_new(g->cx, TH_DOUBLE, g->n, 1);
  for (size_t i = 0; w && i < g->n; i++) w->real[i] = 1 / (g->sd[i] * g->sd[i]);
  return w && th_explanation_pick_take(g->e, "w", "weights", th_object(w));
}

static bool one_sd(const Regression *g) {
  for (size_t i = 1; i < g->n; i++)
    if (g->sd[i] != g->sd[0]) return false;
  return g->n > 0;
}

/* --- Lines. `$W` is Σ⁻¹, or 1/σ² where there is one σ; `$w` its code, a column. */

#define GRAM                                                                                            \
  {                                                                                                     \
    .define = "$A", .sides = { {"$Xᵀ Σ⁻¹ $X", "$X' @ ($w*$X)"}, {"{=$X' @ ($w*$X)}", "$X' @ ($w*$X)"} } \
  }
#define RIGHT                                          \
  {                                                    \
    .define = "$b", .sides = {                         \
      {"$Xᵀ Σ⁻¹ $y", "$X' @ ($w[:, 1]*$y)"},           \
      {"{$X' @ ($w[:, 1]*$y)}", "$X' @ ($w[:, 1]*$y)"} \
    }                                                  \
  }

static const ThLine squares_lines[] = {
    {.words = "The model's loss, minus the log likelihood, is half a sum of squares and a constant:",
     .sides = {{"-log L($list)", "-$loglik"}, {"$sum$plusrest", "$sumcode + ($restcode)"}}},
    {0},
};

static const ThLine normal_equations[] = {
    {.words = "In matrices the sum, without the ½, is",
     .sides = {{"S($B)", "sum($w[:, 1]*($y - $X @ $B)^2)"},
               {"($y - $X $B)ᵀ Σ⁻¹ ($y - $X $B)", "($y - $X @ $B) @ ($w[:, 1]*($y - $X @ $B))"}}},
    {.words = "Its gradient",
     .sides = {{"∇S", "grad(v -> sum($w[:, 1]*($y - $X @ v)^2), $B)"},
               {"-2 $Xᵀ Σ⁻¹ ($y - $X $B)", "-2*($X' @ ($w[:, 1]*($y - $X @ $B)))"}}},
    {.words = "is 0 where the normal equations hold:",
     .sides = {{"$Xᵀ Σ⁻¹ $X $Bhat", "$X' @ ($w*$X) @ $estimate"}, {"$Xᵀ Σ⁻¹ $y", "$X' @ ($w[:, 1]*$y)"}}},
    GRAM,
    RIGHT,
    {0},
};

static const ThLine solution_lines[] = {
    {.words = "They are linear, and solved:",
     .sides = {{"$Bhat", "$estimate"}, {"($Xᵀ Σ⁻¹ $X)⁻¹ $Xᵀ Σ⁻¹ $y", "$A \\ $b"}, {"{$estimate}"}}},
    {.words = "The curvature of S/2 is the information; its inverse is the covariance of the estimate:",
     .sides = {{"cov($Bhat)", "$cov"}, {"($Xᵀ Σ⁻¹ $X)⁻¹", "inv($A)"}, {"{=$cov}"}}},
    {.words = "The square roots of its diagonal are the errors ±, and S at the minimum is χ²:",
     .sides = {{"se", "√($cov[1, 1])*0 + [√($cov[i, i]) for i in 1:{rows($cov)}]"},
               {"{[√($cov[i, i]) for i in 1:rows($cov)]}"}}},
    {.sides = {{"χ²", "sum($w[:, 1]*($y - $X @ $estimate)^2)"},
               {"S($Bhat)", "sum(($y - $X @ $estimate)^2*$w[:, 1])"},
               {"{sum($w[:, 1]*($y - $X @ $estimate)^2)}"}}},
    {0},
};

static const ThLine prior_lines[] = {
    {.words = "The priors are squares too, about m₀ and with the precision Λ₀:",
     .sides = {{"Λ₀", "$Q"}, {"{=$Q}"}}},
    {.sides = {{"Λ₀ m₀", "$q"}, {"{$q}"}}},
    {.words =
         "Bayes' formula multiplies likelihood and priors. Minus twice the logarithm of the product is, up to a "
         "constant,",
     .sides = {{"S($B)", "2*($loss($B) - $loss($estimate)) + $least"},
               {"($y - $X $B)ᵀ Σ⁻¹ ($y - $X $B) + ($B - m₀)ᵀ Λ₀ ($B - m₀)", "$square"}}},
    {.words = "Its gradient is 0 at $Bhat, where",
     .sides = {{"($Xᵀ Σ⁻¹ $X + Λ₀) $Bhat", "($X' @ ($w*$X) + $Q) @ $estimate"},
               {"$Xᵀ Σ⁻¹ $y + Λ₀ m₀", "$X' @ ($w[:, 1]*$y) + $q"}}},
    GRAM,
    RIGHT,
    {.words = "From there it grows by",
     .sides = {{"S($B) - S($Bhat)", "2*($loss($B) - $loss($estimate))"},
               {"($B - $Bhat)ᵀ ($Xᵀ Σ⁻¹ $X + Λ₀) ($B - $Bhat)",
                "($B - $estimate) @ (($A + $Q) @ ($B - $estimate))"}}},
    {0},
};

static const ThLine map_lines[] = {
    {.words = "So the most probable parameters are",
     .sides = {{"$Bhat", "$estimate"},
               {"($Xᵀ Σ⁻¹ $X + Λ₀)⁻¹ ($Xᵀ Σ⁻¹ $y + Λ₀ m₀)", "($A + $Q) \\ ($b + $q)"},
               {"{$estimate}"}}},
    {.sides = {{"cov($Bhat)", "$cov"}, {"($Xᵀ Σ⁻¹ $X + Λ₀)⁻¹", "inv($A + $Q)"}, {"{=$cov}"}}},
    {0},
};

static const ThLine posterior_lines[] = {
    {.words =
         "The density of a square's exponential is normal: the posterior is MvNormal(m, Λ⁻¹), with Λ = $Xᵀ Σ⁻¹ $X + Λ₀ "
         "and",
     .sides = {{"m", "$estimate"}, {"Λ⁻¹ ($Xᵀ Σ⁻¹ $y + Λ₀ m₀)", "($A + $Q) \\ ($b + $q)"}, {"{$estimate}"}}},
    {.sides = {{"Λ⁻¹", "inv($A + $Q)"}, {"{=$cov}"}}},
    {0},
};

/* One σ and one τ about 0: the ridge. */
static const ThLine ridge_lines[] = {
    {.words = "All σ are one, and all priors Normal(0, τ): multiplied by σ², S is ‖$y - $X $B‖² + λ ‖$B‖², "
              "ridge regression with",
     .define = "$l",
     .sides = {{"λ", "{$s}^2/{$tau}^2"}, {"σ²/τ²", "$s^2/$tau^2"}, {"{$s}²/{$tau}²"}, {"{$s^2/$tau^2}"}}},
    {.sides = {{"$Bhat", "$estimate"},
               {"($Xᵀ $X + λ I)⁻¹ $Xᵀ $y", "($X' @ $X + $l*eye({rows($A)})) \\ ($X' @ $y)"},
               {"{$estimate}"}}},
    {0},
};

static const ThLine evidence_lines[] = {
    {.words =
         "Before the parameters are known the data are normal too, about $X m₀, and their density is the evidence:",
     .sides = {{"log p($y)", "$evidence"},
               {"log MvNormal($y | $X m₀, Σ + $X Λ₀⁻¹ $Xᵀ)",
                "logpdf(MvNormal($X @ ($Q \\ $q), diag(1/$w[:, 1]) + $X @ (inv($Q) @ $X')), $y)"},
               {"{$evidence}"}}},
    {0},
};

/* --- Which lines */

/* Is $y another vector than the data: less the terms of the mean that hang on no parameter? */
static bool is_less(const Regression *g) {
  const char *y = th_explanation_stands_for(g->e, "y");
  return g->r->n_observations == 1 && strcmp(y, g->r->observations[0].name->spelling) != 0;
}

static const char less[] = "The data, less the terms of their mean that hang on no parameter:";

static bool add_matrices(const Regression *g) {
  bool small = g->n <= MOST_ROWS && g->k <= MOST_COLUMNS;
  if (!small)
    return th_explanation_add(
        g->e,
        &(ThLine){
            .words =
                "$X has a row for each datum: {rows($X)} by {cols($X)}; Σ is the diagonal matrix of the σᵢ²."});
  return th_explanation_add(
             g->e, &(ThLine){.words = "The matrices: a row of $X for each datum, and what multiplies each "
                                      "parameter as its columns.",
                             .sides = {{"$X", "$X"}, {"{=$X}"}}}) &&
         th_explanation_add(
             g->e, &(ThLine){.words = is_less(g) ? less : NULL, .sides = {{"$y", "$y"}, {"{$y}"}}}) &&
         th_explanation_add(
             g->e, one_sd(g)
                       ? &(ThLine){.sides = {{"Σ", "diag(1/$w[:, 1])"},
                                             {"{1/√($w[1, 1])}² I", "{1/√($w[1, 1])}^2*eye({rows($X)})"}}}
                       : &(ThLine){.sides = {{"Σ", "diag(1/$w[:, 1])"}, {"diag({1/√($w[:, 1])}²)"}}});
}

/* -log L as the sums of the loss, where the model is nothing but them and has no priors. */
static bool add_squares(const Regression *g) {
  bool known;
  if (g->with_priors) return true;
  if (!th_explain_loss_parts(g->e, g->question, &known)) return false;
  return !known || th_explanation_add_all(g->e, squares_lines);
}

static bool is_ridge(const Regression *g, const ThArray *precision, const ThArray *shift, double *tau) {
  size_t k = g->k;
  if (!one_sd(g) || k == 0) return false;
  for (size_t i = 0; i < k * k; i++)
    if (precision->real[i] != (i % (k + 1) == 0 ? precision->real[0] : 0)) return false;
  for (size_t i = 0; i < k; i++)
    if (shift->real[i] != 0) return false;
  *tau = 1 / sqrt(precision->real[0]);
  return precision->real[0] > 0;
}

/* S at a point, up to what hangs on the priors' means alone. */
static const char square[] = "sum($w[:, 1]*($y - $X @ $B)^2) + $B @ ($Q @ $B) - 2*($q @ $B)";

/* S at the solution. */
static bool give_least(const Regression *g) {
  return th_explanation_symbol(g->e, "least",
                               "(sum($w[:, 1]*($y - $X @ $estimate)^2) + $estimate @ ($Q @ $estimate) - "
                               "2*($q @ $estimate))");
}

static bool add_prior_lines(const Regression *g) {
  ThArray *precision, *shift;
  double tau = 0;
  if (!prior_arrays(g, &precision, &shift)) return false;
  bool ridge = is_ridge(g, precision, shift, &tau);
  bool ok = th_explanation_pick_take(g->e, "Q", "Λ₀", th_object(precision));
  if (!ok) th_release(th_object(shift));
  ok = ok && th_explanation_pick_take(g->e, "q", "shift", th_object(shift)) &&
       th_explanation_symbol(g->e, "square", square) && give_least(g) &&
       th_explanation_add_all(g->e, prior_lines) &&
       th_explanation_add_all(g->e, g->is_posterior ? posterior_lines : map_lines);
  if (ok && ridge)
    ok = th_explanation_pick_take(g->e, "s", "σ", th_number(g->sd[0])) &&
         th_explanation_pick_take(g->e, "tau", "τ", th_number(tau)) && th_explanation_pick(g->e, "l", "λ") &&
         th_explanation_add_all(g->e, ridge_lines);
  return ok;
}

static bool give_covariance(const Regression *g, const double *covariance) {
  ThArray *a = th_matrix_new(g->cx, TH_DOUBLE, g->k, g->k);
  if (!a) return false;
  memcpy(a->real, covariance, g->k * g->k * sizeof *covariance);
  return th_explanation_pick_take(g->e, "cov", "covariance", th_object(a));
}

static bool give_all(const Regression *g, const double *covariance) {
  ThArray *x, *y;
  char hat[96];
  double *point = th_alloc_array(g->cx, g->k + 1, sizeof *point);
  if (!point) return false;
  for (size_t j = 0; j < g->k; j++)
    point[j] = g->solution[j] + (0.385 + 0.07 * (double)j) * sqrt(covariance[j * (g->k + 1)]);
  bool ok = th_explain_give_data(g->e, g->question) && th_explain_give_point(g->e, g->question, g->r, point);
  th_free(g->cx, point, (g->k + 1) * sizeof *point);
  ok = ok && data_arrays(g, &x, &y);
  if (!ok) return false;
  ok = give_array_take(g, "X", "X", x);
  if (ok) ok = give_array_take(g, "y", "y", y);
  else th_release(th_object(y));
  ok = ok && give_weights(g) && give_parameters(g) &&
       give_vector(g, "estimate", "estimate", g->solution, g->k) && give_covariance(g, covariance) &&
       th_explanation_pick(g->e, "A", "A") && th_explanation_pick(g->e, "b", "b");
  if (!ok) return false;
  snprintf(hat, sizeof hat, "%s\u0302", th_explanation_stands_for(g->e, "B")); /* a hat above it */
  return th_explanation_symbol(g->e, "Bhat", hat) && th_explain_give_loss(g->e, g->question) &&
         th_explanation_symbol(g->e, "loglik", "(-$loss($B))");
}

static bool add_lines(const Regression *g, double evidence) {
  if (!add_squares(g) || !add_matrices(g)) return false;
  if (!g->with_priors)
    return th_explanation_add_all(g->e, normal_equations) && th_explanation_add_all(g->e, solution_lines);
  if (!add_prior_lines(g)) return false;
  if (!g->is_posterior || isnan(evidence) || g->n > MOST_DENSE) return true;
  return th_explanation_pick_take(g->e, "evidence", "log_evidence", th_number(evidence)) &&
         th_explanation_add_all(g->e, evidence_lines);
}

/* --- A fit or posterior */

/* Do the rows lead to the solution? Not those of a posterior that has seen other data before. */
static bool solves(const Regression *g) {
  size_t k = g->k;
  for (size_t j = 0; j < k; j++) {
    double sum = 0, size = 0;
    for (size_t i = 0; i < g->system.n_rows; i++) {
      const double *row = g->system.rows + i * (k + 1);
      double residual = -row[k], largest = fabs(row[k]);
      for (size_t m = 0; m < k; m++)
        residual += row[m] * g->solution[m], largest += fabs(row[m] * g->solution[m]);
      sum += row[j] * residual;
      size += fabs(row[j]) * largest;
    }
    if (!(fabs(sum) <= 1e-9 * size)) return false;
  }
  return true;
}

/* The solution as a record of parameters. */
static bool solution_record(const Regression *g, ThRecord **out) {
  ThLayout layout;
  if (!th_layout_init(g->cx, g->r, &layout)) return false;
  bool ok = th_layout_record(g->cx, &layout, g->solution, false, out);
  th_layout_clear(&g->cx->heap, &layout);
  return ok;
}

static bool explain_system(Regression *g, const double *covariance, double evidence, bool *done) {
  ThRecord *parameters;
  bool known = false;
  g->n = g->system.n_data;
  g->sd = th_alloc_array(g->cx, g->n + 1, sizeof *g->sd);
  if (!g->sd) return false;
  bool ok = g->system.n_rows >= g->n && solution_record(g, &parameters);
  if (ok) {
    ok = read_sd(g, parameters, &known);
    th_release(th_object(parameters));
  }
  if (ok && known && g->n > 0 && solves(g)) {
    ok = give_all(g, covariance) && add_lines(g, evidence);
    *done = ok;
  }
  th_free(g->cx, g->sd, (g->n + 1) * sizeof *g->sd);
  return ok;
}

static bool explain(ThContext *cx, ThExplanation *e, const ThQuestion *q, const double *solution,
                    const double *covariance, double evidence, bool *done) {
  ThRecording r;
  ThReason why;
  if (!th_question_reopen(cx, q, &q->data, &r)) return false;
  Regression g = {.cx = cx,
                  .e = e,
                  .question = q,
                  .r = &r,
                  .k = r.n_elements,
                  .solution = solution,
                  .with_priors = q->verb != TH_VERB_MLE,
                  .is_posterior = q->verb == TH_VERB_POSTERIOR};
  ThAttempt attempt = r.n_elements ? th_gaussian_read(&r, g.with_priors, &g.system, &why) : TH_DECLINED;
  bool ok = attempt != TH_FAILED;
  if (attempt == TH_ANSWERED) {
    if (g.system.n_rows == g.system.n_data)
      g.with_priors = g.is_posterior = false; /* flat ones: least squares */
    ok = explain_system(&g, covariance, evidence, done);
    th_gaussian_clear(&g.system);
  }
  th_recording_clear(&r);
  return ok;
}

bool th_explain_gaussian(ThContext *cx, ThValue v, ThExplanation *e, bool *done) {
  if (th_is_fit(v)) {
    const ThFit *f = th_as_fit(v);
    if (f->calls.value || f->k == 0) return true; /* it was searched for */
    return explain(cx, e, &f->question, f->estimate, f->covariance, (double)NAN, done);
  }
  if (!th_is_posterior(v) || th_as_posterior(v)->k == 0) return true;
  const ThPosterior *p = th_as_posterior(v);
  if (!p->mean || !p->covariance) return true;
  ThQuestion all = th_posterior_question(p);
  return explain(cx, e, &all, p->mean, p->covariance, p->log_evidence, done);
}
