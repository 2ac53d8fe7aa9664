/* query_transform.c - dist(g(X) | …) of one continuous variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First the distribution of X itself, given the conditions, by whatever way there is; then that of its image: in a
 * known family, or by the branches of g. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "prob/linear.h"
#include "prob/query_again.h"
#include "prob/transformed.h"

/* --- Images in a known family. X is standard where the family's first parameter must be 0. */

typedef enum Form { FORM_EXP, FORM_LOG, FORM_SQUARE, FORM_ABS, FORM_RECIPROCAL, FORM_NONE } Form;

typedef struct ImageRow {
  Form form;
  const char *family, *image;
  bool (*map)(const double *p, double *r); /* the image's parameters; false: not for these */
} ImageRow;

static bool map_same(const double *p, double *r) {
  r[0] = p[0], r[1] = p[1];
  return true;
}
static bool map_exp_uniform(const double *p, double *r) {
  r[0] = exp(p[0]), r[1] = exp(p[1]);
  return isfinite(r[1]) && r[0] > 0;
}
static bool map_exp_exponential(const double *p, double *r) {
  r[0] = 1, r[1] = p[0];
  return true;
}
static bool map_minus_log_uniform(const double *p, double *r) {
  r[0] = 1;
  return p[0] == 0 && p[1] == 1;
}
static bool map_square_standard(const double *p, double *r) {
  r[0] = 1;
  return p[0] == 0 && p[1] == 1;
}
static bool map_square_normal(const double *p, double *r) {
  r[0] = 0.5, r[1] = 0.5 / (p[1] * p[1]);
  return p[0] == 0;
}
static bool map_abs_normal(const double *p, double *r) {
  r[0] = p[1];
  return p[0] == 0;
}

/* LOG stands for -log here where the image is Exponential: see minus_log. */
static const ImageRow rows[] = {
    {FORM_EXP, "Normal", "LogNormal", map_same},
    {FORM_EXP, "Uniform", "LogUniform", map_exp_uniform},
    {FORM_EXP, "Exponential", "Pareto", map_exp_exponential},
    {FORM_LOG, "LogNormal", "Normal", map_same},
    {FORM_LOG, "Uniform", "Exponential", map_minus_log_uniform},
    {FORM_SQUARE, "Normal", "Chi2", map_square_standard},
    {FORM_SQUARE, "Normal", "Gamma", map_square_normal},
    {FORM_ABS, "Normal", "HalfNormal", map_abs_normal},
    {FORM_RECIPROCAL, "Gamma", "InvGamma", map_same},
};

static Form operator_form(const ThVariable *v, ThValue *argument) {
  double x;
  *argument = v->arguments[0];
  if (v->n != 2) return FORM_NONE;
  if (v->op == TH_OP_POWER && th_to_number(v->arguments[1], &x))
    return x == 2 ? FORM_SQUARE : x == -1 ? FORM_RECIPROCAL : FORM_NONE;
  if (v->op == TH_OP_MULTIPLY && v->arguments[0].bits == v->arguments[1].bits) return FORM_SQUARE;
  *argument = v->arguments[1];
  return v->op == TH_OP_DIVIDE && th_to_number(v->arguments[0], &x) && x == 1 ? FORM_RECIPROCAL : FORM_NONE;
}

/* g as ±form(argument). */
static Form form_of(ThValue g, ThValue *argument, bool *negated) {
  const ThVariable *v = th_as_variable(g);
  *negated = v->what == TH_VARIABLE_OPERATOR && v->op == TH_OP_NEGATE && th_is_variable(v->arguments[0]);
  if (*negated) v = th_as_variable(v->arguments[0]);
  if (v->what == TH_VARIABLE_OPERATOR) return operator_form(v, argument);
  if (v->what != TH_VARIABLE_APPLY || v->n != 1) return FORM_NONE;
  *argument = v->arguments[0];
  return th_variable_calls(v, "exp")   ? FORM_EXP
         : th_variable_calls(v, "log") ? FORM_LOG
         : th_variable_calls(v, "abs") ? FORM_ABS
                             : FORM_NONE;
}

/* The image of d under the form by a row, up to a sign: *sign -1 when the row is of minus the form. */
static bool find_row(ThContext *cx, Form form, const ThDistribution *d, ThValue *out, double *sign,
                     bool *found) {
  double r[TH_MAX_PARAMETERS] = {0};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    const ThFamily *image = th_family_find(rows[i].image);
    if (rows[i].form != form || strcmp(rows[i].family, d->family->name) != 0 || !image) continue;
    if (!rows[i].map(d->p, r)) continue;
    *found = true;
    *sign = rows[i].map == map_minus_log_uniform ? -1 : 1;
    return th_distribution_of(cx, image, r, out);
  }
  return true;
}

