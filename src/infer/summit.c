/* summit.c - what there is to say of a maximum once it is found: its curvature, and where that gives no ± */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/summit.h"

#include <math.h>
#include <string.h>

#include "infer/optimiser.h"
#include "infer/replay_objective.h"
#include "infer/report.h"
#include "num/kernels.h"
#include "num/linalg.h"

enum { POLISHING = 4, MOST_NAMES = 5 };

#define FLAT 1e-11 /* of the largest curvature, each relative to its parameter: there is none */

bool th_summit_init(const ThTarget *target, ThSummit *out) {
  *out = (ThSummit){.r = target->r,
                    .cx = target->cx,
                    .k = target->k,
                    .replay = target->replay,
                    .lower = target->lower,
                    .upper = target->upper};
  out->best = th_alloc_array(out->cx, 2 * out->k, sizeof *out->best);
  out->held = th_alloc_array(out->cx, out->k, sizeof *out->held);
  if (!out->best || !out->held) return false;
  out->scratch = out->best + out->k;
  for (size_t j = 0; j < out->k; j++) out->held[j] = TH_HOLD_NOT;
  return true;
}

void th_summit_clear(ThSummit *s) {
  if (s->best) th_free(s->cx, s->best, 2 * s->k * sizeof *s->best);
  if (s->held) th_free(s->cx, s->held, s->k * sizeof *s->held);
  *s = (ThSummit){0};
}

const char *th_summit_word(const ThRecording *r) {
  return r->options.verb == TH_VERB_MLE ? "likelihood" : "posterior density";
}

bool th_summit_is_end(const ThSummit *s, size_t j, double x) {
  double near = 1e-7 * (1 + fabs(x));
  return x - s->lower[j] < near || s->upper[j] - x < near;
}

static void add_name(const ThSummit *s, size_t j, ThText *out) {
  const ThElementary *e = &s->r->elements[j];
  th_unknown_element_name(&s->r->unknowns[e->unknown], e->index, out);
}

/* An end is so near that the curvature would not notice it: a scale may be small because the data are. */
static void find_ends(ThSummit *s, const double *information) {
  for (size_t j = 0; j < s->k; j++) {
    double gap = fmin(s->best[j] - s->lower[j], s->upper[j] - s->best[j]), bend = information[j * (s->k + 1)];
    bool is_end = th_summit_is_end(s, j, s->best[j]) && !(bend > 0 && gap * sqrt(bend) > 1e-3);
    if (s->held[j] != TH_HOLD_KINK) s->held[j] = is_end ? TH_HOLD_END : TH_HOLD_NOT;
  }
}

static void add_end(const ThSummit *s, size_t j, ThText *out) {
  add_name(s, j, out);
  th_text_format(
      out, " = %.6g is an end of its range:\nthe %s is not level there, so that its curvature gives no ±\n",
      s->best[j], th_summit_word(s->r));
}

/* A direction as "b - 0.2*a": its largest number is 1. */
static void add_direction(const ThSummit *s, const double *direction, size_t stride, ThText *out) {
  double most = 0;
  bool first = true;
  for (size_t j = 0; j < s->k; j++) most = fmax(most, fabs(direction[j * stride]));
  for (size_t j = 0; j < s->k; j++) {
    double part = direction[j * stride] / most;
    if (fabs(part) < 0.005) continue;
    th_report_coefficient(part, first, out);
    add_name(s, j, out);
    first = false;
  }
}

/* The n directions, columns of v (k, k), as combinations of as few parameters as may be: those of Gauss and Jordan,
 * each with a 1 where all others have 0. Which parameter that is is chosen by size. */
static void reduce(size_t k, size_t n, double *v) {
  for (size_t m = 0; m < n; m++) {
    size_t lead = 0;
    for (size_t j = 0; j < k; j++)
      if (fabs(v[j * k + m]) > 1.001 * fabs(v[lead * k + m])) lead = j;
    double pivot = v[lead * k + m];
    for (size_t j = 0; j < k; j++) v[j * k + m] /= pivot;
    for (size_t other = 0; other < n; other++) {
      double factor = other == m ? 0 : v[lead * k + other];
      for (size_t j = 0; j < k; j++) v[j * k + other] -= factor * v[j * k + m];
    }
  }
}

