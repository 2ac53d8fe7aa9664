/* kernels_fma.c - kernels that a fused multiply-add makes quick: exp, tanh, and division by one number */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exp and division stand in the inner loop of nearly every density, tanh in that of nets. exp takes half the time of
 * SLEEF's at the same bound of 1 ulp, tanh an eighth; division by one number a third of the machine's own, with the
 * same bits. Each is written once, in terms of a register of some width, and gives the same bits in every width. */
#include "num/kernels.h"

#include "num/kernels_width.h"
#include "num/real.h"

/* exp(x), |x| < 750 or NaN. With k the whole number next to x/ln 2 and r = x - k ln 2, |r| < 0.347,
 * exp(x) = 2^k (1 + r + r² q(r)), q from the Taylor series to r^13: what is left out is below 5e-18. ln 2 is
 * taken in two parts, k times the first of which is exact (Cody and Waite 1980, chapter 6); r is then off by
 * half an ulp of its own at most, and the last addition by half an ulp of the result: together less than 1 ulp.
 * Adding 1.5·2^52 rounds to a whole number and leaves it in the low bits. */
#define LOG2_E 0x1.71547652b82fep0
#define LN2_HIGH 0x1.62e42fefa38p-1 /* 42 bits */
#define LN2_LOW 0x1.ef35793c7673p-45
#define ROUNDER 0x1.8p52

#define DEFINE_EXP(suffix, WIDTH, Register, power)                                                 \
  /* e^x/2^k - 1 */                                                                                \
  TARGET_##WIDTH static inline Register reduced_exp_##suffix(Register x, Register *power_of_2) {   \
    Register k = FMA_##WIDTH(x, SET_##WIDTH(LOG2_E), SET_##WIDTH(ROUNDER)) - SET_##WIDTH(ROUNDER); \
    Register r = FMA_##WIDTH(k, SET_##WIDTH(-LN2_HIGH), x);                                        \
    r = FMA_##WIDTH(k, SET_##WIDTH(-LN2_LOW), r);                                                  \
    Register r2 = r * r, r4 = r2 * r2;                                                             \
    Register a = FMA_##WIDTH(r, SET_##WIDTH(1. / 6), SET_##WIDTH(1. / 2));                         \
    Register b = FMA_##WIDTH(r, SET_##WIDTH(1. / 120), SET_##WIDTH(1. / 24));                      \
    Register c = FMA_##WIDTH(r, SET_##WIDTH(1. / 5040), SET_##WIDTH(1. / 720));                    \
    Register d = FMA_##WIDTH(r, SET_##WIDTH(1. / 362880), SET_##WIDTH(1. / 40320));                \
    Register e = FMA_##WIDTH(r, SET_##WIDTH(1. / 39916800), SET_##WIDTH(1. / 3628800));            \
    Register f = FMA_##WIDTH(r, SET_##WIDTH(1. / 6227020800), SET_##WIDTH(1. / 479001600));        \
    a = FMA_##WIDTH(r2, b, a);                                                                     \
    c = FMA_##WIDTH(r4, FMA_##WIDTH(r2, f, e), FMA_##WIDTH(r2, d, c));                             \
    *power_of_2 = k;                                                                               \
    return FMA_##WIDTH(r2, FMA_##WIDTH(r4, c, a), r);                                              \
  }                                                                                                \
  TARGET_##WIDTH static inline Register exp_of_##suffix(Register x) {                              \
    Register k, rest = reduced_exp_##suffix(x, &k);                                                \
    return power(rest + SET_##WIDTH(1), k);                                                        \
  }                                                                                                \
  /* e^x + 1, rounded once, 0 <= x <= 40 */                                                        \
  TARGET_##WIDTH static inline Register exp_plus_1_##suffix(Register x) {                          \
    Register k, rest = reduced_exp_##suffix(x, &k), scale = power(SET_##WIDTH(1), k);              \
    return FMA_##WIDTH(scale, rest, scale + SET_##WIDTH(1));                                       \
  }

/* p 2^k in two exact halves of k, so that a result below the normal range is rounded once: 2^j is the double
 * whose exponent field is 1023 + j, and j stands in the low bits of j + ROUNDER. */
