/* simulation.c - the value of a function that declares random variables and goes on as they turn out */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Its courses are run one after the other: at each declaration the first outcome is taken, the last one that has
 * another is changed in the next run (Goodman and Stuhlmüller 2014, chapter 4). Courses of negligible probability
 * are cut off. When there are too many, or a declared variable is continuous, the value is known by draws only. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lang/session.h"
#include "num/real.h"
#include "prob/families.h"
#include "prob/variable_kind.h"

enum { FUNCTION, ARGUMENTS };
enum { MOST_COURSES = 100000, MOST_CHOICES = 10000, MOST_VALUES = 10000 };
static const double negligible = 1e-17; /* a course less likely is cut off */
static const double most_lost = 1e-12;  /* of all of them together */

/* One declared number of a course: its outcomes, and which one is taken. */
typedef struct Choice {
  size_t n, at;
  double *values, *masses;
} Choice;

typedef struct Explorer {
  ThContext *cx;
  size_t depth, capacity; /* choices of the last course */
  Choice *choices;
  size_t next;   /* the choice to come */
  double weight; /* of the course so far */
  bool cut, drawn;
  double lost;
  size_t n_values, value_capacity;
  double *values; /* of the courses that ended, each with its weight */
} Explorer;

/* --- Choices */

static void choice_clear(ThContext *cx, Choice *c) {
  th_free(cx, c->values, c->n * sizeof *c->values);
  th_free(cx, c->masses, c->n * sizeof *c->masses);
  *c = (Choice){0};
}

static bool choice_init(ThContext *cx, const ThDistribution *d, Choice *c) {
  *c = (Choice){0};
  if (!th_distribution_outcomes(cx, d, negligible, MOST_VALUES, &c->values, &c->n)) return false;
  if (c->n == 0) return true;
  c->masses = th_alloc_array(cx, c->n, sizeof *c->masses);
  bool ok = c->masses != NULL;
  for (size_t i = 0; ok && i < c->n; i++)
    ok = th_distribution_measure(cx, d, 0, TH_PDF, c->values[i], &c->masses[i]);
  if (!ok) choice_clear(cx, c);
  return ok;
}

/* Ends the course without an error of the person's. */
static bool give_up(Explorer *e, bool *why) {
  *why = true;
  return th_fail(e->cx, TH_ERROR_LIMIT, "this course of the function is not followed further");
}

static bool new_choice(Explorer *e, const ThDistribution *d) {
  if (!th_distribution_is_discrete(d) || e->depth == MOST_CHOICES) return give_up(e, &e->drawn);
  if (e->depth == e->capacity) {
    size_t capacity = 2 * e->capacity + 16, size = sizeof *e->choices;
    Choice *choices = th_resize(e->cx, e->choices, e->capacity * size, capacity * size);
    if (!choices) return false;
    e->choices = choices;
    e->capacity = capacity;
  }
  Choice *c = &e->choices[e->depth];
  if (!choice_init(e->cx, d, c)) return false;
  if (c->n == 0) return give_up(e, &e->drawn);
  e->depth++;
  return true;
}

static bool take_choice(void *self, const ThDistribution *d, double *out) {
  Explorer *e = self;
  if (e->next == e->depth && !new_choice(e, d)) return false;
  const Choice *c = &e->choices[e->next++];
  *out = c->values[c->at];
  e->weight *= c->masses[c->at];
  return e->weight > negligible || give_up(e, &e->cut);
}

/* The next course: the last choice that has another outcome takes it. False after the last course. */
static bool advance(Explorer *e) {
  while (e->depth > 0) {
    Choice *c = &e->choices[e->depth - 1];
    if (++c->at < c->n) return true;
    choice_clear(e->cx, c);
    e->depth--;
  }
  return false;
}

/* --- Declarations under a tracer: numbers, or arrays of them, from a function that takes one distribution */

typedef bool (*Take)(void *self, const ThDistribution *d, double *out);

typedef struct Source {
  Take take;
  void *self;
} Source;

