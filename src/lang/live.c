/* live.c - names that follow their ingredients */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A definition is evaluated when its value is read and not there. While that goes on, the machine notes every
 * global it reads: those are the ingredients, and the definition is an edge from each (live_graph.c). */
#include "lang/live.h"

#include <string.h>

#include "num/random.h"
#include "val/array.h"

/* --- Adding and forgetting */

void th_live_drop_failure(ThContext *cx, ThDefinition *d) {
  if (!d->failure) return;
  for (size_t i = 0; i < d->failure->n_places; i++) th_source_release(d->failure->places[i].source);
  th_free(cx, d->failure, sizeof *d->failure);
  d->failure = NULL;
}

void th_live_forget(ThSession *session, size_t index) {
  ThLiveGraph *graph = &session->graph;
  ThDefinition *d = th_live_find(session, index);
  if (!d) return;
  *(d->previous ? &d->previous->next : &graph->first) = d->next;
  *(d->next ? &d->next->previous : &graph->last) = d->previous;
  graph->nodes[index].definition = NULL;
  session->globals[index].defined = false;
  graph->n_pictures -= d->draws;
  th_live_set_state(session, d, TH_LIVE_FRESH); /* it counts as stale no more */
  th_live_drop_failure(&session->cx, d);
  th_release(d->thunk);
  th_release(d->variable);
  th_release(d->source);
  th_release(d->shown);
  th_reads_release(&session->cx, d->reads);
  th_free(&session->cx, d, sizeof *d);
}

void th_live_clear(ThSession *session) {
  while (session->graph.first) th_live_forget(session, session->graph.first->name->index);
}

ThDefinition *th_live_add(ThSession *session, ThSymbol *name, ThValue thunk) {
  ThLiveGraph *graph = &session->graph;
  ThGlobal *global = th_session_global(session, name);
  ThLiveNode *node = global ? th_live_node_make(session, name->index) : NULL;
  ThDefinition *d = node ? th_alloc(&session->cx, sizeof *d) : NULL;
  if (!d) return NULL;
  th_live_forget(session, name->index);
  *d = (ThDefinition){.previous = graph->last,
                      .id = ++graph->serial,
                      .name = name,
                      .thunk = th_retain(thunk),
                      .variable = th_unset(),
                      .source = th_unset(),
                      .shown = th_unset()};
  *(graph->last ? &graph->last->next : &graph->first) = d;
  graph->last = d;
  node->definition = d;
  if (global->order == 0) global->order = ++session->last_order;
  global->defined = global->watched = true;
  return d;
}

/* --- Evaluating */

bool th_live_evaluate(ThSession *session, const ThSymbol *name, ThValue thunk, ThReads **reads, bool *random,
                      ThValue *out) {
  ThContext *cx = &session->cx;
  ThReads *outer = session->vm.reads;
  ThRandom saved = *cx->random, start;
  ThArguments none = {0};
  *reads = th_reads_new(session);
  if (!*reads) return false;
  th_random_stream(cx->random, session->seed, name ? name->hash : 1);
  start = *cx->random;
  session->vm.reads = *reads;
  bool ok = th_vm_call(session, thunk, &none, out);
  session->vm.reads = outer;
  th_reads_settle(session, *reads);
  if (random) *random = memcmp(&start, cx->random, sizeof start) != 0;
  *cx->random = saved;
  return ok;
}

/* The value of a definition from what its thunk gave: the variable for a declaration. Takes `value`. */
static bool settle(ThSession *session, ThDefinition *d, ThValue value, ThValue *out) {
  if (!d->declared) {
    *out = value;
    return true;
  }
  bool ok = !session->hooks.redeclare || session->hooks.redeclare(&session->cx, d->variable, value);
  if (ok) th_replace_take(&d->source, value);
  else th_release(value);
  if (ok) *out = th_retain(d->variable);
  return ok;
}

/* What depends on the outside world, or was cut short, is tried again when it is read again. */
static bool is_lasting(ThErrorCode code) {
  return code == TH_ERROR_NAME || code == TH_ERROR_TYPE || code == TH_ERROR_SHAPE || code == TH_ERROR_VALUE ||
         code == TH_ERROR_NUMERIC;
}

