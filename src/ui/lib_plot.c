/* lib_plot.c - plot, scatter, errorbars, bars, hist, fill_between, save */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each makes a figure, a value; drawing begins when it is echoed or saved. */
#include <math.h>
#include <string.h>

#include "num/stats.h"
#include "ui/libs.h"
#include "ui/plot_items.h"
#include "ui/plot_options.h"
#include "ui/plot_range.h"

/* --- plot */

static bool fill_plot(ThContext *cx, const ThCall *call, ThFigure *figure) {
  ThMark mark;
  return th_plot_options_mark(cx, call, 0, TH_MARK_LINE, &mark) &&
         th_plot_items(cx, call, TH_N_PLOT_OPTIONS, mark, figure);
}

static bool body_plot(ThContext *cx, const ThCall *call, ThValue *out) {
  if (call->n_args <= TH_N_PLOT_OPTIONS) {
    th_fail(cx, TH_ERROR_VALUE, "`plot` needs something to draw");
    return th_hint(cx, "plot(f, -3, 3), plot(x, y), plot(y), plot(d)");
  }
  return th_plot_make(cx, call, 0, fill_plot, out);
}

/* --- scatter, errorbars, fill_between */

/* scatter(X) of points in rows. */
static bool fill_scatter_rows(ThContext *cx, const ThCall *call, ThFigure *figure) {
  ThArray *points, *x = NULL, *y = NULL;
  char shape[80];
  if (!th_plot_array(cx, call, 0, &points)) return false;
  bool ok = points->rank == 2 && points->shape[1] == 2;
  if (!ok)
    th_fail_argument(cx, 1, TH_ERROR_SHAPE, "`scatter` of one array takes points in rows, (n, 2); got %s",
                     th_shape_text(points->rank, points->shape, shape, sizeof shape));
  ok = ok && th_plot_column(cx, points, 0, &x) && th_plot_column(cx, points, 1, &y);
  th_release(th_object(points));
  if (ok) return th_figure_add_take(cx, figure, TH_MARK_POINTS, x, y, NULL, NULL);
  if (x) th_release(th_object(x));
  return false;
}

static bool fill_scatter(ThContext *cx, const ThCall *call, ThFigure *figure) {
  if (th_is_none(call->args[1])) return fill_scatter_rows(cx, call, figure);
  return th_plot_columns(cx, call, TH_MARK_POINTS, 2, figure);
}

static bool body_scatter(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, 2, fill_scatter, out);
}

static bool fill_errorbars(ThContext *cx, const ThCall *call, ThFigure *figure) {
  return th_plot_columns(cx, call, TH_MARK_ERRORBARS, 3, figure);
}

static bool body_errorbars(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, 3, fill_errorbars, out);
}

static bool fill_band(ThContext *cx, const ThCall *call, ThFigure *figure) {
  return th_plot_columns(cx, call, TH_MARK_BAND, 3, figure);
}

static bool body_fill_between(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, 3, fill_band, out);
}

/* --- bars */

static bool constant(ThContext *cx, size_t n, double value, double step, ThArray **out) {
  *out = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t i = 0; *out && i < n; i++) (*out)->real[i] = value + step * (double)i;
  return *out != NULL;
}

/* Bars at 1, 2, … with names under them; takes heights and, on failure too, names (a list, or none). */
static bool add_bars_take(ThContext *cx, ThFigure *figure, ThArray *heights, ThValue names) {
  ThArray *x = NULL, *width = NULL;
  bool ok = constant(cx, heights->length, 1, 1, &x) && constant(cx, heights->length, 0.8, 0, &width);
  if (!ok) {
    if (x) th_release(th_object(x));
    th_release(th_object(heights));
  }
  ok = ok && th_figure_add_take(cx, figure, TH_MARK_BARS, x, heights, width, NULL);
  if (ok) figure->series[figure->n_series - 1].labels = names;
  else th_release(names);
  return ok;
}

