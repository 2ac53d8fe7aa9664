/* numeric.c - maxima found by going up, with exact derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model's log density is traced once and replayed (lang/replay.h). Newton's method goes up from several starts, in
 * coordinates without bounds; the curvature at the best maximum, in the model's own coordinates, is the information. */
#include <math.h>
#include <string.h>

#include "infer/bounds.h"
#include "infer/mixture_starts.h"
#include "infer/optimiser.h"
#include "infer/replay_objective.h"
#include "infer/report.h"
#include "infer/starts.h"
#include "infer/strategy.h"
#include "infer/target.h"
#include "num/kernels.h"
#include "num/linalg.h"

enum { STARTS = 4, POLISHING = 4 };

#define FLAT 1e-11 /* of the largest curvature, each relative to its parameter: there is none */

typedef struct Climb {
  const ThRecording *r;
  ThContext *cx;
  size_t k;
  ThReplay *replay;
  const double *lower, *upper; /* (k) */
  double *start, *best;        /* (k) */
  bool *at_end;         /* (k): does the best point lie at an end of its range? Known with the curvature. */
  const double *starts; /* (n_starts, k): of the caller's, borrowed */
  size_t n_starts;
  bool solved; /* the first of them is the maximum */
  bool
      mixture; /* a component may shrink onto one datum: such an end of a climb is none where there is another */
  size_t n_shrunken; /* how often that happened */
  double best_value;
  bool given; /* the start is that of `init` */
  bool converged, interrupted;
  ThSteps steps; /* of the best climb */
  char why[TH_WHY_SIZE];
  ThCalls calls;
} Climb;

/* --- Going up */

static bool is_end(const Climb *c, size_t j, double x) {
  double near = 1e-7 * (1 + fabs(x));
  return x - c->lower[j] < near || c->upper[j] - x < near;
}

/* Did the climb end with a scale of 0, where the likelihood of a mixture goes on growing? */
static bool is_shrunken(Climb *c, const ThBounds *bounds, const ThDescent *d) {
  double *x = c->start; /* no longer needed */
  th_bounds_bound(bounds, d->best, x);
  for (size_t j = 0; j < c->k; j++)
    if (isfinite(c->lower[j]) && isinf(c->upper[j]) && is_end(c, j, x[j])) return true;
  return d->stop == TH_STOP_UNBOUNDED || !isfinite(d->best_value);
}

static bool keep_steps(Climb *c, const ThBounds *bounds, const ThHistory *h) {
  th_steps_clear(&c->steps);
  for (size_t i = 0; i < h->length && th_history_has_path(h); i++) {
    const double *row = th_history_row(h, i);
    double *x = th_steps_add(&c->steps, -row[TH_HISTORY_VALUE], row[TH_HISTORY_NORM], NULL);
    if (!x) return false;
    th_bounds_bound(bounds, row + TH_HISTORY_X, x);
  }
  return true;
}

