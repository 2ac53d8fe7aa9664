/* objective.h - a function of n real numbers that is minimised or sampled: all that optimisers and samplers see */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_OBJECTIVE_H
#define TH_INFER_OBJECTIVE_H

#include "base/context.h"

/* How often each was asked: a joint evaluation counts as one value and one gradient; a product with the Hessian, or a
 * whole Hessian, as one hessian. */
typedef struct ThCalls {
  size_t value, gradient, hessian;
} ThCalls;

/* x, gradient, v and product have `dimension` numbers. Each function is false with an error record of cx when it
 * could not be computed (a mistake in the function, Ctrl-C). A value may be nan or infinite: the function is not
 * defined there. `self` belongs to the caller; two threads need an objective each. */
typedef struct ThObjective {
  size_t dimension;
  void *self;
  bool (*value)(ThContext *cx, void *self, const double *x, double *value);
  bool (*value_and_gradient)(ThContext *cx, void *self, const double *x, double *value, double *gradient);
  /* The Hessian at x times v; NULL when there is none. */
  bool (*hessian_vector)(ThContext *cx, void *self, const double *x, const double *v, double *product);
  ThCalls calls;
} ThObjective;

/* The same, counted. */
TH_CHECKED bool th_objective_value(ThContext *cx, ThObjective *f, const double *x, double *value);
TH_CHECKED bool th_objective_gradient(ThContext *cx, ThObjective *f, const double *x, double *value,
                                      double *gradient);
TH_CHECKED bool th_objective_product(ThContext *cx, ThObjective *f, const double *x, const double *v,
                                     double *product);
/* The whole Hessian, row after row, made symmetric, by `dimension` products; work has dimension numbers. */
TH_CHECKED bool th_objective_hessian(ThContext *cx, ThObjective *f, const double *x, double *work,
                                     double *hessian);

#endif
