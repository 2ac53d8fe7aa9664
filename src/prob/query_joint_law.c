/* query_joint_law.c - answers from a joint law that conditions turn into another one */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some shares of a Dirichlet law, or some counts of a multinomial one, leave the others the same kind of law among what
 * is left. Counts that are multinomial with the shares of a Dirichlet law as their probabilities, and categories, leave
 * the shares a Dirichlet law. The question is asked again of variables of the new law, without the conditions. */
#include "prob/joint.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "prob/linear.h"
#include "prob/posterior.h"
#include "prob/query_again.h"
#include "prob/variable_kind.h"
#include "val/arithmetic.h"

enum { MOST_TARGETS = 8 };

/* The components of one joint law of n, of Dirichlet's or the multinomial family. */
typedef struct Kin {
  ThQuery *q;
  ThValue joint;
  const ThDistribution *law;
  size_t n;
} Kin;

static const ThVariable *variable_at(const ThQuery *q, size_t k) { return q->net.variables[k].variable; }
static bool is_kin(const Kin *kin, const ThVariable *v) { return v->joint.bits == kin->joint.bits; }

/* The joint law of the first variable that has one of this family, known. */
static bool find_kin(ThQuery *q, const ThFamily *family, Kin *out) {
  for (size_t k = 0; k < q->net.n_variables; k++) {
    const ThVariable *v = variable_at(q, k);
    const ThDistribution *law = th_joint_law(v);
    if (!law || law->family != family) continue;
    *out = (Kin){q, v->joint, law, th_event_size(law)};
    return true;
  }
  return false;
}

/* --- Asking again */

/* The targets with to[k] in place of component k: the youngest first, since the others are in its distribution. One
 * array holds them, so that what they share stays shared. */
static bool replace_targets(const Kin *kin, const ThValue *to, ThVariableArray **out) {
  ThQuery *q = kin->q;
  ThValue all;
  if (!th_variable_array_stack(q->cx, q->targets, q->n_targets, &all)) return false;
  bool ok = true;
  for (size_t k = q->net.n_variables; ok && k-- > 0;) {
    const ThVariable *v = variable_at(q, k);
    ThValue now;
    if (!is_kin(kin, v)) continue;
    ok = th_variable_replace(q->cx, all, q->net.nodes[q->net.variables[k].node].source, to[v->component],
                             &now);
    if (ok) th_replace_take(&all, now);
  }
  if (ok) *out = th_as_variable_array(all);
  else th_release(all);
  return ok;
}

static bool ask_again(const Kin *kin, const ThValue *to, const char *name, ThValue *out) {
  ThQuery *q = kin->q;
  ThVariableArray *targets;
  ThValue answer;
  if (!replace_targets(kin, to, &targets)) return false;
  bool ok = th_query_ask(q, q->kind, targets->items, targets->length, NULL, 0, &answer);
  th_release(th_object(targets));
  return ok && th_query_sign_again_take(q, answer, name, out);
}

/* Variables of a new law with the name of the old ones; owned. */
static bool declare_again(const Kin *kin, ThValue law, ThVariableArray **out) {
  ThValue array;
  ThSymbol *name = NULL;
  for (size_t k = 0; k < kin->q->net.n_variables; k++)
    if (is_kin(kin, variable_at(kin->q, k))) name = variable_at(kin->q, k)->name;
  if (!name || !th_joint_declare(kin->q->cx, name, law, SIZE_MAX, &array)) return false;
  *out = th_as_variable_array(array);
  return true;
}

static bool new_law(ThContext *cx, const ThFamily *family, const ThValue *trials, const double *x, size_t n,
                    ThValue *out) {
  ThValue parameters[2], vector;
  if (!th_vector_from(cx, x, n, &vector)) return false;
  parameters[0] = trials ? *trials : vector;
  parameters[1] = vector;
  bool ok = th_distribution_new(cx, family, parameters, out);
  th_release(vector);
  return ok;
}

/* --- Components that are given */

/* What a condition says: component *at is *value. Its sides differ by a linear form in the free components, in which
 * the last one is `total` less the others. */
