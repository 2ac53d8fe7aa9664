/* steps.h - how a search for a maximum went */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_STEPS_H
#define TH_INFER_STEPS_H

#include "infer/layout.h"

/* A row for every step, the first for the start: the log density, the norm of its gradient in the coordinates of the
 * search, and the k elements. */
typedef struct ThSteps {
  ThContext *cx;
  size_t n, capacity, k;
  double *rows; /* (n, k + 2) */
} ThSteps;

static inline ThSteps th_steps_none(ThContext *cx, size_t k) { return (ThSteps){.cx = cx, .k = k}; }
void th_steps_clear(ThSteps *s);
/* The next row. x may be NULL; it is then to be filled by the caller, who gets its place. NULL: no memory. */
TH_CHECKED double *th_steps_add(ThSteps *s, double log_density, double gradient, const double *x);
/* A table: step, `value` (the name of the log density), gradient, and a column for each element. */
TH_CHECKED bool th_steps_table(const ThSteps *s, const ThLayout *layout, const char *value, ThValue *out);

#endif
