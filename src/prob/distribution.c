/* distribution.c - probability distributions as values: life, parameters, fields, arithmetic */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A distribution keeps its parameters twice: as values, for fields and text, and as doubles, broadcast to one
 * shape, for the mathematics. */
#include "prob/distribution.h"

#include <math.h>
#include <string.h>

#include "prob/distribution_kind.h"
#include "prob/event.h"
#include "prob/traced_distribution.h"
#include "val/arithmetic.h"
#include "val/array_index.h"
#include "val/broadcast.h"

/* --- Families */

static const ThFamily *const families[] = {
    &th_family_normal,
    &th_family_uniform,
    &th_family_exponential,
    &th_family_gamma,
    &th_family_beta,
    &th_family_cauchy,
    &th_family_laplace,
    &th_family_logistic,
    &th_family_gumbel,
    &th_family_weibull,
    &th_family_lognormal,
    &th_family_pareto,
    &th_family_triangular,
    &th_family_log_uniform,
    &th_family_half_normal,
    &th_family_half_cauchy,
    &th_family_skew_normal,
    &th_family_von_mises,
    &th_family_voigt,
    &th_family_bernoulli,
    &th_family_binomial,
    &th_family_poisson,
    &th_family_discrete_uniform,
    &th_family_geometric,
    &th_family_negative_binomial,
    &th_family_hypergeometric,
    &th_family_zipf,
    &th_family_beta_binomial,
    &th_family_discrete,
    &th_family_categorical,
    &th_family_student_t,
    &th_family_half_student_t,
    &th_family_chi2,
    &th_family_fdist,
    &th_family_inv_gamma,
    &th_family_rayleigh,
    &th_family_maxwell,
    &th_family_levy,
    &th_family_point,
    &th_family_mixture,
    &th_family_truncated,
    &th_family_censored,
    &th_family_empirical,
    &th_family_kde,
    &th_family_density,
    &th_family_mvnormal,
    &th_family_dirichlet,
    &th_family_multinomial,
    &th_family_wishart,
    &th_family_lkj,
};

const ThFamily *th_family_at(size_t i) { return i < sizeof families / sizeof *families ? families[i] : NULL; }

const ThFamily *th_family_find(const char *name) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (strcmp(families[i]->name, name) == 0) return families[i];
  return NULL;
}

const ThFamily *th_family_of_builtin(const ThBuiltin *builtin) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (families[i]->builtin == builtin) return families[i];
  return NULL;
}

/* --- Life */

static void distribution_release(ThObject *self) {
  ThDistribution *d = (ThDistribution *)self;
  th_release_all(d->parameters, TH_MAX_PARAMETERS);
  th_release(d->method);
  th_release(d->detail);
  th_release(d->held);
  th_heap_free(self->heap, d->p, d->length * d->stride * sizeof *d->p);
  th_object_free(self, sizeof *d);
}

static ThDistribution *new_distribution(ThContext *cx, const ThFamily *family) {
  ThDistribution *d = th_object_new(cx, &th_distribution_kind, sizeof *d);
  if (!d) return NULL;
  d->family = family;
  for (size_t i = 0; i < TH_MAX_PARAMETERS; i++) d->parameters[i] = th_unset();
  d->method = d->detail = d->held = th_none();
  return d;
}

bool th_distribution_room(ThContext *cx, ThDistribution *d, size_t length, size_t stride) {
  size_t size;
  if (!th_size_multiply(length, stride, &size)) return th_fail_memory(cx, SIZE_MAX);
  d->p = th_alloc_array(cx, size ? size : 1, sizeof *d->p);
  d->length = length;
  d->stride = stride;
  if (d->p && size > 0) return true;
  th_free(cx, d->p, sizeof *d->p);
  d->p = NULL;
  d->length = d->stride = 0;
  return size == 0 && cx->error.code == TH_OK
             ? th_fail(cx, TH_ERROR_VALUE, "a parameter of %s is empty", d->family->name)
             : false;
}

