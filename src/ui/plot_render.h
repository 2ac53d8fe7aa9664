/* plot_render.h - where pictures go, and how they get there */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_RENDER_H
#define TH_UI_PLOT_RENDER_H

#include "base/text.h"
#include "val/figure.h"

typedef struct ThPlotter ThPlotter;

/* Pictures go to a window when there is a display and gnuplot has one for it; else to the terminal, through the host's
 * `write`: as pictures where it shows them, else as text. */
TH_CHECKED ThPlotter *th_plotter_new(ThContext *cx);
void th_plotter_free(ThPlotter *plotter); /* NULL is allowed */

/* Sends pictures elsewhere: "auto", "text", "none" (they are counted), "sixel", "kitty", a terminal of gnuplot's, or a
 * file, by its extension: with %d in its name it is numbered, else from the second picture on. "dark" and "light" say
 * how pictures look on the screen, "auto" that the terminal does. False with an error when it is none of these. */
TH_CHECKED bool th_plotter_set_target(ThPlotter *plotter, const char *target);
/* Windows stay open when the program ends: for scripts. */
void th_plotter_persist(ThPlotter *plotter);
/* Whether somebody chose a target. */
bool th_plotter_is_set(const ThPlotter *plotter);
/* Whether pictures go to files. */
bool th_plotter_writes_files(const ThPlotter *plotter);

/* Where pictures go at present. */
typedef enum ThPlotPlace {
  TH_PLOT_AS_TEXT,
  TH_PLOT_IN_WINDOW,
  TH_PLOT_IN_FILES,
  TH_PLOT_NOWHERE
} ThPlotPlace;
ThPlotPlace th_plotter_place(ThPlotter *plotter);
/* Appends a figure as text, as it is drawn in the terminal, at most `height` lines high. */
TH_CHECKED bool th_plotter_text(const ThPlotter *plotter, const ThFigure *figure, int height, ThText *out);

/* Draws a figure where pictures go. What cannot be drawn is a warning, told once when gnuplot is absent;
 * false only when it was interrupted. */
TH_CHECKED bool th_plotter_show(ThPlotter *plotter, const ThFigure *figure);
/* Writes a figure to a file: png svg pdf eps gif webp txt gp, by its extension. Errors: an extension that is
 * none of them, a file that cannot be written. A gnuplot that fails is a warning. */
TH_CHECKED bool th_plotter_save(ThPlotter *plotter, const ThFigure *figure, const char *path);

/* Appends a figure as an SVG file; false with an error when gnuplot is absent or fails. */
TH_CHECKED bool th_plotter_svg(ThPlotter *plotter, const ThFigure *figure, ThText *out);

/* Whether files of pictures can be drawn; a warning when not. */
bool th_plotter_can_save(ThPlotter *plotter);

size_t th_plotter_count(const ThPlotter *plotter); /* pictures shown so far, "none" included */

#endif
