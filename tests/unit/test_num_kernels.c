/* test_num_kernels.c - loops over arrays: accuracy, places, steps, sums */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <string.h>

#include "num/kernels.h"
#include "num/random.h"
#include "unit.h"

/* Awkward arguments for every function: each takes those of its domain. */
static const double arguments[] = {-745.13, -37.2385, -2.385,  -1.0001, -1,     -0.9999999, -0.37,   -1e-9,
                                   -1e-300, -0.0,     0.0,     5e-324,  1e-300, 1e-17,      1e-9,    0.0731,
                                   0.2385,  0.5,      0.99999, 1,       1.0001, 2.385,      3.14159, 45.5,
                                   709.7,   12345.67, 1e9,     1e22,    1e300};
enum { N = COUNT(arguments) };

static double sigmoid(double x) { return x < 0 ? exp(x) / (1 + exp(x)) : 1 / (1 + exp(-x)); }
static double softplus(double x) { return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)); }
static double relu(double x) { return x < 0 ? 0 : x; }
static double square(double x) { return x * x; }
static double negate(double x) { return -x; }

static const struct {
  const char *name;
  ThKernelUnary kernel;
  double (*f)(double);
  double lower, upper; /* arguments that are tried */
  double ulps;         /* the reference rounds too */
} unary[] = {
    {"exp", th_kernel_exp, exp, -745.13, 709.7, 1.6},
    {"exp2", th_kernel_exp2, exp2, -745.13, 709.7, 1.6},
    {"expm1", th_kernel_expm1, expm1, -745.13, 709.7, 1.6},
    {"log", th_kernel_log, log, 0, 1e300, 1.6},
    {"log2", th_kernel_log2, log2, 0, 1e300, 1.6},
    {"log10", th_kernel_log10, log10, 0, 1e300, 1.6},
    {"log1p", th_kernel_log1p, log1p, -1, 1e300, 1.6},
    {"sqrt", th_kernel_sqrt, sqrt, 0, 1e300, 0},
    {"sin", th_kernel_sin, sin, -745.13, 1e22, 1.6},
    {"cos", th_kernel_cos, cos, -745.13, 1e22, 1.6},
    {"tan", th_kernel_tan, tan, -745.13, 1e22, 1.6},
    {"asin", th_kernel_asin, asin, -1, 1, 1.6},
    {"acos", th_kernel_acos, acos, -1, 1, 1.6},
    {"atan", th_kernel_atan, atan, -745.13, 1e300, 1.6},
    {"sinh", th_kernel_sinh, sinh, -37.24, 709.7, 2.6},
    {"cosh", th_kernel_cosh, cosh, -37.24, 709.7, 2.6},
    {"tanh", th_kernel_tanh, tanh, -745.13, 1e300, 2.6},
    {"asinh", th_kernel_asinh, asinh, -745.13, 1e22, 2.6},
    {"acosh", th_kernel_acosh, acosh, 1, 1e22, 2.6},
    {"atanh", th_kernel_atanh, atanh, -0.99999991, 0.99999, 2.6},
    {"erf", th_kernel_erf, erf, -745.13, 1e300, 2.6},
    {"sigmoid", th_kernel_sigmoid, sigmoid, -700, 1e300, 3},
    {"softplus", th_kernel_softplus, softplus, -700, 1e300, 3},
    {"relu", th_kernel_relu, relu, -745.13, 1e300, 0},
    {"negate", th_kernel_negate, negate, -745.13, 1e300, 0},
    {"abs", th_kernel_abs, fabs, -745.13, 1e300, 0},
    {"square", th_kernel_square, square, -745.13, 1e300, 0},
    {"floor", th_kernel_floor, floor, -745.13, 1e300, 0},
    {"ceil", th_kernel_ceil, ceil, -745.13, 1e300, 0},
};

static double ulp(double x) {
  double a = fabs(x);
  return a < DBL_MIN ? 5e-324 : nextafter(a, 2 * a) - a;
}

START_TEST(elementary_functions) {
  for (size_t i = 0; i < N; i++) {
    double x = arguments[i], y;
    if (x < unary[_i].lower || x > unary[_i].upper) continue;
    unary[_i].kernel(1, &x, &y);
    double want = unary[_i].f(x);
    ck_assert_msg(y == want || fabs(y - want) <= unary[_i].ulps * ulp(want), "%s(%g): %.17g, want %.17g",
                  unary[_i].name, x, y, want);
  }
  double nan = (double)NAN, y = 0;
  unary[_i].kernel(1, &nan, &y);
  ck_assert(isnan(y));
}
END_TEST

