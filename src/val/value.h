/* value.h - the tagged word, counted objects, kinds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_VALUE_H
#define TH_VAL_VALUE_H

#include <string.h>

#include "base/context.h"
#include "base/text.h"

/* A value is one 64-bit word. A double is itself. The words from 0xFFF9… on, which no arithmetic
 * produces (the machine's own NaN is 0xFFF8…), are the rest: booleans, none, "unset", and pointers to
 * counted objects. A value whose type is `ThValue` in a parameter list is borrowed; results written to
 * `ThValue *out` are owned by the caller. */
typedef struct ThValue {
  uint64_t bits;
} ThValue;

#define TH_TAG_BOOL 0xFFF9000000000000u
#define TH_TAG_NONE 0xFFFA000000000000u
#define TH_TAG_UNSET 0xFFFB000000000000u
#define TH_TAG_OBJECT 0xFFFC000000000000u
#define TH_POINTER_MASK 0x0000FFFFFFFFFFFFu

typedef struct ThKind ThKind;
typedef struct ThSymbol ThSymbol;

/* The head of every object. The heap is where it goes back to. */
typedef struct ThObject {
  const ThKind *kind;
  ThHeap *heap;
  uint32_t references;
  uint32_t flags; /* the kind's own use */
} ThObject;

static inline bool th_is_number(ThValue v) { return v.bits < TH_TAG_BOOL; }
static inline bool th_is_bool(ThValue v) { return (v.bits & ~1ull) == TH_TAG_BOOL; }
static inline bool th_is_none(ThValue v) { return v.bits == TH_TAG_NONE; }
static inline bool th_is_unset(ThValue v) { return v.bits == TH_TAG_UNSET; }
static inline bool th_is_object(ThValue v) { return v.bits >= TH_TAG_OBJECT; }

/* A number; any NaN becomes the one NaN that cannot be mistaken for a tag. */
static inline ThValue th_number(double x) {
  ThValue v;
  if (x != x) return (ThValue){0x7FF8000000000000u};
  memcpy(&v, &x, sizeof v);
  return v;
}
static inline ThValue th_bool(bool b) { return (ThValue){TH_TAG_BOOL | (uint64_t)b}; }
static inline ThValue th_none(void) { return (ThValue){TH_TAG_NONE}; }
static inline ThValue th_unset(void) { return (ThValue){TH_TAG_UNSET}; }
static inline ThValue th_object(void *object) {
  return (ThValue){TH_TAG_OBJECT | (uint64_t)(uintptr_t)object};
}

static inline double th_as_number(ThValue v) {
  double x;
  memcpy(&x, &v, sizeof x);
  return x;
}
static inline bool th_as_bool(ThValue v) { return v.bits & 1; }
static inline ThObject *th_as_object(ThValue v) { return (ThObject *)(uintptr_t)(v.bits & TH_POINTER_MASK); }
/* NULL for what is no object. */
static inline const ThKind *th_kind_of(ThValue v) { return th_is_object(v) ? th_as_object(v)->kind : NULL; }
static inline bool th_is(ThValue v, const ThKind *kind) {
  return th_is_object(v) && th_as_object(v)->kind == kind;
}

/* A number or a boolean, as a double. */
static inline bool th_is_scalar(ThValue v) { return th_is_number(v) || th_is_bool(v); }
static inline double th_as_scalar(ThValue v) {
  return th_is_bool(v) ? (double)th_as_bool(v) : th_as_number(v);
}

void th_object_release(ThObject *object); /* the last reference is gone: the kind's release */

static inline ThValue th_retain(ThValue v) {
  if (th_is_object(v)) th_as_object(v)->references++;
  return v;
}
static inline void th_release(ThValue v) {
  if (th_is_object(v) && --th_as_object(v)->references == 0) th_object_release(th_as_object(v));
}
/* *slot = value, which is taken over; what the slot held is released. */
static inline void th_replace_take(ThValue *slot, ThValue value) {
  ThValue old = *slot;
  *slot = value;
  th_release(old);
}
void th_release_all(ThValue *values, size_t count);

