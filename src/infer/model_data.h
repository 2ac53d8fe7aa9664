/* model_data.h - data and knobs bound to a model's arguments by name */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_MODEL_DATA_H
#define TH_INFER_MODEL_DATA_H

#include "infer/model.h"
#include "val/basic.h"

/* One value an argument, in the model's order; unset where the default holds. Ranges, lists of numbers and
 * bool arrays have become arrays of doubles. */
typedef struct ThModelData {
  size_t n;
  ThValue *values;
} ThModelData;

/* Binds `data` (a table, a record, or unset) and then the named values of `named` (or NULL), which win.
 * `verb` is for messages: "mle". An argument that is not given, has no default, and does not count as
 * `optional` (or NULL: none does) is an error; optional ones stay unset. */
typedef bool (*ThOptional)(const ThModel *model, const ThSymbol *name);
TH_CHECKED bool th_model_data_bind(ThContext *cx, const char *verb, const ThModel *model, ThValue data,
                                   const ThRecord *named, ThOptional optional, ThModelData *out);
TH_CHECKED bool th_model_data_copy(ThContext *cx, const ThModelData *from, ThModelData *out);
void th_model_data_clear(ThContext *cx, ThModelData *data);

/* The same values, bit for bit or equal. */
TH_CHECKED bool th_model_data_equal(ThContext *cx, const ThModelData *a, const ThModelData *b, bool *out);

/* A value as arguments of models take them, owned; `name` is for messages. */
TH_CHECKED bool th_model_value(ThContext *cx, const ThSymbol *name, ThValue v, ThValue *out);

/* Elements of a bound value: 1 for a number, the length of an array, 0 for anything else. */
size_t th_value_length(ThValue v);

/* "did you mean `…`?" when one of the fields or names is near; false when none is. */
bool th_hint_nearest(ThContext *cx, const ThSymbol *name, ThSymbol *const *names, size_t n);

#endif
