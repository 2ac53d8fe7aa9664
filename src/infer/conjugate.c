/* conjugate.c - parameters whose posterior stays in the family of the prior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each element of the model has its own prior and its own data; then the posterior is a product, whose factors are laws
 * of the prior's families, or mixtures of such. The maximum is the mode of that. */
#include "infer/conjugate.h"

#include <math.h>
#include <stdio.h>

#include "infer/posterior.h"

/* --- The posterior */

static bool are_mixtures(const ThConjugateStates *s) {
  for (size_t i = 0; i < s->k; i++)
    if (s->of[i].n > 1) return true;
  return false;
}

static void method_name(const ThConjugateStates *s, char *text, size_t size) {
  const ThConjugateState *first = s->k ? &s->of[0] : NULL;
  bool alike = first && first->likelihood;
  for (size_t i = 0; alike && i < s->k; i++) {
    alike = s->of[i].likelihood == first->likelihood;
    for (size_t j = 0; alike && j < s->of[i].n; j++)
      alike = s->of[i].parts[j].family == first->parts[0].family;
  }
  const char *what = are_mixtures(s) ? " mixture" : "";
  if (alike)
    snprintf(text, size, "exact: conjugate, %s–%s%s", first->parts[0].family->name, first->likelihood->name,
             what);
  else snprintf(text, size, "exact: conjugate%s%s", what[0] ? "," : "", what);
}

static bool give_product(ThPosterior *out, const ThConjugateStates *s, const char *method) {
  bool ok = th_posterior_set_product(out, th_conjugate_log_evidence(s));
  for (size_t i = 0; ok && i < s->k; i++)
    ok = th_posterior_set_law(out, i, s->of[i].parts[0].family, s->of[i].parts[0].p);
  return ok && th_string_of(s->cx, method, &out->method);
}

static bool give_mixtures(ThPosterior *out, const ThConjugateStates *s, const char *method) {
  bool ok = th_posterior_set_margins(out, th_conjugate_log_evidence(s), method);
  for (size_t i = 0; ok && i < s->k; i++) {
    ThValue law;
    ok = th_conjugate_law(s->cx, &s->of[i], &law);
    if (!ok) break;
    ok = th_posterior_set_margin(out, i, law);
    th_release(law);
  }
  return ok;
}

ThAttempt th_conjugate_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  ThConjugateStates s;
  char method[96];
  ThAttempt attempt = th_conjugate_states(r, &s, why);
  if (attempt != TH_ANSWERED) return attempt;
  method_name(&s, method, sizeof method);
  bool ok = are_mixtures(&s) ? give_mixtures(out, &s, method) : give_product(out, &s, method);
  th_conjugate_states_clear(&s);
  return ok ? TH_ANSWERED : TH_FAILED;
}

/* --- The maximum */

/* Where the density is largest, and minus the second derivative of its logarithm there; 0 where it has none:
 * at an end of the range. False when there is no single maximum. */
static bool beta_mode(const double *p, double *mode, double *information) {
  double a = p[0] - 1, b = p[1] - 1;
  if ((a <= 0 && b <= 0)) return false;
  *mode = a <= 0 ? 0 : b <= 0 ? 1 : a / (a + b);
  *information = a <= 0 || b <= 0 ? 0 : a / (*mode * *mode) + b / ((1 - *mode) * (1 - *mode));
  return true;
}

static bool gamma_mode(const double *p, double *mode, double *information) {
  double a = p[0] - 1;
  *mode = a <= 0 ? 0 : a / p[1];
  *information = a <= 0 ? 0 : a / (*mode * *mode);
  return true;
}

static bool inv_gamma_mode(const double *p, double *mode, double *information) {
  *mode = p[1] / (p[0] + 1);
  *information = p[1] / (*mode * *mode * *mode);
  return true;
}

static bool normal_mode(const double *p, double *mode, double *information) {
  *mode = p[0];
  *information = 1 / (p[1] * p[1]);
  return true;
}

static const struct {
  const ThFamily *family;
  bool (*mode)(const double *p, double *mode, double *information);
} modes[] = {{&th_family_beta, beta_mode},
             {&th_family_gamma, gamma_mode},
             {&th_family_inv_gamma, inv_gamma_mode},
             {&th_family_normal, normal_mode}};

static ThAttempt no_mode(const ThRecording *r, size_t element, const ThConjugatePart *s) {
  const char *name = r->unknowns[r->elements[element].unknown].name->spelling;
  if (s->family == &th_family_beta && s->p[0] == 1 && s->p[1] == 1)
    th_fail(r->cx, TH_ERROR_NUMERIC, "there is no single maximum: the posterior density of `%s` is flat",
            name);
  else
    th_fail(r->cx, TH_ERROR_NUMERIC,
            "there is no maximum: the posterior density of `%s` grows without bound at 0 and at 1", name);
  th_hint(r->cx, "`posterior(%s, d)` shows the whole distribution", r->model->name->spelling);
  return TH_FAILED;
}

static ThAttempt set_mode(const ThRecording *r, size_t i, const ThConjugatePart *s, ThMaximum *out) {
  double information;
  for (size_t m = 0; m < sizeof modes / sizeof *modes; m++) {
    if (modes[m].family != s->family) continue;
    if (!modes[m].mode(s->p, &out->estimate[i], &information)) return no_mode(r, i, s);
    s->family->math->support(s->p, &out->range[2 * i], &out->range[2 * i + 1]);
    out->information[i * out->k + i] = information > 0 ? information : (double)NAN;
    out->covariance[i * out->k + i] = information > 0 ? 1 / information : (double)NAN;
    if (information > 0) return TH_ANSWERED;
    th_unknown_element_name(&r->unknowns[r->elements[i].unknown], r->elements[i].index, &out->words);
    th_text_format(
        &out->words,
        " = %.6g is an end of its range:\nthe density is not level there, so that its curvature gives no ±\n",
        out->estimate[i]);
    return TH_ANSWERED;
  }
  return TH_DECLINED;
}

ThAttempt th_conjugate_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  ThConjugateStates s;
  if (r->options.verb == TH_VERB_MLE) return th_decline(why, "priors are left out");
  ThAttempt attempt = th_conjugate_states(r, &s, why);
  if (attempt != TH_ANSWERED) return attempt;
  if (are_mixtures(&s)) attempt = th_decline(why, "the mode of a mixture has no formula");
  else if (!th_maximum_init(r->cx, s.k, out)) attempt = TH_FAILED;
  for (size_t i = 0; attempt == TH_ANSWERED && i < s.k; i++) attempt = set_mode(r, i, s.of[i].parts, out);
  out->method = "exact: mode of the conjugate posterior";
  th_conjugate_states_clear(&s);
  if (attempt != TH_ANSWERED) th_maximum_clear(out);
  return attempt;
}
