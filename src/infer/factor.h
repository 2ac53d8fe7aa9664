/* factor.h - strings as levels, and columns of 0 and 1 for them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_FACTOR_H
#define TH_INFER_FACTOR_H

#include "val/basic.h"

/* The different strings of a list, in alphabetical order: a list. */
TH_CHECKED bool th_factor_levels(ThContext *cx, ThValue strings, ThValue *out);
const char *th_factor_level(ThValue levels, size_t i);
/* The place of a string among the levels, or SIZE_MAX. */
size_t th_factor_find(ThValue levels, ThValue string);
/* Columns for the levels from `first` on, into n rows of `stride` doubles. `strings` is a list of n, or one string for
 * all rows; an error for one that is no level, where `name` is what the strings are called. */
TH_CHECKED bool th_factor_write(ThContext *cx, const char *name, ThValue strings, ThValue levels,
                                size_t first, size_t n, size_t stride, double *out);

#endif
