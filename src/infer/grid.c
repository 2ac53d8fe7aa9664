/* grid.c - the posterior of one parameter: its density followed by polynomials on panels */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From every peak of the density the search steps out in units of the peak's width, ever farther, until nothing is
 * left;
 * the steps are ends of the first panels. They are taken in coordinates without bounds (bounds.h), so that a range of
 * many orders of magnitude is as well covered as a narrow one; the panels themselves are of the parameter. */
#include "infer/evidence.h"
#include "infer/grid.h"
#include "infer/starts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "infer/transforms.h"
#include "num/real.h"
#include "prob/computed.h"
#include "prob/joint.h"

/* What lies beyond a step that is so small, of logarithm of mass, is left out: 1e-22 of the whole. */
#define LEAST_LOG_MASS (-51.0)

enum { MOST_STEPS = 2100, MOST_BREAKS = 2 * MOST_STEPS * 2, N_QUANTILES = 63 };

typedef struct Line {
  const ThRecording *r;
  ThContext *cx;
  ThTarget target;
  ThPeaks peaks;
  double top;     /* the largest log density of x that the values are measured by */
  double *breaks; /* of u, then of x */
  size_t n_breaks;
} Line;

/* --- What the grids share */

bool th_grid_is_proper(const ThRecording *r) { return th_evidence_improper(r) == SIZE_MAX; }

static bool element_name(const ThRecording *r, size_t j, ThText *out) {
  th_text_init(out, &r->cx->heap);
  th_unknown_element_name(&r->unknowns[r->elements[j].unknown], r->elements[j].index, out);
  return th_text_ok(out, r->cx);
}

ThAttempt th_grid_fail_improper(const ThRecording *r, size_t j, double end) {
  ThText name;
  if (element_name(r, j, &name)) {
    th_fail(r->cx, TH_ERROR_VALUE,
            "the posterior of `%s` is improper: its density does not fall off as `%s` goes to %.6g",
            r->model->name->spelling, th_text_string(&name), end);
    if (th_grid_is_proper(r)) th_text_clear(&name);
    else
      th_hint(r->cx, "a proper prior pins it: `%s ~ Normal(0, 10)` in place of `param %s`",
              th_text_string(&name), th_text_string(&name));
  }
  th_text_clear(&name);
  return TH_FAILED;
}

void th_grid_set_evidence(const ThRecording *r, ThPosterior *out, double log_evidence, double error) {
  if (!th_grid_is_proper(r)) return;
  out->log_evidence = log_evidence;
  out->evidence = (ThFinding){.value = log_evidence, .error = fmax(error, 1e-15), .method = "quadrature"};
}

void th_grid_law_text(const ThRecording *r, size_t j, ThText *out) {
  th_text_add(out, "dist(");
  th_unknown_element_name(&r->unknowns[r->elements[j].unknown], r->elements[j].index, out);
  th_text_add(out, ")");
}

/* --- The density */

static double x_of(const Line *l, double u) {
  double x;
  th_bounds_bound(&l->peaks.bounds, &u, &x);
  return x;
}

static bool density_at(void *self, double x, double *y) {
  Line *l = self;
  double log_density;
  *y = 0;
  if (!(x > l->target.lower[0] && x < l->target.upper[0])) return true;
  if (!th_target_log_density(&l->target, &x, &log_density)) return false;
  *y = exp(log_density - l->top);
  return true;
}

/* --- Where to look */

static void add_break(Line *l, double u) {
  if (l->n_breaks < MOST_BREAKS && isfinite(u)) l->breaks[l->n_breaks++] = u;
}

/* How far the density reaches from u: where it falls by e^-1/2, on the side where that is farther. */
static bool find_width(Line *l, double u, double top, double *width) {
  *width = 0;
  for (int side = -1; side <= 1; side += 2) {
    double step = 1e-12 * fmax(fabs(u), 1e-3), value = top;
    for (int i = 0; i < 200 && value > top - 0.5; i++, step *= 2) {
      double at = u + side * step;
      if (!th_peaks_log_density(&l->peaks, &at, &value)) return false;
    }
    *width = fmax(*width, 0.5 * step);
  }
  return true;
}

/* Steps from a peak to one side, each half again as long, until the mass beyond is nothing. *fades is false when it
 * never is. */
