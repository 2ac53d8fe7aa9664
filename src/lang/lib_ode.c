/* lib_ode.c - the built-ins ode and sde */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/lib_support.h"
#include "lang/ode_run.h"
#include "num/sde.h"

static bool is_callable(ThValue v) { return th_is_object(v) && th_as_object(v)->kind->call; }

/* The times ascend or descend. */
static bool check_times(ThContext *cx, const ThArray *ts, int argument) {
  for (size_t i = 0; i < ts->length; i++)
    if (!isfinite(ts->real[i]))
      return th_fail_argument(cx, argument, TH_ERROR_VALUE, "the times must be finite; number %zu is %g",
                              i + 1, ts->real[i]);
  if (ts->length == 0)
    return th_fail_argument(cx, argument, TH_ERROR_VALUE, "there is no time to start from");
  for (size_t i = 2; i < ts->length; i++)
    if ((ts->real[i] > ts->real[i - 1]) != (ts->real[1] > ts->real[0]) || ts->real[i] == ts->real[i - 1])
      return th_fail_argument(cx, argument, TH_ERROR_VALUE,
                              "the times must rise, or fall, from each to the next; after %.6g comes %.6g",
                              ts->real[i - 1], ts->real[i]);
  return ts->length < 2 || ts->real[0] != ts->real[1] ||
         th_fail_argument(cx, argument, TH_ERROR_VALUE, "the first two times are equal, %.6g", ts->real[0]);
}

/* The start and a function were exchanged: ode(x0, b, ts). */
static bool check_order(ThContext *cx, const ThCall *call) {
  char first[64], second[64], third[64];
  if (is_callable(call->args[0]) || !is_callable(call->args[1])) return true;
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "the first argument is the right-hand side f(t, y)");
  return th_hint(cx, "`ode(%s, %s, %s)`", th_operand(cx, 1, "f", second, sizeof second),
                 th_operand(cx, 0, "y0", first, sizeof first), th_operand(cx, 2, "ts", third, sizeof third));
}

/* --- ode ----------------------------------------------------------------------------------------- */

enum { ODE_F, ODE_START, ODE_TIMES, ODE_TOLERANCE, ODE_METHOD, ODE_SUBSTEPS };

ThOdeMethod th_ode_method(const char *name) {
  static const char *const names[] = {"rk45", "rk4", "euler", "stiff"};
  ThOdeMethod method = TH_ODE_RK45;
  while (method < TH_ODE_N_METHODS && strcmp(name, names[method]) != 0) method++;
  return method;
}

static bool is_fixed(ThOdeMethod method) { return method == TH_ODE_RK4 || method == TH_ODE_EULER; }

static bool read_method(ThContext *cx, const ThCall *call, ThOdeMethod *method) {
  const char *name = th_arg_text(call, ODE_METHOD);
  *method = th_ode_method(name);
  if (*method == TH_ODE_N_METHODS)
    return th_fail_argument(cx, ODE_METHOD + 1, TH_ERROR_VALUE,
                            "`method` is one of \"rk45\", \"rk4\", \"euler\", \"stiff\"; got \"%s\"", name);
  if (call->given[ODE_SUBSTEPS] && !is_fixed(*method))
    return th_fail_argument(cx, ODE_SUBSTEPS + 1, TH_ERROR_VALUE,
                            "`substeps` is for \"rk4\" and \"euler\": \"%s\" chooses its steps by `tol`",
                            name);
  if (th_arg_count(call, ODE_SUBSTEPS) == 0)
    return th_fail_argument(cx, ODE_SUBSTEPS + 1, TH_ERROR_VALUE, "`substeps` is at least 1");
  return true;
}

static bool fail_status(ThContext *cx, const ThOdeResult *r, bool fixed, size_t substeps) {
  switch (r->status) {
    case TH_ODE_NOT_FINITE:
      return th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "f(t, y) is not finite at the start, t = %.6g", r->t);
    case TH_ODE_GROWS:
      th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "the solution grows without bound: it reached t = %.6g",
                       r->t);
      return fixed && th_hint(cx, "are the steps too long? take more: `substeps = %zu`", 10 * substeps);
    case TH_ODE_STUCK:
      th_fail_argument(
          cx, 1, TH_ERROR_NUMERIC,
          "the steps became too small at t = %.6g: f(t, y) is not smooth, or not finite, near there", r->t);
      return th_hint(cx, "stop there, and start anew behind it");
    default:
      th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "%zu steps reached only t = %.6g", r->steps, r->t);
      return r->stiff && th_hint(cx, "the equation is stiff: `method = \"stiff\"`");
  }
}

