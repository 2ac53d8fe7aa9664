/* linear_system.c - the variables of a query as linear combinations of independent sources of noise */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/linear_system.h"

#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "num/real.h"
#include "prob/families.h"
#include "prob/joint.h"
#include "prob/sum.h"

enum { MOST_VARIABLES = 1500 };

void th_linear_system_clear(ThLinearSystem *s) {
  ThContext *cx = s->q->cx;
  size_t n = s->n + 1;
  th_free(cx, s->variables, n * sizeof *s->variables);
  th_free(cx, s->mean, n * sizeof *s->mean);
  th_free(cx, s->base, n * sizeof *s->base);
  th_free(cx, s->spread, n * sizeof *s->spread);
  th_free(cx, s->found, 2 * n * sizeof *s->found);
  th_free(cx, s->loading, n * n * sizeof *s->loading);
  s->variables = NULL;
  s->mean = s->base = s->spread = s->loading = NULL;
  s->found = NULL;
}

bool th_linear_expression(ThLinearSystem *s, ThValue v, ThLinearExpression *e, bool *linear) {
  ThLinear form;
  if (!th_linear_read(s->q->cx, v, s->variables, s->n, &form, linear)) return false;
  if (!*linear) return true;
  *linear = form.rank == 0;
  e->mean = e->base = *linear ? form.constant[0] : 0;
  memset(e->loading, 0, s->n * sizeof *e->loading);
  for (size_t j = 0; *linear && j < s->n; j++) {
    double c = form.coefficients[j];
    if (c == 0) continue;
    e->mean += c * s->mean[j];
    e->base += c * s->base[j];
    for (size_t i = 0; i <= j; i++) e->loading[i] += c * s->loading[j * s->n + i];
  }
  th_linear_clear(&form);
  return true;
}

/* Variable k with a distribution of its own. */
static bool add_free(ThLinearSystem *s, size_t k, const ThDistribution *d, bool *fits) {
  if (d->rank > 0 || th_simulation_is_drawn(d)) return true;
  s->loading[k * s->n + k] = 1;
  s->all_normal &= d->family == &th_family_normal;
  *fits = true;
  ThFinding *found = s->found + 2 * k;
  if (!th_distribution_find(s->q->cx, d, 0, TH_MEAN, &found[0]) ||
      !th_distribution_find(s->q->cx, d, 0, TH_VARIANCE, &found[1]))
    return false;
  s->mean[k] = found[0].value;
  s->spread[k] = found[1].value;
  return true;
}

/* Variable k ~ Normal(linear, number). */
static bool add_normal(ThLinearSystem *s, size_t k, const ThConditional *c, bool *fits) {
  ThValue parameters[2];
  ThLinearExpression e = {.loading = s->loading + k * s->n};
  if (c->family != &th_family_normal) return true;
  if (!th_parameter_values(s->q->cx, c->family, c->arguments, parameters)) return false;
  bool ok = true;
  if (th_is_scalar(parameters[1]) && !th_is_unset(parameters[0])) {
    double sd = th_as_scalar(parameters[1]);
    ok = th_linear_expression(s, parameters[0], &e, fits);
    s->mean[k] = e.mean;
    s->base[k] = e.base;
    s->spread[k] = sd * sd;
    s->loading[k * s->n + k] = 1;
    if (!(sd > 0)) ok = th_fail(s->q->cx, TH_ERROR_VALUE, "`σ` of Normal must be positive, got %.6g", sd);
  }
  th_release_all(parameters, 2);
  return ok;
}

/* Component k of a joint law that is known: its kin up to it, all of which it hangs on, by Cholesky's factor of their
 * covariances (of which it is the last row) over uncorrelated sources of variance 1. */
static bool add_component(ThLinearSystem *s, size_t k, const ThDistribution *d, bool *fits) {
  ThContext *cx = s->q->cx;
  const ThVariable *v = s->variables[k];
  size_t m = v->component + 1, size = (m * m + m) * sizeof(double);
  double *mean = th_alloc(cx, size), *factor = mean + m;
  if (!mean) return false;
  bool ok = th_event_moments(cx, d, m, mean, factor);
  *fits = ok && th_linalg_cholesky(m, factor);
  for (size_t j = 0; *fits && j <= k; j++) {
    const ThVariable *kin = s->variables[j];
    if (kin->joint.bits == v->joint.bits)
      s->loading[k * s->n + j] = factor[v->component * m + kin->component];
  }
  if (*fits) s->mean[k] = mean[v->component], s->spread[k] = 1;
  s->all_normal = false;
  s->has_joint = true;
  th_free(cx, mean, size);
  return ok;
}

