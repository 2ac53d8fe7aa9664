/* law_vector.c - laws of vectors and matrices in a model: MvNormal, Dirichlet, Multinomial, Wishart */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/law_vector.h"

#include <math.h>

#include "val/array.h"

/* --- Data */

static bool fail_shape(ThContext *cx, const ThSymbol *name, ThValue data, const ThFamily *family, size_t n) {
  char got[96];
  bool matrix = family->event->rank == 2;
  if (matrix)
    th_fail(cx, TH_ERROR_SHAPE, "`%s` must hold matrices (%zu, %zu), which %s gives; got %s", name->spelling,
            n, n, family->name, th_describe(data, got, sizeof got));
  else
    th_fail(cx, TH_ERROR_SHAPE, "`%s` must hold vectors of %zu numbers, which %s gives; got %s",
            name->spelling, n, family->name, th_describe(data, got, sizeof got));
  return matrix ? false : th_hint(cx, "several of them are a matrix, by rows");
}

bool th_law_vector_check(ThContext *cx, const ThSymbol *name, ThValue data, ThValue law) {
  const ThFamily *family = th_law_family(law);
  const ThArray *a = th_is_array(data) ? th_as_array(data) : NULL;
  uint32_t rank = family->event->rank;
  size_t n;
  if (!th_joint_size(cx, name, law, SIZE_MAX, &n)) { /* the data say it, where the parameters do not */
    if (th_is_final(cx) || !a || !a->rank) return false;
    th_error_clear(cx);
    n = a->shape[a->rank - 1];
  }
  bool fits = a && (a->rank == rank || a->rank == rank + 1) && a->element == TH_DOUBLE;
  for (uint32_t k = 0; fits && k < rank; k++) fits = a->shape[a->rank - 1 - k] == n;
  if (!fits) return fail_shape(cx, name, data, family, n);
  for (size_t i = 0; i < a->length; i++)
    if (isnan(a->real[i]))
      return th_fail(cx, TH_ERROR_VALUE, "`%s` is missing (nan) at number %zu", name->spelling, i + 1);
  return true;
}

/* --- Numbers */

static bool check_size(ThContext *cx, const ThDistribution *d, const ThArray *a) {
  size_t count = th_event_count(d);
  return (a && a->length % count == 0) ||
         th_fail(cx, TH_ERROR_SHAPE, "an outcome of this %s has %zu numbers", d->family->name, count);
}

bool th_law_vector_log_density(ThContext *cx, ThValue data, const ThDistribution *d, const ThArray *weights,
                               double *out) {
  const ThArray *a = th_is_array(data) ? th_as_array(data) : NULL;
  size_t count = th_event_count(d);
  *out = 0;
  if (!check_size(cx, d, a)) return false;
  for (size_t i = 0; i < a->length / count; i++) {
    double term;
    if (!th_poll_at(cx, i) || !d->family->event->log_density(cx, d, a->real + i * count, &term)) return false;
    *out += th_law_weighted(weights, i, term);
  }
  return true;
}

bool th_law_vector_moments(ThContext *cx, const ThDistribution *d, size_t n, double *mean, double *sd) {
  size_t count = th_event_count(d);
  double *one = th_alloc_array(cx, 2 * count, sizeof *one), *spread = one + count;
  if (!one) return false;
  d->family->event->mean(d, one);
  d->family->event->variance(d, spread);
  for (size_t i = 0; i < n; i++) {
    if (mean) mean[i] = one[i % count];
    if (sd) sd[i] = sqrt(spread[i % count]);
  }
  th_free(cx, one, 2 * count * sizeof *one);
  return true;
}

bool th_law_vector_draw(ThContext *cx, const ThDistribution *d, ThValue *out) {
  size_t n = th_event_size(d);
  ThArray *a = d->family->event->rank == 1 ? th_vector_new(cx, TH_DOUBLE, n)
                                           : th_matrix_new(cx, TH_DOUBLE, n, n);
  bool ok = a && d->family->event->sample(cx, d, cx->random, a->real);
  if (ok) *out = th_object(a);
  else if (a) th_release(th_object(a));
  return ok;
}