static bool read_given(const Kin *kin, const ThLinear *form, double total, size_t *at, double *value) {
  size_t free = kin->n - 1, count = 0, last = 0;
  double first = 0;
  bool equal = true;
  for (size_t j = 0; j < form->n_variables; j++) {
    double c = form->coefficients[j];
    if (c == 0) continue;
    if (count++ == 0) first = c;
    equal &= c == first;
    last = form->variables[j]->component;
  }
  *at = count == 1 && free > 1 ? last : kin->n - 1;
  if (count == 1 && (free > 1 || form->variables[0]->component == 0)) {
    *at = last;
    *value = -form->constant[0] / first;
    return true;
  }
  *value = count ? total + form->constant[0] / first : 0;
  return count == free && equal;
}

/* Fills given[k], NaN where component k is free; *fits is false when a condition says something else. */
static bool read_conditions(const Kin *kin, double total, double *given, bool *fits) {
  ThQuery *q = kin->q;
  size_t n = q->net.n_variables;
  const ThVariable **variables = th_alloc_array(q->cx, n, sizeof *variables);
  bool ok = variables != NULL;
  for (size_t k = 0; ok && k < n; k++) variables[k] = variable_at(q, k), *fits &= is_kin(kin, variables[k]);
  for (size_t k = 0; k < kin->n; k++) given[k] = (double)NAN;
  for (size_t i = 0; ok && *fits && i < q->n_conditions; i++) {
    const ThVariable *v = th_as_variable(q->conditions[i].event);
    ThValue difference;
    ThLinear form;
    size_t at;
    double value;
    *fits = v->what == TH_VARIABLE_OPERATOR && v->op == TH_OP_EQUAL;
    if (!*fits) break;
    ok = th_binary(q->cx, TH_OP_SUBTRACT, v->arguments[0], v->arguments[1], 0, &difference);
    if (!ok) break;
    ok = th_linear_read(q->cx, difference, variables, n, &form, fits);
    th_release(difference);
    if (!ok || !*fits) break;
    *fits = form.rank == 0 && read_given(kin, &form, total, &at, &value) &&
            (isnan(given[at]) || given[at] == value);
    if (*fits) given[at] = value;
    th_linear_clear(&form);
  }
  th_free(q->cx, variables, n * sizeof *variables);
  return ok;
}

/* What is left for the free components, and their parameters in `rest`; the number of them. */
static size_t what_is_left(const Kin *kin, const double *parameters, const double *given, double *left,
                           double *rest) {
  size_t n = 0;
  double sum = 0;
  for (size_t k = 0; k < kin->n; k++) {
    if (isnan(given[k])) sum += rest[n++] = parameters[k];
    else *left -= given[k];
  }
  for (size_t k = 0; kin->law->family->discrete && k < n; k++) rest[k] = sum > 0 ? rest[k] / sum : 0;
  return n;
}

/* Component k given the others: a number, or `left` times (of counts: itself) one of the new ones. Owned. */
static bool put_together(const Kin *kin, const double *given, double left, const ThVariableArray *now,
                         ThValue *to) {
  bool counts = kin->law->family->discrete;
  size_t at = 0;
  for (size_t k = 0; k < kin->n; k++) {
    to[k] = th_number(isnan(given[k]) ? left : given[k]);
    if (!isnan(given[k]) || !now) continue;
    if (counts) to[k] = th_retain(now->items[at++]);
    else if (!th_binary(kin->q->cx, TH_OP_MULTIPLY, th_number(left), now->items[at++], 0, &to[k]))
      return false;
  }
  return true;
}

static bool answer_given(const Kin *kin, const double *given, double left, const double *rest, size_t n,
                         ThValue *out) {
  ThContext *cx = kin->q->cx;
  ThValue law, trials = th_number(left), *to = th_alloc_array(cx, kin->n, sizeof *to);
  ThVariableArray *now = NULL;
  if (!to) return false;
  for (size_t k = 0; k < kin->n; k++) to[k] = th_none();
  bool ok = true;
  if (n > 1) {
    ok = new_law(cx, kin->law->family, kin->law->family->discrete ? &trials : NULL, rest, n, &law);
    if (ok) {
      ok = declare_again(kin, law, &now);
      th_release(law);
    }
  }
  ok = ok && put_together(kin, given, left, now, to) && ask_again(kin, to, "joint law", out);
  if (now) th_release(th_object(now));
  th_release_all(to, kin->n);
  th_free(cx, to, kin->n * sizeof *to);
  return ok;
}

