/* quadrature_gauss.c - nodes and weights of Gauss rules */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/quadrature.h"

#include "num/real.h"

/* Pₙ(x) by its recurrence, and its derivative. */
static double legendre(size_t n, double x, double *derivative) {
  double before = 1, value = x;
  for (size_t k = 2; k <= n; k++) {
    double degree = (double)k, next = ((2 * degree - 1) * x * value - (degree - 1) * before) / degree;
    before = value;
    value = next;
  }
  *derivative = (double)n * (x * value - before) / (x * x - 1);
  return value;
}

/* Newton's method from cos(π(i - 1/4)/(n + 1/2)), which is close enough for every n. */
void th_quadrature_gauss_legendre(size_t n, double *nodes, double *weights) {
  for (size_t i = 0; i < (n + 1) / 2; i++) {
    double x = cos(TH_PI * ((double)i + 0.75) / ((double)n + 0.5)), slope = 1;
    for (int step = 0; step < 10 && n > 1; step++) {
      double move = legendre(n, x, &slope) / slope;
      x -= move;
      if (fabs(move) < 1e-15) break;
    }
    if (2 * i + 1 == n) x = 0;
    if (n > 1) legendre(n, x, &slope);
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
    weights[i] = weights[n - 1 - i] = n > 1 ? 2 / ((1 - x) * (1 + x) * slope * slope) : 2;
  }
}

/* How many nodes lie below x: the signs of the pivots of J - x, J the symmetric tridiagonal matrix with √k
 * beside its diagonal of zeros, whose eigenvalues the nodes are (Golub and Welsch 1969). */
static size_t hermite_below(size_t n, double x) {
  size_t count = 0;
  double pivot = -x;
  for (size_t k = 1; k <= n; k++) {
    if (pivot == 0) pivot = -1e-300;
    count += pivot < 0;
    pivot = -x - (double)k / pivot;
  }
  return count;
}

/* Σ of the squares of the first n orthonormal polynomials at x: the weight is its reciprocal. It may reach
 * e^(x²/2), and stays below overflow for n <= 200. */
static double hermite_sum(size_t n, double x, double *value, double *before) {
  double sum = 1, last = 0, here = 1;
  for (size_t k = 1; k <= n; k++) {
    double next = (x * here - sqrt((double)k - 1) * last) / sqrt((double)k);
    last = here;
    here = next;
    if (k < n) sum += here * here;
  }
  *value = here;
  *before = last;
  return sum;
}

void th_quadrature_gauss_hermite(size_t n, double *nodes, double *weights) {
  double value, before, reach = 2 * sqrt((double)n) + 1;
  for (size_t i = 0; i < (n + 1) / 2; i++) { /* the i-th from above */
    double low = 0, high = reach;
    for (int step = 0; step < 40; step++) {
      double middle = 0.5 * (low + high);
      if (hermite_below(n, middle) >= n - i) high = middle;
      else low = middle;
    }
    double x = 0.5 * (low + high);
    for (int step = 0; step < 3 && 2 * i + 1 < n; step++) { /* pₙ' = √n pₙ₋₁ */
      hermite_sum(n, x, &value, &before);
      x -= value / (sqrt((double)n) * before);
    }
    if (2 * i + 1 == n) x = 0;
    nodes[i] = -x;
    nodes[n - 1 - i] = x;
    weights[i] = weights[n - 1 - i] = 1 / hermite_sum(n, x, &value, &before);
  }
}
