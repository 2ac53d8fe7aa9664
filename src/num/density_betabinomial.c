/* density_betabinomial.c - the beta-binomial distribution: a binomial one whose probability is a beta variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: n whole, a > 0, b > 0; P(X = x) = C(n, x) B(x + a, n - x + b)/B(a, b). */
#include "num/density.h"

#include "num/density_sum.h"
#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

enum { N, A, B };

static bool has_nan(double x, const double *p) {
  return x != x || p[N] != p[N] || p[A] != p[A] || p[B] != p[B];
}

/* log Π (b + j)/(b + a + j) over j < n for a < 1, relative to itself. For b large beside n the sum over
 * log1p(a/(b + j)) = 2 artanh(a/2x), x = b + a/2 + j, is one over 1/x and 1/x³. */
static double log_none_small(double n, double a, double b) {
  double sum = 0, middle = b + 0.5 * a;
  if (n <= 64) {
    for (double j = n - 1; j >= 0; j--) sum += log1p(a / (b + j));
    return -sum;
  }
  if (b < 100 * n) return th_special_log_rising(b, a) - th_special_log_rising(b + n, a);
  double cubes = n * (middle - 0.5 + 0.5 * n) / pow((middle - 0.5) * (middle - 0.5 + n), 2);
  return -a * (th_density_digamma_rise(middle, n) + a * a * cubes / 12);
}

/* All failures: Γ(b + n) Γ(a + b)/(Γ(b) Γ(a + b + n)). In Stirling's form the difference of differences is taken of
 * every part by itself. */
static double log_none(double n, double a, double b) {
  if (a < 1) return log_none_small(n, a, b);
  double share = a / (b + a) * (n / (b + n)), s = a + b;
  double curved = share < 0.5 ? log1p(-share) : log(b / s * ((s + n) / (b + n)));
  double errors = th_special_stirling_error(s + n) - th_special_stirling_error(b + n) -
                  (th_special_stirling_error(s) - th_special_stirling_error(b));
  return -((b - 0.5) * curved + a * log1p(n / s) + n * log1p(a / (b + n)) + errors);
}

/* By Bayes' rule, P(X = x) = P(x | θ) f(θ)/f(θ | x) whatever θ is. At the mean of f(θ | x) the third factor is of one
 * place near its mode, and the other two never cancel. */
static double log_mass(double x, const double *p) {
  double n = p[N], a = p[A], b = p[B];
  if (x < 0 || x > n) return -TH_INFINITY;
  if (x == 0) return log_none(n, a, b);
  if (x == n) return log_none(n, b, a);
  double yes = (x + a) / (n + a + b), no = (n - x + b) / (n + a + b);
  return th_special_log_binomial(x, n, yes, no) + th_special_log_beta_kernel(a, b, yes, no) -
         th_special_log_beta_kernel(x + a, n - x + b, yes, no);
}

static double rise(double x, const double *p) {
  return (p[N] - x) / (x + 1) * ((x + p[A]) / (p[N] - x - 1 + p[B]));
}
static double ratio(double x, double step, const double *p) {
  return step > 0 ? rise(x, p) : 1 / rise(x - 1, p);
}

static double logpdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  return th_density_is_count(x) ? log_mass(x, p) : -TH_INFINITY;
}
static double pdf(double x, const double *p) { return exp(logpdf(x, p)); }

static double mean(const double *p) { return p[N] * (p[A] / (p[A] + p[B])); }
static double variance(const double *p) {
  double s = p[A] + p[B];
  return p[N] * (p[A] / s) * (p[B] / s) * ((s + p[N]) / (s + 1));
}

static ThMasses masses(const double *p) {
  return (ThMasses){.log_mass = log_mass,
                    .ratio = ratio,
                    .lower = 0,
                    .upper = p[N],
                    .center = mean(p),
                    .width = sqrt(variance(p)),
                    .bell = p[A] >= 1 && p[B] >= 1};
}
static double tail(double x, const double *p, bool upper, bool logarithm) {
  ThMasses m = masses(p);
  return has_nan(x, p) ? TH_NAN : th_density_sum_tail(&m, p, x, upper, logarithm);
}
static double cdf(double x, const double *p) { return tail(x, p, false, false); }
static double ccdf(double x, const double *p) { return tail(x, p, true, false); }
static double logcdf(double x, const double *p) { return tail(x, p, false, true); }
static double logccdf(double x, const double *p) { return tail(x, p, true, true); }

