/* normal_inv_gamma.c - linear models with Normal errors of unknown σ, whose priors are as wide as the errors */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* y ~ Normal(X β, c √w) with β ~ Normal(m, s √w) and w ~ InvGamma(a, b): with the rows of gaussian_read.c divided by
 * c and s, the posterior of β given w is the normal law around the least-squares solution, times √w, and that of w is
 * InvGamma(a + n/2, b + S/2), with S the sum of squares at the solution and n rows less those that the solution takes.
 * w may be the variance, or a power of the parameter: the precision, σ. */
#include "infer/gaussian.h"

#include <math.h>
#include <string.h>

#include "infer/law_vector.h"
#include "infer/posterior.h"
#include "num/real.h"
#include "num/special.h"
#include "prob/conjugate.h"
#include "prob/normal_inv_gamma.h"

/* The first element of whose power a variance is a multiple. */
static ThAttempt find_scale(const ThRecording *r, ThGaussianScale *out, ThReason *why) {
  for (size_t i = 0; i < r->n_observations; i++) {
    ThConjugateForm form;
    bool is_multiple;
    ThValue law = r->observations[i].distribution;
    if (th_law_family(law) == &th_family_normal) is_multiple = th_gaussian_variance(law, 0, &form);
    else if (!th_gaussian_covariance(r->cx, law, &form, &is_multiple)) return TH_FAILED;
    if (!is_multiple) continue;
    *out = (ThGaussianScale){.element = th_recording_element(r, form.variable), .power = form.power};
    bool known = fabs(out->power) == 1 || fabs(out->power) == 2;
    if (known && out->element != SIZE_MAX) return TH_ANSWERED;
  }
  return th_decline(why, "no σ is a multiple of a parameter");
}

/* Shape and scale of the prior of w; *proper is false where the parameter has a flat one: of v = w^(1/q) it is
 * proportional to w^(1/q - 1). */
static ThAttempt read_scale_prior(const ThRecording *r, const ThGaussianScale *scale, double *gamma,
                                  bool *proper, ThReason *why) {
  const ThElementary *e = &r->elements[scale->element];
  const ThUnknown *u = &r->unknowns[e->unknown];
  const ThFamily *family;
  double p[TH_MAX_PARAMETERS];
  *proper = !th_is_none(u->prior) || !th_is_none(e->prior);
  if (!*proper) {
    if (u->lower != 0 || u->upper < TH_INFINITY)
      return th_decline(why, "the range of `%s` is not (0, inf)", u->name->spelling);
    gamma[0] = -1 / scale->power;
    gamma[1] = 0;
    return TH_ANSWERED;
  }
  if ((!th_is_none(u->prior) && th_is_joint_law(u->prior)) ||
      !th_recording_prior(r, scale->element, &family, p))
    return th_decline(why, "the prior of `%s` hangs on other parameters", u->name->spelling);
  if (!family->math || family->build)
    return th_decline(why, "the prior of `%s` is no gamma law", u->name->spelling);
  double q[TH_MAX_PARAMETERS];
  family = th_conjugate_prior(family, p, q);
  bool fits = (scale->power == 1 && family == &th_family_inv_gamma) ||
              (scale->power == -1 && family == &th_family_gamma);
  if (!fits)
    return th_decline(why, "a %s prior of `%s` does not go with a Normal law's σ in closed form",
                      family->name, u->name->spelling);
  memcpy(gamma, q, 2 * sizeof *gamma);
  return TH_ANSWERED;
}

/* --- The posterior */

typedef struct Scaled {
  const ThRecording *r;
  ThGaussianScale scale;
  ThGaussianSystem system;
  ThLeastSquares solution;
  double before[2], after[2]; /* shape and scale of w */
  bool proper;
} Scaled;

