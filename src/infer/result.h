/* result.h - what fits and posteriors hold alike: how they were asked for, and running the body again */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_RESULT_H
#define TH_INFER_RESULT_H

#include "infer/layout.h"
#include "infer/model_data.h"
#include "infer/record.h"

/* How a sampler runs. */
typedef struct ThSamplerOptions {
  size_t chains, draws, warmup;
  bool seeded;
  uint64_t seed;
} ThSamplerOptions;

/* The question: model, data, options. */
typedef struct ThQuestion {
  ThVerb verb;
  ThValue model; /* a model */
  ThModelData data;
  ThValue prior, fix, init; /* records, or none */
  ThValue weights;          /* a vector, one a datum, or none */
  double level;             /* of intervals */
  char method[16];          /* that was asked for: "auto", "exact", "grid", … */
  ThSamplerOptions sampler;
} ThQuestion;
static inline ThQuestion th_question_none(void) {
  return (ThQuestion){.model = th_none(),
                      .prior = th_none(),
                      .fix = th_none(),
                      .init = th_none(),
                      .weights = th_none(),
                      .method = "auto"};
}
void th_question_clear(ThContext *cx, ThQuestion *question);
/* The error of a fit that is called: "a fit is not a function". Returns false. */
bool th_result_fail_call(ThContext *cx, const char *what);
static inline const ThModel *th_question_model(const ThQuestion *q) { return th_as_model(q->model); }
/* The weights of the data, or NULL. */
static inline ThArray *th_question_weights(const ThQuestion *q) {
  return th_is_array(q->weights) ? th_as_array(q->weights) : NULL;
}
const char *th_verb_name(ThVerb verb); /* "mle" */

/* The body run with these data and with all parameters at given values: a record of numbers, arrays, or
 * random variables. Nothing is checked against the data. */
TH_CHECKED bool th_question_replay(ThContext *cx, const ThQuestion *question, const ThModelData *data,
                                   const ThRecord *parameters, ThRecording *out);
/* The body run with parameters as unknowns again, on other data. */
TH_CHECKED bool th_question_reopen(ThContext *cx, const ThQuestion *question, const ThModelData *data,
                                   ThRecording *out);

/* The derived quantities of a recording as a record. */
TH_CHECKED bool th_derived_record(const ThRecording *r, ThRecord **out);

#endif
