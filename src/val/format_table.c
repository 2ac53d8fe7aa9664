/* format_table.c - how tables print */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns are aligned, numbers at their points; what does not fit into the terminal's width and height is folded,
 * and the last line then says how large the table is and which columns are not shown. */
#include <string.h>

#include "base/utf8.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/format.h"

enum { MANY_ROWS = 20, FEW_ROWS = 6, HEAD = 10, TAIL = 3, GAP = 2, LONGEST_CELL = 40, AROUND = 4 };

/* Which rows are shown: all, or the first and the last few. */
typedef struct Rows {
  size_t n, head, tail;
} Rows;

/* Few enough for the lines of the terminal: all of them, or about half. */
static Rows rows_shown(ThContext *cx, const ThTable *table) {
  size_t height = cx->settings.height > AROUND ? (size_t)cx->settings.height - AROUND : 0;
  size_t most = height < MANY_ROWS ? height : MANY_ROWS, head = HEAD;
  if (most < FEW_ROWS) most = FEW_ROWS;
  if (table->n_rows <= most) return (Rows){table->n_rows, table->n_rows, 0};
  if (head + TAIL + 1 > most) head = most - TAIL - 1;
  return (Rows){table->n_rows, head, TAIL};
}

static size_t row_at(Rows rows, size_t i) { return i < rows.head ? i : rows.n - rows.head - rows.tail + i; }

/* Text on one line: control characters are blanks, and what is too long ends in `…`. */
static void add_text(const char *text, size_t length, size_t longest, ThText *out) {
  size_t shown = length;
  if (th_utf8_width(text, length) > longest) shown = th_utf8_forward(text, 0, length, longest - 1);
  for (size_t i = 0; i < shown; i++) {
    unsigned char c = (unsigned char)text[i];
    th_text_char(out, c < 0x20 || c == 0x7F ? ' ' : text[i]);
  }
  if (shown < length) th_text_add(out, "…");
}

/* Cells leave room for another column on a narrow terminal; those of the last column take what is left. */
static size_t longest_cell(ThContext *cx, const ThTable *table, const ThGrid *grid, size_t column) {
  size_t width = (size_t)cx->settings.width, half = width / 2, used = 0;
  size_t longest = half < LONGEST_CELL ? half : LONGEST_CELL;
  if (column + 1 < table->n_columns) return longest;
  for (size_t j = 0; j < column; j++) used += th_grid_width(grid, j) + GAP;
  return used + longest < width ? width - used : longest;
}

static void add_cell(ThContext *cx, ThValue column, size_t row, size_t longest, ThText *out) {
  if (!th_is_list(column)) {
    th_format_number(th_as_array(column)->real[row], cx->settings.digits, out);
    return;
  }
  const ThString *text = th_as_string(th_as_list(column)->items[row]);
  if (text->length == 0) th_text_add(out, "\"\""); /* a missing one, to be seen */
  else add_text(text->text, text->length, longest, out);
}

/* Row 0 holds the names. */
static bool fill_grid(ThContext *cx, const ThTable *table, Rows rows, ThGrid *grid) {
  if (!th_grid_init(cx, grid, rows.head + rows.tail + 1, table->n_columns)) return false;
  for (size_t j = 0; j < table->n_columns; j++) {
    bool strings = th_is_list(table->columns[j]);
    const char *name = table->names[j]->spelling;
    size_t start = grid->text.length, longest = longest_cell(cx, table, grid, j);
    add_text(name, strlen(name), longest, &grid->text);
    th_grid_end_cell(grid, 0, j, start, strings ? TH_ALIGN_LEFT : TH_ALIGN_RIGHT);
    for (size_t i = 0; i < rows.head + rows.tail; i++) {
      start = grid->text.length;
      add_cell(cx, table->columns[j], row_at(rows, i), longest, &grid->text);
      th_grid_end_cell(grid, i + 1, j, start, strings ? TH_ALIGN_LEFT : TH_ALIGN_POINT);
    }
  }
  if (th_text_ok(&grid->text, cx)) return true;
  th_grid_clear(grid);
  return false;
}

