/* softmax.c - exponentials that are divided by their sum, and their logarithms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/softmax.h"

#include <math.h>
#include <stdbool.h>

#include "num/kernels.h"

enum { BLOCK = 512 };

/* What an infinite largest number leaves: 1 at its places, else 0; nothing when it is -inf. */
static void shares_of_infinite(size_t n, const double *x, double largest, double *y) {
  for (size_t k = 0; k < n; k++) y[k] = largest > 0 && x[k] == largest;
}

void th_softmax(size_t n, const double *x, double *y) {
  double largest = th_kernel_max(n, x), sum = 0;
  bool is_infinite = isinf(largest);
  if (is_infinite) shares_of_infinite(n, x, largest, y);
  for (size_t start = 0; start < n; start += BLOCK) { /* while a block is in the first cache */
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    if (!is_infinite) {
      th_kernel_subtract(count, x + start, 1, &largest, 0, y + start);
      th_kernel_exp(count, y + start, y + start);
    }
    sum += th_kernel_sum(count, y + start);
  }
  if (sum != 0) th_kernel_divide(n, y, 1, &sum, 0, y);
}

void th_log_softmax(size_t n, const double *x, double *y) {
  double largest = th_kernel_max(n, x);
  if (isinf(largest)) {
    shares_of_infinite(n, x, largest, y);
    double log_count = log(th_kernel_sum(n, y));
    for (size_t k = 0; k < n; k++) y[k] = y[k] > 0 ? -log_count : -INFINITY;
    return;
  }
  size_t place = 0;
  while (place + 1 < n && x[place] != largest) place++;
  for (size_t k = 0; k < n; k++) y[k] = x[k] - largest;
  th_kernel_exp(n, y, y);
  if (n > 0 && x[place] == largest) y[place] = 0;
  double log_sum = log1p(th_kernel_sum(n, y));
  for (size_t k = 0; k < n; k++) y[k] = (x[k] - largest) - log_sum;
}
