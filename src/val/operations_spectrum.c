/* operations_spectrum.c - what eigenvalues and singular values have in common: ties, phases */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/operations_spectrum.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "num/kernels.h"

typedef double complex Complex;

static Complex number(const ThTensor *t, size_t i) {
  return t->element == TH_COMPLEX ? th_tensor_complex(t)[i] : t->data[i];
}
static void store(const ThTensor *t, size_t i, Complex z) {
  if (t->element == TH_COMPLEX) th_tensor_complex(t)[i] = z;
  else t->data[i] = creal(z);
}

static double largest(const ThTensor *t) {
  double size = 0;
  for (size_t i = 0; i < t->length; i++) size = fmax(size, cabs(number(t, i)));
  return size;
}

/* Below this, beside the largest, a value is rounding: errors of the factorisations grow with n at most. */
static double rounding(const ThTensor *values) {
  return 16 * DBL_EPSILON * (double)values->length * largest(values);
}

/* Beside the largest of its kind, a derivative that vanishes. */
static const double VANISHES = 1e-8;

static const char *name_of(bool singular) { return singular ? "singular value" : "eigenvalue"; }

static bool fail_tie(ThContext *cx, bool singular, size_t i, size_t j, const char *what) {
  size_t first = i < j ? i : j, second = i < j ? j : i;
  return th_fail(cx, TH_ERROR_NUMERIC, "%ss %zu and %zu are equal: %s", name_of(singular), first + 1,
                 second + 1, what);
}
static bool fail_zero(ThContext *cx, size_t i, const char *what) {
  return th_fail(cx, TH_ERROR_NUMERIC, "singular value %zu is 0: %s", i + 1, what);
}

static ThElement wider(const ThTensor *a, const ThTensor *b) {
  return a->element == TH_COMPLEX || b->element == TH_COMPLEX ? TH_COMPLEX : TH_DOUBLE;
}

static bool same_shape(ThShaping *s) {
  const ThTensor *a = &s->inputs[0];
  s->rank = a->rank;
  memcpy(s->shape, a->shape, a->rank * sizeof *s->shape);
  s->element = s->n_inputs > 1 ? wider(a, &s->inputs[1]) : a->element;
  return true;
}

/* --- Divided differences */

typedef enum Divisor { GAPS, SUMS, VALUES } Divisor;

typedef struct Division {
  Divisor divisor;
  ThPairing pairing;
  size_t singular;
} Division;

static Complex numerator(const ThTensor *m, size_t n, size_t i, size_t j, ThPairing pairing) {
  Complex x = number(m, i * n + j);
  if (pairing == TH_PAIR_PLAIN) return x;
  Complex y = conj(number(m, j * n + i));
  return pairing == TH_PAIR_MINUS ? x - y : x + y;
}

static bool fail_division(ThContext *cx, const Division *d, size_t i, size_t j) {
  static const char *const nothing = "what hangs on their vectors has no derivative here";
  if (d->divisor == VALUES) return fail_zero(cx, j, "what hangs on its vectors has no derivative here");
  if (d->divisor == SUMS && i == j) return fail_zero(cx, i, "its vectors have no derivative here");
  return fail_tie(cx, d->singular, i, j, nothing);
}

static bool divided(ThContext *cx, const ThEvaluation *e) {
  const Division *d = e->attribute;
  const ThTensor *m = &e->inputs[0], *values = &e->inputs[1];
  size_t rows = m->shape[0], n = m->shape[1];
  double tie = rounding(values), scale = VANISHES * largest(m);
  for (size_t i = 0; i < rows; i++) {
    for (size_t j = 0; j < n; j++) {
      if (d->divisor == GAPS && i == j) {
        store(&e->output, i * n + j, 0);
        continue;
      }
      Complex above = numerator(m, n, i, j, d->pairing), below = number(values, j);
      if (d->divisor == GAPS) below -= number(values, i);
      else if (d->divisor == SUMS) below += number(values, i);
      bool is_tie = cabs(below) <= tie;
      if (is_tie && cabs(above) > scale) return fail_division(cx, d, i, j);
      store(&e->output, i * n + j, is_tie ? 0 : above / below);
    }
    if (!th_poll(cx)) return false;
  }
  return true;
}

