/* glm_new_datum.c - where a new count lies, the fit being as sure as it is */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/glm.h"
#include "num/quadrature.h"

enum { N_NODES = 32, DOUBLINGS = 60 };

typedef struct NewDatum {
  const ThGlmFamily *family;
  double eta, se, trials, node[N_NODES], weight[N_NODES];
} NewDatum;

static double at_most(const NewDatum *d, double y) {
  double sum = 0;
  for (size_t i = 0; i < N_NODES; i++)
    sum += d->weight[i] * d->family->at_most(y, d->eta + d->se * d->node[i], d->trials);
  return sum;
}

/* Outwards from 0 in steps that double, then by halves. */
double th_glm_new_datum(const ThGlmFamily *family, double eta, double se, double trials, double q) {
  NewDatum d = {.family = family, .eta = eta, .se = se, .trials = trials};
  double low = -1, high = 0;
  th_quadrature_gauss_hermite(N_NODES, d.node, d.weight);
  for (int i = 0; i < DOUBLINGS && at_most(&d, high) < q; i++) low = high, high = 2 * high + 1;
  while (high - low > 1) {
    double middle = floor((low + high) / 2);
    if (middle <= low || middle >= high) break;
    if (at_most(&d, middle) < q) low = middle;
    else high = middle;
  }
  return high;
}
