/* record.c - what a model's body says, found by running it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body runs under a runner that gives a random variable for every parameter. What the body computes from
 * them is an expression, so that the structure of the model is read and never guessed. The same run with
 * parameters held at numbers, or at the components of a posterior, gives everything that hangs on them. */
#include "infer/record.h"

#include <math.h>
#include <string.h>

#include "infer/awaited.h"
#include "infer/family_model.h"
#include "infer/names.h"
#include "infer/starts.h"
#include "lang/session.h"
#include "prob/joint.h"
#include "val/array.h"

/* --- Storage */

#define ROOM(r, list, n, capacity) \
  grow((r)->cx, (void **)&(r)->list, (r)->n, &(r)->capacity, sizeof *(r)->list)

/* Room for one more. */
static bool grow(ThContext *cx, void **list, size_t n, size_t *capacity, size_t size) {
  if (n < *capacity) return true;
  size_t wanted = *capacity ? *capacity * 2 : 4;
  void *grown = th_resize(cx, *list, *capacity * size, wanted * size);
  if (!grown) return false;
  *list = grown;
  *capacity = wanted;
  return true;
}

void th_recording_clear(ThRecording *r) {
  for (size_t i = 0; i < r->n_unknowns; i++) {
    th_release(r->unknowns[i].prior);
    th_release(r->unknowns[i].value);
    th_release(r->unknowns[i].ends.lower);
    th_release(r->unknowns[i].ends.upper);
  }
  for (size_t i = 0; i < r->n_elements; i++) th_release(r->elements[i].prior);
  for (size_t i = 0; i < r->n_observations; i++) {
    th_release(r->observations[i].data);
    th_release(r->observations[i].distribution);
  }
  for (size_t i = 0; i < r->n_derived; i++) th_release(r->derived[i].value);
  th_release_all(r->factors, r->n_factors);
  for (size_t i = 0; i < r->n_held_priors; i++) {
    th_release(r->held_priors[i].data);
    th_release(r->held_priors[i].distribution);
  }
  th_free(r->cx, r->unknowns, r->unknown_capacity * sizeof *r->unknowns);
  th_free(r->cx, r->elements, r->element_capacity * sizeof *r->elements);
  th_free(r->cx, r->observations, r->observation_capacity * sizeof *r->observations);
  th_free(r->cx, r->derived, r->derived_capacity * sizeof *r->derived);
  th_free(r->cx, r->factors, r->factor_capacity * sizeof *r->factors);
  th_free(r->cx, r->held_priors, r->held_capacity * sizeof *r->held_priors);
}

/* --- Parameters */

static ThUnknown *find_unknown(ThRecording *r, const ThSymbol *name) {
  for (size_t i = 0; i < r->n_unknowns; i++)
    if (r->unknowns[i].name == name) return &r->unknowns[i];
  return NULL;
}

/* A number or vector where a search may begin, with entries for its elements. */
static bool make_numbers(ThRecording *r, ThUnknown *u) {
  size_t n = u->count == SIZE_MAX ? 1 : u->count;
  ThArray *a = th_vector_new(r->cx, TH_DOUBLE, n);
  bool ok = a != NULL;
  for (size_t i = 0; ok && i < n; i++) {
    ok = ROOM(r, elements, n_elements, element_capacity);
    if (!ok) break;
    r->elements[r->n_elements] = (ThElementary){.unknown = r->n_unknowns, .index = i, .prior = th_none()};
    ok = th_starts_element(r, u, u->prior, r->n_elements++, r->plain_at, &a->real[i]);
  }
  if (ok) return th_from_array_take(r->cx, a, u->count == SIZE_MAX, &u->value);
  if (a) th_release(th_object(a));
  return false;
}

/* One variable of a parameter, with its entry; index 0 for a number, else 1, 2, …. Owned. */
static bool make_element(ThRecording *r, ThSymbol *name, size_t index, ThValue distribution, ThValue *out) {
  if (!ROOM(r, elements, n_elements, element_capacity)) return false;
  if (!th_variable_new(r->cx, name, index, distribution, out)) return false;
  r->elements[r->n_elements++] = (ThElementary){.variable = th_as_variable(*out),
                                                .unknown = r->n_unknowns,
                                                .index = index ? index - 1 : 0,
                                                .prior = th_none()};
  return true;
}

