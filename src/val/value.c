/* value.c - life of objects, and the operations every kind may take part in */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each generic operation asks the value's kind; a kind that stands for a plain value (an estimate, a range)
 * is tried again as that value; then the operation fails and names the type. */
#include "val/value.h"

#include <stdio.h>

#include "val/array.h"
#include "val/basic.h"

enum { MAX_RELEASING = 500, MAX_SETTLED = 4 };

/* Objects nested without end must not exhaust the stack: beyond some depth one waits, linked through its `heap`,
 * until those around it are gone. */
void th_object_release(ThObject *object) {
  ThHeap *heap = object->heap;
  if (heap->releasing == MAX_RELEASING) {
    object->heap = heap->waiting;
    heap->waiting = object;
    return;
  }
  heap->releasing++;
  object->kind->release(object);
  while (heap->releasing == 1 && heap->waiting) {
    ThObject *next = heap->waiting;
    heap->waiting = next->heap;
    next->heap = heap;
    next->kind->release(next);
  }
  heap->releasing--;
}

bool th_nest(ThContext *cx) {
  if (++cx->nesting <= TH_MAX_DEPTH) return true;
  cx->nesting--;
  return th_fail(cx, TH_ERROR_LIMIT, "this value is nested more than %d deep", TH_MAX_DEPTH);
}

void th_unnest(ThContext *cx) { cx->nesting--; }

void th_release_all(ThValue *values, size_t count) {
  for (size_t i = 0; i < count; i++) th_release(values[i]);
}

void *th_object_new(ThContext *cx, const ThKind *kind, size_t size) {
  ThObject *object = th_alloc(cx, size);
  if (!object) return NULL;
  memset(object, 0, size);
  object->kind = kind;
  object->heap = &cx->heap;
  object->references = 1;
  return object;
}

void th_object_free(ThObject *object, size_t size) { th_heap_free(object->heap, object, size); }

const char *th_operator_text(ThOperator op) {
  static const char *const texts[TH_N_OPERATORS] = {
      [TH_OP_ADD] = "+",         [TH_OP_SUBTRACT] = "-",   [TH_OP_MULTIPLY] = "*",
      [TH_OP_DIVIDE] = "/",      [TH_OP_REMAINDER] = "%",  [TH_OP_POWER] = "^",
      [TH_OP_EQUAL] = "==",      [TH_OP_NOT_EQUAL] = "!=", [TH_OP_LESS] = "<",
      [TH_OP_LESS_EQUAL] = "<=", [TH_OP_GREATER] = ">",    [TH_OP_GREATER_EQUAL] = ">=",
      [TH_OP_AND] = "and",       [TH_OP_OR] = "or",        [TH_OP_MATRIX_PRODUCT] = "@",
      [TH_OP_SOLVE] = "\\",      [TH_OP_IN] = "in",        [TH_OP_NEGATE] = "-",
      [TH_OP_NOT] = "not",       [TH_OP_TRANSPOSE] = "'",  [TH_OP_INVERSE] = "⁻¹",
  };
  return texts[op];
}

const char *th_type_name(ThValue v) {
  if (th_is_object(v)) return th_kind_of(v)->name;
  return th_is_number(v) ? "number" : th_is_bool(v) ? "bool" : th_is_none(v) ? "none" : "undefined";
}

const char *th_describe(ThValue v, char *buffer, size_t size) {
  if (th_is_none(v)) return "none";
  if (th_is_array(v)) {
    char shape[96];
    const ThArray *a = th_as_array(v);
    const char *what = a->rank == 1 ? "a vector" : a->rank == 2 ? "a matrix" : "an array";
    snprintf(buffer, size, "%s of shape %s", what, th_shape_text(a->rank, a->shape, shape, sizeof shape));
    return buffer;
  }
  const char *name = th_type_name(v);
  snprintf(buffer, size, "%s %s", strchr("aeiou", name[0]) ? "an" : "a", name);
  return buffer;
}

/* What v stands for, when its kind says so: owned. */
static bool decayed(ThContext *cx, ThValue v, ThValue *out, bool *stands) {
  const ThKind *kind = th_kind_of(v);
  *stands = kind && kind->decay;
  return !*stands || kind->decay(cx, v, out);
}

bool th_decay(ThContext *cx, ThValue v, ThValue *out) {
  bool stands;
  if (!decayed(cx, v, out, &stands)) return false;
  if (!stands) *out = th_retain(v);
  return true;
}

bool th_settle(ThContext *cx, ThValue v, ThValue *out) {
  const ThKind *kind = th_kind_of(v);
  return kind && kind->settle ? kind->settle(cx, v, out) : th_decay(cx, v, out);
}

static bool settles(ThValue v) { return th_is_object(v) && th_as_object(v)->kind->settle; }

