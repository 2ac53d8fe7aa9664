/* corner_plot.h - the parameters of a posterior against each other; the draws of its chains in order */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_CORNER_PLOT_H
#define TH_INFER_CORNER_PLOT_H

#include "infer/posterior.h"
#include "val/figure.h"

enum { TH_CORNER_MOST = 8 }; /* parameters in one picture */

/* Panels: the density of each parameter on the diagonal, below it the regions that hold 50 and 90 % of two. */
TH_CHECKED bool th_corner_plot(ThContext *cx, const ThPosterior *p, ThFigure **out);
/* Panels below each other: for each parameter what the chains drew, in order, a colour for each chain. */
TH_CHECKED bool th_chains_plot(ThContext *cx, const ThPosterior *p, ThFigure **out);

#endif
