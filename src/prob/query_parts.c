/* query_parts.c - questions that fall into independent parts */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P(A, B | C, D) is P(A | C) P(B | D), and E(g(X) h(Y) | C, D) likewise, when what A and C hang on has nothing to do
 * with what B and D hang on; a condition that has nothing to do with the question is left out. Each part is a question
 * of its own, with fewer variables. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "num/real.h"
#include "prob/components.h"
#include "prob/query_again.h"

enum { MOST_VARIABLES = 2000, MOST_FACTORS = 400, MOST_DEPTH = 100 };

/* An event of P, or a factor of what an expectation is asked of. */
typedef struct Factor {
  ThValue value;      /* owned */
  ThValue node;       /* of the network, borrowed: it hangs on the same variables */
  uint32_t component; /* TH_NO_NODE until it is read */
} Factor;

typedef struct Parts {
  ThQuery *q;
  ThComponents components;
  double constant; /* another factor */
  size_t n;
  Factor factors[MOST_FACTORS];
  bool too_many;
  ThValue *conditions, *rest; /* (q->n_conditions): of one part; of none. Borrowed */
  size_t n_rest;
} Parts;

/* What all parts amount to so far: P and E use the mean alone. */
typedef struct Product {
  double complex mean;
  double variance, mean_error, variance_error;
  bool infinite; /* the mean, or the variance */
  bool signs;    /* every factor has one sign */
  char method[120], reason[120];
  bool exact, drawn;
} Product;

/* --- Factors */

static bool add_factor(Parts *p, ThValue node, double power) {
  ThValue value;
  if (p->n == MOST_FACTORS) p->too_many = true;
  if (p->too_many) return true;
  if (power == 1) value = th_retain(node);
  else if (!th_binary(p->q->cx, TH_OP_POWER, node, th_number(power), 0, &value)) return false;
  p->factors[p->n++] = (Factor){value, node, TH_NO_NODE};
  return true;
}

static bool is_prod(const ThVariable *v) {
  return th_variable_calls(v, "prod") && th_is_variable_array(v->arguments[0]);
}

static bool is_whole(ThValue v, double *x) { return th_to_number(v, x) && floor(*x) == *x && fabs(*x) <= 64; }

static bool add_factors(Parts *p, ThValue v, double power, int depth);

/* The factors of an operation: a product, a quotient, a power. *found is false when it is none of them. */
static bool factors_of_operator(Parts *p, const ThVariable *v, double power, int depth, bool *found) {
  double exponent;
  *found = true;
  switch (v->op) {
    case TH_OP_MULTIPLY:
      return add_factors(p, v->arguments[0], power, depth) && add_factors(p, v->arguments[1], power, depth);
    case TH_OP_DIVIDE:
      return add_factors(p, v->arguments[0], power, depth) && add_factors(p, v->arguments[1], -power, depth);
    case TH_OP_NEGATE: p->constant *= pow(-1, power); return add_factors(p, v->arguments[0], power, depth);
    case TH_OP_POWER:
      *found = is_whole(v->arguments[1], &exponent) && exponent != 0 && fabs(exponent * power) <= 64;
      return !*found || add_factors(p, v->arguments[0], power * exponent, depth);
    default: *found = false; return true;
  }
}

/* The factors of v^power. */
static bool add_factors(Parts *p, ThValue v, double power, int depth) {
  bool found = false;
  if (th_is_scalar(v)) {
    p->constant *= pow(th_as_scalar(v), power);
    return true;
  }
  p->too_many |= !th_is_variable(v);
  if (p->too_many) return true;
  const ThVariable *variable = th_as_variable(v);
  if (depth < MOST_DEPTH && variable->what == TH_VARIABLE_OPERATOR &&
      !factors_of_operator(p, variable, power, depth + 1, &found))
    return false;
  if (found || !is_prod(variable)) return found || add_factor(p, v, power);
  const ThVariableArray *array = th_as_variable_array(variable->arguments[0]);
  for (size_t i = 0; i < array->length; i++)
    if (!add_factors(p, array->items[i], power, depth + 1)) return false;
  return true;
}

