/* figure.c - what a picture shows, before anything draws it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A curve is sampled evenly and then refined where neighbouring chords bend, so that kinks and narrow
 * peaks look right without thousands of points everywhere. */
#include "val/figure.h"

#include <math.h>
#include <string.h>

#include "val/basic.h"

ThFigure *th_figure_new(ThContext *cx) {
  ThFigure *figure = th_object_new(cx, &th_figure_kind, sizeof *figure);
  if (!figure) return NULL;
  figure->title = figure->xlabel = figure->ylabel = th_none();
  figure->xrange[0] = figure->xrange[1] = figure->yrange[0] = figure->yrange[1] = NAN;
  return figure;
}

static void series_clear(ThSeries *series) {
  for (size_t i = 0; i < 3; i++) {
    if (series->columns[i]) th_release(th_object(series->columns[i]));
  }
  th_release(series->labels);
  th_release(series->label);
}

static void figure_release(ThObject *self) {
  ThFigure *figure = (ThFigure *)self;
  for (size_t i = 0; i < figure->n_series; i++) series_clear(&figure->series[i]);
  th_heap_free(self->heap, figure->series, figure->capacity * sizeof *figure->series);
  th_release(figure->title);
  th_release(figure->xlabel);
  th_release(figure->ylabel);
  if (figure->parts) th_release(th_object(figure->parts));
  th_object_free(self, sizeof *figure);
}

/* Parts. */

ThFigure *th_figure_of_parts_take(ThContext *cx, ThFigureForm form, ThList *parts, double n) {
  ThFigure *figure = parts ? th_figure_new(cx) : NULL;
  if (!figure) {
    if (parts) th_release(th_object(parts));
    return NULL;
  }
  figure->form = form;
  figure->parts = parts;
  if (form == TH_FIGURE_PANELS) figure->n_across = (size_t)n;
  else figure->rate = n;
  return figure;
}

size_t th_figure_n_parts(const ThFigure *figure) { return figure->parts ? figure->parts->length : 0; }

const ThFigure *th_figure_part(const ThFigure *figure, size_t i) {
  ThValue part = figure->parts->items[i];
  return th_is(part, &th_figure_kind) ? (const ThFigure *)th_as_object(part) : NULL;
}

size_t th_figure_n_down(const ThFigure *figure) {
  return (th_figure_n_parts(figure) + figure->n_across - 1) / figure->n_across;
}

/* Series. */

static bool grow(ThContext *cx, ThFigure *figure) {
  size_t capacity = figure->capacity * 2 + 2, size = sizeof *figure->series;
  ThSeries *series = th_resize(cx, figure->series, figure->capacity * size, capacity * size);
  if (!series) return false;
  figure->series = series;
  figure->capacity = capacity;
  return true;
}

bool th_figure_add_take(ThContext *cx, ThFigure *figure, ThMark mark, ThArray *x, ThArray *y, ThArray *z,
                        const char *label) {
  ThSeries series = {
      .mark = mark, .columns = {x, y, z}, .labels = th_none(), .label = th_none(), .color = -1};
  bool ok = !label || th_string_of(cx, label, &series.label);
  ok = ok && (figure->n_series < figure->capacity || grow(cx, figure));
  if (ok) figure->series[figure->n_series++] = series;
  else series_clear(&series);
  return ok;
}

bool th_figure_add_copy(ThContext *cx, ThFigure *figure, const ThSeries *series) {
  if (figure->n_series == figure->capacity && !grow(cx, figure)) return false;
  ThSeries *copy = &figure->series[figure->n_series++];
  *copy = *series;
  for (size_t i = 0; i < 3; i++)
    if (copy->columns[i]) th_retain(th_object(copy->columns[i]));
  th_retain(copy->labels);
  th_retain(copy->label);
  return true;
}

void th_figure_cover(double range[2], double from, double to) {
  if (!isnan(range[0])) return;
  range[0] = from;
  range[1] = to;
}

bool th_figure_text(ThContext *cx, ThValue *slot, const char *text) {
  ThValue string;
  if (!th_string_of(cx, text, &string)) return false;
  th_replace_take(slot, string);
  return true;
}

/* Curves. */

enum { FIRST_POINTS = 401, MOST_POINTS = 4 * FIRST_POINTS, REFINEMENTS = 4 };

