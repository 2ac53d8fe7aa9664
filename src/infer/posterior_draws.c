/* posterior_draws.c - numbers drawn from a posterior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/posterior_draws.h"

#include <string.h>

#include "infer/chains.h"
#include "num/linalg.h"
#include "prob/event.h"
#include "prob/network.h"

static void take_some(const ThPosterior *p, size_t n, double *x) {
  const ThChains *s = p->sample;
  size_t all = s->n_chains * s->n_draws;
  for (size_t i = 0; i < n; i++)
    memcpy(x + i * p->k, s->x + (size_t)((double)i * (double)all / (double)n) * s->k, p->k * sizeof *x);
}

/* Draws of a law of vectors, which stand from element `first` on. */
static bool draw_vectors(const ThPosterior *p, ThValue law, size_t first, size_t n, double *x) {
  const ThDistribution *d = th_as_distribution(law);
  for (size_t i = 0; i < n; i++)
    if (!d->family->event->sample(p->cx, d, p->cx->random, x + i * p->k + first)) return false;
  return true;
}

static bool draw_element(const ThPosterior *p, size_t j, size_t n, double *x) {
  ThValue law;
  if (!th_posterior_law(p, j, &law)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++)
    ok = th_distribution_sample(p->cx, th_as_distribution(law), 0, p->cx->random, 1, x + i * p->k + j);
  th_release(law);
  return ok;
}

/* Independent parameters, each with its own law; the elements of some may hang together. */
static bool draw_product(const ThPosterior *p, size_t n, double *x) {
  for (size_t e = 0; e < p->layout.n; e++) {
    const ThLayoutEntry *entry = &p->layout.entries[e];
    bool together = p->vectors && !th_is_none(p->vectors[e]), ok = true;
    if (entry->is_held) continue;
    if (together) ok = draw_vectors(p, p->vectors[e], entry->first, n, x);
    for (size_t i = 0; ok && !together && i < th_entry_size(entry); i++)
      ok = draw_element(p, entry->first + i, n, x);
    if (!ok) return false;
  }
  return true;
}

/* root x = target + z */
static void draw_normal(const ThPosterior *p, size_t n, double *x) {
  size_t k = p->k;
  th_random_fill_normal(p->cx->random, n * k, x);
  for (size_t i = 0; i < n; i++) {
    double *row = x + i * k;
    for (size_t j = 0; j < k; j++) row[j] += p->target[j];
    th_linalg_solve_triangular(false, false, k, 1, p->root, row);
    for (size_t j = 0; j < k; j++) row[j] = th_posterior_bound(p, j, row[j]);
  }
}

/* Variables that hang on each other, one after the other in their network. */
static bool draw_one(const ThPosterior *p, ThNetwork *network, double *x) {
  for (size_t i = 0; i < network->n_variables; i++) {
    const ThDistribution *d;
    double value;
    if (!th_network_distribution(network, i, &d) ||
        !th_distribution_sample(p->cx, d, 0, p->cx->random, 1, &value) ||
        !th_network_assign(network, i, value))
      return false;
  }
  for (size_t j = 0; j < p->k; j++)
    if (!th_network_number_value(network, p->prepared[j], &x[j])) return false;
  return true;
}

static bool draw_variables(const ThPosterior *p, size_t n, double *x) {
  ThNetwork network;
  if (!th_network_init(p->cx, &network, p->prepared, p->k)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) ok = th_poll_at(p->cx, i) && draw_one(p, &network, x + i * p->k);
  th_network_clear(&network);
  return ok;
}

bool th_posterior_draws(const ThPosterior *p, size_t n, double *x) {
  if (p->k == 0) return true;
  if (p->prepared) return draw_variables(p, n, x);
  if (!th_is_none(p->joint)) return draw_vectors(p, p->joint, 0, n, x);
  if (p->laws || p->margins) return draw_product(p, n, x);
  if (p->sample) take_some(p, n, x);
  else draw_normal(p, n, x);
  return true;
}
