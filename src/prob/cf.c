/* cf.c - characteristic functions as values: life, algebra, text, picture */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/cf.h"

#include <math.h>

#include "num/real.h"
#include "val/arithmetic.h"
#include "val/array.h"
#include "val/figure.h"

bool th_cf_new(ThContext *cx, ThCfPart part, ThValue left, ThValue right, ThValue *out) {
  ThCf *cf = th_object_new(cx, &th_cf_kind, sizeof *cf);
  if (!cf) return false;
  cf->part = part;
  cf->left = th_retain(left);
  cf->right = th_retain(right);
  *out = th_object(cf);
  return true;
}

static void cf_release(ThObject *self) {
  th_release(((ThCf *)self)->left);
  th_release(((ThCf *)self)->right);
  th_object_free(self, sizeof(ThCf));
}

bool th_cf_of_distribution(ThContext *cx, ThValue d, ThValue *out) {
  if (th_as_distribution(d)->rank > 0) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "a characteristic function is of one distribution, got %zu",
                     th_as_distribution(d)->length);
    return th_hint(cx, "one of them is `d[1]`");
  }
  return th_cf_new(cx, TH_CF_OF_DISTRIBUTION, d, th_none(), out);
}

bool th_cf_of_data(ThContext *cx, ThValue x, ThValue *out) {
  bool scalar;
  ThArray *a;
  if (!th_to_real_array(cx, x, "data of a characteristic function", &scalar, &a)) return false;
  bool ok = a->length > 0 || th_fail_argument(cx, 1, TH_ERROR_VALUE, "there are no data");
  ok = ok && th_cf_new(cx, TH_CF_OF_DATA, th_object(a), th_none(), out);
  th_release(th_object(a));
  return ok;
}

/* --- Algebra */

static bool fail_power(ThContext *cx, double n) {
  th_fail_argument(cx, 2, TH_ERROR_VALUE,
                   "the power of a characteristic function must be 0 or more, got %.6g", n);
  return th_hint(cx, "1/φ(k) is no characteristic function: it exceeds 1 wherever φ is below");
}

/* (φ^m)^n is φ^(mn). */
static bool power(ThContext *cx, ThValue a, double n, ThValue *out) {
  if (!(n >= 0) || !isfinite(n)) return fail_power(cx, n);
  const ThCf *cf = th_as_cf(a);
  double inner = cf->part == TH_CF_POWER ? th_as_scalar(cf->right) : 1;
  return th_cf_new(cx, TH_CF_POWER, cf->part == TH_CF_POWER ? cf->left : a, th_number(inner * n), out);
}

/* a with the factor b taken out; *found is false where it is no factor. */
static bool without(ThContext *cx, ThValue a, ThValue b, bool *found, ThValue *out) {
  const ThCf *cf = th_as_cf(a);
  bool same;
  *found = false;
  if (!th_equal(cx, a, b, &same)) return false;
  if (same) {
    *found = true;
    return th_cf_new(cx, TH_CF_POWER, a, th_number(0), out);
  }
  if (cf->part == TH_CF_POWER && th_as_scalar(cf->right) >= 1) {
    if (!th_equal(cx, cf->left, b, found)) return false;
    return !*found || power(cx, cf->left, th_as_scalar(cf->right) - 1, out);
  }
  if (cf->part != TH_CF_PRODUCT) return true;
  for (int side = 0; side < 2; side++) {
    ThValue factor = side ? cf->right : cf->left, other = side ? cf->left : cf->right, rest;
    if (!without(cx, factor, b, found, &rest)) return false;
    if (!*found) continue;
    bool nothing = th_as_cf(rest)->part == TH_CF_POWER && th_as_scalar(th_as_cf(rest)->right) == 0;
    if (nothing) *out = th_retain(other);
    bool ok = nothing || th_cf_new(cx, TH_CF_PRODUCT, side ? other : rest, side ? rest : other, out);
    th_release(rest);
    return ok;
  }
  return true;
}

