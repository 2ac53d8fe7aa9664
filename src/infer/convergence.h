/* convergence.h - what a person is told about the chains of a posterior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_CONVERGENCE_H
#define TH_INFER_CONVERGENCE_H

#include "infer/chains.h"
#include "infer/posterior.h"
#include "infer/record.h"

#define TH_LEAST_ENERGY 0.3 /* E-BFMI below this is told */

/* Of a posterior by draws: "worst R-hat 1.002 (τ); least ESS 1745 (τ); 3 divergences". */
TH_CHECKED bool th_convergence_line(const ThPosterior *p, ThText *out);
/* Warnings with what to do, when chains disagree (R-hat above 1.01), tell too little (less than 100 effective draws a
 * chain), do not reach the energies of the distribution (E-BFMI below 0.3) or diverge. */
TH_CHECKED bool th_convergence_warn(const ThRecording *r, const ThPosterior *p);
/* A note that this sample diverged, and that another way of sampling, with so many divergences, stands for it. */
TH_CHECKED bool th_convergence_note_funnel(const ThRecording *r, const ThLayout *layout,
                                           const ThChains *sample, size_t n_left);

#endif
