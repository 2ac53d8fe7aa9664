/* conjugate_form.h - multiples of powers of a variable, where a conjugate pair has its unknown */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_CONJUGATE_FORM_H
#define TH_PROB_CONJUGATE_FORM_H

#include "prob/conjugate.h"
#include "prob/variable.h"

/* factor·X^power of a declared variable X, the factor positive; of a number the power is 0 and there is no X. */
typedef struct ThConjugateForm {
  const ThVariable *variable;
  double factor, power;
} ThConjugateForm;

/* Element i of v: false for any other expression. */
bool th_conjugate_form_read(ThValue v, size_t i, ThConjugateForm *out);
/* A standard deviation c √X is a variance c² X: *name becomes "variance" where the argument of the family at `index`
 * is that. */
void th_conjugate_form_square(const ThFamily *family, int index, ThConjugateForm *form, const char **name,
                              size_t *length);
/* The law of the form out of that of X, and that of X out of that of the form, within the families that have pairs:
 * false where there is none. */
bool th_conjugate_form_law(const ThConjugateForm *form, const ThFamily **family, double *p);
bool th_conjugate_form_back(const ThConjugateForm *form, const ThFamily **family, double *p);

#endif
