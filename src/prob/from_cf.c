/* from_cf.c - from_cf(φ): the distribution that has a characteristic function */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* φ is read once (num/inversion.h). One that belongs to a lattice gives a Discrete distribution, one of modulus 1 a
 * Point; any other a distribution whose density and distribution function are integrals over φ, prepared and held. */
#include "prob/from_cf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "num/inversion.h"
#include "num/kernels.h"
#include "num/real.h"
#include "prob/cf.h"
#include "prob/distribution_kind.h"
#include "prob/families.h"
#include "prob/moments.h"
#include "prob/numeric.h"
#include "prob/quantile.h"
#include "val/array.h"

/* --- φ: a characteristic function, or any function of k */

typedef struct Source {
  ThContext *cx;
  ThValue f;
  bool one_by_one; /* the function takes no arrays */
} Source;

/* A result as complex numbers: an array of n, or one number. */
static bool read_values(Source *s, ThValue v, size_t n, double complex *z) {
  bool scalar;
  ThArray *a;
  char got[96];
  if (!th_to_array(s->cx, v, "φ(k)", &scalar, &a)) return false;
  bool ok = scalar || a->length == n;
  if (!ok) th_fail(s->cx, TH_ERROR_SHAPE, "φ of %zu values of k gave %s", n, th_describe(v, got, sizeof got));
  for (size_t j = 0; ok && j < n; j++) z[j] = th_array_complex(a, scalar ? 0 : j);
  th_release(th_object(a));
  return ok;
}

static bool call_one(Source *s, double k, double complex *z) {
  ThValue argument = th_number(k), v;
  if (!th_call_values(s->cx, s->f, &argument, 1, &v)) return false;
  bool ok = read_values(s, v, 1, z);
  th_release(v);
  return ok;
}

static bool call_array(Source *s, size_t n, const double *k, double complex *z) {
  ThValue argument, v;
  if (!th_vector_from(s->cx, k, n, &argument)) return false;
  bool ok = th_call_values(s->cx, s->f, &argument, 1, &v);
  th_release(argument);
  if (!ok) return false;
  ok = read_values(s, v, n, z);
  th_release(v);
  return ok;
}

/* Arrays first; a function that fails for them, one by one. */
static bool phi(void *self, size_t n, const double *k, double complex *z) {
  Source *s = self;
  ThCfReport report;
  if (th_is_cf(s->f)) {
    if (!th_cf_values(s->cx, s->f, n, k, z, &report)) return false;
    for (size_t j = 0; j < n; j++) /* what is less than its error is nothing: it would look like slow decay */
      if (cabs(z[j]) <= 2 * report.error) z[j] = 0;
    return true;
  }
  if (!s->one_by_one && n > 1) {
    if (call_array(s, n, k, z)) return true;
    if (s->cx->error.code == TH_ERROR_INTERRUPTED || s->cx->error.code == TH_ERROR_MEMORY) return false;
    th_error_clear(s->cx);
    s->one_by_one = true;
  }
  for (size_t j = 0; j < n; j++)
    if (!call_one(s, k[j], &z[j])) return false;
  return true;
}

/* --- Is it one? */

static bool fail_at_zero(ThContext *cx, double complex z) {
  ThText text;
  th_text_init(&text, &cx->heap);
  th_format_complex(z, 6, &text);
  th_fail_argument(cx, 1, TH_ERROR_VALUE, "φ(0) must be 1, got %s", th_text_string(&text));
  th_text_clear(&text);
  return th_hint(cx, "it is E(e^(0*X)) = 1 for every distribution: divide by φ(0)?");
}

static bool fail_symmetry(ThContext *cx, double k, double complex z, double complex mirrored) {
  ThText text;
  th_text_init(&text, &cx->heap);
  th_text_format(&text, "φ(%.3g) is ", k);
  th_format_complex(z, 4, &text);
  th_text_format(&text, ", φ(%.3g) is ", -k);
  th_format_complex(mirrored, 4, &text);
  th_fail_argument(cx, 1, TH_ERROR_VALUE, "φ(-k) must be the conjugate of φ(k): %s", th_text_string(&text));
  th_text_clear(&text);
  return th_hint(cx, "so it is for every real random variable; write `1i*k` where the phase turns with k");
}

