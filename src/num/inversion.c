/* inversion.c - from a characteristic function to density and distribution function */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* f(x) = (1/π) Re ∫ φ(k) e^(-ikx) dk and F(x) = 1/2 - (1/π) ∫ Im(φ(k) e^(-ikx))/k dk over k > 0 (Gil-Pelaez 1951). */
#include "num/inversion.h"

#include "num/exponential_sum.h"
#include "num/inversion_parts.h"
#include "num/kernels.h"
#include "num/real.h"

/* --- The trapezium rule ------------------------------------------------------------------------------------------ */
/* With step h it gives Σ_j f(x + 2πj/h), by Poisson's summation formula: the error is the density one window 2π/h
 * further on. The middle-point rule for F errs by the tails there (Davies 1973; Abate and Whitt 1992). So the window is
 * doubled until the density at its ends is nothing, and twice as wide a window changes nothing. */

enum { MOST_TRAPEZIUM = 1 << 14, N_CHECKS = 96 };

static bool fill_nodes(ThContext *cx, const ThInversionSource *s, ThInversion *v) {
  enum { BLOCK = 512 };
  double complex z[BLOCK];
  size_t n = v->n;
  for (int half = 0; half < 2; half++) {
    double *k = v->nodes + (size_t)(3 * half) * n, *re = k + n, *im = re + n;
    for (size_t j = 0; j < n; j++) k[j] = -((double)j + 0.5 * half) * v->step;
    for (size_t start = 0; start < n; start += BLOCK) {
      size_t count = n - start < BLOCK ? n - start : BLOCK;
      double block[BLOCK];
      for (size_t j = 0; j < count; j++) block[j] = -k[start + j];
      if (!th_poll(cx) || !th_inversion_centred(s, count, block, z)) return false;
      for (size_t j = 0; j < count; j++) {
        size_t at = start + j;
        double weight = half ? -1 / (TH_PI * ((double)at + 0.5)) : v->step / (at == 0 ? 2 * TH_PI : TH_PI);
        re[at] = weight * creal(z[j]);
        im[at] = weight * cimag(z[j]);
      }
    }
  }
  return true;
}

static ThExponentialTerms terms_of(const ThInversion *v, int half) {
  const double *k = v->nodes + (size_t)(3 * half) * v->n;
  return (ThExponentialTerms){v->n, k, k + v->n, k + 2 * v->n};
}

static bool set_window(ThContext *cx, const ThInversionSource *s, ThInversion *v, double window) {
  th_free(cx, v->nodes, v->n * 6 * sizeof *v->nodes);
  v->nodes = NULL;
  v->step = 2 * TH_PI / window;
  v->reach = 0.5 * window;
  v->n = (size_t)ceil(v->cutoff / v->step) + 1;
  v->nodes = th_alloc_array(cx, v->n, 6 * sizeof *v->nodes);
  if (!v->nodes) v->n = 0;
  return v->nodes && fill_nodes(cx, s, v);
}

/* The density at points over the window, and its largest value near the window's ends, and anywhere. */
static void look(const ThInversion *v, double window, double *f, double *edge, double *peak) {
  ThExponentialTerms terms = terms_of(v, 0);
  *edge = *peak = 0;
  for (int i = 0; i < N_CHECKS; i++) {
    double share = (i + 0.5) / N_CHECKS - 0.5;
    f[i] = creal(th_exponential_sum_at(&terms, share * window));
    *peak = fmax(*peak, fabs(f[i]));
    if (fabs(share) > 0.46) *edge = fmax(*edge, fabs(f[i]));
  }
}

bool th_inversion_try_trapezium(ThContext *cx, const ThInversionSource *s, ThInversion *v, bool *done) {
  double before[N_CHECKS], f[N_CHECKS], edge, peak, unused;
  *done = false;
  for (double window = 16 * v->scale; window * v->cutoff < 2 * TH_PI * MOST_TRAPEZIUM; window *= 2) {
    if (!th_poll(cx) || !set_window(cx, s, v, window)) return false;
    look(v, window, before, &edge, &peak);
    if (!(edge <= 4e-15 * peak)) continue;
    if (!set_window(cx, s, v, 2 * window)) return false;
    look(v, window, f, &edge, &unused);
    double change = 0;
    for (int i = 0; i < N_CHECKS; i++) change = fmax(change, fabs(f[i] - before[i]));
    if (!(change <= 2e-14 * peak)) continue;
    v->kind = TH_INVERSION_TRAPEZIUM;
    v->pdf_error = change + 4 * DBL_EPSILON * peak;
    v->cdf_error = fmax(change * window, 4 * DBL_EPSILON);
    *done = true;
    return true;
  }
  th_free(cx, v->nodes, v->n * 6 * sizeof *v->nodes);
  v->nodes = NULL;
  v->n = 0;
  return true;
}

