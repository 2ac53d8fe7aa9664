/* linalg_complex.c - factorisations of complex matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* As in linalg_work.h, a row-major matrix is read by LAPACK as its transpose (not conjugated), and what comes out is
 * turned back while it is copied. */
#include "num/linalg_complex.h"

#include <string.h>

#include "num/apart.h"
#include "num/linalg_work.h"
#include "num/real.h"

typedef double complex Complex;

static void conjugate(size_t n, Complex *x) {
  for (size_t i = 0; i < n; i++) x[i] = conj(x[i]);
}

bool th_linalg_is_hermitian(size_t n, const Complex *a) {
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++)
      if (a[i * n + j] != conj(a[j * n + i])) return false;
  return true;
}

bool th_linalg_cholesky_complex(size_t n, Complex *a) {
  for (size_t j = 0; j < n; j++) {
    double pivot = creal(a[j * n + j]);
    for (size_t k = 0; k < j; k++) pivot -= creal(a[j * n + k] * conj(a[j * n + k]));
    if (!(pivot > 0)) return false;
    a[j * n + j] = sqrt(pivot);
    for (size_t i = j + 1; i < n; i++) {
      Complex sum = a[i * n + j];
      for (size_t k = 0; k < j; k++) sum -= a[i * n + k] * conj(a[j * n + k]);
      a[i * n + j] = sum / creal(a[j * n + j]);
      a[j * n + i] = 0;
    }
  }
  return true;
}

void th_linalg_solve_triangular_complex(bool lower, bool adjoint, size_t n, size_t n_rhs, const Complex *t,
                                        Complex *b) {
  bool forward = lower != adjoint;
  for (size_t step = 0; step < n; step++) {
    size_t i = forward ? step : n - 1 - step;
    Complex *row = b + i * n_rhs, pivot = adjoint ? conj(t[i * n + i]) : t[i * n + i];
    for (size_t k = forward ? 0 : i + 1; k < (forward ? i : n); k++) {
      Complex factor = adjoint ? conj(t[k * n + i]) : t[i * n + k];
      for (size_t j = 0; j < n_rhs; j++) row[j] -= factor * b[k * n_rhs + j];
    }
    for (size_t j = 0; j < n_rhs; j++) row[j] /= pivot;
  }
}

/* --- Solutions, inverses, determinants ----------------------------------------------------------- */

/* A' = P L U of a complex matrix: lu (n, n); scratch: 2n complex numbers and 2n doubles. */
static void factor_complex(size_t n, const Complex *a, Complex *lu, lapack_int *pivots, Complex *scratch,
                           double *real_scratch, ThSolveReport *report) {
  double norm = 0, rcond = 0;
  for (size_t j = 0; j < n; j++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += cabs(a[i * n + j]);
    norm = fmax(norm, sum);
  }
  memcpy(lu, a, n * n * sizeof *a);
  *report = (ThSolveReport){.status = TH_SOLVE_SINGULAR};
  th_linalg_use_threads(2 * th_linalg_terms(n, n, n));
  if (th_blas()->zgetrf(TH_COLUMNS, (int)n, (int)n, lu, (int)n, pivots) != 0) return;
  th_blas()->zgecon(TH_COLUMNS, 'I', (int)n, lu, (int)n, norm, &rcond, scratch, real_scratch);
  *report = (ThSolveReport){.status = th_linalg_status(n, rcond), .rcond = rcond};
}

static bool solve_complex_here(ThContext *cx, size_t n, size_t n_rhs, const Complex *a, const Complex *b,
                               Complex *x, ThSolveReport *report) {
  ThLinalgWork work;
  *report = (ThSolveReport){.status = TH_SOLVE_GOOD, .rcond = 1};
  if (!th_linalg_ready(cx, n, n, (const double *)a, 2 * n * n)) return false;
  if (!th_linalg_work_new(cx, &work, 2 * (n * n + n * n_rhs + 2 * n) + 2 * n, n)) return false;
  Complex *lu = (Complex *)th_linalg_work_doubles(&work, 2 * n * n);
  Complex *columns = (Complex *)th_linalg_work_doubles(&work, 2 * n * n_rhs);
  Complex *scratch = (Complex *)th_linalg_work_doubles(&work, 4 * n);
  double *real_scratch = th_linalg_work_doubles(&work, 2 * n);
  lapack_int *pivots = th_linalg_work_ints(&work, n);
  if (n) factor_complex(n, a, lu, pivots, scratch, real_scratch, report);
  if (report->status == TH_SOLVE_SINGULAR) {
    for (size_t i = 0; i < n * n_rhs; i++) x[i] = TH_NAN;
  } else if (n && n_rhs) {
    th_linalg_transpose_complex(n, n_rhs, b, columns);
    th_blas()->zgetrs(TH_COLUMNS, 'T', (int)n, (int)n_rhs, lu, (int)n, pivots, columns, (int)n);
    th_linalg_transpose_complex(n_rhs, n, columns, x);
  }
  th_linalg_work_free(cx, &work);
  return true;
}

