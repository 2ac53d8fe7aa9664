/* chains.c - several chains of the no-U-turn sampler, on threads where the model allows it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All memory is taken before the threads begin, from the heap of the session; a thread has a context of its own, in
 * which nothing is allocated. Each chain draws from a stream of its own, so that it does not matter which thread runs
 * it. */
#include "infer/chains.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "infer/nuts_adapt.h"

enum { MAX_DEPTH = 10, TRIES = 100 };
#define ACCEPTANCE 0.8
/* From here on rounding changes the logarithm of a density by 1e-3 and more, and no trajectory keeps its energy. */
#define LARGEST_LOGARITHM 4.5e12

/* What the threads share. */
typedef struct Work {
  ThSampledDensity *density;
  const ThChainOptions *options;
  ThChains *out;
  struct Chain *chains;
  atomic_size_t next, n_steps, n_ended; /* the chain to run next; steps of all chains; chains that are over */
  atomic_bool stop;
  pthread_mutex_t lock;
  pthread_cond_t ended;
} Work;

typedef struct Chain {
  Work *work;
  size_t index;
  ThDensityView view;
  ThMass mass;
  ThAdapt adapt;
  ThNuts *nuts;
  ThRandom random;
  double *start; /* (d) */
  size_t n_kept, n_deepest;
  bool ok;
  ThError error; /* when not */
} Chain;

/* --- The sample */

static size_t doubles_of(const ThChains *s) { return s->n_chains * s->n_wanted * (s->k + s->d + 2); }

static bool make_sample(ThContext *cx, const ThSampledDensity *density, const ThChainOptions *o,
                        ThChains *out) {
  size_t n = o->n_chains * o->n_draws;
  *out = (ThChains){.cx = cx,
                    .n_chains = o->n_chains,
                    .n_wanted = o->n_draws,
                    .k = density->transforms.k,
                    .d = density->transforms.d};
  out->x = th_alloc_array(cx, doubles_of(out), sizeof *out->x);
  if (!out->x) return false;
  out->u = out->x + n * out->k;
  out->log_density = out->u + n * out->d;
  out->energy = out->log_density + n;
  out->is_divergent = th_alloc_array(cx, n, sizeof *out->is_divergent);
  return out->is_divergent != NULL;
}

void th_chains_clear(ThChains *s) {
  if (s->x) th_free(s->cx, s->x, doubles_of(s) * sizeof *s->x);
  if (s->is_divergent) th_free(s->cx, s->is_divergent, s->n_chains * s->n_wanted * sizeof *s->is_divergent);
  if (s->diagnosis) th_free(s->cx, s->diagnosis, s->k * sizeof *s->diagnosis);
  *s = (ThChains){0};
}

/* Keeps n draws of each chain, without gaps between the chains. */
static void compact(ThChains *s, size_t n) {
  for (size_t c = 0; c < s->n_chains; c++) {
    size_t from = c * s->n_wanted, to = c * n;
    memmove(s->x + to * s->k, s->x + from * s->k, n * s->k * sizeof *s->x);
    memmove(s->u + to * s->d, s->u + from * s->d, n * s->d * sizeof *s->u);
    memmove(s->log_density + to, s->log_density + from, n * sizeof *s->log_density);
    memmove(s->energy + to, s->energy + from, n * sizeof *s->energy);
    memmove(s->is_divergent + to, s->is_divergent + from, n * sizeof *s->is_divergent);
  }
  s->n_draws = n;
  s->n_divergent = 0;
  for (size_t i = 0; i < s->n_chains * n; i++) s->n_divergent += s->is_divergent[i];
}

/* --- One chain */

static bool is_finite(size_t n, const double *x) {
  for (size_t i = 0; i < n; i++)
    if (!isfinite(x[i])) return false;
  return true;
}

/* Half of the tries are for a point that a chain can leave. */
static bool is_fit(int tries, double value) {
  return isfinite(value) && (tries >= TRIES / 2 || fabs(value) < LARGEST_LOGARITHM);
}