static bool step_out(Line *l, double u, double top, double width, int side, bool *fades) {
  double step = 0.5 * width, value;
  *fades = false;
  for (int i = 0; i < MOST_STEPS && !*fades; i++, step *= 1.5) {
    double at = u + side * step;
    if (!isfinite(at)) return true;
    if (!th_peaks_log_density(&l->peaks, &at, &value)) return false;
    add_break(l, at);
    *fades = value + log(step) < top + log(width) + LEAST_LOG_MASS;
  }
  return true;
}

/* A point of the prior where the density is higher than the peaks let expect: between them there is another one. */
static bool look_around(Line *l) {
  double u[N_QUANTILES], value[N_QUANTILES];
  for (int i = 0; i < N_QUANTILES; i++) {
    double x;
    if (!th_starts_at(l->target.r, (i + 1.0) / (N_QUANTILES + 1), &x)) return false;
    th_bounds_free(&l->peaks.bounds, &x, &u[i]);
    if (!th_peaks_log_density(&l->peaks, &u[i], &value[i])) return false;
  }
  for (int i = 1; i + 1 < N_QUANTILES; i++)
    if (value[i] > value[i - 1] && value[i] > value[i + 1] && !th_peaks_climb(&l->peaks, &u[i])) return false;
  return true;
}

static double width_of(const ThPeak *peak) {
  double h = peak->hessian[0];
  return peak->converged && h > 0 && isfinite(h) ? 1 / sqrt(h) : 0;
}

/* The ends of the first panels. */
static ThAttempt find_breaks(Line *l) {
  for (size_t i = 0; i < l->peaks.n; i++) {
    const ThPeak *peak = &l->peaks.of[i];
    double width = width_of(peak);
    bool fades;
    if (width == 0 && !find_width(l, peak->u[0], peak->log_density, &width)) return TH_FAILED;
    add_break(l, peak->u[0]);
    for (int side = -1; side <= 1; side += 2) {
      if (!step_out(l, peak->u[0], peak->log_density, width, side, &fades)) return TH_FAILED;
      if (!fades) return th_grid_fail_improper(l->r, 0, side < 0 ? l->target.lower[0] : l->target.upper[0]);
    }
  }
  for (size_t i = 0; i < l->n_breaks; i++) l->breaks[i] = x_of(l, l->breaks[i]);
  qsort(l->breaks, l->n_breaks, sizeof *l->breaks, th_real_ascending);
  size_t kept = 0;
  for (size_t i = 0; i < l->n_breaks; i++)
    if (isfinite(l->breaks[i]) && (kept == 0 || l->breaks[i] > l->breaks[kept - 1]))
      l->breaks[kept++] = l->breaks[i];
  l->n_breaks = kept;
  return TH_ANSWERED;
}

/* The highest log density of x at the breaks and peaks. */
static bool find_top(Line *l) {
  double value;
  l->top = -TH_INFINITY;
  for (size_t i = 0; i < l->n_breaks; i++) {
    if (!(l->breaks[i] > l->target.lower[0] && l->breaks[i] < l->target.upper[0])) continue;
    if (!th_target_log_density(&l->target, &l->breaks[i], &value)) return false;
    if (value < TH_INFINITY) l->top = fmax(l->top, value);
  }
  return true;
}

/* --- The posterior */

static bool law_of(Line *l, ThPieces *panels, ThValue *out) {
  double peak = x_of(l, l->peaks.of[0].u[0]), u = l->peaks.of[0].u[0];
  ThComputedFacts facts = {.method = "quadrature",
                           .error = fmax(panels->error, 1e-15),
                           .lower = l->target.lower[0],
                           .upper = l->target.upper[0]};
  ThText text;
  th_text_init(&text, &l->cx->heap);
  th_grid_law_text(l->r, 0, &text);
  double width = width_of(&l->peaks.of[0]) * exp(th_bounds_log_slope(&l->peaks.bounds, 0, u));
  if (!(width > 0)) width = fmax(fabs(peak), 1e-3);
  th_pieces_normalise(panels);
  th_computed_moments(panels, peak, width, &facts);
  facts.text = th_text_string(&text);
  bool ok = th_text_ok(&text, l->cx);
  if (ok) ok = th_computed_new_take(l->cx, panels, &facts, out);
  else th_pieces_clear(panels);
  th_text_clear(&text);
  return ok;
}

