/* divergence.h - how far one distribution is from another */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_DIVERGENCE_H
#define TH_PROB_DIVERGENCE_H

#include "prob/crossing.h"

/* KL(p‖q) = E_p log(p/q), in nats: closed where the family knows it, else quadrature or a sum; inf with the
 * reason where p has probability that q has not. Both continuous, or both discrete. */
TH_CHECKED bool th_divergence_kl(const ThPair *pair, ThFinding *out);
/* -E_p log q, in nats. */
TH_CHECKED bool th_divergence_cross_entropy(const ThPair *pair, ThFinding *out);
/* ½ ∫ |p - q|: the largest difference between the probabilities of an event. */
TH_CHECKED bool th_divergence_total_variation(const ThPair *pair, ThFinding *out);
/* (∫ |F⁻¹(u) - G⁻¹(u)|^order du)^(1/order), order >= 1; of order 1 it is ∫ |F - G| dx (Vallender 1974). Any two
 * distributions. */
TH_CHECKED bool th_divergence_wasserstein(const ThPair *pair, double order, ThFinding *out);

#endif
