/* event.c - what distributions of vectors and matrices share: their parameters, and errors of the verbs of numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/event.h"

#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "num/real.h"
#include "prob/parameter.h"
#include "prob/variable.h"

size_t th_event_count(const ThDistribution *d) {
  size_t n = th_event_size(d);
  return d->family->event->rank == 1 ? n : n * n;
}

size_t th_event_parameter_count(const ThDistribution *d, int j) {
  ThValue v = d->parameters[j];
  return th_is_array(v) ? th_as_array(v)->length : 1;
}

size_t th_event_coordinates(const ThDistribution *d) {
  size_t sum = 0;
  for (int j = 0; j < d->family->n_parameters; j++) {
    size_t count = th_event_parameter_count(d, j), n = th_event_size(d);
    bool matrix = th_is_array(d->parameters[j]) && th_as_array(d->parameters[j])->rank == 2;
    sum += matrix ? n * (n + 1) / 2 : count;
  }
  return sum;
}

/* --- Parameters */

static bool fail_not_finite(ThContext *cx, const char *family, const char *name) {
  return th_fail(cx, TH_ERROR_VALUE, "`%s` of %s must be finite", name, family);
}

static bool all_finite(const ThArray *a) {
  for (size_t i = 0; i < a->length; i++)
    if (!isfinite(a->real[i])) return false;
  return true;
}

static void drop(ThArray **a) {
  if (*a) th_release(th_object(*a));
  *a = NULL;
}

bool th_event_vector(ThContext *cx, const ThDistribution *d, int j, ThArray **out) {
  bool scalar;
  char text[96];
  const char *name = d->family->parameters[j].name;
  if (!th_to_real_array(cx, d->parameters[j], name, &scalar, out)) return false;
  if (scalar || (*out)->rank != 1 || (*out)->length == 0)
    th_fail(cx, TH_ERROR_SHAPE, "`%s` of %s must be a vector, got %s%s", name, d->family->name,
            scalar ? "" : "shape ",
            scalar ? "a number" : th_shape_text((*out)->rank, (*out)->shape, text, sizeof text));
  else if (all_finite(*out)) return true;
  else fail_not_finite(cx, d->family->name, name);
  drop(out);
  return false;
}

/* A difference of rounding is none. */
static bool check_symmetric(ThContext *cx, const char *family, const char *name, ThArray *a) {
  size_t n = a->shape[0];
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      double *lower = &a->real[i * n + j], *upper = &a->real[j * n + i];
      double scale = sqrt(fabs(a->real[i * n + i])) * sqrt(fabs(a->real[j * n + j]));
      if (fabs(*lower - *upper) > 1e-12 * fmax(scale, fabs(*lower)))
        return th_fail(cx, TH_ERROR_VALUE,
                       "`%s` of %s must be symmetric; element [%zu, %zu] is %.6g, element [%zu, %zu] is %.6g",
                       name, family, j + 1, i + 1, *upper, i + 1, j + 1, *lower);
      *lower = *upper = 0.5 * (*lower + *upper);
    }
  return true;
}

/* Says by how much, and which variance is at fault when one is. */
static bool fail_not_positive(ThContext *cx, const char *family, const char *name, const ThArray *a) {
  size_t n = a->shape[0];
  for (size_t i = 0; i < n; i++)
    if (a->real[i * n + i] <= 0)
      return th_fail(cx, TH_ERROR_VALUE, "`%s` of %s must be positive definite; element [%zu, %zu] is %.6g",
                     name, family, i + 1, i + 1, a->real[i * n + i]);
  double *values = th_alloc_array(cx, n, sizeof *values);
  if (!values) return false;
  if (th_linalg_eigen_symmetric(cx, n, a->real, values, NULL)) {
    bool singular = fabs(values[0]) < 1e-14 * (double)n * values[n - 1];
    th_fail(cx, TH_ERROR_VALUE, "`%s` of %s must be positive definite; its least eigenvalue is %.6g", name,
            family, singular ? 0 : values[0]);
    if (singular) th_hint(cx, "some combination of the components would be constant: leave one of them out");
  }
  th_free(cx, values, n * sizeof *values);
  return false;
}

static bool factorise(ThContext *cx, const char *family, const char *name, const ThArray *a,
                      ThArray **factor) {
  *factor = th_array_copy(cx, a);
  if (!*factor) return false;
  if (th_linalg_cholesky(a->shape[0], (*factor)->real)) return true;
  drop(factor);
  return fail_not_positive(cx, family, name, a);
}

