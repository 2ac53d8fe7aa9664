/* plot_items.h - what `plot` is given, as series of a figure */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_ITEMS_H
#define TH_UI_PLOT_ITEMS_H

#include "lang/builtin.h"
#include "val/figure.h"

/* Adds the positional arguments from `first` on to the figure: functions with their range, arrays (two in
 * a row are x and y, a matrix' columns are curves), tables, figures, and whatever plots itself. */
TH_CHECKED bool th_plot_items(ThContext *cx, const ThCall *call, size_t first, ThMark mark, ThFigure *figure);

/* Adds one series of columns given as arguments; those of a data mark have one length, said otherwise. */
TH_CHECKED bool th_plot_columns(ThContext *cx, const ThCall *call, ThMark mark, size_t n_columns,
                                ThFigure *figure);

/* An array or range as an array of doubles, owned; false with an error that blames argument i. */
TH_CHECKED bool th_plot_array(ThContext *cx, const ThCall *call, size_t i, ThArray **out);
/* Column j of a matrix (n, k), or the vector itself for j = 0: a vector of doubles, owned. */
TH_CHECKED bool th_plot_column(ThContext *cx, const ThArray *a, size_t j, ThArray **out);
/* A figure, retained, or that of a value that draws itself; NULL for anything else. */
TH_CHECKED bool th_plot_figure_of(ThContext *cx, ThValue v, ThFigure **out);
/* A function's result, which is taken, on failure too, as a number; else an error that begins with `where`. */
TH_CHECKED bool th_plot_number_take(ThContext *cx, ThValue result, const char *where, double *out);

#endif
