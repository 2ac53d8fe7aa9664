/* matrix.c - the operators that are not elementwise: @ \ ' and the inverse */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operands are brought to doubles or complex numbers; num/linalg does the work. Arrays of more than two
 * axes are stacks of matrices. */
#include <stdio.h>
#include <string.h>

#include "num/kernels.h"
#include "num/linalg.h"
#include "num/linalg_complex.h"
#include "val/arithmetic.h"
#include "val/basic.h"
#include "val/broadcast.h"
#include "val/matrix.h"

enum { NAME_SIZE = 48 };

/* Both operands as arrays of one element type, doubles or complex; owned. */
typedef struct Pair {
  ThArray *a, *b;
} Pair;

static void pair_clear(Pair *pair) {
  if (pair->a) th_release(th_object(pair->a));
  if (pair->b) th_release(th_object(pair->b));
}

static bool pair_init(ThContext *cx, Pair *pair, ThArray *a, ThArray *b) {
  bool is_complex = a->element == TH_COMPLEX || b->element == TH_COMPLEX;
  pair->a = th_array_convert(cx, a, is_complex ? TH_COMPLEX : TH_DOUBLE);
  pair->b = pair->a ? th_array_convert(cx, b, is_complex ? TH_COMPLEX : TH_DOUBLE) : NULL;
  if (pair->b) return true;
  pair_clear(pair);
  return false;
}

/* The matrix product: (…, m, k) by (…, k, n) gives (…, m, n). */
typedef struct Product {
  size_t m, n, k;
  bool drop_m, drop_n; /* the left, the right operand is a vector */
  ThBroadcast stack;   /* of the axes before the last two */
} Product;

static bool fail_product(ThContext *cx, const ThArray *a, const ThArray *b) {
  char left[96], right[96], x[NAME_SIZE], y[NAME_SIZE];
  th_operand(cx, 0, "A", x, sizeof x);
  th_operand(cx, 1, "B", y, sizeof y);
  th_fail(cx, TH_ERROR_SHAPE, "`@` sums over the last axis of %s and the %s of %s, which differ in length",
          th_shape_text(a->rank, a->shape, left, sizeof left), b->rank == 1 ? "axis" : "rows",
          th_shape_text(b->rank, b->shape, right, sizeof right));
  if (a->rank == 2 && a->shape[0] == b->shape[0]) return th_hint(cx, "`%s' @ %s` fits", x, y);
  if (b->rank == 2 && b->shape[1] == a->shape[a->rank - 1]) return th_hint(cx, "`%s @ %s'` fits", x, y);
  if (a->rank == 1 && b->rank == 1) return th_hint(cx, "all products of elements are `outer(%s, %s)`", x, y);
  return false;
}

static bool product_init(ThContext *cx, Product *p, const ThArray *a, const ThArray *b) {
  p->drop_m = a->rank == 1;
  p->drop_n = b->rank == 1;
  p->m = p->drop_m ? 1 : a->shape[a->rank - 2];
  p->n = p->drop_n ? 1 : b->shape[b->rank - 1];
  p->k = a->shape[a->rank - 1];
  if (p->k != b->shape[p->drop_n ? 0 : b->rank - 2]) return fail_product(cx, a, b);
  uint32_t stack_a = a->rank > 2 ? a->rank - 2 : 0, stack_b = b->rank > 2 ? b->rank - 2 : 0;
  if (th_broadcast(stack_a, a->shape, stack_b, b->shape, &p->stack)) return true;
  char left[96], right[96];
  return th_fail(cx, TH_ERROR_SHAPE, "the stacks of matrices %s and %s do not match",
                 th_shape_text(a->rank, a->shape, left, sizeof left),
                 th_shape_text(b->rank, b->shape, right, sizeof right));
}

static ThArray *product_result(ThContext *cx, const Product *p, ThElement element) {
  size_t shape[TH_MAX_RANK + 2];
  uint32_t rank = p->stack.rank;
  memcpy(shape, p->stack.shape, rank * sizeof *shape);
  if (!p->drop_m) shape[rank++] = p->m;
  if (!p->drop_n) shape[rank++] = p->n;
  if (rank == 0) shape[rank++] = 1;
  return th_array_new(cx, element, rank, shape);
}

