/* broadcast.h - running a loop over two arrays of different shapes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_BROADCAST_H
#define TH_VAL_BROADCAST_H

#include "val/array.h"

/* out[i] from a[i*a_step] and b[i*b_step], i < n; steps are 0 or 1, in elements of the loop's own types.
 * `self` is what the caller gave to th_broadcast_run. */
typedef void (*ThLoop)(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                       const void *self);

/* How two shapes meet: shapes are aligned at their last axes, and an axis of length 1, or one that is
 * missing, is repeated (NumPy's rule). Neighbouring axes along which both operands behave alike are
 * merged. */
typedef struct ThBroadcast {
  uint32_t rank; /* of the result; 0 when both are scalars */
  size_t shape[TH_MAX_RANK];
  size_t length;
  uint32_t n_axes; /* after merging */
  size_t counts[TH_MAX_RANK], a_steps[TH_MAX_RANK], b_steps[TH_MAX_RANK];
} ThBroadcast;

/* False, without an error record, when the shapes do not fit, or when they are (n) and (n, 1), n > 1. */
bool th_broadcast(uint32_t rank_a, const size_t *shape_a, uint32_t rank_b, const size_t *shape_b,
                  ThBroadcast *out);
/* (n) and (n, 1), n > 1: allowed by the rule, but hardly ever meant. */
bool th_is_column_mismatch(uint32_t rank_a, const size_t *shape_a, uint32_t rank_b, const size_t *shape_b);

/* Runs the loop; sizes are those of an element. Polls for interruption. */
TH_CHECKED bool th_broadcast_run(ThContext *cx, const ThBroadcast *plan, ThLoop loop, const void *a,
                                 size_t a_size, const void *b, size_t b_size, void *out, size_t out_size,
                                 const void *self);

/* a repeated to a shape that it fits; a itself, retained, when it has that shape. NULL with an error. */
TH_CHECKED ThArray *th_broadcast_to(ThContext *cx, ThArray *a, uint32_t rank, const size_t *shape);

/* One operand of an elementwise operation: an array's data, or a scalar held inside. */
typedef struct ThOperand {
  const void *data;
  ThElement element;
  uint32_t rank; /* 0 for a scalar */
  const size_t *shape;
  ThArray *array; /* the array that was given, borrowed, or NULL */
  ThArray *owned; /* its conversion, or NULL */
  union {
    double real;
    double complex complex_;
    uint8_t boolean;
  } scalar;
} ThOperand;

/* bool, double or complex for a number, bool, complex number or array; false for other values. */
bool th_element_of(ThValue v, ThElement *out);
/* v, for which th_element_of holds, as `element`, at least as general as its own; the operand must not be
 * moved. */
TH_CHECKED bool th_operand_init(ThContext *cx, ThOperand *operand, ThValue v, ThElement element);
void th_operand_clear(ThOperand *operand);

/* f over two broadcast real arguments: a number for two scalars, else an array. */
TH_CHECKED bool th_map_pair(ThContext *cx, ThValue a, ThValue b, double (*f)(double, double),
                            const char *name, ThValue *out);
/* The same by a loop on doubles. */
TH_CHECKED bool th_loop_pair(ThContext *cx, ThValue a, ThValue b, ThLoop loop, const char *name,
                             ThValue *out);

#endif
