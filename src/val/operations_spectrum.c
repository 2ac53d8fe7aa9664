/* operations_spectrum.c - ties of eigenvalues and singular values */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "val/operations_spectrum.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "num/kernels.h"

typedef double complex Complex;

static void store(const ThTensor *t, size_t i, Complex z) {
  if (t->element == TH_COMPLEX) th_tensor_complex(t)[i] = z;
  else t->data[i] = creal(z);
}

static double largest(const ThTensor *t) {
  double size = 0;
  for (size_t i = 0; i < t->length; i++) size = fmax(size, cabs(th_tensor_number(t, i)));
  return size;
}

/* Below this, beside the largest, a value is rounding: errors of the factorisations grow with n at most. */
static double rounding(const ThTensor *values) {
  return 16 * DBL_EPSILON * (double)values->length * largest(values);
}

/* Beside the largest of its kind, a derivative that vanishes. */
static const double VANISHES = 1e-8;

static const char *name_of(bool singular) { return singular ? "singular value" : "eigenvalue"; }

static const char *const BOTH = "the derivative of what uses both values and vectors cannot be found";

static bool fail_tie(ThContext *cx, bool singular, size_t i, size_t j, const char *what) {
  size_t first = i < j ? i : j, second = i < j ? j : i;
  return th_fail(cx, TH_ERROR_NUMERIC, "%ss %zu and %zu are equal: %s", name_of(singular), first + 1,
                 second + 1, what);
}
static bool fail_both(ThContext *cx, bool singular, size_t i, size_t j) {
  fail_tie(cx, singular, i, j, BOTH);
  return th_hint(cx, "next to it there is one: `A + 1e-6*diag(1:rows(A))`");
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
  Complex x = th_tensor_number(m, i * n + j);
  if (pairing == TH_PAIR_PLAIN) return x;
  Complex y = conj(th_tensor_number(m, j * n + i));
  return pairing == TH_PAIR_MINUS ? x - y : x + y;
}

static const char *const VECTORS = "what hangs on their vectors has no derivative here";

static bool fail_division(ThContext *cx, const Division *d, size_t i, size_t j) {
  if (d->divisor == VALUES) return fail_zero(cx, j, "what hangs on its vectors has no derivative here");
  if (d->divisor == SUMS && i == j) return fail_zero(cx, i, "its vectors have no derivative here");
  return fail_tie(cx, d->singular, i, j, VECTORS);
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
      Complex above = numerator(m, n, i, j, d->pairing), below = th_tensor_number(values, j);
      if (d->divisor == GAPS) below -= th_tensor_number(values, i);
      else if (d->divisor == SUMS) below += th_tensor_number(values, i);
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
  size_t singular;
  ThUse each[];
} Use;

static bool check_pair(ThContext *cx, const Use *use, const ThTensor *x, double scale, size_t i, size_t j) {
  ThUse a = use->each[i], b = use->each[j];
  if ((a.value || b.value) && (a.vectors || b.vectors)) return fail_both(cx, use->singular, i, j);
  if (cabs(th_tensor_number(x, i) - th_tensor_number(x, j)) <= scale) return true;
  return fail_tie(cx, use->singular, i, j, "a function that tells them apart has no derivative here");
}

static bool check_zero(ThContext *cx, const Use *use, const ThTensor *x, double scale, size_t i) {
  if (use->each[i].value && use->each[i].vectors) return fail_zero(cx, i, BOTH);
  return cabs(th_tensor_number(x, i)) <= scale || fail_zero(cx, i, "the derivative jumps there");
}

static bool check_patterns(ThContext *cx, const Use *use, size_t i, size_t j) {
  if (use->each[i].pattern == use->each[j].pattern) return true;
  return fail_tie(cx, use->singular, i, j, VECTORS);
}

/* Passes a cotangent of values, or a matrix of a column a value, on. */
static bool even(ThContext *cx, const ThEvaluation *e) {
  const Use *use = e->attribute;
  const ThTensor *x = &e->inputs[0], *values = &e->inputs[1];
  double tie = rounding(values), scale = VANISHES * largest(x);
  bool of_vectors = x->rank == 2;
  for (size_t i = 0; i < values->length; i++) {
    bool is_zero = use->singular && cabs(th_tensor_number(values, i)) <= tie;
    if (is_zero && !of_vectors && !check_zero(cx, use, x, scale, i)) return false;
    for (size_t j = 0; j < i; j++) {
      if (cabs(th_tensor_number(values, i) - th_tensor_number(values, j)) > tie) continue;
      if (of_vectors ? !check_patterns(cx, use, i, j) : !check_pair(cx, use, x, scale, i, j)) return false;
    }
  }
  return th_copy_bytes(cx, e->output.data, x->data, th_tensor_size(x) * sizeof *x->data);
}
static bool first_shape(ThShaping *s) {
  s->n_inputs = 1;
  return same_shape(s);
}
static ThNodeId even_pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)g, (void)node;
  return k == 0 ? cotangent : TH_ZERO;
}
static ThNodeId even_pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  (void)g, (void)node;
  return tangents[0];
}
static const ThOperation op_even = {.name = "eig",
                                    .shape = first_shape,
                                    .evaluate = even,
                                    .pullback = even_pullback,
                                    .pushforward = even_pushforward};

