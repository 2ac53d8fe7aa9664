/* update.c - today's posterior as tomorrow's prior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* update(posterior(m, d1), d2) is posterior(m, d1 and d2), in every field: the evidence is that of all data. An exact
 * posterior becomes the prior; of any other one the model is asked again, about all data together. */
#include "infer/update.h"

#include <math.h>
#include <string.h>

#include "infer/family_model.h"
#include "infer/gaussian.h"
#include "infer/joined_data.h"
#include "infer/law.h"
#include "num/linalg.h"
#include "prob/normal_inv_gamma.h"
#include "val/array.h"

/* The laws of a parameter as one distribution. */
static bool entry_prior(const ThPosterior *p, const ThLayoutEntry *e, ThValue *out) {
  const ThElementLaw *laws = &p->laws[e->first];
  ThValue parameters[TH_MAX_PARAMETERS] = {th_none(), th_none(), th_none(), th_none()};
  size_t entry = (size_t)(e - p->layout.entries);
  if (p->vectors && !th_is_none(p->vectors[entry])) {
    *out = th_retain(p->vectors[entry]);
    return true;
  }
  if (e->count == SIZE_MAX) return th_posterior_law(p, e->first, out);
  for (size_t i = 1; i < e->count; i++)
    if (laws[i].family != laws[0].family)
      return th_fail(p->cx, TH_ERROR_VALUE, "the elements of `%s` have posteriors of different families",
                     e->name->spelling);
  bool ok = true;
  for (int j = 0; ok && j < laws[0].family->n_parameters; j++) {
    ThArray *a = th_vector_new(p->cx, TH_DOUBLE, e->count);
    ok = a != NULL;
    for (size_t i = 0; ok && i < e->count; i++) a->real[i] = laws[i].p[j];
    if (ok) parameters[j] = th_object(a);
  }
  ok = ok && th_distribution_new(p->cx, laws[0].family, parameters, out);
  th_release_all(parameters, TH_MAX_PARAMETERS);
  return ok;
}

/* prior = (p = Beta(8, 4), …) of a product. */
static bool prior_record(const ThPosterior *p, ThValue *out) {
  ThRecord *record = th_record_new(p->cx, p->layout.n);
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < p->layout.n; i++) {
    ThValue law;
    const ThLayoutEntry *e = &p->layout.entries[i];
    if (e->is_held) continue;
    ok = entry_prior(p, e, &law) && th_record_set_take(p->cx, record, e->name, law);
  }
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* Knobs that are not given again stay as they were. */
static void keep_knobs(const ThQuestion *old, ThModelData *data) {
  bool is_knob;
  for (size_t i = 0; i < data->n; i++) {
    if (!th_model_argument(th_question_model(old), i, &is_knob) || !is_knob) continue;
    if (th_is_unset(data->values[i])) data->values[i] = th_retain(old->data.values[i]);
  }
}

/* Are the elements independent, each with a law of its own? */
static bool is_product(const ThPosterior *p) {
  return p->laws || (p->margins && th_is_none(p->joint) && !p->prepared);
}

/* The question of a posterior again, with other data, taken. */
static bool ask_again(ThContext *cx, const ThPosterior *p, ThModelData *data, ThQuestion *out) {
  *out = p->question;
  out->data = *data;
  *data = (ThModelData){0};
  th_retain(out->model);
  th_retain(out->fix);
  th_retain(out->init);
  out->weights = th_none(); /* those were of the old data */
  if (!is_product(p)) {
    th_retain(out->prior);
    return true;
  }
  out->prior = th_none();
  if (prior_record(p, &out->prior)) return true;
  th_question_clear(cx, out);
  return false;
}

static bool note_same(ThContext *cx, const ThPosterior *p, const ThModelData *data) {
  bool same;
  ThQuestion all = th_posterior_question(p);
  if (!th_joined_holds(cx, &all, data, &same)) return false;
  if (same) th_note(cx, "these data are the ones that the posterior has already seen");
  return true;
}

/* The normal-inverse-gamma law that holds it, or NULL. */
static const ThDistribution *scaled_law(const ThPosterior *p) {
  bool scaled = th_is_distribution(p->joint) &&
                th_as_distribution(p->joint)->family == &th_family_normal_inv_gamma;
  return scaled ? th_as_distribution(p->joint) : NULL;
}

/* Laws of which the elements of a vector have each another one cannot be its prior. */
static bool has_vector_margins(const ThPosterior *p) {
  for (size_t i = 0; p->margins && i < p->layout.n; i++)
    if (!p->layout.entries[i].is_held && p->layout.entries[i].count != SIZE_MAX) return true;
  return false;
}

/* Only an exact posterior is a prior that the model can be given; of data with weights all are asked again. */
static bool is_exact(const ThPosterior *p) {
  if (th_question_weights(&p->question)) return false;
  bool carries = scaled_law(p) || (th_is_none(p->joint) && !has_vector_margins(p));
  return carries && !p->free && !p->prepared && strncmp(th_as_string(p->method)->text, "exact", 5) == 0;
}

