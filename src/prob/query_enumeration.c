/* query_enumeration.c - answers from all outcomes of discrete variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probabilities are sums over outcomes, a condition is a ratio of two such sums. Sums are compensated,
 * and second moments are taken about the mean in a second walk, so that the answer is right to the last
 * digits. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "num/compensated.h"
#include "num/real.h"
#include "prob/merge.h"
#include "val/format.h"

/* --- Sums */

/* The terms of one sign: the largest value, its term. */
typedef struct Part {
  ThCompensated sum;
  double largest, term;
} Part;

typedef struct Tally {
  size_t n_targets;
  ThCompensated weight, re[2], im[2];
  ThCompensated square[2], product; /* about the means */
  Part rise, fall; /* what of the expectation is positive, and negative; of second moments x² */
  double size;     /* of the sum that was asked for: that of the absolute values of its terms */
  double complex mean[2];
  bool second; /* the second walk */
} Tally;

static size_t target_count(const ThQuery *q) { return q->kind == TH_QUERY_P ? 1 : q->n_targets; }

/* What a sum without end is judged by. */
static void tally_growth(Tally *t, ThQueryKind kind, double weight, const double complex *x) {
  double y = creal(x[0]), other = t->n_targets > 1 ? creal(x[1]) : 0;
  if (kind != TH_QUERY_E) y = y * y + other * other;
  Part *part = y > 0 ? &t->rise : &t->fall;
  th_compensated_add(&part->sum, weight * fabs(y));
  if (fabs(y) >= part->largest) part->largest = fabs(y), part->term = weight * fabs(y);
}

static void tally_first(Tally *t, double weight, const double complex *x) {
  th_compensated_add(&t->weight, weight);
  t->size += weight * cabs(x[0]);
  for (size_t i = 0; i < t->n_targets; i++) {
    th_compensated_add(&t->re[i], weight * creal(x[i]));
    if (cimag(x[i]) != 0) th_compensated_add(&t->im[i], weight * cimag(x[i]));
  }
}

static void tally_second(Tally *t, double weight, const double complex *x) {
  double d[2] = {0};
  for (size_t i = 0; i < t->n_targets; i++) {
    d[i] = creal(x[i]) - creal(t->mean[i]);
    th_compensated_add(&t->square[i], weight * d[i] * d[i]);
  }
  t->size += weight * fabs(d[0] * d[t->n_targets - 1]);
  if (t->n_targets == 2) th_compensated_add(&t->product, weight * d[0] * d[1]);
}

static bool tally_outcome(void *self, ThQuery *q, double weight, bool kept) {
  Tally *t = self;
  double complex x[2];
  (void)kept;
  for (size_t i = 0; i < t->n_targets; i++)
    if (!th_query_target(q, i, &x[i])) return false;
  if (t->second) {
    tally_second(t, weight, x);
  } else {
    tally_first(t, weight, x);
    tally_growth(t, q->kind, weight, x);
  }
  return true;
}

/* Without conditions the weights sum to 1, and dividing by a rounded sum would only spoil the answer. */
static double norm_of(const ThQuery *q, const Tally *t, double tail) {
  return q->n_conditions == 0 && tail == 0 ? 1 : th_compensated_total(&t->weight);
}

/* --- Series: is what was left out of a sum without end negligible? */

/* The tails that may be left out: finer ones as long as the answer hangs on them. */
static const double series_tails[] = {1e-30, 1e-100, 1e-300};
enum { N_TAILS = sizeof series_tails / sizeof *series_tails };

typedef struct Series {
  int n;                             /* how many tails were summed up to */
  Part rise[N_TAILS], fall[N_TAILS]; /* so far out */
  bool settled, rises, falls;        /* rises, falls: these sums grow without end */
} Series;

/* Does a sum grow without end? Then the terms do not fall off from tail to tail. A value that is inf has at least the
 * probability of the tail: nothing finite comes of it unless that is very small; then the terms must have grown fast
 * before. */
static bool grows(const Part *part, int n) {
  if (isinf(part[n - 1].largest)) return n < N_TAILS || part[1].term > 1e6 * part[0].term;
  return n == N_TAILS && part[2].term > 0 && part[2].term >= part[1].term && part[1].term >= part[0].term;
}

/* A value at the edge of what was summed has about the probability of the tail: settled when such a term is
 * nothing. */
