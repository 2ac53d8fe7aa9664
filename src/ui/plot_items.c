/* plot_items.c - what `plot` is given, as series of a figure */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/plot_items.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "prob/pair_plot.h"
#include "ui/plot_options.h"
#include "ui/plot_range.h"
#include "ui/plot_table.h"

typedef struct Builder {
  ThContext *cx;
  const ThCall *call;
  size_t first; /* argument where the items begin */
  const ThValue *items;
  size_t n;
  ThMark mark;
  ThFigure *figure;
} Builder;

static bool is_array_like(ThValue v) { return th_is_array(v) || th_is_range(v); }

static double number_of(ThValue v) {
  double number = (double)NAN;
  return th_to_number(v, &number) ? number : (double)NAN;
}

static bool plots_itself(ThValue v) { return th_kind_of(v) && th_kind_of(v)->plot; }

static bool is_function(ThValue v) { return th_kind_of(v) && th_kind_of(v)->call && !plots_itself(v); }

static bool fail_item(const Builder *b, size_t i, ThErrorCode code, const char *message) {
  return th_fail_argument(b->cx, (int)i + 1, code, "%s", message);
}

/* --- Arrays */

bool th_plot_array(ThContext *cx, const ThCall *call, size_t i, ThArray **out) {
  bool scalar;
  ThArray *a;
  *out = NULL;
  if (!th_to_real_array(cx, call->args[i], "data of a plot", &scalar, &a)) {
    cx->error.argument = (int)i + 1;
    return false;
  }
  if (a->rank <= 2) {
    *out = a;
    return true;
  }
  th_fail_argument(cx, (int)i + 1, TH_ERROR_SHAPE,
                   "a plot takes vectors and matrices; got an array of %u axes", a->rank);
  th_release(th_object(a));
  return false;
}

bool th_plot_column(ThContext *cx, const ThArray *a, size_t j, ThArray **out) {
  size_t n = a->shape[0], k = a->rank == 2 ? a->shape[1] : 1;
  *out = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t i = 0; *out && i < n && !th_is_due(cx, i); i++) (*out)->real[i] = th_array_real(a, i * k + j);
  if (!*out || th_poll(cx)) return *out != NULL;
  th_release(th_object(*out));
  *out = NULL;
  return false;
}

static bool count_from_one(ThContext *cx, size_t n, ThArray **out) {
  *out = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t i = 0; *out && i < n && !th_is_due(cx, i); i++) (*out)->real[i] = (double)i + 1;
  if (!*out || th_poll(cx)) return *out != NULL;
  th_release(th_object(*out));
  *out = NULL;
  return false;
}

/* The text of an argument when it is short and no number: a label for what it stands for. */
static const char *item_text(const Builder *b, size_t i, char *buffer, size_t size) {
  const char *text = th_operand(b->cx, i, "", buffer, size);
  return text[0] && strlen(text) <= 40 ? text : NULL;
}

/* The same when it is a name or a field: a label for an axis. */
static const char *item_name(const Builder *b, size_t i, char *buffer, size_t size) {
  const char *text = item_text(b, i, buffer, size);
  if (!text || isdigit((unsigned char)text[0])) return NULL;
  for (const char *c = text; *c; c++)
    if (!((unsigned char)*c >= 128 || isalnum((unsigned char)*c) || *c == '_' || *c == '.')) return NULL;
  return text;
}

static bool name_axes(const Builder *b, size_t x, size_t y) {
  char buffer[128];
  const char *name = item_name(b, x, buffer, sizeof buffer);
  if (name && th_is_none(b->figure->xlabel) && !th_figure_text(b->cx, &b->figure->xlabel, name)) return false;
  name = item_name(b, y, buffer, sizeof buffer);
  return !name || !th_is_none(b->figure->ylabel) || th_figure_text(b->cx, &b->figure->ylabel, name);
}

/* The columns of y, (n) or (n, k), over x, (n); x may be NULL: 1, 2, …. */
static bool add_columns(const Builder *b, const ThArray *x, const ThArray *y, const char *label) {
  size_t k = y->rank == 2 ? y->shape[1] : 1;
  for (size_t j = 0; j < k; j++) {
    ThArray *xs = NULL, *ys = NULL;
    bool ok = x ? th_plot_column(b->cx, x, 0, &xs) : count_from_one(b->cx, y->shape[0], &xs);
    if (!ok || !th_plot_column(b->cx, y, j, &ys)) {
      if (xs) th_release(th_object(xs));
      return false;
    }
    if (!th_figure_add_take(b->cx, b->figure, b->mark, xs, ys, NULL, k == 1 ? label : NULL)) return false;
  }
  return true;
}

/* Item i as an array of doubles, owned. */
static bool item_array(const Builder *b, size_t i, ThArray **out) {
  if (th_plot_array(b->cx, b->call, b->first + i, out)) return true;
  b->cx->error.argument = (int)i + 1;
  return false;
}