static bool read_square(ThContext *cx, const char *family, const char *name, ThValue v, ThArray **out) {
  bool scalar;
  char text[96];
  ThArray *a;
  if (!th_to_real_array(cx, v, name, &scalar, &a)) return false;
  *out = NULL;
  if (!scalar && a->rank == 2 && a->shape[0] == a->shape[1]) {
    if (all_finite(a)) *out = th_array_copy(cx, a);
    else fail_not_finite(cx, family, name);
  } else {
    th_fail(cx, TH_ERROR_SHAPE, "`%s` of %s must be a square matrix, got %s%s", name, family,
            scalar ? "" : "shape ",
            scalar ? "a number" : th_shape_text(a->rank, a->shape, text, sizeof text));
    if (!scalar && a->rank == 1) th_hint(cx, "of independent components: `diag(…)`");
  }
  th_release(th_object(a));
  return *out != NULL;
}

bool th_event_matrix(ThContext *cx, const char *family, const char *name, ThValue v, ThArray **out,
                     ThArray **factor) {
  *factor = NULL;
  if (!read_square(cx, family, name, v, out)) return false;
  if (check_symmetric(cx, family, name, *out) && factorise(cx, family, name, *out, factor)) return true;
  drop(out);
  return false;
}

/* A⁻¹ = L'⁻¹L⁻¹ by columns of the unit matrix. */
static bool invert(ThContext *cx, ThArray *a, const ThArray *factor) {
  size_t n = a->shape[0];
  memset(a->real, 0, a->length * sizeof *a->real);
  for (size_t i = 0; i < n; i++) a->real[i * n + i] = 1;
  th_linalg_solve_cholesky(n, n, factor->real, a->real);
  return check_symmetric(cx, "MvNormal", "precision", a);
}

static bool square_of_factor(ThContext *cx, ThValue given, ThArray **out) {
  ThArray *l;
  if (!read_square(cx, "MvNormal", "cholesky", given, &l)) return false;
  size_t n = l->shape[0];
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++) {
      double x = l->real[i * n + j];
      if (i == j ? x > 0 : x == 0) continue;
      th_fail(cx, TH_ERROR_VALUE,
              "`cholesky` of MvNormal must be lower triangular with a positive diagonal; element "
              "[%zu, %zu] is %.6g",
              i + 1, j + 1, x);
      th_release(th_object(l));
      return false;
    }
  *out = th_matrix_new(cx, TH_DOUBLE, n, n);
  if (*out) th_linalg_gemm(false, true, n, n, n, 1, l->real, l->real, 0, (*out)->real);
  th_release(th_object(l));
  return *out != NULL;
}

bool th_event_matrix_by_name(ThContext *cx, const char *name, ThValue given, ThValue *set) {
  ThArray *a = NULL, *factor = NULL;
  bool ok;
  if (strcmp(name, "cholesky") == 0) ok = square_of_factor(cx, given, &a);
  else ok = th_event_matrix(cx, "MvNormal", name, given, &a, &factor) && invert(cx, a, factor);
  drop(&factor);
  if (ok) *set = th_object(a);
  else drop(&a);
  return ok;
}

bool th_event_number_law(ThContext *cx, const ThFamily *family, const ThValue *parameters, ThValue *out) {
  ThValue arguments[TH_MAX_GIVEN];
  size_t n = th_family_argument_count(family);
  bool random = false;
  for (size_t i = 0; i < n; i++) {
    arguments[i] = i < (size_t)family->n_parameters ? parameters[i] : th_unset();
    random |= th_is_random(arguments[i]);
  }
  return random ? th_conditional_new(cx, family, arguments, n, out)
                : th_distribution_new(cx, family, parameters, out);
}

/* --- For those who ask for numbers */

static bool fail_number(ThContext *cx, const ThDistribution *d) {
  th_fail(cx, TH_ERROR_TYPE, "this is asked of numbers, and %s gives %s", d->family->name,
          d->family->event->rank == 1 ? "vectors" : "matrices");
  return d->family->event->marginal ? th_hint(cx, "the distribution of a component is `d[1]`") : false;
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  (void)p, (void)what, (void)x, (void)out;
  return fail_number(cx, d);
}
static bool summary(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, double *out) {
  (void)p, (void)what, (void)out;
  return fail_number(cx, d);
}
static bool cf(ThContext *cx, const ThDistribution *d, const double *p, double k, double complex *out) {
  (void)p, (void)k, (void)out;
  return fail_number(cx, d);
}
static bool log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out) {
  (void)p, (void)t, (void)out;
  return fail_number(cx, d);
}
static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  (void)p, (void)r, (void)n, (void)x;
  return fail_number(cx, d);
}
static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  (void)d, (void)p;
  *lower = -TH_INFINITY;
  *upper = TH_INFINITY;
}
static bool discrete(const ThDistribution *d) { return d->family->event->discrete; }

const ThLaw th_event_law = {.measure = measure,
                            .summary = summary,
                            .cf = cf,
                            .log_mgf = log_mgf,
                            .sample = sample,
                            .support = support,
                            .discrete = discrete};
