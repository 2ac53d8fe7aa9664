/* lib_plot_plane.c - contour, heatmap, surface, quiver: pictures of what has a value at each point of the plane */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "infer/region.h"
#include "num/real.h"
#include "prob/pair_plot.h"
#include "ui/libs.h"
#include "ui/plot_items.h"
#include "ui/plot_options.h"
#include "ui/plot_plane.h"
#include "ui/plot_range.h"

enum { LEVEL = 3, CONTOUR_OPTIONS, MAP_OPTIONS = 3, QUIVER_OPTIONS, MOST_LEVELS = 100 };

/* --- contour: which levels */

/* Lines at distances from the end of the range where most of the picture lies, each longer than the one before by one
 * factor: valleys have as many as slopes. */
static size_t growing_levels(double from, double near, double far, size_t n, double *levels) {
  for (size_t i = 0; i < n; i++)
    levels[i] = from + (near - from) * pow((far - from) / (near - from), (double)i / ((double)n - 1));
  if (far < from) qsort(levels, n, sizeof *levels, th_real_ascending);
  return n;
}

/* About ten: round numbers, or growing distances where the values crowd at one end. */
static size_t choose_levels(size_t n, const double *sorted, double *levels) {
  enum { USUAL = 10 };
  double low = sorted[0], high = sorted[n - 1], middle = sorted[n / 2], size = high - low;
  if (!(size > 0)) return 0;
  if (middle - low < 0.12 * size)
    return growing_levels(low, fmax(sorted[n / 50], low + 1e-4 * size), sorted[n - 1 - n / 20], USUAL,
                          levels);
  if (high - middle < 0.12 * size)
    return growing_levels(high, fmin(sorted[n - 1 - n / 50], high - 1e-4 * size), sorted[n / 20], USUAL,
                          levels);
  size_t found = th_plot_ticks(low, high, false, USUAL + 6, levels), kept = 0;
  for (size_t i = 0; i < found; i++) /* at the ends there are points, not lines */
    if (levels[i] > low + 1e-6 * size && levels[i] < high - 1e-6 * size) levels[kept++] = levels[i];
  return kept;
}

static bool find_levels(ThContext *cx, const ThPlane *p, double *levels, size_t *n_levels) {
  size_t n = 0;
  double *sorted = th_alloc_array(cx, p->z->length, sizeof *sorted);
  if (!sorted) return false;
  for (size_t i = 0; i < p->z->length; i++)
    if (isfinite(th_array_real(p->z, i))) sorted[n++] = th_array_real(p->z, i);
  qsort(sorted, n, sizeof *sorted, th_real_ascending);
  *n_levels = n ? choose_levels(n, sorted, levels) : 0;
  th_free(cx, sorted, p->z->length * sizeof *sorted);
  return true;
}

/* The option `level`, a number or several; false in *given when it is left out. */
static bool given_levels(ThContext *cx, const ThCall *call, double *levels, size_t *n, bool *given) {
  ThArray *a;
  *given = call->given[LEVEL];
  if (!*given) return true;
  if (!th_plot_array(cx, call, LEVEL, &a)) return false;
  *n = a->length;
  bool ok = *n >= 1 && *n <= MOST_LEVELS;
  if (!ok) th_fail(cx, TH_ERROR_VALUE, "`contour` takes 1 to %d levels, got %zu", MOST_LEVELS, *n);
  for (size_t i = 0; ok && i < *n; i++) levels[i] = th_array_real(a, i);
  th_release(th_object(a));
  return ok;
}

/* --- contour */

static bool fill_contour(ThContext *cx, const ThCall *call, ThFigure *figure) {
  enum { ACROSS = 101 };
  double levels[MOST_LEVELS];
  size_t n = 0;
  bool given;
  ThPlane p;
  if (!given_levels(cx, call, levels, &n, &given) || !th_plane_read(cx, call, ACROSS, &p)) return false;
  bool ok = (given || find_levels(cx, &p, levels, &n)) &&
            th_figure_levels(cx, figure, TH_MARK_LEVELS, p.x->length, p.y->length, p.x->real, p.y->real,
                             p.z->real, n, levels, NULL);
  th_figure_cover(figure->xrange, p.x->real[0], p.x->real[p.x->length - 1]);
  th_figure_cover(figure->yrange, p.y->real[0], p.y->real[p.y->length - 1]);
  th_plane_clear(&p);
  return ok;
}

