/* family_dirichlet.c - the Dirichlet distribution of shares that sum to 1 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: n, α (n), and the sums α_k + … + α_n (n). By stick-breaking (Connor and Mosimann 1969) the shares of what is
 * left, B_k = X_k/(X_k + … + X_n), are independent Beta(α_k, α_(k+1) + … + α_n): densities, entropies and divergences
 * are sums over them, in which large parameters do not cancel. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "num/special_complex.h"
#include "prob/dirichlet_cf.h"
#include "prob/event.h"
#include "prob/families.h"
#include "prob/variable.h"

static const double *alpha_of(const ThDistribution *d) { return d->p + 1; }
/* The sum of α from k on; of all for k = 0. */
static const double *rest_of(const ThDistribution *d) { return d->p + 1 + th_event_size(d); }

static bool build(ThContext *cx, ThDistribution *d) {
  ThArray *alpha;
  if (!th_event_vector(cx, d, 0, &alpha)) return false;
  size_t n = alpha->length;
  bool ok = n > 1 ||
            th_fail(cx, TH_ERROR_SHAPE, "`α` of Dirichlet needs two elements or more: the shares sum to 1");
  for (size_t i = 0; ok && i < n; i++)
    if (alpha->real[i] <= 0)
      ok = th_fail(cx, TH_ERROR_VALUE, "`α` of Dirichlet must be positive, got %.6g at element %zu",
                   alpha->real[i], i + 1);
  ok = ok && th_distribution_room(cx, d, 1, 1 + 2 * n);
  if (ok) {
    double sum = 0;
    d->p[0] = (double)n;
    memcpy(d->p + 1, alpha->real, n * sizeof *d->p);
    for (size_t k = n; k-- > 0;) d->p[1 + n + k] = sum += alpha->real[k];
  }
  th_release(th_object(alpha));
  return ok;
}

/* Σ α but α_i, by itself. */
static double others(const ThDistribution *d, size_t i) {
  double sum = 0;
  for (size_t k = 0; k < th_event_size(d); k++) sum += k == i ? 0 : alpha_of(d)[k];
  return sum;
}

/* Where a share is 0: Σ (α - 1) log x - log B(α) as it stands. */
static bool edge_density(const ThDistribution *d, const double *x, double *out) {
  *out = 0;
  for (size_t k = 0; k < th_event_size(d); k++) {
    if (k + 1 < th_event_size(d)) *out -= th_special_lbeta(alpha_of(d)[k], rest_of(d)[k + 1]);
    if (alpha_of(d)[k] != 1) *out += (alpha_of(d)[k] - 1) * log(x[k]);
  }
  return true;
}

/* The density of the first n - 1 shares. The Beta kernels b^α (1 - b)^rest/B telescope to Π x^α/B(α), so that only
 * Π 1/x is missing. */
static bool log_density(ThContext *cx, const ThDistribution *d, const double *x, double *out) {
  size_t n = th_event_size(d);
  const double *alpha = alpha_of(d), *rest = rest_of(d);
  double total = 0, left, sum = 0;
  (void)cx;
  for (size_t k = n; k-- > 0;) total += x[k];
  bool inside = fabs(total - 1) <= 1e-9, edge = false;
  for (size_t k = 0; k < n; k++) inside &= x[k] >= 0, edge |= x[k] == 0;
  *out = total != total ? total : -TH_INFINITY;
  if (!inside || total != total) return true;
  if (edge) return edge_density(d, x, out);
  left = x[n - 1];
  sum -= log(left);
  for (size_t k = n - 1; k-- > 0;) {
    double behind = left;
    left += x[k];
    sum += th_special_log_beta_kernel(alpha[k], rest[k + 1], x[k] / left, behind / left) - log(x[k]);
  }
  *out = sum;
  return true;
}

/* x lies where the density does. */
static bool is_inside(const ThDistribution *d, const double *x) {
  double total = 0;
  bool inside = true;
  for (size_t k = th_event_size(d); k-- > 0;) total += x[k], inside &= x[k] >= 0;
  return inside && fabs(total - 1) <= 1e-9;
}

/* Of Σ (α - 1) log x - log B(α), in which each share stands by itself: (α - 1)/x, and log x + ψ(Σα) - ψ(α), which is
 * log(x Σα/α) and the distances of ψ from the logarithm, so that large parameters do not cancel. */
static bool gradient(ThContext *cx, const ThDistribution *d, const double *x, double *d_x,
                     double *const *d_p) {
  const double *alpha = alpha_of(d);
  double total = rest_of(d)[0], excess = th_special_log_minus_digamma(total);
  bool inside = is_inside(d, x);
  (void)cx;
  for (size_t k = 0; k < th_event_size(d); k++) {
    double mean = alpha[k] / total;
    if (d_x) d_x[k] = inside && alpha[k] != 1 ? (alpha[k] - 1) / x[k] : 0;
    if (d_p[0]) d_p[0][k] = inside ? log(x[k] / mean) + (th_special_log_minus_digamma(alpha[k]) - excess) : 0;
  }
  return true;
}

