/* gaussian.c - models whose errors are Normal with given σ and whose means are linear in the parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The maximum is the solution of a least-squares problem (gaussian_read.c), the posterior the normal distribution
 * around it. */
#include "infer/gaussian.h"

#include <math.h>
#include <string.h>

#include "infer/law_vector.h"
#include "infer/posterior.h"
#include "num/linalg.h"
#include "prob/linear.h"
#include "val/array.h"

static const double log_root_2pi = 0.918938533204672741780329736405617639861; /* log √(2π) */

/* --- Solutions */

/* The rows as a matrix and a right side, solved. */
bool th_gaussian_solve(const ThGaussianSystem *s, ThLeastSquares *out) {
  size_t k = s->k, m = s->n_rows, total = m * (k + 1);
  double *a = total ? th_alloc_array(s->cx, total, sizeof *a) : NULL;
  if (total && !a) return false;
  double *b = a ? a + m * k : NULL;
  for (size_t i = 0; i < m; i++) {
    memcpy(a + i * k, s->rows + i * (k + 1), k * sizeof *a);
    b[i] = s->rows[i * (k + 1) + k];
  }
  bool ok = th_least_squares(s->cx, m, k, a, b, out);
  th_free(s->cx, a, total * sizeof *a);
  return ok;
}

/* "a - 2 b": the combination along which nothing changes. */
static void add_combination(const ThRecording *r, const ThGaussianSystem *system, const double *flat,
                            ThText *out) {
  bool first = true;
  for (size_t j = 0; j < r->n_elements; j++) {
    const ThElementary *e = &r->elements[j];
    if (j == system->scale.element) continue;
    double x = flat[th_gaussian_column(system, j)], size = fabs(x);
    if (x == 0) continue;
    th_text_add(out, first ? (x < 0 ? "-" : "") : x < 0 ? " - " : " + ");
    if (fabs(size - 1) > 1e-9) th_text_format(out, "%.4g*", size);
    th_unknown_element_name(&r->unknowns[e->unknown], e->index, out);
    first = false;
  }
}

ThAttempt th_gaussian_fail_flat(const ThRecording *r, const ThGaussianSystem *system,
                                const ThLeastSquares *s) {
  ThText combination;
  size_t moved = 0;
  th_text_init(&combination, &r->cx->heap);
  add_combination(r, system, s->flat, &combination);
  for (size_t j = 0; j < s->k; j++) moved += s->flat[j] != 0;
  const char *name = th_text_string(&combination);
  if (moved == 1)
    th_fail(r->cx, TH_ERROR_NUMERIC, "the data say nothing about `%s`: every value fits equally well", name);
  else
    th_fail(r->cx, TH_ERROR_NUMERIC,
            "the data leave a direction flat: adding any multiple of (%s) changes nothing", name);
  th_hint(r->cx, moved == 1 ? "hold it with `fix = (…)`, or give it a prior"
                            : "hold one of these parameters with `fix = (…)`, or give it a prior");
  th_text_clear(&combination);
  return TH_FAILED;
}

/* Where the element may lie: `param a in (…)`, and without priors the support of the prior. */
static void find_range(const ThRecording *r, size_t element, double *lower, double *upper) {
  const ThElementary *e = &r->elements[element];
  const ThUnknown *u = &r->unknowns[e->unknown];
  ThValue prior = th_recording_law(r, element);
  *lower = u->lower;
  *upper = u->upper;
  if (!th_is_distribution(prior)) return;
  double from, to;
  const ThDistribution *d = th_as_distribution(prior);
  th_distribution_support(d, d->rank ? e->index : 0, &from, &to);
  *lower = fmax(*lower, from);
  *upper = fmin(*upper, to);
}

/* The ranges of all elements, and that the solution lies inside. */
static ThAttempt check_ranges(const ThRecording *r, const double *x, double *range, ThReason *why) {
  for (size_t j = 0; j < r->n_elements; j++) {
    const ThUnknown *u = &r->unknowns[r->elements[j].unknown];
    double *lower = &range[2 * j], *upper = &range[2 * j + 1];
    if (th_is_distribution(u->prior) && th_distribution_is_discrete(th_as_distribution(u->prior)))
      return th_decline(why, "`%s` is discrete", u->name->spelling);
    find_range(r, j, lower, upper);
    if (x[j] > *lower && x[j] < *upper) continue;
    return th_decline(why, "the best `%s`, %.6g, lies outside its range (%.6g, %.6g)", u->name->spelling,
                      x[j], *lower, *upper);
  }
  return TH_ANSWERED;
}

