/* family_model.c - a family of distributions as a model: data ~ Family(parameters) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Such a model has no body: what running one would do, declare parameters and observe data, is done here, so that all
 * else about fits holds for families as for models. */
#include "infer/family_model.h"

#include <math.h>
#include <string.h>

#include "prob/variable.h"
#include "val/array.h"

/* --- Names */

static ThSymbol *argument_symbol(ThContext *cx, const ThFamily *family, size_t i) {
  size_t length;
  const char *name = th_family_argument(family, i, &length);
  return th_symbol(cx, name, length);
}

/* The place of a name among the constructor's arguments; SIZE_MAX. */
static size_t find_argument(ThContext *cx, const ThFamily *family, const ThSymbol *name) {
  size_t length;
  const char *other;
  for (size_t i = 0; (other = th_family_argument(family, i, &length)); i++)
    if (th_symbol_find(cx, other, length) == name) return i;
  return SIZE_MAX;
}

static bool fail_name(ThContext *cx, const ThFamily *family, const ThSymbol *name) {
  ThSymbol *known[TH_MAX_GIVEN];
  size_t n = th_family_argument_count(family);
  ThText list;
  th_text_init(&list, &cx->heap);
  for (size_t i = 0; i < n; i++) {
    known[i] = argument_symbol(cx, family, i);
    if (!known[i]) break;
    th_text_format(&list, "%s%s", i ? ", " : "", known[i]->spelling);
  }
  th_fail(cx, TH_ERROR_NAME, "%s has no parameter `%s`", family->name, name->spelling);
  if (!th_hint_nearest(cx, name, known, n)) th_hint(cx, "%s has %s", family->name, th_text_string(&list));
  th_text_clear(&list);
  return false;
}

/* --- The parameters */

static void set_range(ThFamilyUnknown *u, ThDomain domain) {
  bool bounded = domain != TH_DOMAIN_REAL && domain != TH_DOMAIN_WHOLE && domain != TH_DOMAIN_ANY;
  bool probability = domain == TH_DOMAIN_PROBABILITY || domain == TH_DOMAIN_OPEN_PROBABILITY;
  u->lower = bounded ? 0 : -(double)INFINITY;
  u->upper = probability ? 1 : (double)INFINITY;
}

/* The shape of positional parameter j of a family of vectors of `size` numbers, or of as many categories. */
static void set_shape(const ThFamilyModel *m, size_t j, size_t size, ThFamilyUnknown *u) {
  bool vectors = m->family->event || m->family == &th_family_categorical;
  if (!vectors || j >= (size_t)m->family->n_parameters || size == SIZE_MAX) return;
  if (m->family == &th_family_multinomial && j == 0) return; /* the number of draws */
  u->count = size;
  if (m->family != &th_family_mvnormal || j == 0) return;
  u->order = size;
  u->count = size * (size + 1) / 2;
}

static bool add_unknown(ThContext *cx, ThFamilyModel *m, size_t argument, ThDomain domain, size_t size) {
  ThSymbol *name = argument_symbol(cx, m->family, argument);
  if (!name) return false;
  ThFamilyUnknown *u = &m->unknowns[m->n++];
  *u = (ThFamilyUnknown){.name = name, .argument = argument, .count = SIZE_MAX};
  set_shape(m, argument, size, u);
  set_range(u, domain);
  if (m->family == &th_family_zipf) u->lower = 1; /* where the sum of its masses begins to converge */
  if (m->family != &th_family_mvnormal && u->count != SIZE_MAX) u->lower = 0; /* shares, and Dirichlet's α */
  return true;
}

/* Is positional parameter j one to be found? Where counting starts, and what only says others more exactly, is not. */
static bool is_sought(const ThFamily *family, int j) {
  const ThFamilyParameter *p = &family->parameters[j];
  if (j >= family->n_parameters - family->n_hidden) return false;
  return !(p->optional && p->domain == TH_DOMAIN_COUNT) && p->domain != TH_DOMAIN_ANY;
}

static bool has_argument(const ThFamilyModel *m, size_t argument) {
  for (size_t i = 0; i < m->n; i++)
    if (m->unknowns[i].argument == argument) return true;
  return false;
}

static void remove_argument(ThFamilyModel *m, size_t argument) {
  size_t n = 0;
  for (size_t i = 0; i < m->n; i++)
    if (m->unknowns[i].argument != argument) m->unknowns[n++] = m->unknowns[i];
  m->n = n;
}

/* The alternative that gives parameters by this argument: of several that of which the other name is positional, as
 * shape is of "shape mean". */
static const ThAlternative *find_alternative(const ThFamily *family, int argument) {
  const ThAlternative *found = NULL;
  for (const ThAlternative *a = family->alternatives; a && a->names; a++) {
    int places[TH_MAX_SET], n = th_family_argument_indices(family, a->names, places, TH_MAX_SET);
    bool names_it = false, plain = true;
    for (int i = 0; i < n; i++) {
      if (places[i] == argument) names_it = true;
      else plain = plain && places[i] < family->n_parameters;
    }
    if (names_it && (plain || !found)) found = a;
    if (names_it && plain) break;
  }
  return found;
}