static ThNodeId make_even(ThGraph *g, ThNodeId x, ThNodeId values, const ThUses *uses, bool singular) {
  if (x == TH_ZERO || g->failed) return x;
  const ThNodeId both[] = {x, values};
  size_t bytes = uses->n * sizeof *uses->each, size = sizeof(Use) + bytes;
  Use *use = th_alloc(g->cx, size);
  if (!use) {
    g->failed = true;
    return 0;
  }
  use->singular = singular;
  if (bytes) memcpy(use->each, uses->each, bytes);
  ThNodeId node = th_graph_apply(g, &op_even, both, 2, use, size);
  th_free(g->cx, use, size);
  return node;
}

ThNodeId th_even_values(ThGraph *g, ThNodeId cotangent, ThNodeId values, const ThUses *uses, bool singular) {
  return make_even(g, cotangent, values, uses, singular);
}
ThNodeId th_even_vectors(ThGraph *g, ThNodeId m, ThNodeId values, const ThUses *uses, bool singular) {
  for (size_t i = 0; i < uses->n; i++) /* when of all the same is used there is nothing to check */
    if (uses->each[i].pattern != 0) return make_even(g, m, values, uses, singular);
  return m;
}

static bool even_tangent(ThContext *cx, const ThEvaluation *e) {
  const ThTensor *x = &e->inputs[0], *values = &e->inputs[1];
  double tie = rounding(values);
  for (size_t i = 0; i < values->length; i++) {
    Complex sum = 0;
    double count = 0;
    for (size_t j = 0; j < values->length; j++) {
      if (cabs(th_tensor_number(values, i) - th_tensor_number(values, j)) > tie) continue;
      sum += th_tensor_number(x, j);
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

/* --- What a cotangent uses */

static bool find_used(ThGraph *g, ThNodeId id, bool *flags);

static bool find_scattered(ThGraph *g, ThNodeId id, bool *flags) {
  size_t n;
  const size_t *at = th_gather_positions(g, id, &n);
  bool *inner = th_alloc(g->cx, n + 1);
  if (!inner) return false;
  memset(inner, 0, n);
  bool ok = find_used(g, th_node_input(g, id, 0), inner);
  for (size_t i = 0; i < n; i++) flags[at[i]] = flags[at[i]] || inner[i];
  th_free(g->cx, inner, n + 1);
  return ok;
}

/* Sets flags[i] where number i of a node may differ from 0, whatever the values of inputs are. */
static bool find_used(ThGraph *g, ThNodeId id, bool *flags) {
  ThGraphNode node = *th_node(g, id);
  if (node.operation == &th_op_scatter) return find_scattered(g, id, flags);
  if (node.operation == &th_op_reshape) return find_used(g, th_node_input(g, id, 0), flags);
  if (node.operation == &th_op_join) {
    for (size_t k = 0; k < node.n_inputs; k++) {
      ThNodeId part = th_node_input(g, id, k);
      if (!find_used(g, part, flags)) return false;
      flags += th_node(g, part)->length;
    }
    return true;
  }
  ThTensor t = th_node_tensor(g, id);
  bool is_known = node.is_constant && node.has_value;
  for (size_t i = 0; i < node.length; i++) flags[i] = flags[i] || !is_known || th_tensor_number(&t, i) != 0;
  return true;
}

/* Are the same elements used of columns i and j? */
static bool same_elements(const bool *flags, size_t n, const ThVectors *vectors, size_t n_vectors, size_t i,
                          size_t j) {
  for (size_t k = 0; k < n_vectors; k++)
    for (size_t row = 0; row < vectors[k].rows; row++) {
      const bool *at = flags + vectors[k].first + row * n;
      if (at[i] != at[j]) return false;
    }
  return true;
}

static ThUse use_of(const bool *flags, size_t n, size_t first, const ThVectors *vectors, size_t n_vectors,
                    size_t j) {
  ThUse use = {.value = flags[first + j]};
  for (size_t k = 0; k < n_vectors; k++)
    for (size_t row = 0; row < vectors[k].rows; row++)
      if (flags[vectors[k].first + row * n + j]) use.vectors = 1;
  while (!same_elements(flags, n, vectors, n_vectors, use.pattern, j)) use.pattern++;
  return use;
}

bool th_uses_init(ThGraph *g, ThNodeId cotangent, size_t n, size_t first, const ThVectors *vectors,
                  size_t n_vectors, ThUses *out) {
  *out = (ThUses){.n = n};
  if (g->failed) return false;
  size_t length = th_node(g, cotangent)->length;
  bool *flags = th_alloc(g->cx, length + 1);
  out->each = flags ? th_alloc_array(g->cx, n + 1, sizeof *out->each) : NULL;
  if (flags) memset(flags, 0, length + 1);
  bool ok = out->each && find_used(g, cotangent, flags);
  for (size_t j = 0; ok && j < n; j++) {
    out->each[j] = use_of(flags, n, first, vectors, n_vectors, j);
    out->values = out->values || out->each[j].value;
    out->vectors = out->vectors || out->each[j].vectors;
  }
  if (flags) th_free(g->cx, flags, length + 1);
  if (ok) return true;
  th_uses_clear(g, out);
  g->failed = true;
  return false;
}

void th_uses_clear(ThGraph *g, ThUses *uses) {
  if (uses->each) th_free(g->cx, uses->each, (uses->n + 1) * sizeof *uses->each);
  uses->each = NULL;
}
