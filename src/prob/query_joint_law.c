/* query_joint_law.c - answers from a joint law that conditions turn into another one */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some shares of a Dirichlet law, or some counts of a multinomial one, leave the others the same kind of law among what
 * is left. Counts that are multinomial with the shares of a Dirichlet law as their probabilities, and categories, leave
 * the shares a Dirichlet law. The question is asked again of variables of the new law, without the conditions. */
#include "prob/kin.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "prob/linear.h"
#include "prob/query_again.h"
#include "prob/variable_kind.h"
#include "val/arithmetic.h"

enum { MOST_TARGETS = 8 };

/* --- Asking again */

/* The targets with to[k] in place of component k: the youngest first, since the others are in its distribution. One
 * array holds them, so that what they share stays shared. */
static bool replace_targets(const ThKin *kin, const ThValue *to, ThVariableArray **out) {
  ThQuery *q = kin->q;
  ThValue all;
  if (!th_variable_array_stack(q->cx, q->targets, q->n_targets, &all)) return false;
  bool ok = true;
  for (size_t k = q->net.n_variables; ok && k-- > 0;) {
    const ThVariable *v = th_kin_variable(q, k);
    ThValue now;
    if (!th_kin_has(kin, v)) continue;
    ok = th_variable_replace(q->cx, all, q->net.nodes[q->net.variables[k].node].source, to[v->component],
                             &now);
    if (ok) th_replace_take(&all, now);
  }
  if (ok) *out = th_as_variable_array(all);
  else th_release(all);
  return ok;
}

static bool ask_again(const ThKin *kin, const ThValue *to, const char *name, ThValue *out) {
  ThQuery *q = kin->q;
  ThVariableArray *targets;
  ThValue answer;
  if (!replace_targets(kin, to, &targets)) return false;
  bool ok = th_query_ask(q, q->kind, targets->items, targets->length, NULL, 0, &answer);
  th_release(th_object(targets));
  return ok && th_query_sign_again_take(q, answer, name, out);
}

/* Variables of a new law with the name of the old ones; owned. */
static bool declare_again(const ThKin *kin, ThValue law, ThVariableArray **out) {
  ThValue array;
  ThSymbol *name = NULL;
  for (size_t k = 0; k < kin->q->net.n_variables; k++)
    if (th_kin_has(kin, th_kin_variable(kin->q, k))) name = th_kin_variable(kin->q, k)->name;
  if (!name || !th_joint_declare(kin->q->cx, name, law, SIZE_MAX, &array)) return false;
  *out = th_as_variable_array(array);
  return true;
}

/* --- Components that are given */

/* What a condition says: component *at is *value. Its sides differ by a linear form in the free components, in which
 * the last one is `total` less the others. */
static bool read_given(const ThKin *kin, const ThLinear *form, double total, size_t *at, double *value) {
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
static bool read_conditions(const ThKin *kin, double total, double *given, bool *fits) {
  ThQuery *q = kin->q;
  size_t n = q->net.n_variables;
  const ThVariable **variables = th_alloc_array(q->cx, n, sizeof *variables);
  bool ok = variables != NULL;
  for (size_t k = 0; ok && k < n; k++)
    variables[k] = th_kin_variable(q, k), *fits &= th_kin_has(kin, variables[k]);
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
static size_t what_is_left(const ThKin *kin, const double *parameters, const double *given, double *left,
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
static bool put_together(const ThKin *kin, const double *given, double left, const ThVariableArray *now,
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

static bool answer_given(const ThKin *kin, const double *given, double left, const double *rest, size_t n,
                         ThValue *out) {
  ThContext *cx = kin->q->cx;
  ThValue law, trials = th_number(left), *to = th_alloc_array(cx, kin->n, sizeof *to);
  ThVariableArray *now = NULL;
  if (!to) return false;
  for (size_t k = 0; k < kin->n; k++) to[k] = th_none();
  bool ok = true;
  if (n > 1) {
    ok = th_kin_law(cx, kin->law->family, kin->law->family->discrete ? &trials : NULL, rest, n, &law);
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
static bool answer_components(const ThKin *kin, ThValue *out, bool *done) {
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

static bool answer_counts(const ThKin *kin, ThValue *out, bool *done) {
  ThValue law;
  ThVariableArray *now;
  bool found;
  if (!th_kin_posterior(kin, &law, &found)) return false;
  if (!found) return true;
  *done = true;
  bool ok = th_kin_tell(kin->q, law) && declare_again(kin, law, &now);
  if (ok) {
    ok = ask_again(kin, now->items, "conjugate", out);
    th_release(th_object(now));
  }
  th_release(law);
  return ok;
}

/* --- The strategy */

bool th_answer_joint_law(ThQuery *q, ThValue *out, bool *done) {
  ThKin kin;
  if (q->n_targets > MOST_TARGETS || q->net.n_variables == 0) return true;
  if (q->n_conditions == 0) {
    bool counts = q->kind == TH_QUERY_DIST && th_kin_find(q, &th_family_multinomial, &kin);
    return !counts || th_answer_linear(q, out, done);
  }
  if (th_kin_find(q, &th_family_dirichlet, &kin)) {
    if (!answer_components(&kin, out, done)) return false;
    return *done || answer_counts(&kin, out, done);
  }
  bool counts = q->kind == TH_QUERY_DIST && th_kin_find(q, &th_family_multinomial, &kin);
  return !counts || answer_components(&kin, out, done);
}
