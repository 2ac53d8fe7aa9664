/* lib_reduce.c - built-ins that make one number of many: sum, max, all, norm, … */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real numbers go through th_reduce; complex products and truth values have short loops of their own. */
#include <complex.h>
#include <math.h>

#include "lang/lib_parts.h"
#include "lang/lib_support.h"
#include "lang/libs.h"
#include "num/kernels.h"
#include "num/stats.h"
#include "val/broadcast.h"
#include "val/leaves.h"
#include "val/loops.h"

/* Arguments of every function here: x, axis, keep. */
enum { X, AXIS, KEEP };

static bool reduce(ThContext *cx, const ThCall *call, ThReducer f, ThValue *out) {
  bool scalar;
  ThArray *a;
  ThAxis axis;
  if (!th_arg_real_array(cx, call, X, &scalar, &a)) return false;
  bool ok = th_axis_init(cx, a, call->args[AXIS], th_arg_bool(call, KEEP), &axis) &&
            th_reduce(cx, a, &axis, f, NULL, out);
  th_release(th_object(a));
  return ok;
}

/* A range is not stored to be summed up: the one number that it comes to is reduced in its place. */
static bool reduce_range(ThContext *cx, const ThCall *call, double value, ThReducer f, ThValue *out) {
  ThValue args[3] = {th_none(), call->args[AXIS], call->args[KEEP]};
  ThCall one = *call;
  one.args = args;
  if (!th_vector_from(cx, &value, th_as_range(call->args[X])->length > 0, &args[X])) return false;
  bool ok = reduce(cx, &one, f, out);
  th_release(args[X]);
  return ok;
}

#define REDUCER(name, expression)                                                                      \
  static bool reduce_##name(ThContext *cx, size_t n, const double *x, const void *self, double *out) { \
    (void)cx, (void)self;                                                                              \
    *out = (expression);                                                                               \
    return true;                                                                                       \
  }

REDUCER(sum, th_stats_sum(n, x))
REDUCER(prod, th_stats_product(n, x))
REDUCER(min, th_stats_min(n, x))
REDUCER(max, th_stats_max(n, x))
REDUCER(argmin, (double)th_stats_argmin(n, x) + 1)
REDUCER(argmax, (double)th_stats_argmax(n, x) + 1)

/* The product of n complex numbers, `step` apart. */
static double complex complex_product(size_t n, const double complex *x, size_t step) {
  double complex product = 1;
  for (size_t i = 0; i < n; i++) product = th_complex_multiply(product, x[i * step]);
  return product;
}

static bool complex_products(ThContext *cx, const ThCall *call, ThValue *out) {
  bool scalar;
  ThArray *a;
  ThAxis axis;
  size_t one = 1;
  if (!th_to_array(cx, call->args[X], "the argument", &scalar, &a)) return false;
  ThArray *r = NULL;
  if (th_axis_init(cx, a, call->args[AXIS], th_arg_bool(call, KEEP), &axis)) {
    r = th_array_new(cx, TH_COMPLEX, axis.rank ? axis.rank : 1, axis.rank ? axis.shape : &one);
  }
  for (size_t o = 0; r && o < axis.outer; o++) {
    for (size_t i = 0; i < axis.inner; i++) {
      r->complex_[o * axis.inner + i] = complex_product(axis.n, a->complex_ + o * axis.n * axis.inner + i,
                                                        axis.inner);
    }
  }
  th_release(th_object(a));
  return r && th_from_array_take(cx, r, axis.rank == 0, out);
}

static bool body_sum(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_range(call->args[X]))
    return reduce_range(cx, call, th_range_sum(th_as_range(call->args[X])), reduce_sum, out);
  return th_is_complex_valued(call->args[X]) ? th_by_parts(cx, call, X, body_sum, out)
                                             : reduce(cx, call, reduce_sum, out);
}

static bool body_prod(ThContext *cx, const ThCall *call, ThValue *out) {
  return th_is_complex_valued(call->args[X]) ? complex_products(cx, call, out)
                                             : reduce(cx, call, reduce_prod, out);
}

/* Extremes. */

/* There must be something along the axis. */
static bool check_not_empty(ThContext *cx, const ThCall *call) {
  char name[40];
  ThAxis axis;
  bool empty_range = th_is_range(call->args[X]) && th_as_range(call->args[X])->length == 0;
  if (!th_is_array(call->args[X]) && !empty_range) return true;
  if (empty_range)
    return th_fail_argument(cx, 1, TH_ERROR_VALUE, "`%s` of nothing: the range is empty",
                            th_builtin_name(call->builtin, name, sizeof name));
  const ThArray *a = th_as_array(call->args[X]);
  if (!th_axis_init(cx, a, call->args[AXIS], false, &axis)) return false;
  if (axis.n > 0) return true;
  return th_fail_argument(cx, 1, TH_ERROR_VALUE, "`%s` of nothing: the array is empty",
                          th_builtin_name(call->builtin, name, sizeof name));
}

