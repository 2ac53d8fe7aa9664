/* grid.c - aligned columns of text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/size.h"
#include "base/utf8.h"
#include "val/format.h"

bool th_grid_init(ThContext *cx, ThGrid *grid, size_t n_rows, size_t n_columns) {
  *grid = (ThGrid){.cx = cx, .n_rows = n_rows, .n_columns = n_columns};
  th_text_init(&grid->text, &cx->heap);
  grid->cells = th_alloc_array(cx, n_rows * n_columns, sizeof *grid->cells);
  grid->columns = grid->cells ? th_alloc_array(cx, n_columns, sizeof *grid->columns) : NULL;
  if (!grid->columns) {
    th_grid_clear(grid);
    return false;
  }
  for (size_t i = 0; i < n_rows * n_columns; i++) grid->cells[i] = (ThCell){0};
  for (size_t j = 0; j < n_columns; j++) grid->columns[j] = (ThGridColumn){0};
  return true;
}

void th_grid_clear(ThGrid *grid) {
  th_free(grid->cx, grid->cells, grid->n_rows * grid->n_columns * sizeof *grid->cells);
  th_free(grid->cx, grid->columns, grid->n_columns * sizeof *grid->columns);
  th_text_clear(&grid->text);
}

/* Display columns before the point of a number, or before its exponent. */
static size_t before_point(const char *text, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if (text[i] == '.' || (text[i] == 'e' && i > 0)) return i;
  }
  return length;
}

/* Display columns before the sign of the imaginary part; all, when there is none. */
static size_t before_sign(const char *text, size_t length) {
  for (size_t i = 0; i + 2 < length; i++) {
    if (text[i] == ' ' && (text[i + 1] == '+' || text[i + 1] == '-') && text[i + 2] == ' ') return i;
  }
  return length;
}

void th_grid_end_cell(ThGrid *grid, size_t row, size_t column, size_t start, ThAlign align) {
  const char *text = th_text_string(&grid->text) + start;
  size_t length = grid->text.length - start;
  ThCell *cell = &grid->cells[row * grid->n_columns + column];
  ThGridColumn *c = &grid->columns[column];
  *cell = (ThCell){.start = start, .length = length, .width = th_utf8_width(text, length), .align = align};
  if (align == TH_ALIGN_POINT || align == TH_ALIGN_SIGN) {
    cell->before = align == TH_ALIGN_SIGN ? before_sign(text, length) : before_point(text, length);
    c->before = th_larger(c->before, cell->before);
    c->after = th_larger(c->after, cell->width - cell->before);
  }
  if (align == TH_ALIGN_POINT) c->exponents = c->exponents || memchr(text, 'e', length) != NULL;
  c->widest = th_larger(c->widest, cell->width);
}

size_t th_grid_width(const ThGrid *grid, size_t column) {
  const ThGridColumn *c = &grid->columns[column];
  return c->exponents ? c->widest : th_larger(c->widest, c->before + c->after);
}

void th_grid_put(const ThGrid *grid, size_t row, size_t column, const char *suffix, bool padded,
                 ThText *out) {
  const ThCell *cell = &grid->cells[row * grid->n_columns + column];
  const ThGridColumn *c = &grid->columns[column];
  size_t left = 0, width = th_grid_width(grid, column);
  bool right = cell->align == TH_ALIGN_RIGHT || (cell->align == TH_ALIGN_POINT && c->exponents);
  if (right) left = width - cell->width;
  else if (cell->align != TH_ALIGN_LEFT) left = width - c->after - cell->before;
  th_text_repeat(out, ' ', left);
  th_text_bytes(out, th_text_string(&grid->text) + cell->start, cell->length);
  th_text_add(out, suffix);
  if (padded) th_text_repeat(out, ' ', width - left - cell->width);
}
