/* bridge.c - the evidence of a posterior that is known by draws */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bridge sampling (Meng and Wong 1996): a normal distribution g is fitted to the first half of each chain. Draws of g
 * and the other halves of the chains, N2 and N1 of them, meet the density q in the fixed point of
 *   r = mean over g of q/(s1 q/r + s2 g) / mean over the posterior of g/(s1 q/r + s2 g) / r,
 * the iterative scheme of Gronau et al. (2017, equation 15), where s1 and s2 are the shares of the two kinds of draws,
 * those of the chains counted as independent ones. The error of log r is the relative mean-squared error of
 * Frühwirth-Schnatter (2004, equation 16), with the autocorrelation of the chains' part. */
#include "infer/bridge.h"

#include <math.h>
#include <string.h>

#include "num/diagnostics.h"
#include "num/linalg.h"
#include "num/real.h"
#include "num/stats.h"

const char th_bridge_method[] = "bridge sampling";

enum { MOST_STEPS = 1000 };

typedef struct Bridge {
  ThContext *cx;
  const ThChains *sample;
  ThObjective *f;
  size_t d, half, rest; /* coordinates; draws of each chain that g is fitted to, and that meet it */
  size_t n;             /* of the latter in all chains, and of g */
  double *block;
  double *mean, *root, *z;  /* (d), (d, d), (d): g is normal with mean and covariance root root' */
  double log_volume;        /* log g at its mean, negative */
  double *chain, *proposal; /* (n): log q - log g at draws of the chains, and of g */
  double *terms, *spare;    /* (n) each */
  double share[2];          /* s1, s2 */
} Bridge;

static size_t block_size(const Bridge *b) { return b->d * (b->d + 2) + 4 * b->n; }

static bool begin(Bridge *b, const ThChains *s, ThObjective *f) {
  *b = (Bridge){.cx = s->cx, .sample = s, .f = f, .d = s->d, .half = s->n_draws / 2};
  b->rest = s->n_draws - b->half;
  b->n = s->n_chains * b->rest;
  b->block = th_alloc_array(b->cx, block_size(b), sizeof *b->block);
  if (!b->block) return false;
  b->mean = b->block;
  b->z = b->mean + b->d;
  b->root = b->z + b->d;
  b->chain = b->root + b->d * b->d;
  b->proposal = b->chain + b->n;
  b->terms = b->proposal + b->n;
  b->spare = b->terms + b->n;
  return true;
}

static void clear(Bridge *b) { th_free(b->cx, b->block, block_size(b) * sizeof *b->block); }

/* --- The normal distribution */

static const double *draw_at(const Bridge *b, size_t chain, size_t i) {
  return b->sample->u + (chain * b->sample->n_draws + i) * b->d;
}

/* Mean and covariance of the first halves. *bends is false where they lie in a plane. */
static bool fit(Bridge *b, bool *bends) {
  size_t n = b->sample->n_chains * b->half, d = b->d, size = 2 * n * d;
  double *x = th_alloc_array(b->cx, size, sizeof *x), *work = x + n * d;
  if (!x) return false;
  for (size_t c = 0; c < b->sample->n_chains; c++)
    memcpy(x + c * b->half * d, draw_at(b, c, 0), b->half * d * sizeof *x);
  th_stats_covariance_matrix(n, d, x, 1, work, b->root);
  for (size_t j = 0; j < d; j++) {
    for (size_t i = 0; i < n; i++) work[i] = x[i * d + j];
    b->mean[j] = th_stats_mean(n, work);
  }
  th_free(b->cx, x, size * sizeof *x);
  *bends = th_linalg_cholesky(d, b->root);
  b->log_volume = -(double)d * TH_HALF_LOG_2PI;
  for (size_t j = 0; j < d; j++) b->log_volume -= log(b->root[j * (d + 1)]);
  return true;
}

static double log_normal(const Bridge *b, const double *z) {
  double sum = 0;
  for (size_t j = 0; j < b->d; j++) sum += z[j] * z[j];
  return b->log_volume - 0.5 * sum;
}

/* --- Both kinds of draws */

static void meet_chains(Bridge *b) {
  for (size_t c = 0, at = 0; c < b->sample->n_chains; c++)
    for (size_t i = b->half; i < b->sample->n_draws; i++, at++) {
      const double *u = draw_at(b, c, i);
      for (size_t j = 0; j < b->d; j++) b->z[j] = u[j] - b->mean[j];
      th_linalg_solve_triangular(true, false, b->d, 1, b->root, b->z);
      b->chain[at] = b->sample->log_density[c * b->sample->n_draws + i] - log_normal(b, b->z);
    }
}

/* In place, z becomes mean + root z. */
static void place(const Bridge *b, double *z) {
  for (size_t i = b->d; i-- > 0;) {
    double sum = b->mean[i];
    for (size_t j = 0; j <= i; j++) sum += b->root[i * b->d + j] * z[j];
    z[i] = sum;
  }
}

