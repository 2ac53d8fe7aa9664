/* integral.c - integrals over any range, of functions that are called with many points at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All parts of the range lie in one list. In each round those with the largest errors are improved, and their nodes
 * are handed to f in one call. */
#include "num/integral.h"

#include <stdlib.h>

#include "num/integral_parts.h"
#include "num/kronrod.h"
#include "num/real.h"

enum { DEFAULT_EVALUATIONS = 200000, CALL_PARTS = 64, MAX_BREAKS = 12 };

/* --- Points -------------------------------------------------------------------------------------- */

bool th_integral_room(ThIntegralWork *w, size_t n) {
  size_t width = 1 + w->n_components;
  if (n <= w->n_points) return true;
  th_free(w->cx, w->x, w->n_points * width * sizeof *w->x);
  w->n_points = 0;
  w->x = th_alloc_array(w->cx, n * width, sizeof *w->x);
  if (!w->x) return false;
  w->y = w->x + n;
  w->n_points = n;
  return true;
}

bool th_integral_call(ThIntegralWork *w, size_t n) {
  if (!th_poll(w->cx) || !w->f(w->self, n, w->x, w->y)) return false;
  w->out->evaluations += n;
  for (size_t i = 0; i < n * w->n_components; i++) {
    if (fabs(w->y[i]) <= DBL_MAX) continue;
    if (!w->bad) w->bad_at = w->x[i / w->n_components], w->bad_value = w->y[i];
    w->bad = true;
    w->y[i] = 0;
  }
  return true;
}

double th_integral_size(const ThIntegralWork *w, size_t i) {
  double size = 0;
  for (size_t k = 0; k < w->n_components; k++) size = fmax(size, fabs(w->y[i * w->n_components + k]));
  return size;
}

/* --- Parts --------------------------------------------------------------------------------------- */

static bool grow(ThIntegralWork *w) {
  size_t room = w->part_room ? 2 * w->part_room : 32, value_room = room * w->n_components;
  ThIntegralPart *parts = th_resize(w->cx, w->parts, w->part_room * sizeof *parts, room * sizeof *parts);
  if (!parts) return false;
  w->parts = parts;
  w->part_room = room;
  double *values = th_resize(w->cx, w->values, w->value_room * sizeof *values, value_room * sizeof *values);
  if (!values) return false;
  w->values = values;
  w->value_room = value_room;
  return true;
}

bool th_integral_add(ThIntegralWork *w, ThIntegralPart part) {
  if (w->n_parts + 1 >= w->part_room && !grow(w)) return false;
  part.fresh = !part.rest;
  for (size_t k = 0; k < w->n_components; k++) w->values[w->n_parts * w->n_components + k] = 0;
  w->parts[w->n_parts++] = part;
  return true;
}

/* How much component k changes along the nodes. */
static double variation(const ThIntegralWork *w, const double *y, size_t k) {
  double sum = 0;
  for (size_t i = 1; i < TH_KRONROD_POINTS; i++)
    sum += fabs(y[i * w->n_components + k] - y[(i - 1) * w->n_components + k]);
  return sum;
}

static void sum_part(ThIntegralWork *w, size_t i, const double *y) {
  ThIntegralPart *part = &w->parts[i];
  /* Of a node: half a unit of its last place at most; of 21 nodes together a third of that. */
  double rounding = DBL_EPSILON / 6 * fmax(fabs(part->from), fabs(part->to));
  part->error = part->magnitude = part->noise = 0;
  part->fresh = false;
  for (size_t k = 0; k < w->n_components; k++) {
    ThKronrod sum = th_kronrod_sum(y + k, w->n_components, 0.5 * (part->to - part->from));
    w->values[i * w->n_components + k] = sum.value;
    part->error = fmax(part->error, sum.error);
    part->magnitude = fmax(part->magnitude, sum.magnitude);
    part->noise = fmax(part->noise, rounding * variation(w, y, k));
  }
  part->error = fmax(part->error, part->noise);
}

bool th_integral_measure(ThIntegralWork *w) {
  size_t first = 0, chosen[CALL_PARTS];
  do {
    size_t n = 0;
    for (; first < w->n_parts && n < CALL_PARTS; first++)
      if (w->parts[first].fresh) chosen[n++] = first;
    if (n == 0) return true;
    if (!th_integral_room(w, n * TH_KRONROD_POINTS)) return false;
    for (size_t j = 0; j < n; j++) {
      const ThIntegralPart *part = &w->parts[chosen[j]];
      double middle = part->from + 0.5 * (part->to - part->from), half = 0.5 * (part->to - part->from);
      for (size_t i = 0; i < TH_KRONROD_POINTS; i++)
        w->x[j * TH_KRONROD_POINTS + i] = middle + half * th_kronrod_node(i);
    }
    if (!th_integral_call(w, n * TH_KRONROD_POINTS)) return false;
    for (size_t j = 0; j < n; j++) sum_part(w, chosen[j], w->y + j * TH_KRONROD_POINTS * w->n_components);
    w->out->n_panels += n;
  } while (first < w->n_parts);
  return true;
}