/* All columns, or those that leave room for `  …`. */
static size_t columns_that_fit(const ThGrid *grid, size_t width) {
  size_t total = 0, fit = 0;
  for (size_t j = 0; j < grid->n_columns; j++) {
    total += th_grid_width(grid, j) + (j ? GAP : 0);
    if (total + GAP + 1 <= width) fit = j + 1;
    if (total > width) return fit ? fit : 1;
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

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

/* (1000 rows × 12 columns; not shown: a, b, …) */
static void add_size(ThContext *cx, const ThTable *table, size_t n_shown, ThText *out) {
  size_t n = table->n_columns, start = out->length, width = (size_t)cx->settings.width;
  th_text_format(out, "(%zu row%s × %zu column%s", table->n_rows, plural(table->n_rows), n, plural(n));
  for (size_t j = n_shown; j < n && th_text_ok(out, cx); j++) {
    const char *name = table->names[j]->spelling, *before = j == n_shown ? "; not shown: " : ", ";
    size_t used = th_utf8_width(out->data + start, out->length - start);
    bool fits = used + strlen(before) + th_utf8_width(name, strlen(name)) + strlen(", )") < width;
    if (fits || j > n_shown) th_text_add(out, before);
    if (fits) add_text(name, strlen(name), width, out);
    else if (j > n_shown) th_text_add(out, "…");
    if (!fits) break;
  }
  th_text_char(out, ')');
}

static bool format_lines(ThContext *cx, const ThTable *table, ThText *out) {
  ThGrid grid;
  Rows rows = rows_shown(cx, table);
  if (!fill_grid(cx, table, rows, &grid)) return false;
  size_t n_columns = columns_that_fit(&grid, (size_t)cx->settings.width);
  for (size_t i = 0; i < grid.n_rows; i++) {
    if (i) th_text_char(out, '\n');
    if (i == rows.head + 1 && rows.tail) th_text_add(out, "…\n");
    put_row(&grid, i, n_columns, out);
  }
  if (rows.tail || n_columns < grid.n_columns) {
    th_text_char(out, '\n');
    add_size(cx, table, n_columns, out);
  } else if (table->n_rows == 0) {
    th_text_add(out, "\n(0 rows)");
  }
  th_grid_clear(&grid);
  return th_text_ok(out, cx);
}

/* Could the name stand before a `=`? */
static bool is_plain_name(const char *name) {
  size_t length = strlen(name), size;
  for (size_t i = 0; i < length; i += size) {
    uint32_t c = th_utf8_decode(name + i, length - i, &size);
    bool later = th_utf8_is_mark(c) || th_utf8_subscript(c) >= 0 || (c >= '0' && c <= '9');
    if (c != '_' && !th_utf8_is_letter(c) && (i == 0 || !later)) return false;
  }
  return length > 0;
}

/* table(x = […], name = list("…")); a column whose name is no identifier is made under another, and renamed. */
static bool format_source(ThContext *cx, const ThTable *table, ThText *out) {
  for (size_t j = 0; j < table->n_columns; j++)
    if (!is_plain_name(table->names[j]->spelling)) th_text_add(out, "rename(");
  th_text_add(out, "table(");
  for (size_t j = 0; j < table->n_columns; j++) {
    const char *name = table->names[j]->spelling;
    if (j) th_text_add(out, ", ");
    if (is_plain_name(name)) th_text_format(out, "%s = ", name);
    else th_text_format(out, "column_%zu = ", j + 1);
    if (!th_format(cx, table->columns[j], TH_STYLE_SOURCE, out)) return false;
  }
  th_text_char(out, ')');
  for (size_t j = 0; j < table->n_columns; j++) {
    const char *name = table->names[j]->spelling;
    if (is_plain_name(name)) continue;
    th_text_format(out, ", \"column_%zu\", ", j + 1);
    th_quote(name, strlen(name), out);
    th_text_char(out, ')');
  }
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
