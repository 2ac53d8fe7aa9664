/* format.c - how numbers, strings, ranges, lists, records and estimates print */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed can be read back, as long as it was not folded. A value that does not fit on one line is
 * laid out over several when it is echoed, each part aligned under the first. */
#include "val/format.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/utf8.h"
#include "val/array.h"
#include "val/basic.h"

static const double largest_whole =
    9007199254740992; /* 2^53: beyond, every double is whole, and says little */

/* Writes 1e-05 and 1e+20 as 1e-5 and 1e20. */
static void add_tidy(ThText *out, const char *text) {
  const char *e = strchr(text, 'e');
  if (!e) {
    th_text_add(out, text);
    return;
  }
  th_text_bytes(out, text, (size_t)(e - text) + 1);
  if (e[1] == '-') th_text_char(out, '-');
  e += 2;
  while (e[0] == '0' && e[1]) e++;
  th_text_add(out, e);
}

/* nan, inf and whole numbers; false for others. */
static bool format_special(double x, ThText *out) {
  if (isnan(x)) {
    th_text_add(out, "nan");
  } else if (isinf(x)) {
    th_text_add(out, x < 0 ? "-inf" : "inf");
  } else if (x == floor(x) && fabs(x) <= largest_whole) {
    th_text_format(out, "%lld", (long long)x);
  } else {
    return false;
  }
  return true;
}

void th_format_number(double x, int digits, ThText *out) {
  char text[40];
  if (format_special(x, out)) return;
  snprintf(text, sizeof text, "%.*g", digits > 17 ? 17 : digits < 1 ? 1 : digits, x);
  add_tidy(out, text);
}

static bool needs_no_exponent(double x) { return fabs(x) >= 1e-4 && fabs(x) < 1e15; }

/* A number of at most 15 digits that needs no exponent: the whole number m of them with m/10^k = x, which one
 * division of doubles finds to the last bit (Clinger 1990). No other decimal of so few digits is x. */
static bool format_few_digits(double x, ThText *out) {
  double power = 1, size = fabs(x);
  char text[24];
  char *at = text + sizeof text;
  if (!needs_no_exponent(x)) return false;
  for (int k = 1; k <= 18; k++) {
    power *= 10;
    double digits = nearbyint(size * power);
    if (digits >= 1e15) return false;
    if (digits / power != size) continue;
    uint64_t left = (uint64_t)digits;
    for (int i = 0; i <= k || left > 0; i++, left /= 10) {
      if (i == k) *--at = '.';
      *--at = (char)('0' + left % 10);
    }
    if (x < 0) *--at = '-';
    th_text_bytes(out, at, (size_t)(text + sizeof text - at));
    return true;
  }
  return false;
}

void th_format_exact(double x, ThText *out) {
  char text[40];
  double back;
  if (x == 0 && signbit(x)) {
    th_text_add(out, "-0");
    return;
  }
  if (format_special(x, out) || format_few_digits(x, out)) return;
  for (int digits = needs_no_exponent(x) ? 16 : 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, x);
    if (th_decimal_parse(text, '.', &back) && back == x) break;
  }
  add_tidy(out, text);
}

static void format_part(double x, int digits, ThText *out) {
  if (digits) th_format_number(x, digits, out);
  else th_format_exact(x, out);
}

/* `inf*1i` would be read as a product, whose real part is nan. */
void th_format_complex(double complex z, int digits, ThText *out) {
  double im = cimag(z);
  bool finite = isfinite(im), negative = im < 0 || (digits == 0 && im == 0 && signbit(im));
  if (!finite) th_text_add(out, "complex(");
  format_part(creal(z), digits, out);
  th_text_add(out, !finite ? ", " : negative ? " - " : " + ");
  format_part(finite ? fabs(im) : im, digits, out);
  th_text_char(out, finite ? 'i' : ')');
}

bool th_format_complex_value(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  th_format_complex(th_as_complex(self), style == TH_STYLE_SOURCE ? 0 : cx->settings.digits, out);
  return th_text_ok(out, cx);
}

/* Strings. */

