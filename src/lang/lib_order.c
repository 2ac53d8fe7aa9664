/* lib_order.c - built-ins along a sequence: sorting, running sums, differences, interpolation */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <complex.h>
#include <math.h>
#include <string.h>

#include "lang/lib_parts.h"
#include "lang/lib_support.h"
#include "lang/lib_table.h"
#include "lang/libs.h"
#include "num/fft.h"
#include "num/stats.h"
#include "val/loops.h"

/* Lists of strings sort by code point. */

static bool check_strings(ThContext *cx, const ThList *list) {
  char text[96];
  for (size_t i = 0; i < list->length; i++) {
    if (!th_is_string(list->items[i])) {
      th_fail_argument(cx, 1, TH_ERROR_TYPE, "a list is sorted when all are strings; element %zu is %s",
                       i + 1, th_describe(list->items[i], text, sizeof text));
      return th_hint(cx, "numbers sort as an array: `[…]`");
    }
  }
  return true;
}

static bool comes_before(const void *self, size_t i, size_t j) {
  const ThList *list = self;
  return strcmp(th_as_string(list->items[i])->text, th_as_string(list->items[j])->text) < 0;
}

/* The order of a list of strings, owned: free 2 n places. */
static size_t *string_order(ThContext *cx, const ThList *list) {
  if (!check_strings(cx, list)) return NULL;
  size_t *order = th_alloc_array(cx, 2 * list->length, sizeof *order);
  if (!order || th_stable_order(cx, list->length, comes_before, list, order)) return order;
  th_free(cx, order, 2 * list->length * sizeof *order);
  return NULL;
}

static bool sort_strings(ThContext *cx, const ThList *list, bool reverse, bool unique, ThValue *out) {
  size_t n = list->length, *order = string_order(cx, list);
  if (!order) return false;
  ThList *r = th_list_new(cx, n);
  for (size_t i = 0; r && i < n; i++) {
    ThValue item = list->items[order[reverse ? n - 1 - i : i]];
    const ThString *last = r->length ? th_as_string(r->items[r->length - 1]) : NULL;
    if (unique && last && strcmp(last->text, th_as_string(item)->text) == 0) continue;
    r->items[r->length++] = th_retain(item);
  }
  th_free(cx, order, 2 * n * sizeof *order);
  if (r) *out = th_object(r);
  return r != NULL;
}

/* sort: x, axis, reverse. */

static bool sort_run(ThContext *cx, size_t n, const double *x, const void *self, double *y) {
  const bool *reverse = self;
  for (size_t i = 0; i < n; i++) y[i] = *reverse ? -x[i] : x[i];
  if (!th_stats_sort(cx, n, y)) return false;
  for (size_t i = 0; *reverse && i < n; i++) y[i] = -y[i];
  return true;
}

/* A function that turns each run along an axis (by default the first) into another as long. */
static bool transform(ThContext *cx, const ThCall *call, ThTransformer f, const void *self, ThValue *out) {
  bool scalar;
  ThArray *a;
  ThAxis axis;
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  bool ok = th_axis_first(cx, a, call->args[1], &axis) && th_transform(cx, a, &axis, axis.n, f, self, out);
  th_release(th_object(a));
  return ok;
}

/* Complex numbers have no order. */
static bool check_ordered(ThContext *cx, const ThCall *call) {
  char name[40], text[48];
  if (!th_is_complex_valued(call->args[0])) return true;
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "`%s` takes real numbers; got complex ones",
                   th_builtin_name(call->builtin, name, sizeof name));
  const char *z = th_operand(cx, 1, "z", text, sizeof text);
  return th_hint(cx, "they have no order; by size they come as `%s[sort_index(abs(%s))]`", z, z);
}

/* What came out of bools, taken, as bools again. */
static bool keep_bools_take(ThContext *cx, ThValue given, ThValue *out) {
  if (!th_is_array(given) || th_as_array(given)->element != TH_BOOL) return true;
  ThValue numbers = *out;
  bool ok = th_binary(cx, TH_OP_EQUAL, numbers, th_number(1), 0, out);
  th_release(numbers);
  return ok;
}

