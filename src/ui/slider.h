/* slider.h - a number between two ends, in steps */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_SLIDER_H
#define TH_UI_SLIDER_H

#include "val/symbol.h"

/* About a hundred steps lead from `low` to `high`: multiples of a round number, or equal factors where low is positive
 * and high/low is 100 or more. Where both ends and the value are whole numbers, and the ends at least 10 apart, values
 * stay whole. */
typedef struct ThSlider {
  ThSymbol *name;
  double low, high, start, now;
  bool logarithmic, whole;
} ThSlider;

ThSlider th_slider_begin(ThSymbol *name, double low, double high, double value);
/* The value `steps` (below 0: down) from the present one, within the ends. */
double th_slider_step(const ThSlider *slider, int steps);
/* Where the present value lies: 0 at low, 1 at high. */
double th_slider_place(const ThSlider *slider);

#endif
