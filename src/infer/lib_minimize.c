/* lib_minimize.c - built-ins: minimize, oracle, reset */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>

#include "infer/bounds.h"
#include "infer/libs.h"
#include "infer/minimize.h"
#include "infer/oracle.h"

enum { F, X0, METHOD, LR, STEPS, TOL, CALLBACK, LOWER, UPPER, MOMENTUM, WEIGHT_DECAY };

/* --- Checks */

static bool no_method(ThContext *cx, const char *name) {
  ThNearest nearest = th_nearest_begin(name);
  ThText all;
  for (size_t i = 0; th_optimisers[i]; i++)
    th_nearest_offer(&nearest, th_optimisers[i]->name, th_optimisers[i]->name);
  th_fail(cx, TH_ERROR_VALUE, "`minimize` has no method \"%s\"", name);
  if (th_nearest_hint(&nearest, cx)) return false;
  th_text_init(&all, &cx->heap);
  for (size_t i = 0; th_optimisers[i]; i++)
    th_text_format(&all, "%s%s", i ? " " : "one of ", th_optimisers[i]->name);
  th_hint(cx, "%s", th_text_string(&all));
  th_text_clear(&all);
  return false;
}

/* minimize(f, -1.2, 1) */
static bool split_start(ThContext *cx, const ThCall *call) {
  char f[64];
  ThText start;
  th_fail_argument(cx, METHOD + 1, TH_ERROR_TYPE, "`x0` is one value");
  th_text_init(&start, &cx->heap);
  if (th_is_scalar(call->args[X0])) th_format_number(th_arg_number(call, X0), cx->settings.digits, &start);
  else th_text_add(&start, "…");
  th_text_add(&start, ", ");
  th_format_number(th_arg_number(call, METHOD), cx->settings.digits, &start);
  th_hint(cx, "minimize(%s, [%s])", th_operand(cx, F, "f", f, sizeof f), th_text_string(&start));
  th_text_clear(&start);
  return false;
}

static bool choose_method(ThContext *cx, const ThCall *call, const ThOptimiser **out) {
  if (!th_is_string(call->args[METHOD])) return split_start(cx, call);
  *out = th_optimiser_find(th_arg_text(call, METHOD));
  return *out != NULL || no_method(cx, th_arg_text(call, METHOD));
}

/* Options that a method has no use for. */
static bool check_options(ThContext *cx, const ThCall *call, const ThOptimiser *m) {
  if (call->given[LR] && isnan(m->lr)) {
    th_fail(cx, TH_ERROR_VALUE, "`%s` has no `lr`: it finds the length of its steps itself", m->name);
    return th_hint(cx, "`lr` is for gd, momentum, nesterov, adam, adamw and sgd");
  }
  bool momentum = strcmp(m->name, "momentum") == 0 || strcmp(m->name, "nesterov") == 0;
  if (call->given[MOMENTUM] && !momentum)
    return th_fail(cx, TH_ERROR_VALUE, "`momentum` is for the methods momentum and nesterov");
  if (call->given[WEIGHT_DECAY] && strcmp(m->name, "adamw") != 0)
    return th_fail(cx, TH_ERROR_VALUE, "`weight_decay` is for the method adamw");
  double beta = th_arg_number(call, MOMENTUM), tol = th_arg_number(call, TOL);
  if (!(tol >= 0)) return th_fail(cx, TH_ERROR_VALUE, "`tol` is a number from 0 on, got %.6g", tol);
  if (!(beta >= 0 && beta < 1))
    return th_fail(cx, TH_ERROR_VALUE, "`momentum` lies from 0 to below 1, got %.6g", beta);
  return true;
}

static ThDescentOptions read_options(const ThCall *call) {
  ThDescentOptions o = th_descent_defaults();
  if (call->given[LR]) o.lr = th_arg_number(call, LR);
  o.steps = th_arg_count(call, STEPS);
  o.tol = th_arg_number(call, TOL);
  o.momentum = th_arg_number(call, MOMENTUM);
  o.weight_decay = th_arg_number(call, WEIGHT_DECAY);
  return o;
}

static bool check_start(ThContext *cx, const ThMinimizing *q, const char *name) {
  size_t n = q->form.n;
  if (n == 0)
    return th_fail_argument(cx, X0 + 1, TH_ERROR_VALUE, "`%s` holds no numbers to minimise over", name);
  for (size_t i = 0; i < n; i++) {
    bool fits = q->x[i] > q->lower[i] && q->x[i] < q->upper[i];
    if (!th_poll_at(cx, i)) return false;
    if (isfinite(q->x[i]) && fits) continue;
    ThText place;
    th_text_init(&place, &cx->heap);
    th_flatten_name(&q->form, name, i, &place);
    if (!th_text_ok(&place, cx)) {
      th_text_clear(&place);
      return false;
    }
    if (!isfinite(q->x[i]))
      th_fail_argument(cx, X0 + 1, TH_ERROR_VALUE, "the start `%s` is %.6g", th_text_string(&place), q->x[i]);
    else
      th_fail_argument(cx, X0 + 1, TH_ERROR_VALUE,
                       "the start `%s` = %.6g does not lie between its bounds %.6g and %.6g",
                       th_text_string(&place), q->x[i], q->lower[i], q->upper[i]);
    th_text_clear(&place);
    return false;
  }
  return true;
}

