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
#include "ui/plot_command.h"
#include "val/basic.h"

enum {
  TITLE_LIMIT = 120, /* characters of a title or axis label */
  LABEL_LIMIT = 54,  /* of an entry in the key, where there is room */
  NAME_LIMIT = 24,   /* under a bar */
  MANY_DOTS = 2000,  /* across a picture that has none, or may be enlarged */
};

/* 300 dots per inch for files of dots: 6.4 by 4 inches are 1920 by 1200. */
static const ThPlotFormat formats[] = {
    {"png", "pngcairo", "rounded", 300, 12, 3.4, 4, 3.2, .whole = false},
    {"png", "png", "", 300, 38, 0, 4, 0, .whole = false},
    {"pdf", "pdfcairo", "rounded", 1, 12, 0.9, 2, 0.7, .whole = true},
    {"svg", "svg", "dynamic rounded background '#ffffff'", 100, 16, 0, 1.3, 0, .whole = true},
    {"eps", "epscairo", "rounded", 1, 12, 0.9, 2, 0.7, .whole = true},
    {"webp", "webp", "", 150, 12, 1.7, 2, 1.6, .whole = true, .ticks = 1000},
    {"gif", "gif", "", 150, 20, 0, 2, 0, .whole = true, .ticks = 100},
    {"sixel", "sixelgd", "truecolor", 110, 13, 0, 1.6, 0, .whole = true, .inside = true},
    {"screen", "pngcairo", "rounded", 110, 12, 1.25, 1.6, 1.2, .inside = true},
    {"qt", "qt", "noraise", 130, 13, 0, 1.6, 0, .window = true},
    {"wxt", "wxt", "noraise", 130, 13, 0, 1.6, 0, .window = true},
    {"x11", "x11", "noraise", 130, 13, 0, 2, 0, .window = true},
    {"aqua", "aqua", "", 130, 13, 0, 1.5, 0, .window = true},
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

/* Light lines behind, two axes, no box: what the picture is about stands out. A map has a frame and no lines. */
static void set_theme(const ThFigure *figure, const ThPlotTheme *theme, int title_size, ThText *out) {
  bool map = th_plot_has_scale(figure);
  th_text_format(out,
                 "set encoding utf8\n"
                 "set border %d lc rgb '#%06x' lw 0.8\n"
                 "set tics out nomirror scale 0.6 noenhanced textcolor rgb '#%06x'\n"
                 "set key textcolor rgb '#%06x'\n"
                 "set format '%%g'\n"
                 "set errorbars 0.8\n",
                 map ? 31 : 3, theme->axis, theme->text, theme->text);
  if (!map) th_text_format(out, "set grid xtics ytics back lt 1 lc rgb '#%06x' lw 0.6\n", theme->grid);
  char font[40] = "", color[64];
  if (title_size) snprintf(font, sizeof font, " font 'DejaVu Sans,%d'", title_size);
  snprintf(color, sizeof color, " textcolor rgb '#%06x'%s", theme->text, font);
  set_text("title", figure->title, 46, color, out);
  color[strlen(color) - strlen(font)] = '\0';
  set_text("xlabel", figure->xlabel, 46, color, out);
  set_text("ylabel", figure->ylabel, 28, color, out);
  if (figure->log_x) th_text_add(out, "set logscale x\n");
  if (figure->log_y) th_text_add(out, "set logscale y\n");
  if (figure->equal) th_text_add(out, "set size ratio -1\n");
}

/* The colours of z, and what they mean beside the picture. Lines leave out the colours that the background hides. */
static void set_scale(const ThFigure *figure, const ThPlotTheme *theme, const double z[2], ThText *out) {
  if (!th_plot_has_scale(figure)) return;
  bool cells = th_plot_has_cells(figure);
  double from = cells ? 0 : theme->scale_from, to = cells ? 1 : theme->scale_to;
  th_text_add(out, "set palette defined (");
  for (int k = 0; k <= TH_PLOT_SCALE_STEPS; k++)
    th_text_format(out, "%s%d '#%06x'", k ? ", " : "", k,
                   th_plot_scale_color(from + (to - from) * k / TH_PLOT_SCALE_STEPS));
  th_text_format(out, ")\nset cbrange [%.17g:%.17g]\n", z[0], z[1]);
  if (th_plot_is_landscape(figure))
    th_text_format(out,
                   "unset colorbox\nset view 56,38\nset xyplane relative 0.02\n"
                   "set pm3d depthorder border lc rgb '#%06x' lw 0.3\nset tics nooffset\nset border 895\n",
                   theme->axis);
  else th_text_add(out, "set colorbox noborder\n");
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

static double limited(double given, double otherwise) {
  return fmin(fmax(given > 0 ? given : otherwise, 1), 100);
}

static Size size_of(double width, double height) {
  return (Size){width, height, fmin(fmax(sqrt(width * height / (6.4 * 4)), 0.5), 2)};
}

/* Of the whole. Letters of panels have the size that fits one of them. */
static Size whole_size(const ThFigure *figure) {
  const ThFigure *first = figure->form == TH_FIGURE_FRAMES && th_figure_n_parts(figure)
                              ? th_figure_part(figure, 0)
                              : figure;
  if (first && first != figure && !(figure->width > 0) && !(figure->height > 0)) return whole_size(first);
  if (figure->form != TH_FIGURE_PANELS)
    return size_of(limited(figure->width, 6.4), limited(figure->height, 4));
  double across = (double)figure->n_across, down = (double)th_figure_n_down(figure);
  double width = limited(figure->width, fmin(4.6 * across, 9.6));
  double height = limited(figure->height, fmin(0.7 * down * width / across, 9.6));
  Size size = size_of(width / across, height / down);
  return (Size){width, height, size.letters * (across > 1 ? 1.15 : 1)};
}

/* Of one panel. */
static Size part_size(const ThFigure *figure, Size whole) {
  return (Size){whole.width / (double)figure->n_across, whole.height / (double)th_figure_n_down(figure),
                whole.letters};
}

static int font_size(const ThPlotFormat *format, Size size) {
  return (int)(format->font_size * size.letters + 0.5);
}

/* An option of a terminal and its number; terminals that lack it have 0. */
static void set_scale_of(const char *name, double value, ThText *out) {
  if (value > 0) th_text_format(out, " %s %.3g", name, value);
}

static void set_terminal(const ThPlotFormat *format, Size size, bool persist, double rate, ThText *out) {
  const char *unit = format->per_inch == 1 ? "in" : "";
  th_text_format(out, "set terminal %s noenhanced size %.6g%s,%.6g%s font 'DejaVu Sans,%d' %s",
                 format->terminal, size.width * format->per_inch, unit, size.height * format->per_inch, unit,
                 font_size(format, size), format->options);
  set_scale_of("fontscale", format->font_scale, out);
  set_scale_of("linewidth", format->line_width * fmin(size.letters, 1), out);
  set_scale_of("pointscale", format->point_scale * fmin(size.letters, 1), out);
  if (persist && format->window) th_text_add(out, " persist");
  if (rate > 0) th_text_format(out, " animate delay %.0f loop 0", fmax(1, format->ticks / rate));
  th_text_char(out, '\n');
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
  if (corner < 0 && n <= 4 && width < 0.95 && height < 0.35 && isnan(figure->yrange[0])) {
    make_room(figure, height, range);
    corner = 0;
  }
  const char *place = corner >= 0 ? corners[corner]
                      : n > 8     ? "outside right top Left reverse"
                                  : "tmargin center horizontal Left reverse";
  th_text_format(out, "set key %s samplen 2 spacing 1.2 noenhanced\n", place);
}

/* How an axis is marked. */
typedef struct Axis {
  const char *name;
  bool logarithmic, own; /* own: gnuplot sets its ticks, and again when a window is enlarged */
  bool across, whole;    /* whole: it counts */
  double room;           /* in letters */
} Axis;

/* Ticks a round step apart, as many as their numbers find room for. */
enum { MOST_TICKS = 9 };

/* Over few decades gnuplot's own ticks of a logarithmic axis, the powers of ten, are too few: 1, 2, 5, and unnamed the
 * other digits. */
static void set_logarithmic_ticks(const Axis *a, const double range[2], ThText *out) {
  double ticks[MOST_TICKS];
  if (!(range[1] < 900 * range[0])) return;
  size_t n = th_plot_ticks(range[0], range[1], true, MOST_TICKS, ticks);
  th_text_format(out, "set %stics (", a->name);
  for (size_t i = 0; i < n; i++) th_text_format(out, "%s'%.6g' %.17g", i ? ", " : "", ticks[i], ticks[i]);
  for (double power = pow(10, floor(log10(range[0]))); power < range[1]; power *= 10)
    for (int digit = 1; digit < 10; digit++) th_text_format(out, ", '' %.17g 1", digit * power);
  th_text_add(out, ")\n");
}

static void set_axis(const Axis *a, const double range[2], ThText *out) {
  double ticks[MOST_TICKS], step = 0;
  bool fits = false;
  th_text_format(out, "set %srange [%.17g:%.17g]\n", a->name, range[0], range[1]);
  for (size_t most = MOST_TICKS; !a->own && !a->logarithmic && !fits && most >= 3; most--) {
    size_t n = th_plot_ticks(fmin(range[0], range[1]), fmax(range[0], range[1]), false, most, ticks);
    double used = 0;
    for (size_t i = 0; i < n; i++) used += a->across ? snprintf(NULL, 0, "%g", ticks[i]) + 2.5 : 2.2;
    if (n < 2) continue;
    step = a->whole ? fmax(ticks[1] - ticks[0], 1) : ticks[1] - ticks[0];
    fits = used <= a->room;
  }
  if (step > 0) th_text_format(out, "set %stics %.17g\n", a->name, step);
  if (a->logarithmic && !a->own) set_logarithmic_ticks(a, range, out);
}

static void set_axes(const ThFigure *figure, const ThPlotRange *range, Size size, bool window, ThText *out) {
  bool in_space = th_plot_is_landscape(figure);
  double across = 11 * (size.width / size.letters - 1.2), up = 5.5 * (size.height / size.letters - 1);
  double part = in_space ? 0.4 : 1;
  Axis x = {"x", figure->log_x, window, true, figure->y_down, part * across};
  Axis y = {"y", figure->log_y, window, false, figure->y_down, part * up};
  Axis z = {"z", false, false, false, false, part * up};
  set_axis(&x, range->x, out);
  set_axis(&y, range->y, out);
  if (in_space) set_axis(&z, range->z, out);
}

static void preamble(const ThFigure *figure, const ThPlotTheme *theme, int title_size, Size size, bool window,
                     ThPlotRange *range, ThText *out) {
  th_plot_range(figure, range);
  set_theme(figure, theme, title_size, out);
  set_key(figure, range, size, out);
  set_scale(figure, theme, range->z, out);
  set_axes(figure, range, size, window, out);
  set_all_bar_names(figure, out);
}

/* --- The whole */

/* How a script is written, and the number of the picture in it. */
typedef struct Writer {
  ThContext *cx;
  const ThPlotTheme *theme;
  bool window;     /* ticks stay right when it is enlarged */
  double per_inch; /* dots; 1: there are none */
  int letters;     /* points, 0: the terminal's own */
  ThPlotWriting writing;
  ThText *out;
} Writer;

static bool write_single(Writer *w, const ThFigure *figure, Size size) {
  ThPlotRange range;
  preamble(figure, w->theme, w->letters ? w->letters + 1 + w->letters / 10 : 0, size, w->window, &range,
           w->out);
  ++w->writing.number;
  w->writing.label_limit = (size_t)fmin(fmax((size.width / size.letters - 1.6) / 0.105, 8), LABEL_LIMIT);
  if (w->per_inch > 1) w->writing.dots = (size_t)(size.width * w->per_inch);
  return th_plot_command(w->cx, figure, &range, w->theme, &w->writing, w->out);
}

/* What colours everything behind the picture; in every terminal alike. */
static void set_background(const Writer *w) {
  if (w->theme->background == 0xFFFFFF) return;
  th_text_format(
      w->out,
      "set object 1 rectangle from screen 0,0 to screen 1,1 behind fc rgb '#%06x' fs solid noborder\n",
      w->theme->background);
}

/* Axes of panels stand in line: all in a column have the same room beside them. */
static void set_margins(const ThFigure *figure, size_t place, ThText *out) {
  const ThFigure *part = th_figure_part(figure, place);
  bool named = false;
  for (size_t i = place % figure->n_across; i < th_figure_n_parts(figure); i += figure->n_across) {
    const ThFigure *other = th_figure_part(figure, i);
    named = named || (other && th_is_string(other->ylabel));
  }
  if (th_plot_is_landscape(part)) return;
  th_text_format(out, "set lmargin %d\n", named ? 11 : 8);
  if (!th_plot_has_scale(part)) th_text_add(out, "set rmargin 2\n");
}

static bool write_panels(Writer *w, const ThFigure *figure, Size size) {
  bool ok = true;
  th_text_format(w->out, "set multiplot layout %zu,%zu", th_figure_n_down(figure), figure->n_across);
  if (th_is_string(figure->title)) {
    th_text_add(w->out, " title ");
    th_gnuplot_quote(th_as_string(figure->title)->text, TITLE_LIMIT, w->out);
    th_text_format(w->out, " noenhanced textcolor rgb '#%06x'", w->theme->text);
  }
  th_text_char(w->out, '\n');
  for (size_t i = 0; ok && i < th_figure_n_parts(figure); i++) {
    const ThFigure *part = th_figure_part(figure, i);
    if (i) th_text_add(w->out, "reset\n");
    else set_background(w);
    if (part) set_margins(figure, i, w->out);
    if (part) ok = write_single(w, part, part_size(figure, size));
    else th_text_add(w->out, "set multiplot next\n");
  }
  th_text_add(w->out, "unset multiplot\n");
  return ok;
}

static bool write_figure(Writer *w, const ThFigure *figure) {
  Size size = whole_size(figure);
  if (figure->form == TH_FIGURE_PANELS) return write_panels(w, figure, size);
  set_background(w);
  return write_single(w, figure, size);
}

/* Every frame, or where the file holds one picture the last. */
static bool write_frames(Writer *w, const ThFigure *figure, bool all) {
  size_t n = th_figure_n_parts(figure);
  bool ok = true;
  for (size_t i = all || n == 0 ? 0 : n - 1; ok && i < n; i++) {
    const ThFigure *part = th_figure_part(figure, i);
    if (i) th_text_add(w->out, "reset\n");
    ok = !part || write_figure(w, part);
  }
  return ok;
}

static bool write_whole(Writer *w, const ThFigure *figure, bool moves) {
  bool ok = figure->form == TH_FIGURE_FRAMES ? write_frames(w, figure, moves) : write_figure(w, figure);
  return ok && th_text_ok(w->out, w->cx);
}

bool th_plot_script(ThContext *cx, const ThFigure *figure, const ThPlotFormat *format,
                    const ThPlotTheme *theme, bool persist, ThPlotNumbers *numbers, ThText *out) {
  Size size = whole_size(figure);
  Writer w = {.cx = cx,
              .theme = theme,
              .writing = {.binary = !format->window, .numbers = numbers, .dots = MANY_DOTS},
              .per_inch = format->window ? 1 : format->per_inch,
              .window = format->window,
              .letters = font_size(format, size),
              .out = out};
  bool moves = figure->form == TH_FIGURE_FRAMES && format->ticks > 0;
  th_text_add(out, "reset\n");
  set_terminal(format, size, persist, moves ? figure->rate : 0, out);
  if (!write_whole(&w, figure, moves)) return false;
  if (format->whole) th_text_add(out, "\nset terminal unknown\n");
  return th_text_ok(out, cx);
}

bool th_plot_script_plain(ThContext *cx, const ThFigure *figure, const char *terminal, ThText *out) {
  Writer w = {.cx = cx, .theme = &th_plot_light, .writing = {.binary = true, .dots = MANY_DOTS}, .out = out};
  th_text_format(out, "reset\nset terminal %s\n", terminal);
  if (strcmp(terminal, "dumb") == 0)
    th_text_format(out, "set terminal dumb noenhanced size %d,%d\n", cx->settings.width - 1,
                   cx->settings.height - 2);
  return write_whole(&w, figure, false);
}

bool th_plot_script_file(ThContext *cx, const ThFigure *figure, ThText *out) {
  Writer w = {.cx = cx, .theme = &th_plot_light, .window = true, .out = out};
  th_text_add(out, "# Drawn by Theta. To see it:  gnuplot --persist FILE\nreset\n");
  return write_whole(&w, figure, false);
}
