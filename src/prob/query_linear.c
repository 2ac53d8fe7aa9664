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
  double *mean;     /* (n) */
  double *base;     /* (n): the same with 0 for the mean of each variable with a distribution of its own */
  double *loading;  /* (n, n), row k for variable k */
  double *spread;   /* (n) */
  ThFinding *found; /* (n, 2): how mean and variance of each were found */
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
  th_free(cx, s->found, 2 * n * sizeof *s->found);
  th_free(cx, s->loading, n * n * sizeof *s->loading);
  s->variables = NULL;
  s->mean = s->base = s->spread = s->loading = NULL;
  s->found = NULL;
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
  s->found = th_alloc_array(cx, 2 * (n + 1), sizeof *s->found);
  if (!s->variables || !s->mean || !s->base || !s->spread || !s->loading || !s->found) return false;
  memset(s->found, 0, 2 * (n + 1) * sizeof *s->found);
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
  size_t n, capacity;
  Expression *fixed; /* left side minus right side: to be 0 */
  double *loadings;  /* (n, s->n) */
} Given;

/* The equations among the conditions; *fits is false when one is not linear. */
static bool given_init(System *s, Given *g, bool *fits) {
  ThQuery *q = s->q;
  ThContext *cx = q->cx;
  *g = (Given){.capacity = q->n_conditions};
  g->fixed = th_alloc_array(cx, g->capacity + 1, sizeof *g->fixed);
  g->loadings = th_alloc_array(cx, (g->capacity + 1) * (s->n + 1), sizeof *g->loadings);
  if (!g->fixed || !g->loadings) return false;
  for (size_t i = 0; *fits && i < q->n_conditions; i++) {
    const ThVariable *v = th_as_variable(q->conditions[i].event);
    ThValue difference;
    if (v->what != TH_VARIABLE_OPERATOR || v->op != TH_OP_EQUAL) continue;
    g->fixed[g->n].loading = g->loadings + g->n * s->n;
    if (!th_binary(cx, TH_OP_SUBTRACT, v->arguments[0], v->arguments[1], 0, &difference)) return false;
    bool ok = read_expression(s, difference, &g->fixed[g->n++], fits);
    th_release(difference);
    if (!ok) return false;
  }
  return true;
}

