/* study_bound.c - the Cramér–Rao bound of a study: from the information of one datum, or from a fit's model */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/expected.h"
#include "infer/study.h"
#include "num/linalg.h"

/* The square roots of the inverse's diagonal; information (k, k) is overwritten. False in *positive when there is
 * none. */
static bool invert(ThContext *cx, size_t k, double *information, double *bound, bool *positive) {
  double *inverse = th_alloc_array(cx, k * k, sizeof *inverse);
  if (!inverse) return false;
  for (size_t i = 0; i < k * k; i++) inverse[i] = i % (k + 1) == 0;
  *positive = th_linalg_cholesky(k, information);
  if (*positive) th_linalg_solve_cholesky(k, k, information, inverse);
  for (size_t j = 0; *positive && j < k; j++) bound[j] = sqrt(inverse[j * (k + 1)]);
  th_free(cx, inverse, k * k * sizeof *inverse);
  return true;
}

/* --- The information of one datum */

static bool fail_fisher(const ThStudy *s, ThValue v) {
  char got[96];
  th_fail(s->cx, TH_ERROR_TYPE, "`fisher` is the information of one datum, %s; got %s",
          s->k == 1 ? "a number above 0" : "a matrix with a row for each parameter",
          th_describe(v, got, sizeof got));
  return th_hint(s->cx, "`fisher = fisher(d)` of the distribution d of the data");
}

/* The bound of one datum, for all sizes. */
static void spread(ThStudy *s, const double *bound) {
  for (size_t i = 0; i < s->n_sizes; i++)
    for (size_t j = 0; j < s->k; j++) s->bound[i * s->k + j] = bound[j] / sqrt(s->sizes[i]);
}

static bool read_matrix(ThStudy *s, const ThArray *a, bool *positive) {
  size_t k = s->k;
  double *block = th_alloc_array(s->cx, k * k + k, sizeof *block);
  if (!block) return false;
  memcpy(block, a->real, k * k * sizeof *block);
  bool ok = invert(s->cx, k, block, block + k * k, positive);
  if (ok && *positive) spread(s, block + k * k);
  th_free(s->cx, block, (k * k + k) * sizeof *block);
  return ok;
}

bool th_study_read_fisher(ThStudy *s, ThValue v) {
  double x;
  if (th_is_none(v)) return true;
  if (th_to_number(v, &x)) {
    if (s->k != 1 || !(x > 0)) return fail_fisher(s, v);
    x = 1 / sqrt(x);
    spread(s, &x);
    return true;
  }
  if (!th_is_array(v)) return fail_fisher(s, v);
  ThArray *a = th_array_convert(s->cx, th_as_array(v), TH_DOUBLE);
  if (!a) return false;
  bool positive = false, ok = a->length != s->k * s->k || read_matrix(s, a, &positive);
  th_release(th_object(a));
  return ok && (positive || fail_fisher(s, v));
}

/* --- A fit: the information of its data's laws, at the truth */

/* The truth in the order of the fit's elements; false when it names others, or not all. */
static bool order_truth(const ThStudy *s, const ThFit *fit, const double *truth, double *x, size_t *place) {
  const ThRecord *names = th_as_record(s->truth);
  size_t at = 0;
  if (fit->k != s->k) return false;
  for (size_t i = 0; i < names->length; i++) {
    const ThLayoutEntry *e = th_layout_find(&fit->layout, names->names[i]);
    if (!e || e->is_held || at + th_entry_size(e) > s->k) return false;
    for (size_t j = 0; j < th_entry_size(e); j++, at++) {
      x[e->first + j] = truth[at];
      place[at] = e->first + j;
    }
  }
  return at == s->k;
}

static bool bound_at(ThStudy *s, size_t i, const ThFit *fit, const double *x, const size_t *place,
                     double *work) {
  size_t k = s->k;
  const char *family;
  bool closed, positive = false;
  double *information = work, *bound = work + k * k;
  if (!th_expected_information(s->cx, fit, x, information, &closed, &family)) return false;
  if (closed && !invert(s->cx, k, information, bound, &positive)) return false;
  for (size_t j = 0; positive && j < k; j++) s->bound[i * k + j] = bound[place[j]];
  return true;
}

bool th_study_bound_fit(ThStudy *s, size_t i, const ThFit *fit, const double *truth) {
  size_t k = s->k;
  if (!isnan(s->bound[i * k]) || !th_is_record(s->truth)) return true;
  double *x = th_alloc_array(s->cx, k * k + 2 * k, sizeof *x);
  size_t *place = x ? th_alloc_array(s->cx, k, sizeof *place) : NULL;
  bool ok = place != NULL;
  if (ok && order_truth(s, fit, truth, x, place)) ok = bound_at(s, i, fit, x, place, x + k);
  if (place) th_free(s->cx, place, k * sizeof *place);
  if (x) th_free(s->cx, x, (k * k + 2 * k) * sizeof *x);
  return ok;
}
