/* trace_composite.c - measures of distributions as nodes: of families, and of what is made of others */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "lang/builtin.h"
#include "num/real.h"
#include "prob/density.h"
#include "prob/trace_event.h"
#include "prob/trace_measure.h"
#include "prob/trace_short.h"
#include "prob/trace_table.h"
#include "prob/traced_distribution.h"
#include "val/derivative.h"

/* How a measure of one kind is asked for. */
typedef struct Question {
  ThContext *cx;
  ThGraph *g;
  ThMeasure what;
  ThNodeId x;
} Question;

static ThNodeId ask(const Question *q, ThValue d, ThMeasure what, ThNodeId x) {
  return q->g->failed ? 0 : th_trace_measure_of(q->cx, q->g, d, what, x);
}

static const char *const names[] = {
    [TH_PDF] = "pdf",           [TH_LOGPDF] = "logpdf",          [TH_CDF] = "cdf",
    [TH_CCDF] = "ccdf",         [TH_LOGCDF] = "logcdf",          [TH_LOGCCDF] = "logccdf",
    [TH_QUANTILE] = "quantile", [TH_UPPER_QUANTILE] = "quantile"};

static ThNodeId refuse(const Question *q, const ThTracedLaw *law) {
  if (!q->g->failed)
    th_fail(q->cx, TH_ERROR_TYPE, "there is no rule for the derivative of `%s` of %s", names[q->what],
            law->family->name);
  q->g->failed = true;
  return 0;
}

/* Of a distribution and points that hang on nothing: the plain value. */
static ThNodeId known(const Question *q, ThValue d) {
  ThValue both[2] = {d, th_none()}, value;
  ThGraph *g = q->g;
  bool ok = th_graph_value(g, q->x, &both[1]);
  if (!ok) return g->failed = true, 0;
  ok = th_builtin_call(q->cx, names[q->what], both, 2, &value);
  th_release(both[1]);
  if (!ok) return g->failed = true, 0;
  ThNodeId node = th_graph_constant(g, value);
  th_release(value);
  return node;
}

static bool is_density(ThMeasure what) { return what == TH_PDF || what == TH_LOGPDF; }
static bool is_quantile(ThMeasure what) { return what == TH_QUANTILE || what == TH_UPPER_QUANTILE; }
/* P(X > x) for P(X <= x), and so on. */
static ThMeasure other_tail(ThMeasure what) {
  static const ThMeasure others[] = {[TH_CDF] = TH_CCDF,
                                     [TH_CCDF] = TH_CDF,
                                     [TH_LOGCDF] = TH_LOGCCDF,
                                     [TH_LOGCCDF] = TH_LOGCDF,
                                     [TH_QUANTILE] = TH_UPPER_QUANTILE,
                                     [TH_UPPER_QUANTILE] = TH_QUANTILE};
  return others[what];
}

/* Where it is answered by logarithms. */
static ThNodeId in_scale(const Question *q, ThMeasure log_what, ThNodeId logarithm) {
  ThGraph *g = q->g;
  return q->what == log_what ? logarithm : EXP(logarithm);
}

/* --- scale X + shift */

enum { INNER, FACTOR, OFFSET, LOWER = FACTOR, UPPER = OFFSET };

/* Is the scale positive? What follows hangs on it. */
static bool is_rising(ThGraph *g, ThNodeId scale) {
  ThNodeId positive = LESS(NUMBER(0), scale);
  ThValue v;
  if (g->failed || th_node(g, positive)->rank > 0) {
    g->is_bound = true;
    return !g->failed;
  }
  if (!th_graph_value(g, positive, &v)) {
    g->failed = true;
    return true;
  }
  if (!th_graph_guard(g, positive)) g->failed = true;
  return th_as_scalar(v) != 0;
}

