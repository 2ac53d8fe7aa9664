/* family_counts.c - maxima of likelihoods: families of whole numbers */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/family_rows.h"
#include "num/density.h"

static double mean(ThFamilyTask *t) { return th_sample_mean(t->s, th_sample_x, 0); }

static double variance(ThFamilyTask *t) { return th_sample_mean(t->s, th_sample_square, mean(t)); }

/* Bernoulli's p, Poisson's rate. */
static bool solve_mean(ThFamilyTask *t) {
  t->p[0] = mean(t);
  return true;
}

static bool solve_geometric(ThFamilyTask *t) {
  t->p[0] = 1 / (1 + (mean(t) - (t->p[1] != 0)));
  return true;
}

/* --- Whole numbers: the likelihood at each, searched */

/* The likelihood where parameter j is n; what else is free is at its best for that n. */
typedef double (*AtWhole)(ThFamilyTask *t, int j, double n);

/* The n >= from at which `at` is largest, where it rises to there and falls from there on; to: the last one allowed.
 * The steps double until it falls; then the place where it turns is halved in. */
static double search_whole(ThFamilyTask *t, int j, double from, double to, AtWhole at) {
  double low = from, step = 1;
  while (low + step <= to && at(t, j, low + step) >= at(t, j, low + step - 1)) {
    low += step;
    step *= 2;
  }
  double high = fmin(low + step, to); /* it turns within [low, high] */
  while (low < high) {
    double middle = low + floor(0.5 * (high - low)) + 1;
    if (middle > high) middle = high;
    if (at(t, j, middle) >= at(t, j, middle - 1)) low = middle;
    else high = middle - 1;
  }
  return low;
}

static double at_plain(ThFamilyTask *t, int j, double n) {
  double p[TH_MAX_PARAMETERS];
  for (int i = 0; i < TH_MAX_PARAMETERS; i++) p[i] = t->p[i];
  p[j] = n;
  return th_sample_log_density(t->s, t->family->math, p);
}

/* --- Binomial */

enum { N, P };

static double at_trials(ThFamilyTask *t, int j, double n) {
  double p[2] = {n, t->held[P] ? t->p[P] : mean(t) / n};
  (void)j;
  return th_sample_log_density(t->s, &th_binomial_math, p);
}

static bool check_trials(ThFamilyTask *t) {
  const ThSample *s = t->s;
  if (!t->held[N] || s->high <= t->p[N]) return true;
  return th_fail(s->cx, TH_ERROR_VALUE, "`%s` has %.6g, but `n` of %s is held at %.6g", s->name->spelling,
                 s->high, t->family->name, t->p[N]);
}

/* With p free the best n is finite only where the data vary less than their mean (Levin and Reeds, 1977). */
static bool check_binomial(ThFamilyTask *t) {
  if (t->held[N]) return check_trials(t);
  if (t->s->high == 0)
    return th_fail(t->s->cx, TH_ERROR_NUMERIC, "all data are 0: every `n` of Binomial fits as well, with p = 0");
  if (t->held[P]) return t->p[P] > 0 || th_family_fail(t, "n", true, "`p` is held at 0");
  double m = mean(t), v = variance(t);
  if (v < m) return true;
  th_family_fail(t, "n", true, "the data vary as much as those of a Poisson distribution do (mean %.6g, variance %.6g)",
                 m, v);
  return th_hint(t->s->cx, "mle(Poisson, %s), or hold `n`: mle(Binomial, %s, n = %.6g)", t->s->name->spelling,
                 t->s->name->spelling, 2 * t->s->high);
}

static bool solve_binomial(ThFamilyTask *t) {
  if (!t->held[N]) t->p[N] = search_whole(t, N, t->s->high, 1e15, at_trials);
  if (!t->held[P]) t->p[P] = t->p[N] > 0 ? mean(t) / t->p[N] : 0;
  return true;
}

/* --- BetaBinomial */

static bool check_beta_binomial(ThFamilyTask *t) {
  if (t->held[0]) return check_trials(t);
  th_fail(t->s->cx, TH_ERROR_VALUE, "`n` of BetaBinomial, the number of trials, is not to be learnt from the data");
  return th_hint(t->s->cx, "hold it: mle(BetaBinomial, %s, n = %.6g)", t->s->name->spelling, t->s->high);
}

/* Moments: the variance is n m (1 - m) (1 + (n - 1) ρ), ρ = 1/(α + β + 1). */
static void start_beta_binomial(ThFamilyTask *t) {
  double n = t->p[0], m = fmin(fmax(mean(t) / n, 1e-6), 1 - 1e-6), *p = th_family_start(t);
  double excess = (variance(t) / (n * m * (1 - m)) - 1) / fmax(n - 1, 1);
  double size = 1 / fmin(fmax(excess, 0.005), 0.9) - 1;
  p[1] = m * size;
  p[2] = (1 - m) * size;
}