bool th_distribution_of(ThContext *cx, const ThFamily *family, const double *p, ThValue *out) {
  if (family->build) {
    ThValue parameters[TH_MAX_PARAMETERS];
    for (int j = 0; j < family->n_parameters; j++) parameters[j] = th_number(p[j]);
    return th_distribution_new(cx, family, parameters, out);
  }
  ThDistribution *d = new_distribution(cx, family);
  if (!d) return false;
  *out = th_object(d);
  if (!th_distribution_room(cx, d, 1, (size_t)family->n_parameters)) {
    th_release(*out);
    return false;
  }
  for (int j = 0; j < family->n_parameters; j++) {
    d->p[j] = p[j];
    d->parameters[j] = th_number(p[j]);
  }
  return true;
}

/* --- Building from values */

static bool all_numbers(const ThDistribution *d) {
  for (int j = 0; j < d->family->n_parameters; j++)
    if (!th_is_scalar(d->parameters[j])) return false;
  return true;
}

/* The shape that all parameters broadcast to, from arrays a[0 … n - 1]. */
static bool common_shape(ThContext *cx, ThDistribution *d, ThArray *const *a, const bool *scalar, size_t n) {
  char first[96], second[96];
  d->rank = 0;
  for (size_t j = 0; j < n; j++) {
    ThBroadcast plan;
    uint32_t rank = scalar[j] ? 0 : a[j]->rank;
    if (!th_broadcast(d->rank, d->shape, rank, a[j]->shape, &plan))
      return th_fail(cx, TH_ERROR_SHAPE,
                     "the parameters of %s have shapes %s and %s, which do not fit each other",
                     d->family->name, th_shape_text(d->rank, d->shape, first, sizeof first),
                     th_shape_text(rank, a[j]->shape, second, sizeof second));
    d->rank = plan.rank;
    memcpy(d->shape, plan.shape, sizeof plan.shape);
  }
  return true;
}

/* Column j of d->p from a parameter. */
static bool fill_column(ThContext *cx, ThDistribution *d, size_t j, ThArray *a) {
  if (a->length == 1) {
    for (size_t e = 0; e < d->length; e++) d->p[e * d->stride + j] = a->real[0];
    return true;
  }
  ThArray *full = th_broadcast_to(cx, a, d->rank, d->shape);
  for (size_t e = 0; full && e < d->length; e++) d->p[e * d->stride + j] = full->real[e];
  if (full) th_release(th_object(full));
  return full != NULL;
}

static bool check_elements(ThContext *cx, const ThDistribution *d) {
  for (size_t e = 0; e < d->length; e++)
    if (!th_parameter_check(cx, d->family, d->p + e * d->stride, e + 1)) return false;
  return true;
}

bool th_distribution_columns(ThContext *cx, ThDistribution *d, const ThValue *columns, size_t n,
                             size_t stride) {
  ThArray *a[TH_MAX_PARAMETERS] = {0};
  bool ok = true, scalar[TH_MAX_PARAMETERS];
  size_t length = 1;
  for (size_t j = 0; ok && j < n; j++)
    ok = th_to_real_array(cx, columns[j], d->family->parameters[j].name, &scalar[j], &a[j]);
  ok = ok && common_shape(cx, d, a, scalar, n);
  for (uint32_t k = 0; ok && k < d->rank; k++) length *= d->shape[k];
  ok = ok && th_distribution_room(cx, d, length, stride);
  for (size_t j = 0; ok && j < n; j++) ok = fill_column(cx, d, j, a[j]);
  for (size_t j = 0; j < n; j++)
    if (a[j]) th_release(th_object(a[j]));
  return ok;
}

static bool build(ThContext *cx, ThDistribution *d) {
  if (d->family->build) return d->family->build(cx, d);
  if (!all_numbers(d)) {
    size_t n = (size_t)d->family->n_parameters;
    return th_distribution_columns(cx, d, d->parameters, n, n) && check_elements(cx, d);
  }
  if (!th_distribution_room(cx, d, 1, (size_t)d->family->n_parameters)) return false;
  for (int j = 0; j < d->family->n_parameters; j++) d->p[j] = th_as_scalar(d->parameters[j]);
  return th_parameter_check(cx, d->family, d->p, 0);
}

bool th_distribution_new(ThContext *cx, const ThFamily *family, const ThValue *parameters, ThValue *out) {
  ThDistribution *d = new_distribution(cx, family);
  if (!d) return false;
  for (int j = 0; j < family->n_parameters; j++) d->parameters[j] = th_retain(parameters[j]);
  *out = th_object(d);
  if (build(cx, d)) return true;
  th_release(*out);
  return false;
}

