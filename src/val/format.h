/* format.h - how the basic kinds print: the `format` members of their records */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_FORMAT_H
#define TH_VAL_FORMAT_H

#include "val/value.h"

TH_CHECKED bool th_format_array(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_format_string(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_format_complex_value(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_format_range(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_format_list(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_format_record(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_format_table(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_format_estimate(ThContext *cx, ThValue self, ThStyle style, ThText *out);

/* A value inside another: as th_format, but a string keeps its quotes in every style. */
TH_CHECKED bool th_format_nested(ThContext *cx, ThValue v, ThStyle style, ThText *out);
/* A value by a printf-like format of the form [+0-9.]*[defgs%], as strings and format() take it; arrays
 * element by element. An error for a format that is none, and for a number's format and something else. */
TH_CHECKED bool th_format_spec(ThContext *cx, ThValue v, const char *spec, size_t length, ThText *out);
/* Appends text with `indent` blanks after each of its line ends. */
void th_text_indented(ThText *out, const char *text, size_t length, size_t indent);

/* Display columns of the last line of what was appended since byte `start`. */
size_t th_text_last_width(const ThText *out, size_t start);
/* Appends "  note" to that line, or the note on a line of its own where it does not fit. */
void th_text_note(const ThContext *cx, size_t start, const char *note, ThText *out);

/* Aligned columns of text: cells are formatted first, then laid out. Numbers align at their points; other
 * complex ones at the sign between their parts, other cells at the left or right edge. */
typedef enum ThAlign { TH_ALIGN_POINT, TH_ALIGN_SIGN, TH_ALIGN_LEFT, TH_ALIGN_RIGHT } ThAlign;

typedef struct ThCell {
  size_t start, length; /* bytes of the grid's text */
  size_t width, before; /* display columns: in all, and before the point or sign */
  ThAlign align;
} ThCell;

typedef struct ThGridColumn {
  size_t before, after; /* of cells aligned at the point or sign */
  size_t widest;        /* of all cells */
  bool exponents;       /* a number has one: numbers then align at their ends */
} ThGridColumn;

typedef struct ThGrid {
  ThContext *cx;
  size_t n_rows, n_columns;
  ThCell *cells; /* row-major */
  ThGridColumn *columns;
  ThText text;
} ThGrid;

TH_CHECKED bool th_grid_init(ThContext *cx, ThGrid *grid, size_t n_rows, size_t n_columns);
void th_grid_clear(ThGrid *grid);
/* The cell's text is what was appended to grid->text since byte `start`. */
void th_grid_end_cell(ThGrid *grid, size_t row, size_t column, size_t start, ThAlign align);
/* Display columns that a column needs. */
size_t th_grid_width(const ThGrid *grid, size_t column);
/* Appends a cell with `suffix` directly after it, blanks before it to align it, and behind it up to the
 * column's width when `padded`. */
void th_grid_put(const ThGrid *grid, size_t row, size_t column, const char *suffix, bool padded, ThText *out);

#endif
