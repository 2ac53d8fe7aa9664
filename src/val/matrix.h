/* matrix.h - inverses, and what is said of singular matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_MATRIX_H
#define TH_VAL_MATRIX_H

#include "num/linalg.h"
#include "val/array.h"

/* The inverse of a square matrix; for any other array an error that offers `\`. */
TH_CHECKED bool th_matrix_inverse(ThContext *cx, ThArray *matrix, ThValue *out);
/* The error "singular: rank 2 of 3" for a square matrix, which is operand `operand` (0-based), with what to
 * type instead of an inverse or a solution; returns false. */
bool th_fail_singular(ThContext *cx, size_t operand, const ThArray *a, bool inverse);
/* True when the report is good; a note when the system is nearly singular; the error above when it is so. */
TH_CHECKED bool th_check_solved(ThContext *cx, size_t operand, const ThArray *a, const ThSolveReport *report,
                                bool inverse);

#endif
