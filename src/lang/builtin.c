/* builtin.c - built-in functions: definition, look-up, calls */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A signature is read when its function is first called, so that starting up costs little. */
#include "lang/builtin.h"

#include <math.h>
#include <string.h>

#include "lang/libs.h"
#include "lang/signature.h"
#include "lang/trace_function.h"
#include "lang/vm.h"

/* The function value of a built-in. */
typedef struct BuiltinObject {
  ThObject object;
  ThContext *cx;
  const ThBuiltin *row;
  ThSymbol *name;
  ThSignature *signature;
  const ThTraceRule *rule; /* its derivative, NULL when it has none, or none of its own */
  bool
      takes_functions; /* the rule is used too when a function among the arguments has captured traced values */
} BuiltinObject;

static void release_builtin(ThObject *self) {
  BuiltinObject *b = (BuiltinObject *)self;
  th_signature_free(b->cx, b->signature);
  th_object_free(self, sizeof *b);
}

static bool format_builtin(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const BuiltinObject *b = (const BuiltinObject *)th_as_object(self);
  if (style == TH_STYLE_ECHO) th_text_format(out, "%s\n  %s", b->row->signature, b->row->brief);
  else th_text_add(out, b->name->spelling);
  return th_text_ok(out, cx);
}

bool th_call_alone(ThContext *cx, const ThCall *call) {
  enum { OWN = 2 }; /* the caller's reference, which it gives up, and that of the binding */
  if (!call->loan || !th_is_object(call->args[0])) return false;
  if (th_as_object(call->args[0])->references == OWN) return true;
  *call->loan = th_vm_lend(th_session_of(cx), call->args[0], OWN);
  return call->loan->variable != NULL;
}

static bool call_bound(ThContext *cx, const BuiltinObject *b, const ThArguments *args, ThValue *out) {
  ThBound bound;
  if (!th_signature_bind(cx, b->row, b->signature, args, &bound)) return false;
  ThLoan loan = {0};
  ThCall call = {.builtin = b->row, .args = bound.values, .n_args = bound.n, .given = bound.given};
  if (args->given_up) call.loan = &loan;
  cx->depth++;
  bool ok = b->row->body(cx, &call, out);
  cx->depth--;
  if (!ok) th_vm_take_back(&loan);
  th_bound_clear(cx, &bound);
  return ok;
}

/* Does the first argument know what a verb means among traced values? What takes any number of values (list, print) is
 * no verb. */
static bool traces_itself(const BuiltinObject *b, const ThArguments *args) {
  if (b->signature->has_rest && b->signature->n_positional == 1) return false;
  return args->count > 0 && th_is_object(args->values[0]) && th_as_object(args->values[0])->kind->trace;
}

static bool call_builtin(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  BuiltinObject *b = (BuiltinObject *)th_as_object(self);
  if (b->row->scalar && args->count == 1 && !args->names && th_is_number(args->values[0])) {
    double x = th_as_number(args->values[0]), y = b->row->scalar(x);
    *out = th_number(y);
    if (!isnan(y) || isnan(x)) return true; /* a new nan: the body says why */
  }
  if (cx->depth >= TH_MAX_NESTING)
    return th_fail(cx, TH_ERROR_LIMIT, "too deep a recursion through `%s`", b->name->spelling);
  if (!b->signature && !(b->signature = th_signature_parse(cx, b->row->signature))) return false;
  bool may_trace = cx->tracing && (b->rule || traces_itself(b, args));
  ThGraph *traced = may_trace ? th_traced_graph(args->values, args->count) : NULL;
  if (cx->tracing && b->takes_functions) cx->tracing->keeps_globals = true;
  if (may_trace && !traced && b->takes_functions)
    traced = th_trace_functions_graph(args->values, args->count);
  if (traced) return traced->call(cx, traced, self, args, out);
  long lifted = th_signature_lifted(b->signature, args);
  if (lifted >= 0) return th_as_object(args->values[lifted])->kind->lift_call(cx, self, args, out);
  return call_bound(cx, b, args, out);
}

const ThKind th_builtin_kind = {
    .name = "function", .release = release_builtin, .format = format_builtin, .call = call_builtin};

static bool add_entry(ThSession *session, const ThBuiltin *row, ThSymbol *name) {
  if (session->n_builtins == session->builtin_capacity) {
    size_t capacity = session->builtin_capacity ? session->builtin_capacity * 2 : 256;
    ThBuiltinEntry *grown = th_resize(&session->cx, session->builtins,
                                      session->builtin_capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown) return false;
    session->builtins = grown;
    session->builtin_capacity = capacity;
  }
  session->builtins[session->n_builtins++] = (ThBuiltinEntry){row, name};
  return true;
}