/* What was computed when `from` was made is shared, not computed again. */
bool th_distribution_copy(ThContext *cx, ThValue v, ThValue *out) {
  const ThDistribution *from = th_as_distribution(v);
  ThDistribution *d = new_distribution(cx, from->family);
  if (!d) return false;
  for (int j = 0; j < TH_MAX_PARAMETERS; j++) d->parameters[j] = th_retain(from->parameters[j]);
  d->held = th_retain(from->held);
  d->rank = from->rank;
  memcpy(d->shape, from->shape, sizeof d->shape);
  *out = th_object(d);
  if (th_distribution_room(cx, d, from->length, from->stride)) {
    memcpy(d->p, from->p, from->length * from->stride * sizeof *d->p);
    return true;
  }
  th_release(*out);
  return false;
}

bool th_distribution_element(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out) {
  if (d->rank > 0 && d->family->element) return d->family->element(cx, d, i, out);
  if (d->rank > 0) return th_distribution_of(cx, d->family, d->p + i * d->stride, out);
  *out = th_retain(th_object((void *)(uintptr_t)d));
  return true;
}

bool th_distribution_sign(ThContext *cx, ThValue v, const char *method, const char *detail) {
  ThDistribution *d = th_as_distribution(v);
  ThValue text, more;
  if (!th_string_of(cx, method, &text)) return false;
  th_replace_take(&d->method, text);
  if (!detail) return true;
  if (!th_string_of(cx, detail, &more)) return false;
  th_replace_take(&d->detail, more);
  return true;
}

/* --- The kind: equality, fields, indices */

static bool distribution_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  const ThDistribution *x = th_as_distribution(a), *y = th_as_distribution(b);
  *out = x->family == y->family;
  for (int j = 0; *out && j < x->family->n_parameters; j++)
    if (!th_equal(cx, x->parameters[j], y->parameters[j], out)) return false;
  return true;
}

static ThSymbol *distribution_field_name(ThContext *cx, ThValue self, size_t i) {
  const ThFamily *family = th_as_distribution(self)->family;
  return i < (size_t)(family->n_parameters - family->n_hidden) ? th_symbol_of(cx, family->parameters[i].name)
                                                               : NULL;
}

static bool distribution_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  const ThDistribution *d = th_as_distribution(self);
  for (int j = 0; j < d->family->n_parameters - d->family->n_hidden; j++) {
    ThSymbol *field = th_symbol_of(cx, d->family->parameters[j].name);
    if (!field) return false;
    if (field != name) continue;
    *out = th_retain(d->parameters[j]);
    return true;
  }
  if (!d->family->event || !d->family->event->covariance) return false;
  const ThSymbol *covariance = th_symbol_of(cx, "cov");
  return covariance == name && th_event_covariance(cx, d, out);
}

/* Of several distributions, one. */
static bool distribution_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n,
                                   ThValue *out) {
  const ThDistribution *d = th_as_distribution(self);
  size_t i;
  if (d->family->event) return th_event_index(cx, d, indices, n, out);
  if (d->rank == 0)
    return th_fail_argument(cx, 1, TH_ERROR_TYPE,
                            "this is one distribution, which has no elements to "
                            "index");
  if (n != 1 || d->rank != 1)
    return th_fail(cx, TH_ERROR_TYPE, "several distributions are indexed by one number");
  return th_select_one(cx, indices[0], d->length, SIZE_MAX, &i) && th_distribution_element(cx, d, i, out);
}

static bool distribution_length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  const ThDistribution *d = th_as_distribution(self);
  if (d->family->event && d->family->event->marginal && (axis == 0 || axis == SIZE_MAX)) {
    *out = th_event_size(d);
    return true;
  }
  if (d->rank == 0)
    return th_fail(cx, TH_ERROR_TYPE, "this is one distribution, which has no elements to run over");
  if (axis != SIZE_MAX && axis >= d->rank)
    return th_fail(cx, TH_ERROR_SHAPE, "there is no axis %zu", axis + 1);
  *out = axis == SIZE_MAX || axis == 0 ? d->shape[0] : d->shape[axis];
  return true;
}

/* --- Arithmetic: shifts and scalings */