static const ThOperation op_divided;
static ThNodeId divide(ThGraph *g, ThNodeId m, ThNodeId values, Divisor divisor, ThPairing pairing,
                       bool singular) {
  const ThNodeId both[] = {m, values};
  Division d;
  memset(&d, 0, sizeof d);
  d.divisor = divisor;
  d.pairing = pairing;
  d.singular = singular;
  return m == TH_ZERO ? m : th_graph_apply(g, &op_divided, both, 2, &d, sizeof d);
}

ThNodeId th_divided_by_gaps(ThGraph *g, ThNodeId m, ThNodeId values, ThPairing pairing, bool singular) {
  return divide(g, m, values, GAPS, pairing, singular);
}
ThNodeId th_divided_by_sums(ThGraph *g, ThNodeId m, ThNodeId values, ThPairing pairing) {
  return divide(g, m, values, SUMS, pairing, true);
}
ThNodeId th_divided_by_values(ThGraph *g, ThNodeId m, ThNodeId values) {
  return divide(g, m, values, VALUES, TH_PAIR_PLAIN, true);
}

/* Gaps change sign when i and j change places, sums do not: so does what a pairing is pulled back to. */
static ThPairing paired_back(const Division *d) {
  if (d->pairing == TH_PAIR_PLAIN || d->divisor == SUMS) return d->pairing;
  return d->pairing == TH_PAIR_MINUS ? TH_PAIR_PLUS : TH_PAIR_MINUS;
}

/* ∂Y_ij/∂λ_j = -Y_ij/(λ_j - λ_i), and so on */
static ThNodeId divided_pullback(ThGraph *g, ThNodeId y, ThNodeId cotangent, size_t k) {
  Division d = *(const Division *)th_node(g, y)->attribute;
  ThNodeId values = th_conjugate(g, th_node_input(g, y, 1));
  if (k == 0) return divide(g, cotangent, values, d.divisor, paired_back(&d), d.singular);
  ThNodeId z = divide(g, th_multiply(g, cotangent, th_conjugate(g, y)), values, d.divisor, TH_PAIR_PLAIN,
                      d.singular);
  ThNodeId columns = th_sum_axis(g, z, 0, false);
  if (d.divisor == VALUES) return th_negate(g, columns);
  ThNodeId rows = th_sum_axis(g, z, 1, false);
  return d.divisor == GAPS ? th_subtract(g, rows, columns) : th_negate(g, th_add(g, rows, columns));
}

static ThNodeId divided_pushforward(ThGraph *g, ThNodeId y, const ThNodeId *tangents) {
  Division d = *(const Division *)th_node(g, y)->attribute;
  ThNodeId values = th_node_input(g, y, 1), moved = tangents[1];
  ThNodeId direct = divide(g, tangents[0], values, d.divisor, d.pairing, d.singular);
  if (moved == TH_ZERO || g->failed) return direct;
  size_t n = th_node(g, values)->length;
  ThNodeId row = th_reshape(g, moved, 2, (size_t[]){1, n}), below = row;
  if (d.divisor != VALUES) {
    ThNodeId column = th_reshape(g, moved, 2, (size_t[]){n, 1});
    below = d.divisor == GAPS ? th_subtract(g, row, column) : th_add(g, row, column);
  }
  ThNodeId less = divide(g, th_multiply(g, y, below), values, d.divisor, TH_PAIR_PLAIN, d.singular);
  return th_subtract(g, direct, less);
}

static const ThOperation op_divided = {.name = "eig",
                                       .shape = same_shape,
                                       .evaluate = divided,
                                       .pullback = divided_pullback,
                                       .pushforward = divided_pushforward};

/* --- Cotangents and tangents of values */

typedef struct Use {
  size_t singular, n;
  uint8_t used[];
} Use;

static const char *const BOTH = "the derivative of what uses both values and vectors cannot be found";

static bool check_pair(ThContext *cx, const Use *use, const ThTensor *x, double scale, size_t i, size_t j) {
  uint8_t used = use->used[i] | use->used[j];
  if (used == (TH_USES_VALUE | TH_USES_VECTOR)) return fail_tie(cx, use->singular, i, j, BOTH);
  if (cabs(number(x, i) - number(x, j)) <= scale) return true;
  return fail_tie(cx, use->singular, i, j, "a function that tells them apart has no derivative here");
}

