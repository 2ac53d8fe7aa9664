/* cells.c - a non-negative function of two variables as polynomials on squares, with its integrals */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On each square f is interpolated at 16 × 16 Chebyshev points of the first kind; the last coefficients tell the error.
 * Integrals of the polynomials along lines and over squares are exact. */
#include "num/cells.h"

#include <math.h>
#include <string.h>

#include "num/chebyshev.h"
#include "num/quadrature.h"
#include "num/real.h"

enum { N = TH_CELL_NODES, SIZE = N * N, MOST_LEAVES = 1500, MOST_DEPTH = 40, MOST_RINGS = 60, PER_SIDE = 8 };

/* The bulk is looked for within so many units. */
#define FIRST_REACH 8.0
/* A ring that carries less than this, of the total, is the last. */
#define LEAST_RING 1e-13

typedef struct Fitter {
  ThCells *out;
  ThCellFunction f;
  void *self;
  const ThCellPoint *points;
  size_t n_points;
  double tolerance, scale;
  double node[N], cosine[N][N];
  bool converged;
} Fitter;

static void init_rule(Fitter *f) {
  for (int j = 0; j < N; j++) {
    double angle = (2 * j + 1) * TH_PI / (2 * N);
    f->node[j] = cos(angle);
    for (int k = 0; k < N; k++) f->cosine[k][j] = cos(k * angle) * (k ? 2.0 : 1.0) / N;
  }
}

/* --- Polynomials */

/* At (s, t) in [-1, 1]². */
static double polynomial(const double *c, double s, double t) {
  double row[N];
  for (int i = 0; i < N; i++) row[i] = th_chebyshev_value(N, c + i * N, t);
  return th_chebyshev_value(N, row, s);
}

static double mass_of(const double *c, double half) {
  double sum = 0;
  for (int i = 0; i < N; i += 2)
    for (int j = 0; j < N; j += 2) sum += c[i * N + j] * 4 / ((1 - (double)i * i) * (1 - (double)j * j));
  return fmax(0, sum * half * half);
}

/* The largest coefficient of the last two in either direction. */
static double tail_of(const double *c) {
  double tail = 0;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      if (i >= N - 2 || j >= N - 2) tail = fmax(tail, fabs(c[i * N + j]));
  return tail;
}

/* --- Fitting */

static bool call(Fitter *f, double x, double y, double *out) {
  if (!f->f(f->self, x, y, out)) return false;
  if (!(*out >= 0 && *out < TH_INFINITY)) *out = 0;
  return true;
}

static bool measure(Fitter *f, const ThCell *cell, double *c) {
  double value[SIZE], half[SIZE];
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++)
      if (!call(f, cell->x + cell->half * f->node[i], cell->y + cell->half * f->node[j], &value[i * N + j]))
        return false;
  for (int i = 0; i < N; i++)
    for (int k = 0; k < N; k++) {
      double sum = 0;
      for (int j = 0; j < N; j++) sum += value[i * N + j] * f->cosine[k][j];
      half[i * N + k] = sum;
    }
  for (int k = 0; k < N; k++)
    for (int m = 0; m < N; m++) {
      double sum = 0;
      for (int i = 0; i < N; i++) sum += f->cosine[m][i] * half[i * N + k];
      c[m * N + k] = sum;
    }
  return true;
}

/* Is a peak inside that is much narrower? */
static bool holds_peak(const Fitter *f, const ThCell *cell) {
  for (size_t i = 0; i < f->n_points; i++) {
    const ThCellPoint *p = &f->points[i];
    bool inside = fabs(p->x - cell->x) <= cell->half && fabs(p->y - cell->y) <= cell->half;
    if (inside && p->width > 0 && cell->half > 2 * p->width) return true;
  }
  return false;
}

/* Nothing at 5 × 5 points, the edges among them. */
static bool is_empty(Fitter *f, const ThCell *cell, bool *out) {
  *out = false;
  if (f->scale == 0 || holds_peak(f, cell)) return true;
  double area = 4 * cell->half * cell->half;
  for (int i = -2; i <= 2; i++)
    for (int j = -2; j <= 2; j++) {
      double value;
      if (!call(f, cell->x + 0.5 * i * cell->half, cell->y + 0.5 * j * cell->half, &value)) return false;
      if (value * area > 1e-18 * f->scale) return true;
    }
  *out = true;
  return true;
}

static bool add_cell(ThCells *out, ThCell cell) {
  if (out->n == out->capacity) {
    size_t capacity = 2 * out->capacity + 256;
    ThCell *cells = th_resize(out->cx, out->cells, out->capacity * sizeof *cells, capacity * sizeof *cells);
    if (!cells) return false;
    out->cells = cells;
    out->capacity = capacity;
  }
  out->cells[out->n++] = cell;
  return true;
}