/* "a - b" and more, the n directions in which there is no curvature: columns of the null space. */
static void add_flat(const ThSummit *s, size_t n, double *directions, ThText *out) {
  reduce(s->k, n, directions);
  th_text_format(out, "the %s is flat along ", th_summit_word(s->r));
  for (size_t m = 0; m < n; m++) {
    if (m > 0) th_text_add(out, m + 1 < n ? ", " : " and ");
    add_direction(s, directions + m, s->k, out);
  }
  th_text_add(out, ":\nthe data do not tell these parameters apart\n");
}

/* A parameter along which there is no curvature: is the density the same elsewhere too? Else there is a kink. */
static bool add_level(ThSummit *s, size_t j, ThText *out) {
  ThObjective f = th_replay_objective(s->replay);
  double before, after, *moved = s->scratch;
  memcpy(moved, s->best, s->k * sizeof *moved);
  double step = 0.385 * (1 + fabs(moved[j]));
  moved[j] += moved[j] + step < s->upper[j] ? step : -fmin(step, 0.5 * (moved[j] - s->lower[j]));
  if (!f.value(s->cx, f.self, s->best, &before) || !f.value(s->cx, f.self, moved, &after)) return false;
  if (before == after) {
    th_text_format(out, "the %s does not hang on ", th_summit_word(s->r));
    add_name(s, j, out);
    th_text_add(out, ": every value of it fits as well\n");
    return true;
  }
  th_text_format(out, "the %s has no curvature in ", th_summit_word(s->r));
  add_name(s, j, out);
  th_text_add(out, " at its maximum, so that there is no ±\n");
  return true;
}

/* Scaled to a diagonal of 1; elements at an end of their range are held there: none hangs together with them. *level:
 * are all the curvatures positive? */
static bool scale_information(ThSummit *s, ThMaximum *out, double *scaled, double *scale, bool *level) {
  size_t k = s->k;
  *level = true;
  for (size_t j = 0; j < k; j++) {
    double d = s->held[j] ? 1 : out->information[j * (k + 1)];
    bool positive = d > 0 && isfinite(d);
    *level = *level && positive;
    scale[j] = positive ? 1 / sqrt(d) : 1;
    if (!positive && !add_level(s, j, &out->words)) return false;
  }
  for (size_t i = 0; i < k * k; i++) {
    bool held = s->held[i / k] || s->held[i % k];
    scaled[i] = held ? i % (k + 1) == 0 : out->information[i] * scale[i / k] * scale[i % k];
  }
  return true;
}

/* The inverse of the information; where it is singular NaN and words. */
static bool find_covariance(ThSummit *s, ThMaximum *out) {
  size_t k = s->k;
  double *block = th_alloc_array(s->cx, 2 * k * k + 2 * k, sizeof *block);
  if (!block) return false;
  double *scaled = block, *vectors = block + k * k, *values = vectors + k * k, *scale = values + k;
  bool level, ok = scale_information(s, out, scaled, scale, &level);
  if (ok && level) ok = th_linalg_eigen_symmetric(s->cx, k, scaled, values, vectors);
  size_t n_flat = 0;
  while (ok && level && n_flat < k && !(values[n_flat] > FLAT * values[k - 1])) n_flat++;
  if (n_flat > 0) {
    for (size_t i = 0; i < k * k; i++) vectors[i] *= scale[i / k];
    add_flat(s, n_flat, vectors, &out->words);
    level = false;
  }
  for (size_t i = 0; i < k * k; i++) {
    double sum = 0;
    for (size_t m = 0; level && m < k; m++)
      sum += vectors[(i / k) * k + m] * vectors[(i % k) * k + m] / values[m];
    out->covariance[i] = level ? sum * scale[i / k] * scale[i % k] : (double)NAN;
  }
  th_free(s->cx, block, (2 * k * k + 2 * k) * sizeof *block);
  return ok;
}

