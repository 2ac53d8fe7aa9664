/* curvature.c - how strongly a function bends at a point */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/curvature.h"

#include <math.h>

#include "infer/optimiser.h"
#include "num/kernels.h"

enum { TURNS = 100 };

/* product = H v, by the objective or by a central difference of gradients; spare has n numbers. */
static bool multiply(ThContext *cx, const ThObjective *f, const double *x, const double *v, double *spare,
                     double *product) {
  size_t n = f->dimension;
  double value, h = 1e-5 * fmax(1, th_norm(n, x));
  if (f->hessian_vector) return f->hessian_vector(cx, f->self, x, v, product);
  for (size_t i = 0; i < n; i++) spare[i] = x[i] + h * v[i];
  if (!f->value_and_gradient(cx, f->self, spare, &value, product)) return false;
  for (size_t i = 0; i < n; i++) spare[i] = x[i] - h * v[i];
  double *other = spare + n;
  if (!f->value_and_gradient(cx, f->self, spare, &value, other)) return false;
  for (size_t i = 0; i < n; i++) product[i] = (product[i] - other[i]) / (2 * h);
  return true;
}

bool th_curvature_find(ThContext *cx, ThObjective *f, const double *x, double tolerance, double *work,
                       double *out) {
  size_t n = f->dimension;
  double *v = work, *product = v + n, *spare = product + n, last = 0;
  for (size_t i = 0; i < n; i++) v[i] = 1 + 0.3 * sin((double)i + 1); /* no symmetry of f is one of it */
  *out = 0;
  for (int turn = 0; turn < TURNS; turn++) {
    double norm = th_norm(n, v);
    if (!(norm > 0 && isfinite(norm))) break;
    for (size_t i = 0; i < n; i++) v[i] /= norm;
    if (!th_poll(cx) || !multiply(cx, f, x, v, spare, product)) return false;
    f->calls.hessian++;
    *out = th_kernel_sum_product(n, v, product);
    if (fabs(*out - last) <= tolerance * fabs(*out)) break;
    last = *out;
    for (size_t i = 0; i < n; i++) v[i] = product[i];
  }
  return true;
}
