/* family_vector.c - maxima of likelihoods: MvNormal, Multinomial, Categorical by their formulas, Dirichlet's start */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/family_model.h"
#include "infer/report.h"
#include "infer/strategy.h"
#include "num/linalg.h"
#include "prob/event.h"
#include "val/array.h"

/* Data by rows, with their weights. */
typedef struct Rows {
  const ThRecording *r;
  ThContext *cx;
  const ThObservation *o;
  size_t n, d;   /* rows; numbers of each */
  double total;  /* Σ w */
  double *block; /* of the vectors that follow */
  double *mean;  /* (d) */
  double *spread; /* (d, d): Σ w (x - mean)(x - mean)'/Σ w */
} Rows;

static double weight(const Rows *s, size_t i) {
  return s->r->options.weights ? s->r->options.weights->real[i] : 1;
}

static double number(const Rows *s, size_t i, size_t j) { return th_datum(s->o->data, i * s->d + j); }

static bool init_rows(const ThRecording *r, size_t d, size_t n, Rows *s) {
  *s = (Rows){.r = r, .cx = r->cx, .o = &r->observations[0], .n = n, .d = d};
  if (!(s->block = th_alloc_array(r->cx, d * d + d, sizeof *s->block))) return false;
  s->mean = s->block;
  s->spread = s->block + d;
  memset(s->block, 0, (d * d + d) * sizeof *s->block);
  for (size_t i = 0; i < n; i++) s->total += weight(s, i);
  return s->total > 0 ||
         th_fail(r->cx, TH_ERROR_VALUE, "every datum of `%s` has weight 0", s->o->name->spelling);
}

static void clear_rows(Rows *s) { th_free(s->cx, s->block, (s->d * s->d + s->d) * sizeof *s->block); }

static void add_means(Rows *s) {
  for (size_t i = 0; i < s->n; i++)
    for (size_t j = 0; j < s->d; j++) s->mean[j] += weight(s, i) * number(s, i, j) / s->total;
}

/* About the mean: to the rounding of the numbers, not of their squares. */
static void add_spread(Rows *s) {
  for (size_t i = 0; i < s->n; i++)
    for (size_t j = 0; j < s->d; j++)
      for (size_t k = 0; k < s->d; k++)
        s->spread[j * s->d + k] +=
            weight(s, i) / s->total * (number(s, i, j) - s->mean[j]) * (number(s, i, k) - s->mean[k]);
}

/* --- MvNormal */

/* "x[1] - x[2]", what is the same in all data: the direction of least spread. */
static bool fail_singular(const Rows *s) {
  size_t d = s->d;
  double *values = th_alloc_array(s->cx, d * d + d, sizeof *values), *vectors = values + d;
  if (!values) return false;
  bool ok = th_linalg_eigen_symmetric(s->cx, d, s->spread, values, vectors), first = true;
  double most = 0;
  ThText text;
  th_text_init(&text, &s->cx->heap);
  for (size_t j = 0; ok && j < d; j++) most = fmax(most, fabs(vectors[j * d]));
  for (size_t j = 0; ok && j < d; j++) {
    double c = vectors[j * d] / most;
    if (fabs(c) < 0.005) continue;
    th_report_coefficient(c, first, &text);
    th_text_format(&text, "%s[%zu]", s->o->name->spelling, j + 1);
    first = false;
  }
  if (ok && th_text_ok(&text, s->cx))
    th_fail(s->cx, TH_ERROR_NUMERIC,
            "the likelihood of `MvNormal` grows without bound as `Σ` becomes singular: %s is the same in all data",
            th_text_string(&text));
  th_text_clear(&text);
  th_free(s->cx, values, (d * d + d) * sizeof *values);
  return false;
}

static bool is_singular(const Rows *s, bool *out) {
  size_t d = s->d;
  double *values = th_alloc_array(s->cx, d * d + d, sizeof *values), *scaled = values + d;
  if (!values) return false;
  bool level = true, ok = true;
  for (size_t j = 0; j < d; j++) level = level && s->spread[j * (d + 1)] > 0;
  for (size_t i = 0; level && i < d * d; i++)
    scaled[i] = s->spread[i] / sqrt(s->spread[i / d * (d + 1)] * s->spread[i % d * (d + 1)]);
  if (level) ok = th_linalg_eigen_symmetric(s->cx, d, scaled, values, NULL);
  *out = !level || !(values[0] > 1e-13 * (double)d);
  th_free(s->cx, values, (d * d + d) * sizeof *values);
  return ok;
}

