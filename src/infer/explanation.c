/* explanation.c - a derivation as lines, each an equation whose sides can be evaluated */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines are written as text with places for symbols and numbers. The numbers are found by evaluating expressions of
 * Theta, so that what is shown is computed from the data by the language itself, and can be computed again. */
#include "infer/explanation.h"

#include <stdio.h>
#include <string.h>

#include "lang/session.h"
#include "val/array.h"
#include "val/format.h"

/* --- Names and symbols */

ThExplanation *th_explanation_new(ThContext *cx) {
  ThExplanation *e = th_object_new(cx, &th_explanation_kind, sizeof *e);
  if (!e) return NULL;
  e->cx = cx;
  e->names = th_record_new(cx, 8);
  e->symbols = e->names ? th_record_new(cx, 8) : NULL;
  if (e->symbols) return e;
  th_release(th_object(e));
  return NULL;
}

bool th_explanation_symbol(ThExplanation *e, const char *name, const char *text) {
  ThValue v;
  return th_string_of(e->cx, text, &v) && th_record_set_text(e->cx, e->symbols, name, v);
}

bool th_explanation_give_take(ThExplanation *e, const char *name, ThValue value) {
  return th_record_set_text(e->cx, e->names, name, value);
}

bool th_explanation_give_number(ThExplanation *e, const char *name, double x) {
  return th_explanation_give_take(e, name, th_number(x));
}

bool th_explanation_give_vector(ThExplanation *e, const char *name, const double *x, size_t n) {
  ThValue v;
  return th_vector_from(e->cx, x, n, &v) && th_explanation_give_take(e, name, v);
}

bool th_explanation_give_code(ThExplanation *e, const char *name, const char *code) {
  ThValue v;
  return th_explanation_value(e, code, &v) && th_explanation_give_take(e, name, v);
}

/* Is it a name here, a symbol's, or one that the person has defined? */
static bool is_taken(const ThExplanation *e, const char *name) {
  const ThSymbol *symbol = th_symbol_find(e->cx, name, strlen(name));
  if (!symbol) return false;
  for (size_t i = 0; i < e->symbols->length; i++) {
    const ThString *text = th_as_string(e->symbols->values[i]);
    if (th_symbol_find(e->cx, text->text, text->length) == symbol) return true;
  }
  return th_record_find(e->names, symbol) || th_session_owns(th_session_of(e->cx), symbol);
}

const char *th_explanation_stands_for(const ThExplanation *e, const char *name) {
  return th_as_string(*th_record_find(e->symbols, th_symbol_find(e->cx, name, strlen(name))))->text;
}

bool th_explanation_pick(ThExplanation *e, const char *name, const char *wanted) {
  static const char *const tails[] = {"", "₀", "₁", "₂", "₃", "_free"};
  char candidate[64];
  for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
    snprintf(candidate, sizeof candidate, "%s%s", wanted, tails[i]);
    if (!is_taken(e, candidate)) break;
  }
  return th_explanation_symbol(e, name, candidate);
}

bool th_explanation_pick_take(ThExplanation *e, const char *name, const char *wanted, ThValue value) {
  if (th_explanation_pick(e, name, wanted))
    return th_explanation_give_take(e, th_explanation_stands_for(e, name), value);
  th_release(value);
  return false;
}

/* --- Evaluation */

/* (y, σ) -> (code) */
static bool function_of(const ThExplanation *e, const char *code, ThValue *out) {
  ThText text;
  th_text_init(&text, &e->cx->heap);
  th_text_char(&text, '(');
  for (size_t i = 0; i < e->names->length; i++)
    th_text_format(&text, "%s%s", i ? ", " : "", e->names->names[i]->spelling);
  th_text_format(&text, ") -> (%s)", code);
  bool ok = th_text_ok(&text, e->cx) &&
            th_session_evaluate(th_session_of(e->cx), "", th_text_string(&text), text.length, out);
  th_text_clear(&text);
  return ok;
}

bool th_explanation_evaluate(const ThExplanation *e, const char *code, ThValue *out) {
  ThValue function, value;
  if (!function_of(e, code, &function)) return false;
  bool ok = th_call_values(e->cx, function, e->names->values, e->names->length, &value);
  th_release(function);
  if (!ok) return false;
  ok = th_decay(e->cx, value, out);
  th_release(value);
  return ok;
}

/* --- The text of a line: symbols and numbers in their places */

static size_t symbol_length(const char *at) {
  size_t n = 0;
  while ((at[n] >= 'a' && at[n] <= 'z') || (at[n] >= 'A' && at[n] <= 'Z')) n++;
  return n;
}

