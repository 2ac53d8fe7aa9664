/* gaussian_read.c - Normal data and priors as rows of one least-squares problem */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* y ~ Normal(a + b*x, σ) gives the row (1, x | y)/σ, and b ~ Normal(m, τ) gives (0, 1 | m)/τ; a prior whose mean is
 * linear in other parameters is one row like all others. Where all σ are multiples c √w of one unknown, or of a power
 * of it, the rows are divided by c. */
#include "infer/gaussian.h"

#include <math.h>
#include <string.h>

#include "infer/law_vector.h"
#include "prob/linear.h"
#include "prob/parameter.h"
#include "val/array.h"

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

/* The mean and the spread of a Normal law. */
typedef struct NormalLaw {
  ThLinear mean;
  ThValue law; /* borrowed */
  ThValue sd;  /* a number or array; none where it is a multiple of the scale */
} NormalLaw;

bool th_gaussian_variance(ThValue law, size_t i, ThConjugateForm *out) {
  static const struct {
    const char *name;
    double power;
  } spreads[] = {{"σ", 2}, {"sd", 2}, {"variance", 1}, {"precision", -1}};
  if (!th_is_conditional(law)) return false;
  const ThConditional *c = th_as_conditional(law);
  for (size_t k = 0; k < sizeof spreads / sizeof *spreads; k++) {
    int at = th_family_argument_index(c->family, spreads[k].name, strlen(spreads[k].name));
    if (at < 0 || th_is_unset(c->arguments[at])) continue;
    if (!th_conjugate_form_read(c->arguments[at], i, out)) return false;
    out->factor = pow(out->factor, spreads[k].power);
    out->power *= spreads[k].power;
    return out->variable && out->power != 0;
  }
  return false;
}

static ThAttempt read_mean(const ThGaussianReading *reading, const char *what, const char *name, ThValue mean,
                           NormalLaw *out) {
  const ThRecording *r = reading->r;
  bool linear;
  if (th_is_unset(mean))
    return th_decline(reading->why, "the mean of %s`%s` is not read from these arguments", what, name);
  if (!th_linear_read(r->cx, mean, reading->variables, reading->system->k, &out->mean, &linear))
    return TH_FAILED;
  if (linear) return TH_ANSWERED;
  return th_decline(reading->why, "the mean of %s`%s` is not linear in the parameters", what, name);
}

/* Is the σ of the law known, or a multiple of the scale for each of its n values? */
static ThAttempt check_spread(const ThGaussianReading *reading, const char *what, const char *name,
                              ThValue law, ThValue sd, size_t n) {
  const ThGaussianScale *scale = &reading->system->scale;
  bool random = th_is_unset(sd) || th_is_random(sd);
  if (scale->element == SIZE_MAX)
    return random ? th_decline(reading->why, "the σ of %s`%s` hangs on parameters", what, name) : TH_ANSWERED;
  const ThVariable *variable = reading->r->elements[scale->element].variable;
  for (size_t i = 0; random && i < n; i++) {
    ThConjugateForm form;
    random = th_gaussian_variance(law, i, &form) && form.variable == variable && form.power == scale->power;
  }
  if (random) return TH_ANSWERED;
  return th_decline(reading->why, "the σ of %s`%s` is not a multiple of `%s`'s power %.6g", what, name,
                    variable->name->spelling, 0.5 * scale->power);
}

/* `what` is "" or "the prior of ", n the values that it stands for. On success `out` is to be cleared. */
static ThAttempt read_normal(const ThGaussianReading *reading, const char *what, const char *name,
                             ThValue law, size_t n, NormalLaw *out) {
  const ThFamily *family;
  ThValue p[TH_MAX_PARAMETERS];
  if (th_law_family(law) != &th_family_normal)
    return th_decline(reading->why, "%s`%s` is %s, not Normal", what, name, th_law_family(law)->name);
  if (!th_law_parameters(reading->r->cx, law, &family, p)) return TH_FAILED;
  ThAttempt attempt = check_spread(reading, what, name, law, p[1], n);
  if (attempt == TH_ANSWERED) attempt = read_mean(reading, what, name, p[0], out);
  bool known = reading->system->scale.element == SIZE_MAX;
  out->law = law;
  out->sd = attempt == TH_ANSWERED && known ? th_retain(p[1]) : th_none();
  th_release_all(p, TH_MAX_PARAMETERS);
  return attempt;
}

static void clear_normal(NormalLaw *law) {
  th_linear_clear(&law->mean);
  th_release(law->sd);
}

static double sd_at(const NormalLaw *law, size_t i) {
  ThConjugateForm form;
  if (!th_is_none(law->sd)) return th_as_scalar(th_law_element(law->sd, i));
  return th_gaussian_variance(law->law, i, &form) ? sqrt(form.factor) : (double)NAN;
}

