/* kde.c - density estimates with a normal kernel */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With t = (x - centre)/h and s = (datum - centre)/h, |s| <= 1/4,
 *   e^(-(t-s)²/2) = e^(-t²/2) Σ_k t^k (e^(-s²/2) s^k/k!)
 *   Φ(t - s) = Φ(t) - φ(t) Σ_{k>=1} He_{k-1}(t) s^k/k!
 * (Greengard and Strain 1991 for the first). For |t| <= 12 the 30 terms leave out 3^30/30!, below 1e-17 of the sum;
 * what the series' own signs cancel is at most e^6 roundings, of the bins that count least. */
#include "num/kde.h"

#include <string.h>

#include "num/real.h"
#include "num/special.h"
#include "num/stats.h"

enum { TERMS = TH_KDE_TERMS, FEW = 20 };
#define REACH 12.0   /* of a series, in bandwidths */
#define NOTHING 37.0 /* e^-37 is a rounding */

/* --- Making one */

static void fill_bin(const ThKde *kde, ThKdeBin *bin) {
  memset(bin->weighted, 0, sizeof bin->weighted);
  memset(bin->plain, 0, sizeof bin->plain);
  for (size_t i = bin->first; i < bin->first + bin->count; i++) {
    double s = (kde->data[i] - bin->centre) / kde->bandwidth, power = 1, weight = exp(-0.5 * s * s);
    for (int k = 0; k < TERMS; power *= s / ++k) {
      bin->weighted[k] += weight * power;
      bin->plain[k] += power;
    }
  }
}

/* Data in a row within half a bandwidth; returns how many bins, filled when bins is not NULL. */
static size_t cut(const ThKde *kde, ThKdeBin *bins) {
  size_t count = 0, end;
  for (size_t first = 0; first < kde->n; first = end, count++) {
    double limit = kde->data[first] + 0.5 * kde->bandwidth;
    for (end = first + 1; end < kde->n && kde->data[end] <= limit;) end++;
    if (!bins) continue;
    bins[count] = (ThKdeBin){
        .centre = 0.5 * kde->data[first] + 0.5 * kde->data[end - 1], .first = first, .count = end - first};
    if (bins[count].count >= FEW) fill_bin(kde, &bins[count]);
  }
  return count;
}

bool th_kde_init(ThContext *cx, ThKde *kde, size_t n, const double *x, double bandwidth) {
  *kde = (ThKde){.n = n, .bandwidth = bandwidth};
  kde->data = th_alloc_array(cx, n, sizeof *kde->data);
  if (!kde->data) return false;
  memcpy(kde->data, x, n * sizeof *x);
  bool ok = th_stats_sort(cx, n, kde->data);
  size_t count = ok ? cut(kde, NULL) : 0;
  kde->bins = ok ? th_alloc_array(cx, count, sizeof *kde->bins) : NULL;
  if (kde->bins) kde->n_bins = cut(kde, kde->bins);
  else th_kde_free(&cx->heap, kde);
  return kde->bins != NULL;
}

void th_kde_free(ThHeap *heap, ThKde *kde) {
  th_heap_free(heap, kde->data, kde->n * sizeof *kde->data);
  th_heap_free(heap, kde->bins, kde->n_bins * sizeof *kde->bins);
  *kde = (ThKde){0};
}

double th_kde_silverman(size_t n, const double *sorted) {
  if (n < 2) return 0;
  double sd = th_stats_sd(n, sorted, 1);
  double iqr = th_stats_quantile_sorted(n, sorted, 0.75) - th_stats_quantile_sorted(n, sorted, 0.25);
  double spread = iqr > 0 ? fmin(sd, iqr / 1.34) : sd;
  return 0.9 * spread * pow((double)n, -0.2);
}

/* --- What counts at a point */

/* The distance of the nearest datum, in bandwidths. */
static double nearest(const ThKde *kde, double x) {
  size_t i = th_stats_count_below(kde->n, kde->data, x, false);
  double left = i > 0 ? x - kde->data[i - 1] : TH_INFINITY,
         right = i < kde->n ? kde->data[i] - x : TH_INFINITY;
  return fmin(left, right) / kde->bandwidth;
}

