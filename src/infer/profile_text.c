/* profile_text.c - how a profile prints: its interval beside Wald's, and where the likelihood goes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/profile.h"
#include "infer/report.h"

enum { SIDE = 4, VALUE = 0, LOGLIK, ROOT, N_COLUMNS };

static const ThFit *fit_of(const ThProfile *p) { return th_as_fit(p->fit); }

/* The error that says how many digits to show: the shorter side of the interval, as one standard error. */
static double error_of(const ThProfile *p) {
  double side = fmin(p->estimate - p->interval[0], p->interval[1] - p->estimate);
  return isfinite(side) && side > 0 ? side / th_level_quantile(p->level) : p->se;
}

static void add_interval(const ThContext *cx, const ThProfile *p, const double *ends, ThText *out) {
  th_report_interval(ends[0], ends[1], error_of(p), cx->settings.digits, out);
}

static void add_head(ThContext *cx, const ThProfile *p, ThText *out) {
  bool is_mle = fit_of(p)->question.verb == TH_VERB_MLE;
  th_text_add(out, "profile of ");
  th_layout_name(&fit_of(p)->layout, p->element, out);
  th_text_format(out, " in %s, log %s ", th_question_model(&fit_of(p)->question)->name->spelling,
                 is_mle ? "likelihood" : "posterior density");
  th_format_number(p->log_density, cx->settings.digits, out);
  th_text_add(out, " at ");
  th_report_number(p->estimate, error_of(p), cx->settings.digits, out);
}

static void add_intervals(ThContext *cx, const ThProfile *p, ThText *out) {
  th_text_char(out, '\n');
  th_report_level(p->level, out);
  th_text_add(out, " interval ");
  add_interval(cx, p, p->interval, out);
  if (!(p->se > 0)) return;
  th_text_add(out, "; Wald's, from its ±, ");
  add_interval(cx, p, p->wald, out);
}

/* Up to nine of the points: the estimate, and as many on each side. */
static size_t choose_rows(const ThProfile *p, size_t *rows) {
  size_t at = 0, n = 0;
  while (at + 1 < p->n && p->value[at] < p->estimate) at++;
  size_t below = at < SIDE ? at : SIDE, above = p->n - 1 - at < SIDE ? p->n - 1 - at : SIDE;
  for (size_t i = 0; i < below; i++) rows[n++] = i * at / below;
  rows[n++] = at;
  for (size_t i = 1; i <= above; i++) rows[n++] = at + i * (p->n - 1 - at) / above;
  return n;
}

static void fill_row(const ThContext *cx, const ThProfile *p, size_t i, size_t row, ThGrid *grid) {
  const double numbers[N_COLUMNS] = {p->value[i], p->loglik[i], p->root[i]};
  for (size_t j = 0; j < N_COLUMNS; j++) {
    size_t start = grid->text.length;
    th_format_number(numbers[j], j == LOGLIK ? cx->settings.digits : j == VALUE ? 4 : 3, &grid->text);
    th_grid_end_cell(grid, row, j, start, TH_ALIGN_POINT);
  }
}

static bool add_rows(ThContext *cx, const ThProfile *p, ThText *out) {
  ThGrid grid;
  size_t rows[2 * SIDE + 1], n = choose_rows(p, rows);
  const char *const heads[] = {NULL, "loglik", "root"};
  if (!th_grid_init(cx, &grid, n + 1, N_COLUMNS)) return false;
  for (size_t j = 0; j < N_COLUMNS; j++) {
    size_t start = grid.text.length;
    if (heads[j]) th_text_add(&grid.text, heads[j]);
    else th_layout_name(&fit_of(p)->layout, p->element, &grid.text);
    th_grid_end_cell(&grid, 0, j, start, TH_ALIGN_RIGHT);
  }
  for (size_t i = 0; i < n; i++) fill_row(cx, p, rows[i], i + 1, &grid);
  bool ok = th_text_ok(&grid.text, cx);
  if (ok) th_report_grid(&grid, out);
  th_grid_clear(&grid);
  return ok;
}

bool th_profile_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThProfile *p = th_as_profile(self);
  add_head(cx, p, out);
  if (style != TH_STYLE_ECHO) return th_text_ok(out, cx);
  add_intervals(cx, p, out);
  if (!add_rows(cx, p, out)) return false;
  if (th_is_string(p->words)) th_text_format(out, "\n%s", th_as_string(p->words)->text);
  return th_text_ok(out, cx);
}
