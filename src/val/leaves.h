/* leaves.h - the numbers and arrays inside records and lists */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_LEAVES_H
#define TH_VAL_LEAVES_H

#include "val/value.h"

/* The parameters of a function may be a number, an array, or records and lists of them: a tree with numbers and arrays
 * as leaves. */

/* Called for each leaf in order; gives what stands in its place. */
typedef bool (*ThLeafMap)(void *self, ThContext *cx, ThValue leaf, ThValue *out);
/* A tree of the same form, with mapped leaves. */
TH_CHECKED bool th_leaves_map(ThContext *cx, ThValue tree, ThLeafMap map, void *self, ThValue *out);

#endif
