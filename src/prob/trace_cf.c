/* trace_cf.c - characteristic functions as nodes */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Families with a formula in elementary functions are differentiated by it, in k and in their parameters. Of others,
 * and of data, the n-th derivative by k is E((iX)^n e^(ikX)): a moment at k = 0, elsewhere a quadrature or a sum. */
#include "prob/trace_cf.h"

#include <math.h>

#include "num/real.h"
#include "prob/cf.h"
#include "prob/moments.h"
#include "prob/numeric.h"
#include "prob/trace_short.h"
#include "prob/traced_distribution.h"

/* --- Formulas */

static ThNodeId imaginary(ThGraph *g, ThNodeId x) {
  ThComplex i = {.object = {.kind = &th_complex_kind, .references = 1}, .value = TH_I};
  return MUL(th_graph_constant(g, th_object(&i)), x);
}

#define FORMULA(name) static ThNodeId name(ThGraph *g, ThNodeId k, const ThNodeId *p)

FORMULA(normal) { return EXP(SUB(imaginary(g, MUL(k, p[0])), SCALE(0.5, SQUARE(MUL(k, p[1]))))); }
FORMULA(cauchy) { return EXP(SUB(imaginary(g, MUL(k, p[0])), MUL(ABS(k), p[1]))); }
FORMULA(laplace) { return DIV(EXP(imaginary(g, MUL(k, p[0]))), SHIFT(SQUARE(MUL(k, p[1])), 1)); }
/* (1 - ik/rate)^-shape */
static ThNodeId gamma_power(ThGraph *g, ThNodeId k, ThNodeId shape, ThNodeId rate) {
  return EXP(NEG(MUL(shape, LOG(ONE_MINUS(imaginary(g, DIV(k, rate)))))));
}
FORMULA(exponential) { return th_power_to(g, ONE_MINUS(imaginary(g, DIV(k, p[0]))), -1); }
FORMULA(gamma_cf) { return gamma_power(g, k, p[0], p[1]); }
FORMULA(chi2) { return gamma_power(g, k, SCALE(0.5, p[0]), NUMBER(0.5)); }
/* e^(ik) - 1 */
static ThNodeId turn(ThGraph *g, ThNodeId k) { return EXPM1(imaginary(g, k)); }
FORMULA(poisson) { return EXP(MUL(p[0], turn(g, k))); }
FORMULA(bernoulli) { return SHIFT(MUL(p[0], turn(g, k)), 1); }
FORMULA(binomial) { return EXP(MUL(p[0], LOG(SHIFT(MUL(p[1], turn(g, k)), 1)))); }
/* p e^(ik start)/(1 - (1 - p) e^(ik)) */
FORMULA(geometric) {
  ThNodeId rest = ONE_MINUS(MUL(ONE_MINUS(p[0]), EXP(imaginary(g, k))));
  return DIV(MUL(p[0], EXP(imaginary(g, MUL(k, p[1])))), rest);
}
FORMULA(negative_binomial) {
  ThNodeId rest = ONE_MINUS(MUL(ONE_MINUS(p[1]), EXP(imaginary(g, k))));
  ThNodeId power = EXP(MUL(p[0], SUB(LOG(p[1]), LOG(rest))));
  return MUL(power, EXP(imaginary(g, MUL(k, MUL(p[2], p[0])))));
}

typedef struct Row {
  const ThFamily *family;
  ThNodeId (*formula)(ThGraph *g, ThNodeId k, const ThNodeId *p);
} Row;

static const Row rows[] = {
    {&th_family_normal, normal},
    {&th_family_cauchy, cauchy},
    {&th_family_laplace, laplace},
    {&th_family_exponential, exponential},
    {&th_family_gamma, gamma_cf},
    {&th_family_chi2, chi2},
    {&th_family_poisson, poisson},
    {&th_family_bernoulli, bernoulli},
    {&th_family_binomial, binomial},
    {&th_family_geometric, geometric},
    {&th_family_negative_binomial, negative_binomial},
};

/* --- The operation: attribute: whose, and which derivative by k */

typedef struct Attribute {
  const ThCf *cf; /* of a distribution or of data; the graph keeps it */
  size_t order;
} Attribute;

typedef struct Wave {
  double k;
  size_t order;
} Wave;

/* x^n e^(ikx) */
static bool wave_at(void *self, double x, double *y) {
  const Wave *w = self;
  double size = pow(x, (double)w->order);
  y[0] = size * cos(w->k * x);
  y[1] = size * sin(w->k * x);
  return true;
}

