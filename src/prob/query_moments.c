/* query_moments.c - E, Var, Sd, Cov, Corr of polynomials in independent variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is asked is written as a polynomial in the deviations of its variables from their means; what is no sum, product
 * or whole power is taken as a variable itself, an atom. The expectation of a monomial is the product of those of its
 * independent parts; covariances are sums over pairs of monomials that share a part, so that nothing large cancels.
 * A variable Normal(μ, σ), whatever its parameters hang on, is μ + σ ε with an ε of its own. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "num/polynomial.h"
#include "num/real.h"
#include "prob/components.h"
#include "prob/families.h"
#include "prob/moments.h"
#include "prob/query_again.h"

enum { MOST_VARIABLES = 2000, MOST_ATOMS = 300, MOST_TERMS = 3000, MOST_PAIRED = 400, MOST_DEPTH = 100 };

typedef struct Atom {
  ThValue value;               /* owned */
  uint32_t component;          /* of the declared variables that it hangs on; TH_NO_NODE: of several */
  const ThDistribution *plain; /* of a variable that nothing is known of but its distribution; else NULL */
  double center;               /* what it is the deviation from */
} Atom;

/* E of a monomial of atoms that hang together. */
typedef struct Known {
  ThMonomial what;
  ThFinding found;
} Known;

typedef struct Moments {
  ThQuery *q;
  ThComponents components;
  size_t n_components; /* that the targets hang on */
  size_t n;
  Atom atoms[MOST_ATOMS];
  ThValue standard; /* Normal(0, 1), of the ε */
  bool plain_only;  /* is there no atom but plain ones so far? */
  bool written;     /* is there a variable written as μ + σ ε? */
  size_t n_known, known_capacity;
  Known *known;
  ThValue *conditions; /* room for the query's */
  bool fits;           /* false: this is no way to answer */
  char method[120];    /* of a part without a closed form; empty: there is none */
  bool drawn;
} Moments;

/* --- Atoms */

static bool add_atom(Moments *m, ThValue value, uint32_t component, const ThDistribution *plain,
                     double center, ThPolynomial *out) {
  size_t i = 0;
  while (i < m->n && m->atoms[i].value.bits != value.bits) i++;
  m->fits = m->fits && i < MOST_ATOMS && isfinite(center);
  if (!m->fits) return true;
  if (i == m->n) m->atoms[m->n++] = (Atom){th_retain(value), component, plain, center};
  return th_polynomial_add_term(out, &(ThMonomial){m->atoms[i].center, 0, {{0, 0}}}) &&
         th_polynomial_add_term(out, &(ThMonomial){1, 1, {{(uint16_t)i, 1}}});
}

static bool has_conditions(Moments *m, uint32_t component, bool *out) {
  size_t n;
  *out = false;
  if (m->q->n_conditions == 0) return true;
  if (!th_components_conditions(&m->components, component, m->conditions, &n)) return false;
  *out = n > 0;
  return true;
}

/* Anything that is not taken apart. A question about one part alone is better asked as it stands. */
static bool add_opaque(Moments *m, ThValue v, ThValue node, ThPolynomial *out) {
  uint32_t component;
  size_t count;
  if (!th_components_read(&m->components, node, &component, &count)) return false;
  m->plain_only = false;
  m->fits = m->fits && !m->written && component != TH_NO_NODE && m->n_components > 1;
  return !m->fits || add_atom(m, v, component, NULL, 0, out);
}

static bool add_plain(Moments *m, ThValue v, const ThDistribution *d, ThPolynomial *out) {
  uint32_t k = th_network_number(&m->q->net, v);
  double mean;
  if (!th_distribution_summary(m->q->cx, d, 0, TH_MEAN, &mean)) return false;
  return add_atom(m, v, m->components.of[k], d, mean, out);
}

static bool read(Moments *m, ThValue v, ThPolynomial *out, int depth);

static bool multiply(Moments *m, const ThPolynomial *a, const ThPolynomial *b, ThPolynomial *out) {
  bool fits;
  if (!th_polynomial_multiply(a, b, MOST_TERMS, out, &fits)) return false;
  m->fits = m->fits && fits;
  return true;
}

