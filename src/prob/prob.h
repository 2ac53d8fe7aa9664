/* prob.h - what the layer defines in a session */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_PROB_H
#define TH_PROB_PROB_H

#include "prob/variable.h"

/* Every built-in of the layer: distributions, their verbs, queries, Bayes' table. The registry also hands
 * th_variable_declare, th_variable_choose and th_variable_is_random to the session's hooks. */
TH_CHECKED bool th_prob_define(ThContext *cx);

#endif
