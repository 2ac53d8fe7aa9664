/* variable_arrange.h - calls that pick random variables, or add them up, one by one */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_VARIABLE_ARRANGE_H
#define TH_PROB_VARIABLE_ARRANGE_H

#include "prob/variable.h"

/* where(condition, a, b) with known conditions, cumsum(x): an array of variables, whose elements are told apart as
 * those of other arrays are. *done is false for other calls. */
TH_CHECKED bool th_variable_arrange(ThContext *cx, ThValue function, const ThArguments *args, bool *done,
                                    ThValue *out);

#endif
