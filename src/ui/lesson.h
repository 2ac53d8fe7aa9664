/* lesson.h - a lesson, read from its Markdown file */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_H
#define TH_UI_LESSON_H

#include "base/source.h"

/* A stretch of the file, within its source's text. `line` (1-based) is that of its first byte. */
typedef struct ThSlice {
  const char *text;
  size_t length;
  size_t line;
} ThSlice;

typedef enum ThStepKind {
  TH_STEP_PROSE,    /* text: Markdown */
  TH_STEP_SETUP,    /* text: code that runs unseen */
  TH_STEP_CODE,     /* text: code that is shown and run; output: what it must print */
  TH_STEP_EXERCISE, /* text: the question, Markdown */
  TH_STEP_QUIZ,     /* text: the question; parts are its choices */
  TH_STEP_PREDICT   /* text: the question; the next code reveals the value */
} ThStepKind;

typedef enum ThPartKind {
  TH_PART_STARTER,
  TH_PART_CHECK,
  TH_PART_HINT, /* when: its condition, or empty */
  TH_PART_ANSWER,
  TH_PART_WRONG,
  TH_PART_CHOICE /* of a quiz; when: what is said about it */
} ThPartKind;

typedef struct ThPart {
  ThPartKind kind;
  ThSlice text, when;
  bool right; /* of a choice */
} ThPart;

enum { TH_ID_SIZE = 48 };

typedef struct ThStep {
  ThStepKind kind;
  ThSlice text, output;
  bool has_output;
  char id[TH_ID_SIZE]; /* of exercises, quizzes, predictions */
  double points;
  size_t first_part, n_parts; /* in the lesson's parts */
} ThStep;

typedef enum ThSkip { TH_SKIP_ALLOW, TH_SKIP_REVEAL, TH_SKIP_DENY } ThSkip;

enum { TH_TITLE_SIZE = 160 };

typedef struct ThLesson {
  ThContext *cx;
  ThSource *source;
  char title[TH_TITLE_SIZE], section[TH_TITLE_SIZE];
  double minutes; /* 0 when not told */
  bool seeded;
  uint64_t seed;
  ThSkip skip;
  size_t n_steps, step_capacity, n_parts, part_capacity;
  ThStep *steps;
  ThPart *parts;
} ThLesson;

/* Reads and checks a lesson; NULL with an error at its place in the file. */
TH_CHECKED ThLesson *th_lesson_read(ThContext *cx, const char *path);
void th_lesson_free(ThLesson *lesson); /* NULL is allowed */
/* Only the front matter: what a list of lessons shows. False with an error. */
TH_CHECKED bool th_lesson_read_front(ThContext *cx, const char *path, ThLesson *front);

/* The i-th part of a kind that a step has, or NULL. */
const ThPart *th_step_part(const ThLesson *lesson, const ThStep *step, ThPartKind kind, size_t i);
bool th_step_is_question(const ThStep *step); /* exercise, quiz, prediction */

/* Appends a stretch of code after as many line ends as stand before it in the file, so that errors in it
 * carry the file's own line numbers. */
void th_lesson_code(ThSlice slice, ThText *out);

#endif
