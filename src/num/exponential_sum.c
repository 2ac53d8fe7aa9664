/* exponential_sum.c - Σ c_j e^(i k x_j) for many k */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On an even grid of n values of k the sum is a discrete Fourier transform of terms at uneven places. Each term is
 * spread over WIDTH points of an even grid, three times as fine as needed, by a smooth bump; the grid is transformed;
 * and what the bump did to each frequency is divided out (Dutt and Rokhlin 1993; Greengard and Lee 2004). The bump is
 * exp(β(√(1 - u²) - 1)), whose transform falls off almost as fast as any (Barnett, Magland and af Klinteberg 2019):
 * with 16 points and β = 0.98π(1 - 1/6)·16 what is aliased is below 1e-16 of the terms. */
#include "num/exponential_sum.h"

#include "num/fft.h"
#include "num/kernels.h"
#include "num/quadrature.h"
#include "num/real.h"

enum { WIDTH = 16, BLOCK = 512, NODES = 64, POLL = 1 << 14 };
#define BETA (2.565 * WIDTH)

/* --- Term by term */

static double sum_of(size_t n, const double *weights, const double *values) {
  return weights ? th_kernel_sum_product(n, weights, values) : th_kernel_sum(n, values);
}

double complex th_exponential_sum_at(const ThExponentialTerms *terms, double k) {
  double s[BLOCK], c[BLOCK], re = 0, im = 0;
  for (size_t start = 0; start < terms->m; start += BLOCK) {
    size_t count = terms->m - start < BLOCK ? terms->m - start : BLOCK;
    const double *weights = terms->re ? terms->re + start : NULL;
    th_kernel_multiply(count, terms->x + start, 1, &k, 0, s);
    th_kernel_sincos(count, s, s, c);
    re += sum_of(count, weights, c);
    im += sum_of(count, weights, s);
    if (!terms->im) continue;
    re -= th_kernel_sum_product(count, terms->im + start, s);
    im += th_kernel_sum_product(count, terms->im + start, c);
  }
  return __builtin_complex(re, im);
}

static bool term_by_term(ThContext *cx, const ThExponentialTerms *terms, size_t n, const double *k,
                         double complex *z) {
  for (size_t l = 0, work = 0; l < n; l++, work += terms->m + 1) {
    if (work >= POLL || l == 0) {
      work = 0;
      if (!th_poll(cx)) return false;
    }
    z[l] = th_exponential_sum_at(terms, k[l]);
  }
  return true;
}

/* --- By a grid */

bool th_exponential_is_even(size_t n, const double *k, double *step) {
  if (n < 2) return false;
  double first = k[0], largest = fmax(fabs(k[0]), fabs(k[n - 1]));
  *step = (k[n - 1] - first) / (double)(n - 1);
  if (!(fabs(*step) > 0 && largest <= DBL_MAX)) return false;
  for (size_t l = 1; l < n; l++)
    if (!(fabs(k[l] - (first + (double)l * *step)) <= 4 * DBL_EPSILON * largest)) return false;
  return true;
}

typedef struct Grid {
  size_t n, length; /* values of k; points of the fine grid, a power of two */
  double step, middle;
  double *re, *im; /* (length + WIDTH): the grid, its first points repeated behind its end */
} Grid;

/* The bump at WIDTH points, the first at -1 + offset·2/WIDTH, 0 <= offset <= 1. */
static void bump(double offset, double *values) {
  for (int i = 0; i < WIDTH; i++) {
    double u = (i + offset) * (2.0 / WIDTH) - 1, inside = 1 - u * u;
    values[i] = BETA * (sqrt(inside > 0 ? inside : 0) - 1);
  }
  th_kernel_exp(WIDTH, values, values);
}

/* Adds terms `start` and on; s, c are the sines and cosines of middle·x. */
static void spread(Grid *g, const ThExponentialTerms *terms, size_t start, size_t count, const double *s,
                   const double *c) {
  double values[WIDTH], turn = 1 / (2 * TH_PI), scale = g->step * turn;
  for (size_t j = 0; j < count; j++) {
    size_t at = start + j;
    double a = terms->re ? terms->re[at] : 1, b = terms->im ? terms->im[at] : 0;
    double re = a * c[j] - b * s[j], im = a * s[j] + b * c[j];
    double turns = scale * terms->x[at], place = (turns - round(turns)) * (double)g->length;
    double first = ceil(place - 0.5 * WIDTH);
    bump(first - (place - 0.5 * WIDTH), values);
    size_t from = first < 0 ? (size_t)(first + (double)g->length) : (size_t)first;
    double *grid_re = g->re + from, *grid_im = g->im + from;
    for (int i = 0; i < WIDTH; i++) grid_re[i] += re * values[i], grid_im[i] += im * values[i];
  }
}

