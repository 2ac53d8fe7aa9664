/* regression_text.c - a regression as a table: estimate, error, t or z, p; and how well it fits */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/fold.h"
#include "infer/regression.h"
#include "infer/report.h"
#include "num/density.h"
#include "num/special.h"

enum { NAME, VALUE, ERROR, RATIO, CHANCE, N_COLUMNS };

static void cell(ThGrid *grid, size_t row, size_t column, const char *text) {
  size_t start = grid->text.length;
  th_text_add(&grid->text, text);
  th_report_cell(grid, row, column, &start);
}

static void fill_head(const ThRegression *r, ThGrid *grid) {
  bool none = r->errors == TH_ERRORS_NONE;
  const char *heads[] = {"", "estimate",
                         none                               ? ""
                         : r->errors == TH_ERRORS_POSTERIOR ? "sd"
                                                            : "se",
                         none                                  ? ""
                         : r->sigma_kind == TH_SIGMA_ESTIMATED ? "t"
                                                               : "z",
                         none ? "" : "p"};
  for (size_t j = 0; j < N_COLUMNS; j++) cell(grid, 0, j, heads[j]);
}

static void fill_row(const ThRegression *r, size_t j, ThGrid *grid) {
  size_t start = grid->text.length, row = j + 1;
  int digits = grid->cx->settings.digits;
  bool none = r->errors == TH_ERRORS_NONE;
  double se = none ? (double)NAN : th_regression_se(r, j), t = r->coef[j] / se;
  th_regression_name(r, j, &grid->text);
  th_report_cell(grid, row, NAME, &start);
  th_report_number(r->coef[j], se, digits, &grid->text);
  th_report_cell(grid, row, VALUE, &start);
  if (!none) th_report_number(se, se, digits, &grid->text);
  th_report_cell(grid, row, ERROR, &start);
  if (!none && se > 0) th_format_number(t, 3, &grid->text);
  th_report_cell(grid, row, RATIO, &start);
  if (!none && se > 0) th_format_number(th_regression_p(r, t), 2, &grid->text);
  th_report_cell(grid, row, CHANCE, &start);
}

static bool add_table(ThContext *cx, const ThRegression *r, ThText *out) {
  ThGrid grid;
  if (!th_grid_init(cx, &grid, r->k + 1, N_COLUMNS)) return false;
  fill_head(r, &grid);
  for (size_t j = 0; j < r->k; j++) fill_row(r, j, &grid);
  bool ok = th_text_ok(&grid.text, cx);
  if (ok) th_report_grid(&grid, out);
  th_grid_clear(&grid);
  return ok;
}

static void add_dof(const ThRegression *r, ThText *out) {
  th_text_add(out, " on ");
  th_format_number(r->dof, 4, out);
  th_text_format(out, " degree%s of freedom", r->dof == 1 ? "" : "s");
}

static void add_r2(const ThRegression *r, ThText *out) {
  if (isnan(r->r2)) return;
  th_text_add(out, "; R² = ");
  th_format_number(r->r2, 4, out);
}

/* χ² = 3.45 on 3 degrees of freedom (p = 0.33); R² = 0.998 */
static void add_chi2(const ThRegression *r, ThText *out) {
  th_text_add(out, "\nχ² = ");
  th_format_number(r->chi2, 4, out);
  add_dof(r, out);
  if (r->dof > 0) {
    th_text_add(out, " (p = ");
    th_format_number(th_special_gamma_q(r->dof / 2, r->chi2 / 2), 2, out);
    th_text_char(out, ')');
  }
  add_r2(r, out);
  th_text_add(out, "\nσ given, used as given");
}

/* adjusted R² = 0.9964; F = 1110 on 1 and 3 degrees of freedom (p = 5.9e-5) */
static void add_f(const ThRegression *r, ThText *out) {
  if (!isfinite(r->f)) return;
  th_text_add(out, "\nadjusted R² = ");
  th_format_number(r->adjusted_r2, 4, out);
  th_text_add(out, "; F = ");
  th_format_number(r->f, 4, out);
  th_text_format(out, " on %.0f and %.0f degrees of freedom (p = ", r->f_dof, r->dof);
  th_format_number(th_fdist_math.ccdf(r->f, (double[]){r->f_dof, r->dof}), 2, out);
  th_text_char(out, ')');
}