static bool climb_from(Climb *c, ThBounds *bounds, const char *method, const double *start) {
  ThObjective f = th_bounds_objective(bounds);
  ThDescentOptions options = th_descent_defaults();
  ThDescent d;
  double *u = th_alloc_array(c->cx, c->k, sizeof *u);
  if (!u) return false;
  th_bounds_free(bounds, start, u);
  bool ok = th_optimise(c->cx, th_optimiser_find(method), &f, u, &options, &d);
  bool shrunken = ok && c->mixture && is_shrunken(c, bounds, &d);
  bool lost = shrunken || (c->mixture && !d.converged);
  if (shrunken) c->n_shrunken++;
  if (ok && d.stop == TH_STOP_INTERRUPTED) c->interrupted = true;
  lost = lost && !c->interrupted;
  if (ok && !lost && d.best_value < c->best_value) {
    ok = keep_steps(c, bounds, &d.history);
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
         (c->converged || c->interrupted || c->mixture || climb_from(c, bounds, "bfgs", c->start));
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
  for (size_t i = 0; ok && !c->interrupted && i < STARTS && !(i > 1 && c->converged); i++) {
    ok = th_starts_at(c->r, quantiles[i], c->start) && is_defined(c, c->start, &defined);
    if (ok && defined) ok = climb_both(c, bounds);
  }
  return ok;
}

/* From every start of the caller's; one whose value is not finite is passed over. */
static bool climb_all(Climb *c, ThBounds *bounds) {
  bool ok = true, defined;
  for (size_t i = 0; ok && !c->interrupted && i < c->n_starts; i++) {
    memcpy(c->start, c->starts + i * c->k, c->k * sizeof *c->start);
    ok = is_defined(c, c->start, &defined);
    if (ok && defined) ok = climb_both(c, bounds);
  }
  return ok;
}

static bool climb(Climb *c) {
  ThObjective f = th_replay_objective(c->replay);
  ThBounds bounds;
  if (!th_bounds_init(c->cx, &bounds, &f, c->lower, c->upper)) return false;
  bool ok = c->given          ? climb_given(c, &bounds)
            : c->n_starts > 0 ? climb_all(c, &bounds)
                              : climb_some(c, &bounds);
  th_bounds_clear(c->cx, &bounds);
  return ok;
}

/* --- What was found */

static const char *what(const ThRecording *r) {
  return r->options.verb == TH_VERB_MLE ? "likelihood" : "posterior density";
}

static void add_name(const Climb *c, size_t j, ThText *out) {
  const ThElementary *e = &c->r->elements[j];
  th_unknown_element_name(&c->r->unknowns[e->unknown], e->index, out);
}

/* An end is so near that the curvature would not notice it: a scale may be small because the data are. */
static void find_ends(Climb *c, const double *information) {
  for (size_t j = 0; j < c->k; j++) {
    double gap = fmin(c->best[j] - c->lower[j], c->upper[j] - c->best[j]), bend = information[j * (c->k + 1)];
    c->at_end[j] = is_end(c, j, c->best[j]) && !(bend > 0 && gap * sqrt(bend) > 1e-3);
  }
}

static void add_end(const Climb *c, size_t j, ThText *out) {
  add_name(c, j, out);
  th_text_format(
      out, " = %.6g is an end of its range:\nthe %s is not level there, so that its curvature gives no ±\n",
      c->best[j], what(c->r));
}

/* A direction as "b - 0.2*a": its largest number is 1. */
static void add_direction(const Climb *c, const double *direction, size_t stride, ThText *out) {
  double most = 0;
  bool first = true;
  for (size_t j = 0; j < c->k; j++) most = fmax(most, fabs(direction[j * stride]));
  for (size_t j = 0; j < c->k; j++) {
    double part = direction[j * stride] / most;
    if (fabs(part) < 0.005) continue;
    th_report_coefficient(part, first, out);
    add_name(c, j, out);
    first = false;
  }
}

/* The n directions, columns of v (k, k), as combinations of as few parameters as may be: those of Gauss and Jordan,
 * each with a 1 where all others have 0. Which parameter that is is chosen by size. */
static void reduce(size_t k, size_t n, double *v) {
  for (size_t m = 0; m < n; m++) {
    size_t lead = 0;
    for (size_t j = 0; j < k; j++)
      if (fabs(v[j * k + m]) > 1.001 * fabs(v[lead * k + m])) lead = j;
    double pivot = v[lead * k + m];
    for (size_t j = 0; j < k; j++) v[j * k + m] /= pivot;
    for (size_t other = 0; other < n; other++) {
      double factor = other == m ? 0 : v[lead * k + other];
      for (size_t j = 0; j < k; j++) v[j * k + other] -= factor * v[j * k + m];
    }
  }
}

/* "a - b" and more, the n directions in which there is no curvature: columns of the null space. */
static void add_flat(const Climb *c, size_t n, double *directions, ThText *out) {
  reduce(c->k, n, directions);
  th_text_format(out, "the %s is flat along ", what(c->r));
  for (size_t m = 0; m < n; m++) {
    if (m > 0) th_text_add(out, m + 1 < n ? ", " : " and ");
    add_direction(c, directions + m, c->k, out);
  }
  th_text_add(out, ":\nthe data do not tell these parameters apart\n");
}

/* A parameter along which there is no curvature: is the density the same elsewhere too? Else there is a kink. */
static bool add_level(Climb *c, size_t j, ThText *out) {
  ThObjective f = th_replay_objective(c->replay);
  double before, after, *moved = c->start;
  memcpy(moved, c->best, c->k * sizeof *moved);
  double step = 0.385 * (1 + fabs(moved[j]));
  moved[j] += moved[j] + step < c->upper[j] ? step : -fmin(step, 0.5 * (moved[j] - c->lower[j]));
  if (!f.value(c->cx, f.self, c->best, &before) || !f.value(c->cx, f.self, moved, &after)) return false;
  if (before == after) {
    th_text_format(out, "the %s does not hang on ", what(c->r));
    add_name(c, j, out);
    th_text_add(out, ": every value of it fits as well\n");
    return true;
  }
  th_text_format(out, "the %s has no curvature in ", what(c->r));
  add_name(c, j, out);
  th_text_add(out, " at its maximum, so that there is no ±\n");
  return true;
}

/* Scaled to a diagonal of 1; elements at an end of their range are held there: none hangs together with them. *level:
 * are all the curvatures positive? */
static bool scale_information(Climb *c, ThMaximum *out, double *scaled, double *scale, bool *level) {
  size_t k = c->k;
  *level = true;
  for (size_t j = 0; j < k; j++) {
    double d = c->at_end[j] ? 1 : out->information[j * (k + 1)];
    bool positive = d > 0 && isfinite(d);
    *level = *level && positive;
    scale[j] = positive ? 1 / sqrt(d) : 1;
    if (!positive && !add_level(c, j, &out->words)) return false;
  }
  for (size_t i = 0; i < k * k; i++) {
    bool held = c->at_end[i / k] || c->at_end[i % k];
    scaled[i] = held ? i % (k + 1) == 0 : out->information[i] * scale[i / k] * scale[i % k];
  }
  return true;
}

/* The inverse of the information; where it is singular NaN and words. */
static bool find_covariance(Climb *c, ThMaximum *out) {
  size_t k = c->k;
  double *block = th_alloc_array(c->cx, 2 * k * k + 2 * k, sizeof *block);
  if (!block) return false;
  double *scaled = block, *vectors = block + k * k, *values = vectors + k * k, *scale = values + k;
  bool level, ok = scale_information(c, out, scaled, scale, &level);
  if (ok && level) ok = th_linalg_eigen_symmetric(c->cx, k, scaled, values, vectors);
  size_t n_flat = 0;
  while (ok && level && n_flat < k && !(values[n_flat] > FLAT * values[k - 1])) n_flat++;
  if (n_flat > 0) {
    for (size_t i = 0; i < k * k; i++) vectors[i] *= scale[i / k];
    add_flat(c, n_flat, vectors, &out->words);
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
    for (size_t j = 0; !c->at_end[i] && j < k; j++)
      if (!c->at_end[j]) direction[i] -= m->covariance[i * k + j] * gradient[j];
    *rises = *rises || (!c->at_end[i] && fabs(direction[i]) > 1e-4 * (1 + fabs(c->best[i])));
    length = hypot(length, direction[i]);
  }
  for (size_t i = 0; i < k && length > 0; i++) direction[i] /= length;
  return true;
}

static bool fail_rising(Climb *c, const double *direction) {
  ThText text;
  const char *name = c->r->model->name->spelling;
  th_text_init(&text, &c->cx->heap);
  add_direction(c, direction, 1, &text);
  if (th_text_ok(&text, c->cx)) {
    const ThFamily *family = c->r->n_observations ? th_law_family(c->r->observations[0].distribution) : NULL;
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

/* Further steps of Newton's in the model's own coordinates, as long as each makes the gradient smaller, which then is
 * that of rounding. Elements at an end of their range stay. */
static bool polish(Climb *c, const ThMaximum *m) {
  size_t k = c->k;
  double *block = th_alloc_array(c->cx, 2 * k, sizeof *block), *moved = c->start, value;
  if (!block) return false;
  double *gradient = block, *other = block + k;
  ThObjective f = th_replay_objective(c->replay);
  bool ok = th_replay_gradient(c->replay, c->best, &value, gradient);
  for (int turn = 0; ok && turn < POLISHING; turn++) {
    bool inside = true;
    for (size_t i = 0; i < k; i++) {
      moved[i] = c->best[i];
      if (c->at_end[i]) continue;
      moved[i] -= th_kernel_sum_product(k, m->covariance + i * k, gradient);
      inside = inside && moved[i] > c->lower[i] && moved[i] < c->upper[i];
    }
    if (!inside) break;
    ok = f.value_and_gradient(c->cx, f.self, moved, &value, other);
    if (!ok || !isfinite(value) || !(th_norm(k, other) < th_norm(k, gradient))) break;
    memcpy(c->best, moved, k * sizeof *moved);
    memcpy(gradient, other, k * sizeof *other);
  }
  th_free(c->cx, block, 2 * k * sizeof *block);
  return ok;
}

/* Has the best point moved from the estimate so far that the curvature is another there? A share d of an error changes
 * it by about d/√n of itself: 1e-9 √n is to be seen, which is nothing of a few data, and less than a millionth of a
 * hundred thousand, whose curvature takes its time. */
static bool moved_since(const Climb *c, const ThMaximum *m) {
  double n = (double)th_recording_data_count(c->r);
  for (size_t j = 0; j < c->k; j++)
    if (fabs(c->best[j] - m->estimate[j]) > 1e-9 * n * sqrt(m->covariance[j * (c->k + 1)])) return true;
  return false;
}

/* The ends themselves, where the density is defined there. */
static bool reach_ends(Climb *c) {
  ThObjective f = th_replay_objective(c->replay);
  double before, after, *moved = c->start;
  memcpy(moved, c->best, c->k * sizeof *moved);
  for (size_t j = 0; j < c->k; j++)
    if (c->at_end[j])
      moved[j] = c->best[j] - c->lower[j] < c->upper[j] - c->best[j] ? c->lower[j] : c->upper[j];
  if (!f.value(c->cx, f.self, c->best, &before) || !f.value(c->cx, f.self, moved, &after)) return false;
  if (isfinite(after) && after <= before + 1e-9 * (1 + fabs(before)))
    memcpy(c->best, moved, c->k * sizeof *moved);
  return true;
}

static bool fill(Climb *c, ThMaximum *out) {
  size_t k = c->k;
  out->method = c->mixture ? "Newton's method, exact derivatives; the best of 8 starts"
                           : "Newton's method, exact derivatives";
  if (c->n_shrunken > 0)
    th_text_format(
        &out->words,
        "the %s grows without bound where a component shrinks onto one datum;\nthis is the largest "
        "maximum away from there\n",
        what(c->r));
  out->calls = c->calls;
  for (size_t j = 0; j < k; j++) {
    out->range[2 * j] = c->lower[j];
    out->range[2 * j + 1] = c->upper[j];
  }
  if (!th_replay_hessian(c->replay, c->best, out->information)) return false;
  find_ends(c, out->information);
  if (!find_covariance(c, out) || !check_rising(c, out)) return false;
  memcpy(out->estimate, c->best, k * sizeof *out->estimate);
  if (!c->solved && !polish(c, out)) return false;
  if (moved_since(c, out) &&
      !(th_replay_hessian(c->replay, c->best, out->information) && find_covariance(c, out)))
    return false;
  if (!reach_ends(c)) return false;
  memcpy(out->estimate, c->best, k * sizeof *out->estimate);
  for (size_t j = 0; j < k; j++) {
    if (!c->at_end[j]) continue;
    add_end(c, j, &out->words);
    for (size_t i = 0; i < k; i++) out->covariance[i * k + j] = out->covariance[j * k + i] = (double)NAN;
  }
  return th_text_ok(&out->words, c->cx);
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

static void give_steps(Climb *c, ThMaximum *out) {
  out->steps = c->steps;
  c->steps = th_steps_none(c->cx, c->k);
}

/* Ctrl-C: the best so far. */
static ThAttempt conclude_early(Climb *c, ThMaximum *out) {
  if (!isfinite(c->best_value)) {
    th_fail(c->cx, TH_ERROR_INTERRUPTED, "interrupted");
    return TH_FAILED;
  }
  if (!th_maximum_init(c->cx, c->k, out)) return TH_FAILED;
  memcpy(out->estimate, c->best, c->k * sizeof *out->estimate);
  out->calls = c->calls;
  give_steps(c, out);
  th_maximum_interrupt(out, "Newton's method, interrupted");
  return TH_ANSWERED;
}

static ThAttempt conclude(Climb *c, ThMaximum *out) {
  if (c->interrupted) return conclude_early(c, out);
  const char *name = c->r->model->name->spelling;
  if (c->best_value == -(double)INFINITY) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` grows without bound: it has no maximum", what(c->r),
            name);
    return TH_FAILED;
  }
  if (c->best_value == (double)INFINITY && c->n_shrunken > 0) {
    th_fail(
        c->cx, TH_ERROR_NUMERIC,
        "the %s of `%s` grows without bound where a component shrinks onto one datum, and has no maximum elsewhere",
        what(c->r), name);
    return TH_FAILED;
  }
  if (c->best_value == (double)INFINITY) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` is 0 or not defined wherever the search began",
            what(c->r), name);
    return TH_FAILED;
  }
  for (size_t j = 0; !c->converged && j < c->k; j++)
    if (is_end(c, j, c->best[j])) return grows_toward(c, j);
  if (!c->converged) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "no maximum of the %s of `%s` was found: %s", what(c->r), name, c->why);
    return TH_FAILED;
  }
  if (!th_maximum_init(c->cx, c->k, out)) return TH_FAILED;
  bool ok = fill(c, out);
  give_steps(c, out);
  if (ok) return TH_ANSWERED;
  th_maximum_clear(out);
  return TH_FAILED;
}