/* The law of element i of a vector's prior: one law for all, or each its own. Owned; none for a free one. */
static bool element_law(ThRecording *r, ThValue prior, size_t i, ThValue *out) {
  if (th_is_distribution(prior) && th_as_distribution(prior)->rank > 0)
    return th_distribution_element(r->cx, th_as_distribution(prior), i, out);
  *out = th_retain(prior);
  return true;
}

static bool make_vector(ThRecording *r, ThSymbol *name, ThValue prior, size_t count, ThValue *out) {
  ThVariableArray *vector = th_variable_array_new(r->cx, name, count);
  if (!vector) return false;
  *out = th_object(vector);
  size_t done = 0;
  for (bool ok = true; ok && done < count; done += ok) {
    ThValue law;
    ok = element_law(r, prior, done, &law);
    if (!ok) break;
    ok = make_element(r, name, done + 1, law, &vector->items[done]);
    th_release(law);
    if (!ok) break;
  }
  th_variable_array_done(r->cx, vector);
  if (done == count) return true;
  for (size_t i = done; i < count; i++) vector->items[i] = th_number(0);
  th_release(*out);
  return false;
}

/* The value that a parameter is held at, or NULL. */
static const ThValue *held_value(const ThRecording *r, const ThSymbol *name) {
  return r->options.fix ? th_record_find(r->options.fix, name) : NULL;
}

static bool check_held(ThRecording *r, const ThUnknown *u, ThValue v) {
  size_t wanted = u->order ? u->order * u->order : u->count == SIZE_MAX ? 1 : u->count;
  if (th_is_random(v)) return true;
  size_t length = th_value_length(v);
  char got[96];
  if (length == wanted && (u->count != SIZE_MAX || th_is_scalar(v))) return true;
  if (u->count == SIZE_MAX)
    return th_fail(r->cx, TH_ERROR_TYPE, "`%s` is one number, and cannot be held at %s", u->name->spelling,
                   th_describe(v, got, sizeof got));
  return th_fail(r->cx, TH_ERROR_SHAPE, "`%s` has %zu elements, and cannot be held at %s", u->name->spelling,
                 u->count, th_describe(v, got, sizeof got));
}

/* A value drawn from the prior. */
static bool draw(ThRecording *r, const ThUnknown *u, ThValue *out) {
  if (!th_is_distribution(u->prior)) {
    th_fail(r->cx, TH_ERROR_VALUE, "`%s` has no prior to draw from", u->name->spelling);
    return th_hint(r->cx, "give its value: `(%s = …)`", u->name->spelling);
  }
  return th_law_draw(r->cx, th_as_distribution(u->prior), u->count, out);
}

/* What the body goes on with. On failure u->value may hold an object. */
static bool make_value(ThRecording *r, ThUnknown *u) {
  const ThValue *held = held_value(r, u->name);
  u->first = r->n_elements;
  u->is_held = held || r->options.draws;
  if (held) return th_model_value(r->cx, u->name, *held, &u->value) && check_held(r, u, u->value);
  if (r->options.draws) return draw(r, u, &u->value);
  if (r->is_plain) return make_numbers(r, u);
  if (u->count == SIZE_MAX) return make_element(r, u->name, 0, u->prior, &u->value);
  return make_vector(r, u->name, u->prior, u->count, &u->value);
}

/* Takes u.prior and u.ends, on failure too. */
static bool add_unknown(ThRecording *r, ThUnknown u, ThValue *out) {
  if (!ROOM(r, unknowns, n_unknowns, unknown_capacity) || !make_value(r, &u)) {
    if (u.is_held) th_release(u.value);
    th_release(u.prior);
    th_release(u.ends.lower);
    th_release(u.ends.upper);
    return false;
  }
  *out = th_retain(u.value);
  r->unknowns[r->n_unknowns++] = u;
  return true;
}

static bool check_new(ThRecording *r, ThSymbol *name) {
  if (!r->model->family && th_is_reserved_field(r->cx, name)) {
    th_fail(r->cx, TH_ERROR_NAME, "a parameter cannot be called `%s`: it is a field of fits, or an option",
            name->spelling);
    return th_hint(r->cx, "write another name, `%s_1` for example", name->spelling);
  }
  if (!find_unknown(r, name)) return true;
  return th_fail(r->cx, TH_ERROR_NAME, "`%s` is a parameter already", name->spelling);
}

