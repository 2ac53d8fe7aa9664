/* relative.c - a parameter by where it lies within a range, or on a scale, that hangs on other parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/relative.h"

#include <math.h>

#include "lang/builtin.h"
#include "prob/traced_distribution.h"
#include "val/traced.h"

/* --- Which */

bool th_relative_scale_of(const ThFamily *family, int *location, int *scale) {
  static const struct {
    const ThFamily *family;
    int location;
  } rows[] = {{&th_family_normal, 0}, {&th_family_laplace, 0}, {&th_family_logistic, 0},
              {&th_family_gumbel, 0}, {&th_family_cauchy, 0},  {&th_family_student_t, 1}};
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].family == family) {
      *location = rows[i].location;
      *scale = rows[i].location + 1;
      return true;
    }
  return false;
}

/* Has it a scale that hangs on parameters, and no ends? */
static bool is_scaled(const ThRecording *r, size_t element, const ThEndsKind *ends, bool *out) {
  ThValue law = th_recording_law(r, element), p[TH_MAX_PARAMETERS];
  const ThFamily *family;
  int location, scale;
  *out = th_is_conditional(law) && th_relative_scale_of(th_law_family(law), &location, &scale) &&
         !ends->is_below && !ends->is_above;
  if (!*out) return true;
  if (!th_law_parameters(r->cx, law, &family, p)) return false;
  *out = th_is_random(p[scale]) || th_is_unset(p[scale]);
  th_release_all(p, TH_MAX_PARAMETERS);
  return true;
}

bool th_relative_kind(const ThRecording *r, size_t element, ThRelative level, ThRelativeKind *out) {
  *out = (ThRelativeKind){0};
  if (level == TH_RELATIVE_NONE) return true;
  if (!th_ends_kind(r, element, &out->ends)) return false;
  if (level == TH_RELATIVE_SCALES && !is_scaled(r, element, &out->ends, &out->is_scaled)) return false;
  out->is_placed = out->ends.hangs || out->is_scaled;
  out->is_own = out->is_scaled ? !th_is_none(r->elements[element].prior) : out->ends.is_own;
  return true;
}

bool th_relative_any_scaled(const ThRecording *r, bool *out) {
  ThRelativeKind kind = {0};
  for (size_t j = 0; j < r->n_elements && !kind.is_scaled; j++)
    if (!th_relative_kind(r, j, TH_RELATIVE_SCALES, &kind)) return false;
  *out = kind.is_scaled;
  return true;
}

/* --- Values */

static bool is_end(ThValue v) {
  double x;
  return !th_to_number(v, &x) || isfinite(x);
}

/* Is it one number, which all elements of a vector share? */
static bool is_shared(ThValue v) {
  double x;
  return th_to_number(v, &x) ||
         (th_is_traced(v) && th_node(th_as_traced(v)->graph, th_as_traced(v)->node)->rank == 0);
}

/* log of a width or scale, of `count` numbers together. */
static bool volume(ThContext *cx, ThValue width, size_t count, ThValue *out) {
  ThValue log_width;
  if (!th_builtin_call(cx, "log", &width, 1, &log_width)) return false;
  double each = is_shared(width) ? (double)count : 1;
  bool ok = th_binary(cx, TH_OP_MULTIPLY, log_width, th_number(each), 0, out);
  th_release(log_width);
  return ok;
}

/* start + width v */
static bool along(ThContext *cx, ThValue start, ThValue width, ThValue v, ThValue *out) {
  ThValue part;
  if (!th_binary(cx, TH_OP_MULTIPLY, width, v, 0, &part)) return false;
  bool ok = th_binary(cx, TH_OP_ADD, start, part, 0, out);
  th_release(part);
  return ok;
}

static bool along_with_volume(ThContext *cx, ThValue start, ThValue width, ThValue v, size_t count,
                              ThValue *x, ThValue *log_volume) {
  if (!along(cx, start, width, v, x)) return false;
  if (volume(cx, width, count, log_volume)) return true;
  th_release(*x);
  return false;
}

static bool between(ThContext *cx, ThEnds ends, ThValue v, size_t count, ThValue *x, ThValue *log_volume) {
  ThValue width;
  if (!th_binary(cx, TH_OP_SUBTRACT, ends.upper, ends.lower, 0, &width)) return false;
  bool ok = along_with_volume(cx, ends.lower, width, v, count, x, log_volume);
  th_release(width);
  return ok;
}

bool th_relative_scale(ThContext *cx, ThValue prior, ThValue v, size_t count, ThValue *x,
                       ThValue *log_volume) {
  bool traced = th_is_traced_distribution(prior);
  const ThFamily *family = traced ? th_as_traced_distribution(prior)->family
                                  : th_as_distribution(prior)->family;
  const ThValue *p = traced ? th_as_traced_distribution(prior)->parameters
                            : th_as_distribution(prior)->parameters;
  int location, scale;
  if (!th_relative_scale_of(family, &location, &scale))
    return th_fail(cx, TH_ERROR_TYPE, "%s has no scale", family->name);
  return along_with_volume(cx, p[location], p[scale], v, count, x, log_volume);
}

bool th_relative_value(ThContext *cx, ThEnds ends, ThValue v, size_t count, ThValue *x, ThValue *log_volume) {
  *log_volume = th_number(0);
  if (is_end(ends.lower) && is_end(ends.upper)) return between(cx, ends, v, count, x, log_volume);
  if (is_end(ends.lower)) return th_binary(cx, TH_OP_ADD, ends.lower, v, 0, x);
  return th_binary(cx, TH_OP_SUBTRACT, ends.upper, v, 0, x);
}

bool th_relative_within(ThContext *cx, ThEnds ends, ThValue x, ThValue *log_density) {
  ThValue above, below = th_none(), args[3] = {th_none(), th_number(0), th_number(-(double)INFINITY)};
  if (!th_binary(cx, TH_OP_GREATER, x, ends.lower, 0, &above)) return false;
  bool ok = th_binary(cx, TH_OP_LESS, x, ends.upper, 0, &below) &&
            th_binary(cx, TH_OP_AND, above, below, 0, &args[0]);
  ok = ok && th_builtin_call(cx, "where", args, 3, log_density);
  th_release(above);
  th_release(below);
  th_release(args[0]);
  return ok;
}

bool th_relative_ranges(const ThRecording *r, ThRelative level, double *lower, double *upper, double *x) {
  for (size_t j = 0; j < r->n_elements; j++) {
    ThRelativeKind kind;
    if (!th_relative_kind(r, j, level, &kind)) return false;
    if (kind.is_scaled && x) x[j] = 0;
    if (!kind.is_placed || kind.is_scaled) continue;
    bool both = kind.ends.is_below && kind.ends.is_above;
    if (lower) lower[j] = 0;
    if (upper) upper[j] = both ? 1 : (double)INFINITY;
    if (x) x[j] = both ? 0.5 : 1;
  }
  return true;
}
