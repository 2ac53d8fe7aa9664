/* posterior_curve.h - the mean of a posterior's data over its one input, as a line with a band */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_POSTERIOR_CURVE_H
#define TH_INFER_POSTERIOR_CURVE_H

#include "infer/posterior.h"
#include "val/figure.h"

/* Adds the band, between quantiles, and the line, the mean, over draws of the posterior, and the data. */
TH_CHECKED bool th_posterior_curve_draw(const ThPosterior *p, ThFigure *figure);

#endif
