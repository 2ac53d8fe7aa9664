/* chain.c - elementwise operations one after another, a block of elements at a time */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/chain.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include "num/real.h"

/* --- Building */

bool th_chain_array(ThChain *chain, const double *array, ThChainOperand *out) {
  if (chain->n_inputs == TH_CHAIN_INPUTS) return false;
  *out = (ThChainOperand){.index = (uint8_t)chain->n_inputs};
  chain->inputs[chain->n_inputs++] = array;
  return true;
}

bool th_chain_scalar(ThChain *chain, double x, ThChainOperand *out) {
  if (!th_chain_array(chain, NULL, out)) return false;
  chain->scalars[out->index] = x;
  return true;
}

bool th_chain_complex(ThChain *chain, double re, double im, ThChainOperand *out) {
  if (!th_chain_scalar(chain, re, out)) return false;
  chain->imaginary[out->index] = im;
  chain->is_complex[out->index] = true;
  return true;
}

bool th_chain_is_complex(const ThChain *chain, ThChainOperand x) {
  const ThChainStep *step = &chain->steps[x.index];
  return x.is_step ? step->complex_unary || step->complex_binary : chain->is_complex[x.index];
}

static unsigned buffer_bit(const ThChain *chain, ThChainOperand x) {
  return x.is_step ? 1u << chain->steps[x.index].buffer : 0;
}

/* A step whose operands' buffers are free again; it may write over one of them. */
static bool add_step(ThChain *chain, ThChainStep step, unsigned freed, ThChainOperand *out) {
  unsigned taken = chain->buffers & ~freed, buffer = 0;
  while (taken >> buffer & 1) buffer++;
  if (chain->n_steps == TH_CHAIN_STEPS || buffer == TH_CHAIN_BUFFERS) return false;
  step.buffer = (uint8_t)buffer;
  chain->buffers = taken | 1u << buffer;
  *out = (ThChainOperand){.is_step = true, .index = (uint8_t)chain->n_steps};
  chain->steps[chain->n_steps++] = step;
  return true;
}

bool th_chain_unary(ThChain *chain, ThKernelUnary kernel, ThChainOperand x, ThChainOperand *out) {
  return add_step(chain, (ThChainStep){.unary = kernel, .left = x}, buffer_bit(chain, x), out);
}

bool th_chain_binary(ThChain *chain, ThKernelBinary kernel, ThChainOperand x, ThChainOperand y,
                     ThChainOperand *out) {
  return add_step(chain, (ThChainStep){.binary = kernel, .left = x, .right = y},
                  buffer_bit(chain, x) | buffer_bit(chain, y), out);
}

bool th_chain_complex_unary(ThChain *chain, ThKernelComplexUnary kernel, ThChainOperand x,
                            ThChainOperand *out) {
  return add_step(chain, (ThChainStep){.complex_unary = kernel, .left = x}, buffer_bit(chain, x), out);
}

bool th_chain_complex_binary(ThChain *chain, ThKernelComplexBinary kernel, ThChainOperand x, ThChainOperand y,
                             ThChainOperand *out) {
  return add_step(chain, (ThChainStep){.complex_binary = kernel, .left = x, .right = y},
                  buffer_bit(chain, x) | buffer_bit(chain, y), out);
}

/* --- Running */

/* Imaginary parts stand in the second half. */
typedef double Buffers[TH_CHAIN_BUFFERS][2 * TH_CHAIN_BLOCK];

/* Where an operand's block that begins at element `at` lies, and its step. */
static const double *operand(const ThChain *chain, Buffers buffers, ThChainOperand x, size_t at,
                             size_t *step) {
  *step = 1;
  if (x.is_step) return buffers[chain->steps[x.index].buffer];
  if (chain->inputs[x.index]) return chain->inputs[x.index] + at;
  *step = 0;
  return &chain->scalars[x.index];
}

/* The same as complex numbers. */
static ThComplexBlock complex_operand(const ThChain *chain, Buffers buffers, ThChainOperand x, size_t at) {
  static const double nothing = 0;
  ThComplexBlock block = {.im = &nothing};
  block.re = operand(chain, buffers, x, at, &block.re_step);
  if (!th_chain_is_complex(chain, x)) return block;
  block.im = x.is_step ? block.re + TH_CHAIN_BLOCK : &chain->imaginary[x.index];
  block.im_step = x.is_step;
  return block;
}

static void run_step(const ThChain *chain, const ThChainStep *step, Buffers buffers, size_t at, size_t n,
                     double *out) {
  if (step->complex_unary || step->complex_binary) {
    ThComplexBlock a = complex_operand(chain, buffers, step->left, at);
    if (step->complex_unary) step->complex_unary(n, a.re, a.im, out, out + TH_CHAIN_BLOCK);
    else
      step->complex_binary(n, a, complex_operand(chain, buffers, step->right, at), out, out + TH_CHAIN_BLOCK);
    return;
  }
  size_t x_step, y_step;
  const double *x = operand(chain, buffers, step->left, at, &x_step);
  if (step->unary) {
    step->unary(n, x, out);
    return;
  }
  const double *y = operand(chain, buffers, step->right, at, &y_step);
  step->binary(n, x, x_step, y, y_step, out);
}

