/* predict_plane.h - a new datum under a posterior of two parameters that is known on a grid */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_PREDICT_PLANE_H
#define TH_INFER_PREDICT_PLANE_H

#include "infer/posterior.h"

/* The law of one datum, its laws given the parameters averaged over the grid. *known is false where the posterior is no
 * such one, or the datum not one number of a family of formulas. */
TH_CHECKED bool th_predict_plane(ThContext *cx, const ThPosterior *p, const ThModelData *data, bool *known,
                                 ThValue *out);

#endif
