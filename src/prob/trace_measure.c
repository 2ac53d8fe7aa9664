/* trace_measure.c - densities, distribution functions and quantiles of a family as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Three operations: a measure, whose value is the family's own; the score, ∂ log f by x or a parameter, which the
 * family's `gradient` gives without cancellation, and whose derivatives are those of the formula in trace_law.h; and
 * the slope of a cdf F by a shape parameter, in units of the density: r = (∂F/∂p)/f, found by quadrature of
 * ∫ (∂ log f/∂p) f, or a sum. With F = G(u(x, p)), u the law's `standard`, r = (∂u/∂p)/(∂u/∂x). */
#include "prob/trace_measure.h"

#include <math.h>
#include <string.h>

#include "num/quadrature.h"
#include "num/real.h"
#include "prob/parameter.h"
#include "prob/trace_bend.h"
#include "prob/trace_law.h"
#include "prob/trace_short.h"
#include "val/broadcast.h"

enum { MOST_INPUTS = 1 + TH_MAX_PARAMETERS };

/* `k` counts inputs: 0 is x, 1 + j parameter j. */
typedef struct Attribute {
  const ThFamily *family;
  size_t what; /* a ThMeasure */
  size_t k;
} Attribute;

static const Attribute *attribute_of(const ThGraph *g, ThNodeId node) { return th_node(g, node)->attribute; }

static ThNodeId apply(ThGraph *g, const ThOperation *operation, const ThFamily *family, size_t what, size_t k,
                      const ThNodeId *inputs) {
  Attribute attribute = {family, what, k};
  return th_graph_apply(g, operation, inputs, 1 + (size_t)family->n_parameters, &attribute, sizeof attribute);
}

/* The inputs of a node, copied: x, then the parameters. Returns how many. */
static size_t inputs_of(const ThGraph *g, ThNodeId node, ThNodeId *inputs) {
  size_t n = th_node(g, node)->n_inputs;
  for (size_t i = 0; i < n; i++) inputs[i] = th_node_input(g, node, i);
  return n;
}

/* --- Over arrays */

static bool broadcast_shape(ThShaping *s) {
  s->rank = 0;
  s->element = TH_DOUBLE;
  for (size_t i = 0; i < s->n_inputs; i++) {
    ThBroadcast plan;
    if (!th_broadcast(s->rank, s->shape, s->inputs[i].rank, s->inputs[i].shape, &plan)) return false;
    s->rank = plan.rank;
    memcpy(s->shape, plan.shape, plan.rank * sizeof *plan.shape);
  }
  return true;
}

/* Where in an input the element of the output with these indices is. */
static size_t place(const ThTensor *input, const ThTensor *output, const size_t *index) {
  size_t at = 0, ahead = output->rank - input->rank;
  for (uint32_t axis = 0; axis < input->rank; axis++)
    at = at * input->shape[axis] + (input->shape[axis] == 1 ? 0 : index[ahead + axis]);
  return at;
}

static void advance(size_t *index, const ThTensor *output) {
  for (uint32_t axis = output->rank; axis-- > 0;) {
    if (++index[axis] < output->shape[axis]) return;
    index[axis] = 0;
  }
}

typedef bool (*Pointwise)(ThContext *cx, const Attribute *a, double x, const double *p, double *out);

/* f at every element whose parameters lie in their ranges; NaN elsewhere. */
static bool run(ThContext *cx, const ThEvaluation *e, Pointwise f) {
  const Attribute *a = e->attribute;
  size_t index[TH_MAX_RANK] = {0};
  double in[MOST_INPUTS];
  for (size_t i = 0; i < e->output.length; i++) {
    for (size_t k = 0; k < e->n_inputs; k++)
      in[k] = e->inputs[k].data[e->inputs[k].length == 1 ? 0 : place(&e->inputs[k], &e->output, index)];
    if (!th_parameter_lie(a->family, in + 1)) e->output.data[i] = TH_NAN;
    else if (!f(cx, a, in[0], in + 1, &e->output.data[i])) return false;
    advance(index, &e->output);
  }
  return true;
}

