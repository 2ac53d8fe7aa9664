/* decimal.c - decimal numbers, read to the nearest double */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number is w·10^k with w of at most 19 digits. Three ways lead to the nearest double, and each is exact:
 *   - w ≤ 2^53 and |k| ≤ 22: both are doubles, and one multiplication or division rounds once (Clinger 1990);
 *   - |k| ≤ 27: 5^k fits into 64 bits, so that product or quotient is found in integers, and rounded once;
 *   - otherwise, and for more digits, strtod. */
#include "base/decimal.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MANY_DIGITS = 19, LARGEST_POWER_OF_5 = 27, LONG_NUMBER = 800 };

__extension__ typedef unsigned __int128 Wide;

typedef struct Decimal {
  uint64_t digits; /* w, when n_digits ≤ MANY_DIGITS */
  int n_digits;    /* from the first that is not 0 */
  int64_t power;   /* k */
  bool negative;
} Decimal;

/* Eight digits at once: a byte holds a digit when its upper half is 3, also after adding 6. */
static bool eight_digits(const char *at, uint64_t *out) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  uint64_t bytes;
  for (int i = 0; i < 8; i++)
    if (at[i] == '\0') return false; /* the text ends here */
  memcpy(&bytes, at, sizeof bytes);
  const uint64_t upper = 0xF0F0F0F0F0F0F0F0u, threes = 0x3030303030303030u;
  if ((bytes & upper) != threes || ((bytes + 0x0606060606060606u) & upper) != threes) return false;
  bytes -= threes;
  bytes = (bytes * 10) + (bytes >> 8); /* pairs of digits, then pairs of pairs */
  *out = (((bytes & 0x000000FF000000FFu) * 0x000F424000000064u) +
          (((bytes >> 16) & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
         32;
  return true;
#else
  (void)at, (void)out;
  return false;
#endif
}

/* Digits from `at` on, added to the decimal. */
static const char *read_digits(const char *at, Decimal *d) {
  for (; th_decimal_is_digit(*at); at++) {
    d->digits = d->digits * 10 + (uint64_t)(*at - '0');
    d->n_digits += d->digits != 0;
  }
  return at;
}

/* The exponent at `at`, if there is one; a number without digits behind its e ends before the e. */
static const char *read_exponent(const char *at, Decimal *d) {
  const char *e = at + 1;
  int64_t exponent = 0;
  bool negative = *e == '-';
  if (*e == '-' || *e == '+') e++;
  if (!th_decimal_is_digit(*e)) return at;
  for (; th_decimal_is_digit(*e); e++)
    if (exponent < 100000) exponent = exponent * 10 + (*e - '0');
  d->power += negative ? -exponent : exponent;
  return e;
}

static const uint64_t powers_of_5[LARGEST_POWER_OF_5 + 1] = {1,
                                                             5,
                                                             25,
                                                             125,
                                                             625,
                                                             3125,
                                                             15625,
                                                             78125,
                                                             390625,
                                                             1953125,
                                                             9765625,
                                                             48828125,
                                                             244140625,
                                                             1220703125,
                                                             6103515625,
                                                             30517578125,
                                                             152587890625,
                                                             762939453125,
                                                             3814697265625,
                                                             19073486328125,
                                                             95367431640625,
                                                             476837158203125,
                                                             2384185791015625,
                                                             11920928955078125,
                                                             59604644775390625,
                                                             298023223876953125,
                                                             1490116119384765625,
                                                             7450580596923828125};

static double of_product(uint64_t digits, int power) {
  Wide product = (Wide)digits * powers_of_5[power];
  uint64_t high = (uint64_t)(product >> 64), low = (uint64_t)product;
  if (high == 0) return ldexp((double)low, power);
  int shift = __builtin_clzll(high);
  product <<= shift;
  high = (uint64_t)(product >> 64) | ((uint64_t)product != 0); /* the last bit says that more follows */
  return ldexp((double)high, power + 64 - shift);
}

static double of_quotient(uint64_t digits, int power) {
  uint64_t divisor = powers_of_5[power];
  int up = __builtin_clzll(digits), down = __builtin_clzll(divisor);
  Wide dividend = (Wide)(digits << up) << 63;
  divisor <<= down;
  uint64_t quotient = (uint64_t)(dividend / divisor); /* 63 bits at least */
  quotient |= dividend % divisor != 0;
  return ldexp((double)quotient, down - up - 63 - power);
}

static double quick_value(const Decimal *d) {
  static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                  1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  int power = (int)d->power;
  if (d->digits <= (uint64_t)1 << 53 && power >= -22 && power <= 22)
    return power < 0 ? (double)d->digits / powers[-power] : (double)d->digits * powers[power];
  return power < 0 ? of_quotient(d->digits, -power) : of_product(d->digits, power);
}

/* What the C library makes of text[0 .. length), its point replaced; NaN when it is longer than any number that
 * means something. */
static double slow_value(const char *text, size_t length, char point) {
  char copy[LONG_NUMBER];
  if (point == '.') return strtod(text, NULL);
  if (length >= sizeof copy) return (double)NAN;
  memcpy(copy, text, length);
  copy[length] = '\0';
  char *at = memchr(copy, point, length);
  if (at) *at = '.';
  return strtod(copy, NULL);
}

const char *th_decimal_parse(const char *text, char point, double *out) {
  Decimal d = {.negative = *text == '-'};
  const char *at = text + (*text == '-' || *text == '+'), *start = at;
  uint64_t eight;
  at = read_digits(at, &d);
  size_t n = (size_t)(at - start);
  if (*at == point) {
    const char *decimals = ++at;
    if (d.n_digits <= 8 && eight_digits(at, &eight)) {
      d.digits = d.digits * 100000000 + eight;
      d.n_digits += 8;
      at += 8;
    }
    at = read_digits(at, &d);
    n += (size_t)(at - decimals);
    d.power = decimals - at;
  }
  if (n == 0) return NULL;
  if (*at == 'e' || *at == 'E') at = read_exponent(at, &d);
  if (d.n_digits > MANY_DIGITS || d.power < -LARGEST_POWER_OF_5 || d.power > LARGEST_POWER_OF_5) {
    if (d.digits == 0 && d.n_digits == 0) *out = d.negative ? -0.0 : 0.0;
    else *out = slow_value(text, (size_t)(at - text), point);
    return isnan(*out) ? NULL : at;
  }
  double x = d.digits == 0 ? 0 : quick_value(&d);
  *out = d.negative ? -x : x;
  return at;
}
