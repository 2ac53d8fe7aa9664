/* density_hypergeometric.c - the hypergeometric distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: good, bad, draws: how many of `draws` things taken out of good + bad are good. All are whole numbers, so that
 * there are no derivatives. */
#include "num/density.h"

#include "num/density_sum.h"
#include "num/density_support.h"
#include "num/real.h"
#include "num/special.h"

enum { GOOD, BAD, DRAWS };

static bool has_nan(double x, const double *p) {
  return x != x || p[GOOD] != p[GOOD] || p[BAD] != p[BAD] || p[DRAWS] != p[DRAWS];
}
static double total(const double *p) { return p[GOOD] + p[BAD]; }
static double least(const double *p) { return fmax(0, p[DRAWS] - p[BAD]); }
static double most(const double *p) { return fmin(p[DRAWS], p[GOOD]); }
static bool is_point(const double *p) { return least(p) == most(p); }

/* Three binomial masses with the same probability draws/(good + bad): the first two never cancel, the third is of one
 * place near its mode (Loader 2000). */
static double log_mass(double x, const double *p) {
  if (x < least(p) || x > most(p)) return -TH_INFINITY;
  if (is_point(p)) return 0;
  double n = total(p), taken = p[DRAWS] / n, left = (n - p[DRAWS]) / n;
  return th_special_log_binomial(x, p[GOOD], taken, left) +
         th_special_log_binomial(p[DRAWS] - x, p[BAD], taken, left) -
         th_special_log_binomial(p[DRAWS], n, taken, left);
}

/* From x to x + 1 another good thing takes the place of a bad one. */
static double rise(double x, const double *p) {
  return (p[GOOD] - x) / (x + 1) * ((p[DRAWS] - x) / (p[BAD] - p[DRAWS] + x + 1));
}
static double ratio(double x, double step, const double *p) {
  return step > 0 ? rise(x, p) : 1 / rise(x - 1, p);
}

static double logpdf(double x, const double *p) {
  if (has_nan(x, p)) return TH_NAN;
  return th_density_is_count(x) ? log_mass(x, p) : -TH_INFINITY;
}
static double pdf(double x, const double *p) { return exp(logpdf(x, p)); }

static double mean(const double *p) {
  if (has_nan(0, p)) return TH_NAN;
  return total(p) == 0 ? 0 : p[DRAWS] * (p[GOOD] / total(p));
}
static double variance(const double *p) {
  double n = total(p);
  if (has_nan(0, p)) return TH_NAN;
  return is_point(p) ? 0 : p[DRAWS] * (p[GOOD] / n) * (p[BAD] / n) * ((n - p[DRAWS]) / (n - 1));
}

static ThMasses masses(const double *p) {
  return (ThMasses){.log_mass = log_mass,
                    .ratio = ratio,
                    .lower = least(p),
                    .upper = most(p),
                    .center = mean(p),
                    .width = sqrt(variance(p)),
                    .bell = true};
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
  double n = total(p);
  if (!(variance(p) > 0)) return TH_NAN;
  if (n == 2) return 0;
  return (n - 2 * p[GOOD]) / (n - 2) * ((n - 2 * p[DRAWS]) / (n - 1)) / sqrt(variance(p)) * ((n - 1) / n);
}
/* Of two and of three things one trial is left, with p 1/2 and 1/3. */
static double kurtosis(const double *p) {
  double n = total(p), d = p[DRAWS], pairs = p[GOOD] * p[BAD], other = d * (n - d);
  if (!(variance(p) > 0)) return TH_NAN;
  if (n <= 3) return n == 2 ? -2 : -1.5;
  double above = (n - 1) * n * n * (n * (n + 1) - 6 * pairs - 6 * other) + 6 * pairs * other * (5 * n - 6);
  return above / (pairs * other * (n - 2) * (n - 3));
}
/* Masses grow while x + 1 < (draws + 1)(good + 1)/(total + 2). */
static double mode(const double *p) {
  if (has_nan(0, p)) return TH_NAN;
  double last = ceil((p[DRAWS] + 1) * ((p[GOOD] + 1) / (total(p) + 2)) * (1 - 2 * DBL_EPSILON)) - 1;
  return fmin(fmax(last, least(p)), most(p));
}

static ThDiscrete discrete(const double *p) {
  double v = variance(p);
  return (ThDiscrete){.cdf = cdf,
                      .ccdf = ccdf,
                      .logpdf = logpdf,
                      .lower = least(p),
                      .upper = most(p),
                      .mean = mean(p),
                      .sd = sqrt(v),
                      .skewness = v > 0 ? skewness(p) : 0};
}
static double search(double prob, const double *p, bool upper) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_quantile(&d, prob, p, upper);
}
static double quantile(double prob, const double *p) { return search(prob, p, false); }
static double upper_quantile(double prob, const double *p) { return search(prob, p, true); }
static double median(const double *p) { return quantile(0.5, p); }
static double entropy(const double *p) {
  ThDiscrete d = discrete(p);
  return th_density_discrete_entropy(&d, p);
}

