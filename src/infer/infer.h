/* infer.h - what the layer defines in a session */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_INFER_H
#define TH_INFER_INFER_H

#include "infer/model.h"

/* Every built-in of the layer: mle, map, posterior, predict, update, …. The registry also hands
 * th_model_make to the session's hooks. */
TH_CHECKED bool th_infer_define(ThContext *cx);

#endif
