/* trace_function.h - functions that have captured traced values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_TRACE_FUNCTION_H
#define TH_LANG_TRACE_FUNCTION_H

#include "val/traced.h"

/* The graph that a value hangs on: of what a function captured, directly, in lists and records, or by way of another
 * function; NULL when there is none. Other values than functions count for nothing. */
ThGraph *th_trace_function_graph(ThValue function);
/* The same of the first function among n values that hangs on one. */
ThGraph *th_trace_functions_graph(const ThValue *values, size_t n);
/* The function as it is without tracing, with plain values for the traced ones among what it captured: owned. Itself,
 * retained, when it hangs on no graph. */
TH_CHECKED bool th_trace_function_plain(ThContext *cx, ThValue function, ThValue *out);

#endif
