/* fit.h - a fit: the parameters that make data most probable, and how sure they are */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_FIT_H
#define TH_INFER_FIT_H

#include "infer/objective.h"
#include "infer/result.h"
#include "infer/steps.h"

typedef struct ThFit {
  ThObject object;
  ThContext *cx;
  ThQuestion question;
  ThLayout layout;
  size_t k;                         /* estimated numbers */
  double *estimate;                 /* (k) */
  double *se;                       /* (k); NaN where the curvature gives none */
  double *lower, *upper;            /* (k): the Wald interval, within the range of the parameter */
  double *covariance, *information; /* (k, k) */
  size_t constraints;               /* equations that they obey: 1 where they are shares */
  bool expected;                    /* the information is the expected one, too */
  const char *method;               /* "exact: …" */
  ThCalls calls;                    /* of what was asked on the way; zeros when it was solved for */
  ThSteps steps;                    /* of the search */
  bool interrupted;                 /* by Ctrl-C: the best so far, no maximum */
  bool sd_estimated;                /* the σ of Normal data hangs on parameters */
  ThValue words;                    /* sentences, one a line, or none */
  size_t n_data;
  double loglik;
  double chi2;       /* Σ ((y - mean)/σ)²; NaN when not all data are Normal */
  ThValue residuals; /* y - mean, a vector over all data in order */
  ThValue derived;   /* a record: deterministic quantities at the estimate */
} ThFit;

extern const ThKind th_fit_kind; /* "fit" */
static inline bool th_is_fit(ThValue v) { return th_is(v, &th_fit_kind); }
static inline ThFit *th_as_fit(ThValue v) { return (ThFit *)th_as_object(v); }

/* The maximum of a question, which is taken, on failure too. */
TH_CHECKED bool th_fit_find_take(ThContext *cx, ThQuestion *question, ThValue *out);

/* The record name = estimate, for running the body at it; x replaces the estimates when not NULL. */
TH_CHECKED bool th_fit_parameters(const ThFit *fit, const double *x, ThRecord **out);
/* How many numbers were free, and n less that. */
static inline double th_fit_free(const ThFit *fit) { return (double)(fit->k - fit->constraints); }
static inline double th_fit_dof(const ThFit *fit) { return (double)fit->n_data - th_fit_free(fit); }
/* The normal quantile of intervals: 1.96 for 0.95. */
double th_level_quantile(double level);

/* The i-th field beside the parameters, NULL after the last. */
const ThFieldNote *th_fit_field_note(size_t i);
/* fit_fields.c */
bool th_fit_get_field(ThContext *cx, ThValue self, ThSymbol *name, ThValue *out);
ThSymbol *th_fit_name_at(ThContext *cx, ThValue self, size_t i);
/* fit_text.c */
TH_CHECKED bool th_fit_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
/* fit_plot.c */
TH_CHECKED bool th_fit_plot(ThContext *cx, ThValue self, void *figure);
/* Residuals over the input, or in the order of the data where there is not just one; figure is a ThFigure. */
TH_CHECKED bool th_fit_plot_residuals(ThContext *cx, ThFit *fit, void *figure);

#endif
