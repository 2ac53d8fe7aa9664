/* cf.h - characteristic functions as values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_CF_H
#define TH_PROB_CF_H

#include "prob/distribution_cf.h"
#include "prob/finding.h"
#include "val/value.h"

/* φ(k) = E e^(ikX), of a distribution, of data, of a random variable, or a product, power or conjugate of others.
 * Called with a number it is complex, or an estimate where it was found by an integral; with an array an array. */
extern const ThKind th_cf_kind; /* "characteristic function" */
static inline bool th_is_cf(ThValue v) { return th_is(v, &th_cf_kind); }

/* A small tree: leaves are distributions, data and expressions in random variables. */
typedef enum ThCfPart {
  TH_CF_OF_DISTRIBUTION,
  TH_CF_OF_DATA,
  TH_CF_OF_VARIABLE,
  TH_CF_PRODUCT,
  TH_CF_POWER,
  TH_CF_CONJUGATE
} ThCfPart;

typedef struct ThCf {
  ThObject object;
  ThCfPart part;
  ThValue left, right; /* the leaf; or two functions; or one and a number; or one */
} ThCf;

static inline const ThCf *th_as_cf(ThValue v) { return (const ThCf *)th_as_object(v); }

/* `left` and `right` are borrowed. */
TH_CHECKED bool th_cf_new(ThContext *cx, ThCfPart part, ThValue left, ThValue right, ThValue *out);
TH_CHECKED bool th_cf_of_distribution(ThContext *cx, ThValue d, ThValue *out);
/* (1/n) Σ e^(ik x_j) of a real array. */
TH_CHECKED bool th_cf_of_data(ThContext *cx, ThValue x, ThValue *out);
/* Of a sum of independent variables the product of theirs; of any other expression E e^(ikX) (cf_variable.c). */
TH_CHECKED bool th_cf_of_variable(ThContext *cx, ThValue variable, ThValue *out);

/* E e^(ik g(X)) of an expression in one continuous variable, for many k (cf_function.c); *done is false where it is not
 * of that form, or could not be resolved. */
TH_CHECKED bool th_cf_of_function(ThContext *cx, ThValue variable, size_t n, const double *k,
                                  double complex *z, ThCfReport *report, bool *done);

/* φ at n points (cf_value.c). */
TH_CHECKED bool th_cf_values(ThContext *cx, ThValue cf, size_t n, const double *k, double complex *z,
                             ThCfReport *report);
TH_CHECKED bool th_cf_at(ThContext *cx, ThValue cf, double k, double complex *out);
/* φ(k) or φ([k, …]) as a value. */
TH_CHECKED bool th_cf_call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out);

/* The n-th cumulant, 1 <= n <= TH_MAX_MOMENT, from those of the leaves; NaN where it does not exist (cf_moment.c). */
TH_CHECKED bool th_cf_cumulant(ThContext *cx, ThValue cf, int n, ThFinding *out);
/* mean, var, moment, cumulant, … of a characteristic function. */
bool th_cf_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out);
/* Appends "cf(Normal(μ = 0, σ = 1))^2". */
TH_CHECKED bool th_cf_text(ThContext *cx, ThValue cf, ThText *out);

#endif
