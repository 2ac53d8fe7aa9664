/* levenberg.h - a sum of squares of nonlinear functions, gone down by Levenberg and Marquardt's method */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LEVENBERG_H
#define TH_INFER_LEVENBERG_H

#include "base/context.h"

/* n residuals that are functions of k numbers, n >= k. Each function is false with an error record of cx when it could
 * not be computed; residuals may be nan or infinite where they are not defined. `self` belongs to the caller. */
typedef struct ThResiduals {
  size_t n, k;
  void *self;
  bool (*values)(ThContext *cx, void *self, const double *x, double *residuals);
  bool (*jacobian)(ThContext *cx, void *self, const double *x, double *jacobian); /* (n, k) */
  /* Σ weights ∇² residual (k, k), at x; for the polish alone. */
  bool (*bend)(ThContext *cx, void *self, const double *x, const double *weights, double *bend);
} ThResiduals;

/* J = Q R diag(scale) at a point: columns of length 1 are factored, so that units do not matter. */
typedef struct ThLevenberg {
  ThContext *cx;
  const ThResiduals *f;
  double *block;
  double *x, *r, *jacobian;           /* (k), (n), (n, k): where it is */
  double norm;                        /* |r| */
  double *trial, *trial_r, *step;     /* (k), (n), (k) */
  double *scale, *scaled, *q, *root;  /* (k), (n, k), (n, k), (k, k): R */
  double *u, *singular, *v, *project; /* (k, k), (k), (k, k), (k): of R, and Q'r */
  double *bend, *spare;               /* (k, k), (n + k) */
} ThLevenberg;

TH_CHECKED bool th_levenberg_init(ThContext *cx, const ThResiduals *f, ThLevenberg *out);
void th_levenberg_clear(ThLevenberg *w);

/* From x0 down until no step is seen to gain, or `steps` are done. `factor` times the size of x0 is the first step's
 * longest. *converged is false when it ended otherwise; then, as otherwise, x, r and norm are the best. */
TH_CHECKED bool th_levenberg_search(ThLevenberg *w, const double *x0, double factor, size_t steps,
                                    bool *converged);
/* Newton's method with the exact second derivatives from w->x, to the last digit that rounding leaves. *found is false
 * where the point is no minimum, or the Jacobian has not full rank. Afterwards jacobian, root and scale are those of
 * x, and bend (k, k) is M of the Hessian J'J + Σ r ∇²r = D R'(I + M)R D, D = diag(scale). */
TH_CHECKED bool th_levenberg_polish(ThLevenberg *w, bool *found);
/* (J'J + Σ r ∇²r)⁻¹ (k, k) after a polish; or (J'J)⁻¹. */
TH_CHECKED bool th_levenberg_covariance(ThLevenberg *w, bool expected, double *out);

#endif
