/* awaited.h - data that a model draws: what stands for them while its body runs */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_AWAITED_H
#define TH_INFER_AWAITED_H

#include "val/array.h"
#include "val/symbol.h"

/* Numbers that come one after another: y[i] is the i-th that was drawn; the next one stands for itself, as y does, so
 * that `y[i] ~ …` draws it. */
typedef struct ThAwaited {
  ThObject object;
  ThSymbol *name;
  size_t count, capacity;
  double *drawn;
} ThAwaited;

extern const ThKind th_awaited_kind; /* "undrawn value" */
static inline bool th_is_awaited(ThValue v) { return th_is(v, &th_awaited_kind); }

TH_CHECKED bool th_awaited_new(ThContext *cx, ThSymbol *name, ThValue *out);
/* A number, or an array of some, was drawn. */
TH_CHECKED bool th_awaited_add(ThContext *cx, ThValue awaited, ThValue drawn);

#endif
