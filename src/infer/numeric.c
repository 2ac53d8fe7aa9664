/* numeric.c - maxima found by going up, with exact derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model's log density is traced once and replayed (lang/replay.h). Newton's method goes up from several starts, in
 * coordinates without bounds; the curvature at the best maximum, in the model's own coordinates, is the information. */
#include <math.h>
#include <string.h>

#include "infer/bounds.h"
#include "infer/log_density.h"
#include "infer/optimiser.h"
#include "infer/replay_objective.h"
#include "infer/starts.h"
#include "infer/strategy.h"
#include "num/linalg.h"

enum { STARTS = 4 };

typedef struct Climb {
  const ThRecording *r;
  ThContext *cx;
  size_t k;
  ThReplay *replay;
  double *lower, *upper; /* (k) */
  double *start, *best;  /* (k) */
  double best_value;
  bool given; /* the start is that of `init` */
  bool converged;
  char why[TH_WHY_SIZE];
  ThCalls calls;
} Climb;

/* --- Going up */

static bool climb_from(Climb *c, ThBounds *bounds, const char *method, const double *start) {
  ThObjective f = th_bounds_objective(bounds);
  ThDescentOptions options = th_descent_defaults();
  ThDescent d;
  double *u = th_alloc_array(c->cx, c->k, sizeof *u);
  if (!u) return false;
  th_bounds_free(bounds, start, u);
  bool ok = th_optimise(c->cx, th_optimiser_find(method), &f, u, &options, &d);
  if (ok && d.best_value < c->best_value) {
    c->best_value = d.best_value;
    c->converged = d.converged;
    memcpy(c->why, d.why, sizeof c->why);
    th_bounds_bound(bounds, d.best, c->best);
    if (d.stop == TH_STOP_UNBOUNDED) c->best_value = -(double)INFINITY;
  }
  c->calls.value += f.calls.value;
  c->calls.gradient += f.calls.gradient;
  c->calls.hessian += f.calls.hessian;
  th_descent_clear(c->cx, &d);
  th_free(c->cx, u, c->k * sizeof *u);
  return ok;
}

/* Newton's method, then another where it does not converge. */
static bool climb_both(Climb *c, ThBounds *bounds) {
  return climb_from(c, bounds, "newton", c->start) &&
         (c->converged || climb_from(c, bounds, "bfgs", c->start));
}

static bool is_defined(void *self, const double *x, bool *defined) {
  Climb *c = self;
  double value;
  ThObjective f = th_replay_objective(c->replay);
  if (!f.value(c->cx, f.self, x, &value)) return false;
  *defined = isfinite(value);
  return true;
}

/* From c->start, which the person gave. */
static bool climb_given(Climb *c, ThBounds *bounds) {
  bool defined;
  if (!is_defined(c, c->start, &defined)) return false;
  if (!defined) return th_starts_fail(c->r, c->start, is_defined, c);
  return climb_both(c, bounds);
}

/* From several starts; one whose value is not finite is passed over. */
static bool climb_some(Climb *c, ThBounds *bounds) {
  static const double quantiles[STARTS] = {0.5, 0.3, 0.75, 0.1};
  bool ok = true, defined;
  for (size_t i = 0; ok && i < STARTS && !(i > 1 && c->converged); i++) {
    ok = th_starts_at(c->r, quantiles[i], c->start) && is_defined(c, c->start, &defined);
    if (ok && defined) ok = climb_both(c, bounds);
  }
  return ok;
}

static bool climb(Climb *c) {
  ThObjective f = th_replay_objective(c->replay);
  ThBounds bounds;
  if (!th_bounds_init(c->cx, &bounds, &f, c->lower, c->upper)) return false;
  bool ok = c->given ? climb_given(c, &bounds) : climb_some(c, &bounds);
  th_bounds_clear(c->cx, &bounds);
  return ok;
}

/* --- What was found */

static const char *what(const ThRecording *r) {
  return r->options.verb == TH_VERB_MLE ? "likelihood" : "posterior density";
}

static bool is_at_end(const Climb *c, size_t j) {
  double x = c->best[j], near = 1e-7 * (1 + fabs(x));
  return x - c->lower[j] < near || c->upper[j] - x < near;
}