/* Cov(S_ij, S_kl) = (Σ_ik Σ_jl + Σ_il Σ_jk)/n, of the mean Σ/n, and nothing between them (Anderson, 2003, 3.2). */
static void normal_covariance(const Rows *s, ThMaximum *out) {
  size_t d = s->d, k = out->k;
  const double *v = s->spread;
  for (size_t i = 0; i < d; i++)
    for (size_t j = 0; j < d; j++) out->covariance[i * k + j] = v[i * d + j] / s->total;
  for (size_t i = 0; i < d; i++)
    for (size_t j = i; j < d; j++)
      for (size_t a = 0; a < d; a++)
        for (size_t b = a; b < d; b++)
          out->covariance[(d + th_packed_index(d, i, j)) * k + d + th_packed_index(d, a, b)] =
              (v[i * d + a] * v[j * d + b] + v[i * d + b] * v[j * d + a]) / s->total;
}

static bool matrix_value(ThContext *cx, const double *x, size_t d, ThValue *out) {
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, d, d);
  if (!a) return false;
  memcpy(a->real, x, d * d * sizeof *x);
  *out = th_object(a);
  return true;
}

static bool normal_information(const Rows *s, ThMaximum *out) {
  ThValue parameters[2] = {th_none(), th_none()}, d;
  bool ok = th_vector_from(s->cx, s->mean, s->d, &parameters[0]) &&
            matrix_value(s->cx, s->spread, s->d, &parameters[1]) &&
            th_distribution_new(s->cx, &th_family_mvnormal, parameters, &d);
  th_release_all(parameters, 2);
  if (!ok) return false;
  ok = th_family_mvnormal.event->fisher(s->cx, th_as_distribution(d), out->information);
  for (size_t i = 0; ok && i < out->k * out->k; i++) out->information[i] *= s->total;
  th_release(d);
  return ok;
}

static bool fill_normal(const Rows *s, ThMaximum *out) {
  size_t d = s->d;
  memcpy(out->estimate, s->mean, d * sizeof *s->mean);
  for (size_t i = 0; i < d; i++)
    for (size_t j = i; j < d; j++) out->estimate[d + th_packed_index(d, i, j)] = s->spread[i * d + j];
  normal_covariance(s, out);
  return normal_information(s, out);
}

static ThAttempt answer_normal(Rows *s, ThMaximum *out, ThReason *why) {
  bool singular;
  if (s->r->n_elements != s->d + s->d * (s->d + 1) / 2) return th_decline(why, "a parameter of MvNormal is held");
  add_means(s);
  add_spread(s);
  if (!is_singular(s, &singular) || (singular && !fail_singular(s))) return TH_FAILED;
  if (!th_maximum_init(s->cx, s->r->n_elements, out)) return TH_FAILED;
  out->method = "exact: closed form";
  out->expected = true;
  if (fill_normal(s, out)) return TH_ANSWERED;
  th_maximum_clear(out);
  return TH_FAILED;
}

/* --- Shares */

/* p_k is the part of all counts that are of kind k; of n counts their covariance is (diag p - p p')/n, and the
 * information n (1/p - 1) on the diagonal, -n beside it, p being as many free numbers as it has less one. */
static ThAttempt fill_shares(const Rows *s, double counts, ThMaximum *out) {
  size_t k = s->d;
  const double *p = s->mean;
  if (!th_maximum_init(s->cx, k, out)) return TH_FAILED;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < k; j++) {
      bool none = p[i] == 0 || p[j] == 0;
      out->covariance[i * k + j] = none ? (double)NAN : ((i == j ? p[i] : 0) - p[i] * p[j]) / counts;
      out->information[i * k + j] = none ? (double)NAN : counts * ((i == j ? 1 / p[i] : 0) - 1);
    }
  for (size_t i = 0; i < k; i++) {
    out->estimate[i] = p[i];
    out->range[2 * i] = 0;
    out->range[2 * i + 1] = 1;
    if (p[i] > 0) continue;
    th_unknown_element_name(&s->r->unknowns[s->r->elements[i].unknown], i, &out->words);
    th_text_add(&out->words,
                " = 0 is an end of its range (none of this kind):\nthe likelihood is not level there, so that its "
                "curvature gives no ±\n");
  }
  out->constraints = 1;
  out->expected = true;
  out->method = "exact: closed form";
  return TH_ANSWERED;
}

