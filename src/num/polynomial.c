/* polynomial.c - polynomials in many variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms stand in a fixed order, so that sums are merged as sorted lists are. */
#include "num/polynomial.h"

#include <stdlib.h>
#include <string.h>

void th_polynomial_clear(ThPolynomial *p) {
  th_free(p->cx, p->terms, p->capacity * sizeof *p->terms);
  p->terms = NULL;
  p->n = p->capacity = 0;
}

bool th_monomial_multiply(const ThMonomial *a, const ThMonomial *b, ThMonomial *out) {
  *out = (ThMonomial){.coefficient = a->coefficient * b->coefficient};
  for (uint32_t i = 0, j = 0; i < a->n || j < b->n; out->n++) {
    if (out->n == TH_MONOMIAL_FACTORS) return false;
    ThPower *to = &out->factors[out->n];
    bool first = j == b->n || (i < a->n && a->factors[i].variable <= b->factors[j].variable);
    bool both = first && j < b->n && a->factors[i].variable == b->factors[j].variable;
    *to = first ? a->factors[i++] : b->factors[j++];
    if (both) to->power = (uint16_t)(to->power + b->factors[j++].power);
    if (to->power > TH_MONOMIAL_POWER) return false;
  }
  return true;
}

/* An order of the powers; 0: they are the same. */
static int compare(const void *left, const void *right) {
  const ThMonomial *a = left, *b = right;
  if (a->n != b->n) return a->n < b->n ? -1 : 1;
  for (uint32_t i = 0; i < a->n; i++) {
    ThPower x = a->factors[i], y = b->factors[i];
    if (x.variable != y.variable) return x.variable < y.variable ? -1 : 1;
    if (x.power != y.power) return x.power < y.power ? -1 : 1;
  }
  return 0;
}

bool th_monomial_equal(const ThMonomial *a, const ThMonomial *b) { return compare(a, b) == 0; }

static bool reserve(ThPolynomial *p, size_t n) {
  if (n <= p->capacity) return true;
  size_t capacity = 2 * n + 8;
  ThMonomial *terms = th_resize(p->cx, p->terms, p->capacity * sizeof *terms, capacity * sizeof *terms);
  if (!terms) return false;
  p->terms = terms;
  p->capacity = capacity;
  return true;
}

bool th_polynomial_add_term(ThPolynomial *p, const ThMonomial *term) {
  size_t at = p->n;
  if (term->coefficient == 0) return true;
  while (at > 0 && compare(&p->terms[at - 1], term) > 0) at--;
  if (at > 0 && compare(&p->terms[at - 1], term) == 0) {
    p->terms[at - 1].coefficient += term->coefficient;
    return true;
  }
  if (!reserve(p, p->n + 1)) return false;
  memmove(&p->terms[at + 1], &p->terms[at], (p->n - at) * sizeof *term);
  p->terms[at] = *term;
  p->n++;
  return true;
}

/* Sorts, and takes terms of the same powers together. */
static void merge(ThPolynomial *p) {
  size_t kept = 0;
  if (p->n == 0) return;
  qsort(p->terms, p->n, sizeof *p->terms, compare);
  for (size_t i = 1; i < p->n; i++) {
    if (compare(&p->terms[kept], &p->terms[i]) == 0) p->terms[kept].coefficient += p->terms[i].coefficient;
    else p->terms[++kept] = p->terms[i];
  }
  p->n = kept + 1;
}

bool th_polynomial_add(ThPolynomial *p, const ThPolynomial *q, double factor) {
  if (!reserve(p, p->n + q->n)) return false;
  for (size_t i = 0; i < q->n; i++) {
    p->terms[p->n] = q->terms[i];
    p->terms[p->n++].coefficient *= factor;
  }
  merge(p);
  return true;
}

bool th_polynomial_multiply(const ThPolynomial *p, const ThPolynomial *q, size_t most, ThPolynomial *out,
                            bool *fits) {
  *fits = true;
  for (size_t i = 0; i < p->n; i++) {
    if (!reserve(out, out->n + q->n)) return false;
    for (size_t j = 0; j < q->n; j++, out->n++)
      if (!th_monomial_multiply(&p->terms[i], &q->terms[j], &out->terms[out->n])) {
        *fits = false;
        return true;
      }
    if (out->n > 4 * most) merge(out);
    *fits = out->n <= 4 * most;
    if (!*fits) return true;
  }
  merge(out);
  *fits = out->n <= most;
  return true;
}
