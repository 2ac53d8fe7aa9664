/* trace_linalg.c - derivatives of inverses, determinants, factorisations and products */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/size.h"
#include "lang/libs.h"
#include "val/basic.h"
#include "val/operations_linalg.h"

/* --- One result */

static bool trace_inv(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, th_inverse_node(call->g, th_traced_argument(call, 0)), out);
}

static bool trace_pinv(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThNodeId a = th_traced_argument(call, 0);
  if (!th_check_full_rank(call->g, a, "`pinv`")) return false;
  return th_traced_give(cx, call, th_pseudo_inverse_node(call->g, a), out);
}

static bool trace_det(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, th_determinant_node(call->g, th_traced_argument(call, 0)), out);
}

static bool trace_logdet(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  if (th_as_scalar(call->result) == -INFINITY)
    return th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "`logdet` has no derivative at a singular matrix");
  return th_traced_give(cx, call, th_log_determinant_node(call->g, th_traced_argument(call, 0)), out);
}

static bool trace_trace(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThNodeId diagonal = th_diagonal_of(call->g, th_traced_argument(call, 0));
  return th_traced_give(cx, call, th_sum_all(call->g, diagonal), out);
}

static bool trace_cholesky(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, th_cholesky_node(call->g, th_traced_argument(call, 0)), out);
}

/* --- Products */

/* a (m) and b (n) give every a_i b_j, (m, n). */
static ThNodeId all_products(ThGraph *g, ThNodeId a, ThNodeId b) {
  if (g->failed) return 0;
  const size_t column[] = {th_node(g, a)->length, 1}, row[] = {1, th_node(g, b)->length};
  return th_multiply(g, th_reshape(g, a, 2, column), th_reshape(g, b, 2, row));
}

static bool trace_outer(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThNodeId a = th_traced_argument(call, 0), b = th_traced_argument(call, 1);
  return th_traced_give(cx, call, all_products(call->g, a, b), out);
}

/* Of matrices: a as (m, 1, n, 1) times b as (1, p, 1, q). */
static bool trace_kron(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  ThNodeId a = th_traced_argument(call, 0), b = th_traced_argument(call, 1);
  if (g->failed) return false;
  const size_t *x = th_node(g, a)->shape, *y = th_node(g, b)->shape;
  if (th_node(g, a)->rank == 1) return th_traced_give(cx, call, th_flat(g, all_products(g, a, b)), out);
  const size_t left[] = {x[0], 1, x[1], 1}, right[] = {1, y[0], 1, y[1]},
               whole[] = {x[0] * y[0], x[1] * y[1]};
  ThNodeId products = th_multiply(g, th_reshape(g, a, 4, left), th_reshape(g, b, 4, right));
  return th_traced_give(cx, call, th_reshape(g, products, 2, whole), out);
}

static bool trace_cross(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  static const size_t next[] = {1, 2, 0}, after[] = {2, 0, 1}, three = 3;
  ThGraph *g = call->g;
  ThNodeId a = th_traced_argument(call, 0), b = th_traced_argument(call, 1);
  ThNodeId plus = th_multiply(g, th_gather(g, a, next, 1, &three), th_gather(g, b, after, 1, &three));
  ThNodeId minus = th_multiply(g, th_gather(g, a, after, 1, &three), th_gather(g, b, next, 1, &three));
  return th_traced_give(cx, call, th_subtract(g, plus, minus), out);
}

/* --- Records of factors */

/* The fields of the record that the body made. */
static const ThArray *field_array(const ThTracedCall *call, size_t i) {
  return th_as_array(th_as_record(call->result)->values[i]);
}

/* The flat node that holds all fields gets the values that the body found. */
static bool give_packed(ThContext *cx, const ThTracedCall *call, ThNodeId packed) {
  if (call->g->failed) return false;
  bool is_complex = th_node(call->g, packed)->element == TH_COMPLEX;
  ThArray *flat = th_vector_new(cx, is_complex ? TH_COMPLEX : TH_DOUBLE, th_node(call->g, packed)->length);
  size_t at = 0;
  if (!flat) return false;
  for (size_t k = 0; k < th_as_record(call->result)->length; k++) {
    const ThArray *a = field_array(call, k);
    for (size_t i = 0; i < a->length; i++, at++) {
      if (is_complex) flat->complex_[at] = th_array_complex(a, i);
      else flat->real[at] = a->real[i];
    }
  }
  th_graph_give_value(call->g, packed, th_object(flat));
  th_release(th_object(flat));
  return !call->g->failed;
}

/* The record again, with traced fields. */
static bool give_record(ThContext *cx, const ThTracedCall *call, const ThNodeId *nodes, ThValue *out) {
  const ThRecord *given = th_as_record(call->result);
  if (call->g->failed) return false;
  ThRecord *record = th_record_new(cx, given->length);
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < given->length; i++) {
    ThValue field;
    th_graph_give_value(call->g, nodes[i], given->values[i]);
    ok = th_traced_new(cx, call->g, nodes[i], &field) &&
         th_record_set_take(cx, record, given->names[i], field);
  }
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* The shape of argument 0; a matrix without elements has no derivative to speak of. */
static bool is_empty(const ThTracedCall *call, ThNodeId a, size_t *m, size_t *n) {
  if (call->g->failed) return true;
  *m = th_node(call->g, a)->shape[0];
  *n = th_node(call->g, a)->shape[1];
  return *m == 0 || *n == 0;
}

