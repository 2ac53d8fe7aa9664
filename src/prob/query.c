/* query.c - P, E, Var, Sd, Cov, Corr, dist: questions and the order in which ways to answer are tried */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "prob/query.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "prob/verbs.h"

/* --- Strategies */

static const ThStrategy strategies[] = {
    {"draws", TH_METHOD_QUADRATURE, th_answer_draws}, /* never exact: draws of a sampler */
    {"a joint law", TH_METHOD_EXACT, th_answer_joint_law},
    {"enumeration", TH_METHOD_EXACT, th_answer_small_enumeration},
    {"independent parts", TH_METHOD_QUADRATURE, th_answer_parts}, /* exact where all parts are */
    {"conjugacy", TH_METHOD_EXACT, th_answer_conjugate},
    {"linear algebra", TH_METHOD_EXACT, th_answer_linear},
    {"linear combinations", TH_METHOD_EXACT, th_answer_reduction},
    {"a mixture", TH_METHOD_QUADRATURE, th_answer_mixture}, /* exact where all parts are */
    {"two numbers on a grid", TH_METHOD_QUADRATURE, th_answer_plane},
    {"moments", TH_METHOD_QUADRATURE, th_answer_moments},              /* exact where they are closed */
    {"one continuous variable", TH_METHOD_QUADRATURE, th_answer_line}, /* by the cdf alone it is exact */
    {"a marginal", TH_METHOD_EXACT, th_answer_marginal},
    {"merged outcomes", TH_METHOD_EXACT, th_answer_merging},
    {"enumeration", TH_METHOD_EXACT, th_answer_enumeration},
    {"parts of many variables", TH_METHOD_QUADRATURE, th_answer_large_modules},
    {"several continuous variables", TH_METHOD_QUADRATURE, th_answer_integrals},
    {"a combination", TH_METHOD_QUADRATURE, th_answer_combination},
    {"parts of several variables", TH_METHOD_QUADRATURE, th_answer_modules},
    {"a change of variables", TH_METHOD_QUADRATURE, th_answer_transform},
    {"a density", TH_METHOD_QUADRATURE, th_answer_density},
    {"the tail of one variable", TH_METHOD_QUADRATURE, th_answer_tail},
    {"the sum of one variable", TH_METHOD_QUADRATURE, th_answer_extrapolation},
    {"summed series", TH_METHOD_QUADRATURE, th_answer_series},
    {"Monte Carlo", TH_METHOD_MONTE_CARLO, th_answer_monte_carlo},
};

static bool may_try(const ThQuery *q, const ThStrategy *s) {
  if (q->options.method == TH_METHOD_AUTO) return true;
  if (q->options.method == TH_METHOD_EXACT) return s->method != TH_METHOD_MONTE_CARLO;
  return s->method == q->options.method;
}

static bool is_exact(ThValue answer) { return !th_is_estimate(answer) || th_as_estimate(answer)->error == 0; }

/* Exactness was asked for, and an answer with an error is none. */
static bool refuse(ThQuery *q, ThValue answer) {
  th_fail(q->cx, TH_ERROR_VALUE, "there is no exact answer, only %s",
          th_as_string(th_as_estimate(answer)->method)->text);
  th_release(answer);
  return th_hint(q->cx, "leave out `method = \"exact\"`");
}

static bool fail_unanswered(ThQuery *q) {
  ThText text;
  double n;
  th_text_init(&text, &q->cx->heap);
  bool ok = th_query_text(q, &text) && th_text_ok(&text, q->cx) && th_query_count_outcomes(q, &n);
  if (ok && q->kind == TH_QUERY_DIST) {
    th_fail(q->cx, TH_ERROR_VALUE, "no method gives the distribution `%s`", th_text_string(&text));
    th_hint(q->cx, "P(…), E(…) and sample(X, n) work for it");
  } else if (ok && q->options.method == TH_METHOD_EXACT) {
    th_fail(q->cx, TH_ERROR_VALUE, "no exact method answers `%s`", th_text_string(&text));
    if (n > TH_MAX_OUTCOMES) th_hint(q->cx, "there are %.2g outcomes; enumeration goes up to 1e7", n);
    else th_hint(q->cx, "leave out `method = \"exact\"`");
  } else if (ok) {
    th_fail(q->cx, TH_ERROR_VALUE, "quadrature does not apply to `%s`", th_text_string(&text));
    th_hint(q->cx, "leave out `method = \"quadrature\"`");
  }
  th_text_clear(&text);
  return false;
}

