/* ppc_text.c - how a posterior predictive check prints */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "infer/ppc.h"
#include "infer/report.h"

enum { NAME, OBSERVED, MEDIAN, INTERVAL, TAIL, N_COLUMNS };

static void fill_head(const ThPpc *c, ThGrid *grid) {
  size_t start = grid->text.length;
  th_report_cell(grid, 0, NAME, &start);
  th_text_add(&grid->text, "observed");
  th_report_cell(grid, 0, OBSERVED, &start);
  th_text_add(&grid->text, "replicated");
  th_report_cell(grid, 0, MEDIAN, &start);
  th_report_level(c->level, &grid->text);
  th_text_add(&grid->text, " interval");
  th_report_cell(grid, 0, INTERVAL, &start);
  th_text_add(&grid->text, "P(replicated ≥ observed)");
  th_report_cell(grid, 0, TAIL, &start);
}

/* As many digits as the number of replicates allows. */
static void put_tail(const ThPpc *c, double p, ThText *out) {
  double n = (double)c->n;
  if (p == 0 || p == 1) th_text_format(out, p == 0 ? "< %.2g" : "> %.6g", p == 0 ? 1 / n : 1 - 1 / n);
  else th_report_number(p, sqrt(p * (1 - p) / n), 3, out);
}

static void fill_row(const ThPpc *c, size_t i, ThGrid *grid) {
  const ThPpcRow *row = &c->rows[i];
  size_t start = grid->text.length;
  int digits = c->cx->settings.digits;
  double width = (row->upper - row->lower) / 2;
  th_text_add(&grid->text, th_as_string(row->name)->text);
  th_report_cell(grid, i + 1, NAME, &start);
  th_format_number(row->observed, digits, &grid->text);
  th_report_cell(grid, i + 1, OBSERVED, &start);
  th_report_number(row->median, width, digits, &grid->text);
  th_report_cell(grid, i + 1, MEDIAN, &start);
  th_report_interval(row->lower, row->upper, width, digits, &grid->text);
  th_report_cell(grid, i + 1, INTERVAL, &start);
  put_tail(c, row->p, &grid->text);
  th_report_cell(grid, i + 1, TAIL, &start);
}

/* The statistics whose observed value hardly ever comes out, on one side. */
static void add_words(const ThPpc *c, bool above, ThText *out) {
  bool first = true;
  for (size_t i = 0; i < c->n_rows; i++) {
    const ThPpcRow *row = &c->rows[i];
    bool within = row->observed >= row->lower && row->observed <= row->upper;
    if (within || !(above ? row->p < 0.025 : row->p > 0.975)) continue;
    if (first) th_text_format(out, "\n%s than the model lets expect: ", above ? "larger" : "smaller");
    th_text_format(out, "%s%s", first ? "" : ", ", th_as_string(row->name)->text);
    first = false;
  }
}

bool th_ppc_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThPpc *c = th_as_ppc(self);
  ThGrid grid;
  th_text_format(out, "%s, posterior predictive check by %zu data sets", c->model->spelling, c->n);
  if (style != TH_STYLE_ECHO) return th_text_ok(out, cx);
  if (!th_grid_init(cx, &grid, c->n_rows + 1, N_COLUMNS)) return false;
  fill_head(c, &grid);
  for (size_t i = 0; i < c->n_rows; i++) fill_row(c, i, &grid);
  bool ok = th_text_ok(&grid.text, cx);
  if (ok) th_report_grid(&grid, out);
  th_grid_clear(&grid);
  add_words(c, true, out);
  add_words(c, false, out);
  return ok && th_text_ok(out, cx);
}
