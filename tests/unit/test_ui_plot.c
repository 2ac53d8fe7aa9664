/* test_ui_plot.c - tests of ranges, ticks, colours, quoting, drawings in characters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "ui/canvas.h"
#include "ui/gnuplot.h"
#include "ui/plot_colors.h"
#include "ui/plot_range.h"
#include "ui/plot_script.h"
#include "ui/plot_text.h"
#include "val/basic.h"

static ThArray *vector(ThContext *cx, size_t n, const double *x) {
  ThArray *a = th_vector_new(cx, TH_DOUBLE, n);
  ck_assert_ptr_nonnull(a);
  memcpy(a->real, x, n * sizeof *x);
  return a;
}

static ThFigure *figure_of(ThContext *cx, ThMark mark, size_t n, const double *x, const double *y,
                           const double *z) {
  ThFigure *figure = th_figure_new(cx);
  ck_assert_ptr_nonnull(figure);
  ck_assert(th_figure_add_take(cx, figure, mark, vector(cx, n, x), vector(cx, n, y),
                               z ? vector(cx, n, z) : NULL, NULL));
  return figure;
}

/* --- Ranges */

static const double one_two[] = {1, 2.385}, tens[] = {10, 1000}, ones[] = {0.5, 0.5},
                    holes[] = {(double)NAN, 7};

static const struct {
  ThMark mark;
  const double *x, *y, *z;
  bool log_y;
  double low, high; /* what the y range must contain */
  double floor;     /* where it must begin, or NaN */
} ranges[] = {
    {TH_MARK_LINE, one_two, tens, NULL, false, 10, 1000, 0},
    {TH_MARK_LINE, one_two, tens, NULL, true, 10, 1000, (double)NAN},
    {TH_MARK_POINTS, one_two, one_two, NULL, false, 1, 2.385, (double)NAN},
    {TH_MARK_ERRORBARS, one_two, one_two, ones, false, 0.5, 2.885, (double)NAN},
    {TH_MARK_BARS, one_two, one_two, ones, false, 0, 2.385, 0},
    {TH_MARK_IMPULSES, one_two, one_two, NULL, false, 0, 2.385, 0},
    {TH_MARK_BAND, one_two, one_two, tens, false, 1, 1000, 0},
    {TH_MARK_LINE, one_two, holes, NULL, false, 7, 7, (double)NAN},
    {TH_MARK_LINE, one_two, ones, NULL, false, 0.5, 0.5, (double)NAN},
};

START_TEST(ranges_cover_the_series) {
  ThContext cx;
  ThPlotRange range;
  unit_context(&cx);
  ThFigure *figure = figure_of(&cx, ranges[_i].mark, 2, ranges[_i].x, ranges[_i].y, ranges[_i].z);
  figure->log_y = ranges[_i].log_y;
  th_plot_range(figure, &range);
  ck_assert_double_le(range.y[0], ranges[_i].low);
  ck_assert_double_ge(range.y[1], ranges[_i].high);
  ck_assert_double_lt(range.y[0], range.y[1]);
  ck_assert_double_lt(range.x[0], range.x[1]);
  if (!isnan(ranges[_i].floor)) ck_assert_double_eq(range.y[0], ranges[_i].floor);
  if (ranges[_i].log_y) ck_assert_double_gt(range.y[0], 0);
  th_release(th_object(figure));
  unit_done(&cx);
}
END_TEST

START_TEST(a_given_range_is_kept) {
  ThContext cx;
  ThPlotRange range;
  unit_context(&cx);
  ThFigure *figure = figure_of(&cx, TH_MARK_LINE, 2, one_two, tens, NULL);
  figure->xrange[0] = 0.9;
  figure->xrange[1] = 1.5;
  th_plot_range(figure, &range);
  ck_assert_double_eq(range.x[0], 0.9);
  ck_assert_double_eq(range.x[1], 1.5);
  ck_assert_double_lt(range.y[1], 20); /* the second point lies outside */
  th_release(th_object(figure));
  unit_done(&cx);
}
END_TEST