static bool multiply_one(ThContext *cx, const Product *p, size_t m, ThElement element, const void *a,
                         const void *b, void *c) {
  if (element == TH_COMPLEX) return th_linalg_multiply_complex(cx, m, p->n, p->k, a, b, c);
  if (p->n > 1 && m > 1) return th_linalg_multiply(cx, m, p->n, p->k, a, b, c);
  if (p->n > 1) th_linalg_gemv(true, p->k, p->n, 1, b, a, 0, c);
  else if (m > 1) th_linalg_gemv(false, m, p->k, 1, a, b, 0, c);
  else *(double *)c = th_linalg_dot(p->k, a, b);
  return true;
}

/* Walks the stack: the plan's counts and steps count matrices. */
static bool multiply_stack(ThContext *cx, const Product *p, const Pair *pair, ThArray *c) {
  size_t size = th_element_size(c->element), a_size = p->m * p->k * size, b_size = p->k * p->n * size;
  const ThBroadcast *stack = &p->stack;
  if (pair->b->rank <= 2) /* one right operand: the left stack is one tall matrix */
    return multiply_one(cx, p, p->m * stack->length, c->element, pair->a->data, pair->b->data, c->data);
  size_t turns[TH_MAX_RANK] = {0}, a_at = 0, b_at = 0;
  for (size_t i = 0; i < stack->length; i++) {
    if (!multiply_one(cx, p, p->m, c->element, (char *)pair->a->data + a_at * a_size,
                      (char *)pair->b->data + b_at * b_size, (char *)c->data + i * p->m * p->n * size) ||
        !th_poll(cx))
      return false;
    for (uint32_t axis = stack->n_axes; axis-- > 0;) {
      a_at += stack->a_steps[axis];
      b_at += stack->b_steps[axis];
      if (++turns[axis] < stack->counts[axis]) break;
      a_at -= stack->a_steps[axis] * stack->counts[axis];
      b_at -= stack->b_steps[axis] * stack->counts[axis];
      turns[axis] = 0;
    }
  }
  return true;
}

static bool multiply(ThContext *cx, const Pair *pair, ThValue *out) {
  Product p;
  if (!product_init(cx, &p, pair->a, pair->b)) return false;
  ThArray *c = product_result(cx, &p, pair->a->element);
  if (!c) return false;
  bool ok = true;
  if (p.k == 0) memset(c->data, 0, c->length * th_element_size(c->element));
  else if (c->length > 0) ok = multiply_stack(cx, &p, pair, c);
  if (ok) return th_from_array_take(cx, c, p.drop_m && p.drop_n, out);
  th_release(th_object(c));
  return false;
}

bool th_matrix_product(ThContext *cx, ThValue a, ThValue b, ThValue *out) {
  Pair pair;
  char x[NAME_SIZE], y[NAME_SIZE];
  if (!th_is_array(a) || !th_is_array(b)) {
    int argument = th_is_array(a) ? 2 : 1;
    th_fail_argument(cx, argument, TH_ERROR_TYPE,
                     "`@` is the product of matrices and vectors; the %s side is a number",
                     argument == 1 ? "left" : "right");
    return th_hint(cx, "a number multiplies with `*`: `%s*%s`", th_operand(cx, 0, "a", x, sizeof x),
                   th_operand(cx, 1, "b", y, sizeof y));
  }
  if (!pair_init(cx, &pair, th_as_array(a), th_as_array(b))) return false;
  bool ok = multiply(cx, &pair, out);
  pair_clear(&pair);
  return ok;
}

/* Solving. */

/* "Φ' @ Φ", an inverse of which usually wants to be a least-squares solution: the name, when text has
 * this form. */
static bool is_gram(const char *text, char *name, size_t size) {
  const char *quote = strchr(text, '\'');
  if (!quote) return false;
  size_t length = (size_t)(quote - text);
  if (length == 0 || length + 1 > size) return false;
  memcpy(name, text, length);
  name[length] = '\0';
  const char *rest = quote + 1;
  rest += strspn(rest, " ");
  if (*rest != '@') return false;
  rest++;
  rest += strspn(rest, " ");
  return strcmp(rest, name) == 0;
}

