/* family_plane.c - the distribution of two numbers that is known by its density on squares */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No constructor has this name: posteriors of two parameters are made so. The squares hold the density of z (plane.h).
 * The density of one component is an integral along a line; that of the second given the first lies on such a line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/quadrature.h"
#include "num/real.h"
#include "prob/computed.h"
#include "prob/event.h"
#include "prob/families.h"
#include "prob/plane.h"

enum { MOST_BREAKS = 200 };

/* What the squares are fitted to, of the whole. */
#define NOISE 1e-11

typedef struct Plane {
  ThObject object;
  ThCells cells;
  ThPlaneMap map;
  ThValue margins[2];
  ThValue text;
  double mean[2], covariance[4];
} Plane;

static void plane_release(ThObject *self) {
  Plane *p = (Plane *)self;
  th_release_all(p->margins, 2);
  th_release(p->text);
  th_heap_free(self->heap, p->cells.cells, p->cells.capacity * sizeof *p->cells.cells);
  th_heap_free(self->heap, p->cells.roots, p->cells.root_capacity * sizeof *p->cells.roots);
  th_heap_free(self->heap, p->cells.pool,
               p->cells.pool_capacity * TH_CELL_NODES * TH_CELL_NODES * sizeof *p->cells.pool);
  th_object_free(self, sizeof *p);
}

static bool plane_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  (void)style;
  th_text_format(out, "%zu squares", ((const Plane *)th_as_object(self))->cells.n_leaves);
  return th_text_ok(out, cx);
}

static const ThKind plane_kind = {
    .name = "density on squares", .release = plane_release, .format = plane_format};

static const Plane *plane_of(const ThDistribution *d) {
  return (const Plane *)th_as_object(d->parameters[0]);
}

/* --- Coordinates */

static double free_of(const Plane *p, int i, double x, double *slope) {
  const ThPlaneMap *m = &p->map;
  *slope = 0;
  if (!(x > m->lower[i] && x < m->upper[i])) return TH_NAN;
  return m->free(m->lower[i], m->upper[i], x, slope);
}

static double density(const Plane *p, const double *x) {
  const ThPlaneMap *m = &p->map;
  double s[2], u[2];
  for (int i = 0; i < 2; i++) u[i] = free_of(p, i, x[i], &s[i]);
  if (isnan(u[0]) || isnan(u[1])) return 0;
  double z = (u[0] - m->middle[0]) / m->root[0];
  double value = th_cells_value(&p->cells, z, (u[1] - m->middle[1] - m->root[1] * z) / m->root[2]);
  return value * s[0] * s[1] / (p->cells.total * m->root[0] * m->root[2]);
}

/* A component by itself; or the second where the first has the coordinate z. */
typedef struct Slice {
  const Plane *p;
  int i;
  bool given;
  double z;
} Slice;

static bool slice_at(void *self, double x, double *y) {
  const Slice *s = self;
  const ThPlaneMap *m = &s->p->map;
  const ThCells *c = &s->p->cells;
  double slope, u = free_of(s->p, s->i, x, &slope) - m->middle[s->i];
  *y = 0;
  if (isnan(u)) return true;
  if (s->given) *y = th_cells_value(c, s->z, (u - m->root[1] * s->z) / m->root[2]);
  else if (s->i == 0) *y = th_cells_line(c, u / m->root[0], 0, 0, 1) / m->root[0];
  else *y = th_cells_line(c, 0, u / m->root[2], 1, -m->root[1] / m->root[2]) / m->root[2];
  *y *= slope;
  return true;
}

/* Ends of panels, as x: steps in units of the width, ever longer, to where the squares end. */
static size_t find_breaks(const Slice *s, double *breaks) {
  const ThPlaneMap *m = &s->p->map;
  double unit = s->i == 0 ? m->root[0] : s->given ? m->root[2] : hypot(m->root[1], m->root[2]);
  double middle = m->middle[s->i] + (s->given ? m->root[1] * s->z : 0), reach = 1.5 * s->p->cells.reach;
  size_t n = 0, kept = 0;
  breaks[n++] = m->bound(m->lower[s->i], m->upper[s->i], middle);
  for (double step = 1; step < 2 * reach && n + 2 < MOST_BREAKS; step = step < 8 ? step + 1 : 1.5 * step)
    for (int side = -1; side <= 1; side += 2)
      breaks[n++] = m->bound(m->lower[s->i], m->upper[s->i], middle + side * fmin(step, reach) * unit);
  qsort(breaks, n, sizeof *breaks, th_real_ascending);
  for (size_t i = 0; i < n; i++)
    if (isfinite(breaks[i]) && (kept == 0 || breaks[i] > breaks[kept - 1])) breaks[kept++] = breaks[i];
  return kept;
}