/* --- Rules that are told by partial derivatives: as of elementwise operations, with more inputs than two */

typedef ThNodeId (*Partial)(ThGraph *g, ThNodeId node, size_t k);

static ThNodeId pull(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k, Partial partial) {
  ThNodeId product = th_multiply(g, cotangent, partial(g, node, k));
  return product == TH_ZERO ? TH_ZERO : th_sum_to_like(g, product, th_node_input(g, node, k));
}

static ThNodeId push(ThGraph *g, ThNodeId node, const ThNodeId *tangents, Partial partial) {
  ThNodeId sum = TH_ZERO;
  for (size_t k = 0; k < th_node(g, node)->n_inputs; k++)
    if (tangents[k] != TH_ZERO) sum = th_add(g, sum, th_multiply(g, tangents[k], partial(g, node, k)));
  return sum;
}

#define OPERATION(id, text)                                                                       \
  static bool id##_evaluate(ThContext *cx, const ThEvaluation *e) { return run(cx, e, id##_at); } \
  static ThNodeId id##_pull(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {            \
    return pull(g, node, cotangent, k, id##_partial);                                             \
  }                                                                                               \
  static ThNodeId id##_push(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {                \
    return push(g, node, tangents, id##_partial);                                                 \
  }                                                                                               \
  static const ThOperation op_##id = {.name = text,                                               \
                                      .shape = broadcast_shape,                                   \
                                      .evaluate = id##_evaluate,                                  \
                                      .pullback = id##_pull,                                      \
                                      .pushforward = id##_push};

/* Is there nothing to differentiate by in input k? */
static bool is_whole(const ThFamily *family, size_t k) {
  if (k == 0) return family->discrete;
  ThDomain domain = family->parameters[k - 1].domain;
  return (int)k > family->math->n_parameters || domain == TH_DOMAIN_COUNT || domain == TH_DOMAIN_WHOLE;
}

static ThNodeId refuse(ThGraph *g, const char *what, const ThFamily *family) {
  if (!g->failed) th_fail(g->cx, TH_ERROR_TYPE, "there is no rule for the %s of %s", what, family->name);
  g->failed = true;
  return 0;
}

/* --- The score */

static bool score_at(ThContext *cx, const Attribute *a, double x, const double *p, double *out) {
  double d_p[TH_MAX_PARAMETERS];
  (void)cx;
  a->family->math->gradient(x, p, a->k == 0 ? out : NULL, d_p);
  if (a->k > 0) *out = d_p[a->k - 1];
  return true;
}

static ThNodeId log_density(ThGraph *g, const ThFamily *family, const ThNodeId *inputs);

static ThNodeId score_partial(ThGraph *g, ThNodeId node, size_t l) {
  Attribute a = *attribute_of(g, node);
  const ThTraceLaw *law = th_trace_law(a.family);
  ThNodeId inputs[MOST_INPUTS];
  inputs_of(g, node, inputs);
  if (is_whole(a.family, l)) return TH_ZERO;
  if (!law) return refuse(g, "second derivative of the log density", a.family);
  ThNodeId value = th_trace_second_derivative(g, law, inputs, a.k, l);
  if (value == TH_ZERO || g->failed) return TH_ZERO;
  ThNodeId inside = LESS(NUMBER(-TH_INFINITY), log_density(g, a.family, inputs));
  return th_graph_binary(g, &th_op_pick, inside, value);
}
OPERATION(score, "score")

static ThNodeId score(ThGraph *g, const ThFamily *family, const ThNodeId *inputs, size_t k) {
  return is_whole(family, k) ? TH_ZERO : apply(g, &op_score, family, 0, k, inputs);
}

/* --- The slope of a cdf */

typedef struct Slope {
  const Attribute *attribute;
  const double *p;
  double at; /* log f(x) */
} Slope;