static bool find_normal(ThContext *cx, const ThPosterior *p, ThQuestion *question, ThValue *out) {
  ThGaussianPrior carried = {
      .k = p->k, .root = p->root, .target = p->target, .log_evidence = p->log_evidence};
  return th_posterior_find_take(cx, question, is_product(p) ? NULL : &carried, out);
}

/* Normal given w, whose root is L⁻¹ of the covariance L L'. */
static bool find_scaled(ThContext *cx, const ThPosterior *p, ThQuestion *question, ThValue *out) {
  ThNormalInvGamma law = th_normal_inv_gamma_parts(scaled_law(p));
  size_t k = law.k, size = k * k + k;
  double gamma[] = {law.shape, law.scale}, *root = th_alloc_array(cx, size, sizeof *root);
  if (!root) {
    th_question_clear(cx, question);
    return false;
  }
  double *target = root + k * k;
  for (size_t i = 0; i < k * k; i++) root[i] = i % (k + 1) == 0;
  memcpy(target, law.mean, k * sizeof *target);
  th_linalg_solve_triangular(true, false, k, k, law.factor, root);
  th_linalg_solve_triangular(true, false, k, 1, law.factor, target);
  ThGaussianPrior carried = {
      .k = k, .root = root, .target = target, .log_evidence = p->log_evidence, .gamma = gamma};
  bool ok = th_posterior_find_take(cx, question, &carried, out);
  th_free(cx, root, size * sizeof *root);
  return ok;
}

/* The question is taken. */
static bool carry_to(ThContext *cx, const ThPosterior *p, ThQuestion *question, ThValue *out) {
  if (!(scaled_law(p) ? find_scaled(cx, p, question, out) : find_normal(cx, p, question, out))) return false;
  if (is_product(p)) th_as_posterior(*out)->log_evidence += p->log_evidence;
  return true;
}

/* Old and new data together, where they join; else none (n is 0). */
static bool find_all(ThContext *cx, const ThPosterior *p, const ThModelData *more, ThModelData *out) {
  ThQuestion old = th_posterior_question(p);
  *out = (ThModelData){0};
  if (p->forgot) return true;
  if (th_joined_data(cx, &old, more, out)) return true;
  if (th_is_final(cx)) return false;
  th_error_clear(cx);
  *out = (ThModelData){0};
  return true;
}

/* With the posterior in the place of the priors; data are taken. */
static bool carry_on(ThContext *cx, const ThPosterior *p, ThModelData *data, ThValue *out) {
  ThQuestion question;
  ThModelData all;
  if (!find_all(cx, p, data, &all)) return false;
  bool ok = ask_again(cx, p, data, &question) && carry_to(cx, p, &question, out);
  if (!ok) {
    th_model_data_clear(cx, &all);
    return false;
  }
  th_as_posterior(*out)->seen = all;
  th_as_posterior(*out)->forgot = all.n == 0;
  return true;
}

/* About old and new data together. */
static bool ask_all(ThContext *cx, const ThPosterior *p, const ThModelData *more, ThValue *out) {
  ThQuestion question = p->question;
  if (!th_joined_data(cx, &p->question, more, &question.data)) return false;
  if (!th_joined_weights(cx, &p->question, more, &question.weights)) {
    th_model_data_clear(cx, &question.data);
    return false;
  }
  th_retain(question.model);
  th_retain(question.prior);
  th_retain(question.fix);
  th_retain(question.init);
  return th_posterior_find_take(cx, &question, NULL, out);
}

/* More data, bound to the model's arguments; those of a family may be an array alone. */
static bool bind(ThContext *cx, const ThModel *model, ThValue more, const ThRecord *named, ThModelData *out) {
  bool alone = model->family && !th_is_unset(more) && !th_is_table(more) && !th_is_record(more);
  if (!alone) return th_model_data_bind(cx, "update", model, more, named, NULL, out);
  ThRecord *record = th_record_new(cx, 1);
  bool ok = record && th_record_set_take(cx, record, model->family->data, th_retain(more)) &&
            th_model_data_bind(cx, "update", model, th_object(record), named, NULL, out);
  if (record) th_release(th_object(record));
  return ok;
}

bool th_update_posterior(ThContext *cx, const ThPosterior *p, ThValue more, const ThRecord *named,
                         ThValue *out) {
  ThModelData data;
  if (!bind(cx, th_question_model(&p->question), more, named, &data)) return false;
  keep_knobs(&p->question, &data);
  bool ok = note_same(cx, p, &data) &&
            (is_exact(p) ? carry_on(cx, p, &data, out) : ask_all(cx, p, &data, out));
  th_model_data_clear(cx, &data);
  return ok;
}
