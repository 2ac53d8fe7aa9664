/* declare.c - X ~ d, X, Y ~ d, U[10] ~ d */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A distribution of vectors of parameters declares a vector of independent variables; so does a conditional
 * one whose parameters are vectors. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/size.h"
#include "lang/vm.h"
#include "prob/joint.h"
#include "prob/network.h"
#include "prob/variable_kind.h"

/* --- How many variables a conditional distribution stands for */

/* The length of a plain value that is a vector; 0 of a single one. */
static size_t plain_length(ThValue v) {
  return th_is_array(v) && th_as_array(v)->rank == 1 ? th_as_array(v)->length : 0;
}

static size_t node_length(const ThNetwork *net, const ThNetworkNode *node, const size_t *lengths) {
  if (th_is_variable_array(node->source)) return node->n_inputs;
  if (th_is_conditional(node->source) && th_family_takes_vectors(th_as_conditional(node->source)->family))
    return 0;
  size_t length = 0;
  const ThVariable *v = th_is_variable(node->source) ? th_as_variable(node->source) : NULL;
  if (v && (v->what == TH_VARIABLE_DECLARED || v->what == TH_VARIABLE_SUM || v->what == TH_VARIABLE_INDEX ||
            v->what == TH_VARIABLE_COMPONENT))
    return 0;
  const ThBuiltin *row = v && v->what == TH_VARIABLE_APPLY ? th_builtin_row(v->function) : NULL;
  if (v && v->what == TH_VARIABLE_APPLY && !(row && row->scalar)) return 0;
  if (v && v->what == TH_VARIABLE_OPERATOR && v->op == TH_OP_MATRIX_PRODUCT) {
    const ThArray *a = th_is_array(v->arguments[0]) ? th_as_array(v->arguments[0]) : NULL;
    return a && a->rank == 2 ? a->shape[0] : 0;
  }
  for (uint32_t j = 0; j < node->n_inputs; j++) {
    const ThInput *input = &net->inputs[node->first_input + j];
    length = th_larger(length, input->node == TH_NO_NODE ? plain_length(input->plain) : lengths[input->node]);
  }
  return length;
}

bool th_variable_length(ThContext *cx, ThValue v, size_t *out) {
  ThNetwork net;
  if (!th_network_layout(cx, &net, &v, 1)) return false;
  size_t *lengths = th_alloc_array(cx, net.n_nodes + 1, sizeof *lengths);
  for (size_t i = 0; lengths && i < net.n_nodes; i++) lengths[i] = node_length(&net, &net.nodes[i], lengths);
  if (lengths) *out = lengths[th_network_find(&net, v)];
  th_free(cx, lengths, (net.n_nodes + 1) * sizeof *lengths);
  th_network_clear(&net);
  return lengths != NULL;
}

/* Element i of an argument: of a vector its element, of a single value itself. */
static bool argument_element(ThContext *cx, ThValue v, size_t i, ThValue *out) {
  ThValue index = th_number((double)i + 1);
  if (plain_length(v)) return th_array_get(cx, th_as_array(v), i, out);
  if (th_is_variable_array(v)) {
    *out = th_retain(th_as_variable_array(v)->items[i]);
    return true;
  }
  size_t length = 0;
  if (th_is_variable(v) && !th_variable_length(cx, v, &length)) return false;
  if (length) return th_variable_index(cx, v, &index, 1, out);
  *out = th_retain(v);
  return true;
}

static bool conditional_element(ThContext *cx, const ThConditional *c, size_t i, ThValue *out) {
  ThValue arguments[TH_MAX_GIVEN];
  size_t n = 0;
  bool ok = true;
  for (; ok && n < c->n; n++) ok = argument_element(cx, c->arguments[n], i, &arguments[n]);
  if (!ok) n--;
  ok = ok && th_conditional_new(cx, c->family, arguments, c->n, out);
  th_release_all(arguments, n);
  return ok;
}

/* --- What may stand on the right of `~` */

