/* screen.c - what a terminal shows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void screen_init(Screen *s, int lines, int columns) {
  memset(s, 0, sizeof *s);
  s->lines = lines;
  s->columns = columns;
}

static void clear_cells(Screen *s, int row, int from, int to) {
  for (int i = from; i < to; i++) s->cells[row][i][0] = '\0';
}

/* --- Text of a line */

static void add(char *out, size_t size, size_t *length, const char *text) {
  size_t n = strlen(text);
  if (*length + n + 1 > size) return;
  memcpy(out + *length, text, n + 1);
  *length += n;
}

static void line_text(const Screen *s, int row, char *out, size_t size) {
  size_t length = 0, kept = 0;
  out[0] = '\0';
  for (int i = 0; i < s->columns; i++) {
    const char *cell = s->cells[row][i];
    if (cell[0] == '\001') continue; /* the second half of a wide character */
    add(out, size, &length, cell[0] ? cell : " ");
    if ((cell[0] && cell[0] != ' ') || (row == s->row && i < s->column)) kept = length;
  }
  out[kept] = '\0';
}

size_t screen_top(const Screen *s) { return s->past_lines; }

void screen_text(const Screen *s, size_t from, char *out, size_t size) {
  size_t length = 0;
  const char *past = s->past;
  out[0] = '\0';
  for (size_t i = 0; i < from && i < s->past_lines; i++) past += strcspn(past, "\n") + 1;
  if (from < s->past_lines) add(out, size, &length, past);
  int last = s->lines - 1, row = from > s->past_lines ? (int)(from - s->past_lines) : 0;
  char line[SCREEN_MOST_COLUMNS * 4];
  for (; last > s->row; last--) {
    line_text(s, last, line, sizeof line);
    if (line[0]) break;
  }
  for (; row <= last; row++) {
    line_text(s, row, line, sizeof line);
    add(out, size, &length, line);
    if (row < last) add(out, size, &length, "\n");
  }
}

/* --- Movements */

static void scroll(Screen *s) {
  char line[SCREEN_MOST_COLUMNS * 4];
  int row = s->row;
  s->row = -1;
  line_text(s, 0, line, sizeof line);
  s->row = row;
  if (s->past_length + strlen(line) + 2 < sizeof s->past) {
    add(s->past, sizeof s->past, &s->past_length, line);
    add(s->past, sizeof s->past, &s->past_length, "\n");
    s->past_lines++;
  }
  memmove(s->cells[0], s->cells[1], (size_t)(s->lines - 1) * sizeof s->cells[0]);
  clear_cells(s, s->lines - 1, 0, SCREEN_MOST_COLUMNS);
}

static void line_feed(Screen *s) {
  if (s->row + 1 < s->lines) s->row++;
  else scroll(s);
}

static int between(int x, int low, int high) { return x < low ? low : x > high ? high : x; }

static void move(Screen *s, int row, int column) {
  s->row = between(row, 0, s->lines - 1);
  s->column = between(column, 0, s->columns - 1);
  s->pending = false;
}

void screen_resize(Screen *s, int lines, int columns) {
  while (s->row >= lines) {
    scroll(s);
    s->row--;
  }
  for (int i = 0; i < SCREEN_MOST_LINES; i++) clear_cells(s, i, columns, SCREEN_MOST_COLUMNS);
  for (int i = lines; i < SCREEN_MOST_LINES; i++) clear_cells(s, i, 0, SCREEN_MOST_COLUMNS);
  s->lines = lines;
  s->columns = columns;
  move(s, s->row, s->column);
}

/* --- Characters */

static unsigned long code_point(const char *text, size_t length) {
  unsigned char first = (unsigned char)text[0];
  unsigned long c = length == 1 ? first : first & (0x7Fu >> length);
  for (size_t i = 1; i < length; i++) c = c << 6 | ((unsigned char)text[i] & 0x3F);
  return c;
}

static void put_mark(Screen *s, const char *text) {
  int column = s->pending ? s->column : s->column - 1;
  if (column < 0) return;
  char *cell = s->cells[s->row][column];
  size_t length = strlen(cell);
  add(cell, SCREEN_CELL, &length, text);
}

