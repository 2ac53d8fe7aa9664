/* composite.c - distributions made of another one and of numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/composite.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "prob/distribution_kind.h"
#include "val/format.h"

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
  if (!th_distribution_element(cx, th_composite_inner(d), th_composite_index(p), &parameters[0]))
    return false;
  for (int j = 1; j < d->family->n_parameters; j++) parameters[j] = th_number(p[j]);
  bool ok = th_distribution_new(cx, d->family, parameters, out);
  th_release(parameters[0]);
  return ok;
}

bool th_composite_format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  ThStyle inner = style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style;
  th_text_format(out, "%s(", d->family->name);
  if (!th_format_nested(cx, d->parameters[0], inner, out)) return false;
  for (int j = 1; j < d->family->n_parameters; j++) {
    const ThFamilyParameter *parameter = &d->family->parameters[j];
    ThValue v = d->parameters[j];
    if (th_is_scalar(v) && th_as_scalar(v) == parameter->fallback) continue;
    th_text_format(out, ", %s = ", parameter->name);
    if (!th_format_nested(cx, v, inner, out)) return false;
  }
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

bool th_composite_image(ThContext *cx, const ThDistribution *d, double scale, double shift, ThValue *out) {
  double low = scale * d->p[1] + shift, high = scale * d->p[2] + shift;
  ThValue parameters[] = {th_none(), th_number(scale > 0 ? low : high), th_number(scale > 0 ? high : low)};
  if (!th_distribution_affine(cx, d->parameters[0], scale, shift, &parameters[0])) return false;
  bool ok = th_distribution_new(cx, d->family, parameters, out);
  th_release(parameters[0]);
  return ok;
}

bool th_composite_check_bounds(ThContext *cx, const ThDistribution *d, bool equal) {
  for (size_t i = 0; i < d->length; i++) {
    double low = d->p[i * d->stride + 1], high = d->p[i * d->stride + 2];
    if (low < high || (equal && low == high && fabs(low) <= DBL_MAX)) continue;
    if (low != low || high != high)
      return th_fail(cx, TH_ERROR_VALUE, "`%s` of %s must be a number, got nan",
                     low != low ? "lower" : "upper", d->family->name);
    return th_fail(cx, TH_ERROR_VALUE, "`lower` of %s must be below `upper`, got %.6g and %.6g",
                   d->family->name, low, high);
  }
  return true;
}

bool th_composite_keep(ThContext *cx, double a, double b, double **values, size_t *n) {
  size_t first = 0, count = 0;
  double *all = *values;
  while (first < *n && all[first] < a) first++;
  while (first + count < *n && all[first + count] <= b) count++;
  double *kept = count ? th_alloc_array(cx, count, sizeof *kept) : NULL;
  if (kept) memcpy(kept, all + first, count * sizeof *kept);
  th_free(cx, all, *n * sizeof *all);
  *values = kept;
  *n = kept ? count : 0;
  return kept || count == 0;
}
