/* query_linear.c - answers by linear algebra: moments of linear expressions, jointly normal variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every variable is its mean plus a combination of independent sources of noise: one for each variable that
 * has a distribution of its own, and one for each normal variable whose mean is linear in others. Means and
 * covariances of linear expressions follow exactly, whatever the distributions; where all are normal,
 * conditions that fix the value of linear expressions do too:
 *   m + A V B'(B V B')⁻¹(y - b),   A V A' - A V B'(B V B')⁻¹B V A'. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/linalg.h"
#include "num/real.h"
#include "prob/families.h"
#include "prob/linear.h"
#include "prob/posterior.h"
#include "prob/sum.h"

enum { MOST_VARIABLES = 1500 };

/* The variables of a query over the sources: x = mean + loading @ noise, noise of variance `spread`. */
typedef struct System {
  ThQuery *q;
  size_t n;
  const ThVariable **variables;
  double *mean;    /* (n) */
  double *base;    /* (n): the same with 0 for the mean of each variable with a distribution of its own */
  double *loading; /* (n, n), row k for variable k */
  double *spread;  /* (n) */
  bool all_normal;
} System;

/* A linear expression over the sources. */
typedef struct Expression {
  double mean;
  double base;     /* as in System */
  double *loading; /* (n) */
} Expression;

static void system_clear(System *s) {
  ThContext *cx = s->q->cx;
  size_t n = s->n + 1;
  th_free(cx, s->variables, n * sizeof *s->variables);
  th_free(cx, s->mean, n * sizeof *s->mean);
  th_free(cx, s->base, n * sizeof *s->base);
  th_free(cx, s->spread, n * sizeof *s->spread);
  th_free(cx, s->loading, n * n * sizeof *s->loading);
  s->variables = NULL;
  s->mean = s->base = s->spread = s->loading = NULL;
}

