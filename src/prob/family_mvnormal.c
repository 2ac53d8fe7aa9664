/* family_mvnormal.c - the normal distribution of vectors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: n, μ (n), Σ (n, n), L (n, n) with Σ = L L'. Quadratic forms go through L: |L⁻¹(x - μ)|². */
#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "num/real.h"
#include "num/special_complex.h"
#include "prob/event.h"
#include "prob/families.h"
#include "prob/variable.h"
#include "val/arithmetic.h"

enum { MEAN, COVARIANCE };

static const double *mean_of(const ThDistribution *d) { return d->p + 1; }
static const double *covariance_of(const ThDistribution *d) { return mean_of(d) + th_event_size(d); }
static const double *factor_of(const ThDistribution *d) {
  return covariance_of(d) + th_event_size(d) * th_event_size(d);
}

static bool fill(ThContext *cx, ThDistribution *d, const ThArray *mean, const ThArray *covariance,
                 const ThArray *factor) {
  size_t n = mean->length;
  if (covariance->shape[0] != n)
    return th_fail(cx, TH_ERROR_SHAPE, "`μ` of MvNormal has %zu elements, and its matrix is (%zu, %zu)", n,
                   covariance->shape[0], covariance->shape[0]);
  if (!th_distribution_room(cx, d, 1, 1 + n + 2 * n * n)) return false;
  d->p[0] = (double)n;
  memcpy(d->p + 1, mean->real, n * sizeof *d->p);
  memcpy(d->p + 1 + n, covariance->real, n * n * sizeof *d->p);
  memcpy(d->p + 1 + n + n * n, factor->real, n * n * sizeof *d->p);
  th_replace_take(&d->parameters[COVARIANCE], th_retain(th_object((void *)(uintptr_t)covariance)));
  return true;
}

static bool build(ThContext *cx, ThDistribution *d) {
  ThArray *mean, *covariance, *factor;
  if (!th_event_vector(cx, d, MEAN, &mean)) return false;
  bool ok = th_event_matrix(cx, "MvNormal", "Σ", d->parameters[COVARIANCE], &covariance, &factor);
  if (ok) {
    ok = fill(cx, d, mean, covariance, factor);
    th_release(th_object(covariance));
    th_release(th_object(factor));
  }
  th_release(th_object(mean));
  return ok;
}

static double half_log_determinant(const ThDistribution *d) {
  return 0.5 * th_event_log_determinant(th_event_size(d), factor_of(d));
}

/* |L⁻¹ x|²; x is overwritten. */
static double quadratic_form(const ThDistribution *d, double *x) {
  size_t n = th_event_size(d);
  th_linalg_solve_triangular(true, false, n, 1, factor_of(d), x);
  return th_linalg_dot(n, x, x);
}

static bool log_density(ThContext *cx, const ThDistribution *d, const double *x, double *out) {
  size_t n = th_event_size(d);
  double *z = th_alloc_array(cx, n, sizeof *z);
  if (!z) return false;
  for (size_t i = 0; i < n; i++) z[i] = x[i] - mean_of(d)[i];
  *out = -0.5 * quadratic_form(d, z) - half_log_determinant(d) - (double)n * TH_HALF_LOG_2PI;
  th_free(cx, z, n * sizeof *z);
  return true;
}

/* With z = Σ⁻¹(x - μ): -z by x, z by μ, ½(z z' - Σ⁻¹) by Σ (Petersen and Pedersen 2012, section 8.1). */
static bool gradient(ThContext *cx, const ThDistribution *d, const double *x, double *d_x,
                     double *const *d_p) {
  size_t n = th_event_size(d);
  double *z = th_alloc_array(cx, n, sizeof *z);
  if (!z) return false;
  for (size_t i = 0; i < n; i++) z[i] = x[i] - mean_of(d)[i];
  th_linalg_solve_cholesky(n, 1, factor_of(d), z);
  for (size_t i = 0; d_x && i < n; i++) d_x[i] = -z[i];
  if (d_p[MEAN]) memcpy(d_p[MEAN], z, n * sizeof *z);
  double *g = d_p[COVARIANCE];
  if (g) th_event_inverse(n, factor_of(d), g);
  for (size_t i = 0; g && i < n; i++)
    for (size_t j = 0; j < n; j++) g[i * n + j] = 0.5 * (z[i] * z[j] - g[i * n + j]);
  th_free(cx, z, n * sizeof *z);
  return true;
}

