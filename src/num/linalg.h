/* linalg.h - dense matrices: products, factorisations, solutions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_LINALG_H
#define TH_NUM_LINALG_H

#include <complex.h>

#include "base/context.h"

/* Every matrix is row-major and contiguous: (m, n) has m rows of n. LAPACK is column-major; a row-major
 * (m, n) is its column-major (n, m) transposed, so most work is done on the transposed view without a
 * copy. Inputs that are const stay intact; outputs must not overlap inputs unless said so.
 *
 * Functions that take a context fail with TH_ERROR_MEMORY, with TH_ERROR_NUMERIC "a matrix holds nan or
 * inf" where a factorisation could not stand it, and when an iteration of LAPACK does not converge. A
 * singular matrix is no failure: it is reported, and the caller words the error. Those that may take long are done by
 * a process of their own (apart.h), so that Ctrl-C ends them. */

/* How well a system is posed. */
typedef enum ThSolveStatus {
  TH_SOLVE_GOOD,            /* */
  TH_SOLVE_ILL_CONDITIONED, /* rcond < 2^-52 n: solved, but not one digit is certain */
  TH_SOLVE_SINGULAR         /* a pivot is 0: there is no solution, outputs are NaN */
} ThSolveStatus;

typedef struct ThSolveReport {
  ThSolveStatus status;
  double rcond;  /* about 1/(‖A‖₁ ‖A⁻¹‖₁), 0 when singular */
  bool cholesky; /* A was symmetric positive definite */
} ThSolveReport;

/* A determinant that cannot overflow: sign*exp(log_abs). The sign is 0 and log_abs -inf for a singular
 * matrix. value may be ±inf or 0 where log_abs is finite. */
typedef struct ThDeterminant {
  double value, sign, log_abs;
} ThDeterminant;

/* Products. C (m, n) = alpha A B + beta C; A is (m, k), or (k, m) when transposed; B (k, n), or (n, k).
 * With beta 0 the old content of C is not read. */
void th_linalg_gemm(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k, double alpha,
                    const double *a, const double *b, double beta, double *c);
/* The same for complex numbers; transposition does not conjugate. */
void th_linalg_gemm_complex(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                            double complex alpha, const double complex *a, const double complex *b,
                            double complex beta, double complex *c);
/* y = alpha A x + beta y for A (m, n); with A' when transposed, y then has n elements. */
void th_linalg_gemv(bool transpose, size_t m, size_t n, double alpha, const double *a, const double *x,
                    double beta, double *y);
/* y = alpha A x, and A += alpha (x y' + y x'), for a symmetric A (n, n) of which only the lower triangle is read and
 * written. */
void th_linalg_symv(size_t n, double alpha, const double *a, const double *x, double *y);
void th_linalg_syr2(size_t n, double alpha, const double *x, const double *y, double *a);
double th_linalg_dot(size_t n, const double *x, const double *y);
/* C (m, n) = A B, in blocks between which Ctrl-C is heeded. */
TH_CHECKED bool th_linalg_multiply(ThContext *cx, size_t m, size_t n, size_t k, const double *a,
                                   const double *b, double *c);
TH_CHECKED bool th_linalg_multiply_complex(ThContext *cx, size_t m, size_t n, size_t k,
                                           const double complex *a, const double complex *b,
                                           double complex *c);
/* C (n, n) = X'X for X (m, n), both triangles. */
void th_linalg_gram(size_t m, size_t n, const double *x, double *c);
/* C += alpha X'X, of which only the lower triangle is read and written: a Gram matrix of blocks of rows. */
void th_linalg_gram_add(size_t m, size_t n, double alpha, const double *x, double *c);
/* B (n, m) = A' for A (m, n); not in place. */
void th_linalg_transpose(size_t m, size_t n, const double *a, double *b);
void th_linalg_transpose_complex(size_t m, size_t n, const double complex *a, double complex *b);

/* Worth a process of its own (apart.h): so many sums of products take some tenths of a second. */
bool th_linalg_is_long(double n_terms);

/* Equal to its transpose, exactly. */
bool th_linalg_is_symmetric(size_t n, const double *a);
/* In place: A becomes (A + A')/2, for what is symmetric but for rounding. */
void th_linalg_symmetrize(size_t n, double *a);

/* In place: a (n, n) becomes the lower triangular L with A = L L', zeros above; only A's lower triangle is
 * read. False, without an error record, when A is not positive definite. */
TH_CHECKED bool th_linalg_cholesky(size_t n, double *a);
/* In place: for the L above and the derivatives `bar` of a number by its elements (the lower triangle is read), bar
 * becomes the derivatives by the elements of A, both triangles, those of a function of symmetric matrices. */
