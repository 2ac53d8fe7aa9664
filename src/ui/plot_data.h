/* plot_data.h - the numbers of a series as gnuplot gets them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_DATA_H
#define TH_UI_PLOT_DATA_H

#include "val/figure.h"

/* The columns of a series as doubles of its own; what is not finite is NaN, where a line breaks. */
typedef struct ThPlotData {
  size_t n, n_columns, size;
  double *data; /* row by row: (n, n_columns) */
} ThPlotData;

/* Copies series i; `thin` leaves out what a picture does not show anyway. */
TH_CHECKED bool th_plot_data_init(ThContext *cx, const ThFigure *figure, size_t i, bool thin, ThPlotData *d);
void th_plot_data_clear(ThContext *cx, ThPlotData *data);
/* Appends the rows as lines of text. */
void th_plot_data_print(const ThPlotData *data, ThText *out);

#endif
