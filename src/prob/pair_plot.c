/* pair_plot.c - two random variables as a picture in the plane */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The density is taken on a grid over the middle of the draws: that of the joint distribution, where a query finds it;
 * of independent variables the product of theirs; else that of draws in cells, smoothed by a normal kernel. A region of
 * highest density is where it is above a level, and the sums of the sorted grid tell which level holds how much. */
#include "prob/pair_plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/builtin.h"
#include "num/real.h"
#include "num/stats.h"
#include "prob/draws.h"
#include "prob/event.h"
#include "prob/query.h"
#include "prob/variable_kind.h"

enum { DRAWS = 40000, GRID = 97, SHOWN_DRAWS = 1500 };

typedef struct Pair {
  ThContext *cx;
  ThValue v[2];
  bool sampled;          /* known by draws of a sampler, which are drawn again */
  size_t n_different;    /* draws that are not the same one again */
  double *draws[2];      /* (DRAWS) each */
  double axis[2][GRID];  /* the places of the grid */
  double z[GRID * GRID]; /* [i, j] at axis[1][i], axis[0][j] */
  double sorted[GRID * GRID], other[GRID * GRID];
} Pair;

bool th_pair_is_of_one(ThValue x, ThValue y) {
  return th_is_variable(x) && th_is_variable(y) && x.bits != y.bits && th_as_variable(x)->origin != 0 &&
         th_as_variable(x)->origin == th_as_variable(y)->origin;
}

bool th_variable_name_axis(ThContext *cx, ThValue v, size_t most, ThValue *slot) {
  ThText name;
  if (!th_is_none(*slot)) return true;
  th_text_init(&name, &cx->heap);
  bool ok = th_variable_text(cx, v, most, &name) && th_text_ok(&name, cx) &&
            th_figure_text(cx, slot, th_text_string(&name));
  th_text_clear(&name);
  return ok;
}

/* --- Draws */

static bool find_sampler(Pair *p) {
  ThValue empirical;
  if (!th_draws_empirical(p->cx, p->v[0], &empirical)) return false;
  p->sampled = !th_is_none(empirical);
  p->n_different = p->sampled ? th_as_array(th_as_distribution(empirical)->parameters[0])->length : DRAWS;
  th_release(empirical);
  return true;
}

/* Do values end there, rather than run out? Then more than a few are near the farthest one, at `end`. */
static bool is_bound(const double *sorted, double end, double near) {
  size_t n = 0;
  for (size_t i = 0; i < DRAWS; i++) n += fabs(sorted[i] - end) <= near;
  return n > DRAWS / 100;
}

/* The grid covers all but the farthest draws and some room around them, but nothing beyond a bound. */
static void place_axis(const double *sorted, double axis[GRID]) {
  double low = th_stats_quantile_sorted(DRAWS, sorted, 0.001),
         high = th_stats_quantile_sorted(DRAWS, sorted, 0.999), size = high - low;
  double room = size > 0 ? 0.12 * size : 0.5, first = sorted[0], last = sorted[DRAWS - 1];
  low = size > 0 && is_bound(sorted, first, 0.02 * size) ? first : low - room;
  high = size > 0 && is_bound(sorted, last, 0.02 * size) ? last : high + room;
  for (int i = 0; i < GRID; i++) axis[i] = low + (high - low) * i / (GRID - 1);
}

static bool place_grid(Pair *p) {
  double *sorted = th_alloc_array(p->cx, DRAWS, sizeof *sorted);
  if (!sorted) return false;
  for (size_t k = 0; k < 2; k++) {
    memcpy(sorted, p->draws[k], DRAWS * sizeof *sorted);
    qsort(sorted, DRAWS, sizeof *sorted, th_real_ascending);
    place_axis(sorted, p->axis[k]);
  }
  th_free(p->cx, sorted, DRAWS * sizeof *sorted);
  return true;
}

/* --- The density: of the joint distribution */

static bool density_of_law(Pair *p, const ThDistribution *d) {
  for (int i = 0; i < GRID * GRID; i++) {
    double x[2] = {p->axis[0][i % GRID], p->axis[1][i / GRID]}, log_density;
    if (!d->family->event->log_density(p->cx, d, x, &log_density)) return false;
    p->z[i] = exp(log_density);
  }
  return true;
}

