/* lesson_values.h - when the value of an answer is the one that was asked for */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_LESSON_VALUES_H
#define TH_UI_LESSON_VALUES_H

#include "val/value.h"

/* Whether a person's value `a` is the value `b`: numbers to a relative 1e-5, which is what can be read off the screen
 * (beside an exact 0, or among larger numbers of an array, 1e-9 of the largest); lists and records part by part;
 * distributions by their distribution functions; functions of the same number of arguments by their values at points,
 * where they have any. Other values as `==` has it. Never an error but an interruption or lack of memory, which is left
 * in the record. */
bool th_values_near(ThContext *cx, ThValue a, ThValue b);

#endif
