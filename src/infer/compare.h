/* compare.h - fits and posteriors of the same data side by side */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_COMPARE_H
#define TH_INFER_COMPARE_H

#include "infer/fit.h"
#include "infer/posterior.h"
#include "infer/regression.h"

/* One of them. NaN: it has no such number. */
typedef struct ThCompared {
  ThValue value;             /* a fit, regression or posterior; owned */
  char name[64], method[64]; /* as it was typed; "mle", "posterior, exact" */
  double k, loglik, aic, bic;
  ThFinding evidence; /* the log evidence; its value NaN: not known */
} ThCompared;

typedef struct ThComparison {
  ThObject object;
  ThContext *cx;
  size_t n;
  ThCompared *items;
  ThList *parameters; /* names, of all items together */
  double *numbers;    /* (n, parameters, 2): estimate and its error; NaN where an item has none */
} ThComparison;

extern const ThKind th_comparison_kind; /* "comparison" */
static inline ThComparison *th_as_comparison(ThValue v) { return (ThComparison *)th_as_object(v); }
static inline const double *th_comparison_at(const ThComparison *c, size_t item, size_t parameter) {
  return c->numbers + 2 * (item * c->parameters->length + parameter);
}

/* n fits, regressions or posteriors under n names. An error when they have not seen the same data. */
TH_CHECKED bool th_compare(ThContext *cx, const ThValue *values, const char *const *names, size_t n,
                           ThValue *out);

/* compare_text.c, compare_plot.c */
TH_CHECKED bool th_compare_format(ThContext *cx, ThValue self, ThStyle style, ThText *out);
TH_CHECKED bool th_compare_plot(ThContext *cx, ThValue self, void *figure);

#endif