static void loop_maximum(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                         const void *self) {
  (void)self;
  th_kernel_maximum(n, a, a_step, b, b_step, out);
}

static void loop_minimum(size_t n, const void *a, size_t a_step, const void *b, size_t b_step, void *out,
                         const void *self) {
  (void)self;
  th_kernel_minimum(n, a, a_step, b, b_step, out);
}

/* max(a, b, …): elementwise over all arguments. */
static bool pairwise(ThContext *cx, const ThCall *call, size_t first_rest, ThLoop loop, const char *name,
                     ThValue *out) {
  ThValue best;
  if (!th_decay(cx, call->args[X], &best)) return false;
  for (size_t i = first_rest; i < call->n_args; i++) {
    ThValue next;
    bool ok = th_loop_pair(cx, best, call->args[i], loop, name, &next);
    th_release(best);
    if (!ok) return false;
    best = next;
  }
  *out = best;
  return true;
}

enum { REST = KEEP + 1 };

/* The largest or smallest element; of a range one of its ends. */
static bool extreme(ThContext *cx, const ThCall *call, bool largest, ThValue *out) {
  ThReducer f = largest ? reduce_max : reduce_min;
  if (!th_is_range(call->args[X])) return reduce(cx, call, f, out);
  const ThRange *r = th_as_range(call->args[X]);
  double last = th_range_at(r, r->length - 1);
  return reduce_range(cx, call, largest == (r->step > 0) ? last : r->first, f, out);
}

static bool body_max(ThContext *cx, const ThCall *call, ThValue *out) {
  if (call->n_args > REST) return pairwise(cx, call, REST, loop_maximum, "max", out);
  return check_not_empty(cx, call) && extreme(cx, call, true, out);
}

static bool body_min(ThContext *cx, const ThCall *call, ThValue *out) {
  if (call->n_args > REST) return pairwise(cx, call, REST, loop_minimum, "min", out);
  return check_not_empty(cx, call) && extreme(cx, call, false, out);
}

/* The position in the flat array as one index per axis. */
static bool unravel(ThContext *cx, const ThArray *a, ThValue position, ThValue *out) {
  ThArray *r = th_vector_new(cx, TH_DOUBLE, a->rank);
  if (!r) return false;
  size_t at = (size_t)th_as_number(position) - 1;
  for (uint32_t i = a->rank; i-- > 0;) {
    r->real[i] = (double)(at % a->shape[i]) + 1;
    at /= a->shape[i];
  }
  *out = th_object(r);
  return true;
}

static bool position(ThContext *cx, const ThCall *call, ThReducer f, ThValue *out) {
  if (!check_not_empty(cx, call) || !reduce(cx, call, f, out)) return false;
  ThValue x = call->args[X];
  if (!th_is_array(x) || th_as_array(x)->rank == 1 || !th_is_number(*out)) return true;
  return unravel(cx, th_as_array(x), *out, out);
}

static bool body_argmax(ThContext *cx, const ThCall *call, ThValue *out) {
  return position(cx, call, reduce_argmax, out);
}
static bool body_argmin(ThContext *cx, const ThCall *call, ThValue *out) {
  return position(cx, call, reduce_argmin, out);
}

/* Truth values. */

