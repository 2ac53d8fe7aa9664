/* convergence.c - what a person is told about the chains of a posterior */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The diagnosis by ranks takes about as long as the sampling of a small model. Whether it is due is asked of the
 * effective size of the coordinates themselves: chains that disagree have a small one, too. */
#include "infer/convergence.h"

#include <math.h>

#include "infer/divergence.h"
#include "infer/sampled_posterior.h"
#include "num/diagnostics.h"

enum { LEAST_SIZE = 100 }; /* effective draws, a chain */
#define LARGEST_RHAT 1.01

/* The worst of all elements. */
typedef struct Worst {
  double rhat, size;
  size_t rhat_of, size_of;
} Worst;

static bool find_worst(const ThPosterior *p, Worst *out) {
  const ThDiagnosis *all;
  *out = (Worst){.rhat = -(double)INFINITY, .size = (double)INFINITY};
  if (!th_sampled_diagnosis(p, &all)) return false;
  for (size_t j = 0; j < p->k; j++) {
    double size = fmin(all[j].ess_bulk, all[j].ess_tail);
    if (all[j].rhat > out->rhat) out->rhat = all[j].rhat, out->rhat_of = j;
    if (size < out->size) out->size = size, out->size_of = j;
  }
  return true;
}

static void add_name(const ThPosterior *p, size_t j, const char *before, const char *after, ThText *out) {
  th_text_add(out, before);
  th_layout_name(&p->layout, j, out);
  th_text_add(out, after);
}

bool th_convergence_line(const ThPosterior *p, ThText *out) {
  Worst w;
  size_t n = p->sample->n_divergent;
  if (!find_worst(p, &w)) return false;
  if (isfinite(w.rhat)) {
    th_text_format(out, "worst R-hat %.3f", w.rhat);
    add_name(p, w.rhat_of, " (", "); ", out);
  }
  if (isfinite(w.size)) {
    th_text_format(out, "least ESS %.0f", w.size);
    add_name(p, w.size_of, " (", ")", out);
  }
  if (!isfinite(w.size)) th_text_add(out, "too few draws to tell how good they are");
  if (n) th_text_format(out, "; %zu divergence%s", n, n == 1 ? "" : "s");
  return th_text_ok(out, p->cx);
}

/* --- Warnings */

/* The least effective size of the coordinates. */
static bool least_size(const ThChains *s, double *least) {
  size_t n = s->n_chains * s->n_draws;
  double size, *x = th_alloc_array(s->cx, n, sizeof *x);
  bool ok = x != NULL;
  *least = (double)INFINITY;
  for (size_t j = 0; ok && j < s->d; j++) {
    for (size_t i = 0; i < n; i++) x[i] = s->u[i * s->d + j];
    ok = th_effective_size(s->cx, s->n_chains, s->n_draws, x, &size);
    if (ok && size < *least) *least = size;
  }
  if (x) th_free(s->cx, x, n * sizeof *x);
  return ok;
}

static void separate(ThText *out) {
  if (out->length) th_text_add(out, "; ");
}

static bool tell_mixing(const ThPosterior *p, ThText *out) {
  Worst w;
  double due;
  size_t wanted = LEAST_SIZE * p->sample->n_chains;
  if (!least_size(p->sample, &due)) return false;
  if (due > 2 * (double)wanted) return true;
  if (!find_worst(p, &w)) return false;
  if (w.rhat > LARGEST_RHAT) {
    th_text_format(out, "R-hat %.4g", w.rhat);
    add_name(p, w.rhat_of, " of ", ", above 1.01", out);
  }
  if (w.size < (double)wanted) {
    separate(out);
    th_text_format(out, "%.0f effective draws", w.size);
    add_name(p, w.size_of, " of ", "", out);
    th_text_format(out, ", fewer than %zu", wanted);
  }
  return th_text_ok(out, p->cx);
}

/* More draws help where nothing else is wrong. */
static void advise(const ThPosterior *p, bool low_energy, ThText *out) {
  const ThSamplerOptions *o = &p->question.sampler;
  if (p->sample->was_interrupted) th_text_add(out, ": the chains were interrupted");
  else if (p->sample->n_divergent) th_text_add(out, ": more draws hardly help where trajectories diverge");
  else if (low_energy) th_text_add(out, ": other parameters, or priors with lighter tails, help");
  else th_text_format(out, ": more draws, say warmup = %zu, draws = %zu", 2 * o->warmup, 4 * o->draws);
}

static bool warn(const ThRecording *r, const ThPosterior *p, ThText *divergences, ThText *others) {
  double energy = th_sampled_energy(p->sample);
  bool low = energy < TH_LEAST_ENERGY;
  if (!th_divergence_tell(r, &p->layout, p->sample, divergences) || !tell_mixing(p, others)) return false;
  if (low) {
    separate(others);
    th_text_format(others, "E-BFMI %.2g, below 0.3", energy);
  }
  if (others->length) advise(p, low, others);
  if (!th_text_ok(others, p->cx)) return false;
  if (divergences->length) th_note(p->cx, "%s", th_text_string(divergences));
  if (others->length) th_note(p->cx, "%s", th_text_string(others));
  return true;
}

bool th_convergence_warn(const ThRecording *r, const ThPosterior *p) {
  ThText divergences, others;
  th_text_init(&divergences, &p->cx->heap);
  th_text_init(&others, &p->cx->heap);
  bool ok = warn(r, p, &divergences, &others);
  th_text_clear(&divergences);
  th_text_clear(&others);
  return ok;
}

bool th_convergence_note_funnel(const ThRecording *r, const ThLayout *layout, const ThChains *sample,
                                size_t n_left) {
  ThText text;
  th_text_init(&text, &r->cx->heap);
  bool ok = th_divergence_tell_mended(r, layout, sample, n_left, &text);
  if (ok) th_note(r->cx, "%s", th_text_string(&text));
  th_text_clear(&text);
  return ok;
}
