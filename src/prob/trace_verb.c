/* trace_verb.c - what may be asked of distributions, when they or the points are differentiated */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body of the verb has found the value; a rule adds the nodes. What has no rule is refused: to leave a derivative
 * out would be to say that it is zero. */
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "prob/trace_cf.h"
#include "prob/trace_law.h"
#include "prob/trace_measure.h"
#include "prob/trace_short.h"
#include "prob/trace_table.h"
#include "prob/traced_distribution.h"
#include "val/derivative.h"

enum { SELF, POINT };

typedef struct Verb Verb;
struct Verb {
  const char *name;
  /* The node, or g->failed. */
  ThNodeId (*trace)(ThContext *cx, const ThTracedCall *call, const Verb *verb);
  int which;
};

/* The result as the body found it, repeated where the rule gives fewer numbers. */
static bool give(ThContext *cx, const ThTracedCall *call, ThNodeId node, ThValue *out) {
  ThGraph *g = call->g;
  ThValue plain;
  if (g->failed) return false;
  if (node == TH_ZERO) return th_trace_plain(cx, call, out);
  if (!th_decay(cx, call->result, &plain)) return false;
  if (th_is_array(plain))
    node = th_broadcast_node(g, node, th_as_array(plain)->rank, th_as_array(plain)->shape);
  ThTracedCall decayed = *call;
  decayed.result = plain;
  bool ok = th_traced_give(cx, &decayed, node, out);
  th_release(plain);
  return ok;
}

static ThNodeId refuse(const ThTracedCall *call, const char *name) {
  ThGraph *g = call->g;
  if (!g->failed)
    th_fail_argument(g->cx, 1, TH_ERROR_TYPE, "there is no rule for the derivative of `%s` of %s", call->name,
                     name);
  g->failed = true;
  return 0;
}

static bool law_of(ThContext *cx, const ThTracedCall *call, size_t i, ThTracedLaw *law) {
  if (!call->g->failed && !th_traced_law(cx, call->g, call->given[i], law)) call->g->failed = true;
  return !call->g->failed;
}

/* --- At points */

static ThNodeId measure(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  ThNodeId x = th_traced_argument(call, POINT);
  return th_trace_measure_of(cx, call->g, call->given[SELF], (ThMeasure)verb->which, x);
}

/* quantile(d, p, axis, keep, upper) */
static ThNodeId quantile(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  bool upper = call->n_args > 4 && th_is_scalar(call->args[4]) && th_as_scalar(call->args[4]) != 0;
  (void)verb;
  ThTracedLaw law;
  if (!law_of(cx, call, SELF, &law)) return 0;
  if (th_distribution_is_discrete(law.plain) && law.family != &th_family_affine) return TH_ZERO; /* steps */
  return th_trace_measure_of(cx, call->g, call->given[SELF], upper ? TH_UPPER_QUANTILE : TH_QUANTILE,
                             th_traced_argument(call, POINT));
}

/* Both ends, along a last axis of two. */
static ThNodeId interval(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  ThGraph *g = call->g;
  (void)verb;
  ThNodeId tail = SCALE(0.5, ONE_MINUS(th_traced_argument(call, 1)));
  ThNodeId ends[2] = {th_trace_measure_of(cx, g, call->given[SELF], TH_QUANTILE, tail),
                      th_trace_measure_of(cx, g, call->given[SELF], TH_UPPER_QUANTILE, tail)};
  if (g->failed) return 0;
  if (th_node(g, ends[0])->rank > 0) return refuse(call, "several distributions");
  return th_join(g, ends, 2);
}

/* ∂ log f/∂x: a node of the shape of the points and parameters. */
static ThNodeId score_by_point(ThContext *cx, const ThTracedCall *call) {
  ThGraph *g = call->g;
  ThNodeId x = th_traced_argument(call, POINT), one = NUMBER(1), out = TH_ZERO;
  size_t mark = g->n_nodes;
  ThNodeId own = g->failed ? 0 : th_graph_apply(g, &th_op_copy, &x, 1, &mark, sizeof mark);
  if (!g->failed) g->nodes[own].is_constant = false; /* it is moved */
  ThNodeId y = th_trace_measure_of(cx, g, call->given[SELF], TH_LOGPDF, own);
  if (g->failed || y < own) return TH_ZERO;
  if (!th_push_forward(g, y, &own, &one, 1, &out)) g->failed = true;
  return out;
}