#define DEFINE_POWER(name, WIDTH, Register, Bits)                                                         \
  TARGET_##WIDTH static inline Register name(Register p, Register k) {                                    \
    Register rounder = SET_##WIDTH(ROUNDER);                                                              \
    Register first = FMA_##WIDTH(k, SET_##WIDTH(0.5), rounder), second = k - (first - rounder) + rounder; \
    Bits one = (Bits)SET_##WIDTH(1);                                                                      \
    return p * (Register)(((Bits)first << 52) + one) * (Register)(((Bits)second << 52) + one);            \
  }

/* tanh(x). For |x| >= 0.65 it is 1 - 2/(e^2|x| + 1), with what the division has lost added again (1/(e^2|x| + 1) is
 * half the quotient); below, x + x³ p(x²) with p the quotient of two cubic polynomials, fitted to (tanh(x)/x - 1)/x² on
 * [0, 1] with an error of 2e-18, where an error of the second term counts for a seventh at most. Both are a number and
 * one quotient, so that one division does. The error is below 0.9 ulp. At |x| = 20 the result is 1 already; a NaN
 * stays. */
#define TANH_P0 -0x1.5555555555555p-2
#define TANH_P1 -0x1.5ec3683c064d5p-6
#define TANH_P2 -0x1.fe2088dca199cp-13
#define TANH_P3 -0x1.284ccaa9ef47dp-26
#define TANH_Q1 0x1.db5e3d24dac77p-2
#define TANH_Q2 0x1.91aa19c465524p-6
#define TANH_Q3 0x1.0a9ea42cd11a6p-12
#define DEFINE_TANH(suffix, WIDTH, Register, Bits)                                                        \
  TARGET_##WIDTH static inline Register tanh_of_##suffix(Register x) {                                    \
    Register clamped = CLAMP_##WIDTH(x, 20), size = ABS_##WIDTH(clamped), z = clamped * clamped;          \
    Register p = FMA_##WIDTH(z, SET_##WIDTH(TANH_P3), SET_##WIDTH(TANH_P2));                              \
    Register q = FMA_##WIDTH(z, SET_##WIDTH(TANH_Q3), SET_##WIDTH(TANH_Q2));                              \
    p = FMA_##WIDTH(z, FMA_##WIDTH(z, p, SET_##WIDTH(TANH_P1)), SET_##WIDTH(TANH_P0));                    \
    q = FMA_##WIDTH(z, FMA_##WIDTH(z, q, SET_##WIDTH(TANH_Q1)), SET_##WIDTH(1));                          \
    Register far = exp_plus_1_##suffix(size + size);                                                      \
    Bits near = (Bits)(size < SET_##WIDTH(0.65)), sign = (Bits)x & (Bits)SET_##WIDTH(-0.0);               \
    Register above = (Register)((near & (Bits)(x * z * p)) | (~near & (Bits)SET_##WIDTH(-2)));            \
    Register below = (Register)((near & (Bits)q) | (~near & (Bits)far));                                  \
    Register number = (Register)((near & (Bits)x) | (~near & (Bits)SET_##WIDTH(1)));                      \
    Register ratio = above / below, rest = FMA_##WIDTH(-ratio, below, above) * ratio * SET_##WIDTH(-0.5); \
    Register sum = number + ratio, lost = number - sum + ratio;                                           \
    return (Register)((Bits)(sum + (lost + (Register)(~near & (Bits)rest))) | sign);                      \
  }

/* x/y for one y, x and the quotient far from both ends of the range: 1/y = high + low, q = x high + x low is the
 * quotient or its neighbour, and x - y q, which a fused multiply-add gives exactly, tells how to round
 * (Markstein 1990, theorem 8.3; Muller et al., Handbook of Floating-Point Arithmetic, 2018, section 4.7). */
#define QUOTIENT_LIMIT 0x1p400
#define DEFINE_QUOTIENT(name, WIDTH, Register)                                                      \
  TARGET_##WIDTH static inline Register name(Register x, Register y, Register high, Register low) { \
    Register q = FMA_##WIDTH(x, high, x * low);                                                     \
    return FMA_##WIDTH(FMA_##WIDTH(-q, y, x), high, q);                                             \
  }

/* Whole arrays: each register of one width. exp's argument is clamped where the result is inf or 0 anyway; a NaN
 * stays, as CLAMP is written. Divide's loop leaves a register with an x that is too large or too small, 0 among
 * them, to the plain division. */
#define DEFINE_LOOPS(suffix, WIDTH, width, Register)                                                \
  TARGET_##WIDTH static void exp_##suffix(size_t n, const double *x, double *y) {                   \
    size_t i = 0;                                                                                   \
    for (; i + width <= n; i += width)                                                              \
      STORE_##WIDTH(y + i, exp_of_##suffix(CLAMP_##WIDTH(LOAD_##WIDTH(x + i), 750)));               \
    if (i < n)                                                                                      \
      STORE_REST_##WIDTH(y + i, n - i,                                                              \
                         exp_of_##suffix(CLAMP_##WIDTH(LOAD_REST_##WIDTH(x + i, n - i), 750)));     \
  }                                                                                                 \
  TARGET_##WIDTH static void tanh_##suffix(size_t n, const double *x, double *y) {                  \
    size_t i = 0;                                                                                   \
    for (; i + width <= n; i += width) STORE_##WIDTH(y + i, tanh_of_##suffix(LOAD_##WIDTH(x + i))); \
    if (i < n) STORE_REST_##WIDTH(y + i, n - i, tanh_of_##suffix(LOAD_REST_##WIDTH(x + i, n - i))); \
  }                                                                                                 \
  TARGET_##WIDTH static void divide_##suffix(size_t n, const double *x, double y, double *z) {      \
    double inverse = 1 / y, rest = __builtin_fma(-y, inverse, 1) * inverse;                         \
    Register divisor = SET_##WIDTH(y), high = SET_##WIDTH(inverse), low = SET_##WIDTH(rest);        \
    size_t i = 0;                                                                                   \
    for (; i + width <= n; i += width) {                                                            \
      Register v = LOAD_##WIDTH(x + i);                                                             \
      if (ALL_BETWEEN_##WIDTH(v, 1 / QUOTIENT_LIMIT, QUOTIENT_LIMIT))                               \
        STORE_##WIDTH(z + i, quotient_##suffix(v, divisor, high, low));                             \
      else STORE_##WIDTH(z + i, v / divisor);                                                       \
    }                                                                                               \
    for (; i < n; i++) z[i] = x[i] / y;                                                             \
  }

/* --- The widths ---------------------------------------------------------------------------------- */

#if defined(TH_HAS_WIDTHS)

#define CLAMP_WIDE(x, limit)                              \
  _mm512_maskz_max_pd((__mmask8)0xFF, SET_WIDE(-(limit)), \
                      _mm512_maskz_min_pd((__mmask8)0xFF, SET_WIDE(limit), x))
#define ABS_WIDE(x) (__m512d)((__m512i)(x)&_mm512_set1_epi64(0x7FFFFFFFFFFFFFFF))
#define ALL_BETWEEN_WIDE(x, low, high)                           \
  ((_mm512_cmp_pd_mask(ABS_WIDE(x), SET_WIDE(low), _CMP_GE_OQ) & \
    _mm512_cmp_pd_mask(ABS_WIDE(x), SET_WIDE(high), _CMP_LE_OQ)) == 0xFF)
#define POWER_WIDE(p, k) _mm512_maskz_scalef_pd((__mmask8)0xFF, p, k)
DEFINE_EXP(wide, WIDE, __m512d, POWER_WIDE)
typedef long long BitsWide __attribute__((vector_size(64)));
DEFINE_TANH(wide, WIDE, __m512d, BitsWide)
DEFINE_QUOTIENT(quotient_wide, WIDE, __m512d)
DEFINE_LOOPS(wide, WIDE, 8, __m512d)

#define CLAMP_MIDDLE(x, limit) _mm256_max_pd(SET_MIDDLE(-(limit)), _mm256_min_pd(SET_MIDDLE(limit), x))
#define ABS_MIDDLE(x) _mm256_andnot_pd(SET_MIDDLE(-0.0), x)
#define ALL_BETWEEN_MIDDLE(x, low, high)                                                       \
  (_mm256_movemask_pd(_mm256_and_pd(_mm256_cmp_pd(ABS_MIDDLE(x), SET_MIDDLE(low), _CMP_GE_OQ), \
                                    _mm256_cmp_pd(ABS_MIDDLE(x), SET_MIDDLE(high), _CMP_LE_OQ))) == 0xF)
typedef long long BitsMiddle __attribute__((vector_size(32)));
DEFINE_POWER(power_middle, MIDDLE, __m256d, BitsMiddle)
DEFINE_EXP(middle, MIDDLE, __m256d, power_middle)
DEFINE_TANH(middle, MIDDLE, __m256d, BitsMiddle)
DEFINE_QUOTIENT(quotient_middle, MIDDLE, __m256d)
DEFINE_LOOPS(middle, MIDDLE, 4, __m256d)

static bool exp_quickly(size_t n, const double *x, double *y) {
  if (SUPPORTS_WIDE) exp_wide(n, x, y);
  else if (SUPPORTS_MIDDLE) exp_middle(n, x, y);
  else return false;
  return true;
}

static bool tanh_quickly(size_t n, const double *x, double *y) {
  if (SUPPORTS_WIDE) tanh_wide(n, x, y);
  else if (SUPPORTS_MIDDLE) tanh_middle(n, x, y);
  else return false;
  return true;
}

static bool divide_quickly(size_t n, const double *x, double y, double *z) {
  if (SUPPORTS_WIDE) divide_wide(n, x, y, z);
  else if (SUPPORTS_MIDDLE) divide_middle(n, x, y, z);
  else return false;
  return true;
}

#elif defined(TH_NARROW_HAS_FMA)

#define CLAMP_NARROW(x, limit) vmaxq_f64(SET_NARROW(-(limit)), vminq_f64(SET_NARROW(limit), x))
#define ABS_NARROW(x) vabsq_f64(x)
#define ALL_BETWEEN_NARROW(x, low, high)                                                \
  (vminvq_u32(vreinterpretq_u32_u64(vandq_u64(vcgeq_f64(vabsq_f64(x), SET_NARROW(low)), \
                                              vcleq_f64(vabsq_f64(x), SET_NARROW(high))))) != 0)
typedef long long BitsNarrow __attribute__((vector_size(16)));
DEFINE_POWER(power_narrow, NARROW, float64x2_t, BitsNarrow)
DEFINE_EXP(narrow, NARROW, float64x2_t, power_narrow)
DEFINE_TANH(narrow, NARROW, float64x2_t, BitsNarrow)
DEFINE_QUOTIENT(quotient_narrow, NARROW, float64x2_t)
DEFINE_LOOPS(narrow, NARROW, 2, float64x2_t)

static bool exp_quickly(size_t n, const double *x, double *y) {
  exp_narrow(n, x, y);
  return true;
}

static bool tanh_quickly(size_t n, const double *x, double *y) {
  tanh_narrow(n, x, y);
  return true;
}

static bool divide_quickly(size_t n, const double *x, double y, double *z) {
  divide_narrow(n, x, y, z);
  return true;
}

#else

static bool exp_quickly(size_t n, const double *x, double *y) { return (void)n, (void)x, (void)y, false; }
static bool tanh_quickly(size_t n, const double *x, double *y) { return (void)n, (void)x, (void)y, false; }
static bool divide_quickly(size_t n, const double *x, double y, double *z) {
  return (void)n, (void)x, (void)y, (void)z, false;
}

#endif

void th_kernel_exp(size_t n, const double *x, double *y) {
  if (!exp_quickly(n, x, y)) th_kernel_exp_plain(n, x, y);
}

void th_kernel_tanh(size_t n, const double *x, double *y) {
  if (!tanh_quickly(n, x, y)) th_kernel_tanh_plain(n, x, y);
}

void th_kernel_divide(size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z) {
  bool by_one = n > 0 && x_step == 1 && y_step == 0 && fabs(*y) >= 1 / QUOTIENT_LIMIT &&
                fabs(*y) <= QUOTIENT_LIMIT;
  if (!by_one || !divide_quickly(n, x, *y, z)) th_kernel_divide_plain(n, x, x_step, y, y_step, z);
}
