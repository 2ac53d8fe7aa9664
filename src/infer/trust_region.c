/* trust_region.c - the lowest point of a quadratic within a ball */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The solution is p = -(H + λ)⁻¹ g with the λ >= 0 for which H + λ has no negative eigenvalue and |p| is the radius, or
 * λ = 0 (Moré and Sorensen, "Computing a trust region step", 1983). */
#include "infer/trust_region.h"

#include <math.h>
#include <string.h>

#include "infer/optimiser.h"
#include "num/kernels.h"
#include "num/linalg.h"

/* --- Exactly */

size_t th_trust_exact_work(size_t n) { return n * n + 2 * n; }

/* The unbounded minimum, if there is one within the radius. */
static bool newton_step(size_t n, const double *h, const double *g, double radius, double *factor,
                        ThTrustStep *step) {
  memcpy(factor, h, n * n * sizeof *h);
  if (!th_linalg_cholesky(n, factor)) return false;
  th_kernel_negate(n, g, step->p);
  th_linalg_solve_cholesky(n, 1, factor, step->p);
  step->length = th_norm(n, step->p);
  if (!(step->length <= radius)) return false;
  step->decrease = -0.5 * th_kernel_sum_product(n, g, step->p);
  step->at_edge = false;
  return true;
}

/* |p(λ)|, and its derivative, for g in the coordinates of the eigenvectors. */
static double length_at(size_t n, const double *values, const double *g, double shift, double *slope) {
  double square = 0, change = 0;
  for (size_t i = 0; i < n; i++) {
    double d = values[i] + shift, part = g[i] == 0 ? 0 : g[i] / d;
    square += part * part;
    if (part != 0) change += part * part / d;
  }
  *slope = -change / sqrt(square);
  return sqrt(square);
}

/* λ: at least so large that no single coordinate leaves the ball; from there Newton's iteration on 1/|p| rises to
 * it. */
static double find_shift(size_t n, const double *values, const double *g, double radius) {
  double size = fmax(fabs(values[0]), fabs(values[n - 1]));
  double shift = fmax(0, -values[0] + 1e-15 * size), slope;
  for (size_t i = 0; i < n; i++) shift = fmax(shift, fabs(g[i]) / radius - values[i]);
  for (int i = 0; i < 50; i++) {
    double length = length_at(n, values, g, shift, &slope);
    if (!(length > radius * (1 + 1e-10))) break;
    shift += (radius - length) / radius * length / slope;
  }
  return shift;
}

/* p in the coordinates of the eigenvectors, in place of g. Where the shift leaves p inside although an eigenvalue is
 * negative, it goes to the edge along that one's vector. */
static void fill_step(size_t n, const double *values, double *g, double shift, double radius,
                      ThTrustStep *step) {
  double square = 0, decrease = 0;
  for (size_t i = 0; i < n; i++) {
    double d = values[i] + shift, p = g[i] == 0 ? 0 : -g[i] / d;
    square += p * p;
    decrease -= (g[i] + 0.5 * values[i] * p) * p;
    g[i] = p;
  }
  if (values[0] + shift <= 1e-10 * fabs(values[0]) && square < 0.999 * radius * radius) {
    double more = sqrt(radius * radius - square);
    decrease -= 0.5 * values[0] * more * (more + 2 * fabs(g[0]));
    g[0] += copysign(more, g[0]);
    square = radius * radius;
  }
  step->length = sqrt(square);
  step->decrease = decrease;
  step->at_edge = true;
}

bool th_trust_exact(ThContext *cx, size_t n, const double *h, const double *g, double radius, double *work,
                    ThTrustStep *step) {
  double *vectors = work, *values = vectors + n * n, *turned = values + n;
  if (newton_step(n, h, g, radius, vectors, step)) return true;
  if (!th_linalg_eigen_symmetric(cx, n, h, values, vectors)) return false;
  th_linalg_gemv(true, n, n, 1, vectors, g, 0, turned);
  fill_step(n, values, turned, find_shift(n, values, turned, radius), radius, step);
  th_linalg_gemv(false, n, n, 1, vectors, turned, 0, step->p);
  return true;
}

/* --- By conjugate gradients */

size_t th_trust_cg_work(size_t n) { return 3 * n; }

/* t >= 0 with |p + t d| = radius. */
static double to_edge(size_t n, const double *p, const double *d, double radius) {
  double pp = th_kernel_sum_square(n, p), pd = th_kernel_sum_product(n, p, d),
         dd = th_kernel_sum_square(n, d);
  double rest = fmax(radius * radius - pp, 0), root = sqrt(pd * pd + dd * rest);
  return pd > 0 ? rest / (pd + root) : (root - pd) / dd;
}

bool th_trust_cg(ThContext *cx, ThObjective *f, const double *x, const double *g, double radius,
                 double tolerance, double *work, ThTrustStep *step) {
  size_t n = f->dimension;
  double *p = step->p, *r = work, *d = r + n, *hd = d + n, rr = th_kernel_sum_square(n, g);
  double small = tolerance * tolerance * rr;
  th_kernel_fill(n, 0, p);
  memcpy(r, g, n * sizeof *g);
  th_kernel_negate(n, g, d);
  step->at_edge = false;
  for (size_t turn = 0; turn < 2 * n && rr > small && !step->at_edge; turn++) {
    if (!th_poll(cx) || !th_objective_product(cx, f, x, d, hd)) return false;
    double curvature = th_kernel_sum_product(n, d, hd), t = rr / curvature, before = rr;
    double edge = to_edge(n, p, d, radius);
    step->at_edge = !(curvature > 0) || t >= edge;
    if (step->at_edge) t = edge;
    th_kernel_axpy(n, t, d, p);
    th_kernel_axpy(n, t, hd, r);
    rr = th_kernel_sum_square(n, r);
    for (size_t i = 0; i < n; i++) d[i] = rr / before * d[i] - r[i];
  }
  /* r = g + Hp, so that the quadratic is (g + r)'p/2 */
  step->decrease = -0.5 * (th_kernel_sum_product(n, g, p) + th_kernel_sum_product(n, r, p));
  step->length = th_norm(n, p);
  return true;
}
