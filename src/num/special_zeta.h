/* special_zeta.h - the coefficients of Euler and Maclaurin's formula, for zeta functions and their derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_SPECIAL_ZETA_H
#define TH_NUM_SPECIAL_ZETA_H

/* B_2k/(2k)! for k = 1 … TH_N_BERNOULLI (NIST Handbook 2010, 24.2.1). */
enum { TH_N_BERNOULLI = 10 };
extern const double th_bernoulli_by_factorial[TH_N_BERNOULLI];

#endif
