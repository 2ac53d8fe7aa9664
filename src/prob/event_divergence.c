/* event_divergence.c - how far one distribution of vectors or matrices is from another */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/event_divergence.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/linalg.h"
#include "num/real.h"
#include "num/special.h"
#include "prob/query.h"

enum { MOST_OUTCOMES = 1000000, DRAWS = 100000 };
#define DRAWN "Monte Carlo (100000 draws)"
#define LEAVES "the second one does not allow all values of the first"

/* --- What can be compared */

static const char *things(const ThDistribution *d) {
  if (!d->family->event) return "numbers";
  return d->family->event->rank == 1 ? "vectors" : "matrices";
}

static bool check_pair(const ThPair *pair) {
  const ThDistribution *p = pair->p, *q = pair->q;
  if (p->family->event != q->family->event) {
    bool alike = strcmp(things(p), things(q)) == 0;
    return th_fail_argument(pair->cx, 2, TH_ERROR_TYPE,
                            alike ? "a %s is compared with another %s, not with a %s"
                                  : "a %s is compared with another %s: %s gives %s",
                            p->family->name, p->family->name, q->family->name, things(q));
  }
  if (th_event_size(p) == th_event_size(q)) return true;
  return th_fail_argument(pair->cx, 2, TH_ERROR_SHAPE, "the distributions have %zu and %zu components",
                          th_event_size(p), th_event_size(q));
}

/* --- Kullback and Leibler */

bool th_event_kl(const ThPair *pair, ThFinding *out) {
  *out = (ThFinding){0};
  if (!check_pair(pair) || !pair->p->family->event->kl(pair->cx, pair->p, pair->q, &out->value)) return false;
  if (isinf(out->value)) snprintf(out->reason, sizeof out->reason, LEAVES);
  return true;
}

bool th_event_cross_entropy(const ThPair *pair, ThFinding *out) {
  double entropy;
  if (!th_event_kl(pair, out)) return false;
  if (isinf(out->value)) return true;
  if (!pair->p->family->event->entropy(pair->cx, pair->p, &entropy)) return false;
  out->value += entropy;
  return true;
}

/* --- Total variation */

static const double *mean_of(const ThDistribution *d) { return d->p + 1; }
static const double *factor_of(const ThDistribution *d) {
  size_t n = th_event_size(d);
  return mean_of(d) + n + n * n;
}

static bool same_covariance(const ThPair *pair) {
  size_t n = th_event_size(pair->p);
  return pair->p->family == &th_family_mvnormal &&
         memcmp(factor_of(pair->p), factor_of(pair->q), n * n * sizeof(double)) == 0;
}

/* The distance of the means, of normal vectors: itself, or over L. */
static bool mean_distance(const ThPair *pair, bool whitened, double *out) {
  size_t n = th_event_size(pair->p);
  double *shift = th_alloc_array(pair->cx, n, sizeof *shift);
  if (!shift) return false;
  for (size_t i = 0; i < n; i++) shift[i] = mean_of(pair->p)[i] - mean_of(pair->q)[i];
  if (whitened) th_linalg_solve_triangular(true, false, n, 1, factor_of(pair->p), shift);
  *out = sqrt(th_linalg_dot(n, shift, shift));
  th_free(pair->cx, shift, n * sizeof *shift);
  return true;
}

/* 2Φ(δ/2) - 1 with Mahalanobis's distance δ. */
static bool shifted_normals(const ThPair *pair, ThFinding *out) {
  double distance;
  if (!mean_distance(pair, true, &distance)) return false;
  *out = (ThFinding){.value = th_special_erf(distance * 0.5 / sqrt(2))};
  return true;
}

static bool log_masses(const ThPair *pair, const double *x, double *p, double *q) {
  return pair->p->family->event->log_density(pair->cx, pair->p, x, p) &&
         pair->q->family->event->log_density(pair->cx, pair->q, x, q);
}

/* The next way to spread the counts x over n places, the first one falling; false after the last. */
static bool next_counts(size_t n, double *x) {
  size_t k = n - 1;
  double tail = x[n - 1];
  while (k-- > 0)
    if (x[k] > 0) {
      x[k]--;
      x[n - 1] = 0;
      x[k + 1] = tail + 1;
      return true;
    }
  return false;
}

/* Σ (p - q)⁺ over all outcomes. */
static bool sum_outcomes(const ThPair *pair, double *x, ThFinding *out) {
  size_t n = th_event_size(pair->p);
  double sum = 0;
  memset(x, 0, n * sizeof *x);
  x[0] = pair->p->p[1];
  do {
    double p, q;
    if (!log_masses(pair, x, &p, &q) || !th_poll(pair->cx)) return false;
    if (p > q) sum += exp(p) - exp(q);
  } while (next_counts(n, x));
  *out = (ThFinding){.value = fmin(sum, 1), .error = 1e-15 * (1 + sqrt(x[n - 1])), .method = "sum"};
  return true;
}

