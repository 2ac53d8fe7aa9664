/* query_monte_carlo.c - answers from random draws */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Observed variables keep their values, and a draw counts with the density of what was observed; other
 * conditions throw draws away. Draws come in blocks, and only sums over them are kept. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lang/vm.h"
#include "num/real.h"
#include "prob/batch.h"

enum { QUERY_STREAM = 0x5154 };

void th_query_stream(ThContext *cx, ThRandom *r) {
  const ThSession *session = th_session_of(cx);
  th_random_stream(r, session ? session->seed : 1, QUERY_STREAM);
}

void th_query_random(ThQuery *q, ThRandom *r) {
  if (q->options.seeded) th_random_stream(r, q->options.seed, QUERY_STREAM);
  else th_query_stream(q->cx, r);
}

bool th_query_draw(ThQuery *q, ThRandom *r, double *weight) {
  bool holds;
  *weight = 1;
  if (!th_query_holds(q, 0, &holds)) return false;
  for (size_t k = 0; holds && *weight > 0 && k < q->net.n_variables; k++) {
    const ThDistribution *d;
    double x = q->variables[k].at, density;
    if (!th_network_distribution(&q->net, k, &d)) return false;
    if (q->variables[k].observed) {
      if (!th_distribution_measure(q->cx, d, 0, TH_PDF, x, &density)) return false;
      *weight *= density;
    } else if (!th_distribution_sample(q->cx, d, 0, r, 1, &x)) {
      return false;
    }
    if (!th_network_assign(&q->net, k, x) || !th_query_holds(q, k + 1, &holds)) return false;
  }
  if (!holds) *weight = 0;
  return true;
}

enum { MOST_VAIN = 10000000 }; /* draws that no condition kept: it is too rare */

/* A block of draws: weights, and the values of one or two targets, or of the real and imaginary part of one. */
typedef struct Block {
  size_t n;
  double weight[TH_BATCH], x[2][TH_BATCH];
} Block;

/* Sums over all draws of w a^i b^j and w² a^i b^j, where a and b are the values about a point near their means:
 * what the moments up to the second need, and their errors. */
typedef struct Sums {
  size_t n, kept; /* draws, and those of a weight above 0 */
  bool complex_, second;
  double center[2];
  double w[3][3], w2[5][5];
} Sums;

/* --- Blocks, column by column or draw by draw */

static bool multiply_column(const ThQuery *q, const ThBatch *batch, ThValue target, Block *block, double *x) {
  size_t step;
  const double *column = th_batch_column(batch, target, &step);
  for (size_t i = 0; i < block->n; i++) {
    double value = column[i * step];
    if (q->kind == TH_QUERY_P && value != 0 && value != 1 && block->weight[i] != 0) return false;
    x[i] *= value;
  }
  return true;
}

/* P: the product of the events. */
static bool read_columns(const ThQuery *q, const ThBatch *batch, Block *block) {
  for (size_t j = 0; j < 2; j++)
    for (size_t i = 0; i < block->n; i++) block->x[j][i] = 1;
  for (size_t j = 0; j < q->n_targets; j++)
    if (!multiply_column(q, batch, q->targets[j], block, block->x[q->kind == TH_QUERY_P ? 0 : j]))
      return false;
  return true;
}

/* *fit is false where columns do not do: the block is then drawn again, draw by draw. */
static bool draw_columns(ThQuery *q, ThBatch *batch, ThRandom *r, Block *block, bool *fit) {
  if (!th_batch_draw(batch, r, block->n, block->weight, fit)) return false;
  *fit = *fit && read_columns(q, batch, block);
  return true;
}

