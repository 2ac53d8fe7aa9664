/* cf_value.c - values of characteristic functions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All points at once: leaves choose their algorithm by how many there are and whether they are even. */
#include <math.h>
#include <stdio.h>

#include "num/exponential_sum.h"
#include "num/kernels.h"
#include "num/real.h"
#include "prob/cf.h"
#include "prob/query.h"
#include "prob/trace_cf.h"
#include "prob/variable_kind.h"
#include "val/array.h"
#include "val/loops.h"
#include "val/arithmetic.h"

/* --- Leaves */

static bool empirical(ThContext *cx, const ThArray *x, size_t n, const double *k, double complex *z) {
  ThExponentialTerms terms = {.m = x->length, .x = x->real};
  double share = 1 / (double)x->length;
  if (!th_exponential_sum(cx, &terms, n, k, z, NULL)) return false;
  for (size_t l = 0; l < n; l++)
    z[l] = k[l] == 0 ? 1 : th_complex_of(share * creal(z[l]), share * cimag(z[l]));
  return true;
}

/* E e^(ikX) as an expression, answered by whichever strategy applies; an estimate. */
static bool expectation(ThContext *cx, ThValue variable, double k, ThValue *out) {
  ThValue ik, product, wave;
  if (!th_complex(cx, k * TH_I, &ik)) return false;
  bool ok = th_binary(cx, TH_OP_MULTIPLY, ik, variable, 0, &product);
  th_release(ik);
  if (!ok) return false;
  ok = th_builtin_call(cx, "exp", &product, 1, &wave);
  th_release(product);
  if (!ok) return false;
  ok = th_query_simple(cx, TH_QUERY_E, wave, out);
  th_release(wave);
  if (!ok || th_is_estimate(*out)) return ok;
  th_release(*out);
  return th_fail(cx, TH_ERROR_TYPE, "a characteristic function is of one real random variable");
}

/* The empirical one of draws: where Monte Carlo is all there is, all k share them. */
static bool of_draws(ThContext *cx, ThValue variable, size_t n, const double *k, double complex *z,
                     ThCfReport *report) {
  enum { DRAWS = 100000 };
  double *x = th_alloc_array(cx, DRAWS, sizeof *x);
  ThExponentialTerms terms = {.m = DRAWS, .x = x};
  bool ok = x && th_variable_draw(cx, variable, true, DRAWS, x) &&
            th_exponential_sum(cx, &terms, n, k, z, NULL);
  for (size_t l = 0; ok && l < n; l++) z[l] = k[l] == 0 ? 1 : z[l] / DRAWS;
  th_free(cx, x, DRAWS * sizeof *x);
  *report = (ThCfReport){"Monte Carlo", 1 / sqrt(DRAWS)};
  return ok;
}

enum { MANY = 8 }; /* k, for which it pays to prepare nodes */

static bool of_variable(ThContext *cx, ThValue variable, size_t n, const double *k, double complex *z,
                        ThCfReport *report) {
  const double rough = 1e-5; /* an error that only draws have */
  bool done = false;
  *report = (ThCfReport){0};
  if (n >= MANY && !th_cf_of_function(cx, variable, n, k, z, report, &done)) return false;
  if (done) return true;
  for (size_t l = 0; l < n; l++) {
    ThValue answer;
    z[l] = 1;
    if (k[l] == 0) continue;
    if (!expectation(cx, variable, k[l], &answer)) return false;
    z[l] = th_as_estimate(answer)->value;
    report->error = fmax(report->error, th_as_estimate(answer)->error);
    report->method = "E(exp(1i*k*X))";
    th_release(answer);
    if (report->error > rough) return of_draws(cx, variable, n, k, z, report);
  }
  return true;
}

/* --- Powers */

/* z^n of a whole n, by squaring. */
static double complex whole_power(double complex z, double n) {
  double complex result = 1;
  for (uint64_t e = (uint64_t)n; e; e >>= 1, z = th_complex_multiply(z, z))
    if (e & 1) result = th_complex_multiply(result, z);
  return result;
}

/* The phases of φ at 0, step, …, m step, without jumps: from one point to the next it turns by less than a quarter,
 * or the steps are halved until it does. False in *ok where φ vanishes. */
