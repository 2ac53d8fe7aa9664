/* stats_order.c - sorting, quantiles, ranks, histograms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* NaNs are moved behind the numbers first; what is left is ordered by < alone. */
#include "num/stats.h"

#include <string.h>

#include "num/kernels.h"
#include "num/real.h"

enum {
  SMALL = 24,    /* below this, insertion */
  POLL = 1 << 16 /* so many numbers take a millisecond or so: then the interrupt flag is looked at */
};

static void swap(double *a, double *b) {
  double other = *a;
  *a = *b;
  *b = other;
}

/* Moves NaNs to the end; the number of the others. */
static size_t numbers_first(size_t n, double *x) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (x[i] == x[i]) swap(&x[kept++], &x[i]);
  return kept;
}

static void insertion_sort(size_t n, double *x) {
  for (size_t i = 1; i < n; i++) {
    double value = x[i];
    size_t j = i;
    for (; j > 0 && x[j - 1] > value; j--) x[j] = x[j - 1];
    x[j] = value;
  }
}

static void sift(double *x, size_t i, size_t n) {
  for (size_t child; (child = 2 * i + 1) < n; i = child) {
    if (child + 1 < n && x[child + 1] > x[child]) child++;
    if (x[i] >= x[child]) return;
    swap(&x[i], &x[child]);
  }
}

static void heap_sort(size_t n, double *x) {
  for (size_t i = n / 2; i-- > 0;) sift(x, i, n);
  for (size_t end = n; end-- > 1;) {
    swap(&x[0], &x[end]);
    sift(x, 0, end);
  }
}

static double median_of_3(double a, double b, double c) {
  if (a > b) swap(&a, &b);
  if (b > c) b = c;
  return a > b ? a : b;
}

/* Hoare's partition: x[0 … split) <= pivot <= x[split … n), 0 < split < n. */
static size_t partition(size_t n, double *x) {
  double pivot = median_of_3(x[0], x[n / 2], x[n - 1]);
  size_t i = 0, j = n - 1;
  for (;;) {
    while (x[i] < pivot) i++;
    while (x[j] > pivot) j--;
    if (i >= j) return i > 0 ? i : 1;
    swap(&x[i++], &x[j--]);
  }
}

/* Quicksort; heap sort once the splits have been bad for `depth` levels (Musser 1997). */
static bool sort_numbers(ThContext *cx, size_t n, double *x, int depth) {
  while (n > SMALL) {
    if (n > POLL && !th_poll(cx)) return false;
    if (depth-- == 0) {
      heap_sort(n, x);
      return true;
    }
    size_t split = partition(n, x);
    bool ok;
    if (split < n - split) {
      ok = sort_numbers(cx, split, x, depth);
      x += split;
      n -= split;
    } else {
      ok = sort_numbers(cx, n - split, x + split, depth);
      n = split;
    }
    if (!ok) return false;
  }
  insertion_sort(n, x);
  return true;
}

static int depth_for(size_t n) {
  int depth = 4;
  for (; n > 1; n /= 2) depth += 2;
  return depth;
}

bool th_stats_sort(ThContext *cx, size_t n, double *x) {
  size_t numbers = numbers_first(n, x);
  return sort_numbers(cx, numbers, x, depth_for(numbers));
}

/* Does a come after b? NaN comes after every number. */
static bool after(double a, double b) { return a > b || (a != a && b == b); }

/* Merges the sorted runs from[0 … middle) and from[middle … n) into `to`. */
static bool merge(ThContext *cx, const double *x, const size_t *from, size_t middle, size_t n, size_t *to) {
  size_t left = 0, right = middle;
  for (size_t i = 0, stop; i < n; i = stop) {
    stop = n - i > POLL ? i + POLL : n;
    for (size_t k = i; k < stop; k++) {
      bool take_right = left == middle || (right < n && after(x[from[left]], x[from[right]]));
      to[k] = take_right ? from[right++] : from[left++];
    }
    if (stop - i == POLL && !th_poll(cx)) return false;
  }
  return true;
}

/* Merge sort from below: runs of 1, 2, 4, …, to and fro between index and workspace. */
bool th_stats_sort_index(ThContext *cx, size_t n, const double *x, size_t *workspace, size_t *index) {
  size_t *from = index, *to = workspace;
  for (size_t i = 0; i < n; i++) from[i] = i;
  for (size_t run = 1; run < n; run *= 2) {
    for (size_t start = 0; start < n; start += 2 * run) {
      size_t count = n - start < 2 * run ? n - start : 2 * run;
      if (!merge(cx, x, from + start, run < count ? run : count, count, to + start)) return false;
      if (start % POLL == 0 && !th_poll(cx)) return false;
    }
    size_t *other = from;
    from = to;
    to = other;
  }
  if (from != index) memcpy(index, from, n * sizeof *index);
  return true;
}

void th_stats_ranks(size_t n, const double *x, const size_t *index, double *ranks) {
  for (size_t start = 0, end; start < n; start = end) {
    for (end = start + 1; end < n && x[index[end]] == x[index[start]];) end++;
    double rank = 0.5 * ((double)start + (double)end + 1);
    for (size_t i = start; i < end; i++) ranks[index[i]] = rank;
  }
}

