/* log_density.h - minus the log density of a model as a function of its parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LOG_DENSITY_H
#define TH_INFER_LOG_DENSITY_H

#include "infer/record.h"

/* A function value: called with a vector of the record's elements, plain or traced, it runs the model's body with them
 * and gives minus the log likelihood, with priors and factors unless the record is asked for the likelihood alone. The
 * record must outlive it. */
TH_CHECKED bool th_log_density_new(const ThRecording *r, ThValue *out);

#endif
