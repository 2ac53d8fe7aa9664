/* integral_begin.c - the first panels of an integral, after looking around */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A finite range is looked over at even steps and in octaves towards its ends; an infinite one in octaves of the
 * distance u from its finite end, where u |f| is the weight of an octave: it tells at which scale the integral lies and
 * whether there is a tail. Narrow peaks become ends of panels, close to which the nodes of a rule are dense. */
#include <stdlib.h>

#include "num/integral_parts.h"
#include "num/real.h"

enum {
  MAX_PEAKS = 4,
  PEAK_STEPS = 10,
  MAX_ENDS = (2 * PEAK_STEPS + 1) * MAX_PEAKS + 5,
  CLIMB_POINTS = 15,
  LOW_OCTAVE = -30,
  HIGH_OCTAVE = 40,
  LATE_OCTAVE = 20
};

typedef struct Peak {
  double before, at, after, size;
  double width; /* at this distance it has not yet fallen to half its height */
} Peak;

/* Keeps the largest ones. */
static void keep_peak(Peak *peaks, size_t *n, Peak peak) {
  size_t i = *n;
  if (i == MAX_PEAKS && peaks[i - 1].size >= peak.size) return;
  if (i < MAX_PEAKS) ++*n;
  else i--;
  for (; i > 0 && peaks[i - 1].size < peak.size; i--) peaks[i] = peaks[i - 1];
  peaks[i] = peak;
}

/* Moves a narrow peak to its top, or as near as doubles allow. */
static bool climb(ThIntegralWork *w, Peak *peak) {
  for (int round = 0; round < 40; round++) {
    double from = peak->before, step = (peak->after - from) / (CLIMB_POINTS + 1), beside = 0;
    size_t best = 0;
    if (!th_integral_room(w, CLIMB_POINTS)) return false;
    for (size_t i = 0; i < CLIMB_POINTS; i++) w->x[i] = from + step * (double)(i + 1);
    if (!th_integral_call(w, CLIMB_POINTS)) return false;
    for (size_t i = 1; i < CLIMB_POINTS; i++)
      if (th_integral_size(w, i) > th_integral_size(w, best)) best = i;
    double size = th_integral_size(w, best);
    peak->width = step;
    if (size >= peak->size) peak->at = w->x[best], peak->size = size;
    if (best > 0) beside = th_integral_size(w, best - 1);
    if (best + 1 < CLIMB_POINTS) beside = fmax(beside, th_integral_size(w, best + 1));
    if (w->bad || beside > 0.5 * size || step <= 4 * DBL_EPSILON * fabs(peak->at)) return true;
    peak->before = peak->at - step;
    peak->after = peak->at + step;
  }
  return true;
}

/* A peak climbed, and the ends of panels that it asks for: its top, and steps of growing distance from it, up
 * to `reach`. */
static bool add_peak(ThIntegralWork *w, Peak *peak, double reach, double *ends, size_t *n) {
  if (!climb(w, peak)) return false;
  ends[(*n)++] = peak->at;
  double away = 8 * peak->width;
  for (int k = 0; k < PEAK_STEPS && away < reach; k++, away *= 8) {
    ends[(*n)++] = peak->at - away;
    ends[(*n)++] = peak->at + away;
  }
  return true;
}

/* Panels between ends that ascend, or descend. The first end, and the last when it is one of the range, may be
 * singular. */
static bool add_panels(ThIntegralWork *w, const double *ends, size_t n, bool last_is_end) {
  for (size_t i = 0; i + 1 < n; i++) {
    double from = fmin(ends[i], ends[i + 1]), to = fmax(ends[i], ends[i + 1]);
    bool near = i == 0, far = i + 2 == n && last_is_end, turned = from == ends[i + 1];
    if (!(from < to)) continue;
    ThIntegralPart part = {.from = from, .to = to, .error = TH_INFINITY};
    part.end_left = turned ? far : near;
    part.end_right = turned ? near : far;
    if (!th_integral_add(w, part)) return false;
  }
  return true;
}

