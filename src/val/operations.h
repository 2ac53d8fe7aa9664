/* operations.h - the differentiable operations, and short names to make nodes of them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_OPERATIONS_H
#define TH_VAL_OPERATIONS_H

#include "val/graph.h"

/* Element by element (operations_arithmetic.c, operations_mathematics.c). */
extern const ThOperation th_op_add, th_op_subtract, th_op_multiply, th_op_divide, th_op_power,
    th_op_remainder, th_op_negate, th_op_equal, th_op_not_equal, th_op_less, th_op_less_equal, th_op_greater,
    th_op_greater_equal, th_op_and, th_op_or, th_op_not, th_op_maximum, th_op_minimum;
extern const ThOperation th_op_pick; /* pick(condition, x): x where the condition holds, else 0 */
extern const ThOperation th_op_exp, th_op_expm1, th_op_log, th_op_log2, th_op_log10, th_op_log1p, th_op_sqrt,
    th_op_cbrt, th_op_square, th_op_reciprocal, th_op_sin, th_op_cos, th_op_tan, th_op_asin, th_op_acos,
    th_op_atan, th_op_sinh, th_op_cosh, th_op_tanh, th_op_asinh, th_op_acosh, th_op_atanh, th_op_sigmoid,
    th_op_softplus, th_op_log_sigmoid, th_op_relu, th_op_sign, th_op_floor, th_op_ceil, th_op_round,
    th_op_copy;
extern const ThOperation th_op_re, th_op_im, th_op_conj, th_op_abs, th_op_arg;

ThNodeId th_add(ThGraph *g, ThNodeId a, ThNodeId b);
ThNodeId th_subtract(ThGraph *g, ThNodeId a, ThNodeId b);
ThNodeId th_multiply(ThGraph *g, ThNodeId a, ThNodeId b);
ThNodeId th_divide(ThGraph *g, ThNodeId a, ThNodeId b);
ThNodeId th_scale(ThGraph *g, double factor, ThNodeId a);
ThNodeId th_shift(ThGraph *g, ThNodeId a, double by);
ThNodeId th_negate(ThGraph *g, ThNodeId a);
/* a = factor * the result, with a constant factor; 1 and a itself when there is none. */
ThNodeId th_without_factor(ThGraph *g, ThNodeId a, double *factor);
ThNodeId th_power_to(ThGraph *g, ThNodeId a, double exponent);
ThNodeId th_choose(ThGraph *g, ThNodeId condition, ThNodeId yes, ThNodeId no);
ThNodeId th_imaginary_unit(ThGraph *g);
/* Σ weights[k] nodes[k] of nodes of one shape, all real or all complex (operations_combine.c). */
enum { TH_COMBINE_MOST = 12 };
ThNodeId th_combine(ThGraph *g, const double *weights, const ThNodeId *nodes, size_t n);

/* Shapes (operations_shape.c). */
extern const ThOperation th_op_reshape, th_op_broadcast, th_op_sum_to, th_op_permute;
ThNodeId th_reshape(ThGraph *g, ThNodeId a, uint32_t rank, const size_t *shape);
ThNodeId th_reshape_like(ThGraph *g, ThNodeId a, ThNodeId like);
ThNodeId th_flat(ThGraph *g, ThNodeId a); /* a vector; of a number one of length 1 */
/* Repeated to a shape that it fits, and the adjoint: summed over what was repeated. */
ThNodeId th_broadcast_node(ThGraph *g, ThNodeId a, uint32_t rank, const size_t *shape);
ThNodeId th_broadcast_like(ThGraph *g, ThNodeId a, ThNodeId like);
ThNodeId th_sum_to_like(ThGraph *g, ThNodeId a, ThNodeId like);
/* Axes in another order: out's axis i is a's axis order[i]. */
ThNodeId th_permute(ThGraph *g, ThNodeId a, const uint32_t *order);
ThNodeId th_transpose_node(ThGraph *g, ThNodeId a); /* the last two axes; a vector stays */
/* Sums: of everything; along an axis (0-based), which is left out or kept with length 1. */
ThNodeId th_sum_all(ThGraph *g, ThNodeId a);
ThNodeId th_sum_axis(ThGraph *g, ThNodeId a, uint32_t axis, bool keep);

/* Positions (operations_gather.c): numbers of the flat array, 0-based; `shape` is the result's. */
extern const ThOperation th_op_gather, th_op_scatter, th_op_part, th_op_join;
const size_t *th_gather_positions(const ThGraph *g, ThNodeId node, size_t *n); /* of a gather or scatter */
ThNodeId th_gather(ThGraph *g, ThNodeId a, const size_t *positions, uint32_t rank, const size_t *shape);
/* Zeros of a shape, to which each number of a is added at its position. */
ThNodeId th_scatter(ThGraph *g, ThNodeId a, const size_t *positions, uint32_t rank, const size_t *shape);
/* Numbers first … first + n - 1 of the flat array as a vector. */
ThNodeId th_part(ThGraph *g, ThNodeId a, size_t first, size_t n);
/* Nodes one after another, flat. */
ThNodeId th_join(ThGraph *g, const ThNodeId *parts, size_t n);

/* Matrices (operations_matrix.c): the product of matrices (m, k) (k, n), or of stacks (s, m, k) (s, k, n), each
 * transposed before if so said. */
extern const ThOperation th_op_product;
ThNodeId th_product(ThGraph *g, ThNodeId a, ThNodeId b, bool transpose_a, bool transpose_b);
/* Which of its factors a product transposes before. */
void th_product_transposed(const ThGraph *g, ThNodeId product, bool transposed[2]);
/* a @ b of vectors, matrices and stacks of them, as the language has it. */
ThNodeId th_product_of(ThGraph *g, ThNodeId a, ThNodeId b);

/* A⁻¹, and A \ B for a matrix A and a vector or matrix B (operations_linalg.c). */
ThNodeId th_inverse_node(ThGraph *g, ThNodeId a);
ThNodeId th_solve_node(ThGraph *g, ThNodeId a, ThNodeId b);
ThNodeId th_determinant_node(ThGraph *g, ThNodeId a);

/* The operation of one argument that a function of the language is ("exp", "tanh"), or NULL. */
const ThOperation *th_operation_unary(const char *name);

#endif
