/* plot_range.h - what a figure covers: ranges, ticks, a free corner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_RANGE_H
#define TH_UI_PLOT_RANGE_H

#include "val/figure.h"

/* What the axes run over: the figure's own ranges where it has them, else what its series cover and a
 * little more. Positive on a logarithmic axis; never empty. Where y grows downwards y[0] is the larger. z is what
 * colours and heights tell. */
typedef struct ThPlotRange {
  double x[2], y[2], z[2];
} ThPlotRange;
void th_plot_range(const ThFigure *figure, ThPlotRange *range);
/* Where a value lies between the ends of a range, 0 to 1 inside it; below 0 for what a logarithmic axis
 * lacks. */
double th_plot_unit(double v, const double range[2], bool logarithmic);

/* Has it a series whose z a scale tells? */
bool th_plot_has_scale(const ThFigure *figure);
/* Has it cells, which show all of the scale? Lines leave out what the background hides. */
bool th_plot_has_cells(const ThFigure *figure);
/* Points of a series, of a grid those in x; 0 when it has no columns. */
size_t th_series_length(const ThSeries *series);
/* What is drawn first: 0 for cells, 1 for what was before, 2 for bands, up to 5 for lines and points. */
enum { TH_PLOT_LAYERS = 6 };
int th_plot_layer(const ThSeries *series);
/* Its text in the key, or NULL. */
const char *th_series_label(const ThSeries *series);

/* The corner where a key, of this part of the drawing's width and height, covers nothing: 0 top right, 1 top
 * left, 2 bottom right, 3 bottom left; -1 when there is none. */
int th_plot_key_corner(const ThFigure *figure, const ThPlotRange *range, double width, double height);

/* How far impulses move sideways, so that several series of them stand beside each other. */
double th_plot_shift(const ThFigure *figure, size_t i);

/* Round numbers inside [from, to], at most `most` (at least 2) of them, into ticks; returns how many. On a
 * logarithmic axis powers of ten, with 2 and 5 between when they are few. */
size_t th_plot_ticks(double from, double to, bool logarithmic, size_t most, double *ticks);

#endif
