/* ask_family.h - mle(Gamma, xs) as a question */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_ASK_FAMILY_H
#define TH_INFER_ASK_FAMILY_H

#include "infer/ask.h"
#include "prob/distribution.h"

/* The family that is asked about in the place of a model; NULL: none. */
const ThFamily *th_ask_family(const ThCall *call);
/* Sets the question's model, its data, and what is held: by `fix`, or by its name as in a call of the constructor. */
TH_CHECKED bool th_ask_family_bind(ThContext *cx, ThVerb verb, const ThCall *call, ThQuestion *out);

#endif
