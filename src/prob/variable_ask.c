/* variable_ask.c - verbs of a random variable whose distribution no method gives: by queries */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moments are expectations of powers, which are known more often than the distribution, and a cdf is the
 * probability of an event. */
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "prob/moments.h"
#include "prob/query.h"
#include "prob/variable_kind.h"

/* E ((X - center)/scale)^n */
static bool ask_power(ThContext *cx, ThValue v, double center, double scale, int n, ThValue *out) {
  ThValue shifted, scaled, power;
  if (!th_binary(cx, TH_OP_SUBTRACT, v, th_number(center), 0, &shifted)) return false;
  bool ok = th_binary(cx, TH_OP_DIVIDE, shifted, th_number(scale), 0, &scaled);
  th_release(shifted);
  if (!ok) return false;
  ok = th_binary(cx, TH_OP_POWER, scaled, th_number(n), 0, &power);
  th_release(scaled);
  if (!ok) return false;
  ok = th_query_simple(cx, TH_QUERY_E, power, out);
  th_release(power);
  return ok;
}

static bool ask_number(ThContext *cx, ThQueryKind kind, ThValue v, double *out) {
  ThValue answer;
  if (!th_query_simple(cx, kind, v, &answer)) return false;
  if (!th_to_number(answer, out)) *out = TH_NAN;
  th_release(answer);
  return true;
}

/* The answer of a standardised moment, less 3 for the kurtosis. */
static bool ask_standardised(ThContext *cx, ThValue v, int n, ThValue *out) {
  double mean, sd;
  ThValue answer;
  if (!ask_number(cx, TH_QUERY_E, v, &mean) || !ask_number(cx, TH_QUERY_SD, v, &sd) ||
      !ask_power(cx, v, mean, sd, n, &answer))
    return false;
  if (n == 3) {
    *out = answer;
    return true;
  }
  const ThEstimate *e = th_as_estimate(answer);
  bool ok = th_estimate(cx, creal(e->value) - 3, e->error, th_as_string(e->method)->text,
                        th_as_string(e->detail)->text, out);
  th_release(answer);
  return ok;
}

/* P(X <= x), P(X > x) */
static bool ask_tail(ThContext *cx, ThValue v, ThOperator op, double x, ThValue *out) {
  ThValue event;
  if (!th_binary(cx, op, v, th_number(x), 0, &event)) return false;
  bool ok = th_query_simple(cx, TH_QUERY_P, event, out);
  th_release(event);
  return ok;
}

bool th_variable_ask(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out,
                     bool *known) {
  double x = 0;
  bool skewness = strcmp(verb, "skewness") == 0, kurtosis = strcmp(verb, "kurtosis") == 0;
  bool cdf = strcmp(verb, "cdf") == 0, ccdf = strcmp(verb, "ccdf") == 0, moment = strcmp(verb, "moment") == 0;
  bool number = n_args > 1 && th_to_number(args[1], &x);
  bool order = number && x >= 1 && x <= TH_MAX_MOMENT && floor(x) == x;
  *known = skewness || kurtosis || ((cdf || ccdf) && number) || (moment && order);
  if (!*known) return true;
  if (skewness || kurtosis) return ask_standardised(cx, args[0], skewness ? 3 : 4, out);
  if (moment) return ask_power(cx, args[0], 0, 1, (int)x, out);
  return ask_tail(cx, args[0], cdf ? TH_OP_LESS_EQUAL : TH_OP_GREATER, x, out);
}
