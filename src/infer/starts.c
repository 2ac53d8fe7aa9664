/* starts.c - where the parameters of a model may lie, and where a search for their maximum begins */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/starts.h"

#include <math.h>
#include <string.h>

#include "infer/log_density.h"
#include "infer/relative.h"
#include "num/correlations.h"
#include "val/array.h"

/* --- Ranges */

/* Where a family lies whose parameters hang on others, as far as that is the same for all of them. Where the ends
 * themselves hang on parameters (Uniform) nothing is said. */
static void conditional_range(const ThFamily *family, double *lower, double *upper) {
  static const ThFamily *const positive[] = {
      &th_family_exponential, &th_family_gamma,          &th_family_inv_gamma, &th_family_half_normal,
      &th_family_half_cauchy, &th_family_half_student_t, &th_family_lognormal, &th_family_weibull,
      &th_family_chi2,        &th_family_fdist,          &th_family_rayleigh,  &th_family_maxwell};
  for (size_t i = 0; i < sizeof positive / sizeof *positive; i++)
    if (family == positive[i]) *lower = 0;
  if (family == &th_family_beta) *lower = 0, *upper = 1;
}

static void find_range(const ThUnknown *u, ThValue prior, size_t index, double *lower, double *upper) {
  double from = -(double)INFINITY, to = (double)INFINITY;
  *lower = u->lower;
  *upper = u->upper;
  if (th_is_distribution(prior)) {
    const ThDistribution *d = th_as_distribution(prior);
    th_distribution_support(d, d->rank ? index : 0, &from, &to);
  } else if (th_is_law(prior)) {
    conditional_range(th_law_family(prior), &from, &to);
  }
  if (th_is_law(prior) && th_law_family(prior) == &th_family_lkj) from = -1, to = 1;
  *lower = fmax(*lower, from);
  *upper = fmin(*upper, to);
}

void th_starts_ranges(const ThRecording *r, double *lower, double *upper) {
  for (size_t j = 0; j < r->n_elements; j++) {
    const ThElementary *e = &r->elements[j];
    find_range(&r->unknowns[e->unknown], th_recording_law(r, j), e->index, &lower[j], &upper[j]);
  }
}

/* --- Starts that nobody gave */

/* Between the ends of a range without a prior: away from 0 and from each other, lest the search begin where it is
 * level. */
static double between(double lower, double upper, size_t j, double p) {
  bool below = isfinite(lower), above = isfinite(upper);
  if (below && above) return lower + p * (upper - lower);
  double away = exp(4 * (p - 0.5)) * (1 + 0.1 * (double)(j % 7));
  if (below) return lower + away;
  return above ? upper - away : 4 * (p - 0.5) + 0.1 * (double)(j % 7);
}

/* Of a prior of vectors whose elements hang together: equal shares; correlations too weak to be impossible. */
static bool start_together(const ThUnknown *u, ThValue prior, double p, double *x) {
  const ThFamily *family = th_is_law(prior) ? th_law_family(prior) : NULL;
  if (family == &th_family_dirichlet) *x = 1 / (double)u->count;
  else if (family == &th_family_lkj) *x = (2 * p - 1) / (double)th_correlations_side(u->count);
  else return false;
  return true;
}

bool th_starts_element(const ThRecording *r, const ThUnknown *u, ThValue prior, size_t j, double p,
                       double *x) {
  double quantile = (double)NAN, lower, upper;
  bool is_value = false; /* of a discrete law: the ends are values too */
  size_t index = r->elements[j].index;
  find_range(u, prior, index, &lower, &upper);
  if (start_together(u, prior, p, x)) return true;
  if (th_is_distribution(prior)) {
    const ThDistribution *d = th_as_distribution(prior);
    is_value = th_distribution_is_discrete(d);
    if (!th_distribution_measure(r->cx, d, d->rank ? index : 0, TH_QUANTILE, p, &quantile)) {
      if (th_is_final(r->cx)) return false;
      th_error_clear(r->cx);
    }
  }
  bool inside = quantile > lower && quantile < upper;
  *x = inside || (is_value && isfinite(quantile)) ? quantile : between(lower, upper, j, p);
  return true;
}

/* Where ranges hang on other parameters: within them, as the others stand. */
static bool move_inside(const ThRecording *r, double *x) {
  ThValue function, place, values;
  if (!th_relative_ranges(r, TH_RELATIVE_RANGES, NULL, NULL, x) ||
      !th_unknowns_new(r, TH_RELATIVE_RANGES, &function))
    return false;
  bool ok = th_vector_from(r->cx, x, r->n_elements, &place);
  if (ok) {
    ok = th_call_values(r->cx, function, &place, 1, &values);
    th_release(place);
  }
  th_release(function);
  if (!ok) return false;
  for (size_t j = 0; j < r->n_elements; j++) x[j] = th_datum(values, j);
  th_release(values);
  return true;
}

const double th_start_quantiles[TH_STARTS] = {0.5, 0.3, 0.75, 0.1};

bool th_starts_at(const ThRecording *r, double p, double *x) {
  bool hangs, ok = true;
  for (size_t j = 0; ok && j < r->n_elements; j++)
    ok = th_starts_element(r, &r->unknowns[r->elements[j].unknown], th_recording_law(r, j), j, p, &x[j]);
  return ok && th_ends_any(r, &hangs) && (!hangs || move_inside(r, x));
}

