/* target.c - a model's log density as a function of numbers: where they may lie, where to begin, its derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/target.h"

#include <math.h>
#include <string.h>

#include "infer/log_density.h"
#include "val/array.h"

/* --- Ranges and starts */

static ThValue prior_of(const ThRecording *r, size_t j) {
  const ThElementary *e = &r->elements[j];
  return th_is_none(e->prior) ? r->unknowns[e->unknown].prior : e->prior;
}

/* Where a family lies that hangs on parameters, as far as that is the same for all of them. Where the ends
 * themselves hang on the parameters (Uniform) nothing is said. */
static void conditional_range(const ThFamily *family, double *lower, double *upper) {
  static const ThFamily *const positive[] = {
      &th_family_exponential, &th_family_gamma,          &th_family_inv_gamma, &th_family_half_normal,
      &th_family_half_cauchy, &th_family_half_student_t, &th_family_lognormal, &th_family_weibull,
      &th_family_chi2,        &th_family_fdist,          &th_family_rayleigh,  &th_family_maxwell};
  for (size_t i = 0; i < sizeof positive / sizeof *positive; i++)
    if (family == positive[i]) *lower = 0;
  if (family == &th_family_beta) *lower = 0, *upper = 1;
}

static void find_range(const ThRecording *r, size_t j, double *lower, double *upper) {
  const ThElementary *e = &r->elements[j];
  const ThUnknown *u = &r->unknowns[e->unknown];
  ThValue prior = prior_of(r, j);
  double from = -(double)INFINITY, to = (double)INFINITY;
  if (th_is_distribution(prior)) {
    const ThDistribution *d = th_as_distribution(prior);
    th_distribution_support(d, d->rank ? e->index : 0, &from, &to);
  } else if (th_is_law(prior)) {
    conditional_range(th_law_family(prior), &from, &to);
  }
  *lower = fmax(u->lower, from);
  *upper = fmin(u->upper, to);
}

/* Between the ends of a range without a prior: away from 0 and from each other, lest the search begin where it is
 * level. */
static double between(double lower, double upper, size_t j, double p) {
  bool below = isfinite(lower), above = isfinite(upper);
  if (below && above) return lower + p * (upper - lower);
  double away = exp(4 * (p - 0.5)) * (1 + 0.1 * (double)(j % 7));
  if (below) return lower + away;
  return above ? upper - away : 4 * (p - 0.5) + 0.1 * (double)(j % 7);
}

bool th_target_start(const ThTarget *t, double p, double *out) {
  for (size_t j = 0; j < t->k; j++) {
    ThValue prior = prior_of(t->r, j);
    double x = (double)NAN;
    if (th_is_distribution(prior)) {
      const ThDistribution *d = th_as_distribution(prior);
      if (!th_distribution_measure(t->cx, d, d->rank ? t->r->elements[j].index : 0, TH_QUANTILE, p, &x)) {
        if (th_is_final(t->cx)) return false;
        th_error_clear(t->cx);
      }
    }
    bool inside = x > t->lower[j] && x < t->upper[j];
    out[j] = inside ? x : between(t->lower[j], t->upper[j], j, p);
  }
  return true;
}

/* --- Evaluation */

static bool settle(ThContext *cx, double *value) {
  if (th_is_final(cx) || (cx->error.code != TH_ERROR_VALUE && cx->error.code != TH_ERROR_NUMERIC))
    return false;
  th_error_clear(cx);
  *value = (double)INFINITY;
  return true;
}

static bool value_of(ThContext *cx, void *self, const double *x, double *value) {
  const ThTarget *t = self;
  return th_replay_value(t->replay, x, value) || settle(cx, value);
}
static bool slope_of(ThContext *cx, void *self, const double *x, double *value, double *gradient) {
  const ThTarget *t = self;
  if (th_replay_gradient(t->replay, x, value, gradient)) return true;
  memset(gradient, 0, t->k * sizeof *gradient);
  return settle(cx, value);
}
static bool product_of(ThContext *cx, void *self, const double *x, const double *v, double *product) {
  const ThTarget *t = self;
  (void)cx;
  return th_replay_product(t->replay, x, v, product);
}

ThObjective th_target_objective(ThTarget *target) {
  return (ThObjective){.dimension = target->k,
                       .self = target,
                       .value = value_of,
                       .value_and_gradient = slope_of,
                       .hessian_vector = product_of};
}

bool th_target_log_density(ThTarget *target, const double *x, double *out) {
  double value;
  if (!value_of(target->cx, target, x, &value)) return false;
  *out = isnan(value) ? -(double)INFINITY : -value;
  return true;
}

/* --- Making one */

bool th_target_init(const ThRecording *r, ThTarget *out) {
  size_t k = r->n_elements;
  ThValue point;
  *out = (ThTarget){.r = r, .cx = r->cx, .k = k, .density = th_none()};
  out->lower = th_alloc_array(r->cx, 2 * k + 1, sizeof *out->lower);
  if (!out->lower) return false;
  out->upper = out->lower + k;
  for (size_t j = 0; j < k; j++) find_range(r, j, &out->lower[j], &out->upper[j]);
  double *start = th_alloc_array(r->cx, k + 1, sizeof *start);
  bool ok = start && th_target_start(out, 0.5, start) && th_log_density_new(r, &out->density) &&
            th_vector_from(r->cx, start, k, &point);
  if (ok) {
    out->replay = th_replay_new(r->cx, r->options.verb_name, out->density, point);
    th_release(point);
  }
  if (start) th_free(r->cx, start, (k + 1) * sizeof *start);
  if (out->replay) return true;
  th_target_clear(out);
  return false;
}

void th_target_clear(ThTarget *t) {
  if (t->replay) th_replay_free(t->replay);
  th_release(t->density);
  if (t->lower) th_free(t->cx, t->lower, (2 * t->k + 1) * sizeof *t->lower);
  *t = (ThTarget){.density = th_none()};
}
