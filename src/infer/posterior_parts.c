/* posterior_parts.c - components of a posterior as random variables, their laws, quantiles and intervals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A joint normal law is declared as a chain: the first element by itself, each later one given those before
 * it. With the covariance L L' and W = L⁻¹, W(β - m) is standard normal, so that given the earlier ones β_j ~
 * Normal(m_j - Σ_{l<j} W_jl/W_jj (β_l - m_l), 1/W_jj). */
#include <math.h>
#include <string.h>

#include "infer/sampled_posterior.h"
#include "num/linalg.h"
#include "num/special.h"
#include "prob/joint.h"
#include "prob/parameter.h"
#include "prob/query.h"
#include "prob/variable_kind.h"
#include "val/array.h"

/* --- Laws */

static const double *free_mean(const ThPosterior *p) { return p->free ? p->free->mean : p->mean; }
static const double *free_covariance(const ThPosterior *p) {
  return p->free ? p->free->covariance : p->covariance;
}

/* The draws of element i as a distribution: smoothed, or as they are. */
static bool law_of_draws(const ThPosterior *p, size_t i, const ThFamily *family, ThValue *out) {
  const ThChains *s = p->sample;
  ThValue parameters[TH_MAX_PARAMETERS] = {th_none(), th_number((double)NAN), th_none(), th_none()};
  ThArray *x = th_vector_new(p->cx, TH_DOUBLE, s->n_chains * s->n_draws);
  if (!x) return false;
  th_chains_column(s, i, x->real);
  parameters[0] = th_object(x);
  bool ok = th_distribution_new(p->cx, family, parameters, out);
  th_release(parameters[0]);
  return ok;
}

static bool interval_of_law(const ThPosterior *p, ThValue law, double tail, double *lower, double *upper) {
  const ThDistribution *d = th_as_distribution(law);
  return th_distribution_measure(p->cx, d, 0, TH_QUANTILE, tail, lower) &&
         th_distribution_measure(p->cx, d, 0, TH_UPPER_QUANTILE, tail, upper);
}

bool th_posterior_law(const ThPosterior *p, size_t i, ThValue *out) {
  if (p->sample) return law_of_draws(p, i, &th_family_kde, out);
  if (p->margins) *out = th_retain(p->margins[i]);
  if (p->margins) return true;
  if (p->laws) return th_distribution_of(p->cx, p->laws[i].family, p->laws[i].p, out);
  if (p->free) {
    size_t index;
    const ThLayoutEntry *e = th_layout_element(&p->layout, i, &index);
    ThValue component = th_law_element(p->components[e - p->layout.entries], index);
    return th_query_simple(p->cx, TH_QUERY_DIST, component, out);
  }
  double normal[TH_MAX_PARAMETERS] = {p->mean[i], sqrt(p->covariance[i * (p->k + 1)])};
  return th_distribution_of(p->cx, &th_family_normal, normal, out);
}

/* The value that has this probability below it, or above it: of a monotone image that of the free coordinate's. */
static double quantile(const ThPosterior *p, size_t i, double probability, bool upper) {
  double normal[TH_MAX_PARAMETERS] = {free_mean(p)[i], sqrt(free_covariance(p)[i * (p->k + 1)])};
  const ThFamilyMath *math = p->laws ? p->laws[i].family->math : th_family_normal.math;
  const double *parameters = p->laws ? p->laws[i].p : normal;
  return th_posterior_bound(
      p, i, upper ? math->upper_quantile(probability, parameters) : math->quantile(probability, parameters));
}

/* The distribution whose quantiles are those of element i: its draws, a margin; none: formulas know them. Owned. */
static bool law_of_quantiles(const ThPosterior *p, size_t i, ThValue *out) {
  *out = p->margins ? th_retain(p->margins[i]) : th_none();
  return !p->sample || law_of_draws(p, i, &th_family_empirical, out);
}

bool th_posterior_interval(const ThPosterior *p, size_t element, double *lower, double *upper) {
  double tail = (1 - p->question.level) / 2;
  ThValue law;
  if (!law_of_quantiles(p, element, &law)) return false;
  *lower = th_is_none(law) ? quantile(p, element, tail, false) : 0;
  *upper = th_is_none(law) ? quantile(p, element, tail, true) : 0;
  bool ok = th_is_none(law) || interval_of_law(p, law, tail, lower, upper);
  th_release(law);
  return ok;
}

