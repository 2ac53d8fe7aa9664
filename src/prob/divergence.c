/* divergence.c - how far one distribution is from another: Kullback-Leibler, total variation */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/divergence.h"

#include <math.h>
#include <stdio.h>

#include "num/real.h"
#include "prob/event_divergence.h"
#include "prob/numeric.h"

#define KL_DIVERGES "∫ p log(p/q) dx diverges"

/* --- Expectations under p */

typedef struct Ratio {
  const ThPair *pair;
  bool cross;  /* -log q instead of log(p/q) */
  double left; /* where q has no density and p has; NaN: nowhere met */
} Ratio;

static bool log_ratio(void *self, double x, double *y) {
  Ratio *r = self;
  const ThPair *pair = r->pair;
  double log_q;
  if (!th_pair_log_ratio(pair, x, y) ||
      !th_distribution_measure(pair->cx, pair->q, pair->j, TH_LOGPDF, x, &log_q))
    return false;
  if (log_q == -TH_INFINITY && fabs(x) < 1e100) r->left = x; /* farther out it is rounded to -inf */
  if (r->cross) *y = -log_q;
  return true;
}

/* p has values beyond the ends of q's support. */
static bool leaves_support(const ThPair *pair) {
  double p[2], q[2];
  th_distribution_support(pair->p, pair->i, &p[0], &p[1]);
  th_distribution_support(pair->q, pair->j, &q[0], &q[1]);
  return p[0] < q[0] || p[1] > q[1];
}

static bool infinite(ThFinding *out, const char *reason) {
  *out = (ThFinding){.value = TH_INFINITY};
  snprintf(out->reason, sizeof out->reason, "%s", reason);
  return true;
}

static bool expect_ratio(const ThPair *pair, bool cross, ThFinding *out) {
  Ratio r = {pair, cross, TH_NAN};
  ThQuadratureResult result;
  if (leaves_support(pair)) return infinite(out, "the second one does not allow all values of the first");
  if (!th_numeric_expect(pair->cx, pair->p, pair->i, log_ratio, &r, 1, &result)) return false;
  *out = (ThFinding){result.value[0], result.error, th_numeric_method(pair->p), ""};
  if (!isnan(r.left)) {
    infinite(out, "");
    snprintf(out->reason, sizeof out->reason, "the second one does not allow %.6g, the first does", r.left);
    return true;
  }
  if (result.converged) return true;
  if (isinf(result.error)) return infinite(out, cross ? "∫ p log q dx diverges" : KL_DIVERGES);
  out->value = TH_NAN;
  snprintf(out->reason, sizeof out->reason, "the integral does not converge");
  return true;
}

static bool closed_kl(const ThPair *pair, ThFinding *out) {
  const ThFamilyMath *math = pair->p->family->math;
  if (pair->p->family != pair->q->family || !math || !math->kl) return false;
  *out = (ThFinding){.value = math->kl(th_distribution_numbers(pair->p, pair->i),
                                       th_distribution_numbers(pair->q, pair->j))};
  if (isinf(out->value)) return infinite(out, "the second one does not allow all values of the first");
  return true;
}

/* log p and log q are rounded before they cancel: some units in the last place of their size, the entropy. */
static bool add_rounding(const ThPair *pair, ThFinding *out) {
  double entropy;
  if (!th_distribution_summary(pair->cx, pair->p, pair->i, TH_ENTROPY, &entropy)) return false;
  if (isfinite(entropy)) out->error += DBL_EPSILON * (2 + fabs(entropy) + fabs(out->value));
  return true;
}

bool th_divergence_kl(const ThPair *pair, ThFinding *out) {
  if (th_event_in_pair(pair)) return th_event_kl(pair, out);
  if (closed_kl(pair, out)) return true;
  if (!expect_ratio(pair, false, out)) return false;
  if (isfinite(out->value) && !add_rounding(pair, out)) return false;
  if (out->value < 0 && -out->value <= out->error) out->value = 0; /* it cannot be negative */
  return true;
}

/* The entropy of p and KL(p‖q), where both are closed. */
bool th_divergence_cross_entropy(const ThPair *pair, ThFinding *out) {
  ThFinding entropy;
  if (th_event_in_pair(pair)) return th_event_cross_entropy(pair, out);
  if (closed_kl(pair, out)) {
    if (isinf(out->value)) return true;
    if (!th_distribution_find(pair->cx, pair->p, pair->i, TH_ENTROPY, &entropy)) return false;
    out->value += entropy.value;
    if (!entropy.method) return true;
  }
  return expect_ratio(pair, true, out);
}

/* --- Total variation */

/* |p - q| of a continuous pair, for quadrature. */
static bool density_gap(void *self, double x, double *y) {
  const ThPair *pair = self;
  double p, q;
  if (!th_distribution_measure(pair->cx, pair->p, pair->i, TH_PDF, x, &p) ||
      !th_distribution_measure(pair->cx, pair->q, pair->j, TH_PDF, x, &q))
    return false;
  *y = 0.5 * fabs(p - q);
  return true;
}

/* (1 - q/p)⁺, whose expectation under p is the total variation of a discrete pair. */
static bool excess(void *self, double x, double *y) {
  double ratio;
  if (!th_pair_log_ratio(self, x, &ratio)) return false;
  *y = ratio > 0 ? -expm1(-ratio) : 0;
  return true;
}

bool th_divergence_total_variation(const ThPair *pair, ThFinding *out) {
  ThPair own = *pair;
  ThQuadratureResult result;
  double breaks[TH_PAIR_BREAKS], lower, upper;
  size_t n;
  bool ok;
  if (th_event_in_pair(pair)) return th_event_total_variation(pair, out);
  th_pair_range(pair, &lower, &upper);
  if (th_distribution_is_discrete(pair->p))
    ok = th_numeric_expect(pair->cx, pair->p, pair->i, excess, &own, 1, &result);
  else
    ok = th_pair_breaks(pair, th_pair_log_ratio, breaks, &n) &&
         th_quadrature_integrate_breaks(pair->cx, density_gap, &own, 1, lower, upper, breaks, n, NULL,
                                        &result);
  if (!ok) return false;
  double rounding = 2 * DBL_EPSILON; /* of p and q, before they cancel */
  *out = (ThFinding){fmin(result.value[0], 1), result.error + rounding, th_numeric_method(pair->p), ""};
  return true;
}
