/* nuts.c - one step of the no-U-turn sampler */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "infer/nuts.h"

#include <math.h>
#include <string.h>

/* The energy may rise by so much before a trajectory is called divergent. */
#define MOST_RISE 1000.0
/* Weights are taken against the start of the trajectory. One so far below is met on the way in from a bad start only;
 * beyond it all weigh the same, so that sums of weights do not overflow. */
#define MOST_FALL 600.0

/* A point of phase space. */
typedef struct State {
  double *x, *gradient, *p, *velocity; /* (d) each */
  double value;                        /* of the objective */
} State;

/* A stretch of a trajectory, in the order in which it was gone through. */
typedef struct Stretch {
  double *p_first, *v_first, *p_last, *v_last; /* momenta and velocities at its ends */
  double *sum;                                 /* of all momenta */
  State drawn;                                 /* one of its points, drawn by the weights */
  double weight;                               /* of all its points together */
  double energy;                               /* of `drawn` */
} Stretch;

struct ThNuts {
  ThObjective *f;
  const ThMass *mass;
  size_t d;
  unsigned max_depth;
  double *block;
  size_t block_size;    /* doubles */
  State at;             /* where the chain is */
  State ends[2];        /* of the trajectory: backward, forward */
  State *moving;        /* the end that moves */
  Stretch *levels;      /* (max_depth): second halves by depth; the last is the newest stretch */
  double *sum, *joined; /* (d): of all momenta; of a stretch and one more */
  double start_energy, step_size;
  ThNutsStep step;
  double accepted;
};

/* --- Storage */

static double *take(double **at, size_t d) {
  double *block = *at;
  *at += d;
  return block;
}

static void take_state(double **at, size_t d, State *s) {
  s->x = take(at, d);
  s->gradient = take(at, d);
  s->p = take(at, d);
  s->velocity = take(at, d);
}

static void take_stretch(double **at, size_t d, Stretch *s) {
  s->p_first = take(at, d);
  s->v_first = take(at, d);
  s->p_last = take(at, d);
  s->v_last = take(at, d);
  s->sum = take(at, d);
  take_state(at, d, &s->drawn);
}

enum { VECTORS_OF_STRETCH = 9, OTHER_VECTORS = 14 };

static size_t n_levels(unsigned max_depth) { return max_depth; }

ThNuts *th_nuts_new(ThContext *cx, ThObjective *f, const ThMass *mass, unsigned max_depth) {
  size_t d = f->dimension, n = n_levels(max_depth);
  ThNuts *nuts = th_alloc(cx, sizeof *nuts);
  if (!nuts) return NULL;
  *nuts = (ThNuts){.f = f, .mass = mass, .d = d, .max_depth = max_depth};
  nuts->block_size = (OTHER_VECTORS + n * VECTORS_OF_STRETCH) * d;
  nuts->block = th_alloc_array(cx, nuts->block_size, sizeof *nuts->block);
  nuts->levels = nuts->block ? th_alloc_array(cx, n, sizeof *nuts->levels) : NULL;
  if (!nuts->levels) {
    th_nuts_free(cx, nuts);
    return NULL;
  }
  double *at = nuts->block;
  take_state(&at, d, &nuts->at);
  for (int side = 0; side < 2; side++) take_state(&at, d, &nuts->ends[side]);
  nuts->sum = take(&at, d);
  nuts->joined = take(&at, d);
  for (size_t i = 0; i < n; i++) take_stretch(&at, d, &nuts->levels[i]);
  return nuts;
}

void th_nuts_free(ThContext *cx, ThNuts *nuts) {
  if (!nuts) return;
  if (nuts->block) th_free(cx, nuts->block, nuts->block_size * sizeof *nuts->block);
  if (nuts->levels) th_free(cx, nuts->levels, n_levels(nuts->max_depth) * sizeof *nuts->levels);
  th_free(cx, nuts, sizeof *nuts);
}

/* --- Moving */

static void copy(const ThNuts *nuts, double *to, const double *from) {
  memcpy(to, from, nuts->d * sizeof *to);
}

static void copy_state(const ThNuts *nuts, State *to, const State *from) {
  copy(nuts, to->x, from->x);
  copy(nuts, to->gradient, from->gradient);
  copy(nuts, to->p, from->p);
  copy(nuts, to->velocity, from->velocity);
  to->value = from->value;
}

static double dot(const ThNuts *nuts, const double *a, const double *b) {
  double sum = 0;
  for (size_t i = 0; i < nuts->d; i++) sum += a[i] * b[i];
  return sum;
}

