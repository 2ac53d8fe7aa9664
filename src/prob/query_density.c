/* query_density.c - dist(X | …) of a continuous variable without a closed form: its density by quadrature */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With X fixed at x, the weight of all that agrees with the conditions is the density of X at x, times that of the
 * conditions. It is computed where it is needed to follow it with polynomials on panels, and these are the answer. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/real.h"
#include "prob/computed.h"
#include "prob/query_integral.h"

enum { N_DRAWS = 128, N_STARTS = 24, MOST_BREAKS = 256 };

typedef struct Density {
  ThQuery *q;
  size_t k; /* the number of X */
  ThIntegral integral;
  double lower, upper; /* of the support, as far as it was seen */
  double starts[N_STARTS];
  double peak, width, height; /* where the density is largest, how far it reaches, how large it is */
  double error;               /* of any value, in units of the largest */
  double breaks[MOST_BREAKS];
  size_t n_breaks;
} Density;

static bool weight_at(void *self, double x, double *y) {
  Density *d = self;
  ThSums sums = {0};
  bool holds;
  d->q->variables[d->k].at = x;
  if (!th_query_holds(d->q, 0, &holds)) return false;
  if (holds && !th_integral_sums(&d->integral, &sums)) return false;
  *y = sums.s[TH_SUM_WEIGHT];
  d->height = fmax(d->height, *y);
  d->error = fmax(d->error, sums.error);
  return true;
}

/* --- Where to look */

static bool note_support(Density *d) {
  const ThDistribution *distribution;
  double lower, upper;
  if (!th_network_distribution(&d->q->net, d->k, &distribution)) return false;
  th_distribution_support(distribution, 0, &lower, &upper);
  d->lower = fmin(d->lower, lower);
  d->upper = fmax(d->upper, upper);
  return true;
}

/* Values of X from draws of all variables, whatever the conditions say. */
static bool find_starts(Density *d) {
  double x[N_DRAWS];
  ThRandom r;
  ThQueryVariable *variable = &d->q->variables[d->k];
  size_t n_conditions = d->q->n_conditions;
  bool ok = true;
  th_query_random(d->q, &r);
  variable->observed = false;
  d->q->n_conditions = 0;
  for (size_t i = 0; ok && i < N_DRAWS; i++) {
    double weight;
    ok = th_query_draw(d->q, &r, &weight) && note_support(d) &&
         th_network_number_value(&d->q->net, d->q->targets[0], &x[i]);
  }
  d->q->n_conditions = n_conditions;
  variable->observed = true;
  if (!ok) return false;
  qsort(x, N_DRAWS, sizeof *x, th_real_ascending);
  for (size_t i = 0; i < N_STARTS; i++) d->starts[i] = x[i * (N_DRAWS - 1) / (N_STARTS - 1)];
  return true;
}

static bool find_peak(Density *d, bool *found) {
  double best = 0, step = (d->starts[N_STARTS - 1] - d->starts[0]) / N_STARTS;
  for (size_t i = 0; i < N_STARTS; i++) {
    double y;
    if (!weight_at(d, d->starts[i], &y)) return false;
    if (y > best) best = y, d->peak = d->starts[i];
  }
  *found = best > 0 && step > 0;
  for (int i = 0; *found && i < 200 && step > 1e-12 * fmax(fabs(d->peak), 1e-290); i++) {
    double left, right;
    if (!weight_at(d, d->peak - step, &left) || !weight_at(d, d->peak + step, &right)) return false;
    if (left > best) best = left, d->peak -= step, step *= 1.3;
    else if (right > best) best = right, d->peak += step, step *= 1.3;
    else if (fmin(left, right) > 0.6 * best || fmax(left, right) > 0.9 * best) break;
    else step *= 0.5;
  }
  d->width = step;
  return true;
}

/* --- Breaks: doubling steps from the peak until nothing is left, and the draws */

static void add_break(Density *d, double x) {
  if (d->n_breaks < MOST_BREAKS && isfinite(x) && x >= d->lower && x <= d->upper)
    d->breaks[d->n_breaks++] = x;
}

static bool step_out(Density *d, double sign) {
  double end = sign < 0 ? d->lower : d->upper;
  for (double step = d->width; d->n_breaks < MOST_BREAKS / 2; step *= 2) {
    double x = d->peak + sign * step, y;
    if (sign * (x - end) >= 0) {
      add_break(d, end);
      return true;
    }
    if (!weight_at(d, x, &y)) return false;
    add_break(d, x);
    if (!(y > 1e-26 * d->height) || step > 1e20 * d->width) return true;
  }
  return true;
}

/* Between two points of which one has no density: where it begins. It becomes an end of the support, unless
 * numbers are merely too small there. */
