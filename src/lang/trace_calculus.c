/* trace_calculus.c - the table of derivatives of integrals, roots and differential equations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/trace_calculus.h"

#include "lang/libs.h"
#include "lang/trace_support.h"

/* A path of its own random numbers. */
static bool refuse_path(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  (void)call, (void)out;
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "`sde` cannot be differentiated");
  return th_hint(
      cx, "with draws that are made before, a loop over the steps can: x = x + drift*h + diffusion*dw[i]");
}

const ThTraceRule th_trace_calculus[] = {
    {"integrate", th_trace_integrate},
    {"root", th_trace_root},
    {"ode", th_trace_ode},
    {"sde", refuse_path},
    {0},
};
