/* operations_order.c - differentiable sorting, running maxima, and picking by positions that hang on values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where an element is found hangs on values, but is piecewise constant: positions are nodes without derivatives, and
 * what is taken at them is linear. So a replay finds its own. */
#include <math.h>
#include <string.h>

#include "num/stats.h"
#include "val/operations_axis.h"

static ThNodeId no_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)g, (void)node, (void)cotangent, (void)k;
  return TH_ZERO;
}
static ThNodeId no_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  (void)g, (void)node, (void)tangents;
  return TH_ZERO;
}

/* --- The order along an axis */

typedef struct Order {
  size_t axis, descending;
} Order;

static bool order_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0];
  s->rank = a->rank;
  memcpy(s->shape, a->shape, a->rank * sizeof *s->shape);
  return a->element != TH_COMPLEX && ((const Order *)s->attribute)->axis < a->rank;
}

/* A line, and twice as many positions as it has elements. */
static size_t order_work(const ThEvaluation *e) {
  return 3 * e->inputs[0].shape[((const Order *)e->attribute)->axis];
}

static bool find_order(ThContext *cx, const ThEvaluation *e) {
  const Order *order = e->attribute;
  ThLines lines = th_lines(e->output.rank, e->output.shape, (uint32_t)order->axis);
  size_t *places = (size_t *)(void *)(e->work + lines.n);
  for (size_t i = 0; i < lines.outer * lines.inner; i++) {
    size_t begin = i / lines.inner * lines.n * lines.inner + i % lines.inner;
    for (size_t k = 0; k < lines.n; k++) {
      double x = e->inputs[0].data[begin + k * lines.inner];
      e->work[k] = order->descending ? -x : x;
    }
    if (!th_stats_sort_index(cx, lines.n, e->work, places + lines.n, places)) return false;
    for (size_t k = 0; k < lines.n; k++)
      e->output.data[begin + k * lines.inner] = (double)(begin + places[k] * lines.inner);
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}
static const ThOperation op_order = {.name = "sort",
                                     .shape = order_shape,
                                     .work = order_work,
                                     .evaluate = find_order,
                                     .pullback = no_pullback,
                                     .pushforward = no_pushforward};

static ThNodeId apply_order(ThGraph *g, const ThOperation *operation, ThNodeId a, uint32_t axis,
                            bool descending) {
  Order order = {axis, descending};
  return g->failed ? 0 : th_graph_apply(g, operation, &a, 1, &order, sizeof order);
}

ThNodeId th_order_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool descending) {
  return apply_order(g, &op_order, a, axis, descending);
}

/* --- The places of some ranks: equal elements stand in their order, as when sorted */

typedef struct Ranks {
  size_t axis, n;
  size_t at[TH_MAX_RANKS];
} Ranks;

static bool ranks_shape(ThShaping *s) {
  const Ranks *ranks = s->attribute;
  const ThTensor *a = &s->inputs[0];
  s->rank = a->rank;
  memcpy(s->shape, a->shape, a->rank * sizeof *s->shape);
  if (a->element == TH_COMPLEX || ranks->axis >= a->rank) return false;
  s->shape[ranks->axis] = ranks->n;
  return true;
}

static size_t ranks_work(const ThEvaluation *e) {
  return e->inputs[0].shape[((const Ranks *)e->attribute)->axis];
}

