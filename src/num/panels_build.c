/* panels_build.c - cutting a range into panels on which a function is a polynomial */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A first cut doubles towards infinity and halves towards finite ends. A panel whose polynomial leaves something over
 * is halved, again and again; so is one that holds much more than what lies beyond it, because its integral from the
 * far side would lose digits (the tail of a normal density drops by hundreds of powers of ten within a few widths). */
#include <stdlib.h>

#include "num/panels.h"
#include "num/real.h"

#define TINY 1e-290 /* below it a density counts as 0: next to the smallest doubles digits go */

enum {
  N = TH_PANEL_TERMS,
  SCAN = 64,
  MOST_PANELS = 20000,
  DEEP = 14,
  DEEPEST = 130,
  OUTWARD = 60,
  INWARD = 110
};

typedef struct Builder {
  ThContext *cx;
  ThPanelsFunction f;
  void *self;
  ThPanels *p;
  double nodes[N];
  double transform[N][N]; /* values at the nodes to coefficients */
  double rough;           /* the integral so far, roughly */
  double residual;        /* what polynomials left over, times their widths */
} Builder;

/* The nodes are zeros of T_N; c_k = (2 - [k = 0])/N Σ_j f_j cos(k (j + 1/2) π/N). */
static void set_nodes(Builder *b) {
  for (int j = 0; j < N; j++) {
    double angle = TH_PI * (j + 0.5) / N;
    b->nodes[j] = -cos(angle);
    for (int k = 0; k < N; k++)
      b->transform[k][j] = (k ? 2.0 : 1.0) / N * cos(TH_PI * (((2 * j + 1) * k) % (4 * N)) / (2 * N)) *
                           (k % 2 ? -1 : 1);
  }
}

/* --- Evaluation */

/* Notes what is amiss, and the extremes. *ok is false where a value is not finite. */
static bool evaluate(Builder *b, size_t n, const double *x, double *y, bool *ok) {
  ThPanels *p = b->p;
  if (!th_poll(b->cx) || !b->f(b->self, n, x, y)) return false;
  p->evaluations += n;
  *ok = true;
  for (size_t i = 0; i < n; i++) {
    if (!(fabs(y[i]) <= DBL_MAX)) {
      *ok = false;
      p->not_finite_at = x[i];
      p->not_finite = y[i];
    } else if (y[i] < p->least) {
      p->least = y[i], p->least_at = x[i];
    } else if (y[i] > p->peak) {
      p->peak = y[i], p->peak_at = x[i];
    }
  }
  return true;
}

/* A point of a panel, by its distance from the nearer end. */
static double point_of(double from, double to, double t) {
  double half = 0.5 * (to - from);
  return t < 0 ? from + half * (1 + t) : to - half * (1 - t);
}

/* --- One panel */

static bool push(Builder *b, const ThPanel *panel) {
  ThPanels *p = b->p;
  if (p->n == p->capacity) {
    size_t capacity = 2 * p->capacity + 64;
    ThPanel *grown = th_resize(b->cx, p->panels, p->capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown) return false;
    p->panels = grown;
    p->capacity = capacity;
  }
  p->panels[p->n++] = *panel;
  b->rough += fabs(panel->mass);
  return true;
}

/* The coefficients of the antiderivative: (c_(k-1) - c_(k+1))/2k times half the width. */
static void integrate(ThPanel *panel) {
  double half = 0.5 * (panel->to - panel->from), *c = panel->terms, sum = 0;
  panel->integral[0] = 0;
  for (int k = 1; k <= N; k++) {
    double before = k == 1 ? 2 * c[0] : c[k - 1], after = k + 1 < N ? c[k + 1] : 0;
    panel->integral[k] = half * (before - after) / (2 * k);
  }
  for (int k = N - 1 - (N - 1) % 2; k >= 0; k -= 2) sum += 2 * c[k] / (1 - (double)k * k);
  panel->mass = half * sum;
}

/* The polynomial through the values at the nodes; *rest is the size of its last terms. */
static bool fit(Builder *b, ThPanel *panel, double *largest, double *rest, bool *ok) {
  double x[N], y[N];
  for (int j = 0; j < N; j++) x[j] = point_of(panel->from, panel->to, b->nodes[j]);
  if (!evaluate(b, N, x, y, ok)) return false;
  *largest = *rest = 0;
  for (int j = 0; j < N; j++) *largest = fmax(*largest, fabs(y[j]));
  for (int k = 0; k < N; k++) {
    panel->terms[k] = 0;
    for (int j = 0; j < N; j++) panel->terms[k] += b->transform[k][j] * y[j];
    if (k >= N - 3) *rest = fmax(*rest, fabs(panel->terms[k]));
  }
  integrate(panel);
  return true;
}