static void judge(const Tally *t, double tail, Series *s) {
  int k = s->n++;
  double size = th_compensated_total(&t->rise.sum) + th_compensated_total(&t->fall.sum);
  s->rise[k] = t->rise;
  s->fall[k] = t->fall;
  s->settled = isnan(size) || (!isinf(size) && tail * fmax(t->rise.largest, t->fall.largest) <= 1e-14 * size);
  if (s->settled) return;
  s->rises = grows(s->rise, s->n);
  s->falls = grows(s->fall, s->n);
  s->settled = s->rises || s->falls;
}

/* A term is right to some roundings, and the sum to as many of the sum of their sizes; what was left out has about the
 * probability of the tail, and at most the largest value so far. */
static double error_of_series(const ThQuery *q, const Tally *t, double tail, double norm,
                              const ThMoments *m) {
  double largest = q->kind == TH_QUERY_P ? 1 : fmax(t->rise.largest, t->fall.largest);
  double error = (4 * DBL_EPSILON * t->size + tail * largest) / norm, sd = sqrt(m->variance[0]);
  if (q->kind == TH_QUERY_SD) return sd > 0 ? error / (2 * sd) : sqrt(error);
  if (q->kind != TH_QUERY_CORR) return error;
  return (error + 4 * DBL_EPSILON * fabs(m->covariance)) / (sd * sqrt(m->variance[1]));
}

/* Variances and covariances, about the means that are known now. */
static bool second_moments(ThQuery *q, ThWalk *walk, Tally *t, double norm, ThMoments *m) {
  t->second = true;
  t->size = 0;
  if (!th_query_walk(q, walk, tally_outcome, t)) return false;
  for (size_t i = 0; i < t->n_targets; i++) m->variance[i] = th_compensated_total(&t->square[i]) / norm;
  m->covariance = th_compensated_total(&t->product) / norm;
  return true;
}

/* series: NULL where all outcomes are visited. Where it does not settle the second moments are left out. */
static bool moments(ThQuery *q, ThWalk *walk, Series *series, ThMoments *m) {
  Tally t = {.n_targets = target_count(q)};
  *m = (ThMoments){0};
  if (!th_query_walk(q, walk, tally_outcome, &t)) return false;
  m->weight = th_compensated_total(&t.weight);
  if (!(m->weight > 0)) return th_query_fail_impossible(q);
  double norm = norm_of(q, &t, walk->tail);
  for (size_t i = 0; i < t.n_targets; i++)
    m->mean[i] = t.mean[i] = th_compensated_total(&t.re[i]) / norm +
                             TH_I * (th_compensated_total(&t.im[i]) / norm);
  if (series && q->kind != TH_QUERY_P) judge(&t, walk->tail, series);
  bool second = q->kind != TH_QUERY_P && q->kind != TH_QUERY_E;
  if (second && series && (!series->settled || series->rises)) return true;
  if (second && !second_moments(q, walk, &t, norm, m)) return false;
  if (walk->tail > 0) m->error = error_of_series(q, &t, walk->tail, norm, m);
  return true;
}

/* --- dist: every value with its probability */

typedef struct Value {
  double x, weight;
} Value;

typedef struct Values {
  ThContext *cx;
  size_t n, capacity;
  Value *list;
} Values;

static int smaller_first(const void *a, const void *b) {
  double x = ((const Value *)a)->x, y = ((const Value *)b)->x;
  return x < y ? -1 : x > y;
}

/* Equal values become one, from time to time, so that the list stays short. */
static void merge(Values *v) {
  size_t n = 0;
  if (v->n == 0) return;
  qsort(v->list, v->n, sizeof *v->list, smaller_first);
  for (size_t i = 1; i < v->n; i++) {
    if (v->list[i].x == v->list[n].x) v->list[n].weight += v->list[i].weight;
    else v->list[++n] = v->list[i];
  }
  v->n = n + 1;
}

static bool collect_value(void *self, ThQuery *q, double weight, bool kept) {
  Values *v = self;
  double complex x;
  (void)kept;
  if (!th_query_target(q, 0, &x)) return false;
  if (v->n == v->capacity) merge(v);
  if (2 * v->n >= v->capacity) {
    size_t capacity = 2 * v->capacity + 1024;
    Value *list = th_resize(v->cx, v->list, v->capacity * sizeof *list, capacity * sizeof *list);
    if (!list) return false;
    v->list = list;
    v->capacity = capacity;
  }
  v->list[v->n++] = (Value){creal(x), weight};
  return true;
}

