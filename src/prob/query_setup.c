/* query_setup.c - what a query hangs on, and the small things all strategies ask */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/session.h"
#include "prob/families.h"
#include "prob/joint.h"
#include "prob/query.h"

/* --- Conditions */

static bool add_condition(ThQuery *q, ThValue event) {
  if (q->n_conditions == q->condition_capacity) {
    size_t capacity = 2 * q->condition_capacity + 8, size = sizeof *q->conditions;
    ThQueryCondition *conditions = th_resize(q->cx, q->conditions, q->condition_capacity * size,
                                             capacity * size);
    if (!conditions) return false;
    q->conditions = conditions;
    q->condition_capacity = capacity;
  }
  q->conditions[q->n_conditions++] = (ThQueryCondition){.event = event};
  return true;
}

static bool fail_not_random(ThQuery *q, ThValue condition) {
  char text[96];
  bool truth = th_is_bool(condition);
  th_fail(q->cx, TH_ERROR_TYPE, "a condition hangs on a random variable; this one is %s",
          truth ? (th_as_bool(condition) ? "simply true" : "simply false")
                : th_describe(condition, text, sizeof text));
  if (th_is_distribution(condition)) return th_hint(q->cx, "declare a variable first: `X ~ …`");
  return th_hint(q->cx, "what stands after `|` is an event such as `X > 2` or `X = 1`");
}

/* `a and b` is two conditions. The pieces are collected on the list itself, so that depth does not matter. */
static bool take_apart(ThQuery *q, ThValue condition) {
  if (th_is_variable_array(condition)) {
    const ThVariableArray *a = th_as_variable_array(condition);
    for (size_t i = 0; i < a->length; i++)
      if (!take_apart(q, a->items[i])) return false;
    return true;
  }
  if (!th_is_variable(condition)) return fail_not_random(q, condition);
  if (!add_condition(q, condition)) return false;
  for (size_t i = q->n_conditions - 1; i < q->n_conditions; i++) {
    const ThVariable *v = th_as_variable(q->conditions[i].event);
    bool both = v->what == TH_VARIABLE_OPERATOR && v->op == TH_OP_AND;
    if (!both || !th_is_variable(v->arguments[0]) || !th_is_variable(v->arguments[1])) continue;
    q->conditions[i].event = v->arguments[0];
    if (!add_condition(q, v->arguments[1])) return false;
    i--;
  }
  return true;
}

/* --- Kinds of support, and observations */

static ThSupportKind support_of(ThValue distribution, int depth);

/* One built from others (a truncation, a mixture) is what they are. */
static ThSupportKind support_of_built(const ThConditional *c, int depth) {
  ThSupportKind kind = TH_SUPPORT_UNKNOWN;
  for (size_t i = 0; i < c->n && depth < 20; i++) {
    const ThList *list = th_is_list(c->arguments[i]) ? th_as_list(c->arguments[i]) : NULL;
    if (!list && (th_is_distribution(c->arguments[i]) || th_is_conditional(c->arguments[i])))
      return support_of(c->arguments[i], depth + 1);
    for (size_t k = 0; list && k < list->length; k++) {
      ThSupportKind one = support_of(list->items[k], depth + 1);
      if (k > 0 && one != kind) return TH_SUPPORT_UNKNOWN;
      kind = one;
    }
  }
  return kind;
}

/* A component of a joint law is what its family is. */
static ThSupportKind support_of_component(const ThJoint *joint) {
  const ThFamily *family = th_is_conditional(joint->law) ? th_as_conditional(joint->law)->family
                                                         : th_as_distribution(joint->law)->family;
  return family->discrete ? TH_SUPPORT_DISCRETE : TH_SUPPORT_CONTINUOUS;
}

static ThSupportKind support_of_variable(const ThVariable *v) {
  const ThJoint *joint = th_joint_of(v);
  return joint ? support_of_component(joint) : support_of(v->distribution, 0);
}

static ThSupportKind support_of(ThValue distribution, int depth) {
  if (th_is_distribution(distribution) && th_simulation_is_drawn(th_as_distribution(distribution)))
    return TH_SUPPORT_UNKNOWN;
  if (th_is_distribution(distribution))
    return th_distribution_is_discrete(th_as_distribution(distribution)) ? TH_SUPPORT_DISCRETE
                                                                         : TH_SUPPORT_CONTINUOUS;
  if (th_is_conditional(distribution)) {
    const ThFamily *family = th_as_conditional(distribution)->family;
    if (family->discrete) return TH_SUPPORT_DISCRETE;
    return family->law ? support_of_built(th_as_conditional(distribution), depth) : TH_SUPPORT_CONTINUOUS;
  }
  const ThVariable *v = th_is_variable(distribution) ? th_as_variable(distribution) : NULL;
  if (!v || v->what != TH_VARIABLE_CHOOSE || depth > 20) return TH_SUPPORT_UNKNOWN;
  ThSupportKind yes = support_of(v->arguments[1], depth + 1), no = support_of(v->arguments[2], depth + 1);
  return yes == no ? yes : TH_SUPPORT_UNKNOWN;
}

