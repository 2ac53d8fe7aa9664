/* trace_event.h - log densities of vectors and matrices as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_EVENT_H
#define TH_PROB_TRACE_EVENT_H

#include "prob/traced_distribution.h"

/* Of MvNormal, Dirichlet, Multinomial, Wishart, LKJ at one point or several, by rows. */
ThNodeId th_trace_event(const ThTracedLaw *law, ThNodeId x);

#endif
