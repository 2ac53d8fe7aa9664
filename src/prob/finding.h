/* finding.h - a number, how it was found, and why it may be missing */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_FINDING_H
#define TH_PROB_FINDING_H

#include "val/value.h"

/* What was computed of a distribution. The value is NaN where the quantity does not exist, and infinite where
 * it diverges; then `reason` says why. */
typedef struct ThFinding {
  double value;
  double error;       /* a bound, of "Monte Carlo (…)" a standard error; 0 where it is a closed form */
  const char *method; /* "quadrature", "sum", …; NULL: a closed form */
  char reason[96];    /* "∫|x| p(x) dx diverges", or empty */
} ThFinding;

/* "quadrature, error < 1e-13"; "undefined: ∫|x| p(x) dx diverges"; of an infinite value the reason alone.
 * Empty for the number of a closed form. */
void th_finding_method(const ThFinding *finding, char *buffer, size_t size);
/* Adds weight times a part, which is found apart from the rest. A sum that has no value keeps the reason. */
void th_finding_add(ThFinding *sum, double weight, const ThFinding *part);
/* The standard deviation of a variance. */
void th_finding_root(ThFinding *variance);
/* What the errors of mean and sd add to that of E((X - mean)/sd)^n: they move it by n E|z|^(n-1) and n E z^n times
 * their share of the sd. */
void th_finding_standardised(ThFinding *moment, int n, const ThFinding *mean, const ThFinding *sd);
/* A number for a closed form, else an estimate, which prints its method. detail, what how(x) tells, may be
 * NULL. */
TH_CHECKED bool th_finding_value(ThContext *cx, const ThFinding *finding, const char *detail, ThValue *out);

#endif
