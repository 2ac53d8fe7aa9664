/* extrapolation.h - predictions beyond the data of a fit, which are said */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_EXTRAPOLATION_H
#define TH_INFER_EXTRAPOLATION_H

#include "base/context.h"

/* Numbers of one input: n of them, `step` doubles apart. */
typedef struct ThInput {
  const double *x;
  size_t n, step;
} ThInput;

/* Notes the new values of the input `name` that lie outside the ones that a fit has seen. */
void th_note_outside(ThContext *cx, const char *name, ThInput seen, ThInput given);

#endif