static bool matrix_rank(ThContext *cx, const ThArray *a, size_t *rank) {
  size_t n = a->shape[0];
  return a->element == TH_COMPLEX ? th_linalg_rank_complex(cx, n, n, a->complex_, rank)
                                  : th_linalg_rank(cx, n, n, a->real, -1, rank);
}

bool th_fail_singular(ThContext *cx, size_t operand, const ThArray *a, bool inverse) {
  size_t n = a->shape[0], rank = 0;
  char text[NAME_SIZE], quoted[NAME_SIZE + 4], name[NAME_SIZE];
  if (!matrix_rank(cx, a, &rank)) return false;
  th_operand(cx, operand, "", text, sizeof text);
  snprintf(quoted, sizeof quoted, text[0] ? "`%s` is " : "%s", text[0] ? text : "the matrix is ");
  th_fail_argument(cx, (int)operand + 1, TH_ERROR_NUMERIC, "%ssingular: rank %zu of %zu", quoted, rank, n);
  if (is_gram(text, name, sizeof name)) return th_hint(cx, "the solution of least norm is `%s \\ y`", name);
  if (inverse) return th_hint(cx, "the pseudo-inverse is `pinv(%s)`", text[0] ? text : "A");
  return th_hint(cx, "the solution of least norm is `pinv(%s) @ b`", text[0] ? text : "A");
}

bool th_check_solved(ThContext *cx, size_t operand, const ThArray *a, const ThSolveReport *report,
                     bool inverse) {
  if (report->status == TH_SOLVE_GOOD) return true;
  if (report->status == TH_SOLVE_SINGULAR) return th_fail_singular(cx, operand, a, inverse);
  size_t n = a->shape[0], rank = n;
  if (!matrix_rank(cx, a, &rank)) return false;
  if (rank < n) return th_fail_singular(cx, operand, a, inverse);
  th_note(cx, "the matrix is nearly singular: its condition number is about %.0e", 1 / report->rcond);
  return true;
}

static bool solve_square(ThContext *cx, const Pair *pair, size_t n, size_t n_rhs, ThArray *x) {
  ThSolveReport report;
  const ThArray *a = pair->a, *b = pair->b;
  bool ok = x->element == TH_COMPLEX
                ? th_linalg_solve_complex(cx, n, n_rhs, a->complex_, b->complex_, x->complex_, &report)
                : th_linalg_solve(cx, n, n_rhs, a->real, b->real, x->real, &report);
  return ok && th_check_solved(cx, 0, a, &report, false);
}

static bool solve_least_squares(ThContext *cx, const Pair *pair, size_t m, size_t n, size_t n_rhs,
                                ThArray *x) {
  size_t rank;
  if (x->element == TH_COMPLEX)
    return th_linalg_least_squares_complex(cx, m, n, n_rhs, pair->a->complex_, pair->b->complex_,
                                           x->complex_);
  return th_linalg_least_squares(cx, m, n, n_rhs, pair->a->real, pair->b->real, -1, x->real, &rank);
}

static bool solve(ThContext *cx, const Pair *pair, ThValue *out) {
  const ThArray *a = pair->a, *b = pair->b;
  char left[96], right[96];
  if (a->rank != 2 || b->rank > 2) {
    th_fail(cx, TH_ERROR_SHAPE, "`\\` takes a matrix and a vector or matrix; got shapes %s and %s",
            th_shape_text(a->rank, a->shape, left, sizeof left),
            th_shape_text(b->rank, b->shape, right, sizeof right));
    if (a->rank != 1 || b->rank == 0 || b->shape[0] != a->shape[0]) return false;
    return th_hint(cx, "a vector as the one column of a matrix is `[v]'`: `[x]' \\ y` fits y = β x");
  }
  size_t m = a->shape[0], n = a->shape[1], n_rhs = b->rank == 2 ? b->shape[1] : 1;
  if (b->shape[0] != m) {
    return th_fail(
        cx, TH_ERROR_SHAPE, "`\\` needs as many rows on the right as on the left; got shapes %s and %s",
        th_shape_text(2, a->shape, left, sizeof left), th_shape_text(b->rank, b->shape, right, sizeof right));
  }
  ThArray *x = th_array_new(cx, a->element, b->rank, (size_t[]){n, n_rhs});
  if (!x) return false;
  bool ok = true;
  if (m == 0 || x->length == 0) memset(x->data, 0, x->length * th_element_size(x->element));
  else ok = m == n ? solve_square(cx, pair, n, n_rhs, x) : solve_least_squares(cx, pair, m, n, n_rhs, x);
  if (ok) *out = th_object(x);
  else th_release(th_object(x));
  return ok;
}

