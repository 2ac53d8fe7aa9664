/* lesson_check.c - is an exercise solved? */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values are graded, not text. Everything here leaves names, `_` and the random draws as they were: it runs
 * between a checkpoint and its return. */
#include "ui/lesson_check.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "val/array.h"
#include "val/figure.h"

/* --- Running */

typedef struct Silence {
  ThText *capture;
  bool mute;
} Silence;

static Silence silence(ThUi *ui, ThText *output) {
  Silence before = {ui->capture, ui->mute_notes};
  ui->capture = output;
  ui->mute_notes = true;
  return before;
}

static void unsilence(ThUi *ui, Silence before) {
  ui->capture = before.capture;
  ui->mute_notes = before.mute;
}

/* Runs code of the lesson; what is not finished is an error. */
static ThRunStatus run_text(ThUi *ui, const ThLesson *lesson, const char *text, size_t length,
                            ThRunMode mode) {
  ThRunStatus status = th_session_run(ui->session, lesson->source->name, text, length, mode);
  if (status != TH_RUN_INCOMPLETE) return status;
  th_fail(ui->cx, TH_ERROR_SYNTAX, "a block of the lesson is not finished: a bracket or a string is open");
  return TH_RUN_FAILED;
}

ThRunStatus th_lesson_run(ThUi *ui, const ThLesson *lesson, ThSlice code, ThRunMode mode, ThText *output) {
  ThText text, nowhere;
  th_text_init(&text, &ui->cx->heap);
  th_text_init(&nowhere, &ui->cx->heap);
  th_lesson_code(code, &text);
  Silence before = silence(ui, output ? output : &nowhere);
  ThRunStatus status = TH_RUN_FAILED;
  if (th_text_ok(&text, ui->cx)) status = run_text(ui, lesson, th_text_string(&text), text.length, mode);
  unsilence(ui, before);
  th_text_clear(&text);
  th_text_clear(&nowhere);
  return status;
}

ThRunStatus th_lesson_run_aloud(ThUi *ui, const ThLesson *lesson, ThSlice code) {
  ThText text;
  th_text_init(&text, &ui->cx->heap);
  th_lesson_code(code, &text);
  ThRunStatus status = TH_RUN_FAILED;
  if (th_text_ok(&text, ui->cx))
    status = run_text(ui, lesson, th_text_string(&text), text.length, TH_RUN_PROMPT);
  th_text_clear(&text);
  return status;
}

/* --- Definitions */

static bool is_word_byte(char c) { return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 128; }

/* Whether one of the text's words is the name, however either is spelled. */
static bool mentions(ThContext *cx, ThSlice text, const ThSymbol *name) {
  for (size_t i = 0, n; i < text.length; i += n + 1) {
    n = 0;
    while (i + n < text.length && is_word_byte(text.text[i + n])) n++;
    if (n > 0 && th_symbol_find(cx, text.text + i, n) == name) return true;
  }
  return false;
}

/* The end of a bracket that opens at `text`, or NULL. */
static const char *closing(const char *text) {
  int depth = 0;
  for (; *text; text++) {
    depth += *text == '(' || *text == '[';
    depth -= *text == ')' || *text == ']';
    if (depth == 0) return text + 1;
  }
  return NULL;
}

/* The name that the input defines: `name =`, `name ~`, `name :=`, `name(…) =`, `name[…] =`; its length, or
 * 0. */
static size_t defined_name(const char *input) {
  size_t n = 0;
  while (is_word_byte(input[n])) n++;
  if (n == 0) return 0;
  const char *at = input + n;
  if (*at == '(' || *at == '[') at = closing(at);
  if (!at) return 0;
  at += strspn(at, " \t");
  if (strchr("+-*/^", at[0]) && at[0] && at[1] == '=') at++;
  bool defines = (at[0] == '=' && at[1] != '=') || at[0] == '~' || (at[0] == ':' && at[1] == '=');
  if (strncmp(input, "data ", 5) == 0 || strncmp(input, "model ", 6) == 0) return 0;
  return defines ? n : 0;
}

/* --- Truth */

/* True is true, 1, or an array of nothing else. */
static bool is_true(ThContext *cx, ThValue v) {
  ThValue plain;
  if (!th_decay(cx, v, &plain)) return false;
  bool yes = th_is_scalar(plain) && th_as_scalar(plain) == 1;
  if (th_is_array(plain)) {
    const ThArray *a = th_as_array(plain);
    yes = a->length > 0 && a->element != TH_COMPLEX;
    for (size_t i = 0; yes && i < a->length; i++) yes = th_array_real(a, i) == 1;
  }
  th_release(plain);
  return yes;
}

/* An error that is no answer to the question: it ends the grading. */
static bool is_grave(const ThContext *cx) {
  return cx->error.code == TH_ERROR_INTERRUPTED || cx->error.code == TH_ERROR_MEMORY;
}