static bool check_zero(ThContext *cx, const Use *use, const ThTensor *x, double scale, size_t i) {
  if (use->used[i] == (TH_USES_VALUE | TH_USES_VECTOR)) return fail_zero(cx, i, BOTH);
  return cabs(number(x, i)) <= scale || fail_zero(cx, i, "the derivative jumps there");
}

static bool even_cotangent(ThContext *cx, const ThEvaluation *e) {
  const Use *use = e->attribute;
  const ThTensor *x = &e->inputs[0], *values = &e->inputs[1];
  double tie = rounding(values), scale = VANISHES * largest(x);
  for (size_t i = 0; i < values->length; i++) {
    if (use->singular && cabs(number(values, i)) <= tie && !check_zero(cx, use, x, scale, i)) return false;
    for (size_t j = 0; j < i; j++)
      if (cabs(number(values, i) - number(values, j)) <= tie && !check_pair(cx, use, x, scale, i, j))
        return false;
    store(&e->output, i, number(x, i));
  }
  return th_poll(cx);
}
static ThNodeId even_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)g, (void)node;
  return k == 0 ? cotangent : TH_ZERO;
}
static ThNodeId even_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  (void)g, (void)node;
  return tangents[0];
}
static const ThOperation op_even_cotangent = {.name = "eig",
                                              .shape = same_shape,
                                              .evaluate = even_cotangent,
                                              .pullback = even_pullback,
                                              .pushforward = even_pushforward};

ThNodeId th_even_cotangent(ThGraph *g, ThNodeId cotangent, ThNodeId values, const uint8_t *used,
                           bool singular) {
  if (cotangent == TH_ZERO || g->failed) return cotangent;
  const ThNodeId both[] = {cotangent, values};
  size_t n = th_node(g, values)->length, size = sizeof(Use) + n;
  Use *use = th_alloc(g->cx, size);
  if (!use) {
    g->failed = true;
    return 0;
  }
  memset(use, 0, size);
  use->singular = singular;
  use->n = n;
  memcpy(use->used, used, n);
  ThNodeId node = th_graph_apply(g, &op_even_cotangent, both, 2, use, size);
  th_free(g->cx, use, size);
  return node;
}

static bool even_tangent(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *x = &e->inputs[0], *values = &e->inputs[1];
  double tie = rounding(values);
  for (size_t i = 0; i < values->length; i++) {
    Complex sum = 0;
    double count = 0;
    for (size_t j = 0; j < values->length; j++) {
      if (cabs(number(values, i) - number(values, j)) > tie) continue;
      sum += number(x, j);
      count++;
    }
    store(&e->output, i, sum / count);
  }
  return th_poll(cx);
}
static const ThOperation op_even_tangent;
static ThNodeId even_tangent_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  return k == 0 ? th_even_tangent(g, cotangent, th_node_input(g, node, 1)) : TH_ZERO;
}
static ThNodeId even_tangent_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return th_even_tangent(g, tangents[0], th_node_input(g, node, 1));
}
static const ThOperation op_even_tangent = {.name = "eig",
                                            .shape = same_shape,
                                            .evaluate = even_tangent,
                                            .pullback = even_tangent_pullback,
                                            .pushforward = even_tangent_pushforward};

ThNodeId th_even_tangent(ThGraph *g, ThNodeId tangent, ThNodeId values) {
  if (tangent == TH_ZERO || g->failed) return tangent;
  return th_graph_binary(g, &op_even_tangent, tangent, values);
}

/* --- What a cotangent reaches */

static bool find_scattered(ThGraph *g, ThNodeId id, bool *flags) {
  size_t n;
  const size_t *at = th_gather_positions(g, id, &n);
  bool *inner = th_alloc(g->cx, n + 1);
  if (!inner) return false;
  memset(inner, 0, n);
  bool ok = th_find_used(g, th_node_input(g, id, 0), inner);
  for (size_t i = 0; i < n; i++) flags[at[i]] = flags[at[i]] || inner[i];
  th_free(g->cx, inner, n + 1);
  return ok;
}

