/* grid.h - what the posteriors on a grid share: of one parameter (grid.c), of two (grid_two.c) */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_GRID_H
#define TH_INFER_GRID_H

#include "infer/peaks.h"
#include "infer/posterior.h"
#include "infer/strategy.h"

/* Has every element a proper prior? Then the integral of the density is the evidence. */
bool th_grid_is_proper(const ThRecording *r);
/* Declines where the range of an element hangs on the others of its vector: of shares. */
ThAttempt th_grid_check_apart(const ThRecording *r, ThReason *why);
/* The posterior is improper: the density does not fall off as element j goes to `end`. */
ThAttempt th_grid_fail_improper(const ThRecording *r, size_t j, double end);
/* The log evidence with its error, unless a prior is improper. */
void th_grid_set_evidence(const ThRecording *r, ThPosterior *out, double log_evidence, double error);

/* grid_two.c */
ThAttempt th_grid_two_parameters(const ThRecording *r, ThPosterior *out, ThReason *why);

/* "θ" of element j as a distribution's text, "dist(θ)". */
void th_grid_law_text(const ThRecording *r, size_t j, ThText *out);

#endif
