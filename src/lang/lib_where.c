/* lib_where.c - the built-in where: positions of what is true, and choosing element by element */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <complex.h>
#include <string.h>

#include "lang/lib_support.h"
#include "lang/libs.h"
#include "val/broadcast.h"

/* The condition as bools, owned; numbers must be 0 or 1. */
static bool condition_array(ThContext *cx, ThValue v, bool *scalar, ThArray **out) {
  ThArray *c;
  if (!th_to_array(cx, v, "the condition", scalar, &c)) return false;
  ThArray *r = *out = c->element == TH_BOOL ? th_as_array(th_retain(th_object(c)))
                                            : th_array_new(cx, TH_BOOL, c->rank, c->shape);
  bool ok = r != NULL;
  for (size_t i = 0; ok && c->element != TH_BOOL && i < c->length; i++) {
    double complex x = th_array_complex(c, i);
    ok = x == 0 || x == 1;
    if (ok) r->bools[i] = x == 1;
    else th_fail_argument(cx, 1, TH_ERROR_TYPE, "a condition is true or false; got %.6g", creal(x));
  }
  th_release(th_object(c));
  if (ok) return true;
  if (r) {
    th_release(th_object(r));
    th_hint(cx, "compare: `where(x > 0, a, b)`");
  }
  return false;
}

/* --- Positions ----------------------------------------------------------------------------------- */

/* Of a vector a vector, of an array of more axes a row of indices for each. */
static bool true_positions(ThContext *cx, const ThArray *c, ThValue *out) {
  size_t count = 0, k = 0;
  for (size_t i = 0; i < c->length; i++) count += c->bools[i];
  ThArray *r = th_array_new(cx, TH_DOUBLE, c->rank == 1 ? 1 : 2, (size_t[]){count, c->rank});
  for (size_t i = 0; r && i < c->length; i++) {
    if (!c->bools[i]) continue;
    double *row = r->real + c->rank * k++;
    size_t at = i;
    for (uint32_t axis = c->rank; axis-- > 0; at /= c->shape[axis])
      row[axis] = (double)(at % c->shape[axis]) + 1;
  }
  return th_give(r, out);
}

/* --- Choosing numbers ---------------------------------------------------------------------------- */

/* v as an array of at least the given element type, spread over the shape of the plan; owned, or NULL. */
static ThArray *spread(ThContext *cx, ThValue v, ThElement element, const ThBroadcast *plan) {
  bool scalar;
  ThArray *a, *wide = NULL;
  if (!th_to_array(cx, v, "a choice", &scalar, &a)) return NULL;
  ThArray *b = th_array_convert(cx, a, element);
  if (b) wide = th_broadcast_to(cx, b, plan->rank, plan->shape);
  th_release(th_object(a));
  if (b) th_release(th_object(b));
  return wide;
}

static void shape_of(ThValue v, uint32_t *rank, const size_t **shape) {
  static const size_t one[] = {1};
  *rank = th_is_array(v) ? th_as_array(v)->rank : 1;
  *shape = th_is_array(v) ? th_as_array(v)->shape : one;
}

static bool joint_shape(ThContext *cx, const ThArray *c, ThValue a, ThValue b, ThBroadcast *plan) {
  uint32_t rank_a, rank_b;
  const size_t *shape_a, *shape_b;
  ThBroadcast both;
  char x[96], y[96], z[96];
  shape_of(a, &rank_a, &shape_a);
  shape_of(b, &rank_b, &shape_b);
  if (th_broadcast(rank_a, shape_a, rank_b, shape_b, &both) &&
      th_broadcast(c->rank, c->shape, both.rank, both.shape, plan))
    return true;
  return th_fail(cx, TH_ERROR_SHAPE, "shapes %s, %s and %s do not match",
                 th_shape_text(c->rank, c->shape, x, sizeof x), th_shape_text(rank_a, shape_a, y, sizeof y),
                 th_shape_text(rank_b, shape_b, z, sizeof z));
}

static ThArray *choose_elements(ThContext *cx, const ThArray *c, const ThArray *a, const ThArray *b) {
  ThArray *r = th_array_new(cx, a->element, a->rank, a->shape);
  size_t size = th_element_size(a->element);
  for (size_t i = 0; r && i < r->length; i++) {
    memcpy((char *)r->data + i * size, (const char *)(c->bools[i] ? a : b)->data + i * size, size);
    if ((i & 0xFFFFF) != 0xFFFFF || th_poll(cx)) continue;
    th_release(th_object(r));
    return NULL;
  }
  return r;
}