/* Evaluates the lines one after the other; a line that is not finished takes the next one with it. */
static bool evaluate_lines(ThUi *ui, const ThLesson *lesson, ThSlice s, bool *holds) {
  ThContext *cx = ui->cx;
  ThText lines;
  size_t line = s.line;
  bool going = true;
  th_text_init(&lines, &cx->heap);
  *holds = true;
  for (size_t i = 0; going && *holds && i < s.length; line++) {
    const char *start = s.text + i, *end = memchr(start, '\n', s.length - i);
    size_t length = end ? (size_t)(end - start) : s.length - i;
    if (lines.length == 0) th_text_repeat(&lines, '\n', line > 0 ? line - 1 : 0);
    th_text_bytes(&lines, start, length);
    th_text_char(&lines, '\n');
    i += length + (end != NULL);
    ThValue v;
    going = th_text_ok(&lines, cx);
    if (!going) break;
    if (th_session_evaluate(ui->session, lesson->source->name, lines.data, lines.length, &v)) {
      /* a definition, or a comment, is no question */
      *holds = th_is_none(v) || defined_name(lines.data + strspn(lines.data, "\n \t")) > 0 || is_true(cx, v);
      th_release(v);
      th_text_reset(&lines);
      continue;
    }
    going = !is_grave(cx);
    *holds = cx->error.code == TH_ERROR_SYNTAX && i < s.length;
    if (going) th_error_clear(cx);
  }
  th_text_clear(&lines);
  return going;
}

bool th_check_holds(ThUi *ui, const ThLesson *lesson, ThSlice expressions, bool *holds) {
  ThText nowhere;
  ThCheckpoint *before = th_session_checkpoint(ui->session);
  if (!before) return false;
  th_text_init(&nowhere, &ui->cx->heap);
  Silence sound = silence(ui, &nowhere);
  bool ok = evaluate_lines(ui, lesson, expressions, holds);
  unsilence(ui, sound);
  th_text_clear(&nowhere);
  ok = th_session_restore(ui->session, before) && ok;
  th_checkpoint_free(ui->session, before);
  return ok;
}

bool th_check_passes(ThUi *ui, const ThLesson *lesson, const ThStep *step, bool *passes) {
  const ThPart *check;
  *passes = true;
  for (size_t i = 0; *passes && (check = th_step_part(lesson, step, TH_PART_CHECK, i)); i++)
    if (!th_check_holds(ui, lesson, check->text, passes)) return false;
  return true;
}

/* --- Values */

bool th_check_value(ThUi *ui, const ThLesson *lesson, const ThCheckpoint *from, ThSlice code, ThValue *out) {
  *out = th_none();
  ThCheckpoint *now = th_session_checkpoint(ui->session);
  if (!now) return false;
  bool ok = th_session_restore(ui->session, from);
  if (ok && th_lesson_run(ui, lesson, code, TH_RUN_QUIET, NULL) == TH_RUN_DONE)
    *out = th_retain(th_session_last(ui->session));
  else if (ok) ok = !is_grave(ui->cx);
  if (ok) th_error_clear(ui->cx);
  ok = th_session_restore(ui->session, now) && ok;
  th_checkpoint_free(ui->session, now);
  return ok;
}

static bool near(double a, double b) {
  return a == b || fabs(a - b) <= 1e-6 * fmax(fabs(a), fabs(b)) || (isnan(a) && isnan(b));
}

static bool arrays_near(const ThArray *a, const ThArray *b) {
  if (!th_same_shape(a, b)) return false;
  for (size_t i = 0; i < a->length; i++) {
    double complex x = th_array_complex(a, i), y = th_array_complex(b, i);
    if (!near(creal(x), creal(y)) || !near(cimag(x), cimag(y))) return false;
  }
  return true;
}

bool th_values_near(ThContext *cx, ThValue a, ThValue b) {
  ThValue x, y;
  bool equal = false;
  if (!th_decay(cx, a, &x)) return false;
  if (th_decay(cx, b, &y)) {
    if (th_is_scalar(x) && th_is_scalar(y)) equal = near(th_as_scalar(x), th_as_scalar(y));
    else if (th_is_array(x) && th_is_array(y)) equal = arrays_near(th_as_array(x), th_as_array(y));
    else if (th_is_object(x) && th_is_object(y) && th_as_object(x)->kind == th_as_object(y)->kind)
      equal = th_equal(cx, x, y, &equal) && equal;
    th_release(y);
  }
  th_release(x);
  th_error_clear(cx);
  return equal;
}

/* --- Attempts */

static bool check_mentions(const ThLesson *lesson, const ThStep *step, const char *word, size_t n) {
  const ThPart *check;
  const ThSymbol *name = th_symbol_find(lesson->cx, word, n);
  for (size_t i = 0; name && (check = th_step_part(lesson, step, TH_PART_CHECK, i)); i++)
    if (mentions(lesson->cx, check->text, name)) return true;
  return false;
}

bool th_check_is_attempt(const ThLesson *lesson, const ThStep *step, const char *input) {
  static const char *const no_answers[] = {"print(", "help(", "plot(", "seed(", "digits(", "save(", "how("};
  static const char *const no_values[] = {"model ", "data ", "for ", "while ", "claim ", "import("};
  input += strspn(input, " \t");
  size_t name = defined_name(input);
  if (name && check_mentions(lesson, step, input, name)) return true;
  if (!check_mentions(lesson, step, "_", 1)) return false;
  for (size_t i = 0; i < sizeof no_values / sizeof *no_values; i++)
    if (strncmp(input, no_values[i], strlen(no_values[i])) == 0) return false;
  for (size_t i = 0; i < sizeof no_answers / sizeof *no_answers; i++)
    if (strncmp(input, no_answers[i], strlen(no_answers[i])) == 0) return false;
  return !name; /* a helper's definition is no answer yet */
}