/* A family that holds scale*X + shift itself. */
static bool affine_closed(ThContext *cx, const ThDistribution *d, double scale, double shift, ThValue *out,
                          bool *closed) {
  double q[TH_MAX_PARAMETERS];
  *closed = true;
  if (d->rank == 0 && scale != 0 && d->family->image) return d->family->image(cx, d, scale, shift, out);
  *closed = d->rank == 0 && d->family->affine && scale != 0 && d->family->affine(d->p, scale, shift, q);
  return !*closed || th_distribution_of(cx, d->family, q, out);
}

bool th_distribution_affine(ThContext *cx, ThValue v, double scale, double shift, ThValue *out) {
  const ThDistribution *d = th_as_distribution(v);
  bool closed;
  if (d->family->event)
    return th_fail(cx, TH_ERROR_TYPE, "%s is not shifted or scaled: make it from new parameters",
                   d->family->name);
  if (!isfinite(scale) || !isfinite(shift))
    return th_fail(cx, TH_ERROR_VALUE, "a distribution can be shifted and scaled by finite numbers only");
  if (scale == 1 && shift == 0) {
    *out = th_retain(v);
    return true;
  }
  if (d->rank > 0) return th_distribution_image(cx, v, th_number(scale), th_number(shift), out);
  if (!affine_closed(cx, d, scale, shift, out, &closed)) return false;
  if (closed) return true;
  ThValue inner = v;
  if (d->family == &th_family_affine) { /* a(b x + c) + e */
    inner = d->parameters[0];
    shift += scale * d->p[2];
    scale *= d->p[1];
  }
  if (scale == 0) return th_distribution_of(cx, &th_family_point, &shift, out);
  ThValue parameters[3] = {inner, th_number(scale), th_number(shift)};
  return th_distribution_new(cx, &th_family_affine, parameters, out);
}

/* The parameters of a family that holds every element of an image; or *closed false. */
static bool image_parameters(const ThDistribution *inner, const ThDistribution *image, ThArray **columns) {
  double q[TH_MAX_PARAMETERS];
  for (size_t i = 0; i < image->length; i++) {
    const double *p = image->p + i * image->stride;
    if (!inner->family->affine(inner->p + (size_t)p[0] * inner->stride, p[1], p[2], q)) return false;
    for (int j = 0; j < inner->family->n_parameters; j++) columns[j]->real[i] = q[j];
  }
  return true;
}

/* *image, of several elements, becomes a distribution of the inner one's family where that holds them all. */
static bool close_image(ThContext *cx, const ThDistribution *inner, ThValue *image) {
  ThArray *columns[TH_MAX_PARAMETERS] = {0};
  ThValue parameters[TH_MAX_PARAMETERS], closed;
  const ThDistribution *d = th_as_distribution(*image);
  int n = inner->family->n_parameters, made = 0;
  while (made < n && (columns[made] = th_array_new(cx, TH_DOUBLE, d->rank, d->shape))) {
    parameters[made] = th_object(columns[made]);
    made++;
  }
  bool ok = made == n;
  if (ok && image_parameters(inner, d, columns)) {
    ok = th_distribution_new(cx, inner->family, parameters, &closed);
    if (ok) th_replace_take(image, closed);
  }
  th_release_all(parameters, (size_t)made);
  return ok;
}

/* a(bX + c) + e is (ab)X + (ac + e). */
static bool image_of_image(ThContext *cx, const ThDistribution *d, ThValue scale, ThValue shift,
                           ThValue *out) {
  ThValue product = th_none(), moved = th_none(), sum = th_none();
  bool ok = th_binary(cx, TH_OP_MULTIPLY, scale, d->parameters[1], 0, &product) &&
            th_binary(cx, TH_OP_MULTIPLY, scale, d->parameters[2], 0, &moved) &&
            th_binary(cx, TH_OP_ADD, moved, shift, 0, &sum) &&
            th_distribution_image(cx, d->parameters[0], product, sum, out);
  th_release(product);
  th_release(moved);
  th_release(sum);
  return ok;
}

