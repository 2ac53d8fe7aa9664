/* correlations.c - the correlations of several variables, and coordinates of them without bounds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/correlations.h"

#include <math.h>
#include <string.h>

#include "num/real.h"

/* --- Places */

size_t th_correlations_side(size_t n) {
  size_t side = 2;
  while (th_correlations_count(side) < n) side++;
  return th_correlations_count(side) == n ? side : 0;
}

void th_correlations_place(size_t k, size_t *row, size_t *column) {
  *row = 1;
  while (k >= *row) k -= (*row)++;
  *column = k;
}

/* The correlations of variable i with those before it. */
static const double *row_of(const double *r, size_t i) { return r + th_correlations_count(i); }

void th_correlations_matrix(size_t side, const double *r, double *out) {
  for (size_t i = 0; i < side; i++) {
    out[i * side + i] = 1;
    for (size_t j = 0; j < i; j++) out[i * side + j] = out[j * side + i] = row_of(r, i)[j];
  }
}

/* --- Factors. What a row has left of its length 1, √(1 - Σ L²), goes down by factors √((left - L)(left + L)), in which
 * nothing cancels. */

static double dot(size_t n, const double *a, const double *b) {
  double sum = 0;
  for (size_t k = 0; k < n; k++) sum += a[k] * b[k];
  return sum;
}

/* The first n elements of row i, in `row`, from the rows before it; *left is what they leave. */
static bool factor_row(size_t side, const double *r, size_t n, const double *factor, double *row,
                       double *left) {
  *left = 1;
  for (size_t j = 0; j < n; j++) {
    const double *other = factor + j * side;
    row[j] = (r[j] - dot(j, row, other)) / other[j];
    double square = (*left - row[j]) * (*left + row[j]);
    if (!(square > 0)) return false;
    *left = sqrt(square);
  }
  return true;
}

bool th_correlations_factor(size_t side, const double *r, double *factor) {
  memset(factor, 0, side * side * sizeof *factor);
  for (size_t i = 0; i < side; i++) {
    double *row = factor + i * side;
    if (!factor_row(side, row_of(r, i), i, factor, row, &row[i])) return false;
  }
  return true;
}

/* Σ log(1 - z²) over the canonical partial correlations. */
double th_correlations_log_determinant(size_t side, const double *factor) {
  double sum = 0;
  for (size_t i = 1; i < side; i++) {
    double left = 1;
    for (size_t j = 0; j < i; j++) {
      double x = factor[i * side + j], z = x / left, rest = (left - x) * (left + x);
      sum += fabs(z) < 0.5 ? log1p(-z * z) : log(rest / (left * left));
      left = sqrt(rest);
    }
  }
  return sum;
}

bool th_correlations_range(size_t k, const double *before, double *center, double *radius) {
  double factor[TH_CORRELATIONS_MOST_SIDE * TH_CORRELATIONS_MOST_SIDE], row[TH_CORRELATIONS_MOST_SIDE], left;
  size_t i, j;
  th_correlations_place(k, &i, &j);
  if (!th_correlations_factor(i, before, factor) || !factor_row(i, row_of(before, i), j, factor, row, &left))
    return false;
  *center = dot(j, row, factor + j * i);
  *radius = left * factor[j * i + j];
  return true;
}

/* --- Coordinates */

/* A canonical partial correlation has the variance 1/(side + 1 - j) there (Lewandowski, Kurowicka and Joe 2009). */
double th_correlations_unit(size_t side, size_t column) { return 1 / sqrt((double)(side + 1 - column)); }

static double log_sech(double t) { return TH_LOG_2 - fabs(t) - log1p(exp(-2 * fabs(t))); }

/* Row i of L from its coordinates, its diagonal element too. */
static void coordinates_to_row(size_t side, size_t i, const double *u, double *row) {
  double left = 1;
  for (size_t j = 0; j < i; j++) {
    double t = u[j] * th_correlations_unit(side, j);
    row[j] = left * tanh(t);
    left /= cosh(t);
  }
  row[i] = left;
}

