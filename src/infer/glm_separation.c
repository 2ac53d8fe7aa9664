/* glm_separation.c - likelihoods without a maximum: data that a combination of columns tells apart */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log likelihood is concave. It has no maximum when there is a direction along which no datum's part ever falls and
 * some datum's rises (Albert and Anderson 1984): with s = x d, for yes or no s >= 0 where all trials succeeded, s <= 0
 * where none did, and s = 0 elsewhere; for counts s <= 0 where y = 0, and s = 0 elsewhere; for classes the s of the
 * datum's class is the largest. */
#include <math.h>

#include "infer/glm.h"
#include "num/linalg.h"

/* By how much the part of datum i rises along s: negative when it falls. *strict: above that of the others. */
static double rise_of(const ThGlmProblem *p, size_t i, const double *s) {
  double y = p->y[i];
  if (p->family->has_classes) {
    size_t own = (size_t)y;
    double mine = own ? s[own - 1] : 0, other = -(double)INFINITY;
    for (size_t a = 0; a <= p->m; a++)
      if (a != own) other = fmax(other, a ? s[a - 1] : 0);
    return mine - other;
  }
  bool logit = p->family->link(0.5) == 0;
  double trials = p->trials ? p->trials[i] : 1;
  if (logit && y == trials) return s[0];
  if (y == 0) return -s[0];
  return -fabs(s[0]);
}

bool th_glm_recedes(ThContext *cx, const ThGlmProblem *p, const double *direction, bool *recedes,
                    bool *complete) {
  double *s = th_alloc_array(cx, p->m, sizeof *s), largest = 0;
  if (!s) return false;
  *recedes = *complete = true;
  bool rises = false, ok = true;
  for (int round = 0; ok && *recedes && round < 2; round++)
    for (size_t i = 0; ok && *recedes && i < p->n; i++) {
      ok = th_poll_at(cx, i);
      th_linalg_gemv(false, p->m, p->k, 1, direction, p->x + i * p->k, 0, s);
      double rise = rise_of(p, i, s);
      for (size_t a = 0; round == 0 && a < p->m; a++) largest = fmax(largest, fabs(s[a]));
      if (round == 0 || (p->weights && p->weights[i] == 0)) continue;
      *recedes = rise >= -1e-6 * largest;
      *complete &= rise > 1e-6 * largest;
      rises |= rise > 1e-6 * largest;
    }
  *recedes &= rises;
  th_free(cx, s, p->m * sizeof *s);
  return ok;
}

bool th_glm_fail_separated(ThContext *cx, const ThGlmProblem *p, const ThRegression *r,
                           const double *direction, bool complete) {
  ThText text, response;
  size_t class = 0;
  double largest = 0;
  for (size_t j = 0; j < p->m * p->k; j++)
    if (fabs(direction[j]) > largest) largest = fabs(direction[j]), class = j / p->k;
  th_text_init(&text, &cx->heap);
  th_text_init(&response, &cx->heap);
  th_formula_text(th_as_formula(r->formula), SIZE_MAX, &response);
  th_design_combination(r->design.names, direction + class * p->k, &text);
  const char *y = th_text_string(&response), *sum = th_text_string(&text);
  if (p->family->has_classes)
    th_fail(cx, TH_ERROR_NUMERIC, "there is no maximum: %s tells class `%s` of `%s` apart without error", sum,
            th_as_string(th_as_list(r->classes)->items[class + 1])->text, y);
  else if (p->family->link(0.5) != 0)
    th_fail(cx, TH_ERROR_NUMERIC, "there is no maximum: `%s` is 0 wherever %s is below 0, and else that is 0",
            y, sum);
  else if (complete)
    th_fail(cx, TH_ERROR_NUMERIC,
            "there is no maximum: the data are separable, `%s` is 1 exactly where %s > 0", y, sum);
  else
    th_fail(
        cx, TH_ERROR_NUMERIC,
        "there is no maximum: the data are separable, `%s` is 1 wherever %s > 0, and 0 wherever that is < 0",
        y, sum);
  th_text_clear(&text);
  th_text_clear(&response);
  return th_hint(cx, "a prior on the coefficients keeps them finite: a `model`, and `map` or `posterior`");
}