static bool slice_law(ThContext *cx, const Slice *s, double tolerance, const char *text, ThValue *out,
                      bool *some) {
  double breaks[MOST_BREAKS];
  size_t n = find_breaks(s, breaks);
  ThPieces panels;
  bool converged;
  const ThPlaneMap *m = &s->p->map;
  Slice copy = *s;
  double noise = fmax(NOISE, s->p->cells.error);
  if (s->given) noise = fmin(1, noise * s->p->cells.total / th_cells_line(&s->p->cells, s->z, 0, 0, 1));
  if (!th_pieces_fit_noisy(cx, slice_at, &copy, breaks, n, tolerance, noise, &panels, &converged))
    return false;
  *some = panels.total > 0;
  if (!*some) {
    th_pieces_clear(&panels);
    return true;
  }
  ThComputedFacts facts = {.text = text,
                           .method = "quadrature",
                           .error = fmax(panels.error + s->p->cells.error, 1e-15),
                           .lower = m->lower[s->i],
                           .upper = m->upper[s->i]};
  double peak = breaks[n / 2], width = 0.5 * (breaks[n / 2 + 1] - breaks[n / 2 - 1]);
  th_pieces_normalise(&panels);
  th_computed_moments(&panels, peak, width, &facts);
  return th_computed_new_take(cx, &panels, &facts, out);
}

/* --- The law */

static bool log_density(ThContext *cx, const ThDistribution *d, const double *x, double *out) {
  (void)cx;
  *out = log(density(plane_of(d), x));
  return true;
}
static void mean(const ThDistribution *d, double *out) { memcpy(out, plane_of(d)->mean, 2 * sizeof *out); }
static void covariance(const ThDistribution *d, double *out) {
  memcpy(out, plane_of(d)->covariance, 4 * sizeof *out);
}
static void variance(const ThDistribution *d, double *out) {
  out[0] = plane_of(d)->covariance[0];
  out[1] = plane_of(d)->covariance[3];
}

static bool marginal(ThContext *cx, const ThDistribution *d, size_t i, ThValue *out) {
  (void)cx;
  *out = th_retain(plane_of(d)->margins[i]);
  return true;
}

/* Where the first is so far out that nothing is known of the second, its own distribution. */
static bool second_given(ThContext *cx, const Plane *p, double x, ThValue *out) {
  double slope, u = free_of(p, 0, x, &slope);
  bool some = false;
  Slice s = {.p = p, .i = 1, .given = true, .z = (u - p->map.middle[0]) / p->map.root[0]};
  if (!isnan(u) && !slice_law(cx, &s, 1e-10, "", out, &some)) return false;
  if (!some) *out = th_retain(p->margins[1]);
  return true;
}

static bool given_numbers(ThContext *cx, const ThDistribution *d, const double *before, size_t i,
                          ThValue *out) {
  return i == 0 ? marginal(cx, d, 0, out) : second_given(cx, plane_of(d), before[0], out);
}

static bool sample(ThContext *cx, const ThDistribution *d, ThRandom *r, double *out) {
  ThValue second;
  const Plane *p = plane_of(d);
  if (!th_distribution_sample(cx, th_as_distribution(p->margins[0]), 0, r, 1, &out[0])) return false;
  if (!second_given(cx, p, out[0], &second)) return false;
  bool ok = th_distribution_sample(cx, th_as_distribution(second), 0, r, 1, &out[1]);
  th_release(second);
  return ok;
}

static bool build(ThContext *cx, ThDistribution *d) {
  if (!th_distribution_room(cx, d, 1, 1)) return false;
  d->p[0] = 2;
  return true;
}

static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  (void)style;
  th_text_add(out, th_as_string(plane_of(d)->text)->text);
  return th_text_ok(out, cx);
}

/* --- Making one */

static double product(void *self, double x, double y) {
  const Plane *p = self;
  const ThPlaneMap *m = &p->map;
  double u[2] = {m->middle[0] + m->root[0] * x, m->middle[1] + m->root[1] * x + m->root[2] * y};
  return (m->bound(m->lower[0], m->upper[0], u[0]) - p->mean[0]) *
         (m->bound(m->lower[1], m->upper[1], u[1]) - p->mean[1]) / p->cells.total;
}

