/* lib_math.c - built-ins: elementary functions of real and complex numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A function is described once: for one double, for a run of doubles, for a complex number; one body maps
 * it over whatever it is given. Reals never become complex unasked: outside the domain the result is nan. */
#include <complex.h>
#include <math.h>
#include <stdlib.h>

#include "lang/lib_parts.h"
#include "lang/lib_support.h"
#include "lang/libs.h"
#include "num/kernels.h"
#include "num/kernels_complex.h"
#include "val/broadcast.h"
#include "val/loops.h"

typedef struct Elementary {
  double (*real)(double);
  double complex (*complex_)(double complex); /* NULL: not defined */
  const char *outside; /* what lies outside the domain, and the complex way out; or NULL */
} Elementary;

static bool map_array(ThContext *cx, const Elementary *f, ThArray *a, ThValue *out) {
  ThArray *x = a->element == TH_COMPLEX ? th_as_array(th_retain(th_object(a)))
                                        : th_array_convert(cx, a, TH_DOUBLE);
  ThArray *y = x ? th_array_new(cx, x->element, x->rank, x->shape) : NULL;
  enum { CHUNK = 1 << 16 };
  ThKernelUnary kernel = th_kernel_of(f->real);
  bool ok = y != NULL;
  for (size_t i = 0; ok && i < x->length; i += CHUNK) {
    size_t n = x->length - i < CHUNK ? x->length - i : CHUNK;
    if (x->element == TH_COMPLEX) {
      if (f->complex_ == cexp) th_kernel_complex_exp_all(n, x->complex_ + i, y->complex_ + i);
      else
        for (size_t k = i; k < i + n; k++) y->complex_[k] = f->complex_(x->complex_[k]);
    } else if (kernel) {
      kernel(n, x->real + i, y->real + i);
    } else {
      th_kernel_map(n, f->real, x->real + i, y->real + i);
    }
    ok = th_poll(cx);
  }
  if (ok) *out = th_object(y);
  else if (y) th_release(th_object(y));
  if (x) th_release(th_object(x));
  return ok;
}

