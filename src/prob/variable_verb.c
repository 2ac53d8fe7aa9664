/* variable_verb.c - what may be asked of a random variable, and of an array of them */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Of one variable the verbs describe its distribution; of an array they are statistics of the sample, random
 * variables again. */
#include <string.h>

#include "prob/cf.h"
#include "prob/distribution_kind.h"
#include "prob/draws.h"
#include "prob/joint.h"
#include "prob/query.h"
#include "prob/variable_kind.h"

/* --- One variable */

/* mean, var, sd are expectations, which may be known where the distribution is not. */
static bool summary_query(const char *verb, ThQueryKind *kind) {
  static const struct {
    const char *verb;
    ThQueryKind kind;
  } table[] = {{"mean", TH_QUERY_E}, {"var", TH_QUERY_VAR}, {"sd", TH_QUERY_SD}};
  for (size_t i = 0; i < sizeof table / sizeof *table; i++)
    if (strcmp(table[i].verb, verb) == 0) {
      *kind = table[i].kind;
      return true;
    }
  return false;
}

bool th_variable_draw_all(ThContext *cx, const ThValue *v, size_t n_variables, bool own_stream, size_t n,
                          double *const *x) {
  ThQuery q;
  ThRandom own, *r = own_stream ? &own : cx->random;
  ThQueryKind kind = n_variables == 1 ? TH_QUERY_E : TH_QUERY_COV;
  if (!th_query_init(cx, &q, kind, v, n_variables, NULL, 0, NULL)) return false;
  bool ok = true;
  th_query_random(&q, &own);
  for (size_t i = 0; ok && i < n; i++) {
    double weight;
    ok = (i % 256 || th_poll(cx)) && th_query_draw(&q, r, &weight);
    for (size_t k = 0; ok && k < n_variables; k++) ok = th_network_number_value(&q.net, v[k], &x[k][i]);
  }
  th_query_clear(&q);
  return ok;
}

bool th_variable_draw(ThContext *cx, ThValue v, bool own_stream, size_t n, double *x) {
  return th_variable_draw_all(cx, &v, 1, own_stream, n, &x);
}

static bool verb_sample(ThContext *cx, const ThValue *args, size_t n_args, ThValue *out) {
  size_t shape[TH_MAX_RANK];
  double x;
  if (n_args == 1) {
    if (!th_variable_draw(cx, args[0], false, 1, &x)) return false;
    *out = th_number(x);
    return true;
  }
  if (n_args - 1 > TH_MAX_RANK)
    return th_fail(cx, TH_ERROR_LIMIT, "a sample has at most %d axes", (int)TH_MAX_RANK);
  for (size_t k = 0; k + 1 < n_args; k++) shape[k] = (size_t)th_as_scalar(args[k + 1]);
  ThArray *a = th_array_new(cx, TH_DOUBLE, (uint32_t)(n_args - 1), shape);
  if (a && th_variable_draw(cx, args[0], false, a->length, a->real)) {
    *out = th_object(a);
    return true;
  }
  if (a) th_release(th_object(a));
  return false;
}

/* The error says that no distribution was found; it stands unless queries answer. */
static bool without_distribution(ThContext *cx, const char *verb, const ThValue *args, size_t n_args,
                                 ThValue *out) {
  ThError error = cx->error;
  bool known;
  if (error.code != TH_ERROR_VALUE) return false;
  th_error_clear(cx);
  if (!th_variable_ask(cx, verb, args, n_args, out, &known)) return false;
  if (!known) cx->error = error;
  return known;
}

static bool verb_cf(ThContext *cx, const ThValue *args, size_t n_args, ThValue *out) {
  ThValue cf;
  if (!th_cf_of_variable(cx, args[0], &cf)) return false;
  if (n_args < 2 || th_is_unset(args[1])) {
    *out = cf;
    return true;
  }
  bool ok = th_call_values(cx, cf, &args[1], 1, out);
  th_release(cf);
  return ok;
}

/* These are asked of the draws of a sampler as they are; what needs a density, of the smoothed ones. *d: none when the
 * variable is not known by draws. */
static bool unsmoothed(ThContext *cx, const char *verb, ThValue v, ThValue *d) {
  static const char *const verbs[] = {"quantile", "median",   "interval", "cdf",
                                      "ccdf",     "skewness", "kurtosis"};
  *d = th_none();
  for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    if (strcmp(verb, verbs[i]) == 0) return th_draws_empirical(cx, v, d);
  return true;
}

