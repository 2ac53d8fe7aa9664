/* event_matrix.c - what densities with a covariance matrix share: determinants, inverses, information */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "num/linalg.h"
#include "prob/event.h"

double th_event_log_determinant(size_t n, const double *factor) {
  double sum = 0;
  for (size_t i = 0; i < n; i++) sum += log(factor[i * n + i]);
  return 2 * sum;
}

void th_event_inverse(size_t n, const double *factor, double *out) {
  memset(out, 0, n * n * sizeof *out);
  for (size_t i = 0; i < n; i++) out[i * n + i] = 1;
  th_linalg_solve_cholesky(n, n, factor, out);
  th_linalg_symmetrize(n, out);
}

bool th_event_between(ThContext *cx, size_t n, const double *factor, const double *b, double *out) {
  double *half = th_alloc_array(cx, n * n, sizeof *half);
  if (!half) return false;
  memcpy(half, b, n * n * sizeof *half);
  th_linalg_solve_cholesky(n, n, factor, half);
  th_linalg_transpose(n, n, half, out);
  th_linalg_solve_cholesky(n, n, factor, out);
  th_linalg_symmetrize(n, out);
  th_free(cx, half, n * n * sizeof *half);
  return true;
}

/* E_a = e_i e_j' + e_j e_i' off the diagonal, e_i e_i' on it; the trace is c_a c_b 2(A_ik A_jl + A_il A_jk) for a =
 * (i, j), b = (k, l), with c = 1 off the diagonal and ½ on it. */
void th_event_add_information(size_t n, const double *inverse, double weight, size_t first, size_t stride,
                              double *out) {
  size_t row = first;
  for (size_t i = 0; i < n; i++)
    for (size_t j = i; j < n; j++, row++) {
      size_t column = first;
      for (size_t k = 0; k < n; k++)
        for (size_t l = k; l < n; l++, column++) {
          double both = inverse[i * n + k] * inverse[j * n + l] + inverse[i * n + l] * inverse[j * n + k];
          out[row * stride + column] += weight * (i == j ? 0.5 : 1) * (k == l ? 0.5 : 1) * both;
        }
    }
}

bool th_event_relative(ThContext *cx, size_t n, const double *factor, const double *other, double *squares,
                       double *vector) {
  double *ratio = th_alloc_array(cx, 3 * n * n + n, sizeof *ratio), *gram = ratio + n * n,
         *vectors = gram + n * n;
  double *turned = vectors + n * n;
  if (!ratio) return false;
  memcpy(ratio, other, n * n * sizeof *ratio);
  th_linalg_solve_triangular(true, false, n, n, factor, ratio);
  th_linalg_gemm(false, true, n, n, n, 1, ratio, ratio, 0, gram);
  bool ok = th_linalg_eigen_symmetric(cx, n, gram, squares, vectors);
  if (ok && vector) {
    th_linalg_solve_triangular(true, false, n, 1, factor, vector);
    th_linalg_gemv(true, n, n, 1, vectors, vector, 0, turned);
    memcpy(vector, turned, n * sizeof *vector);
  }
  th_free(cx, ratio, (3 * n * n + n) * sizeof *ratio);
  return ok;
}
