/* trace_laws_counts.c - formulas as nodes: discrete families */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parameters that are whole numbers have derivative zero; so does x. */
#include <math.h>

#include "num/real.h"
#include "prob/trace_law.h"
#include "prob/trace_short.h"

#define FORMULA(name) static ThNodeId name(ThGraph *g, ThNodeId x, const ThNodeId *p)
#define SUMMARY(name) static ThNodeId name(ThGraph *g, const ThNodeId *p)
#define DIVERGENCE(name) static ThNodeId name(ThGraph *g, const ThNodeId *p, const ThNodeId *q)
#define RATIO(name) static ThNodeId name(ThGraph *g, ThNodeId x, const ThNodeId *p, int k)

/* x log p + y log(1 - p) */
static ThNodeId log_tosses(ThGraph *g, ThNodeId x, ThNodeId y, ThNodeId p) {
  return ADD(th_trace_x_log_y(g, x, p), th_trace_x_log1p_y(g, y, NEG(p)));
}
/* -p log p - (1 - p) log(1 - p) */
static ThNodeId toss_entropy(ThGraph *g, ThNodeId p) {
  return NEG(ADD(MUL(p, LOG(p)), MUL(ONE_MINUS(p), LOG1P(NEG(p)))));
}
/* p log(p/q) + (1 - p) log((1 - p)/(1 - q)) */
static ThNodeId toss_kl(ThGraph *g, ThNodeId p, ThNodeId q) {
  ThNodeId failure = ONE_MINUS(p);
  return ADD(MUL(p, LOG(DIV(p, q))), MUL(failure, LOG(DIV(failure, ONE_MINUS(q)))));
}

/* η where p is sigmoid(η), else TH_ZERO. */
static ThNodeId logit_of(const ThGraph *g, ThNodeId p) {
  if (g->failed || th_node(g, p)->operation != &th_op_sigmoid) return TH_ZERO;
  return th_node_input(g, p, 0);
}

/* --- Bernoulli, Binomial */

FORMULA(bernoulli) { return log_tosses(g, x, ONE_MINUS(x), p[0]); }
/* Of p = sigmoid(η): x η - log(1 + e^η), which does not lose what 1 - p loses. */
FORMULA(bernoulli_natural) {
  ThNodeId logit = logit_of(g, p[0]);
  return logit == TH_ZERO ? logit : SUB(MUL(x, logit), SOFTPLUS(logit));
}
RATIO(bernoulli_ratio) {
  (void)k;
  return NEG(DIV(ONE_MINUS(x), ONE_MINUS(p[0])));
}
SUMMARY(bernoulli_mean) {
  (void)g;
  return p[0];
}
SUMMARY(bernoulli_variance) { return MUL(p[0], ONE_MINUS(p[0])); }
SUMMARY(bernoulli_entropy) { return toss_entropy(g, p[0]); }
DIVERGENCE(bernoulli_kl) { return toss_kl(g, p[0], q[0]); }

/* Is x ≤ n everywhere, both known? */
static bool never_exceeds(ThGraph *g, ThNodeId x, ThNodeId n) {
  ThNodeId within = th_graph_binary(g, &th_op_less_equal, x, n);
  if (g->failed || !th_node(g, within)->is_constant) return false;
  if (!th_graph_evaluate(g, &within, 1)) return g->failed = true, false;
  ThTensor t = th_node_tensor(g, within);
  for (size_t i = 0; i < t.length; i++)
    if (t.data[i] == 0) return false;
  return true;
}

enum { N, P };
FORMULA(binomial) { return log_tosses(g, x, SUB(p[N], x), p[P]); }
/* Of p = sigmoid(η): log C(n, x) + x η - n log(1 + e^η), with known n ≥ x */
FORMULA(binomial_natural) {
  ThNodeId logit = logit_of(g, p[P]);
  if (logit == TH_ZERO || !never_exceeds(g, x, p[N])) return TH_ZERO;
  ThNodeId ways = NEG(ADD(LOG(SHIFT(p[N], 1)), LOG_BETA(SHIFT(x, 1), SHIFT(SUB(p[N], x), 1))));
  return ADD(ways, SUB(MUL(x, logit), MUL(p[N], SOFTPLUS(logit))));
}
/* ∂F/∂p = -(n - x)/(1 - p) P(X = x) */
RATIO(binomial_ratio) {
  (void)k;
  return NEG(DIV(SUB(p[N], x), ONE_MINUS(p[P])));
}
SUMMARY(binomial_mean) { return MUL(p[N], p[P]); }
SUMMARY(binomial_variance) { return MUL(p[N], MUL(p[P], ONE_MINUS(p[P]))); }
/* of equal n, where the divergence is finite */
DIVERGENCE(binomial_kl) { return MUL(p[N], toss_kl(g, p[P], q[P])); }

/* --- Poisson */

FORMULA(poisson) { return SUB(SUB(th_trace_x_log_y(g, x, p[0]), p[0]), LOG_GAMMA(SHIFT(x, 1))); }
/* ∂F/∂λ = -P(X = x) */
RATIO(poisson_ratio) {
  (void)x, (void)p, (void)k;
  return NUMBER(-1);
}
SUMMARY(rate) {
  (void)g;
  return p[0];
}
/* λ log(λ/λ') + λ' - λ */
DIVERGENCE(poisson_kl) { return ADD(MUL(p[0], LOG(DIV(p[0], q[0]))), SUB(q[0], p[0])); }

