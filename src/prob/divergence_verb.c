/* divergence_verb.c - built-ins that compare two distributions: kl, cross_entropy, total_variation, wasserstein */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each takes distributions, random variables, or, for distances between values, data. Arrays of parameters
 * broadcast; one pair comes with its method. */
#include <math.h>

#include "lang/libs.h"
#include "prob/divergence.h"
#include "prob/query.h"
#include "prob/verbs.h"
#include "val/broadcast.h"

/* --- Arguments */

/* Data: equal weights for all elements. */
static bool check_data(ThContext *cx, const ThArray *x, size_t argument) {
  if (x->length == 0) return th_fail_argument(cx, (int)argument + 1, TH_ERROR_VALUE, "there are no data");
  for (size_t k = 0; k < x->length; k++)
    if (!isfinite(x->real[k]))
      return th_fail_argument(cx, (int)argument + 1, TH_ERROR_VALUE,
                              "data must be finite, got %.6g at element %zu", x->real[k], k + 1);
  return true;
}

static bool of_data(ThContext *cx, ThValue v, size_t argument, ThValue *out) {
  bool scalar;
  ThArray *x;
  ThValue ones;
  if (!th_to_real_array(cx, v, "the data", &scalar, &x)) return false;
  if (!check_data(cx, x, argument)) {
    th_release(th_object(x));
    return false;
  }
  double *weights = th_alloc_array(cx, x->length + 1, sizeof *weights);
  bool ok = weights != NULL;
  for (size_t k = 0; ok && k < x->length; k++) weights[k] = 1;
  ok = ok && th_distribution_discrete(cx, x->real, weights, x->length, &ones);
  th_free(cx, weights, (x->length + 1) * sizeof *weights);
  th_release(th_object(x));
  if (ok) *out = ones;
  return ok;
}

/* Argument k as a distribution, owned. */
static bool read_side(ThContext *cx, const ThCall *call, size_t k, bool data, ThValue *out) {
  ThValue v = call->args[k];
  char what[96], name[40];
  if (th_is_distribution(v)) {
    *out = th_retain(v);
    return true;
  }
  if (th_is_variable(v)) return th_query_simple(cx, TH_QUERY_DIST, v, out);
  if (data && (th_is_array(v) || th_is_range(v))) return of_data(cx, v, k, out);
  return th_fail_argument(cx, (int)k + 1, TH_ERROR_TYPE, "`%s` compares two distributions%s, got %s",
                          th_builtin_name(call->builtin, name, sizeof name), data ? ", or data" : "",
                          th_describe(v, what, sizeof what));
}

/* Densities and masses do not compare. */
static bool check_kinds(ThContext *cx, const ThCall *call, const ThPair *pair) {
  static const char *const kinds[] = {"continuous", "discrete"};
  bool p = th_distribution_is_discrete(pair->p), q = th_distribution_is_discrete(pair->q);
  char name[40];
  if (p == q) return true;
  th_fail(cx, TH_ERROR_TYPE,
          "`%s` compares densities, or masses: the first distribution is %s, the second %s",
          th_builtin_name(call->builtin, name, sizeof name), kinds[p], kinds[q]);
  return th_hint(cx, "wasserstein compares a discrete distribution with a continuous one");
}

/* --- Over arrays */

typedef bool (*Divergence)(const ThPair *pair, double order, ThFinding *out);

static bool fail_shapes(const ThPair *pair) {
  char first[96], second[96];
  return th_fail(pair->cx, TH_ERROR_SHAPE,
                 "the distributions have shapes %s and %s: these do not fit each other",
                 th_shape_text(pair->p->rank, pair->p->shape, first, sizeof first),
                 th_shape_text(pair->q->rank, pair->q->shape, second, sizeof second));
}

/* 0, 1, … in the shape of the distributions, repeated to the shape of the result: which element goes where. */
static ThArray *places(ThContext *cx, const ThDistribution *d, const ThBroadcast *plan) {
  ThArray *own = d->rank ? th_array_new(cx, TH_DOUBLE, d->rank, d->shape) : th_vector_new(cx, TH_DOUBLE, 1);
  for (size_t k = 0; own && k < own->length; k++) own->real[k] = (double)k;
  ThArray *all = own ? th_broadcast_to(cx, own, plan->rank, plan->shape) : NULL;
  if (own) th_release(th_object(own));
  return all;
}

static bool each_pair(ThPair *pair, Divergence f, double order, ThValue *out) {
  ThBroadcast plan;
  const ThDistribution *p = pair->p, *q = pair->q;
  if (!th_broadcast(p->rank, p->shape, q->rank, q->shape, &plan)) return fail_shapes(pair);
  ThArray *i = places(pair->cx, p, &plan), *j = i ? places(pair->cx, q, &plan) : NULL;
  ThArray *y = j ? th_array_new(pair->cx, TH_DOUBLE, plan.rank, plan.shape) : NULL;
  bool ok = y != NULL;
  for (size_t k = 0; ok && k < y->length; k++) {
    ThFinding finding;
    pair->i = (size_t)i->real[k];
    pair->j = (size_t)j->real[k];
    ok = th_poll(pair->cx) && f(pair, order, &finding);
    y->real[k] = finding.value;
  }
  if (i) th_release(th_object(i));
  if (j) th_release(th_object(j));
  if (ok) *out = th_object(y);
  else if (y) th_release(th_object(y));
  return ok;
}

