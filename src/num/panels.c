/* panels.c - a function of one variable as polynomials on panels: values, integrals, quantiles */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/panels.h"

#include "num/chebyshev.h"
#include "num/real.h"

enum { N = TH_PANEL_TERMS };

static double place_in(const ThPanel *panel, double x) {
  double half = 0.5 * (panel->to - panel->from);
  return fmin(fmax(((x - panel->from) - (panel->to - x)) / (2 * half), -1), 1);
}

/* The integral from the panel's start, or to its end. T_k(-1) = (-1)^k, T_k(1) = 1. */
static double part_of(const ThPanel *panel, double t, bool upper) {
  double at_end = 0, here = th_chebyshev_value(N + 1, panel->integral, t);
  for (size_t k = N + 1; k-- > 0;) at_end += upper || k % 2 == 0 ? panel->integral[k] : -panel->integral[k];
  return upper ? at_end - here : here - at_end;
}

/* The panel that x lies in, x between the first panel's start and the last one's end: the last with from <= x. */
static const ThPanel *panel_at(const ThPanels *p, double x) {
  size_t low = 0, high = p->n;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (p->panels[middle].from <= x) low = middle;
    else high = middle;
  }
  return &p->panels[low];
}

/* --- Beyond the panels */

static bool is_infinite(const ThPanelsTail *tail) { return fabs(tail->end) > DBL_MAX; }

/* x's distance as a share of the edge's. */
static double share_of(const ThPanelsTail *tail, double x) {
  return is_infinite(tail) ? x / tail->edge : (x - tail->end) / (tail->edge - tail->end);
}

/* The integral between x, beyond the edge, and the end. */
static double tail_beyond(const ThPanelsTail *tail, double x) {
  double share = share_of(tail, x);
  return tail->mass == 0 ? 0 : tail->mass * pow(share, tail->exponent + 1);
}

static double tail_point(const ThPanelsTail *tail, double mass) {
  if (!(mass > 0)) return tail->end;
  double share = pow(fmin(mass / tail->mass, 1), 1 / (tail->exponent + 1));
  return is_infinite(tail) ? tail->edge * share : tail->end + (tail->edge - tail->end) * share;
}

/* --- Values and integrals */

double th_panels_value(const ThPanels *p, double x) {
  if (!(x >= p->left.end && x <= p->right.end)) return x == x ? 0 : x;
  const ThPanelsTail *tail = x < p->left.edge ? &p->left : x > p->right.edge ? &p->right : NULL;
  if (tail) return tail->mass == 0 ? 0 : tail->value * pow(share_of(tail, x), tail->exponent);
  if (p->n == 0) return 0;
  const ThPanel *panel = panel_at(p, x);
  return x > panel->to ? 0 : th_chebyshev_value(N, panel->terms, place_in(panel, x));
}

double th_panels_below(const ThPanels *p, double x) {
  if (x != x) return x;
  if (x <= p->left.end) return 0;
  if (x >= p->right.end) return p->total;
  if (x <= p->left.edge) return tail_beyond(&p->left, x);
  if (x >= p->right.edge || p->n == 0) return p->total - tail_beyond(&p->right, x);
  const ThPanel *panel = panel_at(p, x);
  if (x < panel->from) return panel->below;
  return x >= panel->to ? panel->below + panel->mass
                        : panel->below + fmax(part_of(panel, place_in(panel, x), false), 0);
}

double th_panels_above(const ThPanels *p, double x) {
  if (x != x) return x;
  if (x <= p->left.end) return p->total;
  if (x >= p->right.end) return 0;
  if (x >= p->right.edge) return tail_beyond(&p->right, x);
  if (x <= p->left.edge || p->n == 0) return p->total - tail_beyond(&p->left, x);
  const ThPanel *panel = panel_at(p, x);
  if (x < panel->from) return panel->above + panel->mass;
  return x >= panel->to ? panel->above : panel->above + fmax(part_of(panel, place_in(panel, x), true), 0);
}

/* Each panel is resolved to its own rounding: a small integral keeps its digits, but for its share of the tail. */
double th_panels_error(const ThPanels *p, double x) {
  double below = th_panels_below(p, x), above = th_panels_above(p, x), least = fmin(below, above);
  const ThPanelsTail *tail = below <= above ? &p->left : &p->right;
  double beyond = tail->mass > 0 ? tail->error * fmin(1, least / tail->mass) : 0;
  return fmin(p->error, beyond + 1e-11 * least);
}

/* --- Quantiles */

/* t with part_of equal to mass: Newton's steps within a bracket. */
static double solve_part(const ThPanel *panel, double mass, bool upper) {
  double low = -1, high = 1, half = 0.5 * (panel->to - panel->from), share = mass / panel->mass;
  double t = upper ? 1 - 2 * share : 2 * share - 1;
  for (int turn = 0; turn < 80; turn++) {
    double excess = part_of(panel, t, upper) - mass, slope = half * th_chebyshev_value(N, panel->terms, t);
    if ((excess > 0) == upper) low = t;
    else high = t;
    double next = upper ? t + excess / slope : t - excess / slope;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (fabs(next - t) <= DBL_EPSILON) return next;
    t = next;
  }
  return t;
}

double th_panels_quantile(const ThPanels *p, double mass, bool upper) {
  const ThPanelsTail *near = upper ? &p->right : &p->left, *far = upper ? &p->left : &p->right;
  if (!(mass > 0)) return near->end;
  if (mass <= near->mass) return tail_point(near, mass);
  if (p->n == 0 || mass >= p->total - far->mass) return tail_point(far, p->total - mass);
  size_t low = 0,
         high = p->n; /* the last panel whose `below` is under the mass; the first whose `above` is */
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    bool right = upper ? p->panels[middle - 1].above >= mass : p->panels[middle].below < mass;
    if (right) low = middle;
    else high = middle;
  }
  const ThPanel *panel = &p->panels[low];
  double rest = mass - (upper ? panel->above : panel->below);
  if (!(rest > 0)) return upper ? panel->to : panel->from;
  if (rest >= panel->mass) return upper ? panel->from : panel->to;
  double t = solve_part(panel, rest, upper), half = 0.5 * (panel->to - panel->from);
  return t < 0 ? panel->from + half * (1 + t) : panel->to - half * (1 - t);
}

void th_panels_free(ThHeap *heap, ThPanels *p) {
  th_heap_free(heap, p->panels, p->capacity * sizeof *p->panels);
  p->panels = NULL;
  p->n = p->capacity = 0;
}

void th_panels_clear(ThContext *cx, ThPanels *p) { th_panels_free(&cx->heap, p); }