static ThAttempt search(Climb *c, ThMaximum *out) {
  if (c->solved) {
    memcpy(c->best, c->start, c->k * sizeof *c->best);
    c->converged = true;
    c->best_value = 0;
    return conclude(c, out);
  }
  return climb(c) ? conclude(c, out) : TH_FAILED;
}

_Static_assert(TH_MIXTURE_STARTS == 8, "the method says how many");

/* From the starts of a mixture. */
static ThAttempt search_mixture(Climb *c, ThMaximum *out) {
  size_t size = TH_MIXTURE_STARTS * c->k;
  double *starts = th_alloc_array(c->cx, size, sizeof *starts);
  if (!starts) return TH_FAILED;
  ThAttempt attempt = TH_FAILED;
  if (th_mixture_starts(c->r, c->lower, c->upper, starts)) {
    c->starts = starts;
    c->n_starts = TH_MIXTURE_STARTS;
    c->mixture = true;
    memcpy(c->start, starts, c->k * sizeof *starts);
    attempt = search(c, out);
  }
  th_free(c->cx, starts, size * sizeof *starts);
  return attempt;
}

ThAttempt th_numeric_maximum_from(const ThRecording *r, const double *starts, size_t n_starts, bool solved,
                                  ThMaximum *out, ThReason *why) {
  size_t k = r->n_elements;
  if (k == 0) return th_decline(why, "it has no parameters left");
  Climb c = {.r = r,
             .cx = r->cx,
             .k = k,
             .best_value = (double)INFINITY,
             .starts = starts,
             .n_starts = n_starts,
             .solved = solved,
             .steps = th_steps_none(r->cx, k)};
  ThTarget target;
  if (!th_target_init(r, &target)) return TH_FAILED;
  c.replay = target.replay;
  c.lower = target.lower;
  c.upper = target.upper;
  c.start = th_alloc_array(r->cx, 2 * k, sizeof *c.start);
  ThAttempt attempt = TH_FAILED;
  if (c.start) c.best = c.start + k;
  c.at_end = th_alloc_array(r->cx, k, sizeof *c.at_end);
  if (c.start && c.at_end && th_starts_given(r, c.lower, c.upper, c.start, &c.given)) {
    if (c.given) c.n_starts = 0;
    else if (n_starts > 0) memcpy(c.start, starts, k * sizeof *starts);
    attempt = n_starts == 0 && !c.given && th_mixture_is(r) ? search_mixture(&c, out) : search(&c, out);
  }
  if (c.start) th_free(r->cx, c.start, 2 * k * sizeof *c.start);
  if (c.at_end) th_free(r->cx, c.at_end, k * sizeof *c.at_end);
  th_steps_clear(&c.steps);
  th_target_clear(&target);
  return attempt;
}

ThAttempt th_numeric_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  return th_numeric_maximum_from(r, NULL, 0, false, out, why);
}