/* The events that all must hold. */
static bool add_events(Parts *p, ThValue v, int depth) {
  const ThVariable *variable = th_is_variable(v) ? th_as_variable(v) : NULL;
  bool both = variable && variable->what == TH_VARIABLE_OPERATOR && variable->op == TH_OP_AND;
  p->too_many |= !variable;
  if (p->too_many || !both || depth > MOST_DEPTH) return p->too_many || add_factor(p, v, 1);
  return add_events(p, variable->arguments[0], depth + 1) && add_events(p, variable->arguments[1], depth + 1);
}

static bool take_apart(Parts *p) {
  const ThQuery *q = p->q;
  bool product = q->kind == TH_QUERY_E || q->kind == TH_QUERY_VAR || q->kind == TH_QUERY_SD;
  for (size_t i = 0; i < q->n_targets && !p->too_many; i++) {
    ThValue v = q->targets[i];
    if (q->kind == TH_QUERY_P ? !add_events(p, v, 0)
        : product             ? !add_factors(p, v, 1, 0)
                              : !add_factor(p, v, 1))
      return false;
  }
  return true;
}

/* --- Which factors and conditions belong together */

/* Sets the components of factors; *n_parts is their number. Several targets that are not multiplied stay together. */
static bool group_factors(Parts *p, size_t *n_parts) {
  ThComponents *c = &p->components;
  size_t count;
  uint32_t one;
  bool together = p->q->kind == TH_QUERY_COV || p->q->kind == TH_QUERY_CORR;
  for (size_t i = 0; i < p->n; i++)
    if (!th_components_join(c, p->factors[i].node, &one)) return false;
  *n_parts = 0;
  for (size_t i = 0; i < p->n; i++) {
    if (!th_components_read(c, p->factors[i].node, &one, &count)) return false;
    p->factors[i].component = one;
    bool first = true;
    for (size_t j = 0; j < i && first; j++) first = p->factors[j].component != one;
    *n_parts += first && !(together && *n_parts > 0);
  }
  return true;
}

static bool is_asked_about(const Parts *p, uint32_t component) {
  for (size_t i = 0; i < p->n; i++)
    if (p->factors[i].component == component) return true;
  return false;
}

/* The conditions that no factor has to do with, and the others. */
static bool sort_conditions(Parts *p, size_t *n_kept) {
  *n_kept = p->n_rest = 0;
  for (size_t i = 0; i < p->q->n_conditions; i++) {
    uint32_t one;
    size_t count;
    ThValue event = p->q->conditions[i].event;
    if (!th_components_read(&p->components, event, &one, &count)) return false;
    if (is_asked_about(p, one)) p->conditions[(*n_kept)++] = event;
    else p->rest[p->n_rest++] = event;
  }
  return true;
}

/* Can the conditions that are left out hold at all? */
static bool check_rest(Parts *p) {
  ThValue answer;
  if (p->n_rest == 0) return true;
  if (!th_query_ask(p->q, TH_QUERY_P, p->rest, 1, p->rest, p->n_rest, &answer)) return false;
  th_release(answer);
  th_text_add(&p->q->story, "conditions on variables that are independent of the question have no effect\n");
  return true;
}

/* --- One part: the factors of a component */

static bool ask_part(Parts *p, ThQueryKind kind, ThValue target, const ThValue *targets, size_t n_targets,
                     size_t n_conditions, ThValue *out) {
  bool events = kind == TH_QUERY_P;
  return th_query_ask(p->q, kind, events ? targets : &target, events ? n_targets : 1, p->conditions,
                      n_conditions, out);
}

static void note_method(Product *product, ThValue answer) {
  const ThEstimate *e = th_as_estimate(answer);
  const char *text = th_as_string(e->method)->text;
  bool finite = isfinite(creal(e->value)) && isfinite(cimag(e->value));
  if (!finite) snprintf(product->reason, sizeof product->reason, "%s", text);
  if (e->error == 0 || !finite || product->drawn) return;
  product->exact = false;
  product->drawn = th_query_is_drawn(answer);
  snprintf(product->method, sizeof product->method, "%s", text);
  char *bound = strstr(product->method, ", error <");
  if (bound) *bound = '\0';
}

