/* plot_range.h - what a figure covers: ranges, ticks, colours, a free corner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_RANGE_H
#define TH_UI_PLOT_RANGE_H

#include "val/figure.h"

/* Colours that a projector shows and that colour-blind people tell apart (Okabe and Ito, 2008), darkest
 * contrasts first; its yellow is left out, which white paper swallows. */
enum { TH_PLOT_COLORS = 7, TH_PLOT_PAST = TH_PLOT_COLORS }; /* behind them, grey for what was before */
extern const unsigned th_plot_palette[TH_PLOT_COLORS + 1];  /* 0xRRGGBB */
extern const char *const th_plot_color_names[TH_PLOT_COLORS];

/* What the axes run over: the figure's own ranges where it has them, else what its series cover and a
 * little more. Positive on a logarithmic axis; never empty. */
typedef struct ThPlotRange {
  double x[2], y[2];
} ThPlotRange;
void th_plot_range(const ThFigure *figure, ThPlotRange *range);
/* Where a value lies between the ends of a range, 0 to 1 inside it; below 0 for what a logarithmic axis
 * lacks. */
double th_plot_unit(double v, const double range[2], bool logarithmic);

/* Points of a series; 0 when it has no columns. */
size_t th_series_length(const ThSeries *series);
/* The palette index of each series, in order: grey of what was before, its own, or the next free one. */
void th_plot_assign_colors(const ThFigure *figure, int *colors);
/* What is drawn first: 0 for what was before, 1 for bands, up to 4 for lines and points. */
enum { TH_PLOT_LAYERS = 5 };
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
