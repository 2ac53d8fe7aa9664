/* plot_command.c - the series of a picture as gnuplot's `plot`, with their data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_command.h"

#include "ui/gnuplot.h"
#include "ui/plot_data.h"

enum { SHARP_CELLS = 128 * 128 }; /* up to so many cells are drawn one by one: nothing smooths them */

bool th_plot_is_landscape(const ThFigure *figure) {
  for (size_t i = 0; i < figure->n_series; i++)
    if (figure->series[i].mark == TH_MARK_SURFACE) return true;
  return false;
}

/* Marks of points by series: colour is not the only difference. */
static const int point_types[] = {7, 5, 9, 13, 11, 6, 4};

/* What is being written. */
typedef struct Script {
  const ThFigure *figure;
  const ThPlotTheme *theme;
  const ThPlotWriting *writing;
  ThPlotData *data; /* of each series */
  int *colors;
  bool any; /* an element stands in the command */
  ThText *out;
} Script;

/* Points of a line that goes up and down so often that a bold one is a blot, which takes long to draw. */
enum { DENSE = 2000 };

static bool is_alone(const ThFigure *figure) { return figure->n_series == 1; }

/* How many series of points stand before this one. */
static size_t points_before(const ThFigure *figure, size_t i) {
  size_t n = 0;
  for (size_t k = 0; k < i; k++) {
    const ThSeries *s = &figure->series[k];
    n += !s->past && (s->mark == TH_MARK_POINTS || s->mark == TH_MARK_ERRORBARS);
  }
  return n;
}

static void add_points(Script *s, size_t i, unsigned rgb) {
  size_t n = th_series_length(&s->figure->series[i]);
  size_t number = s->figure->series[i].past ? 0 : points_before(s->figure, i);
  int type = point_types[number % (sizeof point_types / sizeof *point_types)];
  double size = n <= 100 ? 1.1 : n <= 1000 ? 0.7 : n <= 10000 ? 0.4 : 0.2;
  th_text_format(s->out, " with points pt %d ps %g lc rgb '#%06x'", type, size, rgb);
}

static void add_style(Script *s, size_t i) {
  const ThSeries *series = &s->figure->series[i];
  unsigned rgb = s->theme->palette[s->colors[i]];
  size_t n = th_series_length(series);
  switch (series->mark) {
    case TH_MARK_LINE:
      th_text_format(s->out, " with lines lw %g dt solid lc rgb '#%06x'", s->data[i].n > DENSE ? 0.6 : 2.2,
                     rgb);
      return;
    case TH_MARK_DASHED: th_text_format(s->out, " with lines lw 1.8 dt (9,6) lc rgb '#%06x'", rgb); return;
    case TH_MARK_THIN: th_text_format(s->out, " with lines lw 0.9 dt solid lc rgb '#%06x'", rgb); return;
    case TH_MARK_POINTS:
    case TH_MARK_ERRORBARS: add_points(s, i, rgb); return;
    case TH_MARK_BAND:
      th_text_format(s->out, " with filledcurves fs transparent solid 0.25 noborder lc rgb '#%06x'", rgb);
      return;
    case TH_MARK_IMPULSES:
      th_text_format(s->out, " with impulses lw %g lc rgb '#%06x'", n <= 40 ? 4.5 : 2, rgb);
      return;
    case TH_MARK_BARS:
      th_text_format(s->out, " with boxes fs %s border rgb '#%06x' lw 0.5 lc rgb '#%06x'",
                     is_alone(s->figure) ? "solid 0.85" : "transparent solid 0.45", s->theme->background,
                     rgb);
      return;
    case TH_MARK_ARROWS:
      th_text_format(s->out, " with vectors head filled size graph 0.016,22 lw 1.5 lc rgb '#%06x'", rgb);
      return;
    case TH_MARK_LEVELS: th_text_add(s->out, " with lines lw 1.5 lc palette"); return;
    case TH_MARK_CELLS:
      th_text_add(s->out, s->data[i].n <= SHARP_CELLS ? " with image pixels" : " with image");
      return;
    case TH_MARK_SURFACE: th_text_add(s->out, " with pm3d"); return;
  }
}

static bool is_binary(const Script *s) { return s->writing->binary || s->writing->numbers; }

/* Where binary data stand: behind the command, or in the file, into which they go. */
static void add_place(Script *s, const ThPlotData *d) {
  ThPlotNumbers *numbers = s->writing->numbers;
  if (!numbers) {
    th_text_add(s->out, "'-' binary");
    return;
  }
  th_gnuplot_quote(numbers->path, sizeof numbers->path, s->out);
  th_text_format(s->out, " binary skip=%zu", numbers->bytes.length);
  th_text_bytes(&numbers->bytes, (const char *)d->data, d->n * d->n_columns * sizeof(double));
}