static bool draw_each(ThQuery *q, ThRandom *r, Block *block, Sums *sums) {
  for (size_t i = 0; i < block->n; i++) {
    double complex x[2] = {0};
    if (i % 256 == 0 && !th_poll(q->cx)) return false;
    if (!th_query_draw(q, r, &block->weight[i])) return false;
    for (size_t j = 0; block->weight[i] > 0 && j < (q->kind == TH_QUERY_P ? 1 : q->n_targets); j++)
      if (!th_query_target(q, j, &x[j])) return false;
    sums->complex_ |= cimag(x[0]) != 0;
    block->x[0][i] = creal(x[0]);
    block->x[1][i] = q->n_targets == 2 && q->kind != TH_QUERY_P ? creal(x[1]) : cimag(x[0]);
  }
  return true;
}

/* --- Sums */

static void find_center(const Block *block, Sums *sums) {
  double weight = 0, total[2] = {0};
  for (size_t i = 0; i < block->n; i++) {
    if (!(block->weight[i] > 0)) continue;
    weight += block->weight[i];
    for (int j = 0; j < 2; j++) total[j] += block->weight[i] * block->x[j][i];
  }
  for (int j = 0; j < 2; j++) sums->center[j] = weight > 0 ? total[j] / weight : 0;
  for (int j = 0; j < 2; j++)
    if (!isfinite(sums->center[j])) sums->center[j] = 0;
}

/* E and P need first powers of the values and squares of the weighted ones, the others twice as many. */
static void add_draw(Sums *sums, double weight, double a, double b) {
  int top = sums->second ? 4 : 2;
  double power_a = 1;
  for (int i = 0; i <= top; i++, power_a *= a) {
    double term = weight * power_a;
    for (int j = 0; i + j <= top; j++, term *= b) {
      if (i < 3 && j < 3) sums->w[i][j] += term;
      sums->w2[i][j] += weight * term;
    }
  }
}

/* One target that is real: the same for b = 0. */
static void add_single(Sums *sums, double weight, double a) {
  double square = weight * weight;
  sums->w[0][0] += weight;
  sums->w[1][0] += weight * a;
  sums->w2[0][0] += square;
  sums->w2[1][0] += square * a;
  sums->w2[2][0] += square * a * a;
  if (!sums->second) return;
  sums->w[2][0] += weight * a * a;
  sums->w2[3][0] += square * a * a * a;
  sums->w2[4][0] += square * a * a * a * a;
}

static void add_block(const ThQuery *q, const Block *block, Sums *sums) {
  bool pair = sums->complex_ || (q->kind != TH_QUERY_P && q->n_targets == 2);
  for (size_t i = 0; i < block->n; i++) {
    double weight = block->weight[i];
    if (!(weight > 0)) continue;
    sums->kept++;
    if (pair) add_draw(sums, weight, block->x[0][i] - sums->center[0], block->x[1][i] - sums->center[1]);
    else add_single(sums, weight, block->x[0][i] - sums->center[0]);
  }
  sums->n += block->n;
}

/* --- Moments and their standard errors: those of a ratio of sums */

/* Σ w² (a^i b^j about the mean (m, k))² for the first or second power of one value, or the product of two:
 * Σ w² (g - v)², g = a - m: the variance of the mean. */
static double error_of_mean(const Sums *s, int which, double mean) {
  int i = which == 0, j = which == 1;
  double sum = s->w2[2 * i][2 * j] - 2 * mean * s->w2[i][j] + mean * mean * s->w2[0][0];
  return sqrt(fmax(sum, 0)) / s->w[0][0];
}

/* The same for g = (a - m)². */
static double error_of_variance(const Sums *s, double m, double v) {
  double g1 = s->w2[2][0] - 2 * m * s->w2[1][0] + m * m * s->w2[0][0];
  double g2 = s->w2[4][0] - 4 * m * s->w2[3][0] + 6 * m * m * s->w2[2][0] - 4 * m * m * m * s->w2[1][0] +
              m * m * m * m * s->w2[0][0];
  return sqrt(fmax(g2 - 2 * v * g1 + v * v * s->w2[0][0], 0)) / s->w[0][0];
}