/* A row of the mean's form at i, with the right side, divided by σ and times √weight. */
static void fill_row(const ThGaussianReading *reading, const NormalLaw *law, size_t i, double right,
                     double weight, double *row) {
  size_t k = reading->system->k, at = law->mean.length == 1 ? 0 : i;
  double sd = sd_at(law, i), factor = sqrt(weight) / sd;
  for (size_t j = 0; j < k; j++) row[j] = law->mean.coefficients[at * k + j] * factor;
  row[k] = (right - law->mean.constant[at]) * factor;
  reading->system->log_scale += weight * log(sd);
}

/* --- Data */

static ThAttempt read_observation(const ThGaussianReading *reading, const ThObservation *o) {
  ThGaussianSystem *s = reading->system;
  size_t n = th_value_length(o->data);
  if (th_is_distribution(o->distribution)) {
    double constant;
    const ThDistribution *d = th_as_distribution(o->distribution);
    if (!th_law_log_density_weighted(s->cx, o->data, d, reading->r->options.weights, &constant))
      return TH_FAILED;
    s->constant += constant;
    return TH_ANSWERED;
  }
  if (th_is_joint_law(o->distribution)) return th_gaussian_read_vectors(reading, o);
  NormalLaw law;
  ThAttempt attempt = read_normal(reading, "", o->name->spelling, o->distribution, n, &law);
  if (attempt != TH_ANSWERED) return attempt;
  size_t lengths[2] = {law.mean.length, th_law_parameter_length(law.sd)};
  for (int i = 0; i < 2 && attempt == TH_ANSWERED; i++)
    if (lengths[i] != 1 && lengths[i] != n &&
        !th_law_fail_length(s->cx, reading->r->model, reading->r->data, o->name, n, lengths[i]))
      attempt = TH_FAILED;
  double *rows = attempt == TH_ANSWERED ? th_gaussian_new_rows(s, n) : NULL;
  for (size_t i = 0; rows && i < n && !th_is_due(s->cx, i); i++) {
    double weight = th_law_weight(reading->r->options.weights, i);
    fill_row(reading, &law, i, th_datum(o->data, i), weight, rows + i * (s->k + 1));
    s->weight += weight;
  }
  s->n_data += n;
  clear_normal(&law);
  return (rows || n == 0) && th_poll(s->cx) ? attempt : TH_FAILED;
}

/* --- Priors */

size_t th_gaussian_column(const ThGaussianSystem *s, size_t element) {
  return element - (s->scale.element < element);
}

/* The row β_j - mean(β) over σ. */
static ThAttempt read_prior(const ThGaussianReading *reading, size_t element) {
  const ThRecording *r = reading->r;
  const ThElementary *e = &r->elements[element];
  const ThUnknown *u = &r->unknowns[e->unknown];
  ThValue prior = th_recording_law(r, element);
  NormalLaw law;
  if (th_is_none(prior)) return TH_ANSWERED;
  if (th_is_joint_law(prior)) return e->index ? TH_ANSWERED : th_gaussian_read_vector_prior(reading, u);
  ThAttempt attempt = read_normal(reading, "the prior of ", u->name->spelling, prior, e->index + 1, &law);
  if (attempt != TH_ANSWERED) return attempt;
  double *row = th_gaussian_new_rows(reading->system, 1);
  if (row) {
    fill_row(reading, &law, e->index, 0, 1, row);
    size_t k = reading->system->k;
    double sd = sd_at(&law, e->index);
    for (size_t j = 0; j < k; j++) row[j] = -row[j];
    row[th_gaussian_column(reading->system, element)] += 1 / sd;
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
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_elements; i++)
    if (i != reading->system->scale.element) attempt = read_prior(reading, i);
  return attempt;
}

ThAttempt th_gaussian_read_scaled(const ThRecording *r, bool with_priors, const ThGaussianScale *scale,
                                  ThGaussianSystem *out, ThReason *why) {
  size_t n = r->n_elements, k = n - (scale->element != SIZE_MAX);
  *out = (ThGaussianSystem){.cx = r->cx, .k = k, .scale = *scale};
  const ThVariable **variables = n ? th_alloc_array(r->cx, n, sizeof *variables) : NULL;
  if (n && !variables) return TH_FAILED;
  for (size_t i = 0; i < n; i++)
    if (i != scale->element) variables[th_gaussian_column(out, i)] = r->elements[i].variable;
  ThGaussianReading reading = {r, out, variables, why};
  ThAttempt attempt = read_all(&reading, with_priors);
  th_free(r->cx, variables, n * sizeof *variables);
  if (attempt != TH_ANSWERED) th_gaussian_clear(out);
  return attempt;
}

ThAttempt th_gaussian_read(const ThRecording *r, bool with_priors, ThGaussianSystem *out, ThReason *why) {
  return th_gaussian_read_scaled(r, with_priors, &(ThGaussianScale){.element = SIZE_MAX}, out, why);
}