static const struct {
  double from, to;
  bool logarithmic;
  size_t most, n;
  double first, step;
} ticks[] = {
    {-3, 3, false, 7, 7, -3, 1},           {0, 1, false, 6, 6, 0, 0.2},
    {0, 0.0023, false, 6, 5, 0, 0.0005},   {-0.1, 10.4, false, 7, 6, 0, 2},
    {99.5, 100.5, false, 6, 5, 99.6, 0.2}, {1e6, 5e6, false, 5, 5, 1e6, 1e6},
};

START_TEST(ticks_are_round) {
  double at[32];
  size_t n = th_plot_ticks(ticks[_i].from, ticks[_i].to, ticks[_i].logarithmic, ticks[_i].most, at);
  ck_assert_uint_eq(n, ticks[_i].n);
  for (size_t i = 0; i < n; i++)
    ck_assert_double_eq_tol(at[i], ticks[_i].first + ticks[_i].step * (double)i, 1e-9 * (1 + fabs(at[i])));
}
END_TEST

START_TEST(logarithmic_ticks_are_powers) {
  double at[32];
  size_t n = th_plot_ticks(0.5, 2e4, true, 8, at);
  ck_assert_uint_eq(n, 5);
  for (size_t i = 0; i < n; i++) ck_assert_double_eq_tol(at[i], pow(10, (double)i), 1e-9);
  ck_assert_uint_eq(th_plot_ticks(1, 1, true, 8, at), 0);
  ck_assert_uint_eq(th_plot_ticks(2, 1, false, 8, at), 0);
}
END_TEST

START_TEST(colours_are_given_out_in_order) {
  ThContext cx;
  int colors[3];
  unit_context(&cx);
  ThFigure *figure = figure_of(&cx, TH_MARK_LINE, 2, one_two, tens, NULL);
  for (int i = 0; i < 2; i++)
    ck_assert(th_figure_add_take(&cx, figure, TH_MARK_LINE, vector(&cx, 2, one_two), vector(&cx, 2, tens),
                                 NULL, NULL));
  figure->series[1].color = 5;
  th_plot_assign_colors(figure, colors);
  ck_assert_int_eq(colors[0], 0);
  ck_assert_int_eq(colors[1], 5);
  ck_assert_int_eq(colors[2], 1);
  th_release(th_object(figure));
  unit_done(&cx);
}
END_TEST

START_TEST(the_key_avoids_the_curve) {
  ThContext cx;
  ThPlotRange range;
  unit_context(&cx);
  ThFigure *rising = figure_of(&cx, TH_MARK_LINE, 2, one_two, tens, NULL);
  th_plot_range(rising, &range);
  ck_assert_int_eq(th_plot_key_corner(rising, &range, 0.4, 0.3), 1);
  static const double down[] = {1000, 10};
  ThFigure *falling = figure_of(&cx, TH_MARK_LINE, 2, one_two, down, NULL);
  ck_assert_int_eq(th_plot_key_corner(falling, &range, 0.4, 0.3), 0);
  th_release(th_object(rising));
  th_release(th_object(falling));
  unit_done(&cx);
}
END_TEST

/* --- Quoting */

static const struct {
  const char *text, *quoted;
} quotes[] = {
    {"plain", "'plain'"},
    {"it's", "'it'.\"'\".'s'"},
    {"'", "''.\"'\".''"},
    {"a\nb", "'a'.\"\\n\".'b'"},
    {"`rm` $x @y \\n \"q\" {/Symbol}", "'`rm` $x @y \\n \"q\" {/Symbol}'"},
    {"tab\tbell\a", "'tab bell '"},
    {"bad \xff byte", "'bad   byte'"},
    {"abcdefghijk", "'abcdefgh…'"},
    {"", "''"},
};

