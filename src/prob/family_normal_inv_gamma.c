/* family_normal_inv_gamma.c - a normal vector whose covariance is multiplied by an inverse gamma variance */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No constructor has this name: posteriors of linear models are made so. Without w, β is a Student t vector: β_i has
 * the location m_i and the scale √(b/a V_ii) with 2a degrees of freedom; i components of it that are given make the
 * gamma law of 1/w one of shape a + i/2 and rate b + Q/2, Q their squared distance from the mean in units of V (Gelman
 * and others 2013, chapters 3 and 14; O'Hagan and Forster 2004, chapter 11). */
#include "prob/normal_inv_gamma.h"

#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "num/real.h"
#include "num/special.h"
#include "prob/event.h"
#include "prob/families.h"
#include "prob/root_gamma.h"

/* p: n = k + 1, place, power, shape, scale, m (k), V (k, k), L (k, k) with V = L L'. */
enum { SIZE, PLACE, POWER, SHAPE, SCALE, N_HEAD };
enum { MEAN, COVARIANCE, NUMBERS };

static const double *factor_of(const ThDistribution *d) {
  size_t k = th_event_size(d) - 1;
  return d->p + N_HEAD + k + k * k;
}

ThNormalInvGamma th_normal_inv_gamma_parts(const ThDistribution *d) {
  size_t k = th_event_size(d) - 1;
  return (ThNormalInvGamma){.k = k,
                            .mean = d->p + N_HEAD,
                            .covariance = d->p + N_HEAD + k,
                            .factor = factor_of(d),
                            .shape = d->p[SHAPE],
                            .scale = d->p[SCALE],
                            .place = (size_t)d->p[PLACE],
                            .power = d->p[POWER]};
}

static bool build(ThContext *cx, ThDistribution *d) {
  ThArray *covariance, *factor;
  const ThArray *mean = th_as_array(d->parameters[MEAN]), *numbers = th_as_array(d->parameters[NUMBERS]);
  size_t k = mean->length;
  if (!th_event_matrix(cx, "NormalInvGamma", "V", d->parameters[COVARIANCE], &covariance, &factor))
    return false;
  bool ok = th_distribution_room(cx, d, 1, N_HEAD + k + 2 * k * k);
  if (ok) {
    d->p[SIZE] = (double)k + 1;
    memcpy(d->p + PLACE, numbers->real, (N_HEAD - PLACE) * sizeof *d->p);
    memcpy(d->p + N_HEAD, mean->real, k * sizeof *d->p);
    memcpy(d->p + N_HEAD + k, covariance->real, k * k * sizeof *d->p);
    memcpy(d->p + N_HEAD + k + k * k, factor->real, k * k * sizeof *d->p);
  }
  th_release(th_object(covariance));
  th_release(th_object(factor));
  return ok;
}

bool th_normal_inv_gamma_new(ThContext *cx, const ThNormalInvGamma *law, ThValue *out) {
  double numbers[] = {(double)law->place, law->power, law->shape, law->scale};
  ThValue parameters[TH_MAX_PARAMETERS] = {th_none(), th_none(), th_none(), th_none()};
  ThArray *covariance = th_matrix_new(cx, TH_DOUBLE, law->k, law->k);
  if (covariance) parameters[COVARIANCE] = th_object(covariance);
  if (covariance) memcpy(covariance->real, law->covariance, law->k * law->k * sizeof *covariance->real);
  bool ok = covariance && th_vector_from(cx, law->mean, law->k, &parameters[MEAN]) &&
            th_vector_from(cx, numbers, 4, &parameters[NUMBERS]) &&
            th_distribution_new(cx, &th_family_normal_inv_gamma, parameters, out);
  th_release_all(parameters, TH_MAX_PARAMETERS);
  return ok;
}

static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  (void)style;
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  int digits = cx->settings.digits;
  th_text_format(out, "NormalInvGamma of %zu components (shape = ", g.k + 1);
  th_format_number(g.shape, digits, out);
  th_text_add(out, ", scale = ");
  th_format_number(g.scale, digits, out);
  th_text_add(out, ")");
  return th_text_ok(out, cx);
}

/* --- The scale v */

