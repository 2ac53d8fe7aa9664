/* operations_learning.h - differentiable operations that networks are trained by */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_OPERATIONS_LEARNING_H
#define TH_VAL_OPERATIONS_LEARNING_H

#include "val/operations.h"

/* log(softmax(a)) over the last axis of a real array (operations_loss.c). */
ThNodeId th_log_softmax_node(ThGraph *g, ThNodeId a);
/* -log(softmax(logits)) at the labels 1 … K: logits are (…, K), labels and result (…, 1). In one sweep, and so is its
 * gradient, softmax(logits) less the labels as zeros and ones. */
ThNodeId th_cross_entropy_node(ThGraph *g, ThNodeId logits, ThNodeId labels);
/* A label as a place, 0-based; else an error that says between what labels run. */
TH_CHECKED bool th_label_place(ThContext *cx, double label, size_t n_classes, size_t *out);

#endif
