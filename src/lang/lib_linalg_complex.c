/* lib_linalg_complex.c - the built-ins of linear algebra, for complex matrices */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/lib_linalg_complex.h"

#include "base/size.h"
#include "lang/lib_support.h"
#include "num/linalg_complex.h"

/* The arrays as a record when `ok`, and all are there; takes them. */
static bool finish(ThContext *cx, bool ok, size_t n, const char *const *names, ThArray *const *arrays,
                   ThValue *out) {
  if (ok) return th_give_record(cx, n, names, arrays, out);
  for (size_t i = 0; i < n; i++)
    if (arrays[i]) th_release(th_object(arrays[i]));
  return false;
}

bool th_complex_pinv(ThContext *cx, const ThArray *a, ThValue *out) {
  ThArray *r = th_matrix_new(cx, TH_COMPLEX, a->shape[1], a->shape[0]);
  if (r && th_linalg_pseudo_inverse_complex(cx, a->shape[0], a->shape[1], a->complex_, r->complex_))
    return th_give(r, out);
  if (r) th_release(th_object(r));
  return false;
}

bool th_complex_rank(ThContext *cx, const ThArray *a, ThValue *out) {
  size_t rank = 0;
  bool ok = a->length == 0 || th_linalg_rank_complex(cx, a->shape[0], a->shape[1], a->complex_, &rank);
  *out = th_number((double)rank);
  return ok;
}

bool th_complex_qr(ThContext *cx, const ThArray *a, ThValue *out) {
  size_t m = a->shape[0], n = a->shape[1], k = th_smaller(m, n);
  ThArray *q = th_matrix_new(cx, TH_COMPLEX, m, k), *r = q ? th_matrix_new(cx, TH_COMPLEX, k, n) : NULL;
  bool ok = r && th_linalg_qr_complex(cx, m, n, a->complex_, q->complex_, r->complex_);
  return finish(cx, ok, 2, (const char *const[]){"Q", "R"}, (ThArray *[]){q, r}, out);
}

bool th_complex_svd(ThContext *cx, const ThArray *a, ThValue *out) {
  size_t m = a->shape[0], n = a->shape[1], k = th_smaller(m, n);
  ThArray *u = th_matrix_new(cx, TH_COMPLEX, m, k), *s = u ? th_vector_new(cx, TH_DOUBLE, k) : NULL;
  ThArray *v = s ? th_matrix_new(cx, TH_COMPLEX, n, k) : NULL;
  bool ok = v && th_linalg_svd_complex(cx, m, n, a->complex_, u->complex_, s->real, v->complex_);
  return finish(cx, ok, 3, (const char *const[]){"U", "s", "V"}, (ThArray *[]){u, s, v}, out);
}

bool th_complex_cholesky(ThContext *cx, ThArray *a, ThValue *out) {
  char name[48];
  if (!th_linalg_is_hermitian(a->shape[0], a->complex_)) {
    th_fail_argument(
        cx, 1, TH_ERROR_VALUE,
        "a complex matrix with a Cholesky factor equals its conjugate transpose; this one does not");
    return th_hint(cx, "make it so: `(%s + conj(%s'))/2`", th_operand(cx, 0, "A", name, sizeof name), name);
  }
  ThArray *r = th_array_copy(cx, a);
  if (!r || th_linalg_cholesky_complex(a->shape[0], r->complex_)) return th_give(r, out);
  th_release(th_object(r));
  th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "the matrix is not positive definite");
  return th_hint(cx, "its eigenvalues are `eig(%s).values`", th_operand(cx, 0, "A", name, sizeof name));
}

bool th_complex_eig(ThContext *cx, const ThArray *a, ThValue *out) {
  size_t n = a->shape[0];
  bool hermitian = th_linalg_is_hermitian(n, a->complex_), ok = false;
  ThArray *values = th_vector_new(cx, hermitian ? TH_DOUBLE : TH_COMPLEX, n),
          *vectors = values ? th_matrix_new(cx, TH_COMPLEX, n, n) : NULL;
  if (vectors)
    ok = hermitian ? th_linalg_eigen_hermitian(cx, n, a->complex_, values->real, vectors->complex_)
                   : th_linalg_eigen_complex(cx, n, a->complex_, values->complex_, vectors->complex_);
  return finish(cx, ok, 2, (const char *const[]){"values", "vectors"}, (ThArray *[]){values, vectors}, out);
}
