/* mgh.h - the unconstrained problems of Moré, Garbow and Hillstrom */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_TESTS_MGH_H
#define TH_TESTS_MGH_H

#include <complex.h>

#include "infer/objective.h"

/* J. J. Moré, B. S. Garbow, K. E. Hillstrom, "Testing unconstrained optimization software", ACM TOMS 7 (1981) 17-41.
 * Each minimises the sum of the squares of m residuals in n variables. Residuals and their derivatives are written for
 * complex numbers, so that the product with the Hessian is the imaginary part of a gradient, exact to rounding. */
typedef double complex MghNumber;

/* x (n), residuals (m), their derivatives (m, n), which begin as zeros. */
typedef void (*MghResiduals)(size_t n, size_t m, const MghNumber *x, MghNumber *r, MghNumber *jacobian);

typedef struct MghProblem {
  const char *name;
  size_t n, m;
  MghResiduals residuals;
  void (*start)(size_t n, double *x); /* or */
  double fixed_start[11];
  double minima[4]; /* known ones, ended by a negative number */
} MghProblem;

enum { MGH_MAX_N = 100, MGH_MAX_M = 110 };
extern MghProblem mgh_problems[];
extern const size_t mgh_count;

void mgh_start(const MghProblem *problem, double *x);
/* Its objective: value, gradient, product with the Hessian. */
ThObjective mgh_objective(MghProblem *problem);

#endif