static double energy_of(const ThNuts *nuts, const State *s) {
  double energy = s->value + 0.5 * dot(nuts, s->p, s->velocity);
  return isnan(energy) ? (double)INFINITY : energy;
}

static bool evaluate(ThContext *cx, ThNuts *nuts, State *s) {
  nuts->step.n_gradients++;
  return th_objective_gradient(cx, nuts->f, s->x, &s->value, s->gradient);
}

/* One step of the leapfrog method. */
static bool leap(ThContext *cx, ThNuts *nuts, State *s, double size) {
  for (size_t i = 0; i < nuts->d; i++) s->p[i] -= 0.5 * size * s->gradient[i];
  th_mass_velocity(nuts->mass, s->p, s->velocity);
  for (size_t i = 0; i < nuts->d; i++) s->x[i] += size * s->velocity[i];
  if (!evaluate(cx, nuts, s)) return false;
  for (size_t i = 0; i < nuts->d; i++) s->p[i] -= 0.5 * size * s->gradient[i];
  th_mass_velocity(nuts->mass, s->p, s->velocity);
  return true;
}

static void kick(ThNuts *nuts, State *s, ThRandom *r) {
  th_mass_draw(nuts->mass, r, s->p);
  th_mass_velocity(nuts->mass, s->p, s->velocity);
}

bool th_nuts_place(ThContext *cx, ThNuts *nuts, const double *x, double *value) {
  copy(nuts, nuts->at.x, x);
  bool ok = evaluate(cx, nuts, &nuts->at);
  *value = isnan(nuts->at.value) ? (double)INFINITY : nuts->at.value;
  return ok;
}

const double *th_nuts_point(const ThNuts *nuts) { return nuts->at.x; }
double th_nuts_value(const ThNuts *nuts) { return nuts->at.value; }

/* --- The first step size (Hoffman and Gelman 2014, algorithm 4) */

static bool fall_of(ThContext *cx, ThNuts *nuts, ThRandom *r, double size, double *fall) {
  State *s = &nuts->ends[0];
  copy_state(nuts, s, &nuts->at);
  kick(nuts, s, r);
  double before = energy_of(nuts, s);
  if (!leap(cx, nuts, s, size)) return false;
  *fall = before - energy_of(nuts, s);
  if (isnan(*fall)) *fall = -(double)INFINITY;
  return true;
}

bool th_nuts_first_size(ThContext *cx, ThNuts *nuts, ThRandom *r, double start, double *out) {
  double fall, goal = log(0.8);
  *out = start;
  if (!fall_of(cx, nuts, r, start, &fall)) return false;
  bool grows = fall > goal;
  while ((fall > goal) == grows) {
    *out = grows ? 2 * *out : 0.5 * *out;
    if (!(*out > 1e-300) || !(*out < 1e7)) break;
    if (!fall_of(cx, nuts, r, *out, &fall)) return false;
  }
  return true;
}

/* --- Trajectories */

/* Do the velocities at both ends still go the way of the summed momenta? */
static bool goes_on(const ThNuts *nuts, const double *v_first, const double *v_last, const double *sum) {
  return dot(nuts, v_first, sum) > 0 && dot(nuts, v_last, sum) > 0;
}

/* The same for a stretch with one more momentum, that of the neighbour beyond its end. */
static bool goes_on_with(ThNuts *nuts, const double *v_first, const double *v_last, const double *sum,
                         const double *p) {
  for (size_t i = 0; i < nuts->d; i++) nuts->joined[i] = sum[i] + p[i];
  return goes_on(nuts, v_first, v_last, nuts->joined);
}

/* One step from the moving end. *valid is false when it diverges. */
static bool build_leaf(ThContext *cx, ThNuts *nuts, Stretch *out, bool *valid) {
  State *s = nuts->moving;
  if (!leap(cx, nuts, s, nuts->step_size)) return false;
  out->energy = energy_of(nuts, s);
  double fall = nuts->start_energy - out->energy;
  out->weight = exp(fmin(fall, MOST_FALL));
  nuts->accepted += fmin(1, out->weight);
  copy_state(nuts, &out->drawn, s);
  copy(nuts, out->p_first, s->p);
  copy(nuts, out->p_last, s->p);
  copy(nuts, out->v_first, s->velocity);
  copy(nuts, out->v_last, s->velocity);
  copy(nuts, out->sum, s->p);
  *valid = !(fall < -MOST_RISE);
  nuts->step.is_divergent = nuts->step.is_divergent || !*valid;
  return true;
}

