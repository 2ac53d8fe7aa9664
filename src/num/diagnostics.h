/* diagnostics.h - how well chains of draws tell about the distribution that they come from */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DIAGNOSTICS_H
#define TH_NUM_DIAGNOSTICS_H

#include "base/context.h"

/* After Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), "Rank-normalization, folding, and localization: an
 * improved R-hat". x is (chains, draws), chain after chain. Every chain is split into two halves; the middle draw of an
 * odd number is left out. What draws that are all alike, or fewer than four a chain, do not tell is NaN. */
typedef struct ThDiagnosis {
  double rhat;     /* the larger of those of the ranks and of the folded ranks */
  double ess_bulk; /* the effective number of draws, of the ranks, */
  double ess_tail; /* and of being below the 5 % or the 95 % quantile: the smaller */
  double mcse;     /* the standard error of the mean */
} ThDiagnosis;
TH_CHECKED bool th_diagnose(ThContext *cx, size_t n_chains, size_t n_draws, const double *x,
                            ThDiagnosis *out);

/* The effective number of draws for the mean of x itself, from autocorrelations within chains and the variance between
 * them (equations 10 to 14, with Geyer's initial monotone sequence). NaN when all are alike. */
TH_CHECKED bool th_effective_size(ThContext *cx, size_t n_chains, size_t n_draws, const double *x,
                                  double *out);

/* E-BFMI of one chain (Betancourt 2016): the mean square of the changes of the energy over its variance. Below 0.3 the
 * momenta do not reach the energies that the distribution has. */
double th_diagnose_energy(size_t n, const double *energy);

#endif
