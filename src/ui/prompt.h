/* prompt.h - the interactive prompt */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PROMPT_H
#define TH_UI_PROMPT_H

#include "ui/ui.h"

typedef struct ThDemo ThDemo;
typedef struct ThPlayer ThPlayer;

enum { TH_MAX_UNDO = 50 };

typedef struct ThPrompt {
  ThUi *ui;
  ThText pending;   /* lines of an input that is not finished */
  ThPlayer *player; /* the lesson that is being played, or NULL */
  ThPlayer *played; /* the last lesson that came to its end: for its notes; or NULL */
  ThDemo *demo;     /* the script that is being stepped through, or NULL */
  bool transcript;  /* the last line had a prompt in front: what follows without one is its output */
  bool leave;
  ThText initial;   /* what stood on the line to begin with */
  ThCheckpoint *undo[TH_MAX_UNDO]; /* the names before the last inputs, the newest last */
  size_t n_undo;
} ThPrompt;

/* Runs the prompt until the person leaves; it begins with a lesson, which it takes over, unless that is NULL.
 * Returns the program's exit status. */
int th_prompt_run(ThUi *ui, ThPlayer *player);

/* The same for `theta demo FILE`; without a terminal it steps through and does not wait. */
int th_prompt_demo(ThUi *ui, const char *path);

/* Around what changes names: a checkpoint, which is then kept for `:undo` (and taken over) if they did change, which is
 * returned. NULL in a lesson, which has its own way back. */
ThCheckpoint *th_prompt_checkpoint(ThPrompt *prompt);
bool th_prompt_keep_for_undo(ThPrompt *prompt, ThCheckpoint *before);
/* Gives the names back what they had before the last input that changed any; false when there is none. */
TH_CHECKED bool th_prompt_undo(ThPrompt *prompt);

/* Runs one whole input as if it had been typed: a command, a question or code. */
void th_prompt_submit(ThPrompt *prompt, const char *text);

#endif
