/* integral_parts.h - what the files of th_integral share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_INTEGRAL_PARTS_H
#define TH_NUM_INTEGRAL_PARTS_H

#include "num/integral.h"

/* A panel, or the rest between the last octave and an end: from `edge` to the anchor, or from there to infinity. */
typedef struct ThIntegralPart {
  double from, to;
  double error, before; /* before: of the panel that it is half of */
  double magnitude;
  double noise;             /* what the rounding of the nodes may do to the value, part of the error */
  int depth;                /* how often it was halved */
  bool fresh;               /* not yet measured */
  bool fixed;               /* cannot be improved */
  bool end_left, end_right; /* its ends may be singular */
  bool rest;                /* a rest: what lies at distances from the anchor below, or above, `edge` */
  bool extrapolated;        /* a rest's value and error are */
  bool outward;             /* to infinity */
  bool waves;               /* f oscillates there */
  double anchor, sign, edge;
  double wave; /* between the last two zeros; 0 unless they were found */
} ThIntegralPart;

typedef struct ThIntegralWork {
  ThContext *cx;
  ThIntegralFunction f;
  void *self;
  size_t n_components;
  ThIntegralGoal goal;
  ThIntegralPart *parts;
  double *values; /* (n_parts, n_components), and room for one more */
  size_t n_parts, part_room, value_room;
  double *x, *y; /* for a call of f: (n_points), (n_points, n_components), in one block */
  size_t n_points;
  bool bad; /* a value was not finite: where, and what; it was taken as 0 */
  double bad_at, bad_value;
  ThIntegralResult *out;
} ThIntegralWork;

/* Room for a call with n points. */
TH_CHECKED bool th_integral_room(ThIntegralWork *w, size_t n);
/* f at w->x[0 … n - 1] into w->y. */
TH_CHECKED bool th_integral_call(ThIntegralWork *w, size_t n);
/* The largest component of point i of the last call. */
double th_integral_size(const ThIntegralWork *w, size_t i);
/* Adds a panel that waits to be measured, or a rest. */
TH_CHECKED bool th_integral_add(ThIntegralWork *w, ThIntegralPart part);
/* Measures every fresh panel. */
TH_CHECKED bool th_integral_measure(ThIntegralWork *w);

/* The first panels between two neighbouring ends, after looking around; `closely`: with very many points. */
TH_CHECKED bool th_integral_begin(ThIntegralWork *w, double a, double b, bool closely);
/* A rest becomes some octaves, which are panels, and a smaller rest with an extrapolated value. */
TH_CHECKED bool th_integral_approach(ThIntegralWork *w, size_t part);
/* A place inside the panel where f jumps or is singular. */
TH_CHECKED bool th_integral_locate(ThIntegralWork *w, double from, double to, double *place);

#endif
