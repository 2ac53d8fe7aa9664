/* observed.h - what a question's model observes: the data on the left of `~` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_OBSERVED_H
#define TH_INFER_OBSERVED_H

#include "infer/result.h"

/* The first observed argument from `from` on; the number of arguments when there is none. */
size_t th_observed_next(const ThQuestion *question, size_t from);
/* All observed numbers in ascending order: an owned vector. */
TH_CHECKED bool th_observed_sorted(ThContext *cx, const ThQuestion *question, ThArray **out);
/* Are two such vectors the same? Else an error that names whose they are. */
TH_CHECKED bool th_observed_same(ThContext *cx, const ThArray *x, const ThArray *y,
                                 const char *const names[2]);
/* How many data an observation has: a vector is one, where the law is of vectors. */
size_t th_observed_terms(const ThObservation *observation);
/* Has every observation as many data as there are weights, if there are some? */
TH_CHECKED bool th_observed_check_weights(const ThRecording *r);

#endif