static void copy_error(const ThError *from, ThError *to) {
  *to = *from;
  for (size_t i = 0; i < to->n_places; i++) th_source_retain(to->places[i].source);
}

/* The evaluation failed: its error stays, and what was read up to it tells when to try again. */
static bool keep_failure(ThSession *session, ThDefinition *d) {
  if (!is_lasting(session->cx.error.code)) return false;
  ThError error;
  th_error_take(&session->cx, &error);
  d->failure = th_alloc(&session->cx, sizeof *d->failure);
  if (d->failure && th_live_connect(session, d)) {
    copy_error(&error, d->failure);
    th_live_set_state(session, d, TH_LIVE_FAILED);
  } else {
    th_free(&session->cx, d->failure, sizeof *d->failure);
    d->failure = NULL;
    th_error_clear(&session->cx);
  }
  th_error_restore(&session->cx, &error);
  return false;
}

static bool repeat_failure(ThSession *session, const ThDefinition *d) {
  th_error_clear(&session->cx);
  copy_error(d->failure, &session->cx.error);
  return false;
}

static void keep_value(ThSession *session, ThDefinition *d, ThValue value) {
  if (th_live_is_picture(value)) th_live_draws(session, d);
  th_live_set_state(session, d, TH_LIVE_FRESH);
  th_replace_take(&session->globals[d->name->index].value, value);
}

/* What an evaluation gave becomes the definition's. Takes the reads, and the value when there is one (`ok`). */
static bool take_result(ThSession *session, ThDefinition *d, bool ok, ThReads *reads, ThValue value) {
  if (ok) ok = settle(session, d, value, &value);
  if (reads) {
    th_reads_release(&session->cx, d->reads);
    d->reads = reads;
  }
  if (!ok) return keep_failure(session, d);
  if (!th_live_connect(session, d)) {
    th_release(value);
    return false;
  }
  keep_value(session, d, value);
  return true;
}

static bool evaluate(ThSession *session, ThDefinition *d) {
  size_t index = d->name->index;
  uint64_t id = d->id;
  ThReads *reads;
  ThValue value;
  bool random = false;
  if (!th_journal_note(session, d)) return false;
  ThValue thunk = th_retain(d->thunk);
  d->running = true;
  session->graph.depth++;
  bool ok = th_live_evaluate(session, d->name, thunk, &reads, &random, &value);
  session->graph.depth--;
  th_release(thunk);
  d = th_live_find(session, index);
  if (!d || d->id != id) { /* a file that was imported meanwhile gave the name another meaning */
    if (ok) th_release(value);
    th_reads_release(&session->cx, reads);
    return ok && th_fail(&session->cx, TH_ERROR_NAME, "the name changed its meaning while it was computed");
  }
  d->running = false;
  d->random = random;
  return take_result(session, d, ok, reads, value);
}

static bool circle(ThSession *session, const ThDefinition *d) {
  return th_fail(&session->cx, TH_ERROR_NAME, "`%s` hangs on itself", d->name->spelling);
}

/* --- Long chains */

enum { DEEP = 40 }; /* definitions evaluated one within the other, before ingredients are looked for first */

/* A definition that waits for its ingredients. */
typedef struct Step {
  uint32_t name;
  uint64_t id;
  size_t next; /* of its expected ingredients */
} Step;

typedef struct Steps {
  Step *items;
  size_t n, capacity;
} Steps;

static bool push_step(ThSession *session, Steps *steps, ThDefinition *d) {
  if (steps->n == steps->capacity) {
    size_t capacity = steps->capacity * 2 + 64, size = sizeof *steps->items;
    Step *grown = th_resize(&session->cx, steps->items, steps->capacity * size, capacity * size);
    if (!grown) return false;
    steps->items = grown;
    steps->capacity = capacity;
  }
  d->waiting = true;
  steps->items[steps->n++] = (Step){.name = d->name->index, .id = d->id};
  return true;
}

/* NULL once a file that was imported has defined the name anew. */
static ThDefinition *step_definition(const ThSession *session, const Step *step) {
  ThDefinition *d = th_live_find(session, step->name);
  return d && d->id == step->id ? d : NULL;
}