/* The covariance of the log x, δ ψ'(α) - ψ'(Σα); on the diagonal by what ψ' exceeds 1/x (Minka 2000). */
static bool fisher(ThContext *cx, const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  const double *alpha = alpha_of(d);
  double total = rest_of(d)[0];
  (void)cx;
  for (size_t i = 0; i < n * n; i++) out[i] = -th_special_trigamma(total);
  for (size_t i = 0; i < n; i++)
    out[i * n + i] = others(d, i) / alpha[i] / total +
                     (th_special_trigamma_excess(alpha[i]) - th_special_trigamma_excess(total));
  return true;
}

static void mean(const ThDistribution *d, double *out) {
  for (size_t i = 0; i < th_event_size(d); i++) out[i] = alpha_of(d)[i] / rest_of(d)[0];
}
static double covariance_at(const ThDistribution *d, size_t i, size_t j) {
  const double *alpha = alpha_of(d);
  double total = rest_of(d)[0];
  return alpha[i] / total * ((i == j ? others(d, i) : -alpha[j]) / total) / (total + 1);
}
static void variance(const ThDistribution *d, double *out) {
  for (size_t i = 0; i < th_event_size(d); i++) out[i] = covariance_at(d, i, i);
}
static void covariance(const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) out[i * n + j] = covariance_at(d, i, j);
}

static bool mode(ThContext *cx, const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  double total = 0;
  for (size_t i = 0; i < n; i++) {
    if (alpha_of(d)[i] <= 1) {
      th_fail(cx, TH_ERROR_VALUE,
              "the density of this Dirichlet is largest at an edge: element %zu of α is %.6g", i + 1,
              alpha_of(d)[i]);
      return th_hint(cx, "it has a mode inside where all of α are above 1");
    }
    total += alpha_of(d)[i] - 1;
  }
  for (size_t i = 0; i < n; i++) out[i] = (alpha_of(d)[i] - 1) / total;
  return true;
}

/* The entropies of the Beta shares, and E log of what each is a share of. */
static bool entropy(ThContext *cx, const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  const double *alpha = alpha_of(d), *rest = rest_of(d);
  double sum = 0, log_left = 0;
  (void)cx;
  for (size_t k = 0; k + 1 < n; k++) {
    double p[] = {alpha[k], rest[k + 1]};
    sum += th_beta_math.entropy(p) + log_left;
    log_left += th_special_log_minus_digamma(rest[k]) - th_special_log_minus_digamma(rest[k + 1]) -
                log1p(alpha[k] / rest[k + 1]);
  }
  *out = sum;
  return true;
}

/* log B(q)/B(p) + Σ (α - α')(ψ(α) - ψ(Σα)). */
static bool kl(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *out) {
  size_t n = th_event_size(p);
  const double *a = alpha_of(p), *b = alpha_of(q);
  double sum = 0;
  (void)cx;
  for (size_t k = 0; k + 1 < n; k++)
    sum += th_special_lbeta(b[k], rest_of(q)[k + 1]) - th_special_lbeta(a[k], rest_of(p)[k + 1]);
  for (size_t k = 0; k < n; k++)
    sum += (a[k] - b[k]) * (th_special_digamma(a[k]) - th_special_digamma(rest_of(p)[0]));
  *out = sum;
  return true;
}

static bool overlap_begin(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *begun) {
  (void)cx, (void)p, (void)q, (void)begun;
  return true;
}

/* B(w α + (1 - w) α')/B(α)^w B(α')^(1 - w). */
static double complex overlap(const ThDistribution *p, const ThDistribution *q, const double *begun,
                              double complex w, double *size) {
  const double *a = alpha_of(p), *b = alpha_of(q);
  double complex total = w * rest_of(p)[0] + (1 - w) * rest_of(q)[0];
  double complex sum = w * th_special_lgamma(rest_of(p)[0]) + (1 - w) * th_special_lgamma(rest_of(q)[0]);
  (void)begun;
  *size = th_complex_size(sum);
  sum -= th_special_lgamma_complex(total);
  for (size_t k = 0; k < th_event_size(p); k++) {
    double complex mixed = th_special_lgamma_complex(w * a[k] + (1 - w) * b[k]);
    sum += mixed - w * th_special_lgamma(a[k]) - (1 - w) * th_special_lgamma(b[k]);
    *size = fmax(*size, th_complex_size(mixed));
  }
  return sum;
}

/* Gamma variables by their sum, in logarithms: for small α all of them may be below the smallest double. */
static bool sample(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out) {
  size_t n = th_event_size(d);
  (void)cx;
  double largest = -TH_INFINITY, total = 0;
  for (size_t i = 0; i < n; i++) largest = fmax(largest, out[i] = th_random_log_gamma(r, alpha_of(d)[i]));
  for (size_t i = 0; i < n; i++) total += out[i] = exp(out[i] - largest);
  for (size_t i = 0; i < n; i++) out[i] /= total;
  return true;
}

static bool cf(ThContext *cx, const ThDistribution *d, const double *k, double complex *out) {
  return th_dirichlet_cf(cx, th_event_size(d), alpha_of(d), rest_of(d), k, out);
}