/* An element's result does not depend on where it stands, nor on working in place. */
START_TEST(places) {
  double x[N], alone[N], y[N + 1];
  memcpy(x, arguments, sizeof x);
  for (size_t i = 0; i < N; i++) unary[_i].kernel(1, x + i, alone + i);
  for (size_t start = 0; start < 9; start++) {
    y[N] = 2.385;
    memcpy(y, x, sizeof x);
    unary[_i].kernel(N - start, y + start, y + start);
    ck_assert_msg(memcmp(y + start, alone + start, (N - start) * sizeof *y) == 0, "%s", unary[_i].name);
    ck_assert(y[N] == 2.385);
  }
  unary[_i].kernel(0, x, NULL);
}
END_TEST

START_TEST(special_values) {
  const double inf = (double)INFINITY;
  double x[] = {-inf, inf, -1, 0, 800, -800}, y[6];
  th_kernel_exp(6, x, y);
  ck_assert(y[0] == 0 && y[1] == inf && y[3] == 1 && y[4] == inf && y[5] == 0);
  th_kernel_log(6, x, y);
  ck_assert(isnan(y[0]) && y[1] == inf && isnan(y[2]) && y[3] == -inf);
  th_kernel_tanh(6, x, y);
  ck_assert(y[0] == -1 && y[1] == 1 && y[3] == 0);
  th_kernel_sin(2, x, y);
  ck_assert(isnan(y[0]) && isnan(y[1]));
  th_kernel_sigmoid(6, x, y);
  ck_assert(y[0] == 0 && y[1] == 1 && y[3] == 0.5 && y[4] == 1);
  th_kernel_softplus(6, x, y);
  ck_assert(y[0] == 0 && y[1] == inf && y[4] == 800 && y[5] == 0);
}
END_TEST

static double add(double a, double b) { return a + b; }
static double subtract(double a, double b) { return a - b; }
static double multiply(double a, double b) { return a * b; }
static double divide(double a, double b) { return a / b; }
static double larger(double a, double b) { return isnan(a) || a > b ? a : b; }
static double smaller(double a, double b) { return isnan(a) || a < b ? a : b; }
static double modulo(double a, double b) {
  double r = fmod(a, b);
  return r == 0 ? copysign(0, b) : (r < 0) != (b < 0) ? r + b : r;
}

static const struct {
  const char *name;
  ThKernelBinary kernel;
  double (*f)(double, double);
  double ulps;
} binary[] = {
    {"add", th_kernel_add, add, 0},
    {"subtract", th_kernel_subtract, subtract, 0},
    {"multiply", th_kernel_multiply, multiply, 0},
    {"divide", th_kernel_divide, divide, 0},
    {"maximum", th_kernel_maximum, larger, 0},
    {"minimum", th_kernel_minimum, smaller, 0},
    {"remainder", th_kernel_remainder, modulo, 0},
    {"pow", th_kernel_pow, pow, 1.6},
    {"power", th_kernel_power, pow, 1.6},
    {"atan2", th_kernel_atan2, atan2, 1.6},
};

/* Array with array, scalar on either side, and both; lengths around the width of a register. */
START_TEST(binary_operations) {
  double y[N], z[N];
  for (size_t i = 0; i < N; i++) y[i] = arguments[(7 * i + 3) % N];
  for (size_t length = 1; length <= N; length += 3)
    for (size_t steps = 0; steps < 4; steps++) {
      size_t x_step = steps & 1, y_step = steps >> 1;
      binary[_i].kernel(length, arguments, x_step, y, y_step, z);
      for (size_t i = 0; i < length; i++) {
        double a = arguments[i * x_step], b = y[i * y_step], want = binary[_i].f(a, b);
        bool same = z[i] == want || (isnan(z[i]) && isnan(want)) ||
                    fabs(z[i] - want) <= binary[_i].ulps * ulp(want);
        ck_assert_msg(same, "%s(%g, %g): %.17g, want %.17g", binary[_i].name, a, b, z[i], want);
      }
    }
}
END_TEST

START_TEST(short_powers) {
  static const double powers[] = {-1, 0.5, 1, 2, 3, 2.385, -0.37, 0};
  const double inf = (double)INFINITY, x[] = {-inf, -2.385, -0.0, 0.0, 0.37, 45.5, inf};
  for (size_t j = 0; j < COUNT(powers); j++) {
    double y[COUNT(x)];
    th_kernel_power(COUNT(x), x, 1, powers + j, 0, y);
    for (size_t i = 0; i < COUNT(x); i++) {
      double want = pow(x[i], powers[j]);
      bool same = y[i] == want || (isnan(y[i]) && isnan(want)) || fabs(y[i] - want) <= 1.6 * ulp(want);
      ck_assert_msg(same, "%g^%g: %.17g, want %.17g", x[i], powers[j], y[i], want);
    }
  }
}
END_TEST