static bool fill_pair(ThContext *cx, const ThCall *call, ThFigure *figure) {
  double levels[MOST_LEVELS] = {0.5, 0.9};
  size_t n = 2;
  bool given;
  return given_levels(cx, call, levels, &n, &given) &&
         th_pair_plot(cx, call->args[0], call->args[1], n, levels, figure);
}

/* The region of two parameters of a fit, which are given by their names. */
static bool find_region(ThContext *cx, const ThCall *call, ThValue *out) {
  if (!th_is_string(call->args[1]) || !th_is_string(call->args[2])) {
    th_fail(cx, TH_ERROR_TYPE, "`contour` of a fit takes the names of two parameters");
    return th_hint(cx, "contour(f, \"a\", \"b\")");
  }
  double levels[MOST_LEVELS];
  size_t n = 0;
  bool given;
  return given_levels(cx, call, levels, &n, &given) &&
         th_region_ask(cx, th_as_fit(call->args[0]), th_arg_text(call, 1), th_arg_text(call, 2), n, levels,
                       out);
}

static bool fill_region(ThContext *cx, const ThCall *call, ThFigure *figure) {
  ThValue region;
  if (!find_region(cx, call, &region)) return false;
  bool ok = th_region_plot(cx, region, figure);
  th_release(region);
  return ok;
}

/* The region itself, or with options its picture. */
static bool contour_of_fit(ThContext *cx, const ThCall *call, ThValue *out) {
  for (size_t i = CONTOUR_OPTIONS; i < CONTOUR_OPTIONS + TH_N_PLOT_OPTIONS; i++)
    if (call->given[i]) return th_plot_make(cx, call, CONTOUR_OPTIONS, fill_region, out);
  return find_region(cx, call, out);
}

static bool body_contour(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_fit(call->args[0])) return contour_of_fit(cx, call, out);
  if (th_is_variable(call->args[0])) return th_plot_make(cx, call, CONTOUR_OPTIONS, fill_pair, out);
  return th_plot_make(cx, call, CONTOUR_OPTIONS, fill_contour, out);
}

/* --- heatmap, surface */

static bool check_even(ThContext *cx, const ThArray *a, int argument) {
  double step = (th_array_real(a, a->length - 1) - th_array_real(a, 0)) / ((double)a->length - 1);
  for (size_t i = 1; i < a->length; i++)
    if (!(fabs(th_array_real(a, i) - th_array_real(a, i - 1) - step) <= 1e-3 * fabs(step)))
      return th_fail_argument(cx, argument, TH_ERROR_VALUE,
                              "the cells of a heatmap are of one size: %s has equal steps",
                              argument == 1 ? "x" : "y");
  return true;
}

static bool add_plane_take(ThContext *cx, ThFigure *figure, ThMark mark, ThPlane *p) {
  bool ok = th_figure_add_take(cx, figure, mark, p->x, p->y, p->z, NULL);
  *p = (ThPlane){0};
  return ok;
}

static bool fill_heatmap(ThContext *cx, const ThCall *call, ThFigure *figure) {
  enum { ACROSS = 101 };
  ThPlane p;
  if (!th_plane_read(cx, call, ACROSS, &p)) return false;
  figure->y_down = p.is_matrix;
  bool one = p.x->length == 1 || p.y->length == 1;
  bool ok = one || (check_even(cx, p.x, 1) && check_even(cx, p.y, 2));
  if (ok) return add_plane_take(cx, figure, TH_MARK_CELLS, &p);
  th_plane_clear(&p);
  return false;
}

static bool body_heatmap(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, MAP_OPTIONS, fill_heatmap, out);
}

static bool fill_surface(ThContext *cx, const ThCall *call, ThFigure *figure) {
  enum { ACROSS = 45 };
  ThPlane p;
  if (!th_plane_read(cx, call, ACROSS, &p)) return false;
  if (p.x->length > 1 && p.y->length > 1) return add_plane_take(cx, figure, TH_MARK_SURFACE, &p);
  th_plane_clear(&p);
  return th_fail_argument(cx, 1, TH_ERROR_SHAPE, "a surface has two rows and two columns at least");
}

static bool body_surface(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, MAP_OPTIONS, fill_surface, out);
}

/* --- quiver */

/* Arrows: tails, and what points from them, all (n) by x, y, u, v. */
typedef struct Arrows {
  size_t n;
  double *x, *y, *u, *v;
} Arrows;