static bool walk_phases(ThContext *cx, ThValue cf, size_t m, double step, double *k, double complex *z,
                        double *phase, bool *smooth) {
  ThCfReport report;
  for (size_t j = 0; j <= m; j++) k[j] = step * (double)j;
  if (!th_cf_values(cx, cf, m + 1, k, z, &report)) return false;
  phase[0] = 0;
  *smooth = true;
  for (size_t j = 1; j <= m && *smooth; j++) {
    double turn = carg(z[j] * conj(z[j - 1]));
    *smooth = fabs(turn) < 0.5 && cabs(z[j]) > 0;
    phase[j] = phase[j - 1] + turn;
  }
  return true;
}

/* The power of a broken order: |φ|^n with n times the phase that grows from 0 without jumps. */
static bool power_along(ThContext *cx, ThValue cf, double n, size_t count, const double *k, size_t m,
                        double *room, double complex *grid, double complex *z, bool *smooth) {
  double largest = 0, *phase = room + m + 1;
  for (size_t l = 0; l < count; l++) largest = fmax(largest, fabs(k[l]));
  if (!walk_phases(cx, cf, m, largest / (double)m, room, grid, phase, smooth)) return false;
  for (size_t l = 0; *smooth && l < count; l++) {
    size_t at = (size_t)fmin(floor(fabs(k[l]) / largest * (double)m), (double)m);
    double complex here = k[l] < 0 ? conj(z[l]) : z[l];
    double angle = n * (phase[at] + carg(here * conj(grid[at]))), modulus = pow(cabs(here), n);
    z[l] = th_complex_of(modulus * cos(angle), (k[l] < 0 ? -1 : 1) * modulus * sin(angle));
    if (k[l] == 0) z[l] = 1;
  }
  return true;
}

static bool fail_zero(ThContext *cx) {
  th_fail(cx, TH_ERROR_VALUE,
          "the characteristic function vanishes, or turns too fast, for a power that is "
          "not whole");
  return th_hint(cx, "a whole power is that of a sum of independent copies");
}

/* z holds φ(k) and becomes φ(k)^n. */
static bool broken_power(ThContext *cx, ThValue cf, double n, size_t count, const double *k,
                         double complex *z) {
  enum { MOST = 1 << 16 };
  bool smooth = false, ok = true, moves = false;
  for (size_t l = 0; l < count; l++) {
    if (!isfinite(k[l])) return th_fail(cx, TH_ERROR_VALUE, "a power that is not whole needs finite k");
    moves |= k[l] != 0;
  }
  for (size_t m = 256; ok && moves && !smooth; m *= 4) {
    if (m > MOST) return fail_zero(cx);
    double *room = th_alloc_array(cx, m + 1, 2 * sizeof *room);
    double complex *grid = room ? th_alloc_array(cx, m + 1, sizeof *grid) : NULL;
    ok = grid && power_along(cx, cf, n, count, k, m, room, grid, z, &smooth);
    th_free(cx, grid, (m + 1) * sizeof *grid);
    th_free(cx, room, (m + 1) * 2 * sizeof *room);
  }
  return ok;
}

static bool power(ThContext *cx, const ThCf *cf, size_t n, const double *k, double complex *z,
                  ThCfReport *report) {
  double exponent = th_as_scalar(cf->right);
  if (exponent == 0) {
    for (size_t l = 0; l < n; l++) z[l] = 1;
    *report = (ThCfReport){0};
    return true;
  }
  if (!th_cf_values(cx, cf->left, n, k, z, report)) return false;
  report->error *= exponent;
  if (floor(exponent) != exponent || exponent > 0x1p53) return broken_power(cx, cf->left, exponent, n, k, z);
  for (size_t l = 0; l < n; l++) z[l] = whole_power(z[l], exponent);
  return true;
}

/* --- The tree */

