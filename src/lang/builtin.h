/* builtin.h - built-in functions, declared once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_BUILTIN_H
#define TH_LANG_BUILTIN_H

#include "val/array.h"
#include "val/basic.h"
#include "val/symbol.h"
#include "val/traced.h"
#include "val/value.h"

/* A built-in is a row beside its function. From the row come argument binding and checks with their
 * messages, help, search, completion, the manual and tests (every example is run).
 *
 * The signature is a line of text:
 *
 *   "quantile(d: distribution, p: real, upper: bool = false) -> real"
 *
 *   name(parameter, …) -> result
 *   parameter:  name [: kinds] [= default]        a parameter with a default may be left out
 *               ...name [: kinds]                 any number of positional arguments, last but for named ones
 *               ; separates: parameters after `;` are given by name only
 *               ...name: after `;` collects every other named argument (the knobs of map, for example)
 *   kinds:      kind|kind|…  of  number (a real scalar: number, bool, estimate, a range or array of one is refused),
 *               integer (a whole number), positive, count (a whole number >= 0), bool, complex (any scalar number),
 *               array (any array or range, not a scalar), real (number or real array),
 *               numeric (number, complex, array),
 *               vector (one axis), matrix (two axes), string, list, record, table, function (anything callable), none,
 *               any, or the name of a kind (distribution, model, …)
 *   default:    a number, true, false, none, a quoted string, or `…` (left out: the value is unset)
 *
 * A kind that an argument does not match is an error that names the parameter, what it takes, what was got.
 * In a body, args[i] is the i-th parameter in order of declaration, already checked; estimates have decayed
 * to numbers and ranges to arrays where the declared kinds ask for numbers or arrays (not for `any`). A rest
 * parameter's values come after all others; named rest arguments come as one record, the very last. */
typedef struct ThCall {
  const struct ThBuiltin *builtin;
  ThValue *args; /* borrowed by the body */
  size_t n_args;
  bool *given;         /* per parameter: was it written by the caller */
  struct ThLoan *loan; /* what th_call_alone took from a variable; NULL: the caller keeps its references */
} ThCall;

typedef bool (*ThBuiltinBody)(ThContext *cx, const ThCall *call, ThValue *out);

typedef struct ThBuiltin {
  const char *signature;
  ThBuiltinBody body;
  const char *section;      /* "arrays", "distributions", … : the help's chapters */
  const char *brief;        /* one line */
  const char *detail;       /* more lines: meaning, units, shapes; or NULL */
  const char *examples;     /* lines of Theta, each followed by its output after "#> "; or NULL */
  const char *see;          /* names, blank-separated; or NULL */
  double (*scalar)(double); /* of real functions of one number: called without binding, mapped over arrays */
} ThBuiltin;

extern const ThKind th_builtin_kind; /* name "function" */

/* Defines every row of a table that ends with a row whose signature is NULL. Called by registry.c. */
TH_CHECKED bool th_builtins_define(ThContext *cx, const ThBuiltin *rows);
/* Gives built-ins their derivatives: a table that ends with a row whose name is NULL. */
TH_CHECKED bool th_trace_rules_define(ThContext *cx, const ThTraceRule *rules);
/* The same for built-ins that call functions: a rule is used too when one of these has captured traced values. In the
 * call `given` has the function as it was given, `args` with plain values; it has no node. */
TH_CHECKED bool th_trace_callers_define(ThContext *cx, const ThTraceRule *rules);
/* One rule for the built-in of this name. */
TH_CHECKED bool th_trace_rule_define(ThContext *cx, const char *name, const ThTraceRule *rule);
/* What graphs are told to do with calls of built-ins (ThGraph.call). */
TH_CHECKED bool th_builtin_trace(ThContext *cx, ThGraph *g, ThValue function, const ThArguments *args,
                                 ThValue *out);
/* The row of a built-in by name, or NULL; and by order of definition, NULL after the last. */
const ThBuiltin *th_builtin_find(ThContext *cx, const ThSymbol *name);
const ThBuiltin *th_builtin_at(ThContext *cx, size_t i);
/* The function value of a built-in, borrowed; false when there is none (no error). */
bool th_builtin_value(ThContext *cx, const ThSymbol *name, ThValue *out);
/* The same of one that there is, by its spelling; and its value for n arguments. False with an error record. */
TH_CHECKED bool th_builtin_named(ThContext *cx, const char *name, ThValue *out);
TH_CHECKED bool th_builtin_call(ThContext *cx, const char *name, const ThValue *args, size_t n, ThValue *out);
/* "sum": the name in a row's signature, in the buffer. */
const char *th_builtin_name(const ThBuiltin *builtin, char *buffer, size_t size);
/* Is this a built-in that has a rule of its own for derivatives? */
bool th_builtin_has_rule(ThValue function);
/* The row of a function value that is built in, else NULL. */
const ThBuiltin *th_builtin_row(ThValue function);
/* Is it the built-in of this name? */
bool th_builtin_is(ThValue function, const char *name);

/* May a body change args[0], an object, in place? If nobody but this call holds it. In `l = f(l)` the variable that the
 * result goes to holds it too: it gives up its reference, and has it back if the call fails; so a body that asks
 * calls no function of the user's. */
bool th_call_alone(ThContext *cx, const ThCall *call);

/* Reading checked arguments. */
static inline double th_arg_number(const ThCall *call, size_t i) { return th_as_scalar(call->args[i]); }
static inline bool th_arg_bool(const ThCall *call, size_t i) { return th_as_scalar(call->args[i]) != 0; }
static inline size_t th_arg_count(const ThCall *call, size_t i) {
  return (size_t)th_as_scalar(call->args[i]);
}
static inline const char *th_arg_text(const ThCall *call, size_t i) {
  return th_as_string(call->args[i])->text;
}
static inline ThArray *th_arg_array(const ThCall *call, size_t i) { return th_as_array(call->args[i]); }

#endif