START_TEST(strings_are_quoted) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  size_t limit = strncmp(quotes[_i].text, "abcdefgh", 8) == 0 ? 8 : 100;
  th_gnuplot_quote(quotes[_i].text, limit, &out);
  ck_assert_str_eq(th_text_string(&out), quotes[_i].quoted);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

/* --- Scripts */

static bool write_script(ThContext *cx) {
  ThText out;
  th_text_init(&out, &cx->heap);
  ThFigure *figure = th_figure_new(cx);
  ThArray *x = figure ? th_vector_new(cx, TH_DOUBLE, 2) : NULL,
          *y = x ? th_vector_new(cx, TH_DOUBLE, 2) : NULL;
  bool ok = y != NULL;
  if (ok) {
    memcpy(x->real, one_two, sizeof one_two);
    memcpy(y->real, tens, sizeof tens);
    ok = th_figure_add_take(cx, figure, TH_MARK_LINE, x, y, NULL, "a label");
  } else if (x) th_release(th_object(x));
  ok = ok && th_figure_text(cx, &figure->title, "a title") && th_plot_script_file(cx, figure, &out);
  if (figure) th_release(th_object(figure));
  th_text_clear(&out);
  return ok;
}

START_TEST(scripts_survive_a_lack_of_memory) {
  ThContext cx;
  unit_context(&cx);
  unit_refuse_each(&cx, write_script);
  unit_done(&cx);
}
END_TEST

START_TEST(a_long_line_is_thinned_to_its_outline) {
  enum { N = 100000 };
  ThContext cx;
  ThText thin;
  unit_context(&cx);
  th_text_init(&thin, &cx.heap);
  ThArray *x = th_vector_new(&cx, TH_DOUBLE, N), *y = th_vector_new(&cx, TH_DOUBLE, N);
  for (size_t i = 0; i < N; i++) {
    x->real[i] = (double)i;
    y->real[i] = i == 54321 ? 1e6 : sin((double)i / 1000);
  }
  ThFigure *figure = th_figure_new(&cx);
  ck_assert(th_figure_add_take(&cx, figure, TH_MARK_LINE, x, y, NULL, NULL));
  const ThPlotFormat *png = th_plot_format_at(0);
  ck_assert(th_plot_script(&cx, figure, png, &th_plot_light, false, NULL, &thin));
  ck_assert_uint_lt(thin.length, 16 * 8100);
  double spike = 1e6;
  bool found = false;
  for (size_t i = 0; !found && i + 8 <= thin.length; i++) found = memcmp(thin.data + i, &spike, 8) == 0;
  ck_assert_msg(found, "the one high point is lost");
  th_release(th_object(figure));
  th_text_clear(&thin);
  unit_done(&cx);
}
END_TEST

/* Round and round on one circle: after the first round there is nothing new. */
START_TEST(a_wandering_line_is_drawn_once) {
  enum { N = 100000, ROUND = 2000 };
  ThContext cx;
  ThText script;
  unit_context(&cx);
  th_text_init(&script, &cx.heap);
  ThArray *x = th_vector_new(&cx, TH_DOUBLE, N), *y = th_vector_new(&cx, TH_DOUBLE, N);
  for (size_t i = 0; i < N; i++) {
    x->real[i] = 2.385 * cos(6.283185307179586 * (double)(i % ROUND) / ROUND);
    y->real[i] = i + 1 == N ? 1e3 : sin(6.283185307179586 * (double)(i % ROUND) / ROUND);
  }
  ThFigure *figure = th_figure_new(&cx);
  ck_assert(th_figure_add_take(&cx, figure, TH_MARK_LINE, x, y, NULL, NULL));
  ck_assert(th_plot_script(&cx, figure, th_plot_format_at(0), &th_plot_light, false, NULL, &script));
  ck_assert_uint_lt(script.length, 16 * 2 * ROUND);
  double far = 1e3;
  bool found = false;
  for (size_t i = 0; !found && i + 8 <= script.length; i++) found = memcmp(script.data + i, &far, 8) == 0;
  ck_assert_msg(found, "the last point is lost");
  th_release(th_object(figure));
  th_text_clear(&script);
  unit_done(&cx);
}
END_TEST

