/* stats.c - moments, extremes and accumulations of arrays */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second moments are taken in two passes, from deviations; what the rounding of the mean leaves in them is
 * taken out again. Deviations go through a small buffer, so that sums are the kernels' accurate ones. */
#include "num/stats.h"

#include "num/kernels.h"
#include "num/linalg.h"
#include "num/real.h"

enum { BLOCK = 256 };

double th_stats_sum(size_t n, const double *x) { return th_kernel_sum_compensated(n, x); }

double th_stats_product(size_t n, const double *x) {
  double product = 1;
  for (size_t i = 0; i < n; i++) product *= x[i];
  return product;
}

/* Those before an element times those behind it, from both ends at once: each chain waits for its last product. */
void th_stats_product_of_others(size_t n, const double *x, double *y) {
  double before = 1, behind = 1;
  size_t half = n / 2;
  if (n % 2) y[half] = 1;
  for (size_t i = 0, j = n; i < half; i++) {
    j--;
    y[i] = before, y[j] = behind;
    before *= x[i], behind *= x[j];
  }
  if (n % 2) {
    y[half] = before * behind;
    before *= x[half], behind *= x[half];
  }
  for (size_t i = n - half, j = half; i < n; i++) {
    j--;
    double last = x[j];
    y[i] *= before, y[j] *= behind;
    before *= x[i], behind *= last;
  }
}

/* A sum beyond the largest double may still have a mean. */
double th_stats_mean(size_t n, const double *x) {
  if (n == 0) return TH_NAN;
  double sum = th_stats_sum(n, x), largest = th_kernel_max(n, x), least = th_kernel_min(n, x);
  if (fabs(sum) <= DBL_MAX || !(fabs(largest) <= DBL_MAX && fabs(least) <= DBL_MAX)) return sum / (double)n;
  double mean = 0;
  for (size_t i = 0; i < n; i++) mean += x[i] / (double)n;
  return mean;
}

/* Sums of powers of deviations from `center`, d = x - center: of d, d², d³, d⁴. */
typedef struct Moments {
  double first, second, third, fourth;
} Moments;

static Moments moments_about(size_t n, const double *x, double center) {
  Moments m = {0};
  double d[BLOCK], square[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    th_kernel_subtract(count, x + start, 1, &center, 0, d);
    th_kernel_square(count, d, square);
    m.first += th_kernel_sum(count, d);
    m.second += th_kernel_sum(count, square);
    m.third += th_kernel_sum_product(count, d, square);
    m.fourth += th_kernel_sum_square(count, square);
  }
  return m;
}

/* The sum of (x - x̄)(y - ȳ), with the correction for the rounding of the means. */
static double co_moment(size_t n, const double *x, const double *y) {
  double x_mean = th_stats_mean(n, x), y_mean = th_stats_mean(n, y), sum = 0, dx[BLOCK], dy[BLOCK];
  double x_rest = 0, y_rest = 0;
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    th_kernel_subtract(count, x + start, 1, &x_mean, 0, dx);
    th_kernel_subtract(count, y + start, 1, &y_mean, 0, dy);
    sum += th_kernel_sum_product(count, dx, dy);
    x_rest += th_kernel_sum(count, dx);
    y_rest += th_kernel_sum(count, dy);
  }
  return sum - x_rest * (y_rest / (double)n);
}

double th_stats_variance(size_t n, const double *x, double ddof) {
  if (!((double)n > ddof) || n == 0) return TH_NAN;
  double moment = co_moment(n, x, x);
  return (moment < 0 ? 0 : moment) / ((double)n - ddof); /* a moment of infinite data is nan */
}

double th_stats_sd(size_t n, const double *x, double ddof) { return sqrt(th_stats_variance(n, x, ddof)); }

double th_stats_skewness(size_t n, const double *x) {
  Moments m = moments_about(n, x, th_stats_mean(n, x));
  double size = (double)n, variance = m.second / size;
  return m.third / size / (variance * sqrt(variance));
}

double th_stats_kurtosis(size_t n, const double *x) {
  Moments m = moments_about(n, x, th_stats_mean(n, x));
  double size = (double)n, variance = m.second / size;
  return m.fourth / size / (variance * variance) - 3;
}

double th_stats_weighted_mean(size_t n, const double *x, const double *w) {
  return th_kernel_sum_product(n, x, w) / th_kernel_sum(n, w);
}

double th_stats_weighted_variance(size_t n, const double *x, const double *w) {
  double mean = th_stats_weighted_mean(n, x, w), sum = 0, rest = 0;
  for (size_t i = 0; i < n; i++) {
    double d = x[i] - mean;
    sum += w[i] * d * d;
    rest += w[i] * d;
  }
  double total = th_kernel_sum(n, w);
  return fmax(sum - rest * (rest / total), 0) / total;
}

double th_stats_covariance(size_t n, const double *x, const double *y, double ddof) {
  return n > 0 && (double)n > ddof ? co_moment(n, x, y) / ((double)n - ddof) : TH_NAN;
}

