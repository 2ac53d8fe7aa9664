/* query_line.c - answers with one continuous variable, beside discrete and observed ones */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For fixed values of the others an event is a union of intervals of the continuous variable: its
 * probability is finitely many values of the cdf, and exact. An expectation is an integral over those
 * intervals. Where an observed or a discrete variable hangs on the continuous one, its mass is part of the
 * integrand. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/quadrature.h"
#include "num/real.h"
#include "prob/numeric.h"
#include "prob/query.h"

enum { WEIGHT, FIRST, SECOND, THIRD, N_SUMS };
enum { MOST_SETTINGS = 4000 }; /* of the discrete variables */

/* Weighted sums over all that was visited: of 1, and of what the query asks (see leaf). */
typedef struct Sums {
  double s[N_SUMS];
  double error; /* of any of them */
} Sums;

typedef struct Line {
  ThQuery *q;
  size_t line; /* the number of the continuous variable */
  bool second; /* second moments about `mean` */
  double complex mean[2];
  bool used_integral;
  bool diverged;
  bool rises, falls; /* the first sum goes to inf, to -inf, in a tail */
  bool possible;     /* somewhere the conditions hold, be it far out */
} Line;

static bool descend(Line *l, size_t k, double weight, Sums *sums);

/* 1; P: the event, E: real and imaginary part; second: squares and product of deviations */
static bool leaf(Line *l, double weight, Sums *sums) {
  double complex x[2] = {0};
  size_t n = l->q->kind == TH_QUERY_P ? 1 : l->q->n_targets;
  l->possible = true;
  for (size_t i = 0; i < n; i++)
    if (!th_query_target(l->q, i, &x[i])) return false;
  double values[N_SUMS] = {1, creal(x[0]), n > 1 ? creal(x[1]) : cimag(x[0]), 0};
  if (l->second) {
    double a = creal(x[0] - l->mean[0]), b = n > 1 ? creal(x[1] - l->mean[1]) : 0;
    values[FIRST] = a * a, values[SECOND] = b * b, values[THIRD] = a * b;
  }
  for (int i = 0; i < N_SUMS; i++) sums->s[i] += weight * values[i];
  return true;
}

/* --- The continuous variable */

typedef struct Integrand {
  Line *l;
  size_t k;
  const ThDistribution *d;
} Integrand;

/* density × what comes after, for variable k at x */
static bool integrand(void *self, double x, double *y) {
  const Integrand *in = self;
  ThQuery *q = in->l->q;
  Sums sums = {0};
  bool holds;
  double density;
  if (!th_distribution_measure(q->cx, in->d, 0, TH_PDF, x, &density)) return false;
  if (density > 0) {
    if (!th_network_assign(&q->net, in->k, x) || !th_query_holds(q, in->k + 1, &holds)) return false;
    if (holds && !descend(in->l, in->k + 1, 1, &sums)) return false;
  }
  for (int i = 0; i < N_SUMS; i++) y[i] = sums.s[i] == 0 ? 0 : density * sums.s[i];
  return true;
}

/* Where the integrand is largest, and how far it reaches on either side: a likelihood may be much narrower
 * than the prior. Adds up to 8 points. */
static bool add_peak(Integrand *in, double *points, size_t *n) {
  double y[N_SUMS], x, best = 0, at = TH_NAN, step = 0, before = TH_NAN;
  for (int i = 1; i < 200; i++) {
    if (!th_distribution_measure(in->l->q->cx, in->d, 0, TH_QUANTILE, i / 200.0, &x) || !integrand(in, x, y))
      return false;
    if (y[WEIGHT] > best) best = y[WEIGHT], at = x, step = x - before;
    before = x;
  }
  if (!(best > 0) || !isfinite(at)) return true;
  if (!(step > 0)) step = fmax(fabs(at) * 1e-3, 1e-3);
  for (int i = 0; i < 200 && step > 1e-12 * fmax(fabs(at), 1e-290); i++) {
    double left[N_SUMS], right[N_SUMS];
    if (!integrand(in, at - step, left) || !integrand(in, at + step, right)) return false;
    if (left[WEIGHT] > best) best = left[WEIGHT], at -= step;
    else if (right[WEIGHT] > best) best = right[WEIGHT], at += step;
    else if (fmin(left[WEIGHT], right[WEIGHT]) > 0.6 * best) break;
    else step *= 0.5;
  }
  static const double reach[] = {-32, -8, -3, 0, 3, 8, 32};
  for (size_t i = 0; i < sizeof reach / sizeof *reach; i++) points[(*n)++] = at + reach[i] * step;
  return true;
}