typedef struct Points {
  size_t n;
  double *x, *y; /* of MOST_POINTS each */
} Points;

/* How far the middle of three points lies off the chord, as a part of the picture's height. */
static double bend(const Points *p, size_t i, double height) {
  double part = (p->x[i] - p->x[i - 1]) / (p->x[i + 1] - p->x[i - 1]);
  double chord = p->y[i - 1] + part * (p->y[i + 1] - p->y[i - 1]);
  return fabs(p->y[i] - chord) / height;
}

static double finite_height(const Points *p) {
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < p->n; i++) {
    if (!isfinite(p->y[i])) continue;
    low = fmin(low, p->y[i]);
    high = fmax(high, p->y[i]);
  }
  return high > low ? high - low : 1;
}

/* Should the interval after point i be halved? Where either end bends, or the curve stops being finite. */
static bool is_rough(const Points *p, size_t i, double height) {
  const double visible = 0.002;
  if (isfinite(p->y[i]) != isfinite(p->y[i + 1])) return true;
  bool left = i > 0 && bend(p, i, height) > visible, right = i + 2 < p->n && bend(p, i + 1, height) > visible;
  return left || right;
}

/* One pass: from `p` into `q`, new points in between. */
static bool refine(ThContext *cx, ThCurve curve, void *self, const Points *p, Points *q) {
  double height = finite_height(p);
  size_t spare = MOST_POINTS - p->n;
  q->n = 0;
  for (size_t i = 0; i < p->n; i++) {
    q->x[q->n] = p->x[i];
    q->y[q->n++] = p->y[i];
    if (i + 1 == p->n || spare == 0 || !is_rough(p, i, height)) continue;
    q->x[q->n] = 0.5 * (p->x[i] + p->x[i + 1]);
    if (!curve(cx, self, q->x[q->n], &q->y[q->n])) return false;
    q->n++;
    spare--;
  }
  return true;
}

static bool sample(ThContext *cx, ThCurve curve, void *self, double from, double to, Points *p,
                   Points *spare) {
  for (p->n = 0; p->n < FIRST_POINTS; p->n++) {
    p->x[p->n] = from + (to - from) * (double)p->n / (FIRST_POINTS - 1);
    if (!th_poll(cx) || !curve(cx, self, p->x[p->n], &p->y[p->n])) return false;
  }
  for (int pass = 0; pass < REFINEMENTS; pass++) {
    size_t before = p->n;
    if (!refine(cx, curve, self, p, spare)) return false;
    Points swap = *p;
    *p = *spare;
    *spare = swap;
    if (p->n == before) break;
  }
  return true;
}

bool th_figure_curve(ThContext *cx, ThFigure *figure, ThMark mark, ThCurve curve, void *self, double from,
                     double to, const char *label) {
  size_t size = MOST_POINTS * sizeof(double);
  double *block = th_alloc(cx, 4 * size);
  if (!block) return false;
  Points p = {0, block, block + MOST_POINTS}, spare = {0, block + 2 * MOST_POINTS, block + 3 * MOST_POINTS};
  ThValue x = th_none(), y = th_none();
  bool ok = sample(cx, curve, self, from, to, &p, &spare) && th_vector_from(cx, p.x, p.n, &x) &&
            th_vector_from(cx, p.y, p.n, &y);
  th_free(cx, block, 4 * size);
  if (ok) return th_figure_add_take(cx, figure, mark, th_as_array(x), th_as_array(y), NULL, label);
  th_release(x);
  th_release(y);
  return false;
}

/* The kind. */

static bool figure_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThFigure *figure = (const ThFigure *)th_as_object(self);
  (void)style;
  static const char *const what[] = {"series", "panels", "frames"};
  size_t n = figure->parts ? th_figure_n_parts(figure) : figure->n_series;
  th_text_format(out, "<plot of %zu %s", n, what[figure->form]);
  if (th_is_string(figure->title)) th_text_format(out, ": %s", th_as_string(figure->title)->text);
  th_text_char(out, '>');
  return th_text_ok(out, cx);
}

static bool figure_echo(ThContext *cx, ThValue self) {
  cx->shown++;
  if (!cx->host.show_figure) return true;
  return cx->host.show_figure(cx->host.self, cx, th_as_object(self));
}

const ThKind th_figure_kind = {
    .name = "plot",
    .release = figure_release,
    .format = figure_format,
    .echo = figure_echo,
};
