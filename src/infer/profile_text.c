/* profile_text.c - how a profile prints: its interval beside Wald's, and where the likelihood goes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/profile.h"
#include "infer/report.h"

enum { ROWS = 9, VALUE = 0, LOGLIK, ROOT, N_COLUMNS };

static const ThFit *fit_of(const ThProfile *p) { return th_as_fit(p->fit); }

/* The error that says how many digits of an end to show. */
static double error_of(const ThProfile *p) {
  double half = (p->interval[1] - p->interval[0]) / (2 * th_level_quantile(p->level));
  return p->se > 0 ? p->se : isfinite(half) ? half : (double)NAN;
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
  th_text_add(out, "; by its ± alone ");
  add_interval(cx, p, p->wald, out);
}

/* Nine of the points, the estimate among them. */
static size_t row_at(const ThProfile *p, size_t row, size_t n_rows) {
  return n_rows < 2 ? 0 : (row * (p->n - 1) + (n_rows - 1) / 2) / (n_rows - 1);
}

static void fill_row(const ThContext *cx, const ThProfile *p, size_t i, size_t row, ThGrid *grid) {
  const double numbers[N_COLUMNS] = {p->value[i], p->loglik[i], p->root[i]};
  for (size_t j = 0; j < N_COLUMNS; j++) {
    size_t start = grid->text.length;
    if (j == VALUE) th_report_number(numbers[j], error_of(p), cx->settings.digits, &grid->text);
    else th_format_number(numbers[j], j == ROOT ? 3 : cx->settings.digits, &grid->text);
    th_grid_end_cell(grid, row, j, start, TH_ALIGN_POINT);
  }
}

static bool add_rows(ThContext *cx, const ThProfile *p, ThText *out) {
  ThGrid grid;
  size_t n = p->n < ROWS ? p->n : ROWS;
  const char *const heads[] = {NULL, "loglik", "root"};
  if (!th_grid_init(cx, &grid, n + 1, N_COLUMNS)) return false;
  for (size_t j = 0; j < N_COLUMNS; j++) {
    size_t start = grid.text.length;
    if (heads[j]) th_text_add(&grid.text, heads[j]);
    else th_layout_name(&fit_of(p)->layout, p->element, &grid.text);
    th_grid_end_cell(&grid, 0, j, start, TH_ALIGN_RIGHT);
  }
  for (size_t i = 0; i < n; i++) fill_row(cx, p, row_at(p, i, n), i + 1, &grid);
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