static bool check_pair(const Builder *b, size_t i, const ThArray *x, const ThArray *y) {
  size_t n = x->shape[0], m = y->shape[0];
  if (x->rank == 2)
    return fail_item(b, i, TH_ERROR_SHAPE,
                     "the x of a plot is a vector; y may be a matrix, of which each column is a curve");
  if (n == m) return true;
  th_fail_argument(b->cx, (int)i + 1, TH_ERROR_SHAPE, "x has %zu points and y has %zu", n, m);
  return th_hint(b->cx,
                 "two arrays in a row are x and y; to overlay curves: plot([y1, y2]') or plot(x, y1, x, y2)");
}

static bool add_pair(Builder *b, size_t i, bool alone) {
  char buffer[128];
  ThArray *x, *y;
  if (!item_array(b, i, &x)) return false;
  bool ok = item_array(b, i + 1, &y);
  if (ok) {
    const char *label = alone ? NULL : item_text(b, i + 1, buffer, sizeof buffer);
    ok = check_pair(b, i, x, y) && add_columns(b, x, y, label) && (!alone || name_axes(b, i, i + 1));
    th_release(th_object(y));
  }
  th_release(th_object(x));
  return ok;
}

static bool add_single(Builder *b, size_t i, bool alone) {
  char buffer[128];
  ThArray *y;
  if (!item_array(b, i, &y)) return false;
  bool ok = add_columns(b, NULL, y, alone ? NULL : item_text(b, i, buffer, sizeof buffer));
  th_release(th_object(y));
  const char *name = ok && alone ? item_name(b, i, buffer, sizeof buffer) : NULL;
  return ok && (!name || !th_is_none(b->figure->ylabel) || th_figure_text(b->cx, &b->figure->ylabel, name));
}

/* --- Functions */

typedef struct Curve {
  ThValue function;
} Curve;

static bool fail_number(ThContext *cx, ThValue v, const char *where) {
  char what[80];
  th_fail(cx, TH_ERROR_TYPE, "%s; the function gave %s", where, th_describe(v, what, sizeof what));
  return th_is_complex(v) ? th_hint(cx, "draw the parts: plot(k -> re(f(k)), …)") : false;
}

bool th_plot_number_take(ThContext *cx, ThValue result, const char *where, double *out) {
  ThValue plain;
  bool ok = th_decay(cx, result, &plain);
  th_release(result);
  if (!ok) return false;
  if (!th_to_number(plain, out)) {
    ok = th_is_array(plain) && th_as_array(plain)->length == 1 && th_as_array(plain)->element != TH_COMPLEX;
    if (ok) *out = th_array_real(th_as_array(plain), 0);
    else fail_number(cx, plain, where);
  }
  th_release(plain);
  return ok;
}

static bool curve_value(ThContext *cx, void *self, double x, double *y) {
  ThValue argument = th_number(x), result;
  return th_call_values(cx, ((Curve *)self)->function, &argument, 1, &result) &&
         th_plot_number_take(cx, result, "a curve needs a number for each x", y);
}

static bool add_curve(Builder *b, size_t i, double from, double to, bool labelled) {
  char buffer[128];
  Curve curve = {b->items[i]};
  if (!isfinite(to - from) || from == to)
    return fail_item(b, i, TH_ERROR_VALUE, "the range of a curve needs two different, finite ends");
  ThMark mark = b->mark == TH_MARK_POINTS || b->mark == TH_MARK_DASHED ? b->mark : TH_MARK_LINE;
  const char *label = labelled ? item_text(b, i, buffer, sizeof buffer) : NULL;
  return th_figure_curve(b->cx, b->figure, mark, curve_value, &curve, fmin(from, to), fmax(from, to), label);
}

/* The x that the series so far cover, or the xrange option. */
static bool range_so_far(const Builder *b, double range[2]) {
  ThPlotRange all;
  if (!isnan(b->figure->xrange[0])) {
    range[0] = b->figure->xrange[0];
    range[1] = b->figure->xrange[1];
    return true;
  }
  if (b->figure->n_series == 0) return false;
  th_plot_range(b->figure, &all);
  range[0] = all.x[0];
  range[1] = all.x[1];
  return true;
}

/* Functions in a row, items [i, end), with the range behind them. */
static bool add_functions(Builder *b, size_t i, size_t end, bool ranged, bool labelled) {
  double range[2];
  if (ranged) range[0] = number_of(b->items[end]), range[1] = number_of(b->items[end + 1]);
  else if (!range_so_far(b, range)) {
    fail_item(b, i, TH_ERROR_VALUE, "from where to where should the function be drawn?");
    return th_hint(b->cx, "plot(f, -3, 3)");
  }
  for (; i < end; i++)
    if (!add_curve(b, i, range[0], range[1], labelled)) return false;
  return true;
}