static bool discrete_from(ThContext *cx, const Values *v, ThValue *out) {
  double *x = th_alloc_array(cx, 2 * v->n, sizeof *x);
  if (!x) return false;
  for (size_t i = 0; i < v->n; i++) x[i] = v->list[i].x, x[v->n + i] = v->list[i].weight;
  bool ok = th_distribution_discrete(cx, x, x + v->n, v->n, out);
  th_free(cx, x, 2 * v->n * sizeof *x);
  return ok;
}

/* Of a Bernoulli variable the answer is a Bernoulli distribution. */
static bool distribution_of_values(ThQuery *q, const Values *v, ThValue *out) {
  const ThVariable *target = th_is_variable(q->targets[0]) ? th_as_variable(q->targets[0]) : NULL;
  ThValue d = target && target->what == TH_VARIABLE_DECLARED ? target->distribution : th_none();
  const ThFamily *family = NULL;
  if (th_is_distribution(d)) family = th_as_distribution(d)->family;
  if (th_is_conditional(d)) family = th_as_conditional(d)->family;
  if (family != &th_family_bernoulli) return discrete_from(q->cx, v, out);
  double one = 0, all = 0;
  for (size_t i = 0; i < v->n; i++)
    all += v->list[i].weight, one += v->list[i].x == 1 ? v->list[i].weight : 0;
  double p = fmin(one / all, 1);
  return th_distribution_of(q->cx, family, &p, out);
}

static bool answer_distribution(ThQuery *q, ThWalk *walk, ThValue *out) {
  Values v = {.cx = q->cx};
  bool ok = th_query_walk(q, walk, collect_value, &v);
  if (ok) {
    merge(&v);
    ok = v.n > 0 ? distribution_of_values(q, &v, out) : th_query_fail_impossible(q);
  }
  th_free(q->cx, v.list, v.capacity * sizeof *v.list);
  return ok;
}

/* --- The story: a table of the outcomes, or of those that belong to the event, when they are few */

enum { MOST_ROWS = 16, MOST_COLUMNS = 8 };

typedef struct Rows {
  ThGrid grid;
  size_t n, columns;
  bool event_only;
  ThCompensated event, condition;
} Rows;

static bool number_cell(ThQuery *q, Rows *r, size_t column, ThValue v) {
  size_t start = r->grid.text.length;
  if (!th_format(q->cx, v, TH_STYLE_INLINE, &r->grid.text)) return false;
  th_grid_end_cell(&r->grid, r->n, column, start, TH_ALIGN_POINT);
  return true;
}

static void word_cell(Rows *r, size_t column, const char *text, ThAlign align) {
  size_t start = r->grid.text.length;
  th_text_add(&r->grid.text, text);
  th_grid_end_cell(&r->grid, r->n, column, start, align);
}

static bool heading(ThQuery *q, Rows *r) {
  for (size_t k = 0; k < q->net.n_variables; k++) {
    size_t start = r->grid.text.length;
    ThValue v = q->net.nodes[q->net.variables[k].node].source;
    if (!th_variable_text(q->cx, v, 30, &r->grid.text)) return false;
    th_grid_end_cell(&r->grid, r->n, k, start, TH_ALIGN_RIGHT);
  }
  word_cell(r, r->columns - 2, "probability", TH_ALIGN_RIGHT);
  word_cell(r, r->columns - 1, q->kind == TH_QUERY_E ? "value" : "", TH_ALIGN_LEFT);
  r->n++;
  return true;
}

/* What the last column says of an outcome. */
static bool mark(ThQuery *q, Rows *r, bool kept, double complex x) {
  size_t column = r->columns - 1;
  bool event = q->kind == TH_QUERY_P && x != 0;
  if (kept && q->kind == TH_QUERY_E) return number_cell(q, r, column, th_number(creal(x)));
  if (!kept) word_cell(r, column, "ruled out", TH_ALIGN_LEFT);
  else if (event) word_cell(r, column, q->n_conditions ? "event, condition" : "event", TH_ALIGN_LEFT);
  else word_cell(r, column, q->n_conditions ? "condition" : "", TH_ALIGN_LEFT);
  return true;
}

static bool add_row(void *self, ThQuery *q, double weight, bool kept) {
  Rows *r = self;
  double complex x = 0;
  if (kept && !th_query_target(q, 0, &x)) return false;
  if (kept) th_compensated_add(&r->condition, weight), th_compensated_add(&r->event, weight * creal(x));
  if ((r->event_only && x == 0) || r->n == r->grid.n_rows) return true;
  for (size_t k = 0; k < q->net.n_variables; k++)
    if (!number_cell(q, r, k, q->net.nodes[q->net.variables[k].node].value)) return false;
  if (!number_cell(q, r, r->columns - 2, th_number(weight)) || !mark(q, r, kept, x)) return false;
  r->n++;
  return true;
}

