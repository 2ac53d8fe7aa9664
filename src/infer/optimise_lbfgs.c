/* optimise_lbfgs.c - the last few gradients in place of a Hessian: for many variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nocedal, "Updating quasi-Newton matrices with limited storage" (1980); Nocedal and Wright (2006), algorithm 7.4. */
#include <math.h>

#include "infer/optimise.h"
#include "infer/quasi_newton.h"
#include "num/kernels.h"

enum { MEMORY = 10 };

typedef struct Lbfgs {
  ThMetric metric;
  double *s[MEMORY], *y[MEMORY]; /* steps and differences of gradients, a ring */
  double rho[MEMORY];            /* 1/s'y */
  double scale;                  /* s'y/y'y of the last */
  size_t first, count;
} Lbfgs;

static size_t n_numbers(size_t n) { return (2 * MEMORY + 1) * n; }

static void forget(ThDescent *d) {
  Lbfgs *b = d->work;
  b->count = 0;
  b->metric.fresh = true;
}

/* -H g by the two loops. */
static void aim(ThDescent *d) {
  Lbfgs *b = d->work;
  size_t n = d->n;
  double alpha[MEMORY], *q = b->metric.direction;
  th_kernel_negate(n, d->gradient, q);
  for (size_t k = b->count; k-- > 0;) {
    size_t i = (b->first + k) % MEMORY;
    alpha[i] = b->rho[i] * th_kernel_sum_product(n, b->s[i], q);
    th_kernel_axpy(n, -alpha[i], b->y[i], q);
  }
  if (b->count) th_kernel_multiply(n, q, 1, &b->scale, 0, q);
  for (size_t k = 0; k < b->count; k++) {
    size_t i = (b->first + k) % MEMORY;
    th_kernel_axpy(n, alpha[i] - b->rho[i] * th_kernel_sum_product(n, b->y[i], q), b->s[i], q);
  }
}

static void learn(ThDescent *d, double step) {
  Lbfgs *b = d->work;
  size_t n = d->n, i = (b->first + b->count) % MEMORY;
  th_kernel_multiply(n, b->metric.direction, 1, &step, 0, b->s[i]);
  th_kernel_subtract(n, d->trial_gradient, 1, d->gradient, 1, b->y[i]);
  double sy = th_kernel_sum_product(n, b->s[i], b->y[i]), scale = sy / th_kernel_sum_square(n, b->y[i]);
  if (!(sy > 0) || !(scale > 0) || !isfinite(1 / scale) || !isfinite(1 / sy)) return;
  b->rho[i] = 1 / sy;
  b->scale = scale;
  b->metric.fresh = false;
  if (b->count < MEMORY) b->count++;
  else b->first = (b->first + 1) % MEMORY;
}

static void init(ThDescent *d) {
  Lbfgs *b = d->work;
  for (size_t i = 0; i < MEMORY; i++) {
    b->s[i] = d->numbers + 2 * i * d->n;
    b->y[i] = b->s[i] + d->n;
  }
  b->metric = (ThMetric){d->numbers + 2 * MEMORY * d->n, aim, learn, forget, true, 0};
}

static bool step(ThContext *cx, ThDescent *d) {
  Lbfgs *b = d->work;
  return th_quasi_newton_step(cx, d, &b->metric);
}

const ThOptimiser th_optimise_lbfgs = {.name = "lbfgs",
                                       .needs = TH_NEEDS_GRADIENT,
                                       .lr = NAN,
                                       .work_size = sizeof(Lbfgs),
                                       .n_numbers = n_numbers,
                                       .init = init,
                                       .step = step};