/* A point where the density is defined, near the start: *value is finite unless none was found. */
static bool find_start(ThContext *cx, ThDensityView *view, const ThChainOptions *o, ThRandom *r, double *u,
                       double *gradient, double *value) {
  size_t d = view->objective.dimension;
  *value = (double)INFINITY;
  for (int tries = 0; tries < TRIES; tries++) {
    double reach = o->start ? 0.1 : 2;
    for (size_t i = 0; i < d; i++)
      u[i] = (o->start ? o->start[i] : 0) + reach * (2 * th_random_uniform(r) - 1);
    if (!th_objective_gradient(cx, &view->objective, u, value, gradient)) return false;
    if (is_fit(tries, *value) && is_finite(d, gradient)) return true;
  }
  *value = (double)INFINITY;
  return true;
}

static bool fail_start(ThContext *cx, const ThSampledDensity *density) {
  th_fail(cx, TH_ERROR_NUMERIC,
          "the posterior density of `%s` is 0 or not defined at each of %d points tried",
          density->target.r->model->name->spelling, TRIES);
  return th_hint(cx, "say where to begin: `init = (%s = …)`", density->target.r->unknowns[0].name->spelling);
}

static bool begin_chain(ThContext *cx, Chain *c) {
  double value, size;
  const ThChainOptions *o = c->work->options;
  th_random_stream(&c->random, o->seed, c->index);
  if (!find_start(cx, &c->view, o, &c->random, c->start, c->start + c->mass.d, &value)) return false;
  if (!isfinite(value)) return c->view.fails_to_hold || fail_start(cx, c->work->density);
  if (!th_nuts_place(cx, c->nuts, c->start, &value)) return false;
  if (!th_nuts_first_size(cx, c->nuts, &c->random, 1, &size)) return false;
  th_adapt_restart(&c->adapt, size);
  return true;
}

static bool warm_up(ThContext *cx, Chain *c) {
  ThNutsStep step;
  bool renewed;
  double size = th_adapt_size(&c->adapt);
  if (!th_nuts_step(cx, c->nuts, &c->random, size, &step)) return false;
  th_adapt_learn(&c->adapt, &step, th_nuts_point(c->nuts), &c->mass, &renewed);
  if (!renewed) return true;
  if (!th_nuts_first_size(cx, c->nuts, &c->random, th_adapt_size(&c->adapt), &size)) return false;
  th_adapt_restart(&c->adapt, size);
  return true;
}

static bool draw(ThContext *cx, Chain *c) {
  ThNutsStep step;
  ThChains *s = c->work->out;
  double log_jacobian;
  if (!th_nuts_step(cx, c->nuts, &c->random, th_adapt_final_size(&c->adapt), &step)) return false;
  size_t at = c->index * s->n_wanted + c->n_kept;
  const double *u = th_nuts_point(c->nuts);
  memcpy(s->u + at * s->d, u, s->d * sizeof *u);
  th_transforms_forward(&c->work->density->transforms, u, s->x + at * s->k, &log_jacobian);
  s->log_density[at] = -th_nuts_value(c->nuts);
  s->energy[at] = step.energy;
  s->is_divergent[at] = step.is_divergent;
  c->n_deepest += step.depth == MAX_DEPTH;
  c->n_kept++;
  return true;
}

/* The whole chain, unless it is told to stop. */
static bool run_chain(ThContext *cx, Chain *c) {
  Work *w = c->work;
  const ThChainOptions *o = w->options;
  if (!begin_chain(cx, c)) return false;
  for (size_t i = 0; i < o->n_warmup + o->n_draws; i++) {
    if (atomic_load(&w->stop) || c->view.fails_to_hold) break;
    if (!(i < o->n_warmup ? warm_up(cx, c) : draw(cx, c))) return false;
    atomic_fetch_add(&w->n_steps, 1);
  }
  if (c->view.fails_to_hold) atomic_store(&w->stop, true);
  return true;
}

