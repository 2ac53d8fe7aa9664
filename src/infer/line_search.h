/* line_search.h - how far to go along a direction: the conditions of Wolfe */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LINE_SEARCH_H
#define TH_INFER_LINE_SEARCH_H

#include "infer/objective.h"

typedef enum ThLineEnd {
  TH_LINE_FOUND,    /* `at` fulfils the conditions, or is the lowest point that rounding lets it see */
  TH_LINE_FLOOR,    /* no point is seen to be lower */
  TH_LINE_UNBOUNDED /* it goes down as far as it may go; `at` is the last point */
} ThLineEnd;

/* x, direction, at, gradient have f->dimension numbers. */
typedef struct ThLine {
  ThObjective *f;
  const double *x, *direction;
  double value, slope; /* at x, along the direction: slope < 0 */
  double first;        /* the step to try first */
  double *at, *gradient;
  double at_value, at_slope, step; /* of the end */
} ThLine;

/* Looks for a step t with
 *   f(t) <= f(0) + 1e-4 t f'(0)   and   |f'(t)| <= 0.9 |f'(0)|
 * (strong Wolfe), or, where the values differ by rounding alone, with
 *   0.9 f'(0) <= f'(t) <= -0.9998 f'(0)
 * (approximate Wolfe). Where f is not defined the step is cut back. */
TH_CHECKED bool th_line_search(ThContext *cx, ThLine *line, ThLineEnd *end);

#endif
