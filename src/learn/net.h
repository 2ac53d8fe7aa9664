/* net.h - networks: functions of parameters and points */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LEARN_NET_H
#define TH_LEARN_NET_H

#include "num/random.h"
#include "val/operations_learning.h"

typedef struct ThNet ThNet;

/* A type of layer. */
typedef struct ThLayer {
  const char *name;
  /* The layer's value; `is_last`: no layer comes after it. θ may be traced, and so may x. */
  bool (*apply)(ThContext *cx, const ThNet *net, ThValue theta, ThValue x, bool is_last, ThValue *out);
  /* Parameters to begin with: a record. */
  bool (*init)(ThContext *cx, const ThNet *net, ThRandom *random, ThValue *out);
  size_t (*count)(const ThNet *net); /* of parameters */
  /* Appends the call that makes it. */
  bool (*describe)(ThContext *cx, const ThNet *net, ThText *out);
} ThLayer;

/* It is called as net(θ, x). */
struct ThNet {
  ThObject object;
  const ThLayer *layer;
  size_t n_in, n_out; /* of dense: widths; of conv2d: channels */
  size_t size, stride;
  ThPadding padding;
  bool has_bias;
  ThValue activation; /* a function or none */
  size_t n_parts;
  ThValue *parts; /* of a chain: networks and functions */
};

extern const ThKind th_net_kind; /* "network" */
static inline bool th_is_net(ThValue v) { return th_is(v, &th_net_kind); }
static inline ThNet *th_as_net(ThValue v) { return (ThNet *)th_as_object(v); }

extern const ThLayer th_layer_dense, th_layer_conv2d, th_layer_chain;

/* A network of a layer with room for n_parts parts, which are none; all else is 0. */
TH_CHECKED ThNet *th_net_new(ThContext *cx, const ThLayer *layer, size_t n_parts);
/* The parameter `name` of θ, which is a record: owned. Otherwise an error says how a network is called. */
TH_CHECKED bool th_net_parameter(ThContext *cx, ThValue theta, const char *name, ThValue *out);

/* For layers: the shape of a number or array, traced or not, and the same numbers in another shape: rank 0 is a
 * number. */
TH_CHECKED bool th_net_shape(ThContext *cx, ThValue x, uint32_t *rank, size_t *shape);
TH_CHECKED bool th_net_reshape(ThContext *cx, ThValue x, uint32_t rank, const size_t *shape, ThValue *out);
/* A new array of normal numbers of mean 0 and this standard deviation. */
TH_CHECKED bool th_net_draw(ThContext *cx, ThRandom *random, double sd, uint32_t rank, const size_t *shape,
                            ThValue *out);
TH_CHECKED bool th_net_zeros(ThContext *cx, size_t n, ThValue *out);
/* Sets fields W and b of a new record; takes them; b may be unset. */
TH_CHECKED bool th_net_record_take(ThContext *cx, ThValue weights, ThValue bias, ThValue *out);

#endif
