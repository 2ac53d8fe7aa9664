/* plot_grid.h - the table of `value with a in xs, b in ys` as curves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_GRID_H
#define TH_UI_PLOT_GRID_H

#include "val/basic.h"
#include "val/figure.h"

/* Adds curves over the name that has more values, one for each value of the other name (at most 7, evenly chosen
 * among them), when the table is such a grid; else *is_grid is false, and nothing is added. */
TH_CHECKED bool th_plot_grid(ThContext *cx, const ThTable *table, ThMark mark, ThFigure *figure, bool *is_grid);

#endif
