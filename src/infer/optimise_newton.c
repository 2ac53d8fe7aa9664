/* optimise_newton.c - steps by the Hessian, no longer than it is to be trusted */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conn, Gould and Toint, "Trust-region methods" (2000), algorithm 6.1.1. */
#include <math.h>
#include <string.h>

#include "infer/optimise.h"
#include "infer/trust_region.h"
#include "num/kernels.h"
#include "num/linalg.h"

#define ROUNDING 1e-14 /* of the value: what is not seen */

enum {
  MONOTONE = 9, /* steps that must each go down, */
  WINDOW = 8    /* and those over which the later ones may */
};

typedef struct Newton {
  double radius;
  double *hessian; /* (n, n); NULL for many variables */
  double *work;
  ThTrustStep step;
  bool known;              /* the Hessian is that of x */
  double expected[WINDOW]; /* decreases of the last steps, a ring */
} Newton;

static size_t n_numbers(size_t n) {
  return n + (n <= TH_TRUST_EXACT ? n * n + th_trust_exact_work(n) : th_trust_cg_work(n));
}

static void init(ThDescent *d) {
  Newton *w = d->work;
  w->step.p = d->numbers;
  w->work = w->step.p + d->n;
  if (d->n <= TH_TRUST_EXACT) {
    w->hessian = w->work;
    w->work += d->n * d->n;
  }
  w->radius = fmax(1, th_norm(d->n, d->x));
}

/* The Hessian at x, finite; nothing for many variables. */
static bool know_hessian(ThContext *cx, ThDescent *d, Newton *w) {
  size_t n = d->n;
  if (w->known || !w->hessian) return true;
  if (!th_objective_hessian(cx, d->f, d->x, w->work, w->hessian)) return false;
  w->known = true;
  return isfinite(th_kernel_sum_square(n * n, w->hessian)) ||
         th_fail(cx, TH_ERROR_NUMERIC, "the second derivatives are not finite at step %zu", d->step + 1);
}

static bool propose(ThContext *cx, ThDescent *d, Newton *w) {
  if (w->hessian) return th_trust_exact(cx, d->n, w->hessian, d->gradient, w->radius, w->work, &w->step);
  double tolerance = fmin(0.1, sqrt(d->grad_norm));
  return th_trust_cg(cx, d->f, d->x, d->gradient, w->radius, tolerance, w->work, &w->step);
}

/* A saddle point has a gradient of 0 too: there is a minimum only if no direction bends downward. */
static bool is_minimum(const ThDescent *d, const Newton *w) {
  size_t n = d->n;
  double size = 0;
  if (!w->hessian) return true;
  for (size_t i = 0; i < n * n; i++) size = fmax(size, fabs(w->hessian[i]));
  memcpy(w->work, w->hessian, n * n * sizeof(double));
  for (size_t i = 0; i < n; i++) w->work[i * n + i] += 1e-9 * size + 1e-300;
  return th_linalg_cholesky(n, w->work);
}

/* The part of the expected decrease that came true, since the last step or, where that is more, since one of those
 * before (Toint 1996): a narrow valley with a bend is left for a moment. Where rounding hides it: whether the gradient
 * became smaller. */
static double agreement(const ThDescent *d, const Newton *w) {
  double noise = 10 * ROUNDING * fabs(d->value), expected = w->step.decrease, ratio = -INFINITY;
  size_t window = d->step < MONOTONE ? 0 : d->step / 2 < WINDOW ? d->step / 2 : WINDOW - 1;
  if (d->trial_value == -INFINITY) return 1;
  double norm = th_norm(d->n, d->trial_gradient);
  if (!isfinite(d->trial_value) || !isfinite(norm)) return -1;
  if (expected <= noise && fabs(d->value - d->trial_value) <= noise) return norm < d->grad_norm ? 1 : -1;
  for (size_t back = 0; back <= window; back++) {
    double before = th_history_row(&d->history, d->step - back)[TH_HISTORY_VALUE];
    if (back > 0) expected += w->expected[(d->step - back) % WINDOW];
    ratio = fmax(ratio, (before - d->trial_value) / expected);
  }
  return ratio;
}

static void adapt(Newton *w, double ratio) {
  if (ratio < 0.25) w->radius = 0.25 * w->step.length;
  else if (ratio > 0.75 && w->step.at_edge) w->radius *= 2;
}

static void test(ThDescent *d) { (void)d; } /* a step does, which knows the Hessian */

/* Steps are proposed until one is taken; *taken is false when there is none. */
static bool search(ThContext *cx, ThDescent *d, Newton *w, bool *taken) {
  *taken = false;
  while (!*taken) {
    if (!th_poll(cx) || !propose(cx, d, w)) return false;
    th_kernel_add(d->n, d->x, 1, w->step.p, 1, d->trial);
    if (!th_descent_try(cx, d)) return false;
    double ratio = agreement(d, w);
    adapt(w, ratio);
    *taken = ratio > 1e-4;
    if (*taken) break;
    if (w->step.length <= 1e-15 * fmax(th_norm(d->n, d->x), 1e-300) || w->radius < 1e-300 ||
        w->step.decrease <= 1e-16 * fabs(d->value))
      break;
  }
  return true;
}

static bool step(ThContext *cx, ThDescent *d) {
  Newton *w = d->work;
  bool taken;
  if (!know_hessian(cx, d, w)) return false;
  if (d->grad_norm <= th_descent_limit(d) && is_minimum(d, w)) {
    d->stop = TH_STOP_CONVERGED;
    return true;
  }
  if (!search(cx, d, w, &taken)) return false;
  if (!taken) {
    w->radius = 1e100; /* what a step of any length would gain */
    if (!propose(cx, d, w)) return false;
    th_descent_floor(d, w->step.decrease);
    return true;
  }
  w->expected[d->step % WINDOW] = w->step.decrease;
  w->known = false;
  th_descent_move(d);
  return true;
}

const ThOptimiser th_optimise_newton = {.name = "newton",
                                        .needs = TH_NEEDS_HESSIAN,
                                        .lr = NAN,
                                        .work_size = sizeof(Newton),
                                        .n_numbers = n_numbers,
                                        .init = init,
                                        .step = step,
                                        .test = test};
