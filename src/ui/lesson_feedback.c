/* lesson_feedback.c - what is said to an answer that does not pass */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lesson_feedback.h"

#include "ui/lesson_check.h"
#include "ui/lesson_show.h"
#include "ui/lesson_values.h"

/* Says so when the value would pass under another name: `b = …` or a bare value where `slope = …` was asked for. */
static bool said_name(ThUi *ui, const ThLesson *lesson, const ThStep *step, const char *input) {
  const ThSymbol *own = th_check_defined(ui->cx, input);
  ThValue value = th_session_last(ui->session);
  if (own && !th_session_get(ui->session, own, &value)) return false;
  if (th_is_none(value)) return false;
  const ThSymbol *wanted = th_check_other_name(ui, lesson, step, value);
  if (!wanted) return false;
  th_ui_say(ui, "The value is right; the exercise asks for it under the name `%.60s`: %.60s = %.60s\n",
            wanted->spelling, wanted->spelling, own ? own->spelling : "_");
  return true;
}

/* The wrong answer of the lesson's whose value the person's has, or NULL. */
static const ThPart *matching_wrong(ThUi *ui, const ThLesson *lesson, const ThStep *step,
                                    const ThCheckpoint *from) {
  const ThPart *wrong;
  for (size_t i = 0; (wrong = th_step_part(lesson, step, TH_PART_WRONG, i)); i++) {
    ThValue value;
    if (!th_check_value(ui, lesson, from, wrong->text, &value)) return NULL;
    bool same = !th_is_none(value) && th_values_near(ui->cx, th_session_last(ui->session), value);
    th_release(value);
    if (same) return wrong;
  }
  return NULL;
}

/* The first hint whose condition holds for what the person has, or NULL. */
static const ThPart *matching_hint(ThUi *ui, const ThLesson *lesson, const ThStep *step) {
  const ThPart *hint;
  bool holds;
  for (size_t i = 0; (hint = th_step_part(lesson, step, TH_PART_HINT, i)); i++)
    if (hint->when.length > 0 && th_check_holds(ui, lesson, hint->when, &holds) && holds) return hint;
  return NULL;
}

bool th_feedback_give(ThUi *ui, const ThLesson *lesson, const ThStep *step, const ThCheckpoint *from,
                      const char *input, bool attempt) {
  bool said = said_name(ui, lesson, step, input);
  if (said || !attempt || th_is_final(ui->cx)) return !th_is_final(ui->cx);
  const ThPart *hint = matching_hint(ui, lesson, step);
  const ThPart *wrong = hint || th_is_final(ui->cx) ? NULL : matching_wrong(ui, lesson, step, from);
  if (th_is_final(ui->cx)) return false;
  if (hint) th_show_feedback(ui, hint->text, false);
  else if (wrong && th_show_has_comment(wrong->text)) th_show_feedback(ui, wrong->text, true);
  else th_ui_write(ui, "Not yet. `:hint` helps.\n");
  return true;
}
