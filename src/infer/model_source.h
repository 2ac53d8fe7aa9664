/* model_source.h - the text of a model's statements, for texts about the model */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_MODEL_SOURCE_H
#define TH_INFER_MODEL_SOURCE_H

#include "infer/model.h"
#include "lang/ast.h"

enum { TH_MOST_LAW_ARGUMENTS = 4 };

/* `y ~ Normal(a + b*x, σ)`, `β[k] ~ Laplace(0, 1)`: a statement with a call of a family on its right. */
typedef struct ThLawText {
  const ThModel *model;
  const ThSymbol *target;
  const ThNode *element;  /* of y[i], θ[k]: what stands in the brackets; else NULL */
  bool is_data;           /* the target is an argument of the model */
  const ThSymbol *family; /* "Normal" */
  const ThNode *call;
  size_t n_arguments;
  const ThSymbol *names[TH_MOST_LAW_ARGUMENTS]; /* of arguments given by name, else NULL */
  const ThNode *arguments[TH_MOST_LAW_ARGUMENTS];
  const ThNode *loop; /* the `for` that it stands in, or NULL */
} ThLawText;

/* Calls `see` for each such statement in order; *complete is false when the body has others with a `~`, or a `factor`.
 * Statements in loops count, those in conditions do not. */
typedef bool (*ThSeeLaw)(void *self, const ThLawText *law);
TH_CHECKED bool th_model_laws(const ThModel *model, ThSeeLaw see, void *self, bool *complete);

/* Appends the source of a node. */
void th_model_node_text(const ThModel *model, const ThNode *node, ThText *out);
/* The same with the index ᵢ behind what has an element for each datum: data for which `is_indexed` holds (NULL: all
 * arguments that are no knobs), and names computed from them. A matrix product becomes (X @ β)ᵢ. */
typedef bool (*ThIsIndexed)(void *self, const ThSymbol *argument);
void th_model_indexed_text(const ThModel *model, const ThNode *node, ThIsIndexed is_indexed, void *self,
                           ThText *out);
/* Does it have an element for each datum, in that sense? */
bool th_model_is_indexed(const ThModel *model, const ThNode *node, ThIsIndexed is_indexed, void *self);
/* Appends "\nwith rateᵢ = A*exp(-tᵢ/τ)" for each name at the top of the body that is computed from parameters. */
void th_model_definitions(const ThModel *model, ThIsIndexed is_indexed, void *self, ThText *out);
/* Does a node hang on parameters: names with a `~` or a `param`, and names computed from them? */
bool th_model_hangs_on_parameters(const ThModel *model, const ThNode *node);

#endif
