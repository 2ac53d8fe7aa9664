/* gaussian.c - models whose errors are Normal with given σ and whose means are linear in the parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data and priors are rows of one least-squares problem: y ~ Normal(a + b*x, σ) gives the row (1, x | y)/σ,
 * and b ~ Normal(m, τ) gives (0, 1 | m)/τ. The maximum is its solution, the posterior the normal distribution
 * around it; a prior whose mean is linear in other parameters is one row like all others. */
#include "infer/gaussian.h"

#include <math.h>
#include <string.h>

#include "infer/law_vector.h"
#include "infer/least_squares.h"
#include "infer/posterior.h"
#include "num/linalg.h"
#include "prob/linear.h"
#include "val/array.h"

static const double log_root_2pi = 0.918938533204672741780329736405617639861; /* log √(2π) */

void th_gaussian_clear(ThGaussianSystem *s) {
  if (s->rows) th_free(s->cx, s->rows, s->capacity * (s->k + 1) * sizeof *s->rows);
  *s = (ThGaussianSystem){0};
}

double *th_gaussian_new_rows(ThGaussianSystem *s, size_t n) {
  size_t width = s->k + 1, size = width * sizeof *s->rows;
  if (n == 0) return s->rows;
  if (s->n_rows + n > s->capacity) {
    size_t capacity = s->n_rows + n + s->capacity / 2 + s->k;
    double *grown = th_alloc_array(s->cx, capacity, size);
    if (!grown) return NULL;
    if (s->rows) memcpy(grown, s->rows, s->n_rows * size);
    if (s->rows) th_free(s->cx, s->rows, s->capacity * size);
    s->rows = grown;
    s->capacity = capacity;
  }
  double *rows = s->rows + s->n_rows * width;
  memset(rows, 0, n * size);
  s->n_rows += n;
  return rows;
}

/* --- One law */

/* The mean and the σ of a Normal law whose σ is known. */
typedef struct NormalLaw {
  ThLinear mean;
  ThValue sd; /* a number or array */
} NormalLaw;

static ThAttempt read_mean(const ThGaussianReading *reading, const char *what, const char *name, ThValue mean,
                           NormalLaw *out) {
  const ThRecording *r = reading->r;
  bool linear;
  if (th_is_unset(mean))
    return th_decline(reading->why, "the mean of %s`%s` is not read from these arguments", what, name);
  if (!th_linear_read(r->cx, mean, reading->variables, r->n_elements, &out->mean, &linear)) return TH_FAILED;
  if (linear) return TH_ANSWERED;
  return th_decline(reading->why, "the mean of %s`%s` is not linear in the parameters", what, name);
}

/* `what` is "" or "the prior of ". On success `out` is to be cleared. */
static ThAttempt read_normal(const ThGaussianReading *reading, const char *what, const char *name,
                             ThValue law, NormalLaw *out) {
  const ThFamily *family;
  ThValue p[TH_MAX_PARAMETERS];
  if (th_law_family(law) != &th_family_normal)
    return th_decline(reading->why, "%s`%s` is %s, not Normal", what, name, th_law_family(law)->name);
  if (!th_law_parameters(reading->r->cx, law, &family, p)) return TH_FAILED;
  ThAttempt attempt = TH_ANSWERED;
  if (th_is_unset(p[1]) || th_is_random(p[1]))
    attempt = th_decline(reading->why, "the σ of %s`%s` hangs on parameters", what, name);
  if (attempt == TH_ANSWERED) attempt = read_mean(reading, what, name, p[0], out);
  out->sd = attempt == TH_ANSWERED ? th_retain(p[1]) : th_none();
  th_release_all(p, TH_MAX_PARAMETERS);
  return attempt;
}

static void clear_normal(NormalLaw *law) {
  th_linear_clear(&law->mean);
  th_release(law->sd);
}

static double sd_at(const NormalLaw *law, size_t i) { return th_as_scalar(th_law_element(law->sd, i)); }

