/* query_interval.c - where events change as one continuous variable moves */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event in one variable is a union of intervals. Their ends are where a comparison changes its outcome.
 * They are looked for on a grid of quantiles that reaches into the far tails, and then bisected to
 * neighbouring doubles. Two changes between neighbouring points of the grid are found where the difference
 * of a comparison's sides turns around towards zero. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/real.h"
#include "prob/query.h"

enum { MOST_WATCHES = 64, MOST_BREAKS = 100000 };

/* Something that jumps: which side of a comparison is larger, the value of a step function, the sign of an
 * input (a divisor, what a root is taken of) or of the value itself, which
 * element of an array the value is, an event's truth. */
typedef enum WatchKind { COMPARISON, STEP, SIGN, OWN_SIGN, LARGEST, TRUTH } WatchKind;

typedef struct Watch {
  WatchKind kind;
  uint32_t node;
  uint32_t input; /* SIGN: of which input */
} Watch;

/* What all watches say at one x. */
typedef struct Reading {
  double x;
  double states[MOST_WATCHES];
  double gaps[MOST_WATCHES]; /* of comparisons: left side minus right side; NaN of others */
} Reading;

typedef struct Finder {
  ThQuery *q;
  size_t k;
  size_t n_watches;
  Watch watches[MOST_WATCHES];
  double low, high; /* beyond these it does not matter where a step function jumps */
  size_t n, capacity;
  double *breaks;
} Finder;

/* --- Watches */

static bool is_named(const ThVariable *v, const char *name) {
  return v->what == TH_VARIABLE_APPLY && th_builtin_is(v->function, name);
}

static bool is_comparison(ThOperator op) { return op >= TH_OP_EQUAL && op <= TH_OP_GREATER_EQUAL; }

/* Functions with a step, a kink or a pole. */
static const struct {
  const char *name;
  WatchKind kind;
} watched_functions[] = {{"floor", STEP}, {"ceil", STEP},    {"round", STEP},
                         {"sign", STEP},  {"abs", SIGN},     {"sqrt", SIGN},
                         {"log", SIGN},   {"tan", OWN_SIGN}, {"gamma", OWN_SIGN}};

/* *fits is false for a node at which nothing jumps. */
static Watch watch_of(const ThVariable *v, uint32_t i, bool *fits) {
  Watch watch = {.kind = COMPARISON, .node = i};
  *fits = v->what == TH_VARIABLE_OPERATOR && is_comparison(v->op);
  if (v->what == TH_VARIABLE_OPERATOR && (v->op == TH_OP_DIVIDE || v->op == TH_OP_POWER)) {
    double exponent;
    watch.kind = SIGN;
    watch.input = v->op == TH_OP_DIVIDE;
    *fits = v->op == TH_OP_DIVIDE || !th_to_number(v->arguments[1], &exponent) || exponent < 1 ||
            floor(exponent) != exponent;
  }
  if (v->n == 2 && (is_named(v, "max") || is_named(v, "min"))) *fits = true; /* of two: which is larger */
  if (v->n == 1 && (is_named(v, "max") || is_named(v, "min"))) watch.kind = LARGEST, *fits = true;
  for (size_t j = 0; j < sizeof watched_functions / sizeof *watched_functions; j++) {
    if (!is_named(v, watched_functions[j].name)) continue;
    watch.kind = watched_functions[j].kind;
    *fits = true;
  }
  return watch;
}

static void watch_node(Finder *f, uint32_t i) {
  const ThNetworkNode *node = &f->q->net.nodes[i];
  bool fits;
  if (f->n_watches == MOST_WATCHES || node->level != f->k + 1 || !th_is_variable(node->source)) return;
  Watch watch = watch_of(th_as_variable(node->source), i, &fits);
  if (fits) f->watches[f->n_watches++] = watch;
}

static void watch_event(Finder *f, ThValue event) {
  uint32_t i = th_network_find(&f->q->net, event);
  if (i != TH_NO_NODE && f->q->net.nodes[i].level == f->k + 1 && f->n_watches < MOST_WATCHES)
    f->watches[f->n_watches++] = (Watch){TRUTH, i, 0};
}

static void set_watches(Finder *f) {
  for (uint32_t i = 0; i < f->q->net.n_nodes; i++) watch_node(f, i);
  for (size_t i = 0; f->q->kind == TH_QUERY_P && i < f->q->n_targets; i++) watch_event(f, f->q->targets[i]);
  for (size_t i = 0; i < f->q->n_conditions; i++)
    if (!f->q->conditions[i].observation) watch_event(f, f->q->conditions[i].event);
}

static double sign_of(double x) { return isnan(x) ? 2 : x > 0 ? 1 : x < 0 ? -1 : 0; }

