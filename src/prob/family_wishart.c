/* family_wishart.c - the Wishart distribution of covariance matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p: n, ν, S (n, n), L (n, n) with S = L L'. The sum of ν squares x x' of vectors x ~ MvNormal(0, S), for ν real above
 * n - 1 (Gupta and Nagar 2000, chapter 3, for densities, moments and transforms). */
#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "num/real.h"
#include "num/special_complex.h"
#include "prob/event.h"
#include "prob/families.h"
#include "prob/sum.h"

static double freedom_of(const ThDistribution *d) { return d->p[1]; }
static const double *scale_of(const ThDistribution *d) { return d->p + 2; }
static const double *factor_of(const ThDistribution *d) {
  return d->p + 2 + th_event_size(d) * th_event_size(d);
}

static bool fill(ThContext *cx, ThDistribution *d, const ThArray *scale, const ThArray *factor) {
  size_t n = scale->shape[0];
  double freedom;
  if (!th_to_number(d->parameters[0], &freedom) || !isfinite(freedom))
    return th_fail(cx, TH_ERROR_VALUE, "`ν` of Wishart must be a finite number");
  if (freedom <= (double)n - 1) {
    th_fail(cx, TH_ERROR_VALUE, "`ν` of Wishart must be above %zu for matrices (%zu, %zu), got %.6g", n - 1,
            n, n, freedom);
    return th_hint(cx, "with fewer than n degrees of freedom the matrices are singular");
  }
  if (!th_distribution_room(cx, d, 1, 2 + 2 * n * n)) return false;
  d->p[0] = (double)n;
  d->p[1] = freedom;
  memcpy(d->p + 2, scale->real, n * n * sizeof *d->p);
  memcpy(d->p + 2 + n * n, factor->real, n * n * sizeof *d->p);
  return true;
}

static bool build(ThContext *cx, ThDistribution *d) {
  ThArray *scale, *factor;
  if (!th_event_matrix(cx, "Wishart", "S", d->parameters[1], &scale, &factor)) return false;
  bool ok = fill(cx, d, scale, factor);
  th_release(th_object(scale));
  th_release(th_object(factor));
  return ok;
}

/* log Γ_n(a) = n(n-1)/4 log π + Σ log Γ(a - i/2), and its derivative. */
static double log_multigamma(size_t n, double a) {
  double sum = 0.25 * (double)(n * (n - 1)) * TH_LOG_PI;
  for (size_t i = 0; i < n; i++) sum += th_special_lgamma(a - 0.5 * (double)i);
  return sum;
}
static double multi_digamma(size_t n, double a) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += th_special_digamma(a - 0.5 * (double)i);
  return sum;
}

/* trace of (L L')⁻¹ M M' = |L⁻¹M|²; m is overwritten. */
static double trace_ratio(size_t n, const double *l, double *m) {
  th_linalg_solve_triangular(true, false, n, n, l, m);
  return th_linalg_dot(n * n, m, m);
}

/* The factor of x into m; false for what is not symmetric positive definite. */
static bool factor_point(size_t n, const double *x, double *m) {
  memcpy(m, x, n * n * sizeof *m);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++)
      if (!(fabs(x[i * n + j] - x[j * n + i]) <= 1e-10 * (fabs(x[i * n + j]) + fabs(x[j * n + i]))))
        return false;
  return th_linalg_cholesky(n, m);
}

/* -inf for what is not symmetric positive definite. */
static bool log_density(ThContext *cx, const ThDistribution *d, const double *x, double *out) {
  size_t n = th_event_size(d);
  double freedom = freedom_of(d), *m = th_alloc_array(cx, n * n, sizeof *m);
  if (!m) return false;
  *out = -TH_INFINITY;
  if (factor_point(n, x, m)) {
    double log_x = th_event_log_determinant(n, m), trace = trace_ratio(n, factor_of(d), m);
    *out = 0.5 * ((freedom - (double)n - 1) * log_x - trace - freedom * (double)n * TH_LOG_2 -
                  freedom * th_event_log_determinant(n, factor_of(d))) -
           log_multigamma(n, 0.5 * freedom);
  }
  th_free(cx, m, n * n * sizeof *m);
  return true;
}