/* Σ⁻¹ of μ; ½ tr(Σ⁻¹ dΣ Σ⁻¹ dΣ) of Σ; nothing between them (Anderson 2003, section 3.2; Kay 1993, equation 3.31). */
static bool fisher(ThContext *cx, const ThDistribution *d, double *out) {
  size_t n = th_event_size(d), m = th_event_coordinates(d);
  double *inverse = th_alloc_array(cx, n * n, sizeof *inverse);
  if (!inverse) return false;
  memset(out, 0, m * m * sizeof *out);
  th_event_inverse(n, factor_of(d), inverse);
  for (size_t i = 0; i < n; i++) memcpy(out + i * m, inverse + i * n, n * sizeof *out);
  th_event_add_information(n, inverse, 1, n, m, out);
  th_free(cx, inverse, n * n * sizeof *inverse);
  return true;
}

static void mean(const ThDistribution *d, double *out) {
  memcpy(out, mean_of(d), th_event_size(d) * sizeof *out);
}
static void variance(const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  for (size_t i = 0; i < n; i++) out[i] = covariance_of(d)[i * n + i];
}
static void covariance(const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  memcpy(out, covariance_of(d), n * n * sizeof *out);
}
static bool mode(ThContext *cx, const ThDistribution *d, double *out) {
  (void)cx;
  mean(d, out);
  return true;
}
static bool entropy(ThContext *cx, const ThDistribution *d, double *out) {
  (void)cx;
  *out = (double)th_event_size(d) * (TH_HALF_LOG_2PI + 0.5) + half_log_determinant(d);
  return true;
}

/* With M = L'⁻¹… of q: ½(|M L_p|² - n - 2 log det(M L_p) + |M(μ_p - μ_q)|²); log det M L_p by its diagonal, each term
 * of which, r² - 1 - 2 log r >= 0, is taken without cancellation. */
static bool kl(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *out) {
  size_t n = th_event_size(p);
  double *ratio = th_alloc_array(cx, n * n + n, sizeof *ratio), *shift = ratio + n * n, sum = 0;
  if (!ratio) return false;
  memcpy(ratio, factor_of(p), n * n * sizeof *ratio);
  th_linalg_solve_triangular(true, false, n, n, factor_of(q), ratio);
  for (size_t i = 0; i < n; i++) {
    double rise = ratio[i * n + i] - 1;
    sum += rise * rise + 2 * (rise - log1p(rise));
    for (size_t j = 0; j < i; j++) sum += ratio[i * n + j] * ratio[i * n + j];
    shift[i] = mean_of(p)[i] - mean_of(q)[i];
  }
  *out = 0.5 * (sum + quadratic_form(q, shift));
  th_free(cx, ratio, (n * n + n) * sizeof *ratio);
  return true;
}

/* Where Σ_p is the unit matrix and Σ_q is diag(s²): Π s^w/√(w s² + 1 - w) e^(-w (1 - w) m²/2(w s² + 1 - w)) with the
 * distance m of the means. `begun` holds s² and m. */
static bool overlap_begin(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *begun) {
  size_t n = th_event_size(p);
  for (size_t i = 0; i < n; i++) begun[n + i] = mean_of(q)[i] - mean_of(p)[i];
  return th_event_relative(cx, n, factor_of(p), factor_of(q), begun, begun + n);
}

static double complex overlap(const ThDistribution *p, const ThDistribution *q, const double *begun,
                              double complex w, double *size) {
  size_t n = th_event_size(p);
  double complex sum = 0;
  (void)q;
  *size = 0;
  for (size_t i = 0; i < n; i++) {
    double complex mixed = w * begun[i] + (1 - w);
    double complex term = 0.5 * (w * log(begun[i]) - th_complex_log(mixed)) -
                          0.5 * w * (1 - w) / mixed * (begun[n + i] * begun[n + i]);
    sum += term;
    *size = fmax(*size, th_complex_size(term));
  }
  return sum;
}

