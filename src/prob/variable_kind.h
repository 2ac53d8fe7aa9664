/* variable_kind.h - the members of the kinds of random variables that live in files of their own */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_VARIABLE_KIND_H
#define TH_PROB_VARIABLE_KIND_H

#include "prob/variable.h"

/* variable_text.c */
TH_CHECKED bool th_variable_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
/* variable_verb.c: mean, pdf, sample, cf of a variable; sample statistics of an array of them */
bool th_variable_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out);
bool th_variable_array_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args,
                            ThValue *out);
/* n draws of the variable into x, from the session's generator, or from the query's own stream, which is the same each
 * time. */
TH_CHECKED bool th_variable_draw(ThContext *cx, ThValue v, bool own_stream, size_t n, double *x);
/* The same of one or two variables together: x[k] has n numbers. */
TH_CHECKED bool th_variable_draw_all(ThContext *cx, const ThValue *v, size_t n_variables, bool own_stream,
                                     size_t n, double *const *x);
/* variable_plot.c */
TH_CHECKED bool th_variable_plot(ThContext *cx, ThValue self, void *figure);
/* variable_array.c */
TH_CHECKED bool th_variable_array_stack(ThContext *cx, const ThValue *items, size_t n, ThValue *out);
TH_CHECKED bool th_variable_array_map(ThContext *cx, ThValue function, ThValue array, ThValue *out);

/* declare.c: the error that the right of `name ~ v` is no distribution, with what may have been meant. */
bool th_fail_not_distribution(ThContext *cx, const ThSymbol *name, ThValue v);

/* The order of a new node: larger than that of its inputs, and, as a rule, of everything made before. */
uint64_t th_variable_order(ThContext *cx, const ThValue *inputs, size_t n);

/* variable_ask.c: a verb answered by queries, for a variable whose distribution is not known. *known is false, without
 * an error, when the verb needs the distribution. */
TH_CHECKED bool th_variable_ask(ThContext *cx, const char *verb, const ThValue *args, size_t n_args,
                                ThValue *out, bool *known);

#endif
