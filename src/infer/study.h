/* study.h - an estimator on repeated data: bias, spread, efficiency, normality, coverage */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_STUDY_H
#define TH_INFER_STUDY_H

#include "infer/fit.h"
#include "lang/builtin.h"
#include "val/flatten.h"

/* What was found of one parameter at one size of the data. NaN: not known. */
typedef struct ThStudyCell {
  double bias, bias_error, sd, sd_error;
  double bound;      /* Cramér and Rao's, of the standard deviation */
  double efficiency; /* (bound/sd)² */
  double normality;  /* p-value of Anderson and Darling's test */
  double coverage;   /* how many of the intervals held the truth */
} ThStudyCell;

typedef struct ThStudy {
  ThObject object;
  ThContext *cx;
  ThValue truth;
  ThFlatten form;         /* of the truth and of the estimates */
  size_t k;               /* parameters */
  size_t n_sizes, n_done; /* sizes asked for; with at least two repetitions */
  size_t reps, *done;     /* asked for; of each size */
  size_t *without;        /* of each size: fits that had no interval of some parameter */
  double *sizes;
  double *estimates;  /* (n_sizes, reps, k) */
  double *intervals;  /* (n_sizes, k): how many repetitions had one */
  double *covered;    /* (n_sizes, k): how many of those held the truth */
  double *bound;      /* (n_sizes, k): of the sd; NaN where it is not known */
  ThStudyCell *cells; /* (n_sizes, k) */
  bool interrupted;
} ThStudy;

extern const ThKind th_study_kind; /* "study" */
static inline bool th_is_study(ThValue v) { return th_is(v, &th_study_kind); }
static inline ThStudy *th_as_study(ThValue v) { return (ThStudy *)th_as_object(v); }

/* The estimates of size i, parameter j, ascending, into x (done[i]). */
TH_CHECKED bool th_study_sorted(const ThStudy *s, size_t i, size_t j, double *x);

/* study_bound.c: from the information of one datum, a number, matrix or none; or at size i from a fit whose laws have a
 * closed information, at the truth. Where a bound is known already the second does nothing. */
TH_CHECKED bool th_study_read_fisher(ThStudy *s, ThValue fisher);
TH_CHECKED bool th_study_bound_fit(ThStudy *s, size_t i, const ThFit *fit, const double *truth);
/* study_text.c, study_plot.c */
TH_CHECKED bool th_study_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_study_plot(ThContext *cx, ThValue self, void *figure);

#endif