static bool quotient(ThContext *cx, ThValue a, ThValue b, ThValue *out) {
  bool found;
  if (!without(cx, a, b, &found, out)) return false;
  if (found) return true;
  th_fail(cx, TH_ERROR_VALUE,
          "a quotient of characteristic functions is one only if the second is a factor of the first");
  return th_hint(cx, "`from_cf(k -> φ(k)/ψ(k))` looks whether a distribution has it");
}

static bool cf_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  (void)reuse;
  double n;
  bool left = th_is_cf(a), right = th_is_cf(b);
  if (op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL) return th_equality(cx, op, a, b, out);
  if (op == TH_OP_MULTIPLY && left && right) return th_cf_new(cx, TH_CF_PRODUCT, a, b, out);
  if (op == TH_OP_DIVIDE && left && right) return quotient(cx, a, b, out);
  if (op == TH_OP_POWER && left && th_to_number(b, &n)) return power(cx, a, n, out);
  th_fail(cx, TH_ERROR_TYPE,
          "characteristic functions multiply (`φ*ψ`) and have powers (`φ^n`); `%s` has no meaning for them",
          th_operator_text(op));
  return th_hint(cx, "any other function of k: `k -> φ(k) %s …`", th_operator_text(op));
}

static bool cf_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  const ThCf *x = th_as_cf(a), *y = th_as_cf(b);
  *out = x->part == y->part;
  if (*out && x->part == TH_CF_OF_VARIABLE) {
    *out = x->left.bits == y->left.bits;
    return true;
  }
  if (*out && !th_equal(cx, x->left, y->left, out)) return false;
  return !*out || th_equal(cx, x->right, y->right, out);
}

/* --- Text */

static bool add_factor(ThContext *cx, ThValue v, ThText *out) {
  bool brackets = th_as_cf(v)->part == TH_CF_PRODUCT;
  if (brackets) th_text_char(out, '(');
  if (!th_cf_text(cx, v, out)) return false;
  if (brackets) th_text_char(out, ')');
  return true;
}

static bool add_call(ThContext *cx, const ThCf *cf, ThText *out) {
  if (cf->part == TH_CF_OF_DATA) {
    th_text_format(out, "cf(%zu data)", th_as_array(cf->left)->length);
    return true;
  }
  th_text_add(out, cf->part == TH_CF_CONJUGATE ? "conj(" : "cf(");
  bool ok = cf->part == TH_CF_CONJUGATE ? th_cf_text(cx, cf->left, out)
                                        : th_format(cx, cf->left, TH_STYLE_INLINE, out);
  th_text_char(out, ')');
  return ok;
}

bool th_cf_text(ThContext *cx, ThValue v, ThText *out) {
  const ThCf *cf = th_as_cf(v);
  bool ok = true;
  if (cf->part == TH_CF_PRODUCT) {
    ok = th_cf_text(cx, cf->left, out);
    th_text_char(out, '*');
    ok = ok && th_cf_text(cx, cf->right, out);
  } else if (cf->part == TH_CF_POWER) {
    ok = add_factor(cx, cf->left, out);
    th_text_char(out, '^');
    th_format_number(th_as_scalar(cf->right), 15, out);
  } else {
    ok = add_call(cx, cf, out);
  }
  return ok && th_text_ok(out, cx);
}

/* How values are found: a look at one. */
static bool add_method(ThContext *cx, ThValue self, ThText *out) {
  ThCfReport report;
  double k = 1;
  double complex z;
  if (th_cf_values(cx, self, 1, &k, &z, &report)) {
    bool expectation = th_as_cf(self)->part == TH_CF_OF_VARIABLE;
    if (report.method) th_text_format(out, ", by %s%s", expectation ? "" : "quadrature: ", report.method);
    return true;
  }
  if (cx->error.code == TH_ERROR_INTERRUPTED || cx->error.code == TH_ERROR_MEMORY) return false;
  th_error_clear(cx); /* the echo is no place for it: the call will say it */
  return true;
}