static bool add_leaf(ThCells *out, const double *c, size_t *leaf) {
  size_t bytes = SIZE * sizeof(double);
  if (out->n_leaves == out->pool_capacity) {
    size_t capacity = 2 * out->pool_capacity + 64;
    double *pool = th_resize(out->cx, out->pool, out->pool_capacity * bytes, capacity * bytes);
    if (!pool) return false;
    out->pool = pool;
    out->pool_capacity = capacity;
  }
  memcpy(out->pool + out->n_leaves * SIZE, c, bytes);
  *leaf = out->n_leaves++;
  return true;
}

static bool refine(Fitter *f, size_t i, int depth);

static bool quarter(Fitter *f, size_t i, int depth) {
  ThCell cell = f->out->cells[i];
  double half = 0.5 * cell.half;
  size_t child = f->out->n;
  for (int q = 0; q < 4; q++) {
    ThCell part = {.x = cell.x + (q & 1 ? half : -half), .y = cell.y + (q & 2 ? half : -half), .half = half};
    part.leaf = SIZE_MAX;
    if (!add_cell(f->out, part)) return false;
  }
  f->out->cells[i].child = child;
  for (size_t q = 0; q < 4; q++)
    if (!refine(f, child + q, depth + 1)) return false;
  return true;
}

static bool refine(Fitter *f, size_t i, int depth) {
  double c[SIZE];
  ThCell cell = f->out->cells[i];
  bool empty;
  if (!th_poll(f->out->cx) || !is_empty(f, &cell, &empty)) return false;
  if (empty) return true;
  if (!measure(f, &cell, c)) return false;
  double mass = mass_of(c, cell.half), error = tail_of(c) * 4 * cell.half * cell.half;
  bool full = depth >= MOST_DEPTH || f->out->n_leaves >= MOST_LEAVES;
  if (!full && (error > f->tolerance * fmax(f->scale, mass) || holds_peak(f, &cell)))
    return quarter(f, i, depth);
  f->converged = f->converged && f->out->n_leaves < MOST_LEAVES;
  f->out->total += mass;
  f->out->error += error;
  return add_leaf(f->out, c, &f->out->cells[i].leaf);
}

static bool add_root(Fitter *f, double x, double y, double half) {
  ThCells *out = f->out;
  if (out->n_roots == out->root_capacity) {
    size_t capacity = 2 * out->root_capacity + 64;
    size_t *roots = th_resize(out->cx, out->roots, out->root_capacity * sizeof *roots,
                              capacity * sizeof *roots);
    if (!roots) return false;
    out->roots = roots;
    out->root_capacity = capacity;
  }
  out->roots[out->n_roots++] = out->n;
  if (!add_cell(out, (ThCell){.x = x, .y = y, .half = half, .leaf = SIZE_MAX})) return false;
  return refine(f, out->n - 1, 0);
}

/* About the total, from the midpoints of small squares and from the peaks. */
static bool find_scale(Fitter *f) {
  const int fine = 4 * PER_SIDE;
  double side = 2 * FIRST_REACH / fine, value;
  for (int i = 0; i < fine; i++)
    for (int j = 0; j < fine; j++) {
      if (!call(f, -FIRST_REACH + (i + 0.5) * side, -FIRST_REACH + (j + 0.5) * side, &value)) return false;
      f->scale += value * side * side;
    }
  for (size_t i = 0; i < f->n_points; i++) {
    if (!call(f, f->points[i].x, f->points[i].y, &value)) return false;
    f->scale = fmax(f->scale, value * f->points[i].width * f->points[i].width);
  }
  return true;
}

static bool fit_bulk(Fitter *f) {
  double half = FIRST_REACH / PER_SIDE;
  for (int i = 0; i < PER_SIDE; i++)
    for (int j = 0; j < PER_SIDE; j++)
      if (!add_root(f, -FIRST_REACH + (2 * i + 1) * half, -FIRST_REACH + (2 * j + 1) * half, half))
        return false;
  f->out->reach = FIRST_REACH;
  return true;
}

/* The twelve squares around what is there. */
static bool fit_ring(Fitter *f, double *mass) {
  double reach = f->out->reach, half = 0.5 * reach, before = f->out->total;
  for (int i = -2; i < 2; i++)
    for (int j = -2; j < 2; j++) {
      if (i >= -1 && i < 1 && j >= -1 && j < 1) continue;
      if (!add_root(f, (2 * i + 1) * half, (2 * j + 1) * half, half)) return false;
    }
  f->out->reach = 2 * reach;
  *mass = f->out->total - before;
  return true;
}

static bool all_inside(const Fitter *f) {
  for (size_t i = 0; i < f->n_points; i++)
    if (fmax(fabs(f->points[i].x), fabs(f->points[i].y)) > f->out->reach) return false;
  return true;
}