static bool body_sort(ThContext *cx, const ThCall *call, ThValue *out) {
  bool reverse = th_arg_bool(call, 2);
  if (th_is_list(call->args[0])) return sort_strings(cx, th_as_list(call->args[0]), reverse, false, out);
  return check_ordered(cx, call) && transform(cx, call, sort_run, &reverse, out) &&
         keep_bools_take(cx, call->args[0], out);
}

/* The numbers to sort by, owned: negated for decreasing order, so that equal ones keep theirs and nan comes last. */
static ThArray *sort_keys(ThContext *cx, ThArray *a, bool reverse) {
  ThArray *keys = th_array_convert(cx, a, TH_DOUBLE);
  if (!keys || !reverse) return keys;
  ThArray *negated = th_array_new(cx, TH_DOUBLE, 1, &keys->length);
  for (size_t i = 0; negated && i < keys->length; i++) negated->real[i] = -keys->real[i];
  th_release(th_object(keys));
  return negated;
}

/* sort_index: x, reverse. */
static bool body_sort_index(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThList *list = th_is_list(call->args[0]) ? th_as_list(call->args[0]) : NULL;
  const ThArray *a = list ? NULL : th_arg_array(call, 0);
  size_t n = list ? list->length : a->length, *order;
  if (!check_ordered(cx, call)) return false;
  if (list) {
    order = string_order(cx, list);
  } else {
    order = th_alloc_array(cx, 2 * n, sizeof *order);
    ThArray *x = order ? sort_keys(cx, th_arg_array(call, 0), th_arg_bool(call, 1)) : NULL;
    bool sorted = x && th_stats_sort_index(cx, n, x->real, order + n, order);
    if (order && !sorted) th_free(cx, order, 2 * n * sizeof *order), order = NULL;
    if (x) th_release(th_object(x));
  }
  if (!order) return false;
  ThArray *r = th_vector_new(cx, TH_DOUBLE, n);
  for (size_t i = 0; r && i < n; i++)
    r->real[i] = (double)order[list && th_arg_bool(call, 1) ? n - 1 - i : i] + 1;
  th_free(cx, order, 2 * n * sizeof *order);
  return th_give(r, out);
}

static bool body_unique(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_table(call->args[0])) return th_table_unique(cx, call->args[0], out);
  if (th_is_list(call->args[0])) return sort_strings(cx, th_as_list(call->args[0]), false, true, out);
  bool scalar;
  ThArray *a;
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  ThArray *r = th_array_reshape(cx, a, 1, &a->length);
  th_release(th_object(a));
  if (!r) return false;
  if (!th_stats_sort(cx, r->length, r->real)) {
    th_release(th_object(r));
    return false;
  }
  r->length = r->shape[0] = th_stats_unique_sorted(r->length, r->real);
  *out = th_object(r);
  return keep_bools_take(cx, call->args[0], out);
}

static bool run_ranks(ThContext *cx, size_t n, const double *x, const void *self, double *y) {
  (void)self;
  size_t *order = th_alloc_array(cx, 2 * n, sizeof *order);
  if (!order) return false;
  bool ok = th_stats_sort_index(cx, n, x, order + n, order);
  if (ok) th_stats_ranks(n, x, order, y);
  th_free(cx, order, 2 * n * sizeof *order);
  return ok;
}

static bool body_ranks(ThContext *cx, const ThCall *call, ThValue *out) {
  return transform(cx, call, run_ranks, NULL, out);
}

/* Running sums and differences. */

static bool run_sum(ThContext *cx, size_t n, const double *x, const void *self, double *y) {
  (void)cx, (void)self;
  th_stats_cumulative_sum(n, x, y);
  return true;
}

static bool run_product(ThContext *cx, size_t n, const double *x, const void *self, double *y) {
  (void)cx, (void)self;
  th_stats_cumulative_product(n, x, y);
  return true;
}