bool th_posterior_quantiles(const ThPosterior *p, size_t element, size_t n, const double *probabilities,
                            double *out) {
  ThValue law;
  if (!law_of_quantiles(p, element, &law)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    if (th_is_none(law)) out[i] = quantile(p, element, probabilities[i], false);
    else
      ok = th_distribution_measure(p->cx, th_as_distribution(law), 0, TH_QUANTILE, probabilities[i], &out[i]);
  }
  th_release(law);
  return ok;
}

/* [lower, upper], or a row of that for each element. */
static bool entry_interval(const ThPosterior *p, const ThLayoutEntry *e, ThValue *out) {
  size_t n = th_entry_size(e);
  ThArray *a = e->count == SIZE_MAX ? th_vector_new(p->cx, TH_DOUBLE, 2)
                                    : th_matrix_new(p->cx, TH_DOUBLE, n, 2);
  if (!a) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++)
    ok = th_posterior_interval(p, e->first + i, &a->real[2 * i], &a->real[2 * i + 1]);
  if (ok) *out = th_object(a);
  else th_release(th_object(a));
  return ok;
}

bool th_posterior_intervals(const ThPosterior *p, ThValue *out) {
  ThRecord *record = th_record_new(p->cx, p->layout.n);
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < p->layout.n; i++) {
    ThValue v;
    if (p->layout.entries[i].is_held) continue;
    ok = entry_interval(p, &p->layout.entries[i], &v) &&
         th_record_set_take(p->cx, record, p->layout.entries[i].name, v);
  }
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* --- Components */

typedef struct Maker {
  ThPosterior *p;
  double *w;          /* (k, k): W, of a normal posterior, else NULL */
  ThValue *variables; /* (k): made so far, owned; unset before */
} Maker;

/* *sum += factor * variable */
static bool add_term(ThContext *cx, double factor, ThValue variable, ThValue *sum) {
  ThValue term, total;
  if (factor == 0) return true;
  if (!th_binary(cx, TH_OP_MULTIPLY, th_number(factor), variable, 0, &term)) return false;
  bool ok = th_binary(cx, TH_OP_ADD, *sum, term, 0, &total);
  th_release(term);
  if (ok) th_replace_take(sum, total);
  return ok;
}

static bool normal_given(ThContext *cx, ThValue mean, double sd, ThValue *out) {
  ThValue arguments[TH_MAX_GIVEN];
  size_t n = th_family_argument_count(&th_family_normal);
  if (th_is_number(mean)) {
    double p[TH_MAX_PARAMETERS] = {th_as_number(mean), sd};
    return th_distribution_of(cx, &th_family_normal, p, out);
  }
  for (size_t i = 0; i < n; i++) arguments[i] = th_unset();
  arguments[0] = mean;
  arguments[1] = th_number(sd);
  return th_conditional_new(cx, &th_family_normal, arguments, n, out);
}

/* The law of element j given those before it. */
static bool chain_law(const Maker *m, size_t j, ThValue *out) {
  const ThPosterior *p = m->p;
  const double *row = m->w + j * p->k;
  double constant = free_mean(p)[j];
  for (size_t l = 0; l < j; l++) constant += row[l] / row[j] * free_mean(p)[l];
  ThValue mean = th_number(constant);
  bool ok = true;
  for (size_t l = 0; ok && l < j; l++) ok = add_term(p->cx, -row[l] / row[j], m->variables[l], &mean);
  ok = ok && normal_given(p->cx, mean, 1 / row[j], out);
  th_release(mean);
  return ok;
}

static bool make_variable(const Maker *m, size_t j) {
  size_t index;
  ThValue law;
  const ThLayoutEntry *e = th_layout_element(&m->p->layout, j, &index);
  if (!(m->w ? chain_law(m, j, &law) : th_posterior_law(m->p, j, &law))) return false;
  bool ok = th_variable_new(m->p->cx, e->name, e->count == SIZE_MAX ? 0 : index + 1, law, &m->variables[j]);
  if (ok) th_as_variable(m->variables[j])->object.flags |= TH_VARIABLE_SHOWS_MARGINAL;
  th_release(law);
  return ok;
}

