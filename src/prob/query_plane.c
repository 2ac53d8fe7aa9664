/* query_plane.c - moments of functions of two numbers whose joint density is known on squares */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums over the nodes of the squares (plane.h), by two rules, whose difference is the error: a function with jumps, or
 * one for which the far nodes count, is left to others. */
#include <math.h>
#include <stdlib.h>

#include "num/real.h"
#include "prob/joint.h"
#include "prob/plane.h"
#include "prob/query.h"

enum { FINE = 8, COARSE = 6 }; /* nodes in each direction of a square */

#define FAR 1e-6         /* of the mass: nodes so light, together, */
#define MOST_OF_FAR 2e-2 /* may carry so much of the answer, of which a hundredth is lost beyond them */
#define ACCURACY 1e-5

/* The targets at the nodes. */
typedef struct Values {
  size_t n;
  double *rows; /* (n, 3): both numbers and the weight */
  double *x[2]; /* (n) each */
  double *block;
  bool complex_;
} Values;

/* The plane whose components are all that the question hangs on; NULL when there is more. */
static const ThDistribution *find_plane(const ThQuery *q) {
  if (q->n_conditions > 0 || q->kind == TH_QUERY_P || q->kind == TH_QUERY_DIST || q->net.n_variables != 2)
    return NULL;
  const ThVariable *a = q->net.variables[0].variable, *b = q->net.variables[1].variable;
  const ThDistribution *law = th_joint_of(a) && a->joint.bits == b->joint.bits ? th_joint_law(a) : NULL;
  return law && law->family == &th_family_plane ? law : NULL;
}

/* Is it the law of the second number given the first? Nobody asks for it here. */
static bool is_law(const ThNetworkNode *node) {
  return th_is_variable(node->source) && th_as_variable(node->source)->what == TH_VARIABLE_COMPONENT;
}

/* Both numbers, and what hangs on them. */
static bool set(ThQuery *q, const double *row) {
  ThNetwork *net = &q->net;
  bool ignored;
  for (size_t k = 0; k < 2; k++)
    th_network_set(net, net->variables[k].node, row[net->variables[k].variable->component]);
  for (uint32_t i = 0; i < net->n_nodes; i++) {
    const ThNetworkNode *node = &net->nodes[i];
    if (node->declared != TH_NO_NODE || node->level == 0 || node->skipped || is_law(node)) continue;
    if (!th_network_recompute(net, i, &ignored)) return false;
  }
  return true;
}

static bool fill(ThQuery *q, Values *v) {
  for (size_t i = 0; i < v->n; i++) {
    double complex x[2] = {0};
    if ((i % 256 == 0 && !th_poll(q->cx)) || !set(q, v->rows + 3 * i)) return false;
    for (size_t j = 0; j < q->n_targets; j++)
      if (!th_query_target(q, j, &x[j])) return false;
    v->complex_ = v->complex_ || cimag(x[0]) != 0 || cimag(x[1]) != 0;
    v->x[0][i] = creal(x[0]);
    v->x[1][i] = creal(x[1]);
  }
  return true;
}

static void values_clear(ThContext *cx, Values *v) {
  if (v->rows) th_free(cx, v->rows, 3 * v->n * sizeof *v->rows);
  if (v->block) th_free(cx, v->block, 2 * v->n * sizeof *v->block);
}

static bool values_init(ThQuery *q, const ThDistribution *plane, int side, Values *v) {
  *v = (Values){0};
  if (!th_plane_nodes(q->cx, plane, side, &v->rows, &v->n)) return false;
  v->block = th_alloc_array(q->cx, 2 * v->n, sizeof *v->block);
  if (v->block) v->x[0] = v->block, v->x[1] = v->block + v->n;
  if (v->block && fill(q, v)) return true;
  values_clear(q->cx, v);
  return false;
}

/* --- Moments */

static double product(const Values *v, int j, int k, const double *mean) {
  double sum = 0;
  for (size_t i = 0; i < v->n; i++)
    sum += v->rows[3 * i + 2] * (v->x[j][i] - mean[j]) * (v->x[k][i] - mean[k]);
  return sum;
}

static ThMoments moments(const Values *v) {
  double mean[2] = {0};
  for (size_t i = 0; i < v->n; i++)
    for (int j = 0; j < 2; j++) mean[j] += v->rows[3 * i + 2] * v->x[j][i];
  return (ThMoments){.weight = 1,
                     .mean = {mean[0], mean[1]},
                     .variance = {product(v, 0, 0, mean), product(v, 1, 1, mean)},
                     .covariance = product(v, 0, 1, mean)};
}

/* What share of the sums the lightest nodes carry: where that is much, the integrals may be infinite. */
static bool find_far(ThContext *cx, const Values *v, const ThMoments *m, bool squares, double *share) {
  double *pairs = th_alloc_array(cx, 2 * v->n, sizeof *pairs), mass = 0, part = 0, all = 0;
  if (!pairs) return false;
  for (size_t i = 0; i < v->n; i++) {
    double a = fabs(v->x[0][i] - creal(m->mean[0])), b = fabs(v->x[1][i] - creal(m->mean[1]));
    pairs[2 * i] = v->rows[3 * i + 2];
    pairs[2 * i + 1] = pairs[2 * i] * (squares ? a * a + b * b : a);
    all += pairs[2 * i + 1];
  }
  qsort(pairs, v->n, 2 * sizeof *pairs, th_real_ascending);
  for (size_t i = 0; i < v->n && (mass += pairs[2 * i]) < FAR; i++) part += pairs[2 * i + 1];
  th_free(cx, pairs, 2 * v->n * sizeof *pairs);
  *share = all > 0 ? part / all : 0;
  return true;
}

bool th_answer_plane(ThQuery *q, ThValue *out, bool *done) {
  const ThDistribution *plane = find_plane(q);
  Values fine, coarse;
  double far = 1;
  *done = false;
  if (!plane) return true;
  if (!values_init(q, plane, FINE, &fine)) return false;
  if (!values_init(q, plane, COARSE, &coarse)) {
    values_clear(q->cx, &fine);
    return false;
  }
  ThMoments m = moments(&fine), other = moments(&coarse);
  bool is_real = !fine.complex_ && isfinite(th_query_answer_of(q, &m));
  bool ok = !is_real || find_far(q->cx, &fine, &m, q->kind != TH_QUERY_E, &far);
  values_clear(q->cx, &fine);
  values_clear(q->cx, &coarse);
  double answer = th_query_answer_of(q, &m), scale = sqrt(m.variance[0]) + fabs(answer);
  double difference = fabs(answer - th_query_answer_of(q, &other));
  m.error = difference + (0.01 * far + 1e-13) * scale;
  if (!ok || far > MOST_OF_FAR || !(difference <= ACCURACY * scale)) return ok;
  *done = true;
  return th_query_estimate(q, &m, "quadrature", out);
}
