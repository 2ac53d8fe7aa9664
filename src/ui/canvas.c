/* canvas.c - a drawing in characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cell holds one character, or up to eight dots shown as a Braille pattern: an 80 by 24 terminal has
 * 160 by 96 dots. Where there is no UTF-8 a cell's dots become one of  ' . *  by where they lie. */
#include "ui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

bool th_canvas_init(ThContext *cx, ThCanvas *canvas, int width, int height, ThCanvasStyle style) {
  *canvas = (ThCanvas){.cx = cx, .style = style, .width = width, .height = height, .ink = -1};
  size_t n = (size_t)width * (size_t)height;
  canvas->cells = th_alloc_array(cx, n, sizeof *canvas->cells);
  if (!canvas->cells) return false;
  for (size_t i = 0; i < n; i++) canvas->cells[i] = (ThCanvasCell){.color = -1, .ink = -1, .paper = -1};
  return true;
}

void th_canvas_clear(ThCanvas *canvas) {
  th_free(canvas->cx, canvas->cells, (size_t)canvas->width * (size_t)canvas->height * sizeof *canvas->cells);
  canvas->cells = NULL;
}

static ThCanvasCell *cell_at(const ThCanvas *canvas, int row, int column) {
  if (row < 0 || row >= canvas->height || column < 0 || column >= canvas->width) return NULL;
  return &canvas->cells[(size_t)row * (size_t)canvas->width + (size_t)column];
}

static void set_color_of(const ThCanvas *canvas, ThCanvasCell *cell, int color) {
  cell->color = (signed char)color;
  cell->ink = color < 0 ? canvas->ink : -1;
}

void th_canvas_dot(ThCanvas *canvas, int x, int y, int color) {
  static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  if (x < 0 || y < 0) return;
  ThCanvasCell *cell = cell_at(canvas, y / 4, x / 2);
  if (!cell) return;
  cell->dots |= bits[y % 4][x % 2];
  set_color_of(canvas, cell, color);
}

/* Bresenham's line: steps along the longer direction, carrying the error of the shorter one. */
void th_canvas_line(ThCanvas *canvas, const int from[2], const int to[2], int color, int on, int period,
                    int *phase) {
  int dx = abs(to[0] - from[0]), dy = -abs(to[1] - from[1]);
  int step_x = from[0] < to[0] ? 1 : -1, step_y = from[1] < to[1] ? 1 : -1;
  int x = from[0], y = from[1], error = dx + dy;
  for (;;) {
    if ((*phase)++ % period < on) th_canvas_dot(canvas, x, y, color);
    if (x == to[0] && y == to[1]) return;
    int twice = 2 * error;
    if (twice >= dy) error += dy, x += step_x;
    if (twice <= dx) error += dx, y += step_y;
  }
}

static void set_glyph(const ThCanvas *canvas, ThCanvasCell *cell, const char *glyph, size_t length, int color,
                      bool behind) {
  if (length >= TH_CELL_SIZE) length = TH_CELL_SIZE - 1;
  memcpy(cell->glyph, glyph, length);
  cell->glyph[length] = '\0';
  cell->behind = behind;
  set_color_of(canvas, cell, color);
}

void th_canvas_glyph(ThCanvas *canvas, int row, int column, const char *glyph, int color, bool behind) {
  ThCanvasCell *cell = cell_at(canvas, row, column);
  if (!cell || (behind && (cell->dots || (cell->glyph[0] && !cell->behind)))) return;
  set_glyph(canvas, cell, glyph, strlen(glyph), color, behind);
}

/* The nearest of the 6 × 6 × 6 colours of a terminal. */
static short nearest_of_256(unsigned rgb) {
  int code = 16;
  for (int k = 0; k < 3; k++) {
    int level = (int)(rgb >> (16 - 8 * k) & 0xFF), step = level < 48    ? 0
                                                          : level < 115 ? 1
                                                                        : (level - 35) / 40;
    code += step * (k == 0 ? 36 : k == 1 ? 6 : 1);
  }
  return (short)code;
}

void th_canvas_halves(ThCanvas *canvas, int row, int column, unsigned upper, unsigned lower) {
  ThCanvasCell *cell = cell_at(canvas, row, column);
  if (!cell) return;
  set_glyph(canvas, cell, "▀", strlen("▀"), -1, true);
  cell->ink = nearest_of_256(upper);
  cell->paper = nearest_of_256(lower);
}

void th_canvas_ink(ThCanvas *canvas, long rgb) {
  canvas->ink = rgb >= 0 && canvas->style.colors >= 256 ? nearest_of_256((unsigned)rgb) : -1;
}

