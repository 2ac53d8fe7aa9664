/* special_gamma.c - the gamma function, its logarithm and derivatives; coefficients */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Differences of log Γ for large arguments cancel; everything that needs one is built from Stirling's error
 * and from x - log(1 + x), which are small by themselves. */
#include "num/special.h"

#include <stdint.h>

#include "num/real.h"

/* ζ(n) - 1 for n = 2, 3, … */
static const double zeta_minus_1[] = {
    0.64493406684822643647,     0.2020569031595942854,      0.082323233711138191516,
    0.036927755143369926331,    0.017343061984449139715,    0.0083492773819228268398,
    0.0040773561979443393787,   0.0020083928260822144179,   0.00099457512781808533715,
    0.0004941886041194645587,   0.00024608655330804829864,  0.00012271334757848914675,
    0.000061248135058704829259, 0.000030588236307020493552, 0.000015282259408651871733,
    7.6371976378997622736e-6,   3.8172932649998398565e-6,   1.9082127165539389257e-6,
    9.5396203387279611315e-7,   4.7693298678780646312e-7,   2.3845050272773299e-7,
    1.1921992596531107307e-7,   5.9608189051259479612e-8,   2.9803503514652280186e-8,
    1.4901554828365041235e-8,   7.450711789835429492e-9,    3.7253340247884570548e-9,
    1.8626597235130490064e-9};

/* B₂ₙ/(2n(2n - 1)), n = 1, 2, …: the coefficients of Stirling's error in 1/x, 1/x³, … */
static const double stirling_series[] = {0.083333333333333333333,   -0.0027777777777777777778,
                                         0.00079365079365079365079, -0.0005952380952380952381,
                                         0.00084175084175084175084, -0.0019175269175269175269,
                                         0.0064102564102564102564,  -0.02955065359477124183,
                                         0.17964437236883057316,    -1.3924322169059011164};

/* Stirling's error at 0, 1/2, 1, … 16; at 0 it is infinite. */
static const double stirling_table[] = {0,
                                        0.15342640972002734529,
                                        0.08106146679532725822,
                                        0.054814121051917653896,
                                        0.041340695955409294094,
                                        0.033162873519936287485,
                                        0.027677925684998339149,
                                        0.023746163656297495971,
                                        0.020790672103765093112,
                                        0.018488450532673185231,
                                        0.016644691189821192163,
                                        0.015134973221917378874,
                                        0.013876128823070747999,
                                        0.012810465242920226924,
                                        0.011896709945891770095,
                                        0.011104559758206917327,
                                        0.010411265261972096497,
                                        0.0097994161261588032984,
                                        0.0092554621827127329177,
                                        0.008768700134139385463,
                                        0.0083305634333628712565,
                                        0.0079341145643140205472,
                                        0.007573675487951840795,
                                        0.0072445543013203831795,
                                        0.0069428401072095298657,
                                        0.0066652470327076824424,
                                        0.0064089941880042070684,
                                        0.0061717122630394576475,
                                        0.0059513701127588477356,
                                        0.005746216513010115682,
                                        0.005554733551962801371,
                                        0.0053755990329268344936,
                                        0.0052076559196096404407};

enum { STIRLING_FROM = 10 }; /* the series, cut after ten terms, is exact to 1e-17 from here on */

/* --- Γ and log Γ --------------------------------------------------------------------------------- */

double th_special_gamma(double x) { return tgamma(x); }

/* lgamma itself writes to the global `signgam`. */
double th_special_lgamma(double x) {
  int sign;
  return lgamma_r(x, &sign);
}

/* (log Γ(2 + d) - (1 - γ)d)/d, |d| <= 1/2, from the Taylor series, whose first coefficient is ψ(2) = 1 - γ. */
static double lgamma_bend_at_2(double d) {
  double sum = 0;
  for (int n = (int)(sizeof zeta_minus_1 / sizeof *zeta_minus_1) + 1; n >= 2; n--)
    sum = d * (zeta_minus_1[n - 2] / n - sum);
  return sum;
}

