/* line_display.h - an input on the screen, and what changes when it is edited */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LINE_DISPLAY_H
#define TH_UI_LINE_DISPLAY_H

#include "ui/highlight.h"

/* What is to be shown. */
typedef struct ThLineView {
  const char *prompt, *more; /* before the first line, and before the others */
  const char *text;
  size_t length, point; /* bytes; where the cursor is */
  const uint8_t *tints; /* of each byte, or NULL for none */
  size_t width, height; /* of the terminal */
} ThLineView;

/* One character with its marks. */
typedef struct ThDisplayCell {
  size_t start; /* in the frame's bytes */
  uint16_t length;
  uint8_t width, tint;
} ThDisplayCell;

typedef struct ThDisplayRow {
  size_t first, n, width; /* cells; columns */
} ThDisplayRow;

typedef struct ThLineFrame {
  ThText bytes;
  ThDisplayCell *cells;
  ThDisplayRow *rows;
  size_t n_cells, cell_capacity, n_rows, row_capacity;
  size_t cursor_row, cursor_column;
  bool failed;
} ThLineFrame;

/* Works in a terminal that knows the cursor movements of ECMA-48; colours only where there are tints. */
typedef struct ThLineDisplay {
  ThContext *cx;
  ThLineFrame frames[2]; /* what stands on the screen, and what is to */
  int shown;             /* which of them stands there */
  size_t top;            /* its first row that is on the screen, when the input is higher than the screen */
  size_t n_shown;        /* rows that are */
  size_t row, column, width; /* where the terminal's cursor is, below `top`; the terminal's width */
} ThLineDisplay;

void th_line_display_init(ThLineDisplay *display, ThContext *cx);
void th_line_display_clear(ThLineDisplay *display);
/* Nothing stands on the screen any more: the cursor is at the beginning of an empty line. */
void th_line_display_forget(ThLineDisplay *display);
/* Appends what brings the screen to the view: only what has changed. */
void th_line_display_update(ThLineDisplay *display, const ThLineView *view, ThText *out);
/* Appends what moves the cursor behind the last character. */
void th_line_display_leave(ThLineDisplay *display, ThText *out);
/* Appends what removes the input from the screen, which is now `width` columns wide and has broken its rows
 * anew; the cursor is where it began. */
void th_line_display_erase(ThLineDisplay *display, size_t width, ThText *out);

#endif
