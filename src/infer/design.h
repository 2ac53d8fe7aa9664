/* design.h - the matrix of a regression: columns from the terms of a formula, or given */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_DESIGN_H
#define TH_INFER_DESIGN_H

#include "lang/formula.h"
#include "val/array.h"

/* A term is a number, a vector, a matrix (several columns), or strings: a factor, which has a column of 0 and 1 for
 * each level but the first in alphabetical order; for each level when there is no intercept and no factor before it. */
typedef struct ThDesign {
  size_t n, k;    /* rows, columns */
  bool intercept; /* a column of ones comes first */
  bool scalar;    /* no term had more than one row by itself */
  ThValue matrix; /* an array (n, k) */
  ThValue names;  /* a list of k strings: "intercept", "x^2", "g = b" */
  ThValue levels; /* a list, for each term the list of its levels, or none */
} ThDesign;

/* The columns of a formula's terms, for n rows, or as many as the terms have (n = SIZE_MAX). `levels` are those of an
 * earlier design, whose columns these shall be; or none. An error for lengths that differ, text among the numbers, a
 * level that is not known, nan. */
TH_CHECKED bool th_design_from_formula(ThContext *cx, const ThFormula *formula, const ThFormulaData *data,
                                       size_t n, ThValue levels, ThDesign *out);
/* From a matrix (n, k), or a vector as one column. Names are β[1], … */
TH_CHECKED bool th_design_from_matrix(ThContext *cx, ThArray *x, ThDesign *out);
void th_design_clear(ThDesign *design);
static inline const double *th_design_numbers(const ThDesign *d) { return th_as_array(d->matrix)->real; }
/* The name of a column. */
const char *th_design_name(const ThDesign *design, size_t j);

/* "y[3] is nan" as an error; `what` is the name of x. */
TH_CHECKED bool th_design_check_finite(ThContext *cx, const char *what, const ThArray *x);
/* "2*x - z": a combination of columns, the largest weight 1; those below 1e-6 are left out. */
void th_design_combination(ThValue names, const double *weights, ThText *out);
/* The error that the columns are collinear, which `flat` shows; `least_norm`: linreg has a solution. */
bool th_design_fail_collinear(ThContext *cx, ThValue names, const double *flat, bool least_norm);

#endif