bool th_query_answer(ThQuery *q, ThValue *out) {
  for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++) {
    bool done = false;
    if (!may_try(q, &strategies[i])) continue;
    th_text_reset(&q->story);
    if (!strategies[i].answer(q, out, &done)) return false;
    if (!done) continue;
    return q->options.method != TH_METHOD_EXACT || is_exact(*out) || refuse(q, *out);
  }
  return fail_unanswered(q);
}

bool th_query_simple(ThContext *cx, ThQueryKind kind, ThValue target, ThValue *out) {
  ThQuery q;
  if (!th_query_init(cx, &q, kind, &target, 1, NULL, 0, NULL)) return false;
  bool ok = th_query_answer(&q, out);
  th_query_clear(&q);
  return ok;
}

/* --- Reading a call: given, method, draws, seed, error, then the items */

enum { GIVEN, METHOD, DRAWS, SEED, ERROR, ITEMS };
enum { MOST_DRAWS = 1000000000 };

static bool read_method(ThContext *cx, const ThCall *call, ThMethod *out) {
  static const char *const names[] = {"auto", "exact", "quadrature", "monte_carlo"};
  for (size_t i = 0; i < 4; i++)
    if (strcmp(th_arg_text(call, METHOD), names[i]) == 0) {
      *out = (ThMethod)i;
      return true;
    }
  th_fail(cx, TH_ERROR_VALUE, "there is no method \"%s\"", th_arg_text(call, METHOD));
  return th_hint(cx, "\"exact\", \"quadrature\" or \"monte_carlo\"");
}

static bool read_options(ThContext *cx, const ThCall *call, ThQueryOptions *o) {
  *o = (ThQueryOptions){.draws = th_arg_count(call, DRAWS), .seeded = call->given[SEED]};
  if (o->seeded) o->seed = (uint64_t)th_arg_count(call, SEED);
  if (call->given[ERROR]) o->error = th_arg_number(call, ERROR);
  if (o->error > 0 && !call->given[DRAWS]) o->draws = MOST_DRAWS;
  if (o->draws < 1 || o->draws > MOST_DRAWS)
    return th_fail(cx, TH_ERROR_VALUE, "`draws` lies between 1 and 1e9, got %zu", o->draws);
  return read_method(cx, call, &o->method);
}

/* The conditions: a list, or nothing. */
static const ThValue *conditions_of(const ThCall *call, size_t *n) {
  ThValue given = call->args[GIVEN];
  *n = th_is_list(given) ? th_as_list(given)->length : 0;
  return *n ? th_as_list(given)->items : NULL;
}

static bool fail_target(ThContext *cx, const ThCall *call, size_t i, ThValue v) {
  char text[64], what[96];
  bool named = th_operand(cx, i, "", text, sizeof text)[0] != '\0';
  if (th_is_distribution(v)) {
    th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE, "%s%s%s is a distribution, not a random variable",
                     named ? "`" : "", named ? text : "this", named ? "`" : "");
    return th_hint(cx, "declare a variable: `X ~ %s`", named ? text : "…");
  }
  (void)call;
  return th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE, "a random variable is needed here, got %s",
                          th_describe(v, what, sizeof what));
}

static bool is_target(ThValue v) {
  double x;
  return th_is_variable(v) || th_to_number(v, &x) || th_is_complex(v);
}

