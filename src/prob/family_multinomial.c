/* family_multinomial.c - the multinomial distribution: how often each of several outcomes came */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: size, n, p (size), and the sums p_k + … + p_size (size). Given the counts before it, a count is binomial among the
 * trials that are left; masses are products of those. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "num/special.h"
#include "prob/event.h"
#include "prob/families.h"

static double trials_of(const ThDistribution *d) { return d->p[1]; }
static const double *share_of(const ThDistribution *d) { return d->p + 2; }
static const double *rest_of(const ThDistribution *d) { return d->p + 2 + th_event_size(d); }

static bool check(ThContext *cx, const ThDistribution *d, const ThArray *p, double *total) {
  double n;
  *total = 0;
  if (!th_to_number(d->parameters[0], &n) || !(n >= 0 && floor(n) == n && isfinite(n)))
    return th_fail(cx, TH_ERROR_VALUE, "`n` of Multinomial must be a whole number, 0 or more");
  for (size_t i = 0; i < p->length; i++) {
    if (p->real[i] < 0)
      return th_fail(cx, TH_ERROR_VALUE, "`p` of Multinomial must be 0 or more, got %.6g at element %zu",
                     p->real[i], i + 1);
    *total += p->real[i];
  }
  if (fabs(*total - 1) <= 1e-9) return true;
  th_fail(cx, TH_ERROR_VALUE, "`p` of Multinomial must sum to 1, got %.6g", *total);
  return *total > 0 ? th_hint(cx, "weights w become probabilities by `w/sum(w)`") : false;
}

static bool build(ThContext *cx, ThDistribution *d) {
  ThArray *p;
  double total;
  if (!th_event_vector(cx, d, 1, &p)) return false;
  size_t size = p->length;
  bool ok = check(cx, d, p, &total) && th_distribution_room(cx, d, 1, 2 + 2 * size);
  if (ok) {
    double sum = 0;
    d->p[0] = (double)size;
    th_to_number(d->parameters[0], &d->p[1]);
    for (size_t k = size; k-- > 0;) {
      d->p[2 + k] = p->real[k] / total;
      d->p[2 + size + k] = sum += d->p[2 + k];
    }
  }
  th_release(th_object(p));
  return ok;
}

/* p_k among what is left, and its complement. */
static double share(const ThDistribution *d, size_t k) {
  return k + 1 < th_event_size(d) && rest_of(d)[k] > 0 ? share_of(d)[k] / rest_of(d)[k] : 1;
}
static double other_share(const ThDistribution *d, size_t k) {
  return k + 1 < th_event_size(d) && rest_of(d)[k] > 0 ? rest_of(d)[k + 1] / rest_of(d)[k] : 0;
}

static bool log_density(ThContext *cx, const ThDistribution *d, const double *x, double *out) {
  double left = trials_of(d), sum = 0, total = 0;
  size_t n = th_event_size(d);
  bool whole = true;
  (void)cx;
  for (size_t k = 0; k < n; k++) total += x[k], whole &= x[k] >= 0 && floor(x[k]) == x[k];
  *out = total != total ? total : -TH_INFINITY;
  if (!whole || total != left) return true;
  for (size_t k = 0; k < n; k++) {
    sum += th_special_log_binomial(x[k], left, share(d, k), other_share(d, k));
    left -= x[k];
  }
  *out = sum;
  return true;
}

/* x/p - n: of p/Σp, so that only directions that keep the sum count, and that the mean of it is 0. */
static bool gradient(ThContext *cx, const ThDistribution *d, const double *x, double *d_x,
                     double *const *d_p) {
  double log_mass;
  if (!log_density(cx, d, x, &log_mass)) return false;
  for (size_t k = 0; k < th_event_size(d); k++) {
    if (d_x) d_x[k] = 0;
    if (d_p[1])
      d_p[1][k] = log_mass > -TH_INFINITY ? (x[k] == 0 ? 0 : x[k] / share_of(d)[k]) - trials_of(d) : 0;
  }
  if (d_p[0]) *d_p[0] = 0;
  return true;
}