/* Σ log(m²/l²(ν - i)) + log((ν - i)/2) - ψ((ν - i)/2), halved: log det x S⁻¹ and ψ without cancellation for large ν. */
static double freedom_gradient(const ThDistribution *d, const double *m) {
  size_t n = th_event_size(d);
  double sum = 0;
  for (size_t i = 0; i < n; i++) {
    double ratio = m[i * n + i] / factor_of(d)[i * n + i], left = freedom_of(d) - (double)i;
    sum += 2 * log(ratio / sqrt(left)) + th_special_log_minus_digamma(0.5 * left);
  }
  return 0.5 * sum;
}

/* By x: ½((ν - n - 1) x⁻¹ - S⁻¹); by ν: ½(log det x - log det 2S - Σ ψ((ν - i)/2)); by S: ½(S⁻¹ x S⁻¹ - ν S⁻¹). */
static bool gradient(ThContext *cx, const ThDistribution *d, const double *x, double *d_x,
                     double *const *d_p) {
  size_t n = th_event_size(d), size = n * n;
  double freedom = freedom_of(d), *m = th_alloc_array(cx, 2 * size, sizeof *m), *inverse = m + size;
  if (!m) return false;
  bool inside = factor_point(n, x, m), ok = true;
  if (d_p[0]) *d_p[0] = inside ? freedom_gradient(d, m) : 0;
  if (d_p[1]) memset(d_p[1], 0, size * sizeof *d_p[1]);
  if (d_x) memset(d_x, 0, size * sizeof *d_x);
  th_event_inverse(n, factor_of(d), inverse);
  if (inside && d_x) th_event_inverse(n, m, d_x);
  for (size_t i = 0; inside && d_x && i < size; i++)
    d_x[i] = 0.5 * ((freedom - (double)n - 1) * d_x[i] - inverse[i]);
  if (inside && d_p[1]) ok = th_event_between(cx, n, factor_of(d), x, d_p[1]);
  for (size_t i = 0; ok && inside && d_p[1] && i < size; i++)
    d_p[1][i] = 0.5 * (d_p[1][i] - freedom * inverse[i]);
  th_free(cx, m, 2 * size * sizeof *m);
  return ok;
}

/* ¼ Σ ψ'((ν - i)/2) of ν, ½ tr(S⁻¹ dS) between ν and S, ½ ν tr(S⁻¹ dS S⁻¹ dS) of S: minus the means of the second
 * derivatives. */
static bool fisher(ThContext *cx, const ThDistribution *d, double *out) {
  size_t n = th_event_size(d), m = th_event_coordinates(d), at = 1;
  double *inverse = th_alloc_array(cx, n * n, sizeof *inverse);
  if (!inverse) return false;
  memset(out, 0, m * m * sizeof *out);
  th_event_inverse(n, factor_of(d), inverse);
  for (size_t i = 0; i < n; i++) out[0] += 0.25 * th_special_trigamma(0.5 * (freedom_of(d) - (double)i));
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++, at++) out[at] = out[at * m] = (i == j ? 0.5 : 1) * inverse[i * n + j];
  th_event_add_information(n, inverse, freedom_of(d), 1, m, out);
  th_free(cx, inverse, n * n * sizeof *inverse);
  return true;
}

static void mean(const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  for (size_t i = 0; i < n * n; i++) out[i] = freedom_of(d) * scale_of(d)[i];
}
static void variance(const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  const double *s = scale_of(d);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      out[i * n + j] = freedom_of(d) * (s[i * n + j] * s[i * n + j] + s[i * n + i] * s[j * n + j]);
}

/* Cov(X_ij, X_kl) = ν (S_ik S_jl + S_il S_jk). */
static double element_covariance(const ThDistribution *d, const size_t *at) {
  size_t n = th_event_size(d);
  const double *s = scale_of(d);
  return freedom_of(d) *
         (s[at[0] * n + at[2]] * s[at[1] * n + at[3]] + s[at[0] * n + at[3]] * s[at[1] * n + at[2]]);
}

