/* root_gamma.h - the square roots of gamma and inverse gamma variables: of a precision, of a variance */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_ROOT_GAMMA_H
#define TH_PROB_ROOT_GAMMA_H

#include "prob/distribution.h"

/* No constructor has this name: posteriors of a σ are made so. Parameters: shape and scale of the square, an inverse
 * gamma variable where the third is 1; where it is -1, shape and rate of a gamma one. */
extern const ThFamily th_family_root_gamma;

#endif