static bool make_chain(Work *w, bool shared, size_t index, Chain *c) {
  ThContext *cx = w->density->cx;
  size_t d = w->density->transforms.d;
  *c = (Chain){.work = w, .index = index};
  return th_density_view_init(w->density, shared, &c->view) && th_mass_init(cx, d, &c->mass) &&
         th_adapt_init(cx, &c->adapt, d, w->options->n_warmup, ACCEPTANCE) &&
         (c->nuts = th_nuts_new(cx, &c->view.objective, &c->mass, MAX_DEPTH)) &&
         (c->start = th_alloc_array(cx, 2 * d, sizeof *c->start));
}

static void clear_chain(ThContext *cx, Chain *c) {
  if (c->start) th_free(cx, c->start, 2 * c->mass.d * sizeof *c->start);
  th_nuts_free(cx, c->nuts);
  th_adapt_clear(cx, &c->adapt);
  th_mass_clear(cx, &c->mass);
  th_density_view_clear(cx, &c->view);
}

/* --- Threads */

static void end_chain(ThContext *cx, Chain *c, bool ok) {
  c->ok = ok;
  if (ok) return;
  th_error_take(cx, &c->error);
  atomic_store(&c->work->stop, true);
}

static void *run_thread(void *argument) {
  Work *w = argument;
  ThContext own = {.settings = w->density->cx->settings};
  size_t i;
  while ((i = atomic_fetch_add(&w->next, 1)) < w->options->n_chains) {
    end_chain(&own, &w->chains[i], run_chain(&own, &w->chains[i]));
    pthread_mutex_lock(&w->lock);
    atomic_fetch_add(&w->n_ended, 1);
    pthread_cond_signal(&w->ended);
    pthread_mutex_unlock(&w->lock);
  }
  return NULL;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* A line of progress from the first half second on. */
static void show_progress(const Work *w, double began) {
  const ThHost *host = &w->density->cx->host;
  const ThChainOptions *o = w->options;
  char what[96];
  if (!host->progress || now() - began < 0.5) return;
  size_t n = atomic_load(&w->n_steps), all = o->n_chains * (o->n_warmup + o->n_draws);
  snprintf(what, sizeof what, "nuts, %zu chains: step %zu of %zu", o->n_chains, n, all);
  host->progress(host->self, (double)n / (double)all, what);
}

static void end_progress(const Work *w, double began) {
  const ThHost *host = &w->density->cx->host;
  if (host->progress && now() - began >= 0.5) host->progress(host->self, -1, NULL);
}

/* Waits for the chains; passes Ctrl-C on. */
static void watch(Work *w, double began) {
  ThContext *cx = w->density->cx;
  pthread_mutex_lock(&w->lock);
  while (atomic_load(&w->n_ended) < w->options->n_chains) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += 50000000;
    if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
    pthread_cond_timedwait(&w->ended, &w->lock, &until);
    if (cx->interrupt && *cx->interrupt) atomic_store(&w->stop, true);
    show_progress(w, began);
  }
  pthread_mutex_unlock(&w->lock);
}

/* Threads that are sent no signals; *n: how many began. */
static void start_threads(Work *w, pthread_t *threads, size_t *n) {
  sigset_t all, before;
  size_t wanted = *n;
  *n = 0;
  sigfillset(&all);
  if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) return;
  while (*n < wanted && pthread_create(&threads[*n], NULL, run_thread, w) == 0) ++*n;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

enum { MOST_THREADS = 64 };

static bool run_threads(Work *w, double began) {
  pthread_t threads[MOST_THREADS];
  size_t n = w->options->max_threads;
  if (n > w->options->n_chains) n = w->options->n_chains;
  if (n > MOST_THREADS) n = MOST_THREADS;
  pthread_mutex_init(&w->lock, NULL);
  pthread_cond_init(&w->ended, NULL);
  start_threads(w, threads, &n);
  if (n > 0) watch(w, began);
  for (size_t i = 0; i < n; i++) pthread_join(threads[i], NULL);
  pthread_cond_destroy(&w->ended);
  pthread_mutex_destroy(&w->lock);
  return n > 0;
}

