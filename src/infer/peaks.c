/* peaks.c - where a posterior density is largest, in coordinates without bounds */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/peaks.h"

#include <math.h>
#include <string.h>

#include "infer/optimiser.h"
#include "infer/starts.h"

bool th_peaks_log_density(ThPeaks *p, const double *u, double *out) {
  double value;
  if (!p->free.value(p->target->cx, p->free.self, u, &value)) return false;
  *out = isnan(value) ? -(double)INFINITY : -value;
  return true;
}

/* Two peaks are one when they are closer than a hundredth of their width. */
static bool is_known(const ThPeaks *p, const double *u) {
  for (size_t i = 0; i < p->n; i++) {
    bool near = true;
    for (size_t j = 0; j < p->k; j++) {
      double h = p->of[i].hessian[j * (p->k + 1)], width = h > 0 ? 1 / sqrt(h) : 1 + fabs(u[j]);
      near = near && fabs(u[j] - p->of[i].u[j]) <= 0.01 * width;
    }
    if (near) return true;
  }
  return false;
}

/* The highest first. */
static void sort_in(ThPeaks *p) {
  for (size_t i = p->n; i-- > 1 && p->of[i].log_density > p->of[i - 1].log_density;) {
    ThPeak lower = p->of[i - 1];
    p->of[i - 1] = p->of[i];
    p->of[i] = lower;
  }
}

static bool add_peak(ThPeaks *p, const ThDescent *d) {
  ThPeak *slot = &p->of[p->n];
  if (p->n == TH_MOST_PEAKS || !isfinite(d->best_value) || is_known(p, d->best)) return true;
  memcpy(slot->u, d->best, p->k * sizeof *slot->u);
  slot->log_density = -d->best_value;
  slot->converged = d->converged;
  double *work = p->block + (p->k + p->k * p->k) * TH_MOST_PEAKS;
  if (!th_objective_hessian(p->target->cx, &p->free, slot->u, work, slot->hessian)) {
    if (th_is_final(p->target->cx)) return false;
    th_error_clear(p->target->cx);
    for (size_t i = 0; i < p->k * p->k; i++) slot->hessian[i] = (double)NAN;
  }
  p->n++;
  sort_in(p);
  return true;
}

static bool climb_by(ThPeaks *p, const char *method, const double *u, bool *converged) {
  ThContext *cx = p->target->cx;
  ThDescentOptions options = th_descent_defaults();
  ThDescent d;
  bool ok = th_optimise(cx, th_optimiser_find(method), &p->free, u, &options, &d);
  *converged = ok && d.converged;
  if (ok && (d.converged || strcmp(method, "bfgs") == 0)) ok = add_peak(p, &d);
  th_descent_clear(cx, &d);
  return ok;
}

bool th_peaks_climb(ThPeaks *p, const double *u) {
  double value;
  bool converged;
  if (!th_peaks_log_density(p, u, &value)) return false;
  if (!isfinite(value)) return true;
  return climb_by(p, "newton", u, &converged) && (converged || climb_by(p, "bfgs", u, &converged));
}

static size_t block_size(size_t k) { return (k + k * k) * TH_MOST_PEAKS + 2 * k; }

bool th_peaks_find(ThTarget *target, ThPeaks *out) {
  static const double quantiles[] = {0.5, 0.25, 0.75, 0.05, 0.95, 0.001, 0.999};
  size_t k = target->k;
  *out = (ThPeaks){.target = target, .k = k, .inner = th_target_objective(target)};
  out->block = th_alloc_array(target->cx, block_size(k), sizeof *out->block);
  if (!out->block) return false;
  if (!th_bounds_init(target->cx, &out->bounds, &out->inner, target->lower, target->upper)) {
    th_peaks_clear(out);
    return false;
  }
  out->bounds.is_density = true;
  out->free = th_bounds_objective(&out->bounds);
  for (size_t i = 0; i < TH_MOST_PEAKS; i++) {
    out->of[i].u = out->block + i * (k + k * k);
    out->of[i].hessian = out->of[i].u + k;
  }
  double *start = out->block + block_size(k) - k;
  bool ok = true;
  for (size_t i = 0; ok && i < sizeof quantiles / sizeof *quantiles; i++) {
    ok = th_starts_at(target->r, quantiles[i], start);
    if (!ok) break;
    th_bounds_free(&out->bounds, start, start);
    ok = th_peaks_climb(out, start);
  }
  if (!ok) th_peaks_clear(out);
  return ok;
}

void th_peaks_clear(ThPeaks *p) {
  ThContext *cx = p->target->cx;
  if (p->bounds.block) th_bounds_clear(cx, &p->bounds);
  if (p->block) th_free(cx, p->block, block_size(p->k) * sizeof *p->block);
  p->block = NULL;
}