/* A count, where a prior has as many elements. */
static bool check_prior(ThRecording *r, const ThSymbol *name, ThValue prior, size_t count) {
  char got[96];
  if (!th_is_law(prior)) {
    th_fail(r->cx, TH_ERROR_TYPE, "the prior of `%s` must be a distribution, got %s", name->spelling,
            th_describe(prior, got, sizeof got));
    return th_hint(r->cx, "`%s ~ Normal(0, 10)` for example", name->spelling);
  }
  if (!th_is_distribution(prior)) return true;
  const ThDistribution *d = th_as_distribution(prior);
  size_t wanted = count == SIZE_MAX ? 0 : count;
  if (d->rank == 0 || (d->rank == 1 && d->length == wanted)) return true;
  th_fail(r->cx, TH_ERROR_SHAPE, "the prior of `%s` is of %zu distributions", name->spelling, d->length);
  return count == SIZE_MAX
             ? th_hint(r->cx, "a vector of parameters is `%s[%zu] ~ …`", name->spelling, d->length)
             : false;
}

/* A value of prior = (a = …). */
static bool check_replaced(ThRecording *r, const ThSymbol *name, ThValue prior) {
  char got[96];
  if (th_is_law(prior)) return true;
  th_fail(r->cx, TH_ERROR_TYPE, "`prior` gives `%s` %s, which is no distribution", name->spelling,
          th_describe(prior, got, sizeof got));
  return th_hint(r->cx, "`prior = (%s = Normal(0, 10))` for example", name->spelling);
}

/* θ[i] ~ d of a vector that is held: remembered for the log density. */
static bool add_held_prior(ThRecording *r, const ThUnknown *u, ThValue prior, size_t i) {
  if (!ROOM(r, held_priors, n_held_priors, held_capacity)) return false;
  ThValue v = th_retain(th_law_element(u->value, i));
  r->held_priors[r->n_held_priors++] = (ThObservation){u->name, v, th_retain(prior)};
  return true;
}

/* The prior of element i of a vector, which is the next one that it gets. */
static bool set_element_prior(ThRecording *r, const ThUnknown *u, ThValue prior, size_t i) {
  ThValue *slot = &r->elements[u->first + i].prior;
  if (!th_is_none(*slot))
    return th_fail(r->cx, TH_ERROR_NAME, "`%s[%zu]` has a prior already", u->name->spelling, i + 1);
  *slot = th_retain(prior);
  return true;
}

/* θ[i] ~ d after `param θ[n]`; a prior given by the caller for the whole vector wins. */
static bool element_prior(ThRecording *r, const ThUnknown *u, ThValue prior, size_t i, ThValue *out) {
  if (!u->is_param || u->count == SIZE_MAX || i == 0 || i > u->count) {
    th_fail(r->cx, TH_ERROR_NAME, "`%s` is a parameter already", u->name->spelling);
    if (u->is_param || u->count == SIZE_MAX || i == SIZE_MAX) return false;
    return th_hint(r->cx, "for a prior of each element write `param %s[n]` first", u->name->spelling);
  }
  if (!check_prior(r, u->name, prior, SIZE_MAX)) return false;
  bool ok = !u->is_free ||
            (u->is_held ? add_held_prior(r, u, prior, i - 1) : set_element_prior(r, u, prior, i - 1));
  if (ok) *out = th_retain(u->value);
  return ok;
}

static bool refuse_hierarchy(ThRecording *r, const ThSymbol *name) {
  th_fail(r->cx, TH_ERROR_VALUE, "`mle` leaves priors out, and the prior of `%s` hangs on parameters",
          name->spelling);
  return th_hint(r->cx, "`map(%s, d)` keeps it", r->model->name->spelling);
}

/* A prior of vectors makes a vector of parameters. */
static bool joint_count(ThRecording *r, const ThSymbol *name, ThValue prior, size_t *count) {
  if (th_law_family(prior)->event->rank == 1) return th_joint_size(r->cx, name, prior, *count, count);
  return th_fail(r->cx, TH_ERROR_TYPE, "a parameter is a number or a vector; %s gives matrices",
                 th_law_family(prior)->name);
}