/* 1, -1: v is never negative, never positive; 0: both, or it is not known. */
static int sign_of(ThValue v) {
  const ThVariable *x = th_as_variable(v);
  double lower, upper, exponent;
  if (x->what == TH_VARIABLE_OPERATOR && x->op == TH_OP_POWER && is_whole(x->arguments[1], &exponent))
    return fmod(exponent, 2) == 0 ? 1 : th_is_variable(x->arguments[0]) ? sign_of(x->arguments[0]) : 0;
  if (x->what != TH_VARIABLE_DECLARED || !th_is_distribution(x->distribution)) return 0;
  const ThDistribution *d = th_as_distribution(x->distribution);
  if (d->rank > 0) return 0;
  th_distribution_support(d, 0, &lower, &upper);
  return lower >= 0 ? 1 : upper <= 0 ? -1 : 0;
}

/* The error of a product of two numbers, each with its own. */
static double product_error(double complex a, double error_a, double complex b, double error_b) {
  return cabs(a) * error_b + cabs(b) * error_a + error_a * error_b;
}

static void multiply_mean(Product *product, const ThEstimate *e) {
  product->mean_error = product_error(product->mean, product->mean_error, e->value, e->error);
  if (cimag(product->mean) == 0 && cimag(e->value) == 0)
    product->mean = creal(product->mean) * creal(e->value);
  else product->mean *= e->value;
  product->infinite |= !isfinite(creal(e->value)) || !isfinite(cimag(e->value));
}

/* Var(AB) = Var A Var B + Var A (E B)² + (E A)² Var B; the mean of the product so far is not multiplied yet. */
static void multiply_variance(Product *product, const ThEstimate *mean, const ThEstimate *variance) {
  double m = creal(mean->value), v = creal(variance->value), M = creal(product->mean), V = product->variance;
  product->variance_error = product->variance_error * (v + m * m) + variance->error * (V + M * M) +
                            2 * V * fabs(m) * mean->error + 2 * v * fabs(M) * product->mean_error;
  product->variance = V * v + V * m * m + M * M * v;
  product->infinite |= !isfinite(v);
}

static bool tell_part(Parts *p, ThQueryKind kind, const ThValue *targets, size_t n, const ThEstimate *e) {
  static const char *const names[] = {"P", "E", "Var"};
  ThText *story = &p->q->story;
  if (story->length > 2000) return true;
  th_text_format(story, "%s(", names[kind]);
  for (size_t i = 0; i < n; i++) {
    if (i) th_text_add(story, ", ");
    if (!th_variable_text(p->q->cx, targets[i], 60, story)) return false;
  }
  th_text_add(story, ") = ");
  th_format_number(creal(e->value), p->q->cx->settings.digits, story);
  th_text_char(story, '\n');
  return true;
}

/* The factors of one component multiplied. */
static bool multiply_factors(Parts *p, uint32_t component, ThValue *out) {
  *out = th_none();
  for (size_t i = 0; i < p->n; i++) {
    ThValue product;
    if (p->factors[i].component != component) continue;
    if (th_is_none(*out)) {
      *out = th_retain(p->factors[i].value);
      continue;
    }
    bool ok = th_binary(p->q->cx, TH_OP_MULTIPLY, *out, p->factors[i].value, 0, &product);
    th_release(*out);
    if (!ok) return false;
    *out = product;
  }
  return true;
}

static size_t events_of(const Parts *p, uint32_t component, ThValue *events) {
  size_t n = 0;
  for (size_t i = 0; i < p->n; i++)
    if (p->factors[i].component == component) events[n++] = p->factors[i].value;
  return n;
}

static bool answer_part(Parts *p, uint32_t component, ThValue target, Product *product) {
  ThQueryKind kind = p->q->kind == TH_QUERY_P ? TH_QUERY_P : TH_QUERY_E;
  ThValue mean, variance, events[MOST_FACTORS];
  size_t n_conditions, n_events = events_of(p, component, events);
  bool second = p->q->kind == TH_QUERY_VAR || p->q->kind == TH_QUERY_SD;
  const ThValue *shown = kind == TH_QUERY_P ? events : &target;
  if (!th_components_conditions(&p->components, component, p->conditions, &n_conditions) ||
      !ask_part(p, kind, target, events, n_events, n_conditions, &mean))
    return false;
  bool ok = tell_part(p, kind, shown, kind == TH_QUERY_P ? n_events : 1, th_as_estimate(mean));
  note_method(product, mean);
  product->signs &= kind == TH_QUERY_P || sign_of(target) != 0;
  if (ok && second) {
    ok = ask_part(p, TH_QUERY_VAR, target, NULL, 0, n_conditions, &variance);
    if (ok) {
      ok = tell_part(p, TH_QUERY_VAR, shown, 1, th_as_estimate(variance));
      note_method(product, variance);
      multiply_variance(product, th_as_estimate(mean), th_as_estimate(variance));
      th_release(variance);
    }
  }
  multiply_mean(product, th_as_estimate(mean));
  th_release(mean);
  return ok;
}