/* --- Geometric: p, start; NegBinomial: r, p, start, q = 1 - p */

FORMULA(geometric) { return ADD(LOG(p[0]), th_trace_x_log1p_y(g, SUB(x, p[1]), NEG(p[0]))); }
/* F = 1 - (1 - p)^(k + 1): ∂F/∂p is (k + 1)/p times the mass */
RATIO(geometric_ratio) {
  (void)k;
  return DIV(SHIFT(SUB(x, p[1]), 1), p[0]);
}
SUMMARY(geometric_mean) { return ADD(SHIFT(th_power_to(g, p[0], -1), -1), p[1]); }
SUMMARY(geometric_variance) { return DIV(ONE_MINUS(p[0]), SQUARE(p[0])); }
SUMMARY(geometric_entropy) { return DIV(toss_entropy(g, p[0]), p[0]); }
/* KL of one toss after another until the first success: that of a toss times their mean number */
DIVERGENCE(geometric_kl) { return DIV(toss_kl(g, p[0], q[0]), p[0]); }

enum { R, SUCCESS, START };
/* F = I_p(r, k + 1): ∂F/∂p is (r + k)/p times the mass; by r there is no closed form */
RATIO(negative_binomial_ratio) {
  ThNodeId failures = SUB(x, MUL(p[START], p[R]));
  return k == SUCCESS ? DIV(ADD(p[R], failures), p[SUCCESS]) : TH_ZERO;
}
FORMULA(negative_binomial) {
  ThNodeId failures = SUB(x, MUL(p[START], p[R]));
  ThNodeId ways = SUB(LOG_GAMMA(ADD(failures, p[R])), LOG_GAMMA(p[R]));
  return ADD(ADD(ways, MUL(p[R], LOG(p[SUCCESS]))), th_trace_x_log1p_y(g, failures, NEG(p[SUCCESS])));
}
SUMMARY(negative_binomial_mean) {
  return ADD(DIV(MUL(p[R], ONE_MINUS(p[SUCCESS])), p[SUCCESS]), MUL(p[START], p[R]));
}
SUMMARY(negative_binomial_variance) { return DIV(MUL(p[R], ONE_MINUS(p[SUCCESS])), SQUARE(p[SUCCESS])); }

/* --- BetaBinomial: n, α, β; Zipf: s */

FORMULA(beta_binomial) { return SUB(LOG_BETA(ADD(x, p[1]), ADD(SUB(p[0], x), p[2])), LOG_BETA(p[1], p[2])); }
SUMMARY(beta_binomial_mean) { return DIV(MUL(p[0], p[1]), ADD(p[1], p[2])); }
SUMMARY(beta_binomial_variance) {
  ThNodeId sum = ADD(p[1], p[2]);
  ThNodeId size = MUL(MUL(p[0], ADD(p[0], sum)), MUL(DIV(p[1], sum), DIV(p[2], sum)));
  return DIV(size, SHIFT(sum, 1));
}

FORMULA(zipf) { return NEG(ADD(MUL(p[0], LOG(x)), th_trace_log_zeta(g, p[0]))); }
/* ζ(s - 1)/ζ(s) */
SUMMARY(zipf_mean) { return EXP(SUB(th_trace_log_zeta(g, SHIFT(p[0], -1)), th_trace_log_zeta(g, p[0]))); }

/* clang-format off */
const ThTraceLaw th_trace_laws_counts[] = {
    {.family = &th_family_bernoulli, .log_density = bernoulli, .natural = bernoulli_natural,
     .natural_reach = TH_REACH_TOSSES, .ratio = bernoulli_ratio, .mean = bernoulli_mean,
     .variance = bernoulli_variance, .entropy = bernoulli_entropy, .kl = bernoulli_kl},
    {.family = &th_family_binomial, .log_density = binomial, .natural = binomial_natural,
     .natural_reach = TH_REACH_COUNTS, .ratio = binomial_ratio, .mean = binomial_mean,
     .variance = binomial_variance, .kl = binomial_kl},
    {.family = &th_family_poisson, .log_density = poisson, .reach = TH_REACH_COUNTS, .ratio = poisson_ratio,
     .mean = rate, .variance = rate, .kl = poisson_kl},
    {.family = &th_family_geometric, .log_density = geometric, .reach = TH_REACH_NOWHERE, .ratio = geometric_ratio,
     .mean = geometric_mean, .variance = geometric_variance, .entropy = geometric_entropy, .kl = geometric_kl},
    {.family = &th_family_negative_binomial, .log_density = negative_binomial, .ratio = negative_binomial_ratio,
     .mean = negative_binomial_mean,
     .variance = negative_binomial_variance},
    {.family = &th_family_beta_binomial, .log_density = beta_binomial, .mean = beta_binomial_mean,
     .variance = beta_binomial_variance},
    {.family = &th_family_zipf, .log_density = zipf, .mean = zipf_mean},
    {0},
};
/* clang-format on */
