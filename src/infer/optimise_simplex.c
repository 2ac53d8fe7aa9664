/* optimise_simplex.c - n + 1 points that tumble downhill: nelder_mead, for values without derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nelder and Mead (1965), with the parameters of Gao and Han, "Implementing the Nelder-Mead simplex algorithm with
 * adaptive parameters" (2012), for more than two variables. A simplex that has become flat converges where there is no
 * minimum: it begins anew around its best point. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "infer/optimise.h"

#define FLAT 1e-4 /* of the volume that edges of these lengths can span */

enum { MAX_RESTARTS = 20 };

typedef struct Simplex {
  double *corners; /* (n + 1, n), the best first, the worst last */
  double *values;  /* (n + 1) */
  double *center;  /* of all but the worst */
  double *edges;   /* (n, n): work */
  double expand, contract, shrink;
  double restart_value; /* the best value when it last began */
  int restarts;
} Simplex;

static size_t n_numbers(size_t n) { return (n + 1) * n + (n + 1) + n + n * n; }

static double *corner(const ThDescent *d, size_t i) { return ((Simplex *)d->work)->corners + i * d->n; }

static bool evaluate(ThContext *cx, ThDescent *d, const double *x, double *value) {
  if (!th_objective_value(cx, d->f, x, value)) return false;
  if (isnan(*value)) *value = INFINITY;
  return true;
}

/* The last corner goes to its place in the order. */
static void sink(ThDescent *d, size_t last) {
  Simplex *s = d->work;
  size_t n = d->n;
  for (size_t i = last; i > 0 && s->values[i] < s->values[i - 1]; i--) {
    double value = s->values[i];
    s->values[i] = s->values[i - 1];
    s->values[i - 1] = value;
    for (size_t j = 0; j < n; j++) {
      double x = corner(d, i)[j];
      corner(d, i)[j] = corner(d, i - 1)[j];
      corner(d, i - 1)[j] = x;
    }
  }
}

/* Corners around the first one; `size` 0: 5 % of each coordinate. */
static bool spread_out(ThContext *cx, ThDescent *d, double size) {
  Simplex *s = d->work;
  size_t n = d->n;
  memcpy(d->trial, corner(d, 0), n * sizeof(double));
  for (size_t i = 0; i < n; i++) {
    double *c = corner(d, i + 1), x = d->trial[i];
    memcpy(c, d->trial, n * sizeof(double));
    c[i] = x + (size > 0 ? size : x != 0 ? 0.05 * x : 0.05);
    if (!th_poll(cx) || !evaluate(cx, d, c, &s->values[i + 1])) return false;
    sink(d, i + 1);
  }
  s->restart_value = s->values[0];
  return true;
}

static void init(ThDescent *d) {
  Simplex *s = d->work;
  size_t n = d->n;
  double m = n < 2 ? 2 : (double)n;
  s->corners = d->numbers;
  s->values = s->corners + (n + 1) * n;
  s->center = s->values + n + 1;
  s->edges = s->center + n;
  s->expand = 1 + 2 / m;
  s->contract = 0.75 - 0.5 / m;
  s->shrink = 1 - 1 / m;
  memcpy(s->corners, d->x, n * sizeof(double));
  s->values[0] = d->value;
}

/* --- Convergence */

static double diameter(const ThDescent *d) {
  double largest = 0;
  for (size_t i = 1; i <= d->n; i++) {
    double square = 0;
    for (size_t j = 0; j < d->n; j++) square += pow(corner(d, i)[j] - corner(d, 0)[j], 2);
    largest = fmax(largest, sqrt(square));
  }
  return largest;
}

/* The volume of the simplex over that of a box with the same edges, by Gram and Schmidt. */
static double openness(const ThDescent *d) {
  const Simplex *s = d->work;
  size_t n = d->n;
  double volume = 1;
  for (size_t i = 0; i < n; i++) {
    double *e = s->edges + i * n;
    for (size_t j = 0; j < n; j++) e[j] = corner(d, i + 1)[j] - corner(d, 0)[j];
    double length = th_norm(n, e);
    if (length == 0) return 0;
    for (size_t j = 0; j < n; j++) e[j] /= length;
    for (size_t k = 0; k < i; k++) {
      const double *other = s->edges + k * n;
      double along = 0;
      for (size_t j = 0; j < n; j++) along += e[j] * other[j];
      for (size_t j = 0; j < n; j++) e[j] -= along * other[j];
    }
    double rest = th_norm(n, e);
    volume *= rest;
    if (rest == 0) return 0;
    for (size_t j = 0; j < n; j++) e[j] /= rest;
  }
  return volume;
}

static double largest_coordinate(const ThDescent *d) {
  double largest = 0;
  for (size_t j = 0; j < d->n; j++) largest = fmax(largest, fabs(d->x[j]));
  return largest;
}

static double size_limit(const ThDescent *d) { return d->options.tol * fmax(1, largest_coordinate(d)); }

