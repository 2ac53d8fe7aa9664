/* trace_ode.c - derivatives of ode: its steps once more, as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plain solution decides on the steps. With these given every method is a formula of the start and of what the
 * right-hand side has captured, and is differentiated as such. A replay keeps the steps of the explicit method as long
 * as their estimated errors remain near the tolerance: that is a guard of the graph. */
#include "lang/trace_ode.h"

#include <string.h>

#include "lang/trace_calculus.h"
#include "lang/trace_support.h"
#include "num/ode_size.h"
#include "val/basic.h"
#include "val/operations.h"

enum { F, START, TIMES, TOLERANCE, METHOD, SUBSTEPS };
enum { MOST_STEPS = 20000 };

/* --- The plain solution */

static bool grow(ThOdeWalk *w) {
  ThContext *cx = w->g->cx;
  size_t old = w->step_capacity, capacity = old ? 2 * old : 64, width = 3 * w->plain.state->n;
  double *steps = th_resize(cx, w->steps, 2 * old * sizeof *steps, 2 * capacity * sizeof *steps);
  if (!steps) return false;
  w->steps = steps;
  if (w->has_stages) {
    double *stages = th_resize(cx, w->stages, width * old * sizeof *stages,
                               width * capacity * sizeof *stages);
    if (!stages) {
      w->steps = th_resize(cx, steps, 2 * capacity * sizeof *steps, 2 * old * sizeof *steps);
      return false;
    }
    w->stages = stages;
  }
  w->step_capacity = capacity;
  return true;
}

/* Each step is some hundred nodes. */
static bool fail_steps(const ThOdeWalk *w, double t) {
  ThContext *cx = w->g->cx;
  th_fail_argument(cx, 1, TH_ERROR_NUMERIC,
                   "%d steps are too many for a derivative: they reached only t = %.6g", MOST_STEPS, t);
  return !w->has_stages && th_hint(cx, "if the equation is stiff there: `method = \"stiff\"`");
}

static bool note_step(void *self, double t, double h, const double *stages) {
  ThOdeWalk *w = self;
  size_t width = 3 * w->plain.state->n;
  if (w->n_steps == MOST_STEPS) return fail_steps(w, t);
  if (w->n_steps == w->step_capacity && !grow(w)) return false;
  w->steps[2 * w->n_steps] = t;
  w->steps[2 * w->n_steps + 1] = h;
  if (stages) memcpy(w->stages + w->n_steps * width, stages, width * sizeof *stages);
  w->n_steps++;
  return true;
}

static void clear_walk(ThOdeWalk *w, size_t n_times) {
  ThContext *cx = w->g->cx;
  size_t width = 3 * w->plain.state->n;
  if (w->steps) th_free(cx, w->steps, 2 * w->step_capacity * sizeof *w->steps);
  if (w->stages) th_free(cx, w->stages, width * w->step_capacity * sizeof *w->stages);
  if (w->rows) th_free(cx, w->rows, n_times * sizeof *w->rows);
  th_state_function_clear(&w->plain);
}

/* --- Nodes */

/* The same as doubles, or as complex numbers when the state is complex. */
static ThNodeId as_state(ThOdeWalk *w, ThNodeId node) {
  ThElement wanted = w->plain.state->like->element;
  if (w->g->failed || th_node(w->g, node)->element == wanted) return node;
  ThNodeId zero = th_graph_number(w->g, 0);
  if (wanted == TH_COMPLEX) zero = th_graph_binary(w->g, &th_op_multiply, zero, th_imaginary_unit(w->g));
  return th_graph_binary(w->g, &th_op_add, node, zero);
}

ThNodeId th_trace_call_at(ThGraph *g, ThValue f, double t, ThNodeId y) {
  ThValue arguments[2] = {th_number(t), th_none()}, slope;
  ThNodeId node = 0;
  if (g->failed || !th_poll(g->cx) || !th_traced_new(g->cx, g, y, &arguments[1])) {
    g->failed = true;
    return 0;
  }
  bool ok = th_call_values(g->cx, f, arguments, 2, &slope);
  th_release(arguments[1]);
  if (ok) {
    ok = th_traced_node(g->cx, g, slope, &node);
    th_release(slope);
  }
  if (!ok) g->failed = true;
  return ok ? node : 0;
}