static bool define(ThContext *cx, const ThBuiltin *row) {
  ThSession *session = th_session_of(cx);
  ThSymbol *name = th_symbol(cx, row->signature, strcspn(row->signature, "("));
  ThGlobal *global = name ? th_session_global(session, name) : NULL;
  if (!global || !add_entry(session, row, name)) return false;
  BuiltinObject *b = th_object_new(cx, &th_builtin_kind, sizeof *b);
  if (!b) return false;
  b->cx = cx;
  b->row = row;
  b->name = name;
  th_replace_take(&global->builtin, th_object(b));
  return true;
}

bool th_builtins_define(ThContext *cx, const ThBuiltin *rows) {
  for (; rows->signature; rows++)
    if (!define(cx, rows)) return false;
  return true;
}

/* --- Calls that are traced */

/* The rule: the kind's of the first argument, else the built-in's own. */
static bool run_rule(ThContext *cx, const BuiltinObject *b, const ThTracedCall *call, ThValue *out) {
  ThValue first = call->n_args > 0 ? call->given[0] : th_none();
  if (th_is_object(first) && th_as_object(first)->kind->trace)
    return th_as_object(first)->kind->trace(cx, call, out);
  return b->rule->trace(cx, call, out);
}

/* What the rule is told of each bound argument. */
static void describe_arguments(const ThBound *bound, const ThArguments *args, ThNodeId *nodes,
                               ThValue *given) {
  for (size_t i = 0; i < bound->n; i++) {
    size_t source = bound->sources[i];
    given[i] = source > 0 ? args->values[source - 1] : bound->values[i];
    nodes[i] = th_is_traced(given[i]) ? th_as_traced(given[i])->node : TH_ZERO;
  }
}

/* The body with plain values, then the rule with the nodes. */
static bool trace_bound(ThContext *cx, ThGraph *g, const BuiltinObject *b, const ThArguments *plain,
                        const ThArguments *args, ThValue *out) {
  ThBound bound;
  ThValue result;
  if (!th_signature_bind(cx, b->row, b->signature, plain, &bound)) return false;
  ThCall call = {.builtin = b->row, .args = bound.values, .n_args = bound.n, .given = bound.given};
  size_t size = bound.n + 1;
  ThNodeId *nodes = th_alloc_array(cx, size, sizeof *nodes);
  ThValue *given = nodes ? th_alloc_array(cx, size, sizeof *given) : NULL;
  ThGraph *tracing = cx->tracing;
  if (b->takes_functions)
    cx->tracing = NULL; /* derivatives that a plain function takes are not of the graph */
  ThRandom before = *cx->random;
  cx->depth++;
  bool ok = given && b->row->body(cx, &call, &result);
  cx->depth--;
  cx->tracing = tracing;
  if (ok) {
    describe_arguments(&bound, args, nodes, given);
    char name[64]; /* as its row has it: that of the symbol may be a Greek letter */
    th_builtin_name(b->row, name, sizeof name);
    ThTracedCall traced = {g, name, bound.values, nodes, given, bound.n, result, before};
    ok = run_rule(cx, b, &traced, out);
    th_release(result);
  }
  th_free(cx, given, given ? size * sizeof *given : 0);
  th_free(cx, nodes, nodes ? size * sizeof *nodes : 0);
  th_bound_clear(cx, &bound);
  return ok;
}

static bool no_derivative(ThContext *cx, const ThArguments *args, const char *name) {
  size_t i = 0;
  while (i + 1 < args->count && !th_is_traced(args->values[i])) i++;
  return th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE, "`%s` cannot be differentiated", name);
}

static bool plain_argument(ThContext *cx, const BuiltinObject *b, ThValue v, ThValue *out) {
  if (b->takes_functions && th_is_object(v) && th_as_object(v)->kind->call)
    return th_trace_function_plain(cx, v, out);
  return th_traced_value(cx, v, out);
}

bool th_builtin_trace(ThContext *cx, ThGraph *g, ThValue function, const ThArguments *args, ThValue *out) {
  if (!th_is(function, &th_builtin_kind)) return no_derivative(cx, args, th_type_name(function));
  BuiltinObject *b = (BuiltinObject *)th_as_object(function);
  if (!b->signature && !(b->signature = th_signature_parse(cx, b->row->signature))) return false;
  if (!b->rule && !traces_itself(b, args)) return no_derivative(cx, args, b->name->spelling);
  ThValue *values = th_alloc_array(cx, args->count + 1, sizeof *values);
  if (!values) return false;
  for (size_t i = 0; i < args->count; i++)
    if (th_is_undecided(args->values[i])) g->is_bound = true; /* it holds for one outcome */
  size_t done = 0;
  while (done < args->count && plain_argument(cx, b, args->values[done], &values[done])) done++;
  ThArguments plain = {.count = args->count, .values = values, .names = args->names};
  bool ok = done == args->count && trace_bound(cx, g, b, &plain, args, out);
  th_release_all(values, done);
  th_free(cx, values, (args->count + 1) * sizeof *values);
  return ok;
}

