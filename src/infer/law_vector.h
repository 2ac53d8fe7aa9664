/* law_vector.h - laws of vectors and matrices in a model: MvNormal, Dirichlet, Multinomial, Wishart */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LAW_VECTOR_H
#define TH_INFER_LAW_VECTOR_H

#include "infer/law.h"
#include "prob/joint.h"

/* `name ~ law` with data: one outcome, or several by rows. */
TH_CHECKED bool th_law_vector_check(ThContext *cx, const ThSymbol *name, ThValue data, ThValue law);
/* Σ log density over the outcomes, with their weights or NULL; means and standard deviations of the n numbers of all
 * outcomes (either may be NULL); one outcome drawn. */
TH_CHECKED bool th_law_vector_log_density(ThContext *cx, ThValue data, const ThDistribution *d,
                                          const ThArray *weights, double *out);
TH_CHECKED bool th_law_vector_moments(ThContext *cx, const ThDistribution *d, size_t n, double *mean,
                                      double *sd);
TH_CHECKED bool th_law_vector_draw(ThContext *cx, const ThDistribution *d, ThValue *out);

#endif
