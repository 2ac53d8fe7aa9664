/* cf.h - characteristic functions as values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_CF_H
#define TH_PROB_CF_H

#include <complex.h>

#include "val/value.h"

/* φ(k) = E e^(ikX), of a distribution or of data, or a product or power of others. Called with a number it is
 * complex, with an array an array. */
extern const ThKind th_cf_kind; /* "characteristic function" */

TH_CHECKED bool th_cf_of_distribution(ThContext *cx, ThValue d, ThValue *out);
/* (1/n) Σ e^(ik x_j) of a real array. */
TH_CHECKED bool th_cf_of_data(ThContext *cx, ThValue x, ThValue *out);
/* φ(k) at a number. */
TH_CHECKED bool th_cf_at(ThContext *cx, ThValue cf, double k, double complex *out);

#endif
