/* model_data.c - data and knobs bound to a model's arguments by name */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/model_data.h"

#include <string.h>
#include <strings.h>

#include "val/array.h"

size_t th_value_length(ThValue v) {
  if (th_is_scalar(v)) return 1;
  return th_is_array(v) ? th_as_array(v)->length : 0;
}

bool th_hint_nearest(ThContext *cx, const ThSymbol *name, ThSymbol *const *names, size_t n) {
  ThNearest nearest = th_nearest_begin(name->name);
  for (size_t i = 0; i < n; i++) th_nearest_offer(&nearest, names[i]->name, names[i]->spelling);
  return th_nearest_hint(&nearest, cx);
}

/* --- Values */

/* A list of numbers as a vector; other lists as they are. */
static bool list_value(ThContext *cx, ThValue v, ThValue *out) {
  const ThList *list = th_as_list(v);
  double number;
  bool numbers = list->length > 0;
  for (size_t i = 0; numbers && i < list->length; i++) numbers = th_to_number(list->items[i], &number);
  if (numbers) return th_stack(cx, list->items, list->length, out);
  *out = th_retain(v);
  return true;
}

static bool array_value(ThContext *cx, const ThSymbol *name, ThValue v, ThValue *out) {
  if (th_as_array(v)->element == TH_COMPLEX)
    return th_fail(cx, TH_ERROR_TYPE, "`%s` holds complex numbers", name->spelling);
  ThArray *a = th_array_convert(cx, th_as_array(v), TH_DOUBLE);
  if (a) *out = th_object(a);
  return a != NULL;
}

bool th_model_value(ThContext *cx, const ThSymbol *name, ThValue v, ThValue *out) {
  if (th_is_list(v)) return list_value(cx, v, out);
  if (th_is_array(v)) return array_value(cx, name, v, out);
  if (th_is_range(v) || th_is_estimate(v)) return th_decay(cx, v, out);
  *out = th_retain(v);
  return true;
}

/* --- Errors */

/* The names that a table or record has. */
static ThSymbol *const *field_names(ThValue data, size_t *n) {
  *n = th_is_table(data) ? th_as_table(data)->n_columns : th_is_record(data) ? th_as_record(data)->length : 0;
  if (*n == 0) return NULL;
  return th_is_table(data) ? th_as_table(data)->names : th_as_record(data)->names;
}

static void add_names(ThSymbol *const *names, size_t n, ThText *out) {
  for (size_t i = 0; i < n; i++) th_text_format(out, "%s%s", i ? ", " : "", names[i]->spelling);
  if (n == 0) th_text_add(out, "nothing");
}

/* mle(line, (x = …, y = …)) */
static bool hint_form(ThContext *cx, const char *verb, const ThModel *model) {
  ThText form;
  bool is_knob;
  const ThSymbol *name;
  th_text_init(&form, &cx->heap);
  for (size_t i = 0; (name = th_model_argument(model, i, &is_knob)); i++)
    if (!is_knob) th_text_format(&form, "%s%s = …", form.length ? ", " : "", name->spelling);
  th_hint(cx, "%s(%s, (%s))", verb, model->name->spelling, th_text_string(&form));
  th_text_clear(&form);
  return false;
}

static bool missing(ThContext *cx, const char *verb, const ThModel *model, ThValue data,
                    const ThSymbol *name) {
  size_t n;
  ThText has;
  ThSymbol *const *names = field_names(data, &n);
  th_text_init(&has, &cx->heap);
  add_names(names, n, &has);
  if (th_is_unset(data))
    th_fail(cx, TH_ERROR_VALUE, "`%s` needs data: model `%s` has the argument `%s`", verb,
            model->name->spelling, name->spelling);
  else
    th_fail(cx, TH_ERROR_NAME, "model `%s` needs `%s`; the %s has %s", model->name->spelling, name->spelling,
            th_is_table(data) ? "table" : "record", th_text_string(&has));
  th_text_clear(&has);
  if (n == 0 || !th_hint_nearest(cx, name, names, n)) hint_form(cx, verb, model);
  return false;
}