static bool arrows_init(ThContext *cx, size_t n, Arrows *a) {
  double *block = th_alloc_array(cx, 4 * n, sizeof *block);
  *a = (Arrows){n, block, block + n, block + 2 * n, block + 3 * n};
  return block != NULL;
}

static void arrows_clear(ThContext *cx, Arrows *a) { th_free(cx, a->x, 4 * a->n * sizeof *a->x); }

static bool vector_at(ThContext *cx, ThValue function, Arrows *a, size_t i) {
  ThValue result, plain;
  char what[80];
  if (!th_plane_call(cx, function, a->x[i], a->y[i], &result)) return false;
  bool ok = th_decay(cx, result, &plain);
  th_release(result);
  if (!ok) return false;
  ok = th_is_array(plain) && th_as_array(plain)->length == 2 && th_as_array(plain)->element != TH_COMPLEX;
  if (ok) a->u[i] = th_array_real(th_as_array(plain), 0), a->v[i] = th_array_real(th_as_array(plain), 1);
  else
    th_fail_argument(cx, 1, TH_ERROR_SHAPE, "an arrow has two components; the function gave %s",
                     th_describe(plain, what, sizeof what));
  th_release(plain);
  return ok;
}

static bool sample_field(ThContext *cx, const ThCall *call, Arrows *out) {
  enum { ACROSS = 19, UP = 15 };
  ThArray *x = NULL, *y = NULL;
  bool ok = th_plane_axis(cx, call, 1, ACROSS, &x) && th_plane_axis(cx, call, 2, UP, &y) &&
            arrows_init(cx, (size_t)ACROSS * UP, out);
  bool made = ok;
  for (size_t i = 0; ok && i < out->n; i++) {
    out->x[i] = x->real[i % ACROSS];
    out->y[i] = y->real[i / ACROSS];
    ok = th_poll(cx) && vector_at(cx, call->args[0], out, i);
  }
  if (made && !ok) arrows_clear(cx, out);
  if (x) th_release(th_object(x));
  if (y) th_release(th_object(y));
  return ok;
}

/* (x, y, u, v) of one size. */
static bool read_arrows(ThContext *cx, const ThCall *call, Arrows *out) {
  static const char *const names[] = {"x", "y", "u", "v"};
  ThArray *all[4] = {0};
  bool ok = true, made = false;
  for (size_t k = 0; ok && k < 4; k++) {
    ok = th_plot_array(cx, call, k, &all[k]);
    if (ok && all[k]->length != all[0]->length)
      ok = th_fail_argument(cx, (int)k + 1, TH_ERROR_SHAPE, "x has %zu numbers and %s has %zu",
                            all[0]->length, names[k], all[k]->length);
  }
  made = ok = ok && arrows_init(cx, all[0]->length, out);
  for (size_t k = 0; made && k < 4; k++)
    for (size_t i = 0; i < out->n; i++) out->x[k * out->n + i] = th_array_real(all[k], i);
  for (size_t k = 0; k < 4; k++)
    if (all[k]) th_release(th_object(all[k]));
  return ok;
}

static double spread(size_t n, const double *x) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (size_t i = 0; i < n; i++) low = fmin(low, x[i]), high = fmax(high, x[i]);
  return high > low ? high - low : 1;
}

/* One factor for all, such that the longest arrow is about as long as tails are apart. */
static double arrow_scale(const Arrows *a) {
  double wide = spread(a->n, a->x), high = spread(a->n, a->y), longest = 0;
  for (size_t i = 0; i < a->n; i++) {
    double length = hypot(a->u[i] / wide, a->v[i] / high);
    if (isfinite(length)) longest = fmax(longest, length);
  }
  return longest > 0 ? 1.1 / (sqrt((double)a->n) * longest) : 0;
}

static bool add_arrows(ThContext *cx, ThFigure *figure, const Arrows *a) {
  ThArray *x = th_vector_new(cx, TH_DOUBLE, 2 * a->n), *y = x ? th_vector_new(cx, TH_DOUBLE, 2 * a->n) : NULL;
  if (!y) {
    if (x) th_release(th_object(x));
    return false;
  }
  double scale = arrow_scale(a);
  for (size_t i = 0; i < a->n; i++) {
    x->real[2 * i] = a->x[i];
    y->real[2 * i] = a->y[i];
    x->real[2 * i + 1] = a->x[i] + scale * a->u[i];
    y->real[2 * i + 1] = a->y[i] + scale * a->v[i];
  }
  return th_figure_add_take(cx, figure, TH_MARK_ARROWS, x, y, NULL, NULL);
}

