/* linear_solve.h - the coefficients of a linear mean: weighted, penalised, or of least norm */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LINEAR_SOLVE_H
#define TH_INFER_LINEAR_SOLVE_H

#include "base/context.h"

/* Minimise Σ (scale_i (y_i - x_i β))² + (β - center)' Λ (β - center). */
typedef struct ThLinearProblem {
  size_t n, k;
  const double *x, *y;     /* (n, k), (n) */
  const double *scale;     /* (n), or NULL for ones */
  const double *precision; /* Λ (k, k), symmetric, no eigenvalue below 0; or NULL */
  const double *center;    /* (k), or NULL for zeros */
} ThLinearProblem;

/* One block; clear it. */
typedef struct ThLinearSolution {
  ThContext *cx;
  size_t n, k;
  size_t rank;     /* below k: what follows is NaN but for `flat` */
  double *coef;    /* (k) */
  double *inverse; /* (k, k), (X'WX + Λ)⁻¹ */
  double *flat;    /* (k): a combination of the coefficients that nothing depends on, as in least_squares.h */
  double *fitted;  /* (n), X β */
  double sum_squares; /* the first sum */
  double penalty;     /* the second */
} ThLinearSolution;

/* Large problems that are well conditioned go by the normal equations and one or more corrections by the residuals,
 * which is as exact for them; others by QR (least_squares.h). */
TH_CHECKED bool th_linear_solve(ThContext *cx, const ThLinearProblem *problem, ThLinearSolution *out);
/* Of the solutions that are equally good, the one of least norm: coef, fitted, sum_squares; `inverse` is the
 * pseudo-inverse of X'WX. No penalty. */
TH_CHECKED bool th_linear_solve_least_norm(ThContext *cx, const ThLinearProblem *problem,
                                           ThLinearSolution *out);
void th_linear_solution_clear(ThLinearSolution *solution);

#endif
