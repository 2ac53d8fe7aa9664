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

/* Three digits: what is shown is what is set, and steps back lead to where they came from. */
static double rounded(double x) {
  double unit = pow(10, floor(log10(x)) - 2);
  return unit < 1 ? round(x * round(1 / unit)) / round(1 / unit) : round(x / unit) * unit;
}

/* `steps` equal factors from the present value. */
static double factor_step(const ThSlider *s, double steps) {
  double place = th_slider_place(s) + steps / STEPS;
  return clamp(rounded(s->low * pow(s->high / s->low, place)), s->low, s->high);
}

/* About a hundredth of the way, as 1, 2 or 5 times a power of ten. */
static double round_step(const ThSlider *s) {
  double wanted = (s->high - s->low) / STEPS, power = pow(10, floor(log10(wanted))), lead = wanted / power;
  return power * (lead < 1.5 ? 1 : lead < 3.5 ? 2 : lead < 7.5 ? 5 : 10);
}

/* To a multiple of a round step. */
static double even_step(const ThSlider *s, int steps) {
  double step = round_step(s), near = 1e-6, k = clamp(s->now, s->low, s->high) / step;
  k = (steps > 0 ? floor(k + near) : ceil(k - near)) + steps;
  return clamp(step < 1 ? k / round(1 / step) : k * step, s->low, s->high);
}

/* Whole numbers move by at least 1. */
static double whole_step(const ThSlider *s, int steps) {
  double now = clamp(s->now, s->low, s->high), step = fmax(1, round((s->high - s->low) / STEPS));
  if (!s->logarithmic) return clamp(now + steps * step, s->low, s->high);
  double x = round(factor_step(s, steps));
  double least = now + steps;
  return clamp(steps > 0 ? fmax(x, least) : fmin(x, least), s->low, s->high);
}

double th_slider_step(const ThSlider *s, int steps) {
  if (s->whole && s->now == floor(s->now)) return whole_step(s, steps);
  return s->logarithmic ? factor_step(s, steps) : even_step(s, steps);
}
