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
static inline bool th_composite_measure(ThContext *cx, const ThDistribution *d, const double *p,
                                        ThMeasure what, double x, double *out) {
  return th_distribution_measure(cx, th_composite_inner(d), th_composite_index(p), what, x, out);
}
/* A row's `element`. */
TH_CHECKED bool th_composite_element(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out);

/* A row's `format`: "Truncated(Normal(μ = 0, σ = 1), lower = 0)"; parameters that have their default are left out. */
TH_CHECKED bool th_composite_format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out);
/* A row's `image` where the numbers are bounds: those of parameter 0 scaled and shifted. */
TH_CHECKED bool th_composite_image(ThContext *cx, const ThDistribution *d, double scale, double shift,
                                   ThValue *out);
/* Every element's bounds p[1] and p[2] are numbers, and the lower one is below the upper, or at it where `equal`. */
TH_CHECKED bool th_composite_check_bounds(ThContext *cx, const ThDistribution *d, bool equal);
/* Of n ascending values, a block, those in [a, b] as a block of their own. */
TH_CHECKED bool th_composite_keep(ThContext *cx, double a, double b, double **values, size_t *n);

#endif
