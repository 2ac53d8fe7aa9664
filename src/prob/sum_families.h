/* sum_families.h - families that sums of independent variables stay in */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_SUM_FAMILIES_H
#define TH_PROB_SUM_FAMILIES_H

#include "prob/distribution.h"

/* X + Y of independent X ~ a and Y ~ b, when it has a family: then *out is owned and *what names the terms
 * ("gammas"). */
TH_CHECKED bool th_sum_in_family(ThContext *cx, ThValue a, ThValue b, ThValue *out, const char **what,
                                 bool *found);

#endif