/* φ(0) = 1 (where it is 0/0, its limit), |φ| <= 1, φ(-k) the conjugate of φ(k): at many scales, those about 1 first. */
static bool check(Source *s) {
  enum { N = 65 };
  double k[N], minus[N];
  double complex z[N], mirrored[N], zero;
  if (!call_one(s, 0, &zero)) return false;
  for (int j = 0; j < N; j++) {
    k[j] = exp2(0.75 * (j % 2 ? -(j + 1) / 2 : j / 2));
    minus[j] = -k[j];
  }
  if (!phi(s, N, k, z) || !phi(s, N, minus, mirrored)) return false;
  if (zero != zero) zero = z[N - 2]; /* the least k */
  if (!(cabs(zero - 1) < 1e-6)) return fail_at_zero(s->cx, zero);
  for (int j = 0; j < N; j++) {
    if (cabs(z[j]) > 1 + 1e-9)
      return th_fail_argument(s->cx, 1, TH_ERROR_VALUE,
                              "the modulus of a characteristic function is at most 1, but |φ(%.3g)| is %.6g",
                              k[j], cabs(z[j]));
    if (cabs(mirrored[j] - conj(z[j])) > 1e-9) return fail_symmetry(s->cx, k[j], z[j], mirrored[j]);
  }
  return true;
}

/* --- What is held */

typedef struct Held {
  ThObject object;
  ThInversion inversion;
  ThFinding cumulants[5];
} Held;

static void held_release(ThObject *self) {
  th_inversion_clear(self->heap, &((Held *)self)->inversion);
  th_object_free(self, sizeof(Held));
}

static const ThKind held_kind = {.name = "inversion", .release = held_release};

static const Held *held_of(const ThDistribution *d) { return (const Held *)th_as_object(d->held); }

/* --- The law */

static bool measure_many(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, size_t n,
                         const double *x, double *out) {
  const ThInversion *v = &held_of(d)->inversion;
  (void)p;
  bool density = what == TH_PDF || what == TH_LOGPDF, upper = what == TH_CCDF || what == TH_LOGCCDF;
  if (what == TH_QUANTILE || what == TH_UPPER_QUANTILE) {
    for (size_t j = 0; j < n; j++)
      if (!th_quantile_search(cx, d, 0, what == TH_UPPER_QUANTILE, x[j], -TH_INFINITY, TH_INFINITY, TH_NAN,
                              &out[j]))
        return false;
    return true;
  }
  if (density ? !th_inversion_pdf(cx, v, n, x, out) : !th_inversion_cdf(cx, v, upper, n, x, out))
    return false;
  for (size_t j = 0; j < n; j++) {
    if (density && out[j] < 0) out[j] = 0;
    if (what == TH_LOGPDF || what == TH_LOGCDF || what == TH_LOGCCDF) out[j] = log(out[j]);
  }
  return true;
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  return measure_many(cx, d, p, what, 1, &x, out);
}

/* E g(X) on the trapezium's window, whose rule is as good for g f as for f. The density errs by as much everywhere. */
typedef double (*Expected)(double x, double density, int n);

static bool over_window(ThContext *cx, const ThDistribution *d, Expected g, int n, ThFinding *out) {
  enum { N = 4096 };
  const ThInversion *v = &held_of(d)->inversion;
  double *x = th_alloc_array(cx, N, 2 * sizeof *x), *f = x + N, step = 2 * v->reach / N;
  *out = (ThFinding){.method = "quadrature"};
  if (!x) return false;
  for (size_t j = 0; j < N; j++) x[j] = v->center + ((double)j + 0.5) * step - v->reach;
  bool ok = measure_many(cx, d, d->p, TH_PDF, N, x, f);
  for (size_t j = 0; ok && j < N; j++) {
    double weight = f[j] > 0 ? g(x[j], f[j], n) : 0;
    out->error += step * v->pdf_error *
                  (fabs(weight) + (f[j] > 0 && n == 0)); /* d(f log f) = (log f + 1) df */
    f[j] *= step * weight;
  }
  if (ok) out->value = th_kernel_sum(N, f);
  th_free(cx, x, N * 2 * sizeof *x);
  return ok;
}

static double surprise(double x, double density, int n) {
  (void)x, (void)n;
  return -log(density);
}

static double power(double x, double density, int n) {
  (void)density;
  return pow(x, n);
}

static bool by_trapezium(const ThDistribution *d) {
  return held_of(d)->inversion.kind == TH_INVERSION_TRAPEZIUM;
}

static void moment_of_cumulants(const ThFinding *found, int n, ThFinding *out) {
  double cumulants[5] = {0}, errors[5] = {0}, moments[5];
  *out = found[n];
  for (int k = 1; k <= n; k++) {
    cumulants[k] = found[k].value, errors[k] = found[k].error;
    if (found[k].method) out->method = found[k].method;
  }
  th_moments_of_cumulants(cumulants, n, moments);
  out->value = moments[n];
  out->error = th_moment_error(cumulants, moments, n, errors);
}