bool th_find_used(ThGraph *g, ThNodeId id, bool *flags) {
  ThGraphNode node = *th_node(g, id);
  if (node.operation == &th_op_scatter) return find_scattered(g, id, flags);
  if (node.operation == &th_op_reshape) return th_find_used(g, th_node_input(g, id, 0), flags);
  if (node.operation == &th_op_join) {
    for (size_t k = 0; k < node.n_inputs; k++) {
      ThNodeId part = th_node_input(g, id, k);
      if (!th_find_used(g, part, flags)) return false;
      flags += th_node(g, part)->length;
    }
    return true;
  }
  ThTensor t = th_node_tensor(g, id);
  bool is_known = node.is_constant && node.has_value;
  for (size_t i = 0; i < node.length; i++) flags[i] = flags[i] || !is_known || number(&t, i) != 0;
  return true;
}

/* --- Phases */

typedef struct Choice {
  size_t largest;
} Choice;

static bool pivots_shape(ThShaping *s) {
  bool fits = same_shape(s) && s->rank == 2;
  s->element = TH_DOUBLE;
  return fits;
}

/* LAPACK leaves the pivot without imaginary part: that tells it from others that are as large. */
static size_t pivot_of(const ThTensor *v, size_t column, bool is_largest) {
  size_t rows = v->shape[0], cols = v->shape[1], at = 0;
  double size = 0, reached = 0;
  for (size_t i = 0; i < rows; i++) size = fmax(size, cabs(number(v, i * cols + column)));
  for (size_t i = 0; i < rows; i++) {
    Complex z = number(v, i * cols + column);
    bool fits = is_largest ? cimag(z) == 0 && cabs(z) > reached : cabs(z) > 0.38 * size;
    if (fits && reached == 0) at = i;
    if (fits && is_largest) at = i;
    if (fits) reached = cabs(z);
  }
  return at;
}

static bool pivots(ThContext *cx, const ThEvaluation *e) {
  const Choice *choice = e->attribute;
  const ThTensor *v = &e->inputs[0];
  th_kernel_fill(e->output.length, 0, e->output.data);
  for (size_t j = 0; j < v->shape[1] && v->length; j++)
    e->output.data[pivot_of(v, j, choice->largest) * v->shape[1] + j] = 1;
  return th_poll(cx);
}
static const ThOperation op_pivots = {.name = "eig",
                                      .shape = pivots_shape,
                                      .evaluate = pivots,
                                      .pullback = th_pull_nothing,
                                      .pushforward = th_push_nothing};

ThNodeId th_pivots(ThGraph *g, ThNodeId vectors, bool is_largest) {
  Choice choice = {is_largest};
  return th_graph_apply(g, &op_pivots, &vectors, 1, &choice, sizeof choice);
}

static ThNodeId imaginary_part(ThGraph *g, ThNodeId z) {
  return z == TH_ZERO ? z : th_graph_unary(g, &th_op_im, z);
}

/* The pivots themselves, as a row. */
static ThNodeId pivot_row(ThGraph *g, ThNodeId vectors, ThNodeId at) {
  return th_sum_axis(g, th_multiply(g, at, th_graph_unary(g, &th_op_re, vectors)), 0, true);
}

ThNodeId th_turning(ThGraph *g, ThNodeId vectors, ThNodeId cotangent) {
  ThNodeId products = th_multiply(g, th_conjugate(g, vectors), cotangent);
  return th_sum_axis(g, imaginary_part(g, products), 0, true);
}

ThNodeId th_free_phase(ThGraph *g, ThNodeId cotangent, ThNodeId vectors, ThNodeId at, ThNodeId turning) {
  if (turning == TH_ZERO || g->failed) return cotangent;
  ThNodeId each = th_multiply(g, th_imaginary_unit(g), th_divide(g, turning, pivot_row(g, vectors, at)));
  return th_subtract(g, cotangent, th_multiply(g, at, each));
}

ThNodeId th_phase_back(ThGraph *g, ThNodeId vectors, ThNodeId at, ThNodeId tangent) {
  if (tangent == TH_ZERO || g->failed) return tangent;
  ThNodeId moved = th_sum_axis(g, th_multiply(g, at, imaginary_part(g, tangent)), 0, true);
  return th_multiply(g, th_imaginary_unit(g), th_divide(g, moved, pivot_row(g, vectors, at)));
}
