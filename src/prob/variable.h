/* variable.h - random variables: a graph of declarations and of what was computed from them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_VARIABLE_H
#define TH_PROB_VARIABLE_H

#include "prob/distribution.h"
#include "val/symbol.h"
#include "val/value.h"

/* A random variable is a node; its identity is the node's. Arguments are plain values, variables, arrays of
 * variables (seen as arrays), or conditional distributions (seen as distributions). */
typedef enum ThVariableKind {
  TH_VARIABLE_DECLARED, /* X ~ d: `distribution` is a distribution or a conditional one */
  TH_VARIABLE_OPERATOR, /* op, one or two arguments */
  TH_VARIABLE_APPLY,    /* function, its arguments, names of named ones */
  TH_VARIABLE_CHOOSE,   /* condition, yes, no */
  TH_VARIABLE_SUM,      /* of the elements of the argument, an array of variables */
  TH_VARIABLE_INDEX,    /* the first argument, indexed by the others */
  TH_VARIABLE_COMPONENT /* of the first argument, a distribution of vectors: the distribution of the next component when
                           the values of those before it are the other arguments */
} ThVariableKind;

typedef struct ThVariable {
  ThObject object;
  ThVariableKind what;
  ThOperator op;
  ThSymbol *name;       /* declared: its name; of an index into draws the name that it bears; or NULL */
  size_t index, column; /* named as name[n]: 1, 2, …; else 0. Of a matrix its row and column */
  uint64_t order;       /* larger than that of every argument: made later */
  uint64_t origin;      /* the parameters of one posterior bear one number; 0: of none */
  ThValue
      prior; /* of the only parameter of a posterior: the distribution that it had before the data; or none */
  ThValue distribution; /* declared */
  ThValue joint; /* declared as a component: what its kin share (joint.h); the number of a draw (draws.h) */
  size_t component; /* its place among them, from 0 */
  ThValue function; /* apply */
  ThSymbol **names; /* apply: of the arguments, NULL for positional ones; or NULL */
  size_t n;
  ThValue arguments[];
} ThVariable;

/* In object.flags. */
enum {
  TH_VARIABLE_SHOWS_MARGINAL = 1, /* part of a joint law that nobody typed; it shows its own distribution */
  TH_VARIABLE_IS_LAW = 2          /* a new datum that nobody declared: `X ~` of it declares one more */
};

extern const ThKind th_variable_kind; /* "random variable" */
static inline bool th_is_variable(ThValue v) { return th_is(v, &th_variable_kind); }
static inline ThVariable *th_as_variable(ThValue v) { return (ThVariable *)th_as_object(v); }

/* U[10] ~ d: several variables in a vector. Arithmetic goes element by element; sum, mean and any built-in
 * for arrays give a variable. */
typedef struct ThVariableArray {
  ThObject object;
  ThSymbol *name; /* or NULL */
  uint64_t order; /* as above */
  size_t length;
  size_t columns;  /* of a matrix, whose items stand by rows; 0: a vector */
  ThValue items[]; /* variables, or numbers among them */
} ThVariableArray;

extern const ThKind th_variable_array_kind; /* "array of random variables" */
static inline bool th_is_variable_array(ThValue v) { return th_is(v, &th_variable_array_kind); }
static inline ThVariableArray *th_as_variable_array(ThValue v) { return (ThVariableArray *)th_as_object(v); }

/* A distribution some of whose parameters are random variables: what `~` takes in a hierarchy. `given[i]`
 * says which arguments of the constructor (in the order of its signature) are there; the others are unset. */
typedef struct ThConditional {
  ThObject object;
  const ThFamily *family;
  uint64_t order; /* as above */
  size_t n;
  ThValue arguments[]; /* plain values, variables, or unset */
} ThConditional;

extern const ThKind th_conditional_kind; /* "distribution given random variables" */
static inline bool th_is_conditional(ThValue v) { return th_is(v, &th_conditional_kind); }
static inline ThConditional *th_as_conditional(ThValue v) { return (ThConditional *)th_as_object(v); }

/* A variable, or an array or a conditional distribution of some. */
bool th_is_random(ThValue v);

/* Makers; arguments are borrowed. */
TH_CHECKED bool th_variable_new(ThContext *cx, ThSymbol *name, size_t index, ThValue distribution,
                                ThValue *out);
TH_CHECKED bool th_variable_operator(ThContext *cx, ThOperator op, const ThValue *arguments, size_t n,
                                     ThValue *out);
TH_CHECKED bool th_variable_apply(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out);
TH_CHECKED bool th_variable_sum(ThContext *cx, ThValue array, ThValue *out);
TH_CHECKED bool th_variable_index(ThContext *cx, ThValue v, const ThValue *indices, size_t n, ThValue *out);
/* A node of TH_VARIABLE_COMPONENT. */
TH_CHECKED bool th_variable_component(ThContext *cx, const ThValue *arguments, size_t n, ThValue *out);
/* declare.c: the length of what a variable's values are; 0 when they are numbers, or when that is not known. */
TH_CHECKED bool th_variable_length(ThContext *cx, ThValue v, size_t *out);
/* Is it a call of this built-in with one argument? */
bool th_variable_calls(const ThVariable *v, const char *name);
/* Elements are unset: fill them, then call th_variable_array_done. */
TH_CHECKED ThVariableArray *th_variable_array_new(ThContext *cx, ThSymbol *name, size_t length);
void th_variable_array_done(ThContext *cx, ThVariableArray *array);
/* Element i of an array or an array of variables, whose one element stands for all; else v itself. Borrowed. */
ThValue th_variable_element(ThValue v, size_t i);
TH_CHECKED bool th_conditional_new(ThContext *cx, const ThFamily *family, const ThValue *arguments, size_t n,
                                   ThValue *out);

/* v with `to` in place of the node `from`: nodes that do not hang on it are shared. */
TH_CHECKED bool th_variable_replace(ThContext *cx, ThValue v, ThValue from, ThValue to, ThValue *out);
/* The same in n values at once: what several hang on stays one node. */
TH_CHECKED bool th_variable_replace_all(ThContext *cx, const ThValue *v, size_t n, ThValue from, ThValue to,
                                        ThValue *out);

/* What the language calls (lang/session.h, ThLanguageHooks). */
TH_CHECKED bool th_variable_declare(ThContext *cx, ThSymbol *name, ThValue distribution, size_t count,
                                    ThValue *out);
/* A new datum, or a vector of them, with this law: as if it were declared, but it stands for its law as well. */
TH_CHECKED bool th_variable_predicted(ThContext *cx, ThSymbol *name, ThValue law, ThValue *out);
/* What th_variable_declare made gets another distribution: the variable itself stays. */
TH_CHECKED bool th_variable_redeclare(ThContext *cx, ThValue variable, ThValue distribution);
/* Is v the variable or an element of it, or does it hang on it, or does something in a list or a record v? */
TH_CHECKED bool th_variable_hangs_on(ThContext *cx, ThValue v, ThValue variable, bool *out);
TH_CHECKED bool th_variable_choose(ThContext *cx, ThValue condition, ThValue yes, ThValue no, ThValue *out);
/* simulation.c: the value of a function that declares variables and goes on as they turn out. */
TH_CHECKED bool th_variable_simulate(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out);
bool th_variable_is_random(ThValue v);

/* Appends "X" or "U[3]" for a declared variable, the expression for any other; at most `limit` bytes or
 * so. */
TH_CHECKED bool th_variable_text(ThContext *cx, ThValue v, size_t limit, ThText *out);

#endif
