/* density.h - what the tests of probability families share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_TESTS_DENSITY_H
#define TH_TESTS_DENSITY_H

#include "num/density.h"

/* The value of a quantity by its name in the table of references; NaN for an unknown name. */
double unit_density_quantity(const ThFamilyMath *f, const char *quantity, double x, const double *p);
/* |got - want|/|want|, 0 for equal ones (infinities too), inf where that makes no sense. */
double unit_relative_error(double got, double want);
/* Asserts what a family gives at infinite arguments and outside its support; and that a missing argument or parameter
 * gives NaN. p has room for TH_MAX_PARAMETERS. */
void unit_density_edges(const ThFamilyMath *f, const double *p);
void unit_density_missing(const ThFamilyMath *f, const double *p);

#endif