static void add_sigma(const ThRegression *r, ThText *out) {
  double sigma = th_as_scalar(r->sigma);
  if (isnan(sigma)) return;
  th_text_add(out, "\nσ estimated: ");
  th_format_number(sigma, 4, out);
  add_dof(r, out);
  add_r2(r, out);
  add_f(r, out);
}

/* null deviance 13.86 on 9: the columns explain 3.98 on 1 (p = 0.046) */
static void add_null(const ThRegression *r, ThText *out) {
  double columns = r->null_dof - r->dof, explained = fmax(r->null_deviance - r->deviance, 0);
  if (!isfinite(r->null_deviance) || !(columns > 0)) return;
  th_text_add(out, "\nnull deviance ");
  th_format_number(r->null_deviance, 4, out);
  th_text_format(out, " on %.0f: the columns explain ", r->null_dof);
  th_format_number(explained, 4, out);
  th_text_format(out, " on %.0f (p = ", columns);
  th_format_number(th_special_gamma_q(columns / 2, explained / 2), 2, out);
  th_text_char(out, ')');
}

static void add_deviance(const ThContext *cx, const ThRegression *r, ThText *out) {
  th_text_add(out, "\ndeviance ");
  th_format_number(r->deviance, 4, out);
  add_dof(r, out);
  th_text_add(out, "; log likelihood ");
  th_format_number(r->loglik, cx->settings.digits, out);
  th_text_add(out, ", aic ");
  th_format_number(2 * r->n_free - 2 * r->loglik, 4, out);
  add_null(r, out);
}

static void add_title(ThContext *cx, const ThRegression *r, ThText *out) {
  th_text_format(out, "%s", r->verb);
  if (th_is_formula(r->formula)) {
    th_text_add(out, ", ");
    if (!th_format(cx, r->formula, TH_STYLE_INLINE, out)) out->failed = true;
  }
}

static bool echo(ThContext *cx, const ThRegression *r, ThText *out) {
  add_title(cx, r, out);
  th_text_format(out, " (%s)", r->method);
  if (!add_table(cx, r, out)) return false;
  if (r->sigma_kind == TH_SIGMA_NONE) add_deviance(cx, r, out);
  else if (r->sigma_kind == TH_SIGMA_ESTIMATED) add_sigma(r, out);
  else add_chi2(r, out);
  if (r->errors == TH_ERRORS_PENALISED)
    th_text_add(out, "\nse: the sampling sd of an estimate that the penalty biases");
  if (th_is_string(r->words)) th_text_format(out, "\n%s", th_as_string(r->words)->text);
  return th_text_ok(out, cx);
}

/* lm, y ~ x: intercept = 0.09 ± 0.13, x = 1.953 ± 0.060 */
static bool one_line(ThContext *cx, const ThRegression *r, ThText *out) {
  add_title(cx, r, out);
  th_text_char(out, ':');
  for (size_t j = 0; j < r->k; j++) {
    double se = r->errors == TH_ERRORS_NONE ? (double)NAN : th_regression_se(r, j);
    th_text_add(out, j ? ", " : " ");
    th_regression_name(r, j, out);
    th_text_add(out, " = ");
    th_report_number(r->coef[j], se, cx->settings.digits, out);
    if (isnan(se)) continue;
    th_text_add(out, " ± ");
    th_report_number(se, se, cx->settings.digits, out);
  }
  return th_text_ok(out, cx);
}

bool th_regression_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThRegression *r = th_as_regression(self);
  size_t start = out->length;
  if (style != TH_STYLE_ECHO) return one_line(cx, r, out);
  if (!echo(cx, r, out)) return false;
  th_fold_lines(out, start, (size_t)cx->settings.width);
  return th_text_ok(out, cx);
}
