/* compare_text.c - how a comparison prints: a column for each fit or posterior, and what is preferred */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/compare.h"
#include "infer/report.h"

enum { GAP = 2 };

/* Rows before and after those of the parameters. */
enum { NAME, METHOD, N_BEFORE };
enum { K, LOGLIK, AIC, BIC, EVIDENCE, N_AFTER };
static const char *const after[] = {"k", "loglik", "AIC", "BIC", "log evidence"};

static void cell(ThGrid *grid, size_t row, size_t column, const char *text) {
  size_t start = grid->text.length;
  th_text_add(&grid->text, text);
  th_report_cell(grid, row, column, &start);
}

static double number_of(const ThCompared *item, int which) {
  const double numbers[] = {item->k, item->loglik, item->aic, item->bic, item->evidence.value};
  return numbers[which];
}

/* 1.953 ± 0.060 */
static void put_parameter(const ThComparison *c, const double *x, ThText *out) {
  int digits = c->cx->settings.digits;
  if (isnan(x[0])) return;
  th_report_number(x[0], x[1], digits, out);
  if (!(x[1] > 0) || !isfinite(x[1])) return;
  th_text_add(out, " ± ");
  th_report_number(x[1], x[1], digits, out);
}

static bool put_number(const ThComparison *c, const ThCompared *item, int which, ThText *out) {
  ThValue v;
  double x = number_of(item, which);
  if (isnan(x)) return true;
  if (which != EVIDENCE) {
    th_format_number(x, c->cx->settings.digits, out);
    return true;
  }
  if (!th_finding_value(c->cx, &item->evidence, NULL, &v)) return false;
  bool ok = th_format(c->cx, v, TH_STYLE_INLINE, out);
  th_release(v);
  return ok;
}

static bool fill_item(const ThComparison *c, size_t i, ThGrid *grid) {
  const ThCompared *item = &c->items[i];
  size_t row = N_BEFORE, start;
  cell(grid, NAME, i + 1, item->name);
  cell(grid, METHOD, i + 1, item->method);
  for (size_t j = 0; j < c->parameters->length; j++, row++) {
    start = grid->text.length;
    put_parameter(c, th_comparison_at(c, i, j), &grid->text);
    th_report_cell(grid, row, i + 1, &start);
  }
  for (int which = 0; which < N_AFTER; which++, row++) {
    start = grid->text.length;
    if (!put_number(c, item, which, &grid->text)) return false;
    th_report_cell(grid, row, i + 1, &start);
  }
  return true;
}

static bool fill(const ThComparison *c, ThGrid *grid) {
  size_t row = N_BEFORE;
  cell(grid, NAME, 0, "");
  cell(grid, METHOD, 0, "");
  for (size_t j = 0; j < c->parameters->length; j++)
    cell(grid, row++, 0, th_as_string(c->parameters->items[j])->text);
  for (size_t which = 0; which < N_AFTER; which++) cell(grid, row++, 0, after[which]);
  for (size_t i = 0; i < c->n; i++)
    if (!fill_item(c, i, grid)) return false;
  return th_text_ok(&grid->text, c->cx);
}

/* --- Blocks of columns that fit into the terminal */

static bool is_empty(const ThGrid *grid, size_t row, size_t from, size_t to) {
  for (size_t j = from; j < to; j++)
    if (grid->cells[row * grid->n_columns + j].length) return false;
  return true;
}

static void put_block(const ThGrid *grid, size_t from, size_t to, ThText *out) {
  for (size_t i = 0; i < grid->n_rows; i++) {
    if (i >= N_BEFORE && is_empty(grid, i, from, to)) continue;
    if (i || from > 1) th_text_char(out, '\n');
    th_grid_put(grid, i, 0, "", true, out);
    for (size_t j = from; j < to; j++) {
      th_text_repeat(out, ' ', GAP);
      th_grid_put(grid, i, j, "", true, out);
    }
    while (out->length && out->data[out->length - 1] == ' ') out->data[--out->length] = '\0';
  }
}

static void put_blocks(const ThComparison *c, const ThGrid *grid, ThText *out) {
  size_t width = (size_t)c->cx->settings.width;
  for (size_t from = 1; from < grid->n_columns;) {
    size_t to = from, used = th_grid_width(grid, 0);
    do used += GAP + th_grid_width(grid, to++);
    while (to < grid->n_columns && used + GAP + th_grid_width(grid, to) <= width);
    put_block(grid, from, to, out);
    from = to;
    if (from < grid->n_columns) th_text_char(out, '\n');
  }
}

/* --- What is preferred */

/* The two items with the largest scores; false when there are no two. */
static bool best_two(const ThComparison *c, double (*score)(const ThCompared *), size_t out[2]) {
  size_t found = 0;
  for (size_t i = 0; i < c->n; i++) {
    double s = score(&c->items[i]);
    if (isnan(s)) continue;
    if (found == 0 || s > score(&c->items[out[0]])) {
      out[1] = out[0];
      out[0] = i;
    } else if (found == 1 || s > score(&c->items[out[1]])) {
      out[1] = i;
    }
    found++;
  }
  return found >= 2;
}

/* A mode has a prior in it, which AIC does not know of. */
static double by_aic(const ThCompared *item) {
  return strcmp(item->method, "map") == 0 ? (double)NAN : -item->aic;
}
static double by_evidence(const ThCompared *item) { return item->evidence.value; }

static void add_aic(const ThComparison *c, ThText *out) {
  size_t best[2] = {0, 0};
  if (!best_two(c, by_aic, best)) return;
  double difference = c->items[best[1]].aic - c->items[best[0]].aic;
  if (difference < 2)
    th_text_format(out, "\nAIC does not tell %s and %s apart", c->items[best[0]].name,
                   c->items[best[1]].name);
  else th_text_format(out, "\nAIC prefers %s to %s", c->items[best[0]].name, c->items[best[1]].name);
  th_text_format(out, ": ΔAIC = %.1f", difference);
}

static void add_evidence(const ThComparison *c, ThText *out) {
  size_t best[2] = {0, 0};
  if (!best_two(c, by_evidence, best)) return;
  const ThCompared *a = &c->items[best[0]], *b = &c->items[best[1]];
  double factor = exp(a->evidence.value - b->evidence.value);
  if (factor < 3) th_text_format(out, "\nthe evidence does not tell %s and %s apart", a->name, b->name);
  else th_text_format(out, "\nthe evidence prefers %s to %s", a->name, b->name);
  th_text_add(out, ": Bayes factor ");
  th_format_number(factor, 3, out);
}

bool th_compare_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThComparison *c = th_as_comparison(self);
  ThGrid grid;
  if (style != TH_STYLE_ECHO) {
    th_text_add(out, "comparison of ");
    for (size_t i = 0; i < c->n; i++) th_text_format(out, "%s%s", i ? ", " : "", c->items[i].name);
    return th_text_ok(out, cx);
  }
  if (!th_grid_init(cx, &grid, N_BEFORE + c->parameters->length + N_AFTER, c->n + 1)) return false;
  bool ok = fill(c, &grid);
  if (ok) put_blocks(c, &grid, out);
  th_grid_clear(&grid);
  if (!ok) return false;
  add_aic(c, out);
  add_evidence(c, out);
  return th_text_ok(out, cx);
}
