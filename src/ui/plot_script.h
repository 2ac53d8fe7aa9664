/* plot_script.h - a figure as gnuplot commands */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_SCRIPT_H
#define TH_UI_PLOT_SCRIPT_H

#include "ui/plot_numbers.h"
#include "ui/plot_colors.h"

/* What a picture is drawn for: a kind of file, a terminal that shows pictures ("sixel"; "screen", PNG for a
 * terminal), or a window. */
typedef struct ThPlotFormat {
  const char *name;     /* "png": the file's extension, or the window's terminal */
  const char *terminal; /* gnuplot's */
  const char *options;  /* of `set terminal`, behind its size */
  double per_inch;      /* units of its size in an inch */
  int font_size;        /* points; what they, lines and points are scaled by, 0: the terminal cannot */
  double font_scale, line_width, point_scale;
  bool whole;   /* its file is complete only when the terminal is closed */
  double ticks; /* of a file that can move: its units of time in a second; else 0 */
  bool window;
  bool inside; /* shown inside a terminal: no file has its name */
} ThPlotFormat;

/* The i-th format, NULL after the last. Of several with one name the first that gnuplot knows is used. */
const ThPlotFormat *th_plot_format_at(size_t i);

/* Appends the commands that draw the figure for th_gnuplot_run, its data as binary: inline, or for a window in
 * `numbers`, which is open, and to be written first; where that is NULL they are text. `persist` keeps a window open
 * when the program has ended. */
TH_CHECKED bool th_plot_script(ThContext *cx, const ThFigure *figure, const ThPlotFormat *format,
                               const ThPlotTheme *theme, bool persist, ThPlotNumbers *numbers, ThText *out);
/* The same for another terminal of gnuplot's, by name, with its own size and fonts. */
TH_CHECKED bool th_plot_script_plain(ThContext *cx, const ThFigure *figure, const char *terminal,
                                     ThText *out);
/* Appends a script for people, its data as text. */
TH_CHECKED bool th_plot_script_file(ThContext *cx, const ThFigure *figure, ThText *out);

#endif
