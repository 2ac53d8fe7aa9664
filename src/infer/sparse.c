/* sparse.c - the maximum of a posterior density with Laplace priors, whose kinks make parameters exactly 0 */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minus the log density is a smooth function and Σ |θ - location|/scale. Each step of the proximal Newton method (Lee,
 * Sun and Saunders 2014) minimises the quadratic of the smooth part with the absolute values as they are, which is a
 * lasso; for Normal data with linear means the first step is the last. */
#include <math.h>
#include <string.h>

#include "infer/bounds.h"
#include "infer/linear_fit.h"
#include "infer/replay_objective.h"
#include "infer/starts.h"
#include "infer/summit.h"
#include "num/linalg.h"
#include "prob/event.h"

enum { MOST_STEPS = 200, MOST_HALVINGS = 40 };

typedef struct Search {
  const ThRecording *r;
  ThContext *cx;
  size_t k;
  ThSummit summit;
  ThBounds bounds;
  ThObjective inner, f; /* minus the log density; the same in coordinates u without bounds */
  double *block;
  double *u, *trial, *slope, *hessian; /* (k), (k), (k) of the smooth part, (k, k) */
  double *kink, *price;                /* (k): location and 1/scale of a Laplace prior; 0 without */
  double *beta, *linear, *work;        /* (k), (k), (2 k² + k) */
  double value;
  bool converged, interrupted;
  ThSteps steps;
} Search;

static size_t block_size(size_t k) { return 3 * k * k + 9 * k; }

static bool search_init(const ThTarget *target, Search *s) {
  size_t k = target->k;
  *s = (Search){.r = target->r, .cx = target->cx, .k = k, .steps = th_steps_none(target->cx, k)};
  s->block = th_alloc_array(s->cx, block_size(k), sizeof *s->block);
  if (!s->block || !th_summit_init(target, &s->summit)) return false;
  double **const vectors[] = {&s->u, &s->trial, &s->slope, &s->kink, &s->price, &s->beta, &s->linear};
  for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) *vectors[i] = s->block + i * k;
  s->hessian = s->linear + k;
  s->work = s->hessian + k * k;
  s->inner = th_replay_objective(target->replay);
  if (!th_bounds_init(s->cx, &s->bounds, &s->inner, target->lower, target->upper)) return false;
  s->f = th_bounds_objective(&s->bounds);
  return true;
}

static void search_clear(Search *s) {
  th_steps_clear(&s->steps);
  th_bounds_clear(s->cx, &s->bounds);
  th_summit_clear(&s->summit);
  if (s->block) th_free(s->cx, s->block, block_size(s->k) * sizeof *s->block);
}

static bool has_kinks(const ThRecording *r) {
  double p[TH_MAX_PARAMETERS];
  for (size_t j = 0; j < r->n_elements; j++)
    if (th_recording_kink(r, j, p)) return true;
  return false;
}

/* A range that cuts the line has coordinates of its own, in which the kink is another one: it is left as it is. */
static void read_kinks(Search *s) {
  for (size_t j = 0; j < s->k; j++) {
    double p[TH_MAX_PARAMETERS];
    bool kinked = th_recording_kink(s->r, j, p) && isinf(s->summit.lower[j]) && isinf(s->summit.upper[j]);
    s->kink[j] = kinked ? p[0] : 0;
    s->price[j] = kinked ? 1 / p[1] : 0;
  }
}

/* --- A step */

static double sign(double x) { return (x > 0) - (x < 0); }

/* How steep it is: at a kink as far as the slope of the smooth part exceeds the price. */
static double steepness(const Search *s) {
  double square = 0;
  for (size_t j = 0; j < s->k; j++) {
    double side = sign(s->u[j] - s->kink[j]), slope = s->slope[j] + s->price[j] * side;
    if (side == 0) slope = fmax(fabs(slope) - s->price[j], 0);
    square += slope * slope;
  }
  return sqrt(square);
}

/* Value, slope of the smooth part and Hessian at u. */
static bool evaluate(Search *s) {
  if (!th_objective_gradient(s->cx, &s->f, s->u, &s->value, s->slope)) return false;
  for (size_t j = 0; j < s->k; j++) s->slope[j] -= s->price[j] * sign(s->u[j] - s->kink[j]);
  if (!th_objective_hessian(s->cx, &s->f, s->u, s->work, s->hessian)) return false;
  double *x = th_steps_add(&s->steps, -s->value, steepness(s), NULL);
  if (!x) return false;
  th_bounds_bound(&s->bounds, s->u, x);
  return true;
}

/* Curvatures below 0, as there are far from a maximum, count as positive. */
static bool make_convex(Search *s) {
  size_t k = s->k;
  double *vectors = s->work, *values = vectors + k * k, least = 0, most = 0;
  if (!th_linalg_eigen_symmetric(s->cx, k, s->hessian, values, vectors)) return false;
  for (size_t m = 0; m < k; m++) {
    least = fmin(least, values[m]);
    most = fmax(most, fabs(values[m]));
  }
  if (least >= -1e-12 * most) return true;
  for (size_t i = 0; i < k * k; i++) {
    s->hessian[i] = 0;
    for (size_t m = 0; m < k; m++)
      s->hessian[i] += vectors[i / k * k + m] * vectors[i % k * k + m] * fabs(values[m]);
  }
  return true;
}

/* Is the quadratic bounded below, as far as each parameter alone tells? Absolute values of data do not bend. */
static bool bends(const Search *s) {
  for (size_t j = 0; j < s->k; j++)
    if (!(s->hessian[j * (s->k + 1)] > 0) && fabs(s->slope[j]) > s->price[j]) return false;
  return true;
}