bool th_cells_fit(ThContext *cx, ThCellFunction f, void *self, const ThCellPoint *points, size_t n,
                  double tolerance, ThCells *out, bool *converged, bool *fades) {
  Fitter fitter = {.out = out, .f = f, .self = self, .points = points, .n_points = n, .tolerance = tolerance};
  double mass = TH_INFINITY;
  *out = (ThCells){.cx = cx};
  fitter.converged = true;
  init_rule(&fitter);
  th_quadrature_gauss_legendre(N, out->node, out->weight);
  bool ok = find_scale(&fitter) && fit_bulk(&fitter);
  for (int ring = 0; ok && fitter.converged && ring < MOST_RINGS; ring++) {
    if (ring > 0 && mass <= LEAST_RING * out->total && all_inside(&fitter)) break;
    ok = fit_ring(&fitter, &mass);
  }
  *fades = mass <= LEAST_RING * out->total;
  *converged = fitter.converged && *fades;
  out->error = out->total > 0 ? out->error / out->total : 1;
  if (!ok) th_cells_clear(out);
  return ok;
}

void th_cells_clear(ThCells *c) {
  if (c->cells) th_free(c->cx, c->cells, c->capacity * sizeof *c->cells);
  if (c->roots) th_free(c->cx, c->roots, c->root_capacity * sizeof *c->roots);
  if (c->pool) th_free(c->cx, c->pool, c->pool_capacity * SIZE * sizeof *c->pool);
  *c = (ThCells){.cx = c->cx};
}

/* --- Values and integrals */

static bool holds(const ThCell *cell, double x, double y) {
  return fabs(x - cell->x) <= cell->half && fabs(y - cell->y) <= cell->half;
}

static double leaf_value(const ThCells *c, const ThCell *cell, double x, double y) {
  if (cell->leaf == SIZE_MAX) return 0;
  double s = (x - cell->x) / cell->half, t = (y - cell->y) / cell->half;
  return fmax(0, polynomial(c->pool + cell->leaf * SIZE, s, t));
}

double th_cells_value(const ThCells *c, double x, double y) {
  for (size_t i = 0; i < c->n_roots; i++) {
    const ThCell *cell = &c->cells[c->roots[i]];
    if (!holds(cell, x, y)) continue;
    while (cell->child) cell = &c->cells[cell->child + (x > cell->x ? 1 : 0) + (y > cell->y ? 2 : 0)];
    return leaf_value(c, cell, x, y);
  }
  return 0;
}

typedef struct Along {
  const ThCells *c;
  double x, y, dx, dy;
} Along;

/* Cuts the stretch (*from, *to) to where |at + t step| <= half. */
static void clip(double at, double step, double half, double *from, double *to) {
  if (step == 0) {
    if (fabs(at) > half) *to = *from;
    return;
  }
  double a = (-half - at) / step, b = (half - at) / step;
  *from = fmax(*from, fmin(a, b));
  *to = fmin(*to, fmax(a, b));
}

static double along(const Along *l, const ThCell *cell) {
  double from = -TH_INFINITY, to = TH_INFINITY, sum = 0;
  if (cell->leaf == SIZE_MAX && !cell->child) return 0;
  clip(l->x - cell->x, l->dx, cell->half, &from, &to);
  clip(l->y - cell->y, l->dy, cell->half, &from, &to);
  if (!(to > from)) return 0;
  for (size_t q = 0; q < 4 && cell->child; q++) sum += along(l, &l->c->cells[cell->child + q]);
  if (cell->child) return sum;
  double middle = 0.5 * (from + to), half = 0.5 * (to - from);
  for (int i = 0; i < N; i++) {
    double t = middle + half * l->c->node[i];
    sum += l->c->weight[i] * leaf_value(l->c, cell, l->x + t * l->dx, l->y + t * l->dy);
  }
  return half * sum;
}

double th_cells_line(const ThCells *c, double x, double y, double dx, double dy) {
  Along l = {.c = c, .x = x, .y = y, .dx = dx, .dy = dy};
  double sum = 0;
  for (size_t i = 0; i < c->n_roots; i++) sum += along(&l, &c->cells[c->roots[i]]);
  return sum;
}

double th_cells_expect(const ThCells *c, double (*g)(void *self, double x, double y), void *self) {
  const double *node = c->node, *weight = c->weight;
  double sum = 0;
  for (size_t k = 0; k < c->n; k++) {
    const ThCell *cell = &c->cells[k];
    double part = 0;
    if (cell->leaf == SIZE_MAX) continue;
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        double x = cell->x + cell->half * node[i], y = cell->y + cell->half * node[j];
        part += weight[i] * weight[j] * leaf_value(c, cell, x, y) * g(self, x, y);
      }
    sum += part * cell->half * cell->half;
  }
  return sum;
}
