/* cf_function.c - characteristic functions of a function of one random variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* E e^(ik g(X)) for many k from one set of nodes: the range of X is cut into pieces until f(x) e^(iKg(x)) is a
 * polynomial on each, K the largest |k|; smaller k turn more slowly. Gauss's nodes on the pieces then serve all k, and
 * the sum over them is an exponential sum in g. */
#include <math.h>
#include <stdlib.h>

#include "num/exponential_sum.h"
#include "num/fourier_panels.h"
#include "num/quadrature.h"
#include "num/real.h"
#include "prob/cf.h"
#include "prob/network.h"
#include "prob/numeric.h"

typedef struct Image {
  ThContext *cx;
  ThNetwork *net;
  const ThDistribution *d;
  ThValue value; /* g(X) */
  double k;
} Image;

/* The density of X at x, and g(x). */
static bool image_at(const Image *image, double x, double *f, double *g) {
  *g = 0;
  return th_distribution_measure(image->cx, image->d, 0, TH_PDF, x, f) &&
         (*f == 0 ||
          (th_network_assign(image->net, 0, x) && th_network_number_value(image->net, image->value, g)));
}

static bool integrand(void *self, size_t n, const double *x, double complex *y) {
  const Image *image = self;
  double f, g;
  for (size_t j = 0; j < n; j++) {
    if (!image_at(image, x[j], &f, &g)) return false;
    y[j] = th_complex_of(f * cos(image->k * g), f * sin(image->k * g));
  }
  return true;
}

enum { MOST_BREAKS = 40 };

/* Pieces for the largest k. */
static bool cut(Image *image, ThFourierPanels *panels) {
  double lower, upper, breaks[MOST_BREAKS + 2];
  size_t n;
  th_distribution_support(image->d, 0, &lower, &upper);
  if (!th_numeric_breaks(image->cx, image->d, 0, breaks, MOST_BREAKS, &n)) return false;
  if (lower >= -DBL_MAX) breaks[n++] = lower;
  if (upper <= DBL_MAX) breaks[n++] = upper;
  qsort(breaks, n, sizeof *breaks, th_real_ascending);
  ThFourierRange range = {breaks, n, lower<-DBL_MAX, upper> DBL_MAX, 20000, 0};
  return th_fourier_panels_init(image->cx, integrand, image, &range, panels);
}

/* g at the nodes of all pieces into x, their weights times f into w. */
static bool collect(const Image *image, const ThFourierPanels *panels, double *x, double *w) {
  enum { N = TH_FOURIER_NODES };
  double nodes[N], weights[N], f;
  th_quadrature_gauss_legendre(N, nodes, weights);
  for (size_t i = 0; i < panels->n; i++) {
    const ThFourierPanel *p = &panels->panels[i];
    double middle = 0.5 * (p->from + p->to), half = 0.5 * (p->to - p->from);
    if (!th_poll(image->cx)) return false;
    for (size_t j = 0; j < N; j++) {
      if (!image_at(image, middle + half * nodes[j], &f, &x[i * N + j])) return false;
      w[i * N + j] = half * weights[j] * f;
    }
  }
  return true;
}

static bool sum(Image *image, size_t n, const double *k, double complex *z, ThCfReport *report, bool *done) {
  ThFourierPanels panels;
  if (!cut(image, &panels)) return false;
  *done = panels.complete && panels.n > 0;
  size_t m = panels.n * TH_FOURIER_NODES;
  double *x = *done ? th_alloc_array(image->cx, m, 2 * sizeof *x) : NULL;
  bool ok = !*done || (x && collect(image, &panels, x, x + m));
  ThExponentialTerms terms = {.m = m, .x = x, .re = x + m};
  if (ok && *done) {
    ok = th_exponential_sum(image->cx, &terms, n, k, z, NULL);
    double mass = creal(th_exponential_sum_at(&terms, 0));
    *report = (ThCfReport){"Gauss-Legendre", panels.error + fabs(mass - 1) + 1e-14};
    *done = report->error < 1e-6; /* else the density was not resolved */
  }
  th_free(image->cx, x, m * 2 * sizeof *x);
  th_fourier_panels_clear(&image->cx->heap, &panels);
  return ok;
}

bool th_cf_of_function(ThContext *cx, ThValue variable, size_t n, const double *k, double complex *z,
                       ThCfReport *report, bool *done) {
  ThNetwork net;
  Image image = {.cx = cx, .net = &net, .value = variable};
  *done = false;
  if (!th_network_init(cx, &net, &variable, 1)) return false;
  bool ok = true, one = net.n_variables == 1 && net.variables[0].fixed;
  if (one) ok = th_network_distribution(&net, 0, &image.d);
  for (size_t l = 0; l < n; l++) {
    one &= fabs(k[l]) <= DBL_MAX;
    image.k = fmax(image.k, fabs(k[l]));
  }
  if (ok && one && image.d->rank == 0 && !th_distribution_is_discrete(image.d))
    ok = sum(&image, n, k, z, report, done);
  for (size_t l = 0; ok && *done && l < n; l++)
    if (k[l] == 0) z[l] = 1;
  th_network_clear(&net);
  return ok;
}
