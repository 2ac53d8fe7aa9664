/* root.c - zeros of functions of one variable, a step at a time */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brent's method (1973): the safety of bisection, the speed of interpolation. Interpolation is taken when it
 * stays in the better three quarters of the bracket and shrinks the steps before last. */
#include "num/root.h"

#include "num/real.h"

static bool evaluate(ThContext *cx, ThRoot *r, double x, double *y) {
  if (!r->f(r->self, x, y)) return false;
  r->evaluations++;
  if (*y == *y) return true;
  return th_fail(cx, TH_ERROR_NUMERIC, "the function is nan at %.6g", x);
}

/* Makes `root` the better end. */
static void order(ThRoot *r) {
  if (fabs(r->f_other) >= fabs(r->f_root)) return;
  double x = r->root, y = r->f_root;
  r->last = x;
  r->f_last = y;
  r->root = r->other;
  r->f_root = r->f_other;
  r->other = x;
  r->f_other = y;
}

bool th_root_init(ThContext *cx, ThRoot *r, ThRootFunction f, void *self, double a, double b) {
  *r = (ThRoot){.f = f, .self = self, .root = b, .other = a, .how = "start"};
  if (!(fabs(a) <= DBL_MAX && fabs(b) <= DBL_MAX))
    return th_fail(cx, TH_ERROR_VALUE, "a root is looked for between two finite numbers");
  if (!evaluate(cx, r, a, &r->f_other) || !evaluate(cx, r, b, &r->f_root)) return false;
  if ((r->f_root > 0 && r->f_other > 0) || (r->f_root < 0 && r->f_other < 0)) {
    const char *sign = r->f_root > 0 ? "positive" : "negative";
    return th_fail(cx, TH_ERROR_VALUE, "the function is %s at both ends, %.6g and %.6g", sign, a, b);
  }
  r->last = r->other;
  r->f_last = r->f_other;
  order(r);
  r->step = r->last_step = r->other - r->root;
  return true;
}

/* The step that interpolation proposes from `root`, as a quotient p/q with p >= 0. */
static void interpolate(ThRoot *r, double *p, double *q) {
  double s = r->f_root / r->f_last;
  if (r->last == r->other) {
    *p = (r->other - r->root) * s;
    *q = 1 - s;
    r->how = "secant";
  } else {
    double t = r->f_last / r->f_other, u = r->f_root / r->f_other;
    *p = s * ((r->other - r->root) * t * (t - u) - (r->root - r->last) * (u - 1));
    *q = (t - 1) * (u - 1) * (s - 1);
    r->how = "inverse quadratic";
  }
  if (*p > 0) *q = -*q;
  else *p = -*p;
}

/* The least step that moves x: some units of its last place. */
static double least_step(double x) { return fmax(2 * DBL_EPSILON * fabs(x), DBL_MIN); }

bool th_root_step(ThContext *cx, ThRoot *r) {
  if (r->f_root == 0) return true;
  double half = 0.5 * (r->other - r->root), least = least_step(r->root), p = 0, q = 0;
  bool bisect = fabs(r->last_step) < least || fabs(r->f_last) <= fabs(r->f_root);
  if (!bisect) {
    interpolate(r, &p, &q);
    bisect = !(2 * p < fmin(3 * half * q - fabs(least * q), fabs(r->last_step * q)));
  }
  r->last_step = bisect ? half : r->step;
  r->step = bisect ? half : p / q;
  if (bisect) r->how = "bisection";
  r->last = r->root;
  r->f_last = r->f_root;
  r->root += fabs(r->step) > least ? r->step : copysign(fmin(least, fabs(half)), half);
  if (!evaluate(cx, r, r->root, &r->f_root)) return false;
  r->iterations++;
  if ((r->f_root > 0) == (r->f_other > 0) && r->f_root != 0) { /* the root is on the other side now */
    r->other = r->last;
    r->f_other = r->f_last;
    r->step = r->last_step = r->root - r->last;
  }
  order(r);
  return true;
}

bool th_root_test(const ThRoot *r, double absolute, double relative) {
  double tolerance = fmax(absolute + relative * fabs(r->root), 2 * least_step(r->root));
  return r->f_root == 0 || fabs(r->other - r->root) <= tolerance;
}

bool th_root_find(ThContext *cx, ThRootFunction f, void *self, double a, double b, double *root,
                  double *error) {
  ThRoot r;
  if (!th_root_init(cx, &r, f, self, a, b)) return false;
  double start = fmax(fabs(r.f_root), fabs(r.f_other));
  for (int i = 0; i < 2000 && !th_root_test(&r, 0, 1e-15); i++)
    if (!th_poll(cx) || !th_root_step(cx, &r)) return false;
  if (fabs(r.f_root) > start)
    return th_fail(cx, TH_ERROR_NUMERIC, "the function changes sign at %.6g without being 0 there", r.root);
  *root = r.root;
  *error = r.f_root == 0 ? 0 : fabs(r.other - r.root);
  return true;
}