/* A parameter by another name takes the place of those that it gives. */
static bool add_alternative(ThContext *cx, ThFamilyModel *m, const ThAlternative *a) {
  int names[TH_MAX_SET], sets[TH_MAX_SET];
  int n = th_family_argument_indices(m->family, a->names, names, TH_MAX_SET);
  int n_sets = th_family_argument_indices(m->family, a->sets, sets, TH_MAX_SET);
  for (int i = 0; i < n_sets; i++) remove_argument(m, (size_t)sets[i]);
  for (int i = 0; i < n; i++) {
    size_t argument = (size_t)names[i];
    if (!has_argument(m, argument) && !add_unknown(cx, m, argument, a->domain[i], SIZE_MAX)) return false;
  }
  return true;
}

static bool add_named(ThContext *cx, ThFamilyModel *m, const ThSymbol *name) {
  size_t argument = find_argument(cx, m->family, name);
  if (argument == SIZE_MAX) return fail_name(cx, m->family, name);
  if (has_argument(m, argument)) return true;
  if (argument >= (size_t)m->family->n_parameters) {
    const ThAlternative *a = find_alternative(m->family, (int)argument);
    return a ? add_alternative(cx, m, a) : fail_name(cx, m->family, name);
  }
  return add_unknown(cx, m, argument, m->family->parameters[argument].domain, SIZE_MAX);
}

size_t th_family_model_order(const ThFamilyModel *m, const ThSymbol *name) {
  for (size_t i = 0; i < m->n; i++)
    if (m->unknowns[i].name == name) return m->unknowns[i].order;
  return 0;
}

bool th_family_model_is_positional(const ThFamilyModel *m) {
  for (size_t i = 0; i < m->n; i++)
    if (m->unknowns[i].argument >= (size_t)m->family->n_parameters) return false;
  return true;
}

static bool add_all(ThContext *cx, ThFamilyModel *m, size_t size, const ThRecord *const *named,
                    size_t n_named) {
  for (int j = 0; j < m->family->n_parameters; j++) {
    ThDomain domain = m->family->parameters[j].domain;
    bool vector = domain == TH_DOMAIN_ANY && size != SIZE_MAX && !m->family->parameters[j].optional;
    if ((vector || is_sought(m->family, j)) && !add_unknown(cx, m, (size_t)j, domain, size)) return false;
  }
  for (size_t i = 0; i < n_named; i++)
    for (size_t k = 0; named[i] && k < named[i]->length; k++)
      if (!add_named(cx, m, named[i]->names[k])) return false;
  return true;
}

bool th_family_model_new(ThContext *cx, const ThFamily *family, ThSymbol *data, size_t size,
                         const ThRecord *const *named, size_t n_named, ThValue *out) {
  ThFamilyModel m = {.family = family, .data = data};
  ThSymbol *name = th_symbol_of(cx, family->name);
  return name && add_all(cx, &m, size, named, n_named) && th_model_of_family(cx, name, &m, out);
}

/* --- Running it */

static bool make_law(ThContext *cx, const ThFamilyModel *m, const ThValue *values, ThValue *out) {
  ThSymbol *names[TH_MAX_PARAMETERS];
  ThValue constructor;
  if (!th_builtin_named(cx, m->family->name, &constructor)) return false;
  for (size_t i = 0; i < m->n; i++) names[i] = m->unknowns[i].name;
  ThArguments args = {.count = m->n, .values = values, .names = names};
  return th_call(cx, constructor, &args, out);
}

/* The matrix of its numbers, each once: where these are traced. A variable stays what it is, and so does a matrix. */
static bool unpack(ThContext *cx, size_t order, ThValue *v) {
  if (th_is_random(*v) || (th_is_array(*v) && th_as_array(*v)->rank == 2)) return true;
  ThArray *places = th_vector_new(cx, TH_DOUBLE, order * order);
  ThValue index, square, args[3];
  if (!places) return false;
  for (size_t i = 0; i < order * order; i++)
    places->real[i] = (double)th_packed_index(order, i / order, i % order) + 1;
  index = th_object(places);
  bool ok = th_get_index(cx, *v, &index, 1, &args[0]);
  th_release(index);
  if (!ok) return false;
  args[1] = args[2] = th_number((double)order);
  ok = th_builtin_call(cx, "reshape", args, 3, &square);
  th_release(args[0]);
  if (ok) th_replace_take(v, square);
  return ok;
}

bool th_family_model_run(ThContext *cx, const ThFamilyModel *m, ThValue data, const ThModelRunner *runner) {
  ThValue values[TH_MAX_PARAMETERS], law;
  size_t n = 0;
  bool ok = true;
  for (; ok && n < m->n; n += ok) {
    const ThFamilyUnknown *u = &m->unknowns[n];
    ok = runner->free_parameter(runner->self, cx, u->name, th_number(u->lower), th_number(u->upper), u->count,
                                &values[n]);
    if (ok && u->order && !unpack(cx, u->order, &values[n])) {
      th_release(values[n]);
      ok = false;
    }
  }
  ok = ok && make_law(cx, m, values, &law);
  if (ok) {
    ok = runner->observe(runner->self, cx, m->data, data, law);
    th_release(law);
  }
  th_release_all(values, n);
  return ok;
}