/* i^n z */
static double complex turned(double complex z, size_t n) {
  for (size_t i = 0; i < n % 4; i++) z = th_complex_of(-cimag(z), creal(z));
  return z;
}

static bool fail_missing(ThContext *cx, const ThDistribution *d, size_t n, double k) {
  if (k == 0) {
    th_fail(cx, TH_ERROR_VALUE, "this characteristic function has no derivative of order %zu at 0", n);
    return th_hint(cx, "that would be i^n E X^n, and %s has no finite moment of order %zu", d->family->name,
                   n);
  }
  return th_fail(cx, TH_ERROR_NUMERIC, "the derivative of order %zu at k = %.6g could not be found", n, k);
}

static bool of_distribution(ThContext *cx, const ThDistribution *d, Wave w, double complex *out) {
  const double most = 1e-9; /* of the size of the integrand */
  ThQuadratureResult result;
  double moment;
  if (w.k == 0) {
    if (!th_distribution_moment(cx, d, 0, (int)w.order, &moment)) return false;
    *out = turned(moment, w.order);
    return isfinite(moment) || fail_missing(cx, d, w.order, 0);
  }
  if (!th_numeric_expect(cx, d, 0, wave_at, &w, 2, &result)) return false;
  *out = turned(th_complex_of(result.value[0], result.value[1]), w.order);
  return (result.converged && result.error <= most * result.magnitude) || fail_missing(cx, d, w.order, w.k);
}

static bool of_data(ThContext *cx, const ThArray *x, Wave w, double complex *out) {
  double sum[2] = {0}, y[2], n = (double)x->length;
  for (size_t i = 0; i < x->length; i++) {
    if (!th_poll_at(cx, i) || !wave_at(&w, x->real[i], y)) return false;
    sum[0] += y[0];
    sum[1] += y[1];
  }
  *out = turned(th_complex_of(sum[0] / n, sum[1] / n), w.order);
  return true;
}

static bool evaluate(ThContext *cx, const ThEvaluation *e) {
  const Attribute *a = e->attribute;
  for (size_t i = 0; i < e->output.length; i++) {
    Wave w = {e->inputs[0].data[i], a->order};
    double complex z;
    bool ok = a->order == 0                  ? th_cf_at(cx, th_object((void *)(uintptr_t)a->cf), w.k, &z)
              : a->cf->part == TH_CF_OF_DATA ? of_data(cx, th_as_array(a->cf->left), w, &z)
                                             : of_distribution(cx, th_as_distribution(a->cf->left), w, &z);
    if (!ok) return false;
    e->output.data[2 * i] = creal(z);
    e->output.data[2 * i + 1] = cimag(z);
  }
  return true;
}

static bool shape(ThShaping *s) {
  s->rank = s->inputs[0].rank;
  for (uint32_t i = 0; i < s->rank; i++) s->shape[i] = s->inputs[0].shape[i];
  s->element = TH_COMPLEX;
  return s->inputs[0].element != TH_COMPLEX;
}

static const ThOperation op_transform;

static ThNodeId transform(ThGraph *g, const ThCf *cf, size_t order, ThNodeId k) {
  Attribute attribute = {cf, order};
  if (order > TH_MAX_MOMENT && !g->failed) {
    th_fail(g->cx, TH_ERROR_LIMIT, "a characteristic function is differentiated at most %d times",
            TH_MAX_MOMENT);
    g->failed = true;
  }
  return g->failed ? 0 : th_graph_apply(g, &op_transform, &k, 1, &attribute, sizeof attribute);
}

static ThNodeId next_derivative(ThGraph *g, ThNodeId node) {
  Attribute a = *(const Attribute *)th_node(g, node)->attribute;
  return transform(g, a.cf, a.order + 1, th_node_input(g, node, 0));
}
static ThNodeId pullback(ThGraph *g, ThNodeId node, ThNodeId cotangent, size_t k) {
  (void)k;
  return MUL(cotangent, th_graph_unary(g, &th_op_conj, next_derivative(g, node)));
}
static ThNodeId pushforward(ThGraph *g, ThNodeId node, const ThNodeId *tangents) {
  return MUL(tangents[0], next_derivative(g, node));
}
static const ThOperation op_transform = {
    .name = "cf", .shape = shape, .evaluate = evaluate, .pullback = pullback, .pushforward = pushforward};

/* --- Any characteristic function */

static ThNodeId refuse(ThGraph *g, const char *what) {
  if (!g->failed)
    th_fail(g->cx, TH_ERROR_TYPE, "there is no rule for the derivative of the characteristic function of %s",
            what);
  g->failed = true;
  return 0;
}