static bool number_of(const ThNetwork *net, const ThInput *input, double *x) {
  if (input->node == TH_NO_NODE) return th_to_number(input->plain, x);
  return !net->nodes[input->node].failed && th_to_number(net->nodes[input->node].value, x);
}

/* Which element of the array the node's value is. */
static double place_in(const ThNetwork *net, const ThInput *input, const ThNetworkNode *node) {
  double value;
  if (input->node == TH_NO_NODE || node->failed || !th_to_number(node->value, &value)) return 3;
  ThValue array = net->nodes[input->node].value;
  const ThArray *a = th_is_array(array) ? th_as_array(array) : NULL;
  for (size_t i = 0; a && a->element != TH_COMPLEX && i < a->length; i++)
    if (th_array_real(a, i) == value) return (double)i;
  return -1;
}

/* What one watch says; *gap is the difference of a comparison's sides. */
static double state_of(const Finder *f, const Watch *watch, double x, double *gap) {
  const ThNetwork *net = &f->q->net;
  const ThNetworkNode *node = &net->nodes[watch->node];
  const ThInput *inputs = &net->inputs[node->first_input];
  double a, b;
  *gap = TH_NAN;
  if (watch->kind == COMPARISON) {
    if (!number_of(net, &inputs[0], &a) || !number_of(net, &inputs[1], &b)) return 3;
    *gap = a == b ? 0 : a - b;
    return a > b ? 1 : a < b ? -1 : a == b ? 0 : 2;
  }
  if (watch->kind == SIGN) return number_of(net, &inputs[watch->input], &a) ? sign_of(a) : 3;
  if (watch->kind == OWN_SIGN) return !node->failed && th_to_number(node->value, &a) ? sign_of(a) : 3;
  if (watch->kind == LARGEST) return place_in(net, &inputs[0], node);
  if (watch->kind == STEP && (x < f->low || x > f->high)) return 3;
  return !node->failed && th_to_number(node->value, &a) && !isnan(a) ? a : 3;
}

static bool read_at(Finder *f, double x, Reading *r) {
  if (!th_network_assign(&f->q->net, f->k, x)) return false;
  r->x = x;
  for (size_t i = 0; i < f->n_watches; i++) r->states[i] = state_of(f, &f->watches[i], x, &r->gaps[i]);
  return true;
}

static bool same(const Finder *f, const Reading *a, const Reading *b) {
  return memcmp(a->states, b->states, f->n_watches * sizeof *a->states) == 0;
}

/* --- Bisection */

static bool add_break(Finder *f, double x) {
  if (f->n > 0 && f->breaks[f->n - 1] == x) return true;
  if (f->n == MOST_BREAKS) return true;
  if (f->n == f->capacity) {
    size_t capacity = 2 * f->capacity + 16;
    double *breaks = th_resize(f->q->cx, f->breaks, f->capacity * sizeof *breaks, capacity * sizeof *breaks);
    if (!breaks) return false;
    f->breaks = breaks;
    f->capacity = capacity;
  }
  f->breaks[f->n++] = x;
  return true;
}

/* The state at one end is that of a point where sides are equal: such a point is the break itself. */
static bool has_zero(const Finder *f, const Reading *r) {
  for (size_t i = 0; i < f->n_watches; i++)
    if (f->watches[i].kind != STEP && f->watches[i].kind != TRUTH && r->states[i] == 0) return true;
  return false;
}

/* Where a straight line through the gaps of a comparison that changes would be zero: most gaps are nearly
 * straight. NaN when none says. */
static double guess_change(const Finder *f, const Reading *a, const Reading *b) {
  for (size_t i = 0; i < f->n_watches; i++) {
    double left = a->gaps[i], right = b->gaps[i];
    if (a->states[i] == b->states[i] || !isfinite(left) || !isfinite(right) || left * right >= 0) continue;
    return a->x + (b->x - a->x) * (left / (left - right));
  }
  return TH_NAN;
}

/* The change between places i and j, where *low and *high stand. */
typedef struct Bracket {
  uint64_t i, j;
  Reading low, high;
} Bracket;

static bool narrow(Finder *f, Bracket *b, uint64_t place) {
  Reading middle;
  if (place <= b->i || place >= b->j) return true;
  if (!read_at(f, th_real_at_place(place), &middle)) return false;
  if (same(f, &b->low, &middle)) b->low = middle, b->i = place;
  else b->high = middle, b->j = place;
  return true;
}

/* A guess, and close to it on either side: with luck the change is caught between them. */
static bool narrow_by_guesses(Finder *f, Bracket *b) {
  for (int round = 0; round < 4 && b->j - b->i > 64; round++) {
    double guess = guess_change(f, &b->low, &b->high);
    if (!(guess > b->low.x && guess < b->high.x)) return true;
    uint64_t place = th_real_place(guess), margin = round < 2 ? 4 : 256;
    if (!narrow(f, b, place) || !narrow(f, b, place - margin) || !narrow(f, b, place + margin)) return false;
  }
  return true;
}

