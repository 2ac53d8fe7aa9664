/* parameter.h - arguments of a family's constructor turned into its positional parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_PARAMETER_H
#define TH_PROB_PARAMETER_H

#include "prob/distribution.h"

enum {
  TH_MAX_GIVEN = 12, /* names in a constructor's signature */
  TH_MAX_SET = 3     /* parameters that an alternative of one or two names makes up */
};

/* The constructor's arguments in the order of its signature: positional parameters first. The name is not
 * NUL-terminated; NULL after the last. */
const char *th_family_argument(const ThFamily *family, size_t i, size_t *length);
size_t th_family_argument_count(const ThFamily *family);
/* The place of a name of `length` bytes among them, -1; of blank-separated names, at most `most`: how many. */
int th_family_argument_index(const ThFamily *family, const char *name, size_t length);
int th_family_argument_indices(const ThFamily *family, const char *names, int *index, int most);

/* How one set of given arguments becomes parameters: which alternatives, in which order. */
typedef struct ThParameterStep {
  const ThAlternative *alternative; /* NULL: from[0] is the parameter itself */
  int n_from, n_to, from[2], to[TH_MAX_SET];
} ThParameterStep;

typedef struct ThParameterPlan {
  int n_steps;
  ThParameterStep steps[TH_MAX_PARAMETERS];
} ThParameterPlan;

/* Fails when arguments contradict each other, or when parameters are missing. */
TH_CHECKED bool th_parameter_plan(ThContext *cx, const ThFamily *family, const bool *given,
                                  ThParameterPlan *plan);
/* Numbers: `given` in the order of the signature, p positional. Fails when a number lies outside its
 * range. */
TH_CHECKED bool th_parameter_numbers(ThContext *cx, const ThFamily *family, const ThParameterPlan *plan,
                                     const double *given, double *p);
/* Values: numbers, arrays, or whatever a family takes, borrowed; unset where not given. A random argument
 * goes through renamings; a parameter that would have to be computed from one is unset. Results are owned. */
TH_CHECKED bool th_parameter_values(ThContext *cx, const ThFamily *family, const ThValue *given,
                                    ThValue *parameters);
/* The ranges of one element's parameters, then the row's check. `element` counts from 1; 0: there is only
 * one. */
TH_CHECKED bool th_parameter_check(ThContext *cx, const ThFamily *family, const double *p, size_t element);

/* Do one element's parameters lie in their ranges, the row's check aside? */
bool th_parameter_lie(const ThFamily *family, const double *p);

/* The distribution of plain arguments in the order of the signature (unset: not given). */
TH_CHECKED bool th_distribution_construct(ThContext *cx, const ThFamily *family, const ThValue *given,
                                          ThValue *out);

#endif