/* Would `$` before this character begin an interpolation? */
static bool interpolates(char next) {
  unsigned char c = (unsigned char)next;
  return c == '(' || c == '_' || c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void th_quote(const char *text, size_t length, ThText *out) {
  th_text_char(out, '"');
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c == '"' || c == '\\') th_text_format(out, "\\%c", c);
    else if (c == '\n') th_text_add(out, "\\n");
    else if (c == '\t') th_text_add(out, "\\t");
    else if (c == '$' && i + 1 < length && interpolates(text[i + 1])) th_text_add(out, "\\$");
    else if (c < 0x20 || c == 0x7F) th_text_format(out, "\\u{%x}", c);
    else th_text_char(out, (char)c);
  }
  th_text_char(out, '"');
}

bool th_format_string(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThString *string = th_as_string(self);
  if (style == TH_STYLE_INLINE) th_text_bytes(out, string->text, string->length);
  else th_quote(string->text, string->length, out);
  return th_text_ok(out, cx);
}

bool th_format_nested(ThContext *cx, ThValue v, ThStyle style, ThText *out) {
  return th_format(cx, v, th_is_string(v) ? TH_STYLE_SOURCE : style, out);
}

void th_text_indented(ThText *out, const char *text, size_t length, size_t indent) {
  for (size_t i = 0; i < length; i++) {
    th_text_char(out, text[i]);
    if (text[i] == '\n') th_text_repeat(out, ' ', indent);
  }
}

size_t th_text_last_width(const ThText *out, size_t start) {
  const char *text = th_text_string(out) + start, *line = strrchr(text, '\n');
  line = line ? line + 1 : text;
  return th_utf8_width(line, strlen(line));
}

void th_text_note(const ThContext *cx, size_t start, const char *note, ThText *out) {
  size_t width = th_text_last_width(out, start) + 2 + th_utf8_width(note, strlen(note));
  th_text_add(out, width <= (size_t)cx->settings.width ? "  " : "\n");
  th_text_add(out, note);
}

/* Ranges. */

static double rounded(double x, int digits) {
  char text[40];
  if (x == floor(x) && fabs(x) <= largest_whole) return x;
  snprintf(text, sizeof text, "%.*g", digits, x);
  return strtod(text, NULL);
}

/* At least `digits`, and so many that as many numbers are read back; 0, exactly, if need be. */
static int range_digits(const ThRange *range, double last, int digits) {
  for (; digits <= 15; digits++) {
    double count = th_range_count(rounded(range->first, digits), rounded(range->step, digits),
                                  rounded(last, digits));
    if (count == (double)range->length) return digits;
  }
  return 0;
}

bool th_format_range(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThRange *range = th_as_range(self);
  double last = range->length ? th_range_at(range, range->length - 1) : range->first - range->step;
  int digits = style == TH_STYLE_SOURCE ? 0 : range_digits(range, last, cx->settings.digits);
  format_part(range->first, digits, out);
  th_text_char(out, ':');
  if (range->step != 1) {
    format_part(range->step, digits, out);
    th_text_char(out, ':');
  }
  format_part(fabs(last) < 1e-12 * fabs(range->first) ? 0 : last, digits, out);
  return th_text_ok(out, cx);
}

/* Lists and records: `OPEN item, item CLOSE`, an item being a value with a name before it or not. */

enum { MANY_ITEMS = 50, HEAD_ITEMS = 10, TAIL_ITEMS = 3 };

typedef struct Items {
  const char *open;
  size_t n;
  const ThValue *values;
  ThSymbol *const *names; /* NULL: no names */
  size_t name_width;      /* of the longest name */
} Items;

static size_t symbol_width(const ThSymbol *symbol) {
  return th_utf8_width(symbol->spelling, strlen(symbol->spelling));
}

/* Where a folded sequence jumps from; n when nothing is left out. */
static size_t fold_at(size_t n, ThStyle style) {
  return style != TH_STYLE_SOURCE && n > MANY_ITEMS ? HEAD_ITEMS : n;
}

/* The same for items that take a line each: as many as the terminal is high. */
static size_t fold_lines_at(const ThContext *cx, size_t n) {
  size_t room = cx->settings.height > HEAD_ITEMS + TAIL_ITEMS + 4 ? (size_t)cx->settings.height - 4
                                                                  : HEAD_ITEMS + TAIL_ITEMS;
  return n > room ? HEAD_ITEMS : n;
}

