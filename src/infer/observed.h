/* observed.h - what a question's model observes: the data on the left of `~` */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_OBSERVED_H
#define TH_INFER_OBSERVED_H

#include "infer/result.h"

/* The first observed argument from `from` on; the number of arguments when there is none. */
size_t th_observed_next(const ThQuestion *question, size_t from);
/* All observed numbers in ascending order: an owned vector. */
TH_CHECKED bool th_observed_sorted(ThContext *cx, const ThQuestion *question, ThArray **out);

#endif
