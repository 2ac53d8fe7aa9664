/* distribution_text.c - how a distribution prints */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text is the call that makes the distribution, so that it can be read back; the echo adds where the
 * values lie, mean and standard deviation, or how the distribution was found. */
#include <math.h>
#include <string.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "prob/distribution_kind.h"
#include "prob/event.h"
#include "val/format.h"

/* A parameter on one line: an array unfolded only where the text must be complete. */
static bool add_call(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  ThStyle inner = style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style;
  th_text_format(out, "%s(", d->family->name);
  for (int j = 0; j < d->family->n_parameters; j++) {
    th_text_format(out, "%s%s = ", j ? ", " : "", d->family->parameters[j].name);
    if (!th_format_nested(cx, d->parameters[j], inner, out)) return false;
  }
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

static bool add_text(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  return d->family->format ? d->family->format(cx, d, style, out) : add_call(cx, d, style, out);
}

bool th_distribution_text(ThContext *cx, ThValue d, ThText *out) {
  return add_text(cx, th_as_distribution(d), TH_STYLE_INLINE, out);
}

static void add_number(ThContext *cx, double x, ThText *out) {
  th_format_number(x, cx->settings.digits, out);
}

/* Two values at the finite end of an infinite support, or in its middle; *n is less where they are not to be had. */
static bool two_values(ThContext *cx, const ThDistribution *d, double lower, double upper, double *x,
                       size_t *n) {
  bool whole = d->family->math && !d->family->outcomes, from = isfinite(lower), to = isfinite(upper);
  double *values;
  size_t count;
  *n = 2;
  x[0] = from ? lower : upper - 1;
  x[1] = from ? lower + 1 : upper;
  if (whole && (from || to)) return true;
  if (!th_distribution_outcomes(cx, d, from || to ? 1e-9 : 0.25, 1000000, &values, &count)) return false;
  *n = count >= 2 ? 2 : from || to;
  x[0] = from ? lower : upper;
  for (size_t i = 0; count >= 2 && i < 2; i++) x[i] = values[to ? count - 2 + i : i];
  th_free(cx, values, count * sizeof *values);
  return true;
}

/* "{0, 1, …}", "{…, -1, 0}", "{…, 0, 1, …}" */
static bool add_infinite_support(ThContext *cx, const ThDistribution *d, double lower, double upper,
                                 ThText *out) {
  double x[2];
  size_t n;
  if (!two_values(cx, d, lower, upper, x, &n)) return false;
  th_text_add(out, isinf(lower) ? "{…" : "{");
  for (size_t i = 0; i < n; i++) {
    if (i > 0 || isinf(lower)) th_text_add(out, ", ");
    add_number(cx, x[i], out);
  }
  th_text_add(out, isinf(upper) && n > 0 ? ", …}" : "}");
  return true;
}

/* "{0, 1}", "{1, 2, …, 6}", "{1.5, 2, …, 9}" */
static bool add_discrete_support(ThContext *cx, const ThDistribution *d, ThText *out) {
  double lower, upper, *values;
  size_t n;
  th_distribution_support(d, 0, &lower, &upper);
  if (isinf(lower) || isinf(upper)) return add_infinite_support(cx, d, lower, upper, out);
  if (!th_distribution_outcomes(cx, d, 0, 1000000, &values, &n)) return false;
  th_text_char(out, '{');
  for (size_t i = 0; i < n; i++) {
    if (i) th_text_add(out, ", ");
    if (n > 4 && i == 2) th_text_add(out, "…, "), i = n - 1;
    add_number(cx, values[i], out);
  }
  if (n == 0) add_number(cx, lower, out), th_text_add(out, ", …, "), add_number(cx, upper, out);
  th_text_char(out, '}');
  th_free(cx, values, n * sizeof *values);
  return true;
}

static bool add_support(ThContext *cx, const ThDistribution *d, ThText *out) {
  double lower, upper;
  th_text_add(out, "support ");
  if (th_distribution_is_discrete(d)) return add_discrete_support(cx, d, out);
  th_distribution_support(d, 0, &lower, &upper);
  th_text_char(out, isinf(lower) ? '(' : '[');
  add_number(cx, lower, out);
  th_text_add(out, ", ");
  add_number(cx, upper, out);
  th_text_char(out, isinf(upper) ? ')' : ']');
  return true;
}

static bool add_summary(ThContext *cx, const ThDistribution *d, const char *name, ThSummary what,
                        ThText *out) {
  double x;
  if (!th_distribution_summary(cx, d, 0, what, &x)) return false;
  th_text_format(out, ", %s ", name);
  if (isnan(x)) th_text_add(out, "undefined");
  else add_number(cx, x, out);
  return true;
}

bool th_distribution_facts(ThContext *cx, const ThDistribution *d, ThText *out) {
  if (d->family->event) return th_event_facts(cx, d, out);
  if (d->rank > 0) {
    th_text_format(out, "%zu distributions", d->length);
    return true;
  }
  return add_support(cx, d, out) && add_summary(cx, d, "mean", TH_MEAN, out) &&
         add_summary(cx, d, "sd", TH_SD, out);
}

/* The call, then the facts, or how it was found, behind it, or below where the line is too short. */
static bool add_echo(ThContext *cx, const ThDistribution *d, ThText *out) {
  ThText facts;
  size_t start = out->length;
  bool found = th_is_string(d->method);
  if (!add_text(cx, d, TH_STYLE_INLINE, out)) return false;
  th_text_init(&facts, &cx->heap);
  bool ok = true;
  if (found) th_text_add(&facts, th_as_string(d->method)->text);
  else if (d->family->facts && d->rank == 0) ok = d->family->facts(cx, d, &facts);
  else ok = th_distribution_facts(cx, d, &facts);
  if (ok && th_text_ok(&facts, cx) && th_text_ok(out, cx)) {
    size_t width = th_utf8_width(out->data + start, out->length - start) +
                   th_utf8_width(facts.data, facts.length) + 3;
    th_text_add(out, width > (size_t)cx->settings.width ? "\n  " : found ? "  " : "   ");
    th_text_add(out, th_text_string(&facts));
    th_fold_lines(out, start, (size_t)cx->settings.width);
    ok = th_text_ok(out, cx);
  } else {
    ok = false;
  }
  th_text_clear(&facts);
  return ok;
}

bool th_distribution_format(ThContext *cx, ThValue self, ThStyle style, ThText *out) {
  const ThDistribution *d = th_as_distribution(self);
  return style == TH_STYLE_ECHO ? add_echo(cx, d, out) : add_text(cx, d, style, out) && th_text_ok(out, cx);
}
