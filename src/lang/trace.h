/* trace.h - running a function on traced values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_TRACE_H
#define TH_LANG_TRACE_H

#include "val/traced.h"

/* One run of a function: its graph, the leaves of the argument that is differentiated by (val/leaves.h) as nodes that
 * nothing else is, and its value. */
typedef struct ThTrace {
  ThContext *cx;
  ThGraph *graph;
  ThValue point;    /* the argument */
  ThValue traced;   /* and what the function gets in its place */
  ThNodeId *inputs; /* one a leaf */
  size_t n_inputs, capacity;
  ThValue result; /* traced, or plain when it does not hang on the argument */
  bool is_nested; /* the argument, or something in it, is traced already: the graph is that one's */
} ThTrace;

/* Runs f(args …), traced in the first argument. */
TH_CHECKED bool th_trace(ThContext *cx, ThValue f, const ThArguments *args, ThTrace *out);
/* The same in two steps: the graph with its inputs, then the run. When one fails the trace is cleared. */
TH_CHECKED bool th_trace_begin(ThContext *cx, ThValue point, ThTrace *out);
TH_CHECKED bool th_trace_call(ThTrace *trace, ThValue f, const ThArguments *args);
void th_trace_clear(ThTrace *trace);
/* The argument's form with nodes[i] (TH_ZERO: zeros) in place of leaf i: plain values, or traced ones of a trace
 * that is nested. */
TH_CHECKED bool th_trace_give(ThTrace *trace, const ThNodeId *nodes, ThValue *out);
/* The same of one node. */
TH_CHECKED bool th_trace_give_one(ThTrace *trace, ThNodeId node, ThValue *out);
/* The node of the result; *hangs is false, and there is none, when the function is constant. An error when the result
 * is no number and no array. */
TH_CHECKED bool th_trace_result(ThTrace *trace, const char *name, ThNodeId *out, bool *hangs);

/* Is the result one real number? Otherwise an error with a hint. */
TH_CHECKED bool th_trace_check_number(ThTrace *trace, const char *name, ThNodeId result);

#endif
