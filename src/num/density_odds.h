/* density_odds.h - the odds W = X/(1 - X) of a beta variable, in which Student's t and Fisher's F are told */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_DENSITY_ODDS_H
#define TH_NUM_DENSITY_ODDS_H

#include <stdbool.h>

/* A point w > 0, which may lie beyond the doubles: where w is near 0 or inf its logarithm tells it. */
typedef struct ThOdds {
  double w, log_w;
} ThOdds;

/* numerator/denominator, both > 0 and finite. */
ThOdds th_density_odds_ratio(double numerator, double denominator);
ThOdds th_density_odds_square(double numerator, double denominator); /* numerator²/denominator */

/* log(1 + w). */
double th_density_odds_log1p(ThOdds at);
/* X ~ Beta(a, b): log of w^a/(1 + w)^(a + b)/B(a, b), the density of log W. */
double th_density_odds_log_kernel(double a, double b, ThOdds at);
/* P(W <= w), P(W > w) and their logarithms. */
double th_density_odds_p(double a, double b, ThOdds at);
double th_density_odds_q(double a, double b, ThOdds at);
double th_density_odds_log_p(double a, double b, ThOdds at);
double th_density_odds_log_q(double a, double b, ThOdds at);
/* w with P(W <= w) = p, with P(W > w) = q; w = 0 and inf at the ends, NaN outside [0, 1]. */
ThOdds th_density_odds_p_inverse(double a, double b, double p);
ThOdds th_density_odds_q_inverse(double a, double b, double q);

#endif
