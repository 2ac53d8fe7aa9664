/* linear.h - is an expression linear in some random variables, and with which coefficients */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_LINEAR_H
#define TH_PROB_LINEAR_H

#include "prob/variable.h"

/* value = constant + Σ_j coefficients[:, j] * variables[j], of `length` elements (rank 0: one number); a matrix row by
 * row. */
typedef struct ThLinear {
  ThContext *cx;
  size_t n_variables;
  const ThVariable *const *variables; /* the caller's, borrowed */
  uint32_t rank;                      /* 0 or 1 */
  size_t length;                      /* 1 for rank 0 */
  double *constant;                   /* (length) */
  double *coefficients;               /* (length, n_variables) */
} ThLinear;

/* Reads the form of `value`: a number, vector, matrix, variable, or array of variables built from the given
 * declared variables by + - * / @ with constants, sum, mean, indexing, choice never. *linear is false, and
 * `out` untouched, when it is not linear in them (or hangs on others). A failure is one of memory. */
TH_CHECKED bool th_linear_read(ThContext *cx, ThValue value, const ThVariable *const *variables,
                               size_t n_variables, ThLinear *out, bool *linear);
void th_linear_clear(ThLinear *form);

#endif
