/* curvature.h - how strongly a function bends at a point */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_CURVATURE_H
#define TH_INFER_CURVATURE_H

#include "infer/objective.h"

/* The eigenvalue of largest size of the Hessian at x, by power iteration until it changes by less than `tolerance` of
 * itself; each product counts as one hessian. work has 4 n numbers, and x is not among them. */
TH_CHECKED bool th_curvature_find(ThContext *cx, ThObjective *f, const double *x, double tolerance,
                                  double *work, double *out);

#endif
