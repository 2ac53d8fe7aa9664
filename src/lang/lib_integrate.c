/* lib_integrate.c - the built-in integrate */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <complex.h>
#include <math.h>
#include <stdio.h>

#include "lang/lib_support.h"
#include "lang/quadrature.h"

const char th_quadrature_what[] = "the function of an integral";

/* Points of the range that are nowhere special, to try the function at. */
static void try_points(double a, double b, double *x) {
  static const double shares[] = {0.3824, 0.6179, 0.2361, 0.8541};
  for (size_t i = 0; i < 4; i++) {
    if (isfinite(a) && isfinite(b)) x[i] = a + shares[i] * (b - a);
    else if (isfinite(a)) x[i] = a + (b > a ? 1 : -1) * (0.5 + shares[i]);
    else x[i] = isfinite(b) ? b + (a > b ? 1 : -1) * (0.5 + shares[i]) : shares[i] - 0.5;
  }
}

/* --- What is said of an integral that is no number */

static bool fail_status(ThContext *cx, const ThQuadrature *q) {
  const ThIntegralResult *r = &q->result;
  if (r->status == TH_INTEGRAL_NOT_FINITE)
    return th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "the function is %s at %.6g, which the integral needs",
                            isnan(r->f_at) ? "nan"
                            : r->f_at > 0  ? "inf"
                                           : "-inf",
                            r->at);
  if (r->status == TH_INTEGRAL_UNDAMPED)
    return th_fail_argument(
        cx, 1, TH_ERROR_NUMERIC,
        "the integral does not exist: towards %g the function oscillates and does not die out", r->at);
  if (r->status == TH_INTEGRAL_DIVERGES && isinf(r->at))
    return th_fail_argument(cx, 1, TH_ERROR_NUMERIC,
                            "the integral diverges at %g: the function falls no faster than 1/x there",
                            r->at);
  if (r->status == TH_INTEGRAL_DIVERGES)
    return th_fail_argument(
        cx, 1, TH_ERROR_NUMERIC,
        "the integral diverges at %.6g: the function grows like 1/distance there, or faster", r->at);
  th_fail_argument(cx, 1, TH_ERROR_NUMERIC,
                   "the integral does not settle: after %zu points it is %.3g ± %.1g", r->evaluations,
                   q->value[0], r->error);
  return th_hint(cx, "split the range where the function is not smooth");
}

/* Settled, or known to a thousandth. */
static bool is_known(const ThQuadrature *q) {
  double size = 0;
  for (size_t k = 0; k < q->width; k++) size = fmax(size, fabs(q->value[k]));
  return q->result.status == TH_INTEGRAL_SETTLED ||
         (q->result.status == TH_INTEGRAL_UNSETTLED && q->result.error <= 1e-3 * size);
}

/* --- The result */

static void describe(const ThQuadrature *q, char *text, size_t size) {
  const ThIntegralResult *r = &q->result;
  int n = snprintf(text, size, "quadrature: %zu panels of 21 points (Gauss and Kronrod), %zu points in all",
                   r->n_panels, r->evaluations);
  if (r->n_extrapolated > 0 && n > 0 && (size_t)n < size)
    n += snprintf(text + n, size - (size_t)n, "; the rest at %zu end%s is extrapolated", r->n_extrapolated,
                  r->n_extrapolated == 1 ? "" : "s");
  if (n > 0 && (size_t)n < size) snprintf(text + n, size - (size_t)n, "; error below %.1e", r->error);
}

static bool give_array(ThContext *cx, const ThPoints *f, const ThQuadrature *q, ThValue *out) {
  ThArray *a = th_array_new(cx, f->shape->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE, f->shape->rank,
                            f->shape->shape);
  for (size_t i = 0; a && i < a->length; i++) {
    if (a->element == TH_DOUBLE) a->real[i] = q->value[i];
    else a->complex_[i] = th_complex_of(q->value[2 * i], q->value[2 * i + 1]);
  }
  return th_give(a, out);
}

