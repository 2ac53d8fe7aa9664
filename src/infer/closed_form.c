/* closed_form.c - maximum likelihood where the equation has a formula: success probabilities and rates */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log likelihood of a probability is s log p + (n - s) log(1 - p), that of a rate is s log λ - n λ; in
 * both the data enter by two sums, s of successes or events and n of trials or exposure, and the maximum is
 * s/n. */
#include <math.h>

#include "infer/direct.h"
#include "infer/law.h"

typedef enum Shape { NO_DATA, PROBABILITY, RATE } Shape;

/* The two sums of one element. */
typedef struct Sums {
  Shape shape;
  double s, n;
} Sums;

enum { N, P };

static void add_bernoulli(double x, const double *p, Sums *sums) {
  (void)p;
  sums->s += x;
  sums->n += 1;
}

static void add_binomial(double x, const double *p, Sums *sums) {
  sums->s += x;
  sums->n += p[N];
}

static void add_poisson(double x, const double *p, Sums *sums) {
  (void)p;
  sums->s += x;
  sums->n += 1;
}

static void add_exponential(double x, const double *p, Sums *sums) {
  (void)p;
  sums->s += 1;
  sums->n += x;
}

static const struct Row {
  const ThFamily *family;
  int parameter;
  Shape shape;
  void (*add)(double x, const double *p, Sums *sums);
} rows[] = {
    {&th_family_bernoulli, 0, PROBABILITY, add_bernoulli},
    {&th_family_binomial, P, PROBABILITY, add_binomial},
    {&th_family_poisson, 0, RATE, add_poisson},
    {&th_family_exponential, 0, RATE, add_exponential},
};

static const struct Row *find_row(const ThFamily *family, int parameter) {
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].family == family && rows[i].parameter == parameter) return &rows[i];
  return NULL;
}

static const char *name_of(const ThRecording *r, size_t element) {
  return r->unknowns[r->elements[element].unknown].name->spelling;
}

static ThAttempt add_data(const ThRecording *r, const ThDirect *d, Sums *sums, ThReason *why) {
  const struct Row *row = find_row(d->family, d->unknown);
  if (!row)
    return th_decline(why, "`%s` of %s has no formula here", d->family->parameters[d->unknown].name,
                      d->family->name);
  for (size_t i = 0; i < d->n; i++) {
    ThDirectDatum datum;
    th_direct_datum(r, d, i, &datum);
    size_t element = datum.element;
    if (sums[element].shape != NO_DATA && sums[element].shape != row->shape)
      return th_decline(why, "`%s` is a probability in one likelihood and a rate in another",
                        name_of(r, element));
    sums[element].shape = row->shape;
    row->add(datum.x, datum.p, &sums[element]);
  }
  return TH_ANSWERED;
}

static ThAttempt read_sums(const ThRecording *r, Sums *sums, ThReason *why) {
  ThAttempt attempt = TH_ANSWERED;
  for (size_t i = 0; i < r->n_elements; i++) sums[i] = (Sums){0};
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_observations; i++) {
    ThDirect d;
    attempt = th_direct_read_plain(r, &r->observations[i], &d, why);
    if (attempt != TH_ANSWERED) break;
    if (d.unknown >= 0) attempt = add_data(r, &d, sums, why);
    th_direct_clear(&d);
  }
  return attempt;
}

/* The range of an element: of the sums' shape, of `param … in`, and of its prior's support. */
static void find_range(const ThRecording *r, size_t element, Shape shape, double *lower, double *upper) {
  const ThElementary *e = &r->elements[element];
  const ThUnknown *u = &r->unknowns[e->unknown];
  *lower = fmax(0, u->lower);
  *upper = fmin(shape == PROBABILITY ? 1 : (double)INFINITY, u->upper);
  if (!th_is_distribution(u->prior)) return;
  const ThDistribution *d = th_as_distribution(u->prior);
  double from, to;
  th_distribution_support(d, d->rank ? e->index : 0, &from, &to);
  *lower = fmax(*lower, from);
  *upper = fmin(*upper, to);
}

static ThAttempt no_data(const ThRecording *r, size_t element) {
  th_fail(r->cx, TH_ERROR_NUMERIC, "the data say nothing about `%s`: every value fits equally well",
          name_of(r, element));
  th_hint(r->cx, "hold it with `fix = (%s = …)`", name_of(r, element));
  return TH_FAILED;
}

static ThAttempt no_end(const ThRecording *r, size_t element) {
  th_fail(r->cx, TH_ERROR_NUMERIC, "the likelihood grows without bound as `%s` grows: all data are 0",
          name_of(r, element));
  return TH_FAILED;
}

/* What an estimate at the end of its range means. */
static void add_words(const ThRecording *r, size_t i, const Sums *s, double estimate, ThText *out) {
  th_unknown_element_name(&r->unknowns[r->elements[i].unknown], r->elements[i].index, out);
  th_text_format(out, " = %.6g is an end of its range", estimate);
  if (s->shape == PROBABILITY && s->s == 0) th_text_format(out, " (no success in %.6g trials)", s->n);
  else if (s->shape == PROBABILITY && s->s == s->n)
    th_text_format(out, " (%.6g successes in %.6g trials)", s->s, s->n);
  else if (s->shape == RATE && s->s == 0) th_text_add(out, " (no event)");
  th_text_add(out, ":\nthe likelihood is not level there, so that its curvature gives no ±\n");
}

static ThAttempt set_estimate(const ThRecording *r, size_t i, const Sums *s, ThMaximum *out) {
  double lower, upper;
  if (s->n == 0 && s->s == 0) return no_data(r, i);
  if (s->n == 0) return no_end(r, i);
  find_range(r, i, s->shape, &lower, &upper);
  double x = fmin(fmax(s->s / s->n, lower), upper);
  double information = s->shape == PROBABILITY ? s->s / (x * x) + (s->n - s->s) / ((1 - x) * (1 - x))
                                               : s->s / (x * x);
  bool inside = x > lower && x < upper;
  out->estimate[i] = x;
  out->range[2 * i] = lower;
  out->range[2 * i + 1] = upper;
  out->information[i * out->k + i] = inside ? information : (double)NAN;
  out->covariance[i * out->k + i] = inside ? 1 / information : (double)NAN;
  if (!inside) add_words(r, i, s, x, &out->words);
  return TH_ANSWERED;
}

static ThAttempt solve(const ThRecording *r, Sums *sums, ThMaximum *out, ThReason *why) {
  ThAttempt attempt = read_sums(r, sums, why);
  if (attempt != TH_ANSWERED) return attempt;
  if (!th_maximum_init(r->cx, r->n_elements, out)) return TH_FAILED;
  for (size_t i = 0; attempt == TH_ANSWERED && i < r->n_elements; i++)
    attempt = set_estimate(r, i, &sums[i], out);
  out->method = "exact: closed form";
  out->expected = true;
  if (attempt != TH_ANSWERED) th_maximum_clear(out);
  return attempt;
}

ThAttempt th_closed_form_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  if (r->options.verb != TH_VERB_MLE) return th_decline(why, "it has priors");
  if (r->n_elements == 0) return th_decline(why, "it has no parameters left");
  Sums *sums = th_alloc_array(r->cx, r->n_elements, sizeof *sums);
  if (!sums) return TH_FAILED;
  ThAttempt attempt = solve(r, sums, out, why);
  th_free(r->cx, sums, r->n_elements * sizeof *sums);
  return attempt;
}
