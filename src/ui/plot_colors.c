/* plot_colors.c - the colours of pictures: of series, of a scale, of what stands around them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_colors.h"

#include <math.h>

const char *const th_plot_color_names[TH_PLOT_COLORS] = {"blue",   "red", "green", "purple",
                                                         "orange", "sky", "black"};

const ThPlotTheme th_plot_light = {
    .background = 0xFFFFFF,
    .text = 0x202020,
    .axis = 0x606060,
    .grid = 0xDDDDDD,
    .palette = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0xA6A6A6},
    .scale_from = 0,
    .scale_to = 0.8,
};

/* The same hues, lighter; what is black on white is white here. */
const ThPlotTheme th_plot_dark = {
    .background = 0x16181D,
    .text = 0xE6E6E6,
    .axis = 0x9A9A9A,
    .grid = 0x34383F,
    .palette = {0x4C9FE0, 0xFF7F2A, 0x2DC58E, 0xE397C5, 0xF2B233, 0x9FDBFF, 0xFFFFFF, 0x6A6F78},
    .scale_from = 0.3,
    .scale_to = 1,
};

void th_plot_assign_colors(const ThFigure *figure, int *colors) {
  int next = 0;
  for (size_t i = 0; i < figure->n_series; i++) {
    const ThSeries *s = &figure->series[i];
    if (s->past) colors[i] = TH_PLOT_PAST;
    else if (s->color >= 0) colors[i] = s->color % TH_PLOT_COLORS;
    else colors[i] = th_mark_has_scale(s->mark) ? 0 : next++ % TH_PLOT_COLORS;
  }
}

static unsigned mix(unsigned a, unsigned b, double t, int shift) {
  double from = a >> shift & 0xFF, to = b >> shift & 0xFF;
  return (unsigned)(from + t * (to - from) + 0.5) << shift;
}

unsigned th_plot_scale_color(double t) {
  static const unsigned at[TH_PLOT_SCALE_STEPS + 1] = {0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C,
                                                       0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725};
  double place = fmin(fmax(t, 0), 1) * TH_PLOT_SCALE_STEPS;
  int k = (int)fmin(floor(place), TH_PLOT_SCALE_STEPS - 1);
  double part = place - k;
  return mix(at[k], at[k + 1], part, 16) | mix(at[k], at[k + 1], part, 8) | mix(at[k], at[k + 1], part, 0);
}
