/* trace_bend.c - the second derivatives of a cdf by shape parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In the variable u = F(t) the integral over a tail of probability T is ∫₀ᵀ h(t(u)) du, and with u = T e^-y that is
 * T ∫₀^∞ h e^-y dy, where h, polynomials in log t at worst, is smooth in y: Gauss's nodes on pieces that double serve
 * all families. Of a discrete one it is a sum. */
#include "prob/trace_bend.h"

#include <math.h>

#include "num/quadrature.h"
#include "prob/trace_short.h"
#include "val/derivative.h"

enum { MOST_INPUTS = 1 + TH_MAX_PARAMETERS };

/* ∂y/∂x; TH_ZERO where y does not hang on x. */
ThNodeId th_trace_partial(ThGraph *g, ThNodeId y, ThNodeId x) {
  ThNodeId one = NUMBER(1), out = TH_ZERO;
  if (g->failed || y == TH_ZERO || y < x) return TH_ZERO;
  if (!th_push_forward(g, y, &x, &one, 1, &out)) g->failed = true;
  return g->failed ? TH_ZERO : out;
}

ThNodeId th_trace_second_derivative(ThGraph *g, const ThTraceLaw *law, const ThNodeId *inputs, size_t k,
                                    size_t l) {
  ThNodeId own[MOST_INPUTS];
  for (size_t i = 0; i <= (size_t)law->family->n_parameters; i++)
    own[i] = th_graph_apply(g, &th_op_copy, &inputs[i], 1, &i, sizeof i);
  if (g->failed) return TH_ZERO;
  return th_trace_partial(g, th_trace_partial(g, law->log_density(g, own[0], own + 1), own[k]), own[l]);
}

bool th_trace_sums_upwards(const ThFamilyMath *math, double x, const double *p) {
  enum { SOON = 1000 };
  return math->ccdf(x, p) < math->cdf(x, p) && math->logccdf(x + SOON, p) - math->logpdf(x, p) < -70;
}

/* Points of a tail and what each counts, in units of f(x). */
typedef struct Tail {
  ThContext *cx;
  const ThFamilyMath *math;
  const double *p;
  bool upper;
  double log_f; /* log f(x) */
  ThArray *points;
  double *weights;
} Tail;

enum { NODES = 24, PIECES = 7 };

/* y in [0, 1], [1, 2], [2, 4], …, [32, 64]: beyond, e^-y is nothing. */
static bool continuous_points(Tail *t, double x) {
  double nodes[NODES], weights[NODES], low = 0, high = 1;
  double tail = t->upper ? t->math->ccdf(x, t->p) : t->math->cdf(x, t->p);
  double log_tail = t->upper ? t->math->logccdf(x, t->p) : t->math->logcdf(x, t->p);
  t->points = th_vector_new(t->cx, TH_DOUBLE, NODES * PIECES);
  t->weights = t->points ? th_alloc_array(t->cx, t->points->length, sizeof *t->weights) : NULL;
  if (!t->weights) return false;
  th_quadrature_gauss_legendre(NODES, nodes, weights);
  for (size_t piece = 0; piece < PIECES; piece++, low = high, high *= 2)
    for (size_t i = 0; i < NODES; i++) {
      double half = 0.5 * (high - low), y = low + half * (1 + nodes[i]), u = tail * exp(-y);
      t->points->real[piece * NODES + i] = t->upper ? t->math->upper_quantile(u, t->p)
                                                    : t->math->quantile(u, t->p);
      t->weights[piece * NODES + i] = half * weights[i] * exp(log_tail - t->log_f - y);
    }
  return true;
}

/* Outcomes from x on, as far as they count. */
static bool discrete_points(Tail *t, double x) {
  enum { MOST = 1000000 };
  double ends[2], step = t->upper ? 1 : -1, first = t->upper ? x + 1 : x;
  size_t n = 0;
  t->math->support(t->p, &ends[0], &ends[1]);
  for (double at = first; at >= ends[0] && at <= ends[1] && n < MOST; at += step, n++) {
    double left = t->upper ? t->math->logccdf(at, t->p) : t->math->logcdf(at, t->p);
    if (left - t->log_f < -70) break;
  }
  t->points = th_vector_new(t->cx, TH_DOUBLE, n > 0 ? n : 1);
  t->weights = t->points ? th_alloc_array(t->cx, t->points->length, sizeof *t->weights) : NULL;
  if (!t->weights) return false;
  t->points->real[0] = first;
  t->weights[0] = 0;
  for (size_t i = 0; i < n; i++) {
    t->points->real[i] = first + step * (double)i;
    t->weights[i] = exp(t->math->logpdf(t->points->real[i], t->p) - t->log_f);
  }
  return true;
}

/* ∂² log f by k and l at all points: one number or as many as points, owned. */
static bool second_derivatives(Tail *t, const ThTraceLaw *law, int k, int l, ThValue *out) {
  ThGraph *g = th_graph_new(t->cx);
  ThNodeId inputs[MOST_INPUTS];
  if (!g) return false;
  inputs[0] = th_graph_constant(g, th_object(t->points));
  for (int j = 0; j < law->family->n_parameters; j++) inputs[1 + j] = th_graph_number(g, t->p[j]);
  ThNodeId node = th_trace_second_derivative(g, law, inputs, 1 + (size_t)k, 1 + (size_t)l);
  *out = th_number(0);
  bool ok = !g->failed && (node == TH_ZERO || th_graph_value(g, node, out));
  th_graph_release(g);
  return ok;
}

static double sum(const Tail *t, ThValue second, int k, int l) {
  double total = 0, d_p[TH_MAX_PARAMETERS];
  for (size_t i = 0; i < t->points->length; i++) {
    if (t->weights[i] == 0) continue;
    double bend = th_is_array(second) ? th_as_array(second)->real[i] : th_as_number(second);
    t->math->gradient(t->points->real[i], t->p, NULL, d_p);
    total += t->weights[i] * (bend + d_p[k] * d_p[l]);
  }
  return t->upper ? -total : total;
}

/* The smaller tail, unless its points would be rounded to the end of the support, as those of a Beta are to 1: there
 * log (1 - t) is lost. */
static bool goes_upwards(const ThFamilyMath *math, double x, const double *p) {
  double ends[2], tail = math->ccdf(x, p);
  if (tail >= math->cdf(x, p)) return false;
  math->support(p, &ends[0], &ends[1]);
  return math->upper_quantile(tail * exp(-64), p) < ends[1];
}

bool th_trace_bend(ThContext *cx, const ThTraceLaw *law, double x, const double *p, int k, int l,
                   double *out) {
  const ThFamilyMath *math = law->family->math;
  ThValue second;
  if (law->family->discrete) x = floor(x);
  bool upper = law->family->discrete ? th_trace_sums_upwards(math, x, p) : goes_upwards(math, x, p);
  Tail t = {.cx = cx, .math = math, .p = p, .upper = upper};
  t.log_f = math->logpdf(x, p);
  *out = isnan(t.log_f) ? t.log_f : 0;
  if (!isfinite(t.log_f)) return true;
  bool ok = th_poll(cx) && (law->family->discrete ? discrete_points(&t, x) : continuous_points(&t, x)) &&
            second_derivatives(&t, law, k, l, &second);
  if (ok) {
    *out = sum(&t, second, k, l);
    th_release(second);
  }
  if (t.weights) th_free(cx, t.weights, t.points->length * sizeof *t.weights);
  if (t.points) th_release(th_object(t.points));
  return ok;
}