/* Looks at the ends of (a, b) that are infinite. */
static bool watch_tails(Integrand *in, double a, double b, double *error) {
  double scale, hidden, y[N_SUMS];
  if (isfinite(a) && isfinite(b)) return true;
  if (!th_numeric_scale(in->l->q->cx, in->d, 0, &scale)) return false;
  for (int side = 0; side < 2; side++) {
    if (isfinite(side ? b : a)) continue;
    if (!th_numeric_tail(integrand, in, N_SUMS, side ? scale : -scale, y, &hidden)) return false;
    *error += hidden;
    if (isfinite(hidden)) continue;
    in->l->rises |= y[FIRST] >= 0;
    in->l->falls |= y[FIRST] <= 0;
  }
  return true;
}

static bool integrate(Integrand *in, double a, double b, double weight, const double *points, size_t n,
                      Sums *sums) {
  ThQuadratureResult r;
  if (!th_quadrature_integrate_breaks(in->l->q->cx, integrand, in, N_SUMS, a, b, points, n, NULL, &r))
    return false;
  if (!r.converged) in->l->diverged = true;
  if (!watch_tails(in, a, b, &r.error)) return false;
  for (int i = 0; i < N_SUMS; i++) sums->s[i] += weight * r.value[i];
  sums->error += weight * (r.error + 4 * DBL_EPSILON * r.magnitude);
  in->l->used_integral = true;
  return true;
}

/* A point inside (a, b), and none that a program is likely to name: it stands for all of the interval. */
static double inside(double a, double b) {
  const double part = 0.5641895835477563;
  if (isinf(a) && isinf(b)) return part;
  if (isinf(a)) return b - part * fmax(1, fabs(b));
  if (isinf(b)) return a + part * fmax(1, fabs(a));
  return a + part * (b - a);
}

/* Only a few doubles lie in between: around a single value at which an equation holds. */
static bool is_narrow(double a, double b) {
  for (int i = 0; i < 4 && a < b; i++) a = nextafter(a, b);
  return a >= b;
}

/* One interval on which nothing jumps. */
static bool piece(Integrand *in, double a, double b, double weight, const double *points, size_t n,
                  Sums *sums) {
  Line *l = in->l;
  ThQuery *q = l->q;
  bool holds, last = in->k + 1 == q->net.n_variables;
  double p;
  if (!th_network_assign(&q->net, in->k, inside(a, b)) || !th_query_holds(q, in->k + 1, &holds)) return false;
  if (!holds) return true;
  if (!last) return integrate(in, a, b, weight, points, n, sums);
  l->possible = true;
  if (!th_query_between(q->cx, in->d, a, b, &p)) return false;
  if (q->kind == TH_QUERY_P) return p == 0 || leaf(l, weight * p, sums);
  Sums part = {0};
  if (!integrate(in, a, b, weight, points, n, &part)) return false;
  part.s[WEIGHT] = weight * p;
  for (int i = 0; i < N_SUMS; i++) sums->s[i] += part.s[i];
  sums->error += part.error;
  return true;
}

static bool quantile_points(ThContext *cx, const ThDistribution *d, double *points, size_t *n) {
  static const double levels[] = {1e-6, 0.01, 0.5};
  for (size_t i = 0; i < 3; i++) {
    if (!th_distribution_measure(cx, d, 0, TH_QUANTILE, levels[i], &points[*n]) ||
        !th_distribution_measure(cx, d, 0, TH_UPPER_QUANTILE, levels[i], &points[*n + 1]))
      return false;
    *n += 2;
  }
  return true;
}

/* Values with their masses: those of a discrete variable, or those a mixed one has beside its density. */
static bool at_values(Line *l, size_t k, const ThDistribution *d, double weight, const double *values,
                      size_t n, Sums *sums) {
  ThQuery *q = l->q;
  double mass;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++) {
    bool holds = true;
    ok = th_distribution_measure(q->cx, d, 0, TH_PDF, values[i], &mass) &&
         th_network_assign(&q->net, k, values[i]) && th_query_holds(q, k + 1, &holds);
    if (ok && holds && mass > 0) ok = descend(l, k + 1, weight * mass, sums);
  }
  return ok;
}

/* The n breaks, ascending, and between them the atoms, as one block. */
static bool merge_atoms(ThContext *cx, double **breaks, size_t *n, const double *atoms, size_t n_atoms) {
  size_t i = 0, j = 0, count = *n + n_atoms;
  if (n_atoms == 0) return true;
  double *merged = th_alloc_array(cx, count, sizeof *merged);
  for (size_t k = 0; merged && k < count; k++)
    merged[k] = j == n_atoms || (i < *n && (*breaks)[i] < atoms[j]) ? (*breaks)[i++] : atoms[j++];
  if (!merged) return false;
  th_free(cx, *breaks, *n * sizeof **breaks);
  *breaks = merged;
  *n = count;
  return true;
}

