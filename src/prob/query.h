/* query.h - a question about random variables, and the ways to answer it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_QUERY_H
#define TH_PROB_QUERY_H

#include "prob/network.h"

typedef enum ThQueryKind {
  TH_QUERY_P,
  TH_QUERY_E,
  TH_QUERY_VAR,
  TH_QUERY_SD,
  TH_QUERY_COV,
  TH_QUERY_CORR,
  TH_QUERY_DIST
} ThQueryKind;

typedef enum ThMethod {
  TH_METHOD_AUTO,
  TH_METHOD_EXACT,
  TH_METHOD_QUADRATURE,
  TH_METHOD_MONTE_CARLO
} ThMethod;

typedef enum ThSupportKind { TH_SUPPORT_DISCRETE, TH_SUPPORT_CONTINUOUS, TH_SUPPORT_UNKNOWN } ThSupportKind;

/* What a query knows of a declared variable. */
typedef struct ThQueryVariable {
  ThSupportKind support;
  bool observed; /* a condition says `variable = at` */
  double at;
} ThQueryVariable;

/* A condition: an event. One that says `variable = value` is noted at the variable, and holds by itself. */
typedef struct ThQueryCondition {
  ThValue event; /* borrowed */
  bool observation;
  size_t level; /* of the network at which it can be decided */
} ThQueryCondition;

/* The options that any query takes. */
typedef struct ThQueryOptions {
  ThMethod method;
  size_t draws; /* of Monte Carlo */
  bool seeded;
  uint64_t seed;
  double error; /* asked for; 0: none */
} ThQueryOptions;

typedef struct ThQuery {
  ThContext *cx;
  ThQueryKind kind;
  ThQueryOptions options;
  size_t n_targets;       /* P: events that all must hold; E, Var, Sd, dist: 1; Cov, Corr: 2 */
  const ThValue *targets; /* borrowed */
  size_t n_conditions, condition_capacity;
  ThQueryCondition *conditions;
  ThNetwork net;
  ThQueryVariable *variables;  /* as in net */
  ThText story;                /* what how(x) tells */
  const struct ThQuery *asked; /* the question that this one came from, for texts; or NULL */
} ThQuery;

/* Conditions that are conjunctions are taken apart; arrays of events count as all of them. */
TH_CHECKED bool th_query_init(ThContext *cx, ThQuery *q, ThQueryKind kind, const ThValue *targets,
                              size_t n_targets, const ThValue *conditions, size_t n_conditions,
                              const ThQueryOptions *options);
void th_query_clear(ThQuery *q);
/* Asks the strategies in order. The answer is an estimate, or a distribution. */
TH_CHECKED bool th_query_answer(ThQuery *q, ThValue *out);
/* joint(…): the targets' probabilities, as a table. */
TH_CHECKED bool th_query_joint(ThQuery *q, ThValue *out);
/* dist(X | …) of a vector of variables, whose elements are the targets: their joint distribution. */
TH_CHECKED bool th_query_joint_distribution(ThQuery *q, ThValue vector, ThValue *out);
/* The same for one target and no conditions. */
TH_CHECKED bool th_query_simple(ThContext *cx, ThQueryKind kind, ThValue target, ThValue *out);

/* A way to answer. `answer` sets *done when it has one; otherwise the next is asked. */
typedef struct ThStrategy {
  const char *name; /* as `method =` says it, and in messages: "enumeration" */
  ThMethod method;  /* the kind of answer it gives */
  bool (*answer)(ThQuery *q, ThValue *out, bool *done);
} ThStrategy;

