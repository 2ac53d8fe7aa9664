/* outcome.h - derivatives of functions that read random variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_OUTCOME_H
#define TH_LANG_OUTCOME_H

#include "val/value.h"

/* One of the derivatives of a function, at the point args->values[0]. */
typedef bool (*ThDerive)(ThContext *cx, ThValue f, const ThArguments *args, ThValue *out);

/* derive(f, args); where f reads random variables, a random variable: the derivative of each outcome. */
TH_CHECKED bool th_outcome_derive(ThContext *cx, ThDerive derive, ThValue f, const ThArguments *args,
                                  ThValue *out);

#endif
