/* optimise_adam.c - steps scaled by the size of each gradient: adam, adamw */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kingma and Ba, "Adam: a method for stochastic optimization" (2015), algorithm 1; the decay of weights apart from the
 * gradient: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019), algorithm 2. */
#include <math.h>

#include "infer/optimise.h"

#define EPSILON 1e-8

/* Means of the gradient and of its square. */
static size_t two_vectors(size_t n) { return 2 * n; }

static bool step(ThContext *cx, ThDescent *d, double decay) {
  const ThDescentOptions *o = &d->options;
  double *first = d->numbers, *second = first + d->n, t = (double)d->step + 1;
  double unbias1 = 1 - pow(o->beta1, t), unbias2 = 1 - pow(o->beta2, t);
  for (size_t i = 0; i < d->n; i++) {
    double g = d->gradient[i];
    first[i] = o->beta1 * first[i] + (1 - o->beta1) * g;
    second[i] = o->beta2 * second[i] + (1 - o->beta2) * g * g;
    double move = first[i] / unbias1 / (sqrt(second[i] / unbias2) + EPSILON);
    d->trial[i] = d->x[i] - o->lr * (move + decay * d->x[i]);
  }
  if (!th_descent_try(cx, d)) return false;
  th_descent_move(d);
  return true;
}

static bool step_adam(ThContext *cx, ThDescent *d) { return step(cx, d, 0); }
static bool step_adamw(ThContext *cx, ThDescent *d) { return step(cx, d, d->options.weight_decay); }

#define ADAM .needs = TH_NEEDS_GRADIENT, .lr = 0.01, .n_numbers = two_vectors

const ThOptimiser th_optimise_adam = {.name = "adam", ADAM, .step = step_adam};
const ThOptimiser th_optimise_adamw = {.name = "adamw", ADAM, .step = step_adamw};