static double lgamma_near_2(double d) { return d * ((1 - TH_EULER) + lgamma_bend_at_2(d)); }

double th_special_lgamma1p(double x) {
  if (x != x || x <= -1) return x == -1 ? TH_INFINITY : TH_NAN;
  if (x < -0.5) return lgamma_near_2(1 + x) - log1p(x) - log1p(1 + x);
  if (x <= 0.5) return lgamma_near_2(x) - log1p(x);
  if (x <= 1.5) return lgamma_near_2(x - 1);
  return th_special_lgamma(1 + x);
}

/* Near 0, log Γ(1 + x) + γx = log Γ(2 + x) - (1 - γ)x + (x - log(1 + x)). */
double th_special_lgamma1p_deviation(double x) {
  if (fabs(x) <= 0.5) return x * lgamma_bend_at_2(x) + th_special_log1p_deviation(x);
  return th_special_lgamma1p(x) + TH_EULER * x;
}

double th_special_lfactorial(double x) { return th_special_lgamma1p(x); }

double th_special_factorial(double x) {
  static const double small[] = {1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800, 479001600};
  if (x >= 0 && x <= 12 && floor(x) == x) return small[(int)x];
  if (x > 12 && x <= 22 && floor(x) == x) {
    uint64_t high = 1; /* x!/12!, below 2^53; 22! has 19 factors 2, so that the last product is exact */
    for (int k = 13; k <= (int)x; k++) high *= (uint64_t)k;
    return (double)high * 479001600;
  }
  return tgamma(x + 1);
}

/* --- Stirling's error and the deviance ----------------------------------------------------------- */

/* δ(x) - δ(x + 1) = (x + 1/2) log(1 + 1/x) - 1, which is t²/3 + t⁴/5 + … with t = 1/(2x + 1). */
static double stirling_step(double x) {
  double t2 = 1 / ((2 * x + 1) * (2 * x + 1)), power = t2, sum = 0;
  for (int k = 3; power > 1e-18; k += 2, power *= t2) sum += power / k;
  return sum;
}

double th_special_stirling_error(double x) {
  if (x != x || x < 0) return TH_NAN;
  if (x <= 16 && floor(2 * x) == 2 * x) return x == 0 ? TH_INFINITY : stirling_table[(int)(2 * x)];
  if (x < 3) return th_special_lgamma1p(x) - ((x + 0.5) * log(x) - x + TH_HALF_LOG_2PI);
  double shift = 0, sum = 0;
  for (; x < STIRLING_FROM; x++) shift += stirling_step(x);
  double r = 1 / (x * x);
  for (int n = (int)(sizeof stirling_series / sizeof *stirling_series) - 1; n >= 0; n--)
    sum = sum * r + stirling_series[n];
  return sum / x + shift;
}

/* With r = x/(2 + x), log(1 + x) = 2(r + r³/3 + r⁵/5 + …) and x = 2r/(1 - r): the leading terms cancel on
 * paper instead of in the machine. */
double th_special_log1p_deviation(double x) {
  if (!(x > -0.6 && x < 1)) return x - log1p(x);
  double r = x / (2 + x), r2 = r * r, power = r2, sum = 1.0 / 3;
  for (int k = 5; k < 80; k += 2, power *= r2) {
    double term = power / k;
    sum += term;
    if (term < 1e-17) break;
  }
  return r * (x - 2 * r2 * sum);
}

double th_special_deviance(double x, double np) {
  if (x != x || np != np || x < 0 || np < 0) return TH_NAN;
  if (x == np) return 0;
  if (x == 0) return np;
  if (np == 0 || x > DBL_MAX || np > DBL_MAX) return TH_INFINITY;
  double excess = (np - x) / x;
  if (excess > -0.6 && excess < 1) return x * th_special_log1p_deviation(excess);
  double ratio = x / np;
  double log_ratio = ratio > 0 && ratio <= DBL_MAX ? log(ratio) : log(x) - log(np);
  return x * log_ratio + np - x;
}

