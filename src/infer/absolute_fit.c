/* absolute_fit.c - the maximum where data are Laplace with a location linear in the parameters, and priors too */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Minus the log likelihood is Σ |y - location|/scale: least absolute deviations. The scale is given, or one parameter,
 * whose maximum is the mean deviation. Laplace priors are deviations too, of parameters from their locations. */
#include <math.h>
#include <string.h>

#include "infer/law.h"
#include "infer/law_jacobian.h"
#include "infer/starts.h"
#include "infer/summit.h"
#include "num/absolute_deviations.h"
#include "num/linalg.h"
#include "prob/event.h"

typedef struct Fit {
  const ThRecording *r;
  ThContext *cx;
  size_t n, k, q; /* deviations, of data and then of priors; elements; those that locations hang on */
  size_t scale;   /* the element that the scale is; SIZE_MAX when it is given */
  size_t *place;  /* (q) */
  double *block;  /* of what follows: */
  double *x, *y, *weight, *beta, *at, *other, *lower, *upper; /* (n, k), (n), (n), (k) each */
} Fit;

/* How many parameters have a Laplace prior; SIZE_MAX where one has another. */
static size_t count_priors(const ThRecording *r) {
  size_t n = 0;
  for (size_t j = 0; j < r->n_elements; j++) {
    double p[TH_MAX_PARAMETERS];
    if (th_is_none(th_recording_law(r, j))) continue;
    if (!th_recording_kink(r, j, p)) return SIZE_MAX;
    n++;
  }
  return n;
}

static bool fit_init(const ThRecording *r, size_t n_priors, Fit *f) {
  *f = (Fit){
      .r = r, .cx = r->cx, .k = r->n_elements, .n = th_recording_data_count(r) + n_priors, .scale = SIZE_MAX};
  f->block = th_alloc_array(f->cx, f->n * f->k + 2 * f->n + 5 * f->k + 1, sizeof *f->block);
  f->place = th_alloc_array(f->cx, f->k, sizeof *f->place);
  if (!f->block || !f->place) return false;
  f->x = f->block;
  f->y = f->x + f->n * f->k;
  f->weight = f->y + f->n;
  double **const slots[] = {&f->beta, &f->at, &f->other, &f->lower, &f->upper};
  for (size_t i = 0; i < 5; i++) *slots[i] = f->weight + f->n + i * f->k;
  th_starts_ranges(r, f->lower, f->upper);
  return true;
}

static void fit_clear(Fit *f) {
  if (f->block) th_free(f->cx, f->block, (f->n * f->k + 2 * f->n + 5 * f->k + 1) * sizeof *f->block);
  if (f->place) th_free(f->cx, f->place, f->k * sizeof *f->place);
}

/* --- Reading: locations and scales with their derivatives, at two points */

/* Row `row` of the derivatives hangs on one element alone, which it is. */
static bool is_element(const ThLawJacobian *j, size_t row, const double *at, size_t *element) {
  size_t count = 0;
  for (size_t m = 0; m < j->k; m++)
    if (j->jacobian[row * j->k + m] != 0) *element = m, count++;
  return count == 1 && j->jacobian[row * j->k + *element] == 1 && j->values[row] == at[*element];
}

static ThAttempt read_rows(Fit *f, const ThLawJacobian *one, const ThLawJacobian *two, ThReason *why) {
  size_t row = 0, at = 0;
  for (size_t o = 0; o < f->r->n_observations; o++) {
    size_t n = th_value_length(f->r->observations[o].data);
    for (size_t i = 0; i < n; i++, at++) {
      size_t scale = row + n + i, element = SIZE_MAX;
      const double *slope = one->jacobian + (row + i) * f->k;
      double constant = one->values[row + i], again = constant;
      for (size_t j = 0; j < f->k; j++) {
        if (fabs(slope[j] - two->jacobian[(row + i) * f->k + j]) > 1e-12 * fabs(slope[j]))
          return th_decline(why, "its location is not linear in the parameters");
        constant -= slope[j] * f->at[j];
        again += slope[j] * (f->other[j] - f->at[j]);
      }
      if (fabs(again - two->values[row + i]) > 1e-10 * (1 + fabs(again)))
        return th_decline(why, "its location is not linear in the parameters");
      if (th_law_jacobian_hangs(one, scale) && !is_element(one, scale, f->at, &element))
        return th_decline(why, "its scale is computed from parameters");
      if (at > 0 && element != f->scale) return th_decline(why, "there is more than one scale");
      f->scale = element;
      f->weight[at] = element == SIZE_MAX ? 1 / one->values[scale] : 1;
      f->y[at] = th_datum(f->r->observations[o].data, i) - constant;
      memcpy(f->x + at * f->k, slope, f->k * sizeof *slope);
    }
    row += th_law_jacobian_numbers(&f->r->observations[o]);
  }
  return TH_ANSWERED;
}

/* |θ - location|/scale of each prior: the last rows. */
static ThAttempt read_priors(Fit *f, ThReason *why) {
  size_t row = th_recording_data_count(f->r);
  if (row == f->n) return TH_ANSWERED;
  if (f->scale != SIZE_MAX) return th_decline(why, "its scale is a parameter");
  for (size_t j = 0; j < f->k; j++) {
    double p[TH_MAX_PARAMETERS];
    if (!th_recording_kink(f->r, j, p)) continue;
    for (size_t i = 0; i < f->k; i++) f->x[row * f->k + i] = i == j;
    f->y[row] = p[0];
    f->weight[row++] = 1 / p[1];
  }
  return TH_ANSWERED;
}

