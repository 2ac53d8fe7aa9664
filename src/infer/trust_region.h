/* trust_region.h - the lowest point of a quadratic within a ball */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_TRUST_REGION_H
#define TH_INFER_TRUST_REGION_H

#include "infer/objective.h"

/* Of g'p + p'Hp/2 over |p| <= radius. */
typedef struct ThTrustStep {
  double *p;       /* (n): the step */
  double decrease; /* of the quadratic, >= 0 */
  double length;   /* |p| */
  bool at_edge;    /* |p| is the radius */
} ThTrustStep;

enum { TH_TRUST_EXACT = 100 }; /* variables up to which the Hessian is factored */

/* Numbers of work for each. */
size_t th_trust_exact_work(size_t n);
size_t th_trust_cg_work(size_t n);
/* By Cholesky where H is positive definite and its minimum inside, else by eigenvalues (Moré and Sorensen 1983).
 * H (n, n) is finite; step->p is set by the caller. */
TH_CHECKED bool th_trust_exact(ThContext *cx, size_t n, const double *h, const double *g, double radius,
                               double *work, ThTrustStep *step);
/* By conjugate gradients with products Hv at x, as near as `tolerance` times |g| (Steihaug 1983, Toint 1981). */
TH_CHECKED bool th_trust_cg(ThContext *cx, ThObjective *f, const double *x, const double *g, double radius,
                            double tolerance, double *work, ThTrustStep *step);

#endif
