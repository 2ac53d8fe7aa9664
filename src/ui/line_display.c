/* line_display.c - an input on the screen, and what changes when it is edited */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The input is laid out in rows of cells, a cell being one character with its combining marks. What the
 * terminal is sent is the difference to the rows that stand there, so that a key costs a few bytes, also over
 * a slow line. All movements are relative: where on the screen the input stands is not known. */
#include "ui/line_display.h"

#include <string.h>

#include "base/utf8.h"

/* --- Frames */

static void frame_reset(ThLineFrame *f) {
  th_text_reset(&f->bytes);
  f->bytes.failed = f->failed = false;
  f->n_cells = f->n_rows = f->cursor_row = f->cursor_column = 0;
}

/* Room for one more of `n` items of `size` bytes. */
static bool grow(ThContext *cx, void **items, size_t n, size_t *capacity, size_t size) {
  if (n < *capacity) return true;
  size_t wanted = 2 * *capacity + 64;
  void *grown = th_resize(cx, *items, *capacity * size, wanted * size);
  if (!grown) return false;
  *items = grown;
  *capacity = wanted;
  return true;
}

static void add_row(ThContext *cx, ThLineFrame *f) {
  void *rows = f->rows;
  if (!grow(cx, &rows, f->n_rows, &f->row_capacity, sizeof *f->rows)) {
    f->failed = true;
    return;
  }
  f->rows = rows;
  f->rows[f->n_rows++] = (ThDisplayRow){.first = f->n_cells};
}

static void add_cell(ThContext *cx, ThLineFrame *f, const char *text, size_t length, size_t width,
                     uint8_t tint, size_t columns) {
  void *cells = f->cells;
  if (f->failed || !grow(cx, &cells, f->n_cells, &f->cell_capacity, sizeof *f->cells)) {
    f->failed = true;
    return;
  }
  f->cells = cells;
  if (f->rows[f->n_rows - 1].width + width > columns) add_row(cx, f);
  if (f->failed) return;
  ThDisplayRow *row = &f->rows[f->n_rows - 1];
  f->cells[f->n_cells++] = (ThDisplayCell){f->bytes.length, (uint16_t)length, (uint8_t)width, tint};
  th_text_bytes(&f->bytes, text, length);
  row->n++;
  row->width += width;
}

/* A mark joins the character before it. */
static bool join_mark(ThLineFrame *f, const char *text, size_t size) {
  if (f->failed || f->rows[f->n_rows - 1].n == 0) return false;
  f->cells[f->n_cells - 1].length += (uint16_t)size;
  th_text_bytes(&f->bytes, text, size);
  return true;
}

/* One character of text; returns its bytes. What is no character shows as ^A or \x80. */
static size_t add_character(ThContext *cx, ThLineFrame *f, const char *text, size_t length, uint8_t tint,
                            size_t columns) {
  static const char digits[] = "0123456789abcdef", blanks[] = "        ";
  size_t size;
  unsigned char byte = (unsigned char)text[0];
  uint32_t c = th_utf8_decode(text, length, &size);
  if (c == '\t') {
    size_t width = 8 - f->rows[f->n_rows - 1].width % 8;
    add_cell(cx, f, blanks, width, width, tint, columns);
  } else if (c < 32 || c == 127) {
    char shown[2] = {'^', (char)(c ^ 64)};
    add_cell(cx, f, shown, 2, 2, tint, columns);
  } else if (c == TH_UTF8_INVALID) {
    char shown[4] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
    add_cell(cx, f, shown, 4, 4, tint, columns);
  } else {
    size_t width = th_utf8_width(text, size);
    if (width > 0 || !join_mark(f, text, size)) add_cell(cx, f, text, size, width, tint, columns);
  }
  return size;
}

static void add_prompt(ThContext *cx, ThLineFrame *f, const char *prompt, bool tinted, size_t columns) {
  for (size_t length = strlen(prompt); length > 0;) {
    size_t size = add_character(cx, f, prompt, length, tinted ? TH_TINT_PROMPT : TH_TINT_PLAIN, columns);
    prompt += size;
    length -= size;
  }
}

