/* registry.c - names every table of the program once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registry.h"

#include "infer/infer.h"
#include "lang/libs.h"
#include "learn/learn.h"
#include "prob/prob.h"
#include "ui/libs.h"

bool th_registry_define(ThSession *session) {
  static const ThBuiltin *const tables[] = {
      th_lib_math,  th_lib_special,    th_lib_reduce,    th_lib_stats, th_lib_array,      th_lib_where,
      th_lib_order, th_lib_linalg,     th_lib_string,    th_lib_data,  th_lib_table,      th_lib_group,
      th_lib_csv,   th_lib_summary,    th_lib_session,   th_lib_plot,  th_lib_plot_plane, th_lib_plot_many,
      th_lib_help,  th_lib_derivative, th_lib_integrate, th_lib_root,  th_lib_ode,
  };
  static const ThTraceRule *const rules[] = {th_trace_mathematics, th_trace_reduce, th_trace_linalg,
                                             th_trace_order,       th_trace_array,  th_trace_join,
                                             th_trace_stats,       th_trace_special};
  ThContext *cx = th_session_context(session);
  ThLanguageHooks hooks = {
      .declare = th_variable_declare,
      .redeclare = th_variable_redeclare,
      .hangs_on = th_variable_hangs_on,
      .choose = th_variable_choose,
      .is_random = th_variable_is_random,
      .simulate = th_variable_simulate,
      .model = th_model_make,
  };
  th_symbols_provisional(cx, true);
  bool ok = true;
  for (size_t i = 0; ok && i < sizeof tables / sizeof *tables; i++) ok = th_builtins_define(cx, tables[i]);
  th_session_set_hooks(session, &hooks);
  ok = ok && th_prob_define(cx) && th_infer_define(cx) && th_learn_define(cx);
  for (size_t i = 0; ok && i < sizeof rules / sizeof *rules; i++) ok = th_trace_rules_define(cx, rules[i]);
  ok = ok && th_trace_callers_define(cx, th_trace_calculus);
  th_symbols_provisional(cx, false);
  return ok;
}