/* Σ λ_i χ²_i, each of ν degrees of freedom, as independent gammas. */
static bool sum_of_squares(ThContext *cx, const ThDistribution *d, const double *values, double shift,
                           ThValue *out, ThHow *how, bool *known) {
  size_t n = th_event_size(d), count = 0;
  double largest = 0, p[] = {0.5 * freedom_of(d), 0.5};
  ThValue chi2, *terms = th_alloc_array(cx, n, sizeof *terms);
  double *coefficients = th_alloc_array(cx, n, sizeof *coefficients);
  bool ok = terms && coefficients && th_distribution_of(cx, &th_family_gamma, p, &chi2);
  for (size_t i = 0; ok && i < n; i++) largest = fmax(largest, fabs(values[i]));
  for (size_t i = 0; ok && i < n; i++)
    if (fabs(values[i]) > 1e-14 * largest) terms[count] = chi2, coefficients[count++] = values[i];
  ThSum sum = {count, terms, coefficients, shift, how->text};
  if (ok) {
    ok = th_sum_distribution(cx, &sum, out, how->method, sizeof how->method, &how->error, known);
    th_release(chi2);
  }
  th_free(cx, terms, n * sizeof *terms);
  th_free(cx, coefficients, n * sizeof *coefficients);
  return ok;
}

/* tr KX has the characteristic function Π (1 - 2iλt)^(-ν/2) with the eigenvalues λ of L'KL: that of Σ λ χ². */
static bool combination(ThContext *cx, const ThDistribution *d, const double *weights, double shift,
                        ThValue *out, ThHow *how, bool *known) {
  size_t n = th_event_size(d);
  double *work = th_alloc_array(cx, 2 * n * n + n, sizeof *work), *k = work + n * n, *values = k + n * n;
  if (!work) return false;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) k[i * n + j] = 0.5 * (weights[i * n + j] + weights[j * n + i]);
  th_linalg_gemm(true, false, n, n, n, 1, factor_of(d), k, 0, work);
  th_linalg_gemm(false, false, n, n, n, 1, work, factor_of(d), 0, k);
  bool ok = th_linalg_eigen_symmetric(cx, n, k, values, NULL);
  if (ok) ok = sum_of_squares(cx, d, values, shift, out, how, known);
  th_free(cx, work, (2 * n * n + n) * sizeof *work);
  return ok;
}

static bool mode(ThContext *cx, const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  double factor = freedom_of(d) - (double)n - 1;
  if (factor < 0)
    return th_fail(cx, TH_ERROR_VALUE,
                   "the density of this Wishart is largest at singular matrices: it has a mode for "
                   "ν >= %zu, and ν is %.6g",
                   n + 1, freedom_of(d));
  for (size_t i = 0; i < n * n; i++) out[i] = factor * scale_of(d)[i];
  return true;
}

static bool entropy(ThContext *cx, const ThDistribution *d, double *out) {
  size_t n = th_event_size(d);
  double freedom = freedom_of(d), k = (double)n;
  (void)cx;
  *out = 0.5 * ((k + 1) * th_event_log_determinant(n, factor_of(d)) + k * (k + 1) * TH_LOG_2 -
                (freedom - k - 1) * multi_digamma(n, 0.5 * freedom) + freedom * k) +
         log_multigamma(n, 0.5 * freedom);
  return true;
}

static bool kl(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *out) {
  size_t n = th_event_size(p);
  double a = freedom_of(p), b = freedom_of(q), *m = th_alloc_array(cx, n * n, sizeof *m);
  if (!m) return false;
  memcpy(m, factor_of(p), n * n * sizeof *m);
  double log_ratio = th_event_log_determinant(n, factor_of(p)) - th_event_log_determinant(n, factor_of(q));
  *out = 0.5 * (a * (trace_ratio(n, factor_of(q), m) - (double)n) - b * log_ratio +
                (a - b) * multi_digamma(n, 0.5 * a)) +
         log_multigamma(n, 0.5 * b) - log_multigamma(n, 0.5 * a);
  th_free(cx, m, n * n * sizeof *m);
  return true;
}

/* Where S_p is the unit matrix and S_q is diag(s²): with ν = w ν_p + (1 - w) ν_q,
 * Γ_n(ν/2)/Γ_n(ν_p/2)^w Γ_n(ν_q/2)^(1 - w) Π (w + (1 - w)/s²)^(-ν/2) s^(-(1 - w) ν_q). `begun` holds s². */
static bool overlap_begin(ThContext *cx, const ThDistribution *p, const ThDistribution *q, double *begun) {
  return th_event_relative(cx, th_event_size(p), factor_of(p), factor_of(q), begun, NULL);
}

