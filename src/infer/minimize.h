/* minimize.h - a descent on a function of Theta, from the question to its result */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_MINIMIZE_H
#define TH_INFER_MINIMIZE_H

#include "infer/minimum.h"

/* What is asked. */
typedef struct ThMinimizing {
  ThValue function; /* borrowed, as all values but the form's */
  char name[64];    /* of the function, for messages */
  ThFlatten form;
  double *x, *lower, *upper; /* (n) each, of one block; the bounds may be infinite */
  bool bounded;
  const ThOptimiser *method;
  ThDescentOptions options;
  ThValue callback; /* a function, or unset */
} ThMinimizing;

/* Room for the numbers of a form, which is taken over; the bounds are infinite. */
TH_CHECKED bool th_minimizing_init(ThContext *cx, ThMinimizing *q, ThFlatten form);
void th_minimizing_clear(ThContext *cx, ThMinimizing *q);

/* The result, a minimum: owned. Draws a progress line when it lasts. */
TH_CHECKED bool th_minimize(ThContext *cx, const ThMinimizing *q, ThValue *out);

#endif
