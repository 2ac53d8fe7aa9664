/* sampled_posterior.c - a posterior known by draws of the no-U-turn sampler */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/sampled_posterior.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#include "infer/bridge.h"
#include "infer/columns.h"
#include "infer/convergence.h"
#include "infer/evidence.h"
#include "infer/places.h"
#include "infer/starts.h"
#include "infer/strategy.h"
#include "num/diagnostics.h"
#include "prob/draws.h"
#include "val/array.h"

void th_chains_column(const ThChains *s, size_t j, double *x) {
  for (size_t i = 0; i < s->n_chains * s->n_draws; i++) x[i] = s->x[i * s->k + j];
}

/* --- Components */

static bool make_variable(const ThPosterior *p, ThValue number, const ThLayoutEntry *e, size_t i,
                          ThValue *out) {
  const ThChains *s = p->sample;
  ThArray *values = th_vector_new(p->cx, TH_DOUBLE, s->n_chains * s->n_draws);
  if (!values) return false;
  th_chains_column(s, e->first + i, values->real);
  bool ok = th_draws_variable(p->cx, number, e->name, e->count == SIZE_MAX ? 0 : i + 1, th_object(values),
                              out);
  th_release(th_object(values));
  return ok;
}

static bool make_component(const ThPosterior *p, ThValue number, const ThLayoutEntry *e, ThValue *out) {
  if (e->is_held) *out = th_retain(e->held);
  if (e->is_held) return true;
  if (e->count == SIZE_MAX) return make_variable(p, number, e, 0, out);
  ThVariableArray *a = th_variable_array_new(p->cx, e->name, e->count);
  bool ok = a != NULL;
  for (size_t i = 0; a && i < e->count; i++) {
    a->items[i] = th_number(0);
    ok = ok && make_variable(p, number, e, i, &a->items[i]);
  }
  if (a) th_variable_array_done(p->cx, a);
  if (ok) *out = th_object(a);
  else if (a) th_release(th_object(a));
  return ok;
}

bool th_sampled_components(ThPosterior *p) {
  if (!th_draws_declare(p->cx, p->sample->n_chains, p->sample->n_draws, "nuts", &p->number)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < p->layout.n; i++)
    ok = make_component(p, p->number, &p->layout.entries[i], &p->components[i]);
  return ok;
}

/* --- Fields */

static bool add_element(const ThPosterior *p, ThTable *table, size_t j) {
  ThText name;
  th_text_init(&name, &p->cx->heap);
  th_layout_name(&p->layout, j, &name);
  ThArray *column = th_text_ok(&name, p->cx) ? th_vector_new(p->cx, TH_DOUBLE, table->n_rows) : NULL;
  if (column) th_chains_column(p->sample, j, column->real);
  bool ok = th_columns_add_take(p->cx, table, th_text_string(&name), column);
  th_text_clear(&name);
  return ok;
}

bool th_sampled_draws(const ThPosterior *p, ThValue *out) {
  ThContext *cx = p->cx;
  size_t n_draws = p->sample->n_draws, n = p->sample->n_chains * n_draws;
  ThTable *table = th_table_new(cx, n);
  if (!table) return false;
  bool ok = true;
  for (int which = 0; ok && which < 2; which++) {
    ThArray *a = th_vector_new(cx, TH_DOUBLE, n);
    for (size_t i = 0; a && i < n; i++) a->real[i] = (double)(1 + (which ? i % n_draws : i / n_draws));
    ok = th_columns_add_take(cx, table, which ? "draw" : "chain", a);
  }
  for (size_t j = 0; ok && j < p->k; j++) ok = add_element(p, table, j);
  if (ok) *out = th_object(table);
  else th_release(th_object(table));
  return ok;
}

/* One number for each element, as a record by parameter; `which` counts the members of ThDiagnosis. */
static bool by_parameter(const ThPosterior *p, const ThDiagnosis *all, int which, ThValue *out) {
  double *x = th_alloc_array(p->cx, p->k, sizeof *x);
  ThRecord *record;
  if (!x) return false;
  for (size_t j = 0; j < p->k; j++) {
    const double members[] = {all[j].rhat, all[j].ess_bulk, all[j].ess_tail, all[j].mcse};
    x[j] = members[which];
  }
  bool ok = th_layout_record(p->cx, &p->layout, x, false, &record);
  if (ok) *out = th_object(record);
  th_free(p->cx, x, p->k * sizeof *x);
  return ok;
}