/* Conditions that give components of the law that all variables share. */
static bool answer_components(const Kin *kin, ThValue *out, bool *done) {
  ThContext *cx = kin->q->cx;
  bool counts = kin->law->family->discrete, fits = true;
  const double *parameters = kin->law->p + (counts ? 2 : 1);
  double total = counts ? kin->law->p[1] : 1, left = total;
  double *given = th_alloc_array(cx, 2 * kin->n, sizeof *given), *rest = given + kin->n;
  if (!given) return false;
  bool ok = read_conditions(kin, total, given, &fits);
  if (ok && fits) {
    size_t n = what_is_left(kin, parameters, given, &left, rest);
    fits = n > 0 && (counts ? left >= 0 && floor(left) == left : left > 0 && left <= 1);
    for (size_t k = 0; k < kin->n; k++)
      fits = fits && (isnan(given[k]) || (given[k] >= 0 && (!counts || floor(given[k]) == given[k])));
    if (fits) {
      *done = true;
      th_text_format(&kin->q->story,
                     "given some components of a %s law, the others have one among what is left\n",
                     kin->law->family->name);
      ok = answer_given(kin, given, left, rest, n, out);
    }
  }
  th_free(cx, given, 2 * kin->n * sizeof *given);
  return ok;
}

/* --- Counts and categories with a Dirichlet law's shares as probabilities */