bool th_fail_not_distribution(ThContext *cx, const ThSymbol *name, ThValue v) {
  char text[96];
  th_fail(cx, TH_ERROR_TYPE, "the right of `%s ~ …` must be a distribution, got %s", name->spelling,
          th_describe(v, text, sizeof text));
  if (th_is_scalar(v) || th_is_array(v)) return th_hint(cx, "a value is assigned: `%s = …`", name->spelling);
  if (th_is_variable(v))
    return th_hint(cx, "`%s = …` names it; `%s ~ dist(…)` declares another one, which has its law",
                   name->spelling, name->spelling);
  return th_is_variable_array(v)
             ? th_hint(cx, "an expression in random variables is assigned: `%s = …`", name->spelling)
             : false;
}

static bool is_law(ThValue v) { return th_is_variable(v) && th_as_object(v)->flags & TH_VARIABLE_IS_LAW; }

static bool are_laws(ThValue v) {
  const ThVariableArray *a = th_is_variable_array(v) ? th_as_variable_array(v) : NULL;
  for (size_t i = 0; a && i < a->length; i++)
    if (!is_law(a->items[i])) return false;
  return a && a->length > 0;
}

/* Are the values of a node numbers, whatever happens? Then they are no distributions. */
static bool is_number(const ThNetwork *net, const ThNetworkNode *node, const bool *numbers) {
  if (!th_is_variable(node->source)) return false;
  const ThVariable *v = th_as_variable(node->source);
  switch (v->what) {
    case TH_VARIABLE_DECLARED:
    case TH_VARIABLE_SUM: return true;
    case TH_VARIABLE_INDEX: return th_is_array(v->arguments[0]);
    case TH_VARIABLE_OPERATOR: break;
    default: return false;
  }
  for (uint32_t j = 0; j < node->n_inputs; j++) {
    const ThInput *input = &net->inputs[node->first_input + j];
    if (input->node == TH_NO_NODE ? !th_is_scalar(input->plain) : !numbers[input->node]) return false;
  }
  return true;
}

static bool is_always_number(ThContext *cx, ThValue v, bool *out) {
  ThNetwork net;
  if (!th_network_layout(cx, &net, &v, 1)) return false;
  bool *numbers = th_alloc_array(cx, net.n_nodes, sizeof *numbers);
  for (size_t i = 0; numbers && i < net.n_nodes; i++) numbers[i] = is_number(&net, &net.nodes[i], numbers);
  if (numbers) *out = numbers[th_network_find(&net, v)];
  th_free(cx, numbers, net.n_nodes * sizeof *numbers);
  th_network_clear(&net);
  return numbers != NULL;
}

/* The law that `name ~ v` gives; borrowed. Of predicted data it is theirs; of a vector of them, the vector. */
static bool find_law(ThContext *cx, const ThSymbol *name, ThValue v, ThValue *out) {
  bool fine = th_is_distribution(v) || th_is_conditional(v) || are_laws(v), number = false;
  *out = is_law(v) ? th_as_variable(v)->distribution : v;
  if (fine || is_law(v)) return true;
  if (th_is_variable(v) && !is_always_number(cx, v, &number)) return false;
  return (th_is_variable(v) && !number) || th_fail_not_distribution(cx, name, v);
}

/* --- Making variables */

/* The distribution of element i. */
static bool distribution_element(ThContext *cx, ThValue distribution, size_t i, size_t own_length,
                                 ThValue *out) {
  if (own_length && th_is_variable_array(distribution)) {
    *out = th_retain(th_as_variable(th_as_variable_array(distribution)->items[i])->distribution);
    return true;
  }
  if (own_length && th_is_distribution(distribution))
    return th_distribution_element(cx, th_as_distribution(distribution), i, out);
  if (own_length) return conditional_element(cx, th_as_conditional(distribution), i, out);
  *out = th_retain(distribution);
  return true;
}

