/* distribution_kind.h - the members of the kind "distribution" that live in files of their own */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_DISTRIBUTION_KIND_H
#define TH_PROB_DISTRIBUTION_KIND_H

#include "prob/distribution.h"
#include "prob/parameter.h"

/* distribution_text.c */
TH_CHECKED bool th_distribution_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
/* distribution_plot.c */
TH_CHECKED bool th_distribution_plot(ThContext *cx, ThValue self, void *figure);
/* distribution_verb.c */
bool th_distribution_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out);

/* Room for `length` elements of `stride` doubles in d->p; for rows' build. */
TH_CHECKED bool th_distribution_room(ThContext *cx, ThDistribution *d, size_t length, size_t stride);
/* The same, with columns 0 … n - 1 filled from numbers and arrays, which broadcast: sets d's shape and length. */
TH_CHECKED bool th_distribution_columns(ThContext *cx, ThDistribution *d, const ThValue *columns, size_t n,
                                        size_t stride);

/* The smallest digit that was written: lower, upper for a density's picture, and for its echo. */
TH_CHECKED bool th_distribution_view(ThContext *cx, const ThDistribution *d, size_t i, double *lower,
                                     double *upper);

#endif
