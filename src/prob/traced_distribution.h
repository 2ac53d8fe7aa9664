/* traced_distribution.h - distributions whose parameters are differentiated */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACED_DISTRIBUTION_H
#define TH_PROB_TRACED_DISTRIBUTION_H

#include "prob/distribution.h"
#include "val/traced.h"

/* Normal(μ, 2) with a traced μ: the distribution at the point, and its parameters as they are traced. An affine image
 * is one of the family Affine here, whatever family the image at the point has. */
typedef struct ThTracedDistribution {
  ThObject object;
  ThGraph *graph; /* counted */
  const ThFamily *family;
  ThValue plain; /* the distribution at the point */
  ThValue
      parameters[TH_MAX_PARAMETERS]; /* numbers and arrays, traced or plain; distributions, lists of them */
  ThValue logit; /* `logit`, `logits` where that was given, which logpdf goes by; else unset */
} ThTracedDistribution;

extern const ThKind th_traced_distribution_kind;
static inline bool th_is_traced_distribution(ThValue v) { return th_is(v, &th_traced_distribution_kind); }
static inline ThTracedDistribution *th_as_traced_distribution(ThValue v) {
  return (ThTracedDistribution *)th_as_object(v);
}

/* The rule of every constructor. */
extern const ThTraceRule th_trace_constructor;

/* Arithmetic of a distribution and a number of which at least one is traced. */
TH_CHECKED bool th_traced_distribution_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b,
                                              ThValue *out);

/* A distribution, traced or not, to compute with on a graph. */
typedef struct ThTracedLaw {
  ThGraph *g;
  const ThFamily *family;
  const ThValue *parameters;
  ThValue logit;
  const ThDistribution *plain; /* at the point */
  bool is_traced;
} ThTracedLaw;

/* False with an error for what is no distribution. All borrowed from d. */
TH_CHECKED bool th_traced_law(ThContext *cx, ThGraph *g, ThValue d, ThTracedLaw *out);
/* Parameter j as a node; on failure g->failed. */
ThNodeId th_traced_parameter(const ThTracedLaw *law, int j);

/* trace_verb.c: what may be asked of a distribution, when it or the point is traced (ThKind.trace). */
bool th_traced_distribution_verb(ThContext *cx, const ThTracedCall *call, ThValue *out);
/* The verbs that it knows, by number; NULL after the last. */
const char *th_traced_verb_name(size_t i);

/* trace_composite.c: a measure at the point x of any distribution. */
ThNodeId th_trace_measure_of(ThContext *cx, ThGraph *g, ThValue d, ThMeasure what, ThNodeId x);

#endif
