/* lib_network.c - built-ins: layers, networks, and parameters to begin with */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/lib_support.h"
#include "learn/libs.h"
#include "learn/net.h"

static bool give(ThNet *net, ThValue *out) {
  if (net) *out = th_object(net);
  return net != NULL;
}

/* Argument i as a width: a whole number from 1 on that leaves room for products of widths. */
static bool read_width(ThContext *cx, const ThCall *call, size_t i, const char *what, size_t *out) {
  double x = th_arg_number(call, i);
  if (!(x >= 1 && x <= 1e6))
    return th_fail_argument(cx, (int)i + 1, TH_ERROR_VALUE, "%s is from 1 to 1000000; got %.6g", what, x);
  *out = (size_t)x;
  return true;
}

static ThNet *dense(ThContext *cx, size_t n_in, size_t n_out, ThValue activation, bool has_bias) {
  ThNet *net = th_net_new(cx, &th_layer_dense, 0);
  if (!net) return NULL;
  net->n_in = n_in;
  net->n_out = n_out;
  net->activation = th_retain(activation);
  net->has_bias = has_bias;
  return net;
}

static bool body_dense(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n_in = 0, n_out = 0;
  return read_width(cx, call, 0, "a width", &n_in) && read_width(cx, call, 1, "a width", &n_out) &&
         give(dense(cx, n_in, n_out, call->args[2], th_arg_bool(call, 3)), out);
}

static bool read_padding(ThContext *cx, const ThCall *call, size_t i, ThPadding *out) {
  static const char *const names[] = {"same", "valid", "circular"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    *out = (ThPadding)k;
    if (strcmp(th_arg_text(call, i), names[k]) == 0) return true;
  }
  return th_fail_argument(cx, (int)i + 1, TH_ERROR_VALUE,
                          "`padding` is \"same\", \"valid\" or \"circular\"; got \"%s\"",
                          th_arg_text(call, i));
}

static bool body_conv2d(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t c_in = 0, c_out = 0, size = 0, stride = 0;
  ThPadding padding;
  if (!read_width(cx, call, 0, "a number of channels", &c_in) ||
      !read_width(cx, call, 1, "a number of channels", &c_out) ||
      !read_width(cx, call, 2, "the size of a kernel", &size) ||
      !read_width(cx, call, 3, "a stride", &stride) || !read_padding(cx, call, 4, &padding))
    return false;
  ThNet *net = th_net_new(cx, &th_layer_conv2d, 0);
  if (!net) return false;
  net->n_in = c_in;
  net->n_out = c_out;
  net->size = size;
  net->stride = stride;
  net->padding = padding;
  *out = th_object(net);
  return true;
}

static bool body_chain(ThContext *cx, const ThCall *call, ThValue *out) {
  if (call->n_args == 0) return th_fail(cx, TH_ERROR_TYPE, "`chain` needs a network or function at least");
  ThNet *net = th_net_new(cx, &th_layer_chain, call->n_args);
  for (size_t i = 0; net && i < call->n_args; i++) net->parts[i] = th_retain(call->args[i]);
  return give(net, out);
}

/* --- mlp */

static bool check_sizes(ThContext *cx, const ThArray *sizes) {
  if (sizes->length < 2)
    return th_fail_argument(cx, 1, TH_ERROR_SHAPE, "`sizes` of `mlp` are two widths at least; got %zu",
                            sizes->length);
  for (size_t i = 0; i < sizes->length; i++) {
    double x = sizes->real[i];
    if (!(x >= 1 && x <= 1e6 && x == floor(x)))
      return th_fail_argument(cx, 1, TH_ERROR_VALUE, "a width is a whole number from 1 to 1000000; got %.6g",
                              x);
  }
  return true;
}

static ThNet *mlp(ThContext *cx, const ThArray *sizes, ThValue activation, ThValue output) {
  size_t n = sizes->length - 1;
  ThNet *chain = th_net_new(cx, &th_layer_chain, n);
  for (size_t i = 0; chain && i < n; i++) {
    ThNet *part = dense(cx, (size_t)sizes->real[i], (size_t)sizes->real[i + 1],
                        i + 1 < n ? activation : output, true);
    if (!part) {
      th_release(th_object(chain));
      return NULL;
    }
    chain->parts[i] = th_object(part);
  }
  return chain;
}

static bool body_mlp(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar;
  ThArray *sizes;
  ThValue activation = call->args[1];
  if (th_is_unset(activation) && !th_builtin_named(cx, "tanh", &activation)) return false;
  if (!th_arg_real_array(cx, call, 0, &scalar, &sizes)) return false;
  bool ok = check_sizes(cx, sizes) && give(mlp(cx, sizes, activation, call->args[2]), out);
  th_release(th_object(sizes));
  return ok;
}