/* *known is false where there is no such law of two continuous numbers. */
static bool density_if_known(Pair *p, bool *known) {
  ThValue both, law;
  *known = false;
  if (!th_variable_kind.stack(p->cx, p->v, 2, &both)) return false;
  bool ok = th_builtin_call(p->cx, "dist", &both, 1, &law);
  th_release(both);
  if (!ok) {
    if (th_is_final(p->cx)) return false;
    th_error_clear(p->cx);
    return true;
  }
  const ThDistribution *d = th_is_distribution(law) ? th_as_distribution(law) : NULL;
  const ThEventLaw *event = d ? d->family->event : NULL;
  *known = event && event->log_density && event->rank == 1 && !event->discrete && th_event_size(d) == 2;
  ok = !*known || density_of_law(p, d);
  th_release(law);
  return ok;
}

/* --- Of independent variables */

static bool are_independent(Pair *p, bool *out) {
  ThNetwork net;
  if (!th_network_init(p->cx, &net, p->v, 2)) return false;
  bool *hangs = th_alloc_array(p->cx, 2 * net.n_variables + 1, sizeof *hangs), ok = hangs;
  ok = ok && th_network_ancestors(&net, p->v[0], hangs) &&
       th_network_ancestors(&net, p->v[1], hangs + net.n_variables);
  *out = ok;
  for (size_t i = 0; ok && i < net.n_variables; i++) *out = *out && !(hangs[i] && hangs[net.n_variables + i]);
  th_free(p->cx, hangs, (2 * net.n_variables + 1) * sizeof *hangs);
  th_network_clear(&net);
  return ok;
}

/* The density of one of them on its axis; *known is false where its distribution is not. */
static bool density_of_one(Pair *p, int k, double density[GRID], bool *known) {
  ThValue law;
  *known = th_query_simple(p->cx, TH_QUERY_DIST, p->v[k], &law);
  if (!*known) {
    if (th_is_final(p->cx)) return false;
    th_error_clear(p->cx);
    return true;
  }
  bool ok = true;
  *known = th_is_distribution(law) && !th_distribution_is_discrete(th_as_distribution(law));
  for (int i = 0; ok && *known && i < GRID; i++)
    ok = th_distribution_measure(p->cx, th_as_distribution(law), 0, TH_PDF, p->axis[k][i], &density[i]);
  th_release(law);
  return ok;
}

static bool density_if_independent(Pair *p, bool *known) {
  double density[2][GRID];
  if (!are_independent(p, known)) return false;
  for (int k = 0; *known && k < 2; k++)
    if (!density_of_one(p, k, density[k], known)) return false;
  for (int i = 0; *known && i < GRID * GRID; i++) p->z[i] = density[0][i % GRID] * density[1][i / GRID];
  return true;
}

/* --- Of draws */

/* Sums along one axis with the weights of a normal kernel, `width` in steps of the grid. What would reach over an end
 * of the grid is reflected there: densities that end at a bound stay level. */
static void smooth(const double *from, double *to, double width, int step, int across) {
  int reach = (int)ceil(4 * width);
  for (int line = 0; line < GRID; line++)
    for (int i = 0; i < GRID; i++) {
      double sum = 0, weights = 0;
      for (int j = -reach; j <= reach; j++) {
        int at = i + j < 0 ? -(i + j) : i + j >= GRID ? 2 * (GRID - 1) - (i + j) : i + j;
        if (at < 0 || at >= GRID) continue;
        double w = exp(-0.5 * j * j / (width * width));
        sum += w * from[line * across + at * step];
        weights += w;
      }
      to[line * across + i * step] = sum / weights;
    }
}

/* The width of the kernel by Scott's rule for two dimensions, sd n^(-1/6), in steps. */
static double kernel_width(const Pair *p, int k) {
  double step = p->axis[k][1] - p->axis[k][0], sd = sqrt(th_stats_variance(DRAWS, p->draws[k], 0));
  return fmin(fmax(sd * pow((double)p->n_different, -1.0 / 6) / step, 0.5), GRID / 8.0);
}

static void density_of_draws(Pair *p) {
  memset(p->z, 0, sizeof p->z);
  for (size_t i = 0; i < DRAWS; i++) {
    int at[2];
    for (int k = 0; k < 2; k++)
      at[k] = (int)floor((p->draws[k][i] - p->axis[k][0]) / (p->axis[k][1] - p->axis[k][0]) + 0.5);
    if (at[0] >= 0 && at[0] < GRID && at[1] >= 0 && at[1] < GRID) p->z[at[1] * GRID + at[0]]++;
  }
  smooth(p->z, p->other, kernel_width(p, 0), 1, GRID);
  smooth(p->other, p->z, kernel_width(p, 1), GRID, 1);
}