START_TEST(accumulations) {
  double x[N], y[N], z[N], want[N], two = 2.385;
  for (size_t i = 0; i < N; i++)
    x[i] = sin((double)i), y[i] = cos((double)i), z[i] = want[i] = 0.37 * (double)i;
  th_kernel_axpy(N, -1.7, x, z);
  for (size_t i = 0; i < N; i++) want[i] += -1.7 * x[i];
  ck_assert(memcmp(z, want, sizeof z) == 0);
  th_kernel_add_product(N, x, 1, y, 1, z);
  th_kernel_add_product(N, &two, 0, y, 1, z);
  for (size_t i = 0; i < N; i++) want[i] += x[i] * y[i], want[i] += two * y[i];
  ck_assert(memcmp(z, want, sizeof z) == 0);
  double s[N], c[N];
  th_kernel_sincos(N, arguments, s, c);
  for (size_t i = 0; i < N; i++)
    ck_assert(fabs(arguments[i]) > 1e22 || fabs(s[i] * s[i] + c[i] * c[i] - 1) < 1e-15);
}
END_TEST

/* Both at once, next to multiples of π/2 too; an element has the same bits wherever it stands. */
START_TEST(sine_and_cosine) {
  enum { MANY = 4096 };
  static double x[MANY], s[MANY], c[MANY];
  for (size_t i = 0; i < MANY; i++) {
    double quarter = 1.5707963267948966 * (double)(i % 1024) * (i % 3 ? 1 : -1);
    x[i] = i % 2 ? quarter * (1 + 1e-16 * (double)(i % 7)) : 0.37 * (double)i - 700;
  }
  x[5] = 1e22;
  x[7] = -(double)INFINITY;
  x[9] = (double)NAN;
  x[11] = 1048577.25;
  th_kernel_sincos(MANY, x, s, c);
  ck_assert(isnan(s[7]) && isnan(c[7]) && isnan(s[9]) && isnan(c[9]));
  for (size_t i = 0; i < MANY; i++) {
    double alone[2];
    th_kernel_sincos(1, x + i, alone, alone + 1);
    ck_assert(memcmp(alone, s + i, sizeof *s) == 0 && memcmp(alone + 1, c + i, sizeof *c) == 0);
    if (isnan(s[i])) continue;
    ck_assert_msg(fabs(s[i] - sin(x[i])) <= 1.6 * ulp(sin(x[i])), "sin(%.17g): %.17g", x[i], s[i]);
    ck_assert_msg(fabs(c[i] - cos(x[i])) <= 1.6 * ulp(cos(x[i])), "cos(%.17g): %.17g", x[i], c[i]);
  }
  memcpy(s, x, sizeof x);
  th_kernel_sincos(MANY, s, s, x);
  ck_assert(memcmp(c, x, 7 * sizeof *c) == 0);
}
END_TEST

/* Sums of numbers whose sum is known: i/1024 exactly, and great ones that cancel. */
START_TEST(sums) {
  static double x[10007];
  for (size_t n = 0; n <= COUNT(x); n = 2 * n + 1) {
    for (size_t i = 0; i < n; i++) x[i] = (double)i / 1024;
    double want = n ? (double)n * ((double)n - 1) / 2048 : 0;
    ck_assert(th_kernel_sum(n, x) == want && th_kernel_sum_compensated(n, x) == want);
    double squares = n ? ((double)n - 1) * (double)n * (2 * (double)n - 1) / 6 / 1048576 : 0;
    ck_assert(fabs(th_kernel_sum_square(n, x) - squares) <= 4e-16 * squares);
    ck_assert(th_kernel_sum_product(n, x, x) == th_kernel_sum_square(n, x));
  }
  for (size_t i = 0; i < 3000; i++) x[i] = i % 3 == 0 ? 1e16 : i % 3 == 1 ? 0.2385 : -1e16;
  ck_assert(fabs(th_kernel_sum_compensated(3000, x) - 238.5) < 1e-12);
  x[17] = (double)INFINITY;
  ck_assert(th_kernel_sum_compensated(3000, x) == (double)INFINITY);
  x[18] = -(double)INFINITY;
  ck_assert(isnan(th_kernel_sum_compensated(3000, x)));
}
END_TEST

START_TEST(extremes) {
  double x[] = {0.37, -2.385, 45.5, -1e-300};
  ck_assert(th_kernel_max(4, x) == 45.5 && th_kernel_min(4, x) == -2.385);
  ck_assert(th_kernel_max(0, x) == -(double)INFINITY && th_kernel_min(0, x) == (double)INFINITY);
  x[1] = (double)NAN;
  ck_assert(isnan(th_kernel_max(4, x)) && isnan(th_kernel_min(4, x)));
}
END_TEST

