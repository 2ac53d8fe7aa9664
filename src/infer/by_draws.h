/* by_draws.h - what hangs on the parameters of a posterior, draw by draw, where the body takes no random variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_BY_DRAWS_H
#define TH_INFER_BY_DRAWS_H

#include "infer/posterior.h"

/* The body is run once a draw of p->sample; what comes out are variables that hang on the number of the draw, like the
 * components. Derived quantities: a record of those that are numbers or vectors. */
TH_CHECKED bool th_by_draws_derived(const ThPosterior *p, ThRecord **out);
/* A new datum, or a vector of them, drawn from the law that the first observation of the body has with `data`. */
TH_CHECKED bool th_by_draws_predict(const ThPosterior *p, const ThModelData *data, ThValue *out);

#endif
