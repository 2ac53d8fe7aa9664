/* optimise_gradient.c - steps against the gradient: gd, sgd, momentum, nesterov */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/optimise.h"

/* x := x - lr g. sgd takes the same step; its value may be that of a sample. */
static bool step_gd(ThContext *cx, ThDescent *d) {
  for (size_t i = 0; i < d->n; i++) d->trial[i] = d->x[i] - d->options.lr * d->gradient[i];
  if (!th_descent_try(cx, d)) return false;
  th_descent_move(d);
  return true;
}

/* The velocity of momentum and nesterov. */
static size_t one_vector(size_t n) { return n; }

/* v := β v + g, x := x - lr v (Polyak 1964). */
static bool step_momentum(ThContext *cx, ThDescent *d) {
  double *v = d->numbers;
  for (size_t i = 0; i < d->n; i++) {
    v[i] = d->options.momentum * v[i] + d->gradient[i];
    d->trial[i] = d->x[i] - d->options.lr * v[i];
  }
  if (!th_descent_try(cx, d)) return false;
  th_descent_move(d);
  return true;
}

/* v := β v + g, x := x - lr (g + β v): x is the point that looks ahead (Nesterov 1983, in the form of Sutskever et al.
 * 2013). */
static bool step_nesterov(ThContext *cx, ThDescent *d) {
  double *v = d->numbers, beta = d->options.momentum;
  for (size_t i = 0; i < d->n; i++) {
    v[i] = beta * v[i] + d->gradient[i];
    d->trial[i] = d->x[i] - d->options.lr * (d->gradient[i] + beta * v[i]);
  }
  if (!th_descent_try(cx, d)) return false;
  th_descent_move(d);
  return true;
}

/* On a parabola of this curvature times lr the steps neither grow nor shrink (Polyak 1987, section 3.2.1, for the
 * momentum; for nesterov by the same eigenvalues). */
static double stability_gd(double momentum) {
  (void)momentum;
  return 2;
}
static double stability_momentum(double momentum) { return 2 * (1 + momentum); }
static double stability_nesterov(double momentum) { return 2 * (1 + momentum) / (1 + 2 * momentum); }

#define FIRST_ORDER .needs = TH_NEEDS_GRADIENT, .lr = 0.01

const ThOptimiser th_optimise_gd = {.name = "gd", FIRST_ORDER, .stability = stability_gd, .step = step_gd};
const ThOptimiser th_optimise_sgd = {
    .name = "sgd", FIRST_ORDER, .stability = stability_gd, .noisy = true, .step = step_gd};
const ThOptimiser th_optimise_momentum = {.name = "momentum",
                                          FIRST_ORDER,
                                          .stability = stability_momentum,
                                          .n_numbers = one_vector,
                                          .step = step_momentum};
const ThOptimiser th_optimise_nesterov = {.name = "nesterov",
                                          FIRST_ORDER,
                                          .stability = stability_nesterov,
                                          .n_numbers = one_vector,
                                          .step = step_nesterov};
