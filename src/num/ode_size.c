/* ode_size.c - what the adaptive methods measure errors by */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/ode_size.h"

#include "num/real.h"

double th_ode_size_update(size_t n, const double *y, double *peaks) {
  double largest = 0;
  for (size_t i = 0; i < n; i++) {
    peaks[i] = fmax(peaks[i], fabs(y[i]));
    largest = fmax(largest, peaks[i]);
  }
  return largest;
}

static double least_size(double largest, double tolerance) {
  return fmax(fmax(1e-8, 4 * DBL_EPSILON / tolerance) * largest, 1e-12);
}

static double size_of(double y, double z, double peak, double least) {
  return fmax(fmax(fabs(y), fabs(z)), fmax(0.01 * peak, least));
}

void th_ode_size_allowed(size_t n, const double *y, const double *z, const double *peaks, double largest,
                         double tolerance, double *allowed) {
  double least = least_size(largest, tolerance);
  for (size_t i = 0; i < n; i++) allowed[i] = tolerance * size_of(y[i], z[i], peaks[i], least);
}

double th_ode_size_norm(size_t n, const double *e, const double *y, const double *z, const double *peaks,
                        double largest, double tolerance) {
  double norm = 0, least = least_size(largest, tolerance);
  for (size_t i = 0; i < n; i++) {
    double share = fabs(e[i]) / size_of(y[i], z[i], peaks[i], least);
    if (!(share <= norm)) norm = share == share ? share : TH_INFINITY;
  }
  return norm / tolerance;
}

bool th_ode_size_is_finite(size_t n, const double *y) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += y[i] - y[i];
  return sum == 0;
}

static double largest_share(size_t n, const double *x, const double *y, double floor_size) {
  double share = 0;
  for (size_t i = 0; i < n; i++) share = fmax(share, fabs(x[i]) / fmax(fabs(y[i]), floor_size));
  return share;
}

bool th_ode_size_first(const ThOdeProblem *problem, double t, double span, const double *y, const double *f0,
                       int order, double *work, double *h) {
  size_t n = problem->n;
  double largest = 0, sign = span < 0 ? -1 : 1;
  double *z = work, *f1 = work + n;
  for (size_t i = 0; i < n; i++) largest = fmax(largest, fmax(fabs(y[i]), 1e-3 * fabs(span * f0[i])));
  largest = fmax(largest, 1e-12);
  double d0 = largest_share(n, y, y, largest), d1 = largest_share(n, f0, y, largest);
  double h0 = d0 < 1e-5 || d1 * fabs(span) < 1e-5 ? 1e-6 * fabs(span) : 0.01 * d0 / d1;
  h0 = fmin(h0, fabs(span));
  for (size_t i = 0; i < n; i++) z[i] = y[i] + sign * h0 * f0[i];
  if (!problem->f(problem->self, t + sign * h0, z, f1)) return false;
  for (size_t i = 0; i < n; i++) f1[i] -= f0[i];
  double d2 = largest_share(n, f1, y, largest) / h0, bend = fmax(d1, d2);
  double h1 = bend > 0 && bend <= DBL_MAX ? pow(0.01 * problem->tolerance / bend, 1.0 / (order + 1))
                                          : 1e3 * h0;
  *h = sign * fmin(fmin(100 * h0, h1), fabs(span));
  return true;
}

void th_ode_size_explain(double t, double largest, double start, ThOdeResult *out) {
  out->status = largest > 1e4 * (start > 0 ? start : 1) ? TH_ODE_GROWS : TH_ODE_STUCK;
  out->t = t;
}
