/* fuzz_evaluator.c - any bytes as a program that is run */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "lang/lexer.h"
#include "val/array.h"
#include "val/basic.h"

enum { NAMES = 32, READ_BACK = 4000 };

/* Computed field names, r["x y"], and those of a table that was read may be anything. */
static bool is_name(ThContext *cx, const ThSymbol *name) {
  ThSource *source = th_source_new(cx, "", name->spelling, strlen(name->spelling));
  ThLexer lexer;
  ThToken token;
  if (!source) return false;
  th_lexer_init(&lexer, cx, source, 0, (uint32_t)source->length);
  bool is = th_lexer_next(&lexer, &token) && token.kind == TH_TOKEN_NAME && token.span.end == source->length;
  th_lexer_clear(&lexer);
  th_source_release(source);
  th_error_clear(cx);
  return is;
}

/* Is the value, with all that it holds, of a kind that is printed as source text? */
static bool is_plain(ThContext *cx, ThValue v, unsigned depth) {
  if (!th_is_object(v) || th_is_string(v) || th_is_complex(v) || th_is_array(v)) return true;
  const ThList *list = th_is_list(v) ? th_as_list(v) : NULL;
  const ThRecord *record = th_is_record(v) ? th_as_record(v) : NULL;
  if ((!list && !record) || depth > 20) return false;
  size_t n = list ? list->length : record->length;
  for (size_t i = 0; i < n; i++)
    if ((record && !is_name(cx, record->names[i])) ||
        !is_plain(cx, list ? list->items[i] : record->values[i], depth + 1))
      return false;
  return true;
}

static bool source_text(ThContext *cx, ThValue v, ThText *out) {
  if (th_format(cx, v, TH_STYLE_SOURCE, out) && th_text_ok(out, cx)) return true;
  fuzz_check_error(cx);
  return false;
}

/* The text of a value, evaluated, is a value of the same text. */
static void read_back(ThSession *session, const ThText *text) {
  ThContext *cx = th_session_context(session);
  ThValue again;
  ThText second;
  if (!th_session_evaluate(session, "", th_text_string(text), text->length, &again))
    fuzz_fail("`%s` cannot be read back: %s", th_text_string(text), cx->error.message);
  th_text_init(&second, &cx->heap);
  if (source_text(cx, again, &second) && !fuzz_same_text(text, &second))
    fuzz_fail("`%s` is read back as `%s`", th_text_string(text), th_text_string(&second));
  th_text_clear(&second);
  th_release(again);
}

/* Forgets every name, and reads back what some of them held. */
static void read_back_names(ThSession *session) {
  ThContext *cx = th_session_context(session);
  ThText texts[NAMES];
  size_t n = 0, n_names;
  ThSymbol **names = th_session_names(session, &n_names);
  for (size_t i = 0; n < NAMES && i < n_names; i++) {
    ThValue v;
    if (!th_session_get(session, names[i], &v) || !is_plain(cx, v, 0)) continue;
    th_text_init(&texts[n], &cx->heap);
    if (source_text(cx, v, &texts[n]) && texts[n].length <= READ_BACK) n++;
    else th_text_clear(&texts[n]);
  }
  if (names) th_session_names_free(session, names, n_names);
  th_session_clear(session);
  for (size_t i = 0; i < n; i++) {
    read_back(session, &texts[i]);
    th_text_clear(&texts[i]);
  }
}

static void evaluate(ThSession *session, const char *text, size_t length) {
  static const char sum[] = "1 + 1";
  ThContext *cx = th_session_context(session);
  ThValue two;
  fuzz_clock_start(cx);
  ThRunStatus status = th_session_run(session, "", text, length, TH_RUN_PROMPT);
  fuzz_clock_stop(cx);
  if (status == TH_RUN_FAILED) fuzz_check_error(cx);
  th_error_clear(cx);
  if (!th_session_evaluate(session, "", sum, sizeof sum - 1, &two)) fuzz_fail("1 + 1: %s", cx->error.message);
  if (!th_is_number(two) || th_as_number(two) != 2) fuzz_fail("1 + 1 is not 2");
  if (cx->depth != 0) fuzz_fail("a call did not end");
  read_back_names(session);
}

void fuzz_evaluator(const char *text, size_t length) {
  ThSession *session = fuzz_session();
  evaluate(session, text, length);
  fuzz_session_end(session);
}
