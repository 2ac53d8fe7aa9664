/* sufficient.c - sums over data, with what the data alone decide summed beforehand */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/sufficient.h"

#include <math.h>
#include <string.h>

#include "infer/affine.h"
#include "num/linalg.h"
#include "val/operations.h"

/* Sums go over n numbers; a node of one number stands for n times that. */
typedef struct Sum {
  ThGraph *g;
  size_t n;
} Sum;

static ThNodeId sum_of(const Sum *s, ThNodeId y, const double *weights);

static ThNodeId fail(ThGraph *g) {
  g->failed = true;
  return 0;
}

static double total(const Sum *s, const double *weights) {
  double sum = 0;
  if (!weights) return (double)s->n;
  for (size_t i = 0; i < s->n; i++) sum += weights[i];
  return sum;
}

/* Nothing is known about it. */
static ThNodeId plain_sum(const Sum *s, ThNodeId y, const double *weights) {
  return th_sum_all(s->g, weights ? th_multiply(s->g, th_graph_vector(s->g, weights, s->n), y) : y);
}

static ThNodeId known_sum(const Sum *s, ThNodeId y, const double *weights) {
  double sum = 0;
  if (!th_graph_evaluate(s->g, &y, 1)) return fail(s->g);
  ThTensor t = th_node_tensor(s->g, y);
  for (size_t i = 0; i < s->n; i++) sum += (weights ? weights[i] : 1) * t.data[i];
  return th_graph_number(s->g, sum);
}

/* Times what is known, or divided by it. */
static ThNodeId reweighted_sum(const Sum *s, ThNodeId y, const double *weights, ThNodeId by, bool divided) {
  ThContext *cx = s->g->cx;
  double *changed = th_alloc_array(cx, s->n, sizeof *changed);
  if (!changed || !th_graph_evaluate(s->g, &by, 1)) {
    if (changed) th_free(cx, changed, s->n * sizeof *changed);
    return fail(s->g);
  }
  ThTensor t = th_node_tensor(s->g, by);
  for (size_t i = 0; i < s->n; i++) {
    double w = weights ? weights[i] : 1;
    changed[i] = divided ? w / t.data[i] : w * t.data[i];
  }
  ThNodeId sum = sum_of(s, y, changed);
  th_free(cx, changed, s->n * sizeof *changed);
  return sum;
}

/* --- What is linear in few numbers */

/* Σ w (A b + offset): one row. */
static ThNodeId linear_sum(ThGraph *g, const ThAffine *a, const double *weights) {
  size_t width = a->q + 1;
  double *row = th_alloc_array(a->cx, width, sizeof *row);
  if (!row) return fail(g);
  memset(row, 0, width * sizeof *row);
  for (size_t i = 0; i < a->n; i++)
    for (size_t j = 0; j < width; j++) row[j] += (weights ? weights[i] : 1) * a->rows[i * width + j];
  ThNodeId sum = th_affine_apply(g, a, 1, row);
  th_free(a->cx, row, width * sizeof *row);
  return sum;
}

/* Σ w (A b + offset)² = |R b + z|² + ρ²: (A, offset), its rows times √w, is Q times the rows (R, z) and (0, ρ). */
static ThNodeId square_sum(ThGraph *g, ThAffine *a, const double *weights) {
  size_t width = a->q + 1;
  for (size_t i = 0; weights && i < a->n; i++)
    for (size_t j = 0; j < width; j++) a->rows[i * width + j] *= sqrt(weights[i]);
  double *q = th_alloc_array(a->cx, (a->n + width) * width, sizeof *q);
  if (!q) return fail(g);
  double *r = q + a->n * width, rest;
  bool ok = th_linalg_qr(a->cx, a->n, width, a->rows, q, r);
  rest = r[width * width - 1];
  ThNodeId sum = ok ? th_affine_apply(g, a, a->q, r) : fail(g);
  if (ok) sum = th_shift(g, th_sum_all(g, th_power_to(g, sum, 2)), rest * rest);
  th_free(a->cx, q, (a->n + width) * width * sizeof *q);
  return sum;
}

static bool none_negative(const Sum *s, const double *weights) {
  for (size_t i = 0; weights && i < s->n; i++)
    if (!(weights[i] >= 0)) return false;
  return true;
}

