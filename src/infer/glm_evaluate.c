/* glm_evaluate.c - the log likelihood of a generalised linear model, its slope and information, in one pass */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/glm.h"
#include "num/kernels.h"
#include "num/linalg.h"

/* A block of rows: r of them; (r, m) for classes. */
typedef struct Pass {
  const ThGlmProblem *p;
  const double *beta;
  bool start;
  size_t block, at, r;
  double *rows;                          /* (block, k): √weight x */
  double *eta, *value, *mean, *variance; /* (block, m + 1) */
  double *residual;                      /* (block, m) */
} Pass;

static size_t pass_size(size_t block, size_t k, size_t m) { return block * (k + 4 * (m + 1) + m); }

static void lay_out(Pass *s, double *work) {
  size_t wide = s->block * (s->p->m + 1);
  s->rows = work;
  s->eta = s->rows + s->block * s->p->k;
  s->value = s->eta + wide;
  s->mean = s->value + wide;
  s->variance = s->mean + wide;
  s->residual = s->variance + wide;
}

static double trials_at(const Pass *s, size_t i) { return s->p->trials ? s->p->trials[s->at + i] : 1; }
static double weight_at(const Pass *s, size_t i) { return s->p->weights ? s->p->weights[s->at + i] : 1; }
static double offset_at(const Pass *s, size_t i) { return s->p->offset ? s->p->offset[s->at + i] : 0; }
static const double *rows_of(const Pass *s) { return s->p->x + s->at * s->p->k; }

/* --- One η for each datum */

static void find_eta(Pass *s) {
  const ThGlmProblem *p = s->p;
  if (s->start) {
    for (size_t i = 0; i < s->r; i++)
      s->eta[i] = p->family->link(p->family->start(p->y[s->at + i], trials_at(s, i)));
    return;
  }
  th_linalg_gemv(false, s->r, p->k, 1, rows_of(s), s->beta, 0, s->eta);
  if (p->offset)
    for (size_t i = 0; i < s->r; i++) s->eta[i] += offset_at(s, i);
}

/* Σ value; residual = ∂value/∂η; variance = -∂²value/∂η². At a start the residual is that of a regression of the
 * working response on x: its first step goes from 0 to near the data. */
static double differentiate(Pass *s) {
  const double *y = s->p->y + s->at;
  double sum = 0;
  s->p->family->cumulant(s->r, s->eta, s->value, s->mean, s->variance);
  for (size_t i = 0; i < s->r; i++) {
    double t = trials_at(s, i), w = weight_at(s, i);
    sum += w > 0 ? w * (y[i] * s->eta[i] - t * s->value[i]) : 0;
    s->residual[i] = w * (y[i] - t * s->mean[i]);
    s->variance[i] *= w * t;
    if (s->start) s->residual[i] += s->variance[i] * (s->eta[i] - offset_at(s, i));
  }
  return sum;
}

/* rows = √(factor_i) x_i */
static void scale_rows(Pass *s, const double *factor, size_t stride) {
  const double *x = rows_of(s);
  for (size_t i = 0; i < s->r; i++) {
    double root = sqrt(factor[i * stride]);
    for (size_t j = 0; j < s->p->k; j++) s->rows[i * s->p->k + j] = root * x[i * s->p->k + j];
  }
}

static void add_block(Pass *s, ThGlmState *out) {
  size_t k = s->p->k;
  find_eta(s);
  out->value += differentiate(s);
  th_linalg_gemv(true, s->r, k, 1, rows_of(s), s->residual, 1, out->slope);
  scale_rows(s, s->variance, 1);
  th_linalg_gram_add(s->r, k, 1, s->rows, out->information->sum);
}

/* --- Classes: η is (r, m), that of the base is 0 */

/* Probabilities (r, m + 1) of classes, the base first, into `mean`; log of their normaliser into `value`. */
static void softmax(Pass *s) {
  size_t m = s->p->m;
  th_linalg_gemm(false, true, s->r, m, s->p->k, 1, rows_of(s), s->beta, 0, s->eta);
  for (size_t i = 0; i < s->r; i++) {
    double largest = 0, total, *mean = s->mean + i * (m + 1);
    const double *eta = s->eta + i * m;
    for (size_t a = 0; a < m; a++) largest = fmax(largest, eta[a]);
    total = mean[0] = exp(-largest);
    for (size_t a = 0; a < m; a++) total += mean[a + 1] = exp(eta[a] - largest);
    for (size_t a = 0; a <= m; a++) mean[a] /= total;
    s->value[i] = largest + log(total);
  }
}

