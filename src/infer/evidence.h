/* evidence.h - how probable a model makes its data: where that is defined, and the ratio of two */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_EVIDENCE_H
#define TH_INFER_EVIDENCE_H

#include "infer/posterior.h"
#include "prob/finding.h"

/* The first element without a prior, for which no evidence is defined; SIZE_MAX when all have one. */
size_t th_evidence_improper(const ThRecording *r);
/* The log evidence, with the method and error of what is not exact. An error, which names the parameter without a
 * proper prior, where there is none; argument 0 is the posterior itself, else the argument of a call. */
TH_CHECKED bool th_evidence_of(const ThPosterior *p, int argument, ThFinding *out);
/* Does it know all data that its evidence is of? Else an error that names it as it was typed. */
TH_CHECKED bool th_evidence_knows_data(const ThPosterior *p, const char *name);
/* The ratio p : q. The two must have seen the same data. */
TH_CHECKED bool th_evidence_ratio(const ThPosterior *p, const ThPosterior *q, ThFinding *out);
/* Of posteriors and fits: were they asked about the same data, with the same weights? Else an error that names both;
 * `names` are those of the two as they were typed. */
TH_CHECKED bool th_evidence_same_data(ThContext *cx, const ThQuestion *a, const ThQuestion *b,
                                      const char *const names[2]);

#endif
