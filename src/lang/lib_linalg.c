/* lib_linalg.c - built-ins: linear algebra */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matrices are brought to doubles (determinants, inverses and eigenvalues to complex numbers too), checked
 * for shape, and handed to num/linalg. */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "lang/lib_linalg_complex.h"
#include "lang/lib_parts.h"
#include "lang/lib_support.h"
#include "lang/libs.h"
#include "num/apart.h"
#include "num/correlations.h"
#include "num/linalg.h"
#include "val/arithmetic.h"
#include "val/matrix.h"

/* Argument 0 as a matrix of doubles, owned. */
static bool real_matrix(ThContext *cx, const ThCall *call, ThArray **out) {
  bool scalar;
  return th_arg_real_array(cx, call, 0, &scalar, out);
}

static bool check_square(ThContext *cx, const ThCall *call, const ThArray *a) {
  char shape[96], name[40];
  if (a->rank == 2 && a->shape[0] == a->shape[1]) return true;
  return th_fail_argument(cx, 1, TH_ERROR_SHAPE, "`%s` takes a square matrix; got shape %s",
                          th_builtin_name(call->builtin, name, sizeof name),
                          th_shape_text(a->rank, a->shape, shape, sizeof shape));
}

/* The same, square. */
static bool real_square(ThContext *cx, const ThCall *call, ThArray **out) {
  if (!check_square(cx, call, th_arg_array(call, 0))) return false;
  return real_matrix(cx, call, out);
}

static void drop(ThArray *a) {
  if (a) th_release(th_object(a));
}

static bool is_complex_array(ThValue v) { return th_is_complex_valued(v) && th_is_array(v); }

static bool body_inv(ThContext *cx, const ThCall *call, ThValue *out) {
  ThValue v = call->args[0];
  if (th_is_array(v)) return th_matrix_inverse(cx, th_as_array(v), out);
  return th_binary(cx, TH_OP_DIVIDE, th_number(1), v, 0, out);
}

static bool body_pinv(ThContext *cx, const ThCall *call, ThValue *out) {
  if (is_complex_array(call->args[0])) return th_complex_pinv(cx, th_arg_array(call, 0), out);
  ThArray *a;
  if (!real_matrix(cx, call, &a)) return false;
  ThArray *r = th_matrix_new(cx, TH_DOUBLE, a->shape[1], a->shape[0]);
  bool ok = r && (r->length == 0 ||
                  th_linalg_pseudo_inverse(cx, a->shape[0], a->shape[1], a->real, -1, r->real, NULL));
  drop(a);
  if (ok) *out = th_object(r);
  else drop(r);
  return ok;
}

static bool body_det(ThContext *cx, const ThCall *call, ThValue *out) {
  ThArray *given = th_arg_array(call, 0);
  if (!check_square(cx, call, given)) return false;
  if (given->element == TH_COMPLEX) {
    double complex det;
    return th_linalg_determinant_complex(cx, given->shape[0], given->complex_, &det) &&
           th_complex(cx, det, out);
  }
  ThArray *a;
  ThDeterminant det;
  if (!real_matrix(cx, call, &a)) return false;
  bool ok = th_linalg_determinant(cx, a->shape[0], a->real, &det);
  if (ok) *out = th_number(det.value);
  drop(a);
  return ok;
}

static bool body_logdet(ThContext *cx, const ThCall *call, ThValue *out) {
  ThArray *a;
  ThDeterminant det;
  if (!real_square(cx, call, &a)) return false;
  bool ok = th_linalg_determinant(cx, a->shape[0], a->real, &det);
  if (ok) *out = th_number(det.log_abs);
  drop(a);
  return ok;
}

static bool body_trace(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThArray *a = th_arg_array(call, 0);
  if (!check_square(cx, call, a)) return false;
  double complex sum = 0;
  for (size_t i = 0; i < a->shape[0]; i++) sum += th_array_complex(a, i * (a->shape[0] + 1));
  if (a->element == TH_COMPLEX) return th_complex(cx, sum, out);
  *out = th_number(creal(sum));
  return true;
}

static bool body_rank(ThContext *cx, const ThCall *call, ThValue *out) {
  if (is_complex_array(call->args[0])) return th_complex_rank(cx, th_arg_array(call, 0), out);
  ThArray *a;
  size_t rank = 0;
  if (!real_matrix(cx, call, &a)) return false;
  bool ok = a->length == 0 || th_linalg_rank(cx, a->shape[0], a->shape[1], a->real, -1, &rank);
  drop(a);
  *out = th_number((double)rank);
  return ok;
}