/* Of heavy tails the density is below its error too soon for an integral: what lies beyond is of the order of the
 * integrand's size there. */
static bool find_moment(ThContext *cx, const ThDistribution *d, const double *p, int n, ThFinding *out) {
  const ThInversion *v = &held_of(d)->inversion;
  (void)p;
  if (by_trapezium(d)) return over_window(cx, d, power, n, out);
  if (n <= 4 && isfinite(held_of(d)->cumulants[n].value)) {
    moment_of_cumulants(held_of(d)->cumulants, n, out);
    return true;
  }
  *out = (ThFinding){.method = "quadrature"};
  if (!th_numeric_moment(cx, d, 0, n, &out->value, &out->error)) return false;
  if (isinf(out->error)) out->method = NULL; /* it diverges */
  for (int upper = 0; upper < 2; upper++) {
    double edge;
    if (!measure(cx, d, p, upper ? TH_UPPER_QUANTILE : TH_QUANTILE, 4 * v->cdf_error, &edge)) return false;
    out->error += 10 * v->cdf_error * pow(fabs(edge), n);
  }
  return true;
}

static bool find(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, ThFinding *out) {
  const ThFinding *cumulants = held_of(d)->cumulants;
  (void)p;
  switch (what) {
    case TH_MEAN: *out = cumulants[1]; return true;
    case TH_VARIANCE: *out = cumulants[2]; return true;
    case TH_SD:
      *out = cumulants[2];
      th_finding_root(out);
      return true;
    case TH_SKEWNESS:
    case TH_KURTOSIS: {
      int n = what == TH_SKEWNESS ? 3 : 4;
      *out = cumulants[n];
      th_cumulants_standardise(&cumulants[2], n, out);
      return true;
    }
    case TH_ENTROPY:
      if (by_trapezium(d)) return over_window(cx, d, surprise, 0, out);
      return th_numeric_find(cx, d, 0, what, out);
    default: return th_numeric_find(cx, d, 0, what, out);
  }
}

static bool cf(ThContext *cx, const ThDistribution *d, const double *p, double k, double complex *out) {
  Source s = {.cx = cx, .f = d->parameters[0], .one_by_one = true};
  (void)p;
  if (k != 0) return phi(&s, 1, &k, out);
  *out = 1;
  return true;
}

static bool find_log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out,
                         double *relative) {
  (void)p;
  return th_numeric_log_mgf(cx, d, 0, t, out, relative);
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  (void)d, (void)p;
  *lower = -TH_INFINITY;
  *upper = TH_INFINITY;
}

static bool discrete(const ThDistribution *d) { return (void)d, false; }

/* --- Draws: the distribution function on a grid, turned round by a cubic between its points */

typedef struct Table {
  size_t n;
  double *x, *cdf, *pdf;
} Table;

/* Points of the trapezium's window, even; of heavy tails, even in asinh. */
static void place_points(const ThInversion *v, Table *t) {
  for (size_t j = 0; j < t->n; j++) {
    double share = 2 * ((double)j / (double)(t->n - 1)) - 1;
    t->x[j] = v->center +
              (v->kind == TH_INVERSION_TRAPEZIUM ? v->reach * share : v->scale * sinh(30 * share));
  }
}

static bool make_table(ThContext *cx, const ThDistribution *d, Table *t) {
  const ThInversion *v = &held_of(d)->inversion;
  t->n = v->kind == TH_INVERSION_TRAPEZIUM ? 8192 : 2048;
  t->x = th_alloc_array(cx, t->n, 3 * sizeof *t->x);
  if (!t->x) return false;
  t->cdf = t->x + t->n;
  t->pdf = t->cdf + t->n;
  place_points(v, t);
  bool ok = measure_many(cx, d, d->p, TH_CDF, t->n, t->x, t->cdf) &&
            measure_many(cx, d, d->p, TH_PDF, t->n, t->x, t->pdf);
  for (size_t j = 1; ok && j < t->n; j++) t->cdf[j] = fmax(t->cdf[j], t->cdf[j - 1]);
  if (!ok) th_free(cx, t->x, t->n * 3 * sizeof *t->x);
  return ok;
}