static bool format_items_inline(ThContext *cx, const Items *items, ThStyle style, ThText *out) {
  size_t fold = items->names ? items->n : fold_at(items->n, style);
  th_text_add(out, items->open);
  for (size_t i = 0; i < items->n; i++) {
    if (i) th_text_add(out, ", ");
    if (i == fold) {
      th_text_add(out, "…, ");
      i = items->n - TAIL_ITEMS;
    }
    if (items->names) th_text_format(out, "%s = ", items->names[i]->spelling);
    if (!th_format_nested(cx, items->values[i], style, out)) return false;
  }
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

static void note_elements(const ThContext *cx, size_t start, size_t n, ThText *out) {
  char note[40];
  snprintf(note, sizeof note, "(%zu elements)", n);
  th_text_note(cx, start, note, out);
}

/* Is the value one that is laid out over lines when there is no room? */
static bool has_lines(ThValue v) {
  return th_is_array(v) || th_is_list(v) || th_is_record(v) || th_is_table(v);
}

/* A list of small things fills its lines. */
static bool flows(const Items *items) {
  for (size_t i = 0; i < items->n; i++)
    if (has_lines(items->values[i])) return false;
  return !items->names;
}

static bool format_items_flow(ThContext *cx, const Items *items, ThText *out) {
  size_t n = items->n, fold = fold_at(n, TH_STYLE_ECHO), indent = strlen(items->open), column = indent,
         start = out->length;
  ThText part;
  bool ok = true;
  th_text_init(&part, &cx->heap);
  th_text_add(out, items->open);
  for (size_t i = 0; ok && i < n; i++) {
    th_text_reset(&part);
    if (i == fold) {
      th_text_add(&part, "…, ");
      i = n - TAIL_ITEMS;
    }
    ok = th_format_nested(cx, items->values[i], TH_STYLE_INLINE, &part);
    th_text_char(&part, i + 1 < n ? ',' : ')');
    size_t width = th_utf8_width(th_text_string(&part), part.length);
    if (i > 0 && column + 1 + width > (size_t)cx->settings.width) {
      th_text_char(out, '\n');
      th_text_repeat(out, ' ', indent);
      column = indent;
    } else if (i > 0) {
      th_text_char(out, ' ');
      column++;
    }
    th_text_bytes(out, th_text_string(&part), part.length);
    column += width;
  }
  ok = ok && th_text_ok(&part, cx);
  th_text_clear(&part);
  if (fold < n) note_elements(cx, start, n, out);
  return ok && th_text_ok(out, cx);
}

/* One item over as many lines as it wants, its later lines aligned under its first. */
static bool format_item_lines(ThContext *cx, const Items *items, size_t i, size_t indent, ThText *out) {
  ThText part;
  int width = cx->settings.width;
  if (items->names) {
    size_t start = out->length;
    th_text_add(out, items->names[i]->spelling);
    th_text_pad(out, start, items->name_width);
    th_text_add(out, " = ");
    indent += items->name_width + 3;
  }
  th_text_init(&part, &cx->heap);
  cx->settings.width = width > (int)indent + 20 ? width - (int)indent : 20;
  ThValue item = items->values[i];
  bool ok = th_format_nested(cx, item, has_lines(item) ? TH_STYLE_ECHO : TH_STYLE_INLINE, &part);
  cx->settings.width = width;
  if (ok) th_text_indented(out, th_text_string(&part), part.length, indent);
  th_text_clear(&part);
  return ok;
}

static bool format_items_lines(ThContext *cx, const Items *items, ThText *out) {
  size_t fold = items->names ? items->n : fold_lines_at(cx, items->n), indent = strlen(items->open),
         start = out->length;
  th_text_add(out, items->open);
  for (size_t i = 0; i < items->n; i++) {
    if (i) {
      th_text_add(out, ",\n");
      th_text_repeat(out, ' ', indent);
    }
    if (i == fold) {
      th_text_add(out, "…,\n");
      th_text_repeat(out, ' ', indent);
      i = items->n - TAIL_ITEMS;
    }
    if (!format_item_lines(cx, items, i, indent, out)) return false;
  }
  th_text_char(out, ')');
  if (fold < items->n) note_elements(cx, start, items->n, out);
  return th_text_ok(out, cx);
}

static bool format_items(ThContext *cx, const Items *items, ThStyle style, ThText *out) {
  if (style != TH_STYLE_ECHO) return format_items_inline(cx, items, style, out);
  ThText line;
  th_text_init(&line, &cx->heap);
  bool ok = format_items_inline(cx, items, TH_STYLE_INLINE, &line);
  bool fits = ok && !strchr(th_text_string(&line), '\n') &&
              th_utf8_width(th_text_string(&line), line.length) <= (size_t)cx->settings.width;
  if (fits) th_text_bytes(out, th_text_string(&line), line.length);
  th_text_clear(&line);
  if (!ok || fits) return ok && th_text_ok(out, cx);
  return flows(items) ? format_items_flow(cx, items, out) : format_items_lines(cx, items, out);
}

bool th_format_list(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThList *list = th_as_list(self);
  Items items = {.open = "list(", .n = list->length, .values = list->items};
  return format_items(cx, &items, style, out);
}

bool th_format_record(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThRecord *record = th_as_record(self);
  Items items = {.open = record->length ? "(" : "record(",
                 .n = record->length,
                 .values = record->values,
                 .names = record->names};
  for (size_t i = 0; i < record->length; i++) {
    size_t width = symbol_width(record->names[i]);
    if (width > items.name_width) items.name_width = width;
  }
  return format_items(cx, &items, style, out);
}

/* Estimates. */

/* The decimal place an error of this size allows: one digit of it, two when it leads with 1. */
static int error_decimals(double error) {
  int exponent = (int)floor(log10(error));
  double lead = error / pow(10, exponent);
  return -exponent + (lead < 1.95 ? 1 : 0);
}

static void format_rounded(double x, int decimals, ThText *out) {
  if (decimals < 0) {
    double unit = pow(10, -decimals);
    th_text_format(out, "%.0f", nearbyint(x / unit) * unit);
  } else {
    th_text_format(out, "%.*f", decimals, x);
  }
}

/* The error in units of the last digit that is shown anyway. */
static double error_in_digits(double value, double error, int digits) {
  if (value == 0) return INFINITY;
  return error / pow(10, floor(log10(fabs(value))) + 1 - digits);
}

/* An error far below the digits that are shown is not: its method tells it. */
static void format_value_error(double value, double error, int digits, ThText *out) {
  double size = fmax(fabs(value), error), shown = error_in_digits(value, error, digits);
  bool plain = size < 1e15 && error >= 1e-12;
  if (!(error > 0) || shown < 1e-3) {
    th_format_number(value, digits, out);
  } else if (isfinite(error) && plain && shown > 0.5) {
    int decimals = error_decimals(error);
    format_rounded(value, decimals, out);
    th_text_add(out, " ± ");
    format_rounded(error, decimals, out);
  } else {
    th_format_number(value, digits, out);
    th_text_add(out, " ± ");
    th_format_number(error, 1, out);
  }
}

/* A number that does not exist is told by its method: "undefined: ∫ |x| p(x) dx diverges". */
static bool is_undefined(const ThEstimate *e) {
  return isnan(creal(e->value)) && th_is_string(e->method) &&
         strncmp(th_as_string(e->method)->text, "undefined", strlen("undefined")) == 0;
}

bool th_format_estimate(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThEstimate *e = th_as_estimate(self);
  int digits = style == TH_STYLE_SOURCE ? 0 : cx->settings.digits;
  if (style == TH_STYLE_SOURCE) {
    if (e->is_complex) th_format_complex(e->value, 0, out);
    else th_format_exact(creal(e->value), out);
    return th_text_ok(out, cx);
  }
  if (is_undefined(e)) {
    th_text_add(out, style == TH_STYLE_ECHO ? th_as_string(e->method)->text : "undefined");
    return th_text_ok(out, cx);
  }
  if (!e->is_complex) {
    format_value_error(creal(e->value), e->error, digits, out);
  } else {
    th_format_complex(e->value, digits, out);
    bool shown = e->error > 0 && error_in_digits(cabs(e->value), e->error, digits) >= 1e-3;
    if (shown) th_text_add(out, " ± "), th_format_number(e->error, 1, out);
  }
  if (style == TH_STYLE_ECHO && th_is_string(e->method))
    th_text_format(out, "  %s", th_as_string(e->method)->text);
  return th_text_ok(out, cx);
}
