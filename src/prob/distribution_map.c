/* distribution_map.c - functions of a distribution and a point, over arrays of both */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/distribution_map.h"

#include "val/broadcast.h"

static size_t cell_size(const ThCell *cell) {
  size_t size = 1;
  for (uint32_t k = 0; k < cell->rank; k++) size *= cell->shape[k];
  return size;
}

/* An array of these axes and, behind them, those of the cell. */
static ThArray *new_array(ThContext *cx, uint32_t rank, const size_t *shape, const ThCell *cell) {
  size_t all[TH_MAX_RANK];
  if (rank + cell->rank > TH_MAX_RANK) {
    (void)th_fail(cx, TH_ERROR_SHAPE, "the distributions have too many axes");
    return NULL;
  }
  for (uint32_t k = 0; k < rank; k++) all[k] = shape[k];
  for (uint32_t k = 0; k < cell->rank; k++) all[rank + k] = cell->shape[k];
  return th_array_new(cx, TH_DOUBLE, rank + cell->rank, all);
}

static bool finish(ThArray *y, bool ok, ThValue *out) {
  if (ok) *out = th_object(y);
  else if (y) th_release(th_object(y));
  return ok;
}

typedef struct Walk {
  ThContext *cx;
  const ThDistribution *d;
  const ThArray *x;
  ThPointwise f;
  int which;
  size_t width; /* of a cell */
} Walk;

/* The innermost axis of the plan from element i and point j on. */
static bool run(const Walk *w, const ThBroadcast *plan, size_t i, size_t j, double *y) {
  uint32_t last = plan->n_axes - 1;
  for (size_t k = 0; k < plan->counts[last]; k++) {
    if (!th_poll_at(w->cx, k) || !w->f(w->cx, w->d, i, w->which, w->x->real[j], y + k * w->width))
      return false;
    i += plan->a_steps[last];
    j += plan->b_steps[last];
  }
  return true;
}

/* Steps over the outer axes: an odometer, whose wheels carry the places in both operands. */
static bool walk(const Walk *w, const ThBroadcast *plan, double *y) {
  size_t digit[TH_MAX_RANK] = {0}, i = 0, j = 0, inner = plan->n_axes ? plan->counts[plan->n_axes - 1] : 1;
  if (plan->length == 0) return true;
  if (plan->n_axes == 0) return w->f(w->cx, w->d, 0, w->which, w->x->real[0], y);
  for (size_t done = 0;; y += inner * w->width) {
    if (!run(w, plan, i, j, y)) return false;
    if ((done += inner) >= plan->length) return true;
    for (size_t k = plan->n_axes - 1; k-- > 0;) {
      i += plan->a_steps[k];
      j += plan->b_steps[k];
      if (++digit[k] < plan->counts[k]) break;
      i -= plan->a_steps[k] * plan->counts[k];
      j -= plan->b_steps[k] * plan->counts[k];
      digit[k] = 0;
    }
  }
}

static bool map_array(const Walk *w, const ThCell *cell, ThValue *out) {
  const ThDistribution *d = w->d;
  const ThArray *x = w->x;
  ThBroadcast plan;
  char first[96], second[96];
  if (!th_broadcast(d->rank, d->shape, x->rank, x->shape, &plan))
    return th_fail(w->cx, TH_ERROR_SHAPE,
                   "the points have shape %s and the distributions %s: these do not fit each other",
                   th_shape_text(x->rank, x->shape, first, sizeof first),
                   th_shape_text(d->rank, d->shape, second, sizeof second));
  ThArray *y = new_array(w->cx, plan.rank, plan.shape, cell);
  return finish(y, y && walk(w, &plan, y->real), out);
}

bool th_distribution_map_elements(ThContext *cx, const ThDistribution *d, double x, ThPointwise f, int which,
                                  const ThCell *cell, ThValue *out) {
  double y;
  size_t width = cell_size(cell);
  if (d->rank == 0 && cell->rank == 0) {
    if (!f(cx, d, 0, which, x, &y)) return false;
    *out = th_number(y);
    return true;
  }
  ThArray *a = new_array(cx, d->rank, d->shape, cell);
  bool ok = a != NULL;
  for (size_t i = 0; ok && i < d->length; i++)
    ok = f(cx, d, i, which, x, &a->real[i * width]) && (i % 4096 || th_poll(cx));
  return finish(a, ok, out);
}

bool th_distribution_map(ThContext *cx, const ThDistribution *d, ThValue x, ThPointwise f, int which,
                         const ThCell *cell, ThValue *out) {
  double number;
  if (th_to_number(x, &number)) return th_distribution_map_elements(cx, d, number, f, which, cell, out);
  bool scalar;
  ThArray *a;
  if (!th_to_real_array(cx, x, "the argument", &scalar, &a)) return false;
  Walk w = {cx, d, a, f, which, cell_size(cell)};
  bool ok = map_array(&w, cell, out);
  th_release(th_object(a));
  return ok;
}