/* The covariance of x/p: n (δ/p - 1). */
static bool fisher(ThContext *cx, const ThDistribution *d, double *out) {
  size_t m = th_event_size(d) + 1;
  (void)cx;
  for (size_t i = 0; i < m; i++)
    for (size_t j = 0; j < m; j++) {
      double inverse = i == j && i > 0 ? 1 / share_of(d)[i - 1] : 0;
      out[i * m + j] = i == 0 || j == 0 ? TH_NAN : trials_of(d) * (inverse - 1);
    }
  return true;
}

static void mean(const ThDistribution *d, double *out) {
  for (size_t i = 0; i < th_event_size(d); i++) out[i] = trials_of(d) * share_of(d)[i];
}
static void variance(const ThDistribution *d, double *out) {
  for (size_t i = 0; i < th_event_size(d); i++) out[i] = trials_of(d) * share_of(d)[i] * (1 - share_of(d)[i]);
}
static void covariance(const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  const double *p = share_of(d);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) out[i * n + j] = trials_of(d) * p[i] * (i == j ? 1 - p[i] : -p[j]);
}

/* No count of the mode is below np - 1; what is missing goes, one by one, where p/(count + 1) is largest. */
static bool mode(ThContext *cx, const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  double missing = trials_of(d);
  for (size_t i = 0; i < n; i++) missing -= out[i] = floor(trials_of(d) * share_of(d)[i] * (1 - 1e-15));
  for (; missing > 0; missing--) {
    size_t best = 0;
    for (size_t i = 1; i < n; i++)
      if (share_of(d)[i] / (out[i] + 1) > share_of(d)[best] / (out[best] + 1)) best = i;
    out[best]++;
    if (!th_poll(cx)) return false;
  }
  return true;
}

/* E log X! of a binomial count. */
static double mean_log_factorial(ThContext *cx, double n, double p) {
  double sum = 0, b[] = {n, p};
  double low = th_binomial_math.quantile(1e-20, b), high = th_binomial_math.upper_quantile(1e-20, b);
  for (double k = low; k <= high && th_poll(cx); k++)
    sum += th_binomial_math.pdf(k, b) * th_special_lfactorial(k);
  return sum;
}

/* -log n! - n Σ p log p + Σ E log X!. */
static bool entropy(ThContext *cx, const ThDistribution *d, double *out) {
  double n = trials_of(d), sum = -th_special_lfactorial(n);
  for (size_t i = 0; i < th_event_size(d); i++)
    sum += mean_log_factorial(cx, n, share_of(d)[i]) - n * th_special_xlogy(share_of(d)[i], share_of(d)[i]);
  *out = sum;
  return cx->error.code == TH_OK;
}

/* n times that of one trial, as deviances p log(p/q) + q - p >= 0, whose differences sum to 0. */
static bool kl(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *out) {
  double sum = 0;
  if (trials_of(p) != trials_of(q))
    return th_fail_argument(cx, 2, TH_ERROR_VALUE, "the distributions are of %.6g and %.6g trials",
                            trials_of(p), trials_of(q));
  for (size_t i = 0; i < th_event_size(p); i++) sum += th_special_deviance(share_of(p)[i], share_of(q)[i]);
  *out = trials_of(p) * sum;
  return true;
}

static bool sample(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out) {
  double left = trials_of(d);
  (void)cx;
  for (size_t k = 0; k < th_event_size(d); k++)
    left -= out[k] = th_random_binomial(r, left, fmin(share(d, k), 1));
  return true;
}

/* (Σ p e^ik)^n in polar form, |Σ p e^ik|² = 1 - 4 Σ_(i<j) p_i p_j sin²((k_i - k_j)/2). */
static bool cf(ThContext *cx, const ThDistribution *d, const double *k, double complex *out) {
  size_t n = th_event_size(d);
  const double *p = share_of(d);
  double re = 0, im = 0, lack = 0;
  (void)cx;
  for (size_t i = 0; i < n; i++) {
    re += p[i] * cos(k[i]);
    im += p[i] * sin(k[i]);
    for (size_t j = 0; j < i; j++) {
      double half = sin(0.5 * (k[i] - k[j]));
      lack += p[i] * p[j] * half * half;
    }
  }
  double log_square = lack < 0.2 ? log1p(-4 * lack) : log(re * re + im * im);
  double modulus = exp(0.5 * trials_of(d) * log_square), phase = trials_of(d) * atan2(im, re);
  *out = modulus == 0 ? 0 : modulus * (cos(phase) + TH_I * sin(phase));
  return true;
}