static ThNodeId affine(const Question *q, const ThTracedLaw *law) {
  ThGraph *g = q->g;
  ThValue inner = law->parameters[INNER];
  ThNodeId scale = th_traced_parameter(law, FACTOR), shift = th_traced_parameter(law, OFFSET);
  bool discrete = th_distribution_is_discrete(law->plain);
  if (is_quantile(q->what)) {
    ThMeasure what = is_rising(g, scale) ? q->what : other_tail(q->what);
    return ADD(MUL(scale, ask(q, inner, what, q->x)), shift);
  }
  ThNodeId y = DIV(SUB(q->x, shift), scale);
  if (discrete) y = th_graph_unary(g, &th_op_round, y); /* the values are whole numbers */
  if (is_density(q->what)) {
    ThNodeId density = ask(q, inner, TH_LOGPDF, y);
    return in_scale(q, TH_LOGPDF, discrete ? density : SUB(density, LOG(ABS(scale))));
  }
  if (is_rising(g, scale)) return ask(q, inner, q->what, y);
  return discrete ? refuse(q, law) : ask(q, inner, other_tail(q->what), y);
}

/* --- Mixtures: weights of any sum */

static ThNodeId weight(ThGraph *g, ThNodeId weights, size_t k) {
  return th_reshape(g, th_part(g, weights, k, 1), 0, NULL);
}

/* From logarithms, the largest taken out. */
static ThNodeId mixture_log(const Question *q, ThNodeId weights, const ThList *parts, ThMeasure what) {
  ThGraph *g = q->g;
  ThNodeId sum = TH_ZERO;
  for (size_t k = 0; k < parts->length; k++) {
    ThNodeId term = ADD(LOG(weight(g, weights, k)), ask(q, parts->items[k], what, q->x));
    sum = sum == TH_ZERO ? term : th_trace_log_add(g, sum, term);
  }
  return sum;
}

/* x with F(x) = p from the quantile x0 at the point, two steps of Newton's: exact to derivatives of the third order. */
static ThNodeId by_newton(const Question *q, const ThTracedLaw *law, ThValue d) {
  ThGraph *g = q->g;
  ThValue p;
  double x0;
  ThMeasure tail = q->what == TH_QUANTILE ? TH_CDF : TH_CCDF;
  if (g->failed || law->plain->rank > 0 || th_node(g, q->x)->rank > 0) return refuse(q, law);
  if (!th_graph_value(g, q->x, &p) ||
      !th_distribution_measure(q->cx, law->plain, 0, q->what, th_as_scalar(p), &x0)) {
    g->failed = true;
    return 0;
  }
  g->is_bound = true;
  ThNodeId x = NUMBER(x0);
  for (int step = 0; step < 2; step++) {
    ThNodeId off = SUB(ask(q, d, tail, x), q->x), density = ask(q, d, TH_PDF, x);
    x = tail == TH_CDF ? SUB(x, DIV(off, density)) : ADD(x, DIV(off, density));
  }
  return x;
}

static ThNodeId mixture(const Question *q, const ThTracedLaw *law, ThValue d) {
  ThGraph *g = q->g;
  const ThList *parts = th_as_list(law->parameters[1]);
  if (is_quantile(q->what)) return by_newton(q, law, d);
  ThNodeId weights = th_traced_parameter(law, 0);
  weights = DIV(weights, th_sum_all(g, weights));
  if (is_density(q->what)) {
    if (th_distribution_has_steps(law->plain) && !th_distribution_is_discrete(law->plain))
      return refuse(q, law);
    return in_scale(q, TH_LOGPDF, mixture_log(q, weights, parts, TH_LOGPDF));
  }
  bool upper = q->what == TH_CCDF || q->what == TH_LOGCCDF;
  return in_scale(q, upper ? TH_LOGCCDF : TH_LOGCDF,
                  mixture_log(q, weights, parts, upper ? TH_LOGCCDF : TH_LOGCDF));
}

/* --- Truncated: the inner one between bounds, which belong to it */

static bool is_finite_bound(const ThTracedLaw *law, int j) {
  return !th_is_number(law->parameters[j]) || isfinite(th_as_number(law->parameters[j]));
}

/* The lower bound, or for whole numbers the largest one below it. */
static ThNodeId below(ThGraph *g, ThNodeId lower, bool discrete) {
  return discrete ? SHIFT(th_graph_unary(g, &th_op_ceil, lower), -1) : lower;
}

/* log(e^a - e^b) */
static ThNodeId log_difference(ThGraph *g, ThNodeId a, ThNodeId b) {
  return ADD(a, LOG1P(NEG(EXP(SUB(b, a)))));
}