void th_canvas_place(ThCanvas *canvas, const ThCanvas *part, int row, int column) {
  for (int i = 0; i < part->height; i++)
    for (int j = 0; j < part->width; j++) {
      ThCanvasCell *cell = cell_at(canvas, row + i, column + j);
      if (cell) *cell = *cell_at(part, i, j);
    }
}

/* The bytes of the character at text + i and of the combining marks behind it. */
static size_t cluster_size(const char *text, size_t i, size_t length) {
  size_t size, total;
  th_utf8_decode(text + i, length - i, &total);
  while (i + total < length) {
    uint32_t c = th_utf8_decode(text + i + total, length - i - total, &size);
    if (c == TH_UTF8_INVALID || !th_utf8_is_mark(c)) break;
    total += size;
  }
  return total;
}

int th_canvas_text(ThCanvas *canvas, int row, int column, const char *text, int width, int color) {
  size_t length = strlen(text), size;
  bool cut = (int)th_utf8_width(text, length) > width;
  int used = 0;
  for (size_t i = 0; i < length; i += size) {
    size = cluster_size(text, i, length);
    int columns = (int)th_utf8_width(text + i, size);
    bool control = (unsigned char)text[i] < 32;
    if (control) columns = 1;
    if (used + columns > width - (cut ? 1 : 0)) break;
    ThCanvasCell *cell = cell_at(canvas, row, column + used);
    if (cell) set_glyph(canvas, cell, control ? " " : text + i, control ? 1 : size, color, false);
    ThCanvasCell *next = columns == 2 ? cell_at(canvas, row, column + used + 1) : NULL;
    if (next) next->covered = true;
    used += columns;
  }
  if (!cut || width < 1) return used;
  th_canvas_glyph(canvas, row, column + used, canvas->style.utf8 ? "…" : "~", color, false);
  return used + 1;
}

/* --- Printing */

static char plain_dots(uint8_t dots) {
  uint8_t upper = 0x1B, lower = 0xE4;
  if (!(dots & lower)) return '\'';
  return dots & upper ? '*' : '.';
}

static void set_color(const ThCanvasCell *cell, int colors, ThText *out) {
  /* 0: the terminal's own; the last is the grey of what was before */
  static const int of_256[] = {33, 202, 35, 170, 214, 74, 0, 245}, of_8[] = {34, 31, 32, 35, 33, 36, 0, 90};
  size_t n = sizeof of_8 / sizeof *of_8;
  int color = cell->color;
  if (cell->ink >= 0 || cell->paper >= 0) {
    th_text_add(out, "\033[0m");
    if (cell->ink >= 0) th_text_format(out, "\033[38;5;%dm", cell->ink);
    if (cell->paper >= 0) th_text_format(out, "\033[48;5;%dm", cell->paper);
    return;
  }
  if (color < 0 || (size_t)color >= n || of_8[color] == 0) th_text_add(out, "\033[0m");
  else if (colors >= 256) th_text_format(out, "\033[38;5;%dm", of_256[color]);
  else th_text_format(out, "\033[%dm", of_8[color]);
}

static bool same_color(const ThCanvasCell *a, const ThCanvasCell *b) {
  return a->color == b->color && a->ink == b->ink && a->paper == b->paper;
}

static bool is_blank(const ThCanvasCell *cell) {
  return !cell->dots && !cell->covered && (!cell->glyph[0] || strcmp(cell->glyph, " ") == 0);
}

static void print_cell(const ThCanvas *canvas, const ThCanvasCell *cell, ThText *out) {
  if (cell->covered) return;
  if (cell->dots && (!cell->glyph[0] || cell->behind)) {
    if (canvas->style.utf8) th_text_code_point(out, 0x2800u + cell->dots);
    else th_text_char(out, plain_dots(cell->dots));
    return;
  }
  th_text_add(out, cell->glyph[0] ? cell->glyph : " ");
}

static void print_row(const ThCanvas *canvas, int row, ThText *out) {
  static const ThCanvasCell plain = {.color = -1, .ink = -1, .paper = -1};
  const ThCanvasCell *before = &plain;
  int end = canvas->width;
  while (end > 0 && is_blank(cell_at(canvas, row, end - 1))) end--;
  for (int column = 0; column < end; column++) {
    const ThCanvasCell *cell = cell_at(canvas, row, column);
    bool sets = canvas->style.colors && (!is_blank(cell) || before->paper >= 0) && !same_color(cell, before);
    if (sets && before->paper >= 0 && cell->paper < 0) th_text_add(out, "\033[0m");
    if (sets) set_color(cell, canvas->style.colors, out), before = cell;
    print_cell(canvas, cell, out);
  }
  if (!same_color(before, &plain)) th_text_add(out, "\033[0m");
  th_text_char(out, '\n');
}

void th_canvas_print(const ThCanvas *canvas, ThText *out) {
  for (int row = 0; row < canvas->height; row++) print_row(canvas, row, out);
}