/* Does a declared variable take only 0 and 1? */
static bool is_truth(const ThVariable *v) {
  double lower, upper;
  if (th_is_conditional(v->distribution))
    return th_as_conditional(v->distribution)->family == &th_family_bernoulli;
  if (!th_is_distribution(v->distribution)) return false;
  const ThDistribution *d = th_as_distribution(v->distribution);
  th_distribution_support(d, 0, &lower, &upper);
  return th_distribution_is_discrete(d) && lower >= 0 && upper <= 1;
}

/* `variable`, `not variable` of values 0 and 1, or `variable = number`. */
static bool is_observation(const ThQuery *q, ThValue event, uint32_t *k, double *at) {
  const ThVariable *v = th_as_variable(event);
  bool negated = v->what == TH_VARIABLE_OPERATOR && v->op == TH_OP_NOT && th_is_variable(v->arguments[0]);
  ThValue inner = negated ? v->arguments[0] : event;
  *k = th_network_number(&q->net, inner);
  *at = negated ? 0 : 1;
  if (*k != TH_NO_NODE) return is_truth(th_as_variable(inner));
  if (v->what != TH_VARIABLE_OPERATOR || v->op != TH_OP_EQUAL) return false;
  bool left = th_is_variable(v->arguments[0]);
  *k = th_network_number(&q->net, v->arguments[left ? 0 : 1]);
  return *k != TH_NO_NODE && th_to_number(v->arguments[left ? 1 : 0], at);
}

/* A declared variable as a condition must be one of 0 and 1. */
static bool check_bare(ThQuery *q, ThValue event, bool condition) {
  const ThVariable *v = th_is_variable(event) ? th_as_variable(event) : NULL;
  if (!v || v->what != TH_VARIABLE_DECLARED || is_truth(v) || !th_is_distribution(v->distribution))
    return true;
  th_fail(q->cx, TH_ERROR_TYPE, "`%s` is a number, not an event", v->name->spelling);
  if (!condition)
    return th_hint(q->cx, "compare it: `P(%s = x)`, `P(%s > x)`", v->name->spelling, v->name->spelling);
  return th_hint(q->cx, "condition on a value: `E(X | %s = y)`, or on a range: `%s > y`", v->name->spelling,
                 v->name->spelling);
}

static bool observe(ThQuery *q) {
  for (size_t i = 0; q->kind == TH_QUERY_P && i < q->n_targets; i++)
    if (!check_bare(q, q->targets[i], false)) return false;
  for (size_t i = 0; i < q->n_conditions; i++) {
    uint32_t k;
    double at;
    ThQueryCondition *condition = &q->conditions[i];
    condition->level = q->net.nodes[th_network_find(&q->net, condition->event)].level;
    if (!check_bare(q, condition->event, true)) return false;
    if (!is_observation(q, condition->event, &k, &at)) continue;
    if (q->variables[k].observed && q->variables[k].at != at) return th_query_fail_impossible(q);
    q->variables[k].observed = condition->observation = true;
    q->variables[k].at = at;
  }
  return true;
}

/* Builds a network from the targets and conditions: th_network_init, or only th_network_layout. */
static bool build_network(ThQuery *q, bool (*build)(ThContext *, ThNetwork *, const ThValue *, size_t),
                          ThNetwork *net) {
  size_t n = q->n_targets + q->n_conditions;
  ThValue *roots = th_alloc_array(q->cx, n + 1, sizeof *roots);
  if (!roots) return false;
  memcpy(roots, q->targets, q->n_targets * sizeof *roots);
  for (size_t i = 0; i < q->n_conditions; i++) roots[q->n_targets + i] = q->conditions[i].event;
  bool ok = build(q->cx, net, roots, n);
  th_free(q->cx, roots, (n + 1) * sizeof *roots);
  return ok;
}

static bool describe_variables(ThQuery *q) {
  q->variables = th_alloc_array(q->cx, q->net.n_variables + 1, sizeof *q->variables);
  if (!q->variables) return false;
  for (size_t k = 0; k < q->net.n_variables; k++)
    q->variables[k] = (ThQueryVariable){.support = support_of_variable(q->net.variables[k].variable)};
  return observe(q);
}