/* Does the polynomial say at other points what the function says? A bump may lie between the nodes. */
static bool scan(Builder *b, const ThPanel *panel, double largest, bool *same, bool *zero, bool *ok) {
  double x[SCAN], y[SCAN];
  for (int i = 0; i < SCAN; i++) x[i] = point_of(panel->from, panel->to, (2 * i + 1.0) / SCAN - 1);
  if (!evaluate(b, SCAN, x, y, ok)) return false;
  *same = true;
  *zero = largest == 0;
  for (int i = 0; i < SCAN; i++) largest = fmax(largest, fabs(y[i]));
  *zero = *zero && largest == 0;
  for (int i = 0; i < SCAN; i++) {
    double t = (2 * i + 1.0) / SCAN - 1, b1 = 0, b2 = 0;
    for (int k = N - 1; k >= 1; k--) {
      double next = 2 * t * b1 - b2 + panel->terms[k];
      b2 = b1, b1 = next;
    }
    *same = *same && fabs(t * b1 - b2 + panel->terms[0] - y[i]) <= 1e-10 * largest + TINY;
  }
  return true;
}

/* Too narrow to be halved with any use. */
static bool is_narrow(double from, double to) {
  return to - from <= 0x1p-44 * fmax(fabs(from), fabs(to)) || to - from < TINY;
}

/* To its own noise: rounding in the argument of an exponential makes small values noisier than large ones, hence the
 * logarithm; and in a narrow panel the rounding of x itself counts. */
static bool is_resolved(const Builder *b, const ThPanel *panel, double largest, double rest, int depth) {
  double size = fmax(fabs(panel->from), fabs(panel->to));
  double noise = 2e-15 * (1 + log(b->p->peak / largest)) + 4 * DBL_EPSILON * size / (panel->to - panel->from);
  if (rest <= noise * largest || largest < TINY) return true;
  double left_over = rest * (panel->to - panel->from);
  return depth >= DEEPEST || is_narrow(panel->from, panel->to) ||
         (depth >= DEEP && left_over <= 1e-17 * b->rough);
}

/* *zero: the function vanishes here. */
static bool add_range(Builder *b, double from, double to, int depth, bool look, bool *zero) {
  ThPanel panel = {.from = from, .to = to};
  double largest, rest, middle = from + 0.5 * (to - from);
  bool ok, same = true, halves[2];
  *zero = false;
  if (!fit(b, &panel, &largest, &rest, &ok)) return false;
  if (!ok) return true;
  if (look && !scan(b, &panel, largest, &same, zero, &ok)) return false;
  if (!ok || *zero) return true;
  if (largest == 0 && same) return true;
  if ((same && is_resolved(b, &panel, largest, rest, depth)) || is_narrow(from, to) || depth >= DEEPEST ||
      b->p->n >= MOST_PANELS) {
    b->residual += rest * (to - from);
    return push(b, &panel);
  }
  bool deeper = look && (!same || depth < 2);
  return add_range(b, from, middle, depth + 1, deeper, &halves[0]) &&
         (b->p->not_finite_at == b->p->not_finite_at ||
          add_range(b, middle, to, depth + 1, deeper, &halves[1]));
}

/* --- Tails */

/* A power law from values at the edge and at one and ten doublings of the distance inwards. */
static bool set_tail(Builder *b, ThPanelsTail *tail, double end, double edge) {
  bool infinite = fabs(end) > DBL_MAX, ok;
  double origin = infinite ? 0 : end, step = infinite ? 0.5 : 2, x[4], y[4];
  *tail = (ThPanelsTail){.end = end, .edge = edge};
  for (int i = 0; i < 4; i++) x[i] = origin + (edge - origin) * pow(step, i < 2 ? i : i + 6);
  if (!evaluate(b, 4, x, y, &ok)) return false;
  if (!ok || !(y[0] > 0)) return true;
  double exponent = log2(y[0] / y[1]) * (infinite ? 1 : -1), before = log2(y[2] / y[3]) * (infinite ? 1 : -1);
  double room = infinite ? -exponent - 1 : exponent + 1, width = fabs(edge - origin);
  tail->value = y[0];
  tail->exponent = exponent;
  if (!(room > 1e-6)) {
    b->p->diverges = true;
    b->p->diverges_at = end;
    return true;
  }
  tail->mass = y[0] * width / room;
  /* It falls with the distance from an end; in a tail like 1/(x log²x) it is a small part of what is wrong. */
  double drift = fabs(exponent - before) / room * (infinite ? 10 : 1.0 / 32);
  tail->error = tail->mass * (drift == drift ? fmin(drift, 1) : 1);
  b->residual += tail->error;
  return true;
}

/* --- The range */

/* From `origin` outwards to infinity: panels that double. Returns the last edge. Where the function has come down to 0,
 * something like inf*0 further out is 0, too. */
static bool add_outward(Builder *b, double origin, int first, bool left, double *edge) {
  double width = ldexp(1, first), from = 0;
  bool zero = false;
  for (int k = first; k <= OUTWARD; k++, width *= 2) {
    double a = left ? origin - width : origin + from, z = left ? origin - from : origin + width;
    bool before = zero;
    if (!add_range(b, a, z, 0, k > -12, &zero)) return false;
    if (b->p->not_finite_at == b->p->not_finite_at) {
      if (before) b->p->not_finite_at = TH_NAN;
      return true;
    }
    *edge = left ? a : z;
    from = width;
  }
  return true;
}