static bool give_empty(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return !call->g->failed && th_trace_plain(cx, call, out);
}

static bool trace_svd(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  ThNodeId a = th_traced_argument(call, 0);
  size_t m, n;
  if (is_empty(call, a, &m, &n)) return give_empty(cx, call, out);
  ThNodeId packed = th_svd_node(g, a);
  if (!give_packed(cx, call, packed)) return false;
  size_t k = th_smaller(m, n);
  const ThNodeId nodes[] = {th_part_matrix(g, packed, 0, m, k), th_real_part(g, th_part(g, packed, m * k, k)),
                            th_part_matrix(g, packed, m * k + k, n, k)};
  return give_record(cx, call, nodes, out);
}

/* Is the diagonal of R free of zeros? Otherwise Q is not unique. */
static bool check_independent(ThContext *cx, const ThTracedCall *call, size_t k) {
  const ThArray *r = field_array(call, 1);
  double least = INFINITY, largest = 0;
  for (size_t i = 0; i < k; i++) {
    double pivot = creal(th_array_complex(r, i * (r->shape[1] + 1)));
    least = fmin(least, pivot);
    largest = fmax(largest, pivot);
  }
  if (least > (double)r->shape[1] * DBL_EPSILON * largest) return true;
  return th_fail_argument(cx, 1, TH_ERROR_NUMERIC,
                          "`qr` has no derivative where the first %zu columns are linearly dependent", k);
}

/* Of a wide matrix [A₁, A₂] with a square A₁ = Q R₁ it is R = [R₁, QᴴA₂]. */
static bool trace_qr(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  ThNodeId a = th_traced_argument(call, 0);
  size_t m, n;
  if (is_empty(call, a, &m, &n)) return give_empty(cx, call, out);
  size_t k = th_smaller(m, n);
  if (!check_independent(cx, call, k)) return false;
  ThNodeId packed = th_qr_node(g, th_columns(g, a, 0, k));
  if (m >= n && !give_packed(cx, call, packed)) return false;
  ThNodeId q = th_part_matrix(g, packed, 0, m, k), r = th_part_matrix(g, packed, m * k, k, k);
  if (m < n) { /* side by side are the transposed ones one below the other */
    ThNodeId rest = th_times(g, th_adjoint(g, q), th_columns(g, a, m, n - m));
    const ThNodeId below[] = {th_transpose_node(g, r), th_transpose_node(g, rest)};
    r = th_transpose_node(g, th_reshape(g, th_join(g, below, 2), 2, (size_t[]){n, m}));
  }
  return give_record(cx, call, (ThNodeId[]){q, r}, out);
}

/* A truth that decides how the function goes on: the graph notes it. */
static bool decide(ThGraph *g, ThNodeId truth, bool *out) {
  if (g->failed || !th_graph_evaluate(g, &truth, 1) || !th_graph_guard(g, truth)) return false;
  *out = th_node(g, truth)->number[0] != 0;
  return true;
}

static bool trace_eig(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  ThGraph *g = call->g;
  ThNodeId a = th_traced_argument(call, 0);
  size_t n;
  bool symmetric, real = false;
  if (is_empty(call, a, &n, &n)) return give_empty(cx, call, out);
  if (!decide(g, th_is_symmetric_node(g, a), &symmetric)) return false;
  ThNodeId packed = symmetric ? th_eigen_symmetric_node(g, a) : th_eigen_general_node(g, a);
  if (!give_packed(cx, call, packed)) return false;
  ThNodeId values = th_part(g, packed, 0, n), vectors = th_part_matrix(g, packed, n, n, n);
  bool may_be_real = !symmetric && th_node(g, a)->element != TH_COMPLEX;
  if (may_be_real && !decide(g, th_is_real_node(g, values), &real)) return false;
  if (symmetric || real) values = th_real_part(g, values);
  if (real) vectors = th_real_part(g, vectors);
  return give_record(cx, call, (ThNodeId[]){values, vectors}, out);
}

static bool trace_corr_matrix(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, th_correlation_node(call->g, th_traced_argument(call, 0)), out);
}

const ThTraceRule th_trace_linalg[] = {
    {"inv", trace_inv},
    {"pinv", trace_pinv},
    {"det", trace_det},
    {"logdet", trace_logdet},
    {"trace", trace_trace},
    {"rank", th_trace_plain},
    {"cholesky", trace_cholesky},
    {"qr", trace_qr},
    {"svd", trace_svd},
    {"eig", trace_eig},
    {"outer", trace_outer},
    {"kron", trace_kron},
    {"cross", trace_cross},
    {"corr_matrix", trace_corr_matrix},
    {0},
};
