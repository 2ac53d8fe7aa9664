/* update.h - today's posterior as tomorrow's prior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_UPDATE_H
#define TH_INFER_UPDATE_H

#include "infer/posterior.h"

/* The posterior after more data, a table or record; `named` are data and knobs by name. */
TH_CHECKED bool th_update_posterior(ThContext *cx, const ThPosterior *p, ThValue more, const ThRecord *named,
                                    ThValue *out);
/* A conjugate prior after data of a family; `named` gives the family's known parameters. */
TH_CHECKED bool th_update_distribution(ThContext *cx, const ThDistribution *prior, const ThFamily *family,
                                       ThValue data, const ThRecord *named, ThValue *out);
/* update_vector.c: the same of Dirichlet and MvNormal priors; *known is false of any other pair. */
TH_CHECKED bool th_update_vector(ThContext *cx, const ThDistribution *prior, const ThFamily *family,
                                 const ThArray *data, const ThRecord *named, bool *known, ThValue *out);

#endif
