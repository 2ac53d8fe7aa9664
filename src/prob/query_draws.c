/* query_draws.c - answers from the draws of a sampler */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The question is answered at each draw; what else is random is drawn once at each. The answer's error comes from the
 * chains: draws that follow each other tell less than independent ones. It is that of the mean of the answer's
 * influence function, which for an expectation is x - E(x), for a variance (x - E(x))² - Var(x). */
#include <math.h>
#include <stdio.h>

#include "num/diagnostics.h"
#include "num/real.h"
#include "num/stats.h"
#include "prob/draws.h"
#include "prob/query.h"

typedef struct Answers {
  const ThDraws *draws;
  size_t n, kept;
  double *weight, *x[2], *influence; /* (n) each */
  double total;                      /* of the weights */
  bool complex_;
} Answers;

/* The only variable that is the number of a draw; SIZE_MAX when there is none, or several. */
static size_t find_number(const ThQuery *q) {
  size_t found = SIZE_MAX;
  for (size_t k = 0; k < q->net.n_variables; k++) {
    if (!th_draws_of(q->net.variables[k].variable)) continue;
    if (found != SIZE_MAX) return SIZE_MAX;
    found = k;
  }
  return found;
}

static bool begin(ThQuery *q, size_t k, Answers *a) {
  *a = (Answers){.draws = th_draws_of(q->net.variables[k].variable)};
  a->n = a->draws->n_chains * a->draws->n_draws;
  a->weight = th_alloc_array(q->cx, 4 * a->n, sizeof *a->weight);
  if (!a->weight) return false;
  a->x[0] = a->weight + a->n;
  a->x[1] = a->x[0] + a->n;
  a->influence = a->x[1] + a->n;
  return true;
}

static void end(ThQuery *q, Answers *a) {
  if (a->weight) th_free(q->cx, a->weight, 4 * a->n * sizeof *a->weight);
}

static size_t n_asked(const ThQuery *q) { return q->kind == TH_QUERY_P ? 1 : q->n_targets; }

/* The targets at each draw: the number is observed to be 1, 2, …. */
static bool answer_each(ThQuery *q, size_t k, Answers *a) {
  ThRandom r;
  th_query_random(q, &r);
  q->variables[k].observed = true;
  bool ok = true;
  for (size_t i = 0; ok && i < a->n; i++) {
    double complex x[2] = {0};
    q->variables[k].at = (double)(i + 1);
    ok = (i % 256 || th_poll(q->cx)) && th_query_draw(q, &r, &a->weight[i]);
    for (size_t j = 0; ok && a->weight[i] > 0 && j < n_asked(q); j++) ok = th_query_target(q, j, &x[j]);
    a->complex_ = a->complex_ || cimag(x[0]) != 0;
    a->x[0][i] = creal(x[0]);
    a->x[1][i] = n_asked(q) == 2 ? creal(x[1]) : cimag(x[0]);
    a->kept += ok && a->weight[i] > 0;
    a->total += ok ? a->weight[i] : 0;
  }
  q->variables[k].observed = false;
  return ok;
}

/* --- Moments */

static double mean_of(const Answers *a, int j) {
  double sum = 0;
  for (size_t i = 0; i < a->n; i++)
    if (a->weight[i] > 0) sum += a->weight[i] * (a->x[j][i] - a->x[j][0]);
  return a->x[j][0] + sum / a->total;
}

static double product_of(const Answers *a, int j, int l, const double *mean) {
  double sum = 0;
  for (size_t i = 0; i < a->n; i++)
    if (a->weight[i] > 0) sum += a->weight[i] * (a->x[j][i] - mean[j]) * (a->x[l][i] - mean[l]);
  return sum / a->total;
}

/* The influence of a draw on the answer. */
static double influence(const ThQuery *q, const ThMoments *m, double a, double b) {
  switch (q->kind) {
    case TH_QUERY_VAR: return a * a - m->variance[0];
    case TH_QUERY_SD: return (a * a - m->variance[0]) / (2 * sqrt(m->variance[0]));
    case TH_QUERY_COV: return a * b - m->covariance;
    case TH_QUERY_CORR: {
      double s = sqrt(m->variance[0]), t = sqrt(m->variance[1]), r = m->covariance / (s * t);
      return a / s * (b / t) - r / 2 * (a * a / m->variance[0] + b * b / m->variance[1]);
    }
    default: return a;
  }
}

