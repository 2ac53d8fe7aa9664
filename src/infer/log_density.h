/* log_density.h - a model as functions of its parameters: minus its log density, and what its data's laws are */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_LOG_DENSITY_H
#define TH_INFER_LOG_DENSITY_H

#include "infer/relative.h"

/* A function value: called with a vector of the record's elements, or a record of its parameters, plain or traced, it
 * runs the model's body with them and gives minus the log likelihood, with priors and factors unless the record is
 * asked for the likelihood alone. The record must outlive it. The density is that of the places of those parameters
 * that are told by them (relative.h). */
TH_CHECKED bool th_log_density_new(const ThRecording *r, ThRelative relative, ThValue *out);

/* A function value, called with relative parameters: it gives the parameters themselves as one vector. */
TH_CHECKED bool th_unknowns_new(const ThRecording *r, ThRelative relative, ThValue *out);

/* A function value, called alike: it gives the parameters of the data's laws as one vector. Of each observation in
 * order these are its family's positional parameters, from the first to the last (or the first alone), each with as
 * many numbers as there are data. Of families with numbers as parameters; the record must outlive it. */
TH_CHECKED bool th_law_values_new(const ThRecording *r, bool first_alone, ThValue *out);

#endif
