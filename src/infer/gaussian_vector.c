/* gaussian_vector.c - MvNormal laws with given Σ and means linear in the parameters, as rows of least squares */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* y ~ MvNormal(C β + c, Σ) with Σ = L L' gives the rows L⁻¹ (C | y - c), each of standard normal error. */
#include <math.h>
#include <string.h>

#include "infer/gaussian.h"
#include "infer/law.h"
#include "num/linalg.h"
#include "prob/event.h"
#include "prob/linear.h"

/* The mean as a linear form of n elements, and spread·L. */
typedef struct VectorLaw {
  ThLinear mean;
  ThArray *factor;
  double spread; /* 1 where Σ is known */
  size_t n;
} VectorLaw;

static void clear_law(VectorLaw *law) {
  th_linear_clear(&law->mean);
  th_release(th_object(law->factor));
}

/* Does a product or quotient have an array in it? */
static bool has_array(ThValue v) {
  if (!th_is_variable(v)) return th_is_array(v);
  const ThVariable *x = th_as_variable(v);
  for (size_t i = 0; x->what == TH_VARIABLE_OPERATOR && i < x->n; i++)
    if (has_array(x->arguments[i])) return true;
  return false;
}

/* A matrix times a multiple of a power of a variable: borrowed, and the multiple. */
static bool read_multiple(ThValue v, ThValue *matrix, ThConjugateForm *form) {
  *form = (ThConjugateForm){.factor = 1};
  *matrix = v;
  if (!th_is_variable(v)) return th_is_array(v);
  const ThVariable *x = th_as_variable(v);
  ThConjugateForm other;
  if (x->what != TH_VARIABLE_OPERATOR || x->n != 2) return false;
  bool product = x->op == TH_OP_MULTIPLY;
  if (!product && x->op != TH_OP_DIVIDE) return false;
  bool right = product && !has_array(x->arguments[0]);
  ThValue rest = x->arguments[!right];
  if (has_array(rest) || !th_conjugate_form_read(rest, 0, &other)) return false;
  if (!read_multiple(x->arguments[right], matrix, form)) return false;
  if (form->variable && other.variable && form->variable != other.variable) return false;
  if (!form->variable) form->variable = other.variable;
  form->factor *= product ? other.factor : 1 / other.factor;
  form->power += product ? other.power : -other.power;
  return true;
}

bool th_gaussian_covariance(ThContext *cx, ThValue law, ThConjugateForm *out, bool *is_multiple) {
  const ThFamily *family;
  ThValue p[TH_MAX_PARAMETERS], matrix;
  *is_multiple = false;
  if (!th_is_conditional(law) || th_law_family(law) != &th_family_mvnormal) return true;
  if (!th_law_parameters(cx, law, &family, p)) {
    if (th_is_final(cx)) return false;
    th_error_clear(cx);
    return true;
  }
  *is_multiple = !th_is_unset(p[1]) && read_multiple(p[1], &matrix, out) && out->variable;
  th_release_all(p, TH_MAX_PARAMETERS);
  return true;
}

static ThAttempt read_covariance(const ThGaussianReading *g, const char *name, ThValue sigma,
                                 VectorLaw *out) {
  ThArray *covariance;
  ThConjugateForm form = {.factor = 1};
  ThValue matrix = sigma;
  const ThGaussianScale *scale = &g->system->scale;
  bool fits = !th_is_unset(sigma);
  if (scale->element == SIZE_MAX) fits = fits && !th_is_random(sigma);
  else
    fits = fits && read_multiple(sigma, &matrix, &form) && form.power == scale->power &&
           form.variable == g->r->elements[scale->element].variable;
  if (!fits && scale->element == SIZE_MAX)
    return th_decline(g->why, "the Σ of `%s` hangs on parameters", name);
  if (!fits) return th_decline(g->why, "the Σ of `%s` is not a multiple of the scale", name);
  if (!th_event_matrix(g->r->cx, "MvNormal", "Σ", matrix, &covariance, &out->factor)) return TH_FAILED;
  th_release(th_object(covariance));
  out->n = out->factor->shape[0];
  out->spread = sqrt(form.factor);
  return TH_ANSWERED;
}

