/* test_ui_lesson.c - tests of reading and grading lessons */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lang/libs.h"
#include "ui/lesson_check.h"
#include "ui/lesson_show.h"

/* --- Files */

static char path[64];

static void write_lesson(const char *text) {
  snprintf(path, sizeof path, "/tmp/theta-unit-%ld.md", (long)getpid());
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  fclose(file);
}

#define FENCE "```"

static const char good[] = "---\ntitle: \"A: title\"\nminutes: 5\nseed: 7\nskip: reveal\n---\n"
                           "Prose.\n\n" FENCE "python\n" FENCE "\n\n" FENCE "theta setup\nsecret = 42\n" FENCE
                           "\n" FENCE "theta\nx = 1\n" FENCE "\n" FENCE "output\n1\n" FENCE "\n" FENCE
                           "exercise id=one points=2.5\nWhat?\n" FENCE "\n" FENCE "starter\n____\n" FENCE
                           "\n" FENCE "check\n_ == 3\n" FENCE "\n" FENCE
                           "hint when=_ == 4 and true\nToo much.\n" FENCE "\n" FENCE "answer\n3\n" FENCE
                           "\n" FENCE "wrong\n5 # five, \"no # here\"\n" FENCE "\n" FENCE
                           "quiz id=two\nWhich?\n- [ ] this: not\n  it\n- [x] that\n" FENCE "\n";

START_TEST(reads_a_lesson) {
  ThContext cx;
  unit_context(&cx);
  write_lesson(good);
  ThLesson *lesson = th_lesson_read(&cx, path);
  unlink(path);
  ck_assert_msg(lesson != NULL, "%s", cx.error.message);
  ck_assert_str_eq(lesson->title, "A: title");
  ck_assert_double_eq(lesson->minutes, 5);
  ck_assert_uint_eq(lesson->seed, 7);
  ck_assert_int_eq(lesson->skip, TH_SKIP_REVEAL);
  static const ThStepKind kinds[] = {TH_STEP_PROSE, TH_STEP_SETUP, TH_STEP_CODE, TH_STEP_EXERCISE,
                                     TH_STEP_QUIZ};
  ck_assert_uint_eq(lesson->n_steps, COUNT(kinds));
  for (size_t i = 0; i < COUNT(kinds); i++) ck_assert_int_eq(lesson->steps[i].kind, kinds[i]);
  ck_assert(lesson->steps[2].has_output);
  ck_assert_uint_eq(lesson->steps[2].text.line, 16);
  const ThStep *exercise = &lesson->steps[3];
  ck_assert_str_eq(exercise->id, "one");
  ck_assert_double_eq(exercise->points, 2.5);
  const ThPart *hint = th_step_part(lesson, exercise, TH_PART_HINT, 0);
  ck_assert_int_eq(strncmp(hint->when.text, "_ == 4 and true", hint->when.length), 0);
  ck_assert_uint_eq(hint->when.length, strlen("_ == 4 and true"));
  const ThPart *choice = th_step_part(lesson, &lesson->steps[4], TH_PART_CHOICE, 0);
  ck_assert_uint_eq(choice->when.length, strlen("not\n  it"));
  ck_assert(th_step_part(lesson, &lesson->steps[4], TH_PART_CHOICE, 1)->right);
  ck_assert_uint_eq(lesson->steps[4].text.length, strlen("Which?\n"));
  th_lesson_free(lesson);
  unit_done(&cx);
}
END_TEST

static const struct {
  const char *text, *message;
} faults[] = {
    {"---\ntitle: x\n", "the front matter is not closed by `---`"},
    {"---\ncolour: red\n---\n", "the front matter knows title, section, minutes, seed, skip"},
    {"---\nskip: often\n---\n", "`skip` is allow, reveal or deny"},
    {FENCE "theta\n1\n", "this fence is not closed"},
    {FENCE "theta colour=red\n1\n" FENCE "\n",
     "a fence of a lesson knows `setup`, `id=`, `points=`, `when=`"},
    {FENCE "output\n1\n" FENCE "\n", "`output` must follow the `theta` block that prints it"},
    {FENCE "hint\n1\n" FENCE "\n", "this must follow its `exercise`, without text between"},
    {FENCE "exercise\nWhat?\n" FENCE "\n", "`exercise` needs an id: id=NAME"},
    {FENCE "exercise id=a\nWhat?\n" FENCE "\n", "the exercise `a` has no check"},
    {FENCE "exercise id=a\nWhat?\n" FENCE "\n" FENCE "check\ntrue\n" FENCE "\n",
     "the exercise `a` has no answer"},
    {FENCE "quiz id=a\nWhat?\n- [ ] this\n" FENCE "\n",
     "a quiz needs choices, `- [ ] text`, and a right one, `- [x] text`"},
    {FENCE "predict id=a\nWhat?\n" FENCE "\n", "no `theta` block follows the prediction `a`"},
    {FENCE "quiz id=a\nQ\n- [x] y\n" FENCE "\n" FENCE "quiz id=a\nQ\n- [x] y\n" FENCE "\n",
     "the id `a` is used twice"},
};

