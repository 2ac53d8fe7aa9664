/* levenberg.c - a sum of squares of nonlinear functions, gone down by Levenberg and Marquardt's method */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moré, "The Levenberg-Marquardt algorithm: implementation and theory" (1978), with the singular values of R in place
 * of his rotations: every step of the length that is wanted is then one sum. */
#include "infer/levenberg.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "num/stats.h"

/* --- Life */

static size_t block_size(const ThResiduals *f) {
  return 3 * f->n * f->k + 3 * f->n + 4 * f->k * f->k + 7 * f->k;
}

bool th_levenberg_init(ThContext *cx, const ThResiduals *f, ThLevenberg *out) {
  size_t n = f->n, k = f->k;
  *out = (ThLevenberg){.cx = cx, .f = f};
  double *at = out->block = th_alloc_array(cx, block_size(f), sizeof *at);
  if (!at) return false;
  double **const slots[] = {&out->jacobian, &out->scaled,   &out->q,       &out->r,
                            &out->trial_r,  &out->root,     &out->u,       &out->v,
                            &out->bend,     &out->x,        &out->trial,   &out->step,
                            &out->scale,    &out->singular, &out->project, &out->spare};
  const size_t sizes[] = {n * k, n * k, n * k, n, n, k * k, k * k, k * k, k * k, k, k, k, k, k, k, n + k};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    *slots[i] = at;
    at += sizes[i];
  }
  return true;
}

void th_levenberg_clear(ThLevenberg *w) {
  if (w->block) th_free(w->cx, w->block, block_size(w->f) * sizeof *w->block);
  *w = (ThLevenberg){0};
}

/* --- The Jacobian, factored */

static bool values_at(ThLevenberg *w, const double *x, double *r, double *norm) {
  if (!w->f->values(w->cx, w->f->self, x, r)) return false;
  *norm = th_stats_norm(w->f->n, r);
  if (isnan(*norm)) *norm = (double)INFINITY;
  return true;
}

/* J at x, its columns' lengths into `scale` (a scale that was larger before stays when `grow`), Q, R and Q'r. *finite
 * is false when J is not. */
static bool factor(ThLevenberg *w, bool grow, bool *finite) {
  size_t n = w->f->n, k = w->f->k;
  if (!w->f->jacobian(w->cx, w->f->self, w->x, w->jacobian)) return false;
  *finite = true;
  for (size_t j = 0; j < k; j++) {
    for (size_t i = 0; i < n; i++) w->spare[i] = w->jacobian[i * k + j];
    double length = th_stats_norm(n, w->spare);
    *finite = *finite && isfinite(length);
    w->scale[j] = grow ? fmax(w->scale[j], length) : length;
    if (!(w->scale[j] > 0)) w->scale[j] = 1;
  }
  if (!*finite) return true;
  for (size_t i = 0; i < n * k; i++) w->scaled[i] = w->jacobian[i] / w->scale[i % k];
  if (!th_linalg_qr(w->cx, n, k, w->scaled, w->q, w->root)) return false;
  th_linalg_gemv(true, n, k, 1, w->q, w->r, 0, w->project);
  return true;
}

/* --- One step */

/* |s c/(s² + λ)|, and its derivative by λ when `slope` is not NULL. */
static double step_length(const ThLevenberg *w, const double *c, double lambda, double *slope) {
  double sum = 0, bend = 0;
  for (size_t j = 0; j < w->f->k; j++) {
    double s = w->singular[j], d = s * s + lambda, part = d > 0 ? s * c[j] / d : 0;
    sum += part * part;
    if (d > 0) bend += part * part / d;
  }
  double length = sqrt(sum);
  if (slope) *slope = length > 0 ? -bend / length : 0;
  return length;
}

/* λ >= 0 for which the step is no longer than the radius (to a tenth); 0 where the full one is not. Newton's method on
 * 1/length, which is almost linear (Hebden 1973). */