static bool find_edge(Density *d, double empty, double full) {
  double outer = empty, inner = full, y;
  for (int turn = 0; turn < 100; turn++) {
    double middle = 0.5 * empty + 0.5 * full;
    if (middle == empty || middle == full) break;
    if (!weight_at(d, middle, &y)) return false;
    if (y > 0) full = middle;
    else empty = middle;
  }
  add_break(d, full);
  if (!weight_at(d, full + 0.01 * (inner - full), &y)) return false;
  if (!(y > 1e-100 * d->height)) return true;
  if (outer < inner && full < d->peak) d->lower = fmax(d->lower, full);
  if (outer > inner && full > d->peak) d->upper = fmin(d->upper, full);
  return true;
}

static bool find_edges(Density *d) {
  double before = 0, y;
  size_t n = d->n_breaks;
  for (size_t i = 0; i < n; i++) {
    double x = d->breaks[i];
    if (!weight_at(d, x, &y)) return false;
    if (i > 0 && (y > 0) != (before > 0) &&
        !find_edge(d, y > 0 ? d->breaks[i - 1] : x, y > 0 ? x : d->breaks[i - 1]))
      return false;
    before = y;
  }
  size_t kept = 0; /* what lies outside */
  for (size_t i = 0; i < d->n_breaks; i++)
    if (d->breaks[i] >= d->lower && d->breaks[i] <= d->upper) d->breaks[kept++] = d->breaks[i];
  d->n_breaks = kept;
  return true;
}

static bool find_breaks(Density *d) {
  add_break(d, d->peak);
  if (!step_out(d, -1) || !step_out(d, 1)) return false;
  qsort(d->breaks, d->n_breaks, sizeof *d->breaks, th_real_ascending);
  double low = d->breaks[0], high = d->breaks[d->n_breaks - 1];
  for (size_t i = 1; i < N_STARTS && d->integral.n_free < 2; i += 3)
    if (d->starts[i] > low && d->starts[i] < high) add_break(d, d->starts[i]);
  qsort(d->breaks, d->n_breaks, sizeof *d->breaks, th_real_ascending);
  if (!find_edges(d)) return false;
  qsort(d->breaks, d->n_breaks, sizeof *d->breaks, th_real_ascending);
  return true;
}

/* --- The answer */

static bool give(Density *d, ThPieces *p, double error, ThValue *out) {
  ThText text;
  ThContext *cx = d->q->cx;
  ThComputedFacts facts = {0};
  th_pieces_normalise(p);
  p->error = facts.error = fmax(error, 1e-16);
  facts.method = "quadrature";
  facts.lower = d->lower;
  facts.upper = d->upper;
  th_computed_moments(p, d->peak, d->width, &facts);
  th_text_init(&text, &cx->heap);
  bool ok = th_query_text(d->q, &text) && th_text_ok(&text, cx);
  facts.text = th_text_string(&text);
  if (ok) ok = th_computed_new_take(cx, p, &facts, out);
  else th_pieces_clear(p);
  th_text_clear(&text);
  if (!ok) return false;
  char method[160];
  th_finding_method(&(ThFinding){0, facts.error, facts.method, ""}, method, sizeof method);
  th_text_add(&d->q->story,
              "the density is known on a grid of points, and followed by polynomials in between\n");
  if (th_query_sign(d->q, *out, method)) return true;
  th_release(*out);
  return false;
}

static bool answer(Density *d, ThValue *out, bool *done) {
  ThPieces panels;
  bool found = false, converged;
  if (!find_starts(d) || !find_peak(d, &found)) return false;
  if (!found) return true;
  if (!find_breaks(d)) return false;
  double tolerance = d->integral.n_free == 0 ? 1e-13 : 3e-11;
  if (d->n_breaks < 2 || d->integral.exhausted || d->integral.diverged) return true;
  if (!th_pieces_fit(d->q->cx, weight_at, d, d->breaks, d->n_breaks, tolerance, &panels, &converged))
    return false;
  double error = panels.error + d->error / d->height;
  if (!converged || !(panels.total > 0) || d->integral.exhausted || error > 1e-6) {
    th_pieces_clear(&panels);
    return true;
  }
  *done = true;
  return give(d, &panels, error, out);
}

bool th_answer_density(ThQuery *q, ThValue *out, bool *done) {
  if (q->kind != TH_QUERY_DIST || q->n_targets != 1) return true;
  uint32_t k = th_network_number(&q->net, q->targets[0]);
  if (k == TH_NO_NODE || q->variables[k].support != TH_SUPPORT_CONTINUOUS || q->variables[k].observed)
    return true;
  Density d = {.q = q, .lower = TH_INFINITY, .upper = -TH_INFINITY};
  bool fits;
  q->variables[k].observed = true;
  bool ok = th_integral_init(q, TH_MOST_INTEGRALS - 1, &d.integral, &fits);
  d.k = th_network_number(&q->net, q->targets[0]);
  d.integral.most_evaluations *= 2; /* one integral for each point of the density */
  if (ok && fits) ok = answer(&d, out, done);
  q->variables[d.k].observed = false;
  th_integral_clear(&d.integral);
  return ok;
}
