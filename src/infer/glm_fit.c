/* glm_fit.c - glm: the response of a family, what comes with it, and the fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/factor.h"
#include "infer/glm.h"
#include "num/special.h"

typedef struct Fit {
  ThContext *cx;
  const ThGlmCall *call;
  const ThFormula *formula;
  const char *name; /* of the response, as typed */
  ThGlmProblem p;
  ThArray *y, *trials, *weights, *offset; /* owned, or NULL */
  ThValue classes;                        /* a list of strings, or none */
  ThDesign design;
  ThRegression *r;
} Fit;

/* --- The response */

static bool is_text(ThValue v) {
  bool all = th_is_list(v) && th_as_list(v)->length > 0;
  for (size_t i = 0; all && i < th_as_list(v)->length; i++) all = th_is_string(th_as_list(v)->items[i]);
  return all;
}

/* Text is numbered in alphabetical order, from 0. */
static bool number_text(Fit *f, ThValue v) {
  const ThList *list = th_as_list(v);
  if (!th_factor_levels(f->cx, v, &f->classes)) return false;
  if (!(f->y = th_vector_new(f->cx, TH_DOUBLE, list->length))) return false;
  for (size_t i = 0; i < list->length; i++)
    f->y->real[i] = (double)th_factor_find(f->classes, list->items[i]);
  size_t n = th_as_list(f->classes)->length;
  if (f->p.family->has_classes || n == 2) return true;
  return th_fail(f->cx, TH_ERROR_VALUE, "`%s` is text of %zu kinds: a %s response has two", f->name, n,
                 f->p.family->name);
}

/* Classes 1 … K are called by their numbers. */
static bool number_classes(Fit *f) {
  double most = 1;
  char name[32];
  ThValue v;
  for (size_t i = 0; i < f->y->length; i++) most = fmax(most, f->y->real[i]);
  ThList *classes = th_list_new(f->cx, 4);
  if (!classes) return false;
  f->classes = th_object(classes);
  if (most > 1000)
    return th_fail(f->cx, TH_ERROR_VALUE, "`%s` has classes up to %.6g: at most 1000", f->name, most);
  for (double a = 1; a <= most; a++) {
    snprintf(name, sizeof name, "%.0f", a);
    if (!th_string_of(f->cx, name, &v) || !th_list_push_take(f->cx, classes, v)) return false;
  }
  return true;
}

/* What a datum of the family may be. */
static bool check_datum(Fit *f, size_t i, double y) {
  const ThGlmFamily *family = f->p.family;
  ThContext *cx = f->cx;
  bool whole = y == floor(y);
  if (family->has_classes) {
    if (whole && y >= 1) return true;
    th_fail(cx, TH_ERROR_VALUE, "`%s` is %.6g in row %zu: classes run from 1", f->name, y, i + 1);
    return y == 0 ? th_hint(cx, "add 1: `%s + 1`", f->name) : false;
  }
  if (family->counts_trials) {
    double t = f->trials->real[f->trials->length == 1 ? 0 : i];
    if (whole && y >= 0 && y <= t) return true;
    return th_fail(cx, TH_ERROR_VALUE, "`%s` is %.6g in row %zu: of %.6g trials so many cannot succeed",
                   f->name, y, i + 1, t);
  }
  if (strcmp(family->name, "bernoulli") == 0) {
    if (y == 0 || y == 1) return true;
    th_fail(cx, TH_ERROR_VALUE, "`%s` is %.6g in row %zu: a bernoulli response is 0 or 1", f->name, y, i + 1);
    return th_hint(cx,
                   whole && y > 0 ? "counts are family = \"poisson\", or \"binomial\" with `trials`"
                                  : "a number that may be anything is for `lm(%s ~ …)`",
                   f->name);
  }
  if (whole && y >= 0) return true;
  return th_fail(cx, TH_ERROR_VALUE, "`%s` is %.6g in row %zu: a count is 0, 1, 2, …", f->name, y, i + 1);
}

static bool read_response(Fit *f, ThValue v) {
  bool scalar;
  if (is_text(v)) return number_text(f, v);
  if (!th_to_real_array(f->cx, v, f->name, &scalar, &f->y)) return false;
  if (f->y->rank != 1 || scalar)
    return th_fail(f->cx, TH_ERROR_SHAPE, "`%s` is a vector, one number for each datum", f->name);
  if (!th_design_check_finite(f->cx, f->name, f->y)) return false;
  if (f->p.family->counts_trials && f->trials->length != 1 && f->trials->length != f->y->length)
    return th_fail(f->cx, TH_ERROR_SHAPE, "`trials` has %zu numbers, `%s` %zu", f->trials->length, f->name,
                   f->y->length);
  for (size_t i = 0; i < f->y->length; i++)
    if (!check_datum(f, i, f->y->real[i])) return false;
  if (!f->p.family->has_classes) return true;
  if (!number_classes(f)) return false;
  ThArray *shifted = th_vector_new(f->cx, TH_DOUBLE, f->y->length);
  if (!shifted) return false;
  for (size_t i = 0; i < shifted->length; i++) shifted->real[i] = f->y->real[i] - 1;
  th_release(th_object(f->y));
  f->y = shifted;
  return true;
}

