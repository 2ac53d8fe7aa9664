/* demo.h - a script stepped through before an audience */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_DEMO_H
#define TH_UI_DEMO_H

#include "ui/ui.h"

typedef struct ThDemo ThDemo;

/* Reads a script and splits it into steps: its statements, those of one line together, each with the comment
 * before it. NULL with an error: a file that cannot be read, a mistake of syntax in it. */
TH_CHECKED ThDemo *th_demo_open(ThUi *ui, const char *path);
void th_demo_free(ThDemo *demo); /* NULL is allowed */
/* Says what the keys do, and shows the first step. */
void th_demo_begin(ThDemo *demo);
bool th_demo_is_over(const ThDemo *demo);
/* The prompt: where the demo is. */
void th_demo_prompt(const ThDemo *demo, ThText *out);

/* An empty line: runs the step and, when what it shows has been looked at, goes on to the next. */
void th_demo_enter(ThDemo *demo);
/* Whether the demo takes the input for itself: b back, e edit, j or a number to jump, q quit. */
bool th_demo_takes(ThDemo *demo, const char *input);
/* After any other input has run: an edited step that ran is done. */
void th_demo_after(ThDemo *demo, ThRunStatus status);
/* The line was dropped: it is no edited step any more. */
void th_demo_drop(ThDemo *demo);
/* Text for the person's next line, told once: the step that is to be edited. "" mostly. */
const char *th_demo_take_line(ThDemo *demo);

/* Steps through without waiting, for input that is no terminal; false when a step failed, its error shown. */
bool th_demo_play(ThUi *ui, const char *path);

#endif