/* The first bin whose data reach beyond x. */
static size_t first_bin(const ThKde *kde, double x) {
  size_t low = 0, high = kde->n_bins;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const ThKdeBin *bin = &kde->bins[middle];
    if (kde->data[bin->first + bin->count - 1] < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/* How far data count beside the nearest one, at distance `least`: e^(-r²/2) < e^-37/n of it. */
static double reach_of(const ThKde *kde, double least) {
  return sqrt(least * least + 2 * (NOTHING + log((double)kde->n)));
}

/* --- The density */

/* Adds a bin's Σ e^(-(z² - least²)/2) to *sum and, unless slope is NULL, its derivative by x/h to *slope. */
static void add_bin(const ThKde *kde, const ThKdeBin *bin, double x, double least, double *sum,
                    double *slope) {
  double t = (x - bin->centre) / kde->bandwidth, series = 0, derivative = 0;
  if (bin->count >= FEW && fabs(t) <= REACH) {
    double factor = exp(-0.5 * (t - least) * (t + least));
    for (int k = TERMS - 1; k >= 0; k--) {
      if (slope) derivative = derivative * t + series;
      series = series * t + bin->weighted[k];
    }
    *sum += series * factor;
    if (slope) *slope += (derivative - t * series) * factor;
    return;
  }
  for (size_t i = bin->first; i < bin->first + bin->count; i++) {
    double z = (x - kde->data[i]) / kde->bandwidth;
    double share = exp(-0.5 * (fabs(z) - least) * (fabs(z) + least));
    *sum += share;
    if (slope) *slope -= z * share;
  }
}

/* The same over all bins that count at x, where the nearest datum is `least` off. */
static double add_bins(const ThKde *kde, double x, double least, double *slope) {
  double reach = reach_of(kde, least) * kde->bandwidth, sum = 0;
  for (size_t i = first_bin(kde, x - reach); i < kde->n_bins; i++) {
    if (kde->data[kde->bins[i].first] > x + reach) break;
    add_bin(kde, &kde->bins[i], x, least, &sum, slope);
  }
  return sum;
}

#define FAR 1e150 /* its square is nearly the largest double */

double th_kde_log_density(const ThKde *kde, double x) {
  if (x != x) return x;
  double least = nearest(kde, x);
  if (!(least < FAR)) return -TH_INFINITY;
  double sum = add_bins(kde, x, least, NULL);
  return log(sum) - 0.5 * least * least - log((double)kde->n * kde->bandwidth) - TH_HALF_LOG_2PI;
}

double th_kde_slope(const ThKde *kde, double x) {
  if (x != x) return x;
  double least = nearest(kde, x), slope = 0;
  if (!(least < FAR)) return (x > kde->data[0] ? -least : least) / kde->bandwidth;
  double sum = add_bins(kde, x, least, &slope);
  return slope / (sum * kde->bandwidth);
}

/* --- The tails */

/* Σ Φ(±(t - s)) over a bin. */
static double bin_tail(const ThKde *kde, const ThKdeBin *bin, double x, bool upper) {
  double sign = upper ? -1 : 1, t = (x - bin->centre) / kde->bandwidth, sum = 0;
  if (bin->count >= FEW && fabs(t) <= REACH) {
    double before = 0, here = 1; /* He_{k-2}, He_{k-1} */
    for (int k = 1; k < TERMS; k++) {
      sum += here * bin->plain[k];
      double next = t * here - (k - 1) * before;
      before = here;
      here = next;
    }
    return (double)bin->count * th_special_normal_cdf(sign * t) - sign * th_special_normal_pdf(t) * sum;
  }
  for (size_t i = bin->first; i < bin->first + bin->count; i++)
    sum += th_special_normal_cdf(sign * (x - kde->data[i]) / kde->bandwidth);
  return sum;
}

/* Data further off than `reach` count whole or not at all. */
double th_kde_tail(const ThKde *kde, double x, bool upper) {
  if (x != x) return x;
  if (fabs(x) > DBL_MAX) return (x > 0) == upper ? 0 : 1;
  double reach = reach_of(kde, nearest(kde, x)) * kde->bandwidth, sum = 0;
  size_t first = first_bin(kde, x - reach), i = first, whole;
  for (; i < kde->n_bins && kde->data[kde->bins[i].first] <= x + reach; i++)
    sum += bin_tail(kde, &kde->bins[i], x, upper);
  if (upper) whole = i < kde->n_bins ? kde->n - kde->bins[i].first : 0;
  else whole = first < kde->n_bins ? kde->bins[first].first : kde->n;
  return fmin(((double)whole + sum) / (double)kde->n, 1);
}

/* Where the tail is below the smallest double: the same sum in logarithms, over the data that count. */
static double far_log_tail(const ThKde *kde, double x, bool upper) {
  double sign = upper ? -1 : 1, reach = reach_of(kde, nearest(kde, x)) * kde->bandwidth;
  double largest = -TH_INFINITY, sum = 0;
  size_t from = th_stats_count_below(kde->n, kde->data, x - reach, false);
  size_t to = th_stats_count_below(kde->n, kde->data, x + reach, true);
  for (size_t i = from; i < to; i++) {
    double y = th_special_log_normal_cdf(sign * (x - kde->data[i]) / kde->bandwidth);
    if (y > largest) sum = sum * exp(largest - y) + 1, largest = y;
    else if (y > -TH_INFINITY) sum += exp(y - largest);
  }
  return sum > 0 ? largest + log(sum / (double)kde->n) : -TH_INFINITY;
}

double th_kde_log_tail(const ThKde *kde, double x, bool upper) {
  double tail = th_kde_tail(kde, x, upper);
  if (tail > 0.5) return log1p(-th_kde_tail(kde, x, !upper));
  return tail > 1e-290 || tail != tail ? log(tail) : far_log_tail(kde, x, upper);
}