static bool take_element(const Source *s, ThContext *cx, const ThDistribution *d, size_t i, double *out) {
  ThValue one;
  if (!th_distribution_element(cx, d, d->rank ? i : 0, &one)) return false;
  bool ok = s->take(s->self, th_as_distribution(one), out);
  th_release(one);
  return ok;
}

static bool trace_draw(void *self, ThContext *cx, ThSymbol *name, ThValue v, size_t count, ThValue *out) {
  if (!th_is_distribution(v)) return th_fail_not_distribution(cx, name, v);
  const ThDistribution *d = th_as_distribution(v);
  double x;
  if (count == SIZE_MAX && d->rank == 0) {
    if (!take_element(self, cx, d, 0, &x)) return false;
    *out = th_number(x);
    return true;
  }
  size_t n = count == SIZE_MAX ? d->length : count;
  ThArray *a = th_vector_new(cx, TH_DOUBLE, n);
  bool ok = a && (d->rank == 0 || d->length == n ||
                  th_fail(cx, TH_ERROR_SHAPE, "%zu distributions for %zu variables", d->length, n));
  for (size_t i = 0; ok && i < n; i++) ok = take_element(self, cx, d, i, &a->real[i]);
  if (ok) *out = th_object(a);
  else if (a) th_release(th_object(a));
  return ok;
}

static bool fail_value(ThContext *cx, ThValue v) {
  char text[96];
  return th_fail(cx, TH_ERROR_TYPE, "a function whose course is random gives a number, got %s",
                 th_describe(v, text, sizeof text));
}

/* One course. */
static bool run_course(ThContext *cx, const ThDistribution *d, Source *source, double *out) {
  ThTracer tracer = {source, trace_draw};
  const ThList *list = th_as_list(d->parameters[ARGUMENTS]);
  ThArguments args = {.count = list->length, .values = list->items};
  ThValue result;
  if (!th_trace_run(cx, d->parameters[FUNCTION], &args, &tracer, &result)) return false;
  bool ok = th_is_scalar(result) && th_to_number(result, out);
  if (!ok) fail_value(cx, result);
  th_release(result);
  return ok;
}

/* --- All courses */

static bool keep(Explorer *e, double value) {
  if (e->n_values == e->value_capacity) {
    size_t capacity = 2 * e->value_capacity + 64, size = 2 * sizeof *e->values;
    double *values = th_resize(e->cx, e->values, e->value_capacity * size, capacity * size);
    if (!values) return false;
    e->values = values;
    e->value_capacity = capacity;
  }
  e->values[2 * e->n_values] = value;
  e->values[2 * e->n_values++ + 1] = e->weight;
  return true;
}

static bool follow(Explorer *e, const ThDistribution *d) {
  Source source = {take_choice, e};
  double value;
  e->next = 0;
  e->weight = 1;
  e->cut = false;
  if (run_course(e->cx, d, &source, &value)) return keep(e, value);
  if (!e->cut && !e->drawn) return false;
  th_error_clear(e->cx);
  if (e->cut) e->lost += e->weight;
  return true;
}

static bool explore(Explorer *e, const ThDistribution *d) {
  size_t courses = 0;
  do {
    if (!th_poll(e->cx) || !follow(e, d)) return false;
    if (++courses == MOST_COURSES) e->drawn = true;
  } while (!e->drawn && advance(e));
  e->drawn |= e->lost > most_lost || e->n_values == 0;
  return true;
}

static void explorer_clear(Explorer *e) {
  for (size_t i = 0; i < e->depth; i++) choice_clear(e->cx, &e->choices[i]);
  th_free(e->cx, e->choices, e->capacity * sizeof *e->choices);
  th_free(e->cx, e->values, e->value_capacity * 2 * sizeof *e->values);
}

/* d->p is a table of outcomes (families.h), or one number. Draws need no table, so that it is made when it is asked
 * for first. */
static const double unexplored = -1, no_table = 0;

static bool set_single(ThContext *cx, ThDistribution *d, double x) {
  if (!th_distribution_room(cx, d, 1, 1)) return false;
  d->p[0] = x;
  return true;
}

