/* arithmetic.c - th_binary and th_unary: which operation two values mean */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two numbers come first. Then kinds that do their own arithmetic are asked, the one of higher rank before
 * the other; values that stand for plain ones (estimates, ranges) decay; numbers and arrays, real or complex,
 * meet in an elementwise loop or a matrix operation. */
#include "val/arithmetic.h"

#include <math.h>
#include <string.h>

#include "num/kernels.h"
#include "num/real.h"
#include "val/basic.h"
#include "val/broadcast.h"
#include "val/loops.h"

static bool binary_real(ThOperator op, double x, double y, ThValue *out) {
  switch (op) {
    case TH_OP_ADD: *out = th_number(x + y); return true;
    case TH_OP_SUBTRACT: *out = th_number(x - y); return true;
    case TH_OP_MULTIPLY: *out = th_number(x * y); return true;
    case TH_OP_DIVIDE: *out = th_number(x / y); return true;
    case TH_OP_REMAINDER: *out = th_number(th_real_remainder(x, y)); return true;
    case TH_OP_POWER: *out = th_number(th_power(x, y)); return true;
    case TH_OP_EQUAL: *out = th_bool(x == y); return true;
    case TH_OP_NOT_EQUAL: *out = th_bool(x != y); return true;
    case TH_OP_LESS: *out = th_bool(x < y); return true;
    case TH_OP_LESS_EQUAL: *out = th_bool(x <= y); return true;
    case TH_OP_GREATER: *out = th_bool(x > y); return true;
    case TH_OP_GREATER_EQUAL: *out = th_bool(x >= y); return true;
    case TH_OP_SOLVE: *out = th_number(y / x); return true;
    default: return false;
  }
}

static bool binary_complex(ThContext *cx, ThOperator op, double complex x, double complex y, ThValue *out,
                           bool *done) {
  *done = true;
  switch (op) {
    case TH_OP_ADD: return th_complex(cx, x + y, out);
    case TH_OP_SUBTRACT: return th_complex(cx, x - y, out);
    case TH_OP_MULTIPLY: return th_complex(cx, th_complex_multiply(x, y), out);
    case TH_OP_DIVIDE: return th_complex(cx, x / y, out);
    case TH_OP_POWER: return th_complex(cx, th_complex_power(x, y), out);
    case TH_OP_SOLVE: return th_complex(cx, y / x, out);
    case TH_OP_EQUAL: *out = th_bool(x == y); return true;
    case TH_OP_NOT_EQUAL: *out = th_bool(x != y); return true;
    default: *done = false; return true;
  }
}

/* A condition out of 0, 1, false, true; other numbers are an error. */
static bool check_truth(ThContext *cx, ThOperator op, int argument, ThValue v) {
  double bad = 0;
  bool found = false;
  if (th_is_number(v)) {
    bad = th_as_number(v);
    found = bad != 0 && bad != 1;
  } else if (th_is_array(v) && th_as_array(v)->element == TH_DOUBLE) {
    const ThArray *a = th_as_array(v);
    for (size_t i = 0; i < a->length && !found; i++) {
      bad = a->real[i];
      found = bad != 0 && bad != 1;
    }
  } else if (!th_is_bool(v) && !th_is_array(v)) {
    return th_fail_operand(cx, op, v);
  }
  if (!found) return true;
  th_fail_argument(cx, argument, TH_ERROR_TYPE, "`%s` takes true and false (or 0 and 1); got %.6g",
                   th_operator_text(op), bad);
  return th_hint(cx, "compare it: `… != 0`, `… > 0`");
}

/* v, checked by check_truth, as bools: an array of doubles is converted. Owned. */
static bool to_bools(ThContext *cx, ThValue v, ThValue *out) {
  *out = v;
  if (th_is_number(v)) *out = th_bool(th_as_number(v) != 0);
  if (!th_is_array(v) || th_as_array(v)->element == TH_BOOL) {
    th_retain(*out);
    return true;
  }
  const ThArray *a = th_as_array(v);
  ThArray *b = th_array_new(cx, TH_BOOL, a->rank, a->shape);
  if (!b) return false;
  for (size_t i = 0; i < a->length; i++) b->bools[i] = a->real[i] != 0;
  *out = th_object(b);
  return true;
}

/* Elementwise operations. */

/* An operand whose memory may hold the result: the caller gave its last reference. */
static ThArray *reusable(const ThOperand *operand, bool allowed, ThElement element, const ThBroadcast *plan) {
  ThArray *a = operand->owned ? operand->owned : allowed ? operand->array : NULL;
  if (!a || a->object.references != 1 || a->element != element) return NULL;
  return th_same_dimensions(a->rank, a->shape, plan->rank, plan->shape) ? a : NULL;
}

