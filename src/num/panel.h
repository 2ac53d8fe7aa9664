/* panel.h - integrals by fixed Gauss-Legendre panels, which allocate nothing and keep nothing */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_PANEL_H
#define TH_NUM_PANEL_H

#include <complex.h>
#include <stddef.h>

typedef double (*ThPanelFunction)(const void *self, double x);
typedef double complex (*ThPanelComplex)(const void *self, double x);

/* The integral of f from a to b by n panels of 20 nodes each. f is analytic around a panel, as far as half a
 * panel away, and changes there by a factor of e^5 at most: then the rule is exact to rounding. */
double th_panel_integral(ThPanelFunction f, const void *self, double a, double b, size_t n);
double complex th_panel_complex(ThPanelComplex f, const void *self, double a, double b, size_t n);

/* The integral of e^h(s) for s from 0 to `length` (inf is allowed), h(0) = 0 and h falling. The panels fit
 * themselves to h, and are at most `widest` wide; where the rest no longer counts they end. */
double th_panel_decay(ThPanelFunction h, const void *self, double length, double widest);

#endif
