/* arithmetic.h - what the files behind th_binary and th_unary share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_ARITHMETIC_H
#define TH_VAL_ARITHMETIC_H

#include "val/array.h"
#include "val/value.h"

/* The type error of an operator and operands it does not take; returns false. */
bool th_fail_operands(ThContext *cx, ThOperator op, ThValue a, ThValue b);
bool th_fail_operand(ThContext *cx, ThOperator op, ThValue a);
/* The shape error of two arrays that do not broadcast; returns false. */
bool th_fail_shapes(ThContext *cx, ThOperator op, const ThArray *a, const ThArray *b);
/* "`X`", quoted, when the source text of operand `index` is known, else `fallback`. */
const char *th_operand_name(ThContext *cx, size_t index, const char *fallback, char *buffer, size_t size);

/* == and != as one bool, for operands that are not arrays. */
TH_CHECKED bool th_equality(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThValue *out);

/* Is this a list of strings compared with a string, or looked for in a list of strings? Then the result is a mask. */
bool th_compares_strings(ThOperator op, ThValue a, ThValue b);
TH_CHECKED bool th_compare_strings(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThValue *out);

/* The operators that are not elementwise. `a`, `b` are numbers, bools, complex numbers or arrays. */
TH_CHECKED bool th_matrix_product(ThContext *cx, ThValue a, ThValue b, ThValue *out);
TH_CHECKED bool th_solve(ThContext *cx, ThValue a, ThValue b, ThValue *out);
TH_CHECKED bool th_inverse(ThContext *cx, ThValue a, ThValue *out);
TH_CHECKED bool th_transpose(ThContext *cx, ThValue a, ThValue *out);
TH_CHECKED bool th_member(ThContext *cx, ThValue x, ThValue set, ThValue *out);

double th_power(double x, double y);
double complex th_complex_power(double complex x, double complex y);

#endif
