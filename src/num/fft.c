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

static void reverse_bits(size_t n, double complex *x) {
  for (size_t i = 1, j = 0; i < n; i++) {
    size_t bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    double complex swap = x[i];
    x[i] = x[j];
    x[j] = swap;
  }
}

/* n is a power of two; roots holds n/2 roots of unity, conjugated for the inverse (which is not scaled). */
static void transform_power(size_t n, double complex *x, const double complex *roots) {
  reverse_bits(n, x);
  for (size_t half = 1; half < n; half *= 2) {
    size_t stride = n / (2 * half);
    for (size_t start = 0; start < n; start += 2 * half) {
      for (size_t k = 0; k < half; k++) {
        double complex a = x[start + k], b = multiply(x[start + k + half], roots[k * stride]);
        x[start + k] = a + b;
        x[start + k + half] = a - b;
      }
    }
  }
}

static void fill_roots(size_t n, double complex *roots) {
  for (size_t k = 0; k < n / 2; k++) roots[k] = root_of_unity(k, n);
}

static bool power_of_two(ThContext *cx, size_t n, double complex *x) {
  double complex *roots = th_alloc_array(cx, n / 2, sizeof *roots);
  if (!roots) return false;
  fill_roots(n, roots);
  transform_power(n, x, roots);
  th_free(cx, roots, n / 2 * sizeof *roots);
  return true;
}

/* With w_j = e^(-πi j²/n): x̂_k = w_k Σ_j (x_j w_j) w̄_(k-j), a convolution of length m >= 2n - 1. The square is
 * reduced modulo 2n before it becomes an angle, which keeps its digits. */
static void chirp(size_t n, double complex *w) {
  for (size_t j = 0, square = 0; j < n; j++) {
    w[j] = root_of_unity(square, 2 * n);
    square = (square + 2 * j + 1) % (2 * n);
  }
}

static bool any_length(ThContext *cx, size_t n, double complex *x) {
  size_t m = 1;
  while (m < 2 * n - 1) m *= 2;
  size_t total = n + 2 * m + m / 2;
  double complex *w = th_alloc_array(cx, total, sizeof *w);
  if (!w) return false;
  double complex *a = w + n, *b = a + m, *roots = b + m;
  chirp(n, w);
  fill_roots(m, roots);
  memset(a, 0, 2 * m * sizeof *a);
  for (size_t j = 0; j < n; j++) {
    a[j] = multiply(x[j], w[j]);
    b[j] = conj(w[j]);
    if (j) b[m - j] = b[j];
  }
  transform_power(m, a, roots);
  transform_power(m, b, roots);
  for (size_t k = 0; k < m; k++) a[k] = conj(multiply(a[k], b[k])); /* the inverse, by conjugation */
  transform_power(m, a, roots);
  for (size_t k = 0; k < n; k++) x[k] = multiply(conj(a[k]), w[k]) / (double)m;
  th_free(cx, w, total * sizeof *w);
  return true;
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