static void mark_cursor(ThLineFrame *f) {
  f->cursor_row = f->n_rows - 1;
  f->cursor_column = f->rows[f->n_rows - 1].width;
}

/* A cursor behind a full row stands on the next one when the text ends there, else on its last column. */
static void settle_cursor(ThContext *cx, ThLineFrame *f, size_t columns, bool at_end) {
  if (f->failed || f->cursor_column < columns) return;
  if (at_end) add_row(cx, f);
  f->cursor_column = 0;
  if (at_end || f->cursor_row + 1 < f->n_rows) f->cursor_row++;
}

static void lay_out(ThContext *cx, ThLineFrame *f, const ThLineView *view) {
  frame_reset(f);
  add_row(cx, f);
  if (f->failed) return;
  add_prompt(cx, f, view->prompt, view->tints != NULL, view->width);
  size_t i = 0;
  while (i < view->length && !f->failed) {
    if (i == view->point) mark_cursor(f);
    if (view->text[i] == '\n') {
      if (i == view->point && f->cursor_column == view->width) f->cursor_column--;
      add_row(cx, f);
      if (!f->failed) add_prompt(cx, f, view->more, view->tints != NULL, view->width);
      i++;
    } else {
      i += add_character(cx, f, view->text + i, view->length - i,
                         view->tints ? view->tints[i] : TH_TINT_PLAIN, view->width);
    }
  }
  if (view->point >= view->length && !f->failed) mark_cursor(f);
  settle_cursor(cx, f, view->width, view->point >= view->length);
  f->failed = f->failed || f->bytes.failed;
}

/* --- Movements */

static void move_to(ThLineDisplay *d, size_t row, size_t column, ThText *out) {
  if (d->column >= d->width && row <= d->row && (row < d->row || column < d->column)) {
    th_text_char(out, '\r'); /* at the right edge terminals differ about where they are */
    d->column = 0;
  }
  for (; d->row < row; d->row++) {
    th_text_add(out, "\r\n");
    d->column = 0;
  }
  if (d->row > row) th_text_format(out, "\033[%zuA", d->row - row);
  d->row = row;
  if (d->column == column) return;
  if (column == 0) th_text_char(out, '\r');
  else if (column == d->column - 1) th_text_char(out, '\b');
  else if (column < d->column) th_text_format(out, "\033[%zuD", d->column - column);
  else th_text_format(out, "\033[%zuC", column - d->column);
  d->column = column;
}

static void put_cells(ThLineDisplay *d, const ThLineFrame *f, size_t first, size_t end, ThText *out) {
  uint8_t tint = TH_TINT_PLAIN;
  for (size_t i = first; i < end; i++) {
    const ThDisplayCell *cell = &f->cells[i];
    if (cell->tint != tint && tint != TH_TINT_PLAIN) th_text_add(out, "\033[0m");
    if (cell->tint != tint) th_text_add(out, th_tint_code(cell->tint));
    tint = cell->tint;
    th_text_bytes(out, f->bytes.data + cell->start, cell->length);
    d->column += cell->width;
  }
  if (tint != TH_TINT_PLAIN) th_text_add(out, "\033[0m");
}

/* --- Differences */

static bool same_cell(const ThLineFrame *a, size_t i, const ThLineFrame *b, size_t j) {
  const ThDisplayCell *p = &a->cells[i], *q = &b->cells[j];
  return p->length == q->length && p->tint == q->tint &&
         memcmp(a->bytes.data + p->start, b->bytes.data + q->start, p->length) == 0;
}

