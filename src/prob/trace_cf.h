/* trace_cf.h - characteristic functions as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_TRACE_CF_H
#define TH_PROB_TRACE_CF_H

#include "val/traced.h"

/* φ(k) of a traced k. φ is a characteristic function. */
TH_CHECKED bool th_trace_cf(ThContext *cx, ThValue cf, ThValue k, ThValue *out);
/* That of a distribution, which may be traced, as a node; on failure g->failed. */
ThNodeId th_trace_cf_of(ThContext *cx, ThGraph *g, ThValue d, ThNodeId k);

#endif