/* A change after *a, which differs from b: *a becomes the point behind it. */
static bool next_change(Finder *f, Reading *a, const Reading *b) {
  Bracket bracket = {th_real_place(a->x), th_real_place(b->x), *a, *b};
  if (!narrow_by_guesses(f, &bracket)) return false;
  while (bracket.j - bracket.i > 1)
    if (!narrow(f, &bracket, bracket.i + (bracket.j - bracket.i) / 2)) return false;
  *a = bracket.high;
  return add_break(f, has_zero(f, &bracket.low) ? bracket.low.x : bracket.high.x);
}

static bool changes_between(Finder *f, const Reading *a, const Reading *b) {
  Reading at = *a;
  for (int i = 0; i < 200 && !same(f, &at, b); i++)
    if (!next_change(f, &at, b)) return false;
  return true;
}

/* --- Turning points: a gap that shrinks and grows again without a change of sign may have crossed zero
 * twice */

static bool probe_turn(Finder *f, size_t i, const Reading *a, const Reading *b, const Reading *c,
                       bool *crossed, Reading *found) {
  const double golden = 0.381966011250105;
  double low = a->x, high = c->x;
  Reading best = *b, next;
  *crossed = false;
  for (int step = 0; step < 80 && high - low > 4 * DBL_EPSILON * fabs(best.x); step++) {
    double x = best.x - low > high - best.x ? best.x - golden * (best.x - low)
                                            : best.x + golden * (high - best.x);
    if (!(x > low && x < high) || x == best.x) break;
    if (!read_at(f, x, &next)) return false;
    if (next.states[i] != b->states[i]) {
      *crossed = true;
      *found = next;
      return true;
    }
    bool better = fabs(next.gaps[i]) < fabs(best.gaps[i]);
    if (x < best.x) better ? (high = best.x) : (low = x);
    else better ? (low = best.x) : (high = x);
    if (better) best = next;
  }
  return true;
}

static bool turns(const Finder *f, size_t i, const Reading *a, const Reading *b, const Reading *c) {
  if (f->watches[i].kind != COMPARISON || b->states[i] == 0) return false;
  if (a->states[i] != b->states[i] || c->states[i] != b->states[i]) return false;
  return fabs(b->gaps[i]) <= fabs(a->gaps[i]) && fabs(b->gaps[i]) <= fabs(c->gaps[i]) &&
         isfinite(b->gaps[i]) && (fabs(b->gaps[i]) < fabs(a->gaps[i]) || fabs(b->gaps[i]) < fabs(c->gaps[i]));
}

static bool check_turns(Finder *f, const Reading *a, const Reading *b, const Reading *c) {
  for (size_t i = 0; i < f->n_watches; i++) {
    bool crossed;
    Reading found;
    if (!turns(f, i, a, b, c)) continue;
    if (!probe_turn(f, i, a, b, c, &crossed, &found)) return false;
    if (!crossed) continue;
    const Reading *left = found.x < b->x ? a : b, *right = found.x < b->x ? b : c;
    if (!changes_between(f, left, &found) || !changes_between(f, &found, right)) return false;
  }
  return true;
}

/* --- The grid */

static bool grid_add(ThContext *cx, ThProbes *g, double x) {
  if (!isfinite(x)) return true;
  if (g->n == g->capacity) {
    size_t capacity = 2 * g->capacity + 128;
    double *grown = th_resize(cx, g->x, g->capacity * sizeof *grown, capacity * sizeof *grown);
    if (!grown) return false;
    g->x = grown;
    g->capacity = capacity;
  }
  g->x[g->n++] = x;
  return true;
}

void th_probes_clear(ThContext *cx, ThProbes *g) {
  th_free(cx, g->x, g->capacity * sizeof *g->x);
  g->x = NULL;
  g->n = g->capacity = 0;
}

static bool grid_quantile(ThContext *cx, ThProbes *g, const ThDistribution *d, ThMeasure what, double p) {
  double x;
  return th_distribution_measure(cx, d, 0, what, p, &x) && grid_add(cx, g, x);
}

/* Beyond the last quantile: as far as numbers go, or a few steps. */
static bool grid_beyond(ThContext *cx, ThProbes *g, double from, double scale, bool up) {
  double end = g->fineness == TH_PROBES_FINE ? 1e305 : 1e6 * scale,
         factor = g->fineness == TH_PROBES_FEW ? 100 : 4;
  for (double step = scale; step < end; step *= factor)
    if (!grid_add(cx, g, up ? from + step : from - step)) return false;
  return true;
}

