/* format_table.c - how tables print */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/utf8.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/format.h"

enum { MANY_ROWS = 20, HEAD = 10, TAIL = 3, GAP = 2 };

static size_t rows_shown(const ThTable *table) {
  return table->n_rows <= MANY_ROWS ? table->n_rows : HEAD + TAIL;
}

static size_t row_at(const ThTable *table, size_t i) {
  return table->n_rows <= MANY_ROWS || i < HEAD ? i : table->n_rows - HEAD - TAIL + i;
}

static void add_cell(ThContext *cx, ThValue column, size_t row, ThText *out) {
  if (th_is_list(column)) {
    const ThString *text = th_as_string(th_as_list(column)->items[row]);
    size_t length = text->length;
    for (size_t i = 0; i < length; i++)
      th_text_char(out, text->text[i] == '\n' || text->text[i] == '\t' ? ' ' : text->text[i]);
  } else {
    th_format_number(th_as_array(column)->real[row], cx->settings.digits, out);
  }
}

/* Row 0 holds the names. */
static bool fill_grid(ThContext *cx, const ThTable *table, ThGrid *grid) {
  if (!th_grid_init(cx, grid, rows_shown(table) + 1, table->n_columns)) return false;
  for (size_t j = 0; j < table->n_columns; j++) {
    bool strings = th_is_list(table->columns[j]);
    size_t start = grid->text.length;
    th_text_add(&grid->text, table->names[j]->spelling);
    th_grid_end_cell(grid, 0, j, start, strings ? TH_ALIGN_LEFT : TH_ALIGN_RIGHT);
    for (size_t i = 0; i < rows_shown(table); i++) {
      start = grid->text.length;
      add_cell(cx, table->columns[j], row_at(table, i), &grid->text);
      th_grid_end_cell(grid, i + 1, j, start, strings ? TH_ALIGN_LEFT : TH_ALIGN_POINT);
    }
  }
  if (th_text_ok(&grid->text, cx)) return true;
  th_grid_clear(grid);
  return false;
}

static size_t columns_that_fit(const ThGrid *grid, size_t width) {
  size_t total = 0;
  for (size_t j = 0; j < grid->n_columns; j++) {
    total += th_grid_width(grid, j) + (j ? GAP : 0);
    if (total > width) return j ? j : 1;
  }
  return grid->n_columns;
}

static void put_row(const ThGrid *grid, size_t row, size_t n_columns, ThText *out) {
  for (size_t j = 0; j < n_columns; j++) {
    bool last = j + 1 == n_columns && n_columns == grid->n_columns;
    th_grid_put(grid, row, j, "", !last, out);
    if (!last) th_text_repeat(out, ' ', GAP);
  }
  if (n_columns < grid->n_columns) th_text_add(out, "…");
}

static bool format_lines(ThContext *cx, const ThTable *table, ThText *out) {
  ThGrid grid;
  if (!fill_grid(cx, table, &grid)) return false;
  size_t n_columns = columns_that_fit(&grid, (size_t)cx->settings.width - 3);
  for (size_t i = 0; i < grid.n_rows; i++) {
    if (i) th_text_char(out, '\n');
    if (i == HEAD + 1 && table->n_rows > MANY_ROWS) th_text_add(out, "…\n");
    put_row(&grid, i, n_columns, out);
  }
  if (table->n_rows > MANY_ROWS && n_columns == grid.n_columns)
    th_text_format(out, "\n(%zu rows)", table->n_rows);
  else if (n_columns < grid.n_columns)
    th_text_format(out, "\n(%zu rows, %zu columns)", table->n_rows, grid.n_columns);
  else if (table->n_rows == 0) th_text_add(out, "\n(0 rows)");
  th_grid_clear(&grid);
  return th_text_ok(out, cx);
}

/* table(x = […], name = list("…")) */
static bool format_source(ThContext *cx, const ThTable *table, ThText *out) {
  th_text_add(out, "table(");
  for (size_t j = 0; j < table->n_columns; j++) {
    th_text_format(out, "%s%s = ", j ? ", " : "", table->names[j]->spelling);
    if (!th_format(cx, table->columns[j], TH_STYLE_SOURCE, out)) return false;
  }
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

bool th_format_table(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThTable *table = th_as_table(self);
  if (style == TH_STYLE_SOURCE || table->n_columns == 0) return format_source(cx, table, out);
  if (style == TH_STYLE_ECHO) return format_lines(cx, table, out);
  th_text_format(out, "table(%zu %s:", table->n_rows, table->n_rows == 1 ? "row" : "rows");
  for (size_t j = 0; j < table->n_columns; j++)
    th_text_format(out, "%s %s", j ? "," : "", table->names[j]->spelling);
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}