static bool ask(ThContext *cx, const ThCall *call, ThQueryKind kind, const ThValue *targets, size_t n,
                ThValue *out) {
  ThQueryOptions options;
  ThQuery q;
  size_t n_conditions;
  const ThValue *conditions = conditions_of(call, &n_conditions);
  if (!read_options(cx, call, &options)) return false;
  for (size_t i = 0; i < n; i++)
    if (!is_target(targets[i])) return fail_target(cx, call, i, targets[i]);
  if (!th_query_init(cx, &q, kind, targets, n, conditions, n_conditions, &options)) return false;
  bool ok = th_query_answer(&q, out);
  th_query_clear(&q);
  return ok;
}

/* The elements of an array or a list of variables. */
static bool is_several(ThValue v) { return th_is_variable_array(v) || th_is_list(v); }

static size_t count_items(ThValue v) {
  return th_is_list(v) ? th_as_list(v)->length : th_as_variable_array(v)->length;
}

static ThValue item_at(ThValue v, size_t i) {
  return th_is_list(v) ? th_as_list(v)->items[i] : th_as_variable_array(v)->items[i];
}

/* Answers for the elements of a matrix are one; *out is replaced. */
static bool shape_as(ThContext *cx, ThValue several, ThValue *out) {
  size_t columns = th_is_variable_array(several) ? th_as_variable_array(several)->columns : 0;
  if (!columns || !th_is_array(*out)) return true;
  const ThArray *a = th_as_array(*out);
  ThArray *matrix = th_matrix_new(cx, TH_DOUBLE, a->length / columns, columns);
  for (size_t i = 0; matrix && i < a->length; i++) matrix->real[i] = th_array_real(a, i);
  th_release(*out);
  if (matrix) *out = th_object(matrix);
  return matrix != NULL;
}

/* Of several variables the answer is an array of numbers, element by element. */
static bool ask_each(ThContext *cx, const ThCall *call, ThQueryKind kind, ThValue several, ThValue *out) {
  size_t n = count_items(several), done = 0;
  ThValue *answers = th_alloc_array(cx, n + 1, sizeof *answers);
  bool ok = answers != NULL;
  for (; ok && done < n; done++) {
    ThValue item = item_at(several, done), answer;
    answers[done] = th_none();
    ok = ask(cx, call, kind, &item, 1, &answer);
    if (!ok) continue;
    ok = th_decay(cx, answer, &answers[done]);
    th_release(answer);
  }
  ok = ok && th_stack(cx, answers, n, out) && shape_as(cx, several, out);
  th_release_all(answers, done);
  th_free(cx, answers, (n + 1) * sizeof *answers);
  return ok;
}

static size_t item_count(const ThCall *call) { return call->n_args - ITEMS; }

static bool check_count(ThContext *cx, const ThCall *call, size_t n, const char *form) {
  if (item_count(call) == n) return true;
  th_fail(cx, TH_ERROR_TYPE, "`%.*s` takes %zu argument%s, got %zu",
          (int)strcspn(call->builtin->signature, "("), call->builtin->signature, n, n == 1 ? "" : "s",
          item_count(call));
  return th_hint(cx, "%s", form);
}

/* --- P */

/* Events that cannot happen by their form are told what they may have meant. */
static bool is_continuous(ThValue v) {
  if (!th_is_variable(v) || th_as_variable(v)->what != TH_VARIABLE_DECLARED) return false;
  ThValue d = th_as_variable(v)->distribution;
  return th_is_distribution(d) && !th_distribution_is_discrete(th_as_distribution(d));
}

