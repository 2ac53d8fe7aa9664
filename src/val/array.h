/* array.h - dense arrays of numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_ARRAY_H
#define TH_VAL_ARRAY_H

#include <complex.h>

#include "val/value.h"

enum { TH_MAX_RANK = 16 };

typedef enum ThElement { TH_BOOL, TH_DOUBLE, TH_COMPLEX } ThElement; /* in order of generality */

/* Row-major, dense, of any rank from 1 to TH_MAX_RANK. The data block may be longer than needed, so that
 * appending is cheap. A function that changes an array owns its only reference. */
typedef struct ThArray {
  ThObject object;
  ThElement element;
  uint32_t rank;
  size_t length;   /* the number of elements, the product of the shape */
  size_t capacity; /* elements that fit */
  union {
    void *data;
    double *real;
    double complex *complex_;
    uint8_t *bools; /* 0 or 1 */
  };
  size_t shape[]; /* rank numbers */
} ThArray;

extern const ThKind th_array_kind;

static inline bool th_is_array(ThValue v) { return th_is(v, &th_array_kind); }
static inline ThArray *th_as_array(ThValue v) { return (ThArray *)th_as_object(v); }

size_t th_element_size(ThElement element);
/* A new array, its elements undefined; NULL with an error when it does not fit into memory. */
TH_CHECKED ThArray *th_array_new(ThContext *cx, ThElement element, uint32_t rank, const size_t *shape);
TH_CHECKED ThArray *th_vector_new(ThContext *cx, ThElement element, size_t length);
TH_CHECKED ThArray *th_matrix_new(ThContext *cx, ThElement element, size_t rows, size_t cols);
/* A vector (n) or matrix of doubles copied from memory. */
TH_CHECKED bool th_vector_from(ThContext *cx, const double *x, size_t n, ThValue *out);
TH_CHECKED ThArray *th_array_copy(ThContext *cx, const ThArray *a);
/* The same elements under another shape of as many elements. */
TH_CHECKED ThArray *th_array_reshape(ThContext *cx, const ThArray *a, uint32_t rank, const size_t *shape);
/* a converted to `element`, when that is more general; else a itself, retained. */
TH_CHECKED ThArray *th_array_convert(ThContext *cx, ThArray *a, ThElement element);
/* Room for `length` elements, growing by half at least; the shape stays. */
TH_CHECKED bool th_array_reserve(ThContext *cx, ThArray *a, size_t length);
/* A vector of the only owner gets a length within its capacity, and the rest of its memory goes back. */
void th_vector_trim(ThContext *cx, ThArray *a, size_t length);
/* Element i as a value: a number, bool or complex. */
TH_CHECKED bool th_array_get(ThContext *cx, const ThArray *a, size_t i, ThValue *out);
double th_array_real(const ThArray *a, size_t i); /* of a bool or double array */
double complex th_array_complex(const ThArray *a, size_t i);
bool th_same_shape(const ThArray *a, const ThArray *b);
bool th_same_dimensions(uint32_t rank_a, const size_t *a, uint32_t rank_b, const size_t *b);
/* "(3, 2)" for messages. */
const char *th_shape_text(uint32_t rank, const size_t *shape, char *buffer, size_t size);

/* Any of number, bool, complex, array, range, estimate, as an array: scalars become a vector of one with
 * *scalar = true. Else a type error that names `what`. The result is owned. */
TH_CHECKED bool th_to_array(ThContext *cx, ThValue v, const char *what, bool *scalar, ThArray **out);
/* The same, converted to doubles (complex refused). */
TH_CHECKED bool th_to_real_array(ThContext *cx, ThValue v, const char *what, bool *scalar, ThArray **out);
/* Array or scalar back into a value: a vector of one becomes its element when `scalar`. Takes `a`. */
TH_CHECKED bool th_from_array_take(ThContext *cx, ThArray *a, bool scalar, ThValue *out);

/* [a, b, …]: equal shapes stack along a new first axis, scalars make a vector, anything else a list. */
TH_CHECKED bool th_stack(ThContext *cx, const ThValue *items, size_t n, ThValue *out);

#endif
