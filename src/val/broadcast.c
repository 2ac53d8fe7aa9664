/* broadcast.c - running a loop over two arrays of different shapes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arrays are dense, so along the innermost merged axis an operand either advances by one element or stands
 * still: loops need no other strides, and stay simple enough to be vectorised. */
#include "val/broadcast.h"

#include <string.h>

#include "val/arithmetic.h"
#include "val/basic.h"

bool th_is_column_mismatch(uint32_t rank_a, const size_t *shape_a, uint32_t rank_b, const size_t *shape_b) {
  if (rank_a == 2 && rank_b == 1) return th_is_column_mismatch(rank_b, shape_b, rank_a, shape_a);
  return rank_a == 1 && rank_b == 2 && shape_b[1] == 1 && shape_b[0] == shape_a[0] && shape_a[0] > 1;
}

/* The length along axis i of `rank` when the shape's last axes are aligned with it; 1 where it has none. */
static size_t aligned(uint32_t shape_rank, const size_t *shape, uint32_t rank, uint32_t i) {
  return i + shape_rank >= rank ? shape[i + shape_rank - rank] : 1;
}

/* Merges axes from the last to the first; fills counts and steps, outermost first. */
static void merge_axes(const bool *a_moves, const bool *b_moves, ThBroadcast *plan) {
  uint32_t n = 0;
  size_t counts[TH_MAX_RANK];
  bool a[TH_MAX_RANK], b[TH_MAX_RANK];
  for (uint32_t i = plan->rank; i-- > 0;) {
    if (plan->shape[i] == 1) continue;
    if (n && a[n - 1] == a_moves[i] && b[n - 1] == b_moves[i]) {
      counts[n - 1] *= plan->shape[i];
    } else {
      counts[n] = plan->shape[i];
      a[n] = a_moves[i];
      b[n++] = b_moves[i];
    }
  }
  plan->n_axes = n;
  size_t a_stride = 1, b_stride = 1;
  for (uint32_t k = 0; k < n; k++) {
    uint32_t to = n - 1 - k;
    plan->counts[to] = counts[k];
    plan->a_steps[to] = a[k] ? a_stride : 0;
    plan->b_steps[to] = b[k] ? b_stride : 0;
    if (a[k]) a_stride *= counts[k];
    if (b[k]) b_stride *= counts[k];
  }
}

bool th_broadcast(uint32_t rank_a, const size_t *shape_a, uint32_t rank_b, const size_t *shape_b,
                  ThBroadcast *out) {
  bool a_moves[TH_MAX_RANK], b_moves[TH_MAX_RANK];
  if (th_is_column_mismatch(rank_a, shape_a, rank_b, shape_b)) return false;
  out->rank = rank_a > rank_b ? rank_a : rank_b;
  out->length = 1;
  for (uint32_t i = 0; i < out->rank; i++) {
    size_t x = aligned(rank_a, shape_a, out->rank, i), y = aligned(rank_b, shape_b, out->rank, i);
    if (x != y && x != 1 && y != 1) return false;
    out->shape[i] = x == 1 ? y : x;
    a_moves[i] = x != 1;
    b_moves[i] = y != 1;
    if (!th_size_multiply(out->length, out->shape[i], &out->length))
      out->length = SIZE_MAX; /* th_array_new will say so */
  }
  merge_axes(a_moves, b_moves, out);
  return true;
}

enum { CHUNK = 1 << 14 }; /* elements between two polls */

bool th_broadcast_run(ThContext *cx, const ThBroadcast *plan, ThLoop loop, const void *a, size_t a_size,
                      const void *b, size_t b_size, void *out, size_t out_size, const void *self) {
  if (plan->length == 0) return true;
  uint32_t last = plan->n_axes ? plan->n_axes - 1 : 0;
  size_t n = plan->n_axes ? plan->counts[last] : 1, turns[TH_MAX_RANK] = {0}, a_at = 0, b_at = 0,
         since_poll = 0;
  size_t a_step = plan->n_axes ? plan->a_steps[last] : 0, b_step = plan->n_axes ? plan->b_steps[last] : 0;
  char *to = out;
  while (true) {
    for (size_t i = 0; i < n; i += CHUNK) {
      size_t m = n - i < CHUNK ? n - i : CHUNK;
      loop(m, (const char *)a + (a_at + i * a_step) * a_size, a_step,
           (const char *)b + (b_at + i * b_step) * b_size, b_step, to, self);
      to += m * out_size;
      since_poll += m;
      if (since_poll >= CHUNK && (since_poll = 0, !th_poll(cx))) return false;
    }
    uint32_t axis = last;
    while (true) { /* the odometer over the axes before the last */
      if (axis == 0) return true;
      axis--;
      a_at += plan->a_steps[axis];
      b_at += plan->b_steps[axis];
      if (++turns[axis] < plan->counts[axis]) break;
      a_at -= plan->a_steps[axis] * plan->counts[axis];
      b_at -= plan->b_steps[axis] * plan->counts[axis];
      turns[axis] = 0;
    }
  }
}

#define COPY_LOOP(name, type)                                                                       \
  static void name(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out, \
                   const void *self) {                                                              \
    const type *x = a;                                                                              \
    type *z = out;                                                                                  \
    (void)b;                                                                                        \
    (void)b_step;                                                                                   \
    (void)self;                                                                                     \
    for (size_t i = 0; i < n; i++) z[i] = x[i * a_step];                                            \
  }
COPY_LOOP(copy_bools, uint8_t)
COPY_LOOP(copy_reals, double)
COPY_LOOP(copy_complex, double complex)

