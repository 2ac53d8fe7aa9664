/* real.h - constants of doubles, and i */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_REAL_H
#define TH_NUM_REAL_H

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>

#define TH_NAN ((double)NAN)
#define TH_INFINITY ((double)INFINITY)
#define TH_I ((double complex)_Complex_I)
#define TH_PI 3.141592653589793238462643
#define TH_EULER 0.5772156649015328606065121 /* γ */
#define TH_LOG_2 0.6931471805599453094172321
#define TH_LOG_PI 1.144729885849400174143427
#define TH_LOG_2PI 1.837877066409345483560659
#define TH_HALF_LOG_2PI 0.9189385332046727417803297 /* log √(2π) */
#define TH_SQRT_PI 1.772453850905516027298167
#define TH_SQRT_2PI 2.506628274631000502415765
#define TH_SQRT_2 1.414213562373095048801689
#define TH_INV_SQRT_2PI 0.3989422804014326779399461 /* 1/√(2π) */

/* Whole, and not infinite. */
static inline bool th_real_is_whole(double x) { return floor(x) == x && fabs(x) <= DBL_MAX; }

#endif