double th_special_log_poisson(double x, double rate) {
  if (x != x || rate != rate || x < 0 || rate < 0) return TH_NAN;
  if (x == 0) return -rate;
  if (rate == 0 || rate > DBL_MAX || x > DBL_MAX) return -TH_INFINITY;
  if (x < 1) return x * log(rate) - rate - th_special_lgamma1p(x);
  return -0.5 * (TH_LOG_2PI + log(x)) - th_special_stirling_error(x) - th_special_deviance(x, rate);
}

/* n log q, where q = 1 - p: the larger of p and q is the inaccurate one. */
static double n_log(double n, double q, double p) {
  return n == 0 ? 0 : p < 0.5 ? n * log1p(-p) : n * log(q);
}

double th_special_log_binomial(double x, double n, double p, double q) {
  if (x != x || n != n || p != p || q != q) return TH_NAN;
  if (x < 0 || x > n) return -TH_INFINITY;
  if (x == 0) return n_log(n, q, p);
  if (x == n) return n_log(n, p, q);
  if (p == 0 || q == 0) return -TH_INFINITY;
  double error = th_special_stirling_error(n) - th_special_stirling_error(x) -
                 th_special_stirling_error(n - x);
  double deviance = th_special_deviance(x, n * p) + th_special_deviance(n - x, n * q);
  double log_share = x < 0.5 * n ? log1p(-x / n) : log((n - x) / n);
  return error - deviance - 0.5 * (TH_LOG_2PI + log(x) + log_share);
}

/* --- Beta function and coefficients -------------------------------------------------------------- */

/* log Γ(a + b) - log Γ(a) for a > 0, b >= 0: accurate relative to b, however small b is. From
 * (a - 1/2) log(1 + b/a) + b log(a + b) - b + δ(a + b) - δ(a), where b is taken out of every difference. */
double th_special_log_rising(double a, double b) {
  double shift = 0;
  for (; a < STIRLING_FROM; a++) shift -= log1p(b / a);
  double u = 1 / a, v = 1 / (a + b), sum = 0, u_power = 1, v_power = 1, mixed = 1;
  for (size_t n = 0; n < sizeof stirling_series / sizeof *stirling_series; n++) {
    sum += stirling_series[n] * mixed; /* mixed is (u^(2n+1) - v^(2n+1))/(u - v) */
    u_power *= u * u;
    v_power *= v * v;
    mixed = mixed * u * u + v_power + u * v_power / v;
    if (fabs(stirling_series[n]) * u_power < 1e-18) break;
  }
  double difference = b * u * v * sum; /* δ(a) - δ(a + b) */
  return shift + b * log(a + b) - a * th_special_log1p_deviation(b * u) - 0.5 * log1p(b * u) - difference;
}

double th_special_lbeta(double a, double b) {
  if (a != a || b != b || a < 0 || b < 0) return TH_NAN;
  double low = fmin(a, b), high = fmax(a, b);
  if (low == 0) return TH_INFINITY;
  if (high > DBL_MAX) return -TH_INFINITY;
  if (low < STIRLING_FROM) return th_special_lgamma(low) - th_special_log_rising(high, low);
  double sum = low + high, error = th_special_stirling_error(low) + th_special_stirling_error(high);
  error -= th_special_stirling_error(sum);
  return TH_HALF_LOG_2PI - 0.5 * log(high) + error + (low - 0.5) * log(low / sum) - high * log1p(low / high);
}

double th_special_beta(double a, double b) {
  if (a > 1e-300 && b > 1e-300 && a + b < 30) return tgamma(a) / tgamma(a + b) * tgamma(b);
  return exp(th_special_lbeta(a, b));
}

