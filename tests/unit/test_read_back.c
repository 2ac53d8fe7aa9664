/* test_read_back.c - tests that what is printed can be read back */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random values, nested to some depth, from a seeded generator: their source text evaluates to an equal value, and
 * so does what is echoed, to the digits that are shown, unless something was left out. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/session.h"
#include "val/array.h"
#include "val/basic.h"

/* --- Random values ------------------------------------------------------------------------------- */

typedef struct Maker {
  ThContext *cx;
  uint64_t state;
} Maker;

/* Marsaglia's xorshift64 */
static uint64_t next(Maker *m) {
  m->state ^= m->state << 13;
  m->state ^= m->state >> 7;
  m->state ^= m->state << 17;
  return m->state;
}
static size_t below(Maker *m, size_t n) { return (size_t)(next(m) >> 11) % n; }

static double make_number(Maker *m) {
  static const double special[] = {0.0, -0.0,  NAN,  INFINITY, -INFINITY, 1e300, -5e-324, 9007199254740993.0,
                                   0.1, 2.385, 1e15, 1e16,     123456.5,  1e-5,  -1};
  switch (below(m, 4)) {
    case 0: return special[below(m, COUNT(special))];
    case 1: return (double)below(m, 2000) - 1000;
    case 2: return ((double)below(m, 1u << 30) - (1 << 29)) / 1024;
    default: return ldexp((double)next(m), (int)below(m, 400) - 230) * (below(m, 2) ? 1 : -1);
  }
}

static ThValue make_string(Maker *m) {
  static const char *const pieces[] = {"a",  "Z9", " ",  "\"",   "\\",      "\n", "\t",   "$",
                                       "$x", "$(", "θ",  "日本", "e\u0301", "😀",  "\x01", "{",
                                       "}",  "#",  "\r", "'",    "…",       "±"};
  ThText text;
  ThValue v;
  th_text_init(&text, &m->cx->heap);
  for (size_t n = below(m, 8); n > 0; n--) th_text_add(&text, pieces[below(m, COUNT(pieces))]);
  ck_assert(th_string(m->cx, th_text_string(&text), text.length, &v));
  th_text_clear(&text);
  return v;
}

static ThValue make_array(Maker *m) {
  size_t shape[4], rank = 1 + below(m, 4);
  for (size_t i = 0; i < rank; i++) shape[i] = below(m, 12) ? 1 + below(m, 4) : 0;
  ThArray *a = th_array_new(m->cx, (ThElement)below(m, 3), (uint32_t)rank, shape);
  ck_assert_ptr_nonnull(a);
  for (size_t i = 0; i < a->length; i++) {
    if (a->element == TH_BOOL) a->bools[i] = (uint8_t)below(m, 2);
    else if (a->element == TH_DOUBLE) a->real[i] = make_number(m);
    else a->complex_[i] = th_complex_of(make_number(m), make_number(m));
  }
  return th_object(a);
}

static ThValue make_complex(Maker *m) {
  ThValue v;
  double re = make_number(m), im = make_number(m);
  ck_assert(th_complex(m->cx, th_complex_of(re, im), &v));
  return v;
}

static ThValue make_range(Maker *m) {
  ThValue v;
  double first = (double)below(m, 9) - 4, step = below(m, 2) ? 1 : -0.5, last = (double)below(m, 9);
  ck_assert(th_range(m->cx, first, step, last, &v));
  return v;
}

static ThValue make_value(Maker *m, size_t depth);

static ThValue make_list(Maker *m, size_t depth) {
  ThList *list = th_list_new(m->cx, 0);
  ck_assert_ptr_nonnull(list);
  for (size_t n = below(m, 4); n > 0; n--)
    ck_assert(th_list_push_take(m->cx, list, make_value(m, depth - 1)));
  return th_object(list);
}

static ThValue make_record(Maker *m, size_t depth) {
  static const char *const names[] = {"a", "θ", "x₀", "名前", "long_name", "β̂", "data", "pi"};
  ThRecord *record = th_record_new(m->cx, 0);
  ck_assert_ptr_nonnull(record);
  for (size_t n = below(m, 4); n > 0; n--)
    ck_assert(th_record_set_text(m->cx, record, names[below(m, COUNT(names))], make_value(m, depth - 1)));
  return th_object(record);
}

