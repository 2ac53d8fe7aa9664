/* lib_string.c - built-ins: strings and printed output */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "lang/lib_support.h"
#include "lang/libs.h"
#include "lang/lib_table.h"
#include "val/format.h"

static const ThString *arg_string(const ThCall *call, size_t i) { return th_as_string(call->args[i]); }

/* The end of a body that built text: a string; clears the text. */
static bool give_text(ThContext *cx, ThText *text, ThValue *out) {
  bool ok = th_text_ok(text, cx) && th_string(cx, th_text_string(text), text->length, out);
  th_text_clear(text);
  return ok;
}

/* A function of one string, mapped over a list of them. */
typedef void (*TextFunction)(const char *text, size_t length, ThText *out);

static bool map_string(ThContext *cx, ThValue v, TextFunction f, ThValue *out) {
  ThText text;
  char kind[96];
  if (!th_is_string(v)) {
    return th_fail_argument(cx, 1, TH_ERROR_TYPE, "a list of strings is needed; it holds %s",
                            th_describe(v, kind, sizeof kind));
  }
  th_text_init(&text, &cx->heap);
  f(th_as_string(v)->text, th_as_string(v)->length, &text);
  return give_text(cx, &text, out);
}

static bool map_strings(ThContext *cx, const ThCall *call, TextFunction f, ThValue *out) {
  if (!th_is_list(call->args[0])) return map_string(cx, call->args[0], f, out);
  const ThList *list = th_as_list(call->args[0]);
  ThList *r = th_list_new(cx, list->length);
  if (!r) return false;
  *out = th_object(r);
  for (size_t i = 0; i < list->length; i++) {
    if (!map_string(cx, list->items[i], f, &r->items[i])) {
      th_release(*out);
      return false;
    }
    r->length++;
  }
  return true;
}

static void trimmed(const char *text, size_t length, ThText *out) {
  while (length && isspace((unsigned char)text[0])) text++, length--;
  while (length && isspace((unsigned char)text[length - 1])) length--;
  th_text_bytes(out, text, length);
}

static bool body_upper(ThContext *cx, const ThCall *call, ThValue *out) {
  return map_strings(cx, call, th_utf8_upper, out);
}
static bool body_lower(ThContext *cx, const ThCall *call, ThValue *out) {
  return map_strings(cx, call, th_utf8_lower, out);
}
static bool body_trim(ThContext *cx, const ThCall *call, ThValue *out) {
  return map_strings(cx, call, trimmed, out);
}

/* Splitting and joining. */

static bool push_text(ThContext *cx, ThList *list, const char *text, size_t length) {
  ThValue v;
  return th_poll_at(cx, list->length) && th_string(cx, text, length, &v) && th_list_push_take(cx, list, v);
}

static bool split_blanks(ThContext *cx, const ThString *s, ThList *list) {
  size_t i = 0;
  while (true) {
    while (i < s->length && isspace((unsigned char)s->text[i])) i++;
    size_t start = i;
    while (i < s->length && !isspace((unsigned char)s->text[i])) i++;
    if (i == start) return true;
    if (!push_text(cx, list, s->text + start, i - start)) return false;
  }
}

static bool split_characters(ThContext *cx, const ThString *s, ThList *list) {
  for (size_t i = 0, size; i < s->length; i += size) {
    th_utf8_decode(s->text + i, s->length - i, &size);
    if (!push_text(cx, list, s->text + i, size)) return false;
  }
  return true;
}

static bool split_at(ThContext *cx, const ThString *s, const ThString *separator, ThList *list) {
  const char *rest = s->text;
  while (true) {
    const char *found = strstr(rest, separator->text);
    size_t length = found ? (size_t)(found - rest) : strlen(rest);
    if (!push_text(cx, list, rest, length)) return false;
    if (!found) return true;
    rest = found + separator->length;
  }
}

static bool body_split_text(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThString *s = arg_string(call, 0);
  ThList *list = th_list_new(cx, 0);
  if (!list) return false;
  bool ok;
  if (!call->given[1]) ok = split_blanks(cx, s, list);
  else if (arg_string(call, 1)->length == 0) ok = split_characters(cx, s, list);
  else ok = split_at(cx, s, arg_string(call, 1), list);
  if (ok) *out = th_object(list);
  else th_release(th_object(list));
  return ok;
}