static void given_clear(const System *s, Given *g) {
  th_free(s->q->cx, g->fixed, (g->capacity + 1) * sizeof *g->fixed);
  th_free(s->q->cx, g->loadings, (g->capacity + 1) * (s->n + 1) * sizeof *g->loadings);
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
  if (ok && *fits) *fits = g.n == q->n_conditions; /* all are equations */
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

/* --- Distributions and moments */

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
  if (fits && !normal && q->n_conditions == 0) return answer_sum(q, out, done);
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

/* E, Var, Sd, Cov, Corr of linear expressions. */
static bool answer_moments(ThQuery *q, ThValue *out, bool *done) {
  double mean[2] = {0}, cov[4] = {0};
  bool normal, fits;
  ThFinding note = {0};
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

/* --- Questions about few linear combinations: of jointly normal variables, given others, or one of independent
 * variables */

enum { MOST_FORMS = 8, MOST_DIRECTIONS = 3, MOST_STEPS = 500 };

/* The linear expressions that the question is about, up to factors; and the fresh variables that stand for them:
 * form i is centers[i] + Σ_j parts[i][j]*variables[j]. */
typedef struct Reduction {
  System *s;
  Given *g;
  size_t n;
  Expression forms[MOST_FORMS];
  double *loadings; /* (MOST_FORMS + 1, s->n) */
  double centers[MOST_FORMS], parts[MOST_FORMS][MOST_DIRECTIONS];
  size_t n_variables;
  ThValue variables[MOST_DIRECTIONS];
  bool writing; /* the second pass; the first only looks */
  size_t steps;
  char method[80];
  double error; /* of the variables' distributions */
} Reduction;

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

static bool is_constant(const System *s, const Expression *e) {
  for (size_t i = 0; i < s->n; i++)
    if (e->loading[i] != 0) return false;
  return true;
}

static double mean_of(const System *s, const Expression *e) { return s->all_normal ? e->mean : e->base; }

/* scale*(form i) + shift by the fresh variables. */
static bool write_form(Reduction *r, size_t i, double scale, double shift, ThValue *out) {
  ThContext *cx = r->s->q->cx;
  *out = th_number(shift + scale * r->centers[i]);
  for (size_t j = 0; j < r->n_variables; j++) {
    ThValue part, sum;
    double factor = scale * r->parts[i][j];
    if (factor == 0) continue;
    if (!th_binary(cx, TH_OP_MULTIPLY, r->variables[j], th_number(factor), 0, &part)) return false;
    bool ok = th_binary(cx, TH_OP_ADD, part, *out, 0, &sum);
    th_release(part);
    th_release(*out);
    *out = th_none();
    if (!ok) return false;
    *out = sum;
  }
  return true;
}

/* A linear expression: noted as a form, or written. */
static bool take_form(Reduction *r, const Expression *e, ThValue *out, bool *fits) {
  double scale = 1;
  if (is_constant(r->s, e)) {
    *out = th_number(mean_of(r->s, e));
    return true;
  }
  size_t i = 0;
  while (i < r->n && !is_multiple(r->s, &r->forms[i], e, &scale)) i++;
  if (r->writing) return write_form(r, i, scale, mean_of(r->s, e) - scale * mean_of(r->s, &r->forms[i]), out);
  if (i < r->n) return true;
  *fits = r->n < MOST_FORMS;
  if (!*fits) return true;
  Expression *form = &r->forms[r->n];
  *form = (Expression){e->mean, e->base, r->loadings + r->n++ * r->s->n};
  memcpy(form->loading, e->loading, r->s->n * sizeof *form->loading);
  return true;
}

/* *linear: v is linear, and was taken. */
static bool try_form(Reduction *r, ThValue v, ThValue *out, bool *fits, bool *linear) {
  Expression e = {.loading = r->loadings + MOST_FORMS * r->s->n};
  if (!read_expression(r->s, v, &e, linear)) return false;
  return !*linear || take_form(r, &e, out, fits);
}

static bool rewrite(Reduction *r, ThValue v, ThValue *out, bool *fits);

/* Compares with 0 the difference of the sides, where that is linear. */
static bool rewrite_comparison(Reduction *r, const ThVariable *v, ThValue *out, bool *fits, bool *done) {
  ThContext *cx = r->s->q->cx;
  ThValue difference, side = th_none();
  *done = v->what == TH_VARIABLE_OPERATOR && v->op >= TH_OP_EQUAL && v->op <= TH_OP_GREATER_EQUAL;
  if (!*done) return true;
  if (!th_binary(cx, TH_OP_SUBTRACT, v->arguments[0], v->arguments[1], 0, &difference)) return false;
  bool ok = try_form(r, difference, &side, fits, done);
  th_release(difference);
  if (ok && *done && *fits && r->writing) ok = th_binary(cx, v->op, side, th_number(0), 0, out);
  th_release(side);
  return ok;
}

static bool rebuild(Reduction *r, const ThVariable *v, const ThValue *parts, ThValue *out, bool *fits) {
  ThContext *cx = r->s->q->cx;
  ThArguments args = {.count = v->n, .values = parts};
  switch (v->what) {
    case TH_VARIABLE_OPERATOR:
      return v->n == 2 ? th_binary(cx, v->op, parts[0], parts[1], 0, out)
                       : th_unary(cx, v->op, parts[0], out);
    case TH_VARIABLE_APPLY: return th_call(cx, v->function, &args, out);
    case TH_VARIABLE_CHOOSE:
      if (th_is_variable(parts[0])) return th_variable_choose(cx, parts[0], parts[1], parts[2], out);
      break;
    default: break;
  }
  *fits = false;
  return true;
}

static bool rewrite_parts(Reduction *r, const ThVariable *v, ThValue *out, bool *fits) {
  ThValue parts[3] = {th_none(), th_none(), th_none()};
  *fits = v->n >= 1 && v->n <= 3 && !v->names && v->what != TH_VARIABLE_DECLARED &&
          v->what != TH_VARIABLE_SUM;
  bool ok = true;
  for (size_t i = 0; ok && *fits && i < v->n; i++) ok = rewrite(r, v->arguments[i], &parts[i], fits);
  if (ok && *fits && r->writing) ok = rebuild(r, v, parts, out, fits);
  th_release_all(parts, 3);
  return ok;
}

/* v with every linear expression in it by the fresh variables. *fits is false when there is something else. */
static bool rewrite(Reduction *r, ThValue v, ThValue *out, bool *fits) {
  bool done;
  *out = th_none();
  *fits = ++r->steps < MOST_STEPS && (th_is_variable(v) || th_is_scalar(v));
  if (!*fits || th_is_scalar(v)) {
    *out = *fits ? v : *out;
    return true;
  }
  if (!rewrite_comparison(r, th_as_variable(v), out, fits, &done)) return false;
  if (!done && !try_form(r, v, out, fits, &done)) return false;
  return done || rewrite_parts(r, th_as_variable(v), out, fits);
}

/* --- The fresh variables */

static bool add_variable(Reduction *r, ThValue distribution) {
  ThContext *cx = r->s->q->cx;
  ThSymbol *name = th_symbol_of(cx, "combination");
  if (!name || !th_variable_new(cx, name, 0, distribution, &r->variables[r->n_variables])) return false;
  r->n_variables++;
  return true;
}

/* Cholesky's factor of the covariances, largest pivots first (Higham 2002, section 10.3): as many variables as the
 * rank. What the conditions leave of a variance is nothing when it is 1e-13 of it. */
static bool factor_covariance(Reduction *r, double *cov, bool *fits) {
  size_t n = r->n;
  double standard[2] = {0, 1}, start[MOST_FORMS];
  ThValue d;
  for (size_t i = 0; i < n; i++) start[i] = covariance(r->s, &r->forms[i], &r->forms[i]);
  while (*fits) {
    size_t pivot = n, j = r->n_variables;
    for (size_t i = 0; i < n; i++)
      if (cov[i * n + i] > 1e-13 * start[i] &&
          (pivot == n || cov[i * n + i] / start[i] > cov[pivot * n + pivot] / start[pivot]))
        pivot = i;
    if (pivot == n) return true;
    *fits = j < MOST_DIRECTIONS;
    if (!*fits) return true;
    double root = sqrt(cov[pivot * n + pivot]);
    for (size_t i = 0; i < n; i++) r->parts[i][j] = cov[i * n + pivot] / root;
    for (size_t i = 0; i < n; i++)
      for (size_t k = 0; k < n; k++) cov[i * n + k] -= r->parts[i][j] * r->parts[k][j];
    for (size_t i = 0; i < n; i++) cov[i * n + pivot] = cov[pivot * n + i] = 0;
    if (!th_distribution_of(r->s->q->cx, &th_family_normal, standard, &d)) return false;
    bool ok = add_variable(r, d);
    th_release(d);
    if (!ok) return false;
  }
  return true;
}

static bool make_normal(Reduction *r, bool *fits) {
  double cov[MOST_FORMS * MOST_FORMS];
  snprintf(r->method, sizeof r->method, "exact (linear Gaussian)");
  return conditioned(r->s, r->g, r->forms, r->n, r->centers, cov, fits) &&
         (!*fits || factor_covariance(r, cov, fits));
}

/* One combination of independent variables. */
static bool make_sum(Reduction *r, bool *fits) {
  ThValue d;
  *fits = r->n == 1;
  if (!*fits) return true;
  if (!sum_of_sources(r->s, &r->forms[0], 0, &d, r->method, sizeof r->method, &r->error, fits) || !*fits)
    return !*fits && !th_is_final(r->s->q->cx);
  r->centers[0] = r->forms[0].base;
  r->parts[0][0] = 1;
  *fits = !th_distribution_is_discrete(th_as_distribution(d)); /* outcomes are better merged */
  bool ok = !*fits || add_variable(r, d);
  th_release(d);
  return ok;
}

/* --- The question about them */

typedef struct Question {
  size_t n_targets, n_conditions;
  ThValue targets[MOST_FORMS], conditions[MOST_FORMS];
} Question;

static bool is_equation(const ThQueryCondition *c) {
  const ThVariable *v = th_as_variable(c->event);
  return v->what == TH_VARIABLE_OPERATOR && v->op == TH_OP_EQUAL;
}

/* All targets, and the conditions that are no equations. */
static bool rewrite_all(Reduction *r, Question *out, bool *fits) {
  const ThQuery *q = r->s->q;
  bool ok = true;
  *out = (Question){0};
  r->steps = 0;
  for (size_t i = 0; ok && *fits && i < q->n_targets; i++)
    ok = rewrite(r, q->targets[i], &out->targets[out->n_targets++], fits);
  for (size_t i = 0; ok && *fits && i < q->n_conditions; i++) {
    if (is_equation(&q->conditions[i])) continue;
    *fits = out->n_conditions < MOST_FORMS;
    if (*fits) ok = rewrite(r, q->conditions[i].event, &out->conditions[out->n_conditions++], fits);
  }
  return ok;
}

static void question_clear(Question *question) {
  th_release_all(question->targets, question->n_targets);
  th_release_all(question->conditions, question->n_conditions);
}

/* A condition that has become constant is true, or leaves nothing. */
static bool drop_constants(ThQuery *q, Question *question) {
  size_t kept = 0;
  for (size_t i = 0; i < question->n_conditions; i++) {
    ThValue c = question->conditions[i];
    double x;
    if (th_is_random(c)) question->conditions[kept++] = c;
    else if (!th_to_number(c, &x) || x == 0) return th_query_fail_impossible(q);
  }
  question->n_conditions = kept;
  return true;
}

static bool sign_answer(Reduction *r, ThValue answer, ThValue *out) {
  ThQuery *q = r->s->q;
  const ThEstimate *e = th_as_estimate(answer);
  double error = e->error + r->error;
  double complex x = e->value;
  ThMoments m = {.mean = {x}, .variance = {creal(x), 1}, .covariance = creal(x), .error = error};
  if (q->kind == TH_QUERY_SD) m.variance[0] *= m.variance[0];
  if (q->kind == TH_QUERY_CORR) m.variance[0] = 1;
  th_text_add(&q->story, r->s->all_normal
                             ? "the question is about linear combinations of jointly normal variables\n"
                             : "the question is about one linear combination of independent variables\n");
  return th_query_estimate(q, &m, e->error == 0 ? r->method : th_as_string(e->method)->text, out);
}

static bool ask_again(Reduction *r, Question *question, ThValue *out, bool *done) {
  ThQuery *q = r->s->q, again;
  ThValue answer;
  ThQueryOptions options = q->options;
  options.method = TH_METHOD_AUTO;
  if (!drop_constants(q, question)) return false;
  if (!th_query_init(q->cx, &again, q->kind, question->targets, question->n_targets, question->conditions,
                     question->n_conditions, &options))
    return false;
  again.asked = q;
  bool ok = th_query_answer(&again, &answer);
  th_query_clear(&again);
  if (!ok) return false;
  bool drawn = strncmp(th_as_string(th_as_estimate(answer)->method)->text, "Monte", 5) == 0;
  *done = !drawn && th_is_estimate(answer);
  if (*done) ok = sign_answer(r, answer, out);
  th_release(answer);
  return ok;
}

static bool answer_reduction(Reduction *r, ThValue *out, bool *done) {
  Question question;
  bool fits = true;
  size_t free = 0;
  for (size_t k = 0; k < r->s->n; k++) free += !r->s->q->variables[k].observed;
  bool ok = rewrite_all(r, &question, &fits);
  question_clear(&question);
  if (!ok || !fits || r->n == 0) return ok;
  if (!(r->s->all_normal ? make_normal(r, &fits) : make_sum(r, &fits))) return false;
  if (!fits || (r->n_variables >= free && r->n_variables > 1)) return true;
  r->writing = true;
  ok = rewrite_all(r, &question, &fits) && (!fits || ask_again(r, &question, out, done));
  question_clear(&question);
  return ok;
}

/* Is there anything to gain? One variable without equations is as simple as it gets. */
static bool may_reduce(const ThQuery *q) {
  if (q->kind == TH_QUERY_DIST || q->n_targets > MOST_FORMS || q->options.method == TH_METHOD_MONTE_CARLO)
    return false;
  return q->net.n_variables > 1;
}

static bool answer_reduced(ThQuery *q, ThValue *out, bool *done) {
  System s;
  Given g = {0};
  bool fits;
  Reduction r = {.s = &s, .g = &g};
  if (!may_reduce(q)) return true;
  bool ok = system_init(q, &s, &fits);
  if (ok && fits) ok = given_init(&s, &g, &fits);
  if (ok && fits) fits = s.all_normal || g.n == 0;
  if (ok && fits) {
    r.loadings = th_alloc_array(q->cx, (MOST_FORMS + 1) * s.n, sizeof *r.loadings);
    ok = r.loadings && answer_reduction(&r, out, done);
    th_release_all(r.variables, r.n_variables);
    th_free(q->cx, r.loadings, (MOST_FORMS + 1) * s.n * sizeof *r.loadings);
  }
  given_clear(&s, &g);
  system_clear(&s);
  return ok;
}

/* --- The strategy */

bool th_answer_linear(ThQuery *q, ThValue *out, bool *done) {
  if (q->kind == TH_QUERY_DIST) return answer_distribution(q, out, done);
  if (q->kind != TH_QUERY_P && !answer_moments(q, out, done)) return false;
  return *done || answer_reduced(q, out, done);
}