static double skewness(const double *p) {
  double s = p[A] + p[B], n = p[N], v = variance(p);
  if (!(v > 0)) return TH_NAN;
  return (s + 2 * n) / (s + 2) * ((p[B] - p[A]) / s) / sqrt(v);
}
/* In s = a + b and v = ab/s² the excess is one polynomial; 3 is not taken away from a rounded number. */
static double kurtosis(const double *p) {
  double n = p[N], s = p[A] + p[B], v = p[A] / s * (p[B] / s);
  if (!(variance(p) > 0)) return TH_NAN;
  double pairs = 6 * n * (n + s) * (s + 1 - v * (5 * s + 6));
  double rest = s * (s + 1) * (s - 1 - 6 * s * v);
  return (pairs + rest) / (v * n * (s + 2) * (s + 3) * (s + n));
}
/* Masses grow while (n - x)(x + a) > (x + 1)(n - x - 1 + b); for a, b < 1 the greatest is at an end. */
static double mode(const double *p) {
  double n = p[N], a = p[A], b = p[B];
  if (has_nan(0, p)) return TH_NAN;
  if (a <= 1 && b <= 1) return a > b ? n : 0;
  if (a <= 1 || b < 1) return a <= 1 ? 0 : n;
  double last = ceil((n + 1) * ((a - 1) / (a + b - 2)) * (1 - 2 * DBL_EPSILON)) - 1;
  return fmin(fmax(last, 0), n);
}

static double search(double prob, const double *p, bool upper) {
  ThDiscrete d = {.cdf = cdf,
                  .ccdf = ccdf,
                  .logpdf = logpdf,
                  .lower = 0,
                  .upper = p[N],
                  .mean = mean(p),
                  .sd = sqrt(variance(p))};
  return th_density_discrete_quantile(&d, prob, p, upper);
}
static double quantile(double prob, const double *p) { return search(prob, p, false); }
static double upper_quantile(double prob, const double *p) { return search(prob, p, true); }
static double median(const double *p) { return quantile(0.5, p); }
static double entropy(const double *p) {
  ThMasses m = masses(p);
  return has_nan(0, p) ? TH_NAN : th_density_sum_entropy(&m, p);
}

/* φ_n = E z^X for n trials is ₂F₁(-n, a; a + b; 1 - z). Gauss's relation between neighbours (NIST 15.5.11), written
 * for the differences D_n = φ_(n-1) - φ_n, is (a + b + n) D_(n+1) = a (1 - z) φ_n + n z D_n: for z near 1 nothing
 * cancels, and on the unit circle neither solution outgrows the other. */
static double complex cf(double k, const double *p) {
  if (has_nan(k, p)) return TH_NAN + TH_I * TH_NAN;
  double half = sin(0.5 * k), a = p[A], s = a + p[B], c = cos(k), sine = sin(k);
  double re = 1, im = 0, fall_re = 0, fall_im = 0, one_minus_re = 2 * half * half;
  for (double n = 0; n < p[N]; n++) {
    double next_re = a * (one_minus_re * re + sine * im) + n * (c * fall_re - sine * fall_im);
    double next_im = a * (one_minus_re * im - sine * re) + n * (c * fall_im + sine * fall_re);
    fall_re = next_re / (s + n);
    fall_im = next_im / (s + n);
    re -= fall_re;
    im -= fall_im;
  }
  return re + TH_I * im;
}

static double log_mgf(double t, const double *p) {
  ThMasses m = masses(p);
  return has_nan(t, p) ? TH_NAN : th_density_sum_log_mgf(&m, p, t);
}

static double sample(const double *p, ThRandom *r) {
  if (has_nan(0, p)) return TH_NAN;
  return th_random_binomial(r, p[N], th_random_beta(r, p[A], p[B]));
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(0, p, 3);
  *upper = th_density_constant(p[N], p, 3);
}

/* ∂/∂a = ψ(a + x) - ψ(a) - (ψ(n + a + b) - ψ(a + b)): directly, or with the first two taken on to a + n and back, in
 * which case two differences that nearly cancel are one; whichever has the smaller terms. */
static double slope(double x, double n, double a, double b) {
  double first = th_density_digamma_rise(a, x), all = th_density_digamma_rise(a + b, n);
  double fall = th_density_digamma_rise_fall(a, b, n), rest = th_density_digamma_rise(a + x, n - x);
  return first + all <= fall + rest ? first - all : fall - rest;
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double n = p[N], a = p[A], b = p[B], d_a = 0, d_b = 0;
  if (has_nan(x, p)) {
    d_a = d_b = TH_NAN;
  } else if (x >= 0 && x <= n && th_density_is_count(x)) {
    d_a = slope(x, n, a, b);
    d_b = slope(n - x, n, b, a);
  }
  if (d_x) *d_x = d_a == d_a ? 0 : d_a;
  if (!d_p) return;
  d_p[N] = d_a == d_a ? 0 : d_a;
  d_p[A] = d_a;
  d_p[B] = d_b;
}

const ThFamilyMath th_beta_binomial_math = {
    .name = "BetaBinomial",
    .n_parameters = 3,
    .discrete = true,
    .pdf = pdf,
    .logpdf = logpdf,
    .cdf = cdf,
    .ccdf = ccdf,
    .logcdf = logcdf,
    .logccdf = logccdf,
    .quantile = quantile,
    .upper_quantile = upper_quantile,
    .mean = mean,
    .variance = variance,
    .skewness = skewness,
    .kurtosis = kurtosis,
    .mode = mode,
    .median = median,
    .entropy = entropy,
    .cf = cf,
    .log_mgf = log_mgf,
    .sample = sample,
    .support = support,
    .gradient = gradient,
};
