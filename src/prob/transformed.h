/* transformed.h - the distribution of g(X) for one continuous X and a piecewise monotone g */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRANSFORMED_H
#define TH_PROB_TRANSFORMED_H

#include "prob/distribution.h"

extern const ThFamily th_family_transformed;

enum { TH_MOST_BRANCHES = 64 };

/* `expression` is a random variable that hangs on one declared variable of continuous distribution. *found is false
 * when g is constant somewhere, has more than TH_MOST_BRANCHES branches, or a derivative that is not known;
 * *n_branches says how many there are. `text` names it: "dist(exp(X))". */
TH_CHECKED bool th_transformed_new(ThContext *cx, ThValue expression, const char *text, ThValue *out,
                                   size_t *n_branches, bool *found);

#endif