/* Of v, where 1/w has a gamma law. */
static const ThFamily *scale_family(double power) {
  if (fabs(power) == 2) return &th_family_root_gamma;
  return power < 0 ? &th_family_gamma : &th_family_inv_gamma;
}

static bool scale_law(ThContext *cx, double shape, double scale, double power, ThValue *out) {
  double p[TH_MAX_PARAMETERS] = {shape, scale, power < 0 ? -1 : 1};
  return th_distribution_of(cx, scale_family(power), p, out);
}

static double scale_mean(const ThNormalInvGamma *g) {
  return scale_family(g->power)->math->mean((double[]){g->shape, g->scale, g->power < 0 ? -1 : 1});
}

static double scale_variance(const ThNormalInvGamma *g) {
  return scale_family(g->power)->math->variance((double[]){g->shape, g->scale, g->power < 0 ? -1 : 1});
}

/* E w, of a t with 2a degrees of freedom: b/(a - 1), infinite or undefined for fewer than 2. */
static double mean_square(const ThNormalInvGamma *g) {
  return g->shape > 1 ? g->scale / (g->shape - 1) : g->shape > 0.5 ? TH_INFINITY : TH_NAN;
}

/* --- Densities and moments */

/* The rows of L⁻¹(β - m) of the first i elements into z; the sum of their squares. */
static double distances(const ThDistribution *d, const double *beta, size_t i, double *z) {
  size_t k = th_event_size(d) - 1;
  const double *l = factor_of(d), *m = d->p + N_HEAD;
  double squares = 0;
  for (size_t r = 0; r < i; r++) {
    double sum = beta[r] - m[r];
    for (size_t c = 0; c < r; c++) sum -= l[r * k + c] * z[c];
    z[r] = sum / l[r * k + r];
    squares += z[r] * z[r];
  }
  return squares;
}

/* The elements of β among the components x; v apart. */
static void take_apart(const ThNormalInvGamma *g, const double *x, size_t n, double *beta) {
  for (size_t i = 0, at = 0; i < n; i++)
    if (i != g->place) beta[at++] = x[i];
}

static bool log_density(ThContext *cx, const ThDistribution *d, const double *x, double *out) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  double v = x[g.place], *beta = th_alloc_array(cx, 2 * g.k + 1, sizeof *beta);
  if (!beta) return false;
  *out = -TH_INFINITY;
  if (v > 0) {
    double w = pow(v, g.power), p[] = {g.shape, g.scale};
    take_apart(&g, x, g.k + 1, beta);
    double squares = distances(d, beta, g.k, beta + g.k);
    *out = th_inv_gamma_math.logpdf(w, p) + log(fabs(g.power) * w / v) - 0.5 * squares / w -
           0.5 * th_event_log_determinant(g.k, factor_of(d)) - (double)g.k * (TH_HALF_LOG_2PI + 0.5 * log(w));
  }
  th_free(cx, beta, (2 * g.k + 1) * sizeof *beta);
  return true;
}

static void mean(const ThDistribution *d, double *out) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  for (size_t i = 0; i <= g.k; i++)
    out[i] = i == g.place ? scale_mean(&g) : g.shape > 0.5 ? g.mean[i - (i > g.place)] : TH_NAN;
}

static void covariance(const ThDistribution *d, double *out) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  size_t n = g.k + 1;
  double w = mean_square(&g);
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < n; j++) {
      bool apart = i == g.place || j == g.place;
      size_t r = i - (i > g.place), c = j - (j > g.place);
      out[i * n + j] = apart ? 0 : w * g.covariance[r * g.k + c];
    }
  out[g.place * (n + 1)] = scale_variance(&g);
}

static void variance(const ThDistribution *d, double *out) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  double w = mean_square(&g);
  for (size_t i = 0; i <= g.k; i++)
    out[i] = i == g.place ? scale_variance(&g) : w * g.covariance[(i - (i > g.place)) * (g.k + 1)];
}

/* --- Parts of it */

static bool student(ThContext *cx, double shape, double location, double square, ThValue *out) {
  double p[] = {2 * shape, location, sqrt(square)};
  return th_distribution_of(cx, &th_family_student_t, p, out);
}

