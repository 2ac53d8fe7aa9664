/* layer_conv2d.c - a layer that correlates images with kernels */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "learn/net.h"
#include "val/basic.h"
#include "val/traced.h"

/* Images (n, h, w, c); (h, w, c) and, of one channel, (h, w) are one image. */
static bool as_images(ThContext *cx, const ThNet *net, ThValue x, uint32_t *rank, ThValue *out) {
  size_t shape[TH_MAX_RANK];
  char got[96];
  if (!th_net_shape(cx, x, rank, shape)) return false;
  bool fits = *rank == 2 ? net->n_in == 1 : (*rank == 3 || *rank == 4) && shape[*rank - 1] == net->n_in;
  if (fits) {
    size_t first = *rank == 4 ? 1 : 0;
    const size_t whole[4] = {first ? shape[0] : 1, shape[first], shape[first + 1], net->n_in};
    return th_net_reshape(cx, x, 4, whole, out);
  }
  th_fail_argument(cx, 2, TH_ERROR_SHAPE, "images of shape (n, h, w, %zu) are needed; got shape %s",
                   net->n_in, *rank ? th_shape_text(*rank, shape, got, sizeof got) : "()");
  if (*rank != 3 || net->n_in != 1) return false;
  return th_hint(cx, "`reshape(x, %zu, %zu, %zu, 1)` for %zu images of one channel", shape[0], shape[1],
                 shape[2], shape[0]);
}

static bool correlate(ThContext *cx, const ThNet *net, ThValue images, ThValue kernels, ThValue *out) {
  const ThValue both[2] = {images, kernels};
  ThGraph *g = th_traced_graph(both, 2);
  ThNodeId x, w;
  if (g) {
    if (!th_traced_node(cx, g, images, &x) || !th_traced_node(cx, g, kernels, &w)) return false;
    ThNodeId y = th_correlate_images(g, x, w, net->stride, net->padding);
    return !g->failed && th_traced_new(cx, g, y, out);
  }
  bool scalar;
  ThArray *a, *b = NULL;
  if (!th_to_real_array(cx, images, "the images", &scalar, &a)) return false;
  bool ok = th_to_real_array(cx, kernels, "`W`", &scalar, &b);
  ThArray *y = ok ? th_images_correlate(cx, a, b, net->stride, net->padding) : NULL;
  th_release(th_object(a));
  if (b) th_release(th_object(b));
  if (y) *out = th_object(y);
  return y != NULL;
}

/* One image gives one: (h', w', k), and (h', w') when it came so and k is 1. */
static bool as_given_take(ThContext *cx, ThValue y, uint32_t rank, ThValue *out) {
  size_t shape[TH_MAX_RANK];
  uint32_t whole;
  if (rank == 4) {
    *out = y;
    return true;
  }
  bool ok = th_net_shape(cx, y, &whole, shape) &&
            th_net_reshape(cx, y, rank == 2 && shape[3] == 1 ? 2 : 3, shape + 1, out);
  th_release(y);
  return ok;
}

static bool apply(ThContext *cx, const ThNet *net, ThValue theta, ThValue x, bool is_last, ThValue *out) {
  ThValue images, kernels = th_unset(), bias = th_unset(), y = th_unset(), sum;
  uint32_t rank;
  (void)is_last;
  if (!as_images(cx, net, x, &rank, &images)) return false;
  bool ok = th_net_parameter(cx, theta, "W", &kernels) && th_net_parameter(cx, theta, "b", &bias) &&
            correlate(cx, net, images, kernels, &y) && th_binary(cx, TH_OP_ADD, y, bias, 0, &sum);
  th_release(images);
  th_release(kernels);
  th_release(bias);
  th_release(y);
  return ok && as_given_take(cx, sum, rank, out);
}

/* Normal with variance 1/(number of inputs of an output). */
static bool init(ThContext *cx, const ThNet *net, ThRandom *random, ThValue *out) {
  ThValue weights, bias;
  const size_t shape[4] = {net->size, net->size, net->n_in, net->n_out};
  double sd = 1 / sqrt((double)(net->size * net->size * net->n_in));
  if (!th_net_draw(cx, random, sd, 4, shape, &weights)) return false;
  if (th_net_zeros(cx, net->n_out, &bias)) return th_net_record_take(cx, weights, bias, out);
  th_release(weights);
  return false;
}

static size_t count(const ThNet *net) { return (net->size * net->size * net->n_in + 1) * net->n_out; }

static bool describe(ThContext *cx, const ThNet *net, ThText *out) {
  static const char *const paddings[] = {"", ", padding = \"valid\"", ", padding = \"circular\""};
  th_text_format(out, "conv2d(%zu, %zu, %zu", net->n_in, net->n_out, net->size);
  if (net->stride != 1) th_text_format(out, ", stride = %zu", net->stride);
  th_text_format(out, "%s)", paddings[net->padding]);
  return th_text_ok(out, cx);
}

const ThLayer th_layer_conv2d = {"conv2d", apply, init, count, describe};