static bool diagnose(const ThPosterior *p, ThDiagnosis *all) {
  const ThChains *s = p->sample;
  size_t n = s->n_chains * s->n_draws;
  double *x = th_alloc_array(p->cx, n, sizeof *x);
  bool ok = x != NULL;
  for (size_t j = 0; ok && j < p->k; j++) {
    th_chains_column(s, j, x);
    ok = th_diagnose(p->cx, s->n_chains, s->n_draws, x, &all[j]);
  }
  if (x) th_free(p->cx, x, n * sizeof *x);
  return ok;
}

bool th_sampled_diagnosis(const ThPosterior *p, const ThDiagnosis **out) {
  ThChains *s = p->sample;
  if (!s->diagnosis) {
    ThDiagnosis *all = th_alloc_array(p->cx, s->k, sizeof *all);
    if (!all) return false;
    if (!diagnose(p, all)) {
      th_free(p->cx, all, s->k * sizeof *all);
      return false;
    }
    s->diagnosis = all;
  }
  *out = s->diagnosis;
  return true;
}

double th_sampled_energy(const ThChains *s) {
  double least = (double)INFINITY;
  for (size_t c = 0; c < s->n_chains; c++)
    least = fmin(least, th_diagnose_energy(s->n_draws, s->energy + c * s->n_draws));
  return least;
}

bool th_sampled_diagnostics(const ThPosterior *p, ThValue *out) {
  static const char *const names[] = {"rhat", "ess_bulk", "ess_tail", "mcse"};
  ThContext *cx = p->cx;
  const ThDiagnosis *all;
  if (!th_sampled_diagnosis(p, &all)) return false;
  ThRecord *record = th_record_new(cx, 6);
  bool ok = record != NULL;
  for (int which = 0; ok && which < 4; which++) {
    ThValue v;
    ok = by_parameter(p, all, which, &v) && th_record_set_text(cx, record, names[which], v);
  }
  ok = ok && th_record_set_text(cx, record, "divergences", th_number((double)p->sample->n_divergent)) &&
       th_record_set_text(cx, record, "e_bfmi", th_number(th_sampled_energy(p->sample)));
  if (ok) *out = th_object(record);
  else if (record) th_release(th_object(record));
  return ok;
}

/* --- The strategy */

static unsigned count_processors(void) {
  long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? (unsigned)n : 1;
}

/* The coordinates of `init`, where it is given and inside the ranges: d numbers behind k of parameters at x, and behind
 * 2 k of ranges. */
static bool find_start(const ThSampledDensity *density, double *x, const double **start) {
  const ThTarget *t = &density->target;
  double *ranges = x + t->k + density->transforms.d;
  bool given;
  *start = NULL;
  th_starts_ranges(t->r, ranges, ranges + t->k);
  if (!th_starts_given(t->r, ranges, ranges + t->k, x, &given)) return false;
  if (!given) return true;
  if (!th_places_from_values(t, x)) return false;
  if (th_transforms_back(&density->transforms, x, x + t->k)) *start = x + t->k;
  return true;
}

static bool bridge_by(ThSampledDensity *density, bool shared, const ThChains *sample, uint64_t seed,
                      ThFinding *out, bool *holds) {
  ThDensityView view;
  bool ok = th_density_view_init(density, shared, &view) &&
            th_bridge_find(sample, &view.objective, seed, out);
  *holds = !view.fails_to_hold;
  th_density_view_clear(density->cx, &view);
  return ok;
}

/* The evidence, where every prior is proper; by the program of the threads, which is the quickest, if it holds. */
static bool bridge(ThSampledDensity *density, const ThChains *sample, uint64_t seed, ThPosterior *p) {
  bool holds, shared = density->program != NULL;
  if (th_evidence_improper(density->target.r) != SIZE_MAX) return true;
  if (!bridge_by(density, shared, sample, seed, &p->evidence, &holds)) return false;
  if (!holds && !bridge_by(density, false, sample, seed, &p->evidence, &holds)) return false;
  p->log_evidence = p->evidence.value;
  return true;
}

/* Ctrl-C at the evidence: the draws are there. */
static bool go_on_without(ThPosterior *p) {
  if (p->cx->error.code != TH_ERROR_INTERRUPTED) return false;
  th_error_clear(p->cx);
  p->evidence.value = p->log_evidence = (double)NAN;
  snprintf(p->evidence.reason, sizeof p->evidence.reason, "it was interrupted");
  return true;
}

/* A density and what was drawn from it. */
typedef struct Run {
  ThSampledDensity density;
  ThChains sample;
} Run;

