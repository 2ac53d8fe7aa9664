/* nuts_adapt.h - step size and masses that a chain learns while it warms up */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_NUTS_ADAPT_H
#define TH_INFER_NUTS_ADAPT_H

#include "infer/mass.h"
#include "infer/nuts.h"

/* The step size follows the acceptance by dual averaging (Hoffman and Gelman 2014, section 3.2). The masses are learned
 * in windows, each twice as long as the one before, between a first stretch in which the chain finds its way and a last
 * one in which the step size settles: 75, 25, 50, 100, …, 50 of 1000. */
typedef struct ThAdapt {
  size_t n, begin, end; /* of warm-up; the windows go from `begin` to before `end` */
  size_t at, window, window_end;
  double goal; /* the acceptance that is aimed at */
  double center, size, log_size_mean, gap;
  size_t count; /* steps since the step size began anew */
  ThSpread spread;
} ThAdapt;

TH_CHECKED bool th_adapt_init(ThContext *cx, ThAdapt *adapt, size_t d, size_t n_warmup, double goal);
void th_adapt_clear(ThContext *cx, ThAdapt *adapt);
/* Begins: `size` is the first step size. */
void th_adapt_restart(ThAdapt *adapt, double size);
/* Learns of a step. *renewed: the masses are other ones, so that the step size must begin anew. */
void th_adapt_learn(ThAdapt *adapt, const ThNutsStep *step, const double *x, ThMass *mass, bool *renewed);
/* The step size of now, and that of after the warm-up. */
double th_adapt_size(const ThAdapt *adapt);
double th_adapt_final_size(const ThAdapt *adapt);

#endif
