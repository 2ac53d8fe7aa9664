/* pieces.h - a non-negative function as polynomials on panels, with its integrals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_PIECES_H
#define TH_NUM_PIECES_H

#include "base/context.h"

/* Beside panels.h: there a function that is cheap and called in blocks is followed to its own rounding over an infinite
 * range, each panel with its antiderivative, for tails and quantiles. Here every value costs an integral: panels are of
 * lower degree, stop at a tolerance that the caller sets, are given their breaks, and end where nothing is left; in
 * return two of them can be convolved. fourier_panels.h needs complex Legendre coefficients, whose transforms are
 * Bessel functions. What the three have in common is the halving of an interval, a few lines in each; the criteria
 * that say when to stop are what they differ in. */
enum { TH_PIECE_NODES = 16, TH_PIECE_KNOTS = 24 };

/* f on [a, b] as a Chebyshev sum of degree TH_PIECE_NODES - 1. */
typedef struct ThPiece {
  double a, b;
  double coefficients[TH_PIECE_NODES];
  double mass;         /* its integral */
  double below, above; /* the integrals over all panels before it, and behind it */
} ThPiece;

/* Panels in a row: each begins where the one before ends. */
typedef struct ThPieces {
  ThContext *cx;
  size_t n, capacity;
  ThPiece *panels;
  double knots[TH_PIECE_KNOTS]; /* where f is not smooth: ends, kinks; the caller's to say */
  size_t n_knots;
  double total; /* integral of all */
  double error; /* a bound for the error of any integral, in units of the total */
} ThPieces;

/* The function at x into *y; false, with the error record filled, stops. */
typedef bool (*ThPieceFunction)(void *self, double x, double *y);

/* Fits f between the first and the last of the breaks (ascending, n >= 2), which are ends of panels; panels are
 * halved until a polynomial follows f to `tolerance` of its largest value there, or carry next to nothing. f may
 * have integrable poles, kinks and jumps; best at breaks. *converged is false when there were too many panels.
 * Fails when f fails, on Ctrl-C, and for want of memory. */
TH_CHECKED bool th_pieces_fit(ThContext *cx, ThPieceFunction f, void *self, const double *breaks, size_t n,
                              double tolerance, ThPieces *out, bool *converged);
/* The same of an f that is known to `noise` of its integral only: panels are not halved to follow what is less. */
TH_CHECKED bool th_pieces_fit_noisy(ThContext *cx, ThPieceFunction f, void *self, const double *breaks, size_t n,
                                    double tolerance, double noise, ThPieces *out, bool *converged);
void th_pieces_clear(ThPieces *p);
/* Sets the knots of a fit: where panels had to be very narrow there is a kink or a jump; so there is at the ends of the
 * support, where they are finite. */
void th_pieces_find_knots(ThPieces *p, double lower, double upper);
/* Divides by the total, which becomes 1. */
void th_pieces_normalise(ThPieces *p);
/* Moves x by `shift`. */
void th_pieces_shift(ThPieces *p, double shift);

double th_pieces_value(const ThPieces *p, double x); /* 0 outside */
/* About its largest value on the panel that holds x; 0 outside. */
double th_pieces_height(const ThPieces *p, double x);
double th_pieces_below(const ThPieces *p, double x);
double th_pieces_above(const ThPieces *p, double x);
/* ∫ ((x - center)/scale)^power f(x) dx; *error is a bound. */
double th_pieces_moment(const ThPieces *p, double center, double scale, int power, double *error);

/* The density of the sum of independent variables with densities p and q, ∫ p(x) q(z - x) dx as a function of z;
 * both must be normalised. Products of polynomials are integrated exactly: there is no error but rounding, and
 * that of fitting. */
TH_CHECKED bool th_pieces_convolve(const ThPieces *p, const ThPieces *q, ThPieces *out, bool *converged);

#endif
