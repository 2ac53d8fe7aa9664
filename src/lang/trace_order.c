/* trace_order.c - derivatives of sorting, running sums, differences, interpolation, convolution, Fourier transforms */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/libs.h"
#include "lang/trace_support.h"
#include "val/basic.h"
#include "val/operations_axis.h"

enum { X, AXIS };

/* Of a list, which holds strings, what the body gave. */
static bool trace_sort(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  enum { REVERSE = 2 };
  uint32_t axis;
  if (!th_is_array(call->result)) return th_trace_plain(cx, call, out);
  ThNodeId x = th_trace_first(call, X, AXIS, &axis);
  return th_traced_give(cx, call, th_sort_axis(call->g, x, axis, th_as_scalar(call->args[REVERSE]) != 0),
                        out);
}

/* The place of x among increasing numbers that hold it; of nan the last, where it stands. */
static size_t place_among(double x, const ThArray *kept) {
  size_t low = 0, high = kept->length;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (!(kept->real[middle] > x) && !isnan(kept->real[middle])) low = middle;
    else high = middle;
  }
  return isnan(x) ? kept->length - 1 : low;
}

/* The mean of the elements that come to each place. */
static ThNodeId mean_at(ThGraph *g, ThNodeId x, const size_t *places, size_t n_places) {
  ThArray *counts = th_vector_new(g->cx, TH_DOUBLE, n_places);
  if (!counts) {
    g->failed = true;
    return 0;
  }
  for (size_t i = 0; i < n_places; i++) counts->real[i] = 0;
  for (size_t i = 0; i < th_node(g, x)->length; i++) counts->real[places[i]]++;
  ThNodeId count = th_graph_constant(g, th_object(counts));
  th_release(th_object(counts));
  return th_divide(g, th_scatter(g, x, places, 1, &n_places), count);
}

/* How many there are hangs on the values. Each different number is the mean of those equal to it, so that they share
 * its derivative. */
static bool trace_unique(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  bool is_vector = th_is_array(call->result) && th_as_array(call->result)->element == TH_DOUBLE, scalar;
  ThArray *x;
  if (!is_vector) return th_trace_plain(cx, call, out);
  const ThArray *kept = th_as_array(call->result);
  call->g->is_bound = true;
  if (!th_to_real_array(cx, call->args[X], "the argument", &scalar, &x)) return false;
  size_t n = x->length, *places = th_alloc_array(cx, n + 1, sizeof *places);
  for (size_t i = 0; places && i < n; i++) places[i] = place_among(x->real[i], kept);
  ThNodeId node = places ? mean_at(call->g, th_traced_argument(call, X), places, kept->length) : 0;
  bool ok = places && th_traced_give(cx, call, node, out);
  if (places) th_free(cx, places, (n + 1) * sizeof *places);
  th_release(th_object(x));
  return ok;
}

static bool trace_cumsum(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_first(call, X, AXIS, &axis);
  return th_traced_give(cx, call, th_running_sum(call->g, x, axis), out);
}

static bool trace_cumprod(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_first(call, X, AXIS, &axis);
  return th_traced_give(cx, call, th_running_product(call->g, x, axis), out);
}

static bool trace_cummax(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_first(call, X, AXIS, &axis);
  return th_traced_give(cx, call, th_take(call->g, x, th_running_max_places(call->g, x, axis)), out);
}

static bool trace_diff(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThGraph *g = call->g;
  ThNodeId x = th_trace_first(call, X, AXIS, &axis);
  if (g->failed) return false;
  size_t n = th_node(g, x)->shape[axis], left = n ? n - 1 : 0, first = n ? 1 : 0;
  ThNodeId later = th_slice_axis(g, x, axis, first, left), sooner = th_slice_axis(g, x, axis, 0, left);
  return th_traced_give(cx, call, th_subtract(g, later, sooner), out);
}

/* --- interp(x, xs, ys): on the stretch that x lies in y₀ + (y₁ - y₀) (x - x₀)/(x₁ - x₀); outside the value at the end.
 * At a knot its derivative is that to the right. */

static ThNodeId on_stretch(ThGraph *g, ThNodeId x, ThNodeId xs, ThNodeId ys) {
  ThNodeId low = th_locate(g, x, xs), high = th_shift(g, low, 1);
  ThNodeId x0 = th_take(g, xs, low), y0 = th_take(g, ys, low);
  ThNodeId width = th_subtract(g, th_take(g, xs, high), x0), rise = th_subtract(g, th_take(g, ys, high), y0);
  return th_add(g, y0, th_divide(g, th_multiply(g, rise, th_subtract(g, x, x0)), width));
}

static ThNodeId end_value(ThGraph *g, ThNodeId v, size_t i, ThNodeId like) {
  return th_broadcast_like(g, th_reshape(g, th_part(g, v, i, 1), 0, NULL), like);
}

static bool trace_interp(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  enum { XS = 1, YS };
  ThGraph *g = call->g;
  ThNodeId x = th_traced_argument(call, X), xs = th_traced_argument(call, XS),
           ys = th_traced_argument(call, YS);
  if (g->failed) return false;
  size_t n = th_node(g, xs)->length;
  ThNodeId left = end_value(g, ys, 0, x), right = end_value(g, ys, n - 1, x);
  if (n == 1) return th_trace_give_shaped(cx, call, left, out);
  ThNodeId is_left = th_graph_binary(g, &th_op_less, x, end_value(g, xs, 0, x));
  ThNodeId is_right = th_graph_binary(g, &th_op_greater_equal, x, end_value(g, xs, n - 1, x));
  ThNodeId inside = th_choose(g, is_right, right, on_stretch(g, x, xs, ys));
  return th_trace_give_shaped(cx, call, th_choose(g, is_left, left, inside), out);
}

/* --- Transforms */

static bool trace_convolve(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  return th_traced_give(cx, call,
                        th_convolve(call->g, th_traced_argument(call, 0), th_traced_argument(call, 1)), out);
}

static bool trace_fourier(ThContext *cx, const ThTracedCall *call, ThValue *out) {
  uint32_t axis;
  ThNodeId x = th_trace_first(call, X, AXIS, &axis);
  return th_traced_give(cx, call, th_fourier_axis(call->g, x, axis, strcmp(call->name, "ifft") == 0), out);
}

const ThTraceRule th_trace_order[] = {
    {"sort", trace_sort},
    {"unique", trace_unique},
    {"cumsum", trace_cumsum},
    {"cumprod", trace_cumprod},
    {"cummax", trace_cummax},
    {"diff", trace_diff},
    {"interp", trace_interp},
    {"convolve", trace_convolve},
    {"fft", trace_fourier},
    {"ifft", trace_fourier},
    {"sort_index", th_trace_plain},
    {"ranks", th_trace_plain},
    {0},
};
