/* vm_claim.c - tests an identity at points of its domain */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals are sampled by a stream of their own, so that a claim gives the same answer each time; values after
 * `in` are taken one by one, and with intervals beside them again until 200 points are tested. An end at infinity is
 * reached by u / (1 - u). */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lang/vm.h"
#include "num/random.h"
#include "val/array.h"
#include "val/basic.h"

enum { POINTS = 200, CLAIM_STREAM = 17 };

typedef struct Claim {
  ThSession *session;
  const ThNames *names;
  ThValue left, right;
  const ThValue *domains; /* two for each name */
  ThValue point[16];
  ThRandom random;
  size_t n_points;
  double largest; /* difference so far, in units of max(1, |right|) */
} Claim;

static double sample_interval(ThRandom *random, double lower, double upper) {
  double u = th_random_uniform(random);
  if (isinf(lower) && isinf(upper)) return log(u / (1 - u));
  if (isinf(upper)) return lower + u / (1 - u);
  if (isinf(lower)) return upper - u / (1 - u);
  return lower + u * (upper - lower);
}

static bool call_side(Claim *c, ThValue side, ThValue *out) {
  ThValue value;
  if (!th_call_values(&c->session->cx, side, c->point, c->names->length, &value)) return false;
  bool ok = th_decay(&c->session->cx, value, out);
  th_release(value);
  return ok;
}

/* "x = 0.3, s = 2" */
static bool describe_point(const Claim *c, ThText *out) {
  for (size_t i = 0; i < c->names->length; i++) {
    th_text_format(out, "%s%s = ", i ? ", " : "", c->names->names[i]->spelling);
    if (!th_format(&c->session->cx, c->point[i], TH_STYLE_INLINE, out)) return false;
  }
  return true;
}

/* "the left side is 1, the right 2" */
static bool describe_sides(const Claim *c, ThValue left, ThValue right, ThStyle style, ThText *out) {
  ThContext *cx = &c->session->cx;
  th_text_add(out, "the left side is ");
  if (!th_format(cx, left, style, out)) return false;
  th_text_add(out, ", the right ");
  return th_format(cx, right, style, out);
}

/* Do the sides look the same with the digits that are shown? */
static bool look_same(const Claim *c, ThValue left, ThValue right, bool *same) {
  ThContext *cx = &c->session->cx;
  ThText a, b;
  th_text_init(&a, &cx->heap);
  th_text_init(&b, &cx->heap);
  bool ok = th_format(cx, left, TH_STYLE_INLINE, &a) && th_format(cx, right, TH_STYLE_INLINE, &b);
  ok = ok && th_text_ok(&a, cx) && th_text_ok(&b, cx);
  *same = ok && strcmp(th_text_string(&a), th_text_string(&b)) == 0;
  th_text_clear(&a);
  th_text_clear(&b);
  return ok;
}

static bool is_nan(ThValue v) { return th_is_number(v) && isnan(th_as_number(v)); }

static bool refuted(Claim *c, ThValue left, ThValue right) {
  ThContext *cx = &c->session->cx;
  ThText text;
  bool same;
  if (!look_same(c, left, right, &same)) return false;
  bool nothing = is_nan(left) && is_nan(right);
  th_text_init(&text, &cx->heap);
  th_text_add(&text, nothing ? "both sides are nan at " : "the claim is refuted at ");
  bool ok = describe_point(c, &text);
  if (!nothing) {
    th_text_add(&text, ": ");
    ok = ok && describe_sides(c, left, right, same ? TH_STYLE_SOURCE : TH_STYLE_INLINE, &text);
  }
  if (ok && th_text_ok(&text, cx)) th_fail(cx, TH_ERROR_VALUE, "%s", th_text_string(&text));
  if (ok && nothing) th_hint(cx, "let the claim run over points where both are defined");
  else if (ok && same) th_hint(cx, "the difference may be rounding: try a smaller range");
  th_text_clear(&text);
  return false;
}

/* Are the two equal to 1e-8·max(1, |right|), element by element? */
static bool agree(Claim *c, const ThArray *left, const ThArray *right) {
  if (!th_same_shape(left, right)) return false;
  for (size_t i = 0; i < left->length; i++) {
    double complex x = th_array_complex(left, i), y = th_array_complex(right, i);
    double difference = x == y ? 0 : cabs(x - y) / fmax(1, cabs(y));
    if (!(difference <= 1e-8)) return false;
    if (difference > c->largest) c->largest = difference;
  }
  return true;
}