static bool count_events(void *self, ThQuery *q, double weight, bool kept) {
  double complex x;
  (void)weight, (void)kept;
  if (!th_query_target(q, 0, &x)) return false;
  *(size_t *)self += x != 0;
  return true;
}

static void add_result(ThQuery *q, const char *text, double x) {
  th_text_add(&q->story, text);
  th_format_number(x, q->cx->settings.digits, &q->story);
}

static bool finish_table(ThQuery *q, Rows *r) {
  for (size_t i = 0; i < r->n; i++) {
    for (size_t c = 0; c < r->columns; c++) {
      if (c) th_text_add(&q->story, "  ");
      th_grid_put(&r->grid, i, c, "", c + 1 < r->columns, &q->story);
    }
    while (q->story.length && q->story.data[q->story.length - 1] == ' ')
      q->story.data[--q->story.length] = '\0';
    th_text_char(&q->story, '\n');
  }
  if (q->kind == TH_QUERY_P && q->n_conditions) {
    add_result(q, "event and condition: ", th_compensated_total(&r->event));
    add_result(q, "; condition: ", th_compensated_total(&r->condition));
    add_result(q, "; the ratio: ", th_compensated_total(&r->event) / th_compensated_total(&r->condition));
    th_text_char(&q->story, '\n');
  } else if (q->kind == TH_QUERY_P) {
    add_result(q, "the rows of the event sum to ", th_compensated_total(&r->event));
    th_text_char(&q->story, '\n');
  }
  return th_text_ok(&q->story, q->cx);
}

/* Which table there is room for: *n_rows of 0 is none. */
static bool choose_table(ThQuery *q, double n_outcomes, Rows *r, size_t *n_rows) {
  ThWalk walk = {0};
  *n_rows = n_outcomes > 0 && n_outcomes <= MOST_ROWS ? (size_t)n_outcomes : 0;
  if (*n_rows || q->kind != TH_QUERY_P || !(n_outcomes > 0 && n_outcomes <= 1000)) return true;
  r->event_only = true;
  if (!th_query_walk(q, &walk, count_events, n_rows)) return false;
  if (*n_rows > MOST_ROWS) *n_rows = 0;
  return true;
}

static bool tell_outcomes(ThQuery *q, double n_outcomes) {
  Rows r = {.columns = q->net.n_variables + 2};
  size_t n_rows;
  if (q->net.n_variables > MOST_COLUMNS) return true;
  if (!choose_table(q, n_outcomes, &r, &n_rows)) return false;
  if (n_rows == 0) return true;
  ThWalk walk = {.rejected = !r.event_only};
  if (!th_grid_init(q->cx, &r.grid, n_rows + 1, r.columns)) return false;
  bool ok = heading(q, &r) && th_query_walk(q, &walk, add_row, &r) && th_text_ok(&r.grid.text, q->cx) &&
            finish_table(q, &r);
  th_grid_clear(&r.grid);
  return ok;
}

/* --- The strategies */

static bool all_discrete(const ThQuery *q) {
  for (size_t k = 0; k < q->net.n_variables; k++)
    if (q->variables[k].support != TH_SUPPORT_DISCRETE && !q->variables[k].observed) return false;
  return true;
}

/* An expectation, a variance that is infinite, or has no sign. */
static bool answer_infinite(ThQuery *q, const Series *s, const ThMoments *m, ThValue *out) {
  bool largest = isinf(creal(m->mean[0]));
  bool undefined = (s->rises && s->falls) || q->kind == TH_QUERY_COV || q->kind == TH_QUERY_CORR;
  double x = undefined ? TH_NAN : s->rises ? TH_INFINITY : -TH_INFINITY;
  ThMoments infinite = {.mean = {x}, .variance = {x, x}, .covariance = x};
  ThFinding finding = {.value = x};
  char method[160];
  snprintf(finding.reason, sizeof finding.reason, "the sum diverges, %s",
           largest ? "or exceeds the largest number" : "the terms are too large far out");
  th_finding_method(&finding, method, sizeof method);
  return th_query_estimate(q, &infinite, method, out);
}

