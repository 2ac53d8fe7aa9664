/* polynomial.h - polynomials in many variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_POLYNOMIAL_H
#define TH_NUM_POLYNOMIAL_H

#include "base/context.h"

enum { TH_MONOMIAL_FACTORS = 12, TH_MONOMIAL_POWER = 60 };

typedef struct ThPower {
  uint16_t variable, power; /* power >= 1 */
} ThPower;

/* coefficient × a product of powers of different variables, ascending. */
typedef struct ThMonomial {
  double coefficient;
  uint32_t n;
  ThPower factors[TH_MONOMIAL_FACTORS];
} ThMonomial;

/* A sum of monomials, no two of the same powers. {.cx = cx} is 0. */
typedef struct ThPolynomial {
  ThContext *cx;
  size_t n, capacity;
  ThMonomial *terms;
} ThPolynomial;

void th_polynomial_clear(ThPolynomial *p);
/* The product of the powers of two monomials; false when there are too many factors, or too high a power. */
bool th_monomial_multiply(const ThMonomial *a, const ThMonomial *b, ThMonomial *out);
/* Do they have the same powers? */
bool th_monomial_equal(const ThMonomial *a, const ThMonomial *b);
/* p += a monomial; p += factor*q. */
TH_CHECKED bool th_polynomial_add_term(ThPolynomial *p, const ThMonomial *term);
TH_CHECKED bool th_polynomial_add(ThPolynomial *p, const ThPolynomial *q, double factor);
/* p*q into *out, which is 0. *fits is false when there would be more than `most` terms, or too high powers; then *out
 * is incomplete. */
TH_CHECKED bool th_polynomial_multiply(const ThPolynomial *p, const ThPolynomial *q, size_t most,
                                       ThPolynomial *out, bool *fits);

#endif
