/* score.c - derivatives of a log density, and the information they carry */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/score.h"

#include <math.h>
#include <string.h>

#include "num/real.h"
#include "prob/distribution_map.h"
#include "prob/numeric.h"

/* Are the parameters numbers, by which to differentiate? The mathematics may have fewer of them than the row, which
 * adds how the values are counted. */
static bool has_numbers(const ThFamily *family) {
  bool plain = family->math && family->math->n_parameters > 0;
  for (int j = 0; plain && j < family->math->n_parameters; j++)
    plain &= family->parameters[j].domain != TH_DOMAIN_ANY;
  return plain;
}

static bool fail_no_rule(ThContext *cx, const ThDistribution *d, const char *what) {
  return th_fail_argument(cx, 1, TH_ERROR_TYPE, "there is no rule for the %s of %s", what, d->family->name);
}

/* --- Fisher information */

typedef struct Product {
  const ThFamilyMath *math;
  const double *p;
  int a, b;
} Product;

static bool product(void *self, double x, double *y) {
  const Product *s = self;
  double d[TH_MAX_PARAMETERS];
  s->math->gradient(x, s->p, NULL, d);
  *y = d[s->a] * d[s->b];
  return true;
}

/* The information is not defined by derivatives where a parameter takes whole numbers only, or moves the
 * ends of the support. */
static bool is_regular(const ThFamily *family, const double *p, int j) {
  ThDomain domain = family->parameters[j].domain;
  double moved[TH_MAX_PARAMETERS], a[2], b[2];
  if (domain == TH_DOMAIN_COUNT || domain == TH_DOMAIN_WHOLE) return false;
  for (int k = 0; k < family->n_parameters; k++) moved[k] = p[k];
  moved[j] = p[j] == 0 ? 1e-6 : p[j] * (1 + 1e-6);
  family->math->support(p, &a[0], &a[1]);
  family->math->support(moved, &b[0], &b[1]);
  return a[0] == b[0] && a[1] == b[1];
}

/* Element i's entry (a, b) by quadrature or a sum. */
static bool find_entry(ThContext *cx, const ThDistribution *d, size_t i, int a, int b, ThFinding *out) {
  const double *p = th_distribution_numbers(d, i);
  Product self = {d->family->math, p, a, b};
  ThQuadratureResult result = {.value = {TH_NAN}};
  bool regular = is_regular(d->family, p, a) && is_regular(d->family, p, b);
  if (regular && !th_numeric_expect(cx, d, i, product, &self, 1, &result)) return false;
  double value = fabs(result.value[0]) <= result.error ? 0 : result.value[0]; /* nothing but rounding */
  *out = (ThFinding){regular && result.converged ? value : TH_NAN, result.error, th_numeric_method(d), ""};
  return true;
}

static bool information(ThContext *cx, const ThDistribution *d, size_t i, int which, double x, double *out) {
  (void)which, (void)x;
  int n = d->family->math->n_parameters;
  ThFinding entry;
  if (d->family->math->fisher) {
    d->family->math->fisher(th_distribution_numbers(d, i), out);
    return true;
  }
  for (int a = 0; a < n; a++)
    for (int b = 0; b <= a; b++) {
      if (!find_entry(cx, d, i, a, b, &entry)) return false;
      out[a * n + b] = out[b * n + a] = entry.value;
    }
  return true;
}

/* A matrix without a number is an error. */
static bool check_number(ThContext *cx, const ThDistribution *d, size_t n, const double *x) {
  for (size_t k = 0; k < n; k++)
    if (!isnan(x[k])) return true;
  th_fail_argument(cx, 1, TH_ERROR_VALUE, "%s has no Fisher information", d->family->name);
  return th_hint(cx, "its parameters move the ends of the support, or are whole numbers");
}

bool th_score_fisher(ThContext *cx, ThValue v, ThValue *out) {
  const ThDistribution *d = th_as_distribution(v);
  if (!has_numbers(d->family)) return fail_no_rule(cx, d, "Fisher information");
  size_t n = (size_t)d->family->math->n_parameters;
  ThCell cell = {n == 1 ? 0 : 2, {n, n}};
  if (!th_distribution_map_elements(cx, d, 0, information, 0, &cell, out)) return false;
  double number;
  bool scalar = th_to_number(*out, &number);
  if (check_number(cx, d, scalar ? 1 : th_as_array(*out)->length, scalar ? &number : th_as_array(*out)->real))
    return true;
  th_release(*out);
  return false;
}

bool th_score_find_fisher(ThContext *cx, ThValue v, ThFinding *out) {
  const ThDistribution *d = th_as_distribution(v);
  *out = (ThFinding){0};
  if (!has_numbers(d->family)) return fail_no_rule(cx, d, "Fisher information");
  if (d->family->math->fisher) d->family->math->fisher(th_distribution_numbers(d, 0), &out->value);
  else if (!find_entry(cx, d, 0, 0, 0, out)) return false;
  return check_number(cx, d, 1, &out->value);
}

/* --- Scores */

static bool by_point(ThContext *cx, const ThDistribution *d, size_t i, int which, double x, double *out) {
  (void)which;
  return th_distribution_score(cx, d, i, x, out);
}

static bool by_parameters(ThContext *cx, const ThDistribution *d, size_t i, int which, double x,
                          double *out) {
  (void)cx, (void)which;
  d->family->math->gradient(x, th_distribution_numbers(d, i), NULL, out);
  return true;
}

bool th_score_at(ThContext *cx, const ThDistribution *d, ThValue x, bool parameters, ThValue *out) {
  ThCell cell = {0};
  if (parameters) {
    if (!has_numbers(d->family)) return fail_no_rule(cx, d, "score by the parameters");
    int n = d->family->math->n_parameters;
    cell = (ThCell){n > 1, {(size_t)n}};
    return th_distribution_map(cx, d, x, by_parameters, 0, &cell, out);
  }
  if (th_distribution_is_discrete(d)) {
    th_fail_argument(cx, 1, TH_ERROR_TYPE, "a discrete distribution has no density to differentiate by x");
    return th_hint(cx, "by its parameters: `wrt = \"parameters\"`");
  }
  return th_distribution_map(cx, d, x, by_point, 0, &cell, out);
}

bool th_score_read_wrt(ThContext *cx, ThValue wrt, bool *parameters) {
  const char *text = th_is_string(wrt) ? th_as_string(wrt)->text : "x";
  *parameters = strcmp(text, "parameters") == 0;
  return *parameters || strcmp(text, "x") == 0 ||
         th_fail_argument(cx, 3, TH_ERROR_VALUE,
                          "a score is with respect to \"x\" or \"parameters\", got \"%s\"", text);
}
