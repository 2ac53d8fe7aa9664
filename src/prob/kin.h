/* kin.h - the components of one joint law among the variables of a query */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_KIN_H
#define TH_PROB_KIN_H

#include "prob/joint.h"
#include "prob/query.h"

/* The components of one joint law of n, of Dirichlet's or the multinomial family. */
typedef struct ThKin {
  ThQuery *q;
  ThValue joint;
  const ThDistribution *law;
  size_t n;
} ThKin;

static inline const ThVariable *th_kin_variable(const ThQuery *q, size_t k) {
  return q->net.variables[k].variable;
}
static inline bool th_kin_has(const ThKin *kin, const ThVariable *v) {
  return v->joint.bits == kin->joint.bits;
}

/* The joint law of the first variable that has one of this family, known; false when none has. */
bool th_kin_find(ThQuery *q, const ThFamily *family, ThKin *out);

/* kin_shares.c: the law of Dirichlet shares given counts and categories with them as probabilities; *found is false
 * when the conditions are others. */
TH_CHECKED bool th_kin_posterior(const ThKin *kin, ThValue *out, bool *found);
/* Tells it in the query's story. */
TH_CHECKED bool th_kin_tell(ThQuery *q, ThValue law);
/* A law of the family, from its numbers; `trials` NULL: of shares. */
TH_CHECKED bool th_kin_law(ThContext *cx, const ThFamily *family, const ThValue *trials, const double *x,
                           size_t n, ThValue *out);

#endif