static ThAttempt read_model(Fit *f, ThReason *why) {
  ThLawJacobian one, two;
  if (!th_starts_at(f->r, 0.5, f->at) || !th_starts_at(f->r, 0.3, f->other)) return TH_FAILED;
  for (size_t j = 0; j < f->k; j++)
    if (f->other[j] == f->at[j] && f->at[j] + 0.385 < f->upper[j]) f->other[j] += 0.385;
  if (!th_law_jacobian_find(f->r, f->at, &one)) return TH_FAILED;
  ThAttempt attempt = TH_FAILED;
  if (th_law_jacobian_find(f->r, f->other, &two)) {
    attempt = read_rows(f, &one, &two, why);
    th_law_jacobian_clear(&two);
  }
  th_law_jacobian_clear(&one);
  return attempt == TH_ANSWERED ? read_priors(f, why) : attempt;
}

/* The columns that locations hang on come first, packed. */
static ThAttempt pack(Fit *f, ThReason *why) {
  for (size_t j = 0; j < f->k; j++) {
    bool hangs = false;
    for (size_t i = 0; i < f->n; i++) hangs = hangs || f->x[i * f->k + j] != 0;
    if (hangs && j == f->scale) return th_decline(why, "its location hangs on its scale");
    if (hangs) f->place[f->q++] = j;
    else if (j != f->scale) return th_decline(why, "the data say nothing about a parameter");
  }
  for (size_t i = 0; i < f->n; i++)
    for (size_t m = 0; m < f->q; m++) f->x[i * f->q + m] = f->x[i * f->k + f->place[m]];
  return TH_ANSWERED;
}

/* --- The maximum */

static double deviations(const Fit *f) {
  double sum = 0;
  for (size_t i = 0; i < f->n; i++)
    sum += f->weight[i] * fabs(f->y[i] - th_linalg_dot(f->q, f->x + i * f->q, f->beta));
  return sum;
}

/* The expected information: X' X/scale² of locations, n/scale² of the scale. */
static bool fill_information(const Fit *f, double scale, ThMaximum *out) {
  ThSolveReport report;
  for (size_t i = 0; i < f->n; i++)
    for (size_t a = 0; a < f->q; a++)
      for (size_t b = 0; b < f->q; b++) {
        double w = f->weight[i] / scale;
        out->information[f->place[a] * f->k + f->place[b]] += w * w * f->x[i * f->q + a] * f->x[i * f->q + b];
      }
  if (f->scale != SIZE_MAX) out->information[f->scale * (f->k + 1)] = (double)f->n / (scale * scale);
  if (!th_linalg_inverse(f->cx, f->k, out->information, out->covariance, &report)) return false;
  th_linalg_symmetrize(f->k, out->covariance);
  return true;
}

static bool fill(const Fit *f, double scale, bool unique, ThMaximum *out) {
  for (size_t m = 0; m < f->q; m++) out->estimate[f->place[m]] = f->beta[m];
  if (f->scale != SIZE_MAX) out->estimate[f->scale] = scale;
  for (size_t j = 0; j < f->k; j++) {
    out->range[2 * j] = f->lower[j];
    out->range[2 * j + 1] = f->upper[j];
  }
  out->method = "exact: least absolute deviations";
  out->expected = true;
  bool has_priors = f->n > th_recording_data_count(f->r);
  th_text_format(&out->words,
                 "the %s has a kink at its maximum:\nthe ± is that of the expected information%s\n",
                 th_summit_word(f->r), has_priors ? ", of the priors too" : "");
  if (!unique) th_text_add(&out->words, "other values fit as well: the deviations leave a choice\n");
  return fill_information(f, scale, out);
}

static ThAttempt solve(Fit *f, ThMaximum *out, ThReason *why) {
  bool found, unique;
  if (!th_absolute_deviations(f->cx, f->n, f->q, f->x, f->y, f->weight, f->beta, &found, &unique))
    return TH_FAILED;
  if (!found) return th_decline(why, "the deviations do not determine its parameters");
  double scale = f->scale == SIZE_MAX ? 1 : deviations(f) / (double)f->n;
  for (size_t m = 0; m < f->q; m++)
    if (!(f->beta[m] > f->lower[f->place[m]] && f->beta[m] < f->upper[f->place[m]]))
      return th_decline(why, "the least deviations lie outside the ranges");
  if (f->scale != SIZE_MAX && !(scale > f->lower[f->scale] && scale < f->upper[f->scale]))
    return th_decline(why, "its scale is at an end of its range");
  if (!th_maximum_init(f->cx, f->k, out)) return TH_FAILED;
  if (fill(f, scale, unique, out)) return TH_ANSWERED;
  th_maximum_clear(out);
  return TH_FAILED;
}

ThAttempt th_absolute_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  Fit f;
  bool has_priors = r->options.verb != TH_VERB_MLE;
  size_t n_priors = has_priors ? count_priors(r) : 0;
  if (n_priors == SIZE_MAX || (has_priors && r->n_factors > 0))
    return th_decline(why, "its priors are no absolute deviations");
  if (r->n_elements == 0 || r->n_observations == 0)
    return th_decline(why, "it has no parameters or data left");
  for (size_t i = 0; i < r->n_observations; i++)
    if (th_law_family(r->observations[i].distribution) != &th_family_laplace)
      return th_decline(why, "its data are not all Laplace");
  ThAttempt attempt = TH_FAILED;
  if (fit_init(r, n_priors, &f)) attempt = read_model(&f, why);
  if (attempt == TH_ANSWERED) attempt = pack(&f, why);
  if (attempt == TH_ANSWERED && (f.q == 0 || f.n < f.q))
    attempt = th_decline(why, "it has more parameters than data");
  if (attempt == TH_ANSWERED) attempt = solve(&f, out, why);
  fit_clear(&f);
  return attempt;
}
