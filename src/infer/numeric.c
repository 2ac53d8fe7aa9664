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
#include "infer/starts.h"
#include "infer/strategy.h"
#include "infer/summit.h"

typedef struct Climb {
  const ThRecording *r;
  ThContext *cx;
  size_t k;
  ThSummit summit; /* whose replay, ranges and points these are: */
  ThReplay *replay;
  const double *lower, *upper; /* (k) */
  double *start, *best;        /* (k) */
  const double *starts;        /* (n_starts, k): of the caller's, borrowed */
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

/* Did the climb end with a scale of 0, where the likelihood of a mixture goes on growing? */
static bool is_shrunken(Climb *c, const ThBounds *bounds, const ThDescent *d) {
  double *x = c->start; /* no longer needed */
  th_bounds_bound(bounds, d->best, x);
  for (size_t j = 0; j < c->k; j++)
    if (isfinite(c->lower[j]) && isinf(c->upper[j]) && th_summit_is_end(&c->summit, j, x[j])) return true;
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
  bool ok = true, defined;
  for (size_t i = 0; ok && !c->interrupted && i < TH_STARTS && !(i > 1 && c->converged); i++) {
    ok = th_starts_at(c->r, th_start_quantiles[i], c->start) && is_defined(c, c->start, &defined);
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

/* It was still rising where element j could go no further. */
static ThAttempt grows_toward(Climb *c, size_t j) {
  const ThElementary *e = &c->r->elements[j];
  ThText name;
  th_text_init(&name, &c->cx->heap);
  th_unknown_element_name(&c->r->unknowns[e->unknown], e->index, &name);
  bool below = c->best[j] - c->lower[j] < c->upper[j] - c->best[j];
  if (th_text_ok(&name, c->cx))
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` grows without bound as `%s` goes to %.6g",
            th_summit_word(c->r), c->r->model->name->spelling, th_text_string(&name),
            below ? c->lower[j] : c->upper[j]);
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

static bool fill(Climb *c, ThMaximum *out) {
  out->method = c->mixture ? "Newton's method, exact derivatives; the best of 8 starts"
                           : "Newton's method, exact derivatives";
  if (c->n_shrunken > 0)
    th_text_format(
        &out->words,
        "the %s grows without bound where a component shrinks onto one datum;\nthis is the largest "
        "maximum away from there\n",
        th_summit_word(c->r));
  out->calls = c->calls;
  return th_summit_fill(&c->summit, !c->solved, out);
}

static ThAttempt conclude(Climb *c, ThMaximum *out) {
  if (c->interrupted) return conclude_early(c, out);
  const char *name = c->r->model->name->spelling;
  if (c->best_value == -(double)INFINITY) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` grows without bound: it has no maximum",
            th_summit_word(c->r), name);
    return TH_FAILED;
  }
  if (c->best_value == (double)INFINITY && c->n_shrunken > 0) {
    th_fail(
        c->cx, TH_ERROR_NUMERIC,
        "the %s of `%s` grows without bound where a component shrinks onto one datum, and has no maximum elsewhere",
        th_summit_word(c->r), name);
    return TH_FAILED;
  }
  if (c->best_value == (double)INFINITY) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "the %s of `%s` is 0 or not defined wherever the search began",
            th_summit_word(c->r), name);
    return TH_FAILED;
  }
  for (size_t j = 0; !c->converged && j < c->k; j++)
    if (th_summit_is_end(&c->summit, j, c->best[j])) return grows_toward(c, j);
  if (!c->converged) {
    th_fail(c->cx, TH_ERROR_NUMERIC, "no maximum of the %s of `%s` was found: %s", th_summit_word(c->r), name,
            c->why);
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
  ThAttempt attempt = TH_FAILED;
  bool ok = th_summit_init(&target, &c.summit);
  c.replay = target.replay;
  c.lower = target.lower;
  c.upper = target.upper;
  c.start = c.summit.scratch;
  c.best = c.summit.best;
  if (ok && th_starts_given(r, c.lower, c.upper, c.start, &c.given)) {
    if (c.given) c.n_starts = 0;
    else if (n_starts > 0) memcpy(c.start, starts, k * sizeof *starts);
    attempt = n_starts == 0 && !c.given && th_mixture_is(r) ? search_mixture(&c, out) : search(&c, out);
  }
  th_summit_clear(&c.summit);
  th_steps_clear(&c.steps);
  th_target_clear(&target);
  return attempt;
}

ThAttempt th_numeric_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  return th_numeric_maximum_from(r, NULL, 0, false, out, why);
}