/* The distribution of the linear argument, an image of x's. */
static bool argument_distribution(ThContext *cx, ThValue argument, const ThVariable *x, ThValue *out,
                                  bool *found) {
  ThLinear form;
  if (!th_linear_read(cx, argument, &x, 1, &form, found) || !*found) return *found || cx->error.code == TH_OK;
  double scale = form.coefficients[0], shift = form.constant[0];
  *found = form.rank == 0 && scale != 0;
  th_linear_clear(&form);
  return !*found || th_distribution_affine(cx, x->distribution, scale, shift, out);
}

static bool known_image(ThContext *cx, ThValue g, const ThVariable *x, ThValue *out, bool *found) {
  ThValue argument, inner, image;
  bool negated, fits;
  double sign = 1;
  Form form = form_of(g, &argument, &negated);
  *found = false;
  if (form == FORM_NONE || !th_is_variable(argument)) return true;
  if (!argument_distribution(cx, argument, x, &inner, &fits) || !fits) return cx->error.code == TH_OK;
  const ThDistribution *d = th_as_distribution(inner);
  bool plain = d->rank == 0 && d->family->math;
  bool ok = !plain || find_row(cx, form, d, &image, &sign, found);
  th_release(inner);
  if (!ok || !*found) return ok;
  ThValue signed_image;
  ok = th_distribution_affine(cx, image, negated ? -sign : sign, 0, &signed_image);
  th_release(image);
  if (!ok) return false;
  ok = th_distribution_copy(cx, signed_image, out);
  th_release(signed_image);
  return ok;
}

/* --- The strategy */

/* The one declared continuous variable that the target reads, unless it is the target. */
static bool find_source(ThQuery *q, size_t *k, bool *found) {
  size_t n = q->net.n_variables, count = 0;
  bool *reads = th_alloc(q->cx, n + 1);
  bool ok = reads && th_network_reads(&q->net, q->targets[0], reads);
  for (size_t j = 0; ok && j < n; j++)
    if (reads[j]) *k = j, count++;
  th_free(q->cx, reads, n + 1);
  *found = ok && count == 1 && !q->variables[*k].observed &&
           q->variables[*k].support == TH_SUPPORT_CONTINUOUS &&
           th_network_number(&q->net, q->targets[0]) == TH_NO_NODE;
  return ok;
}

/* The distribution of X given the conditions. */
static bool source_distribution(ThQuery *q, size_t k, ThValue *out, bool *found) {
  ThValue x = q->net.nodes[q->net.variables[k].node].source;
  const ThVariable *v = th_as_variable(x);
  *found = true;
  if (q->n_conditions == 0 && th_is_distribution(v->distribution)) {
    *out = th_retain(v->distribution);
    return true;
  }
  return th_query_distribution(q, x, out, found);
}

/* Signs *out, which is released when that fails. */
static bool sign(ThQuery *q, const char *method, ThValue *out) {
  if (th_query_sign(q, *out, method)) return true;
  th_release(*out);
  return false;
}

/* The distribution of g, an expression in the fresh variable x. */
static bool image_of(ThQuery *q, ThValue g, const ThVariable *x, bool exact, ThValue *out, bool *found) {
  ThText text;
  size_t n_branches = 0;
  char method[80];
  if (!known_image(q->cx, g, x, out, found)) return false;
  if (*found) return sign(q, exact ? "exact (known image)" : "known image of a quadrature", out);
  th_text_init(&text, &q->cx->heap);
  bool ok = th_query_text(q, &text) && th_text_ok(&text, q->cx) &&
            th_transformed_new(q->cx, g, th_text_string(&text), out, &n_branches, found);
  th_text_clear(&text);
  if (!ok || !*found) return ok;
  snprintf(method, sizeof method, "change of variables (%zu monotone branch%s)", n_branches,
           n_branches == 1 ? "" : "es");
  th_text_add(&q->story,
              "the density is the sum of f(x)/|g'(x)| over the solutions of g(x) = y, one a branch; "
              "the cdf is exact\n");
  return sign(q, method, out);
}

bool th_answer_transform(ThQuery *q, ThValue *out, bool *done) {
  size_t k = 0;
  bool found;
  ThValue d, x, g;
  if (q->kind != TH_QUERY_DIST || q->n_targets != 1 || !th_is_variable(q->targets[0])) return true;
  if (!find_source(q, &k, &found)) return false;
  if (!found) return true;
  if (!source_distribution(q, k, &d, &found)) return false;
  if (!found) return true;
  const ThVariable *old = q->net.variables[k].variable;
  ThValue from = q->net.nodes[q->net.variables[k].node].source;
  bool exact = q->n_conditions == 0 && th_is_distribution(old->distribution);
  bool ok = th_variable_new(q->cx, old->name, old->index, d, &x);
  th_release(d);
  if (!ok) return false;
  ok = th_variable_replace(q->cx, q->targets[0], from, x, &g);
  if (ok) {
    ok = image_of(q, g, th_as_variable(x), exact, out, done);
    th_release(g);
  }
  th_release(x);
  return ok;
}