static bool product(ThContext *cx, const ThCf *cf, size_t n, const double *k, double complex *z,
                    ThCfReport *report) {
  ThCfReport other;
  double complex *right = th_alloc_array(cx, n ? n : 1, sizeof *right);
  if (!right) return false;
  bool ok = th_cf_values(cx, cf->left, n, k, z, report) && th_cf_values(cx, cf->right, n, k, right, &other);
  for (size_t l = 0; ok && l < n; l++) z[l] = th_complex_multiply(z[l], right[l]);
  th_free(cx, right, (n ? n : 1) * sizeof *right);
  if (ok) {
    if (!report->method) report->method = other.method;
    report->error += other.error;
  }
  return ok;
}

bool th_cf_values(ThContext *cx, ThValue self, size_t n, const double *k, double complex *z,
                  ThCfReport *report) {
  const ThCf *cf = th_as_cf(self);
  *report = (ThCfReport){0};
  switch (cf->part) {
    case TH_CF_OF_DISTRIBUTION:
      return th_distribution_cf_values(cx, th_as_distribution(cf->left), 0, n, k, z, report);
    case TH_CF_OF_DATA: return empirical(cx, th_as_array(cf->left), n, k, z);
    case TH_CF_OF_VARIABLE: return of_variable(cx, cf->left, n, k, z, report);
    case TH_CF_PRODUCT: return product(cx, cf, n, k, z, report);
    case TH_CF_POWER: return power(cx, cf, n, k, z, report);
    case TH_CF_CONJUGATE:
      if (!th_cf_values(cx, cf->left, n, k, z, report)) return false;
      for (size_t l = 0; l < n; l++) z[l] = conj(z[l]);
      return true;
  }
  return false;
}

bool th_cf_at(ThContext *cx, ThValue self, double k, double complex *out) {
  ThCfReport report;
  return th_cf_values(cx, self, 1, &k, out, &report);
}

/* --- Calls */

/* A part that is smaller than the error is nothing. */
static double complex without_noise(double complex z, double error) {
  return th_complex_of(fabs(creal(z)) <= error ? 0 : creal(z), fabs(cimag(z)) <= error ? 0 : cimag(z));
}

static bool at_number(ThContext *cx, ThValue self, double k, ThValue *out) {
  ThCfReport report;
  double complex z;
  char method[128];
  if (k != 0 && th_as_cf(self)->part == TH_CF_OF_VARIABLE)
    return expectation(cx, th_as_cf(self)->left, k, out);
  if (!th_cf_values(cx, self, 1, &k, &z, &report)) return false;
  if (!report.method || k == 0) return th_complex(cx, z, out);
  snprintf(method, sizeof method, "quadrature: %s, error %.0e", report.method, report.error);
  return th_estimate_complex(cx, without_noise(z, report.error), report.error, method, NULL, out);
}

static bool at_array(ThContext *cx, ThValue self, ThValue ks, ThValue *out) {
  bool scalar;
  ThArray *k;
  ThCfReport report;
  if (!th_to_real_array(cx, ks, "the argument of a characteristic function", &scalar, &k)) return false;
  ThArray *z = th_array_new(cx, TH_COMPLEX, k->rank, k->shape);
  bool ok = z && th_cf_values(cx, self, k->length, k->real, z->complex_, &report);
  th_release(th_object(k));
  if (ok) return th_from_array_take(cx, z, scalar, out);
  if (z) th_release(th_object(z));
  return false;
}

bool th_cf_call(ThContext *cx, ThValue self, const ThArguments *args, ThValue *out) {
  double k;
  if (args->count != 1 || (args->names && args->names[0]))
    return th_fail(cx, TH_ERROR_TYPE, "a characteristic function takes one argument, got %zu", args->count);
  ThValue v = args->values[0];
  if (th_to_number(v, &k)) return at_number(cx, self, k, out);
  if (th_is_array(v) || th_is_range(v)) return at_array(cx, self, v, out);
  if (th_is_traced(v)) return th_trace_cf(cx, self, v, out);
  if (th_is_object(v) && th_as_object(v)->kind->lift_call)
    return th_as_object(v)->kind->lift_call(cx, self, args, out);
  char what[96];
  return th_fail_argument(cx, 1, TH_ERROR_TYPE,
                          "the argument of a characteristic function is a real number or array, got %s",
                          th_describe(v, what, sizeof what));
}
