/* panels.h - a non-negative function as polynomials on panels, with its integrals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_PANELS_H
#define TH_NUM_PANELS_H

#include "base/context.h"

enum { TH_PANEL_NODES = 16, TH_PANEL_KNOTS = 24 };

/* f on [a, b] as a Chebyshev sum of degree TH_PANEL_NODES - 1. */
typedef struct ThPanel {
  double a, b;
  double coefficients[TH_PANEL_NODES];
  double mass;         /* its integral */
  double below, above; /* the integrals over all panels before it, and behind it */
} ThPanel;

/* Panels in a row: each begins where the one before ends. */
typedef struct ThPanels {
  ThContext *cx;
  size_t n, capacity;
  ThPanel *panels;
  double knots[TH_PANEL_KNOTS]; /* where f is not smooth: ends, kinks; the caller's to say */
  size_t n_knots;
  double total; /* integral of all */
  double error; /* a bound for the error of any integral, in units of the total */
} ThPanels;

/* The function at x into *y; false, with the error record filled, stops. */
typedef bool (*ThPanelFunction)(void *self, double x, double *y);

/* Fits f between the first and the last of the breaks (ascending, n >= 2), which are ends of panels; panels are
 * halved until a polynomial follows f to `tolerance` of its largest value there, or carry next to nothing. f may
 * have integrable poles, kinks and jumps; best at breaks. *converged is false when there were too many panels.
 * Fails when f fails, on Ctrl-C, and for want of memory. */
TH_CHECKED bool th_panels_fit(ThContext *cx, ThPanelFunction f, void *self, const double *breaks, size_t n,
                              double tolerance, ThPanels *out, bool *converged);
void th_panels_clear(ThPanels *p);
/* Divides by the total, which becomes 1. */
void th_panels_normalise(ThPanels *p);
/* Moves x by `shift`. */
void th_panels_shift(ThPanels *p, double shift);

double th_panels_value(const ThPanels *p, double x); /* 0 outside */
double th_panels_below(const ThPanels *p, double x);
double th_panels_above(const ThPanels *p, double x);
/* ∫ ((x - center)/scale)^power f(x) dx */
double th_panels_moment(const ThPanels *p, double center, double scale, int power);

/* The density of the sum of independent variables with densities p and q, ∫ p(x) q(z - x) dx as a function of z;
 * both must be normalised. Products of polynomials are integrated exactly: there is no error but rounding, and
 * that of fitting. */
TH_CHECKED bool th_panels_convolve(const ThPanels *p, const ThPanels *q, ThPanels *out, bool *converged);

#endif
