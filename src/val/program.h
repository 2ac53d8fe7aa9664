/* program.h - a graph compiled, to be run again for other inputs */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_VAL_PROGRAM_H
#define TH_VAL_PROGRAM_H

#include "val/graph.h"

/* What the outputs do not hang on is left out, what hangs on no input is computed once. Elementwise operations over
 * one shape, and sums of their results, go through their data together, a block that fits the cache at a time; numbers
 * are a list of plain steps. All memory is laid out beforehand: a run allocates nothing, and does not need the machine
 * of the language. A program does not change; each thread runs it in a workspace of its own. */
typedef struct ThProgram ThProgram;
typedef struct ThWorkspace ThWorkspace;

/* Inputs are input nodes of the graph, of doubles; outputs any nodes, of doubles. The graph is retained. */
TH_CHECKED ThProgram *th_program_new(ThContext *cx, ThGraph *g, const ThNodeId *inputs, size_t n_inputs,
                                     const ThNodeId *outputs, size_t n_outputs);
void th_program_free(ThContext *cx, ThProgram *program);
TH_CHECKED ThWorkspace *th_workspace_new(ThContext *cx, const ThProgram *program);
void th_workspace_free(ThContext *cx, ThWorkspace *workspace);

/* inputs[i] has as many doubles as input i, outputs[i] as output i (NULL: not wanted); none of these overlap. *holds is
 * false, and the outputs are not valid, when a decision that was taken while the graph was made would be another one
 * now. False with an error record: an operation failed. */
TH_CHECKED bool th_program_run(ThContext *cx, ThWorkspace *workspace, const double *const *inputs,
                               double *const *outputs, bool *holds);

/* For reports and tests: how many passes over data, of how many elementwise steps in all. */
void th_program_counts(const ThProgram *program, size_t *n_passes, size_t *n_steps);

#endif
