/* update_vector.c - Dirichlet priors after categories or counts, MvNormal priors after vectors, without a model */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/update.h"
#include "num/linalg.h"
#include "prob/event.h"

static bool no_names(ThContext *cx, const ThFamily *family, const ThRecord *named) {
  return named->length == 0 || th_fail(cx, TH_ERROR_NAME, "`%s` is no known parameter of %s here",
                                       named->names[0]->spelling, family->name);
}

/* --- Shares: α grows by the counts */

static bool count_category(ThContext *cx, double x, size_t i, size_t n, double *alpha) {
  if (!(x >= 1 && x <= (double)n && floor(x) == x))
    return th_fail_argument(cx, 3, TH_ERROR_VALUE, "datum %zu, %.6g, names none of %zu categories", i + 1, x,
                            n);
  alpha[(size_t)x - 1]++;
  return true;
}

static bool count_number(ThContext *cx, double x, size_t i, size_t n, double *alpha) {
  if (!(x >= 0 && floor(x) == x && isfinite(x)))
    return th_fail_argument(cx, 3, TH_ERROR_VALUE, "number %zu, %.6g, is no count", i + 1, x);
  alpha[i % n] += x;
  return true;
}

static bool update_shares(ThContext *cx, const ThDistribution *prior, const ThFamily *family,
                          const ThArray *data, ThValue *out) {
  size_t n = th_event_size(prior);
  bool counts = family == &th_family_multinomial;
  if (counts && (data->length % n != 0 || data->shape[data->rank - 1] != n))
    return th_fail_argument(cx, 3, TH_ERROR_SHAPE, "the counts are of %zu categories each", n);
  ThArray *alpha = th_vector_new(cx, TH_DOUBLE, n);
  bool ok = alpha != NULL;
  if (ok) memcpy(alpha->real, prior->p + 1, n * sizeof *alpha->real);
  for (size_t i = 0; ok && i < data->length; i++)
    ok = th_poll_at(cx, i) && (counts ? count_number(cx, data->real[i], i, n, alpha->real)
                                      : count_category(cx, data->real[i], i, n, alpha->real));
  ThValue parameter = alpha ? th_object(alpha) : th_none();
  ok = ok && th_distribution_new(cx, &th_family_dirichlet, &parameter, out);
  th_release(parameter);
  return ok;
}

/* --- A mean vector: Σₙ = (Σ/n) (Σ₀ + Σ/n)⁻¹ Σ₀, μₙ = μ₀ + Σ₀ (Σ₀ + Σ/n)⁻¹ (x̄ - μ₀) */

typedef struct Normal {
  size_t n, count;             /* of a vector, of data */
  const double *mean, *before; /* μ₀, Σ₀ */
  double *noise;               /* Σ/n */
  double *sum;                 /* the factor of Σ₀ + Σ/n, then room for (n, n) twice and for n */
} Normal;

static bool solve_normal(const Normal *m, const ThArray *data, double *mean, double *covariance) {
  size_t n = m->n, size = n * n;
  double *v = m->sum + size, *u = v + size, *gap = u + size;
  for (size_t i = 0; i < size; i++) m->sum[i] = m->before[i] + m->noise[i];
  if (!th_linalg_cholesky(n, m->sum)) return false;
  memcpy(v, m->before, size * sizeof *v);
  memcpy(u, m->noise, size * sizeof *u);
  th_linalg_solve_triangular(true, false, n, n, m->sum, v);
  th_linalg_solve_triangular(true, false, n, n, m->sum, u);
  th_linalg_gemm(true, false, n, n, n, 1, u, v, 0, covariance);
  th_linalg_symmetrize(n, covariance);
  for (size_t j = 0; j < n; j++) {
    gap[j] = -m->mean[j];
    for (size_t i = 0; i < m->count; i++) gap[j] += data->real[i * n + j] / (double)m->count;
  }
  th_linalg_solve_triangular(true, false, n, 1, m->sum, gap);
  for (size_t j = 0; j < n; j++) {
    mean[j] = m->mean[j];
    for (size_t i = 0; i < n; i++) mean[j] += v[i * n + j] * gap[i];
  }
  return true;
}

static bool normal_after(ThContext *cx, const ThDistribution *prior, const ThArray *noise,
                         const ThArray *data, ThValue *out) {
  size_t n = th_event_size(prior);
  ThValue parameters[TH_MAX_PARAMETERS] = {th_none(), th_none(), th_none(), th_none()};
  Normal m = {.n = n, .count = data->length / n, .mean = prior->p + 1, .before = prior->p + 1 + n};
  ThArray *mean = th_vector_new(cx, TH_DOUBLE, n),
          *covariance = mean ? th_matrix_new(cx, TH_DOUBLE, n, n) : NULL;
  double *room = covariance ? th_alloc_array(cx, 4 * n * n + n, sizeof *room) : NULL;
  if (mean) parameters[0] = th_object(mean);
  if (covariance) parameters[1] = th_object(covariance);
  bool ok = room != NULL;
  if (ok) {
    m.noise = room;
    m.sum = room + n * n;
    for (size_t i = 0; i < n * n; i++) m.noise[i] = noise->real[i] / (double)m.count;
    ok = solve_normal(&m, data, mean->real, covariance->real) ||
         th_fail(cx, TH_ERROR_NUMERIC, "the covariances are singular to working precision");
    th_free(cx, room, (4 * n * n + n) * sizeof *room);
  }
  ok = ok && th_distribution_new(cx, &th_family_mvnormal, parameters, out);
  th_release_all(parameters, 2);
  return ok;
}

static bool update_mean(ThContext *cx, const ThDistribution *prior, const ThArray *data,
                        const ThRecord *named, ThValue *out) {
  size_t n = th_event_size(prior);
  ThArray *noise, *factor;
  ThSymbol *name = th_symbol_of(cx, "Σ");
  const ThValue *given = name ? th_record_find(named, name) : NULL;
  if (!given || named->length > 1) {
    th_fail(cx, TH_ERROR_TYPE, "`Σ` of MvNormal must be given, a matrix");
    return th_hint(cx, "update(prior, MvNormal, data, Σ = …)");
  }
  if (data->length == 0 || data->shape[data->rank - 1] != n)
    return th_fail_argument(cx, 3, TH_ERROR_SHAPE, "the data are vectors of %zu numbers, by rows", n);
  if (!th_event_matrix(cx, "MvNormal", "Σ", *given, &noise, &factor)) return false;
  bool ok = noise->shape[0] == n
                ? normal_after(cx, prior, noise, data, out)
                : th_fail(cx, TH_ERROR_SHAPE, "`Σ` of MvNormal is (%zu, %zu), and a datum has %zu numbers",
                          noise->shape[0], noise->shape[0], n);
  th_release(th_object(noise));
  th_release(th_object(factor));
  return ok;
}

bool th_update_vector(ThContext *cx, const ThDistribution *prior, const ThFamily *family, const ThArray *data,
                      const ThRecord *named, bool *known, ThValue *out) {
  bool shares = prior->family == &th_family_dirichlet &&
                (family == &th_family_categorical || family == &th_family_multinomial);
  bool mean = prior->family == &th_family_mvnormal && family == &th_family_mvnormal;
  *known = shares || mean;
  if (mean) return update_mean(cx, prior, data, named, out);
  return !shares || (no_names(cx, family, named) && update_shares(cx, prior, family, data, out));
}
