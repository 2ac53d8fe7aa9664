/* grid_two.c - the posterior of two parameters: its density followed by polynomials on squares */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The squares lie in coordinates z in which the highest peak, without bounds (bounds.h), is about a standard normal
 * one: u = mode + L z, with L L' the inverse of the curvature there. */
#include <math.h>

#include "infer/grid.h"
#include "num/linalg.h"
#include "num/real.h"
#include "prob/plane.h"

#define TOLERANCE 1e-11

typedef struct Field {
  const ThRecording *r;
  ThContext *cx;
  ThTarget target;
  ThPeaks peaks;
  ThPlaneMap map;
  double top; /* the log density of u that the values are measured by */
  ThCellPoint points[TH_CELL_POINTS];
  size_t n_points;
} Field;

static bool density_at(void *self, double x, double y, double *out) {
  Field *f = self;
  const ThPlaneMap *m = &f->map;
  double u[2] = {m->middle[0] + m->root[0] * x, m->middle[1] + m->root[1] * x + m->root[2] * y}, value;
  if (!th_peaks_log_density(&f->peaks, u, &value)) return false;
  *out = exp(value - f->top);
  return true;
}

/* How far the density reaches along a coordinate where it has no curvature: where it falls by e^-1/2. */
static bool find_width(Field *f, const ThPeak *peak, int i, double *width) {
  *width = 0;
  for (int side = -1; side <= 1; side += 2) {
    double step = 1e-9 * fmax(fabs(peak->u[i]), 1e-3), value = peak->log_density;
    for (int n = 0; n < 200 && value > peak->log_density - 0.5; n++, step *= 2) {
      double at[2] = {peak->u[0], peak->u[1]};
      at[i] += side * step;
      if (!th_peaks_log_density(&f->peaks, at, &value)) return false;
    }
    *width = fmax(*width, 0.5 * step);
  }
  return true;
}

static bool find_map(Field *f) {
  const ThPeak *peak = &f->peaks.of[0];
  ThPlaneMap *m = &f->map;
  double a = peak->hessian[0], b = peak->hessian[1], d = peak->hessian[3], det = a * d - b * b;
  for (int i = 0; i < 2; i++) {
    m->middle[i] = peak->u[i];
    m->lower[i] = f->target.lower[i];
    m->upper[i] = f->target.upper[i];
  }
  m->free = th_bounds_free_one;
  m->bound = th_bounds_bound_one;
  f->top = peak->log_density;
  if (a > 0 && det > 1e-12 * a * d && isfinite(det)) { /* the inverse is (d, -b; -b, a)/det */
    m->root[0] = sqrt(d / det);
    m->root[1] = -b / det / m->root[0];
    m->root[2] = 1 / sqrt(d);
    return true;
  }
  m->root[1] = 0;
  return find_width(f, peak, 0, &m->root[0]) && find_width(f, peak, 1, &m->root[2]);
}

/* The peaks in the coordinates of the squares. */
static void find_points(Field *f) {
  const ThPlaneMap *m = &f->map;
  for (size_t i = 0; i < f->peaks.n && f->n_points < TH_CELL_POINTS; i++) {
    const ThPeak *peak = &f->peaks.of[i];
    double z = (peak->u[0] - m->middle[0]) / m->root[0], width = TH_INFINITY;
    for (int j = 0; j < 2; j++) {
      double h = peak->hessian[3 * j];
      if (h > 0) width = fmin(width, 1 / sqrt(h) / hypot(m->root[j], j ? m->root[2] : 0));
    }
    if (peak->log_density > f->top - 40 && isfinite(width))
      f->points[f->n_points++] = (ThCellPoint){z, (peak->u[1] - m->middle[1] - m->root[1] * z) / m->root[2],
                                               width};
  }
}

static ThAttempt give_take(Field *f, ThCells *cells, ThPosterior *out) {
  const ThPlaneMap *m = &f->map;
  ThText text[2];
  ThValue law;
  double evidence = f->top + log(cells->total) + log(m->root[0]) + log(m->root[2]), error = cells->error;
  for (size_t j = 0; j < 2; j++) {
    th_text_init(&text[j], &f->cx->heap);
    th_grid_law_text(f->r, j, &text[j]);
  }
  const char *names[2] = {th_text_string(&text[0]), th_text_string(&text[1])};
  bool ok = th_text_ok(&text[0], f->cx) && th_text_ok(&text[1], f->cx);
  if (!ok) th_cells_clear(cells);
  ok = ok && th_plane_new_take(f->cx, cells, m, names, &law);
  for (size_t j = 0; j < 2; j++) th_text_clear(&text[j]);
  if (!ok) return TH_FAILED;
  ok = th_posterior_set_joint(out, law, (double)NAN, "grid");
  th_release(law);
  th_grid_set_evidence(f->r, out, evidence, error);
  return ok ? TH_ANSWERED : TH_FAILED;
}

static ThAttempt follow(Field *f, ThPosterior *out, ThReason *why) {
  const char *name = f->r->model->name->spelling;
  ThCells cells;
  bool converged, fades;
  if (f->peaks.n == 0) {
    th_fail(f->cx, TH_ERROR_NUMERIC,
            "the posterior density of `%s` is 0 or not defined wherever it was looked at", name);
    return TH_FAILED;
  }
  if (!find_map(f)) return TH_FAILED;
  find_points(f);
  if (!th_cells_fit(f->cx, density_at, f, f->points, f->n_points, TOLERANCE, &cells, &converged, &fades))
    return TH_FAILED;
  if (converged && cells.total > 0 && cells.error < 1e-5) return give_take(f, &cells, out);
  th_cells_clear(&cells);
  if (fades || th_grid_is_proper(f->r)) return th_decline(why, "its density could not be followed on a grid");
  th_fail(f->cx, TH_ERROR_VALUE, "the posterior of `%s` is improper: its density does not fall off far out",
          name);
  th_hint(f->cx, "proper priors pin it: `θ ~ Normal(0, 10)` in place of `param θ`");
  return TH_FAILED;
}

ThAttempt th_grid_two_parameters(const ThRecording *r, ThPosterior *out, ThReason *why) {
  Field f = {.r = r, .cx = r->cx};
  if (!th_target_init(r, &f.target)) return TH_FAILED;
  ThAttempt attempt = TH_FAILED;
  if (th_peaks_find(&f.target, &f.peaks)) {
    attempt = follow(&f, out, why);
    th_peaks_clear(&f.peaks);
  }
  th_target_clear(&f.target);
  return attempt;
}
