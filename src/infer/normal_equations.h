/* normal_equations.h - information matrices, summed over blocks of rows, and their solutions */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_INFER_NORMAL_EQUATIONS_H
#define TH_INFER_NORMAL_EQUATIONS_H

#include "base/context.h"

/* S (k, k), symmetric and positive definite, with unit diagonal after scaling; its factor and inverse. One block; clear
 * it. */
typedef struct ThNormalEquations {
  ThContext *cx;
  size_t k;
  double *sum;      /* (k, k): S; its lower triangle is what is summed up */
  double *inverse;  /* (k, k): S⁻¹ */
  double *factor;   /* (k, k): of the scaled S */
  double *scale;    /* (k): 1/√S_jj */
  double condition; /* of the scaled S in the 1-norm; inf when it is singular */
} ThNormalEquations;

TH_CHECKED bool th_normal_equations_init(ThContext *cx, size_t k, ThNormalEquations *out);
void th_normal_equations_clear(ThNormalEquations *e);
/* After the lower triangle of `sum` was filled: all other members. `inverse` is not touched when singular. */
void th_normal_equations_factorise(ThNormalEquations *e);
/* b (k) becomes S⁻¹ b. */
void th_normal_equations_solve(const ThNormalEquations *e, double *b);
/* How many rows of `width` doubles a block has that stays in the cache. */
size_t th_normal_equations_block(size_t width);

#endif
