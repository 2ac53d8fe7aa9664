/* mixture_starts.h - where to begin to look for the maximum of a mixture's likelihood, which has several */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_MIXTURE_STARTS_H
#define TH_INFER_MIXTURE_STARTS_H

#include "infer/record.h"

enum { TH_MIXTURE_STARTS = 8 };

/* Are there data of a Mixture with unknown parameters? */
bool th_mixture_is(const ThRecording *r);
/* TH_MIXTURE_STARTS rows of as many numbers as there are elements, within (lower, upper): numbers on the whole line
 * are places among the data, positive ones a part of their spread. The rows are always the same. */
TH_CHECKED bool th_mixture_starts(const ThRecording *r, const double *lower, const double *upper,
                                  double *starts);

#endif