ThNodeId th_ode_walk_slope(ThOdeWalk *w, double t, ThNodeId y) {
  return as_state(w, th_trace_call_at(w->g, w->f, t, y));
}

/* y + h Σ weights[j] k[j] */
static ThNodeId moved(const ThOdeWalk *w, double h, const double *weights, const ThNodeId *k, size_t n) {
  double all[TH_COMBINE_MOST] = {1};
  ThNodeId nodes[TH_COMBINE_MOST] = {w->y};
  for (size_t j = 0; j < n; j++) {
    all[j + 1] = h * weights[j];
    nodes[j + 1] = k[j];
  }
  return th_combine(w->g, all, nodes, n + 1);
}

/* --- Dormand and Prince */

/* y at t + s h, from y and its slope k[0] at the beginning and z and k[6] at the end. */
static ThNodeId between(const ThOdeWalk *w, double h, double s, ThNodeId z, const ThNodeId *k) {
  double r = 1 - s, end = s - s * r + 2 * s * s * r, weights[TH_ODE_STAGES + 2] = {1 - end, end};
  ThNodeId nodes[TH_ODE_STAGES + 2] = {w->y, z};
  for (size_t j = 0; j < TH_ODE_STAGES; j++) {
    weights[j + 2] = s * s * r * r * h * th_ode_dense[j];
    nodes[j + 2] = k[j];
  }
  weights[2] += h * (s * r - s * s * r);
  weights[TH_ODE_STAGES + 1] -= h * s * s * r;
  return th_combine(w->g, weights, nodes, TH_ODE_STAGES + 2);
}

/* From k[0] = f(t, y): the stages, and the state after the step. */
static ThNodeId take_stages(ThOdeWalk *w, double t, double h, ThNodeId *k) {
  ThNodeId z = w->y;
  for (size_t j = 1; j < TH_ODE_STAGES; j++) {
    z = moved(w, h, th_ode_a[j], k, j);
    k[j] = th_ode_walk_slope(w, t + th_ode_c[j] * h, z);
  }
  return z;
}

/* The estimated error of the step with these stages. */
static ThNodeId error_of(const ThOdeWalk *w, double h, const ThNodeId *k) {
  double weights[TH_ODE_STAGES];
  for (size_t j = 0; j < TH_ODE_STAGES; j++) weights[j] = h * th_ode_error[j];
  return th_combine(w->g, weights, k, TH_ODE_STAGES);
}

/* Errors in a replay may be so many times what they may be where the steps are chosen. */
#define SLACK 4.0

/* The mean square of an error in units of what the tolerance allows it, given the sizes of the components. */
static ThNodeId share_of(const ThOdeWalk *w, ThNodeId error, const double *allowed) {
  size_t n = w->plain.state->n;
  ThNodeId units = th_reshape_like(w->g, th_graph_vector(w->g, allowed, n), error);
  ThNodeId share = th_power_to(w->g, th_divide(w->g, error, units), 2);
  return th_scale(w->g, 1 / (double)n, th_sum_all(w->g, share));
}

/* As the solver measures (num/ode_size.h), with what a step begins and ends at; `peaks` holds the largest so far. */
static void measure_step(const ThOdeWalk *w, ThNodeId from, ThNodeId to, double tolerance, double *peaks,
                         double *allowed) {
  size_t n = w->plain.state->n;
  const double *y = th_node_tensor(w->g, from).data, *z = th_node_tensor(w->g, to).data;
  double largest = th_ode_size_update(n, y, peaks);
  th_ode_size_allowed(n, y, z, peaks, largest, tolerance, allowed);
}