/* The standard error of the mean of the influences. Of answers that are all alike nothing is known but their
 * number. */
static bool find_error(ThQuery *q, Answers *a, const double *mean, ThMoments *m) {
  double size;
  for (size_t i = 0; i < a->n; i++) {
    double share = a->weight[i] * (double)a->n / a->total;
    a->influence[i] = share > 0 ? share * influence(q, m, a->x[0][i] - mean[0], a->x[1][i] - mean[1]) : 0;
  }
  if (!th_effective_size(q->cx, a->draws->n_chains, a->draws->n_draws, a->influence, &size)) return false;
  m->error = isnan(size) ? 0 : sqrt(th_stats_variance(a->n, a->influence, 1) / size);
  return true;
}

static bool find_moments(ThQuery *q, Answers *a, ThMoments *m) {
  double mean[2] = {mean_of(a, 0), mean_of(a, 1)};
  *m = (ThMoments){.weight = a->total, .mean = {mean[0], mean[1]}};
  if (a->complex_) m->mean[0] = th_complex_of(mean[0], mean[1]);
  m->variance[0] = product_of(a, 0, 0, mean);
  m->variance[1] = product_of(a, 1, 1, mean);
  m->covariance = product_of(a, 0, 1, mean);
  return find_error(q, a, mean, m);
}

static bool answer_number(ThQuery *q, Answers *a, ThValue *out) {
  ThMoments m;
  char method[80];
  if (!find_moments(q, a, &m)) return false;
  bool certain = q->kind == TH_QUERY_P && (creal(m.mean[0]) == 0 || creal(m.mean[0]) == 1);
  if (certain) m.error = 3.0 / (double)a->kept;
  snprintf(method, sizeof method, "%s (%zu draws)", a->draws->method, a->n);
  if (a->kept < a->n) th_text_format(&q->story, "%zu of %zu draws met the conditions\n", a->kept, a->n);
  th_text_add(&q->story, certain
                             ? "all draws agree: the error is a bound, 3/n\n"
                             : "the error is one standard error, from the autocorrelation of the chains\n");
  return th_query_estimate(q, &m, method, out);
}

bool th_answer_draws(ThQuery *q, ThValue *out, bool *done) {
  Answers a;
  size_t k = find_number(q);
  *done = false;
  if (k == SIZE_MAX) return true;
  bool ok = begin(q, k, &a) && answer_each(q, k, &a);
  if (ok && a.kept < 2) {
    q->options.draws = a.n;
    ok = th_query_fail_unmet(q, false);
  }
  if (ok && q->kind == TH_QUERY_DIST)
    ok = th_query_distribution_of_draws(q, a.n, a.x[0], a.weight, a.draws->method, out);
  else if (ok) ok = answer_number(q, &a, out);
  end(q, &a);
  *done = ok;
  return ok;
}

/* --- As they are */

static bool empirical(ThQuery *q, const Answers *a, ThValue *out) {
  ThValue parameters[TH_MAX_PARAMETERS] = {th_none(), th_none(), th_none(), th_none()};
  if (!th_vector_from(q->cx, a->x[0], a->n, &parameters[0])) return false;
  bool ok = th_distribution_new(q->cx, &th_family_empirical, parameters, out);
  th_release(parameters[0]);
  return ok;
}

bool th_draws_empirical(ThContext *cx, ThValue v, ThValue *out) {
  ThQuery q;
  Answers a = {0};
  *out = th_none();
  if (!th_query_init(cx, &q, TH_QUERY_E, &v, 1, NULL, 0, NULL)) return false;
  size_t k = find_number(&q);
  bool ok = true;
  if (k != SIZE_MAX) {
    ok = begin(&q, k, &a) && answer_each(&q, k, &a);
    if (ok && !a.complex_) ok = empirical(&q, &a, out);
    end(&q, &a);
  }
  th_query_clear(&q);
  return ok;
}
