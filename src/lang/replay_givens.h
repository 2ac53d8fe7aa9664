/* replay_givens.h - what a replayed function reads besides its argument */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_REPLAY_GIVENS_H
#define TH_LANG_REPLAY_GIVENS_H

#include "lang/trace.h"
#include "lang/vm.h"

/* A global, or a value that the function captured; and its value when it was traced. One that is a number or an array
 * and has changed before is open: an input of the graph. A batch of data that is another one at each step is such. */
typedef struct ThGiven {
  bool is_global, is_open;
  uint32_t index; /* of the symbol, or among the captured values */
  ThValue value;
  ThNodeId node; /* open: its input */
  double number; /* open: where a number is read from */
} ThGiven;

/* Zero but for cx is none. */
typedef struct ThGivens {
  ThContext *cx;
  ThGiven *items;
  size_t n, capacity;
  bool keeps_globals; /* none is opened (ThGraph.keeps_globals) */
} ThGivens;

void th_givens_clear(ThGivens *givens);
/* Does what was traced hold for the values of now? What has changed will be an input of the next trace. */
bool th_givens_hold(ThGivens *givens, ThValue function);
/* After a trace: what the function captured, and the globals that it read, values retained so that they do not change
 * in place. */
TH_CHECKED bool th_givens_note(ThGivens *givens, ThValue function, const ThReads *reads);
/* th_trace_call with inputs of the graph in place of what is open. */
TH_CHECKED bool th_givens_call(ThGivens *givens, ThTrace *trace, ThValue function);
size_t th_givens_count_open(const ThGivens *givens);
/* The nodes of what is open, and where their numbers are now. */
void th_givens_nodes(const ThGivens *givens, ThNodeId *nodes);
void th_givens_feed(ThGivens *givens, const double **inputs);

#endif