static bool join_items(ThContext *cx, ThValue items, const ThString *separator, ThValue *out) {
  size_t n;
  ThText text;
  if (!th_length(cx, items, SIZE_MAX, &n)) return false;
  th_text_init(&text, &cx->heap);
  for (size_t i = 0; i < n; i++) {
    ThValue item, index = th_number((double)i + 1);
    if (i) th_text_bytes(&text, separator->text, separator->length);
    bool ok = th_poll_at(cx, i) && th_get_index(cx, items, &index, 1, &item);
    if (ok) {
      ok = th_format(cx, item, TH_STYLE_INLINE, &text);
      th_release(item);
    }
    if (!ok) {
      th_text_clear(&text);
      return false;
    }
  }
  return give_text(cx, &text, out);
}

static bool body_join(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue b = call->args[1];
  if (th_is_table(call->args[0])) return th_table_join(cx, call, out);
  if (!th_is_string(b))
    return th_fail_argument(cx, 2, TH_ERROR_TYPE, "the separator must be a string; got %s", th_type_name(b));
  return join_items(cx, call->args[0], th_as_string(b), out);
}

static bool body_replace(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThString *s = arg_string(call, 0), *old = arg_string(call, 1), *new = arg_string(call, 2);
  const char *rest = s->text;
  ThText text;
  if (old->length == 0) return th_fail_argument(cx, 2, TH_ERROR_VALUE, "the text to replace is empty");
  th_text_init(&text, &cx->heap);
  while (true) {
    const char *found = strstr(rest, old->text);
    th_text_bytes(&text, rest, found ? (size_t)(found - rest) : strlen(rest));
    if (!found) return give_text(cx, &text, out);
    th_text_bytes(&text, new->text, new->length);
    rest = found + old->length;
  }
}

/* Asking. */

static bool body_contains(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_binary(cx, TH_OP_IN, call->args[1], call->args[0], 0, out);
}

static bool body_starts_with(ThContext *cx, const ThCall *call, ThValue *out) {
  (void)cx;
  *out = th_bool(strncmp(arg_string(call, 0)->text, arg_string(call, 1)->text, arg_string(call, 1)->length) ==
                 0);
  return true;
}

static bool body_ends_with(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThString *s = arg_string(call, 0), *end = arg_string(call, 1);
  (void)cx;
  *out = th_bool(end->length <= s->length && strcmp(s->text + s->length - end->length, end->text) == 0);
  return true;
}

static bool body_to_number(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThString *s = arg_string(call, 0);
  char *end;
  const char *start = s->text + strspn(s->text, " \t\n");
  double x = strtod(start, &end);
  bool hex = start[0] == '0' && (start[1] == 'x' || start[1] == 'X');
  if (end == start || hex || end[strspn(end, " \t\n")] != '\0') {
    return th_fail_argument(cx, 1, TH_ERROR_VALUE, "\"%.60s\" is not a number", s->text);
  }
  *out = th_number(x);
  return true;
}

/* Output. */

static bool body_format(ThContext *cx, const ThCall *call, ThValue *out) {
  ThText text;
  th_text_init(&text, &cx->heap);
  const ThString *spec = arg_string(call, 1);
  bool ok = spec->length ? th_format_spec(cx, call->args[0], spec->text, spec->length, &text)
                         : th_format(cx, call->args[0], TH_STYLE_INLINE, &text);
  if (ok) return give_text(cx, &text, out);
  th_text_clear(&text);
  return false;
}

static bool body_print(ThContext *cx, const ThCall *call, ThValue *out) {
  ThText text;
  bool ok = true;
  th_text_init(&text, &cx->heap);
  for (size_t i = 0; ok && i < call->n_args; i++) {
    if (i) th_text_char(&text, ' ');
    ok = th_format(cx, call->args[i], TH_STYLE_INLINE, &text);
  }
  th_text_char(&text, '\n');
  ok = ok && th_text_ok(&text, cx);
  if (ok) th_write(cx, th_text_string(&text), text.length);
  th_text_clear(&text);
  *out = th_none();
  return ok;
}

