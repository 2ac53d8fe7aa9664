/* composite.h - distributions made of another one and of numbers: affine images, truncations, censorings */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_COMPOSITE_H
#define TH_PROB_COMPOSITE_H

#include "prob/distribution.h"

/* Parameter 0 is a distribution, of several elements perhaps; the others are numbers or arrays. All broadcast. An
 * element's doubles in d->p are the number of its element of parameter 0, then the other parameters, then room for what
 * the family computes: `stride` doubles in all. Fails when parameter 0 is no distribution. */
TH_CHECKED bool th_composite_build(ThContext *cx, ThDistribution *d, size_t stride);
/* Parameter 0, and which of its elements belongs to the doubles p. */
static inline const ThDistribution *th_composite_inner(const ThDistribution *d) {
  return th_as_distribution(d->parameters[0]);
}
static inline size_t th_composite_index(const double *p) { return (size_t)p[0]; }
/* A row's `element`. */
TH_CHECKED bool th_composite_element(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out);

#endif