/* Is v the vector of the law's shares? Its last element is 1 less the others. */
static bool is_vector_of(const Kin *kin, ThValue v, bool *out) {
  const ThVariableArray *a = th_is_variable_array(v) ? th_as_variable_array(v) : NULL;
  *out = a && a->length == kin->n;
  const ThVariable **free = *out ? th_alloc_array(kin->q->cx, kin->n, sizeof *free) : NULL;
  if (!*out) return true;
  if (!free) return false;
  for (size_t k = 0; k + 1 < kin->n; k++) {
    const ThVariable *item = th_is_variable(a->items[k]) ? th_as_variable(a->items[k]) : NULL;
    *out = *out && item && is_kin(kin, item) && item->component == k;
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
static bool read_trials(const Kin *kin, const ThVariable *v, double *trials, bool *fits) {
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
static bool take_variable(const Kin *kin, size_t j, double *alpha, size_t *n_data, bool *fits) {
  const ThQuery *q = kin->q;
  const ThVariable *v = variable_at(q, j);
  double trials, at = q->variables[j].at, left;
  bool observed = q->variables[j].observed;
  if (!read_trials(kin, v, &trials, fits) || !*fits) return !th_is_final(q->cx);
  if (!th_joint_of(v)) {
    if (!observed) return true;
    *fits = at >= 1 && at <= (double)kin->n && floor(at) == at;
    if (*fits) alpha[(size_t)at - 1]++, ++*n_data;
    return true;
  }
  left = trials;
  size_t seen = 0;
  for (size_t k = 0; k < q->net.n_variables; k++) {
    if (variable_at(q, k)->joint.bits != v->joint.bits || !q->variables[k].observed) continue;
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
  for (size_t k = 0; ok && k < n; k++) variables[k] = variable_at(q, k);
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

/* The law of the shares given counts and categories; *found is false when the conditions are others. */
static bool dirichlet_posterior(const Kin *kin, ThValue *out, bool *found) {
  ThQuery *q = kin->q;
  double *alpha = th_alloc_array(q->cx, kin->n, sizeof *alpha);
  size_t n_data = 0;
  bool ok = alpha != NULL, fits = true;
  if (ok) memcpy(alpha, kin->law->p + 1, kin->n * sizeof *alpha);
  for (size_t j = 0; ok && fits && j < q->net.n_variables; j++) {
    if (is_kin(kin, variable_at(q, j))) fits = !q->variables[j].observed;
    else ok = take_variable(kin, j, alpha, &n_data, &fits);
  }
  for (size_t i = 0; ok && fits && i < q->n_conditions; i++)
    if (!q->conditions[i].observation) ok = holds_already(q, &q->conditions[i], &fits);
  *found = ok && fits && n_data > 0;
  if (*found) ok = new_law(q->cx, &th_family_dirichlet, NULL, alpha, kin->n, out);
  th_free(q->cx, alpha, kin->n * sizeof *alpha);
  return ok;
}

static bool tell_posterior(ThQuery *q, ThValue law) {
  th_text_add(&q->story, "Dirichlet prior; each count adds to its α: the posterior is ");
  if (!th_distribution_text(q->cx, law, &q->story)) return false;
  th_text_char(&q->story, '\n');
  return th_text_ok(&q->story, q->cx);
}

static bool answer_counts(const Kin *kin, ThValue *out, bool *done) {
  ThValue law;
  ThVariableArray *now;
  bool found;
  if (!dirichlet_posterior(kin, &law, &found)) return false;
  if (!found) return true;
  *done = true;
  bool ok = tell_posterior(kin->q, law) && declare_again(kin, law, &now);
  if (ok) {
    ok = ask_again(kin, now->items, "conjugate", out);
    th_release(th_object(now));
  }
  th_release(law);
  return ok;
}

/* --- The strategy */

bool th_answer_joint_law(ThQuery *q, ThValue *out, bool *done) {
  Kin kin;
  if (q->n_targets > MOST_TARGETS || q->net.n_variables == 0) return true;
  if (q->n_conditions == 0) {
    bool counts = q->kind == TH_QUERY_DIST && find_kin(q, &th_family_multinomial, &kin);
    return !counts || th_answer_linear(q, out, done);
  }
  if (find_kin(q, &th_family_dirichlet, &kin)) {
    if (!answer_components(&kin, out, done)) return false;
    return *done || answer_counts(&kin, out, done);
  }
  bool counts = q->kind == TH_QUERY_DIST && find_kin(q, &th_family_multinomial, &kin);
  return !counts || answer_components(&kin, out, done);
}

/* --- dist(X) of a vector */

/* Is it the whole of what was declared as one? Then its joint object; else NULL. */
static const ThJoint *whole_joint(ThValue vector) {
  const ThVariableArray *a = th_as_variable_array(vector);
  const ThVariable *first = a->length && th_is_variable(a->items[0]) ? th_as_variable(a->items[0]) : NULL;
  const ThJoint *joint = first ? th_joint_of(first) : NULL;
  bool whole = joint && a->name == first->name && a->name;
  return whole ? joint : NULL;
}

static bool fail_no_law(ThQuery *q, ThValue vector) {
  ThText text;
  th_text_init(&text, &q->cx->heap);
  if (th_variable_text(q->cx, vector, 60, &text) && th_text_ok(&text, q->cx)) {
    th_fail(q->cx, TH_ERROR_VALUE, "no method gives the joint distribution of `%s`", th_text_string(&text));
    th_hint(q->cx, "that of an element may be known: `dist(%s[1])`", th_text_string(&text));
  }
  th_text_clear(&text);
  return false;
}

/* MvNormal(mean, cov), where all are normal and linear. */
static bool normal_law(ThQuery *q, ThValue *out, bool *found) {
  size_t n = q->n_targets;
  ThContext *cx = q->cx;
  ThArray *mean = th_vector_new(cx, TH_DOUBLE, n), *cov = mean ? th_matrix_new(cx, TH_DOUBLE, n, n) : NULL;
  bool ok = cov && th_posterior_normals(q, mean->real, cov->real, found);
  if (ok && *found) {
    ThValue parameters[] = {th_object(mean), th_object(cov)};
    ok = th_distribution_new(cx, &th_family_mvnormal, parameters, out);
  }
  if (mean) th_release(th_object(mean));
  if (cov) th_release(th_object(cov));
  return ok;
}

static bool find_joint_distribution(ThQuery *q, ThValue vector, ThValue *out, const char **method,
                                    bool *found) {
  const ThJoint *joint = whole_joint(vector);
  Kin kin;
  *found = joint && q->n_conditions == 0 && th_is_distribution(joint->law);
  *method = "exact";
  if (*found) return th_distribution_copy(q->cx, joint->law, out);
  if (joint && find_kin(q, &th_family_dirichlet, &kin) && (const void *)th_as_object(kin.joint) == joint) {
    *method = "exact (conjugate)";
    if (!dirichlet_posterior(&kin, out, found)) return false;
    if (!*found || tell_posterior(q, *out)) return true;
    th_release(*out);
    return false;
  }
  *method = "exact (linear Gaussian)";
  return th_as_variable_array(vector)->columns || normal_law(q, out, found);
}

bool th_query_joint_distribution(ThQuery *q, ThValue vector, ThValue *out) {
  const char *method;
  bool found = false;
  if (!find_joint_distribution(q, vector, out, &method, &found)) return false;
  if (!found) return fail_no_law(q, vector);
  if (th_query_sign(q, *out, method)) return true;
  th_release(*out);
  return false;
}
