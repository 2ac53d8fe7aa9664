/* slider.h - a number between two ends, in steps */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_SLIDER_H
#define TH_UI_SLIDER_H

#include "val/symbol.h"

/* A hundred steps lead from `low` to `high`: even ones, or even factors where high/low is 100 or more and low is
 * positive. Where both ends and the value are whole numbers, and at least 10 lie between, values stay whole. */
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
