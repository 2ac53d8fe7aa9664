/* kernels.c - elementary functions over arrays, by SLEEF */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that knows SLEEF. Each function exists for several instruction sets and is chosen at run
 * time. SLEEF's `finz` forms give the same bits on every machine that has a fused multiply-add (AVX2,
 * AVX-512, arm64), whatever their width; the `cinz` forms, for machines without, may differ from them by an
 * ulp. What is left over at the end of an array fills part of a register, so that an element's result does
 * not depend on its place.
 *
 * gcc passes a wide register to a function as the caller's target says. clang goes by the flags of the whole
 * file: unless those name the set, it passes __m512d in memory, where SLEEF does not look. Under clang the
 * functions therefore are the fused ones of 128 bits. */
#include "num/kernels.h"

#include "num/init.h"
#include "num/kernels_width.h"

#include <math.h>
#include <string.h>

#include <sleef.h>

#define BODY_UNARY(width, function, WIDTH)                                                  \
  {                                                                                         \
    size_t i = 0;                                                                           \
    for (; i + width <= n; i += width) STORE_##WIDTH(y + i, function(LOAD_##WIDTH(x + i))); \
    if (i < n) STORE_REST_##WIDTH(y + i, n - i, function(LOAD_REST_##WIDTH(x + i, n - i))); \
  }

/* The operands of a binary function are gathered a register's worth at a time: either may be a scalar. */
#define BODY_BINARY(width, function, WIDTH)                          \
  {                                                                  \
    for (size_t i = 0; i < n; i += width) {                          \
      size_t count = n - i < width ? n - i : width;                  \
      double a[width] = {0}, b[width] = {0};                         \
      for (size_t j = 0; j < count; j++) a[j] = x[(i + j) * x_step]; \
      for (size_t j = 0; j < count; j++) b[j] = y[(i + j) * y_step]; \
      STORE_##WIDTH(a, function(LOAD_##WIDTH(a), LOAD_##WIDTH(b)));  \
      memcpy(z + i, a, count * sizeof *z);                           \
    }                                                                \
  }

#define UNARY_PARAMETERS (size_t n, const double *x, double *y)
#define BINARY_PARAMETERS \
  (size_t n, const double *x, size_t x_step, const double *y, size_t y_step, double *z)

#if defined(__x86_64__) && !defined(__clang__)

/* <sleef.h> declares a width only when the whole file is compiled for it. */
#if !defined(__AVX__)
#define DECLARE_MIDDLE(f, parameters) TARGET_MIDDLE __m256d Sleef_finz_##f##d4_u10avx2 parameters;
#else
#define DECLARE_MIDDLE(f, parameters)
#endif
#if !defined(__AVX512F__)
#define DECLARE_WIDE(f, parameters) TARGET_WIDE __m512d Sleef_finz_##f##d8_u10avx512f parameters;
#else
#define DECLARE_WIDE(f, parameters)
#endif

/* th_kernel_NAME in three widths, from the functions of one register, and the choice between them. */
#define DEFINE(name, wide, middle, narrow, parameters, arguments, BODY)                                \
  TARGET_WIDE static void name##_wide parameters BODY(8, wide, WIDE)                                   \
  TARGET_MIDDLE static void name##_middle parameters BODY(4, middle,                                   \
                                                          MIDDLE) static void name##_narrow parameters \
  BODY(2, narrow, NARROW) void th_kernel_##name parameters {                                           \
    if (SUPPORTS_WIDE) name##_wide arguments;                                                          \
    else if (SUPPORTS_MIDDLE) name##_middle arguments;                                                 \
    else name##_narrow arguments;                                                                      \
  }
#define SLEEF(f, name, parameters, arguments, BODY)                                                   \
  DEFINE(name, Sleef_finz_##f##d8_u10avx512f, Sleef_finz_##f##d4_u10avx2, Sleef_cinz_##f##d2_u10sse2, \
         parameters, arguments, BODY)

#define UNARY(name, f)         \
  DECLARE_MIDDLE(f, (__m256d)) \
  DECLARE_WIDE(f, (__m512d))   \
  SLEEF(f, name, UNARY_PARAMETERS, (n, x, y), BODY_UNARY)
#define BINARY(name, f)                 \
  DECLARE_MIDDLE(f, (__m256d, __m256d)) \
  DECLARE_WIDE(f, (__m512d, __m512d))   \
  SLEEF(f, name, BINARY_PARAMETERS, (n, x, x_step, y, y_step, z), BODY_BINARY)

const char *th_kernel_instructions(void) {
  if (SUPPORTS_WIDE) return "avx512";
  return SUPPORTS_MIDDLE ? "avx2" : "sse2";
}

/* The plain form of the widest makes gcc 12 warn about its own header. */
#define SQRT_WIDE(x) _mm512_maskz_sqrt_pd((__mmask8)0xFF, x)
DEFINE(sqrt, SQRT_WIDE, _mm256_sqrt_pd, _mm_sqrt_pd, UNARY_PARAMETERS, (n, x, y), BODY_UNARY)