static bool sample(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out) {
  size_t n = th_event_size(d);
  const double *l = factor_of(d);
  (void)cx;
  th_random_fill_normal(r, n, out);
  for (size_t i = n; i-- > 0;) { /* from the last on, so that out may hold z and x */
    double sum = mean_of(d)[i];
    for (size_t j = 0; j <= i; j++) sum += l[i * n + j] * out[j];
    out[i] = sum;
  }
  return true;
}

/* e^(i k·μ - |L'k|²/2) */
static bool cf(ThContext *cx, const ThDistribution *d, const double *k, double complex *out) {
  size_t n = th_event_size(d);
  const double *l = factor_of(d);
  double phase = th_linalg_dot(n, k, mean_of(d)), square = 0;
  (void)cx;
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = j; i < n; i++) sum += l[i * n + j] * k[i];
    square += sum * sum;
  }
  *out = exp(-0.5 * square) * (cos(phase) + TH_I * sin(phase));
  return true;
}

static bool marginal(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out) {
  double p[] = {mean_of(d)[i], sqrt(covariance_of(d)[i * th_event_size(d) + i])};
  return th_distribution_of(cx, &th_family_normal, p, out);
}

/* *sum += factor*v */
static bool add_term(ThContext *cx, double factor, ThValue v, ThValue *sum) {
  ThValue term, total;
  if (factor == 0) return true;
  if (!th_binary(cx, TH_OP_MULTIPLY, th_number(factor), v, 0, &term)) return false;
  bool ok = th_binary(cx, TH_OP_ADD, *sum, term, 0, &total);
  th_release(term);
  if (ok) th_replace_take(sum, total);
  return ok;
}

/* X_i = μ_i + Σ_j L_ij Z_j, and the Z_j for j < i are L⁻¹(X - μ): the weights of X_j - μ_j are
 * w = (L_i1 … L_i,i-1) L⁻¹, the solution of L'w = L_i. */
static void weights_of(size_t n, const double *l, size_t i, double *w) {
  for (size_t j = i; j-- > 0;) {
    double sum = l[i * n + j];
    for (size_t k = j + 1; k < i; k++) sum -= l[k * n + j] * w[k];
    w[j] = sum / l[j * n + j];
  }
}

static bool given(ThContext *cx, const ThDistribution *d, const ThValue *before, size_t i, ThValue *out,
                  bool *fixed) {
  size_t n = th_event_size(d);
  (void)fixed;
  double *w = th_alloc_array(cx, n, sizeof *w), constant = mean_of(d)[i];
  if (!w) return false;
  weights_of(n, factor_of(d), i, w);
  for (size_t j = i; j-- > 0;) constant -= w[j] * mean_of(d)[j];
  ThValue parameters[2] = {th_number(constant), th_number(factor_of(d)[i * n + i])};
  bool ok = true;
  for (size_t j = 0; ok && j < i; j++) ok = add_term(cx, w[j], before[j], &parameters[0]);
  ok = ok && th_event_number_law(cx, &th_family_normal, parameters, out);
  th_release(parameters[0]);
  th_free(cx, w, n * sizeof *w);
  return ok;
}

/* Element i of a mean of variables; owned. */
static bool mean_element(ThContext *cx, ThValue mean, size_t i, ThValue *out) {
  ThValue index = th_number((double)i + 1);
  if (th_is_variable(mean)) return th_variable_index(cx, mean, &index, 1, out);
  return th_get_index(cx, mean, &index, 1, out);
}

