/* format_array.c - how arrays print */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A vector is wrapped, a matrix aligned column by column, an array of more axes is a stack of matrices in
 * brackets. What does not fit is folded: `…` stands for what is left out, and the shape follows. */
#include <string.h>

#include "base/utf8.h"
#include "val/array.h"
#include "val/basic.h"
#include "val/format.h"

enum {
  INLINE_MANY = 100, /* elements of a vector on one line before it is folded */
  ECHO_MANY = 400,   /* elements that may be tried to fit */
  ECHO_LINES = 6,
  HEAD = 10,
  TAIL = 3,
  MATRIX_ROWS = 20, /* rows shown in full; else HEAD … TAIL */
  MATRIX_COLUMNS = 60,
  STACK_MANY = 6,
  FOLD_WIDTH = 3, /* display columns of "…, " */
};

static void format_element(ThContext *cx, const ThArray *a, size_t i, ThStyle style, ThText *out) {
  bool exact = style == TH_STYLE_SOURCE;
  if (a->element == TH_BOOL) {
    th_text_add(out, a->bools[i] ? "true" : "false");
  } else if (a->element == TH_DOUBLE) {
    if (exact) th_format_exact(a->real[i], out);
    else th_format_number(a->real[i], cx->settings.digits, out);
  } else if (exact) {
    double re = creal(a->complex_[i]), im = cimag(a->complex_[i]);
    th_format_exact(re, out);
    th_text_add(out, im < 0 ? " - " : " + ");
    th_format_exact(im < 0 ? -im : im, out);
    th_text_char(out, 'i');
  } else {
    th_format_complex(a->complex_[i], cx->settings.digits, out);
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

/* On lines of its own: a vector. */

/* Appends `item`, on a new line when it passes the width; counts lines. */
static void add_wrapped(ThText *out, size_t *column, size_t *lines, const char *item, size_t length,
                        size_t width) {
  size_t item_width = th_utf8_width(item, length);
  if (*column > 1) {
    if (*column + 1 + item_width > width) {
      th_text_add(out, "\n ");
      *column = 1;
      (*lines)++;
    } else {
      th_text_char(out, ' ');
      (*column)++;
    }
  }
  th_text_bytes(out, item, length);
  *column += item_width;
}

/* The vector wrapped to the width, elements from `fold` to the last TAIL left out; its lines in *lines. */
static bool wrap_vector(ThContext *cx, View v, size_t fold, ThText *out, size_t *lines) {
  size_t n = v.a->shape[v.axis], column = 1, width = (size_t)cx->settings.width;
  ThText item;
  th_text_init(&item, &cx->heap);
  th_text_char(out, '[');
  *lines = 1;
  for (size_t i = 0; i < n; i++) {
    if (i == fold) {
      add_wrapped(out, &column, lines, "…,", strlen("…,"), width);
      i = n - TAIL;
    }
    th_text_reset(&item);
    format_element(cx, v.a, v.at + i, TH_STYLE_ECHO, &item);
    th_text_char(&item, i + 1 < n ? ',' : ']');
    add_wrapped(out, &column, lines, th_text_string(&item), item.length, width);
  }
  if (n == 0) th_text_char(out, ']');
  bool ok = th_text_ok(&item, cx);
  th_text_clear(&item);
  return ok && th_text_ok(out, cx);
}

static bool format_vector(ThContext *cx, View v, bool whole, ThText *out) {
  size_t n = v.a->shape[v.axis], lines, start = out->length;
  if (n <= ECHO_MANY) {
    if (!wrap_vector(cx, v, n, out, &lines)) return false;
    if (lines <= ECHO_LINES || n <= HEAD + TAIL) return true;
    out->length = start;
    out->data[start] = '\0';
  }
  if (!wrap_vector(cx, v, HEAD, out, &lines)) return false;
  if (whole) th_text_format(out, "  (%zu %s)", n, v.a->element == TH_BOOL ? "bools" : "numbers");
  return th_text_ok(out, cx);
}

/* A matrix. Shown are the first head and the last tail of `count`; all when head == count. */
typedef struct Shown {
  size_t count, head, tail;
} Shown;

static Shown show_some(size_t count, size_t limit, size_t head, size_t tail) {
  return count <= limit ? (Shown){count, count, 0} : (Shown){count, head, tail};
}
static size_t n_shown(Shown s) { return s.head + s.tail; }
static size_t shown_at(Shown s, size_t i) { return i < s.head ? i : s.count - n_shown(s) + i; }

static ThAlign alignment(const ThArray *a) {
  return a->element == TH_DOUBLE ? TH_ALIGN_POINT : TH_ALIGN_RIGHT;
}

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
    if (total > width) return j ? j : 1;
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

static bool format_matrix(ThContext *cx, View v, bool whole, ThText *out) {
  size_t n_rows = v.a->shape[v.axis], n_columns = v.a->shape[v.axis + 1];
  Shown rows = show_some(n_rows, MATRIX_ROWS, HEAD, TAIL),
        columns = show_some(n_columns, MATRIX_COLUMNS, MATRIX_COLUMNS, 1);
  ThGrid grid;
  if (!fill_grid(cx, v, rows, columns, &grid)) return false;
  size_t head = columns_that_fit(&grid, (size_t)cx->settings.width, columns.tail > 0);
  th_text_add(out, n_rows == 1 ? "[[" : "[");
  for (size_t i = 0; i < grid.n_rows; i++) {
    if (i) th_text_add(out, "\n ");
    if (i == rows.head && rows.tail) th_text_add(out, "…\n ");
    put_row(&grid, i, head, i + 1 < grid.n_rows ? ";" : n_rows == 1 ? "]]" : "]", out);
  }
  bool folded = rows.tail || head < grid.n_columns;
  th_grid_clear(&grid);
  if (folded && whole)
    th_text_format(out, "  (%zu row%s, %zu column%s)", n_rows, n_rows == 1 ? "" : "s", n_columns,
                   n_columns == 1 ? "" : "s");
  return th_text_ok(out, cx);
}

/* More axes. */

static bool format_lines(ThContext *cx, View v, bool whole, ThText *out);

static bool format_stack(ThContext *cx, View v, bool whole, ThText *out) {
  size_t n = v.a->shape[v.axis], fold = n > STACK_MANY ? TAIL : n, start = out->length;
  ThText part;
  bool ok = true;
  th_text_char(out, '[');
  for (size_t i = 0; ok && i < n; i++) {
    if (i) th_text_add(out, ",\n ");
    if (i == fold) {
      th_text_add(out, "…,\n ");
      i = n - 1;
    }
    th_text_init(&part, &cx->heap);
    ok = format_lines(cx, view_part(v, i), false, &part);
    if (ok) th_text_indented(out, th_text_string(&part), part.length, 1);
    th_text_clear(&part);
  }
  th_text_char(out, ']');
  char shape[96];
  bool folded = strstr(th_text_string(out) + start, "…") != NULL;
  if (whole && folded)
    th_text_format(out, "  shape %s", th_shape_text(v.a->rank, v.a->shape, shape, sizeof shape));
  return ok && th_text_ok(out, cx);
}

static bool format_lines(ThContext *cx, View v, bool whole, ThText *out) {
  uint32_t left = v.a->rank - v.axis;
  if (left == 1) return format_vector(cx, v, whole, out);
  return left == 2 ? format_matrix(cx, v, whole, out) : format_stack(cx, v, whole, out);
}

bool th_format_array(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThArray *a = th_as_array(self);
  View view = {a, 0, 0};
  if (a->length == 0 && a->rank > 1) { /* brackets could not say how many columns */
    char shape[160];
    th_text_format(out, "zeros%s", th_shape_text(a->rank, a->shape, shape, sizeof shape));
    return th_text_ok(out, cx);
  }
  if (style == TH_STYLE_ECHO) return format_lines(cx, view, true, out);
  format_inline(cx, view, style, out);
  return th_text_ok(out, cx);
}
