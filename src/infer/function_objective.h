/* function_objective.h - a function of Theta as an objective */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_FUNCTION_OBJECTIVE_H
#define TH_INFER_FUNCTION_OBJECTIVE_H

#include "val/flatten.h"
#include "infer/objective.h"
#include "lang/replay.h"

typedef struct ThFunctionObjective {
  ThValue function;        /* retained */
  const ThFlatten *layout; /* of its argument; borrowed */
  const char *name;        /* what it is called in messages; borrowed */
  ThReplay *replay;
  bool is_plain; /* it cannot be traced: values come from calls */
} ThFunctionObjective;

/* f is called with values of the form of `layout`, and gives one number, else a type error that says so. Derivatives
 * are exact; values are had of functions that have none, too. */
TH_CHECKED bool th_function_objective_init(ThContext *cx, ThValue f, const ThFlatten *layout,
                                           const char *name, ThFunctionObjective *out);
void th_function_objective_clear(ThContext *cx, ThFunctionObjective *self);
ThObjective th_function_objective(ThFunctionObjective *self);

#endif
