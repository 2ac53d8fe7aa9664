/* prob.c - what the layer defines in a session */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/prob.h"

#include "prob/traced_distribution.h"
#include "prob/verbs.h"

bool th_prob_define(ThContext *cx) {
  for (size_t i = 0; th_family_at(i); i++)
    if (!th_builtins_define(cx, th_family_at(i)->builtin) ||
        !th_trace_rule_define(cx, th_family_at(i)->name, &th_trace_constructor))
      return false;
  return th_builtins_define(cx, th_lib_verbs) && th_builtins_define(cx, th_lib_divergence) &&
         th_builtins_define(cx, th_lib_queries) && th_builtins_define(cx, th_lib_how) &&
         th_builtins_define(cx, th_lib_bayes);
}
