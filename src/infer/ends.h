/* ends.h - the ends of a parameter's range, where they may hang on other parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_ENDS_H
#define TH_INFER_ENDS_H

#include "infer/record.h"

/* Of a family whose parameters these are, borrowed; an end that is not known is infinite. */
ThEnds th_ends_of_family(const ThFamily *family, const ThValue *parameters);
/* What lies within both. Of two ends that hang on parameters, or of one and a number, one is taken: beyond the other
 * the density is 0 anyway. */
ThEnds th_ends_both(ThEnds a, ThEnds b);
bool th_ends_hang(ThEnds ends);

/* What is known of an element's range from the record. */
typedef struct ThEndsKind {
  bool hangs;              /* an end hangs on parameters */
  bool is_own;             /* by the prior of this element alone, θ[i] ~ … */
  bool is_below, is_above; /* there is a lower end, an upper one */
} ThEndsKind;
TH_CHECKED bool th_ends_kind(const ThRecording *r, size_t element, ThEndsKind *out);
/* Does the range of some element hang on parameters? */
TH_CHECKED bool th_ends_any(const ThRecording *r, bool *out);
/* The range of some unknown that was declared `in` it? */
bool th_ends_any_declared(const ThRecording *r);

#endif