static bool give(ThContext *cx, const ThPoints *f, const ThQuadrature *q, ThValue *out) {
  char method[120], detail[240];
  double error = q->result.error, re = q->value[0];
  if (f->value == TH_POINTS_ARRAY) return give_array(cx, f, q, out);
  describe(q, detail, sizeof detail);
  bool zero = q->result.magnitude == 0 && q->result.evaluations > 0;
  bool nothing = f->value == TH_POINTS_REAL && fabs(re) <= error && error <= 1e-9 * q->result.magnitude;
  if (nothing) re = 0; /* but rounding: the estimate shows the error itself */
  th_estimate_method("quadrature", nothing ? 0 : error, method, sizeof method);
  if (zero) snprintf(method, sizeof method, "quadrature: 0 at all %zu points", q->result.evaluations);
  if (f->value == TH_POINTS_COMPLEX)
    return th_estimate_complex(cx, th_complex_of(re, q->value[1]), error, method, detail, out);
  return th_estimate(cx, re, error, method, detail, out);
}

/* --- Finding it */

static bool integrate(ThContext *cx, ThPoints *f, ThQuadrature *q) {
  q->width = th_points_width(f);
  if (q->width == 0) return th_fail_argument(cx, 1, TH_ERROR_SHAPE, "the function gives an empty array");
  q->value = th_alloc_array(cx, q->width, sizeof *q->value);
  if (!q->value) return false;
  ThIntegralGoal goal = {.relative = fmax(q->tolerance, 4e-16), .many = f->maps, .panel = q->panel};
  return th_integral(cx, th_points_call, f, q->width, q->a, q->b, &goal, q->value, &q->result);
}

void th_quadrature_clear(ThContext *cx, ThQuadrature *q) {
  if (q->value) th_free(cx, q->value, q->width * sizeof *q->value);
  q->value = NULL;
}

/* A function that was real where it was tried may be complex elsewhere: then everything is taken as complex. */
bool th_quadrature_find(ThContext *cx, ThPoints *f, ThQuadrature *q) {
  double x[4];
  try_points(q->a, q->b, x);
  if (!th_points_ask(f, 4, x)) return false;
  if (integrate(cx, f, q)) return true;
  if (!f->met_complex || f->value != TH_POINTS_REAL || th_is_final(cx)) return false;
  th_error_clear(cx);
  th_quadrature_clear(cx, q);
  f->value = TH_POINTS_COMPLEX;
  f->maps = false;
  return integrate(cx, f, q);
}

static bool body_integrate(ThContext *cx, const ThCall *call, ThValue *out) {
  ThQuadrature q = {
      .a = th_arg_number(call, 1), .b = th_arg_number(call, 2), .tolerance = th_arg_number(call, 3)};
  ThPoints f = {.cx = cx, .f = call->args[0], .what = th_quadrature_what};
  for (size_t i = 1; i < 3; i++)
    if (isnan(th_arg_number(call, i)))
      return th_fail_argument(cx, (int)i + 1, TH_ERROR_VALUE, "a limit of the integral is nan");
  ThNote note = th_note_pause(cx); /* what a function has to say at one point it would say at thousands */
  bool ok = th_quadrature_find(cx, &f, &q) && (is_known(&q) || fail_status(cx, &q)) && give(cx, &f, &q, out);
  th_note_resume(cx, note);
  th_quadrature_clear(cx, &q);
  th_points_clear(&f);
  return ok;
}

const ThBuiltin th_lib_integrate[] = {
    {"integrate(f: function, a: number, b: number, tol: positive = 1e-12) -> estimate", body_integrate,
     "calculus", "the integral of a function of one number",
     "a and b may be infinite, and turned. Panels are halved where the function is not smooth; singular ends, like "
     "those of 1/sqrt(x) and log(x), slow tails and oscillating ones are extrapolated. tol is the relative error that "
     "is aimed at; error(…) is a bound of the one reached. The function may give a complex number; when it gives an "
     "array, so does the integral, which then is a plain array. It is called with many points at once where it maps "
     "arrays, which is quicker. An integral that diverges is an error. Integrals within each other work, and so do "
     "derivatives by the limits and by what the function has captured; a jump of the function that moves is not "
     "followed",
     "integrate(x -> exp(-x^2), -inf, inf)\n#> 1.77245  quadrature, error < 1e-13\n"
     "integrate(x -> exp(2i*x)/sqrt(x), 0, 1)\n#> 1.33519 + 0.997624i  quadrature, error < 1e-13\n"
     "integrate(x -> integrate(y -> x*y^2, 0, x), 0, 1)\n#> 0.0666667  quadrature, error < 1e-15",
     "root ode E density error how", NULL},
    {0},
};