/* Visits the declared variables of the network, so that the names they hang on are known, and their
 * distributions are those of now. */
static bool visit_variables(ThQuery *q, const ThNetwork *net, bool *renewed) {
  for (size_t i = 0; i < net->n_nodes; i++) {
    ThValue source = net->nodes[i].source;
    const ThVariable *v = th_is_variable(source) ? th_as_variable(source) : NULL;
    if (!v || v->what != TH_VARIABLE_DECLARED || !v->name) continue;
    if (!th_session_visit(th_session_of(q->cx), v->name, source, renewed)) return false;
  }
  return true;
}

/* Distributions that are renewed may hang on further variables: looked at again until all are fresh. */
static bool renew_variables(ThQuery *q) {
  bool renewed = th_session_has_stale(th_session_of(q->cx)), ok = true;
  while (ok && renewed) {
    ThNetwork net;
    renewed = false;
    if (!build_network(q, th_network_layout, &net)) return false;
    ok = visit_variables(q, &net, &renewed);
    th_network_clear(&net);
  }
  return ok;
}

bool th_query_init(ThContext *cx, ThQuery *q, ThQueryKind kind, const ThValue *targets, size_t n_targets,
                   const ThValue *conditions, size_t n_conditions, const ThQueryOptions *options) {
  *q = (ThQuery){.cx = cx, .kind = kind, .targets = targets, .n_targets = n_targets, .net = {.cx = cx}};
  q->options = options ? *options : (ThQueryOptions){.draws = 100000};
  th_text_init(&q->story, &cx->heap);
  bool ok = true, renewed = false;
  for (size_t i = 0; ok && i < n_conditions; i++) ok = take_apart(q, conditions[i]);
  ok = ok && renew_variables(q) && build_network(q, th_network_init, &q->net) &&
       visit_variables(q, &q->net, &renewed) && describe_variables(q);
  if (!ok) th_query_clear(q);
  return ok;
}

void th_query_clear(ThQuery *q) {
  ThContext *cx = q->cx;
  size_t n_variables = q->net.n_variables;
  th_free(cx, q->conditions, q->condition_capacity * sizeof *q->conditions);
  th_free(cx, q->variables, (n_variables + 1) * sizeof *q->variables);
  th_network_clear(&q->net);
  th_text_clear(&q->story);
  *q = (ThQuery){.cx = cx, .net = {.cx = cx}};
}

void th_query_move(ThQuery *q, size_t k, size_t to) {
  ThQueryVariable moved = q->variables[k];
  if (k < to) memmove(q->variables + k, q->variables + k + 1, (to - k) * sizeof moved);
  else memmove(q->variables + to + 1, q->variables + to, (k - to) * sizeof moved);
  q->variables[to] = moved;
  th_network_move(&q->net, k, to);
  for (size_t i = 0; i < q->n_conditions; i++)
    q->conditions[i].level = q->net.nodes[th_network_find(&q->net, q->conditions[i].event)].level;
}

/* --- Small questions */

bool th_query_target(ThQuery *q, size_t i, double complex *out) {
  ThValue v;
  double x;
  char text[96];
  if (q->kind == TH_QUERY_P) {
    bool all = true;
    for (size_t j = 0; all && j < q->n_targets; j++)
      if (!th_network_event(&q->net, q->targets[j], &all)) return false;
    *out = all;
    return true;
  }
  if (!th_network_value(&q->net, q->targets[i], &v)) return false;
  if (th_is_complex(v) && q->kind == TH_QUERY_E) {
    *out = th_as_complex(v);
    return true;
  }
  if (!th_to_number(v, &x))
    return th_fail_argument(q->cx, (int)i + 1, TH_ERROR_TYPE,
                            "this needs a number for each outcome, "
                            "got %s",
                            th_describe(v, text, sizeof text));
  *out = x;
  return true;
}

bool th_is_combination(ThValue v) {
  const ThVariable *x = th_is_variable(v) ? th_as_variable(v) : NULL;
  return x && x->what == TH_VARIABLE_OPERATOR && x->n == 2 && x->op >= TH_OP_ADD && x->op <= TH_OP_DIVIDE &&
         th_is_random(x->arguments[0]) && th_is_random(x->arguments[1]) &&
         x->arguments[0].bits != x->arguments[1].bits;
}

bool th_query_holds(ThQuery *q, size_t level, bool *out) {
  *out = true;
  for (size_t i = 0; *out && i < q->n_conditions; i++) {
    const ThQueryCondition *condition = &q->conditions[i];
    if (condition->observation || condition->level != level) continue;
    if (!th_network_event(&q->net, condition->event, out)) return false;
  }
  return true;
}

