/* plot_plane.c - functions of the plane, and numbers on a grid in it, out of a call's arguments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_plane.h"

#include <math.h>

#include "lang/code.h"
#include "ui/plot_items.h"

bool th_plane_is_function(ThValue v) { return th_kind_of(v) && th_kind_of(v)->call; }

bool th_plane_call(ThContext *cx, ThValue function, double x, double y, ThValue *out) {
  ThValue both[2] = {th_number(x), th_number(y)}, point;
  bool takes_two = th_is_function(function) && th_as_function(function)->prototype->n_parameters >= 2;
  if (takes_two) return th_call_values(cx, function, both, 2, out);
  const double at[2] = {x, y};
  if (!th_vector_from(cx, at, 2, &point)) return false;
  bool ok = th_call_values(cx, function, &point, 1, out);
  th_release(point);
  return ok;
}

static const char *verb_of(const ThCall *call, char *buffer, size_t size) {
  return th_builtin_name(call->builtin, buffer, size);
}

static bool fail_range(ThContext *cx, const ThCall *call, size_t i) {
  char verb[32];
  th_fail_argument(cx, (int)i + 1, TH_ERROR_VALUE, "from where to where should the function be drawn?");
  return th_hint(cx, "%s(f, [-3, 3], [-3, 3])", verb_of(call, verb, sizeof verb));
}

bool th_plane_axis(ThContext *cx, const ThCall *call, size_t i, size_t n, ThArray **out) {
  ThArray *ends;
  if (th_is_none(call->args[i])) return fail_range(cx, call, i);
  if (!th_plot_array(cx, call, i, &ends)) return false;
  bool two = ends->length == 2;
  double from = two ? th_array_real(ends, 0) : 0, to = two ? th_array_real(ends, 1) : 0;
  th_release(th_object(ends));
  if (!two || !isfinite(to - from) || from == to) return fail_range(cx, call, i);
  *out = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t k = 0; *out && k < n; k++)
    (*out)->real[k] = fmin(from, to) + fabs(to - from) * (double)k / ((double)n - 1);
  return *out != NULL;
}

static bool evaluate(ThContext *cx, ThValue function, ThPlane *p) {
  size_t nx = p->x->length, ny = p->y->length;
  p->z = th_matrix_new(cx, TH_DOUBLE, ny, nx);
  bool ok = p->z != NULL;
  for (size_t i = 0; ok && i < nx * ny; i++) {
    ThValue result;
    ok = th_poll(cx) &&
         th_plane_call(cx, function, th_array_real(p->x, i % nx), th_array_real(p->y, i / nx), &result) &&
         th_plot_number_take(cx, result, "a number is needed at each point of the plane", &p->z->real[i]);
  }
  return ok;
}

static bool count(ThContext *cx, size_t n, ThArray **out) {
  *out = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t i = 0; *out && i < n; i++) (*out)->real[i] = (double)i + 1;
  return *out != NULL;
}

static bool read_matrix(ThContext *cx, const ThCall *call, ThPlane *p) {
  char verb[32], what[80];
  p->is_matrix = true;
  if (!th_is_array(call->args[0])) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` takes a function of the plane, or a matrix; got %s",
                     verb_of(call, verb, sizeof verb), th_describe(call->args[0], what, sizeof what));
    return th_hint(cx, "%s(f, [-3, 3], [-3, 3]), %s(Z), %s(x, y, Z)", verb, verb, verb);
  }
  if (!th_plot_array(cx, call, 0, &p->z)) return false;
  if (p->z->rank != 2 || p->z->length == 0) {
    th_fail_argument(cx, 1, TH_ERROR_SHAPE, "`%s` of one array takes a matrix",
                     verb_of(call, verb, sizeof verb));
    return th_hint(cx, "%s(f, [-3, 3], [-3, 3]), %s(Z), %s(x, y, Z)", verb, verb, verb);
  }
  return count(cx, p->z->shape[1], &p->x) && count(cx, p->z->shape[0], &p->y);
}

static bool check_shape(ThContext *cx, const ThPlane *p) {
  char shape[80];
  const ThArray *z = p->z;
  if (z->rank == 2 && z->shape[0] == p->y->length && z->shape[1] == p->x->length) return true;
  th_fail_argument(cx, 3, TH_ERROR_SHAPE, "Z[i, j] stands at y[i], x[j]: Z is %s for %zu x and %zu y",
                   th_shape_text(z->rank, z->shape, shape, sizeof shape), p->x->length, p->y->length);
  bool turned = z->rank == 2 && z->shape[1] == p->y->length && z->shape[0] == p->x->length;
  return turned ? th_hint(cx, "its transpose is: Z'") : false;
}

static bool check_vectors(ThContext *cx, const ThPlane *p) {
  const ThArray *const both[] = {p->x, p->y};
  for (size_t k = 0; k < 2; k++)
    if (both[k]->rank != 1 || both[k]->length < 2)
      return th_fail_argument(cx, (int)k + 1, TH_ERROR_SHAPE, "%s is a vector of two places at least",
                              k ? "y" : "x");
  return true;
}

static bool read_grid(ThContext *cx, const ThCall *call, ThPlane *p) {
  if (!th_plot_array(cx, call, 0, &p->x) || !th_plot_array(cx, call, 1, &p->y) || !check_vectors(cx, p))
    return false;
  if (th_plane_is_function(call->args[2])) return evaluate(cx, call->args[2], p);
  return th_plot_array(cx, call, 2, &p->z) && check_shape(cx, p);
}

static bool read_function(ThContext *cx, const ThCall *call, size_t n, ThPlane *p) {
  return th_plane_axis(cx, call, 1, n, &p->x) && th_plane_axis(cx, call, 2, n, &p->y) &&
         evaluate(cx, call->args[0], p);
}

bool th_plane_read(ThContext *cx, const ThCall *call, size_t n, ThPlane *out) {
  *out = (ThPlane){0};
  bool ok = th_plane_is_function(call->args[0]) ? read_function(cx, call, n, out)
            : th_is_none(call->args[1])         ? read_matrix(cx, call, out)
                                                : read_grid(cx, call, out);
  if (!ok) th_plane_clear(out);
  return ok;
}

void th_plane_clear(ThPlane *p) {
  ThArray *const all[] = {p->x, p->y, p->z};
  for (size_t k = 0; k < 3; k++)
    if (all[k]) th_release(th_object(all[k]));
  *p = (ThPlane){0};
}
