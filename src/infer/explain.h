/* explain.h - what can be explained: a table of subjects */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_EXPLAIN_H
#define TH_INFER_EXPLAIN_H

#include "infer/explanation.h"
#include "infer/gaussian.h"
#include "infer/result.h"

/* A subject. `explain` adds its lines for a value and sets *done, or leaves both alone: the next is asked. To explain
 * something new is to write its file and a row. */
typedef struct ThExplainer {
  const char *what; /* as the list of what can be explained says it */
  bool (*explain)(ThContext *cx, ThValue v, ThExplanation *e, bool *done);
} ThExplainer;

TH_CHECKED bool th_explain_query(ThContext *cx, ThValue v, ThExplanation *e,
                                 bool *done); /* explain_bayes.c */
TH_CHECKED bool th_explain_table(ThContext *cx, ThValue v, ThExplanation *e,
                                 bool *done); /* explain_bayes.c */
TH_CHECKED bool th_explain_conjugate(ThContext *cx, ThValue v, ThExplanation *e,
                                     bool *done); /* explain_conjugate.c */
TH_CHECKED bool th_explain_shares(ThContext *cx, ThValue v, ThExplanation *e,
                                  bool *done); /* explain_shares.c */
TH_CHECKED bool th_explain_family(ThContext *cx, ThValue v, ThExplanation *e,
                                  bool *done); /* explain_family.c */
TH_CHECKED bool th_explain_family_vector(ThContext *cx, ThValue v, ThExplanation *e,
                                         bool *done); /* explain_family_vector.c */
TH_CHECKED bool th_explain_states(ThContext *cx, ThValue v, ThExplanation *e,
                                  bool *done); /* explain_states.c */
TH_CHECKED bool th_explain_scaled(ThContext *cx, ThValue v, ThExplanation *e,
                                  bool *done); /* explain_scaled.c */
TH_CHECKED bool th_explain_gaussian(ThContext *cx, ThValue v, ThExplanation *e,
                                    bool *done); /* explain_gaussian.c */
TH_CHECKED bool th_explain_curvature(ThContext *cx, ThValue v, ThExplanation *e,
                                     bool *done); /* explain_curvature.c */
TH_CHECKED bool th_explain_posterior(ThContext *cx, ThValue v, ThExplanation *e,
                                     bool *done); /* explain_posterior.c */
TH_CHECKED bool th_explain_linear(ThContext *cx, ThValue v, ThExplanation *e,
                                  bool *done);                                          /* explain_linear.c */
TH_CHECKED bool th_explain_glm(ThContext *cx, ThValue v, ThExplanation *e, bool *done); /* explain_glm.c */
TH_CHECKED bool th_explain_loss(ThContext *cx, ThValue v, ThExplanation *e, bool *done); /* explain_loss.c */
TH_CHECKED bool th_explain_cf(ThContext *cx, ThValue v, ThExplanation *e, bool *done);   /* explain_cf.c */

/* What several subjects say. */

/* The question's data as names of the explanation, knobs with their values too. */
TH_CHECKED bool th_explain_give_data(ThExplanation *e, const ThQuestion *q);
/* All parameters, and what the body computes from them, at the elements x (k): names of the explanation. */
TH_CHECKED bool th_explain_give_point(ThExplanation *e, const ThQuestion *q, const ThRecording *r,
                                      const double *x);
/* $law of categorical or multinomial data $y with the shares $t, which is a name of the explanation: $counts and
 * $countcode, the log likelihood's $loglik, and what it has besides Σ count·log(share), $ways and $constant. `many` is
 * what their number is called. */
TH_CHECKED bool th_explain_counts(ThExplanation *e, const ThFamily *family, ThValue data, const char *many);
/* A point inside every range, and no round one. */
void th_explain_inner_point(const ThRecording *r, double *x);
/* A model's loss in symbols: $sum, what hangs on parameters, $rest, what does not, $sumcode and $restcode, the same as
 * code, $mean, and $kinds, " (squared error + L2)". *known is false when the model says more. */
TH_CHECKED bool th_explain_loss_parts(ThExplanation *e, const ThQuestion *q, bool *known);
/* $loss is the question's loss as a function (loss.h). */
TH_CHECKED bool th_explain_give_loss(ThExplanation *e, const ThQuestion *q);
/* $parameters "a, b" $values "a = a, b = b", the fields of a record, and $point "a = 1.2, b = 3.4". */
TH_CHECKED bool th_explain_give_parameters(ThExplanation *e, const ThRecording *r);
/* ₁₂ of 12. */
enum { TH_SUBSCRIPT_SIZE = 64 };
const char *th_explain_subscript(size_t i, char *text, size_t size);
/* "a" of an element, "β₂" of a vector's second: the symbol $name, with a value to try it at. */
TH_CHECKED bool th_explain_element(ThExplanation *e, const char *name, const ThUnknown *u, size_t index,
                                   double value);

#endif