/* The argument as bools; numbers must be 0 or 1. Owned. */
static bool truth_array(ThContext *cx, const ThCall *call, ThArray **out) {
  char name[40];
  bool scalar;
  ThArray *a;
  if (!th_to_array(cx, call->args[X], "the argument", &scalar, &a)) return false;
  *out = a;
  if (a->element == TH_BOOL) return true;
  *out = th_array_new(cx, TH_BOOL, a->rank, a->shape);
  bool ok = *out != NULL;
  for (size_t i = 0; ok && i < a->length; i++) {
    double complex x = th_array_complex(a, i);
    ok = x == 0 || x == 1;
    if (ok) (*out)->bools[i] = x == 1;
    else
      th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` takes true and false (or 0 and 1); got %.6g",
                       th_builtin_name(call->builtin, name, sizeof name), creal(x));
  }
  if (!ok && *out) {
    th_hint(cx, "compare: `%s(x > 0)`", name);
    th_release(th_object(*out));
  }
  th_release(th_object(a));
  return ok;
}

/* How many of n, `step` apart, are true. */
static size_t count_true(size_t n, const uint8_t *x, size_t step) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += x[i * step];
  return count;
}

typedef enum Question { HOW_MANY, ARE_ALL, IS_ANY } Question;

static ThArray *answers(ThContext *cx, const ThArray *a, const ThAxis *axis, Question question) {
  size_t one = 1;
  ThArray *r = th_array_new(cx, question == HOW_MANY ? TH_DOUBLE : TH_BOOL, axis->rank ? axis->rank : 1,
                            axis->rank ? axis->shape : &one);
  for (size_t o = 0; r && o < axis->outer; o++) {
    for (size_t i = 0; i < axis->inner; i++) {
      size_t count = count_true(axis->n, a->bools + o * axis->n * axis->inner + i, axis->inner),
             at = o * axis->inner + i;
      if (question == HOW_MANY) r->real[at] = (double)count;
      else r->bools[at] = question == ARE_ALL ? count == axis->n : count > 0;
    }
  }
  return r;
}

static bool ask(ThContext *cx, const ThCall *call, Question question, ThValue *out) {
  ThArray *a, *r = NULL;
  ThAxis axis;
  if (!truth_array(cx, call, &a)) return false;
  if (th_axis_init(cx, a, call->args[AXIS], th_arg_bool(call, KEEP), &axis))
    r = answers(cx, a, &axis, question);
  th_release(th_object(a));
  return r && th_from_array_take(cx, r, axis.rank == 0, out);
}

static bool body_count(ThContext *cx, const ThCall *call, ThValue *out) {
  return ask(cx, call, HOW_MANY, out);
}
static bool body_all(ThContext *cx, const ThCall *call, ThValue *out) { return ask(cx, call, ARE_ALL, out); }
static bool body_any(ThContext *cx, const ThCall *call, ThValue *out) { return ask(cx, call, IS_ANY, out); }

/* Norms: x, axis, keep, p. */

enum { P = KEEP + 1 };

static bool reduce_norm(ThContext *cx, size_t n, const double *x, const void *self, double *out) {
  double p = *(const double *)self, sum = 0, largest = 0;
  (void)cx;
  if (p == 2) {
    *out = th_stats_norm(n, x);
    return true;
  }
  for (size_t i = 0; i < n; i++) largest = fabs(x[i]) > largest || isnan(x[i]) ? fabs(x[i]) : largest;
  bool scales = p != 1 && largest > 0 && isfinite(largest); /* no power overflows, and not all vanish */
  for (size_t i = 0; isfinite(p) && i < n; i++) {
    double size = scales ? fabs(x[i]) / largest : fabs(x[i]);
    sum += p == 1 ? size : pow(size, p);
  }
  *out = isinf(p) ? largest : p == 1 ? sum : scales ? largest * pow(sum, 1 / p) : pow(sum, 1 / p);
  return true;
}

/* |x| of complex numbers as real ones; owned. */
static bool moduli(ThContext *cx, ThValue v, ThArray **out) {
  bool scalar;
  ThArray *a;
  if (!th_to_array(cx, v, "the argument", &scalar, &a)) return false;
  ThArray *r = *out = th_array_new(cx, TH_DOUBLE, a->rank, a->shape);
  for (size_t i = 0; r && i < a->length; i++)
    r->real[i] = a->element == TH_COMPLEX ? cabs(a->complex_[i]) : th_array_real(a, i);
  th_release(th_object(a));
  return r != NULL;
}

/* norm(v, p = p), by the built-in itself, so that what is not a plain number goes its own way. */
static bool norm_of(ThContext *cx, ThValue v, ThValue p, ThValue *out) {
  ThSymbol *norm = th_symbol(cx, "norm", 4), *name = norm ? th_symbol(cx, "p", 1) : NULL;
  ThValue function, values[2] = {v, p};
  if (!name || !th_builtin_value(cx, norm, &function)) return false;
  ThArguments args = {.count = 2, .values = values, .names = (ThSymbol *[]){NULL, name}};
  return th_call(cx, function, &args, out);
}

/* The norms of all numbers and arrays inside a record or list. */
typedef struct Norms {
  ThList *list;
  ThValue p;
} Norms;

static bool add_norm(void *self, ThContext *cx, ThValue leaf, ThValue *out) {
  Norms *norms = self;
  ThValue norm;
  *out = th_none();
  return norm_of(cx, leaf, norms->p, &norm) && th_list_push_take(cx, norms->list, norm);
}

static bool norm_of_parts(ThContext *cx, ThValue v, ThValue p, ThValue *out) {
  Norms norms = {th_list_new(cx, 0), p};
  ThValue ignored, all;
  if (!norms.list) return false;
  bool ok = th_leaves_map(cx, v, add_norm, &norms, &ignored);
  if (ok) th_release(ignored);
  ok = ok && th_stack(cx, norms.list->items, norms.list->length, &all);
  th_release(th_object(norms.list));
  if (!ok) return false;
  ok = norm_of(cx, all, p, out);
  th_release(all);
  return ok;
}

static bool body_norm(ThContext *cx, const ThCall *call, ThValue *out) {
  double p = th_arg_number(call, P);
  if (!(p >= 1))
    return th_fail_argument(cx, P + 1, TH_ERROR_VALUE, "the order of a norm is at least 1; got %.6g", p);
  if (th_is_record(call->args[X]) || th_is_list(call->args[X]))
    return norm_of_parts(cx, call->args[X], call->args[P], out);
  ThArray *a;
  ThAxis axis;
  if (!moduli(cx, call->args[X], &a)) return false;
  bool ok = th_axis_init(cx, a, call->args[AXIS], th_arg_bool(call, KEEP), &axis) &&
            th_reduce(cx, a, &axis, reduce_norm, &p, out);
  th_release(th_object(a));
  return ok;
}

#define AXES "axis: integer = none, keep: bool = false"
#define AXIS_NOTE "axis: the axis that disappears (1: down the rows); keep = true leaves it with length 1"
#define REDUCTIONS "sums and extremes"

const ThBuiltin th_lib_reduce[] = {
    {"sum(x: numeric|range, " AXES ") -> numeric", body_sum, REDUCTIONS,
     "the sum of all elements, or along an axis", AXIS_NOTE,
     "sum([1, 2, 3])\n#> 6\nsum([1, 2; 3, 4], axis = 1)\n#> [4, 6]\nsum([])\n"
     "#> 0",
     "mean prod cumsum", NULL},
    {"prod(x: numeric, " AXES ") -> numeric", body_prod, REDUCTIONS,
     "the product of all elements, or along an axis", AXIS_NOTE, "prod(1:5)\n#> 120", "sum cumprod", NULL},
    {"max(x: real|range, ...others: real; " AXES ") -> real", body_max, REDUCTIONS,
     "the largest element; of several arguments the larger, element by element", AXIS_NOTE,
     "max([3, 7, 5])\n#> 7\nmax([1, 5], 3)\n#> [3, 5]", "min argmax clip", NULL},
    {"min(x: real|range, ...others: real; " AXES ") -> real", body_min, REDUCTIONS,
     "the smallest element; of several arguments the smaller, element by element", AXIS_NOTE,
     "min([3, 7, 5])\n#> 3\nmin([1, 5; 0, 9], axis = 2)\n#> [1, 0]", "max argmin clip", NULL},
    {"argmax(x: real, " AXES ") -> real", body_argmax, REDUCTIONS,
     "where the largest element is, counted from 1",
     "the first one of several; of a matrix without axis its row and column; " AXIS_NOTE,
     "argmax([3, 7, 5])\n#> 2\nargmax([1, 5; 9, 0])\n#> [2, 1]", "max argmin", NULL},
    {"argmin(x: real, " AXES ") -> real", body_argmin, REDUCTIONS,
     "where the smallest element is, counted from 1",
     "the first one of several; of a matrix without axis its row and column; " AXIS_NOTE,
     "argmin([3, 7, 5])\n#> 1", "min argmax", NULL},
    {"all(x: numeric, " AXES ") -> bool", body_all, REDUCTIONS, "is every element true?", AXIS_NOTE,
     "all([1, 2] > 0)\n#> true\nall([])\n#> true", "any count", NULL},
    {"any(x: numeric, " AXES ") -> bool", body_any, REDUCTIONS, "is at least one element true?", AXIS_NOTE,
     "any([1, 2] > 1)\n#> true", "all count", NULL},
    {"count(x: numeric, " AXES ") -> real", body_count, REDUCTIONS, "how many elements are true", AXIS_NOTE,
     "count([5, 3, 8, 1] > 2)\n#> 3", "all any length", NULL},
    {"norm(x: numeric|record|list, " AXES ", p: number = 2) -> real", body_norm, REDUCTIONS,
     "the length of a vector: √(sum of squares)",
     "of a matrix the Frobenius norm, of a record through its fields; p = 1 sums |x|, p = inf takes "
     "the largest; " AXIS_NOTE,
     "norm([3, 4])\n#> 5\nnorm([3, 4], p = 1)\n#> 7", "abs sum", NULL},
    {0},
};
