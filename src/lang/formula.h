/* formula.h - formulas: y ~ 1 + x in an argument of a call, as a value */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_FORMULA_H
#define TH_LANG_FORMULA_H

#include "val/basic.h"

/* Each side of a formula is a function of the names that occur in it, so that these can stand for the columns of a
 * table. A name that is no column is the variable of that name where the formula stands: a function without
 * arguments reads it. The value of the right side is the list of its terms; they separate at `+`. */
typedef enum ThFormulaSide { TH_FORMULA_LEFT, TH_FORMULA_RIGHT } ThFormulaSide;

typedef struct ThFormula {
  ThObject object;
  size_t n; /* readers */
  ThValue sides[2];
  ThValue readers[]; /* for the names of the left side, then the right; unset where the variable is global */
} ThFormula;

extern const ThKind th_formula_kind; /* "formula" */
static inline bool th_is_formula(ThValue v) { return th_is(v, &th_formula_kind); }
static inline const ThFormula *th_as_formula(ThValue v) { return (const ThFormula *)th_as_object(v); }

/* From the values that the compiler lays out: the readers, then the two sides. */
TH_CHECKED bool th_formula_new(ThContext *cx, const ThValue *items, size_t n, ThValue *out);

/* The i-th name on a side, NULL after the last. */
ThSymbol *th_formula_name(const ThFormula *formula, ThFormulaSide side, size_t i);
/* Is there a response, y in y ~ x? */
bool th_formula_has_response(const ThFormula *formula);
size_t th_formula_term_count(const ThFormula *formula);
/* Appends the text of the response (i = SIZE_MAX) or of term i, as typed. */
void th_formula_text(const ThFormula *formula, size_t i, ThText *out);
/* Is term i written as a number? Then *out is that: 1 and 0 speak of the intercept. */
bool th_formula_literal(const ThFormula *formula, size_t i, double *out);

/* Where the names of a formula are looked up, in this order; `data` is a table, a record or unset. */
typedef struct ThFormulaData {
  const ThRecord *named; /* or NULL */
  ThValue data;
} ThFormulaData;
/* The value of name i of a side: owned. *is_column tells whether the data have it. */
TH_CHECKED bool th_formula_read(ThContext *cx, const ThFormula *formula, ThFormulaSide side, size_t i,
                                const ThFormulaData *data, bool *is_column, ThValue *out);
/* The value of the response, or the list of the terms. Errors name what is no column and no variable. */
TH_CHECKED bool th_formula_evaluate(ThContext *cx, const ThFormula *formula, ThFormulaSide side,
                                    const ThFormulaData *data, ThValue *out);

#endif