static bool compare(Claim *c, ThValue left, ThValue right) {
  ThContext *cx = &c->session->cx;
  ThArray *x, *y;
  bool scalar;
  if (!th_to_array(cx, left, "the left side of a claim", &scalar, &x)) return false;
  bool ok = th_to_array(cx, right, "the right side of a claim", &scalar, &y);
  if (ok) {
    ok = agree(c, x, y) || refuted(c, left, right);
    th_release(th_object(y));
  }
  th_release(th_object(x));
  return ok;
}

static bool test_point(Claim *c) {
  ThValue left, right;
  c->n_points++;
  if (!th_poll(&c->session->cx) || !call_side(c, c->left, &left)) return false;
  bool ok = call_side(c, c->right, &right);
  if (ok) {
    ok = compare(c, left, right);
    th_release(right);
  }
  th_release(left);
  return ok;
}

static bool draw_intervals(Claim *c) {
  for (size_t i = 0; i < c->names->length; i++) {
    double lower, upper;
    if (th_is_none(c->domains[2 * i + 1])) continue;
    if (!th_to_number(c->domains[2 * i], &lower) || !th_to_number(c->domains[2 * i + 1], &upper) ||
        !(lower < upper))
      return th_fail(&c->session->cx, TH_ERROR_VALUE, "`%s` has no interval to run over",
                     c->names->names[i]->spelling);
    th_replace_take(&c->point[i], th_number(sample_interval(&c->random, lower, upper)));
  }
  return true;
}

/* Runs over the values of name i and those after it; at the innermost, the intervals are drawn. */
static bool run_over(Claim *c, size_t i) {
  ThContext *cx = &c->session->cx;
  if (i == c->names->length) return draw_intervals(c) && test_point(c);
  if (!th_is_none(c->domains[2 * i + 1])) return run_over(c, i + 1);
  size_t n;
  if (!th_length(cx, c->domains[2 * i], SIZE_MAX, &n)) return false;
  for (size_t k = 0; k < n; k++) {
    ThValue index = th_number((double)(k + 1)), item;
    if (!th_get_index(cx, c->domains[2 * i], &index, 1, &item)) return false;
    th_replace_take(&c->point[i], item);
    if (!run_over(c, i + 1)) return false;
  }
  return true;
}

/* How often to run over the values: with intervals, until there are enough points. */
static bool count_rounds(Claim *c, size_t *rounds) {
  ThContext *cx = &c->session->cx;
  size_t n_points = 1, n;
  bool intervals = false;
  for (size_t i = 0; i < c->names->length; i++) {
    if (!th_is_none(c->domains[2 * i + 1])) {
      intervals = true;
      continue;
    }
    if (!th_length(cx, c->domains[2 * i], SIZE_MAX, &n)) return false;
    if (n == 0)
      return th_fail(cx, TH_ERROR_VALUE, "`%s` has no values to run over", c->names->names[i]->spelling);
    n_points = n_points < POINTS ? n_points * n : POINTS;
  }
  *rounds = intervals && n_points < POINTS ? (POINTS + n_points - 1) / n_points : 1;
  return true;
}

bool th_vm_claim(ThSession *session, ThValue *base, const ThInstruction *ins) {
  Claim c = {
      .session = session, .left = base[ins->a], .right = base[ins->a + 1], .domains = &base[ins->a + 2]};
  c.names = (const ThNames *)th_as_object(th_vm_constants(session)[ins->b]);
  for (size_t i = 0; i < 16; i++) c.point[i] = th_none();
  th_random_stream(&c.random, session->seed, CLAIM_STREAM);
  size_t rounds = 0;
  bool ok = count_rounds(&c, &rounds);
  for (size_t k = 0; ok && k < rounds; k++) ok = run_over(&c, 0);
  if (ok) {
    char line[120];
    int length = snprintf(line, sizeof line,
                          c.largest > 0 ? "largest difference %.1e: " : "largest difference %g: ", c.largest);
    length += snprintf(line + length, sizeof line - (size_t)length, "not refuted at %zu points\n",
                       c.n_points);
    th_write(&session->cx, line, (size_t)length);
  }
  th_release_all(c.point, 16);
  for (size_t i = 0; ok && i < 2 + 2 * c.names->length; i++) th_replace_take(&base[ins->a + i], th_number(0));
  return ok;
}