START_TEST(portable) {
  for (size_t i = 0; i < N; i++) {
    double x = arguments[i], e = th_kernel_exp_portable(x), l = th_kernel_log_portable(x);
    ck_assert(e == exp(x) || fabs(e - exp(x)) <= 1.6 * ulp(exp(x)));
    ck_assert(x < 0 ? isnan(l) : l == log(x) || fabs(l - log(x)) <= 1.6 * ulp(log(x)));
  }
  ck_assert_uint_gt(strlen(th_kernel_instructions()), 3);
}
END_TEST

/* A double from random bits, or near 1. */
static double any_double(ThRandom *random, bool near_one) {
  uint64_t bits = th_random_bits(random);
  double x;
  if (near_one) return 1 + (double)(bits >> 12) * 0x1p-52;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/* By one number as the processor divides, bit for bit: all sizes, zeros, infinities, mantissas full of ones. */
START_TEST(division_by_one_number) {
  enum { COUNT_X = 4099 };
  static double x[COUNT_X], z[COUNT_X];
  ThRandom random;
  th_random_seed(&random, 5);
  for (int round = 0; round < 60; round++) {
    double y = round % 5 == 4 ? ldexp(2 - 0x1p-52, round - 30) : any_double(&random, round % 2);
    for (size_t i = 0; i < COUNT_X; i++) x[i] = i % 97 == 96 ? -0.0 : any_double(&random, round % 3);
    th_kernel_divide(COUNT_X, x, 1, &y, 0, z);
    for (size_t i = 0; i < COUNT_X; i++) {
      double want = x[i] / y;
      ck_assert_msg(isnan(want) ? isnan(z[i]) : memcmp(&want, &z[i], sizeof want) == 0, "%a/%a", x[i], y);
    }
  }
}
END_TEST

/* Within 1 ulp of the exact value (where long double has more digits), below the normal range too. */
START_TEST(exponentials) {
  enum { COUNT_X = 20011 };
  static double x[COUNT_X], y[COUNT_X];
  static const double width[] = {0.7, 4, 1490};
  ThRandom random;
  th_random_seed(&random, 6);
  for (size_t i = 0; i < COUNT_X; i++) x[i] = (th_random_uniform(&random) - 0.5) * width[_i];
  th_kernel_exp(COUNT_X, x, y);
  for (size_t i = 0; i < COUNT_X; i++) {
    long double exact = expl((long double)x[i]);
    bool near = isinf((double)exact) ? isinf(y[i]) : fabsl(exact - y[i]) <= (long double)ulp((double)exact);
    ck_assert_msg(near, "exp(%a) = %a", x[i], y[i]);
  }
}
END_TEST

START_TEST(comparisons) {
  double x[] = {1, 2.385, 3, (double)NAN, -0.0, 1, 2.385, 3, 4}, y = 2.385, z[9];
  static const ThKernelBinary kernels[] = {th_kernel_less,    th_kernel_less_equal,    th_kernel_equal,
                                           th_kernel_greater, th_kernel_greater_equal, th_kernel_not_equal};
  static const char *const want[] = {"100011000", "110011100", "010000100",
                                     "001000011", "011000111", "101111011"};
  for (size_t k = 0; k < COUNT(kernels); k++) {
    kernels[k](9, x, 1, &y, 0, z);
    for (size_t i = 0; i < 9; i++) ck_assert_double_eq(z[i], want[k][i] - '0');
  }
}
END_TEST

/* The kernel of a function of one number, and none of others. */
START_TEST(kernel_of) {
  ck_assert(th_kernel_of(exp) == th_kernel_exp && th_kernel_of(fabs) == th_kernel_abs &&
            !th_kernel_of(lgamma));
}
END_TEST

Suite *th_suite_num_kernels(void) {
  Suite *suite = suite_create("num_kernels");
  ADD_ROWS(suite, elementary_functions, COUNT(unary));
  ADD_ROWS(suite, places, COUNT(unary));
  ADD(suite, special_values);
  ADD_ROWS(suite, binary_operations, COUNT(binary));
  ADD(suite, short_powers);
  ADD(suite, division_by_one_number);
  ADD_ROWS(suite, exponentials, 3);
  ADD(suite, comparisons);
  ADD(suite, kernel_of);
  ADD(suite, accumulations);
  ADD(suite, sine_and_cosine);
  ADD(suite, sums);
  ADD(suite, extremes);
  ADD(suite, portable);
  return suite;
}
