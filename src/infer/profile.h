/* profile.h - the profile of a parameter: how likely each of its values is, the others being as they fit best */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_PROFILE_H
#define TH_INFER_PROFILE_H

#include "infer/fit.h"

typedef struct ThProfile {
  ThObject object;
  ThContext *cx;
  ThValue fit;    /* a fit */
  size_t element; /* which of its numbers */
  double level;
  double estimate, se; /* se is NaN where the fit has none */
  double log_density;  /* at the estimate */
  size_t n;            /* points, ascending */
  double *value, *loglik,
      *root; /* (n) each; root is ± √(2 (largest - loglik)), its sign that of value - estimate */
  double interval[2], wald[2];
  bool at_end[2]; /* the interval ends where the parameter's range does */
  ThValue words;  /* sentences, one a line, or none */
} ThProfile;

extern const ThKind th_profile_kind; /* "profile" */
static inline ThProfile *th_as_profile(ThValue v) { return (ThProfile *)th_as_object(v); }

/* The profile of an element of a fit, and its interval, whose ends are where 2 (largest - loglik) is the χ² quantile of
 * one degree of freedom. */
TH_CHECKED bool th_profile_find(ThContext *cx, ThFit *fit, size_t element, double level, ThValue *out);

/* The same interval of every parameter, beside Wald's: a table parameter, estimate, lower, upper, wald_lower,
 * wald_upper. */
TH_CHECKED bool th_profile_intervals(ThContext *cx, ThFit *fit, double level, ThValue *out);

/* profile_text.c */
TH_CHECKED bool th_profile_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
/* profile_plot.c */
TH_CHECKED bool th_profile_plot(ThContext *cx, ThValue self, void *figure);

#endif
