/* penalty.c - penalties and prior precisions: a number, one for each column, or a matrix */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/linear_fit.h"
#include "num/linalg.h"

static bool fail_shape(ThContext *cx, const char *name, const ThArray *a, size_t k, bool matrix) {
  char shape[64];
  th_fail(cx, TH_ERROR_SHAPE, "`%s` has shape %s; it is a number, or one for each of %zu columns%s", name,
          th_shape_text(a->rank, a->shape, shape, sizeof shape), k, matrix ? ", or a matrix" : "");
  return false;
}

static bool fail_negative(ThContext *cx, const char *name, double x) {
  return th_fail(cx, TH_ERROR_VALUE, "`%s` is not below 0, got %.6g", name, x);
}

/* Symmetric, and no eigenvalue below 0 but by rounding. */
static bool check_matrix(ThContext *cx, const char *name, size_t k, const double *a) {
  double *values = th_alloc_array(cx, k + 1, sizeof *values), largest = 0;
  if (!values) return false;
  bool ok = true;
  for (size_t i = 0; i < k * k; i++) largest = fmax(largest, fabs(a[i]));
  for (size_t i = 0; ok && i < k; i++)
    for (size_t j = 0; ok && j < i; j++)
      if (fabs(a[i * k + j] - a[j * k + i]) > 1e-12 * largest)
        ok = th_fail(cx, TH_ERROR_VALUE,
                     "`%s` is not symmetric: element (%zu, %zu) is %.6g, (%zu, %zu) is %.6g", name, i + 1,
                     j + 1, a[i * k + j], j + 1, i + 1, a[j * k + i]);
  ok = ok && th_linalg_eigen_symmetric(cx, k, a, values, NULL);
  if (ok && k && values[0] < -1e-12 * largest * (double)k)
    ok = th_fail(cx, TH_ERROR_VALUE, "`%s` has an eigenvalue below 0, %.6g", name, values[0]);
  th_free(cx, values, (k + 1) * sizeof *values);
  return ok;
}

bool th_penalty_vector(ThContext *cx, const char *name, ThValue given, size_t k, double *out) {
  ThArray *a;
  bool scalar;
  if (!th_to_real_array(cx, given, name, &scalar, &a)) return false;
  bool ok = (scalar || (a->rank == 1 && a->length == k)) || fail_shape(cx, name, a, k, false);
  ok = ok && th_design_check_finite(cx, name, a);
  for (size_t j = 0; ok && j < k; j++) {
    double x = a->real[scalar ? 0 : j];
    ok = x >= 0 || fail_negative(cx, name, x);
    out[j] = x;
  }
  th_release(th_object(a));
  return ok;
}

bool th_penalty_matrix(ThContext *cx, const char *name, ThValue given, size_t k, double *out) {
  ThArray *a;
  bool scalar;
  if (!th_to_real_array(cx, given, name, &scalar, &a)) return false;
  bool matrix = a->rank == 2 && a->shape[0] == k && a->shape[1] == k;
  bool ok = (scalar || matrix || (a->rank == 1 && a->length == k)) || fail_shape(cx, name, a, k, true);
  ok = ok && th_design_check_finite(cx, name, a) && (!matrix || check_matrix(cx, name, k, a->real));
  for (size_t i = 0; ok && i < k; i++)
    for (size_t j = 0; j < k; j++)
      out[i * k + j] = matrix   ? 0.5 * (a->real[i * k + j] + a->real[j * k + i])
                       : i == j ? a->real[scalar ? 0 : j]
                                : 0;
  for (size_t j = 0; ok && !matrix && j < k; j++)
    ok = out[j * (k + 1)] >= 0 || fail_negative(cx, name, out[j * (k + 1)]);
  th_release(th_object(a));
  return ok;
}