static bool declare_array(ThContext *cx, ThSymbol *name, ThValue distribution, size_t n, size_t own_length,
                          ThValue *out) {
  ThVariableArray *a = th_variable_array_new(cx, name, n);
  if (!a) return false;
  *out = th_object(a);
  for (size_t i = 0; i < n; i++) {
    ThValue one;
    bool ok = distribution_element(cx, distribution, i, own_length, &one);
    if (ok) {
      ok = th_variable_new(cx, name, i + 1, one, &a->items[i]);
      th_release(one);
    }
    if (!ok) {
      a->items[i] = th_unset();
      th_release(*out);
      return false;
    }
  }
  th_variable_array_done(cx, a);
  return true;
}

static bool length_of(ThContext *cx, ThValue distribution, size_t *out) {
  *out = th_is_variable_array(distribution) ? th_as_variable_array(distribution)->length : 0;
  if (th_is_conditional(distribution)) return th_variable_length(cx, distribution, out);
  if (!th_is_distribution(distribution)) return true;
  const ThDistribution *d = th_as_distribution(distribution);
  if (d->rank > 1)
    return th_fail(cx, TH_ERROR_SHAPE, "a vector of variables needs parameters with one axis, got %u axes",
                   d->rank);
  *out = d->rank == 1 ? d->length : 0;
  return true;
}

/* --- What hangs on a variable */

/* A variable, an array of them or a conditional distribution: does it, itself, hang on the variable? */
static bool random_hangs_on(ThContext *cx, ThValue v, ThValue variable, bool *out) {
  ThNetwork net;
  if (!th_network_layout(cx, &net, &v, 1)) return false;
  *out = th_network_find(&net, variable) != TH_NO_NODE;
  const ThVariableArray *a = th_is_variable_array(variable) ? th_as_variable_array(variable) : NULL;
  for (size_t i = 0; a && !*out && i < a->length; i++)
    *out = th_network_find(&net, a->items[i]) != TH_NO_NODE;
  th_network_clear(&net);
  return true;
}

static bool any_hangs_on(ThContext *cx, const ThValue *values, size_t n, ThValue variable, bool *out) {
  for (size_t i = 0; !*out && i < n; i++)
    if (!th_variable_hangs_on(cx, values[i], variable, out)) return false;
  return true;
}

bool th_variable_hangs_on(ThContext *cx, ThValue v, ThValue variable, bool *out) {
  *out = false;
  if (th_is_random(v)) return random_hangs_on(cx, v, variable, out);
  if (th_is_list(v)) return any_hangs_on(cx, th_as_list(v)->items, th_as_list(v)->length, variable, out);
  if (th_is_record(v))
    return any_hangs_on(cx, th_as_record(v)->values, th_as_record(v)->length, variable, out);
  return true;
}

/* --- What should be said when a name gets a new meaning */

static bool note_old_uses(ThContext *cx, const ThSymbol *name, ThValue old) {
  ThSession *session = th_session_of(cx);
  char names[160] = "";
  size_t used = 0, count = 0, n;
  bool ok = true;
  ThSymbol **all = th_session_names(session, &n);
  if (!all) return false;
  for (size_t i = 0; ok && used < sizeof names - 40 && i < n; i++) {
    const ThSymbol *other = all[i];
    ThValue v;
    bool uses = false;
    if (other == name || !th_session_get(session, other, &v)) continue;
    ok = v.bits == old.bits || !th_is_random(v) || random_hangs_on(cx, v, old, &uses);
    if (!uses) continue;
    int wrote = snprintf(names + used, sizeof names - used, "%s`%s`", count ? ", " : "", other->spelling);
    used += wrote > 0 ? (size_t)wrote : 0;
    count++;
  }
  th_session_names_free(session, all, n);
  if (ok && count)
    th_note(cx, "%s still use%s the earlier `%s`", names, count == 1 ? "s" : "", name->spelling);
  return ok;
}