/* A row of the mean's form at i, with the right side, divided by σ. */
static void fill_row(const ThGaussianReading *reading, const NormalLaw *law, size_t i, double right,
                     double *row) {
  size_t k = reading->system->k, at = law->mean.length == 1 ? 0 : i;
  double sd = sd_at(law, i);
  for (size_t j = 0; j < k; j++) row[j] = law->mean.coefficients[at * k + j] / sd;
  row[k] = (right - law->mean.constant[at]) / sd;
  reading->system->log_scale += log(sd);
}

/* --- Data */

static ThAttempt read_observation(const ThGaussianReading *reading, const ThObservation *o) {
  ThGaussianSystem *s = reading->system;
  size_t n = th_value_length(o->data);
  if (th_is_distribution(o->distribution)) {
    double constant;
    if (!th_law_log_density(s->cx, o->data, th_as_distribution(o->distribution), &constant)) return TH_FAILED;
    s->constant += constant;
    return TH_ANSWERED;
  }
  if (th_is_joint_law(o->distribution)) return th_gaussian_read_vectors(reading, o);
  NormalLaw law;
  ThAttempt attempt = read_normal(reading, "", o->name->spelling, o->distribution, &law);
  if (attempt != TH_ANSWERED) return attempt;
  size_t lengths[2] = {law.mean.length, th_law_parameter_length(law.sd)};
  for (int i = 0; i < 2 && attempt == TH_ANSWERED; i++)
    if (lengths[i] != 1 && lengths[i] != n &&
        !th_law_fail_length(s->cx, reading->r->model, reading->r->data, o->name, n, lengths[i]))
      attempt = TH_FAILED;
  double *rows = attempt == TH_ANSWERED ? th_gaussian_new_rows(s, n) : NULL;
  for (size_t i = 0; rows && i < n && !th_is_due(s->cx, i); i++)
    fill_row(reading, &law, i, th_datum(o->data, i), rows + i * (s->k + 1));
  s->n_data += n;
  clear_normal(&law);
  return (rows || n == 0) && th_poll(s->cx) ? attempt : TH_FAILED;
}

/* --- Priors */

/* The row β_j - mean(β) over σ. */
static ThAttempt read_prior(const ThGaussianReading *reading, size_t element) {
  const ThRecording *r = reading->r;
  const ThElementary *e = &r->elements[element];
  const ThUnknown *u = &r->unknowns[e->unknown];
  ThValue prior = th_is_none(e->prior) ? u->prior : e->prior;
  NormalLaw law;
  if (th_is_none(prior)) return TH_ANSWERED;
  if (th_is_joint_law(prior)) return e->index ? TH_ANSWERED : th_gaussian_read_vector_prior(reading, u);
  ThAttempt attempt = read_normal(reading, "the prior of ", u->name->spelling, prior, &law);
  if (attempt != TH_ANSWERED) return attempt;
  double *row = th_gaussian_new_rows(reading->system, 1);
  if (row) {
    fill_row(reading, &law, e->index, 0, row);
    size_t k = reading->system->k;
    double sd = sd_at(&law, e->index);
    for (size_t j = 0; j < k; j++) row[j] = -row[j];
    row[element] += 1 / sd;
    row[k] = -row[k];
    reading->system->n_proper++;
  }
  clear_normal(&law);
  return row ? TH_ANSWERED : TH_FAILED;
}

static ThAttempt read_carried(const ThGaussianReading *reading, const ThGaussianPrior *carried) {
  ThGaussianSystem *s = reading->system;
  size_t k = s->k;
  if (carried->k != k) return th_decline(reading->why, "the earlier posterior has other parameters");
  double *rows = th_gaussian_new_rows(s, k);
  if (!rows) return k ? TH_FAILED : TH_ANSWERED;
  for (size_t i = 0; i < k; i++) {
    memcpy(rows + i * (k + 1), carried->root + i * k, k * sizeof *rows);
    rows[i * (k + 1) + k] = carried->target[i];
    s->log_scale -= log(fabs(carried->root[i * k + i]));
  }
  s->n_proper = k;
  return TH_ANSWERED;
}

/* --- The system */

static ThAttempt read_all(ThGaussianReading *reading, bool with_priors) {
  const ThRecording *r = reading->r;
  ThAttempt attempt = TH_ANSWERED;
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_observations; i++)
    attempt = read_observation(reading, &r->observations[i]);
  if (!with_priors) return attempt;
  if (attempt == TH_ANSWERED && r->n_factors > 0) attempt = th_decline(reading->why, "it has a `factor`");
  if (attempt == TH_ANSWERED && r->options.carried) return read_carried(reading, r->options.carried);
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_elements; i++) attempt = read_prior(reading, i);
  return attempt;
}