/* lower or upper, where it is given. */
static bool read_bound(ThContext *cx, const ThCall *call, int which, ThMinimizing *q, double *out) {
  bool fits;
  if (!call->given[which]) return true;
  if (!th_flatten_spread(cx, &q->form, call->args[which], out[0], out, &fits)) return false;
  q->bounded = true;
  return fits || th_fail(cx, TH_ERROR_SHAPE, "the bounds are one number, or have the form of the start");
}

/* --- minimize */

static bool run(ThContext *cx, const ThCall *call, ThMinimizing *q, const char *start, ThValue *out) {
  bool same;
  q->function = call->args[F];
  q->callback = call->args[CALLBACK];
  th_operand(cx, F, "the function", q->name, sizeof q->name);
  if (!th_flatten_read(cx, &q->form, q->form.pattern, q->x, &same)) return false;
  if (!choose_method(cx, call, &q->method) || !check_options(cx, call, q->method)) return false;
  q->options = read_options(call);
  return read_bound(cx, call, LOWER, q, q->lower) && read_bound(cx, call, UPPER, q, q->upper) &&
         check_start(cx, q, start) && th_minimize(cx, q, out);
}

static bool body_minimize(ThContext *cx, const ThCall *call, ThValue *out) {
  char start[64];
  ThFlatten form;
  ThMinimizing q;
  th_operand(cx, X0, "x0", start, sizeof start);
  bool is_name = th_symbol_find(cx, start, strlen(start)) != NULL; /* its parts are named by it */
  const char *name = is_name ? start : "x0";
  if (!th_flatten_init(cx, call->args[X0], name, &form)) {
    cx->error.argument = X0 + 1;
    return false;
  }
  if (!th_minimizing_init(cx, &q, form)) return false;
  bool ok = run(cx, call, &q, name, out);
  th_minimizing_clear(cx, &q);
  return ok;
}

/* --- oracle, reset */

static bool body_oracle(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_oracle_new(cx, call->args[0], out);
}

static bool body_reset(ThContext *cx, const ThCall *call, ThValue *out) {
  (void)cx;
  th_as_oracle(call->args[0])->calls = (ThCalls){0};
  *out = th_none();
  return true;
}

#define SECTION "optimisation"

const ThBuiltin th_lib_minimize[] = {
    {"minimize(f: function, x0: any, method: string|number = \"bfgs\", lr: positive = …, steps: count = 1000, "
     "tol: number = 1e-8, callback: function = …; lower: any = …, upper: any = …, momentum: number = 0.9, "
     "weight_decay: number = 0.01) -> minimum",
     body_minimize, SECTION, "the point where a function is lowest, by going downhill from x0",
     "x0 is a number, an array, or a record or list of those; f takes the same and gives one number. Methods: gd "
     "momentum nesterov adam adamw sgd take steps of size lr (unless given: 1/curvature at x0; adam and adamw 0.01); "
     "bfgs, lbfgs (many variables) and newton (second derivatives) find their own, and nelder_mead needs no "
     "derivatives. It has converged when the norm of the gradient is at most tol, or tol*|f|/|x| where that is more; "
     "nelder_mead: when its simplex is that small. lower and upper bound x, by a transformation that reaches no bound. "
     "callback gets (step, x, value, grad_norm) after each step; false from it ends the run, as Ctrl-C does: both keep "
     "the best point. Fields: x value values grad_norm path calls converged why method steps. plot(…) shows the path "
     "of two variables over level lines, else the value against calls.",
     "rosen(x) = (1 - x[1])^2 + 100*(x[2] - x[1]^2)^2\nr = minimize(rosen, [-1.2, 1], \"newton\");\nr.x\n#> [1, 1]\n"
     "minimize(p -> (p.a - 2)^2 + (p.b - p.a)^2, (a = 0, b = 0)).x\n#> (a = 2, b = 2)\n"
     "minimize(x -> x^2, 3, \"gd\", lr = 1.2).why\n#> \"diverged at step 35; curvature at x0 is 2, gd needs lr < 1\"",
     "grad oracle root mle", NULL},
    {"oracle(f: function) -> oracle", body_oracle, SECTION, "f, with its calls counted",
     "its field calls is a record: value, gradient, hessian. A value and gradient that are asked for together count as "
     "one of each.",
     "f = oracle(x -> (x - 2)^2);\nr = minimize(f, 0);\nr.calls.gradient == f.calls.gradient\n#> true",
     "reset minimize", NULL},
    {"reset(f: oracle) -> none", body_reset, SECTION, "counts the calls of an oracle from 0 again", NULL,
     "f = oracle(x -> x^2);\nf(3);\nreset(f)\nf.calls.value\n#> 0", "oracle", NULL},
    {0},
};
