/* random_draw.h - a draw without a call: the quick part of the generator and of its samplers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For the files of random.h only. Loops copy the generator into a local variable and pass it here, so that its
 * state stays in registers; the rare rest of a draw, a call, gets a copy that may live in memory:
 *
 *   ThRandom own = *r;
 *   for (…) x[i] = th_draw_normal(&own);
 *   *r = own; */
#ifndef TH_NUM_RANDOM_DRAW_H
#define TH_NUM_RANDOM_DRAW_H

#include <string.h>

#include "num/random.h"
#include "num/random_tables.h"

#define TH_UNIT53 0x1p-53

static inline uint64_t th_draw_rotate(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

/* A step of xoshiro256++. */
static inline uint64_t th_draw_bits(ThRandom *r) {
  uint64_t *s = r->state, result = th_draw_rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = th_draw_rotate(s[3], 45);
  return result;
}

/* The upper 53 bits as a whole number. Signed: that is what processors turn into a double in one step. */
static inline double th_draw_place(uint64_t bits) { return (double)(int64_t)(bits >> 11); }

static inline double th_draw_uniform(ThRandom *r) {
  double k;
  do k = th_draw_place(th_draw_bits(r));
  while (k == 0);
  return k * TH_UNIT53;
}

/* What is left of a draw when `bits` do not settle it (random.c). */
double th_random_finish_normal(ThRandom *r, uint64_t bits);
double th_random_finish_exponential(ThRandom *r, uint64_t bits);

/* Bit 8 is the sign: moved to the sign's place, without a branch, which would be wrong half the time. */
static inline double th_draw_signed(double x, uint64_t bits) {
  uint64_t word;
  memcpy(&word, &x, sizeof word);
  word ^= (bits & 0x100) << 55;
  memcpy(&x, &word, sizeof x);
  return x;
}

static inline double th_draw_normal(ThRandom *r) {
  uint64_t bits = th_draw_bits(r);
  unsigned layer = bits & 0xFF;
  double x = th_draw_place(bits) * TH_UNIT53 * th_random_normal_x[layer];
  if (__builtin_expect(x < th_random_normal_x[layer + 1], 1)) return th_draw_signed(x, bits);
  ThRandom rest = *r;
  x = th_random_finish_normal(&rest, bits);
  *r = rest;
  return x;
}

/* The place in the layer is never 0: a draw is positive, and may be divided by. */
static inline double th_draw_exponential(ThRandom *r) {
  uint64_t bits = th_draw_bits(r);
  unsigned layer = bits & 0xFF;
  double x = (th_draw_place(bits) + 0.5) * TH_UNIT53 * th_random_exponential_x[layer];
  if (__builtin_expect(x < th_random_exponential_x[layer + 1], 1)) return x;
  ThRandom rest = *r;
  x = th_random_finish_exponential(&rest, bits);
  *r = rest;
  return x;
}

#endif