static bool run_parameter(void *self, ThContext *cx, ThSymbol *name, ThValue distribution, size_t count,
                          ThValue *out) {
  ThRecording *r = self;
  const ThValue *replaced = r->options.prior ? th_record_find(r->options.prior, name) : NULL;
  ThUnknown *u = find_unknown(r, name);
  (void)cx;
  if (u) return element_prior(r, u, distribution, count, out);
  if (replaced) distribution = *replaced;
  if (replaced && !check_replaced(r, name, distribution)) return false;
  if (!check_new(r, name) || !check_prior(r, name, distribution, count)) return false;
  if (th_is_joint_law(distribution) && !joint_count(r, name, distribution, &count)) return false;
  if (r->options.verb == TH_VERB_MLE && !r->options.is_replay && th_is_conditional(distribution))
    return refuse_hierarchy(r, name);
  return add_unknown(r,
                     (ThUnknown){.name = name,
                                 .count = count,
                                 .ends = {th_number(-(double)INFINITY), th_number((double)INFINITY)},
                                 .lower = -(double)INFINITY,
                                 .upper = (double)INFINITY,
                                 .prior = th_retain(distribution),
                                 .value = th_none()},
                     out);
}

/* The end where it is a number. */
static double number_or(ThValue end, double otherwise) {
  double x;
  return th_to_number(end, &x) ? x : otherwise;
}

static bool run_free_parameter(void *self, ThContext *cx, ThSymbol *name, ThValue lower, ThValue upper,
                               size_t count, ThValue *out) {
  ThRecording *r = self;
  const ThValue *given = r->options.prior ? th_record_find(r->options.prior, name) : NULL;
  (void)cx;
  if (given && !check_replaced(r, name, *given)) return false;
  if (!check_new(r, name) || (given && !check_prior(r, name, *given, count))) return false;
  return add_unknown(
      r,
      (ThUnknown){.name = name,
                  .count = count,
                  .order = r->model->family ? th_family_model_order(r->model->family, name) : 0,
                  .is_param = true,
                  .is_free = !given,
                  .ends = {th_retain(lower), th_retain(upper)},
                  .lower = number_or(lower, -(double)INFINITY),
                  .upper = number_or(upper, (double)INFINITY),
                  .prior = given ? th_retain(*given) : th_none(),
                  .value = th_none()},
      out);
}

/* --- Data */

/* What stands on the left is drawn, and what the body reads of it later is that. */
static bool draw_datum(ThRecording *r, ThSymbol *name, ThValue data, ThValue distribution) {
  ThValue drawn;
  if (!th_law_draw(r->cx, th_as_distribution(distribution), SIZE_MAX, &drawn)) return false;
  if (th_is_awaited(data) && !th_awaited_add(r->cx, data, drawn)) {
    th_release(drawn);
    return false;
  }
  r->observations[r->n_observations++] = (ThObservation){name, drawn, th_retain(distribution)};
  return true;
}

static bool observe(void *self, ThContext *cx, ThSymbol *name, ThValue data, ThValue distribution) {
  ThRecording *r = self;
  ThValue plain;
  char got[96];
  if (!th_is_law(distribution)) {
    th_fail(cx, TH_ERROR_TYPE, "the right of `%s ~` must be a distribution, got %s", name->spelling,
            th_describe(distribution, got, sizeof got));
    return th_hint(cx, "`%s ~ Normal(%s, σ)` for example", name->spelling, "…");
  }
  if (!ROOM(r, observations, n_observations, observation_capacity)) return false;
  if (r->options.draws) return draw_datum(r, name, data, distribution);
  if (!th_model_value(cx, name, data, &plain)) return false;
  bool ok = r->options.is_replay || th_law_check(cx, r->model, r->data, name, plain, distribution,
                                                 !r->is_plain && !r->options.is_trial);
  if (ok) r->observations[r->n_observations++] = (ThObservation){name, plain, th_retain(distribution)};
  else th_release(plain);
  return ok;
}

static bool run_deterministic(void *self, ThContext *cx, ThSymbol *name, ThValue value) {
  ThRecording *r = self;
  (void)cx;
  for (size_t i = 0; i < r->n_derived; i++)
    if (r->derived[i].name == name) {
      th_replace_take(&r->derived[i].value, th_retain(value));
      return true;
    }
  if (!ROOM(r, derived, n_derived, derived_capacity)) return false;
  r->derived[r->n_derived++] = (ThDerived){name, th_retain(value)};
  return true;
}

static bool run_factor(void *self, ThContext *cx, ThValue x) {
  ThRecording *r = self;
  char got[96];
  double number;
  if (!th_is_random(x) && !th_to_number(x, &number))
    return th_fail(cx, TH_ERROR_TYPE, "`factor` takes a number, a log density; got %s",
                   th_describe(x, got, sizeof got));
  if (!ROOM(r, factors, n_factors, factor_capacity)) return false;
  r->factors[r->n_factors++] = th_retain(x);
  return true;
}

/* --- The run */