/* With weights of two values u and v only: u + (v - u) times a sum of shares, which is Beta. */
static bool combination(ThContext *cx, const ThDistribution *d, const double *weights, double shift,
                        ThValue *out, ThHow *how, bool *known) {
  size_t n = th_event_size(d);
  (void)how;
  double low = weights[0], high = weights[0], inside = 0, outside = 0;
  ThValue part;
  for (size_t i = 0; i < n; i++) low = fmin(low, weights[i]), high = fmax(high, weights[i]);
  double tolerance = 64 * DBL_EPSILON * fmax(fabs(low), fabs(high));
  *known = high - low > tolerance;
  for (size_t i = 0; *known && i < n; i++) {
    bool is_high = high - weights[i] <= tolerance, is_low = weights[i] - low <= tolerance;
    *known = is_high || is_low;
    *(is_high ? &inside : &outside) += alpha_of(d)[i];
  }
  if (!*known) return true;
  double p[] = {inside, outside};
  if (!th_distribution_of(cx, &th_family_beta, p, &part)) return false;
  bool ok = th_distribution_affine(cx, part, high - low, shift + low, out);
  th_release(part);
  return ok;
}

static bool marginal(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out) {
  double p[] = {alpha_of(d)[i], others(d, i)};
  return th_distribution_of(cx, &th_family_beta, p, out);
}

/* What is left times a Beta share; the last one is all that is left. */
static bool given(ThContext *cx, const ThDistribution *d, const ThValue *before, size_t i, ThValue *out,
                  bool *fixed) {
  double p[] = {alpha_of(d)[i], i + 1 < th_event_size(d) ? rest_of(d)[i + 1] : 0};
  ThValue product[2];
  if (i == 0) return th_distribution_of(cx, &th_family_beta, p, out);
  *fixed = i + 1 == th_event_size(d);
  if (*fixed) return th_event_rest(cx, th_number(1), before, i, out);
  if (!th_event_rest(cx, th_number(1), before, i, &product[0])) return false;
  bool ok = th_distribution_of(cx, &th_family_beta, p, &product[1]);
  if (ok) {
    ok = th_is_random(product[0]) ? th_variable_operator(cx, TH_OP_MULTIPLY, product, 2, out)
                                  : th_distribution_image(cx, product[1], product[0], th_number(0), out);
    th_release(product[1]);
  }
  th_release(product[0]);
  return ok;
}

/* The last share where α is random. */
static bool given_random(ThContext *cx, const ThValue *parameters, size_t n, const ThValue *before, size_t i,
                         ThValue *out, bool *fixed, bool *known) {
  (void)parameters;
  *fixed = *known = i > 0 && i + 1 == n;
  return !*known || th_event_rest(cx, th_number(1), before, i, out);
}

static const ThEventLaw event = {.rank = 1,
                                 .log_density = log_density,
                                 .mean = mean,
                                 .variance = variance,
                                 .covariance = covariance,
                                 .mode = mode,
                                 .entropy = entropy,
                                 .kl = kl,
                                 .overlap_begin = overlap_begin,
                                 .overlap = overlap,
                                 .sample = sample,
                                 .cf = cf,
                                 .gradient = gradient,
                                 .fisher = fisher,
                                 .combination = combination,
                                 .marginal = marginal,
                                 .given = given,
                                 .given_random = given_random};

const ThFamily th_family_dirichlet = {
    .builtin =
        {{"Dirichlet(α = …) -> distribution", th_family_construct, TH_FAMILY_SECTION,
          "shares that sum to 1: a Beta distribution for more than two",
          "density Π x^(α-1)/B(α), of all shares but the last; the mean is α/sum(α). `d[i]` is the distribution "
          "of a share, `d.cov` the covariance matrix; `X ~ d` declares the shares X[1], X[2], …, whose sums are Beta, "
          "too. `score` takes each share by itself in Π x^(α-1)/B(α). `cf(d, k)` is computed by quadrature, with an "
          "absolute error of some 1e-15 for each share",
          "d = Dirichlet([2, 3, 5]);\nd\n"
          "#> Dirichlet(α = [2, 3, 5])\n"
          "#>   a vector of 3, mean [0.2, 0.3, 0.5], sd [0.120605, 0.13817, 0.150756]\n"
          "pdf(d, [0.2, 0.3, 0.5])\n#> 8.505\nd[1]\n"
          "#> Beta(α = 2, β = 8)   support [0, 1], mean 0.2, sd 0.120605\n"
          "p ~ d;\ndist(p[1] + p[3])\n#> Beta(α = 7, β = 3)  exact\n"
          "n ~ Multinomial(10, p);\ndist(p | n = [3, 4, 3])\n#> Dirichlet(α = [5, 7, 8])  exact (conjugate)",
          "Beta Multinomial Categorical pdf sample", NULL},
         {0}},
    .name = "Dirichlet",
    .n_parameters = 1,
    .parameters = {{"α", TH_DOMAIN_ANY, false, 0}},
    .law = &th_event_law,
    .event = &event,
    .build = build,
};
