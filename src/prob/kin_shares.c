/* kin_shares.c - shares of a Dirichlet law, given counts and categories with them as probabilities */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <string.h>

#include "prob/kin.h"
#include "prob/linear.h"
#include "val/arithmetic.h"

bool th_kin_find(ThQuery *q, const ThFamily *family, ThKin *out) {
  for (size_t k = 0; k < q->net.n_variables; k++) {
    const ThVariable *v = th_kin_variable(q, k);
    const ThDistribution *law = th_joint_law(v);
    if (!law || law->family != family) continue;
    *out = (ThKin){q, v->joint, law, th_event_size(law)};
    return true;
  }
  return false;
}

bool th_kin_law(ThContext *cx, const ThFamily *family, const ThValue *trials, const double *x, size_t n,
                ThValue *out) {
  ThValue parameters[2], vector;
  if (!th_vector_from(cx, x, n, &vector)) return false;
  parameters[0] = trials ? *trials : vector;
  parameters[1] = vector;
  bool ok = th_distribution_new(cx, family, parameters, out);
  th_release(vector);
  return ok;
}

/* Is v the vector of the law's shares? Its last element is 1 less the others. */
static bool is_vector_of(const ThKin *kin, ThValue v, bool *out) {
  const ThVariableArray *a = th_is_variable_array(v) ? th_as_variable_array(v) : NULL;
  *out = a && a->length == kin->n;
  const ThVariable **free = *out ? th_alloc_array(kin->q->cx, kin->n, sizeof *free) : NULL;
  if (!*out) return true;
  if (!free) return false;
  for (size_t k = 0; k + 1 < kin->n; k++) {
    const ThVariable *item = th_is_variable(a->items[k]) ? th_as_variable(a->items[k]) : NULL;
    *out = *out && item && th_kin_has(kin, item) && item->component == k;
    free[k] = item;
  }
  ThLinear form;
  bool linear = false,
       ok = !*out || th_linear_read(kin->q->cx, a->items[kin->n - 1], free, kin->n - 1, &form, &linear);
  *out = *out && ok && linear;
  if (linear) {
    *out = form.rank == 0 && form.constant[0] == 1;
    for (size_t k = 0; k + 1 < kin->n; k++) *out = *out && form.coefficients[k] == -1;
    th_linear_clear(&form);
  }
  th_free(kin->q->cx, free, kin->n * sizeof *free);
  return ok;
}

/* The number of trials of counts with those probabilities, 0 for one category; *fits is false for anything else. */
static bool read_trials(const ThKin *kin, const ThVariable *v, double *trials, bool *fits) {
  const ThJoint *joint = th_joint_of(v);
  ThValue law = joint ? joint->law : v->distribution, parameters[TH_MAX_PARAMETERS];
  const ThConditional *c = th_is_conditional(law) ? th_as_conditional(law) : NULL;
  bool counts = c && c->family == &th_family_multinomial;
  *trials = 0;
  *fits = counts || (c && c->family == &th_family_categorical);
  if (!*fits) return true;
  if (!th_parameter_values(kin->q->cx, c->family, c->arguments, parameters)) return false;
  bool ok = is_vector_of(kin, parameters[counts ? 1 : 0], fits);
  if (counts) *fits = *fits && th_to_number(parameters[0], trials);
  th_release_all(parameters, (size_t)c->family->n_parameters);
  return ok;
}

/* Takes in what variable j says: α grows by the counts. A vector of counts must be given as a whole; the last count is
 * what the others leave, and is taken in with the first one. */
static bool take_variable(const ThKin *kin, size_t j, double *alpha, size_t *n_data, bool *fits) {
  const ThQuery *q = kin->q;
  const ThVariable *v = th_kin_variable(q, j);
  double trials, at = q->variables[j].at, left;
  bool observed = q->variables[j].observed;
  if (!read_trials(kin, v, &trials, fits)) return false;
  if (!*fits) return true;
  if (!th_joint_of(v)) {
    if (!observed) return true;
    *fits = at >= 1 && at <= (double)kin->n && floor(at) == at;
    if (*fits) alpha[(size_t)at - 1]++, ++*n_data;
    return true;
  }
  left = trials;
  size_t seen = 0;
  for (size_t k = 0; k < q->net.n_variables; k++) {
    if (th_kin_variable(q, k)->joint.bits != v->joint.bits || !q->variables[k].observed) continue;
    left -= q->variables[k].at;
    seen++;
  }
  *fits = seen == (observed ? kin->n - 1 : 0) && (!observed || (left >= 0 && at >= 0 && floor(at) == at));
  if (!*fits || !observed) return true;
  alpha[v->component] += at;
  if (v->component == 0) alpha[kin->n - 1] += left, ++*n_data;
  return true;
}

/* Does an equation hold for the values that are given? */
static bool holds_already(ThQuery *q, const ThQueryCondition *c, bool *out) {
  size_t n = q->net.n_variables;
  const ThVariable **variables = th_alloc_array(q->cx, n, sizeof *variables), *v = th_as_variable(c->event);
  ThValue difference;
  ThLinear form;
  *out = v->what == TH_VARIABLE_OPERATOR && v->op == TH_OP_EQUAL;
  bool ok = variables != NULL;
  for (size_t k = 0; ok && k < n; k++) variables[k] = th_kin_variable(q, k);
  if (ok && *out) {
    ok = th_binary(q->cx, TH_OP_SUBTRACT, v->arguments[0], v->arguments[1], 0, &difference);
    if (ok) {
      ok = th_linear_read(q->cx, difference, variables, n, &form, out);
      th_release(difference);
    }
  }
  if (ok && *out) {
    double sum = form.constant[0], size = fabs(sum);
    for (size_t k = 0; k < n; k++) {
      if (form.coefficients[k] == 0) continue;
      *out = *out && q->variables[k].observed;
      sum += form.coefficients[k] * q->variables[k].at;
      size = fmax(size, fabs(form.coefficients[k] * q->variables[k].at));
    }
    *out = *out && form.rank == 0;
    th_linear_clear(&form);
    if (*out && fabs(sum) > 8 * DBL_EPSILON * size) ok = th_query_fail_impossible(q);
  }
  th_free(q->cx, variables, n * sizeof *variables);
  return ok;
}

bool th_kin_posterior(const ThKin *kin, ThValue *out, bool *found) {
  ThQuery *q = kin->q;
  double *alpha = th_alloc_array(q->cx, kin->n, sizeof *alpha);
  size_t n_data = 0;
  bool ok = alpha != NULL, fits = true;
  if (ok) memcpy(alpha, kin->law->p + 1, kin->n * sizeof *alpha);
  for (size_t j = 0; ok && fits && j < q->net.n_variables; j++) {
    if (th_kin_has(kin, th_kin_variable(q, j))) fits = !q->variables[j].observed;
    else ok = take_variable(kin, j, alpha, &n_data, &fits);
  }
  for (size_t i = 0; ok && fits && i < q->n_conditions; i++)
    if (!q->conditions[i].observation) ok = holds_already(q, &q->conditions[i], &fits);
  *found = ok && fits && n_data > 0;
  if (*found) ok = th_kin_law(q->cx, &th_family_dirichlet, NULL, alpha, kin->n, out);
  th_free(q->cx, alpha, kin->n * sizeof *alpha);
  return ok;
}

bool th_kin_tell(ThQuery *q, ThValue law) {
  th_text_add(&q->story, "Dirichlet prior; each count adds to its α: the posterior is ");
  if (!th_distribution_text(q->cx, law, &q->story)) return false;
  th_text_char(&q->story, '\n');
  return th_text_ok(&q->story, q->cx);
}