void th_linalg_cholesky_backwards(size_t n, const double *l, double *bar);
/* B (n, n_rhs) becomes T⁻¹B, or T'⁻¹B, for a triangular T (n, n); the other triangle is not read. A zero
 * on the diagonal gives inf or NaN. */
void th_linalg_solve_triangular(bool lower, bool transpose, size_t n, size_t n_rhs, const double *t,
                                double *b);
/* B (n, n_rhs) becomes A⁻¹B, given the L of A = L L'. */
void th_linalg_solve_cholesky(size_t n, size_t n_rhs, const double *l, double *b);

/* X (n, n_rhs) = A⁻¹B for A (n, n): by Cholesky when A is symmetric and positive definite, else by LU with
 * partial pivoting; rcond as LAPACK estimates it. x may be b. */
TH_CHECKED bool th_linalg_solve(ThContext *cx, size_t n, size_t n_rhs, const double *a, const double *b,
                                double *x, ThSolveReport *report);
TH_CHECKED bool th_linalg_solve_complex(ThContext *cx, size_t n, size_t n_rhs, const double complex *a,
                                        const double complex *b, double complex *x, ThSolveReport *report);
/* inverse (n, n) = A⁻¹. */
TH_CHECKED bool th_linalg_inverse(ThContext *cx, size_t n, const double *a, double *inverse,
                                  ThSolveReport *report);
TH_CHECKED bool th_linalg_inverse_complex(ThContext *cx, size_t n, const double complex *a,
                                          double complex *inverse, ThSolveReport *report);
TH_CHECKED bool th_linalg_determinant(ThContext *cx, size_t n, const double *a, ThDeterminant *out);
/* Triangular factors of A (n, n), for what follows: lu (n, n), pivots (n). A singular A has them too. */
TH_CHECKED bool th_linalg_lu(ThContext *cx, size_t n, const double *a, double *lu, double *pivots);
void th_linalg_lu_determinant(size_t n, const double *lu, const double *pivots, ThDeterminant *out);
/* inverse (n, n) = A⁻¹, given its factors: two thirds of the work that it is without them. */
TH_CHECKED bool th_linalg_lu_inverse(ThContext *cx, size_t n, const double *a, const double *lu,
                                     const double *pivots, double *inverse, ThSolveReport *report);
TH_CHECKED bool th_linalg_determinant_complex(ThContext *cx, size_t n, const double complex *a,
                                              double complex *out);

/* X (n, n_rhs) of least |A X - B|, and among those of least |X|: A (m, n), B (m, n_rhs), by the singular
 * value decomposition. Singular values below rcond times the largest count as 0; rcond < 0 takes
 * max(m, n) 2^-52. *rank is what remains. */
TH_CHECKED bool th_linalg_least_squares(ThContext *cx, size_t m, size_t n, size_t n_rhs, const double *a,
                                        const double *b, double rcond, double *x, size_t *rank);
/* pseudo (n, m): the inverse of Moore and Penrose, rcond as above; *rank may be NULL. */
TH_CHECKED bool th_linalg_pseudo_inverse(ThContext *cx, size_t m, size_t n, const double *a, double rcond,
                                         double *pseudo, size_t *rank);
/* The number of singular values above rcond times the largest; rcond as above. */
TH_CHECKED bool th_linalg_rank(ThContext *cx, size_t m, size_t n, const double *a, double rcond,
                               size_t *rank);

/* A = Q R with k = min(m, n): Q (m, k) has orthonormal columns, R (k, n) is upper triangular with a diagonal
 * >= 0, which makes it unique for A of full rank. */
TH_CHECKED bool th_linalg_qr(ThContext *cx, size_t m, size_t n, const double *a, double *q, double *r);

/* A = U diag(s) V' with k = min(m, n): U (m, k), s descending, V (n, k). u and v may both be NULL: values
 * only. Signs: of each column of V the first sizeable element is positive. */
TH_CHECKED bool th_linalg_svd(ThContext *cx, size_t m, size_t n, const double *a, double *u, double *s,
                              double *v);

/* A symmetric (its lower triangle is read): values ascending; vectors (n, n), column j belongs to value j,
 * orthonormal, signs as above; vectors may be NULL. */
TH_CHECKED bool th_linalg_eigen_symmetric(ThContext *cx, size_t n, const double *a, double *values,
                                          double *vectors);
/* Any square A: complex values in LAPACK's order (conjugate pairs adjacent), vectors (n, n) by columns, of
 * norm 1, the largest component real; vectors may be NULL. */
TH_CHECKED bool th_linalg_eigen(ThContext *cx, size_t n, const double *a, double complex *values,
                                double complex *vectors);

#endif