/* --- Pieces ------------------------------------------------------------------------------------------------------- */
/* The integrand of F less that of a Cauchy distribution of the same center and scale, whose F is known, has no pole at
 * k = 0. */

/* Where a density has its edge, its characteristic function keeps the phase k edge for ever; elsewhere it dies out
 * quickly. With that phase taken off, φ is smooth on every scale, and the pieces are few. The slope of the phase is
 * measured as far out as φ is not yet nothing; one next to a short decimal is taken to be that. */
static bool find_edge(const ThInversionSource *s, double *edge) {
  const double narrow = 0.1 / s->scale;
  *edge = s->center;
  for (double far = 1e7; far > 1; far /= 10) {
    double k[2] = {far / s->scale, far / s->scale + narrow};
    double complex z[2];
    if (!th_inversion_centred(s, 2, k, z)) return false;
    if (!(cabs(z[0]) > 1e-100 && cabs(z[1]) > 1e-100)) continue;
    double complex turn = z[1] * conj(z[0]);
    *edge = s->center + carg(turn) / (k[1] - k[0]);
    double unit = pow(10, floor(log10(s->scale)) - 3), near = unit * round(*edge / unit);
    if (fabs(*edge - near) < 1e-6 * s->scale) *edge = near;
    return true;
  }
  return true;
}

/* Beyond the first break φ is read off its pieces: it may be dear to call. Below, where 1/k is large, it is called. */
typedef struct Difference {
  const ThInversionSource *source;
  const ThFourierPanels *phi;
} Difference;

static bool difference(void *self, size_t n, const double *k, double complex *z) {
  const Difference *d = self;
  double scale = d->source->scale;
  bool near = k[n - 1] * scale <= 1;
  if (near && !th_inversion_centred(d->source, n, k, z)) return false;
  for (size_t j = 0; !near && j < n; j++) z[j] = th_fourier_panels_value(d->phi, k[j]);
  for (size_t j = 0; j < n; j++) z[j] = (z[j] - exp(-scale * k[j])) / k[j];
  return true;
}

/* φ, as read off its pieces, which is brought down to 0 on the way from K/2 to K, smoothly to all orders. */
typedef struct Tapered {
  const ThFourierPanels *phi;
  double end; /* K */
} Tapered;

static double taper(double share) {
  double u = 2 * share - 1;
  if (u <= 0) return 1;
  return u >= 1 ? 0 : 1 / (1 + exp(1 / (1 - u) - 1 / u));
}

static bool tapered(void *self, size_t n, const double *k, double complex *z) {
  const Tapered *t = self;
  for (size_t j = 0; j < n; j++) z[j] = th_fourier_panels_value(t->phi, k[j]) * taper(k[j] / t->end);
  return true;
}

/* Of a density with several edges the waves of φ cannot all be followed to the end. Cut off where they are lost, they
 * would be felt everywhere like φ(K)/distance; tapered off they are felt within some 1/K of the edges alone, and
 * elsewhere less than any power of that (Gottlieb and Shu 1997). */
static bool taper_off(ThContext *cx, double scale, ThFourierPanels *panels) {
  ThFourierPanels phi = *panels;
  Tapered t = {&phi, phi.panels[phi.n - 1].to};
  double breaks[] = {0, 1 / scale, t.end};
  ThFourierRange range = {breaks, 3, false, false, 2000, 0};
  if (!(t.end > breaks[1])) return true;
  bool ok = th_fourier_panels_init(cx, tapered, &t, &range, panels);
  th_fourier_panels_clear(&cx->heap, &phi);
  return ok;
}

/* Do the pieces end where φ is not yet nothing? */
static bool ends_in_waves(const ThInversionSource *s, const ThFourierPanels *panels, bool *out) {
  double k[16];
  double complex z[16];
  *out = false;
  if (panels->complete) return true;
  for (int j = 0; j < 16; j++) k[j] = panels->panels[panels->n - 1].to * (1 + j / 64.0);
  if (!th_inversion_centred(s, 16, k, z)) return false;
  for (int j = 0; j < 16; j++) *out = *out || cabs(z[j]) > 1e-15;
  return true;
}

static bool centred(void *self, size_t n, const double *k, double complex *z) {
  return th_inversion_centred(self, n, k, z);
}

