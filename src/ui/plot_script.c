/* plot_script.c - a figure as gnuplot commands */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every string goes through th_gnuplot_quote and every terminal is set to `noenhanced`, so that text is
 * text. Ranges are set here, never left to gnuplot. Data are binary doubles behind the plot command; in a
 * script that is saved for people they are blocks of text before it. */
#include "ui/plot_script.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/gnuplot.h"
#include "ui/plot_range.h"
#include "val/basic.h"

enum {
  TITLE_LIMIT = 120,  /* characters of a title or axis label */
  LABEL_LIMIT = 60,   /* of an entry in the key */
  NAME_LIMIT = 24,    /* under a bar */
  MANY_POINTS = 5000, /* from which on points that hide behind others are looked for */
  THIN_BUCKETS = 2000 /* stretches of x into which a long line is thinned */
};

/* 300 dots per inch for files of dots: 6.4 by 4 inches are 1920 by 1200. */
static const ThPlotFormat formats[] = {
    {"png", "pngcairo", "fontscale 3.4 linewidth 4 pointscale 3.2", 300, 12, false, false},
    {"png", "png", "linewidth 4", 300, 38, false, false},
    {"pdf", "pdfcairo", "linewidth 1.6 pointscale 0.6 rounded", 1, 12, true, false},
    {"svg", "svg", "linewidth 1.3 dynamic rounded background '#ffffff'", 100, 16, true, false},
    {"eps", "epscairo", "linewidth 1.6 pointscale 0.6 rounded", 1, 12, true, false},
    {"webp", "webp", "linewidth 2", 150, 12, true, false},
    {"gif", "gif", "linewidth 2", 150, 20, true, false},
    {"qt", "qt", "linewidth 1.6 noraise", 130, 13, false, true},
    {"wxt", "wxt", "linewidth 1.6 noraise", 130, 13, false, true},
    {"x11", "x11", "linewidth 2 noraise", 130, 13, false, true},
    {"aqua", "aqua", "", 130, 13, false, true},
};

const ThPlotFormat *th_plot_format_at(size_t i) {
  return i < sizeof formats / sizeof *formats ? &formats[i] : NULL;
}

/* --- What stands before the data */

/* Text with a line end instead of a blank where a line would pass `columns`. */
static void break_lines(const char *text, size_t columns, ThText *out) {
  size_t used = 0;
  for (size_t i = 0, size; text[i]; i += size) {
    size = strcspn(text + i + 1, " \n") + 1;
    size_t width = th_utf8_width(text + i, size);
    bool breaks = text[i] == ' ' && used > 0 && used + width > columns;
    if (breaks) th_text_char(out, '\n');
    th_text_bytes(out, text + i + (breaks ? 1 : 0), size - (breaks ? 1 : 0));
    used = breaks || text[i] == '\n' ? width : used + width;
  }
}

/* One line of `set`: a command and a string value; nothing without one. */
static void set_text(const char *what, ThValue text, size_t columns, const char *rest, ThText *out) {
  if (!th_is_string(text)) return;
  ThText lines;
  th_text_init(&lines, out->heap);
  break_lines(th_as_string(text)->text, columns, &lines);
  th_text_format(out, "set %s ", what);
  th_gnuplot_quote(th_text_string(&lines), TITLE_LIMIT, out);
  th_text_format(out, " noenhanced%s\n", rest);
  if (lines.failed) out->failed = true;
  th_text_clear(&lines);
}

static void set_terminal(const ThFigure *figure, const ThPlotFormat *format, bool persist, ThText *out) {
  double width = figure->width > 0 ? figure->width : 6.4, height = figure->height > 0 ? figure->height : 4;
  double unit = format->per_inch, most = 100;
  width = fmin(fmax(width, 1), most) * unit;
  height = fmin(fmax(height, 1), most) * unit;
  const char *inch = strcmp(format->terminal, "pdfcairo") == 0 || strcmp(format->terminal, "epscairo") == 0
                         ? "in"
                         : "";
  th_text_format(out, "set terminal %s noenhanced size %.6g%s,%.6g%s font 'DejaVu Sans,%d' %s%s\n",
                 format->terminal, width, inch, height, inch, format->font_size, format->options,
                 persist && format->window ? " persist" : "");
}

