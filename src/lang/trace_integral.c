/* trace_integral.c - derivatives of integrals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The panels that the plain integral ended with are kept as they are: the integral is a weighted sum of the function's
 * values at their nodes, which hang on what the function has captured. What was extrapolated at an end is integrated by
 * a rule that is good for algebraic and logarithmic ends and tails (Takahasi and Mori 1974), or, where the function
 * oscillates, over half waves with Euler's weights. The limits hang on it by the integrals from where they are to where
 * they are, whose derivatives are those of the function's. */
#include <float.h>
#include <math.h>

#include "lang/trace_calculus.h"
#include "lang/quadrature.h"
#include "lang/trace_support.h"
#include "num/kronrod.h"
#include "val/basic.h"
#include "val/operations.h"

typedef struct Rule {
  ThPoints f;    /* the plain function; first, since it is what the panels' `self` is */
  double origin; /* of an infinite end: the other one */
  double *x, *weights;
  size_t n, capacity;
} Rule;

/* --- The points of the rule */

/* Points and weights share a block. */
static bool grow(Rule *r, size_t more) {
  ThContext *cx = r->f.cx;
  size_t capacity = 2 * (r->n + more);
  if (r->n + more <= r->capacity) return true;
  double *x = th_alloc_array(cx, 2 * capacity, sizeof *x), *weights = x + capacity;
  if (!x) return false;
  for (size_t i = 0; i < r->n; i++) {
    x[i] = r->x[i];
    weights[i] = r->weights[i];
  }
  if (r->x) th_free(cx, r->x, 2 * r->capacity * sizeof *x);
  r->x = x;
  r->weights = weights;
  r->capacity = capacity;
  return true;
}

static bool add_panel(Rule *r, double from, double to, double factor) {
  double middle = from + 0.5 * (to - from), half = 0.5 * (to - from);
  if (!grow(r, TH_KRONROD_POINTS)) return false;
  for (size_t i = 0; i < TH_KRONROD_POINTS; i++) {
    r->x[r->n] = middle + half * th_kronrod_node(i);
    r->weights[r->n++] = factor * fabs(half) * th_kronrod_weight(i);
  }
  return true;
}

/* Leaves out those of the points from `first` on that add nothing, or where the function is not finite. */
static bool prune(Rule *r, size_t first) {
  ThContext *cx = r->f.cx;
  size_t n = r->n - first, width = th_points_width(&r->f), kept = first;
  double *y = th_alloc_array(cx, n * width + 1, sizeof *y), largest = 0;
  bool ok = y && th_points_call(&r->f, n, r->x + first, y);
  for (size_t i = 0; ok && i < n; i++) { /* y[i]: what point i adds */
    double size = 0;
    for (size_t k = 0; k < width; k++) size = fmax(size, fabs(y[i * width + k]));
    y[i] = size * r->weights[first + i];
    if (y[i] <= DBL_MAX) largest = fmax(largest, y[i]);
  }
  for (size_t i = 0; ok && i < n; i++) {
    if (!(y[i] <= DBL_MAX) || y[i] < 1e-22 * largest || y[i] == 0) continue;
    r->x[kept] = r->x[first + i];
    r->weights[kept++] = r->weights[first + i];
  }
  if (y) th_free(cx, y, (n * width + 1) * sizeof *y);
  if (ok) r->n = kept;
  return ok;
}

/* The rest from `from` to an end. With s from 1 at `from` to 0 there: x = end + (from - end) s, or, when that is
 * infinite, x = origin + (from - origin)/s. And s = 1/(1 + exp(-π sinh u)), in equal steps of u. */
static bool add_rest(Rule *r, double from, double end) {
  const double step = 1.0 / 16, lowest = -6.1, highest = 3.4;
  size_t n = (size_t)((highest - lowest) / step), first = r->n;
  double near = isinf(end) ? r->origin : end, length = from - near;
  if (!grow(r, n)) return false;
  for (size_t i = 0; i < n; i++) {
    double u = lowest + step * (double)i, e = exp(-fabs(M_PI * sinh(u)));
    double small = e / (1 + e), large = 1 / (1 + e), s = u < 0 ? small : large;
    double weight = step * M_PI * cosh(u) * small * large * fabs(length);
    r->x[r->n] = near + (isinf(end) ? length / s : length * s);
    r->weights[r->n] = isinf(end) ? weight / s / s : weight;
    if (r->x[r->n] != near && fabs(r->x[r->n]) <= DBL_MAX && r->weights[r->n] <= DBL_MAX) r->n++;
  }
  return prune(r, first);
}

