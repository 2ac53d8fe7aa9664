/* check.c - lessons, scripts and examples run as tests */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is drawn: pictures are counted. What a block should print is compared as text, blanks at the ends
 * of lines and empty lines at the end aside. */
#include "ui/check.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/utf8.h"
#include "lang/lib_support.h"
#include "ui/help.h"
#include "ui/lesson_check.h"

typedef struct Tally {
  ThUi *ui;  /* of the person who asks: where the lines go */
  ThUi *own; /* of the file */
  size_t passed, failed;
  bool ok;            /* of the present file */
  ThText *rewritten;  /* the lesson with what its blocks printed; NULL when nothing is to be written */
  const char *copied; /* of the lesson: the text up to here stands in `rewritten` */
} Tally;

/* --- Comparing */

/* The next line of a text without the blanks at its end. */
static ThSlice take_line(const char **at, const char *end) {
  const char *start = *at, *stop = memchr(start, '\n', (size_t)(end - start));
  if (!stop) stop = end;
  *at = stop < end ? stop + 1 : end;
  while (stop > start && strchr(" \t\r", stop[-1])) stop--;
  return (ThSlice){start, (size_t)(stop - start), 0};
}

static size_t trimmed_length(const char *text, size_t length) {
  while (length > 0 && strchr(" \t\r\n", text[length - 1])) length--;
  return length;
}

static bool same_text(const char *a, size_t a_length, const char *b, size_t b_length) {
  const char *a_end = a + trimmed_length(a, a_length), *b_end = b + trimmed_length(b, b_length);
  while (a < a_end && b < b_end) {
    ThSlice x = take_line(&a, a_end), y = take_line(&b, b_end);
    if (x.length != y.length || memcmp(x.text, y.text, x.length) != 0) return false;
  }
  return a == a_end && b == b_end;
}

static void show_lines(ThUi *ui, const char *mark, const char *text, size_t length) {
  const char *end = text + trimmed_length(text, length);
  while (text < end) {
    ThSlice line = take_line(&text, end);
    th_ui_print(ui, "    %s ", mark);
    th_write(ui->cx, line.text, line.length);
    th_ui_write(ui, "\n");
  }
}

/* --- Saying */

/* A fault of the present file: said at once. */
static void fault(Tally *t, const char *name, size_t line, const char *what) {
  t->ok = false;
  if (line) th_ui_print(t->ui, "  %s:%zu: %s\n", name, line, what);
  else th_ui_print(t->ui, "  %s: %s\n", name, what);
}

/* The same, because of the error in the file's own session. */
static void fault_error(Tally *t, const char *name, size_t line, const char *what) {
  ThText text;
  th_text_init(&text, &t->ui->cx->heap);
  fault(t, name, line, what);
  th_session_take_error_text(t->own->session, &text);
  show_lines(t->ui, "|", th_text_string(&text), text.length);
  th_text_clear(&text);
}

static void conclude(Tally *t, const char *name, const char *what) {
  *(t->ok ? &t->passed : &t->failed) += 1;
  th_ui_print(t->ui, "%s: %s%s\n", name, what, t->ok ? "passed" : "FAILED");
  th_ui_flush(t->ui);
}

/* --- Lessons */

/* Puts what a block printed in place of what stands in its `output`. */
static void rewrite_output(Tally *t, const ThStep *step, const ThText *printed) {
  size_t length = trimmed_length(th_text_string(printed), printed->length);
  th_text_bytes(t->rewritten, t->copied, (size_t)(step->output.text - t->copied));
  th_text_bytes(t->rewritten, th_text_string(printed), length);
  if (length > 0) th_text_char(t->rewritten, '\n');
  t->copied = step->output.text + step->output.length;
}

static void check_code(Tally *t, const ThLesson *lesson, const ThStep *step) {
  ThText printed;
  const char *name = lesson->source->name;
  th_text_init(&printed, &t->own->cx->heap);
  if (th_lesson_run(t->own, lesson, step->text, TH_RUN_PROMPT, &printed) != TH_RUN_DONE)
    fault_error(t, name, step->text.line, "the block ended in an error");
  else if (step->has_output && t->rewritten) rewrite_output(t, step, &printed);
  else if (step->has_output &&
           !same_text(th_text_string(&printed), printed.length, step->output.text, step->output.length)) {
    fault(t, name, step->output.line, "the block printed something else; `theta check --write` puts it in");
    show_lines(t->ui, "-", step->output.text, step->output.length);
    show_lines(t->ui, "+", th_text_string(&printed), printed.length);
  }
  th_text_clear(&printed);
}