/* --- Figures, tables, what plots itself */

static void fill(ThValue *slot, ThValue text) {
  if (th_is_none(*slot)) *slot = th_retain(text);
}

static bool add_figure(const Builder *b, size_t i, const ThFigure *from) {
  ThFigure *to = b->figure;
  if (from->parts) {
    fail_item(b, i, TH_ERROR_VALUE, "panels and films cannot be laid over something else");
    return th_hint(b->cx, "put its parts into `panels(…)`");
  }
  for (size_t k = 0; k < from->n_series; k++)
    if (!th_figure_add_copy(b->cx, to, &from->series[k])) return false;
  fill(&to->title, from->title);
  fill(&to->xlabel, from->xlabel);
  fill(&to->ylabel, from->ylabel);
  if (isnan(to->xrange[0])) memcpy(to->xrange, from->xrange, sizeof to->xrange);
  if (isnan(to->yrange[0])) memcpy(to->yrange, from->yrange, sizeof to->yrange);
  to->log_x |= from->log_x;
  to->log_y |= from->log_y;
  to->equal |= from->equal;
  to->y_down |= from->y_down;
  return true;
}

/* Of several items those that have left their series from `before` on without a label get their text. */
static bool label_by_text(const Builder *b, size_t i, bool alone, size_t before) {
  char buffer[128];
  for (size_t k = before; k < b->figure->n_series; k++)
    if (th_series_label(&b->figure->series[k])) return true;
  const char *text = alone || before == b->figure->n_series ? NULL : item_text(b, i, buffer, sizeof buffer);
  return !text || th_figure_text(b->cx, &b->figure->series[before].label, text);
}

static bool add_table(const Builder *b, size_t i, bool alone) {
  bool drawn;
  size_t before = b->figure->n_series;
  if (!th_plot_table(b->cx, th_as_table(b->items[i]), b->mark, b->figure, &drawn)) return false;
  if (drawn) return label_by_text(b, i, alone, before);
  return fail_item(b, i, TH_ERROR_VALUE,
                   "a table needs two columns to be drawn: the first is x, the others are numbers");
}

static bool add_object(const Builder *b, size_t i, bool alone) {
  size_t before = b->figure->n_series;
  if (!th_kind_of(b->items[i])->plot(b->cx, b->items[i], b->figure)) return false;
  bool names = alone && th_is_variable(b->items[i]); /* its values are along x */
  if (names && !th_variable_name_axis(b->cx, b->items[i], 40, &b->figure->xlabel)) return false;
  return label_by_text(b, i, alone, before);
}

bool th_plot_figure_of(ThContext *cx, ThValue v, ThFigure **out) {
  const ThKind *kind = th_kind_of(v);
  *out = NULL;
  if (kind == &th_figure_kind) *out = (ThFigure *)th_as_object(th_retain(v));
  if (*out || !kind || !kind->plot) return true;
  *out = th_figure_new(cx);
  if (*out && kind->plot(cx, v, *out)) return true;
  if (*out) th_release(th_object(*out));
  *out = NULL;
  return false;
}

/* --- All items */

static bool is_item(ThValue v) {
  return is_array_like(v) || plots_itself(v) || is_function(v) || th_is_table(v) || th_is(v, &th_figure_kind);
}

static bool has_range(const Builder *b, size_t i) {
  double number;
  return i + 1 < b->n && th_to_number(b->items[i], &number) && th_to_number(b->items[i + 1], &number);
}

/* Two parameters of one posterior, and nothing else, are drawn against each other. */
static bool is_pair(const Builder *b) { return b->n == 2 && th_pair_is_of_one(b->items[0], b->items[1]); }

static bool add_parameters(Builder *b) {
  static const double levels[] = {0.5, 0.9};
  return th_pair_plot(b->cx, b->items[0], b->items[1], 2, levels, b->figure);
}

/* How many items belong to the one at i. */
static size_t item_size(const Builder *b, size_t i) {
  ThValue v = b->items[i];
  if (is_array_like(v)) return i + 1 < b->n && is_array_like(b->items[i + 1]) ? 2 : 1;
  if (is_function(v)) {
    size_t end = i + 1;
    while (end < b->n && is_function(b->items[end])) end++;
    return end - i + (has_range(b, end) ? 2 : 0);
  }
  return has_range(b, i + 1) ? 3 : 1;
}

static bool fail_unknown(const Builder *b, size_t i) {
  char what[80];
  th_fail_argument(b->cx, (int)i + 1, TH_ERROR_TYPE, "%s cannot be drawn",
                   th_describe(b->items[i], what, sizeof what));
  if (!isnan(number_of(b->items[i]))) return th_hint(b->cx, "plot(f, -3, 3), plot(x, y), plot(y), plot(d)");
  return th_is_string(b->items[i]) ? th_hint(b->cx, "options have names: title = \"…\"") : false;
}