/* --- The built-ins */

static bool one_pair(const ThCall *call, const ThPair *pair, Divergence f, double order, ThValue *out) {
  ThFinding finding;
  ThText detail;
  char name[40], method[160];
  if (!f(pair, order, &finding)) return false;
  th_finding_method(&finding, method, sizeof method);
  th_text_init(&detail, &pair->cx->heap);
  th_text_format(&detail, "%s of ", th_builtin_name(call->builtin, name, sizeof name));
  bool ok = th_distribution_text(pair->cx, th_object((void *)(uintptr_t)pair->p), &detail);
  th_text_add(&detail, " and ");
  ok = ok && th_distribution_text(pair->cx, th_object((void *)(uintptr_t)pair->q), &detail);
  th_text_format(&detail, ": %s", method);
  ok = ok && th_text_ok(&detail, pair->cx) &&
       th_finding_value(pair->cx, &finding, th_text_string(&detail), out);
  th_text_clear(&detail);
  return ok;
}

static bool compare(ThContext *cx, const ThCall *call, Divergence f, bool any, double order, ThValue *out) {
  ThValue p, q;
  if (!read_side(cx, call, 0, any, &p)) return false;
  if (!read_side(cx, call, 1, any, &q)) {
    th_release(p);
    return false;
  }
  ThPair pair = {cx, th_as_distribution(p), th_as_distribution(q), 0, 0};
  bool ok = any || check_kinds(cx, call, &pair);
  if (ok)
    ok = pair.p->rank || pair.q->rank ? each_pair(&pair, f, order, out)
                                      : one_pair(call, &pair, f, order, out);
  th_release(p);
  th_release(q);
  return ok;
}

static bool kl(const ThPair *pair, double order, ThFinding *out) {
  (void)order;
  return th_divergence_kl(pair, out);
}
static bool cross_entropy(const ThPair *pair, double order, ThFinding *out) {
  (void)order;
  return th_divergence_cross_entropy(pair, out);
}
static bool total_variation(const ThPair *pair, double order, ThFinding *out) {
  (void)order;
  return th_divergence_total_variation(pair, out);
}

static bool body_kl(ThContext *cx, const ThCall *call, ThValue *out) {
  return compare(cx, call, kl, false, 1, out);
}
static bool body_cross_entropy(ThContext *cx, const ThCall *call, ThValue *out) {
  return compare(cx, call, cross_entropy, false, 1, out);
}
static bool body_total_variation(ThContext *cx, const ThCall *call, ThValue *out) {
  return compare(cx, call, total_variation, false, 1, out);
}

static bool body_wasserstein(ThContext *cx, const ThCall *call, ThValue *out) {
  double order = th_arg_number(call, 2);
  if (order >= 1 && order <= 100) return compare(cx, call, th_divergence_wasserstein, true, order, out);
  return th_fail_argument(cx, 3, TH_ERROR_VALUE, "`order` of wasserstein lies between 1 and 100, got %.6g",
                          order);
}

#define SECTION "distributions"

const ThBuiltin th_lib_divergence[] = {
    {"kl(p: any, q: any) -> estimate", body_kl, SECTION,
     "the Kullback-Leibler divergence KL(p‖q) = E_p log(p/q), in nats",
     "what it costs to take q for p: a closed form within a family that has one, else quadrature or a sum; inf "
     "where p has values that q does not allow; not symmetric",
     "kl(Gamma(3, 2), Exponential(1))\n#> 0.345569  quadrature, error < 1e-13\nkl(Uniform(0, 2), Uniform(0, 1)) "
     "== inf\n#> true",
     "cross_entropy total_variation entropy", NULL},
    {"cross_entropy(p: any, q: any) -> estimate", body_cross_entropy, SECTION,
     "the cross-entropy -E_p log q, in nats", "entropy(p) + kl(p, q): the expected loss of coding p by q",
     "cross_entropy(Bernoulli(0.25), Bernoulli(0.5))/log(2)\n#> 1", "kl entropy", NULL},
    {"total_variation(p: any, q: any) -> estimate", body_total_variation, SECTION,
     "the total variation distance ½ ∫ |p - q|, between 0 and 1",
     "the largest difference that p and q make to the probability of an event; of vectors and matrices of one family, "
     "too: normal ones of one Σ by a formula, counts by a sum (Monte Carlo where they are many), the others "
     "by one integral",
     "total_variation(Bernoulli(0.2), Bernoulli(0.5))\n#> 0.3  sum, error < 1e-15", "kl wasserstein", NULL},
    {"wasserstein(p: any, q: any, order: number = 1) -> estimate", body_wasserstein, SECTION,
     "the Wasserstein distance: how far probability must be carried to turn p into q",
     "∫ |F - G| dx for order 1, else (∫ |F⁻¹(u) - G⁻¹(u)|^order du)^(1/order); of distributions, also a discrete "
     "and a continuous one, and of data. Of MvNormal the order is 2, or any where Σ is the same",
     "wasserstein([1, 2, 3], [2, 3, 5])\n#> 1.33333\nwasserstein(Point(0), Point(3))\n#> 3",
     "total_variation kl", NULL},
    {0},
};