static bool cf_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  if (!th_cf_text(cx, self, out)) return false;
  if (style != TH_STYLE_ECHO) return true;
  bool data = th_as_cf(self)->part == TH_CF_OF_DATA;
  th_text_add(out, data ? "   empirical characteristic function" : "   characteristic function");
  return (data || add_method(cx, self, out)) && th_text_ok(out, cx);
}

/* --- Picture */

/* Beyond this k there is little to see: |φ| stays below 0.05, or, for lattices, one period. An octave at a time. */
static bool range_of(ThContext *cx, ThValue self, double *range) {
  enum { N = 16 };
  double k[N];
  double complex z[N];
  ThCfReport report;
  *range = 2 * TH_PI;
  for (int j = 0; j < N; j++) k[j] = exp2(1.5 * j - 22);
  if (!th_cf_values(cx, self, N, k, z, &report)) return false;
  double first = k[0];
  for (int j = 0; j < N && cabs(z[j]) > 0.5; j++) first = k[j];
  for (; first < 0x1p20; first *= 2) {
    for (int j = 0; j < N; j++) k[j] = first * exp2((double)j / N);
    if (!th_cf_values(cx, self, N, k, z, &report)) return false;
    for (int j = 0; j + 3 < N; j++) {
      double largest = fmax(fmax(cabs(z[j]), cabs(z[j + 1])), fmax(cabs(z[j + 2]), cabs(z[j + 3])));
      if (largest > 0.05) continue;
      *range = k[j];
      return true;
    }
  }
  return true;
}

/* One part as a series. */
static bool add_curve(ThContext *cx, ThFigure *f, const double *k, const double complex *z, size_t n,
                      bool imaginary, const char *label) {
  ThArray *x = th_vector_new(cx, TH_DOUBLE, n), *y = x ? th_vector_new(cx, TH_DOUBLE, n) : NULL;
  for (size_t l = 0; y && l < n; l++) {
    x->real[l] = k[l];
    y->real[l] = imaginary ? cimag(z[l]) : creal(z[l]);
  }
  if (y) return th_figure_add_take(cx, f, imaginary ? TH_MARK_DASHED : TH_MARK_LINE, x, y, NULL, label);
  if (x) th_release(th_object(x));
  return false;
}

static bool add_curves(ThContext *cx, ThValue self, ThFigure *f, size_t n, double *k, double complex *z) {
  ThText label;
  ThCfReport report;
  th_text_init(&label, &cx->heap);
  th_text_add(&label, "Re ");
  bool ok = th_cf_values(cx, self, n, k, z, &report) && th_cf_text(cx, self, &label) &&
            add_curve(cx, f, k, z, n, false, th_text_string(&label));
  th_text_reset(&label);
  th_text_add(&label, "Im");
  ok = ok && th_text_ok(&label, cx) && add_curve(cx, f, k, z, n, true, th_text_string(&label));
  th_text_clear(&label);
  return ok;
}

static bool cf_plot(ThContext *cx, ThValue self, void *figure) {
  enum { POINTS = 601 };
  ThFigure *f = figure;
  double range, k[POINTS];
  double complex z[POINTS];
  if (!range_of(cx, self, &range)) return false;
  double from = isfinite(f->xrange[0]) ? f->xrange[0] : -range,
         to = isfinite(f->xrange[0]) ? f->xrange[1] : range;
  for (size_t l = 0; l < POINTS; l++) k[l] = from + (to - from) * (double)l / (POINTS - 1);
  return add_curves(cx, self, f, POINTS, k, z) &&
         (!th_is_none(f->xlabel) || th_figure_text(cx, &f->xlabel, "k"));
}

const ThKind th_cf_kind = {
    .name = "characteristic function",
    .release = cf_release,
    .format = cf_format,
    .equal = cf_equal,
    .call = th_cf_call,
    .binary = cf_binary,
    .plot = cf_plot,
    .verb = th_cf_verb,
    .rank = 10,
};
