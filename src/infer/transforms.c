/* transforms.c - parameters as coordinates without bounds, with the volume that they take */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/transforms.h"

#include <math.h>

#include "num/correlations.h"
#include "num/real.h"

/* --- What lies where */

static ThCoordinates kind_of(double lower, double upper) {
  if (isfinite(lower)) return isfinite(upper) ? TH_COORDINATES_BETWEEN : TH_COORDINATES_ABOVE;
  return isfinite(upper) ? TH_COORDINATES_BELOW : TH_COORDINATES_REAL;
}

/* Do its parameters go over together? */
static bool is_together(const ThTransform *t) {
  return t->what == TH_COORDINATES_SHARES || t->what == TH_COORDINATES_CORRELATIONS;
}

/* The transform that begins at element j. */
static ThTransform transform_at(const ThTarget *target, size_t j) {
  const ThRecording *r = target->r;
  const ThUnknown *u = &r->unknowns[r->elements[j].unknown];
  ThValue prior = th_recording_law(r, j);
  ThTransform t = {.n = 1, .first_x = j, .lower = target->lower[j], .upper = target->upper[j]};
  const ThFamily *family = th_is_law(prior) ? th_law_family(prior) : NULL;
  if (family == &th_family_dirichlet) t.what = TH_COORDINATES_SHARES;
  else if (family == &th_family_lkj) t.what = TH_COORDINATES_CORRELATIONS;
  else t.what = kind_of(t.lower, t.upper);
  if (is_together(&t)) t.n = u->count;
  return t;
}

static ThAttempt check_element(const ThRecording *r, size_t j, ThReason *why) {
  const ThElementary *e = &r->elements[j];
  ThValue prior = th_recording_law(r, j);
  if (!th_is_law(prior) || !th_law_family(prior)->discrete) return TH_ANSWERED;
  return th_decline(why, "`%s` takes separate values", r->unknowns[e->unknown].name->spelling);
}

ThAttempt th_transforms_check(const ThRecording *r, ThReason *why) {
  for (size_t j = 0; j < r->n_elements; j++)
    if (check_element(r, j, why) == TH_DECLINED) return TH_DECLINED;
  return TH_ANSWERED;
}

ThAttempt th_transforms_init(const ThTarget *target, ThTransforms *out, ThReason *why) {
  const ThRecording *r = target->r;
  *out = (ThTransforms){.cx = r->cx, .k = r->n_elements};
  if (th_transforms_check(r, why) == TH_DECLINED) return TH_DECLINED;
  if (out->k == 0) return TH_ANSWERED;
  out->items = th_alloc_array(r->cx, out->k, sizeof *out->items);
  if (!out->items) return TH_FAILED;
  for (size_t j = 0; j < out->k;) {
    ThTransform t = transform_at(target, j);
    t.first_u = out->d;
    out->items[out->n++] = t;
    out->d += t.what == TH_COORDINATES_SHARES ? t.n - 1 : t.n;
    j += t.n;
  }
  return TH_ANSWERED;
}

void th_transforms_clear(ThTransforms *t) {
  if (t->items) th_free(t->cx, t->items, t->k * sizeof *t->items);
  *t = (ThTransforms){0};
}

/* --- One number */

/* sigmoid(u), and 1 - sigmoid(u) without cancellation. */
static double sigmoid(double u) { return u > 0 ? 1 / (1 + exp(-u)) : exp(u) / (1 + exp(u)); }

static double one_forward(const ThTransform *t, double u, double *log_jacobian) {
  double width = t->upper - t->lower;
  switch (t->what) {
    case TH_COORDINATES_ABOVE: *log_jacobian += u; return t->lower + exp(u);
    case TH_COORDINATES_BELOW: *log_jacobian += u; return t->upper - exp(u);
    case TH_COORDINATES_BETWEEN:
      *log_jacobian += log(width) - fabs(u) - 2 * log1p(exp(-fabs(u)));
      return u > 0 ? t->upper - width * sigmoid(-u) : t->lower + width * sigmoid(u);
    default: return u;
  }
}

static double one_pull(const ThTransform *t, double u, double by_x, double sign) {
  switch (t->what) {
    case TH_COORDINATES_ABOVE: return by_x * exp(u) + sign;
    case TH_COORDINATES_BELOW: return -by_x * exp(u) + sign;
    case TH_COORDINATES_BETWEEN:
      return by_x * (t->upper - t->lower) * sigmoid(u) * sigmoid(-u) + sign * (sigmoid(-u) - sigmoid(u));
    default: return by_x;
  }
}

