/* points.c - a function of the language at many points */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/points.h"

#include "num/real.h"
#include "val/array.h"

static bool call_one(const ThPoints *p, double x, double *y) {
  ThValue argument = th_number(x), value;
  char got[96];
  if (!th_call_values(p->cx, p->f, &argument, 1, &value)) return false;
  bool ok = th_to_number(value, y) ||
            th_fail_argument(p->cx, 1, TH_ERROR_TYPE,
                             "the function of a %s must give a number, at %.6g it gave %s", p->what, x,
                             th_describe(value, got, sizeof got));
  th_release(value);
  return ok;
}

static bool call_each(const ThPoints *p, size_t n, const double *x, double *y) {
  for (size_t i = 0; i < n; i++)
    if (!call_one(p, x[i], &y[i])) return false;
  return true;
}

/* *maps: f took the array and gave an array of as many real numbers. False only for what nothing may turn into an
 * answer. */
static bool call_all(const ThPoints *p, size_t n, const double *x, double *y, bool *maps) {
  ThValue argument, value;
  *maps = false;
  if (!th_vector_from(p->cx, x, n, &argument)) return false;
  bool ok = th_call_values(p->cx, p->f, &argument, 1, &value);
  th_release(argument);
  if (!ok) {
    if (th_is_final(p->cx)) return false;
    th_error_clear(p->cx);
    return true;
  }
  const ThArray *a = th_is_array(value) ? th_as_array(value) : NULL;
  *maps = a && a->rank == 1 && a->length == n && a->element != TH_COMPLEX;
  for (size_t i = 0; *maps && i < n; i++) y[i] = th_array_real(a, i);
  th_release(value);
  return true;
}

static bool ask(ThPoints *p, const double *x) {
  double all[2], each[2];
  p->asked = true;
  if (!call_all(p, 2, x, all, &p->maps) || !call_each(p, 2, x, each)) return false;
  p->maps = p->maps && th_real_is_same(all[0], each[0]) && th_real_is_same(all[1], each[1]);
  return true;
}

bool th_points_call(void *self, size_t n, const double *x, double *y) {
  ThPoints *p = self;
  bool done = false;
  if (n >= 2 && !p->asked && !ask(p, x)) return false;
  if (n >= 2 && p->maps && !call_all(p, n, x, y, &done)) return false;
  return done || call_each(p, n, x, y);
}
