/* inversion.h - from a characteristic function to density and distribution function */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_INVERSION_H
#define TH_NUM_INVERSION_H

#include "num/fourier_panels.h"

/* φ(-k) is taken to be the conjugate of φ(k): φ is asked for k >= 0 only. */
typedef enum ThInversionKind {
  TH_INVERSION_POINT,     /* |φ| is 1 everywhere: the value `center` is certain */
  TH_INVERSION_LATTICE,   /* |φ| is periodic: values first + j span, 0 <= j < n, with masses */
  TH_INVERSION_TRAPEZIUM, /* smooth density with light tails */
  TH_INVERSION_PANELS     /* heavy tails, jumps, poles */
} ThInversionKind;

typedef struct ThInversion {
  ThInversionKind kind;
  double center, scale; /* where the mass is, and roughly how wide */
  /* Lattice. */
  double first, span;
  double *masses;
  /* Trapezium: φ at the nodes j step, and (j + 1/2) step, j < n; the density is nothing beyond center ± reach. */
  double step, reach;
  double *nodes; /* (6, n): k, re, im for the density; k, re, im for the distribution function */
  size_t n;      /* of either */
  /* Panels: of φ, and of (φ - e^(-scale k))/k, both without their phase at the center. */
  ThFourierPanels density, difference;
  double cutoff;               /* φ beyond this k is nothing, or was left out */
  double pdf_error, cdf_error; /* absolute */
} ThInversion;

typedef enum ThInversionFault {
  TH_INVERSION_FINE,
  TH_INVERSION_NO_DECAY,
  TH_INVERSION_NOT_A_NUMBER
} ThInversionFault;

/* Reads φ, recognises its kind, prepares. `fault` says why there is nothing to invert: *at is the k. Fails when φ
 * fails, for want of memory, when interrupted. */
TH_CHECKED bool th_inversion_init(ThContext *cx, ThFourierFunction phi, void *self, ThInversion *out,
                                  ThInversionFault *fault, double *at);
void th_inversion_clear(ThHeap *heap, ThInversion *inversion);

/* The density at n points (trapezium and panels). Real noise below pdf_error is 0; nothing else is touched: a φ that
 * belongs to no distribution may give negative values. */
TH_CHECKED bool th_inversion_pdf(ThContext *cx, const ThInversion *v, size_t n, const double *x, double *y);
/* P(X <= x), and P(X > x) when `upper`. */
TH_CHECKED bool th_inversion_cdf(ThContext *cx, const ThInversion *v, bool upper, size_t n, const double *x,
                                 double *y);

/* The first four cumulants from φ near 0, each with its error: NaN where one does not exist, inf for a variance that
 * diverges. */
TH_CHECKED bool th_inversion_cumulants(ThContext *cx, ThFourierFunction phi, void *self, const ThInversion *v,
                                       double cumulants[5], double errors[5]);

#endif