/* Any value as it prints inside other text. */
static bool push_text(ThContext *cx, ThList *list, ThValue v) {
  ThText text;
  ThValue string;
  if (th_is_string(v)) return th_list_push_take(cx, list, th_retain(v));
  th_text_init(&text, &cx->heap);
  bool ok = th_format(cx, v, TH_STYLE_INLINE, &text) &&
            th_string(cx, th_text_string(&text), text.length, &string);
  th_text_clear(&text);
  return ok && th_list_push_take(cx, list, string);
}

/* bars((a = 0.2, b = 0.8)): the fields' names and numbers. */
static bool fill_bars_record(ThContext *cx, const ThRecord *record, ThFigure *figure) {
  ThArray *heights = th_vector_new(cx, TH_DOUBLE, record->length);
  ThList *names = heights ? th_list_new(cx, record->length) : NULL;
  bool ok = names != NULL;
  for (size_t i = 0; ok && i < record->length; i++) {
    ThValue name;
    if (!th_to_number(record->values[i], &heights->real[i]))
      ok = th_fail_argument(cx, 1, TH_ERROR_TYPE, "the field `%s` is no number", record->names[i]->spelling);
    ok = ok && th_string_of(cx, record->names[i]->spelling, &name) && th_list_push_take(cx, names, name);
  }
  if (ok) return add_bars_take(cx, figure, heights, th_object(names));
  if (names) th_release(th_object(names));
  if (heights) th_release(th_object(heights));
  return false;
}

/* The names as a list of strings: from a list, or an array of numbers. */
static bool bar_names(ThContext *cx, ThValue from, ThList **out) {
  size_t n = 0;
  ThList *list = *out = th_list_new(cx, 8);
  bool ok = list && th_length(cx, from, SIZE_MAX, &n);
  for (size_t i = 0; ok && i < n; i++) {
    ThValue index = th_number((double)i + 1), v;
    ok = th_get_index(cx, from, &index, 1, &v);
    if (!ok) break;
    ok = push_text(cx, list, v);
    th_release(v);
  }
  if (!ok && list) th_release(th_object(list));
  return ok;
}

static bool fill_bars(ThContext *cx, const ThCall *call, ThFigure *figure) {
  ThArray *heights;
  ThList *names = NULL;
  bool named = !th_is_none(call->args[1]);
  if (!named && th_is_record(call->args[0])) return fill_bars_record(cx, th_as_record(call->args[0]), figure);
  if (!th_plot_array(cx, call, named ? 1 : 0, &heights)) return false;
  bool ok = heights->rank == 1 ||
            th_fail_argument(cx, named ? 2 : 1, TH_ERROR_SHAPE, "`bars` takes a vector of heights");
  ok = ok && (!named || bar_names(cx, call->args[0], &names));
  if (ok && names && names->length != heights->length) {
    ok = th_fail_argument(cx, 1, TH_ERROR_SHAPE, "%zu labels for %zu bars", names->length, heights->length);
    th_release(th_object(names));
  }
  if (ok) return add_bars_take(cx, figure, heights, names ? th_object(names) : th_none());
  th_release(th_object(heights));
  return false;
}

static bool body_bars(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, 2, fill_bars, out);
}

/* --- hist */

enum { HIST_BINS = 1, HIST_DENSITY, HIST_OPTIONS, MAX_BINS = 1000 };

/* Few different whole numbers: each gets a bin of its own. */
static bool is_counts(size_t n, const double *sorted) {
  for (size_t i = 0; i < n; i++)
    if (sorted[i] != floor(sorted[i])) return false;
  return n > 0 && sorted[n - 1] - sorted[0] <= 60;
}

static bool even_edges(ThContext *cx, double from, double to, size_t n_bins, ThArray **out) {
  if (!(to > from)) from -= 0.5, to += 0.5;
  return constant(cx, n_bins + 1, from, (to - from) / (double)n_bins, out);
}

