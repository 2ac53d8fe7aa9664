/* linalg_qr.c - Q R of a matrix */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/linalg.h"

#include <string.h>

#include "num/apart.h"
#include "num/linalg_work.h"
#include "num/real.h"

/* A' = L Q in columns: R = L', and the rows of LAPACK's Q are the columns of ours. */
static bool qr_here(ThContext *cx, size_t m, size_t n, const double *a, double *q, double *r) {
  size_t k = th_smaller(m, n), n_work = 64 * th_larger(m, n);
  ThLinalgWork work;
  if (!th_linalg_ready(cx, m, n, a, m * n)) return false;
  if (k == 0) return true;
  if (!th_linalg_work_new(cx, &work, m * n + k + n_work, 0)) return false;
  double *copy = th_linalg_work_doubles(&work, m * n), *tau = th_linalg_work_doubles(&work, k),
         *scratch = th_linalg_work_doubles(&work, n_work);
  memcpy(copy, a, m * n * sizeof *a);
  th_linalg_use_threads(2 * th_linalg_terms(m, n, k));
  th_blas()->dgelqf(TH_COLUMNS, (int)n, (int)m, copy, (int)n, tau, scratch, (int)n_work);
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < n; j++) r[i * n + j] = j < i ? 0 : copy[i * n + j];
  th_blas()->dorglq(TH_COLUMNS, (int)k, (int)m, (int)k, copy, (int)n, tau, scratch, (int)n_work);
  for (size_t i = 0; i < m; i++) memcpy(q + i * k, copy + i * n, k * sizeof *q);
  for (size_t j = 0; j < k; j++) {
    if (!(r[j * n + j] < 0)) continue;
    for (size_t i = j; i < n; i++) r[j * n + i] = -r[j * n + i];
    for (size_t i = 0; i < m; i++) q[i * k + j] = -q[i * k + j];
  }
  th_linalg_work_free(cx, &work);
  return true;
}

bool th_linalg_qr(ThContext *cx, size_t m, size_t n, const double *a, double *q, double *r) {
  const ThPart parts[] = {{q, m * th_smaller(m, n) * sizeof(double)},
                          {r, th_smaller(m, n) * n * sizeof(double)}};
  ThApart apart;
  if (!th_apart_begin(cx, &apart, th_linalg_is_long(2 * th_linalg_terms(m, n, th_smaller(m, n))), parts, 2))
    return false;
  if (apart.here) apart.ok = qr_here(cx, m, n, a, q, r);
  return th_apart_end(cx, &apart);
}
