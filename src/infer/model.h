/* model.h - a model as a value: its name and its body */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_MODEL_H
#define TH_INFER_MODEL_H

#include "val/symbol.h"
#include "val/value.h"

struct ThFamilyModel; /* family_model.h */

typedef struct ThModel {
  ThObject object;
  ThSymbol *name;
  ThValue body;                 /* a function of the data and knobs; none where there is a family */
  struct ThFamilyModel *family; /* the model data ~ Family(parameters); NULL for those that the person wrote */
} ThModel;

extern const ThKind th_model_kind; /* "model" */
static inline bool th_is_model(ThValue v) { return th_is(v, &th_model_kind); }
static inline ThModel *th_as_model(ThValue v) { return (ThModel *)th_as_object(v); }

/* What the language calls for `model NAME(…) { … }` (lang/session.h, ThLanguageHooks). */
TH_CHECKED bool th_model_make(ThContext *cx, ThSymbol *name, ThValue body, ThValue *out);

/* Of a family; copies what it is given. */
TH_CHECKED bool th_model_of_family(ThContext *cx, ThSymbol *name, const struct ThFamilyModel *family,
                                   ThValue *out);

/* The i-th argument, NULL after the last; a knob has a default. */
ThSymbol *th_model_argument(const ThModel *model, size_t i, bool *is_knob);
/* Its position; SIZE_MAX when the model has no such argument. */
size_t th_model_argument_index(const ThModel *model, const ThSymbol *name);
size_t th_model_argument_count(const ThModel *model);
/* Appends the names of all arguments (or of those that must be given), "x, y, σ". */
void th_model_argument_names(const ThModel *model, bool with_knobs, ThText *out);
/* Is there a statement `name ~ …` in the body, for that argument? */
bool th_model_observes(const ThModel *model, const ThSymbol *name);

/* No `~` with data on its left: the same words wherever it is found. Returns false. */
bool th_fail_no_likelihood(ThContext *cx, const ThSymbol *name);

#endif