/* A range behind an object that plots itself: the picture's. */
static void take_range(Builder *b, size_t i) {
  double from = number_of(b->items[i]), to = number_of(b->items[i + 1]);
  b->figure->xrange[0] = fmin(from, to);
  b->figure->xrange[1] = fmax(from, to);
}

static bool add_item(Builder *b, size_t i, size_t size) {
  ThValue v = b->items[i];
  bool alone = size == b->n;
  if (!is_item(v)) return fail_unknown(b, i);
  if (is_array_like(v)) return size == 2 ? add_pair(b, i, alone) : add_single(b, i, alone);
  if (is_function(v)) {
    bool ranged = has_range(b, i + size - 2) && size > 2;
    size_t end = i + size - (ranged ? 2 : 0);
    return add_functions(b, i, end, ranged, b->n > (ranged ? 3 : 1));
  }
  if (size == 3) take_range(b, i + 1);
  if (th_is(v, &th_figure_kind)) return add_figure(b, i, (const ThFigure *)th_as_object(v));
  return plots_itself(v) ? add_object(b, i, alone) : add_table(b, i, alone);
}

/* Functions without a range wait until the others have made one. */
static bool waits(const Builder *b, size_t i, size_t size) {
  return is_function(b->items[i]) && !(size > 2 && has_range(b, i + size - 2));
}

static bool add_all(Builder *b) {
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0, size; i < b->n; i += size) {
      size = item_size(b, i);
      if (waits(b, i, size) == (pass == 1) && !add_item(b, i, size)) return false;
    }
  return true;
}

/* Whether something that chooses a range of its own is drawn together with something else. */
static bool has_company(const Builder *b) {
  size_t n = 0, choosing = 0;
  for (size_t i = 0; i < b->n; i += item_size(b, i), n++) choosing += plots_itself(b->items[i]);
  return choosing > 0 && n > 1;
}

/* Distributions and the like are drawn once to see what x they cover together, then again over all of it. */
static bool find_shared_range(Builder *b) {
  ThFigure *figure = b->figure, *trial = th_figure_new(b->cx);
  if (!trial) return false;
  trial->log_x = figure->log_x;
  b->figure = trial;
  bool ok = add_all(b);
  b->figure = figure;
  if (ok) {
    ThPlotRange range;
    th_plot_range(trial, &range);
    memcpy(figure->xrange, range.x, sizeof range.x);
  }
  th_release(th_object(trial));
  return ok;
}

/* Several items, or a label, which speaks of one curve: what would stand behind it is left out. */
static bool is_crowded(const Builder *b) {
  return (b->n > 0 && item_size(b, 0) < b->n) || b->call->given[TH_OPTION_LABEL];
}

bool th_plot_items(ThContext *cx, const ThCall *call, size_t first, ThMark mark, ThFigure *figure) {
  Builder b = {cx, call, first, call->args + first, call->n_args - first, mark, figure};
  if (is_pair(&b)) return add_parameters(&b);
  if (isnan(figure->xrange[0]) && has_company(&b) && !find_shared_range(&b)) return false;
  figure->crowded = is_crowded(&b);
  bool ok = add_all(&b);
  figure->crowded = false;
  return ok;
}

/* One number stands for as many as there are points. */
static bool repeat(ThContext *cx, size_t n, ThArray **a) {
  double all = th_array_real(*a, 0);
  th_release(th_object(*a));
  *a = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t k = 0; *a && k < n; k++) (*a)->real[k] = all;
  return *a != NULL;
}

static bool read_column(ThContext *cx, const ThCall *call, size_t i, ThArray *a[3]) {
  static const char *const names[] = {"x", "y", "the third argument"};
  if (!th_plot_array(cx, call, i, &a[i])) return false;
  size_t n = a[0]->length;
  if (i == 2 && a[i]->length == 1 && n != 1 && !repeat(cx, n, &a[i])) return false;
  if (a[i]->rank == 1 && a[i]->length == n) return true;
  return th_fail_argument(cx, (int)i + 1, TH_ERROR_SHAPE, "x has %zu points and %s has %zu", n, names[i],
                          a[i]->length);
}

bool th_plot_columns(ThContext *cx, const ThCall *call, ThMark mark, size_t n_columns, ThFigure *figure) {
  Builder b = {cx, call, 0, call->args, n_columns, mark, figure};
  ThArray *a[3] = {0};
  size_t i = 0;
  while (i < n_columns && read_column(cx, call, i, a)) i++;
  if (i == n_columns)
    return th_figure_add_take(cx, figure, mark, a[0], a[1], a[2], NULL) && name_axes(&b, 0, 1);
  for (i = 0; i < 3; i++)
    if (a[i]) th_release(th_object(a[i]));
  return false;
}