bool th_to_number(ThValue v, double *out) {
  if (th_is_scalar(v)) *out = th_as_scalar(v);
  else if (th_is_estimate(v) && !th_as_estimate(v)->is_complex) *out = creal(th_as_estimate(v)->value);
  else return false;
  return true;
}

bool th_format(ThContext *cx, ThValue v, ThStyle style, ThText *out) {
  const ThKind *kind = th_kind_of(v);
  if (th_is_number(v)) {
    if (style == TH_STYLE_SOURCE) th_format_exact(th_as_number(v), out);
    else th_format_number(th_as_number(v), cx->settings.digits, out);
  } else if (th_is_bool(v)) {
    th_text_add(out, th_as_bool(v) ? "true" : "false");
  } else if (kind && kind->format) {
    if (!th_nest(cx)) return false;
    bool ok = kind->format(cx, v, style, out);
    th_unnest(cx);
    return ok;
  } else if (kind) {
    th_text_format(out, "<%s>", kind->name);
  } else {
    th_text_add(out, th_is_none(v) ? "none" : "<unset>");
  }
  return th_text_ok(out, cx);
}

bool th_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  if (th_is_scalar(a) && th_is_scalar(b)) {
    *out = th_as_scalar(a) == th_as_scalar(b);
    return true;
  }
  const ThKind *kind = th_kind_of(a);
  if (kind && kind == th_kind_of(b) && kind->equal) {
    if (!th_nest(cx)) return false;
    bool compared = kind->equal(cx, a, b, out);
    th_unnest(cx);
    return compared;
  }
  const ThKind *other = th_kind_of(b);
  if (!(kind && kind->decay) && !(other && other->decay)) {
    *out = a.bits == b.bits;
    return true;
  }
  ThValue x, y;
  if (!th_decay(cx, a, &x)) return false;
  bool ok = th_decay(cx, b, &y);
  if (ok) {
    ok = th_equal(cx, x, y, out);
    th_release(y);
  }
  th_release(x);
  return ok;
}

