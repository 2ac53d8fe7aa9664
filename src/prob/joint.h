/* joint.h - what the components of a vector or matrix of random variables share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_JOINT_H
#define TH_PROB_JOINT_H

#include "prob/event.h"
#include "prob/variable.h"

/* One object for each declaration X ~ d of a distribution of vectors or matrices: its components know each other by it
 * (ThVariable.joint), and their places in it by ThVariable.component. */
typedef struct ThJoint {
  ThObject object;
  ThValue law; /* a distribution of family->event, or a conditional one */
} ThJoint;

extern const ThKind th_joint_kind; /* "joint law" */

/* The joint object of a variable, or NULL. */
static inline const ThJoint *th_joint_of(const ThVariable *v) {
  return th_is(v->joint, &th_joint_kind) ? (const ThJoint *)th_as_object(v->joint) : NULL;
}
/* Its law where that is a distribution, hanging on nothing; or NULL. */
const ThDistribution *th_joint_law(const ThVariable *v);
/* Is v a distribution of vectors or matrices, plain or given variables? */
bool th_is_joint_law(ThValue v);

/* How many components X ~ law has, of a matrix the rows; `count` is what the declaration says, SIZE_MAX for nothing. */
TH_CHECKED bool th_joint_size(ThContext *cx, const ThSymbol *name, ThValue law, size_t count, size_t *out);
/* X ~ law: an array of variables, one for each component that the others leave free. `count` as for
 * th_variable_declare. */
TH_CHECKED bool th_joint_declare(ThContext *cx, ThSymbol *name, ThValue law, size_t count, ThValue *out);
/* What th_joint_declare made gets another law of the same size. */
TH_CHECKED bool th_joint_redeclare(ThContext *cx, ThVariableArray *array, ThValue law);

#endif