/* ∂ log f/∂p · f(t)/f(x) */
static bool slope_integrand(void *self, double t, double *y) {
  const Slope *s = self;
  const ThFamilyMath *math = s->attribute->family->math;
  double d_p[TH_MAX_PARAMETERS], share = exp(math->logpdf(t, s->p) - s->at);
  math->gradient(t, s->p, NULL, d_p);
  *y = share == 0 ? 0 : share * d_p[s->attribute->k - 1];
  return true;
}

/* From the end of the smaller tail to x. Points where all but a part of the tail lies beyond tell the scale. */
static bool integrate_slope(ThContext *cx, Slope *s, double x, double *out) {
  static const double parts[] = {0.5, 0.1, 1e-3, 1e-7, 1e-12};
  enum { N_PARTS = sizeof parts / sizeof *parts };
  const ThFamilyMath *math = s->attribute->family->math;
  double below = math->cdf(x, s->p), above = math->ccdf(x, s->p), ends[2], breaks[N_PARTS + 1];
  bool upper = above < below;
  math->support(s->p, &ends[0], &ends[1]);
  for (int i = 0; i < N_PARTS; i++)
    breaks[i] = upper ? math->upper_quantile(parts[i] * above, s->p) : math->quantile(parts[i] * below, s->p);
  breaks[N_PARTS] = math->mode ? math->mode(s->p) : breaks[0];
  ThQuadratureGoal goal = {.relative = 1e-13};
  ThQuadratureResult result;
  if (!th_quadrature_integrate_breaks(cx, slope_integrand, s, 1, upper ? x : ends[0], upper ? ends[1] : x,
                                      breaks, N_PARTS + 1, &goal, &result))
    return false;
  *out = upper ? -result.value[0] : result.value[0];
  return true;
}

/* The terms fall off away from the middle, so that the sum ends where they are nothing beside it. */
static bool sum_slope(ThContext *cx, Slope *s, double x, double *out) {
  const ThFamilyMath *math = s->attribute->family->math;
  double ends[2], sum = 0, size = 0, term;
  bool upper = th_trace_sums_upwards(math, x, s->p);
  math->support(s->p, &ends[0], &ends[1]);
  size_t n = 0;
  for (double t = upper ? x + 1 : x; upper ? t <= ends[1] : t >= ends[0]; t += upper ? 1 : -1, n++) {
    if (!th_poll_at(cx, n) || !slope_integrand(s, t, &term)) return false;
    sum += term;
    size += fabs(term);
    double left = upper ? math->logccdf(t, s->p) : math->logcdf(t, s->p);
    if (left - s->at < -60 && fabs(term) < 1e-17 * size) break;
  }
  *out = upper ? -sum : sum;
  return true;
}

static bool slope_at(ThContext *cx, const Attribute *a, double x, const double *p, double *out) {
  if (a->family->discrete) x = floor(x);
  Slope s = {a, p, a->family->math->logpdf(x, p)};
  *out = isnan(s.at) ? TH_NAN : 0;
  if (!isfinite(s.at)) return true;
  return a->family->discrete ? sum_slope(cx, &s, x, out) : integrate_slope(cx, &s, x, out);
}

static ThNodeId slope(ThGraph *g, const ThFamily *family, const ThNodeId *inputs, size_t k);

/* (∂²F/∂p[k] ∂p[l])/f: `what` is l. */
static bool bend_at(ThContext *cx, const Attribute *a, double x, const double *p, double *out) {
  return th_trace_bend(cx, th_trace_law(a->family), x, p, (int)a->k - 1, (int)a->what - 1, out);
}
static ThNodeId bend_partial(ThGraph *g, ThNodeId node, size_t k) {
  const ThFamily *family = attribute_of(g, node)->family;
  return is_whole(family, k) ? TH_ZERO : refuse(g, "third derivative of the cdf", family);
}
OPERATION(bend, "bend")

/* r_k = F_k/f: by x it is s_k - r_k s_x, by a parameter l F_kl/f - r_k s_l. For a parameter of the standard, where
 * F_l = f r_l and r_l does not hang on the shape k, F_kl/f = s_k r_l. */
