/* trace_calculus.c - the table of derivatives of integrals, roots and differential equations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/trace_calculus.h"

#include "lang/libs.h"

const ThTraceRule th_trace_calculus[] = {
    {"integrate", th_trace_integrate},
    {"root", th_trace_root},
    {"ode", th_trace_ode},
    {"sde", th_trace_sde},
    {0},
};
