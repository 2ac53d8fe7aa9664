/* density_triangular.c - the triangular distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: a, b, mode with a <= mode <= b, a < b. The left side u = mode - a and the right side v = b - mode share the
 * width w; X is mode - u T with probability u/w, else mode + v T, T having the density 2(1 - t) on [0, 1]. */
#include "num/density.h"

#include "num/density_support.h"
#include "num/special.h"
#include "num/special_tail.h"

typedef struct Sides {
  double a, b, c, u, v, w;
  double bad; /* 0, or NaN where a parameter is */
} Sides;

static Sides sides_of(const double *p) {
  double bad = th_density_constant(0, p, 3);
  return (Sides){p[0], p[1], p[2], p[2] - p[0], p[1] - p[2], p[1] - p[0], bad};
}

/* The density's height over its greatest, 2/w. */
static double relative_height(double x, const Sides *s) {
  if (x < s->a || x > s->b) return 0;
  if (x == s->c) return 1;
  return x < s->c ? (x - s->a) / s->u : (s->b - x) / s->v;
}

static double pdf(double x, const double *p) {
  Sides s = sides_of(p);
  return relative_height(x, &s) * 2 / s.w + (x != x ? x : s.bad);
}

/* Near the mode the height is 1 less a small number. */
static double logpdf(double x, const double *p) {
  Sides s = sides_of(p);
  double height = relative_height(x, &s), share = x < s.c ? (s.c - x) / s.u : (x - s.c) / s.v;
  double log_height = height > 0.5 && height < 1 ? log1p(-share) : log(height);
  return log_height + TH_LOG_2 - log(s.w) + (x != x ? x : s.bad);
}

/* P(X <= x), every term positive. */
static double below(double x, const Sides *s) {
  if (x <= s->a) return 0;
  if (x >= s->b) return 1;
  if (x <= s->c) return (x - s->a) / s->w * ((x - s->a) / s->u);
  return s->u / s->w + (x - s->c) / s->w * ((s->v + (s->b - x)) / s->v);
}

/* The same triangle seen from the other end. */
static Sides mirrored(const Sides *s) { return (Sides){-s->b, -s->a, -s->c, s->v, s->u, s->w, s->bad}; }

static double cdf(double x, const double *p) {
  Sides s = sides_of(p);
  return below(x, &s) + (x != x ? x : s.bad);
}
static double ccdf(double x, const double *p) {
  Sides s = sides_of(p), m = mirrored(&s);
  return below(-x, &m) + (x != x ? x : s.bad);
}
static double logcdf(double x, const double *p) { return th_density_log_share(cdf(x, p), ccdf(x, p)); }
static double logccdf(double x, const double *p) { return th_density_log_share(ccdf(x, p), cdf(x, p)); }

/* x on the left side: from the end a, or where it is more likely than not to lie beyond x, from the mode. */
static double on_left(double prob, double other, const Sides *s) {
  if (prob <= other || s->u == 0) return s->a + sqrt(prob) * (sqrt(s->w) * sqrt(s->u));
  double rest = other * s->w - s->v; /* the area from x to the mode, times w */
  return s->c - rest / (1 + sqrt(prob * s->w / s->u));
}

static double inverse(double prob, double other, const Sides *s) {
  if (prob * s->w <= s->u) return on_left(prob, other, s);
  Sides m = mirrored(s);
  return -on_left(other, prob, &m);
}

static double quantile(double prob, const double *p) {
  Sides s = sides_of(p);
  return th_density_is_probability(prob) ? inverse(prob, 1 - prob, &s) + s.bad : TH_NAN;
}
static double upper_quantile(double prob, const double *p) {
  Sides s = sides_of(p);
  return th_density_is_probability(prob) ? inverse(1 - prob, prob, &s) + s.bad : TH_NAN;
}

static double mean(const double *p) { return p[0] / 3 + p[1] / 3 + p[2] / 3; }
static double variance(const double *p) {
  Sides s = sides_of(p);
  return (s.u * s.u + s.u * s.v + s.v * s.v) / 18;
}
static double skewness(const double *p) {
  Sides s = sides_of(p);
  double u = s.u / s.w, v = s.v / s.w, square = u * u + u * v + v * v;
  return TH_SQRT_2 * (v - u) * (2 * u + v) * (u + 2 * v) / (5 * square * sqrt(square));
}
static double kurtosis(const double *p) { return th_density_constant(-0.6, p, 3); }
static double mode(const double *p) { return th_density_constant(p[2], p, 3); }
static double median(const double *p) { return quantile(0.5, p); }
static double entropy(const double *p) {
  return th_density_constant(0.5 - TH_LOG_2 + log(p[1] - p[0]), p, 3);
}

