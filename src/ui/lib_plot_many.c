/* lib_plot_many.c - panels, animate, corner, trace_plot, residual_plot: pictures made of several, and of fits */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "infer/corner_plot.h"
#include "infer/fit.h"
#include "infer/regression.h"
#include "ui/libs.h"
#include "ui/plot_items.h"
#include "ui/plot_options.h"
#include "ui/plot_range.h"

enum { MOST_PANELS = 64, MOST_FRAMES = 2000 };

/* --- panels */

enum { COLS, TITLE, WIDTH, HEIGHT, FIRST_PANEL };

/* Argument `argument` as a part; takes nothing. */
static bool push_panel(ThContext *cx, ThList *parts, ThValue v, size_t argument) {
  ThFigure *figure;
  char what[80];
  if (!th_plot_figure_of(cx, v, &figure)) return false;
  if (!figure)
    return th_fail_argument(cx, (int)argument, TH_ERROR_TYPE, "`panels` takes plots; got %s",
                            th_describe(v, what, sizeof what));
  if (figure->form == TH_FIGURE_SINGLE) return th_list_push_take(cx, parts, th_object(figure));
  th_release(th_object(figure));
  return th_fail_argument(cx, (int)argument, TH_ERROR_VALUE, "a panel is a single picture");
}

static bool push_panels(ThContext *cx, ThList *parts, ThValue v, size_t argument) {
  if (!th_is_list(v)) return push_panel(cx, parts, v, argument);
  const ThList *list = th_as_list(v);
  for (size_t i = 0; i < list->length; i++)
    if (!push_panel(cx, parts, list->items[i], argument)) return false;
  return true;
}

static bool read_columns(ThContext *cx, const ThCall *call, size_t n, double *columns) {
  *columns = call->given[COLS] ? th_arg_number(call, COLS) : n < 2 ? 1 : 2;
  if (*columns >= 1) return true;
  return th_fail(cx, TH_ERROR_VALUE, "`cols` is how many stand beside each other, 1 or more; got %.6g",
                 *columns);
}

static bool check_panels(ThContext *cx, const ThList *parts) {
  if (parts->length == 0) {
    th_fail(cx, TH_ERROR_VALUE, "`panels` needs something to draw");
    return th_hint(cx, "panels(plot(sin, -3, 3), plot(cos, -3, 3))");
  }
  return parts->length <= MOST_PANELS ||
         th_fail(cx, TH_ERROR_LIMIT, "%zu panels are too many for one picture: at most %d", parts->length,
                 MOST_PANELS);
}

static bool body_panels(ThContext *cx, const ThCall *call, ThValue *out) {
  ThList *parts = th_list_new(cx, 4);
  double columns;
  bool ok = parts != NULL;
  for (size_t i = FIRST_PANEL; ok && i < call->n_args; i++)
    ok = push_panels(cx, parts, call->args[i], i - FIRST_PANEL + 1);
  ok = ok && check_panels(cx, parts) && read_columns(cx, call, parts->length, &columns);
  if (!ok) {
    if (parts) th_release(th_object(parts));
    return false;
  }
  ThFigure *figure = th_figure_of_parts_take(cx, TH_FIGURE_PANELS, parts, columns);
  if (!figure) return false;
  if (call->given[TITLE]) figure->title = th_retain(call->args[TITLE]);
  if (call->given[WIDTH]) figure->width = th_arg_number(call, WIDTH);
  if (call->given[HEIGHT]) figure->height = th_arg_number(call, HEIGHT);
  *out = th_object(figure);
  return true;
}

/* --- animate */

static bool push_frame(ThContext *cx, ThList *parts, ThValue function, double t) {
  ThValue argument = th_number(t), result;
  ThFigure *figure;
  char what[80];
  if (!th_call_values(cx, function, &argument, 1, &result)) return false;
  bool ok = th_plot_figure_of(cx, result, &figure);
  if (ok && !figure)
    ok = th_fail_argument(cx, 1, TH_ERROR_TYPE, "a film needs a plot for each moment; the function gave %s",
                          th_describe(result, what, sizeof what));
  th_release(result);
  if (!ok) return false;
  ThFigure *own = th_figure_copy(cx, figure);
  th_release(th_object(figure));
  return own && th_list_push_take(cx, parts, th_object(own));
}

static void widen(double range[2], const double by[2]) {
  range[0] = isnan(range[0]) ? fmin(by[0], by[1]) : fmin(range[0], fmin(by[0], by[1]));
  range[1] = isnan(range[1]) ? fmax(by[0], by[1]) : fmax(range[1], fmax(by[0], by[1]));
}

/* All frames have the same axes: what moves is what is shown. */
static void share_ranges(const ThList *parts) {
  double x[2] = {NAN, NAN}, y[2] = {NAN, NAN};
  for (size_t i = 0; i < parts->length; i++) {
    ThPlotRange range;
    th_plot_range((const ThFigure *)th_as_object(parts->items[i]), &range);
    widen(x, range.x);
    widen(y, range.y);
  }
  for (size_t i = 0; i < parts->length; i++) {
    ThFigure *frame = (ThFigure *)th_as_object(parts->items[i]);
    if (isnan(frame->xrange[0])) memcpy(frame->xrange, x, sizeof x);
    if (isnan(frame->yrange[0])) memcpy(frame->yrange, y, sizeof y);
  }
}

