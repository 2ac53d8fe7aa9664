/* diagnostics.c - how well chains of draws tell about the distribution that they come from */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/diagnostics.h"

#include <math.h>
#include <string.h>

#include "num/real.h"
#include "num/special.h"
#include "num/stats.h"

/* Halves of chains: `n` rows of `length` draws, with the mean of each and its variance (over length). */
typedef struct Halves {
  size_t n, length;
  const double *x;
  double *mean, *variance;
} Halves;

/* Copies the halves of the chains into (2 chains, draws/2). */
static void split(size_t n_chains, size_t n_draws, const double *x, double *out) {
  size_t half = n_draws / 2;
  for (size_t c = 0; c < n_chains; c++) {
    memcpy(out + 2 * c * half, x + c * n_draws, half * sizeof *x);
    memcpy(out + (2 * c + 1) * half, x + (c + 1) * n_draws - half, half * sizeof *x);
  }
}

static void describe(Halves *h) {
  for (size_t i = 0; i < h->n; i++) {
    h->mean[i] = th_stats_mean(h->length, h->x + i * h->length);
    h->variance[i] = th_stats_variance(h->length, h->x + i * h->length, 0);
  }
}

static double mean_variance(const Halves *h) {
  return th_stats_mean(h->n, h->variance) * (double)h->length / (double)(h->length - 1);
}

/* The variance of the distribution, from those within and between halves (equation 3). */
static double pooled_variance(const Halves *h) {
  return th_stats_mean(h->n, h->variance) + th_stats_variance(h->n, h->mean, 1);
}

static double rhat_of(const Halves *h) { return sqrt(pooled_variance(h) / mean_variance(h)); }

/* The mean over the halves of the autocovariance at a lag. */
static double autocovariance(const Halves *h, size_t lag) {
  double total = 0;
  for (size_t i = 0; i < h->n; i++) {
    const double *x = h->x + i * h->length;
    double sum = 0, mean = h->mean[i];
    for (size_t t = 0; t + lag < h->length; t++) sum += (x[t] - mean) * (x[t + lag] - mean);
    total += sum;
  }
  return total / ((double)h->length * (double)h->n);
}

/* Sums of autocorrelations at two neighbouring lags are positive and fall (Geyer 1992): they are added up as long as
 * they are positive, none counting more than the one before. */
static double effective_size(const Halves *h) {
  double within = mean_variance(h), pooled = pooled_variance(h), total = (double)(h->n * h->length);
  if (!(pooled > 0) || !isfinite(pooled)) return TH_NAN;
  double least = INFINITY, time = -1;
  for (size_t lag = 0; lag + 1 < h->length; lag += 2) {
    double even = lag == 0 ? 1 : 1 - (within - autocovariance(h, lag)) / pooled;
    double pair = even + 1 - (within - autocovariance(h, lag + 1)) / pooled;
    if (!(pair > 0)) {
      time += fmax(even, 0);
      break;
    }
    least = fmin(least, pair);
    time += 2 * least;
  }
  /* draws that swing from side to side tell more than independent ones, but not without limit */
  return total / fmax(time, 1 / log10(total));
}

/* --- Ranks */

typedef struct Work {
  size_t n_chains, n_draws, size; /* size: of the halves together */
  double *block;
  double *split, *z, *sorted; /* (size) */
  Halves halves;
  size_t *index, *spare; /* (size) */
} Work;

static size_t count_doubles(const Work *w) { return 3 * w->size + 2 * w->halves.n; }

static void clear(ThContext *cx, Work *w) {
  if (w->block) th_free(cx, w->block, count_doubles(w) * sizeof *w->block);
  if (w->index) th_free(cx, w->index, 2 * w->size * sizeof *w->index);
}

