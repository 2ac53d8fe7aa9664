/* fit_text.c - how a fit prints: a table of its parameters, and what they rest on */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/fold.h"
#include "infer/fit.h"
#include "infer/report.h"
#include "num/special.h"

enum { NAME, VALUE, ERROR, INTERVAL, N_COLUMNS };

static const char *verb_words(const ThFit *fit) {
  return fit->question.verb == TH_VERB_MLE ? "maximum likelihood" : "maximum a posteriori";
}

static void fill_head(const ThFit *fit, ThGrid *grid) {
  size_t start = grid->text.length;
  th_report_cell(grid, 0, NAME, &start);
  th_text_add(&grid->text, "estimate");
  th_report_cell(grid, 0, VALUE, &start);
  th_text_add(&grid->text, "±");
  th_report_cell(grid, 0, ERROR, &start);
  th_report_level(fit->question.level, &grid->text);
  th_text_add(&grid->text, " interval");
  th_report_cell(grid, 0, INTERVAL, &start);
}

static void fill_estimate(const ThFit *fit, size_t j, size_t row, ThGrid *grid) {
  size_t start = grid->text.length;
  int digits = grid->cx->settings.digits;
  bool none = isnan(fit->se[j]);
  th_layout_name(&fit->layout, j, &grid->text);
  th_report_cell(grid, row, NAME, &start);
  th_report_number(fit->estimate[j], fit->se[j], digits, &grid->text);
  th_report_cell(grid, row, VALUE, &start);
  if (!none) th_report_number(fit->se[j], fit->se[j], digits, &grid->text);
  th_report_cell(grid, row, ERROR, &start);
  if (!none) th_report_interval(fit->lower[j], fit->upper[j], fit->se[j], digits, &grid->text);
  th_report_cell(grid, row, INTERVAL, &start);
}

/* A held parameter, or a derived number. */
static bool fill_plain(ThContext *cx, const ThSymbol *name, ThValue v, const char *remark, size_t row,
                       ThGrid *grid) {
  size_t start = grid->text.length;
  th_text_add(&grid->text, name->spelling);
  th_report_cell(grid, row, NAME, &start);
  if (!th_format(cx, v, TH_STYLE_INLINE, &grid->text)) return false;
  th_report_cell(grid, row, VALUE, &start);
  th_report_cell(grid, row, ERROR, &start);
  th_text_add(&grid->text, remark);
  th_report_cell(grid, row, INTERVAL, &start);
  return true;
}

/* Derived quantities that are numbers; arrays are reached by their names. */
static size_t count_derived(const ThFit *fit) {
  const ThRecord *derived = th_as_record(fit->derived);
  size_t n = 0;
  for (size_t i = 0; i < derived->length; i++) n += th_is_scalar(derived->values[i]);
  return n;
}

static size_t count_held(const ThFit *fit) {
  size_t n = 0;
  for (size_t i = 0; i < fit->layout.n; i++) n += fit->layout.entries[i].is_held;
  return n;
}

static bool fill_table(ThContext *cx, const ThFit *fit, ThGrid *grid) {
  size_t row = 1;
  const ThRecord *derived = th_as_record(fit->derived);
  fill_head(fit, grid);
  for (size_t j = 0; j < fit->k; j++) fill_estimate(fit, j, row++, grid);
  for (size_t i = 0; i < fit->layout.n; i++) {
    const ThLayoutEntry *e = &fit->layout.entries[i];
    if (e->is_held && !fill_plain(cx, e->name, e->held, "held", row++, grid)) return false;
  }
  for (size_t i = 0; i < derived->length; i++)
    if (th_is_scalar(derived->values[i]) &&
        !fill_plain(cx, derived->names[i], derived->values[i], "", row++, grid))
      return false;
  return th_text_ok(&grid->text, cx);
}