bool th_ode_run(ThContext *cx, const ThOdeRun *run, ThStateFunction *f, double *rows) {
  const ThArray *ts = run->times;
  ThOdeProblem problem = {.f = th_state_call,
                          .accepted = run->accepted,
                          .self = f,
                          .n = f->state->n,
                          .tolerance = fmax(run->tolerance, 1e-14)};
  ThOdeResult result;
  bool ok;
  if (run->method == TH_ODE_RK45) ok = th_ode_explicit(cx, &problem, ts->length, ts->real, rows, &result);
  else if (run->method == TH_ODE_STIFF) ok = th_ode_stiff(cx, &problem, ts->length, ts->real, rows, &result);
  else
    ok = th_ode_fixed(cx, &problem, run->method == TH_ODE_EULER, run->substeps, ts->length, ts->real, rows,
                      &result);
  if (!ok) return false;
  if (result.status != TH_ODE_DONE) return fail_status(cx, &result, is_fixed(run->method), run->substeps);
  if (result.stiff)
    th_note(cx, "the equation is stiff: %zu steps were needed; `method = \"stiff\"` takes fewer",
            result.steps);
  return true;
}

static bool body_ode(ThContext *cx, const ThCall *call, ThValue *out) {
  ThState state;
  ThOdeRun run = {.times = th_arg_array(call, ODE_TIMES),
                  .tolerance = th_arg_number(call, ODE_TOLERANCE),
                  .substeps = th_arg_count(call, ODE_SUBSTEPS)};
  if (!check_order(cx, call) || !read_method(cx, call, &run.method) ||
      !check_times(cx, run.times, ODE_TIMES + 1))
    return false;
  if (!th_state_init(cx, call->args[ODE_START], "`y0` of `ode`", &state)) return false;
  ThStateFunction f = {
      .cx = cx, .state = &state, .f = call->args[ODE_F], .argument = 1, .name = "f", .y = "y"};
  ThArray *rows = NULL;
  bool ok = th_state_function_check(&f, "ode", false);
  if (ok) rows = th_state_rows(cx, &state, run.times->length);
  if (rows) {
    ok = th_ode_run(cx, &run, &f, rows->data);
    if (!ok) th_release(th_object(rows));
  }
  th_state_function_clear(&f);
  th_state_clear(&state);
  return ok && th_give(rows, out);
}

/* --- sde ----------------------------------------------------------------------------------------- */

enum { SDE_DRIFT, SDE_DIFFUSION, SDE_START, SDE_TIMES, SDE_SUBSTEPS, SDE_METHOD };

static bool walk(ThContext *cx, const ThCall *call, ThStateFunction *drift, ThStateFunction *diffusion,
                 double *rows) {
  const ThArray *ts = th_arg_array(call, SDE_TIMES);
  double reached;
  ThSdeProblem problem = {.drift = th_state_call,
                          .diffusion = th_state_call,
                          .drift_self = drift,
                          .diffusion_self = diffusion,
                          .constant = !is_callable(diffusion->f),
                          .heun = strcmp(th_arg_text(call, SDE_METHOD), "heun") == 0,
                          .n = drift->state->n};
  if (!th_sde_path(cx, &problem, cx->random, th_arg_count(call, SDE_SUBSTEPS), ts->length, ts->real, rows,
                   &reached))
    return false;
  if (reached == ts->real[ts->length - 1]) return true;
  th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "the path is no longer finite after t = %.6g", reached);
  return th_hint(cx, "are the steps too long? take more: `substeps = %zu`",
                 10 * th_arg_count(call, SDE_SUBSTEPS));
}

