/* event_divergence.h - how far one distribution of vectors or matrices is from another */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_EVENT_DIVERGENCE_H
#define TH_PROB_EVENT_DIVERGENCE_H

#include "prob/crossing.h"
#include "prob/event.h"

static inline bool th_event_in_pair(const ThPair *pair) {
  return pair->p->family->event || pair->q->family->event;
}

/* As those of divergence.h, of two distributions of one family and size; an error where they are not. */
TH_CHECKED bool th_event_kl(const ThPair *pair, ThFinding *out);
TH_CHECKED bool th_event_cross_entropy(const ThPair *pair, ThFinding *out);
TH_CHECKED bool th_event_total_variation(const ThPair *pair, ThFinding *out);
/* Of normal vectors: order 2, and any order where Σ is the same. */
TH_CHECKED bool th_event_wasserstein(const ThPair *pair, double order, ThFinding *out);

/* event_overlap.c: ∫ min(p, q), of a family with `overlap`. */
TH_CHECKED bool th_event_overlap(const ThPair *pair, ThFinding *out);

#endif
