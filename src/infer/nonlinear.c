/* nonlinear.c - maxima of Normal likelihoods with one σ, given or not, as nonlinear least squares */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data y ~ Normal(f(θ), σ), where f is anything that can be differentiated: f is traced once and replayed
 * (lang/replay.h), the squares of (f - y)/σ are made small, and the information is exact. A common σ that is a
 * parameter itself follows from the others: σ̂² = RSS/n. There the information has no entries between θ and σ. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "infer/bounds.h"
#include "infer/law_jacobian.h"
#include "infer/levenberg.h"
#include "infer/log_density.h"
#include "infer/replay_objective.h"
#include "infer/starts.h"
#include "infer/strategy.h"
#include "num/linalg.h"
#include "num/real.h"
#include "num/stats.h"

enum { STEPS = 2000 };

typedef struct Curve {
  const ThRecording *r;
  ThContext *cx;
  size_t k, q, n;               /* elements; those that f hangs on, or may; data */
  size_t sd;                    /* the element that σ is; SIZE_MAX when it is given */
  ThReplay *replay;             /* f */
  double *block, *y, *weight;   /* (n), (n): 1/σ, or 1 */
  double *lower, *upper, *full; /* (k); an argument of f */
  size_t *place;                /* (q): which element */
  double *q_lower, *q_upper;    /* (q) */
  double *start, *best, *free;  /* (q); start and best in the model's own coordinates */
  double *wide;                 /* (n k) or (k k) of derivatives by all elements */
  double best_norm;
  bool is_bounded, given, converged, interrupted;
  const ThLevenberg *search; /* that goes on, or NULL */
  ThSteps steps, best_steps; /* of the search, and of the best one */
  ThBounds bounds;
  ThCalls calls;
} Curve;

/* --- Reading */

/* The σ of one observation: given, or an element. */
static ThAttempt read_sd(Curve *c, const ThObservation *o, ThValue mean, ThValue sd, ThReason *why) {
  const char *name = o->name->spelling;
  bool hangs = false;
  if (!th_is_unset(sd) && !th_is_random(sd))
    return c->sd == SIZE_MAX ? TH_ANSWERED : th_decline(why, "some σ is given, and some is not");
  size_t element = th_is_variable(sd) ? th_recording_element(c->r, th_as_variable(sd)) : SIZE_MAX;
  if (element == SIZE_MAX) return th_decline(why, "the σ of `%s` is computed from parameters", name);
  if (o != c->r->observations && c->sd != element) return th_decline(why, "there is more than one σ");
  c->sd = element;
  if (th_is_unset(mean)) return th_decline(why, "the mean of `%s` is not read from these arguments", name);
  if (th_is_random(mean) && !th_variable_hangs_on(c->cx, mean, sd, &hangs)) return TH_FAILED;
  return hangs ? th_decline(why, "the mean of `%s` hangs on its σ", name) : TH_ANSWERED;
}

/* Data and weights of one observation, at `at` among all. */
static void fill_data(Curve *c, const ThObservation *o, ThValue sd, size_t at) {
  bool is_given = c->sd == SIZE_MAX;
  for (size_t i = 0; i < th_value_length(o->data); i++) {
    c->y[at + i] = th_datum(o->data, i);
    c->weight[at + i] = is_given ? 1 / th_as_scalar(th_law_element(sd, i)) : 1;
  }
}

static ThAttempt read_observation(Curve *c, const ThObservation *o, size_t at, ThReason *why) {
  const ThFamily *family;
  ThValue p[TH_MAX_PARAMETERS];
  if (th_law_family(o->distribution) != &th_family_normal)
    return th_decline(why, "`%s` is %s, not Normal", o->name->spelling, th_law_family(o->distribution)->name);
  if (!th_law_parameters(c->cx, o->distribution, &family, p)) return TH_FAILED;
  ThAttempt attempt = read_sd(c, o, p[0], p[1], why);
  if (attempt == TH_ANSWERED) fill_data(c, o, p[1], at);
  th_release_all(p, TH_MAX_PARAMETERS);
  return attempt;
}