/* A new object of `size` bytes with its head filled and the rest zero; one reference. */
TH_CHECKED void *th_object_new(ThContext *cx, const ThKind *kind, size_t size);
void th_object_free(ThObject *object, size_t size); /* gives the bytes back; called by kinds' release */

/* Arithmetic, comparison and logic. TH_OP_NEGATE and TH_OP_NOT and TH_OP_TRANSPOSE take one operand. */
typedef enum ThOperator {
  TH_OP_ADD,
  TH_OP_SUBTRACT,
  TH_OP_MULTIPLY,
  TH_OP_DIVIDE,
  TH_OP_REMAINDER,
  TH_OP_POWER,
  TH_OP_EQUAL,
  TH_OP_NOT_EQUAL,
  TH_OP_LESS,
  TH_OP_LESS_EQUAL,
  TH_OP_GREATER,
  TH_OP_GREATER_EQUAL,
  TH_OP_AND,
  TH_OP_OR,
  TH_OP_MATRIX_PRODUCT,
  TH_OP_SOLVE,
  TH_OP_IN,
  TH_OP_NEGATE,
  TH_OP_NOT,
  TH_OP_TRANSPOSE,
  TH_OP_INVERSE,
  TH_N_OPERATORS
} ThOperator;

const char *th_operator_text(ThOperator op); /* "+", "<=", … */

/* Which operands an operation may overwrite when it holds their last reference. */
enum { TH_REUSE_LEFT = 1, TH_REUSE_RIGHT = 2 };

/* The arguments of a call: positional ones have a NULL name. names may be NULL. */
typedef struct ThArguments {
  size_t count;
  const ThValue *values;
  ThSymbol *const *names;
  bool given_up; /* the caller drops its references to the values after the call */
} ThArguments;

/* How a value is printed. */
typedef enum ThStyle {
  TH_STYLE_ECHO,   /* on lines of its own, arrays as aligned columns; may span lines */
  TH_STYLE_INLINE, /* on one line, inside other text: [1, 2, 3] */
  TH_STYLE_SOURCE  /* on one line, complete, can be read back: strings quoted, 17 digits where needed */
} ThStyle;

struct ThGraph;
struct ThTracedCall;

/* A field that every value of a kind has, and in a line what it is. */
typedef struct ThFieldNote {
  const char *name, *brief;
} ThFieldNote;

/* A type of value. Any member but name and release may be NULL: the kind then lacks the ability, and the
 * generic functions below say so. Lower layers define the basic kinds; upper ones add theirs. */
