/* trace_support.h - what rules of derivatives share: axes, shapes, refusals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LANG_TRACE_SUPPORT_H
#define TH_LANG_TRACE_SUPPORT_H

#include "val/traced.h"

/* Notes that arguments first … first + n - 1 (as many as there are) decide what is computed: when they are traced the
 * graph holds for these inputs only. */
void th_trace_decided_by(const ThTracedCall *call, size_t first, size_t n);
/* Argument i with the axis (0-based) that argument `axis` gives; without an axis it is flat, and a number is a vector
 * of one. The body has checked the axis. It and the argument after it decide what is computed. */
ThNodeId th_trace_lines(const ThTracedCall *call, size_t i, size_t axis, uint32_t *out);
/* Argument i as an array; of functions that keep the shape, along the first axis unless another is given. */
ThNodeId th_trace_first(const ThTracedCall *call, size_t i, size_t axis, uint32_t *out);
/* The result, in the shape that the body gave it. */
TH_CHECKED bool th_trace_give_shaped(ThContext *cx, const ThTracedCall *call, ThNodeId node, ThValue *out);
/* A rule: the result hangs on shapes only, which are the same for all inputs. */
TH_CHECKED bool th_trace_shape(ThContext *cx, const ThTracedCall *call, ThValue *out);
/* A rule: there is no derivative, as if there were no rule. */
bool th_trace_refuse(ThContext *cx, const ThTracedCall *call, ThValue *out);
/* Fails when argument i is traced: "`name` cannot be differentiated by `argument`". */
TH_CHECKED bool th_trace_check_plain(ThContext *cx, const ThTracedCall *call, size_t i, const char *argument);

#endif