/* By each parameter, along a last axis where there are several. */
static ThNodeId score_by_parameters(ThContext *cx, const ThTracedCall *call) {
  ThGraph *g = call->g;
  ThTracedLaw law;
  if (!law_of(cx, call, SELF, &law)) return 0;
  if (!law.family->math || law.family->build || law.family == &th_family_affine)
    return refuse(call, law.family->name);
  ThNodeId p[TH_MAX_PARAMETERS], parts[TH_MAX_PARAMETERS], x = th_traced_argument(call, POINT);
  size_t n = (size_t)law.family->math->n_parameters, mark = g->n_nodes;
  for (int j = 0; j < law.family->n_parameters && !g->failed; j++) {
    const size_t key[2] = {mark, (size_t)j};
    ThNodeId given = th_traced_parameter(&law, j);
    p[j] = th_graph_apply(g, &th_op_copy, &given, 1, key, sizeof key);
    if (!g->failed) g->nodes[p[j]].is_constant = false;
  }
  ThNodeId y = g->failed ? 0 : th_trace_measure(g, law.family, TH_LOGPDF, x, p), one = NUMBER(1);
  for (size_t j = 0; j < n && !g->failed; j++) {
    if (!th_push_forward(g, y, &p[j], &one, 1, &parts[j])) g->failed = true;
    else if (parts[j] == TH_ZERO) parts[j] = th_graph_filled(g, 0, y);
    else parts[j] = th_broadcast_like(g, parts[j], y);
  }
  if (g->failed || n == 1) return parts[0];
  const ThGraphNode *cell = th_node(g, y);
  size_t shape[TH_MAX_RANK + 1] = {n};
  uint32_t order[TH_MAX_RANK + 1], rank = cell->rank;
  if (rank) memcpy(shape + 1, cell->shape, rank * sizeof *shape);
  for (uint32_t i = 0; i < rank; i++) order[i] = i + 1;
  order[rank] = 0;
  ThNodeId all = th_reshape(g, th_join(g, parts, n), rank + 1, shape);
  return rank ? th_permute(g, all, order) : all;
}

/* score(d, x, wrt) */
static ThNodeId score(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  (void)verb;
  const char *wrt = call->n_args > 2 && th_is_string(call->args[2]) ? th_as_string(call->args[2])->text : "x";
  return strcmp(wrt, "parameters") == 0 ? score_by_parameters(cx, call) : score_by_point(cx, call);
}

/* --- Summaries */

static ThNodeId summary_of(ThContext *cx, const ThTracedCall *call, ThValue d, ThSummary what);

static ThNodeId affine_summary(ThContext *cx, const ThTracedCall *call, const ThTracedLaw *law,
                               ThSummary what) {
  ThGraph *g = call->g;
  ThNodeId inner = summary_of(cx, call, law->parameters[0], what), scale = th_traced_parameter(law, 1),
           shift = th_traced_parameter(law, 2);
  switch (what) {
    case TH_VARIANCE: return MUL(SQUARE(scale), inner);
    case TH_ENTROPY: return th_distribution_is_discrete(law->plain) ? inner : ADD(inner, LOG(ABS(scale)));
    default: return ADD(MUL(scale, inner), shift); /* mean, mode */
  }
}

/* Σ w m, and Σ w (v + m²) - (Σ w m)² */
static ThNodeId mixture_summary(ThContext *cx, const ThTracedCall *call, const ThTracedLaw *law,
                                ThSummary what) {
  ThGraph *g = call->g;
  const ThList *parts = th_as_list(law->parameters[1]);
  ThNodeId weights = th_traced_parameter(law, 0), mean = TH_ZERO, second = TH_ZERO;
  if (what != TH_MEAN && what != TH_VARIANCE) return refuse(call, law->family->name);
  weights = DIV(weights, th_sum_all(g, weights));
  for (size_t k = 0; k < parts->length && !g->failed; k++) {
    ThNodeId w = th_reshape(g, th_part(g, weights, k, 1), 0, NULL);
    ThNodeId m = summary_of(cx, call, parts->items[k], TH_MEAN);
    mean = ADD(mean, MUL(w, m));
    if (what == TH_VARIANCE)
      second = ADD(second, MUL(w, ADD(summary_of(cx, call, parts->items[k], TH_VARIANCE), SQUARE(m))));
  }
  return what == TH_MEAN ? mean : SUB(second, SQUARE(mean));
}

