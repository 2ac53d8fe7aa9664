/* law.h - the right side of `~` in a model: a distribution, given parameters or not */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LAW_H
#define TH_INFER_LAW_H

#include "infer/model_data.h"
#include "prob/variable.h"
#include "val/array.h"

/* A law is a distribution, or a conditional one that hangs on parameters. */
static inline bool th_is_law(ThValue v) { return th_is_distribution(v) || th_is_conditional(v); }
const ThFamily *th_law_family(ThValue law);

/* Its positional parameters: numbers, arrays or random; one that would have to be computed from a random
 * value is unset. Owned: clear with th_release_all(parameters, TH_MAX_PARAMETERS). */
TH_CHECKED bool th_law_parameters(ThContext *cx, ThValue law, const ThFamily **family, ThValue *parameters);

/* Element i of a parameter: of an array or array of variables, else the parameter itself. Borrowed. */
static inline ThValue th_law_element(ThValue parameter, size_t i) {
  return th_variable_element(parameter, i);
}
/* Its length: 1 for a number or variable. */
size_t th_law_parameter_length(ThValue parameter);

/* `name ~ law` with this data: are the lengths alike, is nothing missing, and, where the law is that of the model for
 * good, can it give such values? */
TH_CHECKED bool th_law_check(ThContext *cx, const ThModel *model, const ThModelData *all,
                             const ThSymbol *name, ThValue data, ThValue law, bool is_final);

/* The error of data of n values under a law for another number; names the argument that has as many. Returns
 * false. */
bool th_law_fail_length(ThContext *cx, const ThModel *model, const ThModelData *all, const ThSymbol *name,
                        size_t n, size_t length);

/* Σ log density of the data under a distribution without parameters left, and of each datum its mean and
 * standard deviation (the arrays may be NULL). */
TH_CHECKED bool th_law_log_density(ThContext *cx, ThValue data, const ThDistribution *d, double *out);
/* The same with a weight for each datum, or one for all; NULL: 1. A weight of 0 leaves the datum out. */
static inline double th_law_weight(const ThArray *weights, size_t i) {
  return weights ? weights->real[weights->length == 1 ? 0 : i] : 1;
}
static inline double th_law_weighted(const ThArray *weights, size_t i, double term) {
  double w = th_law_weight(weights, i);
  return w == 0 ? 0 : w * term;
}
TH_CHECKED bool th_law_log_density_weighted(ThContext *cx, ThValue data, const ThDistribution *d,
                                            const ThArray *weights, double *out);
TH_CHECKED bool th_law_moments(ThContext *cx, const ThDistribution *d, size_t n, double *mean, double *sd);

/* Draws from it: a number, or `count` of them (SIZE_MAX: as many as the distribution stands for). */
TH_CHECKED bool th_law_draw(ThContext *cx, const ThDistribution *d, size_t count, ThValue *out);

/* Datum i of a number or an array. */
double th_datum(ThValue data, size_t i);

#endif