static ThArray *result_array(ThContext *cx, const ThOperand *a, const ThOperand *b, unsigned reuse,
                             ThElement element, const ThBroadcast *plan) {
  ThArray *r = reusable(a, reuse & TH_REUSE_LEFT, element, plan);
  if (!r) r = reusable(b, reuse & TH_REUSE_RIGHT, element, plan);
  if (r) return th_as_array(th_retain(th_object(r)));
  return th_array_new(cx, element, plan->rank, plan->shape);
}

/* == and != of arrays: equal shapes, or a scalar on one side. */
static bool comparable(ThOperator op, const ThOperand *a, const ThOperand *b) {
  if ((op != TH_OP_EQUAL && op != TH_OP_NOT_EQUAL) || a->rank == 0 || b->rank == 0) return true;
  return th_same_dimensions(a->rank, a->shape, b->rank, b->shape);
}

static bool run_elementwise(ThContext *cx, ThOperator op, const ThOperand *a, const ThOperand *b, ThLoop loop,
                            unsigned reuse, ThElement element, ThValue *out) {
  ThBroadcast plan;
  if (!comparable(op, a, b) || !th_broadcast(a->rank, a->shape, b->rank, b->shape, &plan)) {
    return th_fail_shapes(cx, op, a->array, b->array);
  }
  ThArray *r = result_array(cx, a, b, reuse, element, &plan);
  if (!r) return false;
  *out = th_object(r);
  if (th_broadcast_run(cx, &plan, loop, a->data, th_element_size(a->element), b->data,
                       th_element_size(b->element), r->data, th_element_size(element), NULL)) {
    return true;
  }
  th_release(*out);
  return false;
}

/* Σ^-1 of a square matrix with zeros: hardly what was meant; told once in an input. */
static void note_inverse_power(ThContext *cx, ThOperator op, ThValue a, ThValue b) {
  if (op != TH_OP_POWER || !th_is_array(a) || !th_is_number(b) || th_as_number(b) != -1) return;
  const ThArray *m = th_as_array(a);
  char name[48];
  if (m->rank != 2 || m->shape[0] != m->shape[1] || m->element != TH_DOUBLE) return;
  for (size_t i = 0; i < m->length; i++) {
    if (m->real[i] != 0) continue;
    if (!th_advise(cx, TH_ADVICE_INVERSE)) return;
    th_operand(cx, 0, "A", name, sizeof name);
    th_note(cx, "`^` is elementwise, and `%s` holds zeros: the inverse is `%s⁻¹` or `inv(%s)`", name, name,
            name);
    return;
  }
}

static bool elementwise(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThElement element, unsigned reuse,
                        ThValue *out) {
  ThElement result;
  ThLoop loop = th_operator_loop(op, element, &result);
  if (!loop) return th_fail_operands(cx, op, a, b);
  note_inverse_power(cx, op, a, b);
  ThOperand x, y;
  bool ok = th_operand_init(cx, &x, a, element);
  if (ok) {
    ok = th_operand_init(cx, &y, b, element) && run_elementwise(cx, op, &x, &y, loop, reuse, result, out);
    th_operand_clear(&y);
  }
  th_operand_clear(&x);
  return ok;
}

static bool logic(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThValue *out) {
  if (!check_truth(cx, op, 1, a) || !check_truth(cx, op, 2, b)) return false;
  ThValue x, y;
  if (!to_bools(cx, a, &x)) return false;
  bool ok = to_bools(cx, b, &y);
  if (ok) {
    if (th_is_bool(x) && th_is_bool(y)) {
      *out = th_bool(op == TH_OP_AND ? th_as_bool(x) && th_as_bool(y) : th_as_bool(x) || th_as_bool(y));
    } else {
      ok = elementwise(cx, op, x, y, TH_BOOL, 0, out);
    }
    th_release(y);
  }
  th_release(x);
  return ok;
}

/* Both are numbers, bools, complex numbers or arrays. */
static bool binary_numeric(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThElement element,
                           unsigned reuse, ThValue *out) {
  bool done = false;
  if (op == TH_OP_AND || op == TH_OP_OR) return logic(cx, op, a, b, out);
  if (op == TH_OP_MATRIX_PRODUCT) return th_matrix_product(cx, a, b, out);
  if (op == TH_OP_IN) return th_member(cx, a, b, out);
  if (th_is_array(a) || th_is_array(b)) {
    if (op == TH_OP_SOLVE) return th_solve(cx, a, b, out);
    return elementwise(cx, op, a, b, element == TH_BOOL ? TH_DOUBLE : element, reuse, out);
  }
  if (element != TH_COMPLEX) {
    return binary_real(op, th_as_scalar(a), th_as_scalar(b), out) || th_fail_operands(cx, op, a, b);
  }
  double complex x = th_is_complex(a) ? th_as_complex(a) : th_as_scalar(a);
  double complex y = th_is_complex(b) ? th_as_complex(b) : th_as_scalar(b);
  if (!binary_complex(cx, op, x, y, out, &done)) return false;
  return done || th_fail_operands(cx, op, a, b);
}

/* Dispatch. */

