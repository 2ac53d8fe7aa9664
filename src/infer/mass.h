/* mass.h - the scale of the coordinates that a sampler moves in: a mass for each, or a matrix of masses */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_MASS_H
#define TH_INFER_MASS_H

#include "num/random.h"

/* The inverse mass matrix is an estimate of the covariance of the coordinates. Diagonal, or whole where the coordinates
 * hang together so much that this is worth its cost. */
typedef struct ThMass {
  size_t d;
  bool is_dense;
  double *inverse; /* (d) or (d, d) */
  double *factor;  /* (d): √inverse, or (d, d): L with L L' = inverse */
  double *spare;   /* (d, d) at most */
  bool may_be_dense;
} ThMass;

/* All masses are 1. All memory that it needs is taken here. */
TH_CHECKED bool th_mass_init(ThContext *cx, size_t d, ThMass *out);
void th_mass_clear(ThContext *cx, ThMass *mass);
/* v = inverse·p */
void th_mass_velocity(const ThMass *mass, const double *p, double *v);
/* A momentum: Normal(0, mass matrix). */
void th_mass_draw(const ThMass *mass, ThRandom *r, double *p);

/* Means and covariances of what is added, one after another (Welford 1962). */
typedef struct ThSpread {
  size_t d, n;
  bool is_whole;      /* covariances too */
  double *mean;       /* (d) */
  double *deviations; /* (d) or (d, d): sums of products */
  double *delta;      /* (d) */
} ThSpread;
TH_CHECKED bool th_spread_init(ThContext *cx, size_t d, ThSpread *out);
void th_spread_clear(ThContext *cx, ThSpread *spread);
void th_spread_reset(ThSpread *spread);
void th_spread_add(ThSpread *spread, const double *x);
/* The masses that fit what was added, whatever the units of the coordinates. */
void th_mass_learn(ThMass *mass, const ThSpread *spread);

#endif
