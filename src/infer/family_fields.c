/* family_fields.c - what a fit of a family has beside its parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/family_fields.h"

#include <math.h>
#include <string.h>

#include "infer/family_model.h"
#include "infer/names.h"
#include "num/stats.h"
#include "val/array.h"

/* --- Other names */

/* Value and derivatives of a number that the positional parameters p make. */
typedef double (*Other)(const double *p, double *d);

static double first(const double *p, double *d) {
  d[0] = 1;
  return p[0];
}
static double second(const double *p, double *d) {
  d[1] = 1;
  return p[1];
}
static double square(const double *p, double *d) {
  d[1] = 2 * p[1];
  return p[1] * p[1];
}
static double precision(const double *p, double *d) {
  d[1] = -2 / (p[1] * p[1] * p[1]);
  return 1 / (p[1] * p[1]);
}
static double reciprocal(const double *p, double *d) {
  d[0] = -1 / (p[0] * p[0]);
  return 1 / p[0];
}
static double reciprocal_second(const double *p, double *d) {
  d[1] = -1 / (p[1] * p[1]);
  return 1 / p[1];
}
static double twice_second(const double *p, double *d) {
  d[1] = 2;
  return 2 * p[1];
}
static double gamma_mean(const double *p, double *d) {
  d[0] = 1 / p[1];
  d[1] = -p[0] / (p[1] * p[1]);
  return p[0] / p[1];
}
static double gamma_sd(const double *p, double *d) {
  double sd = sqrt(p[0]) / p[1];
  d[0] = 0.5 * sd / p[0];
  d[1] = -sd / p[1];
  return sd;
}
static double beta_mean(const double *p, double *d) {
  double size = p[0] + p[1];
  d[0] = p[1] / (size * size);
  d[1] = -p[0] / (size * size);
  return p[0] / size;
}
static double beta_size(const double *p, double *d) {
  d[0] = d[1] = 1;
  return p[0] + p[1];
}
static double beta_sd(const double *p, double *d) {
  double size = p[0] + p[1], sd = sqrt(p[0] * p[1] / (size * size * (size + 1)));
  double common = 2 / size + 1 / (size + 1);
  d[0] = 0.5 * sd * (1 / p[0] - common);
  d[1] = 0.5 * sd * (1 / p[1] - common);
  return sd;
}
static double odds(double p, double *d) {
  *d = 1 / (p * (1 - p));
  return log(p) - log1p(-p);
}
static double logit_first(const double *p, double *d) { return odds(p[0], &d[0]); }
static double logit_second(const double *p, double *d) { return odds(p[1], &d[1]); }
static double geometric_mean(const double *p, double *d) {
  d[0] = -1 / (p[0] * p[0]);
  return 1 / p[0] - (p[1] != 0 ? 0 : 1);
}
static double waiting_mean(const double *p, double *d) {
  d[0] = (1 - p[1]) / p[1];
  d[1] = -p[0] / (p[1] * p[1]);
  return p[0] * (1 - p[1]) / p[1];
}
static double waiting_beta(const double *p, double *d) {
  d[1] = 1 / ((1 - p[1]) * (1 - p[1]));
  return p[1] / (1 - p[1]);
}

static const struct {
  const ThFamily *family;
  const char *name;
  Other get;
} others[] = {
    {&th_family_normal, "mean", first},
    {&th_family_normal, "sd", second},
    {&th_family_normal, "variance", square},
    {&th_family_normal, "precision", precision},
    {&th_family_exponential, "scale", reciprocal},
    {&th_family_exponential, "mean", reciprocal},
    {&th_family_gamma, "scale", reciprocal_second},
    {&th_family_gamma, "mean", gamma_mean},
    {&th_family_gamma, "sd", gamma_sd},
    {&th_family_beta, "mean", beta_mean},
    {&th_family_beta, "sd", beta_sd},
    {&th_family_beta, "concentration", beta_size},
    {&th_family_cauchy, "fwhm", twice_second},
    {&th_family_bernoulli, "logit", logit_first},
    {&th_family_binomial, "logit", logit_second},
    {&th_family_poisson, "mean", first},
    {&th_family_geometric, "mean", geometric_mean},
    {&th_family_negative_binomial, "mean", waiting_mean},
    {&th_family_negative_binomial, "dispersion", first},
    {&th_family_negative_binomial, "alpha", first},
    {&th_family_negative_binomial, "beta", waiting_beta},
};