/* What the check says after a stretch of code has run from the checkpoint on. */
static bool verdict(Tally *t, const ThLesson *lesson, const ThStep *step, const ThCheckpoint *from,
                    const ThPart *part, bool *ran, bool *passes) {
  *ran = *passes = false;
  if (!th_session_restore(t->own->session, from)) return false;
  *ran = th_lesson_run(t->own, lesson, part->text, TH_RUN_QUIET, NULL) == TH_RUN_DONE;
  if (!*ran) return true;
  return th_check_passes(t->own, lesson, step, passes);
}

/* `_`, as the check found it. */
static void show_last(Tally *t) {
  ThText line;
  ThContext *cx = t->own->cx;
  ThValue last = th_session_last(t->own->session);
  th_text_init(&line, &t->ui->cx->heap);
  th_text_add(&line, "_ is ");
  if (!th_is_none(last) && th_format(cx, last, TH_STYLE_INLINE, &line))
    show_lines(t->ui, "|", th_text_string(&line), line.length);
  th_error_clear(cx);
  th_text_clear(&line);
}

/* The first check that does not hold, or its error; and `_`. */
static void show_why(Tally *t, const ThLesson *lesson, const ThStep *step) {
  const ThPart *check;
  bool holds = true, ok = true;
  for (size_t i = 0; ok && holds && (check = th_step_part(lesson, step, TH_PART_CHECK, i)); i++) {
    ok = th_check_why(t->own, lesson, check->text, &holds);
    if (ok && holds) continue;
    ThText text;
    th_text_init(&text, &t->ui->cx->heap);
    if (t->own->cx->error.code != TH_OK) th_session_take_error_text(t->own->session, &text);
    else th_text_bytes(&text, check->text.text, check->text.length);
    show_lines(t->ui, "|", th_text_string(&text), text.length);
    th_text_clear(&text);
  }
  show_last(t);
}

static void check_wrongs(Tally *t, const ThLesson *lesson, const ThStep *step, const ThCheckpoint *from) {
  const ThPart *part;
  bool ran, passes;
  for (size_t i = 0; (part = th_step_part(lesson, step, TH_PART_WRONG, i)); i++) {
    if (!verdict(t, lesson, step, from, part, &ran, &passes) || passes) {
      fault(t, lesson->source->name, part->text.line,
            "a wrong answer passes the check: make the check stricter, or this an `answer`");
      show_last(t);
    }
    th_error_clear(t->own->cx);
  }
}

static void check_answers(Tally *t, const ThLesson *lesson, const ThStep *step, const ThCheckpoint *from) {
  const ThPart *part;
  bool ran, passes;
  const char *name = lesson->source->name;
  for (size_t i = 0; (part = th_step_part(lesson, step, TH_PART_ANSWER, i)); i++) {
    if (!verdict(t, lesson, step, from, part, &ran, &passes) || !ran)
      fault_error(t, name, part->text.line, "the answer ended in an error");
    else if (!passes) {
      fault(t, name, part->text.line, "the answer does not pass the check; correct one of them");
      show_why(t, lesson, step);
    }
  }
}

/* A hint's condition must be an expression, of names that there are: as the session stands behind the last answer. */
static void check_hints(Tally *t, const ThLesson *lesson, const ThStep *step) {
  const ThPart *hint;
  bool holds;
  for (size_t i = 0; (hint = th_step_part(lesson, step, TH_PART_HINT, i)); i++) {
    if (hint->when.length == 0) continue;
    bool ok = th_check_why(t->own, lesson, hint->when, &holds);
    ThErrorCode code =
        t->own->cx->error.code; /* a field that `_` has not is no fault: the value may be another's */
    bool unknown = code == TH_ERROR_NAME && strstr(t->own->cx->error.message, "is not defined");
    if (!ok || code == TH_ERROR_SYNTAX)
      fault_error(t, lesson->source->name, hint->when.line, "the condition of a hint is no expression");
    else if (unknown)
      fault_error(t, lesson->source->name, hint->when.line,
                  "the condition of a hint names what is not there");
    th_error_clear(t->own->cx);
  }
}

