/* string.c - immutable strings, indexed by code point */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/utf8.h"
#include "val/arithmetic.h"
#include "val/array_index.h"
#include "val/basic.h"
#include "val/format.h"

/* A string with room for `capacity` bytes, none of them written. */
static ThString *new_string(ThContext *cx, size_t capacity) {
  ThString *string = th_object_new(cx, &th_string_kind, sizeof *string + capacity + 1);
  if (string) string->capacity = capacity;
  return string;
}

enum { CHUNK = 1 << 22 }; /* bytes between two looks whether to go on */

bool th_string(ThContext *cx, const char *text, size_t length, ThValue *out) {
  ThString *string = new_string(cx, length);
  if (!string) return false;
  string->length = length;
  string->code_points = 0;
  for (size_t at = 0; at < length; at += CHUNK) {
    size_t n = length - at < CHUNK ? length - at : CHUNK;
    memcpy(string->text + at, text + at, n);
    string->code_points += th_utf8_count(text + at, n);
    if (n < CHUNK || th_poll(cx)) continue;
    th_release(th_object(string));
    return false;
  }
  *out = th_object(string);
  return true;
}

bool th_string_of(ThContext *cx, const char *text, ThValue *out) {
  return th_string(cx, text, strlen(text), out);
}

static void string_release(ThObject *self) {
  th_object_free(self, sizeof(ThString) + ((ThString *)self)->capacity + 1);
}

static bool string_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  (void)cx;
  const ThString *x = th_as_string(a), *y = th_as_string(b);
  *out = x->length == y->length && memcmp(x->text, y->text, x->length) == 0;
  return true;
}

static bool string_length(ThContext *cx, ThValue self, size_t axis, size_t *out) {
  if (axis != 0 && axis != SIZE_MAX)
    return th_fail(cx, TH_ERROR_SHAPE, "a string has 1 axis; there is no axis %zu", axis + 1);
  *out = th_as_string(self)->code_points;
  return true;
}

/* Byte offset of a code point: at once when every one is a byte, else from the last one on that was looked up,
 * so that going through a string takes time in proportion to its length. */
static size_t offset_of(ThString *string, size_t index) {
  if (string->length == string->code_points) return index;
  if (index < string->seen) string->seen = string->seen_offset = 0;
  size_t from = string->seen_offset;
  string->seen_offset = from +
                        th_utf8_offset(string->text + from, string->length - from, index - string->seen);
  string->seen = index;
  return string->seen_offset;
}

static bool pick(ThContext *cx, ThString *string, const ThSelection *s, ThValue *out) {
  if (!s->list && s->step == 1) {
    size_t start = offset_of(string, s->first), end = offset_of(string, s->first + s->count);
    return th_string(cx, string->text + start, end - start, out);
  }
  ThText text;
  th_text_init(&text, &cx->heap);
  for (size_t i = 0; i < s->count; i++) {
    size_t at = th_selection_at(s, i), start = offset_of(string, at);
    th_text_bytes(&text, string->text + start, offset_of(string, at + 1) - start);
  }
  bool ok = th_text_ok(&text, cx) && th_string(cx, th_text_string(&text), text.length, out);
  th_text_clear(&text);
  return ok;
}

static bool string_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  ThString *string = (ThString *)th_as_object(self);
  ThSelection selection;
  if (n != 1) return th_fail_argument(cx, 2, TH_ERROR_SHAPE, "a string takes 1 index; got %zu", n);
  if (!th_select(cx, indices[0], string->code_points, SIZE_MAX, false, &selection)) return false;
  bool ok = pick(cx, string, &selection, out);
  th_selection_clear(cx, &selection);
  return ok;
}

static bool string_set_index(ThContext *cx, ThValue *self, const ThValue *indices, size_t n, ThValue value) {
  char name[48];
  (void)self, (void)indices, (void)n, (void)value;
  const char *s = th_operand(cx, 0, "s", name, sizeof name);
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` is a string, which cannot be changed in parts", s);
  return th_hint(cx, "make another: `replace(%s, old, new)`, or `%s[1:2] + \"…\" + %s[4:end]`", s, s, s);
}

/* Appends b to a, which has the room. */
static void append(ThString *a, const ThString *b) {
  size_t length = a->length + b->length, code_points = a->code_points + b->code_points;
  memmove(a->text + a->length, b->text, b->length);
  a->text[length] = '\0';
  a->length = length;
  a->code_points = code_points;
}

/* a + b. When nobody else holds a, its own room is used, or the result gets room to spare, so that a string
 * lengthened in a loop costs what is added to it. */
static bool join(ThContext *cx, ThString *a, const ThString *b, bool reuse, ThValue *out) {
  size_t length = a->length + b->length;
  reuse = reuse && a->object.references == 1;
  if (reuse && length <= a->capacity) {
    append(a, b);
    *out = th_retain(th_object(a));
    return true;
  }
  ThString *string = new_string(cx, reuse && length > 64 ? length + length / 2 : length);
  if (!string) return false;
  append(string, a);
  append(string, b);
  *out = th_object(string);
  return true;
}

static bool string_order(ThOperator op, int order) {
  switch (op) {
    case TH_OP_LESS: return order < 0;
    case TH_OP_LESS_EQUAL: return order <= 0;
    case TH_OP_GREATER: return order > 0;
    default: return order >= 0;
  }
}

static bool string_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  if (op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL) return th_equality(cx, op, a, b, out);
  if (op == TH_OP_IN) return th_member(cx, a, b, out);
  if (!th_is_string(a) || !th_is_string(b)) return th_fail_operands(cx, op, a, b);
  const ThString *x = th_as_string(a), *y = th_as_string(b);
  if (op == TH_OP_ADD) return join(cx, (ThString *)th_as_object(a), y, (reuse & TH_REUSE_LEFT) != 0, out);
  if (op < TH_OP_LESS || op > TH_OP_GREATER_EQUAL) return th_fail_operands(cx, op, a, b);
  *out = th_bool(string_order(op, strcmp(x->text, y->text)));
  return true;
}

const ThKind th_string_kind = {
    .name = "string",
    .release = string_release,
    .format = th_format_string,
    .equal = string_equal,
    .get_index = string_get_index,
    .set_index = string_set_index,
    .length = string_length,
    .binary = string_binary,
};
