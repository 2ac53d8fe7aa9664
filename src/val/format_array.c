/* format_array.c - how arrays print */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vector is one line, or lines of aligned columns; a matrix is aligned column by column; an array of more axes
 * is a stack of matrices in brackets, each with a comment that says which one. What does not fit the terminal
 * is folded: `…` stands for what is left out, and the shape follows. What is not folded can be read back. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/format.h"

enum {
  INLINE_MANY = 100, /* elements of a vector on one line before it is folded */
  HEAD = 10,
  TAIL = 3,
  ECHO_MANY = 400, /* elements of a vector that may be tried to fit */
  ECHO_LINES = 6,
  FOLDED_LINES = 2, /* lines of a folded vector before `…`; one follows */
  MATRIX_COLUMNS = 60,
  STACK_HEAD = 2, /* matrices of a folded stack before `…`; one follows */
  STACK_ROWS = 6, /* rows of each, else 3 … 1 */
  FOLD_WIDTH = 3, /* display columns of "…, " */
};

static void format_element(ThContext *cx, const ThArray *a, size_t i, ThStyle style, ThText *out) {
  bool exact = style == TH_STYLE_SOURCE;
  if (a->element == TH_BOOL) {
    th_text_add(out, a->bools[i] ? "true" : "false");
  } else if (a->element == TH_COMPLEX) {
    th_format_complex(a->complex_[i], exact ? 0 : cx->settings.digits, out);
  } else if (exact) {
    th_format_exact(a->real[i], out);
  } else {
    th_format_number(a->real[i], cx->settings.digits, out);
  }
}

/* Part of an array: from element `at` on, the axes from `axis` on. */
typedef struct View {
  const ThArray *a;
  size_t at;
  uint32_t axis;
} View;

static size_t view_step(View v) {
  size_t step = 1;
  for (uint32_t i = v.axis + 1; i < v.a->rank; i++) step *= v.a->shape[i];
  return step;
}

static View view_part(View v, size_t i) { return (View){v.a, v.at + i * view_step(v), v.axis + 1}; }

/* On one line. */

static void format_row_inline(ThContext *cx, View v, ThStyle style, ThText *out) {
  size_t n = v.a->shape[v.axis], fold = style != TH_STYLE_SOURCE && n > INLINE_MANY ? HEAD : n;
  for (size_t i = 0; i < n; i++) {
    if (i) th_text_add(out, ", ");
    if (i == fold) {
      th_text_add(out, "…, ");
      i = n - TAIL;
    }
    format_element(cx, v.a, v.at + i, style, out);
  }
}

static void format_inline(ThContext *cx, View v, ThStyle style, ThText *out) {
  uint32_t left = v.a->rank - v.axis;
  size_t n = v.a->shape[v.axis], fold = style != TH_STYLE_SOURCE && n > INLINE_MANY ? HEAD : n;
  bool nested = left > 2 || (left == 2 && n == 1); /* one row needs brackets of its own */
  th_text_char(out, '[');
  if (left == 1) format_row_inline(cx, v, style, out);
  for (size_t i = 0; left > 1 && i < n; i++) {
    if (i) th_text_add(out, nested ? ", " : "; ");
    if (i == fold) {
      th_text_add(out, nested ? "…, " : "…; ");
      i = n - TAIL;
    }
    if (nested) format_inline(cx, view_part(v, i), style, out);
    else format_row_inline(cx, view_part(v, i), style, out);
  }
  th_text_char(out, ']');
}

/* On lines of its own. */

/* What is shown of an axis: the first head and the last tail of `count`; all when head == count. */
typedef struct Shown {
  size_t count, head, tail;
} Shown;

static Shown show_some(size_t count, size_t limit, size_t head, size_t tail) {
  return count <= limit || count <= head + tail ? (Shown){count, count, 0} : (Shown){count, head, tail};
}
static size_t n_shown(Shown s) { return s.head + s.tail; }
static size_t shown_at(Shown s, size_t i) { return i < s.head ? i : s.count - n_shown(s) + i; }

