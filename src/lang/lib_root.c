/* lib_root.c - the built-in root */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lang/lib_support.h"
#include "lang/points.h"
#include "num/root_bracket.h"

/* The function, and the points where its sign is asked. */
typedef struct Search {
  ThPoints f;
  size_t calls;
} Search;

static bool value_at(void *self, double x, double *y) {
  Search *search = self;
  search->calls++;
  return th_points_call(&search->f, 1, &x, y);
}

static bool fail_nan(ThContext *cx, double x) {
  return th_fail_argument(cx, 1, TH_ERROR_NUMERIC, "the function is nan at %.6g", x);
}

/* --- No bracket */

/* The shortest numbers near the bracket that still hold the root between them: easy to read, and to type. */
static bool round_bracket(Search *s, ThBracket *b, char *low, char *high, size_t size) {
  for (int digits = 2; digits < 17; digits++) {
    double y, z;
    snprintf(low, size, "%.*g", digits, b->a);
    snprintf(high, size, "%.*g", digits, b->b);
    if (!value_at(s, strtod(low, NULL), &y) || !value_at(s, strtod(high, NULL), &z)) return false;
    if (y * z < 0) return true;
  }
  return true;
}

/* Hints at a bracket, if one is found between a and b or around them. */
static bool hint_bracket(ThContext *cx, Search *s, double a, double b) {
  ThBracket found, outside = {0};
  ThError failure;
  char low[32], high[32];
  th_error_take(cx, &failure);
  bool ok = th_root_bracket_inside(cx, value_at, s, a, b, &found);
  if (ok && !found.found) {
    ok = th_root_bracket_around(cx, value_at, s, 0.5 * (a + b), &outside);
    found = outside;
  }
  ok = ok && found.found && round_bracket(s, &found, low, high, sizeof low);
  bool final = !ok && th_is_final(cx);
  if (final) return false;
  th_error_clear(cx);
  th_error_restore(cx, &failure);
  if (ok && found.f_a == 0) return th_hint(cx, "it is 0 at %.6g", found.a);
  if (ok && found.f_b == 0) return th_hint(cx, "it is 0 at %.6g", found.b);
  if (ok) return th_hint(cx, "it does between %s and %s: `root(…, %s, %s)`", low, high, low, high);
  return th_hint(cx, "a root where the function only touches 0 is one of its derivative");
}

static bool fail_same_sign(ThContext *cx, Search *s, double a, double b, double f_a, double f_b) {
  th_fail_argument(cx, 1, TH_ERROR_VALUE,
                   "the function does not change sign between %.6g and %.6g: it is %.6g and %.6g there", a, b,
                   f_a, f_b);
  return hint_bracket(cx, s, a, b);
}

static bool fail_not_found(ThContext *cx, const ThBracket *b) {
  th_fail_argument(cx, 1, TH_ERROR_VALUE,
                   "no change of sign was found: the function is %.6g at %.6g and %.6g at %.6g", b->f_a, b->a,
                   b->f_b, b->b);
  return th_hint(cx, "a root where the function only touches 0 is one of its derivative");
}

/* --- A bracket from the limits */

static bool bracket_between(ThContext *cx, Search *s, double a, double b, ThBracket *out) {
  if (isinf(a) || isinf(b)) {
    if (!th_root_bracket_infinite(cx, value_at, s, a, b, out)) return false;
    return out->found || fail_not_found(cx, out);
  }
  *out = (ThBracket){.a = a, .b = b};
  if (!value_at(s, a, &out->f_a) || !value_at(s, b, &out->f_b)) return false;
  if (isnan(out->f_a)) return fail_nan(cx, a);
  if (isnan(out->f_b)) return fail_nan(cx, b);
  if ((out->f_a > 0 && out->f_b > 0) || (out->f_a < 0 && out->f_b < 0))
    return fail_same_sign(cx, s, a, b, out->f_a, out->f_b);
  return true;
}