/* Half waves that count less and less: the share of the subsets of N things that have more than j. */
static bool add_waves(Rule *r, double from, double wave) {
  enum { N = 40 };
  double share = ldexp(1, -N), left = 1;
  for (int j = 0; j < N; j++) {
    left -= share;
    share *= (double)(N - j) / (j + 1);
    if (!add_panel(r, from + j * wave, from + (j + 1) * wave, left)) return false;
  }
  return true;
}

static bool add_part(void *self, double from, double to, double wave, bool extrapolated) {
  Rule *r = self;
  if (!extrapolated) return add_panel(r, from, to, 1);
  return wave > 0 ? add_waves(r, from, to > 0 ? wave : -wave) : add_rest(r, from, to);
}

static void clear_rule(Rule *r) {
  ThContext *cx = r->f.cx;
  th_points_clear(&r->f);
  if (r->x) th_free(cx, r->x, 2 * r->capacity * sizeof *r->x);
}

/* --- The sum as nodes */

static ThNodeId constant_vector(ThGraph *g, const double *x, size_t n) {
  ThValue v;
  if (!th_vector_from(g->cx, x, n, &v)) {
    g->failed = true;
    return 0;
  }
  ThNodeId node = th_graph_constant(g, v);
  th_release(v);
  return node;
}

/* f(x) of the traced function, x a number, an array, or traced. */
static ThNodeId value_at(ThGraph *g, ThValue f, ThValue x) {
  ThValue y;
  ThNodeId node = 0;
  if (g->failed || !th_call_values(g->cx, f, &x, 1, &y)) {
    g->failed = true;
    return 0;
  }
  if (!th_traced_node(g->cx, g, y, &node)) g->failed = true;
  th_release(y);
  return node;
}

/* The function at all points: (n), or (n, length) when its values are arrays. */
static ThNodeId values_at(ThGraph *g, const Rule *r, ThValue f) {
  ThContext *cx = g->cx;
  if (r->f.maps) {
    ThValue x = th_none();
    if (!th_vector_from(cx, r->x, r->n, &x)) g->failed = true;
    ThNodeId all = value_at(g, f, x);
    th_release(x);
    if (!g->failed && th_node(g, all)->rank == 1 && th_node(g, all)->length == r->n) return all;
  }
  ThNodeId *nodes = g->failed ? NULL : th_alloc_array(cx, r->n, sizeof *nodes);
  if (!nodes) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < r->n && !g->failed; i++) nodes[i] = value_at(g, f, th_number(r->x[i]));
  ThNodeId joint = g->failed ? 0 : th_join(g, nodes, r->n);
  th_free(cx, nodes, r->n * sizeof *nodes);
  if (g->failed || !r->f.shape) return joint;
  return th_reshape(g, joint, 2, (const size_t[]){r->n, r->f.shape->length});
}

/* The weighted sum, in the shape of the function's values. */
static ThNodeId sum_of(ThGraph *g, const Rule *r, ThValue f) {
  const ThArray *shape = r->f.shape;
  uint32_t rank = shape ? shape->rank : 0;
  const size_t *lengths = shape ? shape->shape : NULL;
  if (r->n == 0) return th_broadcast_node(g, th_graph_number(g, 0), rank, lengths);
  ThNodeId values = values_at(g, r, f);
  return th_reshape(g, th_product_of(g, constant_vector(g, r->weights, r->n), values), rank, lengths);
}

/* --- The limits */

/* The integral from a limit, where it is now, to the limit: 0, but it has derivatives. Four points of Gauss and
 * Legendre, which is right for seven of them. */
static ThNodeId moved_limit(ThGraph *g, ThValue f, ThNodeId limit, double at) {
  static const double nodes[4] = {0.06943184420297371, 0.33000947820757187, 0.6699905217924281,
                                  0.9305681557970263};
  static const double weights[4] = {0.17392742256872692, 0.32607257743127307, 0.32607257743127307,
                                    0.17392742256872692};
  ThNodeId way = th_subtract(g, limit, th_graph_number(g, at)), sum = TH_ZERO;
  for (size_t i = 0; i < 4 && !g->failed; i++) {
    ThValue x;
    if (!th_traced_new(g->cx, g, th_shift(g, th_scale(g, nodes[i], way), at), &x)) {
      g->failed = true;
      return 0;
    }
    sum = th_add(g, sum, th_scale(g, weights[i], value_at(g, f, x)));
    th_release(x);
  }
  return th_multiply(g, way, sum);
}

