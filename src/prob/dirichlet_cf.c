/* dirichlet_cf.c - the characteristic function of the Dirichlet distribution */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* E e^(ik·X) is Lauricella's confluent function Φ₂. By stick-breaking it is a chain of integrals of one dimension: with
 * φ_j(t) the transform at t of the shares j … n of a whole of 1,
 *   φ_j(t) = E e^(i t k_j B) φ_(j+1)(t (1 - B)),  B ~ Beta(α_j, α_(j+1) + … + α_n),
 * and φ_(n-1) is a transform of a Beta variable. Each φ_j is an entire function of exponential type, the span of k at
 * most: it is kept as its values at Chebyshev points of [0, 1], and the expectations are taken by Gauss's rule for the
 * weight of B (Golub and Welsch 1969). With half the span in points above 30 both are exact to rounding, some 1e-15 for
 * each component: nothing cancels, since |φ| <= 1 and the weights are positive. */
#include "prob/dirichlet_cf.h"

#include <math.h>

#include "num/linalg.h"
#include "num/real.h"
#include "num/special.h"

enum { MOST_SPAN = 1000 };

typedef struct Chain {
  ThContext *cx;
  size_t n, n_points, n_nodes;
  const double *alpha, *rest, *k;
  double *matrix, *vectors, *node, *weight; /* of Gauss's rule */
  double *point;                            /* Chebyshev's, of the second kind, from 1 down to 0 */
  double complex *value, *next;             /* of φ_(j+1) and φ_j there */
} Chain;

/* The rule for E f(B), B ~ Beta(a, b): the eigenvalues of the matrix of the recurrence of Jacobi's polynomials
 * (NIST Handbook 2010, 18.9.2), and the squares of the first components of its eigenvectors. */
static bool gauss_rule(Chain *c, double a, double b) {
  size_t m = c->n_nodes;
  double s = a + b;
  for (size_t i = 0; i < m * m; i++) c->matrix[i] = 0;
  for (size_t i = 0; i < m; i++) {
    double d = 2 * (double)i - 2 + s; /* 2i + α + β */
    c->matrix[i * m + i] = i == 0 ? (a - b) / s : (a - b) / d * ((s - 2) / (d + 2));
    if (i == 0) continue;
    double square = i == 1 ? 4 * a / s * (b / s) / (s + 1)
                           : 4 * (double)i * ((double)i + a - 1) / d * (((double)i + b - 1) / d) *
                                 (((double)i + s - 2) / (d + 1)) / (d - 1);
    c->matrix[i * m + i - 1] = c->matrix[(i - 1) * m + i] = sqrt(square);
  }
  if (!th_linalg_eigen_symmetric(c->cx, m, c->matrix, c->node, c->vectors)) return false;
  for (size_t i = 0; i < m; i++) {
    c->node[i] = fmin(fmax(0.5 * (1 + c->node[i]), 0), 1);
    c->weight[i] = c->vectors[i] * c->vectors[i];
  }
  return true;
}

/* φ_(j+1)(t) from its values, by the barycentric formula (Berrut and Trefethen 2004, equation 5.4). */
static double complex interpolate(const Chain *c, double t) {
  double complex sum = 0;
  double total = 0;
  for (size_t i = 0; i < c->n_points; i++) {
    double distance = t - c->point[i];
    if (distance == 0) return c->value[i];
    double w = (i % 2 ? -1 : 1) / distance * (i == 0 || i + 1 == c->n_points ? 0.5 : 1);
    sum += w * c->value[i];
    total += w;
  }
  return sum / total;
}

static double complex turn(double angle) { return cos(angle) + TH_I * sin(angle); }

static double complex expectation(const Chain *c, size_t j, double t) {
  double complex sum = 0;
  for (size_t i = 0; i < c->n_nodes; i++)
    sum += c->weight[i] * turn(t * c->k[j] * c->node[i]) * interpolate(c, t * (1 - c->node[i]));
  return sum;
}

/* Of the last two shares. */
static double complex last_two(const Chain *c, double t) {
  double first = c->k[c->n - 2], second = c->k[c->n - 1];
  return turn(t * second) * th_special_beta_cf(c->alpha[c->n - 2], c->alpha[c->n - 1], t * (first - second));
}

static bool run(Chain *c, double complex *out) {
  size_t j = c->n - 2;
  for (size_t i = 0; i < c->n_points; i++) {
    c->point[i] = 0.5 * (1 + cos(TH_PI * (double)i / (double)(c->n_points - 1)));
    c->value[i] = last_two(c, c->point[i]);
  }
  while (j-- > 0) {
    if (!th_poll(c->cx) || !gauss_rule(c, c->alpha[j], c->rest[j + 1])) return false;
    if (j == 0) break;
    for (size_t i = 0; i < c->n_points; i++) c->next[i] = expectation(c, j, c->point[i]);
    double complex *swap = c->value;
    c->value = c->next;
    c->next = swap;
  }
  *out = expectation(c, 0, 1);
  return true;
}

bool th_dirichlet_cf(ThContext *cx, size_t n, const double *alpha, const double *rest, const double *k,
                     double complex *out) {
  Chain c = {.cx = cx, .n = n, .alpha = alpha, .rest = rest, .k = k};
  double least = k[0], most = k[0];
  for (size_t i = 1; i < n; i++) least = fmin(least, k[i]), most = fmax(most, k[i]);
  double span = most - least;
  if (n == 2) {
    *out = last_two(&c, 1);
    return true;
  }
  if (!(span <= MOST_SPAN))
    return th_fail_argument(
        cx, 2, TH_ERROR_VALUE,
        "the characteristic function of a Dirichlet is computed for elements of k that differ by "
        "%d at most, not %.6g",
        MOST_SPAN, span);
  c.n_points = 40 + (size_t)span;
  c.n_nodes = 30 + (size_t)(0.5 * span);
  size_t m = c.n_nodes, size = 2 * m * m + 2 * m + c.n_points + 4 * c.n_points + n;
  double *block = th_alloc_array(cx, size, sizeof *block);
  if (!block) return false;
  c.value = (double complex *)block; /* first, for its alignment */
  c.next = c.value + c.n_points;
  c.point = block + 4 * c.n_points;
  c.matrix = c.point + c.n_points;
  c.vectors = c.matrix + m * m;
  c.node = c.vectors + m * m;
  c.weight = c.node + m;
  double *shifted = c.weight + m; /* shares sum to 1: the middle of k is taken out, as e^(i middle) */
  for (size_t i = 0; i < n; i++) shifted[i] = k[i] - 0.5 * (least + most);
  c.k = shifted;
  bool ok = run(&c, out);
  if (ok) *out *= turn(0.5 * (least + most));
  th_free(cx, block, size * sizeof *block);
  return ok;
}