/* And for g = (a - m)(b - k). */
static double error_of_covariance(const Sums *s, double m, double k, double v) {
  double g1 = s->w2[1][1] - k * s->w2[1][0] - m * s->w2[0][1] + m * k * s->w2[0][0];
  double g2 = 0;
  const double a[3] = {m * m, -2 * m, 1}, b[3] = {k * k, -2 * k, 1};
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) g2 += a[i] * b[j] * s->w2[i][j];
  return sqrt(fmax(g2 - 2 * v * g1 + v * v * s->w2[0][0], 0)) / s->w[0][0];
}

static void moments(const ThQuery *q, const Sums *s, ThMoments *m) {
  double weight = s->w[0][0], a = s->w[1][0] / weight, b = s->w[0][1] / weight;
  m->weight = weight / (double)s->n;
  m->mean[0] = s->center[0] + a;
  m->error = error_of_mean(s, 0, a);
  if (s->complex_) {
    m->mean[0] += TH_I * (s->center[1] + b);
    m->error = hypot(m->error, error_of_mean(s, 1, b));
  }
  if (!s->second) return;
  m->mean[1] = s->center[1] + b;
  m->variance[0] = fmax(s->w[2][0] / weight - a * a, 0);
  m->error = error_of_variance(s, a, m->variance[0]);
  if (q->kind == TH_QUERY_SD) m->error /= 2 * sqrt(m->variance[0]);
  if (q->n_targets < 2) return;
  m->variance[1] = fmax(s->w[0][2] / weight - b * b, 0);
  m->covariance = s->w[1][1] / weight - a * b;
  m->error = error_of_covariance(s, a, b, m->covariance);
  if (q->kind == TH_QUERY_CORR) m->error /= sqrt(m->variance[0] * m->variance[1]);
}

/* --- All draws */

/* Are the targets nodes, so that they have columns? */
static bool have_columns(const ThQuery *q) {
  for (size_t i = 0; i < q->n_targets; i++)
    if (th_network_find(&q->net, q->targets[i]) == TH_NO_NODE) return false;
  return true;
}

static bool draw_block(ThQuery *q, ThBatch **batch, ThRandom *r, Block *block, Sums *sums) {
  ThRandom start = *r;
  bool fit = false;
  if (*batch && !draw_columns(q, *batch, r, block, &fit)) return false;
  if (fit) return true;
  th_batch_free(*batch);
  *batch = NULL;
  *r = start;
  return draw_each(q, r, block, sums);
}

/* As many as were asked for, or until the error is as small as was asked for. */
static bool draw_blocks(ThQuery *q, ThBatch **batch, Block *block, Sums *sums) {
  ThRandom r;
  ThMoments m = {0};
  th_query_random(q, &r);
  while (sums->n < q->options.draws) {
    size_t left = q->options.draws - sums->n;
    block->n = left < TH_BATCH ? left : TH_BATCH;
    if (!draw_block(q, batch, &r, block, sums)) return false;
    if (sums->n == 0) find_center(block, sums);
    add_block(q, block, sums);
    if (sums->kept == 0 && sums->n >= MOST_VAIN) return true;
    bool look = q->options.error > 0 && sums->kept >= 1000 && sums->n % (16 * TH_BATCH) == 0;
    if (look) moments(q, sums, &m);
    if (look && m.error <= q->options.error) return true;
  }
  return true;
}

static bool draw_all(ThQuery *q, Sums *sums) {
  ThBatch *batch = NULL;
  *sums = (Sums){.second = q->kind != TH_QUERY_P && q->kind != TH_QUERY_E};
  Block *block = th_alloc(q->cx, sizeof *block);
  bool ok = block && (!have_columns(q) || th_batch_new(q, &batch)) && draw_blocks(q, &batch, block, sums);
  th_batch_free(batch);
  th_free(q->cx, block, sizeof *block);
  return ok;
}

