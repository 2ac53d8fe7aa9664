/* line_search.c - how far to go along a direction: the conditions of Wolfe */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An interval that must hold a good step is narrowed by cubic and quadratic interpolation (Moré and Thuente, "Line
 * search algorithms with guaranteed sufficient decrease", 1994). Its end `low` is the best point so far; `high` is the
 * other one, once there is one. Near a minimum values differ by rounding only while slopes are still exact to many
 * digits: there a step is good by its slope alone (Hager and Zhang, "A new conjugate gradient method with guaranteed
 * descent and an efficient line search", 2005, eq. 4.1). */
#include "infer/line_search.h"

#include <math.h>

#include "num/kernels.h"

#define DECREASE 1e-4  /* of the value: at least this part of what the slope promises */
#define CURVATURE 0.9  /* of the slope: at most this part of the first one is left */
#define ROUNDING 1e-12 /* values that differ by less than this part are equal */
#define FARTHEST 1e12  /* of the first step: beyond, the value has no bound */
#define MAX_EVALUATIONS 60

typedef struct Trial {
  double step, value, slope;
} Trial;

typedef struct Search {
  ThLine *line;
  Trial low, high;
  bool bracketed;      /* the good step lies between low and high */
  bool first_stage;    /* no step with enough decrease and a slope that rises yet */
  double rounding;     /* of the value */
  double limit;        /* steps stay below */
  bool undefined;      /* f is not defined at the limit */
  double width, wider; /* of the bracket: now, and two steps ago */
} Search;

static bool evaluate(ThContext *cx, ThLine *line, double step, Trial *out) {
  size_t n = line->f->dimension;
  for (size_t i = 0; i < n; i++) line->at[i] = line->x[i] + step * line->direction[i];
  if (!th_objective_gradient(cx, line->f, line->at, &line->at_value, line->gradient)) return false;
  line->at_slope = th_kernel_sum_product(n, line->gradient, line->direction);
  line->step = step;
  *out = (Trial){step, line->at_value, line->at_slope};
  return true;
}

static bool has_decrease(const ThLine *line, const Trial *t) {
  return t->value <= line->value + DECREASE * t->step * line->slope;
}

static bool is_good(const Search *s, const Trial *t) {
  const ThLine *line = s->line;
  if (has_decrease(line, t) && fabs(t->slope) <= -CURVATURE * line->slope) return true;
  return t->value <= line->value + s->rounding && t->slope >= CURVATURE * line->slope &&
         t->slope <= (2 * DECREASE - 1) * line->slope;
}

/* --- Interpolation (Moré and Thuente, section 4) */

/* Where the cubic through a and b has its minimum: the part of the way from a to b; below 0 it lies on the other side
 * of a. */
static double cubic_part(const Trial *a, const Trial *b) {
  double length = b->step - a->step;
  double theta = 3 * (a->value - b->value) / length + a->slope + b->slope;
  double scale = fmax(fabs(theta), fmax(fabs(a->slope), fabs(b->slope)));
  double square = (theta / scale) * (theta / scale) - (a->slope / scale) * (b->slope / scale);
  double gamma = copysign(scale * sqrt(fmax(square, 0)), length);
  return (gamma - a->slope + theta) / (2 * gamma - a->slope + b->slope);
}

static double secant_step(const Trial *a, const Trial *b) {
  return b->step + b->slope / (b->slope - a->slope) * (a->step - b->step);
}

/* t is higher than low: between them is a minimum. */
static double step_below(const Trial *low, const Trial *t) {
  double length = t->step - low->step;
  double cubic = low->step + cubic_part(low, t) * length;
  double quadratic = low->step + 0.5 * low->slope / ((low->value - t->value) / length + low->slope) * length;
  return fabs(cubic - low->step) < fabs(quadratic - low->step) ? cubic : cubic + 0.5 * (quadratic - cubic);
}

/* t is lower and the slope has changed its sign: likewise. */
static double step_between(const Trial *low, const Trial *t) {
  double cubic = t->step + cubic_part(t, low) * (low->step - t->step), secant = secant_step(low, t);
  return fabs(cubic - t->step) > fabs(secant - t->step) ? cubic : secant;
}

/* t is lower and the slope is less steep: on to where it would be 0. */
static double step_beyond(const Search *s, const Trial *t, double farthest) {
  const Trial *low = &s->low;
  double part = cubic_part(t, low), secant = secant_step(low, t);
  double cubic = part < 0 ? t->step + part * (low->step - t->step) : farthest;
  if (!s->bracketed) {
    double step = fabs(cubic - t->step) > fabs(secant - t->step) ? cubic : secant;
    return fmin(step, farthest);
  }
  double step = fabs(cubic - t->step) < fabs(secant - t->step) ? cubic : secant;
  double bound = t->step + 0.66 * (s->high.step - t->step);
  return t->step > low->step ? fmin(step, bound) : fmax(step, bound);
}

/* Values that rounding has made equal tell nothing: slopes alone are followed to where they would be 0. */
static double narrow_by_slope(Search *s, const Trial *t, double farthest) {
  bool turned = t->slope * copysign(1, s->low.slope) < 0;
  double next = secant_step(&s->low, t);
  if (turned) {
    s->bracketed = true;
    s->high = s->low;
  } else if (!s->bracketed && !(fabs(t->slope) < fabs(s->low.slope))) next = farthest;
  s->low = *t;
  return fmin(next, farthest);
}

/* The next step after t, and what of the bracket t replaces. */
static double narrow(Search *s, const Trial *t, double farthest) {
  double next;
  bool turned = t->slope * copysign(1, s->low.slope) < 0;
  if (t->value > s->low.value) {
    next = step_below(&s->low, t);
    s->bracketed = true;
    s->high = *t;
    return next;
  }
  if (turned) {
    next = step_between(&s->low, t);
    s->bracketed = true;
  } else if (fabs(t->slope) < fabs(s->low.slope)) {
    next = step_beyond(s, t, farthest);
  } else {
    next = s->bracketed ? t->step + cubic_part(t, &s->high) * (s->high.step - t->step) : farthest;
  }
  if (turned) s->high = s->low;
  s->low = *t;
  return next;
}

/* The same on f(t) less what the decrease asks for, until a step fulfils that. */
static Trial less(const ThLine *line, const Trial *t) {
  double part = DECREASE * line->slope;
  return (Trial){t->step, t->value - t->step * part, t->slope - part};
}
static Trial more(const ThLine *line, const Trial *t) {
  double part = DECREASE * line->slope;
  return (Trial){t->step, t->value + t->step * part, t->slope + part};
}

static double narrow_modified(Search *s, const Trial *t, double farthest) {
  Trial shifted = less(s->line, t);
  s->low = less(s->line, &s->low);
  s->high = less(s->line, &s->high);
  double next = narrow(s, &shifted, farthest);
  s->low = more(s->line, &s->low);
  s->high = more(s->line, &s->high);
  return next;
}

static double choose(Search *s, const Trial *t) {
  double ahead = t->step - s->low.step, farthest = fmin(t->step + 4 * ahead, s->limit);
  if (s->first_stage && has_decrease(s->line, t) && t->slope >= 0) s->first_stage = false;
  bool level = fabs(t->value - s->low.value) <= s->rounding;
  double next = level ? narrow_by_slope(s, t, farthest)
                : s->first_stage && t->value <= s->low.value && !has_decrease(s->line, t)
                    ? narrow_modified(s, t, farthest)
                    : narrow(s, t, farthest);
  if (!s->bracketed) return fmin(fmax(next, t->step + 1.1 * ahead), s->limit);
  double from = fmin(s->low.step, s->high.step), to = fmax(s->low.step, s->high.step);
  if (to - from >= 0.66 * s->wider || !(next > from && next < to)) next = 0.5 * (from + to);
  s->wider = s->width;
  s->width = to - from;
  return next;
}

/* --- The search */

/* f is not defined at t: nearer to what is good. */
static double cut_back(Search *s, const Trial *t) {
  s->limit = t->step;
  s->undefined = true;
  return s->low.step + 0.2 * (t->step - s->low.step);
}

/* The bracket is narrower than rounding of x lets it be. */
static bool is_narrow(const Search *s, double next) {
  double width = s->bracketed ? fabs(s->high.step - s->low.step) : INFINITY;
  if (s->undefined) width = fmin(width, s->limit - s->low.step);
  return width <= 1e-15 * fmax(fabs(next), s->low.step) || next < 1e-18 * s->line->first;
}

/* The best point seen, if it is better than the start. */
static bool settle(ThContext *cx, Search *s, ThLineEnd *end) {
  Trial t;
  *end = s->low.step > 0 && s->low.value < s->line->value ? TH_LINE_FOUND : TH_LINE_FLOOR;
  return *end != TH_LINE_FOUND || s->line->step == s->low.step || evaluate(cx, s->line, s->low.step, &t);
}

bool th_line_search(ThContext *cx, ThLine *line, ThLineEnd *end) {
  Search s = {.line = line,
              .low = {0, line->value, line->slope},
              .high = {0, line->value, line->slope},
              .first_stage = true,
              .rounding = ROUNDING * fabs(line->value),
              .limit = FARTHEST * line->first,
              .width = INFINITY,
              .wider = INFINITY};
  double next = line->first;
  for (int i = 0; i < MAX_EVALUATIONS; i++) {
    Trial t;
    if (!th_poll(cx) || !evaluate(cx, line, next, &t)) return false;
    if (t.value == -INFINITY || (t.step >= s.limit && !s.undefined && has_decrease(line, &t))) {
      *end = TH_LINE_UNBOUNDED;
      return true;
    }
    bool defined = isfinite(t.value) && isfinite(t.slope);
    if (defined && is_good(&s, &t)) {
      *end = TH_LINE_FOUND;
      return true;
    }
    next = defined ? choose(&s, &t) : cut_back(&s, &t);
    if (s.undefined && next >= s.limit) next = 0.5 * (s.low.step + s.limit);
    if (is_narrow(&s, next)) break;
  }
  return settle(cx, &s, end);
}
