/* plot_text.h - a figure drawn in characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_TEXT_H
#define TH_UI_PLOT_TEXT_H

#include "ui/canvas.h"
#include "val/figure.h"

/* Appends the figure as lines of text, at most `width` columns wide and `height` lines high. Needs no
 * gnuplot. */
TH_CHECKED bool th_plot_text(ThContext *cx, const ThFigure *figure, int width, int height,
                             ThCanvasStyle style, ThText *out);

#endif
