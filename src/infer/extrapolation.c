/* extrapolation.c - predictions beyond the data of a fit, which are said */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/extrapolation.h"

#include <math.h>

void th_note_outside(ThContext *cx, const char *name, ThInput seen, ThInput given) {
  double low = (double)INFINITY, high = -(double)INFINITY, first = 0;
  size_t outside = 0;
  for (size_t i = 0; i < seen.n; i++) {
    low = fmin(low, seen.x[i * seen.step]);
    high = fmax(high, seen.x[i * seen.step]);
  }
  for (size_t i = 0; i < given.n; i++) {
    double x = given.x[i * given.step];
    if (x >= low && x <= high) continue;
    if (outside++ == 0) first = x;
  }
  if (outside == 1) th_note(cx, "%s = %.6g lies outside the data (%.6g to %.6g)", name, first, low, high);
  if (outside > 1)
    th_note(cx, "%zu values of %s lie outside the data (%.6g to %.6g)", outside, name, low, high);
}