static void add_end(const Climb *c, size_t j, ThText *out) {
  const ThElementary *e = &c->r->elements[j];
  th_unknown_element_name(&c->r->unknowns[e->unknown], e->index, out);
  th_text_format(
      out, " = %.6g is an end of its range:\nthe %s is not level there, so that its curvature gives no ±\n",
      c->best[j], what(c->r));
}

/* A direction as "0.98*b - 0.2*a". */
static void add_direction(const Climb *c, const double *direction, ThText *out) {
  bool first = true;
  for (size_t j = 0; j < c->k; j++) {
    if (fabs(direction[j]) < 0.05) continue;
    const ThElementary *e = &c->r->elements[j];
    th_text_format(out, "%s%.2g*",
                   first              ? direction[j] < 0 ? "-" : ""
                   : direction[j] < 0 ? " - "
                                      : " + ",
                   fabs(direction[j]));
    th_unknown_element_name(&c->r->unknowns[e->unknown], e->index, out);
    first = false;
  }
}

/* "0.71*a - 0.71*b", the direction in which the curvature is least. */
static void add_flat(const Climb *c, const double *direction, ThText *out) {
  th_text_format(out, "the %s is flat along ", what(c->r));
  add_direction(c, direction, out);
  th_text_add(out, ":\nthe data do not tell these parameters apart\n");
}

/* The inverse of the information; where it is singular NaN and words. Scaled to a diagonal of 1 before it is judged. */
static bool find_covariance(Climb *c, ThMaximum *out) {
  size_t k = c->k;
  double *block = th_alloc_array(c->cx, 2 * k * k + 2 * k, sizeof *block);
  if (!block) return false;
  double *scaled = block, *vectors = block + k * k, *values = vectors + k * k, *scale = values + k;
  bool level = true, ok = true;
  for (size_t j = 0; j < k; j++) {
    double d = out->information[j * (k + 1)];
    level = level && d > 0 && isfinite(d);
    scale[j] = level ? 1 / sqrt(d) : 1;
  }
  for (size_t i = 0; i < k * k; i++) scaled[i] = out->information[i] * scale[i / k] * scale[i % k];
  if (level) ok = th_linalg_eigen_symmetric(c->cx, k, scaled, values, vectors);
  if (ok && level && !(values[0] > 1e-11 * values[k - 1])) {
    double *flat = scaled, norm = 0;
    for (size_t j = 0; j < k; j++) flat[j] = vectors[j * k] * scale[j], norm = hypot(norm, flat[j]);
    for (size_t j = 0; j < k; j++) flat[j] /= norm;
    add_flat(c, flat, &out->words);
    level = false;
  }
  for (size_t i = 0; i < k * k; i++) {
    double sum = 0;
    for (size_t m = 0; level && m < k; m++)
      sum += vectors[(i / k) * k + m] * vectors[(i % k) * k + m] / values[m];
    out->covariance[i] = level ? sum * scale[i / k] * scale[i % k] : (double)NAN;
  }
  th_free(c->cx, block, (2 * k * k + 2 * k) * sizeof *block);
  return ok;
}

/* Where the search ended for want of slope, but Newton's next step would still be long, there is no maximum: the
 * density rises for ever, ever more slowly. Separable data do that. *direction: of that step, of length 1. */
static bool rises_for_ever(Climb *c, const ThMaximum *m, double *direction, bool *rises) {
  size_t k = c->k;
  double value, length = 0, *gradient = c->start;
  *rises = false;
  if (!th_replay_gradient(c->replay, c->best, &value, gradient)) return false;
  for (size_t i = 0; i < k; i++) {
    direction[i] = 0;
    for (size_t j = 0; j < k; j++) direction[i] -= m->covariance[i * k + j] * gradient[j];
    *rises = *rises || (!is_at_end(c, i) && fabs(direction[i]) > 1e-4 * (1 + fabs(c->best[i])));
    length = hypot(length, direction[i]);
  }
  for (size_t i = 0; i < k && length > 0; i++) direction[i] /= length;
  return true;
}

