/* kernels_width.h - registers of doubles, by width: how they are loaded, stored and worked on */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_KERNELS_WIDTH_H
#define TH_NUM_KERNELS_WIDTH_H

#include <stddef.h>

/* For the files of the kernels alone. A width is WIDE (AVX-512), MIDDLE (AVX2 with fused multiply-add) or
 * NARROW (what every machine of the architecture has); a macro's name ends in it. The REST forms move only
 * the first `count` doubles, for what is left over at the end of an array. */

#if defined(__x86_64__)
#include <immintrin.h>

#define TH_HAS_WIDTHS 1 /* WIDE and MIDDLE exist, and are chosen at run time by these: */
#define SUPPORTS_WIDE __builtin_cpu_supports("avx512f")
#define SUPPORTS_MIDDLE (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))

#define TARGET_WIDE __attribute__((target("avx512f")))
#define REGISTER_WIDE __m512d
#define LOAD_WIDE _mm512_loadu_pd
#define STORE_WIDE _mm512_storeu_pd
#define FIRST_WIDE(count) ((__mmask8)((1u << (count)) - 1))
#define LOAD_REST_WIDE(x, count) _mm512_maskz_loadu_pd(FIRST_WIDE(count), x)
#define STORE_REST_WIDE(y, count, value) _mm512_mask_storeu_pd(y, FIRST_WIDE(count), value)
#define SET_WIDE _mm512_set1_pd
#define FMA_WIDE _mm512_fmadd_pd

#define TARGET_MIDDLE __attribute__((target("avx2,fma")))
#define REGISTER_MIDDLE __m256d
#define LOAD_MIDDLE _mm256_loadu_pd
#define STORE_MIDDLE _mm256_storeu_pd
#define FIRST_MIDDLE(count) \
  _mm256_cmpgt_epi64(_mm256_set1_epi64x((long long)(count)), _mm256_set_epi64x(3, 2, 1, 0))
#define LOAD_REST_MIDDLE(x, count) _mm256_maskload_pd(x, FIRST_MIDDLE(count))
#define STORE_REST_MIDDLE(y, count, value) _mm256_maskstore_pd(y, FIRST_MIDDLE(count), value)
#define SET_MIDDLE _mm256_set1_pd
#define FMA_MIDDLE _mm256_fmadd_pd

#define LOAD_NARROW _mm_loadu_pd
#define STORE_NARROW _mm_storeu_pd
#define LOAD_REST_NARROW(x, count) _mm_load_sd(x)
#define STORE_REST_NARROW(y, count, value) _mm_store_sd(y, value)

#elif defined(__aarch64__)
#include <arm_neon.h>

#define TH_NARROW_HAS_FMA 1
#define TARGET_NARROW
#define REGISTER_NARROW float64x2_t
#define LOAD_NARROW vld1q_f64
#define STORE_NARROW vst1q_f64
#define LOAD_REST_NARROW(x, count) vdupq_n_f64(*(x))
#define STORE_REST_NARROW(y, count, value) vst1q_lane_f64(y, value, 0)
#define SET_NARROW vdupq_n_f64
#define FMA_NARROW(a, b, c) vfmaq_f64(c, a, b)

#else

#define LOAD_NARROW(x) *(x)
#define STORE_NARROW(y, value) *(y) = (value)
#define LOAD_REST_NARROW(x, count) *(x)
#define STORE_REST_NARROW(y, count, value) *(y) = (value)

#endif

/* --- Packs, for what needs nothing but the compilers' vector notation ----------------------------- */

enum { PACK = 8 };
/* Eight doubles wherever they lie; may alias, as arrays are worked on in place. */
typedef double Pack __attribute__((vector_size(64), aligned(8), may_alias));
typedef long long Mask __attribute__((vector_size(64), aligned(8), may_alias));

#if defined(__x86_64__)
#define INLINE static inline __attribute__((always_inline))
/* Defines name##_everywhere for every set from the inline name##_body, and picks the best one. */
#define VERSIONS(type, name, parameters, arguments)                                                       \
  __attribute__((target("avx512f"))) static type name##_wide parameters { return name##_body arguments; } \
  __attribute__((target("avx2"))) static type name##_middle parameters { return name##_body arguments; }  \
  static type name##_narrow parameters { return name##_body arguments; }                                  \
  static type name##_everywhere parameters {                                                              \
    if (__builtin_cpu_supports("avx512f")) return name##_wide arguments;                                  \
    if (__builtin_cpu_supports("avx2")) return name##_middle arguments;                                   \
    return name##_narrow arguments;                                                                       \
  }
#else
#define INLINE static inline
#define VERSIONS(type, name, parameters, arguments) \
  static type name##_everywhere parameters { return name##_body arguments; }
#endif

/* What th_kernel_exp, th_kernel_tanh and th_kernel_divide are on a machine without fused multiply-add. */
void th_kernel_exp_plain(size_t n, const double *x, double *y);
void th_kernel_tanh_plain(size_t n, const double *x, double *y);
void th_kernel_divide_plain(size_t n, const double *x, size_t x_step, const double *y, size_t y_step,
                            double *z);

#endif
