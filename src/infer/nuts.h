/* nuts.h - one step of the no-U-turn sampler */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_NUTS_H
#define TH_INFER_NUTS_H

#include "infer/mass.h"
#include "infer/objective.h"

/* Hamiltonian trajectories that double until they turn back (Hoffman and Gelman 2014), with the next point drawn from
 * the whole trajectory by its weights and the turning criterion of the summed momenta (Betancourt 2017,
 * appendix A). The objective is minus the log density. */
typedef struct ThNutsStep {
  double energy; /* of the point that was drawn, with its momentum */
  double accept; /* the mean acceptance along the trajectory */
  unsigned depth;
  size_t n_gradients;
  bool is_divergent; /* the energy rose by more than 1000 */
} ThNutsStep;

typedef struct ThNuts ThNuts;
/* All memory is taken here; `f` and `mass` are the caller's, and outlive it. */
TH_CHECKED ThNuts *th_nuts_new(ThContext *cx, ThObjective *f, const ThMass *mass, unsigned max_depth);
void th_nuts_free(ThContext *cx, ThNuts *nuts);
/* Moves to a point. *value is infinite where the density is 0. */
TH_CHECKED bool th_nuts_place(ThContext *cx, ThNuts *nuts, const double *x, double *value);
const double *th_nuts_point(const ThNuts *nuts);
double th_nuts_value(const ThNuts *nuts); /* of the objective there */
/* A step size from which one step's acceptance crosses 0.8, beginning with `start`. */
TH_CHECKED bool th_nuts_first_size(ThContext *cx, ThNuts *nuts, ThRandom *r, double start, double *out);
TH_CHECKED bool th_nuts_step(ThContext *cx, ThNuts *nuts, ThRandom *r, double step_size, ThNutsStep *out);

#endif
