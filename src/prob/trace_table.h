/* trace_table.h - masses of distributions on listed values as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_TABLE_H
#define TH_PROB_TRACE_TABLE_H

#include "prob/traced_distribution.h"

/* Of Categorical and Discrete, by their weights or logits. */
ThNodeId th_trace_table(ThContext *cx, const ThTracedLaw *law, ThMeasure what, ThNodeId x);
/* The logarithms of the weights, which then sum to 1. */
ThNodeId th_trace_table_logs(const ThTracedLaw *law);

#endif