static BuiltinObject *object_of(ThContext *cx, const char *name) {
  const ThSymbol *symbol = th_symbol(cx, name, strlen(name));
  ThValue v;
  if (!symbol) return NULL;
  if (th_builtin_value(cx, symbol, &v)) return (BuiltinObject *)th_as_object(v);
  th_fail(cx, TH_ERROR_NAME, "a derivative of `%s`, which is no built-in", name);
  return NULL;
}

bool th_trace_rule_define(ThContext *cx, const char *name, const ThTraceRule *rule) {
  BuiltinObject *b = object_of(cx, name);
  if (b) b->rule = rule;
  return b != NULL;
}

bool th_trace_callers_define(ThContext *cx, const ThTraceRule *rules) {
  for (; rules->name; rules++) {
    BuiltinObject *b = object_of(cx, rules->name);
    if (!b) return false;
    b->rule = rules;
    b->takes_functions = true;
  }
  return true;
}

bool th_trace_rules_define(ThContext *cx, const ThTraceRule *rules) {
  for (; rules->name; rules++)
    if (!th_trace_rule_define(cx, rules->name, rules)) return false;
  return true;
}

const ThBuiltin *th_builtin_find(ThContext *cx, const ThSymbol *name) {
  ThValue v;
  return th_builtin_value(cx, name, &v) ? ((const BuiltinObject *)th_as_object(v))->row : NULL;
}

const ThBuiltin *th_builtin_at(ThContext *cx, size_t i) {
  const ThSession *session = th_session_of(cx);
  return i < session->n_builtins ? session->builtins[i].row : NULL;
}

bool th_builtin_value(ThContext *cx, const ThSymbol *name, ThValue *out) {
  const ThSession *session = th_session_of(cx);
  if (name->index >= session->n_globals || !th_is(session->globals[name->index].builtin, &th_builtin_kind))
    return false;
  *out = session->globals[name->index].builtin;
  return true;
}

bool th_builtin_named(ThContext *cx, const char *name, ThValue *out) {
  const ThSymbol *symbol = th_symbol_of(cx, name);
  return symbol && th_builtin_value(cx, symbol, out);
}

bool th_builtin_call(ThContext *cx, const char *name, const ThValue *args, size_t n, ThValue *out) {
  ThValue function;
  return th_builtin_named(cx, name, &function) && th_call_values(cx, function, args, n, out);
}

const ThBuiltin *th_builtin_row(ThValue function) {
  return th_is(function, &th_builtin_kind) ? ((const BuiltinObject *)th_as_object(function))->row : NULL;
}

bool th_builtin_is(ThValue function, const char *name) {
  const ThBuiltin *row = th_builtin_row(function);
  size_t length = strlen(name);
  return row && strncmp(row->signature, name, length) == 0 && row->signature[length] == '(';
}

bool th_builtin_has_rule(ThValue function) {
  return th_is(function, &th_builtin_kind) && ((const BuiltinObject *)th_as_object(function))->rule;
}

const char *th_builtin_name(const ThBuiltin *builtin, char *buffer, size_t size) {
  size_t length = strcspn(builtin->signature, "(");
  if (length >= size) length = size - 1;
  memcpy(buffer, builtin->signature, length);
  buffer[length] = '\0';
  return buffer;
}

/* A family for one of its members: pdf(Normal, 0). */
static bool hint_member(ThContext *cx, ThValue v) {
  static const char result[] = "-> distribution";
  const ThBuiltin *row = th_builtin_row(v);
  size_t length = row ? strlen(row->signature) : 0;
  char name[64];
  if (length < sizeof result || strcmp(row->signature + length - strlen(result), result) != 0) return false;
  th_builtin_name(row, name, sizeof name);
  return th_hint(cx, "`%s` makes a distribution of its parameters: `%s(…)`", name, name);
}

bool th_lib_other_kind(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue self = call->args[0];
  char name[64];
  th_builtin_name(call->builtin, name, sizeof name);
  th_error_clear(cx);
  if (th_is_object(self) && th_as_object(self)->kind->verb) {
    if (th_as_object(self)->kind->verb(cx, name, call->args, call->n_args, out)) return true;
    if (cx->error.code != TH_OK) return false;
  }
  char got[96];
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` has no meaning for %s", name,
                   th_describe(self, got, sizeof got));
  if (!th_is_list(self)) return hint_member(cx, self);
  return th_hint(cx, "a list of numbers becomes an array by `to_array(%s)`",
                 th_operand(cx, 1, "l", got, sizeof got));
}