bool th_linalg_solve_complex(ThContext *cx, size_t n, size_t n_rhs, const Complex *a, const Complex *b,
                             Complex *x, ThSolveReport *report) {
  const ThPart parts[] = {{x, n * n_rhs * sizeof(Complex)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * th_linalg_terms(n, n, n / 3 + n_rhs)), parts, 2))
    return false;
  if (apart.here) apart.ok = solve_complex_here(cx, n, n_rhs, a, b, x, report);
  return th_apart_end(cx, &apart);
}

static bool inverse_complex_here(ThContext *cx, size_t n, const Complex *a, Complex *inverse,
                                 ThSolveReport *report) {
  ThLinalgWork work;
  *report = (ThSolveReport){.status = TH_SOLVE_GOOD, .rcond = 1};
  if (!th_linalg_ready(cx, n, n, (const double *)a, 2 * n * n)) return false;
  if (!th_linalg_work_new(cx, &work, 2 * 64 * n + 2 * n, n)) return false;
  Complex *scratch = (Complex *)th_linalg_work_doubles(&work, 2 * 64 * n);
  double *real_scratch = th_linalg_work_doubles(&work, 2 * n);
  lapack_int *pivots = th_linalg_work_ints(&work, n);
  if (n) factor_complex(n, a, inverse, pivots, scratch, real_scratch, report);
  if (report->status != TH_SOLVE_SINGULAR && n)
    th_blas()->zgetri(TH_COLUMNS, (int)n, inverse, (int)n, pivots, scratch, (int)(64 * n));
  if (report->status == TH_SOLVE_SINGULAR)
    for (size_t i = 0; i < n * n; i++) inverse[i] = TH_NAN;
  th_linalg_work_free(cx, &work);
  return true;
}

bool th_linalg_inverse_complex(ThContext *cx, size_t n, const Complex *a, Complex *inverse,
                               ThSolveReport *report) {
  const ThPart parts[] = {{inverse, n * n * sizeof(Complex)}, {report, sizeof *report}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * th_linalg_terms(n, n, n)), parts, 2)) return false;
  if (apart.here) apart.ok = inverse_complex_here(cx, n, a, inverse, report);
  return th_apart_end(cx, &apart);
}

static bool determinant_complex_here(ThContext *cx, size_t n, const Complex *a, Complex *out) {
  ThLinalgWork work;
  if (!th_linalg_ready(cx, n, n, (const double *)a, 2 * n * n) ||
      !th_linalg_work_new(cx, &work, 2 * n * n, n))
    return false;
  Complex *lu = (Complex *)th_linalg_work_doubles(&work, 2 * n * n), product = 1;
  lapack_int *pivots = th_linalg_work_ints(&work, n);
  if (n) memcpy(lu, a, n * n * sizeof *a);
  if (n) th_blas()->zgetrf(TH_COLUMNS, (int)n, (int)n, lu, (int)n, pivots);
  for (size_t i = 0; i < n; i++) product *= pivots[i] == (lapack_int)i + 1 ? lu[i * n + i] : -lu[i * n + i];
  *out = product;
  th_linalg_work_free(cx, &work);
  return true;
}

bool th_linalg_determinant_complex(ThContext *cx, size_t n, const Complex *a, Complex *out) {
  const ThPart parts[] = {{out, sizeof *out}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(4 * th_linalg_terms(n, n, n) / 3), parts, 1))
    return false;
  if (apart.here) apart.ok = determinant_complex_here(cx, n, a, out);
  return th_apart_end(cx, &apart);
}

/* --- Singular values ----------------------------------------------------------------------------- */

/* Turns each column of v (n, k) so that its first sizeable element is real and positive, and that of u (m, k),
 * which may be NULL, along with it. */
static void fix_phases(size_t n, size_t k, Complex *v, size_t m, Complex *u) {
  for (size_t j = 0; j < k; j++) {
    double largest = 0;
    Complex first = 0;
    for (size_t i = 0; i < n; i++) largest = fmax(largest, cabs(v[i * k + j]));
    for (size_t i = 0; i < n && first == 0; i++)
      if (cabs(v[i * k + j]) > 0.38 * largest) first = v[i * k + j];
    if (first == 0) continue;
    Complex turn = conj(first) / cabs(first);
    for (size_t i = 0; i < n; i++) v[i * k + j] = v[i * k + j] == first ? cabs(first) : v[i * k + j] * turn;
    for (size_t i = 0; u && i < m; i++) u[i * k + j] *= turn;
  }
}