#define STRINGS "strings and output"

const ThBuiltin th_lib_string[] = {
    {"upper(s: string|list) -> string", body_upper, STRINGS, "the text in capital letters",
     "of a list: each of its strings", "upper(\"naïve\")\n#> \"NAÏVE\"", "lower", NULL},
    {"lower(s: string|list) -> string", body_lower, STRINGS, "the text in small letters",
     "of a list: each of its strings", "lower(\"ABC\")\n#> \"abc\"", "upper", NULL},
    {"trim(s: string|list) -> string", body_trim, STRINGS, "the text without blanks at its ends",
     "of a list: each of its strings", "trim(\"  a b \")\n#> \"a b\"", "replace", NULL},
    {"split_text(s: string, separator: string = …) -> list", body_split_text, STRINGS,
     "the pieces of a text between separators",
     "left out, any blanks separate; an empty separator gives the characters",
     "split_text(\"a b  c\")\n#> list(\"a\", \"b\", \"c\")\nsplit_text(\"1,2\", \",\")\n"
     "#> list(\"1\", \"2\")",
     "join", NULL},
    {"join(x: list|array|table, separator: string|table = \"\", by: string|list|record = …, how: string = \"inner\") "
     "-> any",
     body_join, STRINGS, "strings joined to one; or two tables joined where their columns agree",
     "join(list, separator), or join(table, table, by = \"column\"): the rows of both that agree in the column, in "
     "several for a list of names, or in columns of different names for a record, (left = \"right\"). how = \"left\", "
     "\"right\" or \"outer\" keeps rows without a partner too, with missing values (nan or \"\"). A missing key agrees "
     "with nothing.",
     "join(list(\"a\", \"b\"), \"-\")\n#> \"a-b\"\n"
     "join(table(k = [1, 2], x = [5, 6]), table(k = [2, 3], y = [7, 8]), by = \"k\", how = \"left\")\n"
     "#> k  x    y\n#> 1  5  nan\n#> 2  6    7",
     "split_text table group_by", NULL},
    {"replace(s: string, old: string, new: string) -> string", body_replace, STRINGS,
     "the text with every `old` replaced by `new`", "from the left, without overlap",
     "replace(\"a-b-c\", \"-\", \"+\")\n#> \"a+b+c\"", "contains split_text", NULL},
    {"contains(s: string|list|array|record|table, part: any) -> bool", body_contains, STRINGS,
     "does the text, list or array hold this?", "the same as `part in s`",
     "contains(\"statistics\", \"tist\")\n#> true", "starts_with replace", NULL},
    {"starts_with(s: string, part: string) -> bool", body_starts_with, STRINGS,
     "does the text start with this?", "letters must agree exactly",
     "starts_with(\"theta\", \"th\")\n"
     "#> true",
     "ends_with contains", NULL},
    {"ends_with(s: string, part: string) -> bool", body_ends_with, STRINGS, "does the text end with this?",
     "letters must agree exactly", "ends_with(\"data.csv\", \".csv\")\n#> true", "starts_with contains",
     NULL},
    {"to_number(s: string) -> number", body_to_number, STRINGS, "the number that a text spells",
     "decimal, also with an exponent; blanks around it are allowed, anything else is an error",
     "to_number(\"2.5e3\")\n#> 2500", "format", NULL},
    {"format(x: any, format: string = \"\") -> string", body_format, STRINGS,
     "a value as text, in a printf-like format",
     "[+0-9.]*[defgs%]: `.3f` three decimals, `8.2e`, `.4g`, `d` whole, `10s` padded, `.1%` per "
     "cent; in strings `$(x:.3f)`",
     "format(pi, \".3f\")\n#> \"3.142\"\nformat(0.256, \".1%\")\n#> \"25.6%\"\n"
     "format([1, 2.5], \".2f\")\n#> \"[1.00, 2.50]\"",
     "print round", NULL},
    {"print(...x: any) -> none", body_print, STRINGS, "prints values on a line, separated by blanks",
     "strings without quotes", "print(\"x =\", 2.5)\n#> x = 2.5", "format", NULL},
    {0},
};