static void take_drawn(const ThNuts *nuts, Stretch *to, const Stretch *from) {
  copy_state(nuts, &to->drawn, &from->drawn);
  to->energy = from->energy;
}

/* Two neighbouring stretches become one, in `a`. *valid is false when it turns back. The checks across the seam find
 * turns that the ends do not show. */
static void join(ThNuts *nuts, ThRandom *r, Stretch *a, const Stretch *b, bool *valid) {
  double total = a->weight + b->weight;
  if (th_random_uniform(r) * total < b->weight) take_drawn(nuts, a, b);
  a->weight = total;
  bool seam = goes_on_with(nuts, a->v_first, b->v_first, a->sum, b->p_first) &&
              goes_on_with(nuts, a->v_last, b->v_last, b->sum, a->p_last);
  for (size_t i = 0; i < nuts->d; i++) a->sum[i] += b->sum[i];
  *valid = seam && goes_on(nuts, a->v_first, b->v_last, a->sum);
  copy(nuts, a->p_last, b->p_last);
  copy(nuts, a->v_last, b->v_last);
}

/* 2^depth steps from the moving end. */
static bool build(ThContext *cx, ThNuts *nuts, ThRandom *r, unsigned depth, Stretch *out, bool *valid) {
  if (depth == 0) return build_leaf(cx, nuts, out, valid);
  Stretch *second = &nuts->levels[depth - 1];
  if (!build(cx, nuts, r, depth - 1, out, valid)) return false;
  if (!*valid) return true;
  if (!build(cx, nuts, r, depth - 1, second, valid)) return false;
  if (*valid) join(nuts, r, out, second, valid);
  return true;
}

/* The trajectory so far, on side `to` of which the newest stretch was added, goes on: checked over all of it and across
 * the seam. `seam` is the state at that side before. */
static bool trajectory_goes_on(ThNuts *nuts, int to, const Stretch *new, const double *p_seam,
                               const double *v_seam) {
  const double *v_far = nuts->ends[1 - to].velocity;
  bool seam = goes_on_with(nuts, v_far, new->v_first, nuts->sum, new->p_first) &&
              goes_on_with(nuts, v_seam, new->v_last, new->sum, p_seam);
  for (size_t i = 0; i < nuts->d; i++) nuts->sum[i] += new->sum[i];
  return seam && goes_on(nuts, v_far, new->v_last, nuts->sum);
}

/* Doubles the trajectory once. *more is false when it is at its end. `seam` keeps the end that it grows from. */
static bool double_once(ThContext *cx, ThNuts *nuts, ThRandom *r, double step_size, double *weight,
                        Stretch *new, bool *more) {
  int to = th_random_uniform(r) < 0.5 ? 0 : 1;
  bool valid;
  double *p_seam = nuts->at.p, *v_seam = nuts->at.velocity; /* the chain's own momentum is no longer needed */
  nuts->moving = &nuts->ends[to];
  nuts->step_size = to ? step_size : -step_size;
  copy(nuts, p_seam, nuts->moving->p);
  copy(nuts, v_seam, nuts->moving->velocity);
  *more = false;
  if (!build(cx, nuts, r, nuts->step.depth, new, &valid)) return false;
  nuts->step.depth++;
  if (!valid) return true;
  /* the newer half is preferred, so that the chain goes far */
  if (th_random_uniform(r) * *weight < new->weight) {
    copy(nuts, nuts->at.x, new->drawn.x);
    copy(nuts, nuts->at.gradient, new->drawn.gradient);
    nuts->at.value = new->drawn.value;
    nuts->step.energy = new->energy;
  }
  *weight += new->weight;
  *more = trajectory_goes_on(nuts, to, new, p_seam, v_seam) && nuts->step.depth < nuts->max_depth;
  return true;
}

bool th_nuts_step(ThContext *cx, ThNuts *nuts, ThRandom *r, double step_size, ThNutsStep *out) {
  double weight = 1;
  bool more = true;
  kick(nuts, &nuts->at, r);
  nuts->step = (ThNutsStep){.energy = energy_of(nuts, &nuts->at)};
  nuts->start_energy = nuts->step.energy;
  nuts->accepted = 0;
  for (int side = 0; side < 2; side++) copy_state(nuts, &nuts->ends[side], &nuts->at);
  copy(nuts, nuts->sum, nuts->at.p);
  while (more)
    if (!double_once(cx, nuts, r, step_size, &weight, &nuts->levels[nuts->max_depth - 1], &more))
      return false;
  nuts->step.accept = nuts->accepted / (double)nuts->step.n_gradients;
  *out = nuts->step;
  return true;
}
