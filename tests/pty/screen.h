/* screen.h - what a terminal shows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of ECMA-48 and xterm that readline, gnuplot's text and Theta use. Lines that scroll off the top are
 * kept, so that all that was ever shown can be looked at as lines of text. */
#ifndef TH_TESTS_SCREEN_H
#define TH_TESTS_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

enum { SCREEN_MOST_LINES = 100, SCREEN_MOST_COLUMNS = 250, SCREEN_CELL = 24, SCREEN_PAST = 1 << 20 };

typedef struct Screen {
  int lines, columns, row, column;
  bool pending; /* the last column was written: the next character goes to the next line */
  bool escapes; /* some escape sequence came */
  char cells[SCREEN_MOST_LINES][SCREEN_MOST_COLUMNS][SCREEN_CELL]; /* UTF-8 with marks; "" is blank */
  char past[SCREEN_PAST];                                          /* lines that scrolled away */
  size_t past_length, past_lines;
  char sequence[64], character[8]; /* what is not complete yet */
  size_t sequence_length, character_length;
} Screen;

void screen_init(Screen *s, int lines, int columns);
void screen_resize(Screen *s, int lines, int columns);
void screen_feed(Screen *s, const char *bytes, size_t length);
/* The text from line `from` (0: the first ever) on: lines without blanks at their ends, but the cursor's as far
 * as the cursor. Into out, of `size` bytes. */
void screen_text(const Screen *s, size_t from, char *out, size_t size);
/* The number of the screen's first line among all. */
size_t screen_top(const Screen *s);

#endif