static bool add_table(ThContext *cx, const ThFit *fit, ThText *out) {
  ThGrid grid;
  if (!th_grid_init(cx, &grid, fit->k + count_held(fit) + count_derived(fit) + 1, N_COLUMNS)) return false;
  bool ok = fill_table(cx, fit, &grid);
  if (ok) th_report_grid(&grid, out);
  th_grid_clear(&grid);
  return ok;
}

/* χ² = 3.45 on 3 degrees of freedom (p = 0.33) */
static void add_chi2(const ThFit *fit, ThText *out) {
  double dof = th_fit_dof(fit);
  th_text_add(out, "\nχ² = ");
  th_report_number(fit->chi2, fit->chi2 >= 1000 ? 10 : 0, 3, out);
  th_text_format(out, " on %.0f degree%s of freedom", dof, dof == 1 ? "" : "s");
  if (dof <= 0) return;
  th_text_add(out, " (p = ");
  th_format_number(th_special_gamma_q(dof / 2, fit->chi2 / 2), 2, out);
  th_text_char(out, ')');
}

static void add_loglik(const ThContext *cx, const ThFit *fit, ThText *out) {
  th_text_add(out, "\nlog likelihood ");
  th_format_number(fit->loglik, cx->settings.digits, out);
  th_text_format(out, " of %zu %s", fit->n_data, fit->n_data == 1 ? "datum" : "data");
}

static bool has_correlation(const ThFit *fit) {
  return fit->k == 2 && !isnan(fit->se[0]) && !isnan(fit->se[1]) && fit->covariance[1] != 0;
}

static void add_correlation(const ThFit *fit, ThText *out) {
  const double *c = fit->covariance;
  if (!has_correlation(fit)) return;
  th_text_add(out, "\ncorr(");
  th_layout_name(&fit->layout, 0, out);
  th_text_add(out, ", ");
  th_layout_name(&fit->layout, 1, out);
  double correlation = c[1] / (fit->se[0] * fit->se[1]);
  th_text_format(out, ") = %.2f", fabs(correlation) < 0.005 ? 0.0 : correlation);
}

static bool echo(ThContext *cx, const ThFit *fit, ThText *out) {
  bool normal = !isnan(fit->chi2);
  th_text_format(out, "%s, %s (%s)", th_question_model(&fit->question)->name->spelling, verb_words(fit),
                 fit->method);
  if (!add_table(cx, fit, out)) return false;
  if (normal && fit->question.verb == TH_VERB_MLE) add_chi2(fit, out);
  else if (fit->n_data > 0) add_loglik(cx, fit, out);
  add_correlation(fit, out);
  if (normal || fit->sd_estimated)
    th_text_format(out, "%s%s", has_correlation(fit) ? "; " : "\n",
                   normal ? "σ given, used as given" : "σ estimated");
  if (th_is_string(fit->words)) th_text_format(out, "\n%s", th_as_string(fit->words)->text);
  return th_text_ok(out, cx);
}

/* line, maximum likelihood: a = 0.09 ± 0.13, b = 1.953 ± 0.060 */
static bool one_line(ThContext *cx, const ThFit *fit, ThText *out) {
  th_text_format(out, "%s, %s:", th_question_model(&fit->question)->name->spelling, verb_words(fit));
  for (size_t j = 0; j < fit->k; j++) {
    th_text_add(out, j ? ", " : " ");
    th_layout_name(&fit->layout, j, out);
    th_text_add(out, " = ");
    th_report_number(fit->estimate[j], fit->se[j], cx->settings.digits, out);
    if (isnan(fit->se[j])) continue;
    th_text_add(out, " ± ");
    th_report_number(fit->se[j], fit->se[j], cx->settings.digits, out);
  }
  return th_text_ok(out, cx);
}

bool th_fit_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThFit *fit = th_as_fit(self);
  size_t start = out->length;
  if (style != TH_STYLE_ECHO) return one_line(cx, fit, out);
  if (!echo(cx, fit, out)) return false;
  th_fold_lines(out, start, (size_t)cx->settings.width);
  return th_text_ok(out, cx);
}
