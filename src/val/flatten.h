/* flatten.h - a number, array, or record or list of those as one vector of numbers, and back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_FLATTEN_H
#define TH_VAL_FLATTEN_H

#include "val/array.h"
#include "val/basic.h"

/* The form of a value: which numbers stand where. Leaves (val/leaves.h) lie one after another, arrays row after row. */
typedef struct ThFlatten {
  size_t n;        /* numbers in all */
  ThValue pattern; /* a value of this form, its numbers doubles; owned */
} ThFlatten;

/* Reads the form of v, which is called `name`; a type error names the place ("`x0.rate` is a string") where something
 * else than real numbers stands. */
TH_CHECKED bool th_flatten_init(ThContext *cx, ThValue v, const char *name, ThFlatten *out);
void th_flatten_clear(ThFlatten *form);
/* The numbers of a value of this form; false in *same when it has another one. */
TH_CHECKED bool th_flatten_read(ThContext *cx, const ThFlatten *form, ThValue v, double *x, bool *same);
/* Has a value this form? */
bool th_flatten_fits(const ThFlatten *form, ThValue v);
/* The numbers of limits: v may be one number for all, and a record may leave fields out, which get `other`. */
TH_CHECKED bool th_flatten_spread(ThContext *cx, const ThFlatten *form, ThValue v, double other, double *x,
                                  bool *fits);
/* The value with the numbers x; owned. */
TH_CHECKED bool th_flatten_build(ThContext *cx, const ThFlatten *form, const double *x, ThValue *out);
/* Appends what number j is called: "x0[2]", "θ.W[1, 2]", "θ.a". */
void th_flatten_name(const ThFlatten *form, const char *name, size_t j, ThText *out);

#endif
