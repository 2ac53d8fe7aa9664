/* query_reduction.c - questions about few linear combinations of many variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question about a few linear expressions in jointly normal variables, given others, or about one in independent
 * variables of any kind, is asked again of as few fresh variables, in terms of which they are written. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/real.h"
#include "prob/families.h"
#include "prob/linear_system.h"
#include "prob/query_again.h"

enum { MOST_FORMS = 8, MOST_DIRECTIONS = 3, MOST_STEPS = 500 };

/* The linear expressions that the question is about, up to factors; and the fresh variables that stand for them:
 * form i is centers[i] + Σ_j parts[i][j]*variables[j]. */
typedef struct Reduction {
  ThLinearSystem *s;
  ThLinearGiven *g;
  size_t n;
  ThLinearExpression forms[MOST_FORMS];
  double *loadings; /* (MOST_FORMS + 1, s->n) */
  double centers[MOST_FORMS], parts[MOST_FORMS][MOST_DIRECTIONS];
  size_t n_variables;
  ThValue variables[MOST_DIRECTIONS];
  bool writing; /* the second pass; the first only looks */
  size_t steps;
  ThHow how; /* the variables' distributions were found */
} Reduction;

/* b = scale*a on the sources? */
static bool is_multiple(const ThLinearSystem *s, const ThLinearExpression *a, const ThLinearExpression *b,
                        double *scale) {
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

static bool is_constant(const ThLinearSystem *s, const ThLinearExpression *e) {
  for (size_t i = 0; i < s->n; i++)
    if (e->loading[i] != 0) return false;
  return true;
}

static double mean_of(const ThLinearSystem *s, const ThLinearExpression *e) {
  return s->all_normal ? e->mean : e->base;
}

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
static bool take_form(Reduction *r, const ThLinearExpression *e, ThValue *out, bool *fits) {
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
  ThLinearExpression *form = &r->forms[r->n];
  *form = (ThLinearExpression){e->mean, e->base, r->loadings + r->n++ * r->s->n};
  memcpy(form->loading, e->loading, r->s->n * sizeof *form->loading);
  return true;
}

/* *linear: v is linear, and was taken. */
static bool try_form(Reduction *r, ThValue v, ThValue *out, bool *fits, bool *linear) {
  ThLinearExpression e = {.loading = r->loadings + MOST_FORMS * r->s->n};
  if (!th_linear_expression(r->s, v, &e, linear)) return false;
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
  for (size_t i = 0; i < n; i++) start[i] = th_linear_covariance(r->s, &r->forms[i], &r->forms[i]);
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
  snprintf(r->how.method, sizeof r->how.method, "exact (linear Gaussian)");
  return th_linear_conditioned(r->s, r->g, r->forms, r->n, r->centers, cov, fits) &&
         (!*fits || factor_covariance(r, cov, fits));
}

/* One combination of independent variables, or of the components of one joint law. */
static bool make_sum(Reduction *r, bool *fits) {
  ThValue d;
  *fits = r->n == 1;
  if (!*fits) return true;
  if (!th_linear_distribution(r->s, &r->forms[0], 0, &d, &r->how, fits) || !*fits)
    return !*fits && !th_is_final(r->s->q->cx);
  r->centers[0] = r->forms[0].base;
  r->parts[0][0] = 1;
  /* the outcomes of a sum are better merged */
  *fits = r->s->has_joint || !th_distribution_is_discrete(th_as_distribution(d));
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
  th_text_add(&q->story, th_linear_story(r->s));
  return th_query_number(q, e->value, e->error + r->how.error,
                         e->error == 0 ? r->how.method : th_as_string(e->method)->text, out);
}

static bool ask_again(Reduction *r, Question *question, ThValue *out, bool *done) {
  ThQuery *q = r->s->q;
  ThValue answer;
  if (!drop_constants(q, question)) return false;
  if (!th_query_ask(q, q->kind, question->targets, question->n_targets, question->conditions,
                    question->n_conditions, &answer))
    return false;
  *done = th_is_estimate(answer) && !th_query_is_drawn(answer);
  bool ok = !*done || sign_answer(r, answer, out);
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
  if (q->kind == TH_QUERY_DIST || q->n_targets > MOST_FORMS) return false;
  return q->net.n_variables > 1;
}

bool th_answer_reduction(ThQuery *q, ThValue *out, bool *done) {
  ThLinearSystem s;
  ThLinearGiven g = {0};
  bool fits;
  Reduction r = {.s = &s, .g = &g};
  if (!may_reduce(q)) return true;
  bool ok = th_linear_system_init(q, &s, &fits);
  if (ok && fits) ok = th_linear_given_init(&s, &g, &fits);
  if (ok && fits) fits = s.all_normal || g.n == 0;
  if (ok && fits) {
    r.loadings = th_alloc_array(q->cx, (MOST_FORMS + 1) * s.n, sizeof *r.loadings);
    ok = r.loadings && answer_reduction(&r, out, done);
    th_release_all(r.variables, r.n_variables);
    th_free(q->cx, r.loadings, (MOST_FORMS + 1) * s.n * sizeof *r.loadings);
  }
  th_linear_given_clear(&s, &g);
  th_linear_system_clear(&s);
  return ok;
}
