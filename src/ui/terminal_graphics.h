/* terminal_graphics.h - what a terminal can show besides letters, and its background */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_TERMINAL_GRAPHICS_H
#define TH_UI_TERMINAL_GRAPHICS_H

#include "base/text.h"

typedef enum ThGraphics { TH_GRAPHICS_NONE, TH_GRAPHICS_SIXEL, TH_GRAPHICS_KITTY } ThGraphics;

typedef struct ThTerminalReport {
  bool answered; /* all of it: what it says it has not it has not */
  ThGraphics graphics;
  bool knows_background, is_dark;
} ThTerminalReport;

/* Asks the terminal, which answers within a moment or has not understood. It is not asked where standard input or
 * output is none, in tmux and screen, on a dumb one, and while something typed waits to be read: then *report tells
 * what the environment does, and the result is false. */
bool th_terminal_ask(ThTerminalReport *report);
/* Reads an answer; what was typed meanwhile is kept, in its place, in `typed` (n bytes at most); returns its length. */
size_t th_terminal_read_report(const char *answer, size_t n, ThTerminalReport *report, char *typed);
/* Appends a PNG file as kitty's protocol shows it. */
void th_kitty_picture(const ThText *png, ThText *out);

#endif