static double one_back(const ThTransform *t, double x) {
  switch (t->what) {
    case TH_COORDINATES_ABOVE: return log(x - t->lower);
    case TH_COORDINATES_BELOW: return log(t->upper - x);
    case TH_COORDINATES_BETWEEN: return log(x - t->lower) - log(t->upper - x);
    default: return x;
  }
}

/* --- Shares: break i takes sigmoid(u_i - log(breaks to go)) of what is left, so that u = 0 gives equal shares */

static double offset(const ThTransform *t, size_t i) { return log((double)(t->n - 1 - i)); }

static void shares_forward(const ThTransform *t, const double *u, double *x, double *log_jacobian) {
  double log_left = 0;
  for (size_t i = 0; i + 1 < t->n; i++) {
    double at = u[i] - offset(t, i), tail = log1p(exp(-fabs(at)));
    double log_part = fmin(at, 0) - tail, log_rest = fmin(-at, 0) - tail;
    x[i] = exp(log_left + log_part);
    *log_jacobian += log_left + log_part + log_rest;
    log_left += log_rest;
  }
  x[t->n - 1] = exp(log_left);
}

/* Backward through the breaks: `by_left` is the derivative by what is left before a break. */
static void shares_pull(const ThTransform *t, const double *u, const double *x, const double *by_x,
                        double sign, double *by_u) {
  double by_left = by_x[t->n - 1], left = x[t->n - 1];
  for (size_t i = t->n - 1; i-- > 0;) {
    double at = u[i] - offset(t, i), part = sigmoid(at), rest = sigmoid(-at);
    left += x[i];
    by_u[i] = part * rest * left * (by_x[i] - by_left) + sign * (rest - part);
    by_left = by_x[i] * part + sign / left + by_left * rest;
  }
}

static bool shares_back(const ThTransform *t, const double *x, double *u) {
  double left = x[t->n - 1];
  for (size_t i = t->n - 1; i-- > 0;) {
    u[i] = log(x[i]) - log(left) + offset(t, i);
    left += x[i];
    if (!isfinite(u[i])) return false;
  }
  return fabs(left - 1) < 1e-8;
}

/* --- Shares or correlations */

static void together_forward(const ThTransform *t, const double *u, double *x, double *log_jacobian) {
  if (t->what == TH_COORDINATES_SHARES) shares_forward(t, u, x, log_jacobian);
  else th_correlations_forward(th_correlations_side(t->n), u, x, log_jacobian);
}

static void together_pull(const ThTransform *t, const double *u, const double *x, const double *by_x,
                          double sign, double *by_u) {
  if (t->what == TH_COORDINATES_SHARES) shares_pull(t, u, x, by_x, sign, by_u);
  else th_correlations_pull(th_correlations_side(t->n), u, by_x, sign, by_u);
}

static bool together_back(const ThTransform *t, const double *x, double *u) {
  if (t->what == TH_COORDINATES_SHARES) return shares_back(t, x, u);
  return th_correlations_back(th_correlations_side(t->n), x, u);
}

/* --- All */

void th_transforms_forward(const ThTransforms *t, const double *u, double *x, double *log_jacobian) {
  *log_jacobian = 0;
  for (size_t i = 0; i < t->n; i++) {
    const ThTransform *one = &t->items[i];
    if (is_together(one)) together_forward(one, u + one->first_u, x + one->first_x, log_jacobian);
    else x[one->first_x] = one_forward(one, u[one->first_u], log_jacobian);
  }
}

void th_transforms_pull(const ThTransforms *t, const double *u, const double *x, const double *by_x,
                        double sign, double *by_u) {
  for (size_t i = 0; i < t->n; i++) {
    const ThTransform *one = &t->items[i];
    if (is_together(one))
      together_pull(one, u + one->first_u, x + one->first_x, by_x + one->first_x, sign, by_u + one->first_u);
    else by_u[one->first_u] = one_pull(one, u[one->first_u], by_x[one->first_x], sign);
  }
}

bool th_transforms_back(const ThTransforms *t, const double *x, double *u) {
  for (size_t i = 0; i < t->n; i++) {
    const ThTransform *one = &t->items[i];
    if (is_together(one)) {
      if (!together_back(one, x + one->first_x, u + one->first_u)) return false;
      continue;
    }
    u[one->first_u] = one_back(one, x[one->first_x]);
    if (!isfinite(u[one->first_u])) return false;
  }
  return true;
}