/* The element that a σ equals at x; SIZE_MAX when it is none, or a function of some. */
static size_t element_of(const ThLawJacobian *j, const double *x, size_t row) {
  size_t element = SIZE_MAX, n = 0;
  for (size_t i = 0; i < j->k; i++)
    if (j->jacobian[row * j->k + i] != 0) element = i, n++;
  bool is_it = n == 1 && j->jacobian[row * j->k + element] == 1 && j->values[row] == x[element];
  return is_it ? element : SIZE_MAX;
}

/* What the derivatives at x say of observation i: its n means stand from row `first` on, then its n σ. */
static ThAttempt read_rows(Curve *c, const ThLawJacobian *j, const double *x, size_t i, size_t first,
                           size_t at, ThReason *why) {
  const ThObservation *o = &c->r->observations[i];
  size_t n = th_value_length(o->data);
  for (size_t d = 0; d < n; d++) {
    size_t sd = first + n + d;
    bool hangs = th_law_jacobian_hangs(j, sd);
    size_t element = hangs ? element_of(j, x, sd) : SIZE_MAX;
    if (hangs && element == SIZE_MAX)
      return th_decline(why, "the σ of `%s` is computed from parameters", o->name->spelling);
    if (i + d > 0 && element != c->sd) return th_decline(why, "there is more than one σ");
    c->sd = element;
    c->y[at + d] = th_datum(o->data, d);
    c->weight[at + d] = hangs ? 1 : 1 / j->values[sd];
  }
  for (size_t d = 0; c->sd != SIZE_MAX && d < n; d++)
    if (j->jacobian[(first + d) * c->k + c->sd] != 0)
      return th_decline(why, "the mean of `%s` hangs on its σ", o->name->spelling);
  return TH_ANSWERED;
}

/* Where the body ran on numbers. */
static ThAttempt read_plain_at(Curve *c, double p, ThReason *why) {
  ThLawJacobian j;
  ThAttempt attempt = TH_ANSWERED;
  size_t first = 0;
  if (!th_starts_at(c->r, p, c->full)) return TH_FAILED;
  if (!th_law_jacobian_find(c->r, c->full, &j))
    return th_replay_is_undefined(c->cx) ? th_decline(why, "its laws are not defined") : TH_FAILED;
  for (size_t i = 0; attempt == TH_ANSWERED && i < c->r->n_observations; i++) {
    attempt = read_rows(c, &j, c->full, i, first, first / 2, why);
    first += th_law_jacobian_numbers(&c->r->observations[i]);
  }
  th_law_jacobian_clear(&j);
  return attempt;
}

/* At two points, lest something be 0 by chance. */
static ThAttempt read_plain(Curve *c, ThReason *why) {
  for (size_t i = 0; i < c->r->n_observations; i++)
    if (th_law_family(c->r->observations[i].distribution) != &th_family_normal)
      return th_decline(why, "`%s` is not Normal", c->r->observations[i].name->spelling);
  ThAttempt attempt = read_plain_at(c, 0.3, why);
  return attempt == TH_ANSWERED ? read_plain_at(c, 0.5, why) : attempt;
}

static ThAttempt read_data(Curve *c, ThReason *why) {
  ThAttempt attempt = TH_ANSWERED;
  if (c->r->n_observations == 0) return th_decline(why, "its likelihood is a `factor`");
  if (c->r->is_plain) return read_plain(c, why);
  size_t at = 0;
  for (size_t i = 0; attempt == TH_ANSWERED && i < c->r->n_observations; i++) {
    attempt = read_observation(c, &c->r->observations[i], at, why);
    at += th_value_length(c->r->observations[i].data);
  }
  return attempt;
}

/* --- Life */

