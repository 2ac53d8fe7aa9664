/* optimiser.c - the driver of all methods that go down to a minimum */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/optimiser.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/curvature.h"
#include "infer/optimise.h"
#include "num/kernels.h"

#define FAR 1e10       /* times the start's value: there it diverges */
#define BOTTOM -1e100  /* a value below has no bound */
#define RESOLVED 1e-12 /* of the value: a decrease that is not seen */

enum { MAX_PATH = 1 << 22, N_VECTORS = 6 };

const ThOptimiser *const th_optimisers[] = {&th_optimise_gd,
                                            &th_optimise_momentum,
                                            &th_optimise_nesterov,
                                            &th_optimise_adam,
                                            &th_optimise_adamw,
                                            &th_optimise_sgd,
                                            &th_optimise_newton,
                                            &th_optimise_bfgs,
                                            &th_optimise_lbfgs,
                                            &th_optimise_simplex,
                                            NULL};

const ThOptimiser *th_optimiser_find(const char *name) {
  for (size_t i = 0; th_optimisers[i]; i++)
    if (strcmp(th_optimisers[i]->name, name) == 0) return th_optimisers[i];
  return NULL;
}

ThDescentOptions th_descent_defaults(void) {
  return (ThDescentOptions){.lr = NAN,
                            .momentum = 0.9,
                            .beta1 = 0.9,
                            .beta2 = 0.999,
                            .weight_decay = 0.01,
                            .steps = 1000,
                            .tol = 1e-8};
}

double th_norm(size_t n, const double *x) {
  double sum = th_kernel_sum_square(n, x), largest = 0;
  if (sum > 1e-280 && sum < INFINITY) return sqrt(sum);
  for (size_t i = 0; i < n; i++) {
    if (isnan(x[i])) return x[i];
    largest = fmax(largest, fabs(x[i]));
  }
  if (largest == 0 || isinf(largest)) return largest;
  sum = 0;
  for (size_t i = 0; i < n; i++) sum += (x[i] / largest) * (x[i] / largest);
  return largest * sqrt(sum);
}

double th_descent_limit(const ThDescent *d) {
  return d->options.tol * fmax(1, fabs(d->value) / fmax(1, th_norm(d->n, d->x)));
}

/* --- The history */

static bool reserve(ThContext *cx, ThHistory *h) {
  if (h->length < h->capacity) return true;
  size_t row = h->stride * sizeof *h->rows, capacity = h->capacity ? 2 * h->capacity : 64;
  double *rows = th_resize(cx, h->rows, h->capacity * row, capacity * row);
  if (!rows) return false;
  h->rows = rows;
  h->capacity = capacity;
  return true;
}

static bool record(ThContext *cx, ThDescent *d) {
  ThHistory *h = &d->history;
  const ThCalls *calls = &d->f->calls;
  if (!reserve(cx, h)) return false;
  double *row = h->rows + h->length++ * h->stride;
  row[TH_HISTORY_VALUE] = d->value;
  row[TH_HISTORY_NORM] = d->grad_norm;
  row[TH_HISTORY_CALLS] = (double)(calls->value + calls->gradient + calls->hessian);
  if (th_history_has_path(h)) memcpy(row + TH_HISTORY_X, d->x, d->n * sizeof *d->x);
  return true;
}

static void keep_best(ThDescent *d) {
  if (!(d->value < d->best_value)) return;
  d->best_value = d->value;
  d->best_norm = d->grad_norm;
  memcpy(d->best, d->x, d->n * sizeof *d->x);
}

/* --- Why it stopped */

static bool explain_divergence(ThContext *cx, ThDescent *d) {
  double at_start, lr = d->options.lr;
  double limit = d->method->stability ? d->method->stability(d->options.momentum) : 0;
  const char *name = d->method->name;
  ThCalls calls = d->f->calls; /* those for the explanation do not count */
  bool found = th_curvature_find(cx, d->f, d->start, 1e-4, d->vectors,
                                 &at_start); /* the first four are done with */
  d->f->calls = calls;
  if (!found) return false;
  if (limit > 0 && lr * at_start > limit)
    snprintf(d->why, sizeof d->why, "diverged at step %zu; curvature at x0 is %.4g, %s needs lr < %.2g",
             d->step, at_start, name, limit / at_start);
  else if (limit > 0 && lr * d->curvature > limit)
    snprintf(d->why, sizeof d->why,
             "diverged at step %zu; the curvature along the path reached %.4g, where %s needs lr < %.2g",
             d->step, d->curvature, name, limit / d->curvature);
  else snprintf(d->why, sizeof d->why, "diverged at step %zu; try a smaller lr than %.4g", d->step, lr);
  return true;
}

static void explain_convergence(ThDescent *d) {
  double tol = d->options.tol;
  if (d->why[0]) return; /* the method has words of its own */
  if (th_descent_limit(d) <= tol)
    snprintf(d->why, sizeof d->why, "gradient norm %.2g below tol = %.4g", d->grad_norm, tol);
  else
    snprintf(d->why, sizeof d->why, "gradient norm %.2g below tol*|f|/|x| = %.2g", d->grad_norm,
             th_descent_limit(d));
}

