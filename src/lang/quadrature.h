/* quadrature.h - the integral of a function of the language, for `integrate` and for its derivative */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_QUADRATURE_H
#define TH_LANG_QUADRATURE_H

#include "lang/points.h"
#include "num/integral.h"

typedef struct ThQuadrature {
  double a, b, tolerance;
  ThIntegralPanel panel; /* NULL, or what gets the panels; its `self` is the ThPoints of the function */
  ThIntegralResult result;
  double *value; /* as many as a value of the function has: owned */
  size_t width;
} ThQuadrature;

extern const char th_quadrature_what[]; /* ThPoints.what */

/* Tries f at a few points and integrates it. Fails when f does; what the integral is worth the result says. To be
 * cleared also after failure. */
TH_CHECKED bool th_quadrature_find(ThContext *cx, ThPoints *f, ThQuadrature *q);
void th_quadrature_clear(ThContext *cx, ThQuadrature *q);

#endif
