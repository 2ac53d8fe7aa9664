/* shares_maximum.c - the maximum of a posterior density some of whose parameters are shares, which add up to 1 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search goes in coordinates u in which every point is allowed (transforms.h): shares by the breaks of a stick. The
 * density is that of the parameters themselves, without the volume of the coordinates, so that its maximum is theirs.
 * There the slope by u is 0, and the covariance of x(u) is J C J' with C the inverse of the curvature by u. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/optimiser.h"
#include "infer/replay_objective.h"
#include "infer/starts.h"
#include "infer/summit.h"
#include "infer/transforms.h"
#include "num/linalg.h"

enum { POLISHING = 3 };

#define STEP 1e-5 /* of a difference by a coordinate */

typedef struct Search {
  const ThRecording *r;
  ThContext *cx;
  ThTarget target;
  ThTransforms transforms;
  size_t k, d;
  double *block;
  double *x, *by_x, *start; /* (k) */
  double *best, *moved;     /* (d) */
  double *plus, *minus;     /* (d), (d): slopes beside a point */
  double *curvature;        /* (d, d) */
  double *jacobian;         /* (k, d) */
  double best_value;
  bool converged, interrupted;
  char why[TH_WHY_SIZE];
  ThCalls calls;
  ThSteps steps;
} Search;

static size_t block_size(const Search *s) { return 3 * s->k + 4 * s->d + s->d * s->d + s->k * s->d; }

static bool has_shares(const ThRecording *r) {
  for (size_t j = 0; j < r->n_elements; j++) {
    ThValue law = th_recording_law(r, j);
    if (th_is_law(law) && th_law_family(law) == &th_family_dirichlet) return true;
  }
  return false;
}

static bool make_room(Search *s) {
  s->k = s->transforms.k;
  s->d = s->transforms.d;
  s->steps = th_steps_none(s->cx, s->k);
  s->best_value = (double)INFINITY;
  s->block = th_alloc_array(s->cx, block_size(s), sizeof *s->block);
  if (!s->block) return false;
  s->x = s->block;
  s->by_x = s->x + s->k;
  s->start = s->by_x + s->k;
  s->best = s->start + s->k;
  s->moved = s->best + s->d;
  s->plus = s->moved + s->d;
  s->minus = s->plus + s->d;
  s->curvature = s->minus + s->d;
  s->jacobian = s->curvature + s->d * s->d;
  return true;
}

static void search_clear(Search *s) {
  th_steps_clear(&s->steps);
  if (s->block) th_free(s->cx, s->block, block_size(s) * sizeof *s->block);
  th_transforms_clear(&s->transforms);
  th_target_clear(&s->target);
}

/* --- Minus the log density as a function of u */

static bool value(ThContext *cx, void *self, const double *u, double *out) {
  Search *s = self;
  double ignored;
  th_transforms_forward(&s->transforms, u, s->x, &ignored);
  ThObjective f = th_target_objective(&s->target);
  return f.value(cx, f.self, s->x, out);
}

static bool value_and_gradient(ThContext *cx, void *self, const double *u, double *out, double *by_u) {
  Search *s = self;
  double ignored;
  th_transforms_forward(&s->transforms, u, s->x, &ignored);
  ThObjective f = th_target_objective(&s->target);
  if (!f.value_and_gradient(cx, f.self, s->x, out, s->by_x)) return false;
  th_transforms_pull(&s->transforms, u, s->x, s->by_x, 0, by_u);
  return true;
}

static ThObjective objective(Search *s) {
  return (ThObjective){
      .dimension = s->d, .self = s, .value = value, .value_and_gradient = value_and_gradient};
}

/* --- Going up */

static bool keep_steps(Search *s, const ThHistory *h) {
  double ignored;
  th_steps_clear(&s->steps);
  for (size_t i = 0; i < h->length && th_history_has_path(h); i++) {
    const double *row = th_history_row(h, i);
    double *x = th_steps_add(&s->steps, -row[TH_HISTORY_VALUE], row[TH_HISTORY_NORM], NULL);
    if (!x) return false;
    th_transforms_forward(&s->transforms, row + TH_HISTORY_X, x, &ignored);
  }
  return true;
}