static void run_clear(Run *run) {
  th_chains_clear(&run->sample);
  th_sampled_density_clear(&run->density);
}

static bool draw(Run *run, const ThPosterior *p, uint64_t seed) {
  ThSampledDensity *density = &run->density;
  const ThSamplerOptions *o = &p->question.sampler;
  size_t size = 3 * density->transforms.k + density->transforms.d;
  ThChainOptions options = {.n_chains = o->chains,
                            .n_warmup = o->warmup,
                            .n_draws = o->draws,
                            .seed = seed,
                            .max_threads = count_processors()};
  double *x = th_alloc_array(p->cx, size, sizeof *x);
  bool ok = x && find_start(density, x, &options.start) && th_chains_run(density, &options, &run->sample);
  if (x) th_free(p->cx, x, size * sizeof *x);
  return ok;
}

/* *run is empty after a failure. */
static ThAttempt run_init(Run *run, const ThRecording *r, ThRelative level, const ThPosterior *p,
                          uint64_t seed, ThReason *why) {
  *run = (Run){.sample = {.cx = r->cx}};
  ThAttempt attempt = th_sampled_density_init(r, level, &run->density, why);
  if (attempt != TH_ANSWERED || draw(run, p, seed)) return attempt;
  th_sampled_density_clear(&run->density);
  return TH_FAILED;
}

/* --- Funnels */

/* More than one trajectory in a thousand diverged, or the energies were not reached. */
static bool is_suspect(const ThChains *s) {
  if (s->was_interrupted) return false;
  return 1000 * s->n_divergent > s->n_chains * s->n_draws || th_sampled_energy(s) < TH_LEAST_ENERGY;
}

static bool is_better(const ThChains *a, const ThChains *b) {
  return !a->was_interrupted && a->n_divergent <= b->n_divergent &&
         th_sampled_energy(a) > th_sampled_energy(b);
}

/* Where a scale is small, all that it scales is squeezed together, and trajectories diverge or do not get there. Then
 * the parameters are sampled once more, by their places on that scale, which is kept if it does better. */
static ThAttempt leave_funnel(Run *run, const ThRecording *r, const ThPosterior *p, uint64_t seed,
                              ThReason *why) {
  bool any;
  Run other;
  ThChains *first = &run->sample;
  if (!is_suspect(first)) return TH_ANSWERED;
  if (!th_relative_any_scaled(r, &any)) return TH_FAILED;
  if (!any) return TH_ANSWERED;
  ThAttempt attempt = run_init(&other, r, TH_RELATIVE_SCALES, p, seed, why);
  if (attempt != TH_ANSWERED) return attempt;
  if (!is_better(&other.sample, first)) {
    run_clear(&other);
    return TH_ANSWERED;
  }
  bool ok = th_places_to_values(&run->density.target, first->n_chains * first->n_draws, first->x) &&
            th_convergence_note_funnel(r, &p->layout, first, other.sample.n_divergent);
  run_clear(run);
  *run = other;
  return ok ? TH_ANSWERED : TH_FAILED;
}

static bool give_take(Run *run, ThPosterior *p, uint64_t seed) {
  char method[96];
  ThChains *s = &run->sample;
  snprintf(method, sizeof method, "nuts%s", s->was_interrupted ? ", interrupted" : "");
  bool ok = (bridge(&run->density, s, seed, p) || go_on_without(p)) &&
            th_places_to_values(&run->density.target, s->n_chains * s->n_draws, s->x);
  th_sampled_density_clear(&run->density);
  if (ok) return th_posterior_set_sample_take(p, s, method);
  th_chains_clear(s);
  return false;
}

ThAttempt th_nuts_posterior(const ThRecording *r, ThPosterior *p, ThReason *why) {
  const ThSamplerOptions *o = &p->question.sampler;
  Run run;
  if (r->n_elements == 0) return th_decline(why, "it has no parameters left");
  if (r->options.carried) return th_decline(why, "its prior is a posterior");
  if (th_transforms_check(r, why) == TH_DECLINED) return TH_DECLINED;
  uint64_t seed = o->seeded ? o->seed : th_random_bits(r->cx->random);
  ThAttempt attempt = run_init(&run, r, TH_RELATIVE_RANGES, p, seed, why);
  if (attempt != TH_ANSWERED) return attempt;
  attempt = leave_funnel(&run, r, p, seed, why);
  if (attempt != TH_ANSWERED) {
    run_clear(&run);
    return attempt;
  }
  return give_take(&run, p, seed) && th_convergence_warn(r, p) ? TH_ANSWERED : TH_FAILED;
}