static double complex overlap(const ThDistribution *p, const ThDistribution *q, const double *begun,
                              double complex w, double *size) {
  size_t n = th_event_size(p);
  double a = freedom_of(p), b = freedom_of(q);
  double complex freedom = w * a + (1 - w) * b, sum = 0;
  *size = 0;
  for (size_t i = 0; i < n; i++) {
    double part = 0.5 * (double)i;
    double complex mixed = th_special_lgamma_complex(0.5 * freedom - part);
    sum += mixed - w * th_special_lgamma(0.5 * a - part) - (1 - w) * th_special_lgamma(0.5 * b - part);
    sum -= 0.5 * (freedom * th_complex_log(w + (1 - w) / begun[i]) + (1 - w) * b * log(begun[i]));
    *size = fmax(*size, th_complex_size(mixed));
  }
  return sum;
}

/* (L A)(L A)' with Bartlett's A (1933): normals below a diagonal of roots of χ² of ν, ν - 1, … degrees of freedom. */
static bool sample(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out) {
  size_t n = th_event_size(d);
  double *a = th_alloc_array(cx, 2 * n * n, sizeof *a), *product = a + n * n;
  if (!a) return false;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++)
      a[i * n + j] = j < i    ? th_random_normal(r)
                     : j == i ? sqrt(2 * th_random_gamma(r, 0.5 * (freedom_of(d) - (double)i)))
                              : 0;
  th_linalg_gemm(false, false, n, n, n, 1, factor_of(d), a, 0, product);
  th_linalg_gemm(false, true, n, n, n, 1, product, product, 0, out);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) out[j * n + i] = out[i * n + j];
  th_free(cx, a, 2 * n * n * sizeof *a);
  return true;
}

/* E e^(i tr KX) = det(I - 2iKS)^(-ν/2): by the eigenvalues of L'KL, each factor on its principal branch. The matrix K
 * is taken as symmetric, (K + K')/2, which tr KX does not see. */
static bool cf(ThContext *cx, const ThDistribution *d, const double *k, double complex *out) {
  size_t n = th_event_size(d);
  double *a = th_alloc_array(cx, 2 * n * n + n, sizeof *a), *b = a + n * n, *values = b + n * n;
  double log_modulus = 0, phase = 0;
  if (!a) return false;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) b[i * n + j] = 0.5 * (k[i * n + j] + k[j * n + i]);
  th_linalg_gemm(true, false, n, n, n, 1, factor_of(d), b, 0, a);
  th_linalg_gemm(false, false, n, n, n, 1, a, factor_of(d), 0, b);
  bool ok = th_linalg_eigen_symmetric(cx, n, b, values, NULL);
  for (size_t i = 0; ok && i < n; i++) {
    log_modulus -= 0.25 * freedom_of(d) * log1p(4 * values[i] * values[i]);
    phase += 0.5 * freedom_of(d) * atan(2 * values[i]);
  }
  *out = exp(log_modulus) * (cos(phase) + TH_I * sin(phase));
  th_free(cx, a, (2 * n * n + n) * sizeof *a);
  return ok;
}

/* What stands in one column b above the diagonal, given the block X_b of the columns before it, is normal with mean
 * X_b S_b⁻¹ s_b and covariance σ² X_b, where σ² = s_bb - s_b'S_b⁻¹s_b = L_bb²; the diagonal element is x'X_b⁻¹x plus σ²
 * times χ² of ν - b degrees of freedom (Gupta and Nagar 2000, section 3.3). */
typedef struct Column {
  size_t n, b;
  double *factor; /* (b, b), of X_b */
  double *mean;   /* (b) */
  double *x;      /* (b), as far as it is known; behind it n numbers of room */
} Column;

static void read_column(const ThDistribution *d, const double *before, size_t i, Column *c) {
  size_t n = c->n, b = c->b, at = 0;
  const double *l = factor_of(d);
  double *block = c->factor;
  for (size_t column = 0; column < b; column++)
    for (size_t row = 0; row <= column; row++, at++)
      block[row * b + column] = block[column * b + row] = before[at];
  for (size_t row = 0; at < i; row++, at++) c->x[row] = before[at];
  double *weights = c->x + n; /* S_b⁻¹ s_b = L_b'⁻¹ l_b */
  for (size_t k = b; k-- > 0;) {
    double sum = l[b * n + k];
    for (size_t m = k + 1; m < b; m++) sum -= l[m * n + k] * weights[m];
    weights[k] = sum / l[k * n + k];
  }
  for (size_t k = 0; k < b; k++) c->mean[k] = th_linalg_dot(b, block + k * b, weights);
}