/* Light lines behind, two axes, no box: what the picture is about stands out. */
static void set_theme(const ThFigure *figure, int title_size, ThText *out) {
  th_text_add(out, "set encoding utf8\n"
                   "set border 3 lc rgb '#606060' lw 0.8\n"
                   "set tics out nomirror scale 0.6 noenhanced textcolor rgb '#202020'\n"
                   "set grid xtics ytics back lt 1 lc rgb '#dddddd' lw 0.6\n"
                   "set format '%g'\n"
                   "set errorbars 0.8\n");
  char font[40] = "";
  if (title_size) snprintf(font, sizeof font, " font 'DejaVu Sans,%d'", title_size);
  set_text("title", figure->title, 46, font, out);
  set_text("xlabel", figure->xlabel, 46, "", out);
  set_text("ylabel", figure->ylabel, 28, "", out);
  if (figure->log_x) th_text_add(out, "set logscale x\n");
  if (figure->log_y) th_text_add(out, "set logscale y\n");
  if (figure->equal) th_text_add(out, "set size ratio -1\n");
}

static void set_key(const ThFigure *figure, const ThPlotRange *range, ThText *out) {
  static const char *const corners[] = {"top right Right noreverse", "top left Left reverse",
                                        "bottom right Right noreverse", "bottom left Left reverse"};
  size_t n = 0;
  for (size_t i = 0; i < figure->n_series; i++)
    n += th_series_label(&figure->series[i]) && th_series_length(&figure->series[i]) > 0;
  if (n == 0) th_text_add(out, "unset key\n");
  else if (n > 8)
    th_text_add(out, "set key outside right top Left reverse samplen 1.5 spacing 1.1 noenhanced\n");
  else
    th_text_format(out, "set key %s samplen 2 spacing 1.2 opaque noenhanced\n",
                   corners[th_plot_key_corner(figure, range, n)]);
}

static void set_range(const char *axis, const double range[2], ThText *out) {
  th_text_format(out, "set %srange [%.17g:%.17g]\n", axis, range[0], range[1]);
}