static void add_source(Script *s, size_t i, const char *columns) {
  static const char *const formats_of[] = {"", "", "%double%double", "%double%double%double",
                                           "%double%double%double%double"};
  const ThPlotData *d = &s->data[i];
  th_text_add(s->out, s->any ? ", " : th_plot_is_landscape(s->figure) ? "splot " : "plot ");
  s->any = true;
  if (!is_binary(s)) th_text_format(s->out, "$series%u_%zu", s->writing->number, i + 1);
  else {
    add_place(s, d);
    if (d->n_across) th_text_format(s->out, " record=(%zu,%zu)", d->n_across, d->n / d->n_across);
    else th_text_format(s->out, " record=(%zu)", d->n);
    th_text_format(s->out, " format='%s'", formats_of[d->n_columns]);
  }
  th_text_format(s->out, " using %s", columns);
}

/* Error bars are drawn in two: gnuplot whitens what lies behind the points of its own. */
static bool has_bars_behind(const ThSeries *series) {
  return series->mark == TH_MARK_ERRORBARS && series->columns[2];
}

static void add_element(Script *s, size_t i) {
  const ThSeries *series = &s->figure->series[i];
  if (has_bars_behind(series)) {
    add_source(s, i, "1:2:3");
    th_text_format(s->out, " with yerrorbars pt 0 ps 0.01 lw 1.4 lc rgb '#%06x' notitle",
                   s->theme->palette[s->colors[i]]);
  }
  add_source(s, i,
             series->mark == TH_MARK_ARROWS                          ? "1:2:($3-$1):($4-$2)"
             : s->data[i].n_columns == 3 && !has_bars_behind(series) ? "1:2:3"
                                                                     : "1:2");
  add_style(s, i);
  th_text_add(s->out, " notitle");
}

/* The key names series in their own order, whatever is drawn first. */
static void add_key(Script *s) {
  for (size_t i = 0; i < s->figure->n_series; i++) {
    const char *label = th_series_label(&s->figure->series[i]);
    if (!label || s->data[i].n == 0 || th_mark_has_scale(s->figure->series[i].mark)) continue;
    th_text_add(s->out, ", keyentry");
    add_style(s, i);
    th_text_add(s->out, " title ");
    th_gnuplot_quote(label, s->writing->label_limit, s->out);
  }
}

static void add_binary(Script *s, size_t i) {
  const ThPlotData *d = &s->data[i];
  for (int k = has_bars_behind(&s->figure->series[i]) ? 0 : 1; k < 2; k++)
    th_text_bytes(s->out, (const char *)d->data, d->n * d->n_columns * sizeof(double));
}

/* Calls for every series that has something, in the order of their layers; in space only landscapes are drawn. */
static void for_each(Script *s, void (*act)(Script *s, size_t i)) {
  bool in_space = th_plot_is_landscape(s->figure);
  for (int layer = 0; layer < TH_PLOT_LAYERS; layer++)
    for (size_t i = 0; i < s->figure->n_series; i++)
      if (th_plot_layer(&s->figure->series[i]) == layer && s->data[i].n > 0 &&
          (!in_space || s->figure->series[i].mark == TH_MARK_SURFACE))
        act(s, i);
}

static void add_block(Script *s, size_t i) {
  th_text_format(s->out, "$series%u_%zu << END_OF_SERIES\n", s->writing->number, i + 1);
  th_plot_data_print(&s->data[i], s->out);
  th_text_add(s->out, "END_OF_SERIES\n");
}

/* Blocks of text before the command, or binary data behind it or in a file. */
static void add_plot(Script *s) {
  if (!is_binary(s)) for_each(s, add_block);
  for_each(s, add_element);
  if (s->any && !th_plot_is_landscape(s->figure)) add_key(s);
  th_text_add(s->out, s->any ? "\n" : "plot NaN notitle\n"); /* nothing to show: axes alone */
  if (s->writing->binary) for_each(s, add_binary);
}

bool th_plot_command(ThContext *cx, const ThFigure *figure, const ThPlotRange *range,
                     const ThPlotTheme *theme, const ThPlotWriting *writing, ThText *out) {
  size_t n = figure->n_series, filled = 0;
  Script s = {.figure = figure, .theme = theme, .writing = writing, .out = out};
  s.data = th_alloc_array(cx, n, sizeof *s.data);
  s.colors = s.data ? th_alloc_array(cx, n, sizeof *s.colors) : NULL;
  bool ok = s.colors;
  while (ok && filled < n &&
         (ok = th_plot_data_init(cx, figure, filled, range, writing->dots, &s.data[filled])))
    filled++;
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
