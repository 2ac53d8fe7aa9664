/* report.c - numbers with the digits that their errors allow */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/report.h"

#include <math.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "val/basic.h"

enum { MOST_DECIMALS = 8, MOST_ROUNDED = 5, GAP = 2 /* blanks between columns */ };

/* The decimals that show two digits of an error; INT-like large when there is none. */
static int decimals_of(double error) {
  int decimals = 1 - (int)floor(log10(error));
  /* 0.0996 would round to 0.100 */
  if (nearbyint(error * pow(10, decimals)) >= 100) decimals--;
  return decimals;
}

void th_report_number(double x, double error, int digits, ThText *out) {
  if (!(error > 0) || isinf(error) || !isfinite(x)) {
    th_format_number(x, digits, out);
    return;
  }
  int decimals = decimals_of(error);
  if (decimals > MOST_DECIMALS || decimals < -MOST_ROUNDED) {
    int shown = x == 0 ? 1 : (int)floor(log10(fabs(x))) + decimals + 1;
    th_format_number(x, shown < 1 ? 1 : shown, out);
  } else if (decimals < 0) {
    double unit = pow(10, -decimals);
    th_text_format(out, "%.0f", nearbyint(x / unit) * unit + 0.0);
  } else {
    double unit = pow(10, decimals);
    bool zero = nearbyint(x * unit) == 0; /* no "-0.00" */
    th_text_format(out, "%.*f", decimals, zero ? 0.0 : x);
  }
}

void th_report_interval(double lower, double upper, double error, int digits, ThText *out) {
  th_text_char(out, '(');
  th_report_number(lower, error, digits, out);
  th_text_add(out, ", ");
  th_report_number(upper, error, digits, out);
  th_text_char(out, ')');
}

void th_report_level(double level, ThText *out) {
  th_format_number(100 * level, 4, out);
  th_text_add(out, " %");
}

/* The bytes up to the next " + " or " - " outside round brackets, or the blank before an element of [ , , ]; *list says
 * if the text is within one, at its beginning and then at the end of these bytes. */
static size_t term_length(const char *text, bool *list) {
  size_t length = 0;
  for (int depth = 0; text[length]; length++) {
    const char *at = text + length;
    depth += (*at == '(') - (*at == ')');
    if (*at == '[' || *at == ']') *list = *at == '[';
    if (!length || depth != 0 || at[0] != ' ') continue;
    if ((at[1] == '+' || at[1] == '-') && at[2] == ' ') break;
    if (*list && at[-1] == ',') break;
  }
  return length;
}

void th_report_terms(const char *text, size_t column, size_t room, ThText *out) {
  size_t used = column;
  bool list = false;
  while (*text) {
    size_t length = term_length(text, &list), width = th_utf8_width(text, length);
    if (used + width > room && used > column) {
      th_text_char(out, '\n');
      th_text_repeat(out, ' ', column);
      used = column;
    }
    th_text_bytes(out, text, length);
    used += width;
    text += length;
  }
}

void th_report_coefficient(double c, bool first, ThText *out) {
  if (first) th_text_add(out, c < 0 ? "-" : "");
  else th_text_add(out, c < 0 ? " - " : " + ");
  if (fabs(fabs(c) - 1) > 0.005) th_text_format(out, "%.2g*", fabs(c));
}

void th_report_cell(ThGrid *grid, size_t row, size_t column, size_t *start) {
  th_grid_end_cell(grid, row, column, *start, TH_ALIGN_LEFT);
  *start = grid->text.length;
}

/* How many cells a row has up to its last one that is not empty. */
static size_t cells_of(const ThGrid *grid, size_t row) {
  size_t n = grid->n_columns;
  while (n > 0 && grid->cells[row * grid->n_columns + n - 1].length == 0) n--;
  return n;
}

static void put_cells(const ThGrid *grid, size_t row, size_t n, ThText *out) {
  for (size_t j = 0; j < n; j++) {
    if (j) th_text_repeat(out, ' ', GAP);
    th_grid_put(grid, row, j, "", j + 1 < n, out);
  }
}

/* A row that is wider than the terminal: its last cell is folded in its place, or below where that has little room. */
static void put_wide_row(const ThGrid *grid, size_t row, size_t column, ThText *out) {
  enum { LEAST_ROOM = 24, BELOW = 3 };
  size_t last = grid->n_columns - 1, width = (size_t)grid->cx->settings.width, start = out->length;
  const ThCell *cell = &grid->cells[row * grid->n_columns + last];
  put_cells(grid, row, last, out);
  if (column + LEAST_ROOM > width) {
    th_text_char(out, '\n');
    start = out->length;
    column = BELOW;
  }
  th_text_pad(out, start, column);
  th_fold_line(out, th_text_string(&grid->text) + cell->start, cell->length, column, width, column + 2);
}

void th_report_grid(const ThGrid *grid, ThText *out) {
  size_t column = 0, last = grid->n_columns - 1;
  for (size_t j = 0; j < last; j++) column += th_grid_width(grid, j) + GAP;
  for (size_t i = 0; i < grid->n_rows; i++) {
    size_t end = grid->cells[i * grid->n_columns + last].width;
    th_text_char(out, '\n');
    if (end > 0 && column + end > (size_t)grid->cx->settings.width) put_wide_row(grid, i, column, out);
    else put_cells(grid, i, cells_of(grid, i), out);
  }
}