static bool choose_numbers(ThContext *cx, ThArray *c, ThValue a, ThValue b, ThValue *out) {
  ThBroadcast plan;
  ThElement left, right, element;
  if (!th_element_of(a, &left) || !th_element_of(b, &right) || !joint_shape(cx, c, a, b, &plan)) return false;
  element = left > right ? left : right;
  ThArray *wide = th_broadcast_to(cx, c, plan.rank, plan.shape), *x = NULL, *y = NULL, *r = NULL;
  if (wide) x = spread(cx, a, element, &plan);
  if (x) y = spread(cx, b, element, &plan);
  if (y) r = choose_elements(cx, wide, x, y);
  if (wide) th_release(th_object(wide));
  if (x) th_release(th_object(x));
  if (y) th_release(th_object(y));
  return th_give(r, out);
}

/* --- Choosing anything else: a list -------------------------------------------------------------- */

/* Element i of a choice: of a list or array as long as the condition, else the choice itself. Owned. */
static bool choice_at(ThContext *cx, ThValue v, size_t i, ThValue *out) {
  ThValue index = th_number((double)i + 1);
  if (th_is_list(v) || th_is_array(v)) return th_get_index(cx, v, &index, 1, out);
  *out = th_retain(v);
  return true;
}

static bool check_length(ThContext *cx, ThValue v, size_t n, int argument) {
  size_t length = n;
  if ((th_is_list(v) || th_is_array(v)) && !th_length(cx, v, SIZE_MAX, &length)) return false;
  return length == n ||
         th_fail_argument(cx, argument, TH_ERROR_SHAPE, "%zu choices for %zu conditions", length, n);
}

static bool choose_values(ThContext *cx, const ThArray *c, ThValue a, ThValue b, ThValue *out) {
  if (c->rank != 1)
    return th_fail_argument(cx, 1, TH_ERROR_SHAPE, "strings are chosen by a vector of conditions");
  if (!check_length(cx, a, c->length, 2) || !check_length(cx, b, c->length, 3)) return false;
  ThList *list = th_list_new(cx, c->length);
  for (size_t i = 0; list && i < c->length; i++) {
    if (!choice_at(cx, c->bools[i] ? a : b, i, &list->items[i])) {
      th_release(th_object(list));
      return false;
    }
    list->length++;
  }
  if (list) *out = th_object(list);
  return list != NULL;
}

static bool body_where(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar, ok;
  ThArray *c;
  ThElement element;
  ThValue a = call->args[1], b = call->args[2];
  if (call->given[1] != call->given[2])
    return th_fail(cx, TH_ERROR_VALUE, "`where` takes a condition and two choices: where(c, a, b)");
  if (!condition_array(cx, call->args[0], &scalar, &c)) return false;
  bool numbers = call->given[1] && th_element_of(a, &element) && th_element_of(b, &element);
  if (!call->given[1]) {
    ok = true_positions(cx, c, out);
  } else if (scalar && !th_is_array(a) && !th_is_array(b)) {
    *out = th_retain(c->bools[0] ? a : b);
    ok = true;
  } else {
    ok = numbers ? choose_numbers(cx, c, a, b, out) : choose_values(cx, c, a, b, out);
  }
  th_release(th_object(c));
  return ok;
}

const ThBuiltin th_lib_where[] = {
    {"where(c: numeric, a: numeric|string|list = …, b: numeric|string|list = …) -> any", body_where, "arrays",
     "a where the condition holds, b elsewhere",
     "c, a and b broadcast; strings and lists give a list, c is then a vector. With the condition alone: the "
     "positions, counted from 1, where it holds; of a matrix one row of indices for each",
     "where([1, -2, 3] > 0, 1, 0)\n#> [1, 0, 1]\nwhere([1, -2, 3] > 0)\n#> [1, 3]\n"
     "where([1, 2; 3, 4] > 2)\n#> [2, 1;\n#>  2, 2]\nwhere([0.2, 0.9] > 0.5, \"high\", \"low\")\n"
     "#> list(\"low\", \"high\")",
     "all any count", NULL},
    {0},
};
