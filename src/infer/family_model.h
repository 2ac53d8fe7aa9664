/* family_model.h - a family of distributions as a model: data ~ Family(parameters) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_FAMILY_MODEL_H
#define TH_INFER_FAMILY_MODEL_H

#include "infer/model_data.h"
#include "lang/session.h"
#include "prob/parameter.h"

/* One parameter: an argument of the family's constructor. */
typedef struct ThFamilyUnknown {
  ThSymbol *name;
  size_t argument;     /* its place in the constructor's signature; below n_parameters: positional */
  size_t count;        /* of a vector; SIZE_MAX for a number */
  size_t order;        /* of a symmetric matrix, whose count is order (order + 1)/2; else 0 */
  double lower, upper; /* where it may lie, of one number */
} ThFamilyUnknown;

/* What stands in a model in place of a body. */
typedef struct ThFamilyModel {
  const ThFamily *family;
  ThSymbol *data; /* what the data are called */
  size_t n;
  ThFamilyUnknown unknowns[TH_MAX_PARAMETERS];
} ThFamilyModel;

/* The model of mle(Gamma, xs). Its parameters are the positional ones, but that those which `named` (records of
 * arguments of the constructor, or NULL) speaks of take the place of the positional ones they give: mean, of Normal's
 * μ. `size` is the length of an outcome that is a vector, or the number of categories. */
TH_CHECKED bool th_family_model_new(ThContext *cx, const ThFamily *family, ThSymbol *data, size_t size,
                                    const ThRecord *const *named, size_t n_named, ThValue *out);

/* Runs it as th_model_run runs a body: every parameter is declared, then the data. */
TH_CHECKED bool th_family_model_run(ThContext *cx, const ThFamilyModel *m, ThValue data,
                                    const ThModelRunner *runner);

/* The order of a parameter that is a symmetric matrix; 0: it is none. */
size_t th_family_model_order(const ThFamilyModel *m, const ThSymbol *name);
/* Where the element at (i, j) of such a matrix stands: its diagonal and what stands right of it, by rows. */
static inline size_t th_packed_index(size_t order, size_t i, size_t j) {
  size_t row = i < j ? i : j, column = i < j ? j : i;
  return row * order - row * (row + 1) / 2 + column;
}
/* Are all parameters positional ones of the family? */
bool th_family_model_is_positional(const ThFamilyModel *m);

#endif
