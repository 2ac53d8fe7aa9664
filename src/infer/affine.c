/* affine.c - a node of data that is a linear function of a few numbers, as a matrix */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The graph is walked twice: the first time to see what the numbers are, the second to fill the matrix. */
#include "infer/affine.h"

#include <string.h>

#include "val/operations.h"

enum { MOST_PARTS = 256 };

/* --- The parts */

static bool is_known(const ThGraph *g, ThNodeId id) { return th_node(g, id)->is_constant; }

static bool is(const ThGraph *g, ThNodeId id, const ThOperation *operation) {
  return th_node(g, id)->operation == operation;
}

static ThNodeId left(const ThGraph *g, ThNodeId id) { return th_node_input(g, id, 0); }
static ThNodeId right(const ThGraph *g, ThNodeId id) { return th_node_input(g, id, 1); }

/* Where the numbers of a part begin in b; SIZE_MAX when it is none. */
static size_t place_of(const ThGraph *g, const ThAffine *a, ThNodeId part) {
  size_t at = 0;
  for (size_t i = 0; i < a->n_parts; i++) {
    if (a->parts[i] == part) return at;
    at += th_node(g, a->parts[i])->length;
  }
  return SIZE_MAX;
}

static bool add_part(const ThGraph *g, ThAffine *a, ThNodeId part) {
  if (place_of(g, a, part) != SIZE_MAX) return true;
  if (a->n_parts == MOST_PARTS) return false;
  a->parts[a->n_parts++] = part;
  a->q += th_node(g, part)->length;
  return a->q <= a->n / 4;
}

/* A known matrix times the numbers of one node. */
static bool is_product(const ThGraph *g, ThNodeId id) {
  if (!is(g, id, &th_op_product) || th_node(g, id)->rank != 2) return false;
  const size_t *shape = th_node(g, id)->shape;
  return (is_known(g, left(g, id)) && shape[1] == 1) || (is_known(g, right(g, id)) && shape[0] == 1);
}

/* Is it linear in few numbers? Then they become parts. */
static bool collect(const ThGraph *g, ThAffine *a, ThNodeId y) {
  const ThGraphNode *node = th_node(g, y);
  if (node->element != TH_DOUBLE && !node->is_constant) return false;
  if (node->length != a->n && node->rank > 0) return false;
  if (node->is_constant) return node->element != TH_COMPLEX;
  if (node->rank == 0) return add_part(g, a, y);
  if (is(g, y, &th_op_add) || is(g, y, &th_op_subtract))
    return collect(g, a, left(g, y)) && collect(g, a, right(g, y));
  if (is(g, y, &th_op_negate) || is(g, y, &th_op_reshape) || is(g, y, &th_op_broadcast))
    return collect(g, a, left(g, y));
  if (is(g, y, &th_op_divide)) return is_known(g, right(g, y)) && collect(g, a, left(g, y));
  if (is(g, y, &th_op_multiply))
    return is_known(g, left(g, y))    ? collect(g, a, right(g, y))
           : is_known(g, right(g, y)) ? collect(g, a, left(g, y))
                                      : false;
  if (is_product(g, y)) return add_part(g, a, is_known(g, left(g, y)) ? right(g, y) : left(g, y));
  return false;
}

/* --- The matrix */

/* The numbers of a known node. */
static bool known(ThGraph *g, ThNodeId id, ThTensor *out) {
  if (!th_graph_evaluate(g, &id, 1)) return false;
  *out = th_node_tensor(g, id);
  return true;
}

static double number_at(const ThTensor *t, size_t i) { return t->data[t->rank == 0 ? 0 : i]; }

/* Adds factor[i] times a column; its numbers are those of t, or 1. */
static void add_column(ThAffine *a, size_t j, const double *factor, const ThTensor *t) {
  for (size_t i = 0; i < a->n; i++) a->rows[i * (a->q + 1) + j] += factor[i] * (t ? number_at(t, i) : 1);
}

static bool add_product(ThGraph *g, ThAffine *a, ThNodeId y, const double *factor) {
  bool is_left = is_known(g, left(g, y)), transposed[2];
  ThTensor m;
  ThNodeId part = is_left ? right(g, y) : left(g, y);
  if (!known(g, is_left ? left(g, y) : right(g, y), &m)) return false;
  th_product_transposed(g, y, transposed);
  size_t at = place_of(g, a, part), p = th_node(g, part)->length;
  bool by_rows = is_left ? !transposed[0] : transposed[1]; /* a row of the matrix makes a number of y */
  for (size_t i = 0; i < a->n; i++)
    for (size_t j = 0; j < p; j++)
      a->rows[i * (a->q + 1) + at + j] += factor[i] * m.data[by_rows ? i * p + j : j * a->n + i];
  return true;
}

static bool fill(ThGraph *g, ThAffine *a, ThNodeId y, const double *factor);

/* y times factor, times or divided by what is known; TH_ZERO: times -1. */
static bool fill_scaled(ThGraph *g, ThAffine *a, ThNodeId y, const double *factor, ThNodeId by,
                        bool divided) {
  ThTensor t = {0};
  double *scaled = th_alloc_array(a->cx, a->n, sizeof *scaled);
  bool ok = scaled && (by == TH_ZERO || known(g, by, &t));
  for (size_t i = 0; ok && i < a->n; i++) {
    double x = by == TH_ZERO ? -1 : number_at(&t, i);
    scaled[i] = divided ? factor[i] / x : factor[i] * x;
  }
  ok = ok && fill(g, a, y, scaled);
  if (scaled) th_free(a->cx, scaled, a->n * sizeof *scaled);
  return ok;
}

