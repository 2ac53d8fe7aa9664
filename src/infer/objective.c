/* objective.c - evaluations of an objective, counted */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/objective.h"

#include <string.h>

#include "num/linalg.h"

bool th_objective_value(ThContext *cx, ThObjective *f, const double *x, double *value) {
  f->calls.value++;
  return f->value(cx, f->self, x, value);
}

bool th_objective_gradient(ThContext *cx, ThObjective *f, const double *x, double *value, double *gradient) {
  f->calls.value++;
  f->calls.gradient++;
  return f->value_and_gradient(cx, f->self, x, value, gradient);
}

bool th_objective_product(ThContext *cx, ThObjective *f, const double *x, const double *v, double *product) {
  f->calls.hessian++;
  return f->hessian_vector(cx, f->self, x, v, product);
}

bool th_objective_hessian(ThContext *cx, ThObjective *f, const double *x, double *work, double *hessian) {
  size_t n = f->dimension;
  f->calls.hessian++;
  memset(work, 0, n * sizeof *work);
  for (size_t i = 0; i < n; i++) {
    work[i] = 1;
    bool ok = f->hessian_vector(cx, f->self, x, work, &hessian[i * n]);
    work[i] = 0;
    if (!ok) return false;
  }
  th_linalg_symmetrize(n, hessian);
  return true;
}