/* --- init */

static bool init_any(ThContext *cx, ThValue v, ThRandom *random, ThValue *out) {
  char got[96];
  if (th_is_net(v)) return th_as_net(v)->layer->init(cx, th_as_net(v), random, out);
  if (!th_is_record(v))
    return th_fail_argument(cx, 1, TH_ERROR_TYPE, "`init` takes a network or a record of networks; got %s",
                            th_describe(v, got, sizeof got));
  const ThRecord *nets = th_as_record(v);
  ThRecord *record = th_record_new(cx, nets->length);
  bool ok = record && th_nest(cx);
  bool is_nested = ok;
  for (size_t i = 0; ok && i < nets->length; i++) {
    ThValue part;
    ok = init_any(cx, nets->values[i], random, &part) && th_record_set_take(cx, record, nets->names[i], part);
  }
  if (is_nested) th_unnest(cx);
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

static bool body_init(ThContext *cx, const ThCall *call, ThValue *out) {
  ThRandom own;
  if (!th_is_scalar(call->args[1])) return init_any(cx, call->args[0], cx->random, out);
  th_random_seed(&own, th_arg_count(call, 1));
  return init_any(cx, call->args[0], &own, out);
}

#define SECTION "networks"

const ThBuiltin th_lib_network[] = {
    {"dense(n_in: count, n_out: count, activation: function|none = none, bias: bool = true) -> network",
     body_dense, SECTION, "a layer activation(x @ W + b)",
     "It is called as net(θ, x) with points as rows (n, n_in), or one point (n_in); the result is (n, n_out). A last "
     "width of 1 gives (n), of one point a number; a vector for a first width of 1 is n points. θ, of `init`, is a "
     "record of W (n_in, n_out) and b (n_out).",
     "net = dense(2, 3)\nnet\n#> dense(2, 3): 9 parameters\nnet((W = ones(2, 3), b = [0, 1, 2]), [1, 4])\n#> [5, 6, 7]",
     "mlp chain init conv2d", NULL},
    {"conv2d(c_in: count, c_out: count, size: count, stride: count = 1, padding: string = \"same\") -> network",
     body_conv2d, SECTION, "a layer that correlates images with kernels",
     "Images are (n, h, w, c_in), one image (h, w, c_in) or, of one channel, (h, w); the result is (n, h', w', c_out), "
     "likewise. Cross-correlation: the kernel is not turned round. Beyond the edges \"same\" puts zeros, \"circular\" "
     "the other side of the image, both h' = ceil(h/stride); \"valid\" keeps the kernel inside. θ is a record of W "
     "(size, size, c_in, c_out) and b (c_out).",
     "net = conv2d(1, 1, 2, padding = \"valid\")\n"
     "net((W = reshape([1, 0, 0, -1], 2, 2, 1, 1), b = [0.5]), [1, 2, 4; 7, 11, 16; 22, 29, 37])\n"
     "#> [ -9.5, -13.5;\n#>  -21.5, -25.5]",
     "dense chain init convolve", NULL},
    {"chain(...parts: function) -> network", body_chain, SECTION, "networks and functions one after another",
     "The parameters of its networks are the fields l1, l2, … of θ, by place.",
     "net = chain(dense(2, 8, tanh), dense(8, 3), softmax)\nnet\n"
     "#> chain(dense(2, 8, tanh), dense(8, 3), softmax): 51 parameters\nshape(net(init(net), ones(5, 2)))\n#> [5, 3]",
     "mlp dense conv2d init", NULL},
    {"mlp(sizes: array, activation: function = …, output: function|none = none) -> network", body_mlp,
     SECTION, "dense layers one after another, tanh between them",
     "sizes are the widths from the first to the last; `activation` stands between layers, `output` after the last.",
     "net = mlp([2, 64, 64, 1])\nnet\n"
     "#> chain(dense(2, 64, tanh), dense(64, 64, tanh), dense(64, 1)): 4417 parameters\n"
     "shape(net(init(net), ones(5, 2)))\n#> [5]",
     "dense chain init", NULL},
    {"init(net: network|record, seed: count = …) -> record", body_init, SECTION,
     "parameters for a network to begin with",
     "W is normal with the standard deviation 1/sqrt(number of inputs), b is 0. Of a record of networks a record of "
     "their parameters. With a seed the same at each call.",
     "θ = init(dense(2, 3), seed = 1)\nshape(θ.W)\n#> [2, 3]\nθ.b\n#> [0, 0, 0]", "mlp dense conv2d chain",
     NULL},
    {0},
};
