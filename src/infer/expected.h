/* expected.h - the expected information of a fit */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_EXPECTED_H
#define TH_INFER_EXPECTED_H

#include "infer/fit.h"

/* Σ over the data of J' I J (k, k): I is the Fisher information of the datum's family about its own parameters, J the
 * Jacobian of those by the model's parameters at x (k), NULL: at the estimate. *closed is false, without an error,
 * where a family has no closed I; *family is its name then. */
TH_CHECKED bool th_expected_information(ThContext *cx, const ThFit *fit, const double *x, double *out, bool *closed,
                                        const char **family);

#endif
