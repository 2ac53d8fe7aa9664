/* operations_spectrum.h - what eigenvalues and singular values have in common: ties, phases */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_OPERATIONS_SPECTRUM_H
#define TH_VAL_OPERATIONS_SPECTRUM_H

#include "val/operations_linalg.h"

/* Values that are equal to rounding are tied. Vectors that belong to tied values are any basis of what they span, so
 * that most that hangs on them has no derivative; what has one does not tell the tied values apart. Where it cannot be
 * found an error says so. */

/* --- Divided differences */

typedef enum ThPairing {
  TH_PAIR_PLAIN, /* M */
  TH_PAIR_MINUS, /* M - Mᴴ */
  TH_PAIR_PLUS   /* M + Mᴴ */
} ThPairing;

/* Y_ij = (what `pairing` says of M)_ij/(λ_j - λ_i), 0 on the diagonal; where λ_i and λ_j are tied 0, and an error
 * unless the numerator is. λ is real when the pairing is not plain. */
ThNodeId th_divided_by_gaps(ThGraph *g, ThNodeId m, ThNodeId values, ThPairing pairing, bool singular);
/* The same over s_i + s_j, the diagonal too; 0 where both are 0 to rounding, and an error unless the numerator is. */
ThNodeId th_divided_by_sums(ThGraph *g, ThNodeId m, ThNodeId values, ThPairing pairing);
/* M_ij/s_j: 0 where s_j is 0 to rounding, and an error unless M_ij is. */
ThNodeId th_divided_by_values(ThGraph *g, ThNodeId m, ThNodeId values);

/* --- What a cotangent uses */

/* Where in a flat array of factors the (rows, n) vectors of one kind begin. */
typedef struct ThVectors {
  size_t first, rows;
} ThVectors;

/* Of each of n values: is it used, and are its vectors, whatever numbers the cotangent has? `pattern` is the first
 * value of whose vectors the same elements are used. */
typedef struct ThUse {
  uint32_t value, vectors, pattern;
} ThUse;

typedef struct ThUses {
  bool values, vectors; /* of any */
  size_t n;
  ThUse *each;
} ThUses;

/* In the flat cotangent of a node the values begin at `first`. Then th_uses_clear. */
TH_CHECKED bool th_uses_init(ThGraph *g, ThNodeId cotangent, size_t n, size_t first, const ThVectors *vectors,
                             size_t n_vectors, ThUses *out);
void th_uses_clear(ThGraph *g, ThUses *uses);

/* --- Values */

/* The cotangent of values. Error where tied values have different cotangents, where one of a singular value that is 0
 * is not, and where values and vectors are both used of what is tied. */
ThNodeId th_even_values(ThGraph *g, ThNodeId cotangent, ThNodeId values, const ThUses *uses, bool singular);
/* A matrix with a column for each value. Error where of the vectors of tied values not the same elements are used. */
ThNodeId th_even_vectors(ThGraph *g, ThNodeId m, ThNodeId values, const ThUses *uses, bool singular);
/* The tangent of values: the mean over tied ones, which is what a symmetric function of them needs. */
ThNodeId th_even_tangent(ThGraph *g, ThNodeId tangent, ThNodeId values);

/* --- Phases: of each column of V one element, its pivot, is real and positive */

/* Which element: the first sizeable one (singular vectors, those of Hermitian matrices), or the largest. A matrix of 0
 * and 1. */
ThNodeId th_pivots(ThGraph *g, ThNodeId vectors, bool largest);
/* Im of the diagonal of Vᴴ V̄, as a row. */
ThNodeId th_turning(ThGraph *g, ThNodeId vectors, ThNodeId cotangent);
/* The cotangent of vectors that may be of any phase, given the row that says how much turning each column changes. */
ThNodeId th_free_phase(ThGraph *g, ThNodeId cotangent, ThNodeId vectors, ThNodeId pivots, ThNodeId turning);
/* i times how far each column must turn for its pivot to stay real, when it moves by the tangent; as a row. */
ThNodeId th_phase_back(ThGraph *g, ThNodeId vectors, ThNodeId pivots, ThNodeId tangent);

#endif
