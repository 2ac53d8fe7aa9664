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

enum { MOST_VARIABLES = 1500 };

/* The variables of a query over the sources: x = mean + loading @ noise, noise of variance `spread`. */
typedef struct System {
  ThQuery *q;
  size_t n;
  const ThVariable **variables;
  double *mean;     /* (n) */
  double *loading;  /* (n, n), row k for variable k */
  double *spread;   /* (n) */
  ThFinding *found; /* (n, 2): how mean and variance of each were found */
  bool all_normal;
} System;

/* A linear expression over the sources. */
typedef struct Expression {
  double mean;
  double *loading; /* (n) */
} Expression;

static void system_clear(System *s) {
  ThContext *cx = s->q->cx;
  size_t n = s->n + 1;
  th_free(cx, s->variables, n * sizeof *s->variables);
  th_free(cx, s->mean, n * sizeof *s->mean);
  th_free(cx, s->spread, n * sizeof *s->spread);
  th_free(cx, s->found, 2 * n * sizeof *s->found);
  th_free(cx, s->loading, n * n * sizeof *s->loading);
  s->variables = NULL;
  s->mean = s->spread = s->loading = NULL;
  s->found = NULL;
}

/* The expression of a value: row i of its linear form. *linear is false when it is none. */
static bool read_expression(System *s, ThValue v, Expression *e, bool *linear) {
  ThLinear form;
  if (!th_linear_read(s->q->cx, v, s->variables, s->n, &form, linear)) return false;
  if (!*linear) return true;
  *linear = form.rank == 0;
  e->mean = *linear ? form.constant[0] : 0;
  memset(e->loading, 0, s->n * sizeof *e->loading);
  for (size_t j = 0; *linear && j < s->n; j++) {
    double c = form.coefficients[j];
    if (c == 0) continue;
    e->mean += c * s->mean[j];
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
  ThFinding *found = s->found + 2 * k;
  if (!th_distribution_find(s->q->cx, d, 0, TH_MEAN, &found[0]) ||
      !th_distribution_find(s->q->cx, d, 0, TH_VARIANCE, &found[1]))
    return false;
  s->mean[k] = found[0].value;
  s->spread[k] = found[1].value;
  return true;
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
  s->spread = th_alloc_array(cx, n + 1, sizeof *s->spread);
  s->loading = th_alloc_array(cx, (n + 1) * (n + 1), sizeof *s->loading);
  s->found = th_alloc_array(cx, 2 * (n + 1), sizeof *s->found);
  if (!s->variables || !s->mean || !s->spread || !s->loading || !s->found) return false;
  memset(s->found, 0, 2 * (n + 1) * sizeof *s->found);
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

/* --- Posterior of one variable */

/* What the answer takes over from the moments of the sources: their errors, or why one is missing. */
static void take_over(const System *s, const Expression *e, size_t t, ThFinding *note) {
  bool second = s->q->kind != TH_QUERY_E;
  for (size_t k = 0; k < s->n; k++) {
    double a = e[0].loading[k], b = second ? e[t - 1].loading[k] : 1;
    const ThFinding *found = &s->found[2 * k + second];
    if (a == 0 || b == 0) continue;
    note->error += fabs(a * b) * found->error;
    if (found->method) note->method = found->method;
    if (!note->reason[0]) memcpy(note->reason, found->reason, sizeof note->reason);
  }
}

/* Targets, conditions and all, for t targets; *fits as above. mean (t), cov (t, t). note may be NULL. */
static bool linear_moments(ThQuery *q, const ThValue *targets, size_t t, double *mean, double *cov,
                           ThFinding *note, bool *normal, bool *fits) {
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
  if (ok && *fits && note) take_over(&s, e, t, note);
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
  if (!linear_moments(q, &target, 1, p, &variance, NULL, &normal, found)) return false;
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
  if (!linear_moments(q, q->targets, 1, p, &variance, NULL, &normal, &fits)) return false;
  if (!fits || !normal || !(variance > 0)) return true;
  *done = true;
  p[1] = sqrt(variance);
  if (!th_distribution_of(q->cx, &th_family_normal, p, out)) return false;
  bool ok = th_query_sign(q, *out, "exact (linear Gaussian)");
  if (!ok) th_release(*out);
  return ok;
}

/* The answer, signed as exact unless the moments it came from say otherwise. */
static bool sign_moments(ThQuery *q, ThMoments *m, ThFinding *note, const char *exact, ThValue *out) {
  char method[160];
  switch (q->kind) {
    case TH_QUERY_E: note->value = creal(m->mean[0]); break;
    case TH_QUERY_COV: note->value = m->covariance; break;
    default: note->value = m->variance[0]; break;
  }
  if (q->kind == TH_QUERY_SD && note->error > 0) note->error /= 2 * sqrt(m->variance[0]);
  if (q->kind == TH_QUERY_CORR) note->error /= sqrt(m->variance[0] * m->variance[1]);
  m->error = isfinite(note->value) ? note->error : 0;
  th_finding_method(note, method, sizeof method);
  return th_query_estimate(q, m, method[0] ? method : exact, out);
}

bool th_answer_linear(ThQuery *q, ThValue *out, bool *done) {
  double mean[2] = {0}, cov[4] = {0};
  bool normal, fits;
  ThFinding note = {0};
  if (q->kind == TH_QUERY_P) return th_answer_linear_event(q, out, done);
  if (q->kind == TH_QUERY_DIST) return answer_distribution(q, out, done);
  if (!linear_moments(q, q->targets, q->n_targets, mean, cov, &note, &normal, &fits)) return false;
  if (!fits) return true;
  size_t t = q->n_targets;
  ThMoments m = {.mean = {mean[0], mean[1]},
                 .variance = {cov[0], t == 2 ? cov[3] : 0},
                 .covariance = t == 2 ? cov[1] : 0};
  *done = true;
  bool gaussian = q->n_conditions > 0;
  bool itself = t == 1 && q->net.n_variables == 1 && th_network_number(&q->net, q->targets[0]) == 0;
  if (itself) return sign_moments(q, &m, &note, "exact", out);
  th_text_add(&q->story, gaussian ? "all variables are jointly normal, and the conditions are linear\n"
                                  : "means and covariances of a linear expression follow from those of its "
                                    "variables\n");
  return sign_moments(q, &m, &note, gaussian ? "exact (linear Gaussian)" : "exact (linearity)", out);
}

/* --- Events in one linear combination of normal variables */

/* The combination that all comparisons must be about: the first one met. */
typedef struct Direction {
  System *s;
  Given *g;
  Expression first; /* of mean 0: only its loading is used */
  bool have_first;
  ThValue variable; /* stands for it, with its distribution */
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
  ok = th_binary(cx, v->op, scaled, th_number(-e.mean), 0, &made);
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

/* The variable that stands for the direction, given the conditions. */
static bool make_variable(Direction *d, bool *fits) {
  double p[2] = {0}, variance;
  ThValue distribution;
  ThContext *cx = d->s->q->cx;
  ThSymbol *name = th_symbol_of(cx, "combination");
  if (!name || !conditioned(d->s, d->g, &d->first, 1, p, &variance, fits)) return false;
  *fits = *fits && variance > 0;
  if (!*fits) return true;
  p[1] = sqrt(variance);
  if (!th_distribution_of(cx, &th_family_normal, p, &distribution)) return false;
  ThValue variable;
  bool ok = th_variable_new(cx, name, 0, distribution, &variable);
  th_release(distribution);
  if (ok) d->variable = variable;
  return ok;
}

static bool ask_of_variable(Direction *d, ThValue *out) {
  ThQuery *q = d->s->q, again;
  ThValue events[8], answer;
  size_t n = 0;
  bool fits = true, ok = true, done = false;
  for (; ok && n < q->n_targets; n++) {
    events[n] = th_none();
    ok = rewrite(d, q->targets[n], &events[n], &fits, 0);
  }
  if (ok && (ok = th_query_init(q->cx, &again, TH_QUERY_P, events, n, NULL, 0, &q->options))) {
    ok = th_answer_line(&again, &answer, &done);
    th_query_clear(&again);
  }
  th_release_all(events, n);
  if (!ok || !done) return ok && th_fail(q->cx, TH_ERROR_VALUE, "this event has no probability");
  ThMoments m = {.mean = {th_as_estimate(answer)->value}};
  th_release(answer);
  th_text_add(&q->story, "the event is about one linear combination of jointly normal variables\n");
  return th_query_estimate(q, &m, "exact (linear Gaussian)", out);
}

bool th_answer_linear_event(ThQuery *q, ThValue *out, bool *done) {
  System s;
  Given g = {0};
  bool fits;
  Direction d = {.s = &s, .g = &g, .variable = th_none()};
  ThValue nothing;
  if (q->n_targets > 8 || (q->net.n_variables < 2 && q->n_conditions == 0)) return true;
  bool ok = system_init(q, &s, &fits);
  fits = ok && fits && s.all_normal;
  if (fits) ok = given_init(&s, &g, &fits);
  if (ok && fits) {
    d.first.loading = th_alloc_array(q->cx, s.n, sizeof(double));
    ok = d.first.loading != NULL;
    for (size_t i = 0; ok && fits && i < q->n_targets; i++)
      ok = rewrite(&d, q->targets[i], &nothing, &fits, 0);
    if (ok && fits && d.have_first) ok = make_variable(&d, &fits);
    if (ok && fits && th_is_variable(d.variable)) {
      ok = ask_of_variable(&d, out);
      *done = ok;
    }
    th_release(d.variable);
    th_free(q->cx, d.first.loading, s.n * sizeof(double));
  }
  given_clear(&s, &g);
  system_clear(&s);
  return ok;
}