static bool fill_negated(ThGraph *g, ThAffine *a, ThNodeId y, const double *factor) {
  return fill_scaled(g, a, y, factor, TH_ZERO, false);
}

/* Adds factor·y to the matrix and the offset. */
static bool fill(ThGraph *g, ThAffine *a, ThNodeId y, const double *factor) {
  ThTensor t;
  if (is_known(g, y)) {
    if (!known(g, y, &t)) return false;
    add_column(a, a->q, factor, &t);
    return true;
  }
  if (th_node(g, y)->rank == 0) {
    add_column(a, place_of(g, a, y), factor, NULL);
    return true;
  }
  if (is(g, y, &th_op_add)) return fill(g, a, left(g, y), factor) && fill(g, a, right(g, y), factor);
  if (is(g, y, &th_op_subtract))
    return fill(g, a, left(g, y), factor) && fill_negated(g, a, right(g, y), factor);
  if (is(g, y, &th_op_negate)) return fill_negated(g, a, left(g, y), factor);
  if (is(g, y, &th_op_reshape) || is(g, y, &th_op_broadcast)) return fill(g, a, left(g, y), factor);
  if (is(g, y, &th_op_divide)) return fill_scaled(g, a, left(g, y), factor, right(g, y), true);
  if (is(g, y, &th_op_product)) return add_product(g, a, y, factor);
  bool is_left = is_known(g, left(g, y));
  return fill_scaled(g, a, is_left ? right(g, y) : left(g, y), factor, is_left ? left(g, y) : right(g, y),
                     false);
}

static bool fill_all(ThGraph *g, ThAffine *a, ThNodeId y) {
  double *ones = th_alloc_array(a->cx, a->n, sizeof *ones);
  a->rows = ones ? th_alloc_array(a->cx, a->n * (a->q + 1), sizeof *a->rows) : NULL;
  if (a->rows) memset(a->rows, 0, a->n * (a->q + 1) * sizeof *a->rows);
  for (size_t i = 0; ones && i < a->n; i++) ones[i] = 1;
  bool ok = a->rows && fill(g, a, y, ones);
  if (ones) th_free(a->cx, ones, a->n * sizeof *ones);
  return ok;
}

/* --- For others */

bool th_affine_find(ThGraph *g, ThNodeId y, ThAffine *out, bool *found) {
  *found = false;
  *out = (ThAffine){.cx = g->cx, .n = th_node(g, y)->length};
  out->parts = th_alloc_array(g->cx, MOST_PARTS, sizeof *out->parts);
  if (!out->parts) return false;
  *found = th_node(g, y)->rank == 1 && collect(g, out, y) && out->q > 0;
  bool ok = !*found || fill_all(g, out, y);
  if (!ok || !*found) th_affine_clear(out);
  return ok;
}

void th_affine_clear(ThAffine *a) {
  if (a->rows) th_free(a->cx, a->rows, a->n * (a->q + 1) * sizeof *a->rows);
  if (a->parts) th_free(a->cx, a->parts, MOST_PARTS * sizeof *a->parts);
  *a = (ThAffine){0};
}

/* Of one number: the factors and the offset are numbers too. */
static ThNodeId apply_row(ThGraph *g, const ThAffine *a, const double *row) {
  ThNodeId sum = TH_ZERO;
  for (size_t i = 0; i < a->n_parts && !g->failed; i++) {
    size_t length = th_node(g, a->parts[i])->length;
    ThNodeId term;
    if (th_node(g, a->parts[i])->rank == 0) {
      term = th_scale(g, *row, a->parts[i]);
    } else {
      ThNodeId factors = th_graph_vector(g, row, length);
      term = th_product_of(g, factors, th_flat(g, a->parts[i]));
    }
    sum = th_add(g, sum, term);
    row += length;
  }
  return sum == TH_ZERO ? th_graph_number(g, *row) : th_shift(g, sum, *row);
}

/* (m, q) of rows (m, q + 1), and the last column. */
static void split(size_t m, size_t q, const double *rows, double *matrix, double *offset) {
  for (size_t i = 0; i < m; i++) {
    memcpy(matrix + i * q, rows + i * (q + 1), q * sizeof *matrix);
    offset[i] = rows[i * (q + 1) + q];
  }
}

ThNodeId th_affine_apply(ThGraph *g, const ThAffine *a, size_t m, const double *rows) {
  if (m == 1) return apply_row(g, a, rows);
  double *matrix = th_alloc_array(a->cx, m * (a->q + 1), sizeof *matrix), *offset = matrix + m * a->q;
  if (!matrix) return g->failed = true, 0;
  split(m, a->q, rows, matrix, offset);
  const size_t shape[2] = {m, a->q};
  ThNodeId b = th_join(g, a->parts, a->n_parts);
  ThNodeId y = th_product_of(g, th_reshape(g, th_graph_vector(g, matrix, m * a->q), 2, shape), b);
  y = th_add(g, y, th_graph_vector(g, offset, m));
  th_free(a->cx, matrix, m * (a->q + 1) * sizeof *matrix);
  return y;
}
