/* prompt.h - the interactive prompt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PROMPT_H
#define TH_UI_PROMPT_H

#include "ui/ui.h"

typedef struct ThPlayer ThPlayer;

enum { TH_MAX_UNDO = 50 };

typedef struct ThPrompt {
  ThUi *ui;
  ThText pending;   /* lines of an input that is not finished */
  ThPlayer *player; /* the lesson that is being played, or NULL */
  bool transcript;  /* the last line had a prompt in front: what follows without one is its output */
  bool leave;
  struct ThCheckpoint *undo[TH_MAX_UNDO]; /* the names before the last inputs, the newest last */
  size_t n_undo;
} ThPrompt;

/* Runs the prompt until the person leaves; it begins with a lesson, which it takes over, unless that is NULL.
 * Returns the program's exit status. */
int th_prompt_run(ThUi *ui, ThPlayer *player);

/* Gives the names back what they had before the last input that changed any; false when there is none. */
TH_CHECKED bool th_prompt_undo(ThPrompt *prompt);

/* Keeps the names of before an input, for `:undo`, if it changed any; takes the checkpoint. The oldest goes when there
 * are many. */
void th_prompt_keep_for_undo(ThPrompt *prompt, struct ThCheckpoint *before);

/* Runs one whole input as if it had been typed: a command, a question or code. */
void th_prompt_submit(ThPrompt *prompt, const char *text);

#endif