/* --- Improving a part ---------------------------------------------------------------------------- */

/* Cannot be halved with profit: too narrow for the nodes of a rule, or its error is that of rounding. */
static bool is_best(const ThIntegralPart *p) {
  double width = p->to - p->from, rounding = DBL_EPSILON * fmax(fabs(p->from), fabs(p->to));
  if (!(width > 256 * rounding) || width < DBL_MIN) return true;
  return p->error <= fmax(2 * p->noise, 60 * DBL_EPSILON * p->magnitude);
}

static bool split(ThIntegralWork *w, size_t i, double place, bool singular) {
  ThIntegralPart left = w->parts[i], right = left;
  left.depth = right.depth = singular ? 0 : left.depth + 1;
  left.before = right.before = left.error;
  left.to = right.from = place;
  left.end_right = right.end_left = singular;
  left.fresh = true;
  w->parts[i] = left;
  return th_integral_add(w, right);
}

/* The whole panel becomes a rest at its singular end. */
static void become_rest(ThIntegralPart *p) {
  bool left = p->end_left;
  p->rest = true;
  p->anchor = left ? p->from : p->to;
  p->sign = left ? 1 : -1;
  p->edge = p->to - p->from;
}

/* Halves a panel, unless halving has not helped: then the trouble is at an end, or a place inside is looked for. */
static bool improve(ThIntegralWork *w, size_t i) {
  ThIntegralPart *p = &w->parts[i];
  if (p->rest) return th_integral_approach(w, i);
  if (is_best(p)) {
    p->fixed = true;
    return true;
  }
  double middle = p->from + 0.5 * (p->to - p->from), place;
  bool resists = p->error > 0.05 * p->before;
  if (p->end_left && p->end_right) return split(w, i, middle, false);
  if (p->depth >= 3 && resists && (p->end_left || p->end_right)) {
    become_rest(p);
    if (!th_integral_approach(w, i)) return false;
    p = &w->parts[i];
    if (p->extrapolated || p->fixed || w->bad) return true;
    p->rest = false; /* something else is the matter */
    return split(w, i, middle, false);
  }
  if (p->depth >= 8 && p->error > 0.4 * p->before) {
    if (!th_integral_locate(w, p->from, p->to, &place)) return false;
    bool inside = place > p->from && place < p->to;
    return split(w, i, inside ? place : middle, inside);
  }
  return split(w, i, middle, false);
}

/* The sums over all parts. */
static void total(const ThIntegralWork *w, double *value) {
  w->out->error = w->out->magnitude = 0;
  for (size_t k = 0; k < w->n_components; k++) value[k] = 0;
  for (size_t i = 0; i < w->n_parts; i++) {
    for (size_t k = 0; k < w->n_components; k++) value[k] += w->values[i * w->n_components + k];
    w->out->error += w->parts[i].error;
    w->out->magnitude += w->parts[i].magnitude;
  }
}

/* What the error may be. */
static double allowance(const ThIntegralWork *w, const double *value) {
  double size = 0;
  for (size_t k = 0; k < w->n_components; k++) size = fmax(size, fabs(value[k]));
  return fmax(w->goal.relative * size, 100 * DBL_EPSILON * w->out->magnitude);
}

/* Are points left, those of panels that wait included? Of a panel that was halved one half stands at the end of the
 * list, the other in its place. */
static bool may_improve(const ThIntegralWork *w) {
  size_t waiting = 0;
  for (size_t i = w->n_parts; i-- > 0 && w->parts[i].fresh;) waiting += 2 * TH_KRONROD_POINTS;
  return w->out->evaluations + waiting < w->goal.max_evaluations;
}

