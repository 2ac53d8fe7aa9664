/* starts.h - where the parameters of a model may lie, and where a search for their maximum begins */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_STARTS_H
#define TH_INFER_STARTS_H

#include "infer/record.h"

/* Of each of the k elements: the support of its prior, within `param θ in (…)`. lower and upper have k numbers. */
void th_starts_ranges(const ThRecording *r, double *lower, double *upper);
/* A number for element j of an unknown, whose prior may be none: as th_starts_at. */
TH_CHECKED bool th_starts_element(const ThRecording *r, const ThUnknown *u, ThValue prior, size_t j, double p,
                                  double *x);
/* A point within the ranges: quantiles of the priors at p where there are such. */
TH_CHECKED bool th_starts_at(const ThRecording *r, double p, double *x);
/* Where searches begin, one after the other: quantiles for th_starts_at. */
enum { TH_STARTS = 4 };
extern const double th_start_quantiles[TH_STARTS];
/* The values of init = (…) over those of th_starts_at at 0.5; *given is false when there is no init. One of another
 * shape, or not within its range, is an error. */
TH_CHECKED bool th_starts_given(const ThRecording *r, const double *lower, const double *upper, double *x,
                                bool *given);
/* Is an init sound, whether or not something is searched for? */
TH_CHECKED bool th_starts_check(const ThRecording *r);
/* The error of an init at which the density is 0 or not defined: names the parameter that does it, where one alone
 * does. `defined` tells whether the density at a point is finite. Returns false. */
typedef bool (*ThIsDefined)(void *self, const double *x, bool *defined);
bool th_starts_fail(const ThRecording *r, const double *x, ThIsDefined defined, void *self);

#endif
