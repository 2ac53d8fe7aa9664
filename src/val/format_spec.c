/* format_spec.c - printf-like formats: ".3f", "+8.2e", "10s", "%" */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form is [+0-9.]*[defgs%]: a sign, a fill, a width, a precision, and how. `%` is a percentage. What is
 * not a number is written plainly and padded. Arrays are formatted element by element. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/format.h"

typedef struct Spec {
  bool plus, left, zeros;
  int width, precision; /* precision -1: not given */
  char how;             /* one of d e f g s % */
} Spec;

static bool fail_spec(ThContext *cx, const char *text, size_t length) {
  th_fail(cx, TH_ERROR_VALUE, "`%.*s` is not a format", (int)(length > 40 ? 40 : length), text);
  return th_hint(cx, "formats are like `.3f` (3 decimals), `8.2e`, `.4g`, `d`, `10s`, `.1%%`");
}

static int read_int(const char *text, size_t length, size_t *at) {
  int n = 0;
  while (*at < length && text[*at] >= '0' && text[*at] <= '9' && n < 1000) n = n * 10 + (text[(*at)++] - '0');
  return n;
}

static bool parse(ThContext *cx, const char *text, size_t length, Spec *spec) {
  size_t i = 0;
  *spec = (Spec){.precision = -1};
  for (; i < length && strchr("+-0", text[i]); i++) {
    if (text[i] == '+') spec->plus = true;
    else if (text[i] == '-') spec->left = true;
    else spec->zeros = true;
  }
  spec->width = read_int(text, length, &i);
  if (i < length && text[i] == '.') {
    i++;
    spec->precision = read_int(text, length, &i);
  }
  if (i + 1 != length || !strchr("defgs%", text[i]) || spec->width > 500 || spec->precision > 100)
    return fail_spec(cx, text, length);
  spec->how = text[i];
  return true;
}

/* One number, without padding. */
static void add_number(const Spec *spec, double x, int digits, ThText *out) {
  char text[512];
  int precision = spec->precision;
  if (spec->plus && !signbit(x)) th_text_char(out, '+');
  if (!isfinite(x) || spec->how == 's') {
    th_format_number(x, digits, out);
    return;
  }
  switch (spec->how) {
    case 'd': snprintf(text, sizeof text, "%.0f", round(x) == 0 ? 0.0 : round(x)); break;
    case 'e': snprintf(text, sizeof text, "%.*e", precision < 0 ? 6 : precision, x); break;
    case 'f': snprintf(text, sizeof text, "%.*f", precision < 0 ? 6 : precision, x); break;
    case 'g': snprintf(text, sizeof text, "%.*g", precision < 0 ? digits : precision, x); break;
    default: snprintf(text, sizeof text, "%.*f%%", precision < 0 ? 0 : precision, 100 * x); break;
  }
  th_text_add(out, text);
}

static bool add_value(ThContext *cx, const Spec *spec, ThValue v, ThText *out) {
  double x;
  if (th_to_number(v, &x)) {
    if (th_is_bool(v) && spec->how == 's') th_text_add(out, th_as_bool(v) ? "true" : "false");
    else add_number(spec, x, cx->settings.digits, out);
  } else if (th_is_complex(v)) {
    double im = cimag(th_as_complex(v));
    add_number(spec, creal(th_as_complex(v)), cx->settings.digits, out);
    th_text_add(out, signbit(im) ? " - " : " + ");
    add_number(spec, fabs(im), cx->settings.digits, out);
    th_text_char(out, 'i');
  } else {
    return th_format(cx, v, TH_STYLE_INLINE, out);
  }
  return th_text_ok(out, cx);
}

/* The text from byte `start`, which is the last, padded to the width. */
static bool pad(ThContext *cx, const Spec *spec, bool number, size_t start, ThText *out) {
  if (!th_text_ok(out, cx)) return false;
  size_t width = th_utf8_width(out->data + start, out->length - start), missing = (size_t)spec->width;
  if (width >= missing) return true;
  missing -= width;
  if (spec->left || (!number && spec->how == 's')) {
    th_text_repeat(out, ' ', missing);
    return th_text_ok(out, cx);
  }
  char c = out->data[start];
  bool zeros = spec->zeros && number;
  size_t at = start + (zeros && (c == '-' || c == '+') ? 1 : 0), length = out->length - at;
  th_text_repeat(out, ' ', missing);
  if (!th_text_ok(out, cx)) return false;
  memmove(out->data + at + missing, out->data + at, length);
  memset(out->data + at, zeros ? '0' : ' ', missing);
  return true;
}

static bool format_one(ThContext *cx, const Spec *spec, ThValue v, ThText *out) {
  size_t start = out->length;
  double x;
  char text[96];
  bool number = th_to_number(v, &x) || th_is_complex(v);
  if (!number && spec->how != 's') {
    return th_fail(cx, TH_ERROR_TYPE, "the format `%c` is for numbers; got %s", spec->how,
                   th_describe(v, text, sizeof text));
  }
  return add_value(cx, spec, v, out) && pad(cx, spec, number, start, out);
}

/* A vector, or the rows of an array, in brackets. */
static bool format_elements(ThContext *cx, const Spec *spec, const ThArray *a, uint32_t axis, size_t at,
                            ThText *out) {
  size_t step = 1;
  for (uint32_t i = axis + 1; i < a->rank; i++) step *= a->shape[i];
  bool row = axis > 0 && axis + 1 == a->rank; /* of a matrix, whose brackets enclose it */
  if (!row) th_text_char(out, '[');
  for (size_t i = 0; i < a->shape[axis]; i++) {
    if (i) th_text_add(out, axis + 2 == a->rank ? "; " : ", ");
    if (axis + 1 < a->rank) {
      if (!format_elements(cx, spec, a, axis + 1, at + i * step, out)) return false;
      continue;
    }
    ThValue v;
    if (!th_poll_at(cx, i) || !th_array_get(cx, a, at + i, &v)) return false;
    bool ok = format_one(cx, spec, v, out);
    th_release(v);
    if (!ok) return false;
  }
  if (!row) th_text_char(out, ']');
  return th_text_ok(out, cx);
}

static bool format_plain(ThContext *cx, const Spec *spec, ThValue v, ThText *out) {
  return th_is_array(v) ? format_elements(cx, spec, th_as_array(v), 0, 0, out) : format_one(cx, spec, v, out);
}

bool th_format_spec(ThContext *cx, ThValue v, const char *text, size_t length, ThText *out) {
  Spec spec;
  ThValue plain;
  const ThKind *kind = th_kind_of(v);
  if (!parse(cx, text, length, &spec)) return false;
  if (!th_is_range(v) && !(kind && kind->plain)) return format_plain(cx, &spec, v, out);
  if (!th_settle(cx, v, &plain)) return false;
  bool ok = format_plain(cx, &spec, plain, out);
  th_release(plain);
  return ok;
}