static bool spread_all(ThContext *cx, Grid *g, const ThExponentialTerms *terms) {
  double s[BLOCK], c[BLOCK];
  for (size_t start = 0; start < terms->m; start += BLOCK) {
    size_t count = terms->m - start < BLOCK ? terms->m - start : BLOCK;
    if (start % POLL == 0 && !th_poll(cx)) return false;
    th_kernel_multiply(count, terms->x + start, 1, &g->middle, 0, s);
    th_kernel_sincos(count, s, s, c);
    spread(g, terms, start, count, s, c);
  }
  for (size_t i = 0; i < WIDTH; i++) {
    g->re[i] += g->re[g->length + i];
    g->im[i] += g->im[g->length + i];
  }
  return true;
}

/* The bump's transform at frequency s, 0 <= s <= n/2: (WIDTH/2)∫ e^(β(√(1-u²)-1)) cos(πs WIDTH u/length) du over
 * [-1, 1], by Gauss-Legendre: the integrand has at most WIDTH/4 turns. */
static void bump_transform(const Grid *g, size_t s, const double *nodes, const double *weights, double *out) {
  double phase[NODES / 2], scale = TH_PI * (double)s * WIDTH / (double)g->length;
  th_kernel_multiply(NODES / 2, nodes, 1, &scale, 0, phase);
  th_kernel_cos(NODES / 2, phase, phase);
  *out = WIDTH * th_kernel_sum_product(NODES / 2, weights, phase);
}

/* z from the transformed grid: frequency s = l - n/2 stands at place -s. */
static bool divide_out(ThContext *cx, const Grid *g, const double complex *grid, double complex *z) {
  double nodes[NODES], weights[NODES], factor;
  size_t half = g->n / 2;
  th_quadrature_gauss_legendre(NODES, nodes, weights);
  for (int i = 0; i < NODES / 2; i++) weights[i] *= exp(BETA * (sqrt(1 - nodes[i] * nodes[i]) - 1));
  for (size_t s = 0; s <= half; s++) {
    if (s % 1024 == 0 && !th_poll(cx)) return false;
    bump_transform(g, s, nodes, weights, &factor);
    if (half + s < g->n) z[half + s] = grid[(g->length - s) % g->length] / factor;
    z[half - s] = grid[s] / factor;
  }
  return true;
}

static bool by_grid(ThContext *cx, Grid *g, const ThExponentialTerms *terms, double complex *z) {
  size_t room = g->length + WIDTH;
  double complex *grid = th_alloc_array(cx, g->length, sizeof *grid);
  g->re = grid ? th_alloc_array(cx, 2 * room, sizeof *g->re) : NULL;
  bool ok = g->re != NULL;
  if (ok) {
    g->im = g->re + room;
    th_kernel_fill(2 * room, 0, g->re);
    ok = spread_all(cx, g, terms);
    for (size_t i = 0; ok && i < g->length; i++) grid[i] = __builtin_complex(g->re[i], g->im[i]);
    ok = ok && th_fft(cx, g->length, grid, false) && divide_out(cx, g, grid, z);
  }
  th_free(cx, g->re, 2 * room * sizeof *g->re);
  th_free(cx, grid, g->length * sizeof *grid);
  return ok;
}

/* Nanoseconds, roughly: whichever is less. */
static bool grid_is_quicker(size_t m, size_t n, size_t length) {
  double terms = (double)m, values = (double)n;
  return n >= 32 && terms * values * 2 > terms * 60 + values * 60 + (double)length * 60;
}

/* By the grid where the steps are even and every term's turns are known to the digits that the sum needs. */
bool th_exponential_sum(ThContext *cx, const ThExponentialTerms *terms, size_t n, const double *k,
                        double complex *z, const char **method) {
  Grid g = {.n = n, .length = 4 * WIDTH};
  while (g.length < 3 * n) g.length *= 2;
  bool grid = grid_is_quicker(terms->m, n, g.length) && th_exponential_is_even(n, k, &g.step);
  for (size_t j = 0; grid && j < terms->m; j++) grid = fabs(terms->x[j] * g.step) < 1e6;
  if (method) *method = grid ? "non-uniform FFT" : "direct sum";
  if (!grid) return term_by_term(cx, terms, n, k, z);
  g.middle = k[n / 2];
  return by_grid(cx, &g, terms, z);
}