/* --- Finite ranges ------------------------------------------------------------------------------- */

/* The points ascend: octaves, even steps, octaves. */
static bool look_over(ThIntegralWork *w, double a, double b, bool closely, size_t *n) {
  size_t even = closely ? (w->goal.many ? 4096 : 2048) : w->goal.many ? 96 : 24;
  size_t steps = closely ? 8 : 1, octaves = closely ? 50 : w->goal.many ? 20 : 10;
  double width = b - a, ratio = exp2(1 / (double)steps), share = 0.3 / (double)even * exp2(-(double)octaves);
  if (!th_integral_room(w, even + 2 * steps * octaves)) return false;
  *n = 0;
  for (size_t i = 0; i < steps * octaves; i++, share *= ratio)
    if (width * share > 4 * DBL_EPSILON * fabs(a)) w->x[(*n)++] = a + width * share;
  for (size_t i = 0; i < even; i++) w->x[(*n)++] = a + width * ((double)i + 0.518) / (double)even;
  for (size_t i = 0; i < steps * octaves; i++) {
    share /= ratio;
    if (width * share > 4 * DBL_EPSILON * fabs(b)) w->x[(*n)++] = b - width * share;
  }
  return th_integral_call(w, *n);
}

static bool begin_finite(ThIntegralWork *w, double a, double b, bool closely) {
  Peak peaks[MAX_PEAKS];
  size_t n, n_peaks = 0, n_ends = 0;
  double ends[MAX_ENDS], largest = 0;
  if (!look_over(w, a, b, closely, &n)) return false;
  for (size_t i = 0; i < n; i++) largest = fmax(largest, th_integral_size(w, i));
  for (size_t i = 1; i + 1 < n; i++) {
    double size = th_integral_size(w, i);
    bool hidden = closely && size > 0 && size == largest; /* all points before had missed it */
    if (hidden || size > 4 * fmax(th_integral_size(w, i - 1), th_integral_size(w, i + 1)))
      keep_peak(peaks, &n_peaks, (Peak){w->x[i - 1], w->x[i], w->x[i + 1], size, 0});
  }
  ends[n_ends++] = a;
  for (size_t i = 0; i < n_peaks; i++)
    if (!add_peak(w, &peaks[i], b - a, ends, &n_ends)) return false;
  ends[n_ends++] = b;
  for (size_t i = 0; i < n_ends; i++) ends[i] = fmin(fmax(ends[i], a), b);
  qsort(ends, n_ends, sizeof *ends, th_real_ascending);
  return add_panels(w, ends, n_ends, true);
}

/* --- Infinite ranges ----------------------------------------------------------------------------- */

/* What was seen along u. */
typedef struct Scene {
  Peak peaks[MAX_PEAKS];
  size_t n_peaks;
  double center; /* the u of most weight; where f oscillates for ever, where that begins */
  double limit;  /* beyond, nothing counts; infinite where there is a tail */
  bool waves;
} Scene;

/* f at n distances: some an octave, and more from 2^-8 to 2^16; most for a close look, few where points are dear. */
static bool look_out(ThIntegralWork *w, double anchor, double sign, bool closely, size_t *n) {
  double coarse = closely ? 8 : 2, fine = closely ? 40 : w->goal.many ? 8 : 2;
  double coarse_ratio = exp2(1 / coarse), fine_ratio = exp2(1 / fine);
  if (!th_integral_room(w, (HIGH_OCTAVE - LOW_OCTAVE) * (size_t)(fine + 1))) return false;
  *n = 0;
  for (double u = 1.19 * exp2(LOW_OCTAVE); u < exp2(HIGH_OCTAVE);) {
    w->x[(*n)++] = anchor + sign * u;
    u *= u >= exp2(-8) && u < exp2(16) ? fine_ratio : coarse_ratio;
  }
  return th_integral_call(w, *n);
}

