/* numeric.c - maxima found by going up, with exact derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model's log density is traced once and replayed (lang/replay.h). Newton's method goes up from several starts, in
 * coordinates without bounds; the curvature at the best maximum, in the model's own coordinates, is the information. */
#include <math.h>
#include <string.h>

#include "infer/bounds.h"
#include "infer/optimiser.h"
#include "infer/strategy.h"
#include "infer/target.h"
#include "num/linalg.h"

enum { STARTS = 4 };

typedef struct Climb {
  const ThRecording *r;
  ThContext *cx;
  size_t k;
  ThTarget *target;
  const double *lower, *upper; /* (k), the target's */
  double *start, *best;  /* (k) */
  double best_value;
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

/* From every start; one whose value is not finite is passed over. */
static bool climb(Climb *c) {
  static const double quantiles[STARTS] = {0.5, 0.3, 0.75, 0.1};
  ThObjective f = th_target_objective(c->target);
  ThBounds bounds;
  bool ok = th_bounds_init(c->cx, &bounds, &f, c->lower, c->upper);
  for (size_t i = 0; ok && i < STARTS && !(i > 1 && c->converged); i++) {
    double value;
    ok = th_target_start(c->target, quantiles[i], c->start) && f.value(c->cx, f.self, c->start, &value);
    if (ok && isfinite(value)) ok = climb_from(c, &bounds, "newton", c->start);
    if (ok && isfinite(value) && !c->converged) ok = climb_from(c, &bounds, "bfgs", c->start);
  }
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
  if (!th_replay_gradient(c->target->replay, c->best, &value, gradient)) return false;
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
  if (!th_replay_hessian(c->target->replay, c->best, out->information)) return false;
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
  ThTarget target;
  if (k == 0) return th_decline(why, "it has no parameters left");
  if (!th_target_init(r, &target)) return TH_FAILED;
  Climb c = {.r = r, .cx = r->cx, .k = k, .target = &target, .best_value = (double)INFINITY};
  c.lower = target.lower;
  c.upper = target.upper;
  c.start = th_alloc_array(r->cx, 2 * k, sizeof *c.start);
  ThAttempt attempt = TH_FAILED;
  if (c.start) {
    c.best = c.start + k;
    if (climb(&c)) attempt = conclude(&c, out);
    th_free(r->cx, c.start, 2 * k * sizeof *c.start);
  }
  th_target_clear(&target);
  return attempt;
}