/* From the edge beside a finite end to `to`, by doublings of the distance from the end. */
static bool add_graded(Builder *b, double end, double to, double *edge) {
  double width = fabs(to - end), sign = to > end ? 1 : -1;
  double least = fmax(ldexp(width, -INWARD), sqrt(DBL_EPSILON * fabs(end) * width));
  int levels = (int)floor(log2(width / least));
  *edge = end + sign * ldexp(width, -levels);
  for (int k = levels; k > 0; k--) {
    bool zero;
    double near = end + sign * ldexp(width, -k), far = k == 1 ? to : end + sign * ldexp(width, -k + 1);
    if (!add_range(b, fmin(near, far), fmax(near, far), 0, k < 10, &zero)) return false;
    if (b->p->not_finite_at == b->p->not_finite_at) return true;
  }
  return true;
}

static int by_place(const void *a, const void *b) {
  double x = ((const ThPanel *)a)->from, y = ((const ThPanel *)b)->from;
  return x < y ? -1 : x > y;
}

/* The first panels and the edges: between two finite ends; from one outwards; or from 0 both ways. */
static bool first_cut(Builder *b, double lower, double upper, double *left, double *right) {
  bool to_left = lower<-DBL_MAX, to_right = upper> DBL_MAX;
  if (!to_left && !to_right) {
    double middle = lower + 0.5 * (upper - lower);
    return add_graded(b, lower, middle, left) && add_graded(b, upper, middle, right);
  }
  if (to_left && to_right)
    return add_outward(b, 0, -OUTWARD, true, left) && add_outward(b, 0, -OUTWARD, false, right);
  double end = to_left ? upper : lower, *near = to_left ? right : left, *far = to_left ? left : right;
  double start = end + (to_left ? -1 : 1);
  return add_graded(b, end, start, near) && add_outward(b, start, 0, to_left, far);
}

/* --- Sums from both sides, and the second cut */

static void sum_up(ThPanels *p) {
  double sum = p->left.mass;
  for (size_t i = 0; i < p->n; sum += p->panels[i++].mass) p->panels[i].below = sum;
  p->total = sum + p->right.mass;
  sum = p->right.mass;
  for (size_t i = p->n; i-- > 0; sum += p->panels[i].mass) p->panels[i].above = sum;
}

static bool is_steep(const ThPanel *panel) {
  return panel->mass > 32 * fmin(panel->below, panel->above) && panel->mass > TINY &&
         panel->to - panel->from > 0x1p-40 * fmax(fabs(panel->from), fabs(panel->to));
}

/* Halves every steep panel; *n_halved is how many. */
static bool halve_steep(Builder *b, size_t *n_halved) {
  ThPanels *p = b->p;
  size_t n = p->n;
  *n_halved = 0;
  for (size_t i = 0; i < n && p->n < MOST_PANELS; i++) {
    if (!is_steep(&p->panels[i])) continue;
    ThPanel left = {.from = p->panels[i].from}, right = {.to = p->panels[i].to};
    double largest, rest;
    bool ok;
    left.to = right.from = left.from + 0.5 * (right.to - left.from);
    if (!fit(b, &left, &largest, &rest, &ok) || !fit(b, &right, &largest, &rest, &ok)) return false;
    p->panels[i] = left;
    if (!push(b, &right)) return false;
    ++*n_halved;
  }
  return true;
}

static bool finish(Builder *b) {
  ThPanels *p = b->p;
  size_t n_halved = 1;
  for (int turn = 0; turn < 60 && n_halved > 0; turn++) {
    qsort(p->panels, p->n, sizeof *p->panels, by_place);
    sum_up(p);
    if (!halve_steep(b, &n_halved)) return false;
  }
  qsort(p->panels, p->n, sizeof *p->panels, by_place);
  sum_up(p);
  p->error = b->residual + 8 * DBL_EPSILON * p->total;
  return true;
}

bool th_panels_build(ThContext *cx, ThPanelsFunction f, void *self, double lower, double upper,
                     ThPanels *out) {
  Builder b = {.cx = cx, .f = f, .self = self, .p = out};
  double left = lower, right = upper;
  *out = (ThPanels){.not_finite_at = TH_NAN, .peak_at = TH_NAN, .least_at = TH_NAN};
  set_nodes(&b);
  bool ok = first_cut(&b, lower, upper, &left, &right);
  bool usable = ok && !(out->not_finite_at == out->not_finite_at) && out->n > 0;
  out->left = (ThPanelsTail){.end = lower, .edge = left};
  out->right = (ThPanelsTail){.end = upper, .edge = right};
  if (usable) ok = set_tail(&b, &out->left, lower, left) && set_tail(&b, &out->right, upper, right);
  if (ok && usable && !out->diverges) ok = finish(&b);
  if (!ok) th_panels_clear(cx, out);
  return ok;
}
