/* markdown_table.h - a table of a Markdown text, laid out for the terminal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_MARKDOWN_TABLE_H
#define TH_UI_MARKDOWN_TABLE_H

#include "base/text.h"

enum { TH_MAX_CELLS = 512 };

/* The cells are collected whole, row by row, the heading first, before their columns can be known. */
typedef struct ThMarkdownTable {
  ThText cells;
  size_t ends[TH_MAX_CELLS], n_cells, n_columns;
} ThMarkdownTable;

/* Appends the table, indented; what does not fit in `width` columns is folded within its cell. */
void th_markdown_table_print(const ThMarkdownTable *table, const ThContext *cx, size_t indent, size_t width,
                             ThText *out);

#endif