static bool explain_zero(ThContext *cx, ThValue event, ThValue *answer) {
  const ThVariable *v = th_is_variable(event) ? th_as_variable(event) : NULL;
  double x;
  char method[160];
  bool fixes = v && v->what == TH_VARIABLE_OPERATOR && (v->op == TH_OP_EQUAL || v->op == TH_OP_IN);
  if (!fixes || !is_continuous(v->arguments[0]) || !th_to_number(*answer, &x) || x != 0) return true;
  const char *name = th_as_variable(v->arguments[0])->name->spelling;
  const ThArray *set = th_is_array(v->arguments[1]) ? th_as_array(v->arguments[1]) : NULL;
  if (v->op == TH_OP_EQUAL && th_to_number(v->arguments[1], &x))
    snprintf(method, sizeof method, "exact: %s is continuous; `pdf(%s, %.6g)` is its density there", name,
             name, x);
  else if (set && set->length == 2)
    snprintf(method, sizeof method,
             "exact: [%.6g, %.6g] is the set of two values; an interval is `%.6g <= %s <= %.6g` or `%s in "
             "(%.6g, %.6g)`",
             th_array_real(set, 0), th_array_real(set, 1), th_array_real(set, 0), name, th_array_real(set, 1),
             name, th_array_real(set, 0), th_array_real(set, 1));
  else return true;
  ThValue told;
  if (!th_estimate(cx, 0, 0, method, NULL, &told)) return false;
  th_replace_take(answer, told);
  return true;
}

static bool body_P(ThContext *cx, const ThCall *call, ThValue *out) {
  size_t n = item_count(call);
  if (n == 0) {
    th_fail(cx, TH_ERROR_TYPE, "P needs an event");
    return th_hint(cx, "`P(X > 2)`, `P(A | B)`, `P(A, B)`");
  }
  if (!ask(cx, call, TH_QUERY_P, &call->args[ITEMS], n, out)) return false;
  if (n > 1 || call->given[GIVEN] || explain_zero(cx, call->args[ITEMS], out)) return true;
  th_release(*out);
  return false;
}

/* --- E, Var, Sd */

static bool one_or_several(ThContext *cx, const ThCall *call, ThQueryKind kind, ThValue target,
                           ThValue *out) {
  if (is_several(target) && kind != TH_QUERY_DIST) return ask_each(cx, call, kind, target, out);
  return ask(cx, call, kind, &target, 1, out);
}

static bool one_target(ThContext *cx, const ThCall *call, ThQueryKind kind, const char *form, ThValue *out) {
  return check_count(cx, call, 1, form) && one_or_several(cx, call, kind, call->args[ITEMS], out);
}

/* E(f, d): f of a variable, a fresh one where d is a distribution. */
static bool expectation_of_one(ThContext *cx, const ThCall *call, ThValue d, ThValue *out) {
  ThValue x, image;
  ThSymbol *name = th_symbol_of(cx, "x");
  if (!name) return false;
  if (th_is_variable(d)) x = th_retain(d);
  else if (!th_variable_new(cx, name, 0, d, &x)) return false;
  bool ok = th_call_values(cx, call->args[ITEMS], &x, 1, &image);
  if (ok) {
    ok = one_or_several(cx, call, TH_QUERY_E, image, out);
    th_release(image);
  }
  th_release(x);
  return ok;
}

/* Of several distributions the answer is a vector of numbers. */
static bool expectation_under(ThContext *cx, const ThCall *call, ThValue d, ThValue *out) {
  const ThDistribution *several = th_is_distribution(d) ? th_as_distribution(d) : NULL;
  if (!several || several->rank == 0) return expectation_of_one(cx, call, d, out);
  ThArray *r = th_array_new(cx, TH_DOUBLE, several->rank, several->shape);
  bool ok = r != NULL;
  for (size_t i = 0; ok && i < several->length; i++) {
    ThValue one, answer;
    ok = th_distribution_element(cx, several, i, &one);
    if (!ok) break;
    ok = expectation_of_one(cx, call, one, &answer);
    th_release(one);
    if (!ok) break;
    if (!th_to_number(answer, &r->real[i]))
      ok = th_fail(cx, TH_ERROR_TYPE, "of several distributions the expectation is one real number each");
    th_release(answer);
  }
  if (ok) *out = th_object(r);
  else if (r) th_release(th_object(r));
  return ok;
}