/* (x - sin x)/x² */
static double sine_deficit(double x) {
  if (fabs(x) > 1) return (x - sin(x)) / x / x;
  double x2 = x * x, term = x / 6, sum = term;
  for (int n = 4; n < 20; n += 2) sum += term *= -x2 / (n * (n + 1));
  return sum;
}

/* T has E cos(xT) = sinc²(x/2) and E sin(xT) = 2(x - sin x)/x². Of the two sides' sines the parts 2/(wk) cancel
 * where k is large: they are left out then. */
static double complex cf(double k, const double *p) {
  Sides s = sides_of(p);
  double left = k * s.u, right = k * s.v, width = k * s.w;
  double near = th_special_sinc(0.5 * left), far = th_special_sinc(0.5 * right);
  double re = (s.u * near * near + s.v * far * far) / s.w, im;
  if (fabs(width) < 4) im = 2 * (s.v * sine_deficit(right) - s.u * sine_deficit(left)) / s.w;
  else im = 2 * (th_special_sinc(left) - th_special_sinc(right)) / width;
  double phase = k * s.c, c = cos(phase), d = sin(phase);
  if (fabs(width) > DBL_MAX) return s.bad;
  return re * c - im * d + TH_I * (re * d + im * c);
}

/* E e^(xT) - 1 = 2(e^x - 1 - x - x²/2)/x² for |x| <= 1, and log E e^(xT) */
static double mgf_excess(double x) {
  double term = x / 3, sum = term;
  for (int n = 2; n < 20; n++) sum += term *= x / (n + 2);
  return sum;
}
static double side_log_mgf(double x) {
  if (fabs(x) <= 1) return log1p(mgf_excess(x));
  if (x < 30) return log(2 * th_special_exp_deviation(-x)) - 2 * log(fabs(x));
  return x + TH_LOG_2 - 2 * log(x) + log1p(-(1 + x) * exp(-x));
}

static double log_mgf(double t, const double *p) {
  Sides s = sides_of(p);
  double left = -t * s.u, right = t * s.v;
  if (fabs(t) * s.w <= 1)
    return t * s.c + log1p((s.u * mgf_excess(left) + s.v * mgf_excess(right)) / s.w) + s.bad;
  return t * s.c +
         th_special_log_add(log(s.u / s.w) + side_log_mgf(left), log(s.v / s.w) + side_log_mgf(right)) +
         s.bad;
}

static double sample(const double *p, ThRandom *r) {
  Sides s = sides_of(p);
  double prob = th_random_uniform(r);
  return inverse(prob, 1 - prob, &s);
}

static void support(const double *p, double *lower, double *upper) {
  Sides s = sides_of(p);
  *lower = s.a + s.bad;
  *upper = s.b + s.bad;
}

/* On the left side log f = log(x - a) - log w - log u + log 2, on the right side the mirror image. */
static void gradient(double x, const double *p, double *d_x, double *d_p) {
  Sides s = sides_of(p);
  double slope[4];
  if (th_density_no_gradient(x >= s.a && x <= s.b, x, p, 3, d_x, d_p)) return;
  if (x < s.c || s.v == 0) {
    slope[0] = 1 / (x - s.a);
    slope[1] = 1 / s.w - (s.c - x) / s.u / (x - s.a);
    slope[2] = -1 / s.w;
    slope[3] = -1 / s.u;
  } else {
    slope[0] = -1 / (s.b - x);
    slope[1] = 1 / s.w;
    slope[2] = (x - s.c) / s.v / (s.b - x) - 1 / s.w;
    slope[3] = 1 / s.v;
  }
  if (d_x) *d_x = slope[0];
  for (int j = 0; d_p && j < 3; j++) d_p[j] = slope[1 + j];
}

/* Both ends of the support are parameters. Of the mode: (u/w)/u² + (v/w)/v². */
static void fisher(const double *p, double *information) {
  Sides s = sides_of(p);
  for (int j = 0; j < 8; j++) information[j] = TH_NAN;
  information[8] = s.u > 0 && s.v > 0 ? 1 / s.u / s.v : TH_NAN;
}

const ThFamilyMath th_triangular_math = {
    .name = "Triangular",
    .n_parameters = 3,
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