/* Does the sign of f change often among the last octaves? *first: the u before the first change. */
static bool finds_waves(const ThIntegralWork *w, double anchor, size_t n, double *first) {
  size_t changes = 0, late_changes = 0, late = 0, lead = 0;
  double largest = -1;
  for (size_t i = 0; i < n * w->n_components; i++)
    if (fabs(w->y[i]) > largest) largest = fabs(w->y[i]), lead = i % w->n_components;
  for (size_t i = 1; i < n; i++) {
    double x = w->y[(i - 1) * w->n_components + lead], y = w->y[i * w->n_components + lead];
    bool is_late = fabs(w->x[i] - anchor) > exp2(LATE_OCTAVE);
    late += is_late;
    if (!(x * y < 0)) continue;
    if (changes++ == 0) *first = fabs(w->x[i - 1] - anchor);
    late_changes += is_late;
  }
  return 6 * late_changes > late;
}

static double weight(const ThIntegralWork *w, double anchor, size_t i) {
  return fabs(w->x[i] - anchor) * th_integral_size(w, i);
}

static void read_scene(const ThIntegralWork *w, double anchor, size_t n, Scene *scene) {
  double largest = 0;
  size_t last = n;
  *scene = (Scene){.limit = TH_INFINITY, .center = 1};
  for (size_t i = 0; i < n; i++)
    if (weight(w, anchor, i) > largest)
      largest = weight(w, anchor, i), scene->center = fabs(w->x[i] - anchor);
  while (last > 0 && weight(w, anchor, last - 1) <= 1e-19 * largest) last--;
  if (last + 2 < n) scene->limit = fabs(w->x[last] - anchor);
  scene->waves = scene->limit > DBL_MAX && finds_waves(w, anchor, n, &scene->center);
  for (size_t i = 1; i + 1 < n && !scene->waves; i++) {
    double here = weight(w, anchor, i);
    if (here > 0 && here > 4 * weight(w, anchor, i - 1) && here > 4 * weight(w, anchor, i + 1))
      keep_peak(scene->peaks, &scene->n_peaks,
                (Peak){w->x[i - 1], w->x[i], w->x[i + 1], th_integral_size(w, i), 0});
  }
}

/* From the anchor over the scale of the integral to where its tail begins, or nothing is left. */
static bool begin_infinite(ThIntegralWork *w, double anchor, double sign, bool closely) {
  size_t n, n_ends = 0;
  double ends[MAX_ENDS], u[MAX_ENDS];
  Scene scene;
  if (!look_out(w, anchor, sign, closely, &n)) return false;
  read_scene(w, anchor, n, &scene);
  bool tail = scene.limit > DBL_MAX;
  double reach = scene.center;
  for (size_t i = 0; i < scene.n_peaks; i++)
    if (!add_peak(w, &scene.peaks[i], 4 * fabs(scene.peaks[i].at - anchor), u, &n_ends)) return false;
  for (size_t i = 0; i < n_ends; i++) {
    u[i] = fmax(sign * (u[i] - anchor), 0);
    reach = fmax(reach, u[i]);
  }
  u[n_ends++] = 0;
  u[n_ends++] = 0.125 * scene.center;
  u[n_ends++] = scene.center;
  u[n_ends++] = tail ? 4 * reach : scene.limit;
  if (!tail && scene.limit > 16 * reach) u[n_ends++] = sqrt(reach * scene.limit);
  qsort(u, n_ends, sizeof *u, th_real_ascending);
  for (size_t i = 0; i < n_ends; i++) ends[i] = anchor + sign * u[i];
  if (!add_panels(w, ends, n_ends, false)) return false;
  ThIntegralPart rest = {.rest = true,
                         .outward = true,
                         .waves = scene.waves,
                         .anchor = anchor,
                         .sign = sign,
                         .edge = 4 * reach,
                         .error = TH_INFINITY};
  return !tail || th_integral_add(w, rest);
}

bool th_integral_begin(ThIntegralWork *w, double a, double b, bool closely) {
  if (b > DBL_MAX) return begin_infinite(w, a, 1, closely);
  return a < -DBL_MAX ? begin_infinite(w, b, -1, closely) : begin_finite(w, a, b, closely);
}