/* What LAPACK calls U is, by columns, the conjugate of V, and its Vᴴ is U by rows. */
bool th_linalg_svd_complex(ThContext *cx, size_t m, size_t n, const Complex *a, Complex *u, double *s,
                           Complex *v) {
  size_t k = th_smaller(m, n), large = th_larger(m, n), n_vectors = u ? n * k : 1;
  if (!th_linalg_ready(cx, m, n, (const double *)a, 2 * m * n)) return false;
  if (k == 0) return true;
  char job = u ? 'S' : 'N';
  Complex asked, unused;
  double no_reals;
  lapack_int no_ints;
  th_blas()->zgesdd(TH_COLUMNS, job, (int)n, (int)m, &unused, (int)n, s, &unused, (int)n, &unused, (int)k,
                    &asked, -1, &no_reals, &no_ints);
  size_t n_work = (size_t)creal(asked), n_reals = k * th_larger(5 * k + 7, 2 * large + 2 * k + 1);
  size_t bytes = (m * n + n_vectors + n_work) * sizeof *a + n_reals * sizeof(double) +
                 8 * k * sizeof(lapack_int);
  Complex *copy = th_alloc(cx, bytes);
  if (!copy) return false;
  Complex *left = copy + m * n, *work = left + n_vectors;
  double *reals = (double *)(work + n_work);
  memcpy(copy, a, m * n * sizeof *a);
  int status = th_blas()->zgesdd(TH_COLUMNS, job, (int)n, (int)m, copy, (int)n, s, left, (int)n,
                                 u ? u : &unused, (int)k, work, (int)n_work, reals,
                                 (lapack_int *)(reals + n_reals));
  if (u) {
    conjugate(n * k, left);
    th_linalg_transpose_complex(k, n, left, v);
    fix_phases(n, k, v, m, u);
  }
  th_free(cx, copy, bytes);
  return th_linalg_converged(cx, status, "singular value decomposition");
}

static size_t count_above(size_t m, size_t n, const double *s) {
  size_t rank = 0, k = th_smaller(m, n);
  while (rank < k && s[rank] > (double)th_larger(m, n) * DBL_EPSILON * s[0]) rank++;
  return rank;
}

bool th_linalg_rank_complex(ThContext *cx, size_t m, size_t n, const Complex *a, size_t *rank) {
  size_t k = th_smaller(m, n);
  double *s = th_alloc_array(cx, k, sizeof *s);
  if (!s) return false;
  bool ok = th_linalg_svd_complex(cx, m, n, a, NULL, s, NULL);
  if (ok) *rank = count_above(m, n, s);
  th_free(cx, s, k * sizeof *s);
  return ok;
}

/* V diag(1/s) Uᴴ over the singular values that count. */
bool th_linalg_pseudo_inverse_complex(ThContext *cx, size_t m, size_t n, const Complex *a, Complex *pseudo) {
  size_t k = th_smaller(m, n), bytes = (m + n) * k * sizeof *a + k * sizeof(double);
  Complex *u = th_alloc(cx, bytes);
  if (!u) return false;
  Complex *v = u + m * k;
  double *s = (double *)(v + n * k);
  bool ok = th_linalg_svd_complex(cx, m, n, a, u, s, v);
  size_t kept = ok ? count_above(m, n, s) : 0;
  for (size_t i = 0; ok && i < n; i++)
    for (size_t j = 0; j < k; j++) v[i * k + j] = j < kept ? v[i * k + j] / s[j] : 0;
  if (ok && k) {
    conjugate(m * k, u);
    th_linalg_gemm_complex(false, true, n, m, k, 1, v, u, 0, pseudo);
  }
  th_free(cx, u, bytes);
  return ok;
}

bool th_linalg_least_squares_complex(ThContext *cx, size_t m, size_t n, size_t n_rhs, const Complex *a,
                                     const Complex *b, Complex *x) {
  size_t bytes = m * n * sizeof *a;
  if (!th_linalg_ready(cx, m, n_rhs, (const double *)b, 2 * m * n_rhs)) return false;
  Complex *pseudo = th_alloc(cx, bytes);
  if (!pseudo) return false;
  bool ok = th_linalg_pseudo_inverse_complex(cx, m, n, a, pseudo);
  if (m == 0) memset(x, 0, n * n_rhs * sizeof *x);
  else if (ok && n && n_rhs) th_linalg_gemm_complex(false, false, n, n_rhs, m, 1, pseudo, b, 0, x);
  th_free(cx, pseudo, bytes);
  return ok;
}

