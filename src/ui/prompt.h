/* prompt.h - the interactive prompt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PROMPT_H
#define TH_UI_PROMPT_H

#include "ui/ui.h"

typedef struct ThPlayer ThPlayer;

typedef struct ThPrompt {
  ThUi *ui;
  ThText pending;   /* lines of an input that is not finished */
  ThPlayer *player; /* the lesson that is being played, or NULL */
  bool transcript;  /* the last line had a prompt in front: what follows without one is its output */
  bool leave;
} ThPrompt;

/* Runs the prompt until the person leaves; it begins with a lesson, which it takes over, unless that is NULL.
 * Returns the program's exit status. */
int th_prompt_run(ThUi *ui, ThPlayer *player);

/* Runs one whole input as if it had been typed: a command, a question or code. */
void th_prompt_submit(ThPrompt *prompt, const char *text);

#endif
