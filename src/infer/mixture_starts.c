/* mixture_starts.c - where to begin to look for the maximum of a mixture's likelihood, which has several */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/mixture_starts.h"

#include <math.h>

#include "infer/family_sample.h"

static const ThObservation *find_mixture(const ThRecording *r) {
  for (size_t i = 0; i < r->n_observations; i++)
    if (th_law_family(r->observations[i].distribution) == &th_family_mixture) return &r->observations[i];
  return NULL;
}

bool th_mixture_is(const ThRecording *r) { return r->n_elements > 0 && find_mixture(r) != NULL; }

/* What stands in a pair of rows: where the places lie among the data, from and to parts of it, and the parts of spread
 * and of a range. The second row of a pair goes the other way round. */
static const struct Recipe {
  double from, to, spread, share;
} recipes[TH_MIXTURE_STARTS / 2] = {
    {0.1, 0.9, 0.5, 0.5}, {0.25, 0.75, 1, 0.3}, {0.02, 0.6, 0.25, 0.7}, {0.4, 0.98, 0.1, 0.15}};

static size_t count_places(size_t k, const double *lower, const double *upper) {
  size_t n = 0;
  for (size_t j = 0; j < k; j++) n += isinf(lower[j]) && isinf(upper[j]);
  return n;
}

static void fill_row(const ThSample *s, double sd, size_t k, const double *lower, const double *upper,
                     size_t row, double *x) {
  const struct Recipe *recipe = &recipes[row / 2];
  size_t n = count_places(k, lower, upper), place = 0;
  for (size_t j = 0; j < k; j++) {
    double part = n > 1 ? (double)place / (double)(n - 1) : 0.5;
    if (row % 2) part = 1 - part;
    bool below = isfinite(lower[j]), above = isfinite(upper[j]);
    if (!below && !above) {
      x[j] = th_sample_quantile(s, recipe->from + part * (recipe->to - recipe->from));
      place++;
    } else if (below && above) {
      x[j] = lower[j] + (row % 2 ? 1 - recipe->share : recipe->share) * (upper[j] - lower[j]);
    } else {
      x[j] = below ? lower[j] + recipe->spread * sd : upper[j] - recipe->spread * sd;
    }
  }
}

bool th_mixture_starts(const ThRecording *r, const double *lower, const double *upper, double *starts) {
  ThSample s;
  if (!th_sample_init(r->cx, find_mixture(r), r->options.weights, &s)) return false;
  bool ok = th_sample_sort(&s);
  double sd = sqrt(th_sample_mean(&s, th_sample_square, th_sample_mean(&s, th_sample_x, 0)));
  for (size_t i = 0; ok && i < TH_MIXTURE_STARTS; i++)
    fill_row(&s, sd > 0 ? sd : 1, r->n_elements, lower, upper, i, starts + i * r->n_elements);
  th_sample_clear(&s);
  return ok;
}