/* The arguments as a list: those that were random variables come as an array of numbers. */
static bool build(ThContext *cx, ThDistribution *d) {
  ThArray *numbers;
  bool scalar;
  if (th_is_list(d->parameters[ARGUMENTS])) return set_single(cx, d, unexplored);
  if (!th_to_real_array(cx, d->parameters[ARGUMENTS], "an argument", &scalar, &numbers)) return false;
  ThList *list = th_list_new(cx, numbers->length);
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < numbers->length; i++)
    ok = th_list_push_take(cx, list, th_number(numbers->real[i]));
  th_release(th_object(numbers));
  if (list) th_replace_take(&d->parameters[ARGUMENTS], th_object(list));
  return ok && set_single(cx, d, unexplored);
}

static bool fill_table(Explorer *e, ThDistribution *d) {
  size_t n = e->n_values;
  double *before = d->p, *x = th_alloc_array(e->cx, 2 * n, sizeof *x);
  if (!x) return false;
  for (size_t i = 0; i < n; i++) x[i] = e->values[2 * i], x[n + i] = e->values[2 * i + 1];
  bool ok = th_table_fill(e->cx, d, x, x + n, n);
  if (ok) {
    th_free(e->cx, before, sizeof *before);
  } else {
    d->p = before;
    d->length = d->stride = 1;
  }
  th_free(e->cx, x, 2 * n * sizeof *x);
  return ok;
}

static bool make_table(ThContext *cx, ThDistribution *d) {
  Explorer e = {.cx = cx};
  bool ok = explore(&e, d);
  if (ok && e.drawn) d->p[0] = no_table;
  else if (ok) ok = fill_table(&e, d);
  explorer_clear(&e);
  return ok;
}

/* The table is a memory of what the distribution is; it changes nothing else. */
static bool explored(ThContext *cx, const ThDistribution *d) {
  return d->p[0] != unexplored || make_table(cx, (ThDistribution *)(uintptr_t)d);
}

bool th_simulation_is_drawn(const ThDistribution *d) {
  return d->family == &th_family_simulation && d->p[0] == no_table;
}

/* --- The law: the table's, or draws */

static bool fail_drawn(ThContext *cx) {
  th_fail(cx, TH_ERROR_VALUE, "the value of this function is known by its draws only: it has no formula");
  return th_hint(cx, "P(…), E(…) and sample(X, n) draw it");
}

/* p was of the time before. */
static bool read_table(ThContext *cx, const ThDistribution *d, const double **p) {
  if (!explored(cx, d)) return false;
  *p = d->p;
  return !th_simulation_is_drawn(d) || fail_drawn(cx);
}

static bool measure(ThContext *cx, const ThDistribution *d, const double *p, ThMeasure what, double x,
                    double *out) {
  if (!read_table(cx, d, &p)) return false;
  *out = th_math_measure(&th_table_math, what, x, p);
  return true;
}

static bool summary(ThContext *cx, const ThDistribution *d, const double *p, ThSummary what, double *out) {
  if (!read_table(cx, d, &p)) return false;
  double value = th_math_summary(&th_table_math, what)(p);
  *out = what == TH_SD ? sqrt(value) : value;
  return true;
}

static bool cf(ThContext *cx, const ThDistribution *d, const double *p, double k, double complex *out) {
  if (!read_table(cx, d, &p)) return false;
  *out = th_table_math.cf(k, p);
  return true;
}

static bool log_mgf(ThContext *cx, const ThDistribution *d, const double *p, double t, double *out) {
  if (!read_table(cx, d, &p)) return false;
  *out = th_table_math.log_mgf(t, p);
  return true;
}

typedef struct Drawer {
  ThContext *cx;
  ThRandom *r;
} Drawer;

static bool take_draw(void *self, const ThDistribution *d, double *out) {
  const Drawer *drawer = self;
  return th_distribution_sample(drawer->cx, d, 0, drawer->r, 1, out);
}

static bool sample(ThContext *cx, const ThDistribution *d, const double *p, ThRandom *r, size_t n,
                   double *x) {
  Drawer drawer = {cx, r};
  Source source = {take_draw, &drawer};
  for (size_t i = 0; i < n; i++) {
    if (p[0] > 0) x[i] = th_table_math.sample(p, r);
    else if (!run_course(cx, d, &source, &x[i])) return false;
  }
  return true;
}