/* a (n, n) becomes its factor; *positive: is it positive definite? */
static bool factor(ThContext *cx, size_t n, double *a, bool *positive) {
  const ThPart parts[] = {{a, n * n * sizeof *a}, {positive, sizeof *positive}};
  ThApart apart;
  double size = (double)n;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(size * size * size / 3), parts, 2)) return false;
  if (apart.here) {
    *positive = th_linalg_cholesky(n, a);
    apart.ok = true;
  }
  return th_apart_end(cx, &apart);
}

static bool body_cholesky(ThContext *cx, const ThCall *call, ThValue *out) {
  if (is_complex_array(call->args[0]))
    return check_square(cx, call, th_arg_array(call, 0)) &&
           th_complex_cholesky(cx, th_arg_array(call, 0), out);
  ThArray *a;
  char name[48];
  if (!real_square(cx, call, &a)) return false;
  size_t n = a->shape[0];
  ThArray *r = NULL;
  if (!th_linalg_is_symmetric(n, a->real)) {
    th_fail_argument(cx, 1, TH_ERROR_VALUE, "a matrix with a Cholesky factor is symmetric; this one is not");
    th_hint(cx, "make it so: `(%s + %s')/2`", th_operand(cx, 0, "A", name, sizeof name), name);
  } else {
    bool positive = false, ok = (r = th_array_copy(cx, a)) && factor(cx, n, r->real, &positive);
    if (ok && !positive) {
      th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "the matrix is not positive definite");
      th_hint(cx, "its eigenvalues are `eig(%s).values`", th_operand(cx, 0, "A", name, sizeof name));
    }
    if (r && !positive) {
      drop(r);
      r = NULL;
    }
  }
  drop(a);
  return th_give(r, out);
}

static bool body_qr(ThContext *cx, const ThCall *call, ThValue *out) {
  if (is_complex_array(call->args[0])) return th_complex_qr(cx, th_arg_array(call, 0), out);
  ThArray *a;
  if (!real_matrix(cx, call, &a)) return false;
  size_t m = a->shape[0], n = a->shape[1], k = m < n ? m : n;
  ThArray *q = th_matrix_new(cx, TH_DOUBLE, m, k), *r = q ? th_matrix_new(cx, TH_DOUBLE, k, n) : NULL;
  bool ok = r && (k == 0 || th_linalg_qr(cx, m, n, a->real, q->real, r->real));
  drop(a);
  if (ok) return th_give_record(cx, 2, (const char *const[]){"Q", "R"}, (ThArray *[]){q, r}, out);
  drop(q);
  drop(r);
  return false;
}

static bool body_svd(ThContext *cx, const ThCall *call, ThValue *out) {
  if (is_complex_array(call->args[0])) return th_complex_svd(cx, th_arg_array(call, 0), out);
  ThArray *a;
  if (!real_matrix(cx, call, &a)) return false;
  size_t m = a->shape[0], n = a->shape[1], k = m < n ? m : n;
  ThArray *u = th_matrix_new(cx, TH_DOUBLE, m, k), *s = u ? th_vector_new(cx, TH_DOUBLE, k) : NULL;
  ThArray *v = s ? th_matrix_new(cx, TH_DOUBLE, n, k) : NULL;
  bool ok = v && (k == 0 || th_linalg_svd(cx, m, n, a->real, u->real, s->real, v->real));
  drop(a);
  if (ok) return th_give_record(cx, 3, (const char *const[]){"U", "s", "V"}, (ThArray *[]){u, s, v}, out);
  drop(u);
  drop(s);
  drop(v);
  return false;
}

/* Are all imaginary parts 0? */
static bool is_real(const ThArray *a) {
  for (size_t i = 0; i < a->length; i++) {
    if (cimag(a->complex_[i]) != 0) return false;
  }
  return true;
}

/* Takes a; gives its real parts when `real`. */
static ThArray *real_part_take(ThContext *cx, ThArray *a, bool real) {
  if (!a || !real) return a;
  ThArray *r = th_array_new(cx, TH_DOUBLE, a->rank, a->shape);
  for (size_t i = 0; r && i < a->length; i++) r->real[i] = creal(a->complex_[i]);
  drop(a);
  return r;
}

static bool body_eig(ThContext *cx, const ThCall *call, ThValue *out) {
  if (is_complex_array(call->args[0]))
    return check_square(cx, call, th_arg_array(call, 0)) && th_complex_eig(cx, th_arg_array(call, 0), out);
  ThArray *a;
  if (!real_square(cx, call, &a)) return false;
  size_t n = a->shape[0];
  bool symmetric = th_linalg_is_symmetric(n, a->real), ok;
  ThElement element = symmetric ? TH_DOUBLE : TH_COMPLEX;
  ThArray *values = th_vector_new(cx, element, n),
          *vectors = values ? th_matrix_new(cx, element, n, n) : NULL;
  if (symmetric)
    ok = vectors && (n == 0 || th_linalg_eigen_symmetric(cx, n, a->real, values->real, vectors->real));
  else ok = vectors && th_linalg_eigen(cx, n, a->real, values->complex_, vectors->complex_);
  drop(a);
  if (!ok) {
    drop(values);
    drop(vectors);
    return false;
  }
  bool real = !symmetric && is_real(values);
  values = real_part_take(cx, values, real);
  vectors = real_part_take(cx, vectors, real);
  return th_give_record(cx, 2, (const char *const[]){"values", "vectors"}, (ThArray *[]){values, vectors},
                        out);
}

