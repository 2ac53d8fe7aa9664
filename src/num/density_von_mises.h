/* density_von_mises.h - Bessel ratios of the von Mises distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_VON_MISES_H
#define TH_NUM_DENSITY_VON_MISES_H

/* Mean and variance of 1 - cos z for a von Mises angle z about 0: 1 - I₁/I₀, the circular variance, and
 * 1 - I₁/(κ I₀) - (I₁/I₀)², neither by a difference. */
typedef struct ThCircle {
  double mean, variance;
} ThCircle;
ThCircle th_von_mises_circle(double kappa);

/* E e^(ikz) for z in (-π, π) about 0, any real k >= 0: real. */
double th_von_mises_cf(double k, double kappa);

#endif
