/* cf.c - characteristic functions as values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small tree: leaves are distributions and data, inner nodes products and powers. */
#include "prob/cf.h"

#include <math.h>

#include "num/real.h"
#include "prob/distribution.h"
#include "val/arithmetic.h"
#include "val/figure.h"

typedef enum Part { OF_DISTRIBUTION, OF_DATA, PRODUCT, POWER } Part;

typedef struct Cf {
  ThObject object;
  Part part;
  ThValue left, right; /* a distribution or array; or two functions; or one and a number */
} Cf;

static const Cf *as_cf(ThValue v) { return (const Cf *)th_as_object(v); }

static bool new_cf(ThContext *cx, Part part, ThValue left, ThValue right, ThValue *out) {
  Cf *cf = th_object_new(cx, &th_cf_kind, sizeof *cf);
  if (!cf) return false;
  cf->part = part;
  cf->left = th_retain(left);
  cf->right = th_retain(right);
  *out = th_object(cf);
  return true;
}

static void cf_release(ThObject *self) {
  th_release(((Cf *)self)->left);
  th_release(((Cf *)self)->right);
  th_object_free(self, sizeof(Cf));
}

bool th_cf_of_distribution(ThContext *cx, ThValue d, ThValue *out) {
  if (th_as_distribution(d)->rank > 0) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "a characteristic function is of one distribution, got %zu",
                     th_as_distribution(d)->length);
    return th_hint(cx, "one of them is `d[1]`");
  }
  return new_cf(cx, OF_DISTRIBUTION, d, th_none(), out);
}

bool th_cf_of_data(ThContext *cx, ThValue x, ThValue *out) {
  bool scalar;
  ThArray *a;
  if (!th_to_real_array(cx, x, "data of a characteristic function", &scalar, &a)) return false;
  bool ok = a->length > 0 || th_fail_argument(cx, 1, TH_ERROR_VALUE, "there are no data");
  ok = ok && new_cf(cx, OF_DATA, th_object(a), th_none(), out);
  th_release(th_object(a));
  return ok;
}

/* --- Values */

static double complex empirical(const ThArray *x, double k) {
  double re = 0, im = 0;
  for (size_t i = 0; i < x->length; i++) re += cos(k * x->real[i]), im += sin(k * x->real[i]);
  return (re + TH_I * im) / (double)x->length;
}

/* φ^n by squaring for whole n, which keeps to the right branch; else by the logarithm. */
static double complex power_of(double complex z, double n) {
  if (floor(n) != n || n < 0 || n > 1e15) return cpow(z, n);
  double complex result = 1;
  for (uint64_t e = (uint64_t)n; e; e >>= 1, z *= z)
    if (e & 1) result *= z;
  return result;
}

bool th_cf_at(ThContext *cx, ThValue self, double k, double complex *out) {
  const Cf *cf = as_cf(self);
  double complex left, right;
  switch (cf->part) {
    case OF_DISTRIBUTION: return th_distribution_cf(cx, th_as_distribution(cf->left), 0, k, out);
    case OF_DATA: *out = empirical(th_as_array(cf->left), k); return th_poll(cx);
    case PRODUCT:
      if (!th_cf_at(cx, cf->left, k, &left) || !th_cf_at(cx, cf->right, k, &right)) return false;
      *out = left * right;
      return true;
    case POWER:
      if (!th_cf_at(cx, cf->left, k, &left)) return false;
      *out = power_of(left, th_as_scalar(cf->right));
      return true;
  }
  return false;
}

static bool at_array(ThContext *cx, ThValue self, ThValue ks, ThValue *out) {
  bool scalar;
  ThArray *k;
  if (!th_to_real_array(cx, ks, "the argument of a characteristic function", &scalar, &k)) return false;
  ThArray *z = th_array_new(cx, TH_COMPLEX, k->rank, k->shape);
  bool ok = z != NULL;
  for (size_t i = 0; ok && i < k->length; i++)
    ok = th_cf_at(cx, self, k->real[i], &z->complex_[i]) && (i % 4096 || th_poll(cx));
  th_release(th_object(k));
  if (ok) return th_from_array_take(cx, z, scalar, out);
  if (z) th_release(th_object(z));
  return false;
}

static bool cf_call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  double k;
  double complex z;
  if (args->count != 1 || (args->names && args->names[0]))
    return th_fail(cx, TH_ERROR_TYPE, "a characteristic function takes one argument, got %zu", args->count);
  ThValue v = args->values[0];
  if (th_to_number(v, &k)) return th_cf_at(cx, self, k, &z) && th_complex(cx, z, out);
  if (th_is_array(v) || th_is_range(v)) return at_array(cx, self, v, out);
  if (th_is_object(v) && th_as_object(v)->kind->lift_call)
    return th_as_object(v)->kind->lift_call(cx, self, args, out);
  char what[96];
  return th_fail_argument(cx, 1, TH_ERROR_TYPE,
                          "the argument of a characteristic function is a real number or array, got %s",
                          th_describe(v, what, sizeof what));
}

