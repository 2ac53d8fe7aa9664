/* trace_root.c - derivatives of roots */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Newton's step x - f(x)/f'(x) leaves a root where it is, but its derivatives are those of the root: after one step the
 * first, after two steps up to the third. */
#include <float.h>
#include <math.h>

#include "lang/trace.h"
#include "lang/trace_calculus.h"
#include "val/basic.h"
#include "val/derivative.h"
#include "val/operations.h"

/* f(x) and f'(x) as nodes, x traced. */
static bool slope_at(ThContext *cx, ThGraph *g, ThValue f, ThValue x, ThNodeId *value, ThNodeId *slope) {
  ThTrace t;
  bool hangs;
  ThArguments args = {.count = 1, .values = &x};
  if (!th_trace(cx, f, &args, &t)) return false;
  ThNodeId one = th_graph_number(g, 1);
  bool ok = th_trace_result(&t, "root", value, &hangs) && th_trace_check_number(&t, "root", *value) &&
            th_push_forward(g, *value, t.inputs, &one, 1, slope);
  th_trace_clear(&t);
  return ok;
}

static bool check_slope(ThContext *cx, ThGraph *g, ThNodeId slope, double root) {
  ThValue v = th_number(0);
  if (slope != TH_ZERO && !th_graph_value(g, slope, &v)) return false;
  double at = th_as_scalar(v);
  if (at != 0 && fabs(at) <= DBL_MAX) return true;
  return th_fail_argument(cx, 1, TH_ERROR_NUMERIC,
                          "the root at %.6g has no derivative: that of the function is %.6g there", root, at);
}

static bool newton_step(ThContext *cx, const ThTracedCall *call, ThNodeId *x, double root) {
  ThGraph *g = call->g;
  ThNodeId value, slope;
  ThValue at;
  if (!th_traced_new(cx, g, *x, &at)) return false;
  bool ok = slope_at(cx, g, call->given[0], at, &value, &slope);
  th_release(at);
  if (!ok || !check_slope(cx, g, slope, root)) return false;
  *x = th_subtract(g, *x, th_divide(g, value, slope));
  return !g->failed;
}

bool th_trace_root(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThTracedCall plain = *call; /* with a number in place of an estimate */
  if (!th_decay(cx, call->result, &plain.result)) return false;
  double root = th_as_scalar(plain.result);
  ThNote note = th_note_pause(cx);
  call->g->is_bound = true; /* the steps begin at the root for these values */
  ThNodeId x = th_graph_number(call->g, root);
  bool ok = newton_step(cx, call, &x, root);
  if (ok) th_graph_give_value(call->g, x, plain.result);
  ok = ok && newton_step(cx, call, &x, root) && th_traced_give(cx, &plain, x, out);
  th_note_resume(cx, note);
  th_release(plain.result);
  return ok;
}
