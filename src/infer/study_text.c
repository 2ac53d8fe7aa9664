/* study_text.c - how a study prints: a table over the sizes of the data */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/report.h"
#include "infer/study.h"

enum { NAME, SIZE, BIAS, SPREAD, BOUND, EFFICIENCY, NORMALITY, COVERAGE, N_COLUMNS };

static bool has_bound(const ThStudy *s) { return s->n_done && !isnan(s->bound[0]); }

static bool has_coverage(const ThStudy *s) {
  for (size_t i = 0; i < s->n_done * s->k; i++)
    if (!isnan(s->cells[i].coverage)) return true;
  return false;
}

/* 0.22 ± 0.02 */
static void put_with_error(const ThStudy *s, double x, double error, ThText *out) {
  th_report_number(x, error, s->cx->settings.digits, out);
  if (!(error > 0) || isinf(error)) return;
  th_text_add(out, " ± ");
  th_report_number(error, error, s->cx->settings.digits, out);
}

static void put_p_value(double p, ThText *out) {
  if (isnan(p)) return;
  if (p < 0.001) th_text_add(out, "< 0.001");
  else th_format_number(p, 2, out);
}

static void fill_head(const ThStudy *s, ThGrid *grid) {
  const char *titles[N_COLUMNS] = {"",
                                   "n",
                                   "bias",
                                   "sd",
                                   has_bound(s) ? "Cramér–Rao" : "",
                                   has_bound(s) ? "efficiency" : "",
                                   "normality",
                                   has_coverage(s) ? "coverage" : ""};
  size_t start = grid->text.length;
  for (size_t c = 0; c < N_COLUMNS; c++) {
    th_text_add(&grid->text, titles[c]);
    th_report_cell(grid, 0, c, &start);
  }
}

/* "μ", "β[2]", "[2]" */
static void put_name(const ThStudy *s, size_t j, ThText *out) {
  ThText name;
  th_text_init(&name, out->heap);
  th_flatten_name(&s->form, "", j, &name);
  const char *text = th_text_string(&name);
  th_text_add(out, text + (text[0] == '.'));
  out->failed = out->failed || name.failed;
  th_text_clear(&name);
}

static void fill_row(const ThStudy *s, size_t i, size_t j, size_t row, ThGrid *grid) {
  const ThStudyCell *c = &s->cells[i * s->k + j];
  size_t start = grid->text.length;
  ThText *out = &grid->text;
  if (s->k > 1 && i == 0) put_name(s, j, out);
  th_report_cell(grid, row, NAME, &start);
  th_format_number(s->sizes[i], 15, out);
  th_report_cell(grid, row, SIZE, &start);
  put_with_error(s, c->bias, c->bias_error, out);
  th_report_cell(grid, row, BIAS, &start);
  put_with_error(s, c->sd, c->sd_error, out);
  th_report_cell(grid, row, SPREAD, &start);
  if (has_bound(s)) th_format_number(c->bound, 3, out);
  th_report_cell(grid, row, BOUND, &start);
  if (has_bound(s)) th_format_number(c->efficiency, 2, out);
  th_report_cell(grid, row, EFFICIENCY, &start);
  put_p_value(c->normality, out);
  th_report_cell(grid, row, NORMALITY, &start);
  if (has_coverage(s) && !isnan(c->coverage)) th_format_number(c->coverage, 3, out);
  th_report_cell(grid, row, COVERAGE, &start);
}

/* Columns that hold something, two blanks between them. */
static void put_rows(const ThGrid *grid, ThText *out) {
  for (size_t i = 0; i < grid->n_rows; i++) {
    bool first = true;
    th_text_char(out, '\n');
    for (size_t c = 0; c < grid->n_columns; c++) {
      if (th_grid_width(grid, c) == 0) continue;
      if (!first) th_text_add(out, "  ");
      th_grid_put(grid, i, c, "", true, out);
      first = false;
    }
    while (out->length && out->data[out->length - 1] == ' ') out->data[--out->length] = '\0';
  }
}

static bool put_table(const ThStudy *s, ThText *out) {
  ThGrid grid;
  if (!th_grid_init(s->cx, &grid, s->n_done * s->k + 1, N_COLUMNS)) return false;
  fill_head(s, &grid);
  size_t row = 1;
  for (size_t j = 0; j < s->k; j++)
    for (size_t i = 0; i < s->n_done; i++) fill_row(s, i, j, row++, &grid);
  bool ok = th_text_ok(&grid.text, s->cx);
  if (ok) put_rows(&grid, out);
  th_grid_clear(&grid);
  return ok;
}

/* "coverage: of those fits that have an interval; 25 of 500 have none at n = 1, 3 of 500 have none at n = 4" */
static void put_without(const ThStudy *s, ThText *out) {
  const char *join = "\ncoverage: of those fits that have an interval;";
  for (size_t i = 0; i < s->n_done; i++) {
    if (s->without[i] == 0) continue;
    th_text_format(out, "%s %zu of %zu have none at n = ", join, s->without[i], s->done[i]);
    th_format_number(s->sizes[i], 15, out);
    join = ",";
  }
}

bool th_study_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThStudy *s = th_as_study(self);
  th_text_format(out, "study of %zu repetitions, truth ", s->reps);
  if (!th_format(cx, s->truth, TH_STYLE_INLINE, out)) return false;
  if (style != TH_STYLE_ECHO) return th_text_ok(out, cx);
  if (s->interrupted) th_text_add(out, " (interrupted)");
  if (!put_table(s, out)) return false;
  th_text_add(out, "\nnormality: p-value of Anderson and Darling's test");
  if (has_bound(s)) th_text_add(out, "\nefficiency: (Cramér–Rao/sd)²");
  else th_text_add(out, "\n`fisher =` gives the Cramér–Rao bound");
  put_without(s, out);
  return th_text_ok(out, cx);
}
