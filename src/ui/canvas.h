/* canvas.h - a drawing in characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_CANVAS_H
#define TH_UI_CANVAS_H

#include "base/text.h"

/* What the place that shows the drawing can do. */
typedef struct ThCanvasStyle {
  bool utf8;  /* dots are Braille patterns, two by four to a cell; else plain characters */
  int colors; /* 0, 8 or 256 */
} ThCanvasStyle;

/* Bytes of one cell: a character with its combining marks. */
enum { TH_CELL_SIZE = 16 };

typedef struct ThCanvasCell {
  char glyph[TH_CELL_SIZE]; /* "" when only dots show */
  uint8_t dots;
  signed char color; /* of the palette; -1 is the terminal's own */
  short ink, paper;  /* of the terminal's 256 colours, in place of `color` and behind it; -1: none */
  bool behind;       /* the glyph is a background: dots hide it */
  bool covered;      /* by a wide character to the left */
} ThCanvasCell;

/* Cells (row, column) count from the top left; dots likewise, in a grid of 2 width by 4 height. What lies
 * outside is not drawn. */
typedef struct ThCanvas {
  ThContext *cx;
  ThCanvasStyle style;
  int width, height;
  short ink; /* of dots and glyphs without a colour of the palette; -1: none */
  ThCanvasCell *cells;
} ThCanvas;

TH_CHECKED bool th_canvas_init(ThContext *cx, ThCanvas *canvas, int width, int height, ThCanvasStyle style);
void th_canvas_clear(ThCanvas *canvas);
void th_canvas_dot(ThCanvas *canvas, int x, int y, int color);
/* A line of dots; of each `period` dots the first `on` are drawn, counted on from *phase. */
void th_canvas_line(ThCanvas *canvas, const int from[2], const int to[2], int color, int on, int period,
                    int *phase);
/* One character into a cell; a background one gives way to dots and other glyphs. */
void th_canvas_glyph(ThCanvas *canvas, int row, int column, const char *glyph, int color, bool behind);
/* A cell in two halves, each 0xRRGGBB, where there are 256 colours and UTF-8. */
void th_canvas_halves(ThCanvas *canvas, int row, int column, unsigned upper, unsigned lower);
/* What is drawn next with color -1 has this colour, where there are 256; until it is taken back with -1. */
void th_canvas_ink(ThCanvas *canvas, long rgb);
/* Copies a smaller drawing to a place in this one. */
void th_canvas_place(ThCanvas *canvas, const ThCanvas *part, int row, int column);
/* Text from a cell on, cut at `width` columns (the last one is then …); returns the columns it took. */
int th_canvas_text(ThCanvas *canvas, int row, int column, const char *text, int width, int color);
/* Appends the drawing, a line for each row, without blanks at their ends. */
void th_canvas_print(const ThCanvas *canvas, ThText *out);

#endif
