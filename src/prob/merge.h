/* merge.h - outcomes that differ only in what is no longer needed are one state */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_MERGE_H
#define TH_PROB_MERGE_H

#include "prob/merge_plan.h"

/* The sum of 20 dice has 3.7e15 outcomes but 101 values. A network is gone through node by node; what is known at a
 * time are states: the values of those nodes that are looked at later, with the probability that they have these
 * values and that all conditions so far hold. Chains, trees and sums so stay small, exactly. */
typedef struct ThMerged {
  ThMergePlan plan;
  size_t width, n;   /* columns and states at the end */
  uint32_t *columns; /* (width): node numbers */
  double *values;    /* (n, width) */
  double *weights;   /* (n) */
  size_t capacity, column_capacity;
} ThMerged;

/* *out is false when there are too many states, or nodes that hold no numbers. `tail` as in ThWalk. */
TH_CHECKED bool th_merged_init(ThQuery *q, double tail, ThMerged *merged, bool *out);
void th_merged_clear(ThQuery *q, ThMerged *merged);
/* Visits each state, its values in the network and the targets computed. */
TH_CHECKED bool th_merged_visit(ThQuery *q, const ThMerged *merged, ThVisit visit, void *self);

#endif
