/* summit.h - what there is to say of a maximum once it is found: its curvature, and where that gives no ± */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_SUMMIT_H
#define TH_INFER_SUMMIT_H

#include "infer/strategy.h"
#include "infer/target.h"

/* A parameter is held where its derivative is no equation that the maximum obeys. */
typedef enum ThHold { TH_HOLD_NOT, TH_HOLD_END, TH_HOLD_KINK } ThHold;

/* A maximum of the log density of a target, which is borrowed. */
typedef struct ThSummit {
  const ThRecording *r;
  ThContext *cx;
  size_t k;
  ThReplay *replay;
  const double *lower, *upper; /* (k) */
  double *best, *scratch;      /* (k): the point; of the caller's too, between calls */
  ThHold *held;                /* (k): ends are found by th_summit_fill, kinks are the caller's to set */
} ThSummit;

TH_CHECKED bool th_summit_init(const ThTarget *target, ThSummit *out);
void th_summit_clear(ThSummit *s);

/* "likelihood" or "posterior density". */
const char *th_summit_word(const ThRecording *r);
/* Is x as near to an end of the range of element j as a search comes? */
bool th_summit_is_end(const ThSummit *s, size_t j, double x);

/* The estimate, its ranges, information, covariance and words, of the best point; with `polish` after further steps of
 * Newton's, as long as each makes the gradient smaller. What rises for ever is an error. */
TH_CHECKED bool th_summit_fill(ThSummit *s, bool polish, ThMaximum *out);

#endif