static bool along_line(Line *l, size_t k, const ThDistribution *d, double weight, Sums *sums) {
  ThQuery *q = l->q;
  Integrand in = {l, k, d};
  double *breaks, *atoms, points[16], lower, upper;
  size_t n_breaks, n_atoms, n_points = 0;
  th_distribution_support(d, 0, &lower, &upper);
  if (!th_query_breaks(q, k, d, &breaks, &n_breaks)) return false;
  bool ok = q->kind == TH_QUERY_P && k + 1 == q->net.n_variables
                ? true
                : quantile_points(q->cx, d, points, &n_points);
  if (ok && th_distribution_atoms(q->cx, d, 0, &atoms, &n_atoms)) {
    ok = at_values(l, k, d, weight, atoms, n_atoms, sums) &&
         merge_atoms(q->cx, &breaks, &n_breaks, atoms, n_atoms);
    th_free(q->cx, atoms, n_atoms * sizeof *atoms);
  } else {
    ok = false;
  }
  if (ok && k + 1 < q->net.n_variables) ok = add_peak(&in, points, &n_points);
  double a = lower;
  for (size_t i = 0; ok && i <= n_breaks; i++) {
    double b = i < n_breaks ? fmin(fmax(breaks[i], lower), upper) : upper;
    if (!is_narrow(a, b)) ok = piece(&in, a, b, weight, points, n_points, sums);
    if (b > a) a = b;
  }
  th_free(q->cx, breaks, n_breaks * sizeof *breaks);
  return ok;
}

/* --- All variables in order */

static bool discrete_values(Line *l, size_t k, const ThDistribution *d, double weight, Sums *sums) {
  ThQuery *q = l->q;
  double *values;
  size_t n;
  if (!th_distribution_outcomes(q->cx, d, 1e-30, MOST_SETTINGS, &values, &n)) return false;
  bool ok = n > 0 ||
            th_fail(q->cx, TH_ERROR_LIMIT, "there are too many outcomes beside the continuous variable");
  ok = ok && at_values(l, k, d, weight, values, n, sums);
  th_free(q->cx, values, n * sizeof *values);
  return ok;
}

static bool observed_value(Line *l, size_t k, const ThDistribution *d, double weight, Sums *sums) {
  ThQuery *q = l->q;
  double mass, at = q->variables[k].at;
  bool holds;
  if (!th_distribution_measure(q->cx, d, 0, TH_PDF, at, &mass) || !th_network_assign(&q->net, k, at) ||
      !th_query_holds(q, k + 1, &holds))
    return false;
  return mass == 0 || !holds || descend(l, k + 1, weight * mass, sums);
}

static bool descend(Line *l, size_t k, double weight, Sums *sums) {
  ThQuery *q = l->q;
  const ThDistribution *d;
  if (k == q->net.n_variables) return leaf(l, weight, sums);
  if (!th_poll(q->cx) || !th_network_distribution(&q->net, k, &d)) return false;
  if (q->variables[k].observed) return observed_value(l, k, d, weight, sums);
  if (th_distribution_is_discrete(d)) return discrete_values(l, k, d, weight, sums);
  return along_line(l, k, d, weight, sums);
}

/* --- The strategy */

/* Exactly one variable is continuous and free; *line is its number. */
static bool applies(ThQuery *q, size_t *line) {
  size_t free = 0, settings = 1;
  for (size_t k = 0; k < q->net.n_variables; k++) {
    const ThQueryVariable *v = &q->variables[k];
    if (v->support == TH_SUPPORT_UNKNOWN) return false;
    if (v->observed) continue;
    if (v->support == TH_SUPPORT_CONTINUOUS) *line = k, free++;
    else settings *= 2;
    if (settings > MOST_SETTINGS) return false;
  }
  return free == 1 && q->kind != TH_QUERY_DIST;
}

/* Does any other variable hang on variable `line`? */
static bool is_read_by_others(ThQuery *q, size_t line, bool *out) {
  size_t n = q->net.n_variables;
  bool *hangs = th_alloc(q->cx, n + 1);
  *out = false;
  bool ok = hangs != NULL;
  for (size_t k = line + 1; ok && k < n && !*out; k++) {
    ok = th_network_ancestors(&q->net, q->net.variables[k].variable->distribution, hangs);
    *out = ok && hangs[line];
  }
  th_free(q->cx, hangs, n + 1);
  return ok;
}

