/* event_overlap.c - ∫ min(p, q) of two distributions of an exponential family, by one integral */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* min(p, q) = √(pq) e^(-|λ|/2) with λ = log p/q, and e^(-|λ|/2) = 1/2π ∫ e^(itλ)/(¼ + t²) dt, so that
 *   ∫ min(p, q) = 1/π ∫₀^∞ Re M(½ + it)/(¼ + t²) dt,  M(w) = ∫ p^w q^(1 - w),
 * whatever the number of dimensions; M is closed for an exponential family. The integrand is bounded by M(½)/(¼ + t²),
 * and the integral by M(½), so that a small overlap keeps its digits. M falls as slowly as a power of t and turns at a
 * constant frequency in the end; its singularities lie on the imaginary axis of t, so that the rest of the path may be
 * turned by a right angle, to the side where M decays exponentially. */
#include <float.h>
#include <math.h>

#include "num/quadrature.h"
#include "num/special_complex.h"
#include "prob/event_divergence.h"

typedef struct Overlap {
  const ThPair *pair;
  double *begun; /* 2n numbers */
  double size;   /* the largest number that was rounded */
} Overlap;

static double complex transform(Overlap *o, double complex t) {
  const ThPair *pair = o->pair;
  double size;
  double complex log_m = pair->p->family->event->overlap(pair->p, pair->q, o->begun, 0.5 + TH_I * t, &size);
  o->size = fmax(o->size, size);
  return th_complex_exp(log_m);
}

/* Of the tail: from `start` on in the direction i*side. */
typedef struct Tail {
  Overlap *overlap;
  double start, side;
} Tail;

static double complex integrand(Overlap *o, double complex t) {
  return th_complex_quotient(transform(o, t), 0.25 + t * t);
}

static bool along_line(void *self, double t, double *y) {
  *y = isinf(t) ? 0 : creal(integrand(self, t));
  return true;
}

static bool along_tail(void *self, double s, double *y) {
  const Tail *tail = self;
  *y = isinf(s) ? 0 : -tail->side * cimag(integrand(tail->overlap, tail->start + TH_I * (tail->side * s)));
  return true;
}

/* Where |M| has fallen to about a half. */
static double width_of(Overlap *o) {
  double half = 0.5 * creal(transform(o, 0)), t = 1;
  while (t > 1e-12 && cabs(transform(o, t)) < half) t /= 2;
  while (t < 1e12 && cabs(transform(o, t)) > half) t *= 2;
  return t;
}

/* The derivative of the phase of M. */
static double frequency_at(Overlap *o, double t) {
  double step = 1e-6 * t;
  double complex ratio = th_complex_quotient(transform(o, t + step), transform(o, t));
  return atan2(cimag(ratio), creal(ratio)) / step;
}

enum { MOST_BREAKS = 48 };

/* The points at which to split the line, the last one where the tail begins: M is nothing there, or has reached the
 * frequency that it keeps. *side is 0 when no tail is needed, or when M does not turn. */
static size_t choose_breaks(Overlap *o, double *breaks, double *side) {
  double width = width_of(o), start = creal(transform(o, 0)), t = width / 4, before = 0;
  size_t n = 0;
  *side = 0;
  while (n < MOST_BREAKS) {
    breaks[n++] = t;
    if (t > 8 * width && cabs(integrand(o, t)) * t < 1e-18 * start * fmin(1, width)) return n;
    double now = frequency_at(o, t);
    bool settled = t > 8 * width && fabs(now - before) < 1e-2 * fabs(now);
    if (settled && fabs(now) * t > 1) *side = now > 0 ? 1 : -1;
    if (settled && (*side != 0 || t > 1e6 * width)) return n;
    before = now;
    t *= 2;
  }
  return n;
}

bool th_event_overlap(const ThPair *pair, ThFinding *out) {
  ThContext *cx = pair->cx;
  size_t n = 2 * th_event_size(pair->p);
  Overlap o = {.pair = pair};
  double breaks[MOST_BREAKS];
  ThQuadratureResult line, rest = {.value = {0}};
  o.begun = th_alloc_array(cx, n, sizeof *o.begun);
  if (!o.begun) return false;
  bool ok = pair->p->family->event->overlap_begin(cx, pair->p, pair->q, o.begun);
  if (ok) {
    Tail tail = {.overlap = &o};
    size_t n_breaks = choose_breaks(&o, breaks, &tail.side);
    tail.start = breaks[n_breaks - 1];
    double end = tail.side == 0 ? TH_INFINITY : tail.start;
    ok = th_quadrature_integrate_breaks(cx, along_line, &o, 1, 0, end, breaks, n_breaks, NULL, &line);
    if (ok && tail.side != 0)
      ok = th_quadrature_integrate(cx, along_tail, &tail, 1, 0, TH_INFINITY,
                                   &(ThQuadratureGoal){.absolute = 1e-14 * line.magnitude}, &rest);
  }
  th_free(cx, o.begun, n * sizeof *o.begun);
  if (!ok) return false;
  double rounding = DBL_EPSILON * (4 + o.size) * (line.magnitude + rest.magnitude);
  *out = (ThFinding){.value = (line.value[0] + rest.value[0]) / TH_PI,
                     .error = (line.error + rest.error + rounding) / TH_PI,
                     .method = "quadrature"};
  return true;
}
