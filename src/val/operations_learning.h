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

/* What stands beyond the edges of an image (operations_conv.c): zeros, so that a step of 1 keeps the size; nothing: the
 * kernel stays inside; the other side of the image. */
typedef enum ThPadding { TH_PADDING_SAME, TH_PADDING_VALID, TH_PADDING_CIRCULAR } ThPadding;

/* Images x (n, h, w, c) and kernels (kh, kw, c, k), real, to their cross-correlation (n, h', w', k): with "same" and
 * "circular" h' = ⌈h/stride⌉ and the kernel's middle (of two the first) on the pixel, with "valid"
 * h' = ⌊(h - kh)/stride⌋ + 1. Kernels that fit nowhere and other shapes are errors. Linear in both. */
ThNodeId th_correlate_images(ThGraph *g, ThNodeId x, ThNodeId kernels, size_t stride, ThPadding padding);
/* The same on plain arrays, image by image; owned. */
TH_CHECKED ThArray *th_images_correlate(ThContext *cx, const ThArray *x, const ThArray *kernels,
                                        size_t stride, ThPadding padding);

#endif
