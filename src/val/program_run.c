/* program_run.c - running a compiled graph */
/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "num/kernels.h"
#include "val/program_parts.h"

struct ThWorkspace {
  const ThProgram *program;
  void *block;       /* what was allocated */
  size_t block_size; /* bytes */
  double *memory;    /* the workspace's doubles, on a cache line */
  double *buffers;   /* max_buffers blocks */
  double *sums, *rests;
  ThTensor *tensors;
  double **slots; /* where the workspace begins; inputs and outputs of the run, only read and only written */
};

enum { LINE = 64 };

static size_t round_up(size_t bytes) { return (bytes + LINE - 1) & ~(size_t)(LINE - 1); }

/* Only what a unit makes is written to. */
static double *at_address(const ThWorkspace *w, const ThAddress *a) {
  return (a->constant ? (double *)(uintptr_t)a->constant : w->slots[a->slot]) + a->offset;
}

ThWorkspace *th_workspace_new(ThContext *cx, const ThProgram *p) {
  size_t memory = round_up((p->n_doubles + 1) * sizeof(double));
  size_t buffers = round_up(p->max_buffers * p->max_block * sizeof(double));
  size_t sums = round_up(2 * (p->max_sums + 1) * sizeof(double));
  size_t tensors = round_up((p->n_tensors + 1) * sizeof(ThTensor));
  size_t slots = round_up((1 + p->n_inputs + p->n_outputs) * sizeof(double *));
  ThWorkspace *w = th_alloc(cx, sizeof *w);
  if (!w) return NULL;
  *w = (ThWorkspace){.program = p, .block_size = memory + buffers + sums + tensors + slots + LINE};
  w->block = th_alloc(cx, w->block_size);
  if (!w->block) {
    th_free(cx, w, sizeof *w);
    return NULL;
  }
  char *at = (char *)w->block + (LINE - (uintptr_t)w->block % LINE) % LINE;
  w->memory = (double *)(void *)at;
  w->buffers = (double *)(void *)(at + memory);
  w->sums = (double *)(void *)(at + memory + buffers);
  w->rests = w->sums + p->max_sums;
  w->tensors = (ThTensor *)(void *)(at + memory + buffers + sums);
  w->slots = (double **)(void *)(at + memory + buffers + sums + tensors);
  memset(w->memory, 0, memory);
  memset(w->slots, 0, slots);
  w->slots[0] = w->memory;
  for (size_t i = 0; i < p->n_constants; i++) w->memory[p->constants[i].offset] = p->constants[i].value;
  for (size_t i = 0; i < p->n_tensors; i++) {
    w->tensors[i] = p->tensors[i];
    if (!p->tensor_addresses[i].slot) w->tensors[i].data = at_address(w, &p->tensor_addresses[i]);
  }
  return w;
}

void th_workspace_free(ThContext *cx, ThWorkspace *w) {
  if (!w) return;
  th_free(cx, w->block, w->block_size);
  th_free(cx, w, sizeof *w);
}

/* --- Numbers */

static void run_numbers(const ThScalarStep *step, size_t n, double *m) {
  for (; n > 0; n--, step++) {
    double a = m[step->a], b = m[step->b];
    switch (step->code) {
      case TH_SCALAR_ADD: m[step->to] = a + b; break;
      case TH_SCALAR_SUBTRACT: m[step->to] = a - b; break;
      case TH_SCALAR_MULTIPLY: m[step->to] = a * b; break;
      case TH_SCALAR_DIVIDE: m[step->to] = a / b; break;
      case TH_SCALAR_NEGATE: m[step->to] = -a; break;
      case TH_SCALAR_SQUARE: m[step->to] = a * a; break;
      case TH_SCALAR_UNARY: m[step->to] = step->f->one(a); break;
      case TH_SCALAR_BINARY: m[step->to] = step->f->two(a, b); break;
      case TH_SCALAR_KERNEL:
        if (step->f->unary) step->f->unary(1, &a, &m[step->to]);
        else step->f->binary(1, &a, 0, &b, 0, &m[step->to]);
        break;
    }
  }
}

/* --- Passes */

static double *block_of(const ThWorkspace *w, const ThPass *pass, const ThBlockOperand *x, size_t at) {
  if (x->kind == TH_BLOCK_BUFFER) return w->buffers + x->buffer * pass->block;
  return at_address(w, &x->address) + (x->kind == TH_BLOCK_NUMBER ? 0 : at);
}

/* to[i] = a[(at + i) / inner % count], i < n */
static void repeat(const ThPassStep *step, const double *a, size_t at, size_t n, double *to) {
  size_t position = at / step->inner % step->count, left = step->inner - at % step->inner;
  if (step->inner == 1) {
    while (n > 0) {
      size_t run = step->count - position < n ? step->count - position : n;
      memcpy(to, a + position, run * sizeof *to);
      to += run;
      n -= run;
      position = 0;
    }
    return;
  }
  while (n > 0) {
    size_t run = left < n ? left : n;
    th_kernel_fill(run, a[position], to);
    to += run;
    n -= run;
    left = step->inner;
    position = position + 1 == step->count ? 0 : position + 1;
  }
}

/* Adds a block's sum to a pass's sum, with the rounding carried along (Knuth's two-sum). */
static void add_sum(ThWorkspace *w, uint32_t i, double x) {
  double sum = w->sums[i] + x, part = sum - w->sums[i];
  w->rests[i] += (w->sums[i] - (sum - part)) + (x - part);
  w->sums[i] = sum;
}