/* The product n (n - 1) … (n - k + 1)/k! in 128 bits: exact while it is below 2^53. */
static bool choose_exact(double n, double k, double *out) {
  __extension__ typedef unsigned __int128 Wide;
  Wide result = 1;
  for (uint64_t j = 1; j <= (uint64_t)k; j++) {
    result = result * ((uint64_t)(n - k) + j) / j;
    if (result >= (uint64_t)1 << 53) return false;
  }
  *out = (double)(uint64_t)result;
  return true;
}

static double choose_product(double n, double k) {
  double result = 1;
  for (double j = 1; j <= k; j++) result *= (n - k + j) / j;
  return result;
}

double th_special_choose(double n, double k) {
  double exact;
  if (n != n || k != k || floor(k) != k) return TH_NAN;
  if (k < 0) return 0;
  if (k == 0) return 1;
  bool whole = floor(n) == n;
  if (whole && n < 0)
    return fmod(k, 2) == 0 ? th_special_choose(k - n - 1, k) : -th_special_choose(k - n - 1, k);
  if (whole && k > n) return 0;
  if (whole && k > n - k) k = n - k;
  if (whole && n <= 0x1p53 && choose_exact(n, k, &exact)) return exact;
  if (k <= 1000) return choose_product(n, k);
  if (n > k - 1) return exp(th_special_lchoose(n, k));
  double magnitude = exp(th_special_lgamma(n + 1) - th_special_lgamma(k + 1) - th_special_lgamma(n - k + 1));
  bool negative = n < 0 ? fmod(k, 2) != 0 : fmod(k - ceil(n), 2) != 0;
  return negative ? -magnitude : magnitude;
}

double th_special_lchoose(double n, double k) {
  if (n != n || k != k || k < 0 || k > n) return TH_NAN;
  if (k > n - k) k = n - k;
  if (k == 0) return 0;
  if (k == 1) return log(n);
  return -log1p(n) - th_special_lbeta(n - k + 1, k + 1);
}

/* --- Derivatives of log Γ ------------------------------------------------------------------------ */

/* π cot πx for x not whole: reduced to |x| <= 1/2 first, where nothing is lost near whole numbers. */
static double pi_cotangent(double x) {
  double r = x - floor(x + 0.5);
  return fabs(r) == 0.5 ? 0 : TH_PI / tan(TH_PI * r);
}

/* log x - ψ(x) = 1/2x + Σ B₂ₙ/(2n x^2n) from 10 on; below, by recurrence: ψ(x) = ψ(x + 1) - 1/x. */
double th_special_log_minus_digamma(double x) {
  static const double series[] = {1.0 / 12,  -1.0 / 120,     1.0 / 252, -1.0 / 240,
                                  1.0 / 132, -691.0 / 32760, 1.0 / 12,  -3617.0 / 8160};
  if (!(x > 0)) return x == 0 ? TH_INFINITY : TH_NAN;
  double shift = 0, sum = 0, start = x;
  for (; x < STIRLING_FROM; x++) shift += 1 / x;
  double r = 1 / (x * x);
  for (int n = 7; n >= 0; n--) sum = (sum + series[n]) * r;
  if (x != start) shift += log(start / x);
  return 0.5 / x + sum + shift;
}

/* By reflection below 0. */
double th_special_digamma(double x) {
  if (x != x || x == -TH_INFINITY || (x <= 0 && floor(x) == x)) return TH_NAN;
  if (x < 0) return th_special_digamma(1 - x) - pi_cotangent(x);
  return log(x) - th_special_log_minus_digamma(x);
}

static const double bernoulli[] = {1.0 / 6,       -1.0 / 30, 1.0 / 42,      -1.0 / 30,    5.0 / 66,
                                   -691.0 / 2730, 7.0 / 6,   -3617.0 / 510, 43867.0 / 798};

/* Σ B₂ₙ/x^2n, x >= 10 */
static double trigamma_series(double x) {
  double r = 1 / (x * x), sum = 0;
  for (int n = 8; n >= 0; n--) sum = (sum + bernoulli[n]) * r;
  return sum;
}

