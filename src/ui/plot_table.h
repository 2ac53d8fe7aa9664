/* plot_table.h - a table as curves or bars */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_TABLE_H
#define TH_UI_PLOT_TABLE_H

#include "val/basic.h"
#include "val/figure.h"

/* Adds what a table shows:
 *   the table of `value with a in xs, b in ys`: curves over the name that has more values, one for each value of the
 *   other (at most 7, evenly chosen among them);
 *   strings, then one column of numbers: a bar for each;
 *   otherwise the first column of numbers is x, and each further one a curve with its name.
 * *drawn is false, without an error, when there is nothing of these. */
TH_CHECKED bool th_plot_table(ThContext *cx, const ThTable *table, ThMark mark, ThFigure *figure,
                              bool *drawn);

#endif
