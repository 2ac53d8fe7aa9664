/* fourier_panels.h - a function in pieces of Legendre polynomials, and its Fourier integral at any k */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_FOURIER_PANELS_H
#define TH_NUM_FOURIER_PANELS_H

#include <complex.h>

#include "base/context.h"

/* f at n points. False, with the error record filled, stops. */
typedef bool (*ThFourierFunction)(void *self, size_t n, const double *x, double complex *y);

/* pieces.h says why it is a module apart. */
enum { TH_FOURIER_NODES = 20 };

/* From where to where, and Legendre coefficients of f there. */
typedef struct ThFourierPanel {
  double from, to;
  double complex coefficients[TH_FOURIER_NODES];
} ThFourierPanel;

/* Zero is a function without pieces. */
typedef struct ThFourierPanels {
  size_t n, capacity;
  ThFourierPanel *panels;
  double magnitude; /* ∫|f| */
  double error;     /* of ∫ f e^(ikx), any k */
  bool complete;    /* all of f could be resolved; else the pieces end where they could not be */
} ThFourierPanels;

/* How far the pieces reach: from breaks[0] to breaks[n_breaks - 1] (ascending, at least two); beyond a `left` or
 * `right` end to infinity, in pieces that double, until f has died out. */
typedef struct ThFourierRange {
  const double *breaks;
  size_t n_breaks;
  bool left, right;
  size_t max_panels;    /* 0: 2000 */
  size_t max_doublings; /* of the way to infinity; 0: as far as doubles go */
} ThFourierRange;

/* Pieces are halved until the polynomials have converged to 1e-16 of ∫|f| between the breaks, or the piece is too small
 * to matter: that takes kinks, jumps, integrable poles and heavy tails. Fails when f does, for want of memory, when
 * interrupted. */
TH_CHECKED bool th_fourier_panels_init(ThContext *cx, ThFourierFunction f, void *self,
                                       const ThFourierRange *range, ThFourierPanels *out);
void th_fourier_panels_clear(ThHeap *heap, ThFourierPanels *p);

/* f(x) from the polynomials, where the pieces are those of ascending breaks without a left end; 0 beyond them. */
double complex th_fourier_panels_value(const ThFourierPanels *p, double x);

/* ∫ f(x) e^(ikx) dx, as quick and as accurate for large k as for small: ∫ Pₙ(t) e^(iωt) dt over [-1, 1] is
 * 2iⁿ jₙ(ω) (Bakhvalov and Vasil'eva 1968; DLMF 18.17.19). */
double complex th_fourier_panels_transform(const ThFourierPanel *panels, size_t n, double k);

/* Spherical Bessel functions j_0 … j_(n-1) of x > 0. */
void th_fourier_panels_bessel(size_t n, double x, double *j);

#endif