typedef struct Bounds {
  ThValue inner;
  bool has_lower, has_upper, discrete;
  bool by_upper; /* the range lies in the upper tail, so that its probability is told by ccdf */
  ThNodeId lower, upper, beneath;
} Bounds;

static bool bounds_of(const Question *q, const ThTracedLaw *law, Bounds *b) {
  double before = 0;
  ThValue inner_plain;
  *b = (Bounds){.inner = law->parameters[INNER],
                .has_lower = is_finite_bound(law, LOWER),
                .has_upper = is_finite_bound(law, UPPER),
                .discrete = th_distribution_is_discrete(law->plain)};
  b->lower = th_traced_parameter(law, LOWER);
  b->upper = th_traced_parameter(law, UPPER);
  b->beneath = below(q->g, b->lower, b->discrete);
  if (q->g->failed || !th_traced_value(q->cx, b->inner, &inner_plain)) return false;
  bool ok = th_distribution_measure(q->cx, th_as_distribution(inner_plain), 0, TH_CDF, law->plain->p[LOWER],
                                    &before);
  th_release(inner_plain);
  b->by_upper = b->has_lower && before > 0.5;
  return ok;
}

/* log P(lower <= X <= upper) */
static ThNodeId log_range(const Question *q, const Bounds *b, ThNodeId beneath, bool has_beneath,
                          ThNodeId upper, bool has_upper) {
  ThGraph *g = q->g;
  if (!has_beneath && !has_upper) return NUMBER(0);
  if (!has_beneath) return ask(q, b->inner, TH_LOGCDF, upper);
  if (!has_upper) return ask(q, b->inner, TH_LOGCCDF, beneath);
  ThMeasure tail = b->by_upper ? TH_LOGCCDF : TH_LOGCDF;
  ThNodeId at_lower = ask(q, b->inner, tail, beneath), at_upper = ask(q, b->inner, tail, upper);
  return b->by_upper ? log_difference(g, at_lower, at_upper) : log_difference(g, at_upper, at_lower);
}

/* y where x lies within the bounds, else `elsewhere`. */
static ThNodeId within(ThGraph *g, const Bounds *b, ThNodeId x, ThNodeId y, double elsewhere) {
  ThNodeId inside = TH_ZERO;
  if (b->has_lower) inside = th_graph_binary(g, &th_op_greater_equal, x, b->lower);
  if (b->has_upper) {
    ThNodeId up_to = th_graph_binary(g, &th_op_less_equal, x, b->upper);
    inside = inside == TH_ZERO ? up_to : th_graph_binary(g, &th_op_and, inside, up_to);
  }
  return inside == TH_ZERO ? y : th_choose(g, inside, y, NUMBER(elsewhere));
}

/* Q(F(lower) + p (F(upper) - F(lower))) of the inner one; from above alike. */
static ThNodeId truncated_quantile(const Question *q, const Bounds *b) {
  ThGraph *g = q->g;
  bool upper = q->what == TH_UPPER_QUANTILE;
  ThNodeId mass = EXP(log_range(q, b, b->beneath, b->has_lower, b->upper, b->has_upper));
  ThNodeId prob = MUL(q->x, mass);
  if (upper && b->has_upper) prob = ADD(prob, ask(q, b->inner, TH_CCDF, b->upper));
  if (!upper && b->has_lower) prob = ADD(prob, ask(q, b->inner, TH_CDF, b->beneath));
  return ask(q, b->inner, q->what, prob);
}

static ThNodeId truncated(const Question *q, const ThTracedLaw *law) {
  ThGraph *g = q->g;
  Bounds b;
  if (!bounds_of(q, law, &b)) return g->failed = true, 0;
  if (is_quantile(q->what)) return truncated_quantile(q, &b);
  ThNodeId mass = log_range(q, &b, b.beneath, b.has_lower, b.upper, b.has_upper);
  if (is_density(q->what)) {
    ThNodeId density = SUB(ask(q, b.inner, TH_LOGPDF, q->x), mass);
    return in_scale(q, TH_LOGPDF, within(g, &b, q->x, density, -TH_INFINITY));
  }
  bool upper = q->what == TH_CCDF || q->what == TH_LOGCCDF;
  ThNodeId part = upper ? log_range(q, &b, q->x, true, b.upper, b.has_upper)
                        : log_range(q, &b, b.beneath, b.has_lower, q->x, true);
  return in_scale(q, upper ? TH_LOGCCDF : TH_LOGCDF, SUB(part, mass));
}

