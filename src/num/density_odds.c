/* density_odds.c - the odds W = X/(1 - X) of a beta variable, in which Student's t and Fisher's F are told */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The incomplete beta function takes x = w/(1 + w) and y = 1/(1 + w). For small a or b much of the probability
 * lies where x or y underflow: there the leading term of the series is exact. */
#include "num/density_odds.h"

#include "num/real.h"
#include "num/special.h"

static const double SMALL = 1e-290, LARGE = 1e290;

static bool is_plain(double w) { return w > SMALL && w < LARGE; }

ThOdds th_density_odds_ratio(double numerator, double denominator) {
  double w = numerator / denominator;
  return (ThOdds){w, is_plain(w) ? TH_NAN : log(numerator) - log(denominator)};
}

ThOdds th_density_odds_square(double numerator, double denominator) {
  double w = numerator * numerator / denominator;
  return (ThOdds){w, is_plain(w) ? TH_NAN : 2 * log(numerator) - log(denominator)};
}

double th_density_odds_log1p(ThOdds at) { return at.w < LARGE ? log1p(at.w) : at.log_w; }

double th_density_odds_log_kernel(double a, double b, ThOdds at) {
  if (at.w <= SMALL) return a * at.log_w - th_special_lbeta(a, b);
  if (at.w >= LARGE) return -b * at.log_w - th_special_lbeta(a, b);
  return th_special_log_beta_kernel(a, b, at.w / (1 + at.w), 1 / (1 + at.w));
}

/* log of w^a/(a B(a, b)): P for w -> 0. */
static double log_leading(double a, double b, double log_w) {
  return a * log_w + th_special_log_rising(b, a) - th_special_lgamma1p(a);
}

double th_density_odds_p(double a, double b, ThOdds at) {
  if (at.w <= SMALL) return exp(log_leading(a, b, at.log_w));
  if (at.w >= LARGE) return -expm1(log_leading(b, a, -at.log_w));
  return th_special_beta_p(a, b, at.w / (1 + at.w), 1 / (1 + at.w));
}

double th_density_odds_log_p(double a, double b, ThOdds at) {
  if (at.w <= SMALL) return log_leading(a, b, at.log_w);
  if (at.w >= LARGE) return th_special_log1mexp(log_leading(b, a, -at.log_w));
  return th_special_log_beta_p(a, b, at.w / (1 + at.w), 1 / (1 + at.w));
}

static ThOdds reciprocal(ThOdds at) { return (ThOdds){1 / at.w, -at.log_w}; }

double th_density_odds_q(double a, double b, ThOdds at) { return th_density_odds_p(b, a, reciprocal(at)); }
double th_density_odds_log_q(double a, double b, ThOdds at) {
  return th_density_odds_log_p(b, a, reciprocal(at));
}

/* log w from P = p, w -> 0. */
static double leading_inverse(double a, double b, double log_p) {
  return (log_p + th_special_lgamma1p(a) - th_special_log_rising(b, a)) / a;
}

ThOdds th_density_odds_p_inverse(double a, double b, double p) {
  double y, x = th_special_beta_p_inverse(a, b, p, &y);
  ThOdds at = {x / y, TH_NAN};
  if (x <= SMALL) at.log_w = leading_inverse(a, b, log(p));
  else if (y <= SMALL) at.log_w = -leading_inverse(b, a, log1p(-p));
  if (at.log_w == at.log_w) at.w = exp(at.log_w);
  return at;
}

ThOdds th_density_odds_q_inverse(double a, double b, double q) {
  return reciprocal(th_density_odds_p_inverse(b, a, q));
}
