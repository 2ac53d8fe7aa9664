/* record.c - named values in order, and arithmetic that goes through them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record of parameters is a vector with names: records with the same fields add field by field, and a
 * number meets every field. */
#include <string.h>

#include "val/arithmetic.h"
#include "val/basic.h"
#include "val/broadcast.h"
#include "val/format.h"

/* --- Fields by name */

/* Names are searched one after another, until there are so many that a table pays: open-addressed, at most half
 * full, of places counted from 1. */
enum { MANY_FIELDS = 32 };

static size_t table_size(size_t capacity) {
  size_t size = 2 * MANY_FIELDS;
  while (size < 2 * capacity) size *= 2;
  return size;
}

/* Where the name's place stands in the table, or 0 where it would go. */
static uint32_t *find_entry(const ThRecord *record, const ThSymbol *name) {
  size_t mask = table_size(record->capacity) - 1, at = name->hash & mask;
  while (record->places[at] && record->names[record->places[at] - 1] != name) at = (at + 1) & mask;
  return &record->places[at];
}

static void place_names(ThRecord *record) {
  for (; record->places && record->n_placed < record->length; record->n_placed++)
    *find_entry(record, record->names[record->n_placed]) = (uint32_t)record->n_placed + 1;
}

ThValue *th_record_find(const ThRecord *record, const ThSymbol *name) {
  uint32_t place = record->places ? *find_entry(record, name) : 0;
  if (place) return &record->values[place - 1];
  for (size_t i = record->n_placed; i < record->length; i++)
    if (record->names[i] == name) return &record->values[i];
  return NULL;
}

/* --- Making and filling */

/* Lists and table of a capacity above 0. */
static bool make_room(ThContext *cx, size_t capacity, ThRecord *out) {
  bool many = capacity >= MANY_FIELDS;
  *out = (ThRecord){.capacity = capacity};
  out->names = th_alloc_array(cx, capacity, sizeof *out->names);
  out->values = out->names ? th_alloc_array(cx, capacity, sizeof *out->values) : NULL;
  out->places = out->values && many ? th_alloc_array(cx, table_size(capacity), sizeof *out->places) : NULL;
  if (out->places) memset(out->places, 0, table_size(capacity) * sizeof *out->places);
  if (out->places || (out->values && !many)) return true;
  if (out->values) th_free(cx, out->values, capacity * sizeof *out->values);
  if (out->names) th_free(cx, out->names, capacity * sizeof *out->names);
  return false;
}

static void free_room(ThHeap *heap, ThRecord *record) {
  th_heap_free(heap, record->names, record->capacity * sizeof *record->names);
  th_heap_free(heap, record->values, record->capacity * sizeof *record->values);
  if (record->places)
    th_heap_free(heap, record->places, table_size(record->capacity) * sizeof *record->places);
}

static void use_room(ThRecord *record, const ThRecord *room) {
  record->capacity = room->capacity;
  record->names = room->names;
  record->values = room->values;
  record->places = room->places;
  record->n_placed = 0;
}

ThRecord *th_record_new(ThContext *cx, size_t capacity) {
  ThRecord *record = th_object_new(cx, &th_record_kind, sizeof *record), room;
  if (!record || capacity == 0) return record;
  if (!make_room(cx, capacity, &room)) {
    th_object_free(&record->object, sizeof *record);
    return NULL;
  }
  use_room(record, &room);
  return record;
}

static bool grow(ThContext *cx, ThRecord *record) {
  ThRecord room;
  if (!make_room(cx, record->capacity + record->capacity / 2 + 4, &room)) return false;
  if (record->length) {
    memcpy(room.names, record->names, record->length * sizeof *room.names);
    memcpy(room.values, record->values, record->length * sizeof *room.values);
  }
  free_room(record->object.heap, record);
  use_room(record, &room);
  place_names(record);
  return true;
}

bool th_record_set_take(ThContext *cx, ThRecord *record, ThSymbol *name, ThValue value) {
  ThValue *slot = th_record_find(record, name);
  if (slot) {
    th_replace_take(slot, value);
    return true;
  }
  if (record->length == record->capacity && !grow(cx, record)) {
    th_release(value);
    return false;
  }
  record->names[record->length] = name;
  record->values[record->length++] = value;
  place_names(record);
  return true;
}