bool th_linear_system_init(ThQuery *q, ThLinearSystem *s, bool *fits) {
  size_t n = q->net.n_variables;
  ThContext *cx = q->cx;
  *s = (ThLinearSystem){.q = q, .n = n, .all_normal = true};
  *fits = false;
  if (n == 0 || n > MOST_VARIABLES) return true;
  s->variables = th_alloc_array(cx, n + 1, sizeof *s->variables);
  s->mean = th_alloc_array(cx, n + 1, sizeof *s->mean);
  s->base = th_alloc_array(cx, n + 1, sizeof *s->base);
  s->spread = th_alloc_array(cx, n + 1, sizeof *s->spread);
  s->loading = th_alloc_array(cx, (n + 1) * (n + 1), sizeof *s->loading);
  s->found = th_alloc_array(cx, 2 * (n + 1), sizeof *s->found);
  if (!s->variables || !s->mean || !s->base || !s->spread || !s->loading || !s->found) return false;
  memset(s->found, 0, 2 * (n + 1) * sizeof *s->found);
  memset(s->base, 0, (n + 1) * sizeof *s->base);
  memset(s->loading, 0, (n + 1) * (n + 1) * sizeof *s->loading);
  for (size_t k = 0; k < n; k++) s->variables[k] = q->net.variables[k].variable;
  *fits = true;
  for (size_t k = 0; *fits && k < n; k++) {
    ThValue d = s->variables[k]->distribution;
    const ThDistribution *joint = th_joint_law(s->variables[k]);
    *fits = false;
    if (joint && joint->family != &th_family_mvnormal) {
      if (!add_component(s, k, joint, fits)) return false;
      continue;
    }
    if (th_is_distribution(d) && !add_free(s, k, th_as_distribution(d), fits)) return false;
    if (th_is_conditional(d) && !add_normal(s, k, th_as_conditional(d), fits)) return false;
    if (!th_poll(cx)) return false;
  }
  return true;
}

double th_linear_covariance(const ThLinearSystem *s, const ThLinearExpression *a,
                            const ThLinearExpression *b) {
  double sum = 0;
  for (size_t i = 0; i < s->n; i++)
    if (a->loading[i] != 0 && b->loading[i] != 0) sum += a->loading[i] * s->spread[i] * b->loading[i];
  return sum;
}

/* --- Conditions: linear expressions with given values */

bool th_linear_given_init(ThLinearSystem *s, ThLinearGiven *g, bool *fits) {
  ThQuery *q = s->q;
  ThContext *cx = q->cx;
  *g = (ThLinearGiven){.capacity = q->n_conditions};
  g->fixed = th_alloc_array(cx, g->capacity + 1, sizeof *g->fixed);
  g->loadings = th_alloc_array(cx, (g->capacity + 1) * (s->n + 1), sizeof *g->loadings);
  if (!g->fixed || !g->loadings) return false;
  for (size_t i = 0; *fits && i < q->n_conditions; i++) {
    const ThVariable *v = th_as_variable(q->conditions[i].event);
    ThValue difference;
    if (v->what != TH_VARIABLE_OPERATOR || v->op != TH_OP_EQUAL) continue;
    g->fixed[g->n].loading = g->loadings + g->n * s->n;
    if (!th_binary(cx, TH_OP_SUBTRACT, v->arguments[0], v->arguments[1], 0, &difference)) return false;
    bool ok = th_linear_expression(s, difference, &g->fixed[g->n++], fits);
    th_release(difference);
    if (!ok) return false;
  }
  return true;
}

void th_linear_given_clear(const ThLinearSystem *s, ThLinearGiven *g) {
  th_free(s->q->cx, g->fixed, (g->capacity + 1) * sizeof *g->fixed);
  th_free(s->q->cx, g->loadings, (g->capacity + 1) * (s->n + 1) * sizeof *g->loadings);
}

bool th_linear_conditioned(const ThLinearSystem *s, const ThLinearGiven *g, const ThLinearExpression *e,
                           size_t t, double *mean, double *cov, bool *fits) {
  ThContext *cx = s->q->cx;
  size_t n = g->n, size = (n * n + 2 * n * (t + 1)) * sizeof(double);
  ThSolveReport report;
  for (size_t i = 0; i < t; i++) {
    mean[i] = e[i].mean;
    for (size_t j = 0; j < t; j++) cov[i * t + j] = th_linear_covariance(s, &e[i], &e[j]);
  }
  if (n == 0) return true;
  double *work = th_alloc(cx, size);
  if (!work) return false;
  double *between = work, *right = between + n * n, *solved = right + n * (t + 1);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) between[i * n + j] = th_linear_covariance(s, &g->fixed[i], &g->fixed[j]);
    for (size_t j = 0; j < t; j++) right[i * (t + 1) + j] = th_linear_covariance(s, &g->fixed[i], &e[j]);
    right[i * (t + 1) + t] = -g->fixed[i].mean;
  }
  bool ok = th_linalg_solve(cx, n, t + 1, between, right, solved, &report);
  *fits = ok && report.status == TH_SOLVE_GOOD;
  for (size_t i = 0; *fits && i < n; i++)
    for (size_t a = 0; a < t; a++) {
      mean[a] += right[i * (t + 1) + a] * solved[i * (t + 1) + t];
      for (size_t b = 0; b < t; b++) cov[a * t + b] -= right[i * (t + 1) + a] * solved[i * (t + 1) + b];
    }
  th_free(cx, work, size);
  return ok;
}

