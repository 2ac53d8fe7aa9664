/* conjugate_form.c - multiples of powers of a variable, where a conjugate pair has its unknown */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/conjugate_form.h"

#include <math.h>
#include <string.h>

#include "val/array.h"

/* --- Reading */

/* The product, or with sign -1 the quotient, of two of which one is a number, or both are of the same variable. */
static bool join_forms(const ThConjugateForm *a, const ThConjugateForm *b, double sign,
                       ThConjugateForm *out) {
  if (a->variable && b->variable && a->variable != b->variable) return false;
  *out = (ThConjugateForm){.variable = a->variable ? a->variable : b->variable,
                           .factor = sign > 0 ? a->factor * b->factor : a->factor / b->factor,
                           .power = a->power + sign * b->power};
  return true;
}

/* Where X may be negative, (X²)^½ is not X. */
static bool raise_form(const ThConjugateForm *base, double power, ThConjugateForm *out) {
  bool is_even = base->variable && base->power != 0 && fmod(base->power, 2) == 0;
  if (is_even && floor(power) != power) return false;
  *out = (ThConjugateForm){
      .variable = base->variable, .factor = pow(base->factor, power), .power = base->power * power};
  return true;
}

/* How many elements it has; one stands for any number. */
static size_t length_of(ThValue v) {
  size_t n = th_is_variable_array(v) ? th_as_variable_array(v)->length
             : th_is_array(v)        ? th_as_array(v)->length
                                     : 1;
  return n == 1 ? SIZE_MAX : n;
}

static bool read_form(ThValue v, size_t i, ThConjugateForm *out) {
  ThConjugateForm a, b;
  double number;
  if (i >= length_of(v)) return false;
  v = th_variable_element(v, i);
  if (th_to_number(v, &number)) {
    *out = (ThConjugateForm){.factor = number};
    return true;
  }
  if (!th_is_variable(v)) return false;
  const ThVariable *x = th_as_variable(v);
  if (x->what == TH_VARIABLE_DECLARED) {
    *out = (ThConjugateForm){.variable = x, .factor = 1, .power = 1};
    return true;
  }
  if (th_variable_calls(x, "sqrt")) return read_form(x->arguments[0], i, &a) && raise_form(&a, 0.5, out);
  bool binary = x->what == TH_VARIABLE_OPERATOR && x->n == 2;
  if (!binary || !read_form(x->arguments[0], i, &a) || !read_form(x->arguments[1], i, &b)) return false;
  if (x->op == TH_OP_MULTIPLY || x->op == TH_OP_DIVIDE)
    return join_forms(&a, &b, x->op == TH_OP_MULTIPLY ? 1 : -1, out);
  return x->op == TH_OP_POWER && !b.variable && raise_form(&a, b.factor, out);
}

bool th_conjugate_form_read(ThValue v, size_t i, ThConjugateForm *out) {
  return read_form(v, i, out) && out->factor > 0 && isfinite(out->factor);
}

void th_conjugate_form_square(const ThFamily *family, int index, ThConjugateForm *form, const char **name,
                              size_t *length) {
  if (family != &th_family_normal || index != 1 || fabs(form->power) != 0.5) return;
  *name = "variance";
  *length = strlen(*name);
  form->factor *= form->factor;
  form->power *= 2;
}

/* --- Laws */

/* The law of 1/X. */
static bool invert(const ThFamily **family) {
  if (*family != &th_family_gamma && *family != &th_family_inv_gamma) return false;
  *family = *family == &th_family_gamma ? &th_family_inv_gamma : &th_family_gamma;
  return true;
}

/* The law of c X. */
static bool scale(const ThFamily *family, double c, double *p) {
  double q[TH_MAX_PARAMETERS] = {0};
  if (c == 1) return true;
  if (!family->affine || !family->affine(p, c, 0, q)) return false;
  memcpy(p, q, (size_t)family->n_parameters * sizeof *p);
  return true;
}

bool th_conjugate_form_law(const ThConjugateForm *form, const ThFamily **family, double *p) {
  if (form->power != 1 && !(form->power == -1 && invert(family))) return false;
  return scale(*family, form->factor, p);
}

bool th_conjugate_form_back(const ThConjugateForm *form, const ThFamily **family, double *p) {
  return scale(*family, 1 / form->factor, p) && (form->power == 1 || invert(family));
}
