/* glm_newton.c - the maximum of a generalised linear model by Newton's method */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log likelihood is concave and the observed information is the expected one. Steps that lower the likelihood are
 * halved. The square of the last step, in units of the errors, is what the result is off by. */
#include <math.h>
#include <string.h>

#include "infer/glm.h"
#include "infer/least_squares.h"
#include "num/linalg.h"

enum { MOST_STEPS = 200, MOST_HALVINGS = 60, PATIENCE = 8 };

typedef struct Newton {
  ThContext *cx;
  const ThGlmProblem *p;
  ThRegression *r;
  size_t size;
  ThNormalEquations information;
  double *beta, *trial, *step; /* with the slope, one block that beta begins */
  ThGlmState state;
  double value;
  size_t n_steps;
} Newton;

/* A design whose columns are collinear has no information either. */
static bool check_rank(Newton *w) {
  ThLeastSquares s;
  const ThGlmProblem *p = w->p;
  if (!th_least_squares(w->cx, p->n, p->k, p->x, p->y, &s)) return false;
  bool ok = s.rank == p->k || th_design_fail_collinear(w->cx, w->r->design.names, s.flat, false);
  th_least_squares_clear(&s);
  return ok;
}

static bool check_direction(Newton *w, const double *direction) {
  bool recedes, complete;
  if (!th_glm_recedes(w->cx, w->p, direction, &recedes, &complete)) return false;
  return !recedes || th_glm_fail_separated(w->cx, w->p, w->r, direction, complete);
}

static bool fail_flat(Newton *w) {
  if (!check_direction(w, w->beta) || !check_rank(w)) return false;
  return th_fail(w->cx, TH_ERROR_NUMERIC,
                 "the information is singular: the data do not determine the coefficients");
}

/* step = information⁻¹ slope; *decrement = slope' step */
static bool find_step(Newton *w, double *decrement) {
  th_normal_equations_factorise(&w->information);
  if (!(w->information.condition < 1e15)) return fail_flat(w);
  memcpy(w->step, w->state.slope, w->size * sizeof *w->step);
  th_normal_equations_solve(&w->information, w->step);
  *decrement = th_linalg_dot(w->size, w->step, w->state.slope);
  return true;
}

/* beta moves by the step, or by so small a part of it that the likelihood does not fall. */
static bool move(Newton *w) {
  double part = 1;
  for (int i = 0; i < MOST_HALVINGS; i++, part /= 2) {
    for (size_t j = 0; j < w->size; j++) w->trial[j] = w->beta[j] + part * w->step[j];
    if (!th_glm_evaluate(w->cx, w->p, w->trial, false, &w->state)) return false;
    if (w->state.value >= w->value - 1e-12 * fabs(w->value)) break;
  }
  memcpy(w->beta, w->trial, w->size * sizeof *w->beta);
  w->value = w->state.value;
  w->n_steps++;
  return true;
}

/* The step from nothing: a regression of the working response, or from β = 0. */
static bool begin(Newton *w) {
  bool working = !w->p->family->has_classes;
  double decrement;
  memset(w->beta, 0, w->size * sizeof *w->beta);
  if (!th_glm_evaluate(w->cx, w->p, w->beta, working, &w->state)) return false;
  th_normal_equations_factorise(&w->information);
  if (w->information.condition > 1e8 && !check_rank(w)) return false;
  if (!find_step(w, &decrement)) return false;
  w->value = working ? -(double)INFINITY : w->state.value;
  return move(w);
}

static bool iterate(Newton *w) {
  double decrement = 1;
  if (!begin(w)) return false;
  for (int i = 0; i < MOST_STEPS; i++) {
    if (!find_step(w, &decrement)) return false;
    if (i >= PATIENCE && (!check_direction(w, w->beta) || !check_direction(w, w->step))) return false;
    if (!move(w)) return false;
    if (decrement < 1e-14) {
      th_normal_equations_factorise(&w->information);
      return true;
    }
  }
  return th_fail(w->cx, TH_ERROR_NUMERIC, "Newton's method did not converge in %d steps", MOST_STEPS);
}

/* Ctrl-C: the best so far, without errors. */
static bool stop_early(Newton *w) {
  if (w->cx->error.code != TH_ERROR_INTERRUPTED || w->n_steps == 0) return false;
  th_error_clear(w->cx);
  for (size_t i = 0; i < w->size * w->size; i++) w->information.inverse[i] = (double)NAN;
  w->r->errors = TH_ERRORS_NONE;
  return th_regression_say(w->r,
                           "interrupted after %zu step%s: the best so far, which is no maximum and has no ±",
                           w->n_steps, w->n_steps == 1 ? "" : "s");
}

bool th_glm_maximise(ThContext *cx, const ThGlmProblem *p, ThRegression *r, double *value) {
  size_t size = p->m * p->k;
  Newton w = {.cx = cx, .p = p, .r = r, .size = size};
  if (!th_normal_equations_init(cx, size, &w.information)) return false;
  w.beta = th_alloc_array(cx, 4 * size, sizeof *w.beta);
  bool ok = w.beta != NULL;
  if (ok) {
    w.trial = w.beta + size;
    w.step = w.trial + size;
    w.state = (ThGlmState){.slope = w.step + size, .information = &w.information};
    ok = iterate(&w) || stop_early(&w);
  }
  if (ok) {
    memcpy(r->coef, w.beta, size * sizeof *r->coef);
    memcpy(r->covariance, w.information.inverse, size * size * sizeof *r->coef);
    *value = w.value;
  }
  if (w.beta) th_free(cx, w.beta, 4 * size * sizeof *w.beta);
  th_normal_equations_clear(&w.information);
  return ok;
}