static size_t block_size(const Curve *c) {
  size_t tall = c->n > c->k ? c->n : c->k;
  return 2 * c->n + 8 * c->k + tall * c->k;
}

static bool curve_init(const ThRecording *r, Curve *c) {
  *c = (Curve){.r = r, .cx = r->cx, .k = r->n_elements, .n = th_recording_data_count(r), .sd = SIZE_MAX};
  c->steps = c->best_steps = th_steps_none(c->cx, c->k);
  double *at = c->block = th_alloc_array(c->cx, block_size(c), sizeof *at);
  c->place = th_alloc_array(c->cx, c->k, sizeof *c->place);
  if (!at || !c->place) return false;
  double **const slots[] = {&c->lower,   &c->upper, &c->full, &c->q_lower,
                            &c->q_upper, &c->start, &c->best, &c->free};
  for (size_t i = 0; i < sizeof slots / sizeof *slots; i++, at += c->k) *slots[i] = at;
  c->y = at;
  c->weight = at + c->n;
  c->wide = at + 2 * c->n;
  return true;
}

static void curve_clear(Curve *c) {
  th_replay_free(c->replay);
  th_steps_clear(&c->steps);
  th_steps_clear(&c->best_steps);
  if (c->bounds.block) th_bounds_clear(c->cx, &c->bounds);
  if (c->block) th_free(c->cx, c->block, block_size(c) * sizeof *c->block);
  if (c->place) th_free(c->cx, c->place, c->k * sizeof *c->place);
}

/* --- The residuals, in the model's own coordinates or in those without bounds */

static bool settle(ThContext *cx, size_t n, double *residuals) {
  if (!th_replay_is_undefined(cx)) return false;
  for (size_t i = 0; i < n; i++) residuals[i] = (double)INFINITY;
  return true;
}

static void set_point(Curve *c, const double *x) {
  for (size_t j = 0; j < c->q; j++) c->full[c->place[j]] = x[j];
}

static bool values(ThContext *cx, void *self, const double *x, double *residuals) {
  Curve *c = self;
  set_point(c, x);
  c->calls.value++;
  if (!th_replay_value(c->replay, c->full, residuals)) return settle(cx, c->n, residuals);
  for (size_t i = 0; i < c->n; i++) residuals[i] = (residuals[i] - c->y[i]) * c->weight[i];
  return true;
}

/* The log likelihood where the search is, with the σ that fits best where it is learnt. */
static double log_likelihood(const Curve *c, double norm, double variance) {
  double sum = -0.5 * norm * norm / variance - 0.5 * (double)c->n * log(2 * TH_PI * variance);
  for (size_t i = 0; i < c->n; i++) sum += log(c->weight[i]);
  return sum;
}

/* The search asks for the Jacobian once a step. */
static bool note_step(Curve *c, const double *jacobian) {
  double norm = c->search->norm, sum = 0,
         variance = c->sd == SIZE_MAX ? 1 : fmax(norm * norm / (double)c->n, 1e-300);
  for (size_t j = 0; j < c->q; j++) {
    double slope = 0;
    for (size_t i = 0; i < c->n; i++) slope += jacobian[i * c->q + j] * c->search->r[i];
    sum += slope * slope;
  }
  if (c->sd != SIZE_MAX) c->full[c->sd] = sqrt(variance);
  return th_steps_add(&c->steps, log_likelihood(c, norm, variance), sqrt(sum) / variance, c->full) != NULL;
}

static bool jacobian(ThContext *cx, void *self, const double *x, double *out) {
  Curve *c = self;
  (void)cx;
  set_point(c, x);
  c->calls.gradient++;
  if (!th_replay_jacobian(c->replay, c->full, c->wide)) return false;
  for (size_t i = 0; i < c->n; i++)
    for (size_t j = 0; j < c->q; j++) out[i * c->q + j] = c->wide[i * c->k + c->place[j]] * c->weight[i];
  return !c->search || note_step(c, out);
}