static bool unknown(ThContext *cx, const char *verb, const ThModel *model, const ThSymbol *name) {
  static const char *const options[] = {"prior",   "fix",  "level", "method",
                                        "weights", "seed", "init",  "draws"};
  ThSymbol *names[64];
  size_t n = 0;
  bool is_knob;
  for (; n < 48 && (names[n] = th_model_argument(model, n, &is_knob)); n++) {}
  ThText has;
  th_text_init(&has, &cx->heap);
  add_names(names, n, &has);
  th_fail(cx, TH_ERROR_NAME, "`%s` is neither an option of `%s` nor an argument of model `%s`",
          name->spelling, verb, model->name->spelling);
  for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
    ThSymbol *option = th_symbol_find(cx, options[i], strlen(options[i]));
    if (option) names[n++] = option;
  }
  if (!th_hint_nearest(cx, name, names, n))
    th_hint(cx, "model `%s` has %s", model->name->spelling, th_text_string(&has));
  th_text_clear(&has);
  return false;
}

static bool wrong_data(ThContext *cx, const char *verb, const ThModel *model, ThValue data) {
  char got[96];
  th_fail_argument(cx, 2, TH_ERROR_TYPE, "the data of `%s` are one table or record, got %s", verb,
                   th_describe(data, got, sizeof got));
  return hint_form(cx, verb, model);
}

/* --- Binding */

static ThValue *find_field(ThValue data, const ThSymbol *name) {
  if (th_is_table(data)) return th_table_find(th_as_table(data), name);
  return th_is_record(data) ? th_record_find(th_as_record(data), name) : NULL;
}

static bool bind_all(ThContext *cx, const char *verb, const ThModel *model, ThValue data,
                     const ThRecord *named, ThOptional optional, ThModelData *out) {
  bool is_knob;
  const ThSymbol *name;
  for (size_t i = 0; (name = th_model_argument(model, i, &is_knob)); i++) {
    const ThValue *v = named ? th_record_find(named, name) : NULL;
    if (!v) v = find_field(data, name);
    if (!v && !is_knob && !(optional && optional(model, name))) return missing(cx, verb, model, data, name);
    if (v && !th_model_value(cx, name, *v, &out->values[i])) return false;
  }
  return true;
}

static bool make_room(ThContext *cx, size_t n, ThModelData *out) {
  *out = (ThModelData){.n = n};
  if (n == 0) return true;
  out->values = th_alloc_array(cx, n, sizeof *out->values);
  if (!out->values) out->n = 0;
  for (size_t i = 0; i < out->n; i++) out->values[i] = th_unset();
  return out->values != NULL;
}

bool th_model_data_bind(ThContext *cx, const char *verb, const ThModel *model, ThValue data,
                        const ThRecord *named, ThOptional optional, ThModelData *out) {
  *out = (ThModelData){0};
  if (!th_is_unset(data) && !th_is_table(data) && !th_is_record(data))
    return wrong_data(cx, verb, model, data);
  for (size_t i = 0; named && i < named->length; i++)
    if (th_model_argument_index(model, named->names[i]) == SIZE_MAX)
      return unknown(cx, verb, model, named->names[i]);
  if (!make_room(cx, th_model_argument_count(model), out)) return false;
  if (bind_all(cx, verb, model, data, named, optional, out)) return true;
  th_model_data_clear(cx, out);
  return false;
}

bool th_model_data_copy(ThContext *cx, const ThModelData *from, ThModelData *out) {
  if (!make_room(cx, from->n, out)) return false;
  for (size_t i = 0; i < from->n; i++) out->values[i] = th_retain(from->values[i]);
  return true;
}

void th_model_data_clear(ThContext *cx, ThModelData *data) {
  th_release_all(data->values, data->n);
  th_free(cx, data->values, data->n * sizeof *data->values);
  *data = (ThModelData){0};
}

bool th_model_data_equal(ThContext *cx, const ThModelData *a, const ThModelData *b, bool *out) {
  *out = a->n == b->n;
  for (size_t i = 0; *out && i < a->n; i++) {
    ThValue x = a->values[i], y = b->values[i];
    if (th_is_unset(x) || th_is_unset(y)) *out = x.bits == y.bits;
    else if (!th_equal(cx, x, y, out)) return false;
  }
  return true;
}