static bool given_edges(ThContext *cx, const ThCall *call, ThArray **out) {
  if (!th_plot_array(cx, call, HIST_BINS, out)) return false;
  bool ok = (*out)->rank == 1 && (*out)->length >= 2;
  for (size_t i = 1; ok && i < (*out)->length; i++) ok = th_array_real(*out, i) > th_array_real(*out, i - 1);
  if (ok) return true;
  th_release(th_object(*out));
  return th_fail_argument(cx, HIST_BINS + 1, TH_ERROR_VALUE, "`bins` is how many, or increasing edges");
}

static bool bin_edges(ThContext *cx, const ThCall *call, size_t n, const double *sorted, ThArray **out) {
  ThValue bins = call->args[HIST_BINS];
  double low = n ? sorted[0] : 0, high = n ? sorted[n - 1] : 1;
  if (th_is_array(bins)) return given_edges(cx, call, out);
  if (th_is_scalar(bins)) {
    double count = th_as_scalar(bins);
    if (!(count >= 1 && count <= MAX_BINS) || count != floor(count))
      return th_fail_argument(cx, HIST_BINS + 1, TH_ERROR_VALUE,
                              "`bins` is a whole number from 1 to %d; got %.6g", MAX_BINS, count);
    return even_edges(cx, low, high, (size_t)count, out);
  }
  if (is_counts(n, sorted)) return even_edges(cx, low - 0.5, high + 0.5, (size_t)(high - low) + 1, out);
  return even_edges(cx, low, high, th_stats_bin_count(n, sorted), out);
}

/* Counts, or densities, as bars that touch; takes nothing. */
static bool add_histogram(ThContext *cx, ThFigure *figure, size_t n, const double *sorted,
                          const ThArray *edges, bool density) {
  size_t n_bins = edges->length - 1;
  ThArray *x = th_vector_new(cx, TH_DOUBLE, n_bins), *width = x ? th_vector_new(cx, TH_DOUBLE, n_bins) : NULL;
  ThArray *heights = width ? th_vector_new(cx, TH_DOUBLE, n_bins) : NULL;
  if (!heights) {
    if (x) th_release(th_object(x));
    if (width) th_release(th_object(width));
    return false;
  }
  th_stats_histogram(n, sorted, n_bins, edges->real, heights->real);
  for (size_t i = 0; i < n_bins; i++) {
    x->real[i] = (edges->real[i] + edges->real[i + 1]) / 2;
    width->real[i] = edges->real[i + 1] - edges->real[i];
    if (density) heights->real[i] /= (double)n * width->real[i];
  }
  return th_figure_add_take(cx, figure, TH_MARK_BARS, x, heights, width, NULL);
}

static bool fill_hist(ThContext *cx, const ThCall *call, ThFigure *figure) {
  ThArray *data, *edges = NULL;
  size_t n = 0;
  bool density = th_arg_bool(call, HIST_DENSITY);
  if (!th_plot_array(cx, call, 0, &data)) return false;
  double *sorted = th_alloc_array(cx, data->length, sizeof *sorted);
  for (size_t i = 0; sorted && i < data->length; i++)
    if (isfinite(th_array_real(data, i))) sorted[n++] = th_array_real(data, i);
  bool ok = sorted && th_stats_sort(cx, n, sorted);
  ok = ok && (n > 0 || th_fail_argument(cx, 1, TH_ERROR_VALUE, "there are no numbers to count"));
  ok = ok && bin_edges(cx, call, n, sorted, &edges);
  ok = ok && add_histogram(cx, figure, n, sorted, edges, density);
  ok = ok && th_figure_text(cx, &figure->ylabel, density ? "density" : "count");
  if (edges) th_release(th_object(edges));
  th_free(cx, sorted, data->length * sizeof *sorted);
  th_release(th_object(data));
  return ok;
}

static bool body_hist(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, HIST_OPTIONS, fill_hist, out);
}

/* --- save */