/* Products. */

/* Two arguments as doubles; owned. */
static bool two_real(ThContext *cx, const ThCall *call, ThArray **a, ThArray **b) {
  bool scalar;
  if (!th_arg_real_array(cx, call, 0, &scalar, a)) return false;
  if (th_arg_real_array(cx, call, 1, &scalar, b)) return true;
  drop(*a);
  return false;
}

static bool body_outer(ThContext *cx, const ThCall *call, ThValue *out) {
  bool done;
  if (!th_by_parts_of_two(cx, call, body_outer, &done, out) || done) return done;
  ThArray *a, *b;
  if (!two_real(cx, call, &a, &b)) return false;
  ThArray *r = th_matrix_new(cx, TH_DOUBLE, a->length, b->length);
  for (size_t i = 0; r && i < a->length; i++) {
    for (size_t j = 0; j < b->length && !th_is_due(cx, j); j++)
      r->real[i * b->length + j] = a->real[i] * b->real[j];
  }
  drop(a);
  drop(b);
  return th_give_unless_due(cx, r, out);
}

static bool body_kron(ThContext *cx, const ThCall *call, ThValue *out) {
  bool done;
  if (!th_by_parts_of_two(cx, call, body_kron, &done, out) || done) return done;
  ThArray *a, *b;
  if (!two_real(cx, call, &a, &b)) return false;
  bool vectors = a->rank == 1 && b->rank == 1;
  size_t m = vectors ? a->length : a->shape[0], n = vectors ? 1 : a->shape[a->rank - 1];
  size_t p = vectors ? b->length : b->shape[0], q = vectors ? 1 : b->shape[b->rank - 1];
  ThArray *r = NULL;
  if (vectors || (a->rank == 2 && b->rank == 2))
    r = th_array_new(cx, TH_DOUBLE, vectors ? 1 : 2, (size_t[]){m * p, n * q});
  else th_fail(cx, TH_ERROR_SHAPE, "`kron` takes two matrices, or two vectors");
  for (size_t i = 0; r && i < m * p; i++) {
    for (size_t j = 0; j < n * q && !th_is_due(cx, j); j++)
      r->real[i * n * q + j] = a->real[i / p * n + j / q] * b->real[i % p * q + j % q];
  }
  drop(a);
  drop(b);
  return th_give_unless_due(cx, r, out);
}

static bool body_cross(ThContext *cx, const ThCall *call, ThValue *out) {
  bool done;
  if (!th_by_parts_of_two(cx, call, body_cross, &done, out) || done) return done;
  ThArray *a, *b, *r = NULL;
  if (!two_real(cx, call, &a, &b)) return false;
  if (a->length == 3 && b->length == 3) r = th_vector_new(cx, TH_DOUBLE, 3);
  else
    th_fail(cx, TH_ERROR_SHAPE, "a cross product is of two vectors of 3 elements; got %zu and %zu", a->length,
            b->length);
  for (size_t i = 0; r && i < 3; i++) {
    size_t j = (i + 1) % 3, k = (i + 2) % 3;
    r->real[i] = a->real[j] * b->real[k] - a->real[k] * b->real[j];
  }
  drop(a);
  drop(b);
  return th_give(r, out);
}

static bool body_corr_matrix(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar;
  ThArray *r, *a = NULL;
  if (!th_arg_real_array(cx, call, 0, &scalar, &r)) return false;
  size_t n = r->length, side = th_correlations_side(n);
  if (side) a = th_matrix_new(cx, TH_DOUBLE, side, side);
  else {
    th_fail_argument(
        cx, 1, TH_ERROR_SHAPE,
        "`corr_matrix` takes the correlations below the diagonal, d(d - 1)/2 for d variables: 1, 3, "
        "6, 10, …; got %zu",
        n);
    th_hint(cx, "by rows: r21, r31, r32, r41, …");
  }
  if (a) th_correlations_matrix(side, r->real, a->real);
  drop(r);
  return th_give(a, out);
}

#define LINALG "linear algebra"