/* --- Starts that were given */

static bool fail_shape(const ThRecording *r, const ThUnknown *u, ThValue v) {
  char got[96];
  th_describe(v, got, sizeof got);
  if (u->count == SIZE_MAX)
    return th_fail(r->cx, TH_ERROR_TYPE, "`%s` is one number, and `init` gives it %s", u->name->spelling,
                   got);
  return th_fail(r->cx, TH_ERROR_SHAPE, "`%s` has %zu elements, and `init` gives it %s", u->name->spelling,
                 u->count, got);
}

static bool fail_outside(const ThRecording *r, size_t j, double x, double lower, double upper) {
  ThText name;
  const ThElementary *e = &r->elements[j];
  th_text_init(&name, &r->cx->heap);
  th_unknown_element_name(&r->unknowns[e->unknown], e->index, &name);
  if (th_text_ok(&name, r->cx)) {
    th_fail(r->cx, TH_ERROR_VALUE, "`init` puts `%s` at %.6g, but it lies in (%.6g, %.6g)",
            th_text_string(&name), x, lower, upper);
    if (x == lower || x == upper) th_hint(r->cx, "a search begins inside the range, not at its end");
  }
  th_text_clear(&name);
  return false;
}

static bool take(const ThRecording *r, const ThUnknown *u, ThValue v, const double *lower,
                 const double *upper, double *x) {
  size_t n = u->count == SIZE_MAX ? 1 : u->count;
  ThValue plain;
  if (!th_model_value(r->cx, u->name, v, &plain)) return false;
  bool fits = th_value_length(plain) == n && (u->count != SIZE_MAX || th_is_scalar(plain)), ok = true;
  for (size_t i = 0; fits && ok && i < n; i++) {
    size_t j = u->first + i;
    x[j] = th_datum(plain, i);
    ok = (x[j] > lower[j] && x[j] < upper[j]) || fail_outside(r, j, x[j], lower[j], upper[j]);
  }
  th_release(plain);
  return fits ? ok : fail_shape(r, u, v);
}

static bool fail_held(const ThRecording *r, const ThUnknown *u) {
  return th_fail(r->cx, TH_ERROR_VALUE, "`init` gives `%s` a start, but `fix` holds it", u->name->spelling);
}

bool th_starts_given(const ThRecording *r, const double *lower, const double *upper, double *x, bool *given) {
  const ThRecord *init = r->options.init;
  *given = init && init->length > 0;
  bool ok = th_starts_at(r, 0.5, x);
  for (size_t i = 0; ok && *given && i < r->n_unknowns; i++) {
    const ThUnknown *u = &r->unknowns[i];
    const ThValue *v = th_record_find(init, u->name);
    if (!v) continue;
    ok = u->is_held ? fail_held(r, u) : take(r, u, *v, lower, upper, x);
  }
  return ok;
}

bool th_starts_check(const ThRecording *r) {
  size_t k = r->n_elements;
  bool given;
  if (!r->options.init) return true;
  double *block = th_alloc_array(r->cx, 3 * k + 1, sizeof *block);
  if (!block) return false;
  th_starts_ranges(r, block, block + k);
  bool ok = th_starts_given(r, block, block + k, block + 2 * k, &given);
  th_free(r->cx, block, (3 * k + 1) * sizeof *block);
  return ok;
}

/* --- What is wrong with one */

/* Does the density become finite when element j alone stands elsewhere? */
static bool is_to_blame(const ThRecording *r, const double *x, const double *other, size_t j, double *trial,
                        ThIsDefined defined, void *self, bool *out) {
  memcpy(trial, x, r->n_elements * sizeof *x);
  trial[j] = other[j];
  return defined(self, trial, out);
}

bool th_starts_fail(const ThRecording *r, const double *x, ThIsDefined defined, void *self) {
  size_t k = r->n_elements, blamed = k;
  const char *what = r->options.verb == TH_VERB_MLE ? "likelihood" : "posterior density";
  double *other = th_alloc_array(r->cx, 2 * k + 1, sizeof *other), *trial = other ? other + k : NULL,
         away = 0;
  ThText name;
  bool ok = other != NULL, found = false;
  for (size_t i = 0; ok && !found && i < TH_STARTS; i++) {
    ok = th_starts_at(r, th_start_quantiles[i], other);
    for (size_t j = 0; ok && !found && j < k; j++) {
      ok = is_to_blame(r, x, other, j, trial, defined, self, &found);
      if (found) blamed = j, away = other[j];
    }
  }
  if (other) th_free(r->cx, other, (2 * k + 1) * sizeof *other);
  if (!ok) return false;
  if (!found)
    return th_fail(r->cx, TH_ERROR_VALUE, "the %s of `%s` is 0 or not defined at `init`", what,
                   r->model->name->spelling);
  const ThElementary *e = &r->elements[blamed];
  th_text_init(&name, &r->cx->heap);
  th_unknown_element_name(&r->unknowns[e->unknown], e->index, &name);
  if (th_text_ok(&name, r->cx)) {
    th_fail(r->cx, TH_ERROR_VALUE, "the %s of `%s` is 0 or not defined at `init`, where `%s` is %.6g", what,
            r->model->name->spelling, th_text_string(&name), x[blamed]);
    th_hint(r->cx, "with %s = %.6g it is defined", th_text_string(&name), away);
  }
  th_text_clear(&name);
  return false;
}
