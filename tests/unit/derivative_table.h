/* derivative_table.h - a row for every operation and rule of derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_TESTS_DERIVATIVE_TABLE_H
#define TH_TESTS_DERIVATIVE_TABLE_H

#include <stddef.h>

enum { DERIVATIVE_POINTS = 3 };

/* A function of one argument, smooth near each point: a number, an array, or a record of them. Its value is a number or
 * an array, real or complex. `covers` are the operators and built-ins that the row is for, blank-separated. */
typedef struct DerivativeRow {
  const char *covers, *function, *points[DERIVATIVE_POINTS];
  double tolerance; /* of first derivatives against differences, where 1e-8 is too little to ask; 0: that */
} DerivativeRow;

/* A function of two arguments that broadcast, smooth where both are between 0.2 and 1, but not near each other. */
typedef struct BroadcastRow {
  const char *covers, *function;
} BroadcastRow;

/* What a derivative is where the function has a kink, a jump or an end: the two expressions are equal, or both nan. */
typedef struct EdgeRow {
  const char *covers, *expression, *expected;
} EdgeRow;

/* What has no derivative, and says so: part of the message. */
typedef struct RefusedRow {
  const char *covers, *expression, *message;
} RefusedRow;

/* Each ends in a row of NULL. */
extern const DerivativeRow derivative_rows[];
extern const BroadcastRow broadcast_rows[];
extern const EdgeRow edge_rows[];
extern const RefusedRow refused_rows[];
/* What all may use: run first. */
extern const char derivative_setup[];

#endif
