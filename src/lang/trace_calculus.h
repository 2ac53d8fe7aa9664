/* trace_calculus.h - derivatives of integrals, roots and differential equations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_TRACE_CALCULUS_H
#define TH_LANG_TRACE_CALCULUS_H

#include "val/traced.h"

/* Rules (ThTraceRule). */
bool th_trace_integrate(ThContext *cx, const ThTracedCall *call, ThValue *out);
bool th_trace_root(ThContext *cx, const ThTracedCall *call, ThValue *out);
bool th_trace_ode(ThContext *cx, const ThTracedCall *call, ThValue *out);
bool th_trace_sde(ThContext *cx, const ThTracedCall *call, ThValue *out);

#endif
