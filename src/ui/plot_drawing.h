/* plot_drawing.h - a single figure while it is drawn in characters: what its parts share */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_UI_PLOT_DRAWING_H
#define TH_UI_PLOT_DRAWING_H

#include "ui/canvas.h"
#include "ui/plot_colors.h"
#include "ui/plot_range.h"
#include "val/basic.h"

enum { TH_MAX_TICKS = 32, TH_TICK_SIZE = 24 };

typedef struct ThTicks {
  size_t n;
  double at[TH_MAX_TICKS];
  char text[TH_MAX_TICKS][TH_TICK_SIZE];
} ThTicks;

typedef struct ThDrawing {
  ThContext *cx;
  const ThFigure *figure;
  ThPlotRange range;
  ThCanvas canvas;
  int *colors;
  const ThList *names;          /* under bars, or NULL */
  size_t names_of;              /* the series they belong to */
  int top, left, height, width; /* the cells inside the axes */
  ThTicks y, x;
} ThDrawing;

/* A dot's place; far outside is brought near, so that integers do. */
int th_drawing_dot_x(const ThDrawing *d, double x);
int th_drawing_dot_y(const ThDrawing *d, double y);
double th_drawing_unit_x(const ThDrawing *d, double x);
/* On and off of the dashes of series i: of a curve when colours cannot tell it from others, of a background line. */
void th_drawing_dashes(const ThDrawing *d, size_t i, int *on, int *period);
const char *th_drawing_point(const ThDrawing *d, size_t number);
/* The sign that stands here and there on curve i where colours cannot tell it from others, else NULL. */
const char *th_drawing_sign(const ThDrawing *d, size_t i);
/* Without colours every second series of bars is lighter, and what was before. */
bool th_drawing_is_shaded(const ThDrawing *d, size_t number);
void th_drawing_series(ThDrawing *d, size_t i);

/* plot_map.c: what shows z by colours, and landscapes by rows of heights */
void th_drawing_cells(ThDrawing *d, const ThSeries *s);
void th_drawing_levels(ThDrawing *d, const ThSeries *s);
/* The colours of z with the numbers at their ends, into a line. */
void th_drawing_scale(ThDrawing *d, int row, int width);
/* plot_marks.c: a straight piece, p its ends in the unit square, x y x y. */
void th_drawing_segment(ThDrawing *d, double p[4], int color, int on, int period, int *phase);

#endif
