/* learn.c - what the layer defines in a session */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "learn/learn.h"

#include "learn/libs.h"

bool th_learn_define(ThContext *cx) {
  return th_builtins_define(cx, th_lib_activation) && th_builtins_define(cx, th_lib_loss) &&
         th_builtins_define(cx, th_lib_network) && th_trace_rules_define(cx, th_trace_activation) &&
         th_trace_rules_define(cx, th_trace_loss);
}