bool th_solve(ThContext *cx, ThValue a, ThValue b, ThValue *out) {
  Pair pair;
  if (!th_is_array(a)) return th_binary(cx, TH_OP_DIVIDE, b, a, 0, out);
  if (!th_is_array(b))
    return th_fail_argument(cx, 2, TH_ERROR_TYPE,
                            "`\\` solves for a vector or matrix; the right side is a number");
  if (!pair_init(cx, &pair, th_as_array(a), th_as_array(b))) return false;
  bool ok = solve(cx, &pair, out);
  pair_clear(&pair);
  return ok;
}

/* Inverse and transpose. */

static bool fail_not_square(ThContext *cx, const ThArray *a) {
  char shape[96], name[NAME_SIZE];
  th_fail_argument(cx, 1, TH_ERROR_SHAPE, "only a square matrix has an inverse; got shape %s",
                   th_shape_text(a->rank, a->shape, shape, sizeof shape));
  return th_hint(cx, "least squares is `%s \\ y`; the pseudo-inverse is `pinv(%s)`",
                 th_operand(cx, 0, "X", name, sizeof name), name);
}

static bool invert(ThContext *cx, const ThArray *a, ThArray *r) {
  ThSolveReport report;
  size_t n = a->shape[0];
  if (n == 0) return true;
  bool ok = a->element == TH_COMPLEX ? th_linalg_inverse_complex(cx, n, a->complex_, r->complex_, &report)
                                     : th_linalg_inverse(cx, n, a->real, r->real, &report);
  return ok && th_check_solved(cx, 0, a, &report, true);
}

bool th_matrix_inverse(ThContext *cx, ThArray *matrix, ThValue *out) {
  if (matrix->rank != 2 || matrix->shape[0] != matrix->shape[1]) return fail_not_square(cx, matrix);
  ThArray *a = th_array_convert(cx, matrix, matrix->element == TH_BOOL ? TH_DOUBLE : matrix->element);
  ThArray *r = a ? th_array_new(cx, a->element, 2, a->shape) : NULL;
  bool ok = r && invert(cx, a, r);
  if (ok) *out = th_object(r);
  else if (r) th_release(th_object(r));
  if (a) th_release(th_object(a));
  return ok;
}

bool th_inverse(ThContext *cx, ThValue a, ThValue *out) {
  if (th_is_array(a) && th_as_array(a)->rank == 2) return th_matrix_inverse(cx, th_as_array(a), out);
  return th_binary(cx, TH_OP_DIVIDE, th_number(1), a, 0, out);
}

static void transpose_bools(size_t m, size_t n, const uint8_t *a, uint8_t *b) {
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j < n; j++) b[j * m + i] = a[i * n + j];
  }
}

static void transpose_one(ThElement element, size_t m, size_t n, const void *a, void *b) {
  if (element == TH_DOUBLE) th_linalg_transpose(m, n, a, b);
  else if (element == TH_COMPLEX) th_linalg_transpose_complex(m, n, a, b);
  else transpose_bools(m, n, a, b);
}

bool th_transpose(ThContext *cx, ThValue v, ThValue *out) {
  if (!th_is_array(v) || th_as_array(v)->rank == 1) {
    *out = th_retain(v);
    return true;
  }
  const ThArray *a = th_as_array(v);
  size_t shape[TH_MAX_RANK], m = a->shape[a->rank - 2], n = a->shape[a->rank - 1],
                             size = m * n * th_element_size(a->element);
  memcpy(shape, a->shape, a->rank * sizeof *shape);
  shape[a->rank - 2] = n;
  shape[a->rank - 1] = m;
  ThArray *r = th_array_new(cx, a->element, a->rank, shape);
  if (!r) return false;
  size_t count = a->length ? a->length / (m * n) : 0;
  for (size_t i = 0; i < count; i++) {
    transpose_one(a->element, m, n, (const char *)a->data + i * size, (char *)r->data + i * size);
  }
  *out = th_object(r);
  return true;
}