/* --- Censored: at a bound the probability of all beyond it */

static ThNodeId censored(const Question *q, const ThTracedLaw *law) {
  ThGraph *g = q->g;
  Bounds b;
  if (!bounds_of(q, law, &b)) return g->failed = true, 0;
  ThNodeId inner = ask(q, b.inner, is_density(q->what) ? TH_LOGPDF : q->what, q->x);
  if (is_quantile(q->what)) {
    if (b.has_lower) inner = th_graph_binary(g, &th_op_maximum, inner, b.lower);
    return b.has_upper ? th_graph_binary(g, &th_op_minimum, inner, b.upper) : inner;
  }
  if (!is_density(q->what)) return inner;
  ThNodeId density = within(g, &b, q->x, inner, -TH_INFINITY);
  if (b.has_lower) {
    ThNodeId at_lower = ask(q, b.inner, TH_LOGCDF, b.lower);
    density = th_choose(g, th_graph_binary(g, &th_op_equal, q->x, b.lower), at_lower, density);
  }
  if (b.has_upper) {
    ThNodeId at_upper = ask(q, b.inner, TH_LOGCCDF, below(g, b.upper, b.discrete));
    density = th_choose(g, th_graph_binary(g, &th_op_equal, q->x, b.upper), at_upper, density);
  }
  return in_scale(q, TH_LOGPDF, density);
}

/* --- density(f): by f itself, in x */

static ThNodeId of_function(const Question *q, const ThTracedLaw *law) {
  ThGraph *g = q->g;
  ThValue x, y;
  ThNodeId node = 0;
  double constant;
  if (!is_density(q->what) || !th_density_panels(law->plain, &constant)) return refuse(q, law);
  bool ok = !g->failed && th_traced_new(q->cx, g, q->x, &x);
  if (!ok) return g->failed = true, 0;
  ok = th_call_values(q->cx, law->parameters[0], &x, 1, &y);
  th_release(x);
  if (ok) {
    ok = th_traced_node(q->cx, g, y, &node);
    th_release(y);
  }
  if (!ok) return g->failed = true, 0;
  return in_scale(q, TH_LOGPDF, SHIFT(LOG(node), -log(constant)));
}

/* --- Any */

static ThNodeId of_family(const Question *q, const ThTracedLaw *law) {
  ThNodeId p[TH_MAX_PARAMETERS];
  for (int j = 0; j < law->family->n_parameters; j++) p[j] = th_traced_parameter(law, j);
  return q->g->failed ? 0 : th_trace_measure(q->g, law->family, q->what, q->x, p);
}

ThNodeId th_trace_measure_of(ThContext *cx, ThGraph *g, ThValue d, ThMeasure what, ThNodeId x) {
  Question q = {cx, g, what, x};
  ThTracedLaw law;
  if (g->failed || !th_traced_law(cx, g, d, &law)) return g->failed = true, 0;
  const ThFamily *f = law.family;
  bool is_known = th_is_distribution(d) && th_node(g, x)->is_constant && what != TH_UPPER_QUANTILE;
  if (is_known) return known(&q, d);
  if (f == &th_family_affine) return affine(&q, &law);
  if (f == &th_family_mixture) return mixture(&q, &law, d);
  if (f == &th_family_truncated) return truncated(&q, &law);
  if (f == &th_family_censored) return censored(&q, &law);
  if (f == &th_family_density) return of_function(&q, &law);
  if (f == &th_family_categorical || f == &th_family_discrete) return th_trace_table(cx, &law, what, x);
  if (f->event && is_density(what)) return in_scale(&q, TH_LOGPDF, th_trace_event(&law, x));
  if (!f->math || f->math->n_parameters == 0 || f->build) return refuse(&q, &law);
  return of_family(&q, &law);
}