static bool is_same(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

/* Where the element of a rank is, given its value: it is not the first of its equals when few are less. */
static size_t row_of_rank(const double *x, ThLines lines, size_t rank, double value) {
  size_t less = 0, row = 0;
  for (size_t k = 0; k < lines.n; k++) {
    double y = x[k * lines.inner];
    if (isnan(value) ? !isnan(y) : y < value) less++;
  }
  for (size_t equal = 0; row < lines.n; row++)
    if (is_same(x[row * lines.inner], value) && less + equal++ == rank) break;
  return row;
}

static bool find_ranks(ThContext *cx, const ThEvaluation *e) {
  const Ranks *ranks = e->attribute;
  ThLines lines = th_lines(e->inputs[0].rank, e->inputs[0].shape, (uint32_t)ranks->axis);
  for (size_t i = 0; i < lines.outer * lines.inner; i++) {
    size_t begin = i / lines.inner * lines.n * lines.inner + i % lines.inner;
    const double *x = e->inputs[0].data + begin;
    for (size_t j = 0; j < ranks->n; j++) {
      double value;
      for (size_t k = 0; k < lines.n; k++) e->work[k] = x[k * lines.inner];
      if (!th_stats_select_inplace(cx, lines.n, e->work, ranks->at[j], &value)) return false;
      size_t row = row_of_rank(x, lines, ranks->at[j], value);
      e->output.data[(i / lines.inner * ranks->n + j) * lines.inner + i % lines.inner] =
          (double)(begin + row * lines.inner);
    }
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}
static const ThOperation op_ranked = {.name = "quantile",
                                      .shape = ranks_shape,
                                      .work = ranks_work,
                                      .evaluate = find_ranks,
                                      .pullback = no_pullback,
                                      .pushforward = no_pushforward};

ThNodeId th_ranked_axis(ThGraph *g, ThNodeId a, uint32_t axis, const size_t *at, size_t n) {
  Ranks ranks = {.axis = axis, .n = n};
  memcpy(ranks.at, at, n * sizeof *at);
  return g->failed ? 0 : th_graph_apply(g, &op_ranked, &a, 1, &ranks, sizeof ranks);
}

/* --- Where the largest element so far is: the last of several; nan stays from where it occurs */

static bool find_running_max(ThContext *cx, const ThEvaluation *e) {
  const double *x = e->inputs[0].data;
  double *place = e->output.data;
  ThLines lines = th_lines(e->output.rank, e->output.shape, (uint32_t)((const Order *)e->attribute)->axis);
  for (size_t i = 0; i < e->output.length; i++) {
    bool is_first = i / lines.inner % lines.n == 0;
    size_t before = is_first ? i : (size_t)place[i - lines.inner];
    place[i] = (double)(!is_first && (x[before] > x[i] || isnan(x[before])) ? before : i);
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}
static const ThOperation op_running_max = {.name = "cummax",
                                           .shape = order_shape,
                                           .evaluate = find_running_max,
                                           .pullback = no_pullback,
                                           .pushforward = no_pushforward};

ThNodeId th_running_max_places(ThGraph *g, ThNodeId a, uint32_t axis) {
  return apply_order(g, &op_running_max, a, axis, false);
}

/* --- The stretch between knots that a number lies in */

static bool locate_shape(ThShaping *s) {
  const ThTensor *x = &s->inputs[0];
  s->rank = x->rank;
  if (x->rank) memcpy(s->shape, x->shape, x->rank * sizeof *s->shape);
  return x->element != TH_COMPLEX && s->inputs[1].rank == 1 && s->inputs[1].length > 0;
}

static double place_of(double x, size_t n, const double *knots) {
  size_t low = 0, high = n > 1 ? n - 1 : 1;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (knots[middle] <= x) low = middle;
    else high = middle;
  }
  return (double)low;
}

static bool locate(ThContext *cx, const ThEvaluation *e) {
  for (size_t i = 0; i < e->output.length; i++) {
    e->output.data[i] = place_of(e->inputs[0].data[i], e->inputs[1].length, e->inputs[1].data);
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}
static const ThOperation op_locate = {.name = "interp",
                                      .shape = locate_shape,
                                      .evaluate = locate,
                                      .pullback = no_pullback,
                                      .pushforward = no_pushforward};

ThNodeId th_locate(ThGraph *g, ThNodeId x, ThNodeId knots) {
  return th_graph_binary(g, &op_locate, x, knots);
}

/* --- Elements at positions, and zeros to which elements are added at positions: each the adjoint of the other */

typedef struct Shape {
  size_t rank;
  size_t lengths[TH_MAX_RANK];
} Shape;

static bool take_shape(ThShaping *s) {
  const ThTensor *at = &s->inputs[1];
  s->rank = at->rank;
  if (at->rank) memcpy(s->shape, at->shape, at->rank * sizeof *s->shape);
  s->element = s->inputs[0].element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return true;
}
static bool put_shape(ThShaping *s) {
  const Shape *shape = s->attribute;
  s->rank = (uint32_t)shape->rank;
  memcpy(s->shape, shape->lengths, shape->rank * sizeof *s->shape);
  s->element = s->inputs[0].element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
  return s->inputs[0].length == s->inputs[1].length;
}

static bool take(ThContext *cx, const ThEvaluation *e) {
  size_t width = e->output.element == TH_COMPLEX ? 2 : 1;
  for (size_t i = 0; i < e->output.length; i++) {
    size_t at = (size_t)e->inputs[1].data[i];
    memcpy(e->output.data + i * width, e->inputs[0].data + at * width, width * sizeof(double));
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}
static bool put(ThContext *cx, const ThEvaluation *e) {
  size_t width = e->output.element == TH_COMPLEX ? 2 : 1;
  memset(e->output.data, 0, th_tensor_size(&e->output) * sizeof *e->output.data);
  for (size_t i = 0; i < e->inputs[1].length; i++) {
    size_t at = (size_t)e->inputs[1].data[i];
    for (size_t j = 0; j < width; j++) e->output.data[at * width + j] += e->inputs[0].data[i * width + j];
    if (!th_poll_at(cx, i)) return false;
  }
  return true;
}

static const ThOperation op_put;

static ThNodeId put_like(ThGraph *g, ThNodeId a, ThNodeId positions, uint32_t rank, const size_t *lengths) {
  ThNodeId both[2] = {a, positions};
  Shape shape = {.rank = rank};
  if (a == TH_ZERO || g->failed) return a;
  if (rank) memcpy(shape.lengths, lengths, rank * sizeof *lengths);
  return th_graph_apply(g, &op_put, both, 2, &shape, sizeof shape);
}

static ThNodeId take_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  const ThGraphNode *a = th_node(g, th_node_input(g, node, 0));
  return k == 1 ? TH_ZERO : put_like(g, cotangent, th_node_input(g, node, 1), a->rank, a->shape);
}
static ThNodeId take_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_take(g, tangents[0], th_node_input(g, node, 1));
}
static ThNodeId put_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return k == 1 ? TH_ZERO : th_take(g, cotangent, th_node_input(g, node, 1));
}
static ThNodeId put_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  const ThGraphNode *whole = th_node(g, node);
  return put_like(g, tangents[0], th_node_input(g, node, 1), whole->rank, whole->shape);
}
static const ThOperation op_take = {.name = "indexing",
                                    .shape = take_shape,
                                    .evaluate = take,
                                    .pullback = take_pullback,
                                    .pushforward = take_pushforward};
static const ThOperation op_put = {.name = "indexing",
                                   .shape = put_shape,
                                   .evaluate = put,
                                   .pullback = put_pullback,
                                   .pushforward = put_pushforward};

ThNodeId th_take(ThGraph *g, ThNodeId a, ThNodeId positions) {
  return a == TH_ZERO ? a : th_graph_binary(g, &op_take, a, positions);
}

ThNodeId th_sort_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool descending) {
  return th_take(g, a, th_order_axis(g, a, axis, descending));
}