/* 1e-08 becomes 1e-8, 1e+12 becomes 1e12. */
static void shorten_exponents(char *text) {
  char *to = text, before = ' ', last = ' ';
  for (const char *at = text; *at; at++) {
    bool in_exponent = last == 'e' && isdigit((unsigned char)before) && (*at == '-' || *at == '+');
    before = last;
    last = *at;
    if (last != '+' || !in_exponent) *to++ = last;
    while (in_exponent && at[1] == '0') at++;
  }
  *to = '\0';
}

static bool explain(ThContext *cx, ThDescent *d) {
  size_t size = sizeof d->why;
  switch (d->stop) {
    case TH_STOP_CONVERGED: explain_convergence(d); break;
    case TH_STOP_STEPS:
      snprintf(d->why, size, "%zu step%s used up", d->step, d->step == 1 ? "" : "s");
      if (!isnan(d->grad_norm))
        snprintf(d->why + strlen(d->why), size - strlen(d->why), "; gradient norm still %.2g", d->grad_norm);
      break;
    case TH_STOP_UNBOUNDED:
      snprintf(d->why, size, "the value falls without bound; for a maximum, minimise -f");
      break;
    case TH_STOP_DIVERGED: return explain_divergence(cx, d);
    case TH_STOP_CALLBACK: snprintf(d->why, size, "stopped by the callback"); break;
    case TH_STOP_INTERRUPTED: snprintf(d->why, size, "interrupted"); break;
    case TH_STOP_FLOOR:
    case TH_STOP_NOT: break;
  }
  return true;
}

void th_descent_floor(ThDescent *d, double decrease) {
  d->stop = TH_STOP_FLOOR;
  double last_digits = 1e-14 * d->grad_norm * fmax(1, th_norm(d->n, d->x)); /* what those of x change */
  d->converged = fmax(decrease, last_digits) <= RESOLVED * fabs(d->value);
  if (d->converged)
    snprintf(d->why, sizeof d->why,
             "no further progress: the value cannot be resolved below rounding (gradient norm %.2g)",
             d->grad_norm);
  else
    snprintf(
        d->why, sizeof d->why,
        "no further progress: no lower value is found downhill (gradient norm %.2g); is it at a kink, or an end "
        "of where f is defined?",
        d->grad_norm);
}

/* --- A run */

bool th_descent_try(ThContext *cx, ThDescent *d) {
  return th_objective_gradient(cx, d->f, d->trial, &d->trial_value, d->trial_gradient);
}

/* s'y/s's of the step to the trial. */
static double secant_curvature(const ThDescent *d) {
  double along = 0, square = 0;
  for (size_t i = 0; i < d->n; i++) {
    double s = d->trial[i] - d->x[i];
    along += s * (d->trial_gradient[i] - d->gradient[i]);
    square += s * s;
  }
  return along / square;
}

static void exchange(double **a, double **b) {
  double *c = *a;
  *a = *b;
  *b = c;
}

void th_descent_move(ThDescent *d) {
  if (d->method->stability) d->curvature = fmax(d->curvature, secant_curvature(d));
  exchange(&d->x, &d->trial);
  exchange(&d->gradient, &d->trial_gradient);
  d->value = d->trial_value;
  d->grad_norm = th_norm(d->n, d->gradient);
}

static bool check_start(ThContext *cx, const ThDescent *d) {
  if (!isfinite(d->value)) return th_fail(cx, TH_ERROR_NUMERIC, "the value at the start is %.6g", d->value);
  if (d->method->needs == TH_NEEDS_VALUE || isfinite(d->grad_norm)) return true;
  return th_fail(cx, TH_ERROR_NUMERIC, "the gradient at the start is not finite");
}

static bool evaluate_start(ThContext *cx, ThDescent *d) {
  memcpy(d->trial, d->x, d->n * sizeof *d->x);
  if (d->method->needs != TH_NEEDS_VALUE) {
    if (!th_descent_try(cx, d)) return false;
    exchange(&d->gradient, &d->trial_gradient);
    d->value = d->trial_value;
    d->grad_norm = th_norm(d->n, d->gradient);
  } else {
    if (!th_objective_value(cx, d->f, d->x, &d->value)) return false;
    d->grad_norm = NAN;
  }
  return check_start(cx, d);
}

static bool allocate(ThContext *cx, ThDescent *d) {
  const ThOptimiser *m = d->method;
  size_t n = d->n;
  if (!(d->vectors = th_alloc_array(cx, n, N_VECTORS * sizeof(double)))) return false;
  double **slots[N_VECTORS] = {&d->x, &d->gradient, &d->trial, &d->trial_gradient, &d->start, &d->best};
  for (size_t i = 0; i < N_VECTORS; i++) *slots[i] = d->vectors + i * n;
  d->n_numbers = m->n_numbers ? m->n_numbers(n) : 0;
  if (d->n_numbers && !(d->numbers = th_alloc_array(cx, d->n_numbers, sizeof(double)))) return false;
  if (d->numbers) memset(d->numbers, 0, d->n_numbers * sizeof(double));
  if (m->work_size && !(d->work = th_alloc(cx, m->work_size))) return false;
  if (d->work) memset(d->work, 0, m->work_size);
  return true;
}

