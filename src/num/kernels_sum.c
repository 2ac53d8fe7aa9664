/* kernels_sum.c - sums that carry the rounding of every addition along */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* s + x = t exactly when what t lacks is added: (s - (t - z)) + (x - z), z = t - s (Knuth, The Art of Computer
 * Programming 2, section 4.2.2, theorem B). Where a total is infinite or NaN what it lacks is NaN and means nothing:
 * the total alone counts. */
#include "num/kernels.h"

#include "num/kernels_width.h"
#include "num/real.h"

INLINE int add_body(ThStretchSum *stretch, size_t n, const double *x) {
  size_t i = 0;
  Pack sum = *(const Pack *)stretch->total, lost = *(const Pack *)stretch->rest;
  for (; i + PACK <= n; i += PACK) {
    Pack term = *(const Pack *)(x + i), total = sum + term, z = total - sum;
    lost += (sum - (total - z)) + (term - z);
    sum = total;
  }
  if (i < n) { /* what is left over, zeros after it */
    Pack term = {0};
    for (size_t j = 0; j < n - i; j++) term[j] = x[i + j];
    Pack total = sum + term, z = total - sum;
    lost += (sum - (total - z)) + (term - z);
    sum = total;
  }
  *(Pack *)stretch->total = sum;
  *(Pack *)stretch->rest = lost;
  return 0;
}
VERSIONS(int, add, (ThStretchSum * stretch, size_t n, const double *x), (stretch, n, x))

void th_stretch_add(ThStretchSum *stretch, size_t n, const double *x) { add_everywhere(stretch, n, x); }

static void add_one(ThSum *sum, double term) {
  double total = sum->total + term, z = total - sum->total;
  sum->rest += (sum->total - (total - z)) + (term - z);
  sum->total = total;
}

void th_sum_add(ThSum *sum, const ThStretchSum *stretch) {
  for (size_t j = 0; j < PACK; j++) add_one(sum, stretch->total[j]);
  for (size_t j = 0; j < PACK; j++) sum->rest += stretch->rest[j];
}

double th_sum_join(ThSum first, ThSum second) {
  add_one(&first, second.total);
  double rest = first.rest + second.rest;
  return fabs(first.total) <= DBL_MAX && rest == rest ? first.total + rest : first.total;
}

size_t th_sum_half(size_t n) {
  size_t stretches = (n + TH_SUM_STRETCH - 1) / TH_SUM_STRETCH, half = (stretches + 1) / 2 * TH_SUM_STRETCH;
  return half < n ? half : n;
}

static ThSum sum_of_half(size_t n, const double *x) {
  ThSum sum = {0};
  for (size_t i = 0; i < n; i += TH_SUM_STRETCH) {
    ThStretchSum stretch = {0};
    th_stretch_add(&stretch, n - i < TH_SUM_STRETCH ? n - i : TH_SUM_STRETCH, x + i);
    th_sum_add(&sum, &stretch);
  }
  return sum;
}

double th_kernel_sum_compensated(size_t n, const double *x) {
  size_t half = th_sum_half(n);
  return th_sum_join(sum_of_half(half, x), sum_of_half(n - half, x + half));
}