/* "X + Y = 3" of continuous variables never happens in a draw, and has no meaning as a condition either. */
static bool fixes_continuous(ThQuery *q, const ThQueryCondition *condition, bool *out) {
  const ThVariable *v = th_as_variable(condition->event);
  size_t n = q->net.n_variables;
  *out = false;
  if (condition->observation || v->what != TH_VARIABLE_OPERATOR || v->op != TH_OP_EQUAL) return true;
  bool *hangs = th_alloc(q->cx, n + 1);
  bool ok = hangs != NULL && th_network_ancestors(&q->net, condition->event, hangs);
  for (size_t k = 0; ok && k < n; k++)
    *out |= hangs[k] && !q->variables[k].observed && q->variables[k].support != TH_SUPPORT_DISCRETE;
  th_free(q->cx, hangs, n + 1);
  return ok;
}

bool th_query_fail_unmet(ThQuery *q, bool proved) {
  for (size_t i = 0; i < q->n_conditions; i++) {
    bool fixes;
    ThText text;
    if (!fixes_continuous(q, &q->conditions[i], &fixes)) return false;
    if (!fixes) continue;
    th_text_init(&text, &q->cx->heap);
    if (th_variable_text(q->cx, q->conditions[i].event, 80, &text)) {
      th_fail(q->cx, TH_ERROR_VALUE, "`%s` fixes a continuous quantity that is no declared variable",
              th_text_string(&text));
      th_hint(q->cx, "declare what was measured: `obs ~ Normal(…, σ)`, and condition on `obs = …`");
    }
    th_text_clear(&text);
    return false;
  }
  if (proved) return th_query_fail_impossible(q);
  th_fail(q->cx, TH_ERROR_VALUE,
          "the condition is too rare: none of %zu draws met it, so that its probability is below %.1g",
          q->options.draws, 3.0 / (double)q->options.draws);
  return th_hint(q->cx, "more draws: `draws = %zu`", 100 * q->options.draws);
}

/* Of discrete variables it is told why their outcomes were not gone through. */
static bool name_method(ThQuery *q, const Sums *s, char *method, size_t size) {
  double n = 0;
  bool discrete = q->net.n_variables > 0;
  for (size_t k = 0; k < q->net.n_variables; k++)
    discrete &= q->variables[k].observed || q->variables[k].support == TH_SUPPORT_DISCRETE;
  if (discrete && !th_query_count_outcomes(q, &n)) return false;
  if (n > TH_MAX_OUTCOMES)
    snprintf(method, size, "Monte Carlo (%zu draws instead of %.2g outcomes)", s->n, n);
  else snprintf(method, size, "Monte Carlo (%zu draws)", s->n);
  return true;
}

static bool answer(ThQuery *q, const Sums *s, ThValue *out) {
  ThMoments m = {0};
  char method[120];
  if (s->kept == 0) {
    q->options.draws = s->n;
    return th_query_fail_unmet(q, false);
  }
  moments(q, s, &m);
  if (!name_method(q, s, method, sizeof method)) return false;
  bool never = q->kind == TH_QUERY_P && m.mean[0] == 0, always = q->kind == TH_QUERY_P && m.mean[0] == 1;
  if (never || always) m.error = 3.0 / (double)s->kept;
  if (never) snprintf(method, sizeof method, "Monte Carlo (%zu draws): too rare, below %.1g", s->n, m.error);
  if (s->kept < s->n) th_text_format(&q->story, "%zu of %zu draws met the conditions\n", s->kept, s->n);
  th_text_add(&q->story, "the error is one standard error\n");
  return th_query_estimate(q, &m, method, out);
}

/* --- dist: the draws themselves, smoothed where they are continuous */

typedef struct Kept {
  size_t n;
  double *x, *weight; /* (options.draws) */
} Kept;

static bool keep_draws(ThQuery *q, ThBatch **batch, Block *block, Kept *kept) {
  ThRandom r;
  Sums sums = {0};
  th_query_random(q, &r);
  for (size_t drawn = 0; drawn < q->options.draws; drawn += block->n) {
    size_t left = q->options.draws - drawn;
    block->n = left < TH_BATCH ? left : TH_BATCH;
    if (!draw_block(q, batch, &r, block, &sums)) return false;
    for (size_t i = 0; i < block->n; i++) {
      if (!(block->weight[i] > 0)) continue;
      kept->x[kept->n] = block->x[0][i];
      kept->weight[kept->n++] = block->weight[i];
    }
  }
  return !sums.complex_ || th_fail(q->cx, TH_ERROR_TYPE, "a complex variable has no distribution function");
}

