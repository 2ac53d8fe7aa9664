/* correlations.h - the correlations of several variables, and coordinates of them without bounds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_CORRELATIONS_H
#define TH_NUM_CORRELATIONS_H

#include "base/context.h"

/* The correlations of `side` variables are the side (side - 1)/2 numbers below the diagonal of their matrix, by rows:
 * r21, r31, r32, r41, … Those of a positive definite matrix are told by as many numbers t without bounds: tanh t_ij is
 * the canonical partial correlation of variables i and j given those before j, and the rows of the lower triangular L
 * with R = L L' are points of spheres, L_ij = tanh t_ij Π_{k<j} sech t_ik (Lewandowski, Kurowicka and Joe 2009,
 * section 2). */
enum { TH_CORRELATIONS_MOST_SIDE = 50 };

static inline size_t th_correlations_count(size_t side) { return side * (side - 1) / 2; }
/* How many variables have n correlations; 0: no number of them. */
size_t th_correlations_side(size_t n);
/* The row and column of correlation k, from 0; column < row. */
void th_correlations_place(size_t k, size_t *row, size_t *column);

/* The symmetric matrix (side, side) with a unit diagonal. */
void th_correlations_matrix(size_t side, const double *r, double *out);
/* Its factor L (side, side), zeros above the diagonal; false where it is not positive definite. */
bool th_correlations_factor(size_t side, const double *r, double *factor);
/* log det R by its factor; weak correlations keep their digits. */
double th_correlations_log_determinant(size_t side, const double *factor);
/* Where correlation k may lie given those before it: center ± radius. False where those are of no matrix. */
bool th_correlations_range(size_t k, const double *before, double *center, double *radius);

/* --- Coordinates u, of at most TH_CORRELATIONS_MOST_SIDE variables */

/* t_ij = u_ij th_correlations_unit(side, j), j from 0: about the standard deviation of t_ij where every matrix is as
 * likely, so that numbers u of a size of 1 make matrices far from singular, however many variables there are. */
double th_correlations_unit(size_t side, size_t column);
/* r of u, which may be the same array; adds log|∂r/∂u| to *log_jacobian. */
void th_correlations_forward(size_t side, const double *u, double *r, double *log_jacobian);
/* The gradient by u of f(r(u)) + sign·log|∂r/∂u| from that of f by r. */
void th_correlations_pull(size_t side, const double *u, const double *by_r, double sign, double *by_u);
/* u of r; false where the matrix is not positive definite, or too near the edge. */
bool th_correlations_back(size_t side, const double *r, double *u);

#endif
