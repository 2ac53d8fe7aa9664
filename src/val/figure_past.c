/* figure_past.c - a figure and the one it follows */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/figure.h"

#include <string.h>

#include "num/real.h"
#include "val/basic.h"

static bool same_column(const ThArray *a, const ThArray *b) {
  if (a == b) return true;
  if (!a || !b || a->length != b->length) return false;
  for (size_t i = 0; i < a->length; i++)
    if (!th_real_is_same(th_array_real(a, i), th_array_real(b, i))) return false;
  return true;
}

static bool same_text(ThValue a, ThValue b) {
  if (!th_is_string(a) || !th_is_string(b)) return th_is_string(a) == th_is_string(b);
  return strcmp(th_as_string(a)->text, th_as_string(b)->text) == 0;
}

static bool same_labels(ThValue a, ThValue b) {
  if (!th_is_list(a) || !th_is_list(b)) return th_is_list(a) == th_is_list(b);
  const ThList *these = th_as_list(a), *those = th_as_list(b);
  if (these->length != those->length) return false;
  for (size_t i = 0; i < these->length; i++)
    if (!same_text(these->items[i], those->items[i])) return false;
  return true;
}

/* Do two series show the same numbers in the same way? */
static bool same_marks(const ThSeries *a, const ThSeries *b) {
  if (a->mark != b->mark) return false;
  for (size_t i = 0; i < 3; i++)
    if (!same_column(a->columns[i], b->columns[i])) return false;
  return true;
}

static bool same_frame(const ThFigure *a, const ThFigure *b) {
  bool same = same_text(a->title, b->title) && same_text(a->xlabel, b->xlabel) &&
              same_text(a->ylabel, b->ylabel);
  for (size_t i = 0; i < 2; i++)
    same = same && th_real_is_same(a->xrange[i], b->xrange[i]) && th_real_is_same(a->yrange[i], b->yrange[i]);
  same = same && a->form == b->form && a->y_down == b->y_down && a->n_across == b->n_across &&
         a->rate == b->rate;
  return same && a->log_x == b->log_x && a->log_y == b->log_y && a->equal == b->equal &&
         a->width == b->width && a->height == b->height;
}

static bool same_parts(const ThFigure *a, const ThFigure *b) {
  size_t n = th_figure_n_parts(a);
  if (n != th_figure_n_parts(b)) return false;
  for (size_t i = 0; i < n; i++) {
    const ThFigure *one = th_figure_part(a, i), *other = th_figure_part(b, i);
    if (one != other && (!one || !other || !th_figure_same(one, other))) return false;
  }
  return true;
}

bool th_figure_same(const ThFigure *a, const ThFigure *b) {
  if (a->n_series != b->n_series || !same_frame(a, b) || !same_parts(a, b)) return false;
  for (size_t i = 0; i < a->n_series; i++) {
    const ThSeries *s = &a->series[i], *t = &b->series[i];
    if (!same_marks(s, t) || s->color != t->color || s->past != t->past || !same_text(s->label, t->label) ||
        !same_labels(s->labels, t->labels))
      return false;
  }
  return true;
}

/* Everything but the series and parts. */
static void copy_frame(ThFigure *figure, const ThFigure *from) {
  figure->title = th_retain(from->title);
  figure->xlabel = th_retain(from->xlabel);
  figure->ylabel = th_retain(from->ylabel);
  memcpy(figure->xrange, from->xrange, sizeof figure->xrange);
  memcpy(figure->yrange, from->yrange, sizeof figure->yrange);
  figure->log_x = from->log_x;
  figure->log_y = from->log_y;
  figure->equal = from->equal;
  figure->y_down = from->y_down;
  figure->width = from->width;
  figure->height = from->height;
}

ThFigure *th_figure_copy(ThContext *cx, const ThFigure *from) {
  ThFigure *figure = th_figure_new(cx);
  if (!figure) return NULL;
  copy_frame(figure, from);
  if (from->parts) figure->parts = th_as_list(th_retain(th_object(from->parts)));
  figure->form = from->form;
  figure->n_across = from->n_across;
  figure->rate = from->rate;
  for (size_t i = 0; i < from->n_series; i++)
    if (!th_figure_add_copy(cx, figure, &from->series[i])) {
      th_release(th_object(figure));
      return NULL;
    }
  return figure;
}

static bool shows(const ThFigure *figure, const ThSeries *series) {
  for (size_t i = 0; i < figure->n_series; i++)
    if (same_marks(&figure->series[i], series)) return true;
  return false;
}

/* What was before, in grey; colours of a scale have no grey. */
static bool add_past(ThContext *cx, ThFigure *both, const ThSeries *series) {
  if (series->past || th_mark_has_scale(series->mark) || shows(both, series)) return true;
  if (!th_figure_add_copy(cx, both, series)) return false;
  ThSeries *grey = &both->series[both->n_series - 1];
  grey->past = true;
  th_replace_take(&grey->label, th_none());
  th_replace_take(&grey->labels, th_none());
  return true;
}

/* Each part over the one in its place before. */
static ThFigure *parts_over(ThContext *cx, const ThFigure *now, const ThFigure *before) {
  size_t n = th_figure_n_parts(now);
  ThList *parts = th_list_new(cx, n);
  bool ok = parts != NULL;
  for (size_t i = 0; ok && i < n; i++) {
    ThValue past = i < th_figure_n_parts(before) ? before->parts->items[i] : th_none(), part;
    ok = th_figure_over(cx, now->parts->items[i], past, &part) && th_list_push_take(cx, parts, part);
  }
  if (!ok && parts) th_release(th_object(parts));
  ThFigure *both = ok ? th_figure_of_parts_take(cx, now->form, parts, (double)now->n_across) : NULL;
  if (both) copy_frame(both, now);
  return both;
}

bool th_figure_over(ThContext *cx, ThValue figure, ThValue past, ThValue *out) {
  bool both_figures = th_is(figure, &th_figure_kind) && th_is(past, &th_figure_kind);
  const ThFigure *now = both_figures ? (const ThFigure *)th_as_object(figure) : NULL,
                 *before = both_figures ? (const ThFigure *)th_as_object(past) : NULL;
  if (!now || now->form != before->form || now->form == TH_FIGURE_FRAMES) {
    *out = th_retain(figure);
    return true;
  }
  ThFigure *both = now->parts ? parts_over(cx, now, before) : th_figure_copy(cx, now);
  if (!both) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < before->n_series; i++) ok = add_past(cx, both, &before->series[i]);
  if (ok) *out = th_object(both);
  else th_release(th_object(both));
  return ok;
}