/* The next ingredient that an evaluation would have to compute first, or NULL. */
static ThDefinition *next_stale(const ThSession *session, Step *step) {
  const ThDefinition *waits = step_definition(session, step);
  const ThReads *reads = waits ? waits->reads : NULL;
  while (reads && step->next < reads->n) {
    ThDefinition *d = th_live_find(session, reads->names[step->next++]);
    if (d && d->state == TH_LIVE_STALE && !d->waiting && !d->running) return d;
  }
  return NULL;
}

/* Evaluates the innermost definition that waits, unless it is the first. An error is told by the one that reads
 * what failed. */
static bool finish_step(ThSession *session, Steps *steps) {
  ThDefinition *d = step_definition(session, &steps->items[--steps->n]);
  if (d) d->waiting = false;
  if (!d || steps->n == 0 || evaluate(session, d)) return true;
  if (!is_lasting(session->cx.error.code)) return false;
  th_error_clear(&session->cx);
  return true;
}

/* Evaluates the expected ingredients of a definition, deepest first, so that a chain of any length needs no more
 * than a few nested evaluations. */
static bool evaluate_ingredients(ThSession *session, ThDefinition *d) {
  Steps steps = {0};
  bool ok = push_step(session, &steps, d);
  while (ok && steps.n > 0) {
    ThDefinition *stale = next_stale(session, &steps.items[steps.n - 1]);
    ok = stale ? push_step(session, &steps, stale) : finish_step(session, &steps);
  }
  for (; steps.n > 0; steps.n--) {
    d = step_definition(session, &steps.items[steps.n - 1]);
    if (d) d->waiting = false;
  }
  th_free(&session->cx, steps.items, steps.capacity * sizeof *steps.items);
  return ok;
}

bool th_live_refresh(ThSession *session, ThDefinition *d) {
  if (th_live_is_settled(d)) return true;
  if (d->state == TH_LIVE_FAILED) return repeat_failure(session, d);
  if (d->running) return circle(session, d);
  if (session->graph.depth < DEEP) return evaluate(session, d);
  uint32_t index = d->name->index;
  uint64_t id = d->id;
  if (!evaluate_ingredients(session, d)) return false;
  d = th_live_find(session, index);
  return !d || d->id != id || evaluate(session, d);
}

/* --- Following no more */

bool th_live_detach(ThSession *session, ThDefinition *d, ThLiveState state) {
  ThReads *nothing = th_reads_new(session);
  if (!nothing) return false;
  if (!th_journal_note(session, d)) {
    th_reads_release(&session->cx, nothing);
    return false;
  }
  th_reads_release(&session->cx, d->reads);
  d->reads = nothing;
  d->edges = ++session->graph.serial;
  th_live_set_state(session, d, state);
  return true;
}

/* The distribution that the variable keeps is that of now, not of when it was last asked for. */
static bool keep(ThSession *session, ThDefinition *d) {
  uint32_t index = d->name->index;
  uint64_t id = d->id;
  if (!th_live_refresh(session, d)) return false;
  d = th_live_find(session, index);
  return !d || d->id != id || th_live_detach(session, d, TH_LIVE_KEPT);
}

bool th_live_keep(ThSession *session, size_t index, ThValue v) {
  if (!th_is_object(v) || th_is_array(v) || !session->hooks.hangs_on) return true;
  ThDefinition *d = session->graph.first;
  while (d) {
    bool hangs = false;
    if (d->declared && th_reads_has(d->reads, index) &&
        !session->hooks.hangs_on(&session->cx, v, d->variable, &hangs))
      return false;
    if (hangs && !keep(session, d)) return false;
    d = hangs ? session->graph.first : d->next; /* its evaluation may have defined other names */
  }
  return true;
}

void th_live_reseeded(ThSession *session) {
  for (ThDefinition *d = session->graph.first; d; d = d->next)
    if (d->random && d->state == TH_LIVE_FRESH) th_live_invalidate(session, d);
}

/* --- Defining */