/* --- Transforms -----------------------------------------------------------------------------------
 * With z = e^ik the transforms φ_n = E z^X of n draws follow from Σ_n C(N, n) φ_n w^n = (1 + zw)^good (1 + w)^bad:
 * its logarithmic derivative gives (N - n) φ_(n+1) = ((good - n) z + bad - n) φ_n + n z φ_(n-1), whose wanted solution
 * is the dominant one. The number of draws, of what is left, and of good or bad things change places without
 * changing the distribution but for a reflection, so that n is the least of the four. */

typedef struct Reduced {
  double n, good, bad;   /* n <= good, bad, and half of all */
  double shift, reflect; /* X = shift + reflect·X' */
} Reduced;

static Reduced reduce(const double *p) {
  Reduced r = {p[DRAWS], p[GOOD], p[BAD], 0, 1};
  if (2 * r.n > total(p)) { /* what is left over: X = good - X' */
    r.n = total(p) - r.n;
    r.shift = r.good;
    r.reflect = -1;
  }
  if (r.bad < r.good) { /* bad ones counted: X' = n - X'' */
    double swap = r.good;
    r.good = r.bad;
    r.bad = swap;
    r.shift += r.reflect * r.n;
    r.reflect = -r.reflect;
  }
  if (r.good < r.n) { /* good and draws change places */
    double all = r.good + r.bad, swap = r.n;
    r.n = r.good;
    r.good = swap;
    r.bad = all - swap;
  }
  return r;
}

/* φ is real and imaginary part times 2^exponent. */
static double complex cf(double k, const double *p) {
  if (has_nan(k, p)) return TH_NAN + TH_I * TH_NAN;
  Reduced r = reduce(p);
  double all = r.good + r.bad, c = cos(k), s = sin(k) * r.reflect;
  double re = 1, im = 0, before_re = 0, before_im = 0;
  int exponent = 0;
  for (double n = 0; n < r.n; n++) {
    double a = (r.good - n) * c + (r.bad - n), b = (r.good - n) * s, nc = n * c, ns = n * s;
    double next_re = (a * re - b * im + nc * before_re - ns * before_im) / (all - n);
    double next_im = (a * im + b * re + nc * before_im + ns * before_re) / (all - n);
    before_re = re, before_im = im, re = next_re, im = next_im;
    if (fabs(re) + fabs(im) < 0x1p-500) {
      re *= 0x1p500, im *= 0x1p500, before_re *= 0x1p500, before_im *= 0x1p500;
      exponent -= 500;
    }
  }
  re = ldexp(re, exponent);
  im = ldexp(im, exponent);
  if (r.shift == 0) return re + TH_I * im;
  double turn_re = cos(k * r.shift), turn_im = sin(k * r.shift);
  return re * turn_re - im * turn_im + TH_I * (re * turn_im + im * turn_re);
}

/* Reflected so that e^t <= 1, unless t is small, all terms are positive; 1 - φ_n, too, has a recurrence of terms of one
 * sign. */
static double log_mgf(double t, const double *p) {
  if (has_nan(t, p)) return TH_NAN;
  Reduced r = reduce(p);
  double all = r.good + r.bad, at = t * r.shift, power = t * r.reflect, log_scale = 0;
  if (power * r.n > 1) { /* bad ones counted */
    double swap = r.good;
    r.good = r.bad;
    r.bad = swap;
    at += power * r.n;
    power = -power;
  }
  double z = exp(power), missing = -expm1(power), value = 1, before = 0, lack = 0, lack_before = 0;
  for (double n = 0; n < r.n; n++) {
    double a = (r.good - n) * z + (r.bad - n);
    double next = (a * value + n * z * before) / (all - n);
    double next_lack = (missing * r.good + a * lack + n * z * lack_before) / (all - n);
    before = value, value = next, lack_before = lack, lack = next_lack;
    if (value < 0x1p-500) {
      value *= 0x1p500, before *= 0x1p500;
      log_scale -= 500 * TH_LOG_2;
    }
  }
  return at + (lack < 0.5 ? log1p(-lack) : log_scale + log(value));
}

static double sample(const double *p, ThRandom *r) {
  return th_random_hypergeometric(r, p[GOOD], p[BAD], p[DRAWS]);
}

static void support(const double *p, double *lower, double *upper) {
  *lower = has_nan(0, p) ? TH_NAN : least(p);
  *upper = has_nan(0, p) ? TH_NAN : most(p);
}

static void gradient(double x, const double *p, double *d_x, double *d_p) {
  double slope = has_nan(x, p) ? TH_NAN : 0;
  if (d_x) *d_x = slope;
  for (int j = 0; d_p && j < 3; j++) d_p[j] = slope;
}

static void fisher(const double *p, double *information) {
  (void)p;
  for (int i = 0; i < 9; i++) information[i] = TH_NAN;
}

const ThFamilyMath th_hypergeometric_math = {
    .name = "Hypergeometric",
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
    .fisher = fisher,
};
