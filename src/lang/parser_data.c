/* parser_data.c - data NAME { … }: a table typed in */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows end at newlines; cells are separated by blanks or commas; a cell is a signed number, nan, a quoted
 * string or a bare word. A column is numbers, or strings as soon as one of its cells is. */
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "lang/parser_state.h"
#include "val/array.h"
#include "val/basic.h"

enum { MAX_COLUMNS = 256 };

typedef struct Cell {
  const char *text;
  size_t length;
  bool quoted;
} Cell;

typedef struct Grid {
  ThParser *p;
  size_t n_columns, n_rows;
  size_t capacity; /* of cells, header not among them */
  Cell *cells;
  Cell header[MAX_COLUMNS];
} Grid;

#define MISSING_HINT "a missing number is nan, a missing string \"\""

static bool is_separator(char c) { return c == ' ' || c == '\t' || c == ',' || c == '\r'; }

/* The next cell of the line, or an empty one at its end. */
static const char *next_cell(const char *at, const char *end, Cell *cell) {
  while (at < end && is_separator(*at)) at++;
  *cell = (Cell){.text = at};
  if (at == end || *at == '#') return end;
  if (*at == '"') {
    cell->text = ++at;
    cell->quoted = true;
    while (at < end && *at != '"') at += *at == '\\' && at + 1 < end ? 2 : 1;
    cell->length = (size_t)(at - cell->text);
    return at < end ? at + 1 : end;
  }
  while (at < end && !is_separator(*at) && *at != '#') at++;
  cell->length = (size_t)(at - cell->text);
  return at;
}

static bool is_blank_cell(const Cell *cell) { return cell->length == 0 && !cell->quoted; }

static ThSpan cell_span(const Grid *grid, const Cell *cell) {
  uint32_t start = (uint32_t)(cell->text - grid->p->tree->source->text);
  return (ThSpan){start, start + (uint32_t)cell->length};
}

/* Two commas with nothing between them, or one at the line's start, are an empty cell: a slip. */
static bool check_commas(Grid *grid, const char *line, const char *cell) {
  const char *comma = NULL;
  for (const char *at = cell; at > line && is_separator(at[-1]); at--) {
    if (at[-1] != ',') continue;
    if (comma || at - 1 == line) {
      uint32_t place = (uint32_t)(at - 1 - grid->p->tree->source->text);
      th_parser_error(grid->p, (ThSpan){place, place + 1}, "an empty cell");
      return th_hint(grid->p->cx, MISSING_HINT);
    }
    comma = at;
  }
  return true;
}

static bool add_cell(Grid *grid, size_t index, Cell cell) {
  if (index == grid->capacity) {
    size_t capacity = grid->capacity ? grid->capacity * 2 : 64;
    Cell *cells = th_resize(grid->p->cx, grid->cells, grid->capacity * sizeof *cells,
                            capacity * sizeof *cells);
    if (!cells) return false;
    grid->cells = cells;
    grid->capacity = capacity;
  }
  grid->cells[index] = cell;
  return true;
}

static bool ragged(Grid *grid, const char *line, const char *end, size_t found) {
  const char *text = grid->p->tree->source->text;
  while (line < end && is_separator(*line)) line++;
  th_parser_error(grid->p, (ThSpan){(uint32_t)(line - text), (uint32_t)(end - text)},
                  "this row has %zu cell%s, the header %zu", found, found == 1 ? "" : "s", grid->n_columns);
  for (const char *at = line + 1; found > grid->n_columns && at + 1 < end; at++)
    if (*at == ',' && th_decimal_is_digit(at[-1]) && th_decimal_is_digit(at[1]))
      return th_hint(grid->p->cx, "a comma separates cells; a decimal is written with a point: %c.%c", at[-1],
                     at[1]);
  return th_hint(grid->p->cx, MISSING_HINT);
}

