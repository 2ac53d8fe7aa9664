/* posterior_text.c - how a posterior prints: a table of its parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "base/fold.h"
#include "infer/convergence.h"
#include "infer/posterior.h"
#include "infer/report.h"

enum { NAME, MEAN, SD, INTERVAL, LAW, N_COLUMNS };

static double sd_of(const ThPosterior *p, size_t j) { return sqrt(p->covariance[j * (p->k + 1)]); }

static void fill_head(const ThPosterior *p, ThGrid *grid) {
  size_t start = grid->text.length;
  th_report_cell(grid, 0, NAME, &start);
  th_text_add(&grid->text, "mean");
  th_report_cell(grid, 0, MEAN, &start);
  th_text_add(&grid->text, "sd");
  th_report_cell(grid, 0, SD, &start);
  th_report_level(p->question.level, &grid->text);
  th_text_add(&grid->text, " interval");
  th_report_cell(grid, 0, INTERVAL, &start);
  th_report_cell(grid, 0, LAW, &start);
}

/* Is the law of element j of a family that a person knows, with numbers for parameters? */
static bool has_named_law(const ThPosterior *p, size_t j) {
  if (!p->margins) return p->laws != NULL;
  const ThFamily *family = th_as_distribution(p->margins[j])->family;
  return family->math && !family->build;
}

static bool fill_row(const ThPosterior *p, size_t j, ThGrid *grid) {
  size_t start = grid->text.length;
  int digits = p->cx->settings.digits;
  double sd = sd_of(p, j), lower, upper;
  if (!th_posterior_interval(p, j, &lower, &upper)) return false;
  th_layout_name(&p->layout, j, &grid->text);
  th_report_cell(grid, j + 1, NAME, &start);
  th_report_number(p->mean[j], sd, digits, &grid->text);
  th_report_cell(grid, j + 1, MEAN, &start);
  th_report_number(sd, sd, digits, &grid->text);
  th_report_cell(grid, j + 1, SD, &start);
  th_report_interval(lower, upper, sd, digits, &grid->text);
  th_report_cell(grid, j + 1, INTERVAL, &start);
  if (has_named_law(p, j)) {
    ThValue law;
    if (!th_posterior_law(p, j, &law)) return false;
    bool ok = th_distribution_text(p->cx, law, &grid->text);
    th_release(law);
    if (!ok) return false;
  }
  th_report_cell(grid, j + 1, LAW, &start);
  return true;
}

static bool add_table(const ThPosterior *p, ThText *out) {
  ThGrid grid;
  if (!th_grid_init(p->cx, &grid, p->k + 1, N_COLUMNS)) return false;
  bool ok = true;
  fill_head(p, &grid);
  for (size_t j = 0; ok && j < p->k; j++) ok = fill_row(p, j, &grid);
  ok = ok && th_text_ok(&grid.text, p->cx);
  if (ok) th_report_grid(&grid, out);
  th_grid_clear(&grid);
  return ok;
}

static void add_held(const ThPosterior *p, ThText *out) {
  for (size_t i = 0; i < p->layout.n; i++) {
    const ThLayoutEntry *e = &p->layout.entries[i];
    if (e->is_held) th_text_format(out, "\n%s is held", e->name->spelling);
  }
}

/* As the field `log_evidence` prints. */
static bool add_evidence(const ThPosterior *p, ThText *out) {
  ThFinding found = p->evidence;
  ThValue v;
  found.value = p->log_evidence;
  if (isnan(found.value) && found.reason[0]) th_text_format(out, "\nno evidence: %s", found.reason);
  else if (isnan(found.value)) th_text_add(out, "\nno evidence: a parameter has no proper prior");
  if (isnan(found.value)) return th_text_ok(out, p->cx);
  if (!th_finding_value(p->cx, &found, NULL, &v)) return false;
  th_text_add(out, "\nlog evidence ");
  bool ok = th_format(p->cx, v, TH_STYLE_ECHO, out);
  th_release(v);
  return ok;
}

static bool echo(const ThPosterior *p, ThText *out) {
  th_text_format(out, "%s, posterior (%s)", th_question_model(&p->question)->name->spelling,
                 th_as_string(p->method)->text);
  if (!add_table(p, out)) return false;
  add_held(p, out);
  double correlation = p->laws || p->k != 2 ? (double)NAN : p->covariance[1] / (sd_of(p, 0) * sd_of(p, 1));
  if (!isnan(correlation)) {
    th_text_add(out, "\ncorr(");
    th_layout_name(&p->layout, 0, out);
    th_text_add(out, ", ");
    th_layout_name(&p->layout, 1, out);
    th_text_format(out, ") = %.2f", correlation + 0.0);
  }
  if (p->sample) th_text_char(out, '\n');
  return (!p->sample || th_convergence_line(p, out)) && add_evidence(p, out);
}

static bool one_line(ThContext *cx, const ThPosterior *p, ThText *out) {
  th_text_format(out, "%s, posterior:", th_question_model(&p->question)->name->spelling);
  for (size_t j = 0; j < p->k; j++) {
    th_text_add(out, j ? ", " : " ");
    th_layout_name(&p->layout, j, out);
    th_text_add(out, " = ");
    th_report_number(p->mean[j], sd_of(p, j), cx->settings.digits, out);
    th_text_add(out, " ± ");
    th_report_number(sd_of(p, j), sd_of(p, j), cx->settings.digits, out);
  }
  return th_text_ok(out, cx);
}

bool th_posterior_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThPosterior *p = th_as_posterior(self);
  size_t start = out->length;
  if (style != TH_STYLE_ECHO) return one_line(cx, p, out);
  if (!echo(p, out)) return false;
  th_fold_lines(out, start, (size_t)cx->settings.width);
  return th_text_ok(out, cx);
}