/* Draws of equal weight, by going through the weights in even steps (Kitagawa 1996): into `even`, (kept->n). */
static void even_out(const Kept *kept, double *even) {
  double total = 0, passed = 0;
  size_t to = 0;
  for (size_t i = 0; i < kept->n; i++) total += kept->weight[i];
  for (size_t i = 0; i < kept->n; i++) {
    passed += kept->weight[i];
    while (to < kept->n && ((double)to + 0.5) * total < passed * (double)kept->n) even[to++] = kept->x[i];
  }
  while (to < kept->n) even[to++] = kept->x[kept->n - 1]; /* rounding */
}

/* Few values that come again and again are those of a discrete variable. x, (n), is sorted. */
static bool repeats(double *x, size_t n) {
  size_t distinct = 1;
  qsort(x, n, sizeof *x, th_real_ascending);
  for (size_t i = 1; i < n; i++) distinct += x[i] != x[i - 1];
  return distinct < n / 2 || distinct == 1;
}

static bool distribution_of(ThQuery *q, const Kept *kept, const char *who, ThValue *out) {
  ThValue parameters[2] = {th_none(), th_number(TH_NAN)};
  ThArray *data = th_vector_new(q->cx, TH_DOUBLE, kept->n);
  char method[80];
  if (!data) return false;
  parameters[0] = th_object(data);
  even_out(kept, data->real);
  bool discrete = repeats(data->real, kept->n);
  bool ok = th_distribution_new(q->cx, discrete ? &th_family_empirical : &th_family_kde, parameters, out);
  th_release(parameters[0]);
  if (!ok) return false;
  snprintf(method, sizeof method, "%s (%zu draws%s)", who, kept->n, discrete ? "" : ", smoothed");
  if (th_query_sign(q, *out, method)) return true;
  th_release(*out);
  return false;
}

bool th_query_distribution_of_draws(ThQuery *q, size_t n, const double *x, const double *weight, const char *who,
                                    ThValue *out) {
  Kept kept = {0};
  kept.x = th_alloc_array(q->cx, 2 * n, sizeof *kept.x);
  if (!kept.x) return false;
  kept.weight = kept.x + n;
  for (size_t i = 0; i < n; i++) {
    if (!(weight[i] > 0)) continue;
    kept.x[kept.n] = x[i];
    kept.weight[kept.n++] = weight[i];
  }
  bool ok = distribution_of(q, &kept, who, out);
  th_free(q->cx, kept.x, 2 * n * sizeof *kept.x);
  return ok;
}

static bool answer_distribution(ThQuery *q, ThValue *out) {
  ThContext *cx = q->cx;
  size_t size = q->options.draws * sizeof(double);
  Kept kept = {0};
  ThBatch *batch = NULL;
  Block *block = th_alloc(cx, sizeof *block);
  kept.x = th_alloc(cx, size);
  kept.weight = th_alloc(cx, size);
  bool ok = block && kept.x && kept.weight && (!have_columns(q) || th_batch_new(q, &batch)) &&
            keep_draws(q, &batch, block, &kept);
  if (ok) ok = kept.n > 1 ? distribution_of(q, &kept, "Monte Carlo", out) : th_query_fail_unmet(q, false);
  th_batch_free(batch);
  th_free(cx, kept.weight, size);
  th_free(cx, kept.x, size);
  th_free(cx, block, sizeof *block);
  return ok;
}

bool th_answer_monte_carlo(ThQuery *q, ThValue *out, bool *done) {
  Sums sums;
  *done = q->kind == TH_QUERY_DIST ? answer_distribution(q, out)
                                   : draw_all(q, &sums) && answer(q, &sums, out);
  return *done;
}