/* ∂r_ij/∂L_ij = L_jj, ∂L_ij/∂t_ij = Π_{k<=j} sech t_ik · sech t_ij: in the product over all of them sech t_ij stands
 * side - j times, j from 0. */
static double log_volume(size_t side, size_t i, const double *u) {
  double sum = 0;
  for (size_t j = 0; j < i; j++) {
    double unit = th_correlations_unit(side, j);
    sum += (double)(side - j) * log_sech(u[j] * unit) + log(unit);
  }
  return sum;
}

void th_correlations_forward(size_t side, const double *u, double *r, double *log_jacobian) {
  double factor[TH_CORRELATIONS_MOST_SIDE * TH_CORRELATIONS_MOST_SIDE];
  for (size_t i = 0; i < side; i++) {
    double *row = factor + i * side;
    coordinates_to_row(side, i, row_of(u, i), row);
    *log_jacobian += log_volume(side, i, row_of(u, i));
    for (size_t j = 0; j < i; j++) r[th_correlations_count(i) + j] = dot(j + 1, row, factor + j * side);
  }
}

/* The derivatives by row i of L: row i of G L for the symmetric G of the derivatives by the elements of R, with
 * zeros on its diagonal. */
static void pull_to_row(size_t side, size_t i, const double *by_r, const double *factor, double *by_row) {
  memset(by_row, 0, (i + 1) * sizeof *by_row);
  for (size_t k = 0; k < side; k++) {
    double weight = k < i ? row_of(by_r, i)[k] : k > i ? row_of(by_r, k)[i] : 0;
    for (size_t j = 0; j <= i && j <= k; j++) by_row[j] += weight * factor[k * side + j];
  }
}

/* Backward through a row: `by_left` is the derivative by the logarithm of what is left behind an element. */
static void pull_row(size_t side, size_t i, const double *u, const double *row, const double *by_row,
                     double sign, double *by_u) {
  double by_left = by_row[i] * row[i], left[TH_CORRELATIONS_MOST_SIDE + 1];
  left[0] = 1;
  for (size_t j = 0; j < i; j++) left[j + 1] = left[j] / cosh(u[j] * th_correlations_unit(side, j));
  for (size_t j = i; j-- > 0;) {
    double unit = th_correlations_unit(side, j), t = u[j] * unit;
    by_u[j] = unit * (by_row[j] * left[j + 1] / cosh(t) - tanh(t) * (by_left + sign * (double)(side - j)));
    by_left += by_row[j] * row[j];
  }
}

void th_correlations_pull(size_t side, const double *u, const double *by_r, double sign, double *by_u) {
  double factor[TH_CORRELATIONS_MOST_SIDE * TH_CORRELATIONS_MOST_SIDE], by_row[TH_CORRELATIONS_MOST_SIDE];
  for (size_t i = 0; i < side; i++) coordinates_to_row(side, i, row_of(u, i), factor + i * side);
  for (size_t i = 1; i < side; i++) {
    pull_to_row(side, i, by_r, factor, by_row);
    pull_row(side, i, row_of(u, i), factor + i * side, by_row, sign, by_u + th_correlations_count(i));
  }
}

bool th_correlations_back(size_t side, const double *r, double *u) {
  double factor[TH_CORRELATIONS_MOST_SIDE * TH_CORRELATIONS_MOST_SIDE];
  if (!th_correlations_factor(side, r, factor)) return false;
  for (size_t i = 1; i < side; i++) {
    double left = 1, *to = u + th_correlations_count(i);
    for (size_t j = 0; j < i; j++) {
      double x = factor[i * side + j], square = (left - x) * (left + x);
      to[j] = 0.5 * log((left + x) / (left - x)) / th_correlations_unit(side, j);
      if (!isfinite(to[j])) return false;
      left = sqrt(square);
    }
  }
  return true;
}