static bool marginal(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  size_t j = i - (i > g.place);
  if (i == g.place) return scale_law(cx, g.shape, g.scale, g.power, out);
  return student(cx, g.shape, g.mean[j], g.scale / g.shape * g.covariance[j * (g.k + 1)], out);
}

/* Element j of β given those before it, or given w too. */
static bool element_given(ThContext *cx, const ThDistribution *d, const double *before, size_t i,
                          const double *z, double squares, ThValue *out) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  size_t j = i - (i > g.place);
  const double *row = factor_of(d) + j * g.k;
  double location = g.mean[j] + th_linalg_dot(j, row, z);
  if (i < g.place) {
    double shape = g.shape + 0.5 * (double)j;
    return student(cx, shape, location, (g.scale + 0.5 * squares) / shape * row[j] * row[j], out);
  }
  double p[] = {location, row[j] * sqrt(pow(before[g.place], g.power))};
  return th_distribution_of(cx, &th_family_normal, p, out);
}

static bool given_numbers(ThContext *cx, const ThDistribution *d, const double *before, size_t i,
                          ThValue *out) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  size_t j = i - (i > g.place);
  double *beta = th_alloc_array(cx, 2 * g.k + 2, sizeof *beta), *z = beta + g.k + 1;
  if (!beta) return false;
  take_apart(&g, before, i, beta);
  double squares = distances(d, beta, j, z);
  bool ok = i == g.place ? scale_law(cx, g.shape + 0.5 * (double)j, g.scale + 0.5 * squares, g.power, out)
                         : element_given(cx, d, before, i, z, squares, out);
  th_free(cx, beta, (2 * g.k + 2) * sizeof *beta);
  return ok;
}

static bool sample(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  const double *l = factor_of(d);
  double w = g.scale / th_random_gamma(r, g.shape), *z = th_alloc_array(cx, g.k + 1, sizeof *z);
  if (!z) return false;
  th_random_fill_normal(r, g.k, z);
  for (size_t i = 0; i <= g.k; i++) {
    size_t j = i - (i > g.place);
    out[i] = i == g.place ? pow(w, 1 / g.power) : g.mean[j] + sqrt(w) * th_linalg_dot(j + 1, l + j * g.k, z);
  }
  th_free(cx, z, (g.k + 1) * sizeof *z);
  return true;
}

/* A combination of β is a t, v by itself as it is; both together have no name. */
static bool combination(ThContext *cx, const ThDistribution *d, const double *weights, double shift,
                        ThValue *out, ThHow *how, bool *known) {
  ThNormalInvGamma g = th_normal_inv_gamma_parts(d);
  double square = 0, location = shift;
  bool some = false;
  (void)how;
  for (size_t i = 0; i <= g.k; i++) {
    size_t r = i - (i > g.place);
    if (i == g.place || weights[i] == 0) continue;
    some = true;
    location += weights[i] * g.mean[r];
    for (size_t j = 0; j <= g.k; j++)
      if (j != g.place) square += weights[i] * weights[j] * g.covariance[r * g.k + j - (j > g.place)];
  }
  *known = !(some && weights[g.place] != 0) && (!some || square > 0);
  if (!*known) return true;
  if (some) return student(cx, g.shape, location, g.scale / g.shape * square, out);
  ThValue law;
  if (!marginal(cx, d, g.place, &law)) return false;
  bool ok = th_distribution_affine(cx, law, weights[g.place], shift, out);
  th_release(law);
  return ok;
}

static const ThEventLaw event = {.rank = 1,
                                 .log_density = log_density,
                                 .mean = mean,
                                 .variance = variance,
                                 .covariance = covariance,
                                 .sample = sample,
                                 .combination = combination,
                                 .marginal = marginal,
                                 .given_numbers = given_numbers};

const ThFamily th_family_normal_inv_gamma = {
    .builtin = {{.signature = "NormalInvGamma(μ = …, V = …, numbers = …) -> distribution"}, {0}},
    .name = "NormalInvGamma",
    .n_parameters = 3,
    .parameters = {{"μ", TH_DOMAIN_ANY, false, 0},
                   {"V", TH_DOMAIN_ANY, false, 0},
                   {"numbers", TH_DOMAIN_ANY, false, 0}},
    .law = &th_event_law,
    .event = &event,
    .build = build,
    .format = format,
};
