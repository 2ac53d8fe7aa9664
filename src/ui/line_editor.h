/* line_editor.h - readline, and nothing else of it anywhere */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LINE_EDITOR_H
#define TH_UI_LINE_EDITOR_H

#include "ui/ui.h"

typedef enum ThLineStatus {
  TH_LINE_READ,
  TH_LINE_DROPPED, /* Ctrl-C, or Ctrl-D in an unfinished input */
  TH_LINE_END      /* Ctrl-D, or the terminal is gone */
} ThLineStatus;

/* What is read: an input of one or more lines where the terminal can move its cursor, else one line of it. */
typedef struct ThLineRequest {
  const char *prompt;
  const char *pending; /* the unfinished lines before this one, for completion; "" mostly */
  const char *initial; /* put on the line to begin with; the cursor stands on its first blank, if there is one */
  /* whether Enter ends the input; else it begins a new line. NULL: always */
  bool (*finished)(void *self, const char *text);
  void *self;
  bool *set_aside; /* set when a command or a question was begun on a blank: the initial text is gone for it */
} ThLineRequest;

/* Sets readline up and loads the history; once, later calls do nothing. And gives back what it holds. */
void th_editor_init(ThUi *ui);
void th_editor_end(void);

/* Whether there is a prompt, which reads when what runs is over. */
bool th_editor_is_ready(void);

/* Lets the person edit; a pasted text comes back as one, with its line ends. Appends UTF-8 to `out`. */
TH_CHECKED ThLineStatus th_editor_read(const ThLineRequest *request, ThText *out);

/* Whether inputs of several lines are edited as a whole. */
bool th_editor_edits_blocks(void);
/* Whether more input waits already: a paste is under way. */
bool th_editor_input_waits(void);
/* What was typed and read by somebody else: the next line begins with it. What does not fit is lost. */
void th_editor_type(const char *bytes, size_t n);
/* Whether nothing more can come: the terminal is gone. */
bool th_editor_input_ended(void);
/* Remembers a whole input, of one or more lines. */
void th_editor_remember(const char *entry);
/* "8.2" */
const char *th_editor_version(void);

#endif
