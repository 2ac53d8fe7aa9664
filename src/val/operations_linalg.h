/* operations_linalg.h - what the operations on matrices share, and the larger of them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_OPERATIONS_LINALG_H
#define TH_VAL_OPERATIONS_LINALG_H

#include "num/linalg.h"
#include "val/operations.h"

/* ᴴ is the conjugate transpose, of a real matrix the transpose. Cotangents are written X̄; ⟨X̄, dX⟩ = Re tr(X̄ᴴ dX). */

/* --- Memory */

static inline double complex *th_tensor_complex(const ThTensor *t) {
  return (double complex *)(void *)t->data;
}
static inline double complex th_tensor_number(const ThTensor *t, size_t i) {
  return t->element == TH_COMPLEX ? th_tensor_complex(t)[i] : t->data[i];
}
/* The numbers as complex ones: its own, or 2 t->length doubles of work. */
const double complex *th_tensor_as_complex(const ThTensor *t, double *work);
/* How many doubles of work that takes, for a result of this element. */
size_t th_tensor_widening(const ThTensor *t, ThElement element);

/* --- Nodes; all are linear in their matrix, and pass TH_ZERO on */

ThNodeId th_conjugate(ThGraph *g, ThNodeId a);
ThNodeId th_adjoint(ThGraph *g, ThNodeId a);
ThNodeId th_real_part(ThGraph *g, ThNodeId a);
/* (A + Aᴴ)/2, to the last bit its own conjugate transpose. */
ThNodeId th_hermitian_part(ThGraph *g, ThNodeId a);
ThNodeId th_times(ThGraph *g, ThNodeId a, ThNodeId b); /* A B */
/* A times a constant: 0 above (below) the diagonal, 1 below (above) it, and `diagonal` on it. */
ThNodeId th_triangle(ThGraph *g, ThNodeId a, bool lower, double diagonal);
/* A vector as a diagonal matrix, and the diagonal of a square matrix. */
ThNodeId th_diagonal_matrix(ThGraph *g, ThNodeId vector);
ThNodeId th_diagonal_of(ThGraph *g, ThNodeId a);
/* The symmetric matrix with a unit diagonal and these numbers below it, by rows (num/correlations.h). */
ThNodeId th_correlation_node(ThGraph *g, ThNodeId r);
/* Columns first … first + n - 1. */
ThNodeId th_columns(ThGraph *g, ThNodeId a, size_t first, size_t n);
/* Numbers first … of a flat array as a matrix. */
ThNodeId th_part_matrix(ThGraph *g, ThNodeId flat, size_t first, size_t rows, size_t cols);
/* What inputs[k] of two gets by pulling back another node of the same value, `formula`, that hangs on both. */
ThNodeId th_pull_formula(ThGraph *g, ThNodeId formula, ThNodeId cotangent, const ThNodeId inputs[2],
                         size_t k);

/* Rules of what is piecewise constant. */
ThNodeId th_pull_nothing(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k);
ThNodeId th_push_nothing(ThGraph *g, ThNodeId node, const ThNodeId *tangents);

/* Rules of an operation that gives X = A⁻¹B of its inputs A and B: Ā = -B̄ Xᴴ and B̄ = A⁻ᴴX̄; dX = A⁻¹(dB - dA X). */
ThNodeId th_pull_solution(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k);
ThNodeId th_push_solution(ThGraph *g, ThNodeId node, const ThNodeId *tangents);

/* --- Shapes of operations */

bool th_shape_square(ThShaping *s);        /* a square matrix gives one like it */
bool th_shape_square_number(ThShaping *s); /* a square matrix gives a number */

/* --- Operations */

/* T⁻¹B, or T⁻ᴴB when `adjoint`, for a triangular T and a matrix B. */
ThNodeId th_triangular_node(ThGraph *g, ThNodeId t, ThNodeId b, bool lower, bool adjoint);
ThNodeId th_cholesky_node(ThGraph *g, ThNodeId a);
/* A⁺; its derivative is that at a matrix of full rank. */
ThNodeId th_pseudo_inverse_node(ThGraph *g, ThNodeId a);
/* False with an error when the matrix, argument 1 of what is traced, is not of full rank; next to it the rank is more,
 * and what hangs on it, `what`, jumps. */
TH_CHECKED bool th_check_full_rank(ThGraph *g, ThNodeId a, const char *what);
ThNodeId th_log_determinant_node(ThGraph *g, ThNodeId a);
/* A⁻¹ of a real A, given its triangular factors in one flat array, as th_linalg_lu has them: lu, pivots. */
ThNodeId th_inverse_of_factors(ThGraph *g, ThNodeId a, ThNodeId factors);
/* In an evaluation: the inverse of input 0; `factors` may be NULL. A singular matrix is reported only. */
TH_CHECKED bool th_invert(ThContext *cx, const ThEvaluation *e, const ThTensor *factors, double *inverse,
                          ThSolveReport *report);
/* Factors one after another in one flat array. Of a tall or square A = Q R: Q, R. */
ThNodeId th_qr_node(ThGraph *g, ThNodeId a);
/* A = U diag(s) Vᴴ: U, s, V; of a complex A s is complex too. */
ThNodeId th_svd_node(ThGraph *g, ThNodeId a);
/* Eigenvalues, eigenvectors: of a symmetric (Hermitian) matrix, of any. What is not symmetric gives complex numbers. */
ThNodeId th_eigen_symmetric_node(ThGraph *g, ThNodeId a);
ThNodeId th_eigen_general_node(ThGraph *g, ThNodeId a);
/* 1 when A is its own conjugate transpose; when no number has an imaginary part. */
ThNodeId th_is_symmetric_node(ThGraph *g, ThNodeId a);
ThNodeId th_is_real_node(ThGraph *g, ThNodeId a);

#endif