/* --- Regions */

/* The density that is exceeded on a part `mass` of the whole. */
static double level_of(const Pair *p, double mass) {
  double total = 0, sum = 0;
  for (int i = 0; i < GRID * GRID; i++) total += p->sorted[i];
  for (int i = GRID * GRID; i-- > 0;) {
    sum += p->sorted[i];
    if (sum >= mass * total) return p->sorted[i];
  }
  return 0;
}

/* Several levels have colours of their own; one alone takes the next colour of the picture it is laid into. */
static bool draw_regions(Pair *p, size_t n_levels, const double *levels, ThFigure *figure) {
  static const int colors[] = {0, 5, 2, 4};
  memcpy(p->sorted, p->z, sizeof p->z);
  for (int i = 0; i < GRID * GRID; i++)
    if (!isfinite(p->sorted[i])) p->sorted[i] = 0;
  qsort(p->sorted, (size_t)GRID * GRID, sizeof *p->sorted, th_real_ascending);
  for (size_t i = 0; i < n_levels; i++) {
    char label[32];
    size_t before = figure->n_series;
    double level = level_of(p, levels[i]);
    snprintf(label, sizeof label, "%.4g %%", 100 * levels[i]);
    if (!th_figure_levels(p->cx, figure, TH_MARK_LINE, GRID, GRID, p->axis[0], p->axis[1], p->z, 1, &level,
                          label))
      return false;
    if (n_levels > 1 && figure->n_series > before)
      figure->series[before].color = colors[i % (sizeof colors / sizeof *colors)];
  }
  return true;
}

/* Some of a sampler's draws, in grey behind the lines. */
static bool draw_points(Pair *p, ThFigure *figure) {
  ThValue columns[2];
  if (!p->sampled) return true;
  if (!th_vector_from(p->cx, p->draws[0], SHOWN_DRAWS, &columns[0])) return false;
  if (!th_vector_from(p->cx, p->draws[1], SHOWN_DRAWS, &columns[1])) {
    th_release(columns[0]);
    return false;
  }
  if (!th_figure_add_take(p->cx, figure, TH_MARK_POINTS, th_as_array(columns[0]), th_as_array(columns[1]),
                          NULL, NULL))
    return false;
  figure->series[figure->n_series - 1].past = true;
  return true;
}

static bool find_density(Pair *p) {
  bool known;
  if (!density_if_known(p, &known)) return false;
  if (!known && !density_if_independent(p, &known)) return false;
  if (!known) density_of_draws(p);
  return true;
}

static bool check(ThContext *cx, ThValue x, ThValue y, size_t n_levels, const double *levels) {
  char what[80];
  if (!th_is_variable(x) || !th_is_variable(y))
    return th_fail(cx, TH_ERROR_TYPE, "a region in the plane is of two random variables; got %s",
                   th_describe(th_is_variable(x) ? y : x, what, sizeof what));
  for (size_t i = 0; i < n_levels; i++)
    if (!(levels[i] > 0 && levels[i] < 1))
      return th_fail(cx, TH_ERROR_VALUE, "a region holds a probability between 0 and 1, got %.6g", levels[i]);
  return true;
}

bool th_pair_plot(ThContext *cx, ThValue x, ThValue y, size_t n_levels, const double *levels,
                  ThFigure *figure) {
  if (!check(cx, x, y, n_levels, levels)) return false;
  Pair *p = th_alloc(cx, sizeof *p);
  double *draws = p ? th_alloc_array(cx, 2 * (size_t)DRAWS, sizeof *draws) : NULL;
  bool ok = draws;
  if (ok) {
    p->cx = cx;
    p->v[0] = x, p->v[1] = y;
    p->draws[0] = draws, p->draws[1] = draws + DRAWS;
    ok = find_sampler(p) && th_variable_draw_all(cx, p->v, 2, true, DRAWS, p->draws) && place_grid(p) &&
         find_density(p) && draw_points(p, figure) && draw_regions(p, n_levels, levels, figure) &&
         th_variable_name_axis(cx, x, 60, &figure->xlabel) &&
         th_variable_name_axis(cx, y, 60, &figure->ylabel);
    th_figure_cover(figure->xrange, p->axis[0][0], p->axis[0][GRID - 1]);
    th_figure_cover(figure->yrange, p->axis[1][0], p->axis[1][GRID - 1]);
  }
  th_free(cx, draws, 2 * (size_t)DRAWS * sizeof *draws);
  th_free(cx, p, sizeof *p);
  return ok;
}
