/* root_bracket.c - two points between which a function changes sign */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/root_bracket.h"

#include "num/real.h"

enum { INSIDE_STEPS = 64, AROUND_STEPS = 100, LOW_OCTAVE = -40, HIGH_OCTAVE = 1000 };

static bool differ(double y, double z) { return (y <= 0 && z >= 0) || (y >= 0 && z <= 0); }

/* One point further: has the sign changed since the last one? A value that is NaN separates. */
static bool advance(ThContext *cx, ThRootFunction f, void *self, double x, ThBracket *b) {
  double y;
  if (!th_poll(cx) || !f(self, x, &y)) return false;
  b->a = b->b;
  b->f_a = b->f_b;
  b->b = x;
  b->f_b = y;
  b->found = differ(b->f_a, y);
  return true;
}

static void ascend(ThBracket *b) {
  if (b->a <= b->b) return;
  *b = (ThBracket){b->found, b->b, b->a, b->f_b, b->f_a};
}

bool th_root_bracket_inside(ThContext *cx, ThRootFunction f, void *self, double a, double b, ThBracket *out) {
  *out = (ThBracket){.b = a, .f_b = TH_NAN};
  for (int i = 0; i <= INSIDE_STEPS && !out->found; i++) {
    double share = (double)i / INSIDE_STEPS;
    if (!advance(cx, f, self, (1 - share) * a + share * b, out)) return false;
  }
  return true;
}

bool th_root_bracket_around(ThContext *cx, ThRootFunction f, void *self, double x, ThBracket *out) {
  ThBracket ways[2];
  double y, step = fmax(0.01 * fabs(x), 1e-3);
  bool open[2] = {true, true};
  if (!f(self, x, &y)) return false;
  *out = (ThBracket){y == 0, x, x, y, y};
  ways[0] = ways[1] = *out;
  for (int i = 0; i < AROUND_STEPS && !out->found; i++, step *= 1.6) {
    for (int way = 0; way < 2 && !out->found; way++) {
      ThBracket *b = &ways[way];
      if (!open[way]) continue;
      if (!advance(cx, f, self, x + (way ? -step : step), b)) return false;
      open[way] = fabs(b->f_b) <= DBL_MAX;
      if (open[way] && b->found) *out = *b;
      else b->found = false;
    }
  }
  ascend(out);
  if (!out->found) *out = (ThBracket){false, ways[1].b, ways[0].b, ways[1].f_b, ways[0].f_b};
  return true;
}

/* Along one way from x. */
static bool look_along(ThContext *cx, ThRootFunction f, void *self, double x, double sign, ThBracket *out) {
  for (int k = LOW_OCTAVE; k <= HIGH_OCTAVE && !out->found; k++)
    if (!advance(cx, f, self, x + sign * exp2(k), out)) return false;
  ascend(out);
  return true;
}

bool th_root_bracket_infinite(ThContext *cx, ThRootFunction f, void *self, double a, double b,
                              ThBracket *out) {
  double x = fabs(a) <= DBL_MAX ? a : fabs(b) <= DBL_MAX ? b : 0, y;
  bool up = fmax(a, b) > DBL_MAX, down = fmin(a, b) < -DBL_MAX;
  if (!f(self, x, &y)) return false;
  ThBracket start = {y == 0, x, x, y, y};
  *out = start;
  if (up && !look_along(cx, f, self, x, 1, out)) return false;
  if (out->found || !down) return true;
  *out = start;
  return look_along(cx, f, self, x, -1, out);
}