bool th_record_set_text(ThContext *cx, ThRecord *record, const char *name, ThValue value) {
  ThSymbol *symbol = th_symbol_of(cx, name);
  if (symbol) return th_record_set_take(cx, record, symbol, value);
  th_release(value);
  return false;
}

static void record_release(ThObject *self) {
  ThRecord *record = (ThRecord *)self;
  th_release_all(record->values, record->length);
  free_room(self->heap, record);
  th_object_free(self, sizeof *record);
}

/* Makes *self the only reference. */
static bool make_own(ThContext *cx, ThValue *self) {
  const ThRecord *record = th_as_record(*self);
  if (record->object.references == 1) return true;
  ThRecord *copy = th_record_new(cx, record->length + 1);
  if (!copy) return false;
  for (size_t i = 0; i < record->length; i++) {
    copy->names[i] = record->names[i];
    copy->values[i] = th_retain(record->values[i]);
  }
  copy->length = record->length;
  place_names(copy);
  th_replace_take(self, th_object(copy));
  return true;
}

/* The same fields with equal values, in any order. */
static bool record_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  const ThRecord *x = th_as_record(a), *y = th_as_record(b);
  *out = x->length == y->length;
  for (size_t i = 0; *out && i < x->length; i++) {
    const ThValue *other = th_record_find(y, x->names[i]);
    *out = other != NULL;
    if (other && !th_equal(cx, x->values[i], *other, out)) return false;
  }
  return true;
}

static bool record_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out) {
  (void)cx;
  const ThValue *value = th_record_find(th_as_record(self), name);
  if (value) *out = th_retain(*value);
  return value != NULL;
}

static bool record_set_field(ThContext *cx, ThValue *self, ThSymbol *name, ThValue value) {
  if (!make_own(cx, self)) return false;
  return th_record_set_take(cx, th_as_record(*self), name, th_retain(value));
}

static ThSymbol *record_field_name(ThContext *cx, ThValue self, size_t i) {
  (void)cx;
  const ThRecord *record = th_as_record(self);
  return i < record->length ? record->names[i] : NULL;
}

/* r["name"]: the field of a computed name. */
static ThSymbol *index_name(ThContext *cx, const ThValue *indices, size_t n) {
  if (n == 1 && th_is_string(indices[0])) {
    const ThString *name = th_as_string(indices[0]);
    return th_symbol(cx, name->text, name->length);
  }
  th_fail_argument(cx, 2, TH_ERROR_TYPE, "a record has named fields, no numbered elements");
  th_hint(cx, "write `r.name`, or `r[\"name\"]`; the names are `fields(r)`");
  return NULL;
}

static bool record_get_index(ThContext *cx, ThValue self, const ThValue *indices, size_t n, ThValue *out) {
  ThSymbol *name = index_name(cx, indices, n);
  return name && th_get_field(cx, self, name, out);
}

static bool record_set_index(ThContext *cx, ThValue *self, const ThValue *indices, size_t n, ThValue value) {
  ThSymbol *name = index_name(cx, indices, n);
  return name && record_set_field(cx, self, name, value);
}

/* Arithmetic. */

static bool fail_fields(ThContext *cx, const ThRecord *a, const ThRecord *b) {
  for (size_t i = 0; i < a->length; i++) {
    if (!th_record_find(b, a->names[i])) {
      return th_fail(cx, TH_ERROR_VALUE, "the records have different fields: only the left one has `%s`",
                     a->names[i]->spelling);
    }
  }
  for (size_t i = 0; i < b->length; i++) {
    if (!th_record_find(a, b->names[i])) {
      return th_fail(cx, TH_ERROR_VALUE, "the records have different fields: only the right one has `%s`",
                     b->names[i]->spelling);
    }
  }
  return true;
}

static bool field_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out);

/* A list as a field holds arrays (the layers of a network): it goes element by element. */
static bool field_items(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  const ThList *x = th_is_list(a) ? th_as_list(a) : NULL, *y = th_is_list(b) ? th_as_list(b) : NULL;
  if (!x && !y) return th_binary(cx, op, a, b, reuse, out);
  if (x && y && x->length != y->length) {
    return th_fail(cx, TH_ERROR_SHAPE, "a field holds lists of %zu and %zu elements", x->length, y->length);
  }
  size_t n = x ? x->length : y->length;
  ThList *list = th_list_new(cx, n);
  if (!list) return false;
  *out = th_object(list);
  for (size_t i = 0; i < n; i++) {
    ThValue item;
    bool ok = field_binary(cx, op, x ? x->items[i] : a, y ? y->items[i] : b, 0, &item);
    if (!ok || !th_list_push_take(cx, list, item)) {
      th_release(*out);
      return false;
    }
  }
  return true;
}

