/* test_decimal.c - tests of base/decimal */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

typedef struct Reading {
  const char *text;
  size_t length; /* of the number at its start; 0 for none */
  double value;
} Reading;

static const Reading readings[] = {
    {"2.385", 5, 2.385},
    {"-2.385e2,7", 8, -238.5},
    {"+.5", 3, 0.5},
    {"5.x", 2, 5},
    {"1e", 1, 1},
    {"1e+", 1, 1},
    {"7e-2-", 4, 0.07},
    {"0x10", 1, 0},
    {"1_000", 1, 1},
    {"-0", 2, -0.0},
    {"0.000e999", 9, 0},
    {"", 0, 0},
    {".", 0, 0},
    {"-", 0, 0},
    {"e5", 0, 0},
    {"nan", 0, 0},
    {" 1", 0, 0},
    {"12345678.12345678", 17, 12345678.12345678},
    {"1234567.8x345678", 9, 1234567.8},
    /* halfway between two doubles, and a little above */
    {"9007199254740993", 16, 9007199254740992.0},
    {"9007199254740993.0000000000000000001", 36, 9007199254740994.0},
    {"4503599627370497.5", 18, 4503599627370498.0},
    /* products and quotients in integers */
    {"1234567890123456789e5", 21, 1234567890123456789e5},
    {"0.1234567890123456789", 21, 0.1234567890123456789},
    {"1797693134862315708e290", 23, 1.797693134862315708e308},
    {"5e-324", 6, 5e-324},
    {"1e400", 5, (double)INFINITY},
    {"1e99999999999", 13, (double)INFINITY},
    {"3.14159265358979323846264338327950288", 37, 3.14159265358979323846},
};

START_TEST(reads) {
  double x = 99;
  const Reading *r = &readings[_i];
  const char *end = th_decimal_parse(r->text, '.', &x);
  if (r->length == 0) {
    ck_assert_ptr_null(end);
    return;
  }
  ck_assert_ptr_nonnull(end);
  ck_assert_uint_eq((size_t)(end - r->text), r->length);
  ck_assert_msg(memcmp(&x, &r->value, sizeof x) == 0, "%s is %.17g, not %.17g", r->text, x, r->value);
}
END_TEST

START_TEST(decimal_comma) {
  double x;
  ck_assert_str_eq(th_decimal_parse("-2,385;4", ',', &x), ";4");
  ck_assert_double_eq(x, -2.385);
  ck_assert_str_eq(th_decimal_parse("2.385", ',', &x), ".385");
  ck_assert_str_eq(th_decimal_parse("0,00000000000000000000000000000000002385", ',', &x), "");
  ck_assert_double_eq(x, 2.385e-35);
}
END_TEST

/* 64 pseudo-random bits (xorshift, Marsaglia 2003). */
static uint64_t next_bits(uint64_t *state) {
  *state ^= *state << 13;
  *state ^= *state >> 7;
  return *state ^= *state << 17;
}

/* The C library is the reference. */
START_TEST(agrees_with_strtod) {
  uint64_t state = 88172645463325252u;
  char text[80];
  for (int i = 0; i < 200000; i++) {
    uint64_t a = next_bits(&state), b = next_bits(&state);
    int shift = (int)(a % 64), exponent = (int)(b % 90) - 45;
    if (i % 3 == 0)
      snprintf(text, sizeof text, "%llu.%llu", (unsigned long long)(b >> shift), (unsigned long long)a);
    else if (i % 3 == 1) snprintf(text, sizeof text, "-%llue%d", (unsigned long long)(a >> shift), exponent);
    else snprintf(text, sizeof text, "%.*g", 1 + i % 18, ldexp((double)a, -shift * 2));
    double x;
    const char *end = th_decimal_parse(text, '.', &x);
    ck_assert_msg(end && !*end && x == strtod(text, NULL), "%s is %a, not %a", text, x, strtod(text, NULL));
  }
}
END_TEST

Suite *th_suite_decimal(void) {
  Suite *suite = suite_create("decimal");
  ADD_ROWS(suite, reads, COUNT(readings));
  ADD(suite, decimal_comma);
  ADD(suite, agrees_with_strtod);
  return suite;
}
