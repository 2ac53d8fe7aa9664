/* inversion_parts.h - what the files of inversion share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_INVERSION_PARTS_H
#define TH_NUM_INVERSION_PARTS_H

#include "num/inversion.h"

/* φ, and what is known of it. */
typedef struct ThInversionSource {
  ThFourierFunction phi;
  void *self;
  double center, scale;
} ThInversionSource;

/* φ(k) e^(-ik center). */
TH_CHECKED bool th_inversion_centred(const ThInversionSource *s, size_t n, const double *k,
                                     double complex *z);
TH_CHECKED bool th_inversion_try_trapezium(ThContext *cx, const ThInversionSource *s, ThInversion *v,
                                           bool *done);
TH_CHECKED bool th_inversion_make_panels(ThContext *cx, ThInversionSource *s, ThInversion *v);

#endif
