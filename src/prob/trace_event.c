/* trace_event.c - log densities of vectors and matrices as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/trace_event.h"

#include <math.h>

#include "num/correlations.h"
#include "num/real.h"
#include "num/special.h"
#include "prob/event.h"
#include "prob/trace_short.h"
#include "val/operations_linalg.h"

static ThNodeId refuse(const ThTracedLaw *law, const char *why) {
  if (!law->g->failed)
    th_fail(law->g->cx, TH_ERROR_TYPE, "there is no rule for the derivative of `logpdf` of %s%s",
            law->family->name, why);
  law->g->failed = true;
  return 0;
}

/* Summed along the last axis. */
static ThNodeId sum_last(ThGraph *g, ThNodeId a) {
  if (a == TH_ZERO || g->failed) return a;
  uint32_t rank = th_node(g, a)->rank;
  return rank == 0 ? a : th_sum_axis(g, a, rank - 1, false);
}

/* log|A|; where A is not positive definite an operation that fails, so that there is no density there. */
static ThNodeId log_volume(ThGraph *g, ThNodeId a) {
  return SCALE(2, th_sum_all(g, LOG(th_diagonal_of(g, th_cholesky_node(g, a)))));
}

/* -½ (rᵀ Σ⁻¹ r + log|Σ| + n log 2π), r = x - μ: the rows of r are solved for all at once. */
static ThNodeId normal(const ThTracedLaw *law, ThNodeId x) {
  ThGraph *g = law->g;
  ThNodeId sigma = th_traced_parameter(law, 1), apart = SUB(x, th_traced_parameter(law, 0));
  ThNodeId solved = th_transpose_node(g, th_solve_node(g, sigma, th_transpose_node(g, apart)));
  ThNodeId square = sum_last(g, MUL(apart, solved)), volume = log_volume(g, sigma);
  double constant = (double)th_event_size(law->plain) * log(2 * TH_PI);
  return SCALE(-0.5, ADD(square, SHIFT(volume, constant)));
}

/* log Γ(Σ α) - Σ log Γ(α) + Σ (α - 1) log x */
static ThNodeId dirichlet(const ThTracedLaw *law, ThNodeId x) {
  ThGraph *g = law->g;
  ThNodeId alpha = th_traced_parameter(law, 0);
  ThNodeId front = SUB(LOG_GAMMA(th_sum_all(g, alpha)), th_sum_all(g, LOG_GAMMA(alpha)));
  return ADD(sum_last(g, MUL(SHIFT(alpha, -1), LOG(x))), front);
}

/* log n! + Σ (x log p - log x!), p brought to sum 1 */
static ThNodeId multinomial(const ThTracedLaw *law, ThNodeId x) {
  ThGraph *g = law->g;
  ThNodeId n = th_traced_parameter(law, 0), p = th_traced_parameter(law, 1), count = th_trace_held(g, x);
  ThNodeId terms = SUB(th_trace_x_log_y(g, count, DIV(p, th_sum_all(g, p))), LOG_GAMMA(SHIFT(count, 1)));
  return ADD(sum_last(g, terms), LOG_GAMMA(SHIFT(n, 1)));
}

/* ½ ((ν - n - 1) log|X| - tr(S⁻¹X) - ν n log 2 - ν log|S|) - log Γ_n(ν/2) */
static ThNodeId wishart(const ThTracedLaw *law, ThNodeId x) {
  ThGraph *g = law->g;
  double n = (double)th_event_size(law->plain);
  ThNodeId nu = th_traced_parameter(law, 0), scale = th_traced_parameter(law, 1);
  if (!g->failed && th_node(g, x)->rank != 2) return refuse(law, " at several points");
  ThNodeId trace = th_sum_all(g, MUL(x, th_transpose_node(g, th_inverse_node(g, scale))));
  ThNodeId size = SUB(MUL(SHIFT(nu, -n - 1), th_log_determinant_node(g, x)), trace);
  size = SUB(size, MUL(nu, SHIFT(th_log_determinant_node(g, scale), n * TH_LOG_2)));
  ThNodeId front = NUMBER(0.25 * n * (n - 1) * log(TH_PI)), half = SCALE(0.5, nu);
  for (double i = 0; i < n; i++) front = ADD(front, LOG_GAMMA(SHIFT(half, -0.5 * i)));
  return SUB(SCALE(0.5, size), front);
}

/* log det R of one point, or of each of several. */
static ThNodeId correlation_volumes(const ThTracedLaw *law, ThNodeId x) {
  ThGraph *g = law->g;
  size_t each = th_event_size(law->plain), n = g->failed ? 0 : th_node(g, x)->length / each;
  if (!g->failed && th_node(g, x)->rank == 1) return log_volume(g, th_correlation_node(g, x));
  ThNodeId *volumes = th_alloc_array(g->cx, n + 1, sizeof *volumes);
  if (!volumes) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < n; i++)
    volumes[i] = log_volume(g, th_correlation_node(g, th_part(g, x, i * each, each)));
  ThNodeId all = th_join(g, volumes, n);
  th_free(g->cx, volumes, (n + 1) * sizeof *volumes);
  return all;
}

/* (η - 1) log det R - Σ log B(β_j, ½) with β_j = η + (side - 1 - j)/2, of which there are side - j. */
static ThNodeId lkj(const ThTracedLaw *law, ThNodeId x) {
  ThGraph *g = law->g;
  ThNodeId eta = th_traced_parameter(law, 1), front = NUMBER(0), half = NUMBER(0.5);
  double side = (double)th_correlations_side(th_event_size(law->plain));
  for (double j = 1; j < side; j++)
    front = ADD(front, SCALE(side - j, LOG_BETA(SHIFT(eta, 0.5 * (side - 1 - j)), half)));
  return SUB(MUL(SHIFT(eta, -1), correlation_volumes(law, x)), front);
}

ThNodeId th_trace_event(const ThTracedLaw *law, ThNodeId x) {
  if (law->family == &th_family_mvnormal) return normal(law, x);
  if (law->family == &th_family_dirichlet) return dirichlet(law, x);
  if (law->family == &th_family_multinomial) return multinomial(law, x);
  if (law->family == &th_family_wishart) return wishart(law, x);
  if (law->family == &th_family_lkj) return lkj(law, x);
  return refuse(law, "");
}
