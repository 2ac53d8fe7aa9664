/* trace_sde.c - derivatives of sde: the path's steps once more, as nodes, with the same draws */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The draws are given numbers, so that a path is a formula of its start and of what drift and diffusion hang on: the
 * pathwise derivative (Glasserman 2003, section 7.2). */
#include <math.h>
#include <string.h>

#include "lang/state.h"
#include "lang/trace_calculus.h"
#include "lang/trace_ode.h"
#include "lang/trace_support.h"
#include "val/basic.h"
#include "val/operations.h"

enum { DRIFT, DIFFUSION, START, TIMES, SUBSTEPS, METHOD };
enum { MOST_STEPS = 100000 };

typedef struct Walk {
  ThGraph *g;
  const ThState *state;
  ThValue drift, diffusion; /* as they were given: functions, numbers or arrays */
  bool heun;
  ThNodeId x;
} Walk;

static ThNodeId spread(const Walk *w, ThNodeId node) {
  const ThArray *like = w->state->like;
  return th_broadcast_node(w->g, node, w->state->scalar ? 0 : like->rank, like->shape);
}

/* A drift or a diffusion at (t, x), in the state's shape. */
static ThNodeId term(const Walk *w, ThValue f, double t, ThNodeId x) {
  ThNodeId node = 0;
  if (w->g->failed) return 0;
  if (th_is_object(f) && th_as_object(f)->kind->call) node = th_trace_call_at(w->g, f, t, x);
  else if (!th_traced_node(w->g->cx, w->g, f, &node)) w->g->failed = true;
  return w->g->failed ? 0 : spread(w, node);
}

/* Brownian motion's step over h: draws of the state's shape times √|h|. */
static ThNodeId increments(const Walk *w, double h) {
  ThGraph *g = w->g;
  const ThArray *like = w->state->like;
  ThArray *a = g->failed ? NULL : th_array_new(g->cx, TH_DOUBLE, like->rank, like->shape);
  if (!a) {
    g->failed = true;
    return 0;
  }
  th_random_fill_normal(g->cx->random, a->length, a->real);
  for (size_t i = 0; i < a->length; i++) a->real[i] *= sqrt(fabs(h));
  ThNodeId node = th_graph_constant(g, th_object(a));
  th_release(th_object(a));
  return w->state->scalar ? th_reshape(g, node, 0, NULL) : node;
}

/* x + h a + b dw */
static ThNodeId moved(const Walk *w, double h, ThNodeId a, ThNodeId b, ThNodeId dw) {
  ThNodeId nodes[3] = {w->x, a, th_multiply(w->g, b, dw)};
  return w->g->failed ? 0 : th_combine(w->g, (const double[3]){1, h, 1}, nodes, 3);
}

/* The formulas of num/sde.c. */
static void take_step(Walk *w, double t, double h) {
  ThNodeId dw = increments(w, h), a = term(w, w->drift, t, w->x), b = term(w, w->diffusion, t, w->x);
  ThNodeId there = moved(w, h, a, b, dw);
  if (!w->heun) {
    w->x = there;
    return;
  }
  ThNodeId a_there = term(w, w->drift, t + h, there), b_there = term(w, w->diffusion, t + h, there);
  if (w->g->failed) return;
  ThNodeId both_a[2] = {a, a_there}, both_b[2] = {b, b_there};
  static const double halves[2] = {0.5, 0.5};
  w->x = moved(w, h, th_combine(w->g, halves, both_a, 2), th_combine(w->g, halves, both_b, 2), dw);
}

static bool walk(Walk *w, const ThArray *ts, size_t substeps, ThNodeId *rows) {
  rows[0] = w->x;
  if ((ts->length - 1) * substeps > MOST_STEPS)
    return th_fail_argument(w->g->cx, 1, TH_ERROR_LIMIT,
                            "%zu steps are too many for a derivative: at most %d",
                            (ts->length - 1) * substeps, MOST_STEPS);
  for (size_t j = 1; j < ts->length; j++) {
    double from = ts->real[j - 1], h = (ts->real[j] - from) / (double)substeps;
    for (size_t k = 0; k < substeps && !w->g->failed; k++) {
      if (!th_poll(w->g->cx)) return false;
      take_step(w, from + (double)k * h, h);
    }
    rows[j] = w->x;
  }
  return !w->g->failed;
}

static bool trace_state(ThContext *cx, const ThTracedCall *call, const ThState *state, ThValue *out) {
  const ThArray *ts = th_as_array(call->args[TIMES]);
  Walk w = {.g = call->g,
            .state = state,
            .drift = call->given[DRIFT],
            .diffusion = call->given[DIFFUSION],
            .heun = strcmp(th_as_string(call->args[METHOD])->text, "heun") == 0};
  ThNodeId *rows = th_alloc_array(cx, ts->length + 1, sizeof *rows);
  ThRandom after = *cx->random;
  if (!rows) return false;
  w.x = th_traced_argument(call, START);
  *cx->random = call->before;
  bool ok = walk(&w, ts, (size_t)th_as_scalar(call->args[SUBSTEPS]), rows) &&
            th_trace_give_shaped(cx, call, th_join(call->g, rows, ts->length), out);
  *cx->random = after;
  th_free(cx, rows, (ts->length + 1) * sizeof *rows);
  return ok;
}

bool th_trace_sde(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThState state;
  if (!th_trace_check_plain(cx, call, TIMES, "the times") ||
      !th_trace_check_plain(cx, call, SUBSTEPS, "`substeps`") ||
      !th_state_init(cx, call->args[START], "`x0` of `sde`", &state))
    return false;
  bool ok = trace_state(cx, call, &state, out);
  th_state_clear(&state);
  return ok;
}