/* The kind that does the arithmetic of a and b, or NULL. */
static const ThKind *arithmetic_kind(const ThKind *a, const ThKind *b) {
  bool left = a && a->binary, right = b && b->binary;
  if (left && right) return b->rank > a->rank ? b : a;
  return left ? a : right ? b : NULL;
}

static bool decayed_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThValue *out) {
  ThValue x, y;
  if (!th_decay(cx, a, &x)) return false;
  bool ok = th_decay(cx, b, &y);
  if (ok) {
    unsigned reuse = (x.bits != a.bits ? TH_REUSE_LEFT : 0u) | (y.bits != b.bits ? TH_REUSE_RIGHT : 0u);
    ok = th_binary(cx, op, x, y, reuse, out);
    th_release(y);
  }
  th_release(x);
  return ok;
}

bool th_equality(ThContext *cx, ThOperator op, ThValue a, ThValue b, ThValue *out) {
  bool equal;
  if (!th_equal(cx, a, b, &equal)) return false;
  *out = th_bool(equal == (op == TH_OP_EQUAL));
  return true;
}

bool th_binary(ThContext *cx, ThOperator op, ThValue a, ThValue b, unsigned reuse, ThValue *out) {
  if (th_is_number(a) && th_is_number(b) && binary_real(op, th_as_number(a), th_as_number(b), out))
    return true;
  ThElement left, right;
  if (th_element_of(a, &left) && th_element_of(b, &right)) {
    return binary_numeric(cx, op, a, b, left > right ? left : right, reuse, out);
  }
  const ThKind *ka = th_kind_of(a), *kb = th_kind_of(b), *kind = arithmetic_kind(ka, kb);
  if (kind) return kind->binary(cx, op, a, b, reuse, out);
  if (op == TH_OP_IN && th_is_range(b) && th_is_scalar(a)) return th_member(cx, a, b, out); /* not stored */
  if ((ka && ka->decay) || (kb && kb->decay)) return decayed_binary(cx, op, a, b, out);
  if (op == TH_OP_EQUAL || op == TH_OP_NOT_EQUAL) return th_equality(cx, op, a, b, out);
  return th_fail_operands(cx, op, a, b);
}

/* One operand. */

static bool negate_array(ThContext *cx, ThArray *a, ThValue *out) {
  ThArray *x = th_array_convert(cx, a, a->element == TH_BOOL ? TH_DOUBLE : a->element);
  ThArray *r = x ? th_array_new(cx, x->element, x->rank, x->shape) : NULL;
  if (r && x->element == TH_DOUBLE) th_kernel_negate(x->length, x->real, r->real);
  for (size_t i = 0; r && x->element == TH_COMPLEX && i < x->length; i++) r->complex_[i] = -x->complex_[i];
  if (x) th_release(th_object(x));
  if (r) *out = th_object(r);
  return r != NULL;
}

static bool negate(ThContext *cx, ThValue a, ThValue *out) {
  if (th_is_array(a)) return negate_array(cx, th_as_array(a), out);
  if (th_is_complex(a)) return th_complex(cx, -th_as_complex(a), out);
  *out = th_number(-th_as_scalar(a));
  return true;
}

static bool invert_truth(ThContext *cx, ThValue a, ThValue *out) {
  ThValue x;
  if (!check_truth(cx, TH_OP_NOT, 1, a) || !to_bools(cx, a, &x)) return false;
  if (th_is_bool(x)) {
    *out = th_bool(!th_as_bool(x));
    return true;
  }
  const ThArray *b = th_as_array(x);
  ThArray *r = th_array_new(cx, TH_BOOL, b->rank, b->shape);
  for (size_t i = 0; r && i < b->length; i++) r->bools[i] = !b->bools[i];
  if (r) *out = th_object(r);
  th_release(x);
  return r != NULL;
}

static bool unary_numeric(ThContext *cx, ThOperator op, ThValue a, ThValue *out) {
  switch (op) {
    case TH_OP_NEGATE: return negate(cx, a, out);
    case TH_OP_NOT: return invert_truth(cx, a, out);
    case TH_OP_TRANSPOSE: return th_transpose(cx, a, out);
    default: return th_inverse(cx, a, out);
  }
}

bool th_unary(ThContext *cx, ThOperator op, ThValue a, ThValue *out) {
  ThElement element;
  if (th_is_number(a) && op == TH_OP_NEGATE) {
    *out = th_number(-th_as_number(a));
    return true;
  }
  if (th_element_of(a, &element)) return unary_numeric(cx, op, a, out);
  const ThKind *kind = th_kind_of(a);
  if (kind && kind->unary) return kind->unary(cx, op, a, out);
  if (!kind || !kind->decay) return th_fail_operand(cx, op, a);
  ThValue plain;
  if (!th_decay(cx, a, &plain)) return false;
  bool ok = th_unary(cx, op, plain, out);
  th_release(plain);
  return ok;
}
