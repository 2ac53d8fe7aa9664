/* density_log_uniform.c - the log-uniform (reciprocal) distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: 0 < a < b; the density is 1/(x log(b/a)) on [a, b]. Scale-free: every decade is as likely as every other. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/kernels.h"
#include "num/quadrature.h"
#include "num/special.h"

static double length(const double *p) { return th_density_log_ratio(p[0], p[1]); }

/* NaN, or -1, 0, 1: x below, in, above the interval. */
static double place(double x, const double *p) {
  if (x != x || p[0] != p[0] || p[1] != p[1]) return TH_NAN;
  return x < p[0] ? -1 : x > p[1] ? 1 : 0;
}

static double pdf(double x, const double *p) {
  double at = place(x, p);
  return at != at ? at : at == 0 ? 1 / (x * length(p)) : 0;
}
static double logpdf(double x, const double *p) {
  double at = place(x, p);
  return at != at ? at : at == 0 ? -log(x) - log(length(p)) : -TH_INFINITY;
}

static double cdf(double x, const double *p) {
  double at = place(x, p);
  return at == 0 ? th_density_log_ratio(p[0], x) / length(p) : 0.5 + 0.5 * at;
}
static double ccdf(double x, const double *p) {
  double at = place(x, p);
  return at == 0 ? th_density_log_ratio(x, p[1]) / length(p) : 0.5 - 0.5 * at;
}
static double logcdf(double x, const double *p) { return th_density_log_share(cdf(x, p), ccdf(x, p)); }
static double logccdf(double x, const double *p) { return th_density_log_share(ccdf(x, p), cdf(x, p)); }

/* From the nearer end; the end itself is met exactly. */
static double inverse(double prob, double other, const double *p) {
  return prob <= other ? p[0] * exp(prob * length(p)) : p[1] * exp(-other * length(p));
}
static double quantile(double prob, const double *p) {
  return th_density_is_probability(prob) ? inverse(prob, 1 - prob, p) : TH_NAN;
}
static double upper_quantile(double prob, const double *p) {
  return th_density_is_probability(prob) ? inverse(1 - prob, prob, p) : TH_NAN;
}

/* --- Moments */

static double mean(const double *p) { return (p[1] - p[0]) / length(p); }

/* E((X - E X)/b)^n. For a short interval the moments about 0 cancel; there the integral over log X, of an entire
 * function, by Gauss and Legendre's rule, with X/b - 1 = e^-Lu - 1. */
static double central_moment(const double *p, int n) {
  enum { N_NODES = 32 };
  double l = length(p), nodes[N_NODES], weights[N_NODES], excess[N_NODES], average = 0, sum = 0;
  if (!(l < 5)) {
    double m[5] = {1};
    for (int i = 1; i <= 4; i++) m[i] = -expm1(-i * l) / (i * l);
    if (n == 2) return m[2] - m[1] * m[1];
    if (n == 3) return m[3] - 3 * m[1] * m[2] + 2 * m[1] * m[1] * m[1];
    return m[4] - 4 * m[1] * m[3] + 6 * m[1] * m[1] * m[2] - 3 * m[1] * m[1] * m[1] * m[1];
  }
  th_quadrature_gauss_legendre(N_NODES, nodes, weights);
  for (int i = 0; i < N_NODES; i++) {
    excess[i] = expm1(-0.5 * l * (1 + nodes[i]));
    average += 0.5 * weights[i] * excess[i];
  }
  for (int i = 0; i < N_NODES; i++) sum += 0.5 * weights[i] * pow(excess[i] - average, n);
  return sum;
}

static double variance(const double *p) { return p[1] * (p[1] * central_moment(p, 2)); }
static double skewness(const double *p) {
  double square = central_moment(p, 2);
  return central_moment(p, 3) / (square * sqrt(square));
}
static double kurtosis(const double *p) {
  double square = central_moment(p, 2);
  return central_moment(p, 4) / (square * square) - 3;
}
static double mode(const double *p) { return th_density_constant(p[0], p, 2); }
static double median(const double *p) { return sqrt(p[0]) * sqrt(p[1]); }
static double entropy(const double *p) { return 0.5 * (log(p[0]) + log(p[1])) + log(length(p)); }

/* --- Transforms: E e^(rX) = 1/L ∫ e^(rx)/x dx */

