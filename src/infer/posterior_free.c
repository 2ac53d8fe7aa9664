/* posterior_free.c - a posterior that is normal in coordinates without bounds: Laplace's */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each parameter is a monotone function of one normal variable (bounds.h), so that quantiles are images of normal ones.
 * Means and covariances are integrals over one and two normal variables, by Gauss-Hermite quadrature. */
#include <math.h>
#include <string.h>

#include "infer/bounds.h"
#include "infer/posterior.h"
#include "lang/builtin.h"
#include "num/quadrature.h"

enum { N_NODES = 64 };

static bool is_bounded(double lower, double upper) { return isfinite(lower) || isfinite(upper); }

double th_posterior_bound(const ThPosterior *p, size_t j, double u) {
  const ThFreeNormal *f = p->free;
  return f ? th_bounds_bound_one(f->lower[j], f->upper[j], u) : u;
}

/* --- Moments */

typedef struct Rule {
  double node[N_NODES], weight[N_NODES];
} Rule;

static double free_sd(const ThPosterior *p, size_t j) { return sqrt(p->free->covariance[j * (p->k + 1)]); }

static double mean_of(const ThPosterior *p, const Rule *rule, size_t j) {
  double sum = 0;
  for (size_t a = 0; a < N_NODES; a++)
    sum += rule->weight[a] * th_posterior_bound(p, j, p->free->mean[j] + free_sd(p, j) * rule->node[a]);
  return sum;
}

static double covariance_of(const ThPosterior *p, const Rule *rule, size_t i, size_t j) {
  const ThFreeNormal *f = p->free;
  double si = free_sd(p, i), slope = f->covariance[i * p->k + j] / si, sum = 0;
  double rest = sqrt(fmax(0, f->covariance[j * (p->k + 1)] - slope * slope));
  for (size_t a = 0; a < N_NODES; a++) {
    double x = th_posterior_bound(p, i, f->mean[i] + si * rule->node[a]) - p->mean[i];
    for (size_t b = 0; b < N_NODES && i != j; b++) {
      double u = f->mean[j] + slope * rule->node[a] + rest * rule->node[b];
      sum += rule->weight[a] * rule->weight[b] * x * (th_posterior_bound(p, j, u) - p->mean[j]);
    }
    if (i == j) sum += rule->weight[a] * x * x;
  }
  return sum;
}

static void find_moments(ThPosterior *p) {
  Rule rule;
  size_t k = p->k;
  th_quadrature_gauss_hermite(N_NODES, rule.node, rule.weight);
  for (size_t j = 0; j < k; j++) p->mean[j] = mean_of(p, &rule, j);
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j <= i; j++) {
      bool bounded = is_bounded(p->free->lower[i], p->free->upper[i]) ||
                     is_bounded(p->free->lower[j], p->free->upper[j]);
      if (bounded) p->covariance[i * k + j] = p->covariance[j * k + i] = covariance_of(p, &rule, i, j);
    }
}

/* --- Filling */

static size_t free_size(size_t k) { return k * k + 3 * k; }

bool th_posterior_set_free(ThPosterior *p, const double *lower, const double *upper) {
  size_t k = p->k;
  bool any = false;
  for (size_t j = 0; j < k; j++) any = any || is_bounded(lower[j], upper[j]);
  if (!any) return true;
  p->free = th_alloc(p->cx, sizeof *p->free);
  if (!p->free) return false;
  p->free->mean = th_alloc_array(p->cx, free_size(k), sizeof(double));
  if (!p->free->mean) return false;
  p->free->lower = p->free->mean + k;
  p->free->upper = p->free->lower + k;
  p->free->covariance = p->free->upper + k;
  memcpy(p->free->mean, p->mean, k * sizeof(double));
  memcpy(p->free->lower, lower, k * sizeof(double));
  memcpy(p->free->upper, upper, k * sizeof(double));
  memcpy(p->free->covariance, p->covariance, k * k * sizeof(double));
  find_moments(p);
  return true;
}

void th_posterior_clear_free(ThPosterior *p) {
  if (!p->free) return;
  if (p->free->mean) th_free(p->cx, p->free->mean, free_size(p->k) * sizeof(double));
  th_free(p->cx, p->free, sizeof *p->free);
  p->free = NULL;
}

/* --- Expressions */

/* shift + scale*v, v taken. */
static bool shift_take(ThContext *cx, double shift, double scale, ThValue v, ThValue *out) {
  ThValue scaled = v;
  bool ok = scale == 1 || th_binary(cx, TH_OP_MULTIPLY, th_number(scale), v, 0, &scaled);
  if (scale != 1) th_release(v);
  if (!ok) return false;
  *out = scaled;
  if (shift == 0) return true;
  ok = th_binary(cx, TH_OP_ADD, th_number(shift), scaled, 0, out);
  th_release(scaled);
  return ok;
}

bool th_posterior_bound_variable(const ThPosterior *p, size_t j, ThValue u, ThValue *out) {
  ThContext *cx = p->cx;
  double lower = p->free ? p->free->lower[j] : -(double)INFINITY,
         upper = p->free ? p->free->upper[j] : (double)INFINITY;
  ThValue v;
  if (!is_bounded(lower, upper)) {
    *out = th_retain(u);
    return true;
  }
  if (isfinite(lower) && isfinite(upper))
    return th_builtin_call(cx, "sigmoid", &u, 1, &v) && shift_take(cx, lower, upper - lower, v, out);
  if (isfinite(lower)) return th_builtin_call(cx, "exp", &u, 1, &v) && shift_take(cx, lower, 1, v, out);
  if (!th_unary(cx, TH_OP_NEGATE, u, &v)) return false;
  ThValue e;
  bool ok = th_builtin_call(cx, "exp", &v, 1, &e);
  th_release(v);
  return ok && shift_take(cx, upper, -1, e, out);
}
