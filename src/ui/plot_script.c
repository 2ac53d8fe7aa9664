/* plot_script.c - a figure as gnuplot commands */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every string goes through th_gnuplot_quote and every terminal is set to `noenhanced`, so that text is
 * text. Ranges are set here, never left to gnuplot. Data are binary doubles behind the plot command; in a
 * script that is saved for people they are blocks of text before it. */
#include "ui/plot_script.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/size.h"
#include "base/utf8.h"
#include "ui/gnuplot.h"
#include "ui/plot_data.h"
#include "ui/plot_range.h"
#include "val/basic.h"

enum {
  TITLE_LIMIT = 120, /* characters of a title or axis label */
  LABEL_LIMIT = 54,  /* of an entry in the key */
  NAME_LIMIT = 24,   /* under a bar */
};

/* 300 dots per inch for files of dots: 6.4 by 4 inches are 1920 by 1200. */
static const ThPlotFormat formats[] = {
    {"png", "pngcairo", "fontscale 3.4 linewidth 4 pointscale 3.2", 300, 12, false, false},
    {"png", "png", "linewidth 4", 300, 38, false, false},
    {"pdf", "pdfcairo", "fontscale 0.9 linewidth 2 pointscale 0.7 rounded", 1, 12, true, false},
    {"svg", "svg", "linewidth 1.3 dynamic rounded background '#ffffff'", 100, 16, true, false},
    {"eps", "epscairo", "fontscale 0.9 linewidth 2 pointscale 0.7 rounded", 1, 12, true, false},
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

static void set_bar_names(const ThSeries *series, ThText *out) {
  const ThList *names = th_as_list(series->labels);
  size_t n = th_series_length(series), longest = 0, count = names->length < n ? names->length : n;
  for (size_t i = 0; i < count; i++)
    if (th_is_string(names->items[i]))
      longest = th_larger(longest, th_as_string(names->items[i])->code_points);
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

/* The size of a picture in inches, and how its letters are scaled: small pictures have smaller ones. */
typedef struct Size {
  double width, height, letters;
} Size;

static Size size_of(const ThFigure *figure) {
  double width = figure->width > 0 ? figure->width : 6.4, height = figure->height > 0 ? figure->height : 4;
  width = fmin(fmax(width, 1), 100);
  height = fmin(fmax(height, 1), 100);
  return (Size){width, height, fmin(fmax(sqrt(width * height / (6.4 * 4)), 0.5), 2)};
}

static int font_size(const ThPlotFormat *format, Size size) {
  return (int)(format->font_size * size.letters + 0.5);
}

static void set_terminal(const ThPlotFormat *format, Size size, bool persist, ThText *out) {
  const char *unit = format->per_inch == 1 ? "in" : "";
  th_text_format(out, "set terminal %s noenhanced size %.6g%s,%.6g%s font 'DejaVu Sans,%d' %s%s\n",
                 format->terminal, size.width * format->per_inch, unit, size.height * format->per_inch, unit,
                 font_size(format, size), format->options, persist && format->window ? " persist" : "");
}

/* Makes the y axis longer by a part of the new height, for a key above the data. */
static void make_room(const ThFigure *figure, double part, ThPlotRange *range) {
  double more = part / (1 - part);
  if (figure->log_y) range->y[1] *= pow(range->y[1] / range->y[0], more);
  else range->y[1] += more * (range->y[1] - range->y[0]);
}

/* In the corner where it covers nothing; when there is none, above the data; many entries stand outside. */
static void set_key(const ThFigure *figure, ThPlotRange *range, Size size, ThText *out) {
  static const char *const corners[] = {"top right Right noreverse", "top left Left reverse",
                                        "bottom right Right noreverse", "bottom left Left reverse"};
  size_t n = 0, longest = 0;
  for (size_t i = 0; i < figure->n_series; i++) {
    const char *label = th_series_label(&figure->series[i]);
    if (!label || th_series_length(&figure->series[i]) == 0) continue;
    n++;
    longest = th_larger(longest, th_utf8_width(label, strlen(label)));
  }
  if (n == 0) {
    th_text_add(out, "unset key\n");
    return;
  }
  double width = (0.6 + 0.105 * (double)longest) * size.letters / (size.width - 1.1 * size.letters);
  double height = (0.1 + 0.25 * (double)n) * size.letters / (size.height - 1.15 * size.letters);
  int corner = n > 8 ? -1 : th_plot_key_corner(figure, range, width, height);
  if (corner < 0 && n <= 4 && width < 0.95 && isnan(figure->yrange[0])) {
    make_room(figure, height, range);
    corner = 0;
  }
  const char *place = corner >= 0 ? corners[corner]
                      : n > 8     ? "outside right top Left reverse"
                                  : "tmargin center horizontal Left reverse";
  th_text_format(out, "set key %s samplen 2 spacing 1.2 noenhanced\n", place);
}

/* Ticks a round step apart, as many as their numbers find room for; `room` in letters. */
static void set_axis(const char *axis, const double range[2], bool logarithmic, double room, bool across,
                     ThText *out) {
  enum { MOST = 9 };
  double ticks[MOST];
  th_text_format(out, "set %srange [%.17g:%.17g]\n", axis, range[0], range[1]);
  for (size_t most = MOST; !logarithmic && most >= 3; most--) {
    size_t n = th_plot_ticks(range[0], range[1], false, most, ticks);
    double used = 0;
    for (size_t i = 0; i < n; i++) used += across ? snprintf(NULL, 0, "%g", ticks[i]) + 2.5 : 2.2;
    if (n < 2 || (used > room && most > 3)) continue;
    th_text_format(out, "set %stics %.17g\n", axis, ticks[1] - ticks[0]);
    return;
  }
}

static void preamble(const ThFigure *figure, int title_size, Size size, bool window, ThText *out) {
  ThPlotRange range;
  th_plot_range(figure, &range);
  set_theme(figure, title_size, out);
  set_key(figure, &range, size, out);
  double across = 11 * (size.width / size.letters - 1), up = 5.5 * (size.height / size.letters - 1);
  set_axis("x", range.x, figure->log_x || window, across, true, out);
  set_axis("y", range.y, figure->log_y || window, up, false, out);
  set_all_bar_names(figure, out);
}

/* --- The plot command */

/* Marks of points by series: colour is not the only difference. */
static const int point_types[] = {7, 5, 9, 13, 11, 6, 4};

/* What is being written. */
typedef struct Script {
  const ThFigure *figure;
  bool binary;
  ThPlotData *data; /* of each series */
  int *colors;
  size_t n_points; /* series of points so far */
  bool any;        /* an element stands in the command */
  ThText *out;
} Script;

static bool is_alone(const ThFigure *figure) { return figure->n_series == 1; }

static void add_points(Script *s, size_t n, bool past, unsigned rgb) {
  size_t number = past ? 0 : s->n_points++;
  int type = point_types[number % (sizeof point_types / sizeof *point_types)];
  double size = n <= 100 ? 1.1 : n <= 1000 ? 0.7 : n <= 10000 ? 0.4 : 0.2;
  th_text_format(s->out, " with points pt %d ps %g lc rgb '#%06x'", type, size, rgb);
}

static void add_style(Script *s, const ThSeries *series, unsigned rgb) {
  size_t n = th_series_length(series);
  switch (series->mark) {
    case TH_MARK_LINE: th_text_format(s->out, " with lines lw 2.2 dt solid lc rgb '#%06x'", rgb); return;
    case TH_MARK_DASHED: th_text_format(s->out, " with lines lw 1.8 dt (9,6) lc rgb '#%06x'", rgb); return;
    case TH_MARK_THIN: th_text_format(s->out, " with lines lw 0.9 dt solid lc rgb '#%06x'", rgb); return;
    case TH_MARK_POINTS:
    case TH_MARK_ERRORBARS: add_points(s, n, series->past, rgb); return;
    case TH_MARK_BAND:
      th_text_format(s->out, " with filledcurves fs transparent solid 0.25 noborder lc rgb '#%06x'", rgb);
      return;
    case TH_MARK_IMPULSES:
      th_text_format(s->out, " with impulses lw %g lc rgb '#%06x'", n <= 40 ? 4.5 : 2, rgb);
      return;
    case TH_MARK_BARS:
      th_text_format(s->out, " with boxes fs %s border rgb '#ffffff' lc rgb '#%06x'",
                     is_alone(s->figure) ? "solid 0.85" : "transparent solid 0.45", rgb);
      return;
  }
}

static void add_title(const ThSeries *series, ThText *out) {
  const char *label = th_series_label(series);
  th_text_add(out, label ? " title " : " notitle");
  if (label) th_gnuplot_quote(label, LABEL_LIMIT, out);
}

static void add_source(Script *s, size_t i, const char *columns) {
  static const char *const formats_of[] = {"", "", "%double%double", "%double%double%double"};
  const ThPlotData *d = &s->data[i];
  th_text_add(s->out, s->any ? ", " : "plot ");
  s->any = true;
  if (!s->binary) th_text_format(s->out, "$series%zu", i + 1);
  else th_text_format(s->out, "'-' binary record=(%zu) format='%s'", d->n, formats_of[d->n_columns]);
  th_text_format(s->out, " using %s", columns);
}

/* Error bars are drawn in two: gnuplot whitens what lies behind the points of its own. */
static bool has_bars_behind(const ThSeries *series) {
  return series->mark == TH_MARK_ERRORBARS && series->columns[2];
}

static void add_element(Script *s, size_t i) {
  const ThSeries *series = &s->figure->series[i];
  unsigned rgb = th_plot_palette[s->colors[i]];
  if (has_bars_behind(series)) {
    add_source(s, i, "1:2:3");
    th_text_format(s->out, " with yerrorbars pt 0 ps 0.01 lw 1.4 lc rgb '#%06x' notitle", rgb);
  }
  add_source(s, i, s->data[i].n_columns == 3 && !has_bars_behind(series) ? "1:2:3" : "1:2");
  add_style(s, series, rgb);
  add_title(series, s->out);
}

static void add_binary(Script *s, size_t i) {
  const ThPlotData *d = &s->data[i];
  for (int k = has_bars_behind(&s->figure->series[i]) ? 0 : 1; k < 2; k++)
    th_text_bytes(s->out, (const char *)d->data, d->n * d->n_columns * sizeof(double));
}

/* Calls for every series that has something, in the order of their layers. */
static void for_each(Script *s, void (*act)(Script *s, size_t i)) {
  for (int layer = 0; layer < TH_PLOT_LAYERS; layer++)
    for (size_t i = 0; i < s->figure->n_series; i++)
      if (th_plot_layer(&s->figure->series[i]) == layer && s->data[i].n > 0) act(s, i);
}

static void add_block(Script *s, size_t i) {
  th_text_format(s->out, "$series%zu << END_OF_SERIES\n", i + 1);
  th_plot_data_print(&s->data[i], s->out);
  th_text_add(s->out, "END_OF_SERIES\n");
}

/* Blocks of text before the command, or binary data behind it. */
static void add_plot(Script *s) {
  if (!s->binary) for_each(s, add_block);
  for_each(s, add_element);
  th_text_add(s->out, s->any ? "\n" : "plot NaN notitle\n"); /* nothing to show: axes alone */
  if (s->binary) for_each(s, add_binary);
}

static bool add_figure(ThContext *cx, const ThFigure *figure, bool binary, ThText *out) {
  size_t n = figure->n_series, filled = 0;
  Script s = {.figure = figure, .binary = binary, .out = out};
  s.data = th_alloc_array(cx, n, sizeof *s.data);
  s.colors = s.data ? th_alloc_array(cx, n, sizeof *s.colors) : NULL;
  bool ok = s.colors;
  while (ok && filled < n && (ok = th_plot_data_init(cx, figure, filled, binary, &s.data[filled]))) filled++;
  if (ok) {
    th_plot_assign_colors(figure, s.colors);
    add_plot(&s);
    ok = th_text_ok(out, cx);
  }
  while (filled > 0) th_plot_data_clear(cx, &s.data[--filled]);
  th_free(cx, s.colors, n * sizeof *s.colors);
  th_free(cx, s.data, n * sizeof *s.data);
  return ok;
}

bool th_plot_script(ThContext *cx, const ThFigure *figure, const ThPlotFormat *format, bool persist,
                    ThText *out) {
  Size size = size_of(figure);
  int letters = font_size(format, size);
  th_text_add(out, "reset\n");
  set_terminal(format, size, persist, out);
  preamble(figure, letters + 1 + letters / 10, size, format->window, out);
  if (!add_figure(cx, figure, !format->window, out)) return false;
  if (format->whole) th_text_add(out, "\nset terminal unknown\n");
  return th_text_ok(out, cx);
}

bool th_plot_script_plain(ThContext *cx, const ThFigure *figure, const char *terminal, ThText *out) {
  th_text_format(out, "reset\nset terminal %s\n", terminal);
  if (strcmp(terminal, "dumb") == 0)
    th_text_format(out, "set terminal dumb noenhanced size %d,%d\n", cx->settings.width - 1,
                   cx->settings.height - 2);
  preamble(figure, 0, size_of(figure), false, out);
  return add_figure(cx, figure, true, out) && th_text_ok(out, cx);
}

bool th_plot_script_file(ThContext *cx, const ThFigure *figure, ThText *out) {
  th_text_add(out, "# Drawn by Theta. To see it:  gnuplot --persist FILE\nreset\n");
  preamble(figure, 0, size_of(figure), true, out);
  return add_figure(cx, figure, false, out) && th_text_ok(out, cx);
}