/* μ + σ ε, where ε is known as the variable itself. */
static bool add_written(Moments *m, ThValue v, const ThConditional *c, ThPolynomial *out, int depth) {
  ThContext *cx = m->q->cx;
  ThPolynomial scale = {.cx = cx}, noise = {.cx = cx};
  ThValue parameters[2];
  double standard[2] = {0, 1};
  uint32_t component = m->components.of[th_network_number(&m->q->net, v)];
  if (th_is_none(m->standard) && !th_distribution_of(cx, &th_family_normal, standard, &m->standard))
    return false;
  if (!th_parameter_values(cx, c->family, c->arguments, parameters)) return false;
  bool known = !th_is_unset(parameters[0]) && !th_is_unset(parameters[1]), ok = true;
  if (!known || !m->plain_only) ok = add_opaque(m, v, v, out);
  else {
    m->written = true;
    ok = read(m, parameters[0], out, depth) && read(m, parameters[1], &scale, depth) &&
         add_atom(m, v, component, th_as_distribution(m->standard), 0, &noise);
    ThPolynomial part = {.cx = cx};
    ok = ok && multiply(m, &scale, &noise, &part) && th_polynomial_add(out, &part, 1);
    th_polynomial_clear(&part);
  }
  th_polynomial_clear(&scale);
  th_polynomial_clear(&noise);
  th_release_all(parameters, 2);
  return ok;
}

static bool read_declared(Moments *m, ThValue v, ThPolynomial *out, int depth) {
  const ThVariable *x = th_as_variable(v);
  uint32_t k = th_network_number(&m->q->net, v);
  bool conditions;
  m->fits = m->fits && k != TH_NO_NODE;
  if (!m->fits) return true;
  if (!has_conditions(m, m->components.of[k], &conditions)) return false;
  ThValue d = x->distribution;
  bool plain = th_is_distribution(d) && th_as_distribution(d)->rank == 0 &&
               !th_simulation_is_drawn(th_as_distribution(d)) && m->q->net.variables[k].fixed;
  if (plain && !conditions) return add_plain(m, v, th_as_distribution(d), out);
  bool written = th_is_conditional(d) && th_as_conditional(d)->family == &th_family_normal;
  if (written && !conditions) return add_written(m, v, th_as_conditional(d), out, depth);
  return add_opaque(m, v, v, out);
}

/* --- Expressions as polynomials */

static bool add_scaled(Moments *m, ThValue v, double factor, ThPolynomial *out, int depth) {
  ThPolynomial part = {.cx = m->q->cx};
  bool ok = read(m, v, &part, depth) && (!m->fits || th_polynomial_add(out, &part, factor));
  th_polynomial_clear(&part);
  return ok;
}

static bool read_product(Moments *m, ThValue a, ThValue b, ThPolynomial *out, int depth) {
  ThPolynomial left = {.cx = m->q->cx}, right = {.cx = m->q->cx};
  bool ok = read(m, a, &left, depth) && (!m->fits || read(m, b, &right, depth)) &&
            (!m->fits || multiply(m, &left, &right, out));
  th_polynomial_clear(&left);
  th_polynomial_clear(&right);
  return ok;
}

static bool read_power(Moments *m, ThValue base, int n, ThPolynomial *out, int depth) {
  ThPolynomial once = {.cx = m->q->cx}, power = {.cx = m->q->cx};
  bool ok = read(m, base, &once, depth) && th_polynomial_add(&power, &once, 1);
  for (int k = 1; ok && m->fits && k < n; k++) {
    ThPolynomial next = {.cx = m->q->cx};
    ok = multiply(m, &power, &once, &next);
    th_polynomial_clear(&power);
    power = next;
  }
  ok = ok && (!m->fits || th_polynomial_add(out, &power, 1));
  th_polynomial_clear(&once);
  th_polynomial_clear(&power);
  return ok;
}

/* v as a/b: the reciprocal is an atom. */
static bool read_quotient(Moments *m, ThValue v, ThValue a, ThValue b, ThPolynomial *out, int depth) {
  ThValue reciprocal;
  if (th_is_scalar(b)) return add_scaled(m, a, 1 / th_as_scalar(b), out, depth);
  if (th_is_scalar(a)) return add_opaque(m, v, v, out);
  ThPolynomial left = {.cx = m->q->cx}, right = {.cx = m->q->cx};
  if (!th_binary(m->q->cx, TH_OP_DIVIDE, th_number(1), b, 0, &reciprocal)) return false;
  bool ok = read(m, a, &left, depth) && add_opaque(m, reciprocal, b, &right) &&
            (!m->fits || multiply(m, &left, &right, out));
  th_release(reciprocal);
  th_polynomial_clear(&left);
  th_polynomial_clear(&right);
  return ok;
}

