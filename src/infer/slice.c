/* slice.c - the log likelihood of a fit with some parameters held, at its maximum over the others */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/slice.h"

#include <math.h>
#include <string.h>

#include "infer/log_density.h"
#include "infer/optimiser.h"
#include "infer/starts.h"

enum { N_VECTORS = 8 };

/* --- Coordinates */

/* x, moved off the ends of its range. */
static void keep_inside(const ThSlice *s, double *x) {
  for (size_t j = 0; j < s->k; j++) {
    double near = 1e-9 * (1 + fabs(x[j]));
    if (!(x[j] > s->lower[j])) x[j] = s->lower[j] + near;
    if (!(x[j] < s->upper[j])) x[j] = s->upper[j] - near;
  }
}

static void find_scale(ThSlice *s) {
  double *x = s->u;
  memcpy(x, s->fit->estimate, s->k * sizeof *x);
  keep_inside(s, x);
  th_bounds_free(&s->bounds, x, s->base);
  th_bounds_bound(&s->bounds, s->base, x);
  for (size_t j = 0; j < s->k; j++) {
    double step = s->fit->se[j] / s->bounds.slope[j];
    s->scale[j] = step > 0 && isfinite(step) ? step : 0.1 * (1 + fabs(s->base[j]));
  }
}

static void spread(ThSlice *s, const double *z) {
  memcpy(s->u, s->base, s->k * sizeof *s->u);
  for (size_t i = 0; i < s->n_free; i++) s->u[s->free[i]] += s->scale[s->free[i]] * z[i];
}

static void gather(const ThSlice *s, const double *wide, double *out) {
  for (size_t i = 0; i < s->n_free; i++) out[i] = wide[s->free[i]] * s->scale[s->free[i]];
}

/* --- The objective of those that are not held */

static bool value_of(ThContext *cx, void *self, const double *z, double *value) {
  ThSlice *s = self;
  ThObjective f = th_bounds_objective(&s->bounds);
  spread(s, z);
  return f.value(cx, f.self, s->u, value);
}

static bool slope_of(ThContext *cx, void *self, const double *z, double *value, double *gradient) {
  ThSlice *s = self;
  ThObjective f = th_bounds_objective(&s->bounds);
  spread(s, z);
  if (!f.value_and_gradient(cx, f.self, s->u, value, s->wide[0])) return false;
  gather(s, s->wide[0], gradient);
  return true;
}

static bool product_of(ThContext *cx, void *self, const double *z, const double *v, double *product) {
  ThSlice *s = self;
  ThObjective f = th_bounds_objective(&s->bounds);
  spread(s, z);
  memset(s->wide[1], 0, s->k * sizeof *v);
  for (size_t i = 0; i < s->n_free; i++) s->wide[1][s->free[i]] = v[i] * s->scale[s->free[i]];
  if (!f.hessian_vector(cx, f.self, s->u, s->wide[1], s->wide[2])) return false;
  gather(s, s->wide[2], product);
  return true;
}

/* --- Life */

static bool make_replay(ThSlice *s) {
  ThValue point;
  if (!th_log_density_new(&s->r, TH_RELATIVE_NONE, &s->function)) return false;
  if (!th_vector_from(s->cx, s->fit->estimate, s->k, &point)) return false;
  s->replay = th_replay_new(s->cx, "profile", s->function, point);
  th_release(point);
  return s->replay != NULL;
}

static bool lay_out(ThSlice *s) {
  size_t k = s->k;
  s->block = th_alloc_array(s->cx, N_VECTORS * k + 1, sizeof *s->block);
  s->free = th_alloc_array(s->cx, k + 1, sizeof *s->free);
  if (!s->block || !s->free) return false;
  double **const slots[N_VECTORS] = {&s->lower, &s->upper,   &s->scale,   &s->base,
                                     &s->u,     &s->wide[0], &s->wide[1], &s->wide[2]};
  for (size_t i = 0; i < N_VECTORS; i++) *slots[i] = s->block + i * k;
  return true;
}

bool th_slice_init(ThContext *cx, const ThFit *fit, ThSlice *out) {
  ThSlice *s = out;
  *s = (ThSlice){.cx = cx, .fit = fit, .k = fit->k, .function = th_none()};
  if (!th_question_reopen(cx, &fit->question, &fit->question.data, &s->r)) return false;
  bool ok = lay_out(s) && make_replay(s);
  if (ok) {
    th_starts_ranges(&s->r, s->lower, s->upper);
    s->inner = th_replay_objective(s->replay);
    ok = th_bounds_init(cx, &s->bounds, &s->inner, s->lower, s->upper);
  }
  if (ok) {
    double value;
    find_scale(s);
    ok = s->inner.value(cx, s->inner.self, fit->estimate, &value);
    s->log_density = -value;
  }
  if (!ok) th_slice_clear(s);
  return ok;
}

void th_slice_clear(ThSlice *s) {
  if (s->bounds.block) th_bounds_clear(s->cx, &s->bounds);
  th_replay_free(s->replay);
  th_release(s->function);
  if (s->block) th_free(s->cx, s->block, (N_VECTORS * s->k + 1) * sizeof *s->block);
  if (s->free) th_free(s->cx, s->free, (s->k + 1) * sizeof *s->free);
  th_recording_clear(&s->r);
}

/* --- The maximum */

static bool is_held(size_t j, size_t n, const size_t *held) {
  for (size_t i = 0; i < n; i++)
    if (held[i] == j) return true;
  return false;
}

/* A slope of this size, of coordinates in standard errors, is 1e-10 below the maximum; along valleys that hardly fall
 * a smaller one would cost most of the time. */
static const double LEVEL_ENOUGH = 1e-5;

/* Over the free ones, from s->base. */
static bool climb(ThSlice *s, double *x, double *log_density) {
  ThObjective f = {.dimension = s->n_free,
                   .self = s,
                   .value = value_of,
                   .value_and_gradient = slope_of,
                   .hessian_vector = product_of};
  ThDescentOptions options = th_descent_defaults();
  options.tol = LEVEL_ENOUGH;
  ThDescent d;
  double value, *zero = s->wide[2];
  for (size_t i = 0; i < s->n_free; i++) zero[i] = 0;
  *log_density = -(double)INFINITY;
  if (!value_of(s->cx, s, zero, &value)) return false;
  if (!isfinite(value)) return true;
  bool ok = true;
  if (s->n_free == 0) {
    *log_density = -value;
  } else {
    ok = th_optimise(s->cx, th_optimiser_find("newton"), &f, zero, &options, &d);
    if (ok && d.stop != TH_STOP_UNBOUNDED) *log_density = -d.best_value;
    if (ok) spread(s, d.best);
    th_descent_clear(s->cx, &d);
  }
  if (ok) th_bounds_bound(&s->bounds, s->u, x);
  return ok;
}

bool th_slice_find(ThSlice *s, size_t n, const size_t *held, const double *values, double *x,
                   double *log_density) {
  s->n_free = 0;
  keep_inside(s, x);
  for (size_t i = 0; i < n; i++) x[held[i]] = values[i];
  for (size_t j = 0; j < s->k; j++)
    if (!is_held(j, n, held)) s->free[s->n_free++] = j;
  th_bounds_free(&s->bounds, x, s->base);
  if (!climb(s, x, log_density)) return false;
  for (size_t i = 0; i < n; i++)
    x[held[i]] = values[i]; /* not as rounded on the way to free coordinates and back */
  return true;
}
