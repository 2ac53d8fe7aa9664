/* regression_plot.c - the picture of a regression: data, the mean as a line, its band */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/regression.h"

bool th_regression_plot(ThContext *cx, ThValue self, void *figure) {
  (void)self, (void)figure;
  return th_fail(cx, TH_ERROR_VALUE, "no picture yet");
}
