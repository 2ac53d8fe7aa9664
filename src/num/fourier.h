/* fourier.h - ∫ f(x) e^(ikx) dx of a density, for many k */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_FOURIER_H
#define TH_NUM_FOURIER_H

#include "num/fourier_panels.h"

/* A density f on [lower, upper] (either may be infinite); `guide` are points in ascending order, two at least, between
 * and around which it has its mass: quantiles, say. Only the real part of f counts. */
typedef struct ThFourierDensity {
  ThFourierFunction f;
  void *self;
  double lower, upper;
  const double *guide;
  size_t n_guide;
} ThFourierDensity;

typedef struct ThFourierAnswer {
  const char *method; /* "trapezium" or "Filon-Legendre" */
  size_t evaluations;
  double error; /* of each value */
  double mass;  /* the same rule's ∫ f */
  bool converged;
} ThFourierAnswer;

/* z[l] = ∫ f e^(ik_l x) dx, l < n. An f that is smooth and falls to nothing at both ends goes by the trapezium rule,
 * whose error falls faster than any power of the step (Trefethen and Weideman 2014): the nodes are doubled until
 * nothing changes. Any other is cut into pieces of polynomials (fourier_panels.h), which takes jumps, poles and heavy
 * tails, and any k. Fails when f fails, for want of memory, when interrupted. */
TH_CHECKED bool th_fourier_transform(ThContext *cx, const ThFourierDensity *density, size_t n,
                                     const double *k, double complex *z, ThFourierAnswer *out);

#endif