static ThValue make_value(Maker *m, size_t depth) {
  switch (below(m, depth ? 9 : 7)) {
    case 0: return th_number(make_number(m));
    case 1: return th_bool(below(m, 2));
    case 2: return make_string(m);
    case 3: return make_array(m);
    case 4: return make_complex(m);
    case 5: return th_none();
    case 6: return make_range(m);
    case 7: return make_list(m, depth);
    default: return make_record(m, depth);
  }
}

/* --- Comparison: nan equals nan; numbers to a part `tolerance` of their size ---------------------- */

static bool same_number(double x, double y, double tolerance) {
  if (isnan(x) || isnan(y)) return isnan(x) && isnan(y);
  return x == y || fabs(x - y) <= tolerance * fabs(x);
}

static bool same_complex(double complex x, double complex y, double tolerance) {
  return same_number(creal(x), creal(y), tolerance) && same_number(cimag(x), cimag(y), tolerance);
}

static bool same_array(const ThArray *a, const ThArray *b, double tolerance) {
  if (!th_same_shape(a, b)) return false;
  if (a->length && a->element != b->element) return false; /* the brackets of an empty one do not say */
  for (size_t i = 0; i < a->length; i++)
    if (!same_complex(th_array_complex(a, i), th_array_complex(b, i), tolerance)) return false;
  return true;
}

static bool same(ThValue a, ThValue b, double tolerance) {
  if (th_is_number(a) && th_is_number(b)) return same_number(th_as_number(a), th_as_number(b), tolerance);
  if (!th_is_object(a) || !th_is_object(b)) return a.bits == b.bits;
  if (th_as_object(a)->kind != th_as_object(b)->kind) return false;
  if (th_is_complex(a)) return same_complex(th_as_complex(a), th_as_complex(b), tolerance);
  if (th_is_array(a)) return same_array(th_as_array(a), th_as_array(b), tolerance);
  if (th_is_string(a)) return strcmp(th_as_string(a)->text, th_as_string(b)->text) == 0;
  if (th_is_range(a)) return th_as_range(a)->length == th_as_range(b)->length;
  if (th_is_list(a)) {
    const ThList *x = th_as_list(a), *y = th_as_list(b);
    bool equal = x->length == y->length;
    for (size_t i = 0; equal && i < x->length; i++) equal = same(x->items[i], y->items[i], tolerance);
    return equal;
  }
  const ThRecord *x = th_as_record(a), *y = th_as_record(b);
  bool equal = x->length == y->length;
  for (size_t i = 0; equal && i < x->length; i++)
    equal = x->names[i] == y->names[i] && same(x->values[i], y->values[i], tolerance);
  return equal;
}

/* --- The property -------------------------------------------------------------------------------- */

static void check_read_back(ThSession *session, ThValue v, ThStyle style, double tolerance) {
  ThContext *cx = th_session_context(session);
  ThText text;
  ThValue back;
  th_text_init(&text, &cx->heap);
  ck_assert(th_format(cx, v, style, &text));
  const char *printed = th_text_string(&text);
  if (style == TH_STYLE_SOURCE || !strstr(printed, "…")) {
    ck_assert_msg(th_session_evaluate(session, "", printed, text.length, &back), "%s\n%s", cx->error.message,
                  printed);
    ck_assert_msg(same(v, back, tolerance), "changed by being read back:\n%s", printed);
    th_release(back);
  }
  th_text_clear(&text);
}

START_TEST(read_back) {
  static const struct {
    int width, digits;
    double tolerance; /* half a unit of the last digit, of a number that begins with 1 */
  } settings[] = {{80, 6, 5.1e-6}, {40, 3, 5.1e-3}, {120, 15, 5.1e-15}, {30, 1, 0.51}, {80, 17, 0}};
  ThSession *session = unit_session(NULL);
  ThContext *cx = th_session_context(session);
  Maker maker = {cx, 0x9E3779B97F4A7C15u + (uint64_t)_i};
  cx->settings.width = settings[_i].width;
  cx->settings.digits = settings[_i].digits;
  for (int k = 0; k < 2000; k++) {
    ThValue v = make_value(&maker, 3);
    check_read_back(session, v, TH_STYLE_SOURCE, 0);
    if (!th_is_none(v)) check_read_back(session, v, TH_STYLE_ECHO, settings[_i].tolerance);
    th_release(v);
  }
  th_session_free(session);
}
END_TEST

Suite *th_suite_read_back(void) {
  Suite *suite = suite_create("read_back");
  ADD_ROWS(suite, read_back, 5);
  return suite;
}