static void run_step(ThWorkspace *w, const ThPass *pass, const ThPassStep *step, size_t at, size_t n) {
  switch (step->code) {
    case TH_PASS_ELEMENTWISE: {
      const double *a = block_of(w, pass, &step->a, at);
      double *to = block_of(w, pass, &step->to, at);
      size_t a_step = step->a.kind != TH_BLOCK_NUMBER;
      if (step->f->binary) {
        step->f->binary(n, a, a_step, block_of(w, pass, &step->b, at), step->b.kind != TH_BLOCK_NUMBER, to);
      } else if (a_step) {
        step->f->unary(n, a, to);
      } else { /* a number, repeated */
        double x;
        step->f->unary(1, a, &x);
        th_kernel_fill(n, x, to);
      }
      break;
    }
    case TH_PASS_REPEAT:
      repeat(step, block_of(w, pass, &step->a, 0), at, n, block_of(w, pass, &step->to, at));
      break;
    case TH_PASS_SUM: add_sum(w, step->sum, th_kernel_sum(n, block_of(w, pass, &step->a, at))); break;
    case TH_PASS_SUM_PRODUCT:
      add_sum(w, step->sum,
              th_kernel_sum_product(n, block_of(w, pass, &step->a, at), block_of(w, pass, &step->b, at)));
      break;
  }
}

enum { POLLED = 1 << 16 }; /* elements between looks for Ctrl-C */

static bool run_pass(ThContext *cx, ThWorkspace *w, const ThPass *pass) {
  size_t since = 0;
  for (uint32_t i = 0; i < pass->n_sums; i++) w->sums[i] = w->rests[i] = 0;
  for (size_t at = 0; at < pass->length; at += pass->block) {
    size_t n = pass->length - at < pass->block ? pass->length - at : pass->block;
    for (size_t i = 0; i < pass->n_steps; i++) run_step(w, pass, &pass->steps[i], at, n);
    since += n;
    if (since >= POLLED && (since = 0, !th_poll(cx))) return false;
  }
  for (size_t i = 0; i < pass->n_steps; i++) {
    const ThPassStep *step = &pass->steps[i];
    if (step->code != TH_PASS_SUM && step->code != TH_PASS_SUM_PRODUCT) continue;
    double sum = w->sums[step->sum];
    w->memory[step->to.address.offset] = sum - sum == 0 ? sum + w->rests[step->sum] : sum;
  }
  return true;
}

/* --- Whole operations */

static bool run_whole(ThContext *cx, ThWorkspace *w, const ThWhole *whole) {
  const ThTensor *tensors = w->tensors + whole->first_tensor;
  ThEvaluation e = {.n_inputs = whole->n_inputs,
                    .inputs = tensors,
                    .output = tensors[whole->n_inputs],
                    .attribute = whole->attribute,
                    .work = w->memory + whole->work};
  if (!whole->operation->elementwise) return whole->operation->evaluate(cx, &e);
  th_elementwise_run(whole->operation->elementwise, e.inputs, &e.output);
  return true;
}

/* --- All of it */

static bool guards_hold(const ThWorkspace *w) {
  const ThProgram *p = w->program;
  for (size_t i = 0; i < p->n_guards; i++) {
    double x = *at_address(w, &p->guards[i].address);
    if (x != p->outcomes[i] && (x == x || p->outcomes[i] == p->outcomes[i])) return false;
  }
  return true;
}

/* Does the caller have slot i elsewhere than in the run before? */
static bool set_slot(ThWorkspace *w, size_t i, const double *data) {
  bool moved = w->slots[i] != data;
  w->slots[i] = (double *)(uintptr_t)data;
  return moved;
}

static void set_slots(ThWorkspace *w, const double *const *inputs, double *const *outputs) {
  const ThProgram *p = w->program;
  bool moved = false;
  for (size_t i = 0; i < p->n_inputs; i++) {
    const ThProgramPlace *place = &p->inputs[i];
    moved |= set_slot(w, 1 + i, inputs[i]);
    if (!place->address.slot) memcpy(w->memory + place->address.offset, inputs[i], place->n * sizeof(double));
  }
  for (size_t i = 0; i < p->n_outputs; i++)
    moved |= set_slot(w, 1 + p->n_inputs + i, outputs[i] ? outputs[i] : w->memory + p->outputs[i].home);
  for (size_t i = 0; moved && i < p->n_moving; i++)
    w->tensors[p->moving[i]].data = at_address(w, &p->tensor_addresses[p->moving[i]]);
}

static void copy_outputs(const ThWorkspace *w, double *const *outputs) {
  const ThProgram *p = w->program;
  for (size_t i = 0; i < p->n_outputs; i++) {
    const double *made = at_address(w, &p->outputs[i].address);
    if (outputs[i] && made != outputs[i]) memcpy(outputs[i], made, p->outputs[i].n * sizeof(double));
  }
}

bool th_program_run(ThContext *cx, ThWorkspace *w, const double *const *inputs, double *const *outputs,
                    bool *holds) {
  const ThProgram *p = w->program;
  set_slots(w, inputs, outputs);
  for (size_t i = 0; i < p->n_units; i++) {
    const ThUnit *unit = &p->units[i];
    bool ok = true;
    if (unit->kind == TH_UNIT_NUMBERS) run_numbers(p->scalars + unit->first, unit->n, w->memory);
    else ok = unit->kind == TH_UNIT_PASS ? run_pass(cx, w, &unit->pass) : run_whole(cx, w, &unit->whole);
    if (!ok) return false;
  }
  *holds = guards_hold(w);
  if (*holds) copy_outputs(w, outputs);
  return true;
}
