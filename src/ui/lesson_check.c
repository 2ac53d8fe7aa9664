/* lesson_check.c - is an exercise solved? */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values are graded, not text. Everything here leaves names, `_` and the random draws as they were: it runs
 * between a checkpoint and its return. */
#include "ui/lesson_check.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "lang/parser.h"
#include "ui/lesson_values.h"
#include "val/array.h"

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

/* The tree of an input that ran; NULL without memory for it. */
static ThTree *input_tree(ThContext *cx, const char *input) {
  ThSource *source = th_source_new(cx, "", input, strlen(input));
  ThTree *tree = source ? th_parse(cx, source, true) : NULL;
  th_source_release(source);
  if (!tree) th_error_clear(cx);
  return tree;
}

static const ThNode *last_statement(const ThTree *tree) {
  size_t n = tree->root->n_items;
  return n > 0 ? tree->root->items[n - 1] : NULL;
}

/* The first name that a statement defines, or NULL. */
static const ThSymbol *defined_by(const ThNode *statement) {
  const ThNode *target;
  switch (statement->kind) {
    case TH_NODE_DEFINE:
    case TH_NODE_LIVE:
    case TH_NODE_DATA:
    case TH_NODE_MODEL: return statement->name;
    case TH_NODE_ASSIGN:
    case TH_NODE_DECLARE:
      target = statement->items[0];
      while (target->kind != TH_NODE_NAME && target->n_items > 0)
        target = target->items[0]; /* x[2], r.a, (a, b) */
      return target->kind == TH_NODE_NAME ? target->name : NULL;
    default: return NULL;
  }
}