START_TEST(a_fault_is_told_with_its_place) {
  ThContext cx;
  unit_context(&cx);
  write_lesson(faults[_i].text);
  ck_assert_ptr_null(th_lesson_read(&cx, path));
  unlink(path);
  ck_assert_str_eq(cx.error.message, faults[_i].message);
  ck_assert_uint_eq(cx.error.n_places, 1);
  th_error_clear(&cx);
  unit_done(&cx);
}
END_TEST

static bool read_one(ThContext *cx) {
  ThLesson *lesson = th_lesson_read(cx, path);
  th_lesson_free(lesson);
  return lesson != NULL;
}

START_TEST(reading_survives_a_lack_of_memory) {
  ThContext cx;
  unit_context(&cx);
  write_lesson(good);
  unit_refuse_each(&cx, read_one);
  unlink(path);
  unit_done(&cx);
}
END_TEST

/* --- Grading */

static bool define(ThSession *session) {
  ThContext *cx = th_session_context(session);
  return th_builtins_define(cx, th_lib_math) && th_builtins_define(cx, th_lib_reduce) &&
         th_builtins_define(cx, th_lib_array);
}

static const struct {
  const char *input;
  bool passes, attempt;
} attempts[] = {
    {"3", true, true},
    {"4", false, true},
    {"x = 3", true, false},
    {"y = 4", false, false},
    {"sum([1, 2])", true, true},
    {"f(t) = t", false, false},
    {"print(3)", false, false},
    {"e = [2,\n     5];\ne", false, true},
    {"e = 2; e + 1", true, true},
    {"e[1] = 4", false, false},
    {"4\nfor i in 1:2 { i }", false, false},
};

START_TEST(values_are_graded) {
  ThUi ui;
  bool passes;
  ck_assert(th_ui_init(&ui, define));
  write_lesson(good);
  ThLesson *lesson = th_lesson_read(ui.cx, path);
  unlink(path);
  const ThStep *exercise = &lesson->steps[3];
  const char *input = attempts[_i].input;
  ThText nowhere;
  th_text_init(&nowhere, &ui.cx->heap);
  ui.capture = &nowhere;
  ThRunStatus status = th_session_run(ui.session, "", input, strlen(input), TH_RUN_QUIET);
  if (status == TH_RUN_FAILED) th_error_clear(ui.cx);
  ck_assert(th_check_passes(&ui, lesson, exercise, &passes));
  ck_assert_int_eq(passes, attempts[_i].passes);
  ck_assert_int_eq(th_check_is_attempt(lesson, exercise, input), attempts[_i].attempt);
  ui.capture = NULL;
  th_text_clear(&nowhere);
  th_lesson_free(lesson);
  th_ui_clear(&ui);
}
END_TEST

START_TEST(grading_leaves_the_session_as_it_was) {
  ThUi ui;
  bool holds;
  ck_assert(th_ui_init(&ui, define));
  write_lesson(good);
  ThLesson *lesson = th_lesson_read(ui.cx, path);
  unlink(path);
  ck_assert_int_eq(th_session_run(ui.session, "", "7", 1, TH_RUN_QUIET), TH_RUN_DONE);
  static const char check[] = "leftover = 5\nleftover == 5\nabs(\n_ - 7) == 0\n";
  ck_assert(th_check_holds(&ui, lesson, (ThSlice){check, strlen(check), 1}, &holds));
  ck_assert(holds);
  ck_assert(th_is_number(th_session_last(ui.session)));
  ck_assert_double_eq(th_as_number(th_session_last(ui.session)), 7);
  size_t n;
  ThSymbol **names = th_session_names(ui.session, &n);
  ck_assert_uint_eq(n, 0);
  th_session_names_free(ui.session, names, n);
  th_lesson_free(lesson);
  th_ui_clear(&ui);
}
END_TEST

/* --- Breaking pages */

START_TEST(pages_break_between_paragraphs) {
  static const char text[] = "one\ntwo\n\nthree\n\nfour\nfive\n";
  ck_assert_uint_eq(th_show_break(text, 0, 20, false), strlen(text));
  ck_assert_uint_eq(th_show_break(text, 0, 3, false), strlen("one\ntwo\n"));
  ck_assert_uint_eq(th_show_break(text, 0, 1, true), 0);
  ck_assert_uint_eq(th_show_break(text, 0, 1, false), strlen("one\n"));
  static const char heading[] = "One.\n\nHeading\n\nmore.\n";
  ck_assert_uint_eq(th_show_break(heading, 0, 3, false), strlen("One.\n"));
}
END_TEST

Suite *th_suite_ui_lesson(void) {
  Suite *suite = suite_create("ui_lesson");
  ADD(suite, reads_a_lesson);
  ADD_ROWS(suite, a_fault_is_told_with_its_place, COUNT(faults));
  ADD(suite, reading_survives_a_lack_of_memory);
  ADD_ROWS(suite, values_are_graded, COUNT(attempts));
  ADD(suite, grading_leaves_the_session_as_it_was);
  ADD(suite, pages_break_between_paragraphs);
  return suite;
}
