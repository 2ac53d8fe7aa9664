/* layer_dense.c - a layer that is an affine map, and a bend */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "learn/net.h"
#include "val/basic.h"

/* Points as a matrix (n, d); one point, or a number of a layer of width 1, stays a vector. A vector for width 1 is n
 * points. */
static bool as_points(ThContext *cx, const ThNet *net, ThValue x, ThValue *out) {
  size_t shape[TH_MAX_RANK];
  uint32_t rank;
  char got[96];
  if (!th_net_shape(cx, x, &rank, shape)) return false;
  if (net->n_in == 1 && (rank == 0 || rank == 1))
    return th_net_reshape(cx, x, rank + 1, (const size_t[]){rank ? shape[0] : 1, 1}, out);
  if (rank > 0 && shape[rank - 1] == net->n_in) {
    *out = th_retain(x);
    return true;
  }
  if (rank == 0)
    return th_fail_argument(cx, 2, TH_ERROR_SHAPE, "a point of %zu numbers is needed; got one number",
                            net->n_in);
  return th_fail_argument(cx, 2, TH_ERROR_SHAPE,
                          "points of %zu numbers are needed, rows of (n, %zu); got shape %s", net->n_in,
                          net->n_in, th_shape_text(rank, shape, got, sizeof got));
}

static bool affine(ThContext *cx, const ThNet *net, ThValue theta, ThValue points, ThValue *out) {
  ThValue weights, bias, product;
  if (!th_net_parameter(cx, theta, "W", &weights)) return false;
  bool ok = th_binary(cx, TH_OP_MATRIX_PRODUCT, points, weights, 0, &product);
  th_release(weights);
  if (!ok) return false;
  if (!net->has_bias) {
    *out = product;
    return true;
  }
  ok = th_net_parameter(cx, theta, "b", &bias);
  if (ok) {
    ok = th_binary(cx, TH_OP_ADD, product, bias, 0, out);
    th_release(bias);
  }
  th_release(product);
  return ok;
}

/* (n, 1) to (n), (1) to a number. */
static bool drop_last_take(ThContext *cx, ThValue y, ThValue *out) {
  size_t shape[TH_MAX_RANK];
  uint32_t rank;
  bool ok = th_net_shape(cx, y, &rank, shape) && th_net_reshape(cx, y, rank ? rank - 1 : 0, shape, out);
  th_release(y);
  return ok;
}

static bool apply(ThContext *cx, const ThNet *net, ThValue theta, ThValue x, bool is_last, ThValue *out) {
  ThValue points, y;
  if (!as_points(cx, net, x, &points)) return false;
  bool ok = affine(cx, net, theta, points, &y);
  th_release(points);
  if (ok && !th_is_none(net->activation)) {
    ThValue bent;
    ok = th_call_values(cx, net->activation, &y, 1, &bent);
    th_release(y);
    y = bent;
  }
  if (!ok) return false;
  if (is_last && net->n_out == 1) return drop_last_take(cx, y, out);
  *out = y;
  return true;
}

/* Normal with variance 1/n_in, which keeps the size of what passes through (LeCun and others, 1998). */
static bool init(ThContext *cx, const ThNet *net, ThRandom *random, ThValue *out) {
  ThValue weights, bias = th_unset();
  const size_t shape[2] = {net->n_in, net->n_out};
  if (!th_net_draw(cx, random, 1 / sqrt((double)net->n_in), 2, shape, &weights)) return false;
  if (net->has_bias && !th_net_zeros(cx, net->n_out, &bias)) {
    th_release(weights);
    return false;
  }
  return th_net_record_take(cx, weights, bias, out);
}

static size_t count(const ThNet *net) { return (net->n_in + net->has_bias) * net->n_out; }

static bool describe(ThContext *cx, const ThNet *net, ThText *out) {
  th_text_format(out, "dense(%zu, %zu", net->n_in, net->n_out);
  if (!th_is_none(net->activation)) {
    th_text_add(out, ", ");
    if (!th_format(cx, net->activation, TH_STYLE_INLINE, out)) return false;
  }
  th_text_add(out, net->has_bias ? ")" : ", bias = false)");
  return th_text_ok(out, cx);
}

const ThLayer th_layer_dense = {"dense", apply, init, count, describe};
