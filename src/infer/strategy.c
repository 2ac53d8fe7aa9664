/* strategy.c - ordered ways to find a maximum or a posterior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* To add a method is to write its file and its row here. */
#include "infer/strategy.h"

#include <math.h>
#include <stdio.h>

const ThMaximizer th_maximizers[] = {
    {"closed form", th_closed_form_maximum, false, false},
    {"conjugate", th_conjugate_maximum, false, false},
    {"linear Gaussian", th_gaussian_maximum, false, false},
    {"family of vectors", th_family_vector_maximum, true, false},
    {"family", th_family_maximum, true, false},
    {"nonlinear least squares", th_nonlinear_maximum, false, false},
    {"least absolute deviations", th_absolute_maximum, false, false},
    {"sparse", th_sparse_maximum, true, false},
    {"shares", th_shares_maximum, true, false},
    {"numeric", th_numeric_maximum, true, true},
    {NULL, NULL, false, false},
};

const ThMaximizer th_plain_maximizers[] = {
    {"nonlinear least squares", th_nonlinear_maximum, false, false},
    {"least absolute deviations", th_absolute_maximum, false, false},
    {"sparse", th_sparse_maximum, true, false},
    {"numeric", th_numeric_maximum, true, true},
    {NULL, NULL, false, false},
};

const ThPosteriorMethod th_posterior_methods[] = {
    {"enumeration", "exact", false, true, false, th_discrete_posterior},
    {"conjugate", "exact", false, false, false, th_conjugate_posterior},
    {"shares", "exact", false, false, false, th_conjugate_shares_posterior},
    {"normal inverse gamma", "exact", false, false, false, th_normal_inv_gamma_posterior},
    {"linear Gaussian", "exact", false, false, false, th_gaussian_posterior},
    {"grid", "grid", false, true, false, th_grid_posterior},
    {"nuts", "nuts", false, true, true, th_nuts_posterior},
    {"laplace", "laplace", true, true, false, th_laplace_posterior},
    {NULL, NULL, false, false, false, NULL},
};

ThAttempt th_decline(ThReason *why, const char *format, ...) {
  va_list args;
  va_start(args, format);
  vsnprintf(why->text, sizeof why->text, format, args);
  va_end(args);
  return TH_DECLINED;
}

static size_t maximum_size(size_t k) { return 2 * k * k + 3 * k; }

bool th_maximum_init(ThContext *cx, size_t k, ThMaximum *out) {
  *out = (ThMaximum){.cx = cx, .k = k, .method = ""};
  th_text_init(&out->words, &cx->heap);
  out->steps = th_steps_none(cx, k);
  if (k == 0) return true;
  out->estimate = th_alloc_array(cx, maximum_size(k), sizeof *out->estimate);
  if (!out->estimate) return false;
  for (size_t i = 0; i < maximum_size(k); i++) out->estimate[i] = 0;
  out->covariance = out->estimate + k;
  out->information = out->covariance + k * k;
  out->range = out->information + k * k;
  for (size_t i = 0; i < k; i++) {
    out->range[2 * i] = -(double)INFINITY;
    out->range[2 * i + 1] = (double)INFINITY;
  }
  return true;
}

void th_maximum_interrupt(ThMaximum *m, const char *method) {
  m->method = method;
  m->interrupted = true;
  for (size_t i = 0; i < m->k * m->k; i++) m->covariance[i] = m->information[i] = (double)NAN;
  th_text_format(&m->words,
                 "interrupted after %zu step%s: the best so far, which is no maximum and has no ±\n",
                 m->steps.n ? m->steps.n - 1 : 0, m->steps.n == 2 ? "" : "s");
}

void th_maximum_clear(ThMaximum *m) {
  if (m->estimate) th_free(m->cx, m->estimate, maximum_size(m->k) * sizeof *m->estimate);
  if (m->cx) th_text_clear(&m->words);
  if (m->cx) th_steps_clear(&m->steps);
  *m = (ThMaximum){0};
}
