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
  TH_MARK_THIN,      /* x y: a line that others are seen against: a level of a landscape */
  TH_MARK_ARROWS,    /* x y: the tail of an arrow, its tip, the tail of the next one, … */
  TH_MARK_LEVELS,    /* x y z: level lines in the colours of their z, NaN between pieces */
  TH_MARK_CELLS,     /* a grid: a cell in the colour of z around each point */
  TH_MARK_SURFACE    /* a grid: a landscape, which stands alone in its picture */
} ThMark;

static inline bool th_mark_is_line(ThMark mark) {
  return mark == TH_MARK_LINE || mark == TH_MARK_DASHED || mark == TH_MARK_THIN;
}

/* Of a grid the columns are x (n), y (m) and z (m, n), z[i, j] at y[i], x[j]. */
static inline bool th_mark_is_grid(ThMark mark) { return mark == TH_MARK_CELLS || mark == TH_MARK_SURFACE; }

/* Is its z shown by colours, which a scale beside the picture tells? */
static inline bool th_mark_has_scale(ThMark mark) { return mark == TH_MARK_LEVELS || th_mark_is_grid(mark); }

typedef struct ThSeries {
  ThMark mark;
  ThArray *columns[3]; /* vectors of one length, but for grids; unused ones NULL */
  ThValue labels;      /* of bars: a list of strings, or none */
  ThValue label;       /* in the key: a string, or none */
  int color;           /* index into the palette; -1: the next one */
  bool past;           /* how it was before: drawn first, in grey */
} ThSeries;

/* A figure is one picture of series; or several beside each other, or one after the other, which are its parts. */
typedef enum ThFigureForm { TH_FIGURE_SINGLE, TH_FIGURE_PANELS, TH_FIGURE_FRAMES } ThFigureForm;

typedef struct ThFigure {
  ThObject object;
  ThFigureForm form;
  struct ThList *parts; /* of panels and frames: figures, or none for an empty place; else NULL */
  size_t n_across;      /* panels in a row */
  double rate;          /* frames a second */
  size_t n_series, capacity;
  ThSeries *series;
  ThValue title, xlabel, ylabel; /* strings or none */
  double xrange[2], yrange[2];   /* NaN: automatic */
  bool log_x, log_y, equal;
  bool crowded; /* while it is made: something else is in it too, what would stand behind is left out */
  bool y_down;  /* y grows downwards, as the rows of a matrix do */
  double width, height; /* inches; 0: default */
} ThFigure;

extern const ThKind th_figure_kind;

TH_CHECKED ThFigure *th_figure_new(ThContext *cx);
/* A figure of parts, which are taken, on failure too. `n` is how many stand in a row, or come in a second. */
TH_CHECKED ThFigure *th_figure_of_parts_take(ThContext *cx, ThFigureForm form, struct ThList *parts,
                                             double n);
/* Part i, NULL for an empty place. */
const ThFigure *th_figure_part(const ThFigure *figure, size_t i);
size_t th_figure_n_parts(const ThFigure *figure); /* 0 of a single picture */
/* Rows of panels. */
size_t th_figure_n_down(const ThFigure *figure);
/* Adds a series; takes the arrays (on failure too). label may be NULL. */
TH_CHECKED bool th_figure_add_take(ThContext *cx, ThFigure *figure, ThMark mark, ThArray *x, ThArray *y,
                                   ThArray *z, const char *label);
/* Adds a copy of another figure's series; its columns are shared. */
TH_CHECKED bool th_figure_add_copy(ThContext *cx, ThFigure *figure, const ThSeries *series);
/* A figure of its own that shows the same; columns and parts are shared. */
TH_CHECKED ThFigure *th_figure_copy(ThContext *cx, const ThFigure *figure);
/* Sets a range of the figure's, xrange or yrange, that is not given. */
void th_figure_cover(double range[2], double from, double to);
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
/* figure_levels.c. Adds the lines z = level of a function given on a grid, z (ny, nx) at y[i], x[j], as one series: of
 * TH_MARK_LEVELS, or of a mark of lines. Nothing is added where there are none. */
TH_CHECKED bool th_figure_levels(ThContext *cx, ThFigure *figure, ThMark mark, size_t nx, size_t ny,
                                 const double *x, const double *y, const double *z, size_t n_levels,
                                 const double *levels, const char *label);

#endif
