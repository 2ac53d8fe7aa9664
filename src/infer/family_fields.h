/* family_fields.h - what a fit of a family has beside its parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_FAMILY_FIELDS_H
#define TH_INFER_FAMILY_FIELDS_H

#include "infer/fit.h"

/* f.scale of a fit of Gamma, f.variance of Normal: another name of the family's constructor, with the error that those
 * of the parameters make to first order. False without an error: no such name. */
bool th_family_field(ThContext *cx, const ThFit *fit, const ThSymbol *name, ThValue *out);

/* The expected information of all data, (k, k), owned; *known is false where there is no formula. */
TH_CHECKED bool th_family_expected(ThContext *cx, const ThFit *fit, bool *known, ThValue *out);

#endif