static bool body_animate(ThContext *cx, const ThCall *call, ThValue *out) {
  ThArray *ts;
  if (!th_plot_array(cx, call, 1, &ts)) return false;
  ThList *parts = NULL;
  bool ok = ts->length >= 1 && ts->length <= MOST_FRAMES;
  if (!ok)
    th_fail_argument(cx, 2, TH_ERROR_LIMIT, "a film has 1 to %d frames; got %zu", MOST_FRAMES, ts->length);
  else ok = (parts = th_list_new(cx, ts->length)) != NULL;
  for (size_t i = 0; ok && i < ts->length; i++)
    ok = th_poll(cx) && push_frame(cx, parts, call->args[0], th_array_real(ts, i));
  th_release(th_object(ts));
  if (!ok) {
    if (parts) th_release(th_object(parts));
    return false;
  }
  share_ranges(parts);
  ThFigure *figure = th_figure_of_parts_take(cx, TH_FIGURE_FRAMES, parts, th_arg_number(call, 2));
  if (figure) *out = th_object(figure);
  return figure != NULL;
}

/* --- Of posteriors and fits */

static bool body_corner(ThContext *cx, const ThCall *call, ThValue *out) {
  ThFigure *figure;
  if (!th_corner_plot(cx, th_as_posterior(call->args[0]), &figure)) return false;
  *out = th_object(figure);
  return true;
}

static bool body_trace_plot(ThContext *cx, const ThCall *call, ThValue *out) {
  ThFigure *figure;
  if (!th_chains_plot(cx, th_as_posterior(call->args[0]), &figure)) return false;
  *out = th_object(figure);
  return true;
}

static bool fill_residuals(ThContext *cx, const ThCall *call, ThFigure *figure) {
  return th_is_fit(call->args[0]) ? th_fit_plot_residuals(cx, th_as_fit(call->args[0]), figure)
                                  : th_regression_plot_residuals(cx, th_as_regression(call->args[0]), figure);
}

static bool body_residual_plot(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, 1, fill_residuals, out);
}

#define PLOTS "plots"
#define LINE                                                                              \
  "model line(x, y) { a ~ Normal(0, 10); b ~ Normal(0, 10); y ~ Normal(a + b*x, 0.5) }\n" \
  "d = (x = [1, 2, 3, 4], y = [1.2, 1.9, 3.3, 4.1]);\n"

const ThBuiltin th_lib_plot_many[] = {
    {"panels(...plots: any; cols: count = …, title: string = …, width: positive = …, height: positive = …) -> plot",
     body_panels, PLOTS, "put several plots beside each other",
     "cols: how many stand in a row, 2; a list of plots is as good as several\n"
     "width, height: of the whole, in inches",
     "p = panels(plot(sin, -3, 3), plot(cos, -3, 3));\nq = panels(plot([1, 4, 9]), plot(Normal(0, 1)), cols = 1);",
     "plot animate corner", NULL},
    {"animate(f: function, ts: real, fps: positive = 10) -> plot", body_animate, PLOTS,
     "make a film of plots",
     "f(t) is the plot at each t of ts; all have the same axes; fps: frames in a second\n"
     "save(a, \"film.gif\") writes it, or .webp where gnuplot can; in the terminal it runs once",
     "a = animate(t -> plot(x -> sin(x - t), 0, 6), linspace(0, 6, 5));", "plot panels save", NULL},
    {"corner(p: posterior) -> plot", body_corner, PLOTS,
     "draw the parameters of a posterior against each other",
     "On the diagonal the density of each parameter; below it, of two at a time, the smallest regions that hold\n"
     "50 and 90 %, with draws as points where they were sampled. plot(p.a, p.b) draws one pair.",
     LINE "p = posterior(line, d);\nc = corner(p);", "contour trace_plot plot", NULL},
    {"trace_plot(p: posterior) -> plot", body_trace_plot, PLOTS,
     "draw what the chains of a sampler drew, in order",
     "A panel for each parameter, a colour for each chain: they should look alike, and like noise.",
     LINE "p = posterior(line, d, method = \"nuts\", draws = 50, warmup = 50);\nt = trace_plot(p);",
     "corner posterior", NULL},
    {"residual_plot(f: fit|regression; " TH_PLOT_OPTIONS ") -> plot", body_residual_plot, PLOTS,
     "draw what a fit leaves of the data",
     "The data less the fitted mean over the input, or where there are several inputs over the mean; error bars\n"
     "where σ is known. A good fit leaves no pattern.\n" TH_PLOT_OPTIONS_NOTE,
     LINE "r = residual_plot(mle(line, d));\nq = residual_plot(lm(y ~ x, d));", "plot lm mle", NULL},
    {0},
};