bool th_inversion_make_panels(ThContext *cx, ThInversionSource *s, ThInversion *v) {
  enum { DOUBLINGS = 130 };
  double breaks[] = {0, 1 / v->scale}, size = 0;
  double complex z[16];
  ThFourierRange range = {breaks, 2, false, true, 1000, DOUBLINGS};
  double edge;
  if (!find_edge(s, &edge)) return false;
  v->center = s->center = edge;
  if (!th_fourier_panels_init(cx, centred, s, &range, &v->density)) return false;
  bool edges;
  if (!ends_in_waves(s, &v->density, &edges)) return false;
  if (edges && !taper_off(cx, s->scale, &v->density)) return false;
  range.max_panels = edges ? 2000 : 500; /* its waves die out sooner */
  Difference d = {s, &v->density};
  if (!th_fourier_panels_init(cx, difference, &d, &range, &v->difference)) return false;
  v->kind = TH_INVERSION_PANELS;
  const ThFourierPanel *last = &v->density.panels[v->density.n - 1];
  v->cutoff = last->to;
  for (int j = 0; j < 16; j++) { /* what is left out: its waves die out like φ(K)/(distance from a jump) */
    double k = v->cutoff * (1 + j / 64.0);
    if (!th_inversion_centred(s, 1, &k, &z[j])) return false;
    size = fmax(size, cabs(z[j]));
  }
  double noise = 16 * DBL_EPSILON / (TH_PI * v->scale); /* what lies far out cancels from piece to piece */
  v->pdf_error = noise +
                 (v->density.complete && !edges ? v->density.error / TH_PI : 10 * size / (TH_PI * v->scale));
  last = &v->difference.panels[v->difference.n - 1];
  v->cdf_error = 4 * DBL_EPSILON + (v->difference.complete && !edges
                                        ? v->difference.error / TH_PI
                                        : 10 * size / (TH_PI * v->scale * v->cutoff));
  return true;
}

/* --- Answers ------------------------------------------------------------------------------------------------------ */

static bool sums(ThContext *cx, const ThInversion *v, int half, size_t n, const double *x, double *y) {
  ThExponentialTerms terms = terms_of(v, half);
  double complex *z = th_alloc_array(cx, n ? n : 1, 2 * sizeof *z);
  if (!z) return false;
  double *moved = (double *)(z + (n ? n : 1));
  for (size_t l = 0; l < n; l++) moved[l] = fabs(x[l]) <= DBL_MAX ? x[l] - v->center : 0;
  bool ok = th_exponential_sum(cx, &terms, n, moved, z, NULL);
  for (size_t l = 0; ok && l < n; l++) y[l] = half ? cimag(z[l]) : creal(z[l]);
  th_free(cx, z, (n ? n : 1) * 2 * sizeof *z);
  return ok;
}

bool th_inversion_pdf(ThContext *cx, const ThInversion *v, size_t n, const double *x, double *y) {
  bool trapezium = v->kind == TH_INVERSION_TRAPEZIUM;
  if (trapezium && !sums(cx, v, 0, n, x, y)) return false;
  for (size_t l = 0; l < n; l++) {
    double moved = x[l] - v->center;
    if (!trapezium) {
      if (l % 16 == 0 && !th_poll(cx)) return false;
      y[l] = fabs(x[l]) > DBL_MAX
                 ? 0
                 : creal(th_fourier_panels_transform(v->density.panels, v->density.n, -moved)) / TH_PI;
    }
    if (trapezium && !(fabs(moved) < v->reach)) y[l] = 0;
    if (fabs(y[l]) < (trapezium ? v->pdf_error : fmin(v->pdf_error, 1e-15 / v->scale))) y[l] = 0;
    if (x[l] != x[l]) y[l] = TH_NAN;
  }
  return true;
}

/* Where the trapezium's window ends nothing is left of either tail. */
static double within(double p) { return p < 0 ? 0 : p > 1 ? 1 : p; }

static double cdf_by_panels(const ThInversion *v, bool upper, double moved) {
  double part = cimag(th_fourier_panels_transform(v->difference.panels, v->difference.n, -moved)) / TH_PI;
  double t = moved / v->scale, sign = upper ? -1 : 1;
  double cauchy = atan2(1, -sign * t) / TH_PI; /* the tail without cancellation */
  return within(cauchy - sign * part);
}

bool th_inversion_cdf(ThContext *cx, const ThInversion *v, bool upper, size_t n, const double *x, double *y) {
  bool trapezium = v->kind == TH_INVERSION_TRAPEZIUM;
  if (trapezium && !sums(cx, v, 1, n, x, y)) return false;
  for (size_t l = 0; l < n; l++) {
    double moved = x[l] - v->center;
    if (x[l] != x[l]) {
      y[l] = TH_NAN;
    } else if (fabs(moved) > (trapezium ? v->reach : DBL_MAX)) {
      y[l] = (moved > 0) != upper;
    } else if (trapezium) {
      y[l] = within(0.5 + (upper ? -y[l] : y[l]));
    } else {
      if (l % 16 == 0 && !th_poll(cx)) return false;
      y[l] = cdf_by_panels(v, upper, moved);
    }
  }
  return true;
}
