/* score.h - derivatives of a log density, and the information they carry */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_SCORE_H
#define TH_PROB_SCORE_H

#include "prob/distribution.h"

/* The Fisher information of one observation, a matrix in the order of the parameters (of several
 * distributions, one each): closed where the family knows it, else E[∂i log p · ∂j log p] by quadrature or a
 * sum. NaN in the rows of whole-number parameters and of those that move the support; an error when nothing
 * else is left, or when the distribution has no parameters of this kind. */
TH_CHECKED bool th_score_fisher(ThContext *cx, ThValue d, ThValue *out);
/* The same of one distribution with one parameter, with method and error. */
TH_CHECKED bool th_score_find_fisher(ThContext *cx, ThValue d, ThFinding *out);

/* d log p/dx at points, or the derivatives by the parameters, in their order along a last axis (none where
 * there is one parameter). 0 outside the support. */
TH_CHECKED bool th_score_at(ThContext *cx, const ThDistribution *d, ThValue x, bool parameters, ThValue *out);

/* The argument `wrt` of score, unset for "x": by the parameters, or by x? Anything else is an error. */
TH_CHECKED bool th_score_read_wrt(ThContext *cx, ThValue wrt, bool *parameters);

#endif