static void copy_solution(const ThLeastSquares *s, ThMaximum *out) {
  size_t k = s->k;
  if (k == 0) return;
  memcpy(out->estimate, s->x, k * sizeof *s->x);
  memcpy(out->covariance, s->covariance, k * k * sizeof *s->x);
  th_linalg_gram(k, k, s->root, out->information);
  out->expected = true;
}

static ThAttempt take_maximum(const ThRecording *r, const ThGaussianSystem *system, const ThLeastSquares *s,
                              ThMaximum *out, ThReason *why) {
  if (s->rank < s->k) return th_gaussian_fail_flat(r, system, s);
  if (!th_maximum_init(r->cx, s->k, out)) return TH_FAILED;
  copy_solution(s, out);
  ThAttempt attempt = check_ranges(r, out->estimate, out->range, why);
  if (attempt != TH_ANSWERED) th_maximum_clear(out);
  return attempt;
}

ThAttempt th_gaussian_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  ThGaussianSystem system;
  ThLeastSquares solution = {0};
  bool with_priors = r->options.verb != TH_VERB_MLE;
  ThAttempt attempt = th_gaussian_read(r, with_priors, &system, why);
  if (attempt != TH_ANSWERED) return attempt;
  attempt = th_gaussian_solve(&system, &solution) ? take_maximum(r, &system, &solution, out, why) : TH_FAILED;
  if (attempt == TH_ANSWERED)
    out->method = with_priors ? "exact: weighted least squares, priors as rows"
                              : "exact: weighted least squares";
  th_least_squares_clear(&solution);
  th_gaussian_clear(&system);
  return attempt;
}

/* --- Posteriors */

/* ∫ of all rows' densities over β: each row has 1/(σ√2π), and the integral gives (2π)^(k/2)/|det root|; the
 * √2π of k proper prior rows and of the integral cancel. */
static double log_evidence(const ThGaussianSystem *s, const ThLeastSquares *solution, double carried) {
  double log_det = 0;
  if (s->n_proper < s->k) return (double)NAN;
  if (s->n_data == 0) return s->constant + carried;
  for (size_t j = 0; j < s->k; j++) log_det += log(fabs(solution->root[j * s->k + j]));
  return s->constant + carried - 0.5 * solution->sum_squares - s->log_scale - s->weight * log_root_2pi -
         log_det;
}

/* A bounded parameter cuts the normal distribution. */
ThAttempt th_gaussian_check_unbounded(const ThRecording *r, const ThGaussianScale *scale, ThReason *why) {
  for (size_t i = 0; i < r->n_unknowns; i++) {
    const ThUnknown *u = &r->unknowns[i];
    bool is_scale = scale->element != SIZE_MAX && r->elements[scale->element].unknown == i;
    if (u->is_held || is_scale || (isinf(u->lower) && isinf(u->upper))) continue;
    return th_decline(why, "the range of `%s` cuts its normal posterior", u->name->spelling);
  }
  return TH_ANSWERED;
}

static ThAttempt take_posterior(const ThRecording *r, const ThGaussianSystem *system, const ThLeastSquares *s,
                                ThPosterior *out) {
  const ThGaussianPrior *carried = r->options.carried;
  if (s->rank < s->k) return th_gaussian_fail_flat(r, system, s);
  double evidence = log_evidence(system, s, carried ? carried->log_evidence : 0);
  return th_posterior_set_normal(out, s->x, s->root, s->covariance, evidence, "exact: linear Gaussian")
             ? TH_ANSWERED
             : TH_FAILED;
}

ThAttempt th_gaussian_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  ThGaussianSystem system;
  ThLeastSquares solution = {0};
  ThAttempt attempt = th_gaussian_check_unbounded(r, &(ThGaussianScale){.element = SIZE_MAX}, why);
  if (attempt == TH_ANSWERED && r->options.carried && r->options.carried->gamma)
    attempt = th_decline(why, "the earlier posterior has a scale");
  if (attempt == TH_ANSWERED) attempt = th_gaussian_read(r, true, &system, why);
  if (attempt != TH_ANSWERED) return attempt;
  attempt = th_gaussian_solve(&system, &solution) ? take_posterior(r, &system, &solution, out) : TH_FAILED;
  th_least_squares_clear(&solution);
  th_gaussian_clear(&system);
  return attempt;
}