static void test(ThDescent *d) {
  if (d->method->test) d->method->test(d);
  else if (d->grad_norm <= th_descent_limit(d)) d->stop = TH_STOP_CONVERGED;
  if (d->stop == TH_STOP_CONVERGED) d->converged = true;
}

/* The step size where none is given: that which goes to the bottom of a parabola as steep as the steepest direction. */
static bool choose_lr(ThContext *cx, ThDescent *d) {
  double curvature, *work;
  d->options.lr = d->method->lr;
  if (!d->method->stability || d->grad_norm == 0) return true;
  if (!(work = th_alloc_array(cx, d->n, 4 * sizeof *work))) return false;
  bool ok = th_curvature_find(cx, d->f, d->start, 1e-2, work, &curvature);
  th_free(cx, work, 4 * d->n * sizeof *work);
  if (ok && fabs(curvature) > 1e-100 && isfinite(curvature)) d->options.lr = 1 / fabs(curvature);
  return ok;
}

bool th_descent_init(ThContext *cx, ThDescent *d, const ThOptimiser *method, ThObjective *f, const double *x0,
                     const ThDescentOptions *options) {
  size_t n = f->dimension;
  *d = (ThDescent){.method = method, .f = f, .n = n, .options = *options, .history.stride = TH_HISTORY_X};
  if ((double)n * ((double)options->steps + 1) <= MAX_PATH) d->history.stride += n;
  if (!allocate(cx, d)) return false;
  memcpy(d->x, x0, n * sizeof *x0);
  memcpy(d->start, x0, n * sizeof *x0);
  if (!evaluate_start(cx, d)) return false;
  d->start_value = d->value;
  d->best_value = INFINITY;
  keep_best(d);
  if (isnan(d->options.lr) && !choose_lr(cx, d)) return false;
  if (method->init) method->init(d);
  if (!record(cx, d)) return false;
  test(d);
  if (d->stop == TH_STOP_NOT && d->options.steps == 0) d->stop = TH_STOP_STEPS;
  bool explained = d->stop == TH_STOP_NOT || explain(cx, d);
  shorten_exponents(d->why);
  return explained;
}

/* The answer is the best point; where values are samples, the last one, whose value may be higher by chance. */
static void take_best(ThDescent *d) {
  if (d->method->noisy && d->stop != TH_STOP_DIVERGED) return;
  if (d->converged || !(d->best_value < d->value || !isfinite(d->value))) return;
  memcpy(d->x, d->best, d->n * sizeof *d->x);
  d->value = d->best_value;
  d->grad_norm = d->best_norm;
}

/* What a step has led to. */
static bool judge(ThContext *cx, ThDescent *d) {
  bool go_on = true;
  keep_best(d);
  if (!record(cx, d)) return false;
  if (d->value < BOTTOM) d->stop = TH_STOP_UNBOUNDED;
  else if (!(d->value <= FAR * fmax(1, fabs(d->start_value))) || isnan(d->value)) d->stop = TH_STOP_DIVERGED;
  if (d->stop == TH_STOP_NOT) test(d);
  if (d->options.watch && !d->options.watch(cx, d->options.watcher, d, &go_on)) return false;
  if (d->stop == TH_STOP_NOT && !go_on) d->stop = TH_STOP_CALLBACK;
  if (d->stop == TH_STOP_NOT && d->step >= d->options.steps) d->stop = TH_STOP_STEPS;
  return true;
}

bool th_descent_advance(ThContext *cx, ThDescent *d) {
  bool stepped = th_poll(cx) && d->method->step(cx, d);
  bool moved = d->stop != TH_STOP_FLOOR && d->stop != TH_STOP_CONVERGED;
  if (d->stop == TH_STOP_CONVERGED) d->converged = true;
  if (stepped && moved) {
    d->step++;
    stepped = judge(cx, d);
  }
  if (!stepped) {
    if (cx->error.code != TH_ERROR_INTERRUPTED) return false;
    th_error_clear(cx);
    d->stop = TH_STOP_INTERRUPTED;
  }
  if (d->stop == TH_STOP_NOT) return true;
  if (!explain(cx, d)) return false;
  shorten_exponents(d->why);
  take_best(d);
  return true;
}

void th_descent_clear(ThContext *cx, ThDescent *d) {
  ThHistory *h = &d->history;
  th_free(cx, d->vectors, d->n * N_VECTORS * sizeof(double));
  th_free(cx, d->numbers, d->n_numbers * sizeof(double));
  th_free(cx, d->work, d->work ? d->method->work_size : 0);
  th_free(cx, h->rows, h->capacity * h->stride * sizeof(double));
  *d = (ThDescent){0};
}

bool th_optimise(ThContext *cx, const ThOptimiser *method, ThObjective *f, const double *x0,
                 const ThDescentOptions *options, ThDescent *d) {
  bool ok = th_descent_init(cx, d, method, f, x0, options);
  while (ok && d->stop == TH_STOP_NOT) ok = th_descent_advance(cx, d);
  return ok;
}