/* The expression of a value: row i of its linear form. *linear is false when it is none. */
static bool read_expression(System *s, ThValue v, Expression *e, bool *linear) {
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
static bool add_free(System *s, size_t k, const ThDistribution *d, bool *fits) {
  if (d->rank > 0 || th_simulation_is_drawn(d)) return true;
  s->loading[k * s->n + k] = 1;
  s->all_normal &= d->family == &th_family_normal;
  *fits = true;
  return th_distribution_summary(s->q->cx, d, 0, TH_MEAN, &s->mean[k]) &&
         th_distribution_summary(s->q->cx, d, 0, TH_VARIANCE, &s->spread[k]);
}

/* Variable k ~ Normal(linear, number). */
static bool add_normal(System *s, size_t k, const ThConditional *c, bool *fits) {
  ThValue parameters[2];
  Expression e = {.loading = s->loading + k * s->n};
  if (c->family != &th_family_normal) return true;
  if (!th_parameter_values(s->q->cx, c->family, c->arguments, parameters)) return false;
  bool ok = true;
  if (th_is_scalar(parameters[1]) && !th_is_unset(parameters[0])) {
    double sd = th_as_scalar(parameters[1]);
    ok = read_expression(s, parameters[0], &e, fits);
    s->mean[k] = e.mean;
    s->base[k] = e.base;
    s->spread[k] = sd * sd;
    s->loading[k * s->n + k] = 1;
    if (!(sd > 0)) ok = th_fail(s->q->cx, TH_ERROR_VALUE, "`σ` of Normal must be positive, got %.6g", sd);
  }
  th_release_all(parameters, 2);
  return ok;
}

/* *fits is false when a variable is neither. */
static bool system_init(ThQuery *q, System *s, bool *fits) {
  size_t n = q->net.n_variables;
  ThContext *cx = q->cx;
  *s = (System){.q = q, .n = n, .all_normal = true};
  *fits = false;
  if (n == 0 || n > MOST_VARIABLES) return true;
  s->variables = th_alloc_array(cx, n + 1, sizeof *s->variables);
  s->mean = th_alloc_array(cx, n + 1, sizeof *s->mean);
  s->base = th_alloc_array(cx, n + 1, sizeof *s->base);
  s->spread = th_alloc_array(cx, n + 1, sizeof *s->spread);
  s->loading = th_alloc_array(cx, (n + 1) * (n + 1), sizeof *s->loading);
  if (!s->variables || !s->mean || !s->base || !s->spread || !s->loading) return false;
  memset(s->base, 0, (n + 1) * sizeof *s->base);
  memset(s->loading, 0, (n + 1) * (n + 1) * sizeof *s->loading);
  for (size_t k = 0; k < n; k++) s->variables[k] = q->net.variables[k].variable;
  *fits = true;
  for (size_t k = 0; *fits && k < n; k++) {
    ThValue d = s->variables[k]->distribution;
    *fits = false;
    if (th_is_distribution(d) && !add_free(s, k, th_as_distribution(d), fits)) return false;
    if (th_is_conditional(d) && !add_normal(s, k, th_as_conditional(d), fits)) return false;
    if (!th_poll(cx)) return false;
  }
  return true;
}

static double covariance(const System *s, const Expression *a, const Expression *b) {
  double sum = 0;
  for (size_t i = 0; i < s->n; i++)
    if (a->loading[i] != 0 && b->loading[i] != 0) sum += a->loading[i] * s->spread[i] * b->loading[i];
  return sum;
}

/* --- Conditions: linear expressions with given values */

typedef struct Given {
  size_t n;
  Expression *fixed; /* left side minus right side: to be 0 */
  double *loadings;  /* (n, s->n) */
} Given;

static bool given_init(System *s, Given *g, bool *fits) {
  ThQuery *q = s->q;
  ThContext *cx = q->cx;
  *g = (Given){.n = q->n_conditions};
  g->fixed = th_alloc_array(cx, g->n + 1, sizeof *g->fixed);
  g->loadings = th_alloc_array(cx, (g->n + 1) * (s->n + 1), sizeof *g->loadings);
  if (!g->fixed || !g->loadings) return false;
  for (size_t i = 0; *fits && i < g->n; i++) {
    const ThVariable *v = th_as_variable(q->conditions[i].event);
    ThValue difference;
    g->fixed[i].loading = g->loadings + i * s->n;
    *fits = v->what == TH_VARIABLE_OPERATOR && v->op == TH_OP_EQUAL;
    if (!*fits) break;
    if (!th_binary(cx, TH_OP_SUBTRACT, v->arguments[0], v->arguments[1], 0, &difference)) return false;
    bool ok = read_expression(s, difference, &g->fixed[i], fits);
    th_release(difference);
    if (!ok) return false;
  }
  return true;
}

static void given_clear(const System *s, Given *g) {
  th_free(s->q->cx, g->fixed, (g->n + 1) * sizeof *g->fixed);
  th_free(s->q->cx, g->loadings, (g->n + 1) * (s->n + 1) * sizeof *g->loadings);
}

/* Means (t) and covariances (t, t) of t expressions given the conditions. *fits is false when the
 * conditions are dependent on each other: then the matrix of their covariances has no inverse. */
static bool conditioned(const System *s, const Given *g, const Expression *e, size_t t, double *mean,
                        double *cov, bool *fits) {
  ThContext *cx = s->q->cx;
  size_t n = g->n, size = (n * n + 2 * n * (t + 1)) * sizeof(double);
  ThSolveReport report;
  for (size_t i = 0; i < t; i++) {
    mean[i] = e[i].mean;
    for (size_t j = 0; j < t; j++) cov[i * t + j] = covariance(s, &e[i], &e[j]);
  }
  if (n == 0) return true;
  double *work = th_alloc(cx, size);
  if (!work) return false;
  double *between = work, *right = between + n * n, *solved = right + n * (t + 1);
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) between[i * n + j] = covariance(s, &g->fixed[i], &g->fixed[j]);
    for (size_t j = 0; j < t; j++) right[i * (t + 1) + j] = covariance(s, &g->fixed[i], &e[j]);
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
static bool source_distribution(const System *s, size_t k, ThValue *out) {
  ThValue d = s->variables[k]->distribution;
  double p[2] = {0, sqrt(s->spread[k])};
  if (!th_is_distribution(d)) return th_distribution_of(s->q->cx, &th_family_normal, p, out);
  *out = th_retain(d);
  return true;
}

/* What is left of e without its base, a sum of independent sources; see th_sum_distribution. */
static bool sum_of_sources(const System *s, const Expression *e, double shift, ThValue *out, char *method,
                           size_t size, double *error, bool *found) {
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
  ok = ok && th_sum_distribution(cx, &sum, out, method, size, error, found);
  th_text_clear(&text);
  if (distributions) th_release_all(distributions, n);
  th_free(cx, distributions, (s->n + 1) * sizeof *distributions);
  th_free(cx, coefficients, (s->n + 1) * sizeof *coefficients);
  return ok;
}

/* dist(…) of a linear expression in independent variables. */
static bool answer_sum(ThQuery *q, ThValue *out, bool *done) {
  System s;
  Expression e = {0};
  char method[80];
  double error;
  bool fits, found = false;
  bool ok = system_init(q, &s, &fits);
  if (ok && fits) {
    e.loading = th_alloc_array(q->cx, s.n, sizeof *e.loading);
    ok = e.loading && read_expression(&s, q->targets[0], &e, &fits);
    if (ok && fits) ok = sum_of_sources(&s, &e, e.base, out, method, sizeof method, &error, &found);
    th_free(q->cx, e.loading, s.n * sizeof *e.loading);
  }
  system_clear(&s);
  if (!ok || !found) return ok;
  *done = true;
  th_text_add(&q->story, "the terms are independent\n");
  if (th_query_sign(q, *out, method)) return true;
  th_release(*out);
  return false;
}

/* --- Posterior of one variable */

/* Targets, conditions and all, for t targets; *fits as above. mean (t), cov (t, t). */
static bool linear_moments(ThQuery *q, const ThValue *targets, size_t t, double *mean, double *cov,
                           bool *normal, bool *fits) {
  System s;
  Given g = {0};
  Expression e[2] = {{.mean = 0}, {.mean = 0}};
  bool ok = system_init(q, &s, fits);
  double *loadings = ok && *fits ? th_alloc_array(q->cx, 2 * s.n, sizeof *loadings) : NULL;
  if (ok && *fits) ok = loadings != NULL;
  for (size_t i = 0; ok && *fits && i < t; i++) {
    e[i].loading = loadings + i * s.n;
    ok = read_expression(&s, targets[i], &e[i], fits);
  }
  if (ok && *fits) *fits = q->n_conditions == 0 || s.all_normal;
  if (ok && *fits) ok = given_init(&s, &g, fits);
  if (ok && *fits) ok = conditioned(&s, &g, e, t, mean, cov, fits);
  *normal = s.all_normal;
  given_clear(&s, &g);
  th_free(q->cx, loadings, 2 * s.n * sizeof *loadings);
  system_clear(&s);
  return ok;
}

bool th_posterior_gaussian(ThQuery *q, size_t k, ThValue *out, bool *found) {
  double p[2], variance;
  bool normal;
  ThValue target = q->net.nodes[q->net.variables[k].node].source;
  *found = false;
  if (!linear_moments(q, &target, 1, p, &variance, &normal, found)) return false;
  if (!*found || !normal || !(variance > 0)) {
    *found = false;
    return true;
  }
  p[1] = sqrt(variance);
  th_text_format(&q->story, "all variables are jointly normal, and the conditions are linear\n");
  return th_distribution_of(q->cx, &th_family_normal, p, out);
}

/* --- The strategy */

/* The distribution of scale*X + shift for one free X. */
static bool image_of_one(ThQuery *q, ThValue *out, bool *done) {
  const ThVariable *x = q->net.n_variables == 1 ? q->net.variables[0].variable : NULL;
  ThLinear form;
  bool linear;
  if (!x || q->n_conditions || !th_is_distribution(x->distribution) ||
      th_as_distribution(x->distribution)->rank)
    return true;
  if (!th_linear_read(q->cx, q->targets[0], &x, 1, &form, &linear)) return false;
  if (!linear) return true;
  double scale = form.coefficients[0], shift = form.constant[0];
  bool fits = form.rank == 0;
  th_linear_clear(&form);
  if (!fits) return true;
  *done = true;
  ThValue image;
  if (!th_distribution_affine(q->cx, x->distribution, scale, shift, &image)) return false;
  bool ok = th_distribution_copy(q->cx, image, out);
  th_release(image);
  if (ok && !th_query_sign(q, *out, "exact")) {
    th_release(*out);
    ok = false;
  }
  return ok;
}

static bool answer_distribution(ThQuery *q, ThValue *out, bool *done) {
  double p[2], variance;
  bool normal, fits;
  if (!image_of_one(q, out, done)) return false;
  if (*done) return true;
  if (!linear_moments(q, q->targets, 1, p, &variance, &normal, &fits)) return false;
  if (fits && !normal && q->n_conditions == 0) return answer_sum(q, out, done);
  if (!fits || !normal || !(variance > 0)) return true;
  *done = true;
  p[1] = sqrt(variance);
  if (!th_distribution_of(q->cx, &th_family_normal, p, out)) return false;
  bool ok = th_query_sign(q, *out, "exact (linear Gaussian)");
  if (!ok) th_release(*out);
  return ok;
}

static bool fail_undefined(ThQuery *q) {
  ThText text;
  th_text_init(&text, &q->cx->heap);
  if (th_query_text(q, &text) && th_text_ok(&text, q->cx))
    th_fail(q->cx, TH_ERROR_NUMERIC, "`%s` is undefined: the tails are too heavy", th_text_string(&text));
  th_text_clear(&text);
  return false;
}

bool th_answer_linear(ThQuery *q, ThValue *out, bool *done) {
  double mean[2] = {0}, cov[4] = {0};
  bool normal, fits;
  if (q->kind == TH_QUERY_P) return th_answer_linear_event(q, out, done);
  if (q->kind == TH_QUERY_DIST) return answer_distribution(q, out, done);
  if (!linear_moments(q, q->targets, q->n_targets, mean, cov, &normal, &fits)) return false;
  if (!fits) return true;
  if (isnan(mean[0]) || (isnan(cov[0]) && q->kind != TH_QUERY_E)) return fail_undefined(q);
  size_t t = q->n_targets;
  ThMoments m = {.mean = {mean[0], mean[1]},
                 .variance = {cov[0], t == 2 ? cov[3] : 0},
                 .covariance = t == 2 ? cov[1] : 0};
  *done = true;
  bool gaussian = q->n_conditions > 0;
  bool itself = t == 1 && q->net.n_variables == 1 && th_network_number(&q->net, q->targets[0]) == 0;
  if (itself) return th_query_estimate(q, &m, "exact", out);
  th_text_add(&q->story, gaussian ? "all variables are jointly normal, and the conditions are linear\n"
                                  : "means and covariances of a linear expression follow from those of its "
                                    "variables\n");
  return th_query_estimate(q, &m, gaussian ? "exact (linear Gaussian)" : "exact (linearity)", out);
}

/* --- Events in one linear combination of variables: normal ones, or independent ones without conditions */

/* The combination that all comparisons must be about: the first one met. */
typedef struct Direction {
  System *s;
  Given *g;
  Expression first; /* of mean 0: only its loading is used */
  bool have_first;
  ThValue variable; /* stands for it, with its distribution */
  char method[80];
  double error;     /* of its distribution */
} Direction;

/* b = scale*a on the sources? */
static bool is_multiple(const System *s, const Expression *a, const Expression *b, double *scale) {
  double largest = 0;
  size_t at = 0;
  for (size_t i = 0; i < s->n; i++)
    if (fabs(a->loading[i]) > largest) largest = fabs(a->loading[i]), at = i;
  if (largest == 0) return false;
  *scale = b->loading[at] / a->loading[at];
  for (size_t i = 0; i < s->n; i++)
    if (fabs(b->loading[i] - *scale * a->loading[i]) > 8 * DBL_EPSILON * fabs(*scale) * largest) return false;
  return true;
}

/* The event with each comparison of linear expressions made one of the direction's variable. */
static bool rewrite(Direction *d, ThValue event, ThValue *out, bool *fits, int depth);

static bool rewrite_parts(Direction *d, const ThVariable *v, ThValue *out, bool *fits, int depth) {
  ThContext *cx = d->s->q->cx;
  ThValue parts[2] = {th_none(), th_none()}, made;
  bool ok = rewrite(d, v->arguments[0], &parts[0], fits, depth + 1);
  if (ok && *fits && v->n == 2) ok = rewrite(d, v->arguments[1], &parts[1], fits, depth + 1);
  if (ok && *fits) {
    ok = v->n == 2 ? th_binary(cx, v->op, parts[0], parts[1], 0, &made)
                   : th_unary(cx, v->op, parts[0], &made);
    if (ok) *out = made;
  }
  th_release_all(parts, 2);
  return ok;
}

static bool rewrite_comparison(Direction *d, const ThVariable *v, ThValue *out, bool *fits) {
  ThContext *cx = d->s->q->cx;
  ThValue difference, scaled, made;
  double scale = 1;
  if (!th_binary(cx, TH_OP_SUBTRACT, v->arguments[0], v->arguments[1], 0, &difference)) return false;
  Expression e = {.loading = th_alloc_array(cx, d->s->n, sizeof(double))};
  bool ok = e.loading && read_expression(d->s, difference, &e, fits);
  th_release(difference);
  if (ok && *fits && !d->have_first) {
    memcpy(d->first.loading, e.loading, d->s->n * sizeof(double));
    d->have_first = true;
  }
  *fits = ok && *fits && is_multiple(d->s, &d->first, &e, &scale);
  th_free(cx, e.loading, d->s->n * sizeof(double));
  if (!ok || !*fits || !th_is_variable(d->variable)) return ok; /* the first pass only looks */
  if (!th_binary(cx, TH_OP_MULTIPLY, d->variable, th_number(scale), 0, &scaled)) return false;
  ok = th_binary(cx, v->op, scaled, th_number(d->s->all_normal ? -e.mean : -e.base), 0, &made);
  th_release(scaled);
  if (ok) *out = made;
  return ok;
}

static bool rewrite(Direction *d, ThValue event, ThValue *out, bool *fits, int depth) {
  const ThVariable *v = th_is_variable(event) ? th_as_variable(event) : NULL;
  *out = th_none();
  *fits = v && v->what == TH_VARIABLE_OPERATOR && depth < 100;
  if (!*fits) return true;
  if (v->op >= TH_OP_EQUAL && v->op <= TH_OP_GREATER_EQUAL) return rewrite_comparison(d, v, out, fits);
  *fits = v->op == TH_OP_AND || v->op == TH_OP_OR || v->op == TH_OP_NOT;
  if (!*fits) return true;
  if (th_is_variable(d->variable)) return rewrite_parts(d, v, out, fits, depth);
  ThValue nothing;
  bool ok = rewrite(d, v->arguments[0], &nothing, fits, depth + 1);
  return ok && *fits && v->n == 2 ? rewrite(d, v->arguments[1], &nothing, fits, depth + 1) : ok;
}

/* The normal distribution of the direction, given the conditions. */
static bool normal_distribution(Direction *d, ThValue *out, bool *fits) {
  double p[2] = {0}, variance;
  if (!conditioned(d->s, d->g, &d->first, 1, p, &variance, fits)) return false;
  *fits = *fits && variance > 0;
  p[1] = sqrt(variance);
  snprintf(d->method, sizeof d->method, "exact (linear Gaussian)");
  return !*fits || th_distribution_of(d->s->q->cx, &th_family_normal, p, out);
}

/* The variable that stands for the direction. */
static bool make_variable(Direction *d, bool *fits) {
  ThValue distribution, variable;
  ThContext *cx = d->s->q->cx;
  ThSymbol *name = th_symbol_of(cx, "combination");
  if (!name) return false;
  bool made = d->s->all_normal ? normal_distribution(d, &distribution, fits)
                               : sum_of_sources(d->s, &d->first, 0, &distribution, d->method,
                                                sizeof d->method, &d->error, fits);
  if (!made || !*fits) return made;
  bool ok = th_variable_new(cx, name, 0, distribution, &variable);
  th_release(distribution);
  if (ok) d->variable = variable;
  return ok;
}

static bool ask_of_variable(Direction *d, ThValue *out) {
  ThQuery *q = d->s->q, again;
  ThValue events[8], answer;
  size_t n = 0;
  bool fits = true, ok = true;
  for (; ok && n < q->n_targets; n++) {
    events[n] = th_none();
    ok = rewrite(d, q->targets[n], &events[n], &fits, 0);
  }
  if (ok && (ok = th_query_init(q->cx, &again, TH_QUERY_P, events, n, NULL, 0, NULL))) {
    ok = th_query_answer(&again, &answer);
    th_query_clear(&again);
  }
  th_release_all(events, n);
  if (!ok) return false;
  ThMoments m = {.mean = {th_as_estimate(answer)->value}, .error = th_as_estimate(answer)->error + d->error};
  th_release(answer);
  th_text_add(&q->story, d->s->all_normal
                             ? "the event is about one linear combination of jointly normal variables\n"
                             : "the event is about one linear combination of independent variables\n");
  return th_query_estimate(q, &m, d->method, out);
}

/* Reads the events, and answers when all are about one combination. */
static bool answer_direction(Direction *d, ThValue *out, bool *done) {
  ThQuery *q = d->s->q;
  ThValue nothing;
  bool ok = true, fits = true;
  for (size_t i = 0; ok && fits && i < q->n_targets; i++) ok = rewrite(d, q->targets[i], &nothing, &fits, 0);
  if (ok && fits && d->have_first) ok = make_variable(d, &fits);
  if (!ok || !fits || !th_is_variable(d->variable)) return ok;
  ok = ask_of_variable(d, out);
  *done = ok;
  return ok;
}

bool th_answer_linear_event(ThQuery *q, ThValue *out, bool *done) {
  System s;
  Given g = {0};
  bool fits;
  Direction d = {.s = &s, .g = &g, .variable = th_none()};
  if (q->n_targets > 8 || (q->net.n_variables < 2 && q->n_conditions == 0)) return true;
  bool ok = system_init(q, &s, &fits);
  fits = ok && fits && (s.all_normal || q->n_conditions == 0);
  if (fits) ok = given_init(&s, &g, &fits);
  if (ok && fits) {
    d.first.loading = th_alloc_array(q->cx, s.n, sizeof(double));
    ok = d.first.loading && answer_direction(&d, out, done);
    th_release(d.variable);
    th_free(q->cx, d.first.loading, s.n * sizeof(double));
  }
  given_clear(&s, &g);
  system_clear(&s);
  return ok;
}