static bool read_operator(Moments *m, ThValue v, ThPolynomial *out, int depth) {
  const ThVariable *x = th_as_variable(v);
  const ThValue *a = x->arguments;
  double n;
  switch (x->op) {
    case TH_OP_ADD: return add_scaled(m, a[0], 1, out, depth) && add_scaled(m, a[1], 1, out, depth);
    case TH_OP_SUBTRACT: return add_scaled(m, a[0], 1, out, depth) && add_scaled(m, a[1], -1, out, depth);
    case TH_OP_NEGATE: return add_scaled(m, a[0], -1, out, depth);
    case TH_OP_MULTIPLY: return read_product(m, a[0], a[1], out, depth);
    case TH_OP_DIVIDE: return read_quotient(m, v, a[0], a[1], out, depth);
    case TH_OP_POWER:
      if (th_to_number(a[1], &n) && floor(n) == n && n >= 1 && n <= TH_MONOMIAL_POWER)
        return read_power(m, a[0], (int)n, out, depth);
      break;
    default: break;
  }
  return add_opaque(m, v, v, out);
}

/* sum, mean, or one element of an array of variables. */
static bool read_array(Moments *m, ThValue v, const ThVariableArray *array, ThPolynomial *out, int depth) {
  const ThVariable *x = th_as_variable(v);
  bool sum = x->what == TH_VARIABLE_SUM || th_variable_calls(x, "sum"), mean = th_variable_calls(x, "mean");
  double at;
  bool ok = true;
  if (x->what == TH_VARIABLE_INDEX && x->n == 2 && th_to_number(x->arguments[1], &at) && at >= 1 &&
      at <= (double)array->length)
    return read(m, array->items[(size_t)at - 1], out, depth);
  if (!sum && !mean) return add_opaque(m, v, v, out);
  for (size_t i = 0; ok && m->fits && i < array->length; i++)
    ok = add_scaled(m, array->items[i], sum ? 1 : 1 / (double)array->length, out, depth);
  return ok;
}

static bool read(Moments *m, ThValue v, ThPolynomial *out, int depth) {
  if (th_is_scalar(v)) return th_polynomial_add_term(out, &(ThMonomial){th_as_scalar(v), 0, {{0, 0}}});
  m->fits = m->fits && th_is_variable(v) && depth < MOST_DEPTH;
  if (!m->fits) return true;
  const ThVariable *x = th_as_variable(v);
  if (x->what == TH_VARIABLE_DECLARED) return read_declared(m, v, out, depth + 1);
  if (x->what == TH_VARIABLE_OPERATOR) return read_operator(m, v, out, depth + 1);
  if (x->n >= 1 && th_is_variable_array(x->arguments[0]))
    return read_array(m, v, th_as_variable_array(x->arguments[0]), out, depth + 1);
  return add_opaque(m, v, v, out);
}

/* --- Expectations of monomials */

static bool are_dependent(const Moments *m, size_t i, size_t j) {
  const Atom *a = &m->atoms[i], *b = &m->atoms[j];
  return i == j || (a->component == b->component && !(a->plain && b->plain));
}

static void note_method(Moments *m, const char *method) {
  if (m->drawn || !method) return;
  m->drawn = strncmp(method, "Monte Carlo", 11) == 0;
  snprintf(m->method, sizeof m->method, "%s", method);
  char *bound = strstr(m->method, ", error <");
  if (bound) *bound = '\0';
}

/* Asks for the expectation of a product of powers of deviations. */
static bool ask(Moments *m, const ThMonomial *what, ThFinding *out) {
  ThContext *cx = m->q->cx;
  ThValue product = th_number(1), answer;
  size_t n;
  bool ok = true;
  for (uint32_t i = 0; ok && i < what->n; i++) {
    const Atom *atom = &m->atoms[what->factors[i].variable];
    ThValue deviation, power, next;
    ok = th_binary(cx, TH_OP_SUBTRACT, atom->value, th_number(atom->center), 0, &deviation);
    if (!ok) break;
    ok = th_binary(cx, TH_OP_POWER, atom->center == 0 ? atom->value : deviation,
                   th_number(what->factors[i].power), 0, &power);
    th_release(deviation);
    if (!ok) break;
    ok = th_binary(cx, TH_OP_MULTIPLY, product, power, 0, &next);
    th_release(power);
    if (!ok) break;
    th_replace_take(&product, next);
  }
  ok = ok &&
       th_components_conditions(&m->components, m->atoms[what->factors[0].variable].component, m->conditions,
                                &n) &&
       th_query_ask(m->q, TH_QUERY_E, &product, 1, m->conditions, n, &answer);
  th_release(product);
  if (!ok) return false;
  const ThEstimate *e = th_as_estimate(answer);
  *out = (ThFinding){.value = e->is_complex ? TH_NAN : creal(e->value), .error = e->error};
  if (e->error > 0) note_method(m, th_as_string(e->method)->text);
  th_release(answer);
  return true;
}

