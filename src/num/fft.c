/* fft.c - the discrete Fourier transform */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Powers of two by Cooley and Tukey (1965), in place with bits reversed; other lengths as a convolution with a
 * chirp, which is done by powers of two (Bluestein 1970). Roots of unity come from a table of cos and sin of
 * reduced angles, never from a recurrence, so that errors grow like log n. */
#include "num/fft.h"

#include <math.h>
#include <string.h>

/* e^(-2πi k/n), 0 <= k < n: the angle is brought below an eighth of a turn, so that 1, -i, -1 and i are exact. */
static double complex root_of_unity(size_t k, size_t n) {
  size_t quarter = 4 * k / n, rest = 4 * k % n;
  bool beyond = 2 * rest > n;
  double angle = 1.57079632679489661923 * ((double)(beyond ? n - rest : rest) / (double)n);
  double c = beyond ? sin(angle) : cos(angle), s = beyond ? cos(angle) : sin(angle);
  switch (quarter) {
    case 0: return __builtin_complex(c, -s);
    case 1: return __builtin_complex(-s, -c);
    case 2: return __builtin_complex(-c, s);
    default: return __builtin_complex(s, c);
  }
}

static double complex multiply(double complex x, double complex y) {
  return __builtin_complex(creal(x) * creal(y) - cimag(x) * cimag(y),
                           creal(x) * cimag(y) + cimag(x) * creal(y));
}

enum { POLL = 1 << 16 }; /* so many steps take a millisecond: then the interrupt flag is looked at */

static bool reverse_bits(ThContext *cx, size_t n, double complex *x) {
  for (size_t i = 1, j = 0; i < n; i++) {
    if (i % POLL == 0 && !th_poll(cx)) return false;
    size_t bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    double complex swap = x[i];
    x[i] = x[j];
    x[j] = swap;
  }
  return true;
}

/* x[k], y[k] become x[k] ± roots[k stride] y[k], first <= k < last. */
static void butterflies(size_t first, size_t last, double complex *x, double complex *y,
                        const double complex *roots, size_t stride) {
  for (size_t k = first; k < last; k++) {
    double complex a = x[k], b = multiply(y[k], roots[k * stride]);
    x[k] = a + b;
    y[k] = a - b;
  }
}

/* n is a power of two; roots holds n/2 roots of unity, conjugated for the inverse (which is not scaled). */
static bool transform_power(ThContext *cx, size_t n, double complex *x, const double complex *roots) {
  if (!reverse_bits(cx, n, x)) return false;
  for (size_t half = 1; half < n; half *= 2) {
    for (size_t start = 0; start < n; start += 2 * half) {
      if (start % POLL == 0 && !th_poll(cx)) return false;
      for (size_t k = 0; k < half; k += POLL) {
        if (k && !th_poll(cx)) return false;
        butterflies(k, half - k < POLL ? half : k + POLL, x + start, x + start + half, roots, n / (2 * half));
      }
    }
  }
  return true;
}

static bool fill_roots(ThContext *cx, size_t n, double complex *roots) {
  for (size_t k = 0; k < n / 2; k++) {
    if (k % POLL == 0 && !th_poll(cx)) return false;
    roots[k] = root_of_unity(k, n);
  }
  return true;
}

static bool power_of_two(ThContext *cx, size_t n, double complex *x) {
  double complex *roots = th_alloc_array(cx, n / 2, sizeof *roots);
  if (!roots) return false;
  bool ok = fill_roots(cx, n, roots) && transform_power(cx, n, x, roots);
  th_free(cx, roots, n / 2 * sizeof *roots);
  return ok;
}

/* With w_j = e^(-πi j²/n): x̂_k = w_k Σ_j (x_j w_j) w̄_(k-j), a convolution of length m >= 2n - 1. The square is
 * reduced modulo 2n before it becomes an angle, which keeps its digits. */
static bool chirp(ThContext *cx, size_t n, double complex *w) {
  for (size_t j = 0, square = 0; j < n; j++) {
    if (j % POLL == 0 && !th_poll(cx)) return false;
    w[j] = root_of_unity(square, 2 * n);
    square = (square + 2 * j + 1) % (2 * n);
  }
  return true;
}

/* x (n) times the chirp w, transformed; a, b: m each; roots: m/2 */
static bool convolve_chirp(ThContext *cx, size_t n, size_t m, double complex *x, double complex *w,
                           double complex *a, double complex *b, double complex *roots) {
  if (!chirp(cx, n, w) || !fill_roots(cx, m, roots)) return false;
  for (size_t j = 0; j < m; j++) {
    if (j % POLL == 0 && !th_poll(cx)) return false;
    size_t k = j < n ? j : m - j < n ? m - j : n; /* b is symmetric, 0 between its ends */
    a[j] = j < n ? multiply(x[j], w[j]) : 0;
    b[j] = k < n ? conj(w[k]) : 0;
  }
  if (!transform_power(cx, m, a, roots) || !transform_power(cx, m, b, roots)) return false;
  for (size_t k = 0; k < m; k++) {
    if (k % POLL == 0 && !th_poll(cx)) return false;
    a[k] = conj(multiply(a[k], b[k])); /* the inverse, by conjugation */
  }
  if (!transform_power(cx, m, a, roots)) return false;
  for (size_t k = 0; k < n; k++) x[k] = multiply(conj(a[k]), w[k]) / (double)m;
  return true;
}

static bool any_length(ThContext *cx, size_t n, double complex *x) {
  size_t m = 1;
  while (m < 2 * n - 1) m *= 2;
  size_t total = n + 2 * m + m / 2;
  double complex *w = th_alloc_array(cx, total, sizeof *w);
  if (!w) return false;
  bool ok = convolve_chirp(cx, n, m, x, w, w + n, w + n + m, w + n + 2 * m);
  th_free(cx, w, total * sizeof *w);
  return ok;
}

enum { DIRECT = 48 };

/* Few elements, by the definition: there a detour over a longer length costs digits, and time. */
static void by_definition(size_t n, double complex *x) {
  double complex roots[DIRECT], y[DIRECT];
  for (size_t k = 0; k < n; k++) roots[k] = root_of_unity(k, n);
  for (size_t k = 0; k < n; k++) {
    y[k] = 0;
    for (size_t j = 0; j < n; j++) y[k] += multiply(x[j], roots[j * k % n]);
  }
  memcpy(x, y, n * sizeof *x);
}

bool th_fft(ThContext *cx, size_t n, double complex *x, bool inverse) {
  if (n < 2) return true;
  for (size_t i = 0; inverse && i < n; i++) x[i] = conj(x[i]);
  bool ok = true, is_power = (n & (n - 1)) == 0;
  if (n <= DIRECT && !is_power) by_definition(n, x);
  else ok = is_power ? power_of_two(cx, n, x) : any_length(cx, n, x);
  for (size_t i = 0; inverse && i < n; i++) x[i] = conj(x[i]) / (double)n;
  return ok;
}