static bool is_small(const ThDescent *d) {
  const Simplex *s = d->work;
  double spread = s->values[d->n] - s->values[0], limit = d->options.tol;
  return d->step > 0 && spread <= limit * fmax(1, fabs(d->value)) && diameter(d) <= size_limit(d);
}

/* A flat simplex has not converged, unless it did not get lower since it began anew. */
static bool must_restart(const ThDescent *d) {
  const Simplex *s = d->work;
  double gain = s->restart_value - s->values[0];
  return s->restarts < MAX_RESTARTS && openness(d) < FLAT &&
         gain > d->options.tol * fmax(1e-8, fabs(d->value));
}

static void test(ThDescent *d) {
  double limit = size_limit(d), tol = d->options.tol;
  if (!is_small(d) || must_restart(d)) return;
  d->stop = TH_STOP_CONVERGED;
  if (limit == tol) snprintf(d->why, sizeof d->why, "simplex size %.2g below tol = %.4g", diameter(d), tol);
  else snprintf(d->why, sizeof d->why, "simplex size %.2g below tol*|x| = %.2g", diameter(d), limit);
}

/* --- A step */

/* trial = center + t (worst - center). */
static bool try_at(ThContext *cx, ThDescent *d, double t, double *value) {
  const Simplex *s = d->work;
  const double *worst = corner(d, d->n);
  for (size_t j = 0; j < d->n; j++) d->trial[j] = s->center[j] + t * (worst[j] - s->center[j]);
  return evaluate(cx, d, d->trial, value);
}

/* The trial takes the place of the worst. */
static void accept(ThDescent *d, double value) {
  Simplex *s = d->work;
  memcpy(corner(d, d->n), d->trial, d->n * sizeof(double));
  s->values[d->n] = value;
  sink(d, d->n);
}

static bool shrink(ThContext *cx, ThDescent *d) {
  Simplex *s = d->work;
  size_t n = d->n;
  for (size_t i = 1; i <= n; i++) {
    double *c = corner(d, i);
    for (size_t j = 0; j < n; j++) c[j] = corner(d, 0)[j] + s->shrink * (c[j] - corner(d, 0)[j]);
    if (!th_poll(cx) || !evaluate(cx, d, c, &s->values[i])) return false;
  }
  for (size_t i = 1; i <= n; i++) sink(d, i);
  return true;
}

static void find_center(ThDescent *d) {
  Simplex *s = d->work;
  for (size_t j = 0; j < d->n; j++) {
    s->center[j] = 0;
    for (size_t i = 0; i < d->n; i++) s->center[j] += corner(d, i)[j];
    s->center[j] /= (double)d->n;
  }
}

static bool expand(ThContext *cx, ThDescent *d, double reflected) {
  double value;
  memcpy(d->trial_gradient, d->trial,
         d->n * sizeof(double)); /* the reflected point; there are no gradients here */
  if (!try_at(cx, d, -((Simplex *)d->work)->expand, &value)) return false;
  if (!(value < reflected)) memcpy(d->trial, d->trial_gradient, d->n * sizeof(double)), value = reflected;
  accept(d, value);
  return true;
}

static bool contract(ThContext *cx, ThDescent *d, double reflected) {
  const Simplex *s = d->work;
  double worst = s->values[d->n], value;
  bool outside = reflected < worst;
  if (!try_at(cx, d, outside ? -s->contract : s->contract, &value)) return false;
  if (!(outside ? value <= reflected : value < worst)) return shrink(cx, d);
  accept(d, value);
  return true;
}

static bool tumble(ThContext *cx, ThDescent *d) {
  const Simplex *s = d->work;
  double reflected, best = s->values[0], second_worst = s->values[d->n - 1];
  find_center(d);
  if (!try_at(cx, d, -1, &reflected)) return false;
  if (reflected < best) return expand(cx, d, reflected);
  if (!(reflected < second_worst)) return contract(cx, d, reflected);
  accept(d, reflected);
  return true;
}

static bool step(ThContext *cx, ThDescent *d) {
  Simplex *s = d->work;
  if (d->step == 0 && !spread_out(cx, d, 0)) return false;
  if (d->step > 0 && is_small(d)) { /* flat, or it would have stopped */
    s->restarts++;
    if (!spread_out(cx, d, fmax(1e-3, 1e-3 * largest_coordinate(d)))) return false;
  }
  if (!tumble(cx, d)) return false;
  memcpy(d->x, corner(d, 0), d->n * sizeof(double));
  d->value = s->values[0];
  return true;
}

const ThOptimiser th_optimise_simplex = {.name = "nelder_mead",
                                         .needs = TH_NEEDS_VALUE,
                                         .lr = NAN,
                                         .work_size = sizeof(Simplex),
                                         .n_numbers = n_numbers,
                                         .init = init,
                                         .step = step,
                                         .test = test};
