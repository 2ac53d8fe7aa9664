/* lesson_values.c - when the value of an answer is the one that was asked for */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lesson_values.h"

#include <math.h>

#include "lang/session.h"
#include "prob/distribution.h"
#include "val/array.h"
#include "val/basic.h"

static const double relative = 1e-5, absolute = 1e-9;

/* --- Numbers */

/* `size` is that of the largest number among which b stands; 0 when it stands alone. */
static bool near(double a, double b, double size) {
  if (a == b || (isnan(a) && isnan(b))) return true;
  if (size == 0 && b == 0) size = 1;
  return isfinite(a) && isfinite(b) && fabs(a - b) <= relative * fabs(b) + absolute * size;
}

static double largest(const ThArray *a) {
  double size = 0;
  for (size_t i = 0; i < a->length; i++) size = fmax(size, cabs(th_array_complex(a, i)));
  return isfinite(size) ? size : 0;
}

static bool arrays_near(const ThArray *a, const ThArray *b) {
  if (!th_same_shape(a, b)) return false;
  double size = largest(b);
  for (size_t i = 0; i < a->length; i++) {
    double complex x = th_array_complex(a, i), y = th_array_complex(b, i);
    if (!near(creal(x), creal(y), size) || !near(cimag(x), cimag(y), size)) return false;
  }
  return true;
}

/* --- Distributions */

/* Whether their distribution functions agree where b has its mass. False with an error where there is none. */
static bool compare_laws(ThContext *cx, const ThDistribution *a, const ThDistribution *b, bool *same) {
  static const double parts[] = {0.001, 0.03, 0.17, 0.385, 0.5, 0.71, 0.9, 0.985, 0.9995};
  *same = a->length == b->length;
  for (size_t i = 0; *same && i < b->length; i++)
    for (size_t k = 0; *same && k < sizeof parts / sizeof *parts; k++) {
      double x, p, q;
      if (!th_distribution_measure(cx, b, i, TH_QUANTILE, parts[k], &x) ||
          !th_distribution_measure(cx, b, i, TH_CDF, x, &q) ||
          !th_distribution_measure(cx, a, i, TH_CDF, x, &p))
        return false;
      *same = fabs(p - q) <= relative;
    }
  return true;
}

static bool distributions_near(ThContext *cx, ThValue a, ThValue b) {
  bool same = false;
  const ThDistribution *x = th_as_distribution(a), *y = th_as_distribution(b);
  if (th_distribution_is_discrete(x) != th_distribution_is_discrete(y)) return false;
  if (!compare_laws(cx, x, y, &same) && !th_is_final(cx)) {
    th_error_clear(cx);
    same = th_equal(cx, a, b, &same) && same;
  }
  return same;
}

/* --- Functions */

enum { MOST_ARGUMENTS = 4 };

static bool can_be_called(ThValue v) { return th_is_object(v) && th_as_object(v)->kind->call; }

/* How many arguments a function must be given; 0 of one that is not the person's. */
static size_t count_arguments(ThValue f) {
  bool has_default;
  size_t n = 0;
  while (th_function_parameter(f, n, &has_default) && !has_default) n++;
  return n;
}

/* The value at the k-th point; none where there is none. */
static ThValue value_at(ThContext *cx, ThValue f, size_t n, size_t k) {
  static const double points[] = {0.385, 1.7, -0.62, 2.3, 0.11, 5.2, -3.1, 0.93};
  ThValue arguments[MOST_ARGUMENTS], out;
  for (size_t i = 0; i < n; i++) arguments[i] = th_number(points[(k + 3 * i) % 8]);
  if (th_call_values(cx, f, arguments, n, &out)) return out;
  if (!th_is_final(cx)) th_error_clear(cx);
  return th_none();
}

static bool functions_near(ThContext *cx, ThValue a, ThValue b) {
  size_t n = count_arguments(b), other = count_arguments(a), compared = 0;
  bool same = n == other || n == 0 || other == 0;
  n = n > 0 ? n : other;
  if (n == 0 || n > MOST_ARGUMENTS) return false;
  for (size_t k = 0; same && k < 8; k++) {
    ThValue x = value_at(cx, a, n, k), y = value_at(cx, b, n, k);
    compared += !th_is_none(y);
    same = th_is_none(x) == th_is_none(y) && (th_is_none(y) || th_values_near(cx, x, y));
    th_release(x);
    th_release(y);
  }
  return same && compared > 0;
}

/* --- All of them */

static bool lists_near(ThContext *cx, const ThList *a, const ThList *b) {
  bool same = a->length == b->length;
  for (size_t i = 0; same && i < a->length; i++) same = th_values_near(cx, a->items[i], b->items[i]);
  return same;
}

/* Fields in any order. */
static bool records_near(ThContext *cx, const ThRecord *a, const ThRecord *b) {
  bool same = a->length == b->length;
  for (size_t i = 0; same && i < b->length; i++) {
    size_t k = 0;
    while (k < a->length && a->names[k] != b->names[i]) k++;
    same = k < a->length && th_values_near(cx, a->values[k], b->values[i]);
  }
  return same;
}

static bool plain_near(ThContext *cx, ThValue a, ThValue b) {
  bool same = false;
  if (th_is_scalar(a) && th_is_scalar(b)) return near(th_as_scalar(a), th_as_scalar(b), 0);
  if (th_is_array(a) && th_is_array(b)) return arrays_near(th_as_array(a), th_as_array(b));
  if (th_is_list(a) && th_is_list(b)) return lists_near(cx, th_as_list(a), th_as_list(b));
  if (th_is_record(a) && th_is_record(b)) return records_near(cx, th_as_record(a), th_as_record(b));
  if (th_is_distribution(a) && th_is_distribution(b)) return distributions_near(cx, a, b);
  if (!th_is_object(a) || !th_is_object(b)) return false;
  bool has_default,
      own = th_function_parameter(a, 0, &has_default) || th_function_parameter(b, 0, &has_default);
  if (own && can_be_called(a) && can_be_called(b)) return functions_near(cx, a, b);
  if (th_as_object(a)->kind != th_as_object(b)->kind) return false;
  return th_equal(cx, a, b, &same) && same;
}

bool th_values_near(ThContext *cx, ThValue a, ThValue b) {
  ThValue x, y;
  bool same = false;
  if (th_nest(cx)) {
    if (th_decay(cx, a, &x)) {
      if (th_decay(cx, b, &y)) {
        same = plain_near(cx, x, y);
        th_release(y);
      }
      th_release(x);
    }
    th_unnest(cx);
  }
  if (!th_is_final(cx)) th_error_clear(cx);
  return same;
}
