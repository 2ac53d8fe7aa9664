/* query_linear.c - answers by linear algebra: moments of linear expressions, jointly normal variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means and covariances of linear expressions follow exactly, whatever the distributions; where all are normal,
 * conditions that fix the value of linear expressions do too. */
#include <math.h>
#include <string.h>

#include "prob/families.h"
#include "prob/linear_system.h"
#include "prob/posterior.h"

/* dist(…) of a linear expression in independent variables, or in the components of one joint law. */
static bool answer_sum(ThQuery *q, ThValue *out, bool *done) {
  ThLinearSystem s;
  ThLinearExpression e = {0};
  ThHow how;
  bool fits, found = false;
  bool ok = th_linear_system_init(q, &s, &fits);
  const char *story = s.has_joint ? th_linear_story(&s) : "the terms are independent\n";
  if (ok && fits) {
    e.loading = th_alloc_array(q->cx, s.n, sizeof *e.loading);
    ok = e.loading && th_linear_expression(&s, q->targets[0], &e, &fits);
    if (ok && fits) ok = th_linear_distribution(&s, &e, e.base, out, &how, &found);
    th_free(q->cx, e.loading, s.n * sizeof *e.loading);
  }
  th_linear_system_clear(&s);
  if (!ok || !found) return ok;
  *done = true;
  th_text_add(&q->story, story);
  if (th_query_sign(q, *out, how.method)) return true;
  th_release(*out);
  return false;
}

/* --- Posterior of one variable */

/* What the answer takes over from the moments of the sources: their errors, or why one is missing. */
static void take_over(const ThLinearSystem *s, const ThLinearExpression *e, size_t t, ThFinding *note) {
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

static bool read_expressions(ThLinearSystem *s, const ThValue *targets, size_t t, double *loadings,
                             ThLinearExpression *e, bool *fits) {
  bool ok = true;
  for (size_t i = 0; ok && *fits && i < t; i++) {
    e[i].loading = loadings + i * s->n;
    ok = th_linear_expression(s, targets[i], &e[i], fits);
  }
  return ok;
}

/* Targets, conditions and all, for t targets; *fits as above. mean (t), cov (t, t). note may be NULL. */
static bool linear_moments(ThQuery *q, const ThValue *targets, size_t t, double *mean, double *cov,
                           ThFinding *note, bool *normal, bool *fits) {
  ThLinearSystem s;
  ThLinearGiven g = {0};
  bool ok = th_linear_system_init(q, &s, fits);
  double *loadings = ok && *fits ? th_alloc_array(q->cx, t * s.n, sizeof *loadings) : NULL;
  ThLinearExpression *e = loadings ? th_alloc_array(q->cx, t, sizeof *e) : NULL;
  if (ok && *fits) ok = e && read_expressions(&s, targets, t, loadings, e, fits);
  if (ok && *fits) *fits = q->n_conditions == 0 || s.all_normal;
  if (ok && *fits) ok = th_linear_given_init(&s, &g, fits);
  if (ok && *fits) *fits = g.n == q->n_conditions; /* all are equations */
  if (ok && *fits) ok = th_linear_conditioned(&s, &g, e, t, mean, cov, fits);
  if (ok && *fits && note) take_over(&s, e, t, note);
  *normal = s.all_normal;
  th_linear_given_clear(&s, &g);
  th_free(q->cx, e, t * sizeof *e);
  th_free(q->cx, loadings, t * s.n * sizeof *loadings);
  th_linear_system_clear(&s);
  return ok;
}

bool th_posterior_normals(ThQuery *q, double *mean, double *cov, bool *found) {
  bool normal;
  if (!linear_moments(q, q->targets, q->n_targets, mean, cov, NULL, &normal, found)) return false;
  *found = *found && normal;
  return true;
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

/* --- The strategy */

bool th_answer_linear(ThQuery *q, ThValue *out, bool *done) {
  if (q->kind == TH_QUERY_DIST) return answer_distribution(q, out, done);
  return q->kind == TH_QUERY_P || answer_moments(q, out, done);
}