static bool climb(Search *s, const double *u) {
  ThObjective f = objective(s);
  ThDescentOptions options = th_descent_defaults();
  ThDescent d;
  bool ok = th_optimise(s->cx, th_optimiser_find("bfgs"), &f, u, &options, &d);
  if (ok && d.stop == TH_STOP_INTERRUPTED) s->interrupted = true;
  if (ok && d.best_value < s->best_value) {
    ok = keep_steps(s, &d.history);
    s->best_value = d.best_value;
    s->converged = d.converged;
    bool unbounded = d.stop == TH_STOP_UNBOUNDED;
    snprintf(s->why, sizeof s->why, "%s",
             unbounded ? "it grows without bound, as where a share goes to 0" : d.why);
    memcpy(s->best, d.best, s->d * sizeof *s->best);
  }
  s->calls.value += f.calls.value;
  s->calls.gradient += f.calls.gradient;
  th_descent_clear(s->cx, &d);
  return ok;
}

static bool is_defined(void *self, const double *x, bool *defined) {
  Search *s = self;
  double out;
  *defined = false;
  if (!th_transforms_back(&s->transforms, x, s->moved)) return true;
  if (!value(s->cx, s, s->moved, &out)) return false;
  *defined = isfinite(out);
  return true;
}

static bool search(Search *s) {
  bool given, defined;
  if (!th_starts_given(s->r, s->target.lower, s->target.upper, s->start, &given)) return false;
  if (given) {
    if (!is_defined(s, s->start, &defined)) return false;
    return defined ? climb(s, s->moved) : th_starts_fail(s->r, s->start, is_defined, s);
  }
  for (size_t i = 0; !s->interrupted && i < TH_STARTS; i++) {
    if (!th_starts_at(s->r, th_start_quantiles[i], s->start) || !is_defined(s, s->start, &defined))
      return false;
    if (defined && !climb(s, s->moved)) return false;
  }
  return true;
}

/* --- The curvature */

/* By differences of slopes, which are exact. */
static bool find_curvature(Search *s) {
  double ignored;
  for (size_t j = 0; j < s->d; j++) {
    memcpy(s->moved, s->best, s->d * sizeof *s->moved);
    s->moved[j] = s->best[j] + STEP;
    if (!value_and_gradient(s->cx, s, s->moved, &ignored, s->plus)) return false;
    s->moved[j] = s->best[j] - STEP;
    if (!value_and_gradient(s->cx, s, s->moved, &ignored, s->minus)) return false;
    for (size_t i = 0; i < s->d; i++) s->curvature[i * s->d + j] = (s->plus[i] - s->minus[i]) / (2 * STEP);
  }
  th_linalg_symmetrize(s->d, s->curvature);
  return true;
}

/* Newton's steps, the curvature being that of the best point; *bends is false where there is no maximum. It is left
 * factored. */
static bool polish(Search *s, bool *bends) {
  double before, after;
  *bends = true;
  for (int turn = 0; *bends; turn++) {
    if (!find_curvature(s)) return false;
    *bends = th_linalg_cholesky(s->d, s->curvature);
    if (!*bends || turn == POLISHING) return true;
    if (!value_and_gradient(s->cx, s, s->best, &before, s->plus)) return false;
    double norm = th_norm(s->d, s->plus);
    th_linalg_solve_cholesky(s->d, 1, s->curvature, s->plus);
    for (size_t i = 0; i < s->d; i++) s->moved[i] = s->best[i] - s->plus[i];
    if (!value_and_gradient(s->cx, s, s->moved, &after, s->minus)) return false;
    if (th_norm(s->d, s->minus) < norm) memcpy(s->best, s->moved, s->d * sizeof *s->best);
    else turn = POLISHING - 1;
  }
  return true;
}