/* By recurrence: f(x) = f(x + 1) + 1/(x²(x + 1)). */
double th_special_trigamma_excess(double x) {
  if (!(x > 0)) return x == 0 ? TH_INFINITY : TH_NAN;
  double shift = 0;
  for (; x < STIRLING_FROM; x++) shift += 1 / x / x / (x + 1);
  return shift + (0.5 / x + trigamma_series(x)) / x;
}

double th_special_trigamma(double x) {
  if (x != x || x == -TH_INFINITY) return TH_NAN;
  if (x <= 0 && floor(x) == x) return TH_INFINITY;
  if (x < 0) {
    double ratio = TH_PI / th_special_sinpi(x);
    return ratio * ratio - th_special_trigamma(1 - x);
  }
  return 1 / x + th_special_trigamma_excess(x);
}

/* ψ'(x) - 1/x - 1/2x² = Σ B₂ₙ/x^(2n+1), and minus its derivative; below 10 by recurrence, whose steps are positive. */
static double trigamma_rest(double x) {
  double shift = 0;
  for (; x < STIRLING_FROM; x++) shift += 0.5 / x / x / (x + 1) / (x + 1);
  return shift + trigamma_series(x) / x;
}

static double trigamma_rest_slope(double x) {
  double shift = 0, sum = 0;
  for (; x < STIRLING_FROM; x++) shift += (2 * x + 1) / (x * x * x) / ((x + 1) * (x + 1) * (x + 1));
  double r = 1 / (x * x);
  for (int n = 8; n >= 0; n--) sum = (sum + (2 * n + 3) * bernoulli[n]) * r;
  return shift + sum * r;
}

/* The Gauss-Legendre rule of 12 nodes, over [0, 1]: computed once, because these are asked at every datum. */
enum { N_STEP = 12 };
static const double step_node[N_STEP] = {
    0.0092196828766403748, 0.047941371814762573, 0.11504866290284765, 0.20634102285669129,
    0.31608425050090988,   0.43738329574426554,  0.56261670425573451, 0.68391574949909006,
    0.79365897714330869,   0.88495133709715235,  0.95205862818523745, 0.99078031712335968,
};
static const double step_weight[N_STEP] = {
    0.023587668193255914, 0.053469662997659213, 0.080039164271673111, 0.10158371336153296,
    0.1167462682691774,   0.12457352290670139,  0.12457352290670139,  0.1167462682691774,
    0.10158371336153296,  0.080039164271673111, 0.053469662997659213, 0.023587668193255914,
};

/* The integral of f from x to x + d, d <= x/2, f of no singularity but those at 0, -1, … */
static double over_step(double (*f)(double), double x, double d) {
  double sum = 0;
  for (int i = 0; i < N_STEP; i++) sum += step_weight[i] * f(x + step_node[i] * d);
  return d * sum;
}

double th_special_log_minus_digamma_fall(double x, double d) {
  if (d > 0.5 * x) return th_special_log_minus_digamma(x) - th_special_log_minus_digamma(x + d);
  return over_step(th_special_trigamma_excess, x, d);
}

double th_special_trigamma_fall(double x, double d) {
  if (d > 0.5 * x) return trigamma_rest(x) - trigamma_rest(x + d);
  return over_step(trigamma_rest_slope, x, d);
}

/* The second derivative of log Γ(a) - (a log a - a) is that excess, so that the divergence is d² times the integral of
 * (1 - t) excess(a + t d) over [0, 1], d = b - a: free of cancellation for close a, b. */
double th_special_lgamma_divergence(double a, double b) {
  double d = b - a, sum = 0;
  if (!(a > 0 && b > 0)) return TH_NAN;
  if (fabs(d) > 0.5 * a)
    return th_special_stirling_error(b) - th_special_stirling_error(a) - 0.5 * log(b / a) +
           d * th_special_log_minus_digamma(a);
  for (int i = 0; i < N_STEP; i++)
    sum += step_weight[i] * (1 - step_node[i]) * th_special_trigamma_excess(a + step_node[i] * d);
  return d * d * sum;
}
