/* trace_linalg.c - derivatives of inverses, determinants and factorisations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/libs.h"
#include "val/operations.h"

static bool trace_inv(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, th_inverse_node(call->g, th_traced_argument(call, 0)), out);
}

static bool trace_det(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call, th_determinant_node(call->g, th_traced_argument(call, 0)), out);
}

const ThTraceRule th_trace_linalg[] = {
    {"inv", trace_inv},
    {"det", trace_det},
    {0},
};