static double find_lambda(const ThLevenberg *w, const double *c, double radius) {
  double slope, lambda = 0, length = step_length(w, c, 0, &slope);
  if (length <= 1.1 * radius && isfinite(length)) return 0;
  lambda = 1e-10 * w->singular[0] * w->singular[0] * DBL_EPSILON;
  for (int turn = 0; turn < 200; turn++) {
    length = step_length(w, c, lambda, &slope);
    if (fabs(length - radius) <= 0.1 * radius) break;
    double next = lambda - (length / radius) * (length - radius) / slope;
    lambda = next > 0 && isfinite(next) ? next : lambda * (length > radius ? 4 : 0.25);
  }
  return lambda;
}

/* The step for a λ, in units of the scale, and what the linear model says that it gains of |r|². */
static double make_step(ThLevenberg *w, const double *c, double lambda) {
  size_t k = w->f->k;
  double gain = 0;
  for (size_t i = 0; i < k; i++) w->step[i] = 0;
  for (size_t j = 0; j < k; j++) {
    double s = w->singular[j], d = s * s + lambda, part = d > 0 ? s * c[j] / d : 0;
    gain += part * part * (s * s + 2 * lambda);
    for (size_t i = 0; i < k; i++) w->step[i] -= w->v[i * k + j] * part;
  }
  return gain;
}

static double scaled_norm(const ThLevenberg *w, const double *x) {
  double sum = 0;
  for (size_t j = 0; j < w->f->k; j++) sum = hypot(sum, w->scale[j] * x[j]);
  return sum;
}

static void accept(ThLevenberg *w, double norm) {
  memcpy(w->x, w->trial, w->f->k * sizeof *w->x);
  memcpy(w->r, w->trial_r, w->f->n * sizeof *w->r);
  w->norm = norm;
}

/* Steps from where it is until one is taken; *done when there is none left to take. */
static bool take_step(ThLevenberg *w, double *radius, bool *done) {
  size_t k = w->f->k;
  double *c = w->spare;
  th_linalg_gemv(true, k, k, 1, w->u, w->project, 0, c);
  for (bool taken = false; !taken && !*done;) {
    double lambda = find_lambda(w, c, *radius), norm;
    double gain = make_step(w, c, lambda), length = th_stats_norm(k, w->step);
    for (size_t j = 0; j < k; j++) w->trial[j] = w->x[j] + w->step[j] / w->scale[j];
    if (!th_poll(w->cx) || !values_at(w, w->trial, w->trial_r, &norm)) return false;
    double share = w->norm > 0 ? norm / w->norm : 0, expected = gain / (w->norm * w->norm);
    double actual = share < 1e50 ? 1 - share * share : -(double)INFINITY, ratio = actual / expected;
    if (!(ratio > 0.25)) *radius = fmin(*radius, length) * (share < 10 ? 0.5 : 0.1);
    else if (lambda == 0 || ratio > 0.75) *radius = fmax(*radius, 2 * length);
    taken = ratio > 1e-4;
    if (taken) accept(w, norm);
    *done = w->norm == 0 || !(expected > 1e-15) || (fabs(actual) <= 1e-15 && expected <= 1e-13) ||
            *radius <= 1e-15 * scaled_norm(w, w->x) || *radius < 1e-300;
  }
  return true;
}

bool th_levenberg_search(ThLevenberg *w, const double *x0, double radius_factor, size_t steps,
                         bool *converged) {
  size_t k = w->f->k;
  bool finite = true, done = false;
  double radius = 0;
  *converged = false;
  memcpy(w->x, x0, k * sizeof *x0);
  for (size_t j = 0; j < k; j++) w->scale[j] = 0;
  if (!values_at(w, w->x, w->r, &w->norm)) return false;
  for (size_t step = 0; isfinite(w->norm) && !done && step < steps; step++) {
    if (!factor(w, true, &finite)) return false;
    if (!finite) return true;
    if (!th_linalg_svd(w->cx, k, k, w->root, w->u, w->singular, w->v)) return false;
    if (step == 0) radius = radius_factor * fmax(scaled_norm(w, w->x), 1e-3 * w->norm);
    if (!take_step(w, &radius, &done)) return false;
  }
  *converged = done;
  return true;
}

/* --- The last digits */

