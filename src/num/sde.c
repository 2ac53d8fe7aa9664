/* sde.c - stochastic differential equations */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kloeden and Platen 1992: Euler and Maruyama, strong order 1/2 (1 when the noise is additive), section 10.2; Heun's
 * predictor and corrector in both terms, for Stratonovich's integral, section 5.5 of the second part. */
#include "num/sde.h"

#include <string.h>

#include "num/real.h"

size_t th_sde_work(const ThSdeProblem *problem) { return (problem->heun ? 5 : 2) * problem->n; }

static bool euler_step(const ThSdeProblem *p, double t, double h, const double *increments, double *x,
                       double *work, bool first) {
  double *a = work, *b = work + p->n;
  if (!p->drift(p->drift_self, t, x, a)) return false;
  if ((first || !p->constant) && !p->diffusion(p->diffusion_self, t, x, b)) return false;
  for (size_t i = 0; i < p->n; i++) x[i] += h * a[i] + b[i] * increments[i];
  return true;
}

static bool heun_step(const ThSdeProblem *p, double t, double h, const double *increments, double *x,
                      double *work, bool first) {
  size_t n = p->n;
  double *a = work, *b = work + n, *a_there = work + 2 * n, *b_there = work + 3 * n, *there = work + 4 * n;
  if (!p->drift(p->drift_self, t, x, a)) return false;
  if ((first || !p->constant) && !p->diffusion(p->diffusion_self, t, x, b)) return false;
  for (size_t i = 0; i < n; i++) there[i] = x[i] + h * a[i] + b[i] * increments[i];
  if (!p->drift(p->drift_self, t + h, there, a_there)) return false;
  if (p->constant) b_there = b;
  else if (!p->diffusion(p->diffusion_self, t + h, there, b_there)) return false;
  for (size_t i = 0; i < n; i++)
    x[i] += 0.5 * (h * (a[i] + a_there[i]) + (b[i] + b_there[i]) * increments[i]);
  return true;
}

bool th_sde_step(const ThSdeProblem *problem, double t, double h, const double *increments, double *x,
                 double *work, bool first) {
  return problem->heun ? heun_step(problem, t, h, increments, x, work, first)
                       : euler_step(problem, t, h, increments, x, work, first);
}

static bool is_finite(size_t n, const double *x) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += x[i] - x[i];
  return sum == 0;
}

bool th_sde_path(ThContext *cx, const ThSdeProblem *problem, ThRandom *random, size_t substeps,
                 size_t n_times, const double *times, double *rows, double *t) {
  size_t n = problem->n, count = th_sde_work(problem) + n;
  double *work = th_alloc_array(cx, count, sizeof *work), *noise = work + th_sde_work(problem);
  if (!work) return false;
  bool ok = true, finite = true, first = true;
  *t = times[0];
  for (size_t j = 1; ok && finite && j < n_times; j++) {
    double h = (times[j] - times[j - 1]) / (double)substeps, root = sqrt(fabs(h)), *x = rows + j * n;
    memcpy(x, x - n, n * sizeof *x);
    for (size_t k = 0; ok && k < substeps; k++) {
      th_random_fill_normal(random, n, noise);
      for (size_t i = 0; i < n; i++) noise[i] *= root;
      ok = th_poll(cx) && th_sde_step(problem, times[j - 1] + (double)k * h, h, noise, x, work, first);
      first = false;
    }
    finite = !ok || is_finite(n, x);
    if (finite) *t = times[j];
  }
  th_free(cx, work, count * sizeof *work);
  return ok;
}