/* --- Q R ----------------------------------------------------------------------------------------- */

/* Aᵀ = L Q in columns: R = Lᵀ, and the rows of LAPACK's Q are the columns of ours. */
bool th_linalg_qr_complex(ThContext *cx, size_t m, size_t n, const Complex *a, Complex *q, Complex *r) {
  size_t k = th_smaller(m, n), n_work = 64 * th_larger(m, n), bytes = (m * n + k + n_work) * sizeof *a;
  if (!th_linalg_ready(cx, m, n, (const double *)a, 2 * m * n)) return false;
  if (k == 0) return true;
  Complex *copy = th_alloc(cx, bytes);
  if (!copy) return false;
  Complex *tau = copy + m * n, *work = tau + k;
  memcpy(copy, a, m * n * sizeof *a);
  th_blas()->zgelqf(TH_COLUMNS, (int)n, (int)m, copy, (int)n, tau, work, (int)n_work);
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < n; j++) r[i * n + j] = j < i ? 0 : copy[i * n + j];
  th_blas()->zunglq(TH_COLUMNS, (int)k, (int)m, (int)k, copy, (int)n, tau, work, (int)n_work);
  for (size_t i = 0; i < m; i++) memcpy(q + i * k, copy + i * n, k * sizeof *q);
  for (size_t j = 0; j < k; j++) { /* the diagonal real, not negative */
    Complex d = r[j * n + j], turn = d == 0 ? 1 : d / cabs(d);
    for (size_t i = j; i < n; i++) r[j * n + i] *= conj(turn);
    for (size_t i = 0; i < m; i++) q[i * k + j] *= turn;
    r[j * n + j] = cabs(d);
  }
  th_free(cx, copy, bytes);
  return true;
}

/* --- Eigenvalues --------------------------------------------------------------------------------- */

bool th_linalg_eigen_hermitian(ThContext *cx, size_t n, const Complex *a, double *values, Complex *vectors) {
  if (!th_linalg_ready(cx, n, n, (const double *)a, 2 * n * n)) return false;
  if (n == 0) return true;
  Complex asked, unused;
  double asked_reals;
  lapack_int asked_ints;
  th_blas()->zheevd(TH_COLUMNS, 'V', 'U', (int)n, &unused, (int)n, values, &asked, -1, &asked_reals, -1,
                    &asked_ints, -1);
  size_t n_work = (size_t)creal(asked), n_reals = (size_t)asked_reals, n_ints = (size_t)asked_ints;
  size_t bytes = (n * n + n_work) * sizeof *a + n_reals * sizeof(double) + n_ints * sizeof(lapack_int);
  Complex *columns = th_alloc(cx, bytes);
  if (!columns) return false;
  Complex *work = columns + n * n;
  double *reals = (double *)(work + n_work);
  th_linalg_transpose_complex(n, n, a, columns);
  int status = th_blas()->zheevd(TH_COLUMNS, 'V', 'U', (int)n, columns, (int)n, values, work, (int)n_work,
                                 reals, (int)n_reals, (lapack_int *)(reals + n_reals), (int)n_ints);
  th_linalg_transpose_complex(n, n, columns, vectors);
  fix_phases(n, n, vectors, 0, NULL);
  th_free(cx, columns, bytes);
  return th_linalg_converged(cx, status, "eigenvalue iteration");
}

bool th_linalg_eigen_complex(ThContext *cx, size_t n, const Complex *a, Complex *values, Complex *vectors) {
  if (!th_linalg_ready(cx, n, n, (const double *)a, 2 * n * n)) return false;
  if (n == 0) return true;
  size_t n_work = 34 * n, bytes = (2 * n * n + n_work) * sizeof *a + 2 * n * sizeof(double);
  Complex *columns = th_alloc(cx, bytes), unused;
  if (!columns) return false;
  Complex *right = columns + n * n, *work = right + n * n;
  th_linalg_transpose_complex(n, n, a, columns);
  int status = th_blas()->zgeev(TH_COLUMNS, 'N', 'V', (int)n, columns, (int)n, values, &unused, (int)n, right,
                                (int)n, work, (int)n_work, (double *)(work + n_work));
  th_linalg_transpose_complex(n, n, right, vectors);
  th_free(cx, columns, bytes);
  return th_linalg_converged(cx, status, "eigenvalue iteration");
}