/* How an array is laid out: whole, or as one matrix of a stack. */
typedef struct Layout {
  bool whole;  /* the shape is told when something is left out */
  size_t rows; /* of a matrix, before it is folded to head and tail */
  size_t head, tail;
  bool headings; /* of matrices in a stack */
} Layout;

/* The room for a matrix: the terminal without the line that asked, and the next prompt. */
static Layout whole_layout(const ThContext *cx) {
  size_t rows = cx->settings.height > 12 ? (size_t)cx->settings.height - 4 : 8;
  return (Layout){.whole = true,
                  .rows = rows,
                  .head = rows > 20   ? rows / 2
                          : rows > 13 ? HEAD
                                      : 4,
                  .tail = TAIL};
}

/* A vector. */

static ThAlign alignment(const ThArray *a) {
  static const ThAlign alignments[] = {
      [TH_BOOL] = TH_ALIGN_RIGHT, [TH_DOUBLE] = TH_ALIGN_POINT, [TH_COMPLEX] = TH_ALIGN_SIGN};
  return alignments[a->element];
}

/* The elements that are shown as the cells of one column: they get one width. */
static bool fill_column(ThContext *cx, View v, Shown shown, ThGrid *grid) {
  if (!th_grid_init(cx, grid, n_shown(shown), 1)) return false;
  for (size_t i = 0; i < n_shown(shown); i++) {
    size_t start = grid->text.length;
    format_element(cx, v.a, v.at + shown_at(shown, i), TH_STYLE_ECHO, &grid->text);
    th_grid_end_cell(grid, i, 0, start, alignment(v.a));
  }
  if (th_text_ok(&grid->text, cx)) return true;
  th_grid_clear(grid);
  return false;
}

/* Display columns of the cells on one line, without alignment. */
static size_t plain_width(const ThGrid *grid) {
  size_t width = 2;
  for (size_t i = 0; i < grid->n_rows; i++) width += grid->cells[i].width + (i ? 2 : 0);
  return width;
}

static void put_plain(const ThGrid *grid, ThText *out) {
  th_text_char(out, '[');
  for (size_t i = 0; i < grid->n_rows; i++) {
    if (i) th_text_add(out, ", ");
    th_text_bytes(out, th_text_string(&grid->text) + grid->cells[i].start, grid->cells[i].length);
  }
  th_text_char(out, ']');
}

/* `per_line` cells a line, `…` before cell number `fold`. */
static void put_lines(const ThGrid *grid, size_t per_line, size_t fold, ThText *out) {
  size_t n = grid->n_rows;
  for (size_t i = 0; i < n; i++) {
    bool starts = i == fold || (i < fold ? i : i - fold) % per_line == 0;
    bool ends = i + 1 == n || i + 1 == fold || ((i < fold ? i : i - fold) + 1) % per_line == 0;
    if (i == fold) th_text_add(out, "\n …");
    if (starts) th_text_add(out, i == 0 ? "[" : "\n ");
    else th_text_char(out, ' ');
    th_grid_put(grid, i, 0, i + 1 < n ? "," : "]", !ends, out);
  }
}

static size_t cells_per_line(const ThContext *cx, const ThGrid *grid) {
  size_t each = th_grid_width(grid, 0) + 2, width = (size_t)cx->settings.width;
  return width >= each ? width / each : 1;
}

/* The first lines and the last one of a vector that is too long. */
static bool format_folded(ThContext *cx, View v, ThText *out) {
  size_t n = v.a->shape[v.axis], width = (size_t)cx->settings.width;
  Shown shown = show_some(n, HEAD, width / 3 * FOLDED_LINES, width / 3); /* at least as many as can fit */
  ThGrid grid;
  if (!fill_column(cx, v, shown, &grid)) return false;
  size_t per_line = cells_per_line(cx, &grid), head = per_line * FOLDED_LINES;
  th_grid_clear(&grid);
  shown = show_some(n, head, head, per_line);
  if (!fill_column(cx, v, shown, &grid)) return false;
  put_lines(&grid, per_line, shown.tail ? shown.head : grid.n_rows, out);
  th_grid_clear(&grid);
  return true;
}