static bool fail_rising(Climb *c, const double *direction) {
  ThText text;
  const char *name = c->r->model->name->spelling;
  th_text_init(&text, &c->cx->heap);
  add_direction(c, direction, &text);
  if (th_text_ok(&text, c->cx)) {
    const ThFamily *family = th_law_family(c->r->observations[0].distribution);
    bool separable = family == &th_family_bernoulli || family == &th_family_binomial;
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` has no maximum: it rises for ever along %s%s",
            what(c->r), name, th_text_string(&text), separable ? " (the data are separable)" : "");
    if (c->r->options.verb == TH_VERB_MLE) th_hint(c->cx, "with priors there is one: `map(%s, d)`", name);
  }
  th_text_clear(&text);
  return false;
}

static bool check_rising(Climb *c, const ThMaximum *m) {
  bool rises = false;
  double *direction = th_alloc_array(c->cx, c->k, sizeof *direction);
  if (!direction) return false;
  bool ok = rises_for_ever(c, m, direction, &rises);
  if (ok && rises) ok = fail_rising(c, direction);
  th_free(c->cx, direction, c->k * sizeof *direction);
  return ok;
}

static bool fill(Climb *c, ThMaximum *out) {
  size_t k = c->k;
  memcpy(out->estimate, c->best, k * sizeof *out->estimate);
  out->method = "Newton's method, exact derivatives";
  out->calls = c->calls;
  for (size_t j = 0; j < k; j++) {
    out->range[2 * j] = c->lower[j];
    out->range[2 * j + 1] = c->upper[j];
  }
  if (!th_replay_hessian(c->replay, c->best, out->information)) return false;
  if (!find_covariance(c, out) || !check_rising(c, out)) return false;
  for (size_t j = 0; j < k; j++) {
    if (!is_at_end(c, j)) continue;
    add_end(c, j, &out->words);
    for (size_t i = 0; i < k; i++) out->covariance[i * k + j] = out->covariance[j * k + i] = (double)NAN;
  }
  return true;
}

/* It was still rising where element j could go no further. */
static ThAttempt grows_toward(Climb *c, size_t j) {
  const ThElementary *e = &c->r->elements[j];
  ThText name;
  th_text_init(&name, &c->cx->heap);
  th_unknown_element_name(&c->r->unknowns[e->unknown], e->index, &name);
  bool below = c->best[j] - c->lower[j] < c->upper[j] - c->best[j];
  if (th_text_ok(&name, c->cx))
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` grows without bound as `%s` goes to %.6g", what(c->r),
            c->r->model->name->spelling, th_text_string(&name), below ? c->lower[j] : c->upper[j]);
  th_text_clear(&name);
  return TH_FAILED;
}

static ThAttempt conclude(Climb *c, ThMaximum *out) {
  const char *name = c->r->model->name->spelling;
  if (c->best_value == -(double)INFINITY) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` grows without bound: it has no maximum", what(c->r),
            name);
    return TH_FAILED;
  }
  if (c->best_value == (double)INFINITY) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` is 0 or not defined wherever the search began",
            what(c->r), name);
    return TH_FAILED;
  }
  for (size_t j = 0; !c->converged && j < c->k; j++)
    if (is_at_end(c, j)) return grows_toward(c, j);
  if (!c->converged) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "no maximum of the %s of `%s` was found: %s", what(c->r), name, c->why);
    return TH_FAILED;
  }
  if (!th_maximum_init(c->cx, c->k, out)) return TH_FAILED;
  if (fill(c, out)) return TH_ANSWERED;
  th_maximum_clear(out);
  return TH_FAILED;
}

ThAttempt th_numeric_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  size_t k = r->n_elements;
  ThValue density, point;
  if (k == 0) return th_decline(why, "it has no parameters left");
  Climb c = {.r = r, .cx = r->cx, .k = k, .best_value = (double)INFINITY};
  c.lower = th_alloc_array(r->cx, 4 * k, sizeof *c.lower);
  if (!c.lower) return TH_FAILED;
  c.upper = c.lower + k;
  c.start = c.upper + k;
  c.best = c.start + k;
  th_starts_ranges(r, c.lower, c.upper);
  ThAttempt attempt = TH_FAILED;
  bool ok = th_starts_given(r, c.lower, c.upper, c.start, &c.given) && th_log_density_new(r, &density);
  if (ok) {
    ok = th_vector_from(r->cx, c.start, k, &point);
    if (ok) {
      c.replay = th_replay_new(r->cx, r->options.verb_name, density, point);
      th_release(point);
    }
    ok = ok && c.replay && climb(&c);
    if (ok) attempt = conclude(&c, out);
    th_replay_free(c.replay);
    th_release(density);
  }
  th_free(r->cx, c.lower, 4 * k * sizeof *c.lower);
  return attempt;
}