static void check_exercise(Tally *t, const ThLesson *lesson, const ThStep *step) {
  bool passes, file_ok = t->ok;
  const char *name = lesson->source->name;
  t->ok = true;
  ThCheckpoint *from = th_session_checkpoint(t->own->session);
  if (!from || !th_check_passes(t->own, lesson, step, &passes))
    fault_error(t, name, step->text.line, "the check cannot run");
  else {
    if (passes) {
      fault(t, name, step->text.line,
            "the check passes before anything is answered: it should ask for a value that is not yet there");
      show_last(t);
    }
    check_wrongs(t, lesson, step, from);
    check_answers(t, lesson, step, from);
    check_hints(t, lesson, step);
    const ThPart *first = th_step_part(lesson, step, TH_PART_ANSWER, 0);
    if (!verdict(t, lesson, step, from, first, &passes, &passes)) th_error_clear(t->own->cx);
    th_error_clear(t->own->cx);
  }
  th_checkpoint_free(t->own->session, from);
  char what[TH_ID_SIZE + 16];
  snprintf(what, sizeof what, "exercise %s: ", step->id);
  conclude(t, name, what);
  t->ok = file_ok;
}

/* The block that reveals what was to be predicted gives a number. */
static void check_reveals(Tally *t, const ThLesson *lesson, const ThStep *prediction) {
  ThValue plain;
  bool number = th_decay(t->own->cx, th_session_last(t->own->session), &plain) && th_is_scalar(plain);
  if (t->own->cx->error.code == TH_OK) th_release(plain);
  th_error_clear(t->own->cx);
  if (number) return;
  fault(
      t, lesson->source->name, prediction->text.line,
      "the block after the prediction does not end in a number: the last value it shows is what was to be predicted");
}

static void check_steps(Tally *t, const ThLesson *lesson) {
  const ThStep *prediction = NULL;
  if (lesson->seeded) th_session_seed(t->own->session, lesson->seed);
  for (size_t i = 0; i < lesson->n_steps; i++) {
    const ThStep *step = &lesson->steps[i];
    if (step->kind == TH_STEP_EXERCISE) check_exercise(t, lesson, step);
    if (step->kind == TH_STEP_PREDICT) prediction = step;
    if (step->kind == TH_STEP_CODE) {
      check_code(t, lesson, step);
      if (prediction) check_reveals(t, lesson, prediction);
      prediction = NULL;
    }
    if (step->kind == TH_STEP_SETUP &&
        th_lesson_run(t->own, lesson, step->text, TH_RUN_QUIET, NULL) != TH_RUN_DONE)
      fault_error(t, lesson->source->name, step->text.line, "the setup ended in an error");
  }
}

/* Writes the lesson with its new outputs, when it changed. */
static void write_lesson(Tally *t, const ThLesson *lesson) {
  const ThSource *source = lesson->source;
  th_text_add(t->rewritten, t->copied);
  bool same = t->rewritten->length == source->length &&
              memcmp(t->rewritten->data, source->text, source->length) == 0;
  if (same || !t->ok) return;
  if (!th_text_ok(t->rewritten, t->own->cx) ||
      !th_write_file(t->own->cx, source->name, t->rewritten->data, t->rewritten->length))
    fault_error(t, source->name, 0, "the lesson cannot be written");
  else th_ui_print(t->ui, "%s: written\n", source->name);
}

static void check_lesson(Tally *t, const char *path, bool write) {
  ThText text;
  ThLesson *lesson = th_lesson_read(t->own->cx, path);
  if (!lesson) {
    fault_error(t, path, 0, "this is no lesson");
    return;
  }
  th_text_init(&text, &t->ui->cx->heap);
  t->rewritten = write ? &text : NULL;
  t->copied = lesson->source->text;
  check_steps(t, lesson);
  if (write) write_lesson(t, lesson);
  th_text_clear(&text);
  th_lesson_free(lesson);
}