/* Brings row `at` of the screen from one row to another; `old` is NULL when nothing stands there. */
static void update_row(ThLineDisplay *d, size_t at, const ThLineFrame *of, const ThDisplayRow *old,
                       const ThLineFrame *nf, const ThDisplayRow *new, ThText *out) {
  size_t k = 0, end = new->n, column = 0, n_old = old ? old->n : 0, old_width = old ? old->width : 0;
  while (k < n_old && k < new->n &&same_cell(of, old->first + k, nf, new->first + k))
    column += nf->cells[new->first + k++].width;
  if (n_old == new->n && old_width == new->width)
    while (end > k && same_cell(of, old->first + end - 1, nf, new->first + end - 1)) end--;
  if (k == end && old_width <= new->width) return;
  move_to(d, at, column, out);
  put_cells(d, nf, new->first + k, new->first + end, out);
  if (old_width > new->width) th_text_add(out, "\033[K");
}

/* The first row to be shown, so that the cursor's is among the `height` that fit. */
static size_t choose_top(const ThLineDisplay *d, const ThLineFrame *f, size_t height) {
  size_t top = d->n_shown ? d->top : 0;
  if (f->n_rows <= height) return 0;
  if (f->cursor_row < top) top = f->cursor_row;
  if (f->cursor_row >= top + height) top = f->cursor_row - height + 1;
  return top + height > f->n_rows ? f->n_rows - height : top;
}

void th_line_display_update(ThLineDisplay *d, const ThLineView *view, ThText *out) {
  const ThLineFrame *old = &d->frames[d->shown];
  ThLineFrame *new = &d->frames[!d->shown];
  d->width = view->width;
  lay_out(d->cx, new, view);
  if (new->failed) {
    th_error_clear(d->cx);
    return;
  }
  size_t top = choose_top(d, new, view->height), n = new->n_rows - top;
  if (n > view->height) n = view->height;
  for (size_t i = 0; i < n || i < d->n_shown; i++) {
    static const ThDisplayRow nothing = {0};
    const ThDisplayRow *before = i < d->n_shown ? &old->rows[d->top + i] : NULL;
    if (!before) move_to(d, i, d->row == i ? d->column : 0, out); /* the row comes to be, also an empty one */
    update_row(d, i, old, before, new, i < n ? &new->rows[top + i] : &nothing, out);
  }
  d->shown = !d->shown;
  d->top = top;
  d->n_shown = n;
  move_to(d, new->cursor_row - top, new->cursor_column, out);
}

void th_line_display_leave(ThLineDisplay *d, ThText *out) {
  const ThLineFrame *f = &d->frames[d->shown];
  if (d->n_shown == 0) return;
  size_t width = f->rows[d->top + d->n_shown - 1].width;
  move_to(d, d->n_shown - 1, width < d->width ? width : d->width - 1, out);
}

void th_line_display_erase(ThLineDisplay *d, size_t width, ThText *out) {
  const ThLineFrame *f = &d->frames[d->shown];
  size_t up = 0;
  for (size_t i = 0; i < d->row && i < d->n_shown; i++) {
    size_t columns = f->rows[d->top + i].width;
    up += columns > width ? (columns + width - 1) / width : 1;
  }
  if (width > 0) up += d->column / width;
  if (up > 0) th_text_format(out, "\033[%zuA", up);
  th_text_add(out, "\r\033[J");
  th_line_display_forget(d);
}

/* --- Beginning and end */

void th_line_display_init(ThLineDisplay *d, ThContext *cx) {
  *d = (ThLineDisplay){.cx = cx, .width = 80};
  for (int i = 0; i < 2; i++) th_text_init(&d->frames[i].bytes, &cx->heap);
}

void th_line_display_clear(ThLineDisplay *d) {
  for (int i = 0; i < 2; i++) {
    ThLineFrame *f = &d->frames[i];
    th_text_clear(&f->bytes);
    th_free(d->cx, f->cells, f->cell_capacity * sizeof *f->cells);
    th_free(d->cx, f->rows, f->row_capacity * sizeof *f->rows);
    *f = (ThLineFrame){0};
  }
}

void th_line_display_forget(ThLineDisplay *d) { d->n_shown = d->top = d->row = d->column = 0; }
