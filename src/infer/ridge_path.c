/* ridge_path.c - ridge regression for several penalties: one singular value decomposition serves all */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With X = U diag(s) V' the coefficients are V diag(s/(s² + λ)) U'y, and the trace of what maps y to the fitted values
 * is Σ s²/(s² + λ). */
#include <math.h>
#include <stdio.h>

#include "infer/linear_fit.h"
#include "num/linalg.h"

typedef struct Path {
  ThContext *cx;
  size_t n, k, m;                           /* rows, columns, singular values */
  double *a, *b, *u, *s, *v, *along, *beta; /* along = U'b */
} Path;

static size_t size_of(size_t n, size_t k, size_t m) { return n * k + n + n * m + m + k * m + m + k; }

static void lay_out(Path *p, double *block) {
  p->a = block;
  p->b = p->a + p->n * p->k;
  p->u = p->b + p->n;
  p->s = p->u + p->n * p->m;
  p->v = p->s + p->m;
  p->along = p->v + p->k * p->m;
  p->beta = p->along + p->m;
}

/* beta, the sum of squares and the degrees of freedom at λ. */
static void solve(Path *p, double lambda, double *rss, double *dof) {
  double *shrunk = p->beta + p->k;
  *dof = 0;
  for (size_t i = 0; i < p->m; i++) {
    double s2 = p->s[i] * p->s[i], total = s2 + lambda;
    shrunk[i] = total > 0 ? p->s[i] / total * p->along[i] : 0;
    *dof += total > 0 ? s2 / total : 0;
  }
  th_linalg_gemv(false, p->k, p->m, 1, p->v, shrunk, 0, p->beta);
  *rss = 0;
  for (size_t i = 0; i < p->n; i++) {
    double r = p->b[i] - th_linalg_dot(p->k, p->a + i * p->k, p->beta);
    *rss += r * r;
  }
}

static bool add_column(ThContext *cx, ThTable *table, const char *name, ThArray **columns, size_t i) {
  ThSymbol *symbol = th_symbol_of(cx, name);
  columns[i] = symbol ? th_vector_new(cx, TH_DOUBLE, table->n_rows) : NULL;
  return columns[i] && th_table_set_take(cx, table, symbol, th_object(columns[i]));
}

static bool add_columns(ThContext *cx, size_t k, ThTable *table, ThArray **columns) {
  static const char *const heads[] = {"λ", "dof", "rss", "gcv"};
  char name[32];
  for (size_t i = 0; i < 4; i++)
    if (!add_column(cx, table, heads[i], columns, i)) return false;
  for (size_t j = 0; j < k; j++) {
    snprintf(name, sizeof name, "β%zu", j + 1);
    if (!add_column(cx, table, name, columns, 4 + j)) return false;
  }
  return true;
}

static bool fill(Path *p, const ThArray *penalties, ThTable *table) {
  ThArray **columns = th_alloc_array(p->cx, p->k + 4, sizeof *columns);
  bool ok = columns && add_columns(p->cx, p->k, table, columns);
  double n = (double)p->n, rss, dof;
  for (size_t i = 0; ok && i < penalties->length; i++) {
    double lambda = penalties->real[i];
    if (!(lambda >= 0)) ok = th_fail(p->cx, TH_ERROR_VALUE, "`ridge` is not below 0, got %.6g", lambda);
    else ok = th_poll(p->cx);
    if (!ok) break;
    solve(p, lambda, &rss, &dof);
    double row[] = {lambda, dof, rss, n * rss / ((n - dof) * (n - dof))};
    for (size_t j = 0; j < 4; j++) columns[j]->real[i] = row[j];
    for (size_t j = 0; j < p->k; j++) columns[4 + j]->real[i] = p->beta[j];
  }
  if (columns) th_free(p->cx, columns, (p->k + 4) * sizeof *columns);
  return ok;
}

bool th_ridge_path(ThContext *cx, const ThLinearRows *rows, const ThArray *penalties, ThValue *out) {
  size_t n = rows->n, k = rows->k, m = n < k ? n : k, size = size_of(n, k, m) + m;
  Path p = {.cx = cx, .n = n, .k = k, .m = m};
  double *block = th_alloc_array(cx, size, sizeof *block);
  ThTable *table = block ? th_table_new(cx, penalties->length) : NULL;
  bool ok = table != NULL;
  if (ok) {
    lay_out(&p, block);
    for (size_t i = 0; i < n; i++) {
      double s = rows->scale ? rows->scale[i] : 1;
      p.b[i] = s * rows->y[i];
      for (size_t j = 0; j < k; j++) p.a[i * k + j] = s * rows->x[i * k + j];
    }
    ok = th_linalg_svd(cx, n, k, p.a, p.u, p.s, p.v);
  }
  if (ok) {
    th_linalg_gemv(true, n, m, 1, p.u, p.b, 0, p.along);
    ok = fill(&p, penalties, table);
  }
  if (block) th_free(cx, block, size * sizeof *block);
  if (ok) *out = th_object(table);
  else if (table) th_release(th_object(table));
  return ok;
}