static bool fill_quiver(ThContext *cx, const ThCall *call, ThFigure *figure) {
  Arrows a = {0};
  bool field = th_plane_is_function(call->args[0]);
  if (!field && th_is_none(call->args[3])) {
    th_fail(cx, TH_ERROR_VALUE, "`quiver` needs where arrows begin and where they point");
    return th_hint(cx, "quiver(f, [-3, 3], [-3, 3]), quiver(x, y, u, v)");
  }
  if (!(field ? sample_field(cx, call, &a) : read_arrows(cx, call, &a))) return false;
  bool ok = add_arrows(cx, figure, &a);
  arrows_clear(cx, &a);
  return ok;
}

static bool body_quiver(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_plot_make(cx, call, QUIVER_OPTIONS, fill_quiver, out);
}

#define PLOTS "plots"
#define PLANE \
  "(f, [from, to], [from, to]): a function of [x₁, x₂] or of (x, y); (x, y, Z): Z[i, j] stands at y[i], x[j]\n"

const ThBuiltin th_lib_plot_plane[] = {
    {"contour(f: any, x: any = none, y: any = none; level: real = …, " TH_PLOT_OPTIONS ") -> any",
     body_contour, PLOTS, "draw level lines of a function; where two parameters lie together",
     PLANE
     "contour(Z): of a matrix; level: where lines are drawn\n"
     "contour(post.a, post.b): of two random variables: the smallest regions that hold 50 and 90 %, or level\n"
     "contour(fit, \"a\", \"b\"): curves on which twice what the log likelihood has fallen is the χ² quantile of\n"
     "two degrees of freedom, the other parameters being as they then fit best: at 68.3 and 95 %, or level.\n"
     "Wald's ellipses, from the ± and the correlation, are dashed\n"
     "curves: a list of tables, one a level; chi2; levels\n" TH_PLOT_OPTIONS_NOTE,
     "p = contour((x, y) -> x^2 + 3x*y + 4y^2, [-1, 1], [-1, 1]);\n"
     "model decay(t, y) { param A, τ in (0, inf); y ~ Normal(A*exp(-t/τ), 0.1) }\n"
     "f = mle(decay, (t = [0.5, 1, 2, 4, 8], y = [2.4, 2.1, 1.2, 0.7, 0.1]), init = (A = 3, τ = 2));\n"
     "c = contour(f, \"A\", \"τ\");\nc.chi2\n#> [2.29575, 5.99146]",
     "heatmap surface quiver profile", NULL},
    {"heatmap(f: any, x: any = none, y: any = none; " TH_PLOT_OPTIONS ") -> plot", body_heatmap, PLOTS,
     "draw a matrix, or a function of the plane, in colours",
     "heatmap(Z): row 1 on top\n" PLANE TH_PLOT_OPTIONS_NOTE,
     "p = heatmap([1, 2, 3; 4, 5, 6]);\nq = heatmap(x -> x[1]*x[2], [-1, 1], [0, 2]);", "contour surface",
     NULL},
    {"surface(f: any, x: any = none, y: any = none; " TH_PLOT_OPTIONS ") -> plot", body_surface, PLOTS,
     "draw a function of the plane as a landscape", PLANE "surface(Z): of a matrix\n" TH_PLOT_OPTIONS_NOTE,
     "p = surface((x, y) -> exp(-x^2 - y^2), [-2, 2], [-2, 2]);", "contour heatmap", NULL},
    {"quiver(x: any, y: any = none, u: any = none, v: any = none; " TH_PLOT_OPTIONS ") -> plot", body_quiver,
     PLOTS, "draw arrows: a field of vectors",
     "quiver(f, [from, to], [from, to]): f of [x₁, x₂] or of (x, y) gives two numbers\n"
     "quiver(x, y, u, v): arrows from (x, y) along (u, v); all are scaled by one factor\n" TH_PLOT_OPTIONS_NOTE,
     "p = quiver(x -> [-x[2], x[1]], [-1, 1], [-1, 1]);\nq = quiver([0, 1], [0, 1], [1, 1], [0.5, -0.5]);",
     "contour plot", NULL},
    {0},
};
