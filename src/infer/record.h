/* record.h - what a model's body says, found by running it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_RECORD_H
#define TH_INFER_RECORD_H

#include "infer/law.h"
#include "infer/model_data.h"
#include "lang/session.h"
#include "prob/variable.h"
#include "val/array.h"

/* What the model is asked for. mle leaves priors and factors out. */
typedef enum ThVerb { TH_VERB_MLE, TH_VERB_MAP, TH_VERB_POSTERIOR } ThVerb;

/* The ends of a range: numbers, which may be infinite, or values that hang on parameters: random while a model is
 * recorded, traced while its density is. */
typedef struct ThEnds {
  ThValue lower, upper;
} ThEnds;

/* A parameter: a number, or a vector θ[count]. */
typedef struct ThUnknown {
  ThSymbol *name;
  size_t count;        /* of a vector; SIZE_MAX for a number */
  size_t order;        /* of a symmetric matrix, whose count is order (order + 1)/2; else 0 */
  size_t first;        /* its first element among the record's; a held one has none */
  bool is_param;       /* declared by `param` */
  bool is_free;        /* so declared, and without a prior for all its elements */
  bool is_held;        /* by fix = (…) */
  ThEnds ends;         /* of `param θ in (lower, upper)` */
  double lower, upper; /* the same, infinite where an end hangs on parameters */
  ThValue prior;       /* a distribution or a conditional one; none when free */
  ThValue value;       /* what the body went on with: a variable, an array of them, or what it is held at */
} ThUnknown;

/* One element of a parameter. */
typedef struct ThElementary {
  const ThVariable *variable; /* kept alive by the unknown's value; NULL in a plain recording */
  size_t unknown, index;      /* 0-based */
  ThValue prior;              /* owned: of this element alone (θ[i] ~ …), else none */
} ThElementary;

/* data ~ distribution */
typedef struct ThObservation {
  ThSymbol *name;
  ThValue data;         /* a number or an array */
  ThValue distribution; /* a distribution, or a conditional one when it hangs on parameters */
} ThObservation;

/* name = value at the top of the body */
typedef struct ThDerived {
  ThSymbol *name;
  ThValue value;
} ThDerived;

/* How the body is run. All borrowed. */
typedef struct ThRecordOptions {
  ThVerb verb;
  const char *verb_name; /* "mle" */
  const ThRecord *prior; /* priors by name that replace the model's, or NULL */
  const ThRecord *fix;   /* values by name that parameters are held at (random ones too), or NULL */
  const ThRecord *init;  /* values by name that a search begins at, or NULL */
  ThArray *weights;      /* of the data's log densities, one a datum, or NULL */
  const struct ThGaussianPrior *carried; /* a joint normal posterior in the place of all priors, or NULL */
  bool draws;     /* parameters that are not held are drawn from their priors, and are then held */
  bool is_trial;  /* data may lie outside the support of their laws: they have no probability then */
  bool is_replay; /* data may be missing, and nothing is checked against it */
} ThRecordOptions;

typedef struct ThRecording {
  ThContext *cx;
  const ThModel *model;
  const ThModelData *data;
  ThRecordOptions options;
  /* The body takes no random variables (an `ode`, an array that is filled, a branch): it ran on numbers in their place,
   * where a search may begin. Its structure is not known, and its laws are distributions that hang on those numbers. */
  bool is_plain;
  double plain_at; /* those numbers are quantiles at it */
  ThUnknown *unknowns;
  ThElementary *elements;
  ThObservation *observations;
  ThDerived *derived;
  ThValue *factors;
  ThObservation *held_priors; /* of held elements, θ[i] ~ …: the value and its law */
  size_t n_unknowns, n_elements, n_observations, n_derived, n_factors, n_held_priors;
  size_t unknown_capacity, element_capacity, observation_capacity, derived_capacity, factor_capacity,
      held_capacity;
} ThRecording;

/* Runs the body once. `model` and `data` must outlive the recording, which is plain where it must be. */
TH_CHECKED bool th_record_model(ThContext *cx, const ThModel *model, const ThModelData *data,
                                const ThRecordOptions *options, ThRecording *out);
void th_recording_clear(ThRecording *r);
/* Has the body just failed in a way that may mean that it takes no random variables? */
bool th_record_may_be_plain(const ThContext *cx);
/* Runs the body on its data with a runner of the caller's. */
TH_CHECKED bool th_record_run(ThContext *cx, const ThModel *model, const ThModelData *data,
                              const ThModelRunner *runner);

/* The element of a declared variable; SIZE_MAX when it is none of the model's. */
size_t th_recording_element(const ThRecording *r, const ThVariable *variable);
/* The law that element j is given: its own, or that of its parameter; none where it has no prior. Borrowed. */
ThValue th_recording_law(const ThRecording *r, size_t j);
/* The prior of an element: family and positional parameters as numbers. False when it has none or one that
 * hangs on parameters (no error). */
bool th_recording_prior(const ThRecording *r, size_t element, const ThFamily **family, double *p);
/* Has an element a Laplace prior of numbers? p: its location and scale. */
bool th_recording_kink(const ThRecording *r, size_t element, double *p);
/* How many data were observed. */
size_t th_recording_data_count(const ThRecording *r);
/* Are there data, all of them Normal? */
bool th_recording_is_normal(const ThRecording *r);
/* "[1, 2]": the place of a number of a symmetric matrix of that order. */
void th_packed_name(size_t order, size_t index, ThText *out);
/* "a", "β[2]" */
void th_unknown_element_name(const ThUnknown *unknown, size_t index, ThText *out);

#endif