/* All densities integrated over β and w; those of the k proper prior rows take the √2π of the integral. */
static double log_evidence(const Scaled *s) {
  const ThGaussianSystem *g = &s->system;
  const ThGaussianPrior *carried = s->r->options.carried;
  if (!s->proper || g->n_proper < g->k) return TH_NAN;
  double sum = g->constant - g->log_scale - g->weight * TH_HALF_LOG_2PI +
               (carried ? carried->log_evidence : 0);
  for (size_t j = 0; j < g->k; j++) sum -= log(fabs(s->solution.root[j * (g->k + 1)]));
  return sum + s->before[0] * log(s->before[1]) - th_special_lgamma(s->before[0]) +
         th_special_lgamma(s->after[0]) - s->after[0] * log(s->after[1]);
}

static ThAttempt give(const Scaled *s, ThPosterior *out) {
  ThValue law;
  ThNormalInvGamma parts = {.k = s->system.k,
                            .mean = s->solution.x,
                            .covariance = s->solution.covariance,
                            .shape = s->after[0],
                            .scale = s->after[1],
                            .place = s->scale.element,
                            .power = s->scale.power};
  const char *method = s->scale.power < 0 ? "exact: linear Gaussian, normal-gamma"
                                          : "exact: linear Gaussian, normal-inverse-gamma";
  if (!th_normal_inv_gamma_new(s->r->cx, &parts, &law)) return TH_FAILED;
  bool ok = th_posterior_set_joint(out, law, log_evidence(s), method);
  th_release(law);
  return ok ? TH_ANSWERED : TH_FAILED;
}

static ThAttempt fail_improper(const ThRecording *r, const char *name) {
  th_fail(r->cx, TH_ERROR_VALUE,
          "the posterior of `%s` is improper: `%s` has no prior, and too few data decide on it",
          r->model->name->spelling, name);
  th_hint(r->cx, "a proper prior pins it: a variance `v ~ InvGamma(1, 1)` in place of `param`, for example");
  return TH_FAILED;
}

static ThAttempt take(Scaled *s, ThPosterior *out) {
  const ThGaussianSystem *g = &s->system;
  const char *name = s->r->unknowns[s->r->elements[s->scale.element].unknown].name->spelling;
  if (s->solution.rank < g->k) return th_gaussian_fail_flat(s->r, g, &s->solution);
  double rows = g->weight + (double)g->n_proper - (double)g->k;
  s->after[0] = s->before[0] + 0.5 * rows;
  s->after[1] = s->before[1] + 0.5 * s->solution.sum_squares;
  if (!(s->after[0] > 0 && s->after[1] > 0)) return fail_improper(s->r, name);
  return give(s, out);
}

static ThAttempt read_scale(Scaled *s, ThReason *why) {
  const ThGaussianPrior *carried = s->r->options.carried;
  ThAttempt attempt = find_scale(s->r, &s->scale, why);
  if (attempt != TH_ANSWERED) return attempt;
  if (s->r->n_elements < 2) return th_decline(why, "it has no parameter but a scale");
  if (carried && !carried->gamma) return th_decline(why, "the earlier posterior has no scale");
  if (!carried) return read_scale_prior(s->r, &s->scale, s->before, &s->proper, why);
  memcpy(s->before, carried->gamma, 2 * sizeof *s->before);
  s->proper = !isnan(carried->log_evidence);
  return TH_ANSWERED;
}

ThAttempt th_normal_inv_gamma_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  Scaled s = {.r = r};
  ThAttempt attempt = read_scale(&s, why);
  if (attempt == TH_ANSWERED) attempt = th_gaussian_check_unbounded(r, &s.scale, why);
  if (attempt == TH_ANSWERED) attempt = th_gaussian_read_scaled(r, true, &s.scale, &s.system, why);
  if (attempt != TH_ANSWERED) return attempt;
  attempt = th_gaussian_solve(&s.system, &s.solution) ? take(&s, out) : TH_FAILED;
  th_least_squares_clear(&s.solution);
  th_gaussian_clear(&s.system);
  return attempt;
}
