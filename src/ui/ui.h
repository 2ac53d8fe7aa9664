/* ui.h - what the person's side of a session holds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_UI_H
#define TH_UI_UI_H

#include <stdio.h>

#include "lang/session.h"
#include "ui/plot_render.h"

/* The host of a session: text, notes and pictures go through it. One for each session. */
typedef struct ThUi {
  ThSession *session;
  ThContext *cx;
  ThPlotter *plotter;
  bool input_is_terminal, output_is_terminal, messages_are_terminal;
  bool quiet;          /* no greeting, no notes about how things were */
  bool mute_notes;     /* hints and warnings are dropped */
  bool output_failed;  /* standard output could not be written; told once */
  bool progress_shown; /* a progress line stands on the terminal */
  ThText *capture;     /* program output goes here instead of to standard output; NULL mostly */
  FILE *transcript;    /* what is typed and shown is kept here too (transcript.h); NULL mostly */
  size_t lines;        /* line ends printed so far */
  bool (*define)(ThSession *session); /* gives a new session its built-ins */
} ThUi;

/* Makes the session and its host, and has `define` give the session its built-ins; false with a message on
 * standard error when memory is out. */
TH_CHECKED bool th_ui_init(ThUi *ui, bool (*define)(ThSession *session));
/* A session of its own beside another's, with the person's settings, for a page of 80 columns: no colours, no
 * notes, no pictures. */
TH_CHECKED bool th_ui_init_beside(ThUi *own, const ThUi *ui);
void th_ui_clear(ThUi *ui);
/* Runs a file that the program was started for: in the sandbox too, where th_session_run_file refuses. */
ThRunStatus th_ui_run_file(ThUi *ui, const char *path, ThRunMode mode);
/* The words behind a script's name, as the list of strings `args`. */
TH_CHECKED bool th_ui_set_args(ThUi *ui, char *const *words, size_t n);

/* Reads the terminal's size and abilities into the context's settings. */
void th_ui_read_terminal(ThUi *ui);
/* Sets the character encoding from the environment; a note, once, when it is not UTF-8. */
void th_ui_set_locale(ThUi *ui);

/* Text for the person, on standard output (th_ui_print: at most 2 kB); and a message, on standard error,
 * after what was printed. */
void th_ui_write(ThUi *ui, const char *text);
void th_ui_print(ThUi *ui, const char *format, ...) TH_PRINTF(2, 3);
void th_ui_say(ThUi *ui, const char *format, ...) TH_PRINTF(2, 3); /* lines folded to the terminal's width */
void th_ui_message(ThUi *ui, const char *format, ...) TH_PRINTF(2, 3);
/* Shows the error record on standard error, and clears it. */
void th_ui_show_error(ThUi *ui);
/* Everything printed so far is on its way; quietly ends the program when nobody reads it any more. */
void th_ui_flush(ThUi *ui);

/* Codes that set a way of writing, "" where there are no colours. */
typedef enum ThEmphasis { TH_PLAIN, TH_BOLD, TH_DIM, TH_ITALIC, TH_CODE, TH_HEADING, TH_GOOD } ThEmphasis;
const char *th_ui_style(const ThContext *cx, ThEmphasis emphasis);

#endif
