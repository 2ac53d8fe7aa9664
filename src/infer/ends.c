/* ends.c - the ends of a parameter's range, where they may hang on other parameters */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/ends.h"

#include <math.h>

#include "prob/traced_distribution.h"

static ThValue none_below(void) { return th_number(-(double)INFINITY); }
static ThValue none_above(void) { return th_number((double)INFINITY); }

static bool is_number(ThValue v, double *x) { return th_to_number(v, x); }

/* --- Families */

/* Values of parameters that tell each other apart; those of two rounds differ. */
static double nominal(ThDomain domain, int j, int round) {
  double apart = 0.01 * j + 0.003 * round;
  if (domain == TH_DOMAIN_PROBABILITY || domain == TH_DOMAIN_OPEN_PROBABILITY) return 0.3 + apart;
  if (domain == TH_DOMAIN_COUNT || domain == TH_DOMAIN_WHOLE) return 2 + j + 10 * round;
  return 1.5 + apart;
}

/* What an end is that came out so in two rounds: one of the parameters, the same number, or not known. */
static ThValue recognize(const ThFamily *family, const ThValue *parameters, const double *end,
                         double (*p)[TH_MAX_PARAMETERS], ThValue unknown) {
  for (int j = 0; j < family->n_parameters; j++)
    if (end[0] == p[0][j] && end[1] == p[1][j]) return th_is_unset(parameters[j]) ? unknown : parameters[j];
  return end[0] == end[1] ? th_number(end[0]) : unknown;
}

static ThEnds of_numbers(const ThFamily *family, const ThValue *parameters) {
  double p[2][TH_MAX_PARAMETERS], lower[2], upper[2];
  if (family->build || !family->math || !family->math->support) return (ThEnds){none_below(), none_above()};
  for (int round = 0; round < 2; round++) {
    for (int j = 0; j < family->n_parameters; j++)
      p[round][j] = nominal(family->parameters[j].domain, j, round);
    family->math->support(p[round], &lower[round], &upper[round]);
  }
  return (ThEnds){recognize(family, parameters, lower, p, none_below()),
                  recognize(family, parameters, upper, p, none_above())};
}

/* Of a law within another one: numbers alone. */
static ThEnds of_inner(ThValue law) {
  ThValue parameters[TH_MAX_PARAMETERS];
  double lower = -(double)INFINITY, upper = (double)INFINITY;
  for (size_t j = 0; j < TH_MAX_PARAMETERS; j++) parameters[j] = th_unset();
  if (th_is_traced_distribution(law)) return of_numbers(th_as_traced_distribution(law)->family, parameters);
  if (th_is_conditional(law)) return of_numbers(th_as_conditional(law)->family, parameters);
  if (th_is_distribution(law) && th_as_distribution(law)->length == 1)
    th_distribution_support(th_as_distribution(law), 0, &lower, &upper);
  return (ThEnds){th_number(lower), th_number(upper)};
}

ThEnds th_ends_of_family(const ThFamily *family, const ThValue *parameters) {
  enum { INNER, LOWER, UPPER };
  if (family != &th_family_truncated) return of_numbers(family, parameters);
  return th_ends_both((ThEnds){parameters[LOWER], parameters[UPPER]}, of_inner(parameters[INNER]));
}

/* --- Ends */

static ThValue narrower(ThValue a, ThValue b, double (*choose)(double, double)) {
  double x, y;
  if (th_is_unset(a) || (is_number(a, &x) && !is_number(b, &y))) return b;
  if (!is_number(a, &x) || !is_number(b, &y)) return a;
  return th_number(choose(x, y));
}

ThEnds th_ends_both(ThEnds a, ThEnds b) {
  return (ThEnds){narrower(a.lower, b.lower, fmax), narrower(a.upper, b.upper, fmin)};
}

bool th_ends_hang(ThEnds ends) {
  double x;
  return !is_number(ends.lower, &x) || !is_number(ends.upper, &x);
}

/* --- Elements */

static ThEndsKind kind_of(ThEnds ends) {
  double lower = 0, upper = 0;
  ThEndsKind kind = {.hangs = th_ends_hang(ends)};
  kind.is_below = !is_number(ends.lower, &lower) || isfinite(lower);
  kind.is_above = !is_number(ends.upper, &upper) || isfinite(upper);
  return kind;
}

bool th_ends_kind(const ThRecording *r, size_t element, ThEndsKind *out) {
  const ThElementary *e = &r->elements[element];
  const ThUnknown *u = &r->unknowns[e->unknown];
  const ThFamily *family;
  ThValue parameters[TH_MAX_PARAMETERS];
  bool is_own = !th_is_none(e->prior);
  ThValue prior = th_recording_law(r, element);
  *out = kind_of(u->ends);
  if (!th_is_conditional(prior) || (is_own && out->hangs)) return true;
  if (!th_law_parameters(r->cx, prior, &family, parameters)) return false;
  *out = kind_of(th_ends_both(u->ends, th_ends_of_family(family, parameters)));
  out->is_own = is_own;
  th_release_all(parameters, TH_MAX_PARAMETERS);
  return true;
}

bool th_ends_any(const ThRecording *r, bool *out) {
  ThEndsKind kind = {0};
  for (size_t j = 0; j < r->n_elements && !kind.hangs; j++)
    if (!th_ends_kind(r, j, &kind)) return false;
  *out = kind.hangs;
  return true;
}

bool th_ends_any_declared(const ThRecording *r) {
  for (size_t i = 0; i < r->n_unknowns; i++)
    if (!r->unknowns[i].is_held && th_ends_hang(r->unknowns[i].ends)) return true;
  return false;
}