/* "`name` is a number, which …", or "a number …" where the source text of the operand is not known. */
static bool no_ability(ThContext *cx, ThValue v, const char *problem) {
  char name[64], text[96];
  const char *quoted = th_operand(cx, 0, "", name, sizeof name);
  const char *what = th_describe(v, text, sizeof text);
  if (!quoted[0]) return th_fail_argument(cx, 1, TH_ERROR_TYPE, "%s %s", what, problem);
  return th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` is %s: it %s", quoted, what, problem);
}

/* Does an index hang on something that must be settled before? Then `settled` holds the indices: owned. */
static bool settle_indices(ThContext *cx, const ThValue *indices, size_t n, ThValue *settled, bool *some) {
  *some = false;
  for (size_t i = 0; i < n && n <= MAX_SETTLED; i++) *some = *some || settles(indices[i]);
  for (size_t i = 0; *some && i < n; i++)
    if (!th_settle(cx, indices[i], &settled[i])) {
      th_release_all(settled, i);
      return false;
    }
  return true;
}

static bool get_index(ThContext *cx, const ThKind *kind, ThValue v, const ThValue *indices, size_t n,
                      ThValue *out) {
  ThValue settled[MAX_SETTLED];
  bool some;
  if (!settle_indices(cx, indices, n, settled, &some)) return false;
  bool ok = kind->get_index(cx, v, some ? settled : indices, n, out);
  if (some) th_release_all(settled, n);
  return ok;
}

bool th_get_index(ThContext *cx, ThValue v, const ThValue *indices, size_t n, ThValue *out) {
  const ThKind *kind = th_kind_of(v);
  if (kind && kind->get_index) return get_index(cx, kind, v, indices, n, out);
  ThValue plain;
  bool stands;
  if (!decayed(cx, v, &plain, &stands)) return false;
  if (stands) {
    bool ok = th_get_index(cx, plain, indices, n, out);
    th_release(plain);
    return ok;
  }
  no_ability(cx, v, "has no elements to index");
  return false;
}

static bool set_index(ThContext *cx, const ThKind *kind, ThValue *v, const ThValue *indices, size_t n,
                      ThValue value) {
  ThValue settled[MAX_SETTLED];
  bool some;
  const ThKind *stored = th_kind_of(value);
  if (!settle_indices(cx, indices, n, settled, &some)) return false;
  if (some) indices = settled;
  bool ok = stored && stored->put_into && th_is_array(*v) ? stored->put_into(cx, v, indices, n, value)
                                                          : kind->set_index(cx, v, indices, n, value);
  if (some) th_release_all(settled, n);
  return ok;
}

bool th_set_index(ThContext *cx, ThValue *v, const ThValue *indices, size_t n, ThValue value) {
  const ThKind *kind = th_kind_of(*v);
  if (kind && kind->set_index) return set_index(cx, kind, v, indices, n, value);
  if (kind && kind->decay) {
    ThValue plain;
    if (!kind->decay(cx, *v, &plain)) return false;
    th_replace_take(v, plain);
    return th_set_index(cx, v, indices, n, value);
  }
  return no_ability(cx, *v, "has no elements that can be assigned");
}

/* Offers the field whose name is nearest. */
static bool no_field(ThContext *cx, ThValue v, const ThSymbol *name) {
  const ThKind *kind = th_kind_of(v);
  char text[96];
  th_fail(cx, TH_ERROR_NAME, "%s has no field `%s`", th_describe(v, text, sizeof text), name->spelling);
  if (!kind || !kind->field_name) return false;
  ThNearest nearest = th_nearest_begin(name->name);
  char list[200] = "";
  for (size_t i = 0, used = 0;; i++) {
    ThSymbol *field = kind->field_name(cx, v, i);
    if (!field) break;
    th_nearest_offer(&nearest, field->name, field->spelling);
    int wrote = used < sizeof list
                    ? snprintf(list + used, sizeof list - used, "%s %s", i ? "," : "", field->spelling)
                    : 0;
    used += wrote > 0 ? (size_t)wrote : 0;
  }
  if (th_nearest_hint(&nearest, cx)) return false;
  return list[0] ? th_hint(cx, "its fields are%s", list) : false;
}

bool th_get_field(ThContext *cx, ThValue v, ThSymbol *name, ThValue *out) {
  const ThKind *kind = th_kind_of(v);
  th_error_clear(cx);
  if (kind && kind->get_field)
    return kind->get_field(cx, v, name, out) || (cx->error.code == TH_OK && no_field(cx, v, name));
  return no_field(cx, v, name);
}

bool th_set_field(ThContext *cx, ThValue *v, ThSymbol *name, ThValue value) {
  const ThKind *kind = th_kind_of(*v);
  if (kind && kind->set_field) return kind->set_field(cx, v, name, value);
  char text[96];
  return th_fail(cx, TH_ERROR_TYPE, "%s has no fields that can be assigned",
                 th_describe(*v, text, sizeof text));
}

bool th_length(ThContext *cx, ThValue v, size_t axis, size_t *out) {
  const ThKind *kind = th_kind_of(v);
  if (kind && kind->length) return kind->length(cx, v, axis, out);
  return no_ability(cx, v, "has no elements to run over");
}

bool th_call(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out) {
  const ThKind *kind = th_kind_of(f);
  if (kind && kind->call) return kind->call(cx, f, args, out);
  char text[96], name[64];
  th_operand(cx, SIZE_MAX, "", name, sizeof name);
  th_describe(f, text, sizeof text);
  if (!name[0]) return th_fail_argument(cx, TH_CALLEE, TH_ERROR_TYPE, "%s cannot be called", text);
  return th_fail_argument(cx, TH_CALLEE, TH_ERROR_TYPE, "`%s` is %s, which cannot be called", name, text);
}

bool th_call_values(ThContext *cx, ThValue f, const ThValue *values, size_t n, ThValue *out) {
  ThArguments args = {.count = n, .values = values};
  return th_call(cx, f, &args, out);
}

/* Whether one pair of round brackets holds the whole text. */
static bool is_bracketed(const char *text) {
  size_t depth = 0;
  for (const char *at = text; *at; at++) {
    if (*at == '(') depth++;
    if (*at == ')' && depth > 0) depth--;
    if (depth == 0) return at > text && at[1] == '\0';
  }
  return false;
}

bool th_condition_hint(ThContext *cx, ThValue v, const char *text) {
  if (!th_is_array(v)) return false;
  if (is_bracketed(text)) return th_hint(cx, "`all%s` or `any%s` makes one of many", text, text);
  return th_hint(cx, "`all(%s)` or `any(%s)` makes one of many", text, text);
}

static bool settled_condition(ThContext *cx, ThValue v, bool *out) {
  ThValue plain;
  if (!th_settle(cx, v, &plain)) return false;
  bool ok = th_condition(cx, plain, out);
  th_release(plain);
  return ok;
}

bool th_condition(ThContext *cx, ThValue v, bool *out) {
  double x;
  char buffer[64];
  if (settles(v)) return settled_condition(cx, v, out);
  if (th_is_bool(v)) {
    *out = th_as_bool(v);
    return true;
  }
  if (th_to_number(v, &x)) {
    *out = x != 0;
    if (x == 0 || x == 1) return true;
    char text[40];
    const char *name = th_operand(cx, 0, "…", buffer, sizeof buffer);
    snprintf(text, sizeof text, "%.6g", x);
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "a condition is true or false, or exactly 0 or 1; got %s", text);
    return th_hint(cx, "compare it: `%s != 0`, `%s > 0`", name, name);
  }
  char text[96];
  const char *name = th_operand(cx, 0, "…", buffer, sizeof buffer);
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "a condition is true or false; got %s",
                   th_describe(v, text, sizeof text));
  return th_condition_hint(cx, v, name);
}
