/* function_objective.c - a function of Theta as an objective */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/function_objective.h"

bool th_function_objective_init(ThContext *cx, ThValue f, const ThFlatten *layout, const char *name,
                                ThFunctionObjective *out) {
  *out = (ThFunctionObjective){.function = th_retain(f), .layout = layout, .name = name};
  out->replay = th_replay_new(cx, "minimize", f, layout->pattern);
  if (out->replay) return true;
  th_function_objective_clear(cx, out);
  return false;
}

void th_function_objective_clear(ThContext *cx, ThFunctionObjective *self) {
  (void)cx;
  th_replay_free(self->replay);
  th_release(self->function);
  *self = (ThFunctionObjective){.function = th_none()};
}

/* --- Calls */

static bool fail_result(ThContext *cx, const char *name, ThValue got) {
  char text[96];
  if (th_is_complex(got)) {
    th_fail(cx, TH_ERROR_TYPE, "`%s` returns a complex number: a loss is real", name);
    return th_hint(cx, "`abs(…)^2` or `re(…)` for example");
  }
  th_fail(cx, TH_ERROR_TYPE, "`%s` returns %s: a loss is one number", name,
          th_is_none(got) ? "none" : th_describe(got, text, sizeof text));
  return th_is_array(got) ? th_hint(cx, "`sum(…)` or `mean(…)` for example") : false;
}

static bool call(ThContext *cx, const ThFunctionObjective *self, const double *x, double *value) {
  ThValue argument, result;
  if (!th_flatten_build(cx, self->layout, x, &argument)) return false;
  bool ok = th_call_values(cx, self->function, &argument, 1, &result);
  th_release(argument);
  if (!ok) return false;
  ok = th_to_number(result, value) || fail_result(cx, self->name, result);
  th_release(result);
  return ok;
}

/* A trace has failed. Where a call without it does not give a number either, that is the error; else there is no
 * derivative. */
static bool explain(ThContext *cx, const ThFunctionObjective *self, const double *x) {
  ThError traced, called;
  double value;
  if (th_is_final(cx)) return false;
  th_error_take(cx, &traced);
  bool has_value = call(cx, self, x, &value);
  th_error_take(cx, &called);
  th_error_restore(cx, &traced);
  if (!has_value) th_error_restore(cx, &called);
  else if (!cx->error.hint[0]) th_hint(cx, "the method \"nelder_mead\" needs no derivatives");
  return false;
}

/* --- The objective */

static bool value_of(ThContext *cx, void *data, const double *x, double *value) {
  ThFunctionObjective *self = data;
  if (!self->is_plain) {
    if (th_replay_value(self->replay, x, value)) return true;
    if (th_is_final(cx)) return false;
    th_error_clear(cx);
    self->is_plain = true;
  }
  return call(cx, self, x, value);
}

static bool value_and_gradient(ThContext *cx, void *data, const double *x, double *value, double *gradient) {
  ThFunctionObjective *self = data;
  return th_replay_gradient(self->replay, x, value, gradient) || explain(cx, self, x);
}

static bool hessian_vector(ThContext *cx, void *data, const double *x, const double *v, double *product) {
  ThFunctionObjective *self = data;
  (void)cx;
  return th_replay_product(self->replay, x, v, product);
}

ThObjective th_function_objective(ThFunctionObjective *self) {
  return (ThObjective){.dimension = self->layout->n,
                       .self = self,
                       .value = value_of,
                       .value_and_gradient = value_and_gradient,
                       .hessian_vector = hessian_vector};
}
