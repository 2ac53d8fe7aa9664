/* relative.c - a parameter by where it lies within a range that hangs on other parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/relative.h"

#include <math.h>

#include "lang/builtin.h"
#include "val/traced.h"

static bool is_end(ThValue v) {
  double x;
  return !th_to_number(v, &x) || isfinite(x);
}

/* Is it one number, which all elements of a vector share? */
static bool is_shared(ThValue v) {
  double x;
  return th_to_number(v, &x) ||
         (th_is_traced(v) && th_node(th_as_traced(v)->graph, th_as_traced(v)->node)->rank == 0);
}

static bool between(ThContext *cx, ThEnds ends, ThValue v, size_t count, ThValue *x, ThValue *log_volume) {
  ThValue width, part, log_width;
  if (!th_binary(cx, TH_OP_SUBTRACT, ends.upper, ends.lower, 0, &width)) return false;
  bool ok = th_binary(cx, TH_OP_MULTIPLY, width, v, 0, &part);
  if (ok) {
    ok = th_binary(cx, TH_OP_ADD, ends.lower, part, 0, x);
    th_release(part);
  }
  if (!ok) {
    th_release(width);
    return false;
  }
  ok = th_builtin_call(cx, "log", &width, 1, &log_width);
  if (ok) {
    double each = is_shared(width) ? (double)count : 1;
    ok = th_binary(cx, TH_OP_MULTIPLY, log_width, th_number(each), 0, log_volume);
    th_release(log_width);
  }
  th_release(width);
  if (!ok) th_release(*x);
  return ok;
}

bool th_relative_value(ThContext *cx, ThEnds ends, ThValue v, size_t count, ThValue *x, ThValue *log_volume) {
  *log_volume = th_number(0);
  if (is_end(ends.lower) && is_end(ends.upper)) return between(cx, ends, v, count, x, log_volume);
  if (is_end(ends.lower)) return th_binary(cx, TH_OP_ADD, ends.lower, v, 0, x);
  return th_binary(cx, TH_OP_SUBTRACT, ends.upper, v, 0, x);
}

bool th_relative_within(ThContext *cx, ThEnds ends, ThValue x, ThValue *log_density) {
  ThValue above, below = th_none(), args[3] = {th_none(), th_number(0), th_number(-(double)INFINITY)};
  if (!th_binary(cx, TH_OP_GREATER, x, ends.lower, 0, &above)) return false;
  bool ok = th_binary(cx, TH_OP_LESS, x, ends.upper, 0, &below) &&
            th_binary(cx, TH_OP_AND, above, below, 0, &args[0]);
  ok = ok && th_builtin_call(cx, "where", args, 3, log_density);
  th_release(above);
  th_release(below);
  th_release(args[0]);
  return ok;
}

bool th_relative_ranges(const ThRecording *r, double *lower, double *upper, double *x) {
  for (size_t j = 0; j < r->n_elements; j++) {
    ThEndsKind kind;
    if (!th_ends_kind(r, j, &kind)) return false;
    if (!kind.hangs) continue;
    bool both = kind.is_below && kind.is_above;
    if (lower) lower[j] = 0;
    if (upper) upper[j] = both ? 1 : (double)INFINITY;
    if (x) x[j] = both ? 0.5 : 1;
  }
  return true;
}
