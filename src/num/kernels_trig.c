/* kernels_trig.c - sine and cosine at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A characteristic function is little else. Both from one reduced argument take a third of the time of SLEEF's two,
 * and the bits are the same in every width. */
#include "num/kernels.h"

#include "num/kernels_width.h"
#include "num/real.h"

#include <string.h>

/* With k the whole number next to x·2/π, r = x - k π/2, |r| < 0.786. π/2 stands in three parts: x less k times the
 * first is exact by a fused multiply-add, since both are multiples of 2^-53 and less than 1 remains; the other two
 * are needed where x is next to a multiple of π/2 (Cody and Waite 1980, chapter 8). r is then off by half an ulp.
 * Taylor's series to r^17 and r^16 leave out less than 2e-18. The low bits of k say which of the two is the sine,
 * and the signs. Beyond |x| = LIMIT, SLEEF's reduction. */
#define LIMIT 0x1p20
#define TWO_OVER_PI 0x1.45f306dc9c883p-1
#define HALF_PI_HIGH 0x1.921fb54442d18p0
#define HALF_PI_MIDDLE 0x1.1a62633145c07p-54
#define HALF_PI_LOW -0x1.f1976b7ed8fbcp-110
#define ROUNDER 0x1.8p52

#define DEFINE_SINCOS(suffix, WIDTH, Register, Bits)                                                  \
  TARGET_##WIDTH static inline void sincos_of_##suffix(Register x, Register *s, Register *c) {        \
    Register shifted = FMA_##WIDTH(x, SET_##WIDTH(TWO_OVER_PI), SET_##WIDTH(ROUNDER));                \
    Register k = shifted - SET_##WIDTH(ROUNDER);                                                      \
    Register r = FMA_##WIDTH(k, SET_##WIDTH(-HALF_PI_HIGH), x);                                       \
    r = FMA_##WIDTH(k, SET_##WIDTH(-HALF_PI_MIDDLE), r);                                              \
    r = FMA_##WIDTH(k, SET_##WIDTH(-HALF_PI_LOW), r);                                                 \
    Register q = r * r, q2 = q * q, q4 = q2 * q2;                                                     \
    Register a = FMA_##WIDTH(q, SET_##WIDTH(1. / 120), SET_##WIDTH(-1. / 6));                         \
    Register b = FMA_##WIDTH(q, SET_##WIDTH(1. / 362880), SET_##WIDTH(-1. / 5040));                   \
    Register d = FMA_##WIDTH(q, SET_##WIDTH(1. / 6227020800), SET_##WIDTH(-1. / 39916800));           \
    Register e = FMA_##WIDTH(q, SET_##WIDTH(1. / 355687428096000), SET_##WIDTH(-1. / 1307674368000)); \
    a = FMA_##WIDTH(q4, FMA_##WIDTH(q2, e, d), FMA_##WIDTH(q2, b, a));                                \
    Register sine = FMA_##WIDTH(q * r, a, r);                                                         \
    Register f = FMA_##WIDTH(q, SET_##WIDTH(1. / 24), SET_##WIDTH(-1. / 2));                          \
    Register g = FMA_##WIDTH(q, SET_##WIDTH(1. / 40320), SET_##WIDTH(-1. / 720));                     \
    Register h = FMA_##WIDTH(q, SET_##WIDTH(1. / 479001600), SET_##WIDTH(-1. / 3628800));             \
    Register m = FMA_##WIDTH(q, SET_##WIDTH(1. / 20922789888000), SET_##WIDTH(-1. / 87178291200));    \
    f = FMA_##WIDTH(q4, FMA_##WIDTH(q2, m, h), FMA_##WIDTH(q2, g, f));                                \
    Register cosine = FMA_##WIDTH(q, f, SET_##WIDTH(1));                                              \
    Bits quarter = (Bits)shifted, swapped = -(quarter & 1), sb = (Bits)sine, cb = (Bits)cosine;       \
    *s = (Register)(((swapped & cb) | (~swapped & sb)) ^ ((quarter & 2) << 62));                      \
    *c = (Register)(((swapped & sb) | (~swapped & cb)) ^ (((quarter + 1) & 2) << 62));                \
  }                                                                                                   \
  TARGET_##WIDTH static void sincos_##suffix(size_t n, const double *x, double *s, double *c) {       \
    enum { WIDTH_HERE = sizeof(Register) / sizeof(double) };                                          \
    Register sine, cosine;                                                                            \
    size_t i = 0;                                                                                     \
    for (; i + WIDTH_HERE <= n; i += WIDTH_HERE) {                                                    \
      sincos_of_##suffix(LOAD_##WIDTH(x + i), &sine, &cosine);                                        \
      STORE_##WIDTH(s + i, sine);                                                                     \
      STORE_##WIDTH(c + i, cosine);                                                                   \
    }                                                                                                 \
    if (i < n) {                                                                                      \
      sincos_of_##suffix(LOAD_REST_##WIDTH(x + i, n - i), &sine, &cosine);                            \
      STORE_REST_##WIDTH(s + i, n - i, sine);                                                         \
      STORE_REST_##WIDTH(c + i, n - i, cosine);                                                       \
    }                                                                                                 \
  }

#if defined(TH_HAS_WIDTHS)

typedef long long BitsWide __attribute__((vector_size(64)));
typedef long long BitsMiddle __attribute__((vector_size(32)));
DEFINE_SINCOS(wide, WIDE, __m512d, BitsWide)
DEFINE_SINCOS(middle, MIDDLE, __m256d, BitsMiddle)

static bool sincos_quickly(size_t n, const double *x, double *s, double *c) {
  if (SUPPORTS_WIDE) sincos_wide(n, x, s, c);
  else if (SUPPORTS_MIDDLE) sincos_middle(n, x, s, c);
  else return false;
  return true;
}

#elif defined(TH_NARROW_HAS_FMA)

typedef long long BitsNarrow __attribute__((vector_size(16)));
DEFINE_SINCOS(narrow, NARROW, float64x2_t, BitsNarrow)

static bool sincos_quickly(size_t n, const double *x, double *s, double *c) {
  sincos_narrow(n, x, s, c);
  return true;
}

#else

static bool sincos_quickly(size_t n, const double *x, double *s, double *c) {
  return (void)n, (void)x, (void)s, (void)c, false;
}

#endif

enum { BLOCK = 128 }; /* doubles of scratch: an output may be the input's memory */

static void sincos_block(size_t n, const double *x, double *s, double *c) {
  if (!sincos_quickly(n, x, s, c)) {
    th_kernel_sin(n, x, s);
    th_kernel_cos(n, x, c);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    if (fabs(x[i]) <= LIMIT) continue;
    th_kernel_sin(1, x + i, s + i);
    th_kernel_cos(1, x + i, c + i);
  }
}

void th_kernel_sincos(size_t n, const double *x, double *s, double *c) {
  double copy[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    memcpy(copy, x + start, count * sizeof *x);
    sincos_block(count, copy, s + start, c + start);
  }
}