/* The n results that begin at element `at`, in `out` (a buffer when NULL): where they are. */
static const double *run_block(const ThChain *chain, Buffers buffers, size_t at, size_t n, double *out) {
  size_t last = chain->n_steps - 1;
  for (size_t i = 0; i < last; i++)
    run_step(chain, &chain->steps[i], buffers, at, n, buffers[chain->steps[i].buffer]);
  if (!out) out = buffers[chain->steps[last].buffer];
  run_step(chain, &chain->steps[last], buffers, at, n, out);
  return out;
}

/* A stretch of all elements, the work of one thread, and what it came to. */
typedef struct Share {
  ThContext *cx;
  const ThChain *chain;
  ThChainGoal goal;
  size_t start, end;
  void *out;            /* of the whole chain */
  bool polls;           /* this is the thread that may fill the error record */
  atomic_bool *stopped; /* of both shares: it did */
  bool ok;
  ThSum sum;
  double extreme;
} Share;

static void store_bools(size_t n, const double *x, uint8_t *out) {
  for (size_t i = 0; i < n; i++) out[i] = x[i] != 0;
}

/* The extreme of two, NaN when either is. */
static double extreme_of(ThChainGoal goal, double a, double b) {
  if (isnan(a) || isnan(b)) return TH_NAN;
  return (goal == TH_CHAIN_MIN ? b < a : b > a) ? b : a;
}

static void run_stretch(Share *share, Buffers buffers, size_t start, size_t end) {
  ThStretchSum stretch = {0};
  for (size_t at = start; at < end; at += TH_CHAIN_BLOCK) {
    size_t n = end - at < TH_CHAIN_BLOCK ? end - at : TH_CHAIN_BLOCK;
    double *out = share->goal == TH_CHAIN_DOUBLES ? (double *)share->out + at : NULL;
    const double *block = run_block(share->chain, buffers, at, n, out);
    switch (share->goal) {
      case TH_CHAIN_DOUBLES: break;
      case TH_CHAIN_COMPLEX:
        th_kernel_complex_join(n, block, block + TH_CHAIN_BLOCK, (double complex *)share->out + at);
        break;
      case TH_CHAIN_BOOLS: store_bools(n, block, (uint8_t *)share->out + at); break;
      case TH_CHAIN_SUM: th_stretch_add(&stretch, n, block); break;
      case TH_CHAIN_MIN:
        share->extreme = extreme_of(share->goal, share->extreme, th_kernel_min(n, block));
        break;
      case TH_CHAIN_MAX:
        share->extreme = extreme_of(share->goal, share->extreme, th_kernel_max(n, block));
        break;
    }
  }
  if (share->goal == TH_CHAIN_SUM) th_sum_add(&share->sum, &stretch);
}

/* Only the main thread may fill the error record; the other looks whether there is reason to. */
static bool goes_on(Share *share) {
  if (!share->polls) return !atomic_load(share->stopped) && !(share->cx->interrupt && *share->cx->interrupt);
  if (th_poll(share->cx)) return true;
  atomic_store(share->stopped, true);
  return false;
}

static void *run_share(void *argument) {
  Share *share = argument;
  Buffers buffers;
  for (size_t at = share->start; at < share->end && share->ok; at += TH_SUM_STRETCH) {
    run_stretch(share, buffers, at, share->end - at < TH_SUM_STRETCH ? share->end : at + TH_SUM_STRETCH);
    share->ok = goes_on(share);
  }
  return NULL;
}

/* A thread that is sent no signals. */
static bool start_thread(pthread_t *thread, Share *share) {
  sigset_t all, before;
  sigfillset(&all);
  if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0) return false;
  bool ok = pthread_create(thread, NULL, run_share, share) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return ok;
}

/* The second share on a thread of its own when there is much to do; here when none can be had. */
static void run_shares(Share *first, Share *second) {
  pthread_t thread;
  bool threaded = second->end >= TH_CHAIN_THREADED && start_thread(&thread, second);
  run_share(first);
  if (threaded) pthread_join(thread, NULL);
  else if (first->ok) run_share(second);
}

bool th_chain_run(ThContext *cx, const ThChain *chain, size_t n, ThChainGoal goal, void *out) {
  double none = goal == TH_CHAIN_MIN ? TH_INFINITY : -TH_INFINITY;
  size_t half = th_sum_half(n);
  atomic_bool stopped = false;
  Share first = {
      .cx = cx, .chain = chain, .goal = goal, .end = half, .out = out, .polls = true, .stopped = &stopped};
  first.ok = true;
  first.extreme = none;
  Share second = first;
  second.start = half;
  second.end = n;
  second.polls = false;
  run_shares(&first, &second);
  if (!first.ok) return false;
  if (!second.ok) return th_poll(cx);
  if (goal == TH_CHAIN_SUM) *(double *)out = th_sum_join(first.sum, second.sum);
  else if (goal >= TH_CHAIN_MIN) *(double *)out = extreme_of(goal, first.extreme, second.extreme);
  return true;
}
