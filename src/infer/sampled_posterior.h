/* sampled_posterior.h - a posterior known by draws of the no-U-turn sampler */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_SAMPLED_POSTERIOR_H
#define TH_INFER_SAMPLED_POSTERIOR_H

#include "infer/chains.h"
#include "infer/posterior.h"

/* Element j of all draws, chain after chain; x has chains·draws numbers. */
void th_chains_column(const ThChains *sample, size_t j, double *x);
/* The components as variables that hang on the number of a draw. */
TH_CHECKED bool th_sampled_components(ThPosterior *p);
/* p.draws: a table with the columns chain, draw and one for each element. */
TH_CHECKED bool th_sampled_draws(const ThPosterior *p, ThValue *out);
/* How well the draws of each element tell about it, found once: (k), borrowed. */
TH_CHECKED bool th_sampled_diagnosis(const ThPosterior *p, const ThDiagnosis **out);
/* E-BFMI, the least of the chains. */
double th_sampled_energy(const ThChains *sample);
/* p.diagnostics: rhat, ess_bulk, ess_tail, mcse by parameter; divergences; e_bfmi, the least of the chains. */
TH_CHECKED bool th_sampled_diagnostics(const ThPosterior *p, ThValue *out);

#endif
