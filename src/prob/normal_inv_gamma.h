/* normal_inv_gamma.h - a normal vector and the inverse gamma variance that its covariance is a multiple of */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_NORMAL_INV_GAMMA_H
#define TH_PROB_NORMAL_INV_GAMMA_H

#include "prob/distribution.h"

extern const ThFamily th_family_normal_inv_gamma;

/* w ~ InvGamma(shape, scale), β | w ~ MvNormal(mean, w·covariance), and v = w^(1/power). The components are those of β
 * with v at `place` among them. */
typedef struct ThNormalInvGamma {
  size_t k;                        /* of β */
  const double *mean, *covariance; /* (k), (k, k) */
  const double *factor;            /* lower triangular, of the covariance; found when the law is made */
  double shape, scale;
  size_t place;
  double power; /* 1, -1, 2 or -2: v is the variance, the precision, the σ, or 1/σ */
} ThNormalInvGamma;

TH_CHECKED bool th_normal_inv_gamma_new(ThContext *cx, const ThNormalInvGamma *law, ThValue *out);
/* What it was made of; borrowed. */
ThNormalInvGamma th_normal_inv_gamma_parts(const ThDistribution *d);

#endif