static void put_character(Screen *s, const char *text, size_t length) {
  int width = wcwidth((wchar_t)code_point(text, length));
  if (width == 0) {
    put_mark(s, text);
    return;
  }
  if (width < 0) width = 1;
  if (s->pending || s->column + width > s->columns) {
    s->column = 0;
    line_feed(s);
  }
  s->pending = false;
  snprintf(s->cells[s->row][s->column], SCREEN_CELL, "%s", text);
  if (width == 2) snprintf(s->cells[s->row][s->column + 1], SCREEN_CELL, "\001");
  s->column += width;
  if (s->column >= s->columns) {
    s->column = s->columns - 1;
    s->pending = true;
  }
}

/* --- Control */

static void erase_screen(Screen *s, int how) {
  int from = how == 0 ? s->row + 1 : 0, to = how == 1 ? s->row : s->lines;
  for (int i = from; i < to; i++) clear_cells(s, i, 0, s->columns);
  if (how == 0) clear_cells(s, s->row, s->column, s->columns);
  if (how == 1) clear_cells(s, s->row, 0, s->column + 1);
}

static void erase_line(Screen *s, int how) {
  clear_cells(s, s->row, how == 0 ? s->column : 0, how == 1 ? s->column + 1 : s->columns);
}

static void shift_cells(Screen *s, int by) {
  char(*row)[SCREEN_CELL] = s->cells[s->row];
  int room = s->columns - s->column, n = between(abs(by), 0, room);
  size_t moved = (size_t)(room - n) * SCREEN_CELL;
  if (by > 0) memmove(row[s->column + n], row[s->column], moved);
  else memmove(row[s->column], row[s->column + n], moved);
  clear_cells(s, s->row, by > 0 ? s->column : s->columns - n, by > 0 ? s->column + n : s->columns);
}

static void control(Screen *s, char final, int a, int b) {
  int n = a > 0 ? a : 1;
  switch (final) {
    case 'A': move(s, s->row - n, s->column); break;
    case 'B': move(s, s->row + n, s->column); break;
    case 'C': move(s, s->row, s->column + n); break;
    case 'D': move(s, s->row, s->column - n); break;
    case 'G': move(s, s->row, n - 1); break;
    case 'H': move(s, n - 1, (b > 0 ? b : 1) - 1); break;
    case 'J': erase_screen(s, a); break;
    case 'K': erase_line(s, a); break;
    case 'P': shift_cells(s, -n); break;
    case '@': shift_cells(s, n); break;
    default: break; /* colours, modes */
  }
}

/* A byte of an escape sequence; when it is complete it takes effect. */
static void sequence_byte(Screen *s, char c) {
  char *text = s->sequence;
  if (s->sequence_length + 1 < sizeof s->sequence) text[s->sequence_length++] = c;
  text[s->sequence_length] = '\0';
  bool osc = text[1] == ']', done = false;
  if (s->sequence_length == 1) return;
  if (osc) done = c == '\a';
  else if (text[1] == '[') done = s->sequence_length > 2 && c >= 0x40 && c <= 0x7e;
  else if (text[1] == '(' || text[1] == ')') done = s->sequence_length == 3;
  else done = true;
  if (!done) return;
  int a = 0, b = 0;
  if (text[1] == '[' && text[2] != '?' && sscanf(text + 2, "%d;%d", &a, &b) < 1) sscanf(text + 2, ";%d", &b);
  if (text[1] == '[' && text[2] != '?') control(s, c, a, b);
  s->sequence_length = 0;
}

static void plain_byte(Screen *s, char c) {
  switch (c) {
    case '\r': move(s, s->row, 0); return;
    case '\n': line_feed(s); return;
    case '\b': move(s, s->row, s->column - 1); return;
    case '\t': move(s, s->row, (s->column / 8 + 1) * 8); return;
    default: break;
  }
  if ((unsigned char)c < 32) return;
  char *text = s->character;
  text[s->character_length++] = c;
  text[s->character_length] = '\0';
  unsigned char first = (unsigned char)text[0];
  size_t wanted = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (s->character_length < wanted) return;
  put_character(s, text, s->character_length);
  s->character_length = 0;
}

void screen_feed(Screen *s, const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    s->escapes = s->escapes || bytes[i] == '\033';
    if (s->sequence_length > 0 || bytes[i] == '\033') sequence_byte(s, bytes[i]);
    else plain_byte(s, bytes[i]);
  }
}