/* The names under bars; a `%` in them would be a format. */
static void set_bar_name(const char *name, double position, bool first, ThText *out) {
  size_t start = out->length;
  th_text_add(out, first ? "" : ", ");
  th_gnuplot_quote(name, NAME_LIMIT, out);
  for (size_t i = start; !out->failed && i < out->length; i++) {
    if (out->data[i] != '%') continue;
    th_text_char(out, '%');
    if (out->failed) return;
    memmove(out->data + i + 1, out->data + i, out->length - i - 1);
    i++;
  }
  th_text_format(out, " %.17g", position);
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

static void set_bar_names(const ThSeries *series, ThText *out) {
  const ThList *names = th_as_list(series->labels);
  size_t n = th_series_length(series), longest = 0, count = names->length < n ? names->length : n;
  for (size_t i = 0; i < count; i++)
    if (th_is_string(names->items[i])) longest = larger(longest, th_as_string(names->items[i])->code_points);
  th_text_format(out, "set xtics scale 0 %s (", longest * count > 44 ? "rotate by 35 right" : "norotate");
  bool first = true;
  for (size_t i = 0; i < count; i++) {
    if (!th_is_string(names->items[i])) continue;
    set_bar_name(th_as_string(names->items[i])->text, th_array_real(series->columns[0], i), first, out);
    first = false;
  }
  th_text_add(out, ")\nset grid noxtics\n");
}

static void set_all_bar_names(const ThFigure *figure, ThText *out) {
  for (size_t i = 0; i < figure->n_series; i++) {
    if (figure->series[i].mark != TH_MARK_BARS || !th_is_list(figure->series[i].labels)) continue;
    set_bar_names(&figure->series[i], out);
    return;
  }
}

static void preamble(const ThFigure *figure, int title_size, ThText *out) {
  ThPlotRange range;
  th_plot_range(figure, &range);
  set_theme(figure, title_size, out);
  set_key(figure, &range, out);
  set_range("x", range.x, out);
  set_range("y", range.y, out);
  set_all_bar_names(figure, out);
}

/* --- Data */

/* The columns of a series as doubles of its own; what is not finite is NaN, where a line breaks. */
typedef struct Columns {
  size_t n, n_columns, size;
  double *data; /* row by row: (n, n_columns) */
} Columns;

static bool copy_columns(ThContext *cx, const ThSeries *series, Columns *c) {
  c->n = th_series_length(series);
  c->n_columns = series->columns[2] ? 3 : 2;
  c->size = c->n * c->n_columns * sizeof(double);
  c->data = th_alloc(cx, c->size);
  if (!c->data) return false;
  for (size_t j = 0; j < c->n_columns; j++)
    for (size_t i = 0; i < c->n; i++) {
      double v = th_array_real(series->columns[j], i);
      c->data[i * c->n_columns + j] = isfinite(v) ? v : (double)NAN;
    }
  return true;
}

static bool can_thin(const Columns *c, ThMark mark) {
  if ((mark != TH_MARK_LINE && mark != TH_MARK_DASHED) || c->n <= 8 * THIN_BUCKETS) return false;
  for (size_t i = 0; i < c->n; i++)
    if (isnan(c->data[2 * i] + c->data[2 * i + 1]) || (i > 0 && c->data[2 * i] < c->data[2 * i - 2]))
      return false;
  return c->data[2 * c->n - 2] > c->data[0];
}

/* A line of more points than a picture has columns looks the same when of each narrow stretch only the
 * first, lowest, highest and last are kept. */
static void thin(Columns *c) {
  double from = c->data[0], scale = THIN_BUCKETS / (c->data[2 * c->n - 2] - from);
  size_t kept = 0;
  for (size_t i = 0, end; i < c->n; i = end) {
    size_t low = i, high = i;
    double bucket = floor((c->data[2 * i] - from) * scale);
    for (end = i; end < c->n && floor((c->data[2 * end] - from) * scale) == bucket; end++) {
      if (c->data[2 * end + 1] < c->data[2 * low + 1]) low = end;
      if (c->data[2 * end + 1] > c->data[2 * high + 1]) high = end;
    }
    size_t keep[4] = {i, low < high ? low : high, low < high ? high : low, end - 1};
    for (size_t k = 0; k < 4; k++) {
      if (k > 0 && keep[k] == keep[k - 1]) continue;
      c->data[2 * kept] = c->data[2 * keep[k]];
      c->data[2 * kept + 1] = c->data[2 * keep[k] + 1];
      kept++;
    }
  }
  c->n = kept;
}

/* Points that would fall on a dot that is taken already are left out: the picture is the same. */
static bool thin_points(ThContext *cx, const ThFigure *figure, Columns *c) {
  enum { ACROSS = 1920, UP = 1200, SIZE = ACROSS * UP / 8 };
  ThPlotRange range;
  unsigned char *taken = th_alloc(cx, SIZE);
  if (!taken) return false;
  memset(taken, 0, SIZE);
  th_plot_range(figure, &range);
  size_t kept = 0;
  for (size_t i = 0; i < c->n; i++) {
    double x = th_plot_unit(c->data[2 * i], range.x, figure->log_x),
           y = th_plot_unit(c->data[2 * i + 1], range.y, figure->log_y);
    if (!(x >= 0 && x < 1 && y >= 0 && y < 1)) continue;
    size_t dot = (size_t)(y * UP) * ACROSS + (size_t)(x * ACROSS);
    if (taken[dot / 8] >> dot % 8 & 1) continue;
    taken[dot / 8] = (unsigned char)(taken[dot / 8] | 1u << dot % 8);
    c->data[2 * kept] = c->data[2 * i];
    c->data[2 * kept + 1] = c->data[2 * i + 1];
    kept++;
  }
  c->n = kept;
  th_free(cx, taken, SIZE);
  return true;
}

static bool prepare(ThContext *cx, const ThFigure *figure, const ThSeries *series, bool may_thin,
                    Columns *c) {
  if (!copy_columns(cx, series, c)) return false;
  if (may_thin && can_thin(c, series->mark)) thin(c);
  if (!may_thin || series->mark != TH_MARK_POINTS || c->n <= MANY_POINTS || thin_points(cx, figure, c))
    return true;
  th_free(cx, c->data, c->size);
  return false;
}

static void add_block(const Columns *c, size_t number, ThText *out) {
  th_text_format(out, "$series%zu << END_OF_SERIES\n", number + 1);
  for (size_t i = 0; i < c->n; i++)
    for (size_t j = 0; j < c->n_columns; j++) {
      double v = c->data[i * c->n_columns + j];
      if (isnan(v)) th_text_add(out, "NaN");
      else th_text_format(out, "%.17g", v);
      th_text_char(out, j + 1 < c->n_columns ? ' ' : '\n');
    }
  th_text_add(out, "END_OF_SERIES\n");
}

/* --- The plot command */

/* Marks of points by series: colour is not the only difference. */
static const int point_types[] = {7, 5, 9, 13, 11, 6, 4};

static void add_style(const ThSeries *s, size_t number, int color, bool only_bars, ThText *out) {
  unsigned rgb = th_plot_palette[color];
  int point = point_types[number % (sizeof point_types / sizeof *point_types)];
  size_t n = th_series_length(s);
  double size = n <= 100 ? 1.1 : n <= 1000 ? 0.7 : n <= 10000 ? 0.4 : 0.2;
  switch (s->mark) {
    case TH_MARK_LINE: th_text_format(out, " with lines lw 2.2 dt solid lc rgb '#%06x'", rgb); return;
    case TH_MARK_POINTS:
      th_text_format(out, " with points pt %d ps %g lc rgb '#%06x'", point, size, rgb);
      return;
    case TH_MARK_ERRORBARS:
      th_text_format(out, " with yerrorbars pt %d ps %g lw 1.4 lc rgb '#%06x'", point, size, rgb);
      return;
    case TH_MARK_BAND:
      th_text_format(out, " with filledcurves fs transparent solid 0.25 noborder lc rgb '#%06x'", rgb);
      return;
    case TH_MARK_IMPULSES:
      th_text_format(out, " with impulses lw %g lc rgb '#%06x'", n <= 60 ? 4.5 : 2, rgb);
      return;
    case TH_MARK_BARS:
      th_text_format(out, " with boxes fs %s border rgb '#ffffff' lc rgb '#%06x'",
                     only_bars ? "solid 0.85" : "transparent solid 0.45", rgb);
      return;
    case TH_MARK_DASHED: th_text_format(out, " with lines lw 1.8 dt (9,6) lc rgb '#%06x'", rgb); return;
  }
}

static void add_title(const ThSeries *series, ThText *out) {
  const char *label = th_series_label(series);
  if (!label) {
    th_text_add(out, " notitle");
    return;
  }
  th_text_add(out, " title ");
  th_gnuplot_quote(label, LABEL_LIMIT, out);
}

/* What is being written. */
typedef struct Script {
  ThContext *cx;
  const ThFigure *figure;
  bool binary;
  Columns *columns; /* one per series */
  int *colors;
  ThText *out;
} Script;

static bool has_bars_only_once(const ThFigure *figure) {
  return figure->n_series == 1 && figure->series[0].mark == TH_MARK_BARS;
}

static void add_element(const Script *s, size_t i, bool first) {
  static const char *const formats_of[] = {"", "", "%double%double", "%double%double%double"};
  const Columns *c = &s->columns[i];
  th_text_add(s->out, first ? "plot " : ", ");
  if (s->binary)
    th_text_format(s->out, "'-' binary record=(%zu) format='%s' using 1:2%s", c->n, formats_of[c->n_columns],
                   c->n_columns == 3 ? ":3" : "");
  else th_text_format(s->out, "$series%zu using 1:2%s", i + 1, c->n_columns == 3 ? ":3" : "");
  add_style(&s->figure->series[i], i, s->colors[i], has_bars_only_once(s->figure), s->out);
  add_title(&s->figure->series[i], s->out);
}

/* Elements in the order of their layers; then, when binary, their data in the same order. */
static void add_plot(const Script *s) {
  bool first = true;
  for (int layer = 0; layer < 4; layer++)
    for (size_t i = 0; i < s->figure->n_series; i++) {
      if (th_plot_layer(s->figure->series[i].mark) != layer || s->columns[i].n == 0) continue;
      add_element(s, i, first);
      first = false;
    }
  /* nothing to show: axes without a curve */
  th_text_add(s->out, first ? "plot NaN notitle\n" : "\n");
  for (int layer = 0; s->binary && layer < 4; layer++)
    for (size_t i = 0; i < s->figure->n_series; i++) {
      const Columns *c = &s->columns[i];
      if (th_plot_layer(s->figure->series[i].mark) == layer && c->n > 0)
        th_text_bytes(s->out, (const char *)c->data, c->n * c->n_columns * sizeof(double));
    }
}

static bool add_figure(ThContext *cx, const ThFigure *figure, bool binary, ThText *out) {
  size_t n = figure->n_series, filled = 0;
  Script s = {.cx = cx, .figure = figure, .binary = binary, .out = out};
  s.columns = th_alloc_array(cx, n, sizeof *s.columns);
  s.colors = s.columns ? th_alloc_array(cx, n, sizeof *s.colors) : NULL;
  bool ok = s.colors;
  while (ok && filled < n && (ok = prepare(cx, figure, &figure->series[filled], binary, &s.columns[filled])))
    filled++;
  if (ok) {
    th_plot_assign_colors(figure, s.colors);
    for (size_t i = 0; !binary && i < n; i++) add_block(&s.columns[i], i, out);
    add_plot(&s);
    ok = th_text_ok(out, cx);
  }
  for (size_t i = 0; i < filled; i++) th_free(cx, s.columns[i].data, s.columns[i].size);
  th_free(cx, s.colors, n * sizeof *s.colors);
  th_free(cx, s.columns, n * sizeof *s.columns);
  return ok;
}

bool th_plot_script(ThContext *cx, const ThFigure *figure, const ThPlotFormat *format, bool persist,
                    ThText *out) {
  th_text_add(out, "reset\n");
  set_terminal(figure, format, persist, out);
  preamble(figure, format->font_size + 1 + format->font_size / 10, out);
  if (!add_figure(cx, figure, !format->window, out)) return false;
  if (format->whole) th_text_add(out, "\nset terminal unknown\n");
  return th_text_ok(out, cx);
}

bool th_plot_script_plain(ThContext *cx, const ThFigure *figure, const char *terminal, ThText *out) {
  th_text_format(out, "reset\nset terminal %s\n", terminal);
  if (strcmp(terminal, "dumb") == 0)
    th_text_format(out, "set terminal dumb noenhanced size %d,%d\n", cx->settings.width - 1,
                   cx->settings.height - 2);
  preamble(figure, 0, out);
  return add_figure(cx, figure, true, out) && th_text_ok(out, cx);
}

bool th_plot_script_file(ThContext *cx, const ThFigure *figure, ThText *out) {
  th_text_add(out, "# Drawn by Theta. To see it:  gnuplot --persist FILE\nreset\n");
  preamble(figure, 0, out);
  return add_figure(cx, figure, false, out) && th_text_ok(out, cx);
}