bool th_live_define(ThSession *session, ThSymbol *name, ThValue thunk) {
  ThReads *names;
  if (!th_live_check(session, name, thunk, &names)) return false;
  ThDefinition *d = th_live_add(session, name, thunk);
  if (!d) {
    th_reads_release(&session->cx, names);
    return false;
  }
  d->reads = names;
  th_replace_take(&session->globals[name->index].value, th_unset());
  th_live_changed(session, name->index);
  return true;
}

/* The distribution of a declaration, and the variable that it makes. */
static bool make_variable(ThSession *session, ThSymbol *name, ThValue thunk, size_t count, ThReads **reads,
                          ThValue *distribution, ThValue *variable) {
  if (!th_live_evaluate(session, name, thunk, reads, NULL, distribution)) return false;
  if (th_live_mention(session, *reads) &&
      session->hooks.declare(&session->cx, name, *distribution, count, variable))
    return true;
  th_release(*distribution);
  return false;
}

bool th_live_declare(ThSession *session, ThSymbol *name, ThValue thunk, size_t count, ThValue *out) {
  ThReads *reads;
  ThValue distribution, variable;
  if (!make_variable(session, name, thunk, count, &reads, &distribution, &variable)) {
    th_reads_release(&session->cx, reads);
    return false;
  }
  const ThDefinition *before = th_live_find(session, name->index);
  bool anew = before && before->declared;
  bool ok = th_live_keep(session, name->index, variable) && th_live_make_room(session, reads);
  ThDefinition *d = ok ? th_live_add(session, name, thunk) : NULL;
  if (!d) {
    th_release(variable);
    th_release(distribution);
    th_reads_release(&session->cx, reads);
    return false;
  }
  d->declared = true;
  d->state = TH_LIVE_FRESH;
  d->count = count;
  d->variable = variable;
  d->source = distribution;
  d->reads = reads;
  th_replace_take(&session->globals[name->index].value, th_retain(variable));
  (anew ? th_live_redeclared : th_live_changed)(session, name->index);
  if (!th_live_connect(session, d)) return false;
  *out = th_retain(variable);
  return true;
}

/* --- What the rest of the program asks */

static void describe(const ThDefinition *d, ThLiveName *out) {
  const ThPrototype *p = th_as_function(d->thunk)->prototype;
  *out = (ThLiveName){.name = d->name,
                      .text = p->tree->source->text + p->node->span.start,
                      .length = p->node->span.end - p->node->span.start,
                      .declared = d->declared,
                      .is_picture = d->draws,
                      .state = d->state,
                      .failure = d->failure,
                      .ingredients = d->reads ? d->reads->names : NULL,
                      .n_ingredients = d->reads ? d->reads->n : 0};
}

void th_session_live(const ThSession *session, bool (*see)(void *self, const ThLiveName *live), void *self) {
  ThLiveName live;
  for (const ThDefinition *d = session->graph.first; d; d = d->next) {
    describe(d, &live);
    if (!see(self, &live)) return;
  }
}

bool th_session_follows(ThSession *session, const ThLiveName *live, const ThSymbol *name) {
  const ThDefinition *d = th_live_find(session, live->name->index);
  return d && d->reads && th_live_depends(session, d->reads, name->index);
}

bool th_session_has_stale(const ThSession *session) { return session->graph.n_stale_declared > 0; }

/* Does the name still stand for this variable, or for the array that holds it? Not once it was declared anew, nor while
 * `with` gives it another value. */
static bool stands_for(const ThSession *session, const ThDefinition *d, ThValue variable) {
  if (!d || !d->declared || (d->variable.bits != variable.bits && d->count == SIZE_MAX)) return false;
  ThValue now = session->globals[d->name->index].value;
  return th_is_unset(now) || now.bits == d->variable.bits;
}

bool th_session_visit(ThSession *session, const ThSymbol *name, ThValue variable, bool *renewed) {
  ThDefinition *d = th_live_find(session, name->index);
  if (!stands_for(session, d, variable)) return true;
  if (!th_live_read(session, name->index)) return false;
  if (th_live_is_settled(d)) return true;
  *renewed = true;
  return th_live_refresh(session, d);
}
