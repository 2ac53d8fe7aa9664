/* sampled_density.h - a model's log density in coordinates without bounds, as samplers see it */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_SAMPLED_DENSITY_H
#define TH_INFER_SAMPLED_DENSITY_H

#include "infer/objective.h"
#include "infer/transforms.h"

/* The density with the volume of the coordinates, traced; samplers of one or of several threads ask it through views,
 * each with memory of its own. */
typedef struct ThSampledDensity {
  ThContext *cx;
  ThTarget target;
  ThTransforms transforms;
  const ThProgram
      *program; /* for threads; NULL: only one view at a time may be asked, from the thread of the context */
} ThSampledDensity;

/* The record must outlive it. Declines where the transforms do. */
TH_CHECKED ThAttempt th_sampled_density_init(const ThRecording *r, ThRelative level, ThSampledDensity *out,
                                             ThReason *why);
void th_sampled_density_clear(ThSampledDensity *density);
/* Compiles the program for threads, at a point where the density is defined. */
TH_CHECKED bool th_sampled_density_compile(ThSampledDensity *density, const double *u);

typedef struct ThDensityView {
  ThSampledDensity *density;
  ThWorkspace *workspace; /* of the program, or NULL: the replay is asked */
  double *x, *gradient;   /* (k) */
  bool fails_to_hold;     /* a decision of the model turned out otherwise: the program does not do */
  ThObjective objective;  /* minus the log density; infinite where it is not defined */
} ThDensityView;
/* `shared`: by the program. */
TH_CHECKED bool th_density_view_init(ThSampledDensity *density, bool shared, ThDensityView *out);
void th_density_view_clear(ThContext *cx, ThDensityView *view);

#endif