/* With weights of two values u and v only: u + (v - u) times a sum of counts, which is binomial. */
static bool combination(ThContext *cx, const ThDistribution *d, const double *weights, double shift,
                        ThValue *out, ThHow *how, bool *known) {
  size_t n = th_event_size(d);
  (void)how;
  double low = weights[0], high = weights[0], inside = 0;
  ThValue part;
  for (size_t i = 0; i < n; i++) low = fmin(low, weights[i]), high = fmax(high, weights[i]);
  double tolerance = 64 * DBL_EPSILON * fmax(fabs(low), fabs(high));
  *known = high - low > tolerance;
  for (size_t i = 0; *known && i < n; i++) {
    bool is_high = high - weights[i] <= tolerance, is_low = weights[i] - low <= tolerance;
    *known = is_high || is_low;
    if (is_high) inside += share_of(d)[i];
  }
  if (!*known) return true;
  double p[] = {trials_of(d), fmin(inside, 1)};
  if (!th_distribution_of(cx, &th_family_binomial, p, &part)) return false;
  bool ok = th_distribution_affine(cx, part, high - low, shift + trials_of(d) * low, out);
  th_release(part);
  return ok;
}

static bool marginal(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out) {
  double p[] = {trials_of(d), share_of(d)[i]};
  return th_distribution_of(cx, &th_family_binomial, p, out);
}

static bool given(ThContext *cx, const ThDistribution *d, const ThValue *before, size_t i, ThValue *out,
                  bool *fixed) {
  ThValue parameters[2] = {th_none(), th_number(fmin(share(d, i), 1))};
  if (!th_event_rest(cx, th_number(trials_of(d)), before, i, &parameters[0])) return false;
  *fixed = i > 0 && i + 1 == th_event_size(d);
  if (*fixed) {
    *out = parameters[0];
    return true;
  }
  bool ok = th_event_number_law(cx, &th_family_binomial, parameters, out);
  th_release(parameters[0]);
  return ok;
}

/* The last count is what is left of the trials, whatever is random. */
static bool given_random(ThContext *cx, const ThValue *parameters, size_t n, const ThValue *before, size_t i,
                         ThValue *out, bool *fixed, bool *known) {
  *fixed = *known = i > 0 && i + 1 == n;
  return !*known || th_event_rest(cx, parameters[0], before, i, out);
}

static const ThEventLaw event = {.rank = 1,
                                 .discrete = true,
                                 .log_density = log_density,
                                 .mean = mean,
                                 .variance = variance,
                                 .covariance = covariance,
                                 .mode = mode,
                                 .entropy = entropy,
                                 .kl = kl,
                                 .sample = sample,
                                 .cf = cf,
                                 .gradient = gradient,
                                 .fisher = fisher,
                                 .combination = combination,
                                 .marginal = marginal,
                                 .given = given,
                                 .given_random = given_random};

const ThFamily th_family_multinomial = {
    .builtin =
        {{"Multinomial(n = …, p = …) -> distribution", th_family_construct, TH_FAMILY_SECTION,
          "how often each of several outcomes comes in n independent trials, with probabilities p",
          "mass n!/Π x! Π p^x. `d[i]` is the distribution of a count, `d.cov` the covariance matrix; `X ~ d` "
          "declares the counts X[1], X[2], …, whose sums are binomial, too; n and p may hang on random variables. The "
          "score by p is that of p/sum(p), so that its mean is 0: x/p - n",
          "d = Multinomial(6, [0.2, 0.3, 0.5]);\nd\n"
          "#> Multinomial(n = 6, p = [0.2, 0.3, 0.5])\n"
          "#>   a vector of 3, mean [1.2, 1.8, 3], sd [0.979796, 1.1225, 1.22474]\n"
          "pdf(d, [1, 2, 3])\n#> 0.135\nd[1]\n"
          "#> Binomial(n = 6, p = 0.2)   support {0, 1, …, 6}, mean 1.2, sd 0.979796",
          "Binomial Categorical Dirichlet pdf sample", NULL},
         {0}},
    .name = "Multinomial",
    .n_parameters = 2,
    .parameters = {{"n", TH_DOMAIN_ANY, false, 0}, {"p", TH_DOMAIN_ANY, false, 0}},
    .discrete = true,
    .law = &th_event_law,
    .event = &event,
    .build = build,
};
