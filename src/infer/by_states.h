/* by_states.h - a new datum under a posterior of discrete parameters alone, state by state */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_BY_STATES_H
#define TH_INFER_BY_STATES_H

#include "infer/posterior.h"

/* Are all parameters known by states, each with its values? */
bool th_by_states_fits(const ThPosterior *p);
/* The mixture of the laws that the first observation of the body has with `data` in each state; where the body takes no
 * random variables. */
TH_CHECKED bool th_by_states_predict(const ThPosterior *p, const ThModelData *data, ThValue *out);

#endif