static bool explain_beta_binomial(ThFamilyTask *t) {
  if (t->held[1] || t->held[2]) return true;
  th_family_fail(t, "α", true, "`β` grows with it, and the data vary no more than those of a Binomial distribution do");
  return th_hint(t->s->cx, "mle(Binomial, %s, n = %.6g)", t->s->name->spelling, t->p[0]);
}

/* --- NegBinomial */

static bool check_negative_binomial(ThFamilyTask *t) {
  if (t->p[2] != 0 && !t->held[0])
    return th_fail(t->s->cx, TH_ERROR_VALUE,
                   "with `start = 1` the least datum is `r`, which is then not to be learnt: hold `r`, or count "
                   "failures");
  if (t->held[0] || t->held[1]) return true;
  double m = mean(t), v = variance(t);
  if (v > m) return true;
  th_family_fail(t, "r", true,
                 "the data vary no more than those of a Poisson distribution do (mean %.6g, variance %.6g)", m, v);
  return th_hint(t->s->cx, "mle(Poisson, %s)", t->s->name->spelling);
}

static bool solve_negative_binomial(ThFamilyTask *t) {
  if (!t->held[0] || t->held[1]) return false;
  double m = mean(t) - (t->p[2] != 0 ? t->p[0] : 0);
  t->p[1] = t->p[0] / (t->p[0] + m);
  return true;
}

static void start_negative_binomial(ThFamilyTask *t) {
  double m = mean(t), v = variance(t), *p = th_family_start(t);
  p[0] = t->held[1] ? m * t->p[1] / (1 - t->p[1]) : m * m / fmax(v - m, 1e-3 * m);
  p[1] = p[0] / (p[0] + m);
}

/* --- Zipf */

static bool check_zipf(ThFamilyTask *t) {
  return t->s->high > 1 || th_family_fail(t, "s", true, "all data are 1");
}

static void start_zipf(ThFamilyTask *t) {
  th_family_start(t)[0] = 1 + 1 / fmax(th_sample_mean(t->s, th_sample_log, 0), 1e-3);
}

/* --- Hypergeometric */

enum { GOOD, BAD, DRAWS };

static bool check_hypergeometric(ThFamilyTask *t) {
  ThContext *cx = t->s->cx;
  const char *name = t->s->name->spelling;
  if (t->held[GOOD] + t->held[BAD] + t->held[DRAWS] < 2) {
    th_fail(cx, TH_ERROR_VALUE, "of `good`, `bad` and `draws` of Hypergeometric one is to be learnt from the data");
    return th_hint(cx, "hold the others: mle(Hypergeometric, %s, good = 50, draws = 20)", name);
  }
  double rest = t->p[DRAWS] - t->s->high;
  if (!t->held[BAD] && t->s->high == 0) return th_family_fail(t, "bad", true, "nothing good was ever drawn");
  if (!t->held[GOOD] && t->p[DRAWS] - t->s->low == 0)
    return th_family_fail(t, "good", true, "nothing bad was ever drawn");
  bool most = t->held[DRAWS] && rest < 0, good = t->held[GOOD] && t->s->high > t->p[GOOD];
  if (!most && !good) return true;
  return th_fail(cx, TH_ERROR_VALUE, "`%s` has %.6g, but `%s` of Hypergeometric is held at %.6g", name, t->s->high,
                 most ? "draws" : "good", most ? t->p[DRAWS] : t->p[GOOD]);
}

static bool solve_hypergeometric(ThFamilyTask *t) {
  double *p = t->p, low = t->s->low, high = t->s->high;
  if (!t->held[BAD])
    p[BAD] = search_whole(t, BAD, fmax(p[DRAWS] - low, fmax(p[DRAWS] - p[GOOD], 0)), 1e14, at_plain);
  if (!t->held[GOOD]) p[GOOD] = search_whole(t, GOOD, fmax(high, fmax(p[DRAWS] - p[BAD], 0)), 1e14, at_plain);
  if (!t->held[DRAWS])
    p[DRAWS] = search_whole(t, DRAWS, high, fmin(p[BAD] + low, p[GOOD] + p[BAD]), at_plain);
  return true;
}

const ThFamilyRow th_family_rows_counts[] = {
    {.family = &th_family_bernoulli, .solve = solve_mean},
    {.family = &th_family_poisson, .solve = solve_mean},
    {.family = &th_family_geometric, .solve = solve_geometric},
    {.family = &th_family_binomial,
     .edges = 1,
     .edge_words = "is a whole number, the best one",
     .check = check_binomial,
     .solve = solve_binomial},
    {.family = &th_family_beta_binomial,
     .check = check_beta_binomial,
     .start = start_beta_binomial,
     .explain = explain_beta_binomial},
    {.family = &th_family_negative_binomial,
     .check = check_negative_binomial,
     .solve = solve_negative_binomial,
     .start = start_negative_binomial},
    {.family = &th_family_zipf, .check = check_zipf, .start = start_zipf},
    {.family = &th_family_hypergeometric,
     .edges = 7,
     .edge_words = "is a whole number, the best one",
     .check = check_hypergeometric,
     .solve = solve_hypergeometric},
    {0},
};
