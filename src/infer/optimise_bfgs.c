/* optimise_bfgs.c - an inverse Hessian that gradients build up */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nocedal and Wright, "Numerical optimization" (2006), algorithm 6.1, with eq. 6.20 for the first scale. */
#include <math.h>
#include <string.h>

#include "infer/optimise.h"
#include "infer/quasi_newton.h"
#include "num/kernels.h"
#include "num/linalg.h"

typedef struct Bfgs {
  ThMetric metric;
  double *inverse; /* H (n, n): its lower triangle */
  double *s, *hy;  /* of n numbers */
} Bfgs;

static size_t n_numbers(size_t n) { return n * n + 3 * n; }

static void forget(ThDescent *d) { ((Bfgs *)d->work)->metric.fresh = true; }

/* H = scale, a multiple of 1. */
static void set_scale(Bfgs *b, size_t n, double scale) {
  memset(b->inverse, 0, n * n * sizeof *b->inverse);
  for (size_t i = 0; i < n; i++) b->inverse[i * n + i] = scale;
  b->metric.fresh = false;
}

static void aim(ThDescent *d) {
  Bfgs *b = d->work;
  if (b->metric.fresh) th_kernel_negate(d->n, d->gradient, b->metric.direction);
  else th_linalg_symv(d->n, -1, b->inverse, d->gradient, b->metric.direction);
}

/* H += (1 + y'Hy/s'y) ss'/s'y - (Hy s' + s (Hy)')/s'y, which is one update of rank 2: u = Hy - (1 + y'Hy/s'y) s/2,
 * H -= (u s' + s u')/s'y. */
static void learn(ThDescent *d, double step) {
  Bfgs *b = d->work;
  size_t n = d->n;
  double *y = d->gradient;
  th_kernel_subtract(n, d->trial_gradient, 1, d->gradient, 1, y);
  th_kernel_multiply(n, b->metric.direction, 1, &step, 0, b->s);
  double sy = th_kernel_sum_product(n, b->s, y), scale = sy / th_kernel_sum_square(n, y);
  if (!(sy > 0) || !(scale > 0) || !isfinite(1 / scale)) return;
  if (b->metric.fresh) set_scale(b, n, scale);
  th_linalg_symv(n, 1, b->inverse, y, b->hy);
  double part = 0.5 * (1 + th_kernel_sum_product(n, y, b->hy) / sy);
  th_kernel_axpy(n, -part, b->s, b->hy);
  th_linalg_syr2(n, -1 / sy, b->hy, b->s, b->inverse);
}

static void init(ThDescent *d) {
  Bfgs *b = d->work;
  b->inverse = d->numbers;
  b->s = b->inverse + d->n * d->n;
  b->hy = b->s + d->n;
  b->metric = (ThMetric){b->hy + d->n, aim, learn, forget, true, 0};
}

static bool step(ThContext *cx, ThDescent *d) {
  Bfgs *b = d->work;
  return th_quasi_newton_step(cx, d, &b->metric);
}

const ThOptimiser th_optimise_bfgs = {.name = "bfgs",
                                      .needs = TH_NEEDS_GRADIENT,
                                      .lr = NAN,
                                      .work_size = sizeof(Bfgs),
                                      .n_numbers = n_numbers,
                                      .init = init,
                                      .step = step};
