/* mass.c - the scale of the coordinates that a sampler moves in: a mass for each, or a matrix of masses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/mass.h"

#include <math.h>
#include <string.h>

#include "num/linalg.h"

/* Coordinates up to so many may have a whole matrix. */
enum { MOST_DENSE = 100 };
/* It is taken when some coordinate is this many times narrower once the others are known. */
#define WORTH 1.5

static size_t matrix_size(size_t d) { return d <= MOST_DENSE ? d * d : d; }

bool th_mass_init(ThContext *cx, size_t d, ThMass *out) {
  size_t size = matrix_size(d);
  *out = (ThMass){.d = d, .may_be_dense = d > 1 && d <= MOST_DENSE};
  out->inverse = th_alloc_array(cx, 3 * size, sizeof *out->inverse);
  if (!out->inverse) return false;
  out->factor = out->inverse + size;
  out->spare = out->factor + size;
  for (size_t i = 0; i < d; i++) out->inverse[i] = out->factor[i] = 1;
  return true;
}

void th_mass_clear(ThContext *cx, ThMass *m) {
  if (m->inverse) th_free(cx, m->inverse, 3 * matrix_size(m->d) * sizeof *m->inverse);
  *m = (ThMass){0};
}

void th_mass_velocity(const ThMass *m, const double *p, double *v) {
  size_t d = m->d;
  if (!m->is_dense) {
    for (size_t i = 0; i < d; i++) v[i] = m->inverse[i] * p[i];
    return;
  }
  memset(v, 0, d * sizeof *v);
  for (size_t j = 0; j < d; j++) { /* the matrix is symmetric: its rows are its columns */
    const double *row = m->inverse + j * d;
    for (size_t i = 0; i < d; i++) v[i] += row[i] * p[j];
  }
}

void th_mass_draw(const ThMass *m, ThRandom *r, double *p) {
  th_random_fill_normal(r, m->d, p);
  if (m->is_dense) {
    th_linalg_solve_triangular(true, true, m->d, 1, m->factor, p);
    return;
  }
  for (size_t i = 0; i < m->d; i++) p[i] /= m->factor[i];
}

/* --- What was seen */

static size_t spread_size(size_t d) { return 2 * d + matrix_size(d); }

bool th_spread_init(ThContext *cx, size_t d, ThSpread *out) {
  *out = (ThSpread){.d = d, .is_whole = d <= MOST_DENSE};
  out->mean = th_alloc_array(cx, spread_size(d), sizeof *out->mean);
  if (!out->mean) return false;
  out->delta = out->mean + d;
  out->deviations = out->delta + d;
  th_spread_reset(out);
  return true;
}

void th_spread_clear(ThContext *cx, ThSpread *s) {
  if (s->mean) th_free(cx, s->mean, spread_size(s->d) * sizeof *s->mean);
  *s = (ThSpread){0};
}

void th_spread_reset(ThSpread *s) {
  s->n = 0;
  memset(s->mean, 0, spread_size(s->d) * sizeof *s->mean);
}

void th_spread_add(ThSpread *s, const double *x) {
  size_t d = s->d;
  s->n++;
  for (size_t i = 0; i < d; i++) {
    s->delta[i] = x[i] - s->mean[i];
    s->mean[i] += s->delta[i] / (double)s->n;
  }
  for (size_t i = 0; i < d; i++) {
    double rest = x[i] - s->mean[i];
    if (!s->is_whole) s->deviations[i] += rest * s->delta[i];
    else
      for (size_t j = 0; j <= i; j++) s->deviations[i * d + j] += rest * s->delta[j];
  }
}

/* --- Learning */

/* The covariance of i and j. Nothing is added to it: a constant would drown coordinates that are small in their
 * units, and would hide how closely some hang together. A coordinate that never moved keeps a variance of 1e-3. */
static double covariance(const ThSpread *s, size_t i, size_t j) {
  double value = s->deviations[s->is_whole ? i * s->d + j : i] / ((double)s->n - 1);
  return i == j && !(value > 0) ? 1e-3 : value;
}

/* How much narrower the narrowest coordinate is, the earlier ones given, than by itself: from the Cholesky
 * factor of the covariance. */
static double stretch(size_t d, const double *factor, const ThSpread *s) {
  double least = 1;
  for (size_t i = 0; i < d; i++) least = fmin(least, factor[i * (d + 1)] / sqrt(covariance(s, i, i)));
  return 1 / least;
}

/* False where it is no covariance, or not worth it. */
static bool learn_dense(ThMass *m, const ThSpread *s) {
  size_t d = m->d;
  if (!m->may_be_dense || s->n < 2 * d + 10) return false;
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j <= i; j++) m->spare[i * d + j] = m->spare[j * d + i] = covariance(s, i, j);
  memcpy(m->factor, m->spare, d * d * sizeof *m->factor);
  if (!th_linalg_cholesky(d, m->factor) || stretch(d, m->factor, s) < WORTH) return false;
  memcpy(m->inverse, m->spare, d * d * sizeof *m->inverse);
  return true;
}

void th_mass_learn(ThMass *m, const ThSpread *s) {
  if (s->n < 2) return;
  m->is_dense = learn_dense(m, s);
  for (size_t i = 0; !m->is_dense && i < m->d; i++) {
    m->inverse[i] = covariance(s, i, i);
    m->factor[i] = sqrt(m->inverse[i]);
  }
}
