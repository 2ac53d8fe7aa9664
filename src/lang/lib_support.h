/* lib_support.h - what many built-ins share: axes, shapes, lists of arguments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LIB_SUPPORT_H
#define TH_LANG_LIB_SUPPORT_H

#include "lang/builtin.h"
#include "lang/libs.h"
#include "num/kernels.h"

/* An array seen along one axis: outer × n × inner elements, of which the n in the middle are worked on. When
 * no axis was given, all elements are. */
typedef struct ThAxis {
  size_t outer, n, inner;
  bool all;      /* no axis: the result is one number */
  uint32_t axis; /* 0-based, when not all */
  uint32_t rank; /* shape of a reduction's result; rank 0 is a number */
  size_t shape[TH_MAX_RANK];
} ThAxis;

/* Reads an `axis` argument (1-based, or none) for an array; `keep` leaves the axis with length 1. */
TH_CHECKED bool th_axis_init(ThContext *cx, const ThArray *a, ThValue axis, bool keep, ThAxis *out);
/* The same, with axis 1 when none was given: for functions that keep the shape. */
TH_CHECKED bool th_axis_first(ThContext *cx, const ThArray *a, ThValue axis, ThAxis *out);

/* One number from n; `self` is the caller's. False with an error record. */
typedef bool (*ThReducer)(ThContext *cx, size_t n, const double *x, const void *self, double *out);
/* Reduces a real array along an axis; a number when nothing is left of the shape. */
TH_CHECKED bool th_reduce(ThContext *cx, const ThArray *a, const ThAxis *axis, ThReducer f, const void *self,
                          ThValue *out);
/* Replaces the n numbers along the axis by m others: y has m, and is not x. */
typedef bool (*ThTransformer)(ThContext *cx, size_t n, const double *x, const void *self, double *y);
TH_CHECKED bool th_transform(ThContext *cx, const ThArray *a, const ThAxis *axis, size_t m, ThTransformer f,
                             const void *self, ThValue *out);

/* The stable order of n things, by merging: order[k] is the k-th. `order` has 2 n places, the second half for work.
 * False when interrupted. */
typedef bool (*ThBefore)(const void *self, size_t i, size_t j);
TH_CHECKED bool th_stable_order(ThContext *cx, size_t n, ThBefore before, const void *self, size_t *order);

/* Is v a number, array, range or estimate (real or complex)? */
bool th_is_numeric(ThValue v);
/* Is v a complex number, or an array of them? */
bool th_is_complex_valued(ThValue v);
/* An argument as an array of doubles, owned. Complex numbers are a type error in the name of the built-in. */
TH_CHECKED bool th_arg_real_array(ThContext *cx, const ThCall *call, size_t i, bool *scalar, ThArray **out);

/* f of the first argument, a real number or, element by element, an array; by the kernel where there is one, which is
 * handed two arrays. */
TH_CHECKED bool th_map_real(ThContext *cx, const ThCall *call, double (*f)(double), ThKernelUnary kernel,
                            ThValue *out);

/* Reads a shape out of arguments: whole numbers, or one vector of them. One number of -1 is allowed when
 * `length` is not SIZE_MAX, and stands for what is missing to `length` elements. */
TH_CHECKED bool th_read_shape(ThContext *cx, const ThValue *values, size_t n, size_t length, uint32_t *rank,
                              size_t *shape);

/* A record out of `n` names and arrays; takes the arrays, of which any may be NULL: then it fails. */
TH_CHECKED bool th_give_record(ThContext *cx, size_t n, const char *const *names, ThArray *const *arrays,
                               ThValue *out);

/* The end of a body whose loop left off when an interruption was due: a, taken (NULL has failed), is the result, or
 * it fails. */
TH_CHECKED bool th_give_unless_due(ThContext *cx, ThArray *a, ThValue *out);

/* The end of a body: the value, taken, as the result. */
static inline bool th_give(ThArray *a, ThValue *out) {
  if (a) *out = th_object(a);
  return a != NULL;
}

#endif
