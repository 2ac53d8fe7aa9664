/* loops.h - elementwise operators as loops over memory */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_LOOPS_H
#define TH_VAL_LOOPS_H

#include "val/broadcast.h"

/* The loop of an elementwise operator for operands of one element type, and the element type of its
 * result; NULL where the operator does not take that type. */
ThLoop th_operator_loop(ThOperator op, ThElement operands, ThElement *result);

/* x^y of complex numbers: by multiplication where y is a small whole number, so that 1i^2 is -1. */
double complex th_complex_multiply(double complex x, double complex y);

#endif
