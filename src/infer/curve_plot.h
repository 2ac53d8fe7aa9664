/* curve_plot.h - a fitted mean as a line with its band, beside the data: what the pictures of fits share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_CURVE_PLOT_H
#define TH_INFER_CURVE_PLOT_H

#include "val/array.h"
#include "val/figure.h"

enum { TH_CURVE_POINTS = 201 };

/* So many places over the data x and a little more, or over the range that the figure asks for. */
ThArray *th_curve_grid(ThContext *cx, const ThFigure *figure, const ThArray *x);
static inline ThArray *th_curve_share(ThArray *a) {
  th_retain(th_object(a));
  return a;
}
/* A series of two columns, or of three; all are taken, also when one is missing (NULL), which is a failure. */
TH_CHECKED bool th_curve_add_take(ThContext *cx, ThFigure *figure, ThMark mark, ThArray *x, ThArray *y,
                                  ThArray *z, bool three, const char *label);
/* The line with the band of `level` in its colour, if it has one; the three columns are taken, as above. */
TH_CHECKED bool th_curve_add_band_take(ThContext *cx, ThFigure *figure, ThArray *grid, bool banded,
                                       ThArray *lower, ThArray *upper, double level, ThArray *line,
                                       const char *label);
/* Residuals over x, with error bars where there are errors (else NULL), and a dashed line at 0; all are taken. */
TH_CHECKED bool th_curve_add_residuals_take(ThContext *cx, ThFigure *figure, ThArray *x, ThArray *residuals,
                                            ThArray *errors);
/* Names of the axes that have none yet. */
TH_CHECKED bool th_curve_labels(ThContext *cx, ThFigure *figure, const char *x, const char *y);

#endif
