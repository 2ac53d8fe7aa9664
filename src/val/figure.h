/* figure.h - what a picture shows, before anything draws it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_FIGURE_H
#define TH_VAL_FIGURE_H

#include "val/array.h"
#include "val/value.h"

/* A figure is a value (kind "plot"): series of numbers with a style, and options. Kinds add series through
 * their `plot`; ui/ draws. All text is plain UTF-8, never markup. */
typedef enum ThMark {
  TH_MARK_LINE,      /* columns x y */
  TH_MARK_POINTS,    /* x y */
  TH_MARK_ERRORBARS, /* x y error */
  TH_MARK_BAND,      /* x lower upper: filled */
  TH_MARK_IMPULSES,  /* x y: a mass function */
  TH_MARK_BARS,      /* x height width; labels optional */
  TH_MARK_DASHED,    /* x y: a line in the background: a prior, an imaginary part */
  TH_MARK_THIN       /* x y: a line that others are seen against: a level of a landscape */
} ThMark;

static inline bool th_mark_is_line(ThMark mark) {
  return mark == TH_MARK_LINE || mark == TH_MARK_DASHED || mark == TH_MARK_THIN;
}

typedef struct ThSeries {
  ThMark mark;
  ThArray *columns[3]; /* vectors of one length; unused ones NULL */
  ThValue labels;      /* of bars: a list of strings, or none */
  ThValue label;       /* in the key: a string, or none */
  int color;           /* index into the palette; -1: the next one */
  bool past;           /* how it was before: drawn first, in grey */
} ThSeries;

typedef struct ThFigure {
  ThObject object;
  size_t n_series, capacity;
  ThSeries *series;
  ThValue title, xlabel, ylabel; /* strings or none */
  double xrange[2], yrange[2];   /* NaN: automatic */
  bool log_x, log_y, equal;
  double width, height; /* inches; 0: default */
} ThFigure;

extern const ThKind th_figure_kind;

TH_CHECKED ThFigure *th_figure_new(ThContext *cx);
/* Adds a series; takes the arrays (on failure too). label may be NULL. */
TH_CHECKED bool th_figure_add_take(ThContext *cx, ThFigure *figure, ThMark mark, ThArray *x, ThArray *y,
                                   ThArray *z, const char *label);
/* Adds a copy of another figure's series; its columns are shared. */
TH_CHECKED bool th_figure_add_copy(ThContext *cx, ThFigure *figure, const ThSeries *series);
/* Do two figures look the same? */
bool th_figure_same(const ThFigure *a, const ThFigure *b);
/* A figure, and behind it in grey what another one, which it follows, shows elsewhere; *out is owned. Where one of the
 * two is no figure, the first value itself. */
TH_CHECKED bool th_figure_over(ThContext *cx, ThValue figure, ThValue past, ThValue *out);
TH_CHECKED bool th_figure_text(ThContext *cx, ThValue *slot,
                               const char *text); /* sets title, xlabel, ylabel */
/* Samples a smooth function of one variable for drawing: callback gives y; 401 points, refined where it bends. */
typedef bool (*ThCurve)(ThContext *cx, void *self, double x, double *y);
TH_CHECKED bool th_figure_curve(ThContext *cx, ThFigure *figure, ThMark mark, ThCurve curve, void *self,
                                double from, double to, const char *label);

#endif