/* Of atoms that hang together. */
static bool find(Moments *m, const ThMonomial *what, ThFinding *out) {
  const Atom *atom = &m->atoms[what->factors[0].variable];
  for (size_t i = 0; i < m->n_known; i++)
    if (th_monomial_equal(&m->known[i].what, what)) {
      *out = m->known[i].found;
      return true;
    }
  bool plain = what->n == 1 && atom->plain;
  if (plain ? !th_distribution_find_central(m->q->cx, atom->plain, 0, what->factors[0].power, out)
            : !ask(m, what, out))
    return false;
  if (plain && out->error > 0) note_method(m, out->method);
  m->fits = m->fits && isfinite(out->value) && isfinite(out->error);
  if (m->n_known == m->known_capacity) {
    size_t capacity = 2 * m->known_capacity + 32, size = sizeof *m->known;
    Known *known = th_resize(m->q->cx, m->known, m->known_capacity * size, capacity * size);
    if (!known) return false;
    m->known = known;
    m->known_capacity = capacity;
  }
  m->known[m->n_known++] = (Known){*what, *out};
  return true;
}

/* Moves the first factor of *rest, and all that hangs together with it, into *part. */
static void split(const Moments *m, ThMonomial *rest, ThMonomial *part) {
  *part = (ThMonomial){.coefficient = 1};
  bool taken[TH_MONOMIAL_FACTORS] = {true};
  for (bool more = true; more;) {
    more = false;
    for (uint32_t i = 0; i < rest->n; i++)
      for (uint32_t j = 0; j < rest->n && !taken[i]; j++)
        if (taken[j] && are_dependent(m, rest->factors[i].variable, rest->factors[j].variable))
          taken[i] = more = true;
  }
  uint32_t kept = 0;
  for (uint32_t i = 0; i < rest->n; i++) {
    if (taken[i]) part->factors[part->n++] = rest->factors[i];
    else rest->factors[kept++] = rest->factors[i];
  }
  rest->n = kept;
}

/* E of the product of powers; the coefficient is left out. */
static bool expect(Moments *m, ThMonomial what, double *value, double *error) {
  *value = 1, *error = 0;
  while (m->fits && what.n > 0) {
    ThMonomial part;
    ThFinding found;
    split(m, &what, &part);
    if (part.n == 1 && part.factors[0].power == 1 && m->atoms[part.factors[0].variable].plain) {
      *value = *error = 0;
      return true;
    }
    if (!find(m, &part, &found)) return false;
    *error = fabs(*value) * found.error + *error * (fabs(found.value) + found.error);
    *value *= found.value;
  }
  return true;
}

/* --- Sums over monomials */

/* A sum with a bound for the errors of its terms, and for rounding. */
typedef struct Total {
  double value, error, rounding;
} Total;

static void add(Total *t, double x, double error) {
  t->value += x;
  t->error += error;
  t->rounding += 4 * DBL_EPSILON * fabs(x);
}

static bool expectation(Moments *m, const ThPolynomial *p, Total *out) {
  *out = (Total){0};
  for (size_t i = 0; m->fits && i < p->n; i++) {
    double value, error, c = p->terms[i].coefficient;
    if (!expect(m, p->terms[i], &value, &error)) return false;
    add(out, c * value, fabs(c) * error);
  }
  return true;
}

static bool share_parts(const Moments *m, const ThMonomial *a, const ThMonomial *b) {
  for (uint32_t i = 0; i < a->n; i++)
    for (uint32_t j = 0; j < b->n; j++)
      if (are_dependent(m, a->factors[i].variable, b->factors[j].variable)) return true;
  return false;
}

static bool covariance_of_terms(Moments *m, const ThMonomial *a, const ThMonomial *b, Total *out) {
  ThMonomial both;
  double value, error, of[2], errors[2], c = a->coefficient * b->coefficient;
  if (!share_parts(m, a, b)) return true;
  m->fits = m->fits && th_monomial_multiply(a, b, &both);
  if (!m->fits) return true;
  if (!expect(m, both, &value, &error) || !expect(m, *a, &of[0], &errors[0]) ||
      !expect(m, *b, &of[1], &errors[1]))
    return false;
  add(out, c * value, fabs(c) * error);
  add(out, -c * of[0] * of[1], fabs(c) * (fabs(of[0]) * errors[1] + fabs(of[1]) * errors[0]));
  return true;
}

