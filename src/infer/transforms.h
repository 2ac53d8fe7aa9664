/* transforms.h - parameters as coordinates without bounds, with the volume that they take */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_TRANSFORMS_H
#define TH_INFER_TRANSFORMS_H

#include "infer/strategy.h"
#include "infer/target.h"

/* A stretch of parameters that goes over to coordinates together. */
typedef enum ThCoordinates {
  TH_COORDINATES_REAL,        /* x = u */
  TH_COORDINATES_ABOVE,       /* x = lower + e^u */
  TH_COORDINATES_BELOW,       /* x = upper - e^u */
  TH_COORDINATES_BETWEEN,     /* x = lower + (upper - lower) sigmoid(u) */
  TH_COORDINATES_SHARES,      /* n shares that sum to 1, by n - 1 breaks of a stick */
  TH_COORDINATES_CORRELATIONS /* n correlations, by canonical partial ones (num/correlations.h) */
} ThCoordinates;

typedef struct ThTransform {
  ThCoordinates what;
  size_t n; /* parameters */
  size_t first_x, first_u;
  double lower, upper;
} ThTransform;

typedef struct ThTransforms {
  ThContext *cx;
  size_t k, d; /* parameters, coordinates */
  size_t n;
  ThTransform *items; /* (k) room */
} ThTransforms;

/* TH_DECLINED for a parameter that takes separate values. */
TH_CHECKED ThAttempt th_transforms_check(const ThRecording *r, ThReason *why);
/* The supports come from priors and from `in (lower, upper)`. TH_DECLINED for a parameter that takes separate
 * values. */
TH_CHECKED ThAttempt th_transforms_init(const ThTarget *target, ThTransforms *out, ThReason *why);
void th_transforms_clear(ThTransforms *t);
/* x (k) of u (d), and the log of |∂x/∂u|. */
void th_transforms_forward(const ThTransforms *t, const double *u, double *x, double *log_jacobian);
/* The gradient by u of L(x(u)) + sign·log|∂x/∂u| from that of L by x. x is the point of u. */
void th_transforms_pull(const ThTransforms *t, const double *u, const double *x, const double *by_x,
                        double sign, double *by_u);
/* u of x; false when x lies outside, or at an end. */
bool th_transforms_back(const ThTransforms *t, const double *x, double *u);

#endif
