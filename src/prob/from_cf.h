/* from_cf.h - the distribution that has a characteristic function */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_FROM_CF_H
#define TH_PROB_FROM_CF_H

#include "prob/distribution.h"

extern const ThFamily th_family_from_cf;

/* f: a characteristic function, or a function k -> complex, of a number or of an array. Errors: φ(0) ≠ 1, |φ(k)| > 1,
 * φ(-k) no conjugate of φ(k), a φ that does not fall off, a negative density; each names the k or the x. */
TH_CHECKED bool th_from_cf(ThContext *cx, ThValue f, ThValue *out);

#endif