static ThNodeId slope_partial(ThGraph *g, ThNodeId node, size_t l) {
  Attribute a = *attribute_of(g, node);
  const ThTraceLaw *law = th_trace_law(a.family);
  ThNodeId inputs[MOST_INPUTS], both;
  inputs_of(g, node, inputs);
  if (is_whole(a.family, l)) return TH_ZERO;
  bool both_shapes = law && l > 0 && !(law->standard && !(law->shapes >> (l - 1) & 1));
  if (!law || (both_shapes && law->cancels_far_out))
    return refuse(g, "second derivative of the cdf", a.family);
  if (l == 0) both = score(g, a.family, inputs, a.k);
  else if (!both_shapes) both = MUL(score(g, a.family, inputs, a.k), slope(g, a.family, inputs, l));
  else both = apply(g, &op_bend, a.family, l, a.k, inputs);
  ThNodeId drift = MUL(node, score(g, a.family, inputs, l));
  return SUB(both, drift);
}
OPERATION(slope, "slope")

/* (∂u/∂input k)/(∂u/∂x) */
static ThNodeId standard_slope(ThGraph *g, const ThTraceLaw *law, const ThNodeId *inputs, size_t n,
                               size_t k) {
  ThNodeId own[MOST_INPUTS];
  for (size_t i = 0; i < n; i++) own[i] = th_graph_apply(g, &th_op_copy, &inputs[i], 1, &i, sizeof i);
  if (g->failed) return TH_ZERO;
  ThNodeId u = law->standard(g, own[0], own + 1), by_k = th_trace_partial(g, u, own[k]);
  return by_k == TH_ZERO ? TH_ZERO : DIV(by_k, th_trace_partial(g, u, own[0]));
}

/* r_k, k > 0. */
static ThNodeId slope(ThGraph *g, const ThFamily *family, const ThNodeId *inputs, size_t k) {
  const ThTraceLaw *law = th_trace_law(family);
  size_t n = 1 + (size_t)family->n_parameters;
  ThNodeId closed = TH_ZERO;
  if (is_whole(family, k)) return TH_ZERO;
  if (law && family->discrete && law->ratio) {
    ThNodeId whole = th_graph_unary(g, &th_op_floor, inputs[0]);
    closed = law->ratio(g, whole, inputs + 1, (int)k - 1);
  }
  if (closed != TH_ZERO) return closed;
  if (law && law->standard && !(law->shapes >> (k - 1) & 1)) return standard_slope(g, law, inputs, n, k);
  return apply(g, &op_slope, family, 0, k, inputs);
}

/* --- Measures */

static bool measure_at(ThContext *cx, const Attribute *a, double x, const double *p, double *out) {
  (void)cx;
  *out = th_math_measure(a->family->math, (ThMeasure)a->what, x, p);
  return true;
}

static const ThOperation op_measure;

static ThNodeId log_density(ThGraph *g, const ThFamily *family, const ThNodeId *inputs) {
  return apply(g, &op_measure, family, TH_LOGPDF, 0, inputs);
}

/* The density, or for the logarithm of a cdf the density divided by it, with the sign of the tail. */
static ThNodeId tail_density(ThGraph *g, ThNodeId node, const Attribute *a, const ThNodeId *inputs) {
  ThNodeId at[MOST_INPUTS];
  memcpy(at, inputs, sizeof at);
  if (a->family->discrete) at[0] = th_graph_unary(g, &th_op_floor, at[0]);
  ThNodeId log_f = log_density(g, a->family, at);
  bool is_log = a->what == TH_LOGCDF || a->what == TH_LOGCCDF;
  bool is_upper = a->what == TH_CCDF || a->what == TH_LOGCCDF;
  ThNodeId size = EXP(is_log ? SUB(log_f, node) : log_f);
  return is_upper ? NEG(size) : size;
}