static bool run_max(ThContext *cx, size_t n, const double *x, const void *self, double *y) {
  (void)cx, (void)self;
  for (size_t i = 0; i < n; i++) y[i] = i && (y[i - 1] > x[i] || isnan(y[i - 1])) ? y[i - 1] : x[i];
  return true;
}

static bool body_cumsum(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_complex_valued(call->args[0])) return th_by_parts(cx, call, 0, body_cumsum, out);
  return transform(cx, call, run_sum, NULL, out);
}
/* Running products of complex numbers. */
static bool complex_products(ThContext *cx, const ThCall *call, ThValue *out) {
  ThArray *a = th_arg_array(call, 0);
  ThAxis axis;
  ThArray *r = th_axis_first(cx, a, call->args[1], &axis) ? th_array_copy(cx, a) : NULL;
  for (size_t i = 0; r && i < r->length; i++) {
    bool first = i / axis.inner % axis.n == 0;
    if (!first) r->complex_[i] = th_complex_multiply(r->complex_[i - axis.inner], r->complex_[i]);
  }
  return th_give(r, out);
}

static bool body_cumprod(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_complex_valued(call->args[0])) return complex_products(cx, call, out);
  return transform(cx, call, run_product, NULL, out);
}
static bool body_cummax(ThContext *cx, const ThCall *call, ThValue *out) {
  return transform(cx, call, run_max, NULL, out);
}

static bool run_diff(ThContext *cx, size_t n, const double *x, const void *self, double *y) {
  (void)cx, (void)self;
  for (size_t i = 0; i + 1 < n; i++) y[i] = x[i + 1] - x[i];
  return true;
}

static bool body_diff(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_complex_valued(call->args[0])) return th_by_parts(cx, call, 0, body_diff, out);
  bool scalar;
  ThArray *a;
  ThAxis axis;
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  bool ok = th_axis_first(cx, a, call->args[1], &axis) &&
            th_transform(cx, a, &axis, axis.n ? axis.n - 1 : 0, run_diff, NULL, out);
  th_release(th_object(a));
  return ok;
}

/* interp(x, xs, ys): the place among increasing xs, then the line between two neighbours. */

static double interpolate(double x, size_t n, const double *xs, const double *ys) {
  if (isnan(x)) return x;
  if (x <= xs[0]) return ys[0];
  if (x >= xs[n - 1]) return ys[n - 1];
  size_t low = 0, high = n - 1;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (xs[middle] <= x) low = middle;
    else high = middle;
  }
  return ys[low] + (ys[high] - ys[low]) * (x - xs[low]) / (xs[high] - xs[low]);
}

static bool check_knots(ThContext *cx, const ThArray *xs, const ThArray *ys) {
  if (xs->rank != 1 || ys->rank != 1 || xs->length != ys->length || xs->length == 0) {
    return th_fail(cx, TH_ERROR_SHAPE,
                   "`interp` takes two vectors of one length after x; got %zu and %zu elements", xs->length,
                   ys->length);
  }
  for (size_t i = 1; i < xs->length; i++) {
    if (xs->real[i] > xs->real[i - 1]) continue;
    th_fail_argument(cx, 2, TH_ERROR_VALUE, "the knots must increase; knot %zu is %.6g after %.6g", i + 1,
                     xs->real[i], xs->real[i - 1]);
    return th_hint(cx, "sort them: `k = sort_index(xs)`, then `xs[k]` and `ys[k]`");
  }
  return true;
}