static bool bend(ThContext *cx, void *self, const double *x, const double *weights, double *out) {
  Curve *c = self;
  double *each = th_alloc_array(cx, c->n, sizeof *each);
  if (!each) return false;
  for (size_t i = 0; i < c->n; i++) each[i] = weights[i] * c->weight[i];
  set_point(c, x);
  c->calls.hessian++;
  bool ok = th_replay_bend(c->replay, c->full, each, c->wide);
  th_free(cx, each, c->n * sizeof *each);
  for (size_t i = 0; ok && i < c->q * c->q; i++)
    out[i] = c->wide[c->place[i / c->q] * c->k + c->place[i % c->q]];
  return ok;
}

static bool free_values(ThContext *cx, void *self, const double *u, double *residuals) {
  Curve *c = self;
  th_bounds_bound(&c->bounds, u, c->free);
  return values(cx, c, c->free, residuals);
}

static bool free_jacobian(ThContext *cx, void *self, const double *u, double *out) {
  Curve *c = self;
  th_bounds_bound(&c->bounds, u, c->free);
  if (!jacobian(cx, c, c->free, out)) return false;
  for (size_t i = 0; i < c->n * c->q; i++) out[i] *= c->bounds.slope[i % c->q];
  return true;
}

/* --- Setting up */

static bool find_places(Curve *c) {
  double *all = c->full;
  th_starts_ranges(c->r, c->lower, c->upper);
  if (!th_starts_given(c->r, c->lower, c->upper, all, &c->given)) return false;
  for (size_t j = 0; j < c->k; j++) {
    if (j == c->sd) continue;
    c->place[c->q] = j;
    c->start[c->q] = all[j];
    c->q_lower[c->q] = c->lower[j];
    c->q_upper[c->q++] = c->upper[j];
    c->is_bounded = c->is_bounded || isfinite(c->lower[j]) || isfinite(c->upper[j]);
  }
  return true;
}

static bool make_replay(Curve *c) {
  ThValue function, point;
  if (!th_law_values_new(c->r, true, &function)) return false;
  bool ok = th_vector_from(c->cx, c->full, c->k, &point);
  if (ok) {
    c->replay = th_replay_new_array(c->cx, c->r->options.verb_name, function, point, c->n);
    th_release(point);
  }
  th_release(function);
  return c->replay != NULL;
}

/* --- Going down */

/* Ctrl-C: what the search had by then counts. */
static bool stop_early(Curve *c, const ThLevenberg *w) {
  if (c->cx->error.code != TH_ERROR_INTERRUPTED || !isfinite(w->norm) || c->steps.n == 0) return false;
  th_error_clear(c->cx);
  c->interrupted = true;
  return true;
}

/* From a start in the model's coordinates; what is lower than the best so far replaces it. */
static bool search_from(Curve *c, ThLevenberg *w, const double *start, double factor, double *norm) {
  bool converged;
  double *u = c->free;
  if (c->is_bounded) th_bounds_free(&c->bounds, start, u);
  else memcpy(u, start, c->q * sizeof *u);
  th_steps_clear(&c->steps);
  c->search = w;
  bool ok = th_levenberg_search(w, u, factor, STEPS, &converged);
  c->search = NULL;
  if (!ok && !stop_early(c, w)) return false;
  *norm = converged || c->interrupted ? w->norm : (double)INFINITY;
  if (!(*norm < c->best_norm)) return true;
  c->best_norm = *norm;
  th_steps_clear(&c->best_steps);
  c->best_steps = c->steps;
  c->steps = th_steps_none(c->cx, c->k);
  if (c->is_bounded) th_bounds_bound(&c->bounds, w->x, c->best);
  else memcpy(c->best, w->x, c->q * sizeof *c->best);
  return true;
}

static bool is_defined(void *self, const double *x, bool *defined) {
  Curve *c = self;
  memcpy(c->full, x, c->k * sizeof *x);
  if (!th_replay_value(c->replay, c->full, c->wide) && !settle(c->cx, c->n, c->wide)) return false;
  *defined = isfinite(th_stats_norm(c->n, c->wide));
  return true;
}