/* Without a mean there is no derivative at 0, though the formula would give one. */
static bool may_differentiate(ThContext *cx, const ThTracedLaw *law, ThNodeId k) {
  double mean;
  if (!th_graph_evaluate(law->g, &k, 1)) return false;
  ThTensor t = th_node_tensor(law->g, k);
  for (size_t i = 0; i < t.length; i++) {
    if (t.data[i] != 0) continue;
    if (!th_distribution_summary(cx, law->plain, 0, TH_MEAN, &mean)) return false;
    return isfinite(mean) || fail_missing(cx, law->plain, 1, 0);
  }
  return true;
}

static ThNodeId of_formula(ThContext *cx, const ThTracedLaw *law, const Row *row, ThNodeId k) {
  ThNodeId p[TH_MAX_PARAMETERS];
  for (int j = 0; j < law->family->n_parameters; j++) p[j] = th_traced_parameter(law, j);
  if (law->g->failed || !may_differentiate(cx, law, k)) return law->g->failed = true, 0;
  return row->formula(law->g, k, p);
}

static ThNodeId of_mixture(ThContext *cx, const ThTracedLaw *law, ThNodeId k) {
  ThGraph *g = law->g;
  const ThList *parts = th_as_list(law->parameters[1]);
  ThNodeId weights = th_traced_parameter(law, 0), sum = TH_ZERO;
  weights = DIV(weights, th_sum_all(g, weights));
  for (size_t i = 0; i < parts->length && !g->failed; i++) {
    ThNodeId weight = th_reshape(g, th_part(g, weights, i, 1), 0, NULL);
    sum = ADD(sum, MUL(weight, th_trace_cf_of(cx, g, parts->items[i], k)));
  }
  return sum;
}

ThNodeId th_trace_cf_of(ThContext *cx, ThGraph *g, ThValue d, ThNodeId k) {
  ThTracedLaw law;
  ThValue cf;
  if (g->failed || !th_traced_law(cx, g, d, &law)) return g->failed = true, 0;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    if (rows[i].family == law.family) return of_formula(cx, &law, &rows[i], k);
  if (law.family == &th_family_mixture) return of_mixture(cx, &law, k);
  if (law.family == &th_family_affine) {
    ThNodeId scaled = MUL(k, th_traced_parameter(&law, 1)), shifted = MUL(k, th_traced_parameter(&law, 2));
    return MUL(EXP(imaginary(g, shifted)), th_trace_cf_of(cx, g, law.parameters[0], scaled));
  }
  if (law.is_traced || law.plain->rank > 0 || law.family->event) return refuse(g, law.family->name);
  if (!th_cf_new(cx, TH_CF_OF_DISTRIBUTION, d, th_none(), &cf)) return g->failed = true, 0;
  th_graph_keep(g, cf);
  th_release(cf);
  return transform(g, th_as_cf(cf), 0, k);
}

static ThNodeId node_of(ThContext *cx, ThGraph *g, ThValue self, ThNodeId k) {
  const ThCf *cf = th_as_cf(self);
  if (g->failed) return 0;
  switch (cf->part) {
    case TH_CF_OF_DISTRIBUTION: return th_trace_cf_of(cx, g, cf->left, k);
    case TH_CF_OF_DATA: th_graph_keep(g, self); return transform(g, cf, 0, k);
    case TH_CF_OF_VARIABLE: return refuse(g, "this random variable");
    case TH_CF_PRODUCT: return MUL(node_of(cx, g, cf->left, k), node_of(cx, g, cf->right, k));
    case TH_CF_CONJUGATE: return th_graph_unary(g, &th_op_conj, node_of(cx, g, cf->left, k));
    case TH_CF_POWER: break;
  }
  double exponent = th_as_scalar(cf->right);
  if (floor(exponent) != exponent) return refuse(g, "a power that is not whole");
  return th_power_to(g, node_of(cx, g, cf->left, k), exponent);
}

bool th_trace_cf(ThContext *cx, ThValue cf, ThValue k, ThValue *out) {
  ThGraph *g = th_as_traced(k)->graph;
  ThValue plain, value, decayed;
  if (!th_traced_value(cx, k, &plain)) return false;
  bool ok = th_call_values(cx, cf, &plain, 1, &value);
  th_release(plain);
  if (!ok) return false;
  ok = th_decay(cx, value, &decayed);
  th_release(value);
  if (!ok) return false;
  ThNodeId node = node_of(cx, g, cf, th_as_traced(k)->node);
  if (!g->failed) th_graph_give_value(g, node, decayed);
  th_release(decayed);
  return th_traced_new(cx, g, node, out);
}
