/* linear_rows.c - what σ, Σ or weights make of the rows of a linear fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/linear_fit.h"
#include "num/linalg.h"

void th_linear_rows_clear(ThLinearRows *r) {
  if (r->white) th_free(r->cx, r->white, r->n * (r->k + 1) * sizeof *r->white);
  if (r->scale) th_free(r->cx, r->scale, r->n * sizeof *r->scale);
  r->white = r->scale = NULL;
}

/* A real vector with one number for each row, as doubles; or one number, *scalar. */
static bool read(ThContext *cx, const char *name, ThValue v, size_t n, bool *scalar, ThArray **out) {
  if (!th_to_real_array(cx, v, name, scalar, out)) return false;
  ThArray *a = *out;
  bool ok = *scalar || (a->rank == 1 && a->length == n);
  if (!ok) {
    char shape[64];
    th_fail(cx, TH_ERROR_SHAPE, "`%s` has shape %s; there are %zu data", name,
            th_shape_text(a->rank, a->shape, shape, sizeof shape), n);
  }
  ok = ok && th_design_check_finite(cx, name, a);
  if (!ok) th_release(th_object(a));
  return ok;
}

static bool fail_sigma(ThContext *cx, double x, size_t row, bool scalar) {
  if (scalar) return th_fail(cx, TH_ERROR_VALUE, "`σ` is a standard deviation, above 0; got %.6g", x);
  return th_fail(cx, TH_ERROR_VALUE, "`σ` is a standard deviation, above 0; got %.6g in row %zu", x, row + 1);
}

static bool use_sigma(ThLinearRows *r, ThValue sigma) {
  ThArray *a;
  bool scalar;
  if (!read(r->cx, "σ", sigma, r->n, &scalar, &a)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < a->length; i++)
    if (!(a->real[i] > 0)) ok = fail_sigma(r->cx, a->real[i], i, scalar);
  if (ok && scalar) {
    r->kind = TH_SIGMA_NUMBER;
    r->sigma = a->real[0];
    r->log_scale = -(double)r->n * log(r->sigma);
  } else if (ok) {
    r->kind = TH_SIGMA_VECTOR;
    ok = (r->scale = th_alloc_array(r->cx, r->n, sizeof *r->scale)) != NULL;
    for (size_t i = 0; ok && i < r->n; i++) {
      r->scale[i] = 1 / a->real[i];
      r->log_scale -= log(a->real[i]);
    }
  }
  th_release(th_object(a));
  return ok;
}

static bool use_weights(ThLinearRows *r, ThValue weights) {
  ThArray *a;
  bool scalar;
  if (!read(r->cx, "weights", weights, r->n, &scalar, &a)) return false;
  bool ok = !scalar || r->n == 1;
  if (!ok) th_fail(r->cx, TH_ERROR_TYPE, "`weights` are one number for each datum");
  ok = ok && (r->scale = th_alloc_array(r->cx, r->n, sizeof *r->scale));
  r->n_data = 0;
  for (size_t i = 0; ok && i < r->n; i++) {
    double w = a->real[i];
    if (w < 0)
      ok = th_fail(r->cx, TH_ERROR_VALUE, "`weights` are not below 0; got %.6g in row %zu", w, i + 1);
    r->scale[i] = sqrt(w);
    r->n_data += w > 0;
    if (w > 0) r->log_scale += 0.5 * log(w);
  }
  th_release(th_object(a));
  return ok;
}

/* --- A covariance matrix */

static bool check_covariance(ThContext *cx, const ThArray *s, size_t n) {
  char shape[64];
  if (s->rank != 2 || s->shape[0] != n || s->shape[1] != n)
    return th_fail(cx, TH_ERROR_SHAPE, "`Σ` has shape %s; for %zu data it is (%zu, %zu)",
                   th_shape_text(s->rank, s->shape, shape, sizeof shape), n, n, n);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      double a = s->real[i * n + j], b = s->real[j * n + i];
      if (fabs(a - b) <= 1e-12 * fmax(fabs(a), fabs(b))) continue;
      th_fail(cx, TH_ERROR_VALUE, "`Σ` is not symmetric: Σ[%zu, %zu] is %.6g, Σ[%zu, %zu] is %.6g", i + 1,
              j + 1, a, j + 1, i + 1, b);
      return th_hint(cx, "a covariance matrix is; `(Σ + Σ')/2` makes one symmetric");
    }
  return true;
}

/* With Σ = L L': rows L⁻¹X and L⁻¹y have errors of unit variance. */
static bool whiten(ThLinearRows *r, const ThArray *s) {
  size_t n = r->n, k = r->k;
  double *l = th_alloc_array(r->cx, n * n, sizeof *l);
  r->white = l ? th_alloc_array(r->cx, n * (k + 1), sizeof *r->white) : NULL;
  bool ok = r->white != NULL;
  if (ok) {
    memcpy(l, s->real, n * n * sizeof *l);
    th_linalg_symmetrize(n, l);
    ok = th_linalg_cholesky(n, l);
    if (!ok) th_fail(r->cx, TH_ERROR_VALUE, "`Σ` is not positive definite: it is no covariance matrix");
  }
  if (ok) {
    double *x = r->white, *y = x + n * k;
    memcpy(x, r->x, n * k * sizeof *x);
    memcpy(y, r->y, n * sizeof *y);
    if (k) th_linalg_solve_triangular(true, false, n, k, l, x);
    th_linalg_solve_triangular(true, false, n, 1, l, y);
    for (size_t i = 0; i < n; i++) r->log_scale -= log(l[i * (n + 1)]);
    r->x = x;
    r->y = y;
  }
  if (l) th_free(r->cx, l, n * n * sizeof *l);
  return ok;
}

static bool use_covariance(ThLinearRows *r, ThValue covariance) {
  ThArray *s;
  bool scalar;
  if (!th_to_real_array(r->cx, covariance, "Σ", &scalar, &s)) return false;
  r->kind = TH_SIGMA_COVARIANCE;
  bool ok = check_covariance(r->cx, s, r->n) && th_design_check_finite(r->cx, "Σ", s) && whiten(r, s);
  th_release(th_object(s));
  return ok;
}

bool th_linear_rows_init(ThContext *cx, const ThLinearCall *call, ThLinearRows *out) {
  int given = !th_is_unset(call->sigma) + !th_is_unset(call->covariance) + !th_is_unset(call->weights);
  *out = (ThLinearRows){.cx = cx, .n = call->design.n, .k = call->design.k, .sigma = 1};
  out->kind = TH_SIGMA_ESTIMATED;
  out->n_data = (double)out->n;
  out->x = th_design_numbers(&call->design);
  out->y = call->y->real;
  if (given > 1)
    return th_fail(cx, TH_ERROR_VALUE,
                   "of `σ`, `Σ` and `weights` one says how sure the data are, not several");
  bool ok = true;
  if (!th_is_unset(call->sigma)) ok = use_sigma(out, call->sigma);
  if (!th_is_unset(call->covariance)) ok = use_covariance(out, call->covariance);
  if (!th_is_unset(call->weights)) ok = use_weights(out, call->weights);
  if (!ok) th_linear_rows_clear(out);
  return ok;
}