static bool column_law(ThContext *cx, const ThDistribution *d, const Column *c, size_t row, ThValue *out) {
  double scale = factor_of(d)[c->b * c->n + c->b], sum = 0, p[2];
  double *z = c->mean; /* of the rows above: T⁻¹(x - mean), or T⁻¹x on the diagonal */
  ThValue gamma;
  bool diagonal = row == c->b;
  p[0] = diagonal ? 0.5 * (freedom_of(d) - (double)c->b) : c->mean[row];
  for (size_t k = 0; k < row; k++) {
    double left = c->x[k] - (diagonal ? 0 : c->mean[k]);
    for (size_t m = 0; m < k; m++) left -= c->factor[k * c->b + m] * z[m];
    z[k] = left / c->factor[k * c->b + k];
    sum += diagonal ? z[k] * z[k] : c->factor[row * c->b + k] * z[k];
  }
  p[1] = diagonal ? 0.5 / (scale * scale) : scale * c->factor[row * c->b + row];
  if (!diagonal) {
    p[0] += sum;
    return th_distribution_of(cx, &th_family_normal, p, out);
  }
  if (!th_distribution_of(cx, &th_family_gamma, p, &gamma)) return false;
  bool ok = th_distribution_affine(cx, gamma, 1, sum, out);
  th_release(gamma);
  return ok;
}

static bool given_numbers(ThContext *cx, const ThDistribution *d, const double *before, size_t i,
                          ThValue *out) {
  size_t n = th_event_size(d), row = i, size = n * n + 3 * n;
  Column c = {.n = n};
  while (row > c.b) row -= ++c.b;
  double *work = th_alloc_array(cx, size, sizeof *work);
  if (!work) return false;
  c.factor = work, c.mean = work + n * n, c.x = c.mean + n;
  read_column(d, before, i, &c);
  bool ok = th_linalg_cholesky(c.b, c.factor) ||
            th_fail(cx, TH_ERROR_VALUE, "these values are no positive definite matrix");
  ok = ok && column_law(cx, d, &c, row, out);
  th_free(cx, work, size * sizeof *work);
  return ok;
}

static const ThEventLaw event = {.rank = 2,
                                 .log_density = log_density,
                                 .mean = mean,
                                 .variance = variance,
                                 .mode = mode,
                                 .entropy = entropy,
                                 .kl = kl,
                                 .overlap_begin = overlap_begin,
                                 .overlap = overlap,
                                 .sample = sample,
                                 .cf = cf,
                                 .gradient = gradient,
                                 .fisher = fisher,
                                 .element_covariance = element_covariance,
                                 .combination = combination,
                                 .given_numbers = given_numbers};

const ThFamily th_family_wishart = {
    .builtin =
        {{"Wishart(ν = …, S = …) -> distribution", th_family_construct, TH_FAMILY_SECTION,
          "symmetric matrices: the sum of ν squares x x' of vectors x ~ MvNormal(0, S)",
          "ν is above n - 1 for matrices (n, n); the mean is ν S. `cf(d, K)` is E e^(i tr KX). `W ~ d` declares the "
          "elements W[1, 1], W[1, 2], …, of which W[1, 2] and W[2, 1] are one",
          "d = Wishart(5, [2, 0.5; 0.5, 1]);\nd\n"
          "#> Wishart(ν = 5, S = [2, 0.5; 0.5, 1])\n"
          "#>   a symmetric matrix (2, 2), mean [10, 2.5; 2.5, 5],\n"
          "#>   sd [6.32456, 3.3541; 3.3541, 3.16228]\n"
          "logpdf(d, [9, 2; 2, 4])\n#> -6.5418\n"
          "W ~ d;\nE(W[1, 2])\n#> 2.5  exact (linearity)\n"
          "near(P(W[1, 2] > 0), 0.781706, 1e-6)\n#> true",
          "MvNormal Gamma pdf sample", NULL},
         {0}},
    .name = "Wishart",
    .n_parameters = 2,
    .parameters = {{"ν", TH_DOMAIN_ANY, false, 0}, {"S", TH_DOMAIN_ANY, false, 0}},
    .law = &th_event_law,
    .event = &event,
    .build = build,
};