static bool check_start(Curve *c) {
  bool defined;
  double *x = th_alloc_array(c->cx, c->k, sizeof *x);
  if (!x) return false;
  memcpy(x, c->full, c->k * sizeof *x);
  bool ok = is_defined(c, x, &defined) && (defined || th_starts_fail(c->r, x, is_defined, c));
  th_free(c->cx, x, c->k * sizeof *x);
  return ok;
}

static const double factors[] = {100, 1, 0.1, 0.01};
enum { N_FACTORS = sizeof factors / sizeof *factors };

/* With several longest first steps, until two of them agree. */
static bool search_given(Curve *c, ThLevenberg *w) {
  size_t agree = 0;
  for (size_t i = 0; agree < 2 && !c->interrupted && i < N_FACTORS; i++) {
    double norm, before = c->best_norm;
    if (!search_from(c, w, c->start, factors[i], &norm)) return false;
    if (norm < before * (1 - 1e-7)) agree = 1;
    else if (norm <= c->best_norm * (1 + 1e-7)) agree++;
  }
  return true;
}

static bool search_some(Curve *c, ThLevenberg *w) {
  for (size_t i = 0; !c->interrupted && i < TH_STARTS; i++) {
    if (!th_starts_at(c->r, th_start_quantiles[i], c->full)) return false;
    for (size_t j = 0; j < c->q; j++) c->start[j] = c->full[c->place[j]];
    double norm;
    if (!search_from(c, w, c->start, 1, &norm)) return false;
  }
  return true;
}

/* --- What was found */

/* Strictly between the ends of all ranges? At an end the squares need not be level. */
static bool is_inside(const Curve *c, const double *x) {
  for (size_t j = 0; j < c->q; j++)
    if (!(x[j] > c->q_lower[j] && x[j] < c->q_upper[j])) return false;
  return true;
}

/* σ̂² = RSS/n, in the σ's place. */
static void fill_sd(const Curve *c, double sd, ThMaximum *out) {
  size_t at = c->sd * (c->k + 1);
  double n = (double)c->n;
  out->estimate[c->sd] = sd;
  out->information[at] = 2 * n / (sd * sd);
  out->covariance[at] = sd * sd / (2 * n);
}

/* Nothing bends: f is linear in its parameters. */
static bool is_linear(const ThLevenberg *w) {
  for (size_t i = 0; i < w->f->k * w->f->k; i++)
    if (w->bend[i] != 0) return false;
  return true;
}

static void give_search(Curve *c, ThMaximum *out) {
  out->calls = c->calls;
  out->steps = c->best_steps;
  c->best_steps = th_steps_none(c->cx, c->k);
}

static bool fill(Curve *c, ThLevenberg *w, ThMaximum *out) {
  size_t q = c->q;
  double variance = c->sd == SIZE_MAX ? 1 : w->norm * w->norm / (double)c->n;
  double *covariance = w->scaled, *b = w->q;
  if (!th_levenberg_covariance(w, false, covariance)) return false;
  if (!bend(c->cx, c, w->x, w->r, b)) return false;
  th_linalg_gemm(true, false, q, q, c->n, 1, w->jacobian, w->jacobian, 1, b);
  for (size_t i = 0; i < q; i++)
    for (size_t j = 0; j < q; j++) {
      size_t at = c->place[i] * c->k + c->place[j];
      out->information[at] = b[i * q + j] / variance;
      out->covariance[at] = covariance[i * q + j] * variance;
    }
  for (size_t j = 0; j < q; j++) out->estimate[c->place[j]] = w->x[j];
  if (c->sd != SIZE_MAX) fill_sd(c, sqrt(variance), out);
  for (size_t j = 0; j < c->k; j++) {
    out->range[2 * j] = c->lower[j];
    out->range[2 * j + 1] = c->upper[j];
  }
  out->method = is_linear(w) ? "least squares" : "nonlinear least squares";
  give_search(c, out);
  return true;
}

