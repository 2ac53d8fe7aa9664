/* corner_plot.c - the parameters of a posterior against each other; the draws of its chains in order */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/corner_plot.h"

#include <stdio.h>
#include <string.h>

#include "infer/chains.h"
#include "prob/pair_plot.h"

/* Element j's name, as the text of an axis. */
static bool name_axis(const ThPosterior *p, size_t j, ThValue *slot) {
  ThText name;
  th_text_init(&name, &p->cx->heap);
  th_layout_name(&p->layout, j, &name);
  bool ok = th_text_ok(&name, p->cx) && th_figure_text(p->cx, slot, th_text_string(&name));
  th_text_clear(&name);
  return ok;
}

static bool check_count(ThContext *cx, const ThPosterior *p, const char *verb) {
  if (p->k == 0) return th_fail(cx, TH_ERROR_VALUE, "this posterior has no parameters left to draw");
  if (p->k <= TH_CORNER_MOST) return true;
  th_fail(cx, TH_ERROR_LIMIT, "`%s` draws at most %d parameters; this posterior has %zu", verb,
          TH_CORNER_MOST, p->k);
  ThText pair;
  th_text_init(&pair, &cx->heap);
  th_text_add(&pair, "plot(p.");
  th_layout_name(&p->layout, 0, &pair);
  th_text_add(&pair, ", p.");
  th_layout_name(&p->layout, 1, &pair);
  if (!pair.failed) th_hint(cx, "of two of them: %s)", th_text_string(&pair));
  th_text_clear(&pair);
  return false;
}

/* A new part behind the others, borrowed; NULL on failure. */
static ThFigure *add_part(ThContext *cx, ThList *parts) {
  ThFigure *part = th_figure_new(cx);
  return part && th_list_push_take(cx, parts, th_object(part)) ? part : NULL;
}

/* --- Corner */

static bool draw_margin(const ThPosterior *p, size_t j, ThFigure *figure) {
  ThValue law;
  if (!th_posterior_law(p, j, &law)) return false;
  bool ok = th_distribution_kind.plot(p->cx, law, figure);
  for (size_t i = 0; ok && i < figure->n_series; i++) th_replace_take(&figure->series[i].label, th_none());
  th_release(law);
  return ok;
}

static bool draw_pair(const ThPosterior *p, size_t row, size_t column, ThFigure *figure) {
  static const double levels[] = {0.5, 0.9};
  return th_pair_plot(p->cx, th_posterior_component(p, column), th_posterior_component(p, row), 2, levels,
                      figure);
}

/* Names stand over the diagonal, at the left and the lower edge, and the key in the first panel that has lines of both
 * levels. */
static bool name_panel(const ThPosterior *p, size_t row, size_t column, ThFigure *figure) {
  if (row != column && !(row == 1 && column == 0))
    for (size_t i = 0; i < figure->n_series; i++) th_replace_take(&figure->series[i].label, th_none());
  th_replace_take(&figure->xlabel, th_none());
  th_replace_take(&figure->ylabel, th_none());
  if (row + 1 == p->k && !name_axis(p, column, &figure->xlabel)) return false;
  if (row == column) return p->k == 1 || name_axis(p, row, &figure->title);
  return column > 0 || name_axis(p, row, &figure->ylabel);
}

/* The first pair of a column and of a row tells what its parameter covers; panels of it show the same. */
static void share_ranges(const ThPosterior *p, const ThList *parts) {
  for (size_t j = 0; p->k > 1 && j < p->k; j++) {
    size_t source = j + 1 < p->k ? (j + 1) * p->k + j : j * p->k;
    const ThFigure *pair = (const ThFigure *)th_as_object(parts->items[source]);
    const double *range = j + 1 < p->k ? pair->xrange : pair->yrange;
    for (size_t i = 0; i < p->k; i++) {
      ThFigure *below = i >= j ? (ThFigure *)th_as_object(parts->items[i * p->k + j]) : NULL;
      ThFigure *beside = i < j ? (ThFigure *)th_as_object(parts->items[j * p->k + i]) : NULL;
      if (below) memcpy(below->xrange, range, sizeof below->xrange);
      if (beside) memcpy(beside->yrange, range, sizeof beside->yrange);
    }
  }
}

static bool draw_panel(const ThPosterior *p, size_t row, size_t column, ThList *parts) {
  if (column > row) return th_list_push_take(p->cx, parts, th_none());
  ThFigure *figure = add_part(p->cx, parts);
  return figure && (row == column ? draw_margin(p, row, figure) : draw_pair(p, row, column, figure)) &&
         name_panel(p, row, column, figure);
}

bool th_corner_plot(ThContext *cx, const ThPosterior *p, ThFigure **out) {
  if (!check_count(cx, p, "corner")) return false;
  ThList *parts = th_list_new(cx, p->k * p->k);
  bool ok = parts != NULL;
  for (size_t i = 0; ok && i < p->k * p->k; i++) ok = draw_panel(p, i / p->k, i % p->k, parts);
  if (ok) share_ranges(p, parts);
  if (!ok && parts) th_release(th_object(parts));
  *out = ok ? th_figure_of_parts_take(cx, TH_FIGURE_PANELS, parts, (double)p->k) : NULL;
  return *out != NULL;
}

/* --- Chains */

static bool draw_chain(const ThChains *s, size_t chain, size_t j, bool labelled, ThFigure *figure) {
  char label[32];
  ThArray *x = th_vector_new(s->cx, TH_DOUBLE, s->n_draws),
          *y = x ? th_vector_new(s->cx, TH_DOUBLE, s->n_draws) : NULL;
  if (!y) {
    if (x) th_release(th_object(x));
    return false;
  }
  for (size_t i = 0; i < s->n_draws; i++) {
    x->real[i] = (double)i + 1;
    y->real[i] = s->x[(chain * s->n_draws + i) * s->k + j];
  }
  snprintf(label, sizeof label, "chain %zu", chain + 1);
  return th_figure_add_take(s->cx, figure, TH_MARK_THIN, x, y, NULL, labelled ? label : NULL);
}

static bool draw_trace(const ThPosterior *p, size_t j, ThList *parts) {
  ThFigure *figure = add_part(p->cx, parts);
  bool ok = figure && name_axis(p, j, &figure->ylabel);
  for (size_t chain = 0; ok && chain < p->sample->n_chains; chain++)
    ok = draw_chain(p->sample, chain, j, j == 0, figure);
  return ok && (j + 1 < p->k || th_figure_text(p->cx, &figure->xlabel, "draw"));
}

bool th_chains_plot(ThContext *cx, const ThPosterior *p, ThFigure **out) {
  if (!p->sample) {
    th_fail(cx, TH_ERROR_VALUE, "this posterior was not sampled: it has no chains");
    return th_hint(cx, "posterior(…, method = \"nuts\") samples");
  }
  if (!check_count(cx, p, "trace_plot")) return false;
  ThList *parts = th_list_new(cx, p->k);
  bool ok = parts != NULL;
  for (size_t j = 0; ok && j < p->k; j++) ok = draw_trace(p, j, parts);
  if (!ok && parts) th_release(th_object(parts));
  *out = ok ? th_figure_of_parts_take(cx, TH_FIGURE_PANELS, parts, 1) : NULL;
  if (!*out) return false;
  (*out)->width = 8;
  (*out)->height = 2.3 * (double)p->k + 0.4;
  return true;
}