static bool fail_unsettled(ThQuery *q) {
  ThText text;
  th_text_init(&text, &q->cx->heap);
  if (th_query_text(q, &text) && th_text_ok(&text, q->cx)) {
    th_fail(q->cx, TH_ERROR_NUMERIC, "the sum for `%s` does not settle", th_text_string(&text));
    th_hint(q->cx, "is it infinite? `method = \"monte_carlo\"` shows how it behaves");
  }
  th_text_clear(&text);
  return false;
}

/* A series that has not settled yet is no answer, unless no finer tail is left. */
static bool answer(ThQuery *q, ThWalk *walk, double n_outcomes, Series *series, ThValue *out) {
  ThMoments m = {0};
  char method[80];
  bool ok = q->kind == TH_QUERY_DIST ? answer_distribution(q, walk, out) : moments(q, walk, series, &m);
  if (!ok) return false;
  if (series && series->n > 0 && !series->settled) return series->n < N_TAILS || fail_unsettled(q);
  if (series && (series->rises || series->falls)) return answer_infinite(q, series, &m, out);
  double n = n_outcomes > 0 ? n_outcomes : walk->n_outcomes;
  if (walk->merged && walk->tail > 0) snprintf(method, sizeof method, "summed series, outcomes merged");
  else if (walk->merged && n > 0) snprintf(method, sizeof method, "exact (%.3g outcomes, merged)", n);
  else if (walk->merged) snprintf(method, sizeof method, "exact (outcomes merged)");
  else if (walk->tail > 0) snprintf(method, sizeof method, "summed series (%.0f terms)", n);
  else snprintf(method, sizeof method, "exact (%.0f outcome%s)", n, n == 1 ? "" : "s");
  if (walk->merged)
    th_text_add(&q->story, "outcomes that differ only in what is not needed any more are taken together\n");
  if (walk->tail == 0 && !walk->merged) ok = tell_outcomes(q, n_outcomes);
  if (q->kind != TH_QUERY_DIST) return ok && th_query_estimate(q, &m, method, out);
  ok = ok && th_query_sign(q, *out, method);
  if (!ok) th_release(*out);
  return ok;
}

/* Are there too many outcomes for this way? Then the next is asked. */
static bool was_too_much(ThQuery *q) {
  if (q->cx->error.code != TH_ERROR_LIMIT) return false;
  th_error_clear(q->cx);
  return true;
}

static bool answer_up_to(ThQuery *q, size_t most, ThValue *out, bool *done) {
  double n;
  ThWalk walk = {.most = most};
  if (!all_discrete(q)) return true;
  if (!th_query_count_outcomes(q, &n)) return false;
  if (!(n <= (double)most)) return true;
  *done = answer(q, &walk, n, NULL, out);
  return *done || was_too_much(q);
}

bool th_answer_small_enumeration(ThQuery *q, ThValue *out, bool *done) {
  return answer_up_to(q, 100000, out, done);
}
bool th_answer_enumeration(ThQuery *q, ThValue *out, bool *done) {
  return answer_up_to(q, TH_MAX_OUTCOMES, out, done);
}

/* Too many outcomes to go through one by one, or a number that is not known beforehand. */
static bool answer_merged(ThQuery *q, double tail, double n_outcomes, Series *series, ThValue *out,
                          bool *done) {
  ThMerged merged;
  ThWalk walk = {.merged = &merged, .tail = tail};
  bool fit;
  if (!th_merged_init(q, tail, &merged, &fit)) return false;
  if (!fit) return true;
  *done = answer(q, &walk, n_outcomes, series, out);
  th_merged_clear(q, &merged);
  return *done;
}

bool th_answer_merging(ThQuery *q, ThValue *out, bool *done) {
  double n;
  if (!all_discrete(q)) return true;
  return th_query_count_outcomes(q, &n) && (isnan(n) || answer_merged(q, 0, n, NULL, out, done));
}

/* Infinitely many outcomes, all but a tiny part of which are summed. */
bool th_answer_series(ThQuery *q, ThValue *out, bool *done) {
  double n;
  Series series = {.settled = true};
  if (!all_discrete(q)) return true;
  if (!th_query_count_outcomes(q, &n)) return false;
  if (!isnan(n)) return true;
  for (int k = 0; k == 0 || !series.settled; k++) {
    ThWalk walk = {.tail = series_tails[k]};
    if (!answer_merged(q, walk.tail, 0, &series, out, done)) return false;
    if (*done) continue;
    *done = answer(q, &walk, 0, &series, out);
    if (!*done) return was_too_much(q);
  }
  return true;
}
