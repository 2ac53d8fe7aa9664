/* computed.h - a distribution known by its density on panels: a sum's, a posterior's */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_COMPUTED_H
#define TH_PROB_COMPUTED_H

#include "num/pieces.h"
#include "prob/distribution.h"

extern const ThFamily th_family_computed;

/* What is known beside the density. */
typedef struct ThComputedFacts {
  const char *text;         /* "dist(sum(U))" */
  const char *method;       /* how the density was found: "quadrature", "convolution" */
  double error;             /* of a tail */
  double lower, upper;      /* the support, which may reach farther than the panels */
  ThFinding mean, variance; /* the sum's are better known than its panels */
} ThComputedFacts;

/* Mean and variance from panels that are normalised, with their errors; the text, the method, the error and the support
 * are there already. The density is largest about `peak` and reaches about `width`: tails that fall as powers are told
 * from others by how they end, far outside. */
void th_computed_moments(const ThPieces *panels, double peak, double width, ThComputedFacts *facts);

/* Takes the panels, which are normalised, even when it fails. */
TH_CHECKED bool th_computed_new_take(ThContext *cx, ThPieces *panels, const ThComputedFacts *facts,
                                     ThValue *out);

#endif
