/* oracle.h - a function whose calls are counted */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_ORACLE_H
#define TH_INFER_ORACLE_H

#include "infer/objective.h"
#include "val/value.h"

/* Calling it calls the function; its field `calls` is a record of what was asked. */
typedef struct ThOracle {
  ThObject object;
  ThValue function;
  ThCalls calls;
} ThOracle;

extern const ThKind th_oracle_kind; /* "oracle" */
static inline bool th_is_oracle(ThValue v) { return th_is(v, &th_oracle_kind); }
static inline ThOracle *th_as_oracle(ThValue v) { return (ThOracle *)th_as_object(v); }

TH_CHECKED bool th_oracle_new(ThContext *cx, ThValue function, ThValue *out);
/* Calls as a record: value, gradient, hessian. */
TH_CHECKED bool th_calls_record(ThContext *cx, const ThCalls *calls, ThValue *out);
/* Appends "48 values, 48 gradients". */
void th_calls_format(const ThCalls *calls, ThText *out);

#endif