static bool begin(ThContext *cx, size_t n_chains, size_t n_draws, const double *x, Work *w) {
  *w = (Work){.n_chains = n_chains, .n_draws = n_draws, .size = 2 * n_chains * (n_draws / 2)};
  w->halves = (Halves){.n = 2 * n_chains, .length = n_draws / 2};
  w->block = th_alloc_array(cx, count_doubles(w), sizeof *w->block);
  w->index = w->block ? th_alloc_array(cx, 2 * w->size, sizeof *w->index) : NULL;
  if (!w->index) {
    clear(cx, w);
    return false;
  }
  w->split = w->block;
  w->z = w->split + w->size;
  w->sorted = w->z + w->size;
  w->halves.mean = w->sorted + w->size;
  w->halves.variance = w->halves.mean + w->halves.n;
  w->spare = w->index + w->size;
  split(n_chains, n_draws, x, w->split);
  return true;
}

/* Into z the normal scores of the ranks of x (equation 14); sorted is x in ascending order. */
static bool score(ThContext *cx, Work *w, const double *x) {
  if (!th_stats_sort_index(cx, w->size, x, w->spare, w->index)) return false;
  th_stats_ranks(w->size, x, w->index, w->z);
  for (size_t i = 0; i < w->size; i++) w->sorted[i] = x[w->index[i]];
  for (size_t i = 0; i < w->size; i++)
    w->z[i] = th_special_normal_quantile((w->z[i] - 0.375) / ((double)w->size + 0.25));
  w->halves.x = w->z;
  describe(&w->halves);
  return true;
}

/* Of being at most x. */
static double size_below(Work *w, double x) {
  for (size_t i = 0; i < w->size; i++) w->z[i] = w->split[i] <= x;
  w->halves.x = w->z;
  describe(&w->halves);
  return effective_size(&w->halves);
}

static bool diagnose(ThContext *cx, Work *w, ThDiagnosis *out) {
  w->halves.x = w->split;
  describe(&w->halves);
  double size = effective_size(&w->halves);
  out->mcse = sqrt(th_stats_variance(w->size, w->split, 1) / size);
  if (!score(cx, w, w->split)) return false;
  out->rhat = rhat_of(&w->halves);
  out->ess_bulk = effective_size(&w->halves);
  double median = th_stats_quantile_sorted(w->size, w->sorted, 0.5);
  double low = th_stats_quantile_sorted(w->size, w->sorted, 0.05);
  double high = th_stats_quantile_sorted(w->size, w->sorted, 0.95);
  out->ess_tail = fmin(size_below(w, low), size_below(w, high));
  for (size_t i = 0; i < w->size; i++) w->split[i] = fabs(w->split[i] - median);
  if (!score(cx, w, w->split)) return false;
  out->rhat = fmax(out->rhat, rhat_of(&w->halves));
  return true;
}

/* Draws all alike, or too few, tell nothing. */
static bool tells(size_t n_chains, size_t n_draws, const double *x) {
  size_t n = n_chains * n_draws;
  if (n_chains == 0 || n_draws < 4) return false;
  bool differ = false;
  for (size_t i = 0; i < n; i++) {
    if (!isfinite(x[i])) return false;
    differ = differ || x[i] != x[0];
  }
  return differ;
}

bool th_diagnose(ThContext *cx, size_t n_chains, size_t n_draws, const double *x, ThDiagnosis *out) {
  Work w;
  *out = (ThDiagnosis){TH_NAN, TH_NAN, TH_NAN, TH_NAN};
  if (!tells(n_chains, n_draws, x)) return true;
  if (!begin(cx, n_chains, n_draws, x, &w)) return false;
  bool ok = diagnose(cx, &w, out);
  clear(cx, &w);
  return ok;
}

bool th_effective_size(ThContext *cx, size_t n_chains, size_t n_draws, const double *x, double *out) {
  Work w;
  *out = TH_NAN;
  if (!tells(n_chains, n_draws, x)) return true;
  if (!begin(cx, n_chains, n_draws, x, &w)) return false;
  w.halves.x = w.split;
  describe(&w.halves);
  *out = effective_size(&w.halves);
  clear(cx, &w);
  return true;
}

double th_diagnose_energy(size_t n, const double *energy) {
  double sum = 0;
  for (size_t i = 1; i < n; i++) sum += (energy[i] - energy[i - 1]) * (energy[i] - energy[i - 1]);
  return sum / (double)n / th_stats_variance(n, energy, 0);
}