/* Rounds of improvement; returns true too when something stands in the way, which w->bad or the status tells. */
static bool refine(ThIntegralWork *w, double *value) {
  for (;;) {
    if (!th_integral_measure(w)) return false;
    total(w, value);
    double allowed = allowance(w, value), worst = 0;
    w->out->status = w->out->error <= allowed ? TH_INTEGRAL_SETTLED : TH_INTEGRAL_UNSETTLED;
    if (w->bad || w->out->status == TH_INTEGRAL_SETTLED) return true;
    if (w->out->evaluations >= w->goal.max_evaluations) return true;
    for (size_t i = 0; i < w->n_parts; i++)
      if (!w->parts[i].fixed) worst = fmax(worst, w->parts[i].error);
    if (!(worst > 0.01 * allowed / (double)w->n_parts)) return true; /* the rest cannot be helped */
    for (size_t i = 0, n = w->n_parts; i < n && may_improve(w); i++) {
      if (w->parts[i].fixed || w->parts[i].error < 0.1 * worst) continue;
      if (!improve(w, i)) return false;
      if (w->bad || w->out->status > TH_INTEGRAL_UNSETTLED) return true;
    }
  }
}

/* --- The whole ----------------------------------------------------------------------------------- */

/* Is f finite on both sides of a place where it is not? */
static bool is_alone(ThIntegralWork *w, double at, bool *alone) {
  double step = fmax(1e-9 * fabs(at), 1e-15);
  if (!th_integral_room(w, 2)) return false;
  w->x[0] = at - step;
  w->x[1] = at + step;
  w->bad = false;
  if (!th_integral_call(w, 2)) return false;
  *alone = !w->bad;
  return true;
}

static bool begin_all(ThIntegralWork *w, const double *ends, size_t n, bool closely) {
  w->n_parts = 0;
  for (size_t i = 0; i + 1 < n; i++)
    if (!th_integral_begin(w, ends[i], ends[i + 1], closely)) return false;
  return true;
}

/* Integrates between the ends; a single point where f is not finite becomes one more end. */
static bool integrate_between(ThIntegralWork *w, double *ends, size_t n, double *value) {
  for (;;) {
    bool alone;
    w->bad = false;
    if (!begin_all(w, ends, n, false) || (!w->bad && !refine(w, value))) return false;
    if (!w->bad && w->out->magnitude == 0 && (!begin_all(w, ends, n, true) || (!w->bad && !refine(w, value))))
      return false;
    if (!w->bad) return true;
    double at = w->bad_at, f_at = w->bad_value;
    if (!is_alone(w, at, &alone)) return false;
    if (!alone || n == MAX_BREAKS) {
      w->out->status = TH_INTEGRAL_NOT_FINITE;
      w->out->at = at;
      w->out->f_at = f_at;
      return true;
    }
    ends[n++] = at;
    qsort(ends, n, sizeof *ends, th_real_ascending);
  }
}

static bool hand_out(const ThIntegralWork *w) {
  for (size_t i = 0; w->goal.panel && i < w->n_parts; i++) {
    const ThIntegralPart *p = &w->parts[i];
    double edge = p->anchor + p->sign * p->edge, end = p->outward ? p->sign * TH_INFINITY : p->anchor;
    bool ok = p->rest ? w->goal.panel(w->self, edge, end, p->wave, true)
                      : w->goal.panel(w->self, p->from, p->to, 0, false);
    if (!ok) return false;
  }
  return true;
}

bool th_integral(ThContext *cx, ThIntegralFunction f, void *self, size_t n_components, double a, double b,
                 const ThIntegralGoal *goal, double *value, ThIntegralResult *out) {
  ThIntegralWork w = {
      .cx = cx, .f = f, .self = self, .n_components = n_components, .goal = *goal, .out = out};
  *out = (ThIntegralResult){0};
  for (size_t k = 0; k < n_components; k++) value[k] = 0;
  if (a != a || b != b) return th_fail(cx, TH_ERROR_VALUE, "a limit of the integral is nan");
  if (a == b) return true;
  if (!(w.goal.relative > 0)) w.goal.relative = 1e-12;
  if (w.goal.max_evaluations == 0) w.goal.max_evaluations = DEFAULT_EVALUATIONS;
  bool turned = b < a, whole = fmin(a, b) < -DBL_MAX && fmax(a, b) > DBL_MAX;
  double ends[MAX_BREAKS + 1] = {turned ? b : a, whole ? 0 : turned ? a : b, turned ? a : b};
  bool ok = integrate_between(&w, ends, whole ? 3 : 2, value) && hand_out(&w);
  for (size_t k = 0; turned && k < n_components; k++) value[k] = -value[k];
  th_free(cx, w.parts, w.part_room * sizeof *w.parts);
  th_free(cx, w.values, w.value_room * sizeof *w.values);
  th_free(cx, w.x, w.n_points * (1 + n_components) * sizeof *w.x);
  return ok;
}
