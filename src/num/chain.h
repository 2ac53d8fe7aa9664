/* chain.h - elementwise operations one after another, a block of elements at a time */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TH_NUM_CHAIN_H
#define TH_NUM_CHAIN_H

#include <stdint.h>

#include "base/context.h"
#include "num/kernels.h"
#include "num/kernels_complex.h"

/* exp(-0.5*((x - μ)/σ)^2) over a large array is bound by memory when every operation goes through all of it. A chain
 * takes a block that fits the first-level cache through all operations, then the next. Its steps are kernels, so that
 * each element gets the bits that it gets without a chain. Large arrays are halved between two threads; sums have the
 * same bits either way. */

enum {
  TH_CHAIN_BLOCK = 512, /* elements; a block is 4 KiB, of complex numbers 8 */
  TH_CHAIN_INPUTS = 24, /* arrays and scalars */
  TH_CHAIN_STEPS = 48,
  TH_CHAIN_BUFFERS = 8,       /* blocks alive at once */
  TH_CHAIN_THREADED = 1 << 18 /* elements from which two threads share the work */
};

/* An operand: input i, or the result of step i. */
typedef struct ThChainOperand {
  bool is_step;
  uint8_t index;
} ThChainOperand;

typedef struct ThChainStep {
  ThKernelUnary unary; /* one of these four */
  ThKernelBinary binary;
  ThKernelComplexUnary complex_unary; /* a complex result: its operands may be real */
  ThKernelComplexBinary complex_binary;
  ThChainOperand left, right;
  uint8_t buffer;
} ThChainStep;

/* Zero is the empty chain. The steps form a tree: each result is used once, the last step's is the chain's. */
typedef struct ThChain {
  size_t n_inputs, n_steps;
  const double *inputs[TH_CHAIN_INPUTS]; /* NULL: a scalar */
  double scalars[TH_CHAIN_INPUTS], imaginary[TH_CHAIN_INPUTS];
  bool is_complex[TH_CHAIN_INPUTS]; /* the scalar is */
  ThChainStep steps[TH_CHAIN_STEPS];
  unsigned buffers; /* bit i: buffer i holds a result that is still to be used */
} ThChain;

/* Each is false when the chain is full; the chain is then as before. */
bool th_chain_array(ThChain *chain, const double *array, ThChainOperand *out);
bool th_chain_scalar(ThChain *chain, double x, ThChainOperand *out);
bool th_chain_complex(ThChain *chain, double re, double im, ThChainOperand *out);
bool th_chain_unary(ThChain *chain, ThKernelUnary kernel, ThChainOperand x, ThChainOperand *out);
bool th_chain_binary(ThChain *chain, ThKernelBinary kernel, ThChainOperand x, ThChainOperand y,
                     ThChainOperand *out);
bool th_chain_complex_unary(ThChain *chain, ThKernelComplexUnary kernel, ThChainOperand x,
                            ThChainOperand *out);
bool th_chain_complex_binary(ThChain *chain, ThKernelComplexBinary kernel, ThChainOperand x, ThChainOperand y,
                             ThChainOperand *out);
bool th_chain_is_complex(const ThChain *chain, ThChainOperand x);

/* What becomes of the last step's results: n doubles; n complex numbers, of a complex last step; n bools, true where
 * not 0; their sum, least or largest. */
typedef enum ThChainGoal {
  TH_CHAIN_DOUBLES,
  TH_CHAIN_COMPLEX,
  TH_CHAIN_BOOLS,
  TH_CHAIN_SUM,
  TH_CHAIN_MIN,
  TH_CHAIN_MAX
} ThChainGoal;

/* Runs a chain of at least one step over n elements. `out` has n doubles, complex numbers or bytes, or one
 * double; it may be the memory of an input array, of doubles if that is what it gets. False when interrupted. */
TH_CHECKED bool th_chain_run(ThContext *cx, const ThChain *chain, size_t n, ThChainGoal goal, void *out);

#endif
