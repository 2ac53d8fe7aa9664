/* state.h - what moves in a differential equation: a number or array, seen as plain doubles */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_STATE_H
#define TH_LANG_STATE_H

#include "val/array.h"

typedef struct ThState {
  ThArray *like; /* the first value as an array of doubles or complex numbers; a number is a vector of one */
  bool scalar;
  size_t n; /* doubles: twice the elements of a complex one */
} ThState;

/* The state that v is. A type error names `what`. */
TH_CHECKED bool th_state_init(ThContext *cx, ThValue v, const char *what, ThState *out);
void th_state_clear(ThState *state);
/* The first value, n doubles. */
const double *th_state_start(const ThState *state);
/* The result of n_times values: an array with one more axis. Its data are the rows (n_times, n). */
TH_CHECKED ThArray *th_state_rows(ThContext *cx, const ThState *state, size_t n_times);

/* A function f(t, y) of the user's. */
typedef struct ThStateFunction {
  ThContext *cx;
  const ThState *state;
  ThValue f;        /* or a number or array: a constant */
  int argument;     /* 1-based: where errors point */
  const char *name; /* how messages call it: "f" */
  const char *y;    /* and the state: "y" */
  bool broadcasts;  /* a value of another shape may be spread over the state's */
  bool called;      /* once, with success */
  ThArray *y_cache; /* the last argument, to be used again; owned */
} ThStateFunction;

/* Checks that f is a function that can take (t, y), or, when constants are allowed, a number or array. */
TH_CHECKED bool th_state_function_check(const ThStateFunction *f, const char *builtin, bool constants);
/* self is a ThStateFunction. f(t, y) into dy, n doubles each; an error when the shape is another than the state's. */
TH_CHECKED bool th_state_call(void *self, double t, const double *y, double *dy);
void th_state_function_clear(ThStateFunction *f);

#endif