/* A symbol may stand for text with symbols. */
static bool put_symbols(ThExplanation *e, const char *text, ThText *out) {
  for (const char *at = text; *at;) {
    size_t plain = strcspn(at, "$");
    th_text_bytes(out, at, plain);
    at += plain;
    if (!*at) break;
    size_t length = symbol_length(++at);
    const ThSymbol *name = th_symbol_find(e->cx, at, length);
    const ThValue *stands_for = name ? th_record_find(e->symbols, name) : NULL;
    if (!stands_for)
      return th_fail(e->cx, TH_ERROR_NAME, "an explanation has no symbol `%.*s`", (int)length, at);
    if (!put_symbols(e, th_as_string(*stands_for)->text, out)) return false;
    at += length;
  }
  return th_text_ok(out, e->cx);
}

/* What is written otherwise in Theta. */
static const struct {
  const char *shown, *code;
} spellings[] = {{"·", "*"}, {"½", "(1/2)"}, {"B(", "beta("}, {"Γ(", "gamma("}};

static bool is_name_end(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Appends what is shown as code. */
static void put_code(const char *text, ThText *code) {
  const char *at = text;
  while (*at) {
    size_t length = 0;
    for (size_t i = 0; !length && i < sizeof spellings / sizeof *spellings; i++) {
      size_t n = strlen(spellings[i].shown);
      if (strncmp(at, spellings[i].shown, n) != 0 || (at > text && is_name_end(*at) && is_name_end(at[-1])))
        continue;
      th_text_add(code, spellings[i].code);
      length = n;
    }
    if (!length) th_text_char(code, *at);
    at += length ? length : 1;
  }
}

/* Does the text end in "= " or ", ", behind which a sign needs no brackets? */
static bool is_open(const ThText *out) {
  const char *text = th_text_string(out);
  return out->length > 1 && text[out->length - 1] == ' ' && strchr("=,", text[out->length - 2]);
}

/* The value of code[0..length), printed; in brackets when it is negative and something stands beside it. */
static bool put_value(ThExplanation *e, const char *code, size_t length, bool alone, ThText *out) {
  bool block = code[0] == '=';
  ThValue v;
  char *copy = th_copy_text(e->cx, code + block, length - block);
  ThText text;
  if (!copy) return false;
  th_text_init(&text, &e->cx->heap);
  put_code(copy, &text);
  bool ok = th_text_ok(&text, e->cx) && th_explanation_evaluate(e, th_text_string(&text), &v);
  th_free(e->cx, copy, length - block + 1);
  th_text_clear(&text);
  if (!ok) return false;
  bool bracket = !alone && !is_open(out) && th_is_scalar(v) && th_as_scalar(v) < 0;
  if (bracket) th_text_char(out, '(');
  ok = th_format(e->cx, v, block ? TH_STYLE_ECHO : TH_STYLE_INLINE, out);
  if (bracket) th_text_char(out, ')');
  th_release(v);
  return ok;
}

static bool put_values(ThExplanation *e, const char *text, ThText *out) {
  for (const char *at = text; *at;) {
    size_t plain = strcspn(at, "{");
    th_text_bytes(out, at, plain);
    at += plain;
    if (!*at) break;
    size_t length = strcspn(at + 1, "}");
    bool alone = at == text && at[length + 2] == '\0';
    if (!put_value(e, at + 1, length, alone, out)) return false;
    at += length + 2;
  }
  return th_text_ok(out, e->cx);
}

bool th_explanation_value(ThExplanation *e, const char *code, ThValue *out) {
  ThText text;
  th_text_init(&text, &e->cx->heap);
  bool ok = put_symbols(e, code, &text) && th_explanation_evaluate(e, th_text_string(&text), out);
  th_text_clear(&text);
  return ok;
}

/* Symbols, then values, as a string. */
static bool fill(ThExplanation *e, const char *text, ThValue *out) {
  ThText half, whole;
  th_text_init(&half, &e->cx->heap);
  th_text_init(&whole, &e->cx->heap);
  bool ok = put_symbols(e, text, &half) && put_values(e, th_text_string(&half), &whole) &&
            th_string(e->cx, th_text_string(&whole), whole.length, out);
  th_text_clear(&half);
  th_text_clear(&whole);
  return ok;
}

/* --- Steps */

static bool make_room(ThExplanation *e) {
  if (e->n < e->capacity) return true;
  size_t wanted = e->capacity ? 2 * e->capacity : 16;
  ThStep *grown = th_resize(e->cx, e->steps, e->capacity * sizeof *grown, wanted * sizeof *grown);
  if (!grown) return false;
  e->steps = grown;
  e->capacity = wanted;
  return true;
}

static bool code_of(ThExplanation *e, ThValue shown, ThValue *out) {
  ThText code;
  th_text_init(&code, &e->cx->heap);
  put_code(th_as_string(shown)->text, &code);
  bool ok = th_text_ok(&code, e->cx) && th_string(e->cx, th_text_string(&code), code.length, out);
  th_text_clear(&code);
  return ok;
}

static bool add_side(ThExplanation *e, ThStep *step, const char *shown, const char *code) {
  ThSide *side = &step->sides[step->n_sides];
  if (!fill(e, shown, &side->shown)) return false;
  if (code ? fill(e, code, &side->code) : code_of(e, side->shown, &side->code)) {
    step->n_sides++;
    return true;
  }
  th_release(side->shown);
  return false;
}

static bool define(ThExplanation *e, const ThStep *step, const char *name) {
  ThText text;
  ThValue v;
  th_text_init(&text, &e->cx->heap);
  bool ok = put_symbols(e, name, &text) &&
            th_explanation_evaluate(e, th_as_string(step->sides[step->n_sides - 1].code)->text, &v) &&
            th_explanation_give_take(e, th_text_string(&text), v);
  th_text_clear(&text);
  return ok;
}

bool th_explanation_add(ThExplanation *e, const ThLine *line) {
  if (!make_room(e)) return false;
  ThStep *step = &e->steps[e->n];
  *step = (ThStep){.words = th_none()};
  e->n++; /* released with the explanation, whatever comes of it */
  if (line->words && !fill(e, line->words, &step->words)) return false;
  for (size_t i = 0; i < TH_MOST_SIDES && line->sides[i].shown; i++) {
    if (!add_side(e, step, line->sides[i].shown, line->sides[i].code)) return false;
    if (i == 1 && line->define && !define(e, step, line->define)) return false;
  }
  return true;
}

bool th_explanation_add_all(ThExplanation *e, const ThLine *lines) {
  for (; lines->words || lines->sides[0].shown; lines++)
    if (!th_explanation_add(e, lines)) return false;
  return true;
}

bool th_explanation_add_square(ThExplanation *e, const ThLine *line, size_t k) {
  ThLine copy = *line;
  size_t n = 0;
  while (n < TH_MOST_SIDES && copy.sides[n].shown) n++;
  if (k > TH_MOST_SHOWN_COLUMNS) copy.sides[n - 1].shown = copy.sides[n - 1].code = NULL;
  return th_explanation_add(e, &copy);
}

const char *th_explanation_numbers(const char *rule, char *text, size_t size) {
  size_t used = 0;
  for (const char *at = rule; *at && used + 4 < size;) {
    size_t length = *at == '$' ? 1 + symbol_length(at + 1) : 1;
    bool symbol = *at == '$';
    if (used + length + 3 > size) break;
    if (symbol) text[used++] = '{';
    memcpy(text + used, at, length);
    used += length;
    if (symbol) text[used++] = '}';
    at += length;
  }
  text[used] = '\0';
  return text;
}

/* --- The kind */

static void release(ThObject *self) {
  ThExplanation *e = (ThExplanation *)self;
  for (size_t i = 0; i < e->n; i++) {
    th_release(e->steps[i].words);
    for (size_t j = 0; j < e->steps[i].n_sides; j++) {
      th_release(e->steps[i].sides[j].shown);
      th_release(e->steps[i].sides[j].code);
    }
  }
  th_free(e->cx, e->steps, e->capacity * sizeof *e->steps);
  if (e->names) th_release(th_object(e->names));
  if (e->symbols) th_release(th_object(e->symbols));
  th_object_free(self, sizeof *e);
}

static bool format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThExplanation *e = th_as_explanation(self);
  if (style != TH_STYLE_ECHO) {
    th_text_format(out, "explanation in %zu steps", e->n);
    return th_text_ok(out, cx);
  }
  for (size_t i = 0; i < e->n; i++) {
    if (i) th_text_char(out, '\n');
    if (!th_explanation_text(e, i, out)) return false;
  }
  return th_text_ok(out, cx);
}

/* The text, as a string: for contains(…). */
static bool decay(ThContext *cx, ThValue self, ThValue *out) {
  ThText text;
  th_text_init(&text, &cx->heap);
  bool ok = format(cx, self, TH_STYLE_ECHO, &text) && th_string(cx, th_text_string(&text), text.length, out);
  th_text_clear(&text);
  return ok;
}

const ThKind th_explanation_kind = {
    .name = "derivation", .release = release, .format = format, .decay = decay};
