/* merge_plan.h - the order in which a network is gone through so that few values need be remembered at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_MERGE_PLAN_H
#define TH_PROB_MERGE_PLAN_H

#include "prob/query.h"

/* What is done next. A variable takes its values; a node is computed; an element is added to a sum. */
typedef enum ThMergeAct { TH_MERGE_DRAW, TH_MERGE_COMPUTE, TH_MERGE_ADD } ThMergeAct;

typedef struct ThMergeStep {
  ThMergeAct act;
  uint32_t node;
  ThInput element;             /* of a sum */
  uint32_t first_seen, n_seen; /* the nodes whose values the step looks at, in plan->seen */
  bool filter;                 /* a condition: only states where it holds go on */
  bool starts;                 /* the first element of a sum */
  bool keeps;                  /* the node's value is needed later */
} ThMergeStep;

typedef struct ThMergePlan {
  size_t n_steps, step_capacity;
  ThMergeStep *steps;
  size_t n_seen, seen_capacity;
  uint32_t *seen;
  size_t n_nodes;
  uint32_t *last;    /* by node: the step after which its value is forgotten; UINT32_MAX: never */
  bool *transparent; /* by node: it holds no number, and is computed anew wherever it is looked at */
} ThMergePlan;

enum { TH_MERGE_NODES = 5000 }; /* larger networks have no plan */

/* *out is false when the network has no plan. */
TH_CHECKED bool th_merge_plan_init(ThQuery *q, ThMergePlan *plan, bool *out);
void th_merge_plan_clear(ThContext *cx, ThMergePlan *plan);

#endif