static bool covariance(Moments *m, const ThPolynomial *p, const ThPolynomial *q, Total *out) {
  *out = (Total){0};
  m->fits = m->fits && p->n <= MOST_PAIRED && q->n <= MOST_PAIRED;
  for (size_t i = 0; m->fits && i < p->n; i++)
    for (size_t j = p == q ? i : 0; m->fits && j < q->n; j++) {
      ThMonomial other = q->terms[j];
      if (p == q && j > i) other.coefficient *= 2; /* (i, j) and (j, i) */
      if (!th_poll_at(m->q->cx, j) || !covariance_of_terms(m, &p->terms[i], &other, out)) return false;
    }
  return true;
}

/* --- The answer */

/* Without a part that was integrated the answer is exact, as long as rounding leaves it its digits. */
static double error_of(const Moments *m, const Total *t) {
  if (m->method[0]) return t->error + t->rounding;
  return t->rounding <= 1e-12 * fabs(t->value) ? 0 : t->rounding;
}

static bool give(Moments *m, double x, double error, ThValue *out) {
  char method[160] = "exact (moments)";
  if (m->drawn) snprintf(method, sizeof method, "%s", m->method);
  else if (error > 0)
    th_finding_method(&(ThFinding){0, error, m->method[0] ? m->method : "moments", ""}, method,
                      sizeof method);
  th_text_add(
      &m->q->story,
      "a polynomial: the expectation of a product of independent parts is that of its factors multiplied\n");
  return th_query_number(m->q, x, error, method, out);
}

static bool answer_polynomials(Moments *m, const ThPolynomial *p, ThValue *out) {
  Total t, v[2];
  switch (m->q->kind) {
    case TH_QUERY_E:
      if (!expectation(m, &p[0], &t)) return false;
      break;
    case TH_QUERY_COV:
    case TH_QUERY_CORR:
      if (!covariance(m, &p[0], &p[1], &t)) return false;
      break;
    default:
      if (!covariance(m, &p[0], &p[0], &t)) return false;
      break;
  }
  double x = t.value, error = error_of(m, &t);
  if (m->fits && m->q->kind == TH_QUERY_SD) x = sqrt(fmax(x, 0)), error = x > 0 ? error / (2 * x) : error;
  if (m->fits && m->q->kind == TH_QUERY_CORR) {
    if (!covariance(m, &p[0], &p[0], &v[0]) || !covariance(m, &p[1], &p[1], &v[1])) return false;
    double scale = sqrt(v[0].value * v[1].value);
    m->fits = m->fits && scale > 0;
    x /= scale;
    error = error_of(m, &t) / scale +
            fabs(x) * (error_of(m, &v[0]) / v[0].value + error_of(m, &v[1]) / v[1].value);
  }
  return !m->fits || give(m, x, error, out);
}

static bool read_targets(Moments *m, ThPolynomial *p) {
  for (size_t i = 0; m->fits && i < m->q->n_targets; i++)
    if (!read(m, m->q->targets[i], &p[i], 0)) return false;
  return true;
}

static void count_components(Moments *m) {
  const ThComponents *c = &m->components;
  for (size_t k = 0; k < c->n; k++) m->n_components += c->of[k] == k;
}

static bool answer(Moments *m, ThValue *out, bool *done) {
  ThContext *cx = m->q->cx;
  ThPolynomial p[2] = {{.cx = cx}, {.cx = cx}};
  count_components(m);
  bool ok = read_targets(m, p);
  if (ok && m->fits) ok = answer_polynomials(m, p, out);
  *done = ok && m->fits;
  th_polynomial_clear(&p[0]);
  th_polynomial_clear(&p[1]);
  return ok;
}

bool th_answer_moments(ThQuery *q, ThValue *out, bool *done) {
  size_t n = q->net.n_variables;
  if (q->kind == TH_QUERY_P || q->kind == TH_QUERY_DIST || n == 0 || n > MOST_VARIABLES) return true;
  Moments *m = th_alloc(q->cx, sizeof *m);
  if (!m) return false;
  *m = (Moments){.q = q, .standard = th_none(), .plain_only = true, .fits = true};
  m->conditions = th_alloc_array(q->cx, q->n_conditions + 1, sizeof *m->conditions);
  bool ok = m->conditions && th_components_init(q, &m->components) && answer(m, out, done);
  if (m->components.q) th_components_clear(&m->components);
  for (size_t i = 0; i < m->n; i++) th_release(m->atoms[i].value);
  th_release(m->standard);
  th_free(q->cx, m->known, m->known_capacity * sizeof *m->known);
  th_free(q->cx, m->conditions, (q->n_conditions + 1) * sizeof *m->conditions);
  th_free(q->cx, m, sizeof *m);
  return ok;
}