#elif defined(__x86_64__)

#define DEFINE(name, f, parameters, arguments, BODY)                                   \
  static void name##_fused parameters BODY(2, Sleef_finz_##f##d2_u10avx2128,           \
                                           NARROW) static void name##_plain parameters \
  BODY(2, Sleef_cinz_##f##d2_u10sse2, NARROW) void th_kernel_##name parameters {       \
    if (SUPPORTS_MIDDLE) name##_fused arguments;                                       \
    else name##_plain arguments;                                                       \
  }
#define UNARY(name, f) DEFINE(name, f, UNARY_PARAMETERS, (n, x, y), BODY_UNARY)
#define BINARY(name, f) DEFINE(name, f, BINARY_PARAMETERS, (n, x, x_step, y, y_step, z), BODY_BINARY)

const char *th_kernel_instructions(void) { return SUPPORTS_MIDDLE ? "avx2, 128 bits" : "sse2"; }

void th_kernel_sqrt UNARY_PARAMETERS BODY_UNARY(2, _mm_sqrt_pd, NARROW)

#elif defined(__aarch64__)

#define UNARY(name, f) \
  void th_kernel_##name UNARY_PARAMETERS BODY_UNARY(2, Sleef_finz_##f##d2_u10advsimd, NARROW)
#define BINARY(name, f) \
  void th_kernel_##name BINARY_PARAMETERS BODY_BINARY(2, Sleef_finz_##f##d2_u10advsimd, NARROW)

const char *th_kernel_instructions(void) { return "neon"; }

void th_kernel_sqrt UNARY_PARAMETERS BODY_UNARY(2, vsqrtq_f64, NARROW)

#else

#define UNARY(name, f) \
  void th_kernel_##name UNARY_PARAMETERS BODY_UNARY(1, Sleef_cinz_##f##d1_u10purec, NARROW)
#define BINARY(name, f) \
  void th_kernel_##name BINARY_PARAMETERS BODY_BINARY(1, Sleef_cinz_##f##d1_u10purec, NARROW)

const char *th_kernel_instructions(void) { return "scalar"; }

void th_kernel_sqrt UNARY_PARAMETERS BODY_UNARY(1, sqrt, NARROW)

#endif

UNARY(exp_plain, exp)
UNARY(exp2, exp2)
UNARY(expm1, expm1)
UNARY(log, log)
UNARY(log2, log2)
UNARY(log10, log10)
UNARY(log1p, log1p)
UNARY(sin, sin)
UNARY(cos, cos)
UNARY(tan, tan)
UNARY(asin, asin)
UNARY(acos, acos)
UNARY(atan, atan)
UNARY(sinh, sinh)
UNARY(cosh, cosh)
UNARY(tanh_plain, tanh)
UNARY(asinh, asinh)
UNARY(acosh, acosh)
UNARY(atanh, atanh)
UNARY(erf, erf)
BINARY(atan2, atan2)
BINARY(pow, pow)

double th_kernel_exp_portable(double x) { return Sleef_cinz_expd1_u10purec(x); }
double th_kernel_log_portable(double x) { return Sleef_cinz_logd1_u10purec(x); }

ThKernelUnary th_kernel_of(double (*f)(double)) {
  static const struct {
    double (*f)(double);
    ThKernelUnary kernel;
  } known[] = {
      {exp, th_kernel_exp},   {exp2, th_kernel_exp2},   {expm1, th_kernel_expm1}, {log, th_kernel_log},
      {log2, th_kernel_log2}, {log10, th_kernel_log10}, {log1p, th_kernel_log1p}, {sqrt, th_kernel_sqrt},
      {sin, th_kernel_sin},   {cos, th_kernel_cos},     {tan, th_kernel_tan},     {asin, th_kernel_asin},
      {acos, th_kernel_acos}, {atan, th_kernel_atan},   {sinh, th_kernel_sinh},   {cosh, th_kernel_cosh},
      {tanh, th_kernel_tanh}, {asinh, th_kernel_asinh}, {acosh, th_kernel_acosh}, {atanh, th_kernel_atanh},
      {erf, th_kernel_erf},   {fabs, th_kernel_abs},    {floor, th_kernel_floor}, {ceil, th_kernel_ceil},
  };
  for (size_t i = 0; i < sizeof known / sizeof *known; i++)
    if (known[i].f == f) return known[i].kernel;
  return NULL;
}

/* --- The version */

#define STRING_OF(x) #x
#define VERSION_OF(major, minor) STRING_OF(major) "." STRING_OF(minor)
#define SLEEF_RELEASE VERSION_OF(SLEEF_VERSION_MAJOR, SLEEF_VERSION_MINOR)

const char *th_num_sleef_version(void) {
#if defined(__x86_64__) && !defined(__clang__)
  if (__builtin_cpu_supports("avx512f")) return SLEEF_RELEASE ", AVX-512";
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return SLEEF_RELEASE ", AVX2";
#endif
  return SLEEF_RELEASE ", two numbers at a time";
}