/* Is no step's error too large? As a node; `states` (n_steps + 1) and `errors` (n_steps) have their values. */
static ThNodeId steps_hold(const ThOdeWalk *w, const ThNodeId *states, const ThNodeId *errors,
                           double tolerance, double *peaks, double *allowed) {
  ThNodeId worst = th_graph_number(w->g, 0);
  for (size_t i = 0; i < w->n_steps && !w->g->failed; i++) {
    measure_step(w, states[i], states[i + 1], tolerance, peaks, allowed);
    worst = th_graph_binary(w->g, &th_op_maximum, worst, share_of(w, errors[i], allowed));
  }
  return th_graph_binary(w->g, &th_op_less_equal, worst, th_graph_number(w->g, SLACK * SLACK));
}

static bool guard_steps(ThOdeWalk *w, const ThNodeId *states, const ThNodeId *errors, double tolerance) {
  ThContext *cx = w->g->cx;
  size_t n = w->plain.state->n;
  double *peaks = th_alloc_array(cx, 2 * n, sizeof *peaks);
  if (!peaks) return false;
  memset(peaks, 0, 2 * n * sizeof *peaks);
  bool ok = th_graph_evaluate(w->g, states, w->n_steps + 1);
  ThNodeId holds = ok ? steps_hold(w, states, errors, tolerance, peaks, peaks + n) : 0;
  th_free(cx, peaks, 2 * n * sizeof *peaks);
  return ok && !w->g->failed && th_graph_evaluate(w->g, &holds, 1) && th_graph_guard(w->g, holds);
}

static bool walk_steps(ThOdeWalk *w, const ThArray *ts, ThNodeId *states, ThNodeId *errors) {
  ThNodeId k[TH_ODE_STAGES] = {th_ode_walk_slope(w, ts->real[0], w->y)};
  double sign = ts->length > 1 && ts->real[1] < ts->real[0] ? -1 : 1;
  size_t row = 1;
  for (size_t i = 0; i < w->n_steps && !w->g->failed; i++) {
    double t = w->steps[2 * i], h = w->steps[2 * i + 1];
    double after = i + 1 < w->n_steps ? w->steps[2 * i + 2] : ts->real[ts->length - 1];
    ThNodeId z = take_stages(w, t, h, k);
    errors[i] = error_of(w, h, k);
    for (; row < ts->length && sign * (ts->real[row] - after) < 0; row++)
      w->rows[row] = between(w, h, (ts->real[row] - t) / h, z, k);
    w->y = states[i + 1] = z;
    k[0] = k[TH_ODE_STAGES - 1];
    if (row < ts->length && ts->real[row] == after) w->rows[row++] = z;
  }
  return !w->g->failed;
}

static bool walk_adaptive(ThOdeWalk *w, const ThOdeRun *run) {
  ThContext *cx = w->g->cx;
  size_t n = w->n_steps;
  ThNodeId *states = th_alloc_array(cx, 2 * n + 1, sizeof *states);
  if (!states) return false;
  states[0] = w->y;
  bool ok = walk_steps(w, run->times, states, states + n + 1);
  if (w->plain.state->like->element == TH_COMPLEX) w->g->is_bound = true;
  else ok = ok && guard_steps(w, states, states + n + 1, run->tolerance);
  th_free(cx, states, (2 * n + 1) * sizeof *states);
  return ok;
}

/* --- Radau */

static bool walk_stiff(ThOdeWalk *w, const ThArray *ts) {
  size_t row = 1, width = 3 * w->plain.state->n;
  for (size_t i = 0; i < w->n_steps; i++) {
    double after = i + 1 < w->n_steps ? w->steps[2 * i + 2] : ts->real[ts->length - 1];
    if (!th_ode_walk_radau(w, w->steps[2 * i], w->steps[2 * i + 1], w->stages + i * width)) return false;
    if (row < ts->length && ts->real[row] == after) w->rows[row++] = w->y;
  }
  return true;
}

/* --- Fixed steps */

