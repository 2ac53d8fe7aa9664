/* trace_table.c - masses of distributions on listed values as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which weight belongs to a point is settled when the graph is made; the points have no derivative. */
#include "prob/trace_table.h"

#include <math.h>

#include "num/real.h"
#include "prob/trace_short.h"
#include "val/operations_axis.h"

ThNodeId th_trace_table_logs(const ThTracedLaw *law) {
  ThGraph *g = law->g;
  ThNodeId node = 0;
  if (!th_is_unset(law->logit)) {
    if (g->failed || !th_traced_node(g->cx, g, law->logit, &node)) return g->failed = true, 0;
    return SUB(node, th_logsumexp_axis(g, node, 0));
  }
  ThNodeId weights = th_traced_parameter(law, law->family == &th_family_discrete ? 1 : 0);
  return SUB(LOG(weights), LOG(th_sum_all(g, weights)));
}

/* The listed value number k, in the order of the weights. */
static double value_at(const ThTracedLaw *law, ThTensor values, size_t k) {
  return law->family == &th_family_discrete ? values.data[k] : (double)k + 1;
}

static bool counts(ThMeasure what, double value, double x) {
  switch (what) {
    case TH_PDF:
    case TH_LOGPDF: return value == x;
    case TH_CDF:
    case TH_LOGCDF: return value <= x;
    default: return value > x;
  }
}

/* 1 where a value counts for a point, (points, values): a constant. */
static void fill(const ThTracedLaw *law, ThMeasure what, ThTensor x, ThTensor values, ThArray *chosen) {
  size_t n = chosen->shape[1];
  for (size_t i = 0; i < x.length; i++)
    for (size_t k = 0; k < n; k++)
      chosen->real[i * n + k] = counts(what, value_at(law, values, k), x.data[i]);
}

static ThNodeId chosen_values(ThContext *cx, const ThTracedLaw *law, ThMeasure what, ThNodeId x, size_t n) {
  ThGraph *g = law->g;
  ThNodeId values = law->family == &th_family_discrete ? th_traced_parameter(law, 0) : x;
  const ThNodeId both[2] = {x, values};
  if (g->failed || !th_graph_evaluate(g, both, 2)) return g->failed = true, 0;
  if (!th_node(g, x)->is_constant || !th_node(g, values)->is_constant) g->is_bound = true;
  ThTensor points = th_node_tensor(g, x);
  const size_t shape[2] = {points.length, n};
  ThArray *chosen = th_array_new(cx, TH_DOUBLE, 2, shape);
  if (!chosen) return g->failed = true, 0;
  fill(law, what, points, th_node_tensor(g, values), chosen);
  ThNodeId node = th_graph_constant(g, th_object(chosen));
  th_release(th_object(chosen));
  return node;
}

ThNodeId th_trace_table(ThContext *cx, const ThTracedLaw *law, ThMeasure what, ThNodeId x) {
  ThGraph *g = law->g;
  if (what == TH_QUANTILE || what == TH_UPPER_QUANTILE)
    return th_trace_held(g, x); /* steps: the body's value */
  ThNodeId logs = th_trace_table_logs(law);
  if (g->failed) return 0;
  ThNodeId chosen = chosen_values(cx, law, what, x, th_node(g, logs)->length);
  ThNodeId mass = th_product_of(g, chosen, EXP(logs));
  mass = th_reshape_like(g, mass, x);
  return what == TH_PDF || what == TH_CDF || what == TH_CCDF ? mass : LOG(mass);
}