/* --- Algebra */

static bool cf_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  (void)reuse;
  double n;
  bool left = th_is(a, &th_cf_kind), right = th_is(b, &th_cf_kind);
  if (op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL) return th_equality(cx, op, a, b, out);
  if (op == TH_OP_MULTIPLY && left && right) return new_cf(cx, PRODUCT, a, b, out);
  if (op == TH_OP_POWER && left && th_to_number(b, &n)) {
    if (n >= 0) return new_cf(cx, POWER, a, th_number(n), out);
    return th_fail_argument(cx, 2, TH_ERROR_VALUE,
                            "the power of a characteristic function must be 0 or more, got %.6g", n);
  }
  th_fail(cx, TH_ERROR_TYPE,
          "characteristic functions multiply (`φ*ψ`) and have powers (`φ^n`); `%s` has no meaning for them",
          th_operator_text(op));
  return th_hint(cx, "any other function of k: `k -> φ(k) %s …`", th_operator_text(op));
}

static bool cf_equal(ThContext *cx, ThValue a, ThValue b, bool *out) {
  const Cf *x = as_cf(a), *y = as_cf(b);
  *out = x->part == y->part;
  if (*out && !th_equal(cx, x->left, y->left, out)) return false;
  return !*out || th_equal(cx, x->right, y->right, out);
}

/* --- Text and picture */

static bool add_part(ThContext *cx, ThValue v, bool tight, ThText *out) {
  const Cf *cf = as_cf(v);
  bool brackets = tight && cf->part == PRODUCT;
  if (brackets) th_text_char(out, '(');
  if (cf->part == OF_DATA) {
    th_text_format(out, "cf(%zu data)", th_as_array(cf->left)->length);
  } else if (cf->part == OF_DISTRIBUTION) {
    th_text_add(out, "cf(");
    if (!th_distribution_text(cx, cf->left, out)) return false;
    th_text_char(out, ')');
  } else if (cf->part == PRODUCT) {
    if (!add_part(cx, cf->left, false, out)) return false;
    th_text_char(out, '*');
    if (!add_part(cx, cf->right, false, out)) return false;
  } else {
    if (!add_part(cx, cf->left, true, out)) return false;
    th_text_char(out, '^');
    th_format_number(th_as_scalar(cf->right), 15, out);
  }
  if (brackets) th_text_char(out, ')');
  return th_text_ok(out, cx);
}

static bool cf_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  if (!add_part(cx, self, false, out)) return false;
  if (style == TH_STYLE_ECHO)
    th_text_add(out, as_cf(self)->part == OF_DATA ? "   empirical characteristic function"
                                                  : "   characteristic function");
  return th_text_ok(out, cx);
}

/* Beyond this k there is little to see: |φ| stays below 0.05, or, for lattices, one period. */
static bool range_of(ThContext *cx, ThValue self, double *range) {
  double complex z;
  double k = 0x1p-20, largest = 1;
  for (; largest > 0.05 && k < 0x1p20; k *= 1.2) {
    largest = 0;
    for (double step = 1; step < 1.5; step += 0.125) {
      if (!th_cf_at(cx, self, k * step, &z)) return false;
      largest = fmax(largest, cabs(z));
    }
  }
  *range = largest > 0.05 ? 2 * TH_PI : k;
  return true;
}

typedef struct Component {
  ThValue cf;
  bool imaginary;
} Component;

static bool component(ThContext *cx, void *self, double k, double *y) {
  const Component *c = self;
  double complex z;
  if (!th_cf_at(cx, c->cf, k, &z)) return false;
  *y = c->imaginary ? cimag(z) : creal(z);
  return true;
}

static bool cf_plot(ThContext *cx, ThValue self, void *figure) {
  ThFigure *f = figure;
  ThText label;
  double range;
  Component re = {self, false}, im = {self, true};
  if (!range_of(cx, self, &range)) return false;
  double from = isfinite(f->xrange[0]) ? f->xrange[0] : -range,
         to = isfinite(f->xrange[0]) ? f->xrange[1] : range;
  th_text_init(&label, &cx->heap);
  th_text_add(&label, "Re ");
  bool ok = add_part(cx, self, false, &label) &&
            th_figure_curve(cx, f, TH_MARK_LINE, component, &re, from, to, th_text_string(&label));
  th_text_reset(&label);
  th_text_add(&label, "Im");
  ok = ok && th_text_ok(&label, cx) &&
       th_figure_curve(cx, f, TH_MARK_DASHED, component, &im, from, to, th_text_string(&label));
  th_text_clear(&label);
  return ok && (!th_is_none(f->xlabel) || th_figure_text(cx, &f->xlabel, "k"));
}

const ThKind th_cf_kind = {
    .name = "characteristic function",
    .release = cf_release,
    .format = cf_format,
    .equal = cf_equal,
    .call = cf_call,
    .binary = cf_binary,
    .plot = cf_plot,
    .rank = 10,
};
