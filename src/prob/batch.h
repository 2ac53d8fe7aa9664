/* batch.h - a network evaluated for many draws at once */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_PROB_BATCH_H
#define TH_PROB_BATCH_H

#include "prob/query.h"

/* A node holds a column of TH_BATCH numbers, one for each draw; operations go through whole columns. What cannot
 * be a column (a matrix, a string, a complex number) makes the network unfit, and each draw is then evaluated by
 * itself. */
enum { TH_BATCH = 1024 };

typedef struct ThBatch ThBatch;

/* The batch of a query; *out is NULL when the network is unfit. The query must outlive it. */
TH_CHECKED bool th_batch_new(ThQuery *q, ThBatch **out);
void th_batch_free(ThBatch *batch);
/* n <= TH_BATCH draws of all variables. weight[i] is 0 where a condition rules the draw out, else the density of
 * what was observed. *fit is false when an operation gave no number: nothing was drawn. */
TH_CHECKED bool th_batch_draw(ThBatch *batch, ThRandom *r, size_t n, double *weight, bool *fit);
/* The numbers of v for these draws: x[0], x[step], x[2 step], …. */
const double *th_batch_column(const ThBatch *batch, ThValue v, size_t *step);

#endif
