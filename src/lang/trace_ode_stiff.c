/* trace_ode_stiff.c - derivatives of ode: a step of Radau's method as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The three stages z solve z = h A f(y + z). From where the plain solution found them a step of Newton's method,
 * z - M⁻¹ (z - h A f(y + z)) with the matrix M of the plain values, leaves them there, but has their first derivative;
 * a second step has the second one too. */
#include <math.h>
#include <string.h>

#include "lang/trace.h"
#include "lang/trace_ode.h"
#include "num/linalg.h"
#include "val/basic.h"
#include "val/derivative.h"
#include "val/operations.h"

enum { STAGES = 3, NEWTON_STEPS = 2 };

/* Radau IIA of order 5 (Hairer and Wanner 1996, IV.5). */
typedef struct Tableau {
  double c[STAGES], a[STAGES][STAGES];
} Tableau;

static Tableau radau(void) {
  double q = sqrt(6);
  return (Tableau){{(4 - q) / 10, (4 + q) / 10, 1},
                   {{(88 - 7 * q) / 360, (296 - 169 * q) / 1800, (3 * q - 2) / 225},
                    {(296 + 169 * q) / 1800, (88 + 7 * q) / 360, (-3 * q - 2) / 225},
                    {(16 - q) / 36, (16 + q) / 36, 1.0 / 9}}};
}

/* --- The matrix */

/* Row i of ∂f/∂y for each of the n components of the value. */
static bool read_rows(ThTrace *t, size_t n, double *jacobian) {
  ThGraph *g = t->graph;
  ThNodeId y, row;
  bool hangs;
  memset(jacobian, 0, n * n * sizeof *jacobian);
  if (!th_trace_result(t, "ode", &y, &hangs)) return false;
  ThNodeId flat = th_flat(g, y);
  for (size_t i = 0; i < n && hangs; i++) {
    ThNodeId seed = th_scatter(g, th_graph_number(g, 1), &i, 1, &n);
    if (!th_pull_back(g, flat, seed, t->inputs, 1, &row)) return false;
    if (row == TH_ZERO) continue;
    if (!th_graph_evaluate(g, &row, 1)) return false;
    memcpy(jacobian + i * n, th_node_tensor(g, row).data, n * sizeof *jacobian);
  }
  return true;
}

/* ∂f/∂y of the plain right-hand side, in a graph of its own. */
static bool find_jacobian(ThOdeWalk *w, double t, ThValue y, double *jacobian) {
  ThContext *cx = w->g->cx;
  ThTrace trace;
  ThGraph *outer = cx->tracing;
  cx->tracing = NULL;
  bool ok = th_trace_begin(cx, y, &trace);
  if (ok) {
    ThValue arguments[2] = {th_number(t), trace.traced};
    cx->tracing = trace.graph;
    ok = th_call_values(cx, w->plain.f, arguments, 2, &trace.result);
    if (!ok) trace.result = th_none();
    ok = ok && read_rows(&trace, w->plain.state->n, jacobian);
    th_trace_clear(&trace);
  }
  cx->tracing = outer;
  return ok;
}

/* M: 1 - h A_ij J(stage j) in block (i, j), its inverse into `inverse`. */
static bool invert(ThOdeWalk *w, const Tableau *tableau, double h, const double *jacobians, double *matrix,
                   double *inverse) {
  size_t n = w->plain.state->n, size = STAGES * n;
  ThSolveReport report;
  for (size_t i = 0; i < size; i++)
    for (size_t j = 0; j < size; j++) {
      const double *jacobian = jacobians + j / n * n * n;
      matrix[i * size + j] = (i == j) - h * tableau->a[i / n][j / n] * jacobian[i % n * n + j % n];
    }
  if (!th_linalg_inverse(w->g->cx, size, matrix, inverse, &report)) return false;
  return report.status != TH_SOLVE_SINGULAR ||
         th_fail(w->g->cx, TH_ERROR_NUMERIC,
                 "a step of the solution has no derivative: its equation is singular");
}

/* The node of the matrix M⁻¹ at the stages. */
static bool matrix_node(ThOdeWalk *w, const Tableau *tableau, double t, double h, const ThNodeId *points,
                        ThNodeId *out) {
  ThContext *cx = w->g->cx;
  size_t n = w->plain.state->n, size = STAGES * n, shape[2] = {size, size},
         count = STAGES * n * n + size * size;
  ThArray *inverse = th_array_new(cx, TH_DOUBLE, 2, shape);
  double *work = inverse ? th_alloc_array(cx, count, sizeof *work) : NULL;
  bool ok = work != NULL;
  for (size_t j = 0; ok && j < STAGES; j++) {
    ThValue y;
    ok = th_graph_value(w->g, points[j], &y);
    if (!ok) break;
    ok = find_jacobian(w, t + tableau->c[j] * h, y, work + j * n * n);
    th_release(y);
  }
  ok = ok && invert(w, tableau, h, work, work + STAGES * n * n, inverse->real);
  if (ok) *out = th_graph_constant(w->g, th_object(inverse));
  if (work) th_free(cx, work, count * sizeof *work);
  if (inverse) th_release(th_object(inverse));
  return ok;
}

/* --- The step */

/* The stages that the plain solution found, in the state's shape. */
static bool known_stages(ThOdeWalk *w, const double *stages, ThNodeId *z) {
  size_t n = w->plain.state->n;
  for (size_t j = 0; j < STAGES; j++) {
    ThValue v;
    if (!th_vector_from(w->g->cx, stages + j * n, n, &v)) return false;
    z[j] = th_reshape_like(w->g, th_graph_constant(w->g, v), w->y);
    th_release(v);
  }
  return true;
}

bool th_ode_walk_radau(ThOdeWalk *w, double t, double h, const double *stages) {
  ThGraph *g = w->g;
  size_t n = w->plain.state->n;
  const Tableau tableau = radau();
  ThNodeId z[STAGES], points[STAGES], slopes[STAGES], rest[STAGES], inverse = 0;
  if (w->plain.state->like->element == TH_COMPLEX)
    return th_fail_argument(g->cx, 2, TH_ERROR_TYPE,
                            "the method \"stiff\" has no derivative when the state is complex");
  if (!known_stages(w, stages, z)) return false;
  for (int turn = 0; turn < NEWTON_STEPS; turn++) {
    for (size_t j = 0; j < STAGES; j++) points[j] = th_add(g, w->y, z[j]);
    if (turn == 0 && (g->failed || !matrix_node(w, &tableau, t, h, points, &inverse))) return false;
    for (size_t j = 0; j < STAGES; j++) slopes[j] = th_ode_walk_slope(w, t + tableau.c[j] * h, points[j]);
    for (size_t j = 0; j < STAGES; j++) {
      const double *a = tableau.a[j];
      rest[j] = th_combine(g, (const double[]){1, -h * a[0], -h * a[1], -h * a[2]},
                           (const ThNodeId[]){z[j], slopes[0], slopes[1], slopes[2]}, STAGES + 1);
    }
    ThNodeId change = th_product_of(g, inverse, th_join(g, rest, STAGES));
    for (size_t j = 0; j < STAGES; j++)
      z[j] = th_subtract(g, z[j], th_reshape_like(g, th_part(g, change, j * n, n), w->y));
  }
  w->y = th_add(g, w->y, z[STAGES - 1]);
  return !g->failed;
}
