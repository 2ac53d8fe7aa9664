/* root_bracket.h - two points between which a function changes sign */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_ROOT_BRACKET_H
#define TH_NUM_ROOT_BRACKET_H

#include "num/root.h"

typedef struct ThBracket {
  bool found;  /* the values at a and b have different signs, or one is 0 */
  double a, b; /* a < b; not found: how far was looked */
  double f_a, f_b;
} ThBracket;

/* Outwards from x in steps that grow, both ways in turn, until the sign is another than at x. Where f is NaN, or not
 * finite, that way ends. */
TH_CHECKED bool th_root_bracket_around(ThContext *cx, ThRootFunction f, void *self, double x, ThBracket *out);
/* Between limits of which one or both are infinite: at distances from the finite one, or 0, that double. */
TH_CHECKED bool th_root_bracket_infinite(ThContext *cx, ThRootFunction f, void *self, double a, double b,
                                         ThBracket *out);
/* Between two finite limits, at 64 steps. */
TH_CHECKED bool th_root_bracket_inside(ThContext *cx, ThRootFunction f, void *self, double a, double b,
                                       ThBracket *out);

#endif
