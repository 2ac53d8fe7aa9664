/* lesson_notes.h - a lesson as it was worked through */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_NOTES_H
#define TH_UI_LESSON_NOTES_H

#include "ui/lesson_progress.h"

/* Appends Markdown: the lesson's text and code up to the step where the person is, each question with what was
 * typed at it and how it went. */
TH_CHECKED bool th_lesson_notes(const ThLesson *lesson, const ThProgress *progress, ThText *out);

#endif