/* Names in prior = (…) and fix = (…) must be parameters. */
static bool check_names(ThRecording *r, const char *option, const ThRecord *names) {
  for (size_t i = 0; names && i < names->length; i++) {
    if (find_unknown(r, names->names[i])) continue;
    ThSymbol *known[32];
    size_t n = 0;
    for (; n < 32 && n < r->n_unknowns; n++) known[n] = r->unknowns[n].name;
    th_fail(r->cx, TH_ERROR_NAME, "`%s` names `%s`, which is no parameter of model `%s`", option,
            names->names[i]->spelling, r->model->name->spelling);
    if (th_hint_nearest(r->cx, names->names[i], known, n) || n == 0) return false;
    ThText list;
    th_text_init(&list, &r->cx->heap);
    for (size_t j = 0; j < n; j++) th_text_format(&list, "%s%s", j ? ", " : "", known[j]->spelling);
    th_hint(r->cx, "its parameters are %s", th_text_string(&list));
    th_text_clear(&list);
    return false;
  }
  return true;
}

/* Two data of different lengths, when the body has failed over shapes: the hint that names them. */
static void hint_lengths(const ThRecording *r) {
  bool is_knob;
  const ThSymbol *first = NULL;
  size_t length = 0;
  if (r->cx->error.code != TH_ERROR_SHAPE || r->cx->error.hint[0]) return;
  for (size_t i = 0; i < r->data->n; i++) {
    const ThSymbol *name = th_model_argument(r->model, i, &is_knob);
    ThValue v = r->data->values[i];
    if (!th_is_array(v) || th_as_array(v)->rank != 1) continue;
    if (r->options.is_replay && th_model_observes(r->model, name)) continue;
    if (first && th_as_array(v)->length != length) {
      th_hint(r->cx, "`%s` has %zu values, `%s` has %zu", first->spelling, length, name->spelling,
              th_as_array(v)->length);
      return;
    }
    if (!first) first = name, length = th_as_array(v)->length;
  }
}

bool th_record_run(ThContext *cx, const ThModel *model, const ThModelData *data,
                   const ThModelRunner *runner) {
  if (model->family) return th_family_model_run(cx, model->family, data->values[0], runner);
  size_t n = data->n, count = 0;
  ThValue *values = n ? th_alloc_array(cx, n, sizeof *values) : NULL;
  ThSymbol **names = n ? th_alloc_array(cx, n, sizeof *names) : NULL;
  bool ok = n == 0 || (values && names), is_knob;
  for (size_t i = 0; ok && i < n; i++) {
    if (th_is_unset(data->values[i])) continue;
    values[count] = data->values[i];
    names[count++] = th_model_argument(model, i, &is_knob);
  }
  ThArguments args = {.count = count, .values = values, .names = names};
  ok = ok && th_model_run(cx, model->body, &args, runner);
  th_free(cx, values, n * sizeof *values);
  th_free(cx, names, n * sizeof *names);
  return ok;
}

static bool run_body(ThRecording *r) {
  ThModelRunner runner = {.self = r,
                          .parameter = run_parameter,
                          .free_parameter = run_free_parameter,
                          .observe = observe,
                          .deterministic = run_deterministic,
                          .factor = run_factor};
  return th_record_run(r->cx, r->model, r->data, &runner);
}

bool th_record_may_be_plain(const ThContext *cx) {
  return (cx->error.code == TH_ERROR_TYPE || cx->error.code == TH_ERROR_SHAPE) && !th_is_final(cx);
}

/* On numbers, the quantiles of the priors at `at`. */
static bool run_plain_at(const ThRecording *like, double at, ThRecording *out) {
  *out = (ThRecording){.cx = like->cx,
                       .model = like->model,
                       .data = like->data,
                       .options = like->options,
                       .is_plain = true,
                       .plain_at = at};
  return run_body(out);
}

static bool same_range(const ThUnknown *a, const ThUnknown *b, bool with_prior) {
  double lower[2], upper[2];
  if (a->lower != b->lower || a->upper != b->upper) return false;
  if (!with_prior || !th_is_distribution(a->prior) || !th_is_distribution(b->prior)) return true;
  th_distribution_support(th_as_distribution(a->prior), 0, &lower[0], &upper[0]);
  th_distribution_support(th_as_distribution(b->prior), 0, &lower[1], &upper[1]);
  return lower[0] == lower[1] && upper[0] == upper[1];
}