static bool format_vector(ThContext *cx, View v, const Layout *layout, ThText *out) {
  size_t n = v.a->shape[v.axis], start = out->length;
  ThGrid grid;
  if (n == 0) {
    th_text_add(out, "[]");
    return th_text_ok(out, cx);
  }
  if (n <= ECHO_MANY) {
    if (!fill_column(cx, v, (Shown){n, n, 0}, &grid)) return false;
    size_t per_line = cells_per_line(cx, &grid);
    bool one_line = plain_width(&grid) <= (size_t)cx->settings.width, fits = n <= per_line * ECHO_LINES;
    if (one_line) put_plain(&grid, out);
    else if (fits) put_lines(&grid, per_line, n, out);
    th_grid_clear(&grid);
    if (one_line || fits) return th_text_ok(out, cx);
  }
  if (!format_folded(cx, v, out)) return false;
  char note[60];
  snprintf(note, sizeof note, "(%zu %s)", n, v.a->element == TH_BOOL ? "bools" : "numbers");
  if (layout->whole) th_text_note(cx, start, note, out);
  return th_text_ok(out, cx);
}

/* A matrix. */

static bool fill_grid(ThContext *cx, View v, Shown rows, Shown columns, ThGrid *grid) {
  size_t n_columns = v.a->shape[v.axis + 1];
  if (!th_grid_init(cx, grid, n_shown(rows), n_shown(columns))) return false;
  for (size_t i = 0; i < n_shown(rows); i++) {
    for (size_t j = 0; j < n_shown(columns); j++) {
      size_t start = grid->text.length;
      format_element(cx, v.a, v.at + shown_at(rows, i) * n_columns + shown_at(columns, j), TH_STYLE_ECHO,
                     &grid->text);
      th_grid_end_cell(grid, i, j, start, alignment(v.a));
    }
  }
  if (th_text_ok(&grid->text, cx)) return true;
  th_grid_clear(grid);
  return false;
}

/* How many leading columns are put before `…` and the last one; all of them when they fit. */
static size_t columns_that_fit(const ThGrid *grid, size_t width, bool folded) {
  size_t total = 1, n = grid->n_columns;
  for (size_t j = 0; j < n; j++) total += th_grid_width(grid, j) + 2;
  if (total <= width + 1 && !folded) return n;
  total = 1 + FOLD_WIDTH + th_grid_width(grid, n - 1) + 2;
  for (size_t j = 0; j + 1 < n; j++) {
    total += th_grid_width(grid, j) + 2;
    if (total > width + 1) return j ? j : 1;
  }
  return n - 1;
}

static void put_row(const ThGrid *grid, size_t i, size_t head, const char *end, ThText *out) {
  size_t n = grid->n_columns;
  for (size_t j = 0; j < n; j++) {
    if (j == head && head < n) {
      th_text_add(out, "…, ");
      j = n - 1;
    }
    bool last = j + 1 == n;
    th_grid_put(grid, i, j, last ? end : ",", !last, out);
    if (!last) th_text_char(out, ' ');
  }
}

/* `  # [2, 1, :, :]` behind the first line of a matrix in a stack, which is the view, where it fits. */
static void add_heading(ThContext *cx, View v, size_t start, ThText *out) {
  char text[TH_MAX_RANK * 24] = "";
  size_t used = 0, index[TH_MAX_RANK], at = v.at;
  for (uint32_t i = v.a->rank; i-- > 0; at /= v.a->shape[i]) index[i] = at % v.a->shape[i] + 1;
  for (uint32_t i = 0; i < v.axis; i++)
    used += (size_t)snprintf(text + used, sizeof text - used, "%zu, ", index[i]);
  size_t width = th_text_last_width(out, start) + v.axis + strlen("  # [:, :]") +
                 used; /* a bracket for each axis */
  if (width <= (size_t)cx->settings.width) th_text_format(out, "  # [%s:, :]", text);
}