size_t th_stats_unique_sorted(size_t n, double *x) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++) {
    bool again = kept > 0 && (x[i] == x[kept - 1] || (x[i] != x[i] && x[kept - 1] != x[kept - 1]));
    if (!again) x[kept++] = x[i];
  }
  return kept;
}

size_t th_stats_count_below(size_t n, const double *sorted, double value, bool or_equal) {
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] < value || (or_equal && sorted[middle] == value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* --- Quantiles ----------------------------------------------------------------------------------- */

/* Position (n - 1)p: *low and the share of the way to low + 1. */
static double position(size_t n, double p, size_t *low) {
  double at = (double)(n - 1) * p;
  *low = (size_t)at;
  if (*low > n - 1) *low = n - 1;
  return at - (double)*low;
}

/* a + share (b - a), also where b - a is beyond the largest double or one of them infinite. */
static double between(double a, double b, double share) {
  if (share == 0 || a == b) return a;
  return fabs(b - a) <= DBL_MAX ? a + share * (b - a) : (1 - share) * a + share * b;
}

double th_stats_quantile_sorted(size_t n, const double *sorted, double p) {
  size_t low;
  if (n == 0 || !(p >= 0 && p <= 1) || sorted[n - 1] != sorted[n - 1]) return TH_NAN;
  double share = position(n, p, &low);
  return low + 1 < n ? between(sorted[low], sorted[low + 1], share) : sorted[low];
}

/* Quickselect: afterwards x[k] is the k-th smallest, none before it is greater, none after it less. */
static bool select_place(ThContext *cx, size_t n, double *x, size_t k) {
  int depth = depth_for(n);
  while (n > SMALL && depth-- > 0) {
    if (n > POLL && !th_poll(cx)) return false;
    size_t split = partition(n, x);
    if (k < split) n = split;
    else {
      x += split;
      n -= split;
      k -= split;
    }
  }
  return sort_numbers(cx, n, x, depth_for(n));
}

bool th_stats_select_inplace(ThContext *cx, size_t n, double *x, size_t k, double *out) {
  size_t n_numbers = numbers_first(n, x);
  *out = TH_NAN;
  if (k >= n_numbers) return true;
  if (!select_place(cx, n_numbers, x, k)) return false;
  *out = x[k];
  return true;
}

bool th_stats_quantile_inplace(ThContext *cx, size_t n, double *x, double p, double *out) {
  size_t low;
  *out = TH_NAN;
  if (n == 0 || !(p >= 0 && p <= 1) || numbers_first(n, x) < n) return true;
  double share = position(n, p, &low);
  if (!select_place(cx, n, x, low)) return false;
  *out = low + 1 >= n || share == 0 ? x[low]
                                    : between(x[low], th_kernel_min(n - low - 1, x + low + 1), share);
  return true;
}

bool th_stats_quantile(ThContext *cx, size_t n, const double *x, double p, double *out) {
  double *copy = th_alloc_array(cx, n, sizeof *copy);
  if (!copy) return false;
  if (n) memcpy(copy, x, n * sizeof *copy);
  bool ok = th_stats_quantile_inplace(cx, n, copy, p, out);
  th_free(cx, copy, n * sizeof *copy);
  return ok;
}

bool th_stats_median(ThContext *cx, size_t n, const double *x, double *out) {
  return th_stats_quantile(cx, n, x, 0.5, out);
}

/* --- Histograms ---------------------------------------------------------------------------------- */

size_t th_stats_bin_count(size_t n, const double *sorted) {
  if (n < 2) return 1;
  double range = sorted[n - 1] - sorted[0], size = (double)n;
  double iqr = th_stats_quantile_sorted(n, sorted, 0.75) - th_stats_quantile_sorted(n, sorted, 0.25);
  if (!(range > 0) || range > DBL_MAX) return 1;
  double bins = iqr > 0 ? range / (2 * iqr / cbrt(size)) : log2(size) + 1;
  return bins > 1000 ? 1000 : (size_t)ceil(bins);
}

/* The bin is guessed as if all were equally wide, then moved to where its edges say. */
static size_t bin_of(double x, size_t n_bins, const double *edges) {
  double share = (x - edges[0]) / (edges[n_bins] - edges[0]);
  size_t bin = (size_t)(share * (double)n_bins);
  if (bin >= n_bins) bin = n_bins - 1;
  if (x >= edges[bin] && x < edges[bin + 1]) return bin;
  size_t below = th_stats_count_below(n_bins + 1, edges, x, true); /* edges <= x */
  return below > n_bins ? n_bins - 1 : below - 1;
}

void th_stats_histogram(size_t n, const double *x, size_t n_bins, const double *edges, double *counts) {
  th_kernel_fill(n_bins, 0, counts);
  if (n_bins == 0) return;
  for (size_t i = 0; i < n; i++)
    if (x[i] >= edges[0] && x[i] <= edges[n_bins]) counts[bin_of(x[i], n_bins, edges)]++;
}