static ThAttempt answer_multinomial(Rows *s, ThMaximum *out, ThReason *why) {
  double n = 0;
  if (s->r->n_elements != s->d) return th_decline(why, "`p` of Multinomial is held");
  add_means(s);
  for (size_t j = 0; j < s->d; j++) n += s->mean[j];
  if (!(n > 0)) {
    th_fail(s->cx, TH_ERROR_NUMERIC, "all counts are 0: every `p` of Multinomial fits as well");
    return TH_FAILED;
  }
  for (size_t j = 0; j < s->d; j++) s->mean[j] /= n;
  return fill_shares(s, n * s->total, out);
}

static ThAttempt answer_categorical(Rows *s, ThMaximum *out, ThReason *why) {
  size_t n = th_value_length(s->o->data);
  if (s->r->n_elements != s->d) return th_decline(why, "`weights` of Categorical is held");
  s->total = 0;
  for (size_t i = 0; i < n; i++) s->total += weight(s, i);
  for (size_t i = 0; i < n; i++) {
    double label = th_datum(s->o->data, i);
    if (label >= 1 && label <= (double)s->d && label == floor(label)) {
      s->mean[(size_t)label - 1] += weight(s, i) / s->total;
      continue;
    }
    th_fail(s->cx, TH_ERROR_VALUE, "`%s` is %.6g at datum %zu, but Categorical gives whole numbers from 1 on",
            s->o->name->spelling, label, i + 1);
    return TH_FAILED;
  }
  return fill_shares(s, s->total, out);
}

/* --- Dirichlet */

/* A datum with a share of 0 has no density that is neither 0 nor infinite; equal data let α grow. */
static bool check_dirichlet(const Rows *s) {
  bool equal = true;
  for (size_t i = 0; i < s->n; i++) {
    double sum = 0;
    for (size_t j = 0; j < s->d; j++) {
      double x = number(s, i, j);
      sum += x;
      equal = equal && fabs(x - number(s, 0, j)) <= 1e-14;
      if (x > 0) continue;
      return th_fail(s->cx, TH_ERROR_VALUE,
                     "`%s` has a share of %.6g at datum %zu, where the density of Dirichlet is 0 or infinite",
                     s->o->name->spelling, x, i + 1);
    }
    if (fabs(sum - 1) > 1e-9)
      return th_fail(s->cx, TH_ERROR_VALUE, "the shares of `%s` at datum %zu sum to %.10g, not to 1",
                     s->o->name->spelling, i + 1, sum);
  }
  return !equal || th_fail(s->cx, TH_ERROR_NUMERIC,
                           "the likelihood of `Dirichlet` grows without bound as `α` grows: %s",
                           s->n == 1 ? "there is one datum" : "all data are equal");
}

/* The mean times a size that the spread of the first share tells. */
static ThAttempt answer_dirichlet(Rows *s, ThMaximum *out, ThReason *why) {
  if (s->r->n_elements != s->d) return th_decline(why, "`α` of Dirichlet is held");
  if (!check_dirichlet(s)) return TH_FAILED;
  add_means(s);
  add_spread(s);
  double size = fmax(s->mean[0] * (1 - s->mean[0]) / fmax(s->spread[0], 1e-12) - 1, 0.5);
  for (size_t j = 0; j < s->d; j++) s->mean[j] *= size;
  return th_numeric_maximum_from(s->r, s->mean, 1, false, out, why);
}

/* --- All of them */

ThAttempt th_family_vector_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  static const struct {
    const ThFamily *family;
    ThAttempt (*answer)(Rows *s, ThMaximum *out, ThReason *why);
  } rows[] = {{&th_family_mvnormal, answer_normal},
              {&th_family_multinomial, answer_multinomial},
              {&th_family_categorical, answer_categorical},
              {&th_family_dirichlet, answer_dirichlet}};
  const ThFamilyModel *model = r->model->family;
  if (!model || r->options.verb != TH_VERB_MLE) return th_decline(why, "it is no family of vectors without priors");
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (rows[i].family != model->family) continue;
    const ThArray *a = th_is_array(r->observations[0].data) ? th_as_array(r->observations[0].data) : NULL;
    bool vectors = model->family->event && a;
    size_t d = vectors ? a->shape[a->rank - 1] : model->unknowns[0].count;
    Rows s;
    ThAttempt attempt = TH_FAILED;
    if (init_rows(r, d, vectors ? a->length / d : 1, &s)) attempt = rows[i].answer(&s, out, why);
    clear_rows(&s);
    return attempt;
  }
  return th_decline(why, "it is no family of vectors");
}