/* At top level only: in a function `~` declares a local name. */
static bool note_redefinition(ThContext *cx, const ThSymbol *name) {
  ThSession *session = th_session_of(cx);
  ThValue old;
  if (!session || session->vm.n_frames != 1 || !th_session_get(session, name, &old)) return true;
  if (th_is_random(old) && !note_old_uses(cx, name, old)) return false;
  if (th_is_array(old))
    th_note(cx, "`%s` was data (%zu numbers); in a `model` block data on the left is the likelihood",
            name->spelling, th_as_array(old)->length);
  return true;
}

/* Without a word about the name. */
static bool declare(ThContext *cx, ThSymbol *name, ThValue law, size_t count, ThValue *out) {
  size_t own_length;
  if (th_is_joint_law(law)) return th_joint_declare(cx, name, law, count, out);
  if (!length_of(cx, law, &own_length)) return false;
  if (count != SIZE_MAX && own_length && own_length != count)
    return th_fail(cx, TH_ERROR_SHAPE, "`%s[%zu]` of %zu distributions: the numbers must agree",
                   name->spelling, count, own_length);
  if (count == SIZE_MAX && !own_length) return th_variable_new(cx, name, 0, law, out);
  return declare_array(cx, name, law, own_length ? own_length : count, own_length, out);
}

bool th_variable_declare(ThContext *cx, ThSymbol *name, ThValue distribution, size_t count, ThValue *out) {
  ThValue law;
  if (!find_law(cx, name, distribution, &law) || !declare(cx, name, law, count, out)) return false;
  if (note_redefinition(cx, name)) return true;
  th_release(*out);
  return false;
}

bool th_variable_predicted(ThContext *cx, ThSymbol *name, ThValue law, ThValue *out) {
  if (!declare(cx, name, law, SIZE_MAX, out)) return false;
  ThVariableArray *a = th_is_variable_array(*out) ? th_as_variable_array(*out) : NULL;
  if (!a) th_as_object(*out)->flags |= TH_VARIABLE_IS_LAW;
  for (size_t i = 0; a && !th_is_joint_law(law) && i < a->length; i++)
    th_as_object(a->items[i])->flags |= TH_VARIABLE_IS_LAW;
  return true;
}

static void redeclare_one(ThVariable *v, ThValue distribution) {
  ThValue old = v->distribution;
  v->distribution = th_retain(distribution);
  th_release(old);
}

bool th_variable_redeclare(ThContext *cx, ThValue variable, ThValue law) {
  const ThSymbol *name = th_is_variable(variable) ? th_as_variable(variable)->name
                                                  : th_as_variable_array(variable)->name;
  size_t own_length = 0;
  bool circle;
  ThValue distribution;
  if (!find_law(cx, name, law, &distribution)) return false;
  bool joint = th_is_joint_law(distribution);
  if (!joint && !length_of(cx, distribution, &own_length)) return false;
  if (!th_variable_hangs_on(cx, distribution, variable, &circle)) return false;
  if (circle) {
    th_fail(cx, TH_ERROR_NAME, "`%s` would hang on itself", name->spelling);
    return th_hint(cx, "its distribution follows the names in it; declare `%s` anew to break the circle",
                   name->spelling);
  }
  if (joint && th_is_variable_array(variable))
    return th_joint_redeclare(cx, th_as_variable_array(variable), distribution);
  if (th_is_variable(variable) && own_length == 0 && !joint) {
    redeclare_one(th_as_variable(variable), distribution);
    return true;
  }
  size_t n = th_is_variable(variable) ? 1 : th_as_variable_array(variable)->length;
  if (th_is_variable(variable) || (own_length && own_length != n))
    return th_fail(cx, TH_ERROR_SHAPE,
                   "`%s` is declared as %zu variable%s, its distribution is now that of %zu", name->spelling,
                   n, n == 1 ? "" : "s", own_length);
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    ThValue one;
    ok = distribution_element(cx, distribution, i, own_length, &one);
    if (!ok) break;
    redeclare_one(th_as_variable(th_as_variable_array(variable)->items[i]), one);
    th_release(one);
  }
  return ok;
}