ThAttempt th_gaussian_read(const ThRecording *r, bool with_priors, ThGaussianSystem *out, ThReason *why) {
  size_t k = r->n_elements;
  *out = (ThGaussianSystem){.cx = r->cx, .k = k};
  const ThVariable **variables = k ? th_alloc_array(r->cx, k, sizeof *variables) : NULL;
  if (k && !variables) return TH_FAILED;
  for (size_t i = 0; i < k; i++) variables[i] = r->elements[i].variable;
  ThGaussianReading reading = {r, out, variables, why};
  ThAttempt attempt = read_all(&reading, with_priors);
  th_free(r->cx, variables, k * sizeof *variables);
  if (attempt != TH_ANSWERED) th_gaussian_clear(out);
  return attempt;
}

/* --- Solutions */

/* The rows as a matrix and a right side, solved. */
static bool solve(const ThGaussianSystem *s, ThLeastSquares *out) {
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
static void add_combination(const ThRecording *r, const double *flat, ThText *out) {
  bool first = true;
  for (size_t j = 0; j < r->n_elements; j++) {
    const ThElementary *e = &r->elements[j];
    double x = flat[j], size = fabs(x);
    if (x == 0) continue;
    th_text_add(out, first ? (x < 0 ? "-" : "") : x < 0 ? " - " : " + ");
    if (fabs(size - 1) > 1e-9) th_text_format(out, "%.4g*", size);
    th_unknown_element_name(&r->unknowns[e->unknown], e->index, out);
    first = false;
  }
}

static ThAttempt fail_flat(const ThRecording *r, const ThLeastSquares *s) {
  ThText combination;
  size_t moved = 0;
  th_text_init(&combination, &r->cx->heap);
  add_combination(r, s->flat, &combination);
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
  ThValue prior = th_is_none(e->prior) ? u->prior : e->prior;
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

static ThAttempt take_maximum(const ThRecording *r, const ThLeastSquares *s, ThMaximum *out, ThReason *why) {
  if (s->rank < s->k) return fail_flat(r, s);
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
  attempt = solve(&system, &solution) ? take_maximum(r, &solution, out, why) : TH_FAILED;
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
  return s->constant + carried - 0.5 * solution->sum_squares - s->log_scale -
         (double)s->n_data * log_root_2pi - log_det;
}

/* A bounded parameter cuts the normal distribution. */
static ThAttempt check_unbounded(const ThRecording *r, ThReason *why) {
  for (size_t i = 0; i < r->n_unknowns; i++) {
    const ThUnknown *u = &r->unknowns[i];
    if (u->is_held || (isinf(u->lower) && isinf(u->upper))) continue;
    return th_decline(why, "the range of `%s` cuts its normal posterior", u->name->spelling);
  }
  return TH_ANSWERED;
}

static ThAttempt take_posterior(const ThRecording *r, const ThGaussianSystem *system, const ThLeastSquares *s,
                                ThPosterior *out) {
  const ThGaussianPrior *carried = r->options.carried;
  if (s->rank < s->k) return fail_flat(r, s);
  double evidence = log_evidence(system, s, carried ? carried->log_evidence : 0);
  return th_posterior_set_normal(out, s->x, s->root, s->covariance, evidence, "exact: linear Gaussian")
             ? TH_ANSWERED
             : TH_FAILED;
}

ThAttempt th_gaussian_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  ThGaussianSystem system;
  ThLeastSquares solution = {0};
  ThAttempt attempt = r->options.weights ? th_decline(why, "its data have weights") : check_unbounded(r, why);
  if (attempt == TH_ANSWERED) attempt = th_gaussian_read(r, true, &system, why);
  if (attempt != TH_ANSWERED) return attempt;
  attempt = solve(&system, &solution) ? take_posterior(r, &system, &solution, out) : TH_FAILED;
  th_least_squares_clear(&solution);
  th_gaussian_clear(&system);
  return attempt;
}
