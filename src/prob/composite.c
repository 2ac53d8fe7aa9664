/* composite.c - distributions made of another one and of numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/composite.h"

#include "prob/distribution_kind.h"

static bool fail_kind(ThContext *cx, const ThDistribution *d) {
  char got[96];
  th_fail(cx, TH_ERROR_TYPE, "`%s` of %s is a distribution, got %s", d->family->parameters[0].name,
          d->family->name, th_describe(d->parameters[0], got, sizeof got));
  return th_hint(cx, "for example `%s(Normal(0, 1), …)`", d->family->name);
}

/* The elements' numbers, in the shape of the elements. */
static bool numbers_of(ThContext *cx, const ThDistribution *inner, ThValue *out) {
  *out = th_number(0);
  if (inner->rank == 0) return true;
  ThArray *a = th_array_new(cx, TH_DOUBLE, inner->rank, inner->shape);
  for (size_t i = 0; a && i < a->length; i++) a->real[i] = (double)i;
  if (a) *out = th_object(a);
  return a != NULL;
}

bool th_composite_build(ThContext *cx, ThDistribution *d, size_t stride) {
  ThValue columns[TH_MAX_PARAMETERS];
  size_t n = (size_t)d->family->n_parameters;
  if (!th_is_distribution(d->parameters[0])) return fail_kind(cx, d);
  if (!numbers_of(cx, th_composite_inner(d), &columns[0])) return false;
  for (size_t j = 1; j < n; j++) columns[j] = d->parameters[j];
  bool ok = th_distribution_columns(cx, d, columns, n, stride);
  th_release(columns[0]);
  return ok;
}

bool th_composite_element(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out) {
  const double *p = d->p + i * d->stride;
  ThValue parameters[TH_MAX_PARAMETERS];
  if (!th_distribution_element(cx, th_composite_inner(d), th_composite_index(p), &parameters[0])) return false;
  for (int j = 1; j < d->family->n_parameters; j++) parameters[j] = th_number(p[j]);
  bool ok = th_distribution_new(cx, d->family, parameters, out);
  th_release(parameters[0]);
  return ok;
}