/* Followed as closely as the rounding of the log density allows, which grows with its terms. */
static bool fit_panels(Line *l, ThPieces *panels, bool *converged) {
  static const double tolerances[] = {1e-13, 1e-11, 1e-9, 1e-7};
  *converged = false;
  for (size_t i = 0; i < sizeof tolerances / sizeof *tolerances && !*converged; i++) {
    if (i > 0) th_pieces_clear(panels);
    if (!th_pieces_fit(l->cx, density_at, l, l->breaks, l->n_breaks, tolerances[i], panels, converged))
      return false;
  }
  return true;
}

static ThAttempt fit(Line *l, ThPosterior *out) {
  ThPieces panels;
  bool converged;
  ThValue law;
  if (!find_top(l) || !fit_panels(l, &panels, &converged)) return TH_FAILED;
  double evidence = l->top + log(panels.total), error = panels.error;
  if (!converged || !(panels.total > 0) || !isfinite(evidence) || error > 1e-6) {
    th_pieces_clear(&panels);
    th_fail(l->cx, TH_ERROR_NUMERIC, "the posterior density of `%s` could not be followed on a grid",
            l->r->model->name->spelling);
    return TH_FAILED;
  }
  if (!law_of(l, &panels, &law)) return TH_FAILED;
  bool ok = th_posterior_set_margins(out, (double)NAN, "grid") && th_posterior_set_margin(out, 0, law);
  th_release(law);
  th_grid_set_evidence(l->r, out, evidence, error);
  return ok ? TH_ANSWERED : TH_FAILED;
}

static ThAttempt follow(Line *l, ThPosterior *out) {
  if (!look_around(l)) return TH_FAILED;
  if (l->peaks.n == 0) {
    th_fail(l->cx, TH_ERROR_NUMERIC,
            "the posterior density of `%s` is 0 or not defined wherever it was looked at",
            l->r->model->name->spelling);
    return TH_FAILED;
  }
  l->breaks = th_alloc_array(l->cx, MOST_BREAKS, sizeof *l->breaks);
  if (!l->breaks) return TH_FAILED;
  ThAttempt attempt = find_breaks(l);
  if (attempt == TH_ANSWERED) attempt = fit(l, out);
  th_free(l->cx, l->breaks, MOST_BREAKS * sizeof *l->breaks);
  return attempt;
}

static ThAttempt one_parameter(const ThRecording *r, ThPosterior *out) {
  Line l = {.r = r, .cx = r->cx};
  if (!th_target_init(r, &l.target)) return TH_FAILED;
  ThAttempt attempt = TH_FAILED;
  if (th_peaks_find(&l.target, &l.peaks)) {
    attempt = follow(&l, out);
    th_peaks_clear(&l.peaks);
  }
  th_target_clear(&l.target);
  return attempt;
}

ThAttempt th_grid_check_apart(const ThRecording *r, ThReason *why) {
  for (size_t j = 0; j < r->n_elements; j++) {
    const ThUnknown *u = &r->unknowns[r->elements[j].unknown];
    bool together = th_is_law(u->prior) && th_is_joint_law(u->prior) && u->count > 1;
    if (together && th_law_family(u->prior) != &th_family_mvnormal)
      return th_decline(why, "the elements of `%s` hang together within their range", u->name->spelling);
  }
  return TH_ANSWERED;
}

ThAttempt th_grid_posterior(const ThRecording *r, ThPosterior *out, ThReason *why) {
  if (r->n_elements == 0) return th_decline(why, "it has no parameters left");
  if (r->options.carried) return th_decline(why, "the earlier posterior is a joint normal one");
  if (th_transforms_check(r, why) == TH_DECLINED) return TH_DECLINED;
  if (r->n_elements > 2)
    return th_decline(why, "it has %zu parameters, and a grid takes two at most", r->n_elements);
  if (th_grid_check_apart(r, why) == TH_DECLINED) return TH_DECLINED;
  return r->n_elements == 1 ? one_parameter(r, out) : th_grid_two_parameters(r, out, why);
}
