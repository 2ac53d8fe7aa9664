/* ode.h - initial value problems y' = f(t, y), y(t₀) = y₀ */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_ODE_H
#define TH_NUM_ODE_H

#include "base/context.h"

/* f(t, y) into dy, n numbers each; false, with the error record filled, stops the solution. */
typedef bool (*ThOdeFunction)(void *self, double t, const double *y, double *dy);
/* ∂f/∂y at (t, y) into jacobian (n, n): row i belongs to the i-th of f. */
typedef bool (*ThOdeJacobian)(void *self, double t, const double *y, double *jacobian);
/* A step from t to t + h was accepted. stages (3, n): of Radau's method, what its stages add to y; else NULL. */
typedef bool (*ThOdeStep)(void *self, double t, double h, const double *stages);

typedef struct ThOdeProblem {
  ThOdeFunction f;
  ThOdeJacobian jacobian; /* NULL: by differences */
  ThOdeStep accepted;     /* NULL, or called after every accepted step: the record that a second pass needs */
  void *self;
  size_t n;
  double tolerance;
} ThOdeProblem;

typedef enum ThOdeStatus {
  TH_ODE_DONE,
  TH_ODE_GROWS,      /* the solution grows without bound near t: it has a pole there */
  TH_ODE_STUCK,      /* the steps became smaller than t can show: f is not smooth there */
  TH_ODE_NOT_FINITE, /* f is NaN or infinite at the start */
  TH_ODE_TOO_LONG    /* too many steps */
} ThOdeStatus;

typedef struct ThOdeResult {
  ThOdeStatus status;
  double t; /* reached */
  size_t steps, rejected, evaluations, jacobians, factorisations;
  bool stiff; /* an explicit method took small steps for stability's sake, not for accuracy's */
} ThOdeResult;

/* The solution at times[1 … n_times - 1], which ascend or descend, into the rows 1, 2, … of rows (n_times, n), of which
 * row 0 is y₀ at times[0]. All fail when f fails, on Ctrl-C, and for want of memory; all else is told in the result.
 *
 * Adaptive: a step is accepted when its error, component by component, is at most `tolerance` times the size of that
 * component: |y|, or a hundredth of the largest |y| so far, or 1e-8 of the largest component, or 1e-12. */

/* Stage j of Dormand and Prince stands at t + h c[j] and y + h Σ a[j][i] k[i]; the last is f at the new point. In
 * between, with s from 0 to 1, the solution is that of its ends, their slopes, and s²(1-s)² h Σ dense[j] k[j]. The
 * error is estimated by h Σ error[j] k[j]. */
enum { TH_ODE_STAGES = 7 };
extern const double th_ode_c[TH_ODE_STAGES], th_ode_a[TH_ODE_STAGES][TH_ODE_STAGES - 1],
    th_ode_dense[TH_ODE_STAGES], th_ode_error[TH_ODE_STAGES];

/* The pair of orders 5 and 4 of Dormand and Prince (1980), with its interpolant of order 4 where several times fall
 * into one step, else with steps that end at the times. */
TH_CHECKED bool th_ode_explicit(ThContext *cx, const ThOdeProblem *problem, size_t n_times,
                                const double *times, double *rows, ThOdeResult *out);
/* Radau IIA of order 5 (Hairer and Wanner 1996, IV.8): for stiff problems. Steps end at the times. */
TH_CHECKED bool th_ode_stiff(ThContext *cx, const ThOdeProblem *problem, size_t n_times, const double *times,
                             double *rows, ThOdeResult *out);
/* `substeps` equal steps between neighbouring times, of order 4 (the classical method of Runge and Kutta), or of order
 * 1 (Euler's). */
TH_CHECKED bool th_ode_fixed(ThContext *cx, const ThOdeProblem *problem, bool euler, size_t substeps,
                             size_t n_times, const double *times, double *rows, ThOdeResult *out);

#endif