static bool field_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  if (!th_nest(cx)) return false;
  bool ok = field_items(cx, op, a, b, reuse, out);
  th_unnest(cx);
  return ok;
}

/* May an operation on these two fail, but for want of memory? Arrays of doubles of one shape, and numbers, may not. */
static bool may_fail(ThValue a, ThValue b) {
  if (th_is_number(a) && th_is_number(b)) return false;
  const ThArray *x = th_is_array(a) ? th_as_array(a) : NULL, *y = th_is_array(b) ? th_as_array(b) : NULL;
  if ((x && x->element != TH_DOUBLE) || (y && y->element != TH_DOUBLE)) return true;
  return !(x && y ? th_same_shape(x, y) : (x && th_is_number(b)) || (y && th_is_number(a)));
}

/* What of `reuse` holds for the fields: those of a record that nobody else has, when none of them can fail, so that a
 * variable never keeps a record that was changed by half. */
static unsigned field_reuse(const ThRecord *x, const ThRecord *y, ThValue a, ThValue b, unsigned reuse) {
  if (!x || x->object.references != 1) reuse &= ~(unsigned)TH_REUSE_LEFT;
  if (!y || y->object.references != 1) reuse &= ~(unsigned)TH_REUSE_RIGHT;
  const ThRecord *shape = x ? x : y;
  for (size_t i = 0; reuse && i < shape->length; i++)
    if (may_fail(x ? x->values[i] : a, y ? *th_record_find(y, shape->names[i]) : b)) return 0;
  return reuse;
}

static bool fieldwise(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  const ThRecord *x = th_is_record(a) ? th_as_record(a) : NULL, *y = th_is_record(b) ? th_as_record(b) : NULL;
  const ThRecord *shape = x ? x : y;
  ThRecord *result = th_record_new(cx, shape->length);
  if (!result) return false;
  *out = th_object(result);
  reuse = field_reuse(x, y, a, b, reuse);
  for (size_t i = 0; i < shape->length; i++) {
    ThSymbol *name = shape->names[i];
    ThValue left = x ? x->values[i] : a, right = y ? *th_record_find(y, name) : b, value;
    if (!field_binary(cx, op, left, right, reuse, &value) || !th_record_set_take(cx, result, name, value)) {
      th_release(*out);
      return false;
    }
  }
  return true;
}

/* What each field may be multiplied by or added to: numbers and arrays, traced ones (ThKind.plain) too. */
static bool goes_through(ThValue v) {
  ThElement element;
  const ThKind *kind = th_kind_of(v);
  return th_element_of(v, &element) || th_is_estimate(v) || (kind && kind->plain);
}

static bool record_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  if (op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL) return th_equality(cx, op, a, b, out);
  if (op == TH_OP_IN) return th_member(cx, a, b, out);
  bool both = th_is_record(a) && th_is_record(b);
  if (op > TH_OP_POWER || (!both && !goes_through(a) && !goes_through(b)))
    return th_fail_operands(cx, op, a, b);
  if (both && !fail_fields(cx, th_as_record(a), th_as_record(b))) return false;
  return fieldwise(cx, op, a, b, reuse, out);
}

static bool record_unary(ThContext *cx, ThOperator op, ThValue a, ThValue *out) {
  if (op != TH_OP_NEGATE) return th_fail_operand(cx, op, a);
  return fieldwise(cx, TH_OP_MULTIPLY, th_number(-1), a, 0, out);
}

const ThKind th_record_kind = {
    .name = "record",
    .release = record_release,
    .format = th_format_record,
    .equal = record_equal,
    .get_index = record_get_index,
    .set_index = record_set_index,
    .get_field = record_get_field,
    .set_field = record_set_field,
    .field_name = record_field_name,
    .binary = record_binary,
    .unary = record_unary,
    .rank = 1,
};