/* --- Sums of independent variables that are not all normal */

/* The distribution of the noise of source k: the variable's own, or, where its mean is linear in others, a normal
 * one about 0. Owned. */
static bool source_distribution(const ThLinearSystem *s, size_t k, ThValue *out) {
  ThValue d = s->variables[k]->distribution;
  double p[2] = {0, sqrt(s->spread[k])};
  if (!th_is_distribution(d)) return th_distribution_of(s->q->cx, &th_family_normal, p, out);
  *out = th_retain(d);
  return true;
}

/* A sum of independent sources. */
static bool sum_of_sources(const ThLinearSystem *s, const ThLinearExpression *e, double shift, ThValue *out,
                           ThHow *how, bool *found) {
  ThContext *cx = s->q->cx;
  ThText text;
  ThValue *distributions = th_alloc_array(cx, s->n + 1, sizeof *distributions);
  double *coefficients = th_alloc_array(cx, s->n + 1, sizeof *coefficients);
  size_t n = 0;
  bool ok = distributions && coefficients;
  th_text_init(&text, &cx->heap);
  for (size_t k = 0; ok && k < s->n; k++) {
    if (e->loading[k] == 0) continue;
    ok = source_distribution(s, k, &distributions[n]);
    if (ok) coefficients[n++] = e->loading[k];
  }
  ok = ok && th_query_text(s->q, &text) && th_text_ok(&text, cx);
  ThSum sum = {n, distributions, coefficients, shift, th_text_string(&text)};
  ok = ok && th_sum_distribution(cx, &sum, out, how->method, sizeof how->method, &how->error, found);
  th_text_clear(&text);
  if (distributions) th_release_all(distributions, n);
  th_free(cx, distributions, (s->n + 1) * sizeof *distributions);
  th_free(cx, coefficients, (s->n + 1) * sizeof *coefficients);
  return ok;
}

/* --- Combinations of the components of one joint law */

/* All variables are components of one joint law, from the first on: that law, or NULL. */
static const ThDistribution *only_joint(const ThLinearSystem *s) {
  const ThDistribution *d = th_joint_law(s->variables[0]);
  for (size_t k = 0; k < s->n; k++)
    if (s->variables[k]->joint.bits != s->variables[0]->joint.bits || s->variables[k]->component != k)
      return NULL;
  return d;
}

/* The weights of all components in e, as the family's `combination` takes them: from those of the sources, of which the
 * components are triangular combinations. */
static void component_weights(const ThLinearSystem *s, const ThDistribution *d, const ThLinearExpression *e,
                              double *own, double *weights) {
  size_t n = th_event_size(d), row, column;
  memset(weights, 0, th_event_count(d) * sizeof *weights);
  memcpy(own, e->loading, s->n * sizeof *own);
  th_linalg_solve_triangular(true, true, s->n, 1, s->loading, own);
  for (size_t k = 0; k < s->n; k++) {
    th_event_place(d->family->event, k, &row, &column);
    if (d->family->event->rank == 1) weights[k] = own[k];
    else if (row == column) weights[row * n + row] = own[k];
    else weights[row * n + column] = weights[column * n + row] = 0.5 * own[k];
  }
}

/* The same for a linear expression in the components of one joint law. */
static bool combination_of(const ThLinearSystem *s, const ThLinearExpression *e, double shift, ThValue *out,
                           ThHow *how, bool *found) {
  ThContext *cx = s->q->cx;
  const ThDistribution *d = only_joint(s);
  *found = false;
  *how = (ThHow){.method = "exact"};
  if (!d || !d->family->event->combination) return true;
  size_t size = (s->n + th_event_count(d)) * sizeof(double);
  double *own = th_alloc(cx, size);
  if (!own) return false;
  ThText text;
  th_text_init(&text, &cx->heap);
  component_weights(s, d, e, own, own + s->n);
  bool ok = th_query_text(s->q, &text) && th_text_ok(&text, cx);
  how->text = th_text_string(&text);
  ok = ok && d->family->event->combination(cx, d, own + s->n, shift, out, how, found);
  th_text_clear(&text);
  th_free(cx, own, size);
  return ok;
}

bool th_linear_distribution(const ThLinearSystem *s, const ThLinearExpression *e, double shift, ThValue *out,
                            ThHow *how, bool *found) {
  return s->has_joint ? combination_of(s, e, shift, out, how, found)
                      : sum_of_sources(s, e, shift, out, how, found);
}

const char *th_linear_story(const ThLinearSystem *s) {
  if (s->all_normal) return "the question is about linear combinations of jointly normal variables\n";
  return s->has_joint ? "the law of a linear combination follows from the joint law\n"
                      : "the question is about one linear combination of independent variables\n";
}
