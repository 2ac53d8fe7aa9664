/* density.c - the list of families, and what they share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/density.h"

#include <string.h>

#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

static const ThFamilyMath *const families[] = {
    &th_normal_math,         &th_uniform_math,     &th_exponential_math,   &th_gamma_math,
    &th_beta_math,           &th_bernoulli_math,   &th_binomial_math,      &th_poisson_math,
    &th_cauchy_math,         &th_half_cauchy_math, &th_laplace_math,       &th_logistic_math,
    &th_gumbel_math,         &th_pareto_math,      &th_triangular_math,    &th_log_uniform_math,
    &th_half_normal_math,    &th_weibull_math,     &th_lognormal_math,     &th_skew_normal_math,
    &th_von_mises_math,      &th_voigt_math,       &th_student_t_math,     &th_half_student_t_math,
    &th_chi2_math,           &th_fdist_math,       &th_inv_gamma_math,     &th_rayleigh_math,
    &th_maxwell_math,        &th_levy_math,        &th_geometric_math,     &th_negative_binomial_math,
    &th_hypergeometric_math, &th_zipf_math,        &th_beta_binomial_math,
};

const ThFamilyMath *th_density_family(size_t i) {
  return i < sizeof families / sizeof *families ? families[i] : NULL;
}

const ThFamilyMath *th_density_find(const char *name) {
  for (size_t i = 0; i < sizeof families / sizeof *families; i++)
    if (strcmp(families[i]->name, name) == 0) return families[i];
  return NULL;
}

void th_density_sample(const ThFamilyMath *family, const double *p, ThRandom *r, size_t n, double *x) {
  enum { BLOCK = 2048 }; /* stays in the nearest cache while a fill goes over it twice */
  if (!family->fill)
    for (size_t i = 0; i < n; i++) x[i] = family->sample(p, r);
  for (size_t i = 0; family->fill && i < n; i += BLOCK)
    family->fill(p, r, n - i < BLOCK ? n - i : BLOCK, x + i);
}

double th_density_constant(double value, const double *p, int n) {
  for (int i = 0; i < n; i++)
    if (p[i] != p[i]) return TH_NAN;
  return value;
}

bool th_density_no_gradient(bool inside, double x, const double *p, int n, double *d_x, double *d_p) {
  double nothing = x != x ? TH_NAN : th_density_constant(0, p, n);
  if (inside && nothing == 0 && fabs(x) <= DBL_MAX) return false;
  if (d_x) *d_x = nothing;
  for (int j = 0; d_p && j < n; j++) d_p[j] = nothing;
  return true;
}

void th_density_line_support(const double *p, int n, double *lower, double *upper) {
  *lower = th_density_constant(-TH_INFINITY, p, n);
  *upper = th_density_constant(TH_INFINITY, p, n);
}

void th_density_half_line_support(const double *p, int n, double *lower, double *upper) {
  *lower = th_density_constant(0, p, n);
  *upper = th_density_constant(TH_INFINITY, p, n);
}

double th_density_ratio_deviation(double a, double b) {
  double excess = (a - b) / b;
  return fabs(excess) < 0.5 ? th_special_log1p_deviation(excess) : excess - (log(a) - log(b));
}

void th_density_diagonal(double first, double second, double *information) {
  information[0] = first;
  information[1] = information[2] = 0;
  information[3] = second;
}

bool th_density_is_count(double x) { return th_real_is_whole(x); }

/* --- Quantiles of discrete families -------------------------------------------------------------- */

/* Probabilities equal to within some roundings count as equal, so that quantile(cdf(k)) is k although cdf(k)
 * was rounded. The rounding of a number near 1 is large beside its distance from 1, which is what the other
 * tail meets; it is forgiven unless the distance is so small that it would change the question. */
ThDensityBound th_density_bound(double prob, bool upper) {
  const double few = 64 * DBL_EPSILON;
  double other = 1 - prob, rounding = other >= 0x1p-33 ? DBL_EPSILON : 0;
  if (prob <= 0.5) return (ThDensityBound){upper, upper ? prob * (1 + few) : prob * (1 - few)};
  if (upper) return (ThDensityBound){false, other * (1 - few) - rounding};
  return (ThDensityBound){true, other * (1 + few) + rounding};
}

static bool meets(const ThDiscrete *d, ThDensityBound bound, double x, const double *p) {
  if (x < d->lower) return false;
  if (x >= d->upper) return true;
  return bound.upper ? d->ccdf(x, p) <= bound.limit : d->cdf(x, p) >= bound.limit;
}

/* Steps that double, then bisection: `high` meets the bound, `low` does not. Beyond 2^53 not every whole
 * number is a double, and the search ends between neighbours. */
static double search(const ThDiscrete *d, ThDensityBound bound, double guess, const double *p) {
  double low, high, step = 1;
  if (meets(d, bound, guess, p)) {
    for (high = guess, low = guess - 1; meets(d, bound, low, p); step *= 2, low -= step) high = low;
  } else {
    for (low = guess, high = guess + 1; !meets(d, bound, high, p); step *= 2, high += step) {
      if (high > 1e307) return TH_INFINITY;
      low = high;
    }
  }
  for (;;) {
    double middle = floor(low + 0.5 * (high - low));
    if (middle <= low || middle >= high) return high;
    if (meets(d, bound, middle, p)) high = middle;
    else low = middle;
  }
}

/* Starts at the Cornish-Fisher approximation. */
double th_density_discrete_quantile(const ThDiscrete *d, double prob, const double *p, bool upper) {
  if (!(prob >= 0 && prob <= 1) || d->mean != d->mean) return TH_NAN;
  if (prob == (upper ? 1 : 0)) return d->lower;
  if (prob == (upper ? 0 : 1)) return d->upper;
  double z = th_special_normal_quantile(prob);
  if (upper) z = -z;
  double guess = floor(d->mean + d->sd * (z + d->skewness * (z * z - 1) / 6));
  if (!(fabs(guess) <= DBL_MAX)) guess = fmin(d->mean, 1e300); /* the variance is beyond the doubles */
  guess = fmin(fmax(guess, d->lower), d->upper);
  return search(d, th_density_bound(prob, upper), guess, p);
}

/* --- Entropy of discrete families ---------------------------------------------------------------- */

/* The sum over start, start + step, … until the terms no longer count. */
static double entropy_side(const ThDiscrete *d, const double *p, double start, double step) {
  double sum = 0;
  for (double x = start; x >= d->lower && x <= d->upper; x += step) {
    double log_mass = d->logpdf(x, p), term = log_mass == -TH_INFINITY ? 0 : -exp(log_mass) * log_mass;
    sum += term;
    if (fabs(x - d->mean) > d->sd && log_mass < -1 && fabs(term) < 1e-18 * sum) break;
  }
  return sum;
}

/* For a standard deviation of 80 or more the masses are samples of a smooth bell of ten steps per standard
 * deviation: the trapezoidal rule is then exact to e^(-2π² 100). By the order of its squared skewness a bell's entropy
 * differs from a normal one's. */
double th_density_discrete_entropy(const ThDiscrete *d, const double *p) {
  if (!(d->mean <= DBL_MAX && d->sd <= DBL_MAX)) return TH_NAN;
  if (d->sd > 1e8 && fabs(d->skewness) < 1e-8) return log(d->sd) + 0.5 + TH_HALF_LOG_2PI;
  double step = d->sd < 80 ? 1 : floor(d->sd / 10), middle = floor(d->mean);
  return step * (entropy_side(d, p, middle, -step) + entropy_side(d, p, middle + step, step));
}