/* E_p (1 - q/p)⁺ */
static bool draw_outcomes(const ThPair *pair, double *x, ThFinding *out) {
  ThRandom r;
  double sum = 0, squares = 0;
  th_query_stream(pair->cx, &r);
  for (size_t i = 0; i < DRAWS; i++) {
    double p, q;
    if (!pair->p->family->event->sample(pair->cx, pair->p, &r, x) || !log_masses(pair, x, &p, &q) ||
        !th_poll_at(pair->cx, i))
      return false;
    double term = p > q ? -expm1(q - p) : 0;
    sum += term, squares += term * term;
  }
  double mean = sum / DRAWS;
  *out = (ThFinding){
      .value = mean, .error = sqrt(fmax(squares / DRAWS - mean * mean, 0) / DRAWS), .method = DRAWN};
  return true;
}

/* Of counts: all outcomes where they are few, else draws. Of different numbers of trials no outcome is common. */
static bool counts_distance(const ThPair *pair, ThFinding *out) {
  size_t n = th_event_size(pair->p);
  double trials = pair->p->p[1];
  *out = (ThFinding){.value = 1};
  if (trials != pair->q->p[1]) return true;
  double *x = th_alloc_array(pair->cx, n, sizeof *x);
  if (!x) return false;
  bool few = th_special_lchoose(trials + (double)n - 1, (double)n - 1) < log(MOST_OUTCOMES);
  bool ok = few ? sum_outcomes(pair, x, out) : draw_outcomes(pair, x, out);
  th_free(pair->cx, x, n * sizeof *x);
  return ok;
}

static bool is_same(const ThPair *pair) {
  return pair->p->stride == pair->q->stride &&
         memcmp(pair->p->p, pair->q->p, pair->p->stride * sizeof *pair->p->p) == 0;
}

bool th_event_total_variation(const ThPair *pair, ThFinding *out) {
  if (!check_pair(pair)) return false;
  if (is_same(pair)) {
    *out = (ThFinding){.value = 0};
    return true;
  }
  if (pair->p->family->event->discrete) return counts_distance(pair, out);
  if (same_covariance(pair)) return shifted_normals(pair, out);
  if (!th_event_overlap(pair, out)) return false;
  out->value = fmin(fmax(1 - out->value, 0), 1);
  out->error += DBL_EPSILON;
  return true;
}

/* --- Wasserstein */

/* |L_p - L_q U|² with the orthogonal U that makes it least, U = P V' for L_q'L_p = P S V' (Dowson and Landau 1982;
 * written as a distance, so that near distributions do not cancel). */
static bool bures_square(const ThPair *pair, double *out) {
  ThContext *cx = pair->cx;
  size_t n = th_event_size(pair->p), size = n * n;
  const double *l = factor_of(pair->p), *m = factor_of(pair->q);
  double *product = th_alloc_array(cx, 5 * size + n, sizeof *product);
  if (!product) return false;
  double *u = product + size, *v = u + size, *turn = v + size, *moved = turn + size, *s = moved + size;
  th_linalg_gemm(true, false, n, n, n, 1, m, l, 0, product);
  bool ok = th_linalg_svd(cx, n, n, product, u, s, v);
  if (ok) {
    th_linalg_gemm(false, true, n, n, n, 1, u, v, 0, turn);
    memcpy(moved, l, size * sizeof *moved);
    th_linalg_gemm(false, false, n, n, n, -1, m, turn, 1, moved);
    *out = th_linalg_dot(size, moved, moved);
  }
  th_free(cx, product, (5 * size + n) * sizeof *product);
  return ok;
}

static bool fail_no_distance(const ThPair *pair, double order) {
  ThContext *cx = pair->cx;
  char first[64], second[64];
  if (pair->p->family != &th_family_mvnormal)
    return th_fail_argument(
        cx, 1, TH_ERROR_TYPE,
        "how far probability is carried between %s is known for MvNormal only, not for %s", things(pair->p),
        pair->p->family->name);
  th_fail_argument(cx, 3, TH_ERROR_VALUE,
                   "the distance of order %.6g between normal vectors of different Σ has no formula", order);
  return th_hint(cx, "that of order 2 has: `wasserstein(%s, %s, 2)`",
                 th_operand(cx, 0, "p", first, sizeof first), th_operand(cx, 1, "q", second, sizeof second));
}

bool th_event_wasserstein(const ThPair *pair, double order, ThFinding *out) {
  double shift, square = 0;
  if (!check_pair(pair)) return false;
  bool normal = pair->p->family == &th_family_mvnormal, same = normal && same_covariance(pair);
  if (!normal || (order != 2 && !same)) return fail_no_distance(pair, order);
  if (!mean_distance(pair, false, &shift) || (!same && !bures_square(pair, &square))) return false;
  *out = (ThFinding){.value = hypot(shift, sqrt(square))};
  return true;
}