/* Block (a, b) of the information, (k, k) within (m k, m k): Σ w p_a (δ - p_b) x x'. Only a >= b. */
static void add_pair(Pass *s, size_t a, size_t b, double *temporary, ThNormalEquations *information) {
  size_t m = s->p->m, k = s->p->k, width = m * k;
  for (size_t i = 0; i < s->r; i++) {
    const double *mean = s->mean + i * (m + 1) + 1;
    s->variance[i] = weight_at(s, i) * mean[a] * (a == b ? 1 - mean[a] : mean[b]);
  }
  scale_rows(s, s->variance, 1);
  memset(temporary, 0, k * k * sizeof *temporary);
  th_linalg_gram_add(s->r, k, 1, s->rows, temporary);
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < k; j++) {
      double x = j <= i ? temporary[i * k + j] : temporary[j * k + i];
      information->sum[(a * k + i) * width + b * k + j] += a == b ? x : -x;
    }
}

static void add_class_block(Pass *s, double *temporary, ThGlmState *out) {
  size_t m = s->p->m, k = s->p->k;
  softmax(s);
  for (size_t i = 0; i < s->r; i++) {
    size_t class = (size_t)s->p->y[s->at + i];
    double w = weight_at(s, i);
    out->value += w * ((class ? s->eta[i * m + class - 1] : 0) - s->value[i]);
    for (size_t a = 0; a < m; a++)
      s->residual[i * m + a] = w * ((double)(class == a + 1) - s->mean[i * (m + 1) + a + 1]);
  }
  th_linalg_gemm(true, false, m, k, s->r, 1, s->residual, rows_of(s), 1, out->slope);
  for (size_t a = 0; a < m; a++)
    for (size_t b = 0; b <= a; b++) add_pair(s, a, b, temporary, out->information);
}

/* --- All blocks */

bool th_glm_evaluate(ThContext *cx, const ThGlmProblem *p, const double *beta, bool start, ThGlmState *out) {
  size_t k = p->k, m = p->m, block = th_normal_equations_block(k + 5 * m),
         size = pass_size(block, k, m) + k * k;
  Pass s = {.p = p, .beta = beta, .start = start, .block = block};
  double *work = th_alloc_array(cx, size, sizeof *work);
  if (!work) return false;
  lay_out(&s, work);
  out->value = 0;
  memset(out->slope, 0, m * k * sizeof *out->slope);
  memset(out->information->sum, 0, m * k * m * k * sizeof *out->slope);
  bool ok = true;
  for (; ok && s.at < p->n; s.at += block) {
    s.r = p->n - s.at < block ? p->n - s.at : block;
    ok = th_poll(cx);
    if (!ok) break;
    if (p->family->has_classes) add_class_block(&s, work + pass_size(block, k, m), out);
    else add_block(&s, out);
  }
  th_free(cx, work, size * sizeof *work);
  return ok;
}

bool th_glm_means(ThContext *cx, const ThGlmProblem *p, const double *beta, double *out) {
  size_t k = p->k, m = p->m, block = th_normal_equations_block(k + 5 * m), size = pass_size(block, k, m);
  Pass s = {.p = p, .beta = beta, .block = block};
  double *work = th_alloc_array(cx, size, sizeof *work);
  if (!work) return false;
  lay_out(&s, work);
  for (; s.at < p->n; s.at += block) {
    s.r = p->n - s.at < block ? p->n - s.at : block;
    size_t width = p->family->has_classes ? m + 1 : 1;
    if (p->family->has_classes) softmax(&s);
    else {
      find_eta(&s);
      p->family->cumulant(s.r, s.eta, s.value, s.mean, s.variance);
      for (size_t i = 0; i < s.r; i++) s.mean[i] *= trials_at(&s, i);
    }
    memcpy(out + s.at * width, s.mean, s.r * width * sizeof *out);
  }
  th_free(cx, work, size * sizeof *work);
  return true;
}
