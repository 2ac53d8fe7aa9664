/* columns.h - columns of tables that answers are made of */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_COLUMNS_H
#define TH_INFER_COLUMNS_H

#include "val/array.h"
#include "val/basic.h"

/* Adds a column of that name; the vector or list of strings is taken, on failure too. NULL is a failure. */
TH_CHECKED bool th_columns_add_take(ThContext *cx, ThTable *table, const char *name, ThArray *numbers);
TH_CHECKED bool th_columns_add_texts_take(ThContext *cx, ThTable *table, const char *name, ThList *texts);
/* The same of numbers, one a row, `stride` apart. */
TH_CHECKED bool th_columns_add(ThContext *cx, ThTable *table, const char *name, const double *x,
                               size_t stride);

/* Appends the name of parameter j. */
typedef void ThNameOf(const void *self, size_t j, ThText *out);
/* A table with a row for each parameter: its name, then the numbers of cells (n_rows, n_columns) under the titles. */
TH_CHECKED bool th_columns_parameters(ThContext *cx, size_t n_rows, size_t n_columns,
                                      const char *const *titles, const double *cells, ThNameOf *name_of,
                                      const void *self, ThValue *out);

#endif
