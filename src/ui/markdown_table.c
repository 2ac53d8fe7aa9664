/* markdown_table.c - a table of a Markdown text, laid out for the terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/markdown_table.h"

#include "base/utf8.h"
#include "ui/flow.h"
#include "ui/ui.h"

enum { GAP = 2, MAX_COLUMNS = 32, NARROWEST = 5 };

/* A cell, or what is left of it. */
typedef struct Cell {
  const char *text;
  size_t length;
} Cell;

static Cell cell_at(const ThMarkdownTable *t, size_t i) {
  size_t start = i == 0 ? 0 : t->ends[i - 1];
  return (Cell){th_text_string(&t->cells) + start, t->ends[i] - start};
}

/* Every column as wide as its widest cell; then the widest ones give way until the row fits. */
static size_t find_widths(const ThMarkdownTable *t, size_t n, size_t room, size_t *widths) {
  size_t total = GAP * (n - 1);
  for (size_t j = 0; j < n; j++) {
    widths[j] = 1;
    for (size_t i = j; i < t->n_cells; i += t->n_columns) {
      Cell cell = cell_at(t, i);
      size_t width = th_utf8_width(cell.text, cell.length);
      if (width > widths[j]) widths[j] = width;
    }
    total += widths[j];
  }
  while (total > room) {
    size_t widest = 0;
    for (size_t j = 1; j < n; j++)
      if (widths[j] > widths[widest]) widest = j;
    if (widths[widest] <= NARROWEST) break;
    widths[widest]--;
    total--;
  }
  return total;
}

/* The next line of a row; true when cells are left over. */
static bool print_line(Cell *cells, size_t n, const size_t *widths, size_t indent, ThText *out) {
  bool left = false;
  size_t line = out->length;
  th_text_repeat(out, ' ', indent);
  for (size_t j = 0; j < n; j++) {
    size_t start = out->length, taken = th_flow_fit(cells[j].text, cells[j].length, widths[j]);
    th_text_bytes(out, cells[j].text, taken);
    if (j + 1 < n) th_text_pad(out, start, widths[j] + GAP);
    while (taken < cells[j].length && cells[j].text[taken] == ' ') taken++;
    cells[j] = (Cell){cells[j].text + taken, cells[j].length - taken};
    left = left || cells[j].length > 0;
  }
  while (out->length > line && out->data[out->length - 1] == ' ') out->data[--out->length] = '\0';
  th_text_char(out, '\n');
  return left;
}

void th_markdown_table_print(const ThMarkdownTable *t, const ThContext *cx, size_t indent, size_t width,
                             ThText *out) {
  Cell cells[MAX_COLUMNS];
  size_t widths[MAX_COLUMNS], n = t->n_columns < MAX_COLUMNS ? t->n_columns : MAX_COLUMNS;
  indent += GAP;
  if (n == 0) return;
  size_t total = find_widths(t, n, width > indent ? width - indent : 1, widths);
  for (size_t row = 0; (row + 1) * t->n_columns <= t->n_cells; row++) {
    for (size_t j = 0; j < n; j++) cells[j] = cell_at(t, row * t->n_columns + j);
    if (row == 0) th_text_add(out, th_ui_style(cx, TH_BOLD));
    while (print_line(cells, n, widths, indent, out)) {}
    if (row != 0) continue;
    th_text_add(out, th_ui_style(cx, TH_PLAIN));
    th_text_repeat(out, ' ', indent);
    for (size_t k = 0; k < total; k++) th_text_add(out, cx->settings.utf8 ? "─" : "-");
    th_text_char(out, '\n');
  }
}