/* xy/√(xx yy) within [-1, 1]; under one root, so that it is 1 when all three are equal. */
static double correlation_of(double xy, double xx, double yy) {
  double product = xx * yy;
  bool fits = product > 1e-290 && product <= DBL_MAX;
  if (!(xx > 0 && yy > 0)) return TH_NAN;
  double r = fits ? xy / sqrt(product) : xy / sqrt(xx) / sqrt(yy);
  return r > 1 ? 1 : r < -1 ? -1 : r;
}

double th_stats_correlation(size_t n, const double *x, const double *y) {
  if (n < 2) return TH_NAN;
  double xx = co_moment(n, x, x), yy = co_moment(n, y, y), xy = co_moment(n, x, y);
  return correlation_of(xy, xx, yy);
}

/* The columns of x less their means; twice, for what rounding left. */
static void center_columns(size_t n, size_t d, const double *x, double *centered) {
  const double *source = x;
  for (int pass = 0; pass < 2; pass++, source = centered)
    for (size_t j = 0; j < d; j++) {
      double sum = 0, lost = 0;
      for (size_t i = 0; i < n; i++) {
        double term = source[i * d + j], total = sum + term, z = total - sum;
        lost += (sum - (total - z)) + (term - z);
        sum = total;
      }
      double mean = (sum + lost) / (double)n;
      for (size_t i = 0; i < n; i++) centered[i * d + j] = source[i * d + j] - mean;
    }
}

void th_stats_covariance_matrix(size_t n, size_t d, const double *x, double ddof, double *workspace,
                                double *c) {
  double divisor = n > 0 && (double)n > ddof ? (double)n - ddof : TH_NAN;
  center_columns(n, d, x, workspace);
  th_linalg_gram(n, d, workspace, c);
  th_kernel_divide(d * d, c, 1, &divisor, 0, c);
}

void th_stats_correlation_matrix(size_t n, size_t d, const double *x, double *workspace, double *c) {
  th_stats_covariance_matrix(n, d, x, 0, workspace, c);
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < i; j++)
      c[i * d + j] = c[j * d + i] = correlation_of(c[i * d + j], c[i * d + i], c[j * d + j]);
  for (size_t i = 0; i < d; i++) c[i * d + i] = c[i * d + i] > 0 ? 1 : TH_NAN;
}

/* d = x - mean, where `rest` is what the double `mean` lacks of the mean. */
static void deviations(size_t n, const double *x, double mean, double rest, double *d) {
  th_kernel_subtract(n, x, 1, &mean, 0, d);
  th_kernel_subtract(n, d, 1, &rest, 0, d);
}

double th_stats_autocorrelation(size_t n, const double *x, size_t lag) {
  if (lag >= n) return TH_NAN;
  double mean = th_stats_mean(n, x), rest = moments_about(n, x, mean).first / (double)n;
  double sum = 0, square = 0, dx[BLOCK], dy[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK, pairs = n - lag > start ? n - lag - start : 0;
    if (pairs > count) pairs = count;
    deviations(count, x + start, mean, rest, dx);
    if (pairs) {
      deviations(pairs, x + start + lag, mean, rest, dy);
      sum += th_kernel_sum_product(pairs, dx, dy);
    }
    square += th_kernel_sum_square(count, dx);
  }
  return sum / square;
}

/* --- Extremes, norm, accumulation ---------------------------------------------------------------- */

double th_stats_min(size_t n, const double *x) { return n ? th_kernel_min(n, x) : TH_NAN; }
double th_stats_max(size_t n, const double *x) { return n ? th_kernel_max(n, x) : TH_NAN; }

size_t th_stats_argmin(size_t n, const double *x) {
  size_t best = 0;
  for (size_t i = 0; i < n; i++) {
    if (x[i] != x[i]) return i;
    if (x[i] < x[best]) best = i;
  }
  return best;
}

size_t th_stats_argmax(size_t n, const double *x) {
  size_t best = 0;
  for (size_t i = 0; i < n; i++) {
    if (x[i] != x[i]) return i;
    if (x[i] > x[best]) best = i;
  }
  return best;
}

double th_stats_norm(size_t n, const double *x) {
  if (n == 0) return 0;
  double largest = fmax(fabs(th_kernel_max(n, x)), fabs(th_kernel_min(n, x)));
  if (largest == 0 || !(largest <= DBL_MAX)) return largest;
  if (largest > 1e-140 && largest < 1e140) return sqrt(th_kernel_sum_square(n, x));
  int exponent;
  frexp(largest, &exponent);
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += ldexp(x[i], -exponent) * ldexp(x[i], -exponent);
  return ldexp(sqrt(sum), exponent);
}

void th_stats_cumulative_sum(size_t n, const double *x, double *y) {
  double sum = 0, lost = 0;
  for (size_t i = 0; i < n; i++) {
    double term = x[i], total = sum + term, z = total - sum;
    if (fabs(total) <= DBL_MAX) lost += (sum - (total - z)) + (term - z);
    sum = total;
    y[i] = sum + lost;
  }
}

void th_stats_cumulative_product(size_t n, const double *x, double *y) {
  double product = 1;
  for (size_t i = 0; i < n; i++) y[i] = product *= x[i];
}