/* Of listed values: Σ p x, Σ p (x - mean)², -Σ p log p */
static ThNodeId table_summary(const ThTracedCall *call, const ThTracedLaw *law, ThSummary what) {
  ThGraph *g = call->g;
  ThNodeId logs = th_trace_table_logs(law), p = EXP(logs), values;
  if (what == TH_ENTROPY) return NEG(th_sum_all(g, MUL(p, logs)));
  if (g->failed || (what != TH_MEAN && what != TH_VARIANCE)) return refuse(call, law->family->name);
  if (law->family == &th_family_discrete) {
    values = th_traced_parameter(law, 0);
  } else {
    ThArray *steps = th_vector_new(g->cx, TH_DOUBLE, th_node(g, logs)->length);
    if (!steps) return g->failed = true, 0;
    for (size_t k = 0; k < steps->length; k++) steps->real[k] = (double)k + 1;
    values = th_graph_constant(g, th_object(steps));
    th_release(th_object(steps));
  }
  ThNodeId mean = th_sum_all(g, MUL(p, values));
  return what == TH_MEAN ? mean : th_sum_all(g, MUL(p, SQUARE(SUB(values, mean))));
}

/* -Σ f log f over the outcomes of one discrete distribution */
static ThNodeId entropy_sum(ThContext *cx, const ThTracedCall *call, const ThTracedLaw *law,
                            const ThNodeId *p) {
  enum { MOST = 100000 };
  ThGraph *g = call->g;
  double *values;
  size_t n;
  if (law->plain->rank > 0 || !law->family->discrete) return refuse(call, law->family->name);
  if (!th_distribution_outcomes(cx, law->plain, 1e-20, MOST, &values, &n)) return g->failed = true, 0;
  ThArray *outcomes = n > 0 ? th_vector_new(cx, TH_DOUBLE, n) : NULL;
  if (outcomes) memcpy(outcomes->real, values, n * sizeof *values);
  th_free(cx, values, n * sizeof *values);
  if (n == 0) return refuse(call, law->family->name);
  if (!outcomes) return g->failed = true, 0;
  ThNodeId x = th_graph_constant(g, th_object(outcomes));
  th_release(th_object(outcomes));
  g->is_bound = true; /* as many outcomes as count at these parameters */
  ThNodeId log_f = th_trace_measure(g, law->family, TH_LOGPDF, x, p);
  return NEG(th_sum_all(g, MUL(EXP(log_f), log_f)));
}

static ThTraceSummary formula_of(const ThTraceLaw *rule, ThSummary what) {
  switch (what) {
    case TH_MEAN: return rule->mean;
    case TH_VARIANCE: return rule->variance;
    case TH_MODE: return rule->mode;
    case TH_ENTROPY: return rule->entropy;
    default: return NULL;
  }
}

static ThNodeId family_summary(ThContext *cx, const ThTracedCall *call, const ThTracedLaw *law,
                               ThSummary what) {
  ThGraph *g = call->g;
  const ThTraceLaw *rule = th_trace_law(law->family);
  ThNodeId p[TH_MAX_PARAMETERS];
  for (int j = 0; j < law->family->n_parameters; j++) p[j] = th_traced_parameter(law, j);
  if (g->failed || !rule) return refuse(call, law->family->name);
  ThTraceSummary formula = formula_of(rule, what);
  if (what == TH_MODE && law->family->discrete) return TH_ZERO; /* whole numbers */
  if (formula) return formula(g, p);
  return what == TH_ENTROPY ? entropy_sum(cx, call, law, p) : refuse(call, law->family->name);
}

static ThNodeId summary_of(ThContext *cx, const ThTracedCall *call, ThValue d, ThSummary what) {
  ThTracedLaw law;
  if (call->g->failed || !th_traced_law(cx, call->g, d, &law)) return call->g->failed = true, 0;
  const ThFamily *f = law.family;
  if (f == &th_family_affine) return affine_summary(cx, call, &law, what);
  if (f == &th_family_mixture) return mixture_summary(cx, call, &law, what);
  if (f == &th_family_categorical || f == &th_family_discrete) return table_summary(call, &law, what);
  if (!f->math || f->build) return refuse(call, f->name);
  return family_summary(cx, call, &law, what);
}

/* Does the summary hang on the parameters as its formula says? Not where it does not exist, nor where the mode is an
 * end of the support. */
static bool is_finite(ThValue v) {
  double x;
  return !th_to_number(v, &x) || isfinite(x);
}