struct ThKind {
  const char *name; /* "array": as messages and typeof() say it */
  void (*release)(ThObject *self);
  /* Appends the value as text (NULL: "<name>"). */
  bool (*format)(ThContext *cx, ThValue self, ThStyle style, ThText *out);
  /* One bool for == of the two, both of this kind. */
  bool (*equal)(ThContext *cx, ThValue a, ThValue b, bool *out);
  /* self[indices] ; an index that is TH_TAG_NONE is a bare `:` */
  bool (*get_index)(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out);
  /* *self (the only reference) changed in place: self[indices] = value */
  bool (*set_index)(ThContext *cx, ThValue *self, const ThValue *indices, size_t n, ThValue value);
  /* The length along 0-based axis; axis SIZE_MAX is the number of elements that a loop runs over */
  bool (*length)(ThContext *cx, ThValue self, size_t axis, size_t *out);
  bool (*get_field)(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out);
  bool (*set_field)(ThContext *cx, ThValue *self, ThSymbol *name, ThValue value);
  /* The i-th field's name, NULL after the last, or with an error: for completion and did-you-mean */
  ThSymbol *(*field_name)(ThContext *cx, ThValue self, size_t i);
  /* The i-th field that all values have, NULL after the last: for the help */
  const ThFieldNote *(*field_note)(size_t i);
  bool (*call)(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out);
  /* One of the operands is of this kind; `reuse` as above. */
  bool (*binary)(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out);
  bool (*unary)(ThContext *cx, ThOperator op, ThValue a, ThValue *out);
  /* The plain value this one stands for (estimate: its number; range: its array) */
  bool (*decay)(ThContext *cx, ThValue self, ThValue *out);
  /* The same where the value decides what is computed: a condition, the end of a range, an index. NULL: decay. */
  bool (*settle)(ThContext *cx, ThValue self, ThValue *out);
  /* *array[indices] = value, a value of this kind and an array of plain numbers, which may become another kind */
  bool (*put_into)(ThContext *cx, ThValue *array, const ThValue *indices, size_t n, ThValue value);
  /* Adds what it shows to a ThFigure (val/figure.h) */
  bool (*plot)(ThContext *cx, ThValue self, void *figure);
  /* A figure that is drawn when echoed sets this. */
  bool (*echo)(ThContext *cx, ThValue self);
  /* Binary operators prefer the kind of higher rank when both operands have `binary`. */
  int rank;
  /* A built-in that does not accept this kind by name is called through this instead (random variables:
   * a lifted call). */
  bool (*lift_call)(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out);
  /* [ … ] of items of this kind, and scalars among them, makes this; NULL: a list. */
  bool (*stack)(ThContext *cx, const ThValue *items, size_t n, ThValue *out);
  /* A built-in verb (mean, pdf, quantile, …) whose first argument is of this kind; args[0] is self, and
   * parameters that were left out are unset. False without an error record: the kind lacks the verb. */
  bool (*verb)(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out);
  /* Of what is differentiated (val/traced.h): its graph, and the value at the point. NULL: none, itself. */
  struct ThGraph *(*graph)(ThValue self);
  bool (*plain)(ThContext *cx, ThValue self, ThValue *out);
  /* A built-in verb whose first argument is of this kind, when something among the arguments is differentiated: as a
   * ThTraceRule. */
  bool (*trace)(ThContext *cx, const struct ThTracedCall *call, ThValue *out);
};

/* "number", "bool", "none", or the kind's name. */
const char *th_type_name(ThValue v);
/* With an article and, for arrays, the shape: "a number", "an array (3, 2)", "a string". */
const char *th_describe(ThValue v, char *buffer, size_t size);

/* A walk through a value that may hold others to any depth enters one, false when it is too deep, and leaves it. */
enum { TH_MAX_DEPTH = 1000 };
TH_CHECKED bool th_nest(ThContext *cx);
void th_unnest(ThContext *cx);

/* The generic operations: each works for every value or fails with a message that names the type. */
TH_CHECKED bool th_format(ThContext *cx, ThValue v, ThStyle style, ThText *out);
TH_CHECKED bool th_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out);
TH_CHECKED bool th_unary(ThContext *cx, ThOperator op, ThValue a, ThValue *out);
TH_CHECKED bool th_equal(ThContext *cx, ThValue a, ThValue b,
                         bool *out); /* deep; arrays of one shape, all equal */
TH_CHECKED bool th_get_index(ThContext *cx, ThValue v, const ThValue *indices, size_t n, ThValue *out);
TH_CHECKED bool th_set_index(ThContext *cx, ThValue *v, const ThValue *indices, size_t n, ThValue value);
TH_CHECKED bool th_get_field(ThContext *cx, ThValue v, ThSymbol *name, ThValue *out);
TH_CHECKED bool th_set_field(ThContext *cx, ThValue *v, ThSymbol *name, ThValue value);
TH_CHECKED bool th_length(ThContext *cx, ThValue v, size_t axis, size_t *out);
TH_CHECKED bool th_call(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out);
TH_CHECKED bool th_call_values(ThContext *cx, ThValue f, const ThValue *values, size_t n, ThValue *out);
/* v itself, retained, or what it decays to. */
TH_CHECKED bool th_decay(ThContext *cx, ThValue v, ThValue *out);
/* The same where v decides what is computed. */
TH_CHECKED bool th_settle(ThContext *cx, ThValue v, ThValue *out);
/* A condition: a bool, or exactly 0 or 1; else an error that says what was got. */
TH_CHECKED bool th_condition(ThContext *cx, ThValue v, bool *out);
/* The hint of that error for a condition that reads `text`; false. */
bool th_condition_hint(ThContext *cx, ThValue v, const char *text);
/* A real number out of a number, bool or estimate. */
bool th_to_number(ThValue v, double *out);

#endif
