/* absolute_deviations.c - regression by least absolute deviations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Barrodale and Roberts (1973): from a point where k deviations are 0, the active ones, along the edge that leaves one
 * of them and falls most steeply, to the weighted median of where the others change their signs. */
#include "num/absolute_deviations.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/linalg.h"
#include "num/real.h"

enum { STEPS = 50 }; /* for each datum and column, at most */

#define LEVEL 1e-11 /* a slope of so much of its terms is none */

typedef struct Crossing {
  double at, gain; /* where a deviation changes its sign, and what the slope gains there */
  size_t datum;
} Crossing;

typedef struct Descent {
  ThContext *cx;
  size_t n, k;
  const double *x, *y, *weight;
  double *block, *beta, *rest, *active_x, *inverse; /* (k), (n), (k, k), (k, k) */
  size_t *active;                                   /* (k) */
  bool *is_active;                                  /* (n) */
  Crossing *crossings;                              /* (n) */
} Descent;

static double along(const Descent *d, size_t i, size_t edge) {
  double sum = 0;
  for (size_t j = 0; j < d->k; j++) sum += d->x[i * d->k + j] * d->inverse[j * d->k + edge];
  return sum;
}

/* Rows that are independent, those of the largest parts beside what has been chosen first. */
static bool choose_active(Descent *d, double *parts) {
  size_t n = d->n, k = d->k;
  memcpy(parts, d->x, n * k * sizeof *parts);
  for (size_t m = 0; m < k; m++) {
    size_t best = n;
    double most = 0;
    for (size_t i = 0; i < n; i++) {
      double size = th_linalg_dot(k, parts + i * k, parts + i * k);
      double whole = th_linalg_dot(k, d->x + i * k, d->x + i * k);
      if (!d->is_active[i] && size > 1e-18 * whole && size > most) most = size, best = i;
    }
    if (best == n) return false;
    d->active[m] = best;
    d->is_active[best] = true;
    double *unit = parts + best * k;
    for (size_t i = 0; i < n; i++) {
      double share = i == best ? 0 : th_linalg_dot(k, parts + i * k, unit) / most;
      for (size_t j = 0; share != 0 && j < k; j++) parts[i * k + j] -= share * unit[j];
    }
  }
  return true;
}

/* β where the active deviations are 0, and all others there. */
static bool settle(Descent *d) {
  ThSolveReport report;
  size_t k = d->k;
  for (size_t m = 0; m < k; m++) memcpy(d->active_x + m * k, d->x + d->active[m] * k, k * sizeof *d->x);
  if (!th_linalg_inverse(d->cx, k, d->active_x, d->inverse, &report)) return false;
  for (size_t j = 0; j < k; j++) {
    d->beta[j] = 0;
    for (size_t m = 0; m < k; m++) d->beta[j] += d->inverse[j * k + m] * d->y[d->active[m]];
  }
  for (size_t i = 0; i < d->n; i++) {
    double fitted = th_linalg_dot(k, d->x + i * k, d->beta);
    d->rest[i] = d->is_active[i] ? 0 : d->y[i] - fitted;
    if (fabs(d->rest[i]) <= 1e-13 * (fabs(d->y[i]) + fabs(fitted))) d->rest[i] = 0;
  }
  return true;
}

/* The steepest way down: leaving active deviation *edge with that sign; its slope, which is not below 0 at the minimum.
 * *level: it is 0 along some edge. */
static double steepest(const Descent *d, size_t *edge, double *sign, bool *level) {
  double least = TH_INFINITY;
  *level = false;
  for (size_t m = 0; m < d->k; m++) {
    double pull = 0, hold = d->weight[d->active[m]], size = hold;
    for (size_t i = 0; i < d->n; i++) {
      if (d->is_active[i]) continue;
      double share = d->weight[i] * along(d, i, m);
      size += fabs(share);
      if (d->rest[i] == 0) hold += fabs(share);
      else pull += d->rest[i] > 0 ? share : -share;
    }
    for (int way = -1; way <= 1; way += 2) {
      double slope = hold - way * pull;
      if (fabs(slope) <= LEVEL * size) slope = 0;
      *level = *level || slope == 0;
      if (slope < least) least = slope, *edge = m, *sign = way;
    }
  }
  return least;
}

static int ascending(const void *a, const void *b) {
  return th_real_ascending(&((const Crossing *)a)->at, &((const Crossing *)b)->at);
}

/* Along the edge until the slope is no longer below 0; the deviation that is 0 there becomes active. */
static bool walk(Descent *d, size_t edge, double sign, double slope) {
  size_t count = 0;
  for (size_t i = 0; i < d->n; i++) {
    double rate = sign * along(d, i, edge);
    if (d->is_active[i] || !(d->rest[i] * rate > 0)) continue;
    d->crossings[count++] = (Crossing){d->rest[i] / rate, 2 * d->weight[i] * fabs(rate), i};
  }
  qsort(d->crossings, count, sizeof *d->crossings, ascending);
  for (size_t c = 0; c < count; c++) {
    slope += d->crossings[c].gain;
    if (slope < 0) continue;
    d->is_active[d->active[edge]] = false;
    d->active[edge] = d->crossings[c].datum;
    d->is_active[d->active[edge]] = true;
    return true;
  }
  return false;
}

static bool descend(Descent *d, bool *found, bool *unique) {
  for (size_t step = 0; step < STEPS * (d->n + d->k); step++) {
    size_t edge = 0;
    double sign = 1;
    bool level;
    if (!th_poll(d->cx) || !settle(d)) return false;
    double slope = steepest(d, &edge, &sign, &level);
    *found = slope >= 0;
    *unique = !level;
    if (*found || !walk(d, edge, sign, slope)) return true;
  }
  return true;
}

bool th_absolute_deviations(ThContext *cx, size_t n, size_t k, const double *x, const double *y,
                            const double *weight, double *beta, bool *found, bool *unique) {
  Descent d = {.cx = cx, .n = n, .k = k, .x = x, .y = y, .weight = weight, .beta = beta};
  size_t size = n * k + n + 2 * k * k + 1;
  *found = *unique = false;
  if (n < k || k == 0) return true;
  d.block = th_alloc_array(cx, size, sizeof *d.block);
  d.active = th_alloc_array(cx, k, sizeof *d.active);
  d.is_active = th_alloc_array(cx, n, sizeof *d.is_active);
  d.crossings = th_alloc_array(cx, n, sizeof *d.crossings);
  bool ok = d.block && d.active && d.is_active && d.crossings;
  if (ok) {
    d.rest = d.block + n * k;
    d.active_x = d.rest + n;
    d.inverse = d.active_x + k * k;
    memset(d.is_active, 0, n * sizeof *d.is_active);
    if (choose_active(&d, d.block)) ok = descend(&d, found, unique);
  }
  if (d.block) th_free(cx, d.block, size * sizeof *d.block);
  if (d.active) th_free(cx, d.active, k * sizeof *d.active);
  if (d.is_active) th_free(cx, d.is_active, n * sizeof *d.is_active);
  if (d.crossings) th_free(cx, d.crossings, n * sizeof *d.crossings);
  return ok;
}
