/* chains.h - several chains of the no-U-turn sampler, on threads where the model allows it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_CHAINS_H
#define TH_INFER_CHAINS_H

#include "infer/sampled_density.h"
#include "num/diagnostics.h"

typedef struct ThChainOptions {
  size_t n_chains, n_warmup, n_draws;
  uint64_t seed;
  const double *start; /* coordinates to begin near, or NULL: near 0 */
  unsigned max_threads;
} ThChainOptions;

/* What the chains drew, chain after chain. */
typedef struct ThChains {
  ThContext *cx;
  size_t n_chains, n_draws, n_wanted; /* draws of each chain that are there, and that were asked for */
  size_t k, d;
  double *x;                     /* (chains, draws, k): parameters */
  double *u;                     /* (chains, draws, d): coordinates */
  double *log_density;           /* (chains, draws): in the coordinates, volume included */
  double *energy;                /* (chains, draws) */
  bool *is_divergent;            /* (chains, draws): its trajectory diverged */
  size_t n_divergent, n_deepest; /* trajectories that diverged, and that ended at the greatest depth */
  size_t n_gradients;
  bool was_interrupted;
  ThDiagnosis *diagnosis; /* (k), once it was asked for (sampled_posterior.c); else NULL */
} ThChains;

/* The same draws for the same seed, whatever the number of threads. Ctrl-C ends it with the draws that all chains have
 * by then, if there are some. */
TH_CHECKED bool th_chains_run(ThSampledDensity *density, const ThChainOptions *options, ThChains *out);
void th_chains_clear(ThChains *sample);

#endif