static bool find_laws(ThContext *cx, Plane *p, const char *const text[2]) {
  bool ok = true, some = true;
  for (int i = 0; ok && i < 2; i++) {
    Slice s = {.p = p, .i = i};
    ok = slice_law(cx, &s, 1e-12, text[i], &p->margins[i], &some);
    if (ok && !some) ok = th_fail(cx, TH_ERROR_NUMERIC, "the density is 0 on the grid");
    if (!ok) break;
    const ThDistribution *d = th_as_distribution(p->margins[i]);
    ok = th_distribution_summary(cx, d, 0, TH_MEAN, &p->mean[i]) &&
         th_distribution_summary(cx, d, 0, TH_VARIANCE, &p->covariance[3 * i]);
  }
  if (!ok) return false;
  bool finite = isfinite(p->covariance[0]) && isfinite(p->covariance[3]);
  p->covariance[1] = p->covariance[2] = finite ? th_cells_expect(&p->cells, product, p) : TH_NAN;
  return true;
}

bool th_plane_new_take(ThContext *cx, ThCells *cells, const ThPlaneMap *map, const char *const text[2],
                       ThValue *out) {
  Plane *p = th_object_new(cx, &plane_kind, sizeof *p);
  if (!p) {
    th_cells_clear(cells);
    return false;
  }
  p->cells = *cells;
  p->map = *map;
  p->margins[0] = p->margins[1] = p->text = th_none();
  ThText both;
  th_text_init(&both, &cx->heap);
  th_text_format(&both, "dist([%s, %s])", text[0], text[1]);
  ThValue parameter = th_object(p);
  bool ok = th_text_ok(&both, cx) && th_string_of(cx, th_text_string(&both), &p->text) &&
            find_laws(cx, p, text) && th_distribution_new(cx, &th_family_plane, &parameter, out);
  th_text_clear(&both);
  th_release(parameter);
  return ok;
}

/* --- Nodes */

typedef struct Rule {
  int side; /* nodes in each direction of a square */
  double node[TH_CELL_NODES], weight[TH_CELL_NODES];
  double least; /* what weighs less is passed over */
} Rule;

/* The nodes of one square, as rows that may be NULL. Gives how many. */
static size_t add_nodes(const Plane *p, const ThCell *cell, const Rule *rule, double *rows) {
  const ThCells *c = &p->cells;
  const ThPlaneMap *m = &p->map;
  size_t n = 0;
  for (int i = 0; i < rule->side * rule->side; i++) {
    int a = i / rule->side, b = i % rule->side;
    double x = cell->x + cell->half * rule->node[a], y = cell->y + cell->half * rule->node[b];
    double size = rule->weight[a] * rule->weight[b] * cell->half * cell->half;
    double w = size * th_cells_value(c, x, y) / c->total;
    double u[2] = {m->middle[0] + m->root[0] * x, m->middle[1] + m->root[1] * x + m->root[2] * y};
    if (!(w > rule->least)) continue;
    for (int k = 0; rows && k < 2; k++) rows[3 * n + (size_t)k] = m->bound(m->lower[k], m->upper[k], u[k]);
    if (rows) rows[3 * n + 2] = w;
    n++;
  }
  return n;
}

static size_t all_nodes(const Plane *p, const Rule *rule, double *rows) {
  size_t n = 0;
  for (size_t k = 0; k < p->cells.n; k++)
    if (p->cells.cells[k].leaf != SIZE_MAX)
      n += add_nodes(p, &p->cells.cells[k], rule, rows ? rows + 3 * n : NULL);
  return n;
}

bool th_plane_nodes(ThContext *cx, const ThDistribution *d, int side, double **out, size_t *n) {
  const Plane *p = plane_of(d);
  Rule rule = {.side = side, .least = 1e-10 / (double)(p->cells.n_leaves * (size_t)(side * side))};
  double sum = 0;
  th_quadrature_gauss_legendre((size_t)side, rule.node, rule.weight);
  *n = all_nodes(p, &rule, NULL);
  *out = th_alloc_array(cx, 3 * *n, sizeof **out);
  if (!*out) return false;
  all_nodes(p, &rule, *out);
  for (size_t i = 0; i < *n; i++) sum += (*out)[3 * i + 2];
  for (size_t i = 0; i < *n; i++) (*out)[3 * i + 2] /= sum;
  return true;
}

static const ThEventLaw event = {.rank = 1,
                                 .log_density = log_density,
                                 .mean = mean,
                                 .variance = variance,
                                 .covariance = covariance,
                                 .sample = sample,
                                 .marginal = marginal,
                                 .given_numbers = given_numbers};

const ThFamily th_family_plane = {
    .builtin = {{.signature = "Plane(density = …) -> distribution"}, {0}},
    .name = "density of two",
    .n_parameters = 1,
    .parameters = {{"density", TH_DOMAIN_ANY, false, 0}},
    .law = &th_event_law,
    .event = &event,
    .build = build,
    .format = format,
};