ThArray *th_broadcast_to(ThContext *cx, ThArray *a, uint32_t rank, const size_t *shape) {
  static const ThLoop loops[] = {
      [TH_BOOL] = copy_bools, [TH_DOUBLE] = copy_reals, [TH_COMPLEX] = copy_complex};
  if (th_same_dimensions(a->rank, a->shape, rank, shape)) return th_as_array(th_retain(th_object(a)));
  ThBroadcast plan;
  char have[96], want[96];
  if (!th_broadcast(a->rank, a->shape, rank, shape, &plan) ||
      !th_same_dimensions(plan.rank, plan.shape, rank, shape)) {
    th_fail(cx, TH_ERROR_SHAPE, "shape %s does not fit %s",
            th_shape_text(a->rank, a->shape, have, sizeof have),
            th_shape_text(rank, shape, want, sizeof want));
    return NULL;
  }
  ThArray *r = th_array_new(cx, a->element, rank, shape);
  size_t size = th_element_size(a->element);
  if (r && !th_broadcast_run(cx, &plan, loops[a->element], a->data, size, a->data, 0, r->data, size, NULL)) {
    th_release(th_object(r));
    return NULL;
  }
  return r;
}

bool th_element_of(ThValue v, ThElement *out) {
  if (th_is_number(v)) *out = TH_DOUBLE;
  else if (th_is_bool(v)) *out = TH_BOOL;
  else if (th_is_array(v)) *out = th_as_array(v)->element;
  else if (th_is_complex(v)) *out = TH_COMPLEX;
  else return false;
  return true;
}

bool th_operand_init(ThContext *cx, ThOperand *operand, ThValue v, ThElement element) {
  *operand = (ThOperand){.element = element};
  if (th_is_array(v)) {
    ThArray *a = operand->array = th_as_array(v);
    if (a->element < element) {
      a = operand->owned = th_array_convert(cx, a, element);
      if (!a) return false;
    }
    operand->data = a->data;
    operand->rank = a->rank;
    operand->shape = a->shape;
    return true;
  }
  operand->data = &operand->scalar;
  if (element == TH_COMPLEX) operand->scalar.complex_ = th_is_complex(v) ? th_as_complex(v) : th_as_scalar(v);
  else if (element == TH_DOUBLE) operand->scalar.real = th_as_scalar(v);
  else operand->scalar.boolean = th_as_bool(v);
  return true;
}

void th_operand_clear(ThOperand *operand) {
  if (operand->owned) th_release(th_object(operand->owned));
  operand->owned = NULL;
}

/* Functions of two real arguments. */

static bool check_real(ThContext *cx, ThValue v, int argument, const char *name) {
  ThElement element;
  char text[96];
  if (th_element_of(v, &element) && element != TH_COMPLEX) return true;
  return th_fail_argument(cx, argument, TH_ERROR_TYPE, "`%s` takes real numbers or arrays; got %s", name,
                          th_describe(v, text, sizeof text));
}

static bool fail_pair(ThContext *cx, const ThOperand *a, const ThOperand *b, const char *name) {
  char x[96], y[96];
  return th_fail(cx, TH_ERROR_SHAPE, "`%s`: shapes %s and %s do not match", name,
                 th_shape_text(a->rank, a->shape, x, sizeof x),
                 th_shape_text(b->rank, b->shape, y, sizeof y));
}

static bool run_pair(ThContext *cx, const ThOperand *a, const ThOperand *b, ThLoop loop, const void *self,
                     const char *name, ThValue *out) {
  ThBroadcast plan;
  size_t one = 1, size = sizeof(double);
  if (!th_broadcast(a->rank, a->shape, b->rank, b->shape, &plan)) return fail_pair(cx, a, b, name);
  ThArray *r = th_array_new(cx, TH_DOUBLE, plan.rank ? plan.rank : 1, plan.rank ? plan.shape : &one);
  if (!r) return false;
  if (th_broadcast_run(cx, &plan, loop, a->data, size, b->data, size, r->data, size, self)) {
    return th_from_array_take(cx, r, plan.rank == 0, out);
  }
  th_release(th_object(r));
  return false;
}

static bool apply_pair(ThContext *cx, ThValue a, ThValue b, ThLoop loop, const void *self, const char *name,
                       ThValue *out) {
  if (!check_real(cx, a, 1, name) || !check_real(cx, b, 2, name)) return false;
  ThOperand x, y;
  bool ok = th_operand_init(cx, &x, a, TH_DOUBLE);
  if (ok) {
    ok = th_operand_init(cx, &y, b, TH_DOUBLE) && run_pair(cx, &x, &y, loop, self, name, out);
    th_operand_clear(&y);
  }
  th_operand_clear(&x);
  return ok;
}

typedef struct PairFunction {
  double (*f)(double, double);
} PairFunction;

static void call_function(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                          const void *self) {
  const double *x = a, *y = b;
  double *z = out;
  const PairFunction *function = self;
  for (size_t i = 0; i < n; i++) z[i] = function->f(x[i * a_step], y[i * b_step]);
}

bool th_map_pair(ThContext *cx, ThValue a, ThValue b, double (*f)(double, double), const char *name,
                 ThValue *out) {
  if (th_is_scalar(a) && th_is_scalar(b)) {
    *out = th_number(f(th_as_scalar(a), th_as_scalar(b)));
    return true;
  }
  PairFunction function = {f};
  return apply_pair(cx, a, b, call_function, &function, name, out);
}

bool th_loop_pair(ThContext *cx, ThValue a, ThValue b, ThLoop loop, const char *name, ThValue *out) {
  if (th_is_scalar(a) && th_is_scalar(b)) {
    double x = th_as_scalar(a), y = th_as_scalar(b), z;
    loop(1, &x, 0, &y, 0, &z, NULL);
    *out = th_number(z);
    return true;
  }
  return apply_pair(cx, a, b, loop, NULL, name, out);
}