static bool fail_complex(ThContext *cx, const ThCall *call) {
  char name[40];
  return th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` is not defined for complex numbers",
                          th_builtin_name(call->builtin, name, sizeof name));
}

static bool map(ThContext *cx, const ThCall *call, const Elementary *f, ThValue *out) {
  ThValue v = call->args[0];
  bool is_complex = th_is_complex(v) || (th_is_array(v) && th_as_array(v)->element == TH_COMPLEX);
  if (is_complex && !f->complex_) return fail_complex(cx, call);
  if (th_is_array(v)) return map_array(cx, f, th_as_array(v), out);
  if (th_is_complex(v)) return th_complex(cx, f->complex_(th_as_complex(v)), out);
  double x = th_as_scalar(v), y = f->real(x);
  char name[40];
  if (isnan(y) && !isnan(x) && f->outside)
    th_note(cx, "the %s of a negative number is nan; complex: `%s(%.6g + 0i)`", f->outside,
            th_builtin_name(call->builtin, name, sizeof name), x);
  *out = th_number(y);
  return true;
}

#define ELEMENTARY(name, real, complex_, outside)                            \
  static bool math_##name(ThContext *cx, const ThCall *call, ThValue *out) { \
    static const Elementary f = {real, complex_, outside};                   \
    return map(cx, call, &f, out);                                           \
  }

/* C has no complex log2, log10, log1p, expm1. */
static double complex complex_log2(double complex z) { return clog(z) / 0.693147180559945309417232; }
static double complex complex_log10(double complex z) { return clog(z) / 2.302585092994045684017991; }
static double complex complex_floor(double complex z) {
  return th_complex_of(floor(creal(z)), floor(cimag(z)));
}
static double complex complex_ceil(double complex z) { return th_complex_of(ceil(creal(z)), ceil(cimag(z))); }
/* |1 + z|² = 1 + x(2 + x) + y², without the rounding of 1 + x. */
static double complex complex_log1p(double complex z) {
  double x = creal(z), y = cimag(z);
  if (fabs(x) > 0.5 || fabs(y) > 1e8) return clog(1 + z);
  return th_complex_of(0.5 * log1p(x * (2 + x) + y * y), atan2(y, 1 + x));
}
/* e^x cos y - 1 = (e^x - 1) cos y - 2 sin²(y/2) */
static double complex complex_expm1(double complex z) {
  double x = creal(z), y = cimag(z), s = sin(y / 2);
  return th_complex_of(expm1(x) * cos(y) - 2 * s * s, exp(x) * sin(y));
}
static double complex complex_sign(double complex z) { return z == 0 ? z : z / cabs(z); }

static double real_sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

ELEMENTARY(exp, exp, cexp, NULL)
ELEMENTARY(expm1, expm1, complex_expm1, NULL)
ELEMENTARY(log, log, clog, "log")
ELEMENTARY(log2, log2, complex_log2, "log2")
ELEMENTARY(log10, log10, complex_log10, "log10")
ELEMENTARY(log1p, log1p, complex_log1p, NULL)
ELEMENTARY(sqrt, sqrt, csqrt, "square root")
ELEMENTARY(cbrt, cbrt, NULL, NULL)
ELEMENTARY(sin, sin, csin, NULL)
ELEMENTARY(cos, cos, ccos, NULL)
ELEMENTARY(tan, tan, ctan, NULL)
ELEMENTARY(asin, asin, casin, NULL)
ELEMENTARY(acos, acos, cacos, NULL)
ELEMENTARY(atan, atan, catan, NULL)
ELEMENTARY(sinh, sinh, csinh, NULL)
ELEMENTARY(cosh, cosh, ccosh, NULL)
ELEMENTARY(tanh, tanh, ctanh, NULL)
ELEMENTARY(asinh, asinh, casinh, NULL)
ELEMENTARY(acosh, acosh, cacosh, NULL)
ELEMENTARY(atanh, atanh, catanh, NULL)
ELEMENTARY(floor, floor, complex_floor, NULL)
ELEMENTARY(ceil, ceil, complex_ceil, NULL)
ELEMENTARY(sign, real_sign, complex_sign, NULL)

/* Parts of complex numbers: real results, so they have loops of their own. */

static double real_re(double x) { return x; }
static double real_im(double x) { return 0 * x; }
static double real_arg(double x) { return x < 0 ? 3.141592653589793 : 0 * x; }

static bool part(ThContext *cx, const ThCall *call, double (*real)(double), double (*of)(double complex),
                 ThValue *out) {
  ThValue v = call->args[0];
  if (th_is_complex(v)) {
    *out = th_number(of(th_as_complex(v)));
    return true;
  }
  if (!th_is_array(v) || th_as_array(v)->element != TH_COMPLEX) {
    Elementary f = {.real = real};
    return map(cx, call, &f, out);
  }
  const ThArray *a = th_as_array(v);
  ThArray *r = th_array_new(cx, TH_DOUBLE, a->rank, a->shape);
  for (size_t i = 0; r && i < a->length; i++) r->real[i] = of(a->complex_[i]);
  return th_give(r, out);
}

static bool math_abs(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_array(call->args[0]) && th_as_array(call->args[0])->element != TH_COMPLEX) {
    static const Elementary f = {.real = fabs};
    return map(cx, call, &f, out);
  }
  return part(cx, call, fabs, cabs, out);
}
static bool math_re(ThContext *cx, const ThCall *call, ThValue *out) {
  return part(cx, call, real_re, creal, out);
}
static bool math_im(ThContext *cx, const ThCall *call, ThValue *out) {
  return part(cx, call, real_im, cimag, out);
}
static bool math_arg(ThContext *cx, const ThCall *call, ThValue *out) {
  return part(cx, call, real_arg, carg, out);
}

static bool math_conj(ThContext *cx, const ThCall *call, ThValue *out) {
  static const Elementary f = {.real = real_re, .complex_ = conj};
  ThValue z;
  if (!th_is_numeric(call->args[0])) return th_lib_other_kind(cx, call, out);
  if (!th_decay(cx, call->args[0], &z)) return false;
  ThCall one = *call;
  one.args = &z;
  bool ok = map(cx, &one, &f, out);
  th_release(z);
  return ok;
}

static void loop_complex(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                         const void *self) {
  const double *re = a, *im = b;
  double complex *z = out;
  (void)self;
  for (size_t i = 0; i < n; i++) z[i] = th_complex_of(re[i * a_step], im[i * b_step]);
}

static bool complex_array(ThContext *cx, const ThOperand *re, const ThOperand *im, ThValue *out) {
  ThBroadcast plan;
  char x[96], y[96];
  if (!th_broadcast(re->rank, re->shape, im->rank, im->shape, &plan))
    return th_fail(cx, TH_ERROR_SHAPE, "shapes %s and %s do not match",
                   th_shape_text(re->rank, re->shape, x, sizeof x),
                   th_shape_text(im->rank, im->shape, y, sizeof y));
  ThArray *r = th_array_new(cx, TH_COMPLEX, plan.rank, plan.shape);
  if (!r) return false;
  *out = th_object(r);
  if (th_broadcast_run(cx, &plan, loop_complex, re->data, sizeof(double), im->data, sizeof(double), r->data,
                       sizeof(double complex), NULL))
    return true;
  th_release(*out);
  return false;
}

static bool math_complex(ThContext *cx, const ThCall *call, ThValue *out) {
  ThOperand re, im;
  if (!th_is_array(call->args[0]) && !th_is_array(call->args[1]))
    return th_complex(cx, th_complex_of(th_arg_number(call, 0), th_arg_number(call, 1)), out);
  if (!th_operand_init(cx, &re, call->args[0], TH_DOUBLE)) return false;
  bool ok = th_operand_init(cx, &im, call->args[1], TH_DOUBLE);
  if (ok) {
    ok = complex_array(cx, &re, &im, out);
    th_operand_clear(&im);
  }
  th_operand_clear(&re);
  return ok;
}

/* Functions of several numbers. */

/* x·scale rounded to a whole number, halves away from 0. When the product only looks like a half, the part of
 * it that rounding took (exact by fma) decides. */
static double round_product(double x, double scale) {
  double product = x * scale, rest = fma(x, scale, -product), whole = trunc(product);
  bool looks_half = fabs(product - whole) == 0.5;
  return looks_half && rest * product < 0 ? whole : round(product);
}

static double round_to(double x, int digits) {
  double scale = pow(10, abs(digits));
  double y = digits > 0 ? round_product(x, scale) / scale : round(x / scale) * scale;
  return isfinite(x) && isfinite(y) ? y : x;
}

static bool math_round(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_complex_valued(call->args[0])) return th_by_parts(cx, call, 0, math_round, out);
  static const Elementary whole = {.real = round};
  double digits = fmin(fmax(th_arg_number(call, 1), -400), 400);
  if (digits == 0) return map(cx, call, &whole, out);
  bool scalar;
  ThArray *a;
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  ThArray *r = th_array_new(cx, TH_DOUBLE, a->rank, a->shape);
  for (size_t i = 0; r && i < a->length; i++) r->real[i] = round_to(a->real[i], (int)digits);
  th_release(th_object(a));
  return r && th_from_array_take(cx, r, scalar, out);
}

static double hypotenuse(double x, double y) { return hypot(x, y); }

static bool math_atan2(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_map_pair(cx, call->args[0], call->args[1], atan2, "atan2", out);
}

static bool math_hypot(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_map_pair(cx, call->args[0], call->args[1], hypotenuse, "hypot", out);
}

static double at_least(double x, double low) { return x < low ? low : x; }
static double at_most(double x, double high) { return x > high ? high : x; }

static bool math_clip(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue raised;
  if (!th_map_pair(cx, call->args[0], call->args[1], at_least, "clip", &raised)) return false;
  bool ok = th_map_pair(cx, raised, call->args[2], at_most, "clip", out);
  th_release(raised);
  return ok;
}

/* Tests. */

static bool test(ThContext *cx, const ThCall *call, bool (*holds)(double complex), ThValue *out) {
  bool scalar;
  ThArray *a;
  if (!th_to_array(cx, call->args[0], "the argument", &scalar, &a)) return false;
  ThArray *r = th_array_new(cx, TH_BOOL, a->rank, a->shape);
  for (size_t i = 0; r && i < a->length; i++) r->bools[i] = holds(th_array_complex(a, i));
  th_release(th_object(a));
  return r && th_from_array_take(cx, r, scalar, out);
}

static bool holds_nan(double complex z) { return isnan(creal(z)) || isnan(cimag(z)); }
static bool holds_finite(double complex z) { return isfinite(creal(z)) && isfinite(cimag(z)); }
static bool math_is_nan(ThContext *cx, const ThCall *call, ThValue *out) {
  return test(cx, call, holds_nan, out);
}
static bool math_is_finite(ThContext *cx, const ThCall *call, ThValue *out) {
  return test(cx, call, holds_finite, out);
}

#define MATH "mathematics"

const ThBuiltin th_lib_math[] = {
    {"exp(x: numeric) -> numeric", math_exp, MATH, "e to the power x", NULL,
     "exp(1)\n#> 2.71828\nexp([0, 1])\n#> [1, 2.71828]\nexp(1i*pi)\n"
     "#> -1 + 1.22465e-16i",
     "log expm1", exp},
    {"expm1(x: numeric) -> numeric", math_expm1, MATH, "exp(x) - 1, accurate near 0", NULL,
     "expm1(1e-10)\n#> 1e-10", "exp log1p", expm1},
    {"log(x: numeric) -> numeric", math_log, MATH, "the natural logarithm",
     "nan for negative numbers; complex for complex ones",
     "log(100)\n#> 4.60517\nlog([1, 2])\n#> [0, 0.693147]", "log2 log10 log1p exp", log},
    {"log2(x: numeric) -> numeric", math_log2, MATH, "the logarithm to base 2: bits", NULL, "log2(8)\n#> 3",
     "log", log2},
    {"log10(x: numeric) -> numeric", math_log10, MATH, "the logarithm to base 10", NULL, "log10(1000)\n#> 3",
     "log", log10},
    {"log1p(x: numeric) -> numeric", math_log1p, MATH, "log(1 + x), accurate near 0", NULL,
     "log1p(1e-10)\n#> 1e-10", "log expm1", log1p},
    {"sqrt(x: numeric) -> numeric", math_sqrt, MATH, "the square root; also written √x",
     "nan for negative numbers; complex for complex ones", "sqrt(2)\n#> 1.41421\nsqrt(-1 + 0i)\n#> 0 + 1i",
     "cbrt hypot", sqrt},
    {"cbrt(x: real) -> real", math_cbrt, MATH, "the cube root",
     "of a negative number too, where x^(1/3) is nan", "cbrt(-27)\n#> -3", "sqrt", cbrt},
    {"sin(x: numeric) -> numeric", math_sin, MATH, "the sine of an angle in radians", NULL,
     "sin(pi/6)\n#> 0.5", "cos tan asin", sin},
    {"cos(x: numeric) -> numeric", math_cos, MATH, "the cosine of an angle in radians", NULL,
     "cos([0, pi])\n#> [1, -1]", "sin acos", cos},
    {"tan(x: numeric) -> numeric", math_tan, MATH, "the tangent of an angle in radians", NULL,
     "tan(1)\n#> 1.55741", "atan atan2", tan},
    {"asin(x: numeric) -> numeric", math_asin, MATH, "the angle whose sine is x, in radians", NULL,
     "asin(1)\n#> 1.5708", "sin", asin},
    {"acos(x: numeric) -> numeric", math_acos, MATH, "the angle whose cosine is x, in radians", NULL,
     "acos(-1)\n#> 3.14159", "cos", acos},
    {"atan(x: numeric) -> numeric", math_atan, MATH, "the angle whose tangent is x, in radians", NULL,
     "atan(1)\n#> 0.785398", "atan2 tan", atan},
    {"atan2(y: real, x: real) -> real", math_atan2, MATH, "the angle of the point (x, y), from -π to π",
     "the height y comes first", "atan2(1, -1)\n#> 2.35619", "atan arg", NULL},
    {"sinh(x: numeric) -> numeric", math_sinh, MATH, "the hyperbolic sine", NULL, "sinh(1)\n#> 1.1752",
     "asinh", sinh},
    {"cosh(x: numeric) -> numeric", math_cosh, MATH, "the hyperbolic cosine", NULL, "cosh(1)\n#> 1.54308",
     "acosh", cosh},
    {"tanh(x: numeric) -> numeric", math_tanh, MATH, "the hyperbolic tangent", NULL, "tanh(1)\n#> 0.761594",
     "atanh", tanh},
    {"asinh(x: numeric) -> numeric", math_asinh, MATH, "the inverse of sinh", NULL, "asinh(1)\n#> 0.881374",
     "sinh", asinh},
    {"acosh(x: numeric) -> numeric", math_acosh, MATH, "the inverse of cosh", NULL, "acosh(2)\n#> 1.31696",
     "cosh", acosh},
    {"atanh(x: numeric) -> numeric", math_atanh, MATH, "the inverse of tanh", NULL, "atanh(0.5)\n#> 0.549306",
     "tanh", atanh},
    {"hypot(x: real, y: real) -> real", math_hypot, MATH, "sqrt(x^2 + y^2), without overflow",
     "element by element, x and y broadcast", "hypot(3, 4)\n#> 5", "norm abs", NULL},
    {"abs(x: numeric) -> real", math_abs, MATH, "the absolute value; of a complex number its modulus", NULL,
     "abs([-1, 2])\n#> [1, 2]\nabs(3 + 4i)\n#> 5", "norm sign", fabs},
    {"sign(x: numeric) -> numeric", math_sign, MATH, "-1, 0 or 1", "of a complex number z/|z|",
     "sign([-3, 0, 5])\n#> [-1, 0, 1]", "abs", real_sign},
    {"floor(x: numeric) -> numeric", math_floor, MATH, "the next whole number below", NULL,
     "floor(-1.5)\n#> -2", "ceil round", floor},
    {"ceil(x: numeric) -> numeric", math_ceil, MATH, "the next whole number above", NULL, "ceil(1.2)\n#> 2",
     "floor round", ceil},
    {"round(x: numeric, digits: integer = 0) -> numeric", math_round, MATH,
     "the nearest number with this many decimals",
     "halves go away from 0: round(2.5) is 3, round(-2.5) is -3; digits = -2 rounds to hundreds. What counts is the "
     "number that is stored: 2.675 lies a little below, and rounds to 2.67. Of complex numbers both parts",
     "round(2.5)\n#> 3\nround(pi, 2)\n#> 3.14", "floor ceil format", NULL},
    {"clip(x: real, low: real, high: real) -> real", math_clip, MATH, "x, brought between low and high",
     "element by element, low and high broadcast; nan stays nan", "clip([-1, 0.5, 3], 0, 1)\n#> [0, 0.5, 1]",
     "min max", NULL},
    {"complex(re: real, im: real = 0) -> numeric", math_complex, MATH, "the complex number re + im i",
     "element by element, re and im broadcast; also with inf and nan, which re + im*1i would spoil",
     "complex(1, 2)\n#> 1 + 2i", "re im", NULL},
    {"re(z: numeric) -> real", math_re, MATH, "the real part", "element by element", "re(3 + 4i)\n#> 3",
     "im abs arg conj", NULL},
    {"im(z: numeric) -> real", math_im, MATH, "the imaginary part", "element by element; 0 for real numbers",
     "im(3 + 4i)\n#> 4", "re abs arg conj", NULL},
    {"arg(z: numeric) -> real", math_arg, MATH, "the angle of a complex number, from -π to π",
     "element by element; of a negative real number π", "arg(1i)\n#> 1.5708", "abs re im atan2", NULL},
    {"conj(z: any) -> any", math_conj, MATH, "the complex conjugate",
     "element by element; a real number is its own conjugate; of a characteristic function that of -X",
     "conj(3 + 4i)\n#> 3 - 4i", "re im cf", NULL},
    {"is_nan(x: numeric) -> bool", math_is_nan, MATH, "is it nan (not a number)?",
     "nan is not equal to anything, itself included", "is_nan([1, nan])\n#> [false, true]",
     "is_finite drop_missing", NULL},
    {"is_finite(x: numeric) -> bool", math_is_finite, MATH, "is it neither infinite nor nan?",
     "element by element; of complex numbers both parts", "is_finite([1, inf, nan])\n#> [true, false, false]",
     "is_nan", NULL},
    {0},
};
