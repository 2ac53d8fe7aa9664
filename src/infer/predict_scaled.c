/* predict_scaled.c - the next datum of a linear model whose σ is unknown: a Student t variable */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* y = g·β + h + c √w ε with β | w ~ Normal(m, w V) is Normal(g·m + h, w (c² + g'Vg)) given w, and with 1/w of a gamma
 * law of shape a and rate b it is a t with 2a degrees of freedom and the scale √(b/a (c² + g'Vg)). */
#include <math.h>

#include "infer/gaussian.h"
#include "infer/posterior.h"
#include "infer/predict.h"
#include "prob/linear.h"
#include "prob/normal_inv_gamma.h"

/* The law of the one observation, its mean as a linear form in β, and what the posterior knows. */
typedef struct Next {
  ThContext *cx;
  const ThVariable *scale;
  ThValue law; /* borrowed */
  ThLinear mean;
  ThNormalInvGamma known;
  size_t m; /* data */
} Next;

static bool read_mean(Next *n, const ThRecording *r, bool *fits) {
  const ThFamily *family;
  ThValue p[TH_MAX_PARAMETERS];
  const ThVariable **variables = th_alloc_array(n->cx, r->n_elements, sizeof *variables);
  if (!variables) return false;
  for (size_t i = 0, at = 0; i < r->n_elements; i++)
    if (i != n->known.place) variables[at++] = r->elements[i].variable;
  bool ok = th_law_parameters(n->cx, n->law, &family, p);
  if (ok) {
    *fits = !th_is_unset(p[0]);
    if (*fits) ok = th_linear_read(n->cx, p[0], variables, n->known.k, &n->mean, fits);
    th_release_all(p, TH_MAX_PARAMETERS);
  }
  th_free(n->cx, variables, r->n_elements * sizeof *variables);
  return ok;
}

/* Location and scale of datum i; false where its σ is no multiple of √w. */
static bool find_law(const Next *n, size_t i, double *location, double *scale) {
  ThConjugateForm form;
  size_t k = n->known.k, at = n->mean.length == 1 ? 0 : i;
  const double *g = n->mean.coefficients + at * k;
  if (!th_gaussian_variance(n->law, i, &form)) return false;
  if (form.variable != n->scale || form.power != n->known.power) return false;
  double sum = form.factor;
  *location = n->mean.constant[at];
  for (size_t j = 0; j < k; j++) {
    *location += g[j] * n->known.mean[j];
    for (size_t l = 0; l < k; l++) sum += g[j] * n->known.covariance[j * k + l] * g[l];
  }
  *scale = sqrt(n->known.scale / n->known.shape * sum);
  return true;
}

static bool answer(const Next *n, bool scalar, bool *known, ThValue *out) {
  ThValue parameters[TH_MAX_PARAMETERS] = {th_number(2 * n->known.shape), th_none(), th_none(), th_none()};
  ThArray *location = th_vector_new(n->cx, TH_DOUBLE, n->m),
          *scale = location ? th_vector_new(n->cx, TH_DOUBLE, n->m) : NULL;
  *known = scale != NULL;
  for (size_t i = 0; *known && i < n->m; i++) *known = find_law(n, i, &location->real[i], &scale->real[i]);
  bool ok = scale != NULL;
  if (*known) {
    parameters[1] = scalar ? th_number(location->real[0]) : th_retain(th_object(location));
    parameters[2] = scalar ? th_number(scale->real[0]) : th_retain(th_object(scale));
    ok = th_distribution_new(n->cx, &th_family_student_t, parameters, out);
  }
  if (location) th_release(th_object(location));
  if (scale) th_release(th_object(scale));
  th_release_all(parameters, TH_MAX_PARAMETERS);
  return ok;
}

bool th_predict_scaled(ThContext *cx, const ThPosterior *p, const ThModelData *data, size_t m, bool scalar,
                       bool *known, ThValue *out) {
  ThRecording r;
  *known = false;
  if (!th_is_distribution(p->joint)) return true;
  const ThDistribution *joint = th_as_distribution(p->joint);
  if (joint->family != &th_family_normal_inv_gamma) return true;
  if (!th_question_reopen(cx, &p->question, data, &r)) return false;
  Next n = {
      .cx = cx, .law = r.observations[0].distribution, .known = th_normal_inv_gamma_parts(joint), .m = m};
  n.scale = r.elements[n.known.place].variable;
  bool fits = th_law_family(n.law) == &th_family_normal, ok = true;
  if (fits) ok = read_mean(&n, &r, &fits);
  if (ok && fits) {
    ok = answer(&n, scalar, known, out);
    th_linear_clear(&n.mean);
  }
  th_recording_clear(&r);
  return ok;
}