/* --- What comes with it */

/* One number for each datum, or one for all, which is spread out once n is known. */
static bool read_option(Fit *f, const char *name, ThValue v, ThArray **out) {
  bool scalar;
  if (th_is_unset(v)) return true;
  return th_to_real_array(f->cx, v, name, &scalar, out) && th_design_check_finite(f->cx, name, *out);
}

static bool spread(Fit *f, const char *name, ThArray **a, const double **out) {
  size_t n = f->y->length;
  if (!*a) return true;
  if ((*a)->length == 1 && n != 1) {
    ThArray *all = th_vector_new(f->cx, TH_DOUBLE, n);
    if (!all) return false;
    for (size_t i = 0; i < n; i++) all->real[i] = (*a)->real[0];
    th_release(th_object(*a));
    *a = all;
  }
  *out = (*a)->real;
  if ((*a)->rank == 1 && (*a)->length == n) return true;
  return th_fail(f->cx, TH_ERROR_SHAPE, "`%s` has %zu numbers, `%s` %zu", name, (*a)->length, f->name, n);
}

static bool check_options(Fit *f) {
  const ThGlmFamily *family = f->p.family;
  bool given = !th_is_unset(f->call->trials);
  if (family->counts_trials && !given) {
    th_fail(f->cx, TH_ERROR_VALUE, "a binomial response needs `trials`: out of how many");
    return th_hint(f->cx, "trials = 10, or one number for each datum; 0 and 1 are family = \"bernoulli\"");
  }
  if (given && !family->counts_trials)
    return th_fail(f->cx, TH_ERROR_VALUE, "`trials` belongs to family = \"binomial\", not to \"%s\"",
                   family->name);
  if (family->has_classes && !th_is_unset(f->call->offset))
    return th_fail(f->cx, TH_ERROR_VALUE, "a categorical response takes no `offset`");
  return read_option(f, "trials", f->call->trials, &f->trials) &&
         read_option(f, "weights", f->call->weights, &f->weights) &&
         read_option(f, "offset", f->call->offset, &f->offset);
}

static bool check_signs(Fit *f) {
  for (size_t i = 0; f->trials && i < f->trials->length; i++)
    if (!(f->trials->real[i] >= 1) || floor(f->trials->real[i]) != f->trials->real[i])
      return th_fail(f->cx, TH_ERROR_VALUE, "`trials` is %.6g in row %zu: it is 1, 2, …", f->trials->real[i],
                     i + 1);
  for (size_t i = 0; f->weights && i < f->weights->length; i++)
    if (f->weights->real[i] < 0)
      return th_fail(f->cx, TH_ERROR_VALUE, "`weights` are not below 0; got %.6g in row %zu",
                     f->weights->real[i], i + 1);
  return true;
}

static bool read_data(Fit *f) {
  ThFormulaData data = {.data = f->call->data};
  ThValue response;
  if (!check_options(f) || !check_signs(f)) return false;
  if (!th_formula_evaluate(f->cx, f->formula, TH_FORMULA_LEFT, &data, &response)) return false;
  bool ok = read_response(f, response);
  th_release(response);
  return ok && spread(f, "trials", &f->trials, &f->p.trials) &&
         spread(f, "weights", &f->weights, &f->p.weights) && spread(f, "offset", &f->offset, &f->p.offset) &&
         th_design_from_formula(f->cx, f->formula, &data, f->y->length, th_none(), &f->design);
}

/* --- The fit */

/* The constant of the log likelihood, and the deviance. */
static void measure(Fit *f, double value) {
  double constant = 0, best = 0;
  size_t n_data = 0;
  for (size_t i = 0; i < f->p.n; i++) {
    double w = f->p.weights ? f->p.weights[i] : 1, t = f->p.trials ? f->p.trials[i] : 1, y = f->y->real[i];
    n_data += w > 0;
    constant += w * f->p.family->constant(y, t);
    best += w * f->p.family->best(y, t);
  }
  f->r->loglik = value + constant;
  f->r->deviance = fmax(2 * (best - value), 0);
  f->r->n_free = (double)f->r->k;
  f->r->dof = (double)(n_data * f->p.m) - (double)f->r->k;
  bool intercept = f->r->design.intercept;
  f->r->null_deviance = 2 * (best - th_glm_null(&f->p, intercept));
  f->r->null_dof = (double)((n_data - intercept) * f->p.m);
}