/* One after another, from this thread: the model may be traced anew on the way. */
static void run_in_turn(Work *w, double began) {
  ThContext *cx = w->density->cx;
  for (size_t i = 0; i < w->options->n_chains && !atomic_load(&w->stop); i++) {
    end_chain(cx, &w->chains[i], run_chain(cx, &w->chains[i]));
    show_progress(w, began);
  }
}

/* --- All of them */

static void add_up(Work *w) {
  ThChains *s = w->out;
  size_t least = SIZE_MAX;
  for (size_t i = 0; i < s->n_chains; i++) {
    if (w->chains[i].n_kept < least) least = w->chains[i].n_kept;
    s->n_deepest += w->chains[i].n_deepest;
    s->n_gradients += w->chains[i].view.objective.calls.gradient;
  }
  compact(s, least);
  s->was_interrupted = least < s->n_wanted;
}

enum { LEAST_DRAWS = 4 };

/* What the chains came to: an error of one of them, or draws. */
static bool conclude(Work *w) {
  ThContext *cx = w->density->cx;
  bool interrupted = cx->interrupt && *cx->interrupt;
  for (size_t i = 0; i < w->options->n_chains; i++) {
    Chain *c = &w->chains[i];
    if (c->ok || c->error.code == TH_OK) continue;
    if (c->error.code == TH_ERROR_INTERRUPTED) {
      interrupted = true;
      continue;
    }
    th_error_restore(cx, &c->error);
    return false;
  }
  add_up(w);
  if (!interrupted) return true;
  if (w->out->n_draws < LEAST_DRAWS) {
    if (cx->interrupt) *cx->interrupt = 1;
    return th_poll(cx);
  }
  if (cx->interrupt) *cx->interrupt = 0;
  return true;
}

static bool fail_to_hold(const Work *w) {
  for (size_t i = 0; i < w->options->n_chains; i++)
    if (w->chains[i].view.fails_to_hold) return true;
  return false;
}

/* Runs all chains; *again: the program did not hold, and they must run in turn. */
static bool run_all(Work *w, bool shared, bool *again) {
  ThContext *cx = w->density->cx;
  size_t n = w->options->n_chains;
  double began = now();
  *again = false;
  w->chains = th_alloc_array(cx, n, sizeof *w->chains);
  if (!w->chains) return false;
  bool ok = true;
  for (size_t i = 0; i < n; i++) w->chains[i] = (Chain){.work = w};
  for (size_t i = 0; ok && i < n; i++) ok = make_chain(w, shared, i, &w->chains[i]);
  if (ok) {
    if (!shared || !run_threads(w, began)) run_in_turn(w, began);
    end_progress(w, began);
    *again = fail_to_hold(w);
    ok = *again || conclude(w);
  }
  for (size_t i = 0; i < n; i++) clear_chain(cx, &w->chains[i]);
  th_free(cx, w->chains, n * sizeof *w->chains);
  return ok;
}

/* A point from which the program is compiled. */
static bool compile(ThSampledDensity *density, const ThChainOptions *o) {
  ThDensityView view;
  ThRandom r;
  size_t d = density->transforms.d;
  double value, *u = th_alloc_array(density->cx, 2 * d, sizeof *u);
  if (!u) return false;
  th_random_stream(&r, o->seed, o->n_chains);
  bool ok = th_density_view_init(density, false, &view) &&
            find_start(density->cx, &view, o, &r, u, u + d, &value) &&
            (isfinite(value) || fail_start(density->cx, density)) && th_sampled_density_compile(density, u);
  th_density_view_clear(density->cx, &view);
  th_free(density->cx, u, 2 * d * sizeof *u);
  return ok;
}

bool th_chains_run(ThSampledDensity *density, const ThChainOptions *o, ThChains *out) {
  Work w = {.density = density, .options = o, .out = out};
  bool again = false;
  bool ok = make_sample(density->cx, density, o, out) && compile(density, o);
  if (ok) ok = run_all(&w, density->program != NULL, &again);
  if (ok && again) {
    Work in_turn = {.density = density, .options = o, .out = out};
    density->program = NULL; /* the replay is asked again, which may free it */
    ok = run_all(&in_turn, false, &again);
  }
  if (!ok) th_chains_clear(out);
  return ok;
}