static ThAttempt conclude_early(Curve *c, ThMaximum *out) {
  if (!th_maximum_init(c->cx, c->k, out)) return TH_FAILED;
  for (size_t j = 0; j < c->q; j++) out->estimate[c->place[j]] = c->best[j];
  if (c->sd != SIZE_MAX) out->estimate[c->sd] = c->best_norm / sqrt((double)c->n);
  give_search(c, out);
  th_maximum_interrupt(out, "nonlinear least squares, interrupted");
  return TH_ANSWERED;
}

/* Is σ̂ one that σ may be, and more than rounding? */
static bool has_sd(const Curve *c, double norm) {
  double sd = norm / sqrt((double)c->n);
  if (c->sd == SIZE_MAX) return true;
  return norm > 16 * DBL_EPSILON * th_stats_norm(c->n, c->y) && sd > c->lower[c->sd] && sd < c->upper[c->sd];
}

static ThAttempt conclude(Curve *c, ThLevenberg *w, ThMaximum *out, ThReason *why) {
  bool found;
  if (c->interrupted) return conclude_early(c, out);
  if (!isfinite(c->best_norm)) return th_decline(why, "least squares did not converge");
  memcpy(w->x, c->best, c->q * sizeof *w->x);
  if (!values(c->cx, c, w->x, w->r)) return TH_FAILED;
  w->norm = th_stats_norm(c->n, w->r);
  if (!th_levenberg_polish(w, &found)) return TH_FAILED;
  if (!found || !is_inside(c, w->x)) return th_decline(why, "the squares have no minimum within the ranges");
  if (!has_sd(c, w->norm)) return th_decline(why, "σ is at an end of its range");
  if (!th_maximum_init(c->cx, c->k, out)) return TH_FAILED;
  if (fill(c, w, out)) return TH_ANSWERED;
  th_maximum_clear(out);
  return TH_FAILED;
}

static ThAttempt solve(Curve *c, ThMaximum *out, ThReason *why) {
  ThResiduals own = {c->n, c->q, c, values, jacobian, bend},
              unbounded = {c->n, c->q, c, free_values, free_jacobian, NULL};
  ThObjective none = {.dimension = c->q};
  ThLevenberg w;
  if (c->is_bounded && !th_bounds_init(c->cx, &c->bounds, &none, c->q_lower, c->q_upper)) return TH_FAILED;
  if (c->given && !check_start(c)) return TH_FAILED;
  c->best_norm = (double)INFINITY;
  bool ok = th_levenberg_init(c->cx, c->is_bounded ? &unbounded : &own, &w) &&
            (c->given ? search_given(c, &w) : search_some(c, &w));
  w.f = &own;
  ThAttempt attempt = ok ? conclude(c, &w, out, why) : TH_FAILED;
  th_levenberg_clear(&w);
  return attempt;
}

ThAttempt th_nonlinear_maximum(const ThRecording *r, ThMaximum *out, ThReason *why) {
  Curve c;
  if (r->options.verb != TH_VERB_MLE) return th_decline(why, "its priors are no least squares");
  if (r->n_elements == 0) return th_decline(why, "it has no parameters left");
  ThAttempt attempt = TH_FAILED;
  if (curve_init(r, &c)) attempt = read_data(&c, why);
  if (attempt == TH_ANSWERED && !find_places(&c)) attempt = TH_FAILED;
  if (attempt == TH_ANSWERED && (c.q == 0 || c.n < c.q + (c.sd != SIZE_MAX)))
    attempt = th_decline(why, "it has more parameters than data");
  if (attempt == TH_ANSWERED) attempt = make_replay(&c) ? solve(&c, out, why) : TH_FAILED;
  curve_clear(&c);
  return attempt;
}