/* A parameter out of its variables. */
static bool make_component(const Maker *m, const ThLayoutEntry *e, ThValue *out) {
  size_t i = (size_t)(e - m->p->layout.entries);
  if (m->p->vectors && !th_is_none(m->p->vectors[i]))
    return th_joint_declare(m->p->cx, e->name, m->p->vectors[i], SIZE_MAX, out);
  if (e->is_held) *out = th_retain(e->held);
  else if (e->count == SIZE_MAX) *out = th_retain(m->variables[e->first]);
  if (e->is_held || e->count == SIZE_MAX) return true;
  ThVariableArray *a = th_variable_array_new(m->p->cx, e->name, e->count);
  if (!a) return false;
  for (size_t j = 0; j < e->count; j++) a->items[j] = th_retain(m->variables[e->first + j]);
  th_variable_array_done(m->p->cx, a);
  *out = th_object(a);
  return true;
}

/* W = L⁻¹. */
static bool make_chain(Maker *m) {
  size_t k = m->p->k;
  double *l = th_alloc_array(m->p->cx, k * k, sizeof *l);
  m->w = l ? th_alloc_array(m->p->cx, k * k, sizeof *m->w) : NULL;
  if (!m->w) {
    th_free(m->p->cx, l, k * k * sizeof *l);
    return false;
  }
  memcpy(l, free_covariance(m->p), k * k * sizeof *l);
  bool ok = th_linalg_cholesky(k, l);
  for (size_t i = 0; i < k * k; i++) m->w[i] = i % (k + 1) == 0;
  if (ok) th_linalg_solve_triangular(true, false, k, k, l, m->w);
  else
    th_fail(m->p->cx, TH_ERROR_NUMERIC,
            "the covariance of the posterior is not positive definite to working precision");
  th_free(m->p->cx, l, k * k * sizeof *l);
  return ok;
}

/* The components of a joint law, each by its parameter's name. */
static bool make_joint(const Maker *m) {
  ThPosterior *p = m->p;
  ThValue all;
  if (!th_joint_declare(p->cx, p->layout.entries[0].name, p->joint, SIZE_MAX, &all)) return false;
  for (size_t j = 0; j < p->k; j++) {
    size_t index;
    const ThLayoutEntry *e = th_layout_element(&p->layout, j, &index);
    ThVariable *v = th_as_variable(th_as_variable_array(all)->items[j]);
    v->name = e->name;
    v->index = e->count == SIZE_MAX ? 0 : index + 1;
    m->variables[j] = th_retain(th_object(v));
  }
  th_release(all);
  return true;
}

/* Each parameter as an expression in its free variable. */
static bool bound_variables(const Maker *m) {
  for (size_t j = 0; j < m->p->k; j++) {
    ThValue x;
    if (!th_posterior_bound_variable(m->p, j, m->variables[j], &x)) return false;
    th_replace_take(&m->variables[j], x);
  }
  return true;
}

static bool make_all(Maker *m) {
  ThPosterior *p = m->p;
  bool ok = p->laws || p->margins || p->k == 0 || make_chain(m);
  if (ok && !th_is_none(p->joint)) ok = make_joint(m);
  for (size_t j = 0; p->prepared && j < p->k; j++) m->variables[j] = th_retain(p->prepared[j]);
  for (size_t j = 0; ok && j < p->k; j++)
    if (th_is_none(m->variables[j])) ok = make_variable(m, j);
  if (ok && p->free) ok = bound_variables(m);
  for (size_t i = 0; ok && i < p->layout.n; i++)
    ok = make_component(m, &p->layout.entries[i], &p->components[i]);
  return ok;
}

/* They are known as parameters of one posterior. */
static void mark_origin(const ThPosterior *p) {
  uint64_t origin = th_variable_order(p->cx, NULL, 0);
  for (size_t i = 0; i < p->layout.n; i++) {
    ThValue v = p->components[i];
    size_t n = th_is_variable_array(v) ? th_as_variable_array(v)->length : 1;
    const ThValue *items = th_is_variable_array(v) ? th_as_variable_array(v)->items : &v;
    for (size_t k = 0; k < n; k++)
      if (th_is_variable(items[k])) th_as_variable(items[k])->origin = origin;
  }
}

