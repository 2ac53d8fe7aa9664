/* verbs.h - the tables of built-ins of prob/ */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_VERBS_H
#define TH_PROB_VERBS_H

#include "lang/builtin.h"

extern const ThBuiltin th_lib_verbs[];      /* pdf, cdf, sample, cf, … of a distribution */
extern const ThBuiltin th_lib_divergence[]; /* kl, cross_entropy, total_variation, wasserstein */
extern const ThBuiltin th_lib_queries[];    /* P, E, Var, dist, joint, … */
extern const ThBuiltin th_lib_how[];        /* how, error */
extern const ThBuiltin th_lib_bayes[];      /* bayes */

#endif