/* Where the search ended for want of slope, but Newton's next step would still be long, there is no maximum: the
 * density rises for ever, ever more slowly. Separable data do that. *direction: of that step, of length 1. */
static bool rises_for_ever(ThSummit *s, const ThMaximum *m, double *direction, bool *rises) {
  size_t k = s->k;
  double value, length = 0, *gradient = s->scratch;
  *rises = false;
  if (!th_replay_gradient(s->replay, s->best, &value, gradient)) return false;
  for (size_t i = 0; i < k; i++) {
    direction[i] = 0;
    for (size_t j = 0; !s->held[i] && j < k; j++)
      if (!s->held[j]) direction[i] -= m->covariance[i * k + j] * gradient[j];
    *rises = *rises || (!s->held[i] && fabs(direction[i]) > 1e-4 * (1 + fabs(s->best[i])));
    length = hypot(length, direction[i]);
  }
  for (size_t i = 0; i < k && length > 0; i++) direction[i] /= length;
  return true;
}

static bool fail_rising(ThSummit *s, const double *direction) {
  ThText text;
  const char *name = s->r->model->name->spelling;
  th_text_init(&text, &s->cx->heap);
  add_direction(s, direction, 1, &text);
  if (th_text_ok(&text, s->cx)) {
    const ThFamily *family = s->r->n_observations ? th_law_family(s->r->observations[0].distribution) : NULL;
    bool separable = family == &th_family_bernoulli || family == &th_family_binomial;
    th_fail(s->cx, TH_ERROR_NUMERIC, "the %s of `%s` has no maximum: it rises for ever along %s%s",
            th_summit_word(s->r), name, th_text_string(&text), separable ? " (the data are separable)" : "");
    if (s->r->options.verb == TH_VERB_MLE) th_hint(s->cx, "with priors there is one: `map(%s, d)`", name);
  }
  th_text_clear(&text);
  return false;
}

static bool check_rising(ThSummit *s, const ThMaximum *m) {
  bool rises = false;
  double *direction = th_alloc_array(s->cx, s->k, sizeof *direction);
  if (!direction) return false;
  bool ok = rises_for_ever(s, m, direction, &rises);
  if (ok && rises) ok = fail_rising(s, direction);
  th_free(s->cx, direction, s->k * sizeof *direction);
  return ok;
}

/* Of a held parameter the slope does not count. */
static void leave_held(const ThSummit *s, double *gradient) {
  for (size_t j = 0; j < s->k; j++)
    if (s->held[j]) gradient[j] = 0;
}

/* Further steps of Newton's in the model's own coordinates, as long as each makes the gradient smaller, which then is
 * that of rounding. Held elements stay. */
static bool polish(ThSummit *s, const ThMaximum *m) {
  size_t k = s->k;
  double *block = th_alloc_array(s->cx, 2 * k, sizeof *block), *moved = s->scratch, value;
  if (!block) return false;
  double *gradient = block, *other = block + k;
  ThObjective f = th_replay_objective(s->replay);
  bool ok = th_replay_gradient(s->replay, s->best, &value, gradient);
  for (int turn = 0; ok && turn < POLISHING; turn++) {
    bool inside = true;
    leave_held(s, gradient);
    for (size_t i = 0; i < k; i++) {
      moved[i] = s->best[i];
      if (s->held[i]) continue;
      moved[i] -= th_kernel_sum_product(k, m->covariance + i * k, gradient);
      inside = inside && moved[i] > s->lower[i] && moved[i] < s->upper[i];
    }
    if (!inside) break;
    ok = f.value_and_gradient(s->cx, f.self, moved, &value, other);
    leave_held(s, other);
    if (!ok || !isfinite(value) || !(th_norm(k, other) < th_norm(k, gradient))) break;
    memcpy(s->best, moved, k * sizeof *moved);
    memcpy(gradient, other, k * sizeof *other);
  }
  th_free(s->cx, block, 2 * k * sizeof *block);
  return ok;
}

