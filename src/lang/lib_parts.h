/* lib_parts.h - complex arguments of functions that are linear in them: part by part */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_LIB_PARTS_H
#define TH_LANG_LIB_PARTS_H

#include "lang/builtin.h"

/* f(… z …) = f(… re z …) + i f(… im z …), where z is argument `i` of the call, a complex number or array. The
 * results may be complex themselves. */
TH_CHECKED bool th_by_parts(ThContext *cx, const ThCall *call, size_t i, ThBuiltinBody f, ThValue *out);
/* The same for a function of two arguments, linear in each: *done says whether one of them was complex and the
 * result is there. */
TH_CHECKED bool th_by_parts_of_two(ThContext *cx, const ThCall *call, ThBuiltinBody f, bool *done,
                                   ThValue *out);
/* f(re z) + f(im z) for argument 0: of squares. */
TH_CHECKED bool th_sum_of_parts(ThContext *cx, const ThCall *call, ThBuiltinBody f, ThValue *out);

#endif
