/* rosetta.h - the same distribution in other systems */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_ROSETTA_H
#define TH_PROB_ROSETTA_H

#include "prob/distribution.h"

/* Calls by system: one for each that a person may come from, or go to. */
typedef enum ThRosettaSystem {
  TH_ROSETTA_R,
  TH_ROSETTA_STAN,
  TH_ROSETTA_SCIPY,
  TH_ROSETTA_JULIA,
  TH_ROSETTA_GSL,
  TH_ROSETTA_SYSTEMS
} ThRosettaSystem;

/* Appends the template with what stands in braces replaced; $1, $2, … are the parameters in their order.
 *
 *   {$1}, {1/$2}, {exp($1/$2)}   a number, by + - * / ( ) sqrt exp log; {$1} may be an array, a distribution
 *                                or a list of distributions, in the system's own notation
 *   {p $1}        an array brought to sum 1           {n $1}        its length
 *   {x $1 $2}     x, less $1, divided by $2: "x", "x - 3", "(x + 1)/2"; without $2 not divided
 *   {/ $2}        divided by $2: "/2", or nothing when it is 1
 *   {+ $1 $2}     in front of a distribution, scale $2 and shift $1: "3 + 2*", or nothing for 0 and 1
 *   {t $1}        an end of a range: nothing when it is infinite
 *   {, $1}        one more argument, ", 3": nothing when it is 0
 *   {= $1}        nothing; there is no call unless it is 0
 *   {s $1}        the sd of an array's numbers, of n - 1
 *   {m $1 $2}     the sum of weights times the calls of a list of distributions: "0.3*f(x) + 0.7*g(x)"
 *
 * *fits is false, and the text of no use, when a parameter is of another kind than the template asks for. */
TH_CHECKED bool th_rosetta_expand(ThContext *cx, const ThDistribution *d, ThRosettaSystem system,
                                  const char *template, ThText *out, bool *fits);

/* The call for d in the system, appended; "-" where it has none. */
TH_CHECKED bool th_rosetta_call(ThContext *cx, const ThDistribution *d, ThRosettaSystem system, ThText *out);
/* The table of calls of one distribution: system, call. */
TH_CHECKED bool th_rosetta_table(ThContext *cx, const ThDistribution *d, ThValue *out);

#endif
