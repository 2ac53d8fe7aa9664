/* csv_write.c - tables to text */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "lang/csv.h"
#include "val/array.h"

bool th_csv_needs_quotes(const char *text, size_t length) {
  double number;
  static const char blanks[] = " \t";
  if (length == 0 || text[0] == '#' || strchr(blanks, text[0]) || strchr(blanks, text[length - 1]))
    return true;
  if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) return true; /* would be a byte order mark */
  for (size_t i = 0; i < length; i++)
    if ((unsigned char)text[i] < 0x20 || strchr("\",;", text[i])) return true;
  return th_csv_is_number(text, length, '.', &number) || th_csv_is_number(text, length, ',', &number);
}

/* A blank separates the cells of a file in which nothing else does: one of a single column. */
static void write_text(const char *text, size_t length, bool alone, ThText *out) {
  if (!th_csv_needs_quotes(text, length) && !(alone && memchr(text, ' ', length))) {
    th_text_bytes(out, text, length);
    return;
  }
  th_text_char(out, '"');
  for (size_t k = 0; k < length; k++) {
    if (text[k] == '"') th_text_char(out, '"');
    th_text_char(out, text[k]);
  }
  th_text_char(out, '"');
}

static void write_cell(const ThTable *table, size_t j, size_t i, ThText *out) {
  ThValue column = table->columns[j];
  if (th_is_list(column)) {
    const ThString *cell = th_as_string(th_as_list(column)->items[i]);
    write_text(cell->text, cell->length, table->n_columns == 1, out);
  } else {
    th_format_exact(th_array_real(th_as_array(column), i), out);
  }
}

bool th_csv_write(ThContext *cx, const ThTable *table, ThText *out) {
  for (size_t j = 0; j < table->n_columns; j++) {
    if (j) th_text_char(out, ',');
    write_text(table->names[j]->spelling, strlen(table->names[j]->spelling), table->n_columns == 1, out);
  }
  th_text_char(out, '\n');
  for (size_t i = 0; i < table->n_rows; i++) {
    for (size_t j = 0; j < table->n_columns; j++) {
      if (j) th_text_char(out, ',');
      write_cell(table, j, i, out);
    }
    th_text_char(out, '\n');
    if (i % 4096 == 0 && !th_poll(cx)) return false;
  }
  return th_text_ok(out, cx);
}