/* x with F(x) = u between points j and j + 1: Newton's steps in Hermite's cubic, kept inside. */
static double turn_round(const Table *t, size_t j, double u) {
  double width = t->x[j + 1] - t->x[j], rise = t->cdf[j + 1] - t->cdf[j];
  double target = rise > 0 ? (u - t->cdf[j]) / rise : 0.5, low = 0, high = 1, s = target;
  double a = rise > 0 ? t->pdf[j] * width / rise : 1, b = rise > 0 ? t->pdf[j + 1] * width / rise : 1;
  bool steep = a * a + b * b > 9; /* the cubic would not be monotone (Fritsch and Carlson 1980) */
  for (int step = 0; !steep && step < 30; step++) {
    double c = 3 - 2 * a - b, e = a + b - 2;
    double value = s * (a + s * (c + s * e)) - target, slope = a + s * (2 * c + 3 * s * e);
    if (value > 0) high = s;
    else low = s;
    double next = slope > 0 ? s - value / slope : 0.5 * (low + high);
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (fabs(next - s) < 1e-15) break;
    s = next;
  }
  return t->x[j] + width * s;
}

static double draw(const Table *t, ThRandom *r) {
  double u = th_random_uniform(r);
  size_t low = 0, high = t->n - 1;
  while (high - low > 1) {
    size_t middle = low + (high - low) / 2;
    if (t->cdf[middle] <= u) low = middle;
    else high = middle;
  }
  return turn_round(t, low, u);
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  enum { FEW = 16 };
  Table t;
  for (size_t j = 0; n < FEW && j < n; j++)
    if (!measure(cx, d, p, TH_QUANTILE, th_random_uniform(r), &x[j])) return false;
  if (n < FEW) return true;
  if (!make_table(cx, d, &t)) return false;
  for (size_t j = 0; j < n; j++) x[j] = draw(&t, r);
  th_free(cx, t.x, t.n * 3 * sizeof *t.x);
  return true;
}

/* --- Making one */

static bool fail_inversion(ThContext *cx, Source *s, ThInversionFault fault, double at) {
  double complex z;
  if (fault == TH_INVERSION_NOT_A_NUMBER)
    return th_fail_argument(cx, 1, TH_ERROR_VALUE, "φ is not a number near k = %.3g", at);
  if (!phi(s, 1, &at, &z)) return false;
  th_fail_argument(cx, 1, TH_ERROR_VALUE, "φ does not fall off: |φ(%.3g)| is %.3g", at, cabs(z));
  return th_hint(cx,
                 "a distribution with atoms beside a density cannot be inverted: take the atoms out first");
}

/* A φ of modulus below 1 may still belong to nothing: then its density is negative somewhere. */
static bool check_density(ThContext *cx, const ThInversion *v) {
  enum { N = 257 };
  double x[N], y[N], peak = 0;
  int least = 0;
  for (int j = 0; j < N; j++) x[j] = v->center + v->scale * 12 * (j - N / 2) / (N / 2);
  if (!th_inversion_pdf(cx, v, N, x, y)) return false;
  for (int j = 0; j < N; j++) {
    peak = fmax(peak, fabs(y[j]));
    if (y[j] < y[least]) least = j;
  }
  if (y[least] >= -fmax(1e-9 * peak, 20 * v->pdf_error)) return true;
  th_fail_argument(
      cx, 1, TH_ERROR_VALUE,
      "no distribution has this characteristic function: its density is negative, %.3g at x = %.4g", y[least],
      x[least]);
  return th_hint(cx,
                 "φ(0) = 1 and |φ| <= 1 do not suffice: the transform of φ must not be negative (Bochner)");
}

static bool cumulants_of(ThContext *cx, Source *s, Held *held) {
  double values[5], errors[5];
  for (int n = 1; th_is_cf(s->f) && n < 5; n++)
    if (!th_cf_cumulant(cx, s->f, n, &held->cumulants[n])) return false;
  if (th_is_cf(s->f)) return true;
  if (!th_inversion_cumulants(cx, phi, s, &held->inversion, values, errors)) return false;
  for (int n = 1; n < 5; n++) {
    bool known = isfinite(values[n]);
    held->cumulants[n] = (ThFinding){values[n], known ? errors[n] : 0, known ? "derivative at 0" : NULL, ""};
  }
  return true;
}