/* --- Scripts */

static void check_script(Tally *t, const char *path) {
  ThText printed;
  th_text_init(&printed, &t->own->cx->heap);
  t->own->capture = &printed;
  if (!th_ui_set_args(t->own, NULL, 0) || th_ui_run_file(t->own, path, TH_RUN_SCRIPT) != TH_RUN_DONE)
    fault_error(t, path, 0, "the script ended in an error");
  t->own->capture = NULL;
  th_text_clear(&printed);
}

/* --- One file */

static bool begin(Tally *t, ThUi *own) {
  if (!th_ui_init_beside(own, t->ui)) return false;
  t->own = own;
  t->ok = true;
  return true;
}

static void check_file(Tally *t, const char *path, bool write) {
  ThUi own;
  if (!begin(t, &own)) {
    t->failed++;
    return;
  }
  if (strcmp(th_path_extension(path), "md") == 0) check_lesson(t, path, write);
  else check_script(t, path);
  th_ui_clear(&own);
  conclude(t, path, "");
}

/* --- Examples */

/* Runs the code before the next expected output; compares; moves on. */
static void check_chunk(Tally *t, const char *name, const char **at) {
  const char *code = *at, *end = code;
  ThText expected, printed;
  th_text_init(&expected, &t->ui->cx->heap);
  th_text_init(&printed, &t->own->cx->heap);
  while (*end && strncmp(end, "#>", 2) != 0) end += strcspn(end, "\n"), end += *end == '\n';
  size_t length = (size_t)(end - code);
  for (*at = end; strncmp(*at, "#>", 2) == 0;) {
    size_t line = strcspn(*at, "\n"), skip = (*at)[2] == ' ' ? 3 : 2;
    th_text_bytes(&expected, *at + skip, line - skip);
    th_text_char(&expected, '\n');
    *at += line + ((*at)[line] == '\n');
  }
  t->own->capture = &printed;
  ThRunStatus status = th_session_run(t->own->session, "", code, length, TH_RUN_SCRIPT);
  t->own->capture = NULL;
  if (status != TH_RUN_DONE && strncmp(th_text_string(&expected), "error: ", 7) == 0) {
    th_text_format(&printed, "error: %s\n", t->own->cx->error.message);
    th_error_clear(t->own->cx);
    status = TH_RUN_DONE;
  }
  if (status != TH_RUN_DONE) fault_error(t, name, 0, "the example ended in an error");
  else if (!same_text(th_text_string(&printed), printed.length, th_text_string(&expected), expected.length)) {
    fault(t, name, 0, "the example printed something else");
    show_lines(t->ui, " ", code, length);
    show_lines(t->ui, "-", th_text_string(&expected), expected.length);
    show_lines(t->ui, "+", th_text_string(&printed), printed.length);
  }
  th_text_clear(&expected);
  th_text_clear(&printed);
}

static void check_example(Tally *t, const char *name, const char *examples) {
  th_session_clear(t->own->session);
  th_session_seed(t->own->session, 1);
  t->ok = true;
  while (*examples && t->ok) check_chunk(t, name, &examples);
  *(t->ok ? &t->passed : &t->failed) += 1;
}

static void check_examples(Tally *t) {
  ThUi own;
  const ThBuiltin *row;
  const ThHelpWord *word;
  char name[64];
  if (!begin(t, &own)) {
    t->failed++;
    return;
  }
  for (size_t i = 0; (row = th_builtin_at(own.cx, i)); i++)
    if (row->examples) check_example(t, th_builtin_name(row, name, sizeof name), row->examples);
  for (size_t i = 0; (word = th_help_word_at(i)); i++)
    if (word->example) check_example(t, word->names, word->example);
  th_ui_clear(&own);
}

/* --- All of it */

bool th_check_run(ThUi *ui, char *const *paths, size_t n, bool write, bool examples) {
  Tally t = {.ui = ui};
  for (size_t i = 0; i < n; i++) check_file(&t, paths[i], write);
  if (examples) check_examples(&t);
  th_ui_print(ui, "%zu passed, %zu failed\n", t.passed, t.failed);
  return t.failed == 0;
}