static bool meet_proposals(Bridge *b, uint64_t seed) {
  ThRandom random;
  double value;
  th_random_stream(&random, seed, b->sample->n_chains + 1);
  for (size_t i = 0; i < b->n; i++) {
    th_random_fill_normal(&random, b->d, b->z);
    double log_g = log_normal(b, b->z);
    place(b, b->z);
    if (!th_poll(b->cx) || !th_objective_value(b->cx, b->f, b->z, &value)) return false;
    b->proposal[i] = isnan(value) ? -TH_INFINITY : -value - log_g;
  }
  return true;
}

/* How many independent draws those of the chains are worth: the median over the coordinates. */
static bool weigh(Bridge *b) {
  double *sizes = th_alloc_array(b->cx, b->d, sizeof *sizes), median;
  bool ok = sizes != NULL;
  for (size_t j = 0; ok && j < b->d; j++) {
    for (size_t c = 0, at = 0; c < b->sample->n_chains; c++)
      for (size_t i = b->half; i < b->sample->n_draws; i++) b->spare[at++] = draw_at(b, c, i)[j];
    ok = th_effective_size(b->cx, b->sample->n_chains, b->rest, b->spare, &sizes[j]);
  }
  ok = ok && th_stats_median(b->cx, b->d, sizes, &median);
  if (sizes) th_free(b->cx, sizes, b->d * sizeof *sizes);
  if (!ok) return false;
  double n = (double)b->n, worth = median > 0 && median < n ? median : n;
  b->share[0] = worth / (worth + n);
  b->share[1] = n / (worth + n);
  return true;
}

/* --- The fixed point. Densities are measured by e^top g. */

/* The logarithms at draws of the chains become q/g, those at draws of g become g/q. */
static void take_ratios(const Bridge *b, double top) {
  for (size_t i = 0; i < b->n; i++) {
    b->chain[i] = exp(b->chain[i] - top);
    b->proposal[i] = exp(top - b->proposal[i]);
  }
}

/* q/(s1 q + s2 r g), written so that nothing overflows. */
static void proposal_terms(const Bridge *b, double r) {
  for (size_t i = 0; i < b->n; i++) b->terms[i] = 1 / (b->share[0] + b->share[1] * r * b->proposal[i]);
}

/* g/(s1 q + s2 r g) */
static void chain_terms(const Bridge *b, double r) {
  for (size_t i = 0; i < b->n; i++) b->spare[i] = 1 / (b->share[0] * b->chain[i] + b->share[1] * r);
}

static double relative_variance(size_t n, const double *x) {
  double mean = th_stats_mean(n, x);
  return th_stats_variance(n, x, 1) / (mean * mean);
}

static bool find_error(const Bridge *b, double *error) {
  double size;
  if (!th_effective_size(b->cx, b->sample->n_chains, b->rest, b->spare, &size)) return false;
  if (!(size > 0 && size < (double)b->n)) size = (double)b->n;
  *error = sqrt(relative_variance(b->n, b->terms) / (double)b->n + relative_variance(b->n, b->spare) / size);
  return true;
}

static bool iterate(const Bridge *b, ThFinding *out) {
  double top, r = 1, change = 1;
  if (!th_stats_median(b->cx, b->n, b->chain, &top)) return false;
  take_ratios(b, top);
  for (int i = 0; i < MOST_STEPS && change > 1e-10; i++) {
    double before = r;
    proposal_terms(b, before);
    chain_terms(b, before);
    r = th_stats_mean(b->n, b->terms) / th_stats_mean(b->n, b->spare);
    change = fabs(r - before) / r;
  }
  if (!(change <= 1e-10)) return true;
  out->value = top + log(r);
  out->reason[0] = '\0';
  return find_error(b, &out->error);
}

static ThFinding unknown(const char *reason) {
  ThFinding finding = {.value = (double)NAN, .method = th_bridge_method};
  memcpy(finding.reason, reason, strlen(reason) + 1);
  return finding;
}

static bool run(Bridge *b, uint64_t seed, ThFinding *out) {
  bool bends;
  bool enough = b->d > 0 && b->sample->n_chains * b->half > b->d + 1;
  if (!enough) *out = unknown("it takes twice as many draws as there are parameters, and a few more");
  if (!enough) return true;
  if (!fit(b, &bends)) return false;
  *out = unknown(bends ? "the draws and a normal distribution do not meet"
                       : "the draws have no spread in some direction");
  if (!bends) return true;
  meet_chains(b);
  return meet_proposals(b, seed) && weigh(b) && iterate(b, out);
}

bool th_bridge_find(const ThChains *sample, ThObjective *f, uint64_t seed, ThFinding *out) {
  Bridge b;
  if (!begin(&b, sample, f)) return false;
  bool ok = run(&b, seed, out);
  clear(&b);
  return ok;
}
