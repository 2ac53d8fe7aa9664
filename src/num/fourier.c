/* fourier.c - ∫ f(x) e^(ikx) dx of a density, for many k */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/fourier.h"

#include "num/exponential_sum.h"
#include "num/kernels.h"
#include "num/real.h"

enum { FIRST_NODES = 64, MOST_NODES = 1 << 15, N_PROBES = 4 };

typedef struct Work {
  ThContext *cx;
  const ThFourierDensity *density;
  size_t n;
  const double *k;
  double complex *z;
  ThFourierAnswer *out;
} Work;

static bool evaluate(Work *w, size_t n, const double *x, double *y) {
  enum { BLOCK = 256 };
  double complex values[BLOCK];
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t count = n - start < BLOCK ? n - start : BLOCK;
    if (!th_poll(w->cx) || !w->density->f(w->density->self, count, x + start, values)) return false;
    for (size_t i = 0; i < count; i++) y[start + i] = creal(values[i]);
  }
  w->out->evaluations += n;
  return true;
}

/* --- The trapezium rule */

/* Where f has come down to nothing, looking outwards from the guide's end in steps that grow; false where it does not
 * within some sixty widths. An end of the support must be reached smoothly. */
static bool find_end(Work *w, bool right, double width, double peak, double *end, bool *found) {
  const ThFourierDensity *d = w->density;
  double from = right ? d->guide[d->n_guide - 1] : d->guide[0], limit = right ? d->upper : d->lower;
  double sign = right ? 1 : -1;
  *found = false;
  for (double reach = 0.25; reach < 64; reach *= 1.25) {
    double y, x = from + sign * reach * width;
    if (right ? x >= limit : x <= limit) return true; /* not smooth there, in all likelihood */
    if (!evaluate(w, 1, &x, &y)) return false;
    *end = x;
    if (fabs(y) <= 1e-19 * peak) {
      *found = true;
      return true;
    }
  }
  return true;
}

/* f at m + 1 even points from a, of which every second is there already; in place, y has room. */
static bool refine(Work *w, double a, double step, size_t m, bool first, double *x, double *y) {
  size_t half = m / 2;
  if (first) {
    for (size_t i = 0; i <= m; i++) x[i] = a + (double)i * step;
    return evaluate(w, m + 1, x, y);
  }
  for (size_t i = half + 1; i-- > 0;) y[2 * i] = y[i];
  for (size_t i = 0; i < half; i++) x[i] = a + (double)(2 * i + 1) * step;
  double *fresh = x + half; /* behind the points: room enough */
  if (!evaluate(w, half, x, fresh)) return false;
  for (size_t i = 0; i < half; i++) y[2 * i + 1] = fresh[i];
  for (size_t i = 0; i <= m; i++) x[i] = a + (double)i * step;
  return true;
}

/* The k that are hardest, and 0, which gives the mass. */
static void choose_probes(const Work *w, double *probes) {
  double largest = 0;
  for (size_t l = 0; l < w->n; l++) largest = fmax(largest, fabs(w->k[l]));
  for (int i = 0; i < N_PROBES; i++) probes[i] = largest * i / (N_PROBES - 1);
}

/* Doubles the nodes until the probes' values stay; the last rule's nodes are x, its values y times the step. */
static bool double_nodes(Work *w, double a, double b, double *x, double *y, size_t *n_nodes, double *weight) {
  double probes[N_PROBES], change = TH_INFINITY;
  double complex before[N_PROBES] = {0};
  choose_probes(w, probes);
  *n_nodes = 0;
  for (size_t m = FIRST_NODES; m <= MOST_NODES; m *= 2) {
    double step = (b - a) / (double)m, magnitude = 0;
    if (!refine(w, a, step, m, m == FIRST_NODES, x, y)) return false;
    if (probes[N_PROBES - 1] * step > TH_PI) continue; /* such a k turns too fast for these nodes */
    for (size_t i = 0; i <= m; i++) magnitude += step * fabs(y[i]);
    if (!(magnitude <= DBL_MAX)) return true;
    double previous = change;
    change = 0;
    ThExponentialTerms terms = {.m = m + 1, .x = x, .re = y};
    for (int i = 0; i < N_PROBES; i++) {
      double complex here = step * th_exponential_sum_at(&terms, probes[i]);
      change = fmax(change, cabs(here - before[i]));
      before[i] = here;
    }
    w->out->mass = creal(before[0]);
    w->out->error = change + 4 * DBL_EPSILON * magnitude;
    if (change <= 8 * DBL_EPSILON * magnitude) {
      *n_nodes = m + 1;
      *weight = step;
      return true;
    }
    if (m > 1024 && change > 1e-3 * previous) return true; /* f is not smooth enough */
  }
  return true;
}