TH_CHECKED bool th_answer_draws(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_joint_law(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_small_enumeration(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_parts(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_merging(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_enumeration(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_tail(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_extrapolation(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_series(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_conjugate(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_marginal(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_linear(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_reduction(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_mixture(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_moments(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_plane(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_line(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_integrals(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_combination(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_large_modules(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_modules(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_transform(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_density(ThQuery *q, ThValue *out, bool *done);
TH_CHECKED bool th_answer_monte_carlo(ThQuery *q, ThValue *out, bool *done);

/* First and second moments of the targets given the conditions; which are needed hangs on the kind. */
typedef struct ThMoments {
  double weight; /* the probability, or density, of the conditions */
  double complex mean[2];
  double variance[2], covariance;
  double error;       /* of the answer; 0: exact */
  double error_of[2]; /* of mean[0] and variance[0], where they differ */
} ThMoments;

/* What the question is about, of the moments; of a complex mean its real part. */
double th_query_answer_of(const ThQuery *q, const ThMoments *m);
/* The answer that the moments give, signed with a method. The story is the query's. */
TH_CHECKED bool th_query_estimate(ThQuery *q, const ThMoments *m, const char *method, ThValue *out);

/* Signs a distribution that answers `dist`; it must be the only reference. */
TH_CHECKED bool th_query_sign(ThQuery *q, ThValue distribution, const char *method);

/* The distribution of n > 1 draws of one target, those of a weight above 0, smoothed where they are continuous; signed
 * "who (n draws)". */
TH_CHECKED bool th_query_distribution_of_draws(ThQuery *q, size_t n, const double *x, const double *weight,
                                               const char *who, ThValue *out);

/* The answer to another question that is as good as q's, signed as q's: "exact (name)" where it is exact. Takes it. */
TH_CHECKED bool th_query_sign_again_take(ThQuery *q, ThValue answer, const char *name, ThValue *out);

/* The value of target i for the current values: P: 0 or 1. */
TH_CHECKED bool th_query_target(ThQuery *q, size_t i, double complex *out);
/* Do all conditions of this level (th_query_level) hold for the current values? */
TH_CHECKED bool th_query_holds(ThQuery *q, size_t level, bool *out);
/* "the condition … has probability zero" */
bool th_query_fail_impossible(ThQuery *q);
/* The same where it is proved; else too rare for the draws. A condition that fixes a continuous expression
 * is told what to write instead. */
bool th_query_fail_unmet(ThQuery *q, bool proved);
/* One draw of all variables, observed ones at their values. *weight is 0 when a condition rules it out,
 * else the density of what was observed. */
TH_CHECKED bool th_query_draw(ThQuery *q, ThRandom *r, double *weight);
/* The generator of a query: its own stream, so that asking again gives the same answer. */
void th_query_random(ThQuery *q, ThRandom *r);
/* The same for what is no query and has no seed of its own. */
void th_query_stream(ThContext *cx, ThRandom *r);
/* Appends P(A | B) as it was asked. */
TH_CHECKED bool th_query_text(const ThQuery *q, ThText *out);
/* Appends which variables are independent, and which hang on which. */
TH_CHECKED bool th_query_dependence(ThQuery *q, ThText *out);

/* Is v a sum, difference, product or quotient of two different random values? */
bool th_is_combination(ThValue v);

/* Variable k becomes number `to`; it must not pass one that it hangs on, or that hangs on it. */
void th_query_move(ThQuery *q, size_t k, size_t to);

/* --- Outcomes (query_outcomes.c): all combinations of values of the discrete variables */

enum { TH_MAX_OUTCOMES = 10000000 };

/* Called for each outcome that the conditions allow; `kept` is false only when rejected ones are asked
 * for. */
typedef bool (*ThVisit)(void *self, ThQuery *q, double weight, bool kept);

struct ThMerged;

typedef struct ThWalk {
  const struct ThMerged *merged; /* go through these states instead (merge.h) */
  bool rejected;                 /* visit outcomes that the conditions rule out too */
  size_t most;                   /* outcomes; more are a TH_ERROR_LIMIT. 0: TH_MAX_OUTCOMES */
  double tail;                   /* infinite supports: the probability that may be left out */
  double n_outcomes;             /* out: how many there are */
} ThWalk;

TH_CHECKED bool th_query_walk(ThQuery *q, ThWalk *walk, ThVisit visit, void *self);
/* The number of outcomes, as far as it is known beforehand: NaN when a support is infinite, 0 when it is
 * unknown. */
TH_CHECKED bool th_query_count_outcomes(ThQuery *q, double *out);

/* --- Intervals (query_interval.c): where events change as one variable moves */

/* The points at which events are looked at: quantiles of a distribution, and points far out. There are fewer for the
 * variables of a nested integral. {0} is empty. */
typedef enum ThFineness { TH_PROBES_FINE, TH_PROBES_COARSE, TH_PROBES_FEW } ThFineness;
typedef struct ThProbes {
  ThFineness fineness;
  size_t n, capacity;
  double *x; /* ascending */
} ThProbes;

void th_probes_clear(ThContext *cx, ThProbes *grid);

/* The points between which no event and no comparison changes, and no divisor its sign, as variable k moves
 * over its distribution with the others fixed: a new block, ascending. The grid may be used again for the
 * same variable. */
TH_CHECKED bool th_query_breaks(ThQuery *q, size_t k, const ThDistribution *d, ThProbes *grid,
                                double **breaks, size_t *n);
/* P(a < X < b), without cancellation. */
TH_CHECKED bool th_query_between(ThContext *cx, const ThDistribution *d, double a, double b, double *out);

#endif