static bool is_function(ThValue v) { return th_is_object(v) && th_as_object(v)->kind->call; }
static bool has_values(ThValue v) { return th_is_distribution(v) || th_is_variable(v); }

static bool body_E(ThContext *cx, const ThCall *call, ThValue *out) {
  const ThValue *items = &call->args[ITEMS];
  if (item_count(call) == 2 && is_function(items[0]) && has_values(items[1]))
    return expectation_under(cx, call, items[1], out);
  if (item_count(call) == 2 && has_values(items[0]) && is_function(items[1])) {
    th_fail(cx, TH_ERROR_TYPE, "the function comes first in `E(f, d)`");
    return false;
  }
  return one_target(cx, call, TH_QUERY_E, "`E(X^2)`, `E(X | Y = 1)`, `E(f, d)`", out);
}

static bool body_Var(ThContext *cx, const ThCall *call, ThValue *out) {
  return one_target(cx, call, TH_QUERY_VAR, "`Var(X)`", out);
}
static bool body_Sd(ThContext *cx, const ThCall *call, ThValue *out) {
  return one_target(cx, call, TH_QUERY_SD, "`Sd(X)`", out);
}
/* dist of a vector declared as one: a distribution of vectors. */
static bool dist_of_vector(ThContext *cx, const ThCall *call, const ThVariableArray *a, ThValue *out) {
  ThQueryOptions options;
  ThQuery q;
  size_t n;
  const ThValue *conditions = conditions_of(call, &n);
  if (!read_options(cx, call, &options) ||
      !th_query_init(cx, &q, TH_QUERY_DIST, a->items, a->length, conditions, n, &options))
    return false;
  bool ok = th_query_joint_distribution(&q, call->args[ITEMS], out);
  th_query_clear(&q);
  return ok;
}

static bool body_dist(ThContext *cx, const ThCall *call, ThValue *out) {
  if (item_count(call) == 1 && th_is_variable_array(call->args[ITEMS]))
    return dist_of_vector(cx, call, th_as_variable_array(call->args[ITEMS]), out);
  return one_target(cx, call, TH_QUERY_DIST, "`dist(X | Y = 1)`", out);
}

/* --- Cov, Corr */

static bool two_targets(ThContext *cx, const ThCall *call, ThQueryKind kind, const char *form, ThValue *out) {
  return check_count(cx, call, 2, form) && ask(cx, call, kind, &call->args[ITEMS], 2, out);
}

static bool body_Cov(ThContext *cx, const ThCall *call, ThValue *out) {
  return two_targets(cx, call, TH_QUERY_COV, "`Cov(X, Y)`", out);
}
static bool body_Corr(ThContext *cx, const ThCall *call, ThValue *out) {
  return two_targets(cx, call, TH_QUERY_CORR, "`Corr(X, Y)`", out);
}

/* --- joint */

static bool body_joint(ThContext *cx, const ThCall *call, ThValue *out) {
  ThQueryOptions options;
  ThQuery q;
  size_t n_conditions, n = item_count(call);
  const ThValue *conditions = conditions_of(call, &n_conditions);
  if (!read_options(cx, call, &options)) return false;
  if (n == 0) return th_fail(cx, TH_ERROR_TYPE, "joint needs random variables: `joint(X, Y)`");
  for (size_t i = 0; i < n; i++)
    if (!th_is_variable(call->args[ITEMS + i])) return fail_target(cx, call, i, call->args[ITEMS + i]);
  if (!th_query_init(cx, &q, TH_QUERY_DIST, &call->args[ITEMS], n, conditions, n_conditions, &options))
    return false;
  bool ok = th_query_joint(&q, out);
  th_query_clear(&q);
  return ok;
}

#define SECTION "probability"
#define OPTIONS \
  "given: any = none, method: string = \"auto\", draws: count = 100000, seed: count = …, error: number = …"
