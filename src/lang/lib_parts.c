/* lib_parts.c - complex arguments of functions that are linear in them: part by part */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums, means, differences, products of arrays and the like need no complex version of their own: what is
 * known to be accurate for real numbers is used for the real and the imaginary part. */
#include "lang/lib_parts.h"

#include <string.h>

#include "lang/lib_support.h"

static bool part_of(ThContext *cx, ThValue z, bool imaginary, ThValue *out) {
  if (th_is_complex(z)) {
    double complex x = th_as_complex(z);
    *out = th_number(imaginary ? cimag(x) : creal(x));
    return true;
  }
  const ThArray *a = th_as_array(z);
  ThArray *r = th_array_new(cx, TH_DOUBLE, a->rank, a->shape);
  for (size_t k = 0; r && k < a->length; k++)
    r->real[k] = imaginary ? cimag(a->complex_[k]) : creal(a->complex_[k]);
  return th_give(r, out);
}

/* f with argument i replaced by a part of itself. */
static bool call_with_part(ThContext *cx, const ThCall *call, size_t i, bool imaginary, ThBuiltinBody f,
                           ThValue *out) {
  size_t n = call->n_args;
  ThValue *args = th_alloc_array(cx, n, sizeof *args), part;
  if (!args) return false;
  memcpy(args, call->args, n * sizeof *args);
  bool ok = part_of(cx, call->args[i], imaginary, &part);
  if (ok) {
    ThCall changed = *call;
    args[i] = part;
    changed.args = args;
    changed.loan = NULL;
    ok = f(cx, &changed, out);
    th_release(part);
  }
  th_free(cx, args, n * sizeof *args);
  return ok;
}

/* x + i y of two numbers or arrays of one shape, real or complex. */
static bool combine(ThContext *cx, ThValue x, ThValue y, ThValue *out) {
  bool scalar;
  ThArray *a, *b, *r = NULL;
  if (!th_to_array(cx, x, "the real part", &scalar, &a)) return false;
  if (th_to_array(cx, y, "the imaginary part", &scalar, &b)) {
    r = th_array_new(cx, TH_COMPLEX, a->rank, a->shape);
    for (size_t k = 0; r && k < r->length; k++) {
      double complex re = th_array_complex(a, k), im = th_array_complex(b, k);
      r->complex_[k] = th_complex_of(creal(re) - cimag(im), cimag(re) + creal(im));
    }
    th_release(th_object(b));
  }
  th_release(th_object(a));
  return r && th_from_array_take(cx, r, scalar, out);
}

static bool both_parts(ThContext *cx, const ThCall *call, size_t i, ThBuiltinBody f, ThValue *re,
                       ThValue *im) {
  if (!call_with_part(cx, call, i, false, f, re)) return false;
  if (call_with_part(cx, call, i, true, f, im)) return true;
  th_release(*re);
  return false;
}

bool th_by_parts(ThContext *cx, const ThCall *call, size_t i, ThBuiltinBody f, ThValue *out) {
  ThValue re, im;
  if (!both_parts(cx, call, i, f, &re, &im)) return false;
  bool ok = combine(cx, re, im, out);
  th_release(re);
  th_release(im);
  return ok;
}

bool th_by_parts_of_two(ThContext *cx, const ThCall *call, ThBuiltinBody f, bool *done, ThValue *out) {
  *done = false;
  for (size_t i = 0; i < 2; i++)
    if (th_is_complex_valued(call->args[i])) return *done = th_by_parts(cx, call, i, f, out);
  return true;
}

bool th_sum_of_parts(ThContext *cx, const ThCall *call, ThBuiltinBody f, ThValue *out) {
  ThValue re, im;
  if (!both_parts(cx, call, 0, f, &re, &im)) return false;
  bool ok = th_binary(cx, TH_OP_ADD, re, im, 0, out);
  th_release(re);
  th_release(im);
  return ok;
}