/* x with F(x, p) = prob: ∂x/∂prob = 1/f, ∂x/∂p = -F_p/f. */
static ThNodeId quantile_partial(ThGraph *g, ThNodeId node, const Attribute *a, const ThNodeId *inputs,
                                 size_t k) {
  ThNodeId at[MOST_INPUTS];
  if (a->family->discrete) return TH_ZERO;
  memcpy(at, inputs, sizeof at);
  at[0] = node;
  if (k > 0) return NEG(slope(g, a->family, at, k));
  ThNodeId spread = EXP(NEG(log_density(g, a->family, at)));
  return a->what == TH_QUANTILE ? spread : NEG(spread);
}

static ThNodeId measure_partial(ThGraph *g, ThNodeId node, size_t k) {
  Attribute a = *attribute_of(g, node);
  ThNodeId inputs[MOST_INPUTS] = {0};
  inputs_of(g, node, inputs);
  if (a.what == TH_LOGPDF) return score(g, a.family, inputs, k);
  if (a.what == TH_QUANTILE || a.what == TH_UPPER_QUANTILE) return quantile_partial(g, node, &a, inputs, k);
  if (is_whole(a.family, k)) return TH_ZERO;
  ThNodeId density = tail_density(g, node, &a, inputs);
  return k == 0 ? density : MUL(density, slope(g, a.family, inputs, k));
}

static bool measure_evaluate(ThContext *cx, const ThEvaluation *e) { return run(cx, e, measure_at); }
static ThNodeId measure_pull(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return pull(g, node, cotangent, k, measure_partial);
}
static ThNodeId measure_push(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return push(g, node, tangents, measure_partial);
}
static const ThOperation op_measure = {.name = "measure",
                                       .shape = broadcast_shape,
                                       .evaluate = measure_evaluate,
                                       .pullback = measure_pull,
                                       .pushforward = measure_push};

/* --- Log densities that are their formulas */

static bool lies_in(ThTraceReach reach, double x) {
  switch (reach) {
    case TH_REACH_NOWHERE: return false;
    case TH_REACH_LINE: return true;
    case TH_REACH_NON_NEGATIVE: return x >= 0;
    case TH_REACH_POSITIVE: return x > 0;
    case TH_REACH_COUNTS: return x >= 0 && floor(x) == x;
    case TH_REACH_TOSSES: return x == 0 || x == 1;
  }
  return false;
}

/* Does a formula hold at x, whatever the parameters? Numbers that may change may leave the support. */
static bool formula_holds(ThGraph *g, ThTraceReach reach, ThNodeId x) {
  if (reach == TH_REACH_NOWHERE || g->failed) return false;
  if (reach == TH_REACH_LINE) return true;
  if (!th_node(g, x)->is_constant) return false;
  if (!th_graph_evaluate(g, &x, 1)) {
    g->failed = true;
    return false;
  }
  ThTensor t = th_node_tensor(g, x);
  for (size_t i = 0; i < t.length; i++)
    if (!lies_in(reach, t.data[i])) return false;
  return true;
}

static ThNodeId natural_formula(ThGraph *g, const ThTraceLaw *law, ThNodeId x, const ThNodeId *p) {
  if (!law->natural || !formula_holds(g, law->natural_reach, x)) return TH_ZERO;
  return law->natural(g, x, p);
}

ThNodeId th_trace_measure(ThGraph *g, const ThFamily *family, ThMeasure what, ThNodeId x, const ThNodeId *p) {
  const ThTraceLaw *law = th_trace_law(family);
  ThNodeId inputs[MOST_INPUTS];
  if (what == TH_PDF) return EXP(th_trace_measure(g, family, TH_LOGPDF, x, p));
  if (what == TH_LOGPDF && law) {
    ThNodeId natural = natural_formula(g, law, x, p);
    if (natural != TH_ZERO) return natural;
    if (formula_holds(g, law->reach, x)) return law->log_density(g, x, p);
  }
  inputs[0] = x;
  memcpy(inputs + 1, p, (size_t)family->n_parameters * sizeof *p);
  return g->failed ? 0 : apply(g, &op_measure, family, what, 0, inputs);
}