static ThAttempt read_mean(const ThGaussianReading *g, const char *name, ThValue mean, VectorLaw *out) {
  bool linear = false;
  if (th_is_unset(mean)) return th_decline(g->why, "the mean of `%s` is not read from these arguments", name);
  if (!th_linear_read(g->r->cx, mean, g->variables, g->system->k, &out->mean, &linear)) return TH_FAILED;
  if (linear && out->mean.rank == 1 && out->mean.length == out->n) return TH_ANSWERED;
  if (linear) th_linear_clear(&out->mean);
  return th_decline(g->why, "the mean of `%s` is not a vector of %zu linear in the parameters", name, out->n);
}

static ThAttempt read_law(const ThGaussianReading *g, const char *name, ThValue law, VectorLaw *out) {
  const ThFamily *family;
  ThValue p[TH_MAX_PARAMETERS];
  if (th_law_family(law) != &th_family_mvnormal)
    return th_decline(g->why, "`%s` is %s, not MvNormal", name, th_law_family(law)->name);
  if (!th_law_parameters(g->r->cx, law, &family, p)) return TH_FAILED;
  ThAttempt attempt = read_covariance(g, name, p[1], out);
  if (attempt == TH_ANSWERED) {
    attempt = read_mean(g, name, p[0], out);
    if (attempt != TH_ANSWERED) th_release(th_object(out->factor));
  }
  th_release_all(p, TH_MAX_PARAMETERS);
  return attempt;
}

/* Rows of `sign` times the form, with right sides `right` (n; NULL: 0) less the constants; not divided yet. */
static void fill_rows(const ThGaussianReading *g, const VectorLaw *law, double sign, const double *right,
                      double *rows) {
  size_t k = g->system->k, n = law->n;
  for (size_t i = 0; i < n; i++) {
    double *row = rows + i * (k + 1);
    for (size_t j = 0; j < k; j++) row[j] = sign * law->mean.coefficients[i * k + j];
    row[k] = (right ? right[i] : 0) - sign * law->mean.constant[i];
  }
}

static void divide_rows(const ThGaussianReading *g, const VectorLaw *law, double weight, double *rows) {
  size_t k = g->system->k, n = law->n;
  double factor = sqrt(weight) / law->spread;
  th_linalg_solve_triangular(true, false, n, k + 1, law->factor->real, rows);
  for (size_t i = 0; i < n * (k + 1); i++) rows[i] *= factor;
  for (size_t i = 0; i < n; i++)
    g->system->log_scale += weight * log(law->factor->real[i * n + i] * law->spread);
}

ThAttempt th_gaussian_read_vectors(const ThGaussianReading *g, const ThObservation *o) {
  ThGaussianSystem *s = g->system;
  VectorLaw law;
  ThAttempt attempt = read_law(g, o->name->spelling, o->distribution, &law);
  if (attempt != TH_ANSWERED) return attempt;
  const ThArray *data = th_as_array(o->data);
  size_t m = data->length / law.n;
  for (size_t i = 0; attempt == TH_ANSWERED && i < m; i++) {
    double *rows = th_poll(s->cx) ? th_gaussian_new_rows(s, law.n) : NULL;
    if (!rows) attempt = TH_FAILED;
    if (!rows) break;
    fill_rows(g, &law, 1, data->real + i * law.n, rows);
    double weight = th_law_weight(g->r->options.weights, i);
    divide_rows(g, &law, weight, rows);
    s->weight += weight * (double)law.n;
  }
  s->n_data += data->length;
  clear_law(&law);
  return attempt;
}

ThAttempt th_gaussian_read_vector_prior(const ThGaussianReading *g, const ThUnknown *u) {
  ThGaussianSystem *s = g->system;
  VectorLaw law;
  ThAttempt attempt = read_law(g, u->name->spelling, u->prior, &law);
  if (attempt != TH_ANSWERED) return attempt;
  double *rows = th_gaussian_new_rows(s, law.n);
  if (rows) {
    fill_rows(g, &law, -1, NULL, rows);
    for (size_t i = 0; i < law.n; i++) rows[i * (s->k + 1) + th_gaussian_column(s, u->first + i)] += 1;
    divide_rows(g, &law, 1, rows);
    s->n_proper += law.n;
  }
  clear_law(&law);
  return rows ? TH_ANSWERED : TH_FAILED;
}