static bool body_interp(ThContext *cx, const ThCall *call, ThValue *out) {
  if (th_is_complex_valued(call->args[2])) return th_by_parts(cx, call, 2, body_interp, out);
  ThArray *p[3];
  bool scalar[3];
  size_t done = 0;
  while (done < 3 && th_arg_real_array(cx, call, done, &scalar[done], &p[done])) done++;
  ThArray *r = NULL;
  if (done == 3 && check_knots(cx, p[1], p[2])) r = th_array_new(cx, TH_DOUBLE, p[0]->rank, p[0]->shape);
  bool ok = r != NULL;
  for (size_t i = 0; ok && i < r->length; i++) {
    r->real[i] = interpolate(p[0]->real[i], p[1]->length, p[1]->real, p[2]->real);
    ok = th_poll_at(cx, i);
  }
  for (size_t i = 0; i < done; i++) th_release(th_object(p[i]));
  if (ok) return th_from_array_take(cx, r, scalar[0], out);
  if (r) th_release(th_object(r));
  return false;
}

static bool body_convolve(ThContext *cx, const ThCall *call, ThValue *out) {
  bool done;
  if (!th_by_parts_of_two(cx, call, body_convolve, &done, out) || done) return done;
  bool scalar;
  ThArray *a, *b, *r = NULL;
  if (!th_arg_real_array(cx, call, 0, &scalar, &a)) return false;
  if (th_arg_real_array(cx, call, 1, &scalar, &b)) {
    bool vectors = a->rank == 1 && b->rank == 1 && a->length && b->length;
    if (vectors) r = th_vector_new(cx, TH_DOUBLE, a->length + b->length - 1);
    else th_fail(cx, TH_ERROR_SHAPE, "`convolve` takes two vectors, neither of them empty");
    if (r) memset(r->real, 0, r->length * sizeof(double));
    bool ok = r != NULL;
    for (size_t i = 0; ok && i < a->length; i++) {
      for (size_t j = 0; j < b->length; j++) r->real[i + j] += a->real[i] * b->real[j];
      ok = th_poll(cx);
    }
    if (r && !ok) th_release(th_object(r)), r = NULL;
    th_release(th_object(b));
  }
  th_release(th_object(a));
  return th_give(r, out);
}

/* Fourier transforms along an axis. */

static bool transform_line(ThContext *cx, const ThAxis *axis, double complex *first, double complex *line,
                           bool inverse) {
  for (size_t k = 0; k < axis->n && !th_is_due(cx, k); k++) line[k] = first[k * axis->inner];
  if (!th_poll(cx) || !th_fft(cx, axis->n, line, inverse)) return false;
  for (size_t k = 0; k < axis->n && !th_is_due(cx, k); k++) first[k * axis->inner] = line[k];
  return th_poll(cx);
}

static bool transform_all(ThContext *cx, const ThAxis *axis, ThArray *r, bool inverse) {
  double complex *line = th_alloc_array(cx, axis->n, sizeof *line);
  bool ok = line != NULL;
  for (size_t o = 0; ok && o < axis->outer; o++) {
    for (size_t i = 0; ok && i < axis->inner; i++) {
      ok = th_poll(cx) &&
           transform_line(cx, axis, r->complex_ + o * axis->n * axis->inner + i, line, inverse);
    }
  }
  th_free(cx, line, axis->n * sizeof *line);
  return ok;
}

static bool fourier(ThContext *cx, const ThCall *call, bool inverse, ThValue *out) {
  ThArray *a = th_array_convert(cx, th_arg_array(call, 0), TH_COMPLEX);
  ThAxis axis;
  if (!a) return false;
  ThArray *r = th_poll(cx) && th_axis_first(cx, a, call->args[1], &axis) ? th_array_copy(cx, a) : NULL;
  th_release(th_object(a));
  if (r && transform_all(cx, &axis, r, inverse)) return th_give(r, out);
  if (r) th_release(th_object(r));
  return false;
}

static bool body_fft(ThContext *cx, const ThCall *call, ThValue *out) {
  return fourier(cx, call, false, out);
}
static bool body_ifft(ThContext *cx, const ThCall *call, ThValue *out) {
  return fourier(cx, call, true, out);
}

#define ORDER "sequences"
#define ALONG "axis: integer = 1"