/* On other numbers the parameters must have the same ranges: those are taken from this one run. */
static bool check_ranges(const ThRecording *r) {
  ThRecording other;
  bool ok = run_plain_at(r, 0.3, &other);
  for (size_t i = 0; ok && i < r->n_unknowns && i < other.n_unknowns; i++) {
    const char *name = r->unknowns[i].name->spelling;
    ok = same_range(&r->unknowns[i], &other.unknowns[i], r->options.verb != TH_VERB_MLE);
    if (ok) continue;
    th_fail(r->cx, TH_ERROR_VALUE,
            "the range of `%s` hangs on other parameters, and the body takes no random variables", name);
    th_hint(r->cx, "for `%s ~ Uniform(0, a)` write `%s_share ~ Uniform(0, 1)`, `%s = a*%s_share`", name, name,
            name, name);
  }
  th_recording_clear(&other);
  return ok;
}

/* Where numbers fail as well, by their kind, that is the error; a value may not do because it is an arbitrary one. */
static bool run_plain(ThRecording *r) {
  ThRecording before = *r;
  ThError first;
  th_error_take(r->cx, &first);
  th_recording_clear(r);
  bool ok = run_plain_at(&before, 0.5, r);
  bool stands = !ok && !th_is_final(r->cx) && !th_record_may_be_plain(r->cx);
  if (stands) th_error_restore(r->cx, &first);
  else th_error_drop(&first);
  return ok && check_ranges(r);
}

bool th_record_model(ThContext *cx, const ThModel *model, const ThModelData *data,
                     const ThRecordOptions *options, ThRecording *out) {
  *out = (ThRecording){.cx = cx, .model = model, .data = data, .options = *options};
  bool ok = run_body(out);
  if (!ok && out->n_elements > 0 && th_record_may_be_plain(cx)) ok = run_plain(out);
  if (!ok) hint_lengths(out);
  if (ok && !options->is_replay) {
    ok = check_names(out, "prior", options->prior) && check_names(out, "fix", options->fix) &&
         check_names(out, "init", options->init);
    bool by_factor = options->verb != TH_VERB_MLE && out->n_factors > 0; /* all of it */
    if (ok && out->n_observations == 0 && !by_factor) ok = th_fail_no_likelihood(cx, model->name);
  }
  if (!ok) th_recording_clear(out);
  return ok;
}

/* --- Reading */

size_t th_recording_element(const ThRecording *r, const ThVariable *variable) {
  for (size_t i = 0; i < r->n_elements; i++)
    if (r->elements[i].variable == variable) return i;
  return SIZE_MAX;
}

ThValue th_recording_law(const ThRecording *r, size_t j) {
  ThValue own = r->elements[j].prior;
  return th_is_none(own) ? r->unknowns[r->elements[j].unknown].prior : own;
}

bool th_recording_prior(const ThRecording *r, size_t element, const ThFamily **family, double *p) {
  const ThElementary *e = &r->elements[element];
  ThValue prior = th_recording_law(r, element);
  if (!th_is_distribution(prior)) return false;
  const ThDistribution *d = th_as_distribution(prior);
  if (d->stride > TH_MAX_PARAMETERS || d->family->event) return false;
  *family = d->family;
  memcpy(p, d->p + (d->rank ? e->index : 0) * d->stride, d->stride * sizeof *p);
  return true;
}

bool th_recording_kink(const ThRecording *r, size_t element, double *p) {
  const ThFamily *family;
  return th_recording_prior(r, element, &family, p) && family == &th_family_laplace;
}

size_t th_recording_data_count(const ThRecording *r) {
  size_t n = 0;
  for (size_t i = 0; i < r->n_observations; i++) n += th_value_length(r->observations[i].data);
  return n;
}

bool th_recording_is_normal(const ThRecording *r) {
  for (size_t i = 0; i < r->n_observations; i++)
    if (th_law_family(r->observations[i].distribution) != &th_family_normal) return false;
  return r->n_observations > 0;
}

void th_packed_name(size_t order, size_t index, ThText *out) {
  size_t row = 0;
  while (index >= th_packed_index(order, row, order - 1) + 1) row++;
  th_text_format(out, "[%zu, %zu]", row + 1, index - th_packed_index(order, row, row) + row + 1);
}

void th_unknown_element_name(const ThUnknown *unknown, size_t index, ThText *out) {
  th_text_add(out, unknown->name->spelling);
  if (unknown->order) th_packed_name(unknown->order, index, out);
  else if (unknown->count != SIZE_MAX) th_text_format(out, "[%zu]", index + 1);
}
