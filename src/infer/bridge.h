/* bridge.h - the evidence of a posterior that is known by draws */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_BRIDGE_H
#define TH_INFER_BRIDGE_H

#include "infer/chains.h"
#include "prob/finding.h"

extern const char th_bridge_method[]; /* "bridge sampling" */

/* The log of the integral of the density that the chains come from, with its standard error: `f` is minus the log
 * density of coordinates. NaN with a reason where the draws do not tell it. The same for the same seed. */
TH_CHECKED bool th_bridge_find(const ThChains *sample, ThObjective *f, uint64_t seed, ThFinding *out);

#endif