static double ratio(double x, double weight, bool conditional) { return conditional ? x / weight : x; }

static bool fail_unmet(Line *l) {
  if (!l->possible) return th_query_fail_unmet(l->q, true);
  return th_fail(l->q->cx, TH_ERROR_NUMERIC,
                 "the condition is so rare that its probability is below the smallest number, 1e-308");
}

static bool moments(Line *l, ThMoments *m) {
  Sums first = {0}, second = {0};
  bool conditional = l->q->n_conditions > 0, possible;
  if (!th_query_holds(l->q, 0, &possible)) return false;
  if (!possible) return th_query_fail_impossible(l->q);
  if (!descend(l, 0, 1, &first)) return false;
  double weight = m->weight = first.s[WEIGHT];
  if (conditional && !(weight > 0)) return fail_unmet(l);
  double re = ratio(first.s[FIRST], weight, conditional), other = ratio(first.s[SECOND], weight, conditional);
  bool pair = l->q->n_targets == 2 && l->q->kind != TH_QUERY_P;
  m->mean[0] = l->mean[0] = pair || l->q->kind == TH_QUERY_P ? re : re + TH_I * other;
  m->mean[1] = l->mean[1] = pair ? other : 0;
  m->error = ratio(first.error * (1 + cabs(m->mean[0])), weight, conditional);
  if (l->q->kind == TH_QUERY_P || l->q->kind == TH_QUERY_E || l->rises || l->falls) return true;
  l->second = true;
  if (!descend(l, 0, 1, &second)) return false;
  m->variance[0] = ratio(second.s[FIRST], weight, conditional);
  m->variance[1] = ratio(second.s[SECOND], weight, conditional);
  m->covariance = ratio(second.s[THIRD], weight, conditional);
  m->error = ratio(second.error, weight, conditional);
  if (l->q->kind == TH_QUERY_SD) m->error /= 2 * sqrt(m->variance[0]);
  if (l->q->kind == TH_QUERY_CORR) m->error /= sqrt(m->variance[0] * m->variance[1]);
  return true;
}

static bool fail_divergence(ThQuery *q) {
  ThText text;
  th_text_init(&text, &q->cx->heap);
  if (th_query_text(q, &text) && th_text_ok(&text, q->cx)) {
    th_fail(q->cx, TH_ERROR_NUMERIC, "the integral for `%s` does not settle", th_text_string(&text));
    th_hint(q->cx, "is it infinite, or undefined? `method = \"monte_carlo\"` shows how it behaves");
  }
  th_text_clear(&text);
  return false;
}

/* E, or a second moment, of what has too heavy tails. */
static bool answer_infinite(Line *l, ThValue *out) {
  ThFinding finding = {.value = TH_NAN, .reason = "the integral diverges, the tails are too heavy"};
  ThQueryKind kind = l->q->kind;
  char method[160];
  bool spread = l->second && (kind == TH_QUERY_VAR || kind == TH_QUERY_SD);
  if ((kind == TH_QUERY_E || spread) && l->rises != l->falls)
    finding.value = l->rises ? TH_INFINITY : -TH_INFINITY;
  double x = finding.value;
  ThMoments m = {.mean = {x}, .variance = {x, x}, .covariance = x};
  th_finding_method(&finding, method, sizeof method);
  return th_query_estimate(l->q, &m, method, out);
}

bool th_answer_line(ThQuery *q, ThValue *out, bool *done) {
  Line l = {.q = q};
  ThMoments m = {0};
  char method[160];
  bool read;
  if (!applies(q, &l.line)) return true;
  if (!is_read_by_others(q, l.line, &read)) return false;
  if (!read) th_query_move_last(q, l.line);
  if (!moments(&l, &m)) return false;
  *done = true;
  if (l.rises || l.falls) return answer_infinite(&l, out);
  if (l.used_integral && q->kind == TH_QUERY_E && isinf(creal(m.mean[0])))
    return th_query_estimate(q, &(ThMoments){.mean = {m.mean[0]}},
                             "the integral diverges, or exceeds the largest number", out);
  if (l.diverged && q->options.method == TH_METHOD_AUTO && m.error > 1e-3 * cabs(m.mean[0]))
    return fail_divergence(q);
  ThFinding finding = {0, fmax(m.error, 1e-16), "quadrature", ""};
  if (l.used_integral) th_finding_method(&finding, method, sizeof method);
  else snprintf(method, sizeof method, "exact (cdf)");
  return th_query_estimate(q, &m, method, out);
}
