/* ode_size.h - what the adaptive methods measure errors by */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_ODE_SIZE_H
#define TH_NUM_ODE_SIZE_H

#include "num/ode.h"

/* peaks (n): the largest |y| of each component so far; brought up to date with y. Returns the largest of all. */
double th_ode_size_update(size_t n, const double *y, double *peaks);
/* The error that a step from y to z allows each component, (n). */
void th_ode_size_allowed(size_t n, const double *y, const double *z, const double *peaks, double largest,
                         double tolerance, double *allowed);
/* The error, in units of what is allowed: max |e_i|/(tolerance*size_i) for a step from y to z; NaN becomes inf. */
double th_ode_size_norm(size_t n, const double *e, const double *y, const double *z, const double *peaks,
                        double largest, double tolerance);
/* A first step, |h| <= span, for a method of the given order (Hairer, Nørsett and Wanner 1993, II.4): f0 is f(t, y);
 * work has 2 n places. */
TH_CHECKED bool th_ode_size_first(const ThOdeProblem *problem, double t, double span, const double *y,
                                  const double *f0, int order, double *work, double *h);
bool th_ode_size_is_finite(size_t n, const double *y);
/* Why a step became too small: status and t. start: the largest |y| at the start. */
void th_ode_size_explain(double t, double largest, double start, ThOdeResult *out);

#endif
