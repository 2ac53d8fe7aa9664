/* explain_family.h - rows of what is said about the maximum of a family's likelihood */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_EXPLAIN_FAMILY_H
#define TH_INFER_EXPLAIN_FAMILY_H

#include "infer/explain.h"
#include "infer/fit.h"
#include "infer/law.h"

/* Families with one unknown: $t, at the maximum $hat; $k is a known parameter. */
typedef struct ThOneUnknown {
  const ThFamily *family;
  int parameter;
  const char *known; /* what the known parameter is called, or NULL */
  ThLine statistics[3];
  const char *kernel, *kernel_code; /* the log likelihood */
  const char *score;                /* its derivative */
  const char *estimate;
  const char *information; /* minus its second derivative at $hat */
  bool one;                /* the known parameter must be one number */
} ThOneUnknown;
/* explain_family_rows.c; ends with a row without a family. */
extern const ThOneUnknown th_explain_one_unknown[];

/* Families with two unknowns, $t and $u. */
typedef struct ThTwoUnknowns {
  const ThFamily *family;
  const ThLine *lines;
  bool edged; /* the likelihood is not level at the maximum: the lines are those of a fit by the formulas */
  /* Lines in symbols are tried at scale·(estimate) + shift. */
  struct {
    double scale, shift;
  } point[2];
} ThTwoUnknowns;
/* explain_family_two.c; ends with a row without a family. */
extern const ThTwoUnknowns th_explain_two_unknowns[];

/* Equations of the maximum that no formula solves, of families whose parameters are all unknown, so many numbers (0: a
 * vector). */
typedef struct ThScoreEquations {
  const ThFamily *family;
  size_t n_unknown;
  const ThLine *lines;
} ThScoreEquations;
/* explain_family_score.c; ends with a row without a family. */
extern const ThScoreEquations th_explain_score_equations[];

#endif
