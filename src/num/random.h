/* random.h - random numbers: one generator, independent streams, exact samplers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_RANDOM_H
#define TH_NUM_RANDOM_H

#include "base/context.h"

/* The generator is xoshiro256++ (Blackman and Vigna, 2021): 256 bits of state, period 2^256 - 1. It is a
 * plain value: embed it, copy it to remember a point of the stream. The same seed gives the same numbers
 * on every platform; where a sampler returns an exp or a log, it is computed in arithmetic that does not
 * depend on the C library. Samplers are exact: none approximates its distribution beyond rounding. */
typedef struct ThRandom {
  uint64_t state[4];
} ThRandom;

/* The generator of a seed (expanded by splitmix64); any seed is good, 0 included. */
void th_random_seed(ThRandom *r, uint64_t seed);
/* Stream number `stream` of a seed: streams of one seed are independent of each other and of
 * th_random_seed(seed). For chains, live values, queries. */
void th_random_stream(ThRandom *r, uint64_t seed, uint64_t stream);
/* A new generator seeded from 128 bits drawn from r, which moves on. */
void th_random_split(ThRandom *r, ThRandom *child);

/* 64 random bits. */
uint64_t th_random_bits(ThRandom *r);
/* A whole number, uniform on 0 … n - 1, without bias (Lemire 2019); 0 when n is 0. */
uint64_t th_random_below(ThRandom *r, uint64_t n);
/* Uniform on the open interval (0, 1): a multiple of 2^-53, never 0 or 1. */
double th_random_uniform(ThRandom *r);
/* Normal(0, 1), by a ziggurat of 256 layers (Marsaglia and Tsang 2000, with independent bits for layer,
 * sign and abscissa: Doornik 2005). */
double th_random_normal(ThRandom *r);
/* Exponential(1), by a ziggurat of 256 layers. */
double th_random_exponential(ThRandom *r);
/* Gamma(shape, rate 1), shape > 0: Marsaglia and Tsang 2000; for shape < 1 with their boost. Below the
 * smallest double the draw is 0: where that matters take the logarithm. NaN for a shape that is not > 0. */
double th_random_gamma(ThRandom *r, double shape);
/* The logarithm of a Gamma(shape, 1) draw: finite for every shape > 0, 1e-300 included. */
double th_random_log_gamma(ThRandom *r, double shape);
/* Beta(a, b), a, b > 0, from two gamma draws, in logarithms where they are tiny; on [0, 1]. */
double th_random_beta(ThRandom *r, double a, double b);
/* Binomial(n, p): n a whole number >= 0 held in a double, 0 <= p <= 1. Inversion for n min(p, 1 - p) < 10,
 * else transformed rejection (BTRS, Hörmann 1993). NaN for other parameters. */
double th_random_binomial(ThRandom *r, double n, double p);
/* Poisson(rate), rate >= 0: inversion below 10, else PTRS (Hörmann 1993). */
double th_random_poisson(ThRandom *r, double rate);
/* Good things among `draws` out of good + bad, whole numbers: inversion where few are expected, else a ratio of
 * uniforms (HRUA, Stadlober 1990). k >= 1 with probability k^-s/ζ(s), s > 1: rejection-inversion (Hörmann and
 * Derflinger 1996); for s near 1 it may be inf, beyond the largest double. */
double th_random_hypergeometric(ThRandom *r, double good, double bad, double draws);
double th_random_zipf(ThRandom *r, double s);

/* n draws into x: the same numbers as n single calls. */
void th_random_fill_uniform(ThRandom *r, size_t n, double *x);
void th_random_fill_normal(ThRandom *r, size_t n, double *x);
void th_random_fill_exponential(ThRandom *r, size_t n, double *x);
void th_random_fill_gamma(ThRandom *r, double shape, size_t n, double *x);
/* A random order of 0 … n - 1 into index (Fisher and Yates). */
TH_CHECKED bool th_random_permutation(ThContext *cx, ThRandom *r, size_t n, size_t *index);

#endif
