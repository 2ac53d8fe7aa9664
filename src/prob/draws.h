/* draws.h - random variables that are known by draws of a sampler */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_DRAWS_H
#define TH_PROB_DRAWS_H

#include "prob/variable.h"

/* Variables that were drawn together hang on one hidden variable, the number of the draw: each is a vector of
 * its draws, indexed by that number. Expressions in them are evaluated draw by draw, and the chains tell how
 * exact an answer is. */
typedef struct ThDraws {
  ThObject object;
  size_t n_chains, n_draws; /* draws of each chain; they are numbered chain after chain */
  char method[24];          /* "nuts" */
} ThDraws;

/* The number of a draw, 1 … chains·draws. */
TH_CHECKED bool th_draws_declare(ThContext *cx, size_t n_chains, size_t n_draws, const char *method,
                                 ThValue *out);
/* A variable that bears a name and has these values, one a draw; index as in th_variable_new. */
TH_CHECKED bool th_draws_variable(ThContext *cx, ThValue number, ThSymbol *name, size_t index, ThValue values,
                                  ThValue *out);
/* Of a declared variable that is such a number; else NULL. */
const ThDraws *th_draws_of(const ThVariable *v);
/* The distribution of v's values as they are, one mass a draw, where v hangs on draws of one sampler; none
 * otherwise. */
TH_CHECKED bool th_draws_empirical(ThContext *cx, ThValue v, ThValue *out);

#endif