/* Counts that vary more than their family does, by chance once in a thousand times or less. */
static bool say_dispersion(Fit *f) {
  ThRegression *r = f->r;
  bool counts = f->p.trials || !(f->p.family->counts_trials || f->p.family->has_classes);
  if (!counts || strcmp(f->p.family->name, "bernoulli") == 0 || !(r->dof > 0)) return true;
  double pearson = th_glm_pearson(&f->p, th_as_array(r->fitted)->real);
  r->dispersion = pearson / r->dof;
  if (!(th_special_gamma_q(r->dof / 2, pearson / 2) < 1e-3)) return true;
  return th_regression_say(r,
                           "the data vary more than the family does: Pearson's χ² is %.4g on %.0f;\n"
                           "errors that allow for it are %.3g times as large",
                           pearson, r->dof, sqrt(r->dispersion));
}

static bool set_fitted(Fit *f) {
  size_t n = f->p.n;
  ThArray *fitted = f->p.family->has_classes ? th_matrix_new(f->cx, TH_DOUBLE, n, f->p.m + 1)
                                             : th_vector_new(f->cx, TH_DOUBLE, n);
  if (!fitted) return false;
  f->r->fitted = th_object(fitted);
  if (!th_glm_means(f->cx, &f->p, f->r->coef, fitted->real)) return false;
  return f->p.family->has_classes || th_regression_residuals(f->r);
}

/* For whom explains the fit. */
static bool keep_given(Fit *f) {
  return th_regression_give(f->r, "weights", f->p.weights, f->p.n, false) &&
         th_regression_give(f->r, "offset", f->p.offset, f->p.n, false) &&
         th_regression_give(f->r, "trials", f->p.trials, f->p.n, false);
}

static bool solve(Fit *f) {
  ThContext *cx = f->cx;
  double value;
  f->p.n = f->design.n;
  f->p.k = f->design.k;
  f->p.m = f->p.family->has_classes ? th_as_list(f->classes)->length - 1 : 1;
  if (f->p.k == 0 || f->p.m == 0 || f->p.n == 0)
    return th_fail(cx, TH_ERROR_VALUE, "there is nothing to fit: %s",
                   f->p.n == 0 ? "no data"
                   : f->p.k    ? "one class"
                               : "no columns");
  ThRegression *r = f->r = th_regression_new(cx, &f->design, f->p.k * f->p.m);
  if (!r) return false;
  r->verb = "glm";
  r->method = f->p.family->title;
  r->family = f->p.family;
  r->formula = th_retain(f->call->formula);
  r->data = th_retain(f->call->data);
  r->level = f->call->level;
  r->sigma_kind = TH_SIGMA_NONE;
  r->y = th_retain(th_object(f->y));
  if (f->p.family->has_classes) r->classes = th_retain(f->classes);
  f->p.x = th_design_numbers(&r->design);
  f->p.y = f->y->real;
  if (!th_glm_maximise(cx, &f->p, r, &value) || !set_fitted(f) || !keep_given(f)) return false;
  measure(f, value);
  if (!say_dispersion(f)) return false;
  if (r->dof > 0) return true;
  return th_regression_say(
      r, "as many coefficients as data: the fit passes through each, which says nothing for it");
}

static void clear(Fit *f) {
  ThArray *held[] = {f->y, f->trials, f->weights, f->offset};
  for (size_t i = 0; i < sizeof held / sizeof *held; i++)
    if (held[i]) th_release(th_object(held[i]));
  th_release(f->classes);
  th_design_clear(&f->design);
  if (f->r) th_release(th_object(f->r));
}

static bool fail_family(ThContext *cx, const char *family) {
  th_fail(cx, TH_ERROR_VALUE, "`glm` has no family \"%s\"", family);
  if (strcmp(family, "normal") == 0 || strcmp(family, "gaussian") == 0)
    return th_hint(cx, "Normal data are for `lm`");
  return th_hint(cx, "it has \"bernoulli\", \"binomial\", \"poisson\" and \"categorical\"");
}

bool th_glm_fit(ThContext *cx, const ThGlmCall *call, ThValue *out) {
  Fit f = {.cx = cx, .call = call, .formula = th_as_formula(call->formula), .classes = th_none()};
  ThText name;
  f.design = (ThDesign){.matrix = th_none(), .names = th_none(), .levels = th_none()};
  if (!(f.p.family = th_glm_family(call->family))) return fail_family(cx, call->family);
  th_text_init(&name, &cx->heap);
  th_formula_text(f.formula, SIZE_MAX, &name);
  f.name = th_text_string(&name);
  bool ok = th_text_ok(&name, cx) && read_data(&f) && solve(&f);
  if (ok) *out = th_retain(th_object(f.r));
  clear(&f);
  th_text_clear(&name);
  return ok;
}