const ThBuiltin th_lib_order[] = {
    {"sort(x: array|list, " ALONG ", reverse: bool = false) -> any", body_sort, ORDER,
     "elements in increasing order",
     "nan comes last; a matrix is sorted along an axis, by default each column; a list of strings "
     "by code point",
     "sort([5, 3, 8, 1])\n#> [1, 3, 5, 8]\nsort([5, 3, 8, 1], reverse = true)\n#> [8, 5, 3, 1]\n"
     "sort(list(\"b\", \"a\"))\n#> list(\"a\", \"b\")",
     "sort_index unique sort_by", NULL},
    {"sort_index(x: vector|list, reverse: bool = false) -> vector", body_sort_index, ORDER,
     "the positions that sort x: x[sort_index(x)] is sorted",
     "equal elements keep their order, nan comes last, also with reverse = true",
     "sort_index([5, 3, 8, 1])\n#> [4, 2, 1, 3]", "sort ranks", NULL},
    {"unique(x: numeric|list|table) -> any", body_unique, ORDER,
     "the different elements, sorted; of a table the different rows, in their order",
     "a vector, whatever the shape of x; one nan is kept, at the end", "unique([3, 1, 3])\n#> [1, 3]",
     "sort count", NULL},
    {"ranks(x: array, " ALONG ") -> array", body_ranks, ORDER,
     "the place of each element in the order, from 1; ties share the mean",
     "along an axis, by default the first; nan last", "ranks([10, 30, 20, 20])\n#> [1, 4, 2.5, 2.5]",
     "sort_index", NULL},
    {"cumsum(x: array, " ALONG ") -> array", body_cumsum, ORDER, "running sums",
     "the shape of x; along an axis, by default the first: down the rows", "cumsum([1, 2, 3])\n#> [1, 3, 6]",
     "cumprod diff sum", NULL},
    {"cumprod(x: array, " ALONG ") -> array", body_cumprod, ORDER, "running products",
     "the shape of x; along an axis, by default the first: down the rows", "cumprod([1, 2, 3])\n#> [1, 2, 6]",
     "cumsum prod", NULL},
    {"cummax(x: array, " ALONG ") -> array", body_cummax, ORDER, "the largest element so far",
     "the shape of x; along an axis, by default the first; nan stays from where it occurs",
     "cummax([1, 3, 2])\n#> [1, 3, 3]", "cumsum max", NULL},
    {"diff(x: array, " ALONG ") -> array", body_diff, ORDER, "differences between neighbours",
     "one element fewer along the axis, by default the first: row 2 - row 1, …", "diff([1, 4, 9])\n#> [3, 5]",
     "cumsum", NULL},
    {"interp(x: real, xs: vector, ys: vector) -> real", body_interp, ORDER,
     "the value at x of the line through the points (xs, ys)",
     "xs must increase; beyond its ends the value stays that of the end",
     "interp(1.5, [1, 2, 3], [10, 20, 40])\n#> 15", "linspace sort_index", NULL},
    {"convolve(a: vector, b: vector) -> vector", body_convolve, ORDER,
     "the convolution of two vectors: coefficients of a product of polynomials",
     "(m) and (n) give (m + n - 1)", "convolve([1, 2], [1, 3])\n#> [1, 5, 6]", "fft kron", NULL},
    {"fft(x: array, " ALONG ") -> array", body_fft, ORDER, "the discrete Fourier transform",
     "X[k] = sum of x[j] exp(-2πi (j - 1)(k - 1)/n), for any length n",
     "fft([1, 0, 0, 0])\n#> [1 + 0i, 1 + 0i, 1 + 0i, 1 + 0i]\n"
     "re(fft([1, 2, 3, 4]))\n#> [10, -2, -2, -2]",
     "ifft convolve", NULL},
    {"ifft(x: array, " ALONG ") -> array", body_ifft, ORDER, "the inverse of fft",
     "scaled by 1/n; the result is complex, take re(…) where it should be real",
     "re(ifft(fft([1, 2, 4])))\n#> [1, 2, 4]", "fft", NULL},
    {0},
};