/* Less 1, for |r| b <= 2: Σ (rb)^n/n! (1 - e^-nL)/(nL). */
static double complex series(double complex rate, const double *p) {
  double complex term = 1, sum = 0;
  double l = length(p);
  for (int n = 1; n < 30; n++) {
    term *= rate * p[1] / n;
    sum += term * (-expm1(-n * l) / (n * l));
  }
  return sum;
}

/* A short interval, on which e^(rx) turns or grows little: there differences of exponential integrals cancel. */
static bool is_short(double size, const double *p) { return length(p) < 1 && size * (p[1] - p[0]) < 4; }

/* E e^(r(X - m)), m the middle of a and b, over log X: within rounding by 16 nodes. */
static double complex short_transform(double complex rate, const double *p) {
  enum { N_NODES = 16 };
  double l = length(p), half = 0.5 * (p[1] - p[0]), nodes[N_NODES], weights[N_NODES];
  double complex sum = 0;
  th_quadrature_gauss_legendre(N_NODES, nodes, weights);
  for (int i = 0; i < N_NODES; i++)
    sum += 0.5 * weights[i] * cexp(rate * (p[0] * expm1(0.5 * l * (1 + nodes[i])) - half));
  return sum;
}

/* (E₁(-ika) - E₁(-ikb))/L */
static double complex cf(double k, const double *p) {
  double size = fabs(k), bad = k * 0 + th_density_constant(0, p, 2);
  double complex value;
  if (bad != bad) return size > DBL_MAX ? th_density_constant(0, p, 2) : bad;
  if (size * p[1] <= 2) value = 1 + series(TH_I * size, p);
  else if (is_short(size, p))
    value = th_density_polar(1, size * (0.5 * p[0] + 0.5 * p[1])) * short_transform(TH_I * size, p);
  else value = (th_special_e1_imaginary(size * p[0]) - th_special_e1_imaginary(size * p[1])) / length(p);
  return k < 0 ? conj(value) : value;
}

static double log_mgf(double t, const double *p) {
  double size = fabs(t), bad = th_density_constant(0, p, 2), width = p[1] - p[0], integral;
  if (bad != bad || !(size <= DBL_MAX)) return t + bad;
  if (size * p[1] <= 2) return log1p(creal(series(t, p)));
  if (is_short(size, p)) return t * (0.5 * p[0] + 0.5 * p[1]) + log(creal(short_transform(t, p)));
  double fall = exp(-size * width);
  if (t < 0) integral = th_special_e1_scaled(size * p[0]) - fall * th_special_e1_scaled(size * p[1]);
  else integral = th_special_ei_scaled(t * p[1]) - fall * th_special_ei_scaled(t * p[0]);
  return t * (t < 0 ? p[0] : p[1]) + log(integral / length(p));
}

/* --- Samples, derivatives, distances */

/* From the nearer end: b/a may be more than the largest double. */
static double sample(const double *p, ThRandom *r) {
  double u = th_random_uniform(r), l = length(p);
  return u < 0.5 ? fmin(p[0] * th_kernel_exp_portable(u * l), p[1])
                 : fmax(p[1] * th_kernel_exp_portable((u - 1) * l), p[0]);
}

static void support(const double *p, double *lower, double *upper) {
  *lower = th_density_constant(p[0], p, 2);
  *upper = th_density_constant(p[1], p, 2);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  if (th_density_no_gradient(place(x, p) == 0, x, p, 2, d_x, d_p)) return;
  double l = length(p);
  if (d_x) *d_x = -1 / x;
  if (!d_p) return;
  d_p[0] = 1 / (p[0] * l);
  d_p[1] = -1 / (p[1] * l);
}

/* The support moves with both parameters. */
static void fisher(const double *p, double *information) {
  (void)p;
  for (int j = 0; j < 4; j++) information[j] = TH_NAN;
}

/* log(L'/L), from L' - L, which is the sum of what sticks out on both sides */
static double kl(const double *p, const double *q) {
  if (p[0] < q[0] || p[1] > q[1]) return TH_INFINITY;
  return log1p((th_density_log_ratio(q[0], p[0]) + th_density_log_ratio(p[1], q[1])) / length(p));
}

const ThFamilyMath th_log_uniform_math = {
    .name = "LogUniform",
    .n_parameters = 2,
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
    .fisher = fisher,
    .kl = kl,
};
