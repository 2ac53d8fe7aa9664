/* lesson_notes.c - a lesson as it was worked through */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lesson_notes.h"

#include <string.h>

static void add_block(const char *info, const char *text, size_t length, ThText *out) {
  while (length > 0 && strchr(" \t\r\n", text[length - 1])) length--;
  th_text_format(out, "```%s\n", info);
  th_text_bytes(out, text, length);
  th_text_add(out, "\n```\n\n");
}

static void add_prose(ThSlice text, ThText *out) {
  while (text.length > 0 && strchr(" \t\r\n", text.text[text.length - 1])) text.length--;
  th_text_bytes(out, text.text, text.length);
  th_text_add(out, "\n\n");
}

static void add_choices(const ThLesson *lesson, const ThStep *step, ThText *out) {
  const ThPart *choice;
  for (size_t i = 0; (choice = th_step_part(lesson, step, TH_PART_CHOICE, i)); i++)
    th_text_format(out, "- %c) %.*s\n", (int)('a' + i), (int)choice->text.length, choice->text.text);
  th_text_char(out, '\n');
}

static void add_typed(const ThProgress *progress, size_t step, ThText *out) {
  for (size_t i = 0; i < progress->n_typed; i++) {
    const ThTyped *typed = &progress->typed[i];
    if (typed->step != step) continue;
    if (typed->kind == TH_TYPED_SAID) th_text_format(out, "Answer: %s\n\n", typed->text);
    else add_block("theta", typed->text, strlen(typed->text), out);
  }
}

static void add_step(const ThLesson *lesson, const ThProgress *progress, size_t i, ThText *out) {
  static const char *const outcomes[] = {[TH_OPEN] = "Not answered.",
                                         [TH_SOLVED] = "Solved.",
                                         [TH_SHOWN] = "Shown.",
                                         [TH_SKIPPED] = "Left out.",
                                         [TH_PARTLY] = "Not far off."};
  const ThStep *step = &lesson->steps[i];
  if (step->kind == TH_STEP_SETUP) return;
  if (step->kind == TH_STEP_CODE) add_block("theta", step->text.text, step->text.length, out);
  else add_prose(step->text, out);
  if (step->kind == TH_STEP_CODE && step->has_output)
    add_block("output", step->output.text, step->output.length, out);
  if (step->kind == TH_STEP_QUIZ) add_choices(lesson, step, out);
  add_typed(progress, i, out);
  if (th_step_is_question(step)) th_text_format(out, "*%s*\n\n", outcomes[progress->done[i]]);
}

bool th_lesson_notes(const ThLesson *lesson, const ThProgress *progress, ThText *out) {
  th_text_format(out, "# %s\n\n", lesson->title);
  for (size_t i = 0; i < lesson->n_steps && i <= progress->step; i++) add_step(lesson, progress, i, out);
  return th_text_ok(out, progress->cx);
}
