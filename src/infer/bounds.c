/* bounds.c - a function within bounds, as a function of numbers without bounds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With x = T(u) coordinate by coordinate, the gradient is T' g and the Hessian T' H T' + diag(T'' g). */
#include "infer/bounds.h"

#include <math.h>
#include <string.h>

#include "num/kernels.h"

enum { N_VECTORS = 7 };

static bool has_lower(const ThBounds *b, size_t i) { return isfinite(b->lower[i]); }
static bool has_upper(const ThBounds *b, size_t i) { return isfinite(b->upper[i]); }

bool th_bounds_hold(const ThBounds *b, size_t i, double x) {
  return (!has_lower(b, i) || x > b->lower[i]) && (!has_upper(b, i) || x < b->upper[i]);
}

bool th_bounds_init(ThContext *cx, ThBounds *b, ThObjective *inner, const double *lower,
                    const double *upper) {
  size_t n = inner->dimension;
  *b = (ThBounds){.inner = inner, .n = n, .lower = lower, .upper = upper};
  if (!(b->block = th_alloc_array(cx, n, N_VECTORS * sizeof(double)))) return false;
  double **slots[N_VECTORS] = {&b->x, &b->slope, &b->bend, &b->gradient, &b->vector, &b->product, &b->at};
  for (size_t k = 0; k < N_VECTORS; k++) *slots[k] = b->block + k * n;
  return true;
}

void th_bounds_clear(ThContext *cx, ThBounds *b) {
  th_free(cx, b->block, b->n * N_VECTORS * sizeof(double));
  *b = (ThBounds){0};
}

void th_bounds_free(const ThBounds *b, const double *x, double *u) {
  for (size_t i = 0; i < b->n; i++) {
    double above = x[i] - b->lower[i], below = b->upper[i] - x[i];
    if (has_lower(b, i) && has_upper(b, i)) u[i] = log(above) - log(below);
    else if (has_lower(b, i)) u[i] = log(above);
    else if (has_upper(b, i)) u[i] = -log(below);
    else u[i] = x[i];
  }
}

/* x of u, and its first two derivatives. */
static void map(const ThBounds *b, const double *u) {
  for (size_t i = 0; i < b->n; i++) {
    b->x[i] = u[i];
    b->slope[i] = 1;
    b->bend[i] = 0;
    if (has_lower(b, i) && has_upper(b, i)) {
      double width = b->upper[i] - b->lower[i], e = exp(-fabs(u[i])), near = e / (1 + e), far = 1 / (1 + e);
      double rising = u[i] > 0 ? far : near; /* 1/(1 + e^-u) */
      b->x[i] = u[i] > 0 ? b->upper[i] - width * near : b->lower[i] + width * near;
      b->slope[i] = width * near * far;
      b->bend[i] = b->slope[i] * (1 - 2 * rising);
    } else if (has_lower(b, i)) {
      b->slope[i] = b->bend[i] = exp(u[i]);
      b->x[i] = b->lower[i] + b->slope[i];
    } else if (has_upper(b, i)) {
      b->slope[i] = exp(-u[i]);
      b->bend[i] = -b->slope[i];
      b->x[i] = b->upper[i] - b->slope[i];
    }
  }
}

void th_bounds_bound(const ThBounds *b, const double *u, double *x) {
  map(b, u);
  for (size_t i = 0; i < b->n; i++) x[i] = b->x[i];
}

double th_bounds_log_slope(const ThBounds *b, size_t i, double u) {
  if (has_lower(b, i) && has_upper(b, i))
    return log(b->upper[i] - b->lower[i]) - fabs(u) - 2 * log1p(exp(-fabs(u)));
  if (has_lower(b, i)) return u;
  return has_upper(b, i) ? -u : 0;
}

/* Minus Σ log |dx/du|, where the function is of a density. */
static void add_slopes(const ThBounds *b, const double *u, double *value) {
  for (size_t i = 0; b->is_density && i < b->n; i++) *value -= th_bounds_log_slope(b, i, u[i]);
}

double th_bounds_free_one(double lower, double upper, double x, double *slope) {
  ThBounds one = {.n = 1, .lower = &lower, .upper = &upper};
  double u;
  th_bounds_free(&one, &x, &u);
  *slope = exp(-th_bounds_log_slope(&one, 0, u));
  return u;
}

double th_bounds_bound_one(double lower, double upper, double u) {
  double numbers[3], x;
  ThBounds one = {.n = 1, .lower = &lower, .upper = &upper};
  one.x = numbers, one.slope = numbers + 1, one.bend = numbers + 2;
  th_bounds_bound(&one, &u, &x);
  return x;
}

static bool value(ThContext *cx, void *self, const double *u, double *out) {
  ThBounds *b = self;
  map(b, u);
  if (!b->inner->value(cx, b->inner->self, b->x, out)) return false;
  add_slopes(b, u, out);
  return true;
}

/* d log |dx/du|/du */
static double log_slope_derivative(const ThBounds *b, size_t i, double u) {
  if (has_lower(b, i) && has_upper(b, i)) return -tanh(0.5 * u);
  if (has_lower(b, i)) return 1;
  return has_upper(b, i) ? -1 : 0;
}

/* The inner gradient at u, with x and its derivatives. */
static bool know_gradient(ThContext *cx, ThBounds *b, const double *u, double *out) {
  map(b, u);
  b->known = false;
  if (!b->inner->value_and_gradient(cx, b->inner->self, b->x, out, b->gradient)) return false;
  memcpy(b->at, u, b->n * sizeof *u);
  b->known = true;
  return true;
}

static bool value_and_gradient(ThContext *cx, void *self, const double *u, double *out, double *gradient) {
  ThBounds *b = self;
  if (!know_gradient(cx, b, u, out)) return false;
  th_kernel_multiply(b->n, b->gradient, 1, b->slope, 1, gradient);
  add_slopes(b, u, out);
  for (size_t i = 0; b->is_density && i < b->n; i++) gradient[i] -= log_slope_derivative(b, i, u[i]);
  return true;
}

static bool hessian_vector(ThContext *cx, void *self, const double *u, const double *v, double *product) {
  ThBounds *b = self;
  double ignored;
  bool here = b->known && memcmp(b->at, u, b->n * sizeof *u) == 0;
  if (!here && !know_gradient(cx, b, u, &ignored)) return false;
  map(b, u);
  th_kernel_multiply(b->n, b->slope, 1, v, 1, b->vector);
  if (!b->inner->hessian_vector(cx, b->inner->self, b->x, b->vector, b->product)) return false;
  for (size_t i = 0; i < b->n; i++)
    product[i] = b->slope[i] * b->product[i] + b->bend[i] * b->gradient[i] * v[i];
  for (size_t i = 0; b->is_density && i < b->n; i++)
    if (has_lower(b, i) && has_upper(b, i))
      product[i] += 2 * b->slope[i] / (b->upper[i] - b->lower[i]) * v[i];
  return true;
}

ThObjective th_bounds_objective(ThBounds *b) {
  return (ThObjective){.dimension = b->n,
                       .self = b,
                       .value = value,
                       .value_and_gradient = value_and_gradient,
                       .hessian_vector = b->inner->hessian_vector ? hessian_vector : NULL};
}