static bool parse_number(const Cell *cell, double *out) {
  char digits[64];
  size_t used = 0;
  if (cell->quoted || cell->length == 0) return false;
  const char *at = cell->text, *end = cell->text + cell->length;
  if (cell->length >= 3 && memcmp(at, "−", 3) == 0) digits[used++] = '-', at += 3; /* a pasted minus sign */
  for (; at < end; at++) {
    if (*at == '_') continue;
    if (used == sizeof digits - 1 || *at == 'x' || *at == 'X') return false;
    digits[used++] = *at;
  }
  digits[used] = '\0';
  char *rest;
  *out = strtod(digits, &rest);
  return used > 0 && *rest == '\0';
}

/* The first row names the columns: a number there is most likely a row of values. */
static bool check_header(Grid *grid) {
  double x;
  for (size_t i = 0; i < grid->n_columns; i++) {
    const Cell *cell = &grid->header[i];
    if (!parse_number(cell, &x)) continue;
    th_parser_error(grid->p, cell_span(grid, cell), "the first row names the columns; got the number %.*s",
                    (int)cell->length, cell->text);
    return th_hint(grid->p->cx, "write a line of names above the numbers");
  }
  return true;
}

/* One line: the header if it is the first with cells, else a row. */
static bool read_line(Grid *grid, const char *line, const char *end) {
  size_t n = 0;
  Cell cell;
  for (const char *at = next_cell(line, end, &cell); !is_blank_cell(&cell);
       at = next_cell(at, end, &cell), n++) {
    if (grid->n_columns == 0 || grid->n_rows == 0) {
      if (n == MAX_COLUMNS)
        return th_parser_error(grid->p, grid->p->token.span, "a table may have %d columns", MAX_COLUMNS) !=
               NULL;
    }
    if (!check_commas(grid, line, cell.quoted ? cell.text - 1 : cell.text)) return false;
    if (grid->n_columns == 0) grid->header[n] = cell;
    else if (n < grid->n_columns && !add_cell(grid, grid->n_rows * grid->n_columns + n, cell)) return false;
  }
  if (n == 0) return true;
  if (grid->n_columns == 0) {
    grid->n_columns = n;
    return check_header(grid);
  }
  if (n != grid->n_columns) return ragged(grid, line, end, n);
  grid->n_rows++;
  return true;
}

static bool numeric_column(const Grid *grid, size_t column) {
  double x;
  for (size_t i = 0; i < grid->n_rows; i++)
    if (!parse_number(&grid->cells[i * grid->n_columns + column], &x)) return false;
  return true;
}

static bool number_column(const Grid *grid, size_t column, ThValue *out) {
  ThArray *x = th_vector_new(grid->p->cx, TH_DOUBLE, grid->n_rows);
  if (!x) return false;
  for (size_t i = 0; i < grid->n_rows; i++)
    parse_number(&grid->cells[i * grid->n_columns + column], &x->real[i]);
  *out = th_object(x);
  return true;
}

static bool cell_text(const Grid *grid, const Cell *cell, ThText *out) {
  th_text_reset(out);
  if (cell->quoted) return th_parser_plain_text(grid->p, cell_span(grid, cell), out);
  th_text_bytes(out, cell->text, cell->length);
  return th_text_ok(out, grid->p->cx);
}

static bool string_column(const Grid *grid, size_t column, ThText *text, ThValue *out) {
  ThList *list = th_list_new(grid->p->cx, grid->n_rows);
  if (!list) return false;
  *out = th_object(list);
  for (size_t i = 0; i < grid->n_rows; i++) {
    ThValue string;
    if (!cell_text(grid, &grid->cells[i * grid->n_columns + column], text) ||
        !th_string(grid->p->cx, th_text_string(text), text->length, &string) ||
        !th_list_push_take(grid->p->cx, list, string)) {
      th_release(*out);
      return false;
    }
  }
  return true;
}