/* Several parts, one after the other. */
static bool answer_parts(Parts *p, Product *product) {
  for (size_t i = 0; i < p->n; i++) {
    uint32_t component = p->factors[i].component;
    ThValue target = th_none();
    bool seen = false;
    for (size_t j = 0; j < i; j++) seen |= p->factors[j].component == component;
    if (seen) continue;
    if (p->q->kind != TH_QUERY_P && !multiply_factors(p, component, &target)) return false;
    bool ok = answer_part(p, component, target, product);
    th_release(target);
    if (!ok || !th_poll(p->q->cx)) return false;
  }
  return true;
}

/* --- The answer */

/* Infinite where all factors have one sign, none of them 0; else it is left to others. */
static bool give_infinite(Parts *p, const Product *product, ThValue *out, bool *done) {
  bool second = p->q->kind == TH_QUERY_VAR || p->q->kind == TH_QUERY_SD;
  double x = second ? product->variance : creal(product->mean) * p->constant;
  *done = isinf(x) && (second || product->signs) && isfinite(p->constant) && p->constant != 0;
  return !*done || th_query_number(p->q, x, 0, product->reason, out);
}

static bool give(Parts *p, Product *product, ThValue *out, bool *done) {
  char method[160] = "exact (independent parts)";
  double c = p->constant, error = fabs(c) * product->mean_error;
  double complex x = c * product->mean;
  if (product->infinite) return give_infinite(p, product, out, done);
  if (p->q->kind == TH_QUERY_VAR || p->q->kind == TH_QUERY_SD) {
    x = c * c * product->variance;
    error = c * c * product->variance_error;
    if (p->q->kind == TH_QUERY_SD) x = sqrt(creal(x)), error /= 2 * creal(x);
  }
  if (product->exact) error = 0;
  if (product->drawn) snprintf(method, sizeof method, "%s", product->method);
  else if (!product->exact)
    th_finding_method(&(ThFinding){0, fmax(error, 1e-16), product->method, ""}, method, sizeof method);
  *done = true;
  return th_query_number(p->q, x, error, method, out);
}

static bool answer(Parts *p, ThValue *out, bool *done) {
  ThQuery *q = p->q;
  size_t n_parts, n_kept;
  Product product = {.mean = 1, .exact = true, .signs = true};
  if (!take_apart(p) || p->too_many || p->n == 0) return q->cx->error.code == TH_OK;
  if (!group_factors(p, &n_parts) || !sort_conditions(p, &n_kept)) return false;
  if (n_parts == 1 && p->n_rest > 0) {
    *done = true;
    return check_rest(p) && th_query_ask(q, q->kind, q->targets, q->n_targets, p->conditions, n_kept, out);
  }
  if (n_parts < 2) return true;
  th_text_add(&q->story, "the question falls into independent parts\n");
  return check_rest(p) && answer_parts(p, &product) && give(p, &product, out, done);
}

bool th_answer_parts(ThQuery *q, ThValue *out, bool *done) {
  size_t n = q->net.n_variables;
  if (n < 2 || n > MOST_VARIABLES) return true;
  Parts *p = th_alloc(q->cx, sizeof *p);
  if (!p) return false;
  *p = (Parts){.q = q, .constant = 1};
  p->conditions = th_alloc_array(q->cx, q->n_conditions + 1, sizeof *p->conditions);
  p->rest = th_alloc_array(q->cx, q->n_conditions + 1, sizeof *p->rest);
  bool ok = p->conditions && p->rest && th_components_init(q, &p->components) && answer(p, out, done);
  for (size_t i = 0; i < p->n; i++) th_release(p->factors[i].value);
  if (p->components.q) th_components_clear(&p->components);
  th_free(q->cx, p->conditions, (q->n_conditions + 1) * sizeof *p->conditions);
  th_free(q->cx, p->rest, (q->n_conditions + 1) * sizeof *p->rest);
  th_free(q->cx, p, sizeof *p);
  return ok;
}
