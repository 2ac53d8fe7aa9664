/* density_transforms.h - transforms of families that have no closed form */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_TRANSFORMS_H
#define TH_NUM_DENSITY_TRANSFORMS_H

#include <complex.h>

/* Their parameters are those of density.h; k and t are any doubles. */
double complex th_lognormal_cf(double k, const double *p);
double th_lognormal_log_mgf(double t, const double *p);
double complex th_weibull_cf(double k, const double *p);
double th_weibull_log_mgf(double t, const double *p);

#endif