static bool body_save(ThContext *cx, const ThCall *call, ThValue *out) {
  ThFigure *figure;
  char what[80];
  *out = th_none();
  if (!th_plot_figure_of(cx, call->args[0], &figure)) return false;
  if (!figure)
    return th_fail_argument(cx, 1, TH_ERROR_TYPE, "`save` takes a plot; got %s",
                            th_describe(call->args[0], what, sizeof what));
  bool ok = cx->host.save_figure || th_fail(cx, TH_ERROR_IO, "pictures cannot be saved here");
  ok = ok && cx->host.save_figure(cx->host.self, cx, figure, th_arg_text(call, 1));
  th_release(th_object(figure));
  return ok;
}

#define PLOTS "plots"

const ThBuiltin th_lib_plot[] = {
    {"plot(...items: any; " TH_PLOT_OPTIONS ") -> plot", body_plot, PLOTS,
     "draw functions, data, distributions, fits",
     "plot(f, -3, 3): a function of one variable and its range; plot(f, g, -3, 3): several\n"
     "plot(y): a vector against 1, 2, …; plot(x, y): two vectors; the columns of a matrix are curves\n"
     "plot(d): whatever draws itself: a distribution, a random variable, a fit, a table\n"
     "plot(a, b, c): several of these in one picture; figures too\n" TH_PLOT_OPTIONS_NOTE,
     "p = plot(sin, -3, 3, title = \"sine\");\n"
     "q = plot(1:4, [2, 3, 5, 7], style = \"points\");\nr = plot(p, q);",
     "scatter hist bars errorbars fill_between save", NULL},
    {"scatter(x: real, y: real = none; " TH_PLOT_OPTIONS ") -> plot", body_scatter, PLOTS, "draw points",
     "y may be left out when x has the points in its rows, (n, 2)\n" TH_PLOT_OPTIONS_NOTE,
     "p = scatter([1, 2, 3], [2, 4, 3]);", "plot errorbars", NULL},
    {"errorbars(x: real, y: real, σ: real; " TH_PLOT_OPTIONS ") -> plot", body_errorbars, PLOTS,
     "draw points with error bars",
     "the bars reach from y - σ to y + σ; σ may be one number for all\n" TH_PLOT_OPTIONS_NOTE,
     "p = errorbars([1, 2, 3], [2, 4, 3], 0.5);", "plot scatter fill_between", NULL},
    {"bars(labels: real|list|record, values: real = none; " TH_PLOT_OPTIONS ") -> plot", body_bars, PLOTS,
     "draw a bar for each number",
     "bars(values), bars(labels, values), or bars of a record: its names and numbers\n" TH_PLOT_OPTIONS_NOTE,
     "p = bars([3, 5, 2]);\n"
     "q = bars(list(\"yes\", \"no\"), [0.4, 0.6]);\nr = bars((sick = 0.16, healthy = 0.84));",
     "hist plot", NULL},
    {"hist(data: real, bins: real = none, density: bool = false; " TH_PLOT_OPTIONS ") -> plot", body_hist,
     PLOTS, "draw a histogram",
     "bins: how many, or their edges; without it, by Freedman and Diaconis, or one for each whole number\n"
     "density = true: the area is 1, to be compared with a density\n" TH_PLOT_OPTIONS_NOTE,
     "p = hist([1, 2, 2, 3, 3, 3]);\nq = hist([0.1, 0.4, 0.45, 0.9], bins = 2, density = true);",
     "histogram bars plot", NULL},
    {"fill_between(x: real, lower: real, upper: real; " TH_PLOT_OPTIONS ") -> plot", body_fill_between, PLOTS,
     "fill the band between two curves", TH_PLOT_OPTIONS_NOTE,
     "p = fill_between([1, 2, 3], [0, 1, 1], [2, 2, 3]);", "plot errorbars", NULL},
    {"save(p: any, file: string) -> none", body_save, PLOTS, "write a picture to a file",
     "the extension says how: .png (300 dots per inch), .svg, .pdf, .eps, .gif, .webp, .txt, or .gp: the\n"
     "gnuplot script with its data",
     "save(plot([1, 4, 9]), \"squares.txt\")", "plot write_csv", NULL},
    {0},
};
