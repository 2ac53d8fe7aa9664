/* slider.c - a number between two ends, in steps */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/slider.h"

#include <math.h>

enum { STEPS = 100 };

ThSlider th_slider_begin(ThSymbol *name, double low, double high, double value) {
  bool whole = low == floor(low) && high == floor(high) && value == floor(value) && high - low >= 10;
  return (ThSlider){.name = name,
                    .low = low,
                    .high = high,
                    .start = value,
                    .now = value,
                    .logarithmic = low > 0 && high / low >= 100,
                    .whole = whole};
}

static double clamp(double x, double low, double high) { return fmin(fmax(x, low), high); }

double th_slider_place(const ThSlider *s) {
  double now = clamp(s->now, s->low, s->high);
  if (s->logarithmic) return log(now / s->low) / log(s->high / s->low);
  return (now - s->low) / (s->high - s->low);
}

/* As many decimals as tell steps apart, so that what is shown is what is set. */
static double rounded(double x, double step) {
  double unit = pow(10, floor(log10(step)) - 1);
  return unit < 1 ? round(x / unit) * unit : x;
}

/* The value at step k of 100. */
static double value_at(const ThSlider *s, double k) {
  if (k <= 0) return s->low;
  if (k >= STEPS) return s->high;
  if (s->logarithmic) {
    double x = s->low * pow(s->high / s->low, k / STEPS);
    return rounded(x, x / 10);
  }
  double step = (s->high - s->low) / STEPS;
  return rounded(s->low + k * step, step);
}

/* Whole numbers move by at least 1. */
static double whole_step(const ThSlider *s, int steps) {
  double now = clamp(s->now, s->low, s->high), step = fmax(1, round((s->high - s->low) / STEPS));
  if (!s->logarithmic) return clamp(now + steps * step, s->low, s->high);
  double x = round(value_at(s, STEPS * th_slider_place(s) + steps));
  double least = now + steps;
  return clamp(steps > 0 ? fmax(x, least) : fmin(x, least), s->low, s->high);
}

double th_slider_step(const ThSlider *s, int steps) {
  if (s->whole && s->now == floor(s->now)) return whole_step(s, steps);
  double k = STEPS * th_slider_place(s), near = 1e-3;
  return value_at(s, (steps > 0 ? floor(k + near) : ceil(k - near)) + steps);
}