static bool find_bracket(ThContext *cx, const ThCall *call, Search *s, ThBracket *out) {
  double a = th_arg_number(call, 1), b = call->given[2] ? th_arg_number(call, 2) : 0;
  if (isnan(a) || isnan(b)) return th_fail(cx, TH_ERROR_VALUE, "a limit of the search is nan");
  if (call->given[2]) return bracket_between(cx, s, a, b, out);
  if (isinf(a)) return th_fail_argument(cx, 2, TH_ERROR_VALUE, "the search starts at a finite number");
  if (!th_root_bracket_around(cx, value_at, s, a, out)) return false;
  if (isnan(out->f_a) && isnan(out->f_b)) return fail_nan(cx, a);
  return out->found || fail_not_found(cx, out);
}

/* --- The root */

/* The sign changes at a pole: |f| has grown towards it. */
static bool is_pole(const ThRoot *r, double start) {
  return !(fabs(r->f_root) <= 1e3 * start) || !(fabs(r->f_other) <= 1e6 * start);
}

static bool give_root(ThContext *cx, const ThRoot *r, const Search *s, double start, ThValue *out) {
  char method[160], detail[200];
  double width = fabs(r->other - r->root), error = fmax(width, DBL_EPSILON * fabs(r->root));
  if (r->f_root == 0) error = DBL_EPSILON * fabs(r->root);
  if (is_pole(r, start)) {
    th_fail_argument(cx, 1, TH_ERROR_NUMERIC,
                     "no root but a pole: the function changes sign at %.6g, where it grows without bound",
                     fabs(r->root) < 1e-100 ? 0 : r->root);
    return th_hint(cx, "give limits with no pole between them");
  }
  bool jumps = fabs(r->f_root) > 1e-3 * start;
  if (jumps)
    snprintf(method, sizeof method, "no zero: the function jumps from %.6g to %.6g there", r->f_root,
             r->f_other);
  else th_estimate_method("bracketing", error, method, sizeof method);
  snprintf(detail, sizeof detail,
           "bracketing by Brent's method: %zu calls; the function is %.6g there, and changes sign "
           "within %.1e",
           s->calls, r->f_root, width);
  return th_estimate(cx, r->root, error, method, detail, out);
}

static bool find_root(ThContext *cx, const ThCall *call, ThValue *out) {
  Search s = {.f = {.cx = cx, .f = call->args[0], .what = "the function of a root", .asked = true}};
  ThBracket bracket;
  ThRoot r;
  if (!find_bracket(cx, call, &s, &bracket)) return false;
  if (!th_root_init(cx, &r, value_at, &s, bracket.a, bracket.b)) return false;
  double start = fmin(fmax(fabs(r.f_root), fabs(r.f_other)), DBL_MAX);
  for (int i = 0; i < 2000 && !th_root_test(&r, 0, th_arg_number(call, 3)); i++)
    if (!th_poll(cx) || !th_root_step(cx, &r)) return false;
  return give_root(cx, &r, &s, start, out);
}

static bool body_root(ThContext *cx, const ThCall *call, ThValue *out) {
  ThNote note = th_note_pause(cx); /* what a function has to say at one point it would say at many */
  bool ok = find_root(cx, call, out);
  th_note_resume(cx, note);
  if (!ok && cx->error.n_places == 0 && cx->error.argument == 0) cx->error.argument = 1; /* nan on the way */
  return ok;
}

const ThBuiltin th_lib_root[] = {
    {"root(f: function, a: number, b: number = …, tol: positive = 1e-15) -> estimate", body_root, "calculus",
     "where a function of one number is 0, between a and b",
     "the function must have different signs at a and b, which may be infinite. With one limit, a change of sign is "
     "looked for around it. tol is the relative width at which the bracket is narrow enough. A pole is no root. "
     "Derivatives by what the function has captured are those of the root, up to the third",
     "root(x -> cos(x) - x, 0, 1)\n#> 0.739085  bracketing, error < 1e-15\n"
     "root(x -> x^3 - 2, 1)\n#> 1.25992  bracketing, error < 1e-15",
     "integrate minimize grad", NULL},
    {0},
};
