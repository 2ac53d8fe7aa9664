/* plot_data.h - the numbers of a series as gnuplot gets them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_DATA_H
#define TH_UI_PLOT_DATA_H

#include "ui/plot_range.h"

/* The columns of a series as doubles of its own; what is not finite is NaN, where a line breaks. A row of arrows
 * is the tail and the tip; a grid has a row for each of its points, x changing first. */
typedef struct ThPlotData {
  size_t n, n_columns, capacity;
  size_t n_across; /* points of a grid in a row of it; else 0 */
  double *data;    /* row by row: (n, n_columns) */
} ThPlotData;

/* Copies series i. What a picture of this range that is `dots` wide does not show anyway is left out; where dots is 0
 * nothing is. */
TH_CHECKED bool th_plot_data_init(ThContext *cx, const ThFigure *figure, size_t i, const ThPlotRange *range,
                                  size_t dots, ThPlotData *d);
void th_plot_data_clear(ThContext *cx, ThPlotData *data);
/* Appends the rows as lines of text, those of a grid in blocks. */
void th_plot_data_print(const ThPlotData *data, ThText *out);

#endif
