/* query_line.c - answers with one to three continuous variables, beside discrete and observed ones */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "num/real.h"
#include "prob/query_integral.h"

static double ratio(double x, double weight, bool conditional) { return conditional ? x / weight : x; }

static bool fail_unmet(ThIntegral *l) {
  if (!l->possible) return th_query_fail_unmet(l->q, true);
  return th_fail(l->q->cx, TH_ERROR_NUMERIC,
                 "the condition is so rare that its probability is below the smallest number, 1e-308");
}

/* The sums are nearly those of absolute values. */
static bool has_one_sign(const ThSums *sums) {
  return fabs(sums->s[TH_SUM_FIRST]) > 0.9 * sums->s[TH_SUM_ABSOLUTE] || isinf(sums->s[TH_SUM_FIRST]);
}

static bool moments(ThIntegral *l, ThMoments *m, bool *one_sign) {
  ThSums first = {0}, second = {0};
  bool conditional = l->q->n_conditions > 0, possible;
  if (!th_query_holds(l->q, 0, &possible)) return false;
  if (!possible) return th_query_fail_impossible(l->q);
  if (!th_integral_sums(l, &first)) return false;
  *one_sign = l->q->kind == TH_QUERY_E && has_one_sign(&first);
  if (l->exhausted || (l->n_free > 1 && l->diverged)) return true;
  double weight = m->weight = first.s[TH_SUM_WEIGHT];
  if (conditional && !(weight > 0)) {
    l->exhausted = l->n_free > 1; /* no proof that there is nothing */
    return l->exhausted || fail_unmet(l);
  }
  double re = ratio(first.s[TH_SUM_FIRST], weight, conditional),
         other = ratio(first.s[TH_SUM_SECOND], weight, conditional);
  bool pair = l->q->n_targets == 2 && l->q->kind != TH_QUERY_P;
  m->mean[0] = l->mean[0] = pair || l->q->kind == TH_QUERY_P ? re : re + TH_I * other;
  m->mean[1] = l->mean[1] = pair ? other : 0;
  m->error = ratio(first.error * (1 + cabs(m->mean[0])), weight, conditional);
  if (l->q->kind == TH_QUERY_P || l->q->kind == TH_QUERY_E || l->rises || l->falls) return true;
  l->second = true;
  if (!th_integral_sums(l, &second)) return false;
  m->variance[0] = ratio(second.s[TH_SUM_FIRST], weight, conditional);
  m->variance[1] = ratio(second.s[TH_SUM_SECOND], weight, conditional);
  m->covariance = ratio(second.s[TH_SUM_THIRD], weight, conditional);
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

/* E, or a second moment, of what has too heavy tails, or a pole. */
static bool answer_infinite(ThIntegral *l, const char *reason, ThValue *out) {
  ThFinding finding = {.value = TH_NAN};
  snprintf(finding.reason, sizeof finding.reason, "%s", reason);
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

/* Three integrals that take too long for all digits: fewer are better than draws. */
static void start_again(ThIntegral *l) {
  l->rough = true;
  l->exhausted = l->diverged = l->rises = l->falls = l->second = false;
  l->evaluations = 0;
}

/* A probability, or the mean of numbers of modulus 1 at most, is finite: an integral that does not settle is merely
 * hard, and draws may do. */
static bool answer_moments(ThIntegral *l, ThValue *out, bool *done) {
  ThQuery *q = l->q;
  ThMoments m = {0};
  char method[160];
  bool one_sign = false;
  if (!moments(l, &m, &one_sign)) return false;
  if (l->exhausted && l->n_free > 2) {
    start_again(l);
    m = (ThMoments){0};
    if (!moments(l, &m, &one_sign)) return false;
  }
  if (l->exhausted || (l->rough && !(m.error < 1e-6 * fmax(1, cabs(m.mean[0]))))) return true;
  if (l->rises || l->falls) {
    *done = true;
    return answer_infinite(l, "the integral diverges, the tails are too heavy", out);
  }
  l->diverged |= !isfinite(m.error);
  bool bounded = q->kind == TH_QUERY_P || (q->kind == TH_QUERY_E && l->largest <= 1 + 1e-9);
  if (l->diverged && l->n_free > 1 && bounded) return true;
  bool lost = l->n_free > 1 || !(m.error <= 1e-3 * cabs(m.mean[0])) || !isfinite(cabs(m.mean[0]));
  if (l->diverged && q->options.method == TH_METHOD_AUTO && lost && !one_sign) return fail_divergence(q);
  *done = true;
  if (l->diverged && lost && one_sign) {
    l->rises = creal(m.mean[0]) > 0;
    l->falls = !l->rises;
    return answer_infinite(l, "the integral grows without bound", out);
  }
  if (l->n_free > 1)
    th_text_format(&q->story,
                   "%zu integrals within each other; for fixed values of the others the cdf of the "
                   "last variable is used\n",
                   l->n_free);
  ThFinding finding = {0, fmax(m.error, 1e-16), l->numeric, ""};
  if (l->numeric) th_finding_method(&finding, method, sizeof method);
  else snprintf(method, sizeof method, "exact (cdf)");
  return th_query_estimate(q, &m, method, out);
}

static bool answer_with(ThQuery *q, size_t least, size_t most, ThValue *out, bool *done) {
  ThIntegral l;
  bool fits;
  if (q->kind == TH_QUERY_DIST) return true;
  bool ok = th_integral_init(q, most, &l, &fits);
  if (ok && fits && l.n_free >= least) ok = answer_moments(&l, out, done);
  th_integral_clear(&l);
  return ok;
}

bool th_answer_line(ThQuery *q, ThValue *out, bool *done) { return answer_with(q, 1, 1, out, done); }
bool th_answer_integrals(ThQuery *q, ThValue *out, bool *done) {
  return answer_with(q, 2, TH_MOST_INTEGRALS, out, done);
}
