/* traced.h - values that remember how they were computed */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_TRACED_H
#define TH_VAL_TRACED_H

#include "num/random.h"
#include "val/graph.h"

/* A function is traced by calling it with these in place of numbers and arrays: every operation on one gives one, and
 * adds a node to its graph. The values are those that the function has without tracing, and so are its errors. A
 * decision that hangs on one is noted in the graph (ThGuard). */
typedef struct ThTraced {
  ThObject object;
  ThGraph *graph; /* counted */
  ThNodeId node;
} ThTraced;

extern const ThKind th_traced_kind;
static inline bool th_is_traced(ThValue v) { return th_is(v, &th_traced_kind); }
static inline ThTraced *th_as_traced(ThValue v) { return (ThTraced *)th_as_object(v); }

TH_CHECKED bool th_traced_new(ThContext *cx, ThGraph *g, ThNodeId node, ThValue *out);
/* The value at the point where the graph is traced, in lists too: owned; of other values themselves, retained. */
TH_CHECKED bool th_traced_value(ThContext *cx, ThValue v, ThValue *out);
/* The same, of a value that decides what is computed: the graph notes it. */
TH_CHECKED bool th_traced_settle(ThContext *cx, ThValue v, ThValue *out);
/* Random variables that a traced function meets: one outcome after the other, values stand for them. A variable that
 * has none yet is `missing`, and the function fails; whoever runs it knows what to do. */
enum { TH_MAX_STAND_INS = 16 };
typedef struct ThStandIns {
  size_t n;
  ThValue variables[TH_MAX_STAND_INS], values[TH_MAX_STAND_INS];
  ThValue missing; /* owned, or none */
} ThStandIns;
/* Is it a value that is known by its distribution only? */
bool th_is_undecided(ThValue v);

/* The graph of the first traced value among n, NULL when there is none. Of lists those that hold distributions count;
 * a built-in that takes a list of numbers goes through it itself. */
ThGraph *th_traced_graph(const ThValue *values, size_t n);
/* The shape of an array, or of a traced value with axes; false for anything else. */
bool th_traced_shape(ThValue v, uint32_t *rank, const size_t **shape);
/* v as a node of g: its own, or a constant of a number or array. False with an error for others, and for what
 * belongs to another graph. */
TH_CHECKED bool th_traced_node(ThContext *cx, ThGraph *g, ThValue v, ThNodeId *out);

/* What a built-in does when it is given traced values: a rule by its name. `args` are the bound arguments as the body
 * gets them, traced ones as plain values; nodes[i] is the node of args[i], TH_ZERO when that is not traced. `result` is
 * what the body made of them. */
typedef struct ThTracedCall {
  ThGraph *g;
  const char *name;
  const ThValue *args;
  const ThNodeId *nodes;
  const ThValue *given; /* the arguments as they were given: traced ones, and what holds them */
  size_t n_args;
  ThValue result;
  ThRandom before; /* the generator as it was when the body began */
} ThTracedCall;
typedef struct ThTraceRule {
  const char *name;
  /* Gives the traced result. */
  bool (*trace)(ThContext *cx, const ThTracedCall *call, ThValue *out);
} ThTraceRule;

/* For rules: argument i as a node, a constant when it is not traced; */
ThNodeId th_traced_argument(const ThTracedCall *call, size_t i);
/* the result, which is `node`, and has the value that the body gave. */
TH_CHECKED bool th_traced_give(ThContext *cx, const ThTracedCall *call, ThNodeId node, ThValue *out);
/* A rule: the result hangs on the values, but not smoothly (a count, a position): the plain value, good for these
 * inputs only. */
TH_CHECKED bool th_trace_plain(ThContext *cx, const ThTracedCall *call, ThValue *out);

#endif