#define METHODS                                                                                       \
  "exact where it can be, else by quadrature or random draws; method = \"exact\", \"quadrature\" or " \
  "\"monte_carlo\" (with draws, seed) forces one; how(…) tells how the answer was found"
#define DICE "X, Y ~ DiscreteUniform(1, 6);\n"

const ThBuiltin th_lib_queries[] = {
    {"P(...events: any; " OPTIONS ") -> estimate", body_P, SECTION,
     "the probability of an event, P(A), or of A given B, P(A | B)",
     "inside the brackets a single `=` compares, commas before the bar join events, after it "
     "conditions; " METHODS,
     DICE "P(X + Y = 7)\n#> 0.166667  exact (36 outcomes)\nP(X + Y = 7 | X > 2)\n"
          "#> 0.166667  exact (36 outcomes)\n"
          "Z ~ Normal(0, 1);\nP(-1 < Z < 1)\n#> 0.682689  exact (cdf)",
     "E dist joint how bayes", NULL},
    {"E(...x: any; " OPTIONS ") -> estimate", body_E, SECTION,
     "the expectation of a random variable, E(X), or E(X | B); E(f, d) of f under d",
     "an array of variables, or of values of f, gives an array; " METHODS,
     DICE "E(X*Y)\n#> 12.25  exact (36 outcomes)\nE(X | X > 3)\n#> 5  exact (6 outcomes)\n"
          "E(x -> [x, x^2], Uniform(0, 1))\n#> [0.5, 0.333333]",
     "P Var Sd mean", NULL},
    {"Var(...x: any; " OPTIONS ") -> estimate", body_Var, SECTION, "the variance of a random variable",
     METHODS, DICE "Var(X + Y)\n#> 5.83333  exact (36 outcomes)", "Sd E Cov var", NULL},
    {"Sd(...x: any; " OPTIONS ") -> estimate", body_Sd, SECTION,
     "the standard deviation of a random variable", METHODS,
     "Z ~ Normal(0, 2);\nSd(3*Z + 1)\n#> 6  exact (linearity)", "Var E sd", NULL},
    {"Cov(...x: any; " OPTIONS ") -> estimate", body_Cov, SECTION, "the covariance of two random variables",
     METHODS, DICE "Cov(X, X + Y)\n#> 2.91667  exact (36 outcomes)", "Corr Var cov", NULL},
    {"Corr(...x: any; " OPTIONS ") -> estimate", body_Corr, SECTION,
     "the correlation of two random variables", METHODS,
     DICE "Corr(X, X + Y)\n#> 0.707107  exact (36 outcomes)", "Cov corr", NULL},
    {"dist(...x: any; " OPTIONS ") -> distribution", body_dist, SECTION,
     "the distribution of a random variable, dist(X), or given B, dist(X | B)",
     "a known family where there is one; a sum of independent variables by convolution, a function of one by "
     "its monotone branches, a posterior by quadrature: those have pdf, cdf, quantile, sample, mean and so on too",
     "μ ~ Normal(0, 1);\nZ ~ Normal(μ, 0.5);\ndist(μ | Z = 1.3)\n"
     "#> Normal(μ = 1.04, σ = 0.447214)  exact (conjugate)\n"
     "X, Y ~ Exponential(2);\ndist(X + Y)\n#> Gamma(shape = 2, rate = 2)  exact (sum of gammas of one rate)\n"
     "dist(X^2 - X)\n#> dist(X^2 - X)  change of variables (2 monotone branches)",
     "P E joint", NULL},
    {"joint(...x: any; " OPTIONS ") -> table", body_joint, SECTION,
     "the joint probabilities of discrete random variables, as a table",
     "of two variables with their margins",
     "A ~ Bernoulli(0.2)\nB ~ Bernoulli(if A then 0.5 else 0.1)\njoint(A, B)\n"
     "#> A      B = 0  B = 1  total\n#> 0       0.72   0.08    0.8\n#> 1       0.1    0.1     0.2\n"
     "#> total   0.82   0.18    1",
     "P dist", NULL},
    {0},
};
