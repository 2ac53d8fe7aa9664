/* libs.h - tables of built-ins of this layer, and their derivatives */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LEARN_LIBS_H
#define TH_LEARN_LIBS_H

#include "lang/builtin.h"

extern const ThBuiltin th_lib_activation[]; /* relu, gelu, silu, softmax, log_softmax */
extern const ThBuiltin th_lib_loss[];       /* one_hot, cross_entropy_loss, mse_loss */
extern const ThBuiltin th_lib_network[];    /* dense, conv2d, chain, mlp, init */

extern const ThTraceRule th_trace_activation[], th_trace_loss[];

#endif
