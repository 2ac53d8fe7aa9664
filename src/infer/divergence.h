/* divergence.h - where trajectories of the no-U-turn sampler diverge, and what to do about it, in words */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_DIVERGENCE_H
#define TH_INFER_DIVERGENCE_H

#include "infer/chains.h"
#include "infer/layout.h"

/* Appends one line, without its end: "31 of 4000 trajectories diverged, 29 of them where τ < 0.8 (12 % of the draws):
 * …"; nothing when none did. */
TH_CHECKED bool th_divergence_tell(const ThRecording *r, const ThLayout *layout, const ThChains *sample,
                                   ThText *out);
/* The same of a sample that was drawn once more with parameters told by their places on a scale (relative.h), when so
 * many trajectories diverged still: "…: the funnel of a hierarchy. So θ was sampled as μ + τ*η …, and none did". */
TH_CHECKED bool th_divergence_tell_mended(const ThRecording *r, const ThLayout *layout,
                                          const ThChains *sample, size_t n_left, ThText *out);

#endif
