/* optimise.h - the rows of all methods */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_OPTIMISE_H
#define TH_INFER_OPTIMISE_H

#include "infer/optimiser.h"

extern const ThOptimiser th_optimise_gd, th_optimise_sgd, th_optimise_momentum, th_optimise_nesterov;
extern const ThOptimiser th_optimise_adam, th_optimise_adamw;
extern const ThOptimiser th_optimise_newton, th_optimise_bfgs, th_optimise_lbfgs;
extern const ThOptimiser th_optimise_simplex; /* nelder_mead */

#endif