/* μ_i + Σ_j w_j (X_j - μ_j) */
static bool random_mean(ThContext *cx, ThValue mean, const ThValue *before, const double *w, size_t i,
                        ThValue *out) {
  if (!mean_element(cx, mean, i, out)) return false;
  bool ok = true;
  for (size_t j = 0; ok && j < i; j++) {
    ThValue center;
    ok = mean_element(cx, mean, j, &center);
    if (!ok) break;
    ok = add_term(cx, w[j], before[j], out) && add_term(cx, -w[j], center, out);
    th_release(center);
  }
  if (!ok) th_release(*out);
  return ok;
}

/* Where the mean is random, and Σ is not. */
static bool given_random(ThContext *cx, const ThValue *parameters, size_t n, const ThValue *before, size_t i,
                         ThValue *out, bool *fixed, bool *known) {
  ThArray *covariance, *factor;
  ThValue law[2];
  *fixed = false;
  *known = !th_is_random(parameters[COVARIANCE]);
  if (!*known) return true;
  if (!th_event_matrix(cx, "MvNormal", "Σ", parameters[COVARIANCE], &covariance, &factor)) return false;
  double *w = th_alloc_array(cx, n, sizeof *w);
  bool ok = w &&
            (factor->shape[0] == n ||
             th_fail(cx, TH_ERROR_SHAPE, "`μ` of MvNormal has %zu elements, and its matrix is (%zu, %zu)", n,
                     factor->shape[0], factor->shape[0]));
  if (ok) {
    weights_of(n, factor->real, i, w);
    law[1] = th_number(factor->real[i * n + i]);
    ok = random_mean(cx, parameters[MEAN], before, w, i, &law[0]);
  }
  if (ok) {
    ok = th_event_number_law(cx, &th_family_normal, law, out);
    th_release(law[0]);
  }
  th_free(cx, w, n * sizeof *w);
  th_release(th_object(covariance));
  th_release(th_object(factor));
  return ok;
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
                                 .marginal = marginal,
                                 .given = given,
                                 .given_random = given_random};

static const ThAlternative alternatives[] = {
    {"precision", "Σ", {TH_DOMAIN_ANY, TH_DOMAIN_ANY}, NULL, NULL},
    {"cholesky", "Σ", {TH_DOMAIN_ANY, TH_DOMAIN_ANY}, NULL, NULL},
    {0},
};

const ThFamily th_family_mvnormal = {
    .builtin =
        {{"MvNormal(μ = …, Σ = …; precision = …, cholesky = …) -> distribution", th_family_construct,
          TH_FAMILY_SECTION, "the normal distribution of vectors, with mean vector μ and covariance matrix Σ",
          "instead of Σ by name: precision (Σ⁻¹), or cholesky (the lower triangular L with Σ = L L'). `d[i]` is "
          "the distribution of a component, `d.cov` the covariance matrix; `X ~ d` declares the components "
          "X[1], X[2], …, jointly normal; μ and Σ may hang on random variables",
          "d = MvNormal([1, -2], [2, 0.5; 0.5, 1]);\nd\n"
          "#> MvNormal(μ = [1, -2], Σ = [2, 0.5; 0.5, 1])\n"
          "#>   a vector of 2, mean [1, -2], sd [1.41421, 1]\n"
          "logpdf(d, [0.3, 0.7])\n#> -6.9634\nd[2]\n"
          "#> Normal(μ = -2, σ = 1)   support (-inf, inf), mean -2, sd 1\n"
          "X ~ d;\nE(X[1] | X[2] = -1)\n#> 1.5  exact (linear Gaussian)\n"
          "m ~ Normal(0, 1);\nY ~ MvNormal([m, m], eye(2));\ndist(m | Y = [1, 2])\n"
          "#> Normal(μ = 1, σ = 0.57735)  exact (conjugate)",
          "Normal Wishart Cov pdf sample cf cholesky", NULL},
         {0}},
    .name = "MvNormal",
    .n_parameters = 2,
    .parameters = {{"μ", TH_DOMAIN_ANY, false, 0}, {"Σ", TH_DOMAIN_ANY, false, 0}},
    .alternatives = alternatives,
    .of_value = th_event_matrix_by_name,
    .law = &th_event_law,
    .event = &event,
    .build = build,
};