/* Σ w y of a node that nothing else is known of, or Σ w y². */
static ThNodeId affine_sum(const Sum *s, ThNodeId y, const double *weights, bool squared) {
  ThAffine a;
  bool found;
  if (!th_affine_find(s->g, y, &a, &found)) return fail(s->g);
  if (!found) return plain_sum(s, squared ? th_power_to(s->g, y, 2) : y, weights);
  ThNodeId sum = squared ? square_sum(s->g, &a, weights) : linear_sum(s->g, &a, weights);
  th_affine_clear(&a);
  return sum;
}

/* Σ w u²: a number that u is a multiple of comes out. */
static ThNodeId sum_of_squares(const Sum *s, ThNodeId u, const double *weights) {
  ThGraph *g = s->g;
  const ThOperation *operation = th_node(g, u)->operation;
  if (operation == &th_op_negate) return sum_of_squares(s, th_node_input(g, u, 0), weights);
  if (operation == &th_op_multiply || operation == &th_op_divide) {
    ThNodeId a = th_node_input(g, u, 0), b = th_node_input(g, u, 1);
    if (operation == &th_op_divide && th_node(g, b)->rank == 0)
      return th_divide(g, sum_of_squares(s, a, weights), th_power_to(g, b, 2));
    if (operation == &th_op_multiply && th_node(g, a)->rank == 0)
      return th_multiply(g, th_power_to(g, a, 2), sum_of_squares(s, b, weights));
    if (operation == &th_op_multiply && th_node(g, b)->rank == 0)
      return th_multiply(g, th_power_to(g, b, 2), sum_of_squares(s, a, weights));
  }
  return affine_sum(s, u, weights, true);
}

/* --- Rules */

static ThNodeId sum_of_product(const Sum *s, ThNodeId y, const double *weights) {
  ThGraph *g = s->g;
  ThNodeId a = th_node_input(g, y, 0), b = th_node_input(g, y, 1);
  if (th_node(g, a)->rank == 0) return th_multiply(g, a, sum_of(s, b, weights));
  if (th_node(g, b)->rank == 0) return th_multiply(g, b, sum_of(s, a, weights));
  if (th_node(g, a)->is_constant) return reweighted_sum(s, b, weights, a, false);
  if (th_node(g, b)->is_constant) return reweighted_sum(s, a, weights, b, false);
  return plain_sum(s, y, weights);
}

static ThNodeId sum_of_quotient(const Sum *s, ThNodeId y, const double *weights) {
  ThGraph *g = s->g;
  ThNodeId a = th_node_input(g, y, 0), b = th_node_input(g, y, 1);
  if (th_node(g, b)->rank == 0) return th_divide(g, sum_of(s, a, weights), b);
  if (th_node(g, b)->is_constant) return reweighted_sum(s, a, weights, b, true);
  return plain_sum(s, y, weights);
}

static ThNodeId sum_of(const Sum *s, ThNodeId y, const double *weights) {
  ThGraph *g = s->g;
  if (g->failed) return 0;
  const ThGraphNode *node = th_node(g, y);
  if (node->rank == 0) return th_scale(g, total(s, weights), y);
  if (node->rank != 1 || node->length != s->n || node->element != TH_DOUBLE) return plain_sum(s, y, weights);
  if (node->is_constant) return known_sum(s, y, weights);
  const ThOperation *operation = node->operation;
  if (operation == &th_op_negate) return th_negate(g, sum_of(s, th_node_input(g, y, 0), weights));
  if (operation == &th_op_add || operation == &th_op_subtract) {
    ThNodeId a = sum_of(s, th_node_input(g, y, 0), weights), b = sum_of(s, th_node_input(g, y, 1), weights);
    return operation == &th_op_add ? th_add(g, a, b) : th_subtract(g, a, b);
  }
  if (operation == &th_op_multiply) return sum_of_product(s, y, weights);
  if (operation == &th_op_divide) return sum_of_quotient(s, y, weights);
  if (operation == &th_op_square && none_negative(s, weights))
    return sum_of_squares(s, th_node_input(g, y, 0), weights);
  return affine_sum(s, y, weights, false);
}

ThNodeId th_sufficient_sum(ThGraph *g, ThNodeId y, const double *weights) {
  if (g->failed) return 0;
  const Sum s = {.g = g, .n = th_node(g, y)->length};
  ThNodeId sum = sum_of(&s, y, weights);
  return sum == TH_ZERO && !g->failed ? th_graph_number(g, 0) : sum;
}