/* --- The positional parameters of a fit */

typedef struct Place {
  size_t n;                           /* elements that are positional parameters */
  size_t element[TH_MAX_PARAMETERS];  /* their places in the fit, */
  size_t position[TH_MAX_PARAMETERS]; /* and in the family */
  double p[TH_MAX_PARAMETERS];
} Place;

/* False where the parameters are not plain positional numbers. */
static bool read_places(const ThFit *fit, Place *out) {
  const ThFamilyModel *m = th_question_model(&fit->question)->family;
  *out = (Place){0};
  if (!m || !th_family_model_is_positional(m) || m->family->event) return false;
  for (int j = 0; j < m->family->n_parameters; j++) out->p[j] = m->family->parameters[j].fallback;
  for (size_t i = 0; i < m->n; i++) {
    const ThLayoutEntry *e = th_layout_find(&fit->layout, m->unknowns[i].name);
    size_t j = m->unknowns[i].argument;
    if (!e || e->count != SIZE_MAX) return false;
    if (e->is_held && !th_to_number(e->held, &out->p[j])) return false;
    if (e->is_held) continue;
    out->p[j] = fit->estimate[e->first];
    out->element[out->n] = e->first;
    out->position[out->n++] = j;
  }
  return true;
}

bool th_family_field(ThContext *cx, const ThFit *fit, const ThSymbol *name, ThValue *out) {
  const ThFamilyModel *m = th_question_model(&fit->question)->family;
  Place at;
  for (size_t i = 0; m && i < sizeof others / sizeof *others; i++) {
    if (others[i].family != m->family || !th_is_symbol(cx, name, others[i].name)) continue;
    if (!read_places(fit, &at)) return false;
    double d[TH_MAX_PARAMETERS] = {0}, value = others[i].get(at.p, d), variance = 0;
    for (size_t a = 0; a < at.n; a++)
      for (size_t b = 0; b < at.n; b++) {
        double slopes = d[at.position[a]] * d[at.position[b]];
        if (slopes != 0) variance += slopes * fit->covariance[at.element[a] * fit->k + at.element[b]];
      }
    if (isnan(variance)) {
      *out = th_number(value);
      return true;
    }
    return th_estimate(cx, value, sqrt(variance), fit->method, NULL, out);
  }
  return false;
}

/* --- The expected information */

static double total_weight(const ThFit *fit) {
  const ThArray *w = th_question_weights(&fit->question);
  return w ? th_stats_sum(w->length, w->real) : (double)fit->n_data;
}

bool th_family_expected(ThContext *cx, const ThFit *fit, bool *known, ThValue *out) {
  double fisher[TH_MAX_PARAMETERS * TH_MAX_PARAMETERS];
  Place at;
  const ThFamilyModel *m = th_question_model(&fit->question)->family;
  *known = fit->question.verb == TH_VERB_MLE && read_places(fit, &at) && m->family->math &&
           m->family->math->fisher && at.n == fit->k;
  if (!*known) return true;
  m->family->math->fisher(at.p, fisher);
  for (size_t i = 0; i < at.n; i++)
    if (isnan(fisher[at.position[i] * ((size_t)m->family->math->n_parameters + 1)]))
      return th_fail(cx, TH_ERROR_VALUE,
                     "the expected information of %s has no closed form here; `fisher` is the observed one",
                     m->family->name);
  ThArray *a = th_matrix_new(cx, TH_DOUBLE, fit->k, fit->k);
  if (!a) return false;
  for (size_t i = 0; i < at.n; i++)
    for (size_t j = 0; j < at.n; j++)
      a->real[at.element[i] * fit->k + at.element[j]] =
          total_weight(fit) * fisher[at.position[i] * (size_t)m->family->math->n_parameters + at.position[j]];
  *out = th_object(a);
  return true;
}