/* --- Drawings in characters */

START_TEST(points_behind_others_are_left_out) {
  enum { N = 20000 };
  ThContext cx;
  ThText script;
  unit_context(&cx);
  th_text_init(&script, &cx.heap);
  ThArray *x = th_vector_new(&cx, TH_DOUBLE, N), *y = th_vector_new(&cx, TH_DOUBLE, N);
  for (size_t i = 0; i < N; i++) {
    x->real[i] = (double)(i % 10);
    y->real[i] = (double)(i % 7);
  }
  ThFigure *figure = th_figure_new(&cx);
  ck_assert(th_figure_add_take(&cx, figure, TH_MARK_POINTS, x, y, NULL, NULL));
  ck_assert(th_plot_script(&cx, figure, th_plot_format_at(0), &th_plot_light, false, NULL, &script));
  ck_assert_ptr_nonnull(strstr(th_text_string(&script), "record=(70)"));
  th_release(th_object(figure));
  th_text_clear(&script);
  unit_done(&cx);
}
END_TEST

START_TEST(dots_become_braille) {
  ThContext cx;
  ThCanvas canvas;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  ck_assert(th_canvas_init(&cx, &canvas, 4, 2, (ThCanvasStyle){.utf8 = true}));
  th_canvas_dot(&canvas, 0, 0, 0);
  th_canvas_dot(&canvas, 1, 3, 0);
  th_canvas_dot(&canvas, -1, 0, 0);
  th_canvas_dot(&canvas, 8, 0, 0);
  th_canvas_text(&canvas, 1, 1, "αβγδ", 3, -1);
  th_canvas_print(&canvas, &out);
  ck_assert_str_eq(th_text_string(&out), "⢁\n αβ…\n");
  th_canvas_clear(&canvas);
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

START_TEST(a_line_is_drawn) {
  ThContext cx;
  ThText out;
  unit_context(&cx);
  th_text_init(&out, &cx.heap);
  static const double x[] = {0, 1};
  ThFigure *figure = figure_of(&cx, TH_MARK_LINE, 2, x, x, NULL);
  ck_assert(th_plot_text(&cx, figure, 24, 8, (ThCanvasStyle){.utf8 = false}, &out));
  const char *text = th_text_string(&out);
  ck_assert_ptr_nonnull(strstr(text, "  1 +"));
  ck_assert_ptr_nonnull(strstr(text, "  0 +"));
  ck_assert_ptr_nonnull(strstr(text, "0.5 +"));
  for (const char *line = text; *line; line = strchr(line, '\n') + 1)
    ck_assert_uint_le(strcspn(line, "\n"), 24);
  th_release(th_object(figure));
  th_text_clear(&out);
  unit_done(&cx);
}
END_TEST

Suite *th_suite_ui_plot(void) {
  Suite *suite = suite_create("ui_plot");
  ADD_ROWS(suite, ranges_cover_the_series, COUNT(ranges));
  ADD(suite, a_given_range_is_kept);
  ADD_ROWS(suite, ticks_are_round, COUNT(ticks));
  ADD(suite, logarithmic_ticks_are_powers);
  ADD(suite, colours_are_given_out_in_order);
  ADD(suite, the_key_avoids_the_curve);
  ADD_ROWS(suite, strings_are_quoted, COUNT(quotes));
  ADD(suite, scripts_survive_a_lack_of_memory);
  ADD(suite, a_long_line_is_thinned_to_its_outline);
  ADD(suite, a_wandering_line_is_drawn_once);
  ADD(suite, points_behind_others_are_left_out);
  ADD(suite, dots_become_braille);
  ADD(suite, a_line_is_drawn);
  return suite;
}
