/* derived.h - the functions that grad(f), hessian(f), … are */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_DERIVED_H
#define TH_LANG_DERIVED_H

#include "val/value.h"

extern const ThKind th_derived_kind; /* "function" */
/* What it is the derivative of: borrowed. */
ThValue th_derived_function(ThValue derived);
/* The same derivative of another function. */
TH_CHECKED bool th_derived_of(ThContext *cx, ThValue derived, ThValue function, ThValue *out);

#endif