/* The law of a component of a joint law, where that knows its marginals; else none. */
static bool marginal_law(ThContext *cx, ThValue v, ThValue *out) {
  const ThVariable *x = th_is_variable(v) ? th_as_variable(v) : NULL;
  const ThDistribution *law = x ? th_joint_law(x) : NULL;
  *out = th_none();
  return !law || !law->family->event->marginal || law->family->event->marginal(cx, law, x->component, out);
}

bool th_variable_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out) {
  ThQueryKind kind;
  ThValue d, others[8];
  if (summary_query(verb, &kind)) return th_query_simple(cx, kind, args[0], out);
  if (strcmp(verb, "sample") == 0) return verb_sample(cx, args, n_args, out);
  if (strcmp(verb, "cf") == 0) return verb_cf(cx, args, n_args, out);
  if (strcmp(verb, "how") == 0 || strcmp(verb, "error") == 0 || n_args > 8) return false;
  if (!unsmoothed(cx, verb, args[0], &d)) return false;
  if (th_is_none(d) && !marginal_law(cx, args[0], &d)) return false;
  if (th_is_none(d) && !th_query_simple(cx, TH_QUERY_DIST, args[0], &d))
    return without_distribution(cx, verb, args, n_args, out);
  memcpy(others, args, n_args * sizeof *args);
  others[0] = d;
  bool ok = th_distribution_verb(cx, verb, others, n_args, out);
  th_release(d);
  return ok;
}

/* --- Arrays: statistics of the sample */

static bool fail_no_order(ThContext *cx, const char *verb) {
  char name[64];
  th_operand(cx, 0, "X", name, sizeof name);
  th_fail_argument(cx, 1, TH_ERROR_TYPE, "vectors have no order: there is no `%s` of `%s`", verb, name);
  return th_hint(cx, "of a component: `%s(%s[1], …)`; of an event: `P(%s[1] < a and %s[2] < b)`", verb, name,
                 name, name);
}

/* Of a vector declared as one: of its joint law. */
static bool verb_of_law(ThContext *cx, const char *verb, const ThValue *args, size_t n_args, ThValue *out) {
  static const char *const verbs[] = {"cdf",      "ccdf",     "logcdf",   "logccdf", "interval",
                                      "support",  "skewness", "kurtosis", "mgf",     "moment",
                                      "cumulant", "pdf",      "logpdf",   "mode",    "entropy",
                                      "sample",   "cf",       "score",    "fisher",  "rosetta"};
  const ThVariableArray *a = th_as_variable_array(args[0]);
  const ThVariable *first = a->length && th_is_variable(a->items[0]) ? th_as_variable(a->items[0]) : NULL;
  const ThDistribution *law = first && a->name && a->name == first->name ? th_joint_law(first) : NULL;
  if (law && law->family->event->rank == 1 && (strcmp(verb, "cdf") == 0 || strcmp(verb, "ccdf") == 0))
    return fail_no_order(cx, verb);
  for (size_t i = 0; law && i < sizeof verbs / sizeof *verbs; i++) {
    if (strcmp(verbs[i], verb) != 0) continue;
    ThValue others[8];
    memcpy(others, args, n_args * sizeof *args);
    others[0] = th_joint_of(first)->law;
    return th_event_verb(cx, verb, others, n_args, out);
  }
  return false;
}

bool th_variable_array_verb(ThContext *cx, const char *verb, const ThValue *args, size_t n_args,
                            ThValue *out) {
  static const char *const statistics[] = {"mean", "var", "sd", "median", "quantile"};
  bool known = false;
  for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++)
    known |= strcmp(verb, statistics[i]) == 0;
  if (n_args > 8) return false;
  if (!known) return verb_of_law(cx, verb, args, n_args, out);
  if (strcmp(verb, "mean") == 0) {
    ThValue sum;
    if (!th_variable_sum(cx, args[0], &sum)) return false;
    bool ok = th_binary(cx, TH_OP_DIVIDE, sum, th_number((double)th_as_variable_array(args[0])->length), 0,
                        out);
    th_release(sum);
    return ok;
  }
  ThValue function;
  if (!th_builtin_named(cx, verb, &function)) return false;
  ThArguments positional = {.count = strcmp(verb, "quantile") == 0 ? 2 : 1, .values = args};
  return th_variable_apply(cx, function, &positional, out);
}