/* M = R'⁻¹ D⁻¹ B D⁻¹ R⁻¹ of B = Σ r ∇²r; with it I + M = V diag(values) V'. */
static bool find_bend(ThLevenberg *w) {
  size_t k = w->f->k;
  double *b = w->bend;
  if (!w->f->bend(w->cx, w->f->self, w->x, w->r, b)) return false;
  for (size_t i = 0; i < k * k; i++) b[i] /= w->scale[i / k] * w->scale[i % k];
  th_linalg_solve_triangular(false, true, k, k, w->root, b);
  th_linalg_transpose(k, k, b, w->u);
  th_linalg_solve_triangular(false, true, k, k, w->root, w->u);
  memcpy(b, w->u, k * k * sizeof *b);
  th_linalg_symmetrize(k, b);
  for (size_t i = 0; i < k * k; i++) {
    if (!isfinite(b[i])) return th_fail(w->cx, TH_ERROR_NUMERIC, "the second derivatives are not finite");
    w->u[i] = b[i] + (i % (k + 1) == 0);
  }
  return th_linalg_eigen_symmetric(w->cx, k, w->u, w->singular, w->v);
}

/* R's diagonal shows whether its columns are independent. */
static bool has_full_rank(ThLevenberg *w, bool *full) {
  size_t k = w->f->k;
  if (!th_linalg_svd(w->cx, k, k, w->root, w->u, w->singular, w->v)) return false;
  *full = w->singular[k - 1] > 64 * DBL_EPSILON * w->singular[0];
  return true;
}

/* Newton's step into w->step; *size is its length among the residuals. */
static void newton_step(ThLevenberg *w, double *size) {
  size_t k = w->f->k;
  double *z = w->spare;
  th_linalg_gemv(true, k, k, 1, w->v, w->project, 0, z);
  for (size_t j = 0; j < k; j++) z[j] /= -w->singular[j];
  th_linalg_gemv(false, k, k, 1, w->v, z, 0, w->step);
  *size = th_stats_norm(k, w->step);
  th_linalg_solve_triangular(false, false, k, 1, w->root, w->step);
}

/* Along the step, as much of it as does not go up by more than rounding. */
static bool go(ThLevenberg *w, bool *moved) {
  double part = 1, norm;
  *moved = false;
  for (int turn = 0; turn < 12 && !*moved; turn++, part *= 0.5) {
    for (size_t j = 0; j < w->f->k; j++) w->trial[j] = w->x[j] + part * w->step[j] / w->scale[j];
    if (!th_poll(w->cx) || !values_at(w, w->trial, w->trial_r, &norm)) return false;
    *moved = norm <= w->norm * (1 + 1e-10);
  }
  if (*moved) accept(w, norm);
  return true;
}

/* The factors at x; *fine when there it may be a minimum. */
static bool look(ThLevenberg *w, bool *fine) {
  bool finite, full = false;
  if (!factor(w, false, &finite)) return false;
  if (finite && !has_full_rank(w, &full)) return false;
  *fine = full;
  if (full && !find_bend(w)) return false;
  *fine = full && w->singular[0] > 1e-9;
  return true;
}

bool th_levenberg_polish(ThLevenberg *w, bool *found) {
  enum { TURNS = 40 };
  double last = (double)INFINITY, size;
  bool moved = true;
  if (!look(w, found)) return false;
  for (int turn = 0; *found && moved && turn < TURNS; turn++) {
    newton_step(w, &size);
    bool settled = size <= 1e-6 * w->norm || size <= 1e-12 * scaled_norm(w, w->x);
    if (size == 0 || (settled && size > 0.5 * last)) return true; /* nothing but rounding is left */
    last = size;
    if (!go(w, &moved) || !look(w, found)) return false;
    if (!moved && !settled) *found = false;
  }
  return true;
}

bool th_levenberg_covariance(ThLevenberg *w, bool expected, double *out) {
  size_t k = w->f->k;
  double *half = w->u; /* D⁻¹ R⁻¹ V diag(values)^-½ */
  for (size_t i = 0; i < k * k; i++)
    half[i] = expected ? (double)(i % (k + 1) == 0) : w->v[i] / sqrt(w->singular[i % k]);
  th_linalg_solve_triangular(false, false, k, k, w->root, half);
  for (size_t i = 0; i < k * k; i++) half[i] /= w->scale[i / k];
  th_linalg_gemm(false, true, k, k, k, 1, half, half, 0, out);
  return true;
}