bool th_distribution_image(ThContext *cx, ThValue v, ThValue scale, ThValue shift, ThValue *out) {
  const ThDistribution *d = th_as_distribution(v);
  ThValue parameters[3] = {v, scale, shift};
  if (d->rank == 0 && th_is_scalar(scale) && th_is_scalar(shift))
    return th_distribution_affine(cx, v, th_as_scalar(scale), th_as_scalar(shift), out);
  if (d->family == &th_family_affine) return image_of_image(cx, d, scale, shift, out);
  if (!th_distribution_new(cx, &th_family_affine, parameters, out)) return false;
  if (!d->family->affine || close_image(cx, d, out)) return true;
  th_release(*out);
  return false;
}

static bool fail_sum(ThContext *cx, ThOperator op) {
  const char *sign = th_operator_text(op);
  th_fail(cx, TH_ERROR_TYPE,
          "`%s` of two distributions: is a sum of independent variables meant, or a mixture?", sign);
  return th_hint(cx, "of variables: `X ~ …; Y ~ …; X %s Y`; of distributions: `Mixture(weights, list(…))`",
                 sign);
}

static bool fail_not_a_variable(ThContext *cx, ThOperator op, ThValue d, size_t operand) {
  char name[64];
  bool named = th_operand(cx, operand, "", name, sizeof name)[0] && !strchr(name, '(');
  th_fail_argument(cx, (int)operand + 1, TH_ERROR_TYPE, "%s%s%s is a distribution, not a random variable",
                   named ? "`" : "", named ? name : "this", named ? "`" : "");
  const char *what = named ? name : th_as_distribution(d)->family->name;
  if (op == TH_OP_POWER) return th_hint(cx, "`X ~ %s%s`, then `E(X^2)`", what, named ? "" : "(…)");
  return th_hint(cx, "`X ~ %s%s` makes one", what, named ? "" : "(…)");
}

static bool is_numeric(ThValue v) {
  double x;
  return th_to_number(v, &x) || th_is_array(v) || th_is_range(v);
}

/* d + x, x - d, d*x, d/x … for a number or array x. */
static bool image_of(ThContext *cx, ThOperator op, ThValue a, ThValue b, bool left, ThValue *out) {
  ThValue d = left ? a : b, one = th_number(op == TH_OP_SUBTRACT && !left ? -1 : 1), plain, x = th_none();
  if (!th_decay(cx, left ? b : a, &plain)) return false;
  bool scales = op == TH_OP_MULTIPLY || op == TH_OP_DIVIDE, ok = true;
  if (op == TH_OP_DIVIDE) ok = th_binary(cx, op, one, plain, 0, &x);
  else if (op == TH_OP_SUBTRACT && left) ok = th_unary(cx, TH_OP_NEGATE, plain, &x);
  else x = th_retain(plain);
  ok = ok && (scales ? th_distribution_image(cx, d, x, th_number(0), out)
                     : th_distribution_image(cx, d, one, x, out));
  th_release(x);
  th_release(plain);
  return ok;
}

static bool distribution_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse,
                                ThValue *out) {
  (void)reuse;
  bool left = th_is_distribution(a), right = th_is_distribution(b);
  if (th_is_traced(left ? b : a)) return th_traced_distribution_binary(cx, op, a, b, out);
  if (op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL) return th_equality(cx, op, a, b, out);
  if (left && right && (op == TH_OP_ADD || op == TH_OP_SUBTRACT)) return fail_sum(cx, op);
  bool image = op == TH_OP_ADD || op == TH_OP_SUBTRACT || op == TH_OP_MULTIPLY ||
               (op == TH_OP_DIVIDE && left);
  if (left != right && image && is_numeric(left ? b : a)) return image_of(cx, op, a, b, left, out);
  return fail_not_a_variable(cx, op, left ? a : b, left ? 0 : 1);
}

static bool distribution_unary(ThContext *cx, ThOperator op, ThValue a, ThValue *out) {
  if (op == TH_OP_NEGATE) return th_distribution_affine(cx, a, -1, 0, out);
  return fail_not_a_variable(cx, op, a, 0);
}

const ThKind th_distribution_kind = {
    .name = "distribution",
    .release = distribution_release,
    .format = th_distribution_format,
    .equal = distribution_equal,
    .get_index = distribution_get_index,
    .length = distribution_length,
    .get_field = distribution_get_field,
    .field_name = distribution_field_name,
    .binary = distribution_binary,
    .unary = distribution_unary,
    .plot = th_distribution_plot,
    .verb = th_distribution_verb,
    .trace = th_traced_distribution_verb,
    .rank = 10,
};