/* Has the best point moved from the estimate so far that the curvature is another there? A share d of an error changes
 * it by about d/√n of itself: 1e-9 √n is to be seen, which is nothing of a few data, and less than a millionth of a
 * hundred thousand, whose curvature takes its time. */
static bool moved_since(const ThSummit *s, const ThMaximum *m) {
  double n = (double)th_recording_data_count(s->r);
  for (size_t j = 0; j < s->k; j++)
    if (fabs(s->best[j] - m->estimate[j]) > 1e-9 * n * sqrt(m->covariance[j * (s->k + 1)])) return true;
  return false;
}

/* The ends themselves, where the density is defined there. */
static bool reach_ends(ThSummit *s) {
  ThObjective f = th_replay_objective(s->replay);
  double before, after, *moved = s->scratch;
  memcpy(moved, s->best, s->k * sizeof *moved);
  for (size_t j = 0; j < s->k; j++)
    if (s->held[j] == TH_HOLD_END)
      moved[j] = s->best[j] - s->lower[j] < s->upper[j] - s->best[j] ? s->lower[j] : s->upper[j];
  if (!f.value(s->cx, f.self, s->best, &before) || !f.value(s->cx, f.self, moved, &after)) return false;
  if (isfinite(after) && after <= before + 1e-9 * (1 + fabs(before)))
    memcpy(s->best, moved, s->k * sizeof *moved);
  return true;
}

/* "b" or "w[2], w[5] and 7 more": those at the kink of their priors. */
static size_t add_kink_names(const ThSummit *s, ThText *out) {
  size_t n = 0, named = 0;
  for (size_t j = 0; j < s->k; j++) n += s->held[j] == TH_HOLD_KINK;
  size_t most = n <= MOST_NAMES + 1 ? n : MOST_NAMES;
  for (size_t j = 0; named < most && j < s->k; j++) {
    if (s->held[j] != TH_HOLD_KINK) continue;
    if (named > 0) th_text_add(out, named + 1 == n ? " and " : ", ");
    add_name(s, j, out);
    named++;
  }
  if (named < n) th_text_format(out, " and %zu more", n - named);
  return n;
}

static void add_kinks(const ThSummit *s, ThText *out) {
  size_t before = out->length, n = add_kink_names(s, out);
  if (n == 0) return;
  th_text_add(out, n == 1 ? " lies at the kink of its prior" : " lie at the kinks of their priors");
  th_text_add(out, out->length - before > 60 ? ",\n" : ", ");
  th_text_add(out, n == 1 ? "which has no curvature there: no ±\n" : "which have no curvature there: no ±\n");
}

/* What is held has no ±. */
static void leave_out_held(ThSummit *s, ThMaximum *out) {
  size_t k = s->k;
  for (size_t j = 0; j < k; j++) {
    if (s->held[j] == TH_HOLD_NOT) continue;
    if (s->held[j] == TH_HOLD_END) add_end(s, j, &out->words);
    for (size_t i = 0; i < k; i++) out->covariance[i * k + j] = out->covariance[j * k + i] = (double)NAN;
  }
  add_kinks(s, &out->words);
}

bool th_summit_fill(ThSummit *s, bool is_to_polish, ThMaximum *out) {
  size_t k = s->k;
  for (size_t j = 0; j < k; j++) {
    out->range[2 * j] = s->lower[j];
    out->range[2 * j + 1] = s->upper[j];
  }
  if (!th_replay_hessian(s->replay, s->best, out->information)) return false;
  find_ends(s, out->information);
  if (!find_covariance(s, out) || !check_rising(s, out)) return false;
  memcpy(out->estimate, s->best, k * sizeof *out->estimate);
  if (is_to_polish && !polish(s, out)) return false;
  if (moved_since(s, out) &&
      !(th_replay_hessian(s->replay, s->best, out->information) && find_covariance(s, out)))
    return false;
  if (!reach_ends(s)) return false;
  memcpy(out->estimate, s->best, k * sizeof *out->estimate);
  leave_out_held(s, out);
  return th_text_ok(&out->words, s->cx);
}
