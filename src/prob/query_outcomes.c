/* query_outcomes.c - go through all outcomes of discrete variables */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables get their values in order of declaration, the last one fastest. A condition is asked as soon as
 * the variables it hangs on have values, and what it rules out is not entered. */
#include <math.h>
#include <string.h>

#include "num/real.h"
#include "prob/merge.h"

/* Where one variable stands. */
typedef struct Stage {
  double *values, *masses;
  size_t n, at, capacity;
  double weight; /* of the values before this variable */
  bool kept;     /* no condition was violated before this variable */
} Stage;

typedef struct Walker {
  ThQuery *q;
  ThWalk *walk;
  ThVisit visit;
  void *self;
  Stage *stages;
} Walker;

static void stage_clear(ThContext *cx, Stage *s) {
  th_free(cx, s->values, s->capacity * sizeof *s->values);
  th_free(cx, s->masses, s->capacity * sizeof *s->masses);
  s->values = s->masses = NULL;
  s->n = s->capacity = 0;
}

static bool fail_too_many(ThQuery *q) {
  th_fail(q->cx, TH_ERROR_LIMIT, "there are more than %d outcomes to go through", TH_MAX_OUTCOMES);
  return th_hint(q->cx, "`method = \"monte_carlo\"` draws from them");
}

/* The values and masses of variable k, now that those before have values. A support that does not change is
 * read once. An observed continuous variable has one value, weighted by its density. */
static bool open_stage(Walker *w, size_t k) {
  Stage *s = &w->stages[k];
  const ThDistribution *d;
  s->at = 0;
  if (w->q->net.variables[k].fixed && s->values) return true;
  if (!th_network_distribution(&w->q->net, k, &d)) return false;
  stage_clear(w->q->cx, s);
  if (w->q->variables[k].observed && !th_distribution_is_discrete(d)) {
    s->values = th_alloc_array(w->q->cx, 1, sizeof *s->values);
    if (!s->values) return false;
    s->values[0] = w->q->variables[k].at;
    s->n = 1;
  } else if (!th_distribution_outcomes(w->q->cx, d, w->walk->tail, TH_MAX_OUTCOMES, &s->values, &s->n)) {
    return false;
  }
  s->capacity = s->n;
  if (s->n == 0) return fail_too_many(w->q);
  s->masses = th_alloc_array(w->q->cx, s->n, sizeof *s->masses);
  bool ok = s->masses != NULL;
  for (size_t i = 0; ok && i < s->n; i++)
    ok = th_distribution_measure(w->q->cx, d, 0, TH_PDF, s->values[i], &s->masses[i]);
  return ok;
}

/* Variable k takes its next value that may occur; *found is false when there is none. */
static bool next_value(Walker *w, size_t k, double *weight, bool *kept, bool *found) {
  Stage *s = &w->stages[k];
  const ThQueryVariable *variable = &w->q->variables[k];
  for (*found = false; s->at < s->n;) {
    size_t i = s->at++;
    bool holds = !variable->observed || s->values[i] == variable->at;
    *weight = s->weight * s->masses[i];
    if ((!holds && !w->walk->rejected) || *weight == 0) continue;
    if (!th_network_assign(&w->q->net, k, s->values[i])) return false;
    if (holds && !th_query_holds(w->q, k + 1, &holds)) return false;
    *kept = s->kept && holds;
    if (!*kept && !w->walk->rejected) continue;
    *found = true;
    return true;
  }
  return true;
}

static bool enter(Walker *w, size_t k, double weight, bool kept) {
  if (!open_stage(w, k)) return false;
  w->stages[k].weight = weight;
  w->stages[k].kept = kept;
  return true;
}

static bool run(Walker *w) {
  size_t n = w->q->net.n_variables, k = 0, steps = 0, most = w->walk->most ? w->walk->most : TH_MAX_OUTCOMES;
  bool kept;
  if (!th_query_holds(w->q, 0, &kept)) return false;
  if (!kept && !w->walk->rejected) return true;
  if (n == 0) return w->visit(w->self, w->q, 1, kept);
  if (!enter(w, 0, 1, kept)) return false;
  for (;;) {
    double weight;
    bool found;
    if (++steps % 1024 == 0 && !th_poll(w->q->cx)) return false;
    if (steps > 8 * most) return fail_too_many(w->q);
    if (!next_value(w, k, &weight, &kept, &found)) return false;
    if (!found) {
      if (k-- == 0) return true;
    } else if (k + 1 == n) {
      if (!w->visit(w->self, w->q, weight, kept)) return false;
      w->walk->n_outcomes += 1;
    } else if (!enter(w, ++k, weight, kept)) {
      return false;
    }
  }
}

bool th_query_walk(ThQuery *q, ThWalk *walk, ThVisit visit, void *self) {
  if (walk->merged) return th_merged_visit(q, walk->merged, visit, self);
  size_t n = q->net.n_variables;
  Walker w = {.q = q, .walk = walk, .visit = visit, .self = self};
  w.stages = th_alloc_array(q->cx, n + 1, sizeof *w.stages);
  if (!w.stages) return false;
  memset(w.stages, 0, (n + 1) * sizeof *w.stages);
  walk->n_outcomes = 0;
  bool ok = run(&w);
  for (size_t k = 0; k < n; k++) stage_clear(q->cx, &w.stages[k]);
  th_free(q->cx, w.stages, (n + 1) * sizeof *w.stages);
  return ok;
}

/* How many values a variable takes; 0 unknown, NaN infinitely many. */
static bool count_values(ThQuery *q, size_t k, double *out) {
  const ThNetworkVariable *variable = &q->net.variables[k];
  ThValue distribution = variable->variable->distribution;
  double lower, upper, *values;
  size_t n;
  *out = 1;
  if (q->variables[k].observed && q->variables[k].support == TH_SUPPORT_CONTINUOUS) return true;
  if (th_is_conditional(distribution)) {
    const ThFamily *family = th_as_conditional(distribution)->family;
    *out = family == &th_family_bernoulli ? 2 : family == &th_family_poisson ? TH_NAN : 0;
    return true;
  }
  *out = 0;
  if (!th_is_distribution(distribution)) return true;
  const ThDistribution *d = th_as_distribution(distribution);
  th_distribution_support(d, 0, &lower, &upper);
  *out = isfinite(upper - lower) ? upper - lower + 1 : TH_NAN;
  if (!isfinite(upper - lower) || !d->family->outcomes) return true;
  if (!th_distribution_outcomes(q->cx, d, 0, TH_MAX_OUTCOMES, &values, &n)) return false;
  th_free(q->cx, values, n * sizeof *values);
  *out = n ? (double)n : 2.0 * TH_MAX_OUTCOMES;
  return true;
}

bool th_query_count_outcomes(ThQuery *q, double *out) {
  bool unknown = false;
  *out = 1;
  for (size_t k = 0; k < q->net.n_variables; k++) {
    double n;
    if (!count_values(q, k, &n)) return false;
    if (n == 0) unknown = true;
    else *out *= n;
  }
  if (unknown && *out <= TH_MAX_OUTCOMES) *out = 0;
  return true;
}
