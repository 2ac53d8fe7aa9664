/* points.c - a function of the language at many points */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/points.h"

#include <complex.h>

#include "num/real.h"
#include "val/basic.h"

enum { TRIED = 4 };

size_t th_points_width(const ThPoints *p) {
  if (p->value == TH_POINTS_REAL) return 1;
  if (p->value == TH_POINTS_COMPLEX) return 2;
  return p->shape->length * (p->shape->element == TH_COMPLEX ? 2 : 1);
}

void th_points_clear(ThPoints *p) {
  if (p->shape) th_release(th_object(p->shape));
  p->shape = NULL;
}

static bool fail_value(ThPoints *p, double x, ThValue value) {
  char got[96], wanted[80] = "a number";
  if (p->value == TH_POINTS_ARRAY) th_describe(th_object(p->shape), wanted, sizeof wanted);
  return th_fail_argument(p->cx, 1, TH_ERROR_TYPE, "%s must give %s, at %.6g it gave %s", p->what, wanted, x,
                          th_describe(value, got, sizeof got));
}

/* An array like the first one. */
static bool read_array(ThPoints *p, double x, ThValue value, double *y) {
  const ThArray *a = th_is_array(value) ? th_as_array(value) : NULL;
  if (!a || !th_same_shape(a, p->shape)) return fail_value(p, x, value);
  if (a->element == TH_COMPLEX && p->shape->element != TH_COMPLEX) {
    p->met_complex = true;
    return fail_value(p, x, value);
  }
  for (size_t i = 0; i < a->length; i++) {
    if (p->shape->element != TH_COMPLEX) {
      y[i] = th_array_real(a, i);
      continue;
    }
    double complex z = th_array_complex(a, i);
    y[2 * i] = creal(z);
    y[2 * i + 1] = cimag(z);
  }
  return true;
}

static bool read_value(ThPoints *p, double x, ThValue value, double *y) {
  if (p->value == TH_POINTS_ARRAY) return read_array(p, x, value, y);
  bool real = th_to_number(value, y);
  if (p->value == TH_POINTS_COMPLEX) y[1] = 0;
  if (real) return true;
  if (!th_is_complex(value)) return fail_value(p, x, value);
  p->met_complex = p->value == TH_POINTS_REAL;
  if (p->met_complex) return fail_value(p, x, value);
  y[0] = creal(th_as_complex(value));
  y[1] = cimag(th_as_complex(value));
  return true;
}

/* f(x), no estimate or range. */
static bool value_at(const ThPoints *p, double x, ThValue *out) {
  ThValue argument = th_number(x), value;
  if (!th_call_values(p->cx, p->f, &argument, 1, &value)) return false;
  if (!th_is_object(value) || !th_as_object(value)->kind->decay) {
    *out = value;
    return true;
  }
  bool ok = th_decay(p->cx, value, out);
  th_release(value);
  return ok;
}

static bool call_each(ThPoints *p, size_t n, const double *x, double *y) {
  size_t width = th_points_width(p);
  for (size_t i = 0; i < n; i++) {
    ThValue value;
    if (!value_at(p, x[i], &value)) return false;
    bool ok = read_value(p, x[i], value, y + i * width);
    th_release(value);
    if (!ok) return false;
  }
  return true;
}

/* *maps: f took the array and gave an array of as many numbers. False only for what nothing may turn into an answer. */
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
  *maps = a && a->rank == 1 && a->length == n && (a->element != TH_COMPLEX || p->value == TH_POINTS_COMPLEX);
  for (size_t i = 0; *maps && i < n; i++) {
    double complex z = p->value == TH_POINTS_COMPLEX ? th_array_complex(a, i) : th_array_real(a, i);
    if (p->value == TH_POINTS_REAL) y[i] = creal(z);
    else y[2 * i] = creal(z), y[2 * i + 1] = cimag(z);
  }
  th_release(value);
  return true;
}

/* Does f map the points to what it gives one by one? */
static bool try_all(ThPoints *p, size_t n, const double *x) {
  double all[2 * TRIED], each[2 * TRIED];
  p->asked = true;
  if (n < 2 || p->value == TH_POINTS_ARRAY) return true;
  if (!call_all(p, n, x, all, &p->maps) || !call_each(p, n, x, each)) return false;
  for (size_t i = 0; i < n * th_points_width(p); i++) p->maps = p->maps && th_real_is_same(all[i], each[i]);
  return true;
}

bool th_points_ask(ThPoints *p, size_t n, const double *x) {
  for (size_t i = 0; i < n; i++) {
    ThValue value;
    if (!value_at(p, x[i], &value)) return false;
    if (th_is_complex(value)) p->value = TH_POINTS_COMPLEX;
    bool first = th_is_array(value) && !p->shape;
    bool wider = p->shape && th_is_array(value) && th_as_array(value)->element > p->shape->element;
    if (first || (wider && th_same_shape(th_as_array(value), p->shape))) {
      th_points_clear(p);
      p->shape = th_as_array(th_retain(value));
      p->value = TH_POINTS_ARRAY;
    }
    th_release(value);
  }
  return try_all(p, n, x);
}

bool th_points_call(void *self, size_t n, const double *x, double *y) {
  ThPoints *p = self;
  bool done = false;
  if (n >= 2 && !p->asked && !try_all(p, 2, x)) return false;
  if (n >= 2 && p->maps && !call_all(p, n, x, y, &done)) return false;
  return done || call_each(p, n, x, y);
}