static bool format_matrix(ThContext *cx, View v, const Layout *layout, ThText *out) {
  size_t n_rows = v.a->shape[v.axis], n_columns = v.a->shape[v.axis + 1], start = out->length;
  Shown rows = show_some(n_rows, layout->rows, layout->head, layout->tail),
        columns = show_some(n_columns, MATRIX_COLUMNS, MATRIX_COLUMNS, 1);
  ThGrid grid;
  if (!fill_grid(cx, v, rows, columns, &grid)) return false;
  size_t head = columns_that_fit(&grid, (size_t)cx->settings.width, columns.tail > 0);
  th_text_add(out, n_rows == 1 ? "[[" : "[");
  for (size_t i = 0; i < grid.n_rows; i++) {
    if (i) th_text_add(out, "\n ");
    if (i == rows.head && rows.tail) th_text_add(out, "…\n ");
    put_row(&grid, i, head, i + 1 < grid.n_rows ? ";" : n_rows == 1 ? "]]" : "]", out);
    if (i == 0 && layout->headings && grid.n_rows > 1) add_heading(cx, v, start, out);
  }
  bool folded = rows.tail || head < grid.n_columns;
  th_grid_clear(&grid);
  char note[100];
  snprintf(note, sizeof note, "(%zu row%s, %zu column%s)", n_rows, n_rows == 1 ? "" : "s", n_columns,
           n_columns == 1 ? "" : "s");
  if (folded && layout->whole) th_text_note(cx, start, note, out);
  return th_text_ok(out, cx);
}

/* More axes. */

static bool format_lines(ThContext *cx, View v, const Layout *layout, ThText *out);

/* All matrices of the stack, when they fit the terminal; else the first ones and the last, each of few rows. */
static Layout stack_layout(View v, const Layout *layout, Shown *shown) {
  size_t n = v.a->shape[v.axis], lines = 1, room = layout->rows;
  for (uint32_t i = v.axis; i + 1 < v.a->rank; i++)
    if (!th_size_multiply(lines, v.a->shape[i], &lines)) lines = SIZE_MAX;
  *shown = show_some(n, lines <= room ? n : STACK_HEAD + 1, STACK_HEAD, 1);
  Layout part = {.rows = lines <= room ? room : STACK_ROWS, .head = 3, .tail = 1, .headings = true};
  return part;
}

static bool format_stack(ThContext *cx, View v, const Layout *layout, ThText *out) {
  size_t start = out->length;
  Shown shown;
  Layout part_layout = stack_layout(v, layout, &shown);
  ThText part;
  bool ok = true;
  int width = cx->settings.width;
  th_text_char(out, '[');
  cx->settings.width--;
  for (size_t i = 0; ok && i < n_shown(shown); i++) {
    if (i) th_text_add(out, ",\n ");
    if (i == shown.head && shown.tail) th_text_add(out, "…,\n ");
    th_text_init(&part, &cx->heap);
    ok = format_lines(cx, view_part(v, shown_at(shown, i)), &part_layout, &part);
    if (ok) th_text_indented(out, th_text_string(&part), part.length, 1);
    th_text_clear(&part);
  }
  cx->settings.width = width;
  th_text_char(out, ']');
  char shape[160], note[180];
  snprintf(note, sizeof note, "shape %s", th_shape_text(v.a->rank, v.a->shape, shape, sizeof shape));
  if (ok && layout->whole && strstr(th_text_string(out) + start, "…")) th_text_note(cx, start, note, out);
  return ok && th_text_ok(out, cx);
}

static bool format_lines(ThContext *cx, View v, const Layout *layout, ThText *out) {
  uint32_t left = v.a->rank - v.axis;
  if (left == 1) return format_vector(cx, v, layout, out);
  return left == 2 ? format_matrix(cx, v, layout, out) : format_stack(cx, v, layout, out);
}

bool th_format_array(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThArray *a = th_as_array(self);
  View view = {a, 0, 0};
  if (a->length == 0 && a->rank > 1) { /* brackets could not say how many columns */
    char shape[160];
    th_text_format(out, "zeros%s", th_shape_text(a->rank, a->shape, shape, sizeof shape));
    return th_text_ok(out, cx);
  }
  Layout layout = whole_layout(cx);
  if (style == TH_STYLE_ECHO) return format_lines(cx, view, &layout, out);
  format_inline(cx, view, style, out);
  return th_text_ok(out, cx);
}
