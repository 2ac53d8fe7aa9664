/* pair_plot.h - two random variables as a picture in the plane */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_PAIR_PLOT_H
#define TH_PROB_PAIR_PLOT_H

#include "prob/variable.h"
#include "val/figure.h"

/* Adds to the figure the borders of the smallest regions that hold these probabilities, each in (0, 1), with x across
 * and y up: by their joint density where it is known, else by draws that are smoothed. Draws of a sampler are shown as
 * points besides. */
TH_CHECKED bool th_pair_plot(ThContext *cx, ThValue x, ThValue y, size_t n_levels, const double *levels,
                             ThFigure *figure);
/* Names an axis that has no name after a variable, in so many characters. */
TH_CHECKED bool th_variable_name_axis(ThContext *cx, ThValue v, size_t most, ThValue *slot);
/* Are they parameters of one posterior? */
bool th_pair_is_of_one(ThValue x, ThValue y);

#endif