static bool make_from_variables(ThPosterior *p) {
  ThContext *cx = p->cx;
  Maker m = {.p = p};
  m.variables = p->k ? th_alloc_array(cx, p->k, sizeof *m.variables) : NULL;
  if (p->k && !m.variables) return false;
  for (size_t j = 0; j < p->k; j++) m.variables[j] = th_none();
  bool ok = make_all(&m);
  if (p->k) th_release_all(m.variables, p->k);
  if (p->k) th_free(cx, m.variables, p->k * sizeof *m.variables);
  if (m.w) th_free(cx, m.w, p->k * p->k * sizeof *m.w);
  return ok;
}

bool th_posterior_make_components(ThPosterior *p) {
  if (p->layout.n == 0) return true;
  p->components = th_alloc_array(p->cx, p->layout.n, sizeof *p->components);
  if (!p->components) return false;
  for (size_t i = 0; i < p->layout.n; i++) p->components[i] = th_none();
  if (!(p->sample ? th_sampled_components(p) : make_from_variables(p))) return false;
  mark_origin(p);
  return true;
}

ThValue th_posterior_component(const ThPosterior *p, size_t i) {
  size_t index;
  const ThLayoutEntry *e = th_layout_element(&p->layout, i, &index);
  return th_law_element(p->components[e - p->layout.entries], index);
}

bool th_posterior_keep_prior(const ThPosterior *p, const ThRecording *r) {
  ThValue v = p->k == 1 ? th_posterior_component(p, 0) : th_none();
  if (!th_is_variable(v) || r->options.carried) return true;
  ThValue prior = th_recording_law(r, 0);
  if (!th_is_distribution(prior)) return true;
  const ThDistribution *d = th_as_distribution(prior);
  if (d->rank > 0) return th_distribution_element(p->cx, d, r->elements[0].index, &th_as_variable(v)->prior);
  th_as_variable(v)->prior = th_retain(prior);
  return true;
}

/* The mean of a discrete element is none of its values, and some laws have no mean. */
static bool point_of(const ThPosterior *p, size_t j, double *out) {
  ThValue law;
  *out = p->mean[j];
  bool discrete = p->margins && th_is_distribution(p->margins[j]) &&
                  th_distribution_is_discrete(th_as_distribution(p->margins[j]));
  if (isfinite(*out) && !discrete) return true;
  if (!th_posterior_law(p, j, &law)) return false;
  bool ok = th_distribution_measure(p->cx, th_as_distribution(law), 0, TH_QUANTILE, 0.5, out);
  th_release(law);
  return ok;
}

bool th_posterior_point(const ThPosterior *p, ThRecord **out) {
  double *x = th_alloc_array(p->cx, p->k + 1, sizeof *x);
  bool ok = x != NULL;
  for (size_t j = 0; ok && j < p->k; j++) ok = point_of(p, j, &x[j]);
  ok = ok && th_layout_record(p->cx, &p->layout, x, false, out);
  if (x) th_free(p->cx, x, (p->k + 1) * sizeof *x);
  return ok;
}

bool th_posterior_parameters(const ThPosterior *p, ThRecord **out) {
  ThRecord *record = *out = th_record_new(p->cx, p->layout.n);
  bool ok = record != NULL;
  for (size_t i = 0; ok && i < p->layout.n; i++)
    ok = th_record_set_take(p->cx, record, p->layout.entries[i].name, th_retain(p->components[i]));
  if (!ok && record) th_release(th_object(record));
  return ok;
}

bool th_posterior_replay(const ThPosterior *p, const ThModelData *data, const double *x, bool quietly,
                         ThRecording *out) {
  ThContext *cx = p->cx;
  ThRecord *parameters;
  if (!th_poll(cx) || !th_layout_record(cx, &p->layout, x, false, &parameters)) return false;
  ThNote note = quietly ? th_note_pause(cx) : cx->host.note;
  bool ok = th_question_replay(cx, &p->question, data, parameters, out);
  th_note_resume(cx, note);
  th_release(th_object(parameters));
  return ok;
}
