/* trace_law.h - the formulas of families as nodes, for their derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_LAW_H
#define TH_PROB_TRACE_LAW_H

#include "prob/distribution.h"

/* Of nodes of parameters in positional order, as many as the family has; they and x broadcast. */
typedef ThNodeId (*ThTraceFormula)(ThGraph *g, ThNodeId x, const ThNodeId *p);
typedef ThNodeId (*ThTraceSummary)(ThGraph *g, const ThNodeId *p);

/* Where a formula is the log density itself, as accurate as the family's own: there it is used as it is, since its
 * elementary operations run in one pass over the data. */
typedef enum ThTraceReach {
  TH_REACH_NOWHERE,
  TH_REACH_LINE,
  TH_REACH_NON_NEGATIVE,
  TH_REACH_POSITIVE,
  TH_REACH_COUNTS,
  TH_REACH_TOSSES /* 0 and 1 */
} ThTraceReach;

/* What is known of one family. Derivatives of the formulas are the derivatives of the family, so that a formula may
 * leave out what hangs on nothing that is differentiated. NULL: not known. */
typedef struct ThTraceLaw {
  const ThFamily *family;
  ThTraceFormula log_density; /* inside the support */
  ThTraceReach reach;
  /* The log density itself where a parameter is a function of a number without bounds, by that number, at constant x
   * within `natural_reach`: a Bernoulli law's sigmoid(η). TH_ZERO where it is not. NULL: none. */
  ThTraceFormula natural;
  ThTraceReach natural_reach;
  /* A function of x and the parameters through which alone the cdf of a continuous family hangs on them; but for the
   * shapes, whose bits are set: by those the cdf is differentiated by quadrature. */
  ThTraceFormula standard;
  unsigned shapes;
  bool cancels_far_out; /* the formula, in the tails: no second derivatives of the cdf by shapes */
  /* Of a discrete family: ∂cdf/∂p[k] divided by the mass, at whole x. NULL or
   * TH_ZERO: a sum. */
  ThNodeId (*ratio)(ThGraph *g, ThNodeId x, const ThNodeId *p, int k);
  ThTraceSummary mean, variance, mode, entropy;
  ThNodeId (*kl)(ThGraph *g, const ThNodeId *p, const ThNodeId *q);
} ThTraceLaw;

extern const ThTraceLaw th_trace_laws_line[], th_trace_laws_positive[], th_trace_laws_counts[];

const ThTraceLaw *th_trace_law(const ThFamily *family); /* or NULL */

#endif
