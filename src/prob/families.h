/* families.h - what the files of family rows share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_FAMILIES_H
#define TH_PROB_FAMILIES_H

#include "prob/distribution.h"
#include "prob/distribution_kind.h"

/* construct.c: the body of every constructor. */
bool th_family_construct(ThContext *cx, const ThCall *call, ThValue *out);

/* table_math.c: distributions on finitely many values. p holds n, then n values ascending, n masses, n sums
 * from below (P(X <= x_i)), n sums from above (P(X > x_i)). */
extern const ThFamilyMath th_table_math;
/* Fills d->p from n values in any order and n weights, not all 0; equal values become one. */
TH_CHECKED bool th_table_fill(ThContext *cx, ThDistribution *d, const double *values, const double *weights,
                              size_t n);
/* The same, every value with weight 1: quicker. */
TH_CHECKED bool th_table_fill_equal(ThContext *cx, ThDistribution *d, const double *values, size_t n);
TH_CHECKED bool th_table_outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most,
                                  double **values, size_t *n);
/* families_table.c: parameter j as a vector of finite doubles, owned; and weights checked: none negative, not all 0. */
TH_CHECKED bool th_table_vector(ThContext *cx, const ThDistribution *d, int j, ThArray **out);
TH_CHECKED bool th_table_check_weights(ThContext *cx, const ThDistribution *d, const ThArray *weights);
extern const ThFamilyMath th_discrete_uniform_math; /* a <= b whole */

/* simulation.c: is it known only by its draws, since its outcomes are too many or continuous? */
bool th_simulation_is_drawn(const ThDistribution *d);
/* families_continuous.c: a, b = p[0], p[1] with a < b, or the error says so; its hint exchanges them in a call of
 * the name, whose further arguments are `rest` (", 2"). */
TH_CHECKED bool th_family_check_interval(ThContext *cx, const char *name, const double *p, const char *rest);

/* What most continuous families can be asked, for the rows' see-also. */
#define TH_FAMILY_MEASURES "pdf cdf quantile sample mean sd cf plot"

#define TH_FAMILY_SECTION "distributions"

#endif
