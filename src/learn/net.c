/* net.c - networks: functions of parameters and points */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "learn/net.h"

#include <string.h>

#include "val/arithmetic.h"
#include "val/basic.h"
#include "val/traced.h"

ThNet *th_net_new(ThContext *cx, const ThLayer *layer, size_t n_parts) {
  ThNet *net = th_object_new(cx, &th_net_kind, sizeof *net);
  if (!net) return NULL;
  net->layer = layer;
  net->activation = th_none();
  if (n_parts == 0) return net;
  net->parts = th_alloc_array(cx, n_parts, sizeof *net->parts);
  if (!net->parts) {
    th_release(th_object(net));
    return NULL;
  }
  net->n_parts = n_parts;
  for (size_t i = 0; i < n_parts; i++) net->parts[i] = th_none();
  return net;
}

static void release(ThObject *self) {
  ThNet *net = (ThNet *)self;
  th_release(net->activation);
  th_release_all(net->parts, net->n_parts);
  th_heap_free(self->heap, net->parts, net->n_parts * sizeof *net->parts);
  th_object_free(self, sizeof *net);
}

static bool format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThNet *net = th_as_net(self);
  if (!net->layer->describe(cx, net, out)) return false;
  size_t count = net->layer->count(net);
  if (style == TH_STYLE_ECHO) th_text_format(out, ": %zu parameter%s", count, count == 1 ? "" : "s");
  return th_text_ok(out, cx);
}

/* Ranges and estimates become plain; traced values stay. */
static bool apply(ThContext *cx, const ThNet *net, ThValue theta, ThValue x, ThValue *out) {
  ThValue points;
  if (th_is_traced(x)) points = th_retain(x);
  else if (!th_decay(cx, x, &points)) return false;
  bool ok = net->layer->apply(cx, net, theta, points, true, out);
  th_release(points);
  return ok;
}

static bool call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  const ThNet *net = th_as_net(self);
  char name[64];
  for (size_t i = 0; args->names && i < args->count; i++)
    if (args->names[i])
      return th_fail_argument(cx, (int)(i + 1) | TH_ARGUMENT_NAME, TH_ERROR_NAME,
                              "a network has no argument named `%s`", args->names[i]->spelling);
  if (args->count == 2) return apply(cx, net, args->values[0], args->values[1], out);
  th_fail(cx, TH_ERROR_TYPE, "a network takes its parameters and points, got %zu argument%s", args->count,
          args->count == 1 ? "" : "s");
  return th_hint(cx, "the parameters come first: `%s(θ, x)`",
                 th_operand(cx, SIZE_MAX, "net", name, sizeof name));
}

const ThKind th_net_kind = {.name = "network", .release = release, .format = format, .call = call};

/* --- Parameters */

bool th_net_parameter(ThContext *cx, ThValue theta, const char *name, ThValue *out) {
  char got[96];
  ThSymbol *symbol = th_symbol_of(cx, name);
  if (!symbol) return false;
  const ThValue *found = th_is_record(theta) ? th_record_find(th_as_record(theta), symbol) : NULL;
  if (found) {
    *out = th_retain(*found);
    return true;
  }
  if (th_is_record(theta)) th_fail_argument(cx, 1, TH_ERROR_TYPE, "the parameters have no field `%s`", name);
  else
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "a network takes its parameters first, a record; got %s",
                     th_describe(theta, got, sizeof got));
  return th_hint(cx, "`θ = init(net)` makes parameters for `net(θ, x)`");
}

bool th_net_draw(ThContext *cx, ThRandom *random, double sd, uint32_t rank, const size_t *shape,
                 ThValue *out) {
  ThArray *a = th_array_new(cx, TH_DOUBLE, rank, shape);
  if (!a) return false;
  for (size_t i = 0; i < a->length; i++) a->real[i] = sd * th_random_normal(random);
  *out = th_object(a);
  return true;
}

bool th_net_zeros(ThContext *cx, size_t n, ThValue *out) {
  ThArray *a = th_vector_new(cx, TH_DOUBLE, n);
  if (!a) return false;
  memset(a->real, 0, n * sizeof *a->real);
  *out = th_object(a);
  return true;
}

bool th_net_record_take(ThContext *cx, ThValue weights, ThValue bias, ThValue *out) {
  ThRecord *record = th_record_new(cx, 2);
  if (!record) {
    th_release(weights);
    th_release(bias);
    return false;
  }
  bool ok = th_record_set_text(cx, record, "W", weights);
  if (!ok) th_release(bias);
  else if (!th_is_unset(bias)) ok = th_record_set_text(cx, record, "b", bias);
  if (ok) *out = th_object(record);
  else th_release(th_object(record));
  return ok;
}

/* --- Shapes */

bool th_net_shape(ThContext *cx, ThValue x, uint32_t *rank, size_t *shape) {
  char got[96];
  const size_t *found = NULL;
  if (th_is_traced(x)) {
    const ThGraphNode *node = th_node(th_as_traced(x)->graph, th_as_traced(x)->node);
    *rank = node->rank;
    found = node->shape;
  } else if (th_is_array(x)) {
    *rank = th_as_array(x)->rank;
    found = th_as_array(x)->shape;
  } else if (th_is_scalar(x)) {
    *rank = 0;
  } else {
    return th_fail_argument(cx, 2, TH_ERROR_TYPE, "a network takes points as arrays; got %s",
                            th_describe(x, got, sizeof got));
  }
  if (*rank) memcpy(shape, found, *rank * sizeof *shape);
  return true;
}

bool th_net_reshape(ThContext *cx, ThValue x, uint32_t rank, const size_t *shape, ThValue *out) {
  if (th_is_traced(x)) {
    ThGraph *g = th_as_traced(x)->graph;
    ThNodeId node = th_reshape(g, th_as_traced(x)->node, rank, shape);
    return !g->failed && th_traced_new(cx, g, node, out);
  }
  if (th_is_scalar(x)) {
    const double number = th_as_scalar(x);
    ThArray *a = rank ? th_array_new(cx, TH_DOUBLE, rank, shape) : NULL;
    if (a) a->real[0] = number;
    *out = a ? th_object(a) : th_number(number);
    return a || rank == 0;
  }
  if (rank == 0) return th_array_get(cx, th_as_array(x), 0, out);
  ThArray *a = th_array_reshape(cx, th_as_array(x), rank, shape);
  if (a) *out = th_object(a);
  return a != NULL;
}