static ThNodeId summary(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  ThGraph *g = call->g;
  ThValue d = call->given[SELF];
  ThTracedLaw law;
  if (!is_finite(call->result)) return TH_ZERO;
  if (!law_of(cx, call, SELF, &law)) return 0;
  if (verb->which == TH_SD) return SQRT(summary_of(cx, call, d, TH_VARIANCE));
  if (verb->which == TH_MEDIAN)
    return th_distribution_is_discrete(law.plain) ? TH_ZERO
                                                  : th_trace_measure_of(cx, g, d, TH_QUANTILE, NUMBER(0.5));
  return summary_of(cx, call, d, (ThSummary)verb->which);
}

/* A mode at an end of the support stays there. */
static ThNodeId mode(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  ThTracedLaw law;
  double lower, upper, x;
  if (!law_of(cx, call, SELF, &law)) return 0;
  if (law.plain->rank == 0 && th_to_number(call->result, &x) && th_trace_law(law.family)) {
    th_distribution_support(law.plain, 0, &lower, &upper);
    bool moves = law.family == &th_family_pareto || law.family == &th_family_log_uniform ||
                 law.family == &th_family_triangular;
    if ((x == lower || x == upper) && !moves) return TH_ZERO;
  }
  return summary(cx, call, verb);
}

/* --- Two distributions */

static bool same_counts(const ThTracedLaw *a, const ThTracedLaw *b) {
  for (int j = 0; j < a->family->n_parameters; j++) {
    ThDomain domain = a->family->parameters[j].domain;
    if (domain != TH_DOMAIN_COUNT && domain != TH_DOMAIN_WHOLE) continue;
    if (!th_is_scalar(a->parameters[j]) || !th_is_scalar(b->parameters[j]) ||
        th_as_scalar(a->parameters[j]) != th_as_scalar(b->parameters[j]))
      return false;
  }
  return true;
}

static ThNodeId kl(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  ThGraph *g = call->g;
  ThTracedLaw a, b;
  ThNodeId p[TH_MAX_PARAMETERS], q[TH_MAX_PARAMETERS];
  if (!law_of(cx, call, 0, &a) || !law_of(cx, call, 1, &b)) return 0;
  const ThTraceLaw *rule = th_trace_law(a.family);
  if (a.family != b.family || !rule || !rule->kl || !same_counts(&a, &b))
    return refuse(call, "these two distributions");
  if (!is_finite(call->result)) return TH_ZERO;
  for (int j = 0; j < a.family->n_parameters; j++) {
    p[j] = th_traced_parameter(&a, j);
    q[j] = th_traced_parameter(&b, j);
  }
  if (g->failed) return 0;
  ThNodeId divergence = rule->kl(g, p, q);
  if (!verb->which) return divergence;
  return ADD(divergence, summary_of(cx, call, call->given[0], TH_ENTROPY));
}

/* Draws are constant for a derivative, and made afresh at every evaluation. */
static ThNodeId sample(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  (void)cx, (void)call, (void)verb;
  return TH_ZERO;
}

/* cf(d, k) */
static ThNodeId transform(ThContext *cx, const ThTracedCall *call, const Verb *verb) {
  (void)verb;
  if (th_is_unset(call->given[POINT])) return refuse(call, "a distribution that is differentiated");
  return th_trace_cf_of(cx, call->g, call->given[SELF], th_traced_argument(call, POINT));
}

/* --- By name */

static const Verb verbs[] = {
    {"logpdf", measure, TH_LOGPDF},
    {"pdf", measure, TH_PDF},
    {"logcdf", measure, TH_LOGCDF},
    {"cdf", measure, TH_CDF},
    {"ccdf", measure, TH_CCDF},
    {"logccdf", measure, TH_LOGCCDF},
    {"quantile", quantile, 0},
    {"interval", interval, 0},
    {"score", score, 0},
    {"mean", summary, TH_MEAN},
    {"var", summary, TH_VARIANCE},
    {"sd", summary, TH_SD},
    {"mode", mode, TH_MODE},
    {"median", summary, TH_MEDIAN},
    {"entropy", summary, TH_ENTROPY},
    {"kl", kl, 0},
    {"cross_entropy", kl, 1},
    {"sample", sample, 0},
    {"cf", transform, 0},
};

const char *th_traced_verb_name(size_t i) { return i < sizeof verbs / sizeof *verbs ? verbs[i].name : NULL; }

bool th_traced_distribution_verb(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (strcmp(verbs[i].name, call->name) == 0)
      return give(cx, call, verbs[i].trace(cx, call, &verbs[i]), out);
  if (th_family_find(call->name)) return th_trace_constructor.trace(cx, call, out); /* of a distribution */
  ThTracedLaw law;
  if (!th_traced_law(cx, call->g, call->given[SELF], &law)) return false;
  refuse(call, law.family->name);
  return false;
}