static bool is_finite_at(Rule *r, double x, bool *finite) {
  size_t width = th_points_width(&r->f);
  double *y = th_alloc_array(r->f.cx, width, sizeof *y);
  ThGraph *tracing = r->f.cx->tracing;
  r->f.cx->tracing = NULL;
  bool ok = y && th_points_call(&r->f, 1, &x, y);
  r->f.cx->tracing = tracing;
  *finite = true;
  for (size_t k = 0; ok && k < width; k++) *finite = *finite && fabs(y[k]) <= DBL_MAX;
  if (y) th_free(r->f.cx, y, width * sizeof *y);
  return ok;
}

/* What a traced limit adds; an infinite one stays where it is. */
static bool add_limit(ThContext *cx, const ThTracedCall *call, Rule *r, size_t i, ThNodeId *sum) {
  double at = th_as_scalar(call->args[i]);
  bool finite;
  if (call->nodes[i] == TH_ZERO || isinf(at)) return true;
  if (!is_finite_at(r, at, &finite)) return false;
  if (!finite)
    return th_fail_argument(
        cx, (int)i + 1, TH_ERROR_NUMERIC,
        "`integrate` has no derivative by its limit %.6g, where the function is not finite", at);
  ThNodeId moved = moved_limit(call->g, call->given[0], call->nodes[i], at);
  *sum = i == 1 ? th_subtract(call->g, *sum, moved) : th_add(call->g, *sum, moved);
  return !call->g->failed;
}

/* --- The rule */

/* The sum is the integral, or its derivative is not that of the integral. */
static bool check_sum(ThContext *cx, ThGraph *g, ThNodeId sum, const ThQuadrature *q) {
  double off = 0, allowed = 1e-6 * q->result.magnitude + 10 * q->result.error;
  if (g->failed || !th_graph_evaluate(g, &sum, 1)) return false;
  ThTensor values = th_node_tensor(g, sum);
  size_t n = th_tensor_size(&values);
  for (size_t k = 0; k < n && n == q->width; k++) off = fmax(off, fabs(values.data[k] - q->value[k]));
  if (off <= allowed) return true;
  th_fail_argument(cx, 1, TH_ERROR_NUMERIC,
                   "the derivative of this integral is not known: too much of it is extrapolated");
  return th_hint(cx, "substitute a variable in which the range is finite and the function smooth");
}

/* The plain integral once more; derivatives that the function takes are not of the graph. */
static bool find_panels(ThContext *cx, Rule *r, ThQuadrature *q) {
  ThGraph *tracing = cx->tracing;
  cx->tracing = NULL;
  bool ok = th_quadrature_find(cx, &r->f, q);
  cx->tracing = tracing;
  return ok;
}

static bool trace_rule(ThContext *cx, const ThTracedCall *call, Rule *r, ThQuadrature *q, ThValue *out) {
  ThGraph *g = call->g;
  ThTracedCall plain = *call; /* with a number in place of an estimate */
  if (!find_panels(cx, r, q)) return false;
  for (size_t i = 0; i < r->n && q->b < q->a; i++) r->weights[i] = -r->weights[i];
  ThNodeId sum = sum_of(g, r, call->given[0]);
  if (!check_sum(cx, g, sum, q)) return false;
  if (!add_limit(cx, call, r, 1, &sum) || !add_limit(cx, call, r, 2, &sum)) return false;
  if (!th_decay(cx, call->result, &plain.result)) return false;
  bool ok = th_traced_give(cx, &plain, sum, out);
  th_release(plain.result);
  return ok;
}

bool th_trace_integrate(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThQuadrature q = {.a = th_as_scalar(call->args[1]),
                    .b = th_as_scalar(call->args[2]),
                    .tolerance = th_as_scalar(call->args[3]),
                    .panel = add_part};
  Rule r = {.f = {.cx = cx, .f = call->args[0], .what = th_quadrature_what}};
  if (!th_trace_check_plain(cx, call, 3, "`tol`")) return false;
  r.origin = isfinite(q.a) ? q.a : isfinite(q.b) ? q.b : 0;
  call->g->is_bound = true; /* the panels are good for these values */
  ThNote note = th_note_pause(cx);
  bool ok = trace_rule(cx, call, &r, &q, out);
  th_note_resume(cx, note);
  th_quadrature_clear(cx, &q);
  clear_rule(&r);
  return ok;
}
