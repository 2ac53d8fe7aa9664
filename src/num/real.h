/* real.h - constants of doubles, and i */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_REAL_H
#define TH_NUM_REAL_H

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

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

/* Equal, or both NaN. */
static inline bool th_real_is_same(double x, double y) { return x == y || (x != x && y != y); }

/* Of two doubles, for qsort: the smaller one first. */
static inline int th_real_ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

/* x - y floor(x/y), exact where a double can be; its sign, that of 0 too, is y's. Of whole numbers, as most are, by
 * one division: fmod takes a step for every bit by which they differ. */
static inline double th_real_remainder(double x, double y) {
  const double exact = 9007199254740992.0; /* 2^53 */
  if (x >= 0 && y > 0 && x < exact && y < exact) {
    int64_t i = (int64_t)x, j = (int64_t)y;
    if ((double)i == x && (double)j == y) return (double)(i % j);
  }
  double r = fmod(x, y);
  if (r == 0) return copysign(0, y);
  return (r < 0) != (y < 0) ? r + y : r;
}

/* Doubles in a row: their bits, read so that larger numbers have larger places. Halving places takes at most 64 steps
 * between any two doubles, infinite ones too. */
static inline uint64_t th_real_place(double x) {
  union {
    double x;
    uint64_t bits;
  } u = {x};
  return u.bits >> 63 ? ~u.bits : u.bits | 1ull << 63;
}
static inline double th_real_at_place(uint64_t place) {
  union {
    uint64_t bits;
    double x;
  } u = {place >> 63 ? place & ~(1ull << 63) : ~place};
  return u.x;
}

#endif
