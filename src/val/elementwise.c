/* elementwise.c - elementwise operations over memory, with broadcasting */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "num/kernels.h"
#include "val/broadcast.h"
#include "val/graph.h"

/* Inner runs of a broadcast, one after another: where each begins in the inputs and in the output. */
typedef void (*RunLoop)(const ThElementwise *f, size_t n, const ThTensor *inputs, const size_t *at,
                        const size_t *steps, double *out, size_t out_at);

static void run_real(const ThElementwise *f, size_t n, const ThTensor *inputs, const size_t *at,
                     const size_t *steps, double *out, size_t out_at) {
  f->binary(n, inputs[0].data + at[0], steps[0], inputs[1].data + at[1], steps[1], out + out_at);
}

static double complex number_at(const ThTensor *t, size_t i) {
  return t->element == TH_COMPLEX ? ((const double complex *)(const void *)t->data)[i] : t->data[i];
}

static void store(const ThElementwise *f, double complex z, double *out, size_t i) {
  if (f->result != TH_COMPLEX) out[i] = creal(z);
  else ((double complex *)(void *)out)[i] = z;
}

static void run_complex(const ThElementwise *f, size_t n, const ThTensor *inputs, const size_t *at,
                        const size_t *steps, double *out, size_t out_at) {
  for (size_t i = 0; i < n; i++)
    store(f,
          f->complex_two(number_at(&inputs[0], at[0] + i * steps[0]),
                         number_at(&inputs[1], at[1] + i * steps[1])),
          out, out_at + i);
}

/* Goes through all runs along the last merged axis. */
static void broadcast(const ThElementwise *f, const ThBroadcast *plan, RunLoop run, const ThTensor *inputs,
                      double *out) {
  size_t last = plan->n_axes - 1, n = plan->counts[last];
  size_t index[TH_MAX_RANK] = {0}, at[2] = {0, 0}, steps[2] = {plan->a_steps[last], plan->b_steps[last]};
  for (size_t done = 0; done < plan->length; done += n) {
    run(f, n, inputs, at, steps, out, done);
    for (size_t axis = last; axis-- > 0;) {
      at[0] += plan->a_steps[axis];
      at[1] += plan->b_steps[axis];
      if (++index[axis] < plan->counts[axis]) break;
      at[0] -= plan->a_steps[axis] * plan->counts[axis];
      at[1] -= plan->b_steps[axis] * plan->counts[axis];
      index[axis] = 0;
    }
  }
}

static void run_unary(const ThElementwise *f, const ThTensor *x, const ThTensor *output) {
  if (x->element != TH_COMPLEX) {
    if (x->rank == 0 && f->one) output->data[0] = f->one(x->data[0]);
    else f->unary(x->length, x->data, output->data);
    return;
  }
  for (size_t i = 0; i < x->length; i++) store(f, f->complex_one(number_at(x, i)), output->data, i);
}

void th_elementwise_run(const ThElementwise *f, const ThTensor *inputs, const ThTensor *output) {
  ThBroadcast plan;
  if (!f->binary && !f->complex_two) {
    run_unary(f, inputs, output);
    return;
  }
  bool is_complex = inputs[0].element == TH_COMPLEX || inputs[1].element == TH_COMPLEX;
  if (output->length == 1) {
    const size_t at[2] = {0, 0}, steps[2] = {0, 0};
    if (is_complex) run_complex(f, 1, inputs, at, steps, output->data, 0);
    else if (f->two) output->data[0] = f->two(inputs[0].data[0], inputs[1].data[0]);
    else run_real(f, 1, inputs, at, steps, output->data, 0);
    return;
  }
  if (output->length == 0 ||
      !th_broadcast(inputs[0].rank, inputs[0].shape, inputs[1].rank, inputs[1].shape, &plan))
    return;
  broadcast(f, &plan, is_complex ? run_complex : run_real, inputs, output->data);
}
