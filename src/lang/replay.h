/* replay.h - a function traced once and run again for other arguments */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_REPLAY_H
#define TH_LANG_REPLAY_H

#include "lang/trace.h"
#include "val/program.h"

/* The value, the gradient and products with the Hessian of a function with one real number as its value. The first
 * evaluation traces the function; from the second on a compiled program is run. Where a decision would be another one,
 * or a name that was read has another value, it is traced anew; numbers and arrays that have changed once become inputs
 * of the program. A function that prints or draws is traced each time. All x are flat: the numbers of the argument's
 * leaves, one after another. */
typedef struct ThReplay ThReplay;

/* `point` is an argument of the form that all have; `name` is the verb, for messages. */
TH_CHECKED ThReplay *th_replay_new(ThContext *cx, const char *name, ThValue function, ThValue point);
/* Of a function with `length` real numbers as its value, a vector for example: th_replay_value gives them all, and
 * gradient, product and Hessian are not asked for. */
TH_CHECKED ThReplay *th_replay_new_array(ThContext *cx, const char *name, ThValue function, ThValue point,
                                         size_t length);
void th_replay_free(ThReplay *replay);
/* The same function again, made anew: it has captured other values. */
void th_replay_set_function(ThReplay *replay, ThValue function);
size_t th_replay_dimension(const ThReplay *replay);
TH_CHECKED bool th_replay_value(ThReplay *replay, const double *x, double *value);
TH_CHECKED bool th_replay_gradient(ThReplay *replay, const double *x, double *value, double *gradient);
TH_CHECKED bool th_replay_product(ThReplay *replay, const double *x, const double *v, double *product);
/* The whole Hessian, row after row. */
TH_CHECKED bool th_replay_hessian(ThReplay *replay, const double *x, double *hessian);
/* Of functions y with several values: the product J v with the Jacobian at x; the Jacobian (length, n) by n of them;
 * and the Hessian (n, n) of Σ w y for weights (length) that stay. */
TH_CHECKED bool th_replay_tangent(ThReplay *replay, const double *x, const double *v, double *tangent);
TH_CHECKED bool th_replay_jacobian(ThReplay *replay, const double *x, double *jacobian);
TH_CHECKED bool th_replay_bend(ThReplay *replay, const double *x, const double *weights, double *bend);
/* The compiled program of value and gradient as it holds at x, for other threads to run in workspaces of their own: one
 * input, x; the outputs are the value and the gradient. NULL, without an error, when the function must be traced each
 * time, or does not hang on x, or x is not one array. Borrowed: it lives until the replay is asked again. */
TH_CHECKED bool th_replay_slope_program(ThReplay *replay, const double *x, const ThProgram **out);
/* May v be a point: real numbers and arrays all through? */
bool th_replay_takes(ThValue v);
/* Has a value the point's form? */
bool th_replay_fits(const ThReplay *replay, ThValue value);
/* The numbers of a value of the point's form into x; false in *fits when it has another one. */
TH_CHECKED bool th_replay_read(ThReplay *replay, ThValue value, double *x, bool *fits);
/* A value of the point's form out of numbers. */
TH_CHECKED bool th_replay_build(ThReplay *replay, const double *x, ThValue *out);
/* How often the function was traced, and programs were run. */
void th_replay_counts(const ThReplay *replay, size_t *n_traces, size_t *n_runs);

#endif
