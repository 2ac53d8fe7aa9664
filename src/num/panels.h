/* panels.h - a function of one variable as polynomials on panels, and its integral from either side */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_PANELS_H
#define TH_NUM_PANELS_H

#include "base/context.h"

/* The range is cut into panels on each of which the function is a Chebyshev polynomial to about its own rounding. They
 * double towards infinity and halve towards a finite end, where an integrable pole may be, so that both integrals, from
 * the left and from the right, keep their relative accuracy far into the tails. What lies beyond the outermost panels
 * is taken as a power of the distance, which is what an integrable pole or a heavy tail comes down to. pieces.h says
 * why it is a module apart. */

enum { TH_PANEL_TERMS = 24 };

/* The function at n points inside the range into y; false, with the error record filled, stops the work. */
typedef bool (*ThPanelsFunction)(void *self, size_t n, const double *x, double *y);

typedef struct ThPanel {
  double from, to;
  double mass;                         /* its integral */
  double below, above;                 /* the integrals of all that lies before it, and behind it */
  double terms[TH_PANEL_TERMS];        /* the function: Σ terms[k] T_k(t), t from -1 to 1 */
  double integral[TH_PANEL_TERMS + 1]; /* its antiderivative in x, up to a constant */
} ThPanel;

/* Beyond the panels: a power of the distance to `end`, or of the distance to 0 where the end is infinite. */
typedef struct ThPanelsTail {
  double end;      /* of the range */
  double edge;     /* of the panels */
  double value;    /* of the function at the edge */
  double exponent; /* value*(distance/distance of the edge)^exponent */
  double mass;
  double error; /* of the mass */
} ThPanelsTail;

typedef struct ThPanels {
  size_t n, capacity;
  ThPanel *panels;
  ThPanelsTail left, right;
  double total; /* the integral, and a bound for its error */
  double error;
  double peak; /* the largest value seen, and where */
  double peak_at;
  double least; /* the least value seen, at most 0, and where */
  double least_at;
  double not_finite_at; /* NaN: finite everywhere */
  double not_finite;    /* the value there */
  bool diverges;        /* the integral does, at `diverges_at` */
  double diverges_at;
  size_t evaluations;
} ThPanels;

/* From lower to upper, lower < upper, either may be infinite. Fails when f fails, on Ctrl-C, and for want of memory.
 * What is amiss with the function is told in the result: a negative least value, a value that is not finite, an
 * integral that diverges; panels are then incomplete. */
TH_CHECKED bool th_panels_build(ThContext *cx, ThPanelsFunction f, void *self, double lower, double upper,
                                ThPanels *out);
void th_panels_clear(ThContext *cx, ThPanels *p);
void th_panels_free(ThHeap *heap, ThPanels *p); /* the same, of the heap they came from */

/* The polynomial, or power, at x; 0 outside the range. */
double th_panels_value(const ThPanels *p, double x);
/* The integral from the left end to x, and from x to the right end. */
double th_panels_below(const ThPanels *p, double x);
double th_panels_above(const ThPanels *p, double x);
/* A bound for the error of either at x: small where one of them is. */
double th_panels_error(const ThPanels *p, double x);
/* x with th_panels_below (upper: th_panels_above) equal to mass, 0 <= mass <= total. */
double th_panels_quantile(const ThPanels *p, double mass, bool upper);

#endif