static bool sum_nodes(Work *w, const double *x, double *y, size_t n_nodes, double weight) {
  th_kernel_multiply(n_nodes, y, 1, &weight, 0, y);
  ThExponentialTerms terms = {.m = n_nodes, .x = x, .re = y};
  w->out->method = "trapezium";
  w->out->converged = true;
  w->out->evaluations = n_nodes;
  return th_exponential_sum(w->cx, &terms, w->n, w->k, w->z, NULL);
}

static double peak_of(const double *y, size_t n) {
  double peak = 0;
  for (size_t i = 0; i < n; i++) peak = fmax(peak, fabs(y[i]));
  return peak;
}

static bool by_trapezium(Work *w, bool *done) {
  const ThFourierDensity *d = w->density;
  double ends[2], weight, width = d->guide[d->n_guide - 1] - d->guide[0];
  bool found[2];
  *done = false;
  size_t room = 2 * MOST_NODES + 2, n_nodes;
  double *x = th_alloc_array(w->cx, room, 2 * sizeof *x);
  if (!x) return false;
  double *y = x + room;
  bool ok = evaluate(w, d->n_guide, d->guide, y);
  double peak = ok ? peak_of(y, d->n_guide) : 0;
  found[0] = found[1] = false;
  ok = ok && find_end(w, false, width, peak, &ends[0], &found[0]);
  if (ok && found[0]) ok = find_end(w, true, width, peak, &ends[1], &found[1]);
  if (ok && found[0] && found[1]) {
    ok = double_nodes(w, ends[0], ends[1], x, y, &n_nodes, &weight);
    *done = ok && n_nodes > 0;
    if (*done) ok = sum_nodes(w, x, y, n_nodes, weight);
  }
  th_free(w->cx, x, room * 2 * sizeof *x);
  return ok;
}

/* --- Pieces of polynomials */

static bool by_panels(Work *w) {
  enum { MOST_BREAKS = 64 };
  const ThFourierDensity *d = w->density;
  ThFourierPanels panels;
  double breaks[MOST_BREAKS + 2];
  size_t n = 0;
  if (d->lower >= -DBL_MAX) breaks[n++] = d->lower;
  for (size_t i = 0; i < d->n_guide && n < MOST_BREAKS; i++)
    if (d->guide[i] > d->lower && d->guide[i] < d->upper && (n == 0 || d->guide[i] > breaks[n - 1]))
      breaks[n++] = d->guide[i];
  if (d->upper <= DBL_MAX) breaks[n++] = d->upper;
  ThFourierRange range = {breaks, n, d->lower<-DBL_MAX, d->upper> DBL_MAX, 0, 0};
  if (!th_fourier_panels_init(w->cx, d->f, d->self, &range, &panels)) return false;
  bool ok = true;
  for (size_t l = 0; ok && l < w->n; l++) {
    w->z[l] = th_fourier_panels_transform(panels.panels, panels.n, w->k[l]);
    ok = l % 16 || th_poll(w->cx);
  }
  *w->out = (ThFourierAnswer){.method = "Filon-Legendre",
                              .evaluations = panels.n * TH_FOURIER_NODES,
                              .error = panels.error,
                              .mass = creal(th_fourier_panels_transform(panels.panels, panels.n, 0)),
                              .converged = panels.complete};
  th_fourier_panels_clear(&w->cx->heap, &panels);
  return ok;
}

bool th_fourier_transform(ThContext *cx, const ThFourierDensity *density, size_t n, const double *k,
                          double complex *z, ThFourierAnswer *out) {
  Work w = {cx, density, n, k, z, out};
  bool done = false;
  *out = (ThFourierAnswer){0};
  if (density->lower < -DBL_MAX || density->upper > DBL_MAX) {
    if (!by_trapezium(&w, &done)) return false;
  }
  return done || by_panels(&w);
}
