/* learn.h - what the layer defines in a session */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_LEARN_LEARN_H
#define TH_LEARN_LEARN_H

#include "base/context.h"

/* Every built-in of the layer, and its derivatives: relu, softmax, cross_entropy_loss, …. */
TH_CHECKED bool th_learn_define(ThContext *cx);

#endif
