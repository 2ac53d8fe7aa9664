/* plot_colors.h - the colours of pictures: of series, of a scale, of what stands around them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_COLORS_H
#define TH_UI_PLOT_COLORS_H

#include "val/figure.h"

/* Colours that a projector shows and that colour-blind people tell apart (Okabe and Ito, 2008), darkest
 * contrasts first; its yellow is left out, which white paper swallows. */
enum { TH_PLOT_COLORS = 7, TH_PLOT_PAST = TH_PLOT_COLORS }; /* behind them, grey for what was before */
extern const char *const th_plot_color_names[TH_PLOT_COLORS];

/* All colours are 0xRRGGBB. */
typedef struct ThPlotTheme {
  unsigned background, text, axis, grid;
  unsigned palette[TH_PLOT_COLORS + 1];
  double scale_from, scale_to; /* the part of the scale whose colours lines are seen in */
} ThPlotTheme;
extern const ThPlotTheme th_plot_light, th_plot_dark;

/* The palette index of each series, in order: grey of what was before, its own, or the next free one. */
void th_plot_assign_colors(const ThFigure *figure, int *colors);

/* Of a scale from 0 to 1: as light grows evenly along it, it can be read without colours too (viridis; van der
 * Walt and Smith, 2015). */
unsigned th_plot_scale_color(double t);
enum { TH_PLOT_SCALE_STEPS = 8 }; /* it is straight between so many equal steps */

#endif