static bool check_sde(ThContext *cx, const ThCall *call) {
  const char *method = th_arg_text(call, SDE_METHOD);
  if (strcmp(method, "euler") != 0 && strcmp(method, "heun") != 0)
    return th_fail_argument(cx, SDE_METHOD + 1, TH_ERROR_VALUE,
                            "`method` is \"euler\" or \"heun\"; got \"%s\"", method);
  if (th_arg_count(call, SDE_SUBSTEPS) == 0)
    return th_fail_argument(cx, SDE_SUBSTEPS + 1, TH_ERROR_VALUE, "`substeps` is at least 1");
  if (th_is_complex_valued(call->args[SDE_START]))
    return th_fail_argument(cx, SDE_START + 1, TH_ERROR_TYPE, "`x0` of `sde` must be real");
  return check_times(cx, th_arg_array(call, SDE_TIMES), SDE_TIMES + 1);
}

static bool body_sde(ThContext *cx, const ThCall *call, ThValue *out) {
  ThState state;
  if (!check_sde(cx, call)) return false;
  if (!th_state_init(cx, call->args[SDE_START], "`x0` of `sde`", &state)) return false;
  ThStateFunction drift = {.cx = cx,
                           .state = &state,
                           .f = call->args[SDE_DRIFT],
                           .argument = SDE_DRIFT + 1,
                           .name = "drift",
                           .y = "x",
                           .broadcasts = true};
  ThStateFunction diffusion = drift;
  diffusion.f = call->args[SDE_DIFFUSION];
  diffusion.argument = SDE_DIFFUSION + 1;
  diffusion.name = "diffusion";
  ThArray *rows = NULL;
  bool ok = th_state_function_check(&drift, "sde", true) && th_state_function_check(&diffusion, "sde", true);
  if (ok) rows = th_state_rows(cx, &state, th_arg_array(call, SDE_TIMES)->length);
  if (rows) {
    ok = walk(cx, call, &drift, &diffusion, rows->data);
    if (!ok) th_release(th_object(rows));
  }
  th_state_function_clear(&drift);
  th_state_function_clear(&diffusion);
  th_state_clear(&state);
  return ok && th_give(rows, out);
}

const ThBuiltin th_lib_ode[] = {
    {"ode(f: any, y0: any, ts: vector, tol: positive = 1e-8, method: string = \"rk45\", substeps: count = 1) -> array",
     body_ode, "calculus", "solves dy/dt = f(t, y) from y0 at the first of the times ts",
     "y is a number, a vector, or an array such as a cloud (n, d) of n points, real or complex, and f(t, y) is shaped "
     "like it. The result has a row for each time, the first is y0; times may fall. "
     "\"rk45\" (Dormand and Prince) and \"stiff\" (Radau) choose their steps: each makes an error of at most tol "
     "beside the size of each component; \"rk4\" and \"euler\" take `substeps` equal steps between the times. "
     "\"stiff\" is for equations in which something decays much faster than what is of interest. Derivatives go "
     "through the steps, by y0 and by what f has captured: to every order, to the second with \"stiff\"; there are "
     "none by the times",
     "ode((t, y) -> -y, 1, [0, 1, 2])\n#> [1, 0.367879, 0.135335]\n"
     "y = ode((t, y) -> [y[2], -y[1]], [1, 0], 0:0.1:10);\nshape(y)\n#> [101, 2]\n"
     "ode((t, y) -> -1e4*(y - cos(t)), 0, [0, 1, 2], method = \"stiff\")\n#> [0, 0.540386, -0.416056]",
     "sde integrate", NULL},
    {"sde(drift: any, diffusion: any, x0: any, ts: vector, substeps: count = 1, method: string = \"euler\") -> array",
     body_sde, "calculus", "a random path of dx = drift(t, x) dt + diffusion(t, x) dW",
     "x is a number, a vector, or an array such as a cloud (n, d); each of its components has noise of its own. drift "
     "and diffusion are functions (t, x), or constants; they give a number, or an array that spreads over x. The "
     "result has a row for each of the times ts, the first is x0; between two of them lie `substeps` equal steps. "
     "\"euler\" (Euler and Maruyama) converges to Itô's solution, \"heun\" to Stratonovich's; where the diffusion does "
     "not depend on x they are the same. The same seed gives the same path. Derivatives are those of the "
     "path, its draws given",
     "seed(1);\npaths = sde((t, x) -> -x, sqrt(2), zeros(10000), 0:0.01:5);\n"
     "abs(sd(paths[end, :]) - 1) < 0.03\n#> true",
     "ode seed sample", NULL},
    {0},
};