/* Quantiles of even probabilities, and of probabilities that fall off towards both ends. */
static bool grid_quantiles(ThContext *cx, ThProbes *g, const ThDistribution *d) {
  static const int many[] = {800, 40, 14};
  static const double growths[] = {1.1, 2, 4}, begin[] = {3.2, 2.2, 2};
  int middle = many[g->fineness];
  double growth = growths[g->fineness];
  bool ok = true;
  for (int i = 1; ok && i < middle; i++) ok = grid_quantile(cx, g, d, TH_QUANTILE, (double)i / middle);
  for (double e = begin[g->fineness]; ok && e < 300; e *= growth)
    ok = grid_quantile(cx, g, d, TH_QUANTILE, pow(10, -e)) &&
         grid_quantile(cx, g, d, TH_UPPER_QUANTILE, pow(10, -e));
  return ok;
}

static bool grid_fill(ThContext *cx, ThProbes *g, const ThDistribution *d) {
  double lower, upper, low, high;
  g->n = 0;
  th_distribution_support(d, 0, &lower, &upper);
  if (!grid_quantiles(cx, g, d) || !th_distribution_measure(cx, d, 0, TH_QUANTILE, 1e-300, &low) ||
      !th_distribution_measure(cx, d, 0, TH_UPPER_QUANTILE, 1e-300, &high))
    return false;
  double scale = fmax(high - low, fmax(fabs(low), fabs(high)) * 1e-6);
  if (!isfinite(scale) || scale <= 0) scale = 1;
  bool ok = true;
  if (isinf(lower) && isfinite(low)) ok = grid_beyond(cx, g, low, scale, false);
  if (ok && isinf(upper) && isfinite(high)) ok = grid_beyond(cx, g, high, scale, true);
  ok = ok && grid_add(cx, g, lower) && grid_add(cx, g, upper);
  qsort(g->x, g->n, sizeof *g->x, th_real_ascending);
  return ok;
}

static bool scan(Finder *f, const ThProbes *g) {
  Reading a, b, c;
  if (g->n < 2 || !read_at(f, g->x[0], &b)) return g->n < 2;
  a = b;
  for (size_t i = 1; i < g->n; i++) {
    if (g->x[i] == g->x[i - 1]) continue;
    if ((i % 64 == 0 && !th_poll(f->q->cx)) || !read_at(f, g->x[i], &c)) return false;
    if (!changes_between(f, &b, &c)) return false;
    if (a.x < b.x && !check_turns(f, &a, &b, &c)) return false;
    a = b;
    b = c;
  }
  return true;
}

/* The grid of the distribution: kept from one call to the next while the distribution is fixed. */
static bool ready_grid(Finder *f, const ThDistribution *d, ThProbes *g) {
  bool ready = g->n > 0 && f->q->net.variables[f->k].fixed;
  return (ready || grid_fill(f->q->cx, g, d)) &&
         th_distribution_measure(f->q->cx, d, 0, TH_QUANTILE, 1e-20, &f->low) &&
         th_distribution_measure(f->q->cx, d, 0, TH_UPPER_QUANTILE, 1e-20, &f->high);
}

bool th_query_breaks(ThQuery *q, size_t k, const ThDistribution *d, ThProbes *grid, double **breaks,
                     size_t *n) {
  Finder f = {.q = q, .k = k};
  double *exact = NULL;
  set_watches(&f);
  bool ok = f.n_watches == 0 || (ready_grid(&f, d, grid) && scan(&f, grid));
  if (ok && f.n > 0) {
    qsort(f.breaks, f.n, sizeof *f.breaks, th_real_ascending);
    exact = th_alloc_array(q->cx, f.n, sizeof *exact);
    ok = exact != NULL;
    if (ok) memcpy(exact, f.breaks, f.n * sizeof *exact);
  }
  th_free(q->cx, f.breaks, f.capacity * sizeof *f.breaks);
  *breaks = exact;
  *n = ok ? f.n : 0;
  return ok;
}

/* --- Probabilities of intervals */

bool th_query_between(ThContext *cx, const ThDistribution *d, double a, double b, double *out) {
  double below_a, below_b, above_a, above_b;
  if (th_distribution_has_steps(d)) b = nextafter(b, -TH_INFINITY); /* P(X < b) */
  if (!(b > a)) {
    *out = 0;
    return true;
  }
  if (!th_distribution_measure(cx, d, 0, TH_CDF, a, &below_a) ||
      !th_distribution_measure(cx, d, 0, TH_CDF, b, &below_b) ||
      !th_distribution_measure(cx, d, 0, TH_CCDF, a, &above_a) ||
      !th_distribution_measure(cx, d, 0, TH_CCDF, b, &above_b))
    return false;
  if (below_b <= 0.5) *out = below_b - below_a;
  else if (above_a <= 0.5) *out = above_a - above_b;
  else *out = 1 - below_a - above_b;
  return true;
}