static ThNodeId classical_step(ThOdeWalk *w, double t, double h) {
  static const double at[4] = {0, 0.5, 0.5, 1}, weights[4] = {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6};
  ThNodeId k[4];
  for (size_t j = 0; j < 4; j++)
    k[j] = th_ode_walk_slope(w, t + at[j] * h, j ? moved(w, h, &at[j], &k[j - 1], 1) : w->y);
  return moved(w, h, weights, k, 4);
}

static ThNodeId euler_step(ThOdeWalk *w, double t, double h) {
  ThNodeId k = th_ode_walk_slope(w, t, w->y);
  return moved(w, h, (const double[]){1}, &k, 1);
}

static bool walk_fixed(ThOdeWalk *w, const ThOdeRun *run) {
  const double *times = run->times->real;
  for (size_t row = 1; row < run->times->length; row++) {
    double from = times[row - 1], h = (times[row] - from) / (double)run->substeps;
    for (size_t k = 0; k < run->substeps && !w->g->failed; k++) {
      double t = from + (double)k * h;
      w->y = run->method == TH_ODE_EULER ? euler_step(w, t, h) : classical_step(w, t, h);
    }
    w->rows[row] = w->y;
  }
  return !w->g->failed;
}

/* --- The rule */

/* The adaptive methods choose their steps for these values. */
static bool find_steps(ThContext *cx, ThOdeWalk *w, ThOdeRun *run) {
  ThArray *rows = th_state_rows(cx, w->plain.state, run->times->length);
  if (!rows) return false;
  run->accepted = note_step;
  ThGraph *tracing = cx->tracing;
  cx->tracing = NULL; /* derivatives that the right-hand side takes are not of the graph */
  bool ok = th_ode_run(cx, run, &w->plain, rows->data);
  cx->tracing = tracing;
  th_release(th_object(rows));
  return ok;
}

static bool walk(ThContext *cx, ThOdeWalk *w, ThOdeRun *run) {
  bool fixed = run->method == TH_ODE_EULER || run->method == TH_ODE_RK4;
  w->rows = th_alloc_array(cx, run->times->length, sizeof *w->rows);
  if (!w->rows) return false;
  w->rows[0] = w->y;
  if (fixed) return walk_fixed(w, run);
  if (!find_steps(cx, w, run)) return false;
  if (run->method != TH_ODE_STIFF) return walk_adaptive(w, run);
  w->g->is_bound = true;
  return walk_stiff(w, run->times);
}

static bool trace_state(ThContext *cx, const ThTracedCall *call, ThState *state, ThValue *out) {
  ThOdeRun run = {.method = th_ode_method(th_as_string(call->args[METHOD])->text),
                  .substeps = (size_t)th_as_scalar(call->args[SUBSTEPS]),
                  .tolerance = th_as_scalar(call->args[TOLERANCE]),
                  .times = th_as_array(call->args[TIMES])};
  ThOdeWalk w = {
      .plain = {.cx = cx, .state = state, .f = call->args[F], .argument = 1, .name = "f", .y = "y"},
      .g = call->g,
      .f = call->given[F],
      .has_stages = run.method == TH_ODE_STIFF};
  w.y = as_state(&w, th_traced_argument(call, START));
  bool ok = walk(cx, &w, &run) &&
            th_trace_give_shaped(cx, call, th_join(call->g, w.rows, run.times->length), out);
  clear_walk(&w, run.times->length);
  return ok;
}

bool th_trace_ode(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThState state;
  if (!th_trace_check_plain(cx, call, TIMES, "the times") ||
      !th_trace_check_plain(cx, call, TOLERANCE, "`tol`") ||
      !th_trace_check_plain(cx, call, SUBSTEPS, "`substeps`") ||
      !th_state_init(cx, call->args[START], "`y0` of `ode`", &state))
    return false;
  ThNote note = th_note_pause(cx); /* the plain solution has said it */
  bool ok = trace_state(cx, call, &state, out);
  th_note_resume(cx, note);
  th_state_clear(&state);
  return ok;
}
