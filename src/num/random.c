/* random.c - the generator, uniform, normal and exponential numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One draw of 64 bits serves a ziggurat: bits 0 to 7 choose the layer, bit 8 the sign, bits 11 to 63 the
 * place in the layer. Some 99 of 100 draws end there. */
#include "num/random.h"

#include "num/kernels.h"
#include "num/random_draw.h"

/* --- The generator ------------------------------------------------------------------------------- */

/* splitmix64 (Steele, Lea and Flood 2014): steps the state, returns it well mixed. */
static uint64_t splitmix(uint64_t *state) {
  uint64_t z = *state += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

/* Four successive numbers of splitmix64 are never all 0, the one state that xoshiro must not have. */
static void expand(ThRandom *r, uint64_t state) {
  for (int i = 0; i < 4; i++) r->state[i] = splitmix(&state);
}

void th_random_seed(ThRandom *r, uint64_t seed) { expand(r, seed); }

void th_random_stream(ThRandom *r, uint64_t seed, uint64_t stream) {
  uint64_t a = seed ^ 0xD1342543DE82EF95u, b = stream;
  uint64_t mixed = splitmix(&a);
  expand(r, mixed + splitmix(&b));
}

void th_random_split(ThRandom *r, ThRandom *child) {
  uint64_t a = th_random_bits(r), b = th_random_bits(r);
  for (int i = 0; i < 4; i++) child->state[i] = splitmix(&a) ^ splitmix(&b);
  if (!(child->state[0] | child->state[1] | child->state[2] | child->state[3])) expand(child, a);
}

uint64_t th_random_bits(ThRandom *r) { return th_draw_bits(r); }

/* The high half of bits*n is nearly uniform below n; the few low halves that would favour some results are
 * drawn again (Lemire 2019). */
uint64_t th_random_below(ThRandom *r, uint64_t n) {
  __extension__ typedef unsigned __int128 Wide;
  if (n == 0) return 0;
  Wide product = (Wide)th_draw_bits(r) * n;
  if ((uint64_t)product < n) {
    uint64_t unfair = (0 - n) % n;
    while ((uint64_t)product < unfair) product = (Wide)th_draw_bits(r) * n;
  }
  return (uint64_t)(product >> 64);
}

/* --- Continuous draws ---------------------------------------------------------------------------- */

double th_random_uniform(ThRandom *r) { return th_draw_uniform(r); }
double th_random_normal(ThRandom *r) { return th_draw_normal(r); }
double th_random_exponential(ThRandom *r) { return th_draw_exponential(r); }

/* Beyond the ziggurat: layer 0's tail (Marsaglia 1964), or the wedge between a layer's box and the curve.
 * False: draw again. */
static bool normal_edge(ThRandom *r, unsigned layer, double *x) {
  const double *f = th_random_normal_f;
  if (layer > 0) {
    double y = f[layer] + th_draw_uniform(r) * (f[layer + 1] - f[layer]);
    return y < th_kernel_exp_portable(-0.5 * *x * *x);
  }
  double start = th_random_normal_x[1], a, b;
  do {
    a = th_draw_exponential(r) / start;
    b = th_draw_exponential(r);
  } while (2 * b < a * a);
  *x = start + a;
  return true;
}

double th_random_finish_normal(ThRandom *r, uint64_t bits) {
  unsigned layer = bits & 0xFF;
  double x = th_draw_place(bits) * TH_UNIT53 * th_random_normal_x[layer];
  return normal_edge(r, layer, &x) ? th_draw_signed(x, bits) : th_random_normal(r);
}

/* The tail of an exponential is an exponential. */
double th_random_finish_exponential(ThRandom *r, uint64_t bits) {
  const double *f = th_random_exponential_f;
  unsigned layer = bits & 0xFF;
  double x = (th_draw_place(bits) + 0.5) * TH_UNIT53 * th_random_exponential_x[layer];
  if (layer == 0) return th_random_exponential_x[1] + th_random_exponential(r);
  double y = f[layer] + th_draw_uniform(r) * (f[layer + 1] - f[layer]);
  return y < th_kernel_exp_portable(-x) ? x : th_random_exponential(r);
}

void th_random_fill_uniform(ThRandom *r, size_t n, double *x) {
  ThRandom own = *r;
  for (size_t i = 0; i < n; i++) x[i] = th_draw_uniform(&own);
  *r = own;
}

void th_random_fill_normal(ThRandom *r, size_t n, double *x) {
  ThRandom own = *r;
  for (size_t i = 0; i < n; i++) x[i] = th_draw_normal(&own);
  *r = own;
}

void th_random_fill_exponential(ThRandom *r, size_t n, double *x) {
  ThRandom own = *r;
  for (size_t i = 0; i < n; i++) x[i] = th_draw_exponential(&own);
  *r = own;
}

bool th_random_permutation(ThContext *cx, ThRandom *r, size_t n, size_t *index) {
  for (size_t i = 0; i < n; i++) {
    if (!th_poll_at(cx, i)) return false;
    size_t j = (size_t)th_random_below(r, i + 1);
    index[i] = index[j];
    index[j] = i;
  }
  return true;
}