static bool conditions_text(const ThQuery *q, ThText *out) {
  for (size_t i = 0; i < q->n_conditions; i++) {
    if (i) th_text_add(out, ", ");
    if (i == 6) {
      th_text_add(out, "…");
      break;
    }
    if (!th_variable_text(q->cx, q->conditions[i].event, 60, out)) return false;
  }
  return true;
}

bool th_query_fail_impossible(ThQuery *q) {
  ThText text;
  th_text_init(&text, &q->cx->heap);
  if (conditions_text(q, &text) && th_text_ok(&text, q->cx))
    th_fail(q->cx, TH_ERROR_VALUE, "the condition `%s` has probability zero", th_text_string(&text));
  th_text_clear(&text);
  return false;
}

bool th_query_text(const ThQuery *q, ThText *out) {
  if (q->asked) return th_query_text(q->asked, out);
  static const char *const names[] = {"P", "E", "Var", "Sd", "Cov", "Corr", "dist"};
  th_text_format(out, "%s(", names[q->kind]);
  for (size_t i = 0; i < q->n_targets; i++) {
    if (i) th_text_add(out, ", ");
    if (!th_variable_text(q->cx, q->targets[i], 80, out)) return false;
  }
  if (q->n_conditions) th_text_add(out, " | ");
  if (!conditions_text(q, out)) return false;
  th_text_char(out, ')');
  return true;
}

/* --- Who hangs on whom */

static bool add_name(ThQuery *q, size_t k, ThText *out) {
  ThValue v = q->net.nodes[q->net.variables[k].node].source;
  return th_variable_text(q->cx, v, 40, out);
}

enum { MOST_NAMES = 12 };

/* The oldest independent variable that is younger than `last`: strategies put variables in other orders. */
static size_t next_declared(const ThQuery *q, uint64_t last) {
  size_t found = 0;
  uint64_t best = UINT64_MAX;
  for (size_t k = 0; k < q->net.n_variables; k++) {
    uint64_t order = q->net.variables[k].variable->order;
    if (q->net.variables[k].fixed && order > last && order < best) best = order, found = k;
  }
  return found;
}

static bool independent_names(ThQuery *q, ThText *out) {
  size_t count = 0, n = q->net.n_variables;
  for (size_t k = 0; k < n; k++) count += q->net.variables[k].fixed;
  if (count < 2) return true;
  th_text_add(out, "independent: ");
  uint64_t last = 0;
  for (size_t named = 0; named < count; named++) {
    if (named) th_text_add(out, ", ");
    if (named == MOST_NAMES) {
      th_text_format(out, "… (%zu variables)", count);
      break;
    }
    size_t k = next_declared(q, last);
    last = q->net.variables[k].variable->order;
    if (!add_name(q, k, out)) return false;
  }
  th_text_char(out, '\n');
  return true;
}

/* The variables that the distribution of variable k hangs on. */
static bool parents_of(ThQuery *q, size_t k, bool *hangs, ThText *out) {
  if (!add_name(q, k, out)) return false;
  th_text_add(out, " hangs on ");
  if (!th_network_reads(&q->net, q->net.variables[k].variable->distribution, hangs)) return false;
  for (size_t j = 0, named = 0; j < q->net.n_variables; j++) {
    if (!hangs[j]) continue;
    if (named) th_text_add(out, ", ");
    if (named++ == MOST_NAMES) {
      th_text_add(out, "…");
      break;
    }
    if (!add_name(q, j, out)) return false;
  }
  th_text_char(out, '\n');
  return true;
}

bool th_query_dependence(ThQuery *q, ThText *out) {
  size_t n = q->net.n_variables, told = 0;
  if (!independent_names(q, out)) return false;
  bool *hangs = th_alloc(q->cx, n + 1);
  bool ok = hangs != NULL;
  for (size_t k = 0, last = 0; ok && k < n && told < MOST_NAMES; k++) {
    size_t start = out->length;
    if (q->net.variables[k].fixed) continue;
    ok = parents_of(q, k, hangs, out) && th_text_ok(out, q->cx);
    bool again = ok && told > 0 && out->length - start == start - last &&
                 memcmp(out->data + start, out->data + last, start - last) == 0;
    while (again && out->length > start)
      out->data[--out->length] = '\0'; /* a loop's variables have one name */
    if (!again) last = start, told++;
  }
  th_free(q->cx, hangs, n + 1);
  return ok;
}