static void support(const ThDistribution *d, const double *p, double *lower, double *upper) {
  (void)d;
  *lower = -TH_INFINITY;
  *upper = TH_INFINITY;
  if (p[0] > 0) th_table_math.support(p, lower, upper);
}

/* Unexplored, it is taken for one: those who ask for its outcomes find that there are none. */
static bool discrete(const ThDistribution *d) { return !th_simulation_is_drawn(d); }

static bool outcomes(ThContext *cx, const ThDistribution *d, double tail, size_t most, double **values,
                     size_t *n) {
  *values = NULL;
  *n = 0;
  if (!explored(cx, d)) return false;
  return th_simulation_is_drawn(d) || th_table_outcomes(cx, d, tail, most, values, n);
}

/* "walk(5)" */
static bool format(ThContext *cx, const ThDistribution *d, ThStyle style, ThText *out) {
  const ThSymbol *name = th_function_name(d->parameters[FUNCTION]);
  const ThList *list = th_as_list(d->parameters[ARGUMENTS]);
  th_text_format(out, "%s(", name ? name->spelling : "function");
  for (size_t i = 0; i < list->length; i++) {
    if (i) th_text_add(out, ", ");
    if (!th_format(cx, list->items[i], style == TH_STYLE_ECHO ? TH_STYLE_INLINE : style, out)) return false;
  }
  th_text_char(out, ')');
  return th_text_ok(out, cx);
}

static const ThLaw law = {.measure = measure,
                          .summary = summary,
                          .cf = cf,
                          .log_mgf = log_mgf,
                          .sample = sample,
                          .support = support,
                          .discrete = discrete};

const ThFamily th_family_simulation = {
    .builtin = {{.signature = "Simulation(function = …, arguments = …) -> distribution"}, {0}},
    .name = "Simulation",
    .n_parameters = 2,
    .parameters = {{"function", TH_DOMAIN_ANY, false, 0}, {"arguments", TH_DOMAIN_ANY, false, 0}},
    .discrete = true,
    .law = &law,
    .build = build,
    .format = format,
    .outcomes = outcomes,
};

/* --- The variable */

/* Plain values of any kind; or numbers and variables. */
static bool gather_arguments(ThContext *cx, const ThArguments *args, ThValue *out) {
  char text[96];
  bool random = false;
  for (size_t i = 0; i < args->count; i++) {
    random |= th_is_random(args->values[i]);
    if (args->names && args->names[i])
      return th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE,
                              "a function whose course is random takes its arguments by position");
  }
  for (size_t i = 0; random && i < args->count; i++)
    if (!th_is_variable(args->values[i]) && !th_is_scalar(args->values[i]))
      return th_fail_argument(cx, (int)i + 1, TH_ERROR_TYPE,
                              "beside a random variable this function takes numbers only, got %s",
                              th_describe(args->values[i], text, sizeof text));
  if (random) return th_stack(cx, args->values, args->count, out);
  ThList *list = th_list_new(cx, args->count);
  bool ok = list != NULL;
  for (size_t i = 0; ok && i < args->count; i++) ok = th_list_push_take(cx, list, th_retain(args->values[i]));
  if (ok) *out = th_object(list);
  else if (list) th_release(th_object(list));
  return ok;
}

bool th_variable_simulate(ThContext *cx, ThValue function, const ThArguments *args, ThValue *out) {
  ThValue parameters[2] = {function, th_none()}, distribution;
  if (!gather_arguments(cx, args, &parameters[1])) return false;
  ThSymbol *name = th_function_name(function);
  if (!name) name = th_symbol_of(cx, "function");
  bool ok = name != NULL;
  if (ok && th_is_random(parameters[1]))
    ok = th_conditional_new(cx, &th_family_simulation, parameters, 2, &distribution);
  else if (ok) ok = th_distribution_new(cx, &th_family_simulation, parameters, &distribution);
  th_release(parameters[1]);
  if (!ok) return false;
  if (th_is_distribution(distribution)) ok = explored(cx, th_as_distribution(distribution));
  ok = ok && th_variable_new(cx, name, 0, distribution, out);
  th_release(distribution);
  return ok;
}