const ThSymbol *th_check_defined(ThContext *cx, const char *input) {
  ThTree *tree = input_tree(cx, input);
  const ThNode *last = tree ? last_statement(tree) : NULL;
  const ThSymbol *name = last ? defined_by(last) : NULL;
  if (tree) th_tree_release(tree);
  return name;
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

/* --- Truth of lines */

static bool evaluate_text(ThUi *ui, const ThLesson *lesson, const char *text, size_t length, ThValue *out) {
  return th_session_evaluate(ui->session, lesson->source->name, text, length, out);
}

/* The value of a part of some code, its line kept. */
static bool evaluate_node(ThUi *ui, const ThLesson *lesson, const ThNode *node, const char *text,
                          ThValue *out) {
  ThText part;
  th_text_init(&part, &ui->cx->heap);
  for (size_t i = 0; i < node->span.start; i++)
    if (text[i] == '\n') th_text_char(&part, '\n');
  th_text_bytes(&part, text + node->span.start, node->span.end - node->span.start);
  bool ok = th_text_ok(&part, ui->cx) && evaluate_text(ui, lesson, part.data, part.length, out);
  th_text_clear(&part);
  return ok;
}

static bool sides_near(ThUi *ui, const ThLesson *lesson, const ThNode *node, const char *text) {
  ThValue a, b;
  if (!evaluate_node(ui, lesson, node->items[0], text, &a)) return false;
  bool near = evaluate_node(ui, lesson, node->items[1], text, &b);
  if (near) {
    near = th_values_near(ui->cx, a, b);
    th_release(b);
  }
  th_release(a);
  return near;
}

/* `a == b` holds of values that are near; `and` and `or` are taken apart; all else is evaluated. An expression that
 * fails is false, with the error in the record. */
static bool node_holds(ThUi *ui, const ThLesson *lesson, const ThNode *node, const char *text) {
  if (node->kind == TH_NODE_BINARY && node->op == TH_OP_EQUAL) return sides_near(ui, lesson, node, text);
  if (node->kind == TH_NODE_AND || node->kind == TH_NODE_OR) {
    bool first = node_holds(ui, lesson, node->items[0], text);
    if (first == (node->kind == TH_NODE_OR) || th_is_final(ui->cx)) return first;
    th_error_clear(ui->cx);
    return node_holds(ui, lesson, node->items[1], text);
  }
  ThValue v;
  if (!evaluate_node(ui, lesson, node, text, &v)) return false;
  bool holds = th_is_none(v) || is_true(ui->cx, v);
  th_release(v);
  return holds;
}

static bool is_expression(const ThNode *node) { return node->kind < TH_NODE_ASSIGN; }

/* Runs the statements; every expression among them must hold. */
static bool statements_hold(ThUi *ui, const ThLesson *lesson, const ThTree *tree, const char *text) {
  for (size_t i = 0; i < tree->root->n_items; i++) {
    const ThNode *node = tree->root->items[i];
    ThValue v;
    if (is_expression(node) ? node_holds(ui, lesson, node, text)
                            : evaluate_node(ui, lesson, node, text, &v) && (th_release(v), true))
      continue;
    return false;
  }
  return true;
}

/* Of code at its line in the file. */
static bool text_holds(ThUi *ui, const ThLesson *lesson, const ThText *text) {
  ThSource *source = th_source_new(ui->cx, lesson->source->name, th_text_string(text), text->length);
  ThTree *tree = source ? th_parse(ui->cx, source, false) : NULL;
  th_source_release(source);
  if (!tree) return false;
  bool holds = statements_hold(ui, lesson, tree, th_text_string(text));
  th_tree_release(tree);
  return holds;
}

bool th_check_why(ThUi *ui, const ThLesson *lesson, ThSlice expressions, bool *holds) {
  ThText nowhere, text;
  ThError error;
  ThCheckpoint *before = th_session_checkpoint(ui->session);
  if (!before) return false;
  th_text_init(&nowhere, &ui->cx->heap);
  th_text_init(&text, &ui->cx->heap);
  th_lesson_code(expressions, &text);
  Silence sound = silence(ui, &nowhere);
  *holds = th_text_ok(&text, ui->cx) && text_holds(ui, lesson, &text);
  unsilence(ui, sound);
  th_text_clear(&nowhere);
  th_text_clear(&text);
  bool ok = !th_is_final(ui->cx);
  th_error_take(ui->cx, &error);
  ok = th_session_restore(ui->session, before) && ok;
  if (ui->cx->error.code == TH_OK) th_error_restore(ui->cx, &error);
  th_checkpoint_free(ui->session, before);
  return ok;
}

bool th_check_holds(ThUi *ui, const ThLesson *lesson, ThSlice expressions, bool *holds) {
  bool ok = th_check_why(ui, lesson, expressions, holds);
  if (ok) th_error_clear(ui->cx);
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
  else if (ok) ok = !th_is_final(ui->cx);
  if (ok) th_error_clear(ui->cx);
  ok = th_session_restore(ui->session, now) && ok;
  th_checkpoint_free(ui->session, now);
  return ok;
}

/* --- Attempts */

static bool check_mentions(const ThLesson *lesson, const ThStep *step, const ThSymbol *name) {
  const ThPart *check;
  for (size_t i = 0; name && (check = th_step_part(lesson, step, TH_PART_CHECK, i)); i++)
    if (mentions(lesson->cx, check->text, name)) return true;
  return false;
}

/* A call that is made for what it shows, or does. */
static bool is_aside(const ThNode *node) {
  static const char *const asides[] = {"print", "help", "plot", "seed", "digits", "save", "how", "import"};
  if (node->kind != TH_NODE_CALL || node->items[0]->kind != TH_NODE_NAME) return false;
  for (size_t i = 0; i < sizeof asides / sizeof *asides; i++)
    if (strcmp(node->items[0]->name->spelling, asides[i]) == 0) return true;
  return false;
}

/* Of all statements, since a helper's definition may stand before the answer, and a look at it behind. */
static bool is_attempt(const ThLesson *lesson, const ThStep *step, const ThTree *tree) {
  for (size_t i = 0; i < tree->root->n_items; i++)
    if (check_mentions(lesson, step, defined_by(tree->root->items[i]))) return true;
  const ThNode *last = last_statement(tree);
  return last && is_expression(last) && !is_aside(last) &&
         check_mentions(lesson, step, th_symbol_find(lesson->cx, "_", 1));
}

bool th_check_is_attempt(const ThLesson *lesson, const ThStep *step, const char *input) {
  ThTree *tree = input_tree(lesson->cx, input);
  bool attempt = tree && is_attempt(lesson, step, tree);
  if (tree) th_tree_release(tree);
  return attempt;
}

/* --- Another name */

/* Whether the checks pass when the name holds the value. */
static bool passes_as(ThUi *ui, const ThLesson *lesson, const ThStep *step, ThSymbol *name, ThValue value) {
  bool passes = false;
  ThCheckpoint *before = th_session_checkpoint(ui->session);
  bool ok = before && th_session_set_take(ui->session, name, th_retain(value)) &&
            th_check_passes(ui, lesson, step, &passes);
  ok = before && th_session_restore(ui->session, before) && ok;
  th_checkpoint_free(ui->session, before);
  if (!ok && !th_is_final(ui->cx)) th_error_clear(ui->cx);
  return ok && passes;
}

/* The first such name in a stretch of code. */
static const ThSymbol *name_in(ThUi *ui, const ThLesson *lesson, const ThStep *step, ThSlice code,
                               ThValue value) {
  ThValue known;
  for (size_t i = 0, n; i < code.length; i += n + 1) {
    n = 0;
    while (i + n < code.length && is_word_byte(code.text[i + n])) n++;
    ThSymbol *name = n > 0 ? th_symbol_find(ui->cx, code.text + i, n) : NULL;
    if (!name || isdigit((unsigned char)code.text[i]) || th_session_owns(ui->session, name) ||
        th_session_get(ui->session, name, &known))
      continue;
    if (passes_as(ui, lesson, step, name, value)) return name;
  }
  return NULL;
}

const ThSymbol *th_check_other_name(ThUi *ui, const ThLesson *lesson, const ThStep *step, ThValue value) {
  const ThPart *check;
  const ThSymbol *name = NULL;
  for (size_t i = 0; !name && (check = th_step_part(lesson, step, TH_PART_CHECK, i)); i++)
    name = name_in(ui, lesson, step, check->text, value);
  return name;
}
