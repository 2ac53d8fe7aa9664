/* layer_chain.c - networks and functions one after another */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "learn/net.h"
#include "val/basic.h"

/* The parameters of part i are the field of this name. */
static const char *field_of(size_t i, char name[32]) {
  snprintf(name, 32, "l%zu", i + 1);
  return name;
}

static bool apply_part(ThContext *cx, const ThNet *chain, size_t i, ThValue theta, ThValue x, bool is_last,
                       ThValue *out) {
  ThValue own;
  char name[32];
  if (!th_is_net(chain->parts[i])) return th_call_values(cx, chain->parts[i], &x, 1, out);
  const ThNet *net = th_as_net(chain->parts[i]);
  if (!th_net_parameter(cx, theta, field_of(i, name), &own)) return false;
  bool ok = net->layer->apply(cx, net, own, x, is_last, out);
  th_release(own);
  return ok;
}

static bool apply(ThContext *cx, const ThNet *net, ThValue theta, ThValue x, bool is_last, ThValue *out) {
  size_t last = net->n_parts;
  while (last > 0 && !th_is_net(net->parts[last - 1])) last--;
  ThValue y = th_retain(x);
  for (size_t i = 0; i < net->n_parts; i++) {
    ThValue next;
    bool ok = apply_part(cx, net, i, theta, y, is_last && i + 1 == last, &next);
    th_release(y);
    if (!ok) return false;
    y = next;
  }
  *out = y;
  return true;
}

static bool init(ThContext *cx, const ThNet *net, ThRandom *random, ThValue *out) {
  ThRecord *record = th_record_new(cx, net->n_parts);
  char name[32];
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < net->n_parts; i++) {
    ThValue part;
    if (!th_is_net(net->parts[i])) continue;
    const ThNet *one = th_as_net(net->parts[i]);
    ok = one->layer->init(cx, one, random, &part) && th_record_set_text(cx, record, field_of(i, name), part);
  }
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

static size_t count(const ThNet *net) {
  size_t sum = 0;
  for (size_t i = 0; i < net->n_parts; i++)
    if (th_is_net(net->parts[i])) sum += th_as_net(net->parts[i])->layer->count(th_as_net(net->parts[i]));
  return sum;
}

static bool describe(ThContext *cx, const ThNet *net, ThText *out) {
  th_text_add(out, "chain(");
  for (size_t i = 0; i < net->n_parts; i++) {
    if (i > 0) th_text_add(out, ", ");
    if (!th_format(cx, net->parts[i], TH_STYLE_INLINE, out)) return false;
  }
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

const ThLayer th_layer_chain = {"chain", apply, init, count, describe};
