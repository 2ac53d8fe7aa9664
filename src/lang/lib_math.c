/* lib_math.c - built-ins: elementary functions of real and complex numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A function is described once: for one double, for a run of doubles, for a complex number; one body maps
 * it over whatever it is given. Reals never become complex unasked: outside the domain the result is nan. */
#include <complex.h>
#include <math.h>

#include "lang/lib_support.h"
#include "lang/libs.h"
#include "num/kernels.h"
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
  enum { CHUNK = 1 << 18 };
  ThKernelUnary kernel = th_kernel_of(f->real);
  bool ok = y != NULL;
  for (size_t i = 0; ok && i < x->length; i += CHUNK) {
    size_t n = x->length - i < CHUNK ? x->length - i : CHUNK;
    if (x->element == TH_COMPLEX) {
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

/* C has no complex log2, log10, expm1, log1p. */
static double complex complex_log2(double complex z) { return clog(z) / 0.693147180559945309417232; }
static double complex complex_log10(double complex z) { return clog(z) / 2.302585092994045684017991; }
static double complex complex_floor(double complex z) {
  return th_complex_of(floor(creal(z)), floor(cimag(z)));
}
static double complex complex_ceil(double complex z) { return th_complex_of(ceil(creal(z)), ceil(cimag(z))); }
static double complex complex_sign(double complex z) { return z == 0 ? z : z / cabs(z); }

static double real_sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

ELEMENTARY(exp, exp, cexp, NULL)
ELEMENTARY(expm1, expm1, NULL, NULL)
ELEMENTARY(log, log, clog, "log")
ELEMENTARY(log2, log2, complex_log2, "log2")
ELEMENTARY(log10, log10, complex_log10, "log10")
ELEMENTARY(log1p, log1p, NULL, NULL)
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
  return map(cx, call, &f, out);
}

static bool math_complex(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue turned, i;
  if (!th_complex(cx, th_complex_of(0, 1), &i)) return false;
  bool ok = th_binary(cx, TH_OP_MULTIPLY, i, call->args[1], 0, &turned);
  th_release(i);
  if (!ok) return false;
  ok = th_binary(cx, TH_OP_ADD, call->args[0], turned, 0, out);
  th_release(turned);
  return ok;
}

/* Functions of several numbers. */

static bool math_round(ThContext *cx, const ThCall *call, ThValue *out) {
  double digits = th_arg_number(call, 1), scale = pow(10, fabs(digits));
  static const Elementary whole = {.real = round};
  if (digits == 0) return map(cx, call, &whole, out);
  bool scalar;
  ThArray *a;
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  ThArray *r = th_array_new(cx, TH_DOUBLE, a->rank, a->shape);
  for (size_t i = 0; r && i < a->length; i++) {
    double x = a->real[i], y = digits > 0 ? round(x * scale) / scale : round(x / scale) * scale;
    r->real[i] = isfinite(x) && isfinite(y) ? y : x;
  }
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
    {"expm1(x: real) -> real", math_expm1, MATH, "exp(x) - 1, accurate near 0", NULL,
     "expm1(1e-10)\n#> 1e-10", "exp log1p", expm1},
    {"log(x: numeric) -> numeric", math_log, MATH, "the natural logarithm",
     "nan for negative numbers; complex for complex ones",
     "log(100)\n#> 4.60517\nlog([1, 2])\n#> [0, 0.693147]", "log2 log10 log1p exp", log},
    {"log2(x: numeric) -> numeric", math_log2, MATH, "the logarithm to base 2: bits", NULL, "log2(8)\n#> 3",
     "log", log2},
    {"log10(x: numeric) -> numeric", math_log10, MATH, "the logarithm to base 10", NULL, "log10(1000)\n#> 3",
     "log", log10},
    {"log1p(x: real) -> real", math_log1p, MATH, "log(1 + x), accurate near 0", NULL,
     "log1p(1e-10)\n#> 1e-10", "log expm1", log1p},
    {"sqrt(x: numeric) -> numeric", math_sqrt, MATH, "the square root; also written √x",
     "nan for negative numbers; complex for complex ones", "sqrt(2)\n#> 1.41421\nsqrt(-1 + 0i)\n#> 0 + 1i",
     "cbrt hypot", sqrt},
    {"cbrt(x: real) -> real", math_cbrt, MATH, "the cube root", NULL, "cbrt(-27)\n#> -3", "sqrt", cbrt},
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
    {"hypot(x: real, y: real) -> real", math_hypot, MATH, "sqrt(x^2 + y^2), without overflow", NULL,
     "hypot(3, 4)\n#> 5", "norm abs", NULL},
    {"abs(x: numeric) -> real", math_abs, MATH, "the absolute value; of a complex number its modulus", NULL,
     "abs([-1, 2])\n#> [1, 2]\nabs(3 + 4i)\n#> 5", "norm sign", fabs},
    {"sign(x: numeric) -> numeric", math_sign, MATH, "-1, 0 or 1", "of a complex number z/|z|",
     "sign([-3, 0, 5])\n#> [-1, 0, 1]", "abs", real_sign},
    {"floor(x: numeric) -> numeric", math_floor, MATH, "the next whole number below", NULL,
     "floor(-1.5)\n#> -2", "ceil round", floor},
    {"ceil(x: numeric) -> numeric", math_ceil, MATH, "the next whole number above", NULL, "ceil(1.2)\n#> 2",
     "floor round", ceil},
    {"round(x: real, digits: integer = 0) -> real", math_round, MATH,
     "the nearest number with this many decimals", "halves go away from 0; digits = -2 rounds to hundreds",
     "round(2.5)\n#> 3\nround(pi, 2)\n#> 3.14", "floor ceil format", NULL},
    {"clip(x: real, low: real, high: real) -> real", math_clip, MATH, "x, brought between low and high", NULL,
     "clip([-1, 0.5, 3], 0, 1)\n#> [0, 0.5, 1]", "min max", NULL},
    {"complex(re: real, im: real = 0) -> numeric", math_complex, MATH, "the complex number re + im i", NULL,
     "complex(1, 2)\n#> 1 + 2i", "re im", NULL},
    {"re(z: numeric) -> real", math_re, MATH, "the real part", NULL, "re(3 + 4i)\n#> 3", "im abs arg conj",
     NULL},
    {"im(z: numeric) -> real", math_im, MATH, "the imaginary part", NULL, "im(3 + 4i)\n#> 4",
     "re abs arg conj", NULL},
    {"arg(z: numeric) -> real", math_arg, MATH, "the angle of a complex number, from -π to π", NULL,
     "arg(1i)\n#> 1.5708", "abs re im atan2", NULL},
    {"conj(z: numeric) -> numeric", math_conj, MATH, "the complex conjugate", NULL, "conj(3 + 4i)\n#> 3 - 4i",
     "re im", NULL},
    {"is_nan(x: numeric) -> bool", math_is_nan, MATH, "is it nan (not a number)?",
     "nan is not equal to anything, itself included", "is_nan([1, nan])\n#> [false, true]",
     "is_finite drop_missing", NULL},
    {"is_finite(x: numeric) -> bool", math_is_finite, MATH, "is it neither infinite nor nan?", NULL,
     "is_finite([1, inf, nan])\n#> [true, false, false]", "is_nan", NULL},
    {0},
};