/* J C J' by solving for J'. */
static bool find_covariance(Search *s, double *covariance) {
  double ignored, *solved = th_alloc_array(s->cx, 2 * s->k * s->d, sizeof *solved);
  if (!solved) return false;
  double *other = solved + s->k * s->d;
  for (size_t j = 0; j < s->d; j++) {
    for (int side = -1; side <= 1; side += 2) {
      memcpy(s->moved, s->best, s->d * sizeof *s->moved);
      s->moved[j] += side * STEP;
      th_transforms_forward(&s->transforms, s->moved, side < 0 ? s->x : s->by_x, &ignored);
    }
    for (size_t i = 0; i < s->k; i++) s->jacobian[i * s->d + j] = (s->by_x[i] - s->x[i]) / (2 * STEP);
  }
  for (size_t i = 0; i < s->k; i++)
    for (size_t j = 0; j < s->d; j++) solved[j * s->k + i] = s->jacobian[i * s->d + j];
  memcpy(other, solved, s->k * s->d * sizeof *other);
  th_linalg_solve_cholesky(s->d, s->k, s->curvature, solved);
  for (size_t a = 0; a < s->k; a++)
    for (size_t b = 0; b < s->k; b++) {
      double sum = 0;
      for (size_t j = 0; j < s->d; j++) sum += other[j * s->k + a] * solved[j * s->k + b];
      covariance[a * s->k + b] = sum;
    }
  th_linalg_symmetrize(s->k, covariance);
  th_free(s->cx, solved, 2 * s->k * s->d * sizeof *solved);
  return true;
}

/* --- What was found */

static ThAttempt fail_no_maximum(const Search *s, const char *why) {
  th_fail(s->cx, TH_ERROR_NUMERIC, "no maximum of the %s of `%s` was found: %s", th_summit_word(s->r),
          s->r->model->name->spelling, why);
  return TH_FAILED;
}

static bool fill(Search *s, ThMaximum *out) {
  double ignored;
  th_transforms_forward(&s->transforms, s->best, out->estimate, &ignored);
  for (size_t j = 0; j < s->k; j++) {
    out->range[2 * j] = s->target.lower[j];
    out->range[2 * j + 1] = s->target.upper[j];
  }
  for (size_t i = 0; i < s->transforms.n; i++) {
    const ThTransform *t = &s->transforms.items[i];
    for (size_t j = t->first_x; t->what == TH_COORDINATES_SHARES && j < t->first_x + t->n; j++)
      out->range[2 * j] = 0, out->range[2 * j + 1] = 1;
  }
  out->constraints = s->k - s->d;
  return th_replay_hessian(s->target.replay, out->estimate, out->information) &&
         find_covariance(s, out->covariance);
}

static ThAttempt conclude(Search *s, ThMaximum *out) {
  bool bends = false;
  double ignored;
  if (!isfinite(s->best_value) && s->interrupted) {
    th_fail(s->cx, TH_ERROR_INTERRUPTED, "interrupted");
    return TH_FAILED;
  }
  if (s->best_value == (double)INFINITY)
    return fail_no_maximum(s, "it is 0 or not defined wherever the search began");
  if (!s->interrupted && !s->converged) return fail_no_maximum(s, s->why);
  if (!s->interrupted && !polish(s, &bends)) return TH_FAILED;
  if (!s->interrupted && !bends) return fail_no_maximum(s, "it does not bend where it is largest");
  if (!th_maximum_init(s->cx, s->k, out)) return TH_FAILED;
  out->steps = s->steps;
  s->steps = th_steps_none(s->cx, s->k);
  out->calls = s->calls;
  out->method = "bfgs and Newton's method, exact slopes";
  if (s->interrupted) {
    th_transforms_forward(&s->transforms, s->best, out->estimate, &ignored);
    th_maximum_interrupt(out, "bfgs, interrupted");
    return TH_ANSWERED;
  }
  if (fill(s, out)) return TH_ANSWERED;
  th_maximum_clear(out);
  return TH_FAILED;
}

ThAttempt th_shares_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  Search s = {.r = r, .cx = r->cx};
  if (r->options.verb != TH_VERB_MAP || !has_shares(r))
    return th_decline(why, "none of its priors is of shares");
  if (!th_target_init(r, &s.target)) return TH_FAILED;
  ThAttempt attempt = th_transforms_init(&s.target, &s.transforms, why);
  if (attempt == TH_ANSWERED) attempt = make_room(&s) && search(&s) ? conclude(&s, out) : TH_FAILED;
  search_clear(&s);
  return attempt;
}