/* A column that begins with a number and goes on with text has most likely one bad cell: it is named. */
static void note_mixed(const Grid *grid, size_t column) {
  double x;
  for (size_t i = 0; i < grid->n_rows; i++) {
    const Cell *cell = &grid->cells[i * grid->n_columns + column];
    if (parse_number(cell, &x)) continue;
    if (i > 0 && !cell->quoted)
      th_note(grid->p->cx, "column `%.*s` is text: `%.*s` is not a number", (int)grid->header[column].length,
              grid->header[column].text, (int)cell->length, cell->text);
    return;
  }
}

/* The name of a column, which no column before it has. */
static ThSymbol *column_name(const Grid *grid, size_t column, const ThTable *table, ThText *text) {
  const Cell *cell = &grid->header[column];
  if (!cell_text(grid, cell, text)) return NULL;
  ThSymbol *name = th_symbol(grid->p->cx, th_text_string(text), text->length);
  if (!name || !th_table_find(table, name)) return name;
  th_parser_error(grid->p, cell_span(grid, cell), "two columns are named `%s`", name->spelling);
  return NULL;
}

static bool fill_column(const Grid *grid, size_t j, ThTable *table, ThText *text) {
  ThValue column;
  ThSymbol *name = column_name(grid, j, table, text);
  if (!name) return false;
  bool numbers = numeric_column(grid, j);
  if (!numbers) note_mixed(grid, j);
  return (numbers ? number_column(grid, j, &column) : string_column(grid, j, text, &column)) &&
         th_table_set_take(grid->p->cx, table, name, column);
}

static bool fill_table(const Grid *grid, ThTable *table) {
  ThText text;
  bool ok = true;
  th_text_init(&text, &grid->p->cx->heap);
  for (size_t j = 0; ok && j < grid->n_columns; j++) ok = fill_column(grid, j, table, &text);
  th_text_clear(&text);
  return ok;
}

/* Where the row ends: at a newline or `;` outside strings and comments. */
static const char *line_end(const char *at, const char *end) {
  for (bool quoted = false, comment = false; at < end; at++) {
    if (*at == '\n' && !quoted) break;
    if (*at == ';' && !quoted && !comment) break;
    if (*at == '"' && !comment) quoted = !quoted;
    if (*at == '#' && !quoted) comment = true;
    if (*at == '\\' && quoted) at++;
  }
  return at < end ? at : end;
}

static bool read_grid(Grid *grid, ThSpan body) {
  const char *text = grid->p->tree->source->text;
  for (const char *line = text + body.start, *end = text + body.end; line < end;) {
    const char *stop = line_end(line, end);
    if (!read_line(grid, line, stop)) return false;
    line = stop + 1;
  }
  if (grid->n_columns > 0) return true;
  th_parser_error(grid->p, body, "this table is empty: its first row names the columns");
  return false;
}

ThNode *th_parse_data(ThParser *p, ThToken word) {
  if (!th_parser_advance(p)) return NULL;
  ThToken name = p->token;
  if (!th_parser_advance(p)) return NULL;
  if (!th_parser_at(p, TH_TOKEN_LEFT_BRACE)) return th_parser_unexpected(p, "a table begins `data NAME {`");
  ThSpan body;
  if (!th_lexer_raw_block(&p->lexer, &body) || !th_parser_advance(p)) return NULL;
  Grid grid = {.p = p};
  ThTable *table = read_grid(&grid, body) ? th_table_new(p->cx, grid.n_rows) : NULL;
  bool ok = table && fill_table(&grid, table);
  th_free(p->cx, grid.cells, grid.capacity * sizeof *grid.cells);
  if (!ok && table) th_release(th_object(table));
  if (!ok) return NULL;
  ThNode *node = th_node_new(p->tree, TH_NODE_DATA, (ThSpan){word.span.start, body.end + 1});
  size_t index = p->tree->n_values;
  bool kept = th_tree_keep_take(p->tree, th_object(table));
  if (!node || !kept || !(node->name = th_parser_symbol(p, name.span))) return NULL;
  node->n_before = index; /* which of the tree's values */
  return node;
}