const ThBuiltin th_lib_linalg[] = {
    {"inv(A: numeric) -> numeric", body_inv, LINALG, "the inverse of a square matrix; also written A⁻¹",
     "to solve a system write A \\ b, which is faster and more accurate",
     "inv([2, 1; 1, 1])\n#> [ 1, -1;\n#>  -1,  2]", "pinv det", NULL},
    {"pinv(A: matrix) -> matrix", body_pinv, LINALG,
     "the pseudo-inverse: pinv(A) @ b is the least-squares solution of least norm",
     "(m, n) gives (n, m); singular values below max(m, n)·2.2e-16 of the largest count as 0",
     "pinv([1; 1])\n#> [[0.5, 0.5]]", "inv rank svd", NULL},
    {"det(A: matrix) -> numeric", body_det, LINALG, "the determinant of a square matrix",
     "by LU factorisation; complex for a complex matrix", "det([1, 2; 3, 4])\n#> -2", "logdet inv", NULL},
    {"logdet(A: matrix) -> number", body_logdet, LINALG, "log |det A|, which cannot overflow",
     "by LU factorisation; -inf where the determinant is 0", "logdet(diag([2, 3]))\n#> 1.79176",
     "det cholesky", NULL},
    {"trace(A: matrix) -> numeric", body_trace, LINALG, "the sum of the diagonal of a square matrix",
     "complex for a complex matrix", "trace([1, 2; 3, 4])\n#> 5", "diag det", NULL},
    {"rank(A: matrix) -> count", body_rank, LINALG, "how many rows are linearly independent",
     "the number of singular values above rounding", "rank([1, 2; 2, 4])\n#> 1", "svd pinv", NULL},
    {"cholesky(A: matrix) -> matrix", body_cholesky, LINALG, "the lower triangular L with A = L @ L'",
     "A must be symmetric and positive definite; a complex A equal to its conjugate transpose, and "
     "A = L @ conj(L'). Derivatives are those among symmetric matrices",
     "cholesky([4, 2; 2, 3])\n#> [2, 0;\n#>  1, 1.41421]", "eig qr logdet", NULL},
    {"qr(A: matrix) -> record", body_qr, LINALG, "A = Q @ R: orthonormal columns times an upper triangle",
     "Q is (m, k), R (k, n), k = min(m, n); the diagonal of R is real and not negative",
     "qr([3, 1; 4, 2]).R\n#> [5, 2.2;\n#>  0, 0.4]", "svd cholesky", NULL},
    {"svd(A: matrix) -> record", body_svd, LINALG, "A = U @ diag(s) @ V': singular values, largest first",
     "U is (m, k), s (k), V (n, k), k = min(m, n); of a complex A it is A = U @ diag(s) @ conj(V')",
     "svd([3, 0; 0, -2]).s\n"
     "#> [3, 2]",
     "eig rank pinv", NULL},
    {"eig(A: matrix) -> record", body_eig, LINALG, "eigenvalues and eigenvectors of a square matrix",
     "vectors[:, j] belongs to values[j]; of a symmetric (complex: Hermitian) matrix the values are real and "
     "increase, and the vectors are orthonormal; others may have complex ones. Derivatives by a symmetric matrix are "
     "those among symmetric ones",
     "eig([2, 1; 1, 2]).values\n#> [1, 3]\neig([0, 1; -1, 0]).values\n"
     "#> [0 + 1i, 0 - 1i]",
     "svd det", NULL},
    {"outer(a: numeric, b: numeric) -> matrix", body_outer, LINALG, "all products a[i]*b[j]",
     "(m) and (n) give (m, n); arrays of more axes are taken as one long vector",
     "outer([1, 2], [3, 4])\n#> [3, 4;\n#>  6, 8]", "kron", NULL},
    {"kron(A: array, B: array) -> array", body_kron, LINALG, "the Kronecker product",
     "(m, n) and (p, q) give (m p, n q); vectors (m) and (n) give (m n)",
     "kron([1, 2], [1, 10])\n#> [1, 10, 2, 20]", "outer", NULL},
    {"cross(a: vector, b: vector) -> vector", body_cross, LINALG,
     "the cross product of two vectors of 3 elements", "(3) and (3) give (3), at right angles to both",
     "cross([1, 0, 0], [0, 1, 0])\n#> [0, 0, 1]", "outer", NULL},
    {"corr_matrix(r: vector) -> matrix", body_corr_matrix, LINALG,
     "the matrix of the correlations below its diagonal, by rows: r21, r31, r32, r41, …",
     "(d(d - 1)/2) gives (d, d), symmetric with ones on its diagonal; whether it is positive definite is not asked. "
     "`LKJ(d, η)` is a prior of r, and diag(s) @ corr_matrix(r) @ diag(s) the covariance matrix with standard "
     "deviations s",
     "corr_matrix([0.5, 0.2, -0.3])\n#> [1,    0.5,  0.2;\n#>  0.5,  1,   -0.3;\n#>  0.2, -0.3,  1]",
     "LKJ MvNormal corr diag", NULL},
    {0},
};