/* beta: where the quadratic with the absolute values is least, measured from the kinks. */
static bool find_lowest(Search *s) {
  size_t k = s->k;
  for (size_t i = 0; i < k; i++) {
    s->linear[i] = -s->slope[i];
    for (size_t j = 0; j < k; j++) s->linear[i] += s->hessian[i * k + j] * (s->u[j] - s->kink[j]);
  }
  return th_lasso(s->cx, k, s->hessian, s->linear, s->price, s->beta);
}

/* What the way to the lowest point gains at first, and how far it is, relative to where it begins. */
static double expected_gain(const Search *s, double *distance) {
  double gain = 0;
  *distance = 0;
  for (size_t j = 0; j < s->k; j++) {
    double old = s->u[j] - s->kink[j], step = s->beta[j] - old;
    gain -= s->slope[j] * step + s->price[j] * (fabs(s->beta[j]) - fabs(old));
    *distance = fmax(*distance, fabs(step) / (1 + fabs(s->u[j])));
  }
  return gain;
}

/* Goes there, or so small a part of the way that it goes down; *moved is false where none does. */
static bool move(Search *s, double gain, bool *moved) {
  double part = 1, value, rounding = 1e-13 * (1 + fabs(s->value));
  *moved = false;
  for (int i = 0; !*moved && i < MOST_HALVINGS; i++, part /= 2) {
    for (size_t j = 0; j < s->k; j++)
      s->trial[j] = part == 1 ? s->kink[j] + s->beta[j]
                              : s->u[j] + part * (s->kink[j] + s->beta[j] - s->u[j]);
    if (!th_objective_value(s->cx, &s->f, s->trial, &value)) return false;
    *moved = isfinite(value) && value <= s->value - 1e-4 * part * gain + rounding;
  }
  if (*moved) memcpy(s->u, s->trial, s->k * sizeof *s->u);
  return true;
}

static bool go_down(Search *s) {
  for (int i = 0; i < MOST_STEPS && !s->converged; i++) {
    double distance;
    bool moved;
    if (!th_poll(s->cx) || !evaluate(s) || !make_convex(s)) return false;
    if (!bends(s)) return true;
    if (!find_lowest(s)) return false;
    double gain = expected_gain(s, &distance);
    if (!move(s, gain, &moved)) return false;
    if (!moved) return true;
    s->converged = distance < 1e-9;
  }
  return true;
}

/* --- From starts */

static bool is_defined(void *self, const double *x, bool *defined) {
  Search *s = self;
  double value;
  if (!s->inner.value(s->cx, s->inner.self, x, &value)) return false;
  *defined = isfinite(value);
  return true;
}

/* Ctrl-C: the best so far. */
static bool stop_early(Search *s) {
  if (s->cx->error.code != TH_ERROR_INTERRUPTED || s->steps.n == 0) return false;
  th_error_clear(s->cx);
  s->interrupted = true;
  return true;
}

static bool search_from(Search *s, const double *x) {
  th_steps_clear(&s->steps);
  th_bounds_free(&s->bounds, x, s->u);
  return go_down(s) || stop_early(s);
}

static bool search(Search *s) {
  double *start = s->summit.scratch;
  bool given, defined;
  if (!th_starts_given(s->r, s->summit.lower, s->summit.upper, start, &given)) return false;
  if (given) {
    if (!is_defined(s, start, &defined)) return false;
    return defined ? search_from(s, start) : th_starts_fail(s->r, start, is_defined, s);
  }
  for (size_t i = 0; !s->converged && !s->interrupted && i < TH_STARTS; i++) {
    if (!th_starts_at(s->r, th_start_quantiles[i], start) || !is_defined(s, start, &defined)) return false;
    if (defined && !search_from(s, start)) return false;
  }
  return true;
}

static ThAttempt conclude(Search *s, ThMaximum *out) {
  if (!th_maximum_init(s->cx, s->k, out)) return TH_FAILED;
  out->steps = s->steps;
  s->steps = th_steps_none(s->cx, s->k);
  out->calls = s->f.calls;
  th_bounds_bound(&s->bounds, s->u, s->summit.best);
  if (s->interrupted) {
    memcpy(out->estimate, s->summit.best, s->k * sizeof *out->estimate);
    th_maximum_interrupt(out, "proximal Newton method, interrupted");
    return TH_ANSWERED;
  }
  out->method = "proximal Newton method, exact derivatives";
  for (size_t j = 0; j < s->k; j++)
    if (s->price[j] > 0 && s->u[j] == s->kink[j]) s->summit.held[j] = TH_HOLD_KINK;
  if (th_summit_fill(&s->summit, true, out)) return TH_ANSWERED;
  th_maximum_clear(out);
  return TH_FAILED;
}

ThAttempt th_sparse_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  if (r->options.verb != TH_VERB_MAP || !has_kinks(r))
    return th_decline(why, "none of its priors is Laplace");
  ThTarget target;
  Search s = {0};
  if (!th_target_init(r, &target)) return TH_FAILED;
  ThAttempt attempt = TH_FAILED;
  bool ok = search_init(&target, &s);
  if (ok) read_kinks(&s);
  if (ok && search(&s))
    attempt = s.converged || s.interrupted ? conclude(&s, out) : th_decline(why, "no step goes down");
  search_clear(&s);
  th_target_clear(&target);
  return attempt;
}