/* What the echo and how(d) say. */
static bool sign(ThContext *cx, ThValue d, const ThInversion *v) {
  char method[160], detail[400];
  if (v->kind == TH_INVERSION_LATTICE) {
    snprintf(method, sizeof method, "from_cf: lattice of step %.6g, error %.0e", v->span, v->pdf_error);
    snprintf(detail, sizeof detail,
             "|φ| is periodic: the values lie on a lattice of step %.6g\n"
             "masses by an inverse discrete Fourier transform of %zu values of φ\nerror of a mass: %.0e",
             v->span, v->n, v->pdf_error);
  } else {
    bool trapezium = v->kind == TH_INVERSION_TRAPEZIUM;
    snprintf(method, sizeof method, "from_cf: %s, %zu %s, error %.0e",
             trapezium ? "trapezium" : "Filon-Legendre", trapezium ? v->n : v->density.n,
             trapezium ? "nodes" : "pieces", v->cdf_error);
    snprintf(detail, sizeof detail,
             "density: Fourier integral of φ; distribution function: Gil-Pelaez; up to |k| = %.3g\n"
             "%s\nerror of the density: %.0e; of the distribution function: %.0e",
             v->cutoff,
             trapezium
                 ? "trapezium rule: the tails fall to nothing within its window (Poisson's summation formula)"
                 : "pieces of Legendre polynomials times Bessel functions: for heavy tails, jumps and poles",
             v->pdf_error, v->cdf_error);
  }
  return th_distribution_sign(cx, d, method, detail);
}

static bool make_discrete(ThContext *cx, const ThInversion *v, ThValue *out) {
  double *x = th_alloc_array(cx, v->n, 2 * sizeof *x), *masses = x + v->n;
  size_t n = 0;
  if (!x) return false;
  for (size_t j = 0; j < v->n; j++) {
    if (v->masses[j] < -1e-9) {
      th_fail(cx, TH_ERROR_VALUE,
              "no distribution has this characteristic function: the probability of %.6g is %.3g",
              v->first + (double)j * v->span, v->masses[j]);
      th_free(cx, x, v->n * 2 * sizeof *x);
      return false;
    }
    if (!(v->masses[j] > 4 * v->pdf_error)) continue;
    double value = v->first + (double)j * v->span, whole = round(value);
    x[n] = fabs(value - whole) < 1e-9 * fmax(1, fabs(whole)) ? whole : value;
    masses[n++] = v->masses[j];
  }
  bool ok = th_distribution_discrete(cx, x, masses, n, out);
  th_free(cx, x, v->n * 2 * sizeof *x);
  return ok && (sign(cx, *out, v) || (th_release(*out), false));
}

/* Reads φ, and holds what was prepared. */
static bool build(ThContext *cx, ThDistribution *d) {
  Source s = {.cx = cx, .f = d->parameters[0]};
  ThInversionFault fault;
  double at;
  Held *held = check(&s) ? th_object_new(cx, &held_kind, sizeof *held) : NULL;
  if (!held) return false;
  d->held = th_object(held);
  ThInversion *v = &held->inversion;
  if (!th_inversion_init(cx, phi, &s, v, &fault, &at)) return false;
  if (fault != TH_INVERSION_FINE) return fail_inversion(cx, &s, fault, at);
  if (v->kind >= TH_INVERSION_TRAPEZIUM && (!check_density(cx, v) || !cumulants_of(cx, &s, held)))
    return false;
  return th_distribution_room(cx, d, 1, 1);
}

static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  th_text_add(out, "from_cf(");
  if (!th_format(cx, d->parameters[0], style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style, out)) return false;
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

static double error_of(const ThDistribution *d, const double *p, ThMeasure what, double x,
                       const char **method) {
  const ThInversion *v = &held_of(d)->inversion;
  (void)p, (void)x;
  *method = what == TH_PDF ? "Fourier integral" : "Gil-Pelaez";
  return what == TH_PDF ? v->pdf_error : v->cdf_error;
}

static const ThLaw law = {.measure = measure,
                          .cf = cf,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete,
                          .measure_many = measure_many,
                          .find = find,
                          .find_log_mgf = find_log_mgf,
                          .find_moment = find_moment,
                          .error = error_of};

const ThFamily th_family_from_cf = {
    .builtin = {{.signature = "from_cf(φ = …) -> distribution"}, {0}},
    .name = "from_cf",
    .n_parameters = 1,
    .parameters = {{"φ", TH_DOMAIN_ANY, false, 0}},
    .law = &law,
    .build = build,
    .format = format,
};

bool th_from_cf(ThContext *cx, ThValue f, ThValue *out) {
  ThValue d, simpler = th_none();
  if (!th_distribution_new(cx, &th_family_from_cf, &f, &d)) return false;
  const ThInversion *v = &held_of(th_as_distribution(d))->inversion;
  bool ok = true;
  if (v->kind == TH_INVERSION_POINT) ok = th_distribution_of(cx, &th_family_point, &v->center, &simpler);
  else if (v->kind == TH_INVERSION_LATTICE) ok = make_discrete(cx, v, &simpler);
  else ok = sign(cx, d, v);
  if (ok && th_is_none(simpler)) *out = th_retain(d);
  else *out = simpler;
  th_release(d);
  return ok;
}
